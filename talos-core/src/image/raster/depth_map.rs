//! Depth along parallel rays: what shadow maps are made of.

use super::band::{self, Grid};
use super::clip::ClipVertex;
use super::{Draw, first_triangles};
use crate::camera::FrameSize;
use crate::math::{DVec2, DVec3};
use crate::scene::SceneObject;

/// A box in the world seen along parallel rays. The axes are unit and orthogonal.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct OrthoView {
    /// Centre of the picture at depth 0, metres.
    pub origin: DVec3,
    /// Direction of increasing x on the picture.
    pub right: DVec3,
    /// Direction of decreasing y on the picture.
    pub up: DVec3,
    /// Direction of the rays (a light's: away from it).
    pub forward: DVec3,
    /// Half of the picture's width, metres.
    pub half_width_m: f64,
    /// Half of the picture's height, metres.
    pub half_height_m: f64,
    /// Depths from 0 to this are told apart; what is nearer or farther counts as 0 or this.
    pub depth_m: f64,
}

impl OrthoView {
    /// A view along `forward` over a box around `origin`; `right` and `up` follow from `forward`.
    #[must_use]
    pub fn looking(
        origin: DVec3,
        forward: DVec3,
        half_width_m: f64,
        half_height_m: f64,
        depth_m: f64,
    ) -> Self {
        let forward = forward.normalize_or(DVec3::NEG_Y);
        let reference = if forward.y.abs() > 0.99 {
            DVec3::NEG_Z
        } else {
            DVec3::Y
        };
        let right = forward.cross(reference).normalize_or(DVec3::X);
        Self {
            origin,
            right,
            up: right.cross(forward),
            forward,
            half_width_m,
            half_height_m,
            depth_m,
        }
    }

    /// Texel coordinates (y down, centres at +0.5) and depth in metres of a world point.
    #[must_use]
    pub fn project(&self, p: DVec3, size: FrameSize) -> (DVec2, f64) {
        let q = p - self.origin;
        let x = (q.dot(self.right) / self.half_width_m + 1.0) * 0.5 * f64::from(size.width);
        let y = (1.0 - q.dot(self.up) / self.half_height_m) * 0.5 * f64::from(size.height);
        (DVec2::new(x, y), q.dot(self.forward))
    }

    /// Depth in metres → the integers of a [`DepthMap`]: linear, larger is nearer, never 0.
    #[must_use]
    pub fn quantize(&self, depth_m: f64) -> u32 {
        let nearness = (1.0 - depth_m / self.depth_m).clamp(0.0, 1.0);
        (1.0 + nearness * DepthMap::RANGE).round() as u32
    }
}

/// Depth of the nearest surface at each texel's centre, in integers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DepthMap {
    /// Size in texels.
    pub size: FrameSize,
    /// [`OrthoView::quantize`]d depth row by row; larger is nearer, 0 where there is nothing.
    pub depth: Vec<u32>,
}

impl DepthMap {
    /// Steps that the depth of a view is divided into.
    pub const RANGE: f64 = 2_147_483_647.0;

    /// Depth at a texel; 0 (nothing) outside the map.
    #[must_use]
    pub fn at(&self, x: i64, y: i64) -> u32 {
        let inside =
            (0..i64::from(self.size.width)).contains(&x) && (0..i64::from(self.size.height)).contains(&y);
        if inside {
            self.depth[y as usize * self.size.width as usize + x as usize]
        } else {
            0
        }
    }
}

/// Depth of the objects' surfaces, front and back alike, along parallel rays.
#[must_use]
pub fn rasterize_depth(objects: &[SceneObject], view: &OrthoView, size: FrameSize) -> DepthMap {
    let draw = Draw {
        grid: Grid::new(size, 1),
        cull_back: false,
        near: 0.5,
        project: |p| {
            let (pixel, depth) = view.project(p, size);
            ClipVertex {
                x: pixel.x,
                y: pixel.y,
                w: 1.0,
                d: depth,
            }
        },
        inverse_depth: |v: &ClipVertex| view.quantize(v.d),
    };
    let batches = draw.batches(objects, &first_triangles(objects));
    DepthMap {
        size,
        depth: band::nearest_depth(&draw.grid, &batches),
    }
}
