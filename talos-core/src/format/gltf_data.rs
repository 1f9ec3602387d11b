//! Getting at the numbers in a glTF file: container, buffers, accessors; nothing is trusted.

use ::gltf::Document;
use ::gltf::accessor::{Accessor, DataType, Dimensions};
use ::gltf::binary::Glb;
use ::gltf::buffer::Source;
use ::gltf::json;
use thiserror::Error;

/// Why a glTF file cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum GltfError {
    /// Not glTF at all, or cut short.
    #[error("{name}: no glTF 2 file ({reason}); export it again as glTF binary (.glb)")]
    Container {
        /// The file's name as given.
        name: String,
        /// What was found.
        reason: String,
    },
    /// Data lies in another file.
    #[error("{name}: refers to the file `{uri}`; export as one .glb, or as .gltf with embedded buffers")]
    External {
        /// The file's name as given.
        name: String,
        /// The other file.
        uri: String,
    },
    /// The file cannot be read without an extension that is not known here.
    #[error("{name}: requires {extension}; export without mesh compression or quantisation")]
    Extension {
        /// The file's name as given.
        name: String,
        /// The extension's name.
        extension: String,
    },
    /// A rule of the format is broken.
    #[error("{name}: {place}: {reason}")]
    Broken {
        /// The file's name as given.
        name: String,
        /// The JSON path of what is wrong.
        place: String,
        /// What is wrong, and how to mend it.
        reason: &'static str,
    },
    /// There are no triangles in it.
    #[error("{name}: holds no triangles; export at least one mesh in the default scene")]
    Empty {
        /// The file's name as given.
        name: String,
    },
}

/// Extensions whose absence changes only the look, so that requiring them is no obstacle.
const HARMLESS: [&str; 9] = [
    "KHR_materials_unlit",
    "KHR_materials_emissive_strength",
    "KHR_materials_ior",
    "KHR_materials_specular",
    "KHR_materials_transmission",
    "KHR_materials_volume",
    "KHR_texture_transform",
    "KHR_texture_basisu",
    "EXT_texture_webp",
];

/// A parsed file with its buffers.
pub(super) struct File {
    pub(super) name: String,
    pub(super) document: Document,
    buffers: Vec<Vec<u8>>,
}

impl File {
    pub(super) fn read(bytes: &[u8], name: &str) -> Result<Self, GltfError> {
        let container = |reason: String| GltfError::Container {
            name: name.to_owned(),
            reason,
        };
        let (text, blob) = split(bytes).map_err(|reason| container(reason.to_owned()))?;
        let mut root: json::Root =
            json::deserialize::from_slice(text).map_err(|error| container(error.to_string()))?;
        if let Some(extension) = root
            .extensions_required
            .iter()
            .find(|e| !HARMLESS.contains(&e.as_str()))
        {
            return Err(GltfError::Extension {
                name: name.to_owned(),
                extension: extension.clone(),
            });
        }
        root.extensions_required.clear();
        if let Some(place) = dangling(&root) {
            return Err(GltfError::Broken {
                name: name.to_owned(),
                place,
                reason: "refers to what is not in the file",
            });
        }
        let document =
            Document::from_json(root).map_err(|error| container(first_line(&error.to_string())))?;
        let mut file = Self {
            name: name.to_owned(),
            document,
            buffers: Vec::new(),
        };
        file.buffers = file.load_buffers(blob)?;
        Ok(file)
    }

    pub(super) fn broken(&self, place: String, reason: &'static str) -> GltfError {
        GltfError::Broken {
            name: self.name.clone(),
            place,
            reason,
        }
    }

    fn load_buffers(&self, blob: Option<&[u8]>) -> Result<Vec<Vec<u8>>, GltfError> {
        let load = |buffer: ::gltf::Buffer<'_>| {
            let place = format!("buffers[{}]", buffer.index());
            let data = match buffer.source() {
                Source::Bin => blob
                    .ok_or_else(|| self.broken(place.clone(), "the binary chunk is missing"))?
                    .to_vec(),
                Source::Uri(uri) => match uri.split_once(";base64,") {
                    Some((head, text)) if head.starts_with("data:") => decode_base64(text)
                        .ok_or_else(|| self.broken(place.clone(), "its base64 text is damaged"))?,
                    _ => {
                        return Err(GltfError::External {
                            name: self.name.clone(),
                            uri: uri.chars().take(120).collect(),
                        });
                    }
                },
            };
            if data.len() < buffer.length() {
                return Err(self.broken(place, "shorter than its byteLength: the file is cut short"));
            }
            Ok(data)
        };
        self.document.buffers().map(load).collect()
    }

    /// The bytes of every element of an accessor.
    fn elements<'a>(
        &'a self,
        accessor: &Accessor<'a>,
        size: usize,
    ) -> Result<impl Iterator<Item = &'a [u8]> + 'a, GltfError> {
        let fail = |reason| self.broken(format!("accessors[{}]", accessor.index()), reason);
        if accessor.sparse().is_some() {
            return Err(fail("sparse accessors are not supported; export without them"));
        }
        let view = accessor.view().ok_or_else(|| fail("has no buffer view"))?;
        let stride = view.stride().unwrap_or(size);
        if stride < size {
            return Err(fail("its stride is smaller than an element"));
        }
        let bytes = self.buffers.get(view.buffer().index());
        let end = view.offset().checked_add(view.length());
        let bytes = end
            .and_then(|end| bytes?.get(view.offset()..end))
            .ok_or_else(|| fail("its buffer view reaches beyond the buffer"))?;
        let count = accessor.count();
        let needed = count
            .checked_sub(1)
            .and_then(|n| n.checked_mul(stride))
            .and_then(|n| n.checked_add(size));
        let start = accessor.offset();
        let end = needed.and_then(|n| n.checked_add(start));
        let bytes = end
            .and_then(|end| bytes.get(start..end))
            .ok_or_else(|| fail("reaches beyond its buffer view"))?;
        Ok((0..count).map(move |n| &bytes[n * stride..n * stride + size]))
    }

    /// An accessor of `N` numbers an element, as floats; integers are taken as shares of their range.
    pub(super) fn floats<const N: usize>(
        &self,
        accessor: &Accessor<'_>,
        dimensions: Dimensions,
    ) -> Result<Vec<[f32; N]>, GltfError> {
        let place = || format!("accessors[{}]", accessor.index());
        if accessor.dimensions() != dimensions || dimensions.multiplicity() != N {
            return Err(self.broken(place(), "has another shape than its use asks for"));
        }
        let kind = accessor.data_type();
        let width = kind.size();
        let values: Vec<[f32; N]> = self
            .elements(accessor, width * N)?
            .map(|bytes| std::array::from_fn(|n| number(kind, &bytes[n * width..(n + 1) * width])))
            .collect();
        if values.iter().flatten().all(|x| x.is_finite()) {
            Ok(values)
        } else {
            Err(self.broken(place(), "holds NaN or infinity"))
        }
    }

    /// An accessor of whole numbers.
    pub(super) fn integers<const N: usize>(
        &self,
        accessor: &Accessor<'_>,
    ) -> Result<Vec<[u32; N]>, GltfError> {
        let place = || format!("accessors[{}]", accessor.index());
        if accessor.dimensions().multiplicity() != N {
            return Err(self.broken(place(), "has another shape than its use asks for"));
        }
        let kind = accessor.data_type();
        if !matches!(kind, DataType::U8 | DataType::U16 | DataType::U32) {
            return Err(self.broken(place(), "must hold unsigned integers"));
        }
        let width = kind.size();
        let whole = |bytes: &[u8]| bytes.iter().rev().fold(0, |sum, &b| sum << 8 | u32::from(b));
        Ok(self
            .elements(accessor, width * N)?
            .map(|bytes| std::array::from_fn(|n| whole(&bytes[n * width..(n + 1) * width])))
            .collect())
    }
}

/// The place of a reference that the crate's validation follows unchecked, or leaves out.
fn dangling(root: &json::Root) -> Option<String> {
    for (m, mesh) in root.meshes.iter().enumerate() {
        for (p, primitive) in mesh.primitives.iter().enumerate() {
            if primitive
                .attributes
                .values()
                .any(|a| a.value() >= root.accessors.len())
            {
                return Some(format!("meshes[{m}].primitives[{p}].attributes"));
            }
        }
    }
    for (a, animation) in root.animations.iter().enumerate() {
        let outside = |c: &json::animation::Channel| {
            c.sampler.value() >= animation.samplers.len()
                || c.target.node.value() >= root.nodes.len()
                || c.target.path == json::validation::Checked::Invalid
        };
        if let Some(c) = animation.channels.iter().position(outside) {
            return Some(format!("animations[{a}].channels[{c}]"));
        }
    }
    None
}

/// One component, little-endian.
fn number(kind: DataType, bytes: &[u8]) -> f32 {
    let low = bytes[0];
    let pair = || [low, bytes[1]];
    match kind {
        DataType::I8 => (f32::from(low.cast_signed()) / 127.0).max(-1.0),
        DataType::U8 => f32::from(low) / 255.0,
        DataType::I16 => (f32::from(i16::from_le_bytes(pair())) / 32_767.0).max(-1.0),
        DataType::U16 => f32::from(u16::from_le_bytes(pair())) / 65_535.0,
        DataType::U32 => u32::from_le_bytes([low, bytes[1], bytes[2], bytes[3]]) as f32,
        DataType::F32 => f32::from_le_bytes([low, bytes[1], bytes[2], bytes[3]]),
    }
}

/// JSON text and binary chunk of a .glb, or the text of a .gltf.
fn split(bytes: &[u8]) -> Result<(&[u8], Option<&[u8]>), &'static str> {
    if !bytes.starts_with(b"glTF") {
        let text = bytes.iter().find(|b| !b.is_ascii_whitespace());
        return match text {
            Some(b'{') => Ok((bytes, None)),
            _ => Err("it starts with neither `glTF` nor `{`"),
        };
    }
    // the crate subtracts the header's size before it checks
    let stated = bytes
        .get(8..12)
        .map(|b| u32::from_le_bytes([b[0], b[1], b[2], b[3]]));
    if stated.is_none_or(|length| length < 20 || length as usize > bytes.len()) {
        return Err("it is cut short");
    }
    let glb = Glb::from_slice(bytes).map_err(|_| "its chunks are damaged")?;
    let (std::borrow::Cow::Borrowed(text), bin) = (glb.json, glb.bin) else {
        return Err("its chunks are damaged");
    };
    match bin {
        Some(std::borrow::Cow::Borrowed(bin)) => Ok((text, Some(bin))),
        _ => Ok((text, None)),
    }
}

fn first_line(text: &str) -> String {
    text.lines()
        .next()
        .unwrap_or_default()
        .chars()
        .take(200)
        .collect()
}

/// RFC 4648 base64 with padding.
fn decode_base64(text: &str) -> Option<Vec<u8>> {
    let digit = |c: u8| match c {
        b'A'..=b'Z' => Some(c - b'A'),
        b'a'..=b'z' => Some(c - b'a' + 26),
        b'0'..=b'9' => Some(c - b'0' + 52),
        b'+' => Some(62),
        b'/' => Some(63),
        _ => None,
    };
    let digits = text.trim_end_matches('=').as_bytes();
    let mut out = Vec::with_capacity(digits.len() / 4 * 3 + 2);
    for group in digits.chunks(4) {
        if group.len() == 1 {
            return None;
        }
        let mut word = 0_u32;
        for n in 0..4 {
            let value = group.get(n).map_or(Some(0), |&c| digit(c))?;
            word = word << 6 | u32::from(value);
        }
        out.extend_from_slice(&word.to_be_bytes()[1..group.len()]);
    }
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_decodes_the_vectors_of_rfc_4648() {
        let cases = [
            ("", ""),
            ("Zg==", "f"),
            ("Zm8=", "fo"),
            ("Zm9v", "foo"),
            ("Zm9vYg==", "foob"),
        ];
        for (text, bytes) in cases {
            assert_eq!(decode_base64(text).as_deref(), Some(bytes.as_bytes()));
        }
        assert_eq!(decode_base64("Z"), None);
        assert_eq!(decode_base64("Zm9*"), None);
    }
}
