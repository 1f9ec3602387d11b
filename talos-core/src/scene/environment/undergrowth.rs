//! Small plants: bushes, ferns, grass, flowers, a fallen log.

use super::sculpt::{Dice, add_surface, cut, hard, round, sheet, snow_cap, tube, vertex};
use crate::geometry::{Mesh, Part, Pattern, polygonize, smooth_union};
use crate::math::{DVec2, DVec3, scalar};
use crate::random::Stream;

/// A bush about a metre high: balls of foliage pressed together.
pub(super) fn bush(snowy: bool, stream: &Stream) -> Mesh {
    let mut dice = Dice::new(*stream);
    let balls: Vec<(DVec3, f64)> = (0..9)
        .map(|_| {
            let (sin, cos) = scalar::sin_cos(dice.angle());
            let out = dice.range(0.1, 0.75);
            let centre = DVec3::new(cos * out, dice.range(-0.05, 0.6) * (1.15 - out), sin * out);
            (centre, dice.range(0.24, 0.42))
        })
        .collect();
    let distance = |p: DVec3| {
        balls.iter().fold(2.0, |d, &(centre, radius)| {
            smooth_union(d, (p - centre).length() - radius, 0.08)
        })
    };
    let (low, high) = (DVec3::new(-1.5, -0.7, -1.5), DVec3::new(1.5, 1.6, 1.5));
    let (positions, triangles) = polygonize(&distance, low, high, 0.25);
    let mut mesh = Mesh::default();
    let part = mesh.add_part(Part {
        pattern: Pattern::Flecks { scale_m: 0.2 },
        ..Part::new("bush", "bush")
    });
    add_surface(&mut mesh, part, &positions, &triangles);
    if snowy {
        snow_cap(&mut mesh, part, 0.5);
    } else {
        let mut shade: Vec<f64> = mesh
            .positions
            .iter()
            .map(|p| p.y - 0.16 - 0.08 * scalar::cos(5.0 * p.x) * scalar::cos(4.3 * p.z))
            .collect();
        cut(&mut mesh, part, Part::new("bush.under", "leaf_b"), &mut shade);
    }
    mesh
}

/// A fern: arching fronds that taper, about 0.8 m across.
pub(super) fn fern(stream: &Stream) -> Mesh {
    let mut dice = Dice::new(*stream);
    let mut mesh = Mesh::default();
    let part = mesh.add_part(sheet("fronds", "bush"));
    let fronds = dice.whole(7, 9);
    let turn = dice.angle();
    for k in 0..fronds {
        let angle = turn + scalar::TAU * (f64::from(k) + dice.range(-0.3, 0.3)) / f64::from(fronds);
        let length = dice.range(0.55, 0.95);
        blade(
            &mut mesh,
            part,
            &Blade {
                angle,
                length,
                width: 0.16,
                arch: 0.55,
                rise: 0.62,
                base: DVec3::ZERO,
            },
        );
    }
    mesh
}

/// An arching leaf.
struct Blade {
    base: DVec3,
    angle: f64,
    length: f64,
    width: f64,
    /// How far the tip sinks back, share of the length.
    arch: f64,
    /// How steeply it starts, metres up per metre.
    rise: f64,
}

fn blade(mesh: &mut Mesh, part: u16, leaf: &Blade) {
    let (sin, cos) = scalar::sin_cos(leaf.angle);
    let out = DVec3::new(cos, 0.0, sin);
    let side = DVec3::new(-sin, 0.0, cos);
    let at = |t: f64| {
        let up = leaf.rise * t - leaf.arch * t * t;
        leaf.base
            + (out * t * (1.0 - 0.25 * leaf.rise * t) + DVec3::Y * (up + 0.35 * leaf.rise * t)) * leaf.length
    };
    let mut pair = |t: f64, width: f64| {
        [-0.5, 0.5].map(|s| vertex(mesh, at(t) + side * (s * width * leaf.width), DVec2::new(s, t)))
    };
    let rows = [pair(0.0, 0.25), pair(0.35, 1.0), pair(0.7, 0.75)];
    let tip = vertex(mesh, at(1.0), DVec2::new(0.0, 1.0));
    for rows in rows.windows(2) {
        mesh.add_quad(part, [rows[0][0], rows[0][1], rows[1][1], rows[1][0]]);
    }
    mesh.add_triangle(part, [rows[2][0], rows[2][1], tip]);
}

/// A tuft of grass, about 0.4 m high.
pub(super) fn tuft(stream: &Stream) -> Mesh {
    let mut dice = Dice::new(*stream);
    let mut mesh = Mesh::default();
    let part = mesh.add_part(sheet("blades", "grass"));
    for _ in 0..9 {
        let base = DVec3::new(dice.range(-0.13, 0.13), -0.03, dice.range(-0.13, 0.13));
        let (tip, angle) = (dice.range(0.22, 0.46), dice.angle());
        let (sin, cos) = scalar::sin_cos(angle);
        let lean = DVec3::new(cos, 0.0, sin) * tip * dice.range(0.25, 0.7);
        let side = DVec3::new(-sin, 0.0, cos) * 0.015;
        let a = vertex(&mut mesh, base - side, DVec2::ZERO);
        let b = vertex(&mut mesh, base + side, DVec2::ZERO);
        let middle = base + lean * 0.3 + DVec3::Y * tip * 0.6;
        let c = vertex(&mut mesh, middle + side * 0.8, DVec2::ZERO);
        let d = vertex(&mut mesh, middle - side * 0.8, DVec2::ZERO);
        let e = vertex(&mut mesh, base + lean + DVec3::Y * tip, DVec2::ZERO);
        mesh.add_quad(part, [a, b, c, d]);
        mesh.add_triangle(part, [d, c, e]);
    }
    mesh
}

/// A few flowers on stems, about 0.4 m high.
pub(super) fn flowers(stream: &Stream) -> Mesh {
    let mut dice = Dice::new(*stream);
    let mut mesh = Mesh::default();
    let stem = mesh.add_part(sheet("stems", "grass"));
    let petal = mesh.add_part(sheet("petals", "flower"));
    for _ in 0..4 {
        let base = DVec3::new(dice.range(-0.25, 0.25), -0.02, dice.range(-0.25, 0.25));
        let lean = DVec3::new(dice.range(-0.08, 0.08), 0.0, dice.range(-0.08, 0.08));
        let top = base + lean + DVec3::Y * dice.range(0.22, 0.42);
        let across = DVec3::X * 0.008;
        let corners = [base - across, base + across, top + across, top - across];
        let corners = corners.map(|p| vertex(&mut mesh, p, DVec2::ZERO));
        mesh.add_quad(stem, corners);
        let centre = vertex(&mut mesh, top + DVec3::Y * 0.012, DVec2::ZERO);
        let turn = dice.angle();
        let rim: Vec<u32> = (0..10)
            .map(|k| {
                let (sin, cos) = scalar::sin_cos(turn + scalar::TAU * f64::from(k) / 10.0);
                let r = if k % 2 == 0 { 0.085 } else { 0.038 };
                let p = top + DVec3::new(cos * r, 0.012, -sin * r) + lean * 0.3;
                vertex(&mut mesh, p, DVec2::ZERO)
            })
            .collect();
        for k in 0..10 {
            mesh.add_triangle(petal, [centre, rim[k], rim[(k + 1) % 10]]);
        }
    }
    mesh
}

/// A fallen trunk along X, about 5 m long, with broken branches.
pub(super) fn fallen_log(snowy: bool, stream: &Stream) -> Mesh {
    let mut dice = Dice::new(*stream);
    let mut mesh = Mesh::default();
    let part = mesh.add_part(Part {
        pattern: Pattern::Flecks { scale_m: 0.2 },
        ..Part::new("log", "trunk")
    });
    let at = |x: f64| DVec3::new(x, 0.22 + 0.05 * scalar::sin(x), 0.12 * scalar::sin(1.3 * x));
    let mut points = vec![(at(-2.6), 0.02)];
    points.extend([-2.59, -1.9, -0.8, 0.4, 1.5, 2.4].map(|x| (at(x), 0.36 - 0.03 * x)));
    points.push((at(2.38), 0.0));
    let phase = dice.angle();
    let flute = move |angle: f64, along: f64| 1.0 + 0.07 * scalar::cos(3.0 * angle + phase + along);
    tube(&mut mesh, part, &points, 11, &flute);
    for x in [-1.4, 0.2, 1.1] {
        let (sin, cos) = scalar::sin_cos(dice.range(0.3, 2.6));
        let out = DVec3::new(0.5, sin, cos);
        let stub = [
            (at(x), 0.12),
            (at(x) + out * 0.5, 0.08),
            (at(x) + out * 0.95, 0.05),
            (at(x) + out * 0.93, 0.0),
        ];
        tube(&mut mesh, part, &stub, 6, &round);
    }
    if snowy {
        snow_cap(&mut mesh, part, 0.5);
    }
    mesh
}

/// A fence post with its two rails to the next post, `bay_m` metres along +Z and `rise_m` metres up.
pub(super) fn fence_bay(bay_m: f64, rise_m: f64, stream: &Stream) -> Mesh {
    let mut dice = Dice::new(*stream);
    let mut mesh = Mesh::default();
    let part = mesh.add_part(hard("wood", "trunk"));
    let lean = DVec3::new(dice.range(-0.05, 0.05), 0.0, dice.range(-0.05, 0.05));
    let top = 1.15 + dice.range(-0.06, 0.06);
    let post = [
        (DVec3::NEG_Y * 0.2, 0.085),
        (lean + DVec3::Y * top, 0.075),
        (lean + DVec3::Y * (top + 0.04), 0.0),
    ];
    tube(&mut mesh, part, &post, 6, &round);
    for height in [0.55, 0.95] {
        let sag = dice.range(-0.06, 0.06);
        let start = DVec3::new(0.07, height, -0.15);
        let end = DVec3::new(0.07, height + rise_m + sag, bay_m + 0.15);
        let rail = [(start, 0.05), (end, 0.045), (end + DVec3::Z * 0.02, 0.0)];
        tube(&mut mesh, part, &rail, 4, &round);
    }
    mesh
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::Seed;

    #[test]
    fn plants_are_small_and_finite() {
        let stream = Seed(2).stream("plants");
        let plants = [
            (bush(false, &stream), 560),
            (bush(true, &stream), 560),
            (fern(&stream), 60),
            (tuft(&stream), 30),
            (flowers(&stream), 60),
            (fallen_log(true, &stream), 420),
            (fence_bay(2.5, 0.1, &stream), 80),
        ];
        for (mesh, budget) in plants {
            assert!(mesh.triangles.len() <= budget, "{}", mesh.triangles.len());
            assert!(mesh.positions.iter().all(|p| p.is_finite() && p.y < 2.0));
            assert_eq!(mesh.uv.len(), mesh.positions.len());
        }
    }
}
