//! Emotion: points and paths in (valence, arousal, dominance), and what they move.

mod arc;
mod munsell;
mod named;
mod path;
mod response;
mod responses;
mod vad;

pub use arc::{arc_keys, arc_valence};
pub use munsell::{Tone, tone};
pub use named::{NamedEmotion, lookup, named_emotions};
pub use path::{EmotionError, EmotionPath};
pub use response::{RESPONSES, Response, ResponseKind};
pub use responses::{ResponseError, Responses};
pub use vad::Vad;
