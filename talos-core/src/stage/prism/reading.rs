//! What was read from a prompt, before anything is decided.

use std::collections::BTreeMap;

use crate::artefact::{Action, CameraAngle, MoveKind, PlaceKind, ShotSize, StoryArc, TimeOfDay, Weather};

use super::findings::Span;
use super::sense::{ActionWord, Link, Relation, SubjectWord};
use super::term::Form;

/// How many are meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Count {
    /// Nothing said: one.
    Unsaid,
    /// `wolves`, 늑대들.
    Plural,
    /// `a flock`, 떼, `many`.
    Many,
    /// A number.
    Exact(u32),
}

/// Someone who is spoken of; spoken of again, it is the same mention.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Mention {
    pub(super) word: SubjectWord,
    pub(super) asset: Option<usize>,
    pub(super) count: Count,
    pub(super) group: bool,
    pub(super) colors: BTreeMap<String, String>,
    pub(super) scale: f64,
    pub(super) span: Span,
}

/// A piece of a sentence.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Chunk {
    /// A noun for someone, with its form.
    Who(usize, Form),
    /// A verb.
    Verb(ActionWord, Form, Span),
    /// A noun for something else.
    Thing(Form),
    /// The camera.
    Camera,
    /// A preposition.
    Relation(Relation),
    /// A conjunction.
    Link(Link),
    /// A personal pronoun.
    Pronoun,
    /// An article or a number that opens a noun phrase.
    Opens,
    /// A comma.
    Comma,
    /// The end of a sentence.
    Stop,
}

/// A place that is named.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct PlaceSeen {
    pub(super) kind: PlaceKind,
    pub(super) weak: bool,
    pub(super) near: bool,
    pub(super) above: bool,
    /// Said to be over it, which a walker can be, too.
    pub(super) over: bool,
    /// Said to be where something comes from.
    pub(super) whence: bool,
    pub(super) name: &'static str,
    pub(super) span: Span,
}

/// Someone doing something; indices into the mentions.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Deed {
    pub(super) word: ActionWord,
    pub(super) agents: Vec<usize>,
    pub(super) patients: Vec<usize>,
    /// It begins after the deeds before it.
    pub(super) then: bool,
    pub(super) span: Span,
}

/// An emotion that is named.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct EmotionSeen {
    pub(super) name: &'static str,
    /// `from sad to hopeful`: it is where the film starts.
    pub(super) from: bool,
}

/// All of it.
#[derive(Clone, Debug, Default)]
pub(super) struct Reading {
    pub(super) mentions: Vec<Mention>,
    pub(super) chunks: Vec<Chunk>,
    pub(super) deeds: Vec<Deed>,
    pub(super) places: Vec<PlaceSeen>,
    pub(super) times: Vec<(TimeOfDay, bool, Span)>,
    pub(super) weathers: Vec<(Weather, bool, Span)>,
    pub(super) snow_lies: bool,
    pub(super) emotions: Vec<EmotionSeen>,
    pub(super) styles: Vec<(&'static str, Span)>,
    pub(super) shots: Vec<ShotSize>,
    pub(super) angles: Vec<CameraAngle>,
    pub(super) moves: Vec<(MoveKind, f64)>,
    pub(super) one_take: bool,
    pub(super) arc: Option<StoryArc>,
    /// Whether anything of the prompt was understood.
    pub(super) understood: bool,
}

impl Reading {
    /// Whether anyone does this.
    pub(super) fn does(&self, action: Action) -> bool {
        self.deeds.iter().any(|deed| deed.word.action == action)
    }

    /// Mentions in the order of the cast: who acts before who is acted on, else as spoken of. Word
    /// order alone would differ between languages.
    pub(super) fn speaking_order(&self) -> Vec<usize> {
        let acts = |m: usize| self.deeds.iter().any(|d| d.agents.contains(&m));
        let suffers = |m: usize| self.deeds.iter().any(|d| d.patients.contains(&m));
        let mut order: Vec<usize> = (0..self.mentions.len()).collect();
        order.sort_by_key(|&m| suffers(m) && !acts(m));
        order
    }
}
