//! Strokes that belong to 3D: s(t) on the picture, S(t) in the world.
//!
//! [`draw`] finds the feature lines of posed meshes (smooth contours after
//! Hertzmann & Zorin 2000, borders, creases, material borders, intersections,
//! authored marks), keeps what the camera sees, and fits it with Bézier curves
//! whose ids name the feature, not the frame. [`edit()`] bends one stroke, [`redraw`] and its
//! neighbours change it otherwise; [`ink()`] gives strokes their width. Geometry never depends on inking.

mod added;
mod anatomy;
mod anchor;
mod audit;
mod chain;
mod contour;
mod delta;
mod draft;
mod draw;
mod edit;
mod fit;
mod footprint;
mod grid;
mod ink;
mod intersection;
mod join;
mod mark;
mod name;
mod occlusion;
#[cfg(test)]
mod outline_tests;
mod pairing;
mod pressure;
mod primitive;
mod quality;
mod silhouette;
mod snap;
mod suggestive;
mod surface;
#[cfg(test)]
mod tests;
mod trace;
mod track;
mod track_bytes;
mod track_frame;
mod track_lines;
mod track_settle;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::camera::Projection;
use crate::math::{DVec2, DVec3};

pub use added::{Added, OffSurface, Scene, SurfacePoint, places_under};
pub use anatomy::Anatomy;
pub use anchor::{Anchor, kind_of};
pub use audit::{Agreement, Audit, audit};
pub use delta::{DeltaKappa, delta_kappa};
pub use draft::TOLERANCE_PX as CURVE_TOLERANCE_PX;
pub use draw::{DrawOptions, Drawing, draw, draw_prepared, draw_tracked};
pub use edit::{MAX_DELTA_CURVATURE, carried, edit, offsets_of, redraw, shift, starts_right, widen};
pub use ink::{InkStyle, InkTool, ink, ink_layers, ink_outlines};
pub use pressure::PressureModel;
pub use primitive::Primitive;
pub use quality::{Rejected, Rejection, StrokeQuality};
pub use track::{Lineage, Moment, TRACK_TICK_HZ, TrackEvent, TrackEventKind, Tracks};

/// What a stroke stands for; inking weighs classes differently.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum StyleClass {
    /// The outline of a form: where the surface turns away from the viewer.
    Contour,
    /// A sharp edge, or the line where two surfaces meet.
    Crease,
    /// The rim of an open surface.
    Border,
    /// An authored line: a brow, a mouth.
    Mark,
    /// The border of a material.
    Detail,
}

/// One drawn line: a chain of cubic Béziers with its home in 3D.
#[derive(Clone, Debug, PartialEq)]
pub struct Stroke {
    /// Stable name of the feature it draws, e.g. `"dragon_a.wing.left.border.031"` or `"girl_a.brow.left"`.
    pub stroke_id: String,
    /// Layer of its object.
    pub layer: String,
    /// What it stands for.
    pub style_class: StyleClass,
    /// Control points of n cubic Béziers, 3n + 1, pixels; a closed stroke ends where it starts.
    pub points: Vec<DVec2>,
    /// The home of each control point in the world, 3n + 1, metres: what S(t) is made of, see
    /// [`Stroke::home`].
    pub points_3d: Vec<DVec3>,
    /// Pen pressure at the knots, n + 1, in [0, 1].
    pub pressure: Vec<f64>,
    /// Whether its ends meet.
    pub closed: bool,
    /// Factor on the width of its ink, set by hand; 1 as drawn.
    pub width: f64,
    /// How well it lies on its form; `None` once a hand has changed it.
    pub quality: Option<StrokeQuality>,
}

impl Stroke {
    /// Number of Bézier segments.
    #[must_use]
    pub fn segments(&self) -> usize {
        self.points.len().saturating_sub(1) / 3
    }

    /// Point at `t` in [0, 1] of a segment.
    #[must_use]
    pub fn point(&self, segment: usize, t: f64) -> DVec2 {
        let points = &self.points[segment * 3..segment * 3 + 4];
        points.iter().zip(fit::bernstein(t)).map(|(p, b)| *p * b).sum()
    }

    /// S(t): the place in the world of the point at `t` in [0, 1] of a segment, through the camera that
    /// drew it. It is the rational cubic Bézier of the homes, each weighted by its inverse depth, so
    /// that it projects onto [`Stroke::point`] exactly (Farin 1997, chapter 13).
    #[must_use]
    pub fn home(&self, projection: &Projection, segment: usize, t: f64) -> DVec3 {
        let homes = &self.points_3d[segment * 3..segment * 3 + 4];
        let (mut sum, mut weights) = (DVec3::ZERO, 0.0);
        for (home, b) in homes.iter().zip(fit::bernstein(t)) {
            let weight = b / projection.depth(*home);
            sum += *home * weight;
            weights += weight;
        }
        sum / weights
    }

    /// Length of its control polygon in pixels: an upper bound of its own.
    #[must_use]
    pub fn polygon_length(&self) -> f64 {
        self.points.windows(2).map(|w| (w[1] - w[0]).length()).sum()
    }

    /// Rounds to what `lines.json` stores: 0.01 px, 10⁻⁵ m, 10⁻³ of pressure and width. Rendering always
    /// uses rounded values, so a file read back draws the same picture.
    pub fn round(&mut self) {
        let round = |v: f64, unit: f64| (v * unit).round() / unit + 0.0;
        for p in &mut self.points {
            *p = DVec2::new(round(p.x, 100.0), round(p.y, 100.0));
        }
        for p in &mut self.points_3d {
            *p = DVec3::new(round(p.x, 1e5), round(p.y, 1e5), round(p.z, 1e5));
        }
        for p in &mut self.pressure {
            *p = round(p.clamp(0.0, 1.0), 1e3);
        }
        self.width = round(self.width, 1e3);
    }
}
