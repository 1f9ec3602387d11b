//! The ensemble: artefact in, artefact out; thin. The physics under it are plain functions.

mod axis;
mod cast;
mod edits;
mod film;
mod keys;
mod location;
mod look;
pub mod prism;
mod stokes;
mod tracks;

pub use edits::{EditError, EditOutcome, Found, edit_findings, strokes_meant};
pub use film::{Film, FilmError, Pictures, Prepared};
pub use keys::{FrameKeys, TracksKeys};
pub use stokes::{Effects, Stokes};
