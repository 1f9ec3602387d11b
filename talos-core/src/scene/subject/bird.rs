//! A bird: gull-like, about 1.2 m across its wings. Light enough for flocks.

use std::sync::Arc;

use super::Subject;
use super::bird_rig::BirdRig;
use super::bird_wing::{add_tail, add_wing, scallop};
use super::build::{Assembly, Influence, influence, leave, mirror, rigid, sheet};
use super::cut::cut;
use super::sweep::{Section, Sweep};
use crate::geometry::Part;
use crate::math::{DVec3, scalar};

/// A bird's proportions. Values outside a range count as its nearer end.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct BirdParams {
    /// Span of the wings, metres, [0.15, 4].
    pub wing_span_m: f64,
    /// Breadth of the wings relative to a gull's, [0.7, 1.8].
    pub wing_breadth: f64,
    /// Length of the beak relative to a gull's, [0.4, 3].
    pub beak_length: f64,
    /// Length of the tail relative to a gull's, [0.5, 2.5].
    pub tail_length: f64,
    /// Length of the neck relative to a gull's, [0.8, 2.5].
    pub neck_length: f64,
}

impl Default for BirdParams {
    fn default() -> Self {
        Self {
            wing_span_m: 1.2,
            wing_breadth: 1.0,
            beak_length: 1.0,
            tail_length: 1.0,
            neck_length: 1.0,
        }
    }
}

impl BirdParams {
    /// The parameters within their ranges; NaN counts as the default.
    #[must_use]
    pub fn limited(&self) -> Self {
        let limit = |x: f64, low: f64, high: f64| if x.is_nan() { 1.0 } else { x.clamp(low, high) };
        Self {
            wing_span_m: limit(self.wing_span_m, 0.15, 4.0),
            wing_breadth: limit(self.wing_breadth, 0.7, 1.8),
            beak_length: limit(self.beak_length, 0.4, 3.0),
            tail_length: limit(self.tail_length, 0.5, 2.5),
            neck_length: limit(self.neck_length, 0.8, 2.5),
        }
    }
}

/// Bones of the bird; pairs are left, right.
#[derive(Clone, Debug)]
pub(super) struct Bones {
    pub(super) root: u16,
    pub(super) neck: [u16; 2],
    pub(super) head: u16,
    pub(super) jaw: u16,
    pub(super) tail: u16,
    /// Arm, forearm, hand, tip.
    pub(super) wings: [[u16; 4]; 2],
    /// Thigh, shank, foot.
    pub(super) legs: [[u16; 3]; 2],
}

pub(super) const SIDES: [&str; 2] = ["left", "right"];

/// Joints of the left wing of a gull with a span of 1.2 m: shoulder, elbow, wrist, knuckle, tip.
const WING: [[f64; 3]; 5] = [
    [0.040, 0.030, 0.070],
    [0.165, 0.058, 0.035],
    [0.285, 0.068, 0.105],
    [0.425, 0.060, 0.070],
    [0.560, 0.048, -0.005],
];
/// Joints of the left leg: hip, ankle, foot.
const LEG: [[f64; 3]; 4] = [
    [0.032, -0.045, -0.020],
    [0.035, -0.095, -0.045],
    [0.036, -0.170, -0.030],
    [0.036, -0.176, 0.030],
];
/// Metres from the origin down to the soles, for a span of 1.2 m.
const STAND_HEIGHT: f64 = 0.178;

/// The body from the tail's root to the forehead: (y, z, half width, up, down).
const BODY: [[f64; 5]; 9] = [
    [0.010, -0.235, 0.012, 0.008, 0.008],
    [0.006, -0.190, 0.030, 0.018, 0.020],
    [0.000, -0.120, 0.050, 0.036, 0.040],
    [-0.004, -0.030, 0.066, 0.054, 0.060],
    [0.000, 0.055, 0.066, 0.056, 0.062],
    [0.018, 0.120, 0.048, 0.043, 0.050],
    [0.038, 0.160, 0.036, 0.035, 0.038],
    [0.050, 0.198, 0.037, 0.037, 0.036],
    [0.046, 0.236, 0.013, 0.016, 0.015],
];

fn scaled(p: [f64; 3], size: f64) -> DVec3 {
    DVec3::from_array(p) * size
}

pub(super) fn on_side(side: usize, p: DVec3) -> DVec3 {
    if side == 0 { p } else { mirror(p) }
}

pub(super) struct Plan {
    pub(super) params: BirdParams,
    pub(super) size: f64,
    body: Sweep,
}

impl Plan {
    fn new(params: BirdParams) -> Self {
        let size = params.wing_span_m / 1.2;
        let keys: Vec<Section> = BODY
            .iter()
            .map(|&[y, z, wide, up, down]| {
                Section::new(
                    Self::stretched([0.0, y, z], params.neck_length) * size,
                    wide * size,
                    up * size,
                    down * size,
                )
            })
            .collect();
        Self {
            params,
            size,
            body: Sweep::through(&keys, 3, DVec3::Y),
        }
    }

    /// A point of the body's tables with the neck lengthened: forward and up from its base.
    fn stretched([x, y, z]: [f64; 3], neck: f64) -> DVec3 {
        let beyond = scalar::smoothstep(0.09, 0.17, z) * (neck - 1.0);
        DVec3::new(x, y + 0.07 * beyond, z + 0.09 * beyond)
    }

    pub(super) fn at(&self, p: [f64; 3]) -> DVec3 {
        Self::stretched(p, self.params.neck_length) * self.size
    }

    /// A point of the left wing's leading edge, from the shoulder (0) to the tip (1).
    pub(super) fn wing(&self, s: f64) -> DVec3 {
        let x = s.clamp(0.0, 1.0) * 4.0;
        let i = (x as usize).min(3);
        let t = x - i as f64;
        let key = |k: usize| scaled(WING[k], self.size);
        // a gentle curve through the joints
        let (a, b) = (key(i.saturating_sub(1)), key((i + 2).min(4)));
        let (p, q) = (key(i), key(i + 1));
        let (m, n) = ((q - a) * 0.25, (b - p) * 0.25);
        let (t2, t3) = (t * t, t * t * t);
        p * (2.0 * t3 - 3.0 * t2 + 1.0) + m * (t3 - 2.0 * t2 + t) + q * (3.0 * t2 - 2.0 * t3) + n * (t3 - t2)
    }

    /// The tip of the feather at `s` along the wing: straight back at the body, outward at the tip.
    pub(super) fn feather(&self, s: f64) -> DVec3 {
        let fan = 0.10 + 1.15 * s * s * s;
        let (sin, cos) = scalar::sin_cos(fan);
        let length = scalar::lerp(0.165, 0.150, scalar::smoothstep(0.0, 0.5, s))
            + 0.030 * scalar::smoothstep(0.45, 0.75, s)
            - 0.075 * scalar::smoothstep(0.80, 1.0, s);
        let droop = DVec3::Y * (-0.012 * (1.0 - s));
        self.wing(s) + (DVec3::new(sin, 0.0, -cos) * (length * self.params.wing_breadth) + droop) * self.size
    }
}

fn skeleton(assembly: &mut Assembly, plan: &Plan) -> Bones {
    let root = assembly.bone("root", None, DVec3::ZERO);
    let neck_1 = assembly.bone("neck.1", Some(root), plan.at([0.0, 0.012, 0.105]));
    let neck_2 = assembly.bone("neck.2", Some(neck_1), plan.at([0.0, 0.030, 0.145]));
    let head = assembly.bone("head", Some(neck_2), plan.at([0.0, 0.046, 0.178]));
    let jaw = assembly.bone("jaw", Some(head), plan.at([0.0, 0.040, 0.215]));
    let tail = assembly.bone("tail", Some(root), plan.at([0.0, 0.006, -0.160]));
    let wings = [0, 1].map(|side| {
        let mut parent = root;
        let mut made = [0; 4];
        for (k, name) in ["arm", "forearm", "hand", "tip"].iter().enumerate() {
            let joint = on_side(side, scaled(WING[k], plan.size));
            parent = assembly.bone(format!("wing.{}.{name}", SIDES[side]), Some(parent), joint);
            made[k] = parent;
        }
        made
    });
    let legs = [0, 1].map(|side| {
        let mut parent = root;
        let mut made = [0; 3];
        for (k, name) in ["upper", "lower", "foot"].iter().enumerate() {
            let joint = on_side(side, scaled(LEG[k], plan.size));
            parent = assembly.bone(format!("leg.{}.{name}", SIDES[side]), Some(parent), joint);
            made[k] = parent;
        }
        made
    });
    Bones {
        root,
        neck: [neck_1, neck_2],
        head,
        jaw,
        tail,
        wings,
        legs,
    }
}

/// Bones of the trunk by how far forward a point is.
fn trunk_influence(plan: &Plan, bones: &Bones, p: DVec3) -> Influence {
    let place = |z: f64, wide: f64| {
        let at = plan.at([0.0, 0.0, z]).z;
        scalar::smoothstep(at - wide * plan.size, at + wide * plan.size, p.z)
    };
    let (first, second, third) = (place(0.105, 0.03), place(0.145, 0.022), place(0.180, 0.016));
    let rear = 1.0 - place(-0.160, 0.04);
    influence(&[
        (bones.tail, rear),
        (bones.root, (1.0 - first) * (1.0 - rear)),
        (bones.neck[0], first - second),
        (bones.neck[1], second - third),
        (bones.head, third),
    ])
}

/// Models a bird. A flock shares the result.
#[must_use]
pub fn build(params: &BirdParams) -> Subject {
    let plan = Plan::new(params.limited());
    let mut assembly = Assembly::default();
    let bones = skeleton(&mut assembly, &plan);
    add_trunk(&mut assembly, &plan, &bones);
    add_head(&mut assembly, &plan, &bones);
    add_tail(&mut assembly, &plan, &bones);
    for side in [0, 1] {
        add_wing(&mut assembly, &plan, &bones, side);
        add_leg(&mut assembly, &plan, &bones, side);
    }
    let beak = plan.at([0.0, 0.036, 0.235]);
    assembly.socket("mouth", bones.jaw, beak, DVec3::Z);
    assembly.socket("head", bones.head, plan.at([0.0, 0.05, 0.20]), DVec3::Z);
    assembly.socket("chest", bones.root, plan.at([0.0, 0.0, 0.06]), DVec3::Z);
    let stand = STAND_HEIGHT * plan.size;
    let size_m = plan.params.wing_span_m;
    let rig = Arc::new(BirdRig::new(bones, stand, plan.size));
    Subject {
        model: Arc::new(assembly.finish(size_m)),
        rig,
    }
}

fn add_trunk(assembly: &mut Assembly, plan: &Plan, bones: &Bones) {
    let patch = plan.body.mesh(18);
    // the back is grey as the wings are, down to the flanks
    let back = |p: DVec3| {
        let q = p / plan.size;
        let end = 0.085 * scalar::smoothstep(0.00, 0.115, q.z) + 0.05 * scalar::smoothstep(-0.13, -0.24, q.z);
        0.022 + end - q.y
    };
    let split = cut(&patch, &plan.body, &|p| back(p) * plan.size, 0.004 * plan.size);
    let body = assembly.part(Part::new("body", "body"));
    let mantle = assembly.part(Part::new("mantle", "wing"));
    let weights: Vec<Influence> = split
        .patch
        .positions
        .iter()
        .map(|&p| trunk_influence(plan, bones, p))
        .collect();
    assembly.add_weighted(
        |t| if split.inside[t] { mantle } else { body },
        &split.patch,
        &weights,
    );
}

fn add_head(assembly: &mut Assembly, plan: &Plan, bones: &Bones) {
    add_beak(assembly, plan, bones);
    for side in [0, 1] {
        add_eye(assembly, plan, bones, side);
    }
}

/// Both halves: roots deep inside the head, a ridge on top, the upper's tip hooked over the lower's.
fn add_beak(assembly: &mut Assembly, plan: &Plan, bones: &Bones) {
    /// Where the beak leaves the head: it is lengthened from here on.
    const ROOT: f64 = 0.220;
    let (size, long) = (plan.size, plan.params.beak_length);
    let beak = |points: &[[f64; 4]], flare: f64| {
        let keys: Vec<Section> = points
            .iter()
            .map(|&[y, z, wide, high]| {
                let at = plan.at([0.0, y, ROOT]) + DVec3::Z * ((z - ROOT) * long * size);
                Section::new(at, wide * size, high * size, high * size).shaped(0.0, flare)
            })
            .collect();
        Sweep::through(&keys, 2, DVec3::Y).mesh(12)
    };
    let upper = beak(
        &[
            [0.044, 0.212, 0.0125, 0.0120],
            [0.0435, 0.232, 0.0112, 0.0106],
            [0.042, 0.252, 0.0088, 0.0082],
            [0.0405, 0.272, 0.0068, 0.0070],
            [0.0365, 0.288, 0.0050, 0.0060],
            [0.0295, 0.2965, 0.0030, 0.0036],
            [0.0235, 0.2975, 0.0008, 0.0010],
        ],
        -0.35,
    );
    let lower = beak(
        &[
            [0.034, 0.212, 0.0105, 0.0070],
            [0.033, 0.240, 0.0085, 0.0058],
            [0.0305, 0.264, 0.0060, 0.0054],
            [0.0305, 0.278, 0.0036, 0.0034],
            [0.0310, 0.285, 0.0009, 0.0010],
        ],
        0.0,
    );
    let part = assembly.part(Part::new("beak.upper", "beak"));
    assembly.add(part, &upper, |_| rigid(bones.head));
    let part = assembly.part(Part::new("beak.lower", "beak"));
    assembly.add(part, &lower, |_| rigid(bones.jaw));
}

/// An eye: a ball sunk into the head, of which a cap stands out, with a pupil on it and a brow over it.
fn add_eye(assembly: &mut Assembly, plan: &Plan, bones: &Bones, side: usize) {
    /// Radius of the ball, metres for a span of 1.2 m.
    const BALL: f64 = 0.0108;
    /// How far its middle lies below the skin: what stands out is a cap 2 mm high and 12 mm wide.
    const SUNK: f64 = 0.0088;
    let (size, name) = (plan.size, SIDES[side]);
    // a place on the skin of the left side: straight out from the head's middle plane
    let skin = |y: f64, z: f64| leave(&plan.body, plan.at([0.0, y, z]), DVec3::X, 0.06 * size);
    let at = skin(0.060, 0.207);
    let (ahead, above) = (skin(0.060, 0.210) - at, skin(0.063, 0.207) - at);
    let out = above.cross(ahead).normalize_or(DVec3::X);
    let centre = at - out * (SUNK * size);
    // a shell of the ball between two angles off its axis, smaller ones outside
    let shell = |radius: f64, angles: &[f64], sides: usize| {
        let keys: Vec<Section> = angles
            .iter()
            .map(|&angle| {
                let (sin, cos) = scalar::sin_cos(angle);
                Section::round(
                    centre + out * (radius * cos * size),
                    radius * sin.max(0.02) * size,
                )
            })
            .collect();
        let patch = Sweep::through(&keys, 1, DVec3::Y).mesh(sides);
        if side == 0 { patch } else { patch.mirrored() }
    };
    let ball = shell(BALL, &[1.40, 1.02, 0.76, 0.50, 0.24, 0.0], 20);
    let part = assembly.part(Part::new(format!("eye.{name}"), "eye"));
    assembly.add(part, &ball, |_| rigid(bones.head));
    let pupil = shell(BALL * 1.035, &[0.50, 0.40, 0.20, 0.0], 16);
    let part = assembly.part(Part::new(format!("eye.{name}.pupil"), "pupil"));
    assembly.add(part, &pupil, |_| rigid(bones.head));
    assembly.socket(
        &format!("eye.{name}"),
        bones.head,
        on_side(side, at),
        on_side(side, DVec3::X),
    );
    let brow: Vec<DVec3> = (0..=8)
        .map(|i| {
            let (sin, cos) = scalar::sin_cos(scalar::lerp(0.4, 2.6, f64::from(i) / 8.0));
            let p = skin(0.060 + 0.0108 * sin, 0.207 + 0.0128 * cos);
            on_side(side, p + out * (0.0005 * size))
        })
        .collect();
    assembly.mark(format!("brow.{name}"), &brow, 0.3, |_| rigid(bones.head));
}

fn add_leg(assembly: &mut Assembly, plan: &Plan, bones: &Bones, side: usize) {
    let size = plan.size;
    let [hip, ankle, foot, toe] = LEG.map(|p| scaled(p, size));
    let legs = bones.legs[side];
    let thigh_part = assembly.part(Part::new(format!("leg.{}.thigh", SIDES[side]), "body"));
    let part = assembly.part(Part::new(format!("leg.{}", SIDES[side]), "leg"));
    let mut tube = |points: &[(DVec3, f64)], bone: u16| {
        let keys: Vec<Section> = points.iter().map(|&(p, r)| Section::round(p, r * size)).collect();
        let thigh = bone == legs[0];
        let patch = Sweep::through(&keys, 2, DVec3::Z).mesh(if thigh { 9 } else { 5 });
        let patch = if side == 0 { patch } else { patch.mirrored() };
        assembly.add(if thigh { thigh_part } else { part }, &patch, |_| rigid(bone));
    };
    let thigh = [
        (hip, 0.026),
        (hip.lerp(ankle, 0.5), 0.020),
        (ankle, 0.0075),
        (ankle + (ankle - hip) * 0.12, 0.003),
    ];
    tube(&thigh, legs[0]);
    tube(
        &[(ankle, 0.0058), (ankle.lerp(foot, 0.5), 0.0042), (foot, 0.0052)],
        legs[1],
    );
    for angle in [-0.5, 0.0, 0.5] {
        let (sin, cos) = scalar::sin_cos(angle);
        let forward = toe - foot;
        let end = foot + DVec3::new(forward.z * sin, forward.y, forward.z * cos);
        tube(
            &[(foot, 0.0050), (foot.lerp(end, 0.6), 0.0038), (end, 0.0010)],
            legs[2],
        );
    }
    let web = sheet(6, 1, |t, s| {
        let angle = scalar::lerp(-0.5, 0.5, t);
        let (sin, cos) = scalar::sin_cos(angle);
        let forward = toe - foot;
        let reach = 0.92 * s * (1.0 - 0.18 * scallop(t * 2.0, 1.0));
        let p = foot + DVec3::new(forward.z * sin, forward.y, forward.z * cos) * reach;
        on_side(side, p)
    });
    let mut web_part = Part::new(format!("leg.{}.web", SIDES[side]), "leg");
    web_part.two_sided = true;
    let web_part = assembly.part(web_part);
    assembly.add(web_part, &web, |_| rigid(legs[2]));
}

#[cfg(test)]
mod tests {
    use std::sync::LazyLock;

    use super::*;
    use crate::scene::SubjectState;
    use crate::scene::subject::check;

    fn subject() -> &'static Subject {
        static BIRD: LazyLock<Subject> = LazyLock::new(|| build(&BirdParams::default()));
        &BIRD
    }

    #[test]
    fn the_model_is_sound() {
        let model = &subject().model;
        check::well_built(model, 0.3);
        let count = model.mesh.triangles.len();
        assert!((2_500..5_000).contains(&count), "{count} triangles");
    }

    #[test]
    fn every_pose_is_finite() {
        check::poses_are_finite(subject(), 1.5);
    }

    #[test]
    fn proportions_at_the_ends_of_their_ranges_keep_the_laws() {
        for share in [-9.0, 9.0, f64::NAN] {
            let odd = build(&BirdParams {
                wing_span_m: share,
                wing_breadth: share,
                beak_length: share,
                tail_length: -share,
                neck_length: share,
            });
            check::weights_are_sound(&odd.model);
            check::solids_are_closed(&odd.model);
        }
    }

    #[test]
    fn it_beats_and_then_glides() {
        let state = |phase: f64| SubjectState {
            fly: 1.0,
            phase,
            ..SubjectState::default()
        };
        let tip = subject()
            .model
            .mesh
            .positions
            .iter()
            .enumerate()
            .max_by(|a, b| a.1.x.total_cmp(&b.1.x))
            .map(|t| t.0)
            .expect("vertices");
        let height = |phase: f64| check::posed(subject(), state(phase), 0.0).positions[tip].y;
        let range = |from: f64| {
            let all: Vec<f64> = (0..12).map(|i| height(from + f64::from(i) / 12.0)).collect();
            all.iter().copied().fold(f64::MIN, f64::max) - all.iter().copied().fold(f64::MAX, f64::min)
        };
        assert!(range(4.5) > 0.4, "beats: {}", range(4.5));
        assert!(range(1.4) < 0.1, "glides: {}", range(1.4));
    }

    #[test]
    fn nothing_jumps_while_it_flies() {
        let state = SubjectState {
            fly: 1.0,
            phase: 0.8,
            ..SubjectState::default()
        };
        check::motion_is_continuous(subject(), state, 12.0);
    }

    #[test]
    fn golden_digest() {
        // Catches: any change of a section, a joint or an angle, and arithmetic that differs by platform.
        assert_eq!(check::digest(subject()).to_string(), GOLDEN);
    }

    // re-minted: round eyes sunk into the head, a hooked beak with a ridge, finer primaries
    const GOLDEN: &str = "f6f56b65a8d501a9abcbe7c448ae2f77304f44b7ed0048f2270ef80e50b9d96e";
}
