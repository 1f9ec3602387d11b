//! The lexicon: tables of words in two languages, and finding words in them.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use super::jamo::{self, Base};
use super::sense::{self, Sense};

/// The tables; a new one needs no more than a line here.
pub(super) const TABLES: &[(&str, &str)] = &[
    (
        "lexicon_subjects.tsv",
        include_str!("../../../data/lexicon_subjects.tsv"),
    ),
    (
        "lexicon_actions.tsv",
        include_str!("../../../data/lexicon_actions.tsv"),
    ),
    (
        "lexicon_settings.tsv",
        include_str!("../../../data/lexicon_settings.tsv"),
    ),
    (
        "lexicon_looks.tsv",
        include_str!("../../../data/lexicon_looks.tsv"),
    ),
    (
        "lexicon_function.tsv",
        include_str!("../../../data/lexicon_function.tsv"),
    ),
];

const IRREGULAR: &str = include_str!("../../../data/lexicon_irregular.tsv");

/// One row of a table.
pub(super) struct Row {
    pub(super) category: &'static str,
    pub(super) value: &'static str,
    pub(super) traits: &'static str,
    pub(super) english: Vec<&'static str>,
    pub(super) korean: Vec<&'static str>,
}

/// A stem of a Korean verb or adjective with one of its forms.
pub(super) struct Stem {
    pub(super) base: Base,
    pub(super) sense: Sense,
}

/// The words of both languages.
pub(super) struct Lexicon {
    /// English phrases by their first word, longest first.
    pub(super) english: BTreeMap<&'static str, Vec<(Vec<&'static str>, Sense)>>,
    /// Korean nouns and adverbs, spaces left out.
    pub(super) nouns: BTreeMap<String, Sense>,
    /// Length of the longest noun in syllables.
    pub(super) longest_noun: usize,
    /// Korean phrases of several words.
    pub(super) phrases: Vec<(Vec<&'static str>, Sense)>,
    /// Forms of Korean stems, longest first.
    pub(super) stems: Vec<Stem>,
    /// Irregular English form → (base form, is a plural).
    pub(super) irregular: BTreeMap<&'static str, (&'static str, bool)>,
}

static LEXICON: LazyLock<Lexicon> = LazyLock::new(build);

/// The lexicon.
pub(super) fn lexicon() -> &'static Lexicon {
    &LEXICON
}

/// The rows of a table; rows without five columns are left out, and a test keeps them out.
pub(super) fn rows(table: &'static str) -> impl Iterator<Item = Row> {
    let lines = table.lines().filter(|l| !l.starts_with('#') && !l.is_empty());
    lines.skip(1).filter_map(|line| {
        let columns: Vec<&'static str> = line.split('\t').collect();
        let [category, value, traits, english, korean] = columns.as_slice() else {
            return None;
        };
        Some(Row {
            category,
            value,
            traits,
            english: words(english),
            korean: words(korean),
        })
    })
}

fn words(column: &'static str) -> Vec<&'static str> {
    if column == "-" {
        return Vec::new();
    }
    column.split('|').collect()
}

fn build() -> Lexicon {
    let mut lexicon = Lexicon {
        english: BTreeMap::new(),
        nouns: BTreeMap::new(),
        longest_noun: 0,
        phrases: Vec::new(),
        stems: Vec::new(),
        irregular: irregular(),
    };
    for row in TABLES.iter().flat_map(|(_, table)| rows(table)) {
        let Some(meaning) = sense::parse(row.category, row.value, row.traits) else {
            continue;
        };
        for word in row.english {
            lexicon.add_english(word, meaning);
        }
        for word in row.korean {
            lexicon.add_korean(word, meaning);
        }
    }
    for emotion in crate::emotion::named_emotions() {
        for word in emotion.english.iter().chain([&emotion.name]) {
            let known = word.split([' ', '-']).next().is_some_and(|first| {
                lexicon
                    .english
                    .get(first)
                    .is_some_and(|l| l.iter().any(|(w, _)| w.join(" ") == *word))
            });
            if !known {
                lexicon.add_english(word, Sense::Emotion(emotion.name));
            }
        }
    }
    for list in lexicon.english.values_mut() {
        list.sort_by_key(|(words, _)| std::cmp::Reverse(words.len()));
    }
    lexicon
        .phrases
        .sort_by_key(|(words, _)| std::cmp::Reverse(words.len()));
    lexicon
        .stems
        .sort_by_key(|stem| std::cmp::Reverse(stem.base.letters.chars().count()));
    lexicon
}

impl Lexicon {
    fn add_english(&mut self, word: &'static str, meaning: Sense) {
        let parts: Vec<&'static str> = word.split([' ', '-']).collect();
        if let Some(first) = parts.first() {
            self.english.entry(first).or_default().push((parts, meaning));
        }
    }

    fn add_korean(&mut self, word: &'static str, meaning: Sense) {
        let parts: Vec<&'static str> = word.split(' ').collect();
        let joined = parts.concat();
        if let Some(stem) = joined.strip_suffix('-') {
            self.add_stem(stem, meaning);
        } else {
            self.add_noun(joined, meaning);
        }
        if parts.len() > 1 {
            self.phrases.push((parts, meaning));
        }
    }

    fn add_stem(&mut self, stem: &str, meaning: Sense) {
        for base in jamo::bases(stem) {
            self.stems.push(Stem { base, sense: meaning });
        }
        // 추격하- also stands alone: 추격
        let noun = stem.strip_suffix('하').filter(|n| n.chars().count() >= 2);
        if let (Some(noun), Sense::Action(_) | Sense::Move(..)) = (noun, meaning) {
            self.add_noun(noun.to_owned(), meaning);
        }
    }

    fn add_noun(&mut self, noun: String, meaning: Sense) {
        self.longest_noun = self.longest_noun.max(noun.chars().count());
        self.nouns.entry(noun).or_insert(meaning);
    }
}

fn irregular() -> BTreeMap<&'static str, (&'static str, bool)> {
    let mut out = BTreeMap::new();
    let lines = IRREGULAR.lines().filter(|l| !l.starts_with('#') && !l.is_empty());
    for line in lines.skip(1) {
        let columns: Vec<&'static str> = line.split('\t').collect();
        let [base, plural, past] = columns.as_slice() else {
            continue;
        };
        for (column, is_plural) in [(plural, true), (past, false)] {
            for form in words(column) {
                out.entry(form).or_insert((*base, is_plural));
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_row_is_read() {
        for (name, table) in TABLES {
            let lines = table.lines().filter(|l| !l.starts_with('#') && !l.is_empty());
            let (count, read) = (lines.count() - 1, rows(table).count());
            assert_eq!(count, read, "{name}: a row has not five columns");
            for row in rows(table) {
                let meaning = sense::parse(row.category, row.value, row.traits);
                assert!(
                    meaning.is_some(),
                    "{name}: {} {} {}",
                    row.category,
                    row.value,
                    row.traits
                );
            }
        }
    }

    #[test]
    fn no_word_has_two_meanings() {
        let (mut seen, mut twice) = (BTreeSet::new(), Vec::new());
        for row in TABLES.iter().flat_map(|(_, table)| rows(table)) {
            for word in row.english.iter().chain(&row.korean) {
                assert!(
                    !word.is_empty() && *word == word.trim().to_lowercase(),
                    "`{word}` in {}",
                    row.value
                );
                if !seen.insert(word.replace(' ', if word.is_ascii() { " " } else { "" })) {
                    twice.push(*word);
                }
            }
        }
        assert!(twice.is_empty(), "listed twice: {}", twice.join(", "));
    }

    #[test]
    fn the_vocabulary_is_broad() {
        let count = |pick: fn(&Row) -> usize| -> usize {
            TABLES
                .iter()
                .flat_map(|(_, table)| rows(table))
                .map(|row| pick(&row))
                .sum()
        };
        assert!(count(|row| row.english.len()) > 1500);
        assert!(count(|row| row.korean.len()) > 1500);
    }

    #[test]
    fn irregular_forms_lead_to_words() {
        for (form, (base, _)) in &lexicon().irregular {
            assert!(base.is_ascii() && !form.is_empty(), "{form} {base}");
        }
        assert_eq!(lexicon().irregular.get("wolves"), Some(&("wolf", true)));
    }
}
