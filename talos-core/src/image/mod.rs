//! Pixel buffers, vector and triangle rasterisers, compositing, tone.

mod blur;
mod composite;
pub mod coverage;
mod picture;
mod pixels;
mod raster;
mod texture;
mod tone;
mod visibility;

pub use composite::{ComposeInput, Finish, InkLayer, compose_anima, compose_chroma, compose_layers, over};
pub use picture::Picture;
pub use pixels::{Image, Mask};
pub use raster::{DepthMap, OrthoView, rasterize, rasterize_depth, rasterize_into};
pub use visibility::Visibility;
