//! `make`, `direct`, `render`, `draw`, `simulate`, `light`, `encode`.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    time::Instant,
};

use serde_json::json;
use talos_core::{
    artefact::{Finding, Status, StyleProfile, nearest},
    camera::FrameSize,
    digest::Digest,
    format::png,
    image::Picture,
    random::Seed,
    stage::prism::{DirectOptions, direct as prism_direct},
    time::FrameRate,
};

use super::{Context, OpenFilm, Tools, assemble, edit, frames, open, print_line};
use crate::{
    cli::{DirectArgs, WorkArgs},
    contact_sheet::ContactSheet,
    encode::VideoWriter,
    error::StudioError,
    film_folder::{AssetCard, FILM_SCHEMA, FilmCard, FilmFolder, Layer},
    folder,
    lang::Seconds,
    render::{Summary, Wanted},
    report::{Report, peak_memory_mib},
};

/// Prompt → finished film.
pub(super) fn make(
    context: &Context,
    prompt: &str,
    args: &DirectArgs,
    out: Option<PathBuf>,
    work: &WorkArgs,
) -> Result<(), StudioError> {
    let folder = begin(context, prompt, args, out)?;
    finish(context, &assemble(folder)?, work)
}

/// PRISM alone.
pub(super) fn direct(
    context: &Context,
    prompt: &str,
    args: &DirectArgs,
    out: Option<PathBuf>,
) -> Result<(), StudioError> {
    let folder = begin(context, prompt, args, out)?;
    let path = folder.path("prism/cut_spec.json");
    context.say(path.display(), &json!({ "cut_spec": path }))
}

/// What is missing or changed.
pub(super) fn render(context: &Context, film: PathBuf, work: &WorkArgs) -> Result<(), StudioError> {
    finish(context, &open(film)?, work)
}

/// Lines alone.
pub(super) fn draw(context: &Context, film: PathBuf, work: &WorkArgs) -> Result<(), StudioError> {
    stage(context, &open(film)?, work, Wanted::Lines, "axis/lines.json")
}

/// Effects alone.
pub(super) fn simulate(context: &Context, film: PathBuf, work: &WorkArgs) -> Result<(), StudioError> {
    let open = open(film)?;
    if open.film.stokes().is_none() {
        context.remark("nothing burns in this film; its effects are the weather's, if any");
    }
    stage(context, &open, work, Wanted::Effects, "stokes")
}

/// Light alone.
pub(super) fn light(context: &Context, film: PathBuf, work: &WorkArgs) -> Result<(), StudioError> {
    stage(context, &open(film)?, work, Wanted::Light, "raygen")
}

/// Brings one stage's layer up to date and says where it is.
fn stage(
    context: &Context,
    open: &OpenFilm,
    work: &WorkArgs,
    wanted: Wanted,
    result: &str,
) -> Result<(), StudioError> {
    let range = frames(work, &open.spec)?;
    let tools = Tools::new(work, open)?;
    let job = tools.job(context, open);
    let summary = job.run(range, wanted, None)?;
    if wanted == Wanted::Lines {
        job.write_manifest()?;
    }
    let path = open.folder.path(result);
    context.say(
        path.display(),
        &json!({ "files": [path], "computed": summary.computed }),
    )
}

/// Finished pictures → video and contact sheet.
pub(super) fn encode(context: &Context, film: PathBuf) -> Result<(), StudioError> {
    let open = open(film)?;
    for n in 1..=open.spec.frame_count {
        let frame = talos_core::time::Frame(n);
        let path = open.folder.frame(Layer::Anima, open.film.cut_id(frame), frame);
        if !path.is_file() {
            let message = format!(
                "frame {n} is not rendered; run `talos render {}`",
                open.folder.root().display()
            );
            return Err(StudioError::Artefact { path, message });
        }
    }
    let _lock = open.folder.lock_for_work()?;
    let mut tail = Tail::new(&open)?;
    for n in 1..=open.spec.frame_count {
        if context.stop.load(std::sync::atomic::Ordering::Relaxed) {
            return Err(StudioError::Interrupted);
        }
        let frame = talos_core::time::Frame(n);
        let path = open.folder.frame(Layer::Anima, open.film.cut_id(frame), frame);
        let bytes = fs::read(&path).map_err(StudioError::io("read", &path))?;
        let picture = png::decode(&bytes).map_err(|e| StudioError::Artefact {
            path,
            message: e.to_string(),
        })?;
        tail.push(n, &picture)?;
    }
    tail.finish()?;
    let path = open.folder.path("final_video.mp4");
    context.say(path.display(), &json!({ "video": path }))
}

/// Directs a prompt into a folder, or finds the same film already there.
fn begin(
    context: &Context,
    prompt: &str,
    args: &DirectArgs,
    out: Option<PathBuf>,
) -> Result<FilmFolder, StudioError> {
    let assets = asset_files(args)?;
    let options = direct_options(args, &assets)?;
    let spec = prism_direct(prompt, &options).map_err(|e| StudioError::Input(e.to_string()))?;
    let folder = FilmFolder::at(out.unwrap_or_else(|| default_folder(prompt, args.seed)));
    let card = FilmCard {
        schema: FILM_SCHEMA.into(),
        engine_version: talos_core::ENGINE_VERSION.into(),
        prompt: spec.prompt.clone(),
        seed: spec.seed.clone(),
        assets: assets
            .iter()
            .map(|(name, bytes)| AssetCard {
                name: name.clone(),
                digest: Digest::of_bytes(bytes).to_string(),
            })
            .collect(),
    };
    context.tell(&spec.findings);
    if folder.path("film.json").is_file() {
        let there = folder.card()?;
        if there != card || folder.spec()? != spec {
            let holds = format!("another film: `{}`, seed {}", there.prompt, there.seed);
            return Err(StudioError::Occupied {
                path: folder.root().into(),
                holds,
            });
        }
        return Ok(folder);
    }
    if !folder.is_vacant()? {
        return Err(StudioError::Occupied {
            path: folder.root().into(),
            holds: "other files".into(),
        });
    }
    for (name, bytes) in &assets {
        let path = folder.path(&format!("assets/{name}.glb"));
        folder::write(&path, bytes).map_err(StudioError::io("write", &path))?;
    }
    folder.write_json("prism/cut_spec.json", &spec)?;
    folder.write_json("control.json", &talos_core::artefact::Control::default())?;
    folder.write_json("film.json", &card)?;
    Ok(folder)
}

fn direct_options(
    args: &DirectArgs,
    assets: &BTreeMap<String, Vec<u8>>,
) -> Result<DirectOptions, StudioError> {
    let input = |e: &dyn std::fmt::Display| StudioError::Input(e.to_string());
    let frame_rate: FrameRate = args.fps.parse().map_err(|e| input(&e))?;
    Ok(DirectOptions {
        seed: Seed(args.seed),
        style: args.style.as_deref().map(style_named).transpose()?,
        frame_size: args.size.as_deref().map(parse_size).transpose()?,
        frame_rate,
        shot_length_s: args.shot_length,
        assets: assets.keys().cloned().collect(),
        ..DirectOptions::default()
    })
}

/// A style's name from its name in either language.
pub(super) fn style_named(text: &str) -> Result<String, StudioError> {
    let styles = StyleProfile::built_in();
    if let Some(style) = styles.iter().find(|s| s.name == text || s.name_ko == text) {
        return Ok(style.name.clone());
    }
    let names = || styles.iter().map(|s| s.name.as_str());
    // a part of a name says more than its letters: neon is cyberpunk-neon
    let near = names()
        .find(|name| text.len() > 2 && name.contains(text))
        .map(str::to_owned)
        .or_else(|| nearest(text, names()).into_iter().next());
    Err(StudioError::Input(format!(
        "there is no style `{text}`; nearest: {}; all: {}",
        near.unwrap_or_default(),
        names().collect::<Vec<_>>().join(", ")
    )))
}

/// `1920x1080` → a frame size.
fn parse_size(text: &str) -> Result<FrameSize, StudioError> {
    let sides = text
        .split_once(['x', 'X', '×'])
        .and_then(|(w, h)| Some((w.trim().parse().ok()?, h.trim().parse().ok()?)));
    let fits = |side: u32| (64..=8192).contains(&side) && side.is_multiple_of(2);
    match sides {
        Some((width, height)) if fits(width) && fits(height) => Ok(FrameSize { width, height }),
        _ => Err(StudioError::Input(format!(
            "--size {text}: write WIDTHxHEIGHT in even pixels from 64 to 8192, e.g. 1920x1080"
        ))),
    }
}

/// `--asset NAME=FILE` → names and bytes.
fn asset_files(args: &DirectArgs) -> Result<BTreeMap<String, Vec<u8>>, StudioError> {
    let mut assets = BTreeMap::new();
    for text in &args.asset {
        let Some((name, file)) = text.split_once('=') else {
            return Err(StudioError::Input(format!(
                "--asset {text}: write NAME=FILE.glb, e.g. dragon=my_dragon.glb"
            )));
        };
        let usual = |c: char| c.is_alphanumeric() || c == '_' || c == '-';
        if name.is_empty() || !name.chars().all(usual) {
            return Err(StudioError::Input(format!(
                "--asset {text}: a name is letters, digits, _ and -"
            )));
        }
        let bytes = fs::read(file).map_err(StudioError::io("read", file))?;
        talos_core::format::read_glb(&bytes, name).map_err(|e| StudioError::Artefact {
            path: file.into(),
            message: e.to_string(),
        })?;
        assets.insert(name.to_owned(), bytes);
    }
    Ok(assets)
}

/// The imported models of a film, checked against their digests.
pub(super) fn read_assets(folder: &FilmFolder) -> Result<BTreeMap<String, Vec<u8>>, StudioError> {
    let mut assets = BTreeMap::new();
    for asset in folder.card()?.assets {
        let path = folder.path(&format!("assets/{}.glb", asset.name));
        let bytes = fs::read(&path).map_err(StudioError::io("read", &path))?;
        if Digest::of_bytes(&bytes).to_string() != asset.digest {
            let message = "it is not the file the film was made with; make the film anew".into();
            return Err(StudioError::Artefact { path, message });
        }
        assets.insert(asset.name, bytes);
    }
    Ok(assets)
}

/// `films/<prompt>-<seed>`: the prompt's first words that a file name can hold.
fn default_folder(prompt: &str, seed: u64) -> PathBuf {
    let words: Vec<&str> = prompt
        .split(|c: char| !c.is_alphanumeric())
        .filter(|w| !w.is_empty())
        .collect();
    let mut name = String::new();
    for word in words {
        // 80 bytes leave room below the usual limit of 255 for Hangul's three bytes a syllable
        if name.len() + word.len() > 80 {
            break;
        }
        name.push_str(word);
        name.push('-');
    }
    if name.is_empty() {
        name.push_str("film-");
    }
    Path::new("films").join(format!("{name}{seed}"))
}

/// What comes after the pictures: video and contact sheet.
struct Tail<'a> {
    open: &'a OpenFilm,
    video: VideoWriter,
    sheet: ContactSheet,
}

impl<'a> Tail<'a> {
    fn new(open: &'a OpenFilm) -> Result<Self, StudioError> {
        let (size, rate) = (open.film.size(), open.film.rate());
        let video = VideoWriter::new(&open.folder.path("final_video.mp4"), size, rate)?;
        Ok(Self {
            open,
            video,
            sheet: ContactSheet::new(&open.spec),
        })
    }

    fn push(&mut self, n: u32, picture: &Picture) -> Result<(), StudioError> {
        self.sheet.take(n, picture);
        self.video.push(&picture.rgb())?;
        Ok(())
    }

    fn finish(self) -> Result<(), StudioError> {
        self.video.finish()?;
        let path = self.open.folder.path("contact_sheet.png");
        let encoded = png::encode(&self.sheet.picture(), &[]);
        let bytes = encoded.map_err(|e| StudioError::Input(e.to_string()))?;
        folder::write(&path, &bytes).map_err(StudioError::io("write", path))
    }
}

/// Renders frames; when they are the whole film, also its video and contact sheet; then reports.
pub(super) fn finish(context: &Context, open: &OpenFilm, work: &WorkArgs) -> Result<(), StudioError> {
    let start = Instant::now();
    let made_by = open.folder.card()?.engine_version;
    if made_by != talos_core::ENGINE_VERSION {
        context.remark(&format!(
            "directed by version {made_by}, computed by {}: pictures may differ from the ones that version made",
            talos_core::ENGINE_VERSION
        ));
    }
    let range = frames(work, &open.spec)?;
    let tools = Tools::new(work, open)?;
    let job = tools.job(context, open);
    let whole = range == (1..=open.spec.frame_count);
    let summary = if whole {
        let mut tail = Tail::new(open)?;
        let mut each = |n: u32, picture: Picture| tail.push(n, &picture);
        let summary = job.run(range.clone(), Wanted::Pictures, Some(&mut each))?;
        tail.finish()?;
        summary
    } else {
        job.run(range.clone(), Wanted::Pictures, None)?
    };
    job.write_manifest()?;
    let of_edits = edit::findings(open, range.clone());
    let lost = of_edits.iter().any(|f| f.status != Status::Passed);
    let findings: Vec<Finding> = open.film.findings().into_iter().chain(of_edits.clone()).collect();
    let report = Report {
        schema: "report/1",
        engine_version: talos_core::ENGINE_VERSION,
        status: if lost {
            Status::Degraded
        } else {
            open.film.status()
        },
        findings,
        frames: (*range.start(), *range.end()),
        computed: summary.computed,
        threads: tools.pool.current_num_threads(),
        wall_seconds: (start.elapsed().as_secs_f64() * 1e3).round() / 1e3,
        peak_memory_mib: peak_memory_mib(),
        stages: tools.watch.table(),
        quality: summary.quality.clone(),
    };
    open.folder.write_json("report.json", &report)?;
    let new = |f: &Finding| f.status != Status::Passed && !open.spec.findings.contains(f);
    context.tell(&open.film.findings().into_iter().filter(new).collect::<Vec<_>>());
    context.tell(&of_edits);
    announce(context, open, whole, &summary, start.elapsed().as_secs_f64())
}

/// Where the results are.
fn announce(
    context: &Context,
    open: &OpenFilm,
    whole: bool,
    summary: &Summary,
    seconds: f64,
) -> Result<(), StudioError> {
    let path = |name: &str| open.folder.path(name);
    let names: &[&str] = if whole {
        &["final_video.mp4", "contact_sheet.png", "report.json"]
    } else {
        &["anima", "report.json"]
    };
    if context.json {
        let files: Vec<PathBuf> = names.iter().map(|n| path(n)).collect();
        print_line(&json!({ "files": files, "computed": summary.computed, "status": open.film.status() }))?;
        return Ok(());
    }
    for name in names {
        print_line(&path(name).display())?;
    }
    let took = Seconds(seconds, context.lang);
    context.remark(&format!("{} frames computed in {took}", summary.computed));
    Ok(())
}
