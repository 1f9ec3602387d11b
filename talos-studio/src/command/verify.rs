//! `verify`: render again otherwise, and compare.

use std::{fs, path::PathBuf};

use serde_json::json;
use talos_core::{
    artefact::Lines,
    format::png,
    image::Picture,
    stage::{Effects, FilmError, Prepared},
    time::Frame,
};

use super::{Context, OpenFilm, frames, open};
use crate::{cli::WorkArgs, error::StudioError, film_folder::Layer, progress::Progress, render::lines_json};

/// Thread counts that frames are rendered with in turn: odd, even, more than cores.
const THREADS: [usize; 3] = [1, 2, 7];

/// Renders frames backwards, without the store, with other thread counts, and compares bytes of
/// lines and pixels of pictures with the film's files.
pub(super) fn verify(context: &Context, film: PathBuf, work: &WorkArgs) -> Result<(), StudioError> {
    let open = open(film)?;
    let range = frames(work, &open.spec)?;
    let pools: Vec<rayon::ThreadPool> = THREADS
        .iter()
        .map(|n| rayon::ThreadPoolBuilder::new().num_threads(*n).build())
        .collect::<Result<_, _>>()
        .map_err(|e| StudioError::Input(e.to_string()))?;
    let effects = effects_again(context, &open, *range.end(), &pools)?;
    let bar = Progress::new("verify", range.clone().count() as u64, context.lang);
    let mut first_difference = None;
    for (turn, n) in range.clone().rev().enumerate() {
        if context.stop.load(std::sync::atomic::Ordering::Relaxed) {
            return Err(StudioError::Interrupted);
        }
        let pool = &pools[turn % pools.len()];
        let effects = effects
            .as_ref()
            .and_then(|list| Effects::from_bytes(list.get(n as usize - 1)?).ok());
        if let Err(error) = pool.install(|| compare(&open, Frame(n), effects.as_ref())) {
            first_difference = Some(error);
        }
        bar.step();
    }
    if let Some(error) = first_difference {
        return Err(error);
    }
    let count = range.clone().count();
    let words = format!(
        "{count} {} (1, 2, 7 {})",
        context.lang.pick(
            "frames are the same in reverse order",
            "프레임이 역순으로도 같습니다"
        ),
        context.lang.pick("threads", "스레드"),
    );
    context.say(words, &json!({ "frames": count, "same": true }))
}

/// The effects of frames 1 to `last`, simulated again from rest, as bytes.
fn effects_again(
    context: &Context,
    open: &OpenFilm,
    last: u32,
    pools: &[rayon::ThreadPool],
) -> Result<Option<Vec<Vec<u8>>>, StudioError> {
    let Some(stokes) = open.film.stokes() else {
        return Ok(None);
    };
    let bar = Progress::new("stokes", u64::from(last), context.lang);
    let refused = |e: FilmError| StudioError::Input(e.to_string());
    let mut state = stokes.rest().map_err(refused)?;
    let mut list = Vec::new();
    for n in 1..=last {
        if context.stop.load(std::sync::atomic::Ordering::Relaxed) {
            return Err(StudioError::Interrupted);
        }
        let pool = &pools[n as usize % pools.len()];
        list.push(pool.install(|| stokes.bake(&state)).to_bytes());
        state = pool
            .install(|| stokes.advance(&state, Frame(n)))
            .map_err(refused)?
            .0;
        bar.step();
    }
    Ok(Some(list))
}

/// Renders a frame afresh and compares every layer with its file.
fn compare(open: &OpenFilm, frame: Frame, effects: Option<&Effects>) -> Result<(), StudioError> {
    let prepared: Prepared = open.film.prepare(frame);
    let lines: Lines = open.film.edited(&prepared, open.film.draw(&prepared));
    compare_lines(open, frame, &lines)?;
    let pictures = open.film.pictures(&prepared, &lines, effects);
    let layers = [
        (Layer::Chroma, pictures.chroma),
        (Layer::Stokes, pictures.stokes),
        (Layer::Raygen, pictures.raygen),
        (Layer::Anima, pictures.anima),
    ];
    layers
        .into_iter()
        .try_for_each(|(layer, picture)| compare_picture(open, frame, layer, &picture))
}

fn file_of(open: &OpenFilm, frame: Frame, layer: Layer) -> Result<(PathBuf, Vec<u8>), StudioError> {
    let path = open.folder.frame(layer, open.film.cut_id(frame), frame);
    match fs::read(&path) {
        Ok(bytes) => Ok((path, bytes)),
        Err(e) => Err(differs(
            frame,
            layer,
            format!("cannot read {}: {e}; run `talos render` first", path.display()),
        )),
    }
}

fn differs(frame: Frame, layer: Layer, message: String) -> StudioError {
    StudioError::Differs {
        frame: frame.0,
        layer: layer.name(),
        message,
    }
}

fn compare_lines(open: &OpenFilm, frame: Frame, lines: &Lines) -> Result<(), StudioError> {
    let (path, bytes) = file_of(open, frame, Layer::Axis)?;
    if bytes == lines_json(lines)?.as_bytes() {
        return Ok(());
    }
    let what = match Lines::from_json(&String::from_utf8_lossy(&bytes)) {
        Err(e) => e.to_string(),
        Ok(there) if there.lines.len() != lines.lines.len() => {
            format!(
                "{} strokes, the file has {}",
                lines.lines.len(),
                there.lines.len()
            )
        }
        Ok(there) => there
            .lines
            .iter()
            .zip(&lines.lines)
            .find(|(a, b)| a != b)
            .map_or_else(
                || "its bytes differ".into(),
                |(a, _)| format!("stroke {} differs", a.stroke_id),
            ),
    };
    Err(differs(
        frame,
        Layer::Axis,
        format!("{what} ({})", path.display()),
    ))
}

fn compare_picture(
    open: &OpenFilm,
    frame: Frame,
    layer: Layer,
    picture: &Picture,
) -> Result<(), StudioError> {
    let (path, bytes) = file_of(open, frame, layer)?;
    let there = png::decode(&bytes).map_err(|e| differs(frame, layer, format!("{}: {e}", path.display())))?;
    if there.size() != picture.size() {
        return Err(differs(frame, layer, "it has another size".into()));
    }
    let (width, height) = (picture.size().width, picture.size().height);
    let place = (0..height)
        .flat_map(|y| (0..width).map(move |x| (x, y)))
        .find(|&(x, y)| there.rgba_at(x, y) != picture.rgba_at(x, y));
    match place {
        None => Ok(()),
        Some((x, y)) => {
            let (a, b) = (there.rgba_at(x, y), picture.rgba_at(x, y));
            Err(differs(
                frame,
                layer,
                format!("pixel ({x}, {y}) is {b:?}, the file has {a:?}"),
            ))
        }
    }
}
