//! The files that stages hand on: serde types, JSON Schema, versions, validation.

mod control;
mod cut_spec;
mod cut_spec_rules;
mod lines;
mod read;
mod style_profile;
mod tracks;

pub use crate::nearest::nearest;
pub use control::{
    Affects, CONTROL_SCHEMA, Change, ColorPalette, Conflict, Control, ControlError, Edit, MergeRule,
    Parameter, Parameters, Range, Retime, Target,
};
pub use cut_spec::{
    Action, ActionEvent, AspectSource, CameraAngle, CameraMove, CastMember, Cut, CutSpec, EmotionKey,
    EmotionPlan, Finding, GroundCover, MoveKind, Place, PlaceKind, Reason, ScreenDirection, ShotSize, Status,
    StoryArc, SubjectKind, TimeOfDay, Weather,
};
pub use cut_spec_rules::CUT_SPEC_SCHEMA;
pub use lines::{
    Line, LineChange, LineDifference, Lines, LinesCut, LinesError, LinesFile, LinesManifest, LinesQuality,
    NeutralProfile, differences,
};
pub use read::{ArtefactError, Validate, read_json, schema_names, schema_of, write_json};
pub use style_profile::{
    Grade, Harmony, HueBias, Ink, LightStyle, StyleError, StyleProfile, Texture, Tones, Treatment,
};
pub use tracks::{CutTracks, TrackEntry, TrackName, TracksQuality};
