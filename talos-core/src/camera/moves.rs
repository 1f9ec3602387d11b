//! Camera moves as C² functions of time that compose.

use super::Profile;
use crate::artefact::{CameraMove, MoveKind};
use crate::math::scalar;

/// How far a camera is from its framing at one moment. Moves add up; factors multiply.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct MoveState {
    /// Around the subject, counter-clockwise from above, radians.
    pub orbit: f64,
    /// About the vertical, to the left, radians.
    pub pan: f64,
    /// Up, radians.
    pub tilt: f64,
    /// Clockwise about the view axis, radians.
    pub roll: f64,
    /// To the right, share of the distance.
    pub truck: f64,
    /// Up, share of the distance; the aim stays on the subject.
    pub crane: f64,
    /// Factor on the distance.
    pub distance_scale: f64,
    /// Factor on the focal length.
    pub focal_scale: f64,
}

impl MoveState {
    /// No displacement.
    pub const REST: Self = Self {
        orbit: 0.0,
        pan: 0.0,
        tilt: 0.0,
        roll: 0.0,
        truck: 0.0,
        crane: 0.0,
        distance_scale: 1.0,
        focal_scale: 1.0,
    };
}

/// The moves of a cut.
///
/// Every move but the whip pan is centred: half of its amount lies before the middle of the cut
/// and half after, so the framing is the one asked for in the middle.
#[derive(Clone, Debug, PartialEq)]
pub struct Moves {
    list: Vec<CameraMove>,
    profile: Profile,
    start_s: f64,
    duration_s: f64,
}

/// Longest time of a whip pan, seconds: slower reads as a pan, faster than half a cut leaves no shot.
const WHIP_S: f64 = 0.4;

impl Moves {
    /// Moves over a cut; amounts outside the range of their kind are limited, others than numbers left out.
    #[must_use]
    pub fn new(moves: &[CameraMove], start_s: f64, duration_s: f64, speed: f64) -> Self {
        let finite = moves.iter().filter(|m| m.amount.is_finite());
        Self {
            list: finite.map(limited).collect(),
            profile: Profile::new(speed),
            start_s,
            duration_s: duration_s.max(1e-3),
        }
    }

    /// Whether a move of this kind is among them.
    #[must_use]
    pub fn has(&self, kind: MoveKind) -> bool {
        self.list.iter().any(|m| m.kind == kind)
    }

    /// Sum of the amounts of a kind.
    #[must_use]
    pub fn amount(&self, kind: MoveKind) -> f64 {
        let of_kind = self.list.iter().filter(|m| m.kind == kind);
        of_kind.fold(0.0, |sum, m| sum + m.amount)
    }

    /// The displacement at a time.
    #[must_use]
    pub fn at(&self, time_s: f64) -> MoveState {
        let progress = self.profile.at((time_s - self.start_s) / self.duration_s) - 0.5;
        let whip = self.whip_progress(time_s);
        self.list.iter().fold(MoveState::REST, |mut state, m| {
            let part = m.amount * progress;
            match m.kind {
                MoveKind::Pan => state.pan += part,
                MoveKind::WhipPan => state.pan += m.amount * whip,
                MoveKind::Tilt => state.tilt += part,
                MoveKind::Roll => state.roll += part,
                MoveKind::Dolly => state.distance_scale *= 1.0 - part,
                MoveKind::Truck => state.truck += part,
                MoveKind::Crane => state.crane += part,
                MoveKind::Orbit => state.orbit += part,
                MoveKind::Zoom => state.focal_scale *= scalar::exp(progress * scalar::ln(1.0 + m.amount)),
                MoveKind::DollyZoom => {
                    state.distance_scale *= 1.0 - part;
                    state.focal_scale *= 1.0 - part;
                }
                MoveKind::Static | MoveKind::Follow | MoveKind::Handheld => {}
            }
            state
        })
    }

    /// A cubic start that is still fast at the cut, where the next shot takes over.
    fn whip_progress(&self, time_s: f64) -> f64 {
        let length = WHIP_S.min(0.5 * self.duration_s);
        let end = self.start_s + self.duration_s;
        let u = ((time_s - end) / length + 1.0).clamp(0.0, 1.5);
        u * u * u
    }
}

/// Amounts that a camera can do. A dolly of 1.6 leaves a fifth of the distance at its end; a zoom
/// of −0.9 or 9 is a tenfold lens.
fn limited(m: &CameraMove) -> CameraMove {
    let range = match m.kind {
        MoveKind::Dolly | MoveKind::DollyZoom => -1.6..=1.6,
        MoveKind::Zoom => -0.9..=9.0,
        MoveKind::Truck | MoveKind::Crane => -4.0..=4.0,
        MoveKind::Follow => 0.0..=1.0,
        MoveKind::Handheld => 0.0..=0.2,
        _ => -4.0 * scalar::PI..=4.0 * scalar::PI,
    };
    CameraMove {
        kind: m.kind,
        amount: m.amount.clamp(*range.start(), *range.end()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    pub(super) const MOVING: [(MoveKind, f64); 10] = [
        (MoveKind::Pan, 0.6),
        (MoveKind::Tilt, -0.3),
        (MoveKind::Roll, 0.4),
        (MoveKind::Dolly, 0.5),
        (MoveKind::Truck, 0.4),
        (MoveKind::Crane, 0.5),
        (MoveKind::Orbit, 1.2),
        (MoveKind::Zoom, 1.0),
        (MoveKind::DollyZoom, 0.5),
        (MoveKind::WhipPan, 1.5),
    ];

    fn numbers(s: MoveState) -> [f64; 8] {
        [
            s.orbit,
            s.pan,
            s.tilt,
            s.roll,
            s.truck,
            s.crane,
            s.distance_scale,
            s.focal_scale,
        ]
    }

    fn moves(list: &[(MoveKind, f64)]) -> Moves {
        let list: Vec<_> = list
            .iter()
            .map(|&(kind, amount)| CameraMove { kind, amount })
            .collect();
        Moves::new(&list, 2.0, 3.0, 1.0)
    }

    #[test]
    fn every_move_is_c2_and_moves_by_its_amount() {
        for one in MOVING {
            let m = moves(&[one]);
            let h = 1e-3;
            let value = |t: f64, i: usize| numbers(m.at(t))[i];
            let mut travelled = 0.0_f64;
            for i in 0..8 {
                let bend = |t: f64| (value(t + h, i) - 2.0 * value(t, i) + value(t - h, i)) / (h * h);
                for k in 0..2990 {
                    let t = 2.0 + f64::from(k) * h;
                    // a jump in acceleration would show as a change that does not shrink with h
                    assert!((bend(t + h) - bend(t)).abs() < 0.3, "{one:?} at {t}");
                }
                travelled = travelled.max((value(5.0, i) - value(2.0, i)).abs());
            }
            let wanted: f64 = if one.0 == MoveKind::Zoom {
                2.0_f64.sqrt() - 0.5_f64.sqrt()
            } else {
                one.1
            };
            assert!((travelled - wanted.abs()).abs() < 1e-9, "{one:?}: {travelled}");
        }
    }

    #[test]
    fn moves_compose_in_any_order() {
        let (pan, zoom, dolly) = (MOVING[0], MOVING[7], MOVING[3]);
        let (a, b) = (moves(&[pan, zoom, dolly]), moves(&[dolly, pan, zoom]));
        for k in 0..60 {
            let t = 2.0 + f64::from(k) * 0.05;
            for (x, y) in numbers(a.at(t)).into_iter().zip(numbers(b.at(t))) {
                assert!((x - y).abs() < 1e-12);
            }
            assert!((a.at(t).pan - moves(&[pan]).at(t).pan).abs() < 1e-12);
        }
        assert_eq!(a.at(3.5), MoveState::REST, "the middle of the cut is the framing");
    }

    #[test]
    fn the_dolly_zoom_keeps_the_subject_s_size() {
        let m = moves(&[(MoveKind::DollyZoom, 1.0)]);
        for k in 0..30 {
            let s = m.at(2.0 + f64::from(k) * 0.1);
            assert!((s.focal_scale / s.distance_scale - 1.0).abs() < 1e-12);
        }
    }

    #[test]
    fn nonsense_amounts_are_limited() {
        let all = [f64::NAN, f64::INFINITY, 1e300, -1e300];
        for (kind, _) in MOVING {
            for amount in all {
                let s = moves(&[(kind, amount)]).at(2.1);
                assert!(
                    numbers(s).iter().all(|x| x.is_finite()) && s.distance_scale > 0.0 && s.focal_scale > 0.0
                );
            }
        }
    }
}
