//! Bad input: a clear message that names what and where, the right exit code, nothing half-written.

mod common;

use std::fs;

use common::{fails, succeeds, talos};

fn nothing_in(folder: &tempfile::TempDir) -> bool {
    fs::read_dir(folder.path()).expect("a folder").count() == 0
}

#[test]
fn prompts_that_cannot_be_filmed() {
    let folder = tempfile::tempdir().expect("a folder");
    let film = folder.path().join("film");
    let out = film.to_str().expect("a path");
    let long = "a ".repeat(50_000);
    let cases = [
        ("", "empty"),
        ("   \n\t", "empty"),
        (long.as_str(), "100000 characters"),
        ("용, 0초", "0초"),
        ("a cat, 10000 seconds", "10000 seconds"),
    ];
    for (prompt, says) in cases {
        fails(&["direct", prompt, "--out", out], 2, says);
        assert!(nothing_in(&folder), "nothing is written for `{says}`");
    }
}

#[test]
fn strange_prompts_are_directed_and_say_what_was_not_understood() {
    let folder = tempfile::tempdir().expect("a folder");
    let prompts = [
        "🐉🔥🐉",
        "용 fights با dragon 在城市",
        "ㅋㅋㅋㅋ",
        "\u{202e}drawkcab gnihtemos",
        "a penguin dances",
        "a day scene at night",
        "…",
        "NULL; DROP TABLE films",
    ];
    for (index, prompt) in prompts.iter().enumerate() {
        let film = folder.path().join(index.to_string());
        let out = film.to_str().expect("a path");
        succeeds(&["direct", prompt, "--out", out]);
        let spec: serde_json::Value =
            serde_json::from_slice(&fs::read(film.join("prism/cut_spec.json")).expect("written"))
                .expect("JSON");
        assert!(
            !spec["findings"].as_array().expect("findings").is_empty(),
            "{prompt}"
        );
    }
    let output = talos(&[
        "direct",
        "a day scene at night",
        "--out",
        folder.path().join("x").to_str().expect("a path"),
    ]);
    assert!(
        String::from_utf8_lossy(&output.stderr).contains("degraded"),
        "a contradiction is said on the screen"
    );
}

#[test]
fn options_out_of_range() {
    let folder = tempfile::tempdir().expect("a folder");
    let film = folder.path().join("film");
    let out = film.to_str().expect("a path");
    for size in [
        "-5x100",
        "0x0",
        "101x100",
        "1920",
        "99999x2",
        "axb",
        "1920x1080x3",
    ] {
        let size = format!("--size={size}");
        fails(&["direct", "a cat", "--out", out, &size], 2, "--size");
    }
    for fps in ["0", "abc", "-24", "24/0", "1e9"] {
        let option = format!("--fps={fps}");
        fails(&["direct", "a cat", "--out", out, &option], 2, "frame rate");
    }
    fails(
        &["direct", "a cat", "--out", out, "--style", "ghibly"],
        2,
        "nearest: ghibli",
    );
    fails(
        &["direct", "a cat", "--out", out, "--asset", "cat"],
        2,
        "NAME=FILE",
    );
    fails(
        &["direct", "a cat", "--out", out, "--asset", "cat=/nowhere.glb"],
        4,
        "/nowhere.glb",
    );
    assert!(nothing_in(&folder));
}

#[test]
fn a_broken_gltf_is_refused_with_its_name() {
    let folder = tempfile::tempdir().expect("a folder");
    let model = folder.path().join("broken.glb");
    fs::write(&model, b"glTF\x02\0\0\0not really").expect("written");
    let asset = format!("dragon={}", model.display());
    let out = folder.path().join("film");
    fails(
        &[
            "direct",
            "a dragon",
            "--out",
            out.to_str().expect("a path"),
            "--asset",
            &asset,
        ],
        3,
        "broken.glb",
    );
    assert!(!out.exists());
}

#[test]
fn folders_that_cannot_be_written_or_hold_something_else() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("file");
    fs::write(&file, b"mine").expect("written");
    let below = file.join("film");
    fails(
        &["direct", "a cat", "--out", below.to_str().expect("a path")],
        4,
        "file",
    );
    fails(
        &[
            "direct",
            "a cat",
            "--out",
            folder.path().to_str().expect("a path"),
        ],
        2,
        "already holds other files",
    );
    assert_eq!(fs::read(&file).expect("there"), b"mine");
    fails(
        &["render", folder.path().to_str().expect("a path")],
        2,
        "no film.json",
    );
}

#[test]
fn artefacts_edited_into_nonsense() {
    let folder = tempfile::tempdir().expect("a folder");
    let film = folder.path().join("film");
    let out = film.to_str().expect("a path");
    succeeds(&["direct", "a cat, 1 second", "--size", "128x72", "--out", out]);
    let spec = film.join("prism/cut_spec.json");
    let good = fs::read_to_string(&spec).expect("written");
    let cases = [
        (good.replace("cut_spec/1", "cut_spec/9"), "/schema"),
        (
            good.replacen("\"frame_count\": 24", "\"frame_count\": -3", 1),
            "/frame_count",
        ),
        (
            good.replacen("\"width\": 128", "\"width\": \"wide\"", 1),
            "/frame_size/width",
        ),
        (good.replacen("\"seed\"", "\"sead\"", 1), "sead"),
        (good[..good.len() / 2].to_owned(), "cut_spec.json"),
        (String::new(), "cut_spec.json"),
    ];
    for (text, says) in cases {
        assert_ne!(text, good, "the case for {says} changes something");
        fs::write(&spec, text).expect("written");
        fails(&["render", out], 3, says);
    }
    fs::write(&spec, good).expect("written");
    fs::write(
        film.join("control.json"),
        "{\"schema\": \"control/1\", \"scene_id\": 7}",
    )
    .expect("written");
    fails(&["params", out], 3, "/scene_id");
}

#[test]
fn addresses_frames_and_strokes_that_do_not_exist() {
    let folder = tempfile::tempdir().expect("a folder");
    let film = folder.path().join("film");
    let out = film.to_str().expect("a path");
    succeeds(&["direct", "a cat, 1 second", "--size", "128x72", "--out", out]);
    fails(&["set", out, "place/time_of_dai=dusk"], 2, "place/time_of_day");
    fails(&["set", out, "place/time_of_day=teatime"], 2, "one of dawn");
    fails(
        &["set", out, "palette/hue_shift=3"],
        2,
        "a number from -0.5 to 0.5",
    );
    fails(&["set", out, "nothing"], 2, "ADDRESS=VALUE");
    for frames in ["0", "25", "5-3", "a-b", "1-99"] {
        fails(&["render", out, "--frames", frames], 2, "within 1-24");
    }
    fails(&["render", out, "--threads", "0"], 2, "--threads 0");
    fails(
        &["edit", out, "--stroke", "cat_a.brow", "--frames", "1"],
        2,
        "nearest",
    );
    fails(&["undo", out], 2, "no change");
    fails(&["verify", out], 5, "frame");
    fails(&["encode", out], 3, "not rendered");
    fails(&["schema", "cutspec"], 2, "cut_spec");
}
