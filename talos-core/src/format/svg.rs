//! SVG: the lines of a frame for a vector editor, and what comes back from it.
//!
//! [`write()`] gives a group for each layer and an element for each stroke: its centre line, or the
//! outline of its ink. The element is drawn from plain SVG (`<path>`, `<circle>`, `<polygon>`), which
//! any editor changes; beside it `data-talos-line` keeps what SVG has no word for: pressure, homes in
//! 3D, class. [`read()`] takes the geometry from the path and the rest from there, so an untouched
//! stroke comes back as it was, a moved one keeps its name and depth, and a new one becomes a mark.

mod carry;
mod depth;
mod element;
mod home;
mod name;
mod read;
#[cfg(test)]
mod tests;
mod transform;
mod write;

use thiserror::Error;

use crate::artefact::{Lines, LinesError};

pub use read::read;
pub(super) use write::layer_rank;
pub use write::{SvgInk, write};

/// What an SVG held.
#[derive(Clone, Debug, PartialEq)]
pub struct SvgDrawing {
    /// Its strokes, sorted by id, with the frame they belong to.
    pub lines: Lines,
    /// What was not read, or not as it stands.
    pub notes: Vec<SvgNote>,
}

/// Something in an SVG that strokes cannot hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SvgNote {
    /// The element: its name, and its id where it has one.
    pub element: String,
    /// Line of the file, from 1.
    pub line: u32,
    /// What was done with it.
    pub what: SvgNoteKind,
}

/// What was done with an element that is no plain stroke.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum SvgNoteKind {
    /// Text, pictures, copies (`<use>`), filters: left out. Make paths of them first.
    LeftOut,
    /// It is hidden in the editor: left out.
    Hidden,
    /// Its outline of ink was changed by hand; the centre line below it is what counts.
    OutlineChanged,
    /// Its path has several pieces; each became a stroke, the second `ID.2`.
    Divided,
    /// Another element has the same id; this one got a new name.
    Renamed,
}

/// Why an SVG could not be read or written.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum SvgError {
    /// No XML, or XML that swells.
    #[error("the SVG cannot be read: {reason}; save it again as plain SVG")]
    Syntax {
        /// What the parser says, with line and column.
        reason: String,
    },
    /// Other XML.
    #[error("the file is XML, but no SVG: its root is `{root}`; give an SVG")]
    NotSvg {
        /// Name of the root element.
        root: String,
    },
    /// More than a drawing has.
    #[error("the SVG has too many {what}: at most {most} are read; remove some")]
    TooMuch {
        /// Of what.
        what: &'static str,
        /// How many are read.
        most: usize,
    },
    /// An attribute that cannot be understood.
    #[error("SVG line {line}, `{element}`, attribute `{attribute}`: {reason}; draw it again or remove it")]
    Attribute {
        /// Line of the file, from 1.
        line: u32,
        /// The element: its name, and its id where it has one.
        element: String,
        /// The attribute.
        attribute: String,
        /// What is wrong.
        reason: String,
    },
    /// Nothing says which frame it belongs to.
    #[error("the SVG does not say which frame it is of; name the frame it was drawn for")]
    NoFrame,
    /// The strokes are not valid.
    #[error("the SVG's strokes: {0}")]
    Lines(#[from] LinesError),
}

/// The attribute that keeps a stroke as JSON.
const LINE: &str = "data-talos-line";
/// The attribute of the root that keeps the frame, without its strokes, as JSON.
const FRAME: &str = "data-talos-frame";
/// The attribute that tells the outline of a stroke's ink: how many points it has, and their sum.
const INK: &str = "data-talos-ink";
/// What ids of layers begin with.
const LAYER: &str = "layer-";
/// Inkscape's namespace: layers are groups that it marks.
const INKSCAPE: &str = "http://www.inkscape.org/namespaces/inkscape";
