//! What drawing sees of a fluid: temperature, soot and velocity as floats, cropped to where there is gas.

use super::fixed::ONE;
use super::grid::{Activity, BLOCK, Extent};
use super::setup::FluidSetup;
use super::state::FluidState;
use crate::math::DVec3;
use crate::random::Seed;

/// A fluid as floats, at one instant; clean air outside.
#[derive(Clone, Debug, PartialEq)]
pub struct FireVolume {
    /// Corner with the least coordinates, world metres.
    pub origin: DVec3,
    /// Side of a cell, metres.
    pub cell_m: f64,
    /// Cells along x, y, z; all 0 where there is no gas.
    pub cells: [u32; 3],
    /// Temperature (1 a full flame) and soot per cell, x fastest.
    pub gas: Vec<[f32; 2]>,
    /// Velocity at cell centres, m/s, x fastest.
    pub velocity: Vec<[f32; 3]>,
    /// Seconds since still air.
    pub time_s: f64,
    /// Seed of the detail that drawing adds.
    pub seed: Seed,
}

/// Blocks from the first to beyond the last active one along each axis; `None` where there is none.
fn bounding_blocks(extent: &Extent, active: &Activity) -> Option<([usize; 3], [usize; 3])> {
    let counts = extent.cells.map(|n| n / BLOCK);
    let mut bounds: Option<([usize; 3], [usize; 3])> = None;
    for (n, _) in active.flags().iter().enumerate().filter(|f| *f.1) {
        let at = [
            n % counts[0],
            n / counts[0] % counts[1],
            n / (counts[0] * counts[1]),
        ];
        let (low, high) = bounds.get_or_insert((at, at));
        for axis in 0..3 {
            low[axis] = low[axis].min(at[axis]);
            high[axis] = high[axis].max(at[axis]);
        }
    }
    bounds.map(|(low, high)| (low, high.map(|n| n + 1)))
}

impl FireVolume {
    /// No gas at all.
    #[must_use]
    pub fn empty(setup: &FluidSetup, time_s: f64) -> Self {
        Self {
            origin: setup.origin,
            cell_m: setup.cell_m,
            cells: [0; 3],
            gas: Vec::new(),
            velocity: Vec::new(),
            time_s,
            seed: setup.seed,
        }
    }

    /// Whether there is nothing to draw.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.gas.is_empty()
    }

    /// Opposite corner, world metres.
    #[must_use]
    pub fn far_corner(&self) -> DVec3 {
        self.origin + DVec3::from_array(self.cells.map(f64::from)) * self.cell_m
    }
}

impl FluidState {
    /// The state for drawing; `setup` is the one it was made with.
    #[must_use]
    pub fn export(&self, setup: &FluidSetup) -> FireVolume {
        let time_s = self.tick as f64 / setup.tick_hz;
        let extent = &self.extent;
        let active = Activity::where_any(extent, |n| self.gas[n][0] | self.gas[n][2] != 0);
        let Some((low, high)) = bounding_blocks(extent, &active) else {
            return FireVolume::empty(setup, time_s);
        };
        let (low, high) = (low.map(|n| n * BLOCK), high.map(|n| n * BLOCK));
        let unit = 1.0 / ONE as f32;
        let speed = (f64::from(unit) / setup.cells_per_tick()) as f32;
        let strides = extent.strides();
        let mut volume = FireVolume::empty(setup, time_s);
        volume.origin += DVec3::from_array(low.map(|n| n as f64)) * setup.cell_m;
        volume.cells = [0, 1, 2].map(|axis| (high[axis] - low[axis]) as u32);
        for k in low[2]..high[2] {
            for j in low[1]..high[1] {
                for i in low[0]..high[0] {
                    let n = extent.index(i, j, k);
                    let gas = self.gas[n];
                    volume.gas.push([gas[0] as f32 * unit, gas[2] as f32 * unit]);
                    volume.velocity.push([0, 1, 2].map(|axis| {
                        let sum = self.velocity[axis][n] + self.velocity[axis][n + strides[axis]];
                        sum as f32 * 0.5 * speed
                    }));
                }
            }
        }
        volume
    }
}
