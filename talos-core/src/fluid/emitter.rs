//! Where gas enters: oriented jets. Scene values become fixed point here, once.

use super::advect::{Faces, Gas};
use super::fixed::{FRACTION_BITS, Fixed, ONE, SCALAR_LIMIT, bound_velocity, mul, round_shift};
use super::grid::{Extent, Place};
use super::sample::POSITION_BITS;
use super::setup::{FluidError, FluidSetup};
use crate::digest::Canonical;
use crate::math::DVec3;

/// A jet of gas over one step.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Emitter {
    /// The mouth, world metres.
    pub position: DVec3,
    /// Where it blows; any length but zero.
    pub direction: DVec3,
    /// Radius of the mouth, metres; at least one cell is used.
    pub radius_m: f64,
    /// Speed of the gas against the mouth, m/s.
    pub speed_m_s: f64,
    /// Velocity of the mouth itself against the air, m/s. Gas leaves with it: whoever flies as fast as it
    /// breathes would else overtake its own flame.
    pub carried_m_s: DVec3,
    /// How far the spray keeps pushing the burning gas before it flies free, metres. A breath of fire is
    /// a spray of droplets: without their momentum a gas jet stalls after five or six widths of its mouth.
    pub reach_m: f64,
    /// Temperature of the gas: 1 a full flame, 0 air.
    pub temperature: f64,
    /// Fuel in the gas: 1 for a full flame, 0 for smoke alone.
    pub fuel: f64,
    /// Soot (smoke) in the gas.
    pub density: f64,
    /// Share of the jet's force, [0, 1]: scales speed, fuel and soot. At 0 nothing happens.
    pub strength: f64,
}

impl Emitter {
    /// Seconds that the droplets of a breath fly before they are burnt.
    const SPRAY_S: f64 = 0.8;

    /// A breath of fire.
    #[must_use]
    pub fn fire(position: DVec3, direction: DVec3, radius_m: f64, speed_m_s: f64, strength: f64) -> Self {
        Self {
            position,
            direction,
            radius_m,
            speed_m_s,
            carried_m_s: DVec3::ZERO,
            reach_m: speed_m_s * Self::SPRAY_S,
            temperature: 1.0,
            fuel: 1.0,
            density: 0.0,
            strength,
        }
    }

    /// Adds all of it to a hash.
    pub fn write(&self, canonical: &mut Canonical) {
        let numbers = [
            self.radius_m,
            self.speed_m_s,
            self.reach_m,
            self.temperature,
            self.fuel,
            self.density,
            self.strength,
        ];
        canonical
            .numbers(&self.position.to_array())
            .numbers(&self.direction.to_array())
            .numbers(&self.carried_m_s.to_array())
            .numbers(&numbers);
    }

    /// The jet of a mouth that moves.
    #[must_use]
    pub fn carried(self, velocity_m_s: DVec3) -> Self {
        Self {
            carried_m_s: velocity_m_s,
            ..self
        }
    }

    /// A puff of smoke.
    #[must_use]
    pub fn smoke(position: DVec3, direction: DVec3, radius_m: f64, speed_m_s: f64, strength: f64) -> Self {
        Self {
            reach_m: 0.0,
            temperature: 0.15,
            fuel: 0.0,
            density: 1.0,
            ..Self::fire(position, direction, radius_m, speed_m_s, strength)
        }
    }
}

/// Positions of jets in 1/2048 cells, clamped to this many cells around the domain's corner: far beyond any domain.
const REACH_CELLS: f64 = 8192.0;

/// A jet in grid units.
#[derive(Clone, Copy, Debug)]
pub(super) struct Jet {
    /// Ends of the jet's axis, 1/2048 cells; the cell (0, 0, 0) has its centre at half a cell.
    start: [i64; 3],
    axis: [i64; 3],
    radius: i64,
    /// The spray's axis, 1/2048 cells.
    spray: [i64; 3],
    /// Cells a tick.
    velocity: [i32; 3],
    gas: Gas,
    /// The wake of whoever flies behind the mouth, 1/2048 cells.
    wake: [i64; 3],
    /// Share of the flame that the wake puts out in a sub-step, at its strongest.
    quench: i32,
    turbulence: i32,
    key: u64,
}

fn finite(index: usize, e: &Emitter) -> Result<(), FluidError> {
    let fields = [
        ("position", e.position.is_finite()),
        ("direction", e.direction.is_finite()),
        ("radius_m", e.radius_m.is_finite()),
        ("speed_m_s", e.speed_m_s.is_finite()),
        ("carried_m_s", e.carried_m_s.is_finite()),
        ("reach_m", e.reach_m.is_finite()),
        ("temperature", e.temperature.is_finite()),
        ("fuel", e.fuel.is_finite()),
        ("density", e.density.is_finite()),
        ("strength", e.strength.is_finite()),
    ];
    match fields.into_iter().find(|f| !f.1) {
        Some((field, _)) => Err(FluidError::Emitter { index, field }),
        None => Ok(()),
    }
}

impl Jet {
    /// The jets of a step; those without strength are left out.
    pub(super) fn all(setup: &FluidSetup, tick: u64, emitters: &[Emitter]) -> Result<Vec<Self>, FluidError> {
        let stream = setup.seed.stream("fluid/turbulence");
        let mut jets = Vec::new();
        for (index, emitter) in emitters.iter().enumerate() {
            finite(index, emitter)?;
            if emitter.strength > 0.0 {
                jets.push(Self::new(setup, tick, emitter, stream.word(index as u64)));
            }
        }
        Ok(jets)
    }

    fn new(setup: &FluidSetup, tick: u64, e: &Emitter, key: u64) -> Self {
        let steps = f64::from(1 << POSITION_BITS);
        let units = |cells: f64| (cells.clamp(-REACH_CELLS, REACH_CELLS) * steps).round_ties_even() as i64;
        let direction = e.direction.normalize_or(DVec3::Y);
        let strength = e.strength.min(1.0);
        let radius = (e.radius_m / setup.cell_m).clamp(1.0, 256.0);
        let start = (e.position - setup.origin) / setup.cell_m;
        let velocity = (direction * e.speed_m_s * strength + e.carried_m_s) * setup.cells_per_tick();
        // who flies much slower than it breathes never meets its flame
        let ahead = e.carried_m_s.dot(direction) / e.speed_m_s.abs().max(1e-9);
        let quench = QUENCH * ((ahead - 0.25) / 0.25).clamp(0.0, 1.0);
        let wake = e.carried_m_s.normalize_or_zero() * (-e.reach_m.max(0.0) / setup.cell_m);
        let scalar = |x: f64| Fixed::from_f64(x.max(0.0)).0.min(SCALAR_LIMIT);
        // a weak breath comes in gusts; the swing of fuel is a slow noise of the tick
        let gust = 1.0
            + setup.physics.turbulence
                * setup
                    .seed
                    .stream("fluid/gust")
                    .noise(tick as f64 * 6.0 / setup.tick_hz + (key % 97) as f64);
        Self {
            start: start.to_array().map(units),
            axis: (direction * radius).to_array().map(units),
            radius: units(radius),
            spray: (direction * (e.reach_m.max(0.0) / setup.cell_m))
                .to_array()
                .map(units),
            velocity: velocity
                .to_array()
                .map(|u| bound_velocity(i64::from(Fixed::from_f64(u).0))),
            gas: [
                scalar(e.temperature),
                scalar(e.fuel * strength * gust),
                scalar(e.density * strength),
            ],
            wake: wake.to_array().map(units),
            quench: Fixed::from_f64(quench).0,
            turbulence: Fixed::from_f64(setup.physics.turbulence).0,
            key: key ^ (tick / 2).wrapping_mul(0x9e37_79b9_7f4a_7c15),
        }
    }

    /// The fastest component of its velocity.
    pub(super) fn max_speed(&self) -> i32 {
        self.velocity.iter().map(|u| u.abs()).max().unwrap_or(0)
    }

    /// Length of the spray, 1/2048 cells.
    fn length(&self) -> i64 {
        let sum: i64 = self.spray.iter().map(|x| x * x).sum();
        sum.unsigned_abs().isqrt().max(1).cast_signed()
    }

    /// Where a place lies against an axis from the mouth: its share of the way along, and how full the
    /// jet is there: 1 within 0.7 radii of the axis, 0 beyond the radius. The radius grows by `widening` of
    /// itself over the axis. Position in half cells.
    fn share(&self, axis: [i64; 3], widening: i64, half_cells: [i64; 3]) -> (i32, i32) {
        let p = [0, 1, 2].map(|n| (half_cells[n] << (POSITION_BITS - 1)) - self.start[n]);
        let dot = |a: [i64; 3], b: [i64; 3]| a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
        let length_sq = dot(axis, axis).max(1);
        let along = dot(p, axis).clamp(0, length_sq);
        let way = (i128::from(along) << FRACTION_BITS) / i128::from(length_sq);
        let away = [0, 1, 2].map(|n| p[n] - divide_oddly(i128::from(axis[n]) * i128::from(along), length_sq));
        let radius = self.radius + ((i128::from(self.radius * widening) * way) >> FRACTION_BITS) as i64;
        let radius_sq = radius * radius;
        let left = (radius_sq - dot(away, away)).max(0);
        let full = (i128::from(left) << (FRACTION_BITS + 1)) / i128::from(radius_sq);
        (way as i32, full.min(i128::from(ONE)) as i32)
    }

    /// Indices of places that the jet may touch along its axis.
    fn range(&self, along: [i64; 3], radius: i64, axis: usize, count: usize) -> std::ops::Range<usize> {
        let ends = [self.start[axis], self.start[axis] + along[axis]];
        let low = (ends[0].min(ends[1]) - radius) >> POSITION_BITS;
        let high = (ends[0].max(ends[1]) + radius) >> POSITION_BITS;
        let clip = |n: i64| n.clamp(0, count as i64) as usize;
        clip(low - 1)..clip(high + 2)
    }

    fn places(&self, along: [i64; 3], radius: i64, extent: &Extent, size: [usize; 3]) -> Vec<Place> {
        let [x, y, z] = [0, 1, 2].map(|axis| self.range(along, radius, axis, size[axis]));
        let mut places = Vec::new();
        for k in z {
            for j in y.clone() {
                for i in x.clone() {
                    let index = extent.index(i, j, k);
                    places.push(Place { at: [i, j, k], index });
                }
            }
        }
        places
    }

    /// Fills the mouth with gas.
    pub(super) fn fill(&self, extent: &Extent, gas: &mut [Gas]) {
        for p in self.places(self.axis, self.radius, extent, extent.cells) {
            let (_, share) = self.share(self.axis, 0, p.at.map(|n| 2 * n as i64 + 1));
            for (has, &wants) in gas[p.index].iter_mut().zip(&self.gas) {
                // gas already hotter or denser than the jet keeps what it has
                *has += mul((wants - *has).max(0), share);
            }
        }
    }

    /// Puts out the flame that falls behind a flying mouth: the body's wake tears and mixes it until it is
    /// too cold to burn. Nobody is to fly through its own fire.
    pub(super) fn quench(&self, extent: &Extent, gas: &mut [Gas]) {
        if self.quench == 0 || self.wake == [0; 3] {
            return;
        }
        let radius = self.radius * WAKE_RADII;
        let wide = Self { radius, ..*self };
        for p in self.places(self.wake, radius, extent, extent.cells) {
            let (way, full) = wide.share(self.wake, 0, p.at.map(|n| 2 * n as i64 + 1));
            // from nothing at the mouth to all of it after an eighth of the way
            let share = mul(mul(full, (way * 8).min(ONE)), self.quench);
            for has in gas[p.index].iter_mut().take(2) {
                *has -= mul(*has, share);
            }
        }
    }

    /// Drives the air in the mouth.
    pub(super) fn blow(&self, extent: &Extent, velocity: &mut Faces) {
        let speed = self.max_speed();
        for (axis, field) in velocity.iter_mut().enumerate() {
            for p in self.places(self.axis, self.radius, extent, extent.faces(axis)) {
                let (_, share) = self.share(self.axis, 0, face(axis, p));
                let unrest = mul(mul(speed, self.turbulence), self.noise(axis, p.at));
                let goal = bound_velocity(i64::from(self.velocity[axis]) + i64::from(unrest));
                approach(&mut field[p.index], goal, share);
            }
        }
    }

    /// The spray's droplets drag the burning gas along, and the air just before it: they fly ahead of their
    /// flames. Without that lead a jet advances at half its speed, against the air that it pushes.
    pub(super) fn drag(&self, extent: &Extent, gas: &[Gas], velocity: &mut Faces) {
        if self.spray == [0; 3] {
            return;
        }
        let length = self.length();
        let heat = |p: Place, axis: usize, back: i64| {
            let mut at = p.at;
            for (n, at) in at.iter_mut().enumerate() {
                let step = divide_oddly(i128::from(self.spray[n]) * i128::from(back), length);
                *at = (*at as i64 - step).clamp(0, extent.cells[n] as i64 - 1) as usize;
            }
            let above = gas[extent.index(at[0], at[1], at[2])][0];
            at[axis] = at[axis].saturating_sub(1);
            above.max(gas[extent.index(at[0], at[1], at[2])][0])
        };
        for (axis, field) in velocity.iter_mut().enumerate() {
            for p in self.places(
                self.spray,
                self.radius * (1 + WIDENING),
                extent,
                extent.faces(axis),
            ) {
                let hot = (0..=LEAD_CELLS)
                    .map(|back| heat(p, axis, back))
                    .max()
                    .unwrap_or(0);
                let burning = (hot * 2).min(ONE);
                let (way, full) = self.share(self.spray, WIDENING, face(axis, p));
                let share = mul(mul(burning, full), mul(DRAG, ONE - way));
                if share > 0 {
                    // droplets lose half of their speed on the way
                    let goal = mul(self.velocity[axis], ONE - way / 2);
                    approach(&mut field[p.index], goal, share);
                }
            }
        }
    }

    /// White noise in [−1, 1) on pairs of cells: the projection turns it into eddies.
    fn noise(&self, axis: usize, at: [usize; 3]) -> i32 {
        let mut x = self.key ^ (axis as u64 + 1);
        for n in at {
            x = (x ^ (n as u64 / 2)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            x ^= x >> 29;
        }
        ((x.wrapping_mul(0x94d0_49bb_1331_11eb) >> 39) as i32) - ONE
    }
}

/// Share of the flame that a wake puts out in a sub-step: nothing burns in it for longer than a quarter second.
const QUENCH: f64 = 0.35;

/// Radii of the mouth that the wake is wide: a body and the roots of its wings.
const WAKE_RADII: i64 = 6;

/// Radii that a spray gains over its reach: 1 makes a cone of 11° each side for the usual breath.
const WIDENING: i64 = 1;

/// Cells that droplets lead their flames by.
const LEAD_CELLS: i64 = 4;

/// Share of the difference in speed that droplets take away in a sub-step, at the mouth.
const DRAG: i32 = ONE / 2;

/// Middle of the face below a cell, in half cells.
fn face(axis: usize, place: Place) -> [i64; 3] {
    [0, 1, 2].map(|n| 2 * place.at[n] as i64 + i64::from(n != axis))
}

/// Moves a velocity a share of the way to a goal.
fn approach(u: &mut i32, goal: i32, share: i32) {
    let change = round_shift(i64::from(goal - *u) * i64::from(share), FRACTION_BITS);
    *u = bound_velocity(i64::from(*u) + change);
}

/// `a / b` rounded towards zero: odd in `a`.
fn divide_oddly(a: i128, b: i64) -> i64 {
    (a / i128::from(b)) as i64
}
