//! Clipping in homogeneous pixels: the near plane and a guard band around the frame.

use crate::camera::FrameSize;

/// How far beyond the frame triangles may reach before they are cut, in pixels. Snapped
/// coordinates then fit 24 bits, so that products of edge functions fit 64; a smaller band would
/// clip more triangles than it must.
const GUARD_PX: f64 = 8192.0;

/// A vertex before the division: (x, y) = (`x`/`w`, `y`/`w`) in pixels, `d` a depth linear in x, y, w.
#[derive(Clone, Copy, Debug)]
pub(super) struct ClipVertex {
    pub(super) x: f64,
    pub(super) y: f64,
    pub(super) w: f64,
    pub(super) d: f64,
}

impl ClipVertex {
    /// Stands for a vertex that is not there.
    pub(super) const NAN: Self = Self {
        x: f64::NAN,
        y: f64::NAN,
        w: f64::NAN,
        d: f64::NAN,
    };

    fn is_finite(&self) -> bool {
        // 1e12: products below stay far from overflow
        [self.x, self.y, self.w, self.d].iter().all(|v| v.abs() < 1e12)
    }

    fn lerp(&self, other: &Self, t: f64) -> Self {
        let mix = |a: f64, b: f64| a + (b - a) * t;
        Self {
            x: mix(self.x, other.x),
            y: mix(self.y, other.y),
            w: mix(self.w, other.w),
            d: mix(self.d, other.d),
        }
    }
}

/// The half spaces that a triangle is cut by.
#[derive(Clone, Copy, Debug)]
pub(super) struct Limits {
    near: f64,
    width: f64,
    height: f64,
}

impl Limits {
    pub(super) fn new(size: FrameSize, near: f64) -> Self {
        Self {
            near,
            width: f64::from(size.width),
            height: f64::from(size.height),
        }
    }

    /// Whether everything between some vertices lies beyond one plane, by more than rounding.
    pub(super) fn beside(&self, vertices: &[ClipVertex]) -> bool {
        let distances = |v: &ClipVertex| {
            let mut d = self.distances(v, 1.0);
            d[0] += 1e-6;
            d
        };
        (0..5).any(|k| vertices.iter().all(|v| distances(v)[k] < 0.0))
    }

    /// Signed distances to the planes, inside where ≥ 0: near, then left, right, top, bottom
    /// widened by `band` pixels.
    fn distances(&self, v: &ClipVertex, band: f64) -> [f64; 5] {
        [
            v.w - self.near,
            v.x + band * v.w,
            (self.width + band) * v.w - v.x,
            v.y + band * v.w,
            (self.height + band) * v.w - v.y,
        ]
    }
}

/// Hands on the visible pieces of a triangle: itself when it lies inside the guard band, nothing
/// when it lies beside the frame, else a fan of what is left of it.
pub(super) fn for_each_piece(
    corners: &[ClipVertex; 3],
    limits: &Limits,
    mut emit: impl FnMut([&ClipVertex; 3]),
) {
    if !corners.iter().all(ClipVertex::is_finite) {
        return;
    }
    let beside = corners.each_ref().map(|v| limits.distances(v, 0.0));
    if (0..5).any(|k| beside.iter().all(|d| d[k] < 0.0)) {
        return;
    }
    let inside = corners
        .iter()
        .all(|v| limits.distances(v, GUARD_PX).iter().all(|&d| d >= 0.0));
    if inside {
        return emit(corners.each_ref());
    }
    let mut polygon = corners.to_vec();
    for plane in 0..5 {
        polygon = cut(&polygon, |v| limits.distances(v, GUARD_PX)[plane]);
    }
    for k in 2..polygon.len() {
        emit([&polygon[0], &polygon[k - 1], &polygon[k]]);
    }
}

/// Keeps the part of a convex polygon where `distance` ≥ 0 (Sutherland & Hodgman 1974). Crossings
/// are computed from the inner end to the outer, so two triangles cut a shared edge at one point.
fn cut(polygon: &[ClipVertex], distance: impl Fn(&ClipVertex) -> f64) -> Vec<ClipVertex> {
    let mut kept = Vec::with_capacity(polygon.len() + 1);
    for (k, here) in polygon.iter().enumerate() {
        let next = &polygon[(k + 1) % polygon.len()];
        let (a, b) = (distance(here), distance(next));
        if a >= 0.0 {
            kept.push(*here);
        }
        if (a >= 0.0) != (b >= 0.0) {
            let crossing = if a >= 0.0 {
                here.lerp(next, a / (a - b))
            } else {
                next.lerp(here, b / (b - a))
            };
            kept.push(crossing);
        }
    }
    kept
}
