//! Drawing fire and smoke: heat is gathered along coarse rays, then painted in bands at full size.
//!
//! What is interpolated from the coarse rays is heat, a smooth quantity; the bands are cut from it
//! at every pixel, so their edges are crisp at any size. Rays end at the scene's depth, and
//! pixels take only from rays that end like themselves.

use rayon::prelude::*;

use super::detail::Medium;
use super::look::{FireLook, FlameSeen};
use super::march::Seen;
use super::volume::FireVolume;
use crate::camera::{FrameSize, Projection};
use crate::image::Image;
use crate::math::{DVec2, DVec3};

/// World rays of pixels: a point at depth z is `start + along · z`, both affine in the pixel.
struct Rays {
    start: [DVec3; 3],
    along: [DVec3; 3],
}

impl Rays {
    fn new(camera: &Projection, size: FrameSize) -> Option<Self> {
        let (w, h) = (f64::from(size.width), f64::from(size.height));
        let corners = [DVec2::ZERO, DVec2::new(w, 0.0), DVec2::new(0.0, h)];
        let at = |depth: f64| -> Option<[DVec3; 3]> {
            let mut points = [DVec3::ZERO; 3];
            for (point, corner) in points.iter_mut().zip(corners) {
                *point = camera.unproject(corner, depth)?;
            }
            Some([
                points[0],
                (points[1] - points[0]) / w,
                (points[2] - points[0]) / h,
            ])
        };
        let (zero, one) = (at(0.0)?, at(1.0)?);
        let along = [0, 1, 2].map(|n| one[n] - zero[n]);
        Some(Self { start: zero, along })
    }

    fn at(&self, pixel: DVec2) -> (DVec3, DVec3) {
        let affine = |f: &[DVec3; 3]| f[0] + f[1] * pixel.x + f[2] * pixel.y;
        (affine(&self.start), affine(&self.along))
    }
}

/// What the coarse rays saw.
struct Coarse {
    width: usize,
    height: usize,
    side: u32,
    seen: Vec<Seen>,
    /// Depth where each ray ended, metres.
    end: Vec<f32>,
    /// Whether anything is seen by a ray or one beside it.
    busy: Vec<bool>,
}

/// Draws fire and smoke as a layer: premultiplied linear light with opacity, to lie over a scene
/// whose depth in metres along the view axis is `depth_m(x, y)` (infinite for the sky).
#[must_use]
pub fn draw_fire(
    volume: &FireVolume,
    camera: &Projection,
    size: FrameSize,
    depth_m: &(dyn Fn(u32, u32) -> f64 + Sync),
    look: &FireLook,
) -> Image {
    let mut image = Image::new(size);
    if volume.is_empty() || size.width == 0 || size.height == 0 {
        return image;
    }
    let Some(rays) = Rays::new(camera, size) else {
        return image;
    };
    let medium = Medium::new(volume, look);
    let coarse = Coarse::cast(&medium, &rays, size, depth_m, look);
    let width = size.width as usize;
    image
        .pixels
        .par_chunks_mut(width)
        .with_min_len(8)
        .enumerate()
        .for_each(|(y, row)| coarse.paint_row(y as u32, row, depth_m, look));
    image
}

impl Coarse {
    fn cast(
        medium: &Medium,
        rays: &Rays,
        size: FrameSize,
        depth_m: &(dyn Fn(u32, u32) -> f64 + Sync),
        look: &FireLook,
    ) -> Self {
        let side = ((f64::from(look.coarseness) * size.scale()).round() as u32).clamp(1, 16);
        let (width, height) = (size.width.div_ceil(side), size.height.div_ceil(side));
        let rows: Vec<Vec<(Seen, f32)>> = (0..height)
            .into_par_iter()
            .map(|y| {
                let cast = |x: u32| {
                    let middle = |n: u32, most: u32| (n * side + side / 2).min(most - 1);
                    let end = depth_m(middle(x, size.width), middle(y, size.height));
                    let pixel = DVec2::new(f64::from(x) + 0.5, f64::from(y) + 0.5) * f64::from(side);
                    let (start, along) = rays.at(pixel);
                    (medium.march(start, along, end, look), end as f32)
                };
                (0..width).map(cast).collect()
            })
            .collect();
        let (seen, end): (Vec<Seen>, Vec<f32>) = rows.into_iter().flatten().unzip();
        let (width, height) = (width as usize, height as usize);
        let busy = busy(width, height, &seen);
        Self {
            width,
            height,
            side,
            seen,
            end,
            busy,
        }
    }

    fn paint_row(
        &self,
        y: u32,
        row: &mut [[f32; 4]],
        depth_m: &(dyn Fn(u32, u32) -> f64 + Sync),
        look: &FireLook,
    ) {
        let own_row = (y / self.side) as usize * self.width;
        for (x, pixel) in row.iter_mut().enumerate() {
            if !self.busy[own_row + x / self.side as usize] {
                continue;
            }
            let (seen, slopes) = self.gather(x as u32, y, depth_m(x as u32, y) as f32);
            let flame = look.flame(&FlameSeen {
                opacity: seen.flame,
                opacity_slope: slopes[0],
                temperature: seen.temperature(),
                temperature_slope: slopes[1],
            });
            let smoke = look.smoke(seen.smoke, seen.glow / seen.smoke.max(1e-3), self.upper(x, y));
            let through = 1.0 - flame[3];
            *pixel = [0, 1, 2, 3].map(|n| flame[n] + smoke[n] * through);
        }
    }

    /// How much the smoke faces upward: its depth below a pixel against that above.
    fn upper(&self, x: usize, y: u32) -> f32 {
        let column = x / self.side as usize;
        let row = (y / self.side) as usize;
        let at = |j: usize| self.seen[j.min(self.height - 1) * self.width + column].smoke;
        let (above, below) = (at(row.saturating_sub(2)), at(row + 2));
        0.5 + (below - above) * 0.8
    }

    /// What a pixel sees: its nine nearest rays, weighted by a quadratic B-spline and by how alike they end.
    /// And how opacity and temperature of flame change from pixel to pixel.
    fn gather(&self, x: u32, y: u32, depth: f32) -> (Seen, [f32; 2]) {
        let (cx, wx) = spline(x, self.side, self.width);
        let (cy, wy) = spline(y, self.side, self.height);
        let (mut sum, mut total) = (Seen::default(), 0.0);
        let (mut nearest, mut least) = (Seen::default(), f32::INFINITY);
        let mut range = [(f32::INFINITY, 0.0_f32); 2];
        for (j, wy) in cy.into_iter().zip(wy) {
            for (i, wx) in cx.into_iter().zip(wx) {
                let n = j * self.width + i;
                let seen = &self.seen[n];
                let apart = seen.apart(self.end[n], depth);
                if apart < least {
                    (nearest, least) = (*seen, apart);
                }
                let weight = wx * wy * (1.0 - apart).max(0.0);
                sum.add(seen, weight);
                total += weight;
                for (range, x) in range.iter_mut().zip([seen.flame, seen.temperature()]) {
                    *range = (range.0.min(x), range.1.max(x));
                }
            }
        }
        // from the first to the last of three rays
        let slopes = range.map(|(low, high)| (high - low) * 0.5 / self.side as f32);
        if total < 1e-3 {
            return (nearest, slopes);
        }
        (sum.scaled(1.0 / total), slopes)
    }
}

/// The three coarse indices around a pixel and their quadratic B-spline weights.
fn spline(pixel: u32, side: u32, count: usize) -> ([usize; 3], [f32; 3]) {
    let own = pixel / side;
    let t = (pixel % side) as f32 + 0.5;
    let t = t / side as f32 - 0.5;
    let weights = [
        0.5 * (0.5 - t) * (0.5 - t),
        0.75 - t * t,
        0.5 * (0.5 + t) * (0.5 + t),
    ];
    let own = own as usize;
    ([own.saturating_sub(1), own, (own + 1).min(count - 1)], weights)
}

fn busy(width: usize, height: usize, seen: &[Seen]) -> Vec<bool> {
    let some = |x: usize, y: usize| seen[y * width + x].any();
    (0..width * height)
        .map(|n| {
            let (x, y) = (n % width, n / width);
            (y.saturating_sub(1)..(y + 2).min(height))
                .any(|j| (x.saturating_sub(1)..(x + 2).min(width)).any(|i| some(i, j)))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::camera::{Camera, FilmBack, Lens};
    use crate::fluid::{Emitter, FluidSetup, Simulation};

    const SIZE: FrameSize = FrameSize {
        width: 320,
        height: 180,
    };

    fn fire() -> FireVolume {
        let setup = FluidSetup {
            cells: [32, 16, 16],
            ..FluidSetup::default()
        };
        let jet = |_| vec![Emitter::fire(DVec3::new(2.0, 3.0, 3.6), DVec3::X, 1.1, 18.0, 1.0)];
        let sim = Simulation::new(setup, jet).expect("a good setup");
        sim.frame(14, &[]).expect("good emitters").export(&setup)
    }

    fn camera(eye: DVec3) -> Projection {
        let camera = Camera {
            film_back: FilmBack::full_frame(SIZE),
            lens: Lens::default(),
            position: eye,
            orientation: Camera::looking(eye, DVec3::new(7.0, 3.5, 3.6), 0.0),
        };
        camera.projection(SIZE)
    }

    fn draw(volume: &FireVolume, eye: DVec3, depth_m: &(dyn Fn(u32, u32) -> f64 + Sync)) -> Image {
        draw_fire(volume, &camera(eye), SIZE, depth_m, &FireLook::default())
    }

    #[test]
    fn fire_is_bright_within_bounds_and_the_same_for_any_threads() {
        let volume = fire();
        let eye = DVec3::new(7.0, 4.0, 18.0);
        let sky = |_, _| f64::INFINITY;
        let whole = draw(&volume, eye, &sky);
        let mut brightest = 0.0_f32;
        for &[r, g, b, a] in &whole.pixels {
            assert!((0.0..=1.0).contains(&a) && r.min(g).min(b) >= 0.0 && r.max(g).max(b) < 10.0);
            brightest = brightest.max(r);
        }
        assert!(brightest > 2.0, "{brightest}");
        assert!(whole.pixels.iter().filter(|p| p[3] > 0.5).count() > 500);
        let pool = rayon::ThreadPoolBuilder::new()
            .num_threads(3)
            .build()
            .expect("threads");
        assert_eq!(pool.install(|| draw(&volume, eye, &sky)), whole);
        // from within, straight up, and of nothing
        for eye in [DVec3::new(6.0, 3.4, 3.6), DVec3::new(7.0, 30.0, 3.6)] {
            let inside = draw(&volume, eye, &sky);
            assert!(inside.pixels.iter().flatten().all(|x| x.is_finite()));
        }
        let setup = FluidSetup::default();
        let nothing = draw(&FireVolume::empty(&setup, 0.0), eye, &sky);
        assert!(nothing.pixels.iter().flatten().all(|&x| x == 0.0));
    }

    #[test]
    fn walls_hide_fire_behind_them_and_nothing_else() {
        let volume = fire();
        let eye = DVec3::new(7.0, 4.0, 18.0);
        let open = draw(&volume, eye, &|_, _| f64::INFINITY);
        let edge = 150;
        let wall = move |x: u32, _: u32| if x < edge { 2.0 } else { f64::INFINITY };
        let half = draw(&volume, eye, &wall);
        for (n, (a, b)) in half.pixels.iter().zip(&open.pixels).enumerate() {
            let x = n as u32 % SIZE.width;
            if x < edge {
                assert_eq!(*a, [0.0; 4], "{x}");
            } else if x > edge + 3 {
                assert_eq!(a, b, "{x}");
            }
        }
        // a wall behind it changes nothing but the rays' ends
        let behind = draw(&volume, eye, &|_, _| 40.0);
        assert_eq!(behind, open);
    }
}
