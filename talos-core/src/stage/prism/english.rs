//! English words: from inflected forms to the lexicon.

use super::lexicon::lexicon;
use super::sense::Sense;
use super::term::Inflection;
use super::text::{Piece, PieceKind};

/// The meaning of the word at a place, with how many pieces it takes; the longest phrase counts.
pub(super) fn read(pieces: &[Piece], at: usize) -> (Sense, Inflection, usize) {
    let mut best = (Sense::Unknown, Inflection::Plain, 0);
    for (lemma, inflection) in lemmas(&pieces[at].text) {
        let Some(phrases) = lexicon().english.get(lemma.as_str()) else {
            continue;
        };
        for (words, sense) in phrases {
            // lonely wolf is no lone wolf
            let adverb = words.len() > 1 && inflection == Inflection::Plain && lemma != pieces[at].text;
            let verb = matches!(inflection, Inflection::Ing | Inflection::Ed);
            if words.len() > best.2
                && !adverb
                && (!verb || is_verb(*sense))
                && let Some(rest) = matches(&words[1..], &pieces[at + 1..])
            {
                let inflection = if inflection == Inflection::Plain {
                    rest
                } else {
                    inflection
                };
                best = (*sense, inflection, words.len());
            }
        }
    }
    (best.0, best.1, best.2.max(1))
}

/// Whether a word of this meaning has forms in -ing and -ed: `fishing` is no fish.
fn is_verb(sense: Sense) -> bool {
    matches!(
        sense,
        Sense::Action(_)
            | Sense::Breathe
            | Sense::Wear
            | Sense::Bring
            | Sense::Rise
            | Sense::Set
            | Sense::Natural
            | Sense::Move(..)
            | Sense::Weather(..)
            | Sense::Snow
            | Sense::Media
            | Sense::Function
            | Sense::Link(_)
    )
}

/// Whether the pieces begin with the words; gives the last word's inflection.
fn matches(words: &[&str], pieces: &[Piece]) -> Option<Inflection> {
    if words.len() > pieces.len() {
        return None;
    }
    let mut last = Inflection::Plain;
    for (word, piece) in words.iter().zip(pieces) {
        if !matches!(piece.kind, PieceKind::Letters | PieceKind::Number(_)) {
            return None;
        }
        let (_, inflection) = lemmas(&piece.text).into_iter().find(|(lemma, _)| lemma == word)?;
        last = inflection;
    }
    Some(last)
}

/// The meaning of a single word or phrase, as for the name of an asset.
pub(super) fn single(text: &str) -> Option<Sense> {
    let chars: Vec<char> = text.chars().collect();
    let pieces = super::text::pieces(&chars);
    let (sense, _, taken) = (!pieces.is_empty()).then(|| read(&pieces, 0))?;
    (taken == pieces.len() && sense != Sense::Unknown).then_some(sense)
}

/// `4k`, `1080p`, `90s anime`, `360 shot`.
pub(super) fn number_word(pieces: &[Piece], at: usize) -> Option<(Sense, usize)> {
    let next = pieces.get(at + 1).filter(|next| next.glued);
    let size = match (pieces[at].text.as_str(), next.map(|next| next.text.as_str())) {
        ("4", Some("k")) => Some((3840.0, 2160.0)),
        ("8", Some("k")) => Some((7680.0, 4320.0)),
        ("720", Some("p")) => Some((1280.0, 720.0)),
        ("1080", Some("p")) => Some((1920.0, 1080.0)),
        ("1440", Some("p")) => Some((2560.0, 1440.0)),
        ("2160", Some("p")) => Some((3840.0, 2160.0)),
        _ => None,
    };
    if let Some((width, height)) = size {
        return Some((Sense::Resolution(width, height), 2));
    }
    let (sense, _, taken) = read(pieces, at);
    (sense != Sense::Unknown).then_some((sense, taken))
}

/// What a form may be a form of, the form itself first.
fn lemmas(form: &str) -> Vec<(String, Inflection)> {
    let mut out = vec![(form.to_owned(), Inflection::Plain)];
    if let Some((base, plural)) = lexicon().irregular.get(form) {
        let inflection = if *plural { Inflection::S } else { Inflection::Ed };
        out.push(((*base).to_owned(), inflection));
    }
    if !form.is_ascii() || form.len() < 3 {
        return out;
    }
    let mut add = |base: String, inflection| out.push((base, inflection));
    if let Some(stem) = form.strip_suffix("ies") {
        add(format!("{stem}y"), Inflection::S);
    }
    if let Some(stem) = form.strip_suffix('s').filter(|stem| !stem.ends_with('s')) {
        add(stem.to_owned(), Inflection::S);
        stem.strip_suffix('e')
            .into_iter()
            .for_each(|stem| add(stem.to_owned(), Inflection::S));
    }
    for (suffix, inflection) in [("ing", Inflection::Ing), ("ed", Inflection::Ed)] {
        let Some(stem) = form.strip_suffix(suffix).filter(|stem| stem.len() >= 2) else {
            continue;
        };
        add(stem.to_owned(), inflection);
        add(format!("{stem}e"), inflection);
        stem.strip_suffix('i')
            .into_iter()
            .for_each(|stem| add(format!("{stem}y"), inflection));
        let doubled = stem.as_bytes()[stem.len() - 1] == stem.as_bytes()[stem.len() - 2];
        if doubled {
            add(stem[..stem.len() - 1].to_owned(), inflection);
        }
    }
    if let Some(stem) = form.strip_suffix("ly") {
        add(stem.to_owned(), Inflection::Plain);
        stem.strip_suffix('i')
            .into_iter()
            .for_each(|stem| add(format!("{stem}y"), Inflection::Plain));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::artefact::Action;

    fn meaning(text: &str) -> (Sense, Inflection, usize) {
        let chars: Vec<char> = text.chars().collect();
        read(&super::super::text::pieces(&chars), 0)
    }

    #[test]
    fn inflected_forms_are_understood() {
        for (word, action, inflection) in [
            ("flies", Action::Fly, Inflection::S),
            ("running", Action::Run, Inflection::Ing),
            ("swam", Action::Swim, Inflection::Ed),
            ("chasing", Action::Run, Inflection::Ing),
            ("fought", Action::Fight, Inflection::Ed),
            ("strolled", Action::Walk, Inflection::Ed),
        ] {
            let (sense, found, _) = meaning(word);
            assert!(
                matches!(sense, Sense::Action(a) if a.action == action),
                "{word} {sense:?}"
            );
            assert_eq!(found, inflection, "{word}");
        }
        assert!(matches!(meaning("wolves").0, Sense::Subject(w) if w.name == "wolf"));
        assert!(matches!(meaning("puppies").0, Sense::Subject(w) if w.scale < 1.0));
        assert_eq!(meaning("zorblax").0, Sense::Unknown);
    }

    #[test]
    fn the_longest_phrase_counts() {
        assert_eq!(meaning("extreme close-up").2, 3);
        assert_eq!(meaning("dolly in slowly").2, 2);
        assert_eq!(meaning("snow-covered").0, Sense::Cover);
        assert_eq!(meaning("bird's-eye view").2, 4);
    }
}
