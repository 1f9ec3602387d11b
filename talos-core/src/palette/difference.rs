//! CIEDE2000: how different two colours look.
//!
//! After Sharma, Wu & Dalal, "The CIEDE2000 color-difference formula", Color
//! Research & Application 30(1), 2005, whose equation numbers are given.

use super::space::{Lab, hue_difference, wrap_degrees};
use crate::math::scalar::{atan2, cos, exp, hypot, sin};

/// ΔE₀₀ of two colours, k_L = k_C = k_H = 1: about 1 is just noticeable, 10 is plainly different.
#[must_use]
pub fn ciede2000(one: Lab, two: Lab) -> f64 {
    // (2)–(7): chroma-dependent stretch of a*
    let mean_chroma = (hypot(one.a, one.b) + hypot(two.a, two.b)) / 2.0;
    let stretch = 1.0 + 0.5 * (1.0 - saturation_weight(mean_chroma));
    let [(c1, h1), (c2, h2)] = [one, two].map(|p| polar(p.a * stretch, p.b));

    // (8)–(11): differences
    let dl = two.l - one.l;
    let dc = c2 - c1;
    let hue_turn = if c1 * c2 == 0.0 { 0.0 } else { signed_hue(h1, h2) };
    let dh = 2.0 * (c1 * c2).sqrt() * sin((hue_turn / 2.0).to_radians());

    // (12)–(14): means
    let l = (one.l + two.l) / 2.0;
    let c = (c1 + c2) / 2.0;
    let h = mean_hue((c1, h1), (c2, h2));

    // (15)–(21): weights
    let degrees = |x: f64| cos(x.to_radians());
    let t = 1.0 - 0.17 * degrees(h - 30.0) + 0.24 * degrees(2.0 * h) + 0.32 * degrees(3.0 * h + 6.0)
        - 0.20 * degrees(4.0 * h - 63.0);
    let blue = (h - 275.0) / 25.0;
    let turn = 30.0 * exp(-blue * blue);
    let (off_mid, rc) = ((l - 50.0) * (l - 50.0), 2.0 * saturation_weight(c));
    let sl = 1.0 + 0.015 * off_mid / (20.0 + off_mid).sqrt();
    let sc = 1.0 + 0.045 * c;
    let sh = 1.0 + 0.015 * c * t;
    let rt = -sin((2.0 * turn).to_radians()) * rc;

    // (22)
    let (l, c, h) = (dl / sl, dc / sc, dh / sh);
    (l * l + c * c + h * h + rt * c * h).max(0.0).sqrt()
}

/// √(C⁷ / (C⁷ + 25⁷)), in (4) and (17).
fn saturation_weight(c: f64) -> f64 {
    let c7 = c * c * c * c * c * c * c;
    (c7 / (c7 + 6_103_515_625.0)).sqrt()
}

/// Chroma and hue in degrees; a grey has hue 0.
fn polar(a: f64, b: f64) -> (f64, f64) {
    let hue = if a == 0.0 && b == 0.0 {
        0.0
    } else {
        wrap_degrees(atan2(b, a).to_degrees())
    };
    (hypot(a, b), hue)
}

/// Hue difference by (10): an exact half turn keeps the sign of the plain difference.
fn signed_hue(h1: f64, h2: f64) -> f64 {
    let plain = h2 - h1;
    if plain.abs() <= 180.0 {
        plain
    } else {
        hue_difference(h1, h2)
    }
}

/// Mean hue by (14).
fn mean_hue((c1, h1): (f64, f64), (c2, h2): (f64, f64)) -> f64 {
    let sum = h1 + h2;
    if c1 * c2 == 0.0 {
        sum
    } else if (h1 - h2).abs() <= 180.0 {
        sum / 2.0
    } else if sum < 360.0 {
        (sum + 360.0) / 2.0
    } else {
        (sum - 360.0) / 2.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_34_published_pairs_agree_both_ways() {
        let text = include_str!("../../../fixtures/reference/ciede2000.csv");
        let rows = text.lines().filter(|l| !l.starts_with('#')).skip(1);
        let mut count = 0;
        for line in rows {
            let v: Vec<f64> = line
                .split(',')
                .map(|x| x.trim().parse().expect("a number"))
                .collect();
            let (one, two) = (
                Lab {
                    l: v[0],
                    a: v[1],
                    b: v[2],
                },
                Lab {
                    l: v[3],
                    a: v[4],
                    b: v[5],
                },
            );
            assert!(
                (ciede2000(one, two) - v[6]).abs() <= 5.0e-5 + 1e-9,
                "{line}: {}",
                ciede2000(one, two)
            );
            assert!(
                (ciede2000(two, one) - v[6]).abs() <= 5.0e-5 + 1e-9,
                "{line} reversed"
            );
            count += 1;
        }
        assert_eq!(count, 34);
    }

    #[test]
    fn a_colour_does_not_differ_from_itself() {
        for l in [0.0, 50.0, 100.0] {
            let p = Lab { l, a: -30.0, b: 80.0 };
            assert_eq!(ciede2000(p, p), 0.0);
        }
    }
}
