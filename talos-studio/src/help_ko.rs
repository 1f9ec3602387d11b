//! The command line in Korean: help, and what is said of words that cannot be read.

use clap::{
    Arg, Command, CommandFactory,
    error::{ContextKind, ContextValue, ErrorKind},
};

use crate::{cli::Cli, korean};

/// The command line with its help in Korean; verbs and options are the same.
#[must_use]
pub fn command() -> Command {
    let mut command = Cli::command();
    command.build();
    in_korean(command)
}

/// Help of a verb: what it does, how it is written, its words.
const TEMPLATE: &str = "{about}\n\n사용법: {usage}\n\n{all-args}{after-help}";

fn in_korean(command: Command) -> Command {
    let translated = |text: Option<String>| text.map(|t| korean::korean(&t).unwrap_or(t));
    let about = translated(command.get_about().map(ToString::to_string));
    let after = translated(command.get_after_help().map(ToString::to_string));
    let verbs: Vec<String> = command
        .get_subcommands()
        .map(|c| c.get_name().to_owned())
        .collect();
    let mut command = command
        .help_template(TEMPLATE)
        .subcommand_help_heading("명령")
        .mut_args(argument);
    if let Some(about) = about {
        command = command.about(about);
    }
    if let Some(after) = after {
        command = command.after_help(format!("\n{after}"));
    }
    verbs
        .iter()
        .fold(command, |command, verb| command.mut_subcommand(verb, in_korean))
}

fn argument(arg: Arg) -> Arg {
    let heading = if arg.is_positional() { "인자" } else { "옵션" };
    let help = arg.get_help().map(ToString::to_string).unwrap_or_default();
    let mut help = korean::korean(&help).unwrap_or(help);
    let words = |list: Vec<String>| list.join(", ");
    let values = arg.get_possible_values();
    let takes_value = arg.get_num_args().is_some_and(|n| n.takes_values());
    if takes_value && !values.is_empty() {
        let names = values.iter().map(|v| v.get_name().to_owned()).collect();
        help = format!("{help} [가능한 값: {}]", words(names));
    }
    let defaults: Vec<String> = arg
        .get_default_values()
        .iter()
        .map(|v| v.to_string_lossy().into_owned())
        .collect();
    if takes_value && !defaults.is_empty() {
        help = format!("{help} [기본값: {}]", words(defaults));
    }
    arg.help_heading(heading)
        .help(help)
        .hide_default_value(true)
        .hide_possible_values(true)
}

/// What is wrong with the words, in Korean. Help and version, which come the same way, are given as they are.
#[must_use]
pub fn explain(error: &clap::Error) -> String {
    let of = |kind| error.get(kind).map(words).unwrap_or_default();
    let (arg, value) = (of(ContextKind::InvalidArg), of(ContextKind::InvalidValue));
    let what = match error.kind() {
        ErrorKind::InvalidSubcommand => {
            format!("`{}`: 그런 명령은 없습니다", of(ContextKind::InvalidSubcommand))
        }
        ErrorKind::UnknownArgument => format!("`{arg}`: 그런 옵션이나 인자는 없습니다"),
        ErrorKind::MissingRequiredArgument => format!("빠진 것이 있습니다: {arg}"),
        ErrorKind::MissingSubcommand => "명령이 빠졌습니다".into(),
        ErrorKind::InvalidValue if value.is_empty() => format!("`{arg}`: 값이 빠졌습니다"),
        ErrorKind::InvalidValue | ErrorKind::ValueValidation => {
            format!("`{arg}`: `{value}` 값을 쓸 수 없습니다")
        }
        ErrorKind::ArgumentConflict => format!("`{arg}`: 한 번만 쓸 수 있습니다"),
        ErrorKind::InvalidUtf8 => "UTF-8이 아닌 글자가 있습니다".into(),
        _ => return error.to_string(),
    };
    let why = std::error::Error::source(error)
        .map(ToString::to_string)
        .unwrap_or_default();
    let what = match korean::korean(&why) {
        Some(why) => format!("{what}. {why}"),
        None => what,
    };
    let mut text = format!("talos: 명령을 이해할 수 없습니다: {what}");
    let near: Vec<String> = [
        ContextKind::SuggestedSubcommand,
        ContextKind::SuggestedArg,
        ContextKind::SuggestedValue,
    ]
    .into_iter()
    .map(of)
    .filter(|t| !t.is_empty())
    .collect();
    if !near.is_empty() {
        text.push_str(&format!("\n  비슷한 것: {}", near.join(", ")));
    }
    let valid = of(ContextKind::ValidValue);
    if !valid.is_empty() {
        text.push_str(&format!("\n  가능한 값: {valid}"));
    }
    text.push_str("\n  자세한 것은 `talos --help`나 `talos 명령 --help`를 보십시오");
    text
}

fn words(value: &ContextValue) -> String {
    match value {
        ContextValue::String(text) => text.clone(),
        ContextValue::Strings(list) => list.join(", "),
        ContextValue::StyledStr(text) => text.to_string(),
        ContextValue::StyledStrs(list) => list
            .iter()
            .map(ToString::to_string)
            .collect::<Vec<_>>()
            .join(", "),
        ContextValue::Bool(flag) => flag.to_string(),
        ContextValue::Number(number) => number.to_string(),
        _ => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_verb_and_option_is_explained_in_korean() {
        fn visit(command: &Command, path: &str) {
            let path = format!("{path} {}", command.get_name());
            let hangul = |text: String, what: &str| {
                let korean = text.chars().any(|c| ('가'..='힣').contains(&c));
                assert!(korean, "{path} {what}: {text}");
            };
            hangul(
                command.get_about().map(ToString::to_string).unwrap_or_default(),
                "about",
            );
            for arg in command.get_arguments() {
                let help = arg.get_help().map(ToString::to_string).unwrap_or_default();
                hangul(help, arg.get_id().as_str());
            }
            command.get_subcommands().for_each(|sub| visit(sub, &path));
        }
        let command = command();
        // the copies of all verbs below `help` are made by clap and never shown
        visit(
            &command.mut_subcommand("help", |_| Command::new("help").about("도움말")),
            "",
        );
    }

    #[test]
    fn the_words_are_the_same_in_both_languages() {
        command().debug_assert();
        let ids = |command: &Command| {
            let mut list: Vec<String> = command.get_arguments().map(|a| a.get_id().to_string()).collect();
            list.sort();
            list
        };
        let mut english = Cli::command();
        english.build();
        for verb in english.get_subcommands() {
            let korean = command();
            let twin = korean.find_subcommand(verb.get_name()).expect("the same verb");
            assert_eq!(ids(verb), ids(twin), "{}", verb.get_name());
        }
    }
}
