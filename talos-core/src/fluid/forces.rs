//! Forces on the gas: buoyancy, and vorticity confinement as an art control
//! (Fedkiw, Stam & Jensen 2001), in integers.

use super::advect::{Faces, Gas};
use super::fixed::{FRACTION_BITS, bound_velocity, mul, round_shift};
use super::grid::{Activity, Extent, Place};
use super::setup::Coefficients;

/// Cells below and above the face at `place` across `axis`; the same one twice at the border.
fn sides(extent: &Extent, axis: usize, place: Place) -> [usize; 2] {
    let above = place.index;
    let below = above - extent.strides()[axis];
    match place.at[axis] {
        0 => [above, above],
        n if n == extent.cells[axis] => [below, below],
        _ => [below, above],
    }
}

/// Hot gas rises, soot sinks.
pub(super) fn buoyancy(
    extent: &Extent,
    active: &Activity,
    gas: &[Gas],
    c: &Coefficients,
    velocity: &mut Faces,
) {
    let before = velocity[1].clone();
    extent.fill_faces(1, active, &mut velocity[1], |p| {
        let push: i64 = sides(extent, 1, p)
            .into_iter()
            .map(|n| i64::from(mul(c.buoyancy, gas[n][0])) - i64::from(mul(c.soot_weight, gas[n][2])))
            .sum();
        bound_velocity(i64::from(before[p.index]) + round_shift(push, 1))
    });
}

/// Twice the curl of the velocity at a cell, by central differences; its length fits 31 bits.
fn curl2(strides: [usize; 3], centre: &[[i32; 3]], n: usize) -> [i32; 3] {
    let d = |lane: usize, axis: usize| centre[n + strides[axis]][lane] - centre[n - strides[axis]][lane];
    [d(2, 1) - d(1, 2), d(0, 2) - d(2, 0), d(1, 0) - d(0, 1)]
}

fn length(v: [i32; 3]) -> i32 {
    let sum: u64 = v
        .iter()
        .map(|&x| u64::from(x.unsigned_abs()) * u64::from(x.unsigned_abs()))
        .sum();
    sum.isqrt().min(i32::MAX as u64) as i32
}

/// Pushes the gas around the centres of eddies, in proportion to their spin: gives back what
/// interpolation smooths away. `centre` is the velocity at cell centres.
pub(super) fn confine_vorticity(
    extent: &Extent,
    active: &Activity,
    centre: &[[i32; 3]],
    c: &Coefficients,
    velocity: &mut Faces,
) {
    if c.confinement == 0 {
        return;
    }
    let strides = extent.strides();
    let inner = |p: Place| (0..3).all(|axis| p.at[axis] > 0 && p.at[axis] + 1 < extent.cells[axis]);
    let mut spin = vec![[0; 3]; extent.len()];
    extent.fill_cells(active, &mut spin, |p| {
        if inner(p) {
            curl2(strides, centre, p.index)
        } else {
            [0; 3]
        }
    });
    let mut strength = vec![0; extent.len()];
    extent.fill_cells(active, &mut strength, |p| length(spin[p.index]));
    let mut push = vec![[0; 3]; extent.len()];
    extent.fill_cells(active, &mut push, |p| {
        if !inner(p) || strength[p.index] < SPIN_FLOOR {
            return [0; 3];
        }
        let slope = [0, 1, 2].map(|axis| {
            // halved, so that the length of three fits
            (strength[p.index + strides[axis]] - strength[p.index - strides[axis]]) / 2
        });
        let towards = unit(slope);
        cross(towards, spin[p.index]).map(|f| mul(mul(f, c.confinement) / 2, CELL))
    });
    for axis in 0..3 {
        let before = velocity[axis].clone();
        extent.fill_faces(axis, active, &mut velocity[axis], |p| {
            let [below, above] = sides(extent, axis, p);
            let force = i64::from(push[below][axis]) + i64::from(push[above][axis]);
            bound_velocity(i64::from(before[p.index]) + round_shift(force, 1))
        });
    }
}

/// Twice the spin below which air counts as calm: 1/512 turn-radians a tick.
const SPIN_FLOOR: i32 = super::fixed::ONE / 256;

/// The step between cells, in cells.
const CELL: i32 = super::fixed::ONE;

/// The vector with length one; zero stays zero.
fn unit(v: [i32; 3]) -> [i32; 3] {
    let length = i64::from(length(v));
    if length == 0 {
        return [0; 3];
    }
    v.map(|x| ((i64::from(x) << FRACTION_BITS) / length) as i32)
}

fn cross(a: [i32; 3], b: [i32; 3]) -> [i32; 3] {
    let term = |i: usize, j: usize| {
        let exact = i64::from(a[i]) * i64::from(b[j]) - i64::from(a[j]) * i64::from(b[i]);
        super::fixed::saturate(round_shift(exact, FRACTION_BITS))
    };
    [term(1, 2), term(2, 0), term(0, 1)]
}
