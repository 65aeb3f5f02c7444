//! One app object per line (contract, "`jsonl`"): no frame, no totals.

use std::io::{self, Write};

use serde::Serialize;
use serde_json::ser::CompactFormatter;

use super::{Printer, escaped};
use crate::audit::model::{AppReport, Summary, Tool};
use crate::policy::model::PolicyDocument;

/// The printer of `--format jsonl`.
#[derive(Debug, Clone, Copy, Default)]
pub struct JsonLines;

impl Printer for JsonLines {
    fn begin(&mut self, _: &mut dyn Write, _: &Tool) -> io::Result<()> {
        Ok(())
    }

    fn app(&mut self, out: &mut dyn Write, app: &AppReport) -> io::Result<()> {
        line(out, app)
    }

    fn end(&mut self, _: &mut dyn Write, _: &Summary, _: &[PolicyDocument]) -> io::Result<()> {
        Ok(())
    }
}

/// Prints one policy document per line.
pub fn print_policies(out: &mut dyn Write, documents: &[PolicyDocument]) -> io::Result<()> {
    documents.iter().try_for_each(|d| line(out, d))
}

fn line(out: &mut dyn Write, value: &impl Serialize) -> io::Result<()> {
    escaped::write(out, value, CompactFormatter)?;
    out.write_all(b"\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_app_is_one_line_even_with_line_breaks_in_its_strings() {
        let app = AppReport {
            label: Some("two\nlines".into()),
            ..AppReport::default()
        };
        let mut out = Vec::new();
        JsonLines.app(&mut out, &app).unwrap();
        JsonLines.app(&mut out, &app).unwrap();
        let text = String::from_utf8(out).unwrap();
        assert_eq!(text.lines().count(), 2);
        for line in text.lines() {
            let value: serde_json::Value = serde_json::from_str(line).unwrap();
            assert_eq!(value["label"], "two\nlines");
        }
    }
}
