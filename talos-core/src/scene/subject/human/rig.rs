//! How a person moves: feet planted by the ground, a trunk above them, and all that follows late.

use super::body::{Bones, Landmarks, SIDES};
use super::expression::{Face, Mood, blink};
use super::gait::{self, Step};
use super::params::{HumanParams, Outfit};
use crate::geometry::{Model, Pose};
use crate::math::{DQuat, DVec3, scalar};
use crate::random::{Seed, Stream};
use crate::scene::subject::puppet::{Puppet, soft, wave};
use crate::scene::{Motion, Rig, SubjectState};

/// The rig of a person.
#[derive(Clone, Debug)]
pub(super) struct HumanRig {
    pub(super) params: HumanParams,
    pub(super) landmarks: Landmarks,
    pub(super) bones: Bones,
    pub(super) blinks: Stream,
}

impl HumanRig {
    pub(super) fn new(params: &HumanParams, landmarks: Landmarks, bones: Bones) -> Self {
        let key = format!("subject/human/blink/{:?}/{:?}", params.hair, params.outfit);
        Self {
            params: params.clone(),
            landmarks,
            bones,
            blinks: Seed(0).stream(&key),
        }
    }
}

/// What the pose is made from: the state now, shares of what is done, and what lags behind.
struct Moment {
    s: SubjectState,
    mood: Mood,
    stand: f64,
    walk: f64,
    run: f64,
    air: f64,
    swim: f64,
    /// Way made in one turn of the phase, metres.
    stride: [f64; 2],
    /// Velocity in the model's axes, m/s.
    speed: DVec3,
    /// How far the heading has turned in the last fifth of a second, radians, positive to the left.
    turning: f64,
    /// Change of velocity in the model's axes over the last quarter second, m/s.
    gain: DVec3,
    /// Phase of the gait a little ago.
    late: f64,
    time: f64,
}

/// The angle about Y by which an orientation heads away from +Z.
fn heading(q: DQuat) -> f64 {
    let ahead = q * DVec3::Z;
    scalar::atan2(ahead.x, ahead.z)
}

/// Difference of two angles in (−π, π].
fn angle_between(a: f64, b: f64) -> f64 {
    let d = (a - b) / scalar::TAU;
    (d - d.round()) * scalar::TAU
}

impl HumanRig {
    fn moment(&self, motion: &dyn Motion, time: f64) -> Moment {
        let s = motion.at(time);
        let p = &self.params;
        let share = scalar::saturate;
        let (walk, run) = (share(s.walk), share(s.run));
        let over = (walk + run).max(1.0);
        let (walk, run) = (walk / over, run / over);
        let into = s.orientation.inverse();
        let speed = into * s.velocity;
        let before = motion.at(time - 0.25);
        let (a, b) = (motion.at(time - 0.05), motion.at(time + 0.05));
        let rate = (b.phase - a.phase) / 0.1;
        let along = DVec3::new(speed.x, 0.0, speed.z).length();
        // feet agree with the way really made, as far as legs allow
        let stride = |own: f64| {
            if rate > 0.05 && along > 0.02 {
                (along / rate).clamp(0.35 * own, 1.15 * own)
            } else {
                own
            }
        };
        let swim = if s.action == crate::artefact::Action::Swim {
            share(s.fly.max(s.hover * 0.5))
        } else {
            0.0
        };
        Moment {
            mood: Mood::of(s.emotion),
            stand: 1.0 - walk - run,
            walk,
            run,
            air: share(s.fly + s.hover),
            swim,
            stride: [stride(p.walk_stride_m()), stride(p.run_stride_m())],
            speed,
            turning: soft(
                angle_between(heading(s.orientation), heading(motion.at(time - 0.2).orientation)),
                1.0,
            ),
            gain: into * (s.velocity - before.velocity),
            late: motion.at(time - 0.09).phase,
            time,
            s,
        }
    }

    /// The step of a foot (0 left, 1 right) now, in shares of the height.
    fn step(&self, m: &Moment, index: usize) -> Step {
        let h = self.params.height_m;
        let phase = m.s.phase + 0.5 * index as f64;
        let walk = gait::walk(phase, m.stride[0] / h);
        let mut run = gait::run(phase, m.stride[1] / h);
        if self.params.outfit == Outfit::LongSkirt {
            // a long skirt keeps the knees low
            run.lift *= 0.55;
        }
        let gait = m.walk + m.run;
        if gait < 1e-9 {
            return Step::default();
        }
        Step::default().lerp(walk.lerp(run, m.run / gait), gait)
    }

    /// Hips: sway, bob, turn, lean; and the whole body's pitch in the air.
    fn hips(&self, puppet: &mut Puppet<'_>, m: &Moment) {
        let (p, b, s) = (&self.params, &self.bones, &m.s);
        let h = p.height_m;
        let amp = s.amplitude.clamp(0.3, 2.0);
        let ph = s.phase;
        let step = (m.stride[0] / p.walk_stride_m()).clamp(0.3, 1.2);
        let walk_drop = 0.0185 * step * step + 0.003 - 0.0145 * step * wave(2.0 * ph - 0.36);
        let run_drop = 0.045 - 0.028 * wave(2.0 * ph - 0.40);
        let shift_weight = wave(m.time * 0.11 + 0.13) * 0.010 * m.stand;
        let drop = 0.003 * m.stand + walk_drop * m.walk + run_drop * m.run;
        let sway = 0.011 * wave(ph) * m.walk * amp + 0.004 * wave(ph) * m.run + shift_weight;
        let strike = s.strike.clamp(-1.0, 1.0);
        let lunge = DVec3::new(0.0, -0.022 * strike.abs(), 0.06 * strike) * (1.0 - m.air);
        let fall = scalar::saturate(s.fall);
        puppet.shift(
            b.pelvis,
            (DVec3::new(sway, -drop, 0.0) + lunge - DVec3::Z * 0.05 * s.recoil) * h * (1.0 - m.air),
        );
        let yaw = -scalar::cos(scalar::TAU * ph) * (0.13 * m.walk * step + 0.20 * m.run) * amp.min(1.3);
        let roll = (0.045 * m.walk + 0.05 * m.run) * wave(ph + 0.06) * amp + shift_weight * 1.6;
        let lean = 0.03 * m.walk + 0.16 * m.run;
        let still = 1.0 - m.air;
        puppet.turn(b.pelvis, lean * still, yaw * still - 0.45 * strike, -roll * still);
        // in the air the body's centre is the origin
        let fly = scalar::saturate(s.fly);
        let tilt = (1.28 * fly + 0.06 * s.hover.min(1.0)).min(1.4);
        let bob = 0.012 * h * wave(m.time * 0.45) * s.hover.min(1.0);
        puppet.shift(b.pelvis, DVec3::Y * ((bob - self.landmarks.pelvis.y) * m.air));
        puppet.turn(b.pelvis, tilt, 0.0, 0.0);
        if m.swim > 0.0 {
            let roll = 0.45 * wave(ph + 0.02) * m.swim * fly;
            puppet.rotate(b.pelvis, DQuat::from_axis_angle(DVec3::Z, roll));
        }
        let tumble = fall * (1.0 - m.air);
        puppet.turn(b.pelvis, -0.55 * tumble, 0.0, 0.25 * tumble * wave(m.time * 0.4));
    }

    /// Spine, chest, neck and head; returns where the eyes turn against the head.
    fn trunk(&self, puppet: &mut Puppet<'_>, m: &Moment, motion: &dyn Motion) -> [f64; 2] {
        let (p, b, s) = (&self.params, &self.bones, &m.s);
        let amp = s.amplitude.clamp(0.3, 2.0);
        let strike = s.strike.clamp(-1.0, 1.0);
        let Mood { sad, glad, angry, .. } = m.mood;
        let breath = wave(m.time * (0.24 + 0.10 * m.run + 0.06 * s.emotion.arousal.max(0.0)));
        let counter = scalar::cos(scalar::TAU * s.phase) * (0.13 * m.walk + 0.24 * m.run) * amp.min(1.3);
        let bow = 0.10 * sad - 0.05 * glad + 0.03 * angry + 0.5 * p.stoop;
        let arch = -0.22 * scalar::saturate(s.fly) - 0.35 * scalar::saturate(s.fall);
        let bend = bow + 0.5 * arch + 0.05 * m.run;
        let coil = -0.35 * strike;
        puppet.turn(b.spine, bend - 0.10 * s.recoil, counter * 0.8 + coil, 0.0);
        puppet.turn(
            b.chest,
            bend * 0.8 + 0.012 * breath + 0.10 * strike.max(0.0) - 0.10 * s.recoil,
            counter + coil,
            0.0,
        );
        // the head keeps level and looks ahead whatever the trunk does
        let tilt = scalar::saturate(s.fly) * 0.45;
        let nod = 0.28 * sad - 0.06 * glad
            + 0.12 * angry
            + 0.10 * p.stoop
            + tilt
            + 0.02 * breath * m.stand
            + 0.02 * wave(2.0 * s.phase + 0.1) * (m.walk + m.run)
            - 0.35 * scalar::saturate(s.fall)
            - 0.2 * s.recoil;
        let idle = wave(m.time * 0.07) * 0.03 + wave(m.time * 0.113 + 0.4) * 0.02;
        let turn_ahead = 0.35 * m.turning;
        let (yaw, pitch, gaze) = self.look(m, motion);
        let head = DQuat::from_rotation_y(yaw + idle * m.stand + turn_ahead)
            * DQuat::from_rotation_x(nod * (1.0 - 0.5 * (yaw.abs() + pitch.abs()).min(1.0)) + pitch)
            * DQuat::from_rotation_z(0.05 * sad * wave(m.time * 0.05 + 0.2) - 0.08 * strike);
        let chest = puppet.model_turn(b.chest);
        puppet.set_model_turn(b.neck, chest.slerp(head, 0.5));
        puppet.set_model_turn(b.head, head);
        gaze
    }

    /// Yaw and pitch of the head towards what it looks at, and what is left to the eyes. The head
    /// follows the mean of where the target was over the last third of a second: eyes come first.
    fn look(&self, m: &Moment, motion: &dyn Motion) -> (f64, f64, [f64; 2]) {
        let eye_height = self.landmarks.chin + 0.42 * self.landmarks.head;
        let aim = |s: &SubjectState| -> [f64; 2] {
            let Some(target) = s.look_at else {
                return [0.0, 0.0];
            };
            let local =
                s.orientation.inverse() * (target - s.position) - DVec3::Y * eye_height * (1.0 - m.air);
            let level = (local.x * local.x + local.z * local.z).sqrt();
            if level + local.y.abs() < 1e-6 {
                return [0.0, 0.0];
            }
            let yaw = scalar::atan2(local.x, local.z);
            // what is behind is looked at over a shoulder, no further
            [
                yaw.clamp(-1.9, 1.9),
                scalar::atan2(local.y, level).clamp(-0.9, 0.9),
            ]
        };
        let now = aim(&m.s);
        let mut mean = [0.0; 2];
        for k in 0..6 {
            let past = aim(&motion.at(m.time - 0.07 * f64::from(k)));
            mean[0] += past[0] / 6.0;
            mean[1] += past[1] / 6.0;
        }
        let (yaw, up) = (soft(mean[0] * 0.8, 1.1), soft(mean[1] * 0.75, 0.6));
        let drift = wave(m.time * 0.19) * 0.05 + wave(m.time * 0.31 + 0.3) * 0.03;
        let down = -0.25 * m.mood.sad;
        let free = if m.s.look_at.is_some() { 0.0 } else { 1.0 };
        (yaw, -up, [now[0] - yaw + drift * free, now[1] - up + down * free])
    }

    /// Legs: by the ground when there is one, hanging or kicking in the air.
    fn legs(&self, puppet: &mut Puppet<'_>, m: &Moment) -> [f64; 2] {
        let (l, b, s) = (&self.landmarks, &self.bones, &m.s);
        let h = self.params.height_m;
        let mut swing = [0.0; 2];
        for (i, (_, sign)) in SIDES.into_iter().enumerate() {
            let step = self.step(m, i);
            let narrow = 1.0 - 0.35 * m.walk - 0.5 * m.run;
            let strike = s.strike.clamp(-1.0, 1.0) * (1.0 - m.air);
            let stance = if i == 0 {
                0.5 * strike.abs() + 0.5 * strike
            } else {
                -0.6 * strike.abs()
            };
            let foot_x = sign * (l.ankle.x * narrow + 0.020 * h * strike.abs() + 0.01 * h * s.fall);
            let flat = DVec3::new(
                foot_x,
                l.ankle.y,
                l.ankle.z + (step.ahead + 0.16 * stance) * h - 0.05 * h * s.recoil * f64::from(i as u8),
            );
            let pivot = if step.pitch > 0.0 {
                l.ball - l.ankle
            } else {
                DVec3::new(0.0, -l.ankle.y, l.heel.z - l.ankle.z)
            };
            let pivot = DVec3::new(0.0, pivot.y, pivot.z);
            let sole = DQuat::from_rotation_x(step.pitch);
            let ankle = flat + pivot - sole * pivot + DVec3::Y * (step.lift * h);
            let out = DVec3::new(0.10 * sign, 0.0, 1.0);
            puppet.reach([b.thigh[i], b.shin[i], b.foot[i]], ankle, out);
            let toe_out = DQuat::from_rotation_y(0.10 * sign);
            puppet.set_model_turn(b.foot[i], toe_out * sole);
            puppet.turn(
                b.toes[i],
                -step.pitch.max(0.0) * 0.85 * scalar::smoothstep(0.06, 0.0, step.lift),
                0.0,
                0.0,
            );
            self.leg_in_air(puppet, m, i);
            let ahead = puppet.model_turn(b.thigh[i]) * DVec3::NEG_Y;
            let local = puppet.model_turn(b.pelvis).inverse() * ahead;
            swing[i] = scalar::atan2(local.z, -local.y);
        }
        swing
    }

    fn leg_in_air(&self, puppet: &mut Puppet<'_>, m: &Moment, i: usize) {
        let (b, s) = (&self.bones, &m.s);
        let fall = scalar::saturate(s.fall) * (1.0 - m.air);
        if m.air <= 0.0 && fall <= 0.0 {
            return;
        }
        let side = i as f64;
        let kick = wave(3.0 * s.phase + 0.5 * side) * m.swim;
        let drift = wave(m.time * 0.5 + 0.37 * side);
        // one knee is drawn up a little in flight and when hovering
        let fly = [
            (0.02 + 0.24 * kick, 0.16 + 0.22 * kick.max(0.0)),
            (-0.30 + 0.24 * kick, 0.75),
        ];
        let hover = [(-0.10 + 0.05 * drift, 0.30), (-0.55 + 0.05 * drift, 0.95)];
        let tumble = wave(m.time * 1.3 + 0.5 * side);
        let thrash = (-0.45 + 0.45 * tumble, 0.8 - 0.3 * tumble);
        let total = (s.fly + s.hover).max(1e-9);
        let level = scalar::saturate(s.fly / total);
        let swimming = scalar::saturate(m.swim);
        let straight = (0.0 + 0.22 * kick, 0.12 + 0.25 * kick.max(0.0));
        let mix =
            |a: (f64, f64), c: (f64, f64), t: f64| (scalar::lerp(a.0, c.0, t), scalar::lerp(a.1, c.1, t));
        let flying = mix(fly[i], straight, swimming);
        let (thigh, knee) = mix(hover[i], flying, level);
        let (thigh, knee) = if fall > m.air { thrash } else { (thigh, knee) };
        let share = m.air.max(fall);
        let base = puppet.model_turn(b.pelvis);
        let towards = |puppet: &mut Puppet<'_>, bone: u16, target: DQuat| {
            let now = puppet.model_turn(bone);
            puppet.set_model_turn(bone, now.slerp(target, share));
        };
        let thigh_turn = base * DQuat::from_rotation_x(thigh);
        towards(puppet, b.thigh[i], thigh_turn);
        let shin_turn = thigh_turn * DQuat::from_rotation_x(knee);
        towards(puppet, b.shin[i], shin_turn);
        let point = shin_turn * DQuat::from_rotation_x(0.75 - 0.35 * fall);
        towards(puppet, b.foot[i], point);
    }

    /// Arms: hanging and swinging against the legs, striking, crawling, spread in a fall.
    fn arms(&self, puppet: &mut Puppet<'_>, m: &Moment) {
        let (b, s) = (&self.bones, &m.s);
        let amp = s.amplitude.clamp(0.3, 2.0);
        let Mood { sad, glad, angry, .. } = m.mood;
        let breath = wave(m.time * 0.24 + 0.02);
        let strike = s.strike.clamp(-1.0, 1.0);
        for (i, (_, sign)) in SIDES.into_iter().enumerate() {
            // the arm swings with the other side's leg, its lower part a little later
            let ahead = -scalar::cos(scalar::TAU * (s.phase + 0.5 * i as f64 - 0.02));
            let after = -scalar::cos(scalar::TAU * (s.phase + 0.5 * i as f64 - 0.10));
            let swing = (0.31 * m.walk * (1.0 - 0.55 * sad) + 0.78 * m.run) * amp.min(1.35);
            let mut nod = 0.03 - swing * ahead + 0.16 * m.run;
            let skirt = matches!(self.params.outfit, Outfit::FlaredCoat | Outfit::LongSkirt);
            let hang = if skirt { 0.40 } else { 0.47 } - 0.05 * glad - 0.06 * angry + 0.02 * sad;
            let mut roll = hang - 0.10 * m.run;
            let mut yaw = 0.10 + 0.10 * sad + 0.2 * m.run;
            let mut elbow = 0.16
                + 0.06 * m.stand
                + m.walk * (0.14 + 0.18 * after.max(-0.4) * amp)
                + m.run * (1.45 + 0.25 * after);
            let mut wrist = 0.05 + 0.10 * after * (m.walk + m.run);
            // strike with the right, guard with the left
            let wind = (-strike).max(0.0);
            let blow = strike.max(0.0);
            if i == 1 {
                nod += 0.9 * wind - 1.55 * blow;
                roll += -0.75 * wind - 0.15 * blow;
                elbow += 1.7 * wind - 0.05 * blow;
            } else {
                nod += -0.65 * wind + 0.35 * blow;
                elbow += 1.2 * wind + 0.9 * blow;
                roll += -0.1 * (wind + blow);
            }
            let air = m.air;
            if air > 0.0 {
                let hover = (0.10, -0.05 + 0.05 * wave(m.time * 0.45 + 0.2), 0.45);
                let reach = if i == 1 {
                    (-2.75, 0.42, 0.12)
                } else {
                    (0.28, 0.36, 0.20)
                };
                let turn = -scalar::TAU * (s.phase + 0.5 * i as f64);
                // crawl: straight under water, bent over it
                let over = wave(s.phase + 0.5 * i as f64 - 0.25).max(0.0);
                let crawl = (turn, 0.45 - 0.35 * over, 0.15 + 1.1 * over);
                let level = scalar::saturate(s.fly / (s.fly + s.hover).max(1e-9));
                let mix = |a: (f64, f64, f64), c: (f64, f64, f64), t: f64| {
                    (
                        scalar::lerp(a.0, c.0, t),
                        scalar::lerp(a.1, c.1, t),
                        scalar::lerp(a.2, c.2, t),
                    )
                };
                let flying = if m.swim > 0.5 { crawl } else { reach };
                let (n, r, e) = mix(hover, flying, level);
                nod = scalar::lerp(nod, n, air);
                roll = scalar::lerp(roll, r, air);
                elbow = scalar::lerp(elbow, e, air);
                yaw *= 1.0 - air;
            }
            let fall = scalar::saturate(s.fall) * (1.0 - air);
            let thrash = wave(m.time * 1.1 + 0.4 * i as f64);
            nod = scalar::lerp(nod, -1.2 + 0.6 * thrash, fall);
            roll = scalar::lerp(roll, -0.75, fall);
            elbow = scalar::lerp(elbow, 0.6 + 0.3 * thrash, fall);
            wrist += 0.3 * s.recoil;
            let lift = 0.02 * breath - 0.10 * sad + 0.05 * angry + 0.02 * glad;
            puppet.turn(b.clavicle[i], 0.0, -sign * 0.08 * sad, sign * lift);
            let hangs = DQuat::from_rotation_z(-sign * roll);
            let swings = DQuat::from_rotation_x(nod);
            let twist = DQuat::from_rotation_y(-sign * yaw);
            puppet.rotate(b.upper_arm[i], swings * hangs * twist);
            puppet.turn(b.forearm[i], -elbow.clamp(0.0, 2.4), 0.0, 0.0);
            puppet.turn(b.hand[i], -wrist, 0.0, 0.0);
            let fist = 0.25 + 0.9 * strike.abs() + 0.5 * m.run + 0.5 * angry - 0.25 * m.swim;
            puppet.turn(b.fingers[i], 0.0, 0.0, -sign * fist.clamp(0.0, 1.3) * 0.8);
        }
    }

    /// Hair and hems: pushed by the legs, dragged by the way made, late by what the body did.
    fn follow(&self, puppet: &mut Puppet<'_>, m: &Moment, swing: [f64; 2]) {
        let b = &self.bones;
        let drag = soft(m.speed.z * 0.055 + m.gain.z * 0.10, 0.55) * (1.0 - 0.5 * m.air);
        let side = soft(m.speed.x * 0.05 + m.gain.x * 0.10 + m.turning * 0.5, 0.5);
        let bounce = (0.045 * m.walk + 0.11 * m.run) * wave(2.0 * m.late - 0.2);
        let sway = (0.05 * m.walk + 0.06 * m.run) * wave(m.late - 0.05);
        let idle = 0.015 * wave(m.time * 0.31) + 0.01 * wave(m.time * 0.53 + 0.4);
        let rise = soft(-m.speed.y * 0.08, 0.7) + 0.5 * scalar::saturate(m.s.fall);
        let nods = puppet.model_turn(b.head) * DVec3::NEG_Y;
        // hair hangs: a bowed head lets it fall forwards
        let hang = scalar::atan2(-nods.z, -nods.y).clamp(-0.8, 0.8) * 0.6;
        let [upper, lower] = b.hair_back;
        puppet.turn(
            upper,
            0.55 * drag + 0.6 * bounce + 0.6 * hang.min(0.1) + rise + idle,
            0.0,
            -0.5 * side + 0.4 * sway,
        );
        puppet.turn(
            lower,
            0.7 * drag + bounce + 0.8 * rise + 1.5 * idle,
            0.0,
            -0.6 * side + 0.6 * sway,
        );
        for (i, (_, sign)) in SIDES.into_iter().enumerate() {
            let out = 0.25 * drag.abs() + 0.35 * bounce.max(-0.02) + 0.5 * rise.max(0.0);
            puppet.turn(
                b.hair[i],
                0.5 * drag + 0.5 * hang,
                0.0,
                sign * out - 0.4 * side + 0.4 * sway + idle,
            );
        }
        puppet.turn(
            b.fringe,
            -0.10 * drag - 0.35 * bounce + idle,
            0.0,
            -0.15 * side + 0.3 * sway,
        );
        self.skirt(puppet, m, swing, [drag, side, sway, bounce, rise]);
    }

    fn skirt(&self, puppet: &mut Puppet<'_>, m: &Moment, swing: [f64; 2], late: [f64; 5]) {
        let b = &self.bones;
        let [drag, side, sway, bounce, rise] = late;
        let positive = |x: f64| 0.5 * (x + (x * x + 0.01).sqrt()) - 0.05;
        for (k, bone) in b.skirt.into_iter().enumerate() {
            let (z, x) = scalar::sin_cos(scalar::TAU * k as f64 / 6.0);
            let left = scalar::smoothstep(-0.9, 0.9, x);
            let toward =
                |sign: f64| positive(sign * swing[0]) * left + positive(sign * swing[1]) * (1.0 - left);
            let push = 0.9 * (toward(1.0) * z.max(0.0) + toward(-1.0) * (-z).max(0.0))
                + 0.10 * (swing[0] - swing[1]).abs() * x.abs();
            let idle = 0.012 * wave(m.time * 0.23 + 0.17 * k as f64);
            // dragged backwards: the back flies out, the front lies on
            let flow = -drag * 0.55 * z - side * 0.5 * x + sway * x;
            let out = push + flow.max(-0.10) + 0.35 * bounce.max(0.0) + 0.6 * rise.max(0.0) + idle;
            let away = DVec3::new(x, 0.0, z);
            let axis = DVec3::NEG_Y.cross(away).normalize_or(DVec3::X);
            puppet.rotate(bone, DQuat::from_axis_angle(axis, soft(out, 1.5).max(-0.12)));
        }
    }
}

impl Rig for HumanRig {
    fn pose(&self, model: &Model, motion: &dyn Motion, time_s: f64) -> Pose {
        let mut puppet = Puppet::new(&model.skeleton);
        let m = self.moment(motion, time_s);
        self.hips(&mut puppet, &m);
        let gaze = self.trunk(&mut puppet, &m, motion);
        let swing = self.legs(&mut puppet, &m);
        self.arms(&mut puppet, &m);
        self.follow(&mut puppet, &m, swing);
        let face = Face {
            mood: m.mood,
            blink: blink(&self.blinks, time_s),
            mouth: scalar::saturate(m.s.mouth),
            gaze,
            effort: m.s.strike.abs().min(1.0).max(0.6 * scalar::saturate(m.s.recoil)),
        };
        let eyes = self.params.eyes * (0.62 + 0.38 * self.params.eyes);
        face.apply(&mut puppet, &self.bones, self.landmarks.head, eyes);
        puppet.pose()
    }
}
