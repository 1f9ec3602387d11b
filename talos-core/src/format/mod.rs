//! Pure codecs: bytes ↔ values.

pub mod png;
