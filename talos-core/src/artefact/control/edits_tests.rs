use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;
use crate::{
    artefact::write_json,
    random::Seed,
    stage::prism::{DirectOptions, direct},
};

fn spec() -> CutSpec {
    let options = DirectOptions {
        seed: Seed(1),
        ..DirectOptions::default()
    };
    direct("a sad cat walks in a forest, 2 seconds", &options).expect("a film")
}

fn changes() -> Vec<Change> {
    let place = |triangle: u32| SurfacePoint {
        triangle,
        weights: [0.2, 0.3, 0.5],
        lift_m: 0.0,
    };
    vec![
        Change::Bend {
            delta_curvature: 0.8,
            delta_pressure: -0.1,
        },
        Change::Width { factor: 2.0 },
        Change::Move {
            along: 0.0,
            across: 0.25,
            towards: 0.0,
        },
        Change::Redraw {
            offsets: vec![[0.0, 0.0], [0.1, -0.2], [0.0, 0.0]],
        },
        Change::Add {
            points: vec![place(7), place(8)],
            pressure: 0.7,
            closed: false,
        },
        Change::Delete {},
        Change::Retime(Retime::Hold(2)),
        Change::Retime(Retime::Shift(-3)),
    ]
}

fn edited() -> Control {
    let (spec, mut control) = (spec(), Control::default());
    for change in changes() {
        let target = match change {
            Change::Add { .. } => Target::subject("cat_a"),
            _ => Target::stroke("cat_a.mouth"),
        };
        control
            .edit(&spec, Edit::new(target, 5..=9, change))
            .expect("sound");
    }
    control
}

#[test]
fn every_change_is_read_as_it_is_written() {
    let control = edited();
    let text = write_json(&control);
    assert_eq!(Control::from_json(text.as_bytes()).as_ref(), Ok(&control));
    assert_eq!(control.edits_made, changes().len() as u32);
}

#[test]
fn an_edit_taken_back_leaves_the_others_and_its_id_is_not_given_again() {
    let before = edited();
    let mut control = before.clone();
    let id = control
        .edit_stroke(&spec(), "cat_a.mouth", 0.5, 0.0, 1..=2)
        .expect("sound");
    assert_eq!(id, "e9");
    control.take_back(&id).expect("it is there");
    assert_eq!(control.edits, before.edits);
    assert_eq!(
        control.edit_stroke(&spec(), "cat_a.mouth", 0.5, 0.0, 1..=2),
        Ok("e10".into())
    );
    let error = control.take_back("e99").expect_err("there is none").to_string();
    assert!(error.contains("nearest: e"), "{error}");
}

#[test]
fn edits_are_laid_in_the_order_of_their_ids_whatever_the_list_s() {
    let control = edited();
    let mut turned = control.clone();
    turned.edits.reverse();
    assert_eq!(control.edits_at(6, &(1..=48)), turned.edits_at(6, &(1..=48)));
}

#[test]
fn an_edit_fades_without_a_jump_and_never_across_a_cut() {
    let change = Change::Width { factor: 2.0 };
    let edit = Edit::new(Target::stroke("a.b"), 20..=30, change).eased(6);
    let cut = 1..=48;
    let weights: Vec<f64> = (1..=48).map(|n| edit.weight(n, &cut)).collect();
    for pair in weights.windows(2) {
        assert!((pair[1] - pair[0]).abs() < 0.25, "{weights:?}");
    }
    for n in 1..=48_u32 {
        let inside = edit.frames().contains(&n);
        assert_eq!(edit.weight(n, &cut) > 0.0, inside, "frame {n}");
    }
    assert_eq!(edit.frames(), 14..=36);
    assert!((20..=30).all(|n| edit.weight(n, &cut) == 1.0));
    // the frames before 18 and after 33 are other cuts
    assert_eq!(edit.weight(17, &(1..=17)), 0.0);
    assert!(edit.weight(18, &(18..=33)) > 0.0);
    assert_eq!(edit.weight(34, &(34..=48)), 0.0);
}

#[test]
fn a_retimed_frame_is_taken_from_its_own_cut() {
    let of = |retime| Edit::new(Target::stroke("a.b"), 10..=30, Change::Retime(retime));
    let cut = 5..=24;
    let held: Vec<Option<u32>> = (10..=14)
        .map(|n| of(Retime::Hold(2)).source_frame(n, &cut))
        .collect();
    assert_eq!(held, [10, 10, 12, 12, 14].map(Some));
    assert_eq!(of(Retime::Shift(9)).source_frame(20, &cut), Some(24));
    assert_eq!(of(Retime::Shift(-9)).source_frame(10, &cut), Some(5));
    // held drawings are counted anew in each cut
    assert_eq!(of(Retime::Hold(3)).source_frame(27, &(25..=40)), Some(25));
}

#[test]
fn what_is_wrong_in_a_file_is_named_by_its_pointer() {
    let good = serde_json::to_value(edited()).expect("JSON");
    let cases: &[(&str, Value, &str)] = &[
        ("/schema", json!("control/9"), "/schema"),
        ("/edits/0/id", json!("first"), "/edits/0/id"),
        ("/edits/0/id", json!("e01"), "/edits/0/id"),
        ("/edits/1/id", json!("e1"), "/edits/1/id"),
        ("/edits_made", json!(2), "/edits_made"),
        ("/edits_made", json!(-2), "/edits_made"),
        ("/edits/0/first_frame", json!(0), "/edits/0/first_frame"),
        ("/edits/0/first_frame", json!(10), "/edits/0/first_frame"),
        ("/edits/0/last_frame", json!(9.5), "/edits/0/last_frame"),
        ("/edits/0/target", json!({}), "/edits/0/target"),
        (
            "/edits/0/target",
            json!({"stroke_id": "a", "layer": "b"}),
            "/edits/0/target",
        ),
        ("/edits/0/target", json!({"kind": "edge"}), "/edits/0/target/kind"),
        (
            "/edits/0/target",
            json!({"style_class": "edge"}),
            "/edits/0/target/style_class",
        ),
        ("/edits/0/change", json!({"twist": {}}), "/edits/0/change"),
        (
            "/edits/0/change/bend",
            json!({"delta_curvature": 1}),
            "/edits/0/change/bend",
        ),
        (
            "/edits/0/change/bend/delta_curvature",
            json!(4),
            "/edits/0/change/bend",
        ),
        (
            "/edits/1/change/width/factor",
            json!(0),
            "/edits/1/change/width/factor",
        ),
        ("/edits/2/change/move/along", json!(1e300), "/edits/2/change/move"),
        (
            "/edits/3/change/redraw/offsets",
            json!([[0, 0]]),
            "/edits/3/change/redraw/offsets",
        ),
        (
            "/edits/3/change/redraw/offsets/1",
            json!([0]),
            "/edits/3/change/redraw/offsets/1",
        ),
        (
            "/edits/3/change/redraw/offsets/1/0",
            json!("far"),
            "/edits/3/change/redraw/offsets/1/0",
        ),
        (
            "/edits/4/change/add/points/0/weights",
            json!([1, 1, 1]),
            "/edits/4/change/add/points",
        ),
        (
            "/edits/4/change/add/points/0/triangle",
            json!(-1),
            "/edits/4/change/add/points/0/triangle",
        ),
        (
            "/edits/4/change/add/pressure",
            json!(0),
            "/edits/4/change/add/pressure",
        ),
        ("/edits/4/target", json!({"layer": "subject"}), "/edits/4/target"),
        (
            "/edits/6/change/retime/hold",
            json!(1),
            "/edits/6/change/retime/hold",
        ),
        (
            "/edits/7/change/retime/shift",
            json!(0),
            "/edits/7/change/retime/shift",
        ),
    ];
    for (at, value, pointer) in cases {
        let mut bad = good.clone();
        *bad.pointer_mut(at).unwrap_or_else(|| panic!("{at} is there")) = value.clone();
        let error = Control::from_json(bad.to_string().as_bytes()).expect_err(at);
        assert_eq!(&error.pointer, pointer, "{at} = {value}: {error}");
        assert!(!error.hint.is_empty());
    }
    let mut eased = good.clone();
    eased["edits"][6]["ease_in"] = json!(2);
    let error = Control::from_json(eased.to_string().as_bytes()).expect_err("no halves");
    assert_eq!(error.pointer, "/edits/6/change/retime");
    for text in ["", "{", "[]", "null", "{\"schema\": \"control/2\"}", "\u{feff}{}"] {
        assert!(Control::from_json(text.as_bytes()).is_err(), "{text:?}");
    }
}

#[test]
fn numbers_that_are_none_are_refused() {
    let (spec, mut control) = (spec(), Control::default());
    for bad in [f64::NAN, f64::INFINITY, -1e308, 3.1] {
        assert!(
            control
                .edit_stroke(&spec, "cat_a.mouth", bad, 0.0, 1..=2)
                .is_err()
        );
        assert!(
            control
                .edit_stroke(&spec, "cat_a.mouth", 0.0, bad, 1..=2)
                .is_err()
        );
    }
    for (first, last) in [(0, 3), (5, 4), (40, 49)] {
        let error = control.edit_stroke(&spec, "cat_a.mouth", 0.1, 0.0, first..=last);
        assert!(error.expect_err("outside").to_string().contains("1-48"));
    }
    assert_eq!(control, Control::default());
}

proptest! {
    #[test]
    fn no_frame_outside_an_edit_s_frames_is_touched(
        first in 1_u32..500, length in 0_u32..100, ease in 0_u32..60, frame in 1_u32..700, start in 1_u32..700,
    ) {
        let change = Change::Delete {};
        let edit = Edit::new(Target::stroke("a.b"), first..=first + length, change).eased(ease);
        let cut = start.min(frame)..=frame.max(start);
        let weight = edit.weight(frame, &cut);
        prop_assert!((0.0..=1.0).contains(&weight));
        prop_assert!(weight == 0.0 || edit.frames().contains(&frame));
    }
}
