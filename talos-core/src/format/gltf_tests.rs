//! Files made in code: a skinned, animated strip, and every way to break it.

use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;
use crate::scene::{Rig, SubjectState};

/// Bytes of a .glb.
fn glb(root: &Value, bin: &[u8]) -> Vec<u8> {
    let mut text = root.to_string().into_bytes();
    text.resize(text.len().next_multiple_of(4), b' ');
    let mut bin = bin.to_vec();
    bin.resize(bin.len().next_multiple_of(4), 0);
    let mut out = b"glTF".to_vec();
    let length = 12 + 8 + text.len() + 8 + bin.len();
    for word in [2, length as u32, text.len() as u32] {
        out.extend_from_slice(&word.to_le_bytes());
    }
    out.extend_from_slice(b"JSON");
    out.extend_from_slice(&text);
    out.extend_from_slice(&(bin.len() as u32).to_le_bytes());
    out.extend_from_slice(b"BIN\0");
    out.extend_from_slice(&bin);
    out
}

/// A strip of two quads along Y, its upper half on a second joint that bends a quarter turn in a second.
fn bending_strip() -> (Value, Vec<u8>) {
    let mut bin: Vec<u8> = Vec::new();
    let mut views = Vec::new();
    let mut accessors = Vec::new();
    let mut add = |values: &[f32], shape: &str, width: usize| {
        let start = bin.len();
        values
            .iter()
            .for_each(|x| bin.extend_from_slice(&x.to_le_bytes()));
        let count = values.len() / width;
        views.push(json!({"buffer": 0, "byteOffset": start, "byteLength": bin.len() - start}));
        let mut accessor =
            json!({"bufferView": views.len() - 1, "componentType": 5126, "count": count, "type": shape});
        if shape == "VEC3" {
            let rows = values.chunks(3);
            let fold = |f: fn(f32, f32) -> f32| {
                rows.clone().fold(None, |a: Option<[f32; 3]>, r| {
                    let a = a.unwrap_or([r[0], r[1], r[2]]);
                    Some([0, 1, 2].map(|n| f(a[n], r[n])))
                })
            };
            accessor["min"] = json!(fold(f32::min));
            accessor["max"] = json!(fold(f32::max));
        }
        accessors.push(accessor);
    };
    #[rustfmt::skip]
    add(&[0.0, 0.0, 0.0,  1.0, 0.0, 0.0,  0.0, 1.0, 0.0,  1.0, 1.0, 0.0,  0.0, 2.0, 0.0,  1.0, 2.0, 0.0], "VEC3", 3);
    let weights: Vec<f32> = (0..6)
        .flat_map(|n| {
            if n < 4 {
                [1.0, 0.0, 0.0, 0.0]
            } else {
                [0.0, 1.0, 0.0, 0.0]
            }
        })
        .collect();
    add(&weights, "VEC4", 4);
    #[rustfmt::skip]
    let inverse = [
        1.0, 0.0, 0.0, 0.0,  0.0, 1.0, 0.0, 0.0,  0.0, 0.0, 1.0, 0.0,  0.0, 0.0, 0.0, 1.0,
        1.0, 0.0, 0.0, 0.0,  0.0, 1.0, 0.0, 0.0,  0.0, 0.0, 1.0, 0.0,  0.0, -1.0, 0.0, 1.0,
    ];
    add(&inverse, "MAT4", 16);
    add(&[0.0, 1.0], "SCALAR", 1);
    let half = std::f32::consts::FRAC_1_SQRT_2;
    add(&[0.0, 0.0, 0.0, 1.0, half, 0.0, 0.0, half], "VEC4", 4);
    let joints_at = bin.len();
    bin.extend_from_slice(&[0, 1, 0, 0].repeat(6));
    views.push(json!({"buffer": 0, "byteOffset": joints_at, "byteLength": 24}));
    accessors.push(json!({"bufferView": 5, "componentType": 5121, "count": 6, "type": "VEC4"}));
    let order_at = bin.len();
    for n in [0_u16, 1, 3, 0, 3, 2, 2, 3, 5, 2, 5, 4] {
        bin.extend_from_slice(&n.to_le_bytes());
    }
    views.push(json!({"buffer": 0, "byteOffset": order_at, "byteLength": 24}));
    accessors.push(json!({"bufferView": 6, "componentType": 5123, "count": 12, "type": "SCALAR"}));
    let root = json!({
        "asset": {"version": "2.0"},
        "scene": 0,
        "scenes": [{"nodes": [2, 0]}],
        "nodes": [
            {"name": "hip", "children": [1]},
            {"name": "chest", "translation": [0.0, 1.0, 0.0]},
            {"name": "body", "mesh": 0, "skin": 0},
        ],
        "skins": [{"joints": [0, 1], "inverseBindMatrices": 2}],
        "materials": [{"name": "scales", "doubleSided": true,
                       "pbrMetallicRoughness": {"baseColorFactor": [0.1, 0.2, 0.8, 1.0]}}],
        "meshes": [{"name": "strip", "primitives": [{"attributes":
            {"POSITION": 0, "WEIGHTS_0": 1, "JOINTS_0": 5}, "indices": 6, "material": 0}]}],
        "animations": [{"name": "Idle", "channels": [{"sampler": 0, "target": {"node": 1, "path": "rotation"}}],
                        "samplers": [{"input": 3, "output": 4}]}],
        "buffers": [{"byteLength": bin.len()}],
        "bufferViews": views,
        "accessors": accessors,
    });
    (root, bin)
}

fn still(_: f64) -> SubjectState {
    SubjectState::default()
}

#[test]
fn a_skinned_animated_file_becomes_a_model() {
    let (root, bin) = bending_strip();
    let imported = read_glb(&glb(&root, &bin), "strip.glb").expect("a good file");
    let model = &imported.model;
    assert_eq!((model.mesh.triangles.len(), model.mesh.positions.len()), (4, 6));
    let names: Vec<&str> = model.skeleton.bones().iter().map(|b| b.name.as_str()).collect();
    assert_eq!(names, ["root", "body", "hip", "chest"]);
    assert_eq!(
        (model.mesh.parts[0].slot.as_str(), model.mesh.parts[0].two_sided),
        ("scales", true)
    );
    assert_eq!(imported.colours[0].colour, [0.1, 0.2, 0.8, 1.0]);
    assert_eq!((imported.rig.clip_names(), model.size_m), (vec!["idle"], 2.0));
    // stands on the ground, centred
    assert_eq!(model.mesh.positions[0], DVec3::new(-0.5, 0.0, 0.0));
    let top = |time: f64| {
        let pose = imported.rig.pose(model, &still, time);
        let corner = model
            .mesh
            .positions
            .iter()
            .position(|p| *p == DVec3::new(0.5, 2.0, 0.0));
        model.posed(&pose, DAffine3::IDENTITY).positions[corner.expect("the upper right corner")]
    };
    assert!((top(0.0) - DVec3::new(0.5, 2.0, 0.0)).length() < 1e-6);
    // half-way: an eighth of a turn about X at (0, 1, 0), and it loops
    let half = std::f64::consts::FRAC_1_SQRT_2;
    for time in [0.5, 1.5, 20.5] {
        assert!(
            (top(time) - DVec3::new(0.5, 1.0 + half, half)).length() < 1e-6,
            "{}",
            top(time)
        );
    }
    let rest = model.skeleton.skin(
        &model.mesh.positions,
        &model.weights,
        &model.skeleton.rest(),
        DAffine3::IDENTITY,
    );
    for (a, b) in rest.iter().zip(&model.mesh.positions) {
        assert!((*a - *b).length() < 1e-9);
    }
}

#[test]
fn steps_and_splines_reach_their_keys() {
    for (interpolation, middle) in [("STEP", 1.0), ("CUBICSPLINE", 1.5)] {
        let (mut root, mut bin) = bending_strip();
        let keys: Vec<f32> = match interpolation {
            "STEP" => vec![0.0, 1.0, 0.0, 0.0, 2.0, 0.0],
            // level tangents: half way in time is half way in value
            _ => [
                [0.0; 3],
                [0.0, 1.0, 0.0],
                [0.0; 3],
                [0.0; 3],
                [0.0, 2.0, 0.0],
                [0.0; 3],
            ]
            .concat(),
        };
        let start = bin.len();
        keys.iter().for_each(|x| bin.extend_from_slice(&x.to_le_bytes()));
        let views = root["bufferViews"].as_array_mut().expect("views");
        views.push(json!({"buffer": 0, "byteOffset": start, "byteLength": keys.len() * 4}));
        let accessors = root["accessors"].as_array_mut().expect("accessors");
        accessors
            .push(json!({"bufferView": 7, "componentType": 5126, "count": keys.len() / 3, "type": "VEC3"}));
        root["buffers"][0]["byteLength"] = json!(bin.len());
        root["animations"][0]["channels"][0]["target"]["path"] = json!("translation");
        root["animations"][0]["samplers"][0] =
            json!({"input": 3, "output": 7, "interpolation": interpolation});
        let imported = read_glb(&glb(&root, &bin), "a.glb").expect("a good file");
        let height = |time: f64| {
            imported.rig.pose(&imported.model, &still, time).0[3]
                .translation
                .y
        };
        assert!((height(0.0) - 1.0).abs() < 1e-6);
        assert!(
            (height(0.5) - middle).abs() < 1e-6,
            "{interpolation} {}",
            height(0.5)
        );
    }
}

#[test]
fn what_cannot_be_read_is_refused_with_the_reason() {
    let (good, bin) = bending_strip();
    let error = |change: &dyn Fn(&mut Value)| {
        let mut root = good.clone();
        change(&mut root);
        read_glb(&glb(&root, &bin), "x.glb")
            .expect_err("a bad file")
            .to_string()
    };
    let draco = error(&|r| r["extensionsRequired"] = json!(["KHR_draco_mesh_compression"]));
    assert!(
        draco.contains("requires KHR_draco_mesh_compression; export without"),
        "{draco}"
    );
    let outside = error(&|r| r["buffers"][0]["uri"] = json!("strip.bin"));
    assert!(outside.contains("refers to the file `strip.bin`"), "{outside}");
    type Change<'a> = &'a dyn Fn(&mut Value);
    let cases: [(Change<'_>, &str); 10] = [
        (
            &|r| r["animations"][0]["channels"][0]["sampler"] = json!(3),
            "channels[0]: refers to",
        ),
        (
            &|r| r["accessors"][0]["count"] = json!(600),
            "reaches beyond its buffer view",
        ),
        (
            &|r| r["accessors"][6]["count"] = json!(1_u64 << 62),
            "reaches beyond its buffer view",
        ),
        (
            &|r| r["bufferViews"][0]["byteLength"] = json!(1 << 30),
            "buffer view reaches beyond",
        ),
        (&|r| r["nodes"][1]["children"] = json!([0]), "is its own ancestor"),
        (&|r| r["nodes"][0]["mesh"] = json!(7), "no glTF 2 file"),
        (
            &|r| r["meshes"][0]["primitives"][0]["attributes"]["POSITION"] = json!(70),
            "refers to what",
        ),
        (&|r| r["scenes"] = json!([{"nodes": [0]}]), "holds no triangles"),
        (
            &|r| r["scenes"] = json!([{"nodes": [2]}]),
            "joint that is not in the scene",
        ),
        (
            &|r| r["accessors"][4]["count"] = json!(1),
            "one value for each time",
        ),
    ];
    for (change, expected) in cases {
        let found = error(change);
        assert!(found.contains(expected), "{found}");
    }
    assert!(read_glb(b"", "x").is_err() && read_glb(b"glTF", "x").is_err() && read_glb(b"{}", "x").is_err());
}

#[test]
fn embedded_buffers_are_read() {
    let (mut root, _) = bending_strip();
    // one triangle, nothing else: 9 floats, 36 bytes
    let floats = [0.0_f32, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 1.0, 0.0];
    let bytes: Vec<u8> = floats.iter().flat_map(|x| x.to_le_bytes()).collect();
    let digits = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let text: String = bytes
        .chunks(3)
        .flat_map(|c| {
            let word = u32::from(c[0]) << 16 | u32::from(c[1]) << 8 | u32::from(c[2]);
            [18, 12, 6, 0].map(|s| digits[(word >> s & 63) as usize] as char)
        })
        .collect();
    let object = root.as_object_mut().expect("an object");
    object.remove("skins");
    object.remove("animations");
    root["nodes"] = json!([{"mesh": 0, "translation": [5.0, 5.0, 5.0]}]);
    root["scenes"] = json!([{"nodes": [0]}]);
    root["meshes"] = json!([{"primitives": [{"attributes": {"POSITION": 0}}]}]);
    root["bufferViews"] = json!([{"buffer": 0, "byteLength": 36}]);
    root["accessors"] = json!([{"bufferView": 0, "componentType": 5126, "count": 3, "type": "VEC3",
                                "min": [0, 0, 0], "max": [1, 1, 0]}]);
    root["buffers"] =
        json!([{"byteLength": 36, "uri": format!("data:application/octet-stream;base64,{text}")}]);
    let imported = read_glb(root.to_string().as_bytes(), "t.gltf").expect("a good file");
    assert_eq!(imported.model.mesh.positions[1], DVec3::new(0.5, 0.0, 0.0));
    assert_eq!(imported.colours[0].slot, "default");
    // without clips the file's own pose stands
    let pose = imported.rig.pose(&imported.model, &still, 3.0);
    let posed = imported.model.posed(&pose, DAffine3::IDENTITY);
    assert!((posed.positions[1] - DVec3::new(0.5, 0.0, 0.0)).length() < 1e-12);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1500, ..ProptestConfig::default() })]
    /// Cut anywhere, or with bytes changed anywhere: an answer, never a panic.
    #[test]
    fn damage_never_panics(cut in 0.0_f64..1.2, flips in proptest::collection::vec((0.0_f64..1.0, any::<u8>()), 0..4)) {
        let (root, bin) = bending_strip();
        let mut bytes = glb(&root, &bin);
        for (place, value) in flips {
            let n = (place * bytes.len() as f64) as usize;
            bytes[n] = value;
        }
        let length = ((cut * bytes.len() as f64) as usize).min(bytes.len());
        if let Ok(imported) = read_glb(&bytes[..length], "damaged.glb") {
            let pose = imported.rig.pose(&imported.model, &still, 0.7);
            let _ = imported.model.posed(&pose, DAffine3::IDENTITY);
        }
    }

    /// Digits of the JSON changed to other digits: the parser passes them, the checks must not.
    #[test]
    fn wrong_numbers_never_panic(changes in proptest::collection::vec((any::<u16>(), 0_u8..10), 1..6)) {
        let (root, bin) = bending_strip();
        let mut bytes = glb(&root, &bin);
        let text_end = bytes.len() - bin.len() - 8;
        let digits: Vec<usize> = (20..text_end).filter(|&n| bytes[n].is_ascii_digit()).collect();
        for (place, digit) in changes {
            bytes[digits[usize::from(place) % digits.len()]] = b'0' + digit;
        }
        if let Ok(imported) = read_glb(&bytes, "odd.glb") {
            let pose = imported.rig.pose(&imported.model, &still, 0.7);
            let _ = imported.model.posed(&pose, DAffine3::IDENTITY);
        }
    }
}
