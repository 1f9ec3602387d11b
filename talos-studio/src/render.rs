//! The job: what is missing is computed, what is there is taken from the store.
//!
//! Frames are drawn a few at a time on a pool of threads and handed to the encoder in
//! order. Interrupted, it leaves whole files; run again, it goes on.

use std::{
    collections::BTreeMap,
    io::{Read, Write},
    ops::RangeInclusive,
    sync::{
        Condvar, Mutex, PoisonError,
        atomic::{AtomicBool, AtomicU32, Ordering},
    },
};

use flate2::{Compression, read::ZlibDecoder, write::ZlibEncoder};
use rayon::ThreadPool;
use talos_core::{
    artefact::{Lines, LinesManifest},
    format::png,
    image::Picture,
    stage::{Effects, Film, FilmError, FrameKeys, Prepared},
    stroke::Tracks,
    time::Frame,
};

use crate::{
    error::StudioError,
    film_folder::{FilmFolder, Layer},
    lang::Lang,
    progress::Progress,
    report::Stopwatch,
    store::Store,
};

/// Frames in flight at once beyond one per thread would only cost memory: each holds about
/// 350 MiB at 1080p.
const MAX_IN_FLIGHT: usize = 2;

/// A film being rendered.
pub struct Job<'a> {
    /// Where.
    pub folder: &'a FilmFolder,
    /// What.
    pub film: &'a Film,
    /// With which threads.
    pub pool: &'a ThreadPool,
    /// Language of progress bars.
    pub lang: Lang,
    /// Set by Ctrl-C or SIGTERM.
    pub stop: &'a AtomicBool,
    /// Where the time goes.
    pub watch: &'a Stopwatch,
}

/// Takes finished pictures in order: the encoder.
pub type Sink<'a> = &'a mut (dyn FnMut(u32, Picture) -> Result<(), StudioError> + Send);

/// The layers a verb wants laid in the film's folder.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wanted {
    /// AXIS: lines alone.
    Lines,
    /// STOKES: effects.
    Effects,
    /// RAYGEN: light.
    Light,
    /// Everything up to the picture.
    Pictures,
}

impl Wanted {
    /// Its layers, in the order they are made.
    fn layers(self) -> &'static [Layer] {
        match self {
            Self::Lines => &[Layer::Axis],
            Self::Effects => &[Layer::Stokes],
            Self::Light => &[Layer::Raygen],
            Self::Pictures => &Layer::ALL,
        }
    }

    /// Name of its bar: the last layer.
    fn name(self) -> &'static str {
        self.layers().last().map_or("", |layer| layer.name())
    }
}

/// What a run did.
#[derive(Clone, Debug, Default)]
pub struct Summary {
    /// Frames of which something was computed.
    pub computed: u32,
    /// Worst value of each quality figure.
    pub quality: BTreeMap<String, f64>,
}

/// One finished frame.
struct Done {
    computed: bool,
    quality: BTreeMap<String, f64>,
}

impl Job<'_> {
    /// Brings frames up to date. `each` is handed every frame's decoded picture in order.
    ///
    /// # Errors
    /// When the disk refuses or Ctrl-C was pressed; finished frames stay.
    pub fn run(
        &self,
        frames: RangeInclusive<u32>,
        wanted: Wanted,
        each: Option<Sink<'_>>,
    ) -> Result<Summary, StudioError> {
        if wanted != Wanted::Lines {
            self.simulate(frames.clone())?;
        }
        self.follow(frames.clone())?;
        let bar = Progress::new(wanted.name(), frames.clone().count() as u64, self.lang);
        let next = AtomicU32::new(*frames.start());
        let in_order = InOrder::new(*frames.start());
        let each = Mutex::new(each);
        let summary = Mutex::new(Summary::default());
        let workers = self.pool.current_num_threads().min(MAX_IN_FLIGHT);
        let failure: Mutex<Option<StudioError>> = Mutex::new(None);
        std::thread::scope(|scope| {
            for _ in 0..workers {
                scope.spawn(|| {
                    loop {
                        let n = next.fetch_add(1, Ordering::Relaxed);
                        if n > *frames.end() || in_order.is_broken() {
                            break;
                        }
                        let result = self.frame(n, wanted, &in_order, &each);
                        match result {
                            Ok(done) => {
                                lock(&summary).take(&done);
                                bar.step();
                            }
                            Err(error) => {
                                lock(&failure).get_or_insert(error);
                                in_order.break_off();
                            }
                        }
                    }
                });
            }
        });
        match lock(&failure).take() {
            Some(error) => Err(error),
            None => Ok(lock(&summary).clone()),
        }
    }

    /// One frame, then its turn to be handed on.
    fn frame(
        &self,
        n: u32,
        wanted: Wanted,
        in_order: &InOrder,
        each: &Mutex<Option<Sink<'_>>>,
    ) -> Result<Done, StudioError> {
        if self.stop.load(Ordering::Relaxed) {
            return Err(StudioError::Interrupted);
        }
        let (done, picture) = self.bring_up_to_date(Frame(n), wanted)?;
        in_order.wait_for(n)?;
        let mut each = lock(each);
        if let Some(each) = each.as_mut() {
            let picture = match picture {
                Some(picture) => picture,
                None => self.read_picture(Frame(n))?,
            };
            self.watch.time("encode", || each(n, picture))?;
        }
        in_order.advance();
        Ok(done)
    }

    /// The finished picture of a frame, from its file.
    fn read_picture(&self, frame: Frame) -> Result<Picture, StudioError> {
        let path = self.folder.frame(Layer::Anima, self.film.cut_id(frame), frame);
        let bytes = std::fs::read(&path).map_err(StudioError::io("read", &path))?;
        png::decode(&bytes).map_err(|e| StudioError::Artefact {
            path,
            message: e.to_string(),
        })
    }

    /// Lays what the store has, computes the rest. Everything computed is stored, the wanted layers are laid.
    fn bring_up_to_date(&self, frame: Frame, wanted: Wanted) -> Result<(Done, Option<Picture>), StudioError> {
        let store = self.folder.store();
        let keys = self.film.keys(frame);
        let mut complete = true;
        for &layer in wanted.layers() {
            complete &= self.lay(&store, layer, &keys, frame)?;
        }
        let mut done = Done {
            computed: !complete,
            quality: BTreeMap::new(),
        };
        if complete {
            return Ok((done, None));
        }
        let prepared = self
            .pool
            .install(|| self.watch.time("scene", || self.film.prepare(frame)));
        let lines = self.lines(&store, &keys, &prepared)?;
        done.quality = quality_of(&lines);
        let mut anima = None;
        if wanted != Wanted::Lines {
            anima = Some(self.pictures(&store, &keys, prepared, &lines)?);
        }
        for &layer in wanted.layers() {
            self.lay(&store, layer, &keys, frame)?;
        }
        Ok((done, anima.filter(|_| wanted == Wanted::Pictures)))
    }

    /// Computes and stores a frame's pictures; the layers share most of the work. Gives the finished one.
    fn pictures(
        &self,
        store: &Store,
        keys: &FrameKeys,
        prepared: Prepared,
        lines: &Lines,
    ) -> Result<Picture, StudioError> {
        let frame = prepared.frame();
        let effects = self.effects(store, frame)?;
        let pictures = self.pool.install(|| {
            self.watch.time("picture", || {
                self.film.pictures(&prepared, lines, effects.as_ref())
            })
        });
        drop(prepared);
        let layers = [
            (Layer::Chroma, &pictures.chroma),
            (Layer::Stokes, &pictures.stokes),
            (Layer::Raygen, &pictures.raygen),
            (Layer::Anima, &pictures.anima),
        ];
        for (layer, picture) in layers {
            let key = key_of(keys, layer);
            let encoded = self
                .watch
                .time("png", || png::encode(picture, &self.film.provenance(frame, key)));
            let bytes = encoded.map_err(|e| StudioError::Input(e.to_string()))?;
            self.put(store, key, &bytes)?;
        }
        Ok(pictures.anima)
    }

    /// The frame's lines: from the store, or drawn (edits are laid over the drawing, which is kept too).
    fn lines(&self, store: &Store, keys: &FrameKeys, prepared: &Prepared) -> Result<Lines, StudioError> {
        if let Some(lines) = read_lines(store, &keys.lines) {
            return Ok(lines);
        }
        let drawn = self.drawing(store, &keys.drawing, || prepared)?;
        // drawings of other frames, for strokes that are retimed
        let mut failure = None;
        let mut other = |frame: Frame| {
            let key = self.film.keys(frame).drawing;
            let there = || self.pool.install(|| self.film.prepare(frame));
            self.drawing(store, &key, there).unwrap_or_else(|error| {
                failure = Some(error);
                drawn.clone()
            })
        };
        let lines = self.film.edited_with(prepared, drawn.clone(), &mut other);
        if let Some(error) = failure {
            return Err(error);
        }
        self.put(store, &keys.lines, lines_json(&lines)?.as_bytes())?;
        Ok(lines)
    }

    /// A frame's drawing as computed: from the store, or drawn and kept there.
    fn drawing<P: std::borrow::Borrow<Prepared>>(
        &self,
        store: &Store,
        key: &talos_core::digest::Digest,
        prepare: impl FnOnce() -> P,
    ) -> Result<Lines, StudioError> {
        if let Some(drawn) = read_lines(store, key) {
            return Ok(drawn);
        }
        let prepared = prepare();
        let prepared: &Prepared = prepared.borrow();
        let drawn = self
            .pool
            .install(|| self.watch.time("axis", || self.film.draw(prepared)));
        self.put(store, key, lines_json(&drawn)?.as_bytes())?;
        Ok(drawn)
    }

    fn lay(&self, store: &Store, layer: Layer, keys: &FrameKeys, frame: Frame) -> Result<bool, StudioError> {
        let path = self.folder.frame(layer, self.film.cut_id(frame), frame);
        store
            .lay(key_of(keys, layer), &path)
            .map_err(StudioError::io("write", path))
    }

    fn put(&self, store: &Store, key: &talos_core::digest::Digest, bytes: &[u8]) -> Result<(), StudioError> {
        store
            .put(key, bytes)
            .map(drop)
            .map_err(StudioError::io("write", self.folder.path("store")))
    }

    /// The baked effects of a frame; `None` when the film has none.
    fn effects(&self, store: &Store, frame: Frame) -> Result<Option<Effects>, StudioError> {
        let Some(stokes) = self.film.stokes() else {
            return Ok(None);
        };
        let key = stokes.frame_key(frame);
        let damaged = || StudioError::Artefact {
            path: self.folder.path("store"),
            message: format!(
                "the effects of frame {} were damaged meanwhile; run the command again",
                frame.0
            ),
        };
        let bytes = store
            .get(&key)
            .and_then(|packed| unpack(&packed))
            .ok_or_else(damaged)?;
        Effects::from_bytes(&bytes).map(Some).map_err(|_| damaged())
    }

    /// Bakes the effects of the frames asked for, from the nearest checkpoint before the first one missing.
    ///
    /// # Errors
    /// When the disk refuses or Ctrl-C was pressed; checkpoints stay.
    pub fn simulate(&self, frames: RangeInclusive<u32>) -> Result<(), StudioError> {
        let Some(stokes) = self.film.stokes() else {
            return Ok(());
        };
        let store = self.folder.store();
        let missing = |n: &u32| !store.has(&stokes.frame_key(Frame(*n)));
        let Some(first) = frames.clone().find(missing) else {
            return Ok(());
        };
        let last = frames.rev().find(missing).unwrap_or(first);
        let start = (1..=first).rev().find_map(|n| {
            let state = stokes
                .restore(&unpack(&store.get(&stokes.checkpoint_key(Frame(n)))?)?)
                .ok()?;
            Some((n, state))
        });
        let refused = |e: FilmError| StudioError::Input(e.to_string());
        let (mut at, mut state) = match start {
            Some(checkpoint) => checkpoint,
            None => (1, stokes.rest().map_err(refused)?),
        };
        let bar = Progress::new("stokes", u64::from(last + 1 - at), self.lang);
        loop {
            if self.stop.load(Ordering::Relaxed) {
                return Err(StudioError::Interrupted);
            }
            let key = stokes.frame_key(Frame(at));
            if at >= first && !store.has(&key) {
                let baked = self
                    .pool
                    .install(|| self.watch.time("stokes", || stokes.bake(&state)));
                self.put(&store, &key, &pack(&baked.to_bytes())?)?;
            }
            if stokes.is_checkpoint(Frame(at)) {
                let key = stokes.checkpoint_key(Frame(at));
                if !store.has(&key) {
                    self.put(&store, &key, &pack(&state.to_bytes())?)?;
                }
            }
            bar.step();
            if at >= last {
                return Ok(());
            }
            let next = self
                .pool
                .install(|| self.watch.time("stokes", || stokes.advance(&state, Frame(at))));
            state = next.map_err(refused)?.0;
            at += 1;
        }
    }

    /// Follows the strokes of every cut that has a frame to be drawn, and lays each cut's `tracks.json`.
    ///
    /// # Errors
    /// When the disk refuses or Ctrl-C was pressed; finished cuts stay.
    pub fn follow(&self, frames: RangeInclusive<u32>) -> Result<(), StudioError> {
        let store = self.folder.store();
        let mut cuts: Vec<(u32, bool)> = Vec::new();
        for n in frames {
            let keys = self.film.keys(Frame(n));
            let missing = !store.has(&keys.lines) && !store.has(&keys.drawing);
            match cuts.last_mut() {
                Some((first, draws)) if self.film.cut_id(Frame(*first)) == self.film.cut_id(Frame(n)) => {
                    *draws |= missing;
                }
                _ => cuts.push((n, missing)),
            }
        }
        let bar = Progress::new("tracks", cuts.len() as u64, self.lang);
        for (frame, draws) in cuts.into_iter().map(|(n, draws)| (Frame(n), draws)) {
            if self.stop.load(Ordering::Relaxed) {
                return Err(StudioError::Interrupted);
            }
            self.follow_cut(&store, frame, draws)?;
            bar.step();
        }
        Ok(())
    }

    /// One cut's tracks: from the store, or baked where a frame needs them or their listing is missing.
    fn follow_cut(&self, store: &Store, frame: Frame, draws: bool) -> Result<(), StudioError> {
        let keys = self.film.tracks_keys(frame);
        let path = self
            .folder
            .path(&format!("axis/{}/tracks.json", self.film.cut_id(frame)));
        let lay = || {
            store
                .lay(&keys.listing, &path)
                .map_err(StudioError::io("write", &path))
        };
        if lay()? && !draws {
            return Ok(());
        }
        let kept = store.get(&keys.bake).and_then(|packed| unpack(&packed));
        match kept.and_then(|bytes| Tracks::from_bytes(&bytes)) {
            Some(tracks) => self.film.take_tracks(frame, tracks),
            None => {
                let baked = self
                    .pool
                    .install(|| self.watch.time("tracks", || self.film.tracks(frame)));
                self.put(store, &keys.bake, &pack(&baked.to_bytes())?)?;
            }
        }
        let listing = serde_json::to_vec(&self.film.tracks_listing(frame))
            .map_err(|e| StudioError::Input(e.to_string()))?;
        self.put(store, &keys.listing, &listing)?;
        lay().map(drop)
    }

    /// Writes `axis/lines.json`, the manifest of what is drawn so far.
    ///
    /// # Errors
    /// When the disk refuses.
    pub fn write_manifest(&self) -> Result<(), StudioError> {
        let mut manifest = LinesManifest::new(self.film.size());
        for n in 1..=self.film.spec().frame_count {
            let cut_id = self.film.cut_id(Frame(n));
            let path = self.folder.frame(Layer::Axis, cut_id, Frame(n));
            let lines = std::fs::File::open(&path)
                .ok()
                .and_then(|file| Lines::read(file).ok());
            if let Some(lines) = lines {
                manifest.add(&lines, format!("{cut_id}/frame_{n:04}.json"));
            }
        }
        self.folder.write_json("axis/lines.json", &manifest)
    }
}

/// Lines from a store.
pub(crate) fn read_lines(store: &Store, key: &talos_core::digest::Digest) -> Option<Lines> {
    Lines::read(store.get(key)?.as_slice()).ok()
}

/// A frame's lines as the file holds them.
pub(crate) fn lines_json(lines: &Lines) -> Result<String, StudioError> {
    lines.to_json().map_err(|e| StudioError::Input(e.to_string()))
}

/// Quality figures of a frame's lines.
fn quality_of(lines: &Lines) -> BTreeMap<String, f64> {
    let quality = &lines.quality;
    BTreeMap::from([
        ("axis/reprojection_max_px".to_owned(), quality.reprojection_max_px),
        ("axis/strokes".to_owned(), f64::from(quality.strokes)),
    ])
}

/// Bytes compressed: baked effects are mostly still air.
fn pack(bytes: &[u8]) -> Result<Vec<u8>, StudioError> {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::fast());
    encoder
        .write_all(bytes)
        .and_then(|()| encoder.finish())
        .map_err(StudioError::io("compress", "effects"))
}

/// What [`pack`] compressed; `None` for anything else.
fn unpack(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut result = Vec::new();
    // a bound against files made to swell: the largest state the solver admits
    ZlibDecoder::new(bytes)
        .take(1 << 31)
        .read_to_end(&mut result)
        .ok()?;
    Some(result)
}

impl Summary {
    fn take(&mut self, done: &Done) {
        self.computed += u32::from(done.computed);
        for (name, &value) in &done.quality {
            let worst = self.quality.entry(name.clone()).or_insert(value);
            *worst = worst.max(value);
        }
    }
}

/// A layer's key.
pub(crate) fn key_of(keys: &FrameKeys, layer: Layer) -> &talos_core::digest::Digest {
    match layer {
        Layer::Axis => &keys.lines,
        Layer::Chroma => &keys.chroma,
        Layer::Stokes => &keys.stokes,
        Layer::Raygen => &keys.raygen,
        Layer::Anima => &keys.anima,
    }
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Lets frames through one after the other.
struct InOrder {
    turn: Mutex<(u32, bool)>,
    changed: Condvar,
}

impl InOrder {
    fn new(first: u32) -> Self {
        Self {
            turn: Mutex::new((first, false)),
            changed: Condvar::new(),
        }
    }

    fn wait_for(&self, n: u32) -> Result<(), StudioError> {
        let mut turn = lock(&self.turn);
        while turn.0 != n && !turn.1 {
            turn = self.changed.wait(turn).unwrap_or_else(PoisonError::into_inner);
        }
        if turn.1 {
            Err(StudioError::Interrupted)
        } else {
            Ok(())
        }
    }

    fn advance(&self) {
        lock(&self.turn).0 += 1;
        self.changed.notify_all();
    }

    fn break_off(&self) {
        lock(&self.turn).1 = true;
        self.changed.notify_all();
    }

    fn is_broken(&self) -> bool {
        lock(&self.turn).1
    }
}
