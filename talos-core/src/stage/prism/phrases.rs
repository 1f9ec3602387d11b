//! Noun phrases: who is meant, how many, how they look; and what else is named.

use std::collections::BTreeMap;

use crate::artefact::{MoveKind, PlaceKind, Status};

use super::endings::Ending;
use super::findings::{Findings, Span};
use super::measure;
use super::nearest;
use super::reading::{Chunk, Count, EmotionSeen, Mention, PlaceSeen, Reading};
use super::sense::{Article, CountWord, Link, PlaceWord, Relation, Sense, SubjectWord};
use super::term::{Form, Inflection, Term};

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

    /// What speaks of the film: style, emotion, camera.
    fn film(&mut self, at: usize) {
        let term = &self.terms[at];
        match term.sense {
            Sense::Emotion(name) => {
                let after_from =
                    at.checked_sub(1).and_then(|i| self.sense(i)) == Some(Sense::Link(Link::From));
                let from = after_from || term.text.ends_with("에서");
                self.out.emotions.push(EmotionSeen { name, from });
            }
            Sense::Style(style) => self.out.styles.push((style, Span::of(term))),
            Sense::Shot(shot) => self.out.shots.push(shot),
            Sense::Angle(angle) => self.out.angles.push(angle),
            Sense::Move(kind, amount) => self.camera_move(kind, amount, at),
            Sense::OneTake => self.out.one_take = true,
            Sense::Camera => self.camera(at),
            Sense::Arc(arc) => self.out.arc = Some(arc),
            _ => {}
        }
    }

    /// The camera as a subject; looked at, it is a thing.
    fn camera(&mut self, at: usize) {
        let term = &self.terms[at];
        let object = if term.form.korean {
            term.form.particles.object || term.form.particles.towards
        } else {
            self.relation_before(at).is_some()
        };
        self.out.chunks.push(if object {
            Chunk::Thing(term.form)
        } else {
            Chunk::Camera
        });
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

    fn number(&mut self, value: f64, term: &Term) {
        self.pending.number = match self.pending.number {
            Some(first) => measure::compose(first, value).or(Some(value)),
            None => Some(value),
        };
        self.pending.span = Some(Span::of(term));
        // 셋이: the number stands for those just named
        let stands_alone = self.korean && term.form.particles.any && self.follows_who(term);
        self.out.chunks.push(Chunk::Opens);
        if stands_alone {
            self.attach_number(term.form);
        }
    }

    /// Whether the last noun for someone ended right before this term and without a role.
    fn follows_who(&self, term: &Term) -> bool {
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

    fn counter(&mut self, at: usize) {
        let term = &self.terms[at];
        self.pending.counted = true;
        let number_at = at.saturating_sub(1);
        if self.pending.number.is_some() && self.follows_who(&self.terms[number_at]) && !self.leads_to_who(at)
        {
            self.attach_number(term.form);
        }
    }

    /// 두 마리의 용, 두 마리 용: the counter belongs to the next noun.
    fn leads_to_who(&self, at: usize) -> bool {
        let form = self.terms[at].form.particles;
        let next_is_who = matches!(self.sense(at + 1), Some(Sense::Subject(_) | Sense::Asset(_)));
        next_is_who && (form.genitive || !form.any) && !self.follows_who_without_particles(at)
    }

    fn follows_who_without_particles(&self, at: usize) -> bool {
        self.last_who
            .is_some_and(|(_, last)| last + 2 == at && !self.terms[last].form.particles.any)
    }

    /// Gives the pending number to the last mention, whose role the counter's particle tells.
    fn attach_number(&mut self, form: Form) {
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

    fn count(&mut self, word: CountWord, term: &Term) {
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

    fn add_particles(&mut self, who: usize, form: Form) {
        if let Some(Chunk::Who(index, old)) = self.out.chunks.last_mut()
            && *index == who
        {
            old.particles = old.particles.with(form.particles);
        }
    }

    /// `a flock of birds` waits; `wolf pack`, 새 떼 belongs to the noun before.
    fn collective(&mut self, at: usize) {
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

    fn color(&mut self, color: &'static str, term: &Term) {
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
    fn paint(&mut self, who: usize, slot: Option<&str>, color: &str) {
        let mention = &mut self.out.mentions[who];
        let human = mention.word.kind == crate::artefact::SubjectKind::Human;
        let slot = slot.unwrap_or(if human { "coat" } else { "body" });
        mention.colors.insert(slot.to_owned(), color.to_owned());
    }

    fn slot(&mut self, slot: &'static str, at: usize) {
        let Some(color) = self.pending.color.take() else {
            return;
        };
        self.place_slot(slot, color, at);
    }

    fn slot_color(&mut self, slot: &'static str, color: &'static str) {
        if let Some((who, last)) = self.last_who.filter(|_| !self.korean)
            && matches!(self.sense(last + 1), Some(Sense::Relation(_)))
        {
            self.paint(who, Some(slot), color);
            return;
        }
        self.pending.slots.push((slot, color));
    }

    /// In Korean what one wears comes before one; in English after `in` or `with`, or before as `red-haired`.
    fn place_slot(&mut self, slot: &'static str, color: &'static str, at: usize) {
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
    fn wear(&mut self, term: &Term) {
        let describes = term.form.ending == Some(Ending::Adnominal) || term.form.particles.genitive;
        if self.korean && !describes && term.form.ending.is_some() {
            self.settle_slots();
        }
    }

    /// `holding her child`, 개를 데리고: whom one brings along does what one does.
    fn bring(&mut self) {
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

    fn settle_slots(&mut self) {
        let Some((who, _)) = self.last_who else {
            return;
        };
        for (slot, color) in std::mem::take(&mut self.pending.slots) {
            self.paint(who, Some(slot), color);
        }
    }

    fn subject(&mut self, at: usize, word: SubjectWord, asset: Option<usize>) -> usize {
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
    fn is_modifier(&self, at: usize, word: SubjectWord) -> bool {
        let form = self.terms[at].form;
        let Some(Sense::Subject(next)) = self.sense(at + 1) else {
            return false;
        };
        if self.korean {
            let human = crate::artefact::SubjectKind::Human;
            return !form.particles.any && !form.particles.plural && word.kind == human && next.kind == human;
        }
        form.inflection == Inflection::Plain && (next.near.is_empty() || !word.near.is_empty())
    }

    fn mention(&self, word: SubjectWord, asset: Option<usize>, term: &Term, pending: &Pending) -> Mention {
        let mut colors = BTreeMap::new();
        let human = word.kind == crate::artefact::SubjectKind::Human;
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
    fn same_as_before(&self, new: &Mention, pending: &Pending) -> Option<usize> {
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

    fn report_unbuilt(&mut self, mention: &Mention) {
        if mention.word.near.is_empty() {
            return;
        }
        let near: Vec<String> = mention.word.near.split('|').map(str::to_owned).collect();
        let message = format!("such a subject is not built; a {} stands in", near[0]);
        self.findings
            .add(Status::Degraded, "unknown_subject", &mention.span, message, near);
    }

    fn relation(&mut self, relation: Relation) {
        // a coat in red
        if let (Some((who, _)), Some(color)) =
            (self.last_who, self.pending.color.take().filter(|_| !self.korean))
        {
            self.paint(who, None, color);
        }
        self.out.chunks.push(Chunk::Relation(relation));
    }

    fn link(&mut self, link: Link) {
        match link {
            Link::Without if self.korean => self.remove_last_who(),
            Link::Without => self.pending.negated = true,
            _ => {}
        }
        self.out.chunks.push(Chunk::Link(link));
    }

    /// 사람 없는 거리: nobody is there.
    fn remove_last_who(&mut self) {
        let Some(Chunk::Who(who, _)) = self.out.chunks.last() else {
            return;
        };
        if *who + 1 == self.out.mentions.len() {
            self.out.mentions.pop();
            self.out.chunks.pop();
            self.last_who = None;
        }
    }

    fn place(&mut self, at: usize, place: PlaceWord) -> usize {
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

    fn relation_before(&self, at: usize) -> Option<Relation> {
        let mut back = self.terms[..at].iter().rev().take(6);
        let found = back.find(|term| {
            !matches!(
                term.sense,
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
        })?;
        match found.sense {
            Sense::Relation(relation) if !found.form.korean => Some(relation),
            _ => None,
        }
    }

    /// 도시 위, 도시의 상공, 도시의 밤하늘.
    fn relation_after(&self, at: usize) -> Option<Relation> {
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
    fn tint_place(&mut self, place: PlaceWord, term: &Term) {
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
    fn uncounted(&mut self, term: &Term) {
        let counted = self.pending.number.take().is_some_and(|n| n > 1.0);
        if counted {
            let message = "how many things stand in a place cannot be chosen";
            self.findings.degrade("limited", &Span::of(term), message);
        }
    }

    fn prop(&mut self, term: &Term) {
        let message = "things are not built yet; it is left out";
        self.findings.degrade("limited", &Span::of(term), message);
        self.pending = Pending {
            slots: std::mem::take(&mut self.pending.slots),
            ..Pending::default()
        };
        self.out.chunks.push(Chunk::Thing(term.form));
    }

    fn unknown(&mut self, at: usize) {
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
    fn stranger(&mut self, at: usize, word: SubjectWord) {
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

    fn camera_move(&mut self, kind: MoveKind, amount: f64, at: usize) {
        let factor = self.speed_near(at);
        let sign = self.turn_near(at, kind);
        self.out.moves.push((kind, amount * factor * sign));
    }

    fn speed_near(&self, at: usize) -> f64 {
        let around = [at.checked_sub(2), at.checked_sub(1), Some(at + 1)];
        let mut speeds = around.into_iter().flatten().filter_map(|i| match self.sense(i) {
            Some(Sense::Speed(factor)) => Some(factor),
            _ => None,
        });
        speeds.next_back().unwrap_or(1.0)
    }

    /// Left pans and trucks go to the left: positive pans do, positive trucks don't.
    fn turn_near(&self, at: usize, kind: MoveKind) -> f64 {
        let around = [at.checked_sub(2), at.checked_sub(1), Some(at + 1), Some(at + 2)];
        let turn = around.into_iter().flatten().find_map(|i| match self.sense(i) {
            Some(Sense::Turn(turn)) => Some(turn),
            _ => None,
        });
        match (turn, kind) {
            (Some(turn), MoveKind::Pan | MoveKind::WhipPan | MoveKind::Orbit) => -turn,
            (Some(turn), MoveKind::Truck | MoveKind::Tilt | MoveKind::Crane | MoveKind::Roll) => turn,
            _ => 1.0,
        }
    }

    fn finish(mut self) -> Reading {
        self.settle_slots();
        if self.out.mentions.is_empty() {
            self.adopt_unknown();
        }
        self.camera_acts();
        self.out
    }

    /// Nobody was understood: an unknown word that stands like a subject is taken for one.
    fn adopt_unknown(&mut self) {
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

    /// `the camera follows her`, 카메라가 다가간다: verbs whose subject is the camera are its moves.
    fn camera_acts(&mut self) {
        let mut kept = Vec::new();
        let mut camera = false;
        for chunk in std::mem::take(&mut self.out.chunks) {
            match &chunk {
                Chunk::Camera => {
                    camera = true;
                    continue;
                }
                Chunk::Verb(word, _, _) if camera => {
                    if let Some((kind, amount)) = word.camera {
                        self.out.moves.push((kind, amount));
                    }
                    camera = false;
                    continue;
                }
                Chunk::Stop | Chunk::Comma | Chunk::Link(Link::While) => camera = false,
                Chunk::Who(_, form) => camera &= form.particles.object,
                _ => {}
            }
            kept.push(chunk);
        }
        self.out.chunks = kept;
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
