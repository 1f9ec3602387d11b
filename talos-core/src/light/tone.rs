//! Tones: light on a surface in two or three bands with a narrow soft terminator.

use crate::artefact::Tones;
use crate::math::Vec3;
use crate::math::scalar::single::smoothstep;
use crate::palette::Ramp;

/// A style's bands, ready for shading.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Bands {
    terminator: f32,
    light: Option<f32>,
    softness: f32,
}

/// Shares of the tones at a point: how far out of the shadow tone, and how far into the light tone.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Tone {
    pub(crate) base: f32,
    pub(crate) light: f32,
}

impl Bands {
    pub(crate) fn new(tones: &Tones) -> Self {
        let at = |i: usize| tones.thresholds.get(i).map(|&t| t as f32);
        Self {
            terminator: at(0).unwrap_or(0.0),
            light: at(1).filter(|_| tones.bands > 2),
            softness: (tones.softness as f32).max(1e-3),
        }
    }

    /// The tone for n·l in [−1, 1], the share of key light that shadows leave, and how far n·l moves
    /// over a pixel: the terminator is never sharper than that.
    #[inline]
    pub(crate) fn tone(&self, n_dot_l: f32, lit: f32, change: f32) -> Tone {
        let soft = self.softness.max(change);
        let step = |threshold: f32| smoothstep(threshold - soft, threshold + soft, n_dot_l) * lit;
        Tone {
            base: step(self.terminator),
            light: self.light.map_or(0.0, step),
        }
    }

    /// Whether the tone is the shadow tone whatever shadows say.
    #[inline]
    pub(crate) fn turned_away(&self, n_dot_l: f32, change: f32) -> bool {
        n_dot_l < self.terminator - self.softness.max(change)
    }
}

impl Tone {
    /// The tone with a share of its shadow and its light taken away.
    #[inline]
    pub(crate) fn lightened(self, share: f32) -> Self {
        Self {
            base: self.base + (1.0 - self.base) * share,
            light: self.light * (1.0 - share),
        }
    }

    /// The paint of this tone.
    #[inline]
    pub(crate) fn paint(self, ramp: &Ramp) -> Vec3 {
        let [shadow, base, light] = [ramp.shadow, ramp.base, ramp.light].map(Vec3::from);
        shadow.lerp(base, self.base).lerp(light, self.light)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::artefact::StyleProfile;
    use crate::palette::{Oklch, luminance};

    #[test]
    fn light_grows_with_the_angle_and_shadow_takes_it() {
        for style in StyleProfile::built_in() {
            let bands = Bands::new(&style.tones);
            let ramp = Ramp::new(Oklch::new(0.6, 0.1, 250.0), &style.tones);
            let level = |i: i32, lit| {
                let paint = bands.tone(i as f32 / 100.0, lit, 0.0).paint(&ramp);
                luminance(paint.to_array().map(f64::from))
            };
            let levels: Vec<f64> = (-100..=100).map(|i| level(i, 1.0)).collect();
            assert!(levels.windows(2).all(|w| w[0] <= w[1] + 1e-6), "{}", style.name);
            assert_eq!(level(100, 0.0), level(-100, 1.0), "{}", style.name);
        }
    }

    #[test]
    fn a_cel_has_as_many_flat_tones_as_it_says() {
        for style in StyleProfile::built_in()
            .iter()
            .filter(|s| s.tones.softness < 0.08)
        {
            let bands = Bands::new(&style.tones);
            let tones: Vec<Tone> = (-500..=500)
                .map(|i| bands.tone(i as f32 / 500.0, 1.0, 0.0))
                .collect();
            let flats = tones.chunk_by(|a, b| a == b).filter(|run| run.len() > 40).count();
            assert_eq!(flats, style.tones.bands as usize, "{}", style.name);
        }
    }
}
