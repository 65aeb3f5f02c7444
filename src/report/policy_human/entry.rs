//! One entry: its name, what it is, what it says, what it lacks, where it
//! stands.

use std::io;

use super::super::text::{Paint, paint, shown, snippet};
use super::{INNER, Page, QUOTE_COLUMNS, data, place};
use crate::policy::is_dead_link;
use crate::policy::model::{
    Confidence, Layout, MatchedBy, PolicyCheck, PolicyDocument, Quote, SdkRecord,
};
use crate::sdk::base::KnowledgeBase;

/// Longest name on the line of an entry.
const NAME_COLUMNS: usize = 200;

impl Page<'_> {
    pub(super) fn entry(
        &mut self,
        number: usize,
        record: &SdkRecord,
        document: &PolicyDocument,
        told: &mut [bool],
    ) -> io::Result<()> {
        let name = match record.as_written.trim() {
            "" => "(no name)".to_owned(),
            name => snippet(name, NAME_COLUMNS),
        };
        writeln!(
            self.out,
            "\n{number:>3}. {}",
            paint(self.style, Paint::Bold, &shown(&name))
        )?;
        let known = format!("-> {}; {}", identity(record, self.base), reading(record));
        self.wrapped(INNER, None, &known)?;
        for (label, text) in fields(record) {
            if !text.trim().is_empty() {
                self.field(INNER, label, &text)?;
            }
        }
        self.link(record)?;
        if !record.missing.is_empty() {
            let missing: Vec<&str> = record.missing.iter().map(|field| field.name()).collect();
            self.warning(INNER, "MISSING", &missing.join(", "))?;
        }
        for (check, told) in document.checks.iter().zip(told) {
            if is_about(check, record) {
                *told = true;
                self.warning(INNER, &format!("CHECK {}", check.code), &check.message)?;
            }
        }
        self.quote("text", &record.quote)?;
        for quote in &record.also {
            self.quote("also", quote)?;
        }
        Ok(())
    }

    fn link(&mut self, record: &SdkRecord) -> io::Result<()> {
        match record.url.as_deref() {
            None | Some("") => Ok(()),
            Some(url) if is_dead_link(url) => {
                self.warning(INNER, "link", &format!("{url} (DEAD: leads nowhere)"))
            }
            Some(url) => self.field(INNER, "link", url),
        }
    }

    fn quote(&mut self, label: &str, quote: &Quote) -> io::Result<()> {
        if quote.text.trim().is_empty() {
            return Ok(());
        }
        let words = snippet(&quote.text, QUOTE_COLUMNS);
        self.field(INNER, label, &format!("{}: “{words}”", place(quote)))
    }
}

/// The fields that are shown as they are, in the order of a list's columns.
fn fields(record: &SdkRecord) -> [(&'static str, String); 8] {
    let mut purpose = record.purposes.join("; ");
    if !record.purpose_classes.is_empty() {
        purpose.push_str(&format!(" [{}]", record.purpose_classes.join(", ")));
    }
    let deferred = if record.deferred_to_link {
        "said to stand behind the link"
    } else {
        ""
    };
    let data = match (data::words(record), record.explicit_none) {
        (data, _) if !data.is_empty() => data,
        (_, true) => "none, says the policy".to_owned(),
        _ => String::new(),
    };
    let permissions: Vec<&str> = record
        .permissions
        .iter()
        .map(|name| name.strip_prefix("android.permission.").unwrap_or(name))
        .collect();
    [
        ("vendor", record.vendor_as_written.clone()),
        ("package", record.packages.join(", ")),
        ("purpose", purpose),
        ("data", data),
        ("data or purpose", deferred.to_owned()),
        ("permissions", permissions.join(", ")),
        ("sharing", record.sharing_as_written.clone()),
        ("platforms", record.platforms.join(", ")),
    ]
}

/// What the name stands for and what that rests on: `jpush (JPush) by its name`,
/// candidates, or nothing known.
fn identity(record: &SdkRecord, base: &KnowledgeBase) -> String {
    let by = match record.matched_by {
        Some(MatchedBy::Name) => " by its name",
        Some(MatchedBy::Package) => " by its package name",
        Some(MatchedBy::Url) => " by its link",
        Some(MatchedBy::Family) => " by its family and purpose",
        Some(MatchedBy::Vendor) => " by its company",
        None => "",
    };
    match (&record.id, record.candidates.as_slice()) {
        (Some(id), _) => match base.signature(id) {
            Some(known) if known.name.en.is_empty() || known.name.en == *id => format!("{id}{by}"),
            Some(known) => format!("{id} ({}){by}", known.name.en),
            None => format!("{id}{by}"),
        },
        (None, []) => "no signature of that name".to_owned(),
        (None, [one]) => format!("perhaps {one}{by}"),
        (None, candidates) => format!("AMBIGUOUS: one of {}{by}", candidates.join(", ")),
    }
}

/// How the entry was read, and how sure that is.
fn reading(record: &SdkRecord) -> String {
    let layout = match record.layout {
        Layout::Grid => "table row",
        Layout::VerticalTable => "table of keys and values",
        Layout::InvertedTable => "table by data or purpose",
        Layout::TextTable => "table in text",
        Layout::CellPerLine => "table with a cell a line",
        Layout::RunOn => "table on one line",
        Layout::KeyValue => "keys and values",
        Layout::Enumeration => "list of names by function",
        Layout::Items => "list item",
        Layout::Titled => "text below its heading",
        Layout::Sentence => "sentence",
    };
    let sure = match record.confidence {
        Confidence::Low => "LOW CONFIDENCE",
        Confidence::Medium => "medium confidence",
        Confidence::High => "high confidence",
    };
    format!("{layout}, {sure}")
}

/// Whether a check is about this entry: its name, and one of its places.
pub(super) fn is_about(check: &PolicyCheck, record: &SdkRecord) -> bool {
    let Some(at) = check.quote.as_ref().map(|quote| quote.start) else {
        return false;
    };
    let mut places = record.also.iter().chain([&record.quote]);
    !check.sdk.is_empty()
        && check.sdk == record.as_written
        && places.any(|quote| quote.start <= at && at < quote.end)
}
