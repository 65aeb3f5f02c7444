//! `sdkaudit policy`: what a policy discloses, entry by entry, with the quotes.

use std::io::{self, Write};

use super::Style;
use super::text::{Paint, columns, count, paint, shown, snippet, wrap};
use crate::audit::coverage::all_vendor_names;
use crate::audit::disclosure::missing_fields;
use crate::policy::model::{
    DisclosureForm, DocumentFormat, MatchedBy, PolicyDocument, Quote, SdkRecord,
};
use crate::sdk::base::KnowledgeBase;

/// Columns of a quoted passage.
const QUOTE_COLUMNS: usize = 200;

/// Prints documents one after the other.
pub fn print(
    out: &mut dyn Write,
    style: Style,
    documents: &[PolicyDocument],
    base: &KnowledgeBase,
) -> io::Result<()> {
    for (n, document) in documents.iter().enumerate() {
        if n > 0 {
            writeln!(out)?;
        }
        writeln!(out, "{}", paint(style, Paint::Bold, &headline(document)))?;
        for link in &document.links {
            field(out, style, "  ", "list at", link)?;
        }
        for (n, record) in document.sdks.iter().enumerate() {
            entry(out, style, n + 1, record, base)?;
        }
        first_party(out, style, document)?;
        for denial in &document.denials {
            let text = snippet(&denial.text, QUOTE_COLUMNS);
            field(
                out,
                style,
                "  ",
                &format!("denial ({})", denial.scope),
                &text,
            )?;
        }
        for limit in &document.limits {
            let text = format!("{}: {} {}", limit.code, limit.message, limit.place);
            field(out, style, "  ", "NOT READ", &text)?;
        }
        for anomaly in &document.anomalies {
            let text = format!("{}: {} {}", anomaly.code, anomaly.message, anomaly.place);
            field(out, style, "  ", "odd", &text)?;
        }
    }
    Ok(())
}

/// One line about a document: path, format, language, form, number of entries.
pub fn headline(document: &PolicyDocument) -> String {
    let limit = if document.limits.is_empty() {
        ""
    } else {
        "; NOT READ IN FULL"
    };
    let entries = match document.sdks.len() {
        1 => "1 entry".to_owned(),
        n => format!("{n} entries"),
    };
    format!(
        "{}: {}, {}; {}; {entries}{limit}",
        shown(&document.path),
        format_name(document.format),
        shown(&document.language),
        form_words(document.disclosure_form),
    )
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

fn entry(
    out: &mut dyn Write,
    style: Style,
    number: usize,
    record: &SdkRecord,
    base: &KnowledgeBase,
) -> io::Result<()> {
    let name = if record.as_written.trim().is_empty() {
        "(no name)".to_owned()
    } else {
        snippet(&record.as_written, QUOTE_COLUMNS)
    };
    writeln!(
        out,
        "\n{:>3}. {} {}",
        number,
        paint(style, Paint::Bold, &name),
        identity(record, base)
    )?;
    let vendor_names = record
        .id
        .as_deref()
        .map(|id| all_vendor_names(id, base))
        .unwrap_or_default();
    let none = if record.explicit_none {
        "none, says the policy"
    } else {
        ""
    };
    let data = match (record.data_types.is_empty(), record.deferred_to_link) {
        (true, true) => "said to stand behind the link".to_owned(),
        (true, false) => none.to_owned(),
        (false, _) => record.data_types.join(", "),
    };
    let indent = "     ";
    for (label, text) in [
        ("vendor", record.vendor_as_written.clone()),
        ("purpose", record.purposes.join("; ")),
        ("data", data),
        ("permissions", record.permissions.join(", ")),
        ("link", record.url.clone().unwrap_or_default()),
        ("platforms", record.platforms.join(", ")),
        (
            "missing",
            missing_fields(&[record], &vendor_names).join(", "),
        ),
    ] {
        if !text.trim().is_empty() {
            field(out, style, indent, label, &text)?;
        }
    }
    quote(out, style, indent, &record.quote)
}

/// What the name stands for: `-> jpush (by name)`, candidates, or nothing known.
fn identity(record: &SdkRecord, base: &KnowledgeBase) -> String {
    let by = match record.matched_by {
        Some(MatchedBy::Name) => "by name",
        Some(MatchedBy::Package) => "by package name",
        Some(MatchedBy::Url) => "by link",
        Some(MatchedBy::Family) => "by family",
        Some(MatchedBy::Vendor) => "by company",
        None => "",
    };
    match (&record.id, record.candidates.as_slice()) {
        (Some(id), _) => {
            let known = base.signature(id).map_or("", |s| s.name.en.as_str());
            match (known, by) {
                ("", "") => format!("-> {id}"),
                ("", by) => format!("-> {id} ({by})"),
                (known, "") => format!("-> {id} ({known})"),
                (known, by) => format!("-> {id} ({known}, {by})"),
            }
        }
        (None, []) => "-> no signature of that name".to_owned(),
        (None, candidates) => format!("-> one of {} ({by})", candidates.join(", ")),
    }
}

fn first_party(out: &mut dyn Write, style: Style, document: &PolicyDocument) -> io::Result<()> {
    let own = &document.first_party;
    if own.data_types.is_empty() && own.permissions.is_empty() {
        return Ok(());
    }
    writeln!(
        out,
        "\n  For the app itself: {}, {}",
        count(own.data_types.len(), "data type"),
        count(own.permissions.len(), "permission")
    )?;
    for (label, list) in [("data", &own.data_types), ("permissions", &own.permissions)] {
        if !list.is_empty() {
            field(out, style, "     ", label, &list.join(", "))?;
        }
    }
    Ok(())
}

fn quote(out: &mut dyn Write, style: Style, indent: &str, quote: &Quote) -> io::Result<()> {
    if quote.text.trim().is_empty() {
        return Ok(());
    }
    let label = format!("bytes {}-{}", quote.start, quote.end);
    let text = format!("“{}”", snippet(&quote.text, QUOTE_COLUMNS));
    field(out, style, indent, &label, &text)
}

fn field(
    out: &mut dyn Write,
    style: Style,
    indent: &str,
    label: &str,
    text: &str,
) -> io::Result<()> {
    let first = format!("{indent}{label}: ");
    let room = style.width.saturating_sub(columns(&first)).max(20);
    for (n, line) in wrap(&shown(text), room).iter().enumerate() {
        if n == 0 {
            writeln!(
                out,
                "{indent}{}: {line}",
                paint(style, Paint::Dim, &shown(label))
            )?;
        } else {
            writeln!(out, "{}{line}", " ".repeat(columns(&first)))?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn printed(document: PolicyDocument) -> String {
        let mut out = Vec::new();
        let base = KnowledgeBase::embedded();
        print(&mut out, Style::default(), &[document], &base).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn an_entry_shows_its_identity_its_fields_and_what_is_missing() {
        let text = printed(PolicyDocument {
            path: "policy.txt".into(),
            language: "zh".into(),
            disclosure_form: DisclosureForm::Inline,
            sdks: vec![SdkRecord {
                as_written: "网易七鱼SDK".into(),
                id: Some("qiyu".into()),
                matched_by: Some(MatchedBy::Name),
                purposes: vec!["在线客服".into()],
                data_types: vec!["imei".into()],
                quote: Quote {
                    text: "网易七鱼SDK：\n用于在线客服".into(),
                    start: 3,
                    end: 40,
                    ..Quote::default()
                },
                ..SdkRecord::default()
            }],
            ..PolicyDocument::default()
        });
        assert_eq!(
            text,
            "policy.txt: text, zh; inline: a list of SDKs in the text; 1 entry\n\
             \n  1. 网易七鱼SDK -> qiyu (NetEase Qiyu customer service, by name)\n     \
             purpose: 在线客服\n     data: imei\n     missing: link\n     \
             bytes 3-40: “网易七鱼SDK： 用于在线客服”\n"
        );
    }

    #[test]
    fn a_policy_cannot_send_escape_sequences_to_the_terminal() {
        let text = printed(PolicyDocument {
            path: "p\u{1b}[2J".into(),
            language: "zh".into(),
            sdks: vec![SdkRecord {
                as_written: "\u{1b}[31mSDK".into(),
                vendor_as_written: "v\u{7}".into(),
                url: Some("https://x/\u{202e}".into()),
                ..SdkRecord::default()
            }],
            ..PolicyDocument::default()
        });
        assert!(!text.contains('\u{1b}') && !text.contains('\u{7}') && !text.contains('\u{202e}'));
        assert!(text.contains("no signature of that name"));
    }
}
