//! What can go wrong, with exit codes.

use std::{io, path::PathBuf};

use thiserror::Error;

use crate::{encode::VideoError, korean, lang::Lang};

/// Why the studio could not do what was asked.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum StudioError {
    /// The words given cannot be worked with: a prompt, an address, a style, a range.
    #[error("{0}")]
    Input(String),
    /// An artefact that cannot be read.
    #[error("{path}: {message}")]
    Artefact {
        /// The file.
        path: PathBuf,
        /// What is wrong, with its JSON pointer.
        message: String,
    },
    /// The system refused.
    #[error("cannot {doing} {path}: {}{}", reason(source), hint(source))]
    Io {
        /// What was being done: `read`, `write`, `lock`.
        doing: &'static str,
        /// On what.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// The folder holds something else.
    #[error("{path} already holds {holds}; choose another folder with --out")]
    Occupied {
        /// The folder.
        path: PathBuf,
        /// What is in it.
        holds: String,
    },
    /// The video could not be written.
    #[error(transparent)]
    Video(VideoError),
    /// Two renders differ.
    #[error("frame {frame}, layer {layer}: {message}")]
    Differs {
        /// First frame that differs.
        frame: u32,
        /// First layer of it that differs.
        layer: &'static str,
        /// How.
        message: String,
    },
    /// Ctrl-C or SIGTERM.
    #[error("interrupted; run the same command again to go on")]
    Interrupted,
}

impl From<VideoError> for StudioError {
    fn from(error: VideoError) -> Self {
        match error {
            VideoError::Io { path, source } => Self::io("write", path)(source),
            other => Self::Video(other),
        }
    }
}

/// What the system said, without the name of the unfinished file.
fn reason(source: &io::Error) -> String {
    let text = source.to_string();
    // tempfile adds it after this mark
    text.split_once(" at path ")
        .map_or(text.clone(), |(said, _)| said.to_owned())
}

fn hint(source: &io::Error) -> &'static str {
    match source.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => {
            "; make room (`talos store size FILM` shows what can go), then run the same command again: finished \
             frames are kept"
        }
        io::ErrorKind::FileTooLarge => {
            "; the limit on the size of files is too low (`ulimit -f`): raise it, then run the same command again"
        }
        io::ErrorKind::NotFound => "; check the path",
        io::ErrorKind::NotADirectory => "; a part of the path is a file: choose another folder",
        io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => {
            "; choose another folder with --out"
        }
        _ => "",
    }
}

impl StudioError {
    /// Exit code of the program: 2 words, 3 artefacts, 4 the system, 5 a difference, 130 Ctrl-C.
    #[must_use]
    pub fn exit_code(&self) -> u8 {
        match self {
            Self::Input(_) | Self::Occupied { .. } => 2,
            Self::Artefact { .. } => 3,
            Self::Io { .. } | Self::Video(_) => 4,
            Self::Differs { .. } => 5,
            Self::Interrupted => 130,
        }
    }

    /// The message, in the terminal's language.
    #[must_use]
    pub fn words(&self, lang: Lang) -> String {
        match self {
            Self::Artefact { path, message } => {
                format!("{}: {}", path.display(), korean::in_language(message, lang))
            }
            other => korean::in_language(&other.to_string(), lang).into_owned(),
        }
    }

    /// What kind of failure it is, in the terminal's language.
    #[must_use]
    pub fn kind(&self, lang: Lang) -> &'static str {
        match self {
            Self::Input(_) | Self::Occupied { .. } => {
                lang.pick("cannot do that", "요청을 처리할 수 없습니다")
            }
            Self::Artefact { .. } => lang.pick("bad file", "파일이 올바르지 않습니다"),
            Self::Io { .. } | Self::Video(_) => lang.pick("system error", "시스템 오류"),
            Self::Differs { .. } => lang.pick("the film differs", "결과가 다릅니다"),
            Self::Interrupted => lang.pick("stopped", "중단됨"),
        }
    }

    /// An error of reading or writing a path.
    pub fn io(doing: &'static str, path: impl Into<PathBuf>) -> impl FnOnce(io::Error) -> Self {
        let path = path.into();
        move |source| Self::Io { doing, path, source }
    }
}
