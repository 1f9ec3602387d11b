//! One triangle in fixed point: edge functions and the plane of its depth.

use super::band::Grid;
use super::clip::ClipVertex;

/// Snapped positions to a pixel. Finer would overflow the products of an 8K frame with its guard
/// band; coarser would let silhouettes step by a visible fraction of a sample.
pub(super) const SUBPIXEL: i64 = 256;

/// Fractional bits of depth while it is stepped from sample to sample: over 8192 steps the
/// rounding of the gradient stays below one unit of depth.
const FRACTION: u32 = 14;

/// A corner on the snapping grid with its integer depth.
#[derive(Clone, Copy, Debug)]
pub(super) struct Corner {
    x: i32,
    y: i32,
    depth: u32,
}

impl Corner {
    pub(super) const ORIGIN: Self = Self { x: 0, y: 0, depth: 0 };

    pub(super) fn snap(v: &ClipVertex, depth: u32) -> Self {
        let snap = |a: f64| (a / v.w * SUBPIXEL as f64).round() as i32;
        Self {
            x: snap(v.x),
            y: snap(v.y),
            depth,
        }
    }
}

/// An edge function over samples: `at` the first sample of the triangle's box, and its steps.
/// A sample is inside where all three are ≥ 0.
#[derive(Clone, Copy, Debug)]
struct EdgeFunction {
    at: i64,
    step_x: i64,
    step_y: i64,
}

/// A triangle that covers samples, or may: wound so that its doubled area is positive.
#[derive(Clone, Copy, Debug)]
pub(super) struct Facet {
    number: u32,
    corners: [Corner; 3],
}

impl Facet {
    /// The triangle, unless it is degenerate, seen from behind (and one-sided) or between the samples.
    pub(super) fn new(mut corners: [Corner; 3], number: u32, two_sided: bool, grid: &Grid) -> Option<Self> {
        let area = doubled_area(&corners);
        // y points down: a counter-clockwise front face has a negative area
        if area == 0 || (area > 0 && !two_sided) {
            return None;
        }
        if area < 0 {
            corners.swap(1, 2);
        }
        let facet = Self { number, corners };
        let (low, high) = facet.samples(grid);
        (low[0] <= high[0] && low[1] <= high[1]).then_some(facet)
    }

    /// First and last (inclusive) sample of its box, x and y.
    fn samples(&self, grid: &Grid) -> ([i32; 2], [i32; 2]) {
        let [a, b, c] = &self.corners;
        let low = [a.x.min(b.x).min(c.x), a.y.min(b.y).min(c.y)];
        let high = [a.x.max(b.x).max(c.x), a.y.max(b.y).max(c.y)];
        (
            [
                grid.first_sample(low[0], grid.columns),
                grid.first_sample(low[1], grid.rows),
            ],
            [
                grid.last_sample(high[0], grid.columns),
                grid.last_sample(high[1], grid.rows),
            ],
        )
    }
}

/// A triangle ready to fill: its box of samples, edges and depth plane.
#[derive(Clone, Copy, Debug)]
pub(super) struct Setup {
    pub(super) number: u32,
    /// First and last (inclusive) sample of its box, x and y.
    low: [i32; 2],
    high: [i32; 2],
    edges: [EdgeFunction; 3],
    /// Depth at `low` and its steps, `FRACTION` bits, modulo 2⁶⁴: wherever a sample is inside,
    /// the true value is small, so the wrapped sum is right even for a sliver's huge slopes.
    depth: i64,
    depth_step: [i64; 2],
    /// Least and greatest depth of a corner: rounding never leaves them.
    depth_range: [u32; 2],
}

impl Setup {
    pub(super) fn new(facet: &Facet, grid: &Grid) -> Self {
        let corners = &facet.corners;
        let (low, high) = facet.samples(grid);
        let origin = low.map(|s| grid.place(s));
        let edges = [0, 1, 2].map(|k| edge(&corners[k], &corners[(k + 1) % 3], origin, grid.step()));
        let (depth, depth_step) = depth_plane(corners, doubled_area(corners), origin, grid.step());
        let depths = corners.map(|c| c.depth);
        let depth_range = [
            depths[0].min(depths[1]).min(depths[2]),
            depths[0].max(depths[1]).max(depths[2]),
        ];
        Self {
            number: facet.number,
            low,
            high,
            edges,
            depth,
            depth_step,
            depth_range,
        }
    }

    /// Calls `visit(x, y, depth)` for every sample inside in rows `from..to`.
    pub(super) fn for_each_sample(&self, from: i32, to: i32, mut visit: impl FnMut(i32, i32, u32)) {
        for y in self.low[1].max(from)..=self.high[1].min(to - 1) {
            let down = i64::from(y - self.low[1]);
            let Some((start, end)) = self.span(down) else {
                continue;
            };
            let row = self.depth.wrapping_add(self.depth_step[1].wrapping_mul(down));
            let mut depth = row.wrapping_add(self.depth_step[0].wrapping_mul(start));
            for x in start..=end {
                let rounded = depth.wrapping_add(1 << (FRACTION - 1)) >> FRACTION;
                let value = rounded.clamp(i64::from(self.depth_range[0]), i64::from(self.depth_range[1]));
                visit(self.low[0] + x as i32, y, value as u32);
                depth = depth.wrapping_add(self.depth_step[0]);
            }
        }
    }

    /// First and last sample inside on the row `down` below the box's first, counted from its left.
    fn span(&self, down: i64) -> Option<(i64, i64)> {
        let mut start = 0;
        let mut end = i64::from(self.high[0] - self.low[0]);
        for e in &self.edges {
            let value = e.at + e.step_y * down;
            if e.step_x > 0 {
                // value + step·x ≥ 0 from here on
                if value < 0 {
                    start = start.max((-value + e.step_x - 1) / e.step_x);
                }
            } else if value < 0 {
                return None;
            } else if e.step_x < 0 {
                end = end.min(value / -e.step_x);
            }
        }
        (start <= end).then_some((start, end))
    }
}

fn doubled_area([a, b, c]: &[Corner; 3]) -> i64 {
    let [ux, uy, vx, vy] = [b.x - a.x, b.y - a.y, c.x - a.x, c.y - a.y].map(i64::from);
    ux * vy - uy * vx
}

/// The function that is positive on the inner side of `a → b`; samples on the edge itself belong
/// to the triangle right of it or below it (top-left rule), which the bias decides.
fn edge(a: &Corner, b: &Corner, origin: [i32; 2], step: i64) -> EdgeFunction {
    let [dx, dy, x, y] = [b.x - a.x, b.y - a.y, origin[0] - a.x, origin[1] - a.y].map(i64::from);
    let top_left = dy < 0 || (dy == 0 && dx > 0);
    EdgeFunction {
        at: dx * y - dy * x - i64::from(!top_left),
        step_x: -dy * step,
        step_y: dx * step,
    }
}

/// Depth at `origin` and its steps to the right and down, with [`FRACTION`] bits, each rounded once.
fn depth_plane([a, b, c]: &[Corner; 3], area: i64, origin: [i32; 2], step: i64) -> (i64, [i64; 2]) {
    let [z1, z2] = [b, c].map(|v| i64::from(v.depth) - i64::from(a.depth));
    let [ux, uy, vx, vy] = [b.x - a.x, b.y - a.y, c.x - a.x, c.y - a.y].map(i64::from);
    let (along_x, along_y) = (z1 * vy - z2 * uy, z2 * ux - z1 * vx);
    let [x, y] = [origin[0] - a.x, origin[1] - a.y].map(i64::from);
    let scaled = |x: i64, y: i64| {
        let numerator = i128::from(along_x) * i128::from(x) + i128::from(along_y) * i128::from(y);
        let numerator = numerator << FRACTION;
        // small triangles fit 64 bits, whose division is several times faster
        match i64::try_from(numerator) {
            Ok(small) => small.div_euclid(area),
            Err(_) => numerator.div_euclid(i128::from(area)) as i64,
        }
    };
    let start = scaled(x, y).wrapping_add(i64::from(a.depth) << FRACTION);
    (start, [scaled(step, 0), scaled(0, step)])
}

/// Triangles of one chunk, in order, and which of them reach into each band.
pub(super) struct Batch {
    pub(super) facets: Vec<Facet>,
    pub(super) bands: Vec<Vec<u32>>,
}

impl Batch {
    pub(super) fn new(grid: &Grid) -> Self {
        Self {
            facets: Vec::new(),
            bands: vec![Vec::new(); grid.bands()],
        }
    }

    pub(super) fn add(&mut self, grid: &Grid, facet: Option<Facet>) {
        let Some(facet) = facet else { return };
        let (low, high) = facet.samples(grid);
        for band in grid.band_of(low[1])..=grid.band_of(high[1]) {
            self.bands[band].push(self.facets.len() as u32);
        }
        self.facets.push(facet);
    }
}
