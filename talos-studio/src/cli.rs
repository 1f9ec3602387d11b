//! The program's verbs and options.
#![expect(
    missing_docs,
    reason = "flattened groups of options are documented where they are defined"
)]

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

/// Intent → animation, as a computation.
#[derive(Debug, Parser)]
#[command(name = "talos", version, about = "Intent → animation, as a computation", after_help = EXIT_CODES)]
pub struct Cli {
    /// Language of messages; by default the terminal's. Results never depend on it.
    #[arg(long, global = true, value_enum)]
    pub lang: Option<LangArg>,
    /// Print results as JSON on standard output.
    #[arg(long, global = true)]
    pub json: bool,
    /// What to do.
    #[command(subcommand)]
    pub verb: Verb,
}

/// Exit codes, printed below the help.
pub(crate) const EXIT_CODES: &str = "Exit codes: 0 done (also when degraded: the reasons are printed), 2 the words given cannot \
                          be worked with, 3 a file is not valid, 4 the system refused, 5 verify found a difference, \
                          130 interrupted by \
                          Ctrl-C or SIGTERM (run again to go on)";

/// `--lang`.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum LangArg {
    /// English.
    En,
    /// 한국어.
    Ko,
}

/// What the program can do.
#[derive(Debug, Subcommand)]
pub enum Verb {
    /// Prompt → finished film. Resumes the same film; refuses to overwrite another.
    Make {
        /// What to film, in Korean or English.
        prompt: String,
        #[command(flatten)]
        direct: DirectArgs,
        /// Film folder [default: films/PROMPT-SEED].
        #[arg(long)]
        out: Option<PathBuf>,
        #[command(flatten)]
        work: WorkArgs,
    },
    /// Compute what is missing or changed in a film.
    Render {
        /// Film folder.
        film: PathBuf,
        #[command(flatten)]
        work: WorkArgs,
    },
    /// PRISM alone: prompt → cut_spec.json.
    Direct {
        /// What to film, in Korean or English.
        prompt: String,
        #[command(flatten)]
        direct: DirectArgs,
        /// Film folder [default: films/PROMPT-SEED].
        #[arg(long)]
        out: Option<PathBuf>,
    },
    /// AXIS alone: cut_spec.json → lines.
    Draw {
        /// Film folder.
        film: PathBuf,
        #[command(flatten)]
        work: WorkArgs,
    },
    /// Another style on the same drawing: colour, light and picture are made anew, nothing is drawn.
    Color {
        /// Film folder, or its `axis/lines.json`.
        lines: PathBuf,
        /// Style profile; see `talos styles`.
        #[arg(long)]
        style: String,
        #[command(flatten)]
        work: WorkArgs,
    },
    /// STOKES alone: effects, baked and drawn into stokes/.
    Simulate {
        /// Film folder.
        film: PathBuf,
        #[command(flatten)]
        work: WorkArgs,
    },
    /// RAYGEN alone: light, into raygen/.
    Light {
        /// Film folder.
        film: PathBuf,
        #[command(flatten)]
        work: WorkArgs,
    },
    /// Finished pictures → final_video.mp4 and contact_sheet.png.
    Encode {
        /// Film folder.
        film: PathBuf,
    },
    /// Set a parameter: `talos set FILM place/time_of_day=dusk`.
    Set {
        /// Film folder.
        film: PathBuf,
        /// ADDRESS=VALUE; see `talos params`.
        assignment: String,
        /// Render what became stale.
        #[arg(long)]
        render: bool,
        #[command(flatten)]
        work: WorkArgs,
    },
    /// Change strokes in some frames: bend, press, widen, move, redraw, add, delete or retime.
    Edit {
        /// Film folder.
        film: PathBuf,
        #[command(flatten)]
        target: TargetArgs,
        #[command(flatten)]
        change: ChangeArgs,
        /// Frames over which the edit fades in before the first frame and out after the last.
        #[arg(long, default_value_t = 0, allow_negative_numbers = true, value_parser = whole::<u32>)]
        ease: u32,
        /// Render the frames at once (the video is made anew by `talos encode`).
        #[arg(long)]
        render: bool,
        #[command(flatten)]
        work: WorkArgs,
    },
    /// Lines for other programs: SVG, Lottie, pictures of lines alone.
    Export {
        /// Film folder.
        film: PathBuf,
        /// What to write.
        #[arg(long, value_enum)]
        format: ExportFormat,
        /// Folder for the files [default: FILM/export/FORMAT].
        #[arg(long)]
        out: Option<PathBuf>,
        #[command(flatten)]
        look: ExportArgs,
        #[command(flatten)]
        work: WorkArgs,
    },
    /// Lines from an SVG: says which strokes differ from the film's and writes them as lines.json.
    Import {
        /// Film folder.
        film: PathBuf,
        /// SVG of one frame, as `talos export` writes it or drawn by hand.
        svg: PathBuf,
        /// Frame it was drawn for; by default the one the SVG names.
        #[arg(long, allow_negative_numbers = true, value_parser = whole::<u32>)]
        frame: Option<u32>,
        /// Where to write the lines [default: beside the SVG].
        #[arg(long)]
        out: Option<PathBuf>,
    },
    /// The edits of strokes: which, where, what, and whether they find their strokes.
    Edits {
        /// Film folder.
        film: PathBuf,
    },
    /// Take in the changes of another control.json; what both want differently is told.
    Merge {
        /// Film folder.
        film: PathBuf,
        /// The other control.json, or its film folder.
        other: PathBuf,
        /// Where they differ, keep what is here.
        #[arg(long, conflicts_with = "theirs")]
        ours: bool,
        /// Where they differ, take what comes.
        #[arg(long)]
        theirs: bool,
        /// Render what became stale.
        #[arg(long)]
        render: bool,
        #[command(flatten)]
        work: WorkArgs,
    },
    /// Take back the last change (`set`, `color`, `edit`, `merge` or `undo --edit`), or one edit.
    Undo {
        /// Film folder.
        film: PathBuf,
        /// Take this edit out instead, e.g. e3; see `talos edits`.
        #[arg(long)]
        edit: Option<String>,
        /// Render what became stale.
        #[arg(long)]
        render: bool,
        #[command(flatten)]
        work: WorkArgs,
    },
    /// What was changed by hand, and what is stale.
    Diff {
        /// Film folder.
        film: PathBuf,
    },
    /// Every parameter with its value, unit and range.
    Params {
        /// Film folder.
        film: PathBuf,
        /// Only addresses that contain this.
        filter: Option<String>,
    },
    /// Render again in another order and with other thread counts, and compare.
    Verify {
        /// Film folder.
        film: PathBuf,
        #[command(flatten)]
        work: WorkArgs,
    },
    /// Judge the lines by rays: precision, recall and distances, on one page with pictures.
    Audit {
        /// Film folder.
        film: PathBuf,
        #[command(flatten)]
        work: WorkArgs,
    },
    /// Print the JSON Schema of an artefact.
    Schema {
        /// Its name; without one, lists them.
        name: Option<String>,
    },
    /// List the style profiles.
    Styles,
    /// The store of a film: what it holds, and room to free.
    Store {
        /// What to do with it.
        #[command(subcommand)]
        what: StoreVerb,
    },
    /// Print a completion script.
    Completions {
        /// Shell.
        shell: clap_complete::Shell,
    },
}

/// `talos store`.
#[derive(Debug, Subcommand)]
pub enum StoreVerb {
    /// Read everything and compare hashes.
    Check {
        /// Film folder.
        film: PathBuf,
    },
    /// How much room the film takes, and how much of it `prune` would free.
    Size {
        /// Film folder.
        film: PathBuf,
    },
    /// Remove results that the film as it now is does not use. What `undo` goes back to is then computed again.
    Prune {
        /// Film folder.
        film: PathBuf,
    },
}

/// What PRISM is told besides the prompt.
#[derive(Debug, Args)]
pub struct DirectArgs {
    /// Seed of everything random.
    #[arg(long, default_value_t = 1, allow_negative_numbers = true, value_parser = whole::<u64>)]
    pub seed: u64,
    /// Style profile; see `talos styles`. By default the prompt's, else one that fits.
    #[arg(long)]
    pub style: Option<String>,
    /// Frame size, e.g. 1920x1080; both even. By default the prompt's aspect ratio at 1080 lines.
    #[arg(long)]
    pub size: Option<String>,
    /// Frames per second: 24, 25, 23.976, 24000/1001, …
    #[arg(long, default_value = "24")]
    pub fps: String,
    /// Mean length of a shot in seconds, in place of what the emotion asks for.
    #[arg(long, allow_negative_numbers = true)]
    pub shot_length: Option<f64>,
    /// Import a glTF model: NAME=FILE.glb; the name then means that model in the prompt.
    #[arg(long)]
    pub asset: Vec<String>,
}

/// `talos export --format`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ExportFormat {
    /// A vector drawing for each frame.
    Svg,
    /// One animation of all frames.
    Lottie,
    /// A picture of the lines for each frame.
    LinesPng,
}

/// How exported lines look.
#[derive(Debug, Default, Args)]
pub struct ExportArgs {
    /// Style whose ink is used; by default the film's. See `talos styles`.
    #[arg(long)]
    pub style: Option<String>,
    /// SVG: outlines of the ink in place of centre lines.
    #[arg(long)]
    pub outlines: bool,
    /// PNG: white lines on black.
    #[arg(long)]
    pub white_on_black: bool,
    /// PNG: size as a factor of the film's.
    #[arg(long, allow_negative_numbers = true)]
    pub scale: Option<f64>,
}

/// Which strokes an edit is of: one by its id, or all that fit.
#[derive(Debug, Args)]
pub struct TargetArgs {
    /// Stroke id, e.g. girl_a.brow.left.
    #[arg(long)]
    pub stroke: Option<String>,
    /// Every stroke of this subject, e.g. girl_a.
    #[arg(long)]
    pub subject: Option<String>,
    /// Every stroke of this layer: background, midground or subject.
    #[arg(long)]
    pub layer: Option<String>,
    /// Every stroke of this class: contour, crease, border, mark or detail.
    #[arg(long)]
    pub style_class: Option<String>,
    /// Every stroke of this kind of feature: contour, border, crease, seam, meet or mark.
    #[arg(long)]
    pub kind: Option<String>,
}

/// What an edit changes; one thing at a time.
#[derive(Debug, Args)]
pub struct ChangeArgs {
    /// Added curvature in units of 1/chord, from -3 to 3; 1 turns the stroke by a radian.
    #[arg(long, allow_negative_numbers = true)]
    pub delta_curvature: Option<f64>,
    /// Added pen pressure.
    #[arg(long, allow_negative_numbers = true)]
    pub delta_pressure: Option<f64>,
    /// Factor on the width of the ink, from 0.1 to 10.
    #[arg(long, allow_negative_numbers = true)]
    pub width: Option<f64>,
    /// Move by ALONG,ACROSS,TOWARDS the viewer, as shares of the stroke's length: 0,0.1,0 is a tenth upwards
    /// for a stroke from left to right.
    #[arg(long = "move", allow_hyphen_values = true)]
    pub move_by: Option<String>,
    /// Draw it anew as a smooth curve through pixels of a frame: "x,y x,y …".
    #[arg(long, allow_hyphen_values = true)]
    pub redraw: Option<String>,
    /// Add a line on a subject's surface, through pixels of a frame: "x,y x,y …"; a loop ends where it starts.
    #[arg(long, allow_hyphen_values = true)]
    pub add: Option<String>,
    /// Take the strokes away.
    #[arg(long)]
    pub delete: bool,
    /// As drawn in other frames: twos, threes, or a number of frames later (+2) or earlier (-2).
    #[arg(long, allow_hyphen_values = true)]
    pub retime: Option<String>,
    /// Frame whose pixels --redraw and --add mean [default: the first of --frames].
    #[arg(long)]
    pub at: Option<u32>,
}

/// How to work.
#[derive(Debug, Default, Args)]
pub struct WorkArgs {
    /// Frames, 1-based and inclusive: 24-47, or 42.
    #[arg(long)]
    pub frames: Option<String>,
    /// Threads [default: one per core]. Results never depend on it.
    #[arg(long, allow_negative_numbers = true, value_parser = whole::<usize>)]
    pub threads: Option<usize>,
}

/// A whole number, or what to write instead.
fn whole<T: std::str::FromStr>(text: &str) -> Result<T, String> {
    let refuse = || format!("write a whole number from 0 to {}", u64::MAX);
    text.parse().map_err(|_| refuse())
}
