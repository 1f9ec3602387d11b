//! Strict reading and writing of artefacts: a file is understood wholly or refused with its place.

use schemars::JsonSchema;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use thiserror::Error;

use super::{Control, CutSpec, CutTracks, Lines, LinesManifest, StyleProfile};

/// What is wrong with an artefact and where.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("{}: {message}; {hint}", if pointer.is_empty() { "the document" } else { pointer })]
pub struct ArtefactError {
    /// JSON pointer (RFC 6901) to what is wrong; empty for the whole document.
    pub pointer: String,
    /// What is wrong.
    pub message: String,
    /// How to mend it.
    pub hint: String,
}

impl ArtefactError {
    /// An error at a pointer.
    #[must_use]
    pub fn new(pointer: impl Into<String>, message: impl Into<String>, hint: impl Into<String>) -> Self {
        Self {
            pointer: pointer.into(),
            message: message.into(),
            hint: hint.into(),
        }
    }
}

/// What types alone cannot say of an artefact: ranges, order, references.
pub trait Validate {
    /// The first thing that does not hold.
    ///
    /// # Errors
    /// An [`ArtefactError`] with the pointer of what does not hold.
    fn validate(&self) -> Result<(), ArtefactError>;
}

/// Reads an artefact of a schema, e.g. `"cut_spec/1"`: UTF-8 JSON, no unknown or missing keys, the
/// right types, values in their ranges. −0 is read as 0; NaN and infinity are no JSON.
///
/// # Errors
/// An [`ArtefactError`] with the JSON pointer of the first thing that is wrong.
pub fn read_json<T: DeserializeOwned + Validate>(
    bytes: &[u8],
    schema_name: &str,
) -> Result<T, ArtefactError> {
    let text = std::str::from_utf8(bytes).map_err(|error| {
        let message = format!("byte {} is not UTF-8", error.valid_up_to());
        ArtefactError::new("", message, "save the file as UTF-8")
    })?;
    check_schema(text, schema_name)?;
    let artefact: T = if text.contains("-0") {
        let mut value: Value = parse(text)?;
        without_negative_zero(&mut value);
        // types and keys were not checked yet: parse once more for an exact place
        let _: T = parse(text)?;
        serde_json::from_value(value).map_err(|error| ArtefactError::new("", error.to_string(), TYPES))?
    } else {
        parse(text)?
    };
    artefact.validate()?;
    Ok(artefact)
}

const TYPES: &str = "compare with the schema that `talos schema` prints";

fn parse<T: DeserializeOwned>(text: &str) -> Result<T, ArtefactError> {
    let mut source = serde_json::Deserializer::from_str(text);
    let value = serde_path_to_error::deserialize(&mut source).map_err(|error| {
        let pointer = pointer(error.path());
        explain(pointer, &error.into_inner())
    })?;
    source
        .end()
        .map_err(|error| ArtefactError::new("", error.to_string(), "remove what follows the document"))?;
    Ok(value)
}

/// The path of an error as a JSON pointer.
fn pointer(path: &serde_path_to_error::Path) -> String {
    use serde_path_to_error::Segment;
    let mut out = String::new();
    for segment in path {
        match segment {
            Segment::Seq { index } => out.push_str(&format!("/{index}")),
            Segment::Map { key } | Segment::Enum { variant: key } => out.push_str(&token(key)),
            Segment::Unknown => {}
        }
    }
    out
}

/// A key as a token of a pointer (RFC 6901, section 3).
fn token(key: &str) -> String {
    format!("/{}", key.replace('~', "~0").replace('/', "~1"))
}

fn explain(mut pointer: String, error: &serde_json::Error) -> ArtefactError {
    let message = error.to_string();
    let named = message.split('`').nth(1).map(token);
    let hint = if message.starts_with("unknown field") {
        // the path ends at the unknown key itself where the format tells it
        if let Some(key) = named.filter(|key| !pointer.ends_with(key.as_str())) {
            pointer.push_str(&key);
        }
        "remove it or correct its spelling"
    } else if message.starts_with("missing field") {
        "add it"
    } else if error.is_syntax() || error.is_eof() {
        "mend the JSON there"
    } else {
        TYPES
    };
    ArtefactError::new(pointer, message, hint)
}

fn check_schema(text: &str, wanted: &str) -> Result<(), ArtefactError> {
    let value: Value = parse(text)?;
    let Some(found) = value.get("schema") else {
        let hint = format!("add \"schema\": \"{wanted}\"");
        return Err(ArtefactError::new("/schema", "no schema is named", hint));
    };
    if found.as_str() == Some(wanted) {
        return Ok(());
    }
    let name = |schema: &str| schema.split('/').next().unwrap_or_default().to_owned();
    let same_name = found.as_str().is_some_and(|found| name(found) == name(wanted));
    let hint = if same_name {
        format!("this engine reads {wanted}: use the engine that wrote the file, or make the file anew")
    } else {
        format!("this is read where {wanted} is expected: give the right file")
    };
    Err(ArtefactError::new(
        "/schema",
        format!("the schema is {found}"),
        hint,
    ))
}

fn without_negative_zero(value: &mut Value) {
    match value {
        Value::Number(number) if number.is_f64() && number.as_f64() == Some(0.0) => {
            *value = Value::from(0.0);
        }
        Value::Array(items) => items.iter_mut().for_each(without_negative_zero),
        Value::Object(fields) => fields.values_mut().for_each(without_negative_zero),
        _ => {}
    }
}

/// Writes an artefact: keys in the order of the schema, indented, floats to a millionth with the
/// fewest digits that give them back, −0 as 0, a line break at the end.
#[must_use]
pub fn write_json<T: Serialize>(artefact: &T) -> String {
    let mut value = serde_json::to_value(artefact).unwrap_or(Value::Null);
    round_floats(&mut value);
    let mut text = serde_json::to_string_pretty(&value).unwrap_or_default();
    text.push('\n');
    text
}

fn round_floats(value: &mut Value) {
    match value {
        Value::Number(number) if number.is_f64() => {
            let rounded = number.as_f64().map(|x| (x * 1e6).round() / 1e6 + 0.0);
            if let Some(rounded) = rounded.filter(|x| x.is_finite()) {
                *value = Value::from(rounded);
            }
        }
        Value::Array(items) => items.iter_mut().for_each(round_floats),
        Value::Object(fields) => fields.values_mut().for_each(round_floats),
        _ => {}
    }
}

type MakeSchema = fn() -> Value;

/// Schemas by the name of their artefact; a new artefact needs no more than a line here.
const SCHEMAS: &[(&str, MakeSchema)] = &[
    ("control", schema::<Control>),
    ("cut_spec", schema::<CutSpec>),
    ("lines", schema::<Lines>),
    ("lines_manifest", schema::<LinesManifest>),
    ("tracks", schema::<CutTracks>),
    ("style_profile", schema::<StyleProfile>),
];

fn schema<T: JsonSchema>() -> Value {
    schemars::schema_for!(T).to_value()
}

/// The JSON Schema of an artefact, e.g. `"cut_spec"`; `None` for a name that is not in [`schema_names`].
#[must_use]
pub fn schema_of(name: &str) -> Option<Value> {
    let found = SCHEMAS.iter().find(|(known, _)| *known == name);
    found.map(|(_, make)| make())
}

/// Names of all artefacts that have a schema.
pub fn schema_names() -> impl Iterator<Item = &'static str> {
    SCHEMAS.iter().map(|(name, _)| *name)
}
