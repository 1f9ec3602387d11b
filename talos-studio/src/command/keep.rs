//! `store check`, `store size`, `store prune`.

use std::{collections::BTreeSet, path::PathBuf};

use serde_json::json;
use talos_core::{digest::Digest, time::Frame};

use super::{Context, OpenFilm, open};
use crate::{error::StudioError, film_folder::FilmFolder, folder};

/// Bytes of a mebibyte.
const MIB: u64 = 1 << 20;

/// Reads a film's store and compares hashes.
pub(super) fn check(context: &Context, film: PathBuf) -> Result<(), StudioError> {
    let folder = FilmFolder::open(film)?;
    let root = folder.path("store");
    let report = folder.store().check().map_err(StudioError::io("read", &root))?;
    let mib = report.bytes / MIB;
    let words = format!(
        "{} {} ({mib} MiB), {} {}, {} {}",
        report.sound,
        context.lang.pick("objects are sound", "개 정상"),
        report.damaged.len(),
        context.lang.pick("damaged", "개 손상"),
        report.dangling.len(),
        context.lang.pick("keys without one", "개 키에 결과 없음"),
    );
    let value = json!({ "sound": report.sound, "bytes": report.bytes, "damaged": report.damaged, "dangling": report.dangling });
    context.say(words, &value)?;
    match report.damaged.first().or(report.dangling.first()) {
        None => Ok(()),
        Some(path) => Err(StudioError::Artefact {
            path: path.clone(),
            message: "damaged; `talos render` computes it again".into(),
        }),
    }
}

/// How much room a film takes and how much of it can go.
pub(super) fn size(context: &Context, film: PathBuf) -> Result<(), StudioError> {
    let open = open(film)?;
    let root = open.folder.root();
    let read = |root| StudioError::io("read", root);
    let bytes = folder::bytes_below(root).map_err(read(root))?;
    let unused = open
        .folder
        .store()
        .unused(&keys_in_use(&open))
        .map_err(read(root))?;
    let words = format!(
        "the film takes {} MiB; `talos store prune` would free {} MiB ({} results it does not use)",
        bytes / MIB,
        unused.bytes / MIB,
        unused.results
    );
    let value = json!({ "bytes": bytes, "unused": { "results": unused.results, "bytes": unused.bytes } });
    context.say(words, &value)
}

/// Removes results that the film does not use, and what killed runs left.
pub(super) fn prune(context: &Context, film: PathBuf) -> Result<(), StudioError> {
    let open = open(film)?;
    let root = open.folder.root();
    let lock = open.folder.lock_for_pruning()?;
    let refused = |root| StudioError::io("prune", root);
    folder::sweep(root).map_err(refused(root))?;
    let freed = open
        .folder
        .store()
        .prune(&keys_in_use(&open))
        .map_err(refused(root))?;
    drop(lock);
    let words = format!(
        "{} results removed, {} MiB freed",
        freed.results,
        freed.bytes / MIB
    );
    context.say(words, &json!({ "results": freed.results, "bytes": freed.bytes }))
}

/// Keys of everything that the film, as it now is, takes from its store.
fn keys_in_use(open: &OpenFilm) -> BTreeSet<Digest> {
    let mut used = BTreeSet::new();
    for frame in (1..=open.spec.frame_count).map(Frame) {
        let keys = open.film.keys(frame);
        used.extend([
            keys.drawing,
            keys.lines,
            keys.chroma,
            keys.stokes,
            keys.raygen,
            keys.anima,
        ]);
        let tracks = open.film.tracks_keys(frame);
        used.extend([tracks.bake, tracks.listing]);
        if let Some(stokes) = open.film.stokes() {
            used.insert(stokes.frame_key(frame));
            if stokes.is_checkpoint(frame) {
                used.insert(stokes.checkpoint_key(frame));
            }
        }
    }
    used
}
