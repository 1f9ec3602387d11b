//! The files that stages hand on: serde types, JSON Schema, versions, validation.

mod control;
mod cut_spec;
mod json;
mod style_profile;
mod lines;

pub use control::{
    Affects, ColorPalette, Control, ControlError, Parameter, Parameters, Range, StrokeEdit, nearest,
};
pub use cut_spec::{
    Action, ActionEvent, AspectSource, CameraAngle, CameraMove, CastMember, Cut, CutSpec, EmotionKey,
    EmotionPlan, Finding, GroundCover, MoveKind, Place, PlaceKind, Reason, ScreenDirection, ShotSize, Status,
    StoryArc, SubjectKind, TimeOfDay, Weather,
};
pub use json::{Artefact, ArtefactError, from_json, schema_names, schema_of, to_compact_json, to_json};
pub use style_profile::{
    Grade, Harmony, HueBias, Ink, LightStyle, StyleError, StyleProfile, Texture, Tones, Treatment,
};
pub use lines::{Line, Lines, LinesCut, LinesError, LinesFile, LinesManifest, LinesQuality, NeutralProfile};
