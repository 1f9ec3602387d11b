//! From emotion to the face and the bearing.

use super::body::{Bones, SIDES};
use super::face::LID_FALL;
use crate::emotion::Vad;
use crate::math::{DVec3, scalar};
use crate::random::Stream;
use crate::scene::subject::puppet::Puppet;

/// Seconds between blinks, on average: people at ease blink about every four.
const BLINK_PERIOD_S: f64 = 3.6;

/// What a face and a bearing show; shares in [0, 1], after the action units of Ekman & Friesen (1978).
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(in crate::scene::subject) struct Mood {
    /// Low valence without power or energy: inner brows up, lids heavy, head down.
    pub(in crate::scene::subject) sad: f64,
    /// Low valence with power or energy: brows down and together.
    pub(in crate::scene::subject) angry: f64,
    /// High valence: brows a little up, corners of the mouth up.
    pub(in crate::scene::subject) glad: f64,
    /// Low valence with energy but no power: brows up, eyes wide.
    pub(in crate::scene::subject) afraid: f64,
}

impl Mood {
    /// The mood at a point of emotion.
    pub(in crate::scene::subject) fn of(e: Vad) -> Self {
        let low = (-e.valence).max(0.0);
        let force = scalar::smoothstep(-0.25, 0.5, 0.5 * e.arousal + 0.7 * e.dominance);
        let fear = scalar::smoothstep(0.1, 0.7, e.arousal) * scalar::smoothstep(0.1, -0.6, e.dominance);
        Self {
            sad: low * (1.0 - force) * (1.0 - 0.6 * fear),
            angry: low * force,
            glad: e.valence.max(0.0),
            afraid: low * fear * (1.0 - force),
        }
    }
}

/// How far the lids are closed by blinking at a time: one blink in every period, at a seeded place of it.
pub(in crate::scene::subject) fn blink(stream: &Stream, time_s: f64) -> f64 {
    let period = (time_s / BLINK_PERIOD_S).floor();
    let index = (period as i64).cast_unsigned() & 0xffff;
    let start = (period + stream.range(index, 0.1, 0.85)) * BLINK_PERIOD_S;
    let x = time_s - start;
    // closes in 70 ms, opens in 130 ms
    scalar::smoothstep(0.0, 0.07, x) * (1.0 - scalar::smoothstep(0.10, 0.23, x))
}

/// What moves a face: the mood, and what the body does.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Face {
    pub(super) mood: Mood,
    pub(super) blink: f64,
    pub(super) mouth: f64,
    /// Where the eyes turn against the head: to the left, up; radians.
    pub(super) gaze: [f64; 2],
    /// Effort: a strike or a blow.
    pub(super) effort: f64,
}

impl Face {
    /// Moves the bones of a face; `unit` is one head in metres, `eyes` their size.
    pub(super) fn apply(&self, puppet: &mut Puppet<'_>, b: &Bones, unit: f64, eyes: f64) {
        let Mood {
            sad,
            angry,
            glad,
            afraid,
        } = self.mood;
        let angry = (angry + 0.8 * self.effort).min(1.0);
        let inner = 0.034 * sad - 0.040 * angry + 0.010 * glad + 0.036 * afraid;
        let outer = -0.014 * sad + 0.016 * angry + 0.012 * glad + 0.010 * afraid;
        let pinch = 0.020 * angry + 0.012 * sad;
        let heavy = 0.25 * sad + 0.135 * angry + 0.085 * glad;
        let closed = self.blink + (1.0 - self.blink) * heavy;
        let corner = 0.024 * glad - 0.024 * sad - 0.014 * angry - 0.008 * afraid;
        let narrow = -0.010 * glad + 0.006 * sad;
        let mouth = scalar::saturate(self.mouth + 0.12 * afraid);
        for (i, (_, sign)) in SIDES.into_iter().enumerate() {
            let side = |x: f64, y: f64| DVec3::new(sign * x, y, 0.0) * unit;
            puppet.shift(b.brow_inner[i], side(-pinch, inner));
            puppet.shift(b.brow_outer[i], side(-0.3 * pinch, outer));
            puppet.shift(b.eyelid[i], DVec3::NEG_Y * (closed * LID_FALL * eyes * unit));
            let [left, up] = self.gaze;
            let look = DVec3::new(left.clamp(-0.55, 0.55) * 0.034, up.clamp(-0.5, 0.5) * 0.026, 0.0);
            puppet.shift(b.eye[i], look * (unit * eyes.max(0.7)));
            puppet.shift(b.mouth[i], side(-narrow - 0.014 * mouth, corner));
        }
        puppet.shift(
            b.lips,
            DVec3::new(0.0, -0.085 * mouth, 0.022 * scalar::smoothstep(0.0, 0.12, mouth)) * unit,
        );
        puppet.turn(b.jaw, 0.10 * mouth, 0.0, 0.0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::Seed;

    #[test]
    fn moods_are_told_apart() {
        let lonely = Mood::of(Vad::new(-0.7, -0.4, -0.5));
        let furious = Mood::of(Vad::new(-0.7, 0.7, 0.6));
        let scared = Mood::of(Vad::new(-0.6, 0.7, -0.7));
        assert!(lonely.sad > 0.5 && lonely.angry < 0.1);
        assert!(furious.angry > 0.5 && furious.sad < 0.1);
        assert!(scared.afraid > 0.3 && scared.angry < 0.2);
        assert_eq!(Mood::of(Vad::default()), Mood::default());
    }

    #[test]
    fn one_blink_in_every_period() {
        let stream = Seed(1).stream("test/blink");
        for k in 0..40 {
            let most = (0..360)
                .map(|i| blink(&stream, f64::from(k) * BLINK_PERIOD_S + f64::from(i) * 0.01))
                .fold(0.0, f64::max);
            assert!(most > 0.95, "period {k}: {most}");
        }
    }
}
