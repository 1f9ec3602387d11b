//! What emotion moves, measured on what comes out: every response is taken from its value for one emotion to that for
//! the opposite one, alone, and the film must change as the table says.

use std::collections::BTreeMap;

use talos_core::{
    artefact::{Control, CutSpec},
    camera::FrameSize,
    emotion::{RESPONSES, Response, ResponseKind, Responses, Vad},
    image::Picture,
    math::DVec3,
    palette::{Oklch, luminance},
    stage::{
        Film, Prepared,
        prism::{DirectOptions, direct},
    },
    time::Frame,
};

fn spec(prompt: &str) -> CutSpec {
    let options = DirectOptions {
        frame_size: Some(FrameSize {
            width: 320,
            height: 180,
        }),
        ..DirectOptions::default()
    };
    direct(prompt, &options).expect("it can be filmed")
}

/// The film with one response set to its value for an emotion.
fn film(spec: &CutSpec, response: &Response, emotion: Vad) -> Film {
    let mut control = Control::default();
    let value = response.of(emotion).into();
    control.set(spec, response.address, value).expect("in its range");
    Film::new(spec, &control, &BTreeMap::new()).expect("it can be assembled")
}

fn frames(film: &Film, numbers: impl Iterator<Item = u32>) -> Vec<Prepared> {
    numbers.map(|n| film.prepare(Frame(n))).collect()
}

/// Mean length of the second differences of the view's direction: shake, not moves.
fn unrest(film: &Film) -> f64 {
    let views: Vec<DVec3> = frames(film, 1..=24)
        .iter()
        .map(|p| p.camera().forward())
        .collect();
    let bends = views.windows(3).map(|w| (w[0] - 2.0 * w[1] + w[2]).length());
    bends.sum::<f64>() / 22.0
}

/// The camera's greatest speed, metres a frame.
fn fastest(film: &Film) -> f64 {
    let places: Vec<DVec3> = frames(film, 1..=48).iter().map(|p| p.camera().position).collect();
    let steps = places.windows(2).map(|w| (w[1] - w[0]).length());
    steps.fold(0.0, f64::max)
}

/// A frame's flat colour, its light, and how much the lines change the colour.
fn pictures(film: &Film) -> (Picture, Picture, f64) {
    let prepared = film.prepare(Frame(12));
    let lines = film.draw(&prepared);
    let inked = film.pictures(&prepared, &lines, None);
    let mut none = lines.clone();
    none.lines.clear();
    let plain = film.pictures(&prepared, &none, None);
    let differences = inked.chroma.bytes().iter().zip(plain.chroma.bytes());
    let ink = differences.map(|(a, b)| f64::from(a.abs_diff(*b))).sum();
    (plain.chroma, plain.raygen, ink)
}

/// Linear colours of the painted pixels.
fn painted(picture: &Picture) -> Vec<[f64; 3]> {
    let decode = |code: u8| {
        let c = f64::from(code) / 255.0;
        if c <= 0.04045 {
            c / 12.92
        } else {
            talos_core::math::scalar::pow((c + 0.055) / 1.055, 2.4)
        }
    };
    let pixels = picture.bytes().chunks_exact(picture.channels());
    pixels
        .filter(|p| p.get(3).is_none_or(|alpha| *alpha == 255))
        .map(|p| [p[0], p[1], p[2]].map(decode))
        .collect()
}

fn mean(values: impl Iterator<Item = f64>) -> f64 {
    let (sum, count) = values.fold((0.0, 0), |(sum, count), x| (sum + x, count + 1));
    sum / f64::from(count.max(1))
}

/// Light of the brightest tenth over that of the darkest.
fn contrast(picture: &Picture) -> f64 {
    let mut levels: Vec<f64> = painted(picture).into_iter().map(luminance).collect();
    levels.sort_by(f64::total_cmp);
    let tenth = levels.len() / 10;
    let (dark, bright) = (&levels[..tenth], &levels[levels.len() - tenth..]);
    mean(bright.iter().copied()) / mean(dark.iter().copied())
}

/// Opacity of all effects in a frame.
fn effects(film: &Film) -> f64 {
    let stokes = film.stokes().expect("fire");
    let state = (1..30).fold(stokes.rest().expect("a good setup"), |state, n| {
        stokes.advance(&state, Frame(n)).expect("a good state").0
    });
    let prepared = film.prepare(Frame(30));
    let lines = film.draw(&prepared);
    let picture = film
        .pictures(&prepared, &lines, Some(&stokes.bake(&state)))
        .stokes;
    picture.bytes().chunks_exact(4).map(|p| f64::from(p[3])).sum()
}

/// Places of the subject's vertices about their middle, frame by frame.
fn poses(film: &Film) -> Vec<Vec<DVec3>> {
    let pose = |p: &Prepared| {
        let body = p
            .objects()
            .iter()
            .find(|o| o.layer == "subject")
            .expect("someone");
        let positions = &body.posed.positions;
        let middle = positions.iter().sum::<DVec3>() / positions.len() as f64;
        positions.iter().map(|p| *p - middle).collect()
    };
    frames(film, 1..=48).iter().map(pose).collect()
}

/// Mean height that a vertex moves through.
fn excursion(film: &Film) -> f64 {
    let poses = poses(film);
    let range = |v: usize| {
        let heights = poses.iter().map(|pose| pose[v].y);
        let (low, high) = heights.fold((f64::MAX, f64::MIN), |(a, b), y| (a.min(y), b.max(y)));
        high - low
    };
    mean((0..poses[0].len()).map(range))
}

/// How often the vertex that moves most turns round.
fn turns(film: &Film) -> f64 {
    let poses = poses(film);
    let change = |v: usize| (poses[6][v].y - poses[0][v].y).abs();
    let most = (0..poses[0].len())
        .max_by(|a, b| change(*a).total_cmp(&change(*b)))
        .expect("vertices");
    let steps: Vec<f64> = poses.windows(2).map(|w| w[1][most].y - w[0][most].y).collect();
    steps.windows(2).filter(|w| w[0] * w[1] < 0.0).count() as f64
}

/// What a response moves, as one number that rises with it.
fn measure(kind: ResponseKind, film: &Film) -> f64 {
    match kind {
        ResponseKind::ShakeRad => unrest(film),
        ResponseKind::MoveSpeed => fastest(film),
        ResponseKind::LineWeight => pictures(film).2,
        ResponseKind::PenPressure => {
            let lines = film.draw(&film.prepare(Frame(12)));
            mean(lines.lines.iter().flat_map(|line| line.pressure.iter().copied()))
        }
        ResponseKind::LightnessShift => mean(
            painted(&pictures(film).0)
                .into_iter()
                .map(|c| Oklch::from_linear(c).l),
        ),
        ResponseKind::ChromaFactor => mean(
            painted(&pictures(film).0)
                .into_iter()
                .map(|c| Oklch::from_linear(c).c),
        ),
        ResponseKind::KeyFillRatio => contrast(&pictures(film).1),
        ResponseKind::EffectIntensity => effects(film),
        ResponseKind::MotionAmplitude => excursion(film),
        ResponseKind::MotionTempo => turns(film),
        other => panic!("{other:?} has no measure yet"),
    }
}

/// A scene in which the response can show.
fn prompt(kind: ResponseKind) -> &'static str {
    match kind {
        ResponseKind::EffectIntensity => "a red dragon breathes fire over the sea at night, 2 seconds",
        ResponseKind::MoveSpeed => "a brown horse stands in a field at noon, dolly in, 2 seconds",
        ResponseKind::MotionAmplitude | ResponseKind::MotionTempo => {
            "a white bird flies over the sea at noon, 2 seconds"
        }
        _ => "a brown horse stands in a field at noon, 2 seconds",
    }
}

#[test]
fn every_response_moves_the_film_as_its_table_says() {
    let by_control = RESPONSES.iter().filter(|r| r.kind != ResponseKind::ShotLengthS);
    for response in by_control {
        let [v, a, d] = response.trend.map(|t| 0.8 * f64::from(t));
        let (against, along) = (Vad::new(-v, -a, -d), Vad::new(v, a, d));
        let spec = spec(prompt(response.kind));
        let low = measure(response.kind, &film(&spec, response, against));
        let high = measure(response.kind, &film(&spec, response, along));
        println!("{}: {low:.4} -> {high:.4}", response.address);
        assert!(
            high > 1.02 * low,
            "{}: {low} for {against:?}, {high} for {along:?}",
            response.address
        );
    }
}

#[test]
fn excited_films_are_cut_faster_than_calm_ones() {
    let cuts = |prompt: &str| spec(prompt).cuts.len();
    let (excited, calm) = (
        cuts("two dragons fight over a city at night, excited, 12 seconds"),
        cuts("a girl sits by the sea at dusk, calm, 12 seconds"),
    );
    assert!(excited >= calm + 2, "{excited} cuts against {calm}");
    let arousal = |a: f64| Responses::response(ResponseKind::ShotLengthS).of(Vad::new(0.0, a, 0.0));
    assert!(arousal(0.9) < arousal(-0.9));
    let options = |shot_length_s| DirectOptions {
        shot_length_s,
        ..DirectOptions::default()
    };
    let prompt = "a girl walks in a forest, 12 seconds";
    let by_hand = direct(prompt, &options(Some(2.0))).expect("it can be filmed");
    assert_eq!(by_hand.cuts.len(), 6);
    for wrong in [0.0, -1.0, f64::NAN, 61.0] {
        assert!(direct(prompt, &options(Some(wrong))).is_err());
    }
}
