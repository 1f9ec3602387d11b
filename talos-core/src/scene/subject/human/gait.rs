//! Where a foot is over one turn of the gait: planted, rolling from heel to ball, swung forward.
//!
//! Phases are in turns from the foot's own heel strike. Lengths are shares of the body's height,
//! z is forward from below the hip; the planted foot moves backwards exactly as fast as the body
//! moves forwards, so in the world it stands still.

use crate::math::scalar;
use crate::scene::subject::puppet::fract;

/// A foot at an instant, as if its sole were level, and how it is turned about heel or ball.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Step {
    /// Forward place of the level foot against its place at rest.
    pub(super) ahead: f64,
    /// Height above the ground.
    pub(super) lift: f64,
    /// Turn of the sole, radians: positive raises the heel (about the ball), negative the toes (about the heel).
    pub(super) pitch: f64,
}

impl Step {
    /// The step a share `t` of the way to another.
    pub(super) fn lerp(self, other: Self, t: f64) -> Self {
        Self {
            ahead: scalar::lerp(self.ahead, other.ahead, t),
            lift: scalar::lerp(self.lift, other.lift, t),
            pitch: scalar::lerp(self.pitch, other.pitch, t),
        }
    }
}

/// Values at places of a cycle, joined by a periodic Catmull–Rom spline with uneven knots.
pub(in crate::scene::subject) fn cycle(keys: &[(f64, f64)], at: f64) -> f64 {
    let n = keys.len();
    let x = fract(at);
    let next = keys.iter().position(|k| k.0 > x).unwrap_or(n);
    let key = |i: i64| {
        let wrapped = i.rem_euclid(n as i64);
        let turns = (i - wrapped) / n as i64;
        let (place, value) = keys[wrapped as usize];
        (place + turns as f64, value)
    };
    let i = next as i64 - 1;
    let [(xa, a), (xb, b), (xc, c), (xd, d)] = [key(i - 1), key(i), key(i + 1), key(i + 2)];
    let span = xc - xb;
    let u = (x - xb) / span;
    let (mb, mc) = ((c - a) / (xc - xa) * span, (d - b) / (xd - xb) * span);
    let (u2, u3) = (u * u, u * u * u);
    b * (2.0 * u3 - 3.0 * u2 + 1.0) + mb * (u3 - 2.0 * u2 + u) + c * (3.0 * u2 - 2.0 * u3) + mc * (u3 - u2)
}

/// Forward place over a turn: backwards at the body's speed for `duty` of it, then a swing whose
/// speed joins at both ends.
pub(in crate::scene::subject) fn travel(phase: f64, duty: f64, stride: f64) -> f64 {
    let x = fract(phase);
    let reach = 0.5 * stride * duty;
    if x < duty {
        return reach - stride * x;
    }
    let swing = 1.0 - duty;
    let u = (x - duty) / swing;
    let slope = -stride * swing;
    let (u2, u3) = (u * u, u * u * u);
    -reach * (2.0 * u3 - 3.0 * u2 + 1.0)
        + slope * (u3 - 2.0 * u2 + u)
        + reach * (3.0 * u2 - 2.0 * u3)
        + slope * (u3 - u2)
}

/// A walking step: each foot is down for three fifths of the turn (Inman, Ralston & Todd 1981).
pub(super) fn walk(phase: f64, stride: f64) -> Step {
    let x = fract(phase);
    let pitch = cycle(
        &[
            (0.0, -0.30),
            (0.08, 0.0),
            (0.20, 0.0),
            (0.34, 0.0),
            (0.48, 0.28),
            (0.60, 0.78),
            (0.68, 0.92),
            (0.80, 0.38),
            (0.92, -0.26),
        ],
        x,
    );
    let lift = if x < 0.6 {
        0.0
    } else {
        0.030 * scalar::sin(scalar::PI * (x - 0.6) / 0.4)
    };
    // the sole is level from 8 % to 34 %: no spline may disturb it there
    let pitch = if (0.08..=0.34).contains(&x) { 0.0 } else { pitch };
    Step {
        ahead: travel(phase, 0.6, stride) + 0.012,
        lift,
        pitch,
    }
}

/// A running step: down for a third of the turn, then folded up high behind.
pub(super) fn run(phase: f64, stride: f64) -> Step {
    let x = fract(phase);
    let pitch = cycle(
        &[
            (0.0, -0.12),
            (0.06, 0.0),
            (0.16, 0.06),
            (0.32, 0.75),
            (0.42, 1.25),
            (0.58, 1.35),
            (0.74, 0.55),
            (0.90, -0.10),
        ],
        x,
    );
    let lift = cycle(
        &[
            (0.0, 0.0),
            (0.16, 0.0),
            (0.32, 0.004),
            (0.46, 0.095),
            (0.60, 0.112),
            (0.76, 0.065),
            (0.92, 0.03),
        ],
        x,
    )
    .max(0.0);
    // the reach is less than the body's way while the foot is down: the rest is flight
    let reach = stride.min(1.05);
    let ahead = if x < 0.32 {
        travel(phase, 0.32, stride)
    } else {
        travel(phase, 0.32, stride).clamp(-reach, reach)
    };
    Step { ahead, lift, pitch }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_planted_foot_moves_back_as_the_body_moves_on() {
        for i in 0..100 {
            let x = f64::from(i) / 100.0 * 0.25 + 0.08;
            let step = 1e-3;
            let slide = walk(x + step, 0.7).ahead - walk(x, 0.7).ahead + 0.7 * step;
            assert!(slide.abs() < 1e-9);
            assert_eq!(walk(x, 0.7).pitch, 0.0);
            assert_eq!(walk(x, 0.7).lift, 0.0);
        }
    }

    #[test]
    fn steps_are_continuous_around_the_turn() {
        for gait in [walk, run] {
            for i in 0..2000 {
                let x = f64::from(i) / 2000.0;
                let (a, b) = (gait(x, 0.7), gait(x + 5e-4, 0.7));
                assert!((a.ahead - b.ahead).abs() < 4e-3, "{x}");
                assert!((a.lift - b.lift).abs() < 4e-3, "{x}");
                assert!((a.pitch - b.pitch).abs() < 3e-2, "{x}");
            }
        }
    }
}
