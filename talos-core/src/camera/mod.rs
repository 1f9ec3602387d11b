//! Cameras: body and lens in millimetres, pose, moves, framing, shake.

mod lens;
mod projection;

pub use lens::{Camera, FilmBack, Lens};
pub use projection::{FrameSize, Projection};
