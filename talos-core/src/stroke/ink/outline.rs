//! The outline of one inked stroke.

use super::InkStyle;
use super::strands::Strands;
use super::weight::{by_speed, depth_shares};
use crate::camera::FrameSize;
use crate::image::coverage::{Outline, Span};
use crate::math::{DVec2, scalar};
use crate::random::{Seed, Stream};
use crate::stroke::{Stroke, StyleClass};

/// Flattened pieces of a curve are about this long, pixels of the frame: their corners turn too
/// little to be seen, at most strokes' curvature.
const PIECE_PX: f64 = 2.0;

/// A point of the flattened stroke.
#[derive(Clone, Copy, Debug)]
pub(super) struct Dot {
    pub(super) at: DVec2,
    /// Half the line's width, pixels.
    pub(super) half_width: f64,
    /// Distance along the stroke, pixels.
    pub(super) along: f64,
}

/// The spans of one stroke's ink.
pub(super) fn spans_of(
    stroke: &Stroke,
    free: [bool; 2],
    style: &InkStyle,
    size: FrameSize,
    frame: u32,
    seed: Seed,
) -> Vec<Span> {
    let mut spans = Vec::new();
    for polygons in polygons_of(stroke, free, style, size.scale(), frame, seed) {
        let mut outline = Outline::new(size);
        // a stroke whose points are no pixels is left out: validation has named it before
        if polygons.iter().all(|p| outline.polygon(p).is_ok()) {
            spans.extend(outline.spans());
        }
    }
    spans
}

/// The outlines of a stroke's ink: for each piece the polygons that fill it together.
pub(super) fn polygons_of(
    stroke: &Stroke,
    free: [bool; 2],
    style: &InkStyle,
    scale: f64,
    frame: u32,
    seed: Seed,
) -> Vec<Vec<Vec<DVec2>>> {
    let mut dots = flattened(stroke, free, style, scale);
    if dots.len() < 2 {
        return Vec::new();
    }
    let stream = seed.stream("ink").child(&stroke.stroke_id);
    let held = stream.item(u64::from(frame.saturating_sub(1) / style.boil_frames.max(1)));
    unsteady(&mut dots, &stream, style, scale, frame);
    // the grain of a drawing is its own: it changes when the boil does
    let texture = if style.boil_px > 0.0 { &held } else { &stream };
    let full_width = style.width(stroke.style_class, 1.0) * scale;
    let strands = Strands::of(&dots, full_width, style, scale, &texture.child("strands"));
    let piece = |piece: &[Dot]| match &strands {
        Some(strands) => strands.polygons(piece, &normals(piece)),
        None => vec![contour_of(piece)],
    };
    let over = style.overshoot_px * scale;
    let pieces = pieces(&dots).into_iter();
    if over <= 0.0 {
        return pieces.map(|(dots, _)| piece(dots)).collect();
    }
    pieces
        .map(|(dots, at)| piece(&run_over(dots, at, over)))
        .collect()
}

/// Points along the stroke with their half widths.
fn flattened(stroke: &Stroke, free: [bool; 2], style: &InkStyle, scale: f64) -> Vec<Dot> {
    let mut dots: Vec<Dot> = Vec::new();
    let mut along = 0.0;
    let depths = depth_shares(stroke, style);
    // grains are smaller than the pieces that a smooth line needs
    let piece_px = if style.grain > 0.0 {
        0.5 * PIECE_PX
    } else {
        PIECE_PX
    };
    for segment in 0..stroke.segments() {
        let p = &stroke.points[segment * 3..segment * 3 + 4];
        let length: f64 = p.windows(2).map(|w| (w[1] - w[0]).length()).sum();
        if !length.is_finite() || length > 1e6 {
            return Vec::new();
        }
        let count = (length / piece_px).ceil().clamp(1.0, 4096.0);
        let pressure = |k: usize| stroke.pressure.get(k).copied().unwrap_or(0.5);
        let first = usize::from(segment > 0);
        for k in first..=count as usize {
            let t = k as f64 / count;
            let at = stroke.point(segment, t);
            along += dots.last().map_or(0.0, |d| (at - d.at).length());
            let pressure = scalar::lerp(pressure(segment), pressure(segment + 1), t);
            let near = depths.get(segment).zip(depths.get(segment + 1));
            let near = near.map_or(1.0, |(a, b)| scalar::lerp(*a, *b, t));
            let half_width = 0.5 * style.width(stroke.style_class, pressure) * near * stroke.width * scale;
            dots.push(Dot {
                at,
                half_width,
                along,
            });
        }
    }
    dots.dedup_by(|b, a| (b.at - a.at).length_squared() < 1e-6);
    by_speed(&mut dots, stroke.closed, style.speed_thinning, scale);
    if !stroke.closed {
        overshoot(&mut dots, stroke.style_class, style.overshoot_px * scale);
        taper(&mut dots, free, style, scale);
    }
    dots
}

/// Lengthens creases at both ends in their direction.
fn overshoot(dots: &mut Vec<Dot>, class: StyleClass, by: f64) {
    if by <= 0.0 || class != StyleClass::Crease || dots.len() < 2 {
        return;
    }
    let beyond = |end: &Dot, before: &Dot| Dot {
        at: end.at + (end.at - before.at).normalize_or_zero() * by,
        ..*end
    };
    let (first, last) = (
        beyond(&dots[0], &dots[1]),
        beyond(&dots[dots.len() - 1], &dots[dots.len() - 2]),
    );
    dots.insert(0, first);
    dots.push(last);
    let mut along = 0.0;
    for k in 1..dots.len() {
        along += (dots[k].at - dots[k - 1].at).length();
        dots[k].along = along;
    }
}

/// Thins the free ends.
fn taper(dots: &mut [Dot], free: [bool; 2], style: &InkStyle, scale: f64) {
    let total = dots.last().map_or(0.0, |d| d.along);
    let length = (style.taper_px * scale).min(total * 0.4);
    if length <= 0.0 {
        return;
    }
    let least = 0.5 * style.min_width_px * scale;
    for dot in dots {
        let from_start = if free[0] { dot.along } else { length };
        let from_end = if free[1] { total - dot.along } else { length };
        let from_end = from_end.min(from_start);
        let rise = scalar::saturate(from_end / length);
        // a quarter circle: thin only near the very end
        let share = scalar::lerp(style.taper_end, 1.0, (rise * (2.0 - rise)).sqrt());
        dot.half_width = (dot.half_width * share).max(least.min(dot.half_width));
    }
}

/// Boil and texture: seeded, band-limited, the same for one stroke and frame in any order.
fn unsteady(dots: &mut [Dot], stream: &Stream, style: &InkStyle, scale: f64, frame: u32) {
    if style.boil_px > 0.0 {
        let held = frame.saturating_sub(1) / style.boil_frames.max(1);
        let boil = stream.child("boil").item(u64::from(held));
        let (across, down) = (boil.child("x"), boil.child("y"));
        let by = style.boil_px * scale;
        for dot in dots.iter_mut() {
            let u = wave(dot.along, 48.0 * scale);
            dot.at += DVec2::new(across.noise(u), down.noise(u)) * by;
        }
    }
    if style.texture > 0.0 {
        roughen(dots, &stream.child("texture"), style.texture, scale);
    }
}

fn roughen(dots: &mut [Dot], stream: &Stream, amount: f64, scale: f64) {
    for dot in dots {
        let noise =
            stream.noise(wave(dot.along, 9.0 * scale)) + stream.noise(wave(dot.along, 31.0 * scale) + 1000.5);
        dot.half_width *= (1.0 + amount * noise * 0.8).max(0.0);
    }
}

/// Noise coordinate along the stroke; half a cell in, where noise is not zero.
fn wave(along: f64, length: f64) -> f64 {
    along / length + 0.5
}

/// Which ends of a piece are corners of the drawing: places where the stroke turns by more than 35°.
type Corners = [bool; 2];

/// Cuts a stroke where it turns by more than 35° or tighter than its half width.
fn pieces(dots: &[Dot]) -> Vec<(&[Dot], Corners)> {
    let mut result = Vec::new();
    let (mut start, mut from_corner) = (0, false);
    for i in 1..dots.len() - 1 {
        let (a, b) = (dots[i].at - dots[i - 1].at, dots[i + 1].at - dots[i].at);
        let (la, lb) = (a.length(), b.length());
        let cosine = a.dot(b) / (la * lb);
        let sine = a.perp_dot(b).abs() / (la * lb);
        let tight = sine * dots[i].half_width > 0.9 * la.min(lb);
        if cosine < 0.82 || tight {
            let corner = cosine < 0.82;
            result.push((&dots[start..=i], [from_corner, corner]));
            (start, from_corner) = (i, corner);
        }
    }
    // a closed stroke's ends meet under two round caps: nothing more to do
    result.push((&dots[start..], [from_corner, false]));
    result
}

/// A piece that runs over its corners, to a point.
fn run_over(dots: &[Dot], corners: Corners, by: f64) -> Vec<Dot> {
    let mut dots = dots.to_vec();
    let beyond = |end: &Dot, before: &Dot, along: f64| Dot {
        at: end.at + (end.at - before.at).normalize_or_zero() * by,
        half_width: end.half_width * 0.3,
        along: end.along + along,
    };
    let last = dots.len() - 1;
    if corners[1] && last > 0 {
        dots.push(beyond(&dots[last], &dots[last - 1], by));
    }
    if corners[0] && last > 0 {
        dots.insert(0, beyond(&dots[0], &dots[1], -by));
    }
    dots
}

/// Offset outline of a piece with round ends.
fn contour_of(dots: &[Dot]) -> Vec<DVec2> {
    let last = dots.len() - 1;
    let normal = |i: usize| normal(dots, i);
    let mut points = Vec::with_capacity(dots.len() * 2 + 24);
    for (i, dot) in dots.iter().enumerate() {
        points.push(dot.at + normal(i) * dot.half_width);
    }
    cap(&mut points, &dots[last], normal(last));
    for (i, dot) in dots.iter().enumerate().rev() {
        points.push(dot.at - normal(i) * dot.half_width);
    }
    cap(&mut points, &dots[0], -normal(0));
    points
}

/// Unit normal of the line at a dot.
fn normal(dots: &[Dot], i: usize) -> DVec2 {
    let (a, b) = (dots[i.saturating_sub(1)].at, dots[(i + 1).min(dots.len() - 1)].at);
    (b - a).normalize_or(DVec2::X).perp()
}

fn normals(dots: &[Dot]) -> Vec<DVec2> {
    (0..dots.len()).map(|i| normal(dots, i)).collect()
}

/// Half a circle from the side `normal` to the other, around the end.
fn cap(points: &mut Vec<DVec2>, end: &Dot, normal: DVec2) {
    let steps = (end.half_width * 2.0).ceil().clamp(4.0, 32.0) as usize;
    for k in 1..steps {
        let (sin, cos) = scalar::sin_cos(-scalar::PI * k as f64 / steps as f64);
        points.push(end.at + DVec2::new(cos, sin).rotate(normal) * end.half_width);
    }
}
