//! The point of a surface that a pixel sees.

use super::rays::Rays;
use crate::math::{DVec2, DVec3, Vec2, Vec3};
use crate::scene::SceneObject;

/// A triangle in the world.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Triangle {
    corners: [u32; 3],
    a: DVec3,
    ab: DVec3,
    ac: DVec3,
    /// Unit normal of its plane, outward.
    pub(crate) face: DVec3,
}

/// A point of a triangle as a pixel sees it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Surface {
    /// World, metres.
    pub(crate) position: DVec3,
    /// Interpolated unit normal.
    pub(crate) normal: Vec3,
    /// Depth along the view axis, metres.
    pub(crate) depth_m: f32,
    /// Barycentric coordinates of the second and third corner.
    weights: DVec2,
    /// The same before they were kept inside the triangle.
    met: Option<DVec2>,
}

fn single(v: DVec3) -> Vec3 {
    Vec3::new(v.x as f32, v.y as f32, v.z as f32)
}

impl Triangle {
    pub(crate) fn new(object: &SceneObject, index: usize) -> Self {
        let corners = object.model.mesh.triangles[index];
        let at = |k: usize| object.posed.positions[corners[k] as usize];
        let (a, b, c) = (at(0), at(1), at(2));
        let (ab, ac) = (b - a, c - a);
        Self {
            corners,
            a,
            ab,
            ac,
            face: ab.cross(ac).normalize_or(DVec3::Y),
        }
    }

    /// Barycentric coordinates where a ray meets the plane, unclamped; `None` when it grazes it.
    /// Möller & Trumbore 1997.
    fn meet(&self, origin: DVec3, d: DVec3) -> Option<DVec2> {
        let p = d.cross(self.ac);
        let determinant = self.ab.dot(p);
        let scale = self.ab.length_squared().max(self.ac.length_squared()) * d.length();
        if determinant.abs() <= scale * 1e-9 {
            return None;
        }
        let from_a = origin - self.a;
        let v = from_a.dot(p) / determinant;
        let w = d.dot(from_a.cross(self.ab)) / determinant;
        Some(DVec2::new(v, w))
    }

    /// The point that the ray through a pixel position meets, kept inside the triangle.
    /// `normals` are the object's vertex normals to shade with.
    pub(crate) fn at(&self, normals: &[DVec3], rays: &Rays, forward: DVec3, x: f64, y: f64) -> Surface {
        let met = self.meet(rays.origin, rays.toward(x, y));
        let weights = inside(met.unwrap_or(DVec2::splat(1.0 / 3.0)));
        let u = 1.0 - weights.x - weights.y;
        let normal_at = |k: usize| normals[self.corners[k] as usize];
        let normal = normal_at(0) * u + normal_at(1) * weights.x + normal_at(2) * weights.y;
        let position = self.a + self.ab * weights.x + self.ac * weights.y;
        Surface {
            position,
            normal: single(normal.normalize_or(self.face)),
            depth_m: (position - rays.origin).dot(forward) as f32,
            weights,
            met,
        }
    }

    /// Surface coordinates in metres, and how far they move over a pixel along each of their axes.
    /// Meshes without coordinates use the world's x and z.
    pub(crate) fn uv(&self, object: &SceneObject, rays: &Rays, at: &Surface, x: f64, y: f64) -> (Vec2, Vec2) {
        let uv = &object.model.mesh.uv;
        let corner = |k: usize| {
            let v = self.corners[k] as usize;
            let world = || DVec2::new(object.posed.positions[v].x, object.posed.positions[v].z);
            uv.get(v).copied().unwrap_or_else(world)
        };
        let (a, ab, ac) = (corner(0), corner(1) - corner(0), corner(2) - corner(0));
        let here = a + ab * at.weights.x + ac * at.weights.y;
        let width = at.met.map_or(DVec2::splat(1e3), |from| {
            let moved = |x, y| {
                let to = self.meet(rays.origin, rays.toward(x, y));
                to.map_or(DVec2::splat(1e3), |to| {
                    (ab * (to.x - from.x) + ac * (to.y - from.y)).abs()
                })
            };
            moved(x + 1.0, y) + moved(x, y + 1.0)
        });
        (
            Vec2::new(here.x as f32, here.y as f32),
            Vec2::new(width.x as f32, width.y as f32),
        )
    }
}

/// Barycentric coordinates brought into the triangle.
fn inside(w: DVec2) -> DVec2 {
    let w = w.max(DVec2::ZERO);
    let sum = w.x + w.y;
    if sum > 1.0 { w / sum } else { w }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::camera::FrameSize;
    use crate::light::testing;

    #[test]
    fn rays_meet_the_plane_where_it_projects() {
        let size = FrameSize {
            width: 320,
            height: 180,
        };
        let projection = testing::view(size, DVec3::new(1.0, 4.0, 9.0), DVec3::ZERO);
        let ground = testing::slab("ground", "background", DVec3::ZERO, 50.0, "ground");
        let rays = Rays::new(&projection);
        for (x, y) in [(160.0, 90.0), (20.5, 130.0), (300.0, 170.0)] {
            let hit = [0, 1]
                .map(|t| Triangle::new(&ground, t).at(&ground.posed.normals, &rays, projection.forward, x, y))
                .into_iter()
                .min_by(|a, b| {
                    let away = |s: &Surface| {
                        projection
                            .project(s.position)
                            .map_or(1e9, |p| (p - DVec2::new(x, y)).length())
                    };
                    away(a).total_cmp(&away(b))
                })
                .expect("two");
            let pixel = projection.project(hit.position).expect("in front");
            assert!((pixel - DVec2::new(x, y)).length() < 1e-6, "{pixel}");
            assert!((f64::from(hit.depth_m) - projection.depth(hit.position)).abs() < 1e-4);
            assert_eq!(hit.normal, Vec3::Y);
        }
    }

    #[test]
    fn grazing_and_empty_triangles_stay_finite() {
        let size = FrameSize {
            width: 64,
            height: 64,
        };
        let ground = testing::slab("ground", "background", DVec3::ZERO, 5.0, "ground");
        let projection = testing::view(size, DVec3::new(0.0, 0.0, 9.0), DVec3::ZERO);
        let rays = Rays::new(&projection);
        let triangle = Triangle::new(&ground, 0);
        let hit = triangle.at(&ground.posed.normals, &rays, projection.forward, 32.0, 32.0);
        let (uv, width) = triangle.uv(&ground, &rays, &hit, 32.0, 32.0);
        assert!(hit.position.is_finite() && hit.normal.is_finite() && uv.is_finite() && width.is_finite());
    }
}
