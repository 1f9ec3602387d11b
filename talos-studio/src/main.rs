//! The program `talos`.

use std::{
    process::ExitCode,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use clap::Parser;
use talos_studio::{cli::Cli, command};

fn main() -> ExitCode {
    let cli = Cli::parse();
    let stop = Arc::new(AtomicBool::new(false));
    let flag = Arc::clone(&stop);
    // The second Ctrl-C ends the program at once; files are renamed into place, so none is half-written.
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
            eprintln!("talos: {}: {error}", error.kind(context.lang));
            ExitCode::from(error.exit_code())
        }
    }
}
