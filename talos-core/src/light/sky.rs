//! The painted sky: gradient, glow, disc, stars and clouds, as radiance by direction.

use rayon::prelude::*;

use super::clouds::Clouds;
use super::hours::{Hour, Veil};
use super::rays::Rays;
use super::stars::Stars;
use crate::artefact::{Place, PlaceKind, StyleProfile, TimeOfDay};
use crate::camera::{FrameSize, Projection};
use crate::image::Image;
use crate::math::scalar::{self, single::smoothstep};
use crate::math::{Vec2, Vec3};
use crate::palette::{Oklch, linear_from_hex, luminance, to_gamut, treat};
use crate::random::Seed;

/// The sky of a film: everything that does not depend on the camera.
#[derive(Clone, Debug)]
pub struct Sky {
    zenith: Vec3,
    middle: Vec3,
    horizon: Vec3,
    ground: Vec3,
    glow: Vec3,
    glow_strength: f32,
    city_glow: Vec3,
    disc: Disc,
    clouds: Clouds,
    stars: Stars,
}

/// Sun or moon.
#[derive(Clone, Copy, Debug)]
struct Disc {
    direction: Vec3,
    /// Angular radius, radians; 0 for none.
    radius: f32,
    color: Vec3,
    moon: bool,
    key: u32,
}

/// A style's version of a painted colour.
pub(crate) fn painted(hex: &str, grey: f64, factor: f64, style: &StyleProfile) -> Vec3 {
    let linear = linear_from_hex(hex).unwrap_or([0.5; 3]);
    let level = luminance(linear);
    // overcast is not neutral: a breath of the hour's blue stays
    let veiled = [0.94, 1.0, 1.10].map(|tint| level * tint);
    let mixed = [0, 1, 2].map(|i| (linear[i] + (veiled[i] - linear[i]) * grey) * factor);
    let color = to_gamut(treat(Oklch::from_linear(mixed), &style.palette, false));
    Vec3::new(color[0] as f32, color[1] as f32, color[2] as f32)
}

/// Unit direction of an azimuth (from +Z towards +X) and an elevation, radians.
#[must_use]
pub fn direction(azimuth: f64, elevation: f64) -> Vec3 {
    let (sin_a, cos_a) = scalar::sin_cos(azimuth);
    let (sin_e, cos_e) = scalar::sin_cos(elevation);
    Vec3::new((sin_a * cos_e) as f32, sin_e as f32, (cos_a * cos_e) as f32)
}

impl Sky {
    /// Angular radius of the moon. Twelve times the real one: as large as background artists paint
    /// it, so that it reads at once; larger would dwarf the subjects.
    const MOON_RADIUS_DEG: f64 = 3.1;
    /// Angular radius of the sun, painted large too.
    const SUN_RADIUS_DEG: f64 = 2.2;

    /// The sky of a place in a style. `azimuth` is where the sun or moon stands, radians from +Z
    /// towards +X; its elevation follows the hour.
    #[must_use]
    pub fn new(place: &Place, style: &StyleProfile, azimuth: f64, seed: Seed) -> Self {
        let hour = Hour::of(place.time_of_day);
        let elevation = hour.disc_elevation.to_radians();
        Self::with_elevation(place, style, azimuth, elevation, seed)
    }

    /// The sky with its sun or moon at a chosen elevation, radians.
    #[must_use]
    pub fn with_elevation(
        place: &Place,
        style: &StyleProfile,
        azimuth: f64,
        elevation: f64,
        seed: Seed,
    ) -> Self {
        let (hour, veil) = (Hour::of(place.time_of_day), Veil::of(place.weather));
        let paint = |hex: &str| painted(hex, veil.grey, veil.sky, style);
        let night = matches!(place.time_of_day, TimeOfDay::Night | TimeOfDay::Dusk);
        let horizon = paint(hour.horizon);
        let toward = direction(azimuth, elevation);
        let city = place.kind == PlaceKind::City && hour.darkness > 0.5;
        let seed_word = seed.stream("light/sky").word(0) as u32;
        Self {
            zenith: paint(hour.zenith),
            middle: paint(hour.middle),
            horizon,
            ground: horizon * 0.55,
            glow: paint(hour.glow),
            glow_strength: (hour.glow_strength * (1.0 - 0.75 * veil.grey)) as f32,
            city_glow: if city { paint("#b4687c") * 0.20 } else { Vec3::ZERO },
            disc: Disc::new(toward, night, &veil, hour, style, seed_word),
            clouds: Clouds::new(hour, &veil, style, toward, seed_word ^ 0x00c1_0d5e),
            stars: Stars::new(seed, hour.darkness * (1.0 - veil.grey), style),
        }
    }

    /// Unit direction to the sun or moon.
    #[must_use]
    pub fn disc_direction(&self) -> Vec3 {
        self.disc.direction
    }

    /// The cloudless sky without its disc: what water mirrors and haze fades to.
    #[must_use]
    pub fn gradient(&self, d: Vec3) -> Vec3 {
        let up = d.y.max(0.0);
        let low = smoothstep(0.0, 0.34, up);
        let high = smoothstep(0.16, 0.86, up);
        let mut color = self.horizon.lerp(self.middle, low).lerp(self.zenith, high);
        // 1 − cos of the angle to the disc: a rational falloff needs no transcendental function
        let off = 1.0 - d.dot(self.disc.direction);
        let wide = 1.0 / (1.0 + off * off * 14.0);
        let near = 1.0 / (1.0 + off * off * 1800.0);
        let level = smoothstep(0.55, 0.0, up);
        let share = self.glow_strength * wide * (0.10 + 0.55 * level);
        color = color.lerp(self.glow, share.min(0.85)) + self.glow * (self.glow_strength * near * 0.45);
        let haze = (1.0 - up / 0.42).max(0.0);
        color += self.city_glow * haze * haze;
        if d.y < 0.0 {
            color = color.lerp(self.ground, smoothstep(0.0, 0.35, -d.y));
        }
        color
    }

    /// Radiance in a direction at a time, as seen by a pixel of angular size `footprint` radians.
    #[must_use]
    pub fn radiance(&self, d: Vec3, footprint: f32, time_s: f64) -> [f32; 3] {
        let (smooth, open) = self.smooth(d, time_s);
        let stars = self.stars.radiance(d, footprint);
        (smooth + (self.disc.radiance(d, footprint) + stars) * open).to_array()
    }

    /// Gradient and clouds, and the share of what lies behind the clouds that is seen.
    fn smooth(&self, d: Vec3, time_s: f64) -> (Vec3, f32) {
        let base = self.gradient(d);
        let cloud = self.clouds.sample(d, time_s);
        (base.lerp(cloud.color, cloud.cover), 1.0 - cloud.cover)
    }

    /// The sky of a frame, opaque. `needed` tells, for pixels of the half-size grid (rounded up), whether
    /// any of their sky is seen; elsewhere the image is left transparent.
    #[must_use]
    pub fn render(
        &self,
        projection: &Projection,
        size: FrameSize,
        time_s: f64,
        needed: &(dyn Fn(u32, u32) -> bool + Sync),
    ) -> Image {
        let rays = Rays::new(projection);
        let (half_w, half_h) = (size.width.div_ceil(2) + 1, size.height.div_ceil(2) + 1);
        // half-size grid of nodes at even pixel corners: clouds and gradient are soft
        let nodes: Vec<(Vec3, f32)> = (0..half_h)
            .into_par_iter()
            .flat_map_iter(|y| {
                (0..half_w).map(move |x| {
                    let touched = [(0, 0), (1, 0), (0, 1), (1, 1)]
                        .iter()
                        .any(|&(dx, dy)| x >= dx && y >= dy && needed(x - dx, y - dy));
                    if touched {
                        self.smooth(rays.unit(x as f32 * 2.0, y as f32 * 2.0), time_s)
                    } else {
                        (Vec3::ZERO, 0.0)
                    }
                })
            })
            .collect();
        let mut image = Image::new(size);
        let footprint = rays.pixel_angle();
        image
            .pixels
            .par_chunks_mut(size.width as usize)
            .enumerate()
            .for_each(|(y, row)| {
                for (x, pixel) in row.iter_mut().enumerate() {
                    if needed(x as u32 / 2, y as u32 / 2) {
                        let (smooth, open) = bilinear(&nodes, half_w as usize, x, y);
                        let disc = self.disc.radiance_near(&rays, x, y, footprint);
                        let color = smooth + disc * open;
                        // the alpha carries the open share until the stars are in
                        *pixel = [color.x, color.y, color.z, open];
                    }
                }
            });
        self.stars.draw(projection, &mut image);
        image.pixels.par_iter_mut().enumerate().for_each(|(i, p)| {
            let (x, y) = (i as u32 % size.width, i as u32 / size.width);
            p[3] = if needed(x / 2, y / 2) { 1.0 } else { 0.0 };
        });
        image
    }
}

/// The node grid at the centre of pixel (x, y): a quarter or three quarters between nodes.
fn bilinear(nodes: &[(Vec3, f32)], width: usize, x: usize, y: usize) -> (Vec3, f32) {
    let at = Vec2::new((x as f32 + 0.5) * 0.5, (y as f32 + 0.5) * 0.5);
    let (i, j) = (at.x as usize, at.y as usize);
    let t = at - at.floor();
    let node = |dx: usize, dy: usize| nodes[(j + dy) * width + i + dx];
    let mix = |a: (Vec3, f32), b: (Vec3, f32), t: f32| (a.0.lerp(b.0, t), a.1 + (b.1 - a.1) * t);
    mix(
        mix(node(0, 0), node(1, 0), t.x),
        mix(node(0, 1), node(1, 1), t.x),
        t.y,
    )
}

impl Disc {
    fn new(direction: Vec3, night: bool, veil: &Veil, hour: &Hour, style: &StyleProfile, key: u32) -> Self {
        let seen = veil.grey < 0.7;
        let degrees = if night {
            Sky::MOON_RADIUS_DEG
        } else {
            Sky::SUN_RADIUS_DEG
        };
        let hex = if night { "#f4f2e2" } else { hour.key };
        // above paper white, so that bloom takes it up
        let strength = if night { 1.06 } else { 2.6 } * (1.0 - veil.grey) as f32;
        let radius = if seen { degrees.to_radians() as f32 } else { 0.0 };
        Self {
            direction,
            radius,
            color: painted(hex, 0.0, 1.0, style) * strength,
            moon: night,
            key,
        }
    }

    /// Radiance of the disc in a direction: an edge one pixel wide, on the moon its seas.
    fn radiance(&self, d: Vec3, footprint: f32) -> Vec3 {
        // for small angles |d − direction| is the angle
        let away = (d - self.direction).length();
        let edge = footprint.max(1e-5) * 0.75;
        let cover = 1.0 - smoothstep(self.radius - edge, self.radius + edge, away);
        if cover <= 0.0 || self.radius <= 0.0 {
            return Vec3::ZERO;
        }
        if !self.moon {
            return self.color * cover;
        }
        let (right, up) = self.direction.any_orthonormal_pair();
        let on_face = Vec2::new(d.dot(right), d.dot(up)) / self.radius;
        let seas = super::noise::fbm2(on_face * 1.7 + Vec2::splat(3.1), 3, self.key);
        let shade = 1.0 - 0.30 * smoothstep(0.49, 0.57, seas) - 0.08 * on_face.length_squared();
        self.color * (shade * cover)
    }

    fn radiance_near(&self, rays: &Rays, x: usize, y: usize, footprint: f32) -> Vec3 {
        if self.radius <= 0.0 {
            return Vec3::ZERO;
        }
        let d = rays.unit(x as f32 + 0.5, y as f32 + 0.5);
        if d.dot(self.direction) < 0.99 {
            Vec3::ZERO
        } else {
            self.radiance(d, footprint)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::artefact::{GroundCover, Weather};
    use crate::camera::{Camera, FilmBack, Lens};
    use crate::math::DVec3;

    fn place(time_of_day: TimeOfDay, weather: Weather) -> Place {
        Place {
            kind: PlaceKind::City,
            above: true,
            ground_cover: GroundCover::Bare,
            time_of_day,
            weather,
        }
    }

    #[test]
    fn every_sky_is_finite_in_every_direction() {
        let times = [
            TimeOfDay::Dawn,
            TimeOfDay::Day,
            TimeOfDay::Sunset,
            TimeOfDay::Dusk,
            TimeOfDay::Night,
        ];
        for style in StyleProfile::built_in() {
            for time in times {
                for weather in [Weather::Clear, Weather::Rain, Weather::Fog] {
                    let sky = Sky::new(&place(time, weather), &style, 0.4, Seed(1));
                    let axes = [Vec3::X, Vec3::Y, Vec3::Z].into_iter().flat_map(|a| [a, -a]);
                    for d in axes.chain((0..40).map(|i| direction(f64::from(i), f64::from(i) * 0.07 - 1.4))) {
                        let radiance = sky.radiance(d, 1e-3, 2.0);
                        assert!(
                            radiance.iter().all(|x| x.is_finite() && *x >= 0.0),
                            "{d} {radiance:?}"
                        );
                    }
                }
            }
        }
    }

    #[test]
    fn night_is_blue_and_dark_but_not_black_and_the_moon_is_bright() {
        let style = StyleProfile::named("ghibli").expect("known");
        let sky = Sky::new(&place(TimeOfDay::Night, Weather::Clear), &style, 0.0, Seed(1));
        let up = sky.gradient(Vec3::Y);
        assert!(up.z > up.x * 1.5 && up.z > 0.01 && up.z < 0.2, "{up}");
        let moon = sky.disc.radiance(sky.disc_direction(), 1e-3);
        assert!(moon.min_element() > 0.45, "{moon}");
    }

    #[test]
    fn a_rendered_pixel_agrees_with_the_radiance_of_its_direction() {
        let style = StyleProfile::named("ghibli").expect("known");
        let sky = Sky::new(&place(TimeOfDay::Sunset, Weather::Clear), &style, 0.0, Seed(1));
        let size = FrameSize {
            width: 160,
            height: 90,
        };
        let camera = Camera {
            film_back: FilmBack::full_frame(size),
            lens: Lens::default(),
            position: DVec3::new(0.0, 2.0, 0.0),
            orientation: Camera::looking(DVec3::ZERO, DVec3::new(1.0, 0.4, 2.0), 0.0),
        };
        let projection = camera.projection(size);
        let image = sky.render(&projection, size, 1.0, &|_, _| true);
        let rays = Rays::new(&projection);
        for (x, y) in [(0, 0), (80, 45), (159, 89), (20, 70)] {
            let exact = sky.radiance(rays.unit(x as f32 + 0.5, y as f32 + 0.5), rays.pixel_angle(), 1.0);
            let drawn = image.row(y)[x as usize];
            assert!(
                (0..3).all(|c| (exact[c] - drawn[c]).abs() < 0.04),
                "{x},{y}: {exact:?} {drawn:?}"
            );
        }
    }
}
