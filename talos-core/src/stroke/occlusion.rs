//! Hidden lines: each sample of a line is compared with what the camera sees around it.

use super::anatomy::{Anatomy, Kind};
use super::chain::{Chain, Sight};
use super::trace::{Sample, Trace};
use crate::camera::{FrameSize, Projection};
use crate::geometry::Edge;
use crate::image::Visibility;
use crate::math::DVec2;

/// Surfaces nearer than a line by less than this share of its depth never hide it: the rounding of
/// depth and of vertex positions. Larger would let lines shine through thin walls.
const BIAS: f64 = 4e-4;

/// The same for another surface of the line's own object, whose triangle is known and is measured at
/// the line's own place: what remains is the rounding of vertices to a fraction of a pixel and of
/// depth. An eyelid lies 1 to 2 mm before the eye, which at 8 m is a quarter of [`BIAS`].
const CLOSE_BIAS: f64 = 2e-5;

/// Vertices are rounded to less than this, pixels: what a plane may be off by along its slope.
const SNAP_PX: f64 = 1.0 / 64.0;

/// Of the 3 × 3 samples around a point so many must leave it free. A line on an outline or an edge
/// has half of them beside the occluder; a line behind something has none.
const FREE_SAMPLES: u32 = 4;

/// Hidden stretches shorter than this are drawn: they are noise of the sampling. Pixels at 1080 lines.
const GAP_PX: f64 = 5.0;

/// Stretches that nothing hides but that seem to lie behind their own fold are drawn when they are
/// shorter than this: on coarse meshes a contour flickers between the two near its cusps.
/// Pixels at 1080 lines.
const DOUBT_PX: f64 = 24.0;

/// Visible stretches shorter than this are not drawn. Pixels at 1080 lines.
const ISLAND_PX: f64 = 6.0;

/// Whether a contour is in doubt is settled by the majority within this distance to either side: the
/// sign of its radial curvature is noise where that is near zero. Pixels at 1080 lines.
const SETTLE_PX: f64 = 9.0;

/// What is known of a sample.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Seen,
    /// Free, but on a stretch that its own surface should hide.
    Doubtful,
    Hidden,
}

/// What lines are tested against.
pub(super) struct Occlusion<'a> {
    pub(super) visibility: &'a Visibility,
    pub(super) size: FrameSize,
    /// Triangle numbers of the object whose lines are tested.
    pub(super) own: std::ops::Range<u32>,
    pub(super) anatomy: &'a Anatomy,
}

impl Occlusion<'_> {
    /// The parts of a trace that are seen.
    pub(super) fn visible_runs(&self, sight: &Sight<'_>, chain: &Chain, trace: &Trace) -> Vec<Trace> {
        let mut trace = trace.clone();
        let Some(mut seen) = self.seen(sight, chain, &trace) else {
            return Vec::new();
        };
        if trace.closed
            && let Some(start) = middle_of_longest_gap(&seen)
        {
            trace.samples.rotate_left(start);
            seen.rotate_left(start);
            trace.closed = false;
        }
        let step = trace.length() / trace.samples.len().max(1) as f64;
        let scale = self.size.scale();
        if chain.kind == Kind::Contour {
            settle(&mut seen, (SETTLE_PX * scale / step).round() as usize);
        }
        flip_short(&mut seen, State::Doubtful, DOUBT_PX * scale / step, true);
        seen.iter_mut()
            .filter(|s| **s == State::Doubtful)
            .for_each(|s| *s = State::Hidden);
        flip_short(&mut seen, State::Hidden, GAP_PX * scale / step, true);
        flip_short(&mut seen, State::Seen, ISLAND_PX * scale / step, false);
        if trace.closed {
            return if seen.iter().all(|&s| s == State::Seen) {
                vec![trace]
            } else {
                Vec::new()
            };
        }
        runs(&seen, State::Seen)
            .into_iter()
            .map(|run| Trace {
                samples: trace.samples[run].to_vec(),
                closed: false,
            })
            .filter(|run| run.samples.len() > 2)
            .collect()
    }

    /// What is known of each sample; beyond the frame as at the nearest sample inside it. `None`
    /// when no sample is inside.
    fn seen(&self, sight: &Sight<'_>, chain: &Chain, trace: &Trace) -> Option<Vec<State>> {
        let mut tolerance = (u32::MAX, Tolerance::default());
        let states: Vec<Option<State>> = trace
            .samples
            .iter()
            .map(|sample| {
                let link = chain.links[sample.link as usize];
                if tolerance.0 != sample.link {
                    tolerance = (sample.link, Tolerance::of(sight, &link));
                }
                self.inside(sample.pixel).then(|| {
                    match (
                        sample.real && self.is_free(sample, &tolerance.1, Some(sight)),
                        link.shown && !self.grazes(sight, chain, sample),
                    ) {
                        (false, _) => State::Hidden,
                        (true, false) => State::Doubtful,
                        (true, true) => State::Seen,
                    }
                })
            })
            .collect();
        let first = states.iter().position(Option::is_some)?;
        let mut last = states[first]?;
        let fill = |(i, state): (usize, &Option<State>)| {
            if i > first {
                last = state.unwrap_or(last);
            }
            last
        };
        let seen = states.iter().enumerate().map(fill).collect();
        Some(seen)
    }

    /// Whether an authored line lies on skin that is seen edge-on: foreshortened to a speck.
    fn grazes(&self, sight: &Sight<'_>, chain: &Chain, sample: &Sample) -> bool {
        /// Cosine of the angle to the viewer below which a mark is not drawn: 72°.
        const LEAST_COSINE: f64 = 0.3;
        if chain.kind != Kind::Mark {
            return false;
        }
        self.own_triangle(sample.pixel).is_some_and(|t| {
            let [a, _, _] = sight.corners(t);
            sight.normal(t).dot(sight.projection.to_viewer(a)).abs() < LEAST_COSINE
        })
    }

    fn inside(&self, pixel: DVec2) -> bool {
        pixel.x >= 0.0
            && pixel.y >= 0.0
            && pixel.x < f64::from(self.size.width)
            && pixel.y < f64::from(self.size.height)
    }

    /// The object's triangle that is seen at a pixel, if it is one of its own.
    pub(super) fn own_triangle(&self, pixel: DVec2) -> Option<u32> {
        let scaled = pixel * f64::from(Visibility::SIDE);
        let index = self.visibility.index(scaled.x as u32, scaled.y as u32);
        let seen = self.inside(pixel).then(|| self.visibility.triangle[index])?;
        self.local(seen).map(|t| t as u32)
    }

    /// Index in the object's mesh of one of its triangles.
    fn local(&self, triangle: u32) -> Option<usize> {
        self.own
            .contains(&triangle)
            .then(|| (triangle - self.own.start) as usize)
    }

    /// Whether another object, the sky or something clearly deeper lies beside a line.
    pub(super) fn stands_out(&self, at: DVec2, normal: DVec2, inverse_depth: f64) -> bool {
        /// Distance to either side, pixels at 1080 lines: past the antialiased rim.
        const ASIDE_PX: f64 = 3.0;
        /// Depths that differ by more than this share are two things.
        const STEP: f64 = 0.12;
        let unit = Projection::NEAR_M * 2_147_483_648.0;
        [-1.0, 1.0].iter().any(|side| {
            let p = at + normal * (side * ASIDE_PX * self.size.scale());
            self.inside(p) && {
                let scaled = p * f64::from(Visibility::SIDE);
                let index = self.visibility.index(scaled.x as u32, scaled.y as u32);
                let deeper = f64::from(self.visibility.depth[index]) < inverse_depth * (1.0 - STEP) * unit;
                deeper || self.local(self.visibility.triangle[index]).is_none()
            }
        })
    }

    /// Whether no other object hides a place.
    pub(super) fn is_free_of_others(&self, sample: &Sample) -> bool {
        !self.inside(sample.pixel)
            || self.is_free(
                sample,
                &Tolerance {
                    beside: [Edge::NONE; 2],
                    reach_m: f64::INFINITY,
                    surface: None,
                    smooth: false,
                    share: 0.0,
                },
                None,
            )
    }

    /// Whether enough of the samples around a point leave it free. With `sight` another surface of
    /// the line's own object hides it however close it lies; without, as any other object does.
    fn is_free(&self, sample: &Sample, tolerance: &Tolerance, sight: Option<&Sight<'_>>) -> bool {
        let side = Visibility::SIDE;
        let (columns, rows) = (
            i64::from(self.size.width * side),
            i64::from(self.size.height * side),
        );
        let (cx, cy) = (
            (sample.pixel.x * f64::from(side)).floor() as i64,
            (sample.pixel.y * f64::from(side)).floor() as i64,
        );
        let unit = Projection::NEAR_M * 2_147_483_648.0;
        let z = sample.inverse_depth;
        let bias = BIAS + tolerance.share;
        let other = z * (1.0 + bias) * unit + 2.0;
        let near = other + tolerance.reach_m * z * z * unit;
        let mut free = 0;
        for dy in -1..=1 {
            for dx in -1..=1 {
                let (x, y) = ((cx + dx).clamp(0, columns - 1), (cy + dy).clamp(0, rows - 1));
                let index = self.visibility.index(x as u32, y as u32);
                let own = self.local(self.visibility.triangle[index]);
                let depth = f64::from(self.visibility.depth[index]);
                free += u32::from(match (own, sight) {
                    (Some(t), Some(sight))
                        if tolerance.reach_m == 0.0 && depth > other && tolerance.covers(self.anatomy, t) =>
                    {
                        // faces around an edge may rise steeply: what counts is where they pass the line
                        let at = (DVec2::new(x as f64, y as f64) + 0.5) / f64::from(side);
                        let gradient = gradient(sight, t as u32);
                        let passes = depth / unit - gradient.dot(at - sample.pixel);
                        tolerance.beside.contains(&(t as u32))
                            || passes <= z * (1.0 + bias) + gradient.length() * 2.0 * SNAP_PX
                    }
                    (Some(t), _) if tolerance.covers(self.anatomy, t) => depth <= near,
                    (Some(t), Some(sight)) if (depth - z * unit).abs() < z * 2.0 * bias * unit => {
                        let at = (DVec2::new(x as f64, y as f64) + 0.5) / f64::from(side);
                        let gradient = gradient(sight, t as u32);
                        // where the sample lies beside the line, the surface is a little nearer or deeper
                        let rise = gradient.dot(at - sample.pixel).clamp(-z * BIAS, z * BIAS);
                        let slack = (gradient.length() * SNAP_PX).min(z * BIAS);
                        let close = z * (1.0 + CLOSE_BIAS + tolerance.share) + rise + slack;
                        depth <= (close * unit + 2.0).min(other)
                    }
                    _ => depth <= other,
                });
            }
        }
        free >= FREE_SAMPLES
    }
}

/// How far in front of a line its own object may lie without hiding it.
#[derive(Clone, Copy, Debug, Default)]
struct Tolerance {
    /// The triangles beside an edge: they never hide it.
    beside: [u32; 2],
    /// Distance in metres, for the surface that the line is on.
    reach_m: f64,
    /// That surface; `None`: all of the object.
    surface: Option<u32>,
    /// Whether it ends at sharp edges: what lies behind a fold does not belong to a contour.
    smooth: bool,
    /// Share of the depth, for everything.
    share: f64,
}

impl Tolerance {
    fn of(sight: &Sight<'_>, link: &super::chain::Link) -> Self {
        let triangle = link.triangles.into_iter().find(|&t| t != Edge::NONE);
        let smooth = link.reach_m > 0.0;
        let surface = triangle.map(|t| sight.anatomy.extent(t as usize, smooth));
        Self {
            smooth,
            beside: link.triangles,
            reach_m: link.reach_m,
            surface,
            share: link.share,
        }
    }

    /// Whether a triangle is of the surface that the line is on.
    fn covers(&self, anatomy: &Anatomy, triangle: usize) -> bool {
        self.surface
            .is_none_or(|s| anatomy.extent(triangle, self.smooth) == s)
    }
}

/// Change of inverse depth over one pixel to the right and one down of a triangle's plane, m⁻¹;
/// zero where it is seen edge-on.
fn gradient(sight: &Sight<'_>, triangle: u32) -> DVec2 {
    let corners = sight.corners(triangle);
    let q = corners.map(|p| sight.projection.homogeneous(p));
    if q.iter().any(|q| q.z < Projection::NEAR_M) {
        return DVec2::ZERO;
    }
    let [a, b, c] = q.map(|q| (DVec2::new(q.x / q.z, q.y / q.z), 1.0 / q.z));
    let (e1, e2) = (b.0 - a.0, c.0 - a.0);
    let area = e1.perp_dot(e2);
    let gradient = (DVec2::new(e2.y, -e2.x) * (b.1 - a.1) + DVec2::new(-e1.y, e1.x) * (c.1 - a.1)) / area;
    if gradient.is_finite() {
        gradient
    } else {
        DVec2::ZERO
    }
}

/// Settles the doubt of each free sample by the majority of the free samples up to `reach` to both
/// sides; beyond the ends nothing counts.
fn settle(states: &mut [State], reach: usize) {
    let value = |state: &State| match state {
        State::Seen => 1_i32,
        State::Doubtful => -1,
        State::Hidden => 0,
    };
    let mut sums = vec![0_i32];
    for state in states.iter() {
        sums.push(sums[sums.len() - 1] + value(state));
    }
    let count = states.len();
    for (i, state) in states.iter_mut().enumerate() {
        let reach = reach.min(i).min(count - 1 - i);
        let votes = sums[i + reach + 1] - sums[i - reach];
        if *state != State::Hidden && votes != 0 {
            *state = if votes > 0 { State::Seen } else { State::Doubtful };
        }
    }
}

/// Stretches of `value`.
fn runs(values: &[State], value: State) -> Vec<std::ops::Range<usize>> {
    let mut start = 0;
    let mut result = Vec::new();
    for stretch in values.chunk_by(|a, b| a == b) {
        if stretch[0] == value {
            result.push(start..start + stretch.len());
        }
        start += stretch.len();
    }
    result
}

/// Turns stretches of `value` with fewer than `limit` samples into seen ones, or seen ones into
/// hidden; with `inner` only those between seen ones.
fn flip_short(values: &mut [State], value: State, limit: f64, inner: bool) {
    let other = if value == State::Seen {
        State::Hidden
    } else {
        State::Seen
    };
    for run in runs(values, value) {
        let is_seen = |i: Option<usize>| i.and_then(|i| values.get(i)) == Some(&State::Seen);
        let enclosed = is_seen(run.start.checked_sub(1)) && is_seen(Some(run.end));
        if (run.len() as f64) < limit && (!inner || enclosed) {
            values[run].fill(other);
        }
    }
}

/// Where to open a loop: the middle of its longest stretch that is not seen; `None` when all is.
fn middle_of_longest_gap(seen: &[State]) -> Option<usize> {
    let count = seen.len();
    let first = seen.iter().position(|&s| s == State::Seen);
    let Some(first) = first else { return Some(0) };
    if seen.iter().all(|&s| s == State::Seen) {
        return None;
    }
    let turned: Vec<bool> = (0..count)
        .map(|k| seen[(first + k) % count] == State::Seen)
        .collect();
    let mut best = 0..0;
    let mut start = 0;
    for stretch in turned.chunk_by(|a, b| a == b) {
        if !stretch[0] && stretch.len() > best.len() {
            best = start..start + stretch.len();
        }
        start += stretch.len();
    }
    Some((first + best.start + best.len() / 2) % count)
}
