//! Prompts by a stranger to the lexicon: the share of their facts that PRISM directs rightly.
//!
//! The share of the first reading stands in the header of `fixtures/prompts/fresh.tsv`. Once the
//! lexicon was mended after these prompts, they guard against falling back and no longer measure
//! what PRISM makes of words it has not met.

use std::collections::BTreeSet;

use talos_core::artefact::{CameraMove, CastMember, CutSpec, GroundCover};
use talos_core::emotion::lookup;
use talos_core::stage::prism::{DirectOptions, direct};

/// Facts that must come right, of all in both languages.
const LEAST_SHARE: f64 = 0.90;

/// Frames per second where nothing is said.
const FRAME_RATE: u32 = 24;

/// A prompt in both languages and what its film must hold.
struct Pair {
    english: &'static str,
    korean: &'static str,
    facts: Vec<(&'static str, &'static str)>,
}

fn pairs() -> Vec<Pair> {
    include_str!("../../fixtures/prompts/fresh.tsv")
        .lines()
        .filter(|line| !line.starts_with('#') && !line.is_empty())
        .skip(1)
        .map(pair)
        .collect()
}

fn pair(line: &'static str) -> Pair {
    let columns: Vec<&str> = line.split('\t').collect();
    let [english, korean, facts] = columns.as_slice() else {
        panic!("three columns: {line}");
    };
    Pair {
        english,
        korean,
        facts: facts
            .split(';')
            .map(|fact| fact.split_once('=').expect(fact))
            .collect(),
    }
}

/// Name of a value of the spec's enums in the JSON.
fn name<T: serde::Serialize>(value: T) -> String {
    let value = serde_json::to_value(value).expect("a plain value");
    value.as_str().expect("a name").to_owned()
}

fn members<'a>(spec: &'a CutSpec, kind: &str) -> Vec<&'a CastMember> {
    spec.cast.iter().filter(|m| name(m.kind) == kind).collect()
}

fn split<'a>(value: &'a str, at: &str) -> (&'a str, &'a str) {
    value.split_once(at).expect(value)
}

/// `wolf:2` is two wolves and no third; `wolf` is one.
fn subject(spec: &CutSpec, value: &str) -> bool {
    let (kind, count) = value.split_once(':').unwrap_or((value, "1"));
    members(spec, kind).len() == count.parse::<usize>().expect(value)
}

/// `red` is worn by someone of the kind, and nobody of the kind wears a colour that no fact names.
fn color(spec: &CutSpec, value: &str, facts: &[(&str, &str)]) -> bool {
    let (place, _) = split(value, ":");
    let (kind, slot) = split(place, ".");
    // the spec has one slot for what is worn over the trunk
    let slot = if slot == "suit" { "coat" } else { slot };
    let named = |color: &str| {
        facts
            .iter()
            .any(|(key, v)| *key == "color" && *v == format!("{place}:{color}"))
    };
    let worn: Vec<Option<&String>> = members(spec, kind).iter().map(|m| m.colors.get(slot)).collect();
    let (_, wanted) = split(value, ":");
    worn.iter().any(|color| color.is_some_and(|c| c == wanted))
        && worn.iter().all(|color| color.is_some_and(|c| named(c)))
}

/// All of the kind do it.
fn action(spec: &CutSpec, value: &str) -> bool {
    let (kind, action) = split(value, ":");
    let doers: BTreeSet<&str> = spec
        .actions
        .iter()
        .filter(|e| name(e.action) == action)
        .map(|e| e.subject.as_str())
        .collect();
    let members = members(spec, kind);
    !members.is_empty() && members.iter().all(|m| doers.contains(m.id.as_str()))
}

/// Someone of the first kind does something to or towards someone of the second.
fn target(spec: &CutSpec, value: &str) -> bool {
    let (from, to) = split(value, "->");
    let is = |id: &str, kind: &str| members(spec, kind).iter().any(|m| m.id == id);
    spec.actions
        .iter()
        .any(|e| is(&e.subject, from) && is(&e.target, to))
}

fn aspect(spec: &CutSpec, value: &str) -> bool {
    let (width, height) = split(value, ":");
    let number = |text: &str| text.parse::<f64>().expect("a number");
    let wanted = number(width) / number(height);
    let is = f64::from(spec.frame_size.width) / f64::from(spec.frame_size.height);
    (is / wanted - 1.0).abs() < 0.01
}

/// The name itself, or one that stands at the same point.
fn emotion(spec: &CutSpec, value: &str) -> bool {
    let same_point = |heard: &String| match (lookup(heard), lookup(value)) {
        (Some(a), Some(b)) => a.vad == b.vad,
        _ => false,
    };
    spec.emotion.names.iter().any(|n| n == value || same_point(n))
}

/// A shot size, an angle or a move, the move in the direction said, in at least one cut.
fn camera(spec: &CutSpec, value: &str) -> bool {
    let (wanted, inward) = match value {
        "dolly_in" => ("dolly", true),
        "zoom_in" => ("zoom", true),
        "low_angle" => ("low", false),
        "high_angle" => ("high", false),
        other => (other, false),
    };
    let moves = |m: &CameraMove| name(m.kind) == wanted && (!inward || m.amount > 0.0);
    spec.cuts
        .iter()
        .any(|cut| name(cut.shot_size) == wanted || name(cut.angle) == wanted || cut.moves.iter().any(moves))
}

fn holds(spec: &CutSpec, (key, value): (&str, &str), facts: &[(&str, &str)]) -> bool {
    match key {
        "subject" => subject(spec, value),
        "variant" => {
            let humans = members(spec, "human");
            !humans.is_empty() && humans.iter().all(|m| m.variant == value)
        }
        "color" => color(spec, value, facts),
        "action" => action(spec, value),
        "target" => target(spec, value),
        "place" => name(spec.place.kind) == value,
        "above" => spec.place.above.to_string() == value,
        "snow_cover" => (spec.place.ground_cover == GroundCover::Snow).to_string() == value,
        "time" => name(spec.place.time_of_day) == value,
        "weather" => name(spec.place.weather) == value,
        "seconds" => spec.frame_count == value.parse::<u32>().expect(value) * FRAME_RATE,
        "aspect" => aspect(spec, value),
        "style" => spec.style == value,
        "emotion" => emotion(spec, value),
        "camera" => camera(spec, value),
        _ => panic!("no rule for the fact {key}={value}"),
    }
}

/// Facts right and facts in all; every miss is printed.
fn read(prompt: &str, facts: &[(&str, &str)]) -> (usize, usize) {
    let spec = direct(prompt, &DirectOptions::default()).expect(prompt);
    let missed = facts.iter().filter(|fact| !holds(&spec, **fact, facts));
    let missed: Vec<String> = missed.map(|(key, value)| format!("{key}={value}")).collect();
    if !missed.is_empty() {
        println!("{prompt}\n    missed: {}", missed.join(", "));
    }
    for finding in &spec.findings {
        println!("    {}: {:?} in {prompt:?}", finding.code, finding.text);
    }
    (facts.len() - missed.len(), facts.len())
}

fn share((right, all): (usize, usize)) -> f64 {
    #[expect(clippy::cast_precision_loss, reason = "a few hundred facts")]
    let share = right as f64 / all as f64;
    share
}

#[test]
fn most_facts_of_fresh_prompts_come_right() {
    let (mut english, mut korean) = ((0, 0), (0, 0));
    let pairs = pairs();
    assert_eq!(pairs.len(), 20);
    for pair in &pairs {
        for (prompt, sum) in [(pair.english, &mut english), (pair.korean, &mut korean)] {
            let (right, all) = read(prompt, &pair.facts);
            *sum = (sum.0 + right, sum.1 + all);
        }
    }
    let both = (english.0 + korean.0, english.1 + korean.1);
    for (language, sum) in [("English", english), ("Korean", korean), ("both", both)] {
        println!("{language}: {} of {} facts, {:.3}", sum.0, sum.1, share(sum));
    }
    assert!(share(both) >= LEAST_SHARE, "{} of {} facts", both.0, both.1);
}

/// The facts alone would let anyone walk in.
#[test]
fn nobody_else_appears() {
    for pair in &pairs() {
        for prompt in [pair.english, pair.korean] {
            let spec = direct(prompt, &DirectOptions::default()).expect(prompt);
            for member in &spec.cast {
                let kind = name(member.kind);
                let asked = |(key, value): &(&str, &str)| {
                    *key == "subject" && value.split(':').next() == Some(kind.as_str())
                };
                assert!(pair.facts.iter().any(asked), "{prompt}: {kind}");
            }
        }
    }
}
