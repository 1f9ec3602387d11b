//! PNG: 8-bit sRGB pictures with their provenance, bytes in and out.

use png::{BitDepth, ColorType, Compression, Decoder, Encoder, Limits, SrgbRenderingIntent, Transformations};
use thiserror::Error;

use crate::camera::FrameSize;

/// Why a PNG could not be written or read.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum PngError {
    /// The pixels do not fill the size.
    #[error("{pixels} pixels do not fill a picture of {width}×{height}; give exactly width × height")]
    Size {
        /// Pixels given.
        pixels: usize,
        /// Width asked for.
        width: u32,
        /// Height asked for.
        height: u32,
    },
    /// A key or value cannot stand in a PNG text chunk.
    #[error("PNG metadata `{key}` cannot be written: {message}; keys are 1–79 Latin-1 characters")]
    Metadata {
        /// The key.
        key: String,
        /// What the encoder said.
        message: String,
    },
    /// The encoder refused.
    #[error("PNG could not be encoded: {0}")]
    Encoding(String),
    /// The bytes are no PNG that can be read.
    #[error("PNG could not be decoded: {0}; give an 8- or 16-bit PNG of at most 256 MiB of pixels")]
    Decoding(String),
}

/// A decoded picture.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Picture {
    /// Size in pixels.
    pub size: FrameSize,
    /// sRGB with straight alpha, row by row from the top-left.
    pub pixels: Vec<[u8; 4]>,
    /// Keys and values of its text chunks, in file order.
    pub metadata: Vec<(String, String)>,
}

/// Encodes an opaque sRGB picture with text metadata.
///
/// # Errors
/// [`PngError`] when the pixels do not fill the size or a key cannot be written.
pub fn encode_rgb8(
    size: FrameSize,
    pixels: &[[u8; 3]],
    metadata: &[(&str, &str)],
) -> Result<Vec<u8>, PngError> {
    encode(
        size,
        ColorType::Rgb,
        pixels.len(),
        pixels.as_flattened(),
        metadata,
    )
}

/// Encodes an sRGB picture with straight alpha and text metadata.
///
/// # Errors
/// As [`encode_rgb8`].
pub fn encode_rgba8(
    size: FrameSize,
    pixels: &[[u8; 4]],
    metadata: &[(&str, &str)],
) -> Result<Vec<u8>, PngError> {
    encode(
        size,
        ColorType::Rgba,
        pixels.len(),
        pixels.as_flattened(),
        metadata,
    )
}

fn encode(
    size: FrameSize,
    color: ColorType,
    count: usize,
    bytes: &[u8],
    metadata: &[(&str, &str)],
) -> Result<Vec<u8>, PngError> {
    let (width, height) = (size.width, size.height);
    if count as u64 != u64::from(width) * u64::from(height) {
        return Err(PngError::Size {
            pixels: count,
            width,
            height,
        });
    }
    let mut out = Vec::new();
    let mut encoder = Encoder::new(&mut out, width, height);
    encoder.set_color(color);
    encoder.set_depth(BitDepth::Eight);
    // film frames are many and short-lived: writing speed counts, size hardly
    encoder.set_compression(Compression::Fast);
    encoder.set_source_srgb(SrgbRenderingIntent::Perceptual);
    for (key, value) in metadata {
        let text = |error: png::EncodingError| PngError::Metadata {
            key: (*key).to_owned(),
            message: error.to_string(),
        };
        if key.is_empty() || key.chars().count() > 79 {
            return Err(PngError::Metadata {
                key: (*key).to_owned(),
                message: "bad length".into(),
            });
        }
        // tEXt holds Latin-1 only; anything else goes into iTXt
        if value.chars().all(|c| u32::from(c) < 256) {
            encoder
                .add_text_chunk((*key).to_owned(), (*value).to_owned())
                .map_err(text)?;
        } else {
            encoder
                .add_itxt_chunk((*key).to_owned(), (*value).to_owned())
                .map_err(text)?;
        }
    }
    let failed = |error: png::EncodingError| PngError::Encoding(error.to_string());
    let mut writer = encoder.write_header().map_err(failed)?;
    writer.write_image_data(bytes).map_err(failed)?;
    writer.finish().map_err(failed)?;
    Ok(out)
}

/// Decodes a PNG to 8-bit straight sRGB; what picture digests are taken over.
///
/// # Errors
/// [`PngError::Decoding`] for broken or oversized files.
pub fn decode(bytes: &[u8]) -> Result<Picture, PngError> {
    let failed = |error: png::DecodingError| PngError::Decoding(error.to_string());
    let mut decoder = Decoder::new_with_limits(std::io::Cursor::new(bytes), Limits { bytes: 256 << 20 });
    decoder.set_transformations(Transformations::normalize_to_color8() | Transformations::ALPHA);
    let mut reader = decoder.read_info().map_err(failed)?;
    let length = reader.output_buffer_size().filter(|&n| n <= 256 << 20);
    let mut buffer = vec![0; length.ok_or_else(|| PngError::Decoding("it is too large".into()))?];
    let info = reader.next_frame(&mut buffer).map_err(failed)?;
    let data = &buffer[..info.buffer_size()];
    let pixels = match info.color_type {
        ColorType::Rgba => data.chunks_exact(4).map(|p| [p[0], p[1], p[2], p[3]]).collect(),
        ColorType::GrayscaleAlpha => data.chunks_exact(2).map(|p| [p[0], p[0], p[0], p[1]]).collect(),
        other => {
            return Err(PngError::Decoding(format!(
                "colour type {other:?} was not expanded"
            )));
        }
    };
    let info = reader.info();
    let latin = info
        .uncompressed_latin1_text
        .iter()
        .map(|t| (t.keyword.clone(), t.text.clone()));
    let unicode = info
        .utf8_text
        .iter()
        .filter_map(|t| Some((t.keyword.clone(), t.get_text().ok()?)));
    let metadata = latin.chain(unicode).collect();
    Ok(Picture {
        size: FrameSize {
            width: info.width,
            height: info.height,
        },
        pixels,
        metadata,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const SIZE: FrameSize = FrameSize { width: 5, height: 3 };

    #[test]
    fn pictures_and_metadata_come_back() {
        let rgb: Vec<[u8; 3]> = (0..15_u8).map(|i| [i * 17, 255 - i, i]).collect();
        let meta = [("talos:seed", "42"), ("talos:prompt", "푸른 용")];
        let bytes = encode_rgb8(SIZE, &rgb, &meta).expect("encodes");
        let picture = decode(&bytes).expect("decodes");
        assert_eq!(picture.size, SIZE);
        assert!(
            picture
                .pixels
                .iter()
                .zip(&rgb)
                .all(|(a, b)| a[..3] == b[..] && a[3] == 255)
        );
        for (key, value) in meta {
            assert!(
                picture.metadata.iter().any(|(k, v)| k == key && v == value),
                "{:?}",
                picture.metadata
            );
        }
        let rgba: Vec<[u8; 4]> = (0..15_u8).map(|i| [i, i, 200, i * 16]).collect();
        let bytes = encode_rgba8(SIZE, &rgba, &[]).expect("encodes");
        assert_eq!(decode(&bytes).expect("decodes").pixels, rgba);
        assert_eq!(
            bytes,
            encode_rgba8(SIZE, &rgba, &[]).expect("encodes"),
            "same bytes"
        );
    }

    #[test]
    fn nonsense_is_refused() {
        assert!(matches!(
            encode_rgb8(SIZE, &[[0; 3]; 14], &[]),
            Err(PngError::Size { .. })
        ));
        assert!(matches!(
            encode_rgb8(SIZE, &[[0; 3]; 15], &[("", "x")]),
            Err(PngError::Metadata { .. })
        ));
        let long = "k".repeat(80);
        assert!(matches!(
            encode_rgb8(SIZE, &[[0; 3]; 15], &[(&long, "x")]),
            Err(PngError::Metadata { .. })
        ));
        let good = encode_rgb8(SIZE, &[[7; 3]; 15], &[]).expect("encodes");
        for cut in [0, 7, 20, good.len() / 2, good.len() - 13] {
            assert!(
                matches!(decode(&good[..cut]), Err(PngError::Decoding(_))),
                "{cut}"
            );
        }
    }
}
