//! Bytes of a document → visible text, lines and tables, with the way back to
//! the bytes.

mod box_rows;
mod builder;
mod decode;
mod docx;
mod element;
mod folded;
mod follow;
mod hidden;
mod html;
mod jsx;
mod markdown;
mod pdf;
mod plain;
mod source;
mod table;
mod torn_rows;
mod tree;
mod wordml;

#[cfg(test)]
mod docx_tests;
#[cfg(test)]
mod html_tests;
#[cfg(test)]
mod markdown_tests;
#[cfg(test)]
mod pdf_tests;
#[cfg(test)]
mod shape;

pub(crate) use source::{Block, Cell, LineKind, Source, ViewLink};

use super::PolicyError;
use super::model::DocumentFormat;
use crate::formats::limits::MAX_POLICY_BYTES;
use crate::formats::{Anomaly, Limit};

/// Hidden characters from which a page is said to hide text; menus and messages
/// that wait for their use are shorter.
const HIDDEN_TEXT: usize = 200;

/// Letters below which a document says nothing: the shortest policies are a
/// paragraph.
const MIN_LETTERS: usize = 12;

/// A document as opened.
#[derive(Debug)]
pub(crate) struct Opened {
    pub format: DocumentFormat,
    pub source: Source,
    pub anomalies: Vec<Anomaly>,
    pub limits: Vec<Limit>,
}

/// Decodes `bytes` by their magic, then by the name's extension.
pub(crate) fn open(path: &str, bytes: &[u8]) -> Result<Opened, PolicyError> {
    if bytes.len() > MAX_POLICY_BYTES {
        return Err(PolicyError::new(format!(
            "the document has {} bytes; policies are read up to {MAX_POLICY_BYTES}",
            bytes.len()
        )));
    }
    let mut anomalies = Vec::new();
    let mut limits = Vec::new();
    let head = bytes.get(..1024.min(bytes.len())).unwrap_or_default();
    let (format, source) = if find(head, b"%PDF-").is_some() {
        (
            DocumentFormat::Pdf,
            pdf::read(bytes, &mut anomalies, &mut limits)?,
        )
    } else if head.starts_with(b"PK\x03\x04") {
        (DocumentFormat::Docx, docx::read(bytes, &mut limits)?)
    } else {
        let text = decode::decode(bytes, &mut anomalies)?;
        let format = text_format(path, &text);
        let source = match format {
            DocumentFormat::Html => html::read(text),
            DocumentFormat::Markdown => {
                markdown::read(text, path.to_ascii_lowercase().ends_with(".mdx"))
            }
            _ => plain::read(text),
        };
        (format, source)
    };
    if source.truncated {
        limits.push(Limit::analysis(
            "policy-text-capped",
            "the document holds more text or table cells than are read; what follows was not looked at",
            path,
        ));
    }
    let letters = source.view.chars().filter(|c| c.is_alphanumeric());
    if format != DocumentFormat::Pdf && letters.take(MIN_LETTERS).count() < MIN_LETTERS {
        limits.push(Limit::analysis(
            "policy-without-text",
            "the document holds hardly any text (a page filled in by scripts, a failed download?), so what it discloses is unknown",
            path,
        ));
    }
    if source.swallowed > 0 {
        limits.push(Limit::analysis(
            "policy-markup-unclosed",
            format!(
                "a script, style or comment is never closed and takes in the rest of the file ({} \
                 characters); what it holds was not read",
                source.swallowed
            ),
            path,
        ));
    }
    if source.hidden >= HIDDEN_TEXT {
        anomalies.push(Anomaly::new(
            "hidden-text",
            format!(
                "{} characters stand in elements that the page hides or strikes out; they were not read",
                source.hidden
            ),
            path,
        ));
    }
    if let Some(start) = &source.hidden_list {
        limits.push(Limit::analysis(
            "hidden-list",
            format!(
                "{} hidden passages look like lists of SDKs that the page may show after a click \
                 (the first begins “{start}”); they were not read",
                source.hidden_lists
            ),
            path,
        ));
    }
    if source.displaced {
        limits.push(Limit::detail(
            "policy-offsets-uncertain",
            "some text could not be found again in the file, so quotes of it may point to the text before it",
            path,
        ));
    }
    Ok(Opened {
        format,
        source,
        anomalies,
        limits,
    })
}

fn text_format(path: &str, text: &str) -> DocumentFormat {
    let extension = path
        .rsplit_once('.')
        .map(|(_, e)| e.to_ascii_lowercase())
        .unwrap_or_default();
    match extension.as_str() {
        "html" | "htm" | "xhtml" | "shtml" | "php" => DocumentFormat::Html,
        "md" | "mdx" | "markdown" => DocumentFormat::Markdown,
        _ => {
            let start: String = text
                .trim_start()
                .chars()
                .take(512)
                .collect::<String>()
                .to_ascii_lowercase();
            let page = ["<!doctype html", "<html", "<head", "<body"]
                .iter()
                .any(|tag| start.contains(tag));
            let markup = || {
                start.starts_with('<') && html::is_markup(text, "</")
                    || start.starts_with("&lt;") && html::is_markup(text, "&lt;/")
            };
            if page || markup() {
                DocumentFormat::Html
            } else {
                DocumentFormat::Text
            }
        }
    }
}

fn find(haystack: &[u8], needle: &[u8]) -> Option<usize> {
    haystack
        .windows(needle.len())
        .position(|window| window == needle)
}
