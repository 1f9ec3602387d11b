//! The camera of a cut: a pure function of time.

use super::framing::Window;
use super::moves::MoveState;
use super::shot_plan::{ShotPlan, finite_or};
use super::shot_solve::{Solved, size_residual, unlifted_eye};
use super::view::{View, orientation};
use super::{Camera, FilmBack, FrameSize, Lens, Shake};
use crate::artefact::MoveKind;
use crate::math::{DVec3, scalar};
use crate::random::Seed;

/// The camera of a cut, solved once: [`Self::at`] is C² in time and needs no frame before it.
///
/// What it frames keeps its place: the camera travels with the subjects' averaged path. Where a
/// framing asks for less than holds everyone, it stands further back, and changes that slowly.
/// It never goes below the ground.
pub struct ShotCamera {
    solved: Solved,
    film_back: FilmBack,
    focal_length_mm: f64,
    f_stop: f64,
    roll: f64,
    shake: Shake,
    fill: f64,
    residual: f64,
}

/// Photographic over geometric stop: a lens that passes 87 % of the light, as coated zooms do.
const T_STOP_FACTOR: f64 = 1.075;

impl ShotCamera {
    /// Solves the camera of a plan.
    #[must_use]
    pub fn new(plan: &ShotPlan<'_>, size: FrameSize, seed: Seed) -> Self {
        let film_back = FilmBack::full_frame(size);
        let focal_length_mm = plan.focal_length();
        let solved = Solved::new(plan, Window::new(film_back, focal_length_mm));
        // operators put long lenses on supports: emotion shakes the picture, not the lens
        let steadied = finite_or(plan.shake_rad, 0.0).max(0.0) * (35.0 / focal_length_mm).min(1.0);
        let rms_rad = scalar::hypot(steadied, solved.moves.amount(MoveKind::Handheld));
        let stream = seed.stream("camera/shake").child(plan.cut_id);
        let mut camera = Self {
            solved,
            film_back,
            focal_length_mm,
            f_stop: finite_or(plan.f_stop, 4.0).clamp(0.5, 64.0),
            roll: plan.elevation_and_roll().1,
            shake: Shake::new(&stream, rms_rad),
            fill: 0.0,
            residual: 0.0,
        };
        camera.measure(finite_or(plan.start_s, 0.0) + 0.5 * plan.duration_s());
        camera
    }

    /// The camera at a time of the film, seconds.
    #[must_use]
    pub fn at(&self, time_s: f64) -> Camera {
        self.displaced(time_s, &self.solved.moves.at(time_s), self.shake.at(time_s))
    }

    /// How far the framing in the middle of the cut, moves and shake apart, is from what was asked,
    /// as a share of the frame's height: of size, or of place. A group that cannot be as large as
    /// asked and still be held counts as solved when its edge is where the frame's margin is.
    #[must_use]
    pub fn residual(&self) -> f64 {
        self.residual
    }

    /// Share of the frame that the (largest) subject's framed part fills in the middle of the cut.
    #[must_use]
    pub fn fill(&self) -> f64 {
        self.fill
    }

    /// Share that the shot size asked for.
    #[must_use]
    pub fn fill_asked(&self) -> f64 {
        self.solved.fill
    }

    /// What was not done as asked, in English.
    #[must_use]
    pub fn notes(&self) -> &[String] {
        &self.solved.notes
    }

    fn displaced(&self, time_s: f64, moved: &MoveState, shake: [f64; 3]) -> Camera {
        let Solved { base, window, .. } = &self.solved;
        let anchor = self.solved.anchor.at(time_s);
        let distance = self.solved.distance.at(time_s);
        let lift = self.solved.lift.at(time_s).max(0.0);
        let ground_eye = unlifted_eye(base, *window, moved, anchor, distance);
        let position = ground_eye + DVec3::Y * lift;
        // an eye raised by crane or ground tilts so that the anchor keeps its height in the frame
        let raised = moved.crane * distance + lift;
        let aim = depression(anchor - position) - depression(anchor - position + DVec3::Y * raised);
        let orientation = orientation(
            base.yaw + moved.orbit + moved.pan + shake[0],
            aim - base.elevation + moved.tilt + shake[1],
            self.roll + moved.roll + shake[2],
        );
        let forward = orientation * DVec3::NEG_Z;
        Camera {
            film_back: self.film_back,
            lens: Lens {
                focal_length_mm: self.focal_length_mm * moved.focal_scale,
                f_stop: self.f_stop,
                t_stop: self.f_stop * T_STOP_FACTOR,
                focus_distance_m: (self.solved.focus.at(time_s) - position).dot(forward).max(0.1),
                ..Lens::default()
            },
            position,
            orientation,
        }
    }

    fn measure(&mut self, middle_s: f64) {
        let camera = self.displaced(middle_s, &MoveState::REST, [0.0; 3]);
        let level = camera.orientation * crate::math::DQuat::from_rotation_z(self.roll);
        let view = View {
            right: level * DVec3::X,
            up: level * DVec3::Y,
            back: level * DVec3::Z,
        };
        let (window, base) = (self.solved.window, self.solved.base);
        let eye = camera.position;
        let (fill, missing) = size_residual(&self.solved.middle, eye, &view, window, self.solved.fill);
        let anchor = view.resolve(self.solved.anchor.at(middle_s) - eye);
        let off_x = anchor.x / -anchor.z - base.placement.x * window.width;
        let off_y = anchor.y / -anchor.z - base.placement.y * window.height;
        self.fill = fill;
        self.residual = missing.max(scalar::hypot(off_x, off_y) / window.height);
    }
}

/// Angle of a direction above the horizon.
fn depression(direction: DVec3) -> f64 {
    scalar::atan2(direction.y, scalar::hypot(direction.x, direction.z))
}
