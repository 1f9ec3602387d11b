//! Circles and triangles among closed strokes: named when the drawing *is* one within the tolerance
//! that its curves were fitted with, never when it only resembles one.
//!
//! The circle is the algebraic least-squares fit of Kåsa (1976, "A circle fitting procedure and its
//! error analysis", IEEE Trans. Instrum. Meas. 25): over a whole turn it has no bias worth naming,
//! and it is closed-form. The triangle has three straight sides fitted by total least squares.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{CURVE_TOLERANCE_PX, Stroke};
use crate::math::{DVec2, scalar};

/// A stroke that is a simple shape. Lengths and positions are pixels of the frame; `residual_px` is
/// the worst distance between the shape and the stroke.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case", tag = "kind", deny_unknown_fields)]
pub enum Primitive {
    /// A circle.
    Circle {
        /// Its centre.
        centre: [f64; 2],
        /// Its radius.
        radius_px: f64,
        /// Worst distance from the stroke.
        residual_px: f64,
    },
    /// A triangle.
    Triangle {
        /// Its corners in the order in which the stroke passes them.
        corners: [[f64; 2]; 3],
        /// Worst distance from the stroke.
        residual_px: f64,
    },
}

/// The least radius of a circle and height of a triangle, in tolerances: within one tolerance any
/// closed scribble smaller than this is both. At eight, a square's corners stand out by 1.4.
const LEAST_SIZE: f64 = 8.0;

/// Samples along each segment: the deviation of a cubic between sixteen samples of it is far below
/// the tolerance where the samples themselves keep it.
const SAMPLES: usize = 16;

/// Segments of a stroke that is looked at: a circle of any size in a frame has a tenth of these.
const MAX_SEGMENTS: usize = 512;

impl Primitive {
    /// The shape that a stroke is, within the curve tolerance; `scale` is that of the frame's pixels
    /// against 1080 lines.
    #[must_use]
    pub fn of(stroke: &Stroke, scale: f64) -> Option<Self> {
        Self::within(stroke, CURVE_TOLERANCE_PX * scale)
    }

    /// As [`Self::of`], with a tolerance in pixels of the frame.
    #[must_use]
    pub fn within(stroke: &Stroke, tolerance_px: f64) -> Option<Self> {
        let points = outline(stroke)?;
        let fits = |shape: &Self| {
            let residual = shape.distance_from(&points);
            (residual <= tolerance_px).then_some(residual)
        };
        let least = LEAST_SIZE * tolerance_px;
        [circle(&points, least), triangle(&points, least)]
            .into_iter()
            .flatten()
            .find_map(|shape| Some(shape.rounded().stated(fits(&shape.rounded())?)))
    }

    /// Whether a stroke is this shape within the curve tolerance, as it says.
    #[must_use]
    pub fn fits(&self, stroke: &Stroke, scale: f64) -> bool {
        // a hundredth of a pixel for the digits that are stored
        let tolerance_px = CURVE_TOLERANCE_PX * scale + 0.01;
        outline(stroke).is_some_and(|points| self.distance_from(&points) <= tolerance_px)
    }

    /// Worst distance between the shape and the stroke, pixels.
    #[must_use]
    pub fn residual_px(&self) -> f64 {
        match *self {
            Self::Circle { residual_px, .. } | Self::Triangle { residual_px, .. } => residual_px,
        }
    }

    /// To the digits that `lines.json` stores.
    fn rounded(self) -> Self {
        let round = |v: f64| (v * 100.0).round() / 100.0 + 0.0;
        match self {
            Self::Circle {
                centre,
                radius_px,
                residual_px,
            } => Self::Circle {
                centre: centre.map(round),
                radius_px: round(radius_px),
                residual_px,
            },
            Self::Triangle { corners, residual_px } => Self::Triangle {
                corners: corners.map(|c| c.map(round)),
                residual_px,
            },
        }
    }

    /// With a residual, rounded up so that it stays a bound.
    fn stated(self, residual: f64) -> Self {
        let residual_px = (residual * 1e4).ceil() / 1e4;
        match self {
            Self::Circle {
                centre, radius_px, ..
            } => Self::Circle {
                centre,
                radius_px,
                residual_px,
            },
            Self::Triangle { corners, .. } => Self::Triangle { corners, residual_px },
        }
    }

    /// Greatest distance of points from the shape; for a triangle also of its corners from the points,
    /// so that rounded corners count.
    fn distance_from(&self, points: &[DVec2]) -> f64 {
        match *self {
            Self::Circle {
                centre, radius_px, ..
            } => {
                let centre = DVec2::from(centre);
                let off = |p: &DVec2| ((*p - centre).length() - radius_px).abs();
                points.iter().map(off).fold(0.0, f64::max)
            }
            Self::Triangle { corners, .. } => {
                let corners = corners.map(DVec2::from);
                let off = |p: &DVec2| {
                    let side = |k: usize| to_segment(*p, corners[k], corners[(k + 1) % 3]);
                    side(0).min(side(1)).min(side(2))
                };
                let missed = |c: &DVec2| nearest(*c, points);
                let corners_off = corners.iter().map(missed).fold(0.0, f64::max);
                points.iter().map(off).fold(corners_off, f64::max)
            }
        }
    }
}

/// Points along a closed stroke that goes round once; `None` for any other.
fn outline(stroke: &Stroke) -> Option<Vec<DVec2>> {
    let segments = stroke.segments();
    if !stroke.closed || segments == 0 || segments > MAX_SEGMENTS {
        return None;
    }
    let points: Vec<DVec2> = (0..segments)
        .flat_map(|s| (0..SAMPLES).map(move |k| stroke.point(s, k as f64 / SAMPLES as f64)))
        .collect();
    let sound = points
        .iter()
        .all(|p| p.is_finite() && p.abs().max_element() < 1e7);
    (sound && turns_once(&points)).then_some(points)
}

/// Whether a ring passes once around its centroid, hardly ever backwards.
fn turns_once(ring: &[DVec2]) -> bool {
    let centre = ring.iter().sum::<DVec2>() / ring.len() as f64;
    let angle = |k: usize| {
        let (a, b) = (ring[k] - centre, ring[(k + 1) % ring.len()] - centre);
        scalar::atan2(a.perp_dot(b), a.dot(b))
    };
    let (mut sum, mut swept) = (0.0, 0.0);
    for k in 0..ring.len() {
        sum += angle(k);
        swept += angle(k).abs();
    }
    // a stroke that goes back and forth, or twice around, is no shape even where its points lie on one
    (sum.abs() - scalar::TAU).abs() < 1e-6 && swept < 1.05 * scalar::TAU
}

/// Each point's share of the ring's length: samples stand closer where segments are short.
fn weights(ring: &[DVec2]) -> Vec<f64> {
    let count = ring.len();
    let step = |k: usize| (ring[(k + 1) % count] - ring[k % count]).length();
    (0..count).map(|k| step(k) + step(k + count - 1)).collect()
}

/// The least-squares circle (Kåsa 1976), weighted by length; `None` where it is smaller than `least`.
fn circle(ring: &[DVec2], least: f64) -> Option<Primitive> {
    let weights = weights(ring);
    let total: f64 = weights.iter().sum();
    let mean = weighted(ring, &weights) / total;
    let (mut uu, mut uv, mut vv, mut uz, mut vz, mut z) = (0.0, 0.0, 0.0, 0.0, 0.0, 0.0);
    for (p, w) in ring.iter().zip(&weights) {
        let q = *p - mean;
        let square = q.length_squared();
        uu += w * q.x * q.x;
        uv += w * q.x * q.y;
        vv += w * q.y * q.y;
        uz += w * q.x * square;
        vz += w * q.y * square;
        z += w * square;
    }
    let determinant = uu * vv - uv * uv;
    let centre = DVec2::new(uz * vv - vz * uv, vz * uu - uz * uv) / (2.0 * determinant);
    let radius = (centre.length_squared() + z / total).sqrt();
    let sound = centre.is_finite() && radius.is_finite() && radius >= least;
    sound.then(|| Primitive::Circle {
        centre: (mean + centre).to_array(),
        radius_px: radius,
        residual_px: 0.0,
    })
}

fn weighted(points: &[DVec2], weights: &[f64]) -> DVec2 {
    points.iter().zip(weights).map(|(p, w)| *p * *w).sum()
}

/// The triangle whose sides lie along a ring's three straight runs; `None` where there are none, or
/// where it is flatter than `least`.
fn triangle(ring: &[DVec2], least: f64) -> Option<Primitive> {
    let mut at = corners_of(ring);
    at.sort_unstable();
    let sides = [0, 1, 2].map(|k| side(ring, at[k], at[(k + 1) % 3]));
    let mut corners = [DVec2::ZERO; 3];
    for (k, corner) in corners.iter_mut().enumerate() {
        // the corner before side k lies on it and on the side before
        *corner = cross(sides[(k + 2) % 3]?, sides[k]?)?;
    }
    let height = |k: usize| {
        let (a, b, c) = (corners[k], corners[(k + 1) % 3], corners[(k + 2) % 3]);
        (b - a).perp_dot(c - a).abs() / (b - a).length()
    };
    let lowest = height(0).min(height(1)).min(height(2));
    (lowest.is_finite() && lowest >= least).then(|| Primitive::Triangle {
        corners: corners.map(|c| c.to_array()),
        residual_px: 0.0,
    })
}

/// Indices of the points that a triangle's corners would be: the one farthest from the centroid, the
/// one farthest from it, and the one farthest from the line between them.
fn corners_of(ring: &[DVec2]) -> [usize; 3] {
    let centre = ring.iter().sum::<DVec2>() / ring.len() as f64;
    let farthest = |measure: &dyn Fn(DVec2) -> f64| {
        let mut best = 0;
        for k in 1..ring.len() {
            if measure(ring[k]) > measure(ring[best]) {
                best = k;
            }
        }
        best
    };
    let first = farthest(&|p| (p - centre).length());
    let second = farthest(&|p| (p - ring[first]).length());
    let line = ring[second] - ring[first];
    let third = farthest(&|p| line.perp_dot(p - ring[first]).abs());
    [first, second, third]
}

/// A line through the points strictly between two indices, by total least squares: a point of it and
/// its direction. `None` where they do not spread along a line.
fn side(ring: &[DVec2], from: usize, to: usize) -> Option<(DVec2, DVec2)> {
    let count = ring.len();
    let run = (to + count - from) % count;
    // the ends are the corners' own, which a drawing rounds
    let margin = (run / 10).max(1);
    let points: Vec<DVec2> = (margin..run.saturating_sub(margin))
        .map(|k| ring[(from + k) % count])
        .collect();
    if points.len() < 2 {
        return Some((ring[from], ring[to] - ring[from])).filter(|(_, d)| d.length() > 0.0);
    }
    let mean = points.iter().sum::<DVec2>() / points.len() as f64;
    let (mut xx, mut xy, mut yy) = (0.0, 0.0, 0.0);
    for q in points.iter().map(|p| *p - mean) {
        xx += q.x * q.x;
        xy += q.x * q.y;
        yy += q.y * q.y;
    }
    let (sin, cos) = scalar::sin_cos(0.5 * scalar::atan2(2.0 * xy, xx - yy));
    (xx + yy > 0.0).then_some((mean, DVec2::new(cos, sin)))
}

/// Where two lines, each a point and a direction, meet.
fn cross(a: (DVec2, DVec2), b: (DVec2, DVec2)) -> Option<DVec2> {
    let across = a.1.perp_dot(b.1);
    let t = (b.0 - a.0).perp_dot(b.1) / across;
    let point = a.0 + a.1 * t;
    (across != 0.0 && point.is_finite()).then_some(point)
}

fn to_segment(p: DVec2, a: DVec2, b: DVec2) -> f64 {
    let d = b - a;
    let t = scalar::saturate((p - a).dot(d) / d.length_squared().max(1e-30));
    (p - a - d * t).length()
}

/// Distance of a point from a ring of points joined by straight pieces.
fn nearest(p: DVec2, ring: &[DVec2]) -> f64 {
    (0..ring.len())
        .map(|k| to_segment(p, ring[k], ring[(k + 1) % ring.len()]))
        .fold(f64::INFINITY, f64::min)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::Seed;
    use crate::stroke::StyleClass;

    /// A closed stroke through every `step`-th of a ring of points, smooth but at corners.
    fn drawn(ring: &[DVec2], step: usize, corners: &[usize]) -> Stroke {
        let count = ring.len();
        let tangent = |k: usize| {
            let span = ring[(k + step) % count] - ring[(k + count - step) % count];
            if corners.contains(&(k % count)) {
                DVec2::ZERO
            } else {
                span / 6.0
            }
        };
        let mut points = vec![ring[0]];
        for k in (0..count).step_by(step) {
            let end = ring[(k + step) % count];
            points.extend([ring[k] + tangent(k), end - tangent(k + step), end]);
        }
        stroke(points)
    }

    fn stroke(points: Vec<DVec2>) -> Stroke {
        let knots = points.len() / 3 + 1;
        Stroke {
            stroke_id: "s".into(),
            layer: "subject".into(),
            style_class: StyleClass::Contour,
            points_3d: vec![crate::math::DVec3::ZERO; points.len()],
            pressure: vec![0.5; knots],
            points,
            closed: true,
            width: 1.0,
            quality: None,
        }
    }

    fn ellipse(a: f64, b: f64, noise: f64) -> Stroke {
        let stream = Seed(5).stream("noise");
        let ring: Vec<DVec2> = (0..240)
            .map(|k| {
                let (sin, cos) = scalar::sin_cos(f64::from(k) * scalar::TAU / 240.0);
                let off = stream.range(k as u64, -noise, noise);
                DVec2::new(400.0 + (a + off) * cos, 300.0 + (b + off) * sin)
            })
            .collect();
        drawn(&ring, 10, &[])
    }

    fn polygon(corners: &[DVec2]) -> Stroke {
        let mut points = vec![corners[0]];
        for (k, &a) in corners.iter().enumerate() {
            let b = corners[(k + 1) % corners.len()];
            points.extend([a.lerp(b, 1.0 / 3.0), a.lerp(b, 2.0 / 3.0), b]);
        }
        stroke(points)
    }

    const LEFT: [DVec2; 3] = [
        DVec2::new(100.0, 80.0),
        DVec2::new(260.0, 110.0),
        DVec2::new(140.0, 240.0),
    ];

    #[test]
    fn circles_are_circles() {
        for (radius, noise) in [(4.0, 0.0), (50.0, 0.0), (480.0, 0.0), (60.0, 0.15)] {
            let found = Primitive::of(&ellipse(radius, radius, noise), 1.0);
            let Some(Primitive::Circle {
                centre,
                radius_px,
                residual_px,
            }) = found
            else {
                panic!("{radius}: {found:?}");
            };
            assert!((DVec2::from(centre) - DVec2::new(400.0, 300.0)).length() < 0.1);
            assert!((radius_px - radius).abs() < 0.1);
            assert!(residual_px <= CURVE_TOLERANCE_PX && residual_px > 0.0);
        }
    }

    #[test]
    fn what_is_no_circle_is_none() {
        let square = [(0.0, 0.0), (60.0, 0.0), (60.0, 60.0), (0.0, 60.0)].map(|(x, y)| DVec2::new(x, y));
        let hexagon: Vec<DVec2> = (0..6)
            .map(|k| DVec2::from_angle(f64::from(k) * scalar::TAU / 6.0) * 30.0)
            .collect();
        let mut open = ellipse(50.0, 50.0, 0.0);
        open.closed = false;
        // twice around, and there and back along a half
        let mut twice = ellipse(50.0, 50.0, 0.0);
        let again = twice.points[1..].to_vec();
        twice.points.extend(again);
        let mut back = ellipse(50.0, 50.0, 0.0);
        let half: Vec<DVec2> = back.points[..back.points.len() / 6 * 3 + 1].to_vec();
        back.points = half.iter().chain(half.iter().rev().skip(1)).copied().collect();
        for (name, stroke) in [
            ("an ellipse", ellipse(50.0, 48.9, 0.0)),
            ("a noisy circle", ellipse(60.0, 60.0, 1.2)),
            ("a square", polygon(&square)),
            ("a small square", polygon(&square.map(|p| p * 0.09))),
            ("a hexagon", polygon(&hexagon)),
            ("a dot", ellipse(2.0, 2.0, 0.0)),
            ("an arc", open),
            ("twice around", twice),
            ("there and back", back),
        ] {
            assert_eq!(Primitive::of(&stroke, 1.0), None, "{name}");
        }
    }

    #[test]
    fn the_tolerance_follows_the_frame() {
        // 0.2 px off: within the tolerance at 1080 lines, not at 540
        let egg = ellipse(50.2, 49.8, 0.0);
        assert!(Primitive::of(&egg, 1.0).is_some());
        assert_eq!(Primitive::of(&egg, 0.5), None);
    }

    #[test]
    fn triangles_are_triangles() {
        for corners in [LEFT, [LEFT[2], LEFT[1], LEFT[0]], LEFT.map(|p| p * 0.2)] {
            let found = Primitive::of(&polygon(&corners), 1.0);
            let Some(Primitive::Triangle { corners: found, .. }) = found else {
                panic!("{found:?}");
            };
            for corner in corners {
                assert!(found.iter().any(|f| (DVec2::from(*f) - corner).length() < 0.02));
            }
        }
        // drawn by hand: sides that wander a little
        let stream = Seed(9).stream("noise");
        let ring: Vec<DVec2> = (0..300)
            .map(|k| {
                let side = LEFT[k / 100].lerp(LEFT[(k / 100 + 1) % 3], (k % 100) as f64 / 100.0);
                side + DVec2::new(stream.range(k as u64, -0.1, 0.1), 0.0)
            })
            .collect();
        let found = Primitive::of(&drawn(&ring, 20, &[0, 100, 200]), 1.0);
        assert!(matches!(found, Some(Primitive::Triangle { .. })), "{found:?}");
    }

    #[test]
    fn what_is_no_triangle_is_none() {
        let thin = [DVec2::ZERO, DVec2::new(200.0, 0.0), DVec2::new(90.0, 1.5)];
        let mut bent = polygon(&LEFT);
        bent.points[1] += DVec2::new(0.0, 4.0);
        let mut dented = LEFT.to_vec();
        dented.insert(1, (LEFT[0] + LEFT[1]) * 0.5 + DVec2::new(0.0, 3.0));
        let rounded = {
            let cut = |a: DVec2, b: DVec2| a.lerp(b, 0.05);
            let ring = [0, 1, 2].map(|k| {
                let (a, b, c) = (LEFT[(k + 2) % 3], LEFT[k], LEFT[(k + 1) % 3]);
                [cut(b, a), cut(b, c)]
            });
            polygon(ring.as_flattened())
        };
        for (name, stroke) in [
            ("a sliver", polygon(&thin)),
            ("a bent side", bent),
            ("a dented side", polygon(&dented)),
            ("cut corners", rounded),
        ] {
            assert_eq!(Primitive::of(&stroke, 1.0), None, "{name}");
        }
    }

    #[test]
    fn nonsense_is_none() {
        let nan = stroke(vec![DVec2::NAN; 4]);
        let far = stroke(vec![DVec2::splat(1e300); 7]);
        let point = stroke(vec![DVec2::ONE; 10]);
        let empty = stroke(vec![]);
        let line = polygon(&[DVec2::ZERO, DVec2::new(90.0, 0.0), DVec2::new(180.0, 0.0)]);
        for (k, s) in [nan, far, point, empty, line].iter().enumerate() {
            assert_eq!(Primitive::of(s, 1.0), None, "{k}");
            assert_eq!(Primitive::within(s, f64::NAN), None, "{k}");
        }
    }
}
