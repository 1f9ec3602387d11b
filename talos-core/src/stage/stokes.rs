//! STOKES: physical parameters and the scene's motion → effect states.
//!
//! The first form simulates fire from mouths. A tick is 1/24 s whatever the frame rate; a
//! frame shows the last tick that has begun.

use super::{FilmError, cast::Performer};
use crate::{
    artefact::{Action, CutSpec},
    digest::{Canonical, Digest},
    fluid::{Emitter, FireVolume, FluidSetup, FluidState, StepReport, step},
    math::{DVec3, scalar},
    random::Seed,
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

/// Quanta of what is kept: 1/4096 of a full flame, 1/256 m/s. The drawing's bands are a hundred times wider.
const GAS_UNIT: f32 = 4096.0;
const SPEED_UNIT: f32 = 256.0;
/// First bytes of baked effects.
const MAGIC: &[u8; 8] = b"TALOSFX1";

impl Effects {
    /// Canonical bytes: header, then gas and velocity in fixed point.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let fire = &self.fire;
        let mut bytes = MAGIC.to_vec();
        for value in [
            fire.origin.x,
            fire.origin.y,
            fire.origin.z,
            fire.cell_m,
            fire.time_s,
        ] {
            bytes.extend_from_slice(&value.to_le_bytes());
        }
        bytes.extend_from_slice(&fire.seed.0.to_le_bytes());
        fire.cells
            .iter()
            .for_each(|n| bytes.extend_from_slice(&n.to_le_bytes()));
        for gas in fire.gas.iter().flatten() {
            bytes.extend_from_slice(&((gas * GAS_UNIT).round().clamp(0.0, 65535.0) as u16).to_le_bytes());
        }
        for speed in fire.velocity.iter().flatten() {
            bytes.extend_from_slice(
                &((speed * SPEED_UNIT).round().clamp(-32768.0, 32767.0) as i16).to_le_bytes(),
            );
        }
        bytes
    }

    /// Effects from bytes.
    ///
    /// # Errors
    /// When they are not what [`Self::to_bytes`] wrote.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, FilmError> {
        Self::read(bytes).ok_or(FilmError::DamagedEffects)
    }

    fn read(bytes: &[u8]) -> Option<Self> {
        let mut rest = bytes.strip_prefix(MAGIC)?;
        let mut take = |n: usize| -> Option<&[u8]> {
            let (head, tail) = rest.split_at_checked(n)?;
            rest = tail;
            Some(head)
        };
        let mut numbers = [0.0; 5];
        for value in &mut numbers {
            *value = f64::from_le_bytes(take(8)?.try_into().ok()?);
        }
        let seed = Seed(u64::from_le_bytes(take(8)?.try_into().ok()?));
        let mut cells = [0_u32; 3];
        for n in &mut cells {
            *n = u32::from_le_bytes(take(4)?.try_into().ok()?);
        }
        let count = cells
            .iter()
            .try_fold(1_usize, |product, n| product.checked_mul(*n as usize))?;
        let pair = |b: &[u8]| [b[0], b[1]];
        let gas = take(count.checked_mul(4)?)?
            .chunks_exact(4)
            .map(|c| [0, 2].map(|i| f32::from(u16::from_le_bytes(pair(&c[i..]))) / GAS_UNIT));
        let gas = gas.collect();
        let velocity = take(count.checked_mul(6)?)?
            .chunks_exact(6)
            .map(|c| [0, 2, 4].map(|i| f32::from(i16::from_le_bytes(pair(&c[i..]))) / SPEED_UNIT));
        let velocity = velocity.collect();
        let [x, y, z, cell_m, time_s] = numbers;
        let fire = FireVolume {
            origin: DVec3::new(x, y, z),
            cell_m,
            cells,
            gas,
            velocity,
            time_s,
            seed,
        };
        rest.is_empty().then_some(Self { fire })
    }
}

impl Stokes {
    /// The effects a spec asks for, `intensity` times as strong at a time in seconds; `None` without any.
    pub(super) fn plan(
        spec: &CutSpec,
        performers: &[Performer],
        rate: FrameRate,
        seed: Seed,
        intensity: &dyn Fn(f64) -> f64,
    ) -> Result<Option<Self>, FilmError> {
        let breathing = spec.actions.iter().any(|e| e.action == Action::BreatheFire);
        if !breathing {
            return Ok(None);
        }
        let seconds = rate.seconds(Frame(spec.frame_count + 1));
        let ticks = (seconds * TICK_HZ).ceil() as u64 + 1;
        let emitters: Vec<Vec<Emitter>> = (0..ticks)
            // what a tick blows is seen at its end: there the mouth must be
            .map(|tick| {
                let time_s = (tick + 1) as f64 / TICK_HZ;
                emitters_at(performers, time_s, intensity(time_s))
            })
            .collect();
        let Some(setup) = domain(&emitters, seed) else {
            return Ok(None);
        };
        setup.validate()?;
        let mut key = Canonical::new("effects/2");
        key.text(crate::ENGINE_VERSION).digest(&setup.digest());
        for emitters in &emitters {
            key.integer(emitters.len() as u64);
            emitters.iter().for_each(|emitter| emitter.write(&mut key));
        }
        let key = key.finish();
        Ok(Some(Self {
            setup,
            emitters,
            rate,
            key,
        }))
    }

    /// The tick a frame shows.
    fn tick(&self, frame: Frame) -> u64 {
        (self.rate.seconds(frame) * TICK_HZ + 1e-9).floor() as u64
    }

    /// Key of a frame's baked effects.
    #[must_use]
    pub fn frame_key(&self, frame: Frame) -> Digest {
        Canonical::new("bake/1")
            .digest(&self.key)
            .integer(self.tick(frame))
            .finish()
    }

    /// Key of the checkpoint at a frame.
    #[must_use]
    pub fn checkpoint_key(&self, frame: Frame) -> Digest {
        Canonical::new("checkpoint/1")
            .digest(&self.key)
            .integer(self.tick(frame))
            .finish()
    }

    /// Whether a checkpoint is kept at a frame.
    #[must_use]
    pub fn is_checkpoint(&self, frame: Frame) -> bool {
        let tick = self.tick(frame);
        tick > 0
            && tick.is_multiple_of(CHECKPOINT_TICKS)
            && (frame.0 == 1 || self.tick(Frame(frame.0 - 1)) < tick)
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
    pub fn advance(
        &self,
        state: &FluidState,
        frame: Frame,
    ) -> Result<(FluidState, Option<StepReport>), FilmError> {
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
        let exact = Effects {
            fire: state.export(&self.setup),
        };
        // what is drawn is what is kept, whether or not it has been to the disk
        Effects::read(&exact.to_bytes()).unwrap_or(exact)
    }
}

/// Fire at every mouth that breathes.
fn emitters_at(performers: &[Performer], time_s: f64, intensity: f64) -> Vec<Emitter> {
    performers
        .iter()
        .filter_map(|performer| {
            let breath = performer.track.at(time_s).breath;
            let (mouth, direction) = performer.socket("mouth", time_s);
            let before = performer.socket("mouth", time_s - 1.0 / TICK_HZ).0;
            let carried = (mouth - before) * TICK_HZ;
            (breath >= 0.02).then(|| {
                breath_of(performer.gait.size_m, mouth, direction, breath, intensity).carried(carried)
            })
        })
        .collect()
}

/// The breath of a body: it leaves between the teeth, a tenth of the body wide, and fast enough to
/// cross the body's length in two thirds of a second. `intensity` is the factor of gas a second, shared
/// by the jet's width (squared) and speed.
fn breath_of(size_m: f64, mouth: DVec3, direction: DVec3, strength: f64, intensity: f64) -> Emitter {
    let place = mouth + direction * (0.03 * size_m);
    let grown = size_m * scalar::cbrt(intensity);
    Emitter::fire(place, direction, 0.045 * grown, 1.55 * grown, strength)
}

/// Seconds after which the flame of a breath is out.
const FLAME_S: f64 = 0.8;

/// A box around everything the jets can reach: 1.3 body lengths ahead of the mouth, on its way too, half up,
/// some room aside.
fn domain(emitters: &[Vec<Emitter>], seed: Seed) -> Option<FluidSetup> {
    let mut boxes = emitters.iter().flatten().map(|e| {
        let reach = e.speed_m_s * FLAME_S;
        // gas that has left flies on with half of what the mouth gave it; the mouth's later places have boxes of
        // their own
        let tip = e.position + e.direction * reach + e.carried_m_s * (0.5 * FLAME_S);
        let room = DVec3::splat(0.22 * reach);
        let rise = DVec3::Y * (0.45 * reach);
        (e.position.min(tip) - room, e.position.max(tip) + room + rise)
    });
    let first = boxes.next()?;
    let (low, high) = boxes.fold(first, |a, b| (a.0.min(b.0), a.1.max(b.1)));
    Some(FluidSetup {
        tick_hz: TICK_HZ,
        seed,
        ..FluidSetup::covering(low, high, CELL_M, MAX_CELLS)
    })
}

/// Cells of 0.4 m: a dragon's jet is three across; smaller ones cost by the cube.
const CELL_M: f64 = 0.4;
/// Above half a million cells a step takes over 0.1 s; larger scenes get larger cells.
const MAX_CELLS: u64 = 480_000;
