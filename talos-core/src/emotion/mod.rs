//! Emotion: points and paths in (valence, arousal, dominance), and what they move.

mod vad;

pub use vad::Vad;
