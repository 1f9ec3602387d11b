//! How many are meant: numbers, counters, collectives.

use super::super::findings::Span;
use super::super::measure;
use super::super::reading::{Chunk, Count};
use super::super::sense::{CountWord, Sense};
use super::super::term::{Form, Term};
use super::{Reader, count_of, whole};

impl Reader<'_> {
    pub(super) fn number(&mut self, value: f64, term: &Term) {
        self.pending.number = match self.pending.number {
            Some(first) => measure::compose(first, value).or(Some(value)),
            None => Some(value),
        };
        self.pending.span = Some(Span::of(term));
        // 셋이, 남자 셋,: the number stands for those just named
        let stands_alone = self.korean && self.stands_alone(term) && self.follows_who(term);
        if self.korean && self.counts_the_film(term) {
            self.pending.number = None;
        }
        self.out.chunks.push(Chunk::Opens);
        if stands_alone {
            self.attach_number(term.form);
        }
    }

    /// A number with a particle, or one that nothing to be counted follows.
    fn stands_alone(&self, term: &Term) -> bool {
        let next = self.terms.iter().find(|other| other.start >= term.end);
        let ends = next.is_none_or(|next| matches!(next.sense, Sense::Comma | Sense::Stop));
        term.form.korean && (term.form.particles.any || ends)
    }

    /// 영상 하나: a clip is asked for, not someone.
    fn counts_the_film(&self, term: &Term) -> bool {
        let previous = self.terms.iter().rev().find(|other| other.end <= term.start);
        let media = previous.is_some_and(|previous| previous.sense == Sense::Media);
        media && term.text.starts_with("하나")
    }

    /// Whether the last noun for someone ended right before this term and without a role.
    pub(super) fn follows_who(&self, term: &Term) -> bool {
        self.last_who.is_some_and(|(_, last)| {
            let between = self.terms[last + 1..]
                .iter()
                .take_while(|other| other.start < term.start);
            let form = self.terms[last].form.particles;
            between.clone().count() <= 1
                && between.into_iter().all(|t| matches!(t.sense, Sense::Number(_)))
                && (!form.any || form.genitive)
        })
    }

    pub(super) fn counter(&mut self, at: usize) {
        let term = &self.terms[at];
        self.pending.counted = true;
        let number_at = at.saturating_sub(1);
        if self.pending.number.is_some() && self.follows_who(&self.terms[number_at]) && !self.leads_to_who(at)
        {
            self.attach_number(term.form);
        }
    }

    /// 두 마리의 용, 두 마리 용: the counter belongs to the next noun.
    pub(super) fn leads_to_who(&self, at: usize) -> bool {
        let form = self.terms[at].form.particles;
        let next_is_who = matches!(self.sense(at + 1), Some(Sense::Subject(_) | Sense::Asset(_)));
        next_is_who && (form.genitive || !form.any) && !self.follows_who_without_particles(at)
    }

    pub(super) fn follows_who_without_particles(&self, at: usize) -> bool {
        self.last_who
            .is_some_and(|(_, last)| last + 2 == at && !self.terms[last].form.particles.any)
    }

    /// Gives the pending number to the last mention, whose role the counter's particle tells.
    pub(super) fn attach_number(&mut self, form: Form) {
        let (Some((who, _)), Some(number)) = (self.last_who, self.pending.number.take()) else {
            return;
        };
        self.out.mentions[who].count = Count::Exact(whole(number));
        self.pending.counted = false;
        for chunk in self.out.chunks.iter_mut().rev() {
            if let Chunk::Who(index, old) = chunk
                && *index == who
            {
                old.particles = old.particles.with(form.particles);
                break;
            }
        }
        // the opening that the number made is not one
        if let Some(i) = self.out.chunks.iter().rposition(|c| *c == Chunk::Opens) {
            self.out.chunks.remove(i);
        }
    }

    pub(super) fn count(&mut self, word: CountWord, term: &Term) {
        let last = self.last_who.map(|(who, _)| who);
        let next_who = self.next_is_who_after(term);
        if let Some(who) = last.filter(|_| !next_who || word == CountWord::Alone) {
            let mention = &mut self.out.mentions[who];
            if mention.count == Count::Unsaid || mention.count == Count::Plural {
                mention.count = count_of(word);
            }
            self.add_particles(who, term.form);
        } else {
            self.pending.count_word = Some(word);
        }
    }

    pub(super) fn add_particles(&mut self, who: usize, form: Form) {
        if let Some(Chunk::Who(index, old)) = self.out.chunks.last_mut()
            && *index == who
        {
            old.particles = old.particles.with(form.particles);
        }
    }

    /// `a flock of birds` waits; `wolf pack`, 새 떼 belongs to the noun before.
    pub(super) fn collective(&mut self, at: usize) {
        let previous = at.checked_sub(1).map(|i| self.terms[i].form.particles);
        let counted = at
            .checked_sub(1)
            .and_then(|i| self.sense(i))
            .is_some_and(|s| matches!(s, Sense::Counter(_)));
        let adjacent = self
            .last_who
            .filter(|(_, last)| last + 1 == at || (counted && last + 3 >= at));
        match adjacent.filter(|_| previous.is_some_and(|p| !p.any || p.genitive)) {
            Some((who, _)) => {
                let mention = &mut self.out.mentions[who];
                mention.group = true;
                if !matches!(mention.count, Count::Exact(_)) {
                    mention.count = Count::Many;
                }
                if let Some(number) = self.pending.number.take() {
                    mention.count = Count::Exact(whole(number));
                }
                self.add_particles(who, self.terms[at].form);
            }
            None => self.pending.group = true,
        }
    }
}
