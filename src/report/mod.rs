//! One file per output format.
//!
//! A run prints its apps one after the other through a [`Printer`], in input
//! order, so that a batch never has to keep all of them. Printers only print:
//! every judgement stands in the plain data of `audit::model`.

mod escaped;
pub mod human;
pub mod json;
pub mod jsonl;
pub mod policy_human;
pub mod text;

use std::io::{self, Write};
use std::str::FromStr;

use crate::audit::model::{AppReport, Summary, Tool};
use crate::policy::model::PolicyDocument;
use crate::sdk::base::KnowledgeBase;

/// Prints one run of `scan`: `begin` once, `app` for each app in input order,
/// `end` once. What was written before `end` is not a whole document in formats
/// that have an outer frame (`json`).
pub trait Printer {
    /// Starts the report.
    fn begin(&mut self, out: &mut dyn Write, tool: &Tool) -> io::Result<()>;
    /// Prints one app.
    fn app(&mut self, out: &mut dyn Write, app: &AppReport) -> io::Result<()>;
    /// Ends the report with the totals and every policy that was read.
    fn end(
        &mut self,
        out: &mut dyn Write,
        summary: &Summary,
        policies: &[PolicyDocument],
    ) -> io::Result<()>;
}

/// `--format` of this version.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Format {
    /// A page for people.
    #[default]
    Human,
    /// One JSON document.
    Json,
    /// One JSON object per line.
    Jsonl,
}

/// `--format` with a value that this version does not print.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum UnknownFormat {
    /// A format of the contract that a later version brings.
    #[error("format '{0}' comes with a later version; choose human, json or jsonl")]
    Later(String),
    /// No format at all.
    #[error("unknown format '{0}'; choose human, json or jsonl")]
    Unknown(String),
}

impl FromStr for Format {
    type Err = UnknownFormat;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "human" => Ok(Self::Human),
            "json" => Ok(Self::Json),
            "jsonl" => Ok(Self::Jsonl),
            "sarif" | "html" | "markdown" | "csv" | "junit" | "cyclonedx" | "gitlab" => {
                Err(UnknownFormat::Later(text.to_owned()))
            }
            _ => Err(UnknownFormat::Unknown(text.to_owned())),
        }
    }
}

/// How the page for people is laid out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Style {
    /// ANSI colours; only for a terminal, and not with `NO_COLOR`.
    pub colour: bool,
    /// Columns of the page; a Chinese character takes two.
    pub width: usize,
    /// All evidence, limits and anomalies instead of the first few.
    pub verbose: bool,
}

impl Style {
    /// How many items of a list to show: this many, or all when verbose.
    pub fn most(&self, usual: usize) -> usize {
        if self.verbose { usize::MAX } else { usual }
    }
}

impl Default for Style {
    fn default() -> Self {
        Self {
            colour: false,
            width: 100,
            verbose: false,
        }
    }
}

/// The printer of a format; `style` is used by `human` only.
pub fn printer(format: Format, style: Style) -> Box<dyn Printer> {
    match format {
        Format::Human => Box::new(human::Human::new(style)),
        Format::Json => Box::new(json::Json::default()),
        Format::Jsonl => Box::new(jsonl::JsonLines),
    }
}

/// Prints the documents of `sdkaudit policy`; `base` names vendors and SDKs.
pub fn print_policies(
    format: Format,
    style: Style,
    out: &mut dyn Write,
    documents: &[PolicyDocument],
    base: &KnowledgeBase,
) -> io::Result<()> {
    match format {
        Format::Human => policy_human::print(out, style, documents, base),
        Format::Json => json::print_policies(out, documents),
        Format::Jsonl => jsonl::print_policies(out, documents),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formats_of_later_versions_are_refused_by_name() {
        assert_eq!("jsonl".parse(), Ok(Format::Jsonl));
        let later = "sarif".parse::<Format>().unwrap_err().to_string();
        assert!(later.contains("later version"));
        assert!("pdf".parse::<Format>().is_err());
    }
}
