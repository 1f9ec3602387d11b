//! Progress bars with time left; quiet when standard error is no terminal.

use std::io::IsTerminal;

use indicatif::{ProgressBar, ProgressState, ProgressStyle};

use crate::lang::{Lang, Seconds};

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
            "{prefix:>8} {wide_bar} {pos}/{len}  {left} left",
            "{prefix:>8} {wide_bar} {pos}/{len}  {left} 남음",
        );
        if let Ok(style) = ProgressStyle::with_template(template) {
            let left = move |state: &ProgressState, out: &mut dyn std::fmt::Write| {
                let _ = write!(out, "{}", Seconds(state.eta().as_secs_f64(), lang));
            };
            bar.set_style(style.with_key("left", left));
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
