//! `export` and `import`: lines for other programs, and back.

use std::{
    fs,
    io::Read,
    ops::RangeInclusive,
    path::{Path, PathBuf},
    sync::atomic::Ordering,
};

use serde_json::json;
use talos_core::{
    artefact::{LineChange, LineDifference, Lines, StyleProfile, differences},
    format::{
        lines_png::{self, Tones},
        lottie::Lottie,
        png,
        svg::{self, SvgDrawing, SvgError, SvgInk, SvgNote, SvgNoteKind},
    },
    time::Frame,
};

use super::{Context, OpenFilm, Tools, frames, make, open};
use crate::{
    cli::{ExportArgs, ExportFormat, WorkArgs},
    error::StudioError,
    film_folder::Layer,
    folder, korean,
    render::Wanted,
};

/// Bytes of an SVG at most: a little more than the reader takes, so that it is the one to refuse.
const MAX_SVG_BYTES: u64 = (256 << 20) + 1;

/// Writes lines for other programs.
pub(super) fn export(
    context: &Context,
    film: PathBuf,
    format: ExportFormat,
    out: Option<PathBuf>,
    look: &ExportArgs,
    work: &WorkArgs,
) -> Result<(), StudioError> {
    fitting(format, look)?;
    let open = open(film)?;
    let range = frames(work, &open.spec)?;
    let style = match &look.style {
        Some(name) => Some(style(name)?),
        None => None,
    };
    let folder = out.unwrap_or_else(|| open.folder.path("export").join(folder_name(format)));
    draw(context, &open, range.clone(), work)?;
    let exporter = Exporter {
        open: &open,
        style: style.as_ref(),
        look,
    };
    let mut written = 0;
    let mut put = |name: &str, bytes: &[u8]| {
        written += 1;
        lay(&folder.join(name), bytes)
    };
    let mut animation = Lottie::new(open.film.rate(), exporter.srgb());
    for frame in range.map(Frame) {
        if context.stop.load(Ordering::Relaxed) {
            return Err(StudioError::Interrupted);
        }
        let lines = drawn(&open, frame)?;
        let name = format!("frame_{:04}", frame.0);
        match format {
            ExportFormat::Svg => put(&format!("{name}.svg"), exporter.svg(&lines)?.as_bytes())?,
            ExportFormat::LinesPng => put(&format!("{name}.png"), &exporter.png(&lines)?)?,
            ExportFormat::Lottie => animation.add(&lines).map_err(refused)?,
        }
    }
    if format == ExportFormat::Lottie {
        put(
            "lines.lottie.json",
            animation.to_json().map_err(refused)?.as_bytes(),
        )?;
    }
    let words = format!("{written} files written to {}", folder.display());
    context.say(words, &json!({ "files": written, "folder": folder }))
}

pub(super) fn refused(error: impl std::fmt::Display) -> StudioError {
    StudioError::Input(error.to_string())
}

fn style(name: &str) -> Result<StyleProfile, StudioError> {
    StyleProfile::named(&make::style_named(name)?).map_err(refused)
}

fn folder_name(format: ExportFormat) -> &'static str {
    match format {
        ExportFormat::Svg => "svg",
        ExportFormat::Lottie => "lottie",
        ExportFormat::LinesPng => "lines-png",
    }
}

/// Refuses options that the format has no use for.
fn fitting(format: ExportFormat, look: &ExportArgs) -> Result<(), StudioError> {
    let name = folder_name(format);
    let stray = match format {
        _ if look.outlines && format != ExportFormat::Svg => "--outlines",
        _ if look.white_on_black && format != ExportFormat::LinesPng => "--white-on-black",
        _ if look.scale.is_some() && format != ExportFormat::LinesPng => "--scale",
        _ => return Ok(()),
    };
    Err(StudioError::Input(format!(
        "{stray} has no meaning for {name}; leave it out"
    )))
}

/// Draws what is not drawn yet.
pub(super) fn draw(
    context: &Context,
    open: &OpenFilm,
    range: RangeInclusive<u32>,
    work: &WorkArgs,
) -> Result<(), StudioError> {
    let tools = Tools::new(work, open)?;
    tools.job(context, open).run(range, Wanted::Lines, None).map(drop)
}

/// A frame's lines, from their file.
pub(super) fn drawn(open: &OpenFilm, frame: Frame) -> Result<Lines, StudioError> {
    let path = open.folder.frame(Layer::Axis, open.film.cut_id(frame), frame);
    let file = fs::File::open(&path).map_err(StudioError::io("read", &path))?;
    Lines::read(file).map_err(|e| StudioError::Artefact {
        path,
        message: e.to_string(),
    })
}

/// Writes a file; one that holds something else, such as a drawing changed by hand, is not overwritten.
fn lay(path: &Path, bytes: &[u8]) -> Result<(), StudioError> {
    match fs::read(path) {
        Ok(there) if there == bytes => return Ok(()),
        Ok(_) => {
            return Err(StudioError::Occupied {
                path: path.to_owned(),
                holds: "another drawing".into(),
            });
        }
        Err(_) => {}
    }
    folder::write(path, bytes).map_err(StudioError::io("write", path))
}

struct Exporter<'a> {
    open: &'a OpenFilm,
    style: Option<&'a StyleProfile>,
    look: &'a ExportArgs,
}

impl Exporter<'_> {
    fn color(&self) -> &str {
        &self.style.unwrap_or_else(|| self.open.film.style()).ink.color
    }

    /// The ink's colour, each channel in [0, 1].
    fn srgb(&self) -> [f64; 3] {
        let color = self.color();
        let channel = |at: usize| {
            color
                .get(at..at + 2)
                .and_then(|hex| u8::from_str_radix(hex, 16).ok())
        };
        [1, 3, 5].map(|at| f64::from(channel(at).unwrap_or(0)) / 255.0)
    }

    fn svg(&self, lines: &Lines) -> Result<String, StudioError> {
        let frame = Frame(lines.frame);
        let ink = |layer: &str| {
            let style = self.open.film.ink_style(layer, frame, self.style);
            style.seen_through(&lines.camera_projection_matrix)
        };
        let drawn = if self.look.outlines {
            SvgInk::Outlines {
                ink: &ink,
                seed: self.open.film.seed(),
            }
        } else {
            SvgInk::Centres
        };
        svg::write(lines, drawn, self.color()).map_err(refused)
    }

    fn png(&self, lines: &Lines) -> Result<Vec<u8>, StudioError> {
        let frame = Frame(lines.frame);
        let film = &self.open.film;
        let ink = |layer: &str| {
            let style = film.ink_style(layer, frame, self.style);
            style.seen_through(&lines.camera_projection_matrix)
        };
        let tones = if self.look.white_on_black {
            Tones::WhiteOnBlack
        } else {
            Tones::BlackOnWhite
        };
        let scale = self.look.scale.unwrap_or(1.0);
        let picture = lines_png::picture(lines, &ink, tones, scale, film.seed()).map_err(refused)?;
        png::encode(&picture, &film.provenance(frame, &lines.digest())).map_err(refused)
    }
}

/// Reads an SVG and says what it changes.
pub(super) fn import(
    context: &Context,
    film: PathBuf,
    path: &Path,
    frame: Option<u32>,
    out: Option<PathBuf>,
) -> Result<(), StudioError> {
    let open = open(film)?;
    let text = text_of(path)?;
    let wrong = |e: SvgError| StudioError::Artefact {
        path: path.to_owned(),
        message: e.to_string(),
    };
    let frame = match frame {
        Some(frame) => frame,
        None => match svg::read(&text, None) {
            Err(SvgError::NoFrame) => {
                let words = "the SVG does not say which frame it is of; name it with --frame";
                return Err(StudioError::Input(words.into()));
            }
            read => read.map_err(wrong)?.lines.frame,
        },
    };
    let count = open.spec.frame_count;
    if !(1..=count).contains(&frame) {
        let words = format!("frame {frame} is not in the film; it has 1-{count}");
        return Err(StudioError::Input(words));
    }
    draw(context, &open, frame..=frame, &WorkArgs::default())?;
    let film_lines = drawn(&open, Frame(frame))?;
    let drawing = svg::read(&text, Some(&film_lines)).map_err(wrong)?;
    let target = out.unwrap_or_else(|| path.with_extension("lines.json"));
    let mut bytes = Vec::new();
    drawing.lines.write(&mut bytes).map_err(refused)?;
    folder::write(&target, &bytes).map_err(StudioError::io("write", &target))?;
    tell(context, &film_lines, &drawing, &target)
}

fn text_of(path: &Path) -> Result<String, StudioError> {
    let refuse = || StudioError::io("read", path);
    let file = fs::File::open(path).map_err(refuse())?;
    let mut bytes = Vec::new();
    file.take(MAX_SVG_BYTES)
        .read_to_end(&mut bytes)
        .map_err(refuse())?;
    String::from_utf8(bytes).map_err(|e| StudioError::Artefact {
        path: path.to_owned(),
        message: format!("byte {} is not UTF-8", e.utf8_error().valid_up_to()),
    })
}

fn tell(context: &Context, before: &Lines, drawing: &SvgDrawing, target: &Path) -> Result<(), StudioError> {
    let found = differences(before, &drawing.lines);
    for note in &drawing.notes {
        context.remark(&note_words(note));
    }
    let after = drawing.lines.lines.len();
    let changed = found.iter().filter(|d| d.change != LineChange::Removed).count();
    let words: Vec<String> = found
        .iter()
        .map(difference_words)
        .chain([format!(
            "{} strokes of {after} are as they were; the drawing is in {}",
            after - changed,
            target.display()
        )])
        .map(|line| korean::in_language(&line, context.lang).into_owned())
        .collect();
    let notes: Vec<String> = drawing.notes.iter().map(note_words).collect();
    context.say(
        words.join("\n"),
        &json!({ "differences": found, "notes": notes, "unchanged": after - changed, "lines": target }),
    )
}

fn difference_words(difference: &LineDifference) -> String {
    let id = &difference.stroke_id;
    match &difference.change {
        LineChange::Added => format!("{id}: new"),
        LineChange::Removed => format!("{id}: gone"),
        LineChange::Moved { worst_px } => format!("{id}: moved by up to {worst_px} px"),
        LineChange::Changed { keys } => format!("{id}: changed in {}", keys.join(", ")),
    }
}

fn note_words(note: &SvgNote) -> String {
    let what = match note.what {
        SvgNoteKind::LeftOut => "left out: only paths and basic shapes are read; make a path of it",
        SvgNoteKind::Hidden => "left out: it is hidden",
        SvgNoteKind::OutlineChanged => {
            "the outline of its ink was changed, which is not read; change the line inside it"
        }
        SvgNoteKind::Divided => "its path has several pieces; each became a stroke",
        SvgNoteKind::Renamed => "its id is taken; it got a new name",
        _ => "not read as it stands",
    };
    format!("SVG line {}, {}: {what}", note.line, note.element)
}
