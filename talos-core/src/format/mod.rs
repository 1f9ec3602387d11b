//! Pure codecs: bytes to values and back.

mod gltf;
mod gltf_data;
mod gltf_rig;
pub mod lines_png;
pub mod lottie;
pub mod png;
pub mod svg;

pub use self::gltf::{ImportedModel, SlotColour, read_glb};
pub use self::gltf_data::GltfError;
pub use self::gltf_rig::ClipRig;
