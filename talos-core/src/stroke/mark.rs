//! Authored lines: a brow, a mouth, posed with the skin.

use super::anatomy::{Anatomy, Kind};
use super::chain::{Chain, Link};
use crate::geometry::{Edge, Mark};
use crate::math::DVec3;
use crate::scene::SceneObject;

/// A mark as a smooth curve (Catmull & Rom 1974) through its points.
pub(super) fn mark_chain(
    object: &SceneObject,
    anatomy: &Anatomy,
    index: usize,
    mark: &Mark,
) -> Option<Chain> {
    const STEPS: usize = 8;
    let positions = &object.posed.positions;
    let points: Vec<DVec3> = mark
        .points
        .iter()
        .map(|&v| positions.get(v as usize).copied())
        .collect::<Option<_>>()?;
    let count = points.len();
    if count < 2 {
        return None;
    }
    let at = |i: isize| {
        let n = count as isize;
        let i = if mark.closed {
            i.rem_euclid(n)
        } else {
            i.clamp(0, n - 1)
        };
        (
            points[i as usize],
            mark.pressure.get(i as usize).copied().unwrap_or(1.0),
        )
    };
    let spans = if mark.closed { count } else { count - 1 };
    let (mut nodes, mut pressure) = (Vec::new(), Vec::new());
    for span in 0..spans as isize {
        let [a, b, c, d] = [-1, 0, 1, 2].map(|k| at(span + k));
        for step in 0..STEPS {
            let t = step as f64 / STEPS as f64;
            nodes.push(catmull_rom([a.0, b.0, c.0, d.0], t));
            pressure.push(b.1 + (c.1 - b.1) * t);
        }
    }
    if !mark.closed {
        let end = at(spans as isize);
        nodes.push(end.0);
        pressure.push(end.1);
    }
    let spacing = points.windows(2).map(|w| (w[1] - w[0]).length()).sum::<f64>() / (count - 1) as f64;
    let link = Link {
        triangles: [Edge::NONE; 2],
        under: Edge::NONE,
        shown: true,
        silhouette: false,
        // marks lie on the skin, which may bulge over the curve between two points: by an eighth
        // of their distance where it is as round as that
        reach_m: 0.15 * spacing.min(0.03 * object.model.size_m),
        share: 0.0,
    };
    let under = &anatomy.mark_triangles[index];
    let links = (0..spans * STEPS)
        .map(|step| Link {
            under: under[step / STEPS],
            ..link
        })
        .collect();
    Some(Chain {
        kind: Kind::Mark,
        nodes,
        links,
        closed: mark.closed,
        pressure,
        mark: Some(index),
    })
}

fn catmull_rom([a, b, c, d]: [DVec3; 4], t: f64) -> DVec3 {
    let m0 = (c - a) * 0.5;
    let m1 = (d - b) * 0.5;
    let (t2, t3) = (t * t, t * t * t);
    b * (2.0 * t3 - 3.0 * t2 + 1.0) + m0 * (t3 - 2.0 * t2 + t) + c * (3.0 * t2 - 2.0 * t3) + m1 * (t3 - t2)
}
