//! Curves of one variable: keyframes, easing, monotone cubics, polynomials, pieces, splines.
//!
//! Every curve answers with a [`Jet`]: its value and its exact first and second derivative,
//! never a difference quotient.

mod easing;
mod jet;
mod keyframed;
mod monotone;
mod parameter;
mod piecewise;
mod polynomial;
mod spline;

pub use easing::Easing;
pub use jet::{Differentiable, Jet};
pub use keyframed::{Interpolation, Key, Keyframed};
pub use monotone::Monotone;
pub use parameter::{Curve, CurveError};
pub use piecewise::{Piece, Piecewise};
pub use polynomial::Polynomial;
pub use spline::{SplinePoint, UniformSpline};
