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

/// Where a vertex lies: outside of which planes of the frame, of the guard band, or nowhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Outcode(u8);

impl Outcode {
    const BESIDE: u8 = 0b1_1111;
    const OUTSIDE: u8 = 0b10_0000;
    /// A vertex that is not there, or is no number.
    pub(super) const NOWHERE: Self = Self(0b100_0000);

    pub(super) fn of(v: &ClipVertex, limits: &Limits) -> Self {
        if !v.is_finite() {
            return Self::NOWHERE;
        }
        let beside = limits.distances(v, 0.0);
        let mut code = (0..5).fold(0, |code, k| code | u8::from(beside[k] < 0.0) << k);
        if limits.distances(v, GUARD_PX).iter().any(|&d| d < 0.0) {
            code |= Self::OUTSIDE;
        }
        Self(code)
    }

    /// Whether the vertex lies inside the guard band.
    pub(super) fn is_inside(self) -> bool {
        self.0 & (Self::OUTSIDE | Self::NOWHERE.0) == 0
    }
}

/// What is to be done with a triangle.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Part {
    /// Nothing of it can be seen.
    Nothing,
    /// It lies inside the guard band.
    Whole,
    /// It must be cut.
    Pieces,
}

/// Decides by its corners: a triangle beside the frame is left out, one inside the guard band stays whole.
pub(super) fn part(codes: [Outcode; 3]) -> Part {
    let [a, b, c] = codes.map(|code| code.0);
    let any = a | b | c;
    if any & Outcode::NOWHERE.0 != 0 || a & b & c & Outcode::BESIDE != 0 {
        Part::Nothing
    } else if any & Outcode::OUTSIDE == 0 {
        Part::Whole
    } else {
        Part::Pieces
    }
}

/// Hands on a fan of what the guard band and the near plane leave of a triangle.
pub(super) fn for_each_piece(
    corners: &[ClipVertex; 3],
    limits: &Limits,
    mut emit: impl FnMut([&ClipVertex; 3]),
) {
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
