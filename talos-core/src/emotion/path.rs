//! Emotion over a film: a path in (valence, arousal, dominance).

use thiserror::Error;

use super::Vad;
use crate::artefact::EmotionKey;
use crate::curve::{CurveError, Differentiable, Monotone};

/// What is wrong with the keys of an emotion path.
#[derive(Clone, Debug, PartialEq, Error)]
#[non_exhaustive]
pub enum EmotionError {
    /// Places or values that no curve goes through.
    #[error("emotion keys: {0}")]
    Keys(#[from] CurveError),
    /// A coordinate outside its range.
    #[error("emotion key at {at}: {coordinate} is {value}; write a number in [−1, 1]")]
    Range {
        /// Share of the film.
        at: f64,
        /// `"valence"`, `"arousal"` or `"dominance"`.
        coordinate: &'static str,
        /// What was written.
        value: f64,
    },
}

/// Emotion as a C¹ function of the share of the film, t in [0, 1].
///
/// Each coordinate is a monotone cubic (Fritsch & Carlson 1980) through the keys: between two
/// keys emotion never passes either of them, so a film that goes from sad to hopeful is never
/// sadder than sad. Before the first key and after the last it stays.
#[derive(Clone, Debug, PartialEq)]
pub struct EmotionPath {
    valence: Monotone,
    arousal: Monotone,
    dominance: Monotone,
}

impl EmotionPath {
    /// The path through keys in rising order.
    ///
    /// # Errors
    /// There are no keys, their places do not rise, or a coordinate is outside [−1, 1].
    pub fn new(keys: &[EmotionKey]) -> Result<Self, EmotionError> {
        for key in keys {
            check_range(key)?;
        }
        let curve = |pick: fn(&EmotionKey) -> f64| {
            let points = keys.iter().map(|key| (key.at, pick(key)));
            Monotone::new(points.collect())
        };
        Ok(Self {
            valence: curve(|key| key.valence)?,
            arousal: curve(|key| key.arousal)?,
            dominance: curve(|key| key.dominance)?,
        })
    }

    /// The same emotion throughout.
    #[must_use]
    pub fn constant(vad: Vad) -> Self {
        Self {
            valence: Monotone::constant(vad.valence),
            arousal: Monotone::constant(vad.arousal),
            dominance: Monotone::constant(vad.dominance),
        }
    }

    /// Emotion at a share of the film.
    #[must_use]
    pub fn at(&self, share: f64) -> Vad {
        Vad::new(
            self.valence.value(share),
            self.arousal.value(share),
            self.dominance.value(share),
        )
    }

    /// How fast (valence, arousal, dominance) change, per whole film: the tension's gradient.
    #[must_use]
    pub fn rate(&self, share: f64) -> [f64; 3] {
        [&self.valence, &self.arousal, &self.dominance].map(|curve| curve.derivative(share))
    }
}

fn check_range(key: &EmotionKey) -> Result<(), EmotionError> {
    let named = [
        ("valence", key.valence),
        ("arousal", key.arousal),
        ("dominance", key.dominance),
    ];
    match named.into_iter().find(|(_, value)| !(-1.0..=1.0).contains(value)) {
        None => Ok(()),
        Some((coordinate, value)) => Err(EmotionError::Range {
            at: key.at,
            coordinate,
            value,
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(at: f64, valence: f64, arousal: f64) -> EmotionKey {
        EmotionKey {
            at,
            valence,
            arousal,
            dominance: 0.0,
        }
    }

    #[test]
    fn it_meets_its_keys_and_never_passes_them() {
        let path =
            EmotionPath::new(&[key(0.0, -0.6, 0.9), key(0.4, -0.6, 0.1), key(1.0, 0.7, 0.0)]).expect("valid");
        assert!((path.at(0.4).arousal - 0.1).abs() < 1e-12);
        for i in 0..=200 {
            let vad = path.at(f64::from(i) / 200.0);
            assert!(vad.valence >= -0.6 - 1e-12 && vad.valence <= 0.7 + 1e-12);
        }
        let h = 1e-6;
        let slope = (path.at(0.7 + h).valence - path.at(0.7 - h).valence) / (2.0 * h);
        assert!((slope - path.rate(0.7)[0]).abs() < 1e-6);
        assert!(
            (path.rate(0.4 - 1e-9)[1] - path.rate(0.4)[1]).abs() < 1e-6,
            "C1 at keys"
        );
    }

    #[test]
    fn a_constant_stays_and_bad_keys_are_refused() {
        let vad = Vad::new(0.2, -0.3, 0.4);
        let path = EmotionPath::constant(vad);
        assert_eq!([path.at(-1.0), path.at(0.3), path.at(2.0)], [vad; 3]);
        assert!(EmotionPath::new(&[]).is_err());
        assert!(EmotionPath::new(&[key(0.5, 0.0, 0.0), key(0.5, 0.1, 0.0)]).is_err());
        assert!(EmotionPath::new(&[key(0.0, f64::NAN, 0.0)]).is_err());
        let message = EmotionPath::new(&[key(0.25, 0.0, 1.5)])
            .expect_err("range")
            .to_string();
        assert!(message.contains("0.25") && message.contains("arousal"));
    }
}
