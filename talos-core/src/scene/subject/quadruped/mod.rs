//! Four-legged animals: one builder, told apart by plans of joints and flesh.

mod body;
mod bones;
mod coat;
mod gait;
mod head;
mod params;
mod plan;
mod rig;

use std::sync::Arc;

pub use params::{QuadrupedParams, Species};

use super::Subject;
use super::clay::Figure;
use crate::math::DVec3;
use bones::{Bones, SIDES, on};
use plan::{Plan, at};

/// Builds a four-legged animal.
#[must_use]
pub fn build(params: &QuadrupedParams) -> Subject {
    let plan = Plan::of(params.species);
    let s = params.withers_m;
    let mut figure = Figure::default();
    let bones = Bones::add(&mut figure, &plan, s);
    let hide = body::Hide::new(&plan, params.species, s);
    body::add(&mut figure, &hide, &plan, &bones, params.species, s);
    head::add(&mut figure, &hide, &plan, &bones, params.species, s);
    coat::add(&mut figure, &hide, &plan, &bones, params.species, s, params.fur);
    sockets(&mut figure, &plan, &bones, s);
    // from the nose to the root of the tail
    let length = (plan.nose[0][2] - plan.tail[0].0[2]) * s;
    Subject {
        model: Arc::new(figure.finish(length)),
        rig: Arc::new(rig::QuadrupedRig::new(params, bones)),
    }
}

/// Adds the places other things attach to.
fn sockets(figure: &mut Figure, plan: &Plan, b: &Bones, s: f64) {
    let [_, tip] = plan.jaw;
    let head = plan.head[0].0;
    figure.socket("head", b.head, DVec3::new(0.0, head[1], head[2] + 0.08) * s, DVec3::Z);
    figure.socket("mouth", b.head, DVec3::new(0.0, tip[1] + 0.02, tip[2] + 0.03) * s, DVec3::Z);
    let breast = plan.trunk[plan.trunk.len() - 1];
    figure.socket("chest", b.chest, DVec3::new(0.0, breast[0], breast[1]) * s, DVec3::Z);
    for (i, (side, sign)) in SIDES.into_iter().enumerate() {
        figure.socket(&format!("eye.{side}"), b.head, on(sign, at(plan.eye.0, s)), DVec3::new(0.5 * sign, 0.0, 1.0));
        for (name, leg, bones) in [("fore", &plan.front, &b.fore), ("hind", &plan.hind, &b.hind)] {
            let sole = on(sign, DVec3::new(leg.knuckle[0], 0.0, leg.knuckle[2]) * s);
            figure.socket(&format!("foot.{name}.{side}"), bones[i].paw, sole, DVec3::NEG_Y);
        }
    }
    figure.socket("back", b.body, DVec3::new(0.0, 1.0, 0.1) * s, DVec3::Y);
}
