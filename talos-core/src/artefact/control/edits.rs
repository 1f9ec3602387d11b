//! Edits of strokes.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Control, ControlError};
use crate::{artefact::CutSpec, stroke::MAX_DELTA_CURVATURE};

/// One edit: bend and press one stroke over a range of frames.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct StrokeEdit {
    /// Stable id of the stroke, e.g. `"girl_a.brow.left"`.
    pub stroke_id: String,
    /// Added curvature in units of 1/chord, [−3, 3]; see [`crate::stroke::edit()`].
    pub delta_curvature: f64,
    /// Added to pressure, which stays in [0, 1].
    pub delta_pressure: f64,
    /// First frame, 1-based.
    pub first_frame: u32,
    /// Last frame, inclusive.
    pub last_frame: u32,
}

impl Control {
    /// The edits that concern a frame, oldest first.
    pub fn edits_at(&self, frame: u32) -> impl Iterator<Item = &StrokeEdit> {
        self.edits
            .iter()
            .filter(move |e| (e.first_frame..=e.last_frame).contains(&frame))
    }

    /// Adds an edit.
    ///
    /// # Errors
    /// Numbers that are not finite or too large, frames outside the film.
    pub fn edit(&mut self, spec: &CutSpec, edit: StrokeEdit) -> Result<(), ControlError> {
        let refuse = |what: String| {
            Err(ControlError::BadEdit {
                stroke_id: edit.stroke_id.clone(),
                what,
            })
        };
        if !(edit.delta_curvature.abs() <= MAX_DELTA_CURVATURE && edit.delta_pressure.abs() <= 1.0) {
            return refuse("delta-curvature must lie in [−3, 3] and delta-pressure in [−1, 1]".into());
        }
        if edit.first_frame < 1 || edit.last_frame > spec.frame_count || edit.first_frame > edit.last_frame {
            return refuse(format!(
                "frames {}-{} are not in the film; it has 1-{}",
                edit.first_frame, edit.last_frame, spec.frame_count
            ));
        }
        self.edits.push(edit);
        Ok(())
    }
}
