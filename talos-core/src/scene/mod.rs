//! Subjects, environments and actions: what stands before the camera at a time t.

use std::sync::Arc;

use crate::geometry::{Model, PosedModel};

pub mod choreography;
pub mod environment;
mod motion;
pub mod subject;

pub use motion::{Motion, Rig, SubjectState, Track};

/// One object of a scene at an instant: what the rasteriser, AXIS and RAYGEN are given.
#[derive(Clone, Debug)]
pub struct SceneObject {
    /// Stable id, e.g. `"dragon_a"` or `"city.tower_012"`; stroke ids start with it.
    pub id: String,
    /// Drawing layer: `"background"`, `"midground"` or `"subject"`.
    pub layer: String,
    /// Rest model: parts, topology, marks.
    pub model: Arc<Model>,
    /// Its vertices in the world now. Static objects share one value over all frames.
    pub posed: Arc<PosedModel>,
}
