//! Bodies swept along a curve: the same sections make an implicit solid or a mesh.
//!
//! Sections are interpolated by Catmull–Rom splines; their frames are carried
//! along the curve without twist (parallel transport).

use super::build::{Patch, mirror};
use crate::geometry::Implicit;
use crate::math::{DQuat, DVec3, scalar};

/// One cross-section: half sizes in metres about a centre.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Section {
    /// Centre, metres.
    pub centre: DVec3,
    /// Half width.
    pub wide: f64,
    /// Half height above the centre.
    pub up: f64,
    /// Half height below the centre.
    pub down: f64,
    /// 0: elliptic; 1: nearly a rectangle.
    pub square: f64,
    /// Width at the top relative to the width at the bottom, minus 1: −0.5 is half as wide on top.
    pub flare: f64,
}

impl Section {
    /// An elliptic section whose halves above and below may differ.
    #[must_use]
    pub fn new(centre: DVec3, wide: f64, up: f64, down: f64) -> Self {
        Self {
            centre,
            wide,
            up,
            down,
            square: 0.0,
            flare: 0.0,
        }
    }

    /// A round section.
    #[must_use]
    pub fn round(centre: DVec3, radius: f64) -> Self {
        Self::new(centre, radius, radius, radius)
    }

    /// With flatter sides, and a top of another width than the bottom.
    #[must_use]
    pub fn shaped(mut self, square: f64, flare: f64) -> Self {
        self.square = square;
        self.flare = flare;
        self
    }

    fn fields(&self) -> [f64; 8] {
        let c = self.centre;
        [
            c.x,
            c.y,
            c.z,
            self.wide,
            self.up,
            self.down,
            self.square,
            self.flare,
        ]
    }

    fn from_fields(f: [f64; 8]) -> Self {
        Self {
            centre: DVec3::new(f[0], f[1], f[2]),
            wide: f[3].max(1e-4),
            up: f[4].max(1e-4),
            down: f[5].max(1e-4),
            square: f[6].clamp(0.0, 1.0),
            flare: f[7],
        }
    }
}

/// A section in its place: the curve's frame is (side, up, forward).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Station {
    /// The section.
    pub section: Section,
    /// To the left of the curve.
    pub side: DVec3,
    /// Upward.
    pub up: DVec3,
    /// Along the curve.
    pub forward: DVec3,
}

impl Station {
    /// The point at an angle about the curve: 0 is up, a quarter turn is to the side; `share` of the radius.
    #[must_use]
    pub fn at_angle(&self, angle: f64, share: f64) -> DVec3 {
        let s = &self.section;
        let (sin, cos) = scalar::sin_cos(angle);
        // |cos|^(1/n) squares the section off
        let power = 1.0 - 0.55 * s.square;
        let bend = |v: f64| {
            if s.square > 0.0 {
                v.signum() * scalar::pow(v.abs(), power)
            } else {
                v
            }
        };
        let height = if cos > 0.0 { s.up } else { s.down };
        let y = bend(cos);
        let wide = s.wide * (1.0 + s.flare * 0.5 * (y + 1.0));
        s.centre + (self.side * (bend(sin) * wide) + self.up * (y * height)) * share
    }
}

/// A curve of sections.
#[derive(Clone, Debug, PartialEq)]
pub struct Sweep {
    stations: Vec<Station>,
    per_key: usize,
}

impl Sweep {
    /// A sweep through `keys` (at least two), with `per_key` stations from one to the next; `up` starts the frames.
    #[must_use]
    pub fn through(keys: &[Section], per_key: usize, up: DVec3) -> Self {
        let per_key = per_key.max(1);
        let count = (keys.len() - 1) * per_key + 1;
        let sections: Vec<Section> = (0..count)
            .map(|i| interpolate(keys, i as f64 / per_key as f64))
            .collect();
        let mut stations: Vec<Station> = Vec::with_capacity(count);
        for (i, &section) in sections.iter().enumerate() {
            let before = sections[i.saturating_sub(1)].centre;
            let after = sections[(i + 1).min(count - 1)].centre;
            let forward = (after - before).normalize_or(DVec3::Z);
            let carried = stations
                .last()
                .map_or(up, |s| DQuat::from_rotation_arc(s.forward, forward) * s.up);
            let up = (carried - forward * carried.dot(forward))
                .try_normalize()
                .unwrap_or_else(|| forward.any_orthonormal_vector());
            stations.push(Station {
                section,
                side: up.cross(forward),
                up,
                forward,
            });
        }
        Self { stations, per_key }
    }

    /// The stations, from the first key to the last.
    #[must_use]
    pub fn stations(&self) -> &[Station] {
        &self.stations
    }

    /// The station at a key number; fractions are between keys.
    #[must_use]
    pub fn at(&self, key: f64) -> Station {
        let last = self.stations.len() - 1;
        let x = (key * self.per_key as f64).clamp(0.0, last as f64);
        let i = (x as usize).min(last.saturating_sub(1));
        between(&self.stations[i], &self.stations[(i + 1).min(last)], x - i as f64)
    }

    /// The sweep on the other side of the plane x = 0.
    #[must_use]
    pub fn mirrored(&self) -> Self {
        let stations = self
            .stations
            .iter()
            .map(|s| {
                let (up, forward) = (mirror(s.up), mirror(s.forward));
                let mut section = s.section;
                section.centre = mirror(section.centre);
                Station {
                    section,
                    side: up.cross(forward),
                    up,
                    forward,
                }
            })
            .collect();
        Self {
            stations,
            per_key: self.per_key,
        }
    }

    /// A ball around everything: centre and radius in metres.
    #[must_use]
    pub fn bound(&self) -> (DVec3, f64) {
        let count = self.stations.len() as f64;
        let centre = self
            .stations
            .iter()
            .fold(DVec3::ZERO, |sum, s| sum + s.section.centre)
            / count;
        let radius = self.stations.iter().fold(0.0_f64, |most, s| {
            let thick = s.section.wide.max(s.section.up).max(s.section.down);
            most.max((s.section.centre - centre).length() + thick * 1.5)
        });
        (centre, radius)
    }

    /// A closed mesh of `sides` quads around and one ring a station, pointed or rounded by its own end sections.
    #[must_use]
    pub fn mesh(&self, sides: usize) -> Patch {
        let mut patch = Patch::default();
        for station in &self.stations {
            for k in 0..sides {
                let angle = scalar::TAU * k as f64 / sides as f64;
                patch.positions.push(station.at_angle(angle, 1.0));
            }
        }
        let index = |ring: usize, k: usize| (ring * sides + k % sides) as u32;
        for ring in 0..self.stations.len() - 1 {
            for k in 0..sides {
                let [a, b, c, d] = [
                    index(ring, k),
                    index(ring, k + 1),
                    index(ring + 1, k + 1),
                    index(ring + 1, k),
                ];
                patch.triangles.extend([[a, c, b], [a, d, c]]);
            }
        }
        let last = self.stations.len() - 1;
        let (first_centre, last_centre) = (patch.positions.len() as u32, patch.positions.len() as u32 + 1);
        patch.positions.push(self.stations[0].section.centre);
        patch.positions.push(self.stations[last].section.centre);
        for k in 0..sides {
            patch.triangles.push([first_centre, index(0, k), index(0, k + 1)]);
            patch
                .triangles
                .push([last_centre, index(last, k + 1), index(last, k)]);
        }
        patch
    }
}

impl Implicit for Sweep {
    fn distance(&self, p: DVec3) -> f64 {
        let (i, t) = nearest(&self.stations, p);
        let station = between(
            &self.stations[i],
            &self.stations[(i + 1).min(self.stations.len() - 1)],
            t,
        );
        section_distance(&station, p)
    }
}

/// The segment of a line of stations nearest to a point, and the place on it in [0, 1].
fn nearest(stations: &[Station], p: DVec3) -> (usize, f64) {
    let mut best = (f64::INFINITY, 0, 0.0);
    for (i, pair) in stations.windows(2).enumerate() {
        let (a, b) = (pair[0].section.centre, pair[1].section.centre);
        let ab = b - a;
        let t = scalar::saturate((p - a).dot(ab) / ab.length_squared().max(1e-18));
        let d = (p - a - ab * t).length_squared();
        if d < best.0 {
            best = (d, i, t);
        }
    }
    (best.1, best.2)
}

fn between(a: &Station, b: &Station, t: f64) -> Station {
    let (fa, fb) = (a.section.fields(), b.section.fields());
    let fields = core::array::from_fn(|k| scalar::lerp(fa[k], fb[k], t));
    Station {
        section: Section::from_fields(fields),
        side: a.side.lerp(b.side, t).normalize_or(DVec3::X),
        up: a.up.lerp(b.up, t).normalize_or(DVec3::Y),
        forward: a.forward.lerp(b.forward, t).normalize_or(DVec3::Z),
    }
}

/// Distance bound to a section extended along its curve and rounded at the ends (ellipsoid bound of Quilez 2008).
fn section_distance(station: &Station, p: DVec3) -> f64 {
    let s = &station.section;
    let v = p - s.centre;
    let y = v.dot(station.up);
    let height = if y > 0.0 { s.up } else { s.down };
    let share = (y / height).clamp(-1.0, 1.0);
    let wide = (s.wide * (1.0 + s.flare * 0.5 * (share + 1.0))).max(1e-4);
    let long = s.wide.min(0.5 * (s.up + s.down));
    let radii = DVec3::new(wide, height, long);
    let q = DVec3::new(v.dot(station.side), y, v.dot(station.forward));
    let k1 = (q / (radii * radii)).length();
    if k1 < 1e-9 {
        return -radii.min_element();
    }
    let unit = q / radii;
    let round = unit.length();
    let k0 = if s.square > 0.0 {
        let n = 2.0 + 3.0 * s.square;
        let flat = scalar::pow(
            scalar::pow(unit.x.abs(), n) + scalar::pow(unit.y.abs(), n),
            1.0 / n,
        );
        scalar::hypot(flat, unit.z)
    } else {
        round
    };
    (k0 - 1.0) * round / k1
}

/// Catmull–Rom through the fields of the keys at `x` in key numbers.
fn interpolate(keys: &[Section], x: f64) -> Section {
    let last = keys.len() - 1;
    let i = (x as usize).min(last.saturating_sub(1));
    let t = x - i as f64;
    let key = |k: isize| {
        if k < 0 {
            reflected(&keys[0], &keys[1])
        } else if k as usize > last {
            reflected(&keys[last], &keys[last - 1])
        } else {
            keys[k as usize].fields()
        }
    };
    let (a, b, c, d) = (
        key(i as isize - 1),
        key(i as isize),
        key(i as isize + 1),
        key(i as isize + 2),
    );
    Section::from_fields(core::array::from_fn(|k| {
        let (m, n) = ((c[k] - a[k]) * 0.5, (d[k] - b[k]) * 0.5);
        let (t2, t3) = (t * t, t * t * t);
        (2.0 * t3 - 3.0 * t2 + 1.0) * b[k]
            + (t3 - 2.0 * t2 + t) * m
            + (3.0 * t2 - 2.0 * t3) * c[k]
            + (t3 - t2) * n
    }))
}

/// The key beyond an end: the neighbour mirrored in the end.
fn reflected(end: &Section, neighbour: &Section) -> [f64; 8] {
    let (e, n) = (end.fields(), neighbour.fields());
    core::array::from_fn(|k| 2.0 * e[k] - n[k])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geometry::{Edge, Topology};

    fn horn() -> Sweep {
        let keys = [
            Section::round(DVec3::ZERO, 0.2),
            Section::round(DVec3::new(0.0, 0.5, -0.4), 0.12),
            Section::round(DVec3::new(0.0, 0.7, -1.0), 0.01),
        ];
        Sweep::through(&keys, 6, DVec3::X)
    }

    #[test]
    fn a_mesh_is_closed_and_faces_outward() {
        let patch = horn().mesh(8);
        let topology = Topology::new(&patch.triangles);
        assert!(topology.edges.iter().all(|e| !e.triangles.contains(&Edge::NONE)));
        let volume: f64 = patch
            .triangles
            .iter()
            .map(|t| t.map(|v| patch.positions[v as usize]))
            .map(|[a, b, c]| a.dot(b.cross(c)) / 6.0)
            .sum();
        assert!(volume > 0.02, "{volume}");
    }

    #[test]
    fn the_solid_and_the_mesh_agree() {
        let sweep = horn();
        for station in &sweep.stations()[2..12] {
            for k in 0..7 {
                let p = station.at_angle(f64::from(k), 1.0);
                assert!(sweep.distance(p).abs() < 0.03, "{}", sweep.distance(p));
            }
            assert!(sweep.distance(station.section.centre) < 0.0);
        }
    }

    #[test]
    fn frames_are_orthonormal_even_for_a_bad_start() {
        let keys = [
            Section::round(DVec3::ZERO, 0.2),
            Section::round(DVec3::Y, 0.1),
            Section::round(DVec3::Y, 0.1),
        ];
        for s in Sweep::through(&keys, 3, DVec3::Y).stations() {
            assert!((s.side.length() - 1.0).abs() < 1e-9 && s.side.dot(s.up).abs() < 1e-9);
        }
    }
}
