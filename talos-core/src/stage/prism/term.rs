//! The prompt as a line of meanings, whatever its language.

use super::endings::{Ending, Particles};
use super::sense::Sense;
use super::text::{Piece, PieceKind, pieces};
use super::{english, korean};

/// How an English word is inflected.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Inflection {
    /// As in the dictionary.
    #[default]
    Plain,
    /// -s: a plural or the third person.
    S,
    /// -ing.
    Ing,
    /// Past tense or participle.
    Ed,
}

/// The form a word stands in.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Form {
    pub(super) particles: Particles,
    pub(super) ending: Option<Ending>,
    pub(super) inflection: Inflection,
    pub(super) korean: bool,
}

/// A word or phrase with its meaning.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Term {
    pub(super) sense: Sense,
    pub(super) form: Form,
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) text: String,
}

/// Words that mean an imported model: its place in the options and the meaning its name has otherwise.
pub(super) struct Assets<'a> {
    pub(super) names: &'a [String],
}

impl Assets<'_> {
    /// The asset that a word means: by its own name, or by another word for the subject that the
    /// name names (an asset `dragon` is meant by 용, too).
    fn meant_by(&self, text: &str, sense: Sense) -> Option<usize> {
        let is = |name: &String| {
            let name = name.to_lowercase();
            let kind = |sense: Sense| match sense {
                Sense::Subject(word) => Some((word.name, word.kind)),
                _ => None,
            };
            name == text || (kind(sense).is_some() && kind(sense) == english::single(&name).and_then(kind))
        };
        self.names.iter().position(is)
    }
}

/// Reads a prompt (NFC, as characters) into terms.
pub(super) fn terms(chars: &[char], assets: &Assets) -> Vec<Term> {
    let pieces = pieces(chars);
    let mut out: Vec<Term> = Vec::new();
    let mut at = 0;
    while at < pieces.len() {
        at += read_at(&pieces, at, &mut out).max(1);
    }
    for term in &mut out {
        if let Some(asset) = assets.meant_by(&stem_text(term), term.sense) {
            term.sense = Sense::Asset(asset);
        }
    }
    out
}

/// A word of an unknown language with the particles it ends in taken off.
fn stem_text(term: &Term) -> String {
    if term.form.korean && term.sense == Sense::Unknown {
        return korean::without_particles(&term.text).to_owned();
    }
    term.text.clone()
}

/// Reads the next term or terms; gives how many pieces it took.
fn read_at(pieces: &[Piece], at: usize, out: &mut Vec<Term>) -> usize {
    let piece = &pieces[at];
    match piece.kind {
        PieceKind::Number(value) => {
            let special = english::number_word(pieces, at).or_else(|| korean::number_word(pieces, at));
            let (sense, taken) = special.unwrap_or((Sense::Number(value), 1));
            out.push(joined(&pieces[at..at + taken], sense, Form::default()));
            taken
        }
        PieceKind::Negative(value) => push_one(out, piece, Sense::Number(-value)),
        PieceKind::Ratio(width, height, true) => push_one(out, piece, Sense::Resolution(width, height)),
        PieceKind::Ratio(width, height, false) => push_one(out, piece, Sense::Aspect(width, height)),
        PieceKind::Comma => push_one(out, piece, Sense::Comma),
        PieceKind::Stop => push_one(out, piece, Sense::Stop),
        PieceKind::Symbol => push_one(out, piece, Sense::Unknown),
        PieceKind::Letters => {
            let (sense, inflection, taken) = english::read(pieces, at);
            let form = Form {
                inflection,
                ..Form::default()
            };
            out.push(joined(&pieces[at..at + taken], sense, form));
            taken
        }
        PieceKind::Hangul => read_hangul(pieces, at, out),
    }
}

fn read_hangul(pieces: &[Piece], at: usize, out: &mut Vec<Term>) -> usize {
    let piece = &pieces[at];
    // dragon이: a particle after a word of another script
    if piece.glued && at > 0 && pieces[at - 1].kind == PieceKind::Letters {
        let chars: Vec<char> = piece.text.chars().collect();
        if let (Some(particles), Some(term)) = (super::endings::particles(&chars), out.last_mut()) {
            term.form.particles = particles;
            term.form.korean = true;
            term.end = piece.end;
            return 1;
        }
    }
    let (morphemes, taken) = korean::read(pieces, at);
    for morpheme in morphemes {
        let form = Form {
            particles: morpheme.particles,
            ending: morpheme.ending,
            inflection: Inflection::Plain,
            korean: true,
        };
        out.push(Term {
            sense: morpheme.sense,
            form,
            start: morpheme.start,
            end: morpheme.end,
            text: morpheme.text,
        });
    }
    taken
}

fn push_one(out: &mut Vec<Term>, piece: &Piece, sense: Sense) -> usize {
    out.push(joined(std::slice::from_ref(piece), sense, Form::default()));
    1
}

fn joined(pieces: &[Piece], sense: Sense, form: Form) -> Term {
    let text: Vec<&str> = pieces.iter().map(|piece| piece.text.as_str()).collect();
    Term {
        sense,
        form,
        start: pieces[0].start,
        end: pieces[pieces.len() - 1].end,
        text: text.join(" "),
    }
}
