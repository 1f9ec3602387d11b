//! Stages: artefact in, artefact out.

pub mod prism;
