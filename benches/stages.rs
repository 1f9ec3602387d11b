//! Time of each stage of one frame, and of a frame as resolution and subject count grow.

use std::{collections::BTreeMap, hint::black_box};

use criterion::{BenchmarkId, Criterion, criterion_group, criterion_main};
use talos_core::{
    artefact::Control,
    camera::FrameSize,
    stage::{
        Film,
        prism::{DirectOptions, direct},
    },
    time::Frame,
};

const DRAGONS: &str = "두 마리 푸른 용이 밤의 도시 상공에서 불을 뿜으며 싸우는 2초짜리 클립";

fn film(prompt: &str, width: u32, height: u32) -> Film {
    let options = DirectOptions {
        frame_size: Some(FrameSize { width, height }),
        ..DirectOptions::default()
    };
    let spec = direct(prompt, &options).expect("it can be filmed");
    Film::new(&spec, &Control::default(), &BTreeMap::new()).expect("it can be assembled")
}

fn frame(film: &Film) {
    let prepared = film.prepare(Frame(24));
    let lines = film.draw(&prepared);
    black_box(film.pictures(&prepared, &lines, None));
}

fn stages(c: &mut Criterion) {
    let mut group = c.benchmark_group("stage");
    group.sample_size(10);
    group.bench_function("prism", |b| {
        b.iter(|| direct(black_box(DRAGONS), &DirectOptions::default()));
    });
    group.bench_function("assemble", |b| b.iter(|| film(DRAGONS, 1920, 1080)));
    let film = film(DRAGONS, 1920, 1080);
    group.bench_function("scene", |b| b.iter(|| film.prepare(Frame(24))));
    let prepared = film.prepare(Frame(24));
    group.bench_function("axis", |b| b.iter(|| film.draw(&prepared)));
    let lines = film.draw(&prepared);
    group.bench_function("look", |b| b.iter(|| film.pictures(&prepared, &lines, None)));
    if let Some(stokes) = film.stokes() {
        let mut state = stokes.rest().expect("a good setup");
        for n in 1..24 {
            state = stokes.advance(&state, Frame(n)).expect("a good state").0;
        }
        group.bench_function("stokes", |b| b.iter(|| stokes.advance(&state, Frame(24))));
    }
    group.finish();
}

fn resolution(c: &mut Criterion) {
    let mut group = c.benchmark_group("resolution");
    group.sample_size(10);
    for height in [270, 540, 1080, 2160] {
        let film = film(DRAGONS, height * 16 / 9 / 2 * 2, height);
        group.bench_with_input(BenchmarkId::from_parameter(height), &film, |b, film| {
            b.iter(|| frame(film));
        });
    }
    group.finish();
}

fn subjects(c: &mut Criterion) {
    let mut group = c.benchmark_group("subjects");
    group.sample_size(10);
    for count in [1, 4, 16] {
        let film = film(&format!("{count} birds over the sea, 2 seconds"), 1280, 720);
        group.bench_with_input(BenchmarkId::from_parameter(count), &film, |b, film| {
            b.iter(|| frame(film));
        });
    }
    group.finish();
}

criterion_group!(benches, stages, resolution, subjects);
criterion_main!(benches);
