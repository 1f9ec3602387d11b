//! Curves put together from pieces.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::parameter::{CurveError, check_order};
use super::{Curve, Differentiable, Jet};

/// A curve from a place on.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Piece {
    /// Where it begins; it ends where the next begins.
    pub from: f64,
    /// The curve, in the same variable (not counted from `from`).
    pub curve: Curve,
}

/// One curve after another. Before the first piece the first goes on, after the last the last.
/// As smooth as its pieces inside; what it does at the joints is the author's choice.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(try_from = "Vec<Piece>", into = "Vec<Piece>")]
pub struct Piecewise {
    pieces: Vec<Piece>,
}

impl Piecewise {
    /// The pieces in rising order of `from`.
    ///
    /// # Errors
    /// There are none, or `from` is not finite or does not rise.
    pub fn new(pieces: Vec<Piece>) -> Result<Self, CurveError> {
        check_order(pieces.iter().map(|piece| piece.from))?;
        Ok(Self { pieces })
    }

    /// The pieces.
    #[must_use]
    pub fn pieces(&self) -> &[Piece] {
        &self.pieces
    }
}

impl Differentiable for Piecewise {
    fn jet(&self, t: f64) -> Jet {
        let after = self.pieces.partition_point(|piece| piece.from <= t);
        self.pieces[after.saturating_sub(1)].curve.jet(t)
    }
}

impl TryFrom<Vec<Piece>> for Piecewise {
    type Error = CurveError;
    fn try_from(pieces: Vec<Piece>) -> Result<Self, CurveError> {
        Self::new(pieces)
    }
}

impl From<Piecewise> for Vec<Piece> {
    fn from(curve: Piecewise) -> Self {
        curve.pieces
    }
}
