//! Reading `lines.json` strictly: whatever is wrong is named by its JSON pointer.

use std::collections::BTreeSet;

use serde::de::DeserializeOwned;
use serde_json::{Map, Value};
use thiserror::Error;

use super::{Line, Lines};

/// Strokes of a frame at most: a hundred times a busy picture; more is no drawing.
const MAX_LINES: usize = 100_000;

/// Control points of a stroke at most: a frame-filling scribble has a tenth of this.
const MAX_POINTS: usize = 30_001;

/// Coordinates stay below this, pixels or metres; what lies beyond cannot be rounded to the stored digits.
const MAX_COORDINATE: f64 = 1e7;

/// What is wrong with a `lines.json`.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum LinesError {
    /// Not JSON, or a value of the wrong kind.
    #[error("lines.json at `{pointer}`: {reason}")]
    Syntax {
        /// JSON pointer to the value; empty for the document.
        pointer: String,
        /// What the reader says.
        reason: String,
    },
    /// Another schema or version.
    #[error(
        "lines.json at `/schema`: `{found}` is not read here; expected `lines/1`; draw the film again with this version"
    )]
    Version {
        /// What the file says.
        found: String,
    },
    /// A key that the schema does not have.
    #[error("lines.json at `{pointer}`: unknown key; remove it or mend its spelling")]
    UnknownKey {
        /// JSON pointer to the key.
        pointer: String,
    },
    /// A value that cannot be.
    #[error("lines.json at `{pointer}`: {reason}")]
    Value {
        /// JSON pointer to the value.
        pointer: String,
        /// What is wrong and what would be right.
        reason: String,
    },
}

const KEYS: [&str; 11] = [
    "schema",
    "engine_version",
    "cut_id",
    "frame",
    "frame_index",
    "frame_size",
    "camera_projection_matrix",
    "lines",
    "layers",
    "style_profile",
    "quality",
];

const LINE_KEYS: [&str; 8] = [
    "stroke_id",
    "layer",
    "style_class",
    "closed",
    "points",
    "points_3d",
    "pressure",
    "quality",
];

impl Lines {
    /// Reads and validates a `lines.json`.
    ///
    /// # Errors
    /// [`LinesError`] with the JSON pointer of the first thing that is wrong.
    pub fn from_json(text: &str) -> Result<Self, LinesError> {
        let value: Value = serde_json::from_str(text).map_err(|e| syntax("", &e))?;
        let mut document = object("", value)?;
        let schema = document.get("schema").and_then(Value::as_str).unwrap_or_default();
        if schema != Self::SCHEMA {
            return Err(LinesError::Version {
                found: schema.chars().take(80).collect(),
            });
        }
        only_known("", &document, &KEYS)?;
        let mut field = Fields { map: &mut document };
        let lines: Vec<Value> = field.take("lines")?;
        if lines.len() > MAX_LINES {
            return Err(value_error(
                "/lines",
                format!("{} strokes; at most {MAX_LINES} are read", lines.len()),
            ));
        }
        let result = Self {
            schema: field.take("schema")?,
            engine_version: field.take("engine_version")?,
            cut_id: field.take("cut_id")?,
            frame: field.take("frame")?,
            frame_index: field.take("frame_index")?,
            frame_size: field.take("frame_size")?,
            camera_projection_matrix: field.take("camera_projection_matrix")?,
            lines: lines
                .into_iter()
                .enumerate()
                .map(|(i, v)| line(i, v))
                .collect::<Result<_, _>>()?,
            layers: field.take("layers")?,
            style_profile: field.take("style_profile")?,
            quality: field.take("quality")?,
        };
        result.validate()?;
        Ok(result)
    }

    /// Checks counts, ranges, ids and layers.
    ///
    /// # Errors
    /// [`LinesError`] with the JSON pointer of the first thing that is wrong.
    pub fn validate(&self) -> Result<(), LinesError> {
        if self.frame == 0 || self.frame_index != self.frame - 1 {
            return Err(value_error(
                "/frame_index",
                format!("must be frame − 1, frame is {}", self.frame),
            ));
        }
        for (i, row) in self.camera_projection_matrix.iter().enumerate() {
            finite(&format!("/camera_projection_matrix/{i}"), row, f64::MAX)?;
        }
        let mut ids = BTreeSet::new();
        for (i, line) in self.lines.iter().enumerate() {
            let at = format!("/lines/{i}");
            line.validate(&at)?;
            if !ids.insert(line.stroke_id.as_str()) {
                return Err(value_error(
                    &format!("{at}/stroke_id"),
                    format!("`{}` occurs twice", line.stroke_id),
                ));
            }
            if !self.layers.contains(&line.layer) {
                return Err(value_error(
                    &format!("{at}/layer"),
                    format!("`{}` is not in /layers", line.layer),
                ));
            }
        }
        Ok(())
    }
}

impl Line {
    fn validate(&self, at: &str) -> Result<(), LinesError> {
        let count = self.points.len();
        if self.stroke_id.is_empty() {
            return Err(value_error(
                &format!("{at}/stroke_id"),
                "must not be empty".into(),
            ));
        }
        if count < 4 || count % 3 != 1 || count > MAX_POINTS {
            let reason = format!("{count} points; n Béziers have 3n + 1, at least 4, at most {MAX_POINTS}");
            return Err(value_error(&format!("{at}/points"), reason));
        }
        let knots = count / 3 + 1;
        for (key, found, needed, of) in [
            ("points_3d", self.points_3d.len(), count, "control points"),
            ("pressure", self.pressure.len(), knots, "knots"),
        ] {
            if found != needed {
                let reason = format!("{found} values; one for each of the {needed} {of} is needed");
                return Err(value_error(&format!("{at}/{key}"), reason));
            }
        }
        for (i, p) in self.points.iter().enumerate() {
            finite(&format!("{at}/points/{i}"), p, MAX_COORDINATE)?;
        }
        for (i, p) in self.points_3d.iter().enumerate() {
            finite(&format!("{at}/points_3d/{i}"), p, MAX_COORDINATE)?;
        }
        match self.pressure.iter().position(|p| !(0.0..=1.0).contains(p)) {
            Some(i) => Err(value_error(
                &format!("{at}/pressure/{i}"),
                "must be in [0, 1]".into(),
            )),
            None if self.closed && self.points[0] != self.points[count - 1] => Err(value_error(
                &format!("{at}/closed"),
                "a closed stroke must end where it starts".into(),
            )),
            None => Ok(()),
        }
    }
}

fn line(index: usize, value: Value) -> Result<Line, LinesError> {
    let at = format!("/lines/{index}");
    let map = object(&at, value)?;
    only_known(&at, &map, &LINE_KEYS)?;
    serde_json::from_value(Value::Object(map)).map_err(|e| syntax(&at, &e))
}

fn object(at: &str, value: Value) -> Result<Map<String, Value>, LinesError> {
    match value {
        Value::Object(map) => Ok(map),
        _ => Err(value_error(at, "must be an object".into())),
    }
}

fn only_known(at: &str, map: &Map<String, Value>, keys: &[&str]) -> Result<(), LinesError> {
    match map.keys().find(|k| !keys.contains(&k.as_str())) {
        Some(key) => {
            let key: String = key.chars().take(80).collect();
            Err(LinesError::UnknownKey {
                pointer: format!("{at}/{}", key.replace('~', "~0").replace('/', "~1")),
            })
        }
        None => Ok(()),
    }
}

/// Takes fields out of the document one by one.
struct Fields<'a> {
    map: &'a mut Map<String, Value>,
}

impl Fields<'_> {
    fn take<T: DeserializeOwned>(&mut self, key: &str) -> Result<T, LinesError> {
        let at = format!("/{key}");
        let value = self
            .map
            .remove(key)
            .ok_or_else(|| value_error(&at, "is missing".into()))?;
        serde_json::from_value(value).map_err(|e| syntax(&at, &e))
    }
}

fn finite(at: &str, values: &[f64], limit: f64) -> Result<(), LinesError> {
    match values.iter().position(|v| !v.is_finite() || v.abs() > limit) {
        Some(i) => Err(value_error(
            &format!("{at}/{i}"),
            format!("{} is no coordinate", values[i]),
        )),
        None => Ok(()),
    }
}

fn syntax(at: &str, error: &serde_json::Error) -> LinesError {
    LinesError::Syntax {
        pointer: at.into(),
        reason: error.to_string(),
    }
}

fn value_error(at: &str, reason: String) -> LinesError {
    LinesError::Value {
        pointer: at.into(),
        reason,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::camera::{FrameSize, Projection};
    use crate::math::{DVec2, DVec3};
    use crate::stroke::{Stroke, StyleClass};
    use crate::time::Frame;

    fn sample() -> Lines {
        let stroke = |id: &str| Stroke {
            stroke_id: id.into(),
            layer: "subject".into(),
            style_class: StyleClass::Contour,
            points: (0..7).map(|i| DVec2::new(f64::from(i) * 1.25, 3.5)).collect(),
            points_3d: vec![DVec3::new(0.1, 0.2, -0.3); 7],
            pressure: vec![0.0, 0.725, 1.0],
            closed: false,
            quality: None,
        };
        let projection = Projection {
            rows: [[1.0, 0.0, 0.1, -0.0]; 3],
            centre: None,
            forward: DVec3::NEG_Z,
        };
        let size = FrameSize {
            width: 64,
            height: 36,
        };
        Lines::new(
            "S01_C02",
            Frame(42),
            size,
            &projection,
            &[stroke("a.body.contour.010"), stroke("a.brow.left")],
        )
    }

    #[test]
    fn there_and_back() {
        let lines = sample();
        let text = lines.to_json().expect("valid");
        assert!(text.starts_with(r#"{"schema":"lines/1","engine_version":"#) && !text.contains("-0.0"));
        let back = Lines::from_json(&text).expect("its own output");
        assert_eq!(back, lines);
        assert_eq!(back.strokes().len(), 2);
        assert_eq!(back.digest(), lines.digest());
    }

    /// The pointer of the error after `change` of the JSON.
    fn pointer(change: impl Fn(&mut Value)) -> String {
        let mut value = serde_json::to_value(sample()).expect("a value");
        change(&mut value);
        match Lines::from_json(&value.to_string()).expect_err("hostile") {
            LinesError::Version { .. } => "/schema".into(),
            LinesError::Syntax { pointer, .. }
            | LinesError::UnknownKey { pointer }
            | LinesError::Value { pointer, .. } => pointer,
        }
    }

    #[test]
    fn hostile_files_are_named_by_pointer() {
        type Change = fn(&mut Value);
        fn shorten(list: &mut Value) {
            list.as_array_mut().expect("an array").pop();
        }
        fn set(slot: &mut Value, to: impl Into<Value>) {
            *slot = to.into();
        }
        fn put(document: &mut Value, at: &str, to: impl Into<Value>) {
            *document.pointer_mut(at).expect("a value") = to.into();
        }
        let cases: [(&str, Change); 13] = [
            ("/schema", |v| set(&mut v["schema"], "lines/2")),
            ("/wid~1th", |v| set(&mut v["wid/th"], 3)),
            ("/lines/1/colour", |v| set(&mut v["lines"][1]["colour"], "red")),
            ("/lines/0/points", |v| shorten(&mut v["lines"][0]["points"])),
            ("/lines/1/points_3d", |v| shorten(&mut v["lines"][1]["points_3d"])),
            ("/lines/1/pressure/2", |v| put(v, "/lines/1/pressure/2", 1.5)),
            ("/lines/0/points/3/1", |v| put(v, "/lines/0/points/3/1", 1e300)),
            ("/lines/0", |v| put(v, "/lines/0/points/3/1", Value::Null)),
            ("/lines/1/layer", |v| put(v, "/lines/1/layer", "moon")),
            ("/lines/1/stroke_id", |v| {
                put(v, "/lines/1/stroke_id", "a.body.contour.010");
            }),
            ("/lines/0/closed", |v| set(&mut v["lines"][0]["closed"], true)),
            ("/frame_index", |v| set(&mut v["frame_index"], 7)),
            ("/quality", |v| {
                _ = v.as_object_mut().expect("an object").remove("quality");
            }),
        ];
        for (expected, change) in cases {
            assert_eq!(pointer(change), expected);
        }
    }

    #[test]
    fn what_is_no_json_says_where() {
        for text in [
            "",
            "[]",
            "{",
            "null",
            "{\"schema\": \"lines/1\", \"lines\": [1e999]}",
        ] {
            assert!(Lines::from_json(text).is_err(), "{text}");
        }
        let mut lines = sample();
        lines.lines[0].points[2][0] = f64::NAN;
        assert!(
            lines
                .to_json()
                .expect_err("NaN")
                .to_string()
                .contains("/lines/0/points/2/0")
        );
    }
}
