//! Emotions by name, in Korean and English: words to points.
//!
//! The table is `data/emotions.tsv`, which says where its numbers come from and how
//! to add a line.

use std::sync::LazyLock;

use super::Vad;

/// An emotion that a prompt can name.
#[derive(Clone, Debug, PartialEq)]
pub struct NamedEmotion {
    /// Canonical English name, lower case, unique.
    pub name: &'static str,
    /// Its point.
    pub vad: Vad,
    /// English words that mean it, lower case, inflected forms included.
    pub english: Vec<&'static str>,
    /// Korean stems: a word that begins with one means the emotion; the longest fitting stem counts.
    pub korean: Vec<&'static str>,
}

static TABLE: LazyLock<Vec<NamedEmotion>> = LazyLock::new(|| parse(include_str!("../../data/emotions.tsv")));

/// Every named emotion, in the table's order.
#[must_use]
pub fn named_emotions() -> &'static [NamedEmotion] {
    &TABLE
}

/// The emotion that a word names: a canonical name, an English word (any case) or a Korean
/// word beginning with a known stem; `None` for every other word.
#[must_use]
pub fn lookup(word: &str) -> Option<&'static NamedEmotion> {
    let word = word.trim().to_lowercase();
    let english = |emotion: &&NamedEmotion| emotion.name == word || emotion.english.contains(&word.as_str());
    TABLE.iter().find(english).or_else(|| lookup_korean(&word))
}

fn lookup_korean(word: &str) -> Option<&'static NamedEmotion> {
    let longest_stem = |emotion: &NamedEmotion| {
        let fitting = emotion.korean.iter().filter(|stem| word.starts_with(**stem));
        fitting.map(|stem| stem.len()).max().unwrap_or(0)
    };
    // the first of equals, so that the table's order decides
    let best = TABLE.iter().rev().max_by_key(|emotion| longest_stem(emotion))?;
    (longest_stem(best) > 0).then_some(best)
}

fn parse(table: &'static str) -> Vec<NamedEmotion> {
    let rows = table
        .lines()
        .filter(|line| !line.starts_with('#') && !line.is_empty());
    rows.skip(1).filter_map(parse_row).collect()
}

/// `None` for a row without six columns or with a number that does not parse; a test keeps such rows out.
fn parse_row(row: &'static str) -> Option<NamedEmotion> {
    let columns: Vec<&str> = row.split('\t').collect();
    let [name, valence, arousal, dominance, english, korean] = columns.as_slice() else {
        return None;
    };
    Some(NamedEmotion {
        name,
        vad: Vad::new(
            valence.parse().ok()?,
            arousal.parse().ok()?,
            dominance.parse().ok()?,
        ),
        english: english.split('|').collect(),
        korean: korean.split('|').collect(),
    })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_row_is_read_and_every_word_is_unique() {
        let text = include_str!("../../data/emotions.tsv");
        let rows = text
            .lines()
            .filter(|l| !l.starts_with('#') && !l.is_empty())
            .count()
            - 1;
        assert_eq!(named_emotions().len(), rows);
        assert!(rows >= 40);
        let mut words = BTreeSet::new();
        for emotion in named_emotions() {
            for word in emotion.english.iter().chain(&emotion.korean) {
                assert!(!word.is_empty() && *word == word.trim().to_lowercase(), "{word}");
                assert!(words.insert(*word), "{word} is listed twice");
            }
            assert!(!emotion.korean.is_empty());
        }
    }

    #[test]
    fn words_in_both_languages_meet_their_emotion() {
        for (word, name) in [
            ("쓸쓸하게", "lonely"),
            ("외로운", "lonely"),
            ("희망찬", "hopeful"),
            ("희망없는", "despair"),
            ("슬픈", "sad"),
            ("Hopeful", "hopeful"),
            ("sadly", "sad"),
            ("웅장하게", "epic"),
            ("으스스한", "eerie"),
            ("cold_hearted", "cold_hearted"),
        ] {
            assert_eq!(lookup(word).map(|e| e.name), Some(name), "{word}");
        }
        for word in ["", "dragon", "용", "blue", "화산", "\u{0}"] {
            assert_eq!(lookup(word), None, "{word}");
        }
    }

    #[test]
    fn opposites_stand_on_opposite_sides() {
        let vad = |name| lookup(name).expect("in the table").vad;
        assert!(vad("happy").valence > 0.3 && vad("sad").valence < -0.3);
        assert!(vad("excited").arousal > 0.3 && vad("serene").arousal < -0.3);
        assert!(vad("angry").dominance > 0.2 && vad("afraid").dominance < -0.2);
    }
}
