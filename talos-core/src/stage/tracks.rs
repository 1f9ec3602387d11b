//! AXIS over time: the tracks of a film's cuts, each baked once.

use std::sync::{Arc, OnceLock};

use crate::{
    artefact::Cut,
    camera::FrameSize,
    stroke::{Anatomy, Moment, TRACK_TICK_HZ, Tracks},
    time::{Frame, FrameRate},
};

/// Lines of the pictures that tracks are baked from, at most: half of full size finds the same strokes
/// for a third of the time; at a quarter one in ten is another.
const LINES: u32 = 540;

/// When a cut's ticks are.
#[derive(Clone, Copy, Debug)]
pub(super) struct Ticks {
    start_s: f64,
    /// Their number.
    pub(super) count: u32,
}

impl Ticks {
    pub(super) fn of(cut: &Cut, rate: FrameRate) -> Self {
        let start_s = rate.seconds(Frame(cut.first_frame));
        let length_s = rate.seconds(Frame(cut.last_frame)) - start_s;
        Self {
            start_s,
            count: (length_s.max(0.0) * TRACK_TICK_HZ).round() as u32 + 1,
        }
    }

    /// Time of a tick, seconds.
    pub(super) fn seconds(self, tick: u32) -> f64 {
        self.start_s + f64::from(tick) / TRACK_TICK_HZ
    }

    /// The frame nearest to a tick.
    pub(super) fn frame(self, tick: u32, rate: FrameRate, cut: &Cut) -> u32 {
        (cut.first_frame..=cut.last_frame)
            .find(|&n| self.nearest(rate.seconds(Frame(n))) >= tick)
            .unwrap_or(cut.last_frame)
    }

    /// The tick nearest to a time.
    pub(super) fn nearest(self, time_s: f64) -> u32 {
        let tick = ((time_s - self.start_s).max(0.0) * TRACK_TICK_HZ).round() as u32;
        tick.min(self.count - 1)
    }
}

/// Size of the pictures that a film's tracks are baked from.
pub(super) fn bake_size(size: FrameSize) -> FrameSize {
    let least = size.width.min(size.height);
    if least <= LINES {
        return size;
    }
    let side =
        |side: u32| ((u64::from(side) * u64::from(LINES) + u64::from(least) / 2) / u64::from(least)) as u32;
    FrameSize {
        width: side(size.width),
        height: side(size.height),
    }
}

/// The tracks of every cut, as far as they are known.
#[derive(Default)]
pub(super) struct Baked(Vec<OnceLock<Arc<Tracks>>>);

impl Baked {
    pub(super) fn new(cuts: usize) -> Self {
        Self((0..cuts).map(|_| OnceLock::new()).collect())
    }

    /// A cut's tracks, baked when they are not known. Two threads that ask at once both bake, to the
    /// same result: waiting for each other could lock up a pool whose workers the bake needs.
    pub(super) fn get(&self, cut: usize, bake: impl FnOnce() -> Tracks) -> Arc<Tracks> {
        match self.0[cut].get() {
            Some(tracks) => Arc::clone(tracks),
            None => {
                let tracks = Arc::new(bake());
                Arc::clone(self.0[cut].get_or_init(|| tracks))
            }
        }
    }

    /// Takes over a cut's tracks from the store.
    pub(super) fn set(&self, cut: usize, tracks: Tracks) {
        _ = self.0[cut].set(Arc::new(tracks));
    }

    pub(super) fn is_known(&self, cut: usize) -> bool {
        self.0[cut].get().is_some()
    }
}

/// Follows a cut's strokes.
pub(super) fn bake(
    anatomies: &[Arc<Anatomy>],
    size: FrameSize,
    ticks: Ticks,
    moment: &(dyn Fn(f64) -> Moment + Sync),
) -> Tracks {
    Tracks::bake(anatomies, bake_size(size), ticks.count, &|tick| {
        moment(ticks.seconds(tick))
    })
}
