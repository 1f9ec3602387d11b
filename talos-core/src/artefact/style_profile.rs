//! `style_profile.json`: how a film is inked, coloured, lit and finished.
//!
//! A style never changes what is drawn: the same `lines.json` takes any profile.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::palette::Template;
use crate::stroke::{InkStyle, InkTool};

/// A style: schema `style_profile/1`. Colours are sRGB `#rrggbb`, lengths pixels at 1080 lines.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct StyleProfile {
    /// Always `"style_profile/1"`.
    pub schema: String,
    /// Name, lower case with hyphens: `"ghibli"`.
    pub name: String,
    /// Name in Korean.
    pub name_ko: String,
    /// What it looks like, in English.
    pub description: String,
    /// What it looks like, in Korean.
    pub description_ko: String,
    /// Lines.
    pub ink: Ink,
    /// Tones of a surface.
    pub tones: Tones,
    /// What is done to every colour.
    pub palette: Treatment,
    /// Light.
    pub light: LightStyle,
    /// Paper, grain and pattern.
    pub texture: Texture,
    /// The last look at the picture.
    pub grade: Grade,
}

/// How lines are inked.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Ink {
    /// What lines are drawn with.
    #[serde(default)]
    pub tool: InkTool,
    /// Line colour.
    pub color: String,
    /// Share of a dark hue of the painted colour in a line's colour, [0, 1]: 0 plain ink, 1 coloured lines.
    pub local_tint: f64,
    /// Opacity, [0, 1].
    pub opacity: f64,
    /// Width of a line of pressure 1, pixels at 1080 lines, (0, 20].
    pub width_px_at_1080: f64,
    /// Thinning towards the ends, [0, 1]: 0 blunt, 1 to a point.
    pub taper: f64,
    /// How much pressure moves width, [0, 1].
    pub pressure_sensitivity: f64,
    /// Width factor of contours, (0, 4].
    pub contour: f64,
    /// Width factor of inner lines, [0, 4].
    pub detail: f64,
    /// Width factor of lines in the background, [0, 4]; 0 leaves them out.
    pub background: f64,
    /// Wobble of the line from drawing to drawing, pixels at 1080 lines, [0, 4].
    pub boil_px_at_1080: f64,
    /// Frames that one drawing of the wobble is held, 1 … 24.
    pub boil_hold_frames: u32,
}

/// The tones of a surface from shadow to light.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Tones {
    /// Number of bands: 2 (shadow, base) or 3 (and light).
    pub bands: u32,
    /// Where each terminator lies on n·l, ascending, one fewer than bands, in (−1, 1).
    pub thresholds: Vec<f64>,
    /// Half width of a terminator on n·l, (0, 0.5]: small is a cel, large a wash.
    pub softness: f64,
    /// Turn of the hue towards blue (264°) in shadow, degrees, [0, 60].
    pub shadow_hue_shift_deg: f64,
    /// Lightness factor of the shadow tone, (0, 1).
    pub shadow_lightness: f64,
    /// Chroma factor of the shadow tone, [0, 2].
    pub shadow_chroma: f64,
    /// Lightness factor of the light tone, [1, 1.5].
    pub light_lightness: f64,
    /// Chroma factor of the light tone, [0, 2].
    pub light_chroma: f64,
}

/// What is done to every colour of the palette.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Treatment {
    /// Factor of chroma, [0, 2].
    pub saturation: f64,
    /// Lightness of black and of white after the treatment, each in [0, 1].
    pub lightness: [f64; 2],
    /// Pull of every hue towards one.
    pub hue_bias: HueBias,
    /// Hue template that colours are drawn to, if any.
    pub harmony: Option<Harmony>,
}

/// A pull towards a hue.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct HueBias {
    /// OKLCH hue in degrees, [0, 360].
    pub hue_deg: f64,
    /// Strength as a chroma added along that hue, [0, 0.1].
    pub chroma: f64,
}

/// A hue template and how far colours follow it.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Harmony {
    /// Which.
    pub template: Template,
    /// Turn of the template, degrees, [0, 360].
    pub rotation_deg: f64,
    /// Share of the way that hues move into it, [0, 1]. Colours the prompt names move half as far.
    pub strength: f64,
}

/// Light.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct LightStyle {
    /// Factor of the key-to-fill ratio, [0.25, 4].
    pub ratio: f64,
    /// Strength of the rim light on subjects, [0, 2].
    pub rim: f64,
    /// Luminance at which bloom begins, [0.2, 4].
    pub bloom_threshold: f64,
    /// Share of the light above it that is spread, [0, 2].
    pub bloom_strength: f64,
    /// Factor of haze density, [0, 4].
    pub haze: f64,
    /// Factor of light that things give off (windows, lamps), [0, 4].
    pub emissive: f64,
    /// Colours of lit windows, warmest share first; at least one.
    pub window_colors: Vec<String>,
}

/// Paper, grain and pattern.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Texture {
    /// Paper that shows through pigment, [0, 1].
    pub paper: f64,
    /// Film grain as a share of a tone, [0, 0.2].
    pub grain: f64,
    /// Pigment gathered at the borders of washes, [0, 1].
    pub edge_darkening: f64,
    /// Dots in the darker tones, [0, 1].
    pub halftone: f64,
    /// Size of the texture, pixels at 1080 lines, [2, 40].
    pub scale_px_at_1080: f64,
}

/// The last look at the picture.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Grade {
    /// Exposure in stops, [−3, 3].
    pub exposure_stops: f64,
    /// Contrast about middle grey, [0.5, 2].
    pub contrast: f64,
    /// Factor of saturation, [0, 2].
    pub saturation: f64,
    /// Tint of the dark tones.
    pub shadow_tint: String,
    /// Tint of the bright tones.
    pub highlight_tint: String,
    /// Strength of both tints, [0, 1].
    pub tint_strength: f64,
    /// Darkening of the corners, [0, 1].
    pub vignette: f64,
}

/// What is wrong with a style or its name.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum StyleError {
    /// No style has this name.
    #[error("there is no style `{0}`; choose one of {1}, or give a style_profile.json")]
    Unknown(String, String),
    /// Not JSON of this schema.
    #[error("style profile at {pointer}: {message}")]
    Syntax {
        /// JSON pointer of the place, as far as it is known.
        pointer: String,
        /// What was found and what is allowed.
        message: String,
    },
    /// A value outside its range.
    #[error("style profile at {pointer}: {value} is not allowed; it must be {expected}")]
    Range {
        /// JSON pointer of the value.
        pointer: String,
        /// The value found.
        value: String,
        /// What is allowed.
        expected: String,
    },
}

/// The built-in profiles in the order they are listed.
const BUILT_IN: [&str; 8] = [
    include_str!("../../data/styles/ghibli.json"),
    include_str!("../../data/styles/cyberpunk-neon.json"),
    include_str!("../../data/styles/ink-wash.json"),
    include_str!("../../data/styles/watercolor.json"),
    include_str!("../../data/styles/noir.json"),
    include_str!("../../data/styles/pastel.json"),
    include_str!("../../data/styles/comic.json"),
    include_str!("../../data/styles/retro-anime.json"),
];

impl StyleProfile {
    /// The schema this type reads and writes.
    pub const SCHEMA: &'static str = "style_profile/1";

    /// The built-in styles.
    #[must_use]
    pub fn built_in() -> Vec<Self> {
        BUILT_IN
            .iter()
            .map(|text| Self::from_json(text).expect("built-in styles are tested"))
            .collect()
    }

    /// The built-in style with this name, English or Korean; spaces, case and hyphens do not matter.
    ///
    /// # Errors
    /// [`StyleError::Unknown`] with the names there are.
    pub fn named(name: &str) -> Result<Self, StyleError> {
        let plain = |text: &str| -> String {
            text.chars()
                .filter(|c| c.is_alphanumeric())
                .flat_map(char::to_lowercase)
                .collect()
        };
        let styles = Self::built_in();
        let names: Vec<&str> = styles.iter().map(|s| s.name.as_str()).collect();
        let unknown = StyleError::Unknown(name.to_owned(), names.join(", "));
        let found = |s: &Self| plain(&s.name) == plain(name) || plain(&s.name_ko) == plain(name);
        styles.iter().find(|s| found(s)).cloned().ok_or(unknown)
    }

    /// Reads a profile strictly: unknown keys and values out of range are refused.
    ///
    /// # Errors
    /// [`StyleError::Syntax`] or [`StyleError::Range`], with the JSON pointer.
    pub fn from_json(text: &str) -> Result<Self, StyleError> {
        let profile: Self = serde_json::from_str(text).map_err(|error| syntax(text, &error))?;
        profile.validate()?;
        Ok(profile)
    }

    /// Checks every range.
    ///
    /// # Errors
    /// [`StyleError::Range`] for the first value that is not allowed.
    pub fn validate(&self) -> Result<(), StyleError> {
        let mut check = Check(Ok(()));
        check.that(
            "/schema",
            &self.schema,
            self.schema == Self::SCHEMA,
            "\"style_profile/1\"",
        );
        check.that("/name", &self.name, !self.name.is_empty(), "a name");
        self.check_ink(&mut check);
        self.check_tones(&mut check);
        self.check_palette(&mut check);
        self.check_light(&mut check);
        self.check_finish(&mut check);
        check.0
    }

    /// The inking of this style.
    #[must_use]
    pub fn ink_style(&self) -> InkStyle {
        let ink = &self.ink;
        ink.tool.held_by(InkStyle {
            width_px: ink.width_px_at_1080,
            pressure_sensitivity: ink.pressure_sensitivity,
            taper_px: 8.0 + 36.0 * ink.taper,
            taper_end: 1.0 - ink.taper,
            contour_factor: ink.contour,
            detail_factor: ink.detail,
            boil_px: ink.boil_px_at_1080,
            boil_frames: ink.boil_hold_frames,
            ..InkStyle::default()
        })
    }

    /// The inking of a layer: background lines are finer. `weight` is a factor of every width, such as
    /// the emotion's.
    #[must_use]
    pub fn ink_of(&self, layer: &str, weight: f64) -> InkStyle {
        let factor = match layer {
            "subject" => 1.0,
            "midground" => 0.5 * (1.0 + self.ink.background),
            _ => self.ink.background,
        };
        let base = self.ink_style();
        let width_px = base.width_px * factor * weight;
        InkStyle {
            width_px,
            min_width_px: (0.28 * width_px).min(base.min_width_px),
            ..base
        }
    }

    fn check_ink(&self, check: &mut Check) {
        let ink = &self.ink;
        check.color("/ink/color", &ink.color);
        check.range("/ink/local_tint", ink.local_tint, 0.0, 1.0);
        check.range("/ink/opacity", ink.opacity, 0.0, 1.0);
        check.range("/ink/width_px_at_1080", ink.width_px_at_1080, 0.05, 20.0);
        check.range("/ink/taper", ink.taper, 0.0, 1.0);
        check.range("/ink/pressure_sensitivity", ink.pressure_sensitivity, 0.0, 1.0);
        check.range("/ink/contour", ink.contour, 0.01, 4.0);
        check.range("/ink/detail", ink.detail, 0.0, 4.0);
        check.range("/ink/background", ink.background, 0.0, 4.0);
        check.range("/ink/boil_px_at_1080", ink.boil_px_at_1080, 0.0, 4.0);
        check.range(
            "/ink/boil_hold_frames",
            f64::from(ink.boil_hold_frames),
            1.0,
            24.0,
        );
    }

    fn check_tones(&self, check: &mut Check) {
        let tones = &self.tones;
        check.range("/tones/bands", f64::from(tones.bands), 2.0, 3.0);
        let fit = tones.thresholds.len() + 1 == tones.bands as usize;
        check.that(
            "/tones/thresholds",
            &format!("{:?}", tones.thresholds),
            fit,
            "one fewer than /tones/bands",
        );
        let ascending = tones.thresholds.is_sorted();
        check.that(
            "/tones/thresholds",
            &format!("{:?}", tones.thresholds),
            ascending,
            "ascending",
        );
        for (i, &threshold) in tones.thresholds.iter().enumerate() {
            check.range(&format!("/tones/thresholds/{i}"), threshold, -0.99, 0.99);
        }
        check.range("/tones/softness", tones.softness, 0.001, 0.5);
        check.range(
            "/tones/shadow_hue_shift_deg",
            tones.shadow_hue_shift_deg,
            0.0,
            60.0,
        );
        check.range("/tones/shadow_lightness", tones.shadow_lightness, 0.05, 1.0);
        check.range("/tones/shadow_chroma", tones.shadow_chroma, 0.0, 2.0);
        check.range("/tones/light_lightness", tones.light_lightness, 1.0, 1.5);
        check.range("/tones/light_chroma", tones.light_chroma, 0.0, 2.0);
    }

    fn check_palette(&self, check: &mut Check) {
        let palette = &self.palette;
        check.range("/palette/saturation", palette.saturation, 0.0, 2.0);
        check.range(
            "/palette/lightness/0",
            palette.lightness[0],
            0.0,
            palette.lightness[1],
        );
        check.range("/palette/lightness/1", palette.lightness[1], 0.0, 1.0);
        check.range("/palette/hue_bias/hue_deg", palette.hue_bias.hue_deg, 0.0, 360.0);
        check.range("/palette/hue_bias/chroma", palette.hue_bias.chroma, 0.0, 0.1);
        if let Some(harmony) = &palette.harmony {
            check.range("/palette/harmony/rotation_deg", harmony.rotation_deg, 0.0, 360.0);
            check.range("/palette/harmony/strength", harmony.strength, 0.0, 1.0);
        }
    }

    fn check_light(&self, check: &mut Check) {
        let light = &self.light;
        check.range("/light/ratio", light.ratio, 0.25, 4.0);
        check.range("/light/rim", light.rim, 0.0, 2.0);
        check.range("/light/bloom_threshold", light.bloom_threshold, 0.2, 4.0);
        check.range("/light/bloom_strength", light.bloom_strength, 0.0, 2.0);
        check.range("/light/haze", light.haze, 0.0, 4.0);
        check.range("/light/emissive", light.emissive, 0.0, 4.0);
        check.that(
            "/light/window_colors",
            "[]",
            !light.window_colors.is_empty(),
            "at least one colour",
        );
        for (i, color) in light.window_colors.iter().enumerate() {
            check.color(&format!("/light/window_colors/{i}"), color);
        }
    }

    fn check_finish(&self, check: &mut Check) {
        let (texture, grade) = (&self.texture, &self.grade);
        check.range("/texture/paper", texture.paper, 0.0, 1.0);
        check.range("/texture/grain", texture.grain, 0.0, 0.2);
        check.range("/texture/edge_darkening", texture.edge_darkening, 0.0, 1.0);
        check.range("/texture/halftone", texture.halftone, 0.0, 1.0);
        check.range("/texture/scale_px_at_1080", texture.scale_px_at_1080, 2.0, 40.0);
        check.range("/grade/exposure_stops", grade.exposure_stops, -3.0, 3.0);
        check.range("/grade/contrast", grade.contrast, 0.5, 2.0);
        check.range("/grade/saturation", grade.saturation, 0.0, 2.0);
        check.color("/grade/shadow_tint", &grade.shadow_tint);
        check.color("/grade/highlight_tint", &grade.highlight_tint);
        check.range("/grade/tint_strength", grade.tint_strength, 0.0, 1.0);
        check.range("/grade/vignette", grade.vignette, 0.0, 1.0);
    }
}

/// The first thing wrong so far.
struct Check(Result<(), StyleError>);

impl Check {
    fn that(&mut self, pointer: &str, value: &str, allowed: bool, expected: &str) {
        if self.0.is_ok() && !allowed {
            let (pointer, value, expected) = (pointer.to_owned(), value.to_owned(), expected.to_owned());
            self.0 = Err(StyleError::Range {
                pointer,
                value,
                expected,
            });
        }
    }

    fn range(&mut self, pointer: &str, value: f64, low: f64, high: f64) {
        let allowed = (low..=high).contains(&value);
        self.that(
            pointer,
            &value.to_string(),
            allowed,
            &format!("in [{low}, {high}]"),
        );
    }

    fn color(&mut self, pointer: &str, text: &str) {
        let allowed = crate::palette::linear_from_hex(text).is_some();
        self.that(pointer, text, allowed, "a colour as #rrggbb");
    }
}

/// The parser's complaint, with the pointer of the key it names where there is one.
fn syntax(text: &str, error: &serde_json::Error) -> StyleError {
    let message = error.to_string();
    let key = message
        .strip_prefix("unknown field `")
        .and_then(|rest| rest.split('`').next());
    let value = serde_json::from_str::<serde_json::Value>(text).ok();
    let found = key
        .zip(value.as_ref())
        .and_then(|(key, value)| pointer_of(value, key));
    let pointer = found.unwrap_or_else(|| format!("line {}, column {}", error.line(), error.column()));
    StyleError::Syntax { pointer, message }
}

/// Pointer of the first object member with this key, depth first.
fn pointer_of(value: &serde_json::Value, key: &str) -> Option<String> {
    let members = value.as_object()?;
    if members.contains_key(key) {
        return Some(format!("/{}", key.replace('~', "~0").replace('/', "~1")));
    }
    members
        .iter()
        .find_map(|(name, inner)| pointer_of(inner, key).map(|rest| format!("/{name}{rest}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn eight_styles_read_and_round_trip() {
        let styles = StyleProfile::built_in();
        let names: Vec<&str> = styles.iter().map(|s| s.name.as_str()).collect();
        assert_eq!(
            names,
            [
                "ghibli",
                "cyberpunk-neon",
                "ink-wash",
                "watercolor",
                "noir",
                "pastel",
                "comic",
                "retro-anime"
            ]
        );
        for style in &styles {
            let text = serde_json::to_string(style).expect("serialises");
            assert_eq!(StyleProfile::from_json(&text).as_ref(), Ok(style));
        }
    }

    #[test]
    fn names_are_found_in_both_languages() {
        for (asked, name) in [
            ("지브리", "ghibli"),
            ("사이버펑크 네온", "cyberpunk-neon"),
            ("Cyberpunk Neon", "cyberpunk-neon"),
            ("수묵화", "ink-wash"),
            ("수채화", "watercolor"),
            ("느와르", "noir"),
            ("파스텔", "pastel"),
            ("만화", "comic"),
            ("레트로 애니", "retro-anime"),
        ] {
            assert_eq!(StyleProfile::named(asked).map(|s| s.name), Ok(name.to_owned()));
        }
        let error = StyleProfile::named("cubism").unwrap_err().to_string();
        assert!(
            error.contains("cubism") && error.contains("watercolor"),
            "{error}"
        );
    }

    fn edited(edit: impl Fn(&mut serde_json::Value)) -> StyleError {
        let mut value: serde_json::Value = serde_json::from_str(BUILT_IN[0]).expect("JSON");
        edit(&mut value);
        StyleProfile::from_json(&value.to_string()).expect_err("refused")
    }

    #[test]
    fn nonsense_is_refused_with_its_place() {
        let unknown = edited(|v| v["light"]["glow"] = 1.0.into());
        assert!(
            matches!(&unknown, StyleError::Syntax { pointer, .. } if pointer == "/light/glow"),
            "{unknown}"
        );
        for (pointer, value) in [
            ("/ink/color", serde_json::json!("red")),
            ("/ink/opacity", serde_json::json!(1.5)),
            ("/tones/thresholds", serde_json::json!([0.1])),
            ("/tones/thresholds", serde_json::json!([0.5, 0.1])),
            ("/light/window_colors", serde_json::json!([])),
            ("/light/window_colors/1", serde_json::json!("#12")),
            ("/palette/lightness/0", serde_json::json!(0.999)),
            ("/grade/vignette", serde_json::json!(-0.1)),
            ("/schema", serde_json::json!("style_profile/2")),
        ] {
            let error = edited(|v| *v.pointer_mut(pointer).expect("present") = value.clone());
            assert!(
                matches!(&error, StyleError::Range { pointer: p, .. } if p == pointer),
                "{error}"
            );
        }
        assert!(matches!(
            StyleProfile::from_json("{"),
            Err(StyleError::Syntax { .. })
        ));
    }

    #[test]
    fn the_schema_closes_every_object() {
        let schema = serde_json::to_string(&schemars::schema_for!(StyleProfile)).expect("serialises");
        assert!(
            schema.matches("\"additionalProperties\":false").count() >= 8,
            "{schema}"
        );
    }
}
