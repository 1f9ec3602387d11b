//! Exact-area coverage of polygons and Bézier paths.
//!
//! Outlines are snapped to 1/256 pixel; each edge adds its signed height and area to the cells it
//! crosses, and a sweep along each row sums them up, as font rasterisers do (Levien's font-rs and
//! FreeType's smooth rasteriser, both after Raph Levien's libart). All sums are integers.

#[cfg(test)]
mod tests;

use kurbo::{BezPath, PathEl};
use thiserror::Error;

use super::Mask;
use crate::camera::FrameSize;
use crate::math::DVec2;

/// Snapped positions to a pixel.
const ONE: i64 = 256;

/// Outlines may reach this far from the origin, in pixels: eight 16K frames; products of snapped
/// coordinates then stay far inside 64 bits.
const REACH_PX: f64 = 131_072.0;

/// What is wrong with an outline.
#[derive(Clone, Copy, Debug, PartialEq, Error)]
#[non_exhaustive]
pub enum CoverageError {
    /// A coordinate is not finite or too far out.
    #[error("outline point ({x}, {y}) is no pixel position; keep coordinates finite and within 131072 px")]
    Point {
        /// The horizontal coordinate.
        x: f64,
        /// The vertical coordinate.
        y: f64,
    },
}

/// A run of pixels of one row with equal coverage.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    /// Row.
    pub y: u32,
    /// First column.
    pub x: u32,
    /// Number of columns.
    pub len: u32,
    /// 1 … 255.
    pub coverage: u8,
}

/// What edges add to one cell: signed height, and twice the signed area left of them.
#[derive(Clone, Copy, Debug)]
struct Cell {
    y: i32,
    x: i32,
    height: i64,
    area: i64,
}

/// Collects outlines and turns them into spans; non-zero winding.
#[derive(Clone, Debug)]
pub struct Outline {
    size: FrameSize,
    cells: Vec<Cell>,
}

impl Outline {
    /// Nothing yet, over a frame.
    #[must_use]
    pub fn new(size: FrameSize) -> Self {
        Self {
            size,
            cells: Vec::new(),
        }
    }

    /// Adds a closed polygon.
    ///
    /// # Errors
    /// [`CoverageError::Point`]; nothing is added then.
    pub fn polygon(&mut self, points: &[DVec2]) -> Result<(), CoverageError> {
        let snapped: Vec<[i64; 2]> = points.iter().map(|&p| snap(p)).collect::<Result<_, _>>()?;
        for (k, &from) in snapped.iter().enumerate() {
            self.edge(from, snapped[(k + 1) % snapped.len()]);
        }
        Ok(())
    }

    /// Adds a path, its curves flattened to `tolerance` pixels and its open ends closed.
    ///
    /// # Errors
    /// [`CoverageError::Point`]; nothing is added then.
    pub fn path(&mut self, path: &BezPath, tolerance: f64) -> Result<(), CoverageError> {
        for element in path.elements() {
            for p in points_of(element) {
                snap(DVec2::new(p.x, p.y))?;
            }
        }
        let mut polygons: Vec<Vec<DVec2>> = Vec::new();
        kurbo::flatten(path, tolerance.max(1e-3), |element| match element {
            PathEl::MoveTo(p) => polygons.push(vec![DVec2::new(p.x, p.y)]),
            PathEl::LineTo(p) => {
                if let Some(polygon) = polygons.last_mut() {
                    polygon.push(DVec2::new(p.x, p.y));
                }
            }
            _ => {}
        });
        polygons.iter().try_for_each(|polygon| self.polygon(polygon))
    }

    /// Adds a snapped edge, cut to the frame's rows.
    fn edge(&mut self, a: [i64; 2], b: [i64; 2]) {
        let bottom = i64::from(self.size.height) * ONE;
        let (low, high) = (a[1].min(b[1]).max(0), a[1].max(b[1]).min(bottom));
        if low >= high {
            return;
        }
        let down = a[1] < b[1];
        let x_at = |y: i64| a[0] + ((b[0] - a[0]) * (y - a[1])).div_euclid(b[1] - a[1]);
        let mut y = low;
        let mut x = x_at(low);
        while y < high {
            let next_y = ((y.div_euclid(ONE) + 1) * ONE).min(high);
            let next_x = x_at(next_y);
            let row = y.div_euclid(ONE) as i32;
            if down {
                self.across(row, [x, y], [next_x, next_y]);
            } else {
                self.across(row, [next_x, next_y], [x, y]);
            }
            (x, y) = (next_x, next_y);
        }
    }

    /// Adds a piece of an edge that stays in one row: what lies left of the frame counts in
    /// column −1, what lies right of it not at all.
    fn across(&mut self, row: i32, a: [i64; 2], b: [i64; 2]) {
        let right = i64::from(self.size.width) * ONE;
        let (low, high) = (a[0].min(b[0]), a[0].max(b[0]));
        if low >= right {
            return;
        }
        if high < 0 {
            return self.add(row, -1, b[1] - a[1], 0);
        }
        for limit in [0, right] {
            if low < limit && limit < high {
                let y = a[1] + ((b[1] - a[1]) * (limit - a[0])).div_euclid(b[0] - a[0]);
                self.within(row, a, [limit, y]);
                return self.within(row, [limit, y], b);
            }
        }
        self.within(row, a, b);
    }

    /// As [`Self::across`], for a piece that crosses neither side of the frame, or both.
    fn within(&mut self, row: i32, a: [i64; 2], b: [i64; 2]) {
        let right = i64::from(self.size.width) * ONE;
        let (low, high) = (a[0].min(b[0]), a[0].max(b[0]));
        if high <= 0 {
            return self.add(row, -1, b[1] - a[1], 0);
        }
        if low >= right {
            return;
        }
        if high > right {
            // only a piece that spans the whole frame gets here
            let y = a[1] + ((b[1] - a[1]) * (right - a[0])).div_euclid(b[0] - a[0]);
            let inner = if a[0] < right {
                (a, [right, y])
            } else {
                ([right, y], b)
            };
            return self.within(row, inner.0, inner.1);
        }
        let (mut x, mut y) = (a[0], a[1]);
        let forward = b[0] >= a[0];
        loop {
            let column = if forward {
                x.div_euclid(ONE)
            } else {
                (x - 1).div_euclid(ONE)
            };
            let column = if x == b[0] {
                b[0].min(right - 1).div_euclid(ONE)
            } else {
                column
            };
            let border = if forward { (column + 1) * ONE } else { column * ONE };
            let last = if forward { border >= b[0] } else { border <= b[0] };
            let (to_x, to_y) = if last {
                (b[0], b[1])
            } else {
                (
                    border,
                    a[1] + ((b[1] - a[1]) * (border - a[0])).div_euclid(b[0] - a[0]),
                )
            };
            let inside = x + to_x - 2 * column * ONE;
            self.add(row, column as i32, to_y - y, (to_y - y) * inside);
            if last {
                return;
            }
            (x, y) = (to_x, to_y);
        }
    }

    fn add(&mut self, y: i32, x: i32, height: i64, area: i64) {
        if height != 0 {
            self.cells.push(Cell { y, x, height, area });
        }
    }

    /// The spans of everything added, by rows and columns.
    #[must_use]
    pub fn spans(mut self) -> Vec<Span> {
        self.cells.sort_unstable_by_key(|c| (c.y, c.x));
        let mut spans = Vec::new();
        let mut index = 0;
        while index < self.cells.len() {
            let row = self.cells[index].y;
            let end = index + self.cells[index..].partition_point(|c| c.y == row);
            sweep(row, &self.cells[index..end], self.size.width as i32, &mut spans);
            index = end;
        }
        spans
    }
}

/// Sums one row's cells from left to right.
fn sweep(row: i32, cells: &[Cell], width: i32, spans: &mut Vec<Span>) {
    let mut height = 0;
    let mut index = 0;
    while index < cells.len() {
        let x = cells[index].x;
        let mut area = 0;
        while index < cells.len() && cells[index].x == x {
            height += cells[index].height;
            area += cells[index].area;
            index += 1;
        }
        push_span(spans, row, x, 1, height * 2 * ONE - area);
        let next = cells.get(index).map_or(width, |c| c.x);
        push_span(spans, row, x + 1, next - x - 1, height * 2 * ONE);
    }
}

/// Appends a run whose winding-weighted doubled area is `doubled`; a full cell has 2·256².
fn push_span(spans: &mut Vec<Span>, row: i32, x: i32, len: i32, doubled: i64) {
    let full = 2 * ONE * ONE;
    let coverage = (doubled.abs().min(full) * 255 + full / 2) / full;
    if len > 0 && x >= 0 && coverage > 0 {
        spans.push(Span {
            y: row as u32,
            x: x as u32,
            len: len as u32,
            coverage: coverage as u8,
        });
    }
}

fn snap(p: DVec2) -> Result<[i64; 2], CoverageError> {
    if p.x.abs() <= REACH_PX && p.y.abs() <= REACH_PX {
        Ok([
            (p.x * ONE as f64).round() as i64,
            (p.y * ONE as f64).round() as i64,
        ])
    } else {
        Err(CoverageError::Point { x: p.x, y: p.y })
    }
}

fn points_of(element: &PathEl) -> Vec<kurbo::Point> {
    match *element {
        PathEl::MoveTo(p) | PathEl::LineTo(p) => vec![p],
        PathEl::QuadTo(a, b) => vec![a, b],
        PathEl::CurveTo(a, b, c) => vec![a, b, c],
        PathEl::ClosePath => vec![],
    }
}

/// Spans of a path, its curves flattened to 0.01 px: below what 255 levels of coverage can show.
///
/// # Errors
/// [`CoverageError::Point`] where a coordinate is not finite or too far out.
pub fn fill(path: &BezPath, size: FrameSize) -> Result<Vec<Span>, CoverageError> {
    let mut outline = Outline::new(size);
    outline.path(path, 0.01)?;
    Ok(outline.spans())
}

impl Mask {
    /// No coverage anywhere.
    #[must_use]
    pub fn new(size: FrameSize) -> Self {
        Self {
            size,
            coverage: vec![0; size.width as usize * size.height as usize],
        }
    }

    /// Takes in a shape by the larger coverage: shapes of one colour unite without seams, and one
    /// that is drawn twice stays as it is.
    pub fn unite(&mut self, spans: &[Span]) {
        for span in spans {
            let start = span.y as usize * self.size.width as usize + span.x as usize;
            for value in &mut self.coverage[start..start + span.len as usize] {
                *value = span.coverage.max(*value);
            }
        }
    }
}
