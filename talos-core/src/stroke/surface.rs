//! The posed surface around a line: how far a place is from it, and lines brought back to it.

use super::chain::{Link, Sight};
use super::trace::{Sample, Trace};
use crate::geometry::Edge;
use crate::math::{DVec2, DVec3};

/// The posed surface of one object, walked from triangle to triangle.
#[derive(Clone, Copy)]
pub(super) struct Surface<'a> {
    sight: &'a Sight<'a>,
}

impl<'a> Surface<'a> {
    pub(super) fn new(sight: &'a Sight<'a>) -> Self {
        Self { sight }
    }

    /// The nearest point that is found by walking from a triangle to its neighbours while they are
    /// nearer, and its triangle: on a mesh without folds finer than the distance, the nearest of all.
    pub(super) fn nearest(&self, p: DVec3, start: u32) -> (DVec3, u32) {
        const MOST_STEPS: usize = 64;
        let topology = &self.sight.anatomy.topology;
        let on = |t: u32| {
            let q = nearest_on_triangle(p, self.sight.corners(t));
            ((q - p).length_squared(), t, q)
        };
        let across = |t: u32| {
            let edges = topology.triangle_edges[t as usize];
            edges
                .into_iter()
                .flat_map(|e| topology.edges[e as usize].triangles)
                .filter(move |&n| n != t && n != Edge::NONE)
        };
        let mut best = on(start);
        for _ in 0..MOST_STEPS {
            // around a vertex the nearer triangle may lie behind one that is no nearer
            let ring = across(best.1).flat_map(|t| core::iter::once(t).chain(across(t)));
            let next = ring.map(on).fold(best, |a, b| if b.0 < a.0 { b } else { a });
            if next.0 >= best.0 {
                break;
            }
            best = next;
        }
        (best.2, best.1)
    }

    /// Unit normal at a point of a triangle, of the smooth surface that the vertices' normals tell of.
    pub(super) fn normal(&self, p: DVec3, triangle: u32) -> DVec3 {
        let [a, b, c] = self.sight.corners(triangle);
        let whole = (b - a).cross(c - a);
        let share = |u: DVec3, v: DVec3| (u - p).cross(v - p).dot(whole);
        let normals = self.sight.object.model.mesh.triangles[triangle as usize]
            .map(|v| self.sight.object.posed.normals[v as usize]);
        let shares = [share(b, c), share(c, a), share(a, b)];
        let sum: DVec3 = normals.iter().zip(shares).map(|(n, s)| *n * s).sum();
        sum.normalize_or(whole.normalize_or_zero())
    }

    /// Distance of a place on the picture from the surface, in pixels at its depth; infinite where
    /// the walk cannot start.
    pub(super) fn away_px(&self, pixel: DVec2, inverse_depth: f64, start: u32) -> f64 {
        let projection = self.sight.projection;
        let home = projection.unproject(pixel, 1.0 / inverse_depth);
        match home {
            Some(home) if start != Edge::NONE => {
                (self.nearest(home, start).0 - home).length() * projection.focal_px() * inverse_depth
            }
            _ => f64::INFINITY,
        }
    }
}

/// What lies under a sample.
#[derive(Clone, Copy, Debug)]
pub(super) struct Ground {
    /// The nearest triangle; [`Edge::NONE`] where none is known.
    pub(super) triangle: u32,
    /// Whether the sample is on it.
    pub(super) near: bool,
}

/// Brings the samples of a smoothed line back to the surface where they have left it: in depth first,
/// towards `depths`, the inverse depths before smoothing; then, if they are nearer than `gap_px` or
/// `gap_m`, on the picture.
pub(super) fn settle(
    sight: &Sight<'_>,
    links: &[Link],
    run: &mut Trace,
    depths: &[f64],
    (gap_px, gap_m): (f64, f64),
    tube_px: f64,
) -> Vec<Ground> {
    let surface = Surface::new(sight);
    let projection = sight.projection;
    let settled = |sample: &mut Sample, depth: f64| {
        let start = links[sample.link as usize].under;
        let away = |w: f64| surface.away_px(sample.pixel, w, start);
        if away(sample.inverse_depth) > tube_px {
            sample.inverse_depth = towards_surface(depth, sample.inverse_depth, tube_px, away);
        }
        let home = projection.unproject(sample.pixel, 1.0 / sample.inverse_depth);
        let home = home.filter(|_| start != Edge::NONE)?;
        let (foot, triangle) = surface.nearest(home, start);
        let px = projection.focal_px() * sample.inverse_depth;
        let away_px = (home - foot).length() * px;
        let near = away_px < gap_px || away_px < gap_m * px;
        if away_px > tube_px && near {
            let back = foot + (home - foot) * (tube_px / away_px);
            sample.pixel = projection.project(back)?;
            sample.inverse_depth = 1.0 / projection.depth(back);
        }
        Some(Ground { triangle, near })
    };
    let nowhere = Ground {
        triangle: Edge::NONE,
        near: false,
    };
    run.samples
        .iter_mut()
        .zip(depths)
        .map(|(sample, &depth)| settled(sample, depth).unwrap_or(nowhere))
        .collect()
}

/// The inverse depth nearest to the smoothed one that leaves a place inside the tube; the rough one
/// where that is outside too.
fn towards_surface(rough: f64, smooth: f64, tube_px: f64, away: impl Fn(f64) -> f64) -> f64 {
    let (mut inside, mut outside) = (rough, smooth);
    if away(rough) <= tube_px {
        // a sixteenth of what smoothing changed is less than it was uneven by
        for _ in 0..4 {
            let middle = 0.5 * (inside + outside);
            if away(middle) <= tube_px {
                inside = middle;
            } else {
                outside = middle;
            }
        }
    }
    inside
}

/// The point of a triangle nearest to `p` (Ericson 2005, section 5.1.5).
pub(super) fn nearest_on_triangle(p: DVec3, [a, b, c]: [DVec3; 3]) -> DVec3 {
    let (ab, ac, ap) = (b - a, c - a, p - a);
    let (d1, d2) = (ab.dot(ap), ac.dot(ap));
    if d1 <= 0.0 && d2 <= 0.0 {
        return a;
    }
    let bp = p - b;
    let (d3, d4) = (ab.dot(bp), ac.dot(bp));
    if d3 >= 0.0 && d4 <= d3 {
        return b;
    }
    let vc = d1 * d4 - d3 * d2;
    if vc <= 0.0 && d1 >= 0.0 && d3 <= 0.0 {
        return a + ab * (d1 / (d1 - d3));
    }
    let cp = p - c;
    let (d5, d6) = (ab.dot(cp), ac.dot(cp));
    if d6 >= 0.0 && d5 <= d6 {
        return c;
    }
    let vb = d5 * d2 - d1 * d6;
    if vb <= 0.0 && d2 >= 0.0 && d6 <= 0.0 {
        return a + ac * (d2 / (d2 - d6));
    }
    let va = d3 * d6 - d5 * d4;
    if va <= 0.0 && d4 - d3 >= 0.0 && d5 - d6 >= 0.0 {
        return b + (c - b) * ((d4 - d3) / ((d4 - d3) + (d5 - d6)));
    }
    let sum = va + vb + vc;
    if sum > 0.0 {
        a + ab * (vb / sum) + ac * (vc / sum)
    } else {
        a
    }
}
