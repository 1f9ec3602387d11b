//! Inking: strokes get their width and become coverage.
//!
//! Each stroke is flattened, widened by its pressure into one outline with round
//! ends, and filled by exact area. Where a line bends too sharply for its width
//! the outline is divided, so that it never turns inside out; pieces and strokes
//! unite by the larger coverage, so nothing darkens where they overlap. Which tool draws is a set of
//! parameters ([`InkTool`]): the hand's speed, grain, streaks, overshoot.

mod outline;
mod strands;
#[cfg(test)]
mod tests;
mod tool;
mod weight;

use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use self::outline::{polygons_of, spans_of};
pub use self::tool::InkTool;
use super::{Stroke, StyleClass};
use crate::camera::FrameSize;
use crate::image::Mask;
use crate::image::coverage::Span;
use crate::math::{DVec2, scalar};
use crate::random::Seed;

/// How strokes are inked. Lengths are in pixels at 1080 lines.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct InkStyle {
    /// Width of a contour at full pressure.
    pub width_px: f64,
    /// Least width of any line: thinner ones look broken.
    pub min_width_px: f64,
    /// How much pressure changes the width: 0 not at all, 1 in proportion.
    pub pressure_sensitivity: f64,
    /// Length over which free ends run thin.
    pub taper_px: f64,
    /// Width at the very end as a share of the full width.
    pub taper_end: f64,
    /// Width factor of contours and marks.
    pub contour_factor: f64,
    /// Width factor of creases, borders and details.
    pub detail_factor: f64,
    /// How far lines wander from frame to frame.
    pub boil_px: f64,
    /// Frames that a boil holds; 2: "on twos".
    pub boil_frames: u32,
    /// How far lines run over corners, and creases over their ends.
    pub overshoot_px: f64,
    /// Unevenness of the width (a dry brush, a pencil): 0 none, 1 breaks the line.
    pub texture: f64,
    /// How much the hand's speed thins straight runs and fills bends: 0 not at all, 1 as the
    /// two-thirds power law has it.
    pub speed_thinning: f64,
    /// Exponent by which distance thins lines: 0 not at all, 0.5 halves the width at four times 6 m.
    pub depth_thinning: f64,
    /// Grain of a pencil, [0, 1]: 0 an even line, 1 hardly any.
    pub grain: f64,
    /// Streaks of a brush that runs dry, [0, 1]: 0 wet to the end, 1 dry halfway.
    pub streaks: f64,
    /// Depth in metres from a place in the world: the last row of the camera's matrix. Without it
    /// `depth_thinning` does nothing.
    pub depth_row: Option<[f64; 4]>,
}

impl Default for InkStyle {
    fn default() -> Self {
        Self {
            width_px: 4.2,
            min_width_px: 0.9,
            pressure_sensitivity: 0.85,
            taper_px: 26.0,
            taper_end: 0.25,
            contour_factor: 1.0,
            detail_factor: 0.72,
            boil_px: 0.0,
            boil_frames: 2,
            overshoot_px: 0.0,
            texture: 0.0,
            speed_thinning: 0.0,
            depth_thinning: 0.0,
            grain: 0.0,
            streaks: 0.0,
            depth_row: None,
        }
    }
}

/// Pressures below this fade a line out: high enough to hide where short strokes come and go,
/// low enough not to touch any that is meant to be seen.
const FADE: f64 = 0.08;

impl InkStyle {
    /// The style where this camera matrix (K\[R|T\]) is looked through: distance thins lines.
    #[must_use]
    pub fn seen_through(self, matrix: &[[f64; 4]; 3]) -> Self {
        Self {
            depth_row: Some(matrix[2]),
            ..self
        }
    }

    /// Width in pixels at 1080 lines for a class and a pressure.
    #[must_use]
    pub fn width(&self, class: StyleClass, pressure: f64) -> f64 {
        let factor = match class {
            StyleClass::Contour | StyleClass::Mark => self.contour_factor,
            StyleClass::Border | StyleClass::Crease | StyleClass::Detail => self.detail_factor,
        };
        let sensitivity = self.pressure_sensitivity;
        let width =
            (self.width_px * factor * (1.0 - sensitivity + sensitivity * pressure)).max(self.min_width_px);
        // strokes that fade in grow from nothing
        width * scalar::saturate(pressure / FADE)
    }
}

/// All strokes in one mask. `frame` (1-based) and `seed` only matter to boil and texture.
#[must_use]
pub fn ink(strokes: &[Stroke], style: &InkStyle, size: FrameSize, frame: u32, seed: Seed) -> Mask {
    let all: Vec<&Stroke> = strokes.iter().collect();
    mask_of(&all, style, size, frame, seed)
}

/// A mask for each layer, in the order of the layers' names.
#[must_use]
pub fn ink_layers(
    strokes: &[Stroke],
    style: &InkStyle,
    size: FrameSize,
    frame: u32,
    seed: Seed,
) -> Vec<(String, Mask)> {
    let mut layers: std::collections::BTreeMap<&str, Vec<&Stroke>> = std::collections::BTreeMap::new();
    for stroke in strokes {
        layers.entry(&stroke.layer).or_default().push(stroke);
    }
    layers
        .into_iter()
        .map(|(layer, strokes)| (layer.to_owned(), mask_of(&strokes, style, size, frame, seed)))
        .collect()
}

/// The outlines of each stroke's ink, for vector formats: closed polygons in pixels to 0.01, filled
/// by non-zero winding.
#[must_use]
pub fn ink_outlines(
    strokes: &[Stroke],
    style: &InkStyle,
    size: FrameSize,
    frame: u32,
    seed: Seed,
) -> Vec<Vec<Vec<DVec2>>> {
    let all: Vec<&Stroke> = strokes.iter().collect();
    let free = free_ends(&all, size.scale());
    all.par_iter()
        .zip(free)
        .map(|(stroke, free)| {
            let pieces = polygons_of(stroke, free, style, size.scale(), frame, seed);
            let polygons = pieces.into_iter().flatten().map(|p| rounded(&p));
            polygons.filter(|p| p.len() > 2).collect()
        })
        .collect()
}

/// A polygon to 0.01 px, without points that lie on the line between their neighbours.
fn rounded(polygon: &[DVec2]) -> Vec<DVec2> {
    const FLAT_PX: f64 = 0.02;
    let mut points: Vec<DVec2> = Vec::with_capacity(polygon.len());
    for p in polygon {
        let p = (*p * 100.0).round() / 100.0;
        while let [.., a, b] = points[..] {
            let way = p - a;
            let off = way.perp_dot(b - a).abs();
            if off > FLAT_PX * way.length() || (b - a).dot(p - b) < 0.0 {
                break;
            }
            points.pop();
        }
        if points.last() != Some(&p) {
            points.push(p);
        }
    }
    while points.len() > 1 && points.first() == points.last() {
        points.pop();
    }
    points
}

fn mask_of(strokes: &[&Stroke], style: &InkStyle, size: FrameSize, frame: u32, seed: Seed) -> Mask {
    let free = free_ends(strokes, size.scale());
    let spans: Vec<Vec<Span>> = strokes
        .par_iter()
        .zip(free)
        .map(|(stroke, free)| spans_of(stroke, free, style, size, frame, seed))
        .collect();
    let mut mask = Mask::new(size);
    for spans in &spans {
        mask.unite(spans);
    }
    mask
}

/// For each stroke whether its start and its end are free. Ends that meet (the corners of a box,
/// an outline that passes behind itself) are not: they keep their width and close the corner.
fn free_ends(strokes: &[&Stroke], scale: f64) -> Vec<[bool; 2]> {
    const MEET_PX: f64 = 3.5;
    let mut ends: Vec<(DVec2, usize, usize)> = Vec::new();
    for (index, stroke) in strokes.iter().enumerate().filter(|(_, s)| !s.closed) {
        let tips = [stroke.points.first(), stroke.points.last()];
        ends.extend(
            tips.into_iter()
                .enumerate()
                .filter_map(|(side, tip)| tip.map(|&p| (p, index, side))),
        );
    }
    ends.sort_by(|a, b| a.0.x.total_cmp(&b.0.x).then((a.1, a.2).cmp(&(b.1, b.2))));
    let mut free = vec![[true; 2]; strokes.len()];
    for (i, a) in ends.iter().enumerate() {
        for b in ends[i + 1..]
            .iter()
            .take_while(|b| b.0.x - a.0.x <= MEET_PX * scale)
        {
            if (b.0 - a.0).length() <= MEET_PX * scale {
                free[a.1][a.2] = false;
                free[b.1][b.2] = false;
            }
        }
    }
    free
}
