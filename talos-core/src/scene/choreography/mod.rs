//! From what the spec says everyone does to where everyone is: baked tracks.
//!
//! The whole film is one continuous performance, seen by several cameras; so action
//! continues over a cut, and screen direction holds by construction.

mod dynamics;
mod fight;
mod travel;

use std::collections::BTreeMap;

pub use dynamics::{Follower, Response, ScalarFollower};

use super::{SubjectState, Track};
use crate::artefact::{Action, ActionEvent, CutSpec};
use crate::emotion::Vad;
use crate::math::{DQuat, DVec3, scalar};
use crate::random::Seed;
use crate::time::{Frame, FrameRate};

/// What a subject moves through.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Medium {
    /// On the ground.
    Ground,
    /// In the air.
    Air,
    /// At the surface of water.
    Water,
}

/// A body's measures that motion depends on.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Gait {
    /// Length or height in metres, as [`crate::geometry::Model::size_m`].
    pub size_m: f64,
    /// Usual walking speed, m/s, and the distance covered in one turn of `phase`, m.
    pub walk: (f64, f64),
    /// Usual running speed, m/s, and the distance covered in one turn of `phase`, m.
    pub run: (f64, f64),
    /// Usual flying or swimming speed, m/s.
    pub cruise_m_s: f64,
    /// Wing or fin beats a second.
    pub beat_hz: f64,
}

/// Where a performance takes place.
pub struct Stage<'a> {
    /// Middle of the action on the ground, metres.
    pub centre: DVec3,
    /// Height of flight above the ground there, metres.
    pub flight_altitude_m: f64,
    /// Height of the ground at (x, z), metres.
    pub ground: &'a (dyn Fn(f64, f64) -> f64 + Sync),
    /// The way walkers take: place at a signed distance along it, metres; 0 is the middle.
    pub path: &'a (dyn Fn(f64) -> DVec3 + Sync),
}

/// Emotion's hold on the body at one time.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bearing {
    /// The emotion itself.
    pub vad: Vad,
    /// Size of movements, 1 neutral.
    pub amplitude: f64,
    /// Speed of movements, 1 neutral.
    pub tempo: f64,
}

/// A performance to be baked.
pub struct Performance<'a> {
    /// Cast, actions, length and rate.
    pub spec: &'a CutSpec,
    /// Measures of every cast member, by id.
    pub gaits: &'a BTreeMap<String, Gait>,
    /// The place.
    pub stage: Stage<'a>,
    /// Bearing at a share of the film's length.
    pub bearing: &'a (dyn Fn(f64) -> Bearing + Sync),
    /// Seed of everything random.
    pub seed: Seed,
    /// Frame rate of the spec, parsed.
    pub rate: FrameRate,
}

/// Bakes a track for every cast member, by id.
#[must_use]
pub fn choreograph(performance: &Performance<'_>) -> BTreeMap<String, Track> {
    let mut tracks = travel::bake(performance);
    for pair in fight::pairs(performance.spec) {
        fight::bake(performance, &pair, &mut tracks);
    }
    breathe_fire(performance, &mut tracks);
    tracks
}

impl Performance<'_> {
    /// Number of ticks to bake.
    fn ticks(&self) -> usize {
        (self.seconds() * Track::TICK_HZ).ceil() as usize + 1
    }

    /// Length in seconds.
    fn seconds(&self) -> f64 {
        self.rate.seconds(Frame(self.spec.frame_count + 1))
    }

    /// Bearing at a time.
    fn bearing_at(&self, time_s: f64) -> Bearing {
        (self.bearing)(scalar::saturate(time_s / self.seconds().max(1e-9)))
    }

    /// Start and end of an event in seconds.
    fn span(&self, event: &ActionEvent) -> (f64, f64) {
        (
            self.rate.seconds(Frame(event.first_frame)),
            self.rate.seconds(Frame(event.last_frame + 1)),
        )
    }

    /// What a subject mainly does at a time: the event begun last, fire apart; with its start.
    fn action_at(&self, subject: &str, time_s: f64) -> (Action, f64, Option<&ActionEvent>) {
        self.spec
            .actions
            .iter()
            .filter(|e| e.subject == subject && e.action != Action::BreatheFire)
            .filter(|e| self.span(e).0 <= time_s)
            .max_by_key(|e| e.first_frame)
            .map_or((Action::Stand, 0.0, None), |e| {
                (e.action, self.span(e).0, Some(e))
            })
    }

    /// Measures of a subject; those of a person when unknown.
    fn gait(&self, subject: &str) -> Gait {
        let person = Gait {
            size_m: 1.7,
            walk: (1.3, 1.4),
            run: (4.0, 2.6),
            cruise_m_s: 3.0,
            beat_hz: 0.5,
        };
        self.gaits.get(subject).copied().unwrap_or(person)
    }
}

/// Heading about +Y of a direction: 0 looks along +Z, positive turns to the left (+X).
fn yaw_of(direction: DVec3) -> f64 {
    scalar::atan2(direction.x, direction.z)
}

/// World from model: heading, then pitch (positive up), then bank (positive to the left).
fn orientation(yaw: f64, pitch: f64, bank: f64) -> DQuat {
    DQuat::from_rotation_y(yaw) * DQuat::from_rotation_x(-pitch) * DQuat::from_rotation_z(-bank)
}

/// The angle `to` moved by whole turns to within half a turn of `from`.
fn unwrap_angle(from: f64, to: f64) -> f64 {
    to + scalar::TAU * ((from - to) / scalar::TAU).round()
}

/// Lays the bursts of fire over the tracks: the mouth opens first, then the breath swells and dies.
fn breathe_fire(performance: &Performance<'_>, tracks: &mut BTreeMap<String, Track>) {
    for event in performance
        .spec
        .actions
        .iter()
        .filter(|e| e.action == Action::BreatheFire)
    {
        let (start, end) = performance.span(event);
        let Some(track) = tracks.get_mut(&event.subject) else {
            continue;
        };
        for (tick, state) in track.states.iter_mut().enumerate() {
            let t = tick as f64 / Track::TICK_HZ;
            let (mouth, breath) = burst(t, start, end);
            state.mouth = state.mouth.max(mouth);
            state.breath = state.breath.max(breath);
        }
    }
}

/// Opening of the mouth and strength of the breath during a burst: a quarter second to open,
/// a fifth to swell, a third to die.
fn burst(t: f64, start: f64, end: f64) -> (f64, f64) {
    let mouth =
        scalar::smootherstep(start - 0.05, start + 0.2, t) * (1.0 - scalar::smootherstep(end, end + 0.3, t));
    let swell = scalar::smootherstep(start + 0.12, start + 0.32, t);
    (
        mouth,
        swell * (1.0 - scalar::smootherstep(end - 0.3, end + 0.05, t)),
    )
}

/// A state at rest on a place, to be filled in.
fn state_at(
    position: DVec3,
    orientation: DQuat,
    bearing: Bearing,
    action: Action,
    action_time_s: f64,
) -> SubjectState {
    SubjectState {
        position,
        orientation,
        action,
        action_time_s,
        amplitude: bearing.amplitude,
        emotion: bearing.vad,
        ..SubjectState::default()
    }
}
