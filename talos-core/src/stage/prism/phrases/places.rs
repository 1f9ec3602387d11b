//! Places, things and prepositions.

use super::super::findings::Span;
use super::super::reading::{Chunk, PlaceSeen};
use super::super::sense::{Link, PlaceWord, Relation, Sense};
use super::super::term::Term;
use super::{Pending, Reader};
use crate::artefact::PlaceKind;

impl Reader<'_> {
    pub(super) fn relation(&mut self, relation: Relation) {
        // a coat in red
        if let (Some((who, _)), Some(color)) =
            (self.last_who, self.pending.color.take().filter(|_| !self.korean))
        {
            self.paint(who, None, color);
        }
        self.out.chunks.push(Chunk::Relation(relation));
    }

    pub(super) fn place(&mut self, at: usize, place: PlaceWord) -> usize {
        let term = &self.terms[at];
        let before = self.relation_before(at);
        let after = self.relation_after(at);
        let is = |relation| before == Some(relation) || after == Some(relation);
        if let Some(time) = place.time {
            self.out.times.push((time, false, Span::of(term)));
        }
        self.out.snow_lies |= place.snow;
        let seen = PlaceSeen {
            kind: place.kind,
            weak: place.weak,
            near: place.near,
            above: place.above || is(Relation::Above),
            over: is(Relation::Over),
            whence: term.form.particles.from || self.comes_from(at),
            name: place.name,
            span: Span::of(term),
        };
        self.out.places.push(seen);
        if !self.next_is_who_after(term) || self.korean {
            self.uncounted(term);
            self.tint_place(place, term);
            self.pending.size = None;
            self.pending.old = false;
        }
        self.out.chunks.push(Chunk::Thing(term.form));
        1
    }

    pub(super) fn relation_before(&self, at: usize) -> Option<Relation> {
        let mut back = self.terms[..at].iter().rev().take(6);
        let found = back.find(|term| !describes(term.sense))?;
        match found.sense {
            Sense::Relation(relation) if !found.form.korean => Some(relation),
            _ => None,
        }
    }

    /// `from a cloudy sky`.
    fn comes_from(&self, at: usize) -> bool {
        let mut back = self.terms[..at].iter().rev();
        let found = back.find(|term| !describes(term.sense));
        found.is_some_and(|term| term.sense == Sense::Link(Link::From))
    }

    /// 도시 위, 도시의 상공, 도시의 밤하늘.
    pub(super) fn relation_after(&self, at: usize) -> Option<Relation> {
        let term = &self.terms[at];
        if !term.form.korean || (term.form.particles.any && !term.form.particles.genitive) {
            return None;
        }
        match self.sense(at + 1)? {
            Sense::Relation(relation) => Some(relation),
            Sense::Place(place) if place.kind == PlaceKind::Sky => Some(Relation::Above),
            _ => None,
        }
    }

    /// Colours that a place has anyway say nothing new; others cannot be chosen.
    pub(super) fn tint_place(&mut self, place: PlaceWord, term: &Term) {
        let Some(color) = self.pending.color.take() else {
            return;
        };
        let natural = match place.kind {
            PlaceKind::Sea | PlaceKind::Sky => matches!(color, "blue" | "green" | "white" | "black" | "gray"),
            PlaceKind::Forest | PlaceKind::Field => {
                matches!(color, "green" | "gold" | "yellow" | "white" | "blue" | "black")
            }
            PlaceKind::Mountain => matches!(color, "white" | "green" | "gray" | "blue" | "black"),
            PlaceKind::City => matches!(color, "gray" | "white" | "black"),
        };
        if !natural && !place.weak {
            let message = format!("the colour of a place follows time and style; {color} is not used for it");
            self.findings.degrade("limited", &Span::of(term), message);
        }
    }

    /// A number before what cannot be counted in the spec.
    pub(super) fn uncounted(&mut self, term: &Term) {
        let counted = self.pending.number.take().is_some_and(|n| n > 1.0);
        if counted {
            let message = "how many things stand in a place cannot be chosen";
            self.findings.degrade("limited", &Span::of(term), message);
        }
    }

    pub(super) fn prop(&mut self, term: &Term) {
        let message = "things are not built yet; it is left out";
        self.findings.degrade("limited", &Span::of(term), message);
        self.pending = Pending {
            slots: std::mem::take(&mut self.pending.slots),
            ..Pending::default()
        };
        self.out.chunks.push(Chunk::Thing(term.form));
    }
}

/// Words that stand between a preposition and its noun.
fn describes(sense: Sense) -> bool {
    matches!(
        sense,
        Sense::Article(_)
            | Sense::Function
            | Sense::Color(_)
            | Sense::Size(_)
            | Sense::Time(..)
            | Sense::Weather(..)
            | Sense::Emotion(_)
            | Sense::Cover
            | Sense::Spent
    )
}
