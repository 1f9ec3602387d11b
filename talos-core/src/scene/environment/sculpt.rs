//! Tools that every prop is made with: draws, vertices with surface coordinates, tubes, balls, blocks.

use std::collections::BTreeMap;

use crate::geometry::{Mesh, Part};
use crate::math::{DVec2, DVec3, scalar};
use crate::random::Stream;

/// Consecutive draws of one object's own stream.
#[derive(Clone, Debug)]
pub(super) struct Dice {
    stream: Stream,
    next: u64,
}

impl Dice {
    pub(super) fn new(stream: Stream) -> Self {
        Self { stream, next: 0 }
    }

    fn index(&mut self) -> u64 {
        self.next += 1;
        self.next
    }

    /// Uniform in [0, 1).
    pub(super) fn unit(&mut self) -> f64 {
        let index = self.index();
        self.stream.unit(index)
    }

    /// Uniform in [low, high).
    pub(super) fn range(&mut self, low: f64, high: f64) -> f64 {
        let index = self.index();
        self.stream.range(index, low, high)
    }

    /// An angle in [0, 2π).
    pub(super) fn angle(&mut self) -> f64 {
        self.range(0.0, scalar::TAU)
    }

    /// Uniform integer in [low, high].
    pub(super) fn whole(&mut self, low: u32, high: u32) -> u32 {
        let index = self.index();
        low + self.stream.below(index, u64::from(high - low) + 1) as u32
    }

    /// True with this probability.
    pub(super) fn chance(&mut self, probability: f64) -> bool {
        self.unit() < probability
    }

    /// A key for a pattern.
    pub(super) fn key(&mut self) -> u32 {
        let index = self.index();
        (self.stream.word(index) >> 32) as u32
    }

    /// One of `items`, which must not be empty.
    pub(super) fn pick<T: Copy>(&mut self, items: &[T]) -> T {
        let index = self.index();
        items[self.stream.below(index, items.len() as u64) as usize]
    }
}

/// How finely a prop is modelled; instances further away take a coarser model.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Detail {
    /// Beside the stage.
    Near,
    /// Behind it.
    Mid,
    /// A silhouette.
    Far,
}

/// A part whose edges above about 30° are drawn and whose faces are shaded flat.
///
/// Smaller would draw every facet of a round tower, larger would lose the chamfers of an octagonal one.
pub(super) const HARD_EDGE: f64 = 0.55;

/// A hard-edged part.
pub(super) fn hard(name: impl Into<String>, slot: &str) -> Part {
    Part {
        crease_angle: HARD_EDGE,
        ..Part::new(name, slot)
    }
}

/// A thin sheet seen from both sides.
pub(super) fn sheet(name: impl Into<String>, slot: &str) -> Part {
    Part {
        two_sided: true,
        ..Part::new(name, slot)
    }
}

/// Adds a vertex with its surface coordinates in metres.
pub(super) fn vertex(mesh: &mut Mesh, position: DVec3, uv: DVec2) -> u32 {
    mesh.uv.resize(mesh.positions.len(), DVec2::ZERO);
    mesh.uv.push(uv);
    mesh.add_vertex(position)
}

/// Radius factor of a tube at (angle, height in metres along it).
pub(super) type Flute<'a> = &'a dyn Fn(f64, f64) -> f64;

/// Adds a tube through `points` (centre, radius), with `sides` sides; its end is closed by a cone to
/// the last point, its start is left open (it stands in the ground or in another tube).
pub(super) fn tube(mesh: &mut Mesh, part: u16, points: &[(DVec3, f64)], sides: u32, flute: Flute<'_>) {
    let Some((&(tip, _), rings)) = points.split_last() else {
        return;
    };
    let mut along = 0.0;
    let mut across = DVec3::X;
    let mut previous: Option<Vec<u32>> = None;
    for (k, &(centre, radius)) in rings.iter().enumerate() {
        let tangent = (points[k + 1].0 - points[k.saturating_sub(1)].0).normalize_or(DVec3::Y);
        across = (across - tangent * across.dot(tangent)).normalize_or(tangent.any_orthonormal_vector());
        let third = tangent.cross(across);
        if k > 0 {
            along += (centre - rings[k - 1].0).length();
        }
        let ring: Vec<u32> = (0..sides)
            .map(|j| {
                let angle = scalar::TAU * f64::from(j) / f64::from(sides);
                let (sin, cos) = scalar::sin_cos(angle);
                let r = radius * flute(angle, along);
                // mirrored, so that the seam needs no second vertex
                let u = radius * angle.min(scalar::TAU - angle);
                vertex(
                    mesh,
                    centre + (across * cos + third * sin) * r,
                    DVec2::new(u, along),
                )
            })
            .collect();
        if let Some(below) = &previous {
            for j in 0..ring.len() {
                let next = (j + 1) % ring.len();
                mesh.add_quad(part, [below[j], below[next], ring[next], ring[j]]);
            }
        }
        previous = Some(ring);
    }
    if let Some(ring) = previous {
        let end = vertex(mesh, tip, DVec2::new(0.0, along));
        for j in 0..ring.len() {
            mesh.add_triangle(part, [ring[j], ring[(j + 1) % ring.len()], end]);
        }
    }
}

/// A round tube.
pub(super) fn round(_: f64, _: f64) -> f64 {
    1.0
}

/// Adds an upright block without a floor, edges shared.
pub(super) fn block(mesh: &mut Mesh, part: u16, low: DVec3, high: DVec3) {
    let corners = [
        DVec2::new(low.x, high.z),
        DVec2::new(high.x, high.z),
        DVec2::new(high.x, low.z),
        DVec2::new(low.x, low.z),
    ];
    let ring = |mesh: &mut Mesh, y: f64| corners.map(|c| vertex(mesh, DVec3::new(c.x, y, c.y), c));
    let bottom = ring(mesh, low.y);
    let top = ring(mesh, high.y);
    for j in 0..4 {
        let next = (j + 1) % 4;
        mesh.add_quad(part, [bottom[j], bottom[next], top[next], top[j]]);
    }
    mesh.add_quad(part, top);
}

/// Adds a block with a floor (a thing that hangs in the air).
pub(super) fn closed_block(mesh: &mut Mesh, part: u16, low: DVec3, high: DVec3) {
    let first = mesh.positions.len() as u32;
    block(mesh, part, low, high);
    mesh.add_quad(part, [first + 3, first + 2, first + 1, first]);
}

/// A unit ball of 20·4ⁿ triangles, outward.
pub(super) fn icosphere(subdivisions: u32) -> (Vec<DVec3>, Vec<[u32; 3]>) {
    let golden = (1.0 + 5.0_f64.sqrt()) * 0.5;
    let mut points: Vec<DVec3> = Vec::new();
    for (a, b) in [(-1.0, golden), (1.0, golden), (-1.0, -golden), (1.0, -golden)] {
        points.push(DVec3::new(a, b, 0.0).normalize());
    }
    for (a, b) in [(-1.0, golden), (1.0, golden), (-1.0, -golden), (1.0, -golden)] {
        points.push(DVec3::new(0.0, a, b).normalize());
    }
    for (a, b) in [(golden, -1.0), (golden, 1.0), (-golden, -1.0), (-golden, 1.0)] {
        points.push(DVec3::new(a, 0.0, b).normalize());
    }
    // the faces are the triples at mutual edge distance, wound outward
    let mut faces = Vec::new();
    let edge = (points[0] - points[1]).length() * 1.01;
    for a in 0..12 {
        for b in a + 1..12 {
            for c in b + 1..12 {
                let [p, q, r] = [a, b, c].map(|i| points[i]);
                if (p - q).length() < edge && (q - r).length() < edge && (r - p).length() < edge {
                    let outward = (q - p).cross(r - p).dot(p) > 0.0;
                    let [a, b, c] = [a, b, c].map(|i| i as u32);
                    faces.push(if outward { [a, b, c] } else { [a, c, b] });
                }
            }
        }
    }
    for _ in 0..subdivisions {
        faces = subdivide(&mut points, &faces);
    }
    (points, faces)
}

fn subdivide(points: &mut Vec<DVec3>, faces: &[[u32; 3]]) -> Vec<[u32; 3]> {
    let mut middles: BTreeMap<[u32; 2], u32> = BTreeMap::new();
    let mut finer = Vec::with_capacity(faces.len() * 4);
    for &[a, b, c] in faces {
        let mut middle = |a: u32, b: u32| {
            *middles.entry([a.min(b), a.max(b)]).or_insert_with(|| {
                points.push((points[a as usize] + points[b as usize]).normalize());
                points.len() as u32 - 1
            })
        };
        let (ab, bc, ca) = (middle(a, b), middle(b, c), middle(c, a));
        finer.extend([[a, ab, ca], [ab, b, bc], [ca, bc, c], [ab, bc, ca]]);
    }
    finer
}

/// Adds positions and triangles as a part, with `uv` from above.
pub(super) fn add_surface(mesh: &mut Mesh, part: u16, positions: &[DVec3], triangles: &[[u32; 3]]) {
    let first = mesh.positions.len() as u32;
    for &p in positions {
        vertex(mesh, p, DVec2::new(p.x + p.y * 0.3, p.z + p.y * 0.3));
    }
    for t in triangles {
        mesh.add_triangle(part, t.map(|v| v + first));
    }
}

/// Cuts the triangles of part `from` along the zero line of `field` (a value per vertex, linear on
/// edges); what is negative becomes the new part `to`. Borders are as smooth as the field: no
/// staircase of whole triangles. `field` grows with the vertices that the cut adds.
pub(super) fn cut(mesh: &mut Mesh, from: u16, to: Part, field: &mut Vec<f64>) {
    let to = mesh.add_part(to);
    let mut crossings: BTreeMap<[u32; 2], u32> = BTreeMap::new();
    let (triangles, parts) = (
        std::mem::take(&mut mesh.triangles),
        std::mem::take(&mut mesh.triangle_part),
    );
    for (corners, part) in triangles.into_iter().zip(parts) {
        let below = corners.map(|v| field[v as usize] < 0.0);
        let count = below.iter().filter(|&&b| b).count();
        if part != from || count == 0 {
            mesh.add_triangle(part, corners);
        } else if count == 3 {
            mesh.add_triangle(to, corners);
        } else {
            // turned so that the lone corner comes first
            let lone = (0..3).find(|&k| below[k] == (count == 1)).unwrap_or(0);
            let [a, b, c] = [0, 1, 2].map(|k| corners[(lone + k) % 3]);
            let ab = crossing(mesh, field, &mut crossings, a, b);
            let ca = crossing(mesh, field, &mut crossings, c, a);
            let (tip, rest) = if count == 1 { (to, from) } else { (from, to) };
            mesh.add_triangle(tip, [a, ab, ca]);
            mesh.add_quad(rest, [ab, b, c, ca]);
        }
    }
}

/// The vertex where the field is zero between two vertices; kept off the ends by a twentieth, so
/// that no needle triangles arise.
fn crossing(
    mesh: &mut Mesh,
    field: &mut Vec<f64>,
    known: &mut BTreeMap<[u32; 2], u32>,
    a: u32,
    b: u32,
) -> u32 {
    let key = [a.min(b), a.max(b)];
    *known.entry(key).or_insert_with(|| {
        let [low, high] = key.map(|v| v as usize);
        let t = (field[low] / (field[low] - field[high])).clamp(0.05, 0.95);
        let position = mesh.positions[low].lerp(mesh.positions[high], t);
        let uv = mesh
            .uv
            .get(low)
            .zip(mesh.uv.get(high))
            .map_or(DVec2::ZERO, |(&p, &q)| p.lerp(q, t));
        field.push(0.0);
        vertex(mesh, position, uv)
    })
}

/// Turns the upward faces of a part into snow.
pub(super) fn snow_cap(mesh: &mut Mesh, part: u16, steepness: f64) {
    let normals = crate::geometry::vertex_normals(&mesh.positions, &mesh.triangles);
    let mut field: Vec<f64> = normals.iter().map(|n| steepness - n.y).collect();
    let name = format!("{}.snow", mesh.parts[usize::from(part)].name);
    let two_sided = mesh.parts[usize::from(part)].two_sided;
    let snow = Part {
        two_sided,
        ..Part::new(name, "snow")
    };
    cut(mesh, part, snow, &mut field);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geometry::{Edge, Topology};
    use crate::random::Seed;

    fn volume(mesh: &Mesh) -> f64 {
        let corner = |v: u32| mesh.positions[v as usize];
        let six: f64 = mesh
            .triangles
            .iter()
            .map(|t| corner(t[0]).dot(corner(t[1]).cross(corner(t[2]))))
            .sum();
        six / 6.0
    }

    #[test]
    fn a_ball_is_closed_and_outward() {
        let (points, faces) = icosphere(2);
        assert_eq!((points.len(), faces.len()), (162, 320));
        let topology = Topology::new(&faces);
        assert!(topology.edges.iter().all(|e| !e.triangles.contains(&Edge::NONE)));
        let mut mesh = Mesh::default();
        let part = mesh.add_part(Part::new("ball", "rock"));
        add_surface(&mut mesh, part, &points, &faces);
        assert!((volume(&mesh) - 4.0).abs() < 0.2, "{}", volume(&mesh));
    }

    #[test]
    fn blocks_are_outward_and_closed() {
        let mut mesh = Mesh::default();
        let part = mesh.add_part(hard("block", "roof"));
        closed_block(
            &mut mesh,
            part,
            DVec3::new(1.0, 2.0, 3.0),
            DVec3::new(3.0, 5.0, 7.0),
        );
        assert!((volume(&mesh) - 24.0).abs() < 1e-9);
        assert_eq!(mesh.uv.len(), mesh.positions.len());
    }

    #[test]
    fn a_tube_points_outward() {
        let mut mesh = Mesh::default();
        let part = mesh.add_part(Part::new("tube", "trunk"));
        let points = [(DVec3::ZERO, 1.0), (DVec3::Y * 4.0, 1.0), (DVec3::Y * 4.5, 0.0)];
        tube(&mut mesh, part, &points, 24, &round);
        assert!(volume(&mesh) > 11.0, "{}", volume(&mesh));
    }

    #[test]
    fn a_degenerate_tube_stays_finite() {
        let mut mesh = Mesh::default();
        let part = mesh.add_part(Part::new("tube", "trunk"));
        tube(&mut mesh, part, &[(DVec3::ONE, 1.0); 4], 5, &round);
        tube(&mut mesh, part, &[], 5, &round);
        assert!(mesh.positions.iter().all(|p| p.is_finite()));
    }

    #[test]
    fn a_cut_keeps_the_surface_and_parts_it_at_the_line() {
        let mut mesh = Mesh::default();
        let part = mesh.add_part(Part::new("ball", "rock"));
        let (points, faces) = icosphere(3);
        add_surface(&mut mesh, part, &points, &faces);
        let whole = volume(&mesh);
        let height: Vec<f64> = mesh.positions.iter().map(|p| p.y - 0.3).collect();
        let mut field = height;
        cut(&mut mesh, part, Part::new("low", "rock_b"), &mut field);
        assert!((volume(&mesh) - whole).abs() < 1e-12);
        assert_eq!(field.len(), mesh.positions.len());
        assert_eq!(mesh.uv.len(), mesh.positions.len());
        let topology = Topology::new(&mesh.triangles);
        assert!(topology.edges.iter().all(|e| !e.triangles.contains(&Edge::NONE)));
        for (t, &p) in mesh.triangles.iter().zip(&mesh.triangle_part) {
            let middle: f64 = t.iter().map(|&v| mesh.positions[v as usize].y / 3.0).sum();
            // crossings are kept off the vertices by a twentieth of an edge
            assert!(
                (p == part) == (middle > 0.3) || (middle - 0.3).abs() < 0.01,
                "{middle}"
            );
        }
    }

    #[test]
    fn dice_repeat() {
        let mut a = Dice::new(Seed(3).stream("dice"));
        let mut b = a.clone();
        assert!((0..20).all(|_| a.whole(3, 9) == b.whole(3, 9)));
        assert!((0..50).all(|_| (3..=9).contains(&a.whole(3, 9))));
    }
}
