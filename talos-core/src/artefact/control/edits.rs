//! Edits of strokes: which strokes, in which frames, and what is changed.
//!
//! An edit says what to do in the stroke's own frame in space, so it holds when the camera or the
//! pose changes. Its id is never given to another edit, and edits are laid in the order of their ids:
//! the order of the list does not matter.

use std::{fmt, ops::RangeInclusive};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Control, ControlError};
use crate::{
    artefact::CutSpec,
    math::scalar,
    nearest::nearest,
    stroke::{Anchor, StyleClass, SurfacePoint},
};

/// One edit.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Edit {
    /// Stable id, `"e1"`, `"e2"`, …; never another edit's.
    pub id: String,
    /// Which strokes.
    pub target: Target,
    /// First frame at full strength, 1-based.
    pub first_frame: u32,
    /// Last frame at full strength, inclusive.
    pub last_frame: u32,
    /// Frames before the first over which it fades in, inside the first frame's cut.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub ease_in: u32,
    /// Frames after the last over which it fades out, inside the last frame's cut.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub ease_out: u32,
    /// What is done.
    pub change: Change,
    /// Where the stroke lay when it was edited: how it is found again under another id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub anchor: Option<Anchor>,
}

fn is_zero(value: &u32) -> bool {
    *value == 0
}

/// Which strokes an edit is of: one by its id, or all that fit everything that is said.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Target {
    /// The stroke of this id; then nothing else is said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stroke_id: Option<String>,
    /// Strokes of this object, e.g. `"girl_a"`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subject: Option<String>,
    /// Strokes of this layer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub layer: Option<String>,
    /// Strokes of this class.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub style_class: Option<StyleClass>,
    /// Strokes of this kind of feature: `contour`, `border`, `crease`, `seam`, `meet`, `mark`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
}

/// What an edit does. Lengths are shares of the stroke's own length in space.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Change {
    /// Bends about the chord and presses; see [`crate::stroke::edit()`].
    Bend {
        /// Added curvature in units of 1/chord, [−3, 3].
        delta_curvature: f64,
        /// Added to pressure, which stays in [0, 1].
        delta_pressure: f64,
    },
    /// Multiplies the width of the inked line.
    Width {
        /// [0.1, 10].
        factor: f64,
    },
    /// Moves the whole stroke.
    Move {
        /// From its start to its end, [−10, 10].
        along: f64,
        /// To the left of that as the viewer sees it, [−10, 10].
        across: f64,
        /// Towards the viewer, [−10, 10].
        towards: f64,
    },
    /// Draws another shape: at even steps along the stroke, how far off the line is drawn.
    Redraw {
        /// (along, across) the stroke's direction there, 2 to 257 of them.
        offsets: Vec<[f64; 2]>,
    },
    /// Draws a new line on the surface of the target's subject, posed with it:
    /// stroke id `<subject>.added.<edit id>`.
    Add {
        /// Places on the surface, 2 to 2000.
        points: Vec<SurfacePoint>,
        /// Pen pressure, (0, 1].
        pressure: f64,
        /// Whether the last point joins the first.
        closed: bool,
    },
    /// Takes the stroke away.
    Delete {},
    /// Draws the stroke as it is in another frame.
    Retime(Retime),
}

/// Which frame a retimed stroke is drawn as, inside its own cut.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Retime {
    /// Each drawing is held for so many frames: 2 is "on twos"; 2 to 240.
    Hold(u32),
    /// As so many frames later (earlier when negative), [−10000, 10000] but 0.
    Shift(i32),
}

/// What makes an edit's numbers wrong: the pointer inside the edit, and what would be right.
type Fault = (&'static str, String);

impl Target {
    /// One stroke.
    #[must_use]
    pub fn stroke(id: impl Into<String>) -> Self {
        Self {
            stroke_id: Some(id.into()),
            ..Self::default()
        }
    }

    /// Every stroke of a subject.
    #[must_use]
    pub fn subject(id: impl Into<String>) -> Self {
        Self {
            subject: Some(id.into()),
            ..Self::default()
        }
    }

    fn fault(&self) -> Option<Fault> {
        let query = [&self.subject, &self.layer, &self.kind]
            .into_iter()
            .any(Option::is_some)
            || self.style_class.is_some();
        if self.stroke_id.is_some() == query {
            let what = "name one stroke_id, or some of subject, layer, style_class and kind";
            return Some(("/target", what.into()));
        }
        let kinds = ["contour", "border", "crease", "seam", "meet", "mark"];
        match &self.kind {
            Some(kind) if !kinds.contains(&kind.as_str()) => {
                Some(("/target/kind", format!("it must be one of {}", kinds.join(", "))))
            }
            _ => None,
        }
    }

    /// Whether some stroke may be meant by both.
    #[must_use]
    pub fn may_meet(&self, other: &Self) -> bool {
        fn differ<T: PartialEq>(a: Option<&T>, b: Option<&T>) -> bool {
            a.zip(b).is_some_and(|(a, b)| a != b)
        }
        let apart = |id: &str, subject: Option<&String>| {
            subject.is_some_and(|s| {
                !id.strip_prefix(s.as_str())
                    .is_some_and(|rest| rest.starts_with('.'))
            })
        };
        if let (Some(id), None) | (None, Some(id)) = (&self.stroke_id, &other.stroke_id) {
            return !apart(id, self.subject.as_ref()) && !apart(id, other.subject.as_ref());
        }
        !(differ(self.stroke_id.as_ref(), other.stroke_id.as_ref())
            || differ(self.subject.as_ref(), other.subject.as_ref())
            || differ(self.layer.as_ref(), other.layer.as_ref())
            || differ(self.style_class.as_ref(), other.style_class.as_ref())
            || differ(self.kind.as_ref(), other.kind.as_ref()))
    }
}

impl Change {
    fn fault(&self) -> Option<Fault> {
        let within = |x: f64, most: f64| x.abs() <= most;
        match self {
            Self::Bend {
                delta_curvature,
                delta_pressure,
            } => {
                let most = crate::stroke::MAX_DELTA_CURVATURE;
                (!(within(*delta_curvature, most) && within(*delta_pressure, 1.0))).then(|| {
                    let what = "delta_curvature must lie in [-3, 3] and delta_pressure in [-1, 1]";
                    ("/change/bend", what.into())
                })
            }
            Self::Width { factor } => (!(0.1..=10.0).contains(factor))
                .then(|| ("/change/width/factor", "it must lie in [0.1, 10]".into())),
            Self::Move {
                along,
                across,
                towards,
            } => (![along, across, towards].into_iter().all(|v| within(*v, 10.0)))
                .then(|| ("/change/move", "each must lie in [-10, 10]".into())),
            Self::Redraw { offsets } => {
                let sound = (2..=257).contains(&offsets.len())
                    && offsets.as_flattened().iter().all(|v| within(*v, 10.0));
                (!sound).then(|| {
                    (
                        "/change/redraw/offsets",
                        "2 to 257 pairs, each number in [-10, 10]".into(),
                    )
                })
            }
            Self::Add { points, pressure, .. } => add_fault(points, *pressure),
            Self::Delete {} => None,
            Self::Retime(Retime::Hold(frames)) => (!(2..=240).contains(frames))
                .then(|| ("/change/retime/hold", "it must lie in [2, 240]".into())),
            Self::Retime(Retime::Shift(frames)) => {
                (*frames == 0 || frames.unsigned_abs() > 10_000).then(|| {
                    (
                        "/change/retime/shift",
                        "it must lie in [-10000, 10000] and not be 0".into(),
                    )
                })
            }
        }
    }

    /// Its name in `control.json`.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::Bend { .. } => "bend",
            Self::Width { .. } => "width",
            Self::Move { .. } => "move",
            Self::Redraw { .. } => "redraw",
            Self::Add { .. } => "add",
            Self::Delete {} => "delete",
            Self::Retime(_) => "retime",
        }
    }
}

fn add_fault(points: &[SurfacePoint], pressure: f64) -> Option<Fault> {
    if !(2..=2000).contains(&points.len()) {
        return Some(("/change/add/points", "2 to 2000 places are needed".into()));
    }
    if !(pressure > 0.0 && pressure <= 1.0) {
        return Some(("/change/add/pressure", "it must lie above 0, up to 1".into()));
    }
    let what = "weights lie in [0, 1] and sum to 1, lift_m in [-1, 1]";
    (!points.iter().all(SurfacePoint::is_sound)).then(|| ("/change/add/points", what.into()))
}

impl Edit {
    /// An edit without an id yet; [`Control::edit`] gives it one.
    #[must_use]
    pub fn new(target: Target, frames: RangeInclusive<u32>, change: Change) -> Self {
        Self {
            id: String::new(),
            target,
            first_frame: *frames.start(),
            last_frame: *frames.end(),
            ease_in: 0,
            ease_out: 0,
            change,
            anchor: None,
        }
    }

    /// Fading in and out over so many frames.
    #[must_use]
    pub fn eased(self, frames: u32) -> Self {
        Self {
            ease_in: frames,
            ease_out: frames,
            ..self
        }
    }

    /// Number in the id; edits are laid in this order.
    #[must_use]
    pub fn number(&self) -> u32 {
        number_of(&self.id).unwrap_or(u32::MAX)
    }

    /// Strength in a frame of a cut with these frames, [0, 1]: 1 from the first frame to the last, a
    /// smoothstep over the frames of ease, 0 elsewhere. It does not fade across a cut.
    #[must_use]
    pub fn weight(&self, frame: u32, cut: &RangeInclusive<u32>) -> f64 {
        let (away, ease, end) = if frame < self.first_frame {
            (self.first_frame - frame, self.ease_in, self.first_frame)
        } else if frame > self.last_frame {
            (frame - self.last_frame, self.ease_out, self.last_frame)
        } else {
            return 1.0;
        };
        if away > ease || !cut.contains(&end) {
            return 0.0;
        }
        scalar::smoothstep(0.0, 1.0, 1.0 - f64::from(away) / (f64::from(ease) + 1.0))
    }

    /// Frames it may touch, fading included.
    #[must_use]
    pub fn frames(&self) -> RangeInclusive<u32> {
        self.first_frame.saturating_sub(self.ease_in).max(1)..=self.last_frame.saturating_add(self.ease_out)
    }

    /// Whether it says the same as another, whatever their ids.
    #[must_use]
    pub fn says_the_same(&self, other: &Self) -> bool {
        let id = String::new();
        let bare = |edit: &Self| Self {
            id: id.clone(),
            ..edit.clone()
        };
        bare(self) == bare(other)
    }

    /// The frame of its own cut that a retimed stroke is drawn as.
    #[must_use]
    pub fn source_frame(&self, frame: u32, cut: &RangeInclusive<u32>) -> Option<u32> {
        let Change::Retime(retime) = self.change else {
            return None;
        };
        let source = match retime {
            Retime::Hold(every) => {
                // drawings are counted from the edit's first frame, in each cut anew
                let first = self.first_frame.max(*cut.start());
                frame - frame.saturating_sub(first) % every.max(1)
            }
            Retime::Shift(by) => frame.saturating_add_signed(by),
        };
        Some(source.clamp(*cut.start(), *cut.end()))
    }

    pub(super) fn fault(&self) -> Option<Fault> {
        if self.first_frame < 1 || self.first_frame > self.last_frame {
            return Some(("/first_frame", "frames start at 1 and run forward".into()));
        }
        if self.ease_in.max(self.ease_out) > 10_000 {
            let at = if self.ease_in > 10_000 {
                "/ease_in"
            } else {
                "/ease_out"
            };
            return Some((at, "it must lie in [0, 10000]".into()));
        }
        if matches!(self.change, Change::Retime(_)) && self.ease_in + self.ease_out > 0 {
            let what = "a retimed stroke has no halves: leave the ease out";
            return Some(("/change/retime", what.into()));
        }
        if matches!(self.change, Change::Add { .. }) && self.target != added_target(&self.target) {
            let what = "a new line needs a subject, and nothing else";
            return Some(("/target", what.into()));
        }
        let finite = |a: &Anchor| a.points.as_flattened().iter().all(|v| v.is_finite());
        if self.anchor.as_ref().is_some_and(|a| !finite(a)) {
            return Some(("/anchor", "its points must be finite".into()));
        }
        self.target.fault().or_else(|| self.change.fault())
    }
}

/// The target of a new line: a subject alone.
fn added_target(target: &Target) -> Target {
    Target::subject(target.subject.clone().unwrap_or_default())
}

/// The number in `e12`; `None` for anything else.
pub(super) fn number_of(id: &str) -> Option<u32> {
    let digits = id.strip_prefix('e')?;
    let number: u32 = digits.parse().ok()?;
    (number > 0 && number.to_string() == digits).then_some(number)
}

impl Control {
    /// The edits that touch a frame of a cut with these frames, in the order in which they are laid,
    /// each with its strength.
    #[must_use]
    pub fn edits_at(&self, frame: u32, cut: &RangeInclusive<u32>) -> Vec<(&Edit, f64)> {
        let mut found: Vec<(&Edit, f64)> = self
            .edits
            .iter()
            .map(|e| (e, e.weight(frame, cut)))
            .filter(|(_, weight)| *weight > 0.0)
            .collect();
        found.sort_by_key(|(e, _)| e.number());
        found
    }

    /// Adds an edit and gives it its id, which is returned.
    ///
    /// # Errors
    /// Numbers that are not finite or too large, frames outside the film.
    pub fn edit(&mut self, spec: &CutSpec, edit: Edit) -> Result<String, ControlError> {
        let refuse = |what: String| {
            Err(ControlError::BadEdit {
                stroke_id: edit.target.to_string(),
                what,
            })
        };
        if edit.first_frame < 1 || edit.last_frame > spec.frame_count || edit.first_frame > edit.last_frame {
            return refuse(format!(
                "frames {}-{} are not in the film; it has 1-{}",
                edit.first_frame, edit.last_frame, spec.frame_count
            ));
        }
        if let Some((_, what)) = edit.fault() {
            return refuse(what);
        }
        let Some(number) = self.edits_made.checked_add(1) else {
            return refuse("there is no number left for it".into());
        };
        self.edits_made = number;
        let id = format!("e{number}");
        self.edits.push(Edit {
            id: id.clone(),
            ..edit
        });
        Ok(id)
    }

    /// Bends and presses one stroke in some frames; gives the edit's id.
    ///
    /// # Errors
    /// As [`Self::edit`].
    pub fn edit_stroke(
        &mut self,
        spec: &CutSpec,
        stroke_id: &str,
        delta_curvature: f64,
        delta_pressure: f64,
        frames: RangeInclusive<u32>,
    ) -> Result<String, ControlError> {
        let change = Change::Bend {
            delta_curvature,
            delta_pressure,
        };
        self.edit(spec, Edit::new(Target::stroke(stroke_id), frames, change))
    }

    /// Takes one edit out; its id is not given again.
    ///
    /// # Errors
    /// When there is none of this id.
    pub fn take_back(&mut self, id: &str) -> Result<Edit, ControlError> {
        match self.edits.iter().position(|e| e.id == id) {
            Some(index) => Ok(self.edits.remove(index)),
            None => Err(ControlError::UnknownEdit {
                id: id.into(),
                nearest: nearest(id, self.edits.iter().map(|e| e.id.as_str())),
            }),
        }
    }
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(id) = &self.stroke_id {
            return f.write_str(id);
        }
        let class = self.style_class.map(|c| format!("{c:?}").to_lowercase());
        let parts = [
            ("subject", &self.subject),
            ("layer", &self.layer),
            ("style_class", &class),
            ("kind", &self.kind),
        ];
        let said: Vec<String> = parts
            .into_iter()
            .filter_map(|(name, value)| value.as_ref().map(|v| format!("{name}={v}")))
            .collect();
        f.write_str(&said.join(" "))
    }
}

impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Bend {
                delta_curvature,
                delta_pressure,
            } => write!(f, "curvature {delta_curvature:+}, pressure {delta_pressure:+}"),
            Self::Width { factor } => write!(f, "width ×{factor}"),
            Self::Move {
                along,
                across,
                towards,
            } => write!(f, "moved by {along}, {across}, {towards}"),
            Self::Redraw { .. } => f.write_str("redrawn"),
            Self::Add { points, .. } => write!(f, "added, {} points", points.len()),
            Self::Delete {} => f.write_str("deleted"),
            Self::Retime(Retime::Hold(frames)) => write!(f, "held for {frames} frames each"),
            Self::Retime(Retime::Shift(frames)) => write!(f, "as {frames:+} frames later"),
        }
    }
}

#[cfg(test)]
#[path = "edits_tests.rs"]
mod tests;
