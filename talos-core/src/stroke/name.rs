//! Ids that name the feature: `<object>.<part>.<kind>.<cell>`, and `.<rank>` behind it for strokes
//! whose cells all belong to longer ones.

use super::anatomy::{Anatomy, Kind};
use super::chain::Link;
use super::footprint::Footprint;
use super::trace::Trace;
use super::{Stroke, StyleClass};
use crate::geometry::Edge;
use crate::scene::SceneObject;

/// A stroke before it has its id.
pub(super) struct Draft {
    pub(super) stroke: Stroke,
    pub(super) place: Place,
    pub(super) footprint: Footprint,
}

impl Draft {
    /// A stroke whose curve is not wanted.
    pub(super) fn sketched(style_class: StyleClass, place: Place, footprint: Footprint) -> Self {
        let stroke = Stroke {
            stroke_id: String::new(),
            layer: String::new(),
            style_class,
            points: Vec::new(),
            points_3d: Vec::new(),
            pressure: Vec::new(),
            closed: false,
            width: 1.0,
            quality: None,
        };
        Self {
            stroke,
            place,
            footprint,
        }
    }
}

/// Where on its object a stroke lies.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Place {
    /// The id up to its number.
    pub(super) prefix: String,
    /// Cells of the part that it passes, and through how many samples; none for marks.
    pub(super) cells: Vec<(u32, u32)>,
    /// Lowest triangle along it.
    triangle: u32,
}

impl Place {
    /// The feature's name: the id up to its number.
    pub(super) fn feature(&self) -> &str {
        &self.prefix
    }

    /// Place of a line; `links` are those its samples refer to.
    pub(super) fn of(
        object: &SceneObject,
        anatomy: &Anatomy,
        kind: Kind,
        mark: Option<usize>,
        links: &[Link],
        trace: &Trace,
    ) -> Self {
        if let Some(mark) = mark.and_then(|m| object.model.marks.get(m)) {
            return Self {
                prefix: format!("{}.{}", object.id, mark.name),
                cells: vec![(0, trace.samples.len() as u32)],
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
        // the part that it is mostly in, and its cells there
        let mut parts = std::collections::BTreeMap::<u16, u32>::new();
        for (&(part, _), count) in &votes {
            *parts.entry(part).or_default() += count;
        }
        let best = parts
            .iter()
            .max_by_key(|&(&part, &count)| (count, std::cmp::Reverse(part)));
        let part = best.map_or(0, |(&part, _)| part);
        let cells = votes
            .iter()
            .filter(|((p, _), _)| *p == part)
            .map(|(&(_, cell), &count)| (cell, count))
            .collect();
        let part = mesh
            .parts
            .get(usize::from(part))
            .map_or("part", |p| p.name.as_str());
        Self {
            prefix: format!("{}.{part}.{}", object.id, kind.label()),
            cells,
            triangle,
        }
    }
}

impl Place {
    /// The name of a stroke that is seen here first: the cell where it runs furthest of those that no
    /// other has, else a rank in the first of its cells.
    pub(super) fn fresh_name(&self, class: StyleClass, taken: impl Fn(&str) -> bool) -> String {
        let prefix = &self.prefix;
        let mut cells = self.cells.clone();
        cells.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(&b.0)));
        let mut bases: Vec<String> = match class {
            StyleClass::Mark => vec![prefix.clone()],
            _ => cells
                .iter()
                .map(|(cell, _)| format!("{prefix}.{cell:03}"))
                .collect(),
        };
        if bases.is_empty() {
            bases.push(format!("{prefix}.000"));
        }
        if let Some(free) = bases.iter().find(|name| !taken(name)) {
            return free.clone();
        }
        let mut rank = 1;
        loop {
            let name = format!("{}.{rank}", bases[0]);
            if !taken(&name) {
                return name;
            }
            rank += 1;
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
    for group in drafts.chunk_by_mut(|a, b| a.place.prefix == b.place.prefix) {
        let numbers = claimed(group);
        for (draft, (cell, rank)) in group.iter_mut().zip(numbers) {
            let prefix = &draft.place.prefix;
            draft.stroke.stroke_id = match (draft.stroke.style_class, rank) {
                (StyleClass::Mark, 0) => prefix.clone(),
                (StyleClass::Mark, _) => format!("{prefix}.{rank}"),
                (_, 0) => format!("{prefix}.{cell:03}"),
                _ => format!("{prefix}.{cell:03}.{rank}"),
            };
        }
    }
    let mut result: Vec<Stroke> = drafts.into_iter().map(|d| d.stroke).collect();
    result.sort_by(|a, b| a.stroke_id.cmp(&b.stroke_id));
    result
}

/// Cell and rank of each stroke of a group. Every cell is claimed by the stroke that runs furthest
/// in it, the furthest first, so a short stroke that comes or goes renames no long one; who finds
/// all its cells claimed is ranked, by the same order, in the cell where it runs furthest.
fn claimed(group: &[Draft]) -> Vec<(u32, usize)> {
    let mut claims: Vec<(u32, u32, usize)> = group
        .iter()
        .enumerate()
        .flat_map(|(i, draft)| {
            draft
                .place
                .cells
                .iter()
                .map(move |&(cell, count)| (count, cell, i))
        })
        .collect();
    claims.sort_by(|a, b| b.0.cmp(&a.0).then((a.1, a.2).cmp(&(b.1, b.2))));
    let mut number: Vec<Option<(u32, usize)>> = vec![None; group.len()];
    let mut users = std::collections::BTreeMap::<u32, usize>::new();
    for &(_, cell, i) in &claims {
        if number[i].is_none() && !users.contains_key(&cell) {
            number[i] = Some((cell, 0));
            users.insert(cell, 1);
        }
    }
    for &(_, cell, i) in &claims {
        if number[i].is_none() {
            let rank = users.entry(cell).or_insert(0);
            number[i] = Some((cell, *rank));
            *rank += 1;
        }
    }
    // a stroke on no known cell: after the others of cell 0
    number
        .into_iter()
        .map(|n| {
            n.unwrap_or_else(|| {
                let rank = users.entry(0).or_insert(0);
                *rank += 1;
                (0, *rank - 1)
            })
        })
        .collect()
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
        Kind::Material | Kind::Suggestive => StyleClass::Detail,
    }
}
