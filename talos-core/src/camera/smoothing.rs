//! Steady paths from unsteady ones: window averages and envelopes over baked samples.

use crate::curve::SplinePoint;
use crate::math::scalar;

/// Samples averaged with a raised-cosine window of `radius` samples to each side. Beyond the ends the
/// samples go on mirrored through the end point, so even motion is kept exactly, ends included.
#[must_use]
pub(super) fn averaged<P: SplinePoint>(samples: &[P], radius: usize) -> Vec<P> {
    let weights = window(radius);
    let last = samples.len() as i64 - 1;
    let at = |i: i64| {
        let inside = |i: i64| samples[i.clamp(0, last) as usize];
        if i < 0 {
            inside(0) * 2.0 - inside(-i)
        } else if i > last {
            inside(last) * 2.0 - inside(2 * last - i)
        } else {
            inside(i)
        }
    };
    let mean = |i: i64| {
        let mut sum = at(i) * weights[0];
        for (k, &w) in weights.iter().enumerate().skip(1) {
            sum = sum + (at(i - k as i64) + at(i + k as i64)) * w;
        }
        sum
    };
    (0..=last).map(mean).collect()
}

/// Half of a raised cosine, centre first; the whole sums to 1.
fn window(radius: usize) -> Vec<f64> {
    let span = radius as f64 + 1.0;
    let raw: Vec<f64> = (0..=radius)
        .map(|k| 0.5 + 0.5 * scalar::cos(scalar::PI * k as f64 / span))
        .collect();
    let total = raw[0] + 2.0 * raw[1..].iter().sum::<f64>();
    raw.into_iter().map(|w| w / total).collect()
}

/// A smooth curve that is nowhere below the samples: the largest of each neighbourhood, averaged
/// over less than that neighbourhood. Made into a [`crate::curve::UniformSpline`] it stays above
/// them too, since the spline's value at a sample depends on its two neighbours alone.
#[must_use]
pub(super) fn envelope(samples: &[f64], radius: usize) -> Vec<f64> {
    let reach = radius + 2;
    let largest = |i: usize| {
        let near = &samples[i.saturating_sub(reach)..(i + reach + 1).min(samples.len())];
        near.iter().copied().fold(f64::MIN, f64::max)
    };
    let dilated: Vec<f64> = (0..samples.len()).map(largest).collect();
    // averaged without mirroring: past an end its value goes on
    let weights = window(radius);
    let last = dilated.len() as i64 - 1;
    let at = |i: i64| dilated[i.clamp(0, last) as usize];
    let side = |i: i64, k: usize| (at(i - k as i64) + at(i + k as i64)) * if k == 0 { 0.5 } else { 1.0 };
    (0..=last)
        .map(|i| weights.iter().enumerate().map(|(k, w)| w * side(i, k)).sum())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::curve::UniformSpline;
    use crate::random::Seed;

    #[test]
    fn even_motion_is_kept_and_jitter_is_not() {
        let even: Vec<f64> = (0..40).map(|i| 3.0 + 0.5 * f64::from(i)).collect();
        for (a, b) in averaged(&even, 9).iter().zip(&even) {
            assert!((a - b).abs() < 1e-12);
        }
        let jitter: Vec<f64> = (0..40).map(|i| f64::from(i % 2)).collect();
        assert!(averaged(&jitter, 9)[20] > 0.49 && averaged(&jitter, 9)[20] < 0.51);
        assert!((averaged(&[2.0], 5)[0] - 2.0).abs() < 1e-12);
    }

    #[test]
    fn an_envelope_is_above_everything() {
        for seed in 0..20 {
            let stream = Seed(seed).stream("test/envelope");
            let samples: Vec<f64> = (0..50).map(|i| stream.range(i, -3.0, 8.0)).collect();
            let spline = UniformSpline::new(0.0, 1.0, envelope(&samples, 6)).expect("points");
            for (i, sample) in samples.iter().enumerate() {
                assert!(spline.at(i as f64) >= sample - 1e-9);
            }
        }
        let flat = envelope(&[4.0; 30], 6);
        assert!(flat.iter().all(|x| (x - 4.0).abs() < 1e-12));
    }
}
