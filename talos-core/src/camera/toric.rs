//! Toric space: cameras that see two targets at given places in the frame.
//!
//! Lino & Christie, *Intuitive and Efficient Camera Control with the Toric Space*, ACM TOG 34(4),
//! 2015. The rays through two screen places enclose an angle α; the points from which two targets
//! A and B subtend α form a spindle torus about AB. A camera on it is (α, θ, φ): θ/2 is the angle at A
//! between AB and the camera, φ turns the plane of A, B and camera about AB.

use super::framing::Window;
use crate::math::{DMat3, DQuat, DVec2, DVec3, scalar};

/// Two targets and the angle between them as the camera sees it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Toric {
    a: DVec3,
    b: DVec3,
    alpha: f64,
}

/// A pose that a toric solution gives.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ToricPose {
    /// Where the camera stands.
    pub position: DVec3,
    /// World from camera.
    pub orientation: DQuat,
    /// θ, radians in (0, 2(π − α)): small beside B's far side, large beside A.
    pub theta: f64,
    /// φ, radians: 0 where the camera is level with the targets on the left of A → B, π on the right, π/2 above.
    pub phi: f64,
}

/// Angles that cannot be told from 0 or π: the torus is then a line or a point.
const MIN_ANGLE: f64 = 1e-6;

impl Toric {
    /// The manifold on which A and B subtend `alpha` radians; `None` when they coincide or the angle is
    /// not between 0 and π.
    #[must_use]
    pub fn new(a: DVec3, b: DVec3, alpha: f64) -> Option<Self> {
        let fits = (a - b).length_squared() > 1e-12
            && a.is_finite()
            && b.is_finite()
            && alpha > MIN_ANGLE
            && alpha < scalar::PI - MIN_ANGLE;
        fits.then_some(Self { a, b, alpha })
    }

    /// α, radians.
    #[must_use]
    pub fn alpha(&self) -> f64 {
        self.alpha
    }

    /// The camera's place at (θ, φ): equation 3 of the paper. θ is kept inside its range.
    #[must_use]
    pub fn position(&self, theta: f64, phi: f64) -> DVec3 {
        let most = 2.0 * (scalar::PI - self.alpha);
        let half = 0.5 * theta.clamp(MIN_ANGLE.min(most), most - MIN_ANGLE.min(0.5 * most));
        let axis = self.b - self.a;
        let reach = axis.length() * scalar::sin(self.alpha + half) / scalar::sin(self.alpha);
        let (along, left, above) = self.frame();
        let (sin_phi, cos_phi) = scalar::sin_cos(phi);
        let (sin, cos) = scalar::sin_cos(half);
        self.a + (along * cos + (left * cos_phi + above * sin_phi) * sin) * reach
    }

    /// The place on the manifold in a direction from the middle between A and B. The manifold is
    /// star-shaped about that middle for α < π/2 and so has exactly one.
    #[must_use]
    pub fn towards(&self, direction: DVec3) -> DVec3 {
        let half = 0.5 * (self.b - self.a);
        let h = half.length_squared();
        let direction = direction.try_normalize().unwrap_or(DVec3::Y);
        let along = direction.dot(half) / h.sqrt();
        // ∠APB = α at P = M + r·direction:  (r² − h)² = cos²α ((r² + h)² − 4 r² h along²)
        let cos = scalar::cos(self.alpha);
        let sin_sq = 1.0 - cos * cos;
        let middle = 1.0 + cos * cos * (1.0 - 2.0 * along * along);
        let spread = (middle * middle - sin_sq * sin_sq).max(0.0).sqrt();
        // the outer root sees an acute angle, the inner one its supplement
        let ratio = if cos >= 0.0 {
            middle + spread
        } else {
            middle - spread
        } / sin_sq;
        self.a + half + direction * (h * ratio.max(0.0)).sqrt()
    }

    /// θ and φ of a place.
    #[must_use]
    pub fn angles(&self, position: DVec3) -> (f64, f64) {
        let (along, left, above) = self.frame();
        let p = position - self.a;
        let (x, y, z) = (along.dot(p), left.dot(p), above.dot(p));
        (
            2.0 * scalar::atan2((y * y + z * z).sqrt(), x),
            scalar::atan2(z, y),
        )
    }

    /// The pose at a place on the manifold that shows A and B along two rays of the camera.
    fn pose(&self, position: DVec3, rays: [DVec3; 2]) -> ToricPose {
        let seen = triad(self.a - position, self.b - position);
        let asked = triad(rays[0], rays[1]);
        let (theta, phi) = self.angles(position);
        ToricPose {
            position,
            orientation: DQuat::from_mat3(&(seen * asked.transpose())).normalize(),
            theta,
            phi,
        }
    }

    /// Unit axes: from A to B, to the left of that, and above. For a vertical AB any level left will do.
    fn frame(&self) -> (DVec3, DVec3, DVec3) {
        let along = (self.b - self.a).normalize();
        let left = DVec3::Y.cross(along).try_normalize().unwrap_or(DVec3::X);
        (along, left, along.cross(left))
    }
}

/// Angle between two vectors, accurate for small ones too.
fn angle_between(a: DVec3, b: DVec3) -> f64 {
    scalar::atan2(a.cross(b).length(), a.dot(b))
}

/// Orthonormal axes from two directions: their bisector, across, and normal to both.
fn triad(a: DVec3, b: DVec3) -> DMat3 {
    let (a, b) = (a.normalize_or(DVec3::Z), b.normalize_or(DVec3::Z));
    let middle = (a + b)
        .try_normalize()
        .unwrap_or_else(|| a.any_orthonormal_vector());
    let across = (b - a)
        .try_normalize()
        .unwrap_or_else(|| middle.any_orthonormal_vector());
    DMat3::from_cols(middle, across, middle.cross(across))
}

/// Direction in camera axes of a place in the frame (shares from the middle, x to the right, y up).
#[must_use]
pub fn ray_through(place: DVec2, window: Window) -> DVec3 {
    DVec3::new(place.x * window.width, place.y * window.height, -1.0)
}

/// The pose that shows A at `places[0]` and B at `places[1]`, seen in a direction from their
/// middle; `None` when the targets or the places coincide. Both places are met exactly, so the
/// roll is what they ask for.
#[must_use]
pub fn frame_two(
    targets: [DVec3; 2],
    places: [DVec2; 2],
    window: Window,
    direction: DVec3,
) -> Option<ToricPose> {
    let rays = places.map(|place| ray_through(place, window));
    let toric = Toric::new(targets[0], targets[1], angle_between(rays[0], rays[1]))?;
    Some(toric.pose(toric.towards(direction), rays))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::camera::{Camera, FilmBack, FrameSize, Lens};
    use crate::random::Seed;

    const SIZE: FrameSize = FrameSize {
        width: 1920,
        height: 1080,
    };

    fn targets(s: &crate::random::Stream) -> [DVec3; 2] {
        [0, 3].map(|k| {
            DVec3::new(
                s.range(k, -9.0, 9.0),
                s.range(k + 1, 0.0, 9.0),
                s.range(k + 2, -9.0, 9.0),
            )
        })
    }

    #[test]
    fn both_targets_appear_where_they_were_asked_for() {
        for i in 0..300 {
            let s = Seed(8).stream("test/toric").item(i);
            let [a, b] = targets(&s);
            let focal = s.range(6, 14.0, 135.0);
            let places = [
                DVec2::new(s.range(7, -0.4, -0.05), s.range(8, -0.3, 0.3)),
                DVec2::new(s.range(9, 0.05, 0.4), s.range(10, -0.3, 0.3)),
            ];
            let direction = DVec3::new(
                s.range(11, -1.0, 1.0),
                s.range(12, -0.5, 0.9),
                s.range(13, -1.0, 1.0),
            );
            let back = FilmBack::full_frame(SIZE);
            let pose = frame_two([a, b], places, Window::new(back, focal), direction).expect("apart");
            let camera = Camera {
                film_back: back,
                lens: Lens {
                    focal_length_mm: focal,
                    ..Lens::default()
                },
                position: pose.position,
                orientation: pose.orientation,
            };
            let projection = camera.projection(SIZE);
            for (target, place) in [a, b].into_iter().zip(places) {
                let pixel = projection.project(target).expect("in front");
                let wanted = DVec2::new((0.5 + place.x) * 1920.0, (0.5 - place.y) * 1080.0);
                assert!((pixel - wanted).length() < 1e-3, "{i}: {pixel} for {wanted}");
            }
            let from_middle = (pose.position - 0.5 * (a + b)).normalize();
            assert!(from_middle.dot(direction.normalize()) > 1.0 - 1e-9, "{i}");
        }
    }

    #[test]
    fn every_theta_and_phi_subtends_alpha_and_is_read_back() {
        for i in 0..300 {
            let s = Seed(9).stream("test/manifold").item(i);
            let [a, b] = targets(&s);
            let alpha = s.range(6, 0.05, 2.5);
            let toric = Toric::new(a, b, alpha).expect("apart");
            let theta = s.range(7, 0.01, 2.0 * (scalar::PI - alpha) - 0.01);
            let phi = s.range(8, -3.1, 3.1);
            let p = toric.position(theta, phi);
            assert!((angle_between(a - p, b - p) - alpha).abs() < 1e-6, "{i}");
            let (theta_back, phi_back) = toric.angles(p);
            assert!(
                (theta_back - theta).abs() < 1e-6 && (phi_back - phi).abs() < 1e-6,
                "{i}"
            );
        }
    }

    #[test]
    fn phi_tells_the_sides_of_the_line() {
        let toric = Toric::new(DVec3::ZERO, DVec3::new(0.0, 0.0, 4.0), 0.5).expect("apart");
        // looking along +Z, the left is +X
        assert!(toric.position(1.0, 0.0).x > 0.0 && toric.position(1.0, scalar::PI).x < 0.0);
        assert!(toric.position(1.0, 0.5 * scalar::PI).y > 0.0);
    }

    #[test]
    fn degenerate_targets_and_directions_are_answered() {
        let (a, b) = (DVec3::ZERO, DVec3::new(0.0, 3.0, 0.0));
        assert_eq!(Toric::new(a, a, 0.5), None);
        assert_eq!(Toric::new(a, b, 0.0), None);
        assert_eq!(Toric::new(a, b, f64::NAN), None);
        assert_eq!(Toric::new(DVec3::NAN, b, 0.5), None);
        let toric = Toric::new(a, b, 0.5).expect("apart");
        for direction in [DVec3::ZERO, DVec3::Y, DVec3::NEG_Y, DVec3::X] {
            assert!(toric.towards(direction).is_finite());
        }
        for theta in [-1.0, 0.0, 99.0] {
            assert!(toric.position(theta, 0.3).is_finite());
        }
    }
}
