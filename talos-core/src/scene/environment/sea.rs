//! Open water to the horizon, islets with pines, a distant coast on one side.

use super::assembly::{Assembly, BACKGROUND, shared, standing};
use super::forest::variants;
use super::noise::Noise;
use super::range::{Range, Row};
use super::sculpt::{Detail, Dice, cut, vertex};
use super::terrain::PolarGrid;
use super::tree::{TreeKind, tree};
use super::{Brief, Environment, HeightField, StageArea, WalkPath};
use crate::geometry::{Mesh, Part, Pattern};
use crate::math::{DVec2, DVec3, scalar};
use crate::random::Stream;

/// Distance of the horizon, metres: where a viewer 2 m above the water sees it on Earth.
const HORIZON_M: f64 = 5000.0;

/// Builds the sea.
pub(super) fn build(brief: &Brief) -> Environment {
    let stream = brief.seed.stream("environment/sea");
    let swell = Swell::new(&stream.child("swell"));
    let mut assembly = Assembly::default();
    let sheet = Part {
        pattern: Pattern::Water,
        ..Part::new("water", "water")
    };
    let water = PolarGrid::disc(HORIZON_M, 140, 1.25).mesh(sheet, &|x, z| swell.height(x, z));
    assembly.stand("sea.water", BACKGROUND, water);
    islets(&mut assembly, &stream, brief);
    coast(&mut assembly, &stream);
    let height = HeightField::new(move |x, z| swell.height(x, z));
    let flight_altitude_m = brief.altitude_m(12.0);
    let stage = StageArea {
        centre: DVec3::Y * (flight_altitude_m + height.ground_height(0.0, 0.0)),
        radius_m: flight_altitude_m - 2.0,
        flight_altitude_m,
        path: WalkPath::over(&height, |_| 0.0),
    };
    assembly.finish(height, stage)
}

/// Trains of waves that run about one way; each fades where the sheet is too coarse to carry it.
struct Swell {
    trains: Vec<Train>,
}

struct Train {
    /// Wave number vector, rad/m.
    wave: DVec2,
    amplitude_m: f64,
    phase: f64,
    /// Radius within which it is drawn.
    reach_m: f64,
}

impl Swell {
    fn new(stream: &Stream) -> Self {
        let mut dice = Dice::new(*stream);
        let heading = dice.angle();
        let trains = [47.0, 31.0, 19.0, 12.0, 7.3, 4.4]
            .map(|length_m: f64| {
                let (sin, cos) = scalar::sin_cos(heading + dice.range(-0.75, 0.75));
                Train {
                    wave: DVec2::new(cos, sin) * (scalar::TAU / length_m),
                    // a steepness well below breaking, lower for the long ones
                    amplitude_m: 0.011 * length_m * dice.range(0.7, 1.2),
                    phase: dice.angle(),
                    reach_m: 4.2 * length_m,
                }
            })
            .into();
        Self { trains }
    }

    fn height(&self, x: f64, z: f64) -> f64 {
        let place = DVec2::new(x, z);
        let distance = place.length();
        self.trains
            .iter()
            .filter(|t| distance < t.reach_m)
            .map(|t| {
                let fade = scalar::smoothstep(t.reach_m, 0.4 * t.reach_m, distance);
                let s = scalar::sin(t.wave.dot(place) + t.phase);
                // crests narrower than troughs
                t.amplitude_m * fade * (s + 0.25 * s * s)
            })
            .sum()
    }
}

/// Groups of islets at both sides of the stage and far off, the first of each the highest.
fn islets(assembly: &mut Assembly, stream: &Stream, brief: &Brief) {
    let mut layout = Dice::new(stream.child("islets"));
    let nearest = 85.0 + 3.0 * brief.subject_m;
    let groups = [
        (layout.range(0.6, 1.0), nearest, 4),
        (layout.range(-2.1, -1.7), 1.8 * nearest, 3),
        (layout.range(2.7, 3.4), 3.2 * nearest, 3),
        (layout.range(-0.5, -0.2), 5.0 * nearest, 3),
    ];
    let pines = [Detail::Mid, Detail::Far]
        .map(|detail| variants(stream, "pine", 2, move |s| tree(TreeKind::Pine, detail, false, s)));
    for (group, &(azimuth, distance, count)) in groups.iter().enumerate() {
        for k in 0..count {
            let own = stream.child("islet").item((group * 16 + k) as u64);
            let mut dice = Dice::new(own.child("place"));
            let grow = (distance / nearest).sqrt();
            let radius = grow
                * if k == 0 {
                    dice.range(20.0, 26.0)
                } else {
                    dice.range(4.0, 10.0)
                };
            let aside = if k == 0 { 0.0 } else { dice.range(-0.34, 0.34) };
            let (sin, cos) = scalar::sin_cos(azimuth + aside);
            let r = distance * if k == 0 { 1.0 } else { dice.range(0.75, 1.25) } + radius;
            let foot = DVec3::new(sin * r, 0.0, cos * r);
            let islet = Islet::new(&own, radius, radius * dice.range(0.75, 1.25));
            let id = format!("sea.islet_{group}{k}");
            assembly.place(
                id,
                BACKGROUND,
                &shared(islet.mesh(brief.snowy)),
                standing(foot, 0.0, 1.0),
            );
            assembly.block_around(foot, radius, 1.25 * islet.height_m);
            let foam = islet.foam(foot, &mut dice);
            assembly.stand(&format!("sea.foam_{group}{k}"), BACKGROUND, foam);
            let models = &pines[usize::from(group > 0 || k > 0)];
            for tree in 0..if k == 0 { 7 } else { 1 } {
                let (x, z) = (dice.range(-0.4, 0.4) * radius, dice.range(-0.4, 0.4) * radius);
                let ground = islet.height(x, z);
                if ground > 0.38 * islet.height_m {
                    let place = standing(
                        foot + DVec3::new(x, ground - 0.06 * radius.min(10.0), z),
                        dice.angle(),
                        dice.range(0.45, 0.75) * grow,
                    );
                    let model = &models[dice.whole(0, 1) as usize];
                    assembly.place(format!("sea.pine_{group}{k}{tree}"), BACKGROUND, model, place);
                }
            }
        }
    }
}

/// A rock in the sea: cliffs around a shoulder with grass on it.
struct Islet {
    noise: Noise,
    radius_m: f64,
    height_m: f64,
}

impl Islet {
    fn new(stream: &Stream, radius_m: f64, height_m: f64) -> Self {
        Self {
            noise: Noise::new(&stream.child("noise")),
            radius_m,
            height_m,
        }
    }

    /// Distance of the shore as a share of the radius, about where (u, v) is.
    fn coast(&self, u: f64, v: f64) -> f64 {
        0.85 + 0.28 * self.noise.fbm(1.6 * u, 1.6 * v, 2)
    }

    /// Height over the water, negative outside the shore.
    fn height(&self, x: f64, z: f64) -> f64 {
        let (u, v) = (x / self.radius_m, z / self.radius_m);
        let t = (u * u + v * v).sqrt() / self.coast(u, v);
        let wall = scalar::smoothstep(1.0, 0.72, t);
        let ridges = self.noise.ridged(1.3 * u + 7.0, 1.3 * v, 4, 0.05);
        let crown = 0.42 + 0.58 * (1.0 - t).max(0.0);
        self.height_m * (wall * crown * (0.55 + 0.75 * ridges) - 0.06)
    }

    fn mesh(&self, snowy: bool) -> Mesh {
        let sectors = if self.radius_m > 12.0 { 60 } else { 30 };
        let cliffs = Part {
            pattern: Pattern::Flecks { scale_m: 2.0 },
            crease_angle: 0.9,
            ..Part::new("cliffs", "rock")
        };
        let grid = PolarGrid::arc(
            [0.02 * self.radius_m, 1.05 * self.radius_m],
            [0.0, scalar::TAU],
            sectors,
            sectors / 3,
        );
        let mut mesh = grid.joined().mesh(cliffs, &|x, z| self.height(x, z));
        let step = 0.04 * self.radius_m;
        let mut field: Vec<f64> = mesh
            .positions
            .iter()
            .map(|p| {
                let dx = self.height(p.x + step, p.z) - self.height(p.x - step, p.z);
                let dz = self.height(p.x, p.z + step) - self.height(p.x, p.z - step);
                let slope = (dx * dx + dz * dz).sqrt() / (2.0 * step);
                slope - 1.05 + 2.0 * scalar::smoothstep(0.4, 0.15, p.y / self.height_m)
            })
            .collect();
        let slot = if snowy { "snow" } else { "grass" };
        cut(&mut mesh, 0, Part::new("shoulder", slot), &mut field);
        mesh
    }

    /// A ragged ring on the water along the shore.
    fn foam(&self, foot: DVec3, dice: &mut Dice) -> Mesh {
        let mut mesh = Mesh::default();
        let part = mesh.add_part(Part::new("foam", "foam"));
        let (a, b) = (dice.angle(), dice.angle());
        let n = 40_u32;
        let [inner, outer] = [false, true].map(|outer| {
            (0..n)
                .map(|k| {
                    let angle = scalar::TAU * f64::from(k) / f64::from(n);
                    let (sin, cos) = scalar::sin_cos(angle);
                    let shore = self.coast(0.85 * sin, 0.85 * cos);
                    let wobble = 0.05 * scalar::sin(3.0 * angle + a) + 0.04 * scalar::sin(8.0 * angle + b);
                    let share = if outer { 1.10 + wobble } else { 0.88 };
                    let r = self.radius_m * shore * share;
                    let p = foot + DVec3::new(sin * r, 0.3, cos * r);
                    vertex(&mut mesh, p, DVec2::new(p.x, p.z))
                })
                .collect::<Vec<u32>>()
        });
        for k in 0..n as usize {
            let next = (k + 1) % n as usize;
            mesh.add_quad(part, [inner[k], outer[k], outer[next], inner[next]]);
        }
        mesh
    }
}

/// Two layers of hills over about a quarter of the horizon; the rest stays open.
fn coast(assembly: &mut Assembly, stream: &Stream) {
    let turn = stream.child("coast").range(0, -2.9, -2.3);
    let row = |azimuth: f64, distance_m, height_m, spread, count| Row {
        azimuth: azimuth + turn,
        distance_m,
        height_m,
        spread,
        count,
    };
    let layers = [
        ("near", 2300.0, row(0.25, 2300.0, 150.0, 0.9, 6), "bush"),
        ("far", 3600.0, row(-0.1, 3600.0, 420.0, 1.3, 7), "rock_b"),
    ];
    for (name, distance, row, slot) in layers {
        let own = stream.child("coast").child(name);
        let range = Range::hills(&own, &[row]);
        let noise = Noise::new(&own.child("shore"));
        let half = 0.5 * row.spread + 0.55;
        let grid = PolarGrid::arc(
            [0.74 * distance, 1.35 * distance],
            [row.azimuth - half, row.azimuth + half],
            150,
            12,
        );
        let land = |x: f64, z: f64| range.height(x, z) + 7.0 * noise.at(x / 300.0, z / 300.0) - 9.0;
        let mut mesh = grid.mesh(Part::new(format!("coast.{name}"), slot), &land);
        drop_below(&mut mesh, -4.0);
        assembly.stand(&format!("sea.coast_{name}"), BACKGROUND, mesh);
    }
}

/// Removes what lies under a height: the sea bed is never seen.
fn drop_below(mesh: &mut Mesh, level: f64) {
    let mut field: Vec<f64> = mesh.positions.iter().map(|p| p.y - level).collect();
    let land = 0;
    cut(mesh, land, Part::new("bed", ""), &mut field);
    let kept = mesh
        .triangles
        .iter()
        .zip(&mesh.triangle_part)
        .filter(|t| *t.1 == land);
    mesh.triangles = kept.map(|t| *t.0).collect();
    mesh.triangle_part = vec![land; mesh.triangles.len()];
    mesh.parts.truncate(1);
}
