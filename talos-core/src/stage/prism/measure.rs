//! Lengths of time, aspect ratios and frame sizes in the prompt.

use crate::camera::FrameSize;

use super::PrismError;
use super::findings::{Findings, Span};
use super::sense::{Article, Link, Relation, Sense};
use super::term::Term;

/// The longest film in seconds. An hour is far beyond a clip; more would be a mistyped number.
pub const LONGEST_FILM_S: f64 = 3600.0;

/// Sides of a frame in pixels: below, nothing can be drawn; above, no encoder takes it.
pub const FRAME_SIDES: std::ops::RangeInclusive<u32> = 16..=8192;

/// Width over height of the frames that can be asked for: a tower and a banner.
const ASPECTS: std::ops::RangeInclusive<f64> = 0.2..=5.0;

/// What the prompt says of the film's measures.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Measures {
    pub(super) duration_s: Option<f64>,
    pub(super) frame_size: Option<FrameSize>,
}

/// Takes the measures out of the terms.
pub(super) fn read(terms: &mut [Term], findings: &mut Findings) -> Result<Measures, PrismError> {
    Ok(Measures {
        duration_s: durations(terms, findings)?,
        frame_size: frame_size(terms, findings),
    })
}

fn durations(terms: &mut [Term], findings: &mut Findings) -> Result<Option<f64>, PrismError> {
    let mut longest: Option<f64> = None;
    let mut at = 0;
    while at < terms.len() {
        let Some((seconds, end)) = duration_at(terms, at) else {
            at += 1;
            continue;
        };
        let span = span_of(&terms[at..end]);
        if !(seconds > 0.0 && seconds <= LONGEST_FILM_S) {
            return Err(PrismError::Duration {
                seconds,
                text: span.text,
                start: span.start,
                end: span.end,
            });
        }
        if longest.is_some_and(|other| other != seconds) {
            let message = "two lengths are named; the longer one counts";
            findings.degrade("contradiction", &span, message);
        }
        longest = Some(longest.map_or(seconds, |other: f64| other.max(seconds)));
        terms[at..end]
            .iter_mut()
            .for_each(|term| term.sense = Sense::Spent);
        at = end;
    }
    for at in 0..terms.len() {
        match terms[at].sense {
            Sense::Fps => {
                if at > 0 && matches!(terms[at - 1].sense, Sense::Number(_)) {
                    terms[at - 1].sense = Sense::Spent;
                    let message = "the frame rate is set by an option, not by the prompt";
                    findings.degrade("limited", &span_of(&terms[at - 1..=at]), message);
                }
                terms[at].sense = Sense::Spent;
            }
            Sense::Half | Sense::Quarter => terms[at].sense = Sense::Function,
            _ => {}
        }
    }
    Ok(longest)
}

fn span_of(terms: &[Term]) -> Span {
    let text: Vec<&str> = terms.iter().map(|term| term.text.as_str()).collect();
    Span {
        start: terms[0].start,
        end: terms[terms.len() - 1].end,
        text: text.join(" "),
    }
}

/// Seconds named at a place, and where they end: `1분 30초`, `half a minute`, `a minute and a half`.
fn duration_at(terms: &mut [Term], at: usize) -> Option<(f64, usize)> {
    let (mut seconds, mut end, mut unit) = quantity_with_unit(terms, at)?;
    loop {
        if let Some(after) = half_after(terms, end) {
            seconds += unit * 0.5;
            end = after;
        } else if let Some((more, after, smaller)) =
            quantity_with_unit(terms, skip_and(terms, end)).filter(|(_, _, smaller)| *smaller < unit)
        {
            seconds += more;
            unit = smaller;
            end = after;
        } else {
            return Some((seconds, end));
        }
    }
}

fn skip_and(terms: &[Term], at: usize) -> usize {
    at + usize::from(matches!(
        terms.get(at).map(|t| t.sense),
        Some(Sense::Link(Link::And))
    ))
}

/// `반`, `and a half`.
fn half_after(terms: &[Term], at: usize) -> Option<usize> {
    let mut at = skip_and(terms, at);
    if matches!(terms.get(at)?.sense, Sense::Article(Article::Indefinite)) {
        at += 1;
    }
    matches!(terms.get(at)?.sense, Sense::Half).then_some(at + 1)
}

fn quantity_with_unit(terms: &mut [Term], at: usize) -> Option<(f64, usize, f64)> {
    let (value, end) = quantity(terms, at)?;
    let unit_term = terms.get(end)?;
    let Sense::Unit(unit) = unit_term.sense else {
        return None;
    };
    let number = matches!(terms[end - 1].sense, Sense::Number(_));
    let native = number && terms[end - 1].form.korean && is_native(&terms[end - 1].text);
    if native && unit_term.text.starts_with('분') {
        // 세 분: persons, politely
        terms[end].sense = Sense::Counter("human");
        return None;
    }
    let next = terms.get(end + 1).map(|term| term.sense);
    let article = matches!(terms[at].sense, Sense::Article(_)) && end == at + 1;
    if article && unit == 1.0 && matches!(next, Some(Sense::Subject(_) | Sense::Color(_) | Sense::Size(_))) {
        // a second dragon
        terms[at].sense = Sense::Article(Article::Another);
        terms[end].sense = Sense::Spent;
        return None;
    }
    Some((value * unit, end + 1, unit))
}

fn is_native(text: &str) -> bool {
    !text.starts_with(|c: char| c.is_ascii_digit() || "일이삼사오육칠팔구십백천".contains(c))
}

/// A number in digits or words at a place, and where it ends.
fn quantity(terms: &[Term], at: usize) -> Option<(f64, usize)> {
    match terms.get(at)?.sense {
        Sense::Number(first) => {
            let (mut value, mut end) = (first, at + 1);
            while let Some(Sense::Number(next)) = terms.get(end).map(|term| term.sense) {
                value = compose(value, next)?;
                end += 1;
            }
            let end_half = half_after(terms, end).filter(|&e| is_unit(terms, e));
            Some(end_half.map_or((value, end), |end| (value + 0.5, end)))
        }
        Sense::Half | Sense::Quarter => {
            let value = if terms[at].sense == Sense::Half { 0.5 } else { 0.25 };
            let glue = |sense| matches!(sense, Sense::Article(_) | Sense::Relation(Relation::Of));
            let skipped = terms[at + 1..]
                .iter()
                .take(2)
                .take_while(|t| glue(t.sense))
                .count();
            let end = at + 1 + skipped;
            is_unit(terms, end).then_some((value, end))
        }
        Sense::Article(Article::Indefinite) => {
            if let Sense::Half | Sense::Quarter = terms.get(at + 1)?.sense {
                return quantity(terms, at + 1);
            }
            is_unit(terms, at + 1).then_some((1.0, at + 1))
        }
        _ => None,
    }
}

fn is_unit(terms: &[Term], at: usize) -> bool {
    matches!(terms.get(at).map(|term| term.sense), Some(Sense::Unit(_)))
}

/// `twenty five`, `two hundred`; `None` for numbers that do not make one.
pub(super) fn compose(first: f64, next: f64) -> Option<f64> {
    if (20.0..100.0).contains(&first) && first % 10.0 == 0.0 && next < 10.0 {
        return Some(first + next);
    }
    if next >= 100.0 && first < next {
        return Some(first * next);
    }
    (first >= 100.0 && next < first).then_some(first + next)
}

fn frame_size(terms: &mut [Term], findings: &mut Findings) -> Option<FrameSize> {
    let mut best: Option<(bool, f64, FrameSize)> = None;
    for term in terms.iter_mut() {
        let (exact, size) = match term.sense {
            Sense::Aspect(width, height) => {
                let digits = term.text.contains(':');
                (digits, size_of_aspect(width / height))
            }
            Sense::Resolution(width, height) => (true, whole_size(width, height)),
            _ => continue,
        };
        term.sense = Sense::Spent;
        let Some(size) = size else {
            let message = format!(
                "no frame can have this size; sides are even and {} to {} pixels, ratios from 1:5 to 5:1",
                FRAME_SIDES.start(),
                FRAME_SIDES.end()
            );
            findings.degrade("limited", &Span::of(term), message);
            continue;
        };
        let rank = (exact, -f64::from(size.width) / f64::from(size.height), size);
        if best.is_some_and(|(_, _, other)| other != size) {
            let message = "two frames are asked for; numbers count before words, then the narrower frame";
            findings.degrade("contradiction", &Span::of(term), message);
        }
        if best.is_none_or(|(e, narrow, _)| (rank.0, rank.1) > (e, narrow)) {
            best = Some(rank);
        }
    }
    best.map(|(_, _, size)| size)
}

fn whole_size(width: f64, height: f64) -> Option<FrameSize> {
    let side = |x: f64| {
        let pixels = if x <= 1e5 { x as u32 } else { u32::MAX };
        (f64::from(pixels) == x && pixels % 2 == 0 && FRAME_SIDES.contains(&pixels)).then_some(pixels)
    };
    Some(FrameSize {
        width: side(width)?,
        height: side(height)?,
    })
}

/// The frame of a ratio: the shorter side has 1080 pixels, but the longer one never more than
/// 1920, so that 2.39:1 is 1920×804. Sides are even, as video asks.
pub(super) fn size_of_aspect(aspect: f64) -> Option<FrameSize> {
    if !ASPECTS.contains(&aspect) {
        return None;
    }
    let even = |x: f64| (x / 2.0).round() as u32 * 2;
    let long_over_short = aspect.max(1.0 / aspect);
    let (long, short) = if long_over_short > 16.0 / 9.0 {
        (1920, even(1920.0 / long_over_short))
    } else {
        (even(1080.0 * long_over_short), 1080)
    };
    Some(if aspect >= 1.0 {
        FrameSize {
            width: long,
            height: short,
        }
    } else {
        FrameSize {
            width: short,
            height: long,
        }
    })
}

#[cfg(test)]
mod tests {
    use super::super::term::{Assets, terms};
    use super::*;

    fn measures(text: &str) -> Result<Measures, PrismError> {
        let chars: Vec<char> = text.chars().collect();
        let mut terms = terms(&chars, &Assets { names: &[] });
        read(&mut terms, &mut Findings::default())
    }

    #[test]
    fn lengths_in_both_languages() {
        for (text, seconds) in [
            ("10초짜리 클립", 10.0),
            ("5 seconds", 5.0),
            ("8 s", 8.0),
            ("a 12-second clip", 12.0),
            ("ten second film", 10.0),
            ("1분 30초", 90.0),
            ("1분", 60.0),
            ("half a minute", 30.0),
            ("a minute and a half", 90.0),
            ("1 minute 30 seconds", 90.0),
            ("twenty-five seconds", 25.0),
            ("1분 반", 90.0),
            ("삼십 초", 30.0),
            ("육초", 6.0),
            ("2.5초", 2.5),
            ("15s", 15.0),
            ("one and a half minutes", 90.0),
        ] {
            assert_eq!(measures(text).expect("valid").duration_s, Some(seconds), "{text}");
        }
        assert_eq!(measures("세 분이 걷는다").expect("valid").duration_s, None);
        assert_eq!(measures("a second dragon").expect("valid").duration_s, None);
    }

    #[test]
    fn impossible_lengths_are_refused_with_their_place() {
        for (text, start, end) in [
            ("용 0초", 2, 4),
            ("a 10,000 seconds film", 2, 16),
            ("-5초", 0, 3),
            ("2 hours", 0, 7),
        ] {
            let error = measures(text).expect_err(text);
            assert!(
                matches!(error, PrismError::Duration { start: s, end: e, .. } if (s, e) == (start, end)),
                "{error:?}"
            );
        }
    }

    #[test]
    fn frames_are_even_and_of_the_ratio() {
        let size = |text: &str| {
            let size = measures(text).expect("valid").frame_size.expect("a size");
            (size.width, size.height)
        };
        assert_eq!(size("세로"), (1080, 1920));
        assert_eq!(size("vertical"), (1080, 1920));
        assert_eq!(size("2.39:1"), (1920, 804));
        assert_eq!(size("시네마스코프"), (1920, 804));
        assert_eq!(size("정사각형으로"), (1080, 1080));
        assert_eq!(size("1280x720"), (1280, 720));
        assert_eq!(size("4K"), (3840, 2160));
        assert_eq!(size("4:3"), (1440, 1080));
        assert_eq!(measures("0:1").expect("valid").frame_size, None);
        assert_eq!(measures("3x3").expect("valid").frame_size, None);
    }
}
