//! 8-bit sRGB-coded RGB → BT.709 limited-range Y′CbCr 4:2:0, in integers.
//!
//! The sRGB-coded values are handed over as they are: players show BT.709-tagged
//! material on sRGB screens with the same curve, which is what every encoder's users expect.

use openh264::formats::YUVSource;

/// Fixed-point bits of the matrix. 16 keep every rounding within half a code value of exact.
const BITS: i32 = 16;
/// ITU-R BT.709-6: Y′ = 0.2126 R′ + 0.7152 G′ + 0.0722 B′, scaled to 219/255 and 224/255, times 2¹⁶.
const Y: [i32; 3] = [11966, 40254, 4064];
const CB: [i32; 3] = [-6596, -22189, 28784 + 1];
const CR: [i32; 3] = [28784 + 1, -26145, -2640];

/// A 4:2:0 picture.
pub(super) struct Yuv420 {
    width: usize,
    height: usize,
    y: Vec<u8>,
    u: Vec<u8>,
    v: Vec<u8>,
}

fn coded(weights: [i32; 3], rgb: [i32; 3], offset: i32) -> u8 {
    let sum = weights[0] * rgb[0] + weights[1] * rgb[1] + weights[2] * rgb[2];
    ((sum + (1 << (BITS - 1))) >> BITS)
        .wrapping_add(offset)
        .clamp(16, 240) as u8
}

impl Yuv420 {
    /// Converts `width × height` RGB triples; both sides even. Chroma is the mean of 2 × 2 pixels.
    pub(super) fn from_rgb(rgb: &[u8], width: usize, height: usize) -> Self {
        let pixel = |x: usize, y: usize| [0, 1, 2].map(|c| i32::from(rgb[(y * width + x) * 3 + c]));
        let mut result = Self {
            width,
            height,
            y: Vec::with_capacity(width * height),
            u: Vec::with_capacity(width * height / 4),
            v: Vec::with_capacity(width * height / 4),
        };
        result.y.extend(
            rgb.chunks_exact(3)
                .map(|p| coded(Y, [p[0], p[1], p[2]].map(i32::from), 16)),
        );
        for y in (0..height).step_by(2) {
            for x in (0..width).step_by(2) {
                let four = [pixel(x, y), pixel(x + 1, y), pixel(x, y + 1), pixel(x + 1, y + 1)];
                let mean = [0, 1, 2].map(|c| (four.iter().map(|p| p[c]).sum::<i32>() + 2) >> 2);
                result.u.push(coded(CB, mean, 128));
                result.v.push(coded(CR, mean, 128));
            }
        }
        result
    }
}

impl YUVSource for Yuv420 {
    fn dimensions(&self) -> (usize, usize) {
        (self.width, self.height)
    }

    fn strides(&self) -> (usize, usize, usize) {
        (self.width, self.width / 2, self.width / 2)
    }

    fn y(&self) -> &[u8] {
        &self.y
    }

    fn u(&self) -> &[u8] {
        &self.u
    }

    fn v(&self) -> &[u8] {
        &self.v
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// ITU-R BT.709-6 and BT.1886 coding in doubles.
    fn exact(rgb: [u8; 3]) -> [f64; 3] {
        let [r, g, b] = rgb.map(|c| f64::from(c) / 255.0);
        let y = 0.2126 * r + 0.7152 * g + 0.0722 * b;
        [
            16.0 + 219.0 * y,
            128.0 + 224.0 * (b - y) / 1.8556,
            128.0 + 224.0 * (r - y) / 1.5748,
        ]
    }

    #[test]
    fn integers_agree_with_the_standard_within_one_code() {
        for r in (0..=255).step_by(15) {
            for g in (0..=255).step_by(15) {
                for b in (0..=255).step_by(15) {
                    let rgb = [r as u8, g as u8, b as u8];
                    let picture = Yuv420::from_rgb(&rgb.repeat(4), 2, 2);
                    let got = [picture.y[0], picture.u[0], picture.v[0]].map(f64::from);
                    for (a, e) in got.iter().zip(exact(rgb)) {
                        assert!((a - e).abs() <= 0.51, "{rgb:?}: {got:?}");
                    }
                }
            }
        }
    }

    #[test]
    fn grey_has_no_chroma() {
        for level in 0..=255 {
            let picture = Yuv420::from_rgb(&[level; 12], 2, 2);
            assert_eq!((picture.u[0], picture.v[0]), (128, 128), "{level}");
        }
    }
}
