//! A film is a folder: where each artefact lies in it.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use serde::{Deserialize, Serialize, de::DeserializeOwned};
use talos_core::{
    artefact::{CUT_SPEC_SCHEMA, Control, CutSpec, Validate, read_json, write_json},
    time::Frame,
};

use crate::{error::StudioError, folder, store::Store};

/// Name and version of `film.json`'s schema.
pub const FILM_SCHEMA: &str = "film/1";

/// `film.json`: what the film is.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FilmCard {
    /// Always `"film/1"`.
    pub schema: String,
    /// Engine that made it.
    pub engine_version: String,
    /// The prompt.
    pub prompt: String,
    /// The seed, decimal.
    pub seed: String,
    /// Imported models: name and file inside the film's `assets` folder.
    #[serde(default)]
    pub assets: Vec<AssetCard>,
}

/// One imported model.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AssetCard {
    /// Name it goes by in the prompt.
    pub name: String,
    /// blake3 of the file.
    pub digest: String,
}

/// A layer of pictures of a film.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Layer {
    /// One frame's lines.
    Axis,
    /// Flat colour with lines.
    Chroma,
    /// Effects.
    Stokes,
    /// Light.
    Raygen,
    /// The picture.
    Anima,
}

impl Layer {
    /// Every layer in the order they are made.
    pub const ALL: [Self; 5] = [Self::Axis, Self::Chroma, Self::Stokes, Self::Raygen, Self::Anima];

    /// Name of its folder.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Axis => "axis",
            Self::Chroma => "chroma",
            Self::Stokes => "stokes",
            Self::Raygen => "raygen",
            Self::Anima => "anima",
        }
    }
}

/// Holds a film for a run, or for pruning.
#[derive(Debug)]
#[must_use]
pub struct FilmLock(#[expect(dead_code, reason = "closing the file ends the lock")] fs::File);

/// A film's folder.
#[derive(Clone, Debug)]
pub struct FilmFolder {
    root: PathBuf,
}

impl FilmFolder {
    /// The folder at a path, whether or not it is there.
    #[must_use]
    pub fn at(root: impl Into<PathBuf>) -> Self {
        Self { root: root.into() }
    }

    /// An existing film.
    ///
    /// # Errors
    /// When there is no film there.
    pub fn open(root: impl Into<PathBuf>) -> Result<Self, StudioError> {
        let film = Self::at(root);
        if film.path("film.json").is_file() {
            Ok(film)
        } else {
            Err(StudioError::Input(format!(
                "{} is no film: it has no film.json; make one with `talos make PROMPT --out {0}`",
                film.root.display()
            )))
        }
    }

    /// Its path.
    #[must_use]
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// A path inside it.
    #[must_use]
    pub fn path(&self, inside: &str) -> PathBuf {
        self.root.join(inside)
    }

    /// The store inside it.
    #[must_use]
    pub fn store(&self) -> Store {
        Store::new(self.path("store"))
    }

    /// A frame's file of a layer; lines lie in a folder for each cut.
    #[must_use]
    pub fn frame(&self, layer: Layer, cut_id: &str, frame: Frame) -> PathBuf {
        let name = format!("frame_{:04}", frame.0);
        match layer {
            Layer::Axis => self.root.join("axis").join(cut_id).join(format!("{name}.json")),
            _ => self.root.join(layer.name()).join(format!("{name}.png")),
        }
    }

    /// Reads `film.json`.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn card(&self) -> Result<FilmCard, StudioError> {
        self.read_with("film.json", |bytes| {
            let card: FilmCard = serde_json::from_slice(bytes).map_err(|e| e.to_string())?;
            if card.schema == FILM_SCHEMA {
                Ok(card)
            } else {
                Err(format!(
                    "/schema: the schema is {}; this engine reads {FILM_SCHEMA}: use the engine that wrote the \
                     file, or make the file anew",
                    card.schema
                ))
            }
        })
    }

    /// Reads `prism/cut_spec.json`.
    ///
    /// # Errors
    /// When it cannot be read or is not a valid spec.
    pub fn spec(&self) -> Result<CutSpec, StudioError> {
        self.read_artefact("prism/cut_spec.json", CUT_SPEC_SCHEMA)
    }

    /// Reads `control.json`; an empty one where there is none.
    ///
    /// # Errors
    /// When it cannot be read, is not valid, or sets a parameter to what it does not take.
    pub fn control(&self) -> Result<Control, StudioError> {
        let path = self.path("control.json");
        if !path.is_file() {
            return Ok(Control::default());
        }
        let control = self.read_with("control.json", |bytes| {
            Control::from_json(bytes).map_err(|e| e.to_string())
        })?;
        match control.misfit(&self.spec()?) {
            None => Ok(control),
            Some(misfit) => Err(StudioError::Artefact {
                path,
                message: format!("/overrides: {misfit}"),
            }),
        }
    }

    /// Says that a run is at work here, until the lock is dropped. The first run also removes what
    /// a killed one left unfinished.
    ///
    /// # Errors
    /// When the disk refuses.
    pub fn lock_for_work(&self) -> Result<FilmLock, StudioError> {
        let (path, file) = self.lock_file()?;
        let io = |e| StudioError::io("lock", &path)(e);
        if file.try_lock().is_ok() {
            folder::sweep(&self.root).map_err(StudioError::io("tidy", &self.root))?;
            file.unlock().map_err(io)?;
        }
        match file.lock_shared() {
            Err(e) if e.kind() != io::ErrorKind::Unsupported => Err(io(e)),
            _ => Ok(FilmLock(file)),
        }
    }

    /// Keeps runs away until the lock is dropped.
    ///
    /// # Errors
    /// When a run is at work, or the disk refuses.
    pub fn lock_for_pruning(&self) -> Result<FilmLock, StudioError> {
        let (path, file) = self.lock_file()?;
        match file.try_lock() {
            Ok(()) => Ok(FilmLock(file)),
            Err(fs::TryLockError::WouldBlock) => Err(StudioError::Input(format!(
                "a run is at work on {}; prune when it is done",
                self.root.display()
            ))),
            Err(fs::TryLockError::Error(e)) if e.kind() == io::ErrorKind::Unsupported => Ok(FilmLock(file)),
            Err(fs::TryLockError::Error(e)) => Err(StudioError::io("lock", path)(e)),
        }
    }

    fn lock_file(&self) -> Result<(PathBuf, fs::File), StudioError> {
        let path = self.path("store/lock");
        let open = || {
            fs::create_dir_all(self.path("store"))?;
            fs::File::options().create(true).append(true).open(&path)
        };
        let file = open().map_err(StudioError::io("lock", &path))?;
        Ok((path, file))
    }

    fn read_artefact<T: DeserializeOwned + Validate>(
        &self,
        name: &str,
        schema: &str,
    ) -> Result<T, StudioError> {
        self.read_with(name, |bytes| read_json(bytes, schema).map_err(|e| e.to_string()))
    }

    fn read_with<T>(&self, name: &str, read: impl Fn(&[u8]) -> Result<T, String>) -> Result<T, StudioError> {
        let path = self.path(name);
        let bytes = fs::read(&path).map_err(StudioError::io("read", &path))?;
        read(&bytes).map_err(|message| StudioError::Artefact { path, message })
    }

    /// Writes an artefact as JSON.
    ///
    /// # Errors
    /// When the disk refuses.
    pub fn write_json<T: Serialize>(&self, name: &str, value: &T) -> Result<(), StudioError> {
        let path = self.path(name);
        folder::write(&path, write_json(value).as_bytes()).map_err(StudioError::io("write", &path))
    }

    /// Whether nothing is there yet.
    ///
    /// # Errors
    /// When it is a file or cannot be looked into.
    pub fn is_vacant(&self) -> Result<bool, StudioError> {
        match fs::read_dir(&self.root) {
            Ok(mut entries) => Ok(entries.next().is_none()),
            Err(e) if e.kind() == io::ErrorKind::NotFound => Ok(true),
            Err(source) => Err(StudioError::io("look into", &self.root)(source)),
        }
    }
}
