//! Hidden lines: each sample of a line is compared with what the camera sees around it.

use super::chain::{Chain, Sight};
use super::trace::{Sample, Trace};
use crate::camera::{FrameSize, Projection};
use crate::geometry::Edge;
use crate::image::Visibility;
use crate::math::DVec2;

/// Surfaces nearer than a line by less than this share of its depth never hide it: the rounding of
/// depth and of vertex positions. Larger would let lines shine through thin walls.
const BIAS: f64 = 4e-4;

/// Of the 3 × 3 samples around a point so many must leave it free. A line on an outline or an edge
/// has half of them beside the occluder; a line behind something has none.
const FREE_SAMPLES: u32 = 4;

/// Hidden stretches shorter than this are drawn: they are noise of the sampling. Pixels at 1080 lines.
const GAP_PX: f64 = 5.0;

/// Visible stretches shorter than this are not drawn. Pixels at 1080 lines.
const ISLAND_PX: f64 = 6.0;

/// What lines are tested against.
pub(super) struct Occlusion<'a> {
    pub(super) visibility: &'a Visibility,
    pub(super) size: FrameSize,
    /// Triangle numbers of the object whose lines are tested.
    pub(super) own: std::ops::Range<u32>,
}

impl Occlusion<'_> {
    /// The parts of a trace that are seen.
    pub(super) fn visible_runs(&self, sight: &Sight<'_>, chain: &Chain, trace: &Trace) -> Vec<Trace> {
        let mut trace = trace.clone();
        let Some(mut seen) = self.seen(sight, chain, &trace) else {
            return Vec::new();
        };
        if trace.closed {
            if let Some(start) = middle_of_longest_gap(&seen) {
                trace.samples.rotate_left(start);
                seen.rotate_left(start);
                trace.closed = false;
            }
        }
        let step = trace.length() / trace.samples.len().max(1) as f64;
        let scale = self.size.scale();
        flip_short(&mut seen, false, GAP_PX * scale / step, true);
        flip_short(&mut seen, true, ISLAND_PX * scale / step, false);
        if trace.closed {
            return if seen.iter().all(|&s| s) {
                vec![trace]
            } else {
                Vec::new()
            };
        }
        runs(&seen, true)
            .into_iter()
            .map(|run| Trace {
                samples: trace.samples[run].to_vec(),
                closed: false,
            })
            .filter(|run| run.samples.len() > 2)
            .collect()
    }

    /// Whether each sample is seen; beyond the frame as at the nearest sample inside it. `None`
    /// when no sample is inside.
    fn seen(&self, sight: &Sight<'_>, chain: &Chain, trace: &Trace) -> Option<Vec<bool>> {
        let mut tolerance = (u32::MAX, Tolerance::default());
        let states: Vec<Option<bool>> = trace
            .samples
            .iter()
            .map(|sample| {
                let link = chain.links[sample.link as usize];
                if tolerance.0 != sample.link {
                    tolerance = (sample.link, Tolerance::of(sight, &link));
                }
                self.inside(sample.pixel)
                    .then(|| link.shown && self.is_free(sample, &tolerance.1))
            })
            .collect();
        let first = states.iter().position(Option::is_some)?;
        let mut last = states[first]?;
        let fill = |(i, state): (usize, &Option<bool>)| {
            if i > first {
                last = state.unwrap_or(last);
            }
            last
        };
        let seen = states.iter().enumerate().map(fill).collect();
        Some(seen)
    }

    fn inside(&self, pixel: DVec2) -> bool {
        pixel.x >= 0.0
            && pixel.y >= 0.0
            && pixel.x < f64::from(self.size.width)
            && pixel.y < f64::from(self.size.height)
    }

    fn is_free(&self, sample: &Sample, tolerance: &Tolerance) -> bool {
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
        let other = z * (1.0 + BIAS) * unit + 2.0;
        let own = (z * (1.0 + BIAS) + tolerance.slope.min(z * 0.03) + tolerance.reach_m * z * z) * unit + 2.0;
        let mut free = 0;
        for dy in -1..=1 {
            for dx in -1..=1 {
                let (x, y) = ((cx + dx).clamp(0, columns - 1), (cy + dy).clamp(0, rows - 1));
                let index = self.visibility.index(x as u32, y as u32);
                let limit = if self.own.contains(&self.visibility.triangle[index]) {
                    own
                } else {
                    other
                };
                free += u32::from(f64::from(self.visibility.depth[index]) <= limit);
            }
        }
        free >= FREE_SAMPLES
    }
}

/// How far in front of a line its own object may lie without hiding it.
#[derive(Clone, Copy, Debug, Default)]
struct Tolerance {
    /// Growth of inverse depth over a pixel on the faces beside an edge, m⁻¹.
    slope: f64,
    /// Distance in metres.
    reach_m: f64,
}

impl Tolerance {
    fn of(sight: &Sight<'_>, link: &super::chain::Link) -> Self {
        let slope = link
            .triangles
            .into_iter()
            .filter(|&t| link.reach_m == 0.0 && t != Edge::NONE)
            .map(|t| slope(sight, t))
            .fold(0.0, f64::max);
        Self {
            slope: slope * 1.5,
            reach_m: link.reach_m,
        }
    }
}

/// Change of inverse depth over one pixel of a triangle's plane, m⁻¹; 0 where it is seen edge-on.
fn slope(sight: &Sight<'_>, triangle: u32) -> f64 {
    let corners = sight.corners(triangle);
    let q = corners.map(|p| sight.projection.homogeneous(p));
    if q.iter().any(|q| q.z < Projection::NEAR_M) {
        return 0.0;
    }
    let [a, b, c] = q.map(|q| (DVec2::new(q.x / q.z, q.y / q.z), 1.0 / q.z));
    let (e1, e2) = (b.0 - a.0, c.0 - a.0);
    let area = e1.perp_dot(e2);
    let gradient = (DVec2::new(e2.y, -e2.x) * (b.1 - a.1) + DVec2::new(-e1.y, e1.x) * (c.1 - a.1)) / area;
    let steepness = gradient.length();
    if steepness.is_finite() { steepness } else { 0.0 }
}

/// Stretches of `value`.
fn runs(values: &[bool], value: bool) -> Vec<std::ops::Range<usize>> {
    let mut result = Vec::new();
    let mut start = 0;
    for end in 1..=values.len() {
        if end == values.len() || values[end] != values[start] {
            if values[start] == value {
                result.push(start..end);
            }
            start = end;
        }
    }
    result
}

/// Flips stretches of `value` with fewer than `limit` samples; at the ends too unless `inner`.
fn flip_short(values: &mut [bool], value: bool, limit: f64, inner: bool) {
    for run in runs(values, value) {
        let at_end = run.start == 0 || run.end == values.len();
        if (run.len() as f64) < limit && !(inner && at_end) {
            values[run].fill(!value);
        }
    }
}

/// Where to open a loop: the middle of its longest hidden stretch; `None` when all is seen.
fn middle_of_longest_gap(seen: &[bool]) -> Option<usize> {
    let first = seen.iter().position(|&s| !s)?;
    let count = seen.len();
    let mut best = (0, first);
    let mut length = 0;
    for k in 0..2 * count {
        let i = (first + k) % count;
        length = if seen[i] { 0 } else { (length + 1).min(count) };
        if length > best.0 {
            best = (length, (first + k + count * 2 - length / 2) % count);
        }
    }
    Some(best.1)
}
