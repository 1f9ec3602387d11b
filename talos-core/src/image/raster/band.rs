//! The grid of samples, and filling it in bands of rows.

use rayon::prelude::*;

use super::setup::{Batch, SUBPIXEL, Setup};
use crate::camera::FrameSize;
use crate::image::Visibility;

/// Rows of samples in a band: enough bands to keep many threads busy, few enough that a triangle
/// seldom crosses two.
const BAND_ROWS: u32 = 32;

/// Samples at the centres of equal squares, `side` to a pixel's side.
#[derive(Clone, Copy, Debug)]
pub(super) struct Grid {
    pub(super) size: FrameSize,
    pub(super) columns: u32,
    pub(super) rows: u32,
    /// Bits of the distance of samples on the snapping grid: a power of two.
    step_bits: u32,
}

impl Grid {
    pub(super) fn new(size: FrameSize, side: u32) -> Self {
        Self {
            size,
            columns: size.width * side,
            rows: size.height * side,
            step_bits: (SUBPIXEL / i64::from(side)).ilog2(),
        }
    }

    /// Distance of samples on the snapping grid.
    pub(super) fn step(&self) -> i64 {
        1 << self.step_bits
    }

    /// Place of a sample on the snapping grid.
    pub(super) fn place(&self, sample: i32) -> i32 {
        (sample << self.step_bits) + (1 << self.step_bits >> 1)
    }

    /// First sample at or after a place.
    pub(super) fn first_sample(&self, place: i32, count: u32) -> i32 {
        ((place - 1 + (1 << self.step_bits >> 1)) >> self.step_bits).clamp(0, count as i32)
    }

    /// Last sample at or before a place.
    pub(super) fn last_sample(&self, place: i32, count: u32) -> i32 {
        ((place - (1 << self.step_bits >> 1)) >> self.step_bits).clamp(-1, count as i32 - 1)
    }

    fn samples(&self) -> usize {
        self.columns as usize * self.rows as usize
    }

    /// Samples of a whole band.
    fn band_samples(&self) -> usize {
        (self.columns * BAND_ROWS).max(1) as usize
    }

    pub(super) fn bands(&self) -> usize {
        self.rows.div_ceil(BAND_ROWS) as usize
    }

    pub(super) fn band_of(&self, row: i32) -> usize {
        row as usize / BAND_ROWS as usize
    }
}

/// Writes triangle number and depth at every sample. Triangles come in the order of their numbers, so
/// keeping only what is strictly nearer gives equal depths to the lowest number.
pub(super) fn nearest(grid: &Grid, batches: &[Batch], triangle: &mut Vec<u32>, depth: &mut Vec<u32>) {
    triangle.resize(grid.samples(), 0);
    depth.resize(grid.samples(), 0);
    triangle
        .par_chunks_mut(grid.band_samples())
        .zip(depth.par_chunks_mut(grid.band_samples()))
        .enumerate()
        .for_each(|(band, (triangle, depth))| {
            // before anything is read: fresh memory is then claimed once, by the thread that fills it
            triangle.fill(Visibility::NONE);
            depth.fill(0);
            for_each_sample(grid, batches, band, |at, number, nearer| {
                if nearer > depth[at] {
                    depth[at] = nearer;
                    triangle[at] = number;
                }
            });
        });
}

/// Depth alone.
pub(super) fn nearest_depth(grid: &Grid, batches: &[Batch]) -> Vec<u32> {
    let mut depth = vec![0; grid.samples()];
    depth
        .par_chunks_mut(grid.band_samples())
        .enumerate()
        .for_each(|(band, depth)| {
            for_each_sample(grid, batches, band, |at, _, nearer| {
                depth[at] = nearer.max(depth[at]);
            });
        });
    depth
}

/// Calls `visit(index in the band, triangle number, depth)` for every sample that a triangle covers.
fn for_each_sample(grid: &Grid, batches: &[Batch], band: usize, mut visit: impl FnMut(usize, u32, u32)) {
    let from = (band * BAND_ROWS as usize) as i32;
    let columns = grid.columns as usize;
    for batch in batches {
        for &index in &batch.bands[band] {
            let setup = Setup::new(&batch.facets[index as usize], grid);
            setup.for_each_sample(from, from + BAND_ROWS as i32, |x, y, depth| {
                visit((y - from) as usize * columns + x as usize, setup.number, depth);
            });
        }
    }
}
