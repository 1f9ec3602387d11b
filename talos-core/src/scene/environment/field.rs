//! Rolling grassland: a path along a fence, one great tree, woods and hills behind.

use super::assembly::{Assembly, BACKGROUND, MIDGROUND, layer_at, scatter, shared, standing};
use super::forest::{TreeLibrary, variants};
use super::noise::Noise;
use super::range::{Range, Row};
use super::rock::rock;
use super::sculpt::{Detail, Dice, cut};
use super::terrain::PolarGrid;
use super::tree::{TreeKind, tree};
use super::undergrowth::{bush, fence_bay, flowers, tuft};
use super::{Brief, Environment, HeightField, StageArea, WalkPath};
use crate::geometry::{Mesh, Part, Pattern};
use crate::math::{DVec3, scalar};
use crate::random::Stream;

fn path_x(z: f64) -> f64 {
    let beyond = scalar::smoothstep(15.0, 90.0, z.abs());
    beyond * (11.0 * scalar::sin(z / 36.0) + 0.05 * z)
}

/// Builds the field.
pub(super) fn build(brief: &Brief) -> Environment {
    let stream = brief.seed.stream("environment/field");
    let height = ground(&stream);
    let mut assembly = Assembly::default();
    assembly.stand("field.ground", BACKGROUND, ground_mesh(brief, &stream, &height));
    assembly.stand("field.hills", BACKGROUND, hills(brief, &stream));
    let meadow = Meadow {
        height: &height,
        stream: &stream,
        snowy: brief.snowy,
        clear: brief.clear_half_width_m(),
    };
    meadow.fence(&mut assembly);
    meadow.great_tree(&mut assembly);
    meadow.woods(&mut assembly);
    meadow.plants(&mut assembly);
    let flight_altitude_m = brief.altitude_m(18.0);
    let stage = StageArea {
        centre: DVec3::Y * flight_altitude_m,
        radius_m: flight_altitude_m - 4.0,
        flight_altitude_m,
        path: WalkPath::over(&height, path_x),
    };
    assembly.finish(height, stage)
}

/// Long waves of ground, level across the path.
fn ground(stream: &Stream) -> HeightField {
    let noise = Noise::new(&stream.child("ground"));
    let along = move |noise: &Noise, z: f64| 1.1 * noise.at(z / 62.0, 0.5);
    let origin = along(&noise, 0.0);
    HeightField::new(move |x, z| {
        let aside = (x - path_x(z)).abs();
        let off = scalar::smoothstep(2.0, 40.0, aside);
        let waves = 4.5 * noise.fbm(x / 85.0, z / 85.0, 2) + 9.0 * noise.at(x / 230.0 + 3.0, z / 230.0);
        let small = 0.14 * noise.at(x / 7.0, z / 7.0) * scalar::smoothstep(1.2, 3.5, aside);
        let rut = -0.05 * (1.0 - scalar::smoothstep(0.5, 1.5, aside));
        along(&noise, z) - origin + off * waves + small + rut + 0.05
    })
}

fn ground_mesh(brief: &Brief, stream: &Stream, height: &HeightField) -> Mesh {
    let mut part = Part::new("ground", if brief.snowy { "snow" } else { "grass" });
    if !brief.snowy {
        part.pattern = Pattern::Patches { scale_m: 9.0 };
    }
    let mut mesh = PolarGrid::disc(520.0, 104, 1.3).mesh(part, &|x, z| height.ground_height(x, z));
    let noise = Noise::new(&stream.child("path"));
    let mut field: Vec<f64> = mesh
        .positions
        .iter()
        .map(|p| {
            let aside = (p.x - path_x(p.z)).abs() + 400.0 * scalar::smoothstep(120.0, 150.0, p.z.abs());
            // wider with distance, so that it never falls between two vertices
            let half = 1.15 + 0.02 * (p.z.abs() - 40.0).max(0.0);
            aside - half - 0.22 * noise.fbm(p.x / 2.4, p.z / 2.4, 2)
        })
        .collect();
    cut(&mut mesh, 0, Part::new("path", "path"), &mut field);
    mesh
}

/// Layers of hills all around, the highest off the path's axis.
fn hills(brief: &Brief, stream: &Stream) -> Mesh {
    let mut dice = Dice::new(stream.child("hills/rows"));
    let mut rows = Vec::new();
    for k in 0..7 {
        let azimuth = scalar::TAU * (f64::from(k) + dice.range(-0.2, 0.2)) / 7.0 + 0.5;
        for (distance_m, height_m) in [(850.0, 75.0), (1800.0, 210.0)] {
            rows.push(Row {
                azimuth: azimuth + dice.range(-0.3, 0.3),
                distance_m,
                height_m: height_m * dice.range(0.6, 1.2),
                spread: 0.9,
                count: 4,
            });
        }
    }
    let range = Range::hills(&stream.child("hills"), &rows);
    let slot = if brief.snowy { "snow" } else { "grass" };
    let mut mesh = PolarGrid::band(500.0, 2600.0, 210, 2.8).mesh(Part::new("hills", slot), &|x, z| {
        let distance = scalar::hypot(x, z);
        let beyond = scalar::smoothstep(520.0, 800.0, distance);
        beyond * range.height(x, z) - 4.0 - 8.0 * scalar::smoothstep(620.0, 500.0, distance)
    });
    let noise = Noise::new(&stream.child("hills/woods"));
    let mut field: Vec<f64> = mesh
        .positions
        .iter()
        .map(|p| noise.fbm(p.x / 260.0, p.z / 260.0, 3) - 0.02)
        .collect();
    cut(&mut mesh, 0, Part::new("woods", "bush"), &mut field);
    mesh
}

struct Meadow<'a> {
    height: &'a HeightField,
    stream: &'a Stream,
    snowy: bool,
    clear: f64,
}

impl Meadow<'_> {
    fn foot(&self, x: f64, z: f64) -> DVec3 {
        DVec3::new(x, self.height.ground_height(x, z), z)
    }

    fn aside(&self, x: f64, z: f64) -> f64 {
        let straight = if z.abs() < 45.0 { x.abs() } else { f64::INFINITY };
        straight.min((x - path_x(z)).abs())
    }

    /// A fence on one side of the path: the line that leads in.
    fn fence(&self, assembly: &mut Assembly) {
        let bay = 2.6;
        for k in -26..26 {
            let at = |k: i32| {
                let z = f64::from(k) * bay;
                self.foot(path_x(z) + self.clear + 2.2, z)
            };
            let (foot, next) = (at(k), at(k + 1));
            let turn = scalar::atan2(next.x - foot.x, next.z - foot.z);
            let length = scalar::hypot(next.x - foot.x, next.z - foot.z);
            let own = self.stream.child("fence").item(u64::from((k + 1000) as u32));
            let mesh = fence_bay(length, next.y - foot.y, &own);
            let layer = layer_at(f64::from(k.abs()) * bay);
            assembly.place(
                format!("field.fence_{:02}", k + 26),
                layer,
                &shared(mesh),
                standing(foot, turn, 1.0),
            );
            assembly.block_around(foot, 0.2, 1.3);
        }
    }

    /// One oak on a rise, where a third of the frame would have it.
    fn great_tree(&self, assembly: &mut Assembly) {
        let (x, z) = (-(self.clear + 11.0), 21.0);
        let mesh = tree(
            TreeKind::Oak,
            Detail::Near,
            self.snowy,
            &self.stream.child("great_tree"),
        );
        let foot = self.foot(x, z) - DVec3::Y * 0.1;
        assembly.place(
            "field.great_tree".into(),
            MIDGROUND,
            &shared(mesh),
            standing(foot, 0.4, 1.25),
        );
        assembly.block_around(foot, 0.9, 13.0);
    }

    fn woods(&self, assembly: &mut Assembly) {
        let kinds = [TreeKind::Oak, TreeKind::Beech, TreeKind::Spruce];
        let library = TreeLibrary::new(self.stream, self.snowy, &kinds, [0.0, 50.0]);
        let noise = Noise::new(&self.stream.child("woods"));
        let density = |x: f64, z: f64| {
            let distance = scalar::hypot(x, z);
            let wood = scalar::smoothstep(0.12, 0.35, noise.fbm(x / 120.0, z / 120.0, 2));
            if distance < 60.0 || self.aside(x, z) < 14.0 {
                0.0
            } else {
                0.03 + 0.5 * wood
            }
        };
        let mut trees = Vec::new();
        for mut spot in scatter(&self.stream.child("tree"), 13.5, 300.0, &density) {
            let kind = if noise.at(spot.x / 60.0, spot.z / 60.0 + 40.0) > 0.25 {
                TreeKind::Spruce
            } else {
                spot.dice.pick(&[TreeKind::Oak, TreeKind::Oak, TreeKind::Beech])
            };
            let foot = self.foot(spot.x, spot.z) - DVec3::Y * 0.1;
            trees.push((format!("field.tree_{}", spot.name), kind, foot, spot));
        }
        library.plant_all(assembly, trees, 80_000);
    }

    fn plants(&self, assembly: &mut Assembly) {
        let (stream, snowy) = (self.stream, self.snowy);
        let rim = |x: f64, z: f64, reach: f64| {
            let aside = self.aside(x, z);
            if aside < self.clear.max(1.6) {
                0.0
            } else {
                scalar::smoothstep(reach, 3.0, scalar::hypot(x, z))
            }
        };
        let tufts = variants(stream, "tuft", 3, tuft);
        let blooms = variants(stream, "flowers", 3, flowers);
        let bushes = variants(stream, "bush", 2, move |s| bush(snowy, s));
        let stones = variants(stream, "rock", 2, move |s| rock(Detail::Mid, "rock", snowy, s));
        let noise = Noise::new(&stream.child("flowers"));
        let mut plan = vec![
            ("grass", 1.05, 30.0, 0.55, &tufts, 0.7..1.5),
            ("bush", 12.0, 70.0, 0.30, &bushes, 0.7..1.3),
            ("rock", 13.0, 60.0, 0.35, &stones, 0.3..0.9),
        ];
        if !snowy {
            plan.push(("flowers", 1.3, 24.0, 0.75, &blooms, 0.8..1.3));
        }
        for (name, spacing, reach, share, models, scale) in plan {
            let spots = scatter(&stream.child(name), spacing, reach, &|x, z| {
                let clump = if name == "flowers" {
                    scalar::smoothstep(-0.05, 0.4, noise.at(x / 6.0, z / 6.0))
                } else {
                    1.0
                };
                share * clump * rim(x, z, reach)
            });
            for mut spot in spots {
                let model = &models[spot.dice.whole(0, models.len() as u32 - 1) as usize];
                let size = spot.dice.range(scale.start, scale.end);
                let place = standing(self.foot(spot.x, spot.z), spot.dice.angle(), size);
                let layer = layer_at(spot.distance_m());
                assembly.place(format!("field.{name}_{}", spot.name), layer, model, place);
            }
        }
    }
}
