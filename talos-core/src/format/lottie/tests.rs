//! Lottie: the facts of the format, and that no curve changes on the way.

use super::*;
use crate::{
    camera::Projection,
    math::DVec3,
    stroke::{Stroke, StyleClass},
    time::Frame,
};

const SIZE: FrameSize = FrameSize {
    width: 1280,
    height: 720,
};

fn stroke(id: &str, layer: &str, segments: usize, shift: f64) -> Stroke {
    let points: Vec<DVec2> = (0..=segments * 3)
        .map(|k| {
            let u = k as f64 / (segments * 3) as f64;
            DVec2::new(100.0 + 300.0 * u + shift, 200.0 + 90.0 * u * (1.0 - u))
        })
        .collect();
    Stroke {
        stroke_id: id.into(),
        layer: layer.into(),
        style_class: StyleClass::Contour,
        points_3d: vec![DVec3::ONE; points.len()],
        pressure: vec![0.5; segments + 1],
        points,
        closed: false,
        width: 1.0,
        quality: None,
    }
}

fn frame(number: u32, cut: &str, strokes: &[Stroke]) -> Lines {
    let projection = Projection {
        rows: [[1.0, 0.0, 0.0, 0.0], [0.0, 1.0, 0.0, 0.0], [0.0, 0.0, 1.0, 0.0]],
        centre: None,
        forward: DVec3::NEG_Z,
    };
    Lines::new(cut, Frame(number), SIZE, &projection, strokes)
}

fn animation(frames: &[Lines]) -> Value {
    let rate = FrameRate::new(24_000, 1001).expect("a rate");
    let mut lottie = Lottie::new(rate, [0.0, 0.0, 0.0]);
    frames.iter().for_each(|f| lottie.add(f).expect("in order"));
    serde_json::from_str(&lottie.to_json().expect("frames")).expect("JSON")
}

/// Keys of the only stroke's path.
fn keys(document: &Value) -> Vec<Value> {
    let path = &document["layers"][0]["shapes"][0]["it"][0]["ks"];
    assert_eq!(path["a"], 1, "{path}");
    path["k"].as_array().expect("keys").clone()
}

#[test]
fn the_document_has_what_players_need() {
    let document = animation(&[
        frame(
            5,
            "S01_C01",
            &[stroke("a", "subject", 2, 0.0), stroke("b", "background", 1, 0.0)],
        ),
        frame(6, "S01_C01", &[stroke("a", "subject", 2, 4.0)]),
    ]);
    assert_eq!((&document["w"], &document["h"]), (&1280.into(), &720.into()));
    assert_eq!((&document["ip"], &document["op"]), (&0.into(), &2.into()));
    assert_eq!(document["fr"], 24_000.0 / 1001.0);
    assert_eq!(document["v"], VERSION);
    let layers = document["layers"].as_array().expect("layers");
    let names: Vec<&Value> = layers.iter().map(|l| &l["nm"]).collect();
    assert_eq!(names, ["subject", "background"], "the front layer is first");
    for (k, layer) in layers.iter().enumerate() {
        assert_eq!((&layer["ty"], &layer["ind"]), (&4.into(), &(k + 1).into()));
        assert_eq!(
            (&layer["ip"], &layer["op"], &layer["st"]),
            (&0.into(), &2.into(), &0.into())
        );
    }
    let group = &layers[1]["shapes"][0];
    assert_eq!((&group["ty"], &group["nm"]), (&"gr".into(), &"b".into()));
    let kinds: Vec<&Value> = group["it"]
        .as_array()
        .expect("items")
        .iter()
        .map(|i| &i["ty"])
        .collect();
    assert_eq!(kinds, ["sh", "st", "tr"], "the transform is last");
    // it is gone in the second frame
    assert_eq!(
        group["it"][2]["o"],
        json!({"a": 1, "k": [{"t": 0, "s": [100], "h": 1}, {"t": 1, "s": [0], "h": 1}]})
    );
}

#[test]
fn paths_move_between_like_frames_and_are_held_otherwise() {
    let one = |n: u32, cut: &str, segments: usize, shift: f64| {
        frame(n, cut, &[stroke("a", "subject", segments, shift)])
    };
    let keys = keys(&animation(&[
        one(1, "S01_C01", 2, 0.0),
        one(2, "S01_C01", 2, 5.0),
        one(3, "S01_C01", 3, 9.0),
        one(4, "S01_C02", 3, 40.0),
        one(5, "S01_C02", 3, 50.0),
    ]));
    let held: Vec<bool> = keys.iter().map(|k| k["h"] == 1).collect();
    assert_eq!(held, [false, true, true, false, true]);
    assert_eq!(keys[0]["i"], json!({"x": [1], "y": [1]}));
    let counts: Vec<usize> = keys
        .iter()
        .map(|k| k["s"][0]["v"].as_array().expect("vertices").len())
        .collect();
    assert_eq!(counts, [4; 5], "one number of vertices for all keys");
}

#[test]
fn what_stands_still_has_one_path() {
    let same = |n: u32| frame(n, "S01_C01", &[stroke("a", "subject", 2, 0.0)]);
    let document = animation(&[same(1), same(2), same(3)]);
    assert_eq!(document["layers"][0]["shapes"][0]["it"][0]["ks"]["a"], 0);
    let moved = frame(4, "S01_C01", &[stroke("a", "subject", 2, 8.0)]);
    let times: Vec<Value> = keys(&animation(&[same(1), same(2), same(3), moved]))
        .iter()
        .map(|k| k["t"].clone())
        .collect();
    assert_eq!(times, [0, 2, 3]);
}

#[test]
fn dividing_changes_no_curve() {
    let original = stroke("a", "subject", 3, 0.0);
    let key = Key::of(&frame(1, "c", std::slice::from_ref(&original)).lines[0], 0, 1.0);
    for count in 3..12 {
        let divided = Stroke {
            points: key.divided(count),
            ..original.clone()
        };
        assert_eq!(divided.segments(), count);
        for k in 0..=60 {
            let p = original.point(
                (k / 20).min(2),
                if k == 60 {
                    1.0
                } else {
                    f64::from(k as u8 % 20) / 20.0
                },
            );
            let near = (0..count * 200)
                .map(|j| (divided.point(j / 200, (j % 200) as f64 / 199.0) - p).length())
                .fold(f64::INFINITY, f64::min);
            assert!(near < 0.5, "{count}: {near}");
        }
    }
}

#[test]
fn closed_paths_close_on_their_first_vertex() {
    let mut ring = stroke("a", "subject", 3, 0.0);
    ring.points[9] = ring.points[0];
    ring.closed = true;
    let document = animation(&[frame(1, "c", &[ring.clone()])]);
    let path = &document["layers"][0]["shapes"][0]["it"][0]["ks"]["k"];
    assert_eq!(path["c"], true);
    assert_eq!(path["v"].as_array().map(Vec::len), Some(3));
    let handle = ring.points[8] - ring.points[0];
    assert_eq!(path["i"][0], json!([number(handle.x), number(handle.y)]));
}

#[test]
fn what_does_not_follow_is_refused() {
    let mut lottie = Lottie::new(FrameRate::new(24, 1).expect("a rate"), [0.0; 3]);
    assert!(matches!(lottie.to_json(), Err(LottieError::Count { count: 0 })));
    lottie.add(&frame(1, "c", &[])).expect("a frame without strokes");
    assert!(lottie.to_json().is_ok());
    assert_eq!(
        lottie.add(&frame(3, "c", &[])),
        Err(LottieError::Order { frame: 3 })
    );
    let mut bad = frame(2, "c", &[stroke("a", "s", 1, 0.0)]);
    bad.lines[0].pressure[0] = f64::NAN;
    assert!(matches!(
        lottie.add(&bad),
        Err(LottieError::Lines { frame: 2, .. })
    ));
}
