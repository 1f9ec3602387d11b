//! Prompts in two languages, hostile prompts, and the JSON of what is directed.

use std::collections::BTreeSet;

use proptest::prelude::*;
use talos_core::artefact::{
    Action, ActionEvent, AspectSource, CutSpec, GroundCover, MoveKind, PlaceKind, ShotSize, Status,
    SubjectKind, TimeOfDay, Validate, Weather, schema_names, schema_of,
};
use talos_core::camera::FrameSize;
use talos_core::random::Seed;
use talos_core::stage::prism::{DirectOptions, PrismError, STYLES, direct, from_json, style_named, to_json};

fn film(prompt: &str) -> CutSpec {
    let spec = direct(prompt, &DirectOptions::default()).expect(prompt);
    check_invariants(&spec);
    spec
}

/// What must hold of every spec, whatever the prompt.
fn check_invariants(spec: &CutSpec) {
    spec.validate().expect("valid");
    assert!(STYLES.contains(&spec.style.as_str()));
    let length = spec.prompt.chars().count();
    for finding in &spec.findings {
        assert!(
            finding.start <= finding.end && finding.end as usize <= length,
            "{finding:?}"
        );
        assert!(finding.end == 0 || finding.start < finding.end, "{finding:?}");
    }
    for pair in spec.cuts.windows(2) {
        let ([a, b], context) = ([&pair[0], &pair[1]], &spec.prompt);
        assert!(
            a.shot_size != b.shot_size || a.angle != b.angle,
            "{context}: a jump cut"
        );
        assert!(a.azimuth * b.azimuth > 0.0, "{context}: the line is crossed");
        let turn = (a.azimuth - b.azimuth).abs().to_degrees();
        assert!(turn >= 30.0, "{context}: {turn}° between neighbours");
    }
    for cut in &spec.cuts {
        assert!(!cut.reasons.is_empty());
        let duration = cut.last_frame - cut.first_frame + 1;
        assert!(
            duration >= 24 || spec.cuts.len() == 1,
            "{}: {duration} frames",
            spec.prompt
        );
    }
    let degraded = spec.findings.iter().any(|f| f.status != Status::Passed);
    assert_eq!(spec.status == Status::Degraded, degraded);
}

/// The spec without the text and places in it.
fn without_text(mut spec: CutSpec) -> CutSpec {
    spec.prompt.clear();
    for finding in &mut spec.findings {
        finding.text.clear();
        (finding.start, finding.end) = (0, 0);
    }
    spec
}

fn pairs() -> Vec<(&'static str, &'static str)> {
    include_str!("../../fixtures/prompts/pairs.tsv")
        .lines()
        .filter(|line| !line.starts_with('#') && !line.is_empty())
        .map(|line| line.split_once('\t').expect("two columns"))
        .collect()
}

#[test]
fn pairs_give_the_same_film() {
    let pairs = pairs();
    assert!(pairs.len() >= 40);
    for (korean, english) in pairs {
        let (a, b) = (film(korean), film(english));
        for spec in [&a, &b] {
            let unknown = spec.findings.iter().find(|f| f.code == "unknown_word");
            assert_eq!(unknown, None, "{}", spec.prompt);
        }
        assert_eq!(without_text(a), without_text(b), "{korean} | {english}");
    }
}

fn colors(spec: &CutSpec, member: usize) -> Vec<(&str, &str)> {
    let colors = &spec.cast[member].colors;
    colors
        .iter()
        .map(|(slot, color)| (slot.as_str(), color.as_str()))
        .collect()
}

fn events(spec: &CutSpec, action: Action) -> Vec<&ActionEvent> {
    spec.actions.iter().filter(|e| e.action == action).collect()
}

#[test]
fn film_one_two_dragons() {
    let spec = film("푸른 용 두 마리가 밤의 도시 상공에서 불을 뿜으며 싸우는 10초짜리 클립");
    assert_eq!(spec.status, Status::Passed);
    let ids: Vec<&str> = spec.cast.iter().map(|m| m.id.as_str()).collect();
    assert_eq!(ids, ["dragon_a", "dragon_b"]);
    for member in 0..2 {
        assert_eq!(spec.cast[member].kind, SubjectKind::Dragon);
        assert_eq!(colors(&spec, member), [("body", "blue")]);
    }
    assert_eq!((spec.place.kind, spec.place.above), (PlaceKind::City, true));
    assert_eq!(spec.place.time_of_day, TimeOfDay::Night);
    assert_eq!((spec.frame_count, spec.frame_size.width), (240, 1920));
    assert_eq!(spec.style, "cyberpunk-neon");
    let fights = events(&spec, Action::Fight);
    assert_eq!(fights.len(), 2);
    assert_eq!(
        (fights[0].subject.as_str(), fights[0].target.as_str()),
        ("dragon_a", "dragon_b")
    );
    let fire = events(&spec, Action::BreatheFire);
    let breathers: BTreeSet<&str> = fire.iter().map(|e| e.subject.as_str()).collect();
    assert_eq!(breathers.len(), 2, "both breathe fire");
    for burst in &fire {
        let frames = burst.last_frame - burst.first_frame + 1;
        assert!((28..=60).contains(&frames), "{frames}");
    }
    for cut in &spec.cuts {
        let long = cut.last_frame - cut.first_frame + 1 > 48;
        let seen = fire
            .iter()
            .any(|e| e.first_frame >= cut.first_frame && e.last_frame <= cut.last_frame);
        assert!(seen || !long, "{cut:?}");
    }
    assert!(spec.cuts.len() >= 4);
    assert_eq!(spec.cuts[0].shot_size, ShotSize::ExtremeWide);
    assert_eq!(spec.cuts[0].subjects.len(), 2);
    let last = spec.cuts.last().expect("a cut");
    assert_eq!((last.shot_size, last.subjects.len()), (ShotSize::Wide, 2));
    let close = spec
        .cuts
        .iter()
        .find(|c| c.shot_size == ShotSize::CloseUp)
        .expect("a close-up");
    let framed = fire.iter().any(|e| {
        close.subjects[0] == e.subject
            && e.first_frame >= close.first_frame
            && e.last_frame <= close.last_frame
    });
    assert!(framed, "the head in close-up breathes fire");
}

#[test]
fn film_two_a_girl_in_the_rain() {
    let spec = film("비 오는 숲을 혼자 걷는 소녀, 쓸쓸하게, 6초");
    assert_eq!(spec.status, Status::Passed);
    assert_eq!((spec.cast.len(), spec.cast[0].variant.as_str()), (1, "girl"));
    assert_eq!(
        (spec.place.kind, spec.place.weather),
        (PlaceKind::Forest, Weather::Rain)
    );
    assert_eq!(
        (spec.emotion.names.as_slice(), spec.frame_count),
        (["lonely".to_owned()].as_slice(), 144)
    );
    assert_eq!(spec.actions[0].action, Action::Walk);
    assert_eq!(spec.cuts.len(), 2);
    assert!(
        spec.cuts[0].shot_size < spec.cuts[1].shot_size,
        "wide before close"
    );
}

#[test]
fn film_three_a_white_wolf() {
    let spec = film("a white wolf runs across a snowy mountain at dawn, hopeful, 5 seconds, ghibli");
    assert_eq!(spec.status, Status::Passed);
    assert_eq!(
        (spec.cast[0].id.as_str(), colors(&spec, 0)),
        ("wolf_a", vec![("body", "white")])
    );
    assert_eq!(
        (spec.place.kind, spec.place.ground_cover, spec.place.weather),
        (PlaceKind::Mountain, GroundCover::Snow, Weather::Clear)
    );
    assert_eq!(
        (spec.place.time_of_day, spec.style.as_str()),
        (TimeOfDay::Dawn, "ghibli")
    );
    assert_eq!((spec.actions[0].action, spec.frame_count), (Action::Run, 120));
    assert_eq!(spec.emotion.names, ["hopeful"]);
}

#[test]
fn film_four_seven_birds() {
    let spec = film("a flock of seven birds over the sea at sunset, 8 s, vertical");
    assert_eq!(spec.status, Status::Passed);
    assert_eq!(spec.cast.len(), 7);
    assert!(
        spec.cast
            .iter()
            .all(|m| m.group == "flock_a" && m.kind == SubjectKind::Bird)
    );
    assert_eq!(spec.cast[6].id, "bird_g");
    assert_eq!((spec.place.kind, spec.place.above), (PlaceKind::Sea, true));
    assert_eq!(spec.place.time_of_day, TimeOfDay::Sunset);
    let size = FrameSize {
        width: 1080,
        height: 1920,
    };
    assert_eq!(
        (spec.frame_size, spec.aspect_source),
        (size, AspectSource::Prompt)
    );
    assert_eq!(spec.frame_count, 192);
    assert_eq!(spec.cuts[0].subjects.len(), 7);
    assert!(events(&spec, Action::Fly).len() == 7);
}

#[test]
fn what_was_not_understood_is_listed_with_its_place() {
    let spec = film("a flibbertygib wolf runs 뷁쐟하는 🐉 숲에서");
    let unknown: Vec<(&str, u32, u32)> = spec
        .findings
        .iter()
        .filter(|f| f.code == "unknown_word")
        .map(|f| (f.text.as_str(), f.start, f.end))
        .collect();
    assert_eq!(
        unknown,
        [("flibbertygib", 2, 14), ("뷁쐟하는", 25, 29), ("🐉", 30, 31)]
    );
    assert_eq!(spec.status, Status::Passed);
}

#[test]
fn unknown_subjects_are_replaced_and_named() {
    for prompt in [
        "a penguin walks",
        "펭귄이 걷는다",
        "세 마리의 쿼카가 달린다",
        "a dragn flies",
        "the blorf runs",
    ] {
        let spec = film(prompt);
        let finding = spec
            .findings
            .iter()
            .find(|f| f.code == "unknown_subject")
            .expect(prompt);
        assert_eq!(
            (finding.status, spec.status),
            (Status::Degraded, Status::Degraded)
        );
        assert!(!finding.nearest.is_empty() && !spec.cast.is_empty(), "{prompt}");
    }
    assert_eq!(film("세 마리의 쿼카가 달린다").cast.len(), 3);
    assert_eq!(film("a dragn flies").cast[0].kind, SubjectKind::Dragon);
}

#[test]
fn contradictions_are_settled_and_said() {
    for (prompt, time) in [
        ("a day scene at night, a cat", TimeOfDay::Night),
        ("한밤중의 대낮, 고양이", TimeOfDay::Night),
    ] {
        let spec = film(prompt);
        assert!(
            spec.findings.iter().any(|f| f.code == "contradiction"),
            "{prompt}"
        );
        assert_eq!((spec.place.time_of_day, spec.status), (time, Status::Degraded));
    }
    let spec = film("a cat in a city and in a forest, ghibli, noir");
    assert_eq!(
        spec.findings.iter().filter(|f| f.code == "contradiction").count(),
        2
    );
    assert_eq!(spec.place.kind, PlaceKind::City);
}

#[test]
fn camera_words_are_honoured() {
    let moves = |prompt: &str| {
        let spec = film(prompt);
        let all = spec.cuts.iter().flat_map(|c| c.moves.iter());
        all.map(|m| (m.kind, m.amount > 0.0)).collect::<Vec<_>>()
    };
    assert!(moves("a wolf, slow dolly in").contains(&(MoveKind::Dolly, true)));
    assert!(moves("소녀, 천천히 줌아웃").contains(&(MoveKind::Zoom, false)));
    assert!(moves("카메라가 용 주위를 돈다").contains(&(MoveKind::Orbit, true)));
    assert!(moves("the camera follows a running dog").contains(&(MoveKind::Follow, true)));
    assert!(moves("pan left over the city").contains(&(MoveKind::Pan, true)));
    assert!(moves("pan right over the city").contains(&(MoveKind::Pan, false)));
    assert_eq!(film("a wolf in the forest, one take, 20 seconds").cuts.len(), 1);
    let spec = film("starts with a wide shot of a wolf, ends on a close-up, 6 seconds");
    assert_eq!(spec.cuts[0].shot_size, ShotSize::Wide);
    assert_eq!(spec.cuts[spec.cuts.len() - 1].shot_size, ShotSize::CloseUp);
}

#[test]
fn options_count_before_the_prompt() {
    let size = FrameSize {
        width: 640,
        height: 360,
    };
    let options = DirectOptions {
        seed: Seed(7),
        style: Some("수묵화".to_owned()),
        frame_size: Some(size),
        frame_rate: "24000/1001".parse().expect("a rate"),
        duration_s: Some(2.0),
        shot_length_s: None,
        assets: vec!["robot".to_owned(), "dragon".to_owned()],
    };
    let spec = direct("용과 robot이 싸운다, 30초, 세로, ghibli", &options).expect("valid");
    assert_eq!((spec.style.as_str(), spec.frame_size), ("ink-wash", size));
    assert_eq!((spec.aspect_source, spec.frame_count), (AspectSource::Option, 48));
    assert_eq!(
        (spec.seed.as_str(), spec.frame_rate.as_str()),
        ("7", "24000/1001")
    );
    let assets: Vec<&str> = spec.cast.iter().map(|m| m.asset.as_str()).collect();
    assert_eq!(assets, ["dragon", "robot"], "용 means the asset dragon");
    assert!(spec.cast.iter().all(|m| m.kind == SubjectKind::Asset));
}

#[test]
fn the_seed_varies_and_repeats() {
    let with = |seed| {
        let options = DirectOptions {
            seed: Seed(seed),
            ..DirectOptions::default()
        };
        direct("two wolves fight, 20 seconds", &options).expect("valid")
    };
    assert_eq!(with(1), with(1));
    assert_ne!(with(1).cuts, with(2).cuts);
    assert_eq!(with(1).cast, with(2).cast);
}

#[test]
fn bad_input_is_refused_with_its_place() {
    let error = |prompt: &str| direct(prompt, &DirectOptions::default()).expect_err("refused");
    assert_eq!(error(""), PrismError::EmptyPrompt);
    assert_eq!(error(" \n\t\u{0}"), PrismError::EmptyPrompt);
    assert_eq!(
        error(&"용 ".repeat(50_000)),
        PrismError::LongPrompt { length: 100_000 }
    );
    for (prompt, at) in [
        ("용 0초", 2),
        ("a wolf, 10000 seconds", 8),
        ("늑대, 10,000초", 4),
        ("-3 seconds of rain", 0),
    ] {
        let error = error(prompt);
        assert!(
            matches!(error, PrismError::Duration { start, .. } if start == at),
            "{error:?}"
        );
        assert!(error.to_string().contains("3600"), "{error}");
    }
    let with = |options: DirectOptions| direct("a wolf", &options).expect_err("refused");
    for seconds in [0.0, -1.0, 3600.1, f64::NAN, f64::INFINITY] {
        let options = DirectOptions {
            duration_s: Some(seconds),
            ..DirectOptions::default()
        };
        assert!(matches!(with(options), PrismError::DurationOption(_)));
    }
    for (width, height) in [(0, 1080), (1921, 1080), (1920, 8194)] {
        let options = DirectOptions {
            frame_size: Some(FrameSize { width, height }),
            ..DirectOptions::default()
        };
        assert!(matches!(with(options), PrismError::FrameSize(_)));
    }
    let options = DirectOptions {
        style: Some("baroque".to_owned()),
        ..DirectOptions::default()
    };
    assert!(with(options).to_string().contains("ghibli"));
}

#[test]
fn hostile_prompts_give_films() {
    let long = "뷁".repeat(19_999);
    let words = "a wolf 용 ".repeat(2_000);
    for prompt in [
        "🐉🔥🌃",
        "ㅋㅋㅋ ㅠㅠ ㅏㅏ",
        "\u{202e}dragon\u{202c} مرحبا שלום",
        "\u{1}\u{2}용\u{7f}이 난다",
        "e\u{301}\u{301}\u{301} 용",
        "1:0 0:0 9999x9999",
        "두 두 두 두 마리 마리 마리",
        "and and and , , , by with of",
        "싸우는 싸우는 싸우는",
        "without without",
        long.as_str(),
        words.as_str(),
        "99999999999999999999999999 wolves",
        "용 1000000마리",
    ] {
        let spec = film(prompt);
        assert!(!spec.cuts.is_empty());
    }
    assert_eq!(film("🐉🔥🌃").status, Status::Degraded);
    assert_eq!(film("1000 wolves").cast.len(), 24);
}

#[test]
fn a_film_of_an_hour_and_one_of_a_frame() {
    assert_eq!(film("두 늑대가 싸운다, 60분").frame_count, 86_400);
    let spec = film("a wolf, 10 ms");
    assert_eq!((spec.frame_count, spec.cuts.len()), (1, 1));
}

#[test]
fn specs_go_to_json_and_back() {
    for (korean, english) in pairs() {
        for prompt in [korean, english] {
            let spec = film(prompt);
            let text = to_json(&spec);
            assert_eq!(from_json(&text).expect("read back"), spec, "{prompt}");
            assert_eq!(to_json(&from_json(&text).expect("read back")), text);
        }
    }
    let text = to_json(&film("two dragons fight"));
    let keys: Vec<usize> = ["schema", "prompt", "frame_size", "cast", "cuts", "findings"]
        .iter()
        .map(|key| text.find(&format!("\"{key}\"")).expect("a key"))
        .collect();
    assert!(keys.is_sorted(), "keys stand in schema order");
}

#[test]
fn artefacts_edited_into_nonsense_are_refused_with_a_pointer() {
    let text = to_json(&film("two dragons fight above a city, 10 seconds"));
    let edit = |from: &str, to: &str| {
        let edited = text.replacen(from, to, 1);
        assert_ne!(edited, text, "{from}");
        from_json(&edited).expect_err(to).pointer
    };
    assert_eq!(edit("cut_spec/1", "cut_spec/2"), "/schema");
    assert_eq!(edit("\"schema\": \"cut_spec/1\",", ""), "/schema");
    assert_eq!(edit("\"f_stop\": 11.0", "\"f_stop\": \"wide\""), "/cuts/0/f_stop");
    assert_eq!(edit("\"f_stop\": 11.0", "\"f_stop\": -1"), "/cuts/0/f_stop");
    assert_eq!(edit("\"f_stop\": 11.0", "\"f_stop\": NaN"), "/cuts/0/f_stop");
    assert_eq!(edit("\"f_stop\"", "\"f_stopp\""), "/cuts/0/f_stopp");
    assert_eq!(edit("\"extreme_wide\"", "\"enormous\""), "/cuts/0/shot_size");
    assert_eq!(edit("\"id\": \"dragon_b\"", "\"id\": \"dragon_a\""), "/cast/1/id");
    assert_eq!(
        edit("\"target\": \"dragon_b\"", "\"target\": \"nobody\""),
        "/actions/0/target"
    );
    assert_eq!(
        edit("\"first_frame\": 1,", "\"first_frame\": 0,"),
        "/actions/0/first_frame"
    );
    assert_eq!(
        edit("\"frame_count\": 240", "\"frame_count\": 250"),
        "/cuts/4/last_frame"
    );
    assert_eq!(edit("\"width\": 1920", "\"width\": -1920"), "/frame_size/width");
    assert!(from_json("").is_err() && from_json("[]").is_err() && from_json("{").is_err());
    assert!(from_json(&format!("{text}{{}}")).is_err(), "nothing may follow");
    let zero = text.replacen("\"valence\": ", "\"valence\": -0.0, \"x\": ", 1);
    assert!(
        from_json(&zero).is_err(),
        "unknown keys beside −0 are refused, too"
    );
}

#[test]
fn negative_zero_is_read_as_zero() {
    let mut spec = film("a wolf");
    spec.emotion.keys[0].valence = 0.0;
    let text = to_json(&spec).replacen("\"valence\": 0.0", "\"valence\": -0.0", 1);
    let read = from_json(&text).expect("valid");
    assert!(read.emotion.keys[0].valence.is_sign_positive());
}

#[test]
fn schemas_are_listed_and_describe_the_json() {
    assert!(schema_names().any(|name| name == "cut_spec"));
    let schema = schema_of("cut_spec").expect("a schema");
    assert!(schema["properties"]["cuts"].is_object());
    assert_eq!(schema["additionalProperties"], serde_json::Value::Bool(false));
    assert_eq!(schema_of("nothing"), None);
}

#[test]
fn styles_have_names_in_both_languages() {
    for (word, style) in [
        ("지브리", "ghibli"),
        ("사이버펑크 네온", "cyberpunk-neon"),
        ("수묵", "ink-wash"),
        ("수채화", "watercolor"),
        ("느와르", "noir"),
        ("파스텔", "pastel"),
        ("만화", "comic"),
        ("레트로 애니", "retro-anime"),
        ("Ghibli", "ghibli"),
        ("retro anime", "retro-anime"),
    ] {
        assert_eq!(style_named(word), Some(style), "{word}");
    }
    for style in STYLES {
        assert_eq!(style_named(style), Some(style));
    }
    assert_eq!(style_named("baroque"), None);
}

/// Words that trouble the grammar when they meet.
const FRAGMENTS: &[&str] = &[
    "용",
    "두",
    "마리",
    "가",
    "늑대와",
    "싸우는",
    "불을",
    "뿜으며",
    "밤의",
    "도시",
    "상공에서",
    "눈",
    "덮인",
    "10초",
    "세로",
    "빨간",
    "코트를",
    "입은",
    "소녀",
    "떼",
    "없는",
    "서로",
    "그리고",
    ",",
    ".",
    "반",
    "분",
    "three",
    "wolves",
    "a",
    "flock",
    "of",
    "chasing",
    "by",
    "with",
    "each other",
    "without",
    "and",
    "dragon",
    "fire",
    "breathing",
    "over",
    "the",
    "sea",
    "camera",
    "follows",
    "slow",
    "zoom in",
    "close-up",
    "wide shot",
    "90s",
    "360",
    "4k",
    "2.39:1",
    "half",
    "minute",
    "from",
    "sad",
    "to",
    "hopeful",
    "then",
    "old",
    "man",
    "🐺",
    "zzz",
    "개",
    "대",
    "셋이",
    "달리다가",
    "쫓기는",
    "에게",
];

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_text_is_directed_or_refused(text in "\\PC{0,80}") {
        if let Ok(spec) = direct(&text, &DirectOptions::default()) {
            check_invariants(&spec);
        }
    }

    #[test]
    fn any_bytes_are_directed_or_refused(chars in prop::collection::vec(any::<char>(), 0..60)) {
        let text: String = chars.into_iter().collect();
        if let Ok(spec) = direct(&text, &DirectOptions::default()) {
            check_invariants(&spec);
        }
    }

    #[test]
    fn any_order_of_words_is_directed(
        words in prop::collection::vec(prop::sample::select(FRAGMENTS), 1..25),
        glue in prop::sample::select(vec![" ", "", ", "]),
        seed in any::<u64>(),
    ) {
        let options = DirectOptions { seed: Seed(seed), ..DirectOptions::default() };
        if let Ok(spec) = direct(&words.join(glue), &options) {
            check_invariants(&spec);
            prop_assert_eq!(from_json(&to_json(&spec)).expect("read back"), spec);
        }
    }

    #[test]
    fn any_json_is_refused_without_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let text = String::from_utf8_lossy(&bytes).into_owned();
        prop_assert!(from_json(&text).is_err());
    }
}
