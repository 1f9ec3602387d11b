//! The six story arcs (Reagan et al. 2016) as functions of valence.

use super::Vad;
use crate::artefact::{EmotionKey, StoryArc};
use crate::math::scalar;

/// Turns of each arc in half waves, and the side it starts from.
///
/// Reagan, Mitchell, Kiley, Danforth & Dodds (*The emotional arcs of stories are dominated by
/// six basic shapes*, EPJ Data Science 5:31, 2016) find the shapes as the first three singular
/// vectors of 1,327 stories and their negatives: nearly one, two and three half cosine waves.
fn half_waves(arc: StoryArc) -> (u32, f64) {
    match arc {
        StoryArc::RagsToRiches => (1, -1.0),
        StoryArc::Tragedy => (1, 1.0),
        StoryArc::ManInAHole => (2, 1.0),
        StoryArc::Icarus => (2, -1.0),
        StoryArc::Cinderella => (3, -1.0),
        StoryArc::Oedipus => (3, 1.0),
    }
}

/// Valence of an arc at a share of the story, in [−1, 1]; outside [0, 1] the ends stay.
#[must_use]
pub fn arc_valence(arc: StoryArc, share: f64) -> f64 {
    let (waves, start) = half_waves(arc);
    start * scalar::cos(scalar::PI * f64::from(waves) * scalar::saturate(share))
}

/// An arc laid over a base point: valence swings about the base by `strength` (in [0, 1]), arousal
/// and dominance stay.
///
/// The swing keeps its shape: near the edge of the range it is moved inwards as a whole,
/// rather than cut off.
#[must_use]
pub fn arc_keys(arc: StoryArc, base: Vad, strength: f64) -> Vec<EmotionKey> {
    let swing = if strength.is_nan() {
        0.0
    } else {
        scalar::saturate(strength)
    };
    let room = 1.0 - swing;
    let middle = base.valence.clamp(-room, room);
    // eight keys a half wave: a monotone cubic through them stays within 0.02 of the cosine
    let steps = half_waves(arc).0 * 8;
    let key = |i: u32| {
        let at = f64::from(i) / f64::from(steps);
        let vad = Vad::new(
            middle + swing * arc_valence(arc, at),
            base.arousal,
            base.dominance,
        );
        EmotionKey {
            at,
            valence: vad.valence,
            arousal: vad.arousal,
            dominance: vad.dominance,
        }
    };
    (0..=steps).map(key).collect()
}

#[cfg(test)]
mod tests {
    use super::super::EmotionPath;
    use super::*;

    const ARCS: [(StoryArc, &[f64]); 6] = [
        (StoryArc::RagsToRiches, &[1.0]),
        (StoryArc::Tragedy, &[-1.0]),
        (StoryArc::ManInAHole, &[-1.0, 1.0]),
        (StoryArc::Icarus, &[1.0, -1.0]),
        (StoryArc::Cinderella, &[1.0, -1.0, 1.0]),
        (StoryArc::Oedipus, &[-1.0, 1.0, -1.0]),
    ];

    #[test]
    fn each_arc_rises_and_falls_as_its_name_says() {
        for (arc, moves) in ARCS {
            let parts = moves.len() as f64;
            for (i, direction) in moves.iter().enumerate() {
                let change =
                    arc_valence(arc, (i as f64 + 0.9) / parts) - arc_valence(arc, (i as f64 + 0.1) / parts);
                assert!(change * direction > 0.5, "{arc:?} part {i}");
            }
        }
    }

    #[test]
    fn keys_follow_the_arc_about_the_base() {
        let base = Vad::new(0.1, 0.4, -0.2);
        for (arc, _) in ARCS {
            let path = EmotionPath::new(&arc_keys(arc, base, 0.5)).expect("in order");
            for i in 0..=100 {
                let t = f64::from(i) / 100.0;
                let vad = path.at(t);
                assert!(
                    (vad.valence - 0.1 - 0.5 * arc_valence(arc, t)).abs() < 0.02 * 0.5,
                    "{arc:?} {t}"
                );
                assert_eq!((vad.arousal, vad.dominance), (0.4, -0.2));
            }
        }
    }

    #[test]
    fn a_swing_at_the_edge_keeps_its_shape() {
        for strength in [0.0, 0.7, 1.0, 9.0, f64::NAN] {
            let keys = arc_keys(StoryArc::Tragedy, Vad::new(1.0, 0.0, 0.0), strength);
            let span = keys[0].valence - keys[keys.len() - 1].valence;
            let swing = if strength.is_nan() { 0.0 } else { strength.min(1.0) };
            assert!((span - 2.0 * swing).abs() < 1e-12);
            assert!(EmotionPath::new(&keys).is_ok());
        }
    }
}
