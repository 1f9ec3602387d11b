//! The laws every subject keeps, as checks that its tests call.

use super::Subject;
use crate::artefact::Action;
use crate::digest::{Canonical, Digest};
use crate::emotion::Vad;
use crate::geometry::{Edge, Model, PosedModel, Topology};
use crate::math::{DAffine3, DQuat, DVec3};
use crate::scene::{Motion, SubjectState};

/// What every model is: weights, triangles, names and the rest pose are as they should be.
pub(super) fn well_formed(model: &Model) {
    weights_are_sound(model);
    names_are_unique(model);
    rest_is_identity(model);
    assert!(model.mesh.positions.iter().all(|p| p.is_finite()));
    for t in &model.mesh.triangles {
        assert!(t[0] != t[1] && t[1] != t[2] && t[2] != t[0]);
    }
}

/// A model of solids whose vertices hang on bones within `reach_m` metres.
pub(super) fn well_built(model: &Model, reach_m: f64) {
    well_formed(model);
    weights_follow_bones(model, reach_m);
    solids_are_closed(model);
}

/// Weights add to 1, name bones that exist, and there is one set for each vertex.
pub(super) fn weights_are_sound(model: &Model) {
    assert_eq!(model.weights.len(), model.mesh.positions.len());
    let bones = model.skeleton.bones().len();
    for slots in &model.weights {
        let sum: f64 = slots.iter().map(|s| s.1).sum();
        assert!((sum - 1.0).abs() < 1e-9, "{slots:?}");
        assert!(
            slots.iter().all(|s| s.1 >= 0.0 && usize::from(s.0) < bones),
            "{slots:?}"
        );
    }
}

/// Every edge of a one-sided part has a triangle on each side.
pub(super) fn solids_are_closed(model: &Model) {
    let mesh = &model.mesh;
    let solid: Vec<[u32; 3]> = mesh
        .triangles
        .iter()
        .zip(&mesh.triangle_part)
        .filter(|(_, part)| !mesh.parts[usize::from(**part)].two_sided)
        .map(|t| *t.0)
        .collect();
    let topology = Topology::new(&solid);
    let open: Vec<_> = topology
        .edges
        .iter()
        .filter(|e| e.triangles.contains(&Edge::NONE))
        .map(|e| mesh.positions[e.vertices[0] as usize])
        .collect();
    assert!(open.is_empty(), "{} open edges, first at {}", open.len(), open[0]);
    let volume: f64 = solid
        .iter()
        .map(|t| t.map(|v| mesh.positions[v as usize]))
        .map(|[a, b, c]| a.dot(b.cross(c)) / 6.0)
        .sum();
    assert!(volume > 0.0, "solids face outward");
}

/// Names of parts, bones, marks and sockets are unique.
pub(super) fn names_are_unique(model: &Model) {
    let unique = |mut names: Vec<&str>| {
        names.sort_unstable();
        names.windows(2).for_each(|pair| assert_ne!(pair[0], pair[1]));
    };
    unique(model.mesh.parts.iter().map(|p| p.name.as_str()).collect());
    unique(model.skeleton.bones().iter().map(|b| b.name.as_str()).collect());
    unique(model.marks.iter().map(|m| m.name.as_str()).collect());
    unique(model.sockets.iter().map(|s| s.name.as_str()).collect());
}

/// The rest pose moves nothing.
pub(super) fn rest_is_identity(model: &Model) {
    let posed = model.posed(&model.skeleton.rest(), DAffine3::IDENTITY);
    for (a, b) in model.mesh.positions.iter().zip(&posed.positions) {
        assert!((*a - *b).length() < 1e-9);
    }
}

/// A vertex hangs on bones within `reach` metres of it.
pub(super) fn weights_follow_bones(model: &Model, reach: f64) {
    let joints = model.skeleton.model_from_bone(&model.skeleton.rest());
    for (p, slots) in model.mesh.positions.iter().zip(&model.weights) {
        let nearest = slots
            .iter()
            .filter(|s| s.1 > 0.2)
            .map(|s| (joints[usize::from(s.0)].translation - *p).length())
            .fold(f64::INFINITY, f64::min);
        assert!(nearest < reach, "{p} hangs {nearest} m from its bone");
    }
}

/// The subject posed by a motion at a time, at the origin.
pub(super) fn moved(subject: &Subject, motion: &dyn Motion, time_s: f64) -> PosedModel {
    let pose = subject.rig.pose(&subject.model, motion, time_s);
    subject.model.posed(&pose, DAffine3::IDENTITY)
}

/// The subject posed at a time of a motion whose state is constant but for its phase (1 Hz).
pub(super) fn posed(subject: &Subject, state: SubjectState, time_s: f64) -> PosedModel {
    let motion = move |t: f64| SubjectState {
        phase: state.phase + t,
        ..state
    };
    moved(subject, &motion, time_s)
}

/// States that rigs meet, and some that they should not.
pub(super) fn states() -> Vec<SubjectState> {
    let base = SubjectState::default();
    let mut all = vec![base];
    for amount in [0.5, 1.0, 2.0, -1.0] {
        let actions: [fn(&mut SubjectState, f64); 10] = [
            |s, a| s.fly = a,
            |s, a| s.hover = a,
            |s, a| s.walk = a,
            |s, a| s.run = a,
            |s, a| s.mouth = a,
            |s, a| s.breath = a,
            |s, a| s.strike = a,
            |s, a| s.recoil = a,
            |s, a| s.fall = a,
            |s, a| s.amplitude = 3.0 * a,
        ];
        all.extend(actions.iter().enumerate().map(|(i, set)| {
            let mut state = SubjectState {
                phase: 0.13 * i as f64,
                fly: if i > 3 { 1.0 } else { 0.0 },
                ..base
            };
            set(&mut state, amount);
            state
        }));
    }
    let extreme = SubjectState {
        position: DVec3::splat(1e7),
        orientation: DQuat::from_xyzw(0.0, 1.0, 0.0, 0.0),
        velocity: DVec3::new(0.0, -1e5, 0.0),
        phase: -1e9 + 0.3,
        fly: 1.0,
        hover: 1.0,
        fall: 1.0,
        walk: 1.0,
        mouth: 1.0,
        breath: 1.0,
        strike: -1.0,
        recoil: 1.0,
        ..base
    };
    all.push(extreme);
    for place in [
        DVec3::ZERO,
        DVec3::new(0.0, 0.0, -50.0),
        DVec3::Y * 1e9,
        DVec3::NAN,
        extreme.position,
    ] {
        all.push(SubjectState {
            look_at: Some(place),
            fly: 1.0,
            ..base
        });
    }
    all
}

/// Poses are finite and stay within `reach` metres of the origin.
pub(super) fn poses_are_finite(subject: &Subject, reach: f64) {
    for state in states() {
        for time_s in [0.0, 0.37, 1e5] {
            let now = posed(subject, state, time_s);
            for p in now.positions.iter().chain(now.sockets.iter().map(|s| &s.0)) {
                assert!(p.is_finite() && p.length() < reach, "{p} in {state:?}");
            }
        }
    }
}

/// Poses stay finite and within reach for states of every kind, mixed and extreme.
pub(super) fn never_breaks(subject: &Subject) {
    let reach = 4.0 * subject.model.size_m;
    for k in 0..24_u32 {
        let bit = |b: u32| f64::from(k >> b & 1);
        let state = SubjectState {
            phase: f64::from(k) * 7.13 - 40.0,
            velocity: DVec3::new(bit(0) * 30.0, bit(1) * -40.0, f64::from(k) - 8.0),
            orientation: DQuat::from_rotation_y(f64::from(k)),
            walk: bit(2),
            run: bit(3),
            fly: bit(1),
            hover: bit(4),
            strike: f64::from(k % 3) - 1.0,
            recoil: bit(0),
            fall: bit(2) * bit(4),
            mouth: bit(3),
            look_at: (k % 4 > 1).then_some(DVec3::new(bit(0), bit(1) * 2.0, bit(2) - 0.5)),
            amplitude: 0.2 + bit(0) * 5.0,
            emotion: Vad::new(1.0 - 2.0 * bit(1), 1.0 - 2.0 * bit(2), 1.0 - 2.0 * bit(3)),
            action: if k % 5 == 0 { Action::Swim } else { Action::Fly },
            ..SubjectState::default()
        };
        let motion = |_: f64| state;
        let posed = moved(subject, &motion, f64::from(k) * 1.7 - 3.0);
        for p in &posed.positions {
            assert!(p.is_finite() && p.length() < reach, "state {k}: {p}");
        }
        assert!(posed.normals.iter().all(|n| n.is_finite()));
    }
}

/// Nothing jumps from one instant to the next while the phase runs.
pub(super) fn motion_is_continuous(subject: &Subject, state: SubjectState, most_m_per_s: f64) {
    let step = 1.0 / 240.0;
    let mut before = posed(subject, state, 0.0);
    for i in 1..=260 {
        let now = posed(subject, state, f64::from(i) * step);
        for (a, b) in before.positions.iter().zip(&now.positions) {
            let speed = (*a - *b).length() / step;
            assert!(speed < most_m_per_s, "{speed} m/s at {a}");
        }
        before = now;
    }
}

/// Socket by name.
pub(super) fn socket(subject: &Subject, posed: &PosedModel, name: &str) -> (DVec3, DVec3) {
    let index = subject.model.sockets.iter().position(|s| s.name == name);
    posed.sockets[index.expect("the socket exists")]
}

/// The furthest that a planted socket drifts in the world while the body moves on: the spread of its
/// places over `span` (times), metres.
pub(super) fn drift(subject: &Subject, motion: &dyn Motion, socket: &str, span: (f64, f64)) -> f64 {
    let index = subject
        .model
        .sockets
        .iter()
        .position(|s| s.name == socket)
        .expect("the socket exists");
    let (mut low, mut high) = (DVec3::INFINITY, DVec3::NEG_INFINITY);
    for i in 0..=12 {
        let time = span.0 + (span.1 - span.0) * f64::from(i) / 12.0;
        let place = motion.at(time).position + moved(subject, motion, time).sockets[index].0;
        low = low.min(place);
        high = high.max(place);
    }
    (high - low).length()
}

/// Digest of the rest model and of a few poses.
pub(super) fn digest(subject: &Subject) -> Digest {
    let mut out = Canonical::new("subject/1");
    let model = &subject.model;
    let mut points = |positions: &[DVec3]| {
        for p in positions {
            out.numbers(&p.to_array());
        }
    };
    points(&model.mesh.positions);
    for state in states().into_iter().step_by(7).filter(|s| s.phase.abs() < 10.0) {
        points(&posed(subject, state, 0.7).positions);
    }
    for t in &model.mesh.triangles {
        t.iter().for_each(|&v| {
            out.integer(u64::from(v));
        });
    }
    for &(bone, weight) in model.weights.iter().flatten() {
        out.integer(u64::from(bone)).number(weight);
    }
    out.finish()
}
