//! Gas made finer for drawing: bent by noise that rides with the flow, on a grid three times as fine.
//!
//! Detail is added once per point of space and frame, not once per sample of a ray, so its cost
//! does not grow with the picture; rays then only look it up.

use rayon::prelude::*;

use super::look::FireLook;
use super::noise::{Ages, DetailNoise};
use super::volume::FireVolume;
use crate::math::DVec3;
use crate::math::scalar::single;

/// Fine samples along a cell's side: 0.15 m at 0.45 m cells. Four would take 2.4 times as long.
const FINE: usize = 3;

/// Cells along a side of a coarse block: velocities are averaged over these, or detail would be torn by eddies.
const COARSE: usize = 4;

/// Cells along a side of the blocks by which rays skip empty space.
const SKIP: usize = 2;

/// Cells that bending may bring gas from, at most.
const REACH: usize = 2;

/// Temperature below which no detail can make flame: only smoke is left.
const DARK: f32 = 0.08;

/// Temperature where flame begins to show, and where it shows in full.
const SHOWS: (f32, f32) = (0.16, 0.5);

/// Samples of a box of space, x fastest; zero outside.
pub(super) struct Field<const N: usize> {
    pub(super) cells: [usize; 3],
    cell_m: f32,
    values: Vec<[f32; N]>,
}

/// What a ray looks up: flame (0 none, 1 full), flame times temperature, smoke, smoke times the warmth around it.
pub(super) type Drawn = [f32; 4];

/// Gas prepared for rays.
pub(super) struct Medium {
    pub(super) origin: DVec3,
    pub(super) fine: Field<4>,
    pub(super) block_m: f64,
    pub(super) blocks: [usize; 3],
    /// Blocks that hold something to see.
    pub(super) occupied: Vec<bool>,
}

#[inline]
pub(super) fn at(cells: [usize; 3], i: usize, j: usize, k: usize) -> usize {
    (k * cells[1] + j) * cells[0] + i
}

fn place(cells: [usize; 3], n: usize) -> [usize; 3] {
    [n % cells[0], n / cells[0] % cells[1], n / (cells[0] * cells[1])]
}

#[inline(always)]
fn mix<const N: usize>(mut a: [f32; N], b: [f32; N], t: f32) -> [f32; N] {
    for n in 0..N {
        a[n] += (b[n] - a[n]) * t;
    }
    a
}

impl<const N: usize> Field<N> {
    /// Trilinear value at a point in metres from the corner; samples stand at cell centres.
    #[inline(always)]
    pub(super) fn value(&self, p: [f32; 3]) -> [f32; N] {
        let scale = 1.0 / self.cell_m;
        let mut base = [0; 3];
        let mut t = [0.0; 3];
        for n in 0..3 {
            let q = p[n] * scale - 0.5;
            let top = self.cells[n] as f32 - 1.0;
            if !(q > -1.0 && q < top + 1.0) {
                return [0.0; N];
            }
            let inside = q.max(0.0).min(top);
            base[n] = (inside as usize).min(self.cells[n].saturating_sub(2));
            t[n] = inside - base[n] as f32;
        }
        let first = at(self.cells, base[0], base[1], base[2]);
        let (y, z) = (self.cells[0], self.cells[0] * self.cells[1]);
        let line = |n: usize| mix(self.values[n], self.values[n + 1], t[0]);
        let low = mix(line(first), line(first + y), t[1]);
        let high = mix(line(first + z), line(first + z + y), t[1]);
        mix(low, high, t[2])
    }
}

/// One step of tri-quadratic subdivision: rounds off the facets of trilinear cells.
fn refine(cells: [usize; 3], gas: &[[f32; 2]]) -> Vec<[f32; 2]> {
    let fine = cells.map(|n| n * 2);
    let mut out = vec![[0.0; 2]; fine.iter().product()];
    let near = |n: usize, count: usize| {
        let own = n / 2;
        let other = if n.is_multiple_of(2) {
            own.saturating_sub(1)
        } else {
            (own + 1).min(count - 1)
        };
        (own, other)
    };
    let sheets = out.par_chunks_mut(fine[0] * fine[1]).enumerate();
    sheets.for_each(|(k, plane)| {
        let (z0, z1) = near(k, cells[2]);
        for (j, row) in plane.chunks_exact_mut(fine[0]).enumerate() {
            let (y0, y1) = near(j, cells[1]);
            let sheet = |i: usize| {
                let line = |z: usize| mix(gas[at(cells, i, y0, z)], gas[at(cells, i, y1, z)], 0.25);
                mix(line(z0), line(z1), 0.25)
            };
            let mut before = sheet(0);
            let mut own = before;
            for i in 0..cells[0] {
                let after = sheet((i + 1).min(cells[0] - 1));
                row[2 * i] = mix(own, before, 0.25);
                row[2 * i + 1] = mix(own, after, 0.25);
                (before, own) = (own, after);
            }
        }
    });
    out
}

/// Mean velocity (weighted by what is seen) and temperature of coarse blocks.
fn coarsen(cells: [usize; 3], volume: &FireVolume) -> Field<4> {
    let blocks = cells.map(|n| n / COARSE);
    let mean = |n: usize| {
        let low = place(blocks, n).map(|b| b * COARSE);
        let (mut sum, mut weight) = ([0.0; 4], 0.0);
        for m in 0..COARSE * COARSE * COARSE {
            let [i, j, k] = place([COARSE; 3], m);
            let n = at(cells, low[0] + i, low[1] + j, low[2] + k);
            let [temperature, soot] = volume.gas[n];
            let w = temperature + soot + 0.01;
            (0..3).for_each(|lane| sum[lane] += w * volume.velocity[n][lane]);
            sum[3] += temperature;
            weight += w;
        }
        let share = 1.0 / (COARSE * COARSE * COARSE) as f32;
        [sum[0] / weight, sum[1] / weight, sum[2] / weight, sum[3] * share]
    };
    let mut values: Vec<[f32; 4]> = (0..blocks.iter().product::<usize>())
        .into_par_iter()
        .map(mean)
        .collect();
    spread_warmth(blocks, &mut values);
    Field {
        cells: blocks,
        cell_m: (volume.cell_m * COARSE as f64) as f32,
        values,
    }
}

/// Lets the temperature shine two blocks around, so that smoke near fire is lit by it.
fn spread_warmth(blocks: [usize; 3], values: &mut [[f32; 4]]) {
    for pass in 0..6 {
        let axis = pass % 3;
        let stride = blocks[..axis].iter().product::<usize>();
        let before: Vec<f32> = values.iter().map(|v| v[3]).collect();
        for (n, value) in values.iter_mut().enumerate() {
            let own = place(blocks, n)[axis];
            let low = if own > 0 { before[n - stride] } else { 0.0 };
            let high = if own + 1 < blocks[axis] {
                before[n + stride]
            } else {
                0.0
            };
            value[3] = 0.5 * before[n] + 0.25 * (low + high);
        }
    }
}

/// Cells with gas to see within `REACH` of them, found axis by axis.
fn within_reach(cells: [usize; 3], gas: &[[f32; 2]]) -> Vec<bool> {
    let mut near: Vec<bool> = gas.iter().map(|g| g[0] > 0.05 || g[1] > 0.02).collect();
    for axis in 0..3 {
        let stride = cells[..axis].iter().product::<usize>();
        let before = near.clone();
        near.par_iter_mut().enumerate().for_each(|(n, flag)| {
            let own = place(cells, n)[axis];
            let (low, high) = (own.saturating_sub(REACH), (own + REACH).min(cells[axis] - 1));
            *flag = (low..=high).any(|m| before[n + m * stride - own * stride]);
        });
    }
    near
}

/// What is needed to make one fine sample.
struct Detail<'a> {
    gas: Field<2>,
    flow: Field<4>,
    /// Bend in metres and a grain, per cell: the large licks vary slowly enough for the solver's grid.
    large: Field<4>,
    noise: DetailNoise,
    /// Corner of the volume, world metres: noise lies in the world, or it would jump whenever the box around
    /// the gas grows.
    origin: [f32; 3],
    ages: Ages,
    look: &'a FireLook,
}

impl Medium {
    pub(super) fn new(volume: &FireVolume, look: &FireLook) -> Self {
        let cells = volume.cells.map(|n| n as usize);
        let cell_m = volume.cell_m as f32;
        let near = within_reach(cells, &volume.gas);
        let mut detail = Detail {
            gas: Field {
                cells: cells.map(|n| n * 2),
                cell_m: cell_m * 0.5,
                values: refine(cells, &volume.gas),
            },
            flow: coarsen(cells, volume),
            large: Field {
                cells,
                cell_m,
                values: vec![[0.0; 4]; volume.gas.len()],
            },
            noise: DetailNoise::new(volume.seed),
            origin: volume.origin.as_vec3().to_array(),
            ages: Ages::at(volume.time_s),
            look,
        };
        let fine_cells = cells.map(|n| n * FINE);
        let fine_m = cell_m / FINE as f32;
        detail.bend_cells(&near);
        let mut values = vec![[0.0; 4]; fine_cells.iter().product()];
        let sheets = values.par_chunks_mut(fine_cells[0] * fine_cells[1]).enumerate();
        sheets.for_each(|(k, plane)| {
            for (n, value) in plane.iter_mut().enumerate() {
                let (i, j) = (n % fine_cells[0], n / fine_cells[0]);
                if near[at(cells, i / FINE, j / FINE, k / FINE)] {
                    *value = detail.drawn([i, j, k].map(|n| (n as f32 + 0.5) * fine_m));
                }
            }
        });
        let blocks = cells.map(|n| n / SKIP);
        let occupied = occupied(blocks, &near, fine_cells, &values);
        Self {
            origin: volume.origin,
            fine: Field {
                cells: fine_cells,
                cell_m: fine_m,
                values,
            },
            block_m: volume.cell_m * SKIP as f64,
            blocks,
            occupied,
        }
    }
}

/// Blocks with something to see, or beside the faces of one: interpolation reaches a sample across.
fn occupied(blocks: [usize; 3], near: &[bool], fine: [usize; 3], values: &[Drawn]) -> Vec<bool> {
    let side = SKIP * FINE;
    let test = |n: usize| {
        let block = place(blocks, n);
        let cells = fine.map(|n| n / FINE);
        let around = |axis: usize| {
            (block[axis] * SKIP).saturating_sub(1)..((block[axis] + 1) * SKIP + 1).min(cells[axis])
        };
        // values elsewhere were never written
        let written = |k: usize, j: usize| around(0).any(|i| near[at(cells, i, j, k)]);
        if !around(2).any(|k| around(1).any(|j| written(k, j))) {
            return false;
        }
        let range = |axis: usize| {
            let low = (block[axis] * side).saturating_sub(1);
            low..((block[axis] + 1) * side + 1).min(fine[axis])
        };
        range(2).any(|k| {
            range(1).any(|j| {
                let row = at(fine, 0, j, k);
                let x = range(0);
                values[row + x.start..row + x.end]
                    .iter()
                    .any(|v| v[0] > 0.0 || v[2] > 0.0)
            })
        })
    };
    (0..blocks.iter().product::<usize>())
        .into_par_iter()
        .map(test)
        .collect()
}

impl Detail<'_> {
    /// Fills the large licks.
    fn bend_cells(&mut self, near: &[bool]) {
        let (cells, cell_m) = (self.large.cells, self.large.cell_m);
        let mut values = std::mem::take(&mut self.large.values);
        let this = &*self;
        values
            .par_iter_mut()
            .enumerate()
            .filter(|(n, _)| near[*n])
            .for_each(|(n, value)| {
                let p = place(cells, n).map(|i| (i as f32 + 0.5) * cell_m);
                *value = this.streaks(p, LARGE, 5);
            });
        self.large.values = values;
    }

    /// Noise of features `size` licks across, averaged over `taps` places along the flow: it is drawn out to
    /// streaks, as flames are.
    #[inline]
    fn streaks(&self, p: [f32; 3], size: f32, taps: u8) -> [f32; 4] {
        let size_m = self.look.lick_m * size;
        let flow = self.flow.value(p);
        // licks rise a little faster than the gas
        let drift = [flow[0], flow[1] + 1.5, flow[2]];
        let speed = (drift[0] * drift[0] + drift[1] * drift[1] + drift[2] * drift[2]).sqrt();
        // slow gas has no direction to be drawn out along
        let stride = size_m * 0.55 / (speed + 2.0);
        let mut sum = [0.0; 4];
        for tap in 0..taps {
            let along = (f32::from(tap) - f32::from(taps - 1) * 0.5) * stride;
            let at = [0, 1, 2].map(|n| self.origin[n] + p[n] + drift[n] * along);
            let value = self.noise.carried(at, drift, size_m, &self.ages);
            (0..4).for_each(|lane| sum[lane] += value[lane]);
        }
        // averaging takes contrast away; half of it is given back
        let scale = 1.0 / f32::from(taps).sqrt();
        sum.map(|x| x * scale)
    }

    fn drawn(&self, p: [f32; 3]) -> Drawn {
        let large = self.large.value(p);
        let lick = self.look.lick_m;
        let wide = [0, 1, 2].map(|n| p[n] + lick * BEND * large[n]);
        let [temperature, soot] = self.gas.value(wide);
        if temperature < DARK {
            return smoke(soot, temperature, large[3], self.flow.value(p)[3]);
        }
        let small = self.streaks(p, SMALL, 2);
        let bent = [0, 1, 2].map(|n| wide[n] + lick * SMALL * BEND * small[n]);
        let [temperature, soot] = self.gas.value(bent);
        // ridges of the small noise stand out as tongues; the large one makes fire patchy
        let grain = 0.5 * large[3] + 1.1 * (0.42 - small[3].abs());
        // dying fire is torn to pieces
        let dying = 1.0 - single::smoothstep(0.3, 0.75, temperature);
        let rough = temperature + (0.36 + 0.3 * dying) * grain * single::smoothstep(0.0, 0.35, temperature);
        let rough = rough - 0.07 * dying;
        let flame = single::smoothstep(SHOWS.0, SHOWS.1, rough);
        let [_, _, smoke, warmth] = smoke(soot, temperature, large[3], self.flow.value(p)[3]);
        [flame, flame * rough, smoke, warmth]
    }
}

/// Size of the large and the small licks, and how far they bend the gas, as shares of `FireLook::lick_m`.
const LARGE: f32 = 2.2;
const SMALL: f32 = 0.75;
const BEND: f32 = 0.75;

/// Smoke of some density, grainy; burning gas hides its own.
#[inline]
fn smoke(soot: f32, temperature: f32, grain: f32, warmth: f32) -> Drawn {
    let clear = 1.0 - single::smoothstep(0.2, 0.6, temperature);
    let smoke = (soot - 0.05).max(0.0) * clear * (1.0 + 0.8 * grain).max(0.0);
    [0.0, 0.0, smoke, smoke * warmth * 6.0]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fluid::{Emitter, FluidSetup, Simulation};

    /// The same gas in a box that is larger by some cells of clean air before it.
    fn padded(volume: &FireVolume, cells: usize) -> FireVolume {
        let old = volume.cells.map(|n| n as usize);
        let new = old.map(|n| n + cells);
        let mut wide = FireVolume {
            origin: volume.origin - DVec3::splat(cells as f64 * volume.cell_m),
            cells: new.map(|n| n as u32),
            gas: vec![[0.0; 2]; new.iter().product()],
            velocity: vec![[0.0; 3]; new.iter().product()],
            ..volume.clone()
        };
        for n in 0..volume.gas.len() {
            let [i, j, k] = place(old, n).map(|at| at + cells);
            wide.gas[at(new, i, j, k)] = volume.gas[n];
            wide.velocity[at(new, i, j, k)] = volume.velocity[n];
        }
        wide
    }

    #[test]
    fn detail_stays_where_it_is_when_the_box_around_the_gas_grows() {
        let setup = FluidSetup {
            cells: [32, 16, 16],
            ..FluidSetup::default()
        };
        let jet = |_| vec![Emitter::fire(DVec3::new(2.0, 3.0, 3.6), DVec3::X, 1.1, 18.0, 1.0)];
        let sim = Simulation::new(setup, jet).expect("a good setup");
        let volume = sim.frame(14, &[]).expect("good emitters").export(&setup);
        let look = FireLook::default();
        let (small, large) = (
            Medium::new(&volume, &look),
            Medium::new(&padded(&volume, COARSE), &look),
        );
        let shift = COARSE as f32 * volume.cell_m as f32;
        let (mut apart, mut flame) = (0.0, 0.0);
        for n in 0..20_000_usize {
            // places all over the box
            let share = |step: f32| (n as f32 * step).fract();
            let p = [0, 1, 2].map(|axis| {
                [share(0.618_034), share(0.754_878), share(0.569_84)][axis]
                    * volume.cells[axis] as f32
                    * volume.cell_m as f32
            });
            let (a, b) = (small.fine.value(p)[0], large.fine.value(p.map(|x| x + shift))[0]);
            apart += (a - b).abs();
            flame += a;
        }
        assert!(flame > 100.0 && apart < 0.01 * flame, "{apart} of {flame}");
    }
}
