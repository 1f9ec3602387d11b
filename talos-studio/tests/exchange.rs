//! Lines for other programs and back: whole files, the same bytes, and what is refused.

mod common;

use std::{fs, path::Path};

use common::{fails, succeeds};
use talos_core::artefact::Lines;

/// A small film with two frames of lines.
fn film(folder: &Path) -> String {
    let film = folder.join("film").to_str().expect("a path").to_owned();
    succeeds(&["direct", "a cat, 1 second", "--size", "128x72", "--out", &film]);
    film
}

fn text(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|e| panic!("{}: {e}", path.display()))
}

#[test]
fn what_goes_out_comes_back() {
    let folder = tempfile::tempdir().expect("a folder");
    let film = film(folder.path());
    let out = folder.path().join("svg");
    let at = out.to_str().expect("a path");
    for extra in [&[][..], &["--outlines", "--style", "ink-wash"]] {
        let words = ["export", &film, "--format", "svg", "--frames", "2-3", "--out", at];
        succeeds(&[&words[..], extra].concat());
        let svg = out.join("frame_0003.svg");
        let said = succeeds(&["import", &film, svg.to_str().expect("a path")]);
        assert!(
            said.contains("are as they were") && said.lines().count() == 1,
            "{said}"
        );
        let drawn = fs::File::open(Path::new(&film).join("axis/S01_C01/frame_0003.json")).expect("drawn");
        let back = fs::File::open(out.join("frame_0003.lines.json")).expect("written");
        assert_eq!(Lines::read(back), Lines::read(drawn));
        fs::remove_dir_all(&out).expect("removed");
    }
}

#[test]
fn an_artists_change_is_told() {
    let folder = tempfile::tempdir().expect("a folder");
    let film = film(folder.path());
    succeeds(&["export", &film, "--format", "svg", "--frames", "1"]);
    let svg = Path::new(&film).join("export/svg/frame_0001.svg");
    let drawn = text(&svg);
    let start = drawn.find("<path id=\"").expect("a stroke") + 10;
    let id = drawn[start..].split('"').next().expect("an id");
    let changed = drawn.replacen(
        &format!("<path id=\"{id}\""),
        &format!("<text>hello</text><path id=\"new\" d=\"M9 9 L30 30\"/><path transform=\"translate(4 3)\" id=\"{id}\""),
        1,
    );
    fs::write(&svg, changed).expect("written");
    let said = succeeds(&["import", &film, svg.to_str().expect("a path")]);
    assert!(
        said.contains(&format!("{id}: moved by up to 5 px")) && said.contains("new: new"),
        "{said}"
    );
    // a second export would overwrite the artist's file
    fails(
        &["export", &film, "--format", "svg", "--frames", "1"],
        2,
        "already holds another drawing",
    );
    assert!(text(&svg).contains("hello"));
}

#[test]
fn pictures_and_animations_are_the_same_again() {
    let folder = tempfile::tempdir().expect("a folder");
    let film = film(folder.path());
    let mut before = Vec::new();
    for name in ["a", "b"] {
        let out = folder.path().join(name);
        let at = out.to_str().expect("a path");
        succeeds(&[
            "export", &film, "--format", "lottie", "--frames", "1-3", "--out", at,
        ]);
        let words = [
            "export",
            &film,
            "--format",
            "lines-png",
            "--frames",
            "1",
            "--out",
            at,
        ];
        succeeds(
            &[
                &words[..],
                &["--white-on-black", "--scale", "2.5", "--style", "수채화"],
            ]
            .concat(),
        );
        let bytes = ["lines.lottie.json", "frame_0001.png"].map(|f| fs::read(out.join(f)).expect("written"));
        before.push(bytes);
    }
    assert_eq!(before[0], before[1]);
    let picture = talos_core::format::png::decode(&before[0][1]).expect("a PNG");
    assert_eq!((picture.size().width, picture.size().height), (320, 180));
    let document: serde_json::Value = serde_json::from_slice(&before[0][0]).expect("JSON");
    assert_eq!((&document["op"], &document["w"]), (&3.into(), &128.into()));
}

#[test]
fn what_cannot_be_exchanged_is_refused() {
    let folder = tempfile::tempdir().expect("a folder");
    let film = film(folder.path());
    let png = ["export", &film, "--format", "lines-png", "--frames", "1"];
    for scale in ["0", "-1", "NaN", "1e9"] {
        let option = format!("--scale={scale}");
        fails(&[&png[..], &[option.as_str()]].concat(), 2, "cannot be drawn at");
    }
    fails(
        &[&png[..], &["--outlines"]].concat(),
        2,
        "--outlines has no meaning for lines-png",
    );
    fails(&[&png[..], &["--style", "cubism"]].concat(), 2, "cubism");
    fails(&["export", &film, "--format", "dxf"], 2, "dxf");
    fails(
        &["export", &film, "--format", "svg", "--frames", "0-2"],
        2,
        "within 1-24",
    );
    assert!(
        !Path::new(&film).join("export").exists(),
        "nothing is left of what was refused"
    );
    let file = folder.path().join("x.svg");
    let svg = file.to_str().expect("a path");
    fails(&["import", &film, svg], 4, "x.svg");
    let cases: [(&[u8], i32, &str); 5] = [
        (b"\xff\xfe", 3, "byte 0 is not UTF-8"),
        (b"hello", 3, "cannot be read"),
        (b"<html/>", 3, "no SVG"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", 2, "--frame"),
        (
            b"<svg xmlns='http://www.w3.org/2000/svg'><path d='M0 0 Q'/></svg>",
            2,
            "--frame",
        ),
    ];
    for (bytes, code, says) in cases {
        fs::write(&file, bytes).expect("written");
        fails(&["import", &film, svg], code, says);
    }
    fails(&["import", &film, svg, "--frame", "1"], 3, "attribute `d`");
    fails(&["import", &film, svg, "--frame", "99"], 2, "it has 1-24");
    assert!(!folder.path().join("x.lines.json").exists());
}

#[test]
fn an_audit_is_one_page_with_pictures() {
    let folder = tempfile::tempdir().expect("a folder");
    let film = film(folder.path());
    succeeds(&["audit", &film, "--frames", "2-3"]);
    let place = Path::new(&film).join("axis/audit");
    let figures: serde_json::Value = serde_json::from_str(&text(&place.join("audit.json"))).expect("JSON");
    assert_eq!(figures["frames"].as_array().map(Vec::len), Some(2));
    let page = text(&place.join("index.html"));
    for frame in [2, 3] {
        let name = format!("frame_000{frame}.png");
        assert!(page.contains(&name) && place.join(&name).is_file());
        let judged = &figures["frames"][frame - 2];
        assert_eq!(judged["frame"], frame);
        let contour = &judged["types"]["contour"];
        assert!(contour["drawn_px"].as_f64() > Some(0.0) && contour["precision"].as_f64() > Some(0.5));
        assert!(judged["quality"]["surface_p99_px"].as_f64() < Some(0.25));
    }
}
