//! Points on the picture, found by where they are.

use std::collections::BTreeMap;

use crate::math::DVec2;

/// Points in cells of the picture as wide as a reach.
pub(super) struct Grid {
    reach: f64,
    pub(super) cells: BTreeMap<(i32, i32), Vec<DVec2>>,
}

impl Grid {
    pub(super) fn new(points: impl Iterator<Item = DVec2>, reach: f64) -> Self {
        let mut cells: BTreeMap<(i32, i32), Vec<DVec2>> = BTreeMap::new();
        for p in points.filter(|p| p.is_finite()) {
            cells.entry(cell(p, reach)).or_default().push(p);
        }
        Self { reach, cells }
    }

    /// Whether one of the points is within the reach.
    pub(super) fn near(&self, p: DVec2) -> bool {
        self.within(p, self.reach)
    }

    /// Whether one of the points is within a distance that is no more than the reach.
    pub(super) fn within(&self, p: DVec2, distance: f64) -> bool {
        around(cell(p, self.reach))
            .filter_map(|c| self.cells.get(&c))
            .flatten()
            .any(|q| (*q - p).length() <= distance)
    }
}

pub(super) fn cell(p: DVec2, side: f64) -> (i32, i32) {
    ((p.x / side).floor() as i32, (p.y / side).floor() as i32)
}

/// A cell and its eight neighbours.
pub(super) fn around((x, y): (i32, i32)) -> impl Iterator<Item = (i32, i32)> {
    (-1..=1).flat_map(move |dy| (-1..=1).map(move |dx| (x + dx, y + dy)))
}
