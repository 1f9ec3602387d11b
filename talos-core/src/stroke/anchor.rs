//! Where a stroke lies on its subject at rest: how an edit finds it again under another id.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Stroke;
use super::edit::starts_right;
use crate::camera::Projection;
use crate::math::DVec3;
use crate::scene::SceneObject;

/// Places kept of a stroke.
const PLACES: usize = 5;

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

    /// Whether a stroke runs against the direction it had.
    #[must_use]
    pub fn runs_against(&self, object: &SceneObject, stroke: &Stroke, projection: &Projection) -> bool {
        let (Some(places), Some(first), Some(last)) = (
            at_rest(object, stroke, projection, 2),
            self.points.first(),
            self.points.last(),
        ) else {
            return false;
        };
        let (first, last) = (DVec3::from(*first), DVec3::from(*last));
        let along = (places[0] - first).length() + (places[1] - last).length();
        let against = (places[0] - last).length() + (places[1] - first).length();
        against < along
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
        let length: f64 = wanted.windows(2).map(|w| (w[1] - w[0]).length()).sum();
        let near = NEAR_SHARE * length + NEAR_SIZE * object.model.size_m;
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

/// Places at even steps of a stroke's parameter on the model at rest: each the vertex nearest to it now.
fn at_rest(
    object: &SceneObject,
    stroke: &Stroke,
    projection: &Projection,
    count: usize,
) -> Option<Vec<DVec3>> {
    let segments = stroke.segments();
    if segments == 0 {
        return None;
    }
    (0..count)
        .map(|k| {
            let along = k as f64 / (count - 1) as f64 * segments as f64;
            let segment = (along as usize).min(segments - 1);
            let home = stroke.home(projection, segment, along - segment as f64);
            let near = |p: &DVec3| (*p - home).length_squared();
            let posed = object.posed.positions.iter().enumerate();
            let (vertex, _) = posed
                .map(|(i, p)| (i, near(p)))
                .filter(|(_, d)| d.is_finite())
                .min_by(|a, b| a.1.total_cmp(&b.1))?;
            object.model.mesh.positions.get(vertex).copied()
        })
        .collect()
}

/// Distance of a place from a polyline.
fn distance_to(p: DVec3, polyline: &[DVec3]) -> f64 {
    let to_segment = |a: DVec3, b: DVec3| {
        let t = ((p - a).dot(b - a) / (b - a).length_squared().max(1e-18)).clamp(0.0, 1.0);
        (a + (b - a) * t - p).length()
    };
    polyline
        .windows(2)
        .map(|w| to_segment(w[0], w[1]))
        .fold(f64::INFINITY, f64::min)
}
