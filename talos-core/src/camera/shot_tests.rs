//! Laws of the camera of a cut.

use super::framing::Extent;
use super::*;
use crate::artefact::{CameraAngle, CameraMove, MoveKind, ShotSize};
use crate::math::{DVec2, DVec3, scalar};
use crate::random::{Seed, Stream};

const SIZE: FrameSize = FrameSize {
    width: 1920,
    height: 1080,
};

const SIZES: [ShotSize; 8] = [
    ShotSize::ExtremeWide,
    ShotSize::Wide,
    ShotSize::Full,
    ShotSize::MediumWide,
    ShotSize::Medium,
    ShotSize::MediumCloseUp,
    ShotSize::CloseUp,
    ShotSize::ExtremeCloseUp,
];

const ANGLES: [CameraAngle; 5] = [
    CameraAngle::EyeLevel,
    CameraAngle::Low,
    CameraAngle::High,
    CameraAngle::Overhead,
    CameraAngle::Dutch,
];

const MOVING: [(MoveKind, f64); 12] = [
    (MoveKind::Static, 0.0),
    (MoveKind::Pan, 0.2),
    (MoveKind::Tilt, -0.1),
    (MoveKind::Roll, 0.3),
    (MoveKind::Dolly, 0.4),
    (MoveKind::Truck, 0.3),
    (MoveKind::Crane, 0.5),
    (MoveKind::Orbit, 0.8),
    (MoveKind::Zoom, 0.5),
    (MoveKind::DollyZoom, 0.5),
    (MoveKind::Follow, 1.0),
    (MoveKind::Handheld, 0.01),
];

type Cast<'a> = &'a dyn Fn(f64) -> Vec<SubjectBounds>;

fn plan(subjects: Cast<'_>) -> ShotPlan<'_> {
    ShotPlan {
        cut_id: "S01_C01",
        start_s: 2.0,
        end_s: 5.0,
        shot_size: ShotSize::Full,
        angle: CameraAngle::EyeLevel,
        azimuth: 1.0,
        focal_length_mm: 35.0,
        f_stop: 4.0,
        moves: &[],
        shake_rad: 0.0,
        speed: 1.0,
        subjects,
        place: SubjectBounds::standing(DVec3::ZERO, 40.0, DVec3::Z),
        line: None,
        ground: &|_, _| 0.0,
    }
}

fn person(x: f64, z: f64) -> SubjectBounds {
    SubjectBounds::standing(DVec3::new(x, 0.0, z), 1.7, DVec3::Z)
}

/// Two dragons that circle and close in on each other in the air.
fn dragons(t: f64) -> Vec<SubjectBounds> {
    let dragon = |turn: f64| {
        let reach = 9.0 + 4.0 * scalar::sin(1.7 * t);
        let (sin, cos) = scalar::sin_cos(0.5 * t + turn);
        let centre = DVec3::new(reach * cos, 60.0 + 3.0 * scalar::sin(2.1 * t + turn), reach * sin);
        SubjectBounds {
            centre,
            head: centre + DVec3::new(-cos, 0.4, -sin) * 4.0,
            up: DVec3::Y,
            height_m: 5.0,
            radius_m: 6.0,
            head_radius_m: 0.8,
            heading: DVec3::new(-cos, 0.0, -sin),
        }
    };
    vec![dragon(0.0), dragon(scalar::PI)]
}

fn shares(camera: &Camera, points: &[DVec3]) -> Vec<DVec2> {
    let projection = camera.projection(SIZE);
    let share = |p: &DVec3| projection.project(*p).expect("in front") / DVec2::new(1920.0, 1080.0) - 0.5;
    points.iter().map(share).collect()
}

fn random_cast(s: &Stream) -> SubjectBounds {
    let foot = DVec3::new(s.range(0, -30.0, 30.0), 0.0, s.range(1, -30.0, 30.0));
    let (sin, cos) = scalar::sin_cos(s.range(2, -3.0, 3.0));
    SubjectBounds {
        radius_m: s.range(4, 0.3, 5.0),
        ..SubjectBounds::standing(foot, s.range(3, 0.6, 9.0), DVec3::new(sin, 0.0, cos))
    }
}

#[test]
fn random_subjects_are_framed_within_two_percent() {
    for i in 0..160_usize {
        let s = Seed(12).stream("test/shot").item(i as u64);
        let subject = random_cast(&s);
        let cast = |_: f64| vec![subject];
        let mut p = plan(&cast);
        p.shot_size = SIZES[i % 8];
        p.angle = ANGLES[i / 8 % 5];
        p.azimuth = s.range(5, -3.1, 3.1);
        p.focal_length_mm = s.range(6, 18.0, 100.0);
        let shot = ShotCamera::new(&p, SIZE, Seed(1));
        // a tilted figure that would touch the frame's edge is shown whole instead, and the residual says so
        let allowed = if p.angle == CameraAngle::Dutch { 0.1 } else { 0.02 };
        assert!(
            shot.residual() < allowed,
            "{i} {:?} {:?}: {}",
            p.shot_size,
            p.angle,
            shot.residual()
        );
        // the same from the pixels; a Dutch angle turns the extent, an overhead keeps half the height
        if matches!(p.angle, CameraAngle::Dutch | CameraAngle::Overhead) {
            continue;
        }
        let scale = shot_scale(p.shot_size);
        let points = subject.part(scale.part).points();
        let seen = shares(&shot.at(3.5), &points);
        let low = seen.iter().fold(DVec2::INFINITY, |a, b| a.min(*b));
        let high = seen.iter().fold(DVec2::NEG_INFINITY, |a, b| a.max(*b));
        let fill = (high - low).max_element();
        assert!((fill - scale.fill).abs() < 0.02, "{i}: {fill} of {}", scale.fill);
    }
}

#[test]
fn each_move_and_all_together_are_c2() {
    let runner = |t: f64| vec![person(0.3 * scalar::sin(9.0 * t), 4.0 * t)];
    let one = |m: &(MoveKind, f64)| {
        vec![CameraMove {
            kind: m.0,
            amount: m.1,
        }]
    };
    let mut lists: Vec<Vec<CameraMove>> = MOVING.iter().map(one).collect();
    lists.push(MOVING.iter().flat_map(one).collect());
    for moves in &lists {
        let mut p = plan(&runner);
        p.moves = moves;
        let shot = ShotCamera::new(&p, SIZE, Seed(1));
        let state = |t: f64| {
            let c = shot.at(t);
            let (right, up) = (c.orientation * DVec3::X, c.orientation * DVec3::Y);
            [
                c.position,
                right,
                up,
                DVec3::splat(c.lens.focal_length_mm / 35.0),
                DVec3::splat(c.lens.focus_distance_m),
            ]
        };
        // the second difference must change by O(h): a jump of the acceleration would not
        let change = |h: f64| {
            let mut largest = 0.0_f64;
            for k in 0..400 {
                let t = 2.02 + 2.96 * f64::from(k) / 400.0;
                let [a, b, c, d] = [-1.0, 0.0, 1.0, 2.0].map(|n| state(t + n * h));
                for i in 0..5 {
                    let third = (d[i] - c[i] * 3.0 + b[i] * 3.0 - a[i]) / (h * h);
                    largest = largest.max(third.length());
                }
            }
            largest
        };
        // in these moves no third derivative exceeds 2000 a second cubed, handheld included
        assert!(change(1e-3) < 2.0, "{moves:?}: {}", change(1e-3));
    }
}

#[test]
fn both_fighters_stay_in_frame_throughout() {
    for (i, size) in SIZES.into_iter().enumerate() {
        for (kind, amount) in MOVING
            .into_iter()
            .filter(|m| !matches!(m.0, MoveKind::Pan | MoveKind::Tilt))
        {
            let moves = [CameraMove { kind, amount }];
            let mut p = plan(&dragons);
            p.shot_size = size;
            p.azimuth = if i % 2 == 0 { 1.2 } else { -1.9 };
            p.angle = ANGLES[i % 3];
            p.moves = &moves;
            let shot = ShotCamera::new(&p, SIZE, Seed(1));
            for k in 0..72 {
                let t = 2.0 + f64::from(k) / 24.0;
                let camera = shot.at(t);
                // a close-up of two that are far apart is one of the first
                let close = shot_scale(size).part < 0.4;
                assert_eq!(shot.notes().iter().any(|n| n.contains("first subject")), close);
                for dragon in dragons(t).into_iter().take(if close { 1 } else { 2 }) {
                    if close {
                        assert!(
                            shares(&camera, &[dragon.head])[0].abs().max_element() < 0.45,
                            "{size:?} {kind:?}"
                        );
                        continue;
                    }
                    let points = dragon.part(shot_scale(size).part).points();
                    let seen = shares(&camera, &points);
                    let out = seen.iter().map(|p| p.abs().max_element()).fold(0.0, f64::max);
                    assert!(out < 0.51, "{size:?} {kind:?} at {t}: {out}");
                }
            }
        }
    }
}

#[test]
fn the_sides_of_the_line_are_kept() {
    let cast = |_: f64| vec![person(0.0, 0.0), person(0.0, 2.0)];
    for azimuth in [0.4, 1.0, 1.6, 2.6, -0.4, -1.0, -1.6, -2.6] {
        let mut p = plan(&cast);
        p.azimuth = azimuth;
        p.shot_size = ShotSize::Medium;
        let shot = ShotCamera::new(&p, SIZE, Seed(1));
        let seen = shares(&shot.at(3.5), &[DVec3::Y * 1.5, DVec3::new(0.0, 1.5, 2.0)]);
        // from the left of first → second (azimuth in (0, π)) the second is on the left
        assert!((seen[0].x - seen[1].x) * azimuth > 0.0, "{azimuth}: {seen:?}");
        assert!(seen[0].x * seen[1].x < 0.0, "one on each side: {seen:?}");
        assert!((shot.at(3.5).position.x > 0.0) == (azimuth > 0.0));
    }
    // a runner seen from its left runs to the left, with room before it
    let runner = |_: f64| vec![person(0.0, 0.0)];
    let mut p = plan(&runner);
    p.azimuth = 1.5;
    let shot = ShotCamera::new(&p, SIZE, Seed(1));
    let seen = shares(&shot.at(3.5), &[DVec3::Y * 0.85, DVec3::new(0.0, 0.85, 0.2)]);
    assert!(seen[1].x < seen[0].x && seen[0].x > 0.1, "{seen:?}");
}

#[test]
fn a_runner_is_followed_steadily() {
    let bob = |t: f64| {
        vec![SubjectBounds::standing(
            DVec3::new(0.0, 0.1 * scalar::sin(18.0 * t).abs(), 9.0 * t),
            1.7,
            DVec3::Z,
        )]
    };
    let p = plan(&bob);
    let shot = ShotCamera::new(&p, SIZE, Seed(1));
    let steady: Vec<Camera> = (0..72).map(|k| shot.at(2.0 + f64::from(k) / 24.0)).collect();
    for pair in steady.windows(2) {
        let step = pair[1].position - pair[0].position;
        assert!(
            (step.z - 9.0 / 24.0).abs() < 0.01 && step.y.abs() < 0.005,
            "{step}"
        );
    }
    for (k, camera) in steady.iter().enumerate() {
        let t = 2.0 + k as f64 / 24.0;
        let at = shares(camera, &[bob(t)[0].centre])[0];
        assert!(at.abs().max_element() < 0.22, "{at}");
    }
}

#[test]
fn a_static_camera_stands_still_or_says_why_not() {
    let moves = [CameraMove {
        kind: MoveKind::Static,
        amount: 0.0,
    }];
    let sway = |t: f64| vec![person(0.1 * scalar::sin(3.0 * t), 0.0)];
    let mut p = plan(&sway);
    p.moves = &moves;
    let shot = ShotCamera::new(&p, SIZE, Seed(1));
    assert!((shot.at(2.1).position - shot.at(4.7).position).length() < 1e-9);
    assert!(shot.notes().is_empty());
    let run = |t: f64| vec![person(0.0, 9.0 * t)];
    let mut p = plan(&run);
    p.moves = &moves;
    let shot = ShotCamera::new(&p, SIZE, Seed(1));
    assert!(shot.notes()[0].contains("static"), "{:?}", shot.notes());
}

#[test]
fn the_camera_stays_above_the_ground_and_keeps_its_subject() {
    let hills = |x: f64, z: f64| 3.0 * scalar::sin(0.3 * x) + 2.0 * scalar::cos(0.4 * z);
    let mut exact = 0;
    for i in 0..60_usize {
        let s = Seed(13).stream("test/ground").item(i as u64);
        let (x, z) = (s.range(0, -20.0, 20.0), s.range(1, -20.0, 20.0));
        let cast = |t: f64| {
            vec![SubjectBounds::standing(
                DVec3::new(x + t, hills(x + t, z), z),
                1.7,
                DVec3::X,
            )]
        };
        let moves = [
            CameraMove {
                kind: MoveKind::Crane,
                amount: s.range(2, -0.6, 0.6),
            },
            CameraMove {
                kind: MoveKind::Dolly,
                amount: s.range(3, -0.5, 0.5),
            },
        ];
        let mut p = plan(&cast);
        p.ground = &hills;
        p.moves = &moves;
        p.shot_size = SIZES[1 + i % 7];
        p.angle = ANGLES[i % 4];
        p.azimuth = s.range(4, -3.0, 3.0);
        let shot = ShotCamera::new(&p, SIZE, Seed(1));
        for k in 0..=72 {
            let camera = shot.at(2.0 + f64::from(k) / 24.0);
            let above = camera.position.y - hills(camera.position.x, camera.position.z);
            assert!(above > 0.02, "{i} at {k}: {above}");
        }
        assert!(shot.residual() < 0.15, "{i}: {}", shot.residual());
        exact += usize::from(shot.residual() < 0.02);
    }
    // a hill before the camera lifts it, and the residual says what that costs
    assert!(exact >= 50, "{exact} of 60");
}

#[test]
fn degenerate_plans_give_finite_cameras() {
    let odd = SubjectBounds {
        centre: DVec3::NAN,
        head: DVec3::splat(f64::INFINITY),
        up: DVec3::ZERO,
        height_m: 0.0,
        radius_m: f64::NAN,
        head_radius_m: -2.0,
        heading: DVec3::ZERO,
    };
    let flat = SubjectBounds {
        height_m: 0.0,
        radius_m: 0.0,
        head_radius_m: 0.0,
        ..person(0.0, 0.0)
    };
    let stacked = SubjectBounds::standing(DVec3::Y * 9.0, 1.7, DVec3::Y);
    let casts = [
        vec![],
        vec![odd],
        vec![flat],
        vec![person(0.0, 0.0), person(0.0, 0.0)],
        vec![person(0.0, 0.0), stacked],
        vec![person(0.0, 0.0), person(1.0, 0.0), person(2.0, 0.0)],
        vec![odd, odd, odd],
    ];
    for members in &casts {
        let cast = |_: f64| members.clone();
        for angle in ANGLES {
            for (azimuth, focal, start, end) in [
                (0.0, 35.0, 2.0, 5.0),
                (f64::NAN, f64::NAN, 0.0, 0.0),
                (scalar::PI, 0.0, 5.0, 2.0),
                (1e9, 1e9, f64::NAN, f64::INFINITY),
            ] {
                let mut p = plan(&cast);
                (p.angle, p.azimuth, p.focal_length_mm, p.start_s, p.end_s) =
                    (angle, azimuth, focal, start, end);
                (p.shake_rad, p.speed, p.line) = (azimuth, focal, Some(DVec3::NAN));
                let shot = ShotCamera::new(&p, SIZE, Seed(1));
                for t in [start, 0.0, 3.3, -1.0] {
                    let camera = shot.at(if t.is_nan() { 0.0 } else { t });
                    let finite = camera.position.is_finite() && camera.orientation.is_finite();
                    assert!(
                        finite && camera.lens.focus_distance_m.is_finite(),
                        "{members:?} {angle:?} {azimuth}"
                    );
                    assert!((camera.orientation.length() - 1.0).abs() < 1e-9);
                }
            }
        }
    }
}

#[test]
fn the_same_plan_gives_the_same_bits_in_any_order() {
    let moves = MOVING.map(|(kind, amount)| CameraMove { kind, amount });
    let make = |seed| {
        let mut p = plan(&dragons);
        p.moves = &moves;
        p.shake_rad = 0.01;
        ShotCamera::new(&p, SIZE, Seed(seed))
    };
    let (a, b) = (make(7), make(7));
    let forward: Vec<Camera> = (0..72).map(|k| a.at(f64::from(k) / 24.0)).collect();
    let backward: Vec<Camera> = (0..72).rev().map(|k| b.at(f64::from(k) / 24.0)).collect();
    assert!(forward.iter().eq(backward.iter().rev()));
    assert_ne!(make(8).at(3.0), a.at(3.0));
}

#[test]
fn focus_lies_on_the_subject_and_an_empty_shot_frames_the_place() {
    let cast = |_: f64| vec![person(0.0, 0.0)];
    let shot = ShotCamera::new(&plan(&cast), SIZE, Seed(1));
    let camera = shot.at(3.5);
    let depth = camera.projection(SIZE).depth(DVec3::Y * 0.85);
    assert!((camera.lens.focus_distance_m - depth).abs() < 1e-9);
    let nobody = |_: f64| vec![];
    let shot = ShotCamera::new(&plan(&nobody), SIZE, Seed(1));
    assert!(shot.residual() < 0.02 && (shot.fill() - 0.95).abs() < 0.02);
    let camera = shot.at(3.5);
    let window = Window::new(camera.film_back, 35.0);
    let view = View::from_angles(1.0, 0.05);
    let place = SubjectBounds::standing(DVec3::ZERO, 40.0, DVec3::Z).part(1.0);
    assert!(Extent::of(&place.points(), camera.position, &view, window).is_some());
}

#[test]
fn golden_cameras() {
    // Caught: nothing yet. A change of framing, moves, shake or smoothing shows here first; to mint the
    // digest again, copy the one that the failure prints, and say in the changelog why it moved.
    let moves = MOVING.map(|(kind, amount)| CameraMove { kind, amount });
    let mut canonical = crate::digest::Canonical::new("test/cameras");
    for size in SIZES {
        let mut p = plan(&dragons);
        p.shot_size = size;
        p.moves = &moves;
        p.shake_rad = 0.01;
        let shot = ShotCamera::new(&p, SIZE, Seed(1));
        for t in [2.0, 3.1, 4.9] {
            let c = shot.at(t);
            canonical
                .numbers(&c.position.to_array())
                .numbers(&c.orientation.to_array());
            canonical.numbers(&[c.lens.focal_length_mm, c.lens.focus_distance_m]);
        }
    }
    assert_eq!(canonical.finish().to_string(), GOLDEN);
}

/// Minted anew when an extreme wide shot began to fill 0.24 of the frame instead of 0.10: two dragons over a
/// city were specks.
const GOLDEN: &str = "4670bcd92e672db1253bb57db5be16334154c55a9043801f86fb6df47f49086d";
