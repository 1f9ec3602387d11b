//! Pixel buffers.

use crate::camera::FrameSize;

/// Linear Rec.709 (D65), premultiplied alpha, f32; row by row from the top-left.
#[derive(Clone, Debug, PartialEq)]
pub struct Image {
    /// Size in pixels.
    pub size: FrameSize,
    /// `[r, g, b, a]` per pixel; colour may exceed 1 (light).
    pub pixels: Vec<[f32; 4]>,
}

impl Image {
    /// A transparent image.
    #[must_use]
    pub fn new(size: FrameSize) -> Self {
        Self {
            size,
            pixels: vec![[0.0; 4]; size.width as usize * size.height as usize],
        }
    }

    /// The pixels of row `y`.
    #[must_use]
    pub fn row(&self, y: u32) -> &[[f32; 4]] {
        let width = self.size.width as usize;
        &self.pixels[y as usize * width..][..width]
    }
}

/// Coverage of one thing: 0 none, 255 full; exact (integer) everywhere.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mask {
    /// Size in pixels.
    pub size: FrameSize,
    /// One byte a pixel, row by row from the top-left.
    pub coverage: Vec<u8>,
}
