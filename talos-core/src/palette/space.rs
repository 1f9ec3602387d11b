//! Colour spaces: sRGB transfer, linear Rec.709, CIE XYZ (D65), CIELAB, OKLab and OKLCH.
//!
//! All in f64: colours are chosen here and shaded elsewhere. Linear Rec.709 with
//! D65 white is the space everything else meets in; values may exceed 1 (light).

use std::sync::LazyLock;

use crate::math::{DMat3, DVec3, scalar};

/// A colour in OKLab (Ottosson 2020): lightness in [0, 1], two opponent axes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Oklab {
    /// Lightness: 0 black, 1 white.
    pub l: f64,
    /// Green (−) to red (+).
    pub a: f64,
    /// Blue (−) to yellow (+).
    pub b: f64,
}

/// A colour in OKLCH, the polar form of [`Oklab`].
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Oklch {
    /// Lightness: 0 black, 1 white.
    pub l: f64,
    /// Chroma, ≥ 0; about 0.32 at most inside sRGB.
    pub c: f64,
    /// Hue in degrees, [0, 360): 29 red, 110 yellow, 142 green, 264 blue, 328 magenta.
    pub h: f64,
}

/// A colour in CIELAB with D65 white.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Lab {
    /// Lightness, 0 … 100.
    pub l: f64,
    /// Green (−) to red (+).
    pub a: f64,
    /// Blue (−) to yellow (+).
    pub b: f64,
}

/// Rows to a matrix (glam takes columns).
fn rows(r: [[f64; 3]; 3]) -> DMat3 {
    DMat3::from_cols_array_2d(&r).transpose()
}

/// XYZ from linear Rec.709: IEC 61966-2-1 primaries and D65 (x 0.3127, y 0.3290), to seven digits.
static XYZ_FROM_LINEAR: LazyLock<DMat3> = LazyLock::new(|| {
    rows([
        [0.412_390_8, 0.357_584_3, 0.180_480_8],
        [0.212_639_0, 0.715_168_7, 0.072_192_3],
        [0.019_330_8, 0.119_194_8, 0.950_532_2],
    ])
});
static LINEAR_FROM_XYZ: LazyLock<DMat3> = LazyLock::new(|| XYZ_FROM_LINEAR.inverse());

/// Ottosson's M₁ (cone responses from XYZ) and M₂ (OKLab from their cube roots).
static LMS_FROM_XYZ: LazyLock<DMat3> = LazyLock::new(|| {
    rows([
        [0.818_933_010_1, 0.361_866_742_4, -0.128_859_713_7],
        [0.032_984_543_6, 0.929_311_871_5, 0.036_145_638_7],
        [0.048_200_301_8, 0.264_366_269_1, 0.633_851_707_0],
    ])
});
static LAB_FROM_ROOTS: LazyLock<DMat3> = LazyLock::new(|| {
    rows([
        [0.210_454_255_3, 0.793_617_785_0, -0.004_072_046_8],
        [1.977_998_495_1, -2.428_592_205_0, 0.450_593_709_9],
        [0.025_904_037_1, 0.782_771_766_2, -0.808_675_766_0],
    ])
});
static XYZ_FROM_LMS: LazyLock<DMat3> = LazyLock::new(|| LMS_FROM_XYZ.inverse());
static ROOTS_FROM_LAB: LazyLock<DMat3> = LazyLock::new(|| LAB_FROM_ROOTS.inverse());

/// XYZ of the D65 white, Y = 1.
#[must_use]
pub fn white_xyz() -> [f64; 3] {
    xyz_from_linear([1.0; 3])
}

/// CIE XYZ (Y of white = 1) of a linear Rec.709 colour.
#[must_use]
pub fn xyz_from_linear(rgb: [f64; 3]) -> [f64; 3] {
    (*XYZ_FROM_LINEAR * DVec3::from(rgb)).into()
}

/// Linear Rec.709 of a CIE XYZ colour; outside [0, 1] when out of gamut.
#[must_use]
pub fn linear_from_xyz(xyz: [f64; 3]) -> [f64; 3] {
    (*LINEAR_FROM_XYZ * DVec3::from(xyz)).into()
}

/// The sRGB transfer function (IEC 61966-2-1), odd around zero: code value from linear light.
#[must_use]
pub fn srgb_from_linear(x: f64) -> f64 {
    let y = x.abs();
    let code = if y <= 0.003_130_8 {
        12.92 * y
    } else {
        1.055 * scalar::pow(y, 1.0 / 2.4) - 0.055
    };
    code.copysign(x)
}

/// The inverse of [`srgb_from_linear`].
#[must_use]
pub fn linear_from_srgb(code: f64) -> f64 {
    let y = code.abs();
    let linear = if y <= 0.040_45 {
        y / 12.92
    } else {
        scalar::pow((y + 0.055) / 1.055, 2.4)
    };
    linear.copysign(code)
}

/// Linear Rec.709 of `#rrggbb`; `None` for anything else.
#[must_use]
pub fn linear_from_hex(text: &str) -> Option<[f64; 3]> {
    let digits = text
        .strip_prefix('#')
        .filter(|d| d.len() == 6 && d.bytes().all(|b| b.is_ascii_hexdigit()))?;
    let value = u32::from_str_radix(digits, 16).ok()?;
    Some([16, 8, 0].map(|shift| linear_from_srgb(f64::from(value >> shift & 255) / 255.0)))
}

/// `#rrggbb` of a linear Rec.709 colour, clipped to the gamut.
#[must_use]
pub fn hex_from_linear(rgb: [f64; 3]) -> String {
    let [r, g, b] = rgb.map(|x| (srgb_from_linear(x.clamp(0.0, 1.0)) * 255.0).round() as u8);
    format!("#{r:02x}{g:02x}{b:02x}")
}

/// OKLab of a CIE XYZ colour.
#[must_use]
pub fn oklab_from_xyz(xyz: [f64; 3]) -> Oklab {
    let lms = *LMS_FROM_XYZ * DVec3::from(xyz);
    let roots = DVec3::new(scalar::cbrt(lms.x), scalar::cbrt(lms.y), scalar::cbrt(lms.z));
    let lab = *LAB_FROM_ROOTS * roots;
    Oklab {
        l: lab.x,
        a: lab.y,
        b: lab.z,
    }
}

/// CIE XYZ of an OKLab colour.
#[must_use]
pub fn xyz_from_oklab(lab: Oklab) -> [f64; 3] {
    let roots = *ROOTS_FROM_LAB * DVec3::new(lab.l, lab.a, lab.b);
    (*XYZ_FROM_LMS * (roots * roots * roots)).into()
}

/// OKLab of a linear Rec.709 colour.
#[must_use]
pub fn oklab_from_linear(rgb: [f64; 3]) -> Oklab {
    oklab_from_xyz(xyz_from_linear(rgb))
}

/// Linear Rec.709 of an OKLab colour; outside [0, 1] when out of gamut.
#[must_use]
pub fn linear_from_oklab(lab: Oklab) -> [f64; 3] {
    linear_from_xyz(xyz_from_oklab(lab))
}

impl Oklch {
    /// A colour; chroma is kept ≥ 0 and the hue brought into [0, 360).
    #[must_use]
    pub fn new(l: f64, c: f64, h: f64) -> Self {
        Self {
            l,
            c: c.max(0.0),
            h: wrap_degrees(h),
        }
    }

    /// The polar form; greys have hue 0.
    #[must_use]
    pub fn from_oklab(lab: Oklab) -> Self {
        let c = (lab.a * lab.a + lab.b * lab.b).sqrt();
        let h = if c < 1e-9 {
            0.0
        } else {
            scalar::atan2(lab.b, lab.a).to_degrees()
        };
        Self::new(lab.l, c, h)
    }

    /// The rectangular form.
    #[must_use]
    pub fn to_oklab(self) -> Oklab {
        let (sin, cos) = scalar::sin_cos(self.h.to_radians());
        Oklab {
            l: self.l,
            a: self.c * cos,
            b: self.c * sin,
        }
    }

    /// OKLCH of a linear Rec.709 colour.
    #[must_use]
    pub fn from_linear(rgb: [f64; 3]) -> Self {
        Self::from_oklab(oklab_from_linear(rgb))
    }

    /// Linear Rec.709, unclipped.
    #[must_use]
    pub fn to_linear(self) -> [f64; 3] {
        linear_from_oklab(self.to_oklab())
    }
}

/// An angle in degrees brought into [0, 360).
#[must_use]
pub fn wrap_degrees(degrees: f64) -> f64 {
    let wrapped = degrees.rem_euclid(360.0);
    if wrapped >= 360.0 { 0.0 } else { wrapped }
}

/// The shortest signed way from one hue to another, degrees in [−180, 180).
#[must_use]
pub fn hue_difference(from: f64, to: f64) -> f64 {
    wrap_degrees(to - from + 180.0) - 180.0
}

/// CIELAB of a CIE XYZ colour, white D65 (CIE 15:2004, 8.2.1).
#[must_use]
pub fn lab_from_xyz(xyz: [f64; 3]) -> Lab {
    // (6/29)³ and (29/6)²/3: the cube root gives way to its tangent near black
    let f = |t: f64| {
        if t > 216.0 / 24_389.0 {
            scalar::cbrt(t)
        } else {
            t * (841.0 / 108.0) + 4.0 / 29.0
        }
    };
    let white = white_xyz();
    let [x, y, z] = [0, 1, 2].map(|i| f(xyz[i] / white[i]));
    Lab {
        l: 116.0 * y - 16.0,
        a: 500.0 * (x - y),
        b: 200.0 * (y - z),
    }
}

/// CIELAB of a linear Rec.709 colour.
#[must_use]
pub fn lab_from_linear(rgb: [f64; 3]) -> Lab {
    lab_from_xyz(xyz_from_linear(rgb))
}

/// Relative luminance of a linear Rec.709 colour (ITU-R BT.709).
#[must_use]
pub fn luminance(rgb: [f64; 3]) -> f64 {
    0.2126 * rgb[0] + 0.7152 * rgb[1] + 0.0722 * rgb[2]
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The numbers of a CSV file under `fixtures/reference`, without comments and header.
    fn table(text: &str) -> Vec<Vec<f64>> {
        let rows = text.lines().filter(|l| !l.starts_with('#')).skip(1);
        rows.map(|l| {
            l.split(',')
                .map(|x| x.trim().parse().expect("a number"))
                .collect()
        })
        .collect()
    }

    #[test]
    fn oklab_matches_the_published_rows() {
        let rows = table(include_str!("../../../fixtures/reference/oklab.csv"));
        assert_eq!(rows.len(), 4);
        for row in rows {
            let lab = oklab_from_xyz([row[0], row[1], row[2]]);
            for (k, value) in [lab.l, lab.a, lab.b].into_iter().enumerate() {
                assert!((value - row[3 + k]).abs() < 5.0e-4 + 1e-12, "{row:?}: {lab:?}");
                assert!((value - row[6 + k]).abs() < 1e-8, "{row:?}: {lab:?}");
            }
        }
    }

    #[test]
    fn every_space_returns_what_it_was_given() {
        for i in 0..=4 {
            for j in 0..=4 {
                for k in 0..=4 {
                    let rgb = [i, j, k].map(|v| f64::from(v) * 0.35 - 0.2);
                    let there = Oklch::from_linear(rgb);
                    let back = there.to_linear();
                    let xyz = linear_from_xyz(xyz_from_linear(rgb));
                    for c in 0..3 {
                        assert!((back[c] - rgb[c]).abs() < 1e-9, "{rgb:?} {there:?} {back:?}");
                        assert!((xyz[c] - rgb[c]).abs() < 1e-12);
                        assert!((linear_from_srgb(srgb_from_linear(rgb[c])) - rgb[c]).abs() < 1e-7);
                    }
                }
            }
        }
    }

    #[test]
    fn all_byte_codes_survive_linear_light() {
        for code in 0..=255_u32 {
            let linear = linear_from_srgb(f64::from(code) / 255.0);
            assert_eq!((srgb_from_linear(linear) * 255.0).round() as u32, code);
        }
        assert_eq!(
            hex_from_linear(linear_from_hex("#1a2b3c").expect("hex")),
            "#1a2b3c"
        );
        for bad in ["", "#12345", "123456", "#12345g", "#+12345", "#1234567"] {
            assert_eq!(linear_from_hex(bad), None, "{bad}");
        }
    }

    #[test]
    fn greys_have_no_chroma_and_white_is_one() {
        for v in [0.0, 0.01, 0.18, 1.0] {
            let grey = Oklch::from_linear([v; 3]);
            assert!(grey.c < 2e-4, "{grey:?}");
        }
        assert!((Oklch::from_linear([1.0; 3]).l - 1.0).abs() < 1e-4);
        let white = lab_from_linear([1.0; 3]);
        assert!((white.l - 100.0).abs() < 1e-9 && white.a.abs() < 1e-9 && white.b.abs() < 1e-9);
    }

    #[test]
    fn hues_take_the_shortest_way() {
        assert_eq!(hue_difference(350.0, 10.0), 20.0);
        assert_eq!(hue_difference(10.0, 350.0), -20.0);
        assert_eq!(wrap_degrees(-1e-30), 0.0);
    }
}
