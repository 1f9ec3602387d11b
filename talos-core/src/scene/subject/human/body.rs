//! Landmarks and skeleton of a person.

use super::HumanParams;
use crate::math::DVec3;
use crate::scene::subject::clay::Figure;

/// Angle between the arms and the vertical at rest, radians: far enough for clean armpits, near
/// enough to hanging that sleeves deform little.
const ARM_SPREAD: f64 = 0.6;

/// A bone on each side: left, right.
pub(super) type Pair = [u16; 2];

/// Sign of x on a side: left is +X.
pub(super) const SIDES: [(&str, f64); 2] = [("left", 1.0), ("right", -1.0)];

/// Where the body's joints are at rest, for the left side where there are two; metres.
#[derive(Clone, Debug)]
pub(super) struct Landmarks {
    /// Height of the head, chin to crown.
    pub(super) head: f64,
    /// Chin's height above the ground.
    pub(super) chin: f64,
    /// Origin of the head's own measures: below the crown, at the chin's height.
    pub(super) face: DVec3,
    pub(super) pelvis: DVec3,
    pub(super) spine: DVec3,
    pub(super) chest: DVec3,
    pub(super) neck: DVec3,
    pub(super) skull: DVec3,
    pub(super) clavicle: DVec3,
    pub(super) shoulder: DVec3,
    pub(super) elbow: DVec3,
    pub(super) wrist: DVec3,
    pub(super) knuckles: DVec3,
    pub(super) hip: DVec3,
    pub(super) knee: DVec3,
    pub(super) ankle: DVec3,
    pub(super) ball: DVec3,
    pub(super) toe: DVec3,
    pub(super) heel: DVec3,
}

impl Landmarks {
    /// Landmarks of a person.
    pub(super) fn new(p: &HumanParams) -> Self {
        let h = p.height_m;
        let head = h / p.heads;
        let chin = h - head;
        let hip_y = p.leg_share * h;
        let shoulder_y = chin - 0.31 * head - (0.014 + 0.016 * p.adult()) * h;
        let trunk = shoulder_y - hip_y;
        let at = |x: f64, y: f64, z: f64| DVec3::new(x, y, z);
        let shoulder = at(p.shoulder_share * h * 0.5, shoulder_y, -0.004 * h);
        let (s, c) = crate::math::scalar::sin_cos(ARM_SPREAD);
        let down = at(s, -c, 0.0);
        let elbow = shoulder + down * (0.172 * h) + at(0.0, 0.0, -0.006 * h);
        let wrist = elbow + at(s * 0.96, -c, 0.12).normalize() * (0.142 * h);
        let hip = at(0.047 * h, hip_y, 0.0);
        let foot = 0.15 * h;
        let ankle = at(0.050 * h, 0.052 * h, -0.006 * h);
        Self {
            head,
            chin,
            face: at(0.0, chin, 0.015 * h),
            pelvis: at(0.0, hip_y + 0.02 * h, 0.0),
            spine: at(0.0, hip_y + 0.32 * trunk, 0.002 * h),
            chest: at(0.0, hip_y + 0.60 * trunk, 0.0),
            neck: at(0.0, shoulder_y + 0.03 * h, -0.012 * h),
            skull: at(0.0, chin + 0.10 * head, -0.004 * h),
            clavicle: at(0.018 * h, shoulder_y + 0.012 * h, 0.0),
            shoulder,
            elbow,
            wrist,
            knuckles: wrist + (wrist - elbow).normalize() * (0.048 * h),
            hip,
            knee: at(0.049 * h, hip_y * 0.535, 0.006 * h),
            ankle,
            ball: at(0.052 * h, 0.012 * h, ankle.z + 0.62 * foot),
            toe: at(0.053 * h, 0.012 * h, ankle.z + 0.85 * foot),
            heel: at(0.050 * h, 0.012 * h, ankle.z - 0.24 * foot),
        }
    }
}

/// Mirrors a point of the left side to side `sign`.
pub(super) fn on(sign: f64, p: DVec3) -> DVec3 {
    DVec3::new(p.x * sign, p.y, p.z)
}

/// Indices of the bones.
#[derive(Clone, Debug)]
pub(super) struct Bones {
    pub(super) pelvis: u16,
    pub(super) spine: u16,
    pub(super) chest: u16,
    pub(super) neck: u16,
    pub(super) head: u16,
    pub(super) jaw: u16,
    pub(super) lips: u16,
    pub(super) mouth: Pair,
    pub(super) eye: Pair,
    pub(super) eyelid: Pair,
    pub(super) brow_inner: Pair,
    pub(super) brow_outer: Pair,
    pub(super) fringe: u16,
    pub(super) hair: Pair,
    pub(super) hair_back: [u16; 2],
    pub(super) clavicle: Pair,
    pub(super) upper_arm: Pair,
    pub(super) forearm: Pair,
    pub(super) hand: Pair,
    pub(super) fingers: Pair,
    pub(super) thigh: Pair,
    pub(super) shin: Pair,
    pub(super) foot: Pair,
    pub(super) toes: Pair,
    /// Around the waist by turns: left, front left, front right, right, back right, back left.
    pub(super) skirt: [u16; 6],
}

/// Names of the skirt's bones, in the order of [`Bones::skirt`].
const SKIRT: [(&str, f64, f64); 6] = [
    ("skirt.left", 1.0, 0.0),
    ("skirt.front_left", 0.5, 0.866),
    ("skirt.front_right", -0.5, 0.866),
    ("skirt.right", -1.0, 0.0),
    ("skirt.back_right", -0.5, -0.866),
    ("skirt.back_left", 0.5, -0.866),
];

impl Bones {
    /// Adds a person's bones to a figure.
    pub(super) fn add(figure: &mut Figure, l: &Landmarks, p: &HumanParams) -> Self {
        let pelvis = figure.bone("pelvis", None, l.pelvis);
        let spine = figure.bone("spine", Some(pelvis), l.spine);
        let chest = figure.bone("chest", Some(spine), l.chest);
        let neck = figure.bone("neck", Some(chest), l.neck);
        let head = figure.bone("head", Some(neck), l.skull);
        let in_head = |x: f64, y: f64, z: f64| l.face + DVec3::new(x, y, z) * l.head;
        let jaw = figure.bone("jaw", Some(head), in_head(0.0, 0.2, -0.1));
        let lips = figure.bone("lips", Some(head), in_head(0.0, 0.165, 0.33));
        let mut pair = |prefix: &str, suffix: &str, parent: Pair, at: DVec3| {
            SIDES.map(|(side, sign)| {
                let parent = parent[usize::from(sign < 0.0)];
                let name = format!("{prefix}.{side}{suffix}");
                figure.bone(&name, Some(parent), on(sign, at))
            })
        };
        let mouth = pair("mouth", "", [head; 2], in_head(0.055, 0.165, 0.33));
        let eye = pair("eye", "", [head; 2], in_head(0.175, 0.42, 0.3));
        let eyelid = pair("eyelid", "", [head; 2], in_head(0.175, 0.5, 0.3));
        let brow_inner = pair("brow", ".inner", [head; 2], in_head(0.09, 0.57, 0.35));
        let brow_outer = pair("brow", ".outer", [head; 2], in_head(0.25, 0.57, 0.3));
        let hair = pair("hair", "", [head; 2], in_head(0.40, 0.55, 0.1));
        let clavicle = pair("clavicle", "", [chest; 2], l.clavicle);
        let upper_arm = pair("upper_arm", "", clavicle, l.shoulder);
        let forearm = pair("forearm", "", upper_arm, l.elbow);
        let hand = pair("hand", "", forearm, l.wrist);
        let fingers = pair("fingers", "", hand, l.knuckles);
        let thigh = pair("thigh", "", [pelvis; 2], l.hip);
        let shin = pair("shin", "", thigh, l.knee);
        let foot = pair("foot", "", shin, l.ankle);
        let toes = pair("toes", "", foot, l.ball);
        let fringe = figure.bone("hair.front", Some(head), in_head(0.0, 0.85, 0.3));
        let hair_upper = figure.bone("hair.back.upper", Some(head), in_head(0.0, 0.5, -0.45));
        let hair_lower = figure.bone("hair.back.lower", Some(hair_upper), in_head(0.0, -0.1, -0.48));
        let waist = p.waist_share * p.height_m;
        let skirt = SKIRT.map(|(name, x, z)| {
            let at = l.spine + DVec3::new(x * waist, -0.01 * p.height_m, z * waist * 0.8);
            figure.bone(name, Some(pelvis), at)
        });
        Self {
            pelvis,
            spine,
            chest,
            neck,
            head,
            jaw,
            lips,
            mouth,
            eye,
            eyelid,
            brow_inner,
            brow_outer,
            fringe,
            hair,
            hair_back: [hair_upper, hair_lower],
            clavicle,
            upper_arm,
            forearm,
            hand,
            fingers,
            thigh,
            shin,
            foot,
            toes,
            skirt,
        }
    }
}
