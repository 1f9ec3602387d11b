//! Layers to pictures: lines over paint, effects over lines, bloom, tone, texture.

use rayon::prelude::*;

use super::Picture;
use super::blur::{Plane, glow};
use super::texture::Textures;
use super::tone::{LUMINANCE, Toner, straight_code};
use super::{Image, Mask};
use crate::artefact::StyleProfile;
use crate::camera::FrameSize;
use crate::light::ShadedFrame;
use crate::math::Vec3;
use crate::palette::linear_from_hex;
use crate::random::Seed;

/// `top` over `bottom`, both premultiplied (Porter & Duff 1984). Light above 1 adds.
#[inline]
#[must_use]
pub fn over(top: [f32; 4], bottom: [f32; 4]) -> [f32; 4] {
    let left = 1.0 - top[3];
    [0, 1, 2, 3].map(|c| top[c] + bottom[c] * left)
}

/// Lines of one layer.
#[derive(Clone, Copy, Debug)]
pub struct InkLayer<'a> {
    /// Their coverage, of the frame's size.
    pub mask: &'a Mask,
    /// Factor of the style's ink opacity, [0, 1].
    pub opacity: f32,
}

/// What makes the final picture.
#[derive(Clone, Copy)]
pub struct ComposeInput<'a> {
    /// Paint, light, depth.
    pub frame: &'a ShadedFrame,
    /// Lines, from back to front.
    pub ink: &'a [InkLayer<'a>],
    /// Premultiplied layers over the lines, from back to front: smoke and fire, rain.
    pub layers: &'a [&'a Image],
    /// Which grain: the frame's index halved keeps it on twos.
    pub grain_phase: u32,
}

/// Everything that finishing a film's pictures needs once.
#[derive(Clone, Debug)]
pub struct Finish {
    size: FrameSize,
    toner: Toner,
    textures: Textures,
    ink: [f32; 3],
    local_tint: f32,
    opacity: f32,
    bloom_threshold: f32,
    bloom_strength: f32,
}

/// Shares of bloom from a spot two pixels wide to one as wide as a tenth of the frame, at half size. The
/// coarse ones make a glow in the air; without the fine ones lamps look pasted on.
const BLOOM_WEIGHTS: [f32; 6] = [0.10, 0.16, 0.20, 0.20, 0.18, 0.16];

impl Finish {
    /// The finish of a film in a style.
    #[must_use]
    pub fn new(style: &StyleProfile, size: FrameSize, seed: Seed) -> Self {
        Self {
            size,
            toner: Toner::new(&style.grade),
            textures: Textures::new(style, size, seed),
            ink: linear_from_hex(&style.ink.color)
                .unwrap_or([0.0; 3])
                .map(|x| x as f32),
            local_tint: style.ink.local_tint as f32,
            opacity: style.ink.opacity as f32,
            bloom_threshold: style.light.bloom_threshold as f32,
            bloom_strength: style.light.bloom_strength as f32,
        }
    }

    /// Light to a picture: bloom, exposure, curve, grade, texture. `shadow` tells the share of the shadow
    /// tone at each pixel, for screens of dots; empty for none.
    #[must_use]
    pub fn develop(&self, light: &Image, shadow: &[f32], grain_phase: u32) -> Picture {
        let (width, height) = (light.size.width as usize, light.size.height as usize);
        let bloom = (self.bloom_strength > 0.0).then(|| self.bloom(light));
        let around = self.textures.gathers().then(|| self.surroundings(light));
        let mut pixels = vec![[0; 3]; width * height];
        pixels
            .par_chunks_mut(width.max(1))
            .enumerate()
            .for_each(|(y, row)| {
                for (x, out) in row.iter_mut().enumerate() {
                    let spread = bloom.as_ref().map_or(Vec3::ZERO, |b| b.doubled(x, y));
                    let light = color_of(&light.pixels[y * width + x]) + spread;
                    let shown = self.toner.develop(light * self.textures.falloff(x, y));
                    let level = around.as_ref().map_or(0.0, |a| a.doubled(x, y).x);
                    let textured = self.textures.apply(
                        shown,
                        (x, y),
                        level,
                        shadow.get(y * width + x).copied().unwrap_or(0.0),
                        grain_phase,
                    );
                    *out = self.toner.code(textured, self.textures.threshold(x, y));
                }
            });
        Picture::from_rgb(light.size, pixels.into_flattened())
    }

    /// Light that spreads from what is brighter than the threshold, at half size.
    fn bloom(&self, light: &Image) -> Plane {
        let bright = halved(light, |p| {
            // a soft knee, and a ceiling so that a small fire does not white out the frame
            let peak = p.max_element();
            let excess = (peak - self.bloom_threshold).clamp(0.0, 6.0);
            p * (excess / peak.max(1e-6) * (excess / (excess + 0.25)) * self.bloom_strength)
        });
        glow(bright, &BLOOM_WEIGHTS)
    }

    /// Level of the developed picture, blurred over a few pixels, at half size.
    fn surroundings(&self, light: &Image) -> Plane {
        let levels = halved(light, |p| Vec3::splat(self.toner.develop(p).dot(LUMINANCE)));
        glow(levels, &[0.0, 0.5, 0.5])
    }

    /// A pixel of `local` (the frame's paint or its light) with the lines over it, tinted by what they outline
    /// and faded by its haze.
    fn inked(&self, at: usize, frame: &ShadedFrame, ink: &[InkLayer<'_>], local: &Image) -> [f32; 4] {
        let mut pixel = local.pixels[at];
        let mut line = None;
        for layer in ink {
            let coverage = layer.mask.coverage.get(at).copied().unwrap_or(0);
            if coverage == 0 {
                continue;
            }
            let color = *line.get_or_insert_with(|| {
                let owner = nearest(frame, at, self.reach_px());
                self.line_color(local.pixels[owner], frame.flat.pixels[owner], frame.haze[owner])
            });
            let alpha = f32::from(coverage) / 255.0 * self.opacity * layer.opacity;
            pixel = over(
                [color[0] * alpha, color[1] * alpha, color[2] * alpha, alpha],
                pixel,
            );
        }
        pixel
    }

    /// How far from a line what it outlines is looked for.
    fn reach_px(&self) -> i64 {
        (1.6 * self.size.scale()).round().max(1.0) as i64
    }

    /// Ink, drawn towards a dark hue of the paint it outlines and, far away, into the haze.
    fn line_color(&self, seen: [f32; 4], flat: [f32; 4], haze: f32) -> [f32; 3] {
        [0, 1, 2].map(|c| {
            let dark = seen[c].min(flat[c]) * 0.30;
            let ink = self.ink[c] + (dark - self.ink[c]) * self.local_tint;
            ink + (seen[c] - ink) * (haze * 0.88).min(0.95)
        })
    }
}

/// Index of the pixel nearest to the viewer around a pixel: the thing that a line there outlines.
fn nearest(frame: &ShadedFrame, at: usize, reach: i64) -> usize {
    let (w, h) = (i64::from(frame.lit.size.width), i64::from(frame.lit.size.height));
    let (x, y) = (at as i64 % w, at as i64 / w);
    let mut best = at;
    for v in (y - reach).max(0)..=(y + reach).min(h - 1) {
        for u in (x - reach).max(0)..=(x + reach).min(w - 1) {
            let at = (v * w + u) as usize;
            if frame.depth_m[at] < frame.depth_m[best] {
                best = at;
            }
        }
    }
    best
}

fn color_of(pixel: &[f32; 4]) -> Vec3 {
    Vec3::new(pixel[0], pixel[1], pixel[2])
}

/// Half the size, each pixel the mean of a function of four.
fn halved(image: &Image, f: impl Fn(Vec3) -> Vec3 + Sync) -> Plane {
    let (w, h) = (image.size.width as usize, image.size.height as usize);
    Plane::from_fn(w.div_ceil(2), h.div_ceil(2), |x, y| {
        let at = |dx: usize, dy: usize| {
            f(color_of(
                &image.pixels[(2 * y + dy).min(h - 1) * w + (2 * x + dx).min(w - 1)],
            ))
        };
        (at(0, 0) + at(1, 0) + at(0, 1) + at(1, 1)) * 0.25
    })
}

/// CHROMA: flat paint with its lines; the sky clear.
#[must_use]
pub fn compose_chroma(frame: &ShadedFrame, ink: &[InkLayer<'_>], finish: &Finish) -> Picture {
    let pixel = |at: usize| straight_code(finish.inked(at, frame, ink, &frame.flat));
    let bytes: Vec<[u8; 4]> = (0..frame.flat.pixels.len()).into_par_iter().map(pixel).collect();
    Picture::from_rgba(frame.flat.size, bytes.into_flattened())
}

/// STOKES: premultiplied layers in one picture with alpha, from back to front.
#[must_use]
pub fn compose_layers(layers: &[&Image], size: FrameSize) -> Picture {
    let count = size.width as usize * size.height as usize;
    let pixel = |at: usize| straight_code(laid(layers, at, [0.0; 4]));
    let bytes: Vec<[u8; 4]> = (0..count).into_par_iter().map(pixel).collect();
    Picture::from_rgba(size, bytes.into_flattened())
}

/// ANIMA: light, lines, layers and finish.
#[must_use]
pub fn compose_anima(input: &ComposeInput<'_>, finish: &Finish) -> Picture {
    let frame = input.frame;
    let pixel = |at: usize| laid(input.layers, at, finish.inked(at, frame, input.ink, &frame.lit));
    let image = Image {
        size: frame.lit.size,
        pixels: (0..frame.lit.pixels.len()).into_par_iter().map(pixel).collect(),
    };
    finish.develop(&image, &frame.shadow, input.grain_phase)
}

/// A pixel with the layers over it.
fn laid(layers: &[&Image], at: usize, below: [f32; 4]) -> [f32; 4] {
    layers.iter().fold(below, |below, layer| match layer.pixels[at] {
        [0.0, 0.0, 0.0, 0.0] => below,
        above => over(above, below),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn over_is_associative_and_clear_is_neutral() {
        let layers = [
            [0.2, 0.1, 0.05, 0.4],
            [0.0, 0.3, 0.3, 0.5],
            [0.5, 0.5, 0.1, 1.0],
            [2.0, 1.0, 0.2, 0.0],
        ];
        for a in layers {
            for b in layers {
                for c in layers {
                    let (left, right) = (over(over(a, b), c), over(a, over(b, c)));
                    assert!((0..4).all(|i| (left[i] - right[i]).abs() < 1e-6));
                }
            }
            assert_eq!(over([0.0; 4], a), a);
        }
    }

    fn frame(size: FrameSize, value: f32) -> ShadedFrame {
        let mut lit = Image::new(size);
        lit.pixels.fill([value, value, value, 1.0]);
        let count = lit.pixels.len();
        ShadedFrame {
            flat: lit.clone(),
            lit,
            depth_m: vec![5.0; count],
            haze: vec![0.0; count],
            shadow: vec![0.5; count],
        }
    }

    #[test]
    fn ink_is_dark_where_it_covers_and_nothing_elsewhere() {
        let size = FrameSize { width: 16, height: 4 };
        let mut mask = Mask {
            size,
            coverage: vec![0; 64],
        };
        mask.coverage[20] = 255;
        for style in StyleProfile::built_in() {
            let finish = Finish::new(&style, size, Seed(1));
            let frame = frame(size, 0.5);
            let layer = InkLayer {
                mask: &mask,
                opacity: 1.0,
            };
            let drawn = compose_chroma(&frame, &[layer], &finish);
            let line = drawn.rgb_at(4, 1);
            assert!(line[0] < 160, "{} {line:?}", style.name);
            assert_eq!(drawn.rgb_at(5, 1), [188; 3]);
        }
    }

    #[test]
    fn a_black_frame_stays_black_in_every_style() {
        let size = FrameSize { width: 16, height: 9 };
        for style in StyleProfile::built_in() {
            let finish = Finish::new(&style, size, Seed(1));
            let black = frame(size, 0.0);
            let input = ComposeInput {
                frame: &black,
                ink: &[],
                layers: &[],
                grain_phase: 3,
            };
            let picture = compose_anima(&input, &finish);
            assert!(picture.bytes().iter().all(|b| *b == 0), "{}", style.name);
        }
    }

    #[test]
    fn bright_things_glow_around_themselves() {
        let size = FrameSize {
            width: 64,
            height: 64,
        };
        let finish = Finish::new(
            &StyleProfile::named("cyberpunk-neon").expect("known"),
            size,
            Seed(1),
        );
        let mut spot = frame(size, 0.02);
        for y in 30..34 {
            for x in 30..34 {
                spot.lit.pixels[y * 64 + x] = [6.0, 3.0, 1.0, 1.0];
            }
        }
        let picture = finish.develop(&spot.lit, &[], 0);
        let level = |x: usize| u32::from(picture.rgb_at(x as u32, 32)[0]);
        assert!(
            level(26) > level(16) && level(16) > level(2),
            "{} {} {}",
            level(26),
            level(16),
            level(2)
        );
    }
}
