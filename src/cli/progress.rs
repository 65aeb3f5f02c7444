//! The progress bar of a folder scan: on a terminal's standard error only.

use std::io::IsTerminal;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::audit::model::{Analysis, AppReport};

/// Counts of what is done so far.
pub struct Progress {
    bar: ProgressBar,
    findings: usize,
    failures: usize,
}

impl Progress {
    /// A bar for several apps; hidden for one, off a terminal, or when not wanted.
    pub fn new(apps: usize, wanted: bool) -> Self {
        let visible = wanted && apps > 1 && std::io::stderr().is_terminal();
        let target = if visible {
            ProgressDrawTarget::stderr()
        } else {
            ProgressDrawTarget::hidden()
        };
        let bar = ProgressBar::with_draw_target(Some(apps as u64), target);
        let style = ProgressStyle::with_template("{bar:30} {pos}/{len} apps, {msg}, {eta} left");
        bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
        bar.set_message("0 findings, 0 failed");
        Self {
            bar,
            findings: 0,
            failures: 0,
        }
    }

    /// One more app is done.
    pub fn app(&mut self, report: &AppReport) {
        self.findings += report.findings.len();
        self.failures += usize::from(report.analysis == Analysis::Failed);
        self.bar.set_message(format!(
            "{} findings, {} failed",
            self.findings, self.failures
        ));
        self.bar.inc(1);
    }

    /// Runs `print` with the bar out of the way.
    pub fn suspend<T>(&self, print: impl FnOnce() -> T) -> T {
        self.bar.suspend(print)
    }

    /// Removes the bar.
    pub fn finish(&self) {
        self.bar.finish_and_clear();
    }
}
