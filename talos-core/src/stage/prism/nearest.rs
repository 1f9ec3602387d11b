//! Words that come near an unknown one.

use std::sync::LazyLock;

use crate::{artefact::SubjectKind, nearest::distance};

use super::jamo;
use super::lexicon::lexicon;
use super::sense::{Sense, SubjectWord};

/// The subject that an unknown word seems to be, misspelt: at most one letter wrong in a word of
/// at least five letters, two in one of nine. Shorter words come near to anything.
pub(super) fn misspelt(text: &str) -> Option<SubjectWord> {
    let allowed = match letters(text).len() {
        5..=8 => 1,
        9..=24 => 2,
        _ => return None,
    };
    let close = candidates(text, allowed);
    close.into_iter().find_map(|(_, _, sense)| match sense {
        Sense::Subject(word) if word.near.is_empty() => Some(word),
        _ => None,
    })
}

/// Up to three known words within a third of the word's letters, nearest first.
pub(super) fn words(text: &str) -> Vec<String> {
    let length = letters(text).len();
    if !(3..=24).contains(&length) {
        return Vec::new();
    }
    let close = candidates(text, (length / 3).min(3));
    close.into_iter().take(3).map(|(_, word, _)| word).collect()
}

/// Kinds named to the reader for a stranger: the one that stands in, then what else can be built.
pub(super) fn kinds(text: &str, stand_in: SubjectWord) -> Vec<String> {
    let mut out = vec![stand_in.name.to_owned()];
    for word in words(text)
        .into_iter()
        .chain(["human".into(), "dog".into(), "bird".into()])
    {
        if out.len() < 3 && !out.contains(&word) {
            out.push(word);
        }
    }
    out
}

/// Who stands in for a stranger of whom nothing is known: counted as animals, a dog; else a human.
pub(super) fn stranger(animal: bool) -> SubjectWord {
    let (name, kind) = if animal {
        ("dog", SubjectKind::Dog)
    } else {
        ("human", SubjectKind::Human)
    };
    SubjectWord {
        name,
        kind,
        variant: "",
        color: "",
        scale: 1.0,
        count: 1,
        near: "",
    }
}

/// A known word and its letters.
struct Known {
    letters: Vec<char>,
    word: String,
    sense: Sense,
}

/// Single English words, and Korean ones.
static KNOWN: LazyLock<[Vec<Known>; 2]> = LazyLock::new(|| {
    let known = |word: &str, sense: Sense| Known {
        letters: letters(word),
        word: word.to_owned(),
        sense,
    };
    let english = lexicon().english.values().flatten();
    let single = english.filter_map(|(words, sense)| match words.as_slice() {
        [word] => Some(known(word, *sense)),
        _ => None,
    });
    let korean = lexicon().nouns.iter().map(|(word, sense)| known(word, *sense));
    [single.collect(), korean.collect()]
});

/// Known words at most `allowed` letters away: by distance, then alphabetically.
fn candidates(text: &str, allowed: usize) -> Vec<(usize, String, Sense)> {
    let wanted = letters(text);
    let table = &KNOWN[usize::from(!text.is_ascii())];
    let near = |known: &Known| {
        let distance = distance(&wanted, &known.letters, allowed)?;
        Some((distance, known.word.clone(), known.sense))
    };
    let mut found: Vec<(usize, String, Sense)> = table.iter().filter_map(near).collect();
    found.sort_by(|a, b| (a.0, &a.1).cmp(&(b.0, &b.1)));
    found
}

fn letters(text: &str) -> Vec<char> {
    if text.is_ascii() {
        return text.chars().collect();
    }
    jamo::line(text).chars().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn misspelt_subjects_are_found() {
        assert_eq!(misspelt("dragn").map(|w| w.name), Some("dragon"));
        assert_eq!(misspelt("drgaons"), None);
        assert_eq!(misspelt("cta"), None);
        assert!(words("horsse").contains(&"horse".to_owned()));
    }
}
