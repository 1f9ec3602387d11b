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
    figure.socket(
        "head",
        b.head,
        DVec3::new(0.0, head[1], head[2] + 0.08) * s,
        DVec3::Z,
    );
    figure.socket(
        "mouth",
        b.head,
        DVec3::new(0.0, tip[1] + 0.02, tip[2] + 0.03) * s,
        DVec3::Z,
    );
    let breast = plan.trunk[plan.trunk.len() - 1];
    figure.socket(
        "chest",
        b.chest,
        DVec3::new(0.0, breast[0], breast[1]) * s,
        DVec3::Z,
    );
    for (i, (side, sign)) in SIDES.into_iter().enumerate() {
        figure.socket(
            &format!("eye.{side}"),
            b.head,
            on(sign, at(plan.eye.0, s)),
            DVec3::new(0.5 * sign, 0.0, 1.0),
        );
        for (name, leg, bones) in [("fore", &plan.front, &b.fore), ("hind", &plan.hind, &b.hind)] {
            let sole = on(sign, DVec3::new(leg.knuckle[0], 0.0, leg.knuckle[2]) * s);
            figure.socket(&format!("foot.{name}.{side}"), bones[i].paw, sole, DVec3::NEG_Y);
        }
    }
    figure.socket("back", b.body, DVec3::new(0.0, 1.0, 0.1) * s, DVec3::Y);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scene::SubjectState;
    use crate::scene::subject::check;

    const NAMES: [&str; 4] = ["wolf", "dog", "cat", "horse"];

    fn animal(name: &str) -> (QuadrupedParams, Subject) {
        let params = QuadrupedParams::named(name).expect("a known animal");
        let subject = build(&params);
        (params, subject)
    }

    fn going(stride: f64, rate: f64, run: f64) -> impl Fn(f64) -> SubjectState + Sync {
        move |time| SubjectState {
            phase: time * rate,
            walk: 1.0 - run,
            run,
            velocity: DVec3::Z * (stride * rate),
            position: DVec3::Z * (stride * rate * time),
            ..SubjectState::default()
        }
    }

    #[test]
    fn every_animal_is_well_formed() {
        for name in NAMES {
            let (_, subject) = animal(name);
            check::well_formed(&subject.model);
            let triangles = subject.model.mesh.triangles.len();
            assert!((8_000..26_000).contains(&triangles), "{name}: {triangles}");
        }
        assert_eq!(QuadrupedParams::named("unicorn"), None);
    }

    #[test]
    fn no_state_breaks_a_body() {
        for name in ["wolf", "horse"] {
            check::never_breaks(&animal(name).1);
        }
    }

    #[test]
    fn planted_paws_do_not_slide() {
        for name in NAMES {
            let (params, subject) = animal(name);
            let motion = going(params.walk_stride_m(), 0.8, 0.0);
            // the left hind paw comes down at phase 0 and stays for 64 % of the turn
            let slide = check::drift(
                &subject,
                &motion,
                "foot.hind.left",
                (0.10 / 0.8 + 2.5, 0.50 / 0.8 + 2.5),
            );
            assert!(slide < 0.03, "{name} slides {slide} m");
        }
    }

    #[test]
    fn a_gallop_bends_the_back_and_leaves_the_ground() {
        let (params, subject) = animal("wolf");
        let motion = going(params.gallop_stride_m(), 1.5, 1.0);
        let lowest = |time: f64| {
            let posed = check::moved(&subject, &motion, time);
            posed.positions.iter().map(|p| p.y).fold(f64::INFINITY, f64::min)
        };
        let flight = (0..20)
            .map(|i| lowest(2.0 + f64::from(i) / 30.0))
            .fold(0.0, f64::max);
        assert!(flight > 0.02, "all paws off the ground: {flight}");
    }

    #[test]
    fn the_same_animal_is_built_twice_alike() {
        let digests = NAMES.map(|name| check::digest(&animal(name).1));
        for (name, digest) in NAMES.into_iter().zip(digests) {
            assert_eq!(check::digest(&animal(name).1), digest, "{name}");
        }
        assert_ne!(digests[0], digests[1]);
    }
}
