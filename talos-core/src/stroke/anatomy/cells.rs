//! Stable cells: each part of a model is split at rest into a few regions, whose numbers name strokes.

use crate::geometry::Mesh;
use crate::math::DVec3;

/// Cells of a surface. More rename a stroke more often as it slides over the surface; fewer put more
/// strokes into one cell, where their order tells them apart. Of 8, 12 and 16 the middle one keeps the
/// most names under a turning camera without more ids that live for a frame or two.
const CELLS: usize = 12;

/// A surface with less than this share of its part's triangles is one cell: a tooth, a claw, a
/// strand of hair is named as a whole.
const LARGE_SHARE: f64 = 0.3;

/// For each triangle the number of its cell in its part. Each connected surface of a part has cells
/// of its own: one, or for a large surface several, by farthest-point sampling (Gonzalez 1985).
pub(super) fn cells(mesh: &Mesh, surface: &[u32]) -> Vec<u32> {
    let mut cell = vec![0; mesh.triangles.len()];
    let mut order: Vec<u32> = (0..mesh.triangles.len().min(mesh.triangle_part.len()) as u32).collect();
    let key = |t: u32| (mesh.triangle_part[t as usize], surface[t as usize]);
    order.sort_by_key(|&t| (key(t), t));
    for part in order.chunk_by(|&a, &b| key(a).0 == key(b).0) {
        let mut first = 0;
        for list in part.chunk_by(|&a, &b| key(a).1 == key(b).1) {
            let large = list.len() as f64 > LARGE_SHARE * part.len() as f64;
            let centres: Vec<DVec3> = if large {
                list.iter().map(|&t| centre(mesh, t)).collect()
            } else {
                Vec::new()
            };
            let numbers = farthest_point_cells(&centres);
            for (i, &t) in list.iter().enumerate() {
                cell[t as usize] = first + numbers.get(i).copied().unwrap_or(0);
            }
            first += if large { CELLS as u32 } else { 1 };
        }
    }
    cell
}

fn centre(mesh: &Mesh, triangle: u32) -> DVec3 {
    let corner = |v: u32| mesh.positions.get(v as usize).copied().unwrap_or(DVec3::ZERO);
    mesh.triangles.get(triangle as usize).map_or(DVec3::ZERO, |t| {
        (corner(t[0]) + corner(t[1]) + corner(t[2])) / 3.0
    })
}

fn farthest_point_cells(centres: &[DVec3]) -> Vec<u32> {
    let mut nearest_sq = vec![f64::INFINITY; centres.len()];
    let mut cell = vec![0; centres.len()];
    let mut seed = 0;
    for number in 0..CELLS.min(centres.len()) {
        let mut farthest = (0.0, seed);
        for (i, &c) in centres.iter().enumerate() {
            let distance_sq = (c - centres[seed]).length_squared();
            if distance_sq < nearest_sq[i] {
                nearest_sq[i] = distance_sq;
                cell[i] = number as u32;
            }
            if nearest_sq[i] > farthest.0 {
                farthest = (nearest_sq[i], i);
            }
        }
        seed = farthest.1;
    }
    cell
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_compact_and_all_used() {
        let line: Vec<DVec3> = (0..160).map(|i| DVec3::X * f64::from(i)).collect();
        let cell = farthest_point_cells(&line);
        let changes = cell.windows(2).filter(|w| w[0] != w[1]).count();
        assert_eq!(changes, CELLS - 1, "one stretch each");
        assert!(farthest_point_cells(&[]).is_empty());
        assert_eq!(farthest_point_cells(&[DVec3::ZERO; 3]), [0; 3]);
    }
}
