//! SVG: there and back, what an artist does to it, and what a hostile file tries.

use proptest::prelude::*;

use super::{SvgDrawing, SvgError, SvgInk, SvgNoteKind, read, write};
use crate::{
    artefact::{Line, Lines},
    camera::{Camera, FilmBack, FrameSize, Lens, Projection},
    math::{DQuat, DVec2, DVec3, scalar},
    random::Seed,
    stroke::{InkStyle, InkTool, Primitive, Stroke, StyleClass},
    time::Frame,
};

const SIZE: FrameSize = FrameSize {
    width: 1920,
    height: 1080,
};

fn projection() -> Projection {
    let camera = Camera {
        film_back: FilmBack::full_frame(SIZE),
        lens: Lens::default(),
        position: DVec3::new(0.0, 1.5, 6.0),
        orientation: DQuat::IDENTITY,
    };
    camera.projection(SIZE)
}

/// A stroke of these points, each at its own depth.
fn stroke(id: &str, layer: &str, points: Vec<DVec2>, closed: bool) -> Stroke {
    let projection = projection();
    let home = |(k, p): (usize, &DVec2)| projection.unproject(*p, 4.0 + 0.25 * k as f64).expect("a camera");
    let mut stroke = Stroke {
        stroke_id: id.into(),
        layer: layer.into(),
        style_class: StyleClass::Contour,
        points_3d: points.iter().enumerate().map(home).collect(),
        pressure: (0..=points.len() / 3).map(|k| 0.25 + 0.1 * k as f64).collect(),
        points,
        closed,
        width: 1.0,
        quality: None,
    };
    stroke.round();
    stroke
}

fn arc() -> Vec<DVec2> {
    [
        (100.0, 200.0),
        (150.0, 120.5),
        (250.25, 120.0),
        (300.0, 200.0),
        (320.0, 260.0),
        (280.0, 300.0),
        (240.0, 310.75),
    ]
    .map(|(x, y)| DVec2::new(x, y))
    .to_vec()
}

fn ring(centre: DVec2, radius: f64) -> Vec<DVec2> {
    let at = |x: f64, y: f64| centre + DVec2::new(x, y) * radius;
    let q = 0.5519;
    let mut points = vec![at(1.0, 0.0)];
    for [x, y] in [[1.0, 0.0], [0.0, 1.0], [-1.0, 0.0], [0.0, -1.0]] {
        points.extend([at(x - q * y, y + q * x), at(-y + q * x, x + q * y), at(-y, x)]);
    }
    points
}

fn triangle() -> Vec<DVec2> {
    let corners =
        [(800.0, 100.0), (1000.0, 160.0), (860.0, 320.0), (800.0, 100.0)].map(|(x, y)| DVec2::new(x, y));
    let mut points = vec![corners[0]];
    for pair in corners.windows(2) {
        points.extend([
            pair[0].lerp(pair[1], 1.0 / 3.0),
            pair[0].lerp(pair[1], 2.0 / 3.0),
            pair[1],
        ]);
    }
    points
}

fn frame() -> Lines {
    let strokes = [
        stroke("girl_a.brow.left", "subject", arc(), false),
        stroke(
            "girl_a.button",
            "subject",
            ring(DVec2::new(600.0, 500.0), 40.0),
            true,
        ),
        stroke("girl_a.flag & <'\">", "subject", triangle(), true),
        stroke(
            "tree.trunk.contour.003",
            "background",
            arc().iter().map(|p| *p * 2.0).collect(),
            false,
        ),
    ];
    Lines::new("S01_C02", Frame(42), SIZE, &projection(), &strokes)
}

fn svg() -> String {
    write(&frame(), SvgInk::Centres, "#102030").expect("valid")
}

fn line<'a>(drawing: &'a SvgDrawing, id: &str) -> &'a Line {
    let found = drawing.lines.lines.iter().find(|l| l.stroke_id == id);
    found.unwrap_or_else(|| panic!("no {id}: {:?}", drawing.lines.lines))
}

/// The SVG with one thing replaced, which must be there.
fn with(from: &str, to: &str) -> String {
    let svg = svg();
    assert!(svg.contains(from), "{from} in {svg}");
    svg.replacen(from, to, 1)
}

#[test]
fn centre_lines_come_back_as_they_were() {
    let drawing = read(&svg(), None).expect("its own output");
    assert_eq!(drawing.lines, frame());
    assert_eq!(drawing.notes, []);
    assert!(svg().contains("<circle ") && svg().contains("<polygon "));
}

#[test]
fn outlines_come_back_as_the_lines_they_are_of() {
    let ink = |_: &str| InkTool::Brush.held_by(InkStyle::default());
    let drawn = SvgInk::Outlines {
        ink: &ink,
        seed: Seed(1),
    };
    let svg = write(&frame(), drawn, "#000000").expect("valid");
    let drawing = read(&svg, None).expect("its own output");
    assert_eq!((drawing.lines, drawing.notes), (frame(), vec![]));
    // an outline that is dragged about is not lost in silence
    let at = svg.find("d=\"M").expect("an outline") + 4;
    let end = at + svg[at..].find(' ').expect("a number");
    let changed = format!("{}9{}", &svg[..at], &svg[end..]);
    let notes = read(&changed, None).expect("still an SVG").notes;
    assert!(
        notes.iter().any(|n| n.what == SvgNoteKind::OutlineChanged),
        "{notes:?}"
    );
}

#[test]
fn moved_points_are_taken_from_the_path_and_keep_their_depth() {
    let drawing = read(&with("M100 200 C150 120.5", "M100 200 C150 90"), None).expect("an SVG");
    let (old, new) = (&frame().lines[0], line(&drawing, "girl_a.brow.left"));
    assert_eq!(new.points[1], [150.0, 90.0]);
    assert_eq!((&new.pressure, new.style_class), (&old.pressure, old.style_class));
    let projection = projection();
    for (k, (home, point)) in new.points_3d.iter().zip(&new.points).enumerate() {
        let home = DVec3::from(*home);
        let seen = projection.project(home).expect("in front");
        assert!((seen - DVec2::from(*point)).length() < 0.01, "{k}");
        assert!((projection.depth(home) - projection.depth(old.points_3d[k].into())).abs() < 1e-4);
    }
    assert_eq!(
        drawing.lines.lines[1..],
        frame().lines[1..],
        "the others are as they were"
    );
}

#[test]
fn an_added_node_shares_depth_and_pressure_by_length() {
    let drawing = read(
        &with(
            "M100 200 C150 120.5 250.25 120 300 200",
            "M100 200 L150 150 L300 200 C",
        ),
        None,
    );
    let drawing = drawing.expect("an SVG");
    let (old, new) = (&frame().lines[0], line(&drawing, "girl_a.brow.left"));
    assert_eq!(new.points.len(), 10);
    assert_eq!(new.pressure.first(), old.pressure.first());
    assert_eq!(new.pressure.last(), old.pressure.last());
    assert!(new.pressure.is_sorted(), "{:?}", new.pressure);
}

#[test]
fn shapes_that_are_dragged_or_resized_carry_their_stroke() {
    let svg = with("cx=\"600\" cy=\"500\" r=\"40\"", "cx=\"700\" cy=\"500\" r=\"60\"");
    let drawing = read(&svg, None).expect("an SVG");
    let found = line(&drawing, "girl_a.button");
    let Some(Primitive::Circle {
        centre, radius_px, ..
    }) = found.primitive
    else {
        panic!("{:?}", found.primitive);
    };
    assert!(
        (DVec2::from(centre) - DVec2::new(700.0, 500.0)).length() < 0.02 && (radius_px - 60.0).abs() < 0.02
    );
    assert_eq!(found.pressure, frame().lines[1].pressure);
    let drawing = read(&with("800,100 1000,160", "800,60 1000,160"), None).expect("an SVG");
    let found = line(&drawing, "girl_a.flag & <'\">");
    assert!(found.points.contains(&[800.0, 60.0]), "{:?}", found.points);
    assert!(matches!(found.primitive, Some(Primitive::Triangle { .. })));
}

#[test]
fn transforms_and_page_sizes_apply() {
    let shift = with(
        "<path id=\"girl",
        "<path transform=\"translate(10 -5)\" id=\"girl",
    );
    let drawing = read(&shift, None).expect("an SVG");
    assert_eq!(line(&drawing, "girl_a.brow.left").points[0], [110.0, 195.0]);
    let group = with(
        "<g id=\"layer-subject\"",
        "<g transform=\"scale(0.5)\" id=\"layer-subject\"",
    );
    let drawing = read(&group, None).expect("an SVG");
    assert_eq!(line(&drawing, "girl_a.brow.left").points[3], [150.0, 100.0]);
    // drawn on a page of half the size
    let page = "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 960 540'><path id='new' d='M0 0 L480 270'/></svg>";
    let drawing = read(page, Some(&frame())).expect("an SVG");
    assert_eq!(line(&drawing, "new").points[3], [960.0, 540.0]);
}

#[test]
fn drawings_of_other_programs_become_marks_at_the_depth_of_their_layer() {
    let svg = "<?xml version='1.0'?><!DOCTYPE svg PUBLIC '-//W3C//DTD SVG 1.1//EN' 'http://www.w3.org/x.dtd' [ \
        <!ENTITY ns 'http://ns.adobe.com/x/'> ]> \
        <svg xmlns='http://www.w3.org/2000/svg' xmlns:x='&ns;' width='1920px' height='1080px'><g id='subject'> \
        <path id='scar_x20_2' style='fill:none;stroke-width:4.2px' d='m 10,10 h 20 v 20 z q 5 5 10 0 a 5 5 0 0 1 10 0'/> \
        <ellipse cx='100' cy='100' rx='30' ry='20'/><rect x='5' y='5' width='10' height='10' rx='2'/> \
        <line x1='1' y1='2' x2='3' y2='4'/><polyline points='0,0 10,10 20 0'/> \
        <text>hi</text><g display='none'><path d='M0 0 L9 9'/></g></g></svg>";
    let base = frame();
    let drawing = read(svg, Some(&base)).expect("an SVG");
    let ids: Vec<&str> = drawing.lines.lines.iter().map(|l| l.stroke_id.as_str()).collect();
    assert_eq!(
        ids,
        ["drawn", "drawn-2", "drawn-3", "drawn-4", "scar 2", "scar 2.2"]
    );
    assert!(
        drawing
            .lines
            .lines
            .iter()
            .all(|l| l.layer == "subject" && l.style_class == StyleClass::Mark)
    );
    assert!(
        (line(&drawing, "scar 2").pressure[0] - 1.0).abs() < 1e-9,
        "a width of 4.2 px is full pressure"
    );
    let kinds: Vec<SvgNoteKind> = drawing.notes.iter().map(|n| n.what).collect();
    assert_eq!(
        kinds,
        [
            SvgNoteKind::Divided,
            SvgNoteKind::Renamed,
            SvgNoteKind::Renamed,
            SvgNoteKind::Renamed,
            SvgNoteKind::LeftOut,
            SvgNoteKind::Hidden
        ]
    );
    let projection = projection();
    let depths: Vec<f64> = drawing.lines.lines[0]
        .points_3d
        .iter()
        .map(|p| projection.depth((*p).into()))
        .collect();
    assert!(
        depths
            .iter()
            .all(|d| (4.0..8.0).contains(d) && (d - depths[0]).abs() < 1e-3),
        "{depths:?}"
    );
}

#[test]
fn an_editor_that_drops_metadata_loses_nothing_the_film_knows() {
    let mut stripped = String::new();
    for part in svg().split(" data-talos-line='") {
        let rest = part.split_once("'/>").filter(|_| !stripped.is_empty());
        stripped.push_str(&rest.map_or(part.to_owned(), |(_, rest)| format!("/>{rest}")));
    }
    assert!(!stripped.contains("data-talos-line"));
    let drawing = read(&stripped, Some(&frame())).expect("an SVG");
    assert_eq!(drawing.lines, frame());
}

#[test]
fn a_copy_made_in_an_editor_is_a_new_stroke() {
    let svg = svg();
    let start = svg.find("<path id=\"girl").expect("a path");
    let end = start + svg[start..].find("/>").expect("its end") + 2;
    let copy = svg[start..end].replacen("girl_a.brow.left", "path77", 1);
    let drawing = read(&format!("{}{copy}{}", &svg[..end], &svg[end..]), None).expect("an SVG");
    assert_eq!(drawing.lines.lines.len(), 5);
    assert_eq!(
        line(&drawing, "path77").points,
        line(&drawing, "girl_a.brow.left").points
    );
}

#[test]
fn hostile_files_are_refused_with_their_place() {
    let deep = format!(
        "<svg xmlns='http://www.w3.org/2000/svg'>{}",
        "<g>".repeat(200_000)
    );
    let laughs = {
        let mut entities = "<!ENTITY a0 'ha'>".to_owned();
        for k in 1..12 {
            entities += &format!("<!ENTITY a{k} '{}'>", format!("&a{};", k - 1).repeat(10));
        }
        format!(
            "<!DOCTYPE svg [{entities}]><svg xmlns='http://www.w3.org/2000/svg'><title>&a11;</title></svg>"
        )
    };
    let outside = "<!DOCTYPE svg [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><svg xmlns='http://www.w3.org/2000/svg'><text>&x;</text></svg>";
    let inside = |body: &str| format!("<svg xmlns='http://www.w3.org/2000/svg'>{body}</svg>");
    let base = frame();
    let cases = [
        (String::new(), "cannot be read"),
        ("{}".into(), "cannot be read"),
        ("<svg".into(), "cannot be read"),
        ("<html></html>".into(), "html"),
        (deep, "groups in one another"),
        (laughs, "cannot be read"),
        (outside.into(), "cannot be read"),
        (
            inside("<path id='p' d='M0 0 C1 1'/>"),
            "line 1, `path p`, attribute `d`",
        ),
        (inside("<path d='L1 1'/>"), "`d`"),
        (inside("\n<path d='M0 0 L1e400 3'/>"), "line 2"),
        (inside("<path d='M0 0 L1e9 3'/>"), "beyond 10000000"),
        (inside("<path d='M0 0 L NaN 3'/>"), "`d`"),
        (inside("<circle r='-3'/>"), "`r`"),
        (inside("<circle r='3em'/>"), "`r`"),
        (inside("<polygon points='1 2 3'/>"), "`points`"),
        (inside("<g transform='spin(3)'/>"), "`transform`"),
        (inside("<path d='M0 0 L1 1' transform='scale(1e300)'/>"), "beyond"),
        (svg().replacen("lines/1", "lines/9", 1), "lines/9"),
        (
            svg().replacen("\"pressure\":[", "\"pressure\":[7,", 1),
            "data-talos-line",
        ),
        (svg().replacen("\"stroke_id\"", "\"name\"", 1), "data-talos-line"),
        (svg().replacen("viewBox=\"0 0", "viewBox=\"0 x", 1), "viewBox"),
    ];
    for (text, says) in cases {
        let error = read(&text, Some(&base)).expect_err(says).to_string();
        let start: String = text.chars().take(60).collect();
        assert!(error.contains(says), "{start}: {error} should say {says}");
    }
    assert_eq!(read(&inside(""), None), Err(SvgError::NoFrame));
    let mut bad = frame();
    bad.lines[0].points[0][0] = f64::NAN;
    assert!(matches!(
        write(&bad, SvgInk::Centres, "#000000"),
        Err(SvgError::Lines(_))
    ));
}

#[test]
fn any_cut_of_a_file_is_refused_or_read() {
    let svg = svg();
    for end in (0..svg.len()).filter(|k| svg.is_char_boundary(*k)) {
        assert!(read(&svg[..end], None).is_err() || end >= svg.trim_end().len());
    }
}

fn any_stroke() -> impl Strategy<Value = Stroke> {
    let number = prop_oneof![
        -9e6..9e6_f64,
        (-5000..5000_i32).prop_map(|k| f64::from(k) / 100.0),
        Just(0.0)
    ];
    let class = prop_oneof![
        Just(StyleClass::Contour),
        Just(StyleClass::Mark),
        Just(StyleClass::Detail)
    ];
    let knot = (proptest::collection::vec(number, 15), 0.0..=1.0_f64);
    let layer = prop_oneof![Just("subject".to_owned()), "\\PC{1,6}"];
    (
        proptest::collection::vec(knot, 1..6),
        "(\\PC|[\n\t<&'\"_x]){1,12}",
        layer,
        class,
        any::<bool>(),
    )
        .prop_map(|(knots, stroke_id, layer, style_class, closed)| {
            let mut points = vec![DVec2::new(knots[0].0[0], knots[0].0[1])];
            let mut points_3d = vec![DVec3::ONE];
            let mut pressure = vec![0.5];
            for (v, p) in &knots {
                points.extend([0, 2, 4].map(|k| DVec2::new(v[k], v[k + 1])));
                points_3d.extend([6, 9, 12].map(|k| DVec3::new(v[k], v[k + 1], v[k + 2])));
                pressure.push(*p);
            }
            if closed {
                let last = points.len() - 1;
                points[last] = points[0];
            }
            Stroke {
                stroke_id,
                layer,
                style_class,
                points,
                points_3d,
                pressure,
                closed,
                width: 1.0,
                quality: None,
            }
        })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn every_frame_comes_back_exactly(mut strokes in proptest::collection::vec(any_stroke(), 0..6)) {
        strokes.sort_by(|a, b| a.stroke_id.cmp(&b.stroke_id));
        strokes.dedup_by(|a, b| a.stroke_id == b.stroke_id);
        let lines = Lines::new("S01_C01", Frame(7), SIZE, &projection(), &strokes);
        prop_assume!(lines.validate().is_ok());
        let svg = write(&lines, SvgInk::Centres, "#000000").expect("valid");
        let drawing = read(&svg, None).map_err(|e| TestCaseError::fail(e.to_string()))?;
        prop_assert_eq!(&drawing.lines, &lines);
        // and the other way: what was read is written in the same words
        prop_assert_eq!(write(&drawing.lines, SvgInk::Centres, "#000000").expect("valid"), svg);
    }

    #[test]
    fn paths_survive_any_similarity(angle in -3.0..3.0_f64, scale in 0.2..3.0_f64, x in -500.0..500.0_f64) {
        let (sin, cos) = scalar::sin_cos(angle);
        let text = format!("<path transform=\"matrix({} {} {} {} {x} 7)\" id=\"girl", scale * cos, scale * sin, -scale * sin, scale * cos);
        let drawing = read(&with("<path id=\"girl", &text), None).expect("an SVG");
        for (p, q) in line(&drawing, "girl_a.brow.left").points.iter().zip(arc()) {
            let expected = DVec2::new(cos, sin).rotate(q) * scale + DVec2::new(x, 7.0);
            prop_assert!((DVec2::from(*p) - expected).length() < 0.01);
        }
    }

    #[test]
    fn no_text_makes_it_panic(text in "(<(svg|g|path|circle|a)( (d|id|r|points|transform|viewBox)='[MLCAZ0-9., ()a-z-]{0,20}')?/?>|</(svg|g)>|[a-z& ]){0,12}") {
        let _ = read(&text, Some(&frame()));
    }
}
