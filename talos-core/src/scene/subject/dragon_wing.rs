//! The dragon's wings: fingers, and a membrane stretched between them, the arm and the flank.
//!
//! Half-way between two fingers runs a rib: bones that no flesh shows. The rig
//! keeps them between their fingers and lifts them where the air fills the
//! membrane; a membrane's vertex hangs on one finger and the rib beside it.

use super::build::{Assembly, Influence, Patch, influence};
use super::dragon::{Bones, Plan, SIDES, Wing, on_side};
use super::sweep::{Section, Sweep};
use crate::geometry::Part;
use crate::math::{DVec3, scalar};

/// Where along a finger its three bones begin.
pub(super) const JOINTS: [f64; 3] = [0.0, 0.36, 0.70];
/// How far a scallop cuts back between two fingers, share of their length.
const SCALLOP: f64 = 0.20;
/// Height of the rest membrane's dome over its fingers, share of its width: it is never quite flat.
const DOME: f64 = 0.07;

/// A point of a membrane rib of the left wing at rest: panel `r`, from its root (0) to the trailing edge (1).
pub(super) fn rib_point(plan: &Plan, r: usize, s: f64) -> DVec3 {
    panel_point(plan, r, s, 0.5)
}

/// The far border of panel `r`: the next finger, or the flank.
fn far(plan: &Plan, r: usize, s: f64) -> DVec3 {
    if r < 3 {
        plan.finger(r + 1, s)
    } else {
        plan.flank(s)
    }
}

/// A point of panel `r` of the left wing, before scallops: `s` from its root to the trailing edge, `t` across.
fn panel_point(plan: &Plan, r: usize, s: f64, t: f64) -> DVec3 {
    let flat = if r < 3 {
        plan.finger(r, s).lerp(far(plan, r, s), t)
    } else {
        // the last panel's root is the arm: wrist, elbow, shoulder
        let [shoulder, elbow, wrist] = plan.wing;
        let shoulder = shoulder.lerp(plan.flank(0.0), 0.6);
        let arm = if t < 0.5 {
            wrist.lerp(elbow, t * 2.0)
        } else {
            elbow.lerp(shoulder, t * 2.0 - 1.0)
        };
        let straight = plan.finger(3, s).lerp(plan.flank(s), t);
        let root = wrist.lerp(shoulder, t);
        straight + (arm - root) * (1.0 - s)
    };
    let width = (far(plan, r, s) - plan.finger(r, s)).length();
    let bell =
        scalar::sin(core::f64::consts::PI * t) * scalar::sin(core::f64::consts::PI * s.min(1.0) * 0.75);
    flat + DVec3::Y * (DOME * width * bell)
}

/// How far a panel reaches at `t`: 1 at the fingers, less between them.
fn trailing(r: usize, t: f64) -> f64 {
    let arc = |t: f64| 4.0 * t * (1.0 - t);
    if r < 3 {
        1.0 - SCALLOP * arc(t)
    } else if t < 0.5 {
        1.0 - 0.8 * SCALLOP * arc(2.0 * t)
    } else {
        1.0 - 0.9 * SCALLOP * arc(2.0 * t - 1.0)
    }
}

/// The two bones of a line at `s`, with weights.
fn on_line(bones: [u16; 3], s: f64) -> Vec<(u16, f64)> {
    let soft = 0.16;
    let second = scalar::smoothstep(JOINTS[1] - soft, JOINTS[1] + soft, s);
    let third = scalar::smoothstep(JOINTS[2] - soft, JOINTS[2] + soft, s);
    vec![
        (bones[0], 1.0 - second),
        (bones[1], second - third),
        (bones[2], third),
    ]
}

/// Bones of a membrane's vertex.
fn membrane_influence(wing: &Wing, flank: [u16; 3], r: usize, s: f64, t: f64) -> Influence {
    let line = if t < 0.5 {
        wing.fingers[r]
    } else if r < 3 {
        wing.fingers[r + 1]
    } else {
        flank
    };
    let to_rib = 1.0 - (2.0 * t - 1.0).abs();
    let rib = scalar::lerp(to_rib, scalar::smoothstep(0.0, 1.0, to_rib), 0.5);
    let mut bones: Vec<(u16, f64)> = on_line(line, s)
        .iter()
        .map(|b| (b.0, b.1 * (1.0 - rib)))
        .collect();
    bones.extend(on_line(wing.ribs[r], s).iter().map(|b| (b.0, b.1 * rib)));
    if r == 3 {
        let hold = 1.0 - scalar::smoothstep(0.02, 0.20, s);
        let elbow = scalar::smoothstep(0.44, 0.56, t);
        for bone in &mut bones {
            bone.1 *= 1.0 - hold;
        }
        // at the shoulder the trunk takes over from the arm
        let trunk = scalar::smoothstep(0.86, 1.0, t);
        bones.push((wing.forearm, hold * (1.0 - elbow)));
        bones.push((wing.arm, hold * elbow * (1.0 - trunk)));
        bones.push((flank[0], hold * elbow * trunk));
    }
    influence(&bones)
}

/// Adds both wings.
pub(super) fn add(assembly: &mut Assembly, plan: &Plan, bones: &Bones) {
    for side in [0, 1] {
        add_membrane(assembly, plan, bones, side);
        add_leading_edge(assembly, plan, bones, side);
        add_fingers(assembly, plan, &bones.wings[side], side);
    }
}

fn membrane_part(assembly: &mut Assembly, side: usize) -> u16 {
    let mut part = Part::new(format!("wing.{}.membrane", SIDES[side]), "membrane");
    part.two_sided = true;
    assembly.part(part)
}

fn add_membrane(assembly: &mut Assembly, plan: &Plan, bones: &Bones, side: usize) {
    let part = membrane_part(assembly, side);
    let wing = &bones.wings[side];
    let flank = [bones.chest, bones.chest, bones.pelvis];
    // one sheet over all panels: shared columns at the fingers, so that no border runs along them
    let columns_of = |r: usize| if r < 3 { 12_u32 } else { 24 };
    let rows = 14_u32;
    let mut patch = Patch::default();
    let mut weights = Vec::new();
    let mut columns = 0;
    for r in 0..4 {
        let count = columns_of(r);
        for j in u32::from(r > 0)..=count {
            let t = f64::from(j) / f64::from(count);
            let reach = trailing(r, t);
            for i in 0..=rows {
                let s = f64::from(i) / f64::from(rows) * reach;
                patch.positions.push(on_side(side, panel_point(plan, r, s, t)));
                weights.push(membrane_influence(wing, flank, r, s, t));
            }
            columns += 1;
        }
    }
    let at = |i: u32, j: u32| j * (rows + 1) + i;
    for j in 0..columns - 1 {
        let fan = j < 36;
        for i in 0..rows {
            let [a, b, c, d] = [at(i, j), at(i + 1, j), at(i + 1, j + 1), at(i, j + 1)];
            // the fingers' panels meet in the wrist: their first row is a fan
            if !(fan && i == 0) {
                patch.triangles.push([a, c, d]);
            }
            patch.triangles.push([a, b, c]);
        }
    }
    if side == 1 {
        for t in &mut patch.triangles {
            t.swap(1, 2);
        }
    }
    assembly.add_weighted(|_| part, &patch, &weights);
}

/// The small sheet in front of the arm, from the shoulder to the wrist.
fn add_leading_edge(assembly: &mut Assembly, plan: &Plan, bones: &Bones, side: usize) {
    let mut part = Part::new(format!("wing.{}.leading", SIDES[side]), "membrane");
    part.two_sided = true;
    let part = assembly.part(part);
    let wing = &bones.wings[side];
    let [shoulder, elbow, wrist] = plan.wing;
    let front = shoulder + DVec3::new(-0.06, -0.02, 0.52);
    let (rows, columns) = (6_u32, 16_u32);
    let mut patch = Patch::default();
    let mut weights = Vec::new();
    for j in 0..=columns {
        let t = f64::from(j) / f64::from(columns);
        let arm = if t < 0.5 {
            shoulder.lerp(elbow, t * 2.0)
        } else {
            elbow.lerp(wrist, t * 2.0 - 1.0)
        };
        let edge = front.lerp(wrist, t) - DVec3::Z * (0.26 * 4.0 * t * (1.0 - t));
        for i in 0..=rows {
            let s = f64::from(i) / f64::from(rows);
            patch.positions.push(on_side(side, arm.lerp(edge, s)));
            let elbow = scalar::smoothstep(0.25, 0.75, t);
            let trunk = (1.0 - scalar::smoothstep(0.0, 0.45, t)) * s;
            weights.push(influence(&[
                (bones.chest, trunk),
                (wing.arm, (1.0 - elbow) * (1.0 - trunk)),
                (wing.forearm, elbow * (1.0 - trunk)),
            ]));
        }
    }
    let at = |i: u32, j: u32| j * (rows + 1) + i;
    for j in 0..columns {
        for i in 0..rows {
            let [a, b, c, d] = [at(i, j), at(i + 1, j), at(i + 1, j + 1), at(i, j + 1)];
            patch.triangles.push([a, c, b]);
            if j + 1 < columns {
                patch.triangles.push([a, d, c]);
            }
        }
    }
    if side == 1 {
        for t in &mut patch.triangles {
            t.swap(1, 2);
        }
    }
    assembly.add_weighted(|_| part, &patch, &weights);
}

/// Finger bones: tapered tubes with knuckles, and a claw at the wrist.
fn add_fingers(assembly: &mut Assembly, plan: &Plan, wing: &Wing, side: usize) {
    let part = assembly.part(Part::new(format!("wing.{}.fingers", SIDES[side]), "body"));
    let b = plan.params.bulk;
    for (f, bones) in wing.fingers.iter().enumerate() {
        let thick = [0.062, 0.050, 0.046, 0.046][f] * b;
        let keys: Vec<Section> = (0..=14)
            .map(|i| {
                let s = f64::from(i) / 14.0 * 1.025;
                let knuckle: f64 = JOINTS[1..]
                    .iter()
                    .map(|j| 0.011 * (1.0 - ((s - j) / 0.06).abs()).max(0.0))
                    .sum();
                let radius = scalar::lerp(thick, 0.012, s.min(1.0)) + knuckle * b;
                Section::round(plan.finger(f, s), if i == 14 { 0.003 } else { radius })
            })
            .collect();
        let patch = Sweep::through(&keys, 1, DVec3::Y).mesh(7);
        let ring = 7;
        let weights: Vec<Influence> = (0..patch.positions.len())
            .map(|v| {
                let rings = 15;
                let s = match v / ring {
                    i if i < rings => i as f64 / 14.0,
                    _ if v == rings * ring => 0.0,
                    _ => 1.0,
                };
                influence(&on_line(*bones, s))
            })
            .collect();
        let patch = if side == 0 { patch } else { patch.mirrored() };
        assembly.add_weighted(|_| part, &patch, &weights);
    }
    let wrist = plan.wing[2];
    let thumb = [
        Section::round(wrist + DVec3::new(0.0, 0.0, 0.02), 0.055 * b),
        Section::round(wrist + DVec3::new(0.05, 0.07, 0.15), 0.046 * b),
        Section::round(wrist + DVec3::new(0.10, 0.08, 0.30), 0.028 * b),
        Section::round(wrist + DVec3::new(0.12, 0.00, 0.42), 0.003),
    ];
    let patch = Sweep::through(&thumb, 4, DVec3::Y).mesh(8);
    let patch = if side == 0 { patch } else { patch.mirrored() };
    let claw = assembly.part(Part::new(format!("wing.{}.claw", SIDES[side]), "horn"));
    assembly.add(claw, &patch, |_| influence(&[(wing.hand, 1.0)]));
}
