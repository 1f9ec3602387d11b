//! Projection: takes away the part of the velocity that gathers or spreads.
//!
//! Iterative refinement: the divergence of the velocity is found exactly, scaled to the
//! multigrid's range, one V-cycle gives a pressure, its gradient is subtracted, and so on
//! until what is left is below the stated share or a few quanta. No pressure is kept, no
//! error accumulates, and the last divergence is the true one.

use super::advect::Faces;
use super::fixed::{bound_velocity, round_shift};
use super::grid::Extent;
use super::multigrid::Multigrid;

/// Divergence that counts as none: rounding six faces leaves up to three quanta.
pub(super) const QUANTA: i32 = 4;

/// Cycles after which the projection gives up (and says so): each takes about a decimal digit.
const MAX_CYCLES: u32 = 12;

/// What a projection did; divergences are in quanta of 2⁻²⁴ a tick.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Projected {
    pub(super) before: i32,
    pub(super) after: i32,
    pub(super) cycles: u32,
    pub(super) converged: bool,
}

/// Writes −(∇·u − target) and returns its largest magnitude.
fn negative_divergence(extent: &Extent, velocity: &Faces, target: &[i32], out: &mut [i32]) -> i32 {
    let [_, y, z] = extent.strides();
    extent.write_planes(extent.cells, out, |k, j, row| {
        let start = extent.index(0, j, k);
        let n = extent.cells[0];
        let at = |axis: usize, start: usize| &velocity[axis][start..start + n];
        let (u0, u1) = (at(0, start), at(0, start + 1));
        let (v0, v1) = (at(1, start), at(1, start + y));
        let (w0, w1) = (at(2, start), at(2, start + z));
        let target = &target[start..start + n];
        let row = &mut row[1..=n];
        for i in 0..n {
            row[i] = (u0[i] - u1[i]) + (v0[i] - v1[i]) + (w0[i] - w1[i]) + target[i];
        }
    });
    let out = &*out;
    let planes = extent.map_planes(|k| {
        (0..extent.cells[1])
            .map(|j| {
                let start = extent.index(0, j, k);
                let row = &out[start..start + extent.cells[0]];
                row.iter().fold(0, |max: i32, x| max.max(x.abs()))
            })
            .max()
    });
    planes.into_iter().flatten().max().unwrap_or(0)
}

/// The sum of squares of ∇·u − target over the cells.
pub(super) fn divergence_squares(extent: &Extent, velocity: &Faces, target: &[i32]) -> u128 {
    let mut scratch = vec![0; extent.len()];
    negative_divergence(extent, velocity, target, &mut scratch);
    let planes = extent.map_planes(|k| {
        let mut sum = 0_u128;
        for j in 0..extent.cells[1] {
            let start = extent.index(0, j, k);
            for &x in &scratch[start..start + extent.cells[0]] {
                let x = u64::from(x.unsigned_abs());
                sum += u128::from(x * x);
            }
        }
        sum
    });
    planes.into_iter().sum()
}

/// `x · 2^shift`, rounded.
#[inline]
fn scale(x: i32, shift: i32) -> i64 {
    if shift >= 0 {
        i64::from(x) << shift
    } else {
        round_shift(i64::from(x), shift.unsigned_abs())
    }
}

/// u ← u − 2^shift · ∇φ on every face, border included.
fn subtract_gradient(extent: &Extent, phi: &[i32], shift: i32, velocity: &mut Faces) {
    let strides = extent.strides();
    for axis in 0..3 {
        let faces = extent.faces(axis);
        extent.write_planes(faces, &mut velocity[axis], |k, j, row| {
            let start = extent.index(0, j, k);
            let here = &phi[start..start + faces[0]];
            let before = &phi[start - strides[axis]..][..faces[0]];
            for ((u, &a), &b) in row[1..].iter_mut().zip(here).zip(before) {
                *u = bound_velocity(i64::from(*u) - scale(a - b, shift));
            }
        });
    }
}

/// Makes ∇·u = target up to `residual` (a fixed-point share of the divergence before) or a few quanta.
pub(super) fn project(
    extent: &Extent,
    ground: bool,
    residual: i32,
    target: &[i32],
    velocity: &mut Faces,
) -> Projected {
    let mut multigrid = Multigrid::new(*extent, ground);
    let bits = multigrid.rhs_bits() as i32;
    let mut result = Projected::default();
    let mut goal = QUANTA;
    loop {
        let left = negative_divergence(extent, velocity, target, multigrid.rhs());
        if result.cycles == 0 {
            result.before = left;
            goal = QUANTA.max(super::fixed::mul(left, residual));
        }
        result.after = left;
        result.converged = left <= goal;
        if result.converged || result.cycles == MAX_CYCLES {
            return result;
        }
        let shift = bits - (32 - left.leading_zeros() as i32);
        extent.write_planes(extent.cells, multigrid.rhs(), |_, _, row| {
            row.iter_mut().for_each(|x| *x = scale(*x, shift) as i32);
        });
        multigrid.cycle();
        subtract_gradient(extent, multigrid.phi(), -shift, velocity);
        result.cycles += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fluid::fixed::{ONE, VELOCITY_LIMIT};
    use crate::random::Seed;

    fn random(extent: &Extent, limit: i32) -> Faces {
        let stream = Seed(5).stream("project");
        [0, 1, 2].map(|axis| {
            let words = stream.item(axis as u64).words(extent.len());
            let range = i64::from(limit) * 2 + 1;
            let value = |w: u64| ((w >> 16) as i64 % range - i64::from(limit)) as i32;
            words.into_iter().map(value).collect()
        })
    }

    #[test]
    fn the_divergence_left_is_as_stated() {
        for (cells, ground) in [([32, 16, 24], false), ([16, 24, 16], true), ([8, 8, 40], false)] {
            let extent = Extent { cells };
            for (limit, residual) in [(ONE, 1e-3), (ONE, 1e-5), (300, 1e-5)] {
                let mut velocity = random(&extent, limit);
                if ground {
                    let zero = |k, i| extent.index(i, 0, k);
                    (0..cells[2]).for_each(|k| (0..cells[0]).for_each(|i| velocity[1][zero(k, i)] = 0));
                }
                let residual = crate::fluid::Fixed::from_f64(residual).0;
                let target = vec![0; extent.len()];
                let done = project(&extent, ground, residual, &target, &mut velocity);
                assert!(done.converged, "{cells:?} {limit} {done:?}");
                assert!(done.cycles <= 8, "{cells:?} {limit} {done:?}");
            }
        }
    }

    #[test]
    fn the_wildest_velocity_stays_in_bounds() {
        let extent = Extent { cells: [16, 16, 16] };
        for bend in [false, true] {
            let mut velocity = random(&extent, VELOCITY_LIMIT);
            if bend {
                // everything rushes to one plane
                for (n, u) in velocity[0].iter_mut().enumerate() {
                    let inward = n % extent.strides()[1] < 8;
                    *u = if inward { VELOCITY_LIMIT } else { -VELOCITY_LIMIT };
                }
            }
            project(&extent, false, 16_777, &vec![0; extent.len()], &mut velocity);
            assert!(velocity.iter().flatten().all(|u| u.abs() <= VELOCITY_LIMIT));
        }
    }
}
