//! Links in running text.

use std::ops::Range;

use crate::policy::pattern::Pattern;

mod key;

pub(crate) use key::{host, page_key};

static LINK: Pattern = Pattern::new(r#"(?i)(?:https?\s?:\s?//|www\.)[!-'*-;=?-Z_a-z~\[\]#@%\\]+"#);
/// A file name's end that a run-on line glued the next cell to.
static GLUED: Pattern = Pattern::new(r"\.(?:s?html?|jsp|php|aspx?|pdf)([A-Z]\w{1,30})$");
/// The word that a policy's address ends in, and a name of the next cell.
static GLUED_NAME: Pattern = Pattern::new(
    r"[/_-](?:privacy|policy|legal|agreement|protocol|terms|statement|contract)([A-Z]\w{1,30})$",
);

/// Whether a text holds `//` or `w.`, as each link does.
fn may_hold_link(text: &[u8]) -> bool {
    let mut marks = memchr::memchr2_iter(b'/', b'.', text);
    marks.any(|at| {
        let both = text.get(at.saturating_sub(1)..=at);
        matches!(both, Some(b"//" | b"w." | b"W."))
    })
}

/// The links of a normalised text.
pub(crate) fn find(text: &str) -> Vec<Range<usize>> {
    if !may_hold_link(text.as_bytes()) {
        return Vec::new(); // most texts
    }
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
            // Only a name in another script tells that the words are no path.
            let wide = text
                .get(found.start() + raw.len()..)
                .and_then(|rest| rest.chars().next())
                .is_some_and(|c| c.is_alphabetic());
            let named = wide.then(|| GLUED_NAME.captures(raw)).flatten();
            let glued = GLUED.captures(raw).or(named);
            let raw = match glued.and_then(|groups| groups.get(1)) {
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

/// Bytes of a link that the next line may still go on; the longest real ones
/// have some hundreds.
const MAX_LINK: usize = 4_096;

/// A link as a reader would copy it: a link broken over lines is joined. A full
/// stop at the end of a line may belong to the link.
pub(crate) fn first(text: &str) -> Option<String> {
    let found = find(text).into_iter().next()?;
    let mut link: String = text.get(found.clone())?.replace(['\\', ' '], "");
    let mut rest = text.get(found.end..).unwrap_or_default();
    if let Some(end) = end_behind_blank(&link, rest) {
        link.push_str(end);
        return Some(link);
    }
    let mark = rest.find('\n').and_then(|end| rest.get(..end));
    if let Some(mark @ ("." | "_" | ":")) = mark {
        let next = rest.get(mark.len() + 1..).unwrap_or_default();
        let line = next.split('\n').next().unwrap_or_default();
        if continues(&format!("{link}{mark}"), line) {
            link.push_str(mark);
            rest = rest.get(mark.len()..).unwrap_or_default();
        }
    }
    let cut = is_cut_anywhere(&link, rest);
    while let Some(next) = rest.strip_prefix('\n').filter(|_| link.len() < MAX_LINK) {
        let line = next.split('\n').next().unwrap_or_default();
        if !cut && !continues(&link, line) {
            break;
        }
        link.push_str(line);
        rest = next.get(line.len()..).unwrap_or_default();
    }
    Some(link)
}

/// The end of a file's name that a blank parts from its link: nothing else stands
/// in the cell, and the link has none yet (`https://a.example/pri vacy.html`).
fn end_behind_blank<'t>(link: &str, rest: &'t str) -> Option<&'t str> {
    let end = rest.strip_prefix(' ')?.trim_end();
    let (_, path) = link.split_once("://")?.1.split_once('/')?;
    let name = path.rsplit('/').next()?;
    let (stem, ending) = end.rsplit_once('.')?;
    let endings = ["html", "shtml", "htm", "aspx", "php", "jsp", "pdf"];
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "-_/".contains(c);
    (endings.contains(&ending) && stem.chars().all(plain) && !name.contains(['.', '?', '#']))
        .then_some(end)
}

/// Whether nothing but the pieces of a link is left of its cell: a narrow column
/// cuts a link wherever the line is full, and only the last piece is shorter
/// than the first. A capital word may be text.
fn is_cut_anywhere(link: &str, rest: &str) -> bool {
    const MAX_PIECES: usize = 12;
    let lines = || rest.trim_end().split('\n').skip(1);
    let piece = |line: &str| {
        let word = line.starts_with(|c: char| c.is_ascii_uppercase())
            && line.bytes().all(|b| b.is_ascii_alphabetic());
        !line.is_empty()
            && line.len() <= link.len() + 2
            && line.bytes().all(|b| b.is_ascii_graphic())
            && !word
            && !line.contains("://")
    };
    rest.starts_with('\n')
        && lines().take(MAX_PIECES + 1).count() <= MAX_PIECES
        && lines().all(piece)
}

/// Whether a line is the rest of a link that the line above was cut in.
pub(crate) fn continues(link: &str, line: &str) -> bool {
    let broken = link.ends_with(['/', '-', '_', '?', '&', '=', '.']) || ends_name(link, line);
    !line.is_empty()
        && line.len() < 200
        && line.bytes().all(|b| b.is_ascii_graphic())
        && !line.starts_with("http")
        && (broken || line.contains(['/', '.', '=', '%']))
}

/// Whether a line completes the ending of a file name: `policy.ht`, `ml`.
fn ends_name(link: &str, line: &str) -> bool {
    let ending = link.rsplit('.').next().unwrap_or_default();
    let whole = format!("{ending}{line}");
    let endings = ["html", "shtml", "htm", "aspx", "php", "jsp", "pdf"];
    !ending.is_empty() && ending.len() < 5 && endings.contains(&whole.as_str())
}

/// The address that a script leads to: `javascript:open('https://…')`, or what a
/// click calls.
pub(crate) fn in_script(script: &str) -> Option<&str> {
    let start = memchr::memmem::find(script.as_bytes(), b"http")?;
    let rest = script.get(start..)?;
    let quote = script.get(..start)?.chars().next_back()?;
    if !matches!(quote, '\'' | '"' | '`') || rest.len() > MAX_LINK {
        return None;
    }
    let address = rest.split(quote).next()?;
    let whole = address.len() < rest.len() && find(address).first() == Some(&(0..address.len()));
    (whole && !is_dead(address)).then_some(address)
}

/// Whether a link's target leads a reader nowhere: empty, a script, a place in
/// the page itself, or a file or host that only the author's machine has. A
/// fragment (`#lists`) counts as dead, as it cannot be the page of someone
/// else; the reader of a document knows which fragments have a target in it
/// (see `Link::dead`).
pub(crate) fn is_dead(target: &str) -> bool {
    let plain: String = target
        .chars()
        .filter(|c| !c.is_whitespace() && !c.is_control())
        .map(|c| c.to_ascii_lowercase())
        .collect();
    let plain = plain.trim_end_matches(';');
    if plain.is_empty() || plain.starts_with('#') || plain.contains("void(0)") {
        return true;
    }
    if matches!(plain, "null" | "undefined" | "none" | "about:blank" | "/") {
        return true;
    }
    if let Some((scheme, rest)) = plain.split_once(':')
        && scheme.bytes().all(|b| b.is_ascii_alphabetic())
    {
        return match scheme {
            "javascript" | "vbscript" | "about" | "file" | "data" | "blob" => true,
            "http" | "https" => is_dead_host(rest.trim_start_matches('/')),
            "localhost" => true,
            _ => false,
        };
    }
    is_dead_host(plain.trim_start_matches("//"))
        && (plain.starts_with("//") || plain.starts_with("localhost") || plain.starts_with("127."))
}

/// Whether what stands behind `http://` names no host that others can reach.
fn is_dead_host(rest: &str) -> bool {
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let host = authority.rsplit('@').next().unwrap_or_default();
    if host.starts_with("[::1]") {
        return true;
    }
    let host = host.split(':').next().unwrap_or_default();
    host.trim_matches('.').is_empty()
        || host == "localhost"
        || host == "0.0.0.0"
        || host.ends_with(".localhost")
        || (host.starts_with("127.") && host.bytes().all(|b| b.is_ascii_digit() || b == b'.'))
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
    fn a_glued_name_in_another_script_is_no_part_of_the_link() {
        let link = |text: &str| text.get(find(text)[0].clone()).unwrap().to_owned();
        assert_eq!(
            link("https://a.example/privacyQQ互联"),
            "https://a.example/privacy"
        );
        assert_eq!(
            link("https://a.example/privacyQQ "),
            "https://a.example/privacyQQ"
        );
        assert_eq!(link("https://a.example/docX互联"), "https://a.example/docX");
    }

    #[test]
    fn a_column_cuts_a_link_anywhere() {
        let joined = |text| first(text).unwrap();
        assert_eq!(
            joined("https://a.example/answer/61\n28543"),
            "https://a.example/answer/6128543"
        );
        assert_eq!(
            joined("https://a.example/privac\ny"),
            "https://a.example/privacy"
        );
        assert_eq!(
            joined("https://a.example/p\nPrivacy"),
            "https://a.example/p"
        );
        assert_eq!(
            joined("https://a.example/p\n隐私政策"),
            "https://a.example/p"
        );
    }

    #[test]
    fn links_that_lead_nowhere_are_told() {
        let dead = [
            "",
            "  ",
            "#",
            "#lists",
            "javascript:;",
            "JavaScript:void(0)",
            " java\nscript:alert(1)",
            "void(0);",
            "about:blank",
            "file:///C:/policy.html",
            "http://",
            "https:///",
            "http://localhost:8080/privacy",
            "localhost/privacy",
            "http://127.0.0.1/a",
            "http://[::1]:80/",
            "//localhost/a",
            "undefined",
        ];
        for target in dead {
            assert!(is_dead(target), "{target:?}");
        }
        let alive = [
            "https://a.example/privacy#sdk",
            "http://a.example",
            "//a.example/privacy",
            "a.example/privacy.html",
            "/privacy/sdk.html",
            "sdk-list.html",
            "mailto:privacy@a.example",
            "https://localhost.example/",
            "http://u@a.example:8080/x",
            "www.a.example",
            "https://a.example/?next=about:blank",
        ];
        for target in alive {
            assert!(!is_dead(target), "{target:?}");
        }
    }

    #[test]
    fn a_script_that_opens_an_address_leads_there() {
        for script in [
            "javascript:openUrl('https://a.example/p?x=1')",
            "window.open(\"https://a.example/p?x=1\", '_blank')",
        ] {
            assert_eq!(in_script(script), Some("https://a.example/p?x=1"));
        }
        for script in [
            "javascript:;",
            "go('/p')",
            "open('https://' + host)",
            "open('http://localhost/')",
            "open(https://a.example/)",
        ] {
            assert_eq!(in_script(script), None, "{script}");
        }
    }

    #[test]
    fn a_blank_in_a_file_name_parts_no_link() {
        let joined = |text| first(text).unwrap();
        assert_eq!(
            joined("http://a.example/pri vacy.html"),
            "http://a.example/privacy.html"
        );
        for text in [
            "http://a.example/x.html y.html",
            "http://a.example pri.html",
            "http://a.example/x see b.html",
            "http://a.example/x Privacy.pdf",
        ] {
            assert!(
                !joined(text).contains(['y', 'b']) || joined(text).ends_with("x.html"),
                "{text}"
            );
        }
    }

    #[test]
    fn a_link_broken_over_lines_is_joined() {
        assert_eq!(
            first("https://a.example/docs/\nstart/agreement/\n六、").unwrap(),
            "https://a.example/docs/start/agreement/"
        );
        assert_eq!(
            first("https://www.a.\nexample/policy.ht\nml").unwrap(),
            "https://www.a.example/policy.html"
        );
        assert_eq!(
            first("https://a.example/x.\n二、").unwrap(),
            "https://a.example/x"
        );
    }
}
