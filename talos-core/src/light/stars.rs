//! Stars: seeded directions with a magnitude, drawn as small antialiased points.

use crate::artefact::StyleProfile;
use crate::camera::Projection;
use crate::image::Image;
use crate::math::{DVec3, Vec3, scalar};
use crate::palette::treat_light;
use crate::random::Seed;

/// The stars of a sky.
#[derive(Clone, Debug)]
pub(super) struct Stars {
    stars: Vec<Star>,
}

#[derive(Clone, Copy, Debug)]
struct Star {
    direction: DVec3,
    color: Vec3,
}

impl Stars {
    /// Stars over the upper half. More crowd the sky into noise at video bit rates; fewer look like faults.
    const COUNT: u64 = 1500;
    /// Radius of a star's spot in pixels at 1080 lines: two samples wide, so that it glides, not blinks.
    const SPOT_PX: f64 = 1.1;

    /// Stars of a brightness in [0, 1]; none at 0.
    pub(super) fn new(seed: Seed, brightness: f64, style: &StyleProfile) -> Self {
        let stream = seed.stream("light/stars");
        let words = stream.words(4 * Self::COUNT as usize);
        let unit = |i: u64, k: u64| (words[(4 * i + k) as usize] >> 11) as f64 / 9_007_199_254_740_992.0;
        let star = |i: u64| {
            let (y, azimuth) = (unit(i, 0), scalar::TAU * unit(i, 1));
            let (sin, cos) = scalar::sin_cos(azimuth);
            let flat = (1.0 - y * y).max(0.0).sqrt();
            // few bright, many faint; dimmed through the thick air near the horizon
            let faint = unit(i, 2);
            let strength = (0.05 + 0.9 * faint * faint * faint * faint * faint) * brightness * y.sqrt();
            let warm = unit(i, 3) - 0.5;
            let tint = treat_light([0.85 + 0.25 * warm, 0.92, 1.0 - 0.3 * warm], &style.palette);
            let color = Vec3::new(tint[0] as f32, tint[1] as f32, tint[2] as f32) * strength as f32;
            Star {
                direction: DVec3::new(flat * sin, y, flat * cos),
                color,
            }
        };
        let count = if brightness > 0.05 { Self::COUNT } else { 0 };
        Self {
            stars: (0..count).map(star).collect(),
        }
    }

    /// Mean radiance of the stars within a footprint around a direction.
    pub(super) fn radiance(&self, d: Vec3, footprint: f32) -> Vec3 {
        let d = DVec3::new(f64::from(d.x), f64::from(d.y), f64::from(d.z));
        let reach = f64::from(footprint) * Self::SPOT_PX;
        let spot = |s: &Star| {
            let away = (s.direction - d).length() / reach;
            s.color * spot_weight(away) as f32
        };
        self.stars
            .iter()
            .filter(|s| s.direction.dot(d) > 0.999)
            .map(spot)
            .sum()
    }

    /// Adds the stars to a frame; its alpha tells how much of the sky behind the clouds is seen.
    pub(super) fn draw(&self, projection: &Projection, image: &mut Image) {
        let Some(centre) = projection.centre else { return };
        let reach = Self::SPOT_PX * image.size.scale().max(0.5);
        let (w, h) = (i64::from(image.size.width), i64::from(image.size.height));
        for star in &self.stars {
            let Some(at) = projection.project(centre + star.direction * 1.0e6) else {
                continue;
            };
            if !(at.x > -9.0 && at.y > -9.0 && at.x < w as f64 + 9.0 && at.y < h as f64 + 9.0) {
                continue;
            }
            let reach_px = reach.ceil() as i64;
            let (cx, cy) = (at.x.floor() as i64, at.y.floor() as i64);
            for y in (cy - reach_px).max(0)..(cy + reach_px + 1).min(h) {
                for x in (cx - reach_px).max(0)..(cx + reach_px + 1).min(w) {
                    let (dx, dy) = (x as f64 + 0.5 - at.x, y as f64 + 0.5 - at.y);
                    let weight = spot_weight((dx * dx + dy * dy).sqrt() / reach) as f32;
                    let pixel = &mut image.pixels[(y * w + x) as usize];
                    let add = star.color * (weight * pixel[3]);
                    *pixel = [pixel[0] + add.x, pixel[1] + add.y, pixel[2] + add.z, pixel[3]];
                }
            }
        }
    }
}

/// A round spot: 1 in its middle, 0 at distance 1 and beyond, smooth at both.
fn spot_weight(away: f64) -> f64 {
    let inside = (1.0 - away * away).max(0.0);
    inside * inside
}
