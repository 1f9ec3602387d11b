//! Which strokes differ between two drawings of a frame.

use std::collections::BTreeMap;

use serde::Serialize;

use super::{Line, Lines};
use crate::{math::DVec2, stroke::Stroke};

/// Points that a stroke is compared by: closer than a pixel together on all but the longest.
const SAMPLES: usize = 512;

/// A stroke that is not in both drawings as it is.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct LineDifference {
    /// Its name.
    pub stroke_id: String,
    /// What is different.
    #[serde(flatten)]
    pub change: LineChange,
}

/// What is different about a stroke.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "snake_case", tag = "change")]
pub enum LineChange {
    /// Only the second drawing has it.
    Added,
    /// Only the first drawing has it.
    Removed,
    /// It takes another course.
    Moved {
        /// Farthest that either course leaves the other, pixels.
        worst_px: f64,
    },
    /// Its course is the same, these are not.
    Changed {
        /// Keys of `lines.json`.
        keys: Vec<&'static str>,
    },
}

/// The strokes that differ, sorted by id.
#[must_use]
pub fn differences(before: &Lines, after: &Lines) -> Vec<LineDifference> {
    let by_id = |lines: &'_ [Line]| -> BTreeMap<String, usize> {
        let ids = lines.iter().enumerate();
        ids.map(|(k, line)| (line.stroke_id.clone(), k)).collect()
    };
    let (old, new) = (by_id(&before.lines), by_id(&after.lines));
    let mut changes: BTreeMap<&String, LineChange> = BTreeMap::new();
    for (id, &k) in &old {
        match new.get(id) {
            None => _ = changes.insert(id, LineChange::Removed),
            Some(&n) => {
                let change = change_of(&before.lines[k], &after.lines[n]);
                change.map(|change| changes.insert(id, change));
            }
        }
    }
    for id in new.keys().filter(|id| !old.contains_key(*id)) {
        changes.insert(id, LineChange::Added);
    }
    let difference = |(id, change): (&String, LineChange)| LineDifference {
        stroke_id: id.clone(),
        change,
    };
    changes.into_iter().map(difference).collect()
}

fn change_of(a: &Line, b: &Line) -> Option<LineChange> {
    if a.points != b.points {
        let (a, b) = (samples(a), samples(b));
        let worst = farthest(&a, &b).max(farthest(&b, &a));
        return Some(LineChange::Moved {
            worst_px: (worst * 100.0).round() / 100.0,
        });
    }
    let mut keys = Vec::new();
    let mut note = |differs: bool, key| keys.extend(differs.then_some(key));
    note(a.layer != b.layer, "layer");
    note(a.style_class != b.style_class, "style_class");
    note(a.closed != b.closed, "closed");
    note(a.points_3d != b.points_3d, "points_3d");
    note(a.pressure != b.pressure, "pressure");
    (!keys.is_empty()).then_some(LineChange::Changed { keys })
}

fn samples(line: &Line) -> Vec<DVec2> {
    let stroke = Stroke::from(line);
    let segments = stroke.segments();
    (0..=SAMPLES)
        .filter(|_| segments > 0)
        .map(|k| {
            let u = (k * segments) as f64 / SAMPLES as f64;
            let segment = (u as usize).min(segments - 1);
            stroke.point(segment, u - segment as f64)
        })
        .collect()
}

/// Farthest that a point of one course is from the other.
fn farthest(from: &[DVec2], to: &[DVec2]) -> f64 {
    let nearest = |p: &DVec2| {
        let squares = to.iter().map(|q| (*p - *q).length_squared());
        squares.fold(f64::INFINITY, f64::min).sqrt()
    };
    from.iter().map(nearest).fold(0.0, f64::max)
}
