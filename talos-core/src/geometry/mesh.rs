//! Triangle meshes whose topology never changes, with named parts.

use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use crate::math::{DVec2, DVec3};

/// How a part's surface varies in itself; evaluated while shading.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub enum Pattern {
    /// One colour.
    #[default]
    Flat,
    /// A grid of windows over `uv` in metres: some lit, chosen by `stream` word and cell.
    Windows {
        /// Size of one bay in metres (width, height).
        cell_m: [f64; 2],
        /// The window's share of the bay (width, height), each in (0, 1).
        share: [f64; 2],
        /// Share of windows that are lit at night, [0, 1].
        lit: f64,
        /// Picks which are lit.
        key: u32,
    },
    /// Open water: the shader moves its normals with time.
    Water,
    /// Ground with large soft patches between the slot's colour and `ground_patch`.
    Patches {
        /// Size of a patch in metres.
        scale_m: f64,
    },
    /// Darker flecks (bark, fur, rock), by `uv` in metres.
    Flecks {
        /// Size of a fleck in metres.
        scale_m: f64,
    },
}

/// A named region of a mesh: the unit of colour, of material borders and of stroke names.
#[derive(Clone, Debug, PartialEq)]
pub struct Part {
    /// Stable name inside the model, e.g. `"wing.left.membrane"`; stroke ids start with it.
    pub name: String,
    /// Palette slot it is painted with, e.g. `"body"`; address `subject/<id>/palette/<slot>`.
    pub slot: String,
    /// Surface variation.
    pub pattern: Pattern,
    /// Whether the back of its triangles is seen and shaded too (membranes, leaves).
    pub two_sided: bool,
    /// Edges between its triangles with a dihedral angle above this are drawn as creases; radians. π: none.
    ///
    /// It also decides the shading: a part with creases (below π) is hard, its triangles shaded flat by
    /// their face normals though they share vertices (creases are found along shared edges); a part
    /// without (π) is smooth, shaded by its vertex normals.
    pub crease_angle: f64,
}

impl Part {
    /// A flat, one-sided part without crease lines.
    #[must_use]
    pub fn new(name: impl Into<String>, slot: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            slot: slot.into(),
            pattern: Pattern::Flat,
            two_sided: false,
            crease_angle: core::f64::consts::PI,
        }
    }
}

/// Vertices in metres, counter-clockwise triangles seen from outside, and parts.
///
/// Vertices that no triangle uses are allowed: marks are drawn through them.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Mesh {
    /// Positions in metres.
    pub positions: Vec<DVec3>,
    /// Surface coordinates in metres; empty, or one per position.
    pub uv: Vec<DVec2>,
    /// Vertex indices.
    pub triangles: Vec<[u32; 3]>,
    /// Index into `parts`, one per triangle.
    pub triangle_part: Vec<u16>,
    /// The parts.
    pub parts: Vec<Part>,
}

impl Mesh {
    /// Adds a part and returns its index.
    pub fn add_part(&mut self, part: Part) -> u16 {
        self.parts.push(part);
        u16::try_from(self.parts.len() - 1).expect("a model has fewer than 65,536 parts")
    }

    /// Adds a vertex and returns its index.
    pub fn add_vertex(&mut self, position: DVec3) -> u32 {
        self.positions.push(position);
        u32::try_from(self.positions.len() - 1).expect("a mesh has fewer than 2^32 vertices")
    }

    /// Adds a triangle of a part.
    pub fn add_triangle(&mut self, part: u16, corners: [u32; 3]) {
        self.triangles.push(corners);
        self.triangle_part.push(part);
    }

    /// Adds a quad as two triangles; corners counter-clockwise.
    pub fn add_quad(&mut self, part: u16, [a, b, c, d]: [u32; 4]) {
        self.add_triangle(part, [a, b, c]);
        self.add_triangle(part, [a, c, d]);
    }

    /// Appends another mesh, its parts behind this one's; returns its first vertex.
    pub fn append(&mut self, other: &Mesh) -> u32 {
        let first = u32::try_from(self.positions.len()).expect("a mesh has fewer than 2^32 vertices");
        let parts = self.parts.len() as u16;
        if !other.uv.is_empty() || !self.uv.is_empty() {
            self.uv.resize(self.positions.len(), DVec2::ZERO);
            self.uv.extend_from_slice(&other.uv);
            self.uv
                .resize(self.positions.len() + other.positions.len(), DVec2::ZERO);
        }
        self.positions.extend_from_slice(&other.positions);
        self.triangles
            .extend(other.triangles.iter().map(|t| t.map(|v| v + first)));
        self.triangle_part
            .extend(other.triangle_part.iter().map(|p| p + parts));
        self.parts.extend_from_slice(&other.parts);
        first
    }
}

/// An edge and the triangles on its sides.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Edge {
    /// Its ends, the smaller index first.
    pub vertices: [u32; 2],
    /// The triangle whose winding runs `vertices[0] → vertices[1]`, then the one running back; `NONE` at a border.
    pub triangles: [u32; 2],
}

impl Edge {
    /// Stands for "no triangle".
    pub const NONE: u32 = u32::MAX;
}

/// Edges of a mesh, computed once at rest.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Topology {
    /// Every edge once, sorted by its vertices. Where more than two triangles meet, the pairs follow one another.
    pub edges: Vec<Edge>,
    /// For each triangle the index of the edge opposite to no corner: edge k joins corners k and k + 1.
    pub triangle_edges: Vec<[u32; 3]>,
}

impl Topology {
    /// Finds the edges of a list of triangles.
    #[must_use]
    pub fn new(triangles: &[[u32; 3]]) -> Self {
        // (low, high) and the triangle side that uses it, as three times the triangle plus the corner
        let side = |index: usize, k: usize| {
            let (a, b) = (triangles[index][k], triangles[index][(k + 1) % 3]);
            ([a.min(b), a.max(b)], (index * 3 + k) as u32)
        };
        let mut uses: Vec<([u32; 2], u32)> = (0..triangles.len())
            .flat_map(|index| [0, 1, 2].map(|k| side(index, k)))
            .collect();
        uses.par_sort_unstable();
        let mut topology = Self {
            edges: Vec::with_capacity(uses.len() / 2),
            triangle_edges: vec![[0; 3]; triangles.len()],
        };
        let (mut forward, mut backward): (Vec<usize>, Vec<usize>) = Default::default();
        for group in uses.chunk_by(|a, b| a.0 == b.0) {
            let vertices = group[0].0;
            forward.clear();
            backward.clear();
            for &(_, side) in group {
                let (triangle, k) = (side as usize / 3, side as usize % 3);
                let runs_up = triangles[triangle][k] < triangles[triangle][(k + 1) % 3];
                let list = if runs_up { &mut forward } else { &mut backward };
                list.push(side as usize);
            }
            // Triangles wound the same way over a shared edge are paired too: a seam, not two borders.
            while forward.len() > backward.len() + 1 {
                backward.extend(forward.pop());
            }
            while backward.len() > forward.len() + 1 {
                forward.extend(backward.pop());
            }
            for k in 0..forward.len().max(backward.len()) {
                let sides = [forward.get(k), backward.get(k)];
                for &&side in sides.iter().flatten() {
                    topology.triangle_edges[side / 3][side % 3] = topology.edges.len() as u32;
                }
                let triangles = sides.map(|side| side.map_or(Edge::NONE, |s| (s / 3) as u32));
                topology.edges.push(Edge { vertices, triangles });
            }
        }
        topology
    }
}

/// Area-weighted unit normals; +Y where a vertex has no triangle.
#[must_use]
pub fn vertex_normals(positions: &[DVec3], triangles: &[[u32; 3]]) -> Vec<DVec3> {
    let mut normals = vec![DVec3::ZERO; positions.len()];
    for corners in triangles {
        let [a, b, c] = corners.map(|v| positions[v as usize]);
        let area = (b - a).cross(c - a);
        for &v in corners {
            normals[v as usize] += area;
        }
    }
    normals
        .into_iter()
        .map(|n| n.try_normalize().unwrap_or(DVec3::Y))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tetrahedron_has_six_closed_edges() {
        let triangles = [[0, 2, 1], [0, 1, 3], [1, 2, 3], [2, 0, 3]];
        let topology = Topology::new(&triangles);
        assert_eq!(topology.edges.len(), 6);
        assert!(topology.edges.iter().all(|e| !e.triangles.contains(&Edge::NONE)));
        for (t, edges) in topology.triangle_edges.iter().enumerate() {
            for &e in edges {
                assert!(topology.edges[e as usize].triangles.contains(&(t as u32)));
            }
        }
    }

    #[test]
    fn an_open_fan_has_borders() {
        let topology = Topology::new(&[[0, 1, 2], [0, 2, 3]]);
        let borders = topology
            .edges
            .iter()
            .filter(|e| e.triangles.contains(&Edge::NONE))
            .count();
        assert_eq!((topology.edges.len(), borders), (5, 4));
    }
}
