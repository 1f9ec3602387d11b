//! `audit`: how well a film's lines lie on its scene, judged anew by rays, on one page with pictures.

use std::{
    fmt::Write as _,
    path::{Path, PathBuf},
    sync::atomic::Ordering,
};

use serde_json::{Value, json};
use talos_core::{
    artefact::Lines,
    format::{
        lines_png::{self, Tones},
        png,
    },
    image::Picture,
    math::DVec2,
    stroke::Audit,
    time::Frame,
};

use super::{
    Context, OpenFilm,
    exchange::{draw, drawn, refused},
    frames, open,
};
use crate::{cli::WorkArgs, error::StudioError, folder, progress::Progress};

/// Frames that are judged where none are named: a page of them can be looked at.
const FRAMES: u32 = 5;

/// Drawn where nothing of its type is seen.
const WRONG: [u8; 3] = [220, 0, 0];

/// Seen and not drawn.
const MISSED: [u8; 3] = [0, 60, 255];

/// Judges frames of a film and writes the page.
pub(super) fn audit(context: &Context, film: PathBuf, work: &WorkArgs) -> Result<(), StudioError> {
    let open = open(film)?;
    let range = frames(work, &open.spec)?;
    let chosen: Vec<u32> = if work.frames.is_some() {
        range.collect()
    } else {
        let (first, last) = (*range.start(), *range.end());
        let mut spread: Vec<u32> = (0..FRAMES)
            .map(|k| first + (last - first) * k / (FRAMES - 1))
            .collect();
        spread.dedup();
        spread
    };
    let place = open.folder.path("axis").join("audit");
    let bar = Progress::new("audit", chosen.len() as u64, context.lang);
    let (mut page, mut list) = (String::new(), Vec::new());
    for frame in chosen.into_iter().map(Frame) {
        if context.stop.load(Ordering::Relaxed) {
            return Err(StudioError::Interrupted);
        }
        draw(context, &open, frame.0..=frame.0, work)?;
        let lines = drawn(&open, frame)?;
        let judged = open.film.audit(&open.film.prepare(frame), &lines);
        let name = format!("frame_{:04}.png", frame.0);
        write(&place.join(&name), &picture(&open, &lines, &judged)?)?;
        section(&mut page, &lines, &judged, &name);
        list.push(figures(&lines, &judged));
        bar.step();
    }
    let value = json!({ "schema": "audit/1", "frames": list });
    write(&place.join("audit.json"), value.to_string().as_bytes())?;
    write(&place.join("index.html"), document(&page).as_bytes())?;
    let words = format!(
        "{} frames judged: {}",
        list.len(),
        place.join("index.html").display()
    );
    context.say(words, &value)
}

fn write(path: &Path, bytes: &[u8]) -> Result<(), StudioError> {
    if let Some(parent) = path.parent() {
        std::fs::create_dir_all(parent).map_err(StudioError::io("write", parent))?;
    }
    folder::write(path, bytes).map_err(StudioError::io("write", path))
}

/// A frame's figures for programs.
fn figures(lines: &Lines, judged: &Audit) -> Value {
    let types: serde_json::Map<String, Value> = judged
        .types
        .iter()
        .map(|(kind, found)| {
            let value = json!({
                "precision": found.precision(), "recall": found.recall(),
                "drawn_px": found.drawn_px, "seen_px": found.seen_px,
            });
            ((*kind).to_owned(), value)
        })
        .collect();
    json!({ "frame": lines.frame, "cut_id": lines.cut_id, "quality": lines.quality, "types": types })
}

/// The lines in grey, with what is wrong in red and what is missed in blue.
fn picture(open: &OpenFilm, lines: &Lines, judged: &Audit) -> Result<Vec<u8>, StudioError> {
    let frame = Frame(lines.frame);
    let ink = |layer: &str| open.film.ink_style(layer, frame, None);
    let mut picture =
        lines_png::picture(lines, &ink, Tones::BlackOnWhite, 1.0, open.film.seed()).map_err(refused)?;
    let size = picture.size();
    for y in 0..size.height {
        for x in 0..size.width {
            let color = picture
                .rgb_at(x, y)
                .map(|v| 150 + (u16::from(v) * 105 / 255) as u8);
            picture.set_rgb(x, y, color);
        }
    }
    dots(&mut picture, &judged.missed, MISSED);
    dots(&mut picture, &judged.wrong, WRONG);
    png::encode(&picture, &open.film.provenance(frame, &lines.digest())).map_err(refused)
}

fn dots(picture: &mut Picture, places: &[DVec2], color: [u8; 3]) {
    let size = picture.size();
    for place in places {
        for (dx, dy) in [(0, 0), (1, 0), (0, 1), (1, 1)] {
            let (x, y) = (place.x as u32 + dx, place.y as u32 + dy);
            if x < size.width && y < size.height {
                picture.set_rgb(x, y, color);
            }
        }
    }
}

/// A frame's part of the page.
fn section(page: &mut String, lines: &Lines, judged: &Audit, picture: &str) {
    let quality = &lines.quality;
    let _ = write!(
        page,
        "<section><h2>{} · {}</h2><p>{} strokes, {} segments; reprojection at most {} px; 99 % within {} px of the \
         surface; mean |n·v| of contours {}; {} pieces rejected.</p>\
         <table><tr><th>type</th><th>precision</th><th>recall</th><th>drawn, px</th><th>seen, px</th></tr>",
        lines.frame,
        lines.cut_id,
        quality.strokes,
        quality.segments,
        quality.reprojection_max_px,
        quality.surface_p99_px,
        quality.facing_mean,
        quality.rejected.len(),
    );
    for (kind, found) in &judged.types {
        let _ = write!(
            page,
            "<tr><td>{kind}</td><td>{:.3}</td><td>{:.3}</td><td>{:.0}</td><td>{:.0}</td></tr>",
            found.precision(),
            found.recall(),
            found.drawn_px,
            found.seen_px
        );
    }
    let _ = write!(
        page,
        "</table><img src=\"{picture}\" alt=\"frame {}\"></section>",
        lines.frame
    );
}

fn document(sections: &str) -> String {
    format!(
        "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>Lines</title><style>\
         body{{font:15px/1.5 sans-serif;max-width:1100px;margin:2em auto;padding:0 1em}}img{{width:100%;border:1px solid #ccc}}\
         td,th{{padding:.1em .8em;text-align:right}}td:first-child,th:first-child{{text-align:left}}</style>\
         <h1>Lines against rays</h1><p>Red: drawn where no feature of its type is seen within a pixel. Blue: seen for 14 px \
         and more, and not drawn. Lines that a hand has edited count as drawn.</p>{sections}</html>\n"
    )
}
