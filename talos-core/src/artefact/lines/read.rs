//! Reading `lines.json` strictly and as a stream: whatever is wrong is named by its JSON pointer, and
//! what is too much is refused where it becomes too much, not after it was read.

use std::cell::{Cell, RefCell};
use std::collections::BTreeSet;
use std::fmt;
use std::io;
use std::marker::PhantomData;

use serde::Deserialize;
use serde::de::{self, DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};
use thiserror::Error;

use super::{Line, Lines};
use crate::stroke::Primitive;

/// Strokes of a frame at most: a hundred times a busy picture; more is no drawing.
const MAX_LINES: usize = 100_000;

/// Control points of a stroke at most: a frame-filling scribble has a tenth of this.
const MAX_POINTS: usize = 30_001;

/// Numbers of a frame's strokes at most, all together: fifty times a busy picture in 4K; they take
/// half a GiB at most, so that a hostile file cannot take all memory with many long strokes.
const MAX_NUMBERS: usize = 32_000_000;

/// Bytes read of a file at most: what [`MAX_NUMBERS`] take with the longest digits there are.
const MAX_BYTES: u64 = 1 << 30;
/// Width factors stay below this: several edits of one stroke may widen it.
const MAX_WIDTH: f64 = 1000.0;

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
    /// The file cannot be read or written on.
    #[error("lines.json cannot go on: {reason}")]
    Io {
        /// What the system says.
        reason: String,
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

impl Lines {
    /// Reads and validates a `lines.json`.
    ///
    /// # Errors
    /// [`LinesError`] with the JSON pointer of the first thing that is wrong.
    pub fn from_json(text: &str) -> Result<Self, LinesError> {
        from(serde_json::Deserializer::from_str(text))
    }

    /// Reads and validates a `lines.json` as it comes: no more of it is held than the strokes read so
    /// far, and reading stops at the first thing that is wrong or too much.
    ///
    /// # Errors
    /// [`LinesError`] with the JSON pointer of the first thing that is wrong.
    pub fn read(source: impl io::Read) -> Result<Self, LinesError> {
        let bounded = io::BufReader::new(source.take(MAX_BYTES));
        from(serde_json::Deserializer::from_reader(bounded))
    }

    /// Writes the artefact as JSON on one line, as it goes: the bytes of [`Self::to_json`].
    ///
    /// # Errors
    /// Where a number is not finite (nothing is written then), or the writer refuses.
    pub fn write(&self, target: impl io::Write) -> Result<(), LinesError> {
        self.validate()?;
        serde_json::to_writer(target, self).map_err(|e| LinesError::Io {
            reason: e.to_string(),
        })
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
            line.validate_primitive(&at, self.frame_size.scale())?;
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
    /// A primitive stands for the stroke: what the points are not is refused.
    fn validate_primitive(&self, at: &str, scale: f64) -> Result<(), LinesError> {
        let fits = |shape: &Primitive| shape.fits(&self.into(), scale);
        if self.primitive.as_ref().is_none_or(fits) {
            return Ok(());
        }
        let reason = "the points are no such shape within the curve tolerance; remove it".into();
        Err(value_error(&format!("{at}/primitive"), reason))
    }

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
        all_finite(at, "points", &self.points)?;
        all_finite(at, "points_3d", &self.points_3d)?;
        if !(self.width > 0.0 && self.width <= MAX_WIDTH) {
            let reason = format!("must be above 0, up to {MAX_WIDTH}");
            return Err(value_error(&format!("{at}/width"), reason));
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

/// Reads a document from any source of JSON.
fn from<'de, R: serde_json::de::Read<'de>>(
    mut source: serde_json::Deserializer<R>,
) -> Result<Lines, LinesError> {
    let place = Place::default();
    let read = Document(&place).deserialize(&mut source);
    let lines = read.map_err(|e| place.explain(&e))?;
    source.end().map_err(|e| syntax("", &e))?;
    lines.validate()?;
    Ok(lines)
}

/// A step of a JSON pointer.
#[derive(Clone, Copy)]
enum Step {
    Key(&'static str),
    Index(usize),
}

/// Where the reader is, and what it refused there.
#[derive(Default)]
struct Place {
    steps: RefCell<Vec<Step>>,
    refused: RefCell<Option<LinesError>>,
    numbers: Cell<usize>,
}

impl Place {
    /// Reads one step further down; a failure leaves the place where it happened.
    fn within<T, E>(&self, step: Step, read: impl FnOnce() -> Result<T, E>) -> Result<T, E> {
        self.steps.borrow_mut().push(step);
        let value = read()?;
        self.steps.borrow_mut().pop();
        Ok(value)
    }

    fn pointer(&self) -> String {
        let steps = self.steps.borrow();
        let token = |step: &Step| match step {
            Step::Key(key) => format!("/{key}"),
            Step::Index(index) => format!("/{index}"),
        };
        steps.iter().map(token).collect()
    }

    fn refuse<E: de::Error>(&self, error: LinesError) -> E {
        self.refused.borrow_mut().get_or_insert(error);
        E::custom("refused")
    }

    /// What was refused, else what the parser says and where.
    fn explain(&self, error: &serde_json::Error) -> LinesError {
        let refused = self.refused.borrow_mut().take();
        refused.unwrap_or_else(|| match error.classify() {
            serde_json::error::Category::Io => LinesError::Io {
                reason: error.to_string(),
            },
            _ => syntax(&self.pointer(), error),
        })
    }

    /// Reads the value of a key into its slot.
    fn field<'de, A: MapAccess<'de>, T: Deserialize<'de>>(
        &self,
        key: &'static str,
        slot: &mut Option<T>,
        map: &mut A,
    ) -> Result<(), A::Error> {
        self.seeded(key, slot, map, PhantomData)
    }

    fn seeded<'de, A: MapAccess<'de>, S: DeserializeSeed<'de>>(
        &self,
        key: &'static str,
        slot: &mut Option<S::Value>,
        map: &mut A,
        seed: S,
    ) -> Result<(), A::Error> {
        self.within(Step::Key(key), || {
            if slot.is_some() {
                let error = value_error(&self.pointer(), "occurs twice; keep one".into());
                return Err(self.refuse(error));
            }
            *slot = Some(map.next_value_seed(seed)?);
            Ok(())
        })
    }

    /// The value of a key that must be there.
    fn needed<T, E: de::Error>(&self, key: &str, slot: Option<T>) -> Result<T, E> {
        slot.ok_or_else(|| {
            let pointer = format!("{}/{key}", self.pointer());
            self.refuse(value_error(&pointer, "is missing".into()))
        })
    }

    fn unknown<E: de::Error>(&self, key: &str) -> E {
        let key: String = key.chars().take(80).collect();
        let key = key.replace('~', "~0").replace('/', "~1");
        let pointer = format!("{}/{key}", self.pointer());
        self.refuse(LinesError::UnknownKey { pointer })
    }

    /// A list of at most `most` values.
    fn list<S: Copy>(&self, most: usize, what: &'static str, seed: S) -> List<'_, S> {
        List {
            place: self,
            most,
            what,
            seed,
        }
    }

    /// A list of numbers, or of points: at most as many as a stroke has control points.
    fn numbers<T>(&self) -> List<'_, PhantomData<T>> {
        const WHAT: &str = "values; n Béziers have 3n + 1 points, at least 4";
        self.list(MAX_POINTS, WHAT, PhantomData)
    }
}

/// Reads a list and stops where it becomes too long.
struct List<'a, S> {
    place: &'a Place,
    most: usize,
    what: &'static str,
    seed: S,
}

impl<'de, S: DeserializeSeed<'de> + Copy> DeserializeSeed<'de> for List<'_, S> {
    type Value = Vec<S::Value>;

    fn deserialize<D: Deserializer<'de>>(self, source: D) -> Result<Self::Value, D::Error> {
        source.deserialize_seq(self)
    }
}

impl<'de, S: DeserializeSeed<'de> + Copy> Visitor<'de> for List<'_, S> {
    type Value = Vec<S::Value>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Self::Value, A::Error> {
        let place = self.place;
        let (mut values, each) = (Vec::new(), size_of::<S::Value>() / size_of::<f64>());
        loop {
            let next = place.within(Step::Index(values.len()), || list.next_element_seed(self.seed))?;
            let Some(value) = next else {
                return Ok(values);
            };
            place.numbers.set(place.numbers.get() + each);
            if values.len() == self.most || place.numbers.get() > MAX_NUMBERS {
                let (most, what) = (self.most, self.what);
                let reason = if values.len() == most {
                    format!("more than {most} {what}, at most {most} are read")
                } else {
                    format!("more than {MAX_NUMBERS} numbers in one frame; at most so many are read")
                };
                return Err(place.refuse(value_error(&place.pointer(), reason)));
            }
            values.push(value);
        }
    }
}

/// An object whose visitor is the seed itself.
macro_rules! object {
    ($name:ident => $value:ty) => {
        #[derive(Clone, Copy)]
        struct $name<'a>(&'a Place);

        impl<'de> DeserializeSeed<'de> for $name<'_> {
            type Value = $value;

            fn deserialize<D: Deserializer<'de>>(self, source: D) -> Result<$value, D::Error> {
                source.deserialize_map(self)
            }
        }
    };
}

object!(Document => Lines);

impl<'de> Visitor<'de> for Document<'_> {
    type Value = Lines;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Lines, A::Error> {
        let place = self.0;
        let (mut schema, mut engine_version, mut cut_id) = (None, None, None);
        let (mut frame, mut frame_index, mut frame_size, mut matrix) = (None, None, None, None);
        let (mut lines, mut layers, mut style_profile, mut quality) = (None, None, None, None);
        while let Some(key) = map.next_key::<String>()? {
            match key.as_str() {
                "schema" => {
                    place.field("schema", &mut schema, &mut map)?;
                    place.this_version(schema.as_ref())?;
                }
                "engine_version" => place.field("engine_version", &mut engine_version, &mut map)?,
                "cut_id" => place.field("cut_id", &mut cut_id, &mut map)?,
                "frame" => place.field("frame", &mut frame, &mut map)?,
                "frame_index" => place.field("frame_index", &mut frame_index, &mut map)?,
                "frame_size" => place.field("frame_size", &mut frame_size, &mut map)?,
                "camera_projection_matrix" => {
                    place.field("camera_projection_matrix", &mut matrix, &mut map)?;
                }
                "lines" => {
                    let list = place.list(MAX_LINES, "strokes;", Stroke(place));
                    place.seeded("lines", &mut lines, &mut map, list)?;
                }
                "layers" => {
                    let list = place.list(MAX_LINES, "layers;", PhantomData::<String>);
                    place.seeded("layers", &mut layers, &mut map, list)?;
                }
                "style_profile" => place.field("style_profile", &mut style_profile, &mut map)?,
                "quality" => place.field("quality", &mut quality, &mut map)?,
                other => return Err(place.unknown(other)),
            }
        }
        place.this_version(schema.as_ref())?;
        Ok(Lines {
            schema: place.needed("schema", schema)?,
            engine_version: place.needed("engine_version", engine_version)?,
            cut_id: place.needed("cut_id", cut_id)?,
            frame: place.needed("frame", frame)?,
            frame_index: place.needed("frame_index", frame_index)?,
            frame_size: place.needed("frame_size", frame_size)?,
            camera_projection_matrix: place.needed("camera_projection_matrix", matrix)?,
            lines: place.needed("lines", lines)?,
            layers: place.needed("layers", layers)?,
            style_profile: place.needed("style_profile", style_profile)?,
            quality: place.needed("quality", quality)?,
        })
    }
}

object!(Stroke => Line);

impl<'de> Visitor<'de> for Stroke<'_> {
    type Value = Line;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Line, A::Error> {
        let place = self.0;
        let (mut stroke_id, mut layer, mut style_class, mut closed) = (None, None, None, None);
        let (mut points, mut points_3d, mut pressure) = (None, None, None);
        let (mut primitive, mut width, mut quality) = (None, None, None);
        while let Some(key) = map.next_key::<String>()? {
            match key.as_str() {
                "stroke_id" => place.field("stroke_id", &mut stroke_id, &mut map)?,
                "layer" => place.field("layer", &mut layer, &mut map)?,
                "style_class" => place.field("style_class", &mut style_class, &mut map)?,
                "closed" => place.field("closed", &mut closed, &mut map)?,
                "points" => place.seeded("points", &mut points, &mut map, place.numbers())?,
                "points_3d" => place.seeded("points_3d", &mut points_3d, &mut map, place.numbers())?,
                "pressure" => place.seeded("pressure", &mut pressure, &mut map, place.numbers())?,
                "primitive" => place.field("primitive", &mut primitive, &mut map)?,
                "width" => place.field("width", &mut width, &mut map)?,
                "quality" => place.field("quality", &mut quality, &mut map)?,
                other => return Err(place.unknown(other)),
            }
        }
        Ok(Line {
            stroke_id: place.needed("stroke_id", stroke_id)?,
            layer: place.needed("layer", layer)?,
            style_class: place.needed("style_class", style_class)?,
            closed: place.needed("closed", closed)?,
            points: place.needed("points", points)?,
            points_3d: place.needed("points_3d", points_3d)?,
            pressure: place.needed("pressure", pressure)?,
            primitive,
            width: width.unwrap_or(1.0),
            quality,
        })
    }
}

impl Place {
    /// Stops at once at a file of another version.
    fn this_version<E: de::Error>(&self, schema: Option<&String>) -> Result<(), E> {
        if schema.is_some_and(|schema| schema == Lines::SCHEMA) {
            return Ok(());
        }
        let found = schema.map_or(String::new(), |found| found.chars().take(80).collect());
        Err(self.refuse(LinesError::Version { found }))
    }
}

fn all_finite<const N: usize>(at: &str, key: &str, points: &[[f64; N]]) -> Result<(), LinesError> {
    let sound = |p: &[f64; N]| p.iter().all(|v| v.is_finite() && v.abs() <= MAX_COORDINATE);
    match points.iter().position(|p| !sound(p)) {
        Some(i) => finite(&format!("{at}/{key}/{i}"), &points[i], MAX_COORDINATE),
        None => Ok(()),
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
mod tests;
