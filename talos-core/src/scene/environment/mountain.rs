//! A slope to run along, a valley below it, peaks beyond.

use super::assembly::{Assembly, BACKGROUND, layer_at, scatter, standing};
use super::forest::{TreeLibrary, variants};
use super::noise::Noise;
use super::range::{Range, Row};
use super::rock::rock;
use super::sculpt::{Detail, cut};
use super::terrain::PolarGrid;
use super::tree::TreeKind;
use super::undergrowth::tuft;
use super::{Brief, Environment, HeightField, StageArea, WalkPath};
use crate::geometry::{Mesh, Part, Pattern, smooth_union};
use crate::math::{DAffine3, DQuat, DVec3, scalar};
use crate::random::Stream;

/// The slope wanders a little about the Z axis.
fn path_x(z: f64) -> f64 {
    let beyond = scalar::smoothstep(18.0, 80.0, z.abs());
    beyond * 5.0 * scalar::sin(z / 24.0)
}

/// Where near ground ends and the distant sheet begins, metres.
const NEAR_M: f64 = 320.0;

/// Builds the mountain side.
pub(super) fn build(brief: &Brief) -> Environment {
    let stream = brief.seed.stream("environment/mountain");
    let height = ground(&stream);
    let mut assembly = Assembly::default();
    let noise = Noise::new(&stream.child("cover"));
    let near =
        PolarGrid::disc(NEAR_M, 100, 1.25).mesh(Part::new("slope", ""), &|x, z| height.ground_height(x, z));
    let far = PolarGrid::band(NEAR_M - 4.0, 2700.0, 340, 2.4)
        .mesh(Part::new("range", ""), &|x, z| height.ground_height(x, z) - 0.4);
    assembly.stand("mountain.slope", BACKGROUND, cover(near, &height, &noise, brief));
    assembly.stand("mountain.range", BACKGROUND, cover(far, &height, &noise, brief));
    trees(&mut assembly, &stream, &height, brief);
    rocks(&mut assembly, &stream, &height, brief);
    small_things(&mut assembly, &stream, &height, brief);
    let flight_altitude_m = brief.altitude_m(30.0);
    let stage = StageArea {
        centre: DVec3::Y * flight_altitude_m,
        radius_m: flight_altitude_m - 16.0,
        flight_altitude_m,
        path: WalkPath::over(&height, path_x),
    };
    assembly.finish(height, stage)
}

/// The slope falls to +X into a valley and rises to −X towards a shoulder; it climbs along +Z.
fn ground(stream: &Stream) -> HeightField {
    let noise = Noise::new(&stream.child("ground"));
    let range = Range::alps(&stream.child("range"), &rows(stream));
    HeightField::new(move |x, z| {
        let aside = x - path_x(z);
        let away = scalar::hypot(aside, 0.55 * z);
        let climb = 42.0 * scalar::tanh(0.055 * z / 42.0);
        let fall = -0.09 * aside - 0.40 * knee(aside - 24.0, 12.0) + 0.40 * knee(aside - 210.0, 60.0);
        let rise = 0.33 * knee(-aside - 20.0, 14.0) - 0.33 * knee(-aside - 190.0, 50.0);
        let fall_limited = -smooth_union(-(fall + 0.09 * knee(aside - 220.0, 60.0)), 90.0, 40.0);
        let rough = scalar::smoothstep(5.0, 70.0, away);
        let swells = 0.35 * noise.fbm(x / 16.0, z / 16.0, 2) * scalar::smoothstep(0.5, 9.0, away)
            + rough
                * (7.0 * noise.fbm(x / 75.0, z / 75.0, 4) + 5.0 * noise.ridged(x / 60.0, z / 60.0, 3, 0.06));
        let distant = scalar::smoothstep(260.0, 620.0, scalar::hypot(x, z));
        climb + fall_limited + rise + swells - bends_at_origin() + distant * range.height(x, z)
    })
}

/// What the rounded bends add at the origin, so that the path there is at height 0.
fn bends_at_origin() -> f64 {
    0.40 * (knee(-210.0, 60.0) - knee(-24.0, 12.0)) + 0.33 * (knee(-20.0, 14.0) - knee(-190.0, 50.0))
}

/// 0 below, `t` above, rounded over `k`: a C∞ bend.
fn knee(t: f64, k: f64) -> f64 {
    0.5 * (t + (t * t + k * k).sqrt())
}

/// One great peak across the valley, others so that every direction has a near and a far summit.
fn rows(stream: &Stream) -> Vec<Row> {
    let turn = stream.child("rows").range(0, -0.25, 0.25);
    let row = |azimuth: f64, distance_m, height_m, spread, count| Row {
        azimuth: azimuth + turn,
        distance_m,
        height_m,
        spread,
        count,
    };
    vec![
        row(1.35, 1600.0, 470.0, 1.1, 6),
        row(0.35, 1350.0, 270.0, 0.9, 5),
        row(2.45, 1450.0, 300.0, 1.0, 5),
        row(-1.75, 1550.0, 430.0, 1.0, 6),
        row(-0.75, 1400.0, 290.0, 0.9, 5),
        row(3.45, 1700.0, 350.0, 1.0, 5),
        row(0.95, 850.0, 105.0, 1.3, 6),
        row(-2.5, 820.0, 120.0, 1.3, 6),
    ]
}

/// Paints a sheet: snow or grass on gentle ground, rock on steep, snow on high.
fn cover(mut mesh: Mesh, height: &HeightField, noise: &Noise, brief: &Brief) -> Mesh {
    let soft = if brief.snowy { "snow" } else { "grass" };
    mesh.parts[0].slot = soft.into();
    if !brief.snowy {
        mesh.parts[0].pattern = Pattern::Patches { scale_m: 14.0 };
    }
    let rock = Part {
        pattern: Pattern::Flecks { scale_m: 6.0 },
        // faces shaded flat, but drawn only at sharp arêtes: chiselled, not netted with lines
        crease_angle: 0.85,
        ..Part::new("cliffs", "rock")
    };
    let steep_at = if brief.snowy { 0.73 } else { 0.62 };
    let mut field: Vec<f64> = mesh
        .positions
        .iter()
        .map(|p| {
            let distance = scalar::hypot(p.x, p.z);
            let slope = height.slope(p.x, p.z, (0.022 * distance).max(1.2));
            let ragged = 0.22 * noise.fbm(p.x / 70.0, p.z / 70.0, 3);
            let stage = 2.0 * scalar::smoothstep(26.0, 14.0, distance);
            let height_bias = if brief.snowy {
                0.0
            } else {
                -0.5 * scalar::smoothstep(60.0, 220.0, p.y)
            };
            steep_at - slope + ragged + stage + height_bias
        })
        .collect();
    cut(&mut mesh, 0, rock, &mut field);
    if !brief.snowy {
        let mut line: Vec<f64> = mesh
            .positions
            .iter()
            .map(|p| {
                let slope = height.slope(p.x, p.z, 25.0);
                330.0 - p.y + 110.0 * noise.fbm(p.x / 120.0, p.z / 120.0, 3) + 190.0 * (slope - 0.8)
            })
            .collect();
        cut(&mut mesh, 1, Part::new("snowfields", "snow"), &mut line);
    }
    mesh
}

fn trees(assembly: &mut Assembly, stream: &Stream, height: &HeightField, brief: &Brief) {
    let library = TreeLibrary::new(
        stream,
        brief.snowy,
        &[TreeKind::Spruce, TreeKind::Pine],
        [18.0, 45.0],
    );
    let noise = Noise::new(&stream.child("groves"));
    let clear = brief.clear_half_width_m() + 2.5;
    let density = |x: f64, z: f64| {
        let aside = (x - path_x(z))
            .abs()
            .min(if z.abs() < 50.0 { x.abs() } else { 1e9 });
        if aside < clear + TreeKind::Spruce.skirt_m() - 1.0 || height.slope(x, z, 2.0) > 0.75 {
            return 0.0;
        }
        let grove = scalar::smoothstep(0.02, 0.4, noise.fbm(x / 48.0, z / 48.0, 2));
        // a few stand alone near the stage, the groves further off
        scalar::lerp(0.05, 0.6, grove * scalar::smoothstep(9.0, 34.0, aside))
    };
    let mut trees = Vec::new();
    for mut spot in scatter(&stream.child("tree"), 8.8, 220.0, &density) {
        let kind = if spot.dice.chance(0.85) {
            TreeKind::Spruce
        } else {
            TreeKind::Pine
        };
        let foot = DVec3::new(spot.x, height.ground_height(spot.x, spot.z) - 0.15, spot.z);
        trees.push((format!("mountain.tree_{}", spot.name), kind, foot, spot));
    }
    library.plant_all(assembly, trees, 62_000);
}

fn rocks(assembly: &mut Assembly, stream: &Stream, height: &HeightField, brief: &Brief) {
    let snowy = brief.snowy;
    let near = variants(stream, "rock", 3, move |s| rock(Detail::Mid, "rock", snowy, s));
    let far = variants(stream, "rock", 3, move |s| rock(Detail::Far, "rock", snowy, s));
    let clear = brief.clear_half_width_m();
    for mut spot in scatter(&stream.child("rocks"), 10.0, 130.0, &|x, z| {
        let aside = (x - path_x(z))
            .abs()
            .min(if z.abs() < 50.0 { x.abs() } else { 1e9 });
        if aside < clear + 3.2 { 0.0 } else { 0.2 }
    }) {
        let distance = spot.distance_m();
        let size = spot.dice.range(0.4, 1.0)
            * (1.0 + 0.012 * distance)
            * if spot.dice.chance(0.2) { 2.0 } else { 1.0 };
        let models = if distance < 30.0 { &near } else { &far };
        let model = &models[spot.dice.whole(0, 2) as usize];
        let stretch = DVec3::new(1.3, spot.dice.range(0.6, 1.0), 1.0) * size;
        let foot = DVec3::new(spot.x, height.ground_height(spot.x, spot.z) - 0.12 * size, spot.z);
        let turn = DQuat::from_rotation_y(spot.dice.angle());
        let place = DAffine3::from_scale_rotation_translation(stretch, turn, foot);
        assembly.place(
            format!("mountain.rock_{}", spot.name),
            layer_at(distance),
            model,
            place,
        );
        assembly.block_around(foot, 1.2 * size, size);
    }
}

/// Stones and dry grass that stand out of the snow beside the way.
fn small_things(assembly: &mut Assembly, stream: &Stream, height: &HeightField, brief: &Brief) {
    let snowy = brief.snowy;
    let stones = variants(stream, "stone", 3, move |s| rock(Detail::Far, "rock_b", snowy, s));
    let tufts = variants(stream, "tuft", 3, tuft);
    let clear = brief.clear_half_width_m();
    let noise = Noise::new(&stream.child("patches"));
    let density = |x: f64, z: f64| {
        let aside = (x - path_x(z)).abs().min(x.abs());
        let patch = scalar::smoothstep(0.0, 0.45, noise.at(x / 7.0, z / 7.0));
        if aside < clear { 0.0 } else { 0.75 * patch }
    };
    for (name, spacing, models, scale) in [("stone", 3.1, &stones, 0.13), ("tuft", 1.9, &tufts, 1.0)] {
        for mut spot in scatter(&stream.child(name), spacing, 34.0, &density) {
            let size = scale * spot.dice.range(0.6, 1.5);
            let foot = DVec3::new(spot.x, height.ground_height(spot.x, spot.z), spot.z);
            let place = standing(foot, spot.dice.angle(), size);
            let model = &models[spot.dice.whole(0, 2) as usize];
            let layer = layer_at(spot.distance_m());
            assembly.place(format!("mountain.{name}_{}", spot.name), layer, model, place);
        }
    }
}
