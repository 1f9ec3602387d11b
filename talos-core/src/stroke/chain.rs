//! Feature lines of one object in the world: chains of straight links.

use rayon::prelude::*;

use super::anatomy::{Anatomy, EdgeChain, Kind};
use crate::camera::Projection;
use crate::geometry::Edge;
use crate::math::DVec3;
use crate::scene::SceneObject;

/// Triangles looked at together: one object may hold most of a scene's, and two threads share them.
pub(super) const CHUNK: usize = 4096;

/// A straight piece of a feature line.
#[derive(Clone, Copy, Debug)]
pub(super) struct Link {
    /// The object's triangles it lies on; [`Edge::NONE`] where there is none.
    pub(super) triangles: [u32; 2],
    /// A triangle of the surface under it, from which the nearest one is found; [`Edge::NONE`]: unknown.
    pub(super) under: u32,
    /// Whether it could be seen if nothing stood before it.
    pub(super) shown: bool,
    /// Whether the surface turns away here.
    pub(super) silhouette: bool,
    /// The object's own surface may lie this far in front without hiding it, metres.
    pub(super) reach_m: f64,
    /// Any surface may lie this share of the depth in front without hiding it.
    pub(super) share: f64,
}

/// A feature line in the world.
#[derive(Clone, Debug)]
pub(super) struct Chain {
    pub(super) kind: Kind,
    /// Points along it; a closed one does not repeat the first.
    pub(super) nodes: Vec<DVec3>,
    /// Between consecutive nodes; as many as nodes when closed.
    pub(super) links: Vec<Link>,
    pub(super) closed: bool,
    /// Authored pressure at the nodes; empty: none.
    pub(super) pressure: Vec<f64>,
    /// Index of the mark it draws.
    pub(super) mark: Option<usize>,
}

/// What the feature finders need to know of one object now.
pub(super) struct Sight<'a> {
    pub(super) object: &'a SceneObject,
    pub(super) anatomy: &'a Anatomy,
    pub(super) projection: &'a Projection,
    /// For each triangle whether its front is seen.
    pub(super) front: Vec<bool>,
}

impl<'a> Sight<'a> {
    pub(super) fn new(object: &'a SceneObject, anatomy: &'a Anatomy, projection: &'a Projection) -> Self {
        let positions = &object.posed.positions;
        let front = object
            .model
            .mesh
            .triangles
            .par_iter()
            .with_min_len(CHUNK)
            .map(|&[a, b, c]| {
                let [a, b, c] = [
                    positions[a as usize],
                    positions[b as usize],
                    positions[c as usize],
                ];
                (b - a).cross(c - a).dot(towards(projection, a)) > 0.0
            })
            .collect();
        Self {
            object,
            anatomy,
            projection,
            front,
        }
    }

    pub(super) fn two_sided(&self, triangle: u32) -> bool {
        let mesh = &self.object.model.mesh;
        mesh.parts[usize::from(mesh.triangle_part[triangle as usize])].two_sided
    }

    /// Mean length of a triangle's sides, metres.
    pub(super) fn side_m(&self, triangle: u32) -> f64 {
        let [a, b, c] = self.corners(triangle);
        ((b - a).length() + (c - b).length() + (a - c).length()) / 3.0
    }

    /// Least height of a triangle on the picture, pixels; infinite behind the camera.
    pub(super) fn width_px(&self, triangle: u32) -> f64 {
        let corners = self.corners(triangle).map(|p| self.projection.project(p));
        let [Some(a), Some(b), Some(c)] = corners else {
            return f64::INFINITY;
        };
        let longest = (b - a).length().max((c - b).length()).max((a - c).length());
        if longest > 0.0 {
            (b - a).perp_dot(c - a).abs() / longest
        } else {
            0.0
        }
    }

    /// Unit normal of a triangle; zero for a degenerate one.
    pub(super) fn normal(&self, triangle: u32) -> DVec3 {
        let [a, b, c] = self.corners(triangle);
        (b - a).cross(c - a).normalize_or_zero()
    }

    pub(super) fn corners(&self, triangle: u32) -> [DVec3; 3] {
        let positions = &self.object.posed.positions;
        let [a, b, c] = self.object.model.mesh.triangles[triangle as usize];
        [
            positions[a as usize],
            positions[b as usize],
            positions[c as usize],
        ]
    }

    /// Both ends of an edge in the world, read off a triangle beside it.
    pub(super) fn edge_ends(&self, edge: u32) -> Option<[DVec3; 2]> {
        let topology = &self.anatomy.topology;
        let triangle = topology.edges[edge as usize]
            .triangles
            .into_iter()
            .find(|&t| t != Edge::NONE)?;
        let sides = topology.triangle_edges[triangle as usize];
        let k = sides.iter().position(|&e| e == edge)?;
        let corners = self.corners(triangle);
        Some([corners[k], corners[(k + 1) % 3]])
    }

    /// Chains of the edges marked at rest, as they are seen now.
    pub(super) fn edge_chains(&self) -> Vec<Chain> {
        self.anatomy
            .chains
            .iter()
            .filter_map(|chain| self.edge_chain(chain))
            .collect()
    }

    fn edge_chain(&self, chain: &EdgeChain) -> Option<Chain> {
        let links: Vec<Link> = chain
            .edges
            .iter()
            .map(|&e| self.edge_link(chain.kind, e))
            .collect();
        links.iter().any(|l| l.shown).then(|| Chain {
            kind: chain.kind,
            nodes: chain
                .vertices
                .iter()
                .map(|&v| self.object.posed.positions[v as usize])
                .collect(),
            links,
            closed: chain.closed,
            pressure: Vec::new(),
            mark: None,
        })
    }

    fn edge_link(&self, kind: Kind, edge: u32) -> Link {
        let triangles = self.anatomy.topology.edges[edge as usize].triangles;
        let present = || triangles.into_iter().filter(|&t| t != Edge::NONE);
        let front = present().filter(|&t| self.front[t as usize]).count();
        let silhouette = front == 1 && present().count() == 2;
        let seen = front > 0 || present().any(|t| self.two_sided(t));
        Link {
            triangles,
            under: present().next().unwrap_or(Edge::NONE),
            shown: if kind == Kind::Hard { silhouette } else { seen },
            silhouette,
            reach_m: 0.0,
            share: 0.0,
        }
    }
}

/// Direction from a point to the viewer; its length is the distance for a perspective view.
pub(super) fn towards(projection: &Projection, p: DVec3) -> DVec3 {
    projection.centre.map_or(-projection.forward, |c| c - p)
}
