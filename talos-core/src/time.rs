//! Frames, exact frame rates and SMPTE timecode.
//!
//! Time is counted in whole frames; a rate is an exact rational (24000/1001,
//! never 23.976), so a timeline of any length cannot drift.

use std::{fmt, str::FromStr};

use thiserror::Error;

/// A frame's number as people and files see it: the first is 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Frame(pub u32);

impl Frame {
    /// The frame with a 0-based index.
    #[must_use]
    pub fn from_index(index: u32) -> Self {
        Self(index + 1)
    }

    /// The 0-based index.
    #[must_use]
    pub fn index(self) -> u32 {
        self.0.saturating_sub(1)
    }
}

/// What is wrong with a frame rate or a timecode.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum TimeError {
    /// The rate is not a positive rational.
    #[error("`{0}` is no frame rate; write frames per second as 24, 25, 23.976 or 24000/1001")]
    Rate(String),
    /// Not `HH:MM:SS:FF`, or a field is out of range.
    #[error("`{0}` is no timecode; write HH:MM:SS:FF, or HH:MM:SS;FF for drop-frame")]
    Timecode(String),
    /// A label that drop-frame counting leaves out.
    #[error("timecode `{0}` does not exist: drop-frame leaves it out; the next one is {1}")]
    Dropped(String, String),
}

/// Frames per second as an exact rational in lowest terms.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct FrameRate {
    numerator: u32,
    denominator: u32,
}

impl Default for FrameRate {
    fn default() -> Self {
        Self {
            numerator: 24,
            denominator: 1,
        }
    }
}

impl FrameRate {
    /// `numerator / denominator` frames per second, reduced; `None` when either is 0.
    #[must_use]
    pub fn new(numerator: u32, denominator: u32) -> Option<Self> {
        let divisor = gcd(numerator, denominator);
        (numerator > 0 && denominator > 0).then(|| Self {
            numerator: numerator / divisor,
            denominator: denominator / divisor,
        })
    }

    /// Frames per `denominator()` seconds.
    #[must_use]
    pub fn numerator(self) -> u32 {
        self.numerator
    }

    /// See [`Self::numerator`].
    #[must_use]
    pub fn denominator(self) -> u32 {
        self.denominator
    }

    /// Frames per second, rounded to the nearest double.
    #[must_use]
    pub fn per_second(self) -> f64 {
        f64::from(self.numerator) / f64::from(self.denominator)
    }

    /// Start of a frame in seconds: (frame − 1) / rate, rounded once.
    #[must_use]
    pub fn seconds(self, frame: Frame) -> f64 {
        let ticks = u64::from(frame.index()) * u64::from(self.denominator);
        ticks as f64 / f64::from(self.numerator)
    }

    /// The number of frames that a duration in seconds rounds to.
    #[must_use]
    pub fn frames_in(self, seconds: f64) -> u32 {
        (seconds * f64::from(self.numerator) / f64::from(self.denominator)).round() as u32
    }

    /// The whole rate that timecode counts in: 30 for 30000/1001.
    #[must_use]
    pub fn nominal(self) -> u32 {
        self.numerator.div_ceil(self.denominator)
    }

    /// Labels left out per minute under drop-frame; 0 when the rate has none.
    #[must_use]
    pub fn dropped_per_minute(self) -> u32 {
        match (self.numerator, self.denominator) {
            (30000, 1001) => 2,
            (60000, 1001) => 4,
            _ => 0,
        }
    }
}

fn gcd(a: u32, b: u32) -> u32 {
    if b == 0 { a.max(1) } else { gcd(b, a % b) }
}

impl fmt::Display for FrameRate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.numerator, self.denominator)
    }
}

impl FromStr for FrameRate {
    type Err = TimeError;

    /// Reads `24`, `24000/1001`, and the customary decimals `23.976 29.97 47.952 59.94 119.88`
    /// as the NTSC rationals they stand for; any other decimal exactly.
    fn from_str(text: &str) -> Result<Self, TimeError> {
        let error = || TimeError::Rate(text.to_owned());
        let text = text.trim();
        let ntsc = match text {
            "23.976" | "23.98" => Some(24),
            "29.97" => Some(30),
            "47.952" | "47.95" => Some(48),
            "59.94" => Some(60),
            "119.88" => Some(120),
            _ => None,
        };
        if let Some(nominal) = ntsc {
            return Self::new(nominal * 1000, 1001).ok_or_else(error);
        }
        if let Some((numerator, denominator)) = text.split_once('/') {
            let parse = |part: &str| part.trim().parse::<u32>().map_err(|_| error());
            return Self::new(parse(numerator)?, parse(denominator)?).ok_or_else(error);
        }
        let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
        if fraction.len() > 3 || !fraction.bytes().all(|b| b.is_ascii_digit()) {
            return Err(error());
        }
        let scale = [1, 10, 100, 1000][fraction.len()];
        let whole: u32 = whole.parse().map_err(|_| error())?;
        let part: u32 = if fraction.is_empty() {
            0
        } else {
            fraction.parse().map_err(|_| error())?
        };
        let numerator = whole
            .checked_mul(scale)
            .and_then(|n| n.checked_add(part))
            .ok_or_else(error)?;
        Self::new(numerator, scale).ok_or_else(error)
    }
}

/// An SMPTE 12M label `HH:MM:SS:FF`, or `HH:MM:SS;FF` when drop-frame.
///
/// Drop-frame leaves out labels, never frames: 00 and 01 (00–03 at 59.94) of
/// each minute but every tenth. At 29.97 a day has 2,589,408 labels.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Timecode {
    frames: u64,
    rate: FrameRate,
    drop_frame: bool,
}

impl Timecode {
    /// The label of a frame; frame 1 is 00:00:00:00. Drop-frame is used where the rate has it and `drop_frame` asks.
    #[must_use]
    pub fn of(frame: Frame, rate: FrameRate, drop_frame: bool) -> Self {
        Self {
            frames: u64::from(frame.index()),
            rate,
            drop_frame: drop_frame && rate.dropped_per_minute() > 0,
        }
    }

    /// The frame that a label names.
    ///
    /// # Errors
    /// [`TimeError::Timecode`] for a malformed label, [`TimeError::Dropped`] for one that drop-frame leaves out.
    pub fn parse(text: &str, rate: FrameRate) -> Result<Frame, TimeError> {
        let error = || TimeError::Timecode(text.to_owned());
        let drop_frame = text.contains(';');
        let fields: Vec<u64> = text
            .split([':', ';'])
            .map(|field| field.parse::<u64>().map_err(|_| error()))
            .collect::<Result<_, _>>()?;
        let &[hours, minutes, seconds, frames] = fields.as_slice() else {
            return Err(error());
        };
        let nominal = u64::from(rate.nominal());
        let dropped = u64::from(rate.dropped_per_minute());
        if hours > 23 || minutes > 59 || seconds > 59 || frames >= nominal || (drop_frame && dropped == 0) {
            return Err(error());
        }
        if drop_frame && seconds == 0 && minutes % 10 != 0 && frames < dropped {
            let next = format!("{hours:02}:{minutes:02}:00;{dropped:02}");
            return Err(TimeError::Dropped(text.to_owned(), next));
        }
        let minutes = hours * 60 + minutes;
        let count = (minutes * 60 + seconds) * nominal + frames;
        let left_out = if drop_frame {
            dropped * (minutes - minutes / 10)
        } else {
            0
        };
        u32::try_from(count - left_out)
            .map(Frame::from_index)
            .map_err(|_| error())
    }

    /// The frame count that the label's digits stand for.
    fn label_frames(self) -> u64 {
        if !self.drop_frame {
            return self.frames;
        }
        let dropped = u64::from(self.rate.dropped_per_minute());
        let minute = u64::from(self.rate.nominal()) * 60 - dropped;
        let ten_minutes = minute * 10 + dropped;
        let (tens, rest) = (self.frames / ten_minutes, self.frames % ten_minutes);
        let minutes_in = rest.saturating_sub(dropped) / minute;
        self.frames + dropped * (9 * tens + minutes_in.min(9))
    }
}

impl fmt::Display for Timecode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let nominal = u64::from(self.rate.nominal());
        let count = self.label_frames();
        let (seconds, frames) = (count / nominal, count % nominal);
        let mark = if self.drop_frame { ';' } else { ':' };
        let (hours, minutes, seconds) = (seconds / 3600 % 24, seconds / 60 % 60, seconds % 60);
        write!(f, "{hours:02}:{minutes:02}:{seconds:02}{mark}{frames:02}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rate(text: &str) -> FrameRate {
        text.parse().expect("a rate")
    }

    #[test]
    fn rates_are_exact() {
        assert_eq!(rate("23.976"), rate("24000/1001"));
        assert_eq!(rate("48/2"), rate("24"));
        assert_eq!(rate("12.5").to_string(), "25/2");
        for bad in ["", "0", "24/0", "-24", "abc", "1e3", "24.12345", "99999999999"] {
            assert!(bad.parse::<FrameRate>().is_err(), "{bad}");
        }
    }

    #[test]
    fn drop_frame_labels_every_frame_of_a_day_once() {
        let ntsc = rate("29.97");
        assert_eq!(Timecode::of(Frame(1800), ntsc, true).to_string(), "00:00:59;29");
        assert_eq!(Timecode::of(Frame(1801), ntsc, true).to_string(), "00:01:00;02");
        assert_eq!(
            Timecode::of(Frame(2_589_408), ntsc, true).to_string(),
            "23:59:59;29"
        );
        for text in ["29.97", "59.94"] {
            for index in (0..2_589_408).step_by(997).chain(0..40_000) {
                let frame = Frame::from_index(index);
                let label = Timecode::of(frame, rate(text), true).to_string();
                assert_eq!(Timecode::parse(&label, rate(text)), Ok(frame), "{label}");
            }
        }
    }

    #[test]
    fn dropped_labels_are_refused_with_the_next_one() {
        let error = Timecode::parse("00:01:00;01", rate("29.97")).unwrap_err();
        assert_eq!(
            error,
            TimeError::Dropped("00:01:00;01".into(), "00:01:00;02".into())
        );
        assert!(Timecode::parse("00:10:00;00", rate("29.97")).is_ok());
        assert!(
            Timecode::parse("00:00:00;00", rate("23.976")).is_err(),
            "never for 23.976"
        );
    }

    #[test]
    fn an_hour_of_ntsc_film_does_not_drift() {
        let ntsc = rate("24000/1001");
        assert_eq!(ntsc.seconds(Frame(24_000 * 3_600 / 1_000 + 1)), 3_603.6);
    }
}
