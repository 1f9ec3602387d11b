//! Combustion: fuel burns where it is hot, heats and expands the gas and leaves soot
//! (after Feldman, O'Brien & Arikan 2003 and Nguyen, Fedkiw & Jensen 2002, much simplified).

use super::advect::Gas;
use super::fixed::{ONE, SCALAR_LIMIT, mul};
use super::grid::{Activity, Extent};
use super::setup::Coefficients;

/// Bound of the divergence that burning asks for, 1/tick: two volumes gained a tick. More only makes waves.
const EXPANSION_LIMIT: i32 = 2 * ONE;

/// One sub-step of a cell: its gas afterwards, and the divergence that the burning asks for.
fn burn([temperature, fuel, soot]: Gas, c: &Coefficients) -> (Gas, i32) {
    let burnt = if temperature > Coefficients::IGNITION {
        mul(fuel, c.burn)
    } else {
        0
    };
    let hot = temperature.saturating_add(mul(burnt, c.heat)).min(SCALAR_LIMIT);
    let radiated = mul(mul(mul(hot, hot), hot), c.radiation);
    let cooled = hot
        .saturating_sub(mul(hot, c.cooling))
        .saturating_sub(radiated)
        .saturating_sub(c.floor);
    let dirty = soot.saturating_add(mul(burnt, c.soot_yield)).min(SCALAR_LIMIT);
    let faded = dirty
        .saturating_sub(mul(dirty, c.soot_fade))
        .saturating_sub(c.floor);
    let left = fuel.saturating_sub(burnt).saturating_sub(c.floor);
    let swell = mul(burnt, c.expansion).min(EXPANSION_LIMIT);
    ([cooled.max(0), left.max(0), faded.max(0)], swell)
}

/// Burns and cools the gas; returns the divergence asked for, per cell.
pub(super) fn combust(extent: &Extent, active: &Activity, c: &Coefficients, gas: &mut Vec<Gas>) -> Vec<i32> {
    let mut swell = vec![0; extent.len()];
    extent.fill_cells(active, &mut swell, |p| burn(gas[p.index], c).1);
    let mut after = vec![[0; 3]; extent.len()];
    extent.fill_cells(active, &mut after, |p| burn(gas[p.index], c).0);
    *gas = after;
    swell
}
