//! Triangles → samples: an exact rasteriser for visibility and shadow depth.
//!
//! Vertices are projected in f64, snapped to 1/256 pixel and from there on only
//! integers are compared: edge functions with a top-left rule (Pineda 1988), so
//! that triangles which share an edge neither overlap nor leave a gap, and depth
//! as a plane in fixed point. Triangles are set up in chunks and filled in bands
//! of rows, both of a fixed size: the result does not depend on threads.

mod band;
mod clip;
mod depth_map;
mod setup;
#[cfg(test)]
mod tests;

use rayon::prelude::*;

use self::band::Grid;
use self::clip::{ClipVertex, Limits, Outcode};
pub use self::depth_map::{DepthMap, OrthoView, rasterize_depth};
use self::setup::{Batch, Corner, Facet};
use super::Visibility;
use crate::camera::{FrameSize, Projection};
use crate::geometry::Mesh;
use crate::math::DVec3;
use crate::scene::SceneObject;

/// Triangles set up together: large enough to hide the hand-over, small enough to balance two threads.
const CHUNK: usize = 4096;

/// Draws the objects' triangles and keeps the nearest at every sample.
///
/// Back faces are left out unless their part is two-sided; equal depths go to the lower triangle
/// number. Triangles with a corner that is no number are skipped; those that reach behind the lens
/// are cut at [`Projection::NEAR_M`].
#[must_use]
pub fn rasterize(objects: &[SceneObject], projection: &Projection, size: FrameSize) -> Visibility {
    rasterize_into(Visibility::empty(), objects, projection, size)
}

/// As [`rasterize`], in the memory of a picture that is no longer needed: claiming 66 MB for a frame of
/// 1920 × 1080 anew costs a large part of filling them.
#[must_use]
pub fn rasterize_into(
    memory: Visibility,
    objects: &[SceneObject],
    projection: &Projection,
    size: FrameSize,
) -> Visibility {
    let grid = Grid::new(size, Visibility::SIDE);
    let draw = Draw {
        grid,
        cull_back: true,
        near: Projection::NEAR_M,
        project: |p| {
            let q = projection.homogeneous(p);
            ClipVertex {
                x: q.x,
                y: q.y,
                w: q.z,
                d: q.z,
            }
        },
        inverse_depth: |v: &ClipVertex| {
            let inverse = (Projection::NEAR_M / v.w * 2_147_483_648.0).round();
            inverse.clamp(1.0, 2_147_483_648.0) as u32
        },
    };
    let first_triangle = first_triangles(objects);
    let (mut triangle, mut depth) = (memory.triangle, memory.depth);
    let batches = draw.batches(objects, &first_triangle);
    band::nearest(&grid, &batches, &mut triangle, &mut depth);
    Visibility {
        size,
        first_triangle,
        triangle,
        depth,
    }
}

/// Number of each object's first triangle, and the total at the end.
fn first_triangles(objects: &[SceneObject]) -> Vec<u32> {
    let mut first = vec![0_u32];
    for object in objects {
        let last = first[first.len() - 1];
        first.push(last.saturating_add(object.model.mesh.triangles.len() as u32));
    }
    first
}

/// How triangles become samples; `project` and `inverse_depth` make it a camera or a shadow map.
struct Draw<P, D> {
    grid: Grid,
    cull_back: bool,
    /// Least `w` that is drawn.
    near: f64,
    /// World → homogeneous pixels and a depth that is linear in them.
    project: P,
    /// Depth as an integer ≥ 1, larger is nearer.
    inverse_depth: D,
}

/// A vertex on the picture.
#[derive(Clone, Copy)]
struct Vertex {
    code: Outcode,
    /// Known inside the guard band.
    corner: Corner,
}

impl Vertex {
    const NOWHERE: Self = Self {
        code: Outcode::NOWHERE,
        corner: Corner::ORIGIN,
    };
}

impl<P, D> Draw<P, D>
where
    P: Fn(DVec3) -> ClipVertex + Sync,
    D: Fn(&ClipVertex) -> u32 + Sync,
{
    /// The triangles that may be seen, set up in chunks, in the order of their numbers.
    fn batches(&self, objects: &[SceneObject], first_triangle: &[u32]) -> Vec<Batch> {
        let limits = Limits::new(self.grid.size, self.near);
        let projected: Vec<Vec<Vertex>> = objects
            .par_iter()
            .map(|object| {
                if self.beside(object, &limits) {
                    return Vec::new();
                }
                object
                    .posed
                    .positions
                    .par_iter()
                    .map(|&p| self.vertex(p, &limits))
                    .collect()
            })
            .collect();
        let chunks: Vec<(usize, usize)> = objects
            .iter()
            .enumerate()
            .filter(|(o, _)| !projected[*o].is_empty())
            .flat_map(|(o, object)| {
                (0..object.model.mesh.triangles.len())
                    .step_by(CHUNK)
                    .map(move |t| (o, t))
            })
            .collect();
        chunks
            .par_iter()
            .map(|&(o, start)| self.batch(&objects[o], &projected[o], first_triangle[o], start))
            .collect()
    }

    /// Whether the box around an object, and with it every triangle, lies beside the frame.
    fn beside(&self, object: &SceneObject, limits: &Limits) -> bool {
        let Some((low, high)) = object.posed.bounds() else {
            return true;
        };
        let corner = |k: usize| {
            let pick = |axis: usize| if k >> axis & 1 == 0 { low[axis] } else { high[axis] };
            (self.project)(DVec3::new(pick(0), pick(1), pick(2)))
        };
        limits.beside(&[0, 1, 2, 3, 4, 5, 6, 7].map(corner))
    }

    fn vertex(&self, p: DVec3, limits: &Limits) -> Vertex {
        let projected = (self.project)(p);
        let code = Outcode::of(&projected, limits);
        let corner = if code.is_inside() {
            self.corner(&projected)
        } else {
            Corner::ORIGIN
        };
        Vertex { code, corner }
    }

    fn corner(&self, v: &ClipVertex) -> Corner {
        Corner::snap(v, (self.inverse_depth)(v))
    }

    /// Sets up one chunk of an object's triangles.
    fn batch(&self, object: &SceneObject, vertices: &[Vertex], first: u32, start: usize) -> Batch {
        let mesh = &object.model.mesh;
        let limits = Limits::new(self.grid.size, self.near);
        let mut batch = Batch::new(&self.grid);
        let end = mesh.triangles.len().min(start + CHUNK);
        for (index, corners) in mesh.triangles[start..end].iter().enumerate() {
            let seen = corners.map(|v| vertices.get(v as usize).copied().unwrap_or(Vertex::NOWHERE));
            let part = clip::part(seen.map(|v| v.code));
            if part == clip::Part::Nothing {
                continue;
            }
            let number = first + (start + index) as u32;
            let two_sided = !self.cull_back || is_two_sided(mesh, start + index);
            let mut add = |corners| batch.add(&self.grid, Facet::new(corners, number, two_sided, &self.grid));
            if part == clip::Part::Whole {
                add(seen.map(|v| v.corner));
            } else {
                let whole = corners.map(|v| (self.project)(object.posed.positions[v as usize]));
                clip::for_each_piece(&whole, &limits, |piece| add(piece.map(|v| self.corner(v))));
            }
        }
        batch
    }
}

fn is_two_sided(mesh: &Mesh, triangle: usize) -> bool {
    let part = mesh.triangle_part.get(triangle).map_or(0, |&p| usize::from(p));
    mesh.parts.get(part).is_some_and(|p| p.two_sided)
}
