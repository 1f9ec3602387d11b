//! A wood on both sides of a trodden path: trunks near, crowns overhead, depth in layers.

use std::sync::Arc;

use super::assembly::{Assembly, BACKGROUND, Maker, Spot, layer_at, models, scatter, standing};
use super::noise::Noise;
use super::sculpt::{Detail, cut};
use super::terrain::PolarGrid;
use super::tree::{TreeKind, tree};
use super::undergrowth::{bush, fallen_log, fern, tuft};
use super::{Brief, Environment, HeightField, StageArea, WalkPath, rock};
use crate::geometry::{Mesh, Model, Part, Pattern};
use crate::math::{DAffine3, DQuat, DVec3, scalar};
use crate::random::Stream;

/// How far the wood reaches, metres.
const REACH_M: f64 = 110.0;

/// Where the path's middle lies: straight through the stage, in bends beyond it, so that it leads
/// the eye in and is lost between trunks before it ends.
pub(super) fn path_x(z: f64) -> f64 {
    let beyond = scalar::smoothstep(14.0, 75.0, z.abs());
    let bends = 7.5 * scalar::sin(z / 21.0 + 0.4 * z.signum()) - 1.5 * scalar::sin(z / 9.0);
    beyond * bends
}

/// Builds the wood.
pub(super) fn build(brief: &Brief) -> Environment {
    let stream = brief.seed.stream("environment/forest");
    let height = ground(brief, &stream);
    let clear = brief.clear_half_width_m();
    let mut assembly = Assembly::default();
    assembly.stand("forest.ground", BACKGROUND, ground_mesh(brief, &stream, &height));
    let wood = Wood {
        height: &height,
        stream: &stream,
        snowy: brief.snowy,
        clear,
    };
    wood.trees(&mut assembly);
    assembly.stand("forest.backdrop", BACKGROUND, backdrop(brief, &stream));
    wood.plants(&mut assembly);
    wood.stones_and_log(&mut assembly);
    let flight_altitude_m = brief.altitude_m(34.0);
    let stage = StageArea {
        centre: DVec3::Y * flight_altitude_m,
        radius_m: flight_altitude_m - 17.0,
        flight_altitude_m,
        path: WalkPath::over(&height, path_x),
    };
    assembly.finish(height, stage)
}

/// A gently rolling floor, level across the path, with low banks beside it.
fn ground(brief: &Brief, stream: &Stream) -> HeightField {
    let noise = Noise::new(&stream.child("ground"));
    let clear = brief.clear_half_width_m();
    let along = move |noise: &Noise, z: f64| 0.7 * noise.at(z / 34.0, 0.37) + 0.16 * noise.at(z / 13.0, 5.1);
    let origin = along(&noise, 0.0);
    HeightField::new(move |x, z| {
        let aside = (x - path_x(z)).abs();
        let bank = scalar::smoothstep(0.6 * clear, clear + 5.0, aside);
        let far = scalar::smoothstep(20.0, 90.0, aside);
        let rolling =
            0.5 * noise.fbm(x / 19.0, z / 19.0, 3) + 0.35 + far * (3.0 + 4.0 * noise.at(x / 60.0, z / 60.0));
        let rut = -0.06 * (1.0 - scalar::smoothstep(0.3, 1.3, aside));
        along(&noise, z) - origin + bank * rolling + rut + 0.06
    })
}

fn ground_mesh(brief: &Brief, stream: &Stream, height: &HeightField) -> Mesh {
    let mut part = Part::new("ground", if brief.snowy { "snow" } else { "ground" });
    if !brief.snowy {
        part.pattern = Pattern::Patches { scale_m: 4.0 };
    }
    let mut mesh = PolarGrid::disc(170.0, 100, 1.45).mesh(part, &|x, z| height.ground_height(x, z));
    let noise = Noise::new(&stream.child("path"));
    let mut field: Vec<f64> = mesh
        .positions
        .iter()
        .map(|p| {
            let ragged = 0.28 * noise.fbm(p.x / 2.1, p.z / 2.1, 2);
            (p.x - path_x(p.z)).abs() - 1.25 - ragged
        })
        .collect();
    cut(&mut mesh, 0, Part::new("path", "path"), &mut field);
    mesh
}

/// The wood beyond the last trees: a wall of crowns, so that no horizon shows between trunks.
fn backdrop(brief: &Brief, stream: &Stream) -> Mesh {
    let noise = Noise::new(&stream.child("backdrop"));
    let crowns = |x: f64, z: f64| {
        let distance = scalar::hypot(x, z);
        let rise = scalar::smoothstep(122.0, 136.0, distance);
        let domes = noise.domes(x / 9.0, z / 9.0) + 0.8 * noise.at(x / 31.0, z / 31.0);
        rise * (11.0 + 3.6 * domes + 0.09 * (distance - 130.0)) - 1.0
    };
    let part = Part::new("crowns", if brief.snowy { "snow" } else { "leaf_b" });
    PolarGrid::arc([118.0, 166.0], [0.0, scalar::TAU], 230, 9)
        .ring()
        .mesh(part, &crowns)
}

/// What grows where.
struct Wood<'a> {
    height: &'a HeightField,
    stream: &'a Stream,
    snowy: bool,
    clear: f64,
}

impl Wood<'_> {
    fn foot(&self, x: f64, z: f64) -> DVec3 {
        DVec3::new(x, self.height.ground_height(x, z), z)
    }

    fn aside(&self, x: f64, z: f64) -> f64 {
        // both the bends and the straight line through the origin stay free
        let straight = if z.abs() < 45.0 { x.abs() } else { f64::INFINITY };
        straight.min((x - path_x(z)).abs())
    }

    /// Dense beside the path (trunks frame the view), with glades further in, where fog and light gather.
    fn tree_density(&self, noise: &Noise, x: f64, z: f64) -> f64 {
        let aside = self.aside(x, z);
        if aside < self.clear + 1.1 {
            return 0.0;
        }
        let glade = scalar::smoothstep(-0.35, 0.15, noise.at(x / 26.0, z / 26.0));
        let edge = scalar::smoothstep(18.0, 8.0, aside);
        scalar::lerp(0.30, 0.92, edge).max(0.25) * scalar::lerp(0.25, 1.0, glade.max(edge * 0.8))
    }

    fn trees(&self, assembly: &mut Assembly) {
        let library = TreeLibrary::new(self.stream, self.snowy, &TreeKind::ALL, [13.0, 34.0]);
        let noise = Noise::new(&self.stream.child("glades"));
        let near = scatter(&self.stream.child("tree"), 6.6, 58.0, &|x, z| {
            self.tree_density(&noise, x, z)
        });
        let far = scatter(&self.stream.child("tree/far"), 13.0, REACH_M, &|x, z| {
            let outside = scalar::smoothstep(50.0, 62.0, scalar::hypot(x, z));
            outside * if self.aside(x, z) < 4.5 { 0.0 } else { 0.85 }
        });
        let mut trees = Vec::new();
        for (group, spots) in [("tree", near), ("tree_far", far)] {
            for mut spot in spots {
                let mut kind = self.kind_at(&noise, &mut spot);
                if self.aside(spot.x, spot.z) < self.clear + kind.skirt_m() {
                    kind = TreeKind::Beech;
                }
                let foot = self.foot(spot.x, spot.z) - DVec3::Y * 0.05;
                trees.push((format!("forest.{group}_{}", spot.name), kind, foot, spot));
            }
        }
        library.plant_all(assembly, trees, 104_000);
    }

    /// Conifers and broadleaves keep to their own stands.
    fn kind_at(&self, noise: &Noise, spot: &mut Spot) -> TreeKind {
        let stand = noise.at(spot.x / 38.0 + 9.0, spot.z / 38.0) + spot.dice.range(-0.35, 0.35);
        if stand > 0.22 {
            TreeKind::Spruce
        } else if stand > 0.05 {
            TreeKind::Pine
        } else if stand > -0.28 {
            TreeKind::Beech
        } else {
            TreeKind::Oak
        }
    }

    fn plants(&self, assembly: &mut Assembly) {
        let (snowy, stream) = (self.snowy, self.stream);
        let bushes = variants(stream, "bush", 3, move |s| bush(snowy, s));
        let ferns = variants(stream, "fern", 3, fern);
        let tufts = variants(stream, "tuft", 3, tuft);
        let around = |near: f64, far: f64| {
            move |x: f64, z: f64| {
                let aside = self.aside(x, z);
                let rim = scalar::smoothstep(far, near, aside);
                if aside < self.clear.max(1.9) { 0.0 } else { rim }
            }
        };
        let bush_density = around(6.0, 26.0);
        let spots = scatter(&stream.child("bushes"), 5.6, 48.0, &|x, z| {
            0.5 * bush_density(x, z)
        });
        self.scatter_small(assembly, "bush", spots, &bushes, 0.8..1.5);
        let fern_density = around(3.0, 11.0);
        if !snowy {
            let spots = scatter(&stream.child("ferns"), 1.9, 34.0, &|x, z| {
                0.62 * fern_density(x, z)
            });
            self.scatter_small(assembly, "fern", spots, &ferns, 0.7..1.35);
        }
        let tuft_density = around(1.9, 5.0);
        let spots = scatter(&stream.child("tufts"), 1.3, 26.0, &|x, z| {
            0.5 * tuft_density(x, z)
        });
        self.scatter_small(assembly, "grass", spots, &tufts, 0.6..1.2);
    }

    fn scatter_small(
        &self,
        assembly: &mut Assembly,
        name: &str,
        spots: Vec<Spot>,
        models: &[Arc<Model>],
        scale: std::ops::Range<f64>,
    ) {
        for mut spot in spots {
            let model = &models[spot.dice.whole(0, models.len() as u32 - 1) as usize];
            let place = standing(
                self.foot(spot.x, spot.z),
                spot.dice.angle(),
                spot.dice.range(scale.start, scale.end),
            );
            let layer = layer_at(spot.distance_m());
            assembly.place(format!("forest.{name}_{}", spot.name), layer, model, place);
        }
    }

    fn stones_and_log(&self, assembly: &mut Assembly) {
        let snowy = self.snowy;
        let stones = variants(self.stream, "rock", 3, move |s| {
            rock::rock(Detail::Mid, "rock", snowy, s)
        });
        let pebbles = variants(self.stream, "rock", 3, move |s| {
            rock::rock(Detail::Far, "rock", snowy, s)
        });
        let spots = scatter(&self.stream.child("rocks"), 8.5, 55.0, &|x, z| {
            let aside = self.aside(x, z);
            if aside < self.clear + 0.9 { 0.0 } else { 0.42 }
        });
        for mut spot in spots {
            let size = spot.dice.range(0.35, 1.15);
            let models = if spot.distance_m() < 16.0 {
                &stones
            } else {
                &pebbles
            };
            let model = &models[spot.dice.whole(0, 2) as usize];
            let stretch = DVec3::new(1.2, spot.dice.range(0.6, 0.9), 1.0) * size;
            let foot = self.foot(spot.x, spot.z) + DVec3::Y * (-0.1 * size);
            let turn = DQuat::from_rotation_y(spot.dice.angle());
            let place = DAffine3::from_scale_rotation_translation(stretch, turn, foot);
            let layer = layer_at(spot.distance_m());
            assembly.place(format!("forest.rock_{}", spot.name), layer, model, place);
            assembly.block_around(foot, size, 0.8 * size);
        }
        let mesh = fallen_log(self.snowy, &self.stream.child("log"));
        let (x, z) = (-(self.clear + 3.6), 8.5);
        let place = standing(self.foot(x, z), 1.15, 1.0);
        assembly.place(
            "forest.log".into(),
            layer_at(0.0),
            &super::assembly::shared(mesh),
            place,
        );
    }
}

/// `count` models of one kind, each from its own stream.
pub(super) fn variants(
    stream: &Stream,
    name: &str,
    count: u64,
    make: impl Fn(&Stream) -> Mesh + Send + Sync + Copy + 'static,
) -> Vec<Arc<Model>> {
    let makers: Vec<Maker> = (0..count)
        .map(|k| {
            let own = stream.child(name).child("model").item(k);
            Box::new(move || make(&own)) as Maker
        })
        .collect();
    models(&makers)
}

/// A tree to be: its id, kind, foot and draws.
pub(super) type Planned = (String, TreeKind, DVec3, Spot);

/// Models of trees: each kind in variants and three degrees of detail.
pub(super) struct TreeLibrary {
    models: Vec<(TreeKind, Detail, Vec<Arc<Model>>)>,
    /// Distances from the origin at which detail falls to mid and to far.
    reach: [f64; 2],
}

impl TreeLibrary {
    const VARIANTS: u64 = 2;

    /// The library of these kinds.
    pub(super) fn new(stream: &Stream, snowy: bool, kinds: &[TreeKind], reach: [f64; 2]) -> Self {
        let mut makers: Vec<Maker> = Vec::new();
        for &kind in kinds {
            for detail in [Detail::Near, Detail::Mid, Detail::Far] {
                for k in 0..Self::VARIANTS {
                    // one stream for all details of a variant: the same tree, coarser
                    let own = stream.child(&format!("{kind:?}")).item(k);
                    makers.push(Box::new(move || tree(kind, detail, snowy, &own)));
                }
            }
        }
        let mut built = models(&makers).into_iter();
        let mut models = Vec::new();
        for &kind in kinds {
            for detail in [Detail::Near, Detail::Mid, Detail::Far] {
                let variants = built.by_ref().take(Self::VARIANTS as usize).collect();
                models.push((kind, detail, variants));
            }
        }
        Self { models, reach }
    }

    fn variants(&self, kind: TreeKind, distance: f64) -> &[Arc<Model>] {
        let detail = match distance {
            d if d < self.reach[0] => Detail::Near,
            d if d < self.reach[1] => Detail::Mid,
            _ => Detail::Far,
        };
        let found = self.models.iter().find(|m| m.0 == kind && m.1 == detail);
        found.map_or(&[], |m| &m.2)
    }

    /// Stands trees; detail is drawn in towards the stage until they keep within `budget` triangles.
    pub(super) fn plant_all(mut self, assembly: &mut Assembly, trees: Vec<Planned>, budget: usize) {
        for _ in 0..6 {
            let count = |(_, kind, _, spot): &Planned| {
                let variants = self.variants(*kind, spot.distance_m());
                let all: usize = variants.iter().map(|m| m.mesh.triangles.len()).sum();
                all / variants.len().max(1)
            };
            if trees.iter().map(count).sum::<usize>() <= budget {
                break;
            }
            self.reach = self.reach.map(|r| 0.82 * r);
        }
        for tree in trees {
            self.plant(assembly, tree);
        }
    }

    /// Stands a tree at its foot; its trunk becomes an obstacle.
    fn plant(&self, assembly: &mut Assembly, (id, kind, foot, mut spot): Planned) {
        let distance = spot.distance_m();
        let variants = self.variants(kind, distance);
        if variants.is_empty() {
            return;
        }
        let model = &variants[spot.dice.whole(0, variants.len() as u32 - 1) as usize];
        let scale = spot.dice.range(0.78, 1.16);
        let place = standing(foot, spot.dice.angle(), scale);
        assembly.place(id, layer_at(distance), model, place);
        let trunk = kind.trunk_radius_m() * scale;
        assembly.block_around(foot, 1.6 * trunk, kind.height_m() * scale);
    }
}
