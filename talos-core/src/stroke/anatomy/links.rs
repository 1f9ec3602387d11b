//! Edges of one kind, linked into chains at rest.

use super::{EdgeChain, Kind};
use crate::geometry::Topology;
use crate::math::DVec3;

/// Two edges that alone meet at a vertex are one line while they turn less than this; 50°: the
/// corners of a box or a hexagon stay corners, a coarse rim stays a rim.
const JOIN_COSINE: f64 = 0.643;

/// Where more than two meet, only nearly straight pairs (30°) go on through.
const CROSSING_COSINE: f64 = 0.866;

/// Chains of the edges that have a kind, by kind and lowest edge.
pub(super) fn chains(positions: &[DVec3], topology: &Topology, kinds: &[Option<Kind>]) -> Vec<EdgeChain> {
    let mut result = Vec::new();
    for kind in [Kind::Border, Kind::Crease, Kind::Material, Kind::Hard] {
        let edges: Vec<u32> = (0..kinds.len() as u32)
            .filter(|&e| kinds[e as usize] == Some(kind))
            .collect();
        let partners = partners(positions, topology, &edges);
        let mut used = vec![false; edges.len()];
        // open chains first, from their ends; what is left then are loops
        for pass in [false, true] {
            for start in 0..edges.len() {
                let end = (0..2).find(|&side| partners[start][side].is_none());
                if !used[start] && (pass || end.is_some()) {
                    result.push(walk(
                        topology,
                        kind,
                        &edges,
                        &partners,
                        start,
                        end.unwrap_or(0),
                        &mut used,
                    ));
                }
            }
        }
    }
    result
}

/// For each edge (by place in `edges`) and each of its ends, the edge and end it goes on with.
type Partners = Vec<[Option<(usize, usize)>; 2]>;

fn partners(positions: &[DVec3], topology: &Topology, edges: &[u32]) -> Partners {
    let ends_of = |e: u32| topology.edges[e as usize].vertices;
    let mut ends: Vec<(u32, usize, usize)> = edges
        .iter()
        .enumerate()
        .flat_map(|(i, &e)| [0, 1].map(|side| (ends_of(e)[side], i, side)))
        .collect();
    ends.sort_unstable();
    let away = |&(_, i, side): &(u32, usize, usize)| {
        let v = ends_of(edges[i]);
        (positions[v[1 - side] as usize] - positions[v[side] as usize]).normalize_or_zero()
    };
    let mut partners: Partners = vec![[None; 2]; edges.len()];
    for group in ends.chunk_by(|a, b| a.0 == b.0) {
        let limit = if group.len() == 2 {
            JOIN_COSINE
        } else {
            CROSSING_COSINE
        };
        let mut pairs: Vec<(f64, usize, usize)> = Vec::new();
        for a in 0..group.len() {
            for b in a + 1..group.len().min(a + 16) {
                let straight = -away(&group[a]).dot(away(&group[b]));
                if straight > limit {
                    pairs.push((straight, a, b));
                }
            }
        }
        pairs.sort_by(|p, q| q.0.total_cmp(&p.0).then((p.1, p.2).cmp(&(q.1, q.2))));
        for (_, a, b) in pairs {
            let (a, b) = (group[a], group[b]);
            if partners[a.1][a.2].is_none() && partners[b.1][b.2].is_none() {
                partners[a.1][a.2] = Some((b.1, b.2));
                partners[b.1][b.2] = Some((a.1, a.2));
            }
        }
    }
    partners
}

/// Follows a chain from one end of an edge.
fn walk(
    topology: &Topology,
    kind: Kind,
    edges: &[u32],
    partners: &Partners,
    start: usize,
    start_side: usize,
    used: &mut [bool],
) -> EdgeChain {
    let mut chain = EdgeChain {
        kind,
        vertices: Vec::new(),
        edges: Vec::new(),
        closed: false,
    };
    let (mut at, mut side) = (start, start_side);
    loop {
        used[at] = true;
        let vertices = topology.edges[edges[at] as usize].vertices;
        chain.vertices.push(vertices[side]);
        chain.edges.push(edges[at]);
        match partners[at][1 - side] {
            Some((next, next_side)) if !used[next] => (at, side) = (next, next_side),
            Some((next, _)) if next == start && chain.edges.len() > 2 => {
                chain.closed = true;
                return chain;
            }
            _ => {
                chain.vertices.push(vertices[1 - side]);
                return chain;
            }
        }
    }
}
