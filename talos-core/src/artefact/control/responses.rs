//! Emotion's responses in `control.json`: `response/shake_rad` and its like, each a number or
//! a curve over the film in place of what emotion gives.

use serde_json::Value;

use super::{Affects, Control, Parameter, Range};
use crate::{
    artefact::CutSpec,
    curve::Curve,
    emotion::{EmotionPath, ResponseKind, Responses},
};

/// The responses that a film reads from its control, with what each change makes stale. Shot
/// lengths are planned before there is a film to control: they are an option of directing.
pub(crate) const ADJUSTABLE: [(ResponseKind, Affects); 10] = [
    (ResponseKind::ShakeRad, Affects::Camera),
    (ResponseKind::MoveSpeed, Affects::Camera),
    (ResponseKind::LineWeight, Affects::Color),
    (ResponseKind::PenPressure, Affects::Drawing),
    (ResponseKind::LightnessShift, Affects::Color),
    (ResponseKind::ChromaFactor, Affects::Color),
    (ResponseKind::KeyFillRatio, Affects::Light),
    (ResponseKind::EffectIntensity, Affects::Effects),
    (ResponseKind::MotionAmplitude, Affects::Everything),
    (ResponseKind::MotionTempo, Affects::Everything),
];

/// Shares of the film at which a computed response is shown.
const SHOWN: [f64; 5] = [0.0, 0.25, 0.5, 0.75, 1.0];

impl Control {
    /// The responses with their overrides. Those that do not fit are left computed;
    /// [`Control::misfit`] names them.
    #[must_use]
    pub fn responses(&self) -> Responses {
        let mut responses = Responses::default();
        for (address, value) in &self.overrides {
            if let Some(curve) = curve(value) {
                // an address of another kind, or a value outside: left computed
                let _ = responses.set(address, curve);
            }
        }
        responses
    }

    /// Overridden responses whose change makes this stale, by address: part of a store's key.
    pub(crate) fn responses_that(&self, affects: Affects) -> Vec<(&str, &Value)> {
        let own = |address: &str| {
            ADJUSTABLE
                .iter()
                .any(|(kind, a)| *a == affects && Responses::response(*kind).address == address)
        };
        self.overrides
            .iter()
            .filter(|(address, _)| own(address))
            .map(|(address, value)| (address.as_str(), value))
            .collect()
    }
}

/// A number, or numbers over the film, as a curve.
fn curve(value: &Value) -> Option<Curve> {
    if let Some(number) = value.as_f64() {
        return Some(number.into());
    }
    let numbers: Option<Vec<f64>> = value.as_array()?.iter().map(Value::as_f64).collect();
    Curve::through(&numbers?).ok()
}

/// Adds the responses to a list of parameters, with the values that the film's emotion gives.
pub(super) fn list(spec: &CutSpec, list: &mut Vec<Parameter>) {
    let path = EmotionPath::new(&spec.emotion.keys).ok();
    let computed = Responses::default();
    for (kind, affects) in ADJUSTABLE {
        let response = Responses::response(kind);
        let value = path.as_ref().map_or(Value::Null, |path| {
            shown(&SHOWN.map(|share| computed.along(kind, path, share)))
        });
        list.push(Parameter {
            address: response.address.into(),
            value,
            overridden: false,
            unit: response.unit.into(),
            range: Range::Curve(response.low, response.high),
            affects,
        });
    }
}

/// One number where the film has one, else its values at even steps; four digits.
fn shown(values: &[f64]) -> Value {
    let rounded: Vec<f64> = values.iter().map(|v| (v * 1e4).round() / 1e4).collect();
    if rounded.iter().all(|v| *v == rounded[0]) {
        rounded[0].into()
    } else {
        rounded.into()
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::{
        emotion::Vad,
        random::Seed,
        stage::prism::{DirectOptions, direct},
    };

    fn spec() -> CutSpec {
        let options = DirectOptions {
            seed: Seed(1),
            ..DirectOptions::default()
        };
        direct("a sad cat walks in a forest, 1 second", &options).expect("a film")
    }

    #[test]
    fn every_adjustable_response_is_listed_and_takes_numbers_and_curves_in_its_range() {
        let spec = spec();
        for (kind, affects) in ADJUSTABLE {
            let response = Responses::response(kind);
            let mut control = Control::default();
            let middle = 0.5 * (response.low + response.high);
            let set = control.set(&spec, response.address, json!(middle)).expect("fits");
            assert_eq!(set, affects);
            assert_eq!(control.responses().value(kind, Vad::default(), 0.3), middle);
            let ends = json!([response.low, response.high]);
            control.set(&spec, response.address, ends).expect("a curve fits");
            assert_eq!(
                control.responses().value(kind, Vad::default(), 1.0),
                response.high
            );
            for wrong in [
                json!(response.high + 1.0),
                json!([]),
                json!("much"),
                json!([middle, "x"]),
            ] {
                let refused = control.set(&spec, response.address, wrong).expect_err("refused");
                assert!(
                    refused.to_string().contains("or numbers over the film"),
                    "{refused}"
                );
            }
        }
    }

    #[test]
    fn what_does_not_fit_by_hand_is_named() {
        let spec = spec();
        let mut control = Control::default();
        assert!(control.misfit(&spec).is_none());
        control.overrides.insert("response/shake_rad".into(), json!(7));
        let misfit = control.misfit(&spec).expect("too much").to_string();
        assert!(
            misfit.contains("response/shake_rad") && misfit.contains("0.02"),
            "{misfit}"
        );
        assert_eq!(control.responses(), Responses::default());
    }
}
