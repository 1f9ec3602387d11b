//! Laws every built subject keeps; used by the tests beside each builder.

use std::collections::BTreeSet;

use super::Subject;
use crate::artefact::Action;
use crate::digest::{Canonical, Digest};
use crate::emotion::Vad;
use crate::geometry::PosedModel;
use crate::math::{DAffine3, DQuat, DVec3};
use crate::scene::{Motion, SubjectState};

/// A subject posed by a motion at a time, at the origin.
pub(super) fn posed(subject: &Subject, motion: &dyn Motion, time: f64) -> PosedModel {
    let pose = subject.rig.pose(&subject.model, motion, time);
    subject.model.posed(&pose, DAffine3::IDENTITY)
}

/// Weights add to one over bones that exist; names are unique; triangles have corners.
pub(super) fn well_formed(subject: &Subject) {
    let model = &subject.model;
    let bones = model.skeleton.bones().len();
    assert_eq!(model.weights.len(), model.mesh.positions.len());
    for slots in &model.weights {
        let sum: f64 = slots.iter().map(|s| s.1).sum();
        assert!((sum - 1.0).abs() < 1e-9, "{slots:?}");
        assert!(slots.iter().all(|s| usize::from(s.0) < bones && s.1 >= 0.0));
    }
    assert!(model.mesh.positions.iter().all(|p| p.is_finite()));
    for t in &model.mesh.triangles {
        assert!(t[0] != t[1] && t[1] != t[2] && t[2] != t[0]);
    }
    let unique = |names: Vec<&str>| {
        let set: BTreeSet<&str> = names.iter().copied().collect();
        assert_eq!(set.len(), names.len(), "{names:?}");
    };
    unique(model.mesh.parts.iter().map(|p| p.name.as_str()).collect());
    unique(model.marks.iter().map(|m| m.name.as_str()).collect());
    unique(model.sockets.iter().map(|s| s.name.as_str()).collect());
    unique(model.skeleton.bones().iter().map(|b| b.name.as_str()).collect());
    let rest = model.posed(&model.skeleton.rest(), DAffine3::IDENTITY);
    for (a, b) in rest.positions.iter().zip(&model.mesh.positions) {
        assert!((*a - *b).length() < 1e-9, "the rest pose is the mesh");
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
        let posed = posed(subject, &motion, f64::from(k) * 1.7 - 3.0);
        for p in &posed.positions {
            assert!(p.is_finite() && p.length() < reach, "state {k}: {p}");
        }
        assert!(posed.normals.iter().all(|n| n.is_finite()));
    }
}

/// The digest of a model and of one pose, in tenths of a millimetre.
pub(super) fn digest(subject: &Subject, motion: &dyn Motion) -> Digest {
    let mut writer = Canonical::new("test/subject");
    let posed = posed(subject, motion, 1.3);
    for p in subject.model.mesh.positions.iter().chain(&posed.positions) {
        for x in p.to_array() {
            writer.integer((x * 1e4).round() as i64 as u64);
        }
    }
    for t in &subject.model.mesh.triangles {
        for &v in t {
            writer.integer(u64::from(v));
        }
    }
    writer.finish()
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
        let place = motion.at(time).position + posed(subject, motion, time).sockets[index].0;
        low = low.min(place);
        high = high.max(place);
    }
    (high - low).length()
}
