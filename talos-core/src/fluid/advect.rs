//! Advection: limited MacCormack (Selle, Fedkiw, Kim, Liu & Rossignac 2008) along one shared
//! midpoint back-trace.
//!
//! The displacement of a sub-step is found once per cell; faces take the mean of their two
//! cells. The MacCormack correction halves the error of carrying forth and back, and is
//! limited to the values that the forward step weighed, so no new extremum appears.

use super::fixed::{mean, round_shift};
use super::grid::{Activity, Extent, Place};
use super::sample::{Bounds, POSITION_BITS, Tap};

/// Velocity components on the faces they cross, cells a tick.
pub(super) type Faces = [Vec<i32>; 3];

/// Temperature, fuel and soot of a cell.
pub(super) type Gas = [i32; 3];

/// Displacements over a sub-step in 1/2048 cells, at cell centres.
pub(super) struct Displacement(Vec<[i32; 3]>);

/// Velocity at cell centres.
pub(super) fn centre_velocity(extent: &Extent, active: &Activity, faces: &Faces) -> Vec<[i32; 3]> {
    let strides = extent.strides();
    let mut out = vec![[0; 3]; extent.len()];
    extent.fill_cells(active, &mut out, |p| {
        [0, 1, 2].map(|axis| mean(faces[axis][p.index], faces[axis][p.index + strides[axis]]))
    });
    out
}

#[inline(always)]
fn position([x, y, z]: [usize; 3]) -> [i32; 3] {
    let at = |n: usize| (n as i32) << POSITION_BITS;
    [at(x), at(y), at(z)]
}

impl Displacement {
    /// Traces a sub-step of 1/`substeps` tick (a power of two) by the midpoint rule.
    pub(super) fn new(extent: &Extent, active: &Activity, centre: &[[i32; 3]], substeps: u32) -> Self {
        let bounds = Bounds::cells(extent);
        let shift = super::fixed::FRACTION_BITS - POSITION_BITS + substeps.trailing_zeros();
        let mut out = vec![[0; 3]; extent.len()];
        extent.fill_cells(active, &mut out, |p| {
            let here = position(p.at);
            let half = centre[p.index].map(|u| round_shift(i64::from(u), shift + 1) as i32);
            if half == [0; 3] {
                return centre[p.index].map(|u| round_shift(i64::from(u), shift) as i32);
            }
            let middle = [0, 1, 2].map(|axis| here[axis] - half[axis]);
            let velocity = Tap::new(extent, &bounds, middle).values(centre);
            velocity.map(|u| round_shift(i64::from(u), shift) as i32)
        });
        Self(out)
    }

    fn at_face(&self, extent: &Extent, axis: usize, place: Place) -> [i32; 3] {
        let above = place.index;
        let below = above - extent.strides()[axis];
        match place.at[axis] {
            0 => self.0[above],
            n if n == extent.cells[axis] => self.0[below],
            _ => [0, 1, 2].map(|lane| mean(self.0[above][lane], self.0[below][lane])),
        }
    }
}

#[inline(always)]
fn offset(mut from: [i32; 3], by: [i32; 3], sign: i32) -> [i32; 3] {
    for axis in 0..3 {
        from[axis] += sign * by[axis];
    }
    from
}

/// Half the error of carrying there and back, limited.
#[inline]
fn corrected(forward: i32, original: i32, back: i32, (low, high): (i32, i32)) -> i32 {
    let half = round_shift(i64::from(original) - i64::from(back), 1);
    (i64::from(forward) + half).clamp(i64::from(low), i64::from(high)) as i32
}

/// Carries the gas; clean air flows in. Zero outside `active`.
pub(super) fn carry_gas(
    extent: &Extent,
    active: &Activity,
    ground: bool,
    gas: &[Gas],
    along: &Displacement,
) -> Vec<Gas> {
    let bounds = Bounds::open_cells(extent, ground);
    let tap = |p: Place, sign| Tap::new(extent, &bounds, offset(position(p.at), along.0[p.index], sign));
    let mut forward = vec![[0; 3]; extent.len()];
    extent.fill_cells(active, &mut forward, |p| tap(p, -1).values(gas));
    let mut out = vec![[0; 3]; extent.len()];
    extent.fill_cells(active, &mut out, |p| {
        let (was, is) = (gas[p.index], forward[p.index]);
        if was == [0; 3] && is == [0; 3] {
            return is;
        }
        let back = tap(p, 1).values(&forward);
        let limits = tap(p, -1).extremas(gas);
        [0, 1, 2].map(|lane| corrected(is[lane], was[lane], back[lane], limits[lane]))
    });
    out
}

/// Carries the velocity along itself where `active`, elsewhere it stays; the correction, half of the cost,
/// is made where it is `seen`.
pub(super) fn carry_velocity(
    extent: &Extent,
    active: &Activity,
    seen: &Activity,
    faces: &Faces,
    along: &Displacement,
) -> Faces {
    [0, 1, 2].map(|axis| {
        let field = &faces[axis];
        let bounds = Bounds::faces(extent, axis);
        let tap = |p: Place, sign| {
            let by = along.at_face(extent, axis, p);
            Tap::new(extent, &bounds, offset(position(p.at), by, sign))
        };
        let mut forward = field.clone();
        extent.fill_faces(axis, active, &mut forward, |p| tap(p, -1).value(field));
        let mut out = forward.clone();
        extent.fill_faces(axis, seen, &mut out, |p| {
            let back = tap(p, 1).value(&forward);
            let limits = tap(p, -1).extrema(field);
            corrected(forward[p.index], field[p.index], back, limits)
        });
        out
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fluid::fixed::ONE;

    /// A puff moved by whole cells a tick arrives unchanged; by halves, it makes no new extremum.
    #[test]
    fn a_uniform_wind_carries_a_puff() {
        let extent = Extent { cells: [24, 8, 8] };
        let all = Activity::where_any(&extent, |_| true);
        let mut gas = vec![[0; 3]; extent.len()];
        for i in 4..8 {
            gas[extent.index(i, 4, 4)] = [ONE, ONE / 2, ONE / 4];
        }
        for (speed, exact) in [(2 * ONE, true), (ONE / 2, false)] {
            let centre = vec![[speed, 0, 0]; extent.len()];
            let along = Displacement::new(&extent, &all, &centre, 1);
            let moved = carry_gas(&extent, &all, false, &gas, &along);
            for i in 2..20 {
                let got = moved[extent.index(i, 4, 4)];
                if exact {
                    assert_eq!(got, gas[extent.index(i - 2, 4, 4)]);
                }
                assert!((0..=ONE).contains(&got[0]));
            }
        }
    }
}
