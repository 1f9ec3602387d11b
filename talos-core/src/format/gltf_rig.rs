//! A rig that plays the clips of an imported file.

use ::gltf::accessor::Dimensions;
use ::gltf::animation::{Interpolation, Property};

use super::gltf_data::{File, GltfError};
use crate::artefact::Action;
use crate::geometry::{Model, Pose};
use crate::math::{DAffine3, DQuat, DVec3};
use crate::scene::{Motion, Rig, SubjectState};

/// Translation, rotation and scale of a bone against its parent.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Trs {
    pub(super) translation: DVec3,
    pub(super) rotation: DQuat,
    pub(super) scale: DVec3,
}

impl Trs {
    pub(super) fn affine(&self) -> DAffine3 {
        DAffine3::from_scale_rotation_translation(self.scale, self.rotation, self.translation)
    }

    fn mix(&self, other: &Self, t: f64) -> Self {
        Self {
            translation: self.translation.lerp(other.translation, t),
            rotation: self.rotation.slerp(other.rotation, t),
            scale: self.scale.lerp(other.scale, t),
        }
    }
}

/// Which part of a bone's transform a channel drives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Target {
    Translation,
    Rotation,
    Scale,
}

/// One sampled value over time; rotations have four numbers, the others three and a zero.
#[derive(Clone, Debug, PartialEq)]
struct Channel {
    bone: usize,
    target: Target,
    interpolation: Interpolation,
    /// Seconds, rising.
    times: Vec<f64>,
    /// One a time; for cubic splines three: in-tangent, value, out-tangent.
    values: Vec<[f64; 4]>,
}

/// A named animation.
#[derive(Clone, Debug, PartialEq)]
struct Clip {
    name: String,
    duration_s: f64,
    channels: Vec<Channel>,
}

/// A clip at some moment, with its share of the pose.
struct Playing<'a> {
    clip: &'a Clip,
    share: f64,
    at_s: f64,
}

/// Plays a file's clips in loops: `walk`, `run`, `fly`, `swim`, `attack`, `idle` by name as the subject's
/// state asks, the first clip where there is none of that name.
#[derive(Clone, Debug, PartialEq)]
pub struct ClipRig {
    rest: Vec<Trs>,
    clips: Vec<Clip>,
}

impl ClipRig {
    /// Reads the clips; `bone_of_node[n]` is the bone of node `n`, `rest` each bone's transform without a clip.
    pub(super) fn read(
        file: &File,
        rest: Vec<Trs>,
        bone_of_node: &[Option<usize>],
    ) -> Result<Self, GltfError> {
        let mut clips = Vec::new();
        for animation in file.document.animations() {
            let mut channels = Vec::new();
            for (n, channel) in animation.channels().enumerate() {
                let place = || format!("animations[{}].channels[{n}]", animation.index());
                let bone = bone_of_node
                    .get(channel.target().node().index())
                    .copied()
                    .flatten();
                if let Some(bone) = bone {
                    channels.extend(read_channel(file, &channel, bone, &place)?);
                }
            }
            let ends = channels.iter().filter_map(|c| c.times.last().copied());
            let duration_s = ends.fold(0.0, f64::max);
            if !channels.is_empty() {
                clips.push(Clip {
                    name: animation.name().unwrap_or_default().to_lowercase(),
                    duration_s,
                    channels,
                });
            }
        }
        Ok(Self { rest, clips })
    }

    /// Names of the clips, in lower case.
    #[must_use]
    pub fn clip_names(&self) -> Vec<&str> {
        self.clips.iter().map(|clip| clip.name.as_str()).collect()
    }

    fn named(&self, words: &[&str]) -> Option<&Clip> {
        let find = |word: &&str| self.clips.iter().find(|clip| clip.name.contains(word));
        words.iter().find_map(find)
    }

    /// The clip of what the subject mainly does, if there is one for it.
    fn doing(&self, state: &SubjectState) -> Option<Playing<'_>> {
        let falls = if state.action == Action::Fall { 1.0 } else { 0.0 };
        let moves: [(f64, &[&str], bool); 5] = [
            (state.run, &["run", "gallop"], true),
            (state.walk, &["walk", "run"], true),
            (state.fly.max(state.hover), &["fly", "flap", "swim"], true),
            (state.strike.abs(), &["attack", "bite", "strike"], false),
            (falls, &["fall", "death"], false),
        ];
        let mut best: Option<Playing<'_>> = None;
        for (share, words, cyclic) in moves {
            let beats = share > best.as_ref().map_or(0.0, |b| b.share);
            if let Some(clip) = self.named(words).filter(|_| beats) {
                // gaits follow the ground covered, other clips the time since the action began
                let cycles = state.phase * clip.duration_s;
                best = Some(Playing {
                    clip,
                    share: share.min(1.0),
                    at_s: if cyclic { cycles } else { state.action_time_s },
                });
            }
        }
        best
    }

    fn sample(&self, clip: &Clip, time_s: f64) -> Vec<Trs> {
        let mut bones = self.rest.clone();
        let time = if clip.duration_s > 0.0 {
            time_s.rem_euclid(clip.duration_s)
        } else {
            0.0
        };
        for channel in &clip.channels {
            let [x, y, z, w] = channel.at(time);
            let bone = &mut bones[channel.bone];
            match channel.target {
                Target::Translation => bone.translation = DVec3::new(x, y, z),
                Target::Scale => bone.scale = DVec3::new(x, y, z),
                Target::Rotation => {
                    let q = DQuat::from_xyzw(x, y, z, w);
                    bone.rotation = if q.length_squared() > 1e-12 {
                        q.normalize()
                    } else {
                        DQuat::IDENTITY
                    };
                }
            }
        }
        bones
    }
}

fn read_channel(
    file: &File,
    channel: &::gltf::animation::Channel<'_>,
    bone: usize,
    place: &dyn Fn() -> String,
) -> Result<Option<Channel>, GltfError> {
    let sampler = channel.sampler();
    let widen = |values: Vec<[f32; 3]>| -> Vec<[f64; 4]> {
        let wide = |v: [f32; 3]| [f64::from(v[0]), f64::from(v[1]), f64::from(v[2]), 0.0];
        values.into_iter().map(wide).collect()
    };
    let (target, values) = match channel.target().property() {
        Property::Translation => (
            Target::Translation,
            widen(file.floats(&sampler.output(), Dimensions::Vec3)?),
        ),
        Property::Scale => (
            Target::Scale,
            widen(file.floats(&sampler.output(), Dimensions::Vec3)?),
        ),
        Property::Rotation => {
            let values: Vec<[f32; 4]> = file.floats(&sampler.output(), Dimensions::Vec4)?;
            (
                Target::Rotation,
                values.into_iter().map(|v| v.map(f64::from)).collect(),
            )
        }
        Property::MorphTargetWeights => return Ok(None),
    };
    let times: Vec<[f32; 1]> = file.floats(&sampler.input(), Dimensions::Scalar)?;
    let times: Vec<f64> = times.into_iter().map(|[t]| f64::from(t)).collect();
    let interpolation = sampler.interpolation();
    let each = if interpolation == Interpolation::CubicSpline {
        3
    } else {
        1
    };
    if times.is_empty() || values.len() != times.len() * each {
        return Err(file.broken(place(), "has not one value for each time"));
    }
    if times[0] < 0.0 || times.windows(2).any(|w| w[1] <= w[0]) {
        return Err(file.broken(place(), "its times do not rise"));
    }
    Ok(Some(Channel {
        bone,
        target,
        interpolation,
        times,
        values,
    }))
}

impl Channel {
    fn at(&self, time: f64) -> [f64; 4] {
        let next = self.times.partition_point(|&t| t <= time);
        let last = self.times.len() - 1;
        if next == 0 || next > last {
            return self.key(next.min(last));
        }
        let (k, span) = (next - 1, self.times[next] - self.times[next - 1]);
        let t = (time - self.times[k]) / span;
        match self.interpolation {
            Interpolation::Step => self.key(k),
            Interpolation::Linear => self.linear(k, t),
            Interpolation::CubicSpline => self.cubic(k, t, span),
        }
    }

    fn key(&self, k: usize) -> [f64; 4] {
        match self.interpolation {
            Interpolation::CubicSpline => self.values[3 * k + 1],
            _ => self.values[k],
        }
    }

    fn linear(&self, k: usize, t: f64) -> [f64; 4] {
        let (a, b) = (self.values[k], self.values[k + 1]);
        if self.target == Target::Rotation {
            let unit = |v: [f64; 4]| {
                let q = DQuat::from_array(v);
                if q.length_squared() > 1e-12 {
                    q.normalize()
                } else {
                    DQuat::IDENTITY
                }
            };
            return unit(a).slerp(unit(b), t).to_array();
        }
        std::array::from_fn(|n| a[n] + (b[n] - a[n]) * t)
    }

    /// Hermite interpolation with the file's tangents (glTF 2.0, appendix C).
    fn cubic(&self, k: usize, t: f64, span: f64) -> [f64; 4] {
        let (p0, m0) = (self.values[3 * k + 1], self.values[3 * k + 2]);
        let (m1, p1) = (self.values[3 * k + 3], self.values[3 * k + 4]);
        let (t2, t3) = (t * t, t * t * t);
        let (h00, h10) = (2.0 * t3 - 3.0 * t2 + 1.0, t3 - 2.0 * t2 + t);
        let (h01, h11) = (3.0 * t2 - 2.0 * t3, t3 - t2);
        std::array::from_fn(|n| h00 * p0[n] + h10 * span * m0[n] + h01 * p1[n] + h11 * span * m1[n])
    }
}

impl Rig for ClipRig {
    fn pose(&self, _model: &Model, motion: &dyn Motion, time_s: f64) -> Pose {
        let still = self.named(&["idle", "stand", "rest"]);
        let doing = self.doing(&motion.at(time_s));
        let mut bones = match (still, &doing) {
            (Some(still), _) => self.sample(still, time_s),
            // nothing to stand by: the file's own pose, or its first clip for all there is to do
            (None, Some(_)) => self.rest.clone(),
            (None, None) => match self.clips.first() {
                Some(first) => self.sample(first, time_s),
                None => self.rest.clone(),
            },
        };
        if let Some(playing) = doing {
            let moved = self.sample(playing.clip, playing.at_s);
            for (bone, moved) in bones.iter_mut().zip(&moved) {
                *bone = bone.mix(moved, playing.share);
            }
        }
        Pose(bones.iter().map(Trs::affine).collect())
    }
}
