//! Emotion: points and paths in (valence, arousal, dominance), and what they move.

mod named;
mod vad;

pub use named::{NamedEmotion, lookup, named_emotions};
pub use vad::Vad;
