//! Lines where two surfaces cut through each other: a tooth in its gum, a tower in the ground.
//!
//! Which triangles may meet is read off the picture: pairs that lie side by side at samples of
//! different surfaces. The lines themselves are exact: each pair is cut triangle against triangle
//! (Möller 1997), and pieces are linked over the mesh edges through which they leave.

use std::collections::BTreeMap;
use std::sync::Arc;

use rayon::prelude::*;

use super::anatomy::{Anatomy, Kind};
use super::chain::{Chain, Link};
use crate::camera::Projection;
use crate::geometry::Edge;
use crate::image::Visibility;
use crate::math::{DVec3, scalar};
use crate::scene::SceneObject;

/// Neighbouring samples whose depths differ by more than this share belong to surfaces that pass
/// behind each other; testing those pairs too would only cost time.
const DEPTH_SHARE: f64 = 0.04;

/// A triangle of an object.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Face {
    object: usize,
    triangle: usize,
}

/// Where a piece of line leaves its pair: an edge of one object through a triangle of another.
type Key = (usize, u32, usize, usize);

/// One pair's piece.
struct Piece {
    ends: [(Key, DVec3); 2],
    owner: Face,
    /// How clearly the two surfaces part, [0, 1].
    clear: f64,
}

/// The intersection lines of a frame, by the object that owns them.
pub(super) fn intersections(
    objects: &[SceneObject],
    anatomies: &[Arc<Anatomy>],
    visibility: &Visibility,
    projection: &Projection,
) -> BTreeMap<usize, Vec<Chain>> {
    let scene = Scene { objects, anatomies };
    let pairs = neighbours(&scene, visibility);
    let pieces: Vec<Piece> = pairs
        .par_iter()
        .filter_map(|&(a, b)| scene.piece(scene.face(visibility, a)?, scene.face(visibility, b)?))
        .collect();
    let mut by_owner: BTreeMap<usize, Vec<Piece>> = BTreeMap::new();
    for piece in pieces {
        by_owner.entry(piece.owner.object).or_default().push(piece);
    }
    by_owner
        .into_iter()
        .map(|(owner, pieces)| (owner, linked(&pieces, projection)))
        .collect()
}

/// The surface of a sample where nothing is seen.
const NOWHERE: u32 = u32::MAX;

/// Pairs of triangle numbers (lower first) of different surfaces at neighbouring samples.
fn neighbours(scene: &Scene<'_>, visibility: &Visibility) -> Vec<(u32, u32)> {
    let first = &visibility.first_triangle;
    // lowest triangle number of each triangle's connected surface
    let surface: Vec<u32> = scene
        .anatomies
        .iter()
        .zip(first)
        .flat_map(|(anatomy, &first)| anatomy.surface.iter().map(move |&s| s + first))
        .collect();
    let columns = (visibility.size.width * Visibility::SIDE) as usize;
    let rows = (visibility.size.height * Visibility::SIDE) as usize;
    let surface_of = |t: u32| surface.get(t as usize).copied().unwrap_or(NOWHERE);
    let touch = |i: usize, j: usize| {
        let (a, b) = (visibility.triangle[i], visibility.triangle[j]);
        let (x, y) = (f64::from(visibility.depth[i]), f64::from(visibility.depth[j]));
        ((x - y).abs() < DEPTH_SHARE * x.max(y)).then(|| (a.min(b), a.max(b)))
    };
    let mut pairs: Vec<(u32, u32)> = (0..rows)
        .into_par_iter()
        .flat_map_iter(|y| {
            let start = y * columns;
            // the last row is compared with itself: nothing differs
            let below = if y + 1 < rows { start + columns } else { start };
            let row = &visibility.triangle[start..start + columns];
            let next_row = &visibility.triangle[below..below + columns];
            let mut found: Vec<(u32, u32)> = Vec::new();
            // triangles cover several samples: their surfaces are looked up where they change
            let mut left = (Visibility::NONE, NOWHERE);
            let mut under = left;
            for (x, (&here, &beneath)) in row.iter().zip(next_row).enumerate() {
                if here != left.0 {
                    let surface = surface_of(here);
                    if surface != left.1 && surface != NOWHERE && left.1 != NOWHERE {
                        found.extend(touch(start + x - 1, start + x));
                    }
                    left = (here, surface);
                }
                if beneath != under.0 {
                    under = (beneath, surface_of(beneath));
                }
                if under.1 != left.1 && under.1 != NOWHERE && left.1 != NOWHERE {
                    found.extend(touch(start + x, below + x));
                }
            }
            found.dedup();
            found
        })
        .collect();
    pairs.par_sort_unstable();
    pairs.dedup();
    pairs
}

struct Scene<'a> {
    objects: &'a [SceneObject],
    anatomies: &'a [Arc<Anatomy>],
}

impl Scene<'_> {
    fn face(&self, visibility: &Visibility, number: u32) -> Option<Face> {
        let (object, triangle) = visibility.locate(number)?;
        let known = self.objects.get(object)?.posed.positions.len()
            == self.objects[object].model.mesh.positions.len();
        known.then_some(Face { object, triangle })
    }

    fn corners(&self, face: Face) -> [DVec3; 3] {
        let object = &self.objects[face.object];
        object.model.mesh.triangles[face.triangle].map(|v| object.posed.positions[v as usize])
    }

    fn part(&self, face: Face) -> usize {
        usize::from(self.objects[face.object].model.mesh.triangle_part[face.triangle])
    }

    /// Surfaces of one object and one colour are joined by overlapping them: no line is wanted there.
    fn is_wanted(&self, a: Face, b: Face) -> bool {
        let slot = |f: Face| {
            self.objects[f.object]
                .model
                .mesh
                .parts
                .get(self.part(f))
                .map(|p| &p.slot)
        };
        a.object != b.object || slot(a) != slot(b)
    }

    /// Whose line it is: what acts before what stands behind; of one object the later part, which
    /// is set into the earlier.
    fn owner(&self, a: Face, b: Face) -> Face {
        let rank = |f: Face| {
            let object = &self.objects[f.object];
            let layer = ["background", "midground", "subject"]
                .iter()
                .position(|l| *l == object.layer);
            (
                layer,
                std::cmp::Reverse(object.model.mesh.triangles.len()),
                object.id.as_str(),
                self.part(f),
            )
        };
        if rank(a) >= rank(b) { a } else { b }
    }

    fn piece(&self, a: Face, b: Face) -> Option<Piece> {
        if !self.is_wanted(a, b) {
            return None;
        }
        let (pa, pb) = (self.corners(a), self.corners(b));
        let clear = clearness(&pa, &pb);
        if clear <= 0.0 {
            return None;
        }
        let mut ends: Vec<(Key, DVec3)> = Vec::with_capacity(4);
        ends.extend(self.crossings(a, &pa, b, &pb));
        ends.extend(self.crossings(b, &pb, a, &pa));
        // the two ends that are farthest apart: a line through a corner is found twice there
        let mut best: Option<(f64, usize, usize)> = None;
        for i in 0..ends.len() {
            for j in i + 1..ends.len() {
                let distance = (ends[i].1 - ends[j].1).length_squared();
                if distance > best.map_or(0.0, |b| b.0) {
                    best = Some((distance, i, j));
                }
            }
        }
        let (_, i, j) = best?;
        Some(Piece {
            ends: [ends[i], ends[j]],
            owner: self.owner(a, b),
            clear,
        })
    }

    /// Where the edges of one triangle pass through another.
    fn crossings(&self, a: Face, pa: &[DVec3; 3], b: Face, pb: &[DVec3; 3]) -> Vec<(Key, DVec3)> {
        let normal = (pb[1] - pb[0]).cross(pb[2] - pb[0]);
        let edges = self.anatomies[a.object].topology.triangle_edges[a.triangle];
        let vertices = self.objects[a.object].model.mesh.triangles[a.triangle];
        (0..3)
            .filter_map(|k| {
                // from the lower vertex to the higher: both triangles at an edge get the same point
                let (mut i, mut j) = (k, (k + 1) % 3);
                if vertices[j] < vertices[i] {
                    std::mem::swap(&mut i, &mut j);
                }
                let (di, dj) = ((pa[i] - pb[0]).dot(normal), (pa[j] - pb[0]).dot(normal));
                if (di < 0.0) == (dj < 0.0) || !(di - dj).is_finite() || di == dj {
                    return None;
                }
                let p = pa[i] + (pa[j] - pa[i]) * (di / (di - dj));
                inside(p, pb, normal).then_some(((a.object, edges[k], b.object, b.triangle), p))
            })
            .collect()
    }
}

/// How clearly two surfaces part: grazing ones dip in and out of each other (feathers, folds of
/// cloth) and their line would be a row of dashes. From 0 at 9° to 1 at 20°, so that a line between
/// moving surfaces fades in and does not pop up.
fn clearness([a, b, c]: &[DVec3; 3], [d, e, f]: &[DVec3; 3]) -> f64 {
    const GRAZING_SINE: f64 = 0.15;
    const CLEAR_SINE: f64 = 0.34;
    let n = (*b - *a).cross(*c - *a).normalize_or_zero();
    let m = (*e - *d).cross(*f - *d).normalize_or_zero();
    scalar::smoothstep(GRAZING_SINE, CLEAR_SINE, n.cross(m).length())
}

/// Whether a point of a triangle's plane lies in it.
fn inside(p: DVec3, [a, b, c]: &[DVec3; 3], normal: DVec3) -> bool {
    let side = |from: DVec3, to: DVec3| (to - from).cross(p - from).dot(normal) >= 0.0;
    side(*a, *b) && side(*b, *c) && side(*c, *a)
}

/// Links pieces over common keys.
fn linked(pieces: &[Piece], projection: &Projection) -> Vec<Chain> {
    let mut at: BTreeMap<Key, Vec<(usize, usize)>> = BTreeMap::new();
    for (index, piece) in pieces.iter().enumerate() {
        for (side, end) in piece.ends.iter().enumerate() {
            at.entry(end.0).or_default().push((index, side));
        }
    }
    let next = |index: usize, side: usize| {
        let uses = &at[&pieces[index].ends[side].0];
        (uses.len() == 2).then(|| {
            if uses[0] == (index, side) {
                uses[1]
            } else {
                uses[0]
            }
        })
    };
    let mut used = vec![false; pieces.len()];
    let mut chains = Vec::new();
    for loops in [false, true] {
        for start in 0..pieces.len() {
            let open = (0..2).find(|&side| next(start, side).is_none());
            if !used[start] && (loops || open.is_some()) {
                chains.push(follow(
                    pieces,
                    &next,
                    (start, open.unwrap_or(0)),
                    &mut used,
                    projection,
                ));
            }
        }
    }
    chains
}

fn follow(
    pieces: &[Piece],
    next: &impl Fn(usize, usize) -> Option<(usize, usize)>,
    (start, start_side): (usize, usize),
    used: &mut [bool],
    projection: &Projection,
) -> Chain {
    let mut nodes = vec![pieces[start].ends[start_side].1];
    let mut links = Vec::new();
    let mut clear = Vec::new();
    let (mut at, mut side) = (start, start_side);
    let closed = loop {
        used[at] = true;
        let to = pieces[at].ends[1 - side].1;
        clear.push(pieces[at].clear);
        links.push(Link {
            triangles: [pieces[at].owner.triangle as u32, Edge::NONE],
            under: pieces[at].owner.triangle as u32,
            shown: true,
            silhouette: false,
            reach_m: 0.0,
            share: slack(projection),
        });
        match next(at, 1 - side) {
            Some((other, _)) if other == start && links.len() > 2 => break true,
            Some((other, other_side)) if !used[other] => {
                nodes.push(to);
                (at, side) = (other, other_side);
            }
            _ => {
                nodes.push(to);
                break false;
            }
        }
    };
    let pressure = (0..nodes.len()).map(|i| mean_around(&clear, i, closed)).collect();
    Chain {
        kind: Kind::Intersection,
        nodes,
        links,
        closed,
        pressure,
        mark: None,
    }
}

/// Mean of the values of up to three links to each side of a node.
fn mean_around(values: &[f64], node: usize, closed: bool) -> f64 {
    const REACH: isize = 3;
    let count = values.len() as isize;
    let (mut sum, mut number) = (0.0, 0.0);
    for link in node as isize - REACH..node as isize + REACH {
        let link = if closed { link.rem_euclid(count) } else { link };
        if let Some(value) = usize::try_from(link).ok().and_then(|i| values.get(i)) {
            sum += value;
            number += 1.0;
        }
    }
    sum / number
}

/// Share of its depth by which either surface may lie before the line half a pixel beside it: both
/// rise from it, at a slope that a pixel's width bounds for all but grazing views.
fn slack(projection: &Projection) -> f64 {
    /// Slope of a surface seen at 80° from its normal.
    const GRAZING: f64 = 6.0;
    let row = projection.rows[1];
    let focal_px = (row[0] * row[0] + row[1] * row[1] + row[2] * row[2]).sqrt();
    // a pixel at distance d is d / focal metres wide
    (GRAZING / focal_px.max(1.0)).min(0.02)
}
