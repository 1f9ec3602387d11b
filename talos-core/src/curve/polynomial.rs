//! Polynomials: E(t) = a₀ + a₁t + a₂t² + …

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::parameter::{CurveError, check_magnitude};
use super::{Differentiable, Jet};

/// E(t) = a₀ + a₁t + a₂t² + …, C^∞ everywhere. The empty one is 0.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(try_from = "Vec<f64>", into = "Vec<f64>")]
pub struct Polynomial {
    coefficients: Vec<f64>,
}

impl Polynomial {
    /// Most coefficients. A film's tension needs a few; beyond degree 15 the coefficients of a
    /// curve over [0, 1] cancel each other so strongly that editing one is meaningless.
    pub const MAX_COEFFICIENTS: usize = 16;

    /// The polynomial with these coefficients, a₀ first.
    ///
    /// # Errors
    /// A coefficient is not finite or too large, or there are too many.
    pub fn new(coefficients: Vec<f64>) -> Result<Self, CurveError> {
        if coefficients.len() > Self::MAX_COEFFICIENTS {
            return Err(CurveError::TooMany {
                count: coefficients.len(),
                most: Self::MAX_COEFFICIENTS,
            });
        }
        check_magnitude(coefficients.iter().copied())?;
        Ok(Self { coefficients })
    }

    /// Coefficients, a₀ first.
    #[must_use]
    pub fn coefficients(&self) -> &[f64] {
        &self.coefficients
    }

    /// Its derivative as a polynomial.
    #[must_use]
    pub fn differentiated(&self) -> Self {
        let terms = self.coefficients.iter().enumerate().skip(1);
        Self {
            coefficients: terms.map(|(power, c)| power as f64 * c).collect(),
        }
    }

    /// Its integral from 0 as a polynomial.
    #[must_use]
    pub fn integrated(&self) -> Self {
        let terms = self.coefficients.iter().enumerate();
        let raised = terms.map(|(power, c)| c / (power as f64 + 1.0));
        Self {
            coefficients: core::iter::once(0.0).chain(raised).collect(),
        }
    }
}

impl Differentiable for Polynomial {
    fn jet(&self, t: f64) -> Jet {
        Jet::of_polynomial(&self.coefficients, t)
    }
}

impl TryFrom<Vec<f64>> for Polynomial {
    type Error = CurveError;
    fn try_from(coefficients: Vec<f64>) -> Result<Self, CurveError> {
        Self::new(coefficients)
    }
}

impl From<Polynomial> for Vec<f64> {
    fn from(polynomial: Polynomial) -> Self {
        polynomial.coefficients
    }
}

#[cfg(test)]
mod tests {
    use super::super::jet::assert_derivatives;
    use super::*;

    #[test]
    fn the_brief_s_emotion_curve() {
        let curve = Polynomial::new(vec![0.2, 1.5, -0.5]).expect("finite");
        let jet = curve.jet(2.0);
        assert!((jet.value - 1.2).abs() < 1e-15);
        assert_eq!((jet.first, jet.second), (-0.5, -1.0));
        assert_derivatives(&curve, -2.0, 2.0, &[]);
    }

    #[test]
    fn differentiation_undoes_integration() {
        let curve = Polynomial::new(vec![1.0, -2.0, 3.0, 4.0]).expect("finite");
        assert_eq!(curve.integrated().differentiated(), curve);
        assert_eq!(Polynomial::default().jet(3.0), Jet::default());
    }
}
