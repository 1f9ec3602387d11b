//! Coarse outlines: a contour is moved onto the silhouette of the mesh that is filled.
//!
//! The zero set of interpolated normals lies beside the silhouette of the triangles by up to an
//! eighth of a facet's length times its turning: nothing on a fine mesh, several pixels on foliage
//! or a distant ridge of large triangles. There the outermost of the mesh's silhouette edges around
//! the contour is what the eye sees as the form's edge (Bénard & Hertzmann 2019, section 4), so each
//! sample goes to it, along the line's normal.

use super::chain::{Chain, Sight};
use super::trace::{STEP_PX, Trace};
use crate::geometry::Edge;
use crate::math::{DVec2, scalar};

/// Facets shorter than this leave a contour within a tenth of a pixel of the silhouette even where
/// they turn by 20°. Pixels at 1080 lines.
pub(super) const FINE_PX: f64 = 2.5;

/// The silhouette is searched this far to either side, as a share of the facet's length: three
/// times the offset of a fold that turns by 60° in one facet.
const REACH: f64 = 0.4;

/// Greatest move, pixels at 1080 lines: beyond it another fold would be caught.
pub(super) const MOST_PX: f64 = 14.0;

/// Samples without a silhouette beside them follow neighbours up to this far along the line.
/// Pixels at 1080 lines.
const FILL_PX: f64 = 12.0;

/// A silhouette edge on the picture: pixels and inverse depths of its ends.
type Segment = [(DVec2, f64); 2];

/// How far a sample goes: pixels outwards, and the change of its inverse depth.
type Move = [f64; 2];

/// The silhouette edges around each link of a contour, for those links whose facets are coarse.
struct Around<'a> {
    sight: &'a Sight<'a>,
    chain: &'a Chain,
    near: Vec<Option<(f64, Vec<Segment>)>>,
}

/// Moves the samples of a contour onto the silhouette of the mesh where its facets are coarse.
pub(super) fn snap(sight: &Sight<'_>, chain: &Chain, trace: &mut Trace, scale: f64) {
    let count = trace.samples.len();
    if count < 3 || trace.length() < FINE_PX * scale * links_of(trace) as f64 {
        return;
    }
    // what turns towards its own form all along is hidden by it
    if !trace.samples.iter().any(|s| chain.links[s.link as usize].shown) {
        return;
    }
    let mut around = Around {
        sight,
        chain,
        near: vec![None; chain.links.len()],
    };
    let moves: Vec<Option<Move>> = (0..count).map(|i| around.offset(trace, i, scale)).collect();
    for (sample, real) in trace.samples.iter_mut().zip(supported(&moves, trace.closed)) {
        sample.real = real;
    }
    let reach = FILL_PX / STEP_PX;
    let [offsets, depths] = [0, 1].map(|axis| {
        let values: Vec<Option<f64>> = moves.iter().map(|m| m.map(|m| m[axis])).collect();
        smoothed(&filled(&values, trace.closed, reach), trace.closed)
    });
    let normals: Vec<DVec2> = (0..count).map(|i| outward(trace, i)).collect();
    for (i, sample) in trace.samples.iter_mut().enumerate() {
        sample.pixel += normals[i] * offsets[i];
        sample.inverse_depth += depths[i];
    }
}

/// Whether a silhouette is found at each sample or a few before or behind it: where there is none the
/// form does not end, whatever its interpolated normals say.
fn supported(moves: &[Option<Move>], closed: bool) -> Vec<bool> {
    const REACH: isize = 4;
    let count = moves.len() as isize;
    let at = |i: isize| {
        let i = if closed {
            i.rem_euclid(count)
        } else {
            i.clamp(0, count - 1)
        };
        moves[i as usize].is_some()
    };
    (0..count).map(|i| (-REACH..=REACH).any(|k| at(i + k))).collect()
}

fn links_of(trace: &Trace) -> usize {
    1 + trace
        .samples
        .windows(2)
        .filter(|w| w[0].link != w[1].link)
        .count()
}

/// Unit normal of the line at a sample, away from the form: contours run with the form's visible
/// side to their left, which is their right where y points down.
fn outward(trace: &Trace, i: usize) -> DVec2 {
    let count = trace.samples.len();
    let reach = 2;
    let at = |k: usize| trace.samples[k].pixel;
    let direction = if trace.closed {
        at((i + reach) % count) - at((i + count - reach % count) % count)
    } else {
        at((i + reach).min(count - 1)) - at(i.saturating_sub(reach))
    };
    direction.normalize_or_zero().perp()
}

impl Around<'_> {
    /// How far beyond a sample the silhouette lies; `None` where there is none beside it.
    fn offset(&mut self, trace: &Trace, i: usize, scale: f64) -> Option<Move> {
        let (at, normal) = (trace.samples[i].pixel, outward(trace, i));
        let links = self.chain.links.len();
        let own = trace.samples[i].link as usize;
        self.gather(own);
        let facet = self.near[own].as_ref()?.0;
        let reach = (REACH * facet).min(MOST_PX * scale);
        if facet < FINE_PX * scale {
            return Some([0.0; 2]);
        }
        let mut best: Option<Move> = None;
        for step in [-1_isize, 0, 1] {
            let link = own as isize + step;
            let link = if self.chain.closed {
                link.rem_euclid(links as isize)
            } else if (0..links as isize).contains(&link) {
                link
            } else {
                continue;
            } as usize;
            self.gather(link);
            let segments = self.near[link].iter().flat_map(|near| &near.1);
            let here = segments
                .filter_map(|segment| crossing(at, normal, segment))
                .filter(|s| s[0].abs() <= reach);
            best = here.fold(best, |best, s| Some(best.filter(|b| b[0] >= s[0]).unwrap_or(s)));
        }
        best.map(|[offset, inverse_depth]| [offset, inverse_depth - trace.samples[i].inverse_depth])
    }

    /// Silhouette edges of the triangles around a link's, and the facet's length on
    /// the picture.
    fn gather(&mut self, link: usize) {
        if self.near[link].is_some() {
            return;
        }
        let topology = &self.sight.anatomy.topology;
        let triangle = self.chain.links[link].triangles[0];
        let mut edges: Vec<u32> = Vec::new();
        let mut longest = 0.0_f64;
        if triangle != Edge::NONE {
            // two rings around the triangle: the silhouette's corner may be a vertex whose edges lie
            // on the far side of its fan
            let own = topology.triangle_edges[triangle as usize];
            let around = |edges: &[u32]| -> Vec<u32> {
                let beside = edges.iter().flat_map(|&e| topology.edges[e as usize].triangles);
                let mut triangles: Vec<u32> = beside.filter(|&t| t != Edge::NONE).collect();
                triangles.sort_unstable();
                triangles.dedup();
                let sides = triangles.iter().map(|&t| topology.triangle_edges[t as usize]);
                sides.flatten().collect()
            };
            edges = around(&around(&own));
            edges.retain(|&e| self.is_silhouette(e));
            edges.sort_unstable();
            edges.dedup();
            for edge in own {
                longest = longest.max(self.segment(edge).map_or(0.0, |[a, b]| (b.0 - a.0).length()));
            }
        }
        let segments = edges.into_iter().filter_map(|e| self.segment(e)).collect();
        self.near[link] = Some((longest, segments));
    }

    fn is_silhouette(&self, edge: u32) -> bool {
        let [a, b] = self.sight.anatomy.topology.edges[edge as usize].triangles;
        let front = |t: u32| t != Edge::NONE && self.sight.front[t as usize];
        front(a) != front(b)
    }

    /// An edge on the picture.
    fn segment(&self, edge: u32) -> Option<Segment> {
        let [a, b] = self.sight.edge_ends(edge)?;
        let projection = self.sight.projection;
        let project = |p| Some((projection.project(p)?, 1.0 / projection.depth(p)));
        Some([project(a)?, project(b)?])
    }
}

/// Where the ray from `at` along ± `normal` meets a segment: the signed distance, and the inverse
/// depth there.
fn crossing(at: DVec2, normal: DVec2, [a, b]: &Segment) -> Option<Move> {
    let along = normal.perp();
    let (da, db) = ((a.0 - at).dot(along), (b.0 - at).dot(along));
    if (da < 0.0) == (db < 0.0) || da == db {
        return None;
    }
    let t = da / (da - db);
    let offset = (a.0 + (b.0 - a.0) * t - at).dot(normal);
    let inverse_depth = a.1 + (b.1 - a.1) * t;
    (offset.is_finite() && inverse_depth.is_finite()).then_some([offset, inverse_depth])
}

/// Fills gaps from the nearest known offsets, fading to none over `reach` samples.
fn filled(offsets: &[Option<f64>], closed: bool, reach: f64) -> Vec<f64> {
    let count = offsets.len();
    let rounds = if closed { 2 * count } else { count };
    let sweep = |backwards: bool| {
        let mut last: Option<(usize, f64)> = None;
        let mut result = vec![(f64::INFINITY, 0.0); count];
        for k in 0..rounds {
            let i = if backwards {
                (2 * count - 1 - k % count) % count
            } else {
                k % count
            };
            if let Some(offset) = offsets[i] {
                last = Some((k, offset));
            }
            if let Some((from, offset)) = last {
                result[i] = ((k - from) as f64, offset);
            }
        }
        result
    };
    sweep(false)
        .into_iter()
        .zip(sweep(true))
        .map(|((d0, o0), (d1, o1))| {
            let nearest = d0.min(d1);
            if nearest == 0.0 {
                return if d0 == 0.0 { o0 } else { o1 };
            }
            if nearest > reach {
                return 0.0;
            }
            let (w0, w1) = (1.0 / d0, 1.0 / d1);
            let fade = scalar::smoothstep(reach, 0.5 * reach, nearest);
            (o0 * w0 + o1 * w1) / (w0 + w1) * fade
        })
        .collect()
}

/// Takes single outliers out: the median of three, then a light average.
fn smoothed(offsets: &[f64], closed: bool) -> Vec<f64> {
    let count = offsets.len();
    let at = |values: &[f64], i: usize, by: isize| {
        let k = i as isize + by;
        let n = count as isize;
        values[if closed {
            k.rem_euclid(n)
        } else {
            k.clamp(0, n - 1)
        } as usize]
    };
    let median: Vec<f64> = (0..count)
        .map(|i| {
            let (a, b, c) = (at(offsets, i, -1), offsets[i], at(offsets, i, 1));
            a.max(b).min(c).max(a.min(b))
        })
        .collect();
    (0..count)
        .map(|i| 0.25 * at(&median, i, -1) + 0.5 * median[i] + 0.25 * at(&median, i, 1))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gaps_are_filled_from_both_sides_and_fade() {
        let mut offsets = vec![None; 40];
        offsets[0] = Some(2.0);
        offsets[4] = Some(4.0);
        let all = filled(&offsets, false, 8.0);
        assert!((all[2] - 3.0).abs() < 1e-12 && (all[5] - 4.0).abs() < 0.8);
        assert!(all[13..].iter().all(|&o| o == 0.0));
        assert!(filled(&[None; 5], true, 8.0).iter().all(|&o| o == 0.0));
    }

    #[test]
    fn a_ray_meets_a_segment_at_its_signed_distance() {
        let segment = [(DVec2::new(-1.0, 3.0), 0.1), (DVec2::new(1.0, 5.0), 0.3)];
        assert_eq!(crossing(DVec2::ZERO, DVec2::Y, &segment), Some([4.0, 0.2]));
        assert_eq!(crossing(DVec2::ZERO, DVec2::NEG_Y, &segment), Some([-4.0, 0.2]));
        assert_eq!(crossing(DVec2::X * 2.0, DVec2::Y, &segment), None);
    }
}
