//! The cast list: everyone who appears, the same in every cut.

use std::collections::BTreeMap;

use crate::artefact::{Action, CastMember, SubjectKind};

use super::findings::Findings;
use super::reading::{Count, Mention, Reading};

/// More would be a crowd that no storyboard frames one by one, and slow to draw.
const LARGEST_CAST: usize = 24;

/// The cast, and which of its members each mention means.
#[derive(Clone, Debug, Default)]
pub(super) struct Cast {
    pub(super) members: Vec<CastMember>,
    /// For each mention the places of its members.
    pub(super) of_mention: Vec<Vec<usize>>,
}

impl Cast {
    /// Members of several mentions.
    pub(super) fn of(&self, mentions: &[usize]) -> Vec<usize> {
        let all = mentions.iter().filter_map(|m| self.of_mention.get(*m));
        all.flatten().copied().collect()
    }

    /// The id of a member.
    pub(super) fn id(&self, member: usize) -> String {
        self.members[member].id.clone()
    }
}

/// Builds the cast. Who acts comes before who is acted on, then the order of speaking.
pub(super) fn build(reading: &Reading, assets: &[String], findings: &mut Findings) -> Cast {
    let mut cast = Cast {
        members: Vec::new(),
        of_mention: vec![Vec::new(); reading.mentions.len()],
    };
    let (mut of_name, mut groups) = (BTreeMap::new(), BTreeMap::new());
    for index in reading.speaking_order() {
        let mention = &reading.mentions[index];
        let wanted = number(reading, index, findings);
        let room = LARGEST_CAST - cast.members.len();
        if wanted as usize > room {
            let message = format!("a cast has at most {LARGEST_CAST}; more are asked for");
            findings.degrade("limited", &mention.span, message);
        }
        let count = (wanted as usize).min(room);
        let name = group_name(mention, count, &mut groups);
        for _ in 0..count {
            cast.of_mention[index].push(cast.members.len());
            cast.members
                .push(member(mention, assets, name.clone(), &mut of_name));
        }
    }
    cast
}

/// How many a mention means. Numbers that are not said are guessed and remarked on.
fn number(reading: &Reading, index: usize, findings: &mut Findings) -> u32 {
    let mention = &reading.mentions[index];
    let fights = |action: Action| {
        let mut deeds = reading.deeds.iter().filter(|d| d.word.action == action);
        deeds.any(|d| d.agents == [index] && d.patients.is_empty())
    };
    let guess = match mention.count {
        Count::Exact(number) => return number,
        Count::Unsaid => return 1,
        Count::Plural if fights(Action::Fight) => 2,
        Count::Plural => 3,
        Count::Many => match mention.word.kind {
            SubjectKind::Bird | SubjectKind::Fish => 7,
            _ => 5,
        },
    };
    let message = format!("how many is not said; {guess} appear");
    findings.remark("assumed", &mention.span, message);
    guess
}

/// Three or more of a kind are a group with a name.
fn group_name(mention: &Mention, count: usize, groups: &mut BTreeMap<&'static str, usize>) -> String {
    if count < 3 && !(mention.group && count > 1) {
        return String::new();
    }
    let noun = match mention.word.kind {
        SubjectKind::Bird => "flock",
        SubjectKind::Wolf | SubjectKind::Dog => "pack",
        SubjectKind::Horse => "herd",
        SubjectKind::Fish => "school",
        SubjectKind::Human => "crowd",
        SubjectKind::Dragon | SubjectKind::Cat | SubjectKind::Asset => "group",
    };
    let number = groups.entry(noun).or_insert(0);
    *number += 1;
    format!("{noun}_{}", letter(*number - 1))
}

fn member(
    mention: &Mention,
    assets: &[String],
    group: String,
    of_name: &mut BTreeMap<&'static str, usize>,
) -> CastMember {
    // people go by what they are: girl_a rather than human_a
    let name = if mention.word.variant.is_empty() {
        kind_name(mention.word.kind)
    } else {
        mention.word.variant
    };
    let number = of_name.entry(name).or_insert(0);
    *number += 1;
    CastMember {
        id: format!("{name}_{}", letter(*number - 1)),
        kind: mention.word.kind,
        variant: mention.word.variant.to_owned(),
        asset: mention
            .asset
            .and_then(|a| assets.get(a).cloned())
            .unwrap_or_default(),
        colors: mention.colors.clone(),
        scale: mention.scale,
        group,
    }
}

/// `a` … `z`; a cast is smaller than the alphabet.
fn letter(index: usize) -> char {
    char::from(b'a' + (index % 26) as u8)
}

/// Name of a kind as in the JSON.
pub(super) fn kind_name(kind: SubjectKind) -> &'static str {
    match kind {
        SubjectKind::Dragon => "dragon",
        SubjectKind::Human => "human",
        SubjectKind::Bird => "bird",
        SubjectKind::Cat => "cat",
        SubjectKind::Dog => "dog",
        SubjectKind::Wolf => "wolf",
        SubjectKind::Horse => "horse",
        SubjectKind::Fish => "fish",
        SubjectKind::Asset => "asset",
    }
}
