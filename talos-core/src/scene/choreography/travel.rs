//! Going somewhere, alone or in a group: stand, walk, run, fly, hover, swim, turn, fall.

use std::collections::BTreeMap;

use super::{Medium, Performance, Response, ScalarFollower, orientation, state_at, unwrap_angle, yaw_of};
use crate::artefact::{Action, CastMember, PlaceKind, SubjectKind};
use crate::math::{DVec3, scalar};
use crate::random::Stream;
use crate::scene::{SubjectState, Track};

/// Bodies speed up within about half a second, without overshoot.
const SPEED: Response = Response {
    frequency_hz: 0.7,
    damping: 1.0,
    initial: 0.3,
};
/// Shares of gait blend faster than speed changes, so feet do not slide.
const SHARE: Response = Response {
    frequency_hz: 1.2,
    damping: 1.0,
    initial: 0.0,
};

/// Place in a formation, metres: left, up and ahead of the leader.
type Offset = DVec3;

/// Bakes everyone's own way; fights are laid over it later.
pub(super) fn bake(performance: &Performance<'_>) -> BTreeMap<String, Track> {
    let cast = &performance.spec.cast;
    let count = cast.len();
    cast.iter()
        .enumerate()
        .map(|(index, member)| {
            let offset = formation(performance, member, index, count);
            (member.id.clone(), bake_one(performance, member, offset))
        })
        .collect()
}

/// Medium of an action; standing and the like take that of the kind.
fn medium(performance: &Performance<'_>, member: &CastMember, action: Action) -> Medium {
    let place = &performance.spec.place;
    let flier = matches!(member.kind, SubjectKind::Dragon | SubjectKind::Bird);
    match action {
        Action::Fly | Action::Hover | Action::Fall => Medium::Air,
        Action::Swim => Medium::Water,
        Action::Walk | Action::Run if place.kind != PlaceKind::Sky && place.kind != PlaceKind::Sea => {
            Medium::Ground
        }
        _ if member.kind == SubjectKind::Fish => Medium::Water,
        _ if flier && (place.above || matches!(place.kind, PlaceKind::Sky | PlaceKind::Sea)) => Medium::Air,
        _ if place.above || place.kind == PlaceKind::Sky => Medium::Air,
        _ if place.kind == PlaceKind::Sea => Medium::Water,
        _ => Medium::Ground,
    }
}

/// A loose V for those in the air or water, a loose row for those on the ground, jittered by seed.
fn formation(performance: &Performance<'_>, member: &CastMember, index: usize, count: usize) -> Offset {
    let size = performance.gait(&member.id).size_m;
    let stream = performance
        .seed
        .stream("choreography/formation")
        .child(&member.id);
    let jitter = |i: u64, amount: f64| stream.range(i, -amount, amount) * size;
    if index == 0 {
        return DVec3::ZERO;
    }
    let rank = index.div_ceil(2) as f64;
    let side = if index % 2 == 1 { 1.0 } else { -1.0 };
    let (action, ..) = performance.action_at(&member.id, 0.0);
    match medium(performance, member, action) {
        Medium::Ground => {
            let spread = 0.9 * size + 0.35;
            DVec3::new(
                side * rank * spread,
                0.0,
                jitter(1, 0.25) - 0.1 * size * (count as f64).min(4.0),
            )
        }
        _ => DVec3::new(
            side * rank * 1.35 * size + jitter(0, 0.25),
            jitter(1, 0.55),
            -rank * 1.15 * size + jitter(2, 0.3),
        ),
    }
}

/// What a body tries to do in an action.
struct Intent {
    speed_m_s: f64,
    shares: [f64; 4],
}

/// Speed and the shares of walk, run, fly and hover that an action asks for.
fn intent(performance: &Performance<'_>, member: &CastMember, action: Action, tempo: f64) -> Intent {
    let gait = performance.gait(&member.id);
    let medium = medium(performance, member, action);
    let (speed, shares) = match (action, medium) {
        (Action::Walk, Medium::Ground) => (gait.walk.0, [1.0, 0.0, 0.0, 0.0]),
        (Action::Run, Medium::Ground) => (gait.run.0, [0.0, 1.0, 0.0, 0.0]),
        (Action::Fly | Action::Swim, _) | (Action::Walk | Action::Run, _) => {
            (gait.cruise_m_s, [0.0, 0.0, 1.0, 0.0])
        }
        (_, Medium::Air) => (0.0, [0.0, 0.0, 0.0, 1.0]),
        (_, Medium::Water) => (0.25 * gait.cruise_m_s, [0.0, 0.0, 0.7, 0.3]),
        (_, Medium::Ground) => (0.0, [0.0; 4]),
    };
    Intent {
        speed_m_s: speed * tempo,
        shares,
    }
}

/// The distance covered at every tick, starting so that the middle of the way is at half time.
fn distances(performance: &Performance<'_>, member: &CastMember) -> Vec<(f64, f64)> {
    let dt = 1.0 / Track::TICK_HZ;
    let intent_at = |t: f64| {
        let (action, ..) = performance.action_at(&member.id, t);
        intent(performance, member, action, performance.bearing_at(t).tempo).speed_m_s
    };
    let mut follower = ScalarFollower::new(SPEED, intent_at(0.0));
    let mut distance = 0.0;
    let mut list = Vec::with_capacity(performance.ticks());
    for tick in 0..performance.ticks() {
        let speed = follower.step(intent_at(tick as f64 * dt), dt);
        list.push((distance, speed));
        distance += speed * dt;
    }
    list.iter().map(|&(d, v)| (d - 0.5 * distance, v)).collect()
}

fn bake_one(performance: &Performance<'_>, member: &CastMember, offset: Offset) -> Track {
    let dt = 1.0 / Track::TICK_HZ;
    let gait = performance.gait(&member.id);
    let stream = performance.seed.stream("choreography/travel").child(&member.id);
    let ways = distances(performance, member);
    let mut shares = [0.0; 4].map(|s| ScalarFollower::new(SHARE, s));
    let mut phase = stream.unit(0);
    let mut states: Vec<SubjectState> = Vec::with_capacity(ways.len());
    let mut turned = ScalarFollower::new(SPEED, 0.0);
    for (tick, &(distance, speed)) in ways.iter().enumerate() {
        let t = tick as f64 * dt;
        let bearing = performance.bearing_at(t);
        let (action, since, event) = performance.action_at(&member.id, t);
        let goal = intent(performance, member, action, bearing.tempo);
        if tick == 0 {
            shares = goal.shares.map(|s| ScalarFollower::new(SHARE, s));
        }
        let medium = medium(performance, member, action);
        let place = place_at(performance, medium, gait.size_m, &stream, offset, distance, t);
        let ahead = place_at(
            performance,
            medium,
            gait.size_m,
            &stream,
            offset,
            distance + 0.2,
            t + 0.2 / speed.max(0.5),
        );
        let target = event.filter(|e| !e.target.is_empty()).map(|e| e.target.as_str());
        let extra = if action == Action::Turn { scalar::PI } else { 0.0 };
        let yaw = yaw_of(ahead - place) + turned.step(extra, dt);
        let mut state = state_at(place, orientation(yaw, 0.0, 0.0), bearing, action, t - since);
        let [walk, run, fly, hover] =
            [0, 1, 2, 3].map(|k| shares[k].step(goal.shares[k], dt).clamp(0.0, 1.0));
        (state.walk, state.run, state.fly, state.hover) = (walk, run, fly, hover);
        state.phase = phase;
        phase += turns_per_second(&gait, &state, speed, bearing.tempo) * dt;
        if let Some(id) = target {
            state.look_at = Some(partner_place(performance, id, t));
        }
        if action == Action::Attack {
            state.strike = strike(t - since, bearing.tempo);
            state.mouth = 0.6 * state.strike.max(0.0);
        }
        if action == Action::Fall {
            fall(performance, &mut state, t - since);
        }
        states.push(state);
    }
    finish(&mut states);
    Track { states }
}

/// Turns of the gait a second: by ground covered when stepping, by time in the air.
fn turns_per_second(gait: &super::Gait, state: &SubjectState, speed: f64, tempo: f64) -> f64 {
    let steps = state.walk + state.run;
    let stride = scalar::lerp(
        gait.walk.1,
        gait.run.1,
        if steps > 0.0 { state.run / steps } else { 0.0 },
    );
    let beat = gait.beat_hz * tempo * (1.0 + 0.3 * state.hover);
    steps.min(1.0) * speed / stride.max(1e-3) + (state.fly + state.hover).min(1.0) * beat
}

/// Where a body is, from the distance it has come.
fn place_at(
    performance: &Performance<'_>,
    medium: Medium,
    size_m: f64,
    stream: &Stream,
    offset: Offset,
    distance: f64,
    t: f64,
) -> DVec3 {
    let stage = &performance.stage;
    let way = distance + offset.z;
    if medium == Medium::Ground {
        let on_path = (stage.path)(way);
        let left = DVec3::Y
            .cross((stage.path)(way + 0.5) - on_path)
            .normalize_or(DVec3::X);
        let p = on_path + left * offset.x;
        return DVec3::new(p.x, (stage.ground)(p.x, p.z), p.z);
    }
    let wander = |axis: u64, hz: f64| stream.item(10 + axis).noise(t * hz) * size_m;
    let base = stage.centre + DVec3::new(offset.x, 0.0, way);
    if medium == Medium::Water {
        // swimmers leap: a slow rise through the surface and a dive
        let leap = scalar::sin(scalar::TAU * (0.4 * t + stream.unit(1)));
        return DVec3::new(
            base.x + 0.2 * wander(0, 0.4),
            size_m * (0.45 * leap + 0.1),
            base.z,
        );
    }
    let drift = DVec3::new(
        0.45 * wander(0, 0.35),
        0.35 * wander(1, 0.45),
        0.25 * wander(2, 0.3),
    );
    base + DVec3::Y * (stage.flight_altitude_m + offset.y) + drift
}

/// Where a partner is looked for: its own way, head height.
fn partner_place(performance: &Performance<'_>, id: &str, t: f64) -> DVec3 {
    let cast = &performance.spec.cast;
    let Some(index) = cast.iter().position(|m| m.id == id) else {
        return performance.stage.centre;
    };
    let member = &cast[index];
    let offset = formation(performance, member, index, cast.len());
    let (action, ..) = performance.action_at(id, t);
    let gait = performance.gait(id);
    let stream = performance.seed.stream("choreography/travel").child(id);
    let medium = medium(performance, member, action);
    place_at(performance, medium, gait.size_m, &stream, offset, 0.0, t) + DVec3::Y * (0.6 * gait.size_m)
}

/// A blow every 1.6 s: wind up for 0.45 s, strike in 0.15 s, hold, recover.
fn strike(since_s: f64, tempo: f64) -> f64 {
    let u = (since_s * tempo).rem_euclid(1.6);
    let step = scalar::smootherstep;
    -step(0.0, 0.4, u) + 2.0 * step(0.45, 0.6, u) - step(0.85, 1.4, u)
}

/// Free fall with drag to 25 m/s, down to the ground.
fn fall(performance: &Performance<'_>, state: &mut SubjectState, since_s: f64) {
    const TERMINAL_M_S: f64 = 25.0;
    let tau = TERMINAL_M_S / 9.81;
    let drop = TERMINAL_M_S * (since_s - tau * (1.0 - scalar::exp(-since_s / tau)));
    let floor = (performance.stage.ground)(state.position.x, state.position.z);
    state.position.y = (state.position.y - drop).max(floor);
    state.fall = scalar::smootherstep(0.0, 0.4, since_s);
}

/// Fills in velocities from positions, and pitch and bank from velocities.
pub(super) fn finish(states: &mut [SubjectState]) {
    let n = states.len();
    for i in 0..n {
        let (a, b) = (i.saturating_sub(1), (i + 1).min(n - 1));
        let span = (b - a).max(1) as f64 / Track::TICK_HZ;
        states[i].velocity = (states[b].position - states[a].position) / span;
    }
    let mut bank = ScalarFollower::new(
        Response {
            frequency_hz: 1.0,
            damping: 0.9,
            initial: 0.0,
        },
        0.0,
    );
    let mut yaw_before: Option<f64> = None;
    for state in states.iter_mut() {
        let airborne = scalar::saturate(state.fly + state.hover);
        let forward = state.orientation * DVec3::Z;
        let yaw = yaw_of(forward);
        let rate = yaw_before.map_or(0.0, |before| {
            (unwrap_angle(before, yaw) - before) * Track::TICK_HZ
        });
        yaw_before = Some(yaw);
        let level = DVec3::new(state.velocity.x, 0.0, state.velocity.z).length();
        let slope = scalar::atan2(state.velocity.y, level.max(0.5));
        let banked = bank.step((rate * level / 9.81).clamp(-0.9, 0.9), 1.0 / Track::TICK_HZ);
        let pitch = 0.7
            * slope
            * state
                .fly
                .max(0.6 * airborne)
                .max(0.5 * (state.walk + state.run).min(1.0));
        state.orientation = orientation(yaw, pitch.clamp(-1.0, 1.0), banked * airborne);
    }
}
