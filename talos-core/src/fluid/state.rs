//! The state of a fluid between two steps.

use super::advect::{Faces, Gas};
use super::fixed::Fixed;
use super::grid::Extent;
use super::setup::{FluidError, FluidSetup};
use crate::digest::Digest;

/// Velocity, temperature, fuel and soot after some number of steps: integers only.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FluidState {
    /// Identity of the setup it was made under.
    pub(super) setup: Digest,
    pub(super) tick: u64,
    pub(super) extent: Extent,
    /// Cells a tick, on faces.
    pub(super) velocity: Faces,
    /// Temperature, fuel, soot.
    pub(super) gas: Vec<Gas>,
}

impl FluidState {
    /// Still, clean air at tick 0.
    ///
    /// # Errors
    /// What [`FluidSetup::validate`] refuses.
    pub fn still(setup: &FluidSetup) -> Result<Self, FluidError> {
        setup.validate()?;
        let extent = setup.extent();
        Ok(Self {
            setup: setup.digest(),
            tick: 0,
            extent,
            velocity: [0, 1, 2].map(|_| vec![0; extent.len()]),
            gas: vec![[0; 3]; extent.len()],
        })
    }

    /// Steps taken since still air.
    #[must_use]
    pub fn tick(&self) -> u64 {
        self.tick
    }

    /// Cells along x, y, z.
    #[must_use]
    pub fn cells(&self) -> [u32; 3] {
        self.extent.cells.map(|n| n as u32)
    }

    /// Temperature, fuel and soot of a cell; `None` outside the grid.
    #[must_use]
    pub fn gas(&self, cell: [u32; 3]) -> Option<[Fixed; 3]> {
        let at = cell.map(|n| n as usize);
        let inside = (0..3).all(|axis| at[axis] < self.extent.cells[axis]);
        inside.then(|| self.gas[self.extent.index(at[0], at[1], at[2])].map(Fixed))
    }

    /// Velocity on the face below a cell across an axis (0, 1, 2), cells a tick; `None` outside the grid.
    #[must_use]
    pub fn face_velocity(&self, axis: usize, cell: [u32; 3]) -> Option<Fixed> {
        let at = cell.map(|n| n as usize);
        let inside = axis < 3 && (0..3).all(|n| at[n] < self.extent.faces(axis)[n]);
        inside.then(|| Fixed(self.velocity[axis][self.extent.index(at[0], at[1], at[2])]))
    }

    /// Identity of the state: equal for equal states on every machine.
    #[must_use]
    pub fn digest(&self) -> Digest {
        Digest::of_bytes(&self.to_bytes())
    }
}
