//! Hangul as a line of letters, so that stems and endings meet inside a syllable.
//!
//! 걷는다 is ㄱㅓㄷㄴㅡㄴㄷㅏ. A silent ㅇ before a vowel is `0`; final ㅇ stays ㅇ. The Unicode
//! Standard, section 3.12, gives the arithmetic of syllables.

const LEADS: [char; 19] = [
    'ㄱ', 'ㄲ', 'ㄴ', 'ㄷ', 'ㄸ', 'ㄹ', 'ㅁ', 'ㅂ', 'ㅃ', 'ㅅ', 'ㅆ', '0', 'ㅈ', 'ㅉ', 'ㅊ', 'ㅋ', 'ㅌ',
    'ㅍ', 'ㅎ',
];
const VOWELS: [char; 21] = [
    'ㅏ', 'ㅐ', 'ㅑ', 'ㅒ', 'ㅓ', 'ㅔ', 'ㅕ', 'ㅖ', 'ㅗ', 'ㅘ', 'ㅙ', 'ㅚ', 'ㅛ', 'ㅜ', 'ㅝ', 'ㅞ', 'ㅟ',
    'ㅠ', 'ㅡ', 'ㅢ', 'ㅣ',
];
const TAILS: [char; 28] = [
    '-', 'ㄱ', 'ㄲ', 'ㄳ', 'ㄴ', 'ㄵ', 'ㄶ', 'ㄷ', 'ㄹ', 'ㄺ', 'ㄻ', 'ㄼ', 'ㄽ', 'ㄾ', 'ㄿ', 'ㅀ', 'ㅁ',
    'ㅂ', 'ㅄ', 'ㅅ', 'ㅆ', 'ㅇ', 'ㅈ', 'ㅊ', 'ㅋ', 'ㅌ', 'ㅍ', 'ㅎ',
];

/// The letters of a text, and for each syllable boundary the number of letters before it.
pub(super) fn letters(chars: &[char]) -> (String, Vec<usize>) {
    let mut out = String::new();
    let mut count = 0;
    let mut boundaries = vec![0];
    for &c in chars {
        for letter in syllable(c) {
            out.push(letter);
            count += 1;
        }
        boundaries.push(count);
    }
    (out, boundaries)
}

/// The letters of a text alone.
pub(super) fn line(text: &str) -> String {
    letters(&text.chars().collect::<Vec<_>>()).0
}

fn syllable(c: char) -> Vec<char> {
    let Some(code) = (c as u32).checked_sub(0xac00).filter(|&code| code < 11_172) else {
        return vec![c];
    };
    let code = code as usize;
    let mut out = vec![LEADS[code / 588], VOWELS[code / 28 % 21]];
    let tail = code % 28;
    if tail > 0 {
        out.push(TAILS[tail]);
    }
    out
}

/// A form of a stem that endings attach to.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Base {
    /// Its letters.
    pub(super) letters: String,
    /// The -아/-어 is already in it (싸우- → 싸워).
    pub(super) infinitive: bool,
}

/// Every form that a stem takes before endings, regular and irregular.
///
/// The irregular classes (ㄷ, ㄹ, ㅂ, ㅅ, ㅎ, 르, 으) follow from the stem's last letters;
/// whether a verb belongs to the class is not asked, as this reads and does not write: the
/// superfluous forms are no words.
pub(super) fn bases(stem: &str) -> Vec<Base> {
    let whole = line(stem);
    let mut out = vec![base(&whole, false)];
    let all: Vec<char> = whole.chars().collect();
    let (&last, before) = all.split_last().unwrap_or((&'-', &[]));
    let head: String = before.iter().collect();
    let bright = before
        .iter()
        .rev()
        .find(|c| VOWELS.contains(c))
        .is_some_and(|v| "ㅏㅗㅑ".contains(*v));
    let mut plain = |letters: String| out.push(base(&letters, false));
    match last {
        'ㄷ' => plain(format!("{head}ㄹ")),
        'ㄹ' | 'ㅅ' => plain(head.clone()),
        'ㅂ' => plain(format!("{head}0ㅜ")),
        'ㅎ' => plain(head.clone()),
        _ => {}
    }
    let mut infinitive = |letters: String| out.push(base(&letters, true));
    match last {
        'ㅂ' => {
            infinitive(format!("{head}0ㅝ"));
            infinitive(format!("{head}0ㅘ"));
        }
        'ㅎ' => {
            let stem_head: String = before[..before.len().saturating_sub(1)].iter().collect();
            infinitive(format!("{stem_head}ㅐ"));
            infinitive(format!("{stem_head}ㅔ"));
            infinitive(format!("{stem_head}ㅒ"));
        }
        'ㅣ' => infinitive(format!("{head}ㅕ")),
        'ㅗ' => infinitive(format!("{head}ㅘ")),
        'ㅜ' => infinitive(format!("{head}ㅝ")),
        'ㅚ' => infinitive(format!("{head}ㅙ")),
        'ㅏ' | 'ㅓ' | 'ㅐ' | 'ㅔ' | 'ㅕ' => infinitive(whole.clone()),
        'ㅡ' => {
            infinitive(format!("{head}{}", if bright { 'ㅏ' } else { 'ㅓ' }));
            if let Some(stem_head) = head.strip_suffix('ㄹ') {
                infinitive(format!("{stem_head}ㄹㄹㅏ"));
                infinitive(format!("{stem_head}ㄹㄹㅓ"));
                // 푸르러, 이르러
                infinitive(format!("{whole}ㄹㅓ"));
            }
        }
        _ => {}
    }
    if whole.ends_with("ㅎㅏ") {
        infinitive(format!("{}ㅎㅐ", whole.trim_end_matches("ㅎㅏ")));
    }
    out
}

fn base(letters: &str, infinitive: bool) -> Base {
    Base {
        letters: letters.to_owned(),
        infinitive,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn syllables_come_apart() {
        assert_eq!(line("걷는다"), "ㄱㅓㄷㄴㅡㄴㄷㅏ");
        assert_eq!(line("용"), "0ㅛㅇ");
        assert_eq!(line("ㄴ다"), "ㄴㄷㅏ");
        assert_eq!(line("a힣"), "aㅎㅣㅎ");
    }

    #[test]
    fn irregular_stems_have_their_forms() {
        let has = |stem: &str, form: &str, infinitive: bool| {
            bases(stem)
                .iter()
                .any(|b| b.letters == line(form) && b.infinitive == infinitive)
        };
        for (stem, form, infinitive) in [
            ("걷", "걸", false),
            ("날", "나", false),
            ("싸우", "싸워", true),
            ("달리", "달려", true),
            ("파랗", "파라", false),
            ("파랗", "파래", true),
            ("어둡", "어두우", false),
            ("외롭", "외로워", true),
            ("슬프", "슬퍼", true),
            ("흐르", "흘러", true),
            ("푸르", "푸르러", true),
            ("추격하", "추격해", true),
            ("보", "봐", true),
        ] {
            assert!(has(stem, form, infinitive), "{stem} {form}: {:?}", bases(stem));
        }
    }
}
