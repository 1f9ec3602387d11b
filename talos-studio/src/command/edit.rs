//! `edit`, `edits`, `merge`: strokes changed by hand.

use std::{fs, ops::RangeInclusive, path::Path, path::PathBuf};

use serde_json::{Value, json};
use talos_core::{
    artefact::{Change, Control, Edit, Finding, Lines, MergeRule, Retime, Target, nearest},
    math::DVec2,
    stage::{EditOutcome, edit_findings, strokes_meant},
    time::Frame,
};

use super::{Context, OpenFilm, Tools, change::apply, frames, open, print_line};
use crate::{
    cli::{ChangeArgs, TargetArgs, WorkArgs},
    error::StudioError,
    film_folder::{FilmFolder, Layer},
    korean,
    render::{Wanted, read_lines},
};

/// What `edit` is asked for.
pub(super) struct Asked {
    pub(super) target: TargetArgs,
    pub(super) change: ChangeArgs,
    pub(super) ease: u32,
}

fn refused(error: impl std::fmt::Display) -> StudioError {
    StudioError::Input(error.to_string())
}

/// Changes strokes.
pub(super) fn edit(
    context: &Context,
    film: PathBuf,
    asked: &Asked,
    render: bool,
    work: &WorkArgs,
) -> Result<(), StudioError> {
    let open = open(film)?;
    let range = frames(work, &open.spec)?;
    let at = Frame(asked.change.at.unwrap_or(*range.start()));
    if at.0 < 1 || at.0 > open.spec.frame_count {
        return Err(StudioError::Input(format!(
            "--at {}: write a frame within 1-{}",
            at.0, open.spec.frame_count
        )));
    }
    let edit = match &asked.change.add {
        Some(shape) => {
            one_change(&asked.change)?;
            let (target, change) = added(&open, asked, shape, at)?;
            Edit::new(target, range, change)
        }
        None => found(context, &open, asked, at, range)?,
    };
    let edit = edit.eased(asked.ease);
    let mut control = open.folder.control()?;
    control.edit(&open.spec, edit).map_err(refused)?;
    apply(context, &open.folder, &control, render.then_some(work))
}

/// A new line's target and change.
fn added(open: &OpenFilm, asked: &Asked, shape: &str, at: Frame) -> Result<(Target, Change), StudioError> {
    let target = &asked.target;
    if target.stroke.is_some()
        || target.layer.is_some()
        || target.style_class.is_some()
        || target.kind.is_some()
    {
        let words = "--add: name a --subject, or none to take whoever is at the first pixel";
        return Err(StudioError::Input(words.into()));
    }
    let shape = pixels("--add", shape)?;
    let prepared = open.film.prepare(at);
    open.film
        .added(&prepared, target.subject.as_deref(), &shape)
        .map_err(refused)
}

/// An edit of strokes that are there.
fn found(
    context: &Context,
    open: &OpenFilm,
    asked: &Asked,
    at: Frame,
    range: RangeInclusive<u32>,
) -> Result<Edit, StudioError> {
    let target = target_of(&asked.target)?;
    let redraws = asked.change.redraw.is_some();
    let frame = if redraws { at } else { Frame(*range.start()) };
    let lines = lines_of(context, open, frame, redraws)?;
    match &target.stroke_id {
        Some(id) => find_stroke(open, &lines, id)?,
        None => find_any(open, &lines, &target)?,
    }
    let change = change_of(open, &asked.change, &target, &lines)?;
    let stroke = target.stroke_id.as_deref();
    let anchor = stroke.and_then(|id| open.film.anchor(&lines, id));
    Ok(Edit {
        anchor,
        ..Edit::new(target, range, change)
    })
}

/// The target that the options name.
fn target_of(args: &TargetArgs) -> Result<Target, StudioError> {
    let style_class = match &args.style_class {
        None => None,
        Some(word) => Some(serde_json::from_value(Value::from(word.as_str())).map_err(|_| {
            StudioError::Input(format!(
                "--style-class {word}: choose one of contour, crease, border, mark, detail"
            ))
        })?),
    };
    let target = Target {
        stroke_id: args.stroke.clone(),
        subject: args.subject.clone(),
        layer: args.layer.clone(),
        style_class,
        kind: args.kind.clone(),
    };
    let query = Target {
        stroke_id: None,
        ..target.clone()
    } != Target::default();
    if target.stroke_id.is_some() == query {
        let words = "say which strokes: --stroke ID, or some of --subject, --layer, --style-class and --kind";
        return Err(StudioError::Input(words.into()));
    }
    Ok(target)
}

/// Makes sure that one kind of change is asked for.
fn one_change(args: &ChangeArgs) -> Result<(), StudioError> {
    let kinds = [
        args.delta_curvature.is_some() || args.delta_pressure.is_some(),
        args.width.is_some(),
        args.move_by.is_some(),
        args.redraw.is_some(),
        args.add.is_some(),
        args.delete,
        args.retime.is_some(),
    ];
    if kinds.into_iter().filter(|asked| *asked).count() == 1 {
        return Ok(());
    }
    let words = "say one change: --delta-curvature and --delta-pressure, --width, --move, --redraw, --add, --delete \
                 or --retime";
    Err(StudioError::Input(words.into()))
}

fn change_of(
    open: &OpenFilm,
    args: &ChangeArgs,
    target: &Target,
    lines: &Lines,
) -> Result<Change, StudioError> {
    one_change(args)?;
    if let Some(factor) = args.width {
        return Ok(Change::Width { factor });
    }
    if let Some(text) = &args.move_by {
        let numbers: Option<Vec<f64>> = text.split(',').map(|n| n.trim().parse().ok()).collect();
        let Some([along, across, towards]) = numbers.and_then(|n| <[f64; 3]>::try_from(n).ok()) else {
            let words = format!("--move {text}: write ALONG,ACROSS,TOWARDS, e.g. 0,0.1,0");
            return Err(StudioError::Input(words));
        };
        return Ok(Change::Move {
            along,
            across,
            towards,
        });
    }
    if let Some(text) = &args.redraw {
        let shape = pixels("--redraw", text)?;
        let Some(id) = &target.stroke_id else {
            let words = "--redraw: one shape is drawn for one stroke; name it with --stroke";
            return Err(StudioError::Input(words.into()));
        };
        return open.film.redrawn(lines, id, &shape).map_err(refused);
    }
    if args.delete {
        return Ok(Change::Delete {});
    }
    if let Some(text) = &args.retime {
        return retime(text).map(Change::Retime);
    }
    Ok(Change::Bend {
        delta_curvature: args.delta_curvature.unwrap_or(0.0),
        delta_pressure: args.delta_pressure.unwrap_or(0.0),
    })
}

/// `twos`, `threes`, `+2`, `-3`.
fn retime(text: &str) -> Result<Retime, StudioError> {
    let shift = || text.parse::<i32>().ok().filter(|_| text.starts_with(['+', '-']));
    match text {
        "twos" => Ok(Retime::Hold(2)),
        "threes" => Ok(Retime::Hold(3)),
        "fours" => Ok(Retime::Hold(4)),
        _ => shift().map(Retime::Shift).ok_or_else(|| {
            StudioError::Input(format!(
                "--retime {text}: write twos, threes or fours, or +2 for two frames later, -2 for two earlier"
            ))
        }),
    }
}

/// `"x,y x,y …"` → pixels.
fn pixels(option: &str, text: &str) -> Result<Vec<DVec2>, StudioError> {
    let pixel = |pair: &str| {
        let (x, y) = pair.split_once(',')?;
        let number = |text: &str| text.trim().parse::<f64>().ok().filter(|v| v.abs() < 1e6);
        Some(DVec2::new(number(x)?, number(y)?))
    };
    let list: Option<Vec<DVec2>> = text.split_whitespace().map(pixel).collect();
    list.filter(|l| (2..=1000).contains(&l.len())).ok_or_else(|| {
        let short: String = text.chars().take(60).collect();
        StudioError::Input(format!(
            "{option} {short}: write 2 to 1000 pixels as \"x,y x,y …\", e.g. \"120,80 140,76 160,80\""
        ))
    })
}

/// A frame's lines; drawn first when they are not there yet, or (`fresh`) when they are stale.
fn lines_of(context: &Context, open: &OpenFilm, frame: Frame, fresh: bool) -> Result<Lines, StudioError> {
    let path = open.folder.frame(Layer::Axis, open.film.cut_id(frame), frame);
    if fresh || !path.is_file() {
        let tools = Tools::new(&WorkArgs::default(), open)?;
        tools
            .job(context, open)
            .run(frame.0..=frame.0, Wanted::Lines, None)?;
    }
    let bytes = fs::read(&path).map_err(StudioError::io("read", &path))?;
    Lines::from_json(&String::from_utf8_lossy(&bytes)).map_err(|e| StudioError::Artefact {
        path,
        message: e.to_string(),
    })
}

/// Makes sure that a stroke is in a frame.
fn find_stroke(open: &OpenFilm, lines: &Lines, stroke_id: &str) -> Result<(), StudioError> {
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
        lines.frame
    )))
}

/// Makes sure that something fits.
fn find_any(open: &OpenFilm, lines: &Lines, target: &Target) -> Result<(), StudioError> {
    if !strokes_meant(target, lines).is_empty() {
        return Ok(());
    }
    let cast: Vec<&str> = open.spec.cast.iter().map(|m| m.id.as_str()).collect();
    if let Some(subject) = target.subject.as_deref().filter(|s| !cast.contains(s)) {
        let near = nearest(subject, cast.iter().copied()).join(", ");
        return Err(StudioError::Input(format!(
            "no subject `{subject}` in frame {}; nearest: {near}",
            lines.frame
        )));
    }
    Err(StudioError::Input(format!(
        "no stroke of frame {} fits {target}; its layers: {}",
        lines.frame,
        lines.layers.join(", ")
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

/// What became of the edits in those frames whose drawing is stored.
fn outcomes(open: &OpenFilm, control: &Control, frames: RangeInclusive<u32>) -> Vec<(u32, EditOutcome)> {
    let store = open.folder.store();
    let touched = |n: &u32| {
        let cut = open.film.frames_of_cut(Frame(*n));
        !control.edits_at(*n, &cut).is_empty()
    };
    let drawing = |n: u32| read_lines(&store, &open.film.keys(Frame(n)).drawing);
    frames
        .filter(touched)
        .filter_map(|n| Some((n, drawing(n)?)))
        .flat_map(|(n, lines)| open.film.edit_outcomes(&lines).into_iter().map(move |o| (n, o)))
        .collect()
}

/// Edits of these frames that wait or were found under another id.
pub(super) fn findings(open: &OpenFilm, frames: RangeInclusive<u32>) -> Vec<Finding> {
    let Ok(control) = open.folder.control() else {
        return Vec::new();
    };
    if control.edits.is_empty() {
        return Vec::new();
    }
    edit_findings(&control.edits, &outcomes(open, &control, frames))
}

/// Lists the edits.
pub(super) fn edits(context: &Context, film: PathBuf) -> Result<(), StudioError> {
    let open = open(film)?;
    let control = open.folder.control()?;
    let outcomes = outcomes(&open, &control, 1..=open.spec.frame_count);
    let found = edit_findings(&control.edits, &outcomes);
    let of = |edit: &Edit| -> Vec<&Finding> {
        let text = format!("{} {}", edit.id, edit.target);
        found.iter().filter(|f| f.text == text).collect()
    };
    let drawn = |edit: &Edit| outcomes.iter().filter(|(_, o)| o.edit == edit.id).count();
    let mut sorted: Vec<&Edit> = control.edits.iter().collect();
    sorted.sort_by_key(|e| e.number());
    if context.json {
        let row = |edit: &&Edit| json!({ "edit": edit, "change": edit.change.name(), "frames_drawn": drawn(edit), "findings": of(edit) });
        return print_line(&json!(sorted.iter().map(row).collect::<Vec<_>>()));
    }
    if sorted.is_empty() {
        return context.say("no stroke is edited", &Value::Null);
    }
    for edit in sorted {
        let say = |text: &str| korean::in_language(text, context.lang).into_owned();
        let ease = match edit.ease_in.max(edit.ease_out) {
            0 => String::new(),
            frames => format!(" ± {frames}"),
        };
        let state: Vec<String> = match (of(edit).as_slice(), drawn(edit)) {
            (_, 0) => vec![say("its frames are not drawn yet")],
            ([], _) => vec![say("it finds its strokes")],
            (findings, _) => findings.iter().map(|f| say(&f.message)).collect(),
        };
        print_line(&format!(
            "{}  {}  {}-{}{ease}  {}  ({})",
            edit.id,
            edit.target,
            edit.first_frame,
            edit.last_frame,
            say(&edit.change.to_string()),
            state.join("; ")
        ))?;
    }
    Ok(())
}

/// The rule that the options name.
pub(super) fn rule(ours: bool, theirs: bool) -> MergeRule {
    match (ours, theirs) {
        (true, _) => MergeRule::Ours,
        (_, true) => MergeRule::Theirs,
        _ => MergeRule::Refuse,
    }
}

/// Takes in another control's changes.
pub(super) fn merge(
    context: &Context,
    film: PathBuf,
    other: &Path,
    rule: MergeRule,
    render: Option<&WorkArgs>,
) -> Result<(), StudioError> {
    let folder = FilmFolder::open(film)?;
    let path = if other.is_dir() {
        other.join("control.json")
    } else {
        other.to_owned()
    };
    let bad = |message: String| StudioError::Artefact {
        path: path.clone(),
        message,
    };
    let bytes = fs::read(&path).map_err(StudioError::io("read", &path))?;
    let theirs = Control::from_json(&bytes).map_err(|e| bad(e.to_string()))?;
    let spec = folder.spec()?;
    if let Some(misfit) = theirs.misfit(&spec) {
        return Err(bad(format!("/overrides: {misfit}")));
    }
    let beyond = theirs.edits.iter().position(|e| e.last_frame > spec.frame_count);
    if let Some(i) = beyond {
        let (edit, last) = (&theirs.edits[i], spec.frame_count);
        return Err(bad(format!(
            "/edits/{i}: frames {}-{} are not in the film; it has 1-{last}",
            edit.first_frame, edit.last_frame
        )));
    }
    let ours = folder.control()?;
    let merged = ours.merged(&theirs, rule).map_err(|conflicts| {
        let rows: Vec<String> = conflicts
            .iter()
            .map(|c| format!("{}: {} | {}", c.what, c.ours, c.theirs))
            .collect();
        StudioError::Input(format!(
            "here and there want different things: {}; give --ours or --theirs",
            rows.join("; ")
        ))
    })?;
    if merged == ours {
        return context.say("nothing new comes", &json!({ "merged": false }));
    }
    apply(context, &folder, &merged, render)
}
