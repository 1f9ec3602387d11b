//! Noun phrases: who is meant, how many, how they look; and what else is named.

mod count;
mod film;
mod looks;
mod places;
mod who;

use super::findings::{Findings, Span};
use super::reading::{Chunk, Count, Reading};
use super::sense::{Article, CountWord, Link, Sense, SubjectWord};
use super::term::Term;

/// Reads all terms into phrases.
pub(super) fn read(terms: &[Term], korean: bool, findings: &mut Findings) -> Reading {
    let mut reader = Reader {
        terms,
        korean,
        findings,
        pending: Pending::default(),
        out: Reading::default(),
        last_who: None,
    };
    let mut at = 0;
    while at < terms.len() {
        at += reader.step(at).max(1);
    }
    reader.finish()
}

/// Words heard that wait for their noun.
#[derive(Default)]
struct Pending {
    number: Option<f64>,
    counted: bool,
    count_word: Option<CountWord>,
    color: Option<&'static str>,
    slots: Vec<(&'static str, &'static str)>,
    size: Option<f64>,
    old: bool,
    group: bool,
    article: Option<Article>,
    negated: bool,
    span: Option<Span>,
}

struct Reader<'a> {
    terms: &'a [Term],
    korean: bool,
    findings: &'a mut Findings,
    pending: Pending,
    out: Reading,
    /// The mention last spoken of, and the term it ended at.
    last_who: Option<(usize, usize)>,
}

impl Reader<'_> {
    fn sense(&self, at: usize) -> Option<Sense> {
        self.terms.get(at).map(|term| term.sense)
    }

    /// Reads at a place; gives how many terms it took.
    fn step(&mut self, at: usize) -> usize {
        let term = &self.terms[at];
        if !matches!(
            term.sense,
            Sense::Unknown | Sense::Comma | Sense::Stop | Sense::Function | Sense::Article(_)
        ) {
            self.out.understood = true;
        }
        match term.sense {
            Sense::Subject(word) => return self.subject(at, word, None),
            Sense::Asset(asset) => return self.subject(at, asset_word(), Some(asset)),
            Sense::Unknown => self.unknown(at),
            Sense::Article(_) if self.is_object_her(at) => self.out.chunks.push(Chunk::Pronoun),
            Sense::Article(article) => self.article(article),
            Sense::Number(value) => self.number(value, term),
            Sense::Counter(_) => self.counter(at),
            Sense::Count(word) => self.count(word, term),
            Sense::Collective => self.collective(at),
            Sense::Color(color) => self.color(color, term),
            Sense::Size(size) => self.pending.size = Some(size),
            Sense::Old => self.pending.old = true,
            Sense::Slot(slot) => self.slot(slot, at),
            Sense::SlotColor(slot, color) => self.slot_color(slot, color),
            Sense::Wear => self.wear(term),
            Sense::Bring => self.bring(),
            Sense::Action(word) => {
                let chunk = Chunk::Verb(word, term.form, Span::of(term));
                self.out.chunks.push(chunk);
            }
            Sense::Place(place) => return self.place(at, place),
            _ => self.setting(at),
        }
        1
    }

    /// `stares at her.`: without a noun after it, `her` is who, not whose.
    fn is_object_her(&self, at: usize) -> bool {
        let ends = |sense| matches!(sense, Sense::Comma | Sense::Stop | Sense::Link(_));
        self.terms[at].text == "her" && self.sense(at + 1).is_none_or(ends)
    }

    /// Everything that is no noun phrase.
    fn setting(&mut self, at: usize) {
        let term = &self.terms[at];
        let span = Span::of(term);
        match term.sense {
            Sense::Time(time, weak) => {
                self.out.times.push((time, weak, span));
                self.thing(term);
            }
            Sense::Weather(weather, weak) => {
                self.out.weathers.push((weather, weak, span));
                self.thing(term);
            }
            Sense::Cover => self.out.snow_lies = true,
            Sense::Prop | Sense::Fire => self.prop(term),
            Sense::Scenery => {
                self.uncounted(term);
                self.thing(term);
            }
            Sense::Relation(relation) => self.relation(relation),
            Sense::Link(link) => self.link(link),
            Sense::Pronoun => self.out.chunks.push(Chunk::Pronoun),
            Sense::Comma => self.out.chunks.push(Chunk::Comma),
            Sense::Stop => self.stop(),
            _ => self.film(at),
        }
    }

    fn thing(&mut self, term: &Term) {
        // the colour of a sunset is not that of the next noun
        let adjective = term.form.ending.is_some();
        let before_who = !self.korean && self.next_is_who_after(term);
        if !adjective && !before_who {
            self.pending.color = None;
        }
        self.out.chunks.push(Chunk::Thing(term.form));
    }

    fn next_is_who_after(&self, term: &Term) -> bool {
        let next = self.terms.iter().find(|other| other.start >= term.end);
        matches!(
            next.map(|t| t.sense),
            Some(Sense::Subject(_) | Sense::Asset(_) | Sense::Color(_) | Sense::Place(_))
        )
    }

    fn stop(&mut self) {
        self.settle_slots();
        self.pending = Pending::default();
        self.out.chunks.push(Chunk::Stop);
    }

    fn article(&mut self, article: Article) {
        if !self.korean {
            let negated = self.pending.negated;
            let slots = std::mem::take(&mut self.pending.slots);
            self.pending = Pending {
                negated,
                slots,
                ..Pending::default()
            };
        }
        self.pending.article = Some(article);
        if article != Article::Definite || !self.korean {
            self.out.chunks.push(Chunk::Opens);
        }
    }

    fn link(&mut self, link: Link) {
        match link {
            Link::Without if self.korean => self.remove_last_who(),
            Link::Without => self.pending.negated = true,
            _ => {}
        }
        self.out.chunks.push(Chunk::Link(link));
    }

    fn finish(mut self) -> Reading {
        self.settle_slots();
        if self.out.mentions.is_empty() {
            self.adopt_unknown();
        }
        self.camera_acts();
        self.out
    }
}

fn asset_word() -> SubjectWord {
    SubjectWord {
        name: "asset",
        kind: crate::artefact::SubjectKind::Asset,
        variant: "",
        color: "",
        scale: 1.0,
        count: 1,
        near: "",
    }
}

/// An old fisherman is an old man.
fn aged(word: SubjectWord) -> SubjectWord {
    let variant = match (word.kind, word.variant) {
        (crate::artefact::SubjectKind::Human, "woman") => "old_woman",
        (crate::artefact::SubjectKind::Human, "man" | "") => "old_man",
        (_, variant) => variant,
    };
    SubjectWord { variant, ..word }
}

fn whole(number: f64) -> u32 {
    number.clamp(1.0, 1e6).round() as u32
}

fn count_of(word: CountWord) -> Count {
    match word {
        CountWord::Alone => Count::Exact(1),
        CountWord::Pair | CountWord::Both => Count::Exact(2),
        CountWord::Several => Count::Plural,
        CountWord::Many => Count::Many,
        CountWord::Myriad => Count::Exact(1000),
    }
}
