//! The pace of a camera move: slow in, even, slow out, never quite still.

/// Progress of a move over a cut: 0 at u = 0, ½ in the middle, 1 at u = 1, C³ throughout and going on
/// evenly outside.
///
/// Its velocity is a plateau between two quintic ramps over a slow drift, so that a cut neither
/// starts nor ends on a dead frame (editors cut on motion).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Profile {
    drift: f64,
    start: f64,
    end: f64,
    ramp: f64,
    total: f64,
}

/// Drift of a move at neutral speed, as a share of the plateau. Less, and the ends of a cut stand
/// still; more, and the ease cannot be seen.
const DRIFT: f64 = 0.2;
/// Share of the moving time that each ramp takes. Less is a jerk, more has no plateau.
const RAMP: f64 = 0.35;

impl Profile {
    /// The profile at a speed: 1 neutral; 2 does the same move in half the cut, ½ spreads it evenly.
    #[must_use]
    pub fn new(speed: f64) -> Self {
        let speed = if speed.is_finite() {
            speed.clamp(0.25, 4.0)
        } else {
            1.0
        };
        let width = (1.0 / speed).min(1.0);
        let ramp = RAMP * width;
        let drift = (DRIFT / speed).clamp(0.05, 0.5);
        Self {
            drift,
            start: 0.5 - 0.5 * width,
            end: 0.5 + 0.5 * width,
            ramp,
            total: drift + (1.0 - drift) * (width - ramp),
        }
    }

    /// Progress at a share of the cut.
    #[must_use]
    pub fn at(&self, share: f64) -> f64 {
        let rising = ramp_integral((share - self.start) / self.ramp);
        let falling = ramp_integral((share - self.end) / self.ramp + 1.0);
        let plateau = self.ramp * (rising - falling);
        (self.drift * share + (1.0 - self.drift) * plateau) / self.total
    }

    /// The largest velocity, per cut.
    #[must_use]
    pub fn peak_velocity(&self) -> f64 {
        1.0 / self.total
    }
}

/// ∫₀ˣ smootherstep.
fn ramp_integral(x: f64) -> f64 {
    if x <= 0.0 {
        0.0
    } else if x >= 1.0 {
        x - 0.5
    } else {
        let x4 = x * x * x * x;
        x4 * (x * x - 3.0 * x + 2.5)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_goes_from_nought_to_one_without_a_stop() {
        for speed in [0.5, 1.0, 2.0, f64::NAN, 1e9, -3.0] {
            let profile = Profile::new(speed);
            assert!(profile.at(0.0).abs() < 1e-12 && (profile.at(1.0) - 1.0).abs() < 1e-12);
            assert!((profile.at(0.5) - 0.5).abs() < 1e-12);
            let step = 1e-3;
            for i in 0..1000 {
                let u = f64::from(i) * step;
                let velocity = (profile.at(u + step) - profile.at(u)) / step;
                assert!(
                    velocity > 0.02 && velocity <= profile.peak_velocity() + 1e-9,
                    "{speed} {u}"
                );
            }
        }
        assert!(Profile::new(2.0).peak_velocity() > 1.4 * Profile::new(1.0).peak_velocity());
    }

    #[test]
    fn its_acceleration_is_continuous() {
        for speed in [0.5, 1.0, 2.0] {
            let profile = Profile::new(speed);
            let h = 1e-3;
            let bend = |u: f64| (profile.at(u + h) - 2.0 * profile.at(u) + profile.at(u - h)) / (h * h);
            for i in -100..1100 {
                let u = f64::from(i) * h;
                assert!((bend(u + h) - bend(u)).abs() < 1.5, "{speed} {u}");
            }
        }
    }
}
