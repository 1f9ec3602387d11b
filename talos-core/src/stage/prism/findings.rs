//! What the director has to say about the prompt.

use crate::artefact::{Finding, Status};

use super::term::Term;

/// Findings as they gather.
#[derive(Clone, Debug, Default)]
pub(super) struct Findings(Vec<Finding>);

/// A stretch of the prompt.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Span {
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) text: String,
}

impl Span {
    /// Where a term stands.
    pub(super) fn of(term: &Term) -> Self {
        Self {
            start: term.start,
            end: term.end,
            text: term.text.clone(),
        }
    }
}

impl Findings {
    /// A remark: the film is as asked.
    pub(super) fn remark(&mut self, code: &str, span: &Span, message: impl Into<String>) {
        self.add(Status::Passed, code, span, message.into(), Vec::new());
    }

    /// The film is not as asked.
    pub(super) fn degrade(&mut self, code: &str, span: &Span, message: impl Into<String>) {
        self.add(Status::Degraded, code, span, message.into(), Vec::new());
    }

    /// Any finding.
    pub(super) fn add(
        &mut self,
        status: Status,
        code: &str,
        span: &Span,
        message: String,
        nearest: Vec<String>,
    ) {
        let place = |i: usize| u32::try_from(i).unwrap_or(u32::MAX);
        self.0.push(Finding {
            status,
            code: code.to_owned(),
            text: span.text.clone(),
            start: place(span.start),
            end: place(span.end),
            message,
            nearest,
        });
    }

    /// All of them: the grave ones first, then by kind and message, so that the order does not
    /// depend on the order of words, which differs between languages.
    pub(super) fn finish(mut self) -> Vec<Finding> {
        self.0.sort_by(|a, b| {
            b.status
                .cmp(&a.status)
                .then_with(|| a.code.cmp(&b.code))
                .then_with(|| a.message.cmp(&b.message))
                .then_with(|| a.start.cmp(&b.start))
        });
        self.0
    }
}
