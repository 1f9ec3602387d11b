//! Nouns for someone, known and unknown.

use std::collections::BTreeMap;

use super::super::findings::Span;
use super::super::nearest;
use super::super::reading::{Chunk, Count, Mention};
use super::super::sense::{Article, Sense, SubjectWord};
use super::super::term::{Inflection, Term};
use super::{Pending, Reader, aged, count_of, whole};
use crate::artefact::{Status, SubjectKind};

impl Reader<'_> {
    pub(super) fn subject(&mut self, at: usize, word: SubjectWord, asset: Option<usize>) -> usize {
        let term = &self.terms[at];
        if asset.is_none() && self.is_modifier(at, word) {
            return 1;
        }
        let pending = std::mem::take(&mut self.pending);
        if pending.negated {
            return 1;
        }
        let word = if pending.old { aged(word) } else { word };
        let mention = self.mention(word, asset, term, &pending);
        let who = self.same_as_before(&mention, &pending).unwrap_or_else(|| {
            self.report_unbuilt(&mention);
            self.out.mentions.push(mention.clone());
            self.out.mentions.len() - 1
        });
        if mention.count != Count::Unsaid {
            let known = &mut self.out.mentions[who];
            if known.count == Count::Unsaid {
                known.count = mention.count;
            }
        }
        for (slot, color) in mention.colors {
            self.out.mentions[who].colors.insert(slot, color);
        }
        self.out.chunks.push(Chunk::Who(who, term.form));
        self.last_who = Some((who, at));
        1
    }

    /// `girl warrior`, 소녀 기사: of two nouns in a row the last one is meant.
    pub(super) fn is_modifier(&self, at: usize, word: SubjectWord) -> bool {
        let form = self.terms[at].form;
        let Some(Sense::Subject(next)) = self.sense(at + 1) else {
            return false;
        };
        if self.korean {
            let human = SubjectKind::Human;
            return !form.particles.any && !form.particles.plural && word.kind == human && next.kind == human;
        }
        form.inflection == Inflection::Plain && (next.near.is_empty() || !word.near.is_empty())
    }

    pub(super) fn mention(
        &self,
        word: SubjectWord,
        asset: Option<usize>,
        term: &Term,
        pending: &Pending,
    ) -> Mention {
        let mut colors = BTreeMap::new();
        let human = word.kind == SubjectKind::Human;
        let body = if human { "coat" } else { "body" };
        let implied = Some(word.color).filter(|color| !color.is_empty());
        for color in implied.into_iter().chain(pending.color) {
            colors.insert(body.to_owned(), color.to_owned());
        }
        for (slot, color) in &pending.slots {
            colors.insert((*slot).to_owned(), (*color).to_owned());
        }
        let plural = term.form.inflection == Inflection::S || term.form.particles.plural;
        let count = if let Some(number) = pending.number {
            Count::Exact(whole(number))
        } else if let Some(count) = pending.count_word {
            count_of(count)
        } else if pending.group {
            Count::Many
        } else if word.count > 1 {
            Count::Exact(word.count)
        } else if plural {
            Count::Plural
        } else {
            Count::Unsaid
        };
        let child = matches!(word.variant, "girl" | "boy");
        let size = pending.size.filter(|size| !(child && *size < 1.0)).unwrap_or(1.0);
        Mention {
            word,
            asset,
            count,
            group: pending.group,
            colors,
            scale: if word.scale == 1.0 { size } else { word.scale },
            span: Span::of(term),
        }
    }

    /// The mention that this one is, if it was spoken of before.
    pub(super) fn same_as_before(&self, new: &Mention, pending: &Pending) -> Option<usize> {
        let fresh = matches!(pending.article, Some(Article::Indefinite | Article::Another))
            || pending.number.is_some();
        if fresh {
            return None;
        }
        let conflicting = |old: &Mention| {
            new.colors
                .iter()
                .any(|(slot, color)| old.colors.get(slot) != Some(color))
        };
        self.out.mentions.iter().rposition(|old| {
            old.asset == new.asset
                && old.word.kind == new.word.kind
                && (old.word.name == new.word.name
                    || (new.word.variant.is_empty() && new.word.name == "human"))
                && !conflicting(old)
        })
    }

    pub(super) fn report_unbuilt(&mut self, mention: &Mention) {
        if mention.word.near.is_empty() {
            return;
        }
        let near: Vec<String> = mention.word.near.split('|').map(str::to_owned).collect();
        let message = format!("such a subject is not built; a {} stands in", near[0]);
        self.findings
            .add(Status::Degraded, "unknown_subject", &mention.span, message, near);
    }

    /// 사람 없는 거리: nobody is there.
    pub(super) fn remove_last_who(&mut self) {
        let Some(Chunk::Who(who, _)) = self.out.chunks.last() else {
            return;
        };
        if *who + 1 == self.out.mentions.len() {
            self.out.mentions.pop();
            self.out.chunks.pop();
            self.last_who = None;
        }
    }

    pub(super) fn unknown(&mut self, at: usize) {
        let term = &self.terms[at];
        let counted = self.pending.number.is_some()
            || matches!(
                (self.sense(at + 1), self.sense(at + 2)),
                (Some(Sense::Number(_)), Some(Sense::Counter(_)))
            );
        let typo = nearest::misspelt(&term.text);
        if !counted && typo.is_none() {
            self.findings.add(
                Status::Passed,
                "unknown_word",
                &Span::of(term),
                "not understood; it changes nothing".to_owned(),
                nearest::words(&term.text),
            );
            return;
        }
        let word = typo.unwrap_or_else(|| nearest::stranger(self.pending.counted));
        self.out.understood = true;
        self.stranger(at, word);
    }

    /// Someone whose word is not known: the nearest kind stands in.
    pub(super) fn stranger(&mut self, at: usize, word: SubjectWord) {
        let term = &self.terms[at];
        let near = nearest::kinds(&term.text, word);
        let message = format!("an unknown subject; a {} stands in", word.name);
        self.findings.add(
            Status::Degraded,
            "unknown_subject",
            &Span::of(term),
            message,
            near,
        );
        let known = SubjectWord { near: "", ..word };
        self.subject(at, known, None);
    }

    /// Nobody was understood: an unknown word that stands like a subject is taken for one.
    pub(super) fn adopt_unknown(&mut self) {
        let acts = self
            .out
            .chunks
            .iter()
            .any(|chunk| matches!(chunk, Chunk::Verb(..)));
        let candidate = (0..self.terms.len()).find(|&at| {
            let term = &self.terms[at];
            let letters = term.text.chars().all(char::is_alphabetic);
            let previous = at.checked_sub(1).and_then(|i| self.sense(i));
            let stands = if term.form.korean {
                term.form.particles.subject
            } else {
                matches!(
                    previous,
                    Some(Sense::Article(_) | Sense::Color(_) | Sense::Size(_) | Sense::Emotion(_))
                )
            };
            term.sense == Sense::Unknown && letters && (stands && acts)
        });
        let Some(at) = candidate else {
            return;
        };
        let position = self.out.chunks.iter().position(|c| matches!(c, Chunk::Verb(..)));
        let tail = self.out.chunks.split_off(position.unwrap_or(0));
        self.stranger(at, nearest::stranger(self.terms[at].form.korean));
        self.out.chunks.extend(tail);
    }
}
