//! `set`, `color`, `undo`: changes to `control.json`, each of which can be taken back.

use std::{fs, path::PathBuf};

use serde_json::Value;
use talos_core::artefact::Control;

use super::{Context, inspect::Stale, make, open};
use crate::{cli::WorkArgs, error::StudioError, film_folder::FilmFolder, folder};

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

/// Takes the last change back.
pub(super) fn undo(context: &Context, film: PathBuf, render: Option<&WorkArgs>) -> Result<(), StudioError> {
    let folder = FilmFolder::open(film)?;
    let Some(last) = history(&folder)?.pop() else {
        return Err(StudioError::Input("there is no change to take back".into()));
    };
    let bytes = fs::read(&last).map_err(StudioError::io("read", &last))?;
    Control::from_json(&bytes).map_err(|e| StudioError::Artefact {
        path: last.clone(),
        message: e.to_string(),
    })?;
    let path = folder.path("control.json");
    folder::write(&path, &bytes).map_err(StudioError::io("write", path))?;
    fs::remove_file(&last).map_err(StudioError::io("remove", &last))?;
    render_or_tell(context, &folder, render)
}

/// Takes one edit out; that is a change which can be taken back itself.
pub(super) fn take_back(
    context: &Context,
    film: PathBuf,
    id: &str,
    render: Option<&WorkArgs>,
) -> Result<(), StudioError> {
    let folder = FilmFolder::open(film)?;
    let mut control = folder.control()?;
    control
        .take_back(id)
        .map_err(|e| StudioError::Input(e.to_string()))?;
    apply(context, &folder, &control, render)
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
pub(super) fn apply(
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
    // the very bytes, so that undo gives them back
    let (path, kept) = (
        folder.path("control.json"),
        format!("store/history/{number:06}.json"),
    );
    if path.is_file() {
        let bytes = fs::read(&path).map_err(StudioError::io("read", &path))?;
        let kept = folder.path(&kept);
        folder::write(&kept, &bytes).map_err(StudioError::io("write", kept))?;
    } else {
        folder.write_json(&kept, &Control::default())?;
    }
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
