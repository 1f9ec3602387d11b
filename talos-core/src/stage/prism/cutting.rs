//! How many cuts, and how long each is.

use crate::random::Seed;
use crate::time::FrameRate;

/// Films up to this length get one cut: a second one would leave neither time to be read.
const ONE_CUT_S: f64 = 3.0;

/// No cut is shorter: below a second a new picture is not taken in (Smith & Henderson 2008 find
/// that viewers need about that long to find the new centre of interest).
const SHORTEST_CUT_S: f64 = 1.0;

/// Mean lengths of shots that may be asked for: from the shortest that can be taken in to a take of a minute.
pub const SHOT_LENGTHS_S: std::ops::RangeInclusive<f64> = SHORTEST_CUT_S..=60.0;

/// How much lengths vary; more would make the shortest of a fast film unreadable.
const VARIATION: f64 = 0.18;

/// Films from this length on get two cuts, however calm: the place, and the one it is about.
const TWO_CUTS_S: f64 = 5.0;

/// The number of cuts of a film whose shots last `shot_length_s` in the mean.
pub(super) fn number(duration_s: f64, shot_length_s: f64, frame_count: u32) -> u32 {
    if duration_s <= ONE_CUT_S {
        return 1;
    }
    let least = if duration_s >= TWO_CUTS_S { 2.0 } else { 1.0 };
    let wanted = (duration_s / shot_length_s).round();
    let most = (duration_s / SHORTEST_CUT_S).floor();
    (wanted.clamp(least, most.max(least)) as u32).min(frame_count.max(1))
}

/// First and last frames of the cuts: contiguous, from 1 to `frame_count`. The establishing cut
/// is longer by a fifth, as more is to be seen in it; the rest vary by the seed.
pub(super) fn borders(count: u32, frame_count: u32, rate: FrameRate, seed: Seed) -> Vec<(u32, u32)> {
    let stream = seed.stream("prism/cuts");
    let weight = |i: u64| {
        let vary = 1.0 + VARIATION * (2.0 * stream.unit(i) - 1.0);
        if i == 0 { vary * 1.2 } else { vary }
    };
    let weights: Vec<f64> = (0..u64::from(count)).map(weight).collect();
    let total: f64 = weights.iter().sum();
    let shortest = rate
        .frames_in(SHORTEST_CUT_S)
        .min(frame_count / count.max(1))
        .max(1);
    let mut out = Vec::new();
    let (mut first, mut share) = (1_u32, 0.0);
    for (i, weight) in (1..).zip(&weights) {
        share += weight / total;
        let planned = (share * f64::from(frame_count)).round() as u32;
        let room = frame_count - shortest * (count - i);
        let last = if i == count {
            frame_count
        } else {
            planned.clamp(first + shortest - 1, room)
        };
        out.push((first, last));
        first = last + 1;
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shorter_shots_are_more() {
        assert_eq!(number(3.0, 2.0, 72), 1);
        assert!(number(10.0, 2.2, 240) >= 4);
        assert!(number(10.0, 5.0, 240) <= 2);
        assert_eq!(number(3600.0, 2.0, 86_400), 1800);
    }

    #[test]
    fn cuts_are_contiguous_for_any_count() {
        let rate = FrameRate::default();
        for frames in [1_u32, 2, 7, 24, 100, 240, 1000] {
            for count in 1..=frames.min(40) {
                for seed in 0..5 {
                    let cuts = borders(count, frames, rate, Seed(seed));
                    assert_eq!(cuts.len(), count as usize);
                    assert_eq!((cuts[0].0, cuts[cuts.len() - 1].1), (1, frames));
                    assert!(cuts.iter().all(|(a, b)| a <= b), "{cuts:?}");
                    assert!(cuts.windows(2).all(|w| w[0].1 + 1 == w[1].0));
                }
            }
        }
    }
}
