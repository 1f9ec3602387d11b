//! Strings of a puppet: turns and shifts of named bones, and limbs that reach a place.

use crate::geometry::{Pose, Skeleton};
use crate::math::{DAffine3, DQuat, DVec3, scalar};

/// A pose in the making. Bones' axes are parallel to the model's at rest, so a turn about X nods,
/// about Y turns to the left, about Z tips to the right.
pub(super) struct Puppet<'a> {
    skeleton: &'a Skeleton,
    turn: Vec<DQuat>,
    shift: Vec<DVec3>,
    stretch: Vec<DVec3>,
}

impl<'a> Puppet<'a> {
    /// At rest.
    pub(super) fn new(skeleton: &'a Skeleton) -> Self {
        let count = skeleton.bones().len();
        Self {
            skeleton,
            turn: vec![DQuat::IDENTITY; count],
            shift: vec![DVec3::ZERO; count],
            stretch: vec![DVec3::ONE; count],
        }
    }

    /// Turns a bone further, in its parent's axes: nod about X, then yaw about Y, then roll about Z.
    pub(super) fn turn(&mut self, bone: u16, nod: f64, yaw: f64, roll: f64) {
        let q = DQuat::from_rotation_y(yaw) * DQuat::from_rotation_x(nod) * DQuat::from_rotation_z(roll);
        self.turn[usize::from(bone)] = q * self.turn[usize::from(bone)];
    }

    /// Turns a bone further by a rotation in its parent's axes.
    pub(super) fn rotate(&mut self, bone: u16, q: DQuat) {
        self.turn[usize::from(bone)] = q * self.turn[usize::from(bone)];
    }

    /// Moves a bone's joint, metres in its parent's axes.
    pub(super) fn shift(&mut self, bone: u16, by: DVec3) {
        self.shift[usize::from(bone)] += by;
    }

    /// Scales a bone along its axes.
    pub(super) fn stretch(&mut self, bone: u16, by: DVec3) {
        self.stretch[usize::from(bone)] *= by;
    }

    fn local(&self, bone: usize) -> DAffine3 {
        let at = self.skeleton.bones()[bone].parent_from_bone.translation + self.shift[bone];
        DAffine3::from_scale_rotation_translation(self.stretch[bone], self.turn[bone], at)
    }

    /// Model space from bone space now.
    pub(super) fn model_from_bone(&self, bone: u16) -> DAffine3 {
        let index = usize::from(bone);
        let parent = self.skeleton.bones()[index].parent;
        parent.map_or(DAffine3::IDENTITY, |p| self.model_from_bone(p)) * self.local(index)
    }

    /// Rotation of a bone against the model's axes now.
    pub(super) fn model_turn(&self, bone: u16) -> DQuat {
        let index = usize::from(bone);
        let parent = self.skeleton.bones()[index].parent;
        parent.map_or(DQuat::IDENTITY, |p| self.model_turn(p)) * self.turn[index]
    }

    /// Joint of a bone in model space now.
    pub(super) fn joint(&self, bone: u16) -> DVec3 {
        self.model_from_bone(bone).translation
    }

    /// Gives a bone this rotation against the model's axes.
    pub(super) fn set_model_turn(&mut self, bone: u16, model: DQuat) {
        let index = usize::from(bone);
        let parent = self.skeleton.bones()[index].parent;
        let above = parent.map_or(DQuat::IDENTITY, |p| self.model_turn(p));
        self.turn[index] = (above.inverse() * model).normalize();
    }

    /// Joint of a bone in model space at rest.
    pub(super) fn rest_joint(&self, bone: u16) -> DVec3 {
        let entry = &self.skeleton.bones()[usize::from(bone)];
        let above = entry.parent.map_or(DVec3::ZERO, |p| self.rest_joint(p));
        above + entry.parent_from_bone.translation
    }

    /// Offset from one joint to another at rest.
    pub(super) fn rest_offset(&self, from: u16, to: u16) -> DVec3 {
        let mut offset = DVec3::ZERO;
        let mut bone = to;
        while bone != from {
            let entry = &self.skeleton.bones()[usize::from(bone)];
            offset += entry.parent_from_bone.translation;
            let Some(parent) = entry.parent else { break };
            bone = parent;
        }
        offset
    }

    /// Bends a limb of two bones so that the joint after them comes to `target` (model space), its
    /// middle joint towards `pole`. Too far a target stretches the limb straight towards it.
    pub(super) fn reach(&mut self, [upper, lower, end]: [u16; 3], target: DVec3, pole: DVec3) {
        let (rest_a, rest_b) = (self.rest_offset(upper, lower), self.rest_offset(lower, end));
        let (a, b) = (rest_a.length(), rest_b.length());
        let start = self.joint(upper);
        let to = target - start;
        let distance = to.length().clamp((a - b).abs() * 1.02 + 1e-6, (a + b) * 0.9995);
        let ahead = to.normalize_or(DVec3::NEG_Y);
        let side = (pole - ahead * pole.dot(ahead)).normalize_or(DVec3::Z);
        let along = (a * a + distance * distance - b * b) / (2.0 * distance);
        let height = (a * a - along * along).max(0.0).sqrt();
        let middle = ahead * along + side * height;
        // the side to which the limb is bent at rest
        let line = (rest_a + rest_b).normalize_or(DVec3::NEG_Y);
        let bent = (rest_a - line * rest_a.dot(line)).normalize_or(DVec3::Z);
        let upper_turn = frame_turn(rest_a, bent, middle, side);
        self.set_model_turn(upper, upper_turn);
        let lower_turn = frame_turn(rest_b, bent, ahead * distance - middle, side);
        self.set_model_turn(lower, lower_turn);
    }

    /// The pose.
    pub(super) fn pose(&self) -> Pose {
        Pose((0..self.turn.len()).map(|b| self.local(b)).collect())
    }
}

/// The rotation that takes direction `from` to `to`, and `from_side` as near to `to_side` as may be.
pub(super) fn frame_turn(from: DVec3, from_side: DVec3, to: DVec3, to_side: DVec3) -> DQuat {
    let frame = |ahead: DVec3, side: DVec3| {
        let a = ahead.normalize_or(DVec3::NEG_Y);
        let s = (side - a * side.dot(a)).normalize_or(a.any_orthonormal_vector());
        DQuat::from_mat3(&crate::math::DMat3::from_cols(a, s, a.cross(s)))
    };
    (frame(to, to_side) * frame(from, from_side).inverse()).normalize()
}

/// Sine of a phase in turns.
pub(super) fn wave(turns: f64) -> f64 {
    scalar::sin(scalar::TAU * turns)
}

/// Fractional part in [0, 1).
pub(super) fn fract(x: f64) -> f64 {
    let f = x - x.floor();
    if f < 1.0 { f } else { 0.0 }
}

/// Soft limit of `x` to about ±`limit`, with slope 1 at 0.
pub(super) fn soft(x: f64, limit: f64) -> f64 {
    limit * scalar::tanh(x / limit)
}
