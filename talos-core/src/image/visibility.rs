//! Which triangle is seen at every sample, and how far: the geometry buffer.

use crate::camera::FrameSize;

/// Triangle and depth at `SIDE × SIDE` samples a pixel, row by row over the sample grid
/// (`width·SIDE` × `height·SIDE`); integers, so exact everywhere.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Visibility {
    /// Size in pixels.
    pub size: FrameSize,
    /// For each object the number of its first triangle; one more entry at the end for the total.
    pub first_triangle: Vec<u32>,
    /// Number of the triangle seen (`first_triangle[object] + index in the object's mesh`), or [`Self::NONE`].
    pub triangle: Vec<u32>,
    /// Inverse depth: `NEAR_M / depth · 2³¹` rounded, larger is nearer, 0 where nothing is seen.
    pub depth: Vec<u32>,
}

impl Visibility {
    /// Samples along a pixel's side.
    pub const SIDE: u32 = 2;
    /// No triangle: the sky.
    pub const NONE: u32 = u32::MAX;

    /// A picture without samples.
    #[must_use]
    pub fn empty() -> Self {
        Self {
            size: FrameSize { width: 0, height: 0 },
            first_triangle: vec![0],
            triangle: Vec::new(),
            depth: Vec::new(),
        }
    }

    /// Object and local triangle index of a triangle number.
    #[must_use]
    pub fn locate(&self, triangle: u32) -> Option<(usize, usize)> {
        if triangle == Self::NONE {
            return None;
        }
        let object = self.first_triangle.partition_point(|&first| first <= triangle) - 1;
        Some((object, (triangle - self.first_triangle[object]) as usize))
    }

    /// Index of the sample at (`x`, `y`) of the sample grid.
    #[must_use]
    pub fn index(&self, x: u32, y: u32) -> usize {
        y as usize * (self.size.width * Self::SIDE) as usize + x as usize
    }

    /// Depth in metres at a sample; infinite where nothing is seen.
    #[must_use]
    pub fn depth_m(&self, index: usize) -> f64 {
        let inverse = f64::from(self.depth[index]) / 2_147_483_648.0;
        crate::camera::Projection::NEAR_M / inverse
    }
}
