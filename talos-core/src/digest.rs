//! Canonical bytes and their hash: the identity of every value.
//!
//! A digest is blake3 over little-endian bytes written in a fixed order, with
//! a length before everything of varying size and −0 written as +0, so equal
//! values have equal digests on every machine.

use std::fmt;

/// A 256-bit blake3 hash, shown as 64 hexadecimal digits.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Digest(pub [u8; 32]);

impl Digest {
    /// The hash of raw bytes.
    #[must_use]
    pub fn of_bytes(bytes: &[u8]) -> Self {
        Self(*blake3::hash(bytes).as_bytes())
    }

    /// The digest with these 64 hexadecimal digits; `None` for anything else.
    #[must_use]
    pub fn from_hex(text: &str) -> Option<Self> {
        blake3::Hash::from_hex(text)
            .ok()
            .map(|hash| Self(*hash.as_bytes()))
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Digest({self})")
    }
}

/// Writes canonical bytes into a running hash.
#[derive(Clone, Default)]
pub struct Canonical(blake3::Hasher);

impl Canonical {
    /// A writer whose first bytes name what is hashed, e.g. `"frame/1"`.
    #[must_use]
    pub fn new(kind: &str) -> Self {
        let mut writer = Self(blake3::Hasher::new());
        writer.text(kind);
        writer
    }

    /// Adds an unsigned integer.
    pub fn integer(&mut self, value: u64) -> &mut Self {
        self.0.update(&value.to_le_bytes());
        self
    }

    /// Adds a number; −0 is written as +0.
    pub fn number(&mut self, value: f64) -> &mut Self {
        self.0.update(&(value + 0.0).to_bits().to_le_bytes());
        self
    }

    /// Adds numbers with their count.
    pub fn numbers(&mut self, values: &[f64]) -> &mut Self {
        self.integer(values.len() as u64);
        for &value in values {
            self.number(value);
        }
        self
    }

    /// Adds a text with its length.
    pub fn text(&mut self, value: &str) -> &mut Self {
        self.bytes(value.as_bytes())
    }

    /// Adds bytes with their length.
    pub fn bytes(&mut self, value: &[u8]) -> &mut Self {
        self.integer(value.len() as u64);
        self.0.update(value);
        self
    }

    /// Adds another digest.
    pub fn digest(&mut self, value: &Digest) -> &mut Self {
        self.0.update(&value.0);
        self
    }

    /// The digest of everything written.
    #[must_use]
    pub fn finish(&self) -> Digest {
        Digest(*self.0.finalize().as_bytes())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signs_of_zero_agree_and_lengths_separate() {
        let digest = |f: &dyn Fn(&mut Canonical)| {
            let mut writer = Canonical::new("test/1");
            f(&mut writer);
            writer.finish()
        };
        assert_eq!(digest(&|w| _ = w.number(-0.0)), digest(&|w| _ = w.number(0.0)));
        assert_ne!(
            digest(&|w| _ = w.text("ab").text("c")),
            digest(&|w| _ = w.text("a").text("bc"))
        );
    }

    #[test]
    fn hex_round_trips() {
        let digest = Digest::of_bytes(b"talos");
        assert_eq!(Digest::from_hex(&digest.to_string()), Some(digest));
        assert_eq!(Digest::from_hex("zz"), None);
    }
}
