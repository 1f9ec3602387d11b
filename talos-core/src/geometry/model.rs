//! A model: a rest mesh, a skeleton, skin weights, marks and sockets. Built-in
//! subjects and imported files are the same thing from here on.

use std::sync::{Arc, OnceLock};

use super::{Mesh, Pose, Skeleton, Topology, Weights, vertex_normals};
use crate::math::{DAffine3, DVec3};

/// An authored line on a model (a brow, a mouth): a polyline through vertices, skinned like all others.
#[derive(Clone, Debug, PartialEq)]
pub struct Mark {
    /// Stable name, e.g. `"brow.left"`; its stroke id is `<subject>.<name>`.
    pub name: String,
    /// Indices into the mesh's positions.
    pub points: Vec<u32>,
    /// Pen pressure along it, one per point, in [0, 1].
    pub pressure: Vec<f64>,
    /// Whether the last point joins the first.
    pub closed: bool,
}

/// A named place on a bone that other things attach to (mouth, hand, eye, …).
#[derive(Clone, Debug, PartialEq)]
pub struct Socket {
    /// Stable name, e.g. `"mouth"`.
    pub name: String,
    /// Bone it rides on.
    pub bone: u16,
    /// Place in model space at rest, metres.
    pub position: DVec3,
    /// Unit direction in model space at rest (a mouth points out of itself).
    pub direction: DVec3,
}

/// A model at rest: Y up, facing +Z, its left at +X, metres, origin on the
/// ground between the feet (walkers) or at the body's centre (fliers, swimmers).
#[derive(Clone, Debug, Default)]
pub struct Model {
    /// Rest mesh; vertices may be free (used by marks only).
    pub mesh: Mesh,
    /// Edges of `mesh`, shared by every pose.
    pub topology: Arc<Topology>,
    /// The skeleton.
    pub skeleton: Skeleton,
    /// Skin weights, one entry per vertex.
    pub weights: Weights,
    /// Authored lines.
    pub marks: Vec<Mark>,
    /// Attachment places.
    pub sockets: Vec<Socket>,
    /// Length from nose to tail or height, metres: what framing and choreography measure by.
    pub size_m: f64,
}

/// A model posed in the world.
#[derive(Clone, Debug)]
pub struct PosedModel {
    /// World positions, metres.
    pub positions: Vec<DVec3>,
    /// Unit vertex normals in the world.
    pub normals: Vec<DVec3>,
    /// Socket places and unit directions in the world, in the model's order.
    pub sockets: Vec<(DVec3, DVec3)>,
    bounds: OnceLock<Option<(DVec3, DVec3)>>,
}

impl PosedModel {
    /// A posed model from its vertices and sockets.
    #[must_use]
    pub fn new(positions: Vec<DVec3>, normals: Vec<DVec3>, sockets: Vec<(DVec3, DVec3)>) -> Self {
        Self {
            positions,
            normals,
            sockets,
            bounds: OnceLock::new(),
        }
    }

    /// Least and greatest corner of the box around its finite positions; `None` when there are none.
    /// Found once: things that rest share it over all frames.
    #[must_use]
    pub fn bounds(&self) -> Option<(DVec3, DVec3)> {
        *self.bounds.get_or_init(|| {
            let (mut low, mut high) = (DVec3::INFINITY, DVec3::NEG_INFINITY);
            for p in self.positions.iter().filter(|p| p.is_finite()) {
                low = low.min(*p);
                high = high.max(*p);
            }
            (low.x <= high.x).then_some((low, high))
        })
    }
}

impl Model {
    /// A model that does not deform: one root bone that carries every vertex.
    #[must_use]
    pub fn rigid(mesh: Mesh, size_m: f64) -> Self {
        let root = super::Bone {
            name: "root".into(),
            parent: None,
            parent_from_bone: DAffine3::IDENTITY,
        };
        let weights = vec![[(0, 1.0), (0, 0.0), (0, 0.0), (0, 0.0)]; mesh.positions.len()];
        let topology = Arc::new(Topology::new(&mesh.triangles));
        Self {
            mesh,
            topology,
            skeleton: Skeleton::new(vec![root]),
            weights,
            marks: Vec::new(),
            sockets: Vec::new(),
            size_m,
        }
    }

    /// The model in a pose, placed in the world.
    #[must_use]
    pub fn posed(&self, pose: &Pose, world_from_model: DAffine3) -> PosedModel {
        let positions = self
            .skeleton
            .skin(&self.mesh.positions, &self.weights, pose, world_from_model);
        let normals = vertex_normals(&positions, &self.mesh.triangles);
        let sockets = self.socket_places(pose, world_from_model);
        PosedModel::new(positions, normals, sockets)
    }

    /// Places and unit directions of the sockets in a pose, placed in the world; without posing the mesh.
    #[must_use]
    pub fn socket_places(&self, pose: &Pose, world_from_model: DAffine3) -> Vec<(DVec3, DVec3)> {
        let rest = self.skeleton.model_from_bone(&self.skeleton.rest());
        let now = self.skeleton.model_from_bone(pose);
        self.sockets
            .iter()
            .map(|socket| {
                let bone = usize::from(socket.bone);
                let world_from_rest = world_from_model * now[bone] * rest[bone].inverse();
                let direction = world_from_rest
                    .transform_vector3(socket.direction)
                    .normalize_or(DVec3::Z);
                (world_from_rest.transform_point3(socket.position), direction)
            })
            .collect()
    }
}
