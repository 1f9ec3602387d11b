//! Drawing a stroke in another shape: offsets from the line, by its arc length in space.
//!
//! A closed stroke counts from its highest place, clockwise as seen, so that the offsets stay where
//! they are when its first point moves along it.

use super::super::{draft::TOLERANCE_PX, fit, trace::STEP_PX};
use super::{Stroke, across, axes, is_drawable, right_of};
use crate::camera::Projection;
use crate::math::{DVec2, DVec3, scalar};

/// Share of the stroke's length to either side over which its direction is taken: a local direction
/// would carry every tremor of the line into the new shape, the chord's would not bend with the body.
const REACH: f64 = 0.15;

/// Share of the edited stroke's length over which the new shape runs back into a line that goes on
/// beyond the ends it had.
const FADE: f64 = 0.1;

/// Pixels (at 1080 lines) of the new shape for each offset that is kept.
const OFFSET_PX: f64 = 4.0;

/// A stroke sampled evenly, start and end included, in the direction its offsets count.
struct Sampled {
    pixels: Vec<DVec2>,
    homes: Vec<DVec3>,
    inverse_depths: Vec<f64>,
    pressure: Vec<f64>,
    /// Share of the length in space at each sample.
    share: Vec<f64>,
    length_m: f64,
}

/// How far off a stroke a shape lies, (along, across) at even steps of the stroke's length in space as
/// shares of it: what [`redraw`] takes. The shape is the smooth curve through pixels of the picture,
/// given from either end; it is laid at the depth of the stroke. `None` for fewer than two different
/// places, or a stroke that is not before the camera.
#[must_use]
pub fn offsets_of(
    stroke: &Stroke,
    projection: &Projection,
    scale: f64,
    shape: &[DVec2],
    reversed: bool,
) -> Option<Vec<[f64; 2]>> {
    let line = sampled(stroke, projection, scale, reversed)?;
    let mut curve = smooth(shape, stroke.closed);
    let length = polyline_length(&curve);
    if curve.iter().any(|p| !p.is_finite()) || length <= 0.0 {
        return None;
    }
    if stroke.closed {
        curve = clockwise_from_top(&curve);
    } else if backwards(&line, &curve) {
        curve.reverse();
    }
    let count = ((length / (OFFSET_PX * scale)).ceil() as usize).clamp(16, 128);
    let shares = shares_of(&curve.iter().map(|p| p.extend(0.0)).collect::<Vec<_>>()).0;
    (0..=count)
        .map(|k| {
            let share = k as f64 / count as f64;
            let goal = between(&curve, &shares, share);
            let home = between(&line.homes, &line.share, share);
            let place = projection.unproject(goal, projection.depth(home))?;
            let (along, across) = line.frame(projection, stroke.closed, share, REACH);
            let offset = (place - home) / line.length_m;
            Some([offset.dot(along), offset.dot(across)])
        })
        .collect()
}

/// Moves a stroke by offsets as [`offsets_of`] gives them, times `weight`, and fits it anew. `span`: at
/// which shares of the edited stroke this one starts and ends; [0, 1] when it is the same,
/// [1, 0] when it runs the other way. A closed stroke is always whole. What would lead behind the camera
/// or is not finite changes nothing.
pub fn redraw(
    stroke: &mut Stroke,
    projection: &Projection,
    scale: f64,
    offsets: &[[f64; 2]],
    weight: f64,
    span: [f64; 2],
) {
    let new = redrawn(stroke, projection, scale, offsets, weight, span);
    if let Some(new) = new.filter(is_drawable) {
        *stroke = new;
    }
    stroke.quality = None;
    stroke.round();
}

fn redrawn(
    stroke: &Stroke,
    projection: &Projection,
    scale: f64,
    offsets: &[[f64; 2]],
    weight: f64,
    span: [f64; 2],
) -> Option<Stroke> {
    let [mut start, mut end] = if stroke.closed { [0.0, 1.0] } else { span };
    let reversed = end < start;
    if reversed {
        (start, end) = (end, start);
    }
    let length = end - start;
    if offsets.len() < 2 || !weight.is_finite() || !(length > 0.0 && length.is_finite()) {
        return None;
    }
    let mut line = sampled(stroke, projection, scale, reversed)?;
    let (whole_m, reach) = (line.length_m / length, (REACH / length).min(0.5));
    let offsets: Vec<DVec2> = offsets.iter().map(|o| DVec2::from(*o)).collect();
    let last = (offsets.len() - 1) as f64;
    let steps: Vec<f64> = (0..offsets.len()).map(|k| k as f64 / last).collect();
    let count = line.pixels.len();
    let goals: Vec<(DVec2, f64)> = (0..count)
        .map(|i| {
            let share = line.share[i];
            let there = start + length * share;
            let inside = there.clamp(0.0, 1.0);
            let fade = 1.0 - scalar::smoothstep(0.0, FADE, (there - inside).abs());
            let offset = between(&offsets, &steps, inside) * (weight * whole_m * fade);
            let (along, across) = line.frame(projection, stroke.closed, share, reach);
            let goal = line.homes[i] + along * offset.x + across * offset.y;
            Some((projection.project(goal)?, 1.0 / projection.depth(goal)))
        })
        .collect::<Option<_>>()?;
    for (i, (pixel, inverse_depth)) in goals.into_iter().enumerate() {
        (line.pixels[i], line.inverse_depths[i]) = (pixel, inverse_depth);
    }
    if !line
        .pixels
        .iter()
        .all(|p| p.is_finite() && p.length() < super::MAX_COORDINATE)
    {
        return None;
    }
    fitted(stroke, projection, scale, &line)
}

/// The samples as a stroke again.
fn fitted(stroke: &Stroke, projection: &Projection, scale: f64, line: &Sampled) -> Option<Stroke> {
    // a closed line does not repeat its first sample
    let count = line.pixels.len() - usize::from(stroke.closed);
    let corners = vec![false; count];
    // the shape's own surface: the depth of the line that it is drawn from
    let focal_px = projection.focal_px();
    let away_px = |i: usize, _: DVec2, inverse_depth: f64| {
        (inverse_depth / line.inverse_depths[i] - 1.0).abs() * focal_px
    };
    let samples = fit::Samples {
        pixels: &line.pixels[..count],
        inverse_depths: &line.inverse_depths[..count],
        corners: &corners,
        closed: stroke.closed,
        away_px: &away_px,
    };
    let tolerance = fit::Tolerance {
        picture_px: TOLERANCE_PX * scale,
        surface_px: TOLERANCE_PX * scale,
    };
    let fit = fit::fit(&samples, tolerance);
    let points_3d = fit
        .points
        .iter()
        .zip(&fit.inverse_depths)
        .map(|(&p, w)| projection.unproject(p, 1.0 / w))
        .collect::<Option<Vec<DVec3>>>()?;
    let seen = points_3d
        .iter()
        .all(|p| projection.depth(*p) >= Projection::NEAR_M);
    seen.then(|| Stroke {
        pressure: fit.knots.iter().map(|&k| line.pressure[k]).collect(),
        points: fit.points,
        points_3d,
        ..stroke.clone()
    })
}

fn sampled(stroke: &Stroke, projection: &Projection, scale: f64, reversed: bool) -> Option<Sampled> {
    let mut places: Vec<(DVec2, DVec3, f64)> = Vec::new();
    for segment in 0..stroke.segments() {
        let control = &stroke.points[segment * 3..segment * 3 + 4];
        let length: f64 = control.windows(2).map(|w| (w[1] - w[0]).length()).sum();
        let count = ((length / (STEP_PX * scale)).ceil() as usize).clamp(4, 512);
        let pressure = |k: usize| stroke.pressure.get(segment + k).copied().unwrap_or(1.0);
        let first = usize::from(segment > 0);
        places.extend((first..=count).map(|k| {
            let t = k as f64 / count as f64;
            let home = stroke.home(projection, segment, t);
            (
                stroke.point(segment, t),
                home,
                pressure(0) + (pressure(1) - pressure(0)) * t,
            )
        }));
    }
    let seen = |p: &(DVec2, DVec3, f64)| p.1.is_finite() && projection.depth(p.1) >= Projection::NEAR_M;
    if places.len() < 5 || !places.iter().all(seen) {
        return None;
    }
    if stroke.closed {
        places = canonical(places);
    } else if reversed {
        places.reverse();
    }
    let homes: Vec<DVec3> = places.iter().map(|p| p.1).collect();
    let (share, length_m) = shares_of(&homes);
    (length_m > 0.0).then(|| Sampled {
        pixels: places.iter().map(|p| p.0).collect(),
        inverse_depths: homes.iter().map(|h| 1.0 / projection.depth(*h)).collect(),
        pressure: places.iter().map(|p| p.2).collect(),
        homes,
        share,
        length_m,
    })
}

/// A closed line from its highest place in the world, clockwise on the picture; its end repeats its start.
fn canonical(mut places: Vec<(DVec2, DVec3, f64)>) -> Vec<(DVec2, DVec3, f64)> {
    places.pop();
    let highest = (0..places.len()).max_by(|&a, &b| places[a].1.y.total_cmp(&places[b].1.y));
    places.rotate_left(highest.unwrap_or(0));
    let pixels: Vec<DVec2> = places.iter().map(|p| p.0).collect();
    if area(&pixels) < 0.0 {
        places[1..].reverse();
    }
    places.push(places[0]);
    places
}

/// The same of a shape on the picture: from its highest pixel.
fn clockwise_from_top(curve: &[DVec2]) -> Vec<DVec2> {
    let mut curve = curve[..curve.len() - 1].to_vec();
    let top = (0..curve.len()).min_by(|&a, &b| curve[a].y.total_cmp(&curve[b].y));
    curve.rotate_left(top.unwrap_or(0));
    if area(&curve) < 0.0 {
        curve[1..].reverse();
    }
    curve.push(curve[0]);
    curve
}

/// Twice the area of a polygon, positive when it runs clockwise as seen.
fn area(polygon: &[DVec2]) -> f64 {
    let next = polygon.iter().cycle().skip(1);
    polygon.iter().zip(next).map(|(a, b)| a.perp_dot(*b)).sum()
}

/// Whether a shape is given from the stroke's other end.
fn backwards(line: &Sampled, curve: &[DVec2]) -> bool {
    let (a, b) = (line.pixels[0], line.pixels[line.pixels.len() - 1]);
    let (p, q) = (curve[0], curve[curve.len() - 1]);
    (p - b).length() + (q - a).length() < (p - a).length() + (q - b).length()
}

impl Sampled {
    /// Unit directions along the stroke, taken over `reach` to either side, and across it at a share of
    /// its length, both in the plane of the picture.
    fn frame(&self, projection: &Projection, closed: bool, share: f64, reach: f64) -> (DVec3, DVec3) {
        let (low, high) = (share - reach, share + reach);
        let at = |share: f64| {
            let share = if closed {
                share.rem_euclid(1.0)
            } else {
                share.clamp(0.0, 1.0)
            };
            between(&self.homes, &self.share, share)
        };
        let chord = self.homes[self.homes.len() - 1] - self.homes[0];
        let across = across(projection, at(high) - at(low))
            .or_else(|| across(projection, chord))
            .or_else(|| across(projection, right_of(projection)))
            .unwrap_or(DVec3::Y);
        (across.cross(-projection.forward), across)
    }
}

/// For each place its share of the polyline's length, and that length.
fn shares_of(places: &[DVec3]) -> (Vec<f64>, f64) {
    let mut sum = 0.0;
    let mut shares = vec![0.0];
    for w in places.windows(2) {
        sum += (w[1] - w[0]).length();
        shares.push(sum);
    }
    let scale = if sum > 0.0 { 1.0 / sum } else { 0.0 };
    shares.iter_mut().for_each(|s| *s *= scale);
    (shares, sum)
}

/// The value at a share, linear between the values at ascending shares.
fn between<T>(values: &[T], shares: &[f64], share: f64) -> T
where
    T: Copy + std::ops::Add<Output = T> + std::ops::Sub<Output = T> + std::ops::Mul<f64, Output = T>,
{
    let after = shares.partition_point(|s| *s <= share).clamp(1, shares.len() - 1);
    let (a, b) = (shares[after - 1], shares[after]);
    let t = if b > a {
        ((share - a) / (b - a)).clamp(0.0, 1.0)
    } else {
        0.0
    };
    values[after - 1] + (values[after] - values[after - 1]) * t
}

fn polyline_length(curve: &[DVec2]) -> f64 {
    curve.windows(2).map(|w| (w[1] - w[0]).length()).sum()
}

/// A smooth curve (Catmull & Rom 1974) through points, as a polyline; closed: its end repeats its start.
pub(in super::super) fn smooth(points: &[DVec2], closed: bool) -> Vec<DVec2> {
    const STEPS: usize = 16;
    let mut points = points.to_vec();
    points.dedup();
    if closed && points.len() > 1 && points[0] == points[points.len() - 1] {
        points.pop();
    }
    let count = points.len();
    if count < 2 {
        return points;
    }
    let at = |i: isize| {
        let last = count as isize - 1;
        points[if closed {
            i.rem_euclid(last + 1)
        } else {
            i.clamp(0, last)
        } as usize]
    };
    let spans = if closed { count } else { count - 1 };
    let mut curve: Vec<DVec2> = (0..spans as isize)
        .flat_map(|span| {
            let [a, b, c, d] = [-1, 0, 1, 2].map(|k| at(span + k).extend(0.0));
            (0..STEPS).map(move |step| {
                super::super::mark::catmull_rom([a, b, c, d], step as f64 / STEPS as f64).truncate()
            })
        })
        .collect();
    curve.push(at(spans as isize));
    curve
}

/// Whether the start of a stroke is its right end as seen (the lower one, when it stands upright): an
/// artist's left is its start.
#[must_use]
pub fn starts_right(stroke: &Stroke, projection: &Projection) -> bool {
    let (axis, _) = axes(stroke, projection, false);
    let right = axis.dot(right_of(projection));
    right < -1e-3 || (right <= 1e-3 && axis.y > 0.0)
}
