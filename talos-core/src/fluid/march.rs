//! Rays through the gas: what heat and smoke they meet.

use rayon::prelude::*;

use super::look::FireLook;
use super::noise::{Ages, DetailNoise};
use super::volume::FireVolume;
use crate::math::DVec3;
use crate::math::scalar::single;

/// Cells along a side of a coarse block: velocities are averaged and empty space is skipped by these.
const COARSE: usize = 4;

/// Steps of a ray, in cells. Longer miss licks, shorter cost time.
const STEP_CELLS: f64 = 0.5;

/// What a ray gathered.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Seen {
    /// Metres of full flame, dimmed by the smoke before it.
    pub(super) heat: f32,
    /// Optical depth of the smoke.
    pub(super) smoke: f32,
    /// Mean heat near the smoke.
    pub(super) glow: f32,
    /// Share of the smoke that faces upward.
    pub(super) upper: f32,
    /// Depths between which there is gas, metres; 0 where there is none.
    pub(super) near: f32,
    pub(super) far: f32,
}

impl Seen {
    pub(super) fn any(&self) -> bool {
        self.heat > 0.0 || self.smoke > 0.0
    }

    pub(super) fn add(&mut self, other: &Self, weight: f32) {
        self.heat += other.heat * weight;
        self.smoke += other.smoke * weight;
        self.glow += other.glow * weight;
        self.upper += other.upper * weight;
    }

    pub(super) fn scaled(&self, by: f32) -> Self {
        Self {
            heat: self.heat * by,
            smoke: self.smoke * by,
            glow: self.glow * by,
            upper: self.upper * by,
            ..*self
        }
    }

    /// How differently a ray that ended at `end` and one that ends at `depth` see this gas:
    /// 0 alike, 1 and more not at all.
    pub(super) fn apart(&self, end: f32, depth: f32) -> f32 {
        // an empty ray that was stopped may have gas behind its end; one that was not stopped has none
        let (near, far) = if self.far > 0.0 { (self.near, self.far.max(end.min(depth))) } else { (0.0, f32::INFINITY) };
        let (a, b) = (end.clamp(near, far), depth.clamp(near, far));
        if a == b {
            return 0.0;
        }
        let gap = (a - b).abs();
        if gap.is_finite() { gap / (0.02 * a.min(b) + 0.3) } else { 1.0 }
    }
}

/// Gas prepared for rays.
pub(super) struct Medium {
    origin: DVec3,
    fine_m: f64,
    fine_cells: [usize; 3],
    /// Temperature and soot at half the cells' size, one sample of halo around.
    fine: Vec<[f32; 2]>,
    coarse_cells: [usize; 3],
    /// Mean velocity, and mean heat in the fourth place.
    coarse: Vec<[f32; 4]>,
    occupied: Vec<bool>,
    noise: DetailNoise,
    ages: Ages,
    lick_m: f32,
    smoke_per_m: f32,
    time_s: f32,
}

/// Temperature where flame begins to show, and where it shows in full.
const SHOWS: (f32, f32) = (0.16, 0.75);

fn at(cells: [usize; 3], i: usize, j: usize, k: usize) -> usize {
    (k * cells[1] + j) * cells[0] + i
}

impl Medium {
    pub(super) fn new(volume: &FireVolume, look: &FireLook) -> Self {
        let cells = volume.cells.map(|n| n as usize);
        let (fine_cells, fine) = refine(cells, &volume.gas);
        let (coarse_cells, coarse, full) = coarsen(cells, volume);
        let occupied = dilate(coarse_cells, &full);
        Self {
            origin: volume.origin,
            fine_m: volume.cell_m * 0.5,
            fine_cells,
            fine,
            coarse_cells,
            coarse,
            occupied,
            noise: DetailNoise::new(volume.seed),
            ages: Ages::at(volume.time_s),
            lick_m: look.lick_m.clamp(0.0, 20.0),
            smoke_per_m: look.smoke_per_m,
            time_s: volume.time_s as f32,
        }
    }

    fn block_m(&self) -> f64 {
        self.fine_m * 2.0 * COARSE as f64
    }

    /// Depths between which a ray is inside the volume.
    fn crossing(&self, start: DVec3, along: DVec3, end: f64) -> Option<(f64, f64)> {
        let (mut near, mut far) = (crate::camera::Projection::NEAR_M, end);
        for axis in 0..3 {
            let size = self.coarse_cells[axis] as f64 * self.block_m();
            let (s, d) = (start[axis] - self.origin[axis], along[axis]);
            if d.abs() < 1e-12 {
                if s < 0.0 || s > size {
                    return None;
                }
                continue;
            }
            let (a, b) = (-s / d, (size - s) / d);
            near = near.max(a.min(b));
            far = far.min(a.max(b));
        }
        (near < far).then_some((near, far))
    }

    /// Gathers from the camera to depth `end`.
    pub(super) fn march(&self, start: DVec3, along: DVec3, end: f64) -> Seen {
        let mut seen = Seen::default();
        let Some((near, far)) = self.crossing(start, along, end) else {
            return seen;
        };
        let metres = along.length();
        let step = STEP_CELLS * 2.0 * self.fine_m / metres;
        let step_m = (step * metres) as f32;
        // samples at whole multiples of the step from the camera: neighbours agree
        let mut n = (near / step).ceil() as i64;
        let last = (far / step) as i64;
        while n <= last {
            let depth = n as f64 * step;
            let p = (start + along * depth - self.origin) / self.block_m();
            let block = p.to_array().map(|x| x as usize);
            let block = [0, 1, 2].map(|axis| block[axis].min(self.coarse_cells[axis] - 1));
            if !self.occupied[at(self.coarse_cells, block[0], block[1], block[2])] {
                n += self.steps_to_leave(p, along * step / self.block_m());
                continue;
            }
            // the last sample before a surface counts for the share of its step that is seen
            let share = ((far - depth) / step).min(1.0) as f32;
            self.gather(p, depth as f32, step_m * share, &mut seen);
            if seen.smoke > 6.0 {
                break;
            }
            n += 1;
        }
        if seen.smoke > 0.0 {
            seen.glow /= seen.smoke;
            seen.upper /= seen.smoke;
        }
        seen
    }

    /// Steps until a ray leaves the block it is in.
    fn steps_to_leave(&self, p: DVec3, step: DVec3) -> i64 {
        let mut least = 1e6;
        for axis in 0..3 {
            let (x, d) = (p[axis] - p[axis].floor(), step[axis]);
            if d > 1e-9 {
                least = f64::min(least, (1.0 - x) / d);
            } else if d < -1e-9 {
                least = f64::min(least, -x / d);
            }
        }
        (least.ceil() as i64).max(1)
    }

    fn gather(&self, p: DVec3, depth: f32, step_m: f32, seen: &mut Seen) {
        let block_m = self.block_m() as f32;
        let metres = [p.x as f32 * block_m, p.y as f32 * block_m, p.z as f32 * block_m];
        let flow = trilinear(self.coarse_cells, &self.coarse, metres, block_m);
        let velocity = [flow[0], flow[1], flow[2]];
        let (bent, grain) = self.bend(metres, velocity);
        let fine_m = self.fine_m as f32;
        let [temperature, soot] = trilinear(self.fine_cells, &self.fine, bent, fine_m);
        if temperature < 0.02 && soot < 0.01 {
            return;
        }
        if seen.far == 0.0 {
            seen.near = depth;
        }
        seen.far = depth;
        let heat = single::smoothstep(SHOWS.0, SHOWS.1, temperature + 0.22 * grain * single::smoothstep(0.0, 0.3, temperature));
        seen.heat += heat * step_m * single::exp(-seen.smoke);
        // burning gas hides its own soot
        let smoke = (soot - 0.04).max(0.0) * (1.0 - single::smoothstep(0.1, 0.4, temperature)) * (1.0 + 0.6 * grain);
        let smoke = smoke.max(0.0) * self.smoke_per_m * step_m;
        if smoke > 0.0 {
            let above = [bent[0], bent[1] + 2.0 * fine_m, bent[2]];
            let cover = trilinear(self.fine_cells, &self.fine, above, fine_m)[1];
            seen.smoke += smoke;
            seen.glow += smoke * flow[3] * 2.0;
            seen.upper += smoke * single::smoothstep(-0.25, 0.5, soot - cover);
        }
    }

    /// Where the drawn gas at a point comes from: the point bent by noise that rides with the flow;
    /// and a grain in about [−1, 1].
    fn bend(&self, p: [f32; 3], velocity: [f32; 3]) -> ([f32; 3], f32) {
        if self.lick_m <= 0.0 {
            return (p, 0.0);
        }
        // licks rise a little faster than the gas
        let drift = [velocity[0], velocity[1] + 1.5, velocity[2]];
        let large = self.noise.carried(p, drift, self.lick_m * 1.7, &self.ages);
        let small = self.noise.carried(p, drift, self.lick_m * 0.62, &self.ages);
        let amount = self.lick_m * 0.62;
        let bent = [0, 1, 2].map(|n| p[n] + amount * (large[n] + 0.42 * small[n]));
        (bent, 0.6 * large[3] + 0.5 * small[3])
    }
}

/// Trilinear value at a point in metres; samples are at cell centres, zero outside.
#[inline]
fn trilinear<const N: usize>(cells: [usize; 3], field: &[[f32; N]], p: [f32; 3], cell_m: f32) -> [f32; N] {
    let q = p.map(|x| x / cell_m - 0.5);
    let inside = (0..3).all(|n| q[n] >= 0.0 && q[n] < cells[n] as f32 - 1.0);
    if !inside {
        let clamped = [0, 1, 2].map(|n| q[n].clamp(0.0, cells[n] as f32 - 1.0));
        let outside = (0..3).map(|n| (q[n] - clamped[n]).abs()).fold(0.0, f32::max);
        let fade = (1.0 - outside).max(0.0);
        if fade == 0.0 {
            return [0.0; N];
        }
        let clamped = [0, 1, 2].map(|n| clamped[n].min(cells[n] as f32 - 1.001).max(0.0));
        return inner(cells, field, clamped).map(|x| x * fade);
    }
    inner(cells, field, q)
}

#[inline]
fn inner<const N: usize>(cells: [usize; 3], field: &[[f32; N]], q: [f32; 3]) -> [f32; N] {
    let base = q.map(|x| x as usize);
    let t = [0, 1, 2].map(|n| q[n] - base[n] as f32);
    let step = [1, cells[0], cells[0] * cells[1]];
    let step = [0, 1, 2].map(|n| if cells[n] > 1 { step[n] } else { 0 });
    let first = at(cells, base[0], base[1], base[2]);
    let line = |n: usize| mix(field[n], field[n + step[0]], t[0]);
    let sheet = |n: usize| mix(line(n), line(n + step[1]), t[1]);
    mix(sheet(first), sheet(first + step[2]), t[2])
}

#[inline]
fn mix<const N: usize>(mut a: [f32; N], b: [f32; N], t: f32) -> [f32; N] {
    for n in 0..N {
        a[n] += (b[n] - a[n]) * t;
    }
    a
}

/// One step of tri-quadratic subdivision: rounds off the facets of trilinear cells.
fn refine(cells: [usize; 3], gas: &[[f32; 2]]) -> ([usize; 3], Vec<[f32; 2]>) {
    let fine = cells.map(|n| n * 2);
    let mut out = vec![[0.0; 2]; fine.iter().product()];
    let near = |n: usize, count: usize| {
        let own = n / 2;
        let other = if n % 2 == 0 { own.saturating_sub(1) } else { (own + 1).min(count - 1) };
        (own, other)
    };
    out.par_chunks_mut(fine[0] * fine[1]).enumerate().for_each(|(k, plane)| {
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
    (fine, out)
}

/// Mean velocity and heat of coarse blocks, and whether they hold anything to draw.
fn coarsen(cells: [usize; 3], volume: &FireVolume) -> ([usize; 3], Vec<[f32; 4]>, Vec<bool>) {
    let coarse = cells.map(|n| n / COARSE);
    let blocks: Vec<([f32; 4], bool)> = (0..coarse.iter().product::<usize>())
        .into_par_iter()
        .map(|n| {
            let low = [n % coarse[0], n / coarse[0] % coarse[1], n / (coarse[0] * coarse[1])].map(|b| b * COARSE);
            let (mut sum, mut weight, mut full) = ([0.0; 4], 0.0, false);
            for k in 0..COARSE {
                for j in 0..COARSE {
                    for i in 0..COARSE {
                        let n = at(cells, low[0] + i, low[1] + j, low[2] + k);
                        let [temperature, soot] = volume.gas[n];
                        // what is seen sets the pace of its block
                        let w = temperature + soot + 0.01;
                        (0..3).for_each(|lane| sum[lane] += w * volume.velocity[n][lane]);
                        sum[3] += temperature;
                        weight += w;
                        full |= temperature > 0.02 || soot > 0.01;
                    }
                }
            }
            let mean = [sum[0] / weight, sum[1] / weight, sum[2] / weight, sum[3] / (COARSE * COARSE * COARSE) as f32];
            (mean, full)
        })
        .collect();
    let (means, full) = blocks.into_iter().unzip();
    (coarse, means, full)
}

/// Blocks that hold gas, and their neighbours: bending may bring gas a block away.
fn dilate(cells: [usize; 3], full: &[bool]) -> Vec<bool> {
    let around = |n: usize, count: usize| n.saturating_sub(1)..(n + 2).min(count);
    (0..full.len())
        .map(|n| {
            let (i, j, k) = (n % cells[0], n / cells[0] % cells[1], n / (cells[0] * cells[1]));
            around(k, cells[2]).any(|z| {
                around(j, cells[1]).any(|y| around(i, cells[0]).any(|x| full[at(cells, x, y, z)]))
            })
        })
        .collect()
}
