//! Film back, lens and pose: a camera at one instant.

use super::{FrameSize, Projection};
use crate::math::{DMat3, DQuat, DVec3};

/// The exposed area in millimetres.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct FilmBack {
    /// Width in millimetres.
    pub width_mm: f64,
    /// Height in millimetres.
    pub height_mm: f64,
}

impl FilmBack {
    /// A back of the same diagonal as full frame (36 × 24 mm), in the frame's aspect ratio:
    /// a focal length then means the same field of view in every aspect.
    #[must_use]
    pub fn full_frame(size: FrameSize) -> Self {
        let (w, h) = (f64::from(size.width), f64::from(size.height));
        let scale = (36.0_f64 * 36.0 + 24.0 * 24.0).sqrt() / (w * w + h * h).sqrt();
        Self {
            width_mm: w * scale,
            height_mm: h * scale,
        }
    }
}

/// A lens and its settings.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Lens {
    /// Focal length in millimetres, > 0.
    pub focal_length_mm: f64,
    /// Geometric aperture: focal length over entrance pupil.
    pub f_stop: f64,
    /// Photometric aperture: f-stop over the square root of transmittance; at least `f_stop`.
    pub t_stop: f64,
    /// Distance of the plane in focus, metres from the entrance pupil.
    pub focus_distance_m: f64,
    /// Shutter angle in radians; π is the customary half frame.
    pub shutter_angle: f64,
}

impl Default for Lens {
    fn default() -> Self {
        Self {
            focal_length_mm: 35.0,
            f_stop: 4.0,
            t_stop: 4.3,
            focus_distance_m: 10.0,
            shutter_angle: core::f64::consts::PI,
        }
    }
}

/// A camera at one instant.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Camera {
    /// The exposed area.
    pub film_back: FilmBack,
    /// The lens.
    pub lens: Lens,
    /// Entrance pupil in the world, metres.
    pub position: DVec3,
    /// World from camera: the camera looks down its −Z, its up is +Y.
    pub orientation: DQuat,
}

impl Camera {
    /// Unit direction of view.
    #[must_use]
    pub fn forward(&self) -> DVec3 {
        self.orientation * DVec3::NEG_Z
    }

    /// The orientation that looks from `eye` to `target`, rolled about the view axis by `roll` radians
    /// (positive tips the camera to its right). A vertical view takes −Z for up.
    #[must_use]
    pub fn looking(eye: DVec3, target: DVec3, roll: f64) -> DQuat {
        let back = (eye - target).try_normalize().unwrap_or(DVec3::Z);
        let reference = if back.y.abs() > 0.9999 {
            DVec3::NEG_Z
        } else {
            DVec3::Y
        };
        let right = reference.cross(back).normalize();
        let level = DQuat::from_mat3(&DMat3::from_cols(right, back.cross(right), back));
        level * DQuat::from_rotation_z(-roll)
    }

    /// World metres → pixels of a frame.
    #[must_use]
    pub fn projection(&self, size: FrameSize) -> Projection {
        Projection::perspective(self, size)
    }
}
