//! Progress bars with time left; quiet when standard error is no terminal.

use std::io::IsTerminal;

use indicatif::{ProgressBar, ProgressStyle};

use crate::lang::Lang;

/// A stage's bar.
pub(crate) struct Progress(ProgressBar);

impl Progress {
    /// A bar of `length` steps named by its stage; hidden when standard error is no terminal.
    #[must_use]
    pub(crate) fn new(stage: &'static str, length: u64, lang: Lang) -> Self {
        if !std::io::stderr().is_terminal() {
            return Self(ProgressBar::hidden());
        }
        let bar = ProgressBar::new(length);
        let template = lang.pick(
            "{prefix:>8} {wide_bar} {pos}/{len}  {eta} left",
            "{prefix:>8} {wide_bar} {pos}/{len}  {eta} 남음",
        );
        if let Ok(style) = ProgressStyle::with_template(template) {
            bar.set_style(style);
        }
        bar.set_prefix(stage);
        Self(bar)
    }

    /// One step done.
    pub(crate) fn step(&self) {
        self.0.inc(1);
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.0.finish_and_clear();
    }
}
