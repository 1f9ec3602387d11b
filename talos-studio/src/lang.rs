//! Messages in Korean or English. Language changes words on the screen, never a result.

use std::fmt;

/// Language of messages.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Lang {
    /// English.
    #[default]
    En,
    /// 한국어.
    Ko,
}

impl Lang {
    /// The terminal's language, from the values of `LC_ALL`, `LC_MESSAGES` and `LANG`, the first set one winning.
    #[must_use]
    pub fn of_terminal(values: &[Option<String>]) -> Self {
        let set = values.iter().flatten().find(|v| !v.is_empty());
        if set.is_some_and(|v| v.to_lowercase().starts_with("ko")) {
            Self::Ko
        } else {
            Self::En
        }
    }

    /// The language of a command line that cannot be read yet: its `--lang`, else the terminal's.
    #[must_use]
    pub fn of_words(words: &[String], terminal: Self) -> Self {
        let asked = words
            .iter()
            .enumerate()
            .find_map(|(i, word)| match word.strip_prefix("--lang")? {
                "" => words.get(i + 1).map(String::as_str),
                rest => rest.strip_prefix('='),
            });
        match asked {
            Some("ko") => Self::Ko,
            Some("en") => Self::En,
            _ => terminal,
        }
    }

    /// The terminal's language.
    #[must_use]
    pub fn of_environment() -> Self {
        Self::of_terminal(&["LC_ALL", "LC_MESSAGES", "LANG"].map(|name| std::env::var(name).ok()))
    }

    /// The one of two texts that is in this language.
    pub fn pick<'a>(self, en: &'a str, ko: &'a str) -> &'a str {
        match self {
            Self::En => en,
            Self::Ko => ko,
        }
    }
}

/// Seconds as a person reads them: `8 s`, `2 min 05 s`.
pub struct Seconds(pub f64, pub Lang);

impl fmt::Display for Seconds {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let whole = self.0.max(0.0).round() as u64;
        let (minute, second) = (self.1.pick("min", "분"), self.1.pick("s", "초"));
        if whole < 60 {
            write!(f, "{whole} {second}")
        } else {
            write!(f, "{} {minute} {:02} {second}", whole / 60, whole % 60)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_set_variable_decides() {
        let set = |text: &str| Some(text.to_owned());
        assert_eq!(Lang::of_terminal(&[None, None, set("ko_KR.UTF-8")]), Lang::Ko);
        assert_eq!(Lang::of_terminal(&[set("C"), None, set("ko_KR.UTF-8")]), Lang::En);
        assert_eq!(Lang::of_terminal(&[set(""), set("ko"), None]), Lang::Ko);
        assert_eq!(Lang::of_terminal(&[None, None, None]), Lang::En);
    }

    #[test]
    fn the_option_counts_before_the_terminal() {
        let words = |text: &str| text.split(' ').map(str::to_owned).collect::<Vec<_>>();
        assert_eq!(Lang::of_words(&words("mak --lang ko x"), Lang::En), Lang::Ko);
        assert_eq!(Lang::of_words(&words("mak --lang=en"), Lang::Ko), Lang::En);
        assert_eq!(Lang::of_words(&words("make --lang"), Lang::Ko), Lang::Ko);
        assert_eq!(Lang::of_words(&words("make a cat"), Lang::Ko), Lang::Ko);
    }
}
