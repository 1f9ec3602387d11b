//! Emotion → brightness and saturation of colour (Valdez & Mehrabian 1994).

use super::Vad;

/// Valdez & Mehrabian, *Effects of color on emotions*, J. Exp. Psychol. General 123 (1994):
/// standardised pleasure, arousal and dominance as sums of standardised Munsell brightness and
/// saturation, one row each: [brightness, saturation].
const WEIGHTS: [[f64; 2]; 3] = [[0.69, 0.22], [-0.31, 0.60], [-0.76, 0.32]];

/// Standard deviations that one unit of [`Vad`] stands for. The scale's end is then a rating
/// that 2.5 % of people exceed: "extreme". A smaller number would leave palettes alike, a larger
/// one would ask for colours that do not exist.
const DEVIATIONS_PER_UNIT: f64 = 2.0;

/// Brightness and saturation, in standard deviations, whose effect is nearest to an emotion.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Tone {
    /// Brightness (Munsell value), standardised.
    pub brightness: f64,
    /// Saturation (Munsell chroma), standardised.
    pub saturation: f64,
}

/// The tone for an emotion: the least-squares solution of the three equations for two unknowns.
/// What no colour can say (the part of the emotion outside the plane that they span) is lost.
#[must_use]
pub fn tone(vad: Vad) -> Tone {
    let target = [vad.valence, vad.arousal, vad.dominance].map(|x| x * DEVIATIONS_PER_UNIT);
    let product = |a: usize, b: usize| WEIGHTS.iter().map(|w| w[a] * w[b]).sum::<f64>();
    let right = |a: usize| WEIGHTS.iter().zip(target).map(|(w, y)| w[a] * y).sum::<f64>();
    let (bb, bs, ss) = (product(0, 0), product(0, 1), product(1, 1));
    let determinant = bb * ss - bs * bs;
    Tone {
        brightness: (ss * right(0) - bs * right(1)) / determinant,
        saturation: (bb * right(1) - bs * right(0)) / determinant,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_emotion_that_a_colour_causes_gives_that_colour_back() {
        for (b, s) in [(0.5, 0.3), (-0.7, 0.2), (0.0, -0.9), (0.0, 0.0)] {
            let felt = WEIGHTS.map(|w| (w[0] * b + w[1] * s) / DEVIATIONS_PER_UNIT);
            let back = tone(Vad::new(felt[0], felt[1], felt[2]));
            assert!((back.brightness - b).abs() < 1e-12 && (back.saturation - s).abs() < 1e-12);
        }
    }

    #[test]
    fn the_solution_is_the_least_in_squares() {
        let vad = Vad::new(0.3, -0.8, 0.5);
        let rest = |t: Tone| {
            let y = [vad.valence, vad.arousal, vad.dominance].map(|x| x * DEVIATIONS_PER_UNIT);
            let part = |w: [f64; 2], y: f64| w[0] * t.brightness + w[1] * t.saturation - y;
            WEIGHTS
                .iter()
                .zip(y)
                .map(|(w, y)| part(*w, y) * part(*w, y))
                .sum::<f64>()
        };
        let best = tone(vad);
        for (db, ds) in [(0.01, 0.0), (-0.01, 0.0), (0.0, 0.01), (0.0, -0.01)] {
            let other = Tone {
                brightness: best.brightness + db,
                saturation: best.saturation + ds,
            };
            assert!(rest(other) > rest(best));
        }
    }
}
