//! What of a model's lines can be known at rest: edges by kind, their chains, cells that name places.

mod cells;
mod links;

use std::sync::Arc;

use rayon::prelude::*;

use super::surface::nearest_on_triangle;
use crate::geometry::{Edge, Model, Topology};
use crate::math::DVec3;

/// Parts whose crease angle is not below this have no creases: they are smooth all over.
const SMOOTH: f64 = 3.1;

/// A dihedral above this is no smooth surface, even where it is too blunt to be drawn as a crease:
/// normals are not averaged across, and the edge is drawn where it is the silhouette. 26°: the step
/// of a 14-sided cylinder; smaller would break up coarse but smooth forms, larger would round boxes.
/// Only parts that have creases at all are looked at this way.
const HARD_ANGLE: f64 = 0.45;

/// A dihedral above this is a fold even of a part without creases: the rim of a fir's skirt, the
/// tip of a leaf. Normals averaged across it would put the contour into the middle of its facets.
/// 55°: twice the turning of the coarsest form that is meant to look round.
const FOLD_ANGLE: f64 = 0.96;

/// Kinds of feature line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Kind {
    /// Where a smooth surface turns away.
    Contour,
    /// Edge of an open surface.
    Border,
    /// Edge above the part's crease angle.
    Crease,
    /// Edge between two palette slots.
    Material,
    /// Edge drawn only while one side faces the viewer.
    Hard,
    /// Where two parts or objects cut through each other.
    Intersection,
    /// An authored line.
    Mark,
}

impl Kind {
    /// The word for it in a stroke's id.
    pub(super) fn label(self) -> &'static str {
        match self {
            Self::Contour | Self::Hard => "contour",
            Self::Border => "border",
            Self::Crease => "crease",
            Self::Material => "seam",
            Self::Intersection => "meet",
            Self::Mark => "mark",
        }
    }
}

/// A chain of edges that belong together at rest.
#[derive(Clone, Debug)]
pub(super) struct EdgeChain {
    pub(super) kind: Kind,
    /// Vertices along it; a closed one does not repeat the first.
    pub(super) vertices: Vec<u32>,
    /// Edges (indices into the topology) between consecutive vertices; as many as vertices when closed.
    pub(super) edges: Vec<u32>,
    pub(super) closed: bool,
}

/// Feature analysis of a model at rest; made once, used for every frame and every object of the model.
#[derive(Clone, Debug)]
pub struct Anatomy {
    /// Topology over welded vertices.
    pub(super) topology: Arc<Topology>,
    /// For each triangle corner an index into the normals; `None`: the vertex itself.
    pub(super) corner_normals: Option<CornerNormals>,
    /// For each edge whether normals differ across it, so that contours end there.
    pub(super) sharp: Vec<bool>,
    pub(super) chains: Vec<EdgeChain>,
    /// For each triangle its cell in its part.
    pub(super) cell: Vec<u32>,
    /// For each triangle the lowest triangle of the connected surface it belongs to.
    pub(super) surface: Vec<u32>,
    /// For each triangle the lowest triangle of the smooth region it belongs to: reached without
    /// crossing a sharp edge.
    pub(super) region: Vec<u32>,
    /// For each mark a triangle near each of its points; [`Edge::NONE`] in a mesh without any.
    pub(super) mark_triangles: Vec<Vec<u32>>,
}

/// Normals shared by the corners of smooth neighbours only.
#[derive(Clone, Debug)]
pub(super) struct CornerNormals {
    pub(super) of_corner: Vec<[u32; 3]>,
    pub(super) count: usize,
}

impl Anatomy {
    /// The surface that a triangle belongs to, or only its smooth region.
    pub(super) fn extent(&self, triangle: usize, smooth: bool) -> u32 {
        if smooth {
            self.region[triangle]
        } else {
            self.surface[triangle]
        }
    }

    /// Analyses a model.
    #[must_use]
    pub fn new(model: &Model) -> Self {
        let mesh = &model.mesh;
        let (topology, welded) = welded_topology(model);
        let mut kinds: Vec<Option<Kind>> = topology.edges.iter().map(|e| edge_kind(model, e)).collect();
        harden_spikes(model, &topology, &mut kinds);
        let sharp = sharp_edges(model, &topology, &kinds);
        let folded = sharp
            .iter()
            .zip(&kinds)
            .any(|(sharp, kind)| *sharp && *kind != Some(Kind::Border));
        let corner_normals =
            (welded || folded).then(|| CornerNormals::new(&topology, &sharp, mesh.triangles.len()));
        let chains = links::chains(&mesh.positions, &topology, &kinds);
        let surface = surfaces(&topology, mesh.triangles.len(), |_| true);
        let region = surfaces(&topology, mesh.triangles.len(), |e| !sharp[e]);
        Self {
            cell: cells::cells(mesh, &surface),
            surface,
            region,
            mark_triangles: mark_triangles(model),
            topology,
            corner_normals,
            sharp,
            chains,
        }
    }
}

/// For each point of each mark the triangle nearest to it.
fn mark_triangles(model: &Model) -> Vec<Vec<u32>> {
    let mesh = &model.mesh;
    let nearest = |p: DVec3| {
        let mut best = (f64::INFINITY, Edge::NONE);
        for (t, corners) in mesh.triangles.iter().enumerate() {
            let [a, b, c] = corners.map(|v| mesh.positions[v as usize]);
            let reach = (b - a).length_squared().max((c - a).length_squared()).sqrt();
            if (a - p).length() - reach < best.0 {
                let distance = (nearest_on_triangle(p, [a, b, c]) - p).length();
                if distance < best.0 {
                    best = (distance, t as u32);
                }
            }
        }
        best.1
    };
    let of_point = |&v: &u32| mesh.positions.get(v as usize).map_or(Edge::NONE, |&p| nearest(p));
    model
        .marks
        .par_iter()
        .map(|mark| mark.points.iter().map(of_point).collect())
        .collect()
}

/// The edges across which normals differ.
fn sharp_edges(model: &Model, topology: &Topology, kinds: &[Option<Kind>]) -> Vec<bool> {
    kinds
        .iter()
        .zip(&topology.edges)
        .map(|(kind, edge)| match kind {
            Some(Kind::Border | Kind::Crease | Kind::Hard) => true,
            Some(Kind::Material) => dihedral(model, edge) > FOLD_ANGLE,
            _ => false,
        })
        .collect()
}

/// Makes the edges hard that end in a spike: the tip of a cone has no normal, and a contour of the
/// mean of its facets' normals would run across the cone's front.
fn harden_spikes(model: &Model, topology: &Topology, kinds: &mut [Option<Kind>]) {
    /// Cosine of the angle between a corner's normal and its facet's from which it is a spike: 50°.
    /// Less would catch the corners of coarse round forms.
    const SPIKE_COSINE: f64 = 0.64;
    /// A vertex where as many folds meet is a corner of a polyhedron.
    const FOLDS_OF_CORNER: u32 = 3;
    let mesh = &model.mesh;
    let sharp = sharp_edges(model, topology, kinds);
    let groups = CornerNormals::new(topology, &sharp, mesh.triangles.len());
    let normals = groups.evaluate(&mesh.positions, &mesh.triangles);
    // counted over the topology's vertices, which are welded
    let mut folds = vec![0_u32; mesh.positions.len()];
    for (edge, kind) in topology.edges.iter().zip(kinds.iter()) {
        if *kind == Some(Kind::Hard) {
            edge.vertices.iter().for_each(|&v| folds[v as usize] += 1);
        }
    }
    for (t, of_corner) in groups.of_corner.iter().enumerate() {
        let Some(facet) = rest_normal(model, t as u32) else {
            continue;
        };
        for k in (0..3).filter(|&k| facet.dot(normals[of_corner[k] as usize]) < SPIKE_COSINE) {
            for side in [k, (k + 2) % 3] {
                kinds[topology.triangle_edges[t][side] as usize].get_or_insert(Kind::Hard);
            }
        }
    }
    for (edge, kind) in topology.edges.iter().zip(kinds) {
        if edge
            .vertices
            .iter()
            .any(|&v| folds[v as usize] >= FOLDS_OF_CORNER)
        {
            kind.get_or_insert(Kind::Hard);
        }
    }
}

/// The connected surfaces of a mesh: a horn that is set into a head is one of its own. Only the
/// edges (by index) that `joins` names are crossed.
fn surfaces(topology: &Topology, triangles: usize, joins: impl Fn(usize) -> bool) -> Vec<u32> {
    let mut parent: Vec<u32> = (0..triangles as u32).collect();
    for (index, edge) in topology.edges.iter().enumerate() {
        let [a, b] = edge.triangles;
        if joins(index) && a != Edge::NONE && b != Edge::NONE {
            join(&mut parent, a, b);
        }
    }
    (0..triangles as u32).map(|t| find(&mut parent, t)).collect()
}

/// The model's topology over vertices welded where they coincide at rest (imported meshes split
/// them at texture seams; without welding every seam would look like a border), and whether any were.
fn welded_topology(model: &Model) -> (Arc<Topology>, bool) {
    let mesh = &model.mesh;
    let key = |v: u32| {
        (mesh.positions[v as usize] + DVec3::ZERO)
            .to_array()
            .map(f64::to_bits)
    };
    let mut used: Vec<u32> = mesh.triangles.iter().flatten().copied().collect();
    used.sort_unstable();
    used.dedup();
    let mut order = used;
    order.sort_by_key(|&v| (key(v), v));
    let mut canonical: Vec<u32> = (0..mesh.positions.len() as u32).collect();
    let mut welded = false;
    for pair in 1..order.len() {
        let (a, b) = (order[pair - 1], order[pair]);
        if key(a) == key(b) {
            canonical[b as usize] = canonical[a as usize];
            welded = true;
        }
    }
    if !welded && model.topology.triangle_edges.len() == mesh.triangles.len() {
        return (model.topology.clone(), false);
    }
    let triangles: Vec<[u32; 3]> = mesh
        .triangles
        .iter()
        .map(|t| t.map(|v| canonical[v as usize]))
        .collect();
    (Arc::new(Topology::new(&triangles)), welded)
}

/// What kind of line an edge is, seen at rest; `None` inside a smooth surface.
fn edge_kind(model: &Model, edge: &Edge) -> Option<Kind> {
    let mesh = &model.mesh;
    let [a, b] = edge.triangles;
    if edge.vertices[0] == edge.vertices[1] {
        return None;
    }
    if a == Edge::NONE || b == Edge::NONE {
        return Some(Kind::Border);
    }
    let part = |t: u32| mesh.parts.get(usize::from(*mesh.triangle_part.get(t as usize)?));
    let (pa, pb) = (part(a)?, part(b)?);
    let crease = pa.crease_angle.min(pb.crease_angle);
    let angle = dihedral(model, edge);
    let creased = crease < SMOOTH;
    if creased && angle > crease {
        Some(Kind::Crease)
    } else if pa.slot != pb.slot {
        Some(Kind::Material)
    } else if angle > if creased { HARD_ANGLE } else { FOLD_ANGLE } {
        Some(Kind::Hard)
    } else {
        None
    }
}

/// Angle between the normals of an edge's triangles at rest; 0 where one is degenerate or missing.
fn dihedral(model: &Model, edge: &Edge) -> f64 {
    let [a, b] = edge.triangles;
    if a == Edge::NONE || b == Edge::NONE {
        return 0.0;
    }
    match (rest_normal(model, a), rest_normal(model, b)) {
        (Some(na), Some(nb)) => na.angle_between(nb),
        _ => 0.0,
    }
}

fn rest_normal(model: &Model, triangle: u32) -> Option<DVec3> {
    let [a, b, c] = model.mesh.triangles[triangle as usize].map(|v| model.mesh.positions[v as usize]);
    (b - a).cross(c - a).try_normalize()
}

impl CornerNormals {
    /// Groups the corners around each vertex that are reached without crossing a sharp edge.
    fn new(topology: &Topology, sharp: &[bool], triangles: usize) -> Self {
        let mut parent: Vec<u32> = (0..triangles as u32 * 3).collect();
        for (edge, sharp) in topology.edges.iter().zip(sharp) {
            let [a, b] = edge.triangles;
            if *sharp || a == Edge::NONE || b == Edge::NONE {
                continue;
            }
            let (ka, kb) = (side_of(topology, edge, a), side_of(topology, edge, b));
            let (Some(ka), Some(kb)) = (ka, kb) else { continue };
            // the edge runs one way in the first triangle and back in the second
            join(&mut parent, a * 3 + ka, b * 3 + (kb + 1) % 3);
            join(&mut parent, a * 3 + (ka + 1) % 3, b * 3 + kb);
        }
        let mut number = vec![u32::MAX; parent.len()];
        let mut count = 0;
        let of_corner = (0..triangles as u32)
            .map(|t| {
                [0, 1, 2].map(|k| {
                    let root = find(&mut parent, t * 3 + k) as usize;
                    if number[root] == u32::MAX {
                        number[root] = count;
                        count += 1;
                    }
                    number[root]
                })
            })
            .collect();
        Self {
            of_corner,
            count: count as usize,
        }
    }

    /// Area-weighted normals, not normalised, of all groups.
    pub(super) fn evaluate(&self, positions: &[DVec3], triangles: &[[u32; 3]]) -> Vec<DVec3> {
        let mut normals = vec![DVec3::ZERO; self.count];
        for (corners, groups) in triangles.iter().zip(&self.of_corner) {
            let [a, b, c] = corners.map(|v| positions[v as usize]);
            let area = (b - a).cross(c - a);
            for &g in groups {
                normals[g as usize] += area;
            }
        }
        normals.iter().map(|n| n.normalize_or(DVec3::Y)).collect()
    }
}

/// Which of a triangle's sides an edge is.
fn side_of(topology: &Topology, edge: &Edge, triangle: u32) -> Option<u32> {
    let sides = &topology.triangle_edges[triangle as usize];
    (0..3_usize)
        .find(|&k| topology.edges[sides[k] as usize] == *edge)
        .map(|k| k as u32)
}

fn find(parent: &mut [u32], mut x: u32) -> u32 {
    while parent[x as usize] != x {
        parent[x as usize] = parent[parent[x as usize] as usize];
        x = parent[x as usize];
    }
    x
}

fn join(parent: &mut [u32], a: u32, b: u32) {
    let (a, b) = (find(parent, a), find(parent, b));
    // the lower root wins: the same groups whatever the order of edges
    parent[a.max(b) as usize] = a.min(b);
}
