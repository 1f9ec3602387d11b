//! Open water: moving normals from directional waves, and its mirror of the sky.

use super::noise::{hash2, unit};
use crate::math::scalar::single::smoothstep;
use crate::math::{Vec2, Vec3, scalar};

/// One train of waves.
#[derive(Clone, Copy, Debug)]
struct Train {
    /// Wave vector in turns per metre.
    wave: Vec2,
    /// Steepness: amplitude times wave number.
    steep: f32,
    length_m: f32,
    /// Turns at the frame's time.
    phase: f32,
}

/// Waves at one time.
#[derive(Clone, Debug)]
pub(crate) struct Waves {
    trains: Vec<Train>,
}

/// A water surface under a pixel.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Ripple {
    pub(crate) normal: Vec3,
    /// −1 trough … 1 crest, of the long waves.
    pub(crate) crest: f32,
    /// Slope that the pixel is too large to show: it spreads reflections.
    pub(crate) rough: f32,
}

impl Waves {
    /// Wave lengths in metres, each about 0.6 of the one before: a wind sea without a visible beat. Shorter
    /// ones would comb the foreground like scan lines.
    const LENGTHS_M: [f64; 8] = [31.0, 19.0, 11.7, 7.1, 4.3, 2.6, 1.55, 0.93];

    /// The waves at a time in seconds; deep-water dispersion ω² = g k. `wind` 1 is a breeze.
    pub(crate) fn new(time_s: f64, wind: f64, key: u32) -> Self {
        let train = |(i, &length): (usize, &f64)| {
            let draw = |k: i32| f64::from(unit(hash2(i as i32, k, key ^ 0x5ea5)));
            let angle = 0.6 + (draw(0) - 0.5) * 2.7;
            let (sin, cos) = scalar::sin_cos(angle);
            let turns_hz = (9.81 * scalar::TAU / length).sqrt() / scalar::TAU;
            // reduced to one turn in f64, so that hours of film keep their precision
            let phase = (draw(1) - turns_hz * time_s).rem_euclid(1.0);
            let steep = 0.062 * wind.sqrt() * scalar::pow(length / 31.0, 0.7).max(0.10);
            Train {
                wave: Vec2::new((cos / length) as f32, (sin / length) as f32),
                steep: steep as f32,
                length_m: length as f32,
                phase: phase as f32,
            }
        };
        Self {
            trains: Self::LENGTHS_M.iter().enumerate().map(train).collect(),
        }
    }

    /// The surface at a place, with waves shorter than the pixel's `footprint_m` left to roughness.
    pub(crate) fn at(&self, place: Vec2, footprint_m: f32) -> Ripple {
        let (mut slope, mut crest, mut hidden) = (Vec2::ZERO, 0.0, 0.0);
        for train in &self.trains {
            let seen = smoothstep(0.55, 0.16, footprint_m / train.length_m);
            hidden += train.steep * train.steep * (1.0 - seen);
            if seen <= 0.0 {
                continue;
            }
            let turns = train.wave.dot(place) + train.phase;
            slope -= train.wave * (train.length_m * train.steep * seen * swing(turns + 0.25));
            if train.length_m > 4.0 {
                crest += 0.25 * swing(turns) * seen;
            }
        }
        let normal = Vec3::new(slope.x, 1.0, slope.y);
        Ripple {
            normal: normal / normal.length_squared().sqrt(),
            crest,
            rough: hidden.sqrt(),
        }
    }
}

/// A sine-like swing of period 1 from two parabolas: only products and sums, so it is exact everywhere.
#[inline]
fn swing(turns: f32) -> f32 {
    let t = turns - turns.floor() - 0.5;
    // −16 t (½ − |t|) is 0 at t = 0 and ±½, ∓1 at ±¼
    -16.0 * t * (0.5 - t.abs())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_swing_is_a_sine_to_six_percent() {
        for i in -200..200 {
            let t = i as f32 * 0.013;
            let sine = scalar::single::sin(t * 6.283_185_5);
            assert!((swing(t) - sine).abs() < 0.06, "{t}: {} {sine}", swing(t));
        }
    }

    #[test]
    fn far_water_is_smooth_and_rough_and_near_water_moves() {
        let waves = Waves::new(0.0, 1.0, 1);
        let far = waves.at(Vec2::new(3.0, 900.0), 200.0);
        assert_eq!(far.normal, Vec3::Y);
        assert!(far.rough > 0.05);
        let later = Waves::new(0.5, 1.0, 1);
        let place = Vec2::new(3.0, 4.0);
        assert!((waves.at(place, 0.01).normal - later.at(place, 0.01).normal).length() > 1e-3);
        // and hours later it is still finite and steep enough
        let hours = Waves::new(36_000.0, 1.0, 1).at(place, 0.01);
        assert!(hours.normal.is_finite() && hours.normal.y > 0.7);
    }
}
