//! Seeded noise over the ground plane, from tables drawn once.

use crate::math::{DVec2, scalar};
use crate::random::Stream;

/// Gradient noise in two variables (Perlin 2002), with sums of octaves.
///
/// The tables repeat every 256 cells: at the finest scale used here (a metre) that is
/// further than near ground reaches, and coarser scales repeat kilometres away.
#[derive(Clone, Debug)]
pub(super) struct Noise {
    order: Vec<u8>,
    gradients: Vec<DVec2>,
}

impl Noise {
    /// The noise of a stream.
    pub(super) fn new(stream: &Stream) -> Self {
        let words = stream.words(512);
        let mut order: Vec<u8> = (0..=255).collect();
        for (i, word) in words[..255].iter().enumerate() {
            let last = 255 - i;
            order.swap(last, (word % (last as u64 + 1)) as usize);
        }
        let gradients = words[256..]
            .iter()
            .map(|&word| {
                let turn = (word >> 11) as f64 / 9_007_199_254_740_992.0;
                let (sin, cos) = scalar::sin_cos(turn * scalar::TAU);
                DVec2::new(cos, sin)
            })
            .collect();
        Self { order, gradients }
    }

    fn hash(&self, x: i64, z: i64) -> usize {
        let inner = usize::from(self.order[(x & 255) as usize]);
        usize::from(self.order[(inner + (z & 255) as usize) & 255])
    }

    /// Noise in about [−1, 1]; C², zero at the integers.
    pub(super) fn at(&self, x: f64, z: f64) -> f64 {
        let (cell_x, cell_z) = (x.floor(), z.floor());
        let (u, v) = (x - cell_x, z - cell_z);
        let corner = |i: i64, j: i64| {
            let gradient = self.gradients[self.hash(cell_x as i64 + i, cell_z as i64 + j)];
            gradient.dot(DVec2::new(u - i as f64, v - j as f64))
        };
        let (s, t) = (
            scalar::smootherstep(0.0, 1.0, u),
            scalar::smootherstep(0.0, 1.0, v),
        );
        let near = scalar::lerp(corner(0, 0), corner(1, 0), s);
        let far = scalar::lerp(corner(0, 1), corner(1, 1), s);
        // the steepest sum of unit gradients is √½ at a cell's centre
        scalar::lerp(near, far, t) * core::f64::consts::SQRT_2
    }

    /// Octaves turned against one another, so that no axis shows; in about [−1, 1].
    pub(super) fn fbm(&self, x: f64, z: f64, octaves: u32) -> f64 {
        let (mut sum, mut weight, mut total) = (0.0, 1.0, 0.0);
        let mut p = DVec2::new(x, z);
        for _ in 0..octaves {
            sum += weight * self.at(p.x, p.y);
            total += weight;
            weight *= 0.5;
            p = next_octave(p);
        }
        sum / total
    }

    /// Ridged octaves (Musgrave 1994) in [0, 1]: sharp crests, wide valleys. Crests are rounded
    /// over `soft`, so slopes stay continuous.
    pub(super) fn ridged(&self, x: f64, z: f64, octaves: u32, soft: f64) -> f64 {
        let (mut sum, mut weight, mut gain, mut total) = (0.0, 1.0, 1.0, 0.0);
        let mut p = DVec2::new(x, z);
        for _ in 0..octaves {
            let n = self.at(p.x, p.y);
            let crest = 1.0 - (n * n + soft * soft).sqrt();
            let crest = crest.max(0.0) * crest.max(0.0);
            sum += crest * weight * gain;
            total += weight;
            gain = scalar::saturate(crest * 1.6);
            weight *= 0.5;
            p = next_octave(p);
        }
        sum / total
    }

    /// Height of domes packed over the plane, in [0, 1]: one in each cell, steep at their feet, joined
    /// by fillets. What cloud tops and crowns of trees look like from above.
    pub(super) fn domes(&self, x: f64, z: f64) -> f64 {
        let (cell_x, cell_z) = (x.floor(), z.floor());
        let mut nearest = 4.0_f64;
        for j in -1..=1 {
            for i in -1..=1 {
                let (cx, cz) = (cell_x as i64 + i, cell_z as i64 + j);
                let jitter = self.gradients[self.hash(cx, cz)] * 0.32;
                let centre = DVec2::new(cx as f64 + 0.5, cz as f64 + 0.5) + jitter;
                let d = (centre - DVec2::new(x, z)).length_squared();
                nearest = crate::geometry::smooth_union(nearest, d, 0.12);
            }
        }
        scalar::pow((1.0 - 1.15 * nearest).max(0.0), 0.7)
    }
}

/// Twice as fine, turned by about 37° (cos 0.8, sin 0.6) and shifted.
fn next_octave(p: DVec2) -> DVec2 {
    DVec2::new(0.8 * p.x - 0.6 * p.y, 0.6 * p.x + 0.8 * p.y) * 2.03 + DVec2::new(17.3, -9.1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::Seed;

    #[test]
    fn noise_is_bounded_and_continuous() {
        let noise = Noise::new(&Seed(5).stream("noise"));
        for i in 0..4000 {
            let (x, z) = (f64::from(i) * 0.173 - 300.0, f64::from(i % 71) * 1.37 - 40.0);
            let ridge = |x: f64| noise.ridged(x, z, 4, 0.05);
            assert!(noise.at(x, z).abs() <= 1.0 + 1e-9);
            assert!((-0.01..=1.01).contains(&ridge(x)), "{}", ridge(x));
            assert!((0.0..=1.2).contains(&noise.domes(x, z)));
            assert!((noise.fbm(x, z, 4) - noise.fbm(x + 1e-5, z, 4)).abs() < 1e-3);
            assert!((ridge(x) - ridge(x + 1e-5)).abs() < 1e-2);
        }
    }

    #[test]
    fn seeds_differ() {
        let [a, b] = [1, 2].map(|seed| Noise::new(&Seed(seed).stream("noise")));
        let differs = |i: i32| (a.at(f64::from(i) * 0.3, 0.7) - b.at(f64::from(i) * 0.3, 0.7)).abs() > 0.1;
        assert!((0..50).any(differs));
    }
}
