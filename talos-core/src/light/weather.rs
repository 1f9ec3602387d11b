//! Rain and snow: closed-form particles in boxes around the camera.
//!
//! A particle's place is its seeded place plus velocity times time, wrapped into a box that the camera
//! carries along; the wrap is in world coordinates, so particles stay where they are when the camera moves,
//! and any frame alone agrees with all.

use rayon::prelude::*;

use super::rig::LightRig;
use crate::artefact::Weather;
use crate::camera::{FrameSize, Projection};
use crate::image::Image;
use crate::math::{DVec2, DVec3, Vec3, scalar};
use crate::random::Seed;

/// One layer of particles by distance.
#[derive(Clone, Copy, Debug)]
struct Shell {
    /// Side of the wrapped box, metres.
    side_m: f64,
    count: usize,
}

/// How a kind of weather falls.
#[derive(Clone, Copy, Debug)]
struct Fall {
    velocity: DVec3,
    /// Share of speed that particles differ by.
    spread: f64,
    /// Radius of a drop or flake, metres; painted larger than life.
    radius_m: f64,
    /// Sideways swing, metres and turns a second.
    swing: (f64, f64),
    opacity: f64,
    /// Exposure, seconds: the length of streaks.
    shutter_s: f64,
}

/// A streak on the frame.
#[derive(Clone, Copy, Debug)]
struct Streak {
    from: DVec2,
    to: DVec2,
    radius_px: f64,
    alpha: f32,
    depth_m: f32,
}

/// Boxes from near to far. Near ones make a few large drops that give depth; far ones a veil.
const SHELLS: [Shell; 3] = [
    Shell {
        side_m: 7.0,
        count: 900,
    },
    Shell {
        side_m: 22.0,
        count: 5200,
    },
    Shell {
        side_m: 60.0,
        count: 9000,
    },
];
/// Nothing nearer to the lens than this is drawn: it would be a smear across the frame.
const NEAREST_M: f64 = 1.1;

impl Fall {
    /// `None` for weather in which nothing falls.
    fn of(weather: Weather) -> Option<Self> {
        let rain = Self {
            velocity: DVec3::new(-0.9, -9.0, 0.3),
            spread: 0.18,
            radius_m: 0.0022,
            swing: (0.0, 0.0),
            opacity: 0.56,
            shutter_s: 1.0 / 40.0,
        };
        match weather {
            Weather::Rain => Some(rain),
            Weather::Storm => Some(Self {
                velocity: DVec3::new(-6.0, -10.5, 1.5),
                opacity: 0.62,
                ..rain
            }),
            Weather::Snow => Some(Self {
                velocity: DVec3::new(-0.35, -1.15, 0.2),
                spread: 0.45,
                radius_m: 0.013,
                swing: (0.16, 0.35),
                opacity: 0.9,
                shutter_s: 1.0 / 240.0,
            }),
            _ => None,
        }
    }
}

/// Rain or snow before a frame, premultiplied; `None` in other weather. `depth_m` are the frame's depths,
/// row by row: particles behind a surface are hidden.
#[must_use]
pub fn weather_layer(
    weather: Weather,
    rig: &LightRig,
    projection: &Projection,
    size: FrameSize,
    time_s: f64,
    seed: Seed,
    depth_m: &[f32],
) -> Option<Image> {
    let fall = Fall::of(weather)?;
    let centre = projection.centre?;
    let streaks: Vec<Streak> = SHELLS
        .iter()
        .enumerate()
        .flat_map(|(index, shell)| {
            let words = seed
                .stream("light/weather")
                .item(index as u64)
                .words(4 * shell.count);
            (0..shell.count)
                .filter_map(move |i| streak(&fall, shell, &words[4 * i..], projection, size, centre, time_s))
        })
        .collect();
    // lit from everywhere: fill light, some key, and never darker than the night air shows it
    let light = rig.fill_sky * 0.85 + rig.key * 0.35 + Vec3::splat(0.03);
    let bands = rows_of(&streaks, size);
    let mut image = Image::new(size);
    let width = size.width as usize;
    image
        .pixels
        .par_chunks_mut(width * ROWS)
        .zip(&bands)
        .enumerate()
        .for_each(|(band, (rows, touched))| {
            for &index in touched {
                draw(&streaks[index as usize], rows, band * ROWS, width, light, depth_m);
            }
        });
    Some(image)
}

/// Rows of a band drawn together.
const ROWS: usize = 32;

/// For every band of rows, the streaks that touch it, in order.
fn rows_of(streaks: &[Streak], size: FrameSize) -> Vec<Vec<u32>> {
    let mut bands = vec![Vec::new(); (size.height as usize).div_ceil(ROWS)];
    for (index, s) in streaks.iter().enumerate() {
        let reach = s.radius_px + 1.0;
        let low = ((s.from.y.min(s.to.y) - reach).max(0.0) / ROWS as f64) as usize;
        let high = ((s.from.y.max(s.to.y) + reach).max(0.0) / ROWS as f64) as usize;
        for band in bands.iter_mut().take(high + 1).skip(low) {
            band.push(index as u32);
        }
    }
    bands
}

/// A particle's streak on the frame; `None` outside it.
fn streak(
    fall: &Fall,
    shell: &Shell,
    words: &[u64],
    projection: &Projection,
    size: FrameSize,
    centre: DVec3,
    time_s: f64,
) -> Option<Streak> {
    let unit = |k: usize| (words[k] >> 11) as f64 / 9_007_199_254_740_992.0;
    let start = DVec3::new(unit(0), unit(1), unit(2)) * shell.side_m;
    let own = unit(3);
    let velocity = fall.velocity * (1.0 + fall.spread * (2.0 * own - 1.0));
    let (sway, turns_hz) = fall.swing;
    let angle = scalar::TAU * (turns_hz * time_s * (0.7 + 0.6 * own) + own * 7.0);
    let (sin, cos) = scalar::sin_cos(angle);
    let offset = DVec3::new(sin, 0.0, cos) * sway;
    let free = start + velocity * time_s + offset - centre;
    let half = DVec3::splat(0.5 * shell.side_m);
    let wrap = |x: f64| x.rem_euclid(shell.side_m);
    let near_camera = DVec3::new(
        wrap(free.x + half.x),
        wrap(free.y + half.y),
        wrap(free.z + half.z),
    ) - half;
    let place = centre + near_camera;
    let depth = projection.depth(place);
    if depth < NEAREST_M {
        return None;
    }
    let from = projection.project(place)?;
    let to = projection.project(place + velocity * fall.shutter_s)?;
    let margin = 40.0;
    let seen = |p: DVec2| {
        p.x > -margin
            && p.y > -margin
            && p.x < f64::from(size.width) + margin
            && p.y < f64::from(size.height) + margin
    };
    if !seen(from) && !seen(to) {
        return None;
    }
    // focal length in pixels: a metre at depth 1
    let focal = DVec3::new(
        projection.rows[0][0],
        projection.rows[0][1],
        projection.rows[0][2],
    )
    .reject_from_normalized(projection.forward)
    .length();
    let true_px = fall.radius_m * (0.6 + 0.8 * own) * focal / depth;
    // thinner than this a streak breaks up into steps; it fades instead
    let least_px = 0.55 * size.scale().max(0.4);
    let radius_px = true_px.clamp(least_px, 9.0 * size.scale().max(0.4));
    let thin = (true_px / least_px).min(1.0);
    // the box's walls are where particles come and go: fade before them
    let wall = 1.0 - near_camera.abs().max_element() / half.x;
    let fade = scalar::smoothstep(0.0, 0.22, wall) * scalar::smoothstep(NEAREST_M, 2.2, depth);
    let alpha = (fall.opacity * thin * fade) as f32;
    (alpha > 0.004).then_some(Streak {
        from,
        to,
        radius_px,
        alpha,
        depth_m: depth as f32,
    })
}

/// Draws a streak into rows that begin at `top`.
fn draw(s: &Streak, rows: &mut [[f32; 4]], top: usize, width: usize, light: Vec3, depth_m: &[f32]) {
    let reach = s.radius_px + 0.75;
    let limit = |x: f64, max: usize| x.clamp(0.0, max as f64) as usize;
    let x_range = limit((s.from.x.min(s.to.x) - reach).floor(), width)
        ..limit((s.from.x.max(s.to.x) + reach).ceil(), width);
    let height = rows.len() / width.max(1);
    let first = limit((s.from.y.min(s.to.y) - reach).floor() - top as f64, height);
    let last = limit((s.from.y.max(s.to.y) + reach).ceil() - top as f64, height);
    let along = s.to - s.from;
    let length_sq = along.length_squared().max(1e-9);
    let long = length_sq > 9.0 * s.radius_px * s.radius_px;
    for y in first..last {
        for x in x_range.clone() {
            let p = DVec2::new(x as f64 + 0.5, (y + top) as f64 + 0.5) - s.from;
            let t = (p.dot(along) / length_sq).clamp(0.0, 1.0);
            let away = (p - along * t).length();
            // soft to its rim, and streaks fade towards both ends
            let soft = (s.radius_px * 0.7).max(1.0);
            let ends = if long { 4.0 * t * (1.0 - t) } else { 1.0 };
            let cover = (((s.radius_px + 0.5 - away) / soft).clamp(0.0, 1.0) * ends) as f32;
            let hidden = depth_m.get((y + top) * width + x).is_some_and(|&d| d < s.depth_m);
            if cover <= 0.0 || hidden {
                continue;
            }
            let alpha = cover * s.alpha;
            let pixel = &mut rows[y * width + x];
            let color = light * alpha;
            *pixel = crate::image::over([color.x, color.y, color.z, alpha], *pixel);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::artefact::{PlaceKind, StyleProfile, TimeOfDay};
    use crate::light::testing;

    const SIZE: FrameSize = FrameSize {
        width: 320,
        height: 180,
    };

    fn layer(weather: Weather, time_s: f64, depth: f32) -> Option<Image> {
        let style = StyleProfile::named("ghibli").expect("known");
        let place = testing::place(PlaceKind::Forest, TimeOfDay::Day, weather);
        let rig = LightRig::for_scene(&place, 1.0, &style, 0.0);
        let projection = testing::view(SIZE, DVec3::new(0.0, 1.6, 5.0), DVec3::new(0.0, 1.5, 0.0));
        let depths = vec![depth; 320 * 180];
        weather_layer(weather, &rig, &projection, SIZE, time_s, Seed(1), &depths)
    }

    #[test]
    fn rain_and_snow_are_seen_but_do_not_hide_the_picture() {
        for weather in [Weather::Rain, Weather::Storm, Weather::Snow] {
            let image = layer(weather, 1.3, f32::INFINITY).expect("falls");
            let mean = image.pixels.iter().map(|p| f64::from(p[3])).sum::<f64>() / image.pixels.len() as f64;
            assert!((0.003..0.2).contains(&mean), "{weather:?}: {mean}");
            assert!(
                image
                    .pixels
                    .iter()
                    .all(|p| p.iter().all(|c| c.is_finite() && *c >= 0.0) && p[3] <= 1.0)
            );
        }
        assert!(layer(Weather::Clear, 0.0, 1.0).is_none());
    }

    #[test]
    fn a_wall_before_the_lens_hides_all_and_hours_later_it_still_rains() {
        let hidden = layer(Weather::Rain, 2.0, 0.5).expect("falls");
        assert!(hidden.pixels.iter().all(|p| *p == [0.0; 4]));
        let late = layer(Weather::Rain, 86_400.0, f32::INFINITY).expect("falls");
        assert!(late.pixels.iter().any(|p| p[3] > 0.1));
    }
}
