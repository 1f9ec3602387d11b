//! Pixel buffers, vector and triangle rasterisers, compositing, tone.

pub mod coverage;
mod pixels;
mod raster;
mod visibility;

pub use pixels::{Image, Mask};
pub use raster::{DepthMap, OrthoView, rasterize, rasterize_depth};
pub use visibility::Visibility;
