//! Suggestive contours (DeCarlo, Finkelstein, Rusinkiewicz & Santella 2003): where a surface would
//! become a contour if the viewer moved a little.
//!
//! They are the places where n·v has a minimum along w, the direction of view laid onto the surface:
//! D_w(n·v) vanishes and grows. Both derivatives are taken on the mesh, from the gradients of linear
//! functions over its triangles.

use super::anatomy::Kind;
use super::chain::{Chain, Link, Sight, towards};
use super::contour::{Facing, Piece, key, linked};
use crate::geometry::Edge;
use crate::math::DVec3;

/// Where n·v is above this the surface is seen too squarely for a fold to be suggested: 40° from facing.
const MOST_FACING: f64 = 0.77;

/// Below this the contour itself is near.
const LEAST_FACING: f64 = 0.08;

/// How fast D_w(n·v) must grow, in units of 1 / (a twentieth of the form's size)²: slower, and noise
/// of the mesh would decide where the line runs.
const LEAST_GROWTH: f64 = 0.12;

/// The suggestive contours of the smooth parts of an object.
pub(super) fn suggestive(sight: &Sight<'_>) -> Vec<Chain> {
    let fields = Fields::new(sight);
    let pieces: Vec<Piece> = (0..sight.front.len())
        .filter(|&t| fields.smooth[t])
        .filter_map(|t| fields.piece(t))
        .collect();
    linked(&pieces, Kind::Suggestive)
}

/// Functions over the mesh's vertices.
struct Fields<'a> {
    sight: &'a Sight<'a>,
    facing: Facing<'a>,
    /// For each triangle whether no edge of it is sharp.
    smooth: Vec<bool>,
    /// Gradient of n·v at each vertex, 1/m.
    gradient: Vec<DVec3>,
}

impl<'a> Fields<'a> {
    fn new(sight: &'a Sight<'a>) -> Self {
        let anatomy = sight.anatomy;
        let edges = &anatomy.topology.triangle_edges;
        let smooth: Vec<bool> = edges
            .iter()
            .enumerate()
            .map(|(t, edges)| sight.front[t] && edges.iter().all(|&e| !anatomy.sharp[e as usize]))
            .collect();
        let mut fields = Self {
            sight,
            facing: Facing::new(sight),
            gradient: vec![DVec3::ZERO; sight.object.posed.positions.len()],
            smooth,
        };
        fields.gradient = fields.of_vertices(|t| fields.triangle_gradient(t, fields.cosines(t)));
        fields
    }

    /// n·v at a triangle's corners, both of unit length.
    fn cosines(&self, t: usize) -> [f64; 3] {
        let vertices = self.sight.object.model.mesh.triangles[t];
        [0, 1, 2].map(|k| {
            let p = self.sight.object.posed.positions[vertices[k] as usize];
            let view = towards(self.sight.projection, p).normalize_or_zero();
            self.facing.normal(t, k, vertices[k]).dot(view)
        })
    }

    /// Gradient of a linear function over a triangle, from its values at the corners.
    fn triangle_gradient(&self, t: usize, [a, b, c]: [f64; 3]) -> DVec3 {
        let [p, q, r] = self.sight.corners(t as u32);
        let normal = (q - p).cross(r - p);
        let area = normal.length_squared();
        if area > 0.0 {
            normal.cross((r - q) * a + (p - r) * b + (q - p) * c) / area
        } else {
            DVec3::ZERO
        }
    }

    /// Means over the smooth triangles around each vertex, weighted by their areas.
    fn of_vertices(&self, value: impl Fn(usize) -> DVec3) -> Vec<DVec3> {
        let mut sums = vec![(DVec3::ZERO, 0.0); self.gradient.len()];
        for t in (0..self.smooth.len()).filter(|&t| self.smooth[t]) {
            let [a, b, c] = self.sight.corners(t as u32);
            let area = (b - a).cross(c - a).length();
            let weighted = value(t) * area;
            for v in self.sight.object.model.mesh.triangles[t] {
                sums[v as usize].0 += weighted;
                sums[v as usize].1 += area;
            }
        }
        sums.into_iter()
            .map(|(sum, area)| if area > 0.0 { sum / area } else { DVec3::ZERO })
            .collect()
    }

    /// The line through a triangle where n·v has a minimum along w.
    fn piece(&self, t: usize) -> Option<Piece> {
        let vertices = self.sight.object.model.mesh.triangles[t];
        let corners = self.sight.corners(t as u32);
        let cosines = self.cosines(t);
        let mean = cosines.iter().sum::<f64>() / 3.0;
        if !(LEAST_FACING..MOST_FACING).contains(&mean) {
            return None;
        }
        let w = [0, 1, 2].map(|k| {
            let view = towards(self.sight.projection, corners[k]).normalize_or_zero();
            let normal = self.facing.normal(t, k, vertices[k]);
            (view - normal * normal.dot(view)).normalize_or_zero()
        });
        let slope = [0, 1, 2].map(|k| self.gradient[vertices[k] as usize].dot(w[k]));
        let rising = slope.map(|s| s >= 0.0);
        if rising == [true; 3] || rising == [false; 3] || !slope.iter().all(|s| s.is_finite()) {
            return None;
        }
        let unit = self.sight.object.model.size_m / 20.0;
        let growth = self.triangle_gradient(t, slope).dot(w[0] + w[1] + w[2]) / 3.0;
        if growth * unit * unit < LEAST_GROWTH {
            return None;
        }
        let crossing = |from: bool| (0..3).find(|&k| rising[k] == from && rising[(k + 1) % 3] != from);
        let (fall, rise) = (crossing(true)?, crossing(false)?);
        let zero = |side: usize| {
            let (a, b) = (side, (side + 1) % 3);
            corners[a] + (corners[b] - corners[a]) * (slope[a] / (slope[a] - slope[b]))
        };
        Some(Piece {
            from: key(self.sight, t, fall),
            to: key(self.sight, t, rise),
            start: zero(fall),
            end: zero(rise),
            link: Link {
                triangles: [t as u32, Edge::NONE],
                under: t as u32,
                shown: true,
                silhouette: false,
                reach_m: 0.0,
                share: 0.0,
            },
        })
    }
}
