//! Bringing a colour into the sRGB gamut without changing its hue or lightness.

use super::space::Oklch;

/// How far outside [0, 1] still counts as inside: rounding of the matrices.
const SLACK: f64 = 1e-6;

/// Whether linear Rec.709 shows the colour.
#[must_use]
pub fn in_gamut(rgb: [f64; 3]) -> bool {
    rgb.iter().all(|x| (-SLACK..=1.0 + SLACK).contains(x))
}

/// Linear Rec.709 in [0, 1] of a colour: chroma is reduced, at the same hue and lightness,
/// until it fits (CSS Color 4 does the same, without its clipping step).
///
/// Lightness is limited to [0, 1]; a NaN anywhere gives black.
#[must_use]
pub fn to_gamut(color: Oklch) -> [f64; 3] {
    if !(color.l.is_finite() && color.c.is_finite() && color.h.is_finite()) {
        return [0.0; 3];
    }
    let color = Oklch::new(color.l.clamp(0.0, 1.0), color.c, color.h);
    let at = |c: f64| Oklch { c, ..color }.to_linear();
    let full = at(color.c);
    if in_gamut(full) {
        return full.map(|x| x.clamp(0.0, 1.0));
    }
    let (mut inside, mut outside) = (0.0, color.c);
    // 24 halvings leave less than 1e-7 of chroma undecided
    for _ in 0..24 {
        let middle = (inside + outside) / 2.0;
        if in_gamut(at(middle)) {
            inside = middle;
        } else {
            outside = middle;
        }
    }
    at(inside).map(|x| x.clamp(0.0, 1.0))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::palette::space::hue_difference;

    #[test]
    fn hue_and_lightness_survive() {
        for l in [0.2, 0.45, 0.7, 0.9] {
            for h in 0..36 {
                let asked = Oklch::new(l, 0.37, f64::from(h) * 10.0);
                let got = Oklch::from_linear(to_gamut(asked));
                assert!((got.l - l).abs() < 1e-3, "{asked:?} {got:?}");
                assert!(hue_difference(got.h, asked.h).abs() < 0.5, "{asked:?} {got:?}");
                assert!(got.c <= asked.c);
            }
        }
    }

    #[test]
    fn colours_inside_stay_and_nonsense_is_black() {
        let rgb = [0.2, 0.5, 0.7];
        let back = to_gamut(Oklch::from_linear(rgb));
        assert!((0..3).all(|i| (back[i] - rgb[i]).abs() < 1e-9));
        assert_eq!(
            to_gamut(Oklch {
                l: f64::NAN,
                c: 0.1,
                h: 0.0
            }),
            [0.0; 3]
        );
        assert!(
            to_gamut(Oklch {
                l: 7.0,
                c: 9.0,
                h: 0.0
            })
            .iter()
            .all(|x| (0.0..=1.0).contains(x))
        );
    }
}
