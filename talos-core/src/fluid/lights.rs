//! Fire as a handful of point lights for what stands near it.
//!
//! The hot gas is laid along its principal axis and shared among lights by overlapping tents, each
//! light at the centre of its share. Shares, axis and centres change smoothly with the gas, so no
//! light pops: one that loses its gas fades out.

use super::look::FireLook;
use super::volume::FireVolume;
use crate::math::DVec3;

/// A light at a point.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PointLight {
    /// Where it is, world metres.
    pub position: DVec3,
    /// Linear Rec.709, its largest component 1.
    pub color: [f32; 3],
    /// Radiance times area over 4π: the irradiance on a surface facing it at `d` metres is about `intensity / d²`.
    pub intensity: f32,
    /// Radius of the fire it stands for, metres: nearer than this it does not grow brighter.
    pub radius_m: f64,
}

/// Most lights: six follow a bent jet; more cost shading time and add nothing to see.
pub const MAX_LIGHTS: usize = 6;

/// Temperature from which gas gives light.
const GLOWS: f64 = 0.3;

/// Light of a cubic metre of full flame: a breath in full force outshines the night around its own length.
const PER_CUBIC_METRE: f64 = 4.0;

/// Hot gas of a small region.
struct Ember {
    centre: DVec3,
    heat: f64,
}

/// Cells along the side of a region.
const REGION: usize = 4;

fn embers(volume: &FireVolume) -> Vec<Ember> {
    let cells = volume.cells.map(|n| n as usize);
    let regions = cells.map(|n| n.div_ceil(REGION));
    let mut sums = vec![(DVec3::ZERO, 0.0); regions.iter().product()];
    for (n, gas) in volume.gas.iter().enumerate() {
        let excess = f64::from(gas[0]) - GLOWS;
        if excess > 0.0 {
            let at = [n % cells[0], n / cells[0] % cells[1], n / (cells[0] * cells[1])];
            let region = at.map(|i| i / REGION);
            let sum = &mut sums[(region[2] * regions[1] + region[1]) * regions[0] + region[0]];
            let heat = excess * excess;
            sum.0 += DVec3::from_array(at.map(|i| i as f64 + 0.5)) * heat;
            sum.1 += heat;
        }
    }
    let world = |(sum, heat): (DVec3, f64)| Ember {
        centre: volume.origin + sum / heat * volume.cell_m,
        heat: heat * volume.cell_m * volume.cell_m * volume.cell_m,
    };
    sums.into_iter().filter(|s| s.1 > 0.0).map(world).collect()
}

/// Mean place, principal axis and spread along it.
fn principal(embers: &[Ember], total: f64) -> (DVec3, DVec3, f64) {
    let mean = embers.iter().map(|e| e.centre * e.heat).sum::<DVec3>() / total;
    let apply = |v: DVec3| {
        let image = |e: &Ember| (e.centre - mean) * ((e.centre - mean).dot(v) * e.heat);
        embers.iter().map(image).sum::<DVec3>() / total
    };
    // power iteration from a fixed start: a smooth function of the gas
    let mut axis = DVec3::new(1.0, 0.31, 0.17).normalize();
    for _ in 0..24 {
        axis = (apply(axis) + axis * 1e-6).normalize_or(axis);
    }
    (mean, axis, apply(axis).dot(axis).max(0.0).sqrt())
}

/// The lights of a fire, at most [`MAX_LIGHTS`], along its principal axis.
#[must_use]
pub fn fire_lights(volume: &FireVolume, look: &FireLook) -> Vec<PointLight> {
    let embers = embers(volume);
    let total: f64 = embers.iter().map(|e| e.heat).sum();
    if total <= 0.0 {
        return Vec::new();
    }
    let (mean, axis, spread) = principal(&embers, total);
    // tents over two spreads each way
    let last = (MAX_LIGHTS - 1) as f64;
    let spacing = (4.0 * spread / last).max(1e-3);
    let mut shares = [(DVec3::ZERO, 0.0, 0.0); MAX_LIGHTS];
    for ember in &embers {
        let along = ((ember.centre - mean).dot(axis) / spacing + last * 0.5).clamp(0.0, last);
        for (n, share) in shares.iter_mut().enumerate() {
            let weight = (1.0 - (along - n as f64).abs()).max(0.0) * ember.heat;
            share.0 += ember.centre * weight;
            share.1 += weight;
            share.2 += (ember.centre - mean).length_squared() * weight;
        }
    }
    let color = colour(look);
    let light = |(sum, heat, squares): (DVec3, f64, f64)| {
        let position = sum / heat;
        // mean square distance from its own centre
        let spread = (squares / heat - (position - mean).length_squared()).max(0.0);
        PointLight {
            position,
            color,
            intensity: (heat * PER_CUBIC_METRE) as f32,
            radius_m: spread.sqrt().max(volume.cell_m),
        }
    };
    shares.into_iter().filter(|s| s.1 > 0.0).map(light).collect()
}

/// What the flame's body and core shine together.
fn colour(look: &FireLook) -> [f32; 3] {
    let mut sum = [0.0; 3];
    for (n, out) in sum.iter_mut().enumerate() {
        *out = look.mid[n] + 0.35 * look.core[n];
    }
    let most = sum.iter().fold(1e-6_f32, |a, &b| a.max(b));
    sum.map(|x| (x / most).max(0.0))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fluid::{Emitter, FluidSetup, Simulation};

    #[test]
    fn lights_follow_the_fire_without_popping() {
        let setup = FluidSetup {
            cells: [48, 24, 24],
            ..FluidSetup::default()
        };
        let sim = Simulation::new(setup, |_| {
            vec![Emitter::fire(DVec3::new(3.0, 4.0, 5.4), DVec3::X, 1.1, 18.0, 1.0)]
        })
        .expect("a good setup");
        let look = FireLook::default();
        let mut state = sim.start().expect("a good setup");
        assert!(fire_lights(&state.export(&setup), &look).is_empty());
        // light on a wall of points, from frame to frame
        let lit = |lights: &[PointLight], p: DVec3| -> f64 {
            let one = |l: &PointLight| f64::from(l.intensity) / (l.position - p).length_squared();
            lights.iter().map(one).sum()
        };
        let mut before: Option<Vec<PointLight>> = None;
        for _ in 0..14 {
            state = sim.advance(&state).expect("good emitters").0;
            let lights = fire_lights(&state.export(&setup), &look);
            assert!((1..=MAX_LIGHTS).contains(&lights.len()));
            assert!(
                lights
                    .iter()
                    .all(|l| l.position.is_finite() && l.intensity >= 0.0)
            );
            for i in 0..6 {
                let p = DVec3::new(2.0 + 3.0 * f64::from(i), -6.0, 5.0);
                if let Some(before) = before.as_ref().filter(|_| state.tick() > 4) {
                    let (was, is) = (lit(before, p), lit(&lights, p));
                    assert!(
                        (is - was).abs() < 0.35 * was.max(is),
                        "{} {was} {is}",
                        state.tick()
                    );
                }
            }
            before = Some(lights);
        }
    }
}
