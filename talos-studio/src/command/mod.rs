//! The verbs, a file for each group.

mod audit;
mod change;
mod edit;
mod exchange;
mod inspect;
mod keep;
mod make;
mod verify;

use std::{
    ops::RangeInclusive,
    path::PathBuf,
    sync::{Arc, atomic::AtomicBool},
};

use clap::CommandFactory;
use talos_core::{
    artefact::{CutSpec, Finding, Status},
    stage::Film,
};

use crate::{
    cli::{Cli, LangArg, StoreVerb, Verb, WorkArgs},
    error::StudioError,
    film_folder::{FilmFolder, FilmLock},
    korean,
    lang::Lang,
    render::Job,
    report::Stopwatch,
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
            None => Lang::of_environment(),
        };
        Self {
            lang,
            json: cli.json,
            stop,
        }
    }

    /// Prints a result: one line for a person, or JSON.
    fn say(&self, words: impl std::fmt::Display, value: &serde_json::Value) -> Result<(), StudioError> {
        if self.json {
            print_line(value)
        } else {
            print_line(&korean::in_language(&words.to_string(), self.lang))
        }
    }

    /// Says something beside the results, on standard error.
    fn remark(&self, words: &str) {
        eprintln!("{}", korean::in_language(words, self.lang));
    }

    /// Says what was not done as asked.
    fn tell(&self, findings: &[Finding]) {
        for finding in findings {
            eprintln!("{}", finding_words(finding, self.lang));
        }
    }
}

fn finding_words(finding: &Finding, lang: Lang) -> String {
    let mark = match finding.status {
        Status::Passed => lang.pick("note", "참고"),
        _ => lang.pick("degraded", "제한됨"),
    };
    let place = if finding.end > finding.start {
        format!(" ({}–{})", finding.start, finding.end)
    } else {
        String::new()
    };
    let nearest = if finding.nearest.is_empty() {
        String::new()
    } else {
        format!(" [{}]", finding.nearest.join(", "))
    };
    let text = if finding.text.is_empty() {
        String::new()
    } else {
        format!("{}{place}: ", finding.text)
    };
    let message = korean::in_language(&finding.message, lang);
    format!("{mark}: {text}{message}{nearest}")
}

/// What one run works with: threads, a stopwatch, and the film kept from pruning meanwhile.
struct Tools {
    pool: rayon::ThreadPool,
    watch: Stopwatch,
    _lock: FilmLock,
}

impl Tools {
    fn new(work: &WorkArgs, open: &OpenFilm) -> Result<Self, StudioError> {
        Ok(Self {
            pool: pool(work)?,
            watch: Stopwatch::default(),
            _lock: open.folder.lock_for_work()?,
        })
    }

    fn job<'a>(&'a self, context: &'a Context, open: &'a OpenFilm) -> Job<'a> {
        Job {
            folder: &open.folder,
            film: &open.film,
            pool: &self.pool,
            lang: context.lang,
            stop: &context.stop,
            watch: &self.watch,
        }
    }
}

/// Prints a line of results. A reader that has gone away (`talos params FILM | head`) is no error.
fn print_line(line: &(impl std::fmt::Display + ?Sized)) -> Result<(), StudioError> {
    use std::io::Write;
    match writeln!(std::io::stdout().lock(), "{line}") {
        Err(e) if e.kind() != std::io::ErrorKind::BrokenPipe => {
            Err(StudioError::io("write", "standard output")(e))
        }
        _ => Ok(()),
    }
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
        Verb::Light { film, work } => make::light(context, film, &work),
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
            target,
            change,
            ease,
            render,
            work,
        } => {
            let asked = edit::Asked { target, change, ease };
            edit::edit(context, film, &asked, render, &work)
        }
        Verb::Edits { film } => edit::edits(context, film),
        Verb::Merge {
            film,
            other,
            ours,
            theirs,
            render,
            work,
        } => edit::merge(
            context,
            film,
            &other,
            edit::rule(ours, theirs),
            render.then_some(&work),
        ),
        Verb::Undo {
            film,
            edit,
            render,
            work,
        } => {
            let render = render.then_some(&work);
            match edit {
                Some(id) => change::take_back(context, film, &id, render),
                None => change::undo(context, film, render),
            }
        }
        Verb::Export {
            film,
            format,
            out,
            look,
            work,
        } => exchange::export(context, film, format, out, &look, &work),
        Verb::Import {
            film,
            svg,
            frame,
            out,
        } => exchange::import(context, film, &svg, frame, out),
        Verb::Diff { film } => inspect::diff(context, film),
        Verb::Params { film, filter } => inspect::params(context, film, filter.as_deref()),
        Verb::Verify { film, work } => verify::verify(context, film, &work),
        Verb::Audit { film, work } => audit::audit(context, film, &work),
        Verb::Schema { name } => inspect::schema(context, name.as_deref()),
        Verb::Styles => inspect::styles(context),
        Verb::Store { what } => match what {
            StoreVerb::Check { film } => keep::check(context, film),
            StoreVerb::Size { film } => keep::size(context, film),
            StoreVerb::Prune { film } => keep::prune(context, film),
        },
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

/// More threads than any machine has cores for only cost memory.
const MOST_THREADS: usize = 1024;

/// Threads to work with.
fn pool(work: &WorkArgs) -> Result<rayon::ThreadPool, StudioError> {
    match work.threads {
        Some(0) => {
            return Err(StudioError::Input(
                "--threads 0: at least one thread is needed".into(),
            ));
        }
        Some(n) if n > MOST_THREADS => {
            return Err(StudioError::Input(format!(
                "--threads {n}: give at most {MOST_THREADS}"
            )));
        }
        _ => {}
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
