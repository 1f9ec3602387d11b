//! Files that appear whole or not at all.

use std::{
    fs, io,
    io::Write,
    path::{Path, PathBuf},
};

use tempfile::NamedTempFile;

/// How names of unfinished files begin: what a killed run leaves can be told from a film's files.
const UNFINISHED: &str = ".talos-";

/// A file to be moved into place when it is finished; it goes when it is dropped before.
///
/// # Errors
/// What the system says.
pub fn unfinished(folder: &Path) -> io::Result<NamedTempFile> {
    tempfile::Builder::new().prefix(UNFINISHED).tempfile_in(folder)
}

/// Every file below a folder, sorted; none where it is missing.
///
/// # Errors
/// What the system says.
pub fn files(root: &Path) -> io::Result<Vec<PathBuf>> {
    let mut list = Vec::new();
    let mut folders = vec![root.to_owned()];
    while let Some(folder) = folders.pop() {
        if !folder.is_dir() {
            continue;
        }
        for entry in fs::read_dir(&folder)? {
            let entry = entry?;
            if entry.file_type()?.is_dir() {
                folders.push(entry.path());
            } else {
                list.push(entry.path());
            }
        }
    }
    list.sort();
    Ok(list)
}

/// Removes what a killed run left unfinished. Nobody else may be at work there.
///
/// # Errors
/// What the system says.
pub fn sweep(root: &Path) -> io::Result<()> {
    let unfinished = |path: &PathBuf| {
        path.file_name()
            .is_some_and(|name| name.to_string_lossy().starts_with(UNFINISHED))
    };
    files(root)?
        .iter()
        .filter(|p| unfinished(p))
        .try_for_each(fs::remove_file)
}

/// Whether two paths are one file (hard links to it).
#[must_use]
pub fn same_file(a: &Path, b: &Path) -> bool {
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt;
        let id = |path: &Path| fs::metadata(path).map(|m| (m.dev(), m.ino()));
        if let (Ok(a), Ok(b)) = (id(a), id(b))
            && a == b
        {
            return true;
        }
    }
    let length = |path: &Path| fs::metadata(path).map(|m| m.len()).ok();
    length(a).is_some()
        && length(a) == length(b)
        && matches!((fs::read(a), fs::read(b)), (Ok(a), Ok(b)) if a == b)
}

/// Room that a file takes for itself: nothing where other names of it remain.
///
/// # Errors
/// What the system says.
pub fn own_bytes(path: &Path) -> io::Result<u64> {
    let metadata = fs::metadata(path)?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt;
        if metadata.nlink() > 1 {
            return Ok(0);
        }
    }
    Ok(metadata.len())
}

/// Room that everything below a folder takes, files with several names counted once.
///
/// # Errors
/// What the system says.
pub fn bytes_below(root: &Path) -> io::Result<u64> {
    let mut seen = std::collections::BTreeSet::new();
    let mut total = 0;
    for path in files(root)? {
        let metadata = fs::metadata(&path)?;
        #[cfg(unix)]
        let id = {
            use std::os::unix::fs::MetadataExt;
            (metadata.dev(), metadata.ino())
        };
        #[cfg(not(unix))]
        let id = path;
        if seen.insert(id) {
            total += metadata.len();
        }
    }
    Ok(total)
}

/// Writes a file beside its place, then renames it there.
///
/// # Errors
/// What the system says; the old file, if any, is untouched.
pub fn write(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let folder = path.parent().unwrap_or(Path::new("."));
    fs::create_dir_all(folder)?;
    let mut file = unfinished(folder)?;
    file.write_all(bytes)?;
    persist(file, path)
}

/// Moves a finished temporary file to its place, readable for all as the umask allows.
///
/// # Errors
/// What the system says.
pub fn persist(mut file: NamedTempFile, path: &Path) -> io::Result<()> {
    file.flush()?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        file.as_file()
            .set_permissions(fs::Permissions::from_mode(0o644))?;
    }
    file.persist(path).map(drop).map_err(|e| e.error)
}

/// Puts `target` at `path` as a hard link, or as a copy where links are refused; replaces what is there.
///
/// # Errors
/// What the system says.
pub fn link(target: &Path, path: &Path) -> io::Result<()> {
    let folder = path.parent().unwrap_or(Path::new("."));
    fs::create_dir_all(folder)?;
    // a fresh name first: a link cannot replace a file, a rename can
    let name = unfinished(folder)?.into_temp_path();
    let beside = name.to_path_buf();
    name.close()?;
    if fs::hard_link(target, &beside).is_err() {
        return write(path, &fs::read(target)?);
    }
    let moved = fs::rename(&beside, path);
    // renaming one link of a file over another does nothing and leaves both
    let _ = fs::remove_file(&beside);
    moved
}
