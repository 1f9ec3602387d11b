//! Pixel buffers, vector and triangle rasterisers, compositing, tone.

mod pixels;
mod visibility;

pub use pixels::{Image, Mask};
pub use visibility::Visibility;
