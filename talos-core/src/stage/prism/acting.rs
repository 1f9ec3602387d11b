//! Who does what from which frame to which.

use crate::artefact::{Action, ActionEvent, Cut, Place, ShotSize, SubjectKind};
use crate::time::FrameRate;

use super::cast::Cast;
use super::findings::Findings;
use super::json_name;
use super::reading::{Deed, Reading};
use super::sense::Valency;

/// One thing that a member of the cast does with its whole body, or beside it.
#[derive(Clone, Debug, PartialEq)]
struct Part {
    action: Action,
    target: Option<usize>,
    then: bool,
    /// Crossing, coming, passing: a way, not a gait.
    way: bool,
}

/// Actions of the whole film but for bursts of fire, which wait for the cuts.
pub(super) fn events(
    reading: &Reading,
    cast: &Cast,
    place: &Place,
    frame_count: u32,
    findings: &mut Findings,
) -> Vec<ActionEvent> {
    let mut parts: Vec<Vec<Part>> = vec![Vec::new(); cast.members.len()];
    for deed in &reading.deeds {
        if deed.word.near {
            let first = cast
                .of(&deed.agents)
                .first()
                .map(|agent| cast.members[*agent].kind);
            let shown = first.map_or(deed.word.action, |kind| action_of(deed, kind, place));
            let action = json_name(&shown);
            let message = format!("this very action is not built; it is shown as `{action}`");
            findings.degrade("limited", &deed.span, message);
        }
        perform(deed, cast, place, &mut parts);
    }
    let mut out = Vec::new();
    for (member, parts) in parts.iter().enumerate() {
        out.extend(timeline(member, parts, cast, place, frame_count));
    }
    out
}

/// Adds a deed to the parts of all whom it concerns.
fn perform(deed: &Deed, cast: &Cast, place: &Place, parts: &mut [Vec<Part>]) {
    let (agents, patients) = (cast.of(&deed.agents), cast.of(&deed.patients));
    let mutual = deed.word.valency == Valency::Mutual;
    let others = |list: &[usize], me: usize| -> Vec<usize> {
        list.iter().copied().filter(|other| *other != me).collect()
    };
    for (i, &agent) in agents.iter().enumerate() {
        let target = if patients.is_empty() && mutual {
            partner(&agents, i)
        } else {
            let targets = others(&patients, agent);
            targets.get(i % targets.len().max(1)).copied()
        };
        parts[agent].push(Part {
            action: action_of(deed, cast.members[agent].kind, place),
            target,
            then: deed.then,
            way: deed.word.goes,
        });
    }
    for (i, &patient) in patients.iter().enumerate() {
        let foes = others(&agents, patient);
        let Some(&foe) = foes.get(i % foes.len().max(1)) else {
            continue;
        };
        let answer = if mutual {
            Some((deed.word.action, Some(foe)))
        } else if deed.word.action == Action::Attack {
            Some((Action::LookAt, Some(foe)))
        } else {
            let kind = cast.members[patient].kind;
            deed.word.prey.map(|action| (by_kind(action, kind, true), None))
        };
        if let Some((action, target)) = answer {
            parts[patient].push(Part {
                action,
                target,
                then: deed.then,
                way: false,
            });
        }
    }
}

/// In a fight among themselves neighbours pair up; an odd one joins the first pair.
fn partner(agents: &[usize], i: usize) -> Option<usize> {
    let other = if i.is_multiple_of(2) { i + 1 } else { i - 1 };
    let other = if other < agents.len() { other } else { 0 };
    (other != i).then(|| agents[other])
}

fn action_of(deed: &Deed, kind: SubjectKind, place: &Place) -> Action {
    if !deed.word.goes {
        return by_kind(deed.word.action, kind, deed.word.prey.is_some());
    }
    match kind {
        SubjectKind::Bird => Action::Fly,
        SubjectKind::Fish => Action::Swim,
        SubjectKind::Dragon if place.above => Action::Fly,
        _ => Action::Walk,
    }
}

/// How each kind does it: fish swim, and birds in a chase fly.
fn by_kind(action: Action, kind: SubjectKind, chase: bool) -> Action {
    match (action, kind) {
        (Action::Walk | Action::Run | Action::Fly, SubjectKind::Fish) => Action::Swim,
        (Action::Walk | Action::Run, SubjectKind::Bird) if chase => Action::Fly,
        _ => action,
    }
}

/// What a member does when nothing is said.
fn default_action(kind: SubjectKind, place: &Place) -> Action {
    match kind {
        SubjectKind::Bird => Action::Fly,
        SubjectKind::Fish => Action::Swim,
        SubjectKind::Dragon if place.above => Action::Fly,
        _ => Action::Stand,
    }
}

fn is_gait(action: Action) -> bool {
    matches!(action, Action::Walk | Action::Run | Action::Fly | Action::Swim)
}

/// Looking and breathing fire go beside what the body does.
fn is_beside(action: Action) -> bool {
    matches!(action, Action::LookAt | Action::BreatheFire)
}

/// Events of one member: its body's actions one after another in even shares, others beside them.
fn timeline(member: usize, parts: &[Part], cast: &Cast, place: &Place, frame_count: u32) -> Vec<ActionEvent> {
    let mut body: Vec<&Part> = Vec::new();
    let combat = |part: &Part| matches!(part.action, Action::Fight | Action::Attack);
    let any_combat = parts.iter().any(combat);
    for part in parts.iter().filter(|p| !is_beside(p.action)) {
        // who flies and fights, fights in the air
        let carried = any_combat && !combat(part) && !part.then && !parts.iter().any(|p| p.then);
        // who crosses a field running, runs
        let gait = |p: &Part| !p.way && is_gait(p.action);
        let carried = carried || (part.way && parts.iter().any(gait));
        let again = body.last().is_some_and(|last| {
            last.action == part.action && (part.target.is_none() || last.target == part.target)
        });
        if !carried && !again {
            body.push(part);
        }
    }
    let idle = Part {
        action: default_action(cast.members[member].kind, place),
        target: None,
        then: false,
        way: false,
    };
    if body.is_empty() {
        body.push(&idle);
    }
    let event = |part: &Part, first_frame, last_frame| ActionEvent {
        subject: cast.id(member),
        action: part.action,
        target: part.target.map(|t| cast.id(t)).unwrap_or_default(),
        first_frame,
        last_frame,
    };
    // no more actions than frames
    body.truncate(frame_count.max(1) as usize);
    let count = body.len() as u64;
    let border = |i: u64| (u64::from(frame_count) * i / count) as u32;
    let mut out: Vec<ActionEvent> = body
        .iter()
        .zip(0_u64..)
        .map(|(part, i)| event(part, border(i) + 1, border(i + 1)))
        .collect();
    if let Some(look) = parts.iter().find(|p| p.action == Action::LookAt) {
        out.push(event(look, 1, frame_count));
    }
    out
}

/// Shortest and longest burst of fire in seconds: a flame needs a second to reach out and be seen;
/// after two and a half even a dragon breathes in.
const BURST_S: (f64, f64) = (1.2, 2.5);

/// A cut shorter than this shows no whole burst.
const CUT_FOR_BURST_S: f64 = 2.0;

/// A close view of a head is about its fire, even if it is a little shorter.
const CLOSE_CUT_FOR_BURST_S: f64 = 1.5;

/// Seconds from the start of one burst to the next in a long cut.
const BURST_EVERY_S: f64 = 4.5;

/// Bursts of fire, timed so that they are seen: in every cut long enough, by whom the cut frames,
/// in turns; if no cut is, one in the longest.
pub(super) fn bursts(
    reading: &Reading,
    cast: &Cast,
    fights: &[ActionEvent],
    cuts: &[Cut],
    rate: FrameRate,
) -> Vec<ActionEvent> {
    let deeds = reading
        .deeds
        .iter()
        .filter(|d| d.word.action == Action::BreatheFire);
    let mut breathers: Vec<usize> = Vec::new();
    let mut targets: Vec<usize> = Vec::new();
    for deed in deeds {
        breathers.extend(cast.of(&deed.agents));
        targets.extend(cast.of(&deed.patients));
    }
    breathers.sort_unstable();
    breathers.dedup();
    let ids: Vec<String> = breathers.iter().map(|b| cast.id(*b)).collect();
    if ids.is_empty() {
        return Vec::new();
    }
    let longest = cuts
        .iter()
        .max_by_key(|cut| (length(cut), std::cmp::Reverse(cut.first_frame)));
    let long_enough = rate.frames_in(CUT_FOR_BURST_S);
    let mut out: Vec<ActionEvent> = Vec::new();
    let all_short = cuts.iter().all(|cut| length(cut) < long_enough);
    for (i, cut) in cuts.iter().enumerate() {
        let near =
            cut.shot_size >= ShotSize::MediumCloseUp && length(cut) >= rate.frames_in(CLOSE_CUT_FOR_BURST_S);
        let shows = length(cut) >= long_enough || near || (all_short && longest == Some(cut));
        if !shows {
            continue;
        }
        for (first_frame, last_frame) in bursts_in(cut, rate) {
            let framed: Vec<&String> = ids.iter().filter(|id| cut.subjects.contains(id)).collect();
            let pool: Vec<&String> = if framed.is_empty() {
                ids.iter().collect()
            } else {
                framed
            };
            let breaths = |id: &str| out.iter().filter(|e| e.subject == id).count();
            // who is alone in the next cut breathes there
            let next = |id: &str| cuts.get(i + 1).is_some_and(|next| next.subjects == [id]);
            let turn = pool.iter().min_by_key(|id| (breaths(id), next(id)));
            let Some(subject) = turn.map(|id| (*id).clone()) else {
                continue;
            };
            let fought = fights
                .iter()
                .find(|e| e.subject == subject && e.action == Action::Fight);
            let target = fought
                .map(|e| e.target.clone())
                .or_else(|| targets.first().map(|t| cast.id(*t)));
            out.push(ActionEvent {
                subject,
                action: Action::BreatheFire,
                target: target.unwrap_or_default(),
                first_frame,
                last_frame,
            });
        }
    }
    out
}

fn length(cut: &Cut) -> u32 {
    cut.last_frame - cut.first_frame + 1
}

/// Bursts in a cut: a short breath in first, then fire; again every few seconds.
fn bursts_in(cut: &Cut, rate: FrameRate) -> Vec<(u32, u32)> {
    let frames = |seconds: f64| rate.frames_in(seconds);
    let (total, shortest, longest) = (length(cut), frames(BURST_S.0).max(1), frames(BURST_S.1).max(1));
    let lead = frames(0.35).min(total.saturating_sub(shortest));
    let burst = total
        .saturating_sub(lead + frames(0.3))
        .clamp(1, longest)
        .max(shortest.min(total));
    let step = frames(BURST_EVERY_S).max(burst + 1);
    let mut out = Vec::new();
    let mut first = cut.first_frame + lead;
    loop {
        let last = (first + burst - 1).min(cut.last_frame);
        out.push((first, last));
        first = first.saturating_add(step);
        if first.saturating_add(shortest) > cut.last_frame {
            return out;
        }
    }
}
