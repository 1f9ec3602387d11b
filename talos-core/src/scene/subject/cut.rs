//! Cutting meshes along implicit boundaries, and joining meshes of different fineness.
//!
//! Vertices near a boundary are drawn onto it and the other triangles are cut,
//! so a border between materials is a smooth line, not a staircase.

use std::collections::BTreeMap;

use super::build::Patch;
use crate::geometry::Implicit;
use crate::math::{DVec3, scalar};

/// A patch cut in two.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Cut {
    /// The mesh, with vertices along the boundary.
    pub patch: Patch,
    /// For each triangle, whether it lies where the boundary function is negative.
    pub inside: Vec<bool>,
    /// For each vertex, whether it lies on the boundary.
    pub on_boundary: Vec<bool>,
    /// For each triangle, the triangle of the original it came from.
    pub origin: Vec<u32>,
}

/// Cuts a patch where `boundary` is zero; new vertices are drawn onto `surface`, and vertices
/// nearer than `snap` metres are moved onto the boundary instead of making slivers.
#[must_use]
pub fn cut(patch: &Patch, surface: &dyn Implicit, boundary: &dyn Fn(DVec3) -> f64, snap: f64) -> Cut {
    let mut positions = patch.positions.clone();
    let mut value: Vec<f64> = positions.iter().map(|&p| boundary(p)).collect();
    for (p, v) in positions.iter_mut().zip(&mut value) {
        if v.abs() < snap {
            let moved = settle(*p, surface, boundary, snap);
            if (moved - *p).length() < 2.0 * snap {
                *p = moved;
                *v = 0.0;
            }
        }
    }
    let mut made: BTreeMap<[u32; 2], u32> = BTreeMap::new();
    let mut result = Cut::default();
    for (index, &[a, b, c]) in patch.triangles.iter().enumerate() {
        let mut polygon: Vec<u32> = Vec::with_capacity(5);
        for (u, v) in [(a, b), (b, c), (c, a)] {
            polygon.push(u);
            let (fu, fv) = (value[u as usize], value[v as usize]);
            if fu * fv < 0.0 {
                let key = [u.min(v), u.max(v)];
                let vertex = *made.entry(key).or_insert_with(|| {
                    let [l, h] = key.map(|k| k as usize);
                    let t = value[l] / (value[l] - value[h]);
                    let start = positions[l].lerp(positions[h], t);
                    let length = (positions[h] - positions[l]).length();
                    positions.push(settle(start, surface, boundary, length * 0.3));
                    value.push(0.0);
                    (positions.len() - 1) as u32
                });
                polygon.push(vertex);
            }
        }
        for (triangle, inside) in sides(&polygon, &value) {
            result.patch.triangles.push(triangle);
            result.inside.push(inside);
            result.origin.push(index as u32);
        }
    }
    result.on_boundary = value.iter().map(|&v| v == 0.0).collect();
    result.patch.positions = positions;
    result
}

/// A polygon's triangles on each side of the boundary.
fn sides(polygon: &[u32], value: &[f64]) -> Vec<([u32; 3], bool)> {
    let mut result = Vec::with_capacity(3);
    for inside in [true, false] {
        let keep = |v: &&u32| {
            let f = value[**v as usize];
            f == 0.0 || (f < 0.0) == inside
        };
        let ring: Vec<u32> = polygon.iter().filter(keep).copied().collect();
        let strict = ring.iter().any(|&v| value[v as usize] != 0.0);
        // A triangle wholly on the boundary goes outside.
        if ring.len() < 3 || (!strict && inside) {
            continue;
        }
        if strict || polygon.iter().all(|&v| value[v as usize] == 0.0) {
            result.extend((1..ring.len() - 1).map(|k| ([ring[0], ring[k], ring[k + 1]], inside)));
        }
    }
    result
}

/// A point moved to where both functions are zero, at most `reach` metres away.
fn settle(start: DVec3, surface: &dyn Implicit, boundary: &dyn Fn(DVec3) -> f64, reach: f64) -> DVec3 {
    let mut p = start;
    for _ in 0..4 {
        p = step(p, boundary, reach);
        p = step(p, &|q| surface.distance(q), reach);
    }
    start + (p - start).clamp_length_max(reach)
}

/// One Newton step to a function's zero set.
fn step(p: DVec3, f: &dyn Fn(DVec3) -> f64, reach: f64) -> DVec3 {
    let h = (reach * 0.05).max(1e-5);
    let slope = |e: DVec3| (f(p + e * h) - f(p - e * h)) / (2.0 * h);
    let gradient = DVec3::new(slope(DVec3::X), slope(DVec3::Y), slope(DVec3::Z));
    let steep = gradient.length_squared();
    if steep < 1e-9 {
        return p;
    }
    p - (gradient * (f(p) / steep)).clamp_length_max(reach)
}

/// The triangles of a cut on one side, unused vertices dropped; and which of the vertices kept are on the boundary.
#[must_use]
pub fn side_of(cut: &Cut, inside: bool) -> (Patch, Vec<bool>) {
    let mut new_of = vec![u32::MAX; cut.patch.positions.len()];
    let mut patch = Patch::default();
    let mut on_boundary = Vec::new();
    for (triangle, _) in cut
        .patch
        .triangles
        .iter()
        .zip(&cut.inside)
        .filter(|t| *t.1 == inside)
    {
        let corners = triangle.map(|v| {
            let slot = &mut new_of[v as usize];
            if *slot == u32::MAX {
                *slot = patch.positions.len() as u32;
                patch.positions.push(cut.patch.positions[v as usize]);
                on_boundary.push(cut.on_boundary[v as usize]);
            }
            *slot
        });
        patch.triangles.push(corners);
    }
    (patch, on_boundary)
}

/// A place where a coarse mesh is replaced by a finer one: the finer is kept where `boundary` is negative.
pub struct Refinement<'a> {
    /// Signed distance to the boundary, metres; planar where it crosses the surface.
    pub boundary: &'a dyn Fn(DVec3) -> f64,
    /// A point inside the body where the boundary crosses it.
    pub centre: DVec3,
    /// The boundary's normal there.
    pub axis: DVec3,
    /// Box of the fine mesh; reaches beyond the boundary.
    pub low: DVec3,
    /// Its other corner.
    pub high: DVec3,
    /// Fine cell, metres.
    pub cell: f64,
}

/// Replaces part of a coarse mesh by a finer one and joins their rims by a strip of triangles.
#[must_use]
pub fn refine(
    coarse: &Patch,
    surface: &dyn Implicit,
    coarse_cell: f64,
    at: &Refinement<'_>,
    fine: &Patch,
) -> Patch {
    let gap = 0.35 * (coarse_cell + at.cell);
    let outer = |p: DVec3| (at.boundary)(p) - 0.5 * gap;
    let inner = |p: DVec3| (at.boundary)(p) + 0.5 * gap;
    let (mut joined, coarse_rim) = side_of(&cut(coarse, surface, &outer, coarse_cell * 0.3), false);
    let (fine, fine_rim) = side_of(&cut(fine, surface, &inner, at.cell * 0.3), true);
    let first = joined.positions.len() as u32;
    let coarse_edges = rim(&joined, &coarse_rim);
    let fine_edges: Vec<[u32; 2]> = rim(&fine, &fine_rim)
        .into_iter()
        .map(|e| e.map(|v| v + first))
        .collect();
    joined.append(&fine);
    let strip = zip(&joined.positions, &coarse_edges, &fine_edges, at.centre, at.axis);
    joined.triangles.extend(strip);
    joined
}

/// Directed edges that one triangle alone uses and that run along the boundary.
fn rim(patch: &Patch, on_boundary: &[bool]) -> Vec<[u32; 2]> {
    let mut uses: BTreeMap<[u32; 2], (usize, [u32; 2])> = BTreeMap::new();
    for t in &patch.triangles {
        for k in 0..3 {
            let edge = [t[k], t[(k + 1) % 3]];
            let key = [edge[0].min(edge[1]), edge[0].max(edge[1])];
            uses.entry(key).or_insert((0, edge)).0 += 1;
        }
    }
    uses.values()
        .filter(|(count, e)| *count == 1 && e.iter().all(|&v| on_boundary[v as usize]))
        .map(|u| u.1)
        .collect()
}

/// The longest closed walk along directed edges.
fn longest_loop(edges: &[[u32; 2]]) -> Vec<u32> {
    let mut next: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
    for &[from, to] in edges {
        next.entry(from).or_default().push(to);
    }
    let mut longest = Vec::new();
    for &[start, _] in edges {
        let mut walk = Vec::new();
        let mut at = start;
        while let Some(to) = next.get_mut(&at).and_then(Vec::pop) {
            walk.push(at);
            at = to;
        }
        if walk.len() > longest.len() {
            longest = walk;
        }
    }
    longest
}

/// A loop's vertices counter-clockwise about an axis with their angles, never falling; and whether its
/// edges ran that way.
fn by_angle(positions: &[DVec3], edges: &[[u32; 2]], centre: DVec3, axis: DVec3) -> (Vec<(f64, u32)>, bool) {
    let x = axis.any_orthonormal_vector();
    let y = axis.cross(x);
    let angle = |v: u32| {
        let q = positions[v as usize] - centre;
        scalar::atan2(q.dot(y), q.dot(x))
    };
    let step = |from: u32, to: u32| {
        let d = angle(to) - angle(from);
        d - scalar::TAU * (d / scalar::TAU).round()
    };
    let mut walk = longest_loop(edges);
    let turn: f64 = (0..walk.len())
        .map(|i| step(walk[i], walk[(i + 1) % walk.len()]))
        .sum();
    let forward = turn > 0.0;
    if !forward {
        walk.reverse();
    }
    let start = (0..walk.len())
        .min_by(|&a, &b| angle(walk[a]).total_cmp(&angle(walk[b])))
        .unwrap_or(0);
    walk.rotate_left(start);
    let mut order: Vec<(f64, u32)> = Vec::with_capacity(walk.len());
    let mut unwound = walk.first().map_or(0.0, |&v| angle(v));
    for (i, &v) in walk.iter().enumerate() {
        if i > 0 {
            unwound += step(walk[i - 1], v);
        }
        let least = order.last().map_or(f64::NEG_INFINITY, |o| o.0);
        order.push((unwound.max(least), v));
    }
    (order, forward)
}

/// Triangles between two loops around the same axis.
fn zip(
    positions: &[DVec3],
    coarse: &[[u32; 2]],
    fine: &[[u32; 2]],
    centre: DVec3,
    axis: DVec3,
) -> Vec<[u32; 3]> {
    let axis = axis.normalize_or(DVec3::Z);
    let (a, forward) = by_angle(positions, coarse, centre, axis);
    let (b, _) = by_angle(positions, fine, centre, axis);
    if a.is_empty() || b.is_empty() {
        return Vec::new();
    }
    let at = |ring: &[(f64, u32)], i: usize| {
        let (angle, v) = ring[i % ring.len()];
        (angle + scalar::TAU * (i / ring.len()) as f64, v)
    };
    let (mut i, mut j) = (0, 0);
    let mut triangles = Vec::with_capacity(a.len() + b.len());
    while i < a.len() || j < b.len() {
        let step_a = i < a.len() && (j >= b.len() || at(&a, i + 1).0 <= at(&b, j + 1).0);
        let triangle = if step_a {
            i += 1;
            [at(&a, i).1, at(&a, i - 1).1, at(&b, j).1]
        } else {
            j += 1;
            [at(&b, j - 1).1, at(&b, j).1, at(&a, i).1]
        };
        let [p, q, r] = triangle;
        triangles.push(if forward { [p, q, r] } else { [q, p, r] });
    }
    triangles
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geometry::{Edge, Topology, polygonize};

    fn ball(p: DVec3) -> f64 {
        p.length() - 1.0
    }

    fn patch(cell: f64) -> Patch {
        let (positions, triangles) = polygonize(&ball, DVec3::splat(-1.4), DVec3::splat(1.4), cell);
        Patch { positions, triangles }
    }

    #[test]
    fn a_cut_keeps_the_mesh_closed_and_its_boundary_on_both_surfaces() {
        let boundary = |p: DVec3| p.y - 0.123 + 0.1 * p.x;
        let result = cut(&patch(0.13), &ball, &boundary, 0.03);
        let topology = Topology::new(&result.patch.triangles);
        assert!(topology.edges.iter().all(|e| !e.triangles.contains(&Edge::NONE)));
        for (t, &inside) in result.patch.triangles.iter().zip(&result.inside) {
            for &v in t {
                let f = boundary(result.patch.positions[v as usize]);
                assert!(if inside { f < 1e-3 } else { f > -1e-3 }, "{f} {inside}");
            }
        }
        for (p, _) in result
            .patch
            .positions
            .iter()
            .zip(&result.on_boundary)
            .filter(|p| *p.1)
        {
            assert!(boundary(*p).abs() < 1e-3 && ball(*p).abs() < 1e-3);
        }
    }

    #[test]
    fn refining_leaves_one_closed_surface() {
        let boundary = |p: DVec3| 0.3 - p.z;
        let at = Refinement {
            boundary: &boundary,
            centre: DVec3::Z * 0.3,
            axis: DVec3::Z,
            low: DVec3::splat(-1.4),
            high: DVec3::splat(1.4),
            cell: 0.05,
        };
        let joined = refine(&patch(0.17), &ball, 0.17, &at, &patch(0.05));
        let topology = Topology::new(&joined.triangles);
        let open = topology
            .edges
            .iter()
            .filter(|e| e.triangles.contains(&Edge::NONE))
            .count();
        assert_eq!(open, 0);
        let volume: f64 = joined
            .triangles
            .iter()
            .map(|t| t.map(|v| joined.positions[v as usize]))
            .map(|[a, b, c]| a.dot(b.cross(c)) / 6.0)
            .sum();
        assert!((volume - 4.18).abs() < 0.1, "{volume}");
    }
}
