//! What drawing sees of a fluid: temperature, soot and velocity as floats, cropped to where there is gas.

use super::fixed::ONE;
use super::grid::Extent;
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

/// Gas fainter than this, in temperature or soot, is not drawn.
const FAINT: i32 = ONE / 64;

/// Cells of clean air kept around the gas: detail bends it outward.
const MARGIN: usize = 2;

/// Sides of a volume are multiples of this many cells: drawing averages over such blocks.
const UNIT: usize = 4;

/// Cells from the first to beyond the last that hold gas to see, with a margin; `None` where there is none.
fn bounds(extent: &Extent, gas: &[[i32; 3]]) -> Option<([usize; 3], [usize; 3])> {
    let planes = extent.map_planes(|k| {
        let mut found: Option<([usize; 3], [usize; 3])> = None;
        for j in 0..extent.cells[1] {
            let start = extent.index(0, j, k);
            for (i, gas) in gas[start..start + extent.cells[0]].iter().enumerate() {
                if gas[0] > FAINT || gas[2] > FAINT {
                    include(&mut found, [i, j, k], [i, j, k]);
                }
            }
        }
        found
    });
    let mut all = None;
    for (low, high) in planes.into_iter().flatten() {
        include(&mut all, low, high);
    }
    all.map(|(low, high): ([usize; 3], [usize; 3])| {
        let low = low.map(|n| n.saturating_sub(MARGIN) / UNIT * UNIT);
        let high = [0, 1, 2].map(|axis| {
            (high[axis] + 1 + MARGIN)
                .next_multiple_of(UNIT)
                .min(extent.cells[axis])
        });
        (low, high)
    })
}

fn include(bounds: &mut Option<([usize; 3], [usize; 3])>, low: [usize; 3], high: [usize; 3]) {
    let (least, most) = bounds.get_or_insert((low, high));
    for axis in 0..3 {
        least[axis] = least[axis].min(low[axis]);
        most[axis] = most[axis].max(high[axis]);
    }
}

/// Gas fades out towards the open sides of the domain, lest they show as walls.
fn fade(extent: &Extent, ground: bool, at: [usize; 3]) -> f32 {
    /// Cells over which it fades.
    const WIDTH: f32 = 4.0;
    let mut share = 1.0_f32;
    for (axis, &n) in at.iter().enumerate() {
        let above = (extent.cells[axis] - 1 - n) as f32 / WIDTH;
        let below = if ground && axis == 1 {
            1.0
        } else {
            n as f32 / WIDTH
        };
        share = share.min(above).min(below);
    }
    share.clamp(0.0, 1.0)
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
        let Some((low, high)) = bounds(extent, &self.gas) else {
            return FireVolume::empty(setup, time_s);
        };
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
                    let share = unit * fade(extent, setup.ground, [i, j, k]);
                    volume.gas.push([gas[0] as f32 * share, gas[2] as f32 * share]);
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
