//! What is written about the house is true of it.

use std::{collections::BTreeSet, fs, path::Path};

fn root() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))
}

fn architecture() -> String {
    fs::read_to_string(root().join("ARCHITECTURE.md")).expect("it is there")
}

/// The first word of each line of the layout, with the folder it is indented below.
fn named_in_layout() -> BTreeSet<String> {
    let text = architecture();
    let block = text.split("```").nth(1).expect("a layout");
    let mut parent = String::new();
    let mut named = BTreeSet::new();
    for line in block.lines().skip(1).filter(|line| !line.trim().is_empty()) {
        if line.starts_with(' ') {
            let name = line.split_whitespace().next().expect("a word");
            named.insert(format!("{parent}{name}"));
        } else {
            let folders = line.split_whitespace().take_while(|word| word.ends_with('/'));
            named.extend(folders.map(str::to_owned));
            parent = line.split_whitespace().next().unwrap_or_default().to_owned();
        }
    }
    named
}

#[test]
fn every_path_that_architecture_names_exists() {
    let named = named_in_layout();
    assert!(named.len() > 20, "the layout is read: {named:?}");
    let text = architecture();
    let quoted = text.split('`').skip(1).step_by(2);
    let paths = quoted.filter(|q| q.contains('/') && !q.contains([' ', '→', '*', '<', ':']));
    let paths = paths.filter(|q| !q.starts_with("./") || !q.contains(','));
    for path in named.iter().map(String::as_str).chain(paths) {
        assert!(root().join(path).exists(), "ARCHITECTURE.md names {path}");
    }
}

#[test]
fn every_folder_of_the_sources_is_named() {
    let named = named_in_layout();
    for part in ["talos-core", "talos-studio"] {
        let src = root().join(part).join("src");
        for entry in fs::read_dir(src)
            .expect("a folder")
            .flatten()
            .filter(|e| e.path().is_dir())
        {
            let name = format!("{part}/src/{}/", entry.file_name().to_string_lossy());
            assert!(named.contains(&name), "ARCHITECTURE.md does not name {name}");
        }
    }
}
