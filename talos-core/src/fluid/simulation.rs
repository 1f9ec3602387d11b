//! Any frame of a fluid, from its nearest checkpoint.

use super::emitter::Emitter;
use super::setup::{FluidError, FluidSetup};
use super::solver::{StepReport, step};
use super::state::FluidState;

/// A fluid and what drives it: the emitters of every tick as a pure function.
#[derive(Clone, Debug)]
pub struct Simulation<E> {
    setup: FluidSetup,
    emitters_at: E,
}

impl<E: Fn(u64) -> Vec<Emitter>> Simulation<E> {
    /// A simulation; `emitters_at(tick)` says what blows during the step from `tick` to `tick + 1`.
    ///
    /// # Errors
    /// What [`FluidSetup::validate`] refuses.
    pub fn new(setup: FluidSetup, emitters_at: E) -> Result<Self, FluidError> {
        setup.validate()?;
        Ok(Self { setup, emitters_at })
    }

    /// The setup.
    #[must_use]
    pub fn setup(&self) -> &FluidSetup {
        &self.setup
    }

    /// Still air at tick 0.
    ///
    /// # Errors
    /// None after [`Self::new`] accepted the setup.
    pub fn start(&self) -> Result<FluidState, FluidError> {
        FluidState::still(&self.setup)
    }

    /// The state one tick later.
    ///
    /// # Errors
    /// What [`step`] refuses.
    pub fn advance(&self, state: &FluidState) -> Result<(FluidState, StepReport), FluidError> {
        step(&self.setup, state, &(self.emitters_at)(state.tick()))
    }

    /// The state at a tick, from the latest checkpoint not after it (still air where there is none).
    /// Equal, to the bit, to a run from the start.
    ///
    /// # Errors
    /// What [`step`] refuses.
    pub fn frame(&self, tick: u64, checkpoints: &[FluidState]) -> Result<FluidState, FluidError> {
        let nearest = checkpoints
            .iter()
            .filter(|state| state.tick() <= tick)
            .max_by_key(|state| state.tick());
        let mut state = nearest.map_or_else(|| self.start(), |state| Ok(state.clone()))?;
        if state.setup != self.setup.digest() {
            return Err(FluidError::OtherSetup);
        }
        while state.tick() < tick {
            state = self.advance(&state)?.0;
        }
        Ok(state)
    }
}
