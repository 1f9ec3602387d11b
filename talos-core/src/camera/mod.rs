//! Cameras: body and lens in millimetres, pose, moves, framing, shake.

mod framing;
mod lens;
mod moves;
mod profile;
mod projection;
mod shake;
mod shot_size;
mod smoothing;
mod subject;
mod toric;
mod view;

pub use framing::{
    Displacement, Extent, FrameGoal, Framing, Window, eye_at, filled, frame_one, holding_distance,
};
pub use lens::{Camera, FilmBack, Lens};
pub use moves::{MoveState, Moves};
pub use profile::Profile;
pub use projection::{FrameSize, Projection};
pub use shake::{SHAKE_BAND_HZ, Shake};
pub use shot_size::{ShotScale, person_share, shot_scale};
pub use subject::{Region, SubjectBounds};
pub use toric::{Toric, ToricPose, frame_two, ray_through};
pub use view::{View, orientation, yaw_of};
