//! The film's emotion: named, or taken from what happens where; and the style when none is asked for.

use crate::artefact::{
    Action, ActionEvent, EmotionKey, EmotionPlan, Place, PlaceKind, StoryArc, TimeOfDay, Weather,
};
use crate::emotion::{Vad, lookup};

use super::reading::Reading;
use super::tidy;

/// Names of the style profiles.
pub const STYLES: [&str; 8] = [
    "ghibli",
    "cyberpunk-neon",
    "ink-wash",
    "watercolor",
    "noir",
    "pastel",
    "comic",
    "retro-anime",
];

/// Share of a named emotion in the film's point; the rest comes from what happens, so that a sad
/// fight is still a fight.
const NAMED_SHARE: f64 = 0.75;

/// How far tension rises before the climax and above the mean; more would leave the emotion's name.
const SWELL: f64 = 0.12;

/// Where the climax is, as a share of the film: after two thirds, as in a play of three acts.
const CLIMAX: f64 = 0.7;

/// The emotion over the film.
pub(super) fn plan(reading: &Reading, actions: &[ActionEvent], place: &Place) -> EmotionPlan {
    let mut names: Vec<String> = Vec::new();
    for seen in &reading.emotions {
        if !names.iter().any(|name| name == seen.name) {
            names.push(seen.name.to_owned());
        }
    }
    EmotionPlan {
        keys: keys(reading, of_scene(reading, actions, place)),
        names,
        arc: reading.arc,
    }
}

fn keys(reading: &Reading, scene: Vad) -> Vec<EmotionKey> {
    let point = |name: &str| lookup(name).map_or(scene, |e| scene.lerp(e.vad, NAMED_SHARE));
    let start = reading.emotions.iter().find(|seen| seen.from);
    let goal = reading.emotions.iter().rfind(|seen| !seen.from);
    if let (Some(start), Some(goal)) = (start, goal) {
        return vec![key(0.0, point(start.name)), key(1.0, point(goal.name))];
    }
    let all: Vec<Vad> = reading.emotions.iter().map(|seen| point(seen.name)).collect();
    let mean = mean(&all).unwrap_or(scene);
    if let Some(arc) = reading.arc {
        return arc_keys(arc, mean);
    }
    let shifted = |by: f64| Vad::new(mean.valence, mean.arousal + by, mean.dominance);
    vec![
        key(0.0, shifted(-SWELL)),
        key(CLIMAX, shifted(SWELL)),
        key(1.0, mean),
    ]
}

fn mean(points: &[Vad]) -> Option<Vad> {
    let count = points.len() as f64;
    let sum = |pick: fn(&Vad) -> f64| points.iter().map(pick).sum::<f64>() / count;
    (!points.is_empty()).then(|| Vad::new(sum(|p| p.valence), sum(|p| p.arousal), sum(|p| p.dominance)))
}

fn key(at: f64, vad: Vad) -> EmotionKey {
    EmotionKey {
        at: tidy(at),
        valence: tidy(vad.valence),
        arousal: tidy(vad.arousal),
        dominance: tidy(vad.dominance),
    }
}

/// Valence over the film as the six arcs have it (Reagan et al. 2016): turns at even shares.
fn arc_keys(arc: StoryArc, mean: Vad) -> Vec<EmotionKey> {
    let turns: &[f64] = match arc {
        StoryArc::RagsToRiches => &[-0.6, 0.6],
        StoryArc::Tragedy => &[0.5, -0.7],
        StoryArc::ManInAHole => &[0.3, -0.6, 0.6],
        StoryArc::Icarus => &[-0.3, 0.6, -0.6],
        StoryArc::Cinderella => &[-0.4, 0.4, -0.4, 0.7],
        StoryArc::Oedipus => &[0.4, -0.5, 0.4, -0.7],
    };
    let last = (turns.len() - 1) as f64;
    let at_turn = |(i, turn): (usize, &f64)| {
        let vad = Vad::new(0.3 * mean.valence + turn, mean.arousal, mean.dominance);
        key(i as f64 / last, vad)
    };
    turns.iter().enumerate().map(at_turn).collect()
}

/// The emotion of what happens, where and when, if none is named: TALOS's own placement, in the
/// directions that Russell & Mehrabian (1977) report for events and surroundings.
fn of_scene(reading: &Reading, actions: &[ActionEvent], place: &Place) -> Vad {
    let said = reading.deeds.iter().map(|deed| deed.word.action);
    let done = actions.iter().map(|event| event.action);
    let strongest = said
        .chain(done)
        .map(of_action)
        .max_by(|a, b| a.arousal.total_cmp(&b.arousal));
    let action = strongest.unwrap_or(Vad::new(0.1, -0.2, 0.0));
    let (valence, arousal) = match place.weather {
        Weather::Rain => (-0.15, -0.05),
        Weather::Storm => (-0.2, 0.25),
        Weather::Fog => (-0.1, -0.05),
        Weather::Snow => (0.0, -0.1),
        Weather::Wind => (0.0, 0.1),
        Weather::Cloudy => (-0.05, 0.0),
        Weather::Clear => (0.05, 0.0),
    };
    let (light_valence, light_arousal) = match place.time_of_day {
        TimeOfDay::Dawn | TimeOfDay::Morning => (0.15, 0.0),
        TimeOfDay::Day => (0.1, 0.05),
        TimeOfDay::Sunset => (0.15, -0.1),
        TimeOfDay::Dusk => (0.0, -0.1),
        TimeOfDay::Night => (-0.1, 0.0),
    };
    Vad::new(
        action.valence + valence + light_valence,
        action.arousal + arousal + light_arousal,
        action.dominance,
    )
}

fn of_action(action: Action) -> Vad {
    match action {
        Action::Fight => Vad::new(-0.25, 0.85, 0.45),
        Action::Attack => Vad::new(-0.3, 0.8, 0.4),
        Action::BreatheFire => Vad::new(-0.1, 0.7, 0.6),
        Action::Fall => Vad::new(-0.4, 0.5, -0.5),
        Action::Run => Vad::new(0.15, 0.5, 0.25),
        Action::Fly => Vad::new(0.35, 0.2, 0.3),
        Action::Swim => Vad::new(0.2, -0.1, 0.1),
        Action::Walk => Vad::new(0.1, -0.15, 0.05),
        Action::Turn | Action::LookAt => Vad::new(0.0, -0.1, 0.0),
        Action::Hover => Vad::new(0.1, -0.2, 0.1),
        Action::Stand => Vad::new(0.1, -0.25, 0.0),
    }
}

/// The style when none is asked for, and why.
///
/// By mood and light: a city at night is drawn for its windows; a fight elsewhere as the fights of
/// cel animation; rain that saddens as watercolour; fog and still mountains as ink; fear as noir;
/// gentle happiness in pastel; everything else as an outdoor film.
pub(super) fn default_style(
    reading: &Reading,
    place: &Place,
    emotion: &EmotionPlan,
) -> (&'static str, &'static str) {
    let count = emotion.keys.len() as f64;
    let mean = |pick: fn(&EmotionKey) -> f64| emotion.keys.iter().map(pick).sum::<f64>() / count;
    let (valence, arousal, dominance) = (mean(|k| k.valence), mean(|k| k.arousal), mean(|k| k.dominance));
    let fights = reading.does(Action::Fight) || reading.does(Action::Attack);
    let wet = matches!(place.weather, Weather::Rain | Weather::Storm);
    let night = matches!(place.time_of_day, TimeOfDay::Night | TimeOfDay::Dusk);
    if valence < -0.35 && dominance < -0.3 && arousal > 0.2 {
        ("noir", "fear is drawn with hard shadows")
    } else if place.kind == PlaceKind::City && night {
        ("cyberpunk-neon", "a city in the dark is drawn for its lights")
    } else if fights {
        ("retro-anime", "fights are drawn with bold cels")
    } else if wet && valence < 0.1 {
        ("watercolor", "rain and a low mood run like watercolour")
    } else if place.weather == Weather::Fog || (place.kind == PlaceKind::Mountain && arousal < -0.2) {
        ("ink-wash", "mist and stillness are left to ink and paper")
    } else if valence > 0.45 && arousal < 0.0 {
        ("pastel", "gentle happiness asks for soft colours")
    } else {
        ("ghibli", "open country and clear feelings suit painted skies")
    }
}
