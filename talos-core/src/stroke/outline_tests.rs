//! The law of outlines: lines lie on the silhouette of the mesh that is rasterised, and all of it
//! has a line.

use super::tests::{SIZE, camera, drawn, implicit, object, single_part};
use super::{Stroke, draw};
use crate::camera::Projection;
use crate::geometry::{Mesh, Part};
use crate::image::{Visibility, rasterize};
use crate::math::{DAffine3, DQuat, DVec2, DVec3, scalar};

/// A fir's tier: a cone of few facets with a jagged rim and a hollow underside of another colour.
fn tier() -> Mesh {
    let mut positions = vec![DVec3::Y, DVec3::Y * -0.35];
    for k in 0..9 {
        let (sin, cos) = scalar::sin_cos(f64::from(k) * core::f64::consts::TAU / 9.0);
        let radius = if k % 2 == 0 { 1.0 } else { 0.86 };
        positions.push(DVec3::new(
            cos * radius,
            -0.6 - 0.1 * f64::from(k % 3),
            sin * radius,
        ));
    }
    let ring = |k: u32| 2 + k % 9;
    let top = (0..9).map(|k| [0, ring(k + 1), ring(k)]);
    let under = (0..9).map(|k| [1, ring(k), ring(k + 1)]);
    let mut mesh = single_part(positions, top.chain(under).collect(), Part::new("tier", "leaf_a"));
    let part = mesh.add_part(Part::new("under", "leaf_b"));
    mesh.triangle_part[9..].fill(part);
    mesh
}

/// Balls that flow into one another, like a crown or a body.
fn lumps(cell: f64) -> Mesh {
    let distance = |p: DVec3| {
        let ball = |x: f64, y: f64, z: f64, r: f64| (p - DVec3::new(x, y, z)).length() - r;
        let blend = |a: f64, b: f64| {
            let h = (0.3 - (a - b).abs()).max(0.0);
            a.min(b) - h * h / 1.2
        };
        blend(
            blend(ball(-0.5, 0.0, 0.1, 0.6), ball(0.55, 0.2, 0.0, 0.55)),
            blend(ball(0.1, 0.6, -0.3, 0.5), ball(0.0, -0.4, 0.4, 0.4)),
        )
    };
    implicit(&distance, 1.5, cell)
}

fn ball(cell: f64) -> Mesh {
    implicit(&|p: DVec3| p.length() - 1.0, 1.3, cell)
}

/// Points along a stroke, at most half a pixel apart.
fn dense(stroke: &Stroke) -> Vec<DVec2> {
    (0..stroke.segments())
        .flat_map(|s| {
            let p = &stroke.points[s * 3..s * 3 + 4];
            let length: f64 = p.windows(2).map(|w| (w[1] - w[0]).length()).sum();
            let count = (length * 2.0).ceil().max(1.0);
            (0..=count as usize).map(move |k| stroke.point(s, k as f64 / count))
        })
        .collect()
}

/// Samples of the picture's grid within `reach` pixels of a point.
fn around(p: DVec2, reach: f64) -> impl Iterator<Item = (u32, u32)> {
    let side = f64::from(Visibility::SIDE);
    let span = move |c: f64, limit: u32| {
        let (low, high) = (((c - reach) * side).floor(), ((c + reach) * side).ceil());
        low.max(0.0) as u32..(high.max(0.0) as u32).min(limit)
    };
    let (columns, rows) = (SIZE.width * Visibility::SIDE, SIZE.height * Visibility::SIDE);
    span(p.y, rows)
        .flat_map(move |y| span(p.x, columns).map(move |x| (x, y)))
        .filter(move |&(x, y)| {
            let centre = DVec2::new(f64::from(x) + 0.5, f64::from(y) + 0.5) / side;
            (centre - p).length() <= reach
        })
}

/// Share of the rim's samples that have a line within `reach` pixels, and the share of points of
/// lines that have a covered sample within `reach` pixels.
fn agreement(visibility: &Visibility, strokes: &[Stroke], reach: f64) -> (f64, f64) {
    let (columns, rows) = (SIZE.width * Visibility::SIDE, SIZE.height * Visibility::SIDE);
    let covered = |x: u32, y: u32| visibility.triangle[visibility.index(x, y)] != Visibility::NONE;
    let mut drawn = vec![false; visibility.triangle.len()];
    let (mut inside, mut points) = (0, 0);
    for p in strokes.iter().flat_map(dense) {
        points += 1;
        inside += usize::from(around(p, reach).any(|(x, y)| covered(x, y)));
        around(p, reach).for_each(|(x, y)| drawn[visibility.index(x, y)] = true);
    }
    let (mut rim, mut lined) = (0, 0);
    for y in 1..rows - 1 {
        for x in 1..columns - 1 {
            let beside = || [(x - 1, y), (x + 1, y), (x, y - 1), (x, y + 1)];
            if covered(x, y) && beside().into_iter().any(|(x, y)| !covered(x, y)) {
                rim += 1;
                lined += usize::from(drawn[visibility.index(x, y)]);
            }
        }
    }
    let share = |part: usize, whole: usize| part as f64 / whole.max(1) as f64;
    (share(lined, rim), share(inside, points))
}

fn views() -> Vec<Projection> {
    (0..6)
        .map(|k| {
            let eye = DQuat::from_rotation_y(f64::from(k) * 1.1)
                * DVec3::new(0.0, 0.7 * f64::from(k % 3) - 0.5, 4.2);
            camera(eye, DVec3::ZERO)
        })
        .collect()
}

#[test]
fn outlines_lie_on_the_silhouette_of_the_mesh_fine_or_coarse() {
    let forms = [
        ("fine ball", ball(0.08)),
        ("coarse ball", ball(0.4)),
        ("crown", lumps(0.3)),
        ("body", lumps(0.09)),
        ("tier", tier()),
    ];
    for (name, mesh) in forms {
        let objects = [object(name, mesh, DAffine3::IDENTITY)];
        for (k, projection) in views().iter().enumerate() {
            let visibility = rasterize(&objects, projection, SIZE);
            let strokes = drawn(&objects, projection);
            let (lined, inside) = agreement(&visibility, &strokes, 1.0);
            assert!(lined > 0.95, "{name}, view {k}: {lined} of the rim has a line");
            assert!(
                inside > 0.99,
                "{name}, view {k}: {inside} of the lines is on the form"
            );
        }
    }
}

#[test]
fn what_lies_behind_a_fold_does_not_shine_through() {
    // seen from above, the tier hides all of its underside but the rim
    let objects = [object("tier", tier(), DAffine3::IDENTITY)];
    let projection = camera(DVec3::new(0.3, 2.5, 3.6), DVec3::ZERO);
    let visibility = rasterize(&objects, &projection, SIZE);
    let strokes = draw(
        &objects,
        &projection,
        SIZE,
        &visibility,
        &super::PressureModel::default(),
    )
    .strokes;
    assert!(
        strokes.iter().all(|s| !s.stroke_id.contains("under.contour")),
        "{:?}",
        strokes.iter().map(|s| &s.stroke_id).collect::<Vec<_>>()
    );
}
