//! Files that appear whole or not at all.

use std::{fs, io, io::Write, path::Path};

use tempfile::NamedTempFile;

/// Writes a file beside its place, then renames it there.
///
/// # Errors
/// What the system says; the old file, if any, is untouched.
pub fn write(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let folder = path.parent().unwrap_or(Path::new("."));
    fs::create_dir_all(folder)?;
    let mut file = NamedTempFile::new_in(folder)?;
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
    let name = NamedTempFile::new_in(folder)?.into_temp_path();
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
