//! The program, run as a user runs it, on small films.
#![allow(dead_code, reason = "each test file uses its own part of this")]

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    process::{Command, Output},
};

/// Runs the program in English.
pub(crate) fn talos(args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_talos"))
        .args(args)
        .env("LC_ALL", "C")
        .output()
        .expect("the program starts")
}

/// Runs the program and returns its standard output; fails with its messages when it fails.
pub(crate) fn succeeds(args: &[&str]) -> String {
    let output = talos(args);
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{args:?}: {errors}");
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// Runs the program, which must fail with this code and say this, without a panic.
pub(crate) fn fails(args: &[&str], code: i32, says: &str) {
    let output = talos(args);
    let errors = String::from_utf8_lossy(&output.stderr).into_owned();
    let short: Vec<String> = args.iter().map(|a| a.chars().take(60).collect()).collect();
    assert_eq!(output.status.code(), Some(code), "{short:?}: {errors}");
    assert!(errors.contains(says), "{short:?} should say `{says}`: {errors}");
    assert!(!errors.contains("panicked"), "{errors}");
}

/// Every file of a film that law 1 covers, with its bytes: all but the report and the store.
pub(crate) fn files(film: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut found = BTreeMap::new();
    let mut folders = vec![film.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).expect("a folder").flatten() {
            let path = entry.path();
            let inside = path.strip_prefix(film).expect("inside").to_owned();
            if inside == Path::new("store") || inside == Path::new("report.json") {
                continue;
            }
            if path.is_dir() {
                folders.push(path);
            } else {
                found.insert(inside, fs::read(&path).expect("readable"));
            }
        }
    }
    found
}

/// The paths whose bytes differ between two states of a film.
pub(crate) fn changed(
    before: &BTreeMap<PathBuf, Vec<u8>>,
    after: &BTreeMap<PathBuf, Vec<u8>>,
) -> Vec<String> {
    let paths: std::collections::BTreeSet<&PathBuf> = before.keys().chain(after.keys()).collect();
    paths
        .into_iter()
        .filter(|path| before.get(*path) != after.get(*path))
        .map(|path| path.display().to_string())
        .collect()
}
