//! Direction of view as yaw, elevation and roll: no pole in its way.

use crate::math::{DQuat, DVec3, scalar};

/// Camera axes from two angles. Unlike a look-at, they are defined straight above the subject too.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct View {
    /// To the right of the picture, horizontal.
    pub right: DVec3,
    /// Up in the picture.
    pub up: DVec3,
    /// From the subject to the camera.
    pub back: DVec3,
}

impl View {
    /// The view from a camera that stands at `yaw` (about Y from +Z, counter-clockwise from above) and
    /// `elevation` (up from the horizon) of its subject, radians.
    #[must_use]
    pub fn from_angles(yaw: f64, elevation: f64) -> Self {
        let orientation = orientation(yaw, -elevation, 0.0);
        Self {
            right: orientation * DVec3::X,
            up: orientation * DVec3::Y,
            back: orientation * DVec3::Z,
        }
    }

    /// The components of a vector along right, up and back.
    #[must_use]
    pub fn resolve(&self, v: DVec3) -> DVec3 {
        DVec3::new(self.right.dot(v), self.up.dot(v), self.back.dot(v))
    }

    /// The vector with these components.
    #[must_use]
    pub fn compose(&self, v: DVec3) -> DVec3 {
        self.right * v.x + self.up * v.y + self.back * v.z
    }
}

/// World from camera: turned by `yaw` about the vertical (positive to the left), then `pitch` (positive
/// up), then `roll` about the view axis (positive tips the camera to its right).
#[must_use]
pub fn orientation(yaw: f64, pitch: f64, roll: f64) -> DQuat {
    about(DVec3::Y, yaw) * about(DVec3::X, pitch) * about(DVec3::Z, -roll)
}

fn about(axis: DVec3, angle: f64) -> DQuat {
    let (sin, cos) = scalar::sin_cos(0.5 * angle);
    let v = axis * sin;
    DQuat::from_xyzw(v.x, v.y, v.z, cos)
}

/// Angle of a vector about the vertical from +Z, counter-clockwise from above; `None` for a vertical one.
#[must_use]
pub fn yaw_of(v: DVec3) -> Option<f64> {
    (v.x * v.x + v.z * v.z > 1e-18).then(|| scalar::atan2(v.x, v.z))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::camera::Camera;

    #[test]
    fn it_agrees_with_looking_and_signs_are_as_said() {
        for (yaw, elevation, roll) in [(0.3, 0.4, 0.0), (-2.0, -0.5, 0.2), (3.0, 1.2, -0.4)] {
            let view = View::from_angles(yaw, elevation);
            let looked = Camera::looking(view.back, DVec3::ZERO, roll);
            assert!(orientation(yaw, -elevation, roll).angle_between(looked) < 1e-7);
        }
        assert!(
            (orientation(0.1, 0.0, 0.0) * DVec3::NEG_Z).x < 0.0,
            "yaw turns left"
        );
        assert!(
            (orientation(0.0, 0.1, 0.0) * DVec3::NEG_Z).y > 0.0,
            "pitch turns up"
        );
        assert_eq!(yaw_of(DVec3::Y), None);
    }

    #[test]
    fn straight_down_is_a_view_like_any_other() {
        let view = View::from_angles(1.0, 0.5 * scalar::PI);
        assert!((view.back - DVec3::Y).length() < 1e-12);
        assert!(view.right.y.abs() < 1e-12 && view.up.y.abs() < 1e-12);
        let v = DVec3::new(1.0, 2.0, 3.0);
        assert!((view.compose(view.resolve(v)) - v).length() < 1e-12);
    }
}
