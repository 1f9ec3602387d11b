//! What makes a line heavier or lighter along its course, besides pressure: how fast the hand moves,
//! and how far away the thing is.

use super::InkStyle;
use super::outline::Dot;
use crate::math::scalar;
use crate::stroke::Stroke;

/// Radius of a bend that a brush takes at its middle speed, pixels at 1080 lines: the curve of a cheek
/// in a medium shot. Tighter bends come out fuller, straighter runs thinner.
const EVEN_RADIUS_PX: f64 = 70.0;

/// Half of the length over which curvature is measured, pixels at 1080 lines: shorter, and every knot
/// shows; longer, and a hook has no bend.
const REACH_PX: f64 = 14.0;

/// Width of the fastest run and of the slowest bend, against the even one: beyond these a straight
/// line looks broken and a corner looks like a blot.
const LIMITS: [f64; 2] = [0.42, 1.4];

/// Strokes shorter than the first length are small marks, longer than the second are lines; pixels at
/// 1080 lines.
const SMALL_PX: [f64; 2] = [40.0, 220.0];

/// Width of the slowest bend of a small mark, against the even one.
const SMALL_MOST: f64 = 0.8;

/// Distance at which a line keeps its width, metres; a conversation's.
const NEAR_M: f64 = 6.0;

/// Widths by the hand's speed. On a curve it moves by the two-thirds power law, v ∝ κ^(−1/3)
/// (Lacquaniti, Terzuolo & Viviani 1983), and a brush leaves ink in inverse measure.
pub(super) fn by_speed(dots: &mut [Dot], closed: bool, amount: f64, scale: f64) {
    if amount <= 0.0 || dots.len() < 3 {
        return;
    }
    let reach = REACH_PX * scale;
    // small marks (an eye, a button) are bent all over; filled like bends they would close up
    let small = 1.0 - scalar::smoothstep(SMALL_PX[0], SMALL_PX[1], dots[dots.len() - 1].along / scale);
    let most = scalar::lerp(LIMITS[1], SMALL_MOST, small);
    let slowness: Vec<f64> = curvatures(dots, closed, reach)
        .into_iter()
        .map(|k| scalar::cbrt(k * EVEN_RADIUS_PX * scale).clamp(LIMITS[0], most))
        .collect();
    let smooth = smoothed(dots, &slowness, reach);
    for (dot, slow) in dots.iter_mut().zip(smooth) {
        dot.half_width *= scalar::lerp(1.0, slow, amount);
    }
}

/// Turning per pixel about each dot, over a reach to both sides; free ends take their neighbours'.
fn curvatures(dots: &[Dot], closed: bool, reach: f64) -> Vec<f64> {
    let last = dots.len() - 1;
    let total = dots[last].along;
    let near = |along: f64| {
        let along = if closed {
            along.rem_euclid(total.max(1e-9))
        } else {
            along
        };
        dots.partition_point(|d| d.along < along).min(last)
    };
    let reach = reach.min(total / 4.0);
    dots.iter()
        .map(|dot| {
            let middle = if closed {
                dot.along
            } else {
                dot.along.clamp(reach, total - reach)
            };
            let (a, b, c) = (near(middle - reach), near(middle), near(middle + reach));
            let (u, v) = (dots[b].at - dots[a].at, dots[c].at - dots[b].at);
            let turn = scalar::atan2(u.perp_dot(v).abs(), u.dot(v));
            let length = 0.5 * (u.length() + v.length());
            if length > 0.0 { turn / length } else { 0.0 }
        })
        .collect()
}

/// Values averaged over a reach along the stroke: a hand does not change its speed at once.
fn smoothed(dots: &[Dot], values: &[f64], reach: f64) -> Vec<f64> {
    let mut sums = vec![0.0];
    for value in values {
        sums.push(sums[sums.len() - 1] + value);
    }
    let (mut from, mut to) = (0, 0);
    dots.iter()
        .map(|dot| {
            while dots[from].along < dot.along - reach {
                from += 1;
            }
            while to < dots.len() && dots[to].along <= dot.along + reach {
                to += 1;
            }
            (sums[to] - sums[from]) / (to - from) as f64
        })
        .collect()
}

/// Share of its width that a line keeps at each control point's depth: (6 m / depth) to the power of
/// `depth_thinning`, as aerial perspective lightens what is far. One everywhere without a camera.
pub(super) fn depth_shares(stroke: &Stroke, style: &InkStyle) -> Vec<f64> {
    let Some(row) = style.depth_row.filter(|_| style.depth_thinning > 0.0) else {
        return Vec::new();
    };
    let share = |home: &crate::math::DVec3| {
        let depth = row[0] * home.x + row[1] * home.y + row[2] * home.z + row[3];
        let nearer = if depth > 0.0 {
            (NEAR_M / depth).clamp(0.01, 1.6)
        } else {
            1.0
        };
        scalar::pow(nearer, style.depth_thinning)
    };
    stroke.points_3d.iter().step_by(3).map(share).collect()
}
