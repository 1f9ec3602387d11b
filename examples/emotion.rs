//! Emotion as a path, and what it moves: tempo, line weight, light.

use talos_core::{
    artefact::StoryArc,
    emotion::{EmotionPath, ResponseKind, Responses, Vad, arc_keys},
};

fn main() {
    let keys = arc_keys(StoryArc::ManInAHole, Vad::new(0.1, 0.2, 0.0), 0.8);
    let path = EmotionPath::new(&keys).expect("an arc's keys are in order");
    let responses = Responses::default();
    println!("share  valence  shot [s]  line weight  key:fill");
    for step in 0..=10 {
        let share = f64::from(step) / 10.0;
        let mood = path.at(share);
        let value = |kind| responses.value(kind, mood, share);
        println!(
            "{share:5.1}  {:7.2}  {:8.2}  {:11.2}  {:8.2}",
            mood.valence,
            value(ResponseKind::ShotLengthS),
            value(ResponseKind::LineWeight),
            value(ResponseKind::KeyFillRatio),
        );
    }
}
