//! Messages in Korean: a table of English patterns and their Korean, by which whole messages are
//! translated where they meet the screen. What has no entry stays English; results never pass here.

use std::{borrow::Cow, sync::LazyLock};

use crate::lang::Lang;

/// Two columns, `{0}` … `{9}` standing for what a message is about.
const TABLE: &str = include_str!("../data/korean.tsv");

/// How often a message may hold another one.
const DEEPEST: usize = 4;

/// One entry, its English cut at the holes.
struct Entry {
    literals: Vec<&'static str>,
    /// Which hole stands after each literal but the last.
    holes: Vec<usize>,
    korean: String,
}

static ENTRIES: LazyLock<Vec<Entry>> = LazyLock::new(|| {
    let lines = TABLE.lines().filter(|line| !line.starts_with('#'));
    let mut entries: Vec<Entry> = lines.filter_map(Entry::read).collect();
    // the pattern that says most is tried first
    entries.sort_by_key(|e| std::cmp::Reverse(e.literals.iter().map(|l| l.len()).sum::<usize>()));
    entries
});

impl Entry {
    fn read(line: &'static str) -> Option<Self> {
        let (mut rest, korean) = line.split_once('\t')?;
        let (mut literals, mut holes) = (Vec::new(), Vec::new());
        while let Some(at) = rest.find('{') {
            literals.push(&rest[..at]);
            holes.push(rest[at + 1..at + 2].parse().ok()?);
            rest = &rest[at + 3..];
        }
        literals.push(rest);
        Some(Self {
            literals,
            holes,
            korean: korean.replace("\\n", "\n"),
        })
    }

    /// What stands in the holes, if the text is of this pattern.
    fn captures<'a>(&self, text: &'a str) -> Option<Vec<(usize, &'a str)>> {
        let (first, last) = (self.literals.first()?, self.literals.last()?);
        if self.holes.is_empty() {
            return (text == *first).then(Vec::new);
        }
        let mut rest = text.strip_prefix(first)?.strip_suffix(last)?;
        let mut found = Vec::new();
        for (i, &hole) in self.holes.iter().enumerate() {
            let is_last = i + 1 == self.holes.len();
            let end = if is_last {
                rest.len()
            } else {
                rest.find(self.literals[i + 1])?
            };
            found.push((hole, &rest[..end]));
            rest = if is_last {
                ""
            } else {
                &rest[end + self.literals[i + 1].len()..]
            };
        }
        Some(found)
    }
}

/// A message in a language.
#[must_use]
pub fn in_language(text: &str, lang: Lang) -> Cow<'_, str> {
    match lang {
        Lang::En => Cow::Borrowed(text),
        Lang::Ko => translated(text, DEEPEST).map_or(Cow::Borrowed(text), Cow::Owned),
    }
}

/// The Korean of a message; `None` where the table has no pattern for it.
#[must_use]
pub fn korean(text: &str) -> Option<String> {
    translated(text, DEEPEST)
}

fn translated(text: &str, depth: usize) -> Option<String> {
    if depth == 0 || text.is_empty() {
        return None;
    }
    let (entry, found) = ENTRIES.iter().find_map(|e| Some((e, e.captures(text)?)))?;
    let mut result = entry.korean.clone();
    for (hole, part) in found {
        let part = translated(part, depth - 1).unwrap_or_else(|| part.to_owned());
        // braces in what is quoted are not holes: they are put back last
        result = result.replace(&format!("{{{hole}}}"), &part.replace('{', "\u{1}"));
    }
    Some(result.replace('\u{1}', "{"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_are_filled_and_nested_messages_translated() {
        let text = "`palette/hue_shift` cannot be 3: it takes a number from -0.5 to 0.5";
        let korean = korean(text).expect("in the table");
        assert!(korean.contains("`palette/hue_shift`") && korean.contains("-0.5") && korean.contains("3"));
        assert!(!korean.contains("number"), "{korean}");
        assert_eq!(
            in_language("of no pattern at all", Lang::Ko),
            "of no pattern at all"
        );
        assert_eq!(in_language(text, Lang::En), text);
    }

    #[test]
    fn what_is_quoted_stays_as_it_is() {
        let text = "there is no style `{0}{1}`; choose one of a, b";
        assert!(korean(text).expect("in the table").contains("`{0}{1}`"));
    }

    #[test]
    fn every_entry_fills_the_holes_it_has() {
        for line in TABLE.lines().filter(|l| !l.starts_with('#') && !l.is_empty()) {
            let (english, korean) = line.split_once('\t').unwrap_or_else(|| panic!("no tab: {line}"));
            assert!(Entry::read(line).is_some(), "{line}");
            for n in 0..10 {
                let hole = format!("{{{n}}}");
                assert_eq!(english.contains(&hole), korean.contains(&hole), "{line}");
            }
            assert!(korean.chars().any(|c| ('가'..='힣').contains(&c)), "{line}");
        }
    }
}
