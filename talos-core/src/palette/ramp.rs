//! Tone ramps: what one painted colour becomes in shadow and in light.

use super::gamut::to_gamut;
use super::space::Oklch;
use crate::artefact::Tones;

/// Hue that shadows lean to: the blue of open sky.
const COOL_HUE: f64 = 264.0;

/// The tones of one colour, linear Rec.709 in [0, 1].
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Ramp {
    /// Away from the key light.
    pub shadow: [f32; 3],
    /// The colour itself.
    pub base: [f32; 3],
    /// Facing the key light; equals `base` with two bands.
    pub light: [f32; 3],
}

impl Ramp {
    /// The ramp of a colour in a style's tones.
    #[must_use]
    pub fn new(color: Oklch, tones: &Tones) -> Self {
        let shadow = Oklch::new(
            color.l * shade_of(color.l, tones.shadow_lightness),
            color.c * tones.shadow_chroma,
            cooler(color.h, tones.shadow_hue_shift_deg),
        );
        // a light tone never passes white, and near-white keeps a step below it
        let lifted = color.l * tones.light_lightness;
        let light = Oklch::new(
            lifted.min(0.5 + 0.5 * color.l),
            color.c * tones.light_chroma,
            color.h,
        );
        let single = |c: Oklch| to_gamut(c).map(|x| x as f32);
        let base = single(color);
        Self {
            shadow: single(shadow),
            base,
            light: if tones.bands > 2 { single(light) } else { base },
        }
    }

    /// A ramp of one tone.
    #[must_use]
    pub fn flat(color: [f32; 3]) -> Self {
        Self {
            shadow: color,
            base: color,
            light: color,
        }
    }

    /// The ramp a share `t` of the way to another.
    #[must_use]
    pub fn lerp(&self, other: &Self, t: f32) -> Self {
        let mix = |a: [f32; 3], b: [f32; 3]| [0, 1, 2].map(|i| a[i] + (b[i] - a[i]) * t);
        Self {
            shadow: mix(self.shadow, other.shadow),
            base: mix(self.base, other.base),
            light: mix(self.light, other.light),
        }
    }

    /// The ramp with its shadow brought a share `t` nearer to the base: skin, whose shade must not look like dirt.
    #[must_use]
    pub fn softened(&self, t: f32) -> Self {
        let shadow = self.lerp(&Self::flat(self.base), t).shadow;
        Self { shadow, ..*self }
    }

    /// Every tone times a factor.
    #[must_use]
    pub fn scaled(&self, factor: f32) -> Self {
        let scale = |c: [f32; 3]| c.map(|x| x * factor);
        Self {
            shadow: scale(self.shadow),
            base: scale(self.base),
            light: scale(self.light),
        }
    }
}

/// Lightness of the shade of a colour as a share of its own: as the style says for light and middling colours,
/// half as deep for black, or a black cat's shaded face would be one hole.
fn shade_of(lightness: f64, share: f64) -> f64 {
    let dark = 1.0 - crate::math::scalar::smoothstep(0.20, 0.50, lightness);
    share + (1.0 - share) * 0.5 * dark
}

/// The hue turned towards blue by at most `degrees`: greens through cyan, warm hues through red and
/// violet, as painters do; a yellow would turn sickly the short way, through green. Around the parting of
/// the ways, 104°, hues turn less, so that neighbours on a meadow never fall apart in shade.
fn cooler(hue: f64, degrees: f64) -> f64 {
    const PARTING: f64 = 104.0;
    let degrees = degrees * ((hue - PARTING).abs() / 14.0).min(1.0);
    if (PARTING..COOL_HUE).contains(&hue) {
        hue + degrees.min(COOL_HUE - hue)
    } else {
        let way = super::space::wrap_degrees(hue - COOL_HUE);
        hue - degrees.min(way)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::artefact::StyleProfile;
    use crate::palette::space::luminance;

    #[test]
    fn shadow_is_darker_and_light_is_lighter_in_every_style() {
        for style in StyleProfile::built_in() {
            for h in 0..12 {
                for l in [0.2, 0.5, 0.8, 0.97] {
                    let ramp = Ramp::new(Oklch::new(l, 0.1, f64::from(h) * 30.0), &style.tones);
                    let [s, b, t] = [ramp.shadow, ramp.base, ramp.light].map(|c| luminance(c.map(f64::from)));
                    assert!(s < b && b <= t + 1e-9, "{} {l} {h}: {s} {b} {t}", style.name);
                }
            }
        }
    }

    #[test]
    fn skin_shades_to_red_and_leaves_to_teal() {
        assert_eq!(cooler(60.0, 20.0), 40.0);
        assert_eq!(cooler(146.0, 20.0), 166.0);
        assert_eq!(cooler(255.0, 20.0), COOL_HUE);
        assert_eq!(cooler(270.0, 20.0), COOL_HUE);
        assert_eq!(cooler(10.0, 20.0), -10.0);
        // neighbours stay neighbours, all around
        for tenth in 0..3600 {
            let (a, b) = (f64::from(tenth) * 0.1, f64::from(tenth + 1) * 0.1);
            let gap = crate::palette::space::hue_difference(cooler(a, 20.0), cooler(b % 360.0, 20.0));
            assert!(gap.abs() < 0.35, "{a}: {gap}");
        }
    }
}
