//! A feature line on the picture: projected, cut to the frame, sampled evenly, smoothed.

use super::anatomy::Kind;
use super::chain::Chain;
use crate::camera::{FrameSize, Projection};
use crate::math::{DVec2, DVec3, scalar};

/// Lines go on this far beyond the frame, pixels: a stroke's cap then never shows at the rim.
const MARGIN_PX: f64 = 24.0;

/// Distance of samples, pixels at 1080 lines: fine enough to see a gap of 3 px.
pub(super) const STEP_PX: f64 = 1.5;

/// A sample of a line on the picture.
#[derive(Clone, Copy, Debug)]
pub(super) struct Sample {
    pub(super) pixel: DVec2,
    /// 1 / depth, m⁻¹: linear along straight lines of the picture.
    pub(super) inverse_depth: f64,
    /// Link of the chain it lies on.
    pub(super) link: u32,
    /// Authored pressure; 1 without.
    pub(super) pressure: f64,
    /// Whether the line has a corner here.
    pub(super) corner: bool,
    /// Whether the feature exists here: a contour between large facets need not.
    pub(super) real: bool,
}

/// A run of samples.
#[derive(Clone, Debug)]
pub(super) struct Trace {
    pub(super) samples: Vec<Sample>,
    /// Whether the last sample is followed by the first.
    pub(super) closed: bool,
}

impl Trace {
    /// Length on the picture, pixels.
    pub(super) fn length(&self) -> f64 {
        let open: f64 = self
            .samples
            .windows(2)
            .map(|w| (w[1].pixel - w[0].pixel).length())
            .sum();
        match (self.closed, self.samples.first(), self.samples.last()) {
            (true, Some(a), Some(b)) => open + (a.pixel - b.pixel).length(),
            _ => open,
        }
    }
}

/// A node on the picture.
#[derive(Clone, Copy, Debug)]
struct Point {
    pixel: DVec2,
    inverse_depth: f64,
    pressure: f64,
}

impl Point {
    fn lerp(&self, other: &Self, t: f64) -> Self {
        Self {
            pixel: self.pixel + (other.pixel - self.pixel) * t,
            inverse_depth: self.inverse_depth + (other.inverse_depth - self.inverse_depth) * t,
            pressure: self.pressure + (other.pressure - self.pressure) * t,
        }
    }
}

/// The runs of a chain inside the frame (and a margin), before visibility.
pub(super) fn traces(chain: &Chain, projection: &Projection, size: FrameSize) -> Vec<Trace> {
    let count = chain.nodes.len();
    let segments: Vec<Option<(Point, Point)>> = (0..chain.links.len())
        .map(|i| segment(chain, i, (i + 1) % count, projection, size))
        .collect();
    // a run goes on while one segment starts exactly where the last one ended
    let broken = |i: usize| {
        let before = (i + segments.len() - 1) % segments.len();
        match (&segments[before], &segments[i]) {
            (Some((_, end)), Some((start, _))) => (end.pixel - start.pixel).length_squared() > 1e-12,
            _ => true,
        }
    };
    let first_break = (0..segments.len()).find(|&i| (i == 0 && !chain.closed) || broken(i));
    let Some(first) = first_break else {
        let run: Vec<_> = segments
            .iter()
            .enumerate()
            .filter_map(|(i, s)| s.map(|s| (i, s)))
            .collect();
        return sampled(&run, chain.kind, true, size.scale())
            .into_iter()
            .collect();
    };
    let mut result = Vec::new();
    let mut run: Vec<(usize, (Point, Point))> = Vec::new();
    for k in 0..segments.len() {
        let i = (first + k) % segments.len();
        if k > 0 && broken(i) {
            result.extend(sampled(
                &std::mem::take(&mut run),
                chain.kind,
                false,
                size.scale(),
            ));
        }
        run.extend(segments[i].map(|s| (i, s)));
    }
    result.extend(sampled(&run, chain.kind, false, size.scale()));
    result
}

/// A link on the picture, cut by the near plane and the frame's margin.
fn segment(
    chain: &Chain,
    a: usize,
    b: usize,
    projection: &Projection,
    size: FrameSize,
) -> Option<(Point, Point)> {
    let (mut p, mut q) = (chain.nodes[a], chain.nodes[b]);
    let (dp, dq) = (projection.depth(p), projection.depth(q));
    let near = Projection::NEAR_M * 1.001;
    if !(dp.is_finite() && dq.is_finite()) || (dp < near && dq < near) {
        return None;
    }
    let cut = |p: DVec3, q: DVec3, dp: f64, dq: f64| p + (q - p) * ((near - dp) / (dq - dp));
    if dp < near {
        p = cut(p, q, dp, dq);
    } else if dq < near {
        q = cut(q, p, dq, dp);
    }
    let pressure = |i: usize| chain.pressure.get(i).copied().unwrap_or(1.0);
    let point = |p: DVec3, i: usize| {
        let pixel = projection.project(p)?;
        Some(Point {
            pixel,
            inverse_depth: 1.0 / projection.depth(p),
            pressure: pressure(i),
        })
    };
    let (p, q) = (point(p, a)?, point(q, b)?);
    let (t0, t1) = clip(p.pixel, q.pixel, size)?;
    Some((
        if t0 > 0.0 { p.lerp(&q, t0) } else { p },
        if t1 < 1.0 { p.lerp(&q, t1) } else { q },
    ))
}

/// The part of a segment inside the frame and its margin (Liang & Barsky 1984).
fn clip(a: DVec2, b: DVec2, size: FrameSize) -> Option<(f64, f64)> {
    let margin = MARGIN_PX * size.scale();
    let (mut t0, mut t1) = (0.0_f64, 1.0_f64);
    let d = b - a;
    let high = DVec2::new(f64::from(size.width), f64::from(size.height)) + DVec2::splat(margin);
    for (direction, distance) in [
        (-d.x, a.x + margin),
        (d.x, high.x - a.x),
        (-d.y, a.y + margin),
        (d.y, high.y - a.y),
    ] {
        if direction == 0.0 {
            if distance < 0.0 {
                return None;
            }
        } else if direction < 0.0 {
            t0 = t0.max(distance / direction);
        } else {
            t1 = t1.min(distance / direction);
        }
    }
    (t0 <= t1 && t0.is_finite() && t1.is_finite()).then_some((t0, t1))
}

/// Even samples along a run; edges of the mesh keep their corners, contours pass through the
/// triangles in a curve.
fn sampled(run: &Segments, kind: Kind, closed: bool, scale: f64) -> Option<Trace> {
    let length: f64 = run.iter().map(|(_, (p, q))| (q.pixel - p.pixel).length()).sum();
    if run.is_empty() || length < 2.0 * scale {
        return None;
    }
    let curved = if kind == Kind::Contour {
        curved(run, closed, scale)
    } else {
        None
    };
    let run = curved.as_deref().unwrap_or(run);
    let corners: Vec<bool> = (0..run.len())
        .map(|i| !matches!(kind, Kind::Contour | Kind::Intersection) && corner(run, i, closed, kind, scale))
        .collect();
    // pieces between corners
    let mut samples = Vec::new();
    let mut start = 0;
    for end in 1..=run.len() {
        if end == run.len() || corners[end] {
            sample_piece(&run[start..end], corners[start], scale, &mut samples);
            start = end;
        }
    }
    if !closed {
        let &(link, (_, q)) = run.last()?;
        samples.push(sample(q, link, false));
    }
    (samples.len() > 2).then_some(Trace { samples, closed })
}

/// Segments of a run with the links they lie on.
type Segments = [(usize, (Point, Point))];

/// Contours that turn by more than this at a node on average are polygons, not curves: 25°, radians.
const ROUND_TURNING: f64 = 0.44;

/// Mean angle between consecutive sides, radians.
fn mean_turning(nodes: &[(usize, Point)]) -> f64 {
    let turns = nodes.windows(3).map(|w| {
        let (a, b) = (w[1].1.pixel - w[0].1.pixel, w[2].1.pixel - w[1].1.pixel);
        scalar::atan2(a.perp_dot(b).abs(), a.dot(b))
    });
    turns.sum::<f64>() / nodes.len().saturating_sub(2).max(1) as f64
}

/// A centripetal Catmull–Rom curve (Yuksel, Schaefer & Keyser 2011) through the nodes of a contour
/// whose facets are long enough to be seen; `None` for a finer one.
fn curved(run: &Segments, closed: bool, scale: f64) -> Option<Vec<(usize, (Point, Point))>> {
    let length: f64 = run.iter().map(|(_, (p, q))| (q.pixel - p.pixel).length()).sum();
    let facet = length / run.len() as f64;
    if facet < 2.5 * scale || run.len() < 3 {
        return None;
    }
    // where a contour passes close by a vertex its nodes crowd: keep those that are well apart
    let mut nodes: Vec<(usize, Point)> = Vec::new();
    for &(link, (p, _)) in run {
        if nodes
            .last()
            .is_none_or(|(_, last)| (p.pixel - last.pixel).length() > 0.35 * facet)
        {
            nodes.push((link, p));
        }
    }
    if !closed {
        let &(link, (_, q)) = run.last()?;
        if nodes.len() > 1
            && nodes
                .last()
                .is_some_and(|(_, p)| (q.pixel - p.pixel).length() < 0.35 * facet)
        {
            nodes.pop();
        }
        nodes.push((link, q));
    }
    if mean_turning(&nodes) > ROUND_TURNING {
        return None;
    }
    let count = nodes.len();
    let at = |i: isize| {
        let n = count as isize;
        nodes[if closed {
            i.rem_euclid(n)
        } else {
            i.clamp(0, n - 1)
        } as usize]
            .1
    };
    let mut result = Vec::new();
    for (i, &(link, _)) in nodes
        .iter()
        .enumerate()
        .take(if closed { count } else { count - 1 })
    {
        let around = [-1, 0, 1, 2].map(|k| at(i as isize + k));
        let steps = ((around[2].pixel - around[1].pixel).length() / (STEP_PX * scale))
            .ceil()
            .clamp(1.0, 512.0);
        let mut before = around[1];
        for k in 1..=steps as usize {
            let t = k as f64 / steps;
            let mut next = around[1].lerp(&around[2], t);
            next.pixel = centripetal(around.map(|p| p.pixel), t);
            result.push((link, (before, next)));
            before = next;
        }
    }
    Some(result)
}

/// Point at `t` in [0, 1] between the two middle ones (Barry & Goldman 1988).
fn centripetal(p: [DVec2; 4], t: f64) -> DVec2 {
    let knot = |a: DVec2, b: DVec2| (b - a).length().sqrt().max(1e-6);
    let t1 = knot(p[0], p[1]);
    let t2 = t1 + knot(p[1], p[2]);
    let t3 = t2 + knot(p[2], p[3]);
    let t = t1 + (t2 - t1) * t;
    let mix = |a: DVec2, b: DVec2, from: f64, to: f64| a + (b - a) * ((t - from) / (to - from));
    let (a1, a2, a3) = (
        mix(p[0], p[1], 0.0, t1),
        mix(p[1], p[2], t1, t2),
        mix(p[2], p[3], t2, t3),
    );
    let (b1, b2) = (mix(a1, a2, 0.0, t2), mix(a2, a3, t1, t3));
    mix(b1, b2, t1, t2)
}

/// Whether segment `i` turns off its predecessor by more than 25°, both long enough to tell.
fn corner(run: &Segments, i: usize, closed: bool, kind: Kind, scale: f64) -> bool {
    if i == 0 && !closed {
        return false;
    }
    let side = |i: usize| run[i].1.1.pixel - run[i].1.0.pixel;
    let (a, b) = (side((i + run.len() - 1) % run.len()), side(i));
    // steps of the mesh along a rim or a border of colours are no corners
    let least = if matches!(kind, Kind::Material | Kind::Border) {
        7.0
    } else {
        1.0
    };
    let long = a.length().min(b.length()) > least * scale;
    long && a.dot(b) < 0.906 * a.length() * b.length()
}

fn sample(point: Point, link: usize, corner: bool) -> Sample {
    Sample {
        pixel: point.pixel,
        inverse_depth: point.inverse_depth,
        link: link as u32,
        pressure: point.pressure,
        corner,
        real: true,
    }
}

/// Samples from the start of a piece (included) to its end (left to the next piece).
fn sample_piece(piece: &Segments, corner: bool, scale: f64, samples: &mut Vec<Sample>) {
    let length: f64 = piece.iter().map(|(_, (p, q))| (q.pixel - p.pixel).length()).sum();
    let count = (length / (STEP_PX * scale)).ceil().max(1.0);
    let step = length / count;
    let mut next = 0.0;
    let mut behind = 0.0;
    let mut emitted = 0.0;
    for &(link, (p, q)) in piece {
        let side = (q.pixel - p.pixel).length();
        while emitted < count && next <= behind + side {
            let t = if side > 0.0 { (next - behind) / side } else { 0.0 };
            samples.push(sample(p.lerp(&q, t), link, corner && emitted == 0.0));
            emitted += 1.0;
            next = emitted * step;
        }
        behind += side;
    }
}

/// Takes the zig-zag of the mesh out of a line: a moving average over `reach` samples to each side,
/// three times, then once more over what it took away (Tukey's twicing: circles keep their radius).
/// No sample moves further than `limit` pixels on the picture. Depth is smoothed likewise, over
/// `depth_reach`. Ends and corners stay.
pub(super) fn smooth(trace: &mut Trace, reach: usize, depth_reach: usize, limit: f64) {
    let origin: Vec<DVec3> = trace
        .samples
        .iter()
        .map(|s| s.pixel.extend(s.inverse_depth))
        .collect();
    let count = origin.len();
    let pinned: Vec<bool> = (0..count)
        .map(|i| trace.samples[i].corner || (!trace.closed && (i == 0 || i + 1 == count)))
        .collect();
    let smoothed = |reach: usize| {
        let average = |mut values: Vec<DVec3>| {
            for _ in 0..3 {
                values = moving_average(&values, &pinned, trace.closed, reach);
            }
            values
        };
        let once = average(origin.clone());
        let twice = average(origin.iter().zip(&once).map(|(o, s)| *o - *s).collect());
        once.into_iter()
            .zip(twice)
            .map(|(a, b)| a + b)
            .collect::<Vec<_>>()
    };
    let (on_picture, in_depth) = (smoothed(reach), smoothed(depth_reach));
    for (i, sample) in trace.samples.iter_mut().enumerate().filter(|(i, _)| !pinned[*i]) {
        let moved = (on_picture[i] - origin[i]).truncate();
        sample.pixel = origin[i].truncate() + moved.clamp_length_max(limit);
        sample.inverse_depth = in_depth[i].z;
    }
}

/// Mean over up to `reach` samples to each side, symmetric, never across a pinned sample.
fn moving_average(values: &[DVec3], pinned: &[bool], closed: bool, reach: usize) -> Vec<DVec3> {
    let count = values.len();
    let wrap = if closed { reach.min(count / 2) } else { 0 };
    // sums over the values, repeated by `wrap` on both sides of a loop
    let at = |i: usize| (i + count - wrap) % count;
    let mut sums = vec![DVec3::ZERO];
    let mut total = DVec3::ZERO;
    for i in 0..count + 2 * wrap {
        total += values[at(i)];
        sums.push(total);
    }
    let mut room = vec![reach; count + 2 * wrap];
    let mut distance = if closed { reach } else { 0 };
    for (i, room) in room.iter_mut().enumerate() {
        distance = if pinned[at(i)] { 0 } else { distance + 1 };
        *room = (*room).min(distance);
    }
    distance = if closed { reach } else { 0 };
    for i in (0..room.len()).rev() {
        distance = if pinned[at(i)] { 0 } else { distance + 1 };
        room[i] = room[i].min(distance);
    }
    (0..count)
        .map(|k| {
            let i = k + wrap;
            let r = room[i].min(i).min(count + 2 * wrap - 1 - i);
            (sums[i + r + 1] - sums[i - r]) / (2 * r + 1) as f64
        })
        .collect()
}
