//! A city around a crossing of two avenues: low roofs under the stage, towers beside it, a skyline beyond.

use rayon::prelude::*;

use super::assembly::{Assembly, BACKGROUND, MIDGROUND, layer_at, shared, standing};
use super::building::{Lot, building};
use super::forest::variants;
use super::massing::{Facade, Footprint, Mason, Top};
use super::range::{Range, Row};
use super::sculpt::{Detail, Dice, block, hard};
use super::street::{car, crossing, lamp, pave, viaduct};
use super::terrain::PolarGrid;
use super::tree::{TreeKind, tree};
use super::{Brief, Environment, HeightField, StageArea, WalkPath};
use crate::geometry::{Mesh, Part};
use crate::math::{DVec2, DVec3, scalar};
use crate::random::Stream;

/// Half the width of the avenue along Z, the walkers' one, metres.
const AVENUE_HALF_M: f64 = 17.0;
/// Half the width of the avenue along X, metres.
const CROSS_HALF_M: f64 = 14.0;
/// Buildings stand one by one as far as this; beyond, the city is a sheet of simple boxes.
const DETAIL_REACH_M: f64 = 330.0;
/// The last houses, metres.
const CITY_REACH_M: f64 = 950.0;
/// Height of pavements over the road, metres.
const KERB_M: f64 = 0.15;

/// Builds the city.
pub(super) fn build(brief: &Brief) -> Environment {
    let stream = brief.seed.stream("environment/city");
    let plan = Plan::new(brief, &stream);
    let mut assembly = Assembly::default();
    plan.ground(&mut assembly);
    plan.buildings(&mut assembly);
    plan.far_city(&mut assembly);
    plan.hills(&mut assembly);
    plan.street_life(&mut assembly);
    plan.traffic(&mut assembly);
    let height = HeightField::new(|_, _| 0.0);
    let stage = StageArea {
        centre: DVec3::Y * plan.altitude_m,
        radius_m: plan.air_m,
        flight_altitude_m: plan.altitude_m,
        path: WalkPath::over(&height, |_| 0.0),
    };
    assembly.finish(height, stage)
}

/// A block between streets.
#[derive(Clone, Copy, Debug)]
struct Block {
    low: DVec2,
    high: DVec2,
    /// Position in the grid, both counted outward from the crossing.
    cell: [i32; 2],
}

/// A place where the skyline rises.
#[derive(Clone, Copy, Debug)]
struct Cluster {
    centre: DVec2,
    radius: f64,
    height: f64,
}

/// Everything that is decided before anything is built.
struct Plan<'a> {
    stream: &'a Stream,
    snowy: bool,
    subject_m: f64,
    altitude_m: f64,
    /// Radius of clear air around the stage's centre.
    air_m: f64,
    blocks: Vec<Block>,
    clusters: [Cluster; 3],
    /// Middle of the street under the elevated road.
    viaduct_z: f64,
}

impl<'a> Plan<'a> {
    fn new(brief: &Brief, stream: &'a Stream) -> Self {
        let (east, _) = intervals(&stream.child("east"), AVENUE_HALF_M);
        let (west, _) = intervals(&stream.child("west"), AVENUE_HALF_M);
        let (south, viaduct_z) = intervals(&stream.child("south"), CROSS_HALF_M);
        let (north, _) = intervals(&stream.child("north"), CROSS_HALF_M);
        let mirrored = |list: &[[f64; 2]]| list.iter().map(|[a, b]| [-b, -a]).collect::<Vec<_>>();
        let columns = signed(&east, &mirrored(&west));
        let rows = signed(&south, &mirrored(&north));
        let blocks = rows
            .iter()
            .flat_map(|&(j, [z0, z1])| {
                columns.iter().map(move |&(i, [x0, x1])| Block {
                    low: DVec2::new(x0, z0),
                    high: DVec2::new(x1, z1),
                    cell: [i, j],
                })
            })
            .collect();
        let turn = stream.child("clusters").range(0, 0.0, scalar::TAU);
        let cluster = |angle: f64, distance: f64, radius, height| {
            let (sin, cos) = scalar::sin_cos(turn + angle);
            Cluster {
                centre: DVec2::new(sin, cos) * distance,
                radius,
                height,
            }
        };
        Self {
            stream,
            snowy: brief.snowy,
            subject_m: brief.subject_m,
            altitude_m: brief.altitude_m(70.0),
            air_m: (3.75 * brief.subject_m).clamp(42.0, 60.0),
            blocks,
            clusters: [
                cluster(0.0, 210.0, 95.0, 120.0),
                cluster(2.4, 250.0, 80.0, 85.0),
                cluster(4.1, 330.0, 110.0, 95.0),
            ],
            viaduct_z,
        }
    }

    /// Highest that may stand with its nearest point at a distance from the vertical through the stage.
    fn ceiling_m(&self, distance: f64) -> f64 {
        let r = self.air_m + 3.0;
        if distance < r {
            return self.altitude_m - (r * r - distance * distance).sqrt();
        }
        // then a bowl, so that a camera beside the stage has room, too
        scalar::lerp(
            0.8 * self.altitude_m,
            400.0,
            scalar::smoothstep(r + 6.0, r + 22.0, distance),
        )
    }

    /// How high the city would like to be here.
    fn ambition_m(&self, place: DVec2, distance: f64, dice: &mut Dice) -> f64 {
        let mut height = 15.0 + 24.0 * dice.unit();
        for c in &self.clusters {
            let d = (place - c.centre).length() / c.radius;
            height += c.height * scalar::exp(-d * d) * dice.range(0.45, 1.1);
        }
        let beside = self.air_m + 20.0..self.air_m + 75.0;
        if beside.contains(&distance) && dice.chance(0.42) {
            // towers that rise past the fliers
            height = height.max(self.altitude_m * dice.range(1.15, 1.85));
        } else if dice.chance(0.10) {
            height += 45.0 * dice.unit();
        }
        height.min(205.0)
    }

    fn ground(&self, assembly: &mut Assembly) {
        let road = PolarGrid::disc(1500.0, 40, 1.0).mesh(Part::new("road", "road"), &|_, _| 0.0);
        assembly.stand("city.road", BACKGROUND, road);
        let slot = if self.snowy { "snow" } else { "path" };
        for b in self.built() {
            let mut mesh = Mesh::default();
            let part = mesh.add_part(hard("pavement", slot));
            let low = DVec3::new(b.low.x, 0.0, b.low.y);
            block(&mut mesh, part, low, DVec3::new(b.high.x, KERB_M, b.high.y));
            assembly.stand(&format!("city.pavement_{}", name(b.cell)), BACKGROUND, mesh);
        }
        assembly.stand("city.markings", MIDGROUND, markings());
        let bridge = viaduct(self.viaduct_z, -520.0, 520.0, 13.0);
        assembly.stand("city.viaduct", BACKGROUND, bridge);
        assembly.block(
            DVec3::new(-520.0, 0.0, self.viaduct_z - 6.5),
            DVec3::new(520.0, 14.0, self.viaduct_z + 6.5),
        );
    }

    /// Blocks that are built one by one.
    fn built(&self) -> impl Iterator<Item = &Block> {
        let middle = |b: &Block| (b.low + b.high) * 0.5;
        self.blocks
            .iter()
            .filter(move |b| middle(b).length() < DETAIL_REACH_M)
    }

    fn buildings(&self, assembly: &mut Assembly) {
        let sites: Vec<Site> = self.built().flat_map(|b| self.sites(b)).collect();
        let meshes: Vec<Mesh> = sites
            .par_iter()
            .map(|site| {
                let mut mesh = building(&site.lot, &site.stream);
                if self.snowy {
                    whiten_roofs(&mut mesh);
                }
                mesh
            })
            .collect();
        for (site, mesh) in sites.iter().zip(meshes) {
            let foot = DVec3::new(site.centre.x, KERB_M, site.centre.y);
            let half = DVec3::new(0.5 * site.lot.size.x, 0.0, 0.5 * site.lot.size.y);
            let top = mesh.positions.iter().map(|p| p.y).fold(0.0, f64::max);
            assembly.block(foot - half, foot + half + DVec3::Y * top);
            let id = format!("city.tower_{}", site.name);
            assembly.place(
                id,
                layer_at(site.distance_m),
                &shared(mesh),
                standing(foot, 0.0, 1.0),
            );
        }
    }

    /// Lots of a block with what is built on them.
    fn sites(&self, b: &Block) -> Vec<Site> {
        let code = (u64::from((b.cell[0] + 1000) as u32) << 32) | u64::from((b.cell[1] + 1000) as u32);
        let own = self.stream.child("block").item(code);
        let mut dice = Dice::new(own.child("lots"));
        let (low, high) = (b.low + 3.6, b.high - 3.6);
        let size = high - low;
        let middle = (low + high) * 0.5;
        let [columns, rows] = match dice.unit() {
            u if u < 0.46 => [2, 2],
            u if u < 0.64 => [2, 1],
            u if u < 0.82 => [1, 2],
            u if u < 0.92 => [1, 1],
            _ => [3, 2],
        };
        let distance_of_block = middle.length();
        // further out, whole blocks are one or two buildings
        let [columns, rows] = if distance_of_block > 250.0 {
            [columns.min(2), 1]
        } else {
            [columns, rows]
        };
        let lot = DVec2::new(size.x / f64::from(columns), size.y / f64::from(rows));
        let mut sites = Vec::new();
        for row in 0..rows {
            for column in 0..columns {
                let k = (row * columns + column) as u64;
                let corner = low + lot * DVec2::new(f64::from(column), f64::from(row));
                sites.extend(self.site(corner, lot, &own.item(k), format!("{}_{k}", name(b.cell))));
            }
        }
        sites
    }

    fn site(&self, corner: DVec2, lot: DVec2, stream: &Stream, name: String) -> Option<Site> {
        let mut dice = Dice::new(stream.child("site"));
        let alley = dice.range(1.2, 2.6);
        let (low, high) = (corner + alley, corner + lot - alley);
        let centre = (low + high) * 0.5;
        let nearest = low.max(-high).max(DVec2::ZERO);
        let distance_m = nearest.length();
        let ceiling = self.ceiling_m(distance_m);
        let wish = self.ambition_m(centre, distance_m, &mut dice);
        // plots of low houses keep within the ceiling together with what stands on their roofs
        let height_m = wish.min(ceiling - 9.0);
        (height_m > 7.0).then(|| Site {
            lot: Lot {
                size: high - low,
                height_m,
                crown_m: (ceiling - height_m - 4.0).clamp(0.0, 45.0),
                detail: match distance_m {
                    d if d < 135.0 => Detail::Near,
                    d if d < 260.0 => Detail::Mid,
                    _ => Detail::Far,
                },
            },
            centre,
            distance_m,
            stream: stream.child("building"),
            name,
        })
    }

    /// Boxes that fade from low houses to nothing, a spike here and there, in sectors.
    fn far_city(&self, assembly: &mut Assembly) {
        const SECTORS: usize = 12;
        let mut sectors: Vec<Mason> = (0..SECTORS)
            .map(|k| Mason::new(Dice::new(self.stream.child("far").item(k as u64))))
            .collect();
        let spots = super::assembly::scatter(&self.stream.child("far/house"), 45.0, CITY_REACH_M, &|x, z| {
            let distance = scalar::hypot(x, z);
            let lane = x.abs() < AVENUE_HALF_M + 20.0 || z.abs() < CROSS_HALF_M + 20.0;
            let street = (z - self.viaduct_z).abs() < 30.0 && x.abs() < 560.0;
            let place = DVec2::new(x, z);
            let taken = |b: &Block| (b.low - place).max(place - b.high).max_element() < 21.0;
            if lane || street || self.built().any(taken) {
                0.0
            } else {
                scalar::lerp(0.95, 0.55, distance / CITY_REACH_M)
            }
        });
        for mut spot in spots {
            let distance = spot.distance_m();
            let turn = scalar::atan2(spot.x, spot.z) / scalar::TAU + 0.5;
            let mason = &mut sectors[((turn * SECTORS as f64) as usize).min(SECTORS - 1)];
            let place = DVec2::new(spot.x, spot.z);
            let fade = scalar::lerp(1.0, 0.55, distance / CITY_REACH_M);
            let wish = self.ambition_m(place, f64::INFINITY, &mut spot.dice);
            let facade = Facade {
                slot: spot.dice.pick(&["building", "building_b", "building_c"]),
                bay: [3.6, 3.8],
                share: [0.5, 0.5],
                lit: spot.dice.range(0.15, 0.4),
            };
            let size = [spot.dice.range(19.0, 38.0), spot.dice.range(19.0, 38.0)];
            let outline = Footprint::rect(place, size[0], size[1]);
            mason.prism(&outline, 0.0, wish * fade, &facade, Top::Plain);
            if wish > 55.0 {
                let upper = outline.inset(0.2 * size[0].min(size[1]));
                mason.prism(&upper, wish * fade, wish * fade * 1.16, &facade, Top::Plain);
            }
        }
        for (k, mut mason) in sectors.into_iter().enumerate() {
            if self.snowy {
                whiten_roofs(&mut mason.mesh);
            }
            assembly.stand(&format!("city.far_{k:02}"), BACKGROUND, mason.mesh);
        }
    }

    /// Low mountains around the basin.
    fn hills(&self, assembly: &mut Assembly) {
        let mut dice = Dice::new(self.stream.child("hills/rows"));
        let rows: Vec<Row> = (0..6)
            .map(|k| Row {
                azimuth: scalar::TAU * (f64::from(k) + dice.range(-0.25, 0.25)) / 6.0,
                distance_m: dice.range(1900.0, 2400.0),
                height_m: dice.range(150.0, 330.0),
                spread: 1.0,
                count: 5,
            })
            .collect();
        let range = Range::hills(&self.stream.child("hills"), &rows);
        let slot = if self.snowy { "snow" } else { "bush" };
        let mesh = PolarGrid::band(1250.0, 2900.0, 220, 2.4).mesh(Part::new("hills", slot), &|x, z| {
            range.height(x, z) * scalar::smoothstep(1280.0, 1800.0, scalar::hypot(x, z)) - 3.0
        });
        assembly.stand("city.hills", BACKGROUND, mesh);
    }

    /// Cars on both avenues, each on the right side of its road, thinning out with distance.
    fn traffic(&self, assembly: &mut Assembly) {
        let cars = ["building_b", "building_c", "roof"].map(|slot| shared(car(slot)));
        let clear = (0.6 * self.subject_m).clamp(2.0, 14.0);
        let stream = self.stream.child("traffic");
        for (avenue, lanes) in [("z", [6.6, 12.2]), ("x", [4.4, 9.4])] {
            for slot in 0..112_u64 {
                let mut dice = Dice::new(stream.child(avenue).item(slot));
                let side = if slot % 2 == 0 { 1.0 } else { -1.0 };
                let lane = lanes[(slot / 2 % 2) as usize];
                let along = 13.0 * (f64::from((slot / 4) as u32) - 13.5) + dice.range(-3.5, 3.5);
                let chance = scalar::lerp(0.62, 0.3, along.abs() / 180.0);
                let on_crossing = along.abs() < AVENUE_HALF_M + 7.0;
                let model = &cars[dice.whole(0, 2) as usize];
                let in_the_way = avenue == "z" && lane < clear + 1.2;
                if on_crossing || in_the_way || !dice.chance(chance) {
                    continue;
                }
                let (foot, turn) = if avenue == "z" {
                    (
                        DVec3::new(-side * lane, 0.0, along),
                        if side > 0.0 { 0.0 } else { scalar::PI },
                    )
                } else {
                    (DVec3::new(along, 0.0, side * lane), 0.5 * scalar::PI * side)
                };
                let id = format!("city.car_{avenue}{slot:03}");
                assembly.place(id, layer_at(along.abs()), model, standing(foot, turn, 1.0));
                assembly.block_around(foot, 2.2, 1.5);
            }
        }
    }

    /// Lamps and trees along both avenues.
    fn street_life(&self, assembly: &mut Assembly) {
        let post = shared(lamp());
        let snowy = self.snowy;
        let trees = variants(self.stream, "street_tree", 2, move |s| {
            tree(TreeKind::Street, Detail::Mid, snowy, s)
        });
        let stream = self.stream.child("street");
        for k in -7_i32..=7 {
            let along = 24.0 * (f64::from(k) + 0.5);
            for side in [-1.0, 1.0] {
                let code = u64::from((k + 100) as u32) * 2 + u64::from(side > 0.0);
                let mut dice = Dice::new(stream.item(code));
                let key = format!("{}{}", if side > 0.0 { "e" } else { "w" }, k + 7);
                let layer = layer_at(along.abs());
                if along.abs() > CROSS_HALF_M + 6.0 && (along - self.viaduct_z).abs() > 14.0 {
                    let turn = if side > 0.0 { scalar::PI } else { 0.0 };
                    let foot = DVec3::new(side * (AVENUE_HALF_M - 0.6), 0.0, along);
                    assembly.place(
                        format!("city.lamp_{key}"),
                        layer,
                        &post,
                        standing(foot, turn, 1.0),
                    );
                    assembly.block_around(foot, 0.3, 8.4);
                    let grown = foot + DVec3::new(side * 1.9, KERB_M, 11.0);
                    let model = &trees[dice.whole(0, 1) as usize];
                    let place = standing(grown, dice.angle(), dice.range(0.85, 1.1));
                    if (grown.z.abs() > CROSS_HALF_M + 3.0) && (grown.z - self.viaduct_z).abs() > 13.0 {
                        assembly.place(format!("city.tree_{key}"), layer, model, place);
                        assembly.block_around(grown, 1.4, 8.5);
                    }
                }
                let cross = DVec3::new(along, 0.0, side * (CROSS_HALF_M - 0.6));
                if along.abs() > AVENUE_HALF_M + 6.0 {
                    let turn = 0.5 * scalar::PI * side;
                    assembly.place(
                        format!("city.lamp_x{key}"),
                        layer,
                        &post,
                        standing(cross, turn, 1.0),
                    );
                    assembly.block_around(cross, 0.3, 8.4);
                }
            }
        }
    }
}

/// A lot with its building.
struct Site {
    lot: Lot,
    centre: DVec2,
    distance_m: f64,
    stream: Stream,
    name: String,
}

fn name(cell: [i32; 2]) -> String {
    let axis = |k: i32, up: char, down: char| format!("{}{}", if k > 0 { up } else { down }, k.abs());
    format!("{}{}", axis(cell[0], 'e', 'w'), axis(cell[1], 's', 'n'))
}

/// Blocks along one direction from an avenue outward, with streets of several widths; also the middle
/// of the second street, which is widened for the elevated road.
fn intervals(stream: &Stream, from: f64) -> (Vec<[f64; 2]>, f64) {
    let mut dice = Dice::new(*stream);
    let (mut at, mut list, mut wide) = (from, Vec::new(), 0.0);
    while at < DETAIL_REACH_M + 30.0 {
        let end = at + dice.range(40.0, 62.0);
        list.push([at, end]);
        let street = if list.len() == 2 {
            21.0
        } else {
            dice.pick(&[11.0, 13.0, 13.0, 16.0, 22.0])
        };
        if list.len() == 2 {
            wide = end + 0.5 * street;
        }
        at = end + street;
    }
    (list, wide)
}

fn signed(positive: &[[f64; 2]], negative: &[[f64; 2]]) -> Vec<(i32, [f64; 2])> {
    let up = positive.iter().enumerate().map(|(k, r)| (k as i32 + 1, *r));
    let down = negative.iter().enumerate().map(|(k, r)| (-(k as i32) - 1, *r));
    up.chain(down).collect()
}

/// Snow lies on roofs.
fn whiten_roofs(mesh: &mut Mesh) {
    for part in mesh.parts.iter_mut().filter(|p| p.name.ends_with("roof")) {
        part.slot = "snow".into();
    }
}

/// Lane lines and crossings of the two avenues, and the walkers' promenade between the lanes.
fn markings() -> Mesh {
    let mut mesh = Mesh::default();
    let part = mesh.add_part(Part::new("markings", "path"));
    let edge = CROSS_HALF_M + 8.0;
    for side in [-1.0, 1.0] {
        let (z0, z1) = if side > 0.0 {
            (edge, 330.0)
        } else {
            (-330.0, -edge)
        };
        let strip = |mesh: &mut Mesh, x: f64, half: f64, y: f64| {
            pave(mesh, part, DVec2::new(x - half, z0), DVec2::new(x + half, z1), y);
        };
        strip(&mut mesh, 0.0, 2.2, 0.02);
        for x in [-3.4, 3.4] {
            strip(&mut mesh, x, 0.12, 0.03);
        }
        dashes(&mut mesh, part, side);
        let near = side * (CROSS_HALF_M + 1.5);
        let (a, b) = (near.min(near + 4.0 * side), near.max(near + 4.0 * side));
        crossing(
            &mut mesh,
            part,
            DVec2::new(-AVENUE_HALF_M + 1.0, a),
            DVec2::new(AVENUE_HALF_M - 1.0, b),
            true,
        );
        let near = side * (AVENUE_HALF_M + 1.5);
        let (a, b) = (near.min(near + 4.0 * side), near.max(near + 4.0 * side));
        crossing(
            &mut mesh,
            part,
            DVec2::new(a, -CROSS_HALF_M + 1.0),
            DVec2::new(b, CROSS_HALF_M - 1.0),
            false,
        );
    }
    mesh
}

/// Dashed lines between lanes on one side of the crossing.
fn dashes(mesh: &mut Mesh, part: u16, side: f64) {
    for k in 0..26 {
        let start = side * (CROSS_HALF_M + 9.0 + 9.0 * f64::from(k));
        let (z0, z1) = (start.min(start + 3.5 * side), start.max(start + 3.5 * side));
        for x in [-9.6, 9.6] {
            pave(mesh, part, DVec2::new(x - 0.1, z0), DVec2::new(x + 0.1, z1), 0.03);
        }
        let start = side * (AVENUE_HALF_M + 9.0 + 9.0 * f64::from(k));
        let (x0, x1) = (start.min(start + 3.5 * side), start.max(start + 3.5 * side));
        pave(mesh, part, DVec2::new(x0, -0.12), DVec2::new(x1, 0.12), 0.03);
    }
}
