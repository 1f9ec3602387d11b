//! A stroke's footprint: the places on its model that it passes, so that it can be posed anew.

use super::anatomy::Kind;
use super::chain::{Link, Sight};
use super::trace::Trace;
use crate::camera::Projection;
use crate::geometry::{Edge, Mark};
use crate::math::{DVec2, DVec3};
use crate::scene::SceneObject;

/// Samples of a trace from one spot of its footprint to the next: 6 px at 1080 lines. Half of it
/// doubles the size of a bake and changes no name; twice as much loses the shortest strokes.
pub(super) const SAMPLES_PER_SPOT: usize = 4;

/// Parts of a whole in which an anchor keeps its weights: a facet of 1000 px is placed to 1/65 px.
const WEIGHT_UNIT: f64 = 65535.0;

/// A place on a model at rest, whatever its pose: three vertices and the weights of the last two.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Anchor {
    pub(super) vertices: [u32; 3],
    pub(super) weights: [u16; 2],
}

impl Anchor {
    /// The place of a triangle nearest to a point, both posed.
    fn on_triangle(vertices: [u32; 3], [a, b, c]: [DVec3; 3], p: DVec3) -> Self {
        let (u, v, w) = (b - a, c - a, p - a);
        let (uu, uv, vv) = (u.dot(u), u.dot(v), v.dot(v));
        let (wu, wv) = (w.dot(u), w.dot(v));
        let area = uu * vv - uv * uv;
        let (s, t) = ((vv * wu - uv * wv) / area, (uu * wv - uv * wu) / area);
        let (s, t) = if s.is_finite() && t.is_finite() {
            (s.clamp(0.0, 1.0), t.clamp(0.0, 1.0))
        } else {
            (0.0, 0.0)
        };
        let over = (s + t).max(1.0);
        Self {
            vertices,
            weights: [s / over, t / over].map(|x| (x * WEIGHT_UNIT).floor() as u16),
        }
    }

    /// The place of an authored line nearest to a point.
    fn on_mark(mark: &Mark, positions: &[DVec3], p: DVec3) -> Option<Self> {
        let at = |v: u32| positions.get(v as usize).copied();
        let count = mark.points.len();
        let spans = if mark.closed {
            count
        } else {
            count.saturating_sub(1)
        };
        let nearest = (0..spans).filter_map(|i| {
            let ends = [mark.points[i], mark.points[(i + 1) % count]];
            let (a, b) = (at(ends[0])?, at(ends[1])?);
            let t = ((p - a).dot(b - a) / (b - a).length_squared()).clamp(0.0, 1.0);
            let t = if t.is_finite() { t } else { 0.0 };
            Some(((a + (b - a) * t - p).length_squared(), ends, t))
        });
        let (_, ends, t) = nearest.min_by(|a, b| a.0.total_cmp(&b.0))?;
        Some(Self {
            vertices: [ends[0], ends[1], ends[1]],
            weights: [(t * WEIGHT_UNIT).floor() as u16, 0],
        })
    }

    /// Where it is now; `None` when the model has no such vertices.
    pub(super) fn posed(&self, positions: &[DVec3]) -> Option<DVec3> {
        let [a, b, c] = self.vertices.map(|v| positions.get(v as usize).copied());
        let (a, b, c) = (a?, b?, c?);
        let [s, t] = self.weights.map(|w| f64::from(w) / WEIGHT_UNIT);
        Some(a + (b - a) * s + (c - a) * t)
    }
}

/// Strokes that may be one: of one object and one family.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Family {
    pub(super) object: u32,
    /// The kind's number; authored lines each have their own.
    pub(super) kind: u32,
}

impl Family {
    const MARKS: u32 = 16;

    fn of(object: usize, kind: Kind, mark: Option<usize>) -> Self {
        let kind = match kind {
            // a fold that turns away goes on as a contour of the smooth surface beside it
            Kind::Contour | Kind::Hard => 0,
            Kind::Border => 1,
            Kind::Crease => 2,
            Kind::Material => 3,
            Kind::Intersection => 4,
            Kind::Suggestive => 5,
            Kind::Mark => Self::MARKS + mark.unwrap_or(0) as u32,
        };
        Self {
            object: object as u32,
            kind,
        }
    }

    /// Whether its line was drawn by the model's maker.
    pub(super) fn is_authored(self) -> bool {
        self.kind >= Self::MARKS
    }

    /// Whether its lines slide over the surface as the camera moves.
    pub(super) fn slides(self) -> bool {
        matches!(self.kind, 0 | 5)
    }
}

/// A place of a stroke on the picture and on its model.
#[derive(Clone, Copy, Debug)]
pub(super) struct Spot {
    pub(super) pixel: DVec2,
    pub(super) inverse_depth: f64,
    pub(super) anchor: Anchor,
}

/// The places that a stroke passes, evenly along it.
#[derive(Clone, Debug)]
pub(super) struct Footprint {
    pub(super) family: Family,
    pub(super) spots: Vec<Spot>,
    /// Length on the picture, pixels.
    pub(super) length: f64,
}

impl Footprint {
    /// Footprint of a line of the object with a number; `links` are those its samples refer to.
    pub(super) fn of(
        sight: &Sight<'_>,
        object: usize,
        (kind, mark): (Kind, Option<usize>),
        links: &[Link],
        run: &Trace,
    ) -> Self {
        let last = run.samples.len().saturating_sub(1);
        let spots = run
            .samples
            .iter()
            .enumerate()
            .filter(|(i, _)| i.is_multiple_of(SAMPLES_PER_SPOT) || *i == last)
            .filter_map(|(_, sample)| {
                let at = sight
                    .projection
                    .unproject(sample.pixel, 1.0 / sample.inverse_depth)?;
                let anchor = match mark.and_then(|m| sight.object.model.marks.get(m)) {
                    Some(mark) => Anchor::on_mark(mark, &sight.object.posed.positions, at)?,
                    None => {
                        let [a, b] = links.get(sample.link as usize)?.triangles;
                        let triangle = if a == Edge::NONE { b } else { a };
                        let vertices = *sight.object.model.mesh.triangles.get(triangle as usize)?;
                        Anchor::on_triangle(vertices, sight.corners(triangle), at)
                    }
                };
                Some(Spot {
                    pixel: sample.pixel,
                    inverse_depth: sample.inverse_depth,
                    anchor,
                })
            })
            .collect();
        Self {
            family: Family::of(object, kind, mark),
            spots,
            length: run.length(),
        }
    }
}

/// An end of a line on the picture.
#[derive(Clone, Copy, Debug)]
pub(super) struct Tip {
    pub(super) pixel: DVec2,
    /// Unit direction out of the line; zero for a speck.
    pub(super) out: DVec2,
}

impl Tip {
    /// Lines are joined over gaps up to this, pixels at 1080 lines: longer ones are no noise.
    const GAP_PX: f64 = 24.0;
    /// Ends nearer than this need no aim, pixels at 1080 lines.
    const MEET_PX: f64 = 5.0;
    /// Cosine of the greatest angle between both directions, and between either and the gap: 37°.
    const COSINE: f64 = 0.8;

    /// Whether a line that ends here may go on in one that ends there.
    pub(super) fn continues(&self, other: &Self, scale: f64) -> bool {
        let gap = other.pixel - self.pixel;
        let aim = gap.normalize_or_zero();
        let aimed = gap.length() <= Self::MEET_PX * scale
            || (self.out.dot(aim) >= Self::COSINE && -other.out.dot(aim) >= Self::COSINE);
        gap.length() <= Self::GAP_PX * scale && -self.out.dot(other.out) >= Self::COSINE && aimed
    }
}

impl Footprint {
    /// Both ends.
    pub(super) fn tips(&self) -> [Tip; 2] {
        let last = self.spots.len() - 1;
        let tip = |at: usize, inner: usize| Tip {
            pixel: self.spots[at].pixel,
            out: (self.spots[at].pixel - self.spots[inner].pixel).normalize_or_zero(),
        };
        [tip(0, 1.min(last)), tip(last, last.saturating_sub(1))]
    }
}

/// Where an anchor of an object is on the picture, and its inverse depth; `None` behind the lens.
pub(super) fn seen_at(
    anchor: &Anchor,
    object: &SceneObject,
    projection: &Projection,
) -> Option<(DVec2, f64)> {
    let q = projection.homogeneous(anchor.posed(&object.posed.positions)?);
    (q.z >= Projection::NEAR_M).then(|| (DVec2::new(q.x / q.z, q.y / q.z), 1.0 / q.z))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_anchor_moves_with_its_triangle_and_stays_inside() {
        let corners = [DVec3::ZERO, DVec3::X * 2.0, DVec3::Y * 2.0];
        let anchor = Anchor::on_triangle([0, 1, 2], corners, DVec3::new(0.5, 0.25, 3.0));
        let moved = corners.map(|p| p + DVec3::Z);
        let at = anchor.posed(&moved).expect("three vertices");
        assert!((at - DVec3::new(0.5, 0.25, 1.0)).length() < 1e-4, "{at}");
        let far = Anchor::on_triangle([0, 1, 2], corners, DVec3::new(9.0, 9.0, 0.0));
        let at = far.posed(&corners).expect("three vertices");
        assert!((at - DVec3::new(1.0, 1.0, 0.0)).length() < 1e-3, "{at}");
        let speck = Anchor::on_triangle([0, 1, 2], [DVec3::ONE; 3], DVec3::NAN);
        assert_eq!(speck.posed(&[DVec3::ONE; 3]), Some(DVec3::ONE));
        assert_eq!(anchor.posed(&moved[..2]), None);
    }

    #[test]
    fn an_authored_line_keeps_the_place_along_it() {
        let mark = Mark {
            name: "brow".into(),
            points: vec![0, 1, 2],
            pressure: vec![1.0; 3],
            closed: false,
        };
        let positions = [DVec3::ZERO, DVec3::X, DVec3::new(1.0, 1.0, 0.0)];
        let anchor = Anchor::on_mark(&mark, &positions, DVec3::new(1.1, 0.25, 0.0)).expect("a place");
        let at = anchor.posed(&positions).expect("its vertices");
        assert!((at - DVec3::new(1.0, 0.25, 0.0)).length() < 1e-4, "{at}");
    }
}
