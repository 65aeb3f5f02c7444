//! Links in running text.

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

static LINK: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r#"(?i)(?:https?\s?:\s?//|www\.)[!-'*-;=?-Z_a-z~\[\]#@%\\]+"#)
        .expect("a constant pattern")
});
/// A file name's end that a run-on line glued the next cell to.
static GLUED: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"\.(?:s?html?|jsp|php|aspx?|pdf)([A-Z]\w{1,30})$").expect("a constant pattern")
});

/// The links of a normalised text.
pub(crate) fn find(text: &str) -> Vec<Range<usize>> {
    LINK.find_iter(text)
        .map(|found| {
            let raw = found.as_str();
            let mut end = raw.len();
            if let Some(next) = raw
                .get(8.min(raw.len())..)
                .and_then(|rest| rest.find("http://").or_else(|| rest.find("https://")))
            {
                end = 8 + next;
            }
            let raw = raw.get(..end).unwrap_or(raw);
            let raw = match GLUED.captures(raw).and_then(|groups| groups.get(1)) {
                Some(glued) => raw.get(..glued.start()).unwrap_or(raw),
                None => raw,
            };
            let raw = raw.trim_end_matches(['.', ',', ';', ':', '\'', '!', ']', '*', '_']);
            found.start()..found.start() + raw.len()
        })
        .filter(|range| range.len() > 7)
        .collect()
}

/// Whether a text is one link and nothing else.
pub(crate) fn is_link(text: &str) -> bool {
    let text = text.trim();
    find(text)
        .first()
        .is_some_and(|range| range.start == 0 && range.end + 2 >= text.len())
}

/// A link as a reader would copy it: a link broken over lines is joined.
pub(crate) fn first(text: &str) -> Option<String> {
    let found = find(text).into_iter().next()?;
    let mut link: String = text.get(found.clone())?.replace(['\\', ' '], "");
    let mut rest = text.get(found.end..).unwrap_or_default();
    while let Some(next) = rest.strip_prefix('\n') {
        let line = next.split('\n').next().unwrap_or_default();
        if !continues(&link, line) {
            break;
        }
        link.push_str(line);
        rest = next.get(line.len()..).unwrap_or_default();
    }
    Some(link)
}

/// Whether a line is the rest of a link that the line above was cut in.
pub(crate) fn continues(link: &str, line: &str) -> bool {
    let broken = link.ends_with(['/', '-', '_', '?', '&', '=', '.']);
    !line.is_empty()
        && line.len() < 200
        && line.bytes().all(|b| b.is_ascii_graphic())
        && !line.starts_with("http")
        && (broken || line.contains(['/', '.', '=', '%']))
}

/// The host in lower case, without `www.`.
pub(crate) fn host(link: &str) -> Option<String> {
    let lower = link.trim().to_ascii_lowercase();
    let rest = lower
        .split_once("://")
        .map_or(lower.as_str(), |(_, rest)| rest);
    let host = rest.split(['/', '?', '#', ':']).next()?;
    let host = host.strip_prefix("www.").unwrap_or(host);
    (host.contains('.')).then(|| host.to_owned())
}

/// Host and path with query, for comparing pages; none for a bare host.
pub(crate) fn page_key(link: &str) -> Option<String> {
    let lower = link.trim().to_ascii_lowercase();
    let rest = lower
        .split_once("://")
        .map_or(lower.as_str(), |(_, rest)| rest);
    let rest = rest
        .strip_prefix("www.")
        .unwrap_or(rest)
        .trim_end_matches('/');
    rest.contains('/').then(|| rest.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_glued_cell_is_no_part_of_the_link() {
        let text = "见https://a.example/privacy.htmlQQ用于分享";
        let found = find(text);
        assert_eq!(&text[found[0].clone()], "https://a.example/privacy.html");
    }

    #[test]
    fn a_link_broken_over_lines_is_joined() {
        assert_eq!(
            first("https://a.example/docs/\nstart/agreement/\n六、").unwrap(),
            "https://a.example/docs/start/agreement/"
        );
    }
}
