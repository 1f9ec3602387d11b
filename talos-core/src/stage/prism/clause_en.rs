//! Who does what to whom, by the order of English words.

use super::reading::{Chunk, Deed};
use super::sense::{ActionWord, Link, Relation, Valency};
use super::term::{Form, Inflection};

/// Reads the chunks of English sentences into deeds.
pub(super) fn deeds(chunks: &[Chunk], mentions: usize) -> Vec<Deed> {
    let mut clause = Clause {
        chunks,
        ..Clause::default()
    };
    for at in 0..chunks.len() {
        clause.read(at);
    }
    clause.finish(mentions)
}

/// Mentions joined by `and` or commas.
type Group = usize;

#[derive(Default)]
struct Clause<'a> {
    chunks: &'a [Chunk],
    groups: Vec<Vec<usize>>,
    /// Deeds with groups in place of their members.
    deeds: Vec<Draft>,
    subject: Option<Group>,
    last: Option<Group>,
    /// The verb whose object may come next.
    awaits_object: Option<usize>,
    /// Verbs that come before their subject.
    open: Vec<usize>,
    then: bool,
    /// The last preposition since a noun.
    relation: Option<Relation>,
    /// `without`, or a noun for a thing, came since the last verb.
    interrupted: bool,
    conjunction: bool,
}

struct Draft {
    deed: Deed,
    agent: Option<Group>,
    patient: Option<Group>,
    companions: Vec<Group>,
    passive: bool,
}

impl Clause<'_> {
    fn read(&mut self, at: usize) {
        match &self.chunks[at] {
            Chunk::Who(who, _) => self.who(*who, at),
            Chunk::Verb(word, form, span) => {
                let draft = Draft {
                    deed: Deed {
                        word: *word,
                        agents: Vec::new(),
                        patients: Vec::new(),
                        then: std::mem::take(&mut self.then),
                        span: span.clone(),
                    },
                    agent: None,
                    patient: None,
                    companions: Vec::new(),
                    passive: word.passive || self.is_passive(at, *form),
                };
                self.verb(at, *word, *form, draft);
            }
            Chunk::Thing(_) => {
                self.interrupted = true;
                self.awaits_object = None;
                self.relation = None;
            }
            Chunk::Relation(relation) => self.relation = Some(*relation),
            Chunk::Link(link) => self.link(*link),
            Chunk::Stop => {
                self.settle_open(self.subject.or(self.last));
                self.interrupted = false;
                self.awaits_object = None;
                self.conjunction = false;
                self.relation = None;
            }
            Chunk::Comma => {
                self.interrupted = true;
                self.awaits_object = None;
                self.relation = None;
            }
            Chunk::Pronoun => self.pronoun(at),
            Chunk::Camera | Chunk::Opens => {}
        }
    }

    fn link(&mut self, link: Link) {
        match link {
            Link::Then => {
                self.then = true;
                self.conjunction = true;
            }
            Link::And | Link::While => self.conjunction = true,
            Link::EachOther => {
                if let Some(draft) = self.deeds.last_mut() {
                    draft.deed.word.valency = Valency::Mutual;
                }
                self.awaits_object = None;
            }
            Link::Relative | Link::Without | Link::Not | Link::From => {}
        }
    }

    /// `stares at her`: right after its verb or preposition a pronoun is the last one spoken of
    /// besides who acts.
    fn pronoun(&mut self, at: usize) {
        let follows = matches!(
            self.previous(at),
            Some(Chunk::Verb(..) | Chunk::Relation(Relation::At))
        );
        let Some(verb) = self.awaits_object.take().filter(|_| follows) else {
            return;
        };
        let agent = self.deeds[verb].agent;
        let other = (0..self.groups.len()).rev().find(|group| Some(*group) != agent);
        self.deeds[verb].patient = other;
    }

    /// Whether a noun stands right before this chunk but for articles.
    fn previous(&self, at: usize) -> Option<&Chunk> {
        self.chunks[..at]
            .iter()
            .rev()
            .find(|chunk| **chunk != Chunk::Opens)
    }

    fn who(&mut self, who: usize, at: usize) {
        let relation = self.relation.take();
        let joins = matches!(self.previous(at), Some(Chunk::Link(Link::And) | Chunk::Comma))
            && self.chunks[..at]
                .iter()
                .rev()
                .filter(|c| **c != Chunk::Opens)
                .nth(1)
                .is_some_and(is_noun_end)
            && relation.is_none();
        if let Some(last) = self.last.filter(|_| joins) {
            self.groups[last].push(who);
            self.interrupted = false;
            self.conjunction = false;
            return;
        }
        self.groups.push(vec![who]);
        let group = self.groups.len() - 1;
        self.place_group(group, relation);
        self.last = Some(group);
        self.interrupted = false;
        self.conjunction = false;
    }

    /// Gives a new noun its role.
    fn place_group(&mut self, group: Group, relation: Option<Relation>) {
        if !self.open.is_empty() && relation.is_none_or(|r| matches!(r, Relation::Between | Relation::Of)) {
            self.settle_open(Some(group));
            self.subject = Some(group);
            return;
        }
        let verb = self.deeds.len().checked_sub(1);
        match (relation, verb) {
            (None, Some(verb)) if self.awaits_object.is_some() => {
                self.deeds[verb].patient = Some(group);
                self.awaits_object = None;
            }
            (Some(Relation::By), Some(verb)) if self.deeds[verb].passive => {
                self.deeds[verb].agent = Some(group);
            }
            (Some(Relation::With), Some(verb)) if !self.interrupted => self.with(verb, group),
            (Some(Relation::With), _) => {
                // a girl with a dog: both are meant
                if let Some(last) = self.last {
                    let members = self.groups[group].clone();
                    self.groups[last].extend(members);
                }
            }
            (Some(Relation::At | Relation::To | Relation::Of | Relation::Beside), Some(verb))
                if self.deeds[verb].deed.word.valency != Valency::Free && !self.interrupted =>
            {
                self.deeds[verb].patient = Some(group);
            }
            (Some(_), Some(_)) => {}
            (_, None) if self.subject.is_some() && relation.is_some() => {}
            _ => self.subject = Some(group),
        }
    }

    fn with(&mut self, verb: usize, group: Group) {
        let draft = &mut self.deeds[verb];
        if draft.deed.word.valency == Valency::Mutual {
            draft.patient = Some(group);
        } else {
            draft.companions.push(group);
        }
    }

    fn is_passive(&self, at: usize, form: Form) -> bool {
        form.inflection == Inflection::Ed
            && matches!(self.chunks.get(at + 1), Some(Chunk::Relation(Relation::By)))
    }

    fn verb(&mut self, at: usize, word: ActionWord, form: Form, mut draft: Draft) {
        let index = self.deeds.len();
        let passive = draft.passive;
        let agent = self.agent_of(at, form);
        if passive {
            draft.patient = agent;
        } else {
            draft.agent = agent;
        }
        let waits = agent.is_none() && !passive;
        self.deeds.push(draft);
        if waits {
            self.open.push(index);
        }
        self.awaits_object = (word.valency != Valency::Free && !passive && !waits).then_some(index);
        self.relation = None;
        self.interrupted = false;
        self.conjunction = false;
    }

    /// The group that does what the verb at a place says; `None` when it comes later.
    fn agent_of(&self, at: usize, form: Form) -> Option<Group> {
        let previous = self.previous(at);
        let before_noun = matches!(self.chunks.get(at + 1), Some(Chunk::Who(..)));
        let opens_phrase = matches!(self.chunks.get(at.wrapping_sub(1)), Some(Chunk::Opens));
        // two fighting dragons; a running wolf
        if form.inflection == Inflection::Ing && before_noun && !matches!(previous, Some(Chunk::Who(..))) {
            let object = self.subject.is_some() && !opens_phrase && !self.interrupted;
            if !object {
                return None;
            }
        }
        // a battle between two dragons
        if opens_phrase && form.inflection == Inflection::Plain && self.subject.is_none() {
            return None;
        }
        match previous {
            Some(Chunk::Link(Link::Relative)) => self.last,
            Some(Chunk::Who(..)) if form.inflection == Inflection::Ing => self.last.or(self.subject),
            Some(Chunk::Who(..)) if !self.is_object(self.last) => self.subject.or(self.last),
            _ => self.subject.or(self.last),
        }
    }

    fn is_object(&self, group: Option<Group>) -> bool {
        group.is_some() && self.deeds.iter().any(|draft| draft.patient == group)
    }

    fn settle_open(&mut self, agent: Option<Group>) {
        for index in std::mem::take(&mut self.open) {
            self.deeds[index].agent = agent;
        }
    }

    fn finish(mut self, mentions: usize) -> Vec<Deed> {
        self.settle_open(self.subject.or(self.last));
        let groups = self.groups;
        let members = |group: Option<Group>| group.map(|g| groups[g].clone()).unwrap_or_default();
        self.deeds
            .into_iter()
            .map(|draft| {
                let mut deed = draft.deed;
                deed.agents = members(draft.agent);
                for companion in draft.companions {
                    deed.agents.extend(members(Some(companion)));
                }
                deed.patients = members(draft.patient);
                deed.agents.retain(|who| *who < mentions);
                deed.agents.dedup();
                deed
            })
            .collect()
    }
}

fn is_noun_end(chunk: &Chunk) -> bool {
    matches!(chunk, Chunk::Who(..))
}
