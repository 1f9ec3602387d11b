//! STOKES: physical parameters and the scene's motion → effect states.
//!
//! The first form simulates fire from mouths. A tick is 1/24 s whatever the frame rate; a
//! frame shows the last tick that has begun.

use super::{FilmError, cast::Performer};
use crate::{
    artefact::{Action, CutSpec},
    digest::{Canonical, Digest},
    fluid::{Emitter, FireVolume, FluidSetup, FluidState, StepReport, step},
    math::DVec3,
    scene::Motion,
    time::{Frame, FrameRate},
};

/// Ticks a second: a flame's tongue lasts about three of them; more would cost time for
/// detail that the drawing adds, fewer would let jets of 18 m/s skip cells.
const TICK_HZ: f64 = 24.0;
/// Ticks from one checkpoint to the next: at most a second of simulation is done again.
const CHECKPOINT_TICKS: u64 = 24;

/// A film's effects: what is simulated, and under which keys.
pub struct Stokes {
    setup: FluidSetup,
    /// Emitters of every tick.
    emitters: Vec<Vec<Emitter>>,
    rate: FrameRate,
    key: Digest,
}

/// The baked effects of a frame.
#[derive(Clone, Debug)]
pub struct Effects {
    /// Fire and smoke.
    pub fire: FireVolume,
}

impl Effects {
    /// Canonical bytes.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        self.fire.to_bytes()
    }

    /// Effects from bytes.
    ///
    /// # Errors
    /// When they are not what [`Self::to_bytes`] wrote.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, FilmError> {
        Ok(Self { fire: FireVolume::from_bytes(bytes)? })
    }
}

impl Stokes {
    /// The effects a spec asks for; `None` without any.
    pub(super) fn plan(
        spec: &CutSpec,
        performers: &[Performer],
        rate: FrameRate,
        motion: &Digest,
    ) -> Result<Option<Self>, FilmError> {
        let breathing = spec.actions.iter().any(|e| e.action == Action::BreatheFire);
        if !breathing {
            return Ok(None);
        }
        let seconds = rate.seconds(Frame(spec.frame_count + 1));
        let ticks = (seconds * TICK_HZ).ceil() as u64 + 1;
        let emitters: Vec<Vec<Emitter>> = (0..ticks).map(|tick| emitters_at(performers, tick as f64 / TICK_HZ)).collect();
        let Some(setup) = domain(&emitters) else { return Ok(None) };
        setup.validate()?;
        let key = Canonical::new("effects/1").digest(motion).digest(&setup.digest()).finish();
        Ok(Some(Self { setup, emitters, rate, key }))
    }

    /// The tick a frame shows.
    fn tick(&self, frame: Frame) -> u64 {
        (self.rate.seconds(frame) * TICK_HZ + 1e-9).floor() as u64
    }

    /// Key of a frame's baked effects.
    #[must_use]
    pub fn frame_key(&self, frame: Frame) -> Digest {
        Canonical::new("bake/1").digest(&self.key).integer(self.tick(frame)).finish()
    }

    /// Key of the checkpoint at a frame.
    #[must_use]
    pub fn checkpoint_key(&self, frame: Frame) -> Digest {
        Canonical::new("checkpoint/1").digest(&self.key).integer(self.tick(frame)).finish()
    }

    /// Whether a checkpoint is kept at a frame.
    #[must_use]
    pub fn is_checkpoint(&self, frame: Frame) -> bool {
        let tick = self.tick(frame);
        tick > 0 && tick % CHECKPOINT_TICKS == 0 && (frame.0 == 1 || self.tick(Frame(frame.0 - 1)) < tick)
    }

    /// The state of frame 1.
    ///
    /// # Errors
    /// When the setup is refused.
    pub fn rest(&self) -> Result<FluidState, FilmError> {
        Ok(FluidState::still(&self.setup)?)
    }

    /// A state from a checkpoint's bytes.
    ///
    /// # Errors
    /// When they are damaged.
    pub fn restore(&self, bytes: &[u8]) -> Result<FluidState, FilmError> {
        Ok(FluidState::from_bytes(bytes)?)
    }

    /// The state of the next frame.
    ///
    /// # Errors
    /// When the solver refuses.
    pub fn advance(&self, state: &FluidState, frame: Frame) -> Result<(FluidState, Option<StepReport>), FilmError> {
        let mut state = state.clone();
        let mut report = None;
        for tick in self.tick(frame)..self.tick(Frame(frame.0 + 1)) {
            let none = Vec::new();
            let emitters = self.emitters.get(tick as usize).unwrap_or(&none);
            let (next, stated) = step(&self.setup, &state, emitters)?;
            (state, report) = (next, Some(stated));
        }
        Ok((state, report))
    }

    /// What a frame draws of a state.
    #[must_use]
    pub fn bake(&self, state: &FluidState) -> Effects {
        Effects { fire: state.export(&self.setup) }
    }
}

/// Fire at every mouth that breathes.
fn emitters_at(performers: &[Performer], time_s: f64) -> Vec<Emitter> {
    performers
        .iter()
        .filter_map(|performer| {
            let breath = performer.track.at(time_s).breath;
            if breath < 0.02 {
                return None;
            }
            let (mouth, direction) = performer.socket("mouth", time_s);
            let size = performer.gait.size_m;
            // the jet leaves a little ahead of the teeth, about a tenth of the body wide, fast enough to
            // cross the body's length in half a second
            let place = mouth + direction * (0.06 * size);
            Some(Emitter::fire(place, direction, 0.055 * size, 1.55 * size, breath))
        })
        .collect()
}

/// A box around everything the jets can reach: 1.3 body lengths ahead, half up, some room aside.
fn domain(emitters: &[Vec<Emitter>]) -> Option<FluidSetup> {
    let mut boxes = emitters.iter().flatten().map(|e| {
        let reach = e.speed_m_s * 0.8;
        let tip = e.position + e.direction * reach;
        let room = DVec3::splat(0.22 * reach);
        let rise = DVec3::Y * (0.45 * reach);
        (e.position.min(tip) - room, e.position.max(tip) + room + rise)
    });
    let first = boxes.next()?;
    let (low, high) = boxes.fold(first, |a, b| (a.0.min(b.0), a.1.max(b.1)));
    Some(FluidSetup::covering(low, high, CELL_M, MAX_CELLS))
}

/// Cells of 0.4 m: a dragon's jet is three across; smaller ones cost by the cube.
const CELL_M: f64 = 0.4;
/// Above half a million cells a step takes over 0.1 s; larger scenes get larger cells.
const MAX_CELLS: u64 = 480_000;
