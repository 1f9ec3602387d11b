//! How a bird moves: beats and glides in turn, hovers, stands, walks. Angles are radians.

use super::bird::Bones;
use super::pose::{Poser, euler, limited_arc, mirror_turn};
use crate::geometry::{Model, Pose};
use crate::math::scalar::{self, TAU, lerp, saturate, smoothstep};
use crate::math::{DQuat, DVec3};
use crate::scene::{Motion, Rig, SubjectState};

/// Beats from one glide to the next. Not a whole number, so that birds that start together part.
const GLIDE_EVERY: f64 = 7.3;
/// Seconds by which the outer wing beats after the inner one.
const HAND_LAG_S: f64 = 0.035;

/// Moves a bird's bones.
#[derive(Clone, Debug)]
pub(super) struct BirdRig {
    bones: Bones,
    stand_height_m: f64,
    scale: f64,
}

/// Share of gliding at a phase: none while climbing, long while sinking.
fn glide(state: &SubjectState) -> f64 {
    let wave = scalar::sin(TAU * state.phase / GLIDE_EVERY);
    let sink = smoothstep(0.6, -1.2, state.velocity.y);
    smoothstep(0.35, 0.80, wave + 0.5 * (sink - 0.5)) * saturate(state.fly) * (1.0 - saturate(state.hover))
}

impl BirdRig {
    pub(super) fn new(bones: Bones, stand_height_m: f64, scale: f64) -> Self {
        Self {
            bones,
            stand_height_m,
            scale,
        }
    }

    fn wing(&self, p: &mut Poser<'_>, now: &SubjectState, late: &SubjectState, ground: f64, side: usize) {
        let [arm, forearm, hand, tip] = self.bones.wings[side];
        let air = 1.0 - ground;
        let beat = (1.0 - glide(now)) * air;
        let power = beat * now.amplitude.clamp(0.0, 2.0) * lerp(0.62, 0.85, saturate(now.hover));
        let angle = TAU * now.phase;
        let late_angle = TAU * late.phase - 0.25;
        let rise = saturate(-scalar::sin(angle)) * beat;
        let fall = saturate(now.fall);
        let arm_turn = euler(
            -0.15 * scalar::sin(angle) * beat,
            0.05 + 0.18 * rise,
            0.14 * air + power * scalar::cos(angle) + 0.8 * fall,
        );
        let forearm_turn = euler(
            0.0,
            -0.30 * rise,
            -0.10 * air - 0.30 * power * scalar::sin(late_angle),
        );
        let hand_turn = euler(
            0.0,
            0.45 * rise + 0.10 * (1.0 - beat),
            -0.12 * air + 0.42 * power * scalar::cos(late_angle - 0.7) - 0.30 * rise,
        );
        let tip_turn = euler(0.0, 0.15 * rise, 0.28 * power * scalar::cos(late_angle - 1.1));
        // folded: laid back over the body like a roof, the tips crossed above the tail
        let roof = DQuat::from_rotation_z(-0.55) * euler(0.08, 1.26, 0.0);
        let folded = [
            roof,
            euler(0.0, 0.20, 0.0),
            euler(0.0, 0.24, 0.04),
            euler(0.0, 0.0, 0.02),
        ];
        let flying = [arm_turn, forearm_turn, hand_turn, tip_turn];
        for ((bone, open), shut) in [arm, forearm, hand, tip].into_iter().zip(flying).zip(folded) {
            let turn = open.slerp(shut, ground);
            p.set(bone, if side == 0 { turn } else { mirror_turn(turn) });
        }
    }

    fn legs(&self, p: &mut Poser<'_>, now: &SubjectState, ground: f64) {
        let air = 1.0 - ground;
        let walk = saturate(now.walk.max(now.run)) * ground;
        let tuck = air * (1.0 - 0.7 * saturate(now.hover));
        for (side, [upper, lower, foot]) in self.bones.legs.into_iter().enumerate() {
            let swing = scalar::sin(TAU * (now.phase + 0.5 * side as f64));
            let lift = scalar::cos(TAU * (now.phase + 0.5 * side as f64)).max(0.0) * walk;
            let turns = [
                -0.9 * tuck + 0.45 * walk * swing + 0.5 * lift,
                -0.7 * tuck - 0.8 * lift,
                -1.2 * tuck - 0.45 * walk * swing + 0.3 * lift,
            ];
            for (bone, turn) in [upper, lower, foot].into_iter().zip(turns) {
                p.turn(bone, euler(turn, 0.0, 0.0));
            }
        }
    }

    fn head(&self, p: &mut Poser<'_>, now: &SubjectState, ground: f64) {
        let chain = [self.bones.neck[0], self.bones.neck[1], self.bones.head];
        let bob = 0.25 * saturate(now.walk) * ground * scalar::sin(2.0 * TAU * now.phase);
        for (bone, lift) in chain.into_iter().zip([0.45, 0.15, -0.5]) {
            p.turn(bone, euler(ground * lift - bob * lift, 0.0, 0.0));
        }
        let head = p.joint(self.bones.head);
        let target = match now.look_at {
            Some(place) if place.is_finite() => now.orientation.inverse() * (place - now.position) - head,
            _ => DVec3::new(0.0, -0.05, 1.0),
        };
        let ahead = p.model_turn(self.bones.head) * DVec3::Z;
        p.bend(&chain, limited_arc(ahead, target, 1.3));
        p.turn(self.bones.jaw, euler(-0.55 * saturate(now.mouth), 0.0, 0.0));
    }
}

impl Rig for BirdRig {
    fn pose(&self, model: &Model, motion: &dyn Motion, time_s: f64) -> Pose {
        let now = motion.at(time_s);
        let late = motion.at(time_s - HAND_LAG_S);
        let tail_then = motion.at(time_s - 0.12);
        let air = saturate(now.fly + now.hover + now.fall);
        let ground = 1.0 - air;
        let mut p = Poser::new(model);
        let beat = (1.0 - glide(&now)) * air * now.amplitude.clamp(0.0, 2.0);
        let bob = -0.030 * beat * scalar::cos(TAU * now.phase - 0.4) * self.scale;
        p.shift(self.bones.root, DVec3::Y * (self.stand_height_m * ground + bob));
        let pitch = 0.75 * saturate(now.hover) + 0.18 * ground;
        p.turn(self.bones.root, euler(pitch, 0.0, 0.0));
        // keep the feet under a body that stands nose-up
        for [upper, ..] in self.bones.legs {
            p.turn(upper, euler(-0.18 * ground, 0.0, 0.0));
        }
        self.head(&mut p, &now, ground);
        let lag = now.orientation.inverse() * tail_then.orientation;
        let steer = DQuat::IDENTITY.slerp(if lag.w < 0.0 { -lag } else { lag }, 0.5);
        p.turn(self.bones.tail, steer);
        let spread = -0.25 * saturate(now.hover) - 0.06 * scalar::cos(TAU * tail_then.phase) * beat;
        p.turn(self.bones.tail, euler(spread, 0.0, 0.0));
        for side in [0, 1] {
            self.wing(&mut p, &now, &late, ground, side);
        }
        self.legs(&mut p, &now, ground);
        p.finish()
    }
}
