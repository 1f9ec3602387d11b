//! Handheld shake: seeded, band-limited, with an exact size.

use crate::math::scalar;
use crate::random::Stream;

/// Lowest and highest frequency of a hand-held camera, hertz. Below lies drift, which is a move;
/// above, tremor that the camera's mass takes away and 24 frames a second would alias.
pub const SHAKE_BAND_HZ: (f64, f64) = (0.3, 8.0);

/// Sinusoids of one axis. Eight in a band of 4.7 octaves do not repeat within any cut; fewer can be
/// heard as a beat, more cost time and change nothing.
const WAVES: usize = 8;

#[derive(Clone, Copy, Debug, PartialEq)]
struct Wave {
    angular_hz: f64,
    phase: f64,
    amplitude: f64,
}

/// A sum of sinusoids of mean square 1: one per eighth of the band (on a logarithmic scale) at a
/// seeded place in it, with a seeded phase, amplitudes falling as 1/f as hands do. C^∞, and any
/// moment alone.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Axis {
    waves: [Wave; WAVES],
}

impl Axis {
    fn new(stream: &Stream) -> Self {
        let (low, high) = SHAKE_BAND_HZ;
        let octaves = scalar::log2(high / low);
        let mut waves: [Wave; WAVES] = core::array::from_fn(|i| {
            let place = (i as f64 + stream.unit(2 * i as u64)) / WAVES as f64;
            let hz = low * scalar::exp2(octaves * place);
            Wave {
                angular_hz: scalar::TAU * hz,
                phase: stream.range(2 * i as u64 + 1, 0.0, scalar::TAU),
                amplitude: 1.0 / hz,
            }
        });
        let power: f64 = waves.iter().map(|w| 0.5 * w.amplitude * w.amplitude).sum();
        for wave in &mut waves {
            wave.amplitude /= power.sqrt();
        }
        Self { waves }
    }

    fn at(&self, time_s: f64) -> f64 {
        let wave = |w: &Wave| w.amplitude * scalar::sin(w.angular_hz * time_s + w.phase);
        self.waves.iter().map(wave).sum()
    }
}

/// Shake of a camera about its three axes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Shake {
    axes: [Axis; 3],
    rms_rad: f64,
}

impl Shake {
    /// Shake of a size, radians RMS for pan and tilt each; roll has half of it.
    #[must_use]
    pub fn new(stream: &Stream, rms_rad: f64) -> Self {
        Self {
            axes: ["pan", "tilt", "roll"].map(|axis| Axis::new(&stream.child(axis))),
            rms_rad: if rms_rad.is_finite() {
                rms_rad.clamp(0.0, 0.5)
            } else {
                0.0
            },
        }
    }

    /// Pan, tilt and roll at a time of the film, radians.
    #[must_use]
    pub fn at(&self, time_s: f64) -> [f64; 3] {
        if self.rms_rad == 0.0 {
            return [0.0; 3];
        }
        let share = [1.0, 1.0, 0.5];
        core::array::from_fn(|i| self.rms_rad * share[i] * self.axes[i].at(time_s))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::Seed;

    #[test]
    fn it_has_the_size_and_the_band_that_it_says() {
        let shake = Shake::new(&Seed(4).stream("test/shake"), 0.01);
        let (mut square, mut speed, n) = ([0.0; 3], [0.0; 3], 40_000);
        let h = 1e-4;
        for i in 0..n {
            let t = f64::from(i) * 0.01;
            let (a, b) = (shake.at(t), shake.at(t + h));
            for k in 0..3 {
                square[k] += a[k] * a[k] / f64::from(n);
                speed[k] += (b[k] - a[k]) * (b[k] - a[k]) / (h * h) / f64::from(n);
            }
        }
        for (k, rms) in [0.01, 0.01, 0.005].into_iter().enumerate() {
            assert!((square[k].sqrt() / rms - 1.0).abs() < 0.05);
            // the mean frequency: √(∫ω²S / ∫S)
            let hz = (speed[k] / square[k]).sqrt() / scalar::TAU;
            assert!(hz > SHAKE_BAND_HZ.0 && hz < 3.0, "{hz}");
        }
        let axes: Vec<_> = shake
            .axes
            .iter()
            .flat_map(|a| a.waves)
            .map(|w| w.angular_hz / scalar::TAU)
            .collect();
        assert!(
            axes.iter()
                .all(|hz| (SHAKE_BAND_HZ.0..=SHAKE_BAND_HZ.1).contains(hz))
        );
    }

    #[test]
    fn it_depends_on_its_address_alone() {
        let shake = |seed, name| Shake::new(&Seed(seed).stream(name), 0.01).at(1.25);
        assert_eq!(shake(1, "a"), shake(1, "a"));
        assert_ne!(shake(1, "a"), shake(2, "a"));
        assert_ne!(shake(1, "a"), shake(1, "b"));
        assert_eq!(Shake::new(&Seed(1).stream("a"), f64::NAN).at(1.0), [0.0; 3]);
    }
}
