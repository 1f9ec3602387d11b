//! What can be turned by hand: addresses with their values, units and ranges.

use serde::Serialize;
use serde_json::Value;

use super::{Control, ControlError, responses};
use crate::{
    artefact::{
        CameraAngle, Cut, CutSpec, GroundCover, MoveKind, ShotSize, StyleProfile, SubjectKind, TimeOfDay,
        Weather,
    },
    math::scalar,
    nearest::nearest,
    palette,
};

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
        responses::list(&self.with_tension(spec), &mut list);
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

    /// A numeric override that is not part of the spec (light, responses).
    #[must_use]
    pub fn number(&self, address: &str) -> Option<f64> {
        self.overrides.get(address).and_then(Value::as_f64)
    }
}

fn bad_value(parameter: &Parameter, value: &Value) -> ControlError {
    ControlError::BadValue {
        address: parameter.address.clone(),
        value: value.to_string(),
        expected: parameter.range.describe(),
    }
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
        Affects::Drawing,
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
    use GroundCover as G;
    use TimeOfDay as T;
    use Weather as W;
    let times = words(&[T::Dawn, T::Morning, T::Day, T::Sunset, T::Dusk, T::Night]);
    push(
        list,
        "place/time_of_day".into(),
        json(&spec.place.time_of_day),
        "",
        times,
        Affects::Color,
    );
    let weathers = words(&[W::Clear, W::Cloudy, W::Rain, W::Snow, W::Fog, W::Storm, W::Wind]);
    push(
        list,
        "place/weather".into(),
        json(&spec.place.weather),
        "",
        weathers,
        // snow lies on the ground: it moves it; other weathers change colour and light alone
        Affects::Everything,
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
    let styles = Range::Word(StyleProfile::built_in().into_iter().map(|s| s.name).collect());
    push(
        list,
        "style/name".into(),
        spec.style.as_str().into(),
        "",
        styles,
        Affects::Color,
    );
}

fn cut_parameters(cut: &Cut, list: &mut Vec<Parameter>) {
    use CameraAngle as A;
    use ShotSize as S;
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
