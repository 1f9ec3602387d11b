//! Multi-scale blur: a pyramid of halved images, gathered up again by bilinear steps.

use rayon::prelude::*;

use crate::math::Vec3;

/// Colour without alpha, row by row.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Plane {
    pub(crate) width: usize,
    pub(crate) height: usize,
    pub(crate) pixels: Vec<Vec3>,
}

impl Plane {
    /// A plane from a function of the pixel.
    pub(crate) fn from_fn(width: usize, height: usize, f: impl Fn(usize, usize) -> Vec3 + Sync) -> Self {
        let mut pixels = vec![Vec3::ZERO; width * height];
        pixels
            .par_chunks_mut(width.max(1))
            .enumerate()
            .for_each(|(y, row)| {
                for (x, pixel) in row.iter_mut().enumerate() {
                    *pixel = f(x, y);
                }
            });
        Self {
            width,
            height,
            pixels,
        }
    }

    #[inline]
    fn at(&self, x: usize, y: usize) -> Vec3 {
        self.pixels[y.min(self.height - 1) * self.width + x.min(self.width - 1)]
    }

    /// Half the size, rounded up; each pixel the mean of four.
    pub(crate) fn halved(&self) -> Self {
        Self::from_fn(self.width.div_ceil(2), self.height.div_ceil(2), |x, y| {
            let (x, y) = (2 * x, 2 * y);
            (self.at(x, y) + self.at(x + 1, y) + self.at(x, y + 1) + self.at(x + 1, y + 1)) * 0.25
        })
    }

    /// Value at the centre of a pixel of the plane twice as large, bilinear, edges repeated.
    #[inline]
    pub(crate) fn doubled(&self, x: usize, y: usize) -> Vec3 {
        // the two nearest columns and rows weigh three and one quarter
        let (i, j) = (x / 2, y / 2);
        let next = |at: usize, full: usize| {
            if full.is_multiple_of(2) {
                at.saturating_sub(1)
            } else {
                at + 1
            }
        };
        let (di, dj) = (next(i, x), next(j, y));
        let near = self.at(i, j) * 0.75 + self.at(di, j) * 0.25;
        let far = self.at(i, dj) * 0.75 + self.at(di, dj) * 0.25;
        near * 0.75 + far * 0.25
    }

    /// Binomial blur over three pixels each way: what keeps boxes of the pyramid from showing.
    fn softened(&self) -> Self {
        let across = Self::from_fn(self.width, self.height, |x, y| {
            (self.at(x.saturating_sub(1), y) + self.at(x + 1, y)) * 0.25 + self.at(x, y) * 0.5
        });
        Self::from_fn(self.width, self.height, |x, y| {
            (across.at(x, y.saturating_sub(1)) + across.at(x, y + 1)) * 0.25 + across.at(x, y) * 0.5
        })
    }
}

/// The sum of blurs of every scale, weighted from fine to coarse. The first weight is the plane's own.
pub(crate) fn glow(plane: Plane, weights: &[f32]) -> Plane {
    let mut levels = vec![plane];
    while levels.len() < weights.len() {
        let last = &levels[levels.len() - 1];
        if last.width.min(last.height) < 4 {
            break;
        }
        levels.push(last.halved());
    }
    let mut sum: Option<Plane> = None;
    for (level, &weight) in levels.iter().zip(weights).rev() {
        sum = Some(Plane::from_fn(level.width, level.height, |x, y| {
            let wide = sum.as_ref().map_or(Vec3::ZERO, |coarse| coarse.doubled(x, y));
            level.pixels[y * level.width + x] * weight + wide
        }));
        if level.width < levels[0].width {
            sum = sum.map(|plane| plane.softened());
        }
    }
    sum.unwrap_or(Plane {
        width: 0,
        height: 0,
        pixels: Vec::new(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_blur_keeps_light_and_constants() {
        let spot = Plane::from_fn(64, 64, |x, y| {
            if (x, y) == (32, 32) {
                Vec3::new(64.0, 0.0, 1.0)
            } else {
                Vec3::ZERO
            }
        });
        let weights = [0.25, 0.25, 0.25, 0.25];
        let blurred = glow(spot, &weights);
        let total: f32 = blurred.pixels.iter().map(|p| p[0]).sum();
        assert!((total - 64.0).abs() < 0.7, "{total}");
        let even = glow(Plane::from_fn(37, 21, |_, _| Vec3::new(0.5, 0.25, 0.0)), &weights);
        assert!(
            even.pixels
                .iter()
                .all(|p| (p[0] - 0.5).abs() < 1e-5 && p[2] == 0.0)
        );
    }

    #[test]
    fn tiny_planes_are_fine() {
        for (w, h) in [(1, 1), (2, 1), (3, 5)] {
            let plane = glow(Plane::from_fn(w, h, |_, _| Vec3::ONE), &[0.5, 0.5]);
            assert_eq!((plane.width, plane.height), (w, h));
        }
    }
}
