//! Built-in subjects, modelled once at rest and moved by their rigs.

use std::fmt;
use std::sync::Arc;

mod clay;
pub mod human;
mod puppet;
pub mod quadruped;

use super::Rig;
use crate::geometry::Model;

pub mod bird;
mod bird_rig;
mod bird_wing;
pub mod build;
#[cfg(test)]
mod check;
pub mod cut;
pub mod dragon;
mod dragon_body;
mod dragon_head;
mod dragon_horns;
mod dragon_rig;
mod dragon_wing;
pub mod fish;
pub mod pose;
pub mod sculpt;
pub mod sweep;

/// A subject's model and the rig that moves it; cheap to clone, shared between instances.
#[derive(Clone)]
pub struct Subject {
    /// Rest mesh, skeleton, weights, marks and sockets.
    pub model: Arc<Model>,
    /// States → bones.
    pub rig: Arc<dyn Rig>,
}

impl fmt::Debug for Subject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Subject")
            .field("size_m", &self.model.size_m)
            .field("triangles", &self.model.mesh.triangles.len())
            .finish_non_exhaustive()
    }
}
