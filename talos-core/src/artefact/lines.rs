//! `lines.json`: the strokes of one frame, as AXIS draws them; and the manifest of all frames.
//!
//! Geometry, pressure, ids and layers only: how wide and with what pen lines are inked is the style
//! profile's, so `style_profile` here states the neutral defaults and the tolerance of the curves.

mod read;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub use read::LinesError;

use crate::camera::{FrameSize, Projection};
use crate::digest::{Canonical, Digest};
use crate::math::{DVec2, DVec3};
use crate::stroke::{Drawing, Rejected, Stroke, StrokeQuality, StyleClass};
use crate::time::Frame;

/// Strokes of one frame: schema `lines/1`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Lines {
    /// Always `"lines/1"`.
    pub schema: String,
    /// Version of the engine that drew them.
    pub engine_version: String,
    /// Cut, e.g. `"S01_C02"`.
    pub cut_id: String,
    /// Frame number, from 1.
    pub frame: u32,
    /// `frame` − 1.
    pub frame_index: u32,
    /// Size in pixels of the frame that the points are in.
    pub frame_size: FrameSize,
    /// K\[R|T\], 3 × 4, row-major: world metres → pixels.
    pub camera_projection_matrix: [[f64; 4]; 3],
    /// The strokes, sorted by id.
    pub lines: Vec<Line>,
    /// Names of the layers in use, sorted.
    pub layers: Vec<String>,
    /// Neutral drawing parameters; never the film's style.
    pub style_profile: NeutralProfile,
    /// How well the strokes lie on the scene.
    pub quality: LinesQuality,
}

/// One stroke.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Line {
    /// Name of the 3D feature: `"<object>.<part>.<kind>.<n>"` or `"<object>.<mark>"`.
    pub stroke_id: String,
    /// One of `layers`.
    pub layer: String,
    /// Kind of line.
    pub style_class: StyleClass,
    /// Whether its ends meet.
    pub closed: bool,
    /// Control points of n cubic Béziers, 3n + 1, pixels, y down; multiples of 0.01.
    pub points: Vec<[f64; 2]>,
    /// The home of each of `points` in the world, 3n + 1, metres; multiples of 0.00001. S(t) is the
    /// rational cubic of these with the weights 1 / depth, and `camera_projection_matrix` maps it onto `points`' s(t).
    pub points_3d: Vec<[f64; 3]>,
    /// Pen pressure at the knots, n + 1, in [0, 1]; multiples of 0.001.
    pub pressure: Vec<f64>,
    /// How well it lies on its form; absent once a hand has changed it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub quality: Option<StrokeQuality>,
}

/// The drawing parameters that the geometry was made with.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NeutralProfile {
    /// Always `"neutral"`.
    pub name: String,
    /// Width of a contour at full pressure, pixels at 1080 lines.
    pub line_width_base: f64,
    /// Greatest distance of a curve from the feature it draws, pixels at 1080 lines.
    pub curve_tolerance: f64,
    /// How much pressure changes the width, [0, 1].
    pub pressure_sensitivity: f64,
}

/// Quality figures of a frame.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct LinesQuality {
    /// Number of strokes.
    pub strokes: u32,
    /// Number of Bézier segments.
    pub segments: u32,
    /// Greatest distance of s(t) from S(t) seen through the matrix, pixels.
    pub reprojection_max_px: f64,
    /// Distance of S(t) from the posed surface, in pixels at its depth, that 99 % of all places stay under.
    pub surface_p99_px: f64,
    /// Mean |n·v| of the smooth contours.
    pub facing_mean: f64,
    /// Lines, or pieces of them, that failed a gate and are not drawn.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub rejected: Vec<Rejected>,
}

impl Lines {
    /// The schema's name and version.
    pub const SCHEMA: &str = "lines/1";

    /// The artefact of a frame's strokes.
    #[must_use]
    pub fn new(
        cut_id: &str,
        frame: Frame,
        size: FrameSize,
        projection: &Projection,
        strokes: &[Stroke],
    ) -> Self {
        let mut layers: Vec<String> = strokes.iter().map(|s| s.layer.clone()).collect();
        layers.sort();
        layers.dedup();
        Self {
            schema: Self::SCHEMA.into(),
            engine_version: crate::ENGINE_VERSION.into(),
            cut_id: cut_id.into(),
            frame: frame.0,
            frame_index: frame.index(),
            frame_size: size,
            // −0 is written 0
            camera_projection_matrix: projection.rows.map(|row| row.map(|v| v + 0.0)),
            lines: strokes.iter().map(Line::from).collect(),
            layers,
            style_profile: NeutralProfile::default(),
            quality: LinesQuality::of(strokes, projection),
        }
    }

    /// The artefact of a frame's drawing.
    #[must_use]
    pub fn of_drawing(
        cut_id: &str,
        frame: Frame,
        size: FrameSize,
        projection: &Projection,
        drawing: Drawing,
    ) -> Self {
        let mut lines = Self::new(cut_id, frame, size, projection, &drawing.strokes);
        lines.quality.surface_p99_px = drawing.surface_p99_px;
        lines.quality.rejected = drawing.rejected;
        lines
    }

    /// The strokes, as they are drawn.
    #[must_use]
    pub fn strokes(&self) -> Vec<Stroke> {
        self.lines.iter().map(Stroke::from).collect()
    }

    /// The artefact as JSON, on one line.
    ///
    /// # Errors
    /// Where a number is not finite; what [`crate::stroke::draw`] made never is.
    pub fn to_json(&self) -> Result<String, LinesError> {
        self.validate()?;
        serde_json::to_string(self).map_err(|e| LinesError::Syntax {
            pointer: String::new(),
            reason: e.to_string(),
        })
    }

    /// Digest of the geometry: frame, matrix and strokes in canonical bytes.
    #[must_use]
    pub fn digest(&self) -> Digest {
        let mut canonical = Canonical::new(Self::SCHEMA);
        canonical.text(&self.cut_id).integer(u64::from(self.frame));
        canonical
            .integer(u64::from(self.frame_size.width))
            .integer(u64::from(self.frame_size.height));
        canonical.numbers(self.camera_projection_matrix.as_flattened());
        canonical.integer(self.lines.len() as u64);
        for line in &self.lines {
            canonical.text(&line.stroke_id).text(&line.layer);
            canonical
                .text(&format!("{:?}", line.style_class))
                .integer(u64::from(line.closed));
            canonical
                .numbers(line.points.as_flattened())
                .numbers(line.points_3d.as_flattened());
            canonical.numbers(&line.pressure);
        }
        canonical.finish()
    }
}

impl Default for NeutralProfile {
    fn default() -> Self {
        let ink = crate::stroke::InkStyle::default();
        Self {
            name: "neutral".into(),
            line_width_base: ink.width_px,
            curve_tolerance: crate::stroke::CURVE_TOLERANCE_PX,
            pressure_sensitivity: ink.pressure_sensitivity,
        }
    }
}

impl LinesQuality {
    fn of(strokes: &[Stroke], projection: &Projection) -> Self {
        let error = |stroke: &Stroke| {
            let places = (0..stroke.segments()).flat_map(|s| [0.0, 0.25, 0.5, 0.75, 1.0].map(|t| (s, t)));
            places
                .filter_map(|(s, t)| {
                    let seen = projection.project(stroke.home(projection, s, t))?;
                    Some((seen - stroke.point(s, t)).length())
                })
                .fold(0.0, f64::max)
        };
        let worst = strokes.iter().map(error).fold(0.0, f64::max);
        Self {
            strokes: strokes.len() as u32,
            segments: strokes.iter().map(|s| s.segments() as u32).sum(),
            reprojection_max_px: (worst * 1e4).ceil() / 1e4,
            surface_p99_px: 0.0,
            facing_mean: facing_mean(strokes),
            rejected: Vec::new(),
        }
    }
}

fn facing_mean(strokes: &[Stroke]) -> f64 {
    let (mut sum, mut length) = (0.0, 0.0);
    for stroke in strokes.iter().filter(|s| s.style_class == StyleClass::Contour) {
        if let Some(quality) = stroke.quality.filter(|q| q.facing > 0.0) {
            sum += quality.facing * stroke.polygon_length();
            length += stroke.polygon_length();
        }
    }
    if length > 0.0 {
        (sum / length * 1e4).ceil() / 1e4
    } else {
        0.0
    }
}

impl From<&Stroke> for Line {
    fn from(stroke: &Stroke) -> Self {
        Self {
            stroke_id: stroke.stroke_id.clone(),
            layer: stroke.layer.clone(),
            style_class: stroke.style_class,
            closed: stroke.closed,
            points: stroke.points.iter().map(DVec2::to_array).collect(),
            points_3d: stroke.points_3d.iter().map(DVec3::to_array).collect(),
            pressure: stroke.pressure.clone(),
            quality: stroke.quality,
        }
    }
}

impl From<&Line> for Stroke {
    fn from(line: &Line) -> Self {
        Self {
            stroke_id: line.stroke_id.clone(),
            layer: line.layer.clone(),
            style_class: line.style_class,
            points: line.points.iter().copied().map(DVec2::from).collect(),
            points_3d: line.points_3d.iter().copied().map(DVec3::from).collect(),
            pressure: line.pressure.clone(),
            closed: line.closed,
            quality: line.quality,
        }
    }
}

/// The manifest `axis/lines.json`: which file holds which frame. Schema `lines_manifest/1`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct LinesManifest {
    /// Always `"lines_manifest/1"`.
    pub schema: String,
    /// Version of the engine that drew them.
    pub engine_version: String,
    /// Size in pixels of the frames.
    pub frame_size: FrameSize,
    /// The cuts in order.
    pub cuts: Vec<LinesCut>,
}

/// The frames of one cut.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct LinesCut {
    /// Cut, e.g. `"S01_C02"`.
    pub cut_id: String,
    /// Its frames that are drawn, in order.
    pub frames: Vec<LinesFile>,
}

/// One frame's file.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct LinesFile {
    /// Frame number, from 1.
    pub frame: u32,
    /// Path below `axis/`, e.g. `"S01_C02/frame_0001.json"`.
    pub file: String,
    /// [`Lines::digest`] in hexadecimal.
    pub digest: String,
    /// Number of strokes.
    pub strokes: u32,
}

impl LinesManifest {
    /// The schema's name and version.
    pub const SCHEMA: &str = "lines_manifest/1";

    /// An empty manifest.
    #[must_use]
    pub fn new(frame_size: FrameSize) -> Self {
        Self {
            schema: Self::SCHEMA.into(),
            engine_version: crate::ENGINE_VERSION.into(),
            frame_size,
            cuts: Vec::new(),
        }
    }

    /// Lists a frame; frames come in order.
    pub fn add(&mut self, lines: &Lines, file: String) {
        let entry = LinesFile {
            frame: lines.frame,
            file,
            digest: lines.digest().to_string(),
            strokes: lines.lines.len() as u32,
        };
        match self.cuts.last_mut().filter(|cut| cut.cut_id == lines.cut_id) {
            Some(cut) => cut.frames.push(entry),
            None => self.cuts.push(LinesCut {
                cut_id: lines.cut_id.clone(),
                frames: vec![entry],
            }),
        }
    }
}
