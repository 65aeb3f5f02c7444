//! `sdkaudit policy`: what was understood of a policy, entry by entry, so that
//! a lawyer can check it against the text in a minute.
//!
//! A summary first, then each entry with what it says and what it lacks, what
//! the app declares for itself, what is denied, what the document leaves open,
//! and what was not read. Only words of the policy stand in “quotation marks”.

mod data;
mod entry;
mod rest;
mod several;

use std::io::{self, Write};

use super::Style;
use super::text::{Paint, columns, count, paint, shown, wrap};
use crate::policy::model::{
    DisclosureForm, DocumentFormat, EntryField, PolicyCheck, PolicyDocument, Quote,
};
use crate::sdk::base::KnowledgeBase;

/// Columns of a quoted passage.
const QUOTE_COLUMNS: usize = 160;
/// Widest label that the lines below it stand behind.
const WIDEST_LABEL: usize = 18;
/// Before what belongs to a document, and to an entry.
const OUTER: &str = "  ";
const INNER: &str = "     ";

/// Prints documents one after the other; of several, what stands in more than
/// one of them.
pub fn print(
    out: &mut dyn Write,
    style: Style,
    documents: &[PolicyDocument],
    base: &KnowledgeBase,
) -> io::Result<()> {
    for (n, document) in documents.iter().enumerate() {
        if n > 0 {
            writeln!(out, "\n{}", "=".repeat(style.width.min(100)))?;
        }
        let mut page = Page { out, style, base };
        page.document(document)?;
    }
    Page { out, style, base }.shared(documents)
}

/// One line about a document: path, format, language, form, number of entries.
pub fn headline(document: &PolicyDocument) -> String {
    let limit = if document.limits.is_empty() {
        ""
    } else {
        "; NOT READ IN FULL"
    };
    format!(
        "{}: {}, {}; {}; {}{limit}",
        shown(&document.path),
        format_name(document.format),
        shown(&document.language),
        form_words(document.disclosure_form),
        entries(document.sdks.len()),
    )
}

fn entries(count: usize) -> String {
    match count {
        1 => "1 entry".to_owned(),
        n => format!("{n} entries"),
    }
}

fn format_name(format: DocumentFormat) -> &'static str {
    match format {
        DocumentFormat::Text => "text",
        DocumentFormat::Html => "html",
        DocumentFormat::Markdown => "markdown",
        DocumentFormat::Docx => "docx",
        DocumentFormat::Pdf => "pdf",
    }
}

fn form_words(form: DisclosureForm) -> &'static str {
    match form {
        DisclosureForm::Inline => "inline: a list of SDKs in the text",
        DisclosureForm::InlineLink => "inline+link: a list in the text and a link to a fuller one",
        DisclosureForm::StandaloneList => "standalone-list: the document is the list",
        DisclosureForm::LinkedOnly => "linked-only: only a link to a list",
        DisclosureForm::TemplateUnfilled => "template-unfilled: a template never filled in",
        DisclosureForm::GenericMention => "generic-mention: partners in general, no list",
        DisclosureForm::None => "none: no list of SDKs",
    }
}

/// Where the parts are written to.
struct Page<'a> {
    out: &'a mut dyn Write,
    style: Style,
    base: &'a KnowledgeBase,
}

impl Page<'_> {
    fn document(&mut self, document: &PolicyDocument) -> io::Result<()> {
        self.summary(document)?;
        let mut told = vec![false; document.checks.len()];
        for (n, record) in document.sdks.iter().enumerate() {
            self.entry(n + 1, record, document, &mut told)?;
        }
        self.first_party(document)?;
        self.denials(document)?;
        self.checks(document, &told)?;
        self.unread(document)
    }

    fn summary(&mut self, document: &PolicyDocument) -> io::Result<()> {
        let head = headline(document);
        self.wrapped("", Some(Paint::Bold), &head)?;
        let date = document.date.as_deref();
        let date = date.map_or("none given".to_owned(), |date| format!("“{date}”"));
        if !document.language.is_empty() {
            self.field(OUTER, "date", &date)?;
        }
        if !document.sdks.is_empty() {
            self.field(OUTER, "entries", &tally(document))?;
        }
        for link in &document.links {
            let dead = if crate::policy::is_dead_link(link) {
                " (DEAD)"
            } else {
                ""
            };
            self.field(OUTER, "list at", &format!("{link}{dead}"))?;
        }
        if !document.checks.is_empty() {
            self.warning(OUTER, "checks", &codes(&document.checks))?;
        }
        Ok(())
    }

    /// `label: text`, the text wrapped behind the label.
    fn field(&mut self, indent: &str, label: &str, text: &str) -> io::Result<()> {
        self.labelled(indent, label, Paint::Dim, text)
    }

    /// A field that asks for attention.
    fn warning(&mut self, indent: &str, label: &str, text: &str) -> io::Result<()> {
        self.labelled(indent, label, Paint::Yellow, text)
    }

    fn labelled(&mut self, indent: &str, label: &str, colour: Paint, text: &str) -> io::Result<()> {
        let label = shown(label);
        let first = columns(&label) + 2;
        // Behind a long label the following lines start further left.
        let hang = if first > WIDEST_LABEL { 4 } else { first };
        let room = |taken: usize| {
            let used = columns(indent) + taken;
            self.style.width.saturating_sub(used).max(20)
        };
        let text = shown(text);
        let mut lines = wrap(&text, room(first)).into_iter();
        let head = lines.next().unwrap_or_default();
        let label = paint(self.style, colour, &format!("{label}:"));
        writeln!(self.out, "{indent}{label} {head}")?;
        let rest = text.get(head.len()..).unwrap_or_default().trim_start();
        if rest.is_empty() {
            return Ok(());
        }
        for line in wrap(rest, room(hang)) {
            writeln!(self.out, "{indent}{}{line}", " ".repeat(hang))?;
        }
        Ok(())
    }

    /// Text wrapped behind an indent.
    fn wrapped(&mut self, indent: &str, colour: Option<Paint>, text: &str) -> io::Result<()> {
        let room = self.style.width.saturating_sub(columns(indent)).max(20);
        for line in wrap(&shown(text), room) {
            let line = match colour {
                Some(colour) => paint(self.style, colour, &line),
                None => line,
            };
            writeln!(self.out, "{indent}{line}")?;
        }
        Ok(())
    }

    fn heading(&mut self, text: &str) -> io::Result<()> {
        writeln!(self.out)?;
        self.wrapped(OUTER, Some(Paint::Bold), text)
    }
}

/// How many entries there are, how many of them are known, how many lack what.
fn tally(document: &PolicyDocument) -> String {
    let sdks = &document.sdks;
    let identified = sdks.iter().filter(|sdk| sdk.id.is_some()).count();
    let ambiguous = sdks
        .iter()
        .filter(|sdk| sdk.id.is_none() && !sdk.candidates.is_empty())
        .count();
    let mut text = format!(
        "{}: {identified} identified, {ambiguous} ambiguous, {} unknown",
        sdks.len(),
        sdks.len() - identified - ambiguous
    );
    let lacking = sdks.iter().filter(|sdk| !sdk.missing.is_empty()).count();
    if lacking > 0 {
        let fields = EntryField::ALL.iter().filter_map(|field| {
            let lack = sdks
                .iter()
                .filter(|sdk| sdk.missing.contains(field))
                .count();
            (lack > 0).then(|| format!("{} {lack}", field.name()))
        });
        let fields: Vec<String> = fields.collect();
        let fields = fields.join(", ");
        text.push_str(&format!("; {lacking} with missing fields ({fields})"));
    }
    text
}

/// `3: dead-link (2), no-date`.
fn codes(checks: &[PolicyCheck]) -> String {
    let mut counts: Vec<(&str, usize)> = Vec::new();
    for check in checks {
        match counts.iter_mut().find(|(code, _)| *code == check.code) {
            Some((_, count)) => *count += 1,
            None => counts.push((&check.code, 1)),
        }
    }
    let names: Vec<String> = counts
        .iter()
        .map(|(code, count)| match count {
            1 => (*code).to_owned(),
            count => format!("{code} ({count})"),
        })
        .collect();
    format!("{}: {}", checks.len(), names.join(", "))
}

/// `line 12, bytes 100-130`, or only the bytes where lines were not counted.
fn place(quote: &Quote) -> String {
    let bytes = format!("bytes {}-{}", quote.start, quote.end);
    match quote.line {
        0 => bytes,
        line => format!("line {line}, {bytes}"),
    }
}

/// `2 permissions`, or nothing for none.
fn counted(n: usize, noun: &str) -> Option<String> {
    (n > 0).then(|| count(n, noun))
}

#[cfg(test)]
mod tests;
