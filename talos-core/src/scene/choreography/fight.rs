//! Two subjects whose motions answer each other: they face, circle, lunge, recoil.

use std::collections::BTreeMap;

use super::{
    Follower, Performance, Response, ScalarFollower, orientation, state_at, travel, unwrap_angle, yaw_of,
};
use crate::artefact::{Action, CutSpec, SubjectKind};
use crate::math::{DVec3, scalar};
use crate::random::Stream;
use crate::scene::{SubjectState, Track};

/// Bodies answer within a second, wind up a little, and overshoot a little.
const BODY: Response = Response {
    frequency_hz: 0.75,
    damping: 0.62,
    initial: -0.25,
};
/// Turning to face the other is quicker than moving.
const FACING: Response = Response {
    frequency_hz: 1.1,
    damping: 0.8,
    initial: 0.0,
};
/// Seconds from one attack to the next at tempo 1. Shorter reads as flailing, longer as waiting.
const EXCHANGE_S: f64 = 1.9;

/// Two who fight each other.
pub(super) struct Pair {
    ids: [String; 2],
}

/// Who fights whom: each subject in at most one pair.
pub(super) fn pairs(spec: &CutSpec) -> Vec<Pair> {
    let mut list: Vec<Pair> = Vec::new();
    for event in spec
        .actions
        .iter()
        .filter(|e| e.action == Action::Fight && !e.target.is_empty())
    {
        let taken = |id: &String| list.iter().any(|p| p.ids.contains(id));
        if event.subject != event.target && !taken(&event.subject) && !taken(&event.target) {
            list.push(Pair {
                ids: [event.subject.clone(), event.target.clone()],
            });
        }
    }
    list
}

/// One attack: who, when it begins, whether it is fire (else a lunge).
struct Exchange {
    attacker: usize,
    start_s: f64,
    fire: bool,
}

/// Attacks alternate; where the spec has bursts of fire, those come first and lunges fill the gaps.
fn exchanges(performance: &Performance<'_>, pair: &Pair, stream: &Stream) -> Vec<Exchange> {
    let mut list: Vec<Exchange> = Vec::new();
    for event in performance
        .spec
        .actions
        .iter()
        .filter(|e| e.action == Action::BreatheFire)
    {
        if let Some(attacker) = pair.ids.iter().position(|id| *id == event.subject) {
            list.push(Exchange {
                attacker,
                start_s: performance.span(event).0,
                fire: true,
            });
        }
    }
    let fires: Vec<f64> = list.iter().map(|e| e.start_s).collect();
    let mut t = 0.5;
    let mut number = 0;
    while t < performance.seconds() {
        let tempo = performance.bearing_at(t).tempo;
        if fires.iter().all(|f| t + 1.2 < *f || t > *f + 1.6) {
            list.push(Exchange {
                attacker: number % 2,
                start_s: t,
                fire: false,
            });
            number += 1;
        }
        t += EXCHANGE_S / tempo.max(0.2) * stream.range(number as u64, 0.85, 1.2);
    }
    list.sort_by(|a, b| a.start_s.total_cmp(&b.start_s));
    list
}

/// Strike of an attacker `u` seconds into a lunge: −1 wound up, +1 at full reach.
fn lunge(u: f64) -> f64 {
    let step = scalar::smootherstep;
    -step(0.0, 0.35, u) + 2.0 * step(0.4, 0.58, u) - step(0.75, 1.25, u)
}

/// Recoil of the other `u` seconds after the attack began.
fn recoil(u: f64, fire: bool) -> f64 {
    let step = scalar::smootherstep;
    if fire {
        step(0.25, 0.6, u) * (1.0 - step(1.3, 1.9, u))
    } else {
        step(0.5, 0.62, u) * (1.0 - step(0.75, 1.4, u))
    }
}

/// Lays a fight over the pair's own tracks.
pub(super) fn bake(performance: &Performance<'_>, pair: &Pair, tracks: &mut BTreeMap<String, Track>) {
    let stream = performance.seed.stream("choreography/fight").child(&pair.ids[0]);
    let attacks = exchanges(performance, pair, &stream);
    let sizes = [0, 1].map(|k| performance.gait(&pair.ids[k]).size_m);
    let dt = 1.0 / Track::TICK_HZ;
    let airborne = airborne(performance, pair);
    let start = [0, 1].map(|k| goal(performance, &attacks, &stream, sizes, airborne, k, 0.0));
    let mut bodies = start.map(|p| Follower::new(BODY, p));
    let mut headings = [0, 1].map(|k| ScalarFollower::new(FACING, yaw_of(start[1 - k] - start[k])));
    let mut yaws = [0, 1].map(|k| yaw_of(start[1 - k] - start[k]));
    let mut phases = [stream.unit(900), stream.unit(901)];
    let mut baked: [Vec<SubjectState>; 2] = [Vec::new(), Vec::new()];
    for tick in 0..performance.ticks() {
        let t = tick as f64 * dt;
        let bearing = performance.bearing_at(t);
        let goals = [0, 1].map(|k| goal(performance, &attacks, &stream, sizes, airborne, k, t));
        let places = [0, 1].map(|k| {
            let p = bodies[k].step(goals[k], dt);
            if airborne {
                p
            } else {
                DVec3::new(p.x, (performance.stage.ground)(p.x, p.z), p.z)
            }
        });
        for k in 0..2 {
            yaws[k] = unwrap_angle(yaws[k], yaw_of(places[1 - k] - places[k]));
            let yaw = headings[k].step(yaws[k], dt);
            let speed = bodies[k].rate().length();
            let mut state = state_at(places[k], orientation(yaw, 0.0, 0.0), bearing, Action::Fight, t);
            gait_shares(&mut state, airborne, speed, performance.gait(&pair.ids[k]).walk.0);
            state.look_at = Some(places[1 - k] + DVec3::Y * (0.12 * sizes[1 - k]));
            apply_attacks(&mut state, &attacks, k, t);
            state.phase = phases[k];
            let gait = performance.gait(&pair.ids[k]);
            let effort = 1.0 + 0.25 * state.strike.max(0.0) + 0.02 * speed;
            phases[k] += dt
                * if airborne {
                    gait.beat_hz * bearing.tempo * effort
                } else {
                    speed / gait.walk.1.max(1e-3)
                };
            baked[k].push(state);
        }
    }
    for (id, mut states) in pair.ids.iter().zip(baked) {
        travel::finish(&mut states);
        if let Some(track) = tracks.get_mut(id) {
            track.states = states;
        }
    }
}

/// Whether the fight is in the air.
fn airborne(performance: &Performance<'_>, pair: &Pair) -> bool {
    let place = &performance.spec.place;
    let fliers = performance
        .spec
        .cast
        .iter()
        .filter(|m| pair.ids.contains(&m.id))
        .all(|m| matches!(m.kind, SubjectKind::Dragon | SubjectKind::Bird));
    place.above
        || place.kind == crate::artefact::PlaceKind::Sky
        || (fliers && place.kind == crate::artefact::PlaceKind::Sea)
}

/// Where subject `k` wants to be: across from the other on a line that turns slowly to and fro about
/// the world's X axis (so each keeps its side of the screen), nearer when lunging, pushed back when hit.
fn goal(
    performance: &Performance<'_>,
    attacks: &[Exchange],
    stream: &Stream,
    sizes: [f64; 2],
    airborne: bool,
    k: usize,
    t: f64,
) -> DVec3 {
    let size = 0.5 * (sizes[0] + sizes[1]);
    let side = if k == 0 { -1.0 } else { 1.0 };
    let turn = 0.5 * stream.item(1).noise(0.22 * t) + 0.22 * scalar::sin(0.55 * t);
    let (sin, cos) = scalar::sin_cos(turn);
    let axis = DVec3::new(cos, 0.0, sin);
    let spacing = size * if airborne { 0.72 } else { 0.62 } * (1.0 + 0.15 * stream.item(2).noise(0.3 * t));
    let mut along = side * spacing;
    let mut lift = 0.0;
    for attack in attacks {
        let u = t - attack.start_s;
        if !(-0.5..2.5).contains(&u) {
            continue;
        }
        if attack.attacker == k {
            let reach = if attack.fire {
                0.1 * lunge(u).min(0.0)
            } else {
                0.42 * lunge(u)
            };
            along -= side * size * reach;
            lift += if attack.fire {
                0.12 * recoil(u, true)
            } else {
                0.08 * lunge(u)
            };
        } else {
            along += side * size * 0.28 * recoil(u, attack.fire);
            lift -= 0.22 * recoil(u, attack.fire) * if stream.unit(50) < 0.5 { 1.0 } else { -1.0 };
        }
    }
    let centre = performance.stage.centre;
    if !airborne {
        return centre + axis * along;
    }
    let drift = DVec3::new(stream.item(3).noise(0.2 * t), 0.0, stream.item(4).noise(0.2 * t)) * (0.3 * size);
    let bob = stream.item(5 + k as u64).noise(0.35 * t) * 0.32 * size;
    centre + drift + axis * along + DVec3::Y * (performance.stage.flight_altitude_m + bob + lift * size)
}

fn gait_shares(state: &mut SubjectState, airborne: bool, speed: f64, walk_m_s: f64) {
    if airborne {
        state.fly = scalar::smoothstep(5.0, 14.0, speed);
        state.hover = 1.0 - state.fly;
    } else {
        state.walk = scalar::saturate(speed / walk_m_s.max(0.1));
    }
}

fn apply_attacks(state: &mut SubjectState, attacks: &[Exchange], k: usize, t: f64) {
    for attack in attacks {
        let u = t - attack.start_s;
        if !(0.0..2.5).contains(&u) {
            continue;
        }
        if attack.attacker == k && !attack.fire {
            state.strike += lunge(u);
            state.mouth = state.mouth.max(0.8 * lunge(u).max(0.0));
        } else if attack.attacker == k {
            state.strike += 0.45 * lunge(u).min(0.0) * (1.0 - scalar::smoothstep(0.2, 0.5, u));
        } else {
            state.recoil = state.recoil.max(recoil(u, attack.fire));
        }
    }
    state.strike = state.strike.clamp(-1.0, 1.0);
}
