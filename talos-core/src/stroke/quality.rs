//! How well a stroke lies on the form that it draws, and lines that were refused for it.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Stroke;
use super::chain::{Sight, towards};
use super::surface::{Ground, Surface};
use crate::geometry::Edge;

/// Figures of one stroke in one frame, over all places that it was fitted to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct StrokeQuality {
    /// Greatest distance of s(t) from S(t) seen through the camera, pixels.
    pub reprojection_px: f64,
    /// Greatest distance of S(t) from the posed surface, in pixels at its depth.
    pub surface_px: f64,
    /// Mean |n·v| along a smooth contour, v of unit length and n of the surface under it; 0 for other lines.
    pub facing: f64,
}

/// Why a line is not drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Rejection {
    /// It leaves its surface: a piece that only joins two others through the air.
    OffSurface,
    /// Its coordinates are no numbers.
    NotFinite,
}

/// A line, or a piece of one, that is not drawn.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Rejected {
    /// The feature: a stroke's id up to its number.
    pub feature: String,
    /// Why.
    pub reason: Rejection,
    /// Its length on the picture, pixels.
    pub length_px: f64,
}

impl Rejected {
    pub(super) fn new(feature: &str, reason: Rejection, length_px: f64) -> Self {
        Self {
            feature: feature.to_owned(),
            reason,
            length_px: up(length_px, 10.0),
        }
    }
}

/// A stroke measured at each of its samples.
pub(super) struct Measured {
    reprojection_px: f64,
    /// Distance of S(t) from the posed surface, in pixels at its depth, where one is under it.
    pub(super) surface_px: Vec<f64>,
    /// Sum of |n·v|.
    facing: f64,
}

impl Measured {
    /// `parameters` tells where on the stroke each sample is, as segment plus t.
    pub(super) fn of(stroke: &Stroke, sight: &Sight<'_>, ground: &[Ground], parameters: &[f64]) -> Self {
        let surface = Surface::new(sight);
        let projection = sight.projection;
        let mut measured = Self {
            reprojection_px: 0.0,
            surface_px: Vec::with_capacity(ground.len()),
            facing: 0.0,
        };
        for (ground, &u) in ground.iter().zip(parameters) {
            let segment = (u as usize).min(stroke.segments() - 1);
            let t = u - segment as f64;
            let home = stroke.home(projection, segment, t);
            if let Some(seen) = projection.project(home) {
                let error = (seen - stroke.point(segment, t)).length();
                measured.reprojection_px = measured.reprojection_px.max(error);
            }
            if ground.triangle == Edge::NONE {
                continue;
            }
            let (near, triangle) = surface.nearest(home, ground.triangle);
            let px = projection.focal_px() / projection.depth(home);
            measured.surface_px.push((near - home).length() * px);
            let view = towards(projection, home).normalize_or_zero();
            measured.facing += surface.normal(near, triangle).dot(view).abs();
        }
        measured
    }

    /// The figures; |n·v| only of a smooth contour.
    pub(super) fn quality(&self, smooth: bool) -> StrokeQuality {
        let facing = self.facing / self.surface_px.len().max(1) as f64;
        StrokeQuality {
            reprojection_px: up(self.reprojection_px, 1e4),
            surface_px: up(self.surface_px.iter().copied().fold(0.0, f64::max), 1e4),
            facing: if smooth { up(facing, 1e4) } else { 0.0 },
        }
    }
}

/// What 99 % of the values do not exceed; 0 of none.
pub(super) fn p99(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    let index = (values.len() * 99 / 100).min(values.len().saturating_sub(1));
    up(values.get(index).copied().unwrap_or(0.0), 1e4)
}

/// Rounded up to a multiple of 1 / `unit`.
fn up(value: f64, unit: f64) -> f64 {
    (value * unit).ceil() / unit
}
