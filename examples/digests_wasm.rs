//! The example `digests` for wasm32 without a system: a host calls `digests()` and reads
//! `digests_length()` bytes of UTF-8 at the address it returns.

use std::sync::OnceLock;

#[path = "shared/digests.rs"]
mod digests;

static TEXT: OnceLock<String> = OnceLock::new();

/// Address of the text.
#[unsafe(no_mangle)]
pub extern "C" fn digests() -> *const u8 {
    TEXT.get_or_init(digests::digests).as_ptr()
}

/// Length of the text in bytes.
#[unsafe(no_mangle)]
pub extern "C" fn digests_length() -> usize {
    TEXT.get().map_or(0, String::len)
}
