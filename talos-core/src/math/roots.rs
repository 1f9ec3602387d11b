//! Roots of functions of one variable.

/// Steps of [`bisect`]. Each halves the interval, and a double has 53 bits: 64 steps reach the
/// last bit of any interval whose ends are within a factor of 2000; fewer would leave a trace of
/// the interval in the result, more would change nothing.
const STEPS: u32 = 64;

/// The place in [`low`, `high`] where `f` changes sign, found by bisection.
///
/// `f` should be negative on one side and positive on the other. When it has one sign
/// throughout (or is NaN) the end with the smaller |f| is the answer, so that a caller
/// gets the nearest feasible value and can measure what is left.
#[must_use]
pub fn bisect(f: impl Fn(f64) -> f64, low: f64, high: f64) -> f64 {
    let (mut a, mut b) = (low, high);
    let (at_a, at_b) = (f(a), f(b));
    if at_a == 0.0 {
        return a;
    }
    // written so that NaN takes this branch
    if !((at_a < 0.0 && at_b >= 0.0) || (at_a > 0.0 && at_b <= 0.0)) {
        return if at_b.abs() < at_a.abs() { b } else { a };
    }
    for _ in 0..STEPS {
        let middle = a + (b - a) * 0.5;
        if (f(middle) < 0.0) == (at_a < 0.0) {
            a = middle;
        } else {
            b = middle;
        }
    }
    a + (b - a) * 0.5
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_root_is_found_from_either_side() {
        assert!((bisect(|x| x * x - 2.0, 0.0, 2.0) - 2.0_f64.sqrt()).abs() < 1e-15);
        assert!((bisect(|x| 2.0 - x * x, 0.0, 2.0) - 2.0_f64.sqrt()).abs() < 1e-15);
        assert_eq!(bisect(|x| x, 0.0, 1.0), 0.0);
    }

    #[test]
    fn without_a_root_the_nearer_end_answers() {
        assert_eq!(bisect(|x| x + 1.0, 0.0, 5.0), 0.0);
        assert_eq!(bisect(|x| x - 9.0, 0.0, 5.0), 5.0);
        assert_eq!(bisect(|_| f64::NAN, 1.0, 2.0), 1.0);
    }
}
