//! Streets: paving, markings, lamps, parked cars, an elevated road.

use super::sculpt::{block, closed_block, hard, round, tube, vertex};
use crate::geometry::{Mesh, Part};
use crate::math::{DVec2, DVec3};

/// Adds a flat rectangle that faces up.
pub(super) fn pave(mesh: &mut Mesh, part: u16, low: DVec2, high: DVec2, y: f64) {
    let corners = [(low.x, high.y), (high.x, high.y), (high.x, low.y), (low.x, low.y)];
    let corners = corners.map(|(x, z)| vertex(mesh, DVec3::new(x, y, z), DVec2::new(x, z)));
    mesh.add_quad(part, corners);
}

/// Stripes of a crossing, walked along X where `along_x`, between two corners.
pub(super) fn crossing(mesh: &mut Mesh, part: u16, low: DVec2, high: DVec2, along_x: bool) {
    let length = if along_x { high.x - low.x } else { high.y - low.y };
    let stripes = (length / 1.3).floor() as u32;
    for k in 0..stripes {
        let start = 1.3 * f64::from(k) + 0.35;
        let (a, b) = if along_x {
            (
                DVec2::new(low.x + start, low.y),
                DVec2::new(low.x + start + 0.65, high.y),
            )
        } else {
            (
                DVec2::new(low.x, low.y + start),
                DVec2::new(high.x, low.y + start + 0.65),
            )
        };
        pave(mesh, part, a, b, 0.012);
    }
}

/// A street lamp whose arm reaches to +X.
pub(super) fn lamp() -> Mesh {
    let mut mesh = Mesh::default();
    let pole = mesh.add_part(hard("pole", "antenna"));
    let points = [
        (DVec3::ZERO, 0.16),
        (DVec3::Y * 0.8, 0.10),
        (DVec3::Y * 7.2, 0.07),
        (DVec3::new(0.4, 8.0, 0.0), 0.06),
        (DVec3::new(2.1, 8.3, 0.0), 0.05),
        (DVec3::new(2.15, 8.3, 0.0), 0.0),
    ];
    tube(&mut mesh, pole, &points, 5, &round);
    let head = mesh.add_part(hard("head", "lamp"));
    closed_block(
        &mut mesh,
        head,
        DVec3::new(1.6, 8.12, -0.2),
        DVec3::new(2.7, 8.32, 0.2),
    );
    mesh
}

/// A car that faces +Z, about 4.4 m long.
pub(super) fn car(slot: &str) -> Mesh {
    let mut mesh = Mesh::default();
    let body = mesh.add_part(hard("body", slot));
    closed_block(
        &mut mesh,
        body,
        DVec3::new(-0.9, 0.3, -2.2),
        DVec3::new(0.9, 0.85, 2.2),
    );
    let cabin = mesh.add_part(hard("cabin", "window_dark"));
    let ring = |mesh: &mut Mesh, y: f64, x: f64, back: f64, front: f64| {
        [(-x, front), (x, front), (x, back), (-x, back)]
            .map(|(x, z)| vertex(mesh, DVec3::new(x, y, z), DVec2::new(x, z)))
    };
    let sill = ring(&mut mesh, 0.85, 0.85, -1.75, 1.15);
    let roof = ring(&mut mesh, 1.42, 0.68, -1.3, 0.35);
    for j in 0..4 {
        let next = (j + 1) % 4;
        mesh.add_quad(cabin, [sill[j], sill[next], roof[next], roof[j]]);
    }
    mesh.add_quad(body, roof);
    let lights = mesh.add_part(hard("lights", "lamp"));
    for x in [-0.62, 0.62] {
        closed_block(
            &mut mesh,
            lights,
            DVec3::new(x - 0.2, 0.55, 2.1),
            DVec3::new(x + 0.2, 0.72, 2.24),
        );
    }
    let wheels = mesh.add_part(Part::new("wheels", "window_dark"));
    for z in [-1.4, 1.4] {
        block(
            &mut mesh,
            wheels,
            DVec3::new(-0.84, 0.0, z - 0.32),
            DVec3::new(0.84, 0.3, z + 0.32),
        );
    }
    mesh
}

/// An elevated road along X from `from` to `to` metres at a height, on piers, with railings and lamps.
pub(super) fn viaduct(z: f64, from: f64, to: f64, deck_y: f64) -> Mesh {
    let mut mesh = Mesh::default();
    let deck = mesh.add_part(hard("deck", "building_b"));
    let half = 6.5;
    let bays = ((to - from) / 32.0).ceil() as u32;
    let step = (to - from) / f64::from(bays);
    closed_block(
        &mut mesh,
        deck,
        DVec3::new(from, deck_y - 1.6, z - half),
        DVec3::new(to, deck_y, z + half),
    );
    let road = mesh.add_part(Part::new("deck.road", "road"));
    pave(
        &mut mesh,
        road,
        DVec2::new(from, z - half + 0.6),
        DVec2::new(to, z + half - 0.6),
        deck_y + 0.05,
    );
    let rails = mesh.add_part(hard("railing", "building"));
    for side in [-1.0, 1.0] {
        let at = z + side * (half - 0.25);
        closed_block(
            &mut mesh,
            rails,
            DVec3::new(from, deck_y, at - 0.25),
            DVec3::new(to, deck_y + 1.0, at + 0.25),
        );
    }
    let piers = mesh.add_part(hard("piers", "building"));
    for k in 0..=bays {
        let x = from + step * f64::from(k);
        block(
            &mut mesh,
            piers,
            DVec3::new(x - 1.1, 0.0, z - 1.6),
            DVec3::new(x + 1.1, deck_y - 3.0, z + 1.6),
        );
        closed_block(
            &mut mesh,
            piers,
            DVec3::new(x - 1.3, deck_y - 3.0, z - half + 0.8),
            DVec3::new(x + 1.3, deck_y - 1.6, z + half - 0.8),
        );
    }
    mesh
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn street_furniture_is_light() {
        for (mesh, budget) in [
            (lamp(), 80),
            (car("building_c"), 80),
            (viaduct(10.0, -300.0, 300.0, 13.0), 800),
        ] {
            assert!(mesh.triangles.len() <= budget, "{}", mesh.triangles.len());
            assert!(mesh.positions.iter().all(|p| p.is_finite() && p.y > -1e-9));
        }
    }

    #[test]
    fn paving_faces_up() {
        let mut mesh = Mesh::default();
        let part = mesh.add_part(Part::new("road", "road"));
        pave(&mut mesh, part, DVec2::ZERO, DVec2::ONE, 0.5);
        crossing(&mut mesh, part, DVec2::ZERO, DVec2::new(9.0, 3.0), true);
        for t in &mesh.triangles {
            let [a, b, c] = t.map(|v| mesh.positions[v as usize]);
            assert!((b - a).cross(c - a).y > 0.0);
        }
    }
}
