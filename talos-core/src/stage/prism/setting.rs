//! Where and when the film plays: one place, one time, one weather out of what was named.

use crate::artefact::{Action, GroundCover, Place, PlaceKind, SubjectKind, TimeOfDay, Weather};

use super::findings::{Findings, Span};
use super::json_name;
use super::reading::{PlaceSeen, Reading};

/// Which of two places counts: the one that people build or that closes in on the subject before
/// open country, in every language the same. `a village in the mountains` is a village.
const PLACES: [PlaceKind; 6] = [
    PlaceKind::City,
    PlaceKind::Forest,
    PlaceKind::Sea,
    PlaceKind::Mountain,
    PlaceKind::Field,
    PlaceKind::Sky,
];

/// Which of two times counts: the more particular one.
const TIMES: [TimeOfDay; 6] = [
    TimeOfDay::Sunset,
    TimeOfDay::Dawn,
    TimeOfDay::Dusk,
    TimeOfDay::Night,
    TimeOfDay::Morning,
    TimeOfDay::Day,
];

/// Which of two weathers counts: the harder one.
const WEATHERS: [Weather; 7] = [
    Weather::Storm,
    Weather::Snow,
    Weather::Rain,
    Weather::Fog,
    Weather::Wind,
    Weather::Cloudy,
    Weather::Clear,
];

/// Decides place, time and weather; what was not said or not kept goes to the findings.
pub(super) fn decide(reading: &Reading, findings: &mut Findings) -> Place {
    let weather = weather(reading, findings);
    let (kind, above) = place(reading, findings);
    let falls = weather == Weather::Snow;
    if falls && !reading.snow_lies {
        findings.remark(
            "assumed",
            &Span::default(),
            "where snow falls it covers the ground",
        );
    }
    Place {
        kind,
        above,
        ground_cover: if falls || reading.snow_lies {
            GroundCover::Snow
        } else {
            GroundCover::Bare
        },
        time_of_day: time(reading, findings),
        weather,
    }
}

/// Whether the cast is in the air: it flies, or it has wings and nothing keeps it on the ground.
pub(super) fn airborne(reading: &Reading) -> bool {
    let flies = reading.does(Action::Fly) || reading.does(Action::Hover);
    let grounded = [Action::Walk, Action::Run, Action::Swim, Action::Stand]
        .iter()
        .any(|action| {
            reading
                .deeds
                .iter()
                .any(|d| d.word.action == *action && !d.word.goes)
        });
    let winged = |kind| matches!(kind, SubjectKind::Bird | SubjectKind::Dragon);
    flies || (!grounded && reading.mentions.iter().any(|m| winged(m.word.kind)))
}

fn place(reading: &Reading, findings: &mut Findings) -> (PlaceKind, bool) {
    let airborne = airborne(reading);
    let named = |weak: bool| reading.places.iter().filter(move |p| p.weak == weak);
    let on_earth: Vec<&PlaceSeen> = named(false).filter(|p| p.kind != PlaceKind::Sky).collect();
    let sky = named(false).find(|p| p.kind == PlaceKind::Sky);
    let nobody = reading.mentions.is_empty();
    if let Some(chosen) = best(&on_earth) {
        report_place(chosen, &on_earth, findings);
        let said = reading.places.iter().any(|p| p.above || p.over);
        let flies = reading.does(Action::Fly) || birds_fly(reading);
        return (chosen.kind, (airborne && (said || flies)) || (nobody && said));
    }
    let hints: Vec<&PlaceSeen> = named(true).collect();
    // who falls from the sky is in it
    let falls = reading.does(Action::Fall) && sky.is_some_and(|sky| sky.whence);
    let grounded = !airborne && !nobody && !falls;
    if let Some(sky) = sky.filter(|sky| !grounded || (sky.near && hints.is_empty())) {
        if let Some(hint) = best(&hints) {
            return (hint.kind, true);
        }
        report_place(sky, &[sky], findings);
        return (PlaceKind::Sky, true);
    }
    if let Some(hint) = best(&hints) {
        return (
            hint.kind,
            airborne && (reading.does(Action::Fly) || birds_fly(reading)),
        );
    }
    default_place(reading, findings)
}

/// Birds fly when nothing else is said.
fn birds_fly(reading: &Reading) -> bool {
    reading.deeds.is_empty() && reading.mentions.iter().any(|m| m.word.kind == SubjectKind::Bird)
}

/// What is built before what is not, then by [`PLACES`].
fn best<'a>(places: &[&'a PlaceSeen]) -> Option<&'a PlaceSeen> {
    let rank = |p: &&&PlaceSeen| (p.near, PLACES.iter().position(|kind| *kind == p.kind));
    places.iter().min_by_key(rank).copied()
}

fn report_place(chosen: &PlaceSeen, all: &[&PlaceSeen], findings: &mut Findings) {
    let other = all.iter().find(|p| p.kind != chosen.kind);
    if let Some(other) = other {
        let message = format!(
            "two places are named and a film has one: {} counts, {} does not",
            chosen.name, other.name
        );
        findings.degrade("contradiction", &other.span, message);
    }
    if chosen.near {
        let message = format!("such a place is not built; {} stands in", place_name(chosen.kind));
        findings.degrade("limited", &chosen.span, message);
    }
}

fn place_name(kind: PlaceKind) -> &'static str {
    match kind {
        PlaceKind::City => "a city",
        PlaceKind::Forest => "a forest",
        PlaceKind::Mountain => "a mountain",
        PlaceKind::Sea => "the sea",
        PlaceKind::Field => "a field",
        PlaceKind::Sky => "the sky",
    }
}

/// Where each kind is at home.
fn default_place(reading: &Reading, findings: &mut Findings) -> (PlaceKind, bool) {
    let lead = reading
        .speaking_order()
        .first()
        .map(|m| reading.mentions[*m].word.kind);
    let (kind, above) = match lead {
        Some(SubjectKind::Dragon) => (PlaceKind::Mountain, reading.does(Action::Fly)),
        Some(SubjectKind::Bird) => (PlaceKind::Sky, airborne(reading)),
        Some(SubjectKind::Cat) => (PlaceKind::City, false),
        Some(SubjectKind::Wolf) => (PlaceKind::Forest, false),
        Some(SubjectKind::Fish) => (PlaceKind::Sea, false),
        _ if reading.snow_lies => (PlaceKind::Mountain, false),
        Some(SubjectKind::Dog | SubjectKind::Horse | SubjectKind::Human | SubjectKind::Asset) | None => {
            (PlaceKind::Field, false)
        }
    };
    let message = format!("no place is named; it plays in or over {}", place_name(kind));
    findings.remark("assumed", &Span::default(), message);
    (kind, above)
}

fn time(reading: &Reading, findings: &mut Findings) -> TimeOfDay {
    let rank = |time: &TimeOfDay| TIMES.iter().position(|t| t == time);
    let named = |weak: bool| reading.times.iter().filter(move |(_, w, _)| *w == weak);
    let Some((chosen, _, _)) = named(false).min_by_key(|(time, _, _)| rank(time)) else {
        let hint = named(true).min_by_key(|(time, _, _)| rank(time));
        if hint.is_none() {
            findings.remark("assumed", &Span::default(), "no time of day is named; it is day");
        }
        return hint.map_or(TimeOfDay::Day, |(time, _, _)| *time);
    };
    if let Some((other, _, span)) = named(false).find(|(time, _, _)| time != chosen) {
        let message = format!(
            "two times of day are named and a film has one: {} counts, {} does not",
            json_name(chosen),
            json_name(other)
        );
        findings.degrade("contradiction", span, message);
    }
    *chosen
}

fn weather(reading: &Reading, findings: &mut Findings) -> Weather {
    let rank = |weather: &Weather| WEATHERS.iter().position(|w| w == weather);
    let named = |weak: bool| reading.weathers.iter().filter(move |(_, w, _)| *w == weak);
    let Some((chosen, _, _)) = named(false).min_by_key(|(weather, _, _)| rank(weather)) else {
        // light and clouds are seen in any weather
        return named(true)
            .min_by_key(|(w, _, _)| rank(w))
            .map_or(Weather::Clear, |(w, _, _)| *w);
    };
    let has = |weather: Weather| named(false).any(|(w, _, _)| *w == weather);
    if *chosen == Weather::Rain && has(Weather::Wind) {
        return Weather::Storm;
    }
    let excluded = named(false).find(|(other, _, _)| other != chosen && !goes_with(*chosen, *other));
    if let Some((other, _, span)) = excluded {
        let message = format!(
            "two weathers are named and a film has one: {} counts, {} does not",
            json_name(chosen),
            json_name(other)
        );
        findings.degrade("contradiction", span, message);
    }
    *chosen
}

/// Weathers that are part of a harder one.
fn goes_with(hard: Weather, soft: Weather) -> bool {
    match soft {
        Weather::Cloudy => hard != Weather::Clear,
        Weather::Wind => matches!(hard, Weather::Storm | Weather::Snow),
        Weather::Rain => hard == Weather::Storm,
        _ => false,
    }
}
