//! Skeletons and linear blend skinning.

use crate::math::{DAffine3, DVec3};

/// One bone of a skeleton.
#[derive(Clone, Debug, PartialEq)]
pub struct Bone {
    /// Stable name, e.g. `"wing.left.finger2.tip"`.
    pub name: String,
    /// Index of its parent, always smaller than its own; none for a root.
    pub parent: Option<u16>,
    /// Rest transform, parent space from bone space.
    pub parent_from_bone: DAffine3,
}

/// Up to four bones and weights for each vertex; the weights of a vertex add to 1, unused slots are 0.
pub type Weights = Vec<[(u16, f64); 4]>;

/// A tree of bones in parent-before-child order.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Skeleton {
    bones: Vec<Bone>,
    /// bone space from model space at rest
    bone_from_model: Vec<DAffine3>,
}

/// A pose: for every bone, parent space from bone space.
#[derive(Clone, Debug, PartialEq)]
pub struct Pose(pub Vec<DAffine3>);

impl Skeleton {
    /// A skeleton from bones in parent-before-child order.
    ///
    /// # Panics
    /// If a bone stands before its parent.
    #[must_use]
    pub fn new(bones: Vec<Bone>) -> Self {
        let mut model_from_bone: Vec<DAffine3> = Vec::with_capacity(bones.len());
        for bone in &bones {
            let parent = bone
                .parent
                .map_or(DAffine3::IDENTITY, |p| model_from_bone[p as usize]);
            model_from_bone.push(parent * bone.parent_from_bone);
        }
        let bone_from_model = model_from_bone.iter().map(DAffine3::inverse).collect();
        Self {
            bones,
            bone_from_model,
        }
    }

    /// A skeleton whose inverse bind transforms are given (imported files state their own).
    #[must_use]
    pub fn with_bind(bones: Vec<Bone>, bone_from_model: Vec<DAffine3>) -> Self {
        Self {
            bones,
            bone_from_model,
        }
    }

    /// The bones.
    #[must_use]
    pub fn bones(&self) -> &[Bone] {
        &self.bones
    }

    /// Index of the bone with this name.
    #[must_use]
    pub fn index_of(&self, name: &str) -> Option<u16> {
        self.bones.iter().position(|b| b.name == name).map(|i| i as u16)
    }

    /// The pose at rest.
    #[must_use]
    pub fn rest(&self) -> Pose {
        Pose(self.bones.iter().map(|b| b.parent_from_bone).collect())
    }

    /// Model space from bone space for every bone of a pose.
    #[must_use]
    pub fn model_from_bone(&self, pose: &Pose) -> Vec<DAffine3> {
        let mut result: Vec<DAffine3> = Vec::with_capacity(self.bones.len());
        for (bone, &local) in self.bones.iter().zip(&pose.0) {
            let parent = bone.parent.map_or(DAffine3::IDENTITY, |p| result[p as usize]);
            result.push(parent * local);
        }
        result
    }

    /// Positions moved by a pose (linear blend skinning), then by `world_from_model`.
    #[must_use]
    pub fn skin(
        &self,
        rest: &[DVec3],
        weights: &Weights,
        pose: &Pose,
        world_from_model: DAffine3,
    ) -> Vec<DVec3> {
        let moved: Vec<DAffine3> = self
            .model_from_bone(pose)
            .iter()
            .zip(&self.bone_from_model)
            .map(|(model_from_bone, bone_from_model)| world_from_model * *model_from_bone * *bone_from_model)
            .collect();
        rest.iter()
            .zip(weights)
            .map(|(&p, slots)| {
                slots
                    .iter()
                    .filter(|s| s.1 != 0.0)
                    .fold(DVec3::ZERO, |sum, &(bone, weight)| {
                        sum + moved[bone as usize].transform_point3(p) * weight
                    })
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::math::DQuat;

    #[test]
    fn the_rest_pose_moves_nothing() {
        let bone = |name: &str, parent, y| Bone {
            name: name.into(),
            parent,
            parent_from_bone: DAffine3::from_rotation_translation(
                DQuat::from_rotation_x(0.3),
                DVec3::new(0.0, y, 0.2),
            ),
        };
        let skeleton = Skeleton::new(vec![bone("root", None, 1.0), bone("tip", Some(0), 2.0)]);
        let rest = vec![DVec3::new(0.1, 2.0, 0.3), DVec3::new(-0.4, 3.0, 0.0)];
        let weights: Weights = vec![[(0, 0.25), (1, 0.75), (0, 0.0), (0, 0.0)]; 2];
        let skinned = skeleton.skin(&rest, &weights, &skeleton.rest(), DAffine3::IDENTITY);
        for (a, b) in rest.iter().zip(skinned) {
            assert!((*a - b).length() < 1e-12);
        }
    }
}
