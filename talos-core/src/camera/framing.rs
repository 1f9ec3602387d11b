//! Framing: how far the camera stands so that what must be seen fills its share of the frame.

use super::view::View;
use super::{FilmBack, Region};
use crate::math::{DVec2, DVec3, roots, scalar};

/// The frame through a lens: its size at a distance of one metre.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Window {
    /// Width over distance.
    pub width: f64,
    /// Height over distance.
    pub height: f64,
}

impl Window {
    /// The window of a film back behind a lens.
    #[must_use]
    pub fn new(back: FilmBack, focal_length_mm: f64) -> Self {
        Self {
            width: back.width_mm / focal_length_mm,
            height: back.height_mm / focal_length_mm,
        }
    }
}

/// What a framing asks for.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct FrameGoal {
    /// Share of the frame's height (or width, whichever is reached first) that the region fills.
    pub fill: f64,
    /// Where its centre appears: shares of the frame's width and height from the middle, x to the
    /// right, y up. A third line is at ±1/6.
    pub placement: DVec2,
}

/// A solved framing.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Framing {
    /// Depth of the region's centre, metres.
    pub distance_m: f64,
    /// Where the camera stands.
    pub position: DVec3,
    /// What is missing, as a share of the frame's height: |filled − asked|.
    pub residual: f64,
}

/// Extent in the frame, shares from its middle, x to the right, y up.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Extent {
    /// Left and bottom.
    pub low: DVec2,
    /// Right and top.
    pub high: DVec2,
}

impl Extent {
    /// The extent of points; `None` when one is not in front of the camera.
    #[must_use]
    pub fn of(points: &[DVec3], eye: DVec3, view: &View, window: Window) -> Option<Self> {
        let start = Self {
            low: DVec2::INFINITY,
            high: DVec2::NEG_INFINITY,
        };
        points.iter().try_fold(start, |extent, p| {
            let q = view.resolve(*p - eye);
            (q.z < -NEAR_M).then(|| {
                let at = DVec2::new(q.x / window.width, q.y / window.height) / -q.z;
                Self {
                    low: extent.low.min(at),
                    high: extent.high.max(at),
                }
            })
        })
    }

    /// Width and height as shares of the frame's.
    #[must_use]
    pub fn size(&self) -> DVec2 {
        self.high - self.low
    }
}

/// Nearer than this to the lens nothing is framed, metres.
const NEAR_M: f64 = 0.05;
/// Farther than this a subject is a dot whatever its size, metres.
const FAR_M: f64 = 1e7;
/// A figure seen from straight above keeps at least this share of the scale it has from the side;
/// less, and an overhead shot of a person would fill the frame with a crown.
const FORESHORTENING_FLOOR: f64 = 0.5;

/// The share of the frame that a region fills from a distance: the larger of height and width.
/// Infinite when part of it is not in front of the camera.
#[must_use]
pub fn filled(region: &Region, eye: DVec3, view: &View, window: Window) -> f64 {
    let depth = view.resolve(eye - region.centre).z;
    match Extent::of(&region.points(), eye, view, window) {
        Some(extent) if depth > NEAR_M => {
            let upright = FORESHORTENING_FLOOR * region.height_m / (depth * window.height);
            extent.size().max_element().max(upright)
        }
        _ => f64::INFINITY,
    }
}

/// The eye that sees `target` at `placement` from `distance_m`.
#[must_use]
pub fn eye_at(target: DVec3, view: &View, window: Window, placement: DVec2, distance_m: f64) -> DVec3 {
    let shift = DVec3::new(placement.x * window.width, placement.y * window.height, -1.0);
    target - view.compose(shift * distance_m)
}

/// One subject: the camera looks along the view, the region's centre appears exactly at its
/// placement, and the distance is the one at which the region fills its share.
#[must_use]
pub fn frame_one(region: &Region, view: &View, window: Window, goal: FrameGoal) -> Framing {
    frame_largest(core::slice::from_ref(region), region.centre, view, window, goal)
}

/// Several subjects: `anchor` appears at the placement, and the largest of them fills the share.
#[must_use]
pub fn frame_largest(
    regions: &[Region],
    anchor: DVec3,
    view: &View,
    window: Window,
    goal: FrameGoal,
) -> Framing {
    let eye = |distance: f64| eye_at(anchor, view, window, goal.placement, distance);
    let largest = |eye: DVec3| {
        regions
            .iter()
            .map(|r| filled(r, eye, view, window))
            .fold(0.0, f64::max)
    };
    let excess = |log_distance: f64| largest(eye(scalar::exp(log_distance))) - goal.fill;
    // all of it stays in front of the lens: nearer than that it fills nothing
    let points = regions.iter().flat_map(Region::points);
    let reach = points.map(|p| view.resolve(p - anchor).z).fold(0.0, f64::max);
    let nearest = reach * (1.0 + 1e-9) + 2.0 * NEAR_M;
    let distance_m = scalar::exp(roots::bisect(excess, scalar::ln(nearest), scalar::ln(FAR_M)));
    let position = eye(distance_m);
    Framing {
        distance_m,
        position,
        residual: (largest(position) - goal.fill).abs(),
    }
}

/// How a camera is displaced from its framing at some moment of a move.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Displacement {
    /// Placement of the anchor, shares of the frame, with trucks and pans included.
    pub placement: DVec2,
    /// Factor on the distance.
    pub distance_scale: f64,
    /// Roll about the view axis, radians.
    pub roll: f64,
}

/// The least distance from `anchor` at which every point lies within the middle `margin` of the
/// frame: for points the conditions are linear in the distance, so this is exact.
#[must_use]
pub fn holding_distance(
    points: &[DVec3],
    anchor: DVec3,
    view: &View,
    window: Window,
    moved: &Displacement,
    margin: f64,
) -> f64 {
    let (sin, cos) = scalar::sin_cos(moved.roll);
    let turn = |x: f64, y: f64| [cos * x - sin * y, sin * x + cos * y];
    let drift = turn(
        moved.placement.x * window.width,
        moved.placement.y * window.height,
    );
    let half = [0.5 * margin * window.width, 0.5 * margin * window.height];
    let mut least = NEAR_M;
    for p in points {
        let q = view.resolve(*p - anchor);
        least = least.max((q.z + 2.0 * NEAR_M) / moved.distance_scale);
        let at = turn(q.x, q.y);
        for axis in 0..2 {
            for side in [-1.0, 1.0] {
                // side·(at + drift·d) ≤ half·(scale·d − q.z), solved for d
                let slope = half[axis] * moved.distance_scale - side * drift[axis];
                // a placement outside the margin cannot be held: a floor keeps the answer finite
                let slope = slope.max(0.1 * half[axis]);
                least = least.max((side * at[axis] + half[axis] * q.z) / slope);
            }
        }
    }
    least.min(FAR_M)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::camera::{Camera, FrameSize, Lens, SubjectBounds, view::orientation};
    use crate::random::Seed;

    const SIZE: FrameSize = FrameSize {
        width: 1920,
        height: 1080,
    };

    fn camera(eye: DVec3, yaw: f64, elevation: f64, focal: f64, size: FrameSize) -> Camera {
        Camera {
            film_back: FilmBack::full_frame(size),
            lens: Lens {
                focal_length_mm: focal,
                ..Lens::default()
            },
            position: eye,
            orientation: orientation(yaw, -elevation, 0.0),
        }
    }

    #[test]
    fn random_subjects_fill_their_share_where_they_were_placed() {
        for i in 0..300 {
            let s = Seed(5).stream("test/framing").item(i);
            let foot = DVec3::new(
                s.range(0, -50.0, 50.0),
                s.range(1, -5.0, 90.0),
                s.range(2, -50.0, 50.0),
            );
            let subject = SubjectBounds::standing(foot, s.range(3, 1.2, 30.0), DVec3::Z);
            let region = subject.part(s.unit(4));
            let (yaw, elevation) = (s.range(5, -4.0, 4.0), s.range(6, -0.9, 0.9));
            let focal = s.range(7, 14.0, 200.0);
            let size = if i % 3 == 0 {
                FrameSize {
                    width: 1080,
                    height: 1920,
                }
            } else {
                SIZE
            };
            let window = Window::new(FilmBack::full_frame(size), focal);
            let goal = FrameGoal {
                fill: s.range(8, 0.05, 1.2),
                placement: DVec2::new(s.range(9, -0.17, 0.17), s.range(10, -0.17, 0.17)),
            };
            let framing = frame_one(&region, &View::from_angles(yaw, elevation), window, goal);
            assert!(framing.residual < 1e-6, "{i}: {framing:?}");
            let projection = camera(framing.position, yaw, elevation, focal, size).projection(size);
            let frame = DVec2::new(f64::from(size.width), f64::from(size.height));
            let at = projection.project(region.centre).expect("in front") / frame - 0.5;
            assert!((at - DVec2::new(goal.placement.x, -goal.placement.y)).length() < 1e-6);
            let pixels = region
                .points()
                .map(|p| projection.project(p).expect("in front") / frame);
            let low = pixels.iter().fold(DVec2::INFINITY, |a, b| a.min(*b));
            let high = pixels.iter().fold(DVec2::NEG_INFINITY, |a, b| a.max(*b));
            assert!(((high - low).max_element() - goal.fill).abs() < 0.02, "{i}");
        }
    }

    #[test]
    fn holding_is_exact_and_tight() {
        for i in 0..200 {
            let s = Seed(6).stream("test/hold").item(i);
            let points: Vec<DVec3> = (0..6)
                .map(|k| {
                    DVec3::new(
                        s.range(3 * k, -9.0, 9.0),
                        s.range(3 * k + 1, -4.0, 4.0),
                        s.range(3 * k + 2, -9.0, 9.0),
                    )
                })
                .collect();
            let view = View::from_angles(s.range(90, -3.0, 3.0), s.range(91, -1.0, 1.0));
            let window = Window {
                width: 1.03,
                height: 0.58,
            };
            let placement = DVec2::new(s.range(92, -0.1, 0.1), s.range(93, -0.1, 0.1));
            let still = Displacement {
                placement,
                distance_scale: 1.0,
                roll: 0.0,
            };
            let d = holding_distance(&points, DVec3::ZERO, &view, window, &still, 0.9);
            let largest = |d: f64| {
                let eye = eye_at(DVec3::ZERO, &view, window, placement, d);
                let extent = Extent::of(&points, eye, &view, window).expect("in front");
                extent.high.max_element().max(-extent.low.min_element())
            };
            assert!(
                (largest(d) - 0.45).abs() < 1e-9 || d < 20.0 && largest(d) < 0.45,
                "{}",
                largest(d)
            );
            assert!(largest(d * 1.1) < 0.45);
        }
    }

    #[test]
    fn degenerate_regions_have_finite_framings() {
        let window = Window::new(FilmBack::full_frame(SIZE), 35.0);
        let goal = FrameGoal {
            fill: 0.8,
            placement: DVec2::ZERO,
        };
        for (height_m, radius_m) in [(0.0, 0.0), (1e-12, 0.0), (1e9, 1e9)] {
            let region = Region {
                centre: DVec3::ZERO,
                up: DVec3::Y,
                height_m,
                radius_m,
            };
            for elevation in [0.0, 0.5 * scalar::PI] {
                let framing = frame_one(&region, &View::from_angles(0.0, elevation), window, goal);
                assert!(
                    framing.position.is_finite() && framing.residual >= 0.0,
                    "{framing:?}"
                );
            }
        }
    }
}
