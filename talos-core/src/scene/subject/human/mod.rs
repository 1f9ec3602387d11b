//! People: one builder, told apart by measures, hair and clothes.
//!
//! The proportions are those of drawn animation: large eyes, a small nose, a soft chin. The face's
//! features are geometry and marks with bones of their own, so emotion moves them and each can be
//! edited as a stroke (`brow.left`, `mouth`).

mod body;
mod clothes;
pub(super) mod expression;
mod face;
pub(super) mod gait;
mod hair;
mod head;
mod limbs;
mod params;
mod rig;

use std::sync::Arc;

pub use params::{HumanParams, Hairstyle, Outfit};

use super::Subject;
use super::clay::Figure;
use crate::math::DVec3;
use body::{Bones, Landmarks, SIDES, on};

/// Builds a person.
#[must_use]
pub fn build(params: &HumanParams) -> Subject {
    let mut figure = Figure::default();
    let landmarks = Landmarks::new(params);
    let bones = Bones::add(&mut figure, &landmarks, params);
    let shape = head::HeadShape::new(params, &landmarks);
    limbs::add(&mut figure, &landmarks, &bones, params);
    clothes::add(&mut figure, &landmarks, &bones, params);
    head::add(&mut figure, &shape, &landmarks, &bones, params);
    face::add(&mut figure, &shape, &bones, params);
    hair::add(&mut figure, &shape, &bones, params);
    sockets(&mut figure, &shape, &landmarks, &bones);
    Subject {
        model: Arc::new(figure.finish(params.height_m)),
        rig: Arc::new(rig::HumanRig::new(params, landmarks, bones)),
    }
}

/// Adds the places other things attach to.
fn sockets(figure: &mut Figure, shape: &head::HeadShape, l: &Landmarks, b: &Bones) {
    figure.socket("head", b.head, shape.place(DVec3::new(0.0, 0.48, 0.0)), DVec3::Z);
    figure.socket("mouth", b.head, shape.place(DVec3::new(0.0, 0.165, 0.37)), DVec3::Z);
    figure.socket("chest", b.chest, l.chest.lerp(l.neck, 0.4) + DVec3::Z * 0.05, DVec3::Z);
    for (i, (side, sign)) in SIDES.into_iter().enumerate() {
        let eye = shape.place(DVec3::new(0.172 * sign, face::EYE_LEVEL, 0.33));
        figure.socket(&format!("eye.{side}"), b.head, eye, DVec3::Z);
        let palm = on(sign, l.knuckles);
        let ahead = on(sign, (l.knuckles - l.wrist).normalize());
        figure.socket(&format!("hand.{side}"), b.hand[i], palm, ahead);
        let sole = on(sign, DVec3::new(l.ball.x, 0.0, l.ball.z));
        figure.socket(&format!("foot.{side}"), b.foot[i], sole, DVec3::NEG_Y);
    }
}
