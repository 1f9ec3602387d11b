//! Editing one stroke: bend it about its chord, press harder or softer.

use super::Stroke;
use crate::camera::Projection;
use crate::math::{DVec2, DVec3};

/// Greatest change of curvature that one edit makes, in units of 1/chord: beyond this an arc
/// curls back over its own ends.
pub const MAX_DELTA_CURVATURE: f64 = 3.0;

/// Bends a stroke about the chord between its ends and changes its pressure.
///
/// `delta_curvature` is in units of 1/chord (the same bend at any size and zoom): +1 adds an arc
/// that turns by one radian along the stroke, on the side to which it already bends (upwards, for a
/// straight one); −1 takes as much away. It is limited to ± [`MAX_DELTA_CURVATURE`]. The ends stay;
/// a closed stroke, or one whose ends are less than a pixel apart, has no chord and is not bent.
/// `delta_pressure` is added at every knot, then limited to [0, 1]. What is not finite changes nothing.
pub fn edit(stroke: &mut Stroke, projection: &Projection, delta_curvature: f64, delta_pressure: f64) {
    if delta_curvature.is_finite() && delta_curvature != 0.0 {
        bend(
            stroke,
            projection,
            delta_curvature.clamp(-MAX_DELTA_CURVATURE, MAX_DELTA_CURVATURE),
        );
    }
    if delta_pressure.is_finite() {
        for pressure in &mut stroke.pressure {
            *pressure = (*pressure + delta_pressure).clamp(0.0, 1.0);
        }
    }
    stroke.quality = None;
    stroke.round();
}

/// Moves knots along the chord's normal by a parabola and turns their handles by its slope, so
/// that smooth knots stay smooth.
fn bend(stroke: &mut Stroke, projection: &Projection, amount: f64) {
    let (Some(&start), Some(&end)) = (stroke.points.first(), stroke.points.last()) else {
        return;
    };
    let chord = end - start;
    let length = chord.length();
    if stroke.closed || length < 1.0 {
        return;
    }
    let axis = chord / length;
    let normal = bulge(stroke, start, axis);
    // y = κ/2 · t (L − t) has curvature −κ everywhere, to first order; κ = amount / L
    let place = |p: DVec2| (p - start).dot(axis).clamp(0.0, length);
    let height = |t: f64| amount / length * 0.5 * t * (length - t);
    let slope = |t: f64| amount / length * (0.5 * length - t);
    let old = stroke.points.clone();
    for (i, p) in stroke.points.iter_mut().enumerate() {
        let knot = old[(i + 1) / 3 * 3];
        let handle = old[i] - knot;
        let t = place(knot);
        *p = knot + normal * height(t) + handle + normal * (slope(t) * handle.dot(axis));
    }
    for (&point, home) in stroke.points.iter().zip(&mut stroke.points_3d) {
        let depth = projection.depth(*home);
        *home = projection
            .unproject(point, depth)
            .filter(|p: &DVec3| p.is_finite())
            .unwrap_or(*home);
    }
}

/// Unit normal of the chord, on the side where most of the stroke lies; upwards for a straight one.
fn bulge(stroke: &Stroke, start: DVec2, axis: DVec2) -> DVec2 {
    let left = DVec2::new(axis.y, -axis.x);
    let sum: f64 = stroke.points.iter().map(|&p| (p - start).dot(left)).sum();
    let straight = sum.abs() < 0.05 * stroke.points.len() as f64;
    let side = if straight {
        if left.y < 0.0 || (left.y == 0.0 && left.x > 0.0) {
            1.0
        } else {
            -1.0
        }
    } else {
        sum.signum()
    };
    left * side
}
