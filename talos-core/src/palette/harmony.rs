//! Hue templates: sets of hues that go together.
//!
//! Matsuda's templates (1995) as Cohen-Or et al. give them ("Color Harmonization",
//! ACM TOG 25(3), 2006). They were measured on the HSV wheel; here the same sector
//! widths are laid on the OKLCH wheel, an adaptation whose steps look even.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::space::{hue_difference, wrap_degrees};
use crate::math::scalar;

/// A template: one or two sectors of the hue wheel.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub enum Template {
    /// One narrow sector.
    #[serde(rename = "i")]
    Narrow,
    /// One middling sector.
    V,
    /// A narrow sector and a middling one at a right angle.
    L,
    /// Two narrow sectors, opposite.
    I,
    /// Half of the wheel.
    T,
    /// A middling sector and a narrow one, opposite.
    Y,
    /// Two middling sectors, opposite.
    X,
}

impl Template {
    /// Every template.
    pub const ALL: [Self; 7] = [Self::Narrow, Self::V, Self::L, Self::I, Self::T, Self::Y, Self::X];

    /// Sectors as (centre, width) in degrees, before rotation.
    #[must_use]
    pub fn sectors(self) -> &'static [(f64, f64)] {
        match self {
            Self::Narrow => &[(0.0, 18.0)],
            Self::V => &[(0.0, 93.6)],
            Self::L => &[(0.0, 18.0), (90.0, 79.2)],
            Self::I => &[(0.0, 18.0), (180.0, 18.0)],
            Self::T => &[(0.0, 180.0)],
            Self::Y => &[(0.0, 93.6), (180.0, 18.0)],
            Self::X => &[(0.0, 93.6), (180.0, 93.6)],
        }
    }

    /// Degrees from a hue to the nearest sector of the template turned by `rotation`; 0 inside.
    #[must_use]
    pub fn distance(self, hue: f64, rotation: f64) -> f64 {
        let outside = |&(centre, width): &(f64, f64)| {
            (hue_difference(hue, centre + rotation).abs() - width / 2.0).max(0.0)
        };
        self.sectors().iter().map(outside).fold(f64::INFINITY, f64::min)
    }

    /// The hue drawn into the nearest sector: `H' = C + (w/2)(1 − G(|H − C|))`, G a Gaussian of
    /// deviation w/2 (eq. 5 of the paper). Order is kept, so no two hues change places.
    #[must_use]
    pub fn harmonise(self, hue: f64, rotation: f64) -> f64 {
        let offset = |s: &(f64, f64)| hue_difference(s.0 + rotation, hue);
        let nearest = self
            .sectors()
            .iter()
            .min_by(|a, b| (offset(a).abs() - a.1 / 2.0).total_cmp(&(offset(b).abs() - b.1 / 2.0)));
        let Some(sector) = nearest else { return hue };
        let (away, half) = (offset(sector), sector.1 / 2.0);
        let gaussian = scalar::exp(-away * away / (2.0 * half * half));
        wrap_degrees(sector.0 + rotation + (half * (1.0 - gaussian)).copysign(away))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sectors_are_those_of_the_table() {
        let text = include_str!("../../../fixtures/reference/harmony.csv");
        let rows = text.lines().filter(|l| !l.starts_with('#')).skip(1);
        for line in rows.filter(|l| !l.starts_with('N')) {
            let fields: Vec<&str> = line.split(',').collect();
            let template: Template = serde_json::from_str(&format!("\"{}\"", fields[0])).expect("a template");
            let index: usize = fields[1].parse().expect("a number");
            let expected: (f64, f64) = (fields[2].parse().expect("deg"), fields[3].parse().expect("deg"));
            assert_eq!(template.sectors()[index - 1], expected, "{line}");
        }
    }

    #[test]
    fn harmonised_hues_lie_in_the_template() {
        for template in Template::ALL {
            for hue in 0..360 {
                let moved = template.harmonise(f64::from(hue), 33.0);
                assert!(
                    template.distance(moved, 33.0) < 1e-9,
                    "{template:?} {hue} {moved}"
                );
            }
        }
    }
}
