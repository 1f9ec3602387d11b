//! `control.json`: what a person turned, laid over what was computed.
//!
//! Values are addressed, never positioned (`cut/S01_C02/camera/focal_length_mm`), so a
//! patch outlives a recomputation. Edits of strokes have ids that are never given again.

mod edits;
mod lay;
mod merge;
mod parameters;
mod responses;
mod upgrade;

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use thiserror::Error;

pub use edits::{Change, Edit, Retime, Target};
pub use merge::{Conflict, MergeRule};
pub use parameters::{Affects, Parameter, Range};

use super::{ArtefactError, Validate};

/// Name and version of the schema.
pub const CONTROL_SCHEMA: &str = "control/2";

/// A film's hand-made changes: schema `control/2`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Control {
    /// Always `"control/2"`.
    pub schema: String,
    /// Scene it belongs to.
    pub scene_id: String,
    /// The control surface.
    #[serde(default)]
    pub parameters: Parameters,
    /// Values by address.
    #[serde(default)]
    pub overrides: BTreeMap<String, Value>,
    /// Number of the last edit's id: the next one is one more.
    #[serde(default)]
    pub edits_made: u32,
    /// Edits of strokes.
    #[serde(default)]
    pub edits: Vec<Edit>,
}

/// The control surface: what is turned most. Absent means "as computed".
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Parameters {
    /// Mean pen pressure of every line, [0, 1].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub line_pressure_avg: Option<f64>,
    /// Colour treatment.
    #[serde(default)]
    pub color_palette: ColorPalette,
    /// Tension over the film, [0, 1] at even steps; replaces arousal.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub emotion_tension_curve: Vec<f64>,
}

/// Colour treatment of everything but light.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ColorPalette {
    /// Hue shift in turns, [−0.5, 0.5].
    #[serde(default)]
    pub hue_shift: f64,
    /// Added to the saturation factor 1, [−1, 2].
    #[serde(default)]
    pub saturation_boost: f64,
}

impl Default for Control {
    fn default() -> Self {
        Self {
            schema: CONTROL_SCHEMA.into(),
            scene_id: "scene_001".into(),
            parameters: Parameters::default(),
            overrides: BTreeMap::new(),
            edits_made: 0,
            edits: Vec::new(),
        }
    }
}

impl Validate for Control {
    fn validate(&self) -> Result<(), ArtefactError> {
        let refuse = |pointer: String, message: &str| {
            Err(ArtefactError::new(
                pointer,
                message,
                "`talos params` lists what each takes",
            ))
        };
        let color = self.parameters.color_palette;
        if color.hue_shift.abs() > 0.5 {
            return refuse(
                "/parameters/color_palette/hue_shift".into(),
                "it must lie in [-0.5, 0.5] turns",
            );
        }
        if !(-1.0..=2.0).contains(&color.saturation_boost) {
            return refuse(
                "/parameters/color_palette/saturation_boost".into(),
                "it must lie in [-1, 2]",
            );
        }
        if self
            .parameters
            .line_pressure_avg
            .is_some_and(|p| !(0.0..=1.0).contains(&p))
        {
            return refuse("/parameters/line_pressure_avg".into(), "it must lie in [0, 1]");
        }
        for (i, tension) in self.parameters.emotion_tension_curve.iter().enumerate() {
            if !(0.0..=1.0).contains(tension) {
                return refuse(
                    format!("/parameters/emotion_tension_curve/{i}"),
                    "it must lie in [0, 1]",
                );
            }
        }
        let bad_edit = |pointer: String, message: &str| {
            Err(ArtefactError::new(
                pointer,
                message,
                "docs/editing.md tells what an edit takes",
            ))
        };
        let mut seen = std::collections::BTreeSet::new();
        for (i, edit) in self.edits.iter().enumerate() {
            match edits::number_of(&edit.id) {
                None => return bad_edit(format!("/edits/{i}/id"), "an id is e1, e2, …"),
                Some(n) if !seen.insert(n) => {
                    return bad_edit(format!("/edits/{i}/id"), "two edits have this id");
                }
                Some(n) if n > self.edits_made => {
                    return bad_edit(
                        "/edits_made".into(),
                        "it must be the greatest number of an edit's id",
                    );
                }
                _ => {}
            }
            if let Some((inside, what)) = edit.fault() {
                return bad_edit(format!("/edits/{i}{inside}"), &what);
            }
        }
        Ok(())
    }
}

/// Why a change was refused.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum ControlError {
    /// No such address.
    #[error("no parameter `{address}`; nearest: {}", nearest.join(", "))]
    UnknownAddress {
        /// What was asked for.
        address: String,
        /// The nearest that exist.
        nearest: Vec<String>,
    },
    /// The value does not fit.
    #[error("`{address}` cannot be {value}: it takes {expected}")]
    BadValue {
        /// The address.
        address: String,
        /// What was given.
        value: String,
        /// What it takes.
        expected: String,
    },
    /// No such edit.
    #[error("no edit `{id}`; nearest: {}; `talos edits` lists them", nearest.join(", "))]
    UnknownEdit {
        /// What was asked for.
        id: String,
        /// The nearest that exist.
        nearest: Vec<String>,
    },
    /// A stroke edit out of range.
    #[error("edit of `{stroke_id}`: {what}")]
    BadEdit {
        /// The stroke.
        stroke_id: String,
        /// What is wrong and how to mend it.
        what: String,
    },
}
