//! What a style, a control and an emotion do to a colour.

use super::space::{Oklab, Oklch, hue_difference};
use crate::artefact::Treatment;

/// Changes of every colour that a person or the story makes, before the style.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Shift {
    /// Turn of the hue, in turns.
    pub hue_turns: f64,
    /// Factor of chroma, ≥ 0.
    pub chroma: f64,
    /// Added lightness.
    pub lightness: f64,
}

impl Default for Shift {
    fn default() -> Self {
        Self {
            hue_turns: 0.0,
            chroma: 1.0,
            lightness: 0.0,
        }
    }
}

impl Shift {
    /// The colour after the shift.
    #[must_use]
    pub fn apply(self, color: Oklch) -> Oklch {
        // lightness moves least at black and white, so neither is lost
        let room = 4.0 * color.l * (1.0 - color.l);
        let l = color.l + self.lightness * room.clamp(0.0, 1.0);
        Oklch::new(
            l,
            color.c * self.chroma.max(0.0),
            color.h + self.hue_turns * 360.0,
        )
    }

    /// Both shifts, one after the other.
    #[must_use]
    pub fn then(self, other: Self) -> Self {
        Self {
            hue_turns: self.hue_turns + other.hue_turns,
            chroma: self.chroma * other.chroma,
            lightness: self.lightness + other.lightness,
        }
    }
}

/// Share of the chroma which a style takes from every colour that it leaves to a named one. A red dragon in
/// an ink painting is a wash of red ink, in noir the one colour of the film: fainter than elsewhere, and red.
const NAMED_RETURN: f64 = 0.6;

/// Degrees that a style may turn the hue of a named colour: half of the least gap between neighbours among the
/// colours that everyone names (red 27°, orange 54°), so that no style turns one into another.
const NAMED_TURN_DEG: f64 = 13.0;

/// The colour as a style paints it. `named` colours are those the prompt asks for: whatever a style does to
/// colour, they stay that colour to the eye.
#[must_use]
pub fn treat(color: Oklch, style: &Treatment, named: bool) -> Oklch {
    let painted = restyle(color, style, named);
    if !named {
        return painted;
    }
    let turn = hue_difference(color.h, painted.h).clamp(-NAMED_TURN_DEG, NAMED_TURN_DEG);
    let kept = style.saturation.min(1.0) + (1.0 - style.saturation).max(0.0) * NAMED_RETURN;
    Oklch::new(painted.l, painted.c.max(color.c * kept), color.h + turn)
}

fn restyle(color: Oklch, style: &Treatment, named: bool) -> Oklch {
    let mut h = color.h;
    if let Some(harmony) = &style.harmony {
        let target = harmony.template.harmonise(h, harmony.rotation_deg);
        let strength = harmony.strength * if named { 0.5 } else { 1.0 };
        h += hue_difference(h, target) * strength;
    }
    let painted = Oklch::new(color.l, color.c * style.saturation, h).to_oklab();
    let bias = Oklch::new(0.0, style.hue_bias.chroma, style.hue_bias.hue_deg).to_oklab();
    let [low, high] = style.lightness;
    Oklch::from_oklab(Oklab {
        l: low + (high - low) * color.l.clamp(0.0, 1.0),
        a: painted.a + bias.a,
        b: painted.b + bias.b,
    })
}

/// A light's colour (any scale) as a style tints it: hue and chroma are treated, luminance is kept.
#[must_use]
pub fn treat_light(rgb: [f64; 3], style: &Treatment) -> [f64; 3] {
    let peak = rgb.iter().copied().fold(0.0, f64::max);
    if peak <= 0.0 {
        return [0.0; 3];
    }
    let color = Oklch::from_linear(rgb.map(|x| x / peak));
    let treated = Oklch {
        l: color.l,
        ..treat(color, style, false)
    };
    super::gamut::to_gamut(treated).map(|x| x * peak)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn black_and_white_stay() {
        let shift = Shift {
            lightness: 0.2,
            ..Shift::default()
        };
        for l in [0.0, 1.0] {
            assert_eq!(shift.apply(Oklch::new(l, 0.0, 0.0)).l, l);
        }
    }

    #[test]
    fn lights_without_light_stay_dark() {
        let style = crate::artefact::StyleProfile::named("noir").expect("known");
        assert_eq!(treat_light([0.0; 3], &style.palette), [0.0; 3]);
        let lamp = treat_light([4.0, 2.0, 1.0], &style.palette);
        assert!(lamp.iter().all(|x| x.is_finite() && *x > 0.0));
    }
}
