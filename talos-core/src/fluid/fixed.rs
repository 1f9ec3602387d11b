//! The number of the simulation: 32-bit fixed point with 24 fractional bits.
//!
//! 24 bits resolve 6·10⁻⁸. Fewer stall slow diffusion (at 16 bits it stops moving);
//! more leave no room above the ±16 that velocities need. Products are 64-bit,
//! rounded once and *oddly* (half away from zero), so `f(−x) = −f(x)`: a mirrored
//! scene stays mirrored to the last bit.

/// Fractional bits of every field.
pub const FRACTION_BITS: u32 = 24;

/// One.
pub const ONE: i32 = 1 << FRACTION_BITS;

/// Bound of a velocity in cells a tick: just under 16. An exact trilinear interpolation with
/// 11-bit weights then fits 64 bits (28 + 3·11 + sign), and six velocities add up in 32.
pub const VELOCITY_LIMIT: i32 = (1 << 28) - 1;

/// Bound of temperature, fuel and soot: 4 times a full flame's.
pub const SCALAR_LIMIT: i32 = 4 * ONE;

/// A number of the simulation, i32 / 2²⁴, in [−128, 128).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Fixed(pub i32);

impl Fixed {
    /// The nearest number, ties to even, saturating; NaN gives 0 (scene values are checked before).
    #[must_use]
    pub fn from_f64(value: f64) -> Self {
        Self((value * f64::from(ONE)).round_ties_even() as i32)
    }

    /// Its value, exactly.
    #[must_use]
    pub fn to_f64(self) -> f64 {
        f64::from(self.0) / f64::from(ONE)
    }
}

/// `x / 2^bits` rounded half away from zero; `bits ≥ 1`.
#[inline]
#[must_use]
pub fn round_shift(x: i64, bits: u32) -> i64 {
    (x + (1 << (bits - 1)) + (x >> 63)) >> bits
}

/// `a · b`, rounded half away from zero, saturating.
#[inline]
#[must_use]
pub fn mul(a: i32, b: i32) -> i32 {
    saturate(round_shift(i64::from(a) * i64::from(b), FRACTION_BITS))
}

/// `(a + b) / 2`, rounded half away from zero.
#[inline]
#[must_use]
pub fn mean(a: i32, b: i32) -> i32 {
    round_shift(i64::from(a) + i64::from(b), 1) as i32
}

/// The nearest i32.
#[inline]
#[must_use]
pub fn saturate(x: i64) -> i32 {
    x.clamp(i64::from(i32::MIN), i64::from(i32::MAX)) as i32
}

/// A velocity kept in its range.
#[inline]
#[must_use]
pub fn bound_velocity(x: i64) -> i32 {
    x.clamp(-i64::from(VELOCITY_LIMIT), i64::from(VELOCITY_LIMIT)) as i32
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn entering_rounds_half_to_even_and_saturates() {
        let quantum = 1.0 / f64::from(ONE);
        assert_eq!(Fixed::from_f64(0.5 * quantum).0, 0);
        assert_eq!(Fixed::from_f64(1.5 * quantum).0, 2);
        assert_eq!(Fixed::from_f64(-1.5 * quantum).0, -2);
        assert_eq!(Fixed::from_f64(1e300).0, i32::MAX);
        assert_eq!(Fixed::from_f64(f64::NEG_INFINITY).0, i32::MIN);
        assert_eq!(Fixed::from_f64(f64::NAN).0, 0);
    }

    proptest! {
        #[test]
        fn rounding_is_odd_and_nearest(x in -(1_i64 << 61)..(1_i64 << 61), bits in 1_u32..40) {
            prop_assert_eq!(round_shift(-x, bits), -round_shift(x, bits));
            let error = (i128::from(round_shift(x, bits)) << bits) - i128::from(x);
            prop_assert!(error.abs() <= 1_i128 << (bits - 1));
        }

        #[test]
        fn products_are_odd_and_saturate(a in any::<i32>(), b in any::<i32>()) {
            let exact = Fixed(a).to_f64() * Fixed(b).to_f64();
            let got = Fixed(mul(a, b)).to_f64();
            prop_assert!((got - exact.clamp(-128.0, 128.0)).abs() <= 1e-7);
        }
    }
}
