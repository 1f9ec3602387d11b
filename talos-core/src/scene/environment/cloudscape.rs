//! Above the clouds: a sea of cloud tops and towers of cumulus.

use super::assembly::{Assembly, BACKGROUND, scatter};
use super::forest::variants;
use super::noise::Noise;
use super::sculpt::{Dice, add_surface};
use super::terrain::PolarGrid;
use super::{Brief, Environment, HeightField, StageArea, WalkPath};
use crate::geometry::{Mesh, Part, polygonize, smooth_union};
use crate::math::{DAffine3, DQuat, DVec3, scalar};
use crate::random::Stream;

/// Builds the cloud tops.
pub(super) fn build(brief: &Brief) -> Environment {
    let stream = brief.seed.stream("environment/sky");
    let height = tops(&stream);
    let mut assembly = Assembly::default();
    let sheet = PolarGrid::disc(4500.0, 136, 1.15)
        .mesh(Part::new("tops", "cloud"), &|x, z| height.ground_height(x, z));
    assembly.stand("sky.tops", BACKGROUND, sheet);
    towers(&mut assembly, &stream, &height, brief);
    let flight_altitude_m = brief.altitude_m(32.0);
    let stage = StageArea {
        centre: DVec3::Y * flight_altitude_m,
        radius_m: flight_altitude_m - 8.0,
        flight_altitude_m,
        path: WalkPath::over(&height, |_| 0.0),
    };
    assembly.finish(height, stage)
}

/// Domes of three sizes; the small ones only near, a level lane along the path.
fn tops(stream: &Stream) -> HeightField {
    let noise = Noise::new(&stream.child("tops"));
    let shape = move |noise: &Noise, x: f64, z: f64| {
        let distance = scalar::hypot(x, z);
        let lane = scalar::smoothstep(2.0, 18.0, x.abs());
        let small = 4.2 * noise.domes(x / 15.0, z / 15.0) * scalar::smoothstep(190.0, 90.0, distance);
        let middle =
            24.0 * noise.domes(x / 84.0 + 7.0, z / 84.0) * scalar::smoothstep(1100.0, 600.0, distance);
        let large =
            48.0 * noise.domes(x / 260.0, z / 260.0 + 3.0) * scalar::smoothstep(60.0, 330.0, distance);
        lane * (small + middle - 14.0) + large - 22.0 * scalar::smoothstep(60.0, 330.0, distance)
    };
    HeightField::new(move |x, z| shape(&noise, x, z))
}

fn towers(assembly: &mut Assembly, stream: &Stream, height: &HeightField, brief: &Brief) {
    let models = variants(stream, "cumulus", 4, cumulus);
    let nearest = 150.0 + 4.0 * brief.subject_m;
    let density = |x: f64, z: f64| {
        let distance = scalar::hypot(x, z);
        let beyond = scalar::smoothstep(nearest, 1.6 * nearest, distance);
        if distance < nearest { 0.0 } else { 0.25 * beyond }
    };
    for mut spot in scatter(&stream.child("tower"), 190.0, 1500.0, &density) {
        let distance = spot.distance_m();
        let size = spot.dice.range(40.0, 95.0) * (0.75 + distance / 1500.0);
        // clear of the stage whatever its size
        let size = size.min(0.4 * (distance - 90.0));
        let foot = DVec3::new(spot.x, height.ground_height(spot.x, spot.z) - 0.2 * size, spot.z);
        let model = &models[spot.dice.whole(0, 3) as usize];
        let turn = DQuat::from_rotation_y(spot.dice.angle());
        let stretch = DVec3::new(1.25, spot.dice.range(0.6, 1.05), 1.1) * size;
        let place = DAffine3::from_scale_rotation_translation(stretch, turn, foot);
        assembly.place(format!("sky.cumulus_{}", spot.name), BACKGROUND, model, place);
        assembly.block_around(foot, 1.6 * size, 1.6 * stretch.y);
    }
}

/// A heap of balls about one unit wide: a broad foot, lobes piled towards two or three heads.
fn cumulus(stream: &Stream) -> Mesh {
    let mut dice = Dice::new(*stream);
    let heads: Vec<(f64, f64, f64)> = (0..3)
        .map(|k| {
            let (sin, cos) = scalar::sin_cos(dice.angle());
            let out = if k == 0 { 0.12 } else { dice.range(0.4, 0.62) };
            (
                cos * out,
                sin * out,
                if k == 0 { 1.0 } else { dice.range(0.45, 0.8) },
            )
        })
        .collect();
    let mut balls = Vec::new();
    for &(x, z, tall) in &heads {
        for k in 0..9 {
            let up = f64::from(k) / 8.0;
            let (sin, cos) = scalar::sin_cos(dice.angle());
            let out = 0.52 * (1.0 - 0.72 * up) * dice.range(0.5, 1.0);
            let centre = DVec3::new(x + cos * out, 0.05 + 0.95 * tall * up, z + sin * out);
            balls.push((centre, dice.range(0.25, 0.36) * (1.0 - 0.3 * up)));
        }
    }
    let distance = |p: DVec3| {
        balls.iter().fold(3.0, |d, &(centre, radius)| {
            smooth_union(d, (p - centre).length() - radius, 0.05)
        })
    };
    let (low, high) = (DVec3::new(-1.7, -0.5, -1.7), DVec3::new(1.7, 1.6, 1.7));
    let (positions, triangles) = polygonize(&distance, low, high, 0.125);
    let mut mesh = Mesh::default();
    let part = mesh.add_part(Part::new("cumulus", "cloud"));
    add_surface(&mut mesh, part, &positions, &triangles);
    mesh
}
