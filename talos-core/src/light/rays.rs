//! View rays of pixels.

use crate::camera::Projection;
use crate::math::{DVec2, DVec3, Vec3};

/// Directions through pixels, as an affine function of the pixel.
#[derive(Clone, Copy, Debug)]
pub struct Rays {
    /// Where the rays start, metres.
    pub origin: DVec3,
    corner: DVec3,
    along_x: DVec3,
    along_y: DVec3,
}

impl Rays {
    /// The rays of a perspective projection. A singular or orthographic one gives parallel rays
    /// down its view axis: the sky is then one colour, never a NaN.
    #[must_use]
    pub fn new(projection: &Projection) -> Self {
        let origin = projection.centre.unwrap_or(DVec3::ZERO);
        let at = |x: f64, y: f64| {
            let point = projection
                .centre
                .and_then(|_| projection.unproject(DVec2::new(x, y), 1.0));
            point.map_or(projection.forward, |p| p - origin)
        };
        let corner = at(0.0, 0.0);
        Self {
            origin,
            corner,
            along_x: at(1.0, 0.0) - corner,
            along_y: at(0.0, 1.0) - corner,
        }
    }

    /// Direction through a pixel, of depth 1 along the view axis (not unit length).
    #[inline]
    #[must_use]
    pub fn toward(&self, x: f64, y: f64) -> DVec3 {
        self.corner + self.along_x * x + self.along_y * y
    }

    /// How far the point of a plane that a pixel sees moves over a pixel to the right and over one down, metres.
    /// Where the plane is seen edge-on, no further than 64 times what it would face-on.
    #[inline]
    #[must_use]
    pub(crate) fn pixel_on(&self, point: DVec3, normal: DVec3, x: f64, y: f64) -> [DVec3; 2] {
        let toward = self.toward(x, y);
        let depth = (point - self.origin).dot(toward) / toward.length_squared().max(1e-30);
        let facing = normal.dot(toward);
        [self.along_x, self.along_y].map(|step| {
            let face_on = step * depth;
            let slide = -normal.dot(face_on) / if facing.abs() < 1e-9 { 1e-9 } else { facing };
            (face_on + toward * slide).clamp_length_max(64.0 * face_on.length())
        })
    }

    /// Unit direction through a pixel.
    #[inline]
    #[must_use]
    pub fn unit(&self, x: f32, y: f32) -> Vec3 {
        let d = self.toward(f64::from(x), f64::from(y));
        let d = Vec3::new(d.x as f32, d.y as f32, d.z as f32);
        d / d.length_squared().max(1e-20).sqrt()
    }

    /// Angle of a pixel at the middle of the frame, radians.
    #[must_use]
    pub fn pixel_angle(&self) -> f32 {
        self.along_x.length() as f32
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::camera::FrameSize;
    use crate::light::testing;

    #[test]
    fn a_pixel_on_a_plane_reaches_from_its_point_to_its_neighbours() {
        let size = FrameSize {
            width: 320,
            height: 180,
        };
        let projection = testing::view(size, DVec3::new(1.0, 2.0, 9.0), DVec3::ZERO);
        let rays = Rays::new(&projection);
        let meet = |x: f64, y: f64| {
            let d = rays.toward(x, y);
            rays.origin - d * (rays.origin.y / d.y)
        };
        for (x, y) in [(160.5, 120.5), (20.5, 170.5), (300.5, 100.5)] {
            let [right, down] = rays.pixel_on(meet(x, y), DVec3::Y, x, y);
            let (to_right, down_to) = (meet(x + 0.1, y) - meet(x, y), meet(x, y + 0.1) - meet(x, y));
            assert!(
                (right * 0.1 - to_right).length() < 0.02 * to_right.length(),
                "{right}"
            );
            assert!(
                (down * 0.1 - down_to).length() < 0.02 * down_to.length(),
                "{down}"
            );
        }
        let edge_on = rays.pixel_on(DVec3::new(0.0, 2.0, 0.0), DVec3::Y, 160.0, 90.0);
        assert!(
            edge_on
                .iter()
                .all(|step| step.is_finite() && step.length() < 10.0)
        );
    }
}
