//! Implicit surfaces: signed distance shapes blended smoothly.
//!
//! Distances are in metres, negative inside. Blending follows the polynomial
//! smooth minimum (Quilez 2013), whose radius is a length one can see.

use crate::math::{DAffine3, DVec3};

/// A function of space that is negative inside a solid.
pub trait Implicit: Sync {
    /// Signed distance (or a bound of it) at a point, metres.
    fn distance(&self, point: DVec3) -> f64;
}

impl<F: Fn(DVec3) -> f64 + Sync> Implicit for F {
    fn distance(&self, point: DVec3) -> f64 {
        self(point)
    }
}

/// One solid.
#[derive(Clone, Debug, PartialEq)]
pub enum Primitive {
    /// A ball: centre, radius.
    Ball(DVec3, f64),
    /// A cone with ball ends: two centres with their radii.
    RoundCone(DVec3, f64, DVec3, f64),
    /// An ellipsoid: placement (`world_from_unit` without scale) and half axes.
    Ellipsoid(DAffine3, DVec3),
    /// A box with rounded edges: placement, half sizes, radius.
    RoundBox(DAffine3, DVec3, f64),
}

impl Implicit for Primitive {
    fn distance(&self, p: DVec3) -> f64 {
        match *self {
            Self::Ball(centre, radius) => (p - centre).length() - radius,
            Self::RoundCone(a, ra, b, rb) => round_cone(p, a, ra, b, rb),
            Self::Ellipsoid(frame, axes) => {
                let q = frame.inverse().transform_point3(p);
                let k0 = (q / axes).length();
                let k1 = (q / (axes * axes)).length();
                if k1 < 1e-12 {
                    -axes.min_element()
                } else {
                    k0 * (k0 - 1.0) / k1
                }
            }
            Self::RoundBox(frame, half, radius) => {
                let q = frame.inverse().transform_point3(p).abs() - (half - DVec3::splat(radius));
                q.max(DVec3::ZERO).length() + q.max_element().min(0.0) - radius
            }
        }
    }
}

/// Distance to a cone with ball ends: the ball of linearly varying radius, swept from `a` to `b`.
fn round_cone(p: DVec3, a: DVec3, ra: f64, b: DVec3, rb: f64) -> f64 {
    let axis = b - a;
    let l2 = axis.length_squared();
    if l2 < 1e-18 {
        return (p - a).length() - ra.max(rb);
    }
    let rr = ra - rb;
    let a2 = l2 - rr * rr;
    if a2 <= 0.0 {
        // one ball swallows the other
        return ((p - a).length() - ra).min((p - b).length() - rb);
    }
    let pa = p - a;
    let y = pa.dot(axis);
    let z = y - l2;
    let x2 = (pa * l2 - axis * y).length_squared();
    let y2 = y * y * l2;
    let z2 = z * z * l2;
    let k = rr.signum() * rr * rr * x2;
    if z.signum() * a2 * z2 > k {
        return (x2 + z2).sqrt() / l2 - rb;
    }
    if y.signum() * a2 * y2 < k {
        return (x2 + y2).sqrt() / l2 - ra;
    }
    ((x2 * a2 / l2).sqrt() + y * rr) / l2 - ra
}

/// Smooth minimum of two distances: a fillet of radius `k` metres where they meet.
#[must_use]
pub fn smooth_union(a: f64, b: f64, k: f64) -> f64 {
    if k <= 0.0 {
        return a.min(b);
    }
    let h = (k - (a - b).abs()).max(0.0) / k;
    a.min(b) - h * h * k * 0.25
}

/// Primitives blended one after the other, each with its own fillet.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Shape {
    solids: Vec<(Primitive, f64, bool)>,
}

impl Shape {
    /// Adds a solid with a fillet of `blend` metres.
    #[must_use]
    pub fn add(mut self, solid: Primitive, blend: f64) -> Self {
        self.solids.push((solid, blend, false));
        self
    }

    /// Carves a solid out, with a fillet of `blend` metres.
    #[must_use]
    pub fn carve(mut self, solid: Primitive, blend: f64) -> Self {
        self.solids.push((solid, blend, true));
        self
    }

    /// Adds a tube through `points` (centre, radius), its pieces blended into one another.
    #[must_use]
    pub fn tube(mut self, points: &[(DVec3, f64)], blend: f64) -> Self {
        for pair in points.windows(2) {
            let cone = Primitive::RoundCone(pair[0].0, pair[0].1, pair[1].0, pair[1].1);
            self.solids.push((cone, blend, false));
        }
        self
    }

    /// The solids with their blends, in order; true marks a carved one.
    #[must_use]
    pub fn solids(&self) -> &[(Primitive, f64, bool)] {
        &self.solids
    }
}

impl Implicit for Shape {
    fn distance(&self, point: DVec3) -> f64 {
        self.solids
            .iter()
            .fold(f64::INFINITY, |so_far, (solid, blend, carved)| {
                let d = solid.distance(point);
                match (carved, so_far.is_finite()) {
                    (false, false) => d,
                    (false, true) => smooth_union(so_far, d, *blend),
                    (true, _) => -smooth_union(-so_far, d, *blend),
                }
            })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_round_cone_of_equal_radii_is_a_capsule() {
        let cone = Primitive::RoundCone(DVec3::ZERO, 0.5, DVec3::Y * 2.0, 0.5);
        assert!((cone.distance(DVec3::new(1.5, 1.0, 0.0)) - 1.0).abs() < 1e-12);
        assert!((cone.distance(DVec3::new(0.0, 3.5, 0.0)) - 1.0).abs() < 1e-12);
        assert!((cone.distance(DVec3::new(0.0, -1.5, 0.0)) - 1.0).abs() < 1e-12);
    }

    #[test]
    fn blending_only_adds_matter() {
        for i in 0..100 {
            let (a, b) = (f64::from(i) * 0.03 - 1.0, 0.4);
            assert!(smooth_union(a, b, 0.5) <= a.min(b));
        }
    }
}
