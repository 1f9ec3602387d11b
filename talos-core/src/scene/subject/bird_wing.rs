//! A bird's wings and tail: sheets with scalloped, feathered edges.

use super::bird::{Bones, Plan, SIDES, on_side};
use super::build::{Assembly, Influence, influence, rigid, sheet};
use super::sweep::{Section, Sweep};
use crate::geometry::Part;
use crate::math::{DVec3, scalar};

/// How far a row of feathers reaches: 1 at a feather's tip, less where two meet.
pub(super) fn scallop(x: f64, depth: f64) -> f64 {
    let u = 2.0 * (x - x.floor()) - 1.0;
    1.0 - depth * (1.0 - (1.0 - u * u).max(0.0).sqrt())
}

/// Feathers in a wing's trailing edge.
const FEATHERS: f64 = 17.0;

/// Adds a wing: a sheet of feathers on a slim arm.
pub(super) fn add_wing(assembly: &mut Assembly, plan: &Plan, bones: &Bones, side: usize) {
    let wing = bones.wings[side];
    let name = SIDES[side];
    let hold = |s: f64, chord: f64| {
        let x = s * 4.0;
        let step = |k: f64| scalar::smoothstep(k - 0.35, k + 0.35, x);
        let root = (1.0 - scalar::smoothstep(0.0, 0.5, x)) * scalar::lerp(0.5, 0.9, chord);
        let weights = [
            1.0 - step(1.0),
            step(1.0) - step(2.0),
            step(2.0) - step(3.0),
            step(3.0),
        ];
        let mut all = vec![(bones.root, root)];
        all.extend(wing.iter().zip(weights).map(|(&b, w)| (b, w * (1.0 - root))));
        influence(&all)
    };
    // four columns a feather; eight for the four outermost, which lie apart from each other
    let (inner, columns) = (52_u32, 84_u32);
    let rows = 4;
    let along = |column: f64| {
        let (inner, all) = (f64::from(inner), f64::from(columns));
        let border = 1.0 - 4.0 / FEATHERS;
        if column < inner {
            border * column / inner
        } else {
            scalar::lerp(border, 1.0, (column - inner) / (all - inner))
        }
    };
    let point = |t: f64, c: f64| {
        let s = along((t * f64::from(columns)).round());
        let deep = scallop(s * FEATHERS, scalar::lerp(0.09, 0.22, s * s));
        let (lead, tip) = (plan.wing(s), plan.feather(s));
        let camber = DVec3::Y * (0.018 * plan.size * 4.0 * c * (1.0 - c) * (1.0 - 0.6 * s));
        let p = lead.lerp(tip, c * deep) + camber;
        on_side(
            side,
            if s == 0.0 {
                DVec3::new(p.x * 0.5, p.y, p.z)
            } else {
                p
            },
        )
    };
    let mut patch = sheet(columns, rows, point);
    if side == 1 {
        for t in &mut patch.triangles {
            t.swap(1, 2);
        }
    }
    let weights: Vec<Influence> = (0..patch.positions.len() as u32)
        .map(|v| {
            let (s, c) = (v / (rows + 1), v % (rows + 1));
            hold(along(f64::from(s)), f64::from(c) / f64::from(rows))
        })
        .collect();
    let two_sided = |name: String, slot: &str| {
        let mut part = Part::new(name, slot);
        part.two_sided = true;
        part
    };
    let main = assembly.part(two_sided(format!("wing.{name}.feathers"), "wing"));
    let tip = assembly.part(two_sided(format!("wing.{name}.tip"), "tip"));
    // the outer feathers are dark: a border along the fifth feather from the tip
    let part_of = |t: usize| {
        if t / (2 * rows as usize) >= inner as usize {
            tip
        } else {
            main
        }
    };
    assembly.add_weighted(part_of, &patch, &weights);
    add_wing_arm(assembly, plan, side, hold);
    // the line between the coverts and the flight feathers
    let covert: Vec<DVec3> = (0..=16)
        .map(|i| {
            let s = scalar::lerp(0.12, 0.80, f64::from(i) / 16.0);
            let p = plan.wing(s).lerp(plan.feather(s), 0.48);
            let camber = DVec3::Y * (0.018 * plan.size * (1.0 - 0.6 * s));
            on_side(side, p + camber + DVec3::Y * (0.002 * plan.size))
        })
        .collect();
    assembly.mark(format!("wing.{name}.coverts"), &covert, 0.2, |p| {
        let s = (0..=64)
            .map(|k| f64::from(k) / 64.0)
            .min_by(|a, b| {
                let d =
                    |s: f64| (on_side(side, p) - plan.wing(s).lerp(plan.feather(s), 0.48)).length_squared();
                d(*a).total_cmp(&d(*b))
            })
            .unwrap_or(0.0);
        hold(s, 0.48)
    });
}

/// The arm: a slim closed body along the wing's leading edge.
fn add_wing_arm(assembly: &mut Assembly, plan: &Plan, side: usize, hold: impl Fn(f64, f64) -> Influence) {
    let size = plan.size;
    let (rings, sides) = (17_usize, 8_usize);
    let keys: Vec<Section> = (0..rings)
        .map(|i| {
            let s = i as f64 / (rings - 1) as f64;
            let thick = scalar::lerp(0.020, 0.0022, s.sqrt()) * size;
            let centre = plan.wing(s) - DVec3::Z * (0.35 * thick);
            Section::new(centre, thick * 1.25, thick * 0.75, thick * 0.75)
        })
        .collect();
    let mut patch = Sweep::through(&keys, 1, DVec3::Y).mesh(sides);
    if side == 1 {
        patch = patch.mirrored();
    }
    let weights: Vec<Influence> = (0..patch.positions.len())
        .map(|v| {
            let ring = if v < rings * sides {
                v / sides
            } else if v == rings * sides {
                0
            } else {
                rings - 1
            };
            hold(ring as f64 / (rings - 1) as f64, 0.0)
        })
        .collect();
    let part = assembly.part(Part::new(format!("wing.{}.arm", SIDES[side]), "wing"));
    assembly.add_weighted(|_| part, &patch, &weights);
}

/// Adds the tail's fan.
pub(super) fn add_tail(assembly: &mut Assembly, plan: &Plan, bones: &Bones) {
    let root = plan.at([0.0, 0.008, -0.175]);
    let long = 0.135 * plan.params.tail_length * plan.size;
    let patch = sheet(28, 3, |t, s| {
        let angle = scalar::lerp(-0.52, 0.52, t);
        let (sin, cos) = scalar::sin_cos(angle);
        let reach = long * s * scallop(t * 7.0, 0.14) * (1.0 + 0.12 * (1.0 - cos));
        let base = DVec3::X * (0.024 * plan.size * (2.0 * t - 1.0));
        let arch = DVec3::Y * (-0.010 * plan.size * (2.0 * t - 1.0) * (2.0 * t - 1.0));
        root + base + arch + DVec3::new(sin, -0.02, -cos) * reach
    });
    let mut part = Part::new("tail", "body");
    part.two_sided = true;
    let part = assembly.part(part);
    assembly.add(part, &patch, |_| rigid(bones.tail));
}
