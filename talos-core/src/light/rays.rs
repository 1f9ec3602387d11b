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
