//! Places: static geometry around a stage, built once for a film.
//!
//! A place is composed in depth: props beside the stage, a middle ground of
//! instances, and far silhouettes with few triangles. Action happens around
//! the origin: walkers follow [`StageArea::path`] towards +Z, fliers circle
//! [`StageArea::centre`]. Every prop draws from its own stream, so a further
//! one never shifts another's numbers. Weather and time of day change nothing
//! here but snow cover.
//!
//! Palette slots in use: `ground road path building building_b building_c roof
//! window_dark antenna lamp trunk leaf leaf_b bush grass flower rock rock_b snow
//! water foam cloud` (`ground_patch` comes in through `Pattern::Patches`).

mod assembly;
mod building;
mod city;
mod cloudscape;
mod field;
mod forest;
mod massing;
mod mountain;
mod noise;
mod range;
mod rock;
mod roof;
mod sculpt;
mod sea;
mod street;
mod terrain;
#[cfg(test)]
mod tests;
mod tree;
mod undergrowth;

use crate::artefact::{GroundCover, Place, PlaceKind, Weather};
use crate::digest::{Canonical, Digest};
use crate::math::DVec3;
use crate::random::Seed;
use crate::scene::SceneObject;

pub use assembly::Obstacle;
pub use terrain::HeightField;

/// A place, built: props posed in the world, the ground, and where the action goes.
#[derive(Clone, Debug)]
pub struct Environment {
    /// Static objects, ground and water included; ids are unique.
    pub props: Vec<SceneObject>,
    /// The ground (the water's mean surface at sea, the cloud tops in the sky).
    pub height: HeightField,
    /// Where the action goes.
    pub stage: StageArea,
    /// Boxes around what a camera or a subject must not enter.
    pub obstacles: Vec<Obstacle>,
}

/// The part of a place that is kept free for the action.
#[derive(Clone, Debug)]
pub struct StageArea {
    /// Middle of the flying volume, metres: above the origin at [`Self::flight_altitude_m`] over the ground.
    pub centre: DVec3,
    /// Radius of the clear air around the centre, metres; no prop reaches inside.
    pub radius_m: f64,
    /// Height of [`Self::centre`] over the ground at the origin, metres.
    pub flight_altitude_m: f64,
    /// The way of walkers.
    pub path: WalkPath,
}

/// A clear, gently sloped way on the ground through the origin, leading to +Z.
#[derive(Clone, Debug, PartialEq)]
pub struct WalkPath {
    points: Vec<DVec3>,
}

impl WalkPath {
    /// How far it runs to both sides of the origin, metres along Z.
    pub const HALF_LENGTH_M: f64 = 60.0;

    /// The path over a ground whose centre line is `x(z)`: a point each metre of Z.
    fn over(height: &HeightField, centre_x: impl Fn(f64) -> f64) -> Self {
        let half = Self::HALF_LENGTH_M as i32;
        let point = |k: i32| {
            let z = f64::from(k);
            let x = centre_x(z);
            DVec3::new(x, height.ground_height(x, z), z)
        };
        Self {
            points: (-half..=half).map(point).collect(),
        }
    }

    /// Points on the ground, one each metre of Z, from −60 m to +60 m.
    #[must_use]
    pub fn points(&self) -> &[DVec3] {
        &self.points
    }

    /// Where the path is at a distance along Z, limited to its ends; on the ground to within the
    /// ground's curvature over a metre.
    #[must_use]
    pub fn at(&self, z_m: f64) -> DVec3 {
        let last = self.points.len() - 1;
        let along = if z_m.is_finite() { z_m } else { 0.0 };
        let along = (along + Self::HALF_LENGTH_M).clamp(0.0, last as f64);
        let index = (along as usize).min(last - 1);
        self.points[index].lerp(self.points[index + 1], along - index as f64)
    }
}

/// What a place is built from besides its kind.
#[derive(Clone, Copy, Debug)]
struct Brief {
    seed: Seed,
    snowy: bool,
    /// Size of the largest subject, metres.
    subject_m: f64,
}

impl Brief {
    /// Half the width that stays free of props along the path, metres.
    fn clear_half_width_m(&self) -> f64 {
        (0.6 * self.subject_m).clamp(2.0, 14.0)
    }

    /// An altitude of at least `least_m` that leaves a flier room above the ground.
    fn altitude_m(&self, least_m: f64) -> f64 {
        least_m.max(2.5 * self.subject_m)
    }
}

impl Environment {
    /// Builds a place around a subject of this size. Sizes that are not finite or not positive
    /// count as a person's 1.7 m; others are limited to 0.1 … 40 m.
    #[must_use]
    pub fn build(place: &Place, seed: Seed, subject_size_m: f64) -> Self {
        let usable = subject_size_m.is_finite() && subject_size_m > 0.0;
        let brief = Brief {
            seed,
            snowy: place.ground_cover == GroundCover::Snow || place.weather == Weather::Snow,
            subject_m: if usable {
                subject_size_m.clamp(0.1, 40.0)
            } else {
                1.7
            },
        };
        match place.kind {
            PlaceKind::City => city::build(&brief),
            PlaceKind::Forest => forest::build(&brief),
            PlaceKind::Mountain => mountain::build(&brief),
            PlaceKind::Sea => sea::build(&brief),
            PlaceKind::Field => field::build(&brief),
            PlaceKind::Sky => cloudscape::build(&brief),
        }
    }

    /// Height of the ground at (x, z), metres.
    #[must_use]
    pub fn ground_height(&self, x: f64, z: f64) -> f64 {
        self.height.ground_height(x, z)
    }

    /// Distance from a point to the nearest obstacle or to the ground below it, metres; negative
    /// under the ground, 0 inside an obstacle.
    #[must_use]
    pub fn clearance_m(&self, point: DVec3) -> f64 {
        let ground = point.y - self.ground_height(point.x, point.z);
        self.obstacles
            .iter()
            .map(|o| o.distance_m(point))
            .fold(ground, f64::min)
    }

    /// Number of triangles of all props.
    #[must_use]
    pub fn triangle_count(&self) -> usize {
        self.props.iter().map(|p| p.model.mesh.triangles.len()).sum()
    }

    /// Digest of everything a picture depends on.
    #[must_use]
    pub fn digest(&self) -> Digest {
        let mut writer = Canonical::new("environment/1");
        for prop in &self.props {
            writer.text(&prop.id).text(&prop.layer);
            for p in &prop.posed.positions {
                writer.number(p.x).number(p.y).number(p.z);
            }
            let mesh = &prop.model.mesh;
            for uv in &mesh.uv {
                writer.number(uv.x).number(uv.y);
            }
            for (corners, &part) in mesh.triangles.iter().zip(&mesh.triangle_part) {
                corners.iter().for_each(|&v| _ = writer.integer(u64::from(v)));
                writer.integer(u64::from(part));
            }
            for part in &mesh.parts {
                writer
                    .text(&part.name)
                    .text(&part.slot)
                    .text(&format!("{:?}", part.pattern));
                writer
                    .number(part.crease_angle)
                    .integer(u64::from(part.two_sided));
            }
        }
        for p in self.stage.path.points() {
            writer.number(p.x).number(p.y).number(p.z);
        }
        writer
            .number(self.stage.flight_altitude_m)
            .number(self.stage.radius_m);
        writer.finish()
    }
}
