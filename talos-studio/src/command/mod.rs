//! The verbs, a file for each group.

mod change;
mod inspect;
mod make;
mod verify;

use std::{
    ops::RangeInclusive,
    path::PathBuf,
    sync::{Arc, atomic::AtomicBool},
};

use clap::CommandFactory;
use talos_core::{artefact::CutSpec, stage::Film};

use crate::{
    cli::{Cli, LangArg, StoreVerb, Verb, WorkArgs},
    error::StudioError,
    film_folder::FilmFolder,
    lang::Lang,
};

/// What every verb is given.
pub struct Context {
    /// Language of messages.
    pub lang: Lang,
    /// Results as JSON.
    pub json: bool,
    /// Set by Ctrl-C.
    pub stop: Arc<AtomicBool>,
}

impl Context {
    /// Context of a command line: language from the option, else the terminal.
    #[must_use]
    pub fn new(cli: &Cli, stop: Arc<AtomicBool>) -> Self {
        let lang = match cli.lang {
            Some(LangArg::En) => Lang::En,
            Some(LangArg::Ko) => Lang::Ko,
            None => {
                Lang::of_terminal(&["LC_ALL", "LC_MESSAGES", "LANG"].map(|name| std::env::var(name).ok()))
            }
        };
        Self {
            lang,
            json: cli.json,
            stop,
        }
    }

    /// Prints a result: one line for a person, or JSON.
    fn say(&self, words: impl std::fmt::Display, value: &serde_json::Value) {
        if self.json {
            print_line(value);
        } else {
            print_line(&words);
        }
    }
}

/// Prints a line of results. A reader that has gone away (`talos params FILM | head`) is no error.
fn print_line(line: &(impl std::fmt::Display + ?Sized)) {
    use std::io::Write;
    let _ = writeln!(std::io::stdout().lock(), "{line}");
}

/// Does what a command line asks.
///
/// # Errors
/// See [`StudioError`].
pub fn run(cli: Cli, context: &Context) -> Result<(), StudioError> {
    match cli.verb {
        Verb::Make {
            prompt,
            direct,
            out,
            work,
        } => make::make(context, &prompt, &direct, out, &work),
        Verb::Direct { prompt, direct, out } => make::direct(context, &prompt, &direct, out),
        Verb::Render { film, work } => make::render(context, film, &work),
        Verb::Draw { film, work } => make::draw(context, film, &work),
        Verb::Simulate { film, work } => make::simulate(context, film, &work),
        Verb::Light { film, work } => make::render(context, film, &work),
        Verb::Encode { film } => make::encode(context, film),
        Verb::Color { lines, style, work } => change::color(context, lines, &style, &work),
        Verb::Set {
            film,
            assignment,
            render,
            work,
        } => change::set(context, film, &assignment, render, &work),
        Verb::Edit {
            film,
            stroke,
            delta_curvature,
            delta_pressure,
            render,
            work,
        } => {
            let delta = change::Delta {
                curvature: delta_curvature,
                pressure: delta_pressure,
            };
            change::edit(context, film, stroke, &delta, render, &work)
        }
        Verb::Undo { film } => change::undo(context, film),
        Verb::Diff { film } => inspect::diff(context, film),
        Verb::Params { film, filter } => inspect::params(context, film, filter.as_deref()),
        Verb::Verify { film, work } => verify::verify(context, film, &work),
        Verb::Schema { name } => inspect::schema(context, name.as_deref()),
        Verb::Styles => inspect::styles(context),
        Verb::Store {
            what: StoreVerb::Check { film },
        } => inspect::check_store(context, film),
        Verb::Completions { shell } => {
            clap_complete::generate(shell, &mut Cli::command(), "talos", &mut std::io::stdout());
            Ok(())
        }
    }
}

/// A film opened for work.
struct OpenFilm {
    folder: FilmFolder,
    film: Film,
    spec: CutSpec,
}

/// Opens a film's folder and assembles the film, its control laid over.
fn open(path: PathBuf) -> Result<OpenFilm, StudioError> {
    let folder = FilmFolder::open(path)?;
    assemble(folder)
}

fn assemble(folder: FilmFolder) -> Result<OpenFilm, StudioError> {
    let spec = folder.spec()?;
    let control = folder.control()?;
    let assets = make::read_assets(&folder)?;
    let film = Film::new(&spec, &control, &assets).map_err(|e| StudioError::Artefact {
        path: folder.path("prism/cut_spec.json"),
        message: e.to_string(),
    })?;
    Ok(OpenFilm { folder, film, spec })
}

/// Threads to work with.
fn pool(work: &WorkArgs) -> Result<rayon::ThreadPool, StudioError> {
    if work.threads == Some(0) {
        return Err(StudioError::Input(
            "--threads 0: at least one thread is needed".into(),
        ));
    }
    rayon::ThreadPoolBuilder::new()
        .num_threads(work.threads.unwrap_or(0))
        .build()
        .map_err(|e| StudioError::Input(format!("--threads: {e}")))
}

/// `--frames A-B` inside a film; all of it when absent.
fn frames(work: &WorkArgs, spec: &CutSpec) -> Result<RangeInclusive<u32>, StudioError> {
    let Some(text) = &work.frames else {
        return Ok(1..=spec.frame_count);
    };
    let refuse = || {
        StudioError::Input(format!(
            "--frames {text}: write one frame (42) or a range (24-47) within 1-{}",
            spec.frame_count
        ))
    };
    let (first, last) = text.split_once('-').unwrap_or((text, text));
    let parse = |part: &str| part.trim().parse::<u32>().map_err(|_| refuse());
    let (first, last) = (parse(first)?, parse(last)?);
    if first < 1 || first > last || last > spec.frame_count {
        return Err(refuse());
    }
    Ok(first..=last)
}
