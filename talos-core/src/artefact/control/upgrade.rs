//! Reading `control.json` of this version and of the one before.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value;

use super::{CONTROL_SCHEMA, Change, Control, Edit, Parameters, Target};
use crate::artefact::{ArtefactError, Validate, read_json};

/// The version before: an edit was always a bend of one stroke.
const FIRST_SCHEMA: &str = "control/1";

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FirstControl {
    #[serde(rename = "schema")]
    _schema: String,
    scene_id: String,
    #[serde(default)]
    parameters: Parameters,
    #[serde(default)]
    overrides: BTreeMap<String, Value>,
    #[serde(default)]
    edits: Vec<FirstEdit>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FirstEdit {
    stroke_id: String,
    delta_curvature: f64,
    delta_pressure: f64,
    first_frame: u32,
    last_frame: u32,
}

impl Validate for FirstControl {
    fn validate(&self) -> Result<(), ArtefactError> {
        Ok(())
    }
}

impl From<FirstControl> for Control {
    fn from(first: FirstControl) -> Self {
        let edit = |(i, edit): (usize, FirstEdit)| Edit {
            id: format!("e{}", i + 1),
            ..Edit::new(
                Target::stroke(edit.stroke_id),
                edit.first_frame..=edit.last_frame,
                Change::Bend {
                    delta_curvature: edit.delta_curvature,
                    delta_pressure: edit.delta_pressure,
                },
            )
        };
        Self {
            schema: CONTROL_SCHEMA.into(),
            scene_id: first.scene_id,
            parameters: first.parameters,
            overrides: first.overrides,
            edits_made: first.edits.len() as u32,
            edits: first.edits.into_iter().enumerate().map(edit).collect(),
        }
    }
}

impl Control {
    /// Reads a `control.json`; `control/1` is read as well, its edits numbered in their order.
    ///
    /// # Errors
    /// An [`ArtefactError`] with the JSON pointer of the first thing that is wrong.
    pub fn from_json(bytes: &[u8]) -> Result<Self, ArtefactError> {
        let schema = |value: &Value| Some(value.get("schema")?.as_str()? == FIRST_SCHEMA);
        let first = serde_json::from_slice(bytes).ok().and_then(|v| schema(&v));
        if first != Some(true) {
            return read_json(bytes, CONTROL_SCHEMA);
        }
        let control = Self::from(read_json::<FirstControl>(bytes, FIRST_SCHEMA)?);
        match control.validate() {
            Ok(()) => Ok(control),
            // a first edit has no parts
            Err(e) => Err(ArtefactError {
                pointer: e
                    .pointer
                    .split("/change")
                    .next()
                    .unwrap_or_default()
                    .replace("/target", "/stroke_id"),
                ..e
            }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FIRST: &str = r#"{"schema": "control/1", "scene_id": "scene_001", "overrides": {"light/exposure": 1},
        "edits": [{"stroke_id": "girl_a.brow.left", "delta_curvature": 0.8, "delta_pressure": 0.2,
        "first_frame": 6, "last_frame": 9}]}"#;

    #[test]
    fn the_version_before_is_read_and_numbered() {
        let control = Control::from_json(FIRST.as_bytes()).expect("it is read");
        assert_eq!(control.schema, CONTROL_SCHEMA);
        assert_eq!(control.edits_made, 1);
        let [edit] = control.edits.as_slice() else {
            panic!("one edit");
        };
        assert_eq!(edit.id, "e1");
        assert_eq!(edit.target, Target::stroke("girl_a.brow.left"));
        assert_eq!((edit.first_frame, edit.last_frame), (6, 9));
        let text = crate::artefact::write_json(&control);
        assert_eq!(Control::from_json(text.as_bytes()).as_ref(), Ok(&control));
    }

    #[test]
    fn what_is_wrong_in_the_version_before_is_named_where_it_stands() {
        for (from, to, pointer) in [
            ("0.8", "8", "/edits/0"),
            ("\"first_frame\": 6", "\"first_frame\": 0", "/edits/0/first_frame"),
            ("\"scene_001\"", "7", "/scene_id"),
            ("delta_pressure", "delta_presure", "/edits/0/delta_presure"),
        ] {
            let text = FIRST.replace(from, to);
            let error = Control::from_json(text.as_bytes()).expect_err("refused");
            assert_eq!(error.pointer, pointer, "{error}");
        }
    }
}
