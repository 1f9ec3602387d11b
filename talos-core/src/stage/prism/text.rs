//! The prompt cut into pieces: words, numbers, ratios, marks, each with its place.

/// What kind of piece it is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum PieceKind {
    /// A run of Hangul.
    Hangul,
    /// A run of letters of any other script.
    Letters,
    /// A number without sign.
    Number(f64),
    /// A number with a minus sign before it.
    Negative(f64),
    /// Two numbers with `:` or `x` between them; true for `x`.
    Ratio(f64, f64, bool),
    /// A comma or what does its work.
    Comma,
    /// The end of a sentence.
    Stop,
    /// Emoji and other signs that are no punctuation.
    Symbol,
}

/// A piece of the prompt; places count Unicode scalar values.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Piece {
    pub(super) kind: PieceKind,
    /// In lower case.
    pub(super) text: String,
    pub(super) start: usize,
    pub(super) end: usize,
    /// No space or mark stands before it.
    pub(super) glued: bool,
}

/// Cuts a prompt (NFC) into pieces. Spaces, control characters and other punctuation only part them.
pub(super) fn pieces(chars: &[char]) -> Vec<Piece> {
    let folded: Vec<char> = chars.iter().map(|&c| fold(c)).collect();
    let mut out = Vec::new();
    let (mut at, mut glued) = (0, false);
    while at < folded.len() {
        let Some((kind, end)) = piece_at(&folded, at, glued) else {
            glued = false;
            at += 1;
            continue;
        };
        let text = folded[at..end].iter().collect();
        out.push(Piece {
            kind,
            text,
            start: at,
            end,
            glued,
        });
        glued = !matches!(kind, PieceKind::Comma | PieceKind::Stop);
        at = end;
    }
    out
}

/// Full-width forms to ASCII, capitals to small letters, where that is one character.
fn fold(c: char) -> char {
    let c = match c {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(c as u32 - 0xfee0).unwrap_or(c),
        '−' => '-',
        '’' => '\'',
        '×' => 'x',
        c => c,
    };
    let mut lower = c.to_lowercase();
    match (lower.next(), lower.next()) {
        (Some(l), None) => l,
        _ => c,
    }
}

fn piece_at(chars: &[char], at: usize, glued: bool) -> Option<(PieceKind, usize)> {
    let c = chars[at];
    if c.is_ascii_digit() {
        return Some(number_at(chars, at));
    }
    if c == '-' && !glued && chars.get(at + 1).is_some_and(char::is_ascii_digit) {
        let (value, end) = decimal(chars, at + 1);
        return Some((PieceKind::Negative(value), end));
    }
    match c {
        ',' | '،' | '、' => return Some((PieceKind::Comma, at + 1)),
        '.' | '!' | '?' | ';' | '。' | '\n' => return Some((PieceKind::Stop, at + 1)),
        _ => {}
    }
    let class = Class::of(c)?;
    let end = (at..chars.len())
        .find(|&i| Class::of(chars[i]) != Some(class))
        .unwrap_or(chars.len());
    let kind = match class {
        Class::Hangul => PieceKind::Hangul,
        Class::Letters => PieceKind::Letters,
        Class::Symbol => PieceKind::Symbol,
        Class::Digit => PieceKind::Number(0.0),
    };
    Some((kind, end))
}

#[derive(Clone, Copy, PartialEq)]
enum Class {
    Hangul,
    Letters,
    Digit,
    Symbol,
}

impl Class {
    fn of(c: char) -> Option<Self> {
        match c {
            '가'..='힣' | '\u{1100}'..='\u{11ff}' | '\u{3131}'..='\u{318e}' => Some(Self::Hangul),
            c if c.is_ascii_digit() => Some(Self::Digit),
            // combining marks stay with their letters
            '\u{300}'..='\u{36f}' => Some(Self::Letters),
            c if c.is_alphanumeric() => Some(Self::Letters),
            c if c.is_whitespace() || c.is_control() || is_punctuation(c) => None,
            _ => Some(Self::Symbol),
        }
    }
}

fn is_punctuation(c: char) -> bool {
    c.is_ascii_punctuation()
        || matches!(c, '\u{a1}'..='\u{bf}' | '\u{2000}'..='\u{206f}' | '\u{3000}'..='\u{303f}'
            | '\u{fe00}'..='\u{fe0f}' | '\u{ff00}'..='\u{ffef}' | '\u{feff}' | '÷')
}

/// A number, with the second one of a ratio if it has one.
fn number_at(chars: &[char], at: usize) -> (PieceKind, usize) {
    let (first, end) = decimal(chars, at);
    let mut next = end;
    while chars.get(next) == Some(&' ') {
        next += 1;
    }
    let mark = chars.get(next).copied();
    let second = |from: usize| {
        let from = if chars.get(from) == Some(&' ') {
            from + 1
        } else {
            from
        };
        chars
            .get(from)
            .is_some_and(char::is_ascii_digit)
            .then(|| decimal(chars, from))
    };
    if let (Some(mark @ (':' | 'x' | '*')), Some((value, end))) = (mark, second(next + 1)) {
        return (PieceKind::Ratio(first, value, mark != ':'), end);
    }
    (PieceKind::Number(first), end)
}

/// Digits with groups of thousands (`10,000`) and decimals. More digits than a double holds give infinity.
fn decimal(chars: &[char], at: usize) -> (f64, usize) {
    let digit = |i: usize| chars.get(i).is_some_and(char::is_ascii_digit);
    let mut text = String::new();
    let mut i = at;
    loop {
        if digit(i) {
            text.push(chars[i]);
        } else if chars.get(i) == Some(&',') && (1..=3).all(|k| digit(i + k)) && !digit(i + 4) {
            // a group of thousands
        } else if chars.get(i) == Some(&'.') && digit(i + 1) && !text.contains('.') {
            text.push('.');
        } else {
            break;
        }
        i += 1;
    }
    (text.parse().unwrap_or(f64::INFINITY), i)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cut(text: &str) -> Vec<(PieceKind, String)> {
        let chars: Vec<char> = text.chars().collect();
        pieces(&chars).into_iter().map(|p| (p.kind, p.text)).collect()
    }

    #[test]
    fn numbers_units_and_ratios() {
        assert_eq!(cut("10초")[0].0, PieceKind::Number(10.0));
        assert_eq!(cut("10,000 seconds")[0].0, PieceKind::Number(10_000.0));
        assert_eq!(cut("3,5")[0].0, PieceKind::Number(3.0));
        assert_eq!(cut("1.5s")[0].0, PieceKind::Number(1.5));
        assert_eq!(cut("2.39:1")[0].0, PieceKind::Ratio(2.39, 1.0, false));
        assert_eq!(cut("1920×1080")[0].0, PieceKind::Ratio(1920.0, 1080.0, true));
        assert_eq!(cut("-5초")[0].0, PieceKind::Negative(5.0));
        assert_eq!(cut("１０초")[0].0, PieceKind::Number(10.0));
        assert_eq!(
            cut(&"9".repeat(500))[0].0,
            PieceKind::Number("9".repeat(500).parse().unwrap_or(f64::INFINITY))
        );
    }

    #[test]
    fn scripts_part_and_places_hold() {
        let chars: Vec<char> = "Dragon이 🐉, 숲.".chars().collect();
        let pieces = pieces(&chars);
        let kinds: Vec<PieceKind> = pieces.iter().map(|p| p.kind).collect();
        use PieceKind::{Comma, Hangul, Letters, Stop, Symbol};
        assert_eq!(kinds, [Letters, Hangul, Symbol, Comma, Hangul, Stop]);
        assert!(pieces[1].glued && !pieces[2].glued);
        for piece in &pieces {
            assert!(piece.start < piece.end && piece.end <= chars.len());
        }
    }
}
