//! Strict JSON in and canonical JSON out.
//!
//! Keys in schema order, shortest round-trip floats, −0 written 0, no NaN or infinity,
//! UTF-8 NFC; unknown keys and wrong versions refused with their JSON pointer.

use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;
use thiserror::Error;

/// A file that stages hand on.
pub trait Artefact: Serialize + DeserializeOwned {
    /// Name and version, e.g. `"cut_spec/1"`; the value of its `schema` key.
    const SCHEMA: &'static str;

    /// Checks what types cannot say.
    ///
    /// # Errors
    /// The first thing wrong, with its JSON pointer.
    fn validate(&self) -> Result<(), ArtefactError>;
}

/// What is wrong with an artefact, and where.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("{schema}{pointer}: {message}")]
pub struct ArtefactError {
    /// Name and version that was expected.
    pub schema: String,
    /// JSON pointer (RFC 6901) to the place; empty for the whole.
    pub pointer: String,
    /// What is wrong and how to mend it.
    pub message: String,
}

impl ArtefactError {
    /// An error of an artefact at a place.
    #[must_use]
    pub fn new<T: Artefact>(pointer: impl Into<String>, message: impl Into<String>) -> Self {
        Self { schema: T::SCHEMA.into(), pointer: pointer.into(), message: message.into() }
    }
}

/// Canonical JSON, indented, ending in a newline.
///
/// # Panics
/// Never for artefacts: their keys are strings.
#[must_use]
pub fn to_json<T: Serialize>(value: &T) -> String {
    let mut tree = serde_json::to_value(value).expect("artefacts have string keys");
    positive_zero(&mut tree);
    let mut text = serde_json::to_string_pretty(&tree).expect("a tree is printable");
    text.push('\n');
    text
}

/// Canonical JSON without white space: for files of one frame's lines.
///
/// # Panics
/// Never for artefacts: their keys are strings.
#[must_use]
pub fn to_compact_json<T: Serialize>(value: &T) -> String {
    let mut tree = serde_json::to_value(value).expect("artefacts have string keys");
    positive_zero(&mut tree);
    serde_json::to_string(&tree).expect("a tree is printable")
}

/// Writes −0 as 0.
fn positive_zero(tree: &mut Value) {
    match tree {
        Value::Number(n) if n.as_f64() == Some(0.0) && n.is_f64() => *tree = Value::from(0.0),
        Value::Array(list) => list.iter_mut().for_each(positive_zero),
        Value::Object(map) => map.values_mut().for_each(positive_zero),
        _ => {}
    }
}

/// Reads an artefact strictly: version, keys, types, then its own rules.
///
/// # Errors
/// The first thing wrong, with its JSON pointer.
pub fn from_json<T: Artefact>(bytes: &[u8]) -> Result<T, ArtefactError> {
    let tree: Value =
        serde_json::from_slice(bytes).map_err(|e| ArtefactError::new::<T>("", format!("it is no JSON: {e}")))?;
    let found = tree.get("schema").and_then(Value::as_str);
    if found != Some(T::SCHEMA) {
        let found = found.map_or("none".into(), |f| format!("`{f}`"));
        let message = format!("this engine reads `{}`, the file says {found}", T::SCHEMA);
        return Err(ArtefactError::new::<T>("/schema", message));
    }
    let value: T = serde_path_to_error::deserialize(tree)
        .map_err(|e| ArtefactError::new::<T>(pointer(e.path()), e.inner().to_string()))?;
    value.validate()?;
    Ok(value)
}

/// A serde path as a JSON pointer.
fn pointer(path: &serde_path_to_error::Path) -> String {
    use serde_path_to_error::Segment as S;
    path.iter()
        .map(|segment| match segment {
            S::Seq { index } => format!("/{index}"),
            S::Map { key } => format!("/{}", key.replace('~', "~0").replace('/', "~1")),
            S::Enum { variant } => format!("/{variant}"),
            S::Unknown => "/?".into(),
        })
        .collect()
}

/// Name of an artefact and how to derive its schema.
type SchemaEntry = (&'static str, fn() -> schemars::Schema);

/// Every artefact that has a schema; add new ones here.
const SCHEMAS: [SchemaEntry; 5] = [
    ("control", || schemars::schema_for!(super::Control)),
    ("cut_spec", || schemars::schema_for!(super::CutSpec)),
    ("lines", || schemars::schema_for!(super::Lines)),
    ("lines_manifest", || schemars::schema_for!(super::LinesManifest)),
    ("style_profile", || schemars::schema_for!(super::StyleProfile)),
];

/// Names of the artefacts that have a schema.
#[must_use]
pub fn schema_names() -> Vec<&'static str> {
    SCHEMAS.iter().map(|(name, _)| *name).collect()
}

/// JSON Schema of an artefact; `None` for an unknown name.
#[must_use]
pub fn schema_of(name: &str) -> Option<schemars::Schema> {
    SCHEMAS.iter().find(|(known, _)| *known == name).map(|(_, derive)| derive())
}
