//! Meshes, implicit surfaces and their polygons, skeletons and skin.

mod bvh;
mod implicit;
mod mesh;
mod model;
mod polygonize;
mod skeleton;

pub use bvh::Bvh;
pub use implicit::{Implicit, Primitive, Shape, smooth_union};
pub use mesh::{Edge, Mesh, Part, Pattern, Topology, vertex_normals};
pub use model::{Mark, Model, PosedModel, Socket};
pub use polygonize::polygonize;
pub use skeleton::{Bone, Pose, Skeleton, Weights};
