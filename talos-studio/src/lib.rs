//! The studio: paths, processes, the store, encoders and the program `talos`.
//! All input and output of TALOS lives here; what is computed lives in `talos-core`.
#![forbid(unsafe_code)]

pub mod encode;
pub mod folder;
pub mod store;
