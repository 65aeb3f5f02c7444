//! What stands behind the entries: the app's own declarations, denials, checks
//! about the document, what was not read.

use std::io;

use super::super::text::{count, snippet};
use super::{INNER, OUTER, Page, QUOTE_COLUMNS, counted, entry, place};
use crate::policy::model::{Declaration, Denial, PolicyDocument, Quote};

/// Columns of a passage that declares something.
const SHORT_QUOTE: usize = 70;
/// Denials shown of a scope that contradicts nothing; JSON has all.
const WEAK_DENIALS: usize = 3;

/// Scopes, the strongest first, with what they mean.
const SCOPES: [(&str, &str, bool); 5] = [
    ("absolute", "never", true),
    ("sdk", "about SDKs", true),
    ("conditional", "with exceptions", false),
    ("limited", "in part", false),
    ("boilerplate", "of no consequence", false),
];

impl Page<'_> {
    pub(super) fn first_party(&mut self, document: &PolicyDocument) -> io::Result<()> {
        let own = &document.first_party;
        let counts = [
            counted(own.data_types.len(), "data type"),
            counted(own.permissions.len(), "permission"),
        ];
        let counts: Vec<String> = counts.into_iter().flatten().collect();
        if counts.is_empty() {
            return Ok(());
        }
        self.heading(&format!("For the app itself: {}", counts.join(", ")))?;
        let quoted = by_passage(&own.declared);
        for (quote, what) in &quoted {
            let words = snippet(&quote.text, SHORT_QUOTE);
            let text = format!("{} ({}: “{words}”)", what.join(", "), place(quote));
            self.wrapped(INNER, None, &text)?;
        }
        let declared = |name: &&String| own.declared.iter().any(|d| d.what == **name);
        for (label, list) in [("data", &own.data_types), ("permissions", &own.permissions)] {
            let bare: Vec<&str> = list
                .iter()
                .filter(|name| !declared(name))
                .map(|name| short_permission(name))
                .collect();
            if !bare.is_empty() {
                self.field(INNER, label, &bare.join(", "))?;
            }
        }
        Ok(())
    }

    pub(super) fn denials(&mut self, document: &PolicyDocument) -> io::Result<()> {
        let all = &document.denials;
        if all.is_empty() {
            return Ok(());
        }
        self.heading(&count(all.len(), "denial"))?;
        for (scope, meaning, strong) in SCOPES {
            let of_scope: Vec<&Denial> = all.iter().filter(|d| d.scope == scope).collect();
            if of_scope.is_empty() {
                continue;
            }
            let head = format!("{} {scope} ({meaning})", of_scope.len());
            self.wrapped("   ", None, &head)?;
            let most = if strong { of_scope.len() } else { WEAK_DENIALS };
            for denial in of_scope.iter().take(most) {
                self.denial(denial, strong)?;
            }
            let more = of_scope.len().saturating_sub(most);
            if more > 0 {
                self.wrapped(INNER, None, &format!("and {more} more"))?;
            }
        }
        Ok(())
    }

    fn denial(&mut self, denial: &Denial, strong: bool) -> io::Result<()> {
        let columns = if strong { QUOTE_COLUMNS } else { SHORT_QUOTE };
        let quote = Quote {
            start: denial.start,
            end: denial.end,
            line: denial.line,
            ..Quote::default()
        };
        let mut text = format!("{}: “{}”", place(&quote), snippet(&denial.text, columns));
        if strong && !denial.data_types.is_empty() {
            text.push_str(&format!(" [{}]", denial.data_types.join(", ")));
        }
        self.wrapped(INNER, None, &text)
    }

    /// Checks in full, or the entry at which they were told.
    pub(super) fn checks(&mut self, document: &PolicyDocument, told: &[bool]) -> io::Result<()> {
        if document.checks.is_empty() {
            return Ok(());
        }
        self.heading(&count(document.checks.len(), "check"))?;
        for (check, told) in document.checks.iter().zip(told) {
            let entry = document
                .sdks
                .iter()
                .position(|sdk| entry::is_about(check, sdk));
            let mut text = match entry {
                Some(at) if *told => format!("see entry {}", at + 1),
                _ => check.message.clone(),
            };
            if let (false, Some(quote)) = (*told, &check.quote) {
                let words = snippet(&quote.text, SHORT_QUOTE);
                text.push_str(&format!(" ({}: “{words}”)", place(quote)));
            }
            self.warning(INNER, &check.code, &text)?;
        }
        Ok(())
    }

    pub(super) fn unread(&mut self, document: &PolicyDocument) -> io::Result<()> {
        for limit in &document.limits {
            let text = format!("{}: {} {}", limit.code, limit.message, limit.place);
            self.warning(OUTER, "NOT READ", &text)?;
        }
        for anomaly in &document.anomalies {
            let text = format!("{}: {} {}", anomaly.code, anomaly.message, anomaly.place);
            self.field(OUTER, "odd", &text)?;
        }
        Ok(())
    }
}

/// What each passage declares, in document order.
fn by_passage(declared: &[Declaration]) -> Vec<(&Quote, Vec<&str>)> {
    let mut sorted: Vec<&Declaration> = declared.iter().collect();
    sorted.sort_by_key(|d| (d.quote.start, d.quote.end));
    let mut passages: Vec<(&Quote, Vec<&str>)> = Vec::new();
    for declaration in sorted {
        let what = short_permission(&declaration.what);
        match passages.last_mut() {
            Some((quote, names)) if **quote == declaration.quote => names.push(what),
            _ => passages.push((&declaration.quote, vec![what])),
        }
    }
    passages
}

fn short_permission(name: &str) -> &str {
    name.strip_prefix("android.permission.").unwrap_or(name)
}
