//! The program `talos`.

use std::{
    process::ExitCode,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use clap::{FromArgMatches, Parser, error::ErrorKind};
use talos_studio::{cli::Cli, command, help_ko, lang::Lang};

/// The command line, with help and errors in the terminal's language.
fn read_command_line() -> Result<Cli, ExitCode> {
    let words: Vec<String> = std::env::args_os()
        .map(|word| word.to_string_lossy().into_owned())
        .collect();
    if Lang::of_words(&words, Lang::of_environment()) == Lang::En {
        return Ok(Cli::parse());
    }
    let read = help_ko::command()
        .try_get_matches_from(std::env::args_os())
        .and_then(|matches| Cli::from_arg_matches(&matches));
    read.map_err(|error| {
        match error.kind() {
            ErrorKind::DisplayHelp
            | ErrorKind::DisplayVersion
            | ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => drop(error.print()),
            _ => eprintln!("{}", help_ko::explain(&error)),
        }
        ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(2))
    })
}

fn main() -> ExitCode {
    let cli = match read_command_line() {
        Ok(cli) => cli,
        Err(code) => return code,
    };
    let stop = Arc::new(AtomicBool::new(false));
    let flag = Arc::clone(&stop);
    // Ctrl-C, SIGTERM and SIGHUP finish the frames at hand; the second one ends the program at once. Files are
    // renamed into place, so none is half-written.
    let handler = ctrlc::set_handler(move || {
        if flag.swap(true, Ordering::Relaxed) {
            std::process::exit(130);
        }
    });
    let context = command::Context::new(&cli, stop);
    if let Err(error) = handler {
        eprintln!("Ctrl-C cannot be caught: {error}");
    }
    match command::run(cli, &context) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let lang = context.lang;
            eprintln!("talos: {}: {}", error.kind(lang), error.words(lang));
            ExitCode::from(error.exit_code())
        }
    }
}
