//! Implicit surface → triangles by surface nets (Gibson 1998), vertices drawn
//! onto the surface by Newton steps along the gradient.

use rayon::prelude::*;

use super::Implicit;
use crate::math::DVec3;

/// Triangles of the zero set of `solid` inside the box `[low, high]`, on a grid of `cell` metres.
///
/// Closed where the surface stays inside the box; counter-clockwise seen from
/// outside; deterministic for any number of threads. Returns positions and triangles.
#[must_use]
pub fn polygonize(solid: &dyn Implicit, low: DVec3, high: DVec3, cell: f64) -> (Vec<DVec3>, Vec<[u32; 3]>) {
    let count = ((high - low) / cell).ceil().max(DVec3::ONE);
    let [nx, ny, nz] = [count.x as usize + 1, count.y as usize + 1, count.z as usize + 1];
    let corner = |x: usize, y: usize, z: usize| low + DVec3::new(x as f64, y as f64, z as f64) * cell;
    let values: Vec<f64> = (0..nz)
        .into_par_iter()
        .flat_map_iter(|z| {
            (0..ny)
                .flat_map(move |y| (0..nx).map(move |x| (x, y, z)))
                .map(|(x, y, z)| solid.distance(corner(x, y, z)))
        })
        .collect();
    let at = |x: usize, y: usize, z: usize| values[(z * ny + y) * nx + x];

    let mut positions = Vec::new();
    let mut vertex_of = vec![u32::MAX; nx * ny * nz];
    for z in 0..nz - 1 {
        for y in 0..ny - 1 {
            for x in 0..nx - 1 {
                if let Some(offset) = cell_vertex(&at, x, y, z) {
                    vertex_of[(z * ny + y) * nx + x] = positions.len() as u32;
                    positions.push(corner(x, y, z) + offset * cell);
                }
            }
        }
    }
    positions
        .par_iter_mut()
        .for_each(|p| *p = onto_surface(solid, *p, cell));

    let vertex = |x: usize, y: usize, z: usize| vertex_of[(z * ny + y) * nx + x];
    let mut triangles = Vec::new();
    let mut quad = |inside_first: bool, [a, b, c, d]: [u32; 4]| {
        let [a, b, c, d] = if inside_first { [a, b, c, d] } else { [d, c, b, a] };
        let p = [a, b, c, d].map(|v| positions[v as usize]);
        // split along the shorter diagonal: fewer slivers
        if (p[0] - p[2]).length_squared() <= (p[1] - p[3]).length_squared() {
            triangles.extend([[a, b, c], [a, c, d]]);
        } else {
            triangles.extend([[b, c, d], [b, d, a]]);
        }
    };
    for z in 1..nz - 1 {
        for y in 1..ny - 1 {
            for x in 1..nx - 1 {
                let here = at(x, y, z) < 0.0;
                if here != (at(x + 1, y, z) < 0.0) {
                    quad(
                        here,
                        [
                            vertex(x, y - 1, z - 1),
                            vertex(x, y, z - 1),
                            vertex(x, y, z),
                            vertex(x, y - 1, z),
                        ],
                    );
                }
                if here != (at(x, y + 1, z) < 0.0) {
                    quad(
                        here,
                        [
                            vertex(x - 1, y, z - 1),
                            vertex(x - 1, y, z),
                            vertex(x, y, z),
                            vertex(x, y, z - 1),
                        ],
                    );
                }
                if here != (at(x, y, z + 1) < 0.0) {
                    quad(
                        here,
                        [
                            vertex(x - 1, y - 1, z),
                            vertex(x, y - 1, z),
                            vertex(x, y, z),
                            vertex(x - 1, y, z),
                        ],
                    );
                }
            }
        }
    }
    (positions, triangles)
}

/// Mean of the sign changes on the twelve edges of a cell, in cell units; `None` without one.
fn cell_vertex(at: &impl Fn(usize, usize, usize) -> f64, x: usize, y: usize, z: usize) -> Option<DVec3> {
    let value = |c: usize| at(x + (c & 1), y + (c >> 1 & 1), z + (c >> 2 & 1));
    let place = |c: usize| DVec3::new((c & 1) as f64, (c >> 1 & 1) as f64, (c >> 2 & 1) as f64);
    let mut sum = DVec3::ZERO;
    let mut crossings = 0.0;
    for a in 0..8_usize {
        for axis in [1, 2, 4] {
            let b = a | axis;
            if a & axis == 0 && (value(a) < 0.0) != (value(b) < 0.0) {
                let t = value(a) / (value(a) - value(b));
                sum += place(a).lerp(place(b), t);
                crossings += 1.0;
            }
        }
    }
    (crossings > 0.0).then(|| sum / crossings)
}

/// Three damped Newton steps to the zero set, never further than half a cell.
fn onto_surface(solid: &dyn Implicit, start: DVec3, cell: f64) -> DVec3 {
    let h = cell * 1e-2;
    let mut p = start;
    for _ in 0..3 {
        let d = solid.distance(p);
        let gradient = DVec3::new(
            solid.distance(p + DVec3::X * h) - solid.distance(p - DVec3::X * h),
            solid.distance(p + DVec3::Y * h) - solid.distance(p - DVec3::Y * h),
            solid.distance(p + DVec3::Z * h) - solid.distance(p - DVec3::Z * h),
        ) / (2.0 * h);
        let steep = gradient.length_squared();
        if steep < 1e-6 {
            break;
        }
        p = start + (p - gradient * (d / steep) - start).clamp_length_max(cell * 0.5);
    }
    p
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geometry::{Edge, Topology};

    #[test]
    fn a_ball_becomes_a_closed_outward_mesh_on_its_surface() {
        let ball = |p: DVec3| p.length() - 1.0;
        let (positions, triangles) = polygonize(&ball, DVec3::splat(-1.3), DVec3::splat(1.3), 0.13);
        assert!(triangles.len() > 500);
        assert!(positions.iter().all(|p| (p.length() - 1.0).abs() < 1e-6));
        let topology = Topology::new(&triangles);
        assert!(
            topology.edges.iter().all(|e| !e.triangles.contains(&Edge::NONE)),
            "closed"
        );
        let volume: f64 = triangles
            .iter()
            .map(|t| t.map(|v| positions[v as usize]))
            .map(|[a, b, c]| a.dot(b.cross(c)) / 6.0)
            .sum();
        assert!(
            (volume - 4.18879).abs() < 0.1,
            "{volume}: outward winding and right size"
        );
    }
}
