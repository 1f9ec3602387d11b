//! Smooth contours: the zero set of n·v, interpolated over vertex normals inside triangles
//! (Hertzmann & Zorin 2000), linked over shared edges.

use rayon::prelude::*;

use super::anatomy::Kind;
use super::chain::{CHUNK, Chain, Link, Sight, towards};
use crate::geometry::Edge;
use crate::math::{DVec3, scalar};

/// A piece of contour inside one triangle, from the side where n·v falls through zero to the
/// side where it rises, walking the triangle's rim: neighbours then run the same way.
pub(super) struct Piece {
    pub(super) from: u64,
    pub(super) to: u64,
    pub(super) start: DVec3,
    pub(super) end: DVec3,
    pub(super) link: Link,
}

/// The contours of an object's surface.
pub(super) fn contours(sight: &Sight<'_>) -> Vec<Chain> {
    linked(&pieces(sight), Kind::Contour)
}

fn pieces(sight: &Sight<'_>) -> Vec<Piece> {
    let facing = Facing::new(sight);
    (0..sight.object.model.mesh.triangles.len())
        .into_par_iter()
        .with_min_len(CHUNK)
        .filter_map(|t| piece(sight, &facing, t))
        .collect()
}

/// The contour inside a triangle.
fn piece(sight: &Sight<'_>, facing: &Facing<'_>, t: usize) -> Option<Piece> {
    let corners = sight.object.model.mesh.triangles[t];
    let g = facing.of_triangle(t, corners);
    let positive = [g[0] >= 0.0, g[1] >= 0.0, g[2] >= 0.0];
    if positive == [true; 3] || positive == [false; 3] || !g.iter().all(|v| v.is_finite()) {
        return None;
    }
    let p = sight.corners(t as u32);
    let n = [0, 1, 2].map(|k| facing.normal(t, k, corners[k]));
    let crossing = |falls: bool| (0..3).find(|&k| positive[k] == falls && positive[(k + 1) % 3] != falls);
    let (fall, rise) = (crossing(true)?, crossing(false)?);
    Some(Piece {
        from: key(sight, t, fall),
        to: key(sight, t, rise),
        start: zero(&p, &g, &n, fall),
        end: zero(&p, &g, &n, rise),
        link: Link {
            triangles: [t as u32, Edge::NONE],
            under: t as u32,
            shown: sight.two_sided(t as u32) || turns_away(&p, &g, towards(sight.projection, p[0])),
            silhouette: true,
            // the polygons around an interpolated contour reach over it by about a triangle
            reach_m: 2.0 * sight.side_m(t as u32),
            share: 0.0,
        },
    })
}

/// n·v (unnormalised v) at a triangle's corners.
pub(super) struct Facing<'a> {
    sight: &'a Sight<'a>,
    /// One per vertex, or one per corner group.
    normals: std::borrow::Cow<'a, [DVec3]>,
    /// n·v of vertices; empty with corner groups.
    of_vertex: Vec<f64>,
}

impl<'a> Facing<'a> {
    pub(super) fn new(sight: &'a Sight<'a>) -> Self {
        let posed = &sight.object.posed;
        let dot = |(&p, &n): (&DVec3, &DVec3)| n.dot(towards(sight.projection, p));
        match &sight.anatomy.corner_normals {
            Some(groups) => {
                let normals = groups.evaluate(&posed.positions, &sight.object.model.mesh.triangles);
                Self {
                    sight,
                    normals: normals.into(),
                    of_vertex: Vec::new(),
                }
            }
            None => Self {
                sight,
                normals: posed.normals.as_slice().into(),
                of_vertex: posed.positions.iter().zip(&posed.normals).map(dot).collect(),
            },
        }
    }

    pub(super) fn normal(&self, triangle: usize, corner: usize, vertex: u32) -> DVec3 {
        match &self.sight.anatomy.corner_normals {
            None => self.normals[vertex as usize],
            Some(groups) => self.normals[groups.of_corner[triangle][corner] as usize],
        }
    }

    fn of_triangle(&self, triangle: usize, [a, b, c]: [u32; 3]) -> [f64; 3] {
        match &self.sight.anatomy.corner_normals {
            None => [a, b, c].map(|v| self.of_vertex[v as usize]),
            Some(groups) => {
                let [i, j, k] = groups.of_corner[triangle];
                let at = |group: u32, vertex: u32| {
                    let p = self.sight.object.posed.positions[vertex as usize];
                    self.normals[group as usize].dot(towards(self.sight.projection, p))
                };
                [at(i, a), at(j, b), at(k, c)]
            }
        }
    }
}

/// Names a triangle's side: the edge it shares, or the side alone where normals differ across it.
pub(super) fn key(sight: &Sight<'_>, triangle: usize, side: usize) -> u64 {
    let edge = sight.anatomy.topology.triangle_edges[triangle][side];
    if sight.anatomy.sharp[edge as usize] {
        (1 << 40) + triangle as u64 * 3 + side as u64
    } else {
        u64::from(edge)
    }
}

/// The zero of n·v along a side, interpolated linearly from the end where it is lower (both
/// neighbours get the same point), then lifted onto the curved surface that the normals tell of:
/// halfway to its projections on the tangent planes of the ends (Phong tessellation, Boubekeur &
/// Alexa 2008), which is right to second order on a sphere.
fn zero(p: &[DVec3; 3], g: &[f64; 3], n: &[DVec3; 3], side: usize) -> DVec3 {
    let (mut a, mut b) = (side, (side + 1) % 3);
    if g[b] < g[a] {
        std::mem::swap(&mut a, &mut b);
    }
    let t = (g[a] / (g[a] - g[b])).clamp(0.0, 1.0);
    let flat = p[a] + (p[b] - p[a]) * t;
    let off = |k: usize| n[k] * (flat - p[k]).dot(n[k]);
    // ends that look apart by 25° to 35° and more are no arc of one circle
    let round = scalar::smoothstep(0.82, 0.91, n[a].dot(n[b]));
    let lift = (off(a) * (1.0 - t) + off(b) * t) * (0.5 * round);
    flat - lift.clamp_length_max((p[b] - p[a]).length() * 0.25)
}

/// Whether n·v grows towards the viewer: then the front of the fold is nearer and the contour can
/// be seen; else it lies behind its own surface (radial curvature, DeCarlo et al. 2003).
fn turns_away(p: &[DVec3; 3], g: &[f64; 3], view: DVec3) -> bool {
    let (e1, e2) = (p[1] - p[0], p[2] - p[0]);
    let (a, b, c) = (e1.dot(e1), e1.dot(e2), e2.dot(e2));
    let (d, e) = (e1.dot(view), e2.dot(view));
    let determinant = a * c - b * b;
    // components of the view direction along the two sides, times the (positive) determinant
    let (u, v) = (c * d - b * e, a * e - b * d);
    determinant > 0.0 && u * (g[1] - g[0]) + v * (g[2] - g[0]) > 0.0
}

/// Links pieces end to start; open chains from their first piece, loops from their lowest key.
pub(super) fn linked(pieces: &[Piece], kind: Kind) -> Vec<Chain> {
    let mut by_start: Vec<(u64, u32)> = pieces
        .iter()
        .enumerate()
        .map(|(i, p)| (p.from, i as u32))
        .collect();
    by_start.sort_unstable();
    let mut ends: Vec<u64> = pieces.iter().map(|p| p.to).collect();
    ends.sort_unstable();
    let mut used = vec![false; pieces.len()];
    let mut chains = Vec::new();
    for loops in [false, true] {
        for &(start, first) in &by_start {
            if !used[first as usize] && (loops || ends.binary_search(&start).is_err()) {
                chains.push(follow(pieces, kind, &by_start, first, &mut used));
            }
        }
    }
    chains
}

fn follow(pieces: &[Piece], kind: Kind, by_start: &[(u64, u32)], first: u32, used: &mut [bool]) -> Chain {
    let mut chain = Chain {
        kind,
        nodes: vec![pieces[first as usize].start],
        links: Vec::new(),
        closed: false,
        pressure: Vec::new(),
        mark: None,
    };
    let mut at = Some(first);
    while let Some(index) = at {
        used[index as usize] = true;
        let piece = &pieces[index as usize];
        chain.links.push(piece.link);
        if piece.to == pieces[first as usize].from {
            chain.closed = true;
            return chain;
        }
        chain.nodes.push(piece.end);
        let next = by_start.partition_point(|&(key, _)| key < piece.to);
        at = by_start[next..]
            .iter()
            .take_while(|&&(key, _)| key == piece.to)
            .map(|&(_, i)| i)
            .find(|&i| !used[i as usize]);
    }
    chain
}
