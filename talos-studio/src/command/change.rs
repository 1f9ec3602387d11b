//! `set`, `color`, `edit`, `undo`: changes to `control.json`, each of which can be taken back.

use std::{fs, path::PathBuf};

use serde_json::Value;
use talos_core::{
    artefact::{CONTROL_SCHEMA, Control, Lines, StrokeEdit, nearest, read_json},
    time::Frame,
};

use super::{Context, OpenFilm, Tools, frames, inspect::Stale, make, open};
use crate::{
    cli::WorkArgs,
    error::StudioError,
    film_folder::{FilmFolder, Layer},
    folder,
    render::Wanted,
};

/// What an edit adds.
pub(super) struct Delta {
    pub(super) curvature: f64,
    pub(super) pressure: f64,
}

/// Sets one parameter.
pub(super) fn set(
    context: &Context,
    film: PathBuf,
    assignment: &str,
    render: bool,
    work: &WorkArgs,
) -> Result<(), StudioError> {
    let Some((address, text)) = assignment.split_once('=') else {
        return Err(StudioError::Input(format!(
            "{assignment}: write ADDRESS=VALUE, e.g. place/time_of_day=dusk"
        )));
    };
    let folder = FilmFolder::open(film)?;
    let mut control = folder.control()?;
    let value: Value = serde_json::from_str(text).unwrap_or_else(|_| Value::from(text));
    control
        .set(&folder.spec()?, address, value)
        .map_err(|e| StudioError::Input(e.to_string()))?;
    apply(context, &folder, &control, render.then_some(work))
}

/// Another style on the same drawing.
pub(super) fn color(
    context: &Context,
    lines: PathBuf,
    style: &str,
    work: &WorkArgs,
) -> Result<(), StudioError> {
    let film = if lines.is_file() {
        lines
            .parent()
            .and_then(std::path::Path::parent)
            .map(PathBuf::from)
            .unwrap_or_default()
    } else {
        lines
    };
    let style = make::style_named(style)?;
    set(context, film, &format!("style/name={style}"), true, work)
}

/// Bends one stroke.
pub(super) fn edit(
    context: &Context,
    film: PathBuf,
    stroke_id: String,
    delta: &Delta,
    render: bool,
    work: &WorkArgs,
) -> Result<(), StudioError> {
    let open = open(film)?;
    let range = frames(work, &open.spec)?;
    find_stroke(context, &open, &stroke_id, *range.start())?;
    let mut control = open.folder.control()?;
    let edit = StrokeEdit {
        stroke_id,
        delta_curvature: delta.curvature,
        delta_pressure: delta.pressure,
        first_frame: *range.start(),
        last_frame: *range.end(),
    };
    control
        .edit(&open.spec, edit)
        .map_err(|e| StudioError::Input(e.to_string()))?;
    apply(context, &open.folder, &control, render.then_some(work))
}

/// Makes sure the stroke is in its first frame; draws that frame if it is not there yet.
fn find_stroke(context: &Context, open: &OpenFilm, stroke_id: &str, frame: u32) -> Result<(), StudioError> {
    let frame = Frame(frame);
    let path = open.folder.frame(Layer::Axis, open.film.cut_id(frame), frame);
    if !path.is_file() {
        let tools = Tools::new(&WorkArgs::default(), open)?;
        tools
            .job(context, open)
            .run(frame.0..=frame.0, Wanted::Lines, None)?;
    }
    let bytes = fs::read(&path).map_err(StudioError::io("read", &path))?;
    let lines = Lines::from_json(&String::from_utf8_lossy(&bytes)).map_err(|e| StudioError::Artefact {
        path,
        message: e.to_string(),
    })?;
    let ids = || lines.lines.iter().map(|l| l.stroke_id.as_str());
    if ids().any(|id| id == stroke_id) {
        return Ok(());
    }
    let seen: Vec<String> = frames_with(open, stroke_id).iter().map(u32::to_string).collect();
    let where_else = if seen.is_empty() {
        format!("nearest: {}", nearest(stroke_id, ids()).join(", "))
    } else {
        format!("it is drawn in frames {}", seen.join(", "))
    };
    Err(StudioError::Input(format!(
        "no stroke `{stroke_id}` in frame {}; {where_else}",
        frame.0
    )))
}

/// The first few drawn frames that have a stroke.
fn frames_with(open: &OpenFilm, stroke_id: &str) -> Vec<u32> {
    let id = format!("\"{stroke_id}\"");
    let has = |n: &u32| {
        let path = open
            .folder
            .frame(Layer::Axis, open.film.cut_id(Frame(*n)), Frame(*n));
        fs::read_to_string(path).is_ok_and(|text| text.contains(&id))
    };
    (1..=open.spec.frame_count).filter(has).take(8).collect()
}

/// Takes the last change back.
pub(super) fn undo(context: &Context, film: PathBuf, render: Option<&WorkArgs>) -> Result<(), StudioError> {
    let folder = FilmFolder::open(film)?;
    let Some(last) = history(&folder)?.pop() else {
        return Err(StudioError::Input("there is no change to take back".into()));
    };
    let bytes = fs::read(&last).map_err(StudioError::io("read", &last))?;
    read_json::<Control>(&bytes, CONTROL_SCHEMA).map_err(|e| StudioError::Artefact {
        path: last.clone(),
        message: e.to_string(),
    })?;
    let path = folder.path("control.json");
    folder::write(&path, &bytes).map_err(StudioError::io("write", path))?;
    fs::remove_file(&last).map_err(StudioError::io("remove", &last))?;
    render_or_tell(context, &folder, render)
}

/// Earlier controls, oldest first.
fn history(folder: &FilmFolder) -> Result<Vec<PathBuf>, StudioError> {
    let path = folder.path("store/history");
    if !path.is_dir() {
        return Ok(Vec::new());
    }
    let entries = fs::read_dir(&path).map_err(StudioError::io("read", &path))?;
    let mut list: Vec<PathBuf> = entries.flatten().map(|e| e.path()).collect();
    list.sort();
    Ok(list)
}

/// Keeps the old control, writes the new one, says what is stale or renders it.
fn apply(
    context: &Context,
    folder: &FilmFolder,
    control: &Control,
    render: Option<&WorkArgs>,
) -> Result<(), StudioError> {
    let number = history(folder)?
        .last()
        .and_then(|p| p.file_stem()?.to_str()?.parse::<u32>().ok())
        .unwrap_or(0)
        + 1;
    folder.write_json(&format!("store/history/{number:06}.json"), &folder.control()?)?;
    folder.write_json("control.json", control)?;
    render_or_tell(context, folder, render)
}

fn render_or_tell(
    context: &Context,
    folder: &FilmFolder,
    render: Option<&WorkArgs>,
) -> Result<(), StudioError> {
    let open = open(folder.root().into())?;
    if let Some(work) = render {
        return make::finish(context, &open, work);
    }
    let stale = Stale::of(&open);
    context.say(stale.words(context.lang), &stale.json())
}
