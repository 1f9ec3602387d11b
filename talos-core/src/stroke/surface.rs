//! The posed surface around a line: how far a place is from it, and lines brought back to it.

use super::chain::{Link, Sight};
use super::trace::{Sample, Trace};
use crate::camera::Unprojection;
use crate::geometry::Edge;
use crate::math::{DVec2, DVec3};

/// The posed surface of one object, walked from triangle to triangle.
#[derive(Clone, Copy)]
pub(super) struct Surface<'a> {
    sight: &'a Sight<'a>,
    world_from_pixel: Option<Unprojection>,
    focal_px: f64,
}

/// A point of the surface found for a place beside it.
#[derive(Clone, Copy)]
struct Nearest {
    distance_sq: f64,
    triangle: u32,
    point: DVec3,
}

/// A place on the picture at a depth, and the surface beside it.
#[derive(Clone, Copy)]
struct Spot {
    home: DVec3,
    foot: DVec3,
    triangle: u32,
    /// Distance of the two, in pixels at their depth.
    away_px: f64,
}

impl<'a> Surface<'a> {
    pub(super) fn new(sight: &'a Sight<'a>) -> Self {
        Self {
            sight,
            world_from_pixel: sight.projection.unprojection(),
            focal_px: sight.projection.focal_px(),
        }
    }

    /// The nearest point that is found by walking from a triangle to its neighbours while they are
    /// nearer, and its triangle: on a mesh without folds finer than the distance, the nearest of all.
    pub(super) fn nearest(&self, p: DVec3, start: u32) -> (DVec3, u32) {
        const MOST_STEPS: usize = 64;
        let point = nearest_on_triangle(p, self.sight.corners(start));
        let mut best = Nearest {
            distance_sq: (point - p).length_squared(),
            triangle: start,
            point,
        };
        for _ in 0..MOST_STEPS {
            // around a vertex the nearer triangle may lie behind one that is no nearer
            let centre = best.triangle;
            for beside in self.across(centre) {
                self.approach(p, beside, &mut best);
                for beyond in self.across(beside).filter(|&t| t != centre) {
                    self.approach(p, beyond, &mut best);
                }
            }
            if best.triangle == centre {
                break;
            }
        }
        (best.point, best.triangle)
    }

    /// The triangles across the sides of one.
    fn across(&self, triangle: u32) -> impl Iterator<Item = u32> {
        let topology = &self.sight.anatomy.topology;
        topology.triangle_edges[triangle as usize]
            .map(|e| {
                let [a, b] = topology.edges[e as usize].triangles;
                if a == triangle { b } else { a }
            })
            .into_iter()
            .filter(move |&t| t != triangle && t != Edge::NONE)
    }

    /// Takes a triangle's nearest point where it is nearer than the best.
    fn approach(&self, p: DVec3, triangle: u32, best: &mut Nearest) {
        let corners = self.sight.corners(triangle);
        // room for the rounding of the point: far below what a picture shows
        if box_distance_sq(p, &corners) > best.distance_sq * 1.0001 + 1e-18 {
            return;
        }
        let point = nearest_on_triangle(p, corners);
        let distance_sq = (point - p).length_squared();
        if distance_sq < best.distance_sq {
            *best = Nearest {
                distance_sq,
                triangle,
                point,
            };
        }
    }

    /// What lies beside a place on the picture; `None` where the walk cannot start.
    fn spot(&self, pixel: DVec2, inverse_depth: f64, start: u32) -> Option<Spot> {
        let home = self.world_from_pixel?.place(pixel, 1.0 / inverse_depth);
        if start == Edge::NONE {
            return None;
        }
        let (foot, triangle) = self.nearest(home, start);
        Some(Spot {
            home,
            foot,
            triangle,
            away_px: (foot - home).length() * self.focal_px * inverse_depth,
        })
    }

    /// The inverse depth at which the line of sight through a pixel meets the surface near a triangle:
    /// Newton steps onto the planes of the nearest triangles. What it was where that is no nearer, or
    /// the surface is seen edge-on.
    fn along_view(&self, pixel: DVec2, inverse_depth: f64, start: u32) -> f64 {
        /// Sine of the least angle between sight and surface: 15°.
        const LEAST_SINE: f64 = 0.26;
        let step = |w: f64| {
            let back = self.world_from_pixel?;
            let home = back.place(pixel, 1.0 / w);
            let beyond = back.place(pixel, 2.0 / w) - home;
            let (foot, triangle) = self.nearest(home, start);
            let normal = self.sight.normal(triangle);
            let slant = normal.dot(beyond);
            let deeper = 1.0 + normal.dot(foot - home) / slant;
            (slant.abs() > LEAST_SINE * beyond.length() && deeper > 0.5).then(|| w / deeper)
        };
        let found = (0..3)
            .try_fold(inverse_depth, |w, _| step(w))
            .unwrap_or(inverse_depth);
        let nearer = self.away_px(pixel, found, start) < self.away_px(pixel, inverse_depth, start);
        if nearer { found } else { inverse_depth }
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
        self.spot(pixel, inverse_depth, start)
            .map_or(f64::INFINITY, |spot| spot.away_px)
    }
}

/// What lies under a sample.
#[derive(Clone, Copy, Debug)]
pub(super) struct Ground {
    /// The nearest triangle; [`Edge::NONE`] where none is known.
    pub(super) triangle: u32,
    /// Whether the sample is on it.
    pub(super) near: bool,
    /// Distance of the sample from it, pixels.
    pub(super) away_px: f64,
}

/// Brings the samples of a smoothed line back to the surface where they have left it: in depth first,
/// towards `depths`, the inverse depths before smoothing, and along the line of sight; then, if they are nearer than `gap_px` or
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
        let mut spot = surface.spot(sample.pixel, sample.inverse_depth, start);
        if spot.is_none_or(|s| s.away_px > tube_px) {
            sample.inverse_depth = towards_surface(depth, sample.inverse_depth, tube_px, away);
            if start != Edge::NONE && away(sample.inverse_depth) > tube_px {
                sample.inverse_depth = surface.along_view(sample.pixel, sample.inverse_depth, start);
            }
            spot = surface.spot(sample.pixel, sample.inverse_depth, start);
        }
        let Spot {
            home,
            foot,
            triangle,
            mut away_px,
        } = spot?;
        let px = surface.focal_px * sample.inverse_depth;
        let off_px = (home - foot).length() * px;
        let near = off_px < gap_px || off_px < gap_m * px;
        if off_px > tube_px && near {
            let back = foot + (home - foot) * (tube_px / off_px);
            sample.pixel = projection.project(back)?;
            sample.inverse_depth = 1.0 / projection.depth(back);
            away_px = surface.away_px(sample.pixel, sample.inverse_depth, triangle);
        }
        Some(Ground {
            triangle,
            near,
            away_px,
        })
    };
    let nowhere = Ground {
        triangle: Edge::NONE,
        near: false,
        away_px: f64::INFINITY,
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

/// Squared distance from the box around a triangle: never more than from the triangle itself.
fn box_distance_sq(p: DVec3, [a, b, c]: &[DVec3; 3]) -> f64 {
    let (low, high) = (a.min(*b).min(*c), a.max(*b).max(*c));
    (low - p).max(p - high).max(DVec3::ZERO).length_squared()
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
