//! One step of the fluid.

use super::advect::{Displacement, carry_gas, carry_velocity, centre_velocity};
use super::combust::combust;
use super::emitter::{Emitter, Jet};
use super::fixed::{Fixed, ONE, VELOCITY_LIMIT};
use super::forces::{buoyancy, confine_vorticity};
use super::grid::{Activity, Extent};
use super::project::{Projected, divergence_squares, project};
use super::setup::{Coefficients, FluidError, FluidSetup};
use super::state::FluidState;

/// Cells that gas may cross in a sub-step before the step is halved. MacCormack is stable beyond;
/// what suffers is the limiter, which sees only where the gas came from. Most effects tools take 4 too.
const CFL_CELLS: i32 = 4;

/// The most sub-steps: at the greatest velocity, 16 cells a tick, gas then crosses 4 cells in each.
const MAX_SUBSTEPS: u32 = 4;

/// Speed in cells a tick below which air far from gas is not carried along: 0.17 m/s at 0.45 m and 24 Hz.
/// Lower keeps the whole domain busy for motion that no one sees.
const STILL: i32 = ONE / 64;

/// How much gas there is, in cubic metres of gas of value 1. MacCormack advection does not keep these
/// sums exactly: what changes besides sources, burning and fading is its drift and the open sides.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Mass {
    /// Temperature.
    pub temperature: f64,
    /// Fuel.
    pub fuel: f64,
    /// Soot.
    pub soot: f64,
}

/// How well a step was solved.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct StepReport {
    /// Sub-steps taken.
    pub substeps: u32,
    /// Most cells crossed in a sub-step.
    pub cfl: f64,
    /// Largest divergence left (beyond the swelling that burning asks for), 1/tick.
    pub max_divergence: f64,
    /// Root of the mean square of the divergence left, 1/tick.
    pub rms_divergence: f64,
    /// Largest divergence before the last projection, 1/tick.
    pub divergence_before: f64,
    /// Multigrid cycles of all sub-steps.
    pub cycles: u32,
    /// Whether every projection reached the residual asked for.
    pub converged: bool,
    /// Whether some velocity stood at its bound: the domain's cells are too small for the speeds asked for.
    pub saturated: bool,
    /// What there is of each gas after the step.
    pub mass: Mass,
}

/// The next state, and how well it was solved.
///
/// # Errors
/// A setup that [`FluidSetup::validate`] refuses, a state of another setup, an emitter that is not finite.
pub fn step(
    setup: &FluidSetup,
    state: &FluidState,
    emitters: &[Emitter],
) -> Result<(FluidState, StepReport), FluidError> {
    setup.validate()?;
    if state.setup != setup.digest() {
        return Err(FluidError::OtherSetup);
    }
    let jets = Jet::all(setup, state.tick, emitters)?;
    let fastest = jets.iter().map(Jet::max_speed).max().unwrap_or(0);
    let substeps = substeps_for(max_speed(&state.extent, state).max(fastest));
    let coefficients = Coefficients::new(setup, substeps);
    let mut next = state.clone();
    let mut report = StepReport {
        substeps,
        converged: true,
        ..StepReport::default()
    };
    for last in (0..substeps).map(|n| n + 1 == substeps) {
        let (done, swell) = substep(setup, &coefficients, substeps, &jets, &mut next);
        report.cycles += done.cycles;
        report.converged &= done.converged;
        let speed = max_speed(&next.extent, &next);
        report.saturated |= speed == VELOCITY_LIMIT;
        report.cfl = report.cfl.max(Fixed(speed).to_f64() / f64::from(substeps));
        if last {
            report.divergence_before = Fixed(done.before).to_f64();
            report.max_divergence = Fixed(done.after).to_f64();
            report.rms_divergence = rms(&next, &swell);
        }
    }
    report.mass = mass(setup, &next);
    next.tick += 1;
    Ok((next, report))
}

/// The least power of two that keeps gas within [`CFL_CELLS`] a sub-step.
fn substeps_for(speed: i32) -> u32 {
    let cells = (speed / ONE) + 1;
    let needed = (cells + CFL_CELLS - 1) / CFL_CELLS;
    (needed.max(1) as u32).next_power_of_two().min(MAX_SUBSTEPS)
}

fn max_speed(extent: &Extent, state: &FluidState) -> i32 {
    let [_, row, plane] = extent.strides();
    let planes = extent.map_planes(|k| {
        let fastest = |n: usize| {
            let field = &state.velocity[n];
            let start = (k + 1) * plane + row;
            // the last plane answers for the faces beyond it
            let end = start + plane * (1 + usize::from(k + 1 == extent.cells[2])) - row;
            field[start..end].iter().fold(0, |max: i32, u| max.max(u.abs()))
        };
        (0..3).map(fastest).max().unwrap_or(0)
    });
    planes.into_iter().max().unwrap_or(0)
}

fn substep(
    setup: &FluidSetup,
    c: &Coefficients,
    substeps: u32,
    jets: &[Jet],
    state: &mut FluidState,
) -> (Projected, Vec<i32>) {
    let extent = state.extent;
    let everywhere = Activity::where_any(&extent, |_| true);
    let centre = centre_velocity(&extent, &everywhere, &state.velocity);
    carry(setup, substeps, &centre, state);
    for jet in jets {
        jet.quench(&extent, &mut state.gas);
        jet.fill(&extent, &mut state.gas);
        jet.drag(&extent, &state.gas, &mut state.velocity);
        jet.blow(&extent, &mut state.velocity);
    }
    let hot = gas_blocks(&extent, state);
    let swell = combust(&extent, &hot, c, &mut state.gas);
    buoyancy(&extent, &hot, &state.gas, c, &mut state.velocity);
    confine_vorticity(&extent, &hot.dilated(), &centre, c, &mut state.velocity);
    if setup.ground {
        stop_at_ground(&extent, &mut state.velocity[1]);
    }
    let residual = Fixed::from_f64(setup.relative_residual).0;
    let done = project(&extent, setup.ground, residual, &swell, &mut state.velocity);
    (done, swell)
}

fn gas_blocks(extent: &Extent, state: &FluidState) -> Activity {
    let gas = &state.gas;
    Activity::where_any(extent, |n| gas[n] != [0; 3])
}

/// Velocity and gas move along the velocity.
fn carry(setup: &FluidSetup, substeps: u32, centre: &[[i32; 3]], state: &mut FluidState) {
    let extent = state.extent;
    let hot = gas_blocks(&extent, state).dilated();
    let moving = Activity::where_any(&extent, |n| centre[n].iter().any(|u| u.abs() > STILL));
    let busy = hot.union(&moving).dilated();
    let along = Displacement::new(&extent, &busy, centre, substeps);
    state.gas = carry_gas(&extent, &hot, setup.ground, &state.gas, &along);
    state.velocity = carry_velocity(&extent, &busy, &hot, &state.velocity, &along);
}

fn stop_at_ground(extent: &Extent, vertical: &mut [i32]) {
    for k in 0..extent.cells[2] {
        for i in 0..extent.cells[0] {
            vertical[extent.index(i, 0, k)] = 0;
        }
    }
}

fn rms(state: &FluidState, swell: &[i32]) -> f64 {
    let squares = divergence_squares(&state.extent, &state.velocity, swell);
    (squares as f64 / state.extent.count() as f64).sqrt() / f64::from(ONE)
}

fn mass(setup: &FluidSetup, state: &FluidState) -> Mass {
    let extent = state.extent;
    let planes = extent.map_planes(|k| {
        let mut sum = [0_i64; 3];
        for j in 0..extent.cells[1] {
            let start = extent.index(0, j, k);
            for gas in &state.gas[start..start + extent.cells[0]] {
                (0..3).for_each(|lane| sum[lane] += i64::from(gas[lane]));
            }
        }
        sum
    });
    let total = |lane: usize| planes.iter().map(|sum| sum[lane]).sum::<i64>() as f64;
    let unit = setup.cell_m * setup.cell_m * setup.cell_m / f64::from(ONE);
    Mass {
        temperature: total(0) * unit,
        fuel: total(1) * unit,
        soot: total(2) * unit,
    }
}
