//! What the camera has to see of a subject.

use crate::math::{DVec3, scalar};

/// Where a subject is and how large, at one instant: a cylinder about its upright axis, and its head.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SubjectBounds {
    /// Middle of the body, metres.
    pub centre: DVec3,
    /// Middle of the head.
    pub head: DVec3,
    /// Unit axis from feet to head (world up for most).
    pub up: DVec3,
    /// Extent along `up`, metres.
    pub height_m: f64,
    /// Half its extent across `up`: the largest distance of any part from the axis (a person 0.35, a
    /// dragon its wings).
    pub radius_m: f64,
    /// Radius of a sphere about the head.
    pub head_radius_m: f64,
    /// Direction it faces or moves in; only its horizontal part counts.
    pub heading: DVec3,
}

impl SubjectBounds {
    /// A standing figure: feet on `foot`, facing `heading`, with a person's proportions.
    #[must_use]
    pub fn standing(foot: DVec3, height_m: f64, heading: DVec3) -> Self {
        let head_radius_m = height_m / 15.0;
        Self {
            centre: foot + DVec3::Y * (0.5 * height_m),
            head: foot + DVec3::Y * (height_m - head_radius_m),
            up: DVec3::Y,
            height_m,
            radius_m: 0.2 * height_m,
            head_radius_m,
            heading,
        }
    }

    /// The same without NaN, infinities, negative or vanishing sizes.
    pub(super) fn sane(self) -> Self {
        let centre = finite_or(self.centre, DVec3::ZERO);
        let size = |x: f64| {
            if x.is_finite() {
                x.clamp(MIN_SIZE_M, MAX_SIZE_M)
            } else {
                1.0
            }
        };
        let height_m = size(self.height_m);
        Self {
            centre,
            head: finite_or(self.head, centre),
            up: finite_or(self.up, DVec3::Y).try_normalize().unwrap_or(DVec3::Y),
            height_m,
            radius_m: size(self.radius_m),
            head_radius_m: size(self.head_radius_m).min(0.5 * height_m.max(self.radius_m)),
            heading: finite_or(self.heading, DVec3::Z),
        }
    }

    /// The part that a shot frames (see [`super::ShotScale::part`]): between the head alone and all
    /// of the body, moving along the line from head to centre.
    #[must_use]
    pub fn part(&self, part: f64) -> Region {
        let head_share = (2.0 * self.head_radius_m / self.height_m).min(0.99);
        let q = scalar::saturate((part - head_share) / (1.0 - head_share));
        Region {
            centre: self.head.lerp(self.centre, q),
            up: self.up,
            height_m: scalar::lerp(2.0 * self.head_radius_m, self.height_m, q),
            radius_m: scalar::lerp(self.head_radius_m, self.radius_m, q),
        }
    }
}

/// Nothing is framed as if smaller than a pebble: a subject without height would pull the camera
/// into itself.
const MIN_SIZE_M: f64 = 0.02;
/// Nor larger than a mountain range.
const MAX_SIZE_M: f64 = 1e5;

fn finite_or(v: DVec3, otherwise: DVec3) -> DVec3 {
    if v.is_finite() { v } else { otherwise }
}

/// An upright cylinder that the frame has to show.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Region {
    /// Its middle.
    pub centre: DVec3,
    /// Unit axis.
    pub up: DVec3,
    /// Extent along the axis, metres.
    pub height_m: f64,
    /// Extent from the axis, metres.
    pub radius_m: f64,
}

impl Region {
    /// Points on its outline: eight on each rim and the two ends of the axis.
    #[must_use]
    pub fn points(&self) -> [DVec3; 18] {
        let across = self.up.any_orthonormal_vector();
        let along = self.up.cross(across);
        let half = self.up * (0.5 * self.height_m);
        core::array::from_fn(|i| {
            let end = if i % 2 == 0 { half } else { -half };
            if i >= 16 {
                return self.centre + end;
            }
            let (sin, cos) = scalar::sin_cos((i / 2) as f64 * scalar::TAU / 8.0);
            self.centre + end + (across * cos + along * sin) * self.radius_m
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_run_from_the_head_to_the_whole() {
        let person = SubjectBounds::standing(DVec3::ZERO, 1.7, DVec3::Z);
        let whole = person.part(1.0);
        assert_eq!((whole.centre, whole.height_m), (person.centre, 1.7));
        let head = person.part(0.0);
        assert_eq!(head.centre, person.head);
        // the upper half of a person: from the crown to the hip
        let half = person.part(0.5);
        assert!((half.height_m - 0.85).abs() < 1e-9);
        assert!(
            (half.centre.y + 0.5 * half.height_m - 1.7).abs() < 1e-9,
            "the crown is in frame"
        );
    }

    #[test]
    fn nonsense_becomes_finite() {
        let odd = SubjectBounds {
            centre: DVec3::NAN,
            head: DVec3::INFINITY,
            up: DVec3::ZERO,
            height_m: 0.0,
            radius_m: f64::NAN,
            head_radius_m: -1.0,
            heading: DVec3::NAN,
        };
        for part in [0.0, 0.5, 1.0] {
            assert!(odd.sane().part(part).points().iter().all(|p| p.is_finite()));
        }
    }
}
