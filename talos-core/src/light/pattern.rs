//! Patterns of a surface: windows, patches, flecks; filtered over the pixel, so they never shimmer.

use super::noise::{fbm2, hash2, unit, value2};
use crate::math::scalar::single::smoothstep;
use crate::math::{Vec2, Vec3};

/// A grid of windows.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Windows {
    pub(crate) cell_m: Vec2,
    pub(crate) share: Vec2,
    pub(crate) lit: f32,
    pub(crate) key: u32,
}

/// What a pixel sees of a grid of windows: shares of wall, dark glass and light.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Glazing {
    /// Share of glass, lit or dark.
    pub(crate) glass: f32,
    /// Light of the lit windows, already times their share.
    pub(crate) light: Vec3,
    /// Share of lit glass.
    pub(crate) lit: f32,
}

/// Where exact windows give way to their mean, in cells a pixel. Earlier loses far windows that could still
/// be told apart; later lets single windows flicker as the camera moves.
const TO_MEAN: (f32, f32) = (0.8, 1.9);

impl Windows {
    /// The glazing at `uv` metres under a box filter `width` metres wide.
    pub(crate) fn sample(&self, uv: Vec2, width: Vec2, lit_share: f32, colors: &[Vec3]) -> Glazing {
        let at = uv / self.cell_m;
        let width = (width / self.cell_m).max(Vec2::splat(1e-4));
        let coarse = smoothstep(TO_MEAN.0, TO_MEAN.1, width.max_element());
        let fine = if coarse < 1.0 {
            self.exact(at, width, lit_share, colors)
        } else {
            self.mean(at, lit_share, colors)
        };
        if coarse <= 0.0 || coarse >= 1.0 {
            return fine;
        }
        let mean = self.mean(at, lit_share, colors);
        Glazing {
            glass: fine.glass + (mean.glass - fine.glass) * coarse,
            light: fine.light.lerp(mean.light, coarse),
            lit: fine.lit + (mean.lit - fine.lit) * coarse,
        }
    }

    /// Every window under the filter by itself.
    fn exact(&self, at: Vec2, width: Vec2, lit_share: f32, colors: &[Vec3]) -> Glazing {
        let (low, high) = (at - width * 0.5, at + width * 0.5);
        let mut sum = Glazing {
            glass: 0.0,
            light: Vec3::ZERO,
            lit: 0.0,
        };
        for j in low.y.floor() as i32..=high.y.floor() as i32 {
            let v = overlap(low.y, high.y, j, self.share.y);
            for i in low.x.floor() as i32..=high.x.floor() as i32 {
                let cover = v * overlap(low.x, high.x, i, self.share.x);
                sum.glass += cover;
                if cover > 0.0
                    && let Some(light) = self.window(i, j, lit_share, colors)
                {
                    let inside = (at - Vec2::new(i as f32, j as f32) - Vec2::splat(0.5)) / self.share;
                    sum.light +=
                        light * (cover * room(inside, width / self.share, hash2(i, j, self.key ^ 7)));
                    sum.lit += cover;
                }
            }
        }
        sum
    }

    /// The light of a window, if it is lit: whole floors of offices, single rooms else.
    fn window(&self, i: i32, j: i32, lit_share: f32, colors: &[Vec3]) -> Option<Vec3> {
        let word = hash2(i, j, self.key);
        let floor = unit(hash2(0, j, self.key ^ 0x0f10));
        let chance = lit_share * if floor < 0.16 { 1.9 } else { 0.86 };
        if unit(word) >= chance {
            return None;
        }
        let pick = unit(hash2(i >> 1, j, self.key ^ 0xc010));
        // the first colours are the commonest: the index goes with the square of the draw
        let color = colors
            .get((pick * pick * colors.len() as f32) as usize)
            .or(colors.first())?;
        Some(*color * (0.55 + 0.75 * unit(word.rotate_left(13) ^ 0x5bd1)))
    }

    /// What many windows look like together, with the slow unevenness of a real front.
    fn mean(&self, at: Vec2, lit_share: f32, colors: &[Vec3]) -> Glazing {
        let glass = self.share.x * self.share.y;
        let uneven = 0.35 + 1.3 * value2(at * Vec2::new(0.11, 0.17), self.key);
        let lit = glass * (lit_share * uneven).min(1.0);
        let color = colors.iter().take(2).copied().sum::<Vec3>() / colors.len().clamp(1, 2) as f32;
        Glazing {
            glass,
            light: color * (lit * 0.92),
            lit,
        }
    }
}

/// Share of [low, high] that the window of cell `i` takes up along one axis.
fn overlap(low: f32, high: f32, i: i32, share: f32) -> f32 {
    let (from, to) = (i as f32 + 0.5 - share * 0.5, i as f32 + 0.5 + share * 0.5);
    ((high.min(to) - low.max(from)).max(0.0)) / (high - low)
}

/// Brightness inside a lit window seen from near: light from the ceiling, a bar, here and there a blind.
/// `p` runs from −½ to ½ across the window, `width` is the pixel in the same measure.
fn room(p: Vec2, width: Vec2, word: u32) -> f32 {
    let near = smoothstep(0.45, 0.12, width.max_element());
    if near <= 0.0 {
        return 0.92;
    }
    let ceiling = 0.80 + 0.42 * (p.y + 0.5).clamp(0.0, 1.0);
    let edge = width.x.max(0.01);
    let bar = 1.0 - 0.55 * (1.0 - smoothstep(0.02, 0.02 + edge, p.x.abs()));
    let drop = unit(word) * 0.9 - 0.35;
    let blind = if word & 3 == 0 {
        1.0 - 0.42 * smoothstep(drop, drop + width.y.max(0.01), p.y)
    } else {
        1.0
    };
    0.92 + (ceiling * bar * blind - 0.92) * near
}

/// Share of the second colour on patchy ground: large soft shapes with a painted edge.
pub(crate) fn patches(uv: Vec2, width: Vec2, scale_m: f32, key: u32) -> f32 {
    let p = uv / scale_m.max(1e-3);
    let blur = (width.max_element() / scale_m.max(1e-3)).min(4.0);
    let shape = fbm2(p, 3, key);
    let soft = 0.035 + 0.22 * blur;
    let share = smoothstep(0.50 - soft, 0.50 + soft, shape);
    share + (0.5 - share) * smoothstep(0.8, 2.0, blur)
}

/// Darkening by flecks, a factor in [0.78, 1]; brush marks along v.
pub(crate) fn flecks(uv: Vec2, width: Vec2, scale_m: f32, key: u32) -> f32 {
    let p = uv / scale_m.max(1e-3);
    let blur = width.max_element() / scale_m.max(1e-3);
    let fade = smoothstep(0.9, 0.3, blur);
    let mark = value2(Vec2::new(p.x * 1.6, p.y * 0.55), key);
    let fleck = smoothstep(0.60, 0.60 + 0.08 + blur * 0.3, mark);
    1.0 - 0.22 * (0.30 + (fleck - 0.30) * fade)
}

#[cfg(test)]
mod tests {
    use super::*;

    const GRID: Windows = Windows {
        cell_m: Vec2::new(3.0, 3.5),
        share: Vec2::new(0.6, 0.5),
        lit: 0.5,
        key: 9,
    };

    #[test]
    fn glass_covers_its_share_at_every_distance() {
        for width in [0.01_f32, 0.5, 2.0, 6.0, 40.0] {
            let n = 97;
            let mut glass = 0.0;
            for i in 0..n {
                for j in 0..n {
                    let uv = Vec2::new(i as f32, j as f32) * Vec2::new(3.0, 3.5) * (12.0 / n as f32);
                    let sample = GRID.sample(uv + Vec2::splat(0.013), Vec2::splat(width), 0.4, &[Vec3::ONE]);
                    assert!(sample.glass <= 1.0 && sample.lit <= sample.glass + 1e-4);
                    glass += sample.glass / (n * n) as f32;
                }
            }
            assert!((glass - 0.3).abs() < 0.03, "{width}: {glass}");
        }
    }

    #[test]
    fn windows_change_slowly_with_place_and_size() {
        for step in 0..400 {
            let uv = Vec2::new(step as f32 * 0.31, step as f32 * 0.17);
            for width in [0.4_f32, 1.0, 3.0, 5.0] {
                let a = GRID.sample(uv, Vec2::splat(width), 0.4, &[Vec3::ONE]);
                let b = GRID.sample(
                    uv + Vec2::splat(width * 0.02),
                    Vec2::splat(width),
                    0.4,
                    &[Vec3::ONE],
                );
                assert!((a.light - b.light).abs().max_element() < 0.12, "{uv} {width}");
            }
        }
    }

    #[test]
    fn without_colours_or_light_nothing_shines() {
        assert_eq!(GRID.sample(Vec2::ZERO, Vec2::ONE, 0.9, &[]).light, Vec3::ZERO);
        assert_eq!(GRID.sample(Vec2::ZERO, Vec2::ONE, 0.0, &[Vec3::ONE]).lit, 0.0);
    }
}
