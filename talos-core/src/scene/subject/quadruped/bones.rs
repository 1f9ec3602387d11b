//! The skeleton of a four-legged animal.

use super::plan::{LegPlan, Plan, at};
use crate::math::DVec3;
use crate::scene::subject::clay::Figure;

/// Left, right; left is +X.
pub(super) const SIDES: [(&str, f64); 2] = [("left", 1.0), ("right", -1.0)];

/// Mirrors a point of the left side to side `sign`.
pub(super) fn on(sign: f64, p: DVec3) -> DVec3 {
    DVec3::new(p.x * sign, p.y, p.z)
}

/// Bones of a leg, from the trunk down.
#[derive(Clone, Copy, Debug)]
pub(super) struct Leg {
    pub(super) root: u16,
    pub(super) upper: u16,
    pub(super) middle: u16,
    pub(super) lower: u16,
    pub(super) paw: u16,
}

/// Indices of the bones.
#[derive(Clone, Debug)]
pub(super) struct Bones {
    /// Middle of the back: the root.
    pub(super) body: u16,
    pub(super) hips: u16,
    pub(super) chest: u16,
    pub(super) neck: [u16; 2],
    pub(super) head: u16,
    pub(super) jaw: u16,
    pub(super) ear: [u16; 2],
    pub(super) eye: [u16; 2],
    pub(super) brow: [u16; 2],
    pub(super) tail: [u16; 5],
    pub(super) mane: [u16; 2],
    /// Left and right fore legs.
    pub(super) fore: [Leg; 2],
    /// Left and right hind legs.
    pub(super) hind: [Leg; 2],
}

impl Bones {
    /// Adds the bones of an animal.
    pub(super) fn add(figure: &mut Figure, plan: &Plan, s: f64) -> Self {
        let flesh = |f: [f64; 3]| DVec3::new(0.0, f[0], f[1]) * s;
        let back = |i: usize, up: f64| {
            let f = plan.trunk[i];
            DVec3::new(0.0, f[0] + up * f[2], f[1]) * s
        };
        let body = figure.bone("body", None, back(3, 0.3) - DVec3::Z * 0.06 * s);
        let hips = figure.bone("hips", Some(body), back(2, 0.3));
        let chest = figure.bone("chest", Some(body), back(3, 0.3) + DVec3::Z * 0.08 * s);
        let neck_low = figure.bone("neck.lower", Some(chest), flesh(plan.neck[0]));
        let bend = plan.neck.len() - 2;
        let neck_high = figure.bone("neck.upper", Some(neck_low), flesh(plan.neck[bend]));
        let head = figure.bone("head", Some(neck_high), at(plan.skull, s));
        let [x, y, z, _] = plan.jaw[0];
        let jaw = figure.bone("jaw", Some(head), DVec3::new(x, y, z) * s);
        let mut pair = |name: &str, parent: u16, p: DVec3| {
            SIDES.map(|(side, sign)| figure.bone(&format!("{name}.{side}"), Some(parent), on(sign, p)))
        };
        let ear = pair("ear", head, at(plan.ear.0, s));
        let eye = pair("eye", head, at(plan.eye.0, s));
        let brow = pair("brow", head, at(plan.eye.0, s) + DVec3::Y * 0.03 * s);
        let mut leg = |name: &str, parent: u16, l: &LegPlan| {
            SIDES.map(|(side, sign)| {
                let mut add = |part: &str, parent: u16, p: [f64; 3]| {
                    figure.bone(&format!("{name}.{side}.{part}"), Some(parent), on(sign, at(p, s)))
                };
                let root = add("root", parent, l.root);
                let upper = add("upper", root, l.upper);
                let middle = add("middle", upper, l.middle);
                let lower = add("lower", middle, l.lower);
                let paw = add("paw", lower, l.knuckle);
                Leg {
                    root,
                    upper,
                    middle,
                    lower,
                    paw,
                }
            })
        };
        let fore = leg("fore", chest, &plan.front);
        let hind = leg("hind", hips, &plan.hind);
        let mut parent = hips;
        let tail = core::array::from_fn(|i| {
            parent = figure.bone(&format!("tail.{i}"), Some(parent), at(plan.tail[i].0, s));
            parent
        });
        let mane = [
            figure.bone(
                "mane.lower",
                Some(neck_low),
                flesh(plan.neck[0]) + DVec3::Y * 0.2 * s,
            ),
            figure.bone(
                "mane.upper",
                Some(neck_high),
                flesh(plan.neck[bend]) + DVec3::Y * 0.12 * s,
            ),
        ];
        Self {
            body,
            hips,
            chest,
            neck: [neck_low, neck_high],
            head,
            jaw,
            ear,
            eye,
            brow,
            tail,
            mane,
            fore,
            hind,
        }
    }
}
