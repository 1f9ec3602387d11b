//! Editing one stroke in its own frame in space: along it T, towards the viewer V, across it N = V × T.
//!
//! V is against the camera's axis, so that a place moved along N keeps its depth. Homes are
//! displaced in metres and points are where they are seen: s(t) stays the projection of S(t).

mod bend;
mod displace;
mod redraw;
#[cfg(test)]
mod tests;

use super::Stroke;
use crate::camera::Projection;
use crate::math::DVec3;

pub use bend::MAX_DELTA_CURVATURE;
pub(super) use redraw::smooth;
pub use redraw::{offsets_of, redraw, starts_right};

/// Coordinates beyond this are no drawing, pixels or metres: what would lead there is not done.
const MAX_COORDINATE: f64 = 1e6;

/// Bends a stroke about the chord between its ends and changes its pressure.
///
/// `delta_curvature` is in units of 1/chord (the same bend at any size and zoom): +1 adds an arc
/// that turns by one radian along the stroke, on the side to which it already bends (upwards, for a
/// straight one); −1 takes as much away. The chord is the one in space, so the places of the stroke move
/// by as many metres whatever the lens. It is limited to ± [`MAX_DELTA_CURVATURE`]. The ends stay;
/// a closed stroke, or one whose ends are less than a pixel apart, has no chord and is not bent.
/// `delta_pressure` is added at every knot, then limited to [0, 1]. What is not finite changes nothing.
pub fn edit(stroke: &mut Stroke, projection: &Projection, delta_curvature: f64, delta_pressure: f64) {
    if delta_curvature.is_finite() && delta_curvature != 0.0 {
        bend::bend(
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

/// Moves a whole stroke by shares of its length in space: along its chord (to the right of the picture
/// for a closed one), across it, and towards the viewer. `span` is as in [`redraw`]. What would lead
/// behind the camera, or is not finite, changes nothing.
pub fn shift(stroke: &mut Stroke, projection: &Projection, by: [f64; 3], span: [f64; 2]) {
    let (axis, across) = axes(stroke, projection, span[1] < span[0]);
    let length = length_m(stroke, projection) / (span[1] - span[0]).abs();
    let displacement = (axis * by[0] + across * by[1] - projection.forward * by[2]) * length;
    if displacement.is_finite() && displacement != DVec3::ZERO {
        displace::displace(stroke, projection, &|_| displacement);
    }
    stroke.quality = None;
    stroke.round();
}

/// Widens a stroke, up to a thousandfold in all; a factor that is not finite and positive changes nothing.
pub fn widen(stroke: &mut Stroke, factor: f64) {
    if factor.is_finite() && factor > 0.0 {
        stroke.width = (stroke.width * factor).clamp(0.001, 1000.0);
    }
    stroke.round();
}

/// Carries a stroke to where the homes go, as this camera sees it; `None` when it cannot be seen.
#[must_use]
pub fn carried(stroke: &Stroke, projection: &Projection, to: &dyn Fn(DVec3) -> DVec3) -> Option<Stroke> {
    let mut result = Stroke {
        quality: None,
        ..stroke.clone()
    };
    for (point, home) in result.points.iter_mut().zip(&mut result.points_3d) {
        *home = to(*home);
        *point = projection.project(*home)?;
    }
    is_drawable(&result).then(|| {
        result.round();
        result
    })
}

/// Length of S(t) in metres.
fn length_m(stroke: &Stroke, projection: &Projection) -> f64 {
    let places: Vec<DVec3> = (0..stroke.segments())
        .flat_map(|s| (0..=8).map(move |k| stroke.home(projection, s, f64::from(k) / 8.0)))
        .collect();
    places.windows(2).map(|w| (w[1] - w[0]).length()).sum()
}

/// Unit directions of the whole stroke: from its start to its end (to the right of the picture for
/// a closed one or one seen from its end), and across that.
fn axes(stroke: &Stroke, projection: &Projection, reversed: bool) -> (DVec3, DVec3) {
    let right = right_of(projection);
    let ends = stroke.points_3d.first().zip(stroke.points_3d.last());
    let chord = ends.map_or(DVec3::ZERO, |(a, b)| *b - *a);
    let axis = match chord.try_normalize() {
        Some(axis) if !stroke.closed && reversed => -axis,
        Some(axis) if !stroke.closed => axis,
        _ => right,
    };
    match across(projection, axis) {
        Some(normal) => (axis, normal),
        None => (right, across(projection, right).unwrap_or(DVec3::Y)),
    }
}

/// N = V × T; `None` for a line seen from its end.
fn across(projection: &Projection, along: DVec3) -> Option<DVec3> {
    (-projection.forward).cross(along).try_normalize()
}

/// The world's direction to the right of the picture.
fn right_of(projection: &Projection) -> DVec3 {
    let [x, _, _] = projection.rows;
    let row = DVec3::new(x[0], x[1], x[2]);
    (row - projection.forward * row.dot(projection.forward)).normalize_or(DVec3::X)
}

/// Whether every number of a stroke can be drawn and stored.
fn is_drawable(stroke: &Stroke) -> bool {
    let flat = stroke.points.iter().flat_map(|p| p.to_array());
    let homes = stroke.points_3d.iter().flat_map(|p| p.to_array());
    flat.chain(homes).all(|v| v.abs() < MAX_COORDINATE)
}
