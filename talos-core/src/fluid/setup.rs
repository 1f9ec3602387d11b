//! What a fluid is told once: its domain, its clock and the physics of its fire.

use thiserror::Error;

use super::fixed::{Fixed, ONE};
use super::grid::{BLOCK, Extent};
use crate::digest::{Canonical, Digest};
use crate::math::DVec3;
use crate::random::Seed;

/// What is wrong with a fluid's setup, emitters or saved state.
#[derive(Clone, Debug, PartialEq, Error)]
#[non_exhaustive]
pub enum FluidError {
    /// A side of the grid cannot be coarsened.
    #[error(
        "cells[{axis}] = {cells}: the fluid grid needs a multiple of 8 from 8 to 1024 along each axis; FluidSetup::covering rounds up"
    )]
    Cells {
        /// 0, 1, 2 for x, y, z.
        axis: usize,
        /// What was asked for.
        cells: u32,
    },
    /// More cells than an index and memory allow.
    #[error("{cells} cells: a fluid grid holds at most {limit}; make the cells larger")]
    TooLarge {
        /// What was asked for.
        cells: u64,
        /// The most there can be.
        limit: u64,
    },
    /// A number outside its range, or not a number.
    #[error("{name} = {value}: must lie in [{low}, {high}]")]
    Range {
        /// The parameter.
        name: &'static str,
        /// What was given.
        value: f64,
        /// Its least value.
        low: f64,
        /// Its greatest value.
        high: f64,
    },
    /// An emitter holds NaN or an infinity.
    #[error("emitter {index}: {field} is not finite")]
    Emitter {
        /// Its place in the list.
        index: usize,
        /// The field.
        field: &'static str,
    },
    /// A state made under another setup.
    #[error(
        "this fluid state belongs to another setup: simulate from tick 0, or give the setup it was made with"
    )]
    OtherSetup,
    /// Bytes that are no checkpoint.
    #[error("no fluid checkpoint: {reason} at byte {offset}; simulate from an earlier one")]
    Checkpoint {
        /// What was found.
        reason: &'static str,
        /// Where.
        offset: usize,
    },
}

/// How gas burns, rises and fades. A full flame has temperature 1 (about 1,500 K above the air).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct FirePhysics {
    /// Upward acceleration of gas of temperature 1, m/s². A real flame's is about 40 (it is five times
    /// lighter than air); 9 lets a jet fly some metres before it curls upward.
    pub buoyancy_m_s2: f64,
    /// Downward acceleration by soot of density 1, m/s².
    pub soot_weight_m_s2: f64,
    /// Share of the fuel that burns in a second where it is hot. Larger makes short flames.
    pub burn_hz: f64,
    /// Temperature gained by burning fuel of density 1.
    pub heat: f64,
    /// Soot made by burning fuel of density 1.
    pub soot_yield: f64,
    /// Volumes that gas gains by burning fuel of density 1 (Feldman et al. 2003): makes flames billow.
    pub expansion: f64,
    /// Share of the temperature lost in a second by mixing. Gas that falls out of a breath must be dark before
    /// the body behind the mouth has flown into it.
    pub cooling_hz: f64,
    /// Further share lost at temperature 1 by radiation; grows with the square of temperature.
    pub radiation_hz: f64,
    /// Share of the soot lost in a second.
    pub soot_fade_hz: f64,
    /// Vorticity confinement ε (Fedkiw, Stam & Jensen 2001), 1/s: speed regained in a second as a share of
    /// cell × spin. 0 none; above about 10 it boils.
    pub confinement_hz: f64,
    /// Unrest of the emitted gas: side velocities and gusts as a share of the jet's; 0 keeps mirrored scenes mirrored.
    pub turbulence: f64,
}

impl Default for FirePhysics {
    fn default() -> Self {
        Self {
            buoyancy_m_s2: 8.0,
            soot_weight_m_s2: 0.3,
            burn_hz: 4.0,
            heat: 1.5,
            soot_yield: 1.0,
            expansion: 0.4,
            cooling_hz: 1.6,
            radiation_hz: 1.3,
            soot_fade_hz: 0.45,
            confinement_hz: 3.0,
            turbulence: 0.35,
        }
    }
}

impl FirePhysics {
    fn named(&self) -> [(&'static str, f64, f64, f64); 11] {
        [
            ("buoyancy_m_s2", self.buoyancy_m_s2, -1e3, 1e3),
            ("soot_weight_m_s2", self.soot_weight_m_s2, -1e3, 1e3),
            ("burn_hz", self.burn_hz, 0.0, 1e3),
            ("heat", self.heat, 0.0, 100.0),
            ("soot_yield", self.soot_yield, 0.0, 100.0),
            ("expansion", self.expansion, 0.0, 100.0),
            ("cooling_hz", self.cooling_hz, 0.0, 1e3),
            ("radiation_hz", self.radiation_hz, 0.0, 1e3),
            ("soot_fade_hz", self.soot_fade_hz, 0.0, 1e3),
            ("confinement_hz", self.confinement_hz, 0.0, 1e3),
            ("turbulence", self.turbulence, 0.0, 1.0),
        ]
    }
}

/// A fluid's domain, clock and physics.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct FluidSetup {
    /// Corner of the domain with the least coordinates, metres.
    pub origin: DVec3,
    /// Side of a cell, metres.
    pub cell_m: f64,
    /// Cells along x, y, z; multiples of 8 (multigrid halves them).
    pub cells: [u32; 3],
    /// Steps a second.
    pub tick_hz: f64,
    /// Seed of the emitters' turbulence.
    pub seed: Seed,
    /// Whether the bottom is solid ground; all other sides are open.
    pub ground: bool,
    /// Largest divergence left by the projection, as a share of the largest before it.
    pub relative_residual: f64,
    /// The fire.
    pub physics: FirePhysics,
}

impl Default for FluidSetup {
    fn default() -> Self {
        Self {
            origin: DVec3::ZERO,
            cell_m: 0.45,
            cells: [112, 64, 64],
            tick_hz: 24.0,
            seed: Seed(0),
            ground: false,
            relative_residual: 1e-3,
            physics: FirePhysics::default(),
        }
    }
}

impl FluidSetup {
    /// Cells that a domain may hold: 2 GiB at about 100 bytes a cell while stepping.
    pub const MAX_CELLS: u64 = 20_000_000;

    /// A domain that covers a box, with cells of `cell_m`, grown evenly to multiples of 8 cells;
    /// where that exceeds `max_cells` the cells are made larger.
    #[must_use]
    pub fn covering(low: DVec3, high: DVec3, cell_m: f64, max_cells: u64) -> Self {
        let size = (high - low).max(DVec3::splat(1e-3));
        let sides = |cell: f64| {
            size.to_array()
                .map(|s| ((s / cell / BLOCK as f64).ceil().clamp(1.0, 128.0) as u32) * BLOCK as u32)
        };
        let count = |cells: [u32; 3]| cells.iter().map(|&n| u64::from(n)).product::<u64>();
        let mut cell = cell_m.clamp(1e-3, 1e3).max(size.max_element() / 1024.0);
        while count(sides(cell)) > max_cells.max(512) {
            cell *= 1.02;
        }
        let cells = sides(cell);
        let covered = DVec3::from_array(cells.map(|n| f64::from(n) * cell));
        Self {
            origin: (low + high - covered) * 0.5,
            cell_m: cell,
            cells,
            ..Self::default()
        }
    }

    /// Checks every number.
    ///
    /// # Errors
    /// [`FluidError::Cells`], [`FluidError::TooLarge`] or [`FluidError::Range`].
    pub fn validate(&self) -> Result<(), FluidError> {
        for (axis, &cells) in self.cells.iter().enumerate() {
            if cells == 0 || cells % BLOCK as u32 != 0 || cells > 1024 {
                return Err(FluidError::Cells { axis, cells });
            }
        }
        let cells: u64 = self.cells.iter().map(|&n| u64::from(n)).product();
        if cells > Self::MAX_CELLS {
            let limit = Self::MAX_CELLS;
            return Err(FluidError::TooLarge { cells, limit });
        }
        let own = [
            ("origin.x", self.origin.x, -1e7, 1e7),
            ("origin.y", self.origin.y, -1e7, 1e7),
            ("origin.z", self.origin.z, -1e7, 1e7),
            ("cell_m", self.cell_m, 1e-3, 1e3),
            ("tick_hz", self.tick_hz, 1e-3, 1e5),
            ("relative_residual", self.relative_residual, 1e-6, 1.0),
        ];
        own.into_iter()
            .chain(self.physics.named())
            .find(|&(_, value, low, high)| !(low..=high).contains(&value))
            .map_or(Ok(()), |(name, value, low, high)| {
                Err(FluidError::Range {
                    name,
                    value,
                    low,
                    high,
                })
            })
    }

    /// Identity of everything that the evolution depends on.
    #[must_use]
    pub fn digest(&self) -> Digest {
        let mut writer = Canonical::new("fluid_setup/1");
        writer
            .numbers(&self.origin.to_array())
            .number(self.cell_m)
            .number(self.tick_hz)
            .integer(self.seed.0)
            .integer(u64::from(self.ground))
            .number(self.relative_residual);
        for n in self.cells {
            writer.integer(u64::from(n));
        }
        for (name, value, ..) in self.physics.named() {
            writer.text(name).number(value);
        }
        writer.finish()
    }

    pub(super) fn extent(&self) -> Extent {
        Extent::new(self.cells)
    }

    /// Cells a tick for 1 m/s.
    pub(super) fn cells_per_tick(&self) -> f64 {
        1.0 / (self.cell_m * self.tick_hz)
    }
}

/// The physics in fixed point, for one sub-step.
#[derive(Clone, Copy, Debug)]
pub(super) struct Coefficients {
    pub(super) buoyancy: i32,
    pub(super) soot_weight: i32,
    pub(super) burn: i32,
    pub(super) heat: i32,
    pub(super) soot_yield: i32,
    /// Divergence (1/tick) for a unit of fuel burnt in a sub-step.
    pub(super) expansion: i32,
    pub(super) cooling: i32,
    pub(super) radiation: i32,
    pub(super) soot_fade: i32,
    pub(super) confinement: i32,
    /// Subtracted from every scalar, so that faint traces vanish instead of spreading for ever.
    pub(super) floor: i32,
}

impl Coefficients {
    /// Temperature above which fuel burns.
    pub(super) const IGNITION: i32 = ONE / 8;

    pub(super) fn new(setup: &FluidSetup, substeps: u32) -> Self {
        let p = &setup.physics;
        let dt = 1.0 / (setup.tick_hz * f64::from(substeps));
        // m/s² → cells/tick a sub-step
        let force = setup.cells_per_tick() * dt;
        let share = |rate_hz: f64| Fixed::from_f64((rate_hz * dt).min(1.0)).0;
        Self {
            buoyancy: Fixed::from_f64(p.buoyancy_m_s2 * force).0,
            soot_weight: Fixed::from_f64(p.soot_weight_m_s2 * force).0,
            burn: share(p.burn_hz),
            heat: Fixed::from_f64(p.heat).0,
            soot_yield: Fixed::from_f64(p.soot_yield).0,
            expansion: Fixed::from_f64(p.expansion * f64::from(substeps)).0,
            cooling: share(p.cooling_hz),
            radiation: share(p.radiation_hz),
            soot_fade: share(p.soot_fade_hz),
            confinement: share(p.confinement_hz),
            floor: Fixed::from_f64((0.03 * dt).min(1.0)).0,
        }
    }
}
