//! The studio: paths, processes, the store, encoders and the program `talos`.
//! All input and output of TALOS lives here; what is computed lives in `talos-core`.
#![forbid(unsafe_code)]

pub mod cli;
pub mod command;
mod contact_sheet;
pub mod encode;
pub mod error;
pub mod film_folder;
pub mod folder;
pub mod help_ko;
pub mod korean;
pub mod lang;
mod progress;
pub mod render;
pub mod report;
pub mod store;
