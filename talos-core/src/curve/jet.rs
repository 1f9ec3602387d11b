//! Value, slope and bend of a curve at one place: a 2-jet.

/// A curve's value and its first and second derivative at one place.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Jet {
    /// Value.
    pub value: f64,
    /// First derivative, per unit of the curve's variable.
    pub first: f64,
    /// Second derivative.
    pub second: f64,
}

impl Jet {
    /// A constant: no slope, no bend.
    #[must_use]
    pub fn constant(value: f64) -> Self {
        Self {
            value,
            first: 0.0,
            second: 0.0,
        }
    }

    /// The polynomial c₀ + c₁x + c₂x² + … at `x`, by Horner's scheme for value and derivatives.
    #[must_use]
    pub fn of_polynomial(coefficients: &[f64], x: f64) -> Self {
        let (mut value, mut first, mut half_second) = (0.0, 0.0, 0.0);
        for &c in coefficients.iter().rev() {
            half_second = half_second * x + first;
            first = first * x + value;
            value = value * x + c;
        }
        Self {
            value,
            first,
            second: 2.0 * half_second,
        }
    }

    /// This jet of f(u), for u = (t − a) / `width`, as a jet of t.
    #[must_use]
    pub fn stretched(self, width: f64) -> Self {
        Self {
            value: self.value,
            first: self.first / width,
            second: self.second / (width * width),
        }
    }

    /// `offset + factor · f`.
    #[must_use]
    pub fn affine(self, offset: f64, factor: f64) -> Self {
        Self {
            value: offset + factor * self.value,
            first: factor * self.first,
            second: factor * self.second,
        }
    }
}

/// A function of one variable with its first two derivatives, given exactly.
pub trait Differentiable {
    /// Value and derivatives at `t`. Where a derivative jumps, the one to the right.
    fn jet(&self, t: f64) -> Jet;

    /// Value at `t`.
    fn value(&self, t: f64) -> f64 {
        self.jet(t).value
    }

    /// First derivative at `t`.
    fn derivative(&self, t: f64) -> f64 {
        self.jet(t).first
    }

    /// Second derivative at `t`.
    fn second_derivative(&self, t: f64) -> f64 {
        self.jet(t).second
    }
}

/// Checks a curve's derivatives against central differences, away from `breaks`.
#[cfg(test)]
pub(super) fn assert_derivatives(curve: &dyn Differentiable, low: f64, high: f64, breaks: &[f64]) {
    let h = 1e-5;
    for i in 0..=400 {
        let t = low + (high - low) * f64::from(i) / 400.0;
        if breaks.iter().any(|b| (b - t).abs() < 2.0 * h) {
            continue;
        }
        let (before, jet, after) = (curve.jet(t - h), curve.jet(t), curve.jet(t + h));
        let first = (after.value - before.value) / (2.0 * h);
        let second = (after.first - before.first) / (2.0 * h);
        let scale = 1.0 + jet.first.abs() + jet.second.abs();
        assert!(
            (first - jet.first).abs() < 1e-5 * scale,
            "slope at {t}: {first} {jet:?}"
        );
        assert!(
            (second - jet.second).abs() < 1e-4 * scale,
            "bend at {t}: {second} {jet:?}"
        );
    }
}
