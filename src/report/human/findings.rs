//! Each finding with what was seen and what the policy says.

use std::io::{self, Write};

use super::super::text::{Paint, paint, snippet};
use super::table::short;
use super::{Page, named};
use crate::audit::model::{Evidence, EvidenceKind, Finding, Level};
use crate::audit::proof::short_api;
use crate::audit::rules;
use crate::policy::model::Quote;

/// Columns of a quoted passage.
const QUOTE_COLUMNS: usize = 160;
/// Pieces of evidence shown for one finding; JSON has all.
const EVIDENCE_SHOWN: usize = 3;

impl Page<'_> {
    pub(super) fn findings(&self, out: &mut dyn Write) -> io::Result<()> {
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
            let same = if first.permission.is_some() || first.data_type.is_some() {
                rest.iter().take_while(|f| f.sdk == first.sdk).count()
            } else {
                1
            };
            let (together, others) = rest.split_at(same);
            match together {
                [only] => self.finding(out, only)?,
                _ if first.data_type.is_some() => self.data_findings(out, first, together)?,
                _ => self.permission_findings(out, first, together)?,
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
            None if first.rule == rules::UNUSED_PERMISSION.code => {
                "requested by the app, no call that they guard was seen".to_owned()
            }
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
            .map(|name| short(name).to_owned())
            .collect();
        self.paragraph(out, "  - ", &format!("{subject}: {}", names.join(", ")))?;
        self.quote(out, first.quote.as_ref())
    }

    /// Several data types of one owner as one item: the first in full, of the
    /// others the type and the best call.
    fn data_findings(
        &self,
        out: &mut dyn Write,
        first: &Finding,
        together: &[Finding],
    ) -> io::Result<()> {
        self.finding(out, first)?;
        for finding in together.iter().skip(1) {
            let data_type = finding.data_type.as_deref().unwrap_or_default();
            let best = self.style.most(1);
            let seen = evidence(&finding.evidence, best);
            self.paragraph(out, "    and ", &format!("{data_type}: {seen}"))?;
            if finding.quote != first.quote {
                self.quote(out, finding.quote.as_ref())?;
            }
        }
        Ok(())
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
}

/// The ends of a path of calls, in short names: `App.onCreate > … > Ids.read`.
/// JSON and `--verbose` have all of it.
fn short_path(path: &str) -> String {
    /// Methods shown at each end.
    const SHOWN: usize = 2;
    let names: Vec<String> = path.split(" > ").map(short_api).collect();
    match names.len().checked_sub(2 * SHOWN) {
        None | Some(0) => names.join(" > "),
        Some(between) => format!(
            "{} > ({between} more) > {}",
            names[..SHOWN].join(" > "),
            names[SHOWN + between..].join(" > ")
        ),
    }
}

/// `com.x.Ids.read (classes.dex)` for `Lcom/x/Ids;->read()V (classes.dex)`.
fn short_place(place: &str) -> String {
    let words = place.split(' ').map(|word| {
        let method = word
            .strip_prefix('L')
            .and_then(|rest| rest.split_once(";->"));
        match method {
            Some((class, method)) => {
                let name = method.split('(').next().unwrap_or(method);
                format!("{}.{name}", class.replace('/', "."))
            }
            None => word.to_owned(),
        }
    });
    words.collect::<Vec<_>>().join(" ")
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
            let whole = most == usize::MAX;
            let value = match e.kind {
                EvidenceKind::CallSite if !whole => short_api(&e.value),
                EvidenceKind::CallPath if !whole => short_path(&e.value),
                _ => e.value.clone(),
            };
            let mut text = format!("{} {value}", e.kind.name());
            let noun = match e.kind {
                EvidenceKind::CallSite => "call sites",
                _ => "classes",
            };
            if e.count > 1 {
                text.push_str(&format!(" ({} {noun})", e.count));
            }
            if e.kind == EvidenceKind::CallSite && !whole {
                text.push_str(&format!(" in {}", short_place(&e.place)));
            } else if !e.place.is_empty() {
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
