//! Colour words, canonical English names, and where they lie in OKLCH.

use super::space::{Oklch, linear_from_hex};

/// Word, lightness, chroma, hue in degrees. Chosen as paint, not as signal: a blue dragon is the
/// blue of a cel (L 0.55), not of a display's primary, so light and shadow both have room.
const WORDS: &[(&str, f64, f64, f64)] = &[
    ("amber", 0.76, 0.15, 70.0),
    ("azure", 0.68, 0.13, 240.0),
    ("beige", 0.87, 0.045, 85.0),
    ("black", 0.25, 0.015, 275.0),
    ("blonde", 0.85, 0.095, 88.0),
    ("blue", 0.55, 0.155, 256.0),
    ("bronze", 0.56, 0.09, 65.0),
    ("brown", 0.45, 0.075, 52.0),
    ("copper", 0.60, 0.115, 48.0),
    ("cream", 0.94, 0.04, 92.0),
    ("crimson", 0.48, 0.18, 20.0),
    ("cyan", 0.80, 0.125, 205.0),
    ("emerald", 0.62, 0.135, 160.0),
    ("gold", 0.79, 0.145, 84.0),
    ("golden", 0.79, 0.145, 84.0),
    ("gray", 0.62, 0.008, 250.0),
    ("green", 0.60, 0.145, 146.0),
    ("grey", 0.62, 0.008, 250.0),
    ("indigo", 0.42, 0.145, 275.0),
    ("ivory", 0.95, 0.025, 95.0),
    ("lavender", 0.78, 0.085, 300.0),
    ("magenta", 0.62, 0.22, 335.0),
    ("mint", 0.87, 0.085, 168.0),
    ("navy", 0.34, 0.095, 264.0),
    ("olive", 0.55, 0.09, 112.0),
    ("orange", 0.71, 0.165, 54.0),
    ("pink", 0.79, 0.11, 357.0),
    ("purple", 0.50, 0.165, 305.0),
    ("red", 0.56, 0.195, 27.0),
    ("rose", 0.65, 0.155, 10.0),
    ("scarlet", 0.60, 0.21, 30.0),
    ("silver", 0.81, 0.012, 245.0),
    ("sky_blue", 0.76, 0.105, 236.0),
    ("tan", 0.73, 0.065, 70.0),
    ("teal", 0.58, 0.095, 195.0),
    ("turquoise", 0.76, 0.115, 190.0),
    ("violet", 0.54, 0.175, 295.0),
    ("white", 0.955, 0.01, 240.0),
    ("yellow", 0.87, 0.155, 98.0),
];

/// The colour of a word or of `#rrggbb`; `None` when neither. Case, spaces and hyphens do not matter.
#[must_use]
pub fn color_word(word: &str) -> Option<Oklch> {
    if let Some(linear) = linear_from_hex(word.trim()) {
        return Some(Oklch::from_linear(linear));
    }
    let word = word.trim().to_lowercase().replace([' ', '-'], "_");
    let found = WORDS.binary_search_by(|entry| entry.0.cmp(word.as_str())).ok()?;
    let (_, l, c, h) = WORDS[found];
    Some(Oklch::new(l, c, h))
}

/// Every word known, in order.
pub fn color_words() -> impl Iterator<Item = &'static str> {
    WORDS.iter().map(|entry| entry.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::palette::gamut::in_gamut;

    #[test]
    fn words_are_sorted_found_and_paintable() {
        assert!(WORDS.is_sorted_by(|a, b| a.0 < b.0));
        for word in color_words() {
            let color = color_word(word).expect("known");
            assert!(in_gamut(color.to_linear()), "{word} {:?}", color.to_linear());
        }
        assert_eq!(color_word(" Sky-Blue "), color_word("sky blue"));
        assert_eq!(color_word("blurple"), None);
        assert!(color_word("#336699").is_some());
    }
}
