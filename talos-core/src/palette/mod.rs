//! Colour: spaces, differences, gamut, harmony, ramps, and the palette of a film.

mod book;
mod difference;
mod gamut;
mod harmony;
mod ramp;
mod slots;
pub mod space;
mod treatment;
mod words;

pub use book::{ColorControl, PaletteBook};
pub use difference::ciede2000;
pub use gamut::{in_gamut, to_gamut};
pub use harmony::Template;
pub use ramp::Ramp;
pub use space::{Lab, Oklab, Oklch, linear_from_hex, luminance};
pub use treatment::{Shift, treat, treat_light};
pub use words::{color_word, color_words};

#[cfg(test)]
mod tests;
