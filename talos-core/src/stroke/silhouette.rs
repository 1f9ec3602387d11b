//! Silhouettes that interpolated contours miss.
//!
//! Where the facets of a mesh are large, the zero set of interpolated normals may run behind the form
//! or not exist, though the form ends there for all to see. The silhouette of the triangles themselves
//! fills in: what of it is seen and has no line near it is drawn.

use rayon::prelude::*;

use super::anatomy::Kind;
use super::chain::{CHUNK, Chain, Link, Sight};
use super::contour::{Piece, linked};
use super::grid::Grid;
use super::snap::{FINE_PX, MOST_PX};
use super::trace::Trace;
use crate::geometry::Edge;

/// A line this near, as a share of the facets' length, is the silhouette's own: contours lie beside
/// it by up to an eighth, and smoothing cuts corners.
const SHARE: f64 = 0.4;

/// The least that counts as near, pixels at 1080 lines.
const LEAST_PX: f64 = 3.0;

/// On a surface that turns by less than this from facet to facet the silhouette zigzags around the
/// contour, most of all at cusps: 10°.
const ZIGZAG_ANGLE: f64 = 0.18;

/// Longer edges are no zigzag: the folds of a terrain. Pixels at 1080 lines.
const ZIGZAG_PX: f64 = 20.0;

/// Shorter rests are the zig-zag of facets. Pixels at 1080 lines.
const SHORT_PX: f64 = 6.0;

/// The silhouette of the large triangles, except for edges that are lines of their own.
pub(super) fn silhouettes(sight: &Sight<'_>, scale: f64) -> Vec<Chain> {
    let anatomy = sight.anatomy;
    let pieces: Vec<Piece> = (0..anatomy.topology.edges.len())
        .into_par_iter()
        .with_min_len(CHUNK)
        .filter(|&e| !anatomy.sharp[e])
        .filter_map(|e| piece(sight, e as u32, scale))
        .collect();
    linked(&pieces, Kind::Hard)
}

/// An edge between the front and the back, run as the front's triangle runs it.
fn piece(sight: &Sight<'_>, edge: u32, scale: f64) -> Option<Piece> {
    let [a, b] = sight.anatomy.topology.edges[edge as usize].triangles;
    if a == Edge::NONE || b == Edge::NONE || sight.front[a as usize] == sight.front[b as usize] {
        return None;
    }
    let (front, back) = if sight.front[a as usize] { (a, b) } else { (b, a) };
    let sides = sight.anatomy.topology.triangle_edges[front as usize];
    let k = sides.iter().position(|&e| e == edge)?;
    let corners = sight.corners(front);
    let (start, end) = (corners[k], corners[(k + 1) % 3]);
    let (p, q) = (sight.projection.project(start)?, sight.projection.project(end)?);
    let length = (q - p).length();
    let blunt = || sight.normal(front).angle_between(sight.normal(back)) < ZIGZAG_ANGLE;
    if length < FINE_PX * scale || (length < ZIGZAG_PX * scale && blunt()) {
        return None;
    }
    let vertices = sight.object.model.mesh.triangles[front as usize];
    Some(Piece {
        from: u64::from(vertices[k]),
        to: u64::from(vertices[(k + 1) % 3]),
        start,
        end,
        link: Link {
            triangles: [front, back],
            under: front,
            shown: true,
            silhouette: true,
            reach_m: 0.0,
            share: 0.0,
        },
    })
}

/// The stretches of visible silhouettes that have none of the drawn lines near them.
pub(super) fn rests<'a>(runs: Vec<Trace>, drawn: impl Iterator<Item = &'a Trace>, scale: f64) -> Vec<Trace> {
    if runs.is_empty() {
        return runs;
    }
    let points = drawn.flat_map(|t| t.samples.iter().map(|s| s.pixel));
    let grid = Grid::new(points, MOST_PX * scale);
    runs.into_iter()
        .flat_map(|run| {
            let links = 1 + run.samples.windows(2).filter(|w| w[0].link != w[1].link).count();
            let reach = (SHARE * run.length() / links as f64).clamp(LEAST_PX * scale, MOST_PX * scale);
            let bare: Vec<bool> = run.samples.iter().map(|s| !grid.within(s.pixel, reach)).collect();
            stretches(&run, &bare)
        })
        .filter(|rest| rest.length() >= SHORT_PX * scale)
        .collect()
}

/// The unbroken stretches of a run whose samples are marked.
fn stretches(run: &Trace, marked: &[bool]) -> Vec<Trace> {
    if marked.iter().all(|&m| m) {
        return vec![run.clone()];
    }
    let mut start = 0;
    marked
        .chunk_by(|a, b| a == b)
        .filter_map(|stretch| {
            let range = start..start + stretch.len();
            start = range.end;
            (stretch[0] && stretch.len() > 2).then(|| Trace {
                samples: run.samples[range].to_vec(),
                closed: false,
            })
        })
        .collect()
}
