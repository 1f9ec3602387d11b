//! Reading and writing `lines.json`: there and back, and every way a file can be wrong.

use serde_json::Value;

use super::super::Lines;
use super::{LinesError, MAX_LINES, MAX_POINTS};
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
        width: 1.0,
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
        LinesError::Io { reason } => reason,
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
        ("/lines/0/points/3", |v| {
            put(v, "/lines/0/points/3/1", Value::Null);
        }),
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

/// JSON of a valid frame with `text` in place of the first `what`.
fn with(what: &str, text: &str) -> String {
    let json = sample().to_json().expect("valid");
    assert!(json.contains(what), "{what}");
    json.replacen(what, text, 1)
}

/// Hands out a head, then a body for ever; counts what was asked for.
struct Endless<'a> {
    head: &'a [u8],
    body: &'a [u8],
    given: &'a std::cell::Cell<usize>,
}

impl std::io::Read for Endless<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let at = self.given.get();
        for (k, slot) in buffer.iter_mut().enumerate() {
            let k = at + k;
            *slot = match self.head.get(k) {
                Some(&byte) => byte,
                None => self.body[(k - self.head.len()) % self.body.len()],
            };
        }
        self.given.set(at + buffer.len());
        Ok(buffer.len())
    }
}

/// What is said of an endless file, and how many bytes of it were read.
fn endless(head: &str, body: &str) -> (String, usize) {
    let given = std::cell::Cell::new(0);
    let source = Endless {
        head: head.as_bytes(),
        body: body.as_bytes(),
        given: &given,
    };
    let error = Lines::read(source).expect_err("it has no end").to_string();
    (error, given.get())
}

#[test]
fn streams_have_the_bytes_of_the_text() {
    let lines = sample();
    let mut bytes = Vec::new();
    lines.write(&mut bytes).expect("a vector takes all");
    assert_eq!(bytes, lines.to_json().expect("valid").into_bytes());
    assert_eq!(Lines::read(bytes.as_slice()), Ok(lines));
    for end in 0..bytes.len() {
        assert!(Lines::read(&bytes[..end]).is_err(), "cut at {end}");
    }
}

#[test]
fn what_is_too_much_is_refused_while_it_comes() {
    let json = sample().to_json().expect("valid");
    let points = json.find("[[0").expect("points") + 1;
    let (said, read) = endless(&json[..points], "[12.25,3.5],");
    assert!(said.contains("/lines/0/points`: more than 30001"), "{said}");
    assert!(read < 2 * 12 * MAX_POINTS, "{read} bytes");
    let pressure = json.find("\"pressure\":[").expect("pressure") + 12;
    let (said, _) = endless(&json[..pressure], "0.5,");
    assert!(said.contains("/lines/0/pressure"), "{said}");
    let lines = json.find("\"lines\":[").expect("lines") + 9;
    let end = json[lines..].find("},{").expect("two strokes") + lines + 2;
    let (said, read) = endless(&json[..lines], &json[lines..end]);
    assert!(said.contains("/lines`: more than 100000 strokes"), "{said}");
    assert!(read < (end - lines) * (MAX_LINES + 100), "{read} bytes");
}

#[test]
fn another_version_is_refused_before_it_is_read() {
    let (said, read) = endless("{\"schema\":\"lines/7\",\"anything\":[", "1,");
    assert!(said.contains("lines/7"), "{said}");
    assert!(read < 100_000, "{read} bytes");
}

#[test]
fn a_key_counts_once() {
    let text = with("\"frame\":42", "\"frame\":42,\"frame\":43");
    let error = Lines::from_json(&text).expect_err("twice").to_string();
    assert!(error.contains("/frame`: occurs twice"), "{error}");
}

#[test]
fn a_disk_that_refuses_is_said() {
    struct Full;
    impl std::io::Write for Full {
        fn write(&mut self, _: &[u8]) -> std::io::Result<usize> {
            Err(std::io::ErrorKind::StorageFull.into())
        }
        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }
    assert!(matches!(sample().write(Full), Err(LinesError::Io { .. })));
}

#[test]
fn a_primitive_must_be_what_the_points_are() {
    let mut value = serde_json::to_value(sample()).expect("a value");
    value["lines"][0]["primitive"] =
        serde_json::json!({"kind": "circle", "centre": [3.0, 3.0], "radius_px": 5.0, "residual_px": 0.1});
    let said = Lines::from_json(&value.to_string())
        .expect_err("no circle")
        .to_string();
    assert!(
        said.contains("/lines/0/primitive`: the points are no such shape"),
        "{said}"
    );
    value["lines"][0]["primitive"]["kind"] = "star".into();
    let said = Lines::from_json(&value.to_string())
        .expect_err("no star")
        .to_string();
    assert!(said.contains("/lines/0/primitive"), "{said}");
}

#[test]
fn differences_name_what_changed() {
    use crate::artefact::{LineChange, differences};
    let before = sample();
    assert_eq!(differences(&before, &before), []);
    let mut after = before.clone();
    after.lines[0].points[6] = [7.5, 13.5];
    after.lines[1].stroke_id = "b.new".into();
    let found = differences(&before, &after);
    let ids: Vec<&str> = found.iter().map(|d| d.stroke_id.as_str()).collect();
    assert_eq!(ids, ["a.body.contour.010", "a.brow.left", "b.new"]);
    assert_eq!(found[0].change, LineChange::Moved { worst_px: 10.0 });
    assert_eq!(
        (&found[1].change, &found[2].change),
        (&LineChange::Removed, &LineChange::Added)
    );
    let mut after = before.clone();
    after.lines[1].pressure[1] = 0.5;
    let keys = vec!["pressure"];
    assert_eq!(
        differences(&before, &after)[0].change,
        LineChange::Changed { keys }
    );
}
