//! Scalars and vectors: the arithmetic everything else stands on.

pub mod roots;
pub mod scalar;

pub use glam::{DAffine3, DMat3, DMat4, DQuat, DVec2, DVec3, DVec4, IVec2, UVec2, Vec2, Vec3, Vec4};
