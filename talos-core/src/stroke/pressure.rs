//! Pen pressure from class, depth, curvature and emotion.

use super::{StyleClass, trace::Sample};
use crate::emotion::Vad;
use crate::math::{DVec2, scalar};

/// How hard the pen presses; every share is of full pressure.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PressureModel {
    /// Pressure of a contour at the reference depth, (0, 1].
    pub base: f64,
    /// Depth at which lines have their base pressure, metres; usually the focus distance.
    pub reference_depth_m: f64,
    /// Exponent of (reference / depth): 0 none; 0.5 halves the pressure at four times the depth.
    pub depth_exponent: f64,
    /// Added where a line bends with a radius of 12 px (at 1080 lines), less where it is straighter.
    pub curvature_gain: f64,
    /// Factor from emotion, about 0.7 … 1.3; see [`Self::with_emotion`].
    pub emotion_factor: f64,
}

impl Default for PressureModel {
    fn default() -> Self {
        Self {
            base: 0.72,
            reference_depth_m: 10.0,
            depth_exponent: 0.4,
            curvature_gain: 0.12,
            emotion_factor: 1.0,
        }
    }
}

impl PressureModel {
    /// The model for an emotion: arousal and dominance press harder, as handwriting under tension
    /// does; ± 0.18 and ± 0.12 of full pressure at their extremes.
    #[must_use]
    pub fn with_emotion(self, emotion: Vad) -> Self {
        let emotion_factor = 1.0 + 0.18 * emotion.arousal + 0.12 * emotion.dominance;
        Self {
            emotion_factor,
            ..self
        }
    }

    /// Pressure at each sample of a line, in [0, 1]. `outline` is the share in which it is an outline
    /// there, `weight` a factor for the whole line.
    pub(super) fn along(
        &self,
        samples: &[Sample],
        outline: &[f64],
        class: StyleClass,
        weight: f64,
        scale: f64,
    ) -> Vec<f64> {
        let factor = self.base * self.emotion_factor * class_factor(class) * weight;
        let bends = smoothed_bend(samples, scale);
        samples
            .iter()
            .zip(outline.iter().zip(bends))
            .map(|(sample, (outline, bend))| {
                let ratio = (self.reference_depth_m * sample.inverse_depth).clamp(1e-3, 1e3);
                let depth = scalar::pow(ratio, self.depth_exponent).clamp(0.22, 1.15);
                let inner = match class {
                    StyleClass::Contour => scalar::lerp(INNER_FACTOR, 1.0, *outline),
                    _ => 1.0,
                };
                scalar::saturate(
                    factor * depth * inner * sample.pressure * (1.0 + self.curvature_gain * bend),
                )
            })
            .collect()
    }
}

/// Pressure of a contour inside its object's outline against the outline's.
const INNER_FACTOR: f64 = 0.72;

/// Weight of a class against a contour: outlines carry the form, inner lines explain it.
fn class_factor(class: StyleClass) -> f64 {
    match class {
        StyleClass::Contour | StyleClass::Mark => 1.0,
        StyleClass::Border => 0.9,
        StyleClass::Crease => 0.8,
        StyleClass::Detail => 0.6,
    }
}

/// Curvature at each sample as a share of that of a 12 px circle, in [0, 1], averaged over about 20 px.
fn smoothed_bend(samples: &[Sample], scale: f64) -> Vec<f64> {
    let reach = 4;
    let count = samples.len();
    let raw: Vec<f64> = (0..count)
        .map(|i| {
            let (a, b) = (i.saturating_sub(reach), (i + reach).min(count - 1));
            let (p, q, r) = (samples[a].pixel, samples[i].pixel, samples[b].pixel);
            scalar::saturate(curvature(p, q, r) * 12.0 * scale)
        })
        .collect();
    let mut sums = vec![0.0];
    for value in &raw {
        sums.push(sums[sums.len() - 1] + value);
    }
    (0..count)
        .map(|i| {
            let (a, b) = (i.saturating_sub(7), (i + 8).min(count));
            (sums[b] - sums[a]) / (b - a) as f64
        })
        .collect()
}

/// Curvature of the circle through three points (Menger), 1/px; 0 where two coincide.
fn curvature(p: DVec2, q: DVec2, r: DVec2) -> f64 {
    let product = (q - p).length() * (r - q).length() * (r - p).length();
    if product > 1e-9 {
        2.0 * (q - p).perp_dot(r - q).abs() / product
    } else {
        0.0
    }
}
