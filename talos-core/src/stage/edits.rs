//! Edits laid over a frame's lines, and made from what an artist draws on a frame.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;
use thiserror::Error;

use super::{Film, Prepared};
use crate::{
    artefact::{Change, Edit, Finding, Lines, Status, Target},
    camera::Projection,
    math::{DAffine3, DVec2, scalar},
    scene::SceneObject,
    stroke::{
        Added, Anchor, OffSurface, Scene, Stroke, carried, edit, kind_of, offsets_of, places_under, redraw,
        shift, widen,
    },
    time::Frame,
};

/// What became of an edit in a frame that it touches.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Found {
    /// Its strokes are there.
    There,
    /// Its stroke has another id now, this one.
    As(String),
    /// Nothing that it is of is drawn: the edit waits.
    Lost,
}

/// An edit in one frame.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct EditOutcome {
    /// Id of the edit.
    pub edit: String,
    /// Whether its strokes are there.
    pub found: Found,
}

/// Why a drawn shape makes no edit.
#[derive(Clone, Debug, PartialEq, Error)]
#[non_exhaustive]
pub enum EditError {
    /// The frame does not have the stroke.
    #[error("frame {frame} has no stroke `{stroke_id}` to draw anew")]
    NoStroke {
        /// The frame.
        frame: u32,
        /// The stroke.
        stroke_id: String,
    },
    /// The shape is no line.
    #[error("a shape needs two or more different places on the picture")]
    NoShape,
    /// The line leaves the surface.
    #[error("the line leaves {subject} at pixel {x},{y}, where {there} is seen; keep it on one subject")]
    OffSurface {
        /// Who it is drawn on.
        subject: String,
        /// Pixel, rounded.
        x: i64,
        /// Pixel, rounded.
        y: i64,
        /// What is there.
        there: String,
    },
    /// There is no such subject.
    #[error("no subject `{subject}` in frame {frame}; nearest: {}", nearest.join(", "))]
    NoSubject {
        /// Who was named.
        subject: String,
        /// The frame.
        frame: u32,
        /// The nearest that are there.
        nearest: Vec<String>,
    },
}

/// The order in which edits are laid: new lines first, so that others may change them; what is
/// retimed before it is reshaped; what is deleted last.
fn phase(change: &Change) -> u8 {
    match change {
        Change::Add { .. } => 0,
        Change::Retime(_) => 1,
        Change::Bend { .. } | Change::Width { .. } | Change::Move { .. } | Change::Redraw { .. } => 2,
        Change::Delete {} => 3,
    }
}

impl Film {
    /// The lines with the edits of their frame. `drawing` gives the drawing of another frame of the cut as
    /// computed, before edits: what retimed strokes are taken from.
    #[must_use]
    pub fn edited_with(
        &self,
        prepared: &Prepared,
        lines: Lines,
        drawing: &mut dyn FnMut(Frame) -> Lines,
    ) -> Lines {
        let cut = self.frames_of_cut(prepared.frame);
        let mut edits = self.control.edits_at(prepared.frame.0, &cut);
        if edits.is_empty() {
            return lines;
        }
        edits.sort_by_key(|(e, _)| phase(&e.change));
        let mut laying = Laying {
            film: self,
            prepared,
            strokes: lines.strokes(),
            gone: BTreeSet::new(),
            others: BTreeMap::new(),
            drawing,
        };
        for (edit, weight) in edits {
            laying.lay(edit, weight);
        }
        let mut strokes = laying.strokes;
        strokes.sort_by(|a, b| a.stroke_id.cmp(&b.stroke_id));
        let mut edited = Lines::new(
            &lines.cut_id,
            prepared.frame,
            lines.frame_size,
            &prepared.projection,
            &strokes,
        );
        // what was measured and refused when it was drawn
        edited.quality.surface_p99_px = lines.quality.surface_p99_px;
        edited.quality.rejected = lines.quality.rejected;
        edited
    }

    /// The lines with the edits of their frame; frames that retimed strokes are taken from are drawn.
    #[must_use]
    pub fn edited(&self, prepared: &Prepared, lines: Lines) -> Lines {
        self.edited_with(prepared, lines, &mut |frame| self.draw(&self.prepare(frame)))
    }

    /// What becomes of the edits of a frame, told from its drawing as computed.
    #[must_use]
    pub fn edit_outcomes(&self, drawing: &Lines) -> Vec<EditOutcome> {
        let frame = Frame(drawing.frame);
        let edits = self.control.edits_at(frame.0, &self.frames_of_cut(frame));
        if edits.is_empty() {
            return Vec::new();
        }
        let strokes = drawing.strokes();
        let projection = self.camera(frame).projection(self.size());
        let found = |edit: &Edit| match &edit.change {
            Change::Add { points, .. } => self.added_outcome(edit, points.iter().map(|p| p.triangle).max()),
            _ if self.is_added(&edit.target) => Found::There,
            _ => {
                let indices = targets(&edit.target, &strokes);
                let again = || self.reattached(edit, &strokes, frame, &projection);
                match indices.first() {
                    Some(_) => Found::There,
                    None => again().map_or(Found::Lost, |i| Found::As(strokes[i].stroke_id.clone())),
                }
            }
        };
        edits
            .into_iter()
            .map(|(edit, _)| EditOutcome {
                edit: edit.id.clone(),
                found: found(edit),
            })
            .collect()
    }

    fn added_outcome(&self, edit: &Edit, last_triangle: Option<u32>) -> Found {
        let subject = edit.target.subject.as_deref().unwrap_or_default();
        let triangles = self
            .model_of(subject)
            .map_or(0, |model| model.mesh.triangles.len());
        if last_triangle.is_some_and(|t| (t as usize) < triangles) {
            Found::There
        } else {
            Found::Lost
        }
    }

    /// Whether a stroke is one that an edit adds.
    fn is_added(&self, target: &Target) -> bool {
        let name = target
            .stroke_id
            .as_deref()
            .and_then(|id| id.split_once(".added."));
        name.is_some_and(|(_, id)| {
            self.control
                .edits
                .iter()
                .any(|e| e.id == id.split('.').next().unwrap_or(id))
        })
    }

    /// The stroke that now lies where the edited one lay.
    fn reattached(
        &self,
        edit: &Edit,
        strokes: &[Stroke],
        frame: Frame,
        projection: &Projection,
    ) -> Option<usize> {
        let (anchor, id) = (edit.anchor.as_ref()?, edit.target.stroke_id.as_ref()?);
        let object = self.object(frame, &anchor.subject)?;
        anchor.find(&object, strokes, id, projection)
    }

    /// Where a stroke of a drawn frame lies on its subject: what lets an edit find it again.
    #[must_use]
    pub fn anchor(&self, lines: &Lines, stroke_id: &str) -> Option<Anchor> {
        let frame = Frame(lines.frame);
        let line = lines.lines.iter().find(|l| l.stroke_id == stroke_id)?;
        let object = self.object(frame, self.subject_of(stroke_id)?)?;
        let projection = self.camera(frame).projection(self.size());
        Anchor::of(&object, &Stroke::from(line), &projection)
    }

    /// The change that draws a stroke of a frame as the smooth curve through pixels of that frame.
    ///
    /// # Errors
    /// No such stroke in the frame, or a shape that is no line.
    pub fn redrawn(&self, lines: &Lines, stroke_id: &str, shape: &[DVec2]) -> Result<Change, EditError> {
        let line = lines.lines.iter().find(|l| l.stroke_id == stroke_id);
        let line = line.ok_or_else(|| EditError::NoStroke {
            frame: lines.frame,
            stroke_id: stroke_id.into(),
        })?;
        let projection = self.camera(Frame(lines.frame)).projection(self.size());
        let stroke = Stroke::from(line);
        // as `Laying::span` will find it from the anchor
        let reversed = !stroke.closed && crate::stroke::starts_right(&stroke, &projection);
        offsets_of(&stroke, &projection, self.size().scale(), shape, reversed)
            .map(|offsets| Change::Redraw { offsets })
            .ok_or(EditError::NoShape)
    }

    /// The edit's target and change that add a line on a subject's surface, drawn as the smooth curve
    /// through pixels of a frame. Without a subject it is whoever is seen at the first pixel.
    ///
    /// # Errors
    /// No such subject, no line, or a line that leaves the subject.
    pub fn added(
        &self,
        prepared: &Prepared,
        subject: Option<&str>,
        shape: &[DVec2],
    ) -> Result<(Target, Change), EditError> {
        let objects = &prepared.objects;
        let wanted = subject.map(|s| objects.iter().position(|o| o.id == s).ok_or(s));
        let wanted = wanted.transpose().map_err(|subject| EditError::NoSubject {
            subject: subject.into(),
            frame: prepared.frame.0,
            nearest: crate::artefact::nearest(subject, objects.iter().map(|o| o.id.as_str())),
        })?;
        let mut different = shape.to_vec();
        different.dedup();
        if different.len() < 2 || !shape.iter().all(|p| p.is_finite()) {
            return Err(EditError::NoShape);
        }
        // a line that ends where it starts is a loop
        let closed = shape.len() > 3 && shape[0] == shape[shape.len() - 1];
        let id = |index: usize| objects.get(index).map_or_else(String::new, |o| o.id.clone());
        let leaves = |off: OffSurface| EditError::OffSurface {
            subject: wanted.map_or_else(|| "its subject".into(), id),
            x: off.pixel.x.round() as i64,
            y: off.pixel.y.round() as i64,
            there: off.object.map_or_else(|| "the sky".into(), id),
        };
        let projection = &prepared.projection;
        let (index, points) =
            places_under(objects, projection, &prepared.visibility, shape, wanted, closed).map_err(leaves)?;
        let change = Change::Add {
            points,
            pressure: ADDED_PRESSURE,
            closed,
        };
        Ok((Target::subject(id(index)), change))
    }
}

/// What edits found, told by ranges of frames: edits that wait for a stroke that is not drawn, and edits
/// whose stroke has another id now. An edit of all strokes that fit something waits only when nothing fits
/// in any of the frames.
#[must_use]
pub fn edit_findings(edits: &[Edit], outcomes: &[(u32, EditOutcome)]) -> Vec<Finding> {
    let finding = |status: Status, code: &str, edit: &Edit, message: String| Finding {
        status,
        code: code.into(),
        text: format!("{} {}", edit.id, edit.target),
        start: 0,
        end: 0,
        message,
        nearest: Vec::new(),
    };
    let mut list = Vec::new();
    for edit in edits {
        let own = || outcomes.iter().filter(|(_, o)| o.edit == edit.id);
        let lost: Vec<u32> = own()
            .filter(|(_, o)| o.found == Found::Lost)
            .map(|(frame, _)| *frame)
            .collect();
        let by_id = edit.target.stroke_id.is_some();
        if !lost.is_empty() && (by_id || lost.len() == own().count()) {
            let message = format!(
                "nothing to edit is drawn in frames {}; the edit waits",
                ranges(&lost)
            );
            list.push(finding(Status::Degraded, "lost_edit", edit, message));
        }
        let mut names: BTreeMap<&str, Vec<u32>> = BTreeMap::new();
        for (frame, outcome) in own() {
            if let Found::As(id) = &outcome.found {
                names.entry(id).or_default().push(*frame);
            }
        }
        list.extend(names.into_iter().map(|(id, frames)| {
            let message = format!("found again as `{id}` in frames {}", ranges(&frames));
            finding(Status::Passed, "reattached", edit, message)
        }));
    }
    list
}

/// Frames as ranges: `4-7, 9`.
fn ranges(frames: &[u32]) -> String {
    let mut frames = frames.to_vec();
    frames.sort_unstable();
    frames.dedup();
    let words: Vec<String> = frames
        .chunk_by(|a, b| a + 1 == *b)
        .map(|run| match run {
            [one] => one.to_string(),
            many => format!("{}-{}", many[0], many[many.len() - 1]),
        })
        .collect();
    words.join(", ")
}

/// Ids of the strokes of a frame that a target means.
#[must_use]
pub fn strokes_meant(target: &Target, lines: &Lines) -> Vec<String> {
    let strokes = lines.strokes();
    let id = |i: usize| strokes[i].stroke_id.clone();
    targets(target, &strokes).into_iter().map(id).collect()
}

/// Authored pressure of an added line: that of a full contour.
const ADDED_PRESSURE: f64 = 1.0;

/// The strokes that a target means, by index.
fn targets(target: &Target, strokes: &[Stroke]) -> Vec<usize> {
    let fits = |stroke: &Stroke| {
        if let Some(id) = &target.stroke_id {
            return stroke.stroke_id == *id;
        }
        let of_subject = |s: &String| {
            stroke
                .stroke_id
                .strip_prefix(s.as_str())
                .is_some_and(|rest| rest.starts_with('.'))
        };
        target.subject.as_ref().is_none_or(of_subject)
            && target.layer.as_ref().is_none_or(|l| *l == stroke.layer)
            && target.style_class.is_none_or(|c| c == stroke.style_class)
            && target.kind.as_ref().is_none_or(|k| k == kind_of(stroke))
    };
    (0..strokes.len()).filter(|&i| fits(&strokes[i])).collect()
}

/// Edits being laid over a frame's strokes.
struct Laying<'a> {
    film: &'a Film,
    prepared: &'a Prepared,
    strokes: Vec<Stroke>,
    /// Ids of strokes that are deleted.
    gone: BTreeSet<String>,
    /// Drawings of other frames, as far as they were needed.
    others: BTreeMap<u32, Lines>,
    drawing: &'a mut dyn FnMut(Frame) -> Lines,
}

impl Laying<'_> {
    fn lay(&mut self, edit: &Edit, weight: f64) {
        if let Change::Add { .. } = edit.change {
            return self.add(edit, weight);
        }
        let mut found = targets(&edit.target, &self.strokes);
        if found.is_empty() {
            let (frame, projection) = (self.prepared.frame, &self.prepared.projection);
            found.extend(self.film.reattached(edit, &self.strokes, frame, projection));
        }
        for &index in &found {
            self.change(edit, weight, index);
        }
        let gone = &self.gone;
        self.strokes.retain(|s| !gone.contains(&s.stroke_id));
    }

    fn change(&mut self, change: &Edit, weight: f64, index: usize) {
        let projection = &self.prepared.projection;
        let scale = self.film.size().scale();
        match &change.change {
            Change::Bend {
                delta_curvature,
                delta_pressure,
            } => {
                let stroke = &mut self.strokes[index];
                edit(
                    stroke,
                    projection,
                    delta_curvature * weight,
                    delta_pressure * weight,
                );
            }
            Change::Width { factor } => widen(&mut self.strokes[index], scalar::lerp(1.0, *factor, weight)),
            Change::Move {
                along,
                across,
                towards,
            } => {
                let span = self.span(change, index);
                let by = [along, across, towards].map(|v| v * weight);
                shift(&mut self.strokes[index], projection, by, span);
            }
            Change::Redraw { offsets } => {
                let span = self.span(change, index);
                redraw(&mut self.strokes[index], projection, scale, offsets, weight, span);
            }
            Change::Delete {} if weight >= 1.0 => {
                self.gone.insert(self.strokes[index].stroke_id.clone());
            }
            Change::Delete {} => widen(&mut self.strokes[index], 1.0 - weight),
            Change::Retime(_) => self.retime(change, index),
            Change::Add { .. } => {}
        }
    }

    /// Which part of the edited stroke this one is, told by the edit's anchor; without one it is the whole,
    /// from left to right.
    fn span(&self, edit: &Edit, index: usize) -> [f64; 2] {
        let (stroke, projection) = (&self.strokes[index], &self.prepared.projection);
        let object = |a: &Anchor| self.prepared.objects.iter().find(|o| o.id == a.subject);
        match edit.anchor.as_ref().and_then(|a| Some((a, object(a)?))) {
            Some((anchor, object)) => anchor.span(object, stroke, projection),
            None if crate::stroke::starts_right(stroke, projection) => [1.0, 0.0],
            None => [0.0, 1.0],
        }
    }

    /// The stroke as another frame has it, carried along with its subject.
    fn retime(&mut self, edit: &Edit, index: usize) {
        let frame = self.prepared.frame;
        let cut = self.film.frames_of_cut(frame);
        let Some(source) = edit.source_frame(frame.0, &cut).filter(|s| *s != frame.0) else {
            return;
        };
        let drawing = &mut self.drawing;
        let other = self
            .others
            .entry(source)
            .or_insert_with(|| drawing(Frame(source)));
        let id = self.strokes[index].stroke_id.clone();
        let Some(line) = other.lines.iter().find(|l| l.stroke_id == id) else {
            return;
        };
        let subject = self.film.subject_of(&id).unwrap_or_default();
        let world = |frame: Frame| self.film.world_from_subject(subject, frame);
        let now_from_then: DAffine3 = world(frame) * world(Frame(source)).inverse();
        let to = |home| now_from_then.transform_point3(home);
        if let Some(stroke) = carried(&Stroke::from(line), &self.prepared.projection, &to) {
            self.strokes[index] = stroke;
        }
    }

    fn add(&mut self, edit: &Edit, weight: f64) {
        let Change::Add {
            points,
            pressure,
            closed,
        } = &edit.change
        else {
            return;
        };
        let prepared = self.prepared;
        let of_target = |o: &SceneObject| edit.target.subject.as_ref() == Some(&o.id);
        let Some(index) = prepared.objects.iter().position(of_target) else {
            return;
        };
        let model = self.film.pressure_model(prepared);
        let scene = Scene {
            objects: &prepared.objects,
            anatomies: self.film.anatomies(),
            projection: &prepared.projection,
            size: self.film.size(),
            visibility: &prepared.visibility,
            pressure: &model,
        };
        let name = format!("added.{}", edit.id);
        let added = Added {
            name: &name,
            points,
            pressure: *pressure,
            closed: *closed,
        };
        let mut strokes = added.draw(&scene, index).unwrap_or_default();
        strokes.iter_mut().for_each(|s| widen(s, weight));
        self.strokes.extend(strokes);
    }
}
