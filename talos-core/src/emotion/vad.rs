//! A point of emotion: valence, arousal, dominance (Mehrabian & Russell 1974).

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A point of emotion; each coordinate in [−1, 1], 0 is neutral.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Vad {
    /// Unpleasant −1 … pleasant +1.
    pub valence: f64,
    /// Calm −1 … excited +1.
    pub arousal: f64,
    /// Powerless −1 … in control +1.
    pub dominance: f64,
}

impl Vad {
    /// A point; coordinates are limited to [−1, 1], NaN becomes 0.
    #[must_use]
    pub fn new(valence: f64, arousal: f64, dominance: f64) -> Self {
        let limit = |x: f64| if x.is_nan() { 0.0 } else { x.clamp(-1.0, 1.0) };
        Self {
            valence: limit(valence),
            arousal: limit(arousal),
            dominance: limit(dominance),
        }
    }

    /// The point a share `t` of the way to another.
    #[must_use]
    pub fn lerp(self, other: Self, t: f64) -> Self {
        Self::new(
            self.valence + (other.valence - self.valence) * t,
            self.arousal + (other.arousal - self.arousal) * t,
            self.dominance + (other.dominance - self.dominance) * t,
        )
    }
}
