//! How a four-legged animal moves.

use super::bones::{Bones, Leg, SIDES};
use super::gait::{self, Footfall};
use super::params::{QuadrupedParams, Species};
use crate::geometry::{Model, Pose};
use crate::math::{DQuat, DVec3, scalar};
use crate::random::{Seed, Stream};
use crate::scene::subject::human::expression::{Mood, blink};
use crate::scene::subject::puppet::{Puppet, fract, soft, wave};
use crate::scene::{Motion, Rig, SubjectState};

/// The rig of a four-legged animal.
#[derive(Clone, Debug)]
pub(super) struct QuadrupedRig {
    pub(super) params: QuadrupedParams,
    pub(super) bones: Bones,
    pub(super) blinks: Stream,
}

impl QuadrupedRig {
    pub(super) fn new(params: &QuadrupedParams, bones: Bones) -> Self {
        Self {
            params: params.clone(),
            bones,
            blinks: Seed(0).stream(&format!("subject/quadruped/{:?}", params.species)),
        }
    }
}

/// What a pose is made from.
struct Moment {
    s: SubjectState,
    mood: Mood,
    stand: f64,
    walk: f64,
    trot: f64,
    gallop: f64,
    air: f64,
    amp: f64,
    /// Ways made in a turn: walk, trot, gallop; shares of the withers.
    stride: [f64; 3],
    speed: DVec3,
    turning: f64,
    time: f64,
}

fn heading(q: DQuat) -> f64 {
    let ahead = q * DVec3::Z;
    scalar::atan2(ahead.x, ahead.z)
}

fn angle_between(a: f64, b: f64) -> f64 {
    let d = (a - b) / scalar::TAU;
    (d - d.round()) * scalar::TAU
}

impl QuadrupedRig {
    fn moment(&self, motion: &dyn Motion, time: f64) -> Moment {
        let s = motion.at(time);
        let p = &self.params;
        let (walk, run) = (scalar::saturate(s.walk), scalar::saturate(s.run));
        let over = (walk + run).max(1.0);
        let (walk, run) = (walk / over, run / over);
        let speed = s.orientation.inverse() * s.velocity;
        let rate = (motion.at(time + 0.05).phase - motion.at(time - 0.05).phase) / 0.1;
        let along = DVec3::new(speed.x, 0.0, speed.z).length();
        let made = (rate > 0.05 && along > 0.02).then(|| along / rate);
        let own = [p.walk_stride_m(), p.trot_stride_m(), p.gallop_stride_m()];
        // a walk whose strides are too long for it is a trot
        let trotting = made.map_or(0.0, |way| scalar::smoothstep(1.15 * own[0], 0.95 * own[1], way));
        let stride = own.map(|own| made.map_or(own, |way| way.clamp(0.35 * own, 1.2 * own)) / p.withers_m);
        Moment {
            mood: Mood::of(s.emotion),
            stand: 1.0 - walk - run,
            walk: walk * (1.0 - trotting),
            trot: walk * trotting,
            gallop: run,
            air: scalar::saturate(s.fly + s.hover),
            amp: s.amplitude.clamp(0.3, 2.0),
            stride,
            speed,
            turning: soft(
                angle_between(
                    heading(s.orientation),
                    heading(motion.at(time - 0.25).orientation),
                ),
                1.0,
            ),
            time,
            s,
        }
    }

    fn galloping(&self) -> gait::Gait {
        if self.params.species == Species::Horse {
            gait::TRANSVERSE
        } else {
            gait::ROTARY
        }
    }

    fn footfall(&self, m: &Moment, foot: usize) -> Footfall {
        let moving = m.walk + m.trot + m.gallop;
        if moving < 1e-9 {
            return Footfall::default();
        }
        let phase = m.s.phase;
        let walk = gait::WALK.foot(foot, phase, m.stride[0]);
        let trot = gait::TROT.foot(foot, phase, m.stride[1]);
        let gallop = self.galloping().foot(foot, phase, m.stride[2]);
        let slow = walk.lerp(trot, m.trot / (m.walk + m.trot).max(1e-9));
        Footfall::default().lerp(slow.lerp(gallop, m.gallop / moving), moving)
    }

    /// The trunk: bob, pitch and flexing back.
    fn trunk(&self, puppet: &mut Puppet<'_>, m: &Moment) {
        let (b, s, w) = (&self.bones, &m.s, self.params.withers_m);
        let ph = s.phase;
        let gather = gait::gather(ph) * m.gallop * m.amp.min(1.25);
        let supple = match self.params.species {
            Species::Horse => 0.35,
            Species::Cat => 1.25,
            _ => 1.0,
        };
        let strike = s.strike.clamp(-1.0, 1.0);
        let (wind, leap) = ((-strike).max(0.0), strike.max(0.0));
        let fall = scalar::saturate(s.fall);
        let breath = wave(m.time * (0.28 + 0.5 * m.gallop));
        let bob = 0.012 * wave(2.0 * ph + 0.10) * m.walk
            + 0.030 * wave(2.0 * ph + 0.05) * m.trot
            + 0.058 * wave(ph - 0.14) * m.gallop;
        let low = 0.020 * m.walk + 0.035 * m.trot + 0.085 * m.gallop;
        let crouch = 0.16 * wind + 0.05 * m.mood.sad + 0.03 * m.mood.angry;
        let rise = bob - low - crouch + 0.06 * leap;
        let sway = 0.018 * wave(ph) * m.walk + 0.006 * wave(m.time * 0.13) * m.stand;
        let body = DVec3::new(sway, rise, 0.16 * leap - 0.10 * wind - 0.06 * s.recoil) * w;
        puppet.shift(b.body, body * (1.0 - m.air));
        let rock = 0.10 * wave(ph - 0.18) * m.gallop * m.amp.min(1.2) + 0.015 * wave(2.0 * ph) * m.walk;
        let rear = -0.42 * leap + 0.16 * wind - 0.10 * s.recoil;
        puppet.turn(
            b.body,
            rock + rear * (1.0 - m.air) - 0.3 * fall,
            0.0,
            0.35 * fall * wave(m.time * 0.6),
        );
        // a gathered back is bowed up: hips turn under, chest turns down
        let bend = 0.34 * supple * gather - 0.10 * leap + 0.10 * wind;
        let yaw = 0.05 * wave(ph + 0.10) * m.walk + 0.02 * wave(ph) * m.trot;
        let roll = 0.045 * wave(ph + 0.05) * m.walk;
        puppet.turn(
            b.hips,
            -bend + 0.006 * breath * m.stand,
            yaw - 0.25 * m.turning,
            roll,
        );
        puppet.turn(
            b.chest,
            bend * 0.8 + 0.008 * breath,
            -yaw + 0.25 * m.turning,
            -roll,
        );
        // swimming: in the water to the withers, legs paddle below
        let swim = m.air;
        let sink = DVec3::Y * (-0.92 * w + 0.02 * w * wave(ph * 2.0));
        puppet.shift(b.body, sink * swim);
        puppet.turn(b.body, -0.18 * swim, 0.0, 0.03 * wave(ph) * swim);
    }

    /// Neck and head: level, ahead or at what is looked at; low when sad or stalking.
    fn head(&self, puppet: &mut Puppet<'_>, m: &Moment, motion: &dyn Motion) {
        let (b, s, w) = (&self.bones, &m.s, self.params.withers_m);
        let strike = s.strike.clamp(-1.0, 1.0);
        let aim = |s: &SubjectState| -> [f64; 2] {
            let Some(target) = s.look_at else {
                return [0.0, 0.0];
            };
            let local = s.orientation.inverse() * (target - s.position) - DVec3::new(0.0, 1.1, 0.7) * w;
            let level = (local.x * local.x + local.z * local.z).sqrt();
            if level + local.y.abs() < 1e-6 {
                return [0.0, 0.0];
            }
            [
                scalar::atan2(local.x, local.z).clamp(-2.2, 2.2),
                scalar::atan2(local.y, level).clamp(-0.9, 0.9),
            ]
        };
        let mut look = [0.0; 2];
        for k in 0..6 {
            let past = aim(&motion.at(m.time - 0.06 * f64::from(k)));
            look[0] += past[0] / 6.0;
            look[1] += past[1] / 6.0;
        }
        let (yaw, up) = (soft(look[0] * 0.9, 1.3), soft(look[1] * 0.85, 0.7));
        let idle = (0.10 * wave(m.time * 0.061) + 0.06 * wave(m.time * 0.107 + 0.3)) * m.stand;
        let free = if s.look_at.is_some() { 0.0 } else { 1.0 };
        let turn = yaw + idle * free + 0.35 * m.turning;
        let horse = self.params.species == Species::Horse;
        let stride_nod = if horse { 0.07 } else { 0.035 };
        let nod = stride_nod * wave(2.0 * s.phase + 0.2) * m.walk + 0.06 * wave(s.phase - 0.1) * m.gallop;
        // running: the neck reaches forwards
        let carriage = 0.12 * m.walk + 0.10 * m.trot + if horse { 0.30 } else { 0.42 } * m.gallop;
        let lower = 0.62 * m.mood.sad + 0.30 * m.mood.angry + 0.30 * (-strike).max(0.0) - 0.12 * m.mood.glad;
        let lift = -0.25 * strike.max(0.0) - 0.5 * m.air;
        let bow = carriage + lower + lift + nod - 0.3 * scalar::saturate(s.fall) - 0.3 * s.recoil;
        let base = DQuat::from_rotation_y(0.45 * turn) * DQuat::from_rotation_x(bow * 0.75 - 0.3 * up);
        let chest = puppet.model_turn(b.chest);
        let steady = chest.slerp(DQuat::IDENTITY, 0.65);
        puppet.set_model_turn(b.neck[0], steady * base);
        let high = DQuat::from_rotation_y(0.75 * turn) * DQuat::from_rotation_x(bow * 0.85 - 0.6 * up);
        puppet.set_model_turn(b.neck[1], steady * high);
        let face = 0.24 * m.mood.sad - 0.15 * m.mood.angry * 0.5 + 0.25 * nod - 0.10 * strike.max(0.0);
        let tilt = 0.12 * wave(m.time * 0.043 + 0.6) * m.stand * free;
        let head =
            DQuat::from_rotation_y(turn) * DQuat::from_rotation_x(face - up) * DQuat::from_rotation_z(tilt);
        puppet.set_model_turn(b.head, head);
        self.face(puppet, m);
    }

    fn face(&self, puppet: &mut Puppet<'_>, m: &Moment) {
        let (b, s, w) = (&self.bones, &m.s, self.params.withers_m);
        let pant = 0.16 * m.gallop * (0.6 + 0.4 * wave(2.0 * s.phase));
        let snarl = 0.30 * m.mood.angry;
        let open = scalar::saturate(
            s.mouth
                .max(s.breath)
                .max(0.75 * s.strike.max(0.0))
                .max(pant)
                .max(snarl),
        );
        puppet.turn(b.jaw, 0.55 * open, 0.0, 0.0);
        let closed = blink(&self.blinks, m.time);
        let heavy = 0.30 * m.mood.sad + 0.15 * m.mood.glad + 0.20 * m.mood.angry;
        let height = (1.0 - closed) * (1.0 - heavy);
        for (i, (_, sign)) in SIDES.into_iter().enumerate() {
            puppet.stretch(b.eye[i], DVec3::new(1.0, height.max(0.07), 1.0));
            // a narrowed eye comes forward, or its upper edge would sink below the brow
            let proud = (1.0 - height) * 0.016 * w;
            puppet.shift(b.eye[i], DVec3::new(0.35 * sign, 0.0, 1.0) * proud);
            let up = 0.018 * m.mood.sad - 0.016 * m.mood.angry;
            puppet.shift(b.brow[i], DVec3::Y * (up * w));
            puppet.turn(
                b.brow[i],
                0.0,
                0.0,
                sign * (-0.25 * m.mood.sad + 0.30 * m.mood.angry),
            );
            // ears: laid back in anger, fear and speed; a flick now and then
            let cell = (m.time * 0.45 + 0.37 * i as f64).floor();
            let at = fract(m.time * 0.45 + 0.37 * i as f64);
            let chance = self.blinks.unit((cell as i64 as u64 & 0xffff) * 2 + i as u64);
            let flick = if chance > 0.62 {
                scalar::smoothstep(0.0, 0.05, at) * (1.0 - scalar::smoothstep(0.05, 0.16, at))
            } else {
                0.0
            };
            let laid = 0.75 * m.mood.angry
                + 0.55 * m.mood.sad
                + 0.6 * m.mood.afraid
                + 0.42 * m.gallop
                + 0.7 * s.strike.abs().min(1.0)
                + 0.12 * m.trot;
            let bounce = 0.10 * wave(2.0 * s.phase - 0.15) * (m.trot + m.gallop);
            puppet.turn(
                b.ear[i],
                -soft(laid, 1.0) - 0.18 * flick + bounce,
                sign * 0.35 * flick,
                -sign * (0.22 * soft(laid, 1.0) + 0.10 * flick),
            );
        }
    }

    /// One leg to its footfall.
    fn leg(&self, puppet: &mut Puppet<'_>, leg: &Leg, fall: Footfall, hind: bool, m: &Moment) {
        let w = self.params.withers_m;
        // the blade or the hip's crest goes with the foot
        let swing = -0.38 * fall.ahead;
        let swing = if hind { 0.15 * swing } else { swing };
        puppet.turn(leg.root, swing, 0.0, 0.0);
        let rest = puppet.rest_joint(leg.paw);
        let target = rest + DVec3::new(0.0, fall.lift * w, fall.ahead * w);
        let slope = DQuat::from_rotation_x(fall.fold);
        let above = target - slope * puppet.rest_offset(leg.lower, leg.paw);
        let pole = if hind { DVec3::Z } else { DVec3::NEG_Z };
        puppet.reach(
            [leg.upper, leg.middle, leg.lower],
            above,
            pole + DVec3::X * rest.x.signum() * 0.12,
        );
        puppet.set_model_turn(leg.lower, slope);
        // a leg that cannot reach keeps its lowest bone pointed at the foot
        let lower = puppet.joint(leg.lower);
        let reach = puppet.rest_offset(leg.lower, leg.paw);
        let aim =
            crate::scene::subject::puppet::frame_turn(reach, DVec3::Z, target - lower, slope * DVec3::Z);
        puppet.set_model_turn(leg.lower, aim);
        puppet.set_model_turn(leg.paw, DQuat::from_rotation_x(fall.droop));
        let loose = scalar::saturate(m.s.fall);
        if loose > 0.0 {
            let flail = wave(m.time * 1.4 + 0.2 * f64::from(leg.paw));
            puppet.turn(
                leg.upper,
                loose * (0.5 * flail - if hind { -0.3 } else { 0.4 }),
                0.0,
                0.0,
            );
            puppet.turn(leg.middle, loose * if hind { 0.5 } else { -0.7 }, 0.0, 0.0);
        }
    }

    fn legs(&self, puppet: &mut Puppet<'_>, m: &Moment) {
        let s = &m.s;
        let strike = s.strike.clamp(-1.0, 1.0);
        for i in 0..4 {
            let hind = i >= 2;
            let leg = if hind {
                self.bones.hind[i - 2]
            } else {
                self.bones.fore[i]
            };
            let mut fall = self.footfall(m, i);
            // a pounce: crouch on all fours, then the fore paws go out
            let (wind, leap) = ((-strike).max(0.0), strike.max(0.0));
            if hind {
                fall.ahead += 0.10 * wind - 0.16 * leap;
            } else {
                fall.ahead += 0.10 * wind + (0.42 + 0.06 * i as f64) * leap;
                fall.lift += (0.42 + 0.05 * i as f64) * leap;
                fall.fold += 0.5 * leap;
                fall.droop += 0.4 * leap;
            }
            if m.air > 0.0 {
                let beat = s.phase + [0.0, 0.5, 0.55, 0.05][i];
                let paddle = Footfall {
                    ahead: 0.24 * scalar::cos(scalar::TAU * beat) + if hind { -0.10 } else { 0.08 },
                    lift: 0.22 + 0.14 * wave(beat),
                    fold: 0.55 + 0.6 * wave(beat + 0.1),
                    droop: 0.6,
                };
                fall = fall.lerp(paddle, m.air);
                fall.lift -= 0.92 * m.air * 0.75;
            }
            self.leg(puppet, &leg, fall, hind, m);
        }
    }

    /// Tail and mane, later the further from the body.
    fn follow(&self, puppet: &mut Puppet<'_>, m: &Moment, motion: &dyn Motion) {
        let b = &self.bones;
        let s = &m.s;
        let carry = match self.params.species {
            Species::Wolf => [-0.02, 0.30, 0.55],
            Species::Dog => [0.10, 0.10, 0.20],
            Species::Cat => [0.05, 0.05, 0.25],
            Species::Horse => [0.0, 0.20, 0.65],
        };
        let up = carry[0] * m.stand + carry[1] * (m.walk + m.trot) + carry[2] * m.gallop + 0.30 * m.mood.glad
            - 0.35 * m.mood.sad
            - 0.3 * m.mood.afraid
            + 0.25 * m.mood.angry;
        let wag = if self.params.species == Species::Dog {
            0.12 + 0.35 * m.mood.glad
        } else {
            0.05 + 0.12 * m.mood.glad
        };
        let wag_rate = if self.params.species == Species::Dog {
            1.6
        } else {
            0.33
        };
        for (k, bone) in b.tail.into_iter().enumerate() {
            let k = k as f64;
            let late = motion.at(m.time - 0.07 * (k + 1.0));
            let past = motion.at(m.time - 0.07 * (k + 1.0) - 0.2);
            let turned = soft(
                angle_between(heading(late.orientation), heading(past.orientation)),
                0.8,
            );
            let beat = late.phase;
            let side = wag * wave(m.time * wag_rate - 0.11 * k) * m.stand.max(0.25)
                + 0.10 * wave(beat - 0.08 * k) * (m.walk + 0.6 * m.trot)
                - 0.30 * turned;
            let rise = 0.16 * wave(beat - 0.10 * k + 0.1) * m.gallop
                + 0.05 * wave(2.0 * beat - 0.1 * k) * m.trot
                + 0.03 * wave(m.time * 0.21 - 0.1 * k) * m.stand;
            let first = if k < 0.5 { 1.0 } else { 0.35 };
            puppet.turn(
                bone,
                first * up + rise + 0.25 * scalar::saturate(s.fall),
                side,
                0.0,
            );
        }
        let flow = soft(0.03 * m.speed.z, 0.5);
        for (k, bone) in b.mane.into_iter().enumerate() {
            let late = motion.at(m.time - 0.10).phase - 0.05 * k as f64;
            let lift =
                0.20 * flow + 0.10 * wave(late) * m.gallop + 0.04 * wave(2.0 * late) * (m.walk + m.trot);
            puppet.turn(
                bone,
                0.25 * flow,
                0.0,
                -lift.max(-0.03) - 0.02 * wave(m.time * 0.3),
            );
        }
    }
}

impl Rig for QuadrupedRig {
    fn pose(&self, model: &Model, motion: &dyn Motion, time_s: f64) -> Pose {
        let mut puppet = Puppet::new(&model.skeleton);
        let m = self.moment(motion, time_s);
        self.trunk(&mut puppet, &m);
        self.legs(&mut puppet, &m);
        self.head(&mut puppet, &m, motion);
        self.follow(&mut puppet, &m, motion);
        puppet.pose()
    }
}
