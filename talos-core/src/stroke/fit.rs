//! Few smooth Béziers through many samples: least squares with given end tangents and
//! re-parametrisation (Schneider 1990), G¹ at the knots, corners kept.
//!
//! Inverse depth is fitted along with the picture, by the same parameter: S(t), the curve in space, is
//! then the rational cubic whose control points lie behind those of s(t), and projects onto s(t) exactly.

use kurbo::{CubicBez, ParamCurve, ParamCurveDeriv, Point};

use crate::math::DVec2;

/// Samples given to one Bézier at most: longer ones would cost more tries than they save knots.
const MAX_SPAN: usize = 96;

/// Rounds of re-parametrisation before a span is split.
const ROUNDS: usize = 3;

/// A line to fit.
pub(super) struct Samples<'a> {
    pub(super) pixels: &'a [DVec2],
    /// 1 / depth at each, m⁻¹.
    pub(super) inverse_depths: &'a [f64],
    pub(super) corners: &'a [bool],
    pub(super) closed: bool,
    /// Distance from the surface, pixels, of a place on the picture at an inverse depth, near a sample.
    pub(super) away_px: &'a dyn Fn(usize, DVec2, f64) -> f64,
}

/// How near a fit must come, pixels.
#[derive(Clone, Copy)]
pub(super) struct Tolerance {
    /// To the samples, on the picture.
    pub(super) picture_px: f64,
    /// To the surface, in space.
    pub(super) surface_px: f64,
}

/// A fitted line: control points, 3n + 1, with their inverse depths, and for each knot the sample it
/// stands on.
pub(super) struct Fit {
    pub(super) points: Vec<DVec2>,
    pub(super) inverse_depths: Vec<f64>,
    pub(super) knots: Vec<usize>,
    /// For each sample the segment it lies on plus its parameter there; of a closed line one more for
    /// the first at its end.
    pub(super) parameters: Vec<f64>,
    /// Greatest distance from the surface, pixels.
    pub(super) surface_px: f64,
}

/// Fits samples within a tolerance. A closed line ends in its first sample, which is repeated, so the
/// last knot's sample is the first.
pub(super) fn fit(line: &Samples<'_>, tolerance: Tolerance) -> Fit {
    let count = line.pixels.len();
    let (corners, closed) = (line.corners, line.closed);
    let fitter = Fitter {
        samples: line.pixels,
        line,
        corners,
        closed,
        tolerance,
    };
    let last = if closed { count } else { count - 1 };
    let mut fit = Fit {
        points: vec![line.pixels[0]],
        inverse_depths: vec![line.inverse_depths[0]],
        knots: vec![0],
        parameters: vec![0.0],
        surface_px: 0.0,
    };
    let mut start = 0;
    while start < last {
        let limit = (start + MAX_SPAN).min(last);
        // leave no crumb behind: a short rest is shared between two spans
        let end = if last - start > MAX_SPAN && last - start < MAX_SPAN * 2 {
            (start + last) / 2
        } else {
            limit
        };
        let end = (start + 1..end).find(|&i| corners[i]).unwrap_or(end);
        fitter.span(start, end, &mut fit);
        start = end;
    }
    fit
}

struct Fitter<'a> {
    samples: &'a [DVec2],
    line: &'a Samples<'a>,
    corners: &'a [bool],
    closed: bool,
    tolerance: Tolerance,
}

impl Fitter<'_> {
    fn at(&self, i: usize) -> DVec2 {
        self.samples[i % self.samples.len()]
    }

    /// Fits samples `start..=end`, splitting where it must.
    fn span(&self, start: usize, end: usize, fit: &mut Fit) {
        let (t0, t1) = (self.tangent(start, start, end), self.tangent(end, start, end));
        let (bezier, u, worst) = self.best(start, end, t0, t1);
        let fits = worst.0 <= self.tolerance.picture_px;
        let depth = self.depth(start, end, &u);
        let off = if fits || end - start < 3 {
            self.worst_away(start, &bezier, depth, &u)
        } else {
            worst
        };
        if end - start < 3 || (fits && off.0 <= self.tolerance.surface_px) {
            let point = |p: Point| DVec2::new(p.x, p.y);
            fit.points
                .extend([point(bezier.p1), point(bezier.p2), self.at(end)]);
            fit.inverse_depths.extend(&depth[1..]);
            let segment = (fit.knots.len() - 1) as f64;
            fit.parameters.extend(u[1..].iter().map(|u| segment + u));
            fit.knots.push(end % self.samples.len());
            fit.surface_px = fit.surface_px.max(off.0);
            return;
        }
        let split = off.1.clamp(start + 1, end - 1);
        self.span(start, split, fit);
        self.span(split, end, fit);
    }

    /// Unit direction of the line at a sample: across it, but from one side at corners and ends.
    fn tangent(&self, at: usize, start: usize, end: usize) -> DVec2 {
        let count = self.samples.len();
        let border = self.corners[at % count] || (!self.closed && (at == 0 || at + 1 == count));
        let reach = 2;
        let (a, b) = match (border, at == start) {
            (true, true) => (self.at(at), self.at((at + reach).min(end))),
            (true, false) => (self.at(at.saturating_sub(reach).max(start)), self.at(at)),
            _ if self.closed => (self.at(at + count - reach), self.at(at + reach)),
            _ => {
                let reach = reach.min(at).min(count - 1 - at);
                (self.at(at - reach), self.at(at + reach))
            }
        };
        (b - a)
            .try_normalize()
            .unwrap_or_else(|| (self.at(end) - self.at(start)).normalize_or(DVec2::X))
    }

    /// The best cubic over a span, the samples' parameters on it, its greatest distance from a sample
    /// and that sample.
    fn best(&self, start: usize, end: usize, t0: DVec2, t1: DVec2) -> (CubicBez, Vec<f64>, (f64, usize)) {
        let mut u = self.chord_lengths(start, end);
        let mut best = self.solve(start, end, t0, t1, &u);
        let mut worst = self.worst(start, &best, &u);
        for _ in 0..ROUNDS {
            if worst.0 <= self.tolerance.picture_px || worst.0 > self.tolerance.picture_px * 12.0 {
                break;
            }
            let nearer: Vec<f64> = u
                .iter()
                .enumerate()
                .map(|(k, &u)| newton(&best, self.at(start + k), u))
                .collect();
            let next = self.solve(start, end, t0, t1, &nearer);
            let error = self.worst(start, &next, &nearer);
            if error.0 >= worst.0 {
                break;
            }
            (best, worst, u) = (next, error, nearer);
        }
        (best, u, worst)
    }

    /// Inverse depths of a span's four control points: least squares for the inner two at the samples'
    /// parameters.
    fn depth(&self, start: usize, end: usize, u: &[f64]) -> [f64; 4] {
        // what the samples say nothing about stays as on the straight line
        const RIDGE: f64 = 1e-3;
        let at = |i: usize| self.line.inverse_depths[i % self.samples.len()];
        let (w0, w3) = (at(start), at(end));
        let (straight1, straight2) = ((2.0 * w0 + w3) / 3.0, (w0 + 2.0 * w3) / 3.0);
        let (mut c00, mut c01, mut c11, mut x0, mut x1) = (RIDGE, 0.0, RIDGE, 0.0, 0.0);
        for (k, &u) in u.iter().enumerate() {
            let [b0, b1, b2, b3] = bernstein(u);
            let rest = at(start + k) - w0 * b0 - straight1 * b1 - straight2 * b2 - w3 * b3;
            c00 += b1 * b1;
            c01 += b1 * b2;
            c11 += b2 * b2;
            x0 += b1 * rest;
            x1 += b2 * rest;
        }
        let determinant = c00 * c11 - c01 * c01;
        let (w1, w2) = (
            straight1 + (x0 * c11 - x1 * c01) / determinant,
            straight2 + (c00 * x1 - c01 * x0) / determinant,
        );
        // a handle behind the camera or far off would tear the curve in space
        let range = 0.25 * w0.min(w3)..=4.0 * w0.max(w3);
        if range.contains(&w1) && range.contains(&w2) {
            [w0, w1, w2, w3]
        } else {
            [w0, straight1, straight2, w3]
        }
    }

    /// The greatest distance from the surface, and its sample. Where the line itself crosses a gap
    /// between surfaces it counts only as far as the curve goes beyond it.
    fn worst_away(&self, start: usize, bezier: &CubicBez, depth: [f64; 4], u: &[f64]) -> (f64, usize) {
        let mut worst = (0.0, start);
        for (k, &u) in u.iter().enumerate() {
            let sample = (start + k) % self.samples.len();
            let p = bezier.eval(u);
            let inverse_depth = bernstein(u).iter().zip(depth).map(|(b, w)| b * w).sum();
            let away = (self.line.away_px)(sample, DVec2::new(p.x, p.y), inverse_depth);
            if away > worst.0 {
                worst = (away, start + k);
            }
        }
        worst
    }

    fn chord_lengths(&self, start: usize, end: usize) -> Vec<f64> {
        let mut sum = 0.0;
        let mut u = vec![0.0];
        for i in start..end {
            sum += (self.at(i + 1) - self.at(i)).length();
            u.push(sum);
        }
        let scale = if sum > 0.0 { 1.0 / sum } else { 0.0 };
        u.iter_mut().for_each(|u| *u *= scale);
        u
    }

    /// Least squares for the lengths of the two handles.
    fn solve(&self, start: usize, end: usize, t0: DVec2, t1: DVec2, u: &[f64]) -> CubicBez {
        let (p0, p3) = (self.at(start), self.at(end));
        let (mut c00, mut c01, mut c11, mut x0, mut x1) = (0.0, 0.0, 0.0, 0.0, 0.0);
        for (k, &u) in u.iter().enumerate() {
            let [b0, b1, b2, b3] = bernstein(u);
            let (a0, a1) = (t0 * b1, -t1 * b2);
            let rest = self.at(start + k) - p0 * (b0 + b1) - p3 * (b2 + b3);
            c00 += a0.dot(a0);
            c01 += a0.dot(a1);
            c11 += a1.dot(a1);
            x0 += a0.dot(rest);
            x1 += a1.dot(rest);
        }
        let determinant = c00 * c11 - c01 * c01;
        let chord = (p3 - p0).length();
        let (mut h0, mut h1) = (
            (x0 * c11 - x1 * c01) / determinant,
            (c00 * x1 - c01 * x0) / determinant,
        );
        // handles that point backwards or run far past the other end make loops
        let fine = |h: f64| h.is_finite() && h > chord * 0.02 && h < chord * 3.0;
        if !(fine(h0) && fine(h1)) {
            (h0, h1) = (chord / 3.0, chord / 3.0);
        }
        let point = |p: DVec2| Point::new(p.x, p.y);
        CubicBez::new(point(p0), point(p0 + t0 * h0), point(p3 - t1 * h1), point(p3))
    }

    fn worst(&self, start: usize, bezier: &CubicBez, u: &[f64]) -> (f64, usize) {
        let mut worst = (0.0, start);
        for (k, &u) in u.iter().enumerate() {
            let p = bezier.eval(u);
            let distance = (DVec2::new(p.x, p.y) - self.at(start + k)).length();
            if distance > worst.0 {
                worst = (distance, start + k);
            }
        }
        worst
    }
}

/// The cubic Bernstein polynomials at `u`.
pub(super) fn bernstein(u: f64) -> [f64; 4] {
    let s = 1.0 - u;
    [s * s * s, 3.0 * u * s * s, 3.0 * u * u * s, u * u * u]
}

/// One Newton step towards the parameter of the point nearest to `target`.
fn newton(bezier: &CubicBez, target: DVec2, u: f64) -> f64 {
    let first = bezier.deriv();
    let second = first.deriv();
    let vector = |p: Point| DVec2::new(p.x, p.y);
    let d = vector(bezier.eval(u)) - target;
    let (d1, d2) = (vector(first.eval(u)), vector(second.eval(u)));
    let slope = d1.dot(d1) + d.dot(d2);
    if slope.abs() < 1e-12 {
        u
    } else {
        (u - d.dot(d1) / slope).clamp(0.0, 1.0)
    }
}
