//! Turning bones: the small vocabulary the rigs speak.

use crate::geometry::{Model, Pose};
use crate::math::{DAffine3, DQuat, DVec3, scalar};

/// A pose being made: turns and shifts of axis-aligned bones, relative to rest.
#[derive(Clone, Debug)]
pub struct Poser<'a> {
    model: &'a Model,
    turn: Vec<DQuat>,
    shift: Vec<DVec3>,
}

impl<'a> Poser<'a> {
    /// The rest pose.
    #[must_use]
    pub fn new(model: &'a Model) -> Self {
        let count = model.skeleton.bones().len();
        Self {
            model,
            turn: vec![DQuat::IDENTITY; count],
            shift: vec![DVec3::ZERO; count],
        }
    }

    /// Turns a bone further, about its parent's axes.
    pub fn turn(&mut self, bone: u16, by: DQuat) {
        let turn = &mut self.turn[usize::from(bone)];
        *turn = (by * *turn).normalize();
    }

    /// Where a bone's joint is at rest, model space.
    #[must_use]
    pub fn rest_joint(&self, bone: u16) -> DVec3 {
        rest_joint(self.model, bone)
    }

    /// Joints at rest, as a function that does not hold on to the pose.
    pub fn model_rest(&self) -> impl Fn(u16) -> DVec3 + 'a {
        let model = self.model;
        move |bone| rest_joint(model, bone)
    }

    /// Sets a bone's turn relative to its parent.
    pub fn set(&mut self, bone: u16, turn: DQuat) {
        self.turn[usize::from(bone)] = turn.normalize();
    }

    /// Moves a bone's joint further, in its parent's axes, metres.
    pub fn shift(&mut self, bone: u16, by: DVec3) {
        self.shift[usize::from(bone)] += by;
    }

    fn parent(&self, bone: u16) -> Option<u16> {
        self.model.skeleton.bones()[usize::from(bone)].parent
    }

    /// A bone's turn in model space.
    #[must_use]
    pub fn model_turn(&self, bone: u16) -> DQuat {
        let own = self.turn[usize::from(bone)];
        self.parent(bone).map_or(own, |p| self.model_turn(p) * own)
    }

    /// A bone's joint in model space.
    #[must_use]
    pub fn joint(&self, bone: u16) -> DVec3 {
        self.model_from_bone(bone).translation
    }

    /// Model space from bone space.
    #[must_use]
    pub fn model_from_bone(&self, bone: u16) -> DAffine3 {
        let local = self.local(usize::from(bone));
        self.parent(bone)
            .map_or(local, |p| self.model_from_bone(p) * local)
    }

    /// Makes a bone's turn in model space this one, whatever its parents do.
    pub fn set_model_turn(&mut self, bone: u16, turn: DQuat) {
        let parent = self.parent(bone).map_or(DQuat::IDENTITY, |p| self.model_turn(p));
        self.set(bone, parent.inverse() * turn);
    }

    /// Places a bone in model space, whatever its parents do.
    pub fn set_model_place(&mut self, bone: u16, turn: DQuat, joint: DVec3) {
        self.set_model_turn(bone, turn);
        let parent = self
            .parent(bone)
            .map_or(DAffine3::IDENTITY, |p| self.model_from_bone(p));
        let rest = self.model.skeleton.bones()[usize::from(bone)]
            .parent_from_bone
            .translation;
        self.shift[usize::from(bone)] = parent.inverse().transform_point3(joint) - rest;
    }

    /// Turns a chain of bones so that it bends by `by` in model space at its end, evenly from bone to bone.
    pub fn bend(&mut self, chain: &[u16], by: DQuat) {
        let before: Vec<DQuat> = chain.iter().map(|&b| self.model_turn(b)).collect();
        let count = chain.len() as f64;
        for (index, (&bone, turn)) in chain.iter().zip(before).enumerate() {
            let share = DQuat::IDENTITY.slerp(by, (index + 1) as f64 / count);
            self.set_model_turn(bone, share * turn);
        }
    }

    fn local(&self, index: usize) -> DAffine3 {
        let rest = self.model.skeleton.bones()[index].parent_from_bone;
        DAffine3::from_rotation_translation(self.turn[index], rest.translation + self.shift[index])
    }

    /// The pose.
    #[must_use]
    pub fn finish(&self) -> Pose {
        Pose((0..self.turn.len()).map(|i| self.local(i)).collect())
    }
}

/// Where a bone's joint is at rest; bones are axis-aligned there.
fn rest_joint(model: &Model, bone: u16) -> DVec3 {
    let bones = model.skeleton.bones();
    let mut joint = DVec3::ZERO;
    let mut next = Some(bone);
    while let Some(index) = next {
        let bone = &bones[usize::from(index)];
        joint += bone.parent_from_bone.translation;
        next = bone.parent;
    }
    joint
}

/// A turn by angles in radians about the model's own axes: nose up, head to its left, left side up
/// (pitch, then yaw, then roll as seen from outside).
#[must_use]
pub fn euler(pitch_up: f64, yaw_left: f64, roll: f64) -> DQuat {
    DQuat::from_rotation_y(yaw_left) * DQuat::from_rotation_x(-pitch_up) * DQuat::from_rotation_z(roll)
}

/// The same turn on the other side of the plane x = 0.
#[must_use]
pub fn mirror_turn(q: DQuat) -> DQuat {
    DQuat::from_xyzw(q.x, -q.y, -q.z, q.w)
}

/// The turn from one direction to another, no more than `limit` radians of it.
#[must_use]
pub fn limited_arc(from: DVec3, to: DVec3, limit: f64) -> DQuat {
    let (Some(from), Some(to)) = (from.try_normalize(), to.try_normalize()) else {
        return DQuat::IDENTITY;
    };
    let cosine = from.dot(to).clamp(-1.0, 1.0);
    let angle = scalar::acos(cosine);
    let axis = from
        .cross(to)
        .try_normalize()
        .unwrap_or_else(|| from.any_orthonormal_vector());
    DQuat::from_axis_angle(axis, angle.min(limit))
}

/// Two-bone chain in a plane: the angles (of the upper and the lower bone, radians, relative to rest) that
/// bring its end to `target`. `knee` says which way the joint points; out of reach it stretches towards it.
#[must_use]
pub fn two_bone([hip, knee, end]: [DVec3; 3], target: DVec3, pole: DVec3) -> [DQuat; 2] {
    let (upper, lower) = ((knee - hip).length(), (end - knee).length());
    let reach = target - hip;
    let distance = reach
        .length()
        .clamp((upper - lower).abs() + 1e-3, upper + lower - 1e-3);
    let Some(forward) = reach.try_normalize() else {
        return [DQuat::IDENTITY; 2];
    };
    let cosine = (upper * upper + distance * distance - lower * lower) / (2.0 * upper * distance);
    let cosine = cosine.clamp(-1.0, 1.0);
    let side = (pole - forward * pole.dot(forward))
        .try_normalize()
        .unwrap_or_else(|| forward.any_orthonormal_vector());
    let new_knee = hip + forward * (upper * cosine) + side * (upper * (1.0 - cosine * cosine).sqrt());
    let new_end = hip + forward * distance;
    let first = DQuat::from_rotation_arc((knee - hip).normalize(), (new_knee - hip).normalize());
    let second = DQuat::from_rotation_arc(
        (first * (end - knee)).normalize(),
        (new_end - new_knee).normalize(),
    ) * first;
    [first, second]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_bones_reach_their_target() {
        let leg = [
            DVec3::ZERO,
            DVec3::new(0.0, -1.0, 0.3),
            DVec3::new(0.0, -2.0, 0.0),
        ];
        let target = DVec3::new(0.1, -1.4, 0.5);
        let [upper, lower] = two_bone(leg, target, DVec3::Z);
        let end = upper * leg[1] + lower * (leg[2] - leg[1]);
        assert!((end - target).length() < 1e-9, "{end}");
        let far = two_bone(leg, DVec3::Y * -9.0, DVec3::Z);
        assert!(far.iter().all(|q| q.is_finite()));
        assert!(two_bone(leg, DVec3::ZERO, DVec3::Z).iter().all(|q| q.is_finite()));
    }

    #[test]
    fn arcs_are_limited_and_never_nan() {
        let q = limited_arc(DVec3::X, DVec3::Y, 0.5);
        assert!((q.to_axis_angle().1 - 0.5).abs() < 1e-9);
        assert!(limited_arc(DVec3::X, -DVec3::X, 9.0).is_finite());
        assert_eq!(limited_arc(DVec3::ZERO, DVec3::X, 1.0), DQuat::IDENTITY);
    }
}
