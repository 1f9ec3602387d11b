//! The 3×4 projection matrix K\[R|T\]: world metres → pixels.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Camera;
use crate::math::{DMat3, DVec2, DVec3};

/// Size of a frame in pixels.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FrameSize {
    /// Width in pixels, even for video.
    pub width: u32,
    /// Height in pixels, even for video.
    pub height: u32,
}

impl FrameSize {
    /// Factor from pixels at 1080 lines to pixels here. The shorter side counts, so a
    /// vertical film has the same line weight.
    #[must_use]
    pub fn scale(self) -> f64 {
        f64::from(self.width.min(self.height)) / 1080.0
    }
}

/// Row-major 3×4 matrix; `(x·w, y·w, w) = M (X, Y, Z, 1)`, `w` the depth in metres along the view axis.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Projection {
    /// The rows.
    pub rows: [[f64; 4]; 3],
    /// Centre of projection in the world; `None` for an orthographic one.
    pub centre: Option<DVec3>,
    /// Unit direction of view in the world.
    pub forward: DVec3,
}

impl Projection {
    /// Depths below this are behind the lens: nothing nearer is drawn. Smaller would let a
    /// vertex at the pupil overflow fixed-point pixels; larger would clip close-ups.
    pub const NEAR_M: f64 = 0.02;

    /// K\[R|T\] of a camera: pixels y down, centres at +0.5.
    #[must_use]
    pub fn perspective(camera: &Camera, size: FrameSize) -> Self {
        let view_from_world = camera.orientation.inverse();
        let rotation = DMat3::from_quat(view_from_world);
        let offset = -(view_from_world * camera.position);
        let (w, h) = (f64::from(size.width), f64::from(size.height));
        let fx = camera.lens.focal_length_mm / camera.film_back.width_mm * w;
        let fy = camera.lens.focal_length_mm / camera.film_back.height_mm * h;
        let (right, up, back) = (rotation.row(0), rotation.row(1), rotation.row(2));
        // camera axes of computer vision: x right, y down, z forward
        let row = |axis: DVec3, shift: f64| [axis.x, axis.y, axis.z, shift];
        let x = row(right, offset.x);
        let y = row(-up, -offset.y);
        let z = row(-back, -offset.z);
        let mix = |f: f64, a: [f64; 4], c: f64| [0, 1, 2, 3].map(|i| f * a[i] + c * z[i]);
        Self {
            rows: [mix(fx, x, w * 0.5), mix(fy, y, h * 0.5), z],
            centre: Some(camera.position),
            forward: camera.forward(),
        }
    }

    /// (x·w, y·w, w) of a world point.
    #[must_use]
    pub fn homogeneous(&self, p: DVec3) -> DVec3 {
        let dot = |r: [f64; 4]| r[0] * p.x + r[1] * p.y + r[2] * p.z + r[3];
        DVec3::new(dot(self.rows[0]), dot(self.rows[1]), dot(self.rows[2]))
    }

    /// Pixel of a world point; `None` nearer than [`Self::NEAR_M`] or behind the camera.
    #[must_use]
    pub fn project(&self, p: DVec3) -> Option<DVec2> {
        let q = self.homogeneous(p);
        (q.z >= Self::NEAR_M).then(|| DVec2::new(q.x / q.z, q.y / q.z))
    }

    /// Depth in metres along the view axis (negative behind the camera).
    #[must_use]
    pub fn depth(&self, p: DVec3) -> f64 {
        self.homogeneous(p).z
    }

    /// Focal length in pixels of the picture's height: a metre at a metre's distance takes so many.
    #[must_use]
    pub fn focal_px(&self) -> f64 {
        let [_, down, depth] = self.rows.map(|r| DVec3::new(r[0], r[1], r[2]));
        (down - depth * down.dot(depth)).length()
    }

    /// Unit direction from the surface point towards the viewer.
    #[must_use]
    pub fn to_viewer(&self, p: DVec3) -> DVec3 {
        self.centre
            .map_or(-self.forward, |c| (c - p).normalize_or(-self.forward))
    }

    /// World point at a pixel and a depth; `None` if the matrix is singular.
    #[must_use]
    pub fn unproject(&self, pixel: DVec2, depth_m: f64) -> Option<DVec3> {
        self.unprojection().map(|back| back.place(pixel, depth_m))
    }

    /// The way back, for many points; `None` if the matrix is singular.
    #[must_use]
    pub fn unprojection(&self) -> Option<Unprojection> {
        let column = |i: usize| DVec3::new(self.rows[0][i], self.rows[1][i], self.rows[2][i]);
        let m = DMat3::from_cols(column(0), column(1), column(2));
        (m.determinant().abs() > 1e-12).then(|| Unprojection {
            inverse: m.inverse(),
            shift: column(3),
        })
    }
}

/// From pixels and depths to the world: the inverse of a [`Projection`].
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Unprojection {
    inverse: DMat3,
    shift: DVec3,
}

impl Unprojection {
    /// World point at a pixel and a depth.
    #[must_use]
    pub fn place(&self, pixel: DVec2, depth_m: f64) -> DVec3 {
        let target = DVec3::new(pixel.x * depth_m, pixel.y * depth_m, depth_m) - self.shift;
        self.inverse * target
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::camera::{FilmBack, Lens};

    #[test]
    fn the_view_axis_meets_the_centre_and_y_points_down() {
        let size = FrameSize {
            width: 1920,
            height: 1080,
        };
        let eye = DVec3::new(3.0, 2.0, 10.0);
        let target = DVec3::new(-1.0, 4.0, 0.0);
        let camera = Camera {
            film_back: FilmBack::full_frame(size),
            lens: Lens::default(),
            position: eye,
            orientation: Camera::looking(eye, target, 0.0),
        };
        let projection = camera.projection(size);
        let centre = projection.project(target).expect("in front");
        assert!((centre - DVec2::new(960.0, 540.0)).length() < 1e-9);
        assert!(projection.project(target + DVec3::Y).expect("in front").y < 540.0);
        let pixel = DVec2::new(123.0, 77.0);
        let back = projection.unproject(pixel, 8.0).expect("regular");
        assert!((projection.project(back).expect("in front") - pixel).length() < 1e-9);
        assert!((projection.depth(back) - 8.0).abs() < 1e-9);
        assert_eq!(projection.project(eye + (eye - target)), None);
    }
}
