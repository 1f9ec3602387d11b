//! Homes in 3D for strokes that were moved or drawn on the page.
//!
//! A point keeps the depth that the stroke had there: its new home is where the ray through the new
//! pixel reaches that depth. What is drawn anew takes the middle depth of its layer.

use super::element::Piece;
use crate::{
    artefact::Line,
    camera::Projection,
    math::{DVec2, DVec3, scalar},
    stroke::Stroke,
};

/// A stroke of a new course: where the number of points is the same each keeps its depth, otherwise
/// depth and pressure follow the share of the length.
pub(super) fn moved(old: &Line, piece: &Piece, projection: &Projection) -> Stroke {
    let mut stroke = Stroke::from(old);
    let depths: Vec<f64> = stroke.points_3d.iter().map(|p| projection.depth(*p)).collect();
    let (depths, pressure) = if piece.points.len() == stroke.points.len() {
        (depths, stroke.pressure)
    } else {
        let (from, to) = (shares(&stroke.points), shares(&piece.points));
        let knots = |all: &[f64]| -> Vec<f64> { all.iter().step_by(3).copied().collect() };
        // inverse depth is what runs evenly over the picture
        let inverse: Vec<f64> = depths.iter().map(|d| 1.0 / d).collect();
        (
            resampled(&from, &inverse, &to).iter().map(|d| 1.0 / d).collect(),
            resampled(&knots(&from), &stroke.pressure, &knots(&to)),
        )
    };
    stroke.pressure = pressure;
    stroke.closed = piece.closed;
    // it was measured on the form; a hand has changed it
    stroke.quality = None;
    stroke.points.clone_from(&piece.points);
    homed(stroke, &depths, projection)
}

/// A new stroke at one depth.
pub(super) fn drawn(mut stroke: Stroke, depth_m: f64, projection: &Projection) -> Stroke {
    let depths = vec![depth_m; stroke.points.len()];
    stroke.points_3d.clear();
    homed(stroke, &depths, projection)
}

/// Rounds to the digits that are stored, then sets the homes of the rounded points.
fn homed(mut stroke: Stroke, depths: &[f64], projection: &Projection) -> Stroke {
    stroke.points_3d.clear();
    stroke.round();
    let home = |(p, depth): (&DVec2, &f64)| {
        let home = projection.unproject(*p, *depth).unwrap_or(DVec3::ZERO);
        if home.is_finite() && home.abs().max_element() < 1e7 {
            home
        } else {
            DVec3::ZERO
        }
    };
    stroke.points_3d = stroke.points.iter().zip(depths).map(home).collect();
    stroke.round();
    stroke
}

/// The middle depth of a layer's strokes, else of all, else a metre before the camera.
pub(super) fn middle_depth(lines: &[Line], layer: &str, projection: &Projection) -> f64 {
    let depths_of = |wanted: &dyn Fn(&Line) -> bool| -> Vec<f64> {
        let homes = lines.iter().filter(|l| wanted(l)).flat_map(|l| &l.points_3d);
        let mut depths: Vec<f64> = homes
            .map(|p| projection.depth(DVec3::from(*p)))
            .filter(|d| d.is_finite() && *d > 0.0)
            .collect();
        depths.sort_by(f64::total_cmp);
        depths
    };
    let own = depths_of(&|l| l.layer == layer);
    let depths = if own.is_empty() { depths_of(&|_| true) } else { own };
    depths.get(depths.len() / 2).copied().unwrap_or(1.0)
}

/// Each control point's share of the polygon's length.
fn shares(points: &[DVec2]) -> Vec<f64> {
    let mut sum = 0.0;
    let mut along = vec![0.0];
    for pair in points.windows(2) {
        sum += (pair[1] - pair[0]).length();
        along.push(sum);
    }
    along
        .iter()
        .map(|a| if sum > 0.0 { a / sum } else { 0.0 })
        .collect()
}

/// Values at ascending places, read at others, with straight lines between.
fn resampled(at: &[f64], values: &[f64], wanted: &[f64]) -> Vec<f64> {
    wanted
        .iter()
        .map(|&u| {
            let after = at.partition_point(|&a| a < u).clamp(1, at.len() - 1);
            let span = at[after] - at[after - 1];
            let t = if span > 0.0 {
                (u - at[after - 1]) / span
            } else {
                0.0
            };
            scalar::lerp(values[after - 1], values[after], scalar::saturate(t))
        })
        .collect()
}
