//! Second-order dynamics: anticipation, overlap and follow-through from one equation.
//!
//! `y + k₁ y' + k₂ y'' = x + k₃ x'` with `k₁ = ζ/πf`, `k₂ = 1/(2πf)²`, `k₃ = rζ/2πf`:
//! a damped oscillator that follows its input `x`. `r < 0` winds up before it goes
//! (anticipation), `ζ < 1` overshoots and settles (follow-through).

use crate::math::{DVec3, scalar};

/// How an oscillator follows its input.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Response {
    /// Natural frequency in Hz: how quickly it follows.
    pub frequency_hz: f64,
    /// Damping ratio: 0 rings for ever, 1 is critical.
    pub damping: f64,
    /// Initial response: 1 starts at once, 0 eases in, below 0 winds up first.
    pub initial: f64,
}

/// A value on a damped spring, stepped at a fixed tick by semi-implicit Euler.
#[derive(Clone, Copy, Debug)]
pub struct Follower {
    k: [f64; 3],
    input: DVec3,
    value: DVec3,
    rate: DVec3,
}

impl Follower {
    /// A follower at rest on `start`.
    #[must_use]
    pub fn new(response: Response, start: DVec3) -> Self {
        let omega = scalar::TAU * response.frequency_hz;
        let k = [
            2.0 * response.damping / omega,
            1.0 / (omega * omega),
            response.initial * response.damping / omega,
        ];
        Self {
            k,
            input: start,
            value: start,
            rate: DVec3::ZERO,
        }
    }

    /// Moves one tick of `dt` seconds towards `input`; returns the new value. Stable for any `dt`:
    /// `k₂` is raised to where the discrete system still decays.
    pub fn step(&mut self, input: DVec3, dt: f64) -> DVec3 {
        let [k1, k2, k3] = self.k;
        let k2 = k2.max(0.5 * dt * (dt + k1)).max(dt * k1);
        let input_rate = (input - self.input) / dt;
        self.input = input;
        self.value += self.rate * dt;
        self.rate += (input + input_rate * k3 - self.value - self.rate * k1) * (dt / k2);
        self.value
    }

    /// Velocity of the value, per second.
    #[must_use]
    pub fn rate(&self) -> DVec3 {
        self.rate
    }
}

/// A scalar on a damped spring.
#[derive(Clone, Copy, Debug)]
pub struct ScalarFollower(Follower);

impl ScalarFollower {
    /// A follower at rest on `start`.
    #[must_use]
    pub fn new(response: Response, start: f64) -> Self {
        Self(Follower::new(response, DVec3::new(start, 0.0, 0.0)))
    }

    /// See [`Follower::step`].
    pub fn step(&mut self, input: f64, dt: f64) -> f64 {
        self.0.step(DVec3::new(input, 0.0, 0.0), dt).x
    }

    /// Rate of change, per second.
    #[must_use]
    pub fn rate(&self) -> f64 {
        self.0.rate().x
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DT: f64 = 1.0 / 96.0;

    fn run(response: Response, seconds: f64) -> Vec<f64> {
        let mut follower = ScalarFollower::new(response, 0.0);
        (0..(seconds / DT) as usize)
            .map(|_| follower.step(1.0, DT))
            .collect()
    }

    #[test]
    fn it_settles_on_its_input() {
        let end = run(
            Response {
                frequency_hz: 2.0,
                damping: 0.7,
                initial: 0.0,
            },
            4.0,
        );
        assert!((end.last().expect("ticks") - 1.0).abs() < 1e-3);
    }

    #[test]
    fn a_negative_start_winds_up_and_low_damping_overshoots() {
        let wound = run(
            Response {
                frequency_hz: 2.0,
                damping: 0.7,
                initial: -2.0,
            },
            1.0,
        );
        assert!(
            wound.iter().copied().fold(f64::MAX, f64::min) < -0.02,
            "anticipation"
        );
        let loose = run(
            Response {
                frequency_hz: 2.0,
                damping: 0.3,
                initial: 0.0,
            },
            2.0,
        );
        assert!(
            loose.iter().copied().fold(f64::MIN, f64::max) > 1.2,
            "follow-through"
        );
    }

    #[test]
    fn it_never_blows_up() {
        for frequency_hz in [0.01, 1.0, 40.0, 4_000.0] {
            for damping in [0.0, 0.5, 10.0] {
                let values = run(
                    Response {
                        frequency_hz,
                        damping,
                        initial: 1.0,
                    },
                    4.0,
                );
                assert!(values.iter().all(|v| v.abs() < 50.0), "{frequency_hz} {damping}");
            }
        }
    }
}
