//! An independent judge of what is drawn: features sampled densely and looked at by rays.
//!
//! It shares no code with the visibility that drawing uses (a raster of triangles and depths): here a
//! bounding volume hierarchy over all triangles tells whether a straight line to the eye is free. The
//! smooth contour's reference is the mesh's own silhouette: the edges between triangles that face the
//! viewer and such that don't.

use std::collections::BTreeMap;
use std::sync::Arc;

use rayon::prelude::*;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Stroke;
use super::anatomy::{Anatomy, Kind};
use super::grid::{Grid, around, cell};
use crate::camera::{FrameSize, Projection};
use crate::geometry::{Bvh, Edge};
use crate::math::{DVec2, DVec3};
use crate::scene::SceneObject;

/// Distance of samples, pixels at 1080 lines: four times the picture's resolution.
const SAMPLE_PX: f64 = 0.25;

/// A drawn place agrees with a reference within this, pixels at 1080 lines.
const REACH_PX: f64 = 1.0;

/// Visible features shorter than this are not missed: drawing leaves them out as noise. Pixels at 1080 lines.
const SHORT_PX: f64 = 14.0;

/// Share of the distance to the eye that a surface in front must keep: less is contact.
const CONTACT: f64 = 5e-4;

/// How far one type of line agrees with its reference, pixels of line.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Agreement {
    /// Drawn.
    pub drawn_px: f64,
    /// Drawn where a feature of this type is seen.
    pub right_px: f64,
    /// Seen, of the reference.
    pub seen_px: f64,
    /// Seen and drawn, as whichever type.
    pub found_px: f64,
}

impl Agreement {
    /// Share of what is drawn that is right; 1 where nothing is drawn.
    #[must_use]
    pub fn precision(&self) -> f64 {
        if self.drawn_px > 0.0 {
            self.right_px / self.drawn_px
        } else {
            1.0
        }
    }

    /// Share of what is seen that is drawn; 1 where nothing is seen.
    #[must_use]
    pub fn recall(&self) -> f64 {
        if self.seen_px > 0.0 {
            self.found_px / self.seen_px
        } else {
            1.0
        }
    }
}

/// What the judge found.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Audit {
    /// Agreement by type of line: `contour`, `border`, `crease`, `seam`.
    pub types: BTreeMap<&'static str, Agreement>,
    /// Places that are drawn where nothing of their type is seen, pixels.
    pub wrong: Vec<DVec2>,
    /// Places where a feature is seen that is not drawn, pixels.
    pub missed: Vec<DVec2>,
}

/// Judges the strokes of a frame.
#[must_use]
pub fn audit(
    objects: &[SceneObject],
    anatomies: &[Arc<Anatomy>],
    projection: &Projection,
    size: FrameSize,
    strokes: &[Stroke],
) -> Audit {
    let judge = Judge::new(objects, anatomies, projection, size);
    let scale = size.scale();
    let drawn: Vec<(Option<&'static str>, Vec<DVec2>)> = strokes
        .iter()
        .map(|s| (type_of(&s.stroke_id), dense(s, SAMPLE_PX * scale)))
        .collect();
    let all = Grid::new(drawn.iter().flat_map(|d| d.1.iter().copied()), REACH_PX * scale);
    let mut audit = Audit::default();
    for kind in [Kind::Contour, Kind::Border, Kind::Crease, Kind::Material] {
        let seen = judge.seen(kind);
        let reference = Grid::new(seen.iter().flatten().copied(), REACH_PX * scale);
        let own = drawn.iter().filter(|d| d.0 == Some(kind.label()));
        let mut agreement = Agreement::default();
        for p in own.flat_map(|d| &d.1).filter(|p| judge.inside(**p)) {
            agreement.drawn_px += SAMPLE_PX;
            if reference.near(*p) {
                agreement.right_px += SAMPLE_PX;
            } else {
                audit.wrong.push(*p);
            }
        }
        let judged = match kind {
            Kind::Contour => long(&seen.concat(), scale),
            _ => seen
                .into_iter()
                .filter(|run| extent(run) >= SHORT_PX * scale)
                .flatten()
                .collect(),
        };
        for p in judged {
            agreement.seen_px += SAMPLE_PX;
            if all.near(p) {
                agreement.found_px += SAMPLE_PX;
            } else {
                audit.missed.push(p);
            }
        }
        audit.types.insert(kind.label(), agreement);
    }
    audit
}

/// Length of an unbroken run of samples.
fn extent(run: &[DVec2]) -> f64 {
    run.windows(2).map(|w| (w[1] - w[0]).length()).sum()
}

/// The type of line that an id names.
fn type_of(id: &str) -> Option<&'static str> {
    [Kind::Contour, Kind::Border, Kind::Crease, Kind::Material]
        .map(Kind::label)
        .into_iter()
        .find(|label| id.split('.').any(|word| word == *label))
}

/// Points along a stroke.
fn dense(stroke: &Stroke, step_px: f64) -> Vec<DVec2> {
    (0..stroke.segments())
        .flat_map(|segment| {
            let polygon = &stroke.points[segment * 3..segment * 3 + 4];
            let length: f64 = polygon.windows(2).map(|w| (w[1] - w[0]).length()).sum();
            let count = (length / step_px).ceil().clamp(1.0, 1e5) as usize;
            (0..count).map(move |k| stroke.point(segment, k as f64 / count as f64))
        })
        .collect()
}

struct Judge<'a> {
    objects: &'a [SceneObject],
    anatomies: &'a [Arc<Anatomy>],
    projection: &'a Projection,
    size: FrameSize,
    bvh: Bvh,
    /// Number of each object's first triangle in the tree.
    first: Vec<u32>,
}

impl<'a> Judge<'a> {
    fn new(
        objects: &'a [SceneObject],
        anatomies: &'a [Arc<Anatomy>],
        projection: &'a Projection,
        size: FrameSize,
    ) -> Self {
        let mut first = Vec::with_capacity(objects.len());
        let mut triangles = Vec::new();
        for object in objects {
            first.push(triangles.len() as u32);
            let corners = |t: &[u32; 3]| t.map(|v| object.posed.positions[v as usize]);
            triangles.extend(object.model.mesh.triangles.iter().map(corners));
        }
        Self {
            objects,
            anatomies,
            projection,
            size,
            bvh: Bvh::new(triangles),
            first,
        }
    }

    /// Runs of places on the picture where features of a kind are seen.
    fn seen(&self, kind: Kind) -> Vec<Vec<DVec2>> {
        let of_object = |o: usize| -> Vec<Vec<DVec2>> {
            let features = self.features(o, kind);
            features
                .iter()
                .flat_map(|chain| self.seen_along(o, chain))
                .collect()
        };
        let each: Vec<_> = (0..self.objects.len()).into_par_iter().map(of_object).collect();
        each.into_iter().flatten().collect()
    }

    /// Chains of edges; silhouettes one by one.
    fn features(&self, object: usize, kind: Kind) -> Vec<Vec<u32>> {
        let anatomy = &self.anatomies[object];
        if kind == Kind::Contour {
            return (0..anatomy.topology.edges.len() as u32)
                .filter(|&e| self.is_silhouette(object, e))
                .map(|e| vec![e])
                .collect();
        }
        let chains = anatomy.chains.iter().filter(|c| c.kind == kind);
        chains.map(|c| c.edges.clone()).collect()
    }

    /// The runs of a chain that are seen: a run ends where one sample is hidden.
    fn seen_along(&self, object: usize, chain: &[u32]) -> Vec<Vec<DVec2>> {
        let mut runs = vec![Vec::new()];
        let mut end: Option<DVec2> = None;
        for &edge in chain {
            let mut samples = self.samples(object, edge);
            let far = |s: &Option<DVec2>| end.zip(*s).map_or(0.0, |(a, b)| (b - a).length());
            if let (Some(first), Some(last)) = (samples.first(), samples.last())
                && far(last) < far(first)
            {
                samples.reverse();
            }
            for sample in samples {
                end = sample.or(end);
                match (sample, runs.last_mut()) {
                    (Some(p), Some(run)) => run.push(p),
                    _ => runs.push(Vec::new()),
                }
            }
        }
        runs.retain(|run| !run.is_empty());
        runs
    }

    fn corners(&self, object: usize, triangle: u32) -> [DVec3; 3] {
        let object = &self.objects[object];
        object.model.mesh.triangles[triangle as usize].map(|v| object.posed.positions[v as usize])
    }

    fn faces(&self, object: usize, triangle: u32) -> bool {
        let [a, b, c] = self.corners(object, triangle);
        let view = self
            .projection
            .centre
            .map_or(-self.projection.forward, |eye| eye - a);
        (b - a).cross(c - a).dot(view) > 0.0
    }

    fn is_silhouette(&self, object: usize, edge: u32) -> bool {
        let [a, b] = self.anatomies[object].topology.edges[edge as usize].triangles;
        a != Edge::NONE && b != Edge::NONE && self.faces(object, a) != self.faces(object, b)
    }

    /// Places along an edge; `None` where one is hidden.
    fn samples(&self, object: usize, edge: u32) -> Vec<Option<DVec2>> {
        let topology = &self.anatomies[object].topology;
        let beside = topology.edges[edge as usize].triangles;
        let Some(triangle) = beside.into_iter().find(|&t| t != Edge::NONE) else {
            return vec![None];
        };
        let sides = topology.triangle_edges[triangle as usize];
        let Some(k) = sides.iter().position(|&e| e == edge) else {
            return vec![None];
        };
        let mesh = &self.objects[object].model.mesh;
        let two_sided = |t: u32| mesh.parts[usize::from(mesh.triangle_part[t as usize])].two_sided;
        let present = || beside.into_iter().filter(|&t| t != Edge::NONE);
        if !present().any(|t| self.faces(object, t) || two_sided(t)) {
            return vec![None];
        }
        let corners = self.corners(object, triangle);
        let (a, b) = (corners[k], corners[(k + 1) % 3]);
        let (Some(p), Some(q)) = (self.projection.project(a), self.projection.project(b)) else {
            return vec![None];
        };
        let count = ((q - p).length() / (SAMPLE_PX * self.size.scale()))
            .ceil()
            .clamp(1.0, 2e4) as usize;
        let own = beside.map(|t| t.saturating_add(self.first[object]));
        (0..count)
            .map(|k| {
                let at = a + (b - a) * ((k as f64 + 0.5) / count as f64);
                let pixel = self.projection.project(at)?;
                (self.inside(pixel) && self.free(at, own)).then_some(pixel)
            })
            .collect()
    }

    fn inside(&self, p: DVec2) -> bool {
        p.x >= 0.0 && p.y >= 0.0 && p.x < f64::from(self.size.width) && p.y < f64::from(self.size.height)
    }

    /// Whether nothing stands between a place and the eye.
    fn free(&self, at: DVec3, own: [u32; 2]) -> bool {
        let eye = self
            .projection
            .centre
            .unwrap_or_else(|| at - self.projection.forward * self.projection.depth(at));
        let near = Projection::NEAR_M / self.projection.depth(at);
        !self
            .bvh
            .blocked(eye, at, near..1.0 - CONTACT, |t| own.contains(&t))
    }
}

/// Those of the points that lie on a connected line of some length.
fn long(points: &[DVec2], scale: f64) -> Vec<DVec2> {
    let grid = Grid::new(points.iter().copied(), scale);
    let mut group: BTreeMap<(i32, i32), u32> = BTreeMap::new();
    let mut extents: Vec<(DVec2, DVec2)> = Vec::new();
    for &start in grid.cells.keys() {
        if group.contains_key(&start) {
            continue;
        }
        let number = extents.len() as u32;
        let (mut low, mut high) = (DVec2::INFINITY, DVec2::NEG_INFINITY);
        let mut stack = vec![start];
        group.insert(start, number);
        while let Some(at) = stack.pop() {
            for p in &grid.cells[&at] {
                (low, high) = (low.min(*p), high.max(*p));
            }
            for next in around(at).filter(|c| grid.cells.contains_key(c)) {
                if let std::collections::btree_map::Entry::Vacant(entry) = group.entry(next) {
                    entry.insert(number);
                    stack.push(next);
                }
            }
        }
        extents.push((low, high));
    }
    points
        .iter()
        .copied()
        .filter(|p| {
            let (low, high) = extents[group[&cell(*p, scale)] as usize];
            (high - low).length() >= SHORT_PX * scale
        })
        .collect()
}
