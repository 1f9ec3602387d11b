//! Laws of whole palettes.

use super::*;
use crate::artefact::{
    AspectSource, CastMember, CutSpec, EmotionPlan, GroundCover, Place, PlaceKind, Status, StyleProfile,
    SubjectKind, TimeOfDay, Weather,
};
use crate::camera::FrameSize;

/// Every slot that models use.
const SUBJECT_SLOTS: &[&str] = &[
    "body",
    "belly",
    "membrane",
    "horn",
    "claw",
    "eye",
    "eye_white",
    "iris",
    "pupil",
    "skin",
    "hair",
    "coat",
    "dress",
    "trousers",
    "shoe",
    "mouth",
    "tongue",
    "tooth",
    "beak",
    "wing",
    "fin",
    "mane",
    "nose",
];
const PLACE_SLOTS: &[&str] = &[
    "ground",
    "ground_patch",
    "road",
    "building",
    "building_b",
    "building_c",
    "roof",
    "window_dark",
    "window_lit",
    "trunk",
    "leaf",
    "leaf_b",
    "bush",
    "rock",
    "rock_b",
    "snow",
    "grass",
    "water",
    "foam",
    "path",
    "antenna",
    "lamp",
    "cloud",
    "flower",
];

fn member(id: &str, kind: SubjectKind, colors: &[(&str, &str)]) -> CastMember {
    CastMember {
        id: id.into(),
        kind,
        variant: String::new(),
        asset: String::new(),
        colors: colors
            .iter()
            .map(|(s, c)| ((*s).to_owned(), (*c).to_owned()))
            .collect(),
        scale: 1.0,
        group: String::new(),
    }
}

fn spec(cast: Vec<CastMember>) -> CutSpec {
    CutSpec {
        schema: "cut_spec/1".into(),
        engine_version: String::new(),
        prompt: String::new(),
        seed: "1".into(),
        status: Status::Passed,
        frame_size: FrameSize {
            width: 1920,
            height: 1080,
        },
        aspect_source: AspectSource::Default,
        frame_rate: "24/1".into(),
        frame_count: 24,
        style: "ghibli".into(),
        place: Place {
            kind: PlaceKind::City,
            above: false,
            ground_cover: GroundCover::Bare,
            time_of_day: TimeOfDay::Day,
            weather: Weather::Clear,
        },
        cast,
        actions: Vec::new(),
        emotion: EmotionPlan {
            names: Vec::new(),
            arc: None,
            keys: Vec::new(),
        },
        cuts: Vec::new(),
        findings: Vec::new(),
    }
}

fn book(style: &str, cast: Vec<CastMember>, control: &ColorControl) -> PaletteBook {
    PaletteBook::new(&spec(cast), &StyleProfile::named(style).expect("known"), control)
}

fn lab(book: &PaletteBook, id: &str, slot: &str) -> Lab {
    space::lab_from_linear(to_gamut(book.color(id, slot)))
}

#[test]
fn every_style_paints_every_slot_in_gamut() {
    let cast = vec![
        member("dragon_a", SubjectKind::Dragon, &[("body", "blue")]),
        member("human_a", SubjectKind::Human, &[]),
    ];
    for style in StyleProfile::built_in() {
        let book = book(&style.name, cast.clone(), &ColorControl::default());
        let subject = SUBJECT_SLOTS
            .iter()
            .flat_map(|s| [("dragon_a", s), ("human_a", s)]);
        for (id, slot) in subject.chain(PLACE_SLOTS.iter().map(|s| ("city", s))) {
            let ramp = book.ramp(id, slot);
            for tone in [ramp.shadow, ramp.base, ramp.light] {
                assert!(
                    tone.iter().all(|x| (0.0..=1.0).contains(x)),
                    "{} {id} {slot} {tone:?}",
                    style.name
                );
            }
            assert!(
                luminance(ramp.base.map(f64::from)) > 0.0,
                "{} {slot} is not lost in black",
                style.name
            );
        }
    }
}

#[test]
fn styles_differ_to_the_eye() {
    let cast = vec![member("dragon_a", SubjectKind::Dragon, &[("body", "blue")])];
    let styles = StyleProfile::built_in();
    let palettes: Vec<Vec<Lab>> = styles
        .iter()
        .map(|style| {
            let book = book(&style.name, cast.clone(), &ColorControl::default());
            let tones = ["body", "belly", "leaf", "building_b", "skin", "roof"]
                .iter()
                .flat_map(|slot| {
                    let ramp = book.ramp("dragon_a", slot);
                    [ramp.base, ramp.shadow].map(|c| space::lab_from_linear(c.map(f64::from)))
                });
            tones.collect()
        })
        .collect();
    for (i, a) in palettes.iter().enumerate() {
        for (j, b) in palettes.iter().enumerate().skip(i + 1) {
            let mean = a.iter().zip(b).map(|(x, y)| ciede2000(*x, *y)).sum::<f64>() / a.len() as f64;
            assert!(
                mean > 3.0,
                "{} and {} differ by {mean} only",
                styles[i].name,
                styles[j].name
            );
        }
    }
}

#[test]
fn a_blue_dragon_is_blue_wherever_there_is_colour() {
    let cast = vec![
        member("dragon_a", SubjectKind::Dragon, &[("body", "blue")]),
        member("dragon_b", SubjectKind::Dragon, &[("body", "blue")]),
    ];
    for style in StyleProfile::built_in() {
        let book = book(&style.name, cast.clone(), &ColorControl::default());
        for id in ["dragon_a", "dragon_b"] {
            let color = book.color(id, "body");
            if color.c > 0.06 {
                assert!((225.0..292.0).contains(&color.h), "{} {id} {color:?}", style.name);
            }
        }
        let gap = ciede2000(lab(&book, "dragon_a", "body"), lab(&book, "dragon_b", "body"));
        assert!(
            gap > 3.0,
            "{}: the two dragons are told apart, ΔE {gap}",
            style.name
        );
    }
}

#[test]
fn a_named_colour_is_that_colour_in_every_style() {
    for style in StyleProfile::built_in() {
        for word in color_words() {
            let asked = color_word(word).expect("known");
            let cast = vec![member("dragon_a", SubjectKind::Dragon, &[("body", word)])];
            let book = book(&style.name, cast, &ColorControl::default());
            let [shown, shade] = [
                book.ramp("dragon_a", "body").base,
                book.ramp("dragon_a", "body").shadow,
            ]
            .map(|tone| Oklch::from_linear(tone.map(f64::from)));
            // greys, black, white and ivory have no hue to keep
            if asked.c < 0.03 {
                assert!(shown.c < 0.06, "{} {word}: {shown:?}", style.name);
                continue;
            }
            let turn = space::hue_difference(asked.h, shown.h).abs();
            assert!(turn < 15.0, "{} {word}: turned by {turn}°", style.name);
            // lighter styles have less room for chroma
            let kept = shown.c / asked.c;
            assert!(kept > 0.42, "{} {word}: keeps {kept} of its chroma", style.name);
            assert!(shade.l < shown.l, "{} {word}", style.name);
        }
    }
}

#[test]
fn controls_move_what_they_name() {
    let cast = vec![member("cat_a", SubjectKind::Cat, &[])];
    let plain = book("ghibli", cast.clone(), &ColorControl::default());
    let turned = ColorControl {
        hue_shift: 0.25,
        ..ColorControl::default()
    };
    let turned = book("ghibli", cast.clone(), &turned);
    let by = space::hue_difference(plain.color("cat_a", "body").h, turned.color("cat_a", "body").h);
    assert!((by - 90.0).abs() < 8.0, "{by}");
    let grey = ColorControl {
        saturation_boost: -1.0,
        ..ColorControl::default()
    };
    assert!(book("comic", cast.clone(), &grey).color("cat_a", "body").c < 1e-6);
    let mut set = ColorControl::default();
    set.overrides
        .insert("subject/cat_a/palette/body".into(), "#336699".into());
    let set = book("noir", cast, &set);
    assert_eq!(
        space::hex_from_linear(to_gamut(set.color("cat_a.tail", "body"))),
        "#336699"
    );
}

#[test]
fn unknown_slots_are_said_and_painted() {
    let book = book("ghibli", Vec::new(), &ColorControl::default());
    assert_eq!(book.color("city.x", "zorp"), book.color("city.y", "zorp"));
    assert_ne!(book.color("city.x", "zorp"), book.color("city.x", "zarp"));
}
