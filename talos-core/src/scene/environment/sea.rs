//! Open water to the horizon, sea stacks, a distant coast on one side.

use super::assembly::{Assembly, BACKGROUND};
use super::noise::Noise;
use super::range::{Range, Row};
use super::rock::rock;
use super::sculpt::{Detail, Dice, cut, vertex};
use super::terrain::PolarGrid;
use super::{Brief, Environment, HeightField, StageArea, WalkPath};
use crate::geometry::{Mesh, Part, Pattern};
use crate::math::{DAffine3, DQuat, DVec2, DVec3, scalar};
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
    let water = PolarGrid::disc(HORIZON_M, 150, 1.2).mesh(sheet, &|x, z| swell.height(x, z));
    assembly.stand("sea.water", BACKGROUND, water);
    stacks(&mut assembly, &stream, brief);
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
        let mut dice = Dice::new(stream.clone());
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

/// Groups of rocks at both sides of the stage, each with a ring of foam.
fn stacks(assembly: &mut Assembly, stream: &Stream, brief: &Brief) {
    let mut layout = Dice::new(stream.child("stacks"));
    let nearest = 55.0 + 3.0 * brief.subject_m;
    let groups = [
        (layout.range(0.5, 1.1), nearest, 5),
        (layout.range(-2.2, -1.6), 1.7 * nearest, 4),
        (layout.range(2.6, 3.6), 3.6 * nearest, 3),
    ];
    for (group, &(azimuth, distance, count)) in groups.iter().enumerate() {
        for k in 0..count {
            let own = stream.child("stack").item((group * 16 + k) as u64);
            let mut dice = Dice::new(own.child("place"));
            let spread = if k == 0 { 0.0 } else { 1.0 };
            let size = if k == 0 { 15.0 } else { dice.range(2.5, 8.0) } * (distance / nearest).sqrt();
            let angle = azimuth + spread * dice.range(-0.45, 0.45);
            let (sin, cos) = scalar::sin_cos(angle);
            let r = distance * (1.0 + spread * dice.range(-0.12, 0.45)) + size;
            let foot = DVec3::new(sin * r, 0.15 * size, cos * r);
            let stretch = DVec3::new(1.0, if k == 0 { 1.75 } else { dice.range(0.7, 1.5) }, 0.85) * size;
            let turn = DQuat::from_rotation_y(dice.angle());
            let detail = if size > 10.0 { Detail::Near } else { Detail::Mid };
            let mesh = rock(detail, "rock", brief.snowy, &own);
            let place = DAffine3::from_scale_rotation_translation(stretch, turn, foot);
            let id = format!("sea.stack_{group}{k}");
            assembly.place(id, BACKGROUND, &super::assembly::shared(mesh), place);
            assembly.block_around(foot - DVec3::Y * size, 1.1 * size, 1.0 * size + stretch.y);
            let foam = foam_ring(foot.with_y(0.0), 1.02 * size, &mut dice);
            assembly.stand(&format!("sea.foam_{group}{k}"), BACKGROUND, foam);
        }
    }
}

/// A ragged ring on the water around a rock.
fn foam_ring(centre: DVec3, radius: f64, dice: &mut Dice) -> Mesh {
    let mut mesh = Mesh::default();
    let part = mesh.add_part(Part::new("foam", "foam"));
    let (a, b) = (dice.angle(), dice.angle());
    let n = 28_u32;
    let mut rings = [0.7, 1.0].map(|share| {
        (0..n)
            .map(|k| {
                let angle = scalar::TAU * f64::from(k) / f64::from(n);
                let wobble = 0.12 * scalar::sin(3.0 * angle + a) + 0.07 * scalar::sin(7.0 * angle + b);
                let r = radius * (share + if share > 0.9 { 0.16 + wobble } else { 0.0 });
                let (sin, cos) = scalar::sin_cos(angle);
                let p = centre + DVec3::new(sin * r, 0.28, cos * r);
                vertex(&mut mesh, p, DVec2::new(p.x, p.z))
            })
            .collect::<Vec<u32>>()
    });
    let [inner, outer] = &mut rings;
    for k in 0..n as usize {
        let next = (k + 1) % n as usize;
        mesh.add_quad(part, [inner[k], outer[k], outer[next], inner[next]]);
    }
    mesh
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
    let kept = mesh.triangles.iter().zip(&mesh.triangle_part).filter(|t| *t.1 == land);
    mesh.triangles = kept.map(|t| *t.0).collect();
    mesh.triangle_part = vec![land; mesh.triangles.len()];
    mesh.parts.truncate(1);
}
