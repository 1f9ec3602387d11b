//! Moving a stroke's homes by a smooth field.

use super::{Stroke, is_drawable};
use crate::camera::Projection;
use crate::math::{DVec2, DVec3};

/// Step of the parameter by which a handle's change is measured: the formula is exact for parabolas,
/// smaller would lose digits.
const STEP: f64 = 1.0 / 64.0;

/// Displaces every place of a stroke by what the field says there: knots exactly, handles so that the
/// curve leaves its knots in the displaced direction. Where the field is zero nothing moves. Nothing
/// at all moves when a place would come behind the camera. Gives whether it was done.
pub(super) fn displace(stroke: &mut Stroke, projection: &Projection, field: &dyn Fn(DVec3) -> DVec3) -> bool {
    let moved = moved(stroke, projection, field);
    match moved {
        Some(moved) if is_drawable(&moved) => {
            *stroke = moved;
            true
        }
        _ => false,
    }
}

/// Change of pixel and of inverse depth.
type Change = (DVec2, f64);

fn moved(stroke: &Stroke, projection: &Projection, field: &dyn Fn(DVec3) -> DVec3) -> Option<Stroke> {
    let change = |home: DVec3| -> Option<Change> {
        let by = field(home);
        if by == DVec3::ZERO {
            return Some((DVec2::ZERO, 0.0));
        }
        let goal = home + by;
        let pixels = projection.project(goal)? - projection.project(home)?;
        Some((
            pixels,
            1.0 / projection.depth(goal) - 1.0 / projection.depth(home),
        ))
    };
    let at = |segment: usize, t: f64| change(stroke.home(projection, segment, t));
    let mut changes: Vec<Change> = vec![change(*stroke.points_3d.first()?)?];
    for segment in 0..stroke.segments() {
        let start = *changes.last()?;
        let end = change(stroke.points_3d[segment * 3 + 3])?;
        let leaving = slope(start, at(segment, STEP)?, at(segment, 2.0 * STEP)?);
        let arriving = slope(end, at(segment, 1.0 - STEP)?, at(segment, 1.0 - 2.0 * STEP)?);
        changes.extend([leaving, arriving, end]);
    }
    let mut result = stroke.clone();
    for (i, (pixels, inverse)) in changes.into_iter().enumerate() {
        if (pixels, inverse) == (DVec2::ZERO, 0.0) {
            continue;
        }
        let depth = 1.0 / (1.0 / projection.depth(stroke.points_3d[i]) + inverse);
        if !(depth >= Projection::NEAR_M && depth.is_finite()) {
            return None;
        }
        result.points[i] += pixels;
        result.points_3d[i] = projection.unproject(result.points[i], depth)?;
    }
    if result.closed {
        let last = result.points.len() - 1;
        result.points[last] = result.points[0];
        result.points_3d[last] = result.points_3d[0];
    }
    Some(result)
}

/// What a handle moves by: its knot's change and a third of the change's slope there.
fn slope(knot: Change, near: Change, far: Change) -> Change {
    let derivative = |a: f64, b: f64, c: f64| (4.0 * b - 3.0 * a - c) / (2.0 * STEP);
    let third = |a: f64, b: f64, c: f64| a + derivative(a, b, c) / 3.0;
    let pixels = DVec2::new(
        third(knot.0.x, near.0.x, far.0.x),
        third(knot.0.y, near.0.y, far.0.y),
    );
    (pixels, third(knot.1, near.1, far.1))
}
