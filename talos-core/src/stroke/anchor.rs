//! Where a stroke lies on its subject at rest: how an edit finds it again under another id.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Stroke;
use super::edit::starts_right;
use crate::camera::Projection;
use crate::math::DVec3;
use crate::scene::SceneObject;

/// Places kept of a stroke: a contour that turns a corner or two is told by them.
const PLACES: usize = 9;

/// Places of a candidate that they are compared with.
const COMPARED: usize = 17;

/// A stroke is the one that was edited when it lies within this share of that one's length, metres at
/// rest: contours slide over the body as the lens changes, but larger would take the outline of the next
/// side for this one's.
const NEAR_SHARE: f64 = 0.06;

/// The same as a share of the subject's size, for short strokes.
const NEAR_SIZE: f64 = 0.02;

/// Places along a stroke on its subject's model at rest, from left to right as it was seen.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Anchor {
    /// The subject.
    pub subject: String,
    /// Places on it, metres.
    pub points: Vec<[f64; 3]>,
}

impl Anchor {
    /// The anchor of a stroke of a subject as posed; `None` when the subject has no surface.
    #[must_use]
    pub fn of(object: &SceneObject, stroke: &Stroke, projection: &Projection) -> Option<Self> {
        let mut points = at_rest(object, stroke, projection, PLACES)?;
        if starts_right(stroke, projection) {
            points.reverse();
        }
        // what control.json keeps
        let kept = |v: f64| (v * 1e6).round() / 1e6 + 0.0;
        Some(Self {
            subject: object.id.clone(),
            points: points.iter().map(|p| p.to_array().map(kept)).collect(),
        })
    }

    /// Which shares of the edited stroke's length this stroke's start and end stand at: [0, 1] for the same
    /// stroke, [1, 0] when it runs the other way, [0, 0.4] when only its first part is seen now, [−0.5, 1]
    /// when it goes on before its old start.
    #[must_use]
    pub fn span(&self, object: &SceneObject, stroke: &Stroke, projection: &Projection) -> [f64; 2] {
        let Some(places) = at_rest(object, stroke, projection, COMPARED) else {
            return [0.0, 1.0];
        };
        let kept: Vec<DVec3> = self.points.iter().map(|p| DVec3::from(*p)).collect();
        let (Some(&first), Some(&last)) = (kept.first(), kept.last()) else {
            return [0.0, 1.0];
        };
        // an end that lies within the edited stroke tells its share; else that one's end lies within this
        let meet = |end: usize| {
            let share = share_nearest(places[end * (COMPARED - 1)], &kept);
            match share {
                0.02..=0.98 => (end as f64, share),
                low if low < 0.5 => (share_nearest(first, &places), 0.0),
                _ => (share_nearest(last, &places), 1.0),
            }
        };
        let ((s0, u0), (s1, u1)) = (meet(0), meet(1));
        let slope = (u1 - u0) / (s1 - s0);
        if slope.is_finite() && (0.05..=20.0).contains(&slope.abs()) {
            return [u0 - slope * s0, u0 + slope * (1.0 - s0)];
        }
        let (start, end) = (places[0], places[COMPARED - 1]);
        let along = (start - first).length() + (end - last).length();
        let against = (start - last).length() + (end - first).length();
        if against < along { [1.0, 0.0] } else { [0.0, 1.0] }
    }

    /// The stroke that lies where the edited one lay, among strokes of the same part and kind.
    #[must_use]
    pub fn find(
        &self,
        object: &SceneObject,
        strokes: &[Stroke],
        id: &str,
        projection: &Projection,
    ) -> Option<usize> {
        let feature = feature_of(id);
        let wanted: Vec<DVec3> = self.points.iter().map(|p| DVec3::from(*p)).collect();
        let near = NEAR_SHARE * length(&wanted) + NEAR_SIZE * object.model.size_m;
        let mut best: Option<(f64, usize)> = None;
        let candidates = strokes.iter().enumerate();
        for (index, stroke) in candidates.filter(|(_, s)| feature_of(&s.stroke_id) == feature) {
            let Some(places) = at_rest(object, stroke, projection, COMPARED) else {
                continue;
            };
            let distance = wanted.iter().map(|p| distance_to(*p, &places)).sum::<f64>() / wanted.len() as f64;
            if distance <= near && best.is_none_or(|(least, _)| distance < least) {
                best = Some((distance, index));
            }
        }
        best.map(|(_, index)| index)
    }
}

/// An id without the numbers at its end: subject, part and kind.
fn feature_of(id: &str) -> &str {
    let mut rest = id;
    while let Some((head, tail)) = rest.rsplit_once('.')
        && !tail.is_empty()
        && tail.bytes().all(|b| b.is_ascii_digit())
    {
        rest = head;
    }
    rest
}

/// The kind of feature a stroke draws, as its id says it.
#[must_use]
pub fn kind_of(stroke: &Stroke) -> &str {
    match stroke.style_class {
        super::StyleClass::Mark => "mark",
        _ => feature_of(&stroke.stroke_id)
            .rsplit('.')
            .next()
            .unwrap_or_default(),
    }
}

/// Places at even steps of a stroke's length on the model at rest: each the vertex nearest to it now.
fn at_rest(
    object: &SceneObject,
    stroke: &Stroke,
    projection: &Projection,
    count: usize,
) -> Option<Vec<DVec3>> {
    places(stroke, projection, count)?
        .into_iter()
        .map(|home| {
            let posed = object.posed.positions.iter().enumerate();
            let (vertex, _) = posed
                .map(|(i, p)| (i, (*p - home).length_squared()))
                .filter(|(_, d)| d.is_finite())
                .min_by(|a, b| a.1.total_cmp(&b.1))?;
            object.model.mesh.positions.get(vertex).copied()
        })
        .collect()
}

/// Places at even steps of a stroke's length in space.
fn places(stroke: &Stroke, projection: &Projection, count: usize) -> Option<Vec<DVec3>> {
    let fine: Vec<DVec3> = (0..stroke.segments())
        .flat_map(|s| (0..=8).map(move |k| stroke.home(projection, s, f64::from(k) / 8.0)))
        .collect();
    let (start, length) = (*fine.first()?, length(&fine));
    let (mut result, mut walked) = (vec![start], 0.0);
    for w in fine.windows(2) {
        let piece = (w[1] - w[0]).length();
        let step = |k: usize| length * k as f64 / (count - 1) as f64;
        while piece > 0.0 && result.len() < count - 1 && walked + piece >= step(result.len()) {
            result.push(w[0] + (w[1] - w[0]) * ((step(result.len()) - walked) / piece));
        }
        walked += piece;
    }
    result.resize(count, *fine.last()?);
    result.iter().all(|p| p.is_finite()).then_some(result)
}

fn length(polyline: &[DVec3]) -> f64 {
    polyline.windows(2).map(|w| (w[1] - w[0]).length()).sum()
}

/// Share of a polyline's points, evenly counted, at which it comes nearest to a place.
fn share_nearest(p: DVec3, polyline: &[DVec3]) -> f64 {
    let mut best = (f64::INFINITY, 0.0);
    for (i, w) in polyline.windows(2).enumerate() {
        let (distance, t) = to_segment(p, w[0], w[1]);
        if distance < best.0 {
            best = (distance, (i as f64 + t) / (polyline.len() - 1) as f64);
        }
    }
    best.1
}

/// Distance of a place from a segment, and the share of the segment where it is nearest.
fn to_segment(p: DVec3, a: DVec3, b: DVec3) -> (f64, f64) {
    let t = ((p - a).dot(b - a) / (b - a).length_squared().max(1e-18)).clamp(0.0, 1.0);
    ((a + (b - a) * t - p).length(), t)
}

/// Distance of a place from a polyline.
fn distance_to(p: DVec3, polyline: &[DVec3]) -> f64 {
    polyline
        .windows(2)
        .map(|w| to_segment(p, w[0], w[1]).0)
        .fold(f64::INFINITY, f64::min)
}
