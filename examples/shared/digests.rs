//! Digests of a directed prompt, one frame's lines and one small picture: the same on every machine.

use std::{collections::BTreeMap, fmt::Write};

use talos_core::{
    artefact::Control,
    camera::FrameSize,
    digest::Digest,
    stage::{
        Film,
        prism::{DirectOptions, direct, to_json},
    },
    time::Frame,
};

/// Three prompts: fire in the air, rain in a forest, water at sunset.
pub(crate) const PROMPTS: [(&str, &str); 3] = [
    (
        "dragons",
        "두 마리 푸른 용이 밤의 도시 상공에서 불을 뿜으며 싸우는 1초짜리 클립",
    ),
    ("girl", "비 오는 숲을 혼자 걷는 소녀, 쓸쓸하게, 1초"),
    (
        "birds",
        "a flock of seven birds over the sea at sunset, 1 second, vertical",
    ),
];

/// One line for each prompt and artefact: `<prompt> <artefact> <digest>`.
///
/// # Panics
/// If a prompt cannot be filmed.
pub(crate) fn digests() -> String {
    let mut text = String::new();
    for (name, prompt) in PROMPTS {
        let size = if name == "birds" {
            FrameSize {
                width: 90,
                height: 160,
            }
        } else {
            FrameSize {
                width: 160,
                height: 90,
            }
        };
        let options = DirectOptions {
            frame_size: Some(size),
            ..DirectOptions::default()
        };
        let spec = direct(prompt, &options).expect("it can be filmed");
        let mut line = |artefact: &str, digest: Digest| _ = writeln!(text, "{name} {artefact} {digest}");
        line("cut_spec", Digest::of_bytes(to_json(&spec).as_bytes()));
        let film = Film::new(&spec, &Control::default(), &BTreeMap::new()).expect("it can be assembled");
        let frame = Frame(12);
        let effects = film.stokes().map(|stokes| {
            let start = stokes.rest().expect("a good setup");
            let state = (1..frame.0).fold(start, |state, n| {
                stokes.advance(&state, Frame(n)).expect("a good state").0
            });
            stokes.bake(&state)
        });
        let prepared = film.prepare(frame);
        let lines = film.draw(&prepared);
        line("lines", lines.digest());
        let pictures = film.pictures(&prepared, &lines, effects.as_ref());
        line("chroma", pictures.chroma.digest());
        line("stokes", pictures.stokes.digest());
        line("raygen", pictures.raygen.digest());
        line("anima", pictures.anima.digest());
    }
    text
}
