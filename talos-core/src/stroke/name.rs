//! Ids that name the feature: `<object>.<part>.<kind>.<cell>`, and `.<rank>` behind it for the
//! second and further strokes of a cell.

use super::anatomy::{Anatomy, Kind};
use super::chain::Link;
use super::trace::Trace;
use super::{Stroke, StyleClass};
use crate::geometry::Edge;
use crate::scene::SceneObject;

/// A stroke before it has its id.
pub(super) struct Draft {
    pub(super) stroke: Stroke,
    pub(super) place: Place,
}

/// Where on its object a stroke mostly lies.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Place {
    /// The id up to its number.
    prefix: String,
    /// Cell of the part; 0 for marks.
    cell: u32,
    /// Longer strokes first, by powers of two: a short one that appears renames no long one.
    shortness: i32,
    /// Lowest triangle along it.
    triangle: u32,
}

impl Place {
    /// Place of a line; `links` are those its samples refer to.
    pub(super) fn of(
        object: &SceneObject,
        anatomy: &Anatomy,
        kind: Kind,
        mark: Option<usize>,
        links: &[Link],
        trace: &Trace,
    ) -> Self {
        let shortness = -((trace.length().max(1.0) as u64).ilog2() as i32);
        if let Some(mark) = mark.and_then(|m| object.model.marks.get(m)) {
            return Self {
                prefix: format!("{}.{}", object.id, mark.name),
                cell: 0,
                shortness,
                triangle: 0,
            };
        }
        let mesh = &object.model.mesh;
        let (mut votes, mut triangle) = (std::collections::BTreeMap::<(u16, u32), u32>::new(), u32::MAX);
        for sample in &trace.samples {
            let [a, b] = links[sample.link as usize].triangles;
            let t = if a == Edge::NONE { b } else { a };
            if t != Edge::NONE {
                *votes
                    .entry((mesh.triangle_part[t as usize], anatomy.cell[t as usize]))
                    .or_default() += 1;
                triangle = triangle.min(t);
            }
        }
        let best = votes
            .iter()
            .max_by_key(|&(&place, &count)| (count, std::cmp::Reverse(place)));
        let (part, cell) = best.map_or((0, 0), |(&place, _)| place);
        let part = mesh
            .parts
            .get(usize::from(part))
            .map_or("part", |p| p.name.as_str());
        Self {
            prefix: format!("{}.{part}.{}", object.id, kind.label()),
            cell,
            shortness,
            triangle,
        }
    }
}

/// Gives every stroke its id, unique in the frame, and sorts by it.
pub(super) fn named(mut drafts: Vec<Draft>) -> Vec<Stroke> {
    drafts.sort_by(|a, b| {
        a.place
            .cmp(&b.place)
            .then_with(|| compare_points(&a.stroke, &b.stroke))
    });
    let mut result: Vec<Stroke> = Vec::with_capacity(drafts.len());
    for group in drafts.chunk_by_mut(|a, b| a.place.prefix == b.place.prefix && a.place.cell == b.place.cell)
    {
        for (rank, draft) in group.iter_mut().enumerate() {
            let Place { prefix, cell, .. } = &draft.place;
            draft.stroke.stroke_id = match (draft.stroke.style_class, rank) {
                (StyleClass::Mark, 0) => prefix.clone(),
                (StyleClass::Mark, _) => format!("{prefix}.{rank}"),
                (_, 0) => format!("{prefix}.{cell:03}"),
                _ => format!("{prefix}.{cell:03}.{rank}"),
            };
        }
    }
    result.extend(drafts.into_iter().map(|d| d.stroke));
    result.sort_by(|a, b| a.stroke_id.cmp(&b.stroke_id));
    result
}

fn compare_points(a: &Stroke, b: &Stroke) -> std::cmp::Ordering {
    let key = |s: &Stroke| s.points.first().map_or([0.0, 0.0], |p| p.to_array());
    let (p, q) = (key(a), key(b));
    p[0].total_cmp(&q[0]).then(p[1].total_cmp(&q[1]))
}

/// The style class of a stroke.
pub(super) fn class_of(kind: Kind, links: &[Link], trace: &Trace) -> StyleClass {
    let silhouettes = trace
        .samples
        .iter()
        .filter(|s| links[s.link as usize].silhouette)
        .count();
    match kind {
        Kind::Mark => StyleClass::Mark,
        Kind::Contour | Kind::Hard => StyleClass::Contour,
        Kind::Border => StyleClass::Border,
        _ if silhouettes * 2 > trace.samples.len() => StyleClass::Contour,
        Kind::Crease | Kind::Intersection => StyleClass::Crease,
        Kind::Material => StyleClass::Detail,
    }
}
