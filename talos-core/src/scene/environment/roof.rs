//! What stands on roofs: plant, tanks, masts, signs.

use super::massing::Mason;
use super::sculpt::{block, closed_block, round, tube};
use crate::math::{DVec2, DVec3, scalar};

/// A free rectangle of roof at a height, metres.
#[derive(Clone, Copy, Debug)]
pub(super) struct RoofArea {
    /// Middle, (x, z).
    pub(super) centre: DVec2,
    /// Half sizes.
    pub(super) half: DVec2,
    /// Height of its surface.
    pub(super) y: f64,
}

impl RoofArea {
    fn at(&self, x: f64, z: f64) -> DVec3 {
        let p = self.centre + DVec2::new(x, z) * self.half;
        DVec3::new(p.x, self.y, p.y)
    }
}

/// Fills a roof, cell by cell of about 8 m: a stair house in one, plant, tanks, masts and panels in others.
pub(super) fn clutter(mason: &mut Mason, area: RoofArea, rich: bool) {
    let cells = |half: f64| ((2.0 * half / 8.0).round() as u32).clamp(1, if rich { 5 } else { 2 });
    let (columns, rows) = (cells(area.half.x), cells(area.half.y));
    let quarter = area.half / DVec2::new(f64::from(columns), f64::from(rows));
    let stairs = mason.dice.whole(0, columns * rows - 1);
    for k in 0..columns * rows {
        let at = |index: u32, count: u32| (2.0 * f64::from(index) + 1.0) / f64::from(count) - 1.0;
        let foot = area.at(at(k % columns, columns), at(k / columns, rows));
        let draw = mason.dice.unit();
        match draw {
            _ if k == stairs => stair_house(mason, foot, quarter),
            u if u < 0.12 => water_tank(mason, foot, quarter.min_element()),
            u if u < 0.19 => mast(mason, foot, 7.0),
            u if u < 0.27 => panels(mason, foot, quarter),
            u if u < if rich { 0.58 } else { 0.45 } => plant(mason, foot, quarter),
            _ => {}
        }
    }
}

/// Head of the stairs and lifts, with a door and a vent on top.
fn stair_house(mason: &mut Mason, foot: DVec3, quarter: DVec2) {
    let part = mason.part("stairs", "building_b");
    let half = DVec3::new(quarter.x.min(4.5) * 0.75, 0.0, quarter.y.min(4.0) * 0.7);
    let high = mason.dice.range(2.6, 4.2);
    block(&mut mason.mesh, part, foot - half, foot + half + DVec3::Y * high);
    let top = foot + DVec3::Y * high;
    let vent = DVec3::new(0.45 * half.x, 0.0, 0.45 * half.z);
    block(&mut mason.mesh, part, top - vent, top + vent + DVec3::Y * 0.9);
    let door = mason.part("door", "window_dark");
    let front = foot + DVec3::new(0.0, 0.0, half.z);
    let (low, upper) = (
        front + DVec3::new(-0.55, 0.0, -0.05),
        front + DVec3::new(0.55, 2.1, 0.06),
    );
    block(&mut mason.mesh, door, low, upper);
}

/// A row of cooling units joined by a duct.
fn plant(mason: &mut Mason, foot: DVec3, quarter: DVec2) {
    let part = mason.part("plant", "roof");
    let count = mason.dice.whole(2, 3);
    let step = 1.5 * quarter.x / f64::from(count);
    for k in 0..count {
        let x = (f64::from(k) + 0.5) * step - 0.75 * quarter.x;
        let middle = foot + DVec3::new(x, 0.0, 0.0);
        let half = DVec3::new(0.38 * step, 0.0, quarter.y.min(2.5) * 0.5);
        let high = mason.dice.range(1.1, 1.9);
        block(
            &mut mason.mesh,
            part,
            middle - half,
            middle + half + DVec3::Y * high,
        );
        let fan = [
            (middle + DVec3::Y * high, 0.26 * step),
            (middle + DVec3::Y * (high + 0.35), 0.26 * step),
            (middle + DVec3::Y * (high + 0.36), 0.0),
        ];
        tube(&mut mason.mesh, part, &fan, 8, &round);
    }
    let duct = DVec3::new(0.75 * quarter.x, 0.0, 0.3);
    let beside = foot + DVec3::new(0.0, 0.3, quarter.y.min(2.5) * 0.5 + 0.4);
    closed_block(
        &mut mason.mesh,
        part,
        beside - duct,
        beside + duct + DVec3::Y * 0.6,
    );
}

/// A barrel on legs under a conical hat.
fn water_tank(mason: &mut Mason, foot: DVec3, reach: f64) {
    let radius = (0.6 * reach).clamp(0.9, 1.9);
    let legs = mason.part("tank.legs", "antenna");
    for (x, z) in [(-1.0, -1.0), (1.0, -1.0), (1.0, 1.0), (-1.0, 1.0)] {
        let p = foot + DVec3::new(x, 0.0, z) * (0.62 * radius);
        let half = DVec3::new(0.1, 0.0, 0.1);
        block(&mut mason.mesh, legs, p - half, p + half + DVec3::Y * 2.1);
    }
    let barrel = mason.part("tank", "building_c");
    let at = |y: f64, r: f64| (foot + DVec3::Y * y, r * radius);
    let points = [
        at(2.0, 0.05),
        at(2.01, 1.0),
        at(2.0 + 1.7 * radius, 1.0),
        at(2.02 + 1.7 * radius, 1.12),
        at(2.0 + 2.3 * radius, 0.0),
    ];
    tube(&mut mason.mesh, barrel, &points, 12, &round);
}

/// A lattice-like mast: a tapered pole with cross arms and a lamp.
pub(super) fn mast(mason: &mut Mason, foot: DVec3, height: f64) {
    let part = mason.part("mast", "antenna");
    let thick = 0.018 * height + 0.06;
    let points = [
        (foot, thick),
        (foot + DVec3::Y * (0.62 * height), 0.6 * thick),
        (foot + DVec3::Y * (0.625 * height), 0.3 * thick),
        (foot + DVec3::Y * height, 0.02),
    ];
    tube(&mut mason.mesh, part, &points, 4, &round);
    for (level, reach) in [(0.35, 0.11), (0.5, 0.08), (0.62, 0.05)] {
        let middle = foot + DVec3::Y * (level * height);
        let half = DVec3::new(reach * height, 0.05, 0.05);
        let turned = if level == 0.5 {
            DVec3::new(half.z, half.y, half.x)
        } else {
            half
        };
        closed_block(&mut mason.mesh, part, middle - turned, middle + turned);
    }
    let lamp = mason.part("beacon", "lamp");
    let top = foot + DVec3::Y * (0.63 * height);
    closed_block(
        &mut mason.mesh,
        lamp,
        top - DVec3::splat(0.22),
        top + DVec3::splat(0.22),
    );
}

/// Tilted panels in rows.
fn panels(mason: &mut Mason, foot: DVec3, quarter: DVec2) {
    let part = mason.part("panels", "window_dark");
    let rows = 3;
    for k in 0..rows {
        let z = (f64::from(k) - 1.0) * 0.55 * quarter.y;
        let middle = foot + DVec3::new(0.0, 0.35, z);
        let (half_x, half_z) = (0.7 * quarter.x, 0.2 * quarter.y);
        let first = mason.mesh.positions.len() as u32;
        let corners = [
            (-half_x, half_z),
            (half_x, half_z),
            (half_x, -half_z),
            (-half_x, -half_z),
        ];
        for (x, z) in corners {
            let p = middle + DVec3::new(x, -0.5 * z, z);
            super::sculpt::vertex(&mut mason.mesh, p, DVec2::new(x, z));
        }
        mason.mesh.parts[usize::from(part)].two_sided = true;
        mason
            .mesh
            .add_quad(part, [first, first + 1, first + 2, first + 3]);
    }
}

/// A sign board on posts, facing ±Z or ±X.
pub(super) fn billboard(mason: &mut Mason, area: RoofArea, faces_x: bool) {
    let part = mason.part("billboard.frame", "antenna");
    let width = (if faces_x { area.half.y } else { area.half.x } * 1.3).clamp(4.0, 14.0);
    let high = 0.42 * width;
    let flat = |across: f64, y: f64, through: f64| {
        if faces_x {
            DVec3::new(through, y, across)
        } else {
            DVec3::new(across, y, through)
        }
    };
    let edge = if mason.dice.chance(0.5) { 0.82 } else { -0.82 };
    let foot = if faces_x {
        area.at(edge, 0.0)
    } else {
        area.at(0.0, edge)
    };
    for across in [-0.4, 0.0, 0.4] {
        let p = foot + flat(across * width, 0.0, 0.0);
        block(
            &mut mason.mesh,
            part,
            p - DVec3::new(0.12, 0.0, 0.12),
            p + DVec3::new(0.12, 2.2, 0.12),
        );
    }
    let middle = foot + DVec3::Y * (2.0 + 0.5 * high);
    let half = flat(0.5 * width, 0.5 * high, 0.22);
    closed_block(&mut mason.mesh, part, middle - half, middle + half);
    let sign = mason.part("billboard", "lamp");
    let face = flat(0.46 * width, 0.42 * high, 0.26);
    closed_block(&mut mason.mesh, sign, middle - face, middle + face);
}

/// A landing circle marked on the roof.
pub(super) fn helipad(mason: &mut Mason, area: RoofArea) {
    let part = mason.part("helipad", "path");
    let radius = (0.62 * area.half.min_element()).min(8.0);
    let ring = |mason: &mut Mason, r: f64| -> Vec<u32> {
        (0..20)
            .map(|k| {
                let (sin, cos) = scalar::sin_cos(scalar::TAU * f64::from(k) / 20.0);
                let p = area.at(0.0, 0.0) + DVec3::new(sin * r, 0.12, cos * r);
                super::sculpt::vertex(&mut mason.mesh, p, DVec2::new(p.x, p.z))
            })
            .collect()
    };
    let (outer, inner) = (ring(mason, radius), ring(mason, 0.86 * radius));
    for k in 0..20 {
        let next = (k + 1) % 20;
        mason
            .mesh
            .add_quad(part, [outer[k], outer[next], inner[next], inner[k]]);
    }
}
