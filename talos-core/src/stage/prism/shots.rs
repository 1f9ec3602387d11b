//! What each cut shows: film grammar.
//!
//! A wide shot establishes before closer ones; neighbours differ in size or angle and by 30° in
//! direction; all cameras stand on one side of the line of action (Katz, *Shot by Shot*, 1991;
//! Arijon, *Grammar of the Film Language*, 1976). Every choice gives its reason.

use crate::artefact::ShotSize::{self, CloseUp, ExtremeWide, Full, Medium, MediumCloseUp, MediumWide, Wide};
use crate::artefact::{
    Action, ActionEvent, CameraAngle, CameraMove, CastMember, Cut, EmotionPlan, MoveKind, Place, PlaceKind,
    Reason, ScreenDirection,
};
use crate::math::scalar;
use crate::random::{Seed, Stream};

use super::reading::Reading;
use super::tidy;

/// What the storyboard needs to know.
pub(super) struct Story<'a> {
    pub(super) reading: &'a Reading,
    pub(super) place: &'a Place,
    pub(super) cast: &'a [CastMember],
    pub(super) events: &'a [ActionEvent],
    pub(super) emotion: &'a EmotionPlan,
    pub(super) seed: Seed,
}

/// A cut before camera work is decided.
struct Plan {
    size: ShotSize,
    subjects: Vec<String>,
    size_reason: &'static str,
    asked: bool,
}

/// Directs the cuts.
pub(super) fn direct(story: &Story, borders: &[(u32, u32)]) -> Vec<Cut> {
    let mut plans = plans(story, borders.len());
    honour_sizes(&mut plans, &story.reading.shots);
    part_neighbours(&mut plans);
    let angles = angles(story, &plans, borders);
    let azimuths = azimuths(story, &plans);
    let featured = featured_cut(&plans, borders);
    let lenses = story.seed.stream("prism/lens");
    (0..plans.len())
        .map(|i| {
            let plan = &plans[i];
            let (focal_length_mm, f_stop) = lens(plan.size, &lenses, i as u64);
            let (moves, move_reason) = moves(story, plan, borders[i], i == featured, i);
            let (screen_direction, direction_reason) = screen_direction(story, plan, azimuths[i]);
            Cut {
                cut_id: format!("S01_C{:02}", i + 1),
                first_frame: borders[i].0,
                last_frame: borders[i].1,
                shot_size: plan.size,
                angle: angles[i].0,
                subjects: plan.subjects.clone(),
                focal_length_mm,
                f_stop,
                azimuth: azimuths[i],
                moves,
                screen_direction,
                reasons: vec![
                    reason(
                        "last_frame",
                        "mean shot length follows arousal; lengths vary with the seed",
                    ),
                    reason("shot_size", plan.size_reason),
                    reason("angle", angles[i].1),
                    reason(
                        "focal_length_mm",
                        "wide views take short lenses, close ones long lenses that flatter",
                    ),
                    reason(
                        "azimuth",
                        "one side of the line of action, at least 30° from the cut before",
                    ),
                    reason("moves", move_reason),
                    reason("screen_direction", direction_reason),
                ],
            }
        })
        .collect()
}

fn reason(choice: &str, because: &str) -> Reason {
    Reason {
        choice: choice.to_owned(),
        because: because.to_owned(),
    }
}

const ESTABLISH: &str = "it establishes where and who before anything closer";
const CLOSE_FILM: &str = "it ends as wide as it began, so that the outcome is seen";

/// What kind of scene it is decides the order of sizes and subjects.
fn plans(story: &Story, count: usize) -> Vec<Plan> {
    let cast = story.cast;
    let all: Vec<String> = cast.iter().map(|member| member.id.clone()).collect();
    let fight = story
        .events
        .iter()
        .find(|e| e.action == Action::Fight && !e.target.is_empty());
    let grouped = cast.first().is_some_and(|member| !member.group.is_empty());
    if let Some(fight) = fight {
        return duel(&all, &fight.subject, &fight.target, count);
    }
    match cast {
        [] => place_alone(count),
        [only] => solo(story, &only.id, count),
        _ if grouped => flock(&all, count),
        _ => ensemble(&all, count),
    }
}

fn plan(size: ShotSize, subjects: &[&str], size_reason: &'static str) -> Plan {
    Plan {
        size,
        subjects: subjects.iter().map(|s| (*s).to_owned()).collect(),
        size_reason,
        asked: false,
    }
}

fn wide_of(all: &[String], size: ShotSize, why: &'static str) -> Plan {
    let subjects: Vec<&str> = all.iter().map(String::as_str).collect();
    plan(size, &subjects, why)
}

/// The first of the middle sizes come first; the cycle starts again in long films.
fn storyboard(first: Plan, middle: impl Fn(usize) -> Plan, last: Option<Plan>, count: usize) -> Vec<Plan> {
    let mut out = vec![first];
    let ends = usize::from(last.is_some() && count >= 3);
    out.extend((0..count.saturating_sub(1 + ends)).map(middle));
    if ends > 0 {
        out.extend(last);
    }
    out.truncate(count);
    out
}

fn duel(all: &[String], a: &str, b: &str, count: usize) -> Vec<Plan> {
    if count == 1 {
        return vec![wide_of(
            all,
            Wide,
            "one cut must hold both fighters and the space between",
        )];
    }
    let middle = |i: usize| match i % 6 {
        0 if count == 2 => plan(
            CloseUp,
            &[a, b],
            "the head, when it strikes, makes the fight personal",
        ),
        0 => plan(
            Medium,
            &[a, b],
            "a single of the first fighter: the action turns to him",
        ),
        1 => plan(
            CloseUp,
            &[b, a],
            "the head of the second fighter, when fire leaves it",
        ),
        2 => plan(
            MediumWide,
            &[a, b],
            "over the shoulder: both are measured against each other",
        ),
        3 => plan(
            MediumCloseUp,
            &[b, a],
            "the answer, as close as the fight has come",
        ),
        4 => plan(Full, &[a, b], "the whole body shows the blow"),
        _ => plan(
            CloseUp,
            &[a, b],
            "the head of the first fighter, when fire leaves it",
        ),
    };
    let single = |i: usize| {
        let mut plan = middle(i);
        // singles frame one; over-the-shoulder shots and full figures both
        if !matches!(plan.size, MediumWide | Full) {
            plan.subjects.truncate(1);
        }
        plan
    };
    let last = wide_of(all, Wide, CLOSE_FILM);
    storyboard(wide_of(all, ExtremeWide, ESTABLISH), single, Some(last), count)
}

fn solo(story: &Story, id: &str, count: usize) -> Vec<Plan> {
    let moves = story.events.iter().any(|e| is_travel(e.action));
    if count == 1 {
        let size = if moves { Wide } else { MediumWide };
        return vec![plan(
            size,
            &[id],
            "one cut: the subject whole enough to be known, with room around it",
        )];
    }
    let middle = |i: usize| match i % 5 {
        0 if count == 2 => plan(MediumCloseUp, &[id], "the face, once the place is known"),
        0 => plan(Medium, &[id], "closer to what the subject does"),
        1 => plan(CloseUp, &[id], "the face carries the feeling"),
        2 => plan(Full, &[id], "back to the whole figure, for its movement"),
        3 => plan(MediumCloseUp, &[id], "near again, for the change in the face"),
        _ => plan(MediumWide, &[id], "a middle size, so that sizes keep changing"),
    };
    let first = if count >= 3 { ExtremeWide } else { Wide };
    let last = (count >= 4).then(|| plan(Wide, &[id], CLOSE_FILM));
    storyboard(plan(first, &[id], ESTABLISH), middle, last, count)
}

fn flock(all: &[String], count: usize) -> Vec<Plan> {
    let leader = all[0].as_str();
    if count == 1 {
        return vec![wide_of(all, Wide, "one cut holds the whole group")];
    }
    let middle = |i: usize| match i % 4 {
        0 => plan(Medium, &[leader], "the leader stands for the group"),
        1 => wide_of(all, Full, "the group fills the frame"),
        2 => plan(CloseUp, &[leader], "a detail of the leader"),
        _ => wide_of(all, MediumWide, "within the group"),
    };
    let last = wide_of(all, Wide, CLOSE_FILM);
    storyboard(wide_of(all, ExtremeWide, ESTABLISH), middle, Some(last), count)
}

fn ensemble(all: &[String], count: usize) -> Vec<Plan> {
    if count == 1 {
        return vec![wide_of(all, Wide, "one cut holds everyone")];
    }
    let middle = |i: usize| {
        let who = all[i % all.len()].as_str();
        match i % 4 {
            0 => plan(Medium, &[who], "one of them: closer to what he does"),
            1 => plan(CloseUp, &[who], "the next one's face, in answer"),
            2 => wide_of(all, Full, "together again, so that it stays clear who is where"),
            _ => plan(MediumCloseUp, &[who], "a single, for the feeling"),
        }
    };
    let last = wide_of(all, Wide, CLOSE_FILM);
    storyboard(wide_of(all, ExtremeWide, ESTABLISH), middle, Some(last), count)
}

fn place_alone(count: usize) -> Vec<Plan> {
    let middle = |i: usize| match i % 2 {
        0 => plan(Wide, &[], "nearer, into the place"),
        _ => plan(ExtremeWide, &[], "wide again, from elsewhere"),
    };
    storyboard(plan(ExtremeWide, &[], ESTABLISH), middle, None, count)
}

/// Sizes asked for, in the order of asking, spread over the film; a single one goes to the first
/// cut if it is wide, else to the last.
fn honour_sizes(plans: &mut [Plan], asked: &[ShotSize]) {
    let cuts = plans.len();
    let asked = &asked[..asked.len().min(cuts)];
    for (i, size) in asked.iter().enumerate() {
        let at = match asked.len() {
            1 if matches!(size, ExtremeWide | Wide) => 0,
            1 => cuts - 1,
            many => i * (cuts - 1) / (many - 1),
        };
        plans[at].size = *size;
        plans[at].asked = true;
        plans[at].size_reason = "the prompt asks for it";
        if matches!(size, MediumCloseUp | CloseUp | ShotSize::ExtremeCloseUp) {
            plans[at].subjects.truncate(1);
        }
    }
}

/// Never two neighbours of one size: the one that was not asked for gives way.
fn part_neighbours(plans: &mut [Plan]) {
    for i in 1..plans.len() {
        if plans[i].size != plans[i - 1].size {
            continue;
        }
        let give = if plans[i].asked { i - 1 } else { i };
        if plans[give].asked {
            continue;
        }
        let taken = |size: ShotSize| {
            let before = give.checked_sub(1).map(|b| plans[b].size);
            let after = plans.get(give + 1).map(|p| p.size);
            before == Some(size) || after == Some(size)
        };
        let wide = matches!(plans[give].size, ExtremeWide | Wide | Full);
        let order = if wide {
            [ExtremeWide, Wide, Full, MediumWide]
        } else {
            [MediumWide, Medium, CloseUp, Full]
        };
        if let Some(size) = order.into_iter().find(|size| !taken(*size)) {
            plans[give].size = size;
            plans[give].size_reason = "another size than its neighbours";
        }
    }
}

/// Dominance beyond which the camera looks up or down; nearer to 0 it says nothing.
const DOMINANT: f64 = 0.3;

fn angles(story: &Story, plans: &[Plan], borders: &[(u32, u32)]) -> Vec<(CameraAngle, &'static str)> {
    let asked = &story.reading.angles;
    let last_frame = borders.last().map_or(1, |(_, last)| *last);
    let mut out: Vec<(CameraAngle, &'static str)> = Vec::new();
    for (i, plan) in plans.iter().enumerate() {
        let middle = f64::from(borders[i].0 + (borders[i].1 - borders[i].0) / 2) / f64::from(last_frame);
        let mut chosen = if asked.is_empty() {
            angle_by_dominance(story, plan, i, middle)
        } else {
            (asked[i * asked.len() / plans.len()], "the prompt asks for it")
        };
        let repeats = i > 0 && plans[i - 1].size == plan.size && out[i - 1].0 == chosen.0;
        if repeats {
            let other = if chosen.0 == CameraAngle::EyeLevel {
                CameraAngle::High
            } else {
                CameraAngle::EyeLevel
            };
            chosen = (other, "neighbours of one size differ in angle");
        }
        out.push(chosen);
    }
    out
}

fn angle_by_dominance(story: &Story, plan: &Plan, i: usize, at: f64) -> (CameraAngle, &'static str) {
    if plan.subjects.is_empty() {
        return match i % 3 {
            0 => (CameraAngle::High, "from above the place lies open"),
            1 => (CameraAngle::EyeLevel, "as one would stand in it"),
            _ => (CameraAngle::Low, "from below it towers"),
        };
    }
    if i == 0 && story.place.above {
        return (
            CameraAngle::EyeLevel,
            "level with them: the place below and the sky behind are both seen",
        );
    }
    if matches!(plan.size, ExtremeWide) || (i == 0 && matches!(plan.size, Wide)) {
        return (
            CameraAngle::EyeLevel,
            "a wide view from where a person would stand",
        );
    }
    let dominance = dominance_at(story.emotion, at);
    if dominance > DOMINANT {
        (CameraAngle::Low, "seen from below, the subject is in control")
    } else if dominance < -DOMINANT {
        (
            CameraAngle::High,
            "seen from above, the subject is small in its world",
        )
    } else {
        (CameraAngle::EyeLevel, "neither above nor below the subject")
    }
}

fn dominance_at(emotion: &EmotionPlan, at: f64) -> f64 {
    value_at(emotion, at, |key| key.dominance)
}

/// A coordinate of emotion at a share of the film, between its keys.
pub(super) fn value_at(emotion: &EmotionPlan, at: f64, pick: fn(&crate::artefact::EmotionKey) -> f64) -> f64 {
    let keys = &emotion.keys;
    let after = keys.iter().position(|key| key.at >= at).unwrap_or(keys.len());
    match (after.checked_sub(1).and_then(|i| keys.get(i)), keys.get(after)) {
        (Some(a), Some(b)) => {
            let share = (at - a.at) / (b.at - a.at).max(1e-9);
            scalar::lerp(pick(a), pick(b), share)
        }
        (Some(only), None) | (None, Some(only)) => pick(only),
        (None, None) => 0.0,
    }
}

/// Directions to choose from for each size, in degrees from the line of action: wide views from
/// the side, where movement crosses the frame; closer ones from three quarters before the face.
/// Whatever the cut before, one of three is at least 35° from it.
fn directions(size: ShotSize) -> [f64; 3] {
    match size {
        ExtremeWide | Wide | Full => [75.0, 110.0, 40.0],
        MediumWide | Medium => [40.0, 75.0, 115.0],
        MediumCloseUp | CloseUp | ShotSize::ExtremeCloseUp => [35.0, 70.0, 110.0],
    }
}

/// Less than this between neighbours looks like a jump (the 30° rule), with a degree of margin each
/// for the seed's variation.
const LEAST_TURN_DEG: f64 = 34.0;

fn azimuths(story: &Story, plans: &[Plan]) -> Vec<f64> {
    // a mountain's peak stands to the left of the way: from the right it is behind the action
    let peak_behind = story.place.kind == PlaceKind::Mountain;
    let side = if peak_behind || story.seed.stream("prism/line").unit(0) < 0.5 {
        -1.0
    } else {
        1.0
    };
    let vary = story.seed.stream("prism/azimuth");
    let mut out: Vec<f64> = Vec::new();
    let mut previous: Option<f64> = None;
    for (i, plan) in plans.iter().enumerate() {
        let options = directions(plan.size);
        let far = |d: &&f64| previous.is_none_or(|p: f64| (**d - p).abs() >= LEAST_TURN_DEG);
        let degrees = options.iter().find(far).copied().unwrap_or(options[0]);
        previous = Some(degrees);
        let varied = degrees + vary.range(i as u64, -1.0, 1.0);
        out.push(tidy(side * varied * scalar::PI / 180.0));
    }
    out
}

/// Focal length on a full-frame back, and f-stop: wide views deep, close ones shallow.
fn lens(size: ShotSize, stream: &Stream, index: u64) -> (f64, f64) {
    let (low, high, f_stop) = match size {
        ExtremeWide => (20.0, 24.0, 11.0),
        Wide => (24.0, 28.0, 8.0),
        Full => (30.0, 35.0, 5.6),
        MediumWide => (35.0, 40.0, 5.6),
        Medium => (40.0, 50.0, 4.0),
        MediumCloseUp => (65.0, 75.0, 2.8),
        CloseUp => (70.0, 85.0, 2.8),
        ShotSize::ExtremeCloseUp => (85.0, 100.0, 2.8),
    };
    (stream.range(index, low, high).round(), f_stop)
}

/// The cut that takes a move the prompt asks for: the longest that frames someone.
fn featured_cut(plans: &[Plan], borders: &[(u32, u32)]) -> usize {
    let rank = |i: &usize| {
        let (first, last) = borders[*i];
        (
            !plans[*i].subjects.is_empty(),
            last - first,
            std::cmp::Reverse(*i),
        )
    };
    (0..plans.len()).max_by_key(rank).unwrap_or(0)
}

/// Moves that colour a whole film rather than one moment.
fn runs_through(kind: MoveKind) -> bool {
    matches!(kind, MoveKind::Static | MoveKind::Handheld | MoveKind::Follow)
}

fn moves(
    story: &Story,
    plan: &Plan,
    border: (u32, u32),
    featured: bool,
    index: usize,
) -> (Vec<CameraMove>, &'static str) {
    let asked = story
        .reading
        .moves
        .iter()
        .filter(|(kind, _)| featured || runs_through(*kind));
    let mut out: Vec<CameraMove> = Vec::new();
    for (kind, amount) in asked {
        if !out.iter().any(|m| m.kind == *kind) {
            out.push(camera_move(*kind, *amount));
        }
    }
    if !out.is_empty() {
        let stays = out.iter().all(|m| m.kind == MoveKind::Handheld);
        if stays && travels(story, plan) {
            out.insert(0, camera_move(MoveKind::Follow, 1.0));
        }
        return (out, "the prompt asks for it");
    }
    let last_frame = story
        .events
        .iter()
        .map(|e| e.last_frame)
        .max()
        .unwrap_or(border.1)
        .max(border.1);
    let at = f64::from(border.0) / f64::from(last_frame);
    let arousal = value_at(story.emotion, at, |key| key.arousal);
    by_arousal(story, plan, arousal, index)
}

fn camera_move(kind: MoveKind, amount: f64) -> CameraMove {
    CameraMove {
        kind,
        amount: tidy(amount),
    }
}

/// Above it the camera is excited, too; below −0.2 it is calm.
const EXCITED: f64 = 0.5;

fn by_arousal(story: &Story, plan: &Plan, arousal: f64, index: usize) -> (Vec<CameraMove>, &'static str) {
    let wide = matches!(plan.size, ExtremeWide | Wide);
    let follows = travels(story, plan);
    let mut out = Vec::new();
    if follows {
        out.push(camera_move(MoveKind::Follow, if wide { 0.8 } else { 1.0 }));
    }
    if arousal > EXCITED && wide {
        out.push(camera_move(MoveKind::Dolly, 0.15));
        (out, "excitement pushes in on the whole")
    } else if arousal > EXCITED {
        let shake = if plan.size == CloseUp { 0.004 } else { 0.007 };
        out.push(camera_move(MoveKind::Handheld, shake));
        (out, "excitement shakes the hand that holds the camera")
    } else if wide && index == 0 && arousal > -0.2 {
        out.push(camera_move(MoveKind::Crane, 0.12));
        (out, "a slow rise opens the place")
    } else if wide {
        out.push(camera_move(MoveKind::Dolly, -0.08));
        (out, "a slow retreat leaves the subject to its place")
    } else if arousal < -0.2 {
        out.push(camera_move(MoveKind::Dolly, 0.06));
        (out, "calm: an approach that is hardly felt")
    } else {
        out.push(camera_move(MoveKind::Dolly, 0.12));
        (out, "a gentle approach takes part in the feeling")
    }
}

fn is_travel(action: Action) -> bool {
    matches!(action, Action::Walk | Action::Run | Action::Fly | Action::Swim)
}

/// Whether anyone in the frame goes anywhere.
fn travels(story: &Story, plan: &Plan) -> bool {
    let framed = |e: &&ActionEvent| plan.subjects.contains(&e.subject);
    story.events.iter().filter(framed).any(|e| is_travel(e.action))
}

/// Which way the movement goes on the screen. Seen from a positive azimuth (the subject's left) it
/// goes from right to left; from nearly before or behind it, neither.
fn screen_direction(story: &Story, plan: &Plan, azimuth: f64) -> (ScreenDirection, &'static str) {
    let fights = story
        .events
        .iter()
        .any(|e| e.action == Action::Fight && plan.subjects.contains(&e.subject));
    if !travels(story, plan) && !fights {
        return (ScreenDirection::Neutral, "nothing in the frame moves across it");
    }
    let across = scalar::sin(azimuth);
    let direction = if across > 0.0 {
        ScreenDirection::RightToLeft
    } else {
        ScreenDirection::LeftToRight
    };
    (
        direction,
        "kept through the scene, as all cameras stand on one side of the line",
    )
}
