//! Responses with their overrides: the values a film uses.

use std::collections::BTreeMap;

use thiserror::Error;

use super::response::{RESPONSES, Response, ResponseKind};
use super::{EmotionPath, Vad};
use crate::curve::{Curve, Differentiable};

/// Why an override was refused.
#[derive(Clone, Debug, PartialEq, Error)]
#[non_exhaustive]
pub enum ResponseError {
    /// No response has this address.
    #[error("no response has the address `{address}`; there are: {known}")]
    Unknown {
        /// What was asked for.
        address: String,
        /// All addresses.
        known: String,
    },
    /// A value that leaves the response's range.
    #[error("`{address}` would be {value} {unit} at {at} of the film; keep it in [{low}, {high}]")]
    Range {
        /// The response.
        address: &'static str,
        /// The first value outside.
        value: f64,
        /// Its unit.
        unit: &'static str,
        /// Share of the film.
        at: f64,
        /// Smallest value.
        low: f64,
        /// Largest value.
        high: f64,
    },
}

/// The responses of a film: computed from emotion, or overridden by a curve over the film.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Responses {
    overrides: BTreeMap<&'static str, Curve>,
}

/// Places at which an override is checked. A curve that leaves its range between them is
/// limited when it is read.
const CHECKS: u32 = 64;

impl Responses {
    /// The response itself.
    #[must_use]
    pub fn response(kind: ResponseKind) -> &'static Response {
        // the table lists each kind once, in the order of the enum; a test holds it to that
        &RESPONSES[kind as usize]
    }

    /// Puts a constant or a curve over the film in a response's place.
    ///
    /// # Errors
    /// No response has the address, or the value leaves its range.
    pub fn set(&mut self, address: &str, value: impl Into<Curve>) -> Result<(), ResponseError> {
        let curve = value.into();
        let Some(response) = RESPONSES.iter().find(|r| r.address == address) else {
            let known: Vec<_> = RESPONSES.iter().map(|r| r.address).collect();
            return Err(ResponseError::Unknown {
                address: address.to_owned(),
                known: known.join(", "),
            });
        };
        check_range(response, &curve)?;
        self.overrides.insert(response.address, curve);
        Ok(())
    }

    /// Takes an override away; whether there was one.
    pub fn clear(&mut self, address: &str) -> bool {
        self.overrides.remove(address).is_some()
    }

    /// Value of a response for an emotion, at a share of the film, in [0, 1] (which only an
    /// override depends on).
    #[must_use]
    pub fn value(&self, kind: ResponseKind, vad: Vad, share: f64) -> f64 {
        let response = Self::response(kind);
        match self.overrides.get(response.address) {
            Some(curve) => curve.value(share).clamp(response.low, response.high),
            None => response.of(vad),
        }
    }

    /// Value of a response along a path.
    #[must_use]
    pub fn along(&self, kind: ResponseKind, path: &EmotionPath, share: f64) -> f64 {
        self.value(kind, path.at(share), share)
    }
}

fn check_range(response: &Response, curve: &Curve) -> Result<(), ResponseError> {
    let places = (0..=CHECKS).map(|i| f64::from(i) / f64::from(CHECKS));
    let mut values = places.map(|at| (at, curve.value(at)));
    match values.find(|(_, value)| !(response.low..=response.high).contains(value)) {
        None => Ok(()),
        Some((at, value)) => Err(ResponseError::Range {
            address: response.address,
            value,
            unit: response.unit,
            at,
            low: response.low,
            high: response.high,
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_find_their_own_response() {
        for (i, response) in RESPONSES.iter().enumerate() {
            assert_eq!(response.kind as usize, i);
            assert_eq!(Responses::response(response.kind).address, response.address);
        }
    }

    #[test]
    fn an_override_takes_the_place_and_can_be_taken_away() {
        let mut responses = Responses::default();
        let calm = Vad::new(0.0, -1.0, 0.0);
        let computed = responses.value(ResponseKind::ShakeRad, calm, 0.5);
        responses.set("response/shake_rad", 0.01).expect("in range");
        assert_eq!(responses.value(ResponseKind::ShakeRad, calm, 0.5), 0.01);
        let curve = Curve::through(&[0.0, 0.02]).expect("finite");
        responses.set("response/shake_rad", curve).expect("in range");
        assert!((responses.value(ResponseKind::ShakeRad, calm, 0.25) - 0.005).abs() < 1e-12);
        assert!(responses.clear("response/shake_rad") && !responses.clear("response/shake_rad"));
        assert_eq!(responses.value(ResponseKind::ShakeRad, calm, 0.5), computed);
    }

    #[test]
    fn wrong_addresses_and_values_are_refused_with_the_right_ones() {
        let mut responses = Responses::default();
        let unknown = responses
            .set("response/shaek", 0.01)
            .expect_err("unknown")
            .to_string();
        assert!(unknown.contains("response/shake_rad"));
        let range = responses
            .set("response/shake_rad", 3.0)
            .expect_err("range")
            .to_string();
        assert!(range.contains("0.02") && range.contains("rad"));
        assert!(responses.set("response/line_weight", f64::NAN).is_err());
        assert_eq!(responses, Responses::default());
    }

    #[test]
    fn values_follow_the_path() {
        let keys = super::super::arc_keys(crate::artefact::StoryArc::Tragedy, Vad::default(), 0.8);
        let path = EmotionPath::new(&keys).expect("in order");
        let responses = Responses::default();
        let lightness = |t| responses.along(ResponseKind::LightnessShift, &path, t);
        assert!(lightness(0.0) > 0.02 && lightness(1.0) < -0.02);
    }
}
