//! A finished picture: 8 bits a channel, sRGB-coded, straight alpha or none.

use crate::camera::FrameSize;

/// What PNG files and encoders are given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Picture {
    size: FrameSize,
    channels: usize,
    bytes: Vec<u8>,
}

impl Picture {
    /// A picture of RGB triples, row by row from the top-left.
    ///
    /// # Panics
    /// If there are not `width · height · 3` bytes.
    #[must_use]
    pub fn from_rgb(size: FrameSize, bytes: Vec<u8>) -> Self {
        Self::new(size, 3, bytes)
    }

    /// A picture of RGBA quadruples with straight alpha.
    ///
    /// # Panics
    /// If there are not `width · height · 4` bytes.
    #[must_use]
    pub fn from_rgba(size: FrameSize, bytes: Vec<u8>) -> Self {
        Self::new(size, 4, bytes)
    }

    fn new(size: FrameSize, channels: usize, bytes: Vec<u8>) -> Self {
        assert_eq!(
            bytes.len(),
            size.width as usize * size.height as usize * channels,
            "bytes of a picture"
        );
        Self {
            size,
            channels,
            bytes,
        }
    }

    /// Size in pixels.
    #[must_use]
    pub fn size(&self) -> FrameSize {
        self.size
    }

    /// 3 or 4.
    #[must_use]
    pub fn channels(&self) -> usize {
        self.channels
    }

    /// The bytes, row by row.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// RGB triples; alpha is dropped.
    #[must_use]
    pub fn rgb(&self) -> std::borrow::Cow<'_, [u8]> {
        if self.channels == 3 {
            return (&self.bytes).into();
        }
        self.bytes
            .chunks_exact(4)
            .flat_map(|p| [p[0], p[1], p[2]])
            .collect::<Vec<_>>()
            .into()
    }

    fn offset(&self, x: u32, y: u32) -> usize {
        (y as usize * self.size.width as usize + x as usize) * self.channels
    }

    /// Colour of a pixel.
    #[must_use]
    pub fn rgb_at(&self, x: u32, y: u32) -> [u8; 3] {
        let at = self.offset(x, y);
        [self.bytes[at], self.bytes[at + 1], self.bytes[at + 2]]
    }

    /// Colour and alpha of a pixel; 255 where there is no alpha.
    #[must_use]
    pub fn rgba_at(&self, x: u32, y: u32) -> [u8; 4] {
        let [r, g, b] = self.rgb_at(x, y);
        let alpha = if self.channels == 4 {
            self.bytes[self.offset(x, y) + 3]
        } else {
            255
        };
        [r, g, b, alpha]
    }

    /// Sets the colour of a pixel.
    pub fn set_rgb(&mut self, x: u32, y: u32, color: [u8; 3]) {
        let at = self.offset(x, y);
        self.bytes[at..at + 3].copy_from_slice(&color);
    }

    /// Hash of size, channels and pixels: what two equal pictures share, however they were packed.
    #[must_use]
    pub fn digest(&self) -> crate::digest::Digest {
        let mut writer = crate::digest::Canonical::new("picture/1");
        writer
            .integer(u64::from(self.size.width))
            .integer(u64::from(self.size.height));
        writer.integer(self.channels as u64).bytes(&self.bytes);
        writer.finish()
    }
}
