//! Colours, and what wears them.

use super::super::endings::Ending;
use super::super::findings::Span;
use super::super::reading::Chunk;
use super::super::sense::{Relation, Sense};
use super::super::term::Term;
use super::Reader;
use crate::artefact::SubjectKind;

impl Reader<'_> {
    pub(super) fn color(&mut self, color: &'static str, term: &Term) {
        // 늑대는 하얗다; the wolf is white
        let predicate = term.form.ending == Some(Ending::Final);
        if let Some((who, _)) = self.last_who.filter(|_| predicate) {
            self.paint(who, None, color);
            return;
        }
        self.pending.color = Some(color);
        self.pending.span = Some(Span::of(term));
    }

    /// Colours a mention: a garment, or the body; what a person without a garment wears is a coat.
    pub(super) fn paint(&mut self, who: usize, slot: Option<&str>, color: &str) {
        let mention = &mut self.out.mentions[who];
        let human = mention.word.kind == SubjectKind::Human;
        let slot = slot.unwrap_or(if human { "coat" } else { "body" });
        mention.colors.insert(slot.to_owned(), color.to_owned());
    }

    pub(super) fn slot(&mut self, slot: &'static str, at: usize) {
        let Some(color) = self.pending.color.take() else {
            return;
        };
        self.place_slot(slot, color, at);
    }

    pub(super) fn slot_color(&mut self, slot: &'static str, color: &'static str) {
        if let Some((who, last)) = self.last_who.filter(|_| !self.korean)
            && matches!(self.sense(last + 1), Some(Sense::Relation(_)))
        {
            self.paint(who, Some(slot), color);
            return;
        }
        self.pending.slots.push((slot, color));
    }

    /// In Korean what one wears comes before one; in English after `in` or `with`, or before as `red-haired`.
    pub(super) fn place_slot(&mut self, slot: &'static str, color: &'static str, at: usize) {
        let adjectival = self.terms[at].text.ends_with("ed") && !self.korean;
        let before = self.last_who.filter(|_| !self.korean && !adjectival);
        // `a red-coat girl`: the noun follows at once
        let next_is_who = matches!(self.sense(at + 1), Some(Sense::Subject(_)));
        match before.filter(|_| !next_is_who) {
            Some((who, _)) => self.paint(who, Some(slot), color),
            None => self.pending.slots.push((slot, color)),
        }
    }

    /// 소녀가 빨간 코트를 입고: a verb of wearing that describes no noun dresses the last one.
    pub(super) fn wear(&mut self, term: &Term) {
        let describes = term.form.ending == Some(Ending::Adnominal) || term.form.particles.genitive;
        if self.korean && !describes && term.form.ending.is_some() {
            self.settle_slots();
        }
    }

    /// `holding her child`, 개를 데리고: whom one brings along does what one does.
    pub(super) fn bring(&mut self) {
        if !self.korean {
            self.out.chunks.push(Chunk::Relation(Relation::With));
            return;
        }
        let last = self
            .out
            .chunks
            .iter_mut()
            .rev()
            .find(|chunk| **chunk != Chunk::Opens);
        if let Some(Chunk::Who(_, form)) = last {
            let brought = form.particles.object || (form.particles.genitive && !form.particles.subject);
            form.particles.and |= brought;
            form.particles.object &= !brought;
        }
    }

    pub(super) fn settle_slots(&mut self) {
        let Some((who, _)) = self.last_who else {
            return;
        };
        for (slot, color) in std::mem::take(&mut self.pending.slots) {
            self.paint(who, Some(slot), color);
        }
    }
}
