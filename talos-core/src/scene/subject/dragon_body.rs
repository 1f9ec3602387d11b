//! The dragon's trunk, neck, tail and limbs, with belly, spikes and claws.

use super::build::{Assembly, Influence, Patch, leave, rigid};
use super::cut::{Refinement, cut, refine};
use super::dragon::{Bones, Leg, Plan, SIDES, key, on_side};
use super::dragon_head;
use super::sculpt::{Limb, Mass, Sculpture, Solid};
use super::sweep::{Section, Sweep};
use crate::geometry::{Implicit, Part};
use crate::math::{DVec3, scalar};

/// Cell of the trunk's mesh, metres. Larger loses the muscles, smaller costs triangles that no line shows.
const CELL: f64 = 0.088;
/// Cell of the feet: a toe is three cells thick.
const FOOT_CELL: f64 = 0.044;
/// Cell of the head, metres: lips and brows are 5 cm thick.
pub(super) const HEAD_CELL: f64 = 0.026;

/// The body as one implicit solid, skull included, jaw apart.
pub(super) struct Flesh {
    pub(super) body: Sculpture,
    /// The band that is plated.
    belly: Sweep,
}

impl Flesh {
    pub(super) fn new(plan: &Plan, bones: &Bones) -> Self {
        let mut body = Sculpture::default();
        let spine = body.limb(spine_limb(plan, bones));
        let chest = body.limb(Limb {
            joints: vec![DVec3::ZERO, DVec3::Z],
            bones: vec![bones.chest],
            soft: 0.5,
            reach_m: 0.30,
        });
        body.add(spine, Solid::Sweep(plan.spine.clone()), 0.0);
        add_shoulders(&mut body, chest, plan);
        let fore = [0, 1].map(|side| body.limb(leg_limb(&plan.fore, &bones.fore[side], side)));
        let hind = [0, 1].map(|side| body.limb(leg_limb(&plan.hind, &bones.hind[side], side)));
        let wings = [0, 1].map(|side| body.limb(wing_limb(plan, bones, side)));
        add_foreleg(&mut body, fore, plan);
        add_hindleg(&mut body, hind, plan);
        add_wing_arm(&mut body, wings, plan);
        let skull = body.limb(Limb {
            joints: vec![DVec3::ZERO, DVec3::Z],
            bones: vec![bones.head],
            soft: 0.5,
            reach_m: 0.16,
        });
        dragon_head::add_skull(&mut body, skull, plan);
        Self {
            body,
            belly: belly(plan),
        }
    }
}

fn spine_limb(plan: &Plan, bones: &Bones) -> Limb {
    let on_spine = |k: f64| plan.spine.at(k).section.centre;
    let tail_count = bones.tail.len();
    let mut joints = vec![on_spine(0.0)];
    let mut chain = Vec::new();
    for (i, &bone) in bones.tail.iter().enumerate().rev() {
        joints.push(on_spine(scalar::lerp(
            key::TAIL + 0.3,
            0.0,
            i as f64 / tail_count as f64,
        )));
        chain.push(bone);
    }
    joints.push(on_spine(key::WAIST));
    chain.push(bones.pelvis);
    chain.push(bones.chest);
    let neck_count = bones.neck.len();
    for (i, &bone) in bones.neck.iter().enumerate() {
        joints.push(on_spine(scalar::lerp(
            key::NECK,
            key::SKULL,
            i as f64 / neck_count as f64,
        )));
        chain.push(bone);
    }
    let end = plan.spine.at(key::SKULL);
    joints.push(end.section.centre);
    chain.push(bones.head);
    joints.push(end.section.centre + end.forward * 0.4);
    Limb {
        joints,
        bones: chain,
        soft: 0.5,
        reach_m: 0.25,
    }
}

fn leg_limb(joints: &[DVec3; 5], leg: &Leg, side: usize) -> Limb {
    Limb {
        joints: joints.iter().map(|&p| on_side(side, p)).collect(),
        bones: vec![leg.upper, leg.lower, leg.foot, leg.toes],
        soft: 0.22,
        reach_m: 0.20,
    }
}

fn wing_limb(plan: &Plan, bones: &Bones, side: usize) -> Limb {
    let wing = &bones.wings[side];
    let mut joints: Vec<DVec3> = plan.wing.iter().map(|&p| on_side(side, p)).collect();
    joints.push(on_side(side, plan.finger(0, 0.1)));
    Limb {
        joints,
        bones: vec![wing.arm, wing.forearm, wing.hand],
        soft: 0.12,
        reach_m: 0.22,
    }
}

/// Keel, flight muscles and shoulder blades: what carries the wings.
fn add_shoulders(body: &mut Sculpture, chest: usize, plan: &Plan) {
    let b = plan.params.bulk;
    let both = [chest, chest];
    let blade = Mass::between(
        DVec3::new(0.22, 0.55, 1.15),
        DVec3::new(0.34, 0.50, 0.35),
        0.17 * b,
        0.17 * b,
    );
    body.add_pair(both, Solid::Mass(blade), 0.16);
    let pectoral = Mass::between(
        DVec3::new(0.34, 0.22, 1.15),
        DVec3::new(0.26, -0.52, 0.72),
        0.20 * b,
        0.34 * b,
    );
    body.add_pair(both, Solid::Mass(pectoral), 0.14);
}

fn add_foreleg(body: &mut Sculpture, limbs: [usize; 2], plan: &Plan) {
    let [shoulder, elbow, wrist, ball, toe] = plan.fore;
    let b = plan.params.bulk;
    let deltoid = Mass::between(
        shoulder + DVec3::new(0.02, 0.24, 0.06),
        elbow + DVec3::new(0.0, 0.10, 0.06),
        0.19 * b,
        0.26 * b,
    );
    body.add_pair(limbs, Solid::Mass(deltoid), 0.14);
    body.tube_pair(limbs, &[(shoulder, 0.20 * b), (elbow, 0.115 * b)], 0.12);
    // point of the elbow
    let point = elbow + DVec3::new(0.0, 0.05, -0.13);
    body.tube_pair(limbs, &[(elbow, 0.10 * b), (point, 0.05 * b)], 0.06);
    let bulge = elbow.lerp(wrist, 0.28) + DVec3::new(0.0, 0.0, 0.02);
    body.tube_pair(
        limbs,
        &[(elbow, 0.105 * b), (bulge, 0.135 * b), (wrist, 0.078 * b)],
        0.05,
    );
    body.tube_pair(limbs, &[(wrist, 0.080 * b), (ball, 0.105 * b)], 0.05);
    add_toes(body, limbs, ball, toe, b);
}

fn add_hindleg(body: &mut Sculpture, limbs: [usize; 2], plan: &Plan) {
    let [hip, knee, hock, ball, toe] = plan.hind;
    let b = plan.params.bulk;
    let thigh = Mass::between(
        hip + DVec3::new(0.05, 0.26, -0.14),
        knee + DVec3::new(-0.03, -0.08, 0.03),
        0.21 * b,
        0.34 * b,
    );
    body.add_pair(limbs, Solid::Mass(thigh), 0.16);
    let ham = Mass::between(
        hip + DVec3::new(0.06, 0.05, -0.32),
        knee.lerp(hock, 0.30) + DVec3::new(0.0, 0.10, 0.0),
        0.16 * b,
        0.21 * b,
    );
    body.add_pair(limbs, Solid::Mass(ham), 0.12);
    let calf = knee.lerp(hock, 0.30) + DVec3::new(0.0, -0.03, -0.03);
    body.tube_pair(
        limbs,
        &[(knee, 0.135 * b), (calf, 0.145 * b), (hock, 0.075 * b)],
        0.06,
    );
    let heel = hock + DVec3::new(0.0, 0.06, -0.10);
    body.tube_pair(limbs, &[(hock, 0.08 * b), (heel, 0.045 * b)], 0.05);
    body.tube_pair(limbs, &[(hock, 0.078 * b), (ball, 0.110 * b)], 0.05);
    add_toes(body, limbs, ball, toe, b);
}

/// The directions of a foot's toes: three forward, one back; radians from straight ahead.
const TOES: [f64; 4] = [-0.50, 0.0, 0.50, 2.75];

/// The root, knuckle and end of a toe of the left foot.
fn toe_joints(ball: DVec3, toe: DVec3, angle: f64) -> [DVec3; 3] {
    let forward = toe - ball;
    let flat = DVec3::new(forward.x, 0.0, forward.z);
    let (sin, cos) = scalar::sin_cos(angle);
    let direction = DVec3::new(flat.x * cos + flat.z * sin, 0.0, flat.z * cos - flat.x * sin);
    let length = if angle.abs() > 1.5 { 0.62 } else { 1.0 };
    [
        ball,
        ball + direction * (0.50 * length) + DVec3::Y * 0.02,
        ball + direction * (0.98 * length) + DVec3::Y * (forward.y * 0.9),
    ]
}

fn add_toes(body: &mut Sculpture, limbs: [usize; 2], ball: DVec3, toe: DVec3, b: f64) {
    for angle in TOES {
        let [root, knuckle, end] = toe_joints(ball, toe, angle);
        body.tube_pair(
            limbs,
            &[(root, 0.080 * b), (knuckle, 0.068 * b), (end, 0.045 * b)],
            0.03,
        );
    }
}

fn add_wing_arm(body: &mut Sculpture, limbs: [usize; 2], plan: &Plan) {
    let [shoulder, elbow, wrist] = plan.wing;
    let b = plan.params.bulk;
    let biceps = Mass::between(
        shoulder + DVec3::new(-0.12, -0.04, 0.0),
        shoulder.lerp(elbow, 0.72) + DVec3::new(0.0, 0.02, 0.03),
        0.15 * b,
        0.17 * b,
    );
    body.add_pair(limbs, Solid::Mass(biceps), 0.18);
    body.tube_pair(limbs, &[(shoulder, 0.17 * b), (elbow, 0.095 * b)], 0.10);
    let bulge = elbow.lerp(wrist, 0.25);
    body.tube_pair(
        limbs,
        &[(elbow, 0.10 * b), (bulge, 0.115 * b), (wrist, 0.07 * b)],
        0.05,
    );
    body.tube_pair(
        limbs,
        &[(wrist, 0.085 * b), (plan.finger(0, 0.05), 0.055 * b)],
        0.04,
    );
}

/// The band under neck, trunk and tail that is plated.
fn belly(plan: &Plan) -> Sweep {
    let keys: Vec<Section> = (0..=32)
        .map(|i| {
            let k = scalar::lerp(1.2, 16.9, f64::from(i) / 32.0);
            let station = plan.spine.at(k);
            let s = station.section;
            let end = scalar::smoothstep(1.2, 4.5, k);
            let centre = s.centre - station.up * s.down;
            let wide = s.wide * scalar::lerp(0.25, 0.68, end);
            let high = s.down * scalar::lerp(0.2, 0.42, end);
            Section::new(centre, wide, high, high)
        })
        .collect();
    Sweep::through(&keys, 2, DVec3::Y)
}

/// The body's mesh: coarse trunk, finer feet and head, one closed surface.
fn mesh(plan: &Plan, flesh: &Flesh) -> Patch {
    // beyond the knuckles, where the fingers' own tubes begin
    let reach = plan.finger(0, 0.05).x + 0.06 * plan.params.bulk + 4.0 * CELL;
    let nose = dragon_head::model_from_head(plan).transform_point3(DVec3::Z * 0.2);
    let tip = plan.spine.at(0.0).section.centre;
    let low = DVec3::new(-reach, -1.75, tip.z - 0.2);
    let high = DVec3::new(reach, nose.y + 0.7, nose.z + 0.2);
    let mut patch = flesh.body.polygons(low, high, CELL);
    for joints in [&plan.fore, &plan.hind] {
        for side in [0, 1] {
            let (ankle, ball) = (on_side(side, joints[2]), on_side(side, joints[3]));
            let at = ankle.lerp(ball, 0.35);
            let axis = (ankle - ball).normalize_or(DVec3::Y);
            let boundary = |p: DVec3| (p - at).dot(axis).max((p - ball).length() - 0.72);
            let refinement = Refinement {
                boundary: &boundary,
                centre: at,
                axis,
                low: ball - DVec3::new(0.5, 0.25, 0.5),
                high: ball + DVec3::new(0.5, 0.45, 0.55),
                cell: FOOT_CELL,
            };
            let fine = flesh.body.polygons(refinement.low, refinement.high, FOOT_CELL);
            patch = refine(&patch, &flesh.body, CELL, &refinement, &fine);
        }
    }
    dragon_head::refine_head(&patch, plan, &flesh.body, CELL)
}

/// Adds trunk, belly, spikes and claws.
pub(super) fn add(assembly: &mut Assembly, plan: &Plan, bones: &Bones, flesh: &Flesh) {
    let patch = mesh(plan, flesh);
    let belly = cut(&patch, &flesh.body, &|p| flesh.belly.distance(p), CELL * 0.3);
    let palate = dragon_head::mouth_region(plan);
    let both = cut(
        &belly.patch,
        &flesh.body,
        &|p| palate.distance(p),
        HEAD_CELL * 0.3,
    );
    let body_part = assembly.part(Part::new("body", "body"));
    let belly_part = assembly.part(Part::new("belly", "belly"));
    let mouth_part = assembly.part(Part::new("mouth.palate", "mouth"));
    let weights = flesh.body.influences(&both.patch.positions);
    let part_of = |t: usize| {
        if both.inside[t] {
            mouth_part
        } else if belly.inside[both.origin[t] as usize] {
            belly_part
        } else {
            body_part
        }
    };
    assembly.add_weighted(part_of, &both.patch, &weights);
    add_spikes(assembly, plan, flesh);
    add_spade(assembly, plan, bones);
    add_claws(assembly, plan, bones);
    mark_belly(assembly, plan, flesh);
}

/// Height of the spikes along the spine, in metres, by key number.
fn spike_height(k: f64) -> f64 {
    let neck = scalar::smoothstep(key::SKULL + 0.2, 13.5, k) * 0.10 + 0.15;
    let tail = scalar::smoothstep(0.0, 6.0, k);
    let saddle = 1.0 - 0.35 * scalar::smoothstep(7.5, 8.5, k) * (1.0 - scalar::smoothstep(10.0, 11.2, k));
    neck * scalar::lerp(0.45, 1.0, tail) * saddle
}

/// The row of spikes from the neck to the tail: blades leaning back, larger and smaller in turn.
fn add_spikes(assembly: &mut Assembly, plan: &Plan, flesh: &Flesh) {
    let part = assembly.part(Part::new("spikes", "horn"));
    let scale = plan.params.spike_height;
    if scale < 0.05 {
        return;
    }
    let mut k = key::SKULL - 0.15;
    let mut index = 0;
    while k > 0.7 {
        let station = plan.spine.at(k);
        let top = leave(&flesh.body, station.section.centre, station.up, 1.2);
        let minor = if index % 2 == 0 { 1.0 } else { 0.72 };
        let height = spike_height(k) * scale * minor;
        let long = 0.085 + 0.30 * height;
        let up = station.up;
        let back = -station.forward;
        let root = top - up * 0.07;
        let section = |share: f64, lean: f64, size: f64| {
            let centre = root + up * (share * (height + 0.07)) + back * (lean * height);
            Section::new(centre, 0.040 * size + 0.004, long * size, long * size)
        };
        let blade = [
            section(0.0, 0.0, 1.0),
            section(0.35, 0.12, 0.80),
            section(0.7, 0.38, 0.42),
            section(1.0, 0.85, 0.03),
        ];
        let patch = Sweep::through(&blade, 1, back).mesh(6);
        let hold: Influence = flesh.body.influence(top);
        assembly.add(part, &patch, |_| hold);
        k -= (0.150 + 0.42 * height) / segment_length(plan, k);
        index += 1;
    }
}

/// Metres of spine in one key at a key number.
fn segment_length(plan: &Plan, k: f64) -> f64 {
    let (a, b) = (plan.spine.at(k - 0.25), plan.spine.at(k + 0.25));
    ((b.section.centre - a.section.centre).length() * 2.0).max(0.1)
}

/// The spade at the end of the tail.
fn add_spade(assembly: &mut Assembly, plan: &Plan, bones: &Bones) {
    let tip = plan.spine.at(0.12);
    let back = -tip.forward;
    let origin = tip.section.centre;
    let section = |along: f64, wide: f64, thick: f64| Section::new(origin + back * along, wide, thick, thick);
    let leaf = [
        section(-0.16, 0.030, 0.040),
        section(-0.02, 0.060, 0.052),
        section(0.04, 0.250, 0.046),
        section(0.11, 0.330, 0.042),
        section(0.26, 0.240, 0.036),
        section(0.48, 0.110, 0.026),
        section(0.74, 0.006, 0.006),
    ];
    let patch = Sweep::through(&leaf, 3, tip.up * 0.8 + tip.side * 0.6).mesh(12);
    let part = assembly.part(Part::new("tail.spade", "horn"));
    let last = bones.tail[bones.tail.len() - 1];
    assembly.add(part, &patch, |_| rigid(last));
}

fn add_claws(assembly: &mut Assembly, plan: &Plan, bones: &Bones) {
    for (name, joints, legs) in [
        ("fore", &plan.fore, &bones.fore),
        ("hind", &plan.hind, &bones.hind),
    ] {
        for (side, leg) in legs.iter().enumerate() {
            let part = assembly.part(Part::new(format!("claws.{name}.{}", SIDES[side]), "horn"));
            for angle in TOES {
                let [_, knuckle, end] = toe_joints(joints[3], joints[4], angle);
                let out = (end - knuckle).normalize_or(DVec3::Z);
                let out = DVec3::new(out.x, 0.0, out.z).normalize_or(DVec3::Z);
                let claw = [
                    Section::round(end - out * 0.06 + DVec3::Y * 0.005, 0.034),
                    Section::round(end + out * 0.05 + DVec3::Y * 0.022, 0.036),
                    Section::round(end + out * 0.15 - DVec3::Y * 0.010, 0.022),
                    Section::round(end + out * 0.21 - DVec3::Y * 0.075, 0.003),
                ];
                let patch = Sweep::through(&claw, 2, DVec3::Y).mesh(6);
                let patch = if side == 0 { patch } else { patch.mirrored() };
                let bone = if angle.abs() > 1.5 { leg.foot } else { leg.toes };
                assembly.add(part, &patch, |_| rigid(bone));
            }
        }
    }
}

/// Lines between the belly's plates.
fn mark_belly(assembly: &mut Assembly, plan: &Plan, flesh: &Flesh) {
    let count = 26;
    for i in 0..count {
        let k = scalar::lerp(16.2, 3.2, (f64::from(i) + 0.5) / f64::from(count));
        let station = plan.spine.at(k);
        let widest = 0.86;
        let points: Vec<DVec3> = (0..=10)
            .map(|j| {
                let across = f64::from(j) / 5.0 - 1.0;
                let angle = core::f64::consts::PI - across * widest;
                let ray = station.at_angle(angle, 1.0) - station.section.centre;
                // plates sag backward in the middle
                let from = station.section.centre - station.forward * (0.07 * (1.0 - across * across));
                let p = leave(&flesh.body, from, ray, 1.6);
                p + ray.normalize_or(DVec3::Y) * 0.006
            })
            .filter(|&p| flesh.belly.distance(p) < 0.0)
            .collect();
        if points.len() > 3 {
            assembly.mark(format!("belly.{:02}", i + 1), &points, 0.3, |p| {
                flesh.body.influence(p)
            });
        }
    }
}
