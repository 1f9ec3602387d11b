//! The staggered grid (Harlow & Welch 1965): scalars at cell centres, each velocity
//! component on the faces it crosses.
//!
//! Every array has one cell of halo on each side and the same strides, x fastest: the
//! face below cell (i, j, k) along an axis is stored at that cell's index. Work is
//! shared by planes of constant z, each written by one thread: nothing depends on how many.

use rayon::prelude::*;

/// Side of an activity block in cells. It must exceed the farthest that gas moves in a
/// sub-step (4 cells, and one for interpolation); larger blocks keep more still air busy.
pub(super) const BLOCK: usize = 8;

/// Planes a thread takes at least: fewer cost more in scheduling than they balance.
const PLANES_PER_TASK: usize = 4;

/// Cells along x, y, z and their place in memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Extent {
    pub(super) cells: [usize; 3],
}

/// One cell, or the face below it along some axis.
#[derive(Clone, Copy, Debug)]
pub(super) struct Place {
    /// Indices along x, y, z.
    pub(super) at: [usize; 3],
    /// Index in memory.
    pub(super) index: usize,
}

impl Extent {
    pub(super) fn new(cells: [u32; 3]) -> Self {
        Self {
            cells: cells.map(|n| n as usize),
        }
    }

    /// Steps in memory along x, y, z.
    #[inline]
    pub(super) fn strides(&self) -> [usize; 3] {
        let row = self.cells[0] + 2;
        [1, row, row * (self.cells[1] + 2)]
    }

    /// Elements of an array, halo included.
    pub(super) fn len(&self) -> usize {
        self.strides()[2] * (self.cells[2] + 2)
    }

    /// Number of cells.
    pub(super) fn count(&self) -> usize {
        self.cells.iter().product()
    }

    #[inline]
    pub(super) fn index(&self, i: usize, j: usize, k: usize) -> usize {
        let [_, y, z] = self.strides();
        (k + 1) * z + (j + 1) * y + i + 1
    }

    /// Cells along each axis, plus one along `axis`: the faces across it.
    pub(super) fn faces(&self, axis: usize) -> [usize; 3] {
        let mut n = self.cells;
        n[axis] += 1;
        n
    }

    /// Writes `f` at every active cell of an array.
    pub(super) fn fill_cells<T: Send>(
        &self,
        active: &Activity,
        out: &mut [T],
        f: impl Fn(Place) -> T + Sync,
    ) {
        self.write_planes(self.cells, out, |k, j, row| {
            for block in 0..self.cells[0] / BLOCK {
                if active.flags[active.index([block, j / BLOCK, k / BLOCK])] {
                    for i in block * BLOCK..(block + 1) * BLOCK {
                        let index = self.index(i, j, k);
                        row[i + 1] = f(Place { at: [i, j, k], index });
                    }
                }
            }
        });
    }

    /// Writes `f` at every face across `axis` that touches an active cell.
    pub(super) fn fill_faces<T: Send>(
        &self,
        axis: usize,
        active: &Activity,
        out: &mut [T],
        f: impl Fn(Place) -> T + Sync,
    ) {
        let faces = self.faces(axis);
        self.write_planes(faces, out, |k, j, row| {
            for i in 0..faces[0] {
                if active.touches(axis, [i, j, k], self.cells) {
                    let index = self.index(i, j, k);
                    row[i + 1] = f(Place { at: [i, j, k], index });
                }
            }
        });
    }

    /// Calls `f(k, j, row)` for the rows of `size`, in parallel over planes; a row has its halo.
    pub(super) fn write_planes<T: Send>(
        &self,
        size: [usize; 3],
        out: &mut [T],
        f: impl Fn(usize, usize, &mut [T]) + Sync,
    ) {
        let [_, row, plane] = self.strides();
        out.par_chunks_mut(plane)
            .enumerate()
            .with_min_len(PLANES_PER_TASK)
            .skip(1)
            .take(size[2])
            .for_each(|(k, chunk)| {
                for (j, row) in chunk.chunks_exact_mut(row).skip(1).take(size[1]).enumerate() {
                    f(k - 1, j, row);
                }
            });
    }

    /// The results of `f(k)` for every plane of cells, in order.
    pub(super) fn map_planes<T: Send>(&self, f: impl Fn(usize) -> T + Sync + Send) -> Vec<T> {
        (0..self.cells[2])
            .into_par_iter()
            .with_min_len(PLANES_PER_TASK)
            .map(f)
            .collect()
    }
}

/// Which blocks of cells something happens in. Skipping the others changes no bit where they hold zeros.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Activity {
    counts: [usize; 3],
    flags: Vec<bool>,
}

impl Activity {
    /// Blocks in which `test` holds for some cell.
    pub(super) fn where_any(extent: &Extent, test: impl Fn(usize) -> bool + Sync) -> Self {
        let counts = extent.cells.map(|n| n / BLOCK);
        let flags = (0..counts.iter().product::<usize>())
            .into_par_iter()
            .with_min_len(BLOCK)
            .map(|n| {
                let [bx, by, bz] = [
                    n % counts[0],
                    n / counts[0] % counts[1],
                    n / (counts[0] * counts[1]),
                ];
                (bz * BLOCK..(bz + 1) * BLOCK).any(|k| {
                    (by * BLOCK..(by + 1) * BLOCK).any(|j| {
                        let first = extent.index(bx * BLOCK, j, k);
                        (first..first + BLOCK).any(&test)
                    })
                })
            })
            .collect();
        Self { counts, flags }
    }

    #[inline]
    fn index(&self, block: [usize; 3]) -> usize {
        (block[2] * self.counts[1] + block[1]) * self.counts[0] + block[0]
    }

    /// Whether the face below cell `at` along `axis` has an active cell on either side.
    #[inline]
    fn touches(&self, axis: usize, at: [usize; 3], cells: [usize; 3]) -> bool {
        let mut above = at;
        above[axis] = at[axis].min(cells[axis] - 1);
        let mut below = at;
        below[axis] = at[axis].saturating_sub(1);
        self.flags[self.index(above.map(|n| n / BLOCK))] || self.flags[self.index(below.map(|n| n / BLOCK))]
    }

    /// Blocks active in either.
    pub(super) fn union(&self, other: &Self) -> Self {
        let flags = self
            .flags
            .iter()
            .zip(&other.flags)
            .map(|(a, b)| *a || *b)
            .collect();
        Self {
            counts: self.counts,
            flags,
        }
    }

    /// These blocks and their neighbours.
    pub(super) fn dilated(&self) -> Self {
        let mut result = self.clone();
        for axis in 0..3 {
            let before = result.flags.clone();
            let stride = self.counts[..axis].iter().product::<usize>();
            for (n, flag) in result.flags.iter_mut().enumerate() {
                let at = n / stride % self.counts[axis];
                *flag |= (at > 0 && before[n - stride]) || (at + 1 < self.counts[axis] && before[n + stride]);
            }
        }
        result
    }

    /// Whether each block, x fastest, is active.
    pub(super) fn flags(&self) -> &[bool] {
        &self.flags
    }
}
