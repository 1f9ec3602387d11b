//! Cameras: body and lens in millimetres, pose, moves, framing, shake.

mod framing;
mod lens;
mod moves;
mod profile;
mod projection;
mod shake;
mod shot;
mod shot_plan;
mod shot_size;
mod shot_solve;
#[cfg(test)]
mod shot_tests;
mod smoothing;
mod subject;
mod toric;
mod two_shot;
mod view;

pub use framing::{
    Displacement, Extent, FrameGoal, Framing, Window, eye_at, filled, frame_largest, frame_one,
    holding_distance,
};
pub use lens::{Camera, FilmBack, Lens};
pub use moves::{MoveState, Moves};
pub use profile::Profile;
pub use projection::{FrameSize, Projection, Unprojection};
pub use shake::{SHAKE_BAND_HZ, Shake};
pub use shot::ShotCamera;
pub use shot_plan::ShotPlan;
pub use shot_size::{ShotScale, person_share, shot_scale};
pub use subject::{Region, SubjectBounds};
pub use toric::{Toric, ToricPose, frame_two, ray_through};
pub use view::{View, orientation, yaw_of};
