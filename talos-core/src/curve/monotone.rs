//! Monotone cubic interpolation (Fritsch & Carlson 1980).

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::parameter::{CurveError, check_magnitude, check_order, segment_at};
use super::{Differentiable, Jet};

/// A C¹ curve through points that never overshoots: between two points it stays between
/// their values (Fritsch & Carlson, *Monotone piecewise cubic interpolation*, SIAM J.
/// Numer. Anal. 17, 1980). Outside the points it holds the end values.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(try_from = "Vec<(f64, f64)>", into = "Vec<(f64, f64)>")]
pub struct Monotone {
    points: Vec<(f64, f64)>,
    slopes: Vec<f64>,
}

impl Monotone {
    /// The curve through `(t, value)` points in rising order of t.
    ///
    /// # Errors
    /// There are no points, a number is not finite or too large, or t does not rise.
    pub fn new(points: Vec<(f64, f64)>) -> Result<Self, CurveError> {
        check_order(points.iter().map(|p| p.0))?;
        check_magnitude(points.iter().map(|p| p.1))?;
        let slopes = limited_slopes(&points);
        Ok(Self { points, slopes })
    }

    /// The same value everywhere; 0 for a number that is not finite.
    #[must_use]
    pub fn constant(value: f64) -> Self {
        Self {
            points: vec![(0.0, if value.is_finite() { value } else { 0.0 })],
            slopes: vec![0.0],
        }
    }

    /// The points.
    #[must_use]
    pub fn points(&self) -> &[(f64, f64)] {
        &self.points
    }
}

/// Cubic through two values with two slopes over a width `h`: coefficients in t − t₀.
pub(super) fn hermite((v0, m0): (f64, f64), (v1, m1): (f64, f64), h: f64) -> [f64; 4] {
    let secant = (v1 - v0) / h;
    [
        v0,
        m0,
        (3.0 * secant - 2.0 * m0 - m1) / h,
        (m0 + m1 - 2.0 * secant) / (h * h),
    ]
}

/// Slopes at the points: the mean of the secants beside each, then limited segment by segment
/// to the circle of radius 3 (step 2B of the paper).
fn limited_slopes(points: &[(f64, f64)]) -> Vec<f64> {
    let secants: Vec<f64> = points
        .windows(2)
        .map(|p| (p[1].1 - p[0].1) / (p[1].0 - p[0].0))
        .collect();
    let (Some(&first), Some(&last)) = (secants.first(), secants.last()) else {
        return vec![0.0; points.len()];
    };
    let inner = secants.windows(2).map(|s| {
        if s[0] * s[1] <= 0.0 {
            0.0
        } else {
            0.5 * (s[0] + s[1])
        }
    });
    let mut slopes: Vec<f64> = core::iter::once(first).chain(inner).chain([last]).collect();
    for (k, &secant) in secants.iter().enumerate() {
        limit_pair(&mut slopes[k..k + 2], secant);
    }
    slopes
}

fn limit_pair(slopes: &mut [f64], secant: f64) {
    if secant == 0.0 {
        slopes.fill(0.0);
        return;
    }
    let (alpha, beta) = (slopes[0] / secant, slopes[1] / secant);
    let square = alpha * alpha + beta * beta;
    if square > 9.0 {
        let tau = 3.0 / square.sqrt();
        slopes[0] = tau * alpha * secant;
        slopes[1] = tau * beta * secant;
    }
}

impl Differentiable for Monotone {
    fn jet(&self, t: f64) -> Jet {
        match segment_at(&self.points, t, |p| p.0) {
            Err(end) => Jet::constant(end.1),
            Ok(k) => {
                let ((t0, v0), (t1, v1)) = (self.points[k], self.points[k + 1]);
                let cubic = hermite((v0, self.slopes[k]), (v1, self.slopes[k + 1]), t1 - t0);
                Jet::of_polynomial(&cubic, t - t0)
            }
        }
    }
}

impl TryFrom<Vec<(f64, f64)>> for Monotone {
    type Error = CurveError;
    fn try_from(points: Vec<(f64, f64)>) -> Result<Self, CurveError> {
        Self::new(points)
    }
}

impl From<Monotone> for Vec<(f64, f64)> {
    fn from(curve: Monotone) -> Self {
        curve.points
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::jet::assert_derivatives;
    use super::*;

    proptest! {
        #[test]
        fn it_passes_through_its_points_and_never_leaves_their_span(
            steps in prop::collection::vec((0.01..3.0_f64, -5.0..5.0_f64), 1..12)
        ) {
            let mut t = -1.0;
            let points: Vec<(f64, f64)> = steps.iter().map(|&(dt, v)| { t += dt; (t, v) }).collect();
            let curve = Monotone::new(points.clone()).expect("in order");
            for &(t, v) in &points {
                prop_assert!((curve.value(t) - v).abs() < 1e-9);
            }
            for pair in points.windows(2) {
                let ((t0, v0), (t1, v1)) = (pair[0], pair[1]);
                let mut last = v0;
                for i in 0..=50 {
                    let v = curve.value(t0 + (t1 - t0) * f64::from(i) / 50.0);
                    prop_assert!(v >= v0.min(v1) - 1e-9 && v <= v0.max(v1) + 1e-9);
                    prop_assert!((v - last) * (v1 - v0) >= -1e-9, "not monotone");
                    last = v;
                }
            }
        }
    }

    #[test]
    fn derivatives_are_exact_and_the_slope_is_continuous() {
        let curve = Monotone::new(vec![(0.0, 0.0), (1.0, 2.0), (1.5, 2.1), (3.0, -1.0)]).expect("in order");
        assert_derivatives(&curve, 0.01, 2.99, &[1.0, 1.5]);
        for t in [1.0, 1.5] {
            assert!((curve.derivative(t - 1e-9) - curve.derivative(t)).abs() < 1e-6);
        }
    }

    #[test]
    fn one_point_is_a_constant_and_bad_points_are_refused() {
        assert_eq!(Monotone::new(vec![(0.5, 3.0)]).expect("one").value(9.0), 3.0);
        assert!(Monotone::new(vec![]).is_err());
        assert!(Monotone::new(vec![(0.0, 1.0), (0.0, 2.0)]).is_err());
        assert!(Monotone::new(vec![(0.0, f64::NAN)]).is_err());
        assert!(Monotone::new(vec![(f64::NEG_INFINITY, 0.0), (0.0, 1.0)]).is_err());
    }
}
