//! Multi-scale blur: a pyramid of halved images, gathered up again by bilinear steps.

use rayon::prelude::*;

/// Colour without alpha, row by row.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Plane {
    pub(crate) width: usize,
    pub(crate) height: usize,
    pub(crate) pixels: Vec<[f32; 3]>,
}

impl Plane {
    /// A plane from a function of the pixel.
    pub(crate) fn from_fn(width: usize, height: usize, f: impl Fn(usize, usize) -> [f32; 3] + Sync) -> Self {
        let pixels = (0..height)
            .into_par_iter()
            .flat_map_iter(|y| (0..width).map(move |x| (x, y)))
            .map(|(x, y)| f(x, y));
        Self {
            width,
            height,
            pixels: pixels.collect(),
        }
    }

    fn at(&self, x: i64, y: i64) -> [f32; 3] {
        let x = x.clamp(0, self.width as i64 - 1) as usize;
        let y = y.clamp(0, self.height as i64 - 1) as usize;
        self.pixels[y * self.width + x]
    }

    /// Half the size, rounded up; each pixel the mean of four.
    pub(crate) fn halved(&self) -> Self {
        Self::from_fn(self.width.div_ceil(2), self.height.div_ceil(2), |x, y| {
            let (x, y) = (2 * x as i64, 2 * y as i64);
            let four = [
                self.at(x, y),
                self.at(x + 1, y),
                self.at(x, y + 1),
                self.at(x + 1, y + 1),
            ];
            [0, 1, 2].map(|c| four.iter().map(|p| p[c]).sum::<f32>() * 0.25)
        })
    }

    /// Bilinear value at a place in pixels of this plane, centres at +0.5, edges repeated.
    pub(crate) fn sample(&self, x: f32, y: f32) -> [f32; 3] {
        let (x, y) = (x - 0.5, y - 0.5);
        let (fx, fy) = (x.floor(), y.floor());
        let (tx, ty) = (x - fx, y - fy);
        let (i, j) = (fx as i64, fy as i64);
        let (a, b, c, d) = (
            self.at(i, j),
            self.at(i + 1, j),
            self.at(i, j + 1),
            self.at(i + 1, j + 1),
        );
        [0, 1, 2].map(|k| {
            let top = a[k] + (b[k] - a[k]) * tx;
            let bottom = c[k] + (d[k] - c[k]) * tx;
            top + (bottom - top) * ty
        })
    }

    /// This plane times `weight`, plus a coarser one enlarged by a tent.
    fn plus_enlarged(&self, weight: f32, coarse: &Self) -> Self {
        Self::from_fn(self.width, self.height, |x, y| {
            let (u, v) = ((x as f32 + 0.5) * 0.5, (y as f32 + 0.5) * 0.5);
            // four taps half a coarse pixel apart: the tent of the dual filter (Bjørge 2015)
            let taps = [(-0.5, -0.5), (0.5, -0.5), (-0.5, 0.5), (0.5, 0.5)];
            let wide = taps.map(|(dx, dy)| coarse.sample(u + dx, v + dy));
            let here = self.pixels[y * self.width + x];
            [0, 1, 2].map(|c| here[c] * weight + wide.iter().map(|p| p[c]).sum::<f32>() * 0.25)
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
        sum = Some(match sum {
            None => Plane::from_fn(level.width, level.height, |x, y| {
                level.pixels[y * level.width + x].map(|v| v * weight)
            }),
            Some(coarse) => level.plus_enlarged(weight, &coarse),
        });
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
                [64.0, 0.0, 1.0]
            } else {
                [0.0; 3]
            }
        });
        let weights = [0.25, 0.25, 0.25, 0.25];
        let blurred = glow(spot, &weights);
        let total: f32 = blurred.pixels.iter().map(|p| p[0]).sum();
        assert!((total - 64.0).abs() < 0.7, "{total}");
        let even = glow(Plane::from_fn(37, 21, |_, _| [0.5, 0.25, 0.0]), &weights);
        assert!(
            even.pixels
                .iter()
                .all(|p| (p[0] - 0.5).abs() < 1e-5 && p[2] == 0.0)
        );
    }

    #[test]
    fn tiny_planes_are_fine() {
        for (w, h) in [(1, 1), (2, 1), (3, 5)] {
            let plane = glow(Plane::from_fn(w, h, |_, _| [1.0; 3]), &[0.5, 0.5]);
            assert_eq!((plane.width, plane.height), (w, h));
        }
    }
}
