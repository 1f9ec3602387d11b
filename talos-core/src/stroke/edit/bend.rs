//! Bending about the chord.

use super::{Stroke, across, displace::displace};
use crate::camera::Projection;
use crate::math::DVec3;

/// Greatest change of curvature that one edit makes, in units of 1/chord: beyond this an arc
/// curls back over its own ends.
pub const MAX_DELTA_CURVATURE: f64 = 3.0;

/// Moves the stroke along the chord's normal by a parabola.
pub(super) fn bend(stroke: &mut Stroke, projection: &Projection, amount: f64) {
    let (Some(&start), Some(&end)) = (stroke.points_3d.first(), stroke.points_3d.last()) else {
        return;
    };
    let seen = stroke.points[stroke.points.len() - 1] - stroke.points[0];
    let chord = end - start;
    let length = chord.length();
    if stroke.closed || !(seen.length() >= 1.0 && length > 0.0) {
        return;
    }
    let axis = chord / length;
    let Some(normal) = bulge(stroke, projection, axis) else {
        return;
    };
    // y = κ/2 · t (L − t) has curvature −κ everywhere, to first order; κ = amount / L
    displace(stroke, projection, &|home| {
        let t = (home - start).dot(axis).clamp(0.0, length);
        normal * (amount / length * 0.5 * t * (length - t))
    });
}

/// Unit normal of the chord, on the side where most of the stroke lies; upwards for one that is
/// straight to a twentieth of a pixel.
fn bulge(stroke: &Stroke, projection: &Projection, axis: DVec3) -> Option<DVec3> {
    let normal = across(projection, axis)?;
    let start = stroke.points_3d[0];
    let sum: f64 = stroke.points_3d.iter().map(|&p| (p - start).dot(normal)).sum();
    let pixel_m = projection.depth(start).abs() / projection.focal_px();
    if sum.abs() >= 0.05 * pixel_m * stroke.points.len() as f64 {
        return Some(normal * sum.signum());
    }
    let [right, down, _] = projection
        .rows
        .map(|r| DVec3::new(r[0], r[1], r[2]))
        .map(|r| (r - projection.forward * r.dot(projection.forward)).dot(normal));
    let upwards = down < 0.0 || (down == 0.0 && right > 0.0);
    Some(if upwards { normal } else { -normal })
}
