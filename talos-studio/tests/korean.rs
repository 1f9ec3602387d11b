//! Korean: every error and finding has its words, and no result depends on the language.

mod common;

use std::{fs, path::Path, process::Command};

use common::{changed, files, succeeds};
use talos_core::stage::prism::{DirectOptions, direct};
use talos_studio::korean::korean;

/// Kinds of errors that name bugs of a caller of the library, not words of a user.
const NOT_SHOWN: [&str; 6] = [
    "/fluid/",
    "/curve/",
    "/image/",
    "/format/png.rs",
    "/geometry/",
    "/responses.rs",
];

/// Every `#[error("…")]` text below a folder, its places filled with `x`.
fn error_texts(folder: &Path) -> Vec<(String, String)> {
    let mut found = Vec::new();
    for path in talos_studio::folder::files(folder).expect("readable") {
        let name = path.display().to_string();
        if !name.ends_with(".rs") || NOT_SHOWN.iter().any(|part| name.contains(part)) {
            continue;
        }
        let source = fs::read_to_string(&path).expect("readable");
        for piece in source.split("#[error(").skip(1) {
            let Some((_, rest)) = piece.split_once('"').filter(|(head, _)| head.trim().is_empty()) else {
                continue;
            };
            let text = literal(rest);
            if text.chars().any(char::is_alphabetic) {
                found.push((name.clone(), filled(&text)));
            }
        }
    }
    found
}

/// A string literal up to its closing quote.
fn literal(rest: &str) -> String {
    let mut text = String::new();
    let mut chars = rest.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '"' => break,
            '\\' if chars.peek() == Some(&'\n') => {
                while chars.peek().is_some_and(|c| c.is_whitespace()) {
                    chars.next();
                }
            }
            '\\' => text.extend(chars.next()),
            other => text.push(other),
        }
    }
    text
}

fn filled(text: &str) -> String {
    let mut result = String::new();
    let mut depth = 0;
    for c in text.chars() {
        match c {
            '{' => depth += 1,
            '}' => {
                depth -= 1;
                result.push('x');
            }
            other if depth == 0 => result.push(other),
            _ => {}
        }
    }
    result
}

#[test]
fn every_error_has_korean_words() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut texts = error_texts(&root.join("src"));
    texts.extend(error_texts(&root.join("../talos-core/src")));
    assert!(texts.len() > 30, "the sources are read");
    let missing: Vec<_> = texts
        .iter()
        // a frame for parts that have their own words
        .filter(|(_, text)| text.replace("x", "").chars().any(char::is_alphabetic))
        .filter(|(_, text)| korean(&text.replace("cannot x x", "cannot read x: x")).is_none())
        .collect();
    assert!(missing.is_empty(), "no Korean for {missing:#?}");
}

#[test]
fn what_is_found_in_prompts_has_korean_words() {
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("../fixtures/prompts");
    let mut said = 0;
    for path in talos_studio::folder::files(&fixtures).expect("readable") {
        let text = fs::read_to_string(&path).expect("readable");
        for prompt in text.lines().flat_map(|line| line.split('\t')) {
            let Ok(spec) = direct(prompt, &DirectOptions::default()) else {
                continue;
            };
            for finding in spec.findings {
                said += 1;
                assert!(
                    korean(&finding.message).is_some(),
                    "no Korean for `{}`",
                    finding.message
                );
            }
        }
    }
    assert!(said > 20, "prompts are read");
}

#[test]
fn results_do_not_depend_on_the_language() {
    let folder = tempfile::tempdir().expect("a folder");
    let [en, ko] = ["en", "ko"].map(|name| folder.path().join(name));
    for (film, lang) in [(&en, "en"), (&ko, "ko")] {
        let film = film.to_str().expect("a path");
        let words = [
            "make",
            "a cat at a windy sea, 0.2 seconds",
            "--size",
            "128x72",
            "--out",
            film,
            "--lang",
            lang,
        ];
        succeeds(&words);
    }
    assert_eq!(changed(&files(&en), &files(&ko)), Vec::<String>::new());
}

#[test]
fn words_that_cannot_be_read_are_answered_in_korean() {
    for words in [
        &["mak"][..],
        &["make"],
        &["make", "x", "--sead", "1"],
        &["make", "x", "--seed", "-1"],
    ] {
        let output = Command::new(env!("CARGO_BIN_EXE_talos"))
            .args(words)
            .env("LC_ALL", "ko_KR.UTF-8")
            .output()
            .expect("the program starts");
        let errors = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{words:?}: {errors}");
        assert!(
            errors.contains("명령을 이해할 수 없습니다"),
            "{words:?}: {errors}"
        );
    }
}
