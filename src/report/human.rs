//! A page for a tired reviewer: the verdict first, then who is inside, then
//! each finding with what was seen and what the policy says, then what was not
//! looked at.

use std::io::{self, Write};

use super::text::{Paint, cell, columns, count, first_of, paint, shown, snippet, wrap};
use super::{Printer, Style};
use crate::audit::disclosure::may_handle_personal_data;
use crate::audit::model::{
    Analysis, AppReport, Disclosure, DisclosureStatus, Evidence, Finding, Level, SdkReport,
    Summary, Tool,
};
use crate::audit::rules;
use crate::audit::sdk_rules::used_and_requested;
use crate::formats::LimitScope;
use crate::policy::model::{PolicyDocument, Quote};
use crate::sdk::schema::Kind;

/// Columns of a quoted passage.
const QUOTE_COLUMNS: usize = 160;
/// Pieces of evidence shown for one finding; JSON has all.
const EVIDENCE_SHOWN: usize = 3;
/// Unidentified packages shown; JSON has all.
const UNIDENTIFIED_SHOWN: usize = 5;
/// Libraries named on their line; JSON has all.
const LIBRARIES_SHOWN: usize = 8;
/// SDKs named in a remark; JSON has all.
const NAMES_SHOWN: usize = 12;
/// Places shown for one kind of limit or anomaly; JSON has all.
const PLACES_SHOWN: usize = 2;

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

    // --- the verdict ------------------------------------------------------

    fn verdict(&self, out: &mut dyn Write) -> io::Result<()> {
        let (colour, text) = verdict(self.app);
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

    // --- who is inside ----------------------------------------------------

    fn sdks(&self, out: &mut dyn Write) -> io::Result<()> {
        let mut sdks: Vec<&SdkReport> = self.of_kind(Kind::Sdk).collect();
        if sdks.is_empty() {
            let text = match self.app.analysis {
                Analysis::Complete => "No known third-party SDK was found.",
                _ => "No known third-party SDK was found in the part that was seen.",
            };
            return writeln!(out, "\n{text}");
        }
        sdks.sort_by_key(|sdk| (rank(sdk), sdk.id.as_str()));
        self.heading(out, &format!("Third-party SDKs ({})", sdks.len()))?;
        let rows: Vec<[String; 6]> = sdks.iter().map(|sdk| self.row(sdk)).collect();
        self.table(out, &rows, &sdks)?;
        self.paragraph(
            out,
            "  ",
            "perms: dangerous or special permissions that the SDK is known to use and the app requests / those its \
             policy entry names; ? = not known which it uses",
        )?;
        let unknown: Vec<String> = sdks
            .iter()
            .filter(|sdk| sdk.documented_data_types.is_none())
            .map(|sdk| sdk.id.clone())
            .collect();
        if !unknown.is_empty() {
            let names = first_of(&unknown, self.style.most(NAMES_SHOWN));
            self.paragraph(
                out,
                "  ",
                &format!("data collected: unknown (not documented) for {names}"),
            )?;
        }
        Ok(())
    }

    fn of_kind(&self, kind: Kind) -> impl Iterator<Item = &SdkReport> {
        self.app.sdks.iter().filter(move |sdk| sdk.kind == kind)
    }

    fn row(&self, sdk: &SdkReport) -> [String; 6] {
        [
            shown(&named(sdk)).into_owned(),
            shown(or_unknown(&sdk.vendor)).into_owned(),
            sdk.state.name().to_owned(),
            shown(sdk.version.as_deref().unwrap_or("unknown")).into_owned(),
            self.permission_cell(sdk),
            verdict_word(sdk),
        ]
    }

    fn permission_cell(&self, sdk: &SdkReport) -> String {
        if sdk.permissions.is_empty() {
            return "?".to_owned();
        }
        let gating: Vec<_> = used_and_requested(self.app, sdk)
            .into_iter()
            .filter(|(_, p)| matches!(p.protection.as_str(), "dangerous" | "special"))
            .collect();
        match &sdk.disclosure {
            None => format!("{}/-", gating.len()),
            Some(disclosure) => {
                let named = gating
                    .iter()
                    .filter(|(known, _)| disclosure.permissions.contains(&known.name))
                    .count();
                format!("{}/{named}", gating.len())
            }
        }
    }

    fn table(
        &self,
        out: &mut dyn Write,
        rows: &[[String; 6]],
        sdks: &[&SdkReport],
    ) -> io::Result<()> {
        let header = ["SDK", "vendor", "state", "version", "perms", "policy"].map(str::to_owned);
        let widths = column_widths(&header, rows, self.style.width);
        let line = |row: &[String; 6]| {
            let cells: Vec<String> = row
                .iter()
                .zip(widths)
                .map(|(text, width)| cell(text, width))
                .collect();
            format!("  {}", cells.join("  "))
        };
        writeln!(
            out,
            "{}",
            paint(self.style, Paint::Dim, line(&header).trim_end())
        )?;
        for (row, sdk) in rows.iter().zip(sdks) {
            let text = line(row);
            let text = text.trim_end();
            match row_colour(sdk) {
                Some(colour) => writeln!(out, "{}", paint(self.style, colour, text))?,
                None => writeln!(out, "{text}")?,
            }
        }
        Ok(())
    }

    fn libraries(&self, out: &mut dyn Write) -> io::Result<()> {
        let names = |kind| -> Vec<String> {
            self.of_kind(kind)
                .map(|sdk| match &sdk.version {
                    Some(version) => format!("{} {version}", sdk.id),
                    None => sdk.id.clone(),
                })
                .collect()
        };
        let packers = names(Kind::Packer);
        if !packers.is_empty() {
            let text = first_of(&packers, NAMES_SHOWN);
            self.paragraph(out, "Packers: ", &text)?;
        }
        let libraries = names(Kind::Library);
        if !libraries.is_empty() {
            let head = format!(
                "Libraries ({}, never a disclosure finding): ",
                libraries.len()
            );
            self.paragraph(
                out,
                "",
                &(head + &first_of(&libraries, self.style.most(LIBRARIES_SHOWN))),
            )?;
        }
        Ok(())
    }

    fn permissions(&self, out: &mut dyn Write) -> io::Result<()> {
        let all = &self.app.permissions;
        if all.is_empty() {
            return Ok(());
        }
        let gating = all
            .iter()
            .filter(|p| matches!(p.protection.as_str(), "dangerous" | "special"))
            .count();
        let silent = self
            .app
            .findings
            .iter()
            .filter(|f| f.rule == rules::PERMISSION.code)
            .count();
        let mut line = format!(
            "Permissions: {} requested, {gating} of them dangerous or special",
            all.len()
        );
        if silent > 0 {
            line.push_str(&format!("; {silent} named nowhere in the policy"));
        }
        self.paragraph(out, "", &line)
    }

    // --- findings ---------------------------------------------------------

    fn findings(&self, out: &mut dyn Write) -> io::Result<()> {
        let mut bases: Vec<&str> = Vec::new();
        for clause in self.app.findings.iter().flat_map(|f| &f.basis) {
            if !bases.contains(clause) {
                bases.push(clause);
            }
        }
        let mut rest: &[Finding] = &self.app.findings;
        while let Some(first) = rest.first() {
            let same = rest
                .iter()
                .take_while(|f| f.rule == first.rule && f.level == first.level)
                .count();
            let (group, others) = rest.split_at(same);
            self.group(out, first, group, &bases)?;
            rest = others;
        }
        self.bases(out, &bases)
    }

    /// The findings of one rule and level; `first` is the first of `group`.
    fn group(
        &self,
        out: &mut dyn Write,
        first: &Finding,
        group: &[Finding],
        bases: &[&str],
    ) -> io::Result<()> {
        writeln!(
            out,
            "\n{} {} ({})",
            paint(
                self.style,
                level_colour(first.level),
                &first.level.name().to_uppercase()
            ),
            paint(self.style, Paint::Bold, first.rule),
            group.len()
        )?;
        let mut rest = group;
        while let Some(first) = rest.first() {
            let same = if first.permission.is_some() {
                rest.iter().take_while(|f| f.sdk == first.sdk).count()
            } else {
                1
            };
            let (together, others) = rest.split_at(same);
            if together.len() > 1 {
                self.permission_findings(out, first, together)?;
            } else {
                self.finding(out, first)?;
            }
            rest = others;
        }
        let numbers: Vec<String> = first
            .basis
            .iter()
            .filter_map(|clause| bases.iter().position(|b| b == clause))
            .map(|n| format!("[{}]", n + 1))
            .collect();
        let more = format!("sdkaudit explain {}", first.rule);
        if numbers.is_empty() {
            self.paragraph(out, "    more: ", &more)
        } else {
            self.paragraph(
                out,
                "    basis: ",
                &format!("{}  more: {more}", numbers.join(" ")),
            )
        }
    }

    /// Each clause once, under the number that the findings give.
    fn bases(&self, out: &mut dyn Write, bases: &[&str]) -> io::Result<()> {
        if bases.is_empty() {
            return Ok(());
        }
        self.heading(out, "Basis: what the findings may be at odds with")?;
        for (n, clause) in bases.iter().enumerate() {
            self.paragraph(out, &format!("  [{}] ", n + 1), clause)?;
        }
        Ok(())
    }

    fn finding(&self, out: &mut dyn Write, finding: &Finding) -> io::Result<()> {
        self.paragraph(out, "  - ", &finding.message)?;
        if !finding.evidence.is_empty() {
            self.paragraph(
                out,
                "    seen: ",
                &evidence(&finding.evidence, self.style.most(EVIDENCE_SHOWN)),
            )?;
        }
        self.quote(out, finding.quote.as_ref())?;
        if let Some(waiver) = &finding.waived {
            self.paragraph(out, "    waived: ", waiver)?;
        }
        Ok(())
    }

    /// Several permissions of one SDK (or of the app) as one item: the quote
    /// and the subject are the same for all.
    fn permission_findings(
        &self,
        out: &mut dyn Write,
        first: &Finding,
        together: &[Finding],
    ) -> io::Result<()> {
        let subject = match first.sdk.as_deref() {
            None => "requested by the app, named nowhere in the given policy text".to_owned(),
            Some(id) => {
                let name = self.app.sdks.iter().find(|sdk| sdk.id == id).map(named);
                format!(
                    "{}: known to use, requested by the app, not named in its entry",
                    name.as_deref().unwrap_or(id)
                )
            }
        };
        let names: Vec<String> = together
            .iter()
            .filter_map(|f| f.permission.as_deref())
            .map(|name| {
                name.strip_prefix("android.permission.")
                    .unwrap_or(name)
                    .to_owned()
            })
            .collect();
        self.paragraph(out, "  - ", &format!("{subject}: {}", names.join(", ")))?;
        self.quote(out, first.quote.as_ref())
    }

    fn quote(&self, out: &mut dyn Write, quote: Option<&Quote>) -> io::Result<()> {
        match quote {
            Some(quote) if !quote.text.trim().is_empty() => {
                let text = snippet(&quote.text, QUOTE_COLUMNS);
                self.paragraph(
                    out,
                    "    policy: ",
                    &format!("“{text}” (bytes {}-{})", quote.start, quote.end),
                )
            }
            _ => Ok(()),
        }
    }

    // --- what was not seen --------------------------------------------------

    fn limits(&self, out: &mut dyn Write) -> io::Result<()> {
        if self.app.limits.is_empty() {
            return Ok(());
        }
        self.heading(out, "Not looked at")?;
        for scope in [LimitScope::Analysis, LimitScope::Detail] {
            let items = self
                .app
                .limits
                .iter()
                .filter(|l| l.scope == scope)
                .map(|l| (l.code, l.message.as_str(), l.place.as_str()));
            let mark = match scope {
                LimitScope::Analysis => "part of the code: ",
                LimitScope::Detail => "detail: ",
            };
            self.grouped(out, mark, items)?;
        }
        Ok(())
    }

    fn anomalies(&self, out: &mut dyn Write) -> io::Result<()> {
        if self.app.anomalies.is_empty() {
            return Ok(());
        }
        self.heading(out, "Odd in the package, and read around")?;
        let items = self
            .app
            .anomalies
            .iter()
            .map(|a| (a.code, a.message.as_str(), a.place.as_str()));
        self.grouped(out, "", items)
    }

    /// One line per code: how often, the first message, the first places.
    fn grouped<'b>(
        &self,
        out: &mut dyn Write,
        mark: &str,
        items: impl Iterator<Item = (&'static str, &'b str, &'b str)>,
    ) -> io::Result<()> {
        let mut codes: Vec<(&str, &str, Vec<String>)> = Vec::new();
        for (code, message, place) in items {
            match codes.iter_mut().find(|(c, ..)| *c == code) {
                Some((.., places)) => places.push(place.to_owned()),
                None => codes.push((code, message, vec![place.to_owned()])),
            }
        }
        for (code, message, places) in codes {
            let times = places.len();
            let named: Vec<String> = places.into_iter().filter(|p| !p.is_empty()).collect();
            let mut text = format!("{mark}{code} ({times}): {message}");
            if !named.is_empty() {
                text.push_str(&format!(
                    " [{}]",
                    first_of(&named, self.style.most(PLACES_SHOWN))
                ));
            }
            self.paragraph(out, "  - ", &text)?;
        }
        Ok(())
    }

    fn unidentified(&self, out: &mut dyn Write) -> io::Result<()> {
        let packages = &self.app.unidentified;
        if packages.is_empty() {
            return Ok(());
        }
        let classes: usize = packages.iter().map(|u| u.classes).sum();
        let names: Vec<String> = packages
            .iter()
            .map(|u| format!("{} ({})", u.prefix, u.classes))
            .collect();
        self.heading(
            out,
            &format!(
                "Code that no signature names ({}, {classes} classes)",
                count(packages.len(), "package")
            ),
        )?;
        self.paragraph(
            out,
            "  ",
            &first_of(&names, self.style.most(UNIDENTIFIED_SHOWN)),
        )
    }
}

// --- words --------------------------------------------------------------------

/// The verdict of an app in one sentence, and its colour. A partial analysis is
/// never summed up as if nothing had been hidden.
fn verdict(app: &AppReport) -> (Paint, String) {
    let reason = app
        .limits
        .iter()
        .find(|l| l.scope == LimitScope::Analysis)
        .map(|l| format!("{}: {}", l.code, l.message));
    if app.analysis == Analysis::Failed {
        let reason = reason.unwrap_or_else(|| "the input is no package".to_owned());
        return (Paint::Red, format!("CANNOT CONCLUDE: not read ({reason})"));
    }
    let counts = |level| {
        app.findings
            .iter()
            .filter(|f| f.level == level && f.waived.is_none())
            .count()
    };
    let (errors, warnings, notes) = (
        counts(Level::Error),
        counts(Level::Warning),
        counts(Level::Note),
    );
    let tally = format!(
        "{}, {}, {}",
        count(errors, "error"),
        count(warnings, "warning"),
        count(notes, "note")
    );
    let partial = app.analysis == Analysis::Partial || app.has_analysis_limit();
    let sdks = app.sdks.iter().filter(|s| s.kind == Kind::Sdk).count();
    let judged = if errors + warnings > 0 {
        format!("{tally}: the policy may be at odds with what is in the app")
    } else if sdks > 0 && app.sdks.iter().all(|s| s.disclosure.is_none()) {
        format!("{tally}: no policy was given, so disclosure was not judged")
    } else {
        tally
    };
    let colour = match (errors, warnings, partial) {
        (1.., ..) => Paint::Red,
        (0, 1.., _) | (0, 0, true) => Paint::Yellow,
        _ => Paint::Bold,
    };
    if !partial {
        return (colour, judged);
    }
    let reason = reason.unwrap_or_else(|| "some code was not seen".to_owned());
    let head = if errors + warnings > 0 {
        "CANNOT CONCLUDE on what was not seen"
    } else {
        "CANNOT CONCLUDE"
    };
    (
        colour,
        format!("{head}: analysed only in part ({reason}). In the part that was seen: {judged}"),
    )
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

fn or_unknown(text: &str) -> &str {
    if text.is_empty() { "unknown" } else { text }
}

fn verdict_word(sdk: &SdkReport) -> String {
    let Some(disclosure) = &sdk.disclosure else {
        return "not judged".to_owned();
    };
    match disclosure.status {
        DisclosureStatus::Disclosed if disclosure.missing.is_empty() => "disclosed".to_owned(),
        DisclosureStatus::Disclosed => {
            format!("disclosed, lacks {}", disclosure.missing.join(", "))
        }
        DisclosureStatus::FamilyOnly => "family or container only".to_owned(),
        DisclosureStatus::VendorOnly => "company only".to_owned(),
        DisclosureStatus::Undisclosed if may_handle_personal_data(sdk) => {
            "NOT DISCLOSED".to_owned()
        }
        DisclosureStatus::Undisclosed => "not named; documented without data".to_owned(),
        DisclosureStatus::NotAssessable => "not assessable".to_owned(),
    }
}

/// Worst first.
fn rank(sdk: &SdkReport) -> u8 {
    match &sdk.disclosure {
        None => 6,
        Some(Disclosure {
            status, missing, ..
        }) => match status {
            DisclosureStatus::Undisclosed if may_handle_personal_data(sdk) => 0,
            DisclosureStatus::VendorOnly => 1,
            DisclosureStatus::FamilyOnly => 2,
            DisclosureStatus::NotAssessable => 3,
            DisclosureStatus::Disclosed if !missing.is_empty() => 4,
            DisclosureStatus::Disclosed | DisclosureStatus::Undisclosed => 5,
        },
    }
}

fn row_colour(sdk: &SdkReport) -> Option<Paint> {
    match rank(sdk) {
        0 => Some(Paint::Red),
        1 | 3 | 4 => Some(Paint::Yellow),
        2 => Some(Paint::Cyan),
        _ => None,
    }
}

fn level_colour(level: Level) -> Paint {
    match level {
        Level::Error => Paint::Red,
        Level::Warning => Paint::Yellow,
        Level::Note => Paint::Cyan,
    }
}

fn evidence(evidence: &[Evidence], most: usize) -> String {
    let pieces: Vec<String> = evidence
        .iter()
        .take(most)
        .map(|e| {
            let mut text = format!("{} {}", e.kind.name(), e.value);
            if e.count > 1 {
                text.push_str(&format!(" ({} classes)", e.count));
            }
            if !e.place.is_empty() {
                text.push_str(&format!(" in {}", e.place));
            }
            text
        })
        .collect();
    let mut text = pieces.join("; ");
    let more = evidence.len().saturating_sub(most);
    if more > 0 {
        text.push_str(&format!("; and {more} more"));
    }
    text
}

/// Widths of the table's columns: as wide as their cells, then the name, the
/// vendor and the version give way until the page holds the row. The last
/// column keeps its words: it is the verdict.
fn column_widths(header: &[String; 6], rows: &[[String; 6]], page: usize) -> [usize; 6] {
    /// Least width of each column.
    const LEAST: [usize; 6] = [16, 10, 8, 8, 5, 8];
    /// Columns that may give way, in this order, each down to its least width.
    const GIVE_WAY: [usize; 3] = [1, 0, 3];
    let mut widths = [0; 6];
    for (n, width) in widths.iter_mut().enumerate() {
        *width = rows
            .iter()
            .map(|row| columns(&row[n]))
            .chain([columns(&header[n])])
            .max()
            .unwrap_or(0);
    }
    // Two blanks before each column.
    let mut over = (widths.iter().sum::<usize>() + 2 * widths.len()).saturating_sub(page);
    for n in GIVE_WAY {
        let give = over.min(widths[n].saturating_sub(LEAST[n]));
        widths[n] -= give;
        over -= give;
    }
    widths
}

#[cfg(test)]
#[path = "human_tests.rs"]
mod tests;
