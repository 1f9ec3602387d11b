//! Distant ranges: peaks with ridges, as a height over the plane.

use super::noise::Noise;
use super::sculpt::Dice;
use crate::geometry::smooth_union;
use crate::math::{DVec2, scalar};
use crate::random::Stream;

/// One summit.
#[derive(Clone, Copy, Debug)]
struct Peak {
    place: DVec2,
    height: f64,
    radius: f64,
}

/// Peaks joined into a range.
#[derive(Clone, Debug)]
pub(super) struct Range {
    peaks: Vec<Peak>,
    noise: Noise,
    /// Size of the ridges between the peaks, metres.
    ridge_m: f64,
    /// How deeply ridges cut, share of the height.
    relief: f64,
    /// Slope profile: 1 a cone, above 1 concave like a horn, below 1 a round hill.
    profile: f64,
}

/// A row of peaks in one direction.
#[derive(Clone, Copy, Debug)]
pub(super) struct Row {
    /// Azimuth of the highest one, radians from +Z towards +X.
    pub(super) azimuth: f64,
    /// Distance of the row, metres.
    pub(super) distance_m: f64,
    /// Height of the highest, metres.
    pub(super) height_m: f64,
    /// Angle over which the row spreads, radians.
    pub(super) spread: f64,
    /// Number of summits.
    pub(super) count: u32,
}

impl Range {
    /// Alpine horns.
    pub(super) fn alps(stream: &Stream, rows: &[Row]) -> Self {
        Self::new(stream, rows, 240.0, 0.55, 1.12)
    }

    /// Wooded hills.
    pub(super) fn hills(stream: &Stream, rows: &[Row]) -> Self {
        Self::new(stream, rows, 420.0, 0.38, 0.95)
    }

    fn new(stream: &Stream, rows: &[Row], ridge_m: f64, relief: f64, profile: f64) -> Self {
        let peaks = rows
            .iter()
            .enumerate()
            .flat_map(|(k, row)| row.peaks(Dice::new(stream.child("row").item(k as u64))))
            .collect();
        Self {
            peaks,
            noise: Noise::new(&stream.child("noise")),
            ridge_m,
            relief,
            profile,
        }
    }

    /// Height of the range at (x, z), 0 beside it.
    pub(super) fn height(&self, x: f64, z: f64) -> f64 {
        let s = self.ridge_m * 1.6;
        let warp = DVec2::new(
            self.noise.fbm(x / s, z / s + 31.0, 2),
            self.noise.fbm(x / s + 57.0, z / s, 2),
        ) * (0.45 * self.ridge_m);
        let place = DVec2::new(x, z) + warp;
        let mass = self.peaks.iter().fold(0.0, |so_far: f64, peak| {
            let t = (place - peak.place).length() / peak.radius;
            if t >= 1.0 {
                return so_far;
            }
            let own = peak.height * scalar::pow(1.0 - t, self.profile);
            -smooth_union(-so_far, -own, 0.25 * peak.height.min(so_far.max(1.0)))
        });
        if mass <= 0.0 {
            return 0.0;
        }
        let ridges = self.noise.ridged(x / self.ridge_m, z / self.ridge_m, 5, 0.04);
        mass * (1.0 - self.relief * (0.62 - ridges))
    }
}

impl Row {
    /// The highest in the middle, the others falling away to both sides with distance and chance.
    fn peaks(&self, mut dice: Dice) -> Vec<Peak> {
        (0..self.count)
            .map(|k| {
                let side = if k % 2 == 0 { 1.0 } else { -1.0 };
                let rank = f64::from(k.div_ceil(2)) / f64::from((self.count / 2).max(1));
                let azimuth = self.azimuth + side * rank * self.spread * 0.5 * dice.range(0.8, 1.15);
                let distance = self.distance_m * dice.range(0.9, 1.2);
                let height =
                    self.height_m * (1.0 - 0.5 * rank) * if k == 0 { 1.0 } else { dice.range(0.7, 1.0) };
                let (sin, cos) = scalar::sin_cos(azimuth);
                Peak {
                    place: DVec2::new(sin, cos) * distance,
                    height,
                    radius: height * dice.range(1.7, 2.3) + 0.06 * distance,
                }
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::Seed;

    #[test]
    fn peaks_stand_where_they_were_put() {
        let row = Row {
            azimuth: scalar::PI * 0.5,
            distance_m: 1000.0,
            height_m: 400.0,
            spread: 0.6,
            count: 5,
        };
        let range = Range::alps(&Seed(1).stream("range"), &[row]);
        let top = (600..1500)
            .map(|x| range.height(f64::from(x), 0.0))
            .fold(0.0, f64::max);
        assert!((180.0..520.0).contains(&top), "{top}");
        assert_eq!(range.height(-900.0, 0.0), 0.0);
        assert_eq!(range.height(0.0, 0.0), 0.0);
    }
}
