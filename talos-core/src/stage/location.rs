//! Finding a place for the camera: where nothing stands between it and what it films.
//!
//! The director gives an angle; on location the operator steps aside until the view is
//! clear, on the same side of the line of action.

use crate::{
    artefact::CameraAngle,
    camera::{FrameSize, ShotCamera, ShotPlan, SubjectBounds},
    math::{DVec3, scalar},
    random::Seed,
    scene::environment::{Environment, Obstacle},
};

/// Steps aside from the directed azimuth, radians, the smallest first. Beyond 50° another picture
/// would be taken than was directed.
const STEPS: [f64; 9] = [0.0, 0.17, -0.17, 0.35, -0.35, 0.55, -0.55, 0.87, -0.87];
/// Nearer than this to a wall, the wall fills the frame.
const ROOM_M: f64 = 3.0;
/// Times of the cut at which the view is looked at.
const LOOKS: usize = 7;

/// A camera where it can see.
pub(super) struct Setup {
    pub(super) camera: ShotCamera,
    /// How far it stands from the directed azimuth, radians.
    pub(super) moved_rad: f64,
    /// Share of looks at the subjects that stay blocked.
    pub(super) blocked: f64,
}

/// The camera of a plan, moved aside if need be.
pub(super) fn scout(plan: &ShotPlan<'_>, size: FrameSize, seed: Seed, environment: &Environment) -> Setup {
    let mut best: Option<(f64, ShotCamera, f64)> = None;
    for angle in angles(plan.angle) {
        for step in STEPS {
            let azimuth = plan.azimuth + step;
            // never across the line of action
            if step != 0.0 && scalar::sin(azimuth) * scalar::sin(plan.azimuth) <= 0.0 {
                continue;
            }
            let camera = ShotCamera::new(
                &ShotPlan {
                    azimuth,
                    angle,
                    ..*plan
                },
                size,
                seed,
            );
            let blocked = blocked(&camera, plan, environment);
            if best.as_ref().is_none_or(|b| blocked < b.0 - 1e-9) {
                best = Some((blocked, camera, step));
            }
            if blocked == 0.0 {
                break;
            }
        }
        if best.as_ref().is_some_and(|b| b.0 == 0.0) {
            break;
        }
    }
    match best {
        Some((blocked, camera, moved_rad)) => Setup {
            camera,
            moved_rad,
            blocked,
        },
        None => Setup {
            camera: ShotCamera::new(plan, size, seed),
            moved_rad: 0.0,
            blocked: 0.0,
        },
    }
}

/// The directed height first, then eye level, which looks under and past most things.
fn angles(directed: CameraAngle) -> Vec<CameraAngle> {
    match directed {
        CameraAngle::Low | CameraAngle::High => vec![directed, CameraAngle::EyeLevel],
        _ => vec![directed],
    }
}

/// Share of looks at the subjects that something stands in the way of.
fn blocked(camera: &ShotCamera, plan: &ShotPlan<'_>, environment: &Environment) -> f64 {
    let (mut looks, mut misses) = (0.0, 0.0);
    for look in 0..LOOKS {
        let time_s = scalar::lerp(plan.start_s, plan.end_s, look as f64 / (LOOKS - 1) as f64);
        let eye = camera.at(time_s).position;
        let crowded = environment.obstacles.iter().any(|o| o.distance_m(eye) < ROOM_M);
        for subject in (plan.subjects)(time_s) {
            for target in sights(&subject) {
                looks += 1.0;
                let hidden = crowded
                    || environment
                        .obstacles
                        .iter()
                        .any(|o| stands_between(o, eye, target));
                misses += f64::from(u8::from(hidden));
            }
        }
    }
    if looks > 0.0 { misses / looks } else { 0.0 }
}

/// What has to be seen of a subject: its middle, its head, and its sides.
fn sights(subject: &SubjectBounds) -> [DVec3; 4] {
    let side = DVec3::new(subject.heading.z, 0.0, -subject.heading.x).normalize_or(DVec3::X)
        * (0.6 * subject.radius_m);
    [
        subject.centre,
        subject.head,
        subject.centre + side,
        subject.centre - side,
    ]
}

/// Whether a box stands across the line from eye to target (slab test; Kay & Kajiya 1986).
fn stands_between(obstacle: &Obstacle, eye: DVec3, target: DVec3) -> bool {
    let way = target - eye;
    let (mut enter, mut leave) = (0.0_f64, 1.0_f64);
    for axis in 0..3 {
        let (low, high) = (obstacle.low[axis] - eye[axis], obstacle.high[axis] - eye[axis]);
        if way[axis].abs() < 1e-9 {
            if low > 0.0 || high < 0.0 {
                return false;
            }
            continue;
        }
        let (a, b) = (low / way[axis], high / way[axis]);
        enter = enter.max(a.min(b));
        leave = leave.min(a.max(b));
    }
    enter < leave
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_box_hides_what_is_behind_it_and_nothing_else() {
        let wall = Obstacle {
            low: DVec3::new(-1.0, 0.0, 4.0),
            high: DVec3::new(1.0, 3.0, 5.0),
        };
        let eye = DVec3::new(0.0, 1.0, 0.0);
        assert!(stands_between(&wall, eye, DVec3::new(0.0, 1.0, 10.0)));
        assert!(
            !stands_between(&wall, eye, DVec3::new(0.0, 1.0, 3.0)),
            "before it"
        );
        assert!(
            !stands_between(&wall, eye, DVec3::new(8.0, 1.0, 10.0)),
            "beside it"
        );
        assert!(
            !stands_between(&wall, eye, DVec3::new(0.0, 9.0, 10.0)),
            "above it"
        );
    }
}
