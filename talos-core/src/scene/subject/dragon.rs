//! The dragon: western, about twelve metres from nose to tail and fourteen across its wings.
//!
//! The body plan stands here: where the joints are and what the bones are
//! called. Flesh, head and wings are modelled in the files beside this one.

use std::sync::Arc;

use super::Subject;
use super::build::{Assembly, mirror};
use super::dragon_body::{self, Flesh};
use super::dragon_rig::DragonRig;
use super::sweep::{Section, Sweep};
use super::{dragon_head, dragon_wing};
use crate::math::{DVec3, scalar};

/// A dragon's proportions; 1 everywhere is the dragon as drawn. Values outside a range count as its nearer end.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct DragonParams {
    /// Length of the neck, [0.7, 1.5].
    pub neck_length: f64,
    /// Length of the tail, [0.6, 1.4].
    pub tail_length: f64,
    /// Span of the wings, [0.7, 1.3].
    pub wing_span: f64,
    /// Thickness of trunk and limbs, [0.75, 1.3].
    pub bulk: f64,
    /// Size of the head, [0.8, 1.3].
    pub head_size: f64,
    /// Length of the horns, [0.3, 1.6].
    pub horn_length: f64,
    /// Height of the spikes along the back, [0, 1.8].
    pub spike_height: f64,
}

impl Default for DragonParams {
    fn default() -> Self {
        Self {
            neck_length: 1.0,
            tail_length: 1.0,
            wing_span: 1.0,
            bulk: 1.0,
            head_size: 1.0,
            horn_length: 1.0,
            spike_height: 1.0,
        }
    }
}

impl DragonParams {
    /// The parameters within their ranges; NaN counts as 1.
    #[must_use]
    pub fn limited(&self) -> Self {
        let limit = |x: f64, low: f64, high: f64| if x.is_nan() { 1.0 } else { x.clamp(low, high) };
        Self {
            neck_length: limit(self.neck_length, 0.7, 1.5),
            tail_length: limit(self.tail_length, 0.6, 1.4),
            wing_span: limit(self.wing_span, 0.7, 1.3),
            bulk: limit(self.bulk, 0.75, 1.3),
            head_size: limit(self.head_size, 0.8, 1.3),
            horn_length: limit(self.horn_length, 0.3, 1.6),
            spike_height: limit(self.spike_height, 0.0, 1.8),
        }
    }
}

/// Bones of one leg, from the trunk down.
#[derive(Clone, Copy, Debug)]
pub(super) struct Leg {
    pub(super) upper: u16,
    pub(super) lower: u16,
    pub(super) foot: u16,
    pub(super) toes: u16,
}

/// Bones of one wing.
#[derive(Clone, Debug)]
pub(super) struct Wing {
    pub(super) arm: u16,
    pub(super) forearm: u16,
    pub(super) hand: u16,
    /// Fingers from the leading edge backward, three bones each.
    pub(super) fingers: [[u16; 3]; 4],
    /// Ribs of the membrane: in the middle between two fingers, the last between the fourth and the flank.
    pub(super) ribs: [[u16; 3]; 4],
}

/// All bones.
#[derive(Clone, Debug)]
pub(super) struct Bones {
    pub(super) root: u16,
    pub(super) pelvis: u16,
    pub(super) chest: u16,
    pub(super) neck: Vec<u16>,
    pub(super) head: u16,
    pub(super) jaw: u16,
    pub(super) mouth: u16,
    pub(super) tongue: u16,
    pub(super) eyes: [u16; 2],
    pub(super) frills: [u16; 2],
    pub(super) tail: Vec<u16>,
    pub(super) fore: [Leg; 2],
    pub(super) hind: [Leg; 2],
    pub(super) wings: [Wing; 2],
}

/// Names of the two sides; 0 is the left (+X).
pub(super) const SIDES: [&str; 2] = ["left", "right"];

/// A point of the left side, on a side.
pub(super) fn on_side(side: usize, p: DVec3) -> DVec3 {
    if side == 0 { p } else { mirror(p) }
}

/// Number of bones in the neck: enough for an S without corners.
const NECK_BONES: usize = 7;
/// Number of bones in the tail.
const TAIL_BONES: usize = 10;

/// Key numbers of the spine's sections that other files place things by.
pub(super) mod key {
    /// Where the tail leaves the trunk.
    pub(crate) const TAIL: f64 = 6.0;
    /// The waist.
    pub(crate) const WAIST: f64 = 8.2;
    /// Where the neck leaves the trunk.
    pub(crate) const NECK: f64 = 11.6;
    /// Where the neck meets the skull.
    pub(crate) const SKULL: f64 = 17.0;
}

/// Where everything is.
#[derive(Clone, Debug)]
pub(super) struct Plan {
    pub(super) params: DragonParams,
    /// From the tip of the tail to the skull.
    pub(super) spine: Sweep,
    /// Joints of the left foreleg: shoulder, elbow, wrist, ball, toe.
    pub(super) fore: [DVec3; 5],
    /// Joints of the left hind leg: hip, knee, hock, ball, toe.
    pub(super) hind: [DVec3; 5],
    /// Joints of the left wing: shoulder, elbow, wrist.
    pub(super) wing: [DVec3; 3],
    /// Each finger's middle and tip.
    pub(super) fingers: [[DVec3; 2]; 4],
}

/// The spine's sections from tail to head: (y, z), half width, half height above and below; metres.
const SPINE: [[f64; 5]; 18] = [
    [-0.30, -6.75, 0.040, 0.045, 0.040],
    [-0.40, -5.90, 0.070, 0.080, 0.070],
    [-0.38, -5.00, 0.110, 0.120, 0.110],
    [-0.27, -4.10, 0.155, 0.165, 0.155],
    [-0.10, -3.20, 0.210, 0.220, 0.215],
    [0.06, -2.40, 0.285, 0.280, 0.295],
    [0.14, -1.75, 0.365, 0.340, 0.370],
    [0.17, -1.15, 0.440, 0.400, 0.430],
    [0.14, -0.45, 0.390, 0.400, 0.430],
    [0.10, 0.25, 0.470, 0.490, 0.660],
    [0.14, 0.85, 0.480, 0.520, 0.840],
    [0.32, 1.32, 0.380, 0.440, 0.720],
    [0.62, 1.75, 0.310, 0.340, 0.460],
    [0.95, 2.18, 0.245, 0.290, 0.330],
    [1.26, 2.58, 0.210, 0.255, 0.275],
    [1.54, 2.95, 0.190, 0.230, 0.245],
    [1.74, 3.30, 0.185, 0.215, 0.225],
    [1.80, 3.62, 0.195, 0.210, 0.215],
];

impl Plan {
    fn new(params: DragonParams) -> Self {
        let (bulk, span) = (params.bulk, params.wing_span);
        let keys: Vec<Section> = SPINE
            .iter()
            .enumerate()
            .map(|(index, &[y, z, wide, up, down])| {
                let stretch = |at: f64, from: f64, by: f64| from + (at - from) * by;
                let (y, z) = if index < 6 {
                    (y, stretch(z, SPINE[6][1], params.tail_length))
                } else if index > 12 {
                    let by = params.neck_length;
                    (stretch(y, SPINE[12][0], by), stretch(z, SPINE[12][1], by))
                } else {
                    (y, z)
                };
                let keel = if (9..=11).contains(&index) { 0.32 } else { 0.0 };
                Section::new(DVec3::new(0.0, y, z), wide * bulk, up * bulk, down * bulk).shaped(0.0, keel)
            })
            .collect();
        let point = |p: &[f64; 3]| DVec3::from_array(*p);
        let shoulder = DVec3::new(0.36, 0.46, 0.85);
        let spread = |p: [f64; 3]| {
            let v = DVec3::from_array(p);
            DVec3::new(
                shoulder.x + (v.x - shoulder.x) * span,
                v.y,
                shoulder.z + (v.z - shoulder.z) * (0.4 + 0.6 * span),
            )
        };
        Self {
            params,
            spine: Sweep::through(&keys, 5, DVec3::Y),
            fore: [
                [0.42, -0.10, 0.98],
                [0.60, -0.62, 0.58],
                [0.60, -1.14, 0.86],
                [0.62, -1.44, 0.98],
                [0.63, -1.50, 1.30],
            ]
            .each_ref()
            .map(point),
            hind: [
                [0.36, 0.02, -1.12],
                [0.58, -0.50, -0.62],
                [0.56, -0.98, -1.36],
                [0.58, -1.42, -1.20],
                [0.59, -1.50, -0.86],
            ]
            .each_ref()
            .map(point),
            wing: [shoulder, spread([1.70, 0.86, 0.12]), spread([3.00, 1.02, 1.12])],
            fingers: [
                [spread([5.25, 1.06, 1.02]), spread([7.00, 0.66, -0.55])],
                [spread([4.85, 0.98, -0.30]), spread([6.00, 0.50, -2.25])],
                [spread([4.10, 0.92, -0.85]), spread([4.55, 0.40, -3.05])],
                [spread([3.25, 0.88, -0.95]), spread([3.00, 0.36, -3.00])],
            ],
        }
    }

    /// Scale of the head's tables: they were drawn a little small for the body.
    pub(super) fn head_size(&self) -> f64 {
        1.12 * self.params.head_size
    }

    /// Metres from the origin down to the soles.
    pub(super) fn stand_height(&self) -> f64 {
        1.56
    }

    /// A point of a finger of the left wing, from the wrist (0) to the tip (1): a parabola through its middle.
    pub(super) fn finger(&self, index: usize, s: f64) -> DVec3 {
        let [middle, tip] = self.fingers[index];
        let wrist = self.wing[2];
        let control = middle * 2.0 - (wrist + tip) * 0.5;
        wrist.lerp(control, s).lerp(control.lerp(tip, s), s)
    }

    /// Where on the left flank the membrane holds, from the wing's shoulder (0) to the root of the tail (1).
    pub(super) fn flank(&self, s: f64) -> DVec3 {
        let station = self.spine.at(scalar::lerp(9.9, 6.1, s));
        station.at_angle(scalar::lerp(0.9, 1.25, s), scalar::lerp(0.80, 0.86, s))
    }
}

fn leg_bones(assembly: &mut Assembly, name: &str, parent: u16, side: usize, joints: &[DVec3; 5]) -> Leg {
    let mut parent = parent;
    let [upper, lower, foot, toes] = ["upper", "lower", "foot", "toes"].map(|_| 0_u16);
    let mut made = [upper, lower, foot, toes];
    for (slot, (bone, &joint)) in made
        .iter_mut()
        .zip(["upper", "lower", "foot", "toes"].iter().zip(joints))
    {
        parent = assembly.bone(
            format!("{name}.{}.{bone}", SIDES[side]),
            Some(parent),
            on_side(side, joint),
        );
        *slot = parent;
    }
    let [upper, lower, foot, toes] = made;
    Leg {
        upper,
        lower,
        foot,
        toes,
    }
}

fn wing_bones(assembly: &mut Assembly, plan: &Plan, chest: u16, side: usize) -> Wing {
    let name = |what: &str| format!("wing.{}.{what}", SIDES[side]);
    let at = |p: DVec3| on_side(side, p);
    let arm = assembly.bone(name("arm"), Some(chest), at(plan.wing[0]));
    let forearm = assembly.bone(name("forearm"), Some(arm), at(plan.wing[1]));
    let hand = assembly.bone(name("hand"), Some(forearm), at(plan.wing[2]));
    let fingers = core::array::from_fn(|f| {
        let mut parent = hand;
        core::array::from_fn(|k| {
            let label = format!("finger{}.{}", f + 1, k + 1);
            parent = assembly.bone(
                name(&label),
                Some(parent),
                at(plan.finger(f, dragon_wing::JOINTS[k])),
            );
            parent
        })
    });
    let ribs = core::array::from_fn(|r| {
        core::array::from_fn(|k| {
            let s = dragon_wing::JOINTS[k];
            let joint = dragon_wing::rib_point(plan, r, s);
            assembly.bone(name(&format!("rib{}.{}", r + 1, k + 1)), Some(forearm), at(joint))
        })
    });
    Wing {
        arm,
        forearm,
        hand,
        fingers,
        ribs,
    }
}

fn skeleton(assembly: &mut Assembly, plan: &Plan) -> Bones {
    let on_spine = |k: f64| plan.spine.at(k).section.centre;
    let waist = on_spine(key::WAIST);
    let root = assembly.bone("root", None, DVec3::ZERO);
    let pelvis = assembly.bone("pelvis", Some(root), waist);
    let chest = assembly.bone("chest", Some(root), waist);
    let along = |from: f64, to: f64, count: usize| -> Vec<DVec3> {
        (0..count)
            .map(|i| on_spine(scalar::lerp(from, to, i as f64 / count as f64)))
            .collect()
    };
    let neck = assembly.chain("neck", chest, &along(key::NECK, key::SKULL, NECK_BONES));
    let tail = assembly.chain("tail", pelvis, &along(key::TAIL + 0.3, 0.0, TAIL_BONES));
    let last = neck[NECK_BONES - 1];
    let head_at = on_spine(key::SKULL);
    let head = assembly.bone("head", Some(last), head_at);
    let place = dragon_head::model_from_head(plan);
    let at = |p: [f64; 3]| place.transform_point3(DVec3::from_array(p));
    let jaw = assembly.bone("jaw", Some(head), at(dragon_head::HINGE));
    let mouth = assembly.bone("mouth", Some(head), at(dragon_head::HINGE));
    let tongue = assembly.bone("tongue", Some(jaw), at(dragon_head::TONGUE_ROOT));
    let pair = |assembly: &mut Assembly, name: &str, p: [f64; 3]| {
        [0, 1].map(|side| {
            assembly.bone(
                format!("{name}.{}", SIDES[side]),
                Some(head),
                on_side(side, at(p)),
            )
        })
    };
    let eyes = pair(assembly, "eye", dragon_head::EYE);
    let frills = pair(assembly, "frill", dragon_head::FRILL_ROOT);
    let fore = [0, 1].map(|side| leg_bones(assembly, "fore", chest, side, &plan.fore));
    let hind = [0, 1].map(|side| leg_bones(assembly, "hind", pelvis, side, &plan.hind));
    let wings = [0, 1].map(|side| wing_bones(assembly, plan, chest, side));
    Bones {
        root,
        pelvis,
        chest,
        neck,
        head,
        jaw,
        mouth,
        tongue,
        eyes,
        frills,
        tail,
        fore,
        hind,
        wings,
    }
}

/// Models a dragon. Instances share the result.
#[must_use]
pub fn build(params: &DragonParams) -> Subject {
    let plan = Plan::new(params.limited());
    let mut assembly = Assembly::default();
    let bones = skeleton(&mut assembly, &plan);
    let flesh = Flesh::new(&plan, &bones);
    dragon_body::add(&mut assembly, &plan, &bones, &flesh);
    dragon_head::add(&mut assembly, &plan, &bones, &flesh);
    dragon_wing::add(&mut assembly, &plan, &bones);
    sockets(&mut assembly, &plan, &bones);
    let nose = dragon_head::model_from_head(&plan).transform_point3(DVec3::Z * 1.36);
    let tail = plan.spine.at(0.0).section.centre.z - 0.55;
    let model = Arc::new(assembly.finish(nose.z - tail));
    let rig = Arc::new(DragonRig::new(bones, plan.stand_height()));
    Subject { model, rig }
}

fn sockets(assembly: &mut Assembly, plan: &Plan, bones: &Bones) {
    let head = dragon_head::model_from_head(plan);
    let at = |p: [f64; 3]| head.transform_point3(DVec3::from_array(p));
    let forward = head.transform_vector3(DVec3::Z);
    assembly.socket("mouth", bones.mouth, at([0.0, -0.10, 1.05]), forward);
    assembly.socket("head", bones.head, at([0.0, 0.05, 0.45]), forward);
    let chest = plan.spine.at(10.0).section.centre;
    assembly.socket("chest", bones.chest, chest, DVec3::Z);
    for (side, name) in SIDES.iter().enumerate() {
        let gaze = head.transform_vector3(on_side(side, DVec3::new(0.8, 0.1, 0.6)));
        let [x, y, z] = dragon_head::EYE;
        let eye = on_side(side, DVec3::new(x, y, z));
        assembly.socket(
            &format!("eye.{name}"),
            bones.eyes[side],
            head.transform_point3(eye),
            gaze,
        );
        let hand = on_side(side, plan.fore[3]);
        assembly.socket(&format!("hand.{name}"), bones.fore[side].foot, hand, DVec3::Z);
    }
}

#[cfg(test)]
mod tests {
    use std::sync::LazyLock;

    use super::*;
    use crate::scene::SubjectState;
    use crate::scene::subject::check;

    fn subject() -> &'static Subject {
        static DRAGON: LazyLock<Subject> = LazyLock::new(|| build(&DragonParams::default()));
        &DRAGON
    }

    fn flying(phase: f64) -> SubjectState {
        SubjectState {
            fly: 1.0,
            phase,
            ..SubjectState::default()
        }
    }

    #[test]
    fn the_model_is_sound() {
        let model = &subject().model;
        check::well_built(model, 2.6);
        let count = model.mesh.triangles.len();
        assert!((25_000..46_000).contains(&count), "{count} triangles");
    }

    #[test]
    fn every_pose_is_finite() {
        check::poses_are_finite(subject(), 25.0);
    }

    #[test]
    fn proportions_at_the_ends_of_their_ranges_keep_the_laws() {
        for share in [-9.0, 9.0] {
            let params = DragonParams {
                neck_length: share,
                tail_length: -share,
                wing_span: share,
                bulk: -share,
                head_size: share,
                horn_length: f64::NAN,
                spike_height: -share,
            };
            let odd = build(&params);
            check::weights_are_sound(&odd.model);
            check::solids_are_closed(&odd.model);
            assert!((8.0..18.0).contains(&odd.model.size_m));
        }
    }

    #[test]
    fn a_beat_carries_the_wing_tips_above_and_below_the_shoulder() {
        let model = &subject().model;
        let tip = model
            .mesh
            .positions
            .iter()
            .enumerate()
            .max_by(|a, b| a.1.x.total_cmp(&b.1.x))
            .map(|t| t.0)
            .expect("vertices");
        let heights: Vec<f64> = (0..16)
            .map(|i| check::posed(subject(), flying(f64::from(i) / 16.0), 0.0).positions[tip].y)
            .collect();
        let (low, high) = heights
            .iter()
            .fold((f64::MAX, f64::MIN), |(l, h), &y| (l.min(y), h.max(y)));
        assert!(high > 3.0 && low < -2.0, "{low} {high}");
    }

    #[test]
    fn the_jaw_opens_and_the_mouth_goes_with_it() {
        let mouth_at = |breath: f64| {
            let state = SubjectState {
                breath,
                ..flying(0.2)
            };
            let posed = check::posed(subject(), state, 0.0);
            let jaw = &subject().model.mesh;
            let part = jaw.parts.iter().position(|p| p.name == "jaw").expect("a jaw") as u16;
            let chin = jaw
                .triangles
                .iter()
                .zip(&jaw.triangle_part)
                .filter(|t| *t.1 == part)
                .map(|t| posed.positions[t.0[0] as usize])
                .max_by(|a, b| a.z.total_cmp(&b.z))
                .expect("a chin");
            (check::socket(subject(), &posed, "mouth"), chin)
        };
        let (shut, chin_shut) = mouth_at(0.0);
        let (open, chin_open) = mouth_at(1.0);
        assert!((shut.0 - open.0).length() > 0.02);
        assert!(
            chin_shut.y - chin_open.y > 0.35,
            "{} {}",
            chin_shut.y,
            chin_open.y
        );
        assert!(open.1.z > 0.9, "it breathes where it looks: {}", open.1);
    }

    #[test]
    fn the_mouth_points_at_what_it_looks_at() {
        for place in [
            DVec3::new(20.0, 3.0, 18.0),
            DVec3::new(-15.0, -12.0, 22.0),
            DVec3::Z * 30.0,
        ] {
            for hover in [0.0, 1.0] {
                let state = SubjectState {
                    look_at: Some(place),
                    hover,
                    fly: 1.0 - hover,
                    breath: 1.0,
                    ..flying(0.3)
                };
                let posed = check::posed(subject(), state, 0.0);
                let (at, direction) = check::socket(subject(), &posed, "mouth");
                let miss = direction.angle_between(place - at);
                assert!(miss < 0.25, "{miss} rad off {place}");
            }
        }
    }

    #[test]
    fn nothing_jumps_while_it_flies() {
        check::motion_is_continuous(subject(), flying(0.0), 120.0);
    }

    #[test]
    fn standing_feet_are_on_the_ground() {
        let posed = check::posed(subject(), SubjectState::default(), 0.0);
        let low = posed.positions.iter().map(|p| p.y).fold(f64::MAX, f64::min);
        assert!(low.abs() < 0.12, "{low}");
    }

    #[test]
    fn threads_change_nothing() {
        let alone = rayon::ThreadPoolBuilder::new()
            .num_threads(1)
            .build()
            .expect("a pool");
        let other = alone.install(|| build(&DragonParams::default()));
        assert_eq!(other.model.mesh, subject().model.mesh);
        assert_eq!(other.model.weights, subject().model.weights);
    }

    #[test]
    fn golden_digest() {
        // Catches: any change of a section, a joint or an angle, and arithmetic that differs by platform.
        assert_eq!(check::digest(subject()).to_string(), GOLDEN);
    }

    // minted anew when its teeth became fewer and larger
    const GOLDEN: &str = "d27aff78b231952caed07d0cb926a0a55be3028ef6286443981bb515ebd1d5cd";
}
