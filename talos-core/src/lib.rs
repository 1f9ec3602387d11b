//! Animation as a computation.
//!
//! TALOS turns an *intent* (a prompt, an emotion, a seed) into animation:
//! `Y = F(X, P)`, where `F` is fixed, `P` (every parameter) is open, and the
//! same `X`, `P` and seed give the same bytes on every machine.
//!
//! This crate is the pure part: values in, values out. It reads no file, no
//! clock and no environment. Conventions: right-handed world, Y up, metres,
//! seconds, radians; the camera looks down −Z; models face +Z (as glTF);
//! transforms are named `to_from`; image origin is top-left; colour inside is
//! linear Rec.709, premultiplied.
#![forbid(unsafe_code)]

pub mod artefact;
pub mod camera;
pub mod curve;
pub mod digest;
pub mod emotion;
pub mod fluid;
pub mod format;
pub mod geometry;
pub mod image;
pub mod light;
pub mod math;
mod nearest;
pub mod palette;
pub mod random;
pub mod scene;
pub mod stage;
pub mod stroke;
pub mod time;

/// The engine's version, recorded in every artefact: results are the same for
/// one engine version.
pub const ENGINE_VERSION: &str = env!("CARGO_PKG_VERSION");
