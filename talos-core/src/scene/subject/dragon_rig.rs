//! How the dragon moves: a pure function of its states, now and a little ago.
//!
//! Overlap and follow-through come from reading the motion delayed: the hand
//! of a wing beats after its arm, a tail bone turns where the body turned
//! before. Angles are radians.

use super::dragon::{Bones, Leg, Wing};
use super::pose::{Poser, euler, limited_arc, mirror_turn, two_bone};
use crate::geometry::{Model, Pose};
use crate::math::scalar::{self, PI, TAU, lerp, saturate, smoothstep};
use crate::math::{DAffine3, DQuat, DVec3};
use crate::scene::{Motion, Rig, SubjectState};

/// Share of a beat that the downstroke takes: under a half, so that it is the fast, strong one.
const DOWNSTROKE: f64 = 0.42;
/// Seconds by which the hand of a wing beats after its arm, and the fingers after the hand.
const HAND_LAG_S: f64 = 0.055;
/// Seconds from one tail bone to the next: a wave takes half a second to the tip.
const TAIL_LAG_S: f64 = 0.05;
/// Nose-up attitude while hovering.
const HOVER_PITCH: f64 = 0.85;

/// Moves a dragon's bones.
#[derive(Clone, Debug)]
pub(super) struct DragonRig {
    bones: Bones,
    stand_height_m: f64,
}

/// What the states mean for the body: shares of being in the air, on the ground, …
struct Bearing {
    now: SubjectState,
    fly: f64,
    hover: f64,
    fall: f64,
    ground: f64,
    gape: f64,
    amplitude: f64,
    time_s: f64,
}

impl Bearing {
    fn new(mut now: SubjectState, time_s: f64) -> Self {
        for share in [&mut now.recoil, &mut now.breath, &mut now.walk, &mut now.run] {
            *share = saturate(*share);
        }
        now.strike = now.strike.clamp(-1.0, 1.0);
        let (fly, hover, fall) = (saturate(now.fly), saturate(now.hover), saturate(now.fall));
        let air = (fly + hover + fall).max(1e-9);
        let norm = if air > 1.0 { 1.0 / air } else { 1.0 };
        Self {
            fly: fly * norm,
            hover: hover * norm,
            fall: fall * norm,
            ground: saturate(1.0 - air),
            gape: saturate(now.mouth.max(now.breath * 0.95)),
            amplitude: now.amplitude.clamp(0.0, 2.0),
            time_s,
            now,
        }
    }
}

/// The beat's angle: 0 with wings at the top, π at the bottom, and how far the wing is folded on its way up.
fn beat(phase: f64) -> (f64, f64) {
    let turn = phase - phase.floor();
    let angle = if turn < DOWNSTROKE {
        PI * turn / DOWNSTROKE
    } else {
        PI + PI * (turn - DOWNSTROKE) / (1.0 - DOWNSTROKE)
    };
    let rise = (-scalar::sin(angle)).max(0.0);
    (angle, rise * rise * (3.0 - 2.0 * rise))
}

impl DragonRig {
    pub(super) fn new(bones: Bones, stand_height_m: f64) -> Self {
        Self {
            bones,
            stand_height_m,
        }
    }

    fn trunk(&self, p: &mut Poser<'_>, b: &Bearing) {
        let (angle, _) = beat(b.now.phase - 0.04);
        let flap = b.fly + b.hover;
        let bob = -(0.16 * b.fly + 0.26 * b.hover) * b.amplitude * scalar::cos(angle - 0.35);
        let step = scalar::cos(2.0 * TAU * b.now.phase) * (0.025 * b.now.walk + 0.07 * b.now.run) * b.ground;
        p.shift(
            self.bones.root,
            DVec3::new(0.0, self.stand_height_m * b.ground + bob + step, 0.0),
        );
        let strike = b.now.strike;
        p.shift(self.bones.root, DVec3::Z * (0.5 * strike - 0.35 * b.now.recoil));
        let nod = 0.05 * flap * b.amplitude * scalar::sin(angle);
        let pitch = HOVER_PITCH * b.hover - (0.14 + 0.34 * b.hover) * strike.max(0.0)
            + 0.16 * (-strike).max(0.0)
            + 0.25 * b.now.recoil
            + nod;
        p.turn(self.bones.root, euler(pitch, 0.0, 0.0));
        let breathe = 0.012 * scalar::sin(TAU * 0.3 * b.time_s);
        let sway = 0.05 * scalar::sin(TAU * b.now.phase) * b.now.walk * b.ground;
        p.turn(
            self.bones.chest,
            euler(breathe + 0.10 * b.hover - 0.5 * nod, -sway, 0.0),
        );
        p.turn(
            self.bones.pelvis,
            euler(-0.15 * b.hover + 0.7 * nod - 0.2 * b.fall, sway, 0.0),
        );
    }

    fn neck(&self, p: &mut Poser<'_>, b: &Bearing, motion: &dyn Motion) {
        let strike = b.now.strike;
        let coil = 0.10 * b.fly + 0.15 * b.hover + 0.15 * b.ground - 0.06 * b.fall
            + 0.20 * (-strike).max(0.0)
            - 0.12 * strike.max(0.0)
            - 0.05 * b.now.breath;
        let count = self.bones.neck.len();
        for (i, &bone) in self.bones.neck.iter().enumerate() {
            let place = i as f64 / (count - 1) as f64;
            // an S: up near the trunk, over near the head
            let bend = coil * scalar::cos(PI * place) * 1.25;
            let reach = 0.11 * strike.max(0.0) * (1.0 - place);
            let whip = b.now.recoil * 0.16 * (1.0 - 0.6 * place);
            let tremble = 0.010 * b.now.breath * scalar::sin(TAU * 11.0 * b.time_s + 2.0 * place);
            p.turn(
                bone,
                euler(bend - reach + whip + tremble, 0.05 * b.now.recoil, 0.0),
            );
        }
        let before = motion.at(b.time_s - 0.14).orientation;
        let lag = b.now.orientation.inverse() * before;
        p.bend(&self.bones.neck[..4], limited_share(lag, 0.5, 0.35));
        self.aim(p, b);
    }

    /// Bends neck and head until the head points where it should, as far as the joints allow.
    fn aim(&self, p: &mut Poser<'_>, b: &Bearing) {
        let mut chain = self.bones.neck.clone();
        chain.push(self.bones.head);
        let rest_forward = DVec3::new(0.0, -scalar::sin(0.14), scalar::cos(0.14));
        let free = (1.0 - 0.8 * b.fall) * (1.0 - 0.6 * saturate(b.now.recoil));
        for limit in [1.9, 0.5, 0.3] {
            let head = p.joint(self.bones.head);
            let target = match b.now.look_at {
                Some(place) if place.is_finite() => {
                    b.now.orientation.inverse() * (place - b.now.position) - head
                }
                _ => DVec3::new(0.0, -0.08, 1.0),
            };
            let now = p.model_turn(self.bones.head) * rest_forward;
            let turn = limited_arc(now, target, limit * free);
            p.bend(&chain, turn);
        }
        // the mouth opens about its axis: skull up by as much as the axis drops
        p.turn(self.bones.head, euler(0.30 * b.gape, 0.0, 0.0));
    }

    fn face(&self, p: &mut Poser<'_>, b: &Bearing) {
        let idle = 0.015 + 0.015 * scalar::sin(TAU * 0.3 * b.time_s);
        let open = idle + 0.80 * b.gape + 0.2 * saturate(b.now.recoil) * (1.0 - b.gape);
        p.turn(self.bones.jaw, euler(-open, 0.0, 0.0));
        p.turn(self.bones.mouth, euler(-0.5 * open, 0.0, 0.0));
        p.turn(self.bones.tongue, euler(0.22 * b.gape, 0.0, 0.0));
        let strike = b.now.strike;
        let flare = 0.45 * b.gape + 0.3 * strike.abs() + 0.25 * saturate(b.now.emotion.arousal)
            - 0.35 * saturate(-b.now.emotion.dominance);
        for (side, &bone) in self.bones.frills.iter().enumerate() {
            p.turn(bone, sided(side, euler(0.0, -flare, 0.0)));
        }
        if let Some(place) = b.now.look_at.filter(|place| place.is_finite()) {
            for &eye in &self.bones.eyes {
                let toward = b.now.orientation.inverse() * (place - b.now.position) - p.joint(eye);
                let ahead = p.model_turn(self.bones.head) * DVec3::Z;
                let turn = limited_arc(ahead, toward, 0.3);
                let head = p.model_turn(eye);
                p.set_model_turn(eye, turn * head);
            }
        }
    }

    fn tail(&self, p: &mut Poser<'_>, b: &Bearing, motion: &dyn Motion) {
        let count = self.bones.tail.len();
        let mut before = b.now;
        for (i, &bone) in self.bones.tail.iter().enumerate() {
            let then = motion.at(b.time_s - TAIL_LAG_S * (i + 1) as f64);
            let place = i as f64 / (count - 1) as f64;
            let (angle, _) = beat(then.phase - 0.10);
            let flap = (b.fly + 1.2 * b.hover) * b.amplitude;
            let wave = 0.055 * flap * scalar::cos(angle) * (0.4 + place);
            let sway = scalar::sin(TAU * (0.33 * b.time_s - 0.085 * i as f64));
            let swing = (0.018 * b.fly + 0.085 * b.hover + 0.045 * b.ground) * sway * b.amplitude
                + 0.05 * b.ground * b.now.walk * scalar::sin(TAU * (then.phase - 0.02));
            // standing: down from the trunk, then level; hovering: a J under the body
            let sag = b.ground * lerp(0.125, -0.115, smoothstep(0.05, 0.75, place))
                + b.hover * lerp(-0.10, 0.20, place)
                - 0.05 * b.fall
                - 0.06 * b.now.strike * (1.0 - place);
            p.turn(bone, euler(sag + wave, swing, 0.0));
            // follow the path: the turn made between the two moments
            let lag = before.orientation.inverse() * then.orientation;
            p.turn(bone, limited_share(lag, 0.85, 0.22));
            before = then;
        }
        let wind = b.now.orientation.inverse() * -b.now.velocity;
        let share = smoothstep(2.0, 16.0, wind.length()) * (0.35 * b.hover + 0.8 * b.fall);
        let now = p.model_turn(self.bones.pelvis) * -DVec3::Z;
        p.bend(&self.bones.tail, limited_arc(now, wind, 1.2 * share));
    }

    fn wing(&self, p: &mut Poser<'_>, b: &Bearing, motion: &dyn Motion, side: usize) {
        let wing = &self.bones.wings[side];
        let phase_ago = |lag: f64| motion.at(b.time_s - lag).phase;
        let (angle, fold) = beat(b.now.phase);
        let (hand_angle, hand_fold) = beat(phase_ago(HAND_LAG_S) - 0.03);
        let (tip_angle, _) = beat(phase_ago(2.0 * HAND_LAG_S) - 0.05);
        let power = (b.fly * 0.66 + b.hover * 0.80) * b.amplitude;
        let flap = saturate(b.fly + b.hover);
        let strike = b.now.strike;
        let raise =
            0.30 * (-strike).max(0.0) + 0.35 * b.now.recoil + 1.0 * b.fall - 0.25 * strike.max(0.0) * flap;
        let tremble = 0.06 * b.fall * scalar::sin(TAU * 2.3 * b.time_s + side as f64);
        let fold = fold * flap + 0.55 * b.fall;
        let hand_fold = hand_fold * flap + 0.4 * b.fall;
        let down = scalar::sin(angle) * flap;
        let roll = 0.16 * flap + power * scalar::cos(angle) + raise + tremble;
        let arm = euler(
            -0.22 * down + 0.12 * fold,
            0.06 - 0.16 * down + 0.22 * fold + 0.15 * (-strike).max(0.0),
            roll.clamp(-1.2, 1.45),
        );
        let forearm = euler(
            0.0,
            -0.40 * fold,
            -0.10 * fold - 0.16 * power * scalar::sin(hand_angle),
        );
        let bend = 0.30 * power * scalar::cos(hand_angle - 0.5) - 0.06 * flap - 0.35 * hand_fold;
        let hand = euler(-0.10 * down, 0.62 * hand_fold, bend);
        let rest = FoldedWing::new(p.model_rest(), wing, side);
        let share = b.ground;
        let mix = |flying: DQuat, folded: DQuat| sided(side, flying).slerp(folded, share);
        p.set(wing.arm, mix(arm, rest.arm));
        p.set(wing.forearm, mix(forearm, rest.forearm));
        p.set(wing.hand, mix(hand, rest.hand));
        for (f, bones) in wing.fingers.iter().enumerate() {
            let place = f as f64 / 3.0;
            let close = hand_fold * lerp(0.30, -0.16, place);
            let curl = 0.16 * power * scalar::cos(tip_angle - 0.9) - 0.03;
            p.set(bones[0], mix(euler(0.0, close, 0.3 * curl), rest.fingers[f]));
            for &bone in &bones[1..] {
                p.set(
                    bone,
                    mix(
                        euler(0.0, 0.06 * close, curl * lerp(1.0, 0.6, place)),
                        DQuat::IDENTITY,
                    ),
                );
            }
        }
        let fill = flap * (0.30 * scalar::sin(hand_angle) + 0.06) + 0.35 * b.fall - 0.1 * b.ground;
        self.ribs(p, wing, fill * b.amplitude.min(1.3));
    }

    /// Keeps each membrane's rib half-way between its neighbours, lifted by the air it holds.
    fn ribs(&self, p: &mut Poser<'_>, wing: &Wing, fill: f64) {
        let flank = [self.bones.chest, self.bones.chest, self.bones.pelvis];
        for (r, rib) in wing.ribs.iter().enumerate() {
            let far = if r < 3 { wing.fingers[r + 1] } else { flank };
            for (k, &bone) in rib.iter().enumerate() {
                let rest = p.rest_joint(bone);
                let (a, c) = (wing.fingers[r][k], far[k]);
                let image = |q: u16| -> DVec3 {
                    let moved: DAffine3 = p.model_from_bone(q);
                    moved.transform_point3(rest - p.rest_joint(q))
                };
                let turn = p.model_turn(a).slerp(p.model_turn(c), 0.5);
                let width = (p.rest_joint(a) - p.rest_joint(c)).length().max(0.4);
                let lift = [0.15, 0.28, 0.30][k] * fill * width.min(1.6);
                // the last panel is held by the elbow at its root
                let joint = match (r, k) {
                    (3, 0) => image(wing.arm),
                    (3, 1) => image(a) * 0.35 + image(c) * 0.35 + image(wing.forearm) * 0.30,
                    _ => (image(a) + image(c)) * 0.5,
                };
                p.set_model_place(bone, turn, joint + turn * DVec3::Y * lift);
            }
        }
    }

    fn legs(&self, p: &mut Poser<'_>, b: &Bearing, motion: &dyn Motion) {
        let strike = b.now.strike;
        for side in [0, 1] {
            let late = motion.at(b.time_s - 0.12 - 0.05 * side as f64);
            let (angle, _) = beat(late.phase - 0.1 * side as f64);
            let sway = (0.05 * b.fly + 0.12 * b.hover) * b.amplitude * scalar::cos(angle);
            let kick = 0.25 * b.fall * scalar::sin(TAU * 0.9 * b.time_s + 2.4 * side as f64);
            let reach = strike.max(0.0) * (b.hover + 0.5 * b.fly);
            let odd = 0.12 * (side as f64 - 0.5) * b.hover;
            let fore = [
                0.25 * b.fly - 0.25 * b.hover - 0.9 * reach + 0.3 * (-strike).max(0.0) + sway + odd + kick,
                -1.25 * b.fly - 0.55 * b.hover + 0.5 * reach - 0.3 * (-strike).max(0.0) + 0.5 * sway,
                1.0 * b.fly + 0.35 * b.hover - 0.5 * reach + sway,
                0.55 * b.fly + 0.35 * b.hover + 0.3 * b.fall - 0.3 * reach,
            ];
            let hind = [
                1.18 * b.fly + 0.05 * b.hover + 0.3 * b.fall - 0.5 * reach + 0.8 * sway - odd - kick,
                0.05 * b.fly + 0.35 * b.hover - 0.2 * b.fall - 0.1 * reach + 0.6 * sway,
                0.95 * b.fly + 0.40 * b.hover + 0.4 * b.fall + sway,
                0.75 * b.fly + 0.55 * b.hover + 0.4 * b.fall - 0.3 * reach,
            ];
            let outward = 0.10 * b.fly + 0.16 * b.hover + 0.3 * b.fall;
            for (leg, angles, out) in [
                (&self.bones.fore[side], fore, outward),
                (&self.bones.hind[side], hind, 0.5 * outward),
            ] {
                for (bone, turn) in [leg.upper, leg.lower, leg.foot, leg.toes].into_iter().zip(angles) {
                    p.turn(bone, euler(-turn, 0.0, 0.0));
                }
                p.turn(leg.upper, sided(side, euler(0.0, 0.0, out)));
            }
        }
        self.walk(p, b);
    }

    /// Lateral-sequence walk: hind left, fore left, hind right, fore right, a quarter turn apart.
    fn walk(&self, p: &mut Poser<'_>, b: &Bearing) {
        let going = saturate(b.now.walk.max(b.now.run)) * b.ground;
        if going < 1e-6 {
            return;
        }
        let stride = lerp(0.75, 1.25, saturate(b.now.run)) * b.amplitude.clamp(0.5, 1.3);
        for side in [0, 1] {
            for (leg, offset, pole) in [
                (&self.bones.hind[side], 0.0, DVec3::Z),
                (&self.bones.fore[side], 0.25, -DVec3::Z),
            ] {
                let turn = b.now.phase + offset + 0.5 * side as f64;
                self.step(p, leg, turn - turn.floor(), stride * going, pole, going);
            }
        }
    }

    fn step(&self, p: &mut Poser<'_>, leg: &Leg, turn: f64, stride: f64, pole: DVec3, share: f64) {
        // on the ground for 62 % of the cycle, moving back evenly; then lifted forward
        let stance = 0.62;
        let (along, lift) = if turn < stance {
            (0.5 - turn / stance, 0.0)
        } else {
            let u = (turn - stance) / (1.0 - stance);
            (smoothstep(0.0, 1.0, u) - 0.5, scalar::sin(PI * u))
        };
        let joints = [leg.upper, leg.lower, leg.foot].map(|bone| p.rest_joint(bone));
        let target = joints[2] + DVec3::new(0.0, 0.26 * lift * share, along * stride);
        let [upper, lower] = two_bone(joints, target, pole);
        let flex = lift * share;
        p.set(leg.upper, upper);
        p.set(leg.lower, upper.inverse() * lower);
        p.set(leg.foot, lower.inverse() * euler(-0.7 * flex, 0.0, 0.0));
        p.set(leg.toes, euler(-0.3 * flex, 0.0, 0.0));
    }
}

/// A turn made on the left, on a side.
fn sided(side: usize, turn: DQuat) -> DQuat {
    if side == 0 { turn } else { mirror_turn(turn) }
}

/// A share of a turn, at most `limit` radians.
fn limited_share(turn: DQuat, share: f64, limit: f64) -> DQuat {
    let turn = if turn.w < 0.0 { -turn } else { turn };
    let (axis, angle) = turn.normalize().to_axis_angle();
    if !angle.is_finite() || angle < 1e-9 {
        return DQuat::IDENTITY;
    }
    DQuat::from_axis_angle(axis, (angle * share).min(limit))
}

/// The turns of a wing laid along the flank.
struct FoldedWing {
    arm: DQuat,
    forearm: DQuat,
    hand: DQuat,
    fingers: [DQuat; 4],
}

impl FoldedWing {
    fn new(rest: impl Fn(u16) -> DVec3, wing: &Wing, side: usize) -> Self {
        let to = |x: f64, y: f64, z: f64| {
            let v = DVec3::new(x, y, z).normalize();
            if side == 0 { v } else { super::build::mirror(v) }
        };
        let line = |a: u16, b: u16| (rest(b) - rest(a)).normalize_or(DVec3::X);
        let roll = |angle: f64| sided(side, DQuat::from_rotation_z(angle));
        let arm = arc_after(roll(0.9), line(wing.arm, wing.forearm), to(0.42, 0.62, -0.66));
        let forearm = arc_after(roll(1.0), line(wing.forearm, wing.hand), to(0.10, -0.22, 0.97));
        let hand = arc_after(
            roll(1.2),
            line(wing.fingers[1][0], wing.fingers[1][1]),
            to(0.14, -0.10, -0.98),
        );
        let fingers = core::array::from_fn(|f| {
            let f64_f = f as f64;
            let goal = to(0.10 + 0.02 * f64_f, 0.06 - 0.13 * f64_f, -0.98);
            let own = arc_after(hand, line(wing.fingers[f][0], wing.fingers[f][1]), goal);
            hand.inverse() * own
        });
        Self {
            arm,
            forearm: arm.inverse() * forearm,
            hand: forearm.inverse() * hand,
            fingers,
        }
    }
}

/// A turn that begins with `first` and then takes the direction `from` the rest of the way to `to`.
fn arc_after(first: DQuat, from: DVec3, to: DVec3) -> DQuat {
    limited_arc(first * from, to, PI) * first
}

impl Rig for DragonRig {
    fn pose(&self, model: &Model, motion: &dyn Motion, time_s: f64) -> Pose {
        let b = Bearing::new(motion.at(time_s), time_s);
        let mut p = Poser::new(model);
        self.trunk(&mut p, &b);
        self.neck(&mut p, &b, motion);
        self.face(&mut p, &b);
        self.tail(&mut p, &b, motion);
        for side in [0, 1] {
            self.wing(&mut p, &b, motion, side);
        }
        self.legs(&mut p, &b, motion);
        p.finish()
    }
}
