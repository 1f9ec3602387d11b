//! The only door to transcendental functions (law 4).
//!
//! The standard library's `sin`, `exp`, `pow` … are the platform's and differ
//! in their last bits between targets; `libm` is the same code everywhere.
//! `+ − × ÷ sqrt` are exact by IEEE 754 and need no door. Clippy's
//! `disallowed-methods` guards the rest of the workspace.

pub use core::f64::consts::{PI, TAU};

macro_rules! forward {
    ($(#[$doc:meta] $name:ident($($arg:ident),+) => $target:path;)+) => {
        $(#[$doc] #[inline] #[must_use] pub fn $name($($arg: f64),+) -> f64 { $target($($arg),+) })+
    };
}

forward! {
    /// Sine of an angle in radians.
    sin(x) => libm::sin;
    /// Cosine of an angle in radians.
    cos(x) => libm::cos;
    /// Tangent of an angle in radians.
    tan(x) => libm::tan;
    /// Arc sine, radians in [−π/2, π/2]; NaN outside [−1, 1].
    asin(x) => libm::asin;
    /// Arc cosine, radians in [0, π]; NaN outside [−1, 1].
    acos(x) => libm::acos;
    /// Arc tangent, radians in (−π/2, π/2).
    atan(x) => libm::atan;
    /// Angle of the point (x, y), radians in (−π, π].
    atan2(y, x) => libm::atan2;
    /// Hyperbolic tangent.
    tanh(x) => libm::tanh;
    /// e to the power x.
    exp(x) => libm::exp;
    /// 2 to the power x.
    exp2(x) => libm::exp2;
    /// Natural logarithm; NaN for x < 0.
    ln(x) => libm::log;
    /// Logarithm to base 2.
    log2(x) => libm::log2;
    /// Logarithm to base 10.
    log10(x) => libm::log10;
    /// x to the power y.
    pow(x, y) => libm::pow;
    /// Real cube root, signed.
    cbrt(x) => libm::cbrt;
    /// √(x² + y²) without overflow.
    hypot(x, y) => libm::hypot;
}

/// Sine and cosine of an angle in radians.
#[inline]
#[must_use]
pub fn sin_cos(x: f64) -> (f64, f64) {
    libm::sincos(x)
}

/// Linear interpolation: `a` at `t = 0`, `b` at `t = 1`, unclamped.
#[inline]
#[must_use]
pub fn lerp(a: f64, b: f64, t: f64) -> f64 {
    a + (b - a) * t
}

/// `x` limited to [0, 1].
#[inline]
#[must_use]
pub fn saturate(x: f64) -> f64 {
    x.clamp(0.0, 1.0)
}

/// Cubic Hermite step: 0 below `edge0`, 1 above `edge1`, C¹ between.
#[inline]
#[must_use]
pub fn smoothstep(edge0: f64, edge1: f64, x: f64) -> f64 {
    let t = saturate((x - edge0) / (edge1 - edge0));
    t * t * (3.0 - 2.0 * t)
}

/// Quintic step: 0 below `edge0`, 1 above `edge1`, C² between.
#[inline]
#[must_use]
pub fn smootherstep(edge0: f64, edge1: f64, x: f64) -> f64 {
    let t = saturate((x - edge0) / (edge1 - edge0));
    t * t * t * (t * (t * 6.0 - 15.0) + 10.0)
}

/// Single-precision twins for shading.
pub mod single {
    macro_rules! forward {
        ($(#[$doc:meta] $name:ident($($arg:ident),+) => $target:path;)+) => {
            $(#[$doc] #[inline] #[must_use] pub fn $name($($arg: f32),+) -> f32 { $target($($arg),+) })+
        };
    }

    forward! {
        /// Sine of an angle in radians.
        sin(x) => libm::sinf;
        /// Cosine of an angle in radians.
        cos(x) => libm::cosf;
        /// Arc cosine, radians.
        acos(x) => libm::acosf;
        /// Angle of the point (x, y), radians in (−π, π].
        atan2(y, x) => libm::atan2f;
        /// e to the power x.
        exp(x) => libm::expf;
        /// 2 to the power x.
        exp2(x) => libm::exp2f;
        /// Natural logarithm.
        ln(x) => libm::logf;
        /// Logarithm to base 2.
        log2(x) => libm::log2f;
        /// x to the power y.
        pow(x, y) => libm::powf;
        /// Real cube root, signed.
        cbrt(x) => libm::cbrtf;
        /// √(x² + y²) without overflow.
        hypot(x, y) => libm::hypotf;
    }

    /// Linear interpolation, unclamped.
    #[inline]
    #[must_use]
    pub fn lerp(a: f32, b: f32, t: f32) -> f32 {
        a + (b - a) * t
    }

    /// Cubic Hermite step between two edges.
    #[inline]
    #[must_use]
    pub fn smoothstep(edge0: f32, edge1: f32, x: f32) -> f32 {
        let t = ((x - edge0) / (edge1 - edge0)).clamp(0.0, 1.0);
        t * t * (3.0 - 2.0 * t)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_reach_their_edges() {
        for step in [smoothstep, smootherstep] {
            assert_eq!(step(2.0, 3.0, 1.9), 0.0);
            assert_eq!(step(2.0, 3.0, 3.1), 1.0);
            assert_eq!(step(2.0, 3.0, 2.5), 0.5);
        }
    }
}
