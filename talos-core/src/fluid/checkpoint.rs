//! Checkpoints: the canonical bytes of a state.
//!
//! `"TALOSFL1"`, the setup's digest, the tick (u64), cells (3 × u32), the three face
//! velocities (i32, x fastest), one byte for each 8³ block that says whether it holds gas,
//! the gas of those that do, and a blake3 hash of all before. Little-endian. A state has
//! one encoding: whatever differs from it is refused.

use super::advect::Gas;
use super::fixed::{SCALAR_LIMIT, VELOCITY_LIMIT};
use super::grid::{Activity, BLOCK, Extent};
use super::setup::{FluidError, FluidSetup};
use super::state::FluidState;
use crate::digest::Digest;

const MAGIC: &[u8; 8] = b"TALOSFL1";

/// Bytes of a hash.
const HASH: usize = 32;

/// Indices of a grid of `size`, x fastest.
fn indices(extent: &Extent, low: [usize; 3], size: [usize; 3]) -> impl Iterator<Item = usize> + use<> {
    let extent = *extent;
    (low[2]..low[2] + size[2]).flat_map(move |k| {
        (low[1]..low[1] + size[1])
            .flat_map(move |j| (low[0]..low[0] + size[0]).map(move |i| extent.index(i, j, k)))
    })
}

/// Cells of the block with this number, x fastest.
fn block_cells(extent: &Extent, number: usize) -> impl Iterator<Item = usize> {
    let counts = extent.cells.map(|n| n / BLOCK);
    let block = [
        number % counts[0],
        number / counts[0] % counts[1],
        number / (counts[0] * counts[1]),
    ];
    indices(extent, block.map(|n| n * BLOCK), [BLOCK; 3])
}

impl FluidState {
    /// The state as bytes.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(self.extent.count() * 14);
        bytes.extend_from_slice(MAGIC);
        bytes.extend_from_slice(&self.setup.0);
        bytes.extend_from_slice(&self.tick.to_le_bytes());
        for n in self.cells() {
            bytes.extend_from_slice(&n.to_le_bytes());
        }
        for (axis, field) in self.velocity.iter().enumerate() {
            for n in indices(&self.extent, [0; 3], self.extent.faces(axis)) {
                bytes.extend_from_slice(&field[n].to_le_bytes());
            }
        }
        let busy = Activity::where_any(&self.extent, |n| self.gas[n] != [0; 3]);
        bytes.extend(busy.flags().iter().map(|&flag| u8::from(flag)));
        for (number, _) in busy.flags().iter().enumerate().filter(|b| *b.1) {
            for n in block_cells(&self.extent, number) {
                for lane in self.gas[n] {
                    bytes.extend_from_slice(&lane.to_le_bytes());
                }
            }
        }
        let hash = Digest::of_bytes(&bytes);
        bytes.extend_from_slice(&hash.0);
        bytes
    }

    /// The state with these bytes.
    ///
    /// # Errors
    /// [`FluidError::Checkpoint`] for anything that [`Self::to_bytes`] does not write.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, FluidError> {
        let mut reader = Reader { bytes, at: 0 };
        if reader.take(MAGIC.len())? != MAGIC {
            return Err(reader.error("other first bytes than TALOSFL1"));
        }
        let setup = Digest(reader.array()?);
        let tick = u64::from_le_bytes(reader.array()?);
        let extent = reader.extent()?;
        let body = bytes.len().saturating_sub(HASH);
        if Digest::of_bytes(&bytes[..body]).0[..] != bytes[body..] {
            return Err(reader.error("damaged: its hash differs"));
        }
        let velocity = [
            reader.faces(&extent, 0)?,
            reader.faces(&extent, 1)?,
            reader.faces(&extent, 2)?,
        ];
        let gas = reader.gas(&extent)?;
        if reader.at != body {
            return Err(reader.error("more bytes than a state has"));
        }
        Ok(Self {
            setup,
            tick,
            extent,
            velocity,
            gas,
        })
    }
}

struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Reader<'a> {
    fn error(&self, reason: &'static str) -> FluidError {
        let offset = self.at;
        FluidError::Checkpoint { reason, offset }
    }

    fn take(&mut self, count: usize) -> Result<&'a [u8], FluidError> {
        let end = self.at.checked_add(count).filter(|&end| end <= self.bytes.len());
        let end = end.ok_or_else(|| self.error("cut short"))?;
        let slice = &self.bytes[self.at..end];
        self.at = end;
        Ok(slice)
    }

    fn array<const N: usize>(&mut self) -> Result<[u8; N], FluidError> {
        let slice = self.take(N)?;
        let mut array = [0; N];
        array.copy_from_slice(slice);
        Ok(array)
    }

    fn number(&mut self) -> Result<i32, FluidError> {
        self.array().map(i32::from_le_bytes)
    }

    fn extent(&mut self) -> Result<Extent, FluidError> {
        let mut cells = [0; 3];
        for n in &mut cells {
            *n = u32::from_le_bytes(self.array()?);
        }
        let setup = FluidSetup {
            cells,
            ..FluidSetup::default()
        };
        setup.validate().map_err(|_| self.error("impossible grid size"))?;
        let extent = setup.extent();
        // before anything is allocated for it
        if self.bytes.len() < extent.count() * 12 {
            return Err(self.error("cut short"));
        }
        Ok(extent)
    }

    fn faces(&mut self, extent: &Extent, axis: usize) -> Result<Vec<i32>, FluidError> {
        let mut field = vec![0; extent.len()];
        for n in indices(extent, [0; 3], extent.faces(axis)) {
            let value = self.number()?;
            if value.checked_abs().is_none_or(|u| u > VELOCITY_LIMIT) {
                return Err(self.error("velocity out of range"));
            }
            field[n] = value;
        }
        Ok(field)
    }

    fn gas(&mut self, extent: &Extent) -> Result<Vec<Gas>, FluidError> {
        let flags = self.take(extent.count() / (BLOCK * BLOCK * BLOCK))?;
        let mut gas = vec![[0; 3]; extent.len()];
        for (number, &flag) in flags.iter().enumerate() {
            if flag > 1 {
                return Err(self.error("block mark is neither 0 nor 1"));
            }
            let mut empty = flag == 1;
            for n in block_cells(extent, number).filter(|_| flag == 1) {
                for lane in &mut gas[n] {
                    let value = self.number()?;
                    if !(0..=SCALAR_LIMIT).contains(&value) {
                        return Err(self.error("gas out of range"));
                    }
                    empty &= value == 0;
                    *lane = value;
                }
            }
            if empty {
                return Err(self.error("block marked as holding gas is empty"));
            }
        }
        Ok(gas)
    }
}
