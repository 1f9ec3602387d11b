//! `cut_spec.json`: what is to be filmed and how, as PRISM directs it.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::camera::FrameSize;

/// How a result stands to what was asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// As asked.
    Passed,
    /// Done, but not as asked; the reason says how.
    Degraded,
    /// Not done.
    Blocked,
}

/// Kinds of subject that can be built.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum SubjectKind {
    /// A horned, winged dragon.
    Dragon,
    /// A person; `variant` tells which.
    Human,
    /// A bird.
    Bird,
    /// A cat.
    Cat,
    /// A dog.
    Dog,
    /// A wolf.
    Wolf,
    /// A horse.
    Horse,
    /// A fish.
    Fish,
    /// An imported model.
    Asset,
}

/// What a subject does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Action {
    /// Stands and breathes.
    Stand,
    /// Walks.
    Walk,
    /// Runs.
    Run,
    /// Flies forward.
    Fly,
    /// Keeps its place in the air.
    Hover,
    /// Swims.
    Swim,
    /// Turns around.
    Turn,
    /// Looks at its target.
    LookAt,
    /// Attacks its target.
    Attack,
    /// Fights its target, which answers.
    Fight,
    /// Breathes fire.
    BreatheFire,
    /// Falls.
    Fall,
}

/// Kinds of place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum PlaceKind {
    /// Streets and towers.
    City,
    /// Trees around a path.
    Forest,
    /// A slope below peaks.
    Mountain,
    /// Open water.
    Sea,
    /// Open grassland.
    Field,
    /// Above the clouds.
    Sky,
}

/// Time of day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum TimeOfDay {
    /// First light.
    Dawn,
    /// Low bright sun.
    Morning,
    /// High sun.
    Day,
    /// The sun at the horizon.
    Sunset,
    /// After sunset.
    Dusk,
    /// Moon and stars.
    Night,
}

/// Weather.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Weather {
    /// Few clouds.
    Clear,
    /// Overcast.
    Cloudy,
    /// Rain.
    Rain,
    /// Snowfall.
    Snow,
    /// Fog.
    Fog,
    /// Rain and wind.
    Storm,
    /// Wind.
    Wind,
}

/// What lies on the ground.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum GroundCover {
    /// What the place has by itself.
    Bare,
    /// Snow.
    Snow,
}

/// The six arcs of valence over a story (Reagan et al. 2016).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum StoryArc {
    /// Rise.
    RagsToRiches,
    /// Fall.
    Tragedy,
    /// Fall, rise.
    ManInAHole,
    /// Rise, fall.
    Icarus,
    /// Rise, fall, rise.
    Cinderella,
    /// Fall, rise, fall.
    Oedipus,
}

/// How much of the subject the frame holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ShotSize {
    /// The place; the subject is small in it.
    ExtremeWide,
    /// The whole subject with room around it.
    Wide,
    /// The subject from top to bottom.
    Full,
    /// From the knees (three quarters).
    MediumWide,
    /// From the waist (half).
    Medium,
    /// From the chest.
    MediumCloseUp,
    /// The face or head.
    CloseUp,
    /// A detail of the face.
    ExtremeCloseUp,
}

/// Height of the camera against its subject.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum CameraAngle {
    /// Level with it.
    EyeLevel,
    /// From below.
    Low,
    /// From above.
    High,
    /// Straight down.
    Overhead,
    /// Level, rolled to one side.
    Dutch,
}

/// Camera moves; the unit of `amount` is in brackets.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum MoveKind {
    /// None (–).
    Static,
    /// About the vertical axis, positive to the left (rad).
    Pan,
    /// About the horizontal axis, positive up (rad).
    Tilt,
    /// About the view axis, positive clockwise (rad).
    Roll,
    /// Along the view axis, positive in (share of the distance to the subject).
    Dolly,
    /// Sideways, positive to the right (share of the distance).
    Truck,
    /// Up and down, positive up (share of the distance).
    Crane,
    /// Around the subject, positive counter-clockwise from above (rad).
    Orbit,
    /// Focal length, positive in (factor − 1).
    Zoom,
    /// Dolly with the focal length that keeps the subject's size (share of the distance).
    DollyZoom,
    /// Keeps the subject's place in the frame (share of following, 1 rigid).
    Follow,
    /// A fast pan at the end (rad).
    WhipPan,
    /// Seeded band-limited shake (rad RMS).
    Handheld,
}

/// Direction of movement on the screen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ScreenDirection {
    /// To the right.
    LeftToRight,
    /// To the left.
    RightToLeft,
    /// Towards or away from the camera, or none.
    Neutral,
}

/// Where the aspect ratio came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum AspectSource {
    /// Nothing said: 16:9.
    Default,
    /// The prompt.
    Prompt,
    /// An option of the caller.
    Option,
}

/// A film's direction: schema `cut_spec/1`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CutSpec {
    /// Always `"cut_spec/1"`.
    pub schema: String,
    /// Version of the engine that made it; results are the same for one version.
    pub engine_version: String,
    /// The prompt as given (NFC).
    pub prompt: String,
    /// Seed of every random stream, decimal.
    pub seed: String,
    /// `passed`, or `degraded` when a finding says so.
    pub status: Status,
    /// Frame size in pixels.
    pub frame_size: FrameSize,
    /// Where the aspect ratio came from.
    pub aspect_source: AspectSource,
    /// Frames per second as an exact rational, e.g. `"24/1"`.
    pub frame_rate: String,
    /// Length in frames.
    pub frame_count: u32,
    /// Name of the style profile.
    pub style: String,
    /// Place, time and weather.
    pub place: Place,
    /// Everyone who appears, the same in every cut.
    pub cast: Vec<CastMember>,
    /// What they do.
    pub actions: Vec<ActionEvent>,
    /// Emotion over the film.
    pub emotion: EmotionPlan,
    /// The cuts, in order, without gaps: the first starts at frame 1, the last ends at `frame_count`.
    pub cuts: Vec<Cut>,
    /// What was not understood, assumed or changed, with places in the prompt.
    pub findings: Vec<Finding>,
}

/// Where and when.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Place {
    /// Kind of place.
    pub kind: PlaceKind,
    /// Whether the action is in the air above it.
    pub above: bool,
    /// What covers the ground.
    pub ground_cover: GroundCover,
    /// Time of day.
    pub time_of_day: TimeOfDay,
    /// Weather.
    pub weather: Weather,
}

/// One member of the cast.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CastMember {
    /// Stable id: kind (of people, the variant) and letter: `"dragon_a"`, `"girl_a"`.
    pub id: String,
    /// What it is.
    pub kind: SubjectKind,
    /// Finer kind where there is one: `"girl"`, `"boy"`, `"woman"`, `"man"`, `"old_woman"`, `"old_man"`; else empty.
    pub variant: String,
    /// Name of the imported model for `asset`; else empty.
    pub asset: String,
    /// Colour words by palette slot, canonical English names (`"blue"`), e.g. `{"body": "blue"}`; ordered by slot.
    pub colors: std::collections::BTreeMap<String, String>,
    /// Size factor: 1 usual, 1.6 "huge", 0.6 "small".
    pub scale: f64,
    /// Group it belongs to (`"flock_a"`), or empty.
    pub group: String,
}

/// One subject doing one thing for a while.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ActionEvent {
    /// Who.
    pub subject: String,
    /// What.
    pub action: Action,
    /// On or towards whom: an id, or empty.
    pub target: String,
    /// First frame, 1-based.
    pub first_frame: u32,
    /// Last frame, inclusive.
    pub last_frame: u32,
}

/// Emotion over the film.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct EmotionPlan {
    /// Canonical names of the emotions heard in the prompt, e.g. `"lonely"`; empty: from action and place.
    pub names: Vec<String>,
    /// Arc of valence over the film, if one was asked for or chosen.
    pub arc: Option<StoryArc>,
    /// Keys of the path; at least one, in order of time.
    pub keys: Vec<EmotionKey>,
}

/// A key of the emotion path.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct EmotionKey {
    /// Share of the film's length, [0, 1].
    pub at: f64,
    /// Valence, [−1, 1].
    pub valence: f64,
    /// Arousal, [−1, 1].
    pub arousal: f64,
    /// Dominance, [−1, 1].
    pub dominance: f64,
}

/// One cut: a stretch of frames seen by one camera.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Cut {
    /// Stable id, `"S01_C02"`.
    pub cut_id: String,
    /// First frame, 1-based.
    pub first_frame: u32,
    /// Last frame, inclusive.
    pub last_frame: u32,
    /// Shot size.
    pub shot_size: ShotSize,
    /// Camera angle.
    pub angle: CameraAngle,
    /// Whom the camera frames: ids, most important first; empty: the place.
    pub subjects: Vec<String>,
    /// Focal length in millimetres on a full-frame back.
    pub focal_length_mm: f64,
    /// f-stop.
    pub f_stop: f64,
    /// Where the camera stands, seen from above: angle from the line of action (or the subject's
    /// heading) to the camera, radians, in (0, π) on one side of the 180° line and (−π, 0) on the other.
    pub azimuth: f64,
    /// Moves, composed in order.
    pub moves: Vec<CameraMove>,
    /// Direction of the main movement on the screen.
    pub screen_direction: ScreenDirection,
    /// Why it is so, choice by choice.
    pub reasons: Vec<Reason>,
}

/// One camera move.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CameraMove {
    /// Which.
    pub kind: MoveKind,
    /// How much over the cut, in the unit of its kind.
    pub amount: f64,
}

/// A choice and its reason.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Reason {
    /// Field that was chosen, e.g. `"shot_size"`.
    pub choice: String,
    /// Why, in English.
    pub because: String,
}

/// Something not understood, assumed or not done as asked.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Finding {
    /// `passed` for a remark, `degraded` when the film is not as asked.
    pub status: Status,
    /// Machine-readable kind: `"unknown_word"`, `"unknown_subject"`, `"contradiction"`, `"limited"`, `"assumed"`.
    pub code: String,
    /// The words concerned.
    pub text: String,
    /// Where they start in the prompt, in Unicode scalar values; 0 when not from the prompt.
    pub start: u32,
    /// Where they end (exclusive).
    pub end: u32,
    /// What was done instead, in English.
    pub message: String,
    /// Nearest known words, if any.
    pub nearest: Vec<String>,
}
