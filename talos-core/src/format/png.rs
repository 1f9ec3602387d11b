//! PNG: 8-bit sRGB pictures with their provenance, bytes in and out.

use png::{BitDepth, ColorType, Compression, Decoder, Encoder, Limits, SrgbRenderingIntent, Transformations};
use thiserror::Error;

use crate::{camera::FrameSize, image::Picture};

/// Why a PNG could not be written or read.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum PngError {
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

/// Encodes a picture with text metadata.
///
/// # Errors
/// [`PngError::Metadata`] when a key cannot be written.
pub fn encode(picture: &Picture, metadata: &[(String, String)]) -> Result<Vec<u8>, PngError> {
    let (width, height) = (picture.size().width, picture.size().height);
    let mut out = Vec::new();
    let mut encoder = Encoder::new(&mut out, width, height);
    encoder.set_color(if picture.channels() == 4 {
        ColorType::Rgba
    } else {
        ColorType::Rgb
    });
    encoder.set_depth(BitDepth::Eight);
    // film frames are many and short-lived: writing speed counts, size hardly
    encoder.set_compression(Compression::Fast);
    encoder.set_source_srgb(SrgbRenderingIntent::Perceptual);
    for (key, value) in metadata {
        let text = |error: png::EncodingError| PngError::Metadata {
            key: key.clone(),
            message: error.to_string(),
        };
        if key.is_empty() || key.chars().count() > 79 {
            return Err(PngError::Metadata {
                key: key.clone(),
                message: "bad length".into(),
            });
        }
        // tEXt holds Latin-1 only; anything else goes into iTXt
        if value.chars().all(|c| u32::from(c) < 256) {
            encoder.add_text_chunk(key.clone(), value.clone()).map_err(text)?;
        } else {
            encoder.add_itxt_chunk(key.clone(), value.clone()).map_err(text)?;
        }
    }
    let failed = |error: png::EncodingError| PngError::Encoding(error.to_string());
    let mut writer = encoder.write_header().map_err(failed)?;
    writer.write_image_data(picture.bytes()).map_err(failed)?;
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
    let size = FrameSize {
        width: info.width,
        height: info.height,
    };
    let rgba: Vec<u8> = match info.color_type {
        ColorType::Rgba => data.to_vec(),
        ColorType::GrayscaleAlpha => data
            .chunks_exact(2)
            .flat_map(|p| [p[0], p[0], p[0], p[1]])
            .collect(),
        other => {
            let message = format!("colour type {other:?} was not expanded");
            return Err(PngError::Decoding(message));
        }
    };
    let opaque = matches!(reader.info().color_type, ColorType::Rgb | ColorType::Grayscale);
    if opaque {
        let rgb = rgba.chunks_exact(4).flat_map(|p| [p[0], p[1], p[2]]).collect();
        return Ok(Picture::from_rgb(size, rgb));
    }
    Ok(Picture::from_rgba(size, rgba))
}

/// Keys and values of a PNG's text chunks, in file order.
///
/// # Errors
/// [`PngError::Decoding`] for broken files.
pub fn metadata(bytes: &[u8]) -> Result<Vec<(String, String)>, PngError> {
    let failed = |error: png::DecodingError| PngError::Decoding(error.to_string());
    let decoder = Decoder::new_with_limits(std::io::Cursor::new(bytes), Limits { bytes: 1 << 20 });
    let reader = decoder.read_info().map_err(failed)?;
    let info = reader.info();
    let latin = info
        .uncompressed_latin1_text
        .iter()
        .map(|t| (t.keyword.clone(), t.text.clone()));
    let unicode = info
        .utf8_text
        .iter()
        .filter_map(|t| Some((t.keyword.clone(), t.get_text().ok()?)));
    Ok(latin.chain(unicode).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    const SIZE: FrameSize = FrameSize { width: 5, height: 3 };

    fn rgb() -> Picture {
        Picture::from_rgb(SIZE, (0..45_u8).map(|i| i.wrapping_mul(17)).collect())
    }

    #[test]
    fn pictures_and_metadata_come_back() {
        let pair = |k: &str, v: &str| (k.to_owned(), v.to_owned());
        let meta = [pair("talos:seed", "42"), pair("talos:prompt", "푸른 용")];
        let bytes = encode(&rgb(), &meta).expect("encodes");
        assert_eq!(decode(&bytes).expect("decodes"), rgb());
        assert_eq!(metadata(&bytes).expect("reads"), meta);
        let rgba = Picture::from_rgba(SIZE, (0..60).collect());
        let bytes = encode(&rgba, &[]).expect("encodes");
        assert_eq!(decode(&bytes).expect("decodes"), rgba);
        assert_eq!(bytes, encode(&rgba, &[]).expect("encodes"), "same bytes");
    }

    #[test]
    fn nonsense_is_refused() {
        for key in ["", &"k".repeat(80)] {
            let meta = [(key.to_owned(), "x".to_owned())];
            assert!(matches!(encode(&rgb(), &meta), Err(PngError::Metadata { .. })));
        }
        let good = encode(&rgb(), &[]).expect("encodes");
        for cut in 0..good.len() {
            let broken = decode(&good[..cut]);
            assert!(broken.is_err() || broken.is_ok_and(|p| p == rgb()));
        }
        for index in 0..good.len() {
            let mut bytes = good.clone();
            bytes[index] ^= 0x55;
            let _ = decode(&bytes);
        }
    }
}
