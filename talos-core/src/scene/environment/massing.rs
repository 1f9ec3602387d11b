//! Masses of buildings: footprints raised to prisms with parapets, ledges and piers.

use super::sculpt::{Dice, HARD_EDGE, hard, vertex};
use crate::geometry::{Mesh, Part, Pattern};
use crate::math::{DVec2, DVec3, scalar};

/// A convex outline on the ground, (x, z), in the order that winds walls outward: along +X at the front (+Z).
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Footprint {
    corners: Vec<DVec2>,
    /// Surface coordinate of each corner: neighbours differ by their distance, in either sign, so that
    /// walls share their corner vertices and windows still fall into whole bays.
    along: Vec<f64>,
    /// Whether each wall is a facade of its own (else one runs around).
    faceted: bool,
}

impl Footprint {
    /// A rectangle around a centre.
    pub(super) fn rect(centre: DVec2, width: f64, depth: f64) -> Self {
        let (w, d) = (0.5 * width, 0.5 * depth);
        Self {
            corners: [(-w, d), (w, d), (w, -d), (-w, -d)]
                .map(|(x, z)| centre + DVec2::new(x, z))
                .into(),
            along: vec![0.0, width, width + depth, depth],
            faceted: true,
        }
    }

    /// A rectangle with cut corners.
    pub(super) fn chamfered(centre: DVec2, width: f64, depth: f64, cut: f64) -> Self {
        let (w, d) = (0.5 * width, 0.5 * depth);
        let corners = [
            (-w + cut, d),
            (w - cut, d),
            (w, d - cut),
            (w, -d + cut),
            (w - cut, -d),
            (-w + cut, -d),
            (-w, -d + cut),
            (-w, d - cut),
        ];
        Self::symmetric(corners.map(|(x, z)| centre + DVec2::new(x, z)).into(), true)
    }

    /// An ellipse of `sides` sides, an even number.
    pub(super) fn round(centre: DVec2, radii: DVec2, sides: u32) -> Self {
        let corner = |k: u32| {
            let (sin, cos) = scalar::sin_cos(scalar::TAU * f64::from(k) / f64::from(sides));
            centre + DVec2::new(sin, cos) * radii
        };
        Self::symmetric((0..sides).map(corner).collect(), false)
    }

    /// An outline that looks the same after half a turn: coordinates run up one half and down the other.
    fn symmetric(corners: Vec<DVec2>, faceted: bool) -> Self {
        let half = corners.len() / 2;
        let mut along = vec![0.0];
        for k in 1..corners.len() {
            let step = (corners[k] - corners[k - 1]).length();
            along.push(along[k - 1] + if k <= half { step } else { -step });
        }
        Self {
            corners,
            along,
            faceted,
        }
    }

    /// The outline moved inward by `by` metres (outward where negative).
    pub(super) fn inset(&self, by: f64) -> Self {
        let n = self.corners.len();
        let inward = |k: usize| {
            let along = self.corners[(k + 1) % n] - self.corners[k % n];
            DVec2::new(along.y, -along.x).normalize_or_zero()
        };
        let corners = (0..n)
            .map(|k| {
                let (before, after) = (inward(k + n - 1), inward(k));
                self.corners[k] + (before + after) * (by / (1.0 + before.dot(after)).max(0.2))
            })
            .collect();
        Self {
            corners,
            along: self.along.clone(),
            faceted: self.faceted,
        }
    }

    /// Lower and upper corner of its box.
    pub(super) fn bounds(&self) -> (DVec2, DVec2) {
        let start = (DVec2::INFINITY, DVec2::NEG_INFINITY);
        self.corners
            .iter()
            .fold(start, |(l, h), c| (l.min(*c), h.max(*c)))
    }

    fn ring(&self, mesh: &mut Mesh, y: f64, v: f64) -> Vec<u32> {
        self.corners
            .iter()
            .zip(&self.along)
            .map(|(c, &u)| vertex(mesh, DVec3::new(c.x, y, c.y), DVec2::new(u, v)))
            .collect()
    }
}

/// How walls look.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Facade {
    /// Palette slot of the wall.
    pub(super) slot: &'static str,
    /// Bay, metres (width, height).
    pub(super) bay: [f64; 2],
    /// The window's share of the bay.
    pub(super) share: [f64; 2],
    /// Share of lit windows.
    pub(super) lit: f64,
}

/// What closes a prism above.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Top {
    /// A roof behind a parapet of this height.
    Parapet(f64),
    /// A plain roof.
    Plain,
}

/// Puts a building together.
pub(super) struct Mason {
    /// What stands so far.
    pub(super) mesh: Mesh,
    /// The building's draws.
    pub(super) dice: Dice,
    masses: u32,
}

impl Mason {
    pub(super) fn new(dice: Dice) -> Self {
        Self {
            mesh: Mesh::default(),
            dice,
            masses: 0,
        }
    }

    fn next_name(&mut self) -> String {
        self.masses += 1;
        format!("mass{:02}", self.masses)
    }

    /// A hard part of its own.
    pub(super) fn part(&mut self, name: &str, slot: &str) -> u16 {
        let name = format!("{}.{name}", self.next_name());
        self.mesh.add_part(hard(name, slot))
    }

    fn wall_part(&mut self, name: &str, wall: usize, facade: &Facade) -> u16 {
        let key = self.dice.key();
        self.mesh.add_part(Part {
            pattern: Pattern::Windows {
                cell_m: facade.bay,
                share: facade.share,
                lit: facade.lit,
                key,
            },
            crease_angle: HARD_EDGE,
            ..Part::new(format!("{name}.wall{wall}"), facade.slot)
        })
    }

    /// A prism from `low` to `high` metres; returns the height of its roof's surface.
    pub(super) fn prism(
        &mut self,
        outline: &Footprint,
        low: f64,
        high: f64,
        facade: &Facade,
        top: Top,
    ) -> f64 {
        let name = self.next_name();
        let bottom = outline.ring(&mut self.mesh, low, 0.0);
        let upper = outline.ring(&mut self.mesh, high, high - low);
        let n = bottom.len();
        let mut part = 0;
        for j in 0..n {
            if j == 0 || outline.faceted {
                part = self.wall_part(&name, j, facade);
            }
            let next = (j + 1) % n;
            self.mesh
                .add_quad(part, [bottom[j], bottom[next], upper[next], upper[j]]);
        }
        match top {
            Top::Plain => {
                let roof = self.mesh.add_part(hard(format!("{name}.roof"), "roof"));
                self.fan(roof, &upper);
                high
            }
            Top::Parapet(rise) => {
                let roof = self.mesh.add_part(hard(format!("{name}.roof"), "roof"));
                let inside = outline.inset(0.4);
                let rim = inside.ring(&mut self.mesh, high, 0.0);
                let floor = inside.ring(&mut self.mesh, high - rise, 0.0);
                self.band(roof, &upper, &rim);
                self.band(roof, &rim, &floor);
                self.fan(roof, &floor);
                high - rise
            }
        }
    }

    /// A prism whose top slants: `high` at the front, `high_back` at the back.
    pub(super) fn wedge(
        &mut self,
        outline: &Footprint,
        low: f64,
        high: f64,
        high_back: f64,
        facade: &Facade,
    ) {
        let name = self.next_name();
        let (front, back) = outline.bounds();
        let level = |z: f64| scalar::lerp(high_back, high, (z - front.y) / (back.y - front.y));
        let bottom = outline.ring(&mut self.mesh, low, 0.0);
        let upper: Vec<u32> = outline
            .corners
            .iter()
            .zip(&outline.along)
            .map(|(c, &u)| {
                let y = level(c.y);
                vertex(&mut self.mesh, DVec3::new(c.x, y, c.y), DVec2::new(u, y - low))
            })
            .collect();
        for j in 0..bottom.len() {
            let part = self.wall_part(&name, j, facade);
            let next = (j + 1) % bottom.len();
            self.mesh
                .add_quad(part, [bottom[j], bottom[next], upper[next], upper[j]]);
        }
        let roof = self.mesh.add_part(hard(format!("{name}.roof"), "roof"));
        self.fan(roof, &upper);
    }

    /// A moulding around the walls: `out` metres wide, `thick` high, its top at `y`.
    pub(super) fn ledge(&mut self, outline: &Footprint, y: f64, out: f64, thick: f64, slot: &str) {
        let part = self.part("ledge", slot);
        let wider = outline.inset(-out);
        let rings = [
            outline.ring(&mut self.mesh, y - thick, 0.0),
            wider.ring(&mut self.mesh, y - thick, 0.0),
            wider.ring(&mut self.mesh, y, 0.0),
            outline.ring(&mut self.mesh, y, 0.0),
        ];
        for pair in rings.windows(2) {
            self.band(part, &pair[0], &pair[1]);
        }
    }

    /// Upright piers on every wall, one every `spacing` metres.
    pub(super) fn piers(&mut self, outline: &Footprint, low: f64, high: f64, spacing: f64, slot: &str) {
        let part = self.part("piers", slot);
        let n = outline.corners.len();
        for j in 0..n {
            let (a, b) = (outline.corners[j], outline.corners[(j + 1) % n]);
            let along = (b - a).normalize_or_zero();
            let outward = DVec2::new(-along.y, along.x);
            let count = ((b - a).length() / spacing).floor() as u32;
            for k in 1..count.max(1) {
                let middle = a.lerp(b, f64::from(k) / f64::from(count));
                let (side, out) = (along * 0.28, outward * 0.42);
                let corners = [
                    middle - side,
                    middle - side + out,
                    middle + side + out,
                    middle + side,
                ];
                let ring =
                    |mesh: &mut Mesh, y: f64| corners.map(|c| vertex(mesh, DVec3::new(c.x, y, c.y), c));
                let bottom = ring(&mut self.mesh, low);
                let top = ring(&mut self.mesh, high);
                for s in 0..3 {
                    self.mesh
                        .add_quad(part, [bottom[s], bottom[s + 1], top[s + 1], top[s]]);
                }
                self.mesh.add_quad(part, top);
            }
        }
    }

    /// Quads from each corner of one ring to the next ring.
    fn band(&mut self, part: u16, from: &[u32], to: &[u32]) {
        for j in 0..from.len() {
            let next = (j + 1) % from.len();
            self.mesh.add_quad(part, [from[j], from[next], to[next], to[j]]);
        }
    }

    fn fan(&mut self, part: u16, ring: &[u32]) {
        for j in 1..ring.len() - 1 {
            self.mesh.add_triangle(part, [ring[0], ring[j], ring[j + 1]]);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::Seed;

    fn outlines() -> [Footprint; 3] {
        [
            Footprint::rect(DVec2::new(3.0, -2.0), 20.0, 12.0),
            Footprint::chamfered(DVec2::ZERO, 20.0, 16.0, 4.0),
            Footprint::round(DVec2::ONE, DVec2::new(10.0, 8.0), 16),
        ]
    }

    #[test]
    fn surface_coordinates_close_around_every_outline() {
        for outline in outlines() {
            let n = outline.corners.len();
            for k in 0..n {
                let step = (outline.corners[(k + 1) % n] - outline.corners[k]).length();
                let along = (outline.along[(k + 1) % n] - outline.along[k]).abs();
                assert!((step - along).abs() < 1e-9, "{step} {along}");
            }
        }
    }

    #[test]
    fn prisms_face_outward_and_up() {
        let facade = Facade {
            slot: "building",
            bay: [3.0, 3.5],
            share: [0.5, 0.6],
            lit: 0.3,
        };
        for outline in outlines() {
            let mut mason = Mason::new(Dice::new(Seed(1).stream("mason")));
            let roof = mason.prism(&outline, 0.0, 30.0, &facade, Top::Parapet(1.0));
            assert_eq!(roof, 29.0);
            mason.ledge(&outline, 12.0, 0.5, 0.6, "building_b");
            let (low, high) = outline.bounds();
            let centre = (low + high) * 0.5;
            let mesh = &mason.mesh;
            for (t, &part) in mesh.triangles.iter().zip(&mesh.triangle_part) {
                let [a, b, c] = t.map(|v| mesh.positions[v as usize]);
                let normal = (b - a).cross(c - a);
                assert!(normal.length() > 1e-6);
                if mesh.parts[usize::from(part)].name.contains("wall") {
                    let middle = (a + b + c) / 3.0 - DVec3::new(centre.x, 0.0, centre.y);
                    assert!(normal.dot(middle.with_y(0.0)) > 0.0);
                }
            }
        }
    }

    #[test]
    fn insets_keep_their_distance() {
        let smaller = Footprint::rect(DVec2::ZERO, 10.0, 6.0).inset(1.0);
        assert_eq!(smaller.bounds(), (DVec2::new(-4.0, -2.0), DVec2::new(4.0, 2.0)));
    }
}
