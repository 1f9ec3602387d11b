//! Which strokes of two drawings run along each other: nearest places vote, overlaps are lengths.

use std::collections::BTreeMap;

use super::footprint::Family;
use crate::math::DVec2;

/// Strokes further apart than this are two, pixels at 1080 lines. What a smooth contour slides by on
/// the picture, once motion is taken out, is half its radius times the turn squared: 3 px for a ball of
/// 600 px that turns by 8° in a tick. Larger would pair the two sides of an arm in a long shot.
pub(super) const RADIUS_PX: f64 = 9.0;

/// Cosine of the greatest angle between two lines that run along each other: 45°.
const ALONG_COSINE: f64 = 0.7;

/// Share by which depths may differ, and the same of the object's size: a near leg is not the far one.
const DEPTH_SHARE: f64 = 0.1;

/// A distance along a line counts as much less than one across it: spots are 6 px apart.
const ALONG_WEIGHT: f64 = 0.1;

/// A line in one of two drawings that are compared, both as one camera sees them.
#[derive(Clone, Debug)]
pub(super) struct Course {
    pub(super) family: Family,
    pub(super) dots: Vec<Dot>,
    /// Pixels that a dot stands for.
    pub(super) dot_px: f64,
    /// Greatest difference of inverse depth by which a line may still be the same, as a share of it.
    pub(super) depth_share: f64,
}

/// A place of a course.
#[derive(Clone, Copy, Debug)]
pub(super) struct Dot {
    pub(super) pixel: DVec2,
    pub(super) inverse_depth: f64,
    /// Unit direction, or zero where there is none.
    tangent: DVec2,
}

impl Course {
    /// A course through places; those that are not seen are left out. `size_m` is its object's size.
    pub(super) fn new(
        family: Family,
        places: impl Iterator<Item = Option<(DVec2, f64)>>,
        length_px: f64,
        size_m: f64,
    ) -> Self {
        let mut count = 0_usize;
        let mut dots: Vec<Dot> = places
            .inspect(|_| count += 1)
            .flatten()
            .filter(|(pixel, inverse_depth)| pixel.is_finite() && inverse_depth.is_finite())
            .map(|(pixel, inverse_depth)| Dot {
                pixel,
                inverse_depth,
                tangent: DVec2::ZERO,
            })
            .collect();
        for i in 0..dots.len() {
            let (before, after) = (i.saturating_sub(1), (i + 1).min(dots.len() - 1));
            dots[i].tangent = (dots[after].pixel - dots[before].pixel).normalize_or_zero();
        }
        let middle = dots.get(dots.len() / 2).map_or(0.0, |d| d.inverse_depth);
        Self {
            family,
            dots,
            dot_px: length_px / count.max(1) as f64,
            depth_share: DEPTH_SHARE.min(1.5 * DEPTH_SHARE * size_m * middle).max(0.01),
        }
    }

    /// Its length, pixels.
    pub(super) fn length(&self) -> f64 {
        self.dot_px * self.dots.len() as f64
    }
}

/// What two drawings have in common.
#[derive(Debug, Default)]
pub(super) struct Overlaps {
    /// Pixels along which a course of the first drawing and one of the second run along each other.
    pub(super) mutual: BTreeMap<(usize, usize), f64>,
    /// Pixels of a course of the first drawing that lie along one of the second.
    pub(super) forward: BTreeMap<(usize, usize), f64>,
    /// Pixels of a course of the second drawing that lie along one of the first: (first, second).
    pub(super) backward: BTreeMap<(usize, usize), f64>,
}

impl Overlaps {
    /// Compares two drawings; strokes may be `radius` pixels apart.
    pub(super) fn between(first: &[Course], second: &[Course], radius: f64) -> Self {
        let forward = votes(first, &Grid::new(second, radius), radius);
        let backward: BTreeMap<_, _> = votes(second, &Grid::new(first, radius), radius)
            .into_iter()
            .map(|((b, a), px)| ((a, b), px))
            .collect();
        let mutual = forward
            .iter()
            .filter_map(|(pair, px)| Some((*pair, px.min(*backward.get(pair)?))))
            .collect();
        Self {
            mutual,
            forward,
            backward,
        }
    }

    /// Pairs one to one, those with the greatest overlap first. `least` is the share of the shorter
    /// course that a pair must have in common.
    pub(super) fn pairs(&self, first: &[Course], second: &[Course], least: f64) -> Vec<(usize, usize)> {
        let mut list: Vec<(f64, usize, usize)> = self
            .mutual
            .iter()
            .filter(|&(&(a, b), &px)| px >= least * first[a].length().min(second[b].length()))
            .map(|(&(a, b), &px)| (px, a, b))
            .collect();
        list.sort_by(|p, q| q.0.total_cmp(&p.0).then((p.1, p.2).cmp(&(q.1, q.2))));
        let (mut used, mut taken) = (vec![false; first.len()], vec![false; second.len()]);
        let mut pairs = Vec::new();
        for (_, a, b) in list {
            if !used[a] && !taken[b] {
                (used[a], taken[b]) = (true, true);
                pairs.push((a, b));
            }
        }
        pairs.sort_unstable();
        pairs
    }

    /// The course of the second drawing along which most of a course of the first lies, and how much.
    pub(super) fn host_of_first(&self, a: usize) -> Option<(usize, f64)> {
        let hosts = self.forward.range((a, 0)..=(a, usize::MAX));
        hosts
            .map(|(&(_, b), &px)| (b, px))
            .max_by(|p, q| p.1.total_cmp(&q.1).then(q.0.cmp(&p.0)))
    }

    /// Pixels of a course of the first drawing that lie along any of the second.
    pub(super) fn covered(&self, a: usize) -> f64 {
        self.forward
            .range((a, 0)..=(a, usize::MAX))
            .map(|(_, px)| px)
            .sum()
    }

    /// For each course of the second drawing that of the first along which most of it lies, and how much.
    pub(super) fn hosts_of_second(&self, count: usize) -> Vec<Option<(usize, f64)>> {
        let mut hosts: Vec<Option<(usize, f64)>> = vec![None; count];
        for (&(a, b), &px) in &self.backward {
            if hosts[b].is_none_or(|(_, most)| px > most) {
                hosts[b] = Some((a, px));
            }
        }
        hosts
    }
}

/// Stretches of fewer dots than this belong to what is around them.
const LEAST_DOTS: usize = 3;

/// For each dot of a course that of the others along which it lies; `other` where there is none. Each is
/// one stretch or a few, none of them shorter than [`LEAST_DOTS`].
pub(super) fn labels(
    course: &Course,
    others: &[Course],
    radius: f64,
    other: Option<usize>,
) -> Vec<Option<usize>> {
    let grid = Grid::new(others, radius);
    let found: Vec<Option<usize>> = course
        .dots
        .iter()
        .map(|dot| grid.nearest(course, dot, radius))
        .collect();
    // what lies along none belongs to what comes before it, at the start to what comes after
    let mut last = found.iter().flatten().next().copied().or(other);
    let mut filled: Vec<Option<usize>> = found
        .iter()
        .map(|label| {
            last = label.or(last);
            last
        })
        .collect();
    loop {
        let mut stretches = Vec::new();
        let mut start = 0;
        for stretch in filled.chunk_by(|a, b| a == b) {
            stretches.push((start, stretch.len()));
            start += stretch.len();
        }
        let shortest = stretches
            .iter()
            .enumerate()
            .filter(|(_, s)| s.1 < LEAST_DOTS)
            .min_by_key(|(_, s)| s.1);
        let Some((index, &(start, count))) = shortest.filter(|_| stretches.len() > 1) else {
            return filled;
        };
        let before = index.checked_sub(1).map(|i| (stretches[i].1, filled[start - 1]));
        let after = stretches.get(index + 1).map(|s| (s.1, filled[s.0]));
        let wins = before.max(after).map_or(other, |s| s.1);
        filled[start..start + count].fill(wins);
    }
}

/// For each pair the pixels of the first whose nearest neighbour is on the second.
fn votes(courses: &[Course], grid: &Grid<'_>, radius: f64) -> BTreeMap<(usize, usize), f64> {
    let mut votes = BTreeMap::new();
    for (a, course) in courses.iter().enumerate() {
        for dot in &course.dots {
            if let Some(b) = grid.nearest(course, dot, radius) {
                *votes.entry((a, b)).or_insert(0.0) += course.dot_px;
            }
        }
    }
    votes
}

/// Dots sorted into square cells as wide as the radius.
struct Grid<'a> {
    courses: &'a [Course],
    cell_px: f64,
    low: DVec2,
    columns: usize,
    rows: usize,
    /// First entry of each cell in `dots`.
    start: Vec<u32>,
    /// (course, dot).
    dots: Vec<(u32, u32)>,
}

impl<'a> Grid<'a> {
    /// Cells along a side at most: points far outside the picture share the outermost.
    const MOST: f64 = 1024.0;

    fn new(courses: &'a [Course], radius: f64) -> Self {
        let all = || courses.iter().flat_map(|c| &c.dots);
        let (low, high) = all().fold((DVec2::INFINITY, DVec2::NEG_INFINITY), |(low, high), d| {
            (low.min(d.pixel), high.max(d.pixel))
        });
        let span = if low.x <= high.x { high - low } else { DVec2::ZERO };
        let side = |length: f64| (length / radius).floor().clamp(0.0, Self::MOST) as usize + 1;
        let mut grid = Self {
            courses,
            cell_px: radius,
            low: if low.is_finite() { low } else { DVec2::ZERO },
            columns: side(span.x),
            rows: side(span.y),
            start: Vec::new(),
            dots: Vec::new(),
        };
        let mut list: Vec<(usize, (u32, u32))> = Vec::new();
        for (c, course) in courses.iter().enumerate() {
            for (d, dot) in course.dots.iter().enumerate() {
                let (x, y) = grid.cell(dot.pixel);
                list.push((y * grid.columns + x, (c as u32, d as u32)));
            }
        }
        list.sort_unstable();
        grid.start = vec![0; grid.columns * grid.rows + 1];
        list.iter().for_each(|(cell, _)| grid.start[cell + 1] += 1);
        for i in 1..grid.start.len() {
            grid.start[i] += grid.start[i - 1];
        }
        grid.dots = list.into_iter().map(|(_, dot)| dot).collect();
        grid
    }

    fn cell(&self, pixel: DVec2) -> (usize, usize) {
        let at = (pixel - self.low) / self.cell_px;
        let index = |x: f64, count: usize| (x.max(0.0) as usize).min(count - 1);
        (index(at.x, self.columns), index(at.y, self.rows))
    }

    /// The course of the nearest dot of the same family that runs the same way at the same depth.
    fn nearest(&self, course: &Course, dot: &Dot, radius: f64) -> Option<usize> {
        let (x, y) = self.cell(dot.pixel);
        let mut best: Option<(f64, u32)> = None;
        for row in y.saturating_sub(1)..=(y + 1).min(self.rows - 1) {
            let (from, to) = (x.saturating_sub(1), (x + 1).min(self.columns - 1));
            let cells = self.start[row * self.columns + from] as usize
                ..self.start[row * self.columns + to + 1] as usize;
            for &(c, d) in &self.dots[cells] {
                let other = &self.courses[c as usize];
                if other.family != course.family {
                    continue;
                }
                let near = &other.dots[d as usize];
                let gap = near.pixel - dot.pixel;
                let distance_sq = gap.length_squared();
                let parallel = dot.tangent.dot(near.tangent).abs() >= ALONG_COSINE
                    || dot.tangent == DVec2::ZERO
                    || near.tangent == DVec2::ZERO;
                let deep = (near.inverse_depth / dot.inverse_depth - 1.0).abs()
                    / course.depth_share.max(other.depth_share);
                if distance_sq > radius * radius || !parallel || deep.is_nan() || deep > 1.0 {
                    continue;
                }
                let along = gap.dot(dot.tangent);
                let across_sq = distance_sq - along * along;
                let deep_px = 0.3 * radius * deep;
                let cost = across_sq + ALONG_WEIGHT * along * along + deep_px * deep_px;
                if best.is_none_or(|b| (cost, c) < b) {
                    best = Some((cost, c));
                }
            }
        }
        best.map(|(_, c)| c as usize)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn family(kind: u32) -> Family {
        Family { object: 0, kind }
    }

    fn line(kind: u32, from: [f64; 2], to: [f64; 2]) -> Course {
        let (a, b) = (DVec2::from(from), DVec2::from(to));
        let count = ((b - a).length() / 6.0) as usize + 1;
        let places = (0..count).map(|i| Some((a + (b - a) * (i as f64 / (count - 1) as f64), 0.1)));
        Course::new(family(kind), places, (b - a).length(), 2.0)
    }

    #[test]
    fn the_greatest_overlap_wins_and_the_loser_knows_its_host() {
        let before = [line(0, [0.0, 0.0], [300.0, 0.0])];
        let after = [
            line(0, [0.0, 1.0], [90.0, 2.0]),
            line(0, [110.0, 2.0], [300.0, 1.0]),
            line(1, [0.0, 0.0], [300.0, 0.0]),
            line(0, [50.0, -60.0], [50.0, 60.0]),
        ];
        let overlaps = Overlaps::between(&before, &after, RADIUS_PX);
        assert_eq!(overlaps.pairs(&before, &after, 0.25), [(0, 1)]);
        let hosts = overlaps.hosts_of_second(after.len());
        assert_eq!(hosts[0].map(|h| h.0), Some(0), "a piece that split off");
        assert_eq!(hosts[2], None, "another kind of line");
        assert!(hosts[3].is_none_or(|(_, px)| px < 20.0), "it only crosses");
        assert!((overlaps.covered(0) - 290.0).abs() < 15.0);
    }

    #[test]
    fn nothing_and_places_at_infinity_are_borne() {
        let none = Overlaps::between(&[], &[], 9.0);
        assert!(none.pairs(&[], &[], 0.5).is_empty());
        let wild = |x: f64| {
            Course::new(
                family(0),
                [Some((DVec2::splat(x), 0.1)), None, Some((DVec2::ONE, f64::NAN))].into_iter(),
                f64::NAN,
                1.0,
            )
        };
        let list = [wild(1e300), wild(f64::NAN), wild(-1e300)];
        assert!(Overlaps::between(&list, &list, 9.0).mutual.len() <= 3);
    }
}
