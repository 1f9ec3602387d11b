//! Lottie: a range of frames as one animation for players of bodymovin 5 JSON (the format of the
//! Lottie Animation Community, <https://lottie.github.io/lottie-spec/>).
//!
//! A layer for each layer, a group for each stroke that ever appears, named by its id: a path, its
//! line, and an opacity that is 0 where the stroke is not drawn. Players take one number of vertices
//! for all keys of a path, so every frame's Béziers are divided to the most that the stroke has
//! anywhere; division does not change a curve. Where two frames had the same number to begin with
//! the path moves between them, otherwise it is held.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use thiserror::Error;

use crate::{
    artefact::{Line, Lines, LinesError},
    camera::FrameSize,
    math::DVec2,
    stroke::InkStyle,
    time::FrameRate,
};

/// Version of the format that is written.
const VERSION: &str = "5.7.0";

/// Frames of an animation at most: at 24 a second seven minutes, some GiB of JSON.
const MAX_FRAMES: usize = 10_000;

/// Why an animation could not be written.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum LottieError {
    /// A frame that is not valid.
    #[error("frame {frame}: {source}")]
    Lines {
        /// Which.
        frame: u32,
        /// What is wrong.
        source: LinesError,
    },
    /// A frame of another size or out of order.
    #[error("frame {frame} does not follow: give frames of one film in order, each once")]
    Order {
        /// Which.
        frame: u32,
    },
    /// No frame, or too many.
    #[error("{count} frames: a Lottie animation takes 1 to {MAX_FRAMES}")]
    Count {
        /// How many.
        count: usize,
    },
}

/// Collects frames one by one and becomes the JSON of the animation.
#[derive(Clone, Debug)]
pub struct Lottie {
    rate: FrameRate,
    color: [f64; 3],
    size: Option<FrameSize>,
    frames: Vec<u32>,
    /// Numbers of cuts, counted up where the cut changes: nothing moves across a cut.
    cuts: Vec<u32>,
    cut_id: String,
    layers: BTreeMap<String, BTreeMap<String, Vec<Key>>>,
}

/// A stroke in one frame.
#[derive(Clone, Debug, PartialEq)]
struct Key {
    /// Frames since the first.
    at: usize,
    points: Vec<DVec2>,
    closed: bool,
    width: f64,
}

impl Lottie {
    /// An animation of lines in an sRGB colour, each channel in [0, 1].
    #[must_use]
    pub fn new(rate: FrameRate, color: [f64; 3]) -> Self {
        Self {
            rate,
            color,
            size: None,
            frames: Vec::new(),
            cuts: Vec::new(),
            cut_id: String::new(),
            layers: BTreeMap::new(),
        }
    }

    /// Adds the next frame.
    ///
    /// # Errors
    /// [`LottieError`] where the frame is not valid or does not follow.
    pub fn add(&mut self, lines: &Lines) -> Result<(), LottieError> {
        let frame = lines.frame;
        lines
            .validate()
            .map_err(|source| LottieError::Lines { frame, source })?;
        let follows = self.frames.last().is_none_or(|last| last + 1 == frame);
        if !follows || *self.size.get_or_insert(lines.frame_size) != lines.frame_size {
            return Err(LottieError::Order { frame });
        }
        if self.frames.len() == MAX_FRAMES {
            let count = MAX_FRAMES + 1;
            return Err(LottieError::Count { count });
        }
        let cut = self.cuts.last().copied().unwrap_or(0);
        self.cuts.push(cut + u32::from(lines.cut_id != self.cut_id));
        self.cut_id.clone_from(&lines.cut_id);
        let at = self.frames.len();
        self.frames.push(frame);
        for line in &lines.lines {
            let strokes = self.layers.entry(line.layer.clone()).or_default();
            let keys = strokes.entry(line.stroke_id.clone()).or_default();
            keys.push(Key::of(line, at, lines.frame_size.scale()));
        }
        Ok(())
    }

    /// The animation as JSON.
    ///
    /// # Errors
    /// [`LottieError::Count`] where no frame was added.
    pub fn to_json(&self) -> Result<String, LottieError> {
        let (Some(size), count @ 1..) = (self.size, self.frames.len()) else {
            return Err(LottieError::Count { count: 0 });
        };
        let layers: Vec<Value> = front_to_back(&self.layers)
            .into_iter()
            .enumerate()
            .map(|(index, (name, strokes))| self.layer(index, name, strokes))
            .collect();
        let (rate, first) = (self.rate.per_second(), self.frames[0]);
        let rate = if rate.fract() == 0.0 {
            number(rate)
        } else {
            rate.into()
        };
        let document = json!({
            "v": VERSION,
            "fr": rate,
            "ip": 0,
            "op": count,
            "w": size.width,
            "h": size.height,
            "nm": format!("frames {first}-{}", first as usize + count - 1),
            "ddd": 0,
            "assets": [],
            "layers": layers,
            "meta": { "g": format!("TALOS {}", crate::ENGINE_VERSION) },
        });
        Ok(document.to_string())
    }

    fn layer(&self, index: usize, name: &str, strokes: &BTreeMap<String, Vec<Key>>) -> Value {
        let groups: Vec<Value> = strokes.iter().map(|(id, keys)| self.group(id, keys)).collect();
        json!({
            "ddd": 0,
            "ind": index + 1,
            "ty": 4,
            "nm": name,
            "sr": 1,
            "ks": {
                "o": still(100),
                "r": still(0),
                "p": still([0, 0, 0]),
                "a": still([0, 0, 0]),
                "s": still([100, 100, 100]),
            },
            "ao": 0,
            "shapes": groups,
            "ip": 0,
            "op": self.frames.len(),
            "st": 0,
            "bm": 0,
        })
    }

    /// A stroke over all frames.
    fn group(&self, id: &str, keys: &[Key]) -> Value {
        let [r, g, b] = self.color;
        json!({
            "ty": "gr",
            "nm": id,
            "it": [
                { "ty": "sh", "nm": id, "ks": self.path(keys) },
                {
                    "ty": "st",
                    "c": still([r, g, b, 1.0]),
                    "o": still(100),
                    "w": held(keys.iter().map(|k| (k.at, number(k.width)))),
                    "lc": 2,
                    "lj": 2,
                },
                {
                    "ty": "tr",
                    "p": still([0, 0]),
                    "a": still([0, 0]),
                    "s": still([100, 100]),
                    "r": still(0),
                    "o": self.presence(keys),
                },
            ],
        })
    }

    /// Opacity: 100 in the frames that have the stroke.
    fn presence(&self, keys: &[Key]) -> Value {
        let mut there = vec![false; self.frames.len()];
        keys.iter().for_each(|k| there[k.at] = true);
        let value = |present: bool| Value::from(if present { 100 } else { 0 });
        held(
            there
                .iter()
                .enumerate()
                .map(|(at, present)| (at, value(*present))),
        )
    }

    /// The path with a key for each frame that has it; keys that say nothing new are left out.
    fn path(&self, keys: &[Key]) -> Value {
        let most = keys.iter().map(Key::segments).max().unwrap_or(1);
        // a path that closes in one frame and not in another is drawn open: its ends still meet
        let closed = keys.iter().all(|k| k.closed);
        let paths: Vec<Value> = keys.iter().map(|k| vertices(&k.divided(most), closed)).collect();
        let same = |a: usize, b: usize| paths.get(a) == paths.get(b);
        if (1..keys.len()).all(|k| same(k - 1, k)) {
            return still(&paths[0]);
        }
        let mut list = Vec::new();
        for (k, path) in paths.iter().enumerate() {
            let inside = k > 0 && k + 1 < keys.len();
            if inside && same(k - 1, k) && same(k, k + 1) {
                continue;
            }
            let moves = keys.get(k + 1).is_some_and(|next| self.moves(&keys[k], next));
            let mut key = json!({ "t": keys[k].at, "s": [path] });
            if moves {
                key["i"] = json!({ "x": [1], "y": [1] });
                key["o"] = json!({ "x": [0], "y": [0] });
            } else {
                key["h"] = 1.into();
            }
            list.push(key);
        }
        json!({ "a": 1, "k": list })
    }

    /// Whether a path may be drawn between two keys: neighbours of one cut with one number of Béziers.
    fn moves(&self, a: &Key, b: &Key) -> bool {
        b.at == a.at + 1 && self.cuts[a.at] == self.cuts[b.at] && a.segments() == b.segments()
    }
}

impl Key {
    fn of(line: &Line, at: usize, scale: f64) -> Self {
        let mean = line.pressure.iter().sum::<f64>() / line.pressure.len() as f64;
        Self {
            at,
            points: line.points.iter().copied().map(DVec2::from).collect(),
            closed: line.closed,
            width: InkStyle::default().width(line.style_class, mean) * scale,
        }
    }

    fn segments(&self) -> usize {
        self.points.len() / 3
    }

    /// The same curve in more Béziers: each is divided into as many as its share.
    fn divided(&self, count: usize) -> Vec<DVec2> {
        let own = self.segments();
        let mut points = vec![self.points[0]];
        for segment in 0..own {
            let parts = count * (segment + 1) / own - count * segment / own;
            let mut rest: [DVec2; 4] = core::array::from_fn(|k| self.points[segment * 3 + k]);
            for left in (1..=parts).rev() {
                let (first, second) = split(rest, 1.0 / left as f64);
                points.extend_from_slice(&first[1..]);
                rest = second;
            }
        }
        points
    }
}

/// A cubic divided at `t` (de Casteljau).
fn split(p: [DVec2; 4], t: f64) -> ([DVec2; 4], [DVec2; 4]) {
    let [ab, bc, cd] = [p[0].lerp(p[1], t), p[1].lerp(p[2], t), p[2].lerp(p[3], t)];
    let (abc, bcd) = (ab.lerp(bc, t), bc.lerp(cd, t));
    let middle = if t >= 1.0 { p[3] } else { abc.lerp(bcd, t) };
    ([p[0], ab, abc, middle], [middle, bcd, cd, p[3]])
}

/// Vertices with their handles, which Lottie counts from the vertex.
fn vertices(points: &[DVec2], closed: bool) -> Value {
    let segments = points.len() / 3;
    let count = if closed { segments } else { segments + 1 };
    let pair = |v: DVec2| json!([number(v.x), number(v.y)]);
    let (mut v, mut i, mut o) = (Vec::new(), Vec::new(), Vec::new());
    for k in 0..count {
        let at = points[k * 3];
        let before = match k {
            0 if closed => points[points.len() - 2] - at,
            0 => DVec2::ZERO,
            _ => points[k * 3 - 1] - at,
        };
        let after = points.get(k * 3 + 1).map_or(DVec2::ZERO, |p| *p - at);
        v.push(pair(at));
        i.push(pair(before));
        o.push(pair(after));
    }
    json!({ "c": closed, "v": v, "i": i, "o": o })
}

/// A property that does not change.
fn still(value: impl serde::Serialize) -> Value {
    json!({ "a": 0, "k": value })
}

/// A property that holds each value until the next other one.
fn held(values: impl Iterator<Item = (usize, Value)>) -> Value {
    let mut keys: Vec<(usize, Value)> = Vec::new();
    for (at, value) in values {
        if keys.last().is_none_or(|(_, last)| *last != value) {
            keys.push((at, value));
        }
    }
    if keys.len() == 1 {
        return still(&keys[0].1);
    }
    let list: Vec<Value> = keys
        .into_iter()
        .map(|(at, value)| json!({ "t": at, "s": [value], "h": 1 }))
        .collect();
    json!({ "a": 1, "k": list })
}

/// To a thousandth, whole numbers without a point.
fn number(value: f64) -> Value {
    let rounded = (value * 1000.0).round() / 1000.0 + 0.0;
    if rounded.fract() == 0.0 && rounded.abs() < 1e15 {
        return Value::from(rounded as i64);
    }
    Value::from(rounded)
}

/// Layers in the order of Lottie, the front one first.
fn front_to_back<T>(layers: &BTreeMap<String, T>) -> Vec<(&String, &T)> {
    let mut list: Vec<_> = layers.iter().collect();
    list.sort_by_key(|(name, _)| super::svg::layer_rank(name));
    list.reverse();
    list
}

#[cfg(test)]
mod tests;
