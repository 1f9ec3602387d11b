//! `control.json`: what a person turned, laid over what was computed.
//!
//! Values are addressed, never positioned (`cut/S01_C02/camera/focal_length_mm`), so a
//! patch outlives a recomputation. Stroke edits keep their order: undo takes the last away.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use thiserror::Error;

use super::{ArtefactError, CutSpec, MoveKind, SubjectKind, Validate};
use crate::{math::scalar, palette, stroke::MAX_DELTA_CURVATURE};

/// Name and version of the schema.
pub const CONTROL_SCHEMA: &str = "control/1";

/// A film's hand-made changes: schema `control/1`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Control {
    /// Always `"control/1"`.
    pub schema: String,
    /// Scene it belongs to.
    pub scene_id: String,
    /// The control surface.
    #[serde(default)]
    pub parameters: Parameters,
    /// Values by address.
    #[serde(default)]
    pub overrides: BTreeMap<String, Value>,
    /// Edits of strokes, oldest first.
    #[serde(default)]
    pub edits: Vec<StrokeEdit>,
}

/// The control surface: what is turned most. Absent means "as computed".
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Parameters {
    /// Mean pen pressure of every line, [0, 1].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub line_pressure_avg: Option<f64>,
    /// Colour treatment.
    #[serde(default)]
    pub color_palette: ColorPalette,
    /// Tension over the film, [0, 1] at even steps; replaces arousal.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub emotion_tension_curve: Vec<f64>,
}

/// Colour treatment of everything but light.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ColorPalette {
    /// Hue shift in turns, [−0.5, 0.5].
    #[serde(default)]
    pub hue_shift: f64,
    /// Added to the saturation factor 1, [−1, 2].
    #[serde(default)]
    pub saturation_boost: f64,
}

/// One edit: bend and press one stroke over a range of frames.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct StrokeEdit {
    /// Stable id of the stroke, e.g. `"girl_a.brow.left"`.
    pub stroke_id: String,
    /// Added curvature in units of 1/chord, [−3, 3]; see [`crate::stroke::edit()`].
    pub delta_curvature: f64,
    /// Added to pressure, which stays in [0, 1].
    pub delta_pressure: f64,
    /// First frame, 1-based.
    pub first_frame: u32,
    /// Last frame, inclusive.
    pub last_frame: u32,
}

impl Default for Control {
    fn default() -> Self {
        Self {
            schema: CONTROL_SCHEMA.into(),
            scene_id: "scene_001".into(),
            parameters: Parameters::default(),
            overrides: BTreeMap::new(),
            edits: Vec::new(),
        }
    }
}

impl Validate for Control {
    fn validate(&self) -> Result<(), ArtefactError> {
        let refuse = |pointer: String, message: &str| {
            Err(ArtefactError::new(
                pointer,
                message,
                "`talos params` lists what each takes",
            ))
        };
        let color = self.parameters.color_palette;
        if color.hue_shift.abs() > 0.5 {
            return refuse(
                "/parameters/color_palette/hue_shift".into(),
                "it must lie in [-0.5, 0.5] turns",
            );
        }
        if !(-1.0..=2.0).contains(&color.saturation_boost) {
            return refuse(
                "/parameters/color_palette/saturation_boost".into(),
                "it must lie in [-1, 2]",
            );
        }
        if self
            .parameters
            .line_pressure_avg
            .is_some_and(|p| !(0.0..=1.0).contains(&p))
        {
            return refuse("/parameters/line_pressure_avg".into(), "it must lie in [0, 1]");
        }
        for (i, tension) in self.parameters.emotion_tension_curve.iter().enumerate() {
            if !(0.0..=1.0).contains(tension) {
                return refuse(
                    format!("/parameters/emotion_tension_curve/{i}"),
                    "it must lie in [0, 1]",
                );
            }
        }
        for (i, edit) in self.edits.iter().enumerate() {
            if !(edit.delta_curvature.abs() <= MAX_DELTA_CURVATURE && edit.delta_pressure.abs() <= 1.0) {
                return refuse(
                    format!("/edits/{i}"),
                    "delta_curvature must lie in [-3, 3], delta_pressure in [-1, 1]",
                );
            }
            if edit.first_frame < 1 || edit.first_frame > edit.last_frame {
                return refuse(
                    format!("/edits/{i}/first_frame"),
                    "frames start at 1 and run forward",
                );
            }
        }
        Ok(())
    }
}

/// What a parameter's change makes stale, from the most to the least work.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Affects {
    /// Motion, drawing, effects and light of every cut.
    Everything,
    /// Cameras of every cut: drawing and light, but not motion and effects.
    Camera,
    /// Drawing and light of one cut.
    Cut,
    /// Effects and the light they cast; nothing is drawn again.
    Effects,
    /// Lines of every frame, and their colour.
    Drawing,
    /// Lines in the edited frames.
    Lines,
    /// Colour and light; nothing is drawn again.
    Color,
    /// Light alone.
    Light,
}

/// A parameter with its address: what `talos params` lists.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Parameter {
    /// Address.
    pub address: String,
    /// Value now, override included.
    pub value: Value,
    /// Whether an override is in force.
    pub overridden: bool,
    /// Unit, or empty.
    pub unit: String,
    /// What it may be.
    pub range: Range,
    /// What its change makes stale.
    pub affects: Affects,
}

/// What a value may be.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Range {
    /// A number between two ends, inclusive.
    Number(f64, f64),
    /// One of these words.
    Word(Vec<String>),
    /// A colour word or `#rrggbb`.
    Color,
    /// Numbers between two ends.
    Numbers(f64, f64),
    /// A number between two ends, or several at even steps over the film.
    Curve(f64, f64),
}

/// Why a change was refused.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum ControlError {
    /// No such address.
    #[error("no parameter `{address}`; nearest: {}", nearest.join(", "))]
    UnknownAddress {
        /// What was asked for.
        address: String,
        /// The nearest that exist.
        nearest: Vec<String>,
    },
    /// The value does not fit.
    #[error("`{address}` cannot be {value}: it takes {expected}")]
    BadValue {
        /// The address.
        address: String,
        /// What was given.
        value: String,
        /// What it takes.
        expected: String,
    },
    /// A stroke edit out of range.
    #[error("edit of `{stroke_id}`: {what}")]
    BadEdit {
        /// The stroke.
        stroke_id: String,
        /// What is wrong and how to mend it.
        what: String,
    },
}

impl Range {
    /// Says what it takes.
    #[must_use]
    pub fn describe(&self) -> String {
        match self {
            Self::Number(low, high) => format!("a number from {low} to {high}"),
            Self::Numbers(low, high) => format!("numbers from {low} to {high}, as [a, b, …]"),
            Self::Curve(low, high) => {
                format!("a number from {low} to {high}, or numbers over the film as [a, b, …]")
            }
            Self::Word(words) => format!("one of {}", words.join(", ")),
            Self::Color => "a colour word such as `red`, or `#rrggbb`".into(),
        }
    }

    fn accepts(&self, value: &Value) -> bool {
        let within = |v: &Value, low: f64, high: f64| v.as_f64().is_some_and(|x| (low..=high).contains(&x));
        match self {
            Self::Number(low, high) => within(value, *low, *high),
            Self::Numbers(low, high) => value
                .as_array()
                .is_some_and(|list| !list.is_empty() && list.iter().all(|v| within(v, *low, *high))),
            Self::Curve(low, high) => {
                Self::Number(*low, *high).accepts(value) || Self::Numbers(*low, *high).accepts(value)
            }
            Self::Word(words) => value
                .as_str()
                .is_some_and(|w| words.iter().any(|known| known == w)),
            Self::Color => value.as_str().is_some_and(is_color),
        }
    }
}

impl Control {
    /// Sets a parameter.
    ///
    /// # Errors
    /// An unknown address (with the nearest known) or a value out of range.
    pub fn set(&mut self, spec: &CutSpec, address: &str, value: Value) -> Result<Affects, ControlError> {
        let list = self.list(spec);
        let Some(parameter) = list.iter().find(|p| p.address == address) else {
            return Err(ControlError::UnknownAddress {
                address: address.into(),
                nearest: nearest(address, list.iter().map(|p| p.address.as_str())),
            });
        };
        if !parameter.range.accepts(&value) {
            return Err(bad_value(parameter, &value));
        }
        match address {
            "palette/hue_shift" => self.parameters.color_palette.hue_shift = value.as_f64().unwrap_or(0.0),
            "palette/saturation_boost" => {
                self.parameters.color_palette.saturation_boost = value.as_f64().unwrap_or(0.0);
            }
            "line/pressure_avg" => self.parameters.line_pressure_avg = value.as_f64(),
            "emotion/tension_curve" => {
                let list = value.as_array().map(Vec::as_slice).unwrap_or_default();
                self.parameters.emotion_tension_curve = list.iter().filter_map(Value::as_f64).collect();
            }
            _ => {
                self.overrides.insert(address.into(), value);
            }
        }
        Ok(parameter.affects)
    }

    /// Every parameter of a film with its value, unit and range.
    #[must_use]
    pub fn list(&self, spec: &CutSpec) -> Vec<Parameter> {
        let mut list = Vec::new();
        surface(self, &mut list);
        place(spec, &mut list);
        super::control_responses::list(&self.with_tension(spec), &mut list);
        for cut in &spec.cuts {
            cut_parameters(cut, &mut list);
        }
        for member in &spec.cast {
            let address = format!("subject/{}", member.id);
            push(
                &mut list,
                format!("{address}/scale"),
                member.scale.into(),
                "",
                Range::Number(0.2, 5.0),
                Affects::Everything,
            );
            for slot in painted_slots(member.kind) {
                let color = member
                    .colors
                    .get(*slot)
                    .map_or(Value::Null, |c| c.as_str().into());
                push(
                    &mut list,
                    format!("{address}/palette/{slot}"),
                    color,
                    "",
                    Range::Color,
                    Affects::Color,
                );
            }
        }
        for parameter in &mut list {
            if let Some(value) = self.overrides.get(&parameter.address) {
                parameter.value = value.clone();
                parameter.overridden = true;
            }
        }
        list
    }

    /// The spec with the overrides that concern it laid over. Overrides whose address no longer
    /// exists are returned beside it, not lost.
    #[must_use]
    pub fn laid_over(&self, spec: &CutSpec) -> (CutSpec, Vec<String>) {
        let known = self.list(spec);
        let mut result = spec.clone();
        let mut lost = Vec::new();
        for (address, value) in &self.overrides {
            if known.iter().any(|p| &p.address == address) {
                lay(&mut result, address, value);
            } else {
                lost.push(address.clone());
            }
        }
        result.emotion = self.with_tension(spec).emotion;
        (result, lost)
    }

    /// The first override whose value its parameter does not take: `control.json` was edited by hand.
    #[must_use]
    pub fn misfit(&self, spec: &CutSpec) -> Option<ControlError> {
        let known = self.list(spec);
        let refused = |address: &String, value: &Value| {
            let parameter = known.iter().find(|p| &p.address == address)?;
            (!parameter.range.accepts(value)).then(|| bad_value(parameter, value))
        };
        self.overrides
            .iter()
            .find_map(|(address, value)| refused(address, value))
    }

    /// The spec with the tension curve as its arousal.
    fn with_tension(&self, spec: &CutSpec) -> CutSpec {
        let mut result = spec.clone();
        let curve = &self.parameters.emotion_tension_curve;
        if !curve.is_empty() {
            result.emotion.keys = tension_keys(spec, curve);
        }
        result
    }

    /// A numeric override that is not part of the spec (light, responses).
    #[must_use]
    pub fn number(&self, address: &str) -> Option<f64> {
        self.overrides.get(address).and_then(Value::as_f64)
    }

    /// The edits that concern a frame, oldest first.
    pub fn edits_at(&self, frame: u32) -> impl Iterator<Item = &StrokeEdit> {
        self.edits
            .iter()
            .filter(move |e| (e.first_frame..=e.last_frame).contains(&frame))
    }

    /// Adds an edit.
    ///
    /// # Errors
    /// Numbers that are not finite or too large, frames outside the film.
    pub fn edit(&mut self, spec: &CutSpec, edit: StrokeEdit) -> Result<(), ControlError> {
        let refuse = |what: String| {
            Err(ControlError::BadEdit {
                stroke_id: edit.stroke_id.clone(),
                what,
            })
        };
        if !(edit.delta_curvature.abs() <= MAX_DELTA_CURVATURE && edit.delta_pressure.abs() <= 1.0) {
            return refuse("delta-curvature must lie in [−3, 3] and delta-pressure in [−1, 1]".into());
        }
        if edit.first_frame < 1 || edit.last_frame > spec.frame_count || edit.first_frame > edit.last_frame {
            return refuse(format!(
                "frames {}-{} are not in the film; it has 1-{}",
                edit.first_frame, edit.last_frame, spec.frame_count
            ));
        }
        self.edits.push(edit);
        Ok(())
    }
}

fn bad_value(parameter: &Parameter, value: &Value) -> ControlError {
    ControlError::BadValue {
        address: parameter.address.clone(),
        value: value.to_string(),
        expected: parameter.range.describe(),
    }
}

/// Arousal from a tension curve, tension 0 … 1 as arousal −1 … 1; valence and dominance as planned.
fn tension_keys(spec: &CutSpec, curve: &[f64]) -> Vec<super::EmotionKey> {
    let last = (curve.len() - 1).max(1) as f64;
    let planned = |at: f64| {
        let keys = &spec.emotion.keys;
        keys.iter().rev().find(|k| k.at <= at).or(keys.first()).copied()
    };
    let neutral = super::EmotionKey {
        at: 0.0,
        valence: 0.0,
        arousal: 0.0,
        dominance: 0.0,
    };
    curve
        .iter()
        .enumerate()
        .map(|(i, &tension)| {
            let at = i as f64 / last;
            super::EmotionKey {
                at,
                arousal: tension * 2.0 - 1.0,
                ..planned(at).unwrap_or(neutral)
            }
        })
        .collect()
}

fn push(
    list: &mut Vec<Parameter>,
    address: String,
    value: Value,
    unit: &str,
    range: Range,
    affects: Affects,
) {
    list.push(Parameter {
        address,
        value,
        overridden: false,
        unit: unit.into(),
        range,
        affects,
    });
}

/// The control surface and the film-wide values.
fn surface(control: &Control, list: &mut Vec<Parameter>) {
    let color = control.parameters.color_palette;
    push(
        list,
        "palette/hue_shift".into(),
        color.hue_shift.into(),
        "turn",
        Range::Number(-0.5, 0.5),
        Affects::Color,
    );
    let boost = color.saturation_boost.into();
    push(
        list,
        "palette/saturation_boost".into(),
        boost,
        "",
        Range::Number(-1.0, 2.0),
        Affects::Color,
    );
    let pressure = control
        .parameters
        .line_pressure_avg
        .map_or(Value::Null, Value::from);
    push(
        list,
        "line/pressure_avg".into(),
        pressure,
        "",
        Range::Number(0.0, 1.0),
        Affects::Everything,
    );
    let tension = Value::from(control.parameters.emotion_tension_curve.clone());
    push(
        list,
        "emotion/tension_curve".into(),
        tension,
        "",
        Range::Numbers(0.0, 1.0),
        Affects::Everything,
    );
    push(
        list,
        "light/exposure".into(),
        0.0.into(),
        "stop",
        Range::Number(-4.0, 4.0),
        Affects::Light,
    );
    push(
        list,
        "ink/width".into(),
        1.0.into(),
        "factor",
        Range::Number(0.1, 5.0),
        Affects::Color,
    );
}

/// The words that serde writes for the variants of an enum.
fn words<T: Serialize>(variants: &[T]) -> Range {
    let name = |v: &T| {
        serde_json::to_value(v)
            .ok()
            .and_then(|v| v.as_str().map(str::to_owned))
    };
    Range::Word(variants.iter().filter_map(name).collect())
}

fn json<T: Serialize>(value: &T) -> Value {
    serde_json::to_value(value).unwrap_or(Value::Null)
}

fn place(spec: &CutSpec, list: &mut Vec<Parameter>) {
    use super::{GroundCover as G, TimeOfDay as T, Weather as W};
    let times = words(&[T::Dawn, T::Morning, T::Day, T::Sunset, T::Dusk, T::Night]);
    push(
        list,
        "place/time_of_day".into(),
        json(&spec.place.time_of_day),
        "",
        times,
        Affects::Light,
    );
    let weathers = words(&[W::Clear, W::Cloudy, W::Rain, W::Snow, W::Fog, W::Storm, W::Wind]);
    push(
        list,
        "place/weather".into(),
        json(&spec.place.weather),
        "",
        weathers,
        Affects::Light,
    );
    let covers = words(&[G::Bare, G::Snow]);
    push(
        list,
        "place/ground_cover".into(),
        json(&spec.place.ground_cover),
        "",
        covers,
        Affects::Everything,
    );
    let styles = Range::Word(
        super::StyleProfile::built_in()
            .into_iter()
            .map(|s| s.name)
            .collect(),
    );
    push(
        list,
        "style/name".into(),
        spec.style.as_str().into(),
        "",
        styles,
        Affects::Color,
    );
}

fn cut_parameters(cut: &super::Cut, list: &mut Vec<Parameter>) {
    use super::{CameraAngle as A, ShotSize as S};
    let base = format!("cut/{}/camera", cut.cut_id);
    let mut add = |name: &str, value: Value, unit: &str, range: Range| {
        push(list, format!("{base}/{name}"), value, unit, range, Affects::Cut);
    };
    add(
        "focal_length_mm",
        cut.focal_length_mm.into(),
        "mm",
        Range::Number(8.0, 300.0),
    );
    add("f_stop", cut.f_stop.into(), "", Range::Number(0.95, 32.0));
    add(
        "azimuth",
        cut.azimuth.into(),
        "rad",
        Range::Number(-scalar::PI, scalar::PI),
    );
    let angles = words(&[A::EyeLevel, A::Low, A::High, A::Overhead, A::Dutch]);
    add("angle", json(&cut.angle), "", angles);
    let sizes = [
        S::ExtremeWide,
        S::Wide,
        S::Full,
        S::MediumWide,
        S::Medium,
        S::MediumCloseUp,
        S::CloseUp,
        S::ExtremeCloseUp,
    ];
    add("shot_size", json(&cut.shot_size), "", words(&sizes));
    for (index, step) in cut.moves.iter().enumerate() {
        let unit = match step.kind {
            MoveKind::Pan | MoveKind::Tilt | MoveKind::Roll => "rad",
            MoveKind::Orbit | MoveKind::WhipPan | MoveKind::Handheld => "rad",
            _ => "share",
        };
        add(
            &format!("move_{index}_amount"),
            step.amount.into(),
            unit,
            Range::Number(-7.0, 7.0),
        );
    }
}

/// Writes one override into a spec; addresses that are not part of it are left to their stage.
fn lay(spec: &mut CutSpec, address: &str, value: &Value) {
    let parts: Vec<&str> = address.split('/').collect();
    match parts.as_slice() {
        ["style", "name"] => assign(&mut spec.style, value),
        ["place", "time_of_day"] => assign(&mut spec.place.time_of_day, value),
        ["place", "weather"] => assign(&mut spec.place.weather, value),
        ["place", "ground_cover"] => assign(&mut spec.place.ground_cover, value),
        ["subject", id, rest @ ..] => {
            let Some(member) = spec.cast.iter_mut().find(|m| m.id == *id) else {
                return;
            };
            match rest {
                ["scale"] => assign(&mut member.scale, value),
                ["palette", slot] => {
                    if let Some(color) = value.as_str() {
                        member.colors.insert((*slot).into(), color.into());
                    }
                }
                _ => {}
            }
        }
        ["cut", id, "camera", field] => {
            let Some(cut) = spec.cuts.iter_mut().find(|c| c.cut_id == *id) else {
                return;
            };
            lay_camera(cut, field, value);
        }
        _ => {}
    }
}

fn lay_camera(cut: &mut super::Cut, field: &str, value: &Value) {
    match field {
        "focal_length_mm" => assign(&mut cut.focal_length_mm, value),
        "f_stop" => assign(&mut cut.f_stop, value),
        "azimuth" => assign(&mut cut.azimuth, value),
        "angle" => assign(&mut cut.angle, value),
        "shot_size" => assign(&mut cut.shot_size, value),
        _ => {
            let index = field
                .strip_prefix("move_")
                .and_then(|f| f.strip_suffix("_amount"));
            let index = index.and_then(|i| i.parse::<usize>().ok());
            if let Some(step) = index.and_then(|i| cut.moves.get_mut(i)) {
                assign(&mut step.amount, value);
            }
        }
    }
}

fn assign<T: for<'a> Deserialize<'a>>(slot: &mut T, value: &Value) {
    if let Ok(read) = serde_json::from_value(value.clone()) {
        *slot = read;
    }
}

/// A colour word or `#rrggbb`.
fn is_color(text: &str) -> bool {
    palette::color_word(text).is_some() || palette::linear_from_hex(text).is_some()
}

/// The palette slots of a subject that a person may want to paint.
fn painted_slots(kind: SubjectKind) -> &'static [&'static str] {
    match kind {
        SubjectKind::Dragon => &["body", "belly", "membrane", "horn", "eye"],
        SubjectKind::Human => &["skin", "hair", "coat", "dress", "trousers", "shoe", "iris"],
        SubjectKind::Bird => &["body", "wing", "beak"],
        SubjectKind::Fish => &["body", "belly", "fin"],
        SubjectKind::Horse => &["body", "belly", "mane", "eye"],
        SubjectKind::Cat | SubjectKind::Dog | SubjectKind::Wolf => &["body", "belly", "eye"],
        SubjectKind::Asset => &["body"],
    }
}

/// Up to three candidates nearest to a word by edit distance, nearest first.
#[must_use]
pub fn nearest<'a>(word: &str, candidates: impl Iterator<Item = &'a str>) -> Vec<String> {
    let mut list: Vec<(usize, &str)> = candidates.map(|c| (edit_distance(word, c), c)).collect();
    list.sort_unstable();
    list.into_iter().take(3).map(|(_, c)| c.to_owned()).collect()
}

/// Levenshtein distance in characters.
fn edit_distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, y) in b.iter().enumerate() {
            let replaced = diagonal + usize::from(x != *y);
            diagonal = row[j + 1];
            row[j + 1] = replaced.min(row[j] + 1).min(diagonal + 1);
        }
    }
    row[b.len()]
}
