//! Line pictures: a frame's strokes alone, black on white or white on black, at any scale.

use thiserror::Error;

use crate::{
    artefact::{Lines, LinesError},
    camera::FrameSize,
    image::{Mask, Picture},
    random::Seed,
    stroke::{InkStyle, Stroke, ink},
};

/// Pixels of a picture at most: 16K by 16K.
const MAX_PIXELS: f64 = 268_435_456.0;

/// Why a line picture could not be drawn.
#[derive(Clone, Debug, PartialEq, Error)]
#[non_exhaustive]
pub enum LinesPictureError {
    /// The lines are not valid.
    #[error(transparent)]
    Lines(#[from] LinesError),
    /// No such scale.
    #[error(
        "a line picture cannot be drawn at {scale} times the size of {width}x{height}; sides of 1 pixel to 16384 by 16384 are"
    )]
    Scale {
        /// The scale asked for.
        scale: f64,
        /// Width of the frame.
        width: u32,
        /// Height of the frame.
        height: u32,
    },
}

/// Which is light.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Tones {
    /// Black lines on white.
    #[default]
    BlackOnWhite,
    /// White lines on black.
    WhiteOnBlack,
}

/// Draws a frame's lines. `style` is the ink of each layer, as `StyleProfile::ink_of` gives it; the
/// layers unite as if on one sheet.
///
/// # Errors
/// [`LinesPictureError`] for lines that are not valid and for sizes that are none.
pub fn picture(
    lines: &Lines,
    style: &dyn Fn(&str) -> InkStyle,
    tones: Tones,
    scale: f64,
    seed: Seed,
) -> Result<Picture, LinesPictureError> {
    lines.validate()?;
    let size = scaled(lines.frame_size, scale)?;
    let mut strokes = lines.strokes();
    // whole numbers of pixels change the two scales a little
    let (x, y) = (
        f64::from(size.width) / f64::from(lines.frame_size.width),
        f64::from(size.height) / f64::from(lines.frame_size.height),
    );
    for point in strokes.iter_mut().flat_map(|s| &mut s.points) {
        *point *= crate::math::DVec2::new(x, y);
    }
    let mut all = Mask::new(size);
    for layer in &lines.layers {
        let own: Vec<Stroke> = strokes.iter().filter(|s| s.layer == *layer).cloned().collect();
        let mask = ink(&own, &style(layer), size, lines.frame, seed);
        let both = all.coverage.iter_mut().zip(&mask.coverage);
        both.for_each(|(a, b)| *a = (*a).max(*b));
    }
    let level = |coverage: u8| match tones {
        Tones::BlackOnWhite => 255 - coverage,
        Tones::WhiteOnBlack => coverage,
    };
    let bytes = all.coverage.iter().flat_map(|c| [level(*c); 3]).collect();
    Ok(Picture::from_rgb(size, bytes))
}

fn scaled(size: FrameSize, scale: f64) -> Result<FrameSize, LinesPictureError> {
    let side = |length: u32| (f64::from(length) * scale).round();
    let (w, h) = (side(size.width), side(size.height));
    let fits = w >= 1.0 && h >= 1.0 && w * h <= MAX_PIXELS && w.max(h) <= 65_535.0;
    if !fits {
        return Err(LinesPictureError::Scale {
            scale,
            width: size.width,
            height: size.height,
        });
    }
    Ok(FrameSize {
        width: w as u32,
        height: h as u32,
    })
}
