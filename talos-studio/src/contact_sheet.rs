//! A page of small pictures: first, middle and last frame of every cut, in order.

use talos_core::{artefact::CutSpec, camera::FrameSize, image::Picture};

/// Pictures a row.
const COLUMNS: usize = 3;
/// Height of a small picture, pixels: a page of four cuts then fits a screen.
const CELL_HEIGHT: u32 = 270;
/// Space around pictures, pixels.
const GAP: u32 = 8;
/// Dark grey: neither bright nor dark pictures lose their edges on it.
const PAPER: u8 = 24;

/// Collects the pictures of the frames it shows.
pub(crate) struct ContactSheet {
    frames: Vec<u32>,
    cell: FrameSize,
    page: Picture,
}

impl ContactSheet {
    /// An empty sheet for a film.
    #[must_use]
    pub(crate) fn new(spec: &CutSpec) -> Self {
        let frames = chosen(spec);
        let size = spec.frame_size;
        let width = (u64::from(size.width) * u64::from(CELL_HEIGHT) / u64::from(size.height)).max(1) as u32;
        let cell = FrameSize {
            width,
            height: CELL_HEIGHT,
        };
        let rows = frames.len().div_ceil(COLUMNS) as u32;
        let page = FrameSize {
            width: GAP + COLUMNS as u32 * (width + GAP),
            height: GAP + rows * (CELL_HEIGHT + GAP),
        };
        let bytes = vec![PAPER; page.width as usize * page.height as usize * 3];
        Self {
            frames,
            cell,
            page: Picture::from_rgb(page, bytes),
        }
    }

    /// Adds a frame if the sheet shows it.
    pub(crate) fn take(&mut self, n: u32, picture: &Picture) {
        for place in (0..self.frames.len())
            .filter(|&i| self.frames[i] == n)
            .collect::<Vec<_>>()
        {
            let (column, row) = ((place % COLUMNS) as u32, (place / COLUMNS) as u32);
            let left = GAP + column * (self.cell.width + GAP);
            let top = GAP + row * (self.cell.height + GAP);
            for y in 0..self.cell.height {
                for x in 0..self.cell.width {
                    let color = mean(picture, self.cell, x, y);
                    self.page.set_rgb(left + x, top + y, color);
                }
            }
        }
    }

    /// The page.
    #[must_use]
    pub(crate) fn picture(self) -> Picture {
        self.page
    }
}

/// First, middle and last frame of every cut.
fn chosen(spec: &CutSpec) -> Vec<u32> {
    spec.cuts
        .iter()
        .flat_map(|cut| {
            [
                cut.first_frame,
                u32::midpoint(cut.first_frame, cut.last_frame),
                cut.last_frame,
            ]
        })
        .collect()
}

/// Mean of the pixels below one pixel of the small picture, rounded.
fn mean(picture: &Picture, cell: FrameSize, x: u32, y: u32) -> [u8; 3] {
    let range = |i: u32, small: u32, large: u32| {
        let at = |i: u32| (u64::from(i) * u64::from(large) / u64::from(small)) as u32;
        at(i)..at(i + 1).max(at(i) + 1).min(large)
    };
    let mut sum = [0_u32; 3];
    let mut count = 0;
    for v in range(y, cell.height, picture.size().height) {
        for u in range(x, cell.width, picture.size().width) {
            for (total, part) in sum.iter_mut().zip(picture.rgb_at(u, v)) {
                *total += u32::from(part);
            }
            count += 1;
        }
    }
    sum.map(|s| ((s + count / 2) / count.max(1)) as u8)
}
