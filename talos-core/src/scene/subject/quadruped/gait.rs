//! Footfalls of four legs: walk, trot and gallop, after Muybridge (1887) and Hildebrand (1977).
//!
//! Phases in turns; lengths as shares of the height at the withers.

use crate::math::scalar;
use crate::scene::subject::human::gait::{cycle, travel};
use crate::scene::subject::puppet::fract;

/// A foot at an instant.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Footfall {
    /// Forward place against its place at rest.
    pub(super) ahead: f64,
    /// Height above the ground.
    pub(super) lift: f64,
    /// How far the bone above the paw is folded back, radians.
    pub(super) fold: f64,
    /// How far the paw droops, radians.
    pub(super) droop: f64,
}

impl Footfall {
    /// The footfall a share `t` of the way to another.
    pub(super) fn lerp(self, other: Self, t: f64) -> Self {
        Self {
            ahead: scalar::lerp(self.ahead, other.ahead, t),
            lift: scalar::lerp(self.lift, other.lift, t),
            fold: scalar::lerp(self.fold, other.fold, t),
            droop: scalar::lerp(self.droop, other.droop, t),
        }
    }
}

/// When each foot comes down (left fore, right fore, left hind, right hind), how long it stays, and
/// how high it is carried.
#[derive(Clone, Copy, Debug)]
pub(super) struct Gait {
    start: [f64; 4],
    pub(super) duty: f64,
    lift: f64,
    fold: f64,
    /// How far the swinging foot goes beyond the planted one's reach.
    fling: f64,
}

/// Four beats, one after the other: left hind, left fore, right hind, right fore.
pub(super) const WALK: Gait = Gait {
    start: [0.25, 0.75, 0.0, 0.5],
    duty: 0.64,
    lift: 0.085,
    fold: 0.85,
    fling: 0.0,
};

/// Two beats: diagonal pairs.
pub(super) const TROT: Gait = Gait {
    start: [0.5, 0.0, 0.0, 0.5],
    duty: 0.42,
    lift: 0.13,
    fold: 1.15,
    fling: 0.0,
};

/// The rotary gallop of dogs and cats: hind left–right, extended flight, fore right–left, gathered flight.
pub(super) const ROTARY: Gait = Gait {
    start: [0.58, 0.47, 0.0, 0.10],
    duty: 0.22,
    lift: 0.17,
    fold: 1.35,
    fling: 0.20,
};

/// The transverse gallop of horses: the fores come down in the same order as the hinds.
pub(super) const TRANSVERSE: Gait = Gait {
    start: [0.38, 0.52, 0.0, 0.12],
    duty: 0.25,
    lift: 0.19,
    fold: 1.45,
    fling: 0.06,
};

impl Gait {
    /// A foot (left fore, right fore, left hind, right hind) at a phase, for a stride of this length.
    pub(super) fn foot(&self, foot: usize, phase: f64, stride: f64) -> Footfall {
        let x = fract(phase - self.start[foot]);
        let swing = scalar::saturate((x - self.duty) / (1.0 - self.duty));
        let hump = scalar::sin(scalar::PI * swing);
        let early = scalar::sin(scalar::PI * scalar::pow(swing, 0.72));
        let reach = self.duty * stride * 0.5;
        let mut ahead = travel(phase - self.start[foot], self.duty, stride);
        // a long swing must not overshoot the leg's reach
        let limit = reach + self.fling + 0.05;
        if x > self.duty {
            ahead = limit * scalar::tanh(ahead / limit * 1.0) / scalar::tanh(1.0_f64.max(reach / limit));
            let edge = scalar::smoothstep(0.0, 0.12, swing) * (1.0 - scalar::smoothstep(0.88, 1.0, swing));
            ahead = scalar::lerp(travel(phase - self.start[foot], self.duty, stride), ahead, edge);
        }
        let slant = -0.55 * ahead;
        // the paw leaves the ground toes last
        let push = scalar::smoothstep(0.0, 0.15, swing) * (1.0 - scalar::smoothstep(0.15, 0.55, swing));
        Footfall {
            ahead,
            lift: self.lift * scalar::pow(hump.max(0.0), 1.35),
            fold: slant + self.fold * early * early * (1.0 - 0.35 * swing),
            droop: 0.9 * early * early + 0.5 * push,
        }
    }
}

/// How the back bends over a galloping stride: +1 gathered (hind feet under the body), −1 extended.
pub(super) fn gather(phase: f64) -> f64 {
    cycle(
        &[
            (0.0, 0.55),
            (0.12, 0.0),
            (0.32, -1.0),
            (0.48, -0.75),
            (0.68, 0.2),
            (0.86, 1.0),
        ],
        phase,
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn planted_feet_stand_still() {
        for gait in [WALK, TROT, ROTARY, TRANSVERSE] {
            for foot in 0..4 {
                for i in 0..50 {
                    let at = gait.start[foot] + gait.duty * (0.01 + 0.96 * f64::from(i) / 50.0);
                    let step = 1e-4;
                    let (a, b) = (gait.foot(foot, at, 1.3), gait.foot(foot, at + step, 1.3));
                    assert!((b.ahead - a.ahead + 1.3 * step).abs() < 1e-9);
                    assert_eq!(a.lift, 0.0);
                }
            }
        }
    }

    #[test]
    fn feet_move_without_jumps() {
        for gait in [WALK, TROT, ROTARY, TRANSVERSE] {
            for foot in 0..4 {
                for i in 0..2000 {
                    let at = f64::from(i) / 2000.0;
                    let (a, b) = (gait.foot(foot, at, 1.3), gait.foot(foot, at + 5e-4, 1.3));
                    assert!((b.ahead - a.ahead).abs() < 6e-3, "{foot} {at}");
                    assert!((b.lift - a.lift).abs() < 6e-3);
                    assert!((b.fold - a.fold).abs() < 3e-2);
                }
            }
        }
    }
}
