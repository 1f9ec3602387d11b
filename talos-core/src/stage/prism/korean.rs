//! Korean words: an eojeol taken apart into words, particles and endings.

use super::endings::{self, Ending, Particles};
use super::jamo;
use super::lexicon::lexicon;
use super::sense::Sense;
use super::text::{Piece, PieceKind};

/// A word within an eojeol.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Morpheme {
    pub(super) sense: Sense,
    pub(super) particles: Particles,
    pub(super) ending: Option<Ending>,
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) text: String,
}

/// Longer runs of Hangul without a space are no word of any language; they are not taken apart.
const LONGEST_SYLLABLES: usize = 32;

/// The words at a place, and how many pieces they take.
pub(super) fn read(pieces: &[Piece], at: usize) -> (Vec<Morpheme>, usize) {
    let phrase = phrase(pieces, at);
    let piece = &pieces[at];
    let chars: Vec<char> = piece.text.chars().collect();
    if let Some((sense, particles, ending, taken)) = phrase {
        let text: Vec<&str> = pieces[at..at + taken].iter().map(|p| p.text.as_str()).collect();
        let morpheme = Morpheme {
            sense,
            particles,
            ending,
            start: piece.start,
            end: pieces[at + taken - 1].end,
            text: text.join(" "),
        };
        return (vec![morpheme], taken);
    }
    if let Some(morphemes) = sino_number(pieces, at, &chars) {
        return (morphemes, 1);
    }
    let split = split(&chars);
    let emotion = crate::emotion::lookup(&piece.text).map(|found| {
        let stems = found.korean.iter().filter(|stem| piece.text.starts_with(**stem));
        (
            found.name,
            stems.map(|stem| stem.chars().count()).max().unwrap_or(0),
        )
    });
    if let Some((name, stem)) = emotion
        && split
            .as_ref()
            .is_none_or(|parts| parts.len() > 1 || parts[0].end < stem)
    {
        return (vec![whole(piece, Sense::Emotion(name))], 1);
    }
    let Some(parts) = split else {
        return (vec![whole(piece, Sense::Unknown)], 1);
    };
    let morphemes = parts.into_iter().map(|part| Morpheme {
        sense: part.sense,
        particles: part.particles,
        ending: part.ending,
        start: piece.start + part.start,
        end: piece.start + part.end_with_tail,
        text: chars[part.start..part.end_with_tail].iter().collect(),
    });
    (morphemes.collect(), 1)
}

fn whole(piece: &Piece, sense: Sense) -> Morpheme {
    Morpheme {
        sense,
        particles: tail_particles(&piece.text),
        ending: None,
        start: piece.start,
        end: piece.end,
        text: piece.text.clone(),
    }
}

/// The particles that an unknown word seems to end in.
fn tail_particles(text: &str) -> Particles {
    let stem = without_particles(text);
    let tail: Vec<char> = text[stem.len()..].chars().collect();
    endings::particles(&tail).unwrap_or_default()
}

/// An unknown word without the longest particles it may end in; at least two syllables stay.
pub(super) fn without_particles(text: &str) -> &str {
    let places: Vec<usize> = text.char_indices().map(|(i, _)| i).skip(2).collect();
    let stem = places.into_iter().find(|&i| {
        let tail: Vec<char> = text[i..].chars().take(8).collect();
        tail.len() < 8 && endings::particles(&tail).is_some()
    });
    stem.map_or(text, |i| &text[..i])
}

/// A phrase of several words, the last of which may carry particles or an ending.
fn phrase(pieces: &[Piece], at: usize) -> Option<(Sense, Particles, Option<Ending>, usize)> {
    lexicon().phrases.iter().find_map(|(words, sense)| {
        let count = words.len();
        let here = pieces.get(at..at + count)?;
        let (last, first) = words.split_last()?;
        let exact = first.iter().zip(here).all(|(word, piece)| piece.text == *word);
        let hangul = exact && here.iter().all(|piece| piece.kind == PieceKind::Hangul);
        let (particles, ending) = hangul.then(|| tail(last, &here[count - 1].text)).flatten()?;
        Some((*sense, particles, ending, count))
    })
}

/// What follows a word or stem (`-`) in a text that begins with it.
fn tail(word: &str, text: &str) -> Option<(Particles, Option<Ending>)> {
    let Some(stem) = word.strip_suffix('-') else {
        let rest: Vec<char> = text.strip_prefix(word)?.chars().take(8).collect();
        return Some((endings::particles(&rest)?, None));
    };
    let line = jamo::line(text);
    jamo::bases(stem).iter().find_map(|base| {
        let rest = line.strip_prefix(base.letters.as_str())?;
        endings::ending(rest, base.infinitive).map(|ending| (Particles::default(), Some(ending)))
    })
}

/// `360도`, `90년대`: a number that makes a word with what is glued to it.
pub(super) fn number_word(pieces: &[Piece], at: usize) -> Option<(Sense, usize)> {
    let next = pieces
        .get(at + 1)
        .filter(|next| next.glued && next.kind == PieceKind::Hangul)?;
    let text: String = format!("{}{}", pieces[at].text, next.text);
    let fits = |(noun, sense): (&String, &Sense)| {
        let rest: Vec<char> = text.strip_prefix(noun.as_str())?.chars().take(8).collect();
        let number = noun.starts_with(|c: char| c.is_ascii_digit());
        (number && endings::particles(&rest).is_some()).then_some((*sense, 2))
    };
    lexicon()
        .nouns
        .range("0".to_owned()..":".to_owned())
        .find_map(fits)
}

/// 십초, 삼십 초: Sino-Korean numbers count only before units.
fn sino_number(pieces: &[Piece], at: usize, chars: &[char]) -> Option<Vec<Morpheme>> {
    let digits = chars.iter().take_while(|c| sino_digit(**c).is_some()).count();
    let value = (1..=6).contains(&digits).then(|| sino_value(&chars[..digits]))?;
    let piece = &pieces[at];
    let number = Morpheme {
        sense: Sense::Number(value),
        particles: Particles::default(),
        ending: None,
        start: piece.start,
        end: piece.start + digits,
        text: chars[..digits].iter().collect(),
    };
    if digits == chars.len() {
        let next: Vec<char> = pieces.get(at + 1)?.text.chars().collect();
        let unit = split(&next).is_some_and(|parts| matches!(parts[0].sense, Sense::Unit(_)));
        return unit.then(|| vec![number]);
    }
    let rest = split(&chars[digits..])?;
    if !matches!(rest[0].sense, Sense::Unit(_)) {
        return None;
    }
    let mut out = vec![number];
    out.extend(rest.into_iter().map(|part| {
        Morpheme {
            sense: part.sense,
            particles: part.particles,
            ending: part.ending,
            start: piece.start + digits + part.start,
            end: piece.start + digits + part.end_with_tail,
            text: chars[digits + part.start..digits + part.end_with_tail]
                .iter()
                .collect(),
        }
    }));
    Some(out)
}

fn sino_digit(c: char) -> Option<u32> {
    let place = "일이삼사오육칠팔구십백천".chars().position(|d| d == c)?;
    Some([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 100, 1000][place])
}

fn sino_value(chars: &[char]) -> f64 {
    let (mut total, mut pending) = (0, 0);
    for digit in chars.iter().filter_map(|&c| sino_digit(c)) {
        if digit >= 10 {
            total += digit * pending.max(1);
            pending = 0;
        } else {
            pending = digit;
        }
    }
    f64::from(total + pending)
}

/// A part of an eojeol, places within it.
#[derive(Clone, Debug)]
struct Part {
    sense: Sense,
    particles: Particles,
    ending: Option<Ending>,
    start: usize,
    /// End of the word itself.
    end: usize,
    /// End with particles or ending.
    end_with_tail: usize,
}

/// The cheapest way to cover an eojeol with known words.
fn split(chars: &[char]) -> Option<Vec<Part>> {
    if chars.is_empty() || chars.len() > LONGEST_SYLLABLES {
        return None;
    }
    // best[i] covers chars[i..]; filled from the end
    let mut best: Vec<Option<(u32, Vec<Part>)>> = vec![None; chars.len()];
    for start in (0..chars.len()).rev() {
        let mut found: Option<(u32, Vec<Part>)> = None;
        let mut offer = |cost: u32, parts: Vec<Part>| {
            if found.as_ref().is_none_or(|(least, _)| cost < *least) {
                found = Some((cost, parts));
            }
        };
        nouns_at(chars, start, &best, &mut offer);
        stems_at(chars, start, &best, &mut offer);
        best[start] = found;
    }
    best.swap_remove(0).map(|(_, parts)| parts)
}

type Best = [Option<(u32, Vec<Part>)>];

/// Costs of a part: fewer parts are better, then nouns before verbs (물은 is water), then
/// long words before one-syllable ones, which fit by chance.
const NOUN_COST: u32 = 10;
const STEM_COST: u32 = 11;
/// 검은 is black before it is a sword: adjectives of looks come first.
const LOOK_COST: u32 = 9;
const ONE_SYLLABLE_COST: u32 = 5;

fn nouns_at(chars: &[char], start: usize, best: &Best, offer: &mut impl FnMut(u32, Vec<Part>)) {
    let longest = lexicon().longest_noun.min(chars.len() - start);
    for length in (1..=longest).rev() {
        let end = start + length;
        let key: String = chars[start..end].iter().collect();
        let Some(&sense) = lexicon().nouns.get(&key) else {
            continue;
        };
        let part = |particles, end_with_tail| Part {
            sense,
            particles,
            ending: None,
            start,
            end,
            end_with_tail,
        };
        let short = if length == 1 { ONE_SYLLABLE_COST } else { 0 };
        let inside = if start == 0 { 0 } else { short };
        if let Some(particles) = endings::particles(&chars[end..])
            && (inside == 0 || may_join(sense))
        {
            offer(NOUN_COST + inside, vec![part(particles, chars.len())]);
        }
        let genitive = usize::from(chars.get(end) == Some(&'의'));
        for next in [end, end + genitive] {
            let Some(Some((cost, rest))) = best.get(next) else {
                continue;
            };
            if (length == 1 && !may_join(sense)) || !may_count(sense, rest) {
                continue;
            }
            let mut parts = vec![part(Particles::default(), next)];
            parts.extend(rest.iter().cloned());
            offer(NOUN_COST + short + cost, parts);
        }
    }
}

/// One-syllable words that do make compounds (밤바다, 용떼); others would fit unknown words by chance.
fn may_join(sense: Sense) -> bool {
    matches!(
        sense,
        Sense::Subject(_)
            | Sense::Collective
            | Sense::Place(_)
            | Sense::Time(..)
            | Sense::Weather(..)
            | Sense::Snow
            | Sense::Color(_)
            | Sense::Sun
            | Sense::Moon
            | Sense::Fire
            | Sense::Counter(_)
            | Sense::Unit(_)
            | Sense::Media
            | Sense::Number(_)
            | Sense::Relation(_)
    )
}

/// A numeral within an eojeol counts what follows, and stands first or after a noun for someone.
fn may_count(sense: Sense, rest: &[Part]) -> bool {
    let counted = |part: &Part| {
        matches!(
            part.sense,
            Sense::Counter(_) | Sense::Unit(_) | Sense::Subject(_) | Sense::Collective
        )
    };
    match sense {
        Sense::Number(_) => rest.first().is_some_and(counted),
        Sense::Subject(_) => true,
        _ => !matches!(rest.first().map(|part| part.sense), Some(Sense::Number(_))),
    }
}

fn stems_at(chars: &[char], start: usize, best: &Best, offer: &mut impl FnMut(u32, Vec<Part>)) {
    let (line, boundaries) = jamo::letters(&chars[start..]);
    let letters: Vec<char> = line.chars().collect();
    for stem in &lexicon().stems {
        if !line.starts_with(stem.base.letters.as_str()) {
            continue;
        }
        let looks = matches!(stem.sense, Sense::Color(_) | Sense::Size(_));
        let stem_cost = if looks { LOOK_COST } else { STEM_COST };
        let base_letters = stem.base.letters.chars().count();
        let base_end = start + boundaries.iter().filter(|&&b| b > 0 && b <= base_letters).count();
        let part = |ending, end| Part {
            sense: stem.sense,
            particles: Particles::default(),
            ending: Some(ending),
            start,
            end: base_end.max(start + 1).min(end),
            end_with_tail: end,
        };
        for (index, &boundary) in boundaries.iter().enumerate().skip(1).rev() {
            if boundary < base_letters {
                break;
            }
            let rest: String = letters[base_letters..boundary].iter().collect();
            let Some(ending) = endings::ending(&rest, stem.base.infinitive) else {
                continue;
            };
            let end = start + index;
            if end == chars.len() {
                offer(stem_cost, vec![part(ending, end)]);
            } else if let (Some((cost, tail)), Ending::Adnominal) = (&best[end], ending) {
                let mut parts = vec![part(ending, end)];
                parts.extend(tail.iter().cloned());
                offer(stem_cost + ONE_SYLLABLE_COST + cost, parts);
            } else if let (Some(particles), Ending::Nominal) = (endings::particles(&chars[end..]), ending) {
                let mut nominal = part(ending, chars.len());
                nominal.particles = particles;
                offer(STEM_COST, vec![nominal]);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::artefact::{Action, SubjectKind};

    fn senses(text: &str) -> Vec<Sense> {
        let chars: Vec<char> = text.chars().collect();
        let pieces = super::super::text::pieces(&chars);
        let mut out = Vec::new();
        let mut at = 0;
        while at < pieces.len() {
            let (morphemes, taken) = read(&pieces, at);
            out.extend(morphemes.into_iter().map(|m| m.sense));
            at += taken;
        }
        out
    }

    fn is_kind(sense: Sense, kind: SubjectKind) -> bool {
        matches!(sense, Sense::Subject(word) if word.kind == kind)
    }

    #[test]
    fn nouns_with_particles_and_compounds() {
        assert!(is_kind(senses("고양이가")[0], SubjectKind::Cat));
        assert!(is_kind(senses("늑대들의")[0], SubjectKind::Wolf));
        assert!(matches!(senses("새벽에")[..], [Sense::Time(..)]));
        assert!(matches!(senses("밤하늘을")[..], [Sense::Place(_)]));
        let joined = senses("용두마리가");
        assert!(
            matches!(
                joined[..],
                [Sense::Subject(_), Sense::Number(_), Sense::Counter(_)]
            ),
            "{joined:?}"
        );
        assert!(matches!(senses("비행기")[..], [Sense::Prop]));
        assert_eq!(senses("뷁쐟"), [Sense::Unknown]);
    }

    #[test]
    fn verbs_without_spaces_around_them() {
        let parts = senses("비오는숲");
        assert!(matches!(parts.last(), Some(Sense::Place(_))), "{parts:?}");
        assert!(matches!(senses("나는")[..], [Sense::Action(a)] if a.action == Action::Fly));
        assert!(matches!(
            senses("눈 덮인 산")[..],
            [Sense::Cover, Sense::Place(_)]
        ));
        assert!(matches!(senses("쓸쓸하게")[..], [Sense::Emotion("lonely")]));
        assert!(matches!(senses("눈물을")[..], [Sense::Emotion("sad")]));
    }

    #[test]
    fn numbers_before_units() {
        assert!(matches!(senses("십초")[..], [Sense::Number(x), Sense::Unit(_)] if x == 10.0));
        assert!(matches!(senses("이십오 초짜리")[..], [Sense::Number(x), Sense::Unit(_)] if x == 25.0));
        assert!(matches!(senses("열두 마리")[..], [Sense::Number(x), Sense::Counter(_)] if x == 12.0));
    }
}
