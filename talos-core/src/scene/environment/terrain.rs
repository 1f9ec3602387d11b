//! Ground: height as a function, and the polar sheets that draw it.

use std::fmt;
use std::sync::Arc;

use rayon::prelude::*;

use super::sculpt::vertex;
use crate::geometry::{Mesh, Part};
use crate::math::{DVec2, DVec3, scalar};

/// Height of the ground (or of the water's mean surface) above every point of the plane.
#[derive(Clone)]
pub struct HeightField(Arc<dyn Fn(f64, f64) -> f64 + Send + Sync>);

impl HeightField {
    /// The height field of a function of (x, z), metres.
    pub fn new(height: impl Fn(f64, f64) -> f64 + Send + Sync + 'static) -> Self {
        Self(Arc::new(height))
    }

    /// Height in metres at (x, z); 0 where x or z is not finite.
    #[must_use]
    pub fn ground_height(&self, x: f64, z: f64) -> f64 {
        if x.is_finite() && z.is_finite() {
            (self.0)(x, z)
        } else {
            0.0
        }
    }

    /// Steepness at (x, z): metres up per metre along, over a step of `step_m`.
    #[must_use]
    pub fn slope(&self, x: f64, z: f64, step_m: f64) -> f64 {
        let h = |x, z| self.ground_height(x, z);
        let dx = h(x + step_m, z) - h(x - step_m, z);
        let dz = h(x, z + step_m) - h(x, z - step_m);
        (dx * dx + dz * dz).sqrt() / (2.0 * step_m)
    }
}

impl fmt::Debug for HeightField {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "HeightField(origin: {})", self.ground_height(0.0, 0.0))
    }
}

/// Rings around the origin whose spacing grows with the radius: triangles of even shape, fine
/// where the action is and coarse at the horizon.
#[derive(Clone, Debug)]
pub(super) struct PolarGrid {
    /// Angles from +Z towards +X, rising.
    azimuths: Vec<f64>,
    radii: Vec<f64>,
    filled: bool,
    /// Whether the last sector joins the first.
    round: bool,
}

impl PolarGrid {
    /// A disc of `sectors` sectors whose cells are `stretch` times as long as wide. Sectors are
    /// 2.5 times as dense along ±Z, where paths run, as the mean.
    pub(super) fn disc(outer_m: f64, sectors: u32, stretch: f64) -> Self {
        let azimuths = (0..sectors)
            .map(|k| {
                let u = scalar::TAU * f64::from(k) / f64::from(sectors);
                u - 0.3 * scalar::sin(2.0 * u)
            })
            .collect();
        Self {
            azimuths,
            radii: geometric(0.6, outer_m, 1.0 + stretch * scalar::TAU / f64::from(sectors)),
            filled: true,
            round: true,
        }
    }

    /// A band between two radii with even sectors, for far ground with fine silhouettes.
    pub(super) fn band(inner_m: f64, outer_m: f64, sectors: u32, stretch: f64) -> Self {
        let azimuths = (0..sectors)
            .map(|k| scalar::TAU * f64::from(k) / f64::from(sectors))
            .collect();
        Self {
            azimuths,
            radii: geometric(inner_m, outer_m, 1.0 + stretch * scalar::TAU / f64::from(sectors)),
            filled: false,
            round: true,
        }
    }

    /// A part of a band between two azimuths, in radians from +Z towards +X.
    pub(super) fn arc(radii_m: [f64; 2], azimuths: [f64; 2], sectors: u32, rings: u32) -> Self {
        let share = |k: u32, n: u32| f64::from(k) / f64::from(n);
        Self {
            azimuths: (0..=sectors)
                .map(|k| scalar::lerp(azimuths[0], azimuths[1], share(k, sectors)))
                .collect(),
            radii: (0..=rings)
                .map(|k| scalar::lerp(radii_m[0], radii_m[1], share(k, rings)))
                .collect(),
            filled: false,
            round: false,
        }
    }

    /// The same grid with its last sector joined to its first and its middle filled; for an arc of a
    /// full turn.
    pub(super) fn joined(mut self) -> Self {
        self.filled = true;
        self.ring()
    }

    /// The same grid with its last sector joined to its first; for an arc of a full turn.
    pub(super) fn ring(mut self) -> Self {
        self.azimuths.pop();
        self.round = true;
        self
    }

    /// The mesh of a height over this grid, one part, `uv` = (x, z).
    pub(super) fn mesh(&self, part: Part, height: &(impl Fn(f64, f64) -> f64 + Sync)) -> Mesh {
        let directions: Vec<DVec2> = self.azimuths.iter().map(|&a| scalar::sin_cos(a).into()).collect();
        let rings: Vec<Vec<DVec3>> = self
            .radii
            .par_iter()
            .map(|&r| {
                let on_ground = |d: &DVec2| DVec3::new(d.x * r, height(d.x * r, d.y * r), d.y * r);
                directions.iter().map(on_ground).collect()
            })
            .collect();
        let mut mesh = Mesh::default();
        let part = mesh.add_part(part);
        for p in rings.iter().flatten() {
            vertex(&mut mesh, *p, DVec2::new(p.x, p.z));
        }
        let n = directions.len() as u32;
        for ring in 1..rings.len() as u32 {
            for k in 0..if self.round { n } else { n - 1 } {
                let [a, b] = [(ring - 1) * n + k, (ring - 1) * n + (k + 1) % n];
                quad_by_shorter_diagonal(&mut mesh, part, [a, a + n, b + n, b]);
            }
        }
        if self.filled {
            let centre = vertex(&mut mesh, DVec3::new(0.0, height(0.0, 0.0), 0.0), DVec2::ZERO);
            for k in 0..n {
                mesh.add_triangle(part, [centre, k, (k + 1) % n]);
            }
        }
        mesh
    }
}

fn geometric(inner_m: f64, outer_m: f64, ratio: f64) -> Vec<f64> {
    let steps = (scalar::ln(outer_m / inner_m) / scalar::ln(ratio))
        .ceil()
        .max(1.0);
    (0..=steps as u32)
        .map(|k| inner_m * scalar::pow(outer_m / inner_m, f64::from(k) / steps))
        .collect()
}

fn quad_by_shorter_diagonal(mesh: &mut Mesh, part: u16, [a, b, c, d]: [u32; 4]) {
    let p = [a, b, c, d].map(|v| mesh.positions[v as usize]);
    if (p[0] - p[2]).length_squared() <= (p[1] - p[3]).length_squared() {
        mesh.add_quad(part, [a, b, c, d]);
    } else {
        mesh.add_quad(part, [b, c, d, a]);
    }
}

/// Height of a mesh's upper surface at (x, z), by looking straight down; `None` beside it.
#[cfg(test)]
pub(super) fn height_of_mesh(
    mesh_positions: &[DVec3],
    triangles: &[[u32; 3]],
    x: f64,
    z: f64,
) -> Option<f64> {
    triangles
        .iter()
        .filter_map(|t| {
            let [a, b, c] = t.map(|v| mesh_positions[v as usize]);
            let area = (b.x - a.x) * (c.z - a.z) - (c.x - a.x) * (b.z - a.z);
            let wb = ((x - a.x) * (c.z - a.z) - (c.x - a.x) * (z - a.z)) / area;
            let wc = ((b.x - a.x) * (z - a.z) - (x - a.x) * (b.z - a.z)) / area;
            let inside = wb >= -1e-9 && wc >= -1e-9 && wb + wc <= 1.0 + 1e-9;
            inside.then_some(a.y + (b.y - a.y) * wb + (c.y - a.y) * wc)
        })
        .max_by(f64::total_cmp)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_disc_faces_up_and_covers_its_circle() {
        let mesh =
            PolarGrid::disc(50.0, 64, 1.0).mesh(Part::new("ground", "ground"), &|x, z| 0.1 * x - 0.05 * z);
        let up = |t: &[u32; 3]| {
            let [a, b, c] = t.map(|v| mesh.positions[v as usize]);
            (b - a).cross(c - a).y
        };
        assert!(mesh.triangles.iter().all(|t| up(t) > 0.0));
        let area: f64 = mesh.triangles.iter().map(|t| up(t) * 0.5).sum();
        assert!((area / (scalar::PI * 2500.0) - 1.0).abs() < 0.02, "{area}");
        let seen = height_of_mesh(&mesh.positions, &mesh.triangles, 3.0, -7.0).expect("inside");
        assert!((seen - 0.65).abs() < 1e-9);
    }

    #[test]
    fn heights_of_nonsense_are_zero() {
        let field = HeightField::new(|x, z| x + z);
        assert_eq!(field.ground_height(f64::NAN, 1.0), 0.0);
        assert_eq!(field.ground_height(1.0, f64::INFINITY), 0.0);
        assert!((field.slope(1.0, 1.0, 0.5) - 2.0_f64.sqrt()).abs() < 1e-9);
    }
}
