//! Frames → H.264 in MP4, without any program beside this one.

mod h264;
mod mp4;
mod yuv;

pub use h264::{VideoError, VideoWriter};
