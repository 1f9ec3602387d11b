//! What a shot asks of its camera.

use super::SubjectBounds;
use crate::artefact::{CameraAngle, CameraMove, Cut, ShotSize};
use crate::math::DVec3;
use crate::time::{Frame, FrameRate};

/// A cut as the camera needs it.
#[derive(Clone, Copy)]
pub struct ShotPlan<'a> {
    /// Id of the cut: names the streams of its randomness.
    pub cut_id: &'a str,
    /// Time of the first frame, seconds of the film.
    pub start_s: f64,
    /// Time at which the last frame ends.
    pub end_s: f64,
    /// Shot size.
    pub shot_size: ShotSize,
    /// Height and tilt of the camera.
    pub angle: CameraAngle,
    /// From the line of action to the camera, counter-clockwise from above, radians (see [`Cut::azimuth`]).
    pub azimuth: f64,
    /// Focal length in millimetres.
    pub focal_length_mm: f64,
    /// f-stop.
    pub f_stop: f64,
    /// Moves, composed.
    pub moves: &'a [CameraMove],
    /// Shake from emotion, radians RMS; a handheld move adds to it (in squares).
    pub shake_rad: f64,
    /// Speed of moves from emotion: 1 neutral; 2 does a move in half of the cut.
    pub speed: f64,
    /// Who is framed at a time, the most important first and always the same ones; none: the place is.
    pub subjects: &'a dyn Fn(f64) -> Vec<SubjectBounds>,
    /// The place, framed when there are no subjects.
    pub place: SubjectBounds,
    /// The line of action in the world; `None`: from the first to the second of two subjects, else the heading of
    /// the first.
    pub line: Option<DVec3>,
    /// Height of the ground at (x, z), metres.
    pub ground: &'a dyn Fn(f64, f64) -> f64,
}

impl<'a> ShotPlan<'a> {
    /// The plan of a cut, with a steady camera at neutral speed over flat ground.
    #[must_use]
    pub fn of_cut(cut: &'a Cut, rate: FrameRate, subjects: &'a dyn Fn(f64) -> Vec<SubjectBounds>) -> Self {
        Self {
            cut_id: &cut.cut_id,
            start_s: rate.seconds(Frame(cut.first_frame)),
            end_s: rate.seconds(Frame(cut.last_frame.saturating_add(1))),
            shot_size: cut.shot_size,
            angle: cut.angle,
            azimuth: cut.azimuth,
            focal_length_mm: cut.focal_length_mm,
            f_stop: cut.f_stop,
            moves: &cut.moves,
            shake_rad: 0.0,
            speed: 1.0,
            subjects,
            place: SubjectBounds::standing(DVec3::ZERO, 20.0, DVec3::Z),
            line: None,
            ground: &|_, _| 0.0,
        }
    }

    /// Length of the cut in seconds; a thousandth when it is empty or no number.
    pub(super) fn duration_s(&self) -> f64 {
        let length = self.end_s - self.start_s;
        if length.is_finite() {
            length.max(1e-3)
        } else {
            1e-3
        }
    }

    /// A focal length that a lens can have.
    pub(super) fn focal_length(&self) -> f64 {
        finite_or(self.focal_length_mm, 35.0).clamp(4.0, 2000.0)
    }

    /// Elevation of the camera over its subject and roll, radians.
    ///
    /// A low or high angle is read as one from about 15°; beyond 35° it becomes a view of the
    /// ground or the sky. Eye level looks down by 3°, so that the ground shows depth. A Dutch
    /// angle below 8° looks like a mistake.
    pub(super) fn elevation_and_roll(&self) -> (f64, f64) {
        let tilt = if self.azimuth < 0.0 { -0.21 } else { 0.21 };
        match self.angle {
            CameraAngle::EyeLevel => (0.05, 0.0),
            CameraAngle::Low => (-0.35, 0.0),
            CameraAngle::High => (0.5, 0.0),
            CameraAngle::Overhead => (0.5 * core::f64::consts::PI, 0.0),
            CameraAngle::Dutch => (0.02, tilt),
        }
    }
}

pub(super) fn finite_or(x: f64, otherwise: f64) -> f64 {
    if x.is_finite() { x } else { otherwise }
}
