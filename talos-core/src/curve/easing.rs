//! Easings: how a passage from 0 to 1 is paced.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Differentiable, Jet};

/// Pace of a passage from 0 at u = 0 to 1 at u = 1; held outside.
///
/// All are polynomials, so their derivatives are exact. Only [`Easing::Smoother`] leaves and
/// arrives without a jump of the second derivative: chained, it stays C².
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Easing {
    /// Even pace: u.
    Linear,
    /// Slow in: u³.
    In,
    /// Slow out: 1 − (1 − u)³.
    Out,
    /// Slow in and out, C¹ at the ends: 3u² − 2u³.
    Smooth,
    /// Slow in and out, C² at the ends: 6u⁵ − 15u⁴ + 10u³ (Perlin 2002).
    #[default]
    Smoother,
    /// Draws back by a tenth before it goes (anticipation): (s + 1)u³ − su², s = 1.70158.
    Anticipate,
    /// Goes a tenth too far and settles (follow-through): Anticipate, reversed.
    Overshoot,
}

/// Strength of the draw back of Penner's "back" easing (2002): the root that makes it 10 %.
const BACK: f64 = 1.70158;

impl Easing {
    /// Every easing.
    pub const ALL: [Self; 7] = [
        Self::Linear,
        Self::In,
        Self::Out,
        Self::Smooth,
        Self::Smoother,
        Self::Anticipate,
        Self::Overshoot,
    ];

    /// Coefficients of u⁰, u¹, … u⁵.
    #[must_use]
    pub fn coefficients(self) -> [f64; 6] {
        match self {
            Self::Linear => [0.0, 1.0, 0.0, 0.0, 0.0, 0.0],
            Self::In => [0.0, 0.0, 0.0, 1.0, 0.0, 0.0],
            Self::Out => [0.0, 3.0, -3.0, 1.0, 0.0, 0.0],
            Self::Smooth => [0.0, 0.0, 3.0, -2.0, 0.0, 0.0],
            Self::Smoother => [0.0, 0.0, 0.0, 10.0, -15.0, 6.0],
            Self::Anticipate => [0.0, 0.0, -BACK, BACK + 1.0, 0.0, 0.0],
            Self::Overshoot => [0.0, 3.0 + BACK, -3.0 - 2.0 * BACK, BACK + 1.0, 0.0, 0.0],
        }
    }
}

impl Differentiable for Easing {
    fn jet(&self, t: f64) -> Jet {
        if t < 0.0 {
            Jet::constant(0.0)
        } else if t >= 1.0 {
            Jet::constant(1.0)
        } else {
            Jet::of_polynomial(&self.coefficients(), t)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::jet::assert_derivatives;
    use super::*;

    #[test]
    fn every_easing_goes_from_nought_to_one() {
        for easing in Easing::ALL {
            assert_eq!(easing.value(0.0), 0.0, "{easing:?}");
            let end = Jet::of_polynomial(&easing.coefficients(), 1.0).value;
            assert!((end - 1.0).abs() < 1e-12, "{easing:?} ends at {end}");
            assert_derivatives(&easing, 0.01, 0.99, &[]);
        }
    }

    #[test]
    fn smoother_has_no_bend_at_its_ends() {
        for u in [0.0, 1.0] {
            let jet = Jet::of_polynomial(&Easing::Smoother.coefficients(), u);
            assert!(jet.first.abs() < 1e-12 && jet.second.abs() < 1e-12);
        }
    }

    #[test]
    fn back_easings_leave_the_passage_by_a_tenth() {
        let lowest = (0..1000).map(|i| Easing::Anticipate.value(f64::from(i) / 1000.0));
        let lowest = lowest.fold(0.0, f64::min);
        assert!((lowest + 0.1).abs() < 1e-3, "{lowest}");
        let there = Easing::Overshoot.value(0.3);
        assert!((there - (1.0 - Easing::Anticipate.value(0.7))).abs() < 1e-12);
    }
}
