//! From light to code values: exposure, shoulder, contrast, grade, sRGB.

use std::sync::LazyLock;

use crate::artefact::Grade;
use crate::math::{Vec3, scalar};
use crate::palette::space::srgb_from_linear;
use crate::palette::{linear_from_hex, luminance};

/// A function of light tabulated over the square root of its argument: even steps to the eye.
#[derive(Clone, Debug)]
pub(crate) struct Curve {
    values: Vec<f32>,
    per_root: f32,
}

impl Curve {
    const STEPS: usize = 4096;

    fn new(max: f64, f: impl Fn(f64) -> f64) -> Self {
        let value = |i: usize| {
            let root = i as f64 / (Self::STEPS - 1) as f64;
            f(root * root * max) as f32
        };
        Self {
            values: (0..Self::STEPS).map(value).collect(),
            per_root: (Self::STEPS - 1) as f32 / (max as f32).sqrt(),
        }
    }

    /// The value at `x`; below 0 and NaN as at 0, above the range as at its end.
    #[inline]
    pub(crate) fn at(&self, x: f32) -> f32 {
        let place = (x.max(0.0).sqrt() * self.per_root).min((Self::STEPS - 2) as f32);
        let index = place as usize;
        let (a, b) = (self.values[index], self.values[index + 1]);
        a + (b - a) * (place - index as f32).min(1.0)
    }
}

/// Weights of luminance (ITU-R BT.709).
pub(crate) const LUMINANCE: Vec3 = Vec3::new(0.2126, 0.7152, 0.0722);

/// Where the curve leaves the straight line. Lower would grey the paint of every cel; higher would clip
/// windows and fire to flat patches.
const KNEE: f64 = 0.70;
/// Light above this is as bright as it gets.
const MAX_LIGHT: f64 = 24.0;

/// Contrast about middle grey, then a shoulder that runs into 1 without reaching it.
fn film(x: f64, contrast: f64) -> f64 {
    let x = if x <= 0.0 {
        0.0
    } else {
        0.18 * scalar::pow(x / 0.18, contrast)
    };
    if x <= KNEE {
        x
    } else {
        KNEE + (1.0 - KNEE) * (1.0 - scalar::exp(-(x - KNEE) / (1.0 - KNEE)))
    }
}

/// A style's grade, tabulated.
#[derive(Clone, Debug)]
pub(crate) struct Toner {
    exposure: f32,
    saturation: f32,
    curve: Curve,
    shadow: Vec3,
    highlight: Vec3,
    strength: f32,
}

impl Toner {
    pub(crate) fn new(grade: &Grade) -> Self {
        let tint = |hex: &str| linear_from_hex(hex).unwrap_or([1.0; 3]);
        let shadow = tint(&grade.shadow_tint);
        let level = luminance(shadow).max(1e-4);
        let highlight = tint(&grade.highlight_tint);
        let peak = highlight.iter().copied().fold(1e-4, f64::max);
        Self {
            exposure: scalar::exp2(grade.exposure_stops) as f32,
            saturation: grade.saturation as f32,
            curve: Curve::new(MAX_LIGHT, |x| film(x, grade.contrast)),
            shadow: Vec3::from(shadow.map(|x| (x / level).clamp(0.4, 2.6) as f32)),
            highlight: Vec3::from(highlight.map(|x| (x / peak) as f32)),
            strength: grade.tint_strength as f32,
        }
    }

    /// Display light in [0, 1] of scene light.
    #[inline]
    pub(crate) fn develop(&self, light: Vec3) -> Vec3 {
        let exposed = light * self.exposure;
        let level = Vec3::splat(exposed.dot(LUMINANCE));
        let colored = level + (exposed - level) * self.saturation;
        let toned = Vec3::new(
            self.curve.at(colored.x),
            self.curve.at(colored.y),
            self.curve.at(colored.z),
        );
        let level = toned.dot(LUMINANCE);
        let (dark, bright) = (
            self.strength * (1.0 - level) * (1.0 - level),
            self.strength * level * level,
        );
        let low = Vec3::ONE + (self.shadow - Vec3::ONE) * dark;
        let high = Vec3::ONE + (self.highlight - Vec3::ONE) * bright;
        (toned * low * high).min(Vec3::ONE)
    }

    /// Code values of display light; `threshold` in (0, 1) is where a fraction rounds up: ½ rounds to
    /// the nearest, a fixed pattern of thresholds dithers.
    #[inline]
    pub(crate) fn code(&self, display: Vec3, threshold: f32) -> [u8; 3] {
        let byte = |x: f32| (CODE.at(x) + (1.0 - threshold)) as u8;
        [byte(display.x), byte(display.y), byte(display.z)]
    }
}

/// sRGB code value, before rounding, of linear light in [0, 1].
static CODE: LazyLock<Curve> = LazyLock::new(|| Curve::new(1.0, |x| srgb_from_linear(x) * 255.0));

/// sRGB code values with straight alpha of a premultiplied pixel, rounded to nearest, colours above 1 clipped.
#[inline]
pub(crate) fn straight_code(p: [f32; 4]) -> [u8; 4] {
    if p == [0.0; 4] {
        return [0; 4];
    }
    let code = &*CODE;
    let alpha = p[3].clamp(0.0, 1.0);
    let straight = |c: f32| if alpha > 0.0 { (c / alpha).min(1.0) } else { 0.0 };
    let byte = |c: f32| (code.at(straight(c)) + 0.5) as u8;
    [byte(p[0]), byte(p[1]), byte(p[2]), (alpha * 255.0 + 0.5) as u8]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::artefact::StyleProfile;

    #[test]
    fn black_stays_black_and_more_light_is_never_darker() {
        for style in StyleProfile::built_in() {
            let toner = Toner::new(&style.grade);
            assert_eq!(
                toner.code(toner.develop(Vec3::ZERO), 0.01),
                [0; 3],
                "{}",
                style.name
            );
            let mut last = 0.0_f32;
            for i in 0..4000 {
                let x = i as f32 * 0.004;
                let shown = toner.develop(Vec3::splat(x));
                let level = shown.dot(LUMINANCE);
                // a strong highlight tint may hold white back by a hair, never visibly
                assert!(level > last - 1e-3, "{} {x}: {level} < {last}", style.name);
                assert!(shown.to_array().iter().all(|c| (0.0..=1.0).contains(c)));
                last = level.max(last);
            }
            assert!(last > 0.8, "{} has a white: {last}", style.name);
        }
        let film_curve: Vec<f64> = (0..2000).map(|i| film(f64::from(i) * 0.01, 1.1)).collect();
        assert!(film_curve.is_sorted());
    }

    #[test]
    fn nonsense_light_is_black_or_white() {
        let toner = Toner::new(&StyleProfile::named("comic").expect("known").grade);
        assert_eq!(toner.curve.at(f32::NAN), 0.0);
        assert_eq!(toner.curve.at(-1.0), 0.0);
        assert!(toner.curve.at(f32::INFINITY) > 0.99);
    }

    #[test]
    fn straight_bytes_round_to_the_nearest_code() {
        for code in 0..=255_u8 {
            let linear = crate::palette::space::linear_from_srgb(f64::from(code) / 255.0) as f32;
            let pixel = straight_code([linear * 0.5, linear * 0.5, linear * 0.5, 0.5]);
            assert_eq!(pixel, [code, code, code, 128]);
        }
        assert_eq!(straight_code([0.0; 4]), [0; 4]);
        assert_eq!(straight_code([0.5, 2.0, -1.0, 1.0]), [188, 255, 0, 255]);
    }
}
