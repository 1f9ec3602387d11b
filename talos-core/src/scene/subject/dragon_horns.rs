//! What stands out of the dragon's head: horns, frills and teeth.

use super::build::{Assembly, Patch, rigid, sheet};
use super::dragon::{Bones, Plan, SIDES, on_side};
use super::dragon_head::{FRILL_ROOT, JAW, SKULL, lip_line, model_from_head, v};
use super::sweep::{Section, Sweep};
use crate::geometry::Part;
use crate::math::DVec3;

/// A horn through points in head space.
fn horn(plan: &Plan, points: &[([f64; 3], f64)], stretch: f64) -> Patch {
    spike(plan, points, stretch, 4, 9)
}

/// A horn with its own fineness: rings from one point to the next, and sides.
fn spike(plan: &Plan, points: &[([f64; 3], f64)], stretch: f64, rings: usize, sides: usize) -> Patch {
    let (place, size) = (model_from_head(plan), plan.head_size());
    let root = v(points[0].0);
    let keys: Vec<Section> = points
        .iter()
        .map(|&(p, r)| {
            let at = root + (v(p) - root) * stretch;
            Section::round(place.transform_point3(at), r * size)
        })
        .collect();
    Sweep::through(&keys, rings, DVec3::X).mesh(sides)
}

/// Adds the horns of a side: great, crown, brow, jaw and chin; the nose's with the left.
pub(super) fn add_horns(assembly: &mut Assembly, plan: &Plan, bones: &Bones, side: usize) {
    let long = plan.params.horn_length;
    let great = horn(
        plan,
        &[
            ([0.085, 0.120, 0.280], 0.070),
            ([0.185, 0.330, 0.100], 0.084),
            ([0.270, 0.450, -0.180], 0.070),
            ([0.345, 0.500, -0.520], 0.050),
            ([0.380, 0.560, -0.860], 0.028),
            ([0.380, 0.700, -1.120], 0.003),
        ],
        long,
    );
    let crown = horn(
        plan,
        &[
            ([0.150, 0.060, 0.190], 0.046),
            ([0.300, 0.175, -0.060], 0.046),
            ([0.375, 0.200, -0.250], 0.026),
            ([0.410, 0.250, -0.430], 0.003),
        ],
        0.4 + 0.6 * long,
    );
    let nose = spike(
        plan,
        &[
            ([0.0, 0.030, 1.13], 0.050),
            ([0.0, 0.120, 1.135], 0.034),
            ([0.0, 0.205, 1.085], 0.003),
        ],
        1.0,
        2,
        7,
    );
    let jaw_spike = spike(
        plan,
        &[
            ([0.130, -0.215, 0.260], 0.040),
            ([0.245, -0.290, 0.000], 0.036),
            ([0.290, -0.330, -0.200], 0.003),
        ],
        0.5 + 0.5 * long,
        3,
        7,
    );
    let chin = spike(
        plan,
        &[
            ([0.035, -0.200, 1.150], 0.032),
            ([0.045, -0.300, 1.090], 0.020),
            ([0.048, -0.370, 1.000], 0.002),
        ],
        1.0,
        2,
        7,
    );
    let brow = spike(
        plan,
        &[
            ([0.205, 0.235, 0.340], 0.030),
            ([0.262, 0.335, 0.190], 0.026),
            ([0.280, 0.375, 0.060], 0.002),
        ],
        1.0,
        2,
        7,
    );
    let face = |patch: &Patch| {
        if side == 0 {
            patch.clone()
        } else {
            patch.mirrored()
        }
    };
    let name = SIDES[side];
    for (label, patch, bone) in [
        ("horn", &great, bones.head),
        ("horn.crown", &crown, bones.head),
        ("horn.brow", &brow, bones.head),
        ("horn.jaw", &jaw_spike, bones.jaw),
        ("horn.chin", &chin, bones.jaw),
    ] {
        let part = assembly.part(Part::new(format!("{label}.{name}"), "horn"));
        assembly.add(part, &face(patch), |_| rigid(bone));
    }
    if side == 0 {
        let part = assembly.part(Part::new("horn.nose", "horn"));
        assembly.add(part, &nose, |_| rigid(bones.head));
    }
}

/// Tips of a frill's three spines.
const FRILL_TIPS: [[f64; 3]; 3] = [
    [0.500, 0.160, -0.300],
    [0.520, -0.010, -0.400],
    [0.430, -0.180, -0.330],
];

/// Adds the frill behind a cheek: a scalloped membrane on three spines.
pub(super) fn add_frill(assembly: &mut Assembly, plan: &Plan, bones: &Bones, side: usize) {
    let place = model_from_head(plan);
    let root = v(FRILL_ROOT);
    let spread = |t: f64| {
        let x = t * 2.0;
        let (a, b) = if x < 1.0 { (0, 1) } else { (1, 2) };
        v(FRILL_TIPS[a]).lerp(v(FRILL_TIPS[b]), x - a as f64)
    };
    let base = |t: f64| root + DVec3::new(-0.01, 0.07 - 0.16 * t, -0.02 - 0.02 * t);
    let patch = sheet(12, 5, |t, s| {
        let u = (t * 2.0).fract();
        let s = s * (1.0 - 0.26 * 4.0 * u * (1.0 - u));
        let p = base(t).lerp(spread(t), s) + DVec3::X * (0.03 * s * (1.0 - s) * 4.0);
        place.transform_point3(on_side(side, p))
    });
    let mut part = Part::new(format!("frill.{}", SIDES[side]), "membrane");
    part.two_sided = true;
    let part = assembly.part(part);
    assembly.add(part, &patch, |_| rigid(bones.frills[side]));
    let spines = assembly.part(Part::new(format!("frill.{}.spines", SIDES[side]), "horn"));
    for (k, tip) in FRILL_TIPS.iter().enumerate() {
        let from = base(k as f64 * 0.5);
        let to = v(*tip);
        let middle = from.lerp(to, 0.5) + DVec3::X * 0.03;
        let spine = spike(
            plan,
            &[
                (from.to_array(), 0.020),
                (middle.to_array(), 0.015),
                ((from + (to - from) * 1.06).to_array(), 0.002),
            ],
            1.0,
            2,
            5,
        );
        let spine = if side == 0 { spine } else { spine.mirrored() };
        assembly.add(spines, &spine, |_| rigid(bones.frills[side]));
    }
}

/// Teeth of the upper jaw: (z, length); fangs in front and at the corner. Few and large: a row of many small ones
/// is a row of lines from any distance at which a whole head is seen.
const UPPER_TEETH: [[f64; 2]; 5] = [
    [1.225, 0.150],
    [1.090, 0.085],
    [0.940, 0.120],
    [0.790, 0.085],
    [0.640, 0.070],
];
/// Teeth of the lower jaw; they stand between the upper ones.
const LOWER_TEETH: [[f64; 2]; 4] = [[1.160, 0.125], [1.015, 0.080], [0.865, 0.080], [0.715, 0.065]];

/// Adds the teeth of a side.
pub(super) fn add_teeth(assembly: &mut Assembly, plan: &Plan, bones: &Bones, side: usize) {
    // the upper teeth overlap the lower lip: they show while the mouth is shut
    let upper = lip_line(plan, &SKULL, 2.16);
    let lower = lip_line(plan, &JAW, 0.72);
    let rows = [
        (
            "teeth.upper",
            &UPPER_TEETH[..],
            &upper as &dyn Fn(f64) -> DVec3,
            -1.0,
            bones.head,
        ),
        ("teeth.lower", &LOWER_TEETH[..], &lower, 1.0, bones.jaw),
    ];
    for (name, teeth, lip, down, bone) in rows {
        let part = assembly.part(Part::new(format!("{name}.{}", SIDES[side]), "tooth"));
        for &[z, length] in teeth {
            let root = lip(z);
            let out = DVec3::X * 0.3 + DVec3::Z * -0.12;
            let tip = root + (DVec3::Y * down + out * 0.5).normalize() * length;
            let tooth = spike(
                plan,
                &[
                    (
                        (root - DVec3::Y * (down * 0.035)).to_array(),
                        0.018 + 0.10 * length,
                    ),
                    (root.lerp(tip, 0.4).to_array(), 0.014 + 0.08 * length),
                    (tip.to_array(), 0.0015),
                ],
                1.0,
                2,
                5,
            );
            let tooth = if side == 0 { tooth } else { tooth.mirrored() };
            assembly.add(part, &tooth, |_| rigid(bone));
        }
    }
}
