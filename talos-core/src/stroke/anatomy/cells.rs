//! Stable cells: each part of a model is split at rest into a few regions, whose numbers name strokes.

use crate::geometry::Mesh;
use crate::math::DVec3;

/// Cells of a part. More would rename a stroke more often as it slides over the surface, fewer
/// would put more strokes into one cell, where their order tells them apart.
const CELLS: usize = 16;

/// For each triangle the number of its cell in its part: seeds by farthest-point sampling
/// (Gonzalez 1985) from the part's first triangle, triangles to the nearest seed.
pub(super) fn cells(mesh: &Mesh) -> Vec<u8> {
    let mut cell = vec![0_u8; mesh.triangles.len()];
    let mut by_part: Vec<Vec<u32>> = vec![Vec::new(); mesh.parts.len()];
    for (t, &part) in mesh.triangle_part.iter().enumerate() {
        if let Some(list) = by_part.get_mut(usize::from(part)) {
            list.push(t as u32);
        }
    }
    for list in by_part {
        let centres: Vec<DVec3> = list.iter().map(|&t| centre(mesh, t)).collect();
        for (&t, number) in list.iter().zip(farthest_point_cells(&centres)) {
            if let Some(slot) = cell.get_mut(t as usize) {
                *slot = number;
            }
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

fn farthest_point_cells(centres: &[DVec3]) -> Vec<u8> {
    let mut nearest_sq = vec![f64::INFINITY; centres.len()];
    let mut cell = vec![0; centres.len()];
    let mut seed = 0;
    for number in 0..CELLS.min(centres.len()) {
        let mut farthest = (0.0, seed);
        for (i, &c) in centres.iter().enumerate() {
            let distance_sq = (c - centres[seed]).length_squared();
            if distance_sq < nearest_sq[i] {
                nearest_sq[i] = distance_sq;
                cell[i] = number as u8;
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
