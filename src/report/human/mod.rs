//! A page for a tired reviewer: the verdict first, then who is inside, then
//! each finding with what was seen and what the policy says, then what was not
//! looked at.

mod data;
mod findings;
mod table;
mod unseen;
mod verdict;

use std::io::{self, Write};

use super::text::{Paint, columns, count, paint, shown, wrap};
use super::{Printer, Style};
use crate::audit::model::{Analysis, AppReport, SdkReport, Summary, Tool};
use crate::policy::model::PolicyDocument;

/// The printer of `--format human`.
#[derive(Debug, Clone, Copy)]
pub struct Human {
    style: Style,
    apps: usize,
}

impl Human {
    /// A printer for a page of this style.
    pub fn new(style: Style) -> Self {
        Self { style, apps: 0 }
    }
}

impl Printer for Human {
    fn begin(&mut self, _: &mut dyn Write, _: &Tool) -> io::Result<()> {
        self.apps = 0;
        Ok(())
    }

    fn app(&mut self, out: &mut dyn Write, app: &AppReport) -> io::Result<()> {
        if self.apps > 0 {
            writeln!(out, "\n{}", "=".repeat(self.style.width.min(100)))?;
        }
        self.apps += 1;
        let page = Page {
            style: self.style,
            app,
        };
        page.print(out)
    }

    fn end(
        &mut self,
        out: &mut dyn Write,
        summary: &Summary,
        policies: &[PolicyDocument],
    ) -> io::Result<()> {
        if !policies.is_empty() {
            writeln!(out, "\nPolicies read")?;
            for policy in policies {
                writeln!(out, "  {}", super::policy_human::headline(policy))?;
            }
        }
        if summary.apps > 1 {
            writeln!(out, "\n{}", total(summary))?;
        }
        Ok(())
    }
}

fn total(summary: &Summary) -> String {
    let counts = summary.findings;
    let mut line = format!(
        "Total: {}, {}; {}, {}, {}",
        count(summary.apps, "app"),
        count(summary.sdks, "SDK"),
        count(counts.error, "error"),
        count(counts.warning, "warning"),
        count(counts.note, "note"),
    );
    if summary.waived > 0 {
        line.push_str(&format!("; {} waived", summary.waived));
    }
    if summary.partial > 0 {
        line.push_str(&format!("; {} analysed only in part", summary.partial));
    }
    if summary.failed > 0 {
        line.push_str(&format!("; {} could not be read", summary.failed));
    }
    line
}

/// One app on the page.
struct Page<'a> {
    style: Style,
    app: &'a AppReport,
}

impl Page<'_> {
    fn print(&self, out: &mut dyn Write) -> io::Result<()> {
        self.verdict(out)?;
        self.identity(out)?;
        if self.app.analysis != Analysis::Failed {
            self.sdks(out)?;
            self.libraries(out)?;
            self.permissions(out)?;
            self.data(out)?;
        }
        self.findings(out)?;
        self.limits(out)?;
        self.anomalies(out)?;
        self.unidentified(out)
    }

    fn heading(&self, out: &mut dyn Write, text: &str) -> io::Result<()> {
        writeln!(out, "\n{}", paint(self.style, Paint::Bold, text))
    }

    /// Wrapped text: the first line behind `first`, the others behind blanks.
    fn paragraph(&self, out: &mut dyn Write, first: &str, text: &str) -> io::Result<()> {
        let indent = columns(first);
        let room = self.style.width.saturating_sub(indent).max(20);
        for (n, line) in wrap(&shown(text), room).iter().enumerate() {
            if n == 0 {
                writeln!(out, "{first}{line}")?;
            } else {
                writeln!(out, "{}{line}", " ".repeat(indent))?;
            }
        }
        Ok(())
    }

    fn verdict(&self, out: &mut dyn Write) -> io::Result<()> {
        let (colour, text) = verdict::verdict(self.app);
        for line in wrap(&shown(&text), self.style.width.max(20)) {
            writeln!(out, "{}", paint(self.style, colour, &line))?;
        }
        Ok(())
    }

    fn identity(&self, out: &mut dyn Write) -> io::Result<()> {
        let app = self.app;
        let mut line = app
            .package
            .clone()
            .unwrap_or_else(|| "(no package name)".to_owned());
        if let Some(version) = &app.version_name {
            line.push_str(&format!(" {version}"));
        }
        if let Some(code) = app.version_code {
            line.push_str(&format!(" ({code})"));
        }
        if let Some(label) = &app.label {
            line.push_str(&format!("  {label}"));
        }
        if let Some(min) = app.min_sdk {
            line.push_str(&format!("  min SDK {min}"));
        }
        if let Some(target) = app.target_sdk {
            line.push_str(&format!("  target SDK {target}"));
        }
        self.paragraph(out, "", &line)?;
        self.paragraph(
            out,
            "",
            &format!("{}  {} bytes  sha256 {}", app.path, app.size, app.sha256),
        )
    }
}

/// `极光推送 (jpush)`: the Chinese name, or the Latin one, with the id that
/// every other command takes.
fn named(sdk: &SdkReport) -> String {
    let name = if sdk.name.zh.is_empty() {
        &sdk.name.en
    } else {
        &sdk.name.zh
    };
    if name.is_empty() || *name == sdk.id {
        sdk.id.clone()
    } else {
        format!("{name} ({})", sdk.id)
    }
}

#[cfg(test)]
mod tests;
