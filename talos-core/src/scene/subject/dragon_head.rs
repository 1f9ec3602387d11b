//! The dragon's head: wedge skull, hinged jaw, brows, eyes, horns, frills and teeth.
//!
//! Sizes are in the head's own space: origin where the neck meets the skull,
//! +Z to the nose, metres for a head of size 1.

use super::build::{Assembly, Influence, Patch, influence, leave, rigid, sheet};
use super::cut::{Refinement, cut, refine};
use super::dragon::{Bones, Plan, SIDES, key, on_side};
use super::dragon_body::{Flesh, HEAD_CELL};
use super::dragon_horns;
use super::sculpt::{Limb, Mass, Sculpture, Solid};
use super::sweep::{Section, Sweep};
use crate::geometry::{Implicit, Part};
use crate::math::{DAffine3, DMat3, DQuat, DVec3, scalar};

/// The jaw's hinge.
pub(super) const HINGE: [f64; 3] = [0.0, -0.10, 0.14];
/// Where the tongue is rooted.
pub(super) const TONGUE_ROOT: [f64; 3] = [0.0, -0.15, 0.36];
/// The left eye's centre.
pub(super) const EYE: [f64; 3] = [0.148, 0.150, 0.545];
/// Radius of an eye.
const EYE_RADIUS: f64 = 0.066;
/// Where the left frill is rooted.
pub(super) const FRILL_ROOT: [f64; 3] = [0.235, 0.02, 0.10];

/// The skull: (z, centre's y, half width, up, down, square, flare).
pub(super) const SKULL: [[f64; 7]; 10] = [
    [-0.20, 0.01, 0.165, 0.19, 0.20, 0.0, 0.0],
    [0.02, 0.03, 0.215, 0.22, 0.22, 0.15, -0.20],
    [0.26, 0.05, 0.270, 0.24, 0.18, 0.45, -0.40],
    [0.48, 0.06, 0.225, 0.21, 0.155, 0.55, -0.45],
    [0.66, 0.035, 0.165, 0.150, 0.130, 0.60, -0.45],
    [0.86, 0.00, 0.138, 0.115, 0.105, 0.60, -0.40],
    [1.05, -0.02, 0.132, 0.110, 0.095, 0.55, -0.40],
    [1.20, -0.035, 0.122, 0.110, 0.090, 0.50, -0.35],
    [1.31, -0.060, 0.085, 0.085, 0.090, 0.35, -0.30],
    [1.37, -0.095, 0.030, 0.045, 0.070, 0.10, -0.20],
];

/// The lower jaw, closed.
pub(super) const JAW: [[f64; 7]; 8] = [
    [-0.02, -0.165, 0.120, 0.06, 0.09, 0.1, 0.0],
    [0.16, -0.195, 0.225, 0.100, 0.135, 0.45, 0.15],
    [0.36, -0.190, 0.210, 0.110, 0.130, 0.60, 0.20],
    [0.62, -0.165, 0.152, 0.090, 0.093, 0.60, 0.20],
    [0.90, -0.155, 0.122, 0.075, 0.077, 0.55, 0.15],
    [1.10, -0.165, 0.108, 0.072, 0.090, 0.50, 0.10],
    [1.22, -0.175, 0.080, 0.062, 0.095, 0.35, 0.0],
    [1.29, -0.185, 0.028, 0.035, 0.055, 0.1, 0.0],
];

/// Model space from head space at rest.
pub(super) fn model_from_head(plan: &Plan) -> DAffine3 {
    let station = plan.spine.at(key::SKULL);
    DAffine3::from_scale_rotation_translation(
        DVec3::splat(plan.head_size()),
        DQuat::from_rotation_x(0.14),
        station.section.centre,
    )
}

/// A point from its coordinates.
pub(super) fn v(p: [f64; 3]) -> DVec3 {
    DVec3::from_array(p)
}

/// Sections of a table, placed in the model.
fn sections(plan: &Plan, table: &[[f64; 7]]) -> Vec<Section> {
    let (place, size) = (model_from_head(plan), plan.head_size());
    table
        .iter()
        .map(|&[z, y, wide, up, down, square, flare]| {
            let centre = place.transform_point3(DVec3::new(0.0, y, z));
            Section::new(centre, wide * size, up * size, down * size).shaped(square, flare)
        })
        .collect()
}

fn sweep(plan: &Plan, table: &[[f64; 7]]) -> Sweep {
    let up = model_from_head(plan).transform_vector3(DVec3::Y).normalize();
    Sweep::through(&sections(plan, table), 4, up)
}

/// Adds a tube in head space to both sides.
fn ridge(body: &mut Sculpture, limb: usize, plan: &Plan, points: &[([f64; 3], f64)], blend: f64) {
    let (place, size) = (model_from_head(plan), plan.head_size());
    let keys: Vec<Section> = points
        .iter()
        .map(|&(p, r)| Section::round(place.transform_point3(v(p)), r * size))
        .collect();
    let ridge = Solid::Sweep(Sweep::through(&keys, 4, DVec3::Y));
    body.add_pair([limb, limb], ridge, blend * size);
}

/// Carves an ellipsoid in head space from both sides.
fn hollow(body: &mut Sculpture, plan: &Plan, centre: [f64; 3], axes: [f64; 3], turn: DQuat, blend: f64) {
    let (place, size) = (model_from_head(plan), plan.head_size());
    let turn = DMat3::from_quat(
        DQuat::from_mat3(&DMat3::from_cols(
            place.matrix3.x_axis.normalize(),
            place.matrix3.y_axis.normalize(),
            place.matrix3.z_axis.normalize(),
        )) * turn,
    );
    let mass = Mass::new(place.transform_point3(v(centre)), v(axes) * size, turn);
    body.carve_pair(Solid::Mass(mass), blend * size);
}

/// Adds the skull to the body's flesh.
pub(super) fn add_skull(body: &mut Sculpture, limb: usize, plan: &Plan) {
    let size = plan.head_size();
    body.add(limb, Solid::Sweep(sweep(plan, &SKULL)), 0.10 * size);
    hollow(
        body,
        plan,
        [0.205, 0.150, 0.555],
        [0.062, 0.056, 0.105],
        DQuat::from_rotation_y(0.30),
        0.030,
    );
    // brow: from the bridge up and back over the eye; its slope is the scowl
    ridge(
        body,
        limb,
        plan,
        &[
            ([0.062, 0.120, 0.88], 0.018),
            ([0.112, 0.168, 0.72], 0.034),
            ([0.176, 0.222, 0.56], 0.047),
            ([0.222, 0.268, 0.38], 0.046),
            ([0.235, 0.290, 0.20], 0.034),
        ],
        0.055,
    );
    // cheekbone under the eye, back to the jaw's hinge
    ridge(
        body,
        limb,
        plan,
        &[
            ([0.140, 0.030, 0.80], 0.016),
            ([0.190, 0.050, 0.60], 0.030),
            ([0.255, 0.030, 0.38], 0.042),
            ([0.270, -0.045, 0.18], 0.040),
        ],
        0.07,
    );
    ridge(
        body,
        limb,
        plan,
        &[([0.055, 0.070, 1.16], 0.045), ([0.070, 0.045, 1.25], 0.040)],
        0.05,
    );
    hollow(
        body,
        plan,
        [0.118, 0.062, 1.235],
        [0.030, 0.022, 0.046],
        DQuat::from_rotation_x(-0.5),
        0.012,
    );
    // the palate is arched: lips stand around it
    let void = palate_keys(plan, 2, 0.66, 0.055);
    body.carve(Solid::Sweep(void), 0.02 * size);
}

/// A flat tunnel along the palate from the `first` of the skull's sections forward.
fn palate_keys(plan: &Plan, first: usize, share: f64, high: f64) -> Sweep {
    let table: Vec<[f64; 7]> = SKULL
        .iter()
        .take(9)
        .skip(first)
        .map(|&[z, y, wide, _, down, _, _]| {
            let end =
                1.0 - 0.5 * scalar::smoothstep(1.15, 1.31, z) - 0.45 * scalar::smoothstep(0.26, 0.02, z);
            [z, y - down - 0.01, wide * share * end, high, 0.10, 0.5, 0.0]
        })
        .collect();
    sweep(plan, &table)
}

/// Where the skull is coloured as the inside of the mouth.
pub(super) fn mouth_region(plan: &Plan) -> Sweep {
    palate_keys(plan, 1, 0.76, 0.068)
}

/// Replaces the head's part of the body mesh by a finer one.
pub(super) fn refine_head(coarse: &Patch, plan: &Plan, body: &Sculpture, coarse_cell: f64) -> Patch {
    let station = plan.spine.at(key::SKULL - 0.8);
    let (centre, axis) = (station.section.centre, -station.forward);
    let boundary = |p: DVec3| (p - centre).dot(axis);
    let size = plan.head_size();
    let place = model_from_head(plan);
    let nose = place.transform_point3(DVec3::Z * 1.45);
    let refinement = Refinement {
        boundary: &boundary,
        centre,
        axis,
        low: DVec3::new(-0.38 * size, nose.y - 0.35 * size, centre.z - 0.4),
        high: DVec3::new(0.38 * size, place.translation.y + 0.42 * size, nose.z),
        cell: HEAD_CELL * size,
    };
    let fine = body.polygons(refinement.low, refinement.high, refinement.cell);
    refine(coarse, body, coarse_cell, &refinement, &fine)
}

/// Adds everything of the head that is not skull.
pub(super) fn add(assembly: &mut Assembly, plan: &Plan, bones: &Bones, flesh: &Flesh) {
    let jaw = jaw_flesh(plan, bones);
    add_jaw(assembly, plan, bones, &jaw);
    add_tongue(assembly, plan, bones);
    add_cheeks(assembly, plan, bones);
    for side in [0, 1] {
        add_eye(assembly, plan, bones, side);
        dragon_horns::add_horns(assembly, plan, bones, side);
        dragon_horns::add_frill(assembly, plan, bones, side);
        dragon_horns::add_teeth(assembly, plan, bones, side);
        mark_face(assembly, plan, bones, flesh, side);
    }
}

fn jaw_flesh(plan: &Plan, bones: &Bones) -> Sculpture {
    let mut jaw = Sculpture::default();
    let limb = jaw.limb(Limb {
        joints: vec![DVec3::ZERO, DVec3::Z],
        bones: vec![bones.jaw],
        soft: 0.5,
        reach_m: 1.0,
    });
    let size = plan.head_size();
    jaw.add(limb, Solid::Sweep(sweep(plan, &JAW)), 0.0);
    // the jaw line: an edge from its angle to the chin
    ridge(
        &mut jaw,
        limb,
        plan,
        &[
            ([0.185, -0.270, 0.10], 0.036),
            ([0.180, -0.285, 0.30], 0.036),
            ([0.120, -0.245, 0.62], 0.024),
            ([0.090, -0.225, 0.90], 0.018),
        ],
        0.09,
    );
    jaw.carve(Solid::Sweep(jaw_void(plan, 2, 0.66, 0.055)), 0.02 * size);
    jaw
}

/// A flat tunnel along the floor of the mouth from the `first` of the jaw's sections forward.
fn jaw_void(plan: &Plan, first: usize, share: f64, deep: f64) -> Sweep {
    let table: Vec<[f64; 7]> = JAW
        .iter()
        .take(7)
        .skip(first)
        .map(|&[z, y, wide, up, _, _, _]| {
            let end = 1.0 - 0.45 * scalar::smoothstep(1.05, 1.22, z);
            [z, y + up + 0.01, wide * share * end, 0.12, deep, 0.5, 0.0]
        })
        .collect();
    sweep(plan, &table)
}

fn add_jaw(assembly: &mut Assembly, plan: &Plan, bones: &Bones, jaw: &Sculpture) {
    let (place, size) = (model_from_head(plan), plan.head_size());
    let corner = |p: [f64; 3]| place.transform_point3(v(p));
    let (back, tip) = (corner([0.0, -0.4, -0.2]), corner([0.0, -0.05, 1.4]));
    let low = DVec3::new(-0.3 * size, back.y.min(tip.y) - 0.3 * size, back.z);
    let high = DVec3::new(0.3 * size, back.y.max(tip.y) + 0.45 * size, tip.z);
    let patch = jaw.polygons(low, high, HEAD_CELL * size);
    let snap = HEAD_CELL * size * 0.3;
    let void = jaw_void(plan, 0, 0.80, 0.068);
    let inner = cut(&patch, jaw, &|p| void.distance(p), snap);
    let to_head = place.inverse();
    let throat = |p: DVec3| {
        let q = to_head.transform_point3(p);
        // a band under the chin that widens to the throat
        let half = 0.045 + 0.09 * scalar::smoothstep(1.2, 0.2, q.z);
        (q.x.abs() - half).max(q.y + 0.235 - 0.02 * q.z) * size
    };
    let both = cut(&inner.patch, jaw, &throat, snap);
    let skin = assembly.part(Part::new("jaw", "body"));
    let floor = assembly.part(Part::new("mouth.floor", "mouth"));
    let belly = assembly.part(Part::new("jaw.throat", "belly"));
    let weights = vec![rigid(bones.jaw); both.patch.positions.len()];
    let part_of = |t: usize| match (inner.inside[both.origin[t] as usize], both.inside[t]) {
        (true, _) => floor,
        (false, true) => belly,
        (false, false) => skin,
    };
    assembly.add_weighted(part_of, &both.patch, &weights);
}

fn add_tongue(assembly: &mut Assembly, plan: &Plan, bones: &Bones) {
    let table = [
        [0.28, -0.150, 0.050, 0.020, 0.030, 0.0, 0.0],
        [0.42, -0.140, 0.080, 0.026, 0.030, 0.3, 0.0],
        [0.70, -0.132, 0.068, 0.022, 0.024, 0.3, 0.0],
        [0.95, -0.128, 0.048, 0.016, 0.018, 0.2, 0.0],
        [1.10, -0.125, 0.010, 0.006, 0.006, 0.0, 0.0],
    ];
    let patch = sweep(plan, &table).mesh(10);
    let part = assembly.part(Part::new("tongue", "tongue"));
    assembly.add(part, &patch, |_| rigid(bones.tongue));
}

/// The skin between the jaws at the corner of the mouth: it stretches as the jaw opens.
fn add_cheeks(assembly: &mut Assembly, plan: &Plan, bones: &Bones) {
    let place = model_from_head(plan);
    for (side, name) in SIDES.iter().enumerate() {
        let mut part = Part::new(format!("mouth.cheek.{name}"), "mouth");
        part.two_sided = true;
        let part = assembly.part(part);
        let (columns, rows) = (6, 4);
        let patch = sheet(columns, rows, |t, s| {
            // sags inward at the front, so that the stretched skin curves into the mouth
            let slack = 0.05 * (4.0 * s * (1.0 - s)) * t;
            let (x, y) = (scalar::lerp(0.185, 0.150, t), scalar::lerp(-0.085, -0.150, s));
            let p = DVec3::new(x - slack, y, scalar::lerp(0.14, 0.44, t) - slack * 2.2);
            place.transform_point3(on_side(side, p))
        });
        let weights: Vec<Influence> = (0..patch.positions.len() as u32)
            .map(|v| f64::from(v % (rows + 1)) / f64::from(rows))
            .map(|s| scalar::smoothstep(0.0, 1.0, s))
            .map(|hold| influence(&[(bones.head, 1.0 - hold), (bones.jaw, hold)]))
            .collect();
        assembly.add_weighted(|_| part, &patch, &weights);
    }
}

/// Direction in which an eye of the left side looks out of its socket.
const GAZE: [f64; 3] = [0.80, 0.16, 0.55];

fn add_eye(assembly: &mut Assembly, plan: &Plan, bones: &Bones, side: usize) {
    let gaze = v(GAZE).normalize();
    let rise = (DVec3::Y - gaze * gaze.y).normalize();
    let across = rise.cross(gaze);
    let (rings, sides) = (10_u32, 16_u32);
    // A ball whose pole looks out: the slit is an ellipse about the pole, so rings can follow it.
    let mut patch = Patch::default();
    patch.positions.push(gaze * EYE_RADIUS);
    for ring in 1..rings {
        let t = f64::from(ring) / f64::from(rings);
        let polar = core::f64::consts::PI * t;
        for k in 0..sides {
            let angle = scalar::TAU * f64::from(k) / f64::from(sides);
            let (sin, cos) = scalar::sin_cos(angle);
            // near the pole rings are narrow across and tall: a cat's slit
            let narrow = scalar::lerp(0.30, 1.0, scalar::smoothstep(0.15, 0.45, t));
            let tall = scalar::lerp(1.9, 1.0, scalar::smoothstep(0.15, 0.5, t));
            let (s, c) = (cos * narrow, sin * tall);
            let length = scalar::hypot(s, c);
            let (ps, pc) = scalar::sin_cos(polar * if t < 0.5 { length.min(2.0) } else { 1.0 });
            let around = (across * s + rise * c) / length;
            patch.positions.push((gaze * pc + around * ps) * EYE_RADIUS);
        }
    }
    patch.positions.push(-gaze * EYE_RADIUS);
    let at = |ring: u32, k: u32| 1 + (ring - 1) * sides + k % sides;
    let last = patch.positions.len() as u32 - 1;
    for k in 0..sides {
        patch.triangles.push([0, at(1, k), at(1, k + 1)]);
    }
    for ring in 1..rings - 1 {
        for k in 0..sides {
            let [a, b, c, d] = [at(ring, k), at(ring + 1, k), at(ring + 1, k + 1), at(ring, k + 1)];
            patch.triangles.extend([[a, b, c], [a, c, d]]);
        }
    }
    for k in 0..sides {
        patch
            .triangles
            .push([last, at(rings - 1, k + 1), at(rings - 1, k)]);
    }
    let in_head = patch.moved(DAffine3::from_translation(v(EYE)));
    let in_head = if side == 0 { in_head } else { in_head.mirrored() };
    let placed = in_head.moved(model_from_head(plan));
    let eye = assembly.part(Part::new(format!("eye.{}", SIDES[side]), "eye"));
    let pupil = assembly.part(Part::new(format!("eye.{}.pupil", SIDES[side]), "pupil"));
    let weights = vec![rigid(bones.eyes[side]); placed.positions.len()];
    let pupil_triangles = (sides + 2 * sides) as usize;
    assembly.add_weighted(
        |t| if t < pupil_triangles { pupil } else { eye },
        &placed,
        &weights,
    );
}

/// A line along the rim of a jaw's left side in head space, by z; `angle` from its top.
pub(super) fn lip_line(plan: &Plan, table: &'static [[f64; 7]], angle: f64) -> impl Fn(f64) -> DVec3 {
    let shape = sweep(plan, table);
    let to_head = model_from_head(plan).inverse();
    move |z: f64| {
        let last = table.len() - 1;
        let i = (0..last).rev().find(|&i| table[i][0] <= z).unwrap_or(0);
        let t = scalar::saturate((z - table[i][0]) / (table[i + 1][0] - table[i][0]));
        let station = shape.at(i as f64 + t);
        to_head.transform_point3(station.at_angle(angle, 0.92))
    }
}

/// Lids, nostril and the line of the mouth.
fn mark_face(assembly: &mut Assembly, plan: &Plan, bones: &Bones, flesh: &Flesh, side: usize) {
    let place = model_from_head(plan);
    let head = |_: DVec3| rigid(bones.head);
    let name = SIDES[side];
    let gaze = v(GAZE).normalize();
    let rise = (DVec3::Y - gaze * gaze.y).normalize();
    let across = rise.cross(gaze);
    let arc = |from: f64, to: f64, open: f64| -> Vec<DVec3> {
        (0..=10)
            .map(|i| {
                let angle = scalar::lerp(from, to, f64::from(i) / 10.0);
                let (sin, cos) = scalar::sin_cos(angle);
                let polar = 1.05;
                let (ps, pc) = scalar::sin_cos(polar);
                let around = across * cos + rise * (sin * open);
                let p = v(EYE) + (gaze * pc + around * ps).normalize() * (EYE_RADIUS * 1.03);
                place.transform_point3(on_side(side, p))
            })
            .collect()
    };
    assembly.mark(format!("eye.{name}.lid"), &arc(0.1, 3.0, 0.75), 0.4, head);
    assembly.mark(format!("eye.{name}.under"), &arc(-0.2, -2.9, 0.8), 0.2, head);
    let ring: Vec<DVec3> = (0..=12)
        .map(|i| {
            let (sin, cos) = scalar::sin_cos(scalar::TAU * f64::from(i) / 14.0 - 0.4);
            let from = DVec3::new(0.03, 0.056 + 0.024 * sin, 1.232 + 0.050 * cos);
            let from = place.transform_point3(on_side(side, from));
            let out = place.transform_vector3(on_side(side, DVec3::new(1.0, 0.45, 0.35)));
            leave(&flesh.body, from, out, 0.2) + out.normalize() * 0.003
        })
        .collect();
    assembly.mark(format!("nostril.{name}"), &ring, 0.3, head);
    let rim = lip_line(plan, &SKULL, 2.36);
    let lip: Vec<DVec3> = (0..=20)
        .map(|i| {
            let z = scalar::lerp(0.24, 1.28, f64::from(i) / 20.0);
            let rim = rim(z);
            let from = place.transform_point3(on_side(side, DVec3::new(rim.x * 0.5, rim.y + 0.012, z)));
            let out = place.transform_vector3(on_side(side, DVec3::X));
            leave(&flesh.body, from, out, 0.3) + out.normalize() * 0.004
        })
        .collect();
    assembly.mark(format!("mouth.{name}"), &lip, 0.35, head);
}
