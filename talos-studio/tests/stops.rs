//! Runs that are stopped: by a full disk, by limits, by signals. What is there is whole, and the next run goes on to the
//! same bytes.
#![cfg(unix)]

mod common;

use std::{
    fs,
    path::Path,
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use common::{changed, files, succeeds, talos};

const PROMPT: &str = "a dragon breathes fire over a city at night, 0.5 seconds";
const SIZE: [&str; 2] = ["--size", "256x144"];

fn words(film: &Path) -> Vec<&str> {
    let film = film.to_str().expect("a path");
    [&["make", PROMPT, "--out", film][..], &SIZE].concat()
}

/// Files whose names only unfinished work has.
fn unfinished(film: &Path) -> Vec<String> {
    let list = talos_studio::folder::files(film).expect("readable");
    let names = list.iter().filter_map(|p| p.file_name()?.to_str());
    names
        .filter(|name| name.starts_with('.'))
        .map(str::to_owned)
        .collect()
}

/// Every picture and artefact there decodes: none is half-written.
fn all_whole(film: &Path) {
    for (path, bytes) in files(film) {
        match path.extension().and_then(|e| e.to_str()) {
            Some("png") => drop(talos_core::format::png::decode(&bytes).expect("a whole PNG")),
            Some("json") => drop(serde_json::from_slice::<serde_json::Value>(&bytes).expect("whole JSON")),
            _ => {}
        }
    }
}

#[test]
fn a_write_that_fails_says_what_where_and_how_to_mend_it_and_the_next_run_goes_on() {
    let folder = tempfile::tempdir().expect("a folder");
    let [film, whole] = ["film", "whole"].map(|name| folder.path().join(name));
    // the limit on a file's size stands in for a full disk: no rights are needed for it
    let script = "trap '' XFSZ; ulimit -f 24; exec \"$0\" \"$@\"";
    let output = Command::new("sh")
        .args(["-c", script, env!("CARGO_BIN_EXE_talos")])
        .args(words(&film))
        .env("LC_ALL", "C")
        .output()
        .expect("a shell");
    let errors = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(4), "{errors}");
    for says in [
        "cannot write",
        "film",
        "File too large",
        "run the same command again",
    ] {
        assert!(errors.contains(says), "{says}: {errors}");
    }
    assert!(
        !errors.contains(".talos-"),
        "no name of an unfinished file: {errors}"
    );
    assert_eq!(unfinished(&film), Vec::<String>::new());
    all_whole(&film);
    assert!(!film.join("final_video.mp4").exists());
    succeeds(&words(&film));
    succeeds(&words(&whole));
    assert_eq!(changed(&files(&whole), &files(&film)), Vec::<String>::new());
}

#[test]
fn a_result_that_cannot_be_printed_is_an_error() {
    if !Path::new("/dev/full").exists() {
        return;
    }
    let full = fs::File::options()
        .write(true)
        .open("/dev/full")
        .expect("a device");
    let status = Command::new(env!("CARGO_BIN_EXE_talos"))
        .args(["schema", "cut_spec"])
        .stdout(full)
        .stderr(Stdio::null())
        .status()
        .expect("the program starts");
    assert_eq!(status.code(), Some(4));
}

fn start(film: &Path) -> Child {
    Command::new(env!("CARGO_BIN_EXE_talos"))
        .args(words(film))
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("the program starts")
}

fn signal(child: &Child, name: &str) {
    let sent = Command::new("kill")
        .args([format!("-{name}"), child.id().to_string()])
        .status();
    assert!(sent.expect("kill").success());
}

/// Waits until the film has a few frames.
fn wait_for_frames(film: &Path) {
    let start = Instant::now();
    while !film.join("anima/frame_0003.png").exists() {
        assert!(
            start.elapsed() < Duration::from_secs(120),
            "no frame in two minutes"
        );
        std::thread::sleep(Duration::from_millis(5));
    }
}

#[test]
fn a_stopped_run_leaves_whole_files_and_the_next_gives_the_same_bytes() {
    let folder = tempfile::tempdir().expect("a folder");
    let whole = folder.path().join("whole");
    succeeds(&words(&whole));
    for (signals, code) in [
        (&["INT"][..], Some(130)),
        (&["TERM"], Some(130)),
        (&["KILL"], None),
    ] {
        let film = folder.path().join(signals[0]);
        let mut child = start(&film);
        wait_for_frames(&film);
        signals.iter().for_each(|name| signal(&child, name));
        let status = child.wait().expect("it ends");
        assert_eq!(status.code(), code, "{signals:?}");
        if code.is_some() {
            assert_eq!(unfinished(&film), Vec::<String>::new(), "{signals:?}");
        }
        all_whole(&film);
        assert!(!film.join("final_video.mp4").exists(), "{signals:?}");
        succeeds(&words(&film));
        assert_eq!(unfinished(&film), Vec::<String>::new(), "{signals:?}");
        assert_eq!(
            changed(&files(&whole), &files(&film)),
            Vec::<String>::new(),
            "{signals:?}"
        );
    }
}

#[test]
fn nothing_but_words_is_written_where_there_is_no_terminal() {
    let output = talos(&["direct", "a cat, 1 second", "--out", "/dev/null/film"]);
    let errors = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(4), "{errors}");
    assert!(!errors.contains('\u{1b}') && !errors.contains('\r'), "{errors:?}");
}
