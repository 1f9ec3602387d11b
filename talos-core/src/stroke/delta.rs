//! How much a stroke's curvature changes from one frame to the next, once the camera's motion is taken out.

use super::Stroke;
use crate::camera::{FrameSize, Projection};
use crate::math::DVec2;

/// Curvature is that of the circle through three points this far apart along the line, pixels at 1080
/// lines. Shorter, and the rounding of points to 0.01 px is seen; longer, and corners are rounded off.
const REACH_PX: f64 = 4.0;

/// Distance of the places that are compared, pixels at 1080 lines.
const STEP_PX: f64 = 2.0;

/// Strokes with less than this in common are not compared, pixels at 1080 lines: on the few places
/// left between both ends a curvature means nothing.
const LEAST_PX: f64 = 4.0 * REACH_PX;

/// Curvature below which a change counts as if it were this, 1/px at 1080 lines.
const FLOOR: f64 = 1.0 / 64.0;

/// The change of a stroke's curvature κ between two frames.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct DeltaKappa {
    /// Mean of |Δκ|, 1/px at 1080 lines.
    pub mean: f64,
    /// Mean of |Δκ| / (κ + 1/64 px⁻¹).
    pub relative: f64,
    /// Length that was compared, pixels at 1080 lines.
    pub length_px: f64,
}

/// Compares the S(t) of `before`, as `now_camera` sees it, with the s(t) of `now`. Both are matched by
/// arc length over the stretch that both draw: what occluders or the frame cut off one is left out.
/// `None` where they have too little in common.
#[must_use]
pub fn delta_kappa(
    before: &Stroke,
    before_camera: &Projection,
    now: &Stroke,
    now_camera: &Projection,
    size: FrameSize,
) -> Option<DeltaKappa> {
    let scale = size.scale();
    let moved = Line::new(
        each_place(before).filter_map(|(s, t)| now_camera.project(before.home(before_camera, s, t))),
        before.closed,
        scale,
    )?;
    let drawn = Line::new(each_place(now).map(|(s, t)| now.point(s, t)), now.closed, scale)?;
    let (moved, drawn) = in_common(moved, drawn)?;
    let length = moved.length().min(drawn.length());
    if length < LEAST_PX {
        return None;
    }
    let count = (length / STEP_PX).ceil();
    let (mut sum, mut relative, mut places) = (0.0, 0.0, 0.0);
    for i in 0..=count as usize {
        let share = i as f64 / count;
        let (Some(a), Some(b)) = (
            moved.curvature(share * moved.length()),
            drawn.curvature(share * drawn.length()),
        ) else {
            continue;
        };
        sum += (a - b).abs();
        relative += (a - b).abs() / (a.abs() + FLOOR);
        places += 1.0;
    }
    (places > 0.0).then(|| DeltaKappa {
        mean: sum / places,
        relative: relative / places,
        length_px: length,
    })
}

fn each_place(stroke: &Stroke) -> impl Iterator<Item = (usize, f64)> {
    const STEPS: usize = 24;
    let segments = stroke.segments();
    let inner = (0..segments).flat_map(|s| (0..STEPS).map(move |k| (s, k as f64 / STEPS as f64)));
    inner.chain((segments > 0).then(|| (segments - 1, 1.0)))
}

/// A polyline in pixels at 1080 lines, and the arc length at each of its points.
#[derive(Clone, Debug)]
struct Line {
    points: Vec<DVec2>,
    arc: Vec<f64>,
    closed: bool,
}

impl Line {
    fn new(points: impl Iterator<Item = DVec2>, closed: bool, scale: f64) -> Option<Self> {
        let points: Vec<DVec2> = points.map(|p| p / scale).filter(|p| p.is_finite()).collect();
        Self::through(points, closed)
    }

    fn through(mut points: Vec<DVec2>, closed: bool) -> Option<Self> {
        points.dedup_by(|a, b| (*a - *b).length_squared() < 1e-12);
        let mut arc = vec![0.0];
        for pair in points.windows(2) {
            arc.push(arc[arc.len() - 1] + (pair[1] - pair[0]).length());
        }
        (points.len() >= 2).then_some(Self { points, arc, closed })
    }

    fn length(&self) -> f64 {
        self.arc[self.arc.len() - 1]
    }

    fn at(&self, arc: f64) -> DVec2 {
        let after = self
            .arc
            .partition_point(|&a| a < arc)
            .clamp(1, self.arc.len() - 1);
        let (a, b) = (self.arc[after - 1], self.arc[after]);
        let t = ((arc - a) / (b - a)).clamp(0.0, 1.0);
        self.points[after - 1] + (self.points[after] - self.points[after - 1]) * t
    }

    /// Signed curvature of the circle through three points; `None` too near an open end.
    fn curvature(&self, arc: f64) -> Option<f64> {
        if arc < REACH_PX || arc > self.length() - REACH_PX {
            return None;
        }
        let [a, b, c] = [-1.0, 0.0, 1.0].map(|k| self.at(arc + k * REACH_PX));
        let product = (b - a).length() * (c - b).length() * (c - a).length();
        (product > 1e-9).then(|| 2.0 * (b - a).perp_dot(c - b) / product)
    }

    /// Arc length of the point nearest to a place.
    fn nearest(&self, place: DVec2) -> f64 {
        let mut best = (f64::INFINITY, 0.0);
        for (i, pair) in self.points.windows(2).enumerate() {
            let (a, side) = (pair[0], pair[1] - pair[0]);
            let t = ((place - a).dot(side) / side.length_squared()).clamp(0.0, 1.0);
            let distance = (a + side * t - place).length_squared();
            if distance < best.0 {
                best = (distance, self.arc[i] + side.length() * t);
            }
        }
        best.1
    }

    fn reversed(mut self) -> Self {
        self.points.reverse();
        let length = self.length();
        self.arc = self.arc.iter().rev().map(|a| length - a).collect();
        self
    }

    /// A loop opened at an arc length.
    fn opened(self, arc: f64) -> Option<Self> {
        let middle = self.at(arc);
        let after = self.arc.partition_point(|&a| a <= arc);
        let mut points = vec![middle];
        points.extend_from_slice(&self.points[after.min(self.points.len())..]);
        // the last point of a loop is its first
        points.extend_from_slice(&self.points[1..after.max(1)]);
        points.push(middle);
        Self::through(points, true)
    }

    fn part(&self, from: f64, to: f64) -> Option<Self> {
        let inner = self
            .points
            .iter()
            .zip(&self.arc)
            .filter(|(_, a)| **a > from && **a < to)
            .map(|(p, _)| *p);
        let points = std::iter::once(self.at(from))
            .chain(inner)
            .chain(std::iter::once(self.at(to)))
            .collect();
        Self::through(points, self.closed)
    }
}

/// The stretches of two lines that run along each other, in the same direction.
fn in_common(a: Line, b: Line) -> Option<(Line, Line)> {
    let same_way = |a: &Line, b: &Line| {
        let ahead: f64 = (1..8)
            .map(|k| {
                let at = a.length() * f64::from(k) / 8.0;
                let (p, q) = (a.at(at - 1.0), a.at(at + 1.0));
                let near = b.nearest(a.at(at));
                (q - p).dot(b.at(near + 1.0) - b.at(near - 1.0))
            })
            .sum();
        ahead >= 0.0
    };
    let b = if same_way(&a, &b) { b } else { b.reversed() };
    let (a, b) = match (a.closed, b.closed) {
        (_, true) => {
            let start = b.nearest(a.points[0]);
            (a, b.opened(start)?)
        }
        (true, false) => {
            let start = a.nearest(b.points[0]);
            (a.opened(start)?, b)
        }
        (false, false) => (a, b),
    };
    if a.closed && b.closed {
        return Some((a, b));
    }
    let (a_from, b_from) = (a.nearest(b.points[0]), b.nearest(a.points[0]));
    let (a_from, b_from) = if a.closed {
        (0.0, 0.0)
    } else if b.closed || b_from >= a_from {
        (0.0, if b.closed { 0.0 } else { b_from })
    } else {
        (a_from, 0.0)
    };
    let (a_end, b_end) = (a.points[a.points.len() - 1], b.points[b.points.len() - 1]);
    let (a_to, b_to) = if a.closed {
        (a.nearest(b_end), b.length())
    } else if b.closed {
        (a.length(), b.nearest(a_end))
    } else {
        let (a_to, b_to) = (a.nearest(b_end), b.nearest(a_end));
        if b.length() - b_to >= a.length() - a_to {
            (a.length(), b_to)
        } else {
            (a_to, b.length())
        }
    };
    (a_to > a_from && b_to > b_from).then_some(())?;
    Some((a.part(a_from, a_to)?, b.part(b_from, b_to)?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::camera::{Camera, FilmBack, Lens};
    use crate::math::{DVec3, scalar};
    use crate::stroke::StyleClass;

    const SIZE: FrameSize = FrameSize {
        width: 1920,
        height: 1080,
    };

    fn camera(eye: DVec3) -> Projection {
        Camera {
            film_back: FilmBack::full_frame(SIZE),
            lens: Lens::default(),
            position: eye,
            orientation: Camera::looking(eye, DVec3::ZERO, 0.0),
        }
        .projection(SIZE)
    }

    /// A stroke through places on the picture at a depth of 5 m, straight pieces.
    fn stroke(pixels: &[DVec2], closed: bool, projection: &Projection) -> Stroke {
        let points: Vec<DVec2> = pixels
            .windows(2)
            .flat_map(|w| (0..3).map(|k| w[0] + (w[1] - w[0]) * (f64::from(k) / 3.0)))
            .chain([pixels[pixels.len() - 1]])
            .collect();
        Stroke {
            stroke_id: "a.body.contour.000".into(),
            layer: "subject".into(),
            style_class: StyleClass::Contour,
            points_3d: points
                .iter()
                .map(|p| projection.unproject(*p, 5.0).expect("regular"))
                .collect(),
            pressure: vec![1.0; pixels.len()],
            points,
            closed,
            width: 1.0,
            quality: None,
        }
    }

    fn arc(radius: f64, from: f64, to: f64) -> Vec<DVec2> {
        let count = 2000;
        (0..=count)
            .map(|i| {
                let turn = from + (to - from) * f64::from(i) / f64::from(count);
                let (sin, cos) = scalar::sin_cos(turn * core::f64::consts::TAU);
                DVec2::new(960.0 + radius * cos, 540.0 + radius * sin)
            })
            .collect()
    }

    #[test]
    fn a_line_in_space_does_not_change_when_only_the_camera_moves() {
        let (a, b) = (
            camera(DVec3::new(0.0, 0.0, 5.0)),
            camera(DVec3::new(0.4, 0.2, 5.0)),
        );
        let before = stroke(&arc(200.0, 0.0, 0.7), false, &a);
        let mut now = before.clone();
        for (p, home) in now.points.iter_mut().zip(&before.points_3d) {
            *p = b.project(*home).expect("seen");
        }
        now.points_3d.clone_from(&before.points_3d);
        let delta = delta_kappa(&before, &a, &now, &b, SIZE).expect("the same line");
        assert!(delta.mean < 2e-5 && delta.relative < 1e-3, "{delta:?}");
        let bent = delta_kappa(&before, &a, &before, &b, SIZE).expect("near enough");
        assert!(bent.mean > 10.0 * delta.mean, "{bent:?}");
    }

    #[test]
    fn only_what_both_draw_is_compared_whichever_way_they_run() {
        let view = camera(DVec3::new(0.0, 0.0, 5.0));
        let ring = stroke(&arc(200.0, 0.0, 1.0), true, &view);
        for (from, to) in [(0.1, 0.6), (0.6, 0.1), (0.8, 1.3), (0.3, 1.2)] {
            let piece = stroke(&arc(200.0, from, to), false, &view);
            for (p, q) in [(&ring, &piece), (&piece, &ring), (&piece, &piece)] {
                let delta = delta_kappa(p, &view, q, &view, SIZE).expect("in common");
                assert!(delta.relative < 2e-3, "{from} {to}: {delta:?}");
                let wanted = 200.0 * core::f64::consts::TAU * (to - from).abs();
                assert!((delta.length_px - wanted).abs() < 5.0, "{from} {to}: {delta:?}");
            }
        }
        let tight = stroke(&arc(100.0, 0.0, 0.5), false, &view);
        let wide = stroke(&arc(110.0, 0.0, 0.5), false, &view);
        let delta = delta_kappa(&tight, &view, &wide, &view, SIZE).expect("in common");
        let wanted = 1.0 / 100.0 - 1.0 / 110.0;
        assert!((delta.mean - wanted).abs() < 2e-5, "{delta:?}");
        let speck = stroke(&arc(1.0, 0.0, 0.5), false, &view);
        assert_eq!(delta_kappa(&speck, &view, &wide, &view, SIZE), None);
    }
}
