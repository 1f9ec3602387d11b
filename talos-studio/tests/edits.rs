//! Edits of strokes, as an artist makes them on a small film.

mod common;

use std::{
    fs,
    path::{Path, PathBuf},
};

use common::{changed, fails, files, succeeds, talos};
use serde_json::Value;

/// A face that fills the frame, so that its marks are drawn.
const FACE: &str = "a close-up of a girl standing in a field at noon, 0.3 seconds";

fn film(folder: &tempfile::TempDir, name: &str) -> PathBuf {
    let path = folder.path().join(name);
    make(&path, FACE);
    path
}

fn make(path: &Path, prompt: &str) {
    succeeds(&[
        "make",
        prompt,
        "--size",
        "320x180",
        "--seed",
        "3",
        "--out",
        text(path),
    ]);
}

fn text(path: &Path) -> &str {
    path.to_str().expect("a path")
}

fn edit(film: &Path, words: &[&str]) -> String {
    succeeds(&[&["edit", text(film)], words].concat())
}

fn json(path: &Path) -> Value {
    serde_json::from_slice(&fs::read(path).expect("there")).expect("JSON")
}

fn lines(film: &Path, frame: u32) -> Vec<Value> {
    let spec = json(&film.join("prism/cut_spec.json"));
    let cut = spec["cuts"][0]["cut_id"].as_str().expect("an id").to_owned();
    let lines = json(&film.join(format!("axis/{cut}/frame_{frame:04}.json")));
    lines["lines"].as_array().expect("lines").clone()
}

fn stroke(film: &Path, frame: u32, id: &str) -> Option<Value> {
    lines(film, frame).into_iter().find(|l| l["stroke_id"] == id)
}

fn point(stroke: &Value, key: &str, index: usize) -> Vec<f64> {
    let list = stroke[key][index].as_array().expect("a point");
    list.iter().filter_map(Value::as_f64).collect()
}

#[test]
fn every_change_touches_its_frames_alone_is_verified_and_taken_back() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = film(&folder, "film");
    let before = files(&path);
    let mouth = stroke(&path, 4, "girl_a.mouth").expect("a mouth");
    let (a, b) = (
        point(&mouth, "points", 0),
        mouth["points"].as_array().expect("points").len() - 1,
    );
    let b = point(&mouth, "points", b);
    let smile = format!(
        "{},{} {},{} {},{}",
        a[0] - 3.0,
        a[1] - 3.0,
        (a[0] + b[0]) / 2.0,
        (a[1] + b[1]) / 2.0 + 3.0,
        b[0] + 3.0,
        b[1] - 3.0
    );
    let scar = format!("{},{} {},{}", a[0], a[1] - 8.0, b[0], b[1] - 6.0);
    let cases: &[(&[&str], &str)] = &[
        (
            &["--stroke", "girl_a.brow.left", "--delta-curvature", "1.2"],
            "curvature +1.2",
        ),
        (
            &["--subject", "girl_a", "--style-class", "mark", "--width", "3"],
            "width ×3",
        ),
        (
            &["--stroke", "girl_a.brow.right", "--move", "0,-0.2,0"],
            "moved by 0, -0.2, 0",
        ),
        (&["--stroke", "girl_a.mouth", "--redraw", &smile], "redrawn"),
        (&["--subject", "girl_a", "--add", &scar], "added"),
        (&["--stroke", "girl_a.nose", "--delete"], "deleted"),
        (
            &["--layer", "subject", "--kind", "border", "--retime", "+2"],
            "as +2 frames later",
        ),
    ];
    for (words, listed) in cases {
        edit(&path, &[words, &["--frames", "4", "--render"][..]].concat());
        let touched = changed(&before, &files(&path));
        let others: Vec<&String> = touched
            .iter()
            .filter(|p| p.contains("frame_") && !p.contains("0004"))
            .collect();
        assert_eq!(others, Vec::<&String>::new(), "{words:?}");
        for layer in ["axis/", "chroma/", "anima/"] {
            let here = |p: &String| p.starts_with(layer) && p.contains("0004");
            assert!(touched.iter().any(here), "{words:?}: {touched:?}");
        }
        assert!(
            !touched
                .iter()
                .any(|p| p.starts_with("raygen/") || p.starts_with("stokes/"))
        );
        assert!(succeeds(&["edits", text(&path)]).contains(listed), "{words:?}");
        succeeds(&["verify", text(&path), "--frames", "4"]);
        succeeds(&["undo", text(&path)]);
        succeeds(&["render", text(&path)]);
        assert_eq!(
            changed(&before, &files(&path)),
            Vec::<String>::new(),
            "{words:?}: undone"
        );
    }
}

#[test]
fn edits_together_hold_through_another_lens_and_an_independent_order() {
    let folder = tempfile::tempdir().expect("a folder");
    let [one, two] = ["one", "two"].map(|name| film(&folder, name));
    let brow: &[&str] = &[
        "--stroke",
        "girl_a.brow.left",
        "--delta-curvature",
        "1.5",
        "--frames",
        "3-4",
        "--ease",
        "1",
    ];
    let nose: &[&str] = &["--stroke", "girl_a.nose", "--delete", "--frames", "4"];
    edit(&one, brow);
    edit(&one, nose);
    edit(&two, nose);
    edit(&two, brow);
    for path in [&one, &two] {
        succeeds(&["render", text(path)]);
    }
    let mut differ = changed(&files(&one), &files(&two));
    // a PNG file names its key, in which the ids of the edits are; the video holds the pixels
    differ.retain(|p| p != "control.json" && !p.starts_with("chroma/") && !p.starts_with("anima/"));
    assert_eq!(differ, Vec::<String>::new());
    assert_eq!(stroke(&one, 4, "girl_a.nose"), None);

    // the bend in metres: how far the middle of the brow moved
    let bent = |lens: &str| {
        succeeds(&[
            "set",
            text(&one),
            &format!("cut/S01_C01/camera/focal_length_mm={lens}"),
        ]);
        succeeds(&["draw", text(&one), "--frames", "4"]);
        let after = stroke(&one, 4, "girl_a.brow.left").expect("a brow");
        succeeds(&["undo", text(&one), "--edit", "e1"]);
        succeeds(&["draw", text(&one), "--frames", "4"]);
        let before = stroke(&one, 4, "girl_a.brow.left").expect("a brow");
        succeeds(&["undo", text(&one)]);
        let middle = before["points_3d"].as_array().expect("homes").len() / 3 / 2 * 3;
        let (p, q) = (
            point(&before, "points_3d", middle),
            point(&after, "points_3d", middle),
        );
        let squares: f64 = p.iter().zip(&q).map(|(a, b)| (a - b) * (a - b)).sum();
        (squares.sqrt(), before["points_3d"].as_array().map(Vec::len))
    };
    let (long, short) = (bent("85"), bent("40"));
    assert!(long.0 > 1e-3, "{long:?}");
    if long.1 == short.1 {
        assert!((long.0 / short.0 - 1.0).abs() < 0.1, "{long:?} {short:?}");
    }
}

#[test]
fn a_patch_without_its_stroke_waits_and_is_told() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = film(&folder, "film");
    edit(
        &path,
        &[
            "--stroke",
            "girl_a.nose",
            "--delta-pressure",
            "0.2",
            "--frames",
            "2-4",
        ],
    );
    // as a stroke that is not there any more, or has another name
    let control = path.join("control.json");
    let patched = fs::read_to_string(&control).expect("there");
    let lost = patched.replace("\"girl_a.nose\"", "\"girl_a.wart\"");
    fs::write(&control, &lost).expect("written");
    let output = talos(&["render", text(&path)]);
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success(), "{said}");
    assert!(
        said.contains("e1 girl_a.wart") && said.contains("frames 2-4"),
        "{said}"
    );
    let report = json(&path.join("report.json"));
    assert_eq!(report["status"], "degraded");
    let found = |code: &str, report: &Value| {
        let list = report["findings"].as_array().expect("findings").clone();
        list.iter().any(|f| f["code"] == code)
    };
    assert!(found("lost_edit", &report), "{report}");
    assert!(succeeds(&["edits", text(&path)]).contains("waits"));
    // the anchor finds it under its new name
    let renamed = patched.replace(
        "\"stroke_id\": \"girl_a.nose\"",
        "\"stroke_id\": \"girl_a.nose.7\"",
    );
    fs::write(&control, &renamed).expect("written");
    let output = talos(&["render", text(&path)]);
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(said.contains("found again as `girl_a.nose`"), "{said}");
    let report = json(&path.join("report.json"));
    assert!(
        found("reattached", &report) && report["status"] == "passed",
        "{report}"
    );
    succeeds(&["verify", text(&path)]);
}

#[test]
fn two_controls_are_merged_or_the_conflicts_told() {
    let folder = tempfile::tempdir().expect("a folder");
    let [ours, theirs] = ["ours", "theirs"].map(|name| folder.path().join(name));
    for path in [&ours, &theirs] {
        succeeds(&[
            "direct",
            FACE,
            "--size",
            "320x180",
            "--seed",
            "3",
            "--out",
            text(path),
        ]);
    }
    edit(
        &ours,
        &["--stroke", "girl_a.nose", "--width", "2", "--frames", "1-4"],
    );
    edit(
        &theirs,
        &["--stroke", "girl_a.mouth", "--width", "2", "--frames", "1-4"],
    );
    succeeds(&["set", text(&theirs), "ink/width=1.5"]);
    let before = fs::read(ours.join("control.json")).expect("there");
    succeeds(&["merge", text(&ours), text(&theirs.join("control.json"))]);
    let merged = fs::read(ours.join("control.json")).expect("there");
    assert_eq!(
        json(&ours.join("control.json"))["edits"].as_array().map(Vec::len),
        Some(2)
    );
    assert!(succeeds(&["merge", text(&ours), text(&theirs)]).contains("nothing new"));
    assert_eq!(fs::read(ours.join("control.json")).expect("there"), merged);
    edit(
        &theirs,
        &["--stroke", "girl_a.nose", "--width", "3", "--frames", "4-5"],
    );
    fails(&["merge", text(&ours), text(&theirs)], 2, "girl_a.nose");
    fails(&["merge", text(&ours), text(&theirs)], 2, "--ours or --theirs");
    assert_eq!(fs::read(ours.join("control.json")).expect("there"), merged);
    succeeds(&["merge", text(&ours), text(&theirs), "--theirs"]);
    assert!(succeeds(&["edits", text(&ours)]).contains("width ×3"));
    succeeds(&["undo", text(&ours)]);
    succeeds(&["undo", text(&ours)]);
    assert_eq!(fs::read(ours.join("control.json")).expect("there"), before);
    fails(&["merge", text(&ours), "/nowhere/control.json"], 4, "/nowhere");
}

#[test]
fn what_cannot_be_edited_is_refused_and_nothing_is_written() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("film");
    succeeds(&[
        "direct",
        FACE,
        "--size",
        "320x180",
        "--seed",
        "3",
        "--out",
        text(&path),
    ]);
    let film = text(&path);
    let before = fs::read(path.join("control.json")).expect("there");
    let refused: &[(&[&str], &str)] = &[
        (
            &["--stroke", "girl_a.brow.lft", "--delete"],
            "nearest: girl_a.brow.left",
        ),
        (&["--subject", "girl_b", "--delete"], "nearest: girl_a"),
        (&["--layer", "sky", "--delete"], "its layers"),
        (&["--style-class", "edge", "--delete"], "one of contour"),
        (&["--delete"], "say which strokes"),
        (
            &["--stroke", "girl_a.nose", "--layer", "subject", "--delete"],
            "say which strokes",
        ),
        (&["--stroke", "girl_a.nose"], "say one change"),
        (
            &["--stroke", "girl_a.nose", "--delete", "--width", "2"],
            "say one change",
        ),
        (&["--stroke", "girl_a.nose", "--width", "0"], "[0.1, 10]"),
        (&["--stroke", "girl_a.nose", "--width", "NaN"], "[0.1, 10]"),
        (&["--stroke", "girl_a.nose", "--delta-curvature", "9"], "[-3, 3]"),
        (
            &["--stroke", "girl_a.nose", "--move", "1,2"],
            "ALONG,ACROSS,TOWARDS",
        ),
        (
            &["--stroke", "girl_a.nose", "--redraw", "1,2"],
            "2 to 1000 pixels",
        ),
        (
            &["--stroke", "girl_a.nose", "--redraw", "5,5 5,5"],
            "two or more different",
        ),
        (
            &["--subject", "girl_a", "--redraw", "1,2 3,4"],
            "name it with --stroke",
        ),
        (
            &["--subject", "girl_a", "--add", "1,1 20,20"],
            "keep it on one subject",
        ),
        (&["--subject", "girl_z", "--add", "1,1 20,20"], "nearest: girl_a"),
        (
            &["--stroke", "girl_a.nose", "--add", "1,1 20,20"],
            "name a --subject",
        ),
        (&["--stroke", "girl_a.nose", "--retime", "ones"], "twos"),
        (
            &["--stroke", "girl_a.nose", "--retime", "twos", "--ease", "2"],
            "no halves",
        ),
        (&["--stroke", "girl_a.nose", "--delete", "--at", "99"], "--at 99"),
    ];
    for (words, says) in refused {
        fails(&[&["edit", film], *words, &["--frames", "1"]].concat(), 2, says);
        assert_eq!(
            fs::read(path.join("control.json")).expect("there"),
            before,
            "{words:?}"
        );
    }
    fails(&["undo", film, "--edit", "e4"], 2, "no edit `e4`");
    assert!(succeeds(&["edits", film]).contains("no stroke is edited"));
}

#[test]
fn a_control_of_the_version_before_is_read_and_undone_to_its_bytes() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("film");
    succeeds(&[
        "direct",
        FACE,
        "--size",
        "320x180",
        "--seed",
        "3",
        "--out",
        text(&path),
    ]);
    let first = "{\"schema\": \"control/1\", \"scene_id\": \"scene_001\", \"edits\": [{\"stroke_id\": \"girl_a.nose\", \
                 \"delta_curvature\": 0.5, \"delta_pressure\": 0, \"first_frame\": 2, \"last_frame\": 3}]}";
    fs::write(path.join("control.json"), first).expect("written");
    assert!(succeeds(&["edits", text(&path)]).contains("e1  girl_a.nose  2-3  curvature +0.5"));
    edit(&path, &["--stroke", "girl_a.nose", "--delete", "--frames", "5"]);
    let control = json(&path.join("control.json"));
    assert_eq!(control["schema"], "control/2");
    assert_eq!(control["edits"][1]["id"], "e2");
    succeeds(&["undo", text(&path)]);
    assert_eq!(
        fs::read_to_string(path.join("control.json")).expect("there"),
        first
    );
    let bad = first.replace("0.5", "50");
    fs::write(path.join("control.json"), bad).expect("written");
    fails(&["edits", text(&path)], 3, "/edits/0");
}
