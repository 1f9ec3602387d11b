//! Keyframes: values at times and how to go from each to the next.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::monotone::hermite;
use super::parameter::{CurveError, check_magnitude, check_order, segment_at};
use super::{Differentiable, Easing, Jet};

/// How a curve goes from one key to the next.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Interpolation {
    /// Keeps the key's value until the next key.
    Hold,
    /// Straight.
    Linear,
    /// Cubic with the slopes of both keys: C¹ where Hermite segments meet.
    #[default]
    Hermite,
    /// Straight but paced; with [`Easing::Smoother`] on both sides of a key it is C² there.
    Ease(Easing),
}

/// A value at a time.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Key {
    /// Where.
    pub t: f64,
    /// What.
    pub value: f64,
    /// How to go on from here.
    #[serde(default)]
    pub to_next: Interpolation,
    /// Slope here for Hermite segments; left out: that of the parabola through this key and its
    /// neighbours (0 at an end).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub slope: Option<f64>,
}

impl Key {
    /// A key with a smooth passage to the next.
    #[must_use]
    pub fn new(t: f64, value: f64) -> Self {
        Self {
            t,
            value,
            to_next: Interpolation::Hermite,
            slope: None,
        }
    }
}

/// A curve through keys; outside them it holds the end values.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(try_from = "Vec<Key>", into = "Vec<Key>")]
pub struct Keyframed {
    keys: Vec<Key>,
}

impl Keyframed {
    /// The curve through `keys`, in rising order of t.
    ///
    /// # Errors
    /// There are no keys, a number is not finite or too large, or t does not rise.
    pub fn new(keys: Vec<Key>) -> Result<Self, CurveError> {
        check_order(keys.iter().map(|key| key.t))?;
        check_magnitude(keys.iter().flat_map(|key| [key.value, key.slope.unwrap_or(0.0)]))?;
        Ok(Self { keys })
    }

    /// The keys.
    #[must_use]
    pub fn keys(&self) -> &[Key] {
        &self.keys
    }

    fn slope(&self, k: usize) -> f64 {
        if let Some(slope) = self.keys[k].slope {
            return slope;
        }
        if k == 0 || k + 1 == self.keys.len() {
            return 0.0;
        }
        let (before, here, after) = (self.keys[k - 1], self.keys[k], self.keys[k + 1]);
        let (h0, h1) = (here.t - before.t, after.t - here.t);
        let (s0, s1) = ((here.value - before.value) / h0, (after.value - here.value) / h1);
        (s0 * h1 + s1 * h0) / (h0 + h1)
    }

    fn segment_jet(&self, k: usize, t: f64) -> Jet {
        let (a, b) = (self.keys[k], self.keys[k + 1]);
        let (width, change) = (b.t - a.t, b.value - a.value);
        let eased = |easing: Easing| {
            let pace = Jet::of_polynomial(&easing.coefficients(), (t - a.t) / width);
            pace.stretched(width).affine(a.value, change)
        };
        match a.to_next {
            Interpolation::Hold => Jet::constant(a.value),
            Interpolation::Linear => eased(Easing::Linear),
            Interpolation::Ease(easing) => eased(easing),
            Interpolation::Hermite => {
                let cubic = hermite((a.value, self.slope(k)), (b.value, self.slope(k + 1)), width);
                Jet::of_polynomial(&cubic, t - a.t)
            }
        }
    }
}

impl Differentiable for Keyframed {
    fn jet(&self, t: f64) -> Jet {
        match segment_at(&self.keys, t, |key| key.t) {
            Err(end) => Jet::constant(end.value),
            Ok(k) => self.segment_jet(k, t),
        }
    }
}

impl TryFrom<Vec<Key>> for Keyframed {
    type Error = CurveError;
    fn try_from(keys: Vec<Key>) -> Result<Self, CurveError> {
        Self::new(keys)
    }
}

impl From<Keyframed> for Vec<Key> {
    fn from(curve: Keyframed) -> Self {
        curve.keys
    }
}

#[cfg(test)]
mod tests {
    use super::super::jet::assert_derivatives;
    use super::*;

    fn keyed(how: Interpolation) -> Keyframed {
        let key = |t, value| Key {
            to_next: how,
            ..Key::new(t, value)
        };
        Keyframed::new(vec![key(0.0, 1.0), key(1.0, 3.0), key(2.5, -1.0), key(3.0, 0.5)]).expect("in order")
    }

    #[test]
    fn every_interpolation_meets_its_keys_with_exact_derivatives() {
        let eased = Easing::ALL.map(Interpolation::Ease);
        for how in [Interpolation::Hold, Interpolation::Linear, Interpolation::Hermite]
            .iter()
            .chain(&eased)
        {
            let curve = keyed(*how);
            for key in curve.keys() {
                assert!((curve.value(key.t) - key.value).abs() < 1e-12, "{how:?}");
            }
            assert_derivatives(&curve, 0.01, 2.99, &[1.0, 2.5]);
        }
    }

    #[test]
    fn smoothness_is_what_is_promised() {
        let jump = |how, order: fn(&Jet) -> f64| {
            let curve = keyed(how);
            let at = |t| order(&curve.jet(t));
            [1.0, 2.5]
                .map(|t| (at(t) - at(t - 1e-9)).abs())
                .into_iter()
                .fold(0.0, f64::max)
        };
        assert!(jump(Interpolation::Hermite, |jet| jet.first) < 1e-6);
        let smoother = Interpolation::Ease(Easing::Smoother);
        assert!(jump(smoother, |jet| jet.first) < 1e-6);
        assert!(jump(smoother, |jet| jet.second) < 1e-5);
        assert!(jump(Interpolation::Linear, |jet| jet.first) > 1.0);
    }

    #[test]
    fn json_round_trips_and_nonsense_is_refused() {
        let curve = keyed(Interpolation::Ease(Easing::Overshoot));
        let text = serde_json::to_string(&curve).expect("plain data");
        assert_eq!(
            serde_json::from_str::<Keyframed>(&text).expect("own output"),
            curve
        );
        let error = serde_json::from_str::<Keyframed>(r#"[{"t":1,"value":0},{"t":0,"value":1}]"#);
        assert!(error.expect_err("order").to_string().contains("rise"));
        assert!(serde_json::from_str::<Keyframed>(r#"[{"t":1,"valeu":0}]"#).is_err());
    }
}
