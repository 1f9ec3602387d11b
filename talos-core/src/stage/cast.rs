//! The cast on its marks: every member's model, rig, measures and track.

use std::{collections::BTreeMap, sync::Arc};

use super::FilmError;
use crate::{
    artefact::{CastMember, CutSpec, SubjectKind},
    camera::SubjectBounds,
    format::read_glb,
    math::{DAffine3, DVec3},
    palette::space::hex_from_linear,
    scene::{
        Motion, SceneObject, Track,
        choreography::Gait,
        subject::{
            Subject,
            bird::{self, BirdParams},
            dragon::{self, DragonParams},
            fish::{self, FishParams},
            human::{self, HumanParams},
            quadruped::{self, QuadrupedParams},
        },
    },
};

/// One member of the cast, ready to be posed.
pub(super) struct Performer {
    pub(super) id: String,
    pub(super) subject: Subject,
    pub(super) gait: Gait,
    kind: SubjectKind,
    scale: f64,
    pub(super) track: Track,
}

/// Builds every member's subject; members of one kind share one model.
pub(super) fn build(spec: &CutSpec, assets: &BTreeMap<String, Vec<u8>>) -> Result<Vec<Performer>, FilmError> {
    let mut shared: BTreeMap<(SubjectKind, String, String), Subject> = BTreeMap::new();
    spec.cast
        .iter()
        .map(|member| {
            let key = (member.kind, member.variant.clone(), member.asset.clone());
            let subject = match shared.get(&key) {
                Some(subject) => subject.clone(),
                None => {
                    let built = subject_of(member, assets)?;
                    shared.insert(key, built.clone());
                    built
                }
            };
            let gait = gait_of(member, &subject);
            let track = Track {
                states: vec![crate::scene::SubjectState::default()],
            };
            Ok(Performer {
                id: member.id.clone(),
                subject,
                gait,
                kind: member.kind,
                scale: member.scale,
                track,
            })
        })
        .collect()
}

fn subject_of(member: &CastMember, assets: &BTreeMap<String, Vec<u8>>) -> Result<Subject, FilmError> {
    Ok(match member.kind {
        SubjectKind::Dragon => dragon::build(&DragonParams::default()),
        SubjectKind::Bird => bird::build(&BirdParams::default()),
        SubjectKind::Fish => fish::build(&FishParams::default()),
        SubjectKind::Human => human::build(&HumanParams::variant(&member.variant)),
        SubjectKind::Cat | SubjectKind::Dog | SubjectKind::Wolf | SubjectKind::Horse => {
            quadruped::build(&quadruped_params(member.kind))
        }
        SubjectKind::Asset => {
            let missing = || FilmError::MissingAsset {
                name: member.asset.clone(),
                subject: member.id.clone(),
            };
            let bytes = assets.get(&member.asset).ok_or_else(missing)?;
            let imported = read_glb(bytes, &member.asset)?;
            Subject {
                model: Arc::new(imported.model),
                rig: imported.rig,
            }
        }
    })
}

/// What imported models bring besides their bodies.
#[derive(Default)]
pub(super) struct Imported {
    /// Colours by palette address, as `#rrggbb`.
    pub(super) colors: BTreeMap<String, String>,
    /// What their files hold that is not shown: name of the model, and what.
    pub(super) notes: Vec<(String, String)>,
}

/// Colours and remarks of the models that the cast wears.
pub(super) fn imported(spec: &CutSpec, assets: &BTreeMap<String, Vec<u8>>) -> Result<Imported, FilmError> {
    let mut result = Imported::default();
    for member in spec.cast.iter().filter(|m| m.kind == SubjectKind::Asset) {
        let Some(bytes) = assets.get(&member.asset) else {
            continue;
        };
        let model = read_glb(bytes, &member.asset)?;
        for color in model.colours {
            let [r, g, b] = [color.colour[0], color.colour[1], color.colour[2]].map(f64::from);
            let address = format!("subject/{}/palette/{}", member.id, color.slot);
            result.colors.insert(address, hex_from_linear([r, g, b]));
        }
        for note in model.notes.into_iter().map(|note| (member.asset.clone(), note)) {
            if !result.notes.contains(&note) {
                result.notes.push(note);
            }
        }
    }
    Ok(result)
}

/// Speeds and strides by kind, in the animal's own proportions (Froude-like: faster with size).
fn gait_of(member: &CastMember, subject: &Subject) -> Gait {
    let size_m = subject.model.size_m * member.scale;
    let scaled = |gait: Gait| Gait {
        size_m,
        walk: (gait.walk.0 * member.scale.sqrt(), gait.walk.1 * member.scale),
        run: (gait.run.0 * member.scale.sqrt(), gait.run.1 * member.scale),
        cruise_m_s: gait.cruise_m_s * member.scale.sqrt(),
        beat_hz: gait.beat_hz / member.scale.sqrt(),
    };
    let [walk, run] = strides(member, subject.model.size_m);
    let (walk_m_s, run_m_s, cruise_m_s, beat_hz) = match member.kind {
        SubjectKind::Dragon => (1.8, 6.0, 13.0, 0.75),
        SubjectKind::Bird => (0.4, 1.0, 8.0, 2.4),
        SubjectKind::Fish => (0.3, 0.6, 1.6, 1.6),
        SubjectKind::Human => (walk * 0.92, run * 1.45, 3.0, 0.5),
        SubjectKind::Horse => (walk * 0.9, run * 2.0, 6.0, 0.8),
        SubjectKind::Cat | SubjectKind::Dog | SubjectKind::Wolf => (walk * 1.1, run * 2.3, 4.0, 0.8),
        SubjectKind::Asset => (1.2, 3.5, 4.0, 0.8),
    };
    scaled(Gait {
        size_m,
        walk: (walk_m_s, walk),
        run: (run_m_s, run),
        cruise_m_s,
        beat_hz,
    })
}

/// Proportions of a four-legged kind.
fn quadruped_params(kind: SubjectKind) -> QuadrupedParams {
    match kind {
        SubjectKind::Cat => QuadrupedParams::cat(),
        SubjectKind::Dog => QuadrupedParams::dog(),
        SubjectKind::Horse => QuadrupedParams::horse(),
        _ => QuadrupedParams::wolf(),
    }
}

/// Ground covered in one turn of the gait, walking and running, metres at scale 1.
fn strides(member: &CastMember, size_m: f64) -> [f64; 2] {
    match member.kind {
        SubjectKind::Human => {
            let params = HumanParams::variant(&member.variant);
            [params.walk_stride_m(), params.run_stride_m()]
        }
        SubjectKind::Cat | SubjectKind::Dog | SubjectKind::Wolf | SubjectKind::Horse => {
            let params = quadruped_params(member.kind);
            [params.walk_stride_m(), params.gallop_stride_m()]
        }
        _ => [0.85 * size_m, 1.6 * size_m],
    }
}

/// Radius of the head as a share of the body's length or height.
fn head_share(kind: SubjectKind) -> f64 {
    match kind {
        SubjectKind::Dragon => 0.055,
        SubjectKind::Human => 0.085,
        SubjectKind::Bird => 0.09,
        SubjectKind::Fish => 0.12,
        SubjectKind::Horse => 0.11,
        SubjectKind::Cat | SubjectKind::Dog | SubjectKind::Wolf | SubjectKind::Asset => 0.1,
    }
}

impl Performer {
    /// World from model at a time.
    pub(super) fn world_from_model(&self, time_s: f64) -> DAffine3 {
        let state = self.track.at(time_s);
        DAffine3::from_scale_rotation_translation(DVec3::splat(self.scale), state.orientation, state.position)
    }

    /// The member posed at a time.
    pub(super) fn at(&self, time_s: f64) -> SceneObject {
        let pose = self.subject.rig.pose(&self.subject.model, &self.track, time_s);
        let posed = self.subject.model.posed(&pose, self.world_from_model(time_s));
        SceneObject {
            id: self.id.clone(),
            layer: "subject".into(),
            model: Arc::clone(&self.subject.model),
            posed: Arc::new(posed),
        }
    }

    /// Place and unit direction of a socket at a time; the body's middle where there is none.
    pub(super) fn socket(&self, name: &str, time_s: f64) -> (DVec3, DVec3) {
        let model = &self.subject.model;
        let pose = self.subject.rig.pose(model, &self.track, time_s);
        let places = model.socket_places(&pose, self.world_from_model(time_s));
        let state = self.track.at(time_s);
        let index = model.sockets.iter().position(|s| s.name == name);
        index.map_or((state.position, state.orientation * DVec3::Z), |i| places[i])
    }

    /// What the camera has to see at a time: the box of the joints, and the head.
    pub(super) fn bounds(&self, time_s: f64) -> SubjectBounds {
        let model = &self.subject.model;
        let pose = self.subject.rig.pose(model, &self.track, time_s);
        let world = self.world_from_model(time_s);
        let (mut low, mut high) = (DVec3::INFINITY, DVec3::NEG_INFINITY);
        for bone in model.skeleton.model_from_bone(&pose) {
            let joint = world.transform_point3(bone.translation);
            (low, high) = (low.min(joint), high.max(joint));
        }
        let state = self.track.at(time_s);
        // flesh around the joints: a twentieth of the body's size
        let flesh = 0.05 * self.gait.size_m;
        let centre = (low + high) * 0.5;
        let across = DVec3::new(high.x - low.x, 0.0, high.z - low.z).length() * 0.5;
        SubjectBounds {
            centre,
            head: self.socket("head", time_s).0,
            up: DVec3::Y,
            height_m: high.y - low.y + 2.0 * flesh,
            radius_m: across + flesh,
            head_radius_m: head_share(self.kind) * self.gait.size_m,
            heading: state.orientation * DVec3::Z,
        }
    }
}
