//! What a subject does over time, and the contract between choreography and rigs.
//!
//! Choreography bakes, once per cut sequence and at a fixed tick, a [`Track`] of
//! [`SubjectState`]s. A [`Rig`] turns it into bone transforms as a pure function of
//! time. Overlap and follow-through come from reading the track *delayed*: the tail's
//! third bone turns as the body did 0.15 s ago; so any frame alone agrees with all.

use crate::artefact::Action;
use crate::geometry::{Model, Pose};
use crate::math::{DQuat, DVec3};

/// A subject at one instant: where it is and what it is doing. Shares are in [0, 1].
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SubjectState {
    /// The model's origin in the world, metres (feet of a walker, body's centre of a flier or swimmer).
    pub position: DVec3,
    /// World from model (the model faces +Z): heading, pitch and bank.
    pub orientation: DQuat,
    /// Velocity in the world, m/s.
    pub velocity: DVec3,
    /// What it mainly does now.
    pub action: Action,
    /// Seconds since that action began.
    pub action_time_s: f64,
    /// Cycles of the gait or wing beat so far, in turns; advances with speed and tempo.
    pub phase: f64,
    /// Share of walking (0 stands, 1 walks fully).
    pub walk: f64,
    /// Share of running.
    pub run: f64,
    /// Share of flying or swimming (forward, by wings or fins).
    pub fly: f64,
    /// Share of hovering (upright in the air, or treading water).
    pub hover: f64,
    /// How far the mouth is open.
    pub mouth: f64,
    /// Strength of the fire breathed.
    pub breath: f64,
    /// Strike: −1 wound up (anticipation), 0 neutral, +1 at full reach.
    pub strike: f64,
    /// Recoil from a blow.
    pub recoil: f64,
    /// Loss of control while falling.
    pub fall: f64,
    /// Place in the world that head and eyes turn to.
    pub look_at: Option<DVec3>,
    /// Size of its movements: 1 neutral; from emotion, about 0.6 … 1.5.
    pub amplitude: f64,
    /// Emotion now, for the face and the bearing.
    pub emotion: crate::emotion::Vad,
}

impl Default for SubjectState {
    fn default() -> Self {
        Self {
            position: DVec3::ZERO,
            orientation: DQuat::IDENTITY,
            velocity: DVec3::ZERO,
            action: Action::Stand,
            action_time_s: 0.0,
            phase: 0.0,
            walk: 0.0,
            run: 0.0,
            fly: 0.0,
            hover: 0.0,
            mouth: 0.0,
            breath: 0.0,
            strike: 0.0,
            recoil: 0.0,
            fall: 0.0,
            look_at: None,
            amplitude: 1.0,
            emotion: crate::emotion::Vad::default(),
        }
    }
}

impl SubjectState {
    /// The state a share `t` of the way to another; the action is that of the nearer one.
    #[must_use]
    pub fn lerp(&self, other: &Self, t: f64) -> Self {
        let mix = |a: f64, b: f64| a + (b - a) * t;
        let nearer = if t < 0.5 { self } else { other };
        Self {
            position: self.position.lerp(other.position, t),
            orientation: self.orientation.slerp(other.orientation, t),
            velocity: self.velocity.lerp(other.velocity, t),
            action: nearer.action,
            action_time_s: nearer.action_time_s,
            phase: mix(self.phase, other.phase),
            walk: mix(self.walk, other.walk),
            run: mix(self.run, other.run),
            fly: mix(self.fly, other.fly),
            hover: mix(self.hover, other.hover),
            mouth: mix(self.mouth, other.mouth),
            breath: mix(self.breath, other.breath),
            strike: mix(self.strike, other.strike),
            recoil: mix(self.recoil, other.recoil),
            fall: mix(self.fall, other.fall),
            look_at: match (self.look_at, other.look_at) {
                (Some(a), Some(b)) => Some(a.lerp(b, t)),
                _ => nearer.look_at,
            },
            amplitude: mix(self.amplitude, other.amplitude),
            emotion: self.emotion.lerp(other.emotion, t),
        }
    }
}

/// A subject's states as a function of time; times before the start or after the end give the ends.
pub trait Motion: Sync {
    /// The state at a time in seconds of the film.
    fn at(&self, time_s: f64) -> SubjectState;
}

impl<F: Fn(f64) -> SubjectState + Sync> Motion for F {
    fn at(&self, time_s: f64) -> SubjectState {
        self(time_s)
    }
}

/// States baked at a fixed tick that does not depend on the frame rate.
#[derive(Clone, Debug, PartialEq)]
pub struct Track {
    /// One state a tick, the first at time 0; never empty.
    pub states: Vec<SubjectState>,
}

impl Track {
    /// Ticks a second. More would cost memory and say nothing new of motion that is drawn at
    /// 24–60 frames a second; fewer would round off strikes of a tenth of a second.
    pub const TICK_HZ: f64 = 96.0;
}

impl Motion for Track {
    fn at(&self, time_s: f64) -> SubjectState {
        let last = self.states.len() - 1;
        let tick = (time_s * Self::TICK_HZ).clamp(0.0, last as f64);
        let index = (tick as usize).min(last.saturating_sub(1));
        let next = (index + 1).min(last);
        self.states[index].lerp(&self.states[next], tick - index as f64)
    }
}

/// Turns a motion into bones: a pure function of time.
pub trait Rig: Send + Sync {
    /// The pose at a time. It may read the motion at earlier times (follow-through), never keep state.
    fn pose(&self, model: &Model, motion: &dyn Motion, time_s: f64) -> Pose;
}
