//! One multigrid V-cycle for the pressure, in 32-bit integers (Brandt 1977; Trottenberg et al. 2001).
//!
//! The operator is the seven-point `A φ = 6φ − Σ neighbours`. Open borders hold φ = 0 on the
//! border's faces (ghost −φ), solid ones mirror φ; both mean the same on every level. Smoothing
//! is a Chebyshev pair of Jacobi sweeps over the upper spectrum [1/3, 2]: unlike red-black
//! sweeps it has no order, so it vectorises and keeps mirrored scenes mirrored. Its two weights
//! are sums of two shifts.

use rayon::prelude::*;

use super::grid::Extent;

/// Weights of the sweeps as shift pairs: 1/4 + 1/32 and 1/16 + 1/32. The Chebyshev roots of degree two on
/// [1/3, 2] ask for 0.289 and 0.095; these are within 3 %.
const SWEEPS: [(u32, u32); 2] = [(2, 5), (4, 5)];

/// Levels stop at this many cells along the shortest side: fewer cannot be halved evenly.
const COARSEST: usize = 4;

/// Cells above which a level is worth two threads.
const PARALLEL_CELLS: usize = 16_384;

struct Level {
    extent: Extent,
    phi: Vec<i32>,
    next: Vec<i32>,
    rhs: Vec<i32>,
}

/// Work space of the cycles.
pub(super) struct Multigrid {
    levels: Vec<Level>,
    ground: bool,
}

impl Multigrid {
    pub(super) fn new(extent: Extent, ground: bool) -> Self {
        let mut levels = vec![Level::new(extent)];
        let mut cells = extent.cells;
        while cells.iter().all(|n| n % 2 == 0 && *n > COARSEST) {
            cells = cells.map(|n| n / 2);
            levels.push(Level::new(Extent { cells }));
        }
        Self { levels, ground }
    }

    /// Bits of the largest right-hand side such that no sum of a cycle leaves 32 bits: φ reaches
    /// rhs · side² / 8 for the shortest open side, sweeps overshoot it less than twice, and a
    /// stencil adds twelve of them.
    pub(super) fn rhs_bits(&self) -> u32 {
        let mut cells = self.levels[0].extent.cells;
        if self.ground {
            cells[1] *= 2;
        }
        let side = cells.into_iter().min().unwrap_or(8).next_power_of_two();
        (27 - (2 * side.trailing_zeros() - 3)).min(20)
    }

    /// The finest level's right-hand side.
    pub(super) fn rhs(&mut self) -> &mut [i32] {
        &mut self.levels[0].rhs
    }

    /// The solution of the last cycle, ghosts included.
    pub(super) fn phi(&self) -> &[i32] {
        &self.levels[0].phi
    }

    /// Replaces φ by an approximate solution of A φ = rhs; the error is about a tenth.
    pub(super) fn cycle(&mut self) {
        let ground = self.ground;
        let last = self.levels.len() - 1;
        for n in 0..last {
            let (fine, coarse) = self.levels.split_at_mut(n + 1);
            let fine = &mut fine[n];
            fine.first_sweep(ground);
            fine.sweep(SWEEPS[1], ground);
            fine.restrict(&mut coarse[0]);
        }
        self.levels[last].solve(ground);
        for n in (0..last).rev() {
            let (fine, coarse) = self.levels.split_at_mut(n + 1);
            let fine = &mut fine[n];
            fine.correct(&coarse[0], ground);
            for weights in SWEEPS {
                fine.sweep(weights, ground);
            }
        }
    }
}

#[inline]
fn weigh(x: i32, (a, b): (u32, u32)) -> i32 {
    (x >> a) + (x >> b)
}

/// Row `j` of plane `k` of an array, cells only.
#[inline]
fn row(extent: &Extent, field: &[i32], start: usize) -> std::ops::Range<usize> {
    debug_assert!(start + extent.cells[0] <= field.len());
    start..start + extent.cells[0]
}

/// Calls `f(k, plane)` for every plane of cells, on several threads where it pays.
fn for_planes(extent: &Extent, out: &mut [i32], f: impl Fn(usize, &mut [i32]) + Sync) {
    let plane = extent.strides()[2];
    let depth = extent.cells[2];
    if extent.count() < PARALLEL_CELLS {
        let planes = out.chunks_exact_mut(plane).enumerate().skip(1).take(depth);
        planes.for_each(|(k, chunk)| f(k - 1, chunk));
    } else {
        out.par_chunks_exact_mut(plane)
            .enumerate()
            .with_min_len(8)
            .skip(1)
            .take(depth)
            .for_each(|(k, chunk)| f(k - 1, chunk));
    }
}

/// Ghosts of one plane along x and y: −φ at open borders, φ at the ground.
fn plane_ghosts(extent: &Extent, plane: &mut [i32], ground: bool) {
    let [nx, ny, _] = extent.cells;
    let stride = nx + 2;
    for j in 1..=ny {
        let row = &mut plane[j * stride..][..stride];
        row[0] = -row[1];
        row[nx + 1] = -row[nx];
    }
    let (bottom, rest) = plane.split_at_mut(stride);
    for (ghost, inner) in bottom.iter_mut().zip(&rest[..stride]) {
        *ghost = if ground { *inner } else { -*inner };
    }
    let (inner, top) = plane.split_at_mut((ny + 1) * stride);
    for (ghost, inner) in top.iter_mut().zip(&inner[ny * stride..]) {
        *ghost = -*inner;
    }
}

/// Ghost planes along z.
fn end_ghosts(extent: &Extent, phi: &mut [i32]) {
    let plane = extent.strides()[2];
    let nz = extent.cells[2];
    for (ghost, inner) in [(0, 1), (nz + 1, nz)] {
        for n in 0..plane {
            phi[ghost * plane + n] = -phi[inner * plane + n];
        }
    }
}

impl Level {
    fn new(extent: Extent) -> Self {
        let zeros = || vec![0; extent.len()];
        Self {
            extent,
            phi: zeros(),
            next: zeros(),
            rhs: zeros(),
        }
    }

    /// The first sweep from φ = 0.
    fn first_sweep(&mut self, ground: bool) {
        let Self { extent, phi, rhs, .. } = self;
        let [_, stride, plane] = extent.strides();
        let rhs = &*rhs;
        for_planes(extent, phi, |k, chunk| {
            for j in 1..=extent.cells[1] {
                let from = &rhs[row(extent, rhs, (k + 1) * plane + j * stride + 1)];
                let to = &mut chunk[j * stride + 1..][..extent.cells[0]];
                for (to, &b) in to.iter_mut().zip(from) {
                    *to = weigh(b, SWEEPS[0]);
                }
            }
            plane_ghosts(extent, chunk, ground);
        });
        end_ghosts(extent, phi);
    }

    /// φ ← φ + weight · (rhs − A φ).
    fn sweep(&mut self, weights: (u32, u32), ground: bool) {
        let Self {
            extent,
            phi,
            next,
            rhs,
        } = self;
        let [_, stride, plane] = extent.strides();
        let (old, rhs) = (&*phi, &*rhs);
        for_planes(extent, next, |k, chunk| {
            for j in 1..=extent.cells[1] {
                let start = (k + 1) * plane + j * stride + 1;
                let to = &mut chunk[j * stride + 1..][..extent.cells[0]];
                residual_row(extent, old, rhs, start, to, |phi, r| phi + weigh(r, weights));
            }
            plane_ghosts(extent, chunk, ground);
        });
        std::mem::swap(phi, next);
        end_ghosts(extent, phi);
    }

    /// The coarser right-hand side: four times the mean of eight residuals (the coarse cell is twice as wide).
    fn restrict(&self, coarse: &mut Self) {
        let extent = &self.extent;
        let [_, stride, plane] = extent.strides();
        let [nx, _, _] = extent.cells;
        let (phi, rhs) = (&self.phi[..], &self.rhs[..]);
        let coarse_extent = coarse.extent;
        let coarse_stride = coarse_extent.strides()[1];
        for_planes(&coarse_extent, &mut coarse.rhs, |k, chunk| {
            let mut sums = vec![0; nx];
            let mut one = vec![0; nx];
            for j in 0..coarse_extent.cells[1] {
                sums.fill(0);
                for (dz, dy) in [(1, 1), (1, 2), (2, 1), (2, 2)] {
                    let start = (2 * k + dz) * plane + (2 * j + dy) * stride + 1;
                    residual_row(extent, phi, rhs, start, &mut one, |_, r| r);
                    sums.iter_mut().zip(&one).for_each(|(sum, r)| *sum += r);
                }
                let to = &mut chunk[(j + 1) * coarse_stride + 1..][..nx / 2];
                for (to, pair) in to.iter_mut().zip(sums.chunks_exact(2)) {
                    *to = (pair[0] + pair[1] + 1) >> 1;
                }
            }
        });
    }

    /// Adds the coarser solution, interpolated trilinearly.
    fn correct(&mut self, coarse: &Self, ground: bool) {
        let Self { extent, phi, .. } = self;
        let [_, stride, _] = extent.strides();
        let [_, coarse_stride, coarse_plane] = coarse.extent.strides();
        let from = &coarse.phi[..];
        for_planes(extent, phi, |k, chunk| {
            // nearest coarse plane, and the next nearest: indices with halo
            let near = |n: usize| (n / 2 + 1, if n.is_multiple_of(2) { n / 2 } else { n / 2 + 2 });
            let (z0, z1) = near(k);
            let mut blend = vec![0; coarse_stride];
            for j in 0..extent.cells[1] {
                let (y0, y1) = near(j);
                let line =
                    |z: usize, y: usize| &from[z * coarse_plane + y * coarse_stride..][..coarse_stride];
                let (a, b, c, d) = (line(z0, y0), line(z1, y0), line(z0, y1), line(z1, y1));
                for (n, out) in blend.iter_mut().enumerate() {
                    *out = three_to_one(three_to_one(a[n], b[n]), three_to_one(c[n], d[n]));
                }
                let to = &mut chunk[(j + 1) * stride + 1..][..extent.cells[0]];
                for (pair, w) in to.chunks_exact_mut(2).zip(blend.windows(3)) {
                    pair[0] += three_to_one(w[1], w[0]);
                    pair[1] += three_to_one(w[1], w[2]);
                }
            }
            plane_ghosts(extent, chunk, ground);
        });
        end_ghosts(extent, phi);
    }

    /// Enough sweeps on the coarsest level: error waves as long as it die out in side² / 8 pairs.
    fn solve(&mut self, ground: bool) {
        let side = self.extent.cells.into_iter().max().unwrap_or(1);
        self.first_sweep(ground);
        self.sweep(SWEEPS[1], ground);
        for _ in 0..(side * side / 8).clamp(6, 200) {
            for weights in SWEEPS {
                self.sweep(weights, ground);
            }
        }
    }
}

/// (3a + b) / 4, rounded half up.
#[inline]
fn three_to_one(a: i32, b: i32) -> i32 {
    (3 * a + b + 2) >> 2
}

/// Writes `f(φ, rhs − A φ)` for a row of cells that starts at `start`.
#[inline]
fn residual_row(
    extent: &Extent,
    phi: &[i32],
    rhs: &[i32],
    start: usize,
    out: &mut [i32],
    f: impl Fn(i32, i32) -> i32,
) {
    let [_, y, z] = extent.strides();
    let n = out.len();
    let at = |start: usize| &phi[start..start + n];
    let (centre, b) = (at(start), &rhs[start..start + n]);
    let (left, right) = (at(start - 1), at(start + 1));
    let (down, up) = (at(start - y), at(start + y));
    let (back, front) = (at(start - z), at(start + z));
    for i in 0..n {
        let around = (left[i] + right[i]) + (down[i] + up[i]) + (back[i] + front[i]);
        out[i] = f(centre[i], b[i] - 6 * centre[i] + around);
    }
}
