//! Uniform cubic B-splines: baked motion read back as a C² function.

use crate::math::{DVec2, DVec3};

/// What a spline can run through: a vector space over the reals.
pub trait SplinePoint:
    Copy + core::ops::Add<Output = Self> + core::ops::Sub<Output = Self> + core::ops::Mul<f64, Output = Self>
{
}

impl SplinePoint for f64 {}
impl SplinePoint for DVec2 {}
impl SplinePoint for DVec3 {}

/// A place on the spline: the control point before it, the share of a step after that, and the
/// steps beyond the end (negative before the start).
struct Cell {
    index: i64,
    u: f64,
    beyond: f64,
}

/// A uniform cubic B-spline over control points at `start + i · step`. It is C², stays in the
/// hull of its control points and keeps straight, even motion exactly; it goes *near* its
/// control points, not through them. Outside their range it goes on straight.
#[derive(Clone, Debug, PartialEq)]
pub struct UniformSpline<P> {
    start: f64,
    step: f64,
    points: Vec<P>,
}

impl<P: SplinePoint> UniformSpline<P> {
    /// The spline with these control points; `None` when there are none or `step` is not positive.
    #[must_use]
    pub fn new(start: f64, step: f64, points: Vec<P>) -> Option<Self> {
        (!points.is_empty() && step > 0.0 && start.is_finite()).then_some(Self { start, step, points })
    }

    /// The control points.
    #[must_use]
    pub fn points(&self) -> &[P] {
        &self.points
    }

    /// Value at `t`.
    #[must_use]
    pub fn at(&self, t: f64) -> P {
        let Cell { index, u, beyond } = self.cell(t);
        let v = 1.0 - u;
        let weights = [
            v * v * v,
            3.0 * u * u * u - 6.0 * u * u + 4.0,
            3.0 * v * v * v - 6.0 * v * v + 4.0,
            u * u * u,
        ];
        let inside = self.weighted(index, weights) * (1.0 / 6.0);
        if beyond == 0.0 {
            inside
        } else {
            inside + self.slope(index, u) * beyond
        }
    }

    /// First derivative at `t`.
    #[must_use]
    pub fn derivative(&self, t: f64) -> P {
        let cell = self.cell(t);
        self.slope(cell.index, cell.u) * (1.0 / self.step)
    }

    /// Second derivative at `t`.
    #[must_use]
    pub fn second_derivative(&self, t: f64) -> P {
        let Cell { index, u, .. } = self.cell(t);
        self.weighted(index, [1.0 - u, 3.0 * u - 2.0, 1.0 - 3.0 * u, u]) * (1.0 / (self.step * self.step))
    }

    /// First derivative per step.
    fn slope(&self, index: i64, u: f64) -> P {
        let v = 1.0 - u;
        self.weighted(
            index,
            [-v * v, 3.0 * u * u - 4.0 * u, 4.0 * v - 3.0 * v * v, u * u],
        ) * 0.5
    }

    /// Where `t` lies; NaN counts as the start.
    fn cell(&self, t: f64) -> Cell {
        let last = (self.points.len() - 1) as f64;
        let x = (t - self.start) / self.step;
        let x = if x.is_nan() { 0.0 } else { x };
        let inside = x.clamp(0.0, last);
        Cell {
            index: inside.floor() as i64,
            u: inside - inside.floor(),
            beyond: x - inside,
        }
    }

    fn weighted(&self, i: i64, weights: [f64; 4]) -> P {
        let term = |k: usize| self.control(i - 1 + k as i64) * weights[k];
        term(0) + term(1) + term(2) + term(3)
    }

    /// Control point `i`; beyond an end the points mirrored through it, so that motion goes on straight.
    fn control(&self, i: i64) -> P {
        let last = self.points.len() as i64 - 1;
        let inside = |i: i64| self.points[i.clamp(0, last) as usize];
        if i < 0 {
            inside(0) * 2.0 - inside(-i)
        } else if i > last {
            inside(last) * 2.0 - inside(2 * last - i)
        } else {
            inside(i)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn even_motion_is_kept_exactly() {
        let spline =
            UniformSpline::new(1.0, 0.5, (0..7).map(|i| f64::from(i) * 2.0).collect()).expect("points");
        for i in 0..=40 {
            let t = -3.0 + f64::from(i) * 0.3;
            assert!((spline.at(t) - (t - 1.0) * 4.0).abs() < 1e-12, "{t}");
            assert!((spline.derivative(t) - 4.0).abs() < 1e-12);
        }
    }

    #[test]
    fn the_second_derivative_is_continuous_and_the_derivatives_agree() {
        let points = [0.0, 3.0, -1.0, 4.0, 1.0, -5.0, 9.0, 2.0];
        let spline = UniformSpline::new(0.0, 0.25, points.to_vec()).expect("points");
        let h = 1e-5;
        for i in 1..1700 {
            let t = f64::from(i) * 1e-3;
            let first = (spline.at(t + h) - spline.at(t - h)) / (2.0 * h);
            assert!((first - spline.derivative(t)).abs() < 1e-4);
            let change = spline.second_derivative(t + h) - spline.second_derivative(t - h);
            assert!(change.abs() < 0.1, "a jump of {change} at {t}");
        }
    }

    #[test]
    fn odd_inputs_are_finite() {
        assert!(UniformSpline::<f64>::new(0.0, 1.0, vec![]).is_none());
        assert!(UniformSpline::new(0.0, 0.0, vec![1.0]).is_none());
        let one = UniformSpline::new(0.0, 1.0, vec![2.0]).expect("one point");
        for t in [-1e300, -1.0, 0.0, 0.3, 7.0, 1e300] {
            assert!((one.at(t) - 2.0).abs() < 1e-12, "{t}");
        }
        assert!(one.at(f64::NAN).is_finite());
    }
}
