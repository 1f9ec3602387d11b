//! A curve as a parameter: what `control.json` may hold in the place of a number.

use std::fmt;

use schemars::JsonSchema;
use serde::de::value::{MapAccessDeserializer, SeqAccessDeserializer};
use serde::de::{Error, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize};

use super::{Differentiable, Jet, Keyframed, Monotone, Piecewise, Polynomial};

/// What is wrong with a curve's numbers.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum CurveError {
    /// Nothing to go through.
    #[error("a curve needs at least one point")]
    Empty,
    /// A number that is not finite, or too large to compute with.
    #[error("{0} cannot be used in a curve: write a number between −1e12 and 1e12")]
    Magnitude(f64),
    /// Two points at one place or in the wrong order.
    #[error("the places of a curve's points must rise by at least 1e-9, but {after} follows {before}")]
    Order {
        /// The earlier point's place.
        before: f64,
        /// The place that should be greater.
        after: f64,
    },
    /// More coefficients than make sense.
    #[error("{count} coefficients are too many: at most {most}")]
    TooMany {
        /// How many were given.
        count: usize,
        /// How many are allowed.
        most: usize,
    },
}

/// A curve of one variable, usually the share of the film, [0, 1].
///
/// In JSON: a number, a list of evenly spaced values over [0, 1] (a monotone cubic through
/// them), or an object naming its kind, e.g. `{"polynomial": [0.2, 1.5, -0.5]}`.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Curve {
    /// Keys with interpolations.
    Keyframed(Keyframed),
    /// A monotone cubic through `[t, value]` points.
    Monotone(Monotone),
    /// a₀ + a₁t + a₂t² + …
    Polynomial(Polynomial),
    /// One curve after another.
    Piecewise(Piecewise),
    /// The same value everywhere.
    #[serde(untagged)]
    Constant(f64),
    /// Evenly spaced values over [0, 1], passed through by a monotone cubic.
    #[serde(untagged)]
    Even(Even),
}

/// Evenly spaced values over [0, 1].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(try_from = "Vec<f64>", into = "Vec<f64>")]
pub struct Even(Monotone);

impl Curve {
    /// The C¹ curve through evenly spaced values over [0, 1].
    ///
    /// # Errors
    /// There are none, or one is not finite.
    pub fn through(values: &[f64]) -> Result<Self, CurveError> {
        Even::try_from(values.to_vec()).map(Self::Even)
    }
}

impl From<f64> for Curve {
    fn from(value: f64) -> Self {
        Self::Constant(value)
    }
}

impl Differentiable for Curve {
    fn jet(&self, t: f64) -> Jet {
        match self {
            Self::Constant(value) => Jet::constant(*value),
            Self::Even(curve) => curve.0.jet(t),
            Self::Keyframed(curve) => curve.jet(t),
            Self::Monotone(curve) => curve.jet(t),
            Self::Polynomial(curve) => curve.jet(t),
            Self::Piecewise(curve) => curve.jet(t),
        }
    }
}

impl TryFrom<Vec<f64>> for Even {
    type Error = CurveError;
    fn try_from(values: Vec<f64>) -> Result<Self, CurveError> {
        let last = (values.len().max(2) - 1) as f64;
        let points = values.into_iter().enumerate();
        Monotone::new(points.map(|(i, v)| (i as f64 / last, v)).collect()).map(Self)
    }
}

impl From<Even> for Vec<f64> {
    fn from(even: Even) -> Self {
        even.0.points().iter().map(|p| p.1).collect()
    }
}

/// The kinds that are named, read by the derived code.
#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum NamedKind {
    Keyframed(Keyframed),
    Monotone(Monotone),
    Polynomial(Polynomial),
    Piecewise(Piecewise),
}

/// Written by hand because a derived reader of an enum with untagged forms says only that
/// nothing matched; this one passes on what was wrong.
impl<'de> Deserialize<'de> for Curve {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(CurveVisitor)
    }
}

struct CurveVisitor;

impl<'de> Visitor<'de> for CurveVisitor {
    type Value = Curve;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a number, a list of values, or one of keyframed, monotone, polynomial, piecewise")
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Curve, E> {
        check_magnitude([value]).map_err(E::custom)?;
        Ok(Curve::Constant(value))
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<Curve, E> {
        self.visit_f64(value as f64)
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<Curve, E> {
        self.visit_f64(value as f64)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, values: A) -> Result<Curve, A::Error> {
        Even::deserialize(SeqAccessDeserializer::new(values)).map(Curve::Even)
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Curve, A::Error> {
        Ok(match NamedKind::deserialize(MapAccessDeserializer::new(map))? {
            NamedKind::Keyframed(curve) => Curve::Keyframed(curve),
            NamedKind::Monotone(curve) => Curve::Monotone(curve),
            NamedKind::Polynomial(curve) => Curve::Polynomial(curve),
            NamedKind::Piecewise(curve) => Curve::Piecewise(curve),
        })
    }
}

/// Largest magnitude of a curve's numbers. Slopes divide by gaps of 1e-9 and are squared:
/// 1e12 keeps them within a double with room; a film's quantities are far below.
const MAX_MAGNITUDE: f64 = 1e12;

/// Smallest gap between two points of a curve.
const MIN_GAP: f64 = 1e-9;

pub(super) fn check_magnitude(values: impl IntoIterator<Item = f64>) -> Result<(), CurveError> {
    // NaN fails the comparison too
    let bad = values
        .into_iter()
        .find(|v| !matches!(v.abs().partial_cmp(&MAX_MAGNITUDE), Some(o) if o.is_le()));
    bad.map_or(Ok(()), |v| Err(CurveError::Magnitude(v)))
}

pub(super) fn check_order(places: impl Iterator<Item = f64>) -> Result<(), CurveError> {
    let places: Vec<f64> = places.collect();
    if places.is_empty() {
        return Err(CurveError::Empty);
    }
    check_magnitude(places.iter().copied())?;
    match places.windows(2).find(|p| p[1] - p[0] < MIN_GAP) {
        None => Ok(()),
        Some(p) => Err(CurveError::Order {
            before: p[0],
            after: p[1],
        }),
    }
}

/// The segment that holds `t` (its first point's index), or the end point that is held there.
pub(super) fn segment_at<T>(points: &[T], t: f64, place: impl Fn(&T) -> f64) -> Result<usize, &T> {
    let after = points.partition_point(|p| place(p) <= t);
    if after == 0 {
        Err(&points[0])
    } else if after == points.len() {
        Err(&points[after - 1])
    } else {
        Ok(after - 1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_forms_are_read_and_written_back() {
        for text in [
            "0.5",
            "[0.2,0.7,1.0,0.4]",
            r#"{"polynomial":[0.2,1.5,-0.5]}"#,
            r#"{"monotone":[[0.0,1.0],[0.5,2.0]]}"#,
            r#"{"keyframed":[{"t":0.0,"value":1.0,"to_next":{"ease":"smoother"}}]}"#,
            r#"{"piecewise":[{"from":0.0,"curve":0.3},{"from":0.5,"curve":{"polynomial":[1.0]}}]}"#,
        ] {
            let curve: Curve = serde_json::from_str(text).expect(text);
            assert_eq!(serde_json::to_string(&curve).expect("plain data"), text);
            assert!(curve.value(0.4).is_finite());
        }
        for text in [
            "[]",
            "1e300",
            r#"{"monotone":[[1.0,1.0],[0.5,2.0]]}"#,
            r#"{"spiral":[1.0]}"#,
            "\"x\"",
        ] {
            assert!(serde_json::from_str::<Curve>(text).is_err(), "{text}");
        }
    }

    #[test]
    fn even_values_are_passed_through_and_pieces_follow_each_other() {
        let tension = Curve::through(&[0.2, 0.7, 1.0, 0.4]).expect("finite");
        assert!((tension.value(1.0 / 3.0) - 0.7).abs() < 1e-12);
        assert!((tension.value(1.0) - 0.4).abs() < 1e-12);
        let text =
            r#"{"piecewise":[{"from":0.0,"curve":0.3},{"from":0.5,"curve":{"polynomial":[0.0,1.0]}}]}"#;
        let pieces: Curve = serde_json::from_str(text).expect("valid");
        assert_eq!(
            [-1.0, 0.49, 0.5, 2.0].map(|t| pieces.value(t)),
            [0.3, 0.3, 0.5, 2.0]
        );
        assert_eq!(pieces.derivative(0.5), 1.0);
    }

    #[test]
    fn an_error_says_what_to_mend() {
        let message = |text| serde_json::from_str::<Curve>(text).expect_err(text).to_string();
        assert!(message(r#"{"monotone":[[1.0,1.0],[0.5,2.0]]}"#).contains("0.5 follows 1"));
        assert!(message("[]").contains("at least one point"));
        assert!(message(r#"{"spiral":1}"#).contains("spiral"));
    }

    #[test]
    fn every_form_has_a_schema() {
        let schema = serde_json::to_string(&schemars::schema_for!(Curve)).expect("plain data");
        for word in ["polynomial", "monotone", "piecewise", "keyframed", "smoother"] {
            assert!(schema.contains(word), "{word}");
        }
    }
}
