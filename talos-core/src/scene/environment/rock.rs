//! Rocks: balls cut by random planes, their edges rounded.

use super::sculpt::{Detail, Dice, add_surface, icosphere, snow_cap};
use crate::geometry::{Mesh, Part, Pattern};
use crate::math::DVec3;
use crate::random::Stream;

/// A rock of about one metre's radius around the origin; stretch and sink it by its transform.
pub(super) fn rock(detail: Detail, slot: &str, snowy: bool, stream: &Stream) -> Mesh {
    let mut dice = Dice::new(*stream);
    let planes: Vec<(DVec3, f64)> = (0..11)
        .map(|_| (direction(&mut dice), dice.range(0.62, 0.95)))
        .collect();
    let subdivisions = match detail {
        Detail::Near => 3,
        Detail::Mid => 2,
        Detail::Far => 1,
    };
    let (mut points, faces) = icosphere(subdivisions);
    for p in &mut points {
        *p *= radius(&planes, *p);
    }
    let mut mesh = Mesh::default();
    let part = mesh.add_part(Part {
        pattern: Pattern::Flecks { scale_m: 0.5 },
        ..Part::new("rock", slot)
    });
    add_surface(&mut mesh, part, &points, &faces);
    if snowy {
        snow_cap(&mut mesh, part, 0.6);
    }
    mesh
}

fn direction(dice: &mut Dice) -> DVec3 {
    let p = DVec3::new(
        dice.range(-1.0, 1.0),
        dice.range(-0.6, 1.0),
        dice.range(-1.0, 1.0),
    );
    p.normalize_or(DVec3::Y)
}

/// Distance from the centre to the smoothed intersection of the half-spaces.
fn radius(planes: &[(DVec3, f64)], direction: DVec3) -> f64 {
    planes.iter().fold(1.12, |r, &(normal, offset)| {
        let facing = normal.dot(direction);
        if facing < 0.05 {
            r
        } else {
            crate::geometry::smooth_union(r, offset / facing, 0.10)
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::Seed;

    #[test]
    fn rocks_are_solid_and_differ() {
        let stream = Seed(1).stream("rock");
        let a = rock(Detail::Near, "rock", true, &stream.item(0));
        let b = rock(Detail::Near, "rock", true, &stream.item(1));
        assert_ne!(a.positions, b.positions);
        assert!(a.positions.iter().all(|p| p.length() > 0.4 && p.length() < 1.2));
        assert!(a.parts.iter().any(|p| p.slot == "snow"));
    }
}
