//! Rays against triangles: a bounding volume hierarchy (Kay & Kajiya 1986), split at the median.

use crate::math::DVec3;

/// Triangles in a leaf at most.
const LEAF: usize = 4;

/// A box, and what is in it.
#[derive(Clone, Copy, Debug)]
struct Node {
    low: DVec3,
    high: DVec3,
    /// Leaf: first triangle in `order`. Inner node: its second child; the first follows it.
    index: u32,
    /// Number of triangles; 0: an inner node.
    count: u32,
}

/// A hierarchy over triangles in space, for ray queries.
#[derive(Clone, Debug)]
pub struct Bvh {
    triangles: Vec<[DVec3; 3]>,
    order: Vec<u32>,
    nodes: Vec<Node>,
}

impl Bvh {
    /// Over a list of triangles; those with corners that are no numbers are never hit.
    #[must_use]
    pub fn new(triangles: Vec<[DVec3; 3]>) -> Self {
        let order = (0..triangles.len() as u32)
            .filter(|&t| triangles[t as usize].iter().all(|p| p.is_finite()))
            .collect();
        let mut bvh = Self {
            triangles,
            order,
            nodes: Vec::new(),
        };
        if !bvh.order.is_empty() {
            bvh.build(0, bvh.order.len());
        }
        bvh
    }

    fn build(&mut self, start: usize, end: usize) {
        let corners = |t: &u32| self.triangles[*t as usize];
        let points = || self.order[start..end].iter().flat_map(corners);
        let low = points().fold(DVec3::INFINITY, DVec3::min);
        let high = points().fold(DVec3::NEG_INFINITY, DVec3::max);
        let node = self.nodes.len();
        self.nodes.push(Node {
            low,
            high,
            index: start as u32,
            count: (end - start) as u32,
        });
        if end - start <= LEAF {
            return;
        }
        let size = (high - low).to_array();
        let axis = (0..3).fold(0, |best, k| if size[k] > size[best] { k } else { best });
        let triangles = &self.triangles;
        let centre = |t: &u32| {
            triangles[*t as usize]
                .iter()
                .map(|p| p.to_array()[axis])
                .sum::<f64>()
        };
        let middle = (end - start) / 2;
        self.order[start..end]
            .select_nth_unstable_by(middle, |a, b| centre(a).total_cmp(&centre(b)).then(a.cmp(b)));
        self.build(start, start + middle);
        self.nodes[node].index = self.nodes.len() as u32;
        self.nodes[node].count = 0;
        self.build(start + middle, end);
    }

    /// Whether something lies on the open segment from `from` to `to`, as shares of it between
    /// `range`'s ends; the triangles that `ignored` names do not count.
    #[must_use]
    pub fn blocked(
        &self,
        from: DVec3,
        to: DVec3,
        range: core::ops::Range<f64>,
        ignored: impl Fn(u32) -> bool,
    ) -> bool {
        let direction = to - from;
        let inverse = direction.recip();
        let mut stack = vec![0_u32];
        while let Some(index) = stack.pop() {
            let Some(node) = self.nodes.get(index as usize) else {
                continue;
            };
            if !crosses(node, from, inverse, &range) {
                continue;
            }
            if node.count == 0 {
                stack.extend([index + 1, node.index]);
                continue;
            }
            let leaf = &self.order[node.index as usize..(node.index + node.count) as usize];
            let hit = |t: &&u32| {
                hit(self.triangles[**t as usize], from, direction).is_some_and(|s| range.contains(&s))
                    && !ignored(**t)
            };
            if leaf.iter().any(|t| hit(&t)) {
                return true;
            }
        }
        false
    }
}

/// Whether a ray passes a box within a range (the slab test).
fn crosses(node: &Node, from: DVec3, inverse: DVec3, range: &core::ops::Range<f64>) -> bool {
    let (a, b) = ((node.low - from) * inverse, (node.high - from) * inverse);
    // a ray inside a face of the box gives 0 · ∞; such an axis says nothing
    let (mut enter, mut leave) = (range.start, range.end);
    for (a, b) in a.to_array().into_iter().zip(b.to_array()) {
        if a.is_nan() || b.is_nan() {
            continue;
        }
        enter = enter.max(a.min(b));
        leave = leave.min(a.max(b));
    }
    enter <= leave
}

/// Where a ray meets a triangle, as a multiple of its direction (Möller & Trumbore 1997).
fn hit([a, b, c]: [DVec3; 3], from: DVec3, direction: DVec3) -> Option<f64> {
    let (e1, e2) = (b - a, c - a);
    let p = direction.cross(e2);
    let determinant = e1.dot(p);
    if determinant == 0.0 {
        return None;
    }
    let t = from - a;
    let u = t.dot(p) / determinant;
    let q = t.cross(e1);
    let v = direction.dot(q) / determinant;
    let inside = u >= 0.0 && v >= 0.0 && u + v <= 1.0;
    inside.then(|| e2.dot(q) / determinant)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn triangle() -> impl Strategy<Value = [DVec3; 3]> {
        let point = || prop::array::uniform3(-1.0..1.0).prop_map(DVec3::from_array);
        [point(), point(), point()]
    }

    proptest! {
        #[test]
        fn the_tree_finds_what_a_search_of_all_finds(
            triangles in prop::collection::vec(triangle(), 0..60),
            from in prop::array::uniform3(-2.0..2.0),
            to in prop::array::uniform3(-2.0..2.0),
        ) {
            let (from, to) = (DVec3::from_array(from), DVec3::from_array(to));
            let all = triangles
                .iter()
                .any(|t| hit(*t, from, to - from).is_some_and(|s| (0.0..1.0).contains(&s)));
            prop_assert_eq!(Bvh::new(triangles).blocked(from, to, 0.0..1.0, |_| false), all);
        }
    }

    #[test]
    fn a_triangle_blocks_what_is_behind_it_and_nothing_else() {
        let wall = [
            DVec3::new(-1.0, -1.0, 0.0),
            DVec3::new(1.0, -1.0, 0.0),
            DVec3::new(0.0, 1.0, 0.0),
        ];
        let broken = [DVec3::splat(f64::NAN); 3];
        let bvh = Bvh::new(vec![broken, wall]);
        let (front, back) = (DVec3::Z, -DVec3::Z);
        assert!(bvh.blocked(front, back, 0.0..1.0, |_| false));
        assert!(!bvh.blocked(front, back, 0.0..1.0, |t| t == 1));
        assert!(!bvh.blocked(front, back, 0.0..0.4, |_| false));
        assert!(!bvh.blocked(front + DVec3::X, back + DVec3::X, 0.0..1.0, |_| false));
        assert!(!Bvh::new(Vec::new()).blocked(front, back, 0.0..1.0, |_| false));
    }
}
