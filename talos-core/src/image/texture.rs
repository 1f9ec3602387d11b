//! Paper, grain, halftone and vignette of a style, laid out once for a film.

use std::f32::consts::SQRT_2;

use rayon::prelude::*;

use super::tone::LUMINANCE;
use crate::artefact::StyleProfile;
use crate::camera::FrameSize;
use crate::light::noise::{fbm2, hash2, unit};
use crate::math::scalar::single::smoothstep;
use crate::math::{Vec2, Vec3};
use crate::random::Seed;

/// The fixed textures of a film.
#[derive(Clone, Debug)]
pub(crate) struct Textures {
    size: FrameSize,
    /// Height of the paper in [−1, 1]; empty where the style has none.
    paper: Vec<f32>,
    paper_strength: f32,
    grain: f32,
    edge: f32,
    halftone: f32,
    pitch_px: f32,
    vignette: f32,
    key: u32,
}

impl Textures {
    pub(crate) fn new(style: &StyleProfile, size: FrameSize, seed: Seed) -> Self {
        let texture = &style.texture;
        let scale_px = (texture.scale_px_at_1080 * size.scale()).max(1.0) as f32;
        let key = seed.stream("image/texture").word(0) as u32;
        let paper = if texture.paper > 0.0 {
            paper(size, scale_px, key)
        } else {
            Vec::new()
        };
        Self {
            size,
            paper,
            paper_strength: texture.paper as f32,
            grain: texture.grain as f32,
            edge: texture.edge_darkening as f32,
            halftone: texture.halftone as f32,
            pitch_px: scale_px,
            vignette: style.grade.vignette as f32,
            key,
        }
    }

    /// Whether borders of washes gather pigment: then [`Self::apply`] needs the surroundings' level.
    pub(crate) fn gathers(&self) -> bool {
        self.edge > 0.0
    }

    /// Factor of light towards the corners.
    #[inline]
    pub(crate) fn falloff(&self, x: usize, y: usize) -> f32 {
        if self.vignette <= 0.0 {
            return 1.0;
        }
        let (w, h) = (self.size.width as f32, self.size.height as f32);
        let (u, v) = ((x as f32 + 0.5) / w * 2.0 - 1.0, (y as f32 + 0.5) / h * 2.0 - 1.0);
        1.0 - self.vignette * smoothstep(0.35, 2.0, u * u + v * v)
    }

    /// Display light with the textures on it. `around` is the level of the surroundings, `shadow` the share of
    /// the shadow tone, `phase` picks the grain. Density of pigment after Bousseau et al. 2006: C' = C − (C − C²)(d − 1), which leaves
    /// black black and white white.
    #[inline]
    pub(crate) fn apply(
        &self,
        color: Vec3,
        (x, y): (usize, usize),
        around: f32,
        shadow: f32,
        phase: u32,
    ) -> Vec3 {
        let level = color.dot(LUMINANCE);
        let mut density = 0.0;
        if let Some(paper) = self.paper.get(y * self.size.width as usize + x) {
            density += self.paper_strength * 0.55 * paper;
        }
        if self.edge > 0.0 {
            density += self.edge * 3.2 * (around - level).clamp(0.0, 0.25);
        }
        if self.grain > 0.0 {
            density += self.grain * 3.0 * self.grain_at(x, y, phase);
        }
        if self.halftone > 0.0 {
            density += self.halftone * 1.3 * self.dot(x, y, shadow);
        }
        if density == 0.0 {
            return color;
        }
        (color - (color - color * color) * density).clamp(Vec3::ZERO, Vec3::ONE)
    }

    /// Grain about two pixels wide in [−1, 1].
    fn grain_at(&self, x: usize, y: usize, phase: u32) -> f32 {
        let key = self.key ^ phase.wrapping_mul(0x9e37_79b9);
        let at = |dx: i32, dy: i32| unit(hash2(x as i32 + dx, y as i32 + dy, key));
        at(0, 0) + at(1, 0) + at(0, 1) + at(1, 1) - 2.0
    }

    /// Cover of a dot screen at 45°: dots in shadow, smaller where it thins out.
    fn dot(&self, x: usize, y: usize, shadow: f32) -> f32 {
        if shadow <= 0.01 {
            return 0.0;
        }
        let (u, v) = (
            (x as f32 + y as f32) / (self.pitch_px * SQRT_2),
            (x as f32 - y as f32) / (self.pitch_px * SQRT_2),
        );
        let (a, b) = (u - u.floor() - 0.5, v - v.floor() - 0.5);
        let away = (a * a + b * b).sqrt();
        let radius = 0.34 * shadow.min(1.0);
        let edge = 0.7 / self.pitch_px;
        1.0 - smoothstep(radius - edge, radius + edge, away)
    }

    /// A fixed rounding threshold in (0, 1) for a pixel: spreads the steps of 8-bit gradients.
    #[inline]
    pub(crate) fn threshold(&self, x: usize, y: usize) -> f32 {
        // half amplitude: enough to break bands of a night sky, too little to be seen as grain
        0.25 + 0.5 * unit(hash2(x as i32, y as i32, 0xd17e))
    }
}

/// Cold-pressed paper: fibres and pits in [−1, 1].
fn paper(size: FrameSize, scale_px: f32, key: u32) -> Vec<f32> {
    let width = size.width as usize;
    let mut heights = vec![0.0; width * size.height as usize];
    heights.par_chunks_mut(width).enumerate().for_each(|(y, row)| {
        for (x, height) in row.iter_mut().enumerate() {
            let p = Vec2::new(x as f32 + 0.5, y as f32 + 0.5) / scale_px;
            let pits = fbm2(p, 3, key);
            let wash = fbm2(p * 0.045, 3, key ^ 0x3a);
            *height = (pits - 0.5) * 1.5 + (wash - 0.5) * 1.1;
        }
    });
    heights
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn textures_leave_black_and_white_alone() {
        let size = FrameSize {
            width: 32,
            height: 32,
        };
        for style in StyleProfile::built_in() {
            let textures = Textures::new(&style, size, Seed(3));
            for (x, y) in [(0, 0), (7, 21), (31, 31)] {
                assert_eq!(textures.apply(Vec3::ZERO, (x, y), 0.0, 1.0, 1), Vec3::ZERO);
                assert_eq!(textures.apply(Vec3::ONE, (x, y), 1.0, 1.0, 1), Vec3::ONE);
                let middle = textures.apply(Vec3::splat(0.4), (x, y), 0.4, 1.0, 1).to_array();
                assert!(
                    middle.iter().all(|c| (0.1..0.8).contains(c)),
                    "{} {middle:?}",
                    style.name
                );
                assert!((0.0..=1.0).contains(&textures.falloff(x, y)));
                assert!(textures.threshold(x, y) > 0.0 && textures.threshold(x, y) < 1.0);
            }
        }
    }
}
