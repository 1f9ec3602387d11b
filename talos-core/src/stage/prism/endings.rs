//! What Korean words end in: particles after nouns, endings after stems.

use std::sync::LazyLock;

use super::jamo;

/// What particles say about a noun.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Particles {
    /// 이, 가, 은, 는, 도, 께서.
    pub(super) subject: bool,
    /// 을, 를.
    pub(super) object: bool,
    /// 의.
    pub(super) genitive: bool,
    /// 에게, 한테, 에, 로, 향해: where an action goes.
    pub(super) towards: bool,
    /// 와, 과, 랑, 하고.
    pub(super) and: bool,
    /// 들.
    pub(super) plural: bool,
    /// 에서, 부터: where something starts.
    pub(super) from: bool,
    /// Any particle at all.
    pub(super) any: bool,
}

impl Particles {
    /// Both together.
    #[must_use]
    pub(super) fn with(self, other: Self) -> Self {
        Self {
            subject: self.subject || other.subject,
            object: self.object || other.object,
            genitive: self.genitive || other.genitive,
            towards: self.towards || other.towards,
            and: self.and || other.and,
            plural: self.plural || other.plural,
            from: self.from || other.from,
            any: self.any || other.any,
        }
    }
}

/// Which role a particle gives, in the order in which longer ones come first.
const PARTICLES: &[(&str, char)] = &[
    ("으로부터", 'f'),
    ("에서부터", 'f'),
    ("이라는", '-'),
    ("에게서", 'f'),
    ("한테서", 'f'),
    ("입니다", '-'),
    ("이에요", '-'),
    ("이었던", '-'),
    ("스러운", '-'),
    ("스럽게", '-'),
    ("로부터", 'f'),
    ("에게로", 't'),
    ("이랑", '&'),
    ("하고", '&'),
    ("에서", 'f'),
    ("에게", 't'),
    ("한테", 't'),
    ("더러", 't'),
    ("으로", 't'),
    ("께서", 's'),
    ("이서", 's'),
    ("처럼", '-'),
    ("같은", '-'),
    ("같이", '-'),
    ("까지", '-'),
    ("부터", 'f'),
    ("마다", '-'),
    ("보다", '-'),
    ("조차", '-'),
    ("마저", '-'),
    ("밖에", '-'),
    ("이나", '&'),
    ("이며", '&'),
    ("이고", '&'),
    ("인데", '-'),
    ("이다", '-'),
    ("예요", '-'),
    ("이요", '-'),
    ("였던", '-'),
    ("라는", '-'),
    ("쯤의", '-'),
    ("쯤", '-'),
    ("정도", '-'),
    ("가량", '-'),
    ("짜리", '-'),
    ("동안", '-'),
    ("대로", '-'),
    ("만큼", '-'),
    ("답게", '-'),
    ("적인", '-'),
    ("적으로", '-'),
    ("로서", '-'),
    ("로써", '-'),
    ("씩", '-'),
    ("간", '-'),
    ("들", 'p'),
    ("이", 's'),
    ("가", 's'),
    ("은", 's'),
    ("는", 's'),
    ("도", 's'),
    ("을", 'o'),
    ("를", 'o'),
    ("의", 'g'),
    ("에", 't'),
    ("께", 't'),
    ("로", 't'),
    ("와", '&'),
    ("과", '&'),
    ("랑", '&'),
    ("만", '-'),
    ("인", '-'),
    ("풍", '-'),
    ("식", '-'),
    ("뿐", '-'),
    ("요", '-'),
    ("나", '-'),
];

/// The roles of a chain of particles that is the whole text; `None` if it is none.
pub(super) fn particles(text: &[char]) -> Option<Particles> {
    chain(text, 4)
}

fn chain(text: &[char], depth: u8) -> Option<Particles> {
    if text.is_empty() {
        return Some(Particles::default());
    }
    if depth == 0 {
        return None;
    }
    PARTICLES.iter().find_map(|(particle, role)| {
        let length = particle.chars().count();
        let fits = text.len() >= length && particle.chars().eq(text[..length].iter().copied());
        let rest = fits.then(|| chain(&text[length..], depth - 1)).flatten()?;
        Some(single(*role).with(rest))
    })
}

fn single(role: char) -> Particles {
    Particles {
        subject: role == 's',
        object: role == 'o',
        genitive: role == 'g',
        towards: role == 't',
        and: role == '&',
        plural: role == 'p',
        from: role == 'f',
        any: role != 'p',
    }
}

/// How a verb or adjective goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ending {
    /// -는, -ㄴ, -ㄹ, -던: it describes the noun that follows.
    Adnominal,
    /// -고, -며, -면서, -아서: it shares its subject with the verb that follows.
    Connective,
    /// -다가: then the next one.
    Sequel,
    /// -다, -네, -자: the sentence ends.
    Final,
    /// -게, -이: an adverb.
    Adverbial,
    /// -기, -ㅁ: a noun.
    Nominal,
}

use Ending::{Adnominal, Adverbial, Connective, Final, Nominal, Sequel};

/// Endings after a stem or its plain form.
const ENDINGS: &[(&str, Ending)] = &[
    ("는", Adnominal),
    ("ㄴ", Adnominal),
    ("은", Adnominal),
    ("ㄹ", Adnominal),
    ("을", Adnominal),
    ("던", Adnominal),
    ("고있는", Adnominal),
    ("고", Connective),
    ("고서", Connective),
    ("고는", Connective),
    ("며", Connective),
    ("으며", Connective),
    ("면서", Connective),
    ("으면서", Connective),
    ("면", Connective),
    ("으면", Connective),
    ("지만", Connective),
    ("니", Connective),
    ("으니", Connective),
    ("자마자", Sequel),
    ("다가", Sequel),
    ("러", Connective),
    ("으러", Connective),
    ("려고", Connective),
    ("으려고", Connective),
    ("려는", Adnominal),
    ("으려는", Adnominal),
    ("듯", Connective),
    ("듯이", Connective),
    ("는듯", Connective),
    ("는데", Connective),
    ("ㄴ데", Connective),
    ("은데", Connective),
    ("거나", Connective),
    ("다", Final),
    ("ㄴ다", Final),
    ("는다", Final),
    ("ㅂ니다", Final),
    ("습니다", Final),
    ("네", Final),
    ("자", Final),
    ("라", Final),
    ("으라", Final),
    ("지", Final),
    ("ㄹ까", Final),
    ("ㄹ까요", Final),
    ("을까", Final),
    ("을까요", Final),
    ("게", Adverbial),
    ("게도", Adverbial),
    ("도록", Adverbial),
    ("이", Adverbial),
    ("히", Adverbial),
    ("기", Nominal),
    ("ㅁ", Nominal),
    ("음", Nominal),
];

/// What may follow -아/-어, or stand as it.
const AFTER_INFINITIVE: &[(&str, Ending)] = &[
    ("", Connective),
    ("서", Connective),
    ("도", Connective),
    ("야", Connective),
    ("요", Final),
    ("라", Final),
    ("ㅆ다", Final),
    ("ㅆ던", Adnominal),
    ("ㅆ고", Connective),
    ("ㅆ지만", Connective),
    ("ㅆ습니다", Final),
    ("ㅆ네", Final),
    ("ㅆ으며", Connective),
    ("ㅆ는데", Connective),
];

/// Verbs that join -아/-어 without a space and leave its meaning: 달려가-, 떠올라오-.
const AUXILIARIES: &[&str] = &[
    "있", "가", "오", "다니", "나", "내", "들", "보", "주", "버리", "놓", "두", "대", "지", "나가", "나오",
    "가",
];

/// The ending that a line of letters after a base is; `None` if it is none.
pub(super) fn ending(rest: &str, infinitive: bool) -> Option<Ending> {
    if infinitive {
        return after_infinitive(rest, 2);
    }
    simple(rest).or_else(|| honorific(rest)).or_else(|| {
        ["아", "어", "여"]
            .iter()
            .find_map(|vowel| after_vowel(rest, vowel, 2))
    })
}

fn honorific(rest: &str) -> Option<Ending> {
    ["시", "으시"]
        .iter()
        .find_map(|mark| simple(rest.strip_prefix(jamo::line(mark).as_str())?))
}

fn after_vowel(rest: &str, vowel: &str, depth: u8) -> Option<Ending> {
    after_infinitive(rest.strip_prefix(jamo::line(vowel).as_str())?, depth)
}

fn after_infinitive(rest: &str, depth: u8) -> Option<Ending> {
    let direct = TABLES.after_infinitive.iter().find(|(form, _)| form == rest);
    if let Some((_, kind)) = direct {
        return Some(*kind);
    }
    if depth == 0 {
        return None;
    }
    TABLES.auxiliaries.iter().find_map(|base| {
        let after = rest.strip_prefix(base.letters.as_str())?;
        if base.infinitive {
            return after_infinitive(after, depth - 1);
        }
        simple(after)
            .or_else(|| after_vowel(after, "어", depth - 1))
            .or_else(|| after_vowel(after, "아", depth - 1))
    })
}

fn simple(rest: &str) -> Option<Ending> {
    TABLES
        .endings
        .iter()
        .find(|(form, _)| form == rest)
        .map(|(_, kind)| *kind)
}

/// The tables above as lines of letters.
struct Tables {
    endings: Vec<(String, Ending)>,
    after_infinitive: Vec<(String, Ending)>,
    auxiliaries: Vec<jamo::Base>,
}

static TABLES: LazyLock<Tables> = LazyLock::new(|| {
    let lines = |table: &[(&str, Ending)]| {
        table
            .iter()
            .map(|(form, kind)| (jamo::line(form), *kind))
            .collect()
    };
    Tables {
        endings: lines(ENDINGS),
        after_infinitive: lines(AFTER_INFINITIVE),
        auxiliaries: AUXILIARIES.iter().flat_map(|stem| jamo::bases(stem)).collect(),
    }
});

#[cfg(test)]
mod tests {
    use super::*;

    fn read(stem: &str, word: &str) -> Option<Ending> {
        let line = jamo::line(word);
        jamo::bases(stem).iter().find_map(|base| {
            let rest = line.strip_prefix(base.letters.as_str())?;
            ending(rest, base.infinitive)
        })
    }

    #[test]
    fn verbs_are_read_through_their_endings() {
        for (stem, word, kind) in [
            ("걷", "걷는", Adnominal),
            ("걷", "걸으며", Connective),
            ("걷", "걸어간다", Final),
            ("날", "나는", Adnominal),
            ("날", "날아다니는", Adnominal),
            ("날", "난다", Final),
            ("싸우", "싸우는", Adnominal),
            ("싸우", "싸웠다", Final),
            ("뿜", "뿜으며", Connective),
            ("뿜", "뿜는", Adnominal),
            ("달리", "달리다가", Sequel),
            ("달리", "달려가는", Adnominal),
            ("달리", "달립니다", Final),
            ("푸르", "푸른", Adnominal),
            ("하얗", "하얀", Adnominal),
            ("거대하", "거대한", Adnominal),
            ("쓸쓸하", "쓸쓸하게", Adverbial),
            ("어둡", "어두운", Adnominal),
            ("헤엄치", "헤엄쳐", Connective),
            ("떠있", "떠있는", Adnominal),
            ("서", "서있는", Adnominal),
        ] {
            assert_eq!(read(stem, word), Some(kind), "{stem} {word}");
        }
        assert_eq!(read("걷", "걷어차기다"), None);
        assert_eq!(read("비", "비행기"), None);
    }

    #[test]
    fn particles_chain() {
        let chars = |t: &str| t.chars().collect::<Vec<_>>();
        assert!(particles(&chars("가")).is_some_and(|p| p.subject));
        assert!(particles(&chars("들의")).is_some_and(|p| p.plural && p.genitive));
        assert!(particles(&chars("에서의")).is_some_and(|p| p.from && p.genitive));
        assert!(particles(&chars("하고는")).is_some_and(|p| p.and));
        assert!(particles(&chars("나무")).is_none());
    }
}
