//! Two subjects in a level frame, one on each side of it.

use super::framing::Window;
use super::toric::{Toric, ray_through};
use super::view::View;
use crate::math::{DVec2, DVec3, roots};

/// A level view of two targets, as the rest of the camera describes it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct TwoShot {
    /// Yaw of the view, radians.
    pub(super) yaw: f64,
    /// Where the middle between the targets appears, shares of the frame.
    pub(super) placement: DVec2,
    /// Depth of that middle, metres.
    pub(super) distance_m: f64,
}

/// Rounds of alternating between the roll-free view and the torus. Each shrinks the error three- to
/// tenfold at 24 mm; a dozen reach 1e-5 of the frame.
const ROUNDS: u32 = 12;

/// The camera in the direction (`yaw`, `elevation`) of the middle of two targets that shows them at
/// −`spread` and +`spread` of the frame's width from its middle, without roll.
///
/// Toric space gives the place for two screen places; a level camera cannot choose their heights,
/// so those are taken from the view and the place is found again. `None` when the targets
/// coincide or one falls behind the camera.
#[must_use]
pub(super) fn two_shot(
    targets: [DVec3; 2],
    yaw: f64,
    elevation: f64,
    window: Window,
    spread: f64,
) -> Option<TwoShot> {
    let view = View::from_angles(yaw, elevation);
    let middle = 0.5 * (targets[0] + targets[1]);
    let side = if (targets[1] - targets[0]).dot(view.right) < 0.0 {
        -1.0
    } else {
        1.0
    };
    let mut places = [-side, side].map(|s| DVec2::new(s * spread, 0.0));
    let mut found = None;
    for _ in 0..ROUNDS {
        let rays = places.map(|place| ray_through(place, window));
        let toric = Toric::new(targets[0], targets[1], rays[0].angle_between(rays[1]))?;
        let eye = toric.towards(view.back);
        let seen = |yaw: f64| {
            let view = View::from_angles(yaw, elevation);
            targets.map(|t| place_of(t - eye, &view, window))
        };
        let balance = |yaw: f64| seen(yaw).map(|p| p.map_or(f64::NAN, |p| p.x)).iter().sum();
        // the middle ray lies between the targets: within half a field of view of the direct one
        let yaw = roots::bisect(balance, yaw - 0.6, yaw + 0.6);
        let [a, b] = seen(yaw);
        places[0].y = a?.y;
        places[1].y = b?.y;
        let view = View::from_angles(yaw, elevation);
        found = Some(TwoShot {
            yaw,
            placement: place_of(middle - eye, &view, window)?,
            distance_m: -view.resolve(middle - eye).z,
        });
    }
    found
}

/// Where a point at an offset from the eye appears; `None` unless it is in front.
fn place_of(offset: DVec3, view: &View, window: Window) -> Option<DVec2> {
    let q = view.resolve(offset);
    (q.z < -1e-3).then(|| DVec2::new(q.x / window.width, q.y / window.height) / -q.z)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::camera::eye_at;
    use crate::random::Seed;

    #[test]
    fn both_targets_stand_on_their_thirds() {
        let window = Window {
            width: 1.03,
            height: 0.58,
        };
        let mut solved = 0;
        for i in 0..200 {
            let s = Seed(11).stream("test/two").item(i);
            let targets = [0, 3].map(|k| {
                DVec3::new(
                    s.range(k, -9.0, 9.0),
                    s.range(k + 1, 0.0, 2.0),
                    s.range(k + 2, -9.0, 9.0),
                )
            });
            let line = targets[1] - targets[0];
            let across = crate::camera::yaw_of(line).expect("level") + s.range(6, 0.5, 2.6);
            let elevation = s.range(7, -0.3, 0.6);
            let Some(shot) = two_shot(targets, across, elevation, window, 1.0 / 6.0) else {
                continue;
            };
            let view = View::from_angles(shot.yaw, elevation);
            let middle = 0.5 * (targets[0] + targets[1]);
            let eye = eye_at(middle, &view, window, shot.placement, shot.distance_m);
            let x = targets.map(|t| place_of(t - eye, &view, window).expect("in front").x);
            // B is on the left of the frame seen from the left of A → B
            assert!(
                (x[0] - 1.0 / 6.0).abs() < 1e-3 && (x[1] + 1.0 / 6.0).abs() < 1e-3,
                "{i}: {x:?}"
            );
            solved += 1;
        }
        assert!(solved > 190, "{solved}");
    }

    #[test]
    fn coinciding_targets_have_no_two_shot() {
        let window = Window {
            width: 1.0,
            height: 0.6,
        };
        assert_eq!(two_shot([DVec3::ONE; 2], 0.0, 0.0, window, 0.2), None);
        let stacked = [DVec3::ZERO, DVec3::Y * 3.0];
        let shot = two_shot(stacked, 0.0, 0.0, window, 0.2);
        assert!(shot.is_none_or(|s| s.distance_m.is_finite() && s.placement.is_finite()));
    }
}
