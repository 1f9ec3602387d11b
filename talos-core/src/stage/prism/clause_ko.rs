//! Who does what to whom, by Korean particles and endings.

use super::endings::Ending;
use super::reading::{Chunk, Deed};
use super::sense::{ActionWord, Link, Valency};
use super::term::Form;

/// Reads the chunks of Korean sentences into deeds.
pub(super) fn deeds(chunks: &[Chunk]) -> Vec<Deed> {
    let mut clause = Clause {
        chunks,
        ..Clause::default()
    };
    for at in 0..chunks.len() {
        clause.read(at);
    }
    clause.finish()
}

/// Nouns joined by 와, 과, 그리고 or commas, with the role of the last.
#[derive(Clone)]
struct Group {
    members: Vec<usize>,
    form: Form,
    /// It was the subject of a clause that described a noun.
    closed: bool,
    /// It has its role already and takes no further one.
    used: bool,
    /// Chunk at which it ends.
    at: usize,
}

#[derive(Default)]
struct Clause<'a> {
    chunks: &'a [Chunk],
    groups: Vec<Group>,
    drafts: Vec<(Deed, Option<usize>, Option<usize>)>,
    /// Deeds whose agent is not known yet.
    open: Vec<usize>,
    /// The last of them describes the noun that follows.
    awaits_head: bool,
    /// A transitive verb that describes its target.
    awaits_target: Option<usize>,
    topic: Option<usize>,
    then: bool,
    /// The first group of the sentence.
    sentence_start: usize,
}

impl Clause<'_> {
    fn read(&mut self, at: usize) {
        match &self.chunks[at] {
            Chunk::Who(who, form) => self.who(*who, *form, at),
            Chunk::Verb(word, form, span) => {
                let deed = Deed {
                    word: *word,
                    agents: Vec::new(),
                    patients: Vec::new(),
                    then: std::mem::take(&mut self.then),
                    span: span.clone(),
                };
                self.verb(at, deed, *form);
            }
            Chunk::Link(Link::Then) => self.then = true,
            Chunk::Stop => self.end_sentence(),
            _ => {}
        }
    }

    fn who(&mut self, who: usize, form: Form, at: usize) {
        if let Some(last) = self.groups.last_mut()
            && joins(&self.chunks[last.at + 1..at], last.form)
        {
            last.members.push(who);
            last.form = form;
            last.at = at;
            return;
        }
        self.groups.push(Group {
            members: vec![who],
            form,
            closed: false,
            used: false,
            at,
        });
        let group = self.groups.len() - 1;
        if std::mem::take(&mut self.awaits_head) {
            self.settle_open(Some(group));
        }
        if let Some(verb) = self.awaits_target.take() {
            self.drafts[verb].2 = Some(group);
        }
    }

    fn verb(&mut self, at: usize, mut deed: Deed, form: Form) {
        let word = deed.word;
        let subject = self.subject();
        let (object, companion) = (self.object(word, subject), self.companion(at));
        let index = self.drafts.len();
        if form.ending == Some(Ending::Sequel) {
            self.then = true;
        }
        if word.valency != Valency::Free && self.says_each_other(at) {
            deed.word.valency = Valency::Mutual;
        }
        let target = match word.valency {
            Valency::Mutual => companion.or(object),
            Valency::Free => None,
            Valency::Transitive => object.or_else(|| self.unsaid_object(form, subject)),
            Valency::Toward => object,
        };
        self.mark_used([target, companion]);
        self.drafts.push((deed, None, target));
        if let Some(partner) = companion.filter(|c| Some(*c) != target) {
            let members = self.groups[partner].members.clone();
            self.drafts[index].0.agents = members;
        }
        self.assign(
            index,
            at,
            form,
            subject.filter(|s| Some(*s) != target),
            target.is_some(),
        );
    }

    fn assign(&mut self, index: usize, at: usize, form: Form, subject: Option<usize>, has_target: bool) {
        let word = self.drafts[index].0.word;
        let next = self.chunks[at + 1..]
            .iter()
            .find(|c| !matches!(c, Chunk::Opens | Chunk::Link(_)));
        let head_follows = matches!(next, Some(Chunk::Who(..)));
        match form.ending {
            Some(Ending::Adnominal) => {
                let takes_target = matches!(word.valency, Valency::Transitive) && !has_target;
                if head_follows && subject.is_some() && takes_target {
                    // 용이 공격하는 늑대
                    self.give(index, subject);
                    self.awaits_target = Some(index);
                } else if head_follows || subject.is_none() {
                    self.open.push(index);
                    self.awaits_head = true;
                } else {
                    self.give(index, subject);
                    if let Some(group) = subject.filter(|s| self.earlier_subject(*s)) {
                        self.groups[group].closed = true;
                    }
                }
            }
            Some(Ending::Connective | Ending::Sequel | Ending::Adverbial) => match subject {
                Some(_) => self.give(index, subject),
                None => self.open.push(index),
            },
            _ => self.give(index, subject.or(self.topic).or(self.last_group())),
        }
    }

    /// Gives a deed its agent, and all that waited for one.
    fn give(&mut self, index: usize, agent: Option<usize>) {
        self.open.push(index);
        self.awaits_head = false;
        self.settle_open(agent);
        self.topic = agent.or(self.topic);
    }

    fn settle_open(&mut self, agent: Option<usize>) {
        for index in std::mem::take(&mut self.open) {
            self.drafts[index].1 = agent;
        }
        self.topic = agent.or(self.topic);
    }

    fn in_sentence(&self) -> impl DoubleEndedIterator<Item = usize> + '_ {
        (self.sentence_start..self.groups.len()).filter(|&g| !self.groups[g].closed && !self.groups[g].used)
    }

    /// The last noun with 이, 가, 은, 는 or 의; else the last without a particle.
    fn subject(&self) -> Option<usize> {
        let form = |g: &usize| self.groups[*g].form.particles;
        let marked = self.in_sentence().rev().find(|g| form(g).subject);
        let bare = || {
            self.in_sentence()
                .rev()
                .find(|g| !form(g).any || form(g).genitive)
        };
        marked.or_else(bare)
    }

    fn earlier_subject(&self, group: usize) -> bool {
        self.in_sentence()
            .any(|g| g < group && self.groups[g].form.particles.subject)
    }

    /// The noun that the verb is done to.
    fn object(&self, word: ActionWord, subject: Option<usize>) -> Option<usize> {
        let form = |g: &usize| self.groups[*g].form.particles;
        let mut groups = self.in_sentence().rev().filter(|g| Some(*g) != subject);
        let marked = groups.find(|g| form(g).object || (form(g).towards && word.valency != Valency::Free));
        marked.filter(|_| word.valency != Valency::Free)
    }

    /// 여자가 도망친다, 늑대가 뒤쫓는다: an object that goes without saying is who acted before.
    fn unsaid_object(&self, form: Form, subject: Option<usize>) -> Option<usize> {
        let subject = subject.filter(|_| form.ending == Some(Ending::Final))?;
        let before = self.drafts.iter().rev().find_map(|(_, agent, _)| *agent);
        before.filter(|agent| *agent < subject && self.groups[subject].form.particles.subject)
    }

    /// 늑대와 싸우는: the noun with 와 right before the verb.
    fn companion(&self, at: usize) -> Option<usize> {
        let last = self.groups.len().checked_sub(1)?;
        let group = &self.groups[last];
        let between = &self.chunks[group.at + 1..at];
        let near = between
            .iter()
            .all(|chunk| !matches!(chunk, Chunk::Verb(..) | Chunk::Stop));
        (group.form.particles.and && near && !group.used).then_some(last)
    }

    fn says_each_other(&self, at: usize) -> bool {
        self.chunks[..at]
            .iter()
            .rev()
            .take(3)
            .any(|c| *c == Chunk::Link(Link::EachOther))
    }

    fn mark_used(&mut self, groups: [Option<usize>; 2]) {
        for group in groups.into_iter().flatten() {
            self.groups[group].used = true;
        }
    }

    fn last_group(&self) -> Option<usize> {
        self.in_sentence()
            .next_back()
            .or_else(|| self.groups.len().checked_sub(1))
    }

    fn end_sentence(&mut self) {
        let agent = self.subject().or(self.topic).or(self.last_group());
        self.settle_open(agent);
        self.awaits_head = false;
        self.awaits_target = None;
        self.sentence_start = self.groups.len();
    }

    fn finish(mut self) -> Vec<Deed> {
        self.end_sentence();
        let members =
            |group: Option<usize>| group.map(|g| self.groups[g].members.clone()).unwrap_or_default();
        let drafts = std::mem::take(&mut self.drafts);
        let finished = drafts.into_iter().map(|(mut deed, agent, patient)| {
            let companions = std::mem::take(&mut deed.agents);
            deed.agents = members(agent);
            deed.agents.extend(companions);
            deed.patients = members(patient);
            if deed.word.passive {
                std::mem::swap(&mut deed.agents, &mut deed.patients);
            }
            deed
        });
        finished.collect()
    }
}

/// Whether a noun goes on with the next one: 와, 과, a comma or 그리고 between, nothing else.
fn joins(between: &[Chunk], form: Form) -> bool {
    let only_opening = |c: &Chunk| matches!(c, Chunk::Opens);
    if form.particles.and {
        return between.iter().all(only_opening);
    }
    let linked = between
        .iter()
        .any(|c| matches!(c, Chunk::Link(Link::And) | Chunk::Comma));
    let glue = |c: &Chunk| only_opening(c) || matches!(c, Chunk::Link(Link::And) | Chunk::Comma);
    !form.particles.any && linked && between.iter().all(glue)
}
