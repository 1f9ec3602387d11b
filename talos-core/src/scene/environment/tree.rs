//! Trees: trunks with roots and branches under clumps of foliage, and conifers of drooping tiers.

use super::sculpt::{Detail, Dice, add_surface, cut, icosphere, round, sheet, snow_cap, tube, vertex};
use crate::geometry::{Mesh, Part, Pattern, polygonize, smooth_union};
use crate::math::{DVec2, DVec3, scalar};
use crate::random::Stream;

/// Kinds of tree.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum TreeKind {
    /// Wide crown on a stout trunk.
    Oak,
    /// Tall, with a narrow crown that begins high.
    Beech,
    /// Bare reddish trunk under flat clumps.
    Pine,
    /// Conifer of many tiers.
    Spruce,
    /// A small round crown, as planted along streets.
    Street,
}

impl TreeKind {
    /// Kinds that grow in woods.
    pub(super) const ALL: [Self; 4] = [Self::Oak, Self::Beech, Self::Pine, Self::Spruce];

    /// Height of a full-grown one, metres.
    pub(super) fn height_m(self) -> f64 {
        match self {
            Self::Oak => 10.5,
            Self::Beech => 14.0,
            Self::Pine => 13.0,
            Self::Spruce => 13.5,
            Self::Street => 7.5,
        }
    }

    /// How far branches that reach low stand out, metres; 0 where the trunk is bare to above a head.
    pub(super) fn skirt_m(self) -> f64 {
        if self == Self::Spruce { 3.7 } else { 0.0 }
    }

    /// Radius of the trunk at breast height, metres.
    pub(super) fn trunk_radius_m(self) -> f64 {
        match self {
            Self::Oak => 0.42,
            Self::Beech => 0.30,
            Self::Pine => 0.28,
            Self::Spruce => 0.26,
            Self::Street => 0.15,
        }
    }
}

/// A tree standing at the origin.
pub(super) fn tree(kind: TreeKind, detail: Detail, snowy: bool, stream: &Stream) -> Mesh {
    let dice = Dice::new(*stream);
    match kind {
        TreeKind::Spruce => spruce(detail, snowy, dice),
        TreeKind::Oak => Broadleaf::oak().grow(detail, snowy, dice, kind),
        TreeKind::Beech => Broadleaf::beech().grow(detail, snowy, dice, kind),
        TreeKind::Pine => Broadleaf::pine().grow(detail, snowy, dice, kind),
        TreeKind::Street => Broadleaf::street().grow(detail, snowy, dice, kind),
    }
}

/// Rings of clumps on branches: (share of the height, distance from the trunk as a share of the
/// height, clump radius as a share of the height, how many).
struct Broadleaf {
    rings: &'static [(f64, f64, f64, u32)],
    /// Height over width of a clump.
    flatness: f64,
    /// How far the trunk sways, as a share of the height.
    sway: f64,
}

impl Broadleaf {
    fn oak() -> Self {
        Self {
            rings: &[
                (0.46, 0.33, 0.15, 5),
                (0.64, 0.25, 0.17, 5),
                (0.82, 0.10, 0.17, 3),
            ],
            flatness: 0.78,
            sway: 0.035,
        }
    }

    fn beech() -> Self {
        Self {
            rings: &[
                (0.48, 0.17, 0.10, 3),
                (0.62, 0.17, 0.12, 4),
                (0.76, 0.13, 0.125, 4),
                (0.89, 0.05, 0.11, 2),
            ],
            flatness: 0.95,
            sway: 0.02,
        }
    }

    fn pine() -> Self {
        Self {
            rings: &[
                (0.60, 0.24, 0.105, 3),
                (0.75, 0.19, 0.125, 4),
                (0.90, 0.06, 0.14, 2),
            ],
            flatness: 0.5,
            sway: 0.05,
        }
    }

    fn street() -> Self {
        Self {
            rings: &[(0.58, 0.13, 0.17, 3), (0.78, 0.06, 0.18, 2)],
            flatness: 0.9,
            sway: 0.02,
        }
    }

    fn grow(&self, detail: Detail, snowy: bool, mut dice: Dice, kind: TreeKind) -> Mesh {
        let height = kind.height_m();
        let lean = DVec3::new(dice.range(-1.0, 1.0), 0.0, dice.range(-1.0, 1.0)) * self.sway * height;
        let bend = dice.angle();
        let axis = |t: f64| {
            let (sin, cos) = scalar::sin_cos(bend + 2.2 * t);
            let sway = DVec3::new(cos, 0.0, sin) * self.sway * height * t * (1.0 - 0.4 * t);
            DVec3::Y * (t * height) + lean * t * t + sway
        };
        let mut clumps = self.clumps(height, &axis, &mut dice);
        if detail == Detail::Far {
            // no branch shows at that distance: the crown closes up
            for clump in &mut clumps {
                clump.centre = clump.centre.lerp(clump.start.with_y(clump.centre.y), 0.3);
                clump.radius *= 1.15;
            }
        }
        let mut mesh = Mesh::default();
        trunk(&mut mesh, detail, kind, &axis, &mut dice);
        if detail != Detail::Far {
            branches(&mut mesh, detail, kind, &axis, &clumps, &mut dice);
        }
        self.crown(&mut mesh, detail, snowy, height, clumps, dice);
        mesh
    }

    fn clumps(&self, height: f64, axis: &dyn Fn(f64) -> DVec3, dice: &mut Dice) -> Vec<Clump> {
        let mut clumps = Vec::new();
        for &(level, reach, radius, count) in self.rings {
            let turn = dice.angle();
            for k in 0..count {
                let angle = turn + scalar::TAU * (f64::from(k) + dice.range(-0.25, 0.25)) / f64::from(count);
                let (sin, cos) = scalar::sin_cos(angle);
                let out = DVec3::new(cos, 0.0, sin) * reach * height * dice.range(0.75, 1.15);
                let up = dice.range(-0.04, 0.04);
                clumps.push(Clump {
                    centre: axis(level + up) + out,
                    radius: radius * height * dice.range(0.85, 1.15),
                    start: axis((level - 0.6 * reach - 0.05).max(0.2)),
                });
            }
        }
        clumps
    }

    fn crown(
        &self,
        mesh: &mut Mesh,
        detail: Detail,
        snowy: bool,
        height: f64,
        clumps: Vec<Clump>,
        mut dice: Dice,
    ) {
        let (cell, bumps) = match detail {
            Detail::Near => (0.049 * height, 12),
            Detail::Mid => (0.074 * height, 7),
            Detail::Far => (0.1 * height, 6),
        };
        // the edge of the snow costs triangles that a coarser crown gives back
        let cell = if snowy { 1.14 * cell } else { cell };
        let foliage = Foliage::new(clumps, bumps, self.flatness, &mut dice);
        let (positions, triangles) = if detail == Detail::Far {
            foliage.envelope()
        } else {
            let (low, high) = foliage.bounds(cell);
            polygonize(&|p: DVec3| foliage.distance(p), low, high, cell)
        };
        let leaf = mesh.add_part(Part {
            pattern: Pattern::Flecks { scale_m: 0.35 },
            ..Part::new("crown", "leaf")
        });
        let first = mesh.positions.len();
        add_surface(mesh, leaf, &positions, &triangles);
        if detail != Detail::Far && !snowy {
            let mut shade = vec![1.0; mesh.positions.len()];
            for (value, p) in shade[first..].iter_mut().zip(&positions) {
                *value = foliage.light(*p);
            }
            let underside = Part {
                pattern: Pattern::Flecks { scale_m: 0.35 },
                ..Part::new("crown.under", "leaf_b")
            };
            cut(mesh, leaf, underside, &mut shade);
        }
        if snowy {
            snow_cap(mesh, leaf, 0.55);
        }
    }
}

/// A ball of foliage and where its branch leaves the trunk.
#[derive(Clone, Copy, Debug)]
struct Clump {
    centre: DVec3,
    radius: f64,
    start: DVec3,
}

/// The clumps of a crown, each a flattened ball set with smaller ones: the outline is scalloped
/// like leaf masses in a drawing.
struct Foliage {
    clumps: Vec<(Clump, Vec<(DVec3, f64)>)>,
    flatness: f64,
    /// Phases of the waves along the edge of the underside.
    phases: [f64; 3],
}

impl Foliage {
    fn new(clumps: Vec<Clump>, bumps: u32, flatness: f64, dice: &mut Dice) -> Self {
        let clumps = clumps
            .into_iter()
            .map(|clump| {
                let bumps = (0..bumps)
                    .map(|k| {
                        let direction = spiral(k, bumps, dice);
                        let place = DVec3::new(direction.x, direction.y * flatness, direction.z);
                        let radius = clump.radius * dice.range(0.36, 0.52);
                        (clump.centre + place * (clump.radius * 0.76), radius)
                    })
                    .collect();
                (clump, bumps)
            })
            .collect();
        Self {
            clumps,
            flatness,
            phases: [dice.angle(), dice.angle(), dice.angle()],
        }
    }

    fn bounds(&self, margin: f64) -> (DVec3, DVec3) {
        let start = (DVec3::INFINITY, DVec3::NEG_INFINITY);
        let (low, high) = self.clumps.iter().fold(start, |(low, high), (clump, _)| {
            let reach = DVec3::splat(clump.radius * 1.3 + 2.0 * margin);
            (low.min(clump.centre - reach), high.max(clump.centre + reach))
        });
        (low, high)
    }

    /// A ball of 320 triangles drawn onto the foliage from outside: rounder at a distance than a
    /// grid as coarse. Where a ray meets none it stays at half the way.
    fn envelope(&self) -> (Vec<DVec3>, Vec<[u32; 3]>) {
        let (low, high) = self.bounds(0.0);
        let (centre, half) = ((low + high) * 0.5, (high - low) * 0.5);
        let (mut points, faces) = icosphere(2);
        for p in &mut points {
            let ray = *p * half;
            let length = ray.length();
            let mut t = 1.0;
            while t > 0.5 {
                let distance = self.distance(centre + ray * t);
                if distance < 0.03 {
                    break;
                }
                t -= distance.max(0.05) / length;
            }
            *p = centre + ray * t.max(0.5);
        }
        (points, faces)
    }

    fn distance(&self, p: DVec3) -> f64 {
        self.clumps.iter().fold(f64::INFINITY, |so_far, (clump, bumps)| {
            let offset = p - clump.centre;
            let far = offset.length() - clump.radius * 1.3;
            if far > so_far.min(clump.radius) {
                return so_far.min(far);
            }
            let flat = DVec3::new(offset.x, offset.y / self.flatness, offset.z);
            let core =
                (flat.length() - clump.radius * if bumps.is_empty() { 0.95 } else { 0.74 }) * self.flatness;
            let clump_distance = bumps.iter().fold(core, |d, &(centre, radius)| {
                smooth_union(d, (p - centre).length() - radius, radius * 0.18)
            });
            if so_far.is_finite() {
                smooth_union(so_far, clump_distance, clump.radius * 0.12)
            } else {
                clump_distance
            }
        })
    }

    /// Positive where a clump is open to the sky, negative below its middle.
    fn light(&self, p: DVec3) -> f64 {
        let nearest = |(c, _): &&(Clump, Vec<(DVec3, f64)>)| (p - c.centre).length() - c.radius;
        self.clumps
            .iter()
            .min_by(|a, b| nearest(a).total_cmp(&nearest(b)))
            .map_or(1.0, |(clump, _)| {
                let q = (p - clump.centre) * (4.6 / clump.radius);
                let [a, b, c] = self.phases;
                let waves =
                    scalar::cos(q.x + a) + scalar::cos(0.9 * q.z + b) + scalar::cos(0.7 * (q.x - q.z) + c);
                (p.y - clump.centre.y) / (clump.radius * self.flatness) + 0.45 + 0.13 * waves
            })
    }
}

/// The k-th of n directions spread over the sphere (a Fibonacci spiral), shaken a little.
fn spiral(k: u32, n: u32, dice: &mut Dice) -> DVec3 {
    let y = 1.0 - 2.0 * (f64::from(k) + 0.5) / f64::from(n);
    let (sin, cos) = scalar::sin_cos(2.399_963 * f64::from(k));
    let r = (1.0 - y * y).sqrt();
    let shake = DVec3::new(
        dice.range(-0.3, 0.3),
        dice.range(-0.2, 0.2),
        dice.range(-0.3, 0.3),
    );
    (DVec3::new(cos * r, y, sin * r) + shake).normalize_or(DVec3::Y)
}

fn bark(name: &str) -> Part {
    Part {
        pattern: Pattern::Flecks { scale_m: 0.22 },
        ..Part::new(name, "trunk")
    }
}

/// A tapering trunk whose foot spreads into roots.
fn trunk(mesh: &mut Mesh, detail: Detail, kind: TreeKind, axis: &dyn Fn(f64) -> DVec3, dice: &mut Dice) {
    let part = mesh.add_part(bark("trunk"));
    let radius = kind.trunk_radius_m();
    let (sides, levels): (u32, &[f64]) = match detail {
        Detail::Near => (
            11,
            &[-0.03, 0.0, 0.02, 0.05, 0.10, 0.18, 0.28, 0.40, 0.54, 0.70, 0.86],
        ),
        Detail::Mid => (7, &[-0.03, 0.02, 0.08, 0.25, 0.5, 0.86]),
        Detail::Far => (4, &[-0.03, 0.3, 0.75]),
    };
    let taper = |t: f64| radius * (1.0 - 0.82 * scalar::saturate(t));
    let mut points: Vec<(DVec3, f64)> = levels.iter().map(|&t| (axis(t), taper(t))).collect();
    // the frame of the first ring is upright, so the roots lie evenly
    points[0].0 = axis(0.0) + DVec3::NEG_Y * (0.03 * kind.height_m());
    let roots = f64::from(dice.whole(4, 5));
    let phase = dice.angle();
    let flute = move |angle: f64, along: f64| {
        let foot = scalar::exp(-(along - 0.3).max(0.0) / 0.55);
        let lobe = 0.5 + 0.5 * scalar::cos(roots * angle + phase);
        let ripple = 0.06 * scalar::cos(2.0 * angle + phase + along * 1.3);
        1.0 + ripple + foot * (0.35 + 0.95 * lobe * lobe)
    };
    tube(mesh, part, &points, sides, &flute);
}

fn branches(
    mesh: &mut Mesh,
    detail: Detail,
    kind: TreeKind,
    axis: &dyn Fn(f64) -> DVec3,
    clumps: &[Clump],
    dice: &mut Dice,
) {
    let part = mesh.add_part(bark("branches"));
    let (sides, share) = match detail {
        Detail::Near => (6, 1.0),
        _ => (4, 0.6),
    };
    let thick = kind.trunk_radius_m();
    for clump in clumps.iter().take((clumps.len() as f64 * share) as usize) {
        let middle = clump.start.lerp(clump.centre, 0.5) + DVec3::Y * dice.range(-0.25, 0.35);
        let points = [
            (clump.start, thick * 0.50),
            (clump.start.lerp(middle, 0.5), thick * 0.38),
            (middle, thick * 0.30),
            (clump.centre, thick * 0.12),
            (clump.centre + DVec3::Y * 0.2, 0.0),
        ];
        tube(mesh, part, &points, sides, &round);
    }
    if kind == TreeKind::Pine && detail == Detail::Near {
        // dead stubs below the crown
        for _ in 0..4 {
            let at = axis(dice.range(0.22, 0.5));
            let (sin, cos) = scalar::sin_cos(dice.angle());
            let out = DVec3::new(cos, 0.25, sin);
            let points = [
                (at, 0.07),
                (at + out * 0.5, 0.045),
                (at + out * dice.range(0.7, 1.1), 0.0),
            ];
            tube(mesh, part, &points, 4, &round);
        }
    }
}

/// Drooping tiers with jagged rims around a straight trunk.
fn spruce(detail: Detail, snowy: bool, mut dice: Dice) -> Mesh {
    let kind = TreeKind::Spruce;
    let height = kind.height_m();
    let mut mesh = Mesh::default();
    trunk(&mut mesh, detail, kind, &|t| DVec3::Y * (t * height), &mut dice);
    let leaf = mesh.add_part(Part {
        pattern: Pattern::Flecks { scale_m: 0.3 },
        ..Part::new("tiers", "leaf")
    });
    let under = mesh.add_part(sheet("tiers.under", "leaf_b"));
    let (tiers, spikes) = match detail {
        Detail::Near => (11, 13),
        Detail::Mid => (9, 11),
        Detail::Far => (4, 5),
    };
    for k in 0..tiers {
        let t = f64::from(k) / f64::from(tiers);
        let shape = Tier {
            y: height * scalar::lerp(0.17, 0.93, t),
            radius: height * scalar::lerp(0.235, 0.035, scalar::pow(t, 0.85)) * dice.range(0.92, 1.08),
            rise: height * 0.9 / f64::from(tiers) * 1.35,
        };
        tier(&mut mesh, [leaf, under], &shape, spikes, detail, &mut dice);
    }
    if snowy {
        snow_cap(&mut mesh, leaf, 0.5);
    }
    mesh
}

struct Tier {
    y: f64,
    radius: f64,
    rise: f64,
}

fn tier(
    mesh: &mut Mesh,
    [leaf, under]: [u16; 2],
    shape: &Tier,
    spikes: u32,
    detail: Detail,
    dice: &mut Dice,
) {
    let turn = dice.angle();
    let n = spikes * 2;
    let reaches: Vec<f64> = (0..n)
        .map(|j| {
            if j % 2 == 0 {
                dice.range(0.9, 1.14)
            } else {
                dice.range(0.66, 0.80)
            }
        })
        .collect();
    let ring = |mesh: &mut Mesh, share: f64, y: f64, jagged: f64| -> Vec<u32> {
        (0..n)
            .map(|j| {
                let angle = turn + scalar::TAU * f64::from(j) / f64::from(n);
                let (sin, cos) = scalar::sin_cos(angle);
                let reach = scalar::lerp(1.0, reaches[j as usize], jagged);
                let r = shape.radius * share * reach;
                // spikes droop further the longer they are
                let p = DVec3::new(
                    cos * r,
                    y - 0.45 * shape.radius * (reach - 0.8) * jagged,
                    -sin * r,
                );
                vertex(mesh, p, DVec2::new(p.x + p.y, p.z + p.y))
            })
            .collect()
    };
    let rim = ring(mesh, 1.0, shape.y - 0.12 * shape.radius, 1.0);
    let mut last = rim.clone();
    if detail == Detail::Near {
        let middle = ring(mesh, 0.58, shape.y + 0.34 * shape.rise, 0.5);
        strip(mesh, leaf, &last, &middle);
        last = middle;
    }
    let top = vertex(mesh, DVec3::Y * (shape.y + shape.rise), DVec2::ZERO);
    let below = vertex(mesh, DVec3::Y * (shape.y + 0.25 * shape.rise), DVec2::ZERO);
    for j in 0..n as usize {
        let next = (j + 1) % n as usize;
        mesh.add_triangle(leaf, [last[j], last[next], top]);
        mesh.add_triangle(under, [rim[next], rim[j], below]);
    }
}

/// Quads between two rings of equal length, the first below.
fn strip(mesh: &mut Mesh, part: u16, below: &[u32], above: &[u32]) {
    for j in 0..below.len() {
        let next = (j + 1) % below.len();
        mesh.add_quad(part, [below[j], below[next], above[next], above[j]]);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::Seed;

    #[test]
    fn every_kind_stands_upright_within_its_budget() {
        let stream = Seed(3).stream("tree");
        for kind in TreeKind::ALL {
            for (detail, budget) in [(Detail::Near, 6500), (Detail::Mid, 2600), (Detail::Far, 640)] {
                let mesh = tree(kind, detail, detail == Detail::Mid, &stream);
                let triangles = mesh.triangles.len();
                assert!(
                    (40..budget).contains(&triangles),
                    "{kind:?} {detail:?} {triangles}"
                );
                let top = mesh.positions.iter().map(|p| p.y).fold(0.0, f64::max);
                assert!(top > 0.85 * kind.height_m() && top < 1.3 * kind.height_m());
                assert!(mesh.positions.iter().all(|p| p.is_finite()));
                assert_eq!(mesh.uv.len(), mesh.positions.len());
            }
        }
    }
}
