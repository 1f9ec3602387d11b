//! The road from prompt to film, walked on small films: same bytes however it is walked.

mod common;

use std::{fs, path::Path};

use common::{changed, fails, files, succeeds};

const GIRL: &str = "비 오는 숲을 혼자 걷는 소녀, 쓸쓸하게, 0.5초";
const DRAGONS: &str = "two blue dragons fight over a city at night, breathing fire, 1 second";

fn make(prompt: &str, film: &Path, more: &[&str]) {
    let film = film.to_str().expect("a path");
    let mut args = vec!["make", prompt, "--size", "256x144", "--out", film];
    args.extend(more);
    succeeds(&args);
}

#[test]
fn a_film_is_whole_and_the_same_for_any_threads_and_order() {
    let folder = tempfile::tempdir().expect("a folder");
    let [one, seven] = ["one", "seven"].map(|name| folder.path().join(name));
    make(DRAGONS, &one, &["--threads", "1"]);
    let film = seven.to_str().expect("a path");
    // out of order first: the last frame alone, then some in the middle, then all
    succeeds(&["direct", DRAGONS, "--size", "256x144", "--out", film]);
    succeeds(&["render", film, "--frames", "24", "--threads", "7"]);
    succeeds(&["render", film, "--frames", "10-12", "--threads", "2"]);
    succeeds(&["render", film, "--threads", "7"]);
    assert_eq!(changed(&files(&one), &files(&seven)), Vec::<String>::new());
    for name in [
        "final_video.mp4",
        "contact_sheet.png",
        "report.json",
        "axis/lines.json",
        "prism/cut_spec.json",
    ] {
        assert!(one.join(name).is_file(), "{name}");
    }
    for layer in ["chroma", "stokes", "raygen", "anima"] {
        assert_eq!(
            fs::read_dir(one.join(layer)).expect("a folder").count(),
            24,
            "{layer}"
        );
    }
    succeeds(&["verify", film, "--frames", "20-24"]);
    succeeds(&["store", "check", film]);
}

#[test]
fn one_brow_in_one_frame_changes_that_frame_and_no_other_byte() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("girl");
    let film = path.to_str().expect("a path");
    make(GIRL, &path, &[]);
    let before = files(&path);
    let brow = brow_in(&path, 6);
    let edit = [
        "edit",
        film,
        "--stroke",
        &brow,
        "--delta-curvature",
        "0.8",
        "--delta-pressure",
        "0.2",
    ];
    succeeds(&[&edit[..], &["--frames", "6", "--render"]].concat());
    let after = files(&path);
    let mut expected: Vec<String> = [
        "anima/frame_0006.png",
        "axis/lines.json",
        "chroma/frame_0006.png",
        "control.json",
    ]
    .map(String::from)
    .into();
    expected.push(format!("axis/{}/frame_0006.json", cut_of(&path)));
    expected.sort();
    let mut found = changed(&before, &after);
    found.sort();
    assert_eq!(found, expected);
    succeeds(&["verify", film, "--frames", "6"]);

    succeeds(&["undo", film]);
    succeeds(&["render", film]);
    assert_eq!(
        changed(&before, &files(&path)),
        Vec::<String>::new(),
        "undo gives every byte back"
    );
}

#[test]
fn another_style_on_the_same_drawing_draws_nothing_again() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("girl");
    let film = path.to_str().expect("a path");
    make(GIRL, &path, &[]);
    let before = files(&path);
    succeeds(&["color", film, "--style", "cyberpunk-neon"]);
    let touched = changed(&before, &files(&path));
    assert!(touched.iter().any(|p| p.starts_with("anima/")));
    assert!(
        !touched
            .iter()
            .any(|p| p.starts_with("axis/") || p.starts_with("prism/")),
        "{touched:?}"
    );
}

#[test]
fn a_film_resumes_and_never_overwrites_another() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("film");
    let film = path.to_str().expect("a path");
    make(GIRL, &path, &[]);
    let before = files(&path);
    fs::remove_file(path.join("anima/frame_0003.png")).expect("removed");
    fs::write(path.join("chroma/frame_0004.png"), b"damaged").expect("written");
    make(GIRL, &path, &[]);
    assert_eq!(changed(&before, &files(&path)), Vec::<String>::new());
    fails(
        &["make", GIRL, "--size", "256x144", "--seed", "2", "--out", film],
        2,
        "already holds another film",
    );
    fails(
        &["make", "a cat", "--size", "256x144", "--out", film],
        2,
        "already holds another film",
    );
}

#[test]
fn verify_names_the_frame_and_layer_that_differ() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("film");
    let film = path.to_str().expect("a path");
    make(GIRL, &path, &[]);
    let [a, b] = ["raygen/frame_0005.png", "raygen/frame_0009.png"].map(|name| path.join(name));
    fs::copy(&a, path.join("other.png")).expect("copied");
    fs::remove_file(&b).expect("removed");
    fs::rename(path.join("other.png"), &b).expect("renamed");
    fails(&["verify", film], 5, "frame 9, layer raygen");
}

#[test]
fn each_verb_lays_its_own_stage() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("film");
    let film = path.to_str().expect("a path");
    succeeds(&["direct", DRAGONS, "--size", "128x72", "--out", film]);
    let there = || {
        let layers = ["axis", "chroma", "stokes", "raygen", "anima", "final_video.mp4"];
        layers
            .into_iter()
            .filter(|name| path.join(name).exists())
            .collect::<Vec<_>>()
    };
    assert_eq!(there(), [""; 0]);
    succeeds(&["draw", film, "--frames", "2-3"]);
    assert_eq!(there(), ["axis"]);
    succeeds(&["simulate", film, "--frames", "2-3"]);
    assert_eq!(there(), ["axis", "stokes"]);
    succeeds(&["light", film, "--frames", "2-3"]);
    assert_eq!(there(), ["axis", "stokes", "raygen"]);
    fails(&["encode", film], 3, "not rendered");
    let said = succeeds(&["render", film, "--frames", "2-3", "--json"]);
    assert!(
        said.contains("\"computed\":0"),
        "the layers share their work, paid once: {said}"
    );
    succeeds(&["verify", film, "--frames", "2-3"]);
}

#[test]
fn an_override_of_each_response_reaches_the_film() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("film");
    let film = path.to_str().expect("a path");
    succeeds(&[
        "direct",
        "a wolf runs across a field, handheld, zoom in, 1 second",
        "--size",
        "128x72",
        "--out",
        film,
    ]);
    succeeds(&["render", film, "--frames", "12"]);
    let before = files(&path);
    let cases = [
        ("response/shake_rad", "0.02", "axis/"),
        ("response/move_speed", "2", "axis/"),
        ("response/line_weight", "[1.5, 1.4]", "chroma/"),
        ("response/pen_pressure", "0.95", "axis/"),
        ("response/lightness_shift", "0.08", "chroma/"),
        ("response/chroma_factor", "0.7", "raygen/"),
        ("response/key_fill_ratio", "1.7", "raygen/"),
        ("response/motion_amplitude", "1.5", "axis/"),
        ("response/motion_tempo", "0.6", "axis/"),
    ];
    let listed = succeeds(&["params", film, "response/"]);
    // the tenth is the strength of effects, and this film has none
    assert_eq!(listed.lines().count(), cases.len() + 1, "{listed}");
    for (address, value, layer) in cases {
        assert!(listed.contains(address), "{listed}");
        succeeds(&[
            "set",
            film,
            &format!("{address}={value}"),
            "--render",
            "--frames",
            "12",
        ]);
        let touched = changed(&before, &files(&path));
        assert!(
            touched.iter().any(|p| p.starts_with(layer) && p.contains("0012")),
            "{address}: {touched:?}"
        );
        let drawn = touched
            .iter()
            .any(|p| p.starts_with("axis/") && p.contains("0012"));
        assert_eq!(drawn, layer == "axis/", "{address}: {touched:?}");
        succeeds(&["verify", film, "--frames", "12"]);
        succeeds(&["undo", film, "--render", "--frames", "12"]);
        let back: Vec<String> = changed(&before, &files(&path));
        assert_eq!(back, Vec::<String>::new(), "{address}");
    }
}

#[test]
fn what_the_film_does_not_use_can_be_seen_and_removed() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("film");
    let film = path.to_str().expect("a path");
    make(GIRL, &path, &[]);
    let unused = || {
        let said: serde_json::Value =
            serde_json::from_str(&succeeds(&["store", "size", film, "--json"])).expect("JSON");
        said["unused"]["results"].as_u64().expect("a number")
    };
    assert_eq!(unused(), 0);
    succeeds(&["color", film, "--style", "사이버펑크 네온"]);
    let before = files(&path);
    assert!(unused() > 0);
    succeeds(&["store", "prune", film]);
    assert_eq!(unused(), 0);
    assert!(succeeds(&["render", film, "--json"]).contains("\"computed\":0"));
    assert_eq!(changed(&before, &files(&path)), Vec::<String>::new());
    succeeds(&["store", "check", film]);
    assert!(succeeds(&["undo", film]).contains("to compute"));
}

/// A brow's stroke that is drawn in a frame.
fn brow_in(film: &Path, frame: u32) -> String {
    let path = film.join(format!("axis/{}/frame_{frame:04}.json", cut_of(film)));
    let lines: serde_json::Value = serde_json::from_slice(&fs::read(path).expect("drawn")).expect("JSON");
    let ids: Vec<&str> = lines["lines"]
        .as_array()
        .expect("lines")
        .iter()
        .filter_map(|l| l["stroke_id"].as_str())
        .collect();
    let brow = ids.iter().find(|id| id.contains("brow"));
    brow.unwrap_or_else(|| panic!("no brow among {ids:?}"))
        .to_string()
}

/// The only cut of a short film.
fn cut_of(film: &Path) -> String {
    let spec: serde_json::Value =
        serde_json::from_slice(&fs::read(film.join("prism/cut_spec.json")).expect("directed")).expect("JSON");
    spec["cuts"][0]["cut_id"].as_str().expect("an id").to_owned()
}
