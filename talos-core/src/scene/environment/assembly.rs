//! Collecting props: models shared between instances, poses computed in parallel.

use std::sync::Arc;

use rayon::prelude::*;

use super::sculpt::Dice;
use super::{Environment, HeightField, StageArea};
use crate::geometry::{Mesh, Model};
use crate::math::{DAffine3, DQuat, DVec3, scalar};
use crate::random::Stream;
use crate::scene::SceneObject;

/// An upright box, metres.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Obstacle {
    /// Lower corner.
    pub low: DVec3,
    /// Upper corner.
    pub high: DVec3,
}

impl Obstacle {
    /// Distance from a point to the box, 0 inside.
    #[must_use]
    pub fn distance_m(&self, point: DVec3) -> f64 {
        (self.low - point)
            .max(point - self.high)
            .max(DVec3::ZERO)
            .length()
    }
}

/// Layers of static props, as the drawing names them.
pub(super) const BACKGROUND: &str = "background";
/// Props within reach of the stage.
pub(super) const MIDGROUND: &str = "midground";

/// Props nearer than this belong to the middle ground: about as far as a wide shot's subject stands from its camera, twice.
const MIDGROUND_REACH_M: f64 = 45.0;

/// The layer of a prop at this horizontal distance from the origin.
pub(super) fn layer_at(distance_m: f64) -> &'static str {
    if distance_m < MIDGROUND_REACH_M {
        MIDGROUND
    } else {
        BACKGROUND
    }
}

struct Placed {
    id: String,
    layer: &'static str,
    model: Arc<Model>,
    world_from_model: DAffine3,
}

/// A place being put together.
#[derive(Default)]
pub(super) struct Assembly {
    placed: Vec<Placed>,
    obstacles: Vec<Obstacle>,
}

impl Assembly {
    /// Adds an instance of a model.
    pub(super) fn place(
        &mut self,
        id: String,
        layer: &'static str,
        model: &Arc<Model>,
        world_from_model: DAffine3,
    ) {
        self.placed.push(Placed {
            id,
            layer,
            model: Arc::clone(model),
            world_from_model,
        });
    }

    /// Adds a mesh that stands where it was modelled.
    pub(super) fn stand(&mut self, id: &str, layer: &'static str, mesh: Mesh) {
        self.place(id.into(), layer, &shared(mesh), DAffine3::IDENTITY);
    }

    /// Adds a box that must not be entered.
    pub(super) fn block(&mut self, low: DVec3, high: DVec3) {
        self.obstacles.push(Obstacle { low, high });
    }

    /// Adds a box around an upright thing of this radius and height.
    pub(super) fn block_around(&mut self, foot: DVec3, radius_m: f64, height_m: f64) {
        let reach = DVec3::new(radius_m, 0.0, radius_m);
        self.block(foot - reach, foot + reach + DVec3::Y * height_m);
    }

    /// Poses everything.
    pub(super) fn finish(self, height: HeightField, stage: StageArea) -> Environment {
        let props = self
            .placed
            .into_par_iter()
            .map(|p| SceneObject {
                posed: Arc::new(p.model.posed(&p.model.skeleton.rest(), p.world_from_model)),
                id: p.id,
                layer: p.layer.into(),
                model: p.model,
            })
            .collect();
        Environment {
            props,
            height,
            stage,
            obstacles: self.obstacles,
        }
    }
}

/// A mesh as a model that instances share.
pub(super) fn shared(mesh: Mesh) -> Arc<Model> {
    let size = mesh.positions.iter().map(|p| p.y).fold(0.0, f64::max);
    Arc::new(Model::rigid(mesh, size))
}

/// Makes one mesh.
pub(super) type Maker = Box<dyn Fn() -> Mesh + Send + Sync>;

/// Models built in parallel from their meshes' makers, in order.
pub(super) fn models(makers: &[Maker]) -> Vec<Arc<Model>> {
    makers.par_iter().map(|make| shared(make())).collect()
}

/// World from model of something that stands at `foot`, turned about Y by `turn`, scaled evenly.
pub(super) fn standing(foot: DVec3, turn: f64, scale: f64) -> DAffine3 {
    DAffine3::from_scale_rotation_translation(DVec3::splat(scale), DQuat::from_rotation_y(turn), foot)
}

/// A place of a scatter with the draws of whatever stands there.
pub(super) struct Spot {
    /// East.
    pub(super) x: f64,
    /// South.
    pub(super) z: f64,
    /// Name that does not depend on the other spots.
    pub(super) name: String,
    /// Its own draws.
    pub(super) dice: Dice,
}

impl Spot {
    /// Distance from the origin.
    pub(super) fn distance_m(&self) -> f64 {
        scalar::hypot(self.x, self.z)
    }
}

/// One shaken spot in each cell of a grid of `spacing` metres within `reach` metres of the origin, kept
/// with the probability `density(x, z)`. A cell's draws depend on its place in the grid alone.
pub(super) fn scatter(
    stream: &Stream,
    spacing: f64,
    reach: f64,
    density: &dyn Fn(f64, f64) -> f64,
) -> Vec<Spot> {
    let cells = (reach / spacing).ceil() as i32;
    let mut spots = Vec::new();
    for j in -cells..=cells {
        for i in -cells..=cells {
            let cell = (u64::from((i + 5000) as u32) << 32) | u64::from((j + 5000) as u32);
            let mut dice = Dice::new(stream.item(cell));
            let x = (f64::from(i) + dice.range(-0.38, 0.38)) * spacing;
            let z = (f64::from(j) + dice.range(-0.38, 0.38)) * spacing;
            if x * x + z * z <= reach * reach && dice.chance(density(x, z)) {
                spots.push(Spot {
                    x,
                    z,
                    name: format!("{}_{}", axis_name(i, 'e', 'w'), axis_name(j, 's', 'n')),
                    dice,
                });
            }
        }
    }
    spots
}

fn axis_name(cell: i32, positive: char, negative: char) -> String {
    format!("{}{}", if cell < 0 { negative } else { positive }, cell.abs())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::Seed;

    #[test]
    fn distances_to_a_box() {
        let b = Obstacle {
            low: DVec3::ZERO,
            high: DVec3::ONE,
        };
        assert_eq!(b.distance_m(DVec3::splat(0.5)), 0.0);
        assert_eq!(b.distance_m(DVec3::new(3.0, 0.5, 0.5)), 2.0);
    }

    #[test]
    fn a_spot_does_not_depend_on_its_neighbours() {
        let stream = Seed(4).stream("scatter");
        let all = scatter(&stream, 5.0, 40.0, &|_, _| 1.0);
        let half = scatter(&stream, 5.0, 40.0, &|x, _| if x > 0.0 { 1.0 } else { 0.0 });
        assert!(half.len() > 40 && half.len() < all.len());
        for spot in &half {
            let same = all.iter().find(|s| s.name == spot.name).expect("same cell");
            assert_eq!((same.x, same.z), (spot.x, spot.z));
        }
    }
}
