//! The files that stages hand on: serde types, JSON Schema, versions, validation.

mod cut_spec;
mod cut_spec_rules;
mod read;

pub use cut_spec::{
    Action, ActionEvent, AspectSource, CameraAngle, CameraMove, CastMember, Cut, CutSpec, EmotionKey,
    EmotionPlan, Finding, GroundCover, MoveKind, Place, PlaceKind, Reason, ScreenDirection, ShotSize, Status,
    StoryArc, SubjectKind, TimeOfDay, Weather,
};
pub use cut_spec_rules::CUT_SPEC_SCHEMA;
pub use read::{ArtefactError, Validate, read_json, schema_names, schema_of, write_json};
