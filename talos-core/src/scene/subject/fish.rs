//! A fish: about 0.7 m long, swimming by a wave that travels down its spine.

use std::sync::Arc;

use super::Subject;
use super::build::{Assembly, Influence, Patch, influence, leave, mirror, rigid, sheet};
use super::cut::cut;
use super::pose::{Poser, euler, mirror_turn};
use super::sweep::{Section, Sweep};
use crate::geometry::{Model, Part, Pose};
use crate::math::scalar::{self, TAU, lerp, saturate};
use crate::math::{DQuat, DVec3};
use crate::scene::{Motion, Rig};

/// A fish's proportions. Values outside a range count as its nearer end.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct FishParams {
    /// From the snout to the end of the tail fin, metres, [0.05, 6].
    pub length_m: f64,
    /// Height of the trunk relative to its length, [0.12, 0.6].
    pub height: f64,
    /// Width of the trunk relative to its height, [0.25, 1].
    pub width: f64,
    /// Size of the fins, [0.4, 2].
    pub fin_size: f64,
}

impl Default for FishParams {
    fn default() -> Self {
        Self {
            length_m: 0.7,
            height: 0.28,
            width: 0.48,
            fin_size: 1.0,
        }
    }
}

impl FishParams {
    /// The parameters within their ranges; NaN counts as the default.
    #[must_use]
    pub fn limited(&self) -> Self {
        let normal = Self::default();
        let limit =
            |x: f64, other: f64, low: f64, high: f64| if x.is_nan() { other } else { x.clamp(low, high) };
        Self {
            length_m: limit(self.length_m, normal.length_m, 0.05, 6.0),
            height: limit(self.height, normal.height, 0.12, 0.6),
            width: limit(self.width, normal.width, 0.25, 1.0),
            fin_size: limit(self.fin_size, normal.fin_size, 0.4, 2.0),
        }
    }
}

/// The trunk from the tail's root to the snout in lengths: (z, share of width, of height above and below, y).
const TRUNK: [[f64; 5]; 10] = [
    [-0.345, 0.012, 0.09, 0.09, 0.000],
    [-0.270, 0.130, 0.16, 0.16, 0.000],
    [-0.180, 0.350, 0.30, 0.30, 0.000],
    [-0.070, 0.720, 0.68, 0.66, 0.000],
    [0.060, 0.980, 0.98, 0.94, 0.000],
    [0.180, 1.000, 1.00, 0.96, 0.000],
    [0.300, 0.900, 0.82, 0.80, -0.004],
    [0.400, 0.680, 0.54, 0.54, -0.010],
    [0.465, 0.420, 0.30, 0.30, -0.014],
    [0.500, 0.120, 0.09, 0.10, -0.016],
];
/// Bones of the spine behind the head.
const SPINE_BONES: usize = 8;
/// Where the spine begins to bend, in lengths from the middle.
const SPINE_FROM: f64 = 0.22;
/// Where the tail fin is rooted.
const SPINE_TO: f64 = -0.335;

struct Plan {
    params: FishParams,
    trunk: Sweep,
}

impl Plan {
    fn new(params: FishParams) -> Self {
        let (length, half) = (params.length_m, 0.5 * params.height);
        let keys: Vec<Section> = TRUNK
            .iter()
            .map(|&[z, wide, up, down, y]| {
                Section::new(
                    DVec3::new(0.0, y, z) * length,
                    wide * half * params.width * length,
                    up * half * length,
                    down * half * length,
                )
            })
            .collect();
        Self {
            params,
            trunk: Sweep::through(&keys, 3, DVec3::Y),
        }
    }

    /// A point in lengths, metres.
    fn at(&self, x: f64, y: f64, z: f64) -> DVec3 {
        DVec3::new(x, y, z) * self.params.length_m
    }

    /// The top or bottom of the trunk at `z` in lengths.
    fn rim(&self, z: f64, up: f64) -> DVec3 {
        let last = TRUNK.len() - 1;
        let i = (0..last).rev().find(|&i| TRUNK[i][0] <= z).unwrap_or(0);
        let t = saturate((z - TRUNK[i][0]) / (TRUNK[i + 1][0] - TRUNK[i][0]));
        let station = self.trunk.at(i as f64 + t);
        station.at_angle(if up > 0.0 { 0.0 } else { scalar::PI }, 0.93)
    }
}

#[derive(Clone, Debug)]
struct Bones {
    head: u16,
    jaw: u16,
    spine: Vec<u16>,
    tail: u16,
    pectorals: [u16; 2],
}

/// Models a fish. A shoal shares the result.
#[must_use]
pub fn build(params: &FishParams) -> Subject {
    let plan = Plan::new(params.limited());
    let mut assembly = Assembly::default();
    let root = assembly.bone("root", None, DVec3::ZERO);
    let head = assembly.bone("head", Some(root), plan.at(0.0, 0.0, SPINE_FROM));
    let jaw = assembly.bone("jaw", Some(head), plan.at(0.0, -0.02, 0.42));
    let heads: Vec<DVec3> = (0..SPINE_BONES)
        .map(|i| {
            plan.at(
                0.0,
                0.0,
                lerp(SPINE_FROM, SPINE_TO, i as f64 / SPINE_BONES as f64),
            )
        })
        .collect();
    let spine = assembly.chain("spine", root, &heads);
    let tail = assembly.bone("tail", Some(spine[SPINE_BONES - 1]), plan.at(0.0, 0.0, SPINE_TO));
    let pectorals = [0, 1].map(|side| {
        let at = pectoral_root(&plan);
        let name = ["left", "right"][side];
        assembly.bone(
            format!("pectoral.{name}"),
            Some(head),
            if side == 0 { at } else { mirror(at) },
        )
    });
    let bones = Bones {
        head,
        jaw,
        spine,
        tail,
        pectorals,
    };
    add_trunk(&mut assembly, &plan, &bones);
    add_fins(&mut assembly, &plan, &bones);
    add_face(&mut assembly, &plan, &bones);
    assembly.socket("mouth", bones.jaw, plan.at(0.0, -0.02, 0.49), DVec3::Z);
    assembly.socket("head", bones.head, plan.at(0.0, 0.0, 0.38), DVec3::Z);
    assembly.socket("chest", root, plan.at(0.0, 0.0, 0.15), DVec3::Z);
    let model = Arc::new(assembly.finish(plan.params.length_m));
    Subject {
        model,
        rig: Arc::new(FishRig { root, bones }),
    }
}

fn pectoral_root(plan: &Plan) -> DVec3 {
    let station = plan.trunk.at(5.75);
    station.at_angle(1.95, 0.96)
}

/// Bones along the spine at a point.
fn spine_influence(plan: &Plan, bones: &Bones, p: DVec3) -> Influence {
    let z = p.z / plan.params.length_m;
    let place = (SPINE_FROM - z) / (SPINE_FROM - SPINE_TO) * SPINE_BONES as f64;
    let chain: Vec<u16> = core::iter::once(bones.head)
        .chain(bones.spine.iter().copied())
        .chain([bones.tail])
        .collect();
    let x = (place + 0.5).clamp(0.0, (chain.len() - 1) as f64);
    let i = (x as usize).min(chain.len() - 2);
    let t = scalar::smoothstep(0.0, 1.0, x - i as f64);
    influence(&[(chain[i], 1.0 - t), (chain[i + 1], t)])
}

fn add_trunk(assembly: &mut Assembly, plan: &Plan, bones: &Bones) {
    let patch = plan.trunk.mesh(22);
    let length = plan.params.length_m;
    let half = 0.5 * plan.params.height;
    // pale below a line that rises to the tail
    let pale = |p: DVec3| {
        let (y, z) = (p.y / length, p.z / length);
        (y + half * (0.34 - 0.30 * scalar::smoothstep(0.1, -0.33, z))) * length
    };
    let split = cut(&patch, &plan.trunk, &pale, 0.008 * length);
    let body = assembly.part(Part::new("body", "body"));
    let belly = assembly.part(Part::new("belly", "belly"));
    let weights: Vec<Influence> = split
        .patch
        .positions
        .iter()
        .map(|&p| spine_influence(plan, bones, p))
        .collect();
    assembly.add_weighted(
        |t| if split.inside[t] { belly } else { body },
        &split.patch,
        &weights,
    );
}

/// A fin's sheet: from its root line to its edge.
fn fin(columns: u32, rows: u32, root: impl Fn(f64) -> DVec3, edge: impl Fn(f64) -> DVec3) -> Patch {
    sheet(columns, rows, |t, s| root(t).lerp(edge(t), s))
}

/// The notched edge of a fin with rays: small points along it.
fn rays(t: f64, count: f64, depth: f64) -> f64 {
    let u = 2.0 * (t * count - (t * count).floor()) - 1.0;
    1.0 - depth * (1.0 - u * u)
}

fn add_fins(assembly: &mut Assembly, plan: &Plan, bones: &Bones) {
    let size = plan.params.fin_size;
    let high = 0.5 * plan.params.height;
    let mut part_of = |name: &str| {
        let mut part = Part::new(name, "fin");
        part.two_sided = true;
        assembly.part(part)
    };
    let parts = ["fin.dorsal", "fin.anal", "fin.tail"].map(&mut part_of);
    let dorsal = fin(
        36,
        4,
        |t| plan.rim(lerp(0.24, -0.16, t), 1.0),
        |t| {
            let rise =
                high * size * lerp(0.85, 0.30, t) * scalar::smoothstep(-0.02, 0.22, t) * rays(t, 12.0, 0.12);
            plan.rim(lerp(0.24, -0.16, t), 1.0) + plan.at(0.0, rise, -0.09 * size * (0.4 + t))
        },
    );
    let anal = fin(
        18,
        3,
        |t| plan.rim(lerp(-0.06, -0.20, t), -1.0),
        |t| {
            let drop =
                high * size * lerp(0.60, 0.22, t) * scalar::smoothstep(-0.05, 0.3, t) * rays(t, 6.0, 0.12);
            plan.rim(lerp(-0.06, -0.20, t), -1.0) + plan.at(0.0, -drop, -0.07 * size)
        },
    );
    let fork = |t: f64| (2.0 * t - 1.0).abs();
    let tail = fin(
        40,
        6,
        |t| plan.at(0.0, 0.030 * (1.0 - 2.0 * t), -0.312),
        |t| {
            let spread = (1.0 - 2.0 * t) * high * 1.15 * size;
            let back = lerp(0.115, 0.200, fork(t) * fork(t)) * size.sqrt() * rays(t, 10.0, 0.06);
            plan.at(0.0, spread, -0.315 - back)
        },
    );
    for (part, patch) in parts.into_iter().zip([&dorsal, &anal, &tail]) {
        assembly.add(part, patch, |p| spine_influence(plan, bones, p));
    }
    add_paired_fins(assembly, plan, bones);
}

fn add_paired_fins(assembly: &mut Assembly, plan: &Plan, bones: &Bones) {
    let size = plan.params.fin_size;
    for (side, name) in ["left", "right"].iter().enumerate() {
        let face = |p: DVec3| if side == 0 { p } else { mirror(p) };
        let root = pectoral_root(plan);
        let pectoral = fin(
            16,
            4,
            |t| face(root + plan.at(-0.004, 0.018 - 0.036 * t, 0.0)),
            |t| {
                let angle = lerp(0.35, -0.85, t);
                let (sin, cos) = scalar::sin_cos(angle);
                let reach = 0.155 * size * rays(t, 6.0, 0.10) * (1.0 - 0.35 * t);
                face(root + plan.at(0.45 * reach, sin * reach - 0.01, -cos * reach))
            },
        );
        let mut part = Part::new(format!("fin.pectoral.{name}"), "fin");
        part.two_sided = true;
        let part = assembly.part(part);
        assembly.add(part, &pectoral, |_| rigid(bones.pectorals[side]));
        let station = plan.trunk.at(4.9);
        let hip = station.at_angle(2.75, 0.97);
        let pelvic = fin(
            10,
            3,
            |t| face(hip + plan.at(0.0, 0.0, 0.02 - 0.04 * t)),
            |t| {
                let reach = 0.10 * size * rays(t, 4.0, 0.10);
                face(
                    hip + plan.at(
                        0.25 * reach,
                        -reach * lerp(1.0, 0.55, t),
                        -0.02 - reach * lerp(0.45, 0.9, t),
                    ),
                )
            },
        );
        let mut part = Part::new(format!("fin.pelvic.{name}"), "fin");
        part.two_sided = true;
        let part = assembly.part(part);
        assembly.add(part, &pelvic, |p| spine_influence(plan, bones, p));
    }
}

fn add_face(assembly: &mut Assembly, plan: &Plan, bones: &Bones) {
    let length = plan.params.length_m;
    for (side, name) in ["left", "right"].iter().enumerate() {
        let face = |p: DVec3| if side == 0 { p } else { mirror(p) };
        let inside = plan.trunk.at(7.0).section.centre + plan.at(0.0, 0.030, 0.0);
        let surface = leave(&plan.trunk, inside, DVec3::new(1.0, 0.1, 0.25), 0.5 * length);
        let out = DVec3::new(1.0, 0.08, 0.30).normalize();
        let disc = |start: f64, radius: f64| {
            let at = |along: f64, r: f64| Section::round(surface + out * (along * length), r * length);
            let keys = [
                at(start - 0.012, radius * 0.9),
                at(start, radius),
                at(start + 0.007, radius * 0.75),
                at(start + 0.010, radius * 0.1),
            ];
            let patch = Sweep::through(&keys, 2, DVec3::Y).mesh(14);
            if side == 0 { patch } else { patch.mirrored() }
        };
        let part = assembly.part(Part::new(format!("eye.{name}"), "eye"));
        assembly.add(part, &disc(-0.002, 0.026), |_| rigid(bones.head));
        let part = assembly.part(Part::new(format!("eye.{name}.pupil"), "pupil"));
        assembly.add(part, &disc(0.0035, 0.013), |_| rigid(bones.head));
        assembly.socket(&format!("eye.{name}"), bones.head, face(surface), face(out));
        let on_skin = |y: f64, z: f64| {
            let from = plan.at(0.0, y, z);
            let p = leave(&plan.trunk, from, DVec3::X, 0.5 * length);
            face(p + DVec3::X * (0.002 * length))
        };
        let high = 0.5 * plan.params.height;
        let gill: Vec<DVec3> = (0..=10)
            .map(|i| {
                let t = f64::from(i) / 5.0 - 1.0;
                on_skin(0.62 * high * t - 0.004, 0.285 - 0.045 * (1.0 - t * t))
            })
            .collect();
        assembly.mark(format!("gill.{name}"), &gill, 0.2, |_| rigid(bones.head));
        let mouth: Vec<DVec3> = (0..=6)
            .map(|i| {
                let t = f64::from(i) / 6.0;
                on_skin(lerp(-0.020, -0.034, t), lerp(0.494, 0.432, t))
            })
            .collect();
        assembly.mark(format!("mouth.{name}"), &mouth, 0.4, |_| rigid(bones.head));
        let stripe: Vec<DVec3> = (0..=24)
            .map(|i| {
                let t = f64::from(i) / 24.0;
                on_skin(0.020 * (1.0 - t), lerp(0.24, -0.29, t))
            })
            .collect();
        assembly.mark(format!("lateral.{name}"), &stripe, 0.1, |p| {
            spine_influence(plan, bones, p)
        });
    }
}

/// Moves a fish's bones.
#[derive(Clone, Debug)]
struct FishRig {
    root: u16,
    bones: Bones,
}

impl Rig for FishRig {
    fn pose(&self, model: &Model, motion: &dyn Motion, time_s: f64) -> Pose {
        let now = motion.at(time_s);
        let mut p = Poser::new(model);
        let swim = saturate(now.fly + 0.5 * now.hover + 0.15);
        let amplitude = now.amplitude.clamp(0.0, 2.0) * swim + 0.6 * saturate(now.fall);
        let wave = |lag: f64| scalar::sin(TAU * (now.phase - lag));
        // the head swings a little against the tail
        p.turn(self.root, euler(0.0, 0.05 * amplitude * wave(-0.15), 0.0));
        p.turn(self.bones.head, euler(0.0, 0.07 * amplitude * wave(-0.05), 0.0));
        let mut before = now.orientation;
        let count = self.bones.spine.len();
        for (i, &bone) in self.bones.spine.iter().enumerate() {
            let place = (i + 1) as f64 / count as f64;
            let yaw = amplitude * lerp(0.04, 0.34, place * place) * wave(0.55 * place);
            p.turn(bone, euler(0.0, yaw, 0.0));
            let then = motion.at(time_s - 0.035 * (i + 1) as f64).orientation;
            let lag = before.inverse() * then;
            let lag = if lag.w < 0.0 { -lag } else { lag };
            p.turn(bone, DQuat::IDENTITY.slerp(lag, 0.6));
            before = then;
        }
        p.turn(self.bones.tail, euler(0.0, 0.42 * amplitude * wave(0.78), 0.0));
        p.turn(self.bones.jaw, euler(-0.3 * saturate(now.mouth), 0.0, 0.0));
        for (side, &bone) in self.bones.pectorals.iter().enumerate() {
            let row = scalar::sin(TAU * (0.5 * now.phase + 0.04 * side as f64));
            let turn = euler(
                0.15 * row,
                -0.30 * saturate(now.hover) * row - 0.15,
                0.25 + 0.30 * row * amplitude.max(0.3),
            );
            p.turn(bone, if side == 0 { turn } else { mirror_turn(turn) });
        }
        p.finish()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::LazyLock;

    use super::*;
    use crate::scene::SubjectState;
    use crate::scene::subject::check;

    fn subject() -> &'static Subject {
        static FISH: LazyLock<Subject> = LazyLock::new(|| build(&FishParams::default()));
        &FISH
    }

    #[test]
    fn the_model_is_sound() {
        let model = &subject().model;
        check::well_built(model, 0.35);
        let count = model.mesh.triangles.len();
        assert!((2_000..4_000).contains(&count), "{count} triangles");
    }

    #[test]
    fn every_pose_is_finite() {
        check::poses_are_finite(subject(), 1.5);
    }

    #[test]
    fn proportions_at_the_ends_of_their_ranges_keep_the_laws() {
        for share in [-9.0, 9.0, f64::NAN] {
            let odd = build(&FishParams {
                length_m: share,
                height: share,
                width: -share,
                fin_size: share,
            });
            check::weights_are_sound(&odd.model);
            check::solids_are_closed(&odd.model);
        }
    }

    #[test]
    fn the_wave_travels_to_the_tail_and_grows() {
        let at = |z: f64| {
            let target = DVec3::new(0.0, 0.0, z * 0.7);
            let near = |p: &DVec3| (*p - target).length_squared();
            let mesh = &subject().model.mesh.positions;
            (0..mesh.len())
                .min_by(|&a, &b| near(&mesh[a]).total_cmp(&near(&mesh[b])))
                .expect("vertices")
        };
        let (head, tail) = (at(0.45), at(-0.45));
        let swing = |v: usize| {
            let x: Vec<f64> = (0..12)
                .map(|i| {
                    let state = SubjectState {
                        fly: 1.0,
                        phase: f64::from(i) / 12.0,
                        ..SubjectState::default()
                    };
                    check::posed(subject(), state, 0.0).positions[v].x
                })
                .collect();
            x.iter().copied().fold(f64::MIN, f64::max) - x.iter().copied().fold(f64::MAX, f64::min)
        };
        assert!(swing(tail) > 0.08, "{}", swing(tail));
        assert!(swing(head) < 0.5 * swing(tail), "{}", swing(head));
    }

    #[test]
    fn golden_digest() {
        // Catches: any change of a section, a joint or an angle, and arithmetic that differs by platform.
        assert_eq!(check::digest(subject()).to_string(), GOLDEN);
    }

    const GOLDEN: &str = "31bfeb30f841987f2dde638f80a56d81010453263d53f10c0b73f931d701e5e0";
}
