//! The files that stages hand on: serde types, JSON Schema, versions, validation.

mod cut_spec;
mod lines;
mod style_profile;

pub use cut_spec::{
    Action, ActionEvent, AspectSource, CameraAngle, CameraMove, CastMember, Cut, CutSpec, EmotionKey,
    EmotionPlan, Finding, GroundCover, MoveKind, Place, PlaceKind, Reason, ScreenDirection, ShotSize, Status,
    StoryArc, SubjectKind, TimeOfDay, Weather,
};
pub use lines::{Line, Lines, LinesCut, LinesError, LinesFile, LinesManifest, LinesQuality, NeutralProfile};
pub use style_profile::{
    Grade, Harmony, HueBias, Ink, LightStyle, StyleError, StyleProfile, Texture, Tones, Treatment,
};
