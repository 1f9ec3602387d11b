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
mod haircuts;
mod head;
mod limbs;
mod params;
mod rig;

use std::sync::Arc;

pub use params::{Hairstyle, HumanParams, Outfit};

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
    figure.socket(
        "mouth",
        b.head,
        shape.place(DVec3::new(0.0, 0.165, 0.37)),
        DVec3::Z,
    );
    figure.socket(
        "chest",
        b.chest,
        l.chest.lerp(l.neck, 0.4) + DVec3::Z * 0.05,
        DVec3::Z,
    );
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::emotion::Vad;
    use crate::scene::SubjectState;
    use crate::scene::subject::check;

    const VARIANTS: [&str; 6] = ["girl", "boy", "woman", "man", "old_woman", "old_man"];

    fn walking(params: &HumanParams, rate: f64) -> impl Fn(f64) -> SubjectState + Sync + use<> {
        let stride = params.walk_stride_m();
        move |time| SubjectState {
            phase: time * rate,
            walk: 1.0,
            velocity: DVec3::Z * (stride * rate),
            position: DVec3::Z * (stride * rate * time),
            ..SubjectState::default()
        }
    }

    #[test]
    fn every_variant_is_well_formed() {
        for name in VARIANTS {
            let subject = build(&HumanParams::variant(name));
            check::well_formed(&subject.model);
            let triangles = subject.model.mesh.triangles.len();
            assert!((15_000..32_000).contains(&triangles), "{name}: {triangles}");
        }
    }

    #[test]
    fn no_state_breaks_a_body() {
        for name in ["girl", "old_man"] {
            check::never_breaks(&build(&HumanParams::variant(name)));
        }
    }

    #[test]
    fn planted_feet_do_not_slide() {
        for name in VARIANTS {
            let params = HumanParams::variant(name);
            let subject = build(&params);
            let motion = walking(&params, 0.8);
            // the left foot's sole is level from 8 % to 34 % of the turn
            let slide = check::drift(
                &subject,
                &motion,
                "foot.left",
                (0.09 / 0.8 + 2.5, 0.33 / 0.8 + 2.5),
            );
            assert!(slide < 0.03, "{name} slides {slide} m");
        }
    }

    #[test]
    fn brows_rise_inside_when_sad_and_fall_when_angry() {
        let subject = build(&HumanParams::variant("girl"));
        let mark = subject
            .model
            .marks
            .iter()
            .find(|m| m.name == "brow.left")
            .expect("a brow");
        let ends = [mark.points[0], mark.points[mark.points.len() - 1]].map(|v| v as usize);
        let slope = |emotion: Vad| {
            let motion = |_: f64| SubjectState {
                emotion,
                ..SubjectState::default()
            };
            let posed = check::moved(&subject, &motion, 0.0);
            let head = posed.sockets[0].0;
            let inner = posed.positions[ends[0]] - head;
            let outer = posed.positions[ends[1]] - head;
            inner.y - outer.y
        };
        let neutral = slope(Vad::default());
        assert!(slope(Vad::new(-0.8, -0.5, -0.6)) > neutral + 0.003);
        assert!(slope(Vad::new(-0.8, 0.7, 0.7)) < neutral - 0.003);
    }

    #[test]
    fn the_same_person_is_built_twice_alike() {
        let params = HumanParams::variant("girl");
        let (a, b) = (build(&params), build(&params));
        assert_eq!(check::digest(&a), check::digest(&b));
        let other = HumanParams::variant("woman");
        assert_ne!(check::digest(&a), check::digest(&build(&other)));
    }

    #[test]
    fn features_that_act_have_stable_names() {
        let subject = build(&HumanParams::variant("girl"));
        for name in [
            "brow.left",
            "brow.right",
            "mouth",
            "nose",
            "lid.left",
            "lid.right",
        ] {
            assert!(subject.model.marks.iter().any(|m| m.name == name), "{name}");
        }
        for name in ["head", "mouth", "chest", "eye.left", "hand.right", "foot.left"] {
            assert!(subject.model.sockets.iter().any(|s| s.name == name), "{name}");
        }
    }
}
