//! PRISM: direction. A prompt in Korean or English becomes a [`CutSpec`].
//!
//! The road: `text` cuts the prompt into pieces with their places; `english` and `korean` find
//! their meanings in the `lexicon`; `context` settles words that depend on their neighbours;
//! `measure` takes out lengths and frames; `phrases` reads noun phrases; `clause_en` and
//! `clause_ko` find who does what to whom, one by the order of words, the other by particles and
//! endings. From there on nothing knows the language: `setting`, `cast`, `acting`, `mood`,
//! `cutting` and `shots` decide, each choice with its reason. What was not understood, assumed or
//! not done as asked is a finding with its place in the prompt.

mod acting;
mod cast;
mod clause_en;
mod clause_ko;
mod context;
mod cutting;
mod endings;
mod english;
mod findings;
mod jamo;
mod korean;
mod lexicon;
mod measure;
mod mood;
mod nearest;
mod phrases;
mod reading;
mod sense;
mod setting;
mod shots;
mod term;
mod text;

use thiserror::Error;
use unicode_normalization::UnicodeNormalization;

pub use cutting::SHOT_LENGTHS_S;
pub use measure::{FRAME_SIDES, LONGEST_FILM_S};
pub use mood::STYLES;

use crate::ENGINE_VERSION;
use crate::artefact::{ArtefactError, AspectSource, CUT_SPEC_SCHEMA, CutSpec, Status, read_json, write_json};
use crate::camera::FrameSize;
use crate::emotion::{ResponseKind, Responses, Vad};
use crate::random::Seed;
use crate::time::FrameRate;

use findings::{Findings, Span};
use reading::Reading;
use sense::Sense;

/// Longest prompt in Unicode scalar values: ten pages. Beyond it a prompt is a pasted file.
pub const LONGEST_PROMPT: usize = 20_000;

/// Length of a film of which nothing is said: time for two cuts.
const DEFAULT_DURATION_S: f64 = 6.0;

/// Above it frames last less than a millisecond; no display shows them.
const FASTEST_RATE: f64 = 1000.0;

/// What a caller may set; it counts before what the prompt says.
#[derive(Clone, Debug, Default)]
pub struct DirectOptions {
    /// Seed of every random stream.
    pub seed: Seed,
    /// Name of a style profile, or a word for one in either language.
    pub style: Option<String>,
    /// Frame size in pixels; sides even, within [`FRAME_SIDES`].
    pub frame_size: Option<FrameSize>,
    /// Frames per second.
    pub frame_rate: FrameRate,
    /// Length in seconds, above 0 and at most [`LONGEST_FILM_S`].
    pub duration_s: Option<f64>,
    /// Mean length of a shot in seconds, in place of what emotion asks for ([`ResponseKind::ShotLengthS`]).
    pub shot_length_s: Option<f64>,
    /// Names of imported models: a word of the prompt that is such a name, or means the same
    /// subject, means the model.
    pub assets: Vec<String>,
}

/// Why no film can be made of a prompt.
#[derive(Clone, Debug, PartialEq, Error)]
#[non_exhaustive]
pub enum PrismError {
    /// Nothing but spaces.
    #[error(
        "the prompt is empty; write what is to be seen, e.g. \"a white wolf runs across a snowy mountain\""
    )]
    EmptyPrompt,
    /// Longer than [`LONGEST_PROMPT`].
    #[error("the prompt has {length} characters; at most {LONGEST_PROMPT} are read, so shorten it")]
    LongPrompt {
        /// Its length in Unicode scalar values.
        length: usize,
    },
    /// The prompt names an impossible length.
    #[error(
        "`{text}` (characters {start} to {end} of the prompt) is no length of a film; write more than 0 and \
         at most {LONGEST_FILM_S} seconds"
    )]
    Duration {
        /// What it says, in seconds.
        seconds: f64,
        /// The words.
        text: String,
        /// Where they start, in Unicode scalar values.
        start: usize,
        /// Where they end (exclusive).
        end: usize,
    },
    /// An option gives an impossible length.
    #[error("a film cannot last {0} seconds; give more than 0 and at most {LONGEST_FILM_S}")]
    DurationOption(f64),
    /// An option gives an impossible length of shots.
    #[error(
        "shots cannot last {0} seconds in the mean; give {low} to {high}",
        low = SHOT_LENGTHS_S.start(), high = SHOT_LENGTHS_S.end()
    )]
    ShotLengthOption(f64),
    /// An option gives an impossible frame size.
    #[error(
        "no film has frames of {}×{} pixels; give even sides of {} to {} pixels",
        .0.width, .0.height, FRAME_SIDES.start(), FRAME_SIDES.end()
    )]
    FrameSize(FrameSize),
    /// An option gives an impossible frame rate.
    #[error("{0} frames per second are too many; give at most {FASTEST_RATE}")]
    FrameRate(FrameRate),
    /// An option names a style that does not exist.
    #[error("there is no style `{0}`; choose one of {styles}", styles = STYLES.join(", "))]
    UnknownStyle(String),
}

impl PrismError {
    /// The error with the prompt's own words, spaces as they were written.
    fn quoting(self, chars: &[char]) -> Self {
        match self {
            Self::Duration {
                seconds,
                start,
                end,
                text,
            } => {
                let own = chars.get(start..end).map(|words| words.iter().collect());
                Self::Duration {
                    seconds,
                    text: own.unwrap_or(text),
                    start,
                    end,
                }
            }
            other => other,
        }
    }
}

/// Directs a film: prompt to cut spec. The same prompt, options and engine give the same spec.
///
/// # Errors
/// See [`PrismError`]; what can be filmed otherwise than asked is no error but a finding.
pub fn direct(prompt: &str, options: &DirectOptions) -> Result<CutSpec, PrismError> {
    let chars: Vec<char> = prompt.nfc().collect();
    check(&chars, options)?;
    let mut findings = Findings::default();
    let mut terms = term::terms(
        &chars,
        &term::Assets {
            names: &options.assets,
        },
    );
    let measures = measure::read(&mut terms, &mut findings).map_err(|error| error.quoting(&chars))?;
    let reading = read(&mut terms, &mut findings);
    let duration_s = options.duration_s.or(measures.duration_s).unwrap_or_else(|| {
        let message = format!("no length is named; the film lasts {DEFAULT_DURATION_S} seconds");
        findings.remark("assumed", &Span::default(), message);
        DEFAULT_DURATION_S
    });
    let frame_count = options.frame_rate.frames_in(duration_s).max(1);
    let place = setting::decide(&reading, &mut findings);
    let cast = cast::build(&reading, &options.assets, &mut findings);
    let mut actions = acting::events(&reading, &cast, &place, frame_count, &mut findings);
    let emotion = mood::plan(&reading, &actions, &place);
    let style = style(&reading, options, &place, &emotion, &mut findings)?;
    let story = shots::Story {
        reading: &reading,
        place: &place,
        cast: &cast.members,
        events: &actions,
        emotion: &emotion,
        seed: options.seed,
    };
    let count = if reading.one_take {
        1
    } else {
        let shot_length_s = options.shot_length_s.unwrap_or_else(|| shot_length_s(&emotion));
        cutting::number(duration_s, shot_length_s, frame_count)
    };
    let borders = cutting::borders(count, frame_count, options.frame_rate, options.seed);
    let cuts = shots::direct(&story, &borders);
    let bursts = acting::bursts(&reading, &cast, &actions, &cuts, options.frame_rate);
    actions.extend(bursts);
    let (frame_size, aspect_source) = frame(options, &measures);
    if !reading.understood {
        let message = "nothing of the prompt was understood; the film shows an empty place";
        findings.degrade("limited", &Span::default(), message);
    }
    let findings = findings.finish();
    let degraded = findings.iter().any(|finding| finding.status != Status::Passed);
    Ok(CutSpec {
        schema: CUT_SPEC_SCHEMA.to_owned(),
        engine_version: ENGINE_VERSION.to_owned(),
        prompt: chars.iter().collect(),
        seed: options.seed.0.to_string(),
        status: if degraded {
            Status::Degraded
        } else {
            Status::Passed
        },
        frame_size,
        aspect_source,
        frame_rate: options.frame_rate.to_string(),
        frame_count,
        style,
        place,
        cast: cast.members,
        actions,
        emotion,
        cuts,
        findings,
    })
}

fn check(chars: &[char], options: &DirectOptions) -> Result<(), PrismError> {
    if chars.len() > LONGEST_PROMPT {
        return Err(PrismError::LongPrompt { length: chars.len() });
    }
    if chars.iter().all(|c| c.is_whitespace() || c.is_control()) {
        return Err(PrismError::EmptyPrompt);
    }
    if let Some(seconds) = options.duration_s
        && !(seconds > 0.0 && seconds <= LONGEST_FILM_S)
    {
        return Err(PrismError::DurationOption(seconds));
    }
    if let Some(seconds) = options.shot_length_s
        && !SHOT_LENGTHS_S.contains(&seconds)
    {
        return Err(PrismError::ShotLengthOption(seconds));
    }
    if let Some(size) = options.frame_size
        && [size.width, size.height]
            .iter()
            .any(|side| side % 2 == 1 || !FRAME_SIDES.contains(side))
    {
        return Err(PrismError::FrameSize(size));
    }
    if options.frame_rate.per_second() > FASTEST_RATE {
        return Err(PrismError::FrameRate(options.frame_rate));
    }
    Ok(())
}

/// Terms to sentences.
fn read(terms: &mut [term::Term], findings: &mut Findings) -> Reading {
    context::settle(terms);
    let words = terms
        .iter()
        .filter(|t| !matches!(t.sense, Sense::Comma | Sense::Stop));
    let hangul = words
        .clone()
        .filter(|t| t.text.chars().any(|c| c >= '\u{1100}'))
        .count();
    let korean = hangul * 2 >= words.count();
    let mut reading = phrases::read(terms, korean, findings);
    reading.deeds = if korean {
        clause_ko::deeds(&reading.chunks)
    } else {
        clause_en::deeds(&reading.chunks, reading.mentions.len())
    };
    reading
}

/// The option's style, the prompt's, or one that fits.
fn style(
    reading: &Reading,
    options: &DirectOptions,
    place: &crate::artefact::Place,
    emotion: &crate::artefact::EmotionPlan,
    findings: &mut Findings,
) -> Result<String, PrismError> {
    if let Some(asked) = &options.style {
        let known = style_named(asked).ok_or_else(|| PrismError::UnknownStyle(asked.clone()))?;
        return Ok(known.to_owned());
    }
    let Some((chosen, _)) = reading.styles.iter().min_by_key(|(style, _)| rank(style)) else {
        let (chosen, why) = mood::default_style(reading, place, emotion);
        let message = format!("no style is named; {chosen}: {why}");
        findings.remark("assumed", &Span::default(), message);
        return Ok(chosen.to_owned());
    };
    if let Some((other, span)) = reading.styles.iter().find(|(style, _)| style != chosen) {
        let message = format!("two styles are named and a film has one: {chosen} counts, {other} does not");
        findings.degrade("contradiction", span, message);
    }
    Ok((*chosen).to_owned())
}

/// Which of two styles counts: the first in the list of styles.
fn rank(style: &str) -> usize {
    STYLES
        .iter()
        .position(|known| *known == style)
        .unwrap_or(STYLES.len())
}

/// The style profile that a name or a word in either language means.
#[must_use]
pub fn style_named(text: &str) -> Option<&'static str> {
    let text = text.trim().to_lowercase();
    if let Some(known) = STYLES.iter().find(|known| **known == text) {
        return Some(known);
    }
    let chars: Vec<char> = text.nfc().collect();
    let terms = term::terms(&chars, &term::Assets { names: &[] });
    terms.iter().find_map(|term| match term.sense {
        Sense::Style(style) => Some(style),
        _ => None,
    })
}

/// The length that shots have in the film's mean emotion.
fn shot_length_s(emotion: &crate::artefact::EmotionPlan) -> f64 {
    let steps = 20;
    let at = |i: u32| f64::from(i) / f64::from(steps);
    let sum: f64 = (0..=steps)
        .map(|i| shots::value_at(emotion, at(i), |key| key.arousal))
        .sum();
    let mean = Vad::new(0.0, sum / f64::from(steps + 1), 0.0);
    Responses::response(ResponseKind::ShotLengthS).of(mean)
}

fn frame(options: &DirectOptions, measures: &measure::Measures) -> (FrameSize, AspectSource) {
    let full_hd = FrameSize {
        width: 1920,
        height: 1080,
    };
    match (options.frame_size, measures.frame_size) {
        (Some(size), _) => (size, AspectSource::Option),
        (None, Some(size)) => (size, AspectSource::Prompt),
        (None, None) => (full_hd, AspectSource::Default),
    }
}

/// A cut spec as JSON: indented, keys in schema order, floats to a millionth.
#[must_use]
pub fn to_json(spec: &CutSpec) -> String {
    write_json(spec)
}

/// Reads a cut spec strictly: unknown keys, wrong types, values out of range, gaps between cuts
/// and ids of nobody are refused with their JSON pointer.
///
/// # Errors
/// An [`ArtefactError`] that says what is wrong, where and how to mend it.
pub fn from_json(text: &str) -> Result<CutSpec, ArtefactError> {
    read_json(text.as_bytes(), CUT_SPEC_SCHEMA)
}

/// The name of a value of an enum in the JSON.
fn json_name<T: serde::Serialize>(value: &T) -> String {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(name)) => name,
        _ => String::new(),
    }
}

/// A float as artefacts hold it: to a millionth, without −0.
fn tidy(value: f64) -> f64 {
    (value * 1e6).round() / 1e6 + 0.0
}
