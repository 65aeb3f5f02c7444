//! What a name looks like in English text: capitalised words, with a company
//! in brackets or behind "by".

use std::ops::Range;

use super::super::company::{self, is_form};
use super::words;

/// Words of one name at most.
const MAX_WORDS: usize = 8;

/// Bytes of a kind of service that a bracket with its name follows, at most.
const MAX_KIND: usize = 60;

/// Lower-case words that end a name: `Facebook account`, `Mapbox widget`.
const TAILS: [&str; 22] = [
    "account",
    "accounts",
    "login",
    "logins",
    "pixel",
    "plugin",
    "plug-in",
    "widget",
    "buttons",
    "button",
    "ads",
    "analytics",
    "sdk",
    "sdks",
    "api",
    "apis",
    "maps",
    "remarketing",
    "platform",
    "framework",
    "library",
    "engine",
];

/// A name at the start of a text, as offsets of that text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Opening {
    pub name: Range<usize>,
    pub vendor: Option<Range<usize>>,
    /// Where the text behind name and company starts.
    pub end: usize,
}

/// Whether a text ends in a company's legal form.
pub(super) fn is_company(text: &str) -> bool {
    company::ends_in_form(text)
}

/// Whether a text ends in a word that companies call themselves by.
fn is_corporate(text: &str) -> bool {
    const WORDS: [&str; 12] = [
        "Software",
        "Labs",
        "Group",
        "Media",
        "Systems",
        "Networks",
        "Solutions",
        "Interactive",
        "Studios",
        "Company",
        "Ventures",
        "Enterprises",
    ];
    text.rsplit_once(' ')
        .is_some_and(|(head, last)| WORDS.contains(&last) && head.split(' ').all(is_named))
}

/// Whether a word is written as a name is.
fn is_named(word: &str) -> bool {
    let word = word.trim_start_matches(['“', '"', '\'', '*', '_']);
    if is_contraction(word) {
        return false;
    }
    let path = ["android.", "com.", "www.", "http"]
        .iter()
        .any(|start| word.starts_with(start));
    if path || word.contains('_') || word.contains('@') {
        return false; // a package, a permission, an address
    }
    let Some(first) = word.chars().next() else {
        return false;
    };
    let inner = || word.chars().skip(1).any(char::is_uppercase) && first.is_alphabetic();
    let dotted = || {
        word.trim_end_matches('.')
            .split_once('.')
            .is_some_and(|(head, tail)| {
                head.len() > 1
                    && tail.len() > 1
                    && tail.chars().all(|c| c.is_ascii_lowercase() || c == '.')
            })
    };
    let digits =
        || first.is_ascii_digit() && word.chars().any(char::is_alphabetic) && word.len() > 2;
    first.is_uppercase() || inner() || dotted() || digits()
}

/// `We’ll`, `Don't`: two small words in one.
fn is_contraction(word: &str) -> bool {
    let parts = word.split_once(['\'', '’']);
    parts.is_some_and(|(head, tail)| {
        let tail = tail.trim_end_matches([',', '.', ';', ':']);
        matches!(tail, "ll" | "ve" | "re" | "d" | "m" | "t")
            || tail == "s" && ["It", "That", "What", "Here", "There", "Let", "Who"].contains(&head)
    })
}

/// Whether a text holds a word of a name: written as one, and none of those that
/// headings and kinds are made of.
pub(super) fn may_be_in(text: &str) -> bool {
    let kit = |word: &str| word.to_ascii_lowercase().contains("sdk");
    let of_name = |word: &str| is_named(word) && (!words::is_common(word) || kit(word));
    let within = |c: char| matches!(c, '(' | '[' | '/' | '-' | '–' | '—' | '*' | '_' | ':' | ',');
    text.split_whitespace()
        .any(|word| of_name(word) || word.contains(within) && word.split(within).any(of_name))
}

/// The words of a text with their offsets.
fn words(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let base = text.as_ptr() as usize;
    text.split([' ', '\n', '\t'])
        .take(MAX_WORDS + 3)
        .map(move |word| (word.as_ptr() as usize - base, word))
}

/// Where the capitalised words at the start of a text end.
fn run(text: &str) -> Option<usize> {
    let list: Vec<(usize, &str)> = words(text).collect();
    let mut end = None;
    let mut at = 0;
    while let Some((from, word)) = list.get(at).copied() {
        if at >= MAX_WORDS {
            break;
        }
        let bare = word.trim_end_matches([',', ';', ':', '.', ')', '”', '"', '?', '!', '*', '_']);
        let plain = bare.trim_start_matches(['“', '"', '*', '_']);
        let named = is_named(word) && !word.starts_with('(');
        let next = list.get(at + 1).map_or("", |(_, next)| *next);
        let after = list.get(at + 2).map_or("", |(_, next)| *next);
        let joins = at > 0
            && match plain {
                "&" | "+" => is_named(next),
                "of" => is_named(next) && !is_owned(text, &list, at),
                "for" => {
                    let kit = list.get(at - 1).is_some_and(|(_, before)| *before == "SDK");
                    is_named(next) && (kit || !words::is_common(next))
                        || next.starts_with("Firebase")
                }
                "in" => next == "with" && is_named(after),
                "with" => {
                    is_named(next)
                        && list
                            .get(at - 1)
                            .is_some_and(|(_, before)| before.to_lowercase().ends_with("in"))
                }
                _ => false,
            };
        let tail = at > 0 && TAILS.contains(&plain);
        if !named && !joins && !tail {
            break;
        }
        if named || tail {
            end = Some(from + bare.len());
        }
        let form = is_form(word);
        if form && is_short(word) {
            end = Some(from + word.trim_end_matches([',', ';', ':']).len());
        }
        // A mark behind the word ends the name, but `Stripe, Inc.` goes on.
        let marked = word.len() > bare.len() && (!form || word.ends_with([',', ';', ':']));
        let goes_on = || is_form(next);
        if form && !goes_on() {
            break;
        }
        if marked && !goes_on() {
            if word.ends_with('.') && plain.len() == 1 {
                // `A. Identifiers`
                return None;
            }
            break;
        }
        at += 1;
    }
    end
}

/// Whether "of" at a place of a name says whose it is: `Knot SDK of Wader Ltd.`
fn is_owned(text: &str, list: &[(usize, &str)], at: usize) -> bool {
    let kit = at > 0
        && list
            .get(at - 1)
            .is_some_and(|(_, before)| matches!(*before, "SDK" | "API" | "SDKs"));
    let behind = list.get(at + 1).and_then(|(from, _)| text.get(*from..));
    let owner = behind.and_then(|rest| rest.get(..run(rest)?));
    kit || owner.is_some_and(is_company)
}

/// Whether the full stop behind a legal form is part of it.
pub(super) fn is_short(word: &str) -> bool {
    let word = word.trim_end_matches([',', ';', ':']);
    let inner = word.trim_end_matches('.').contains('.');
    inner
        || [
            "inc.", "ltd.", "co.", "corp.", "pty.", "pte.", "kft.", "lda.", "ltda.",
        ]
        .contains(&word.to_lowercase().as_str())
}

/// `Crash reports (Dunlin)`: a kind of service and its name.
fn of_kind(text: &str) -> Option<Opening> {
    // Only so far as the kind may be long: a text without brackets is not read whole.
    let mut openings = text.as_bytes().windows(2).take(MAX_KIND + 1);
    let (kind, inner) = text.split_at_checked(openings.position(|two| two == b" (")?)?;
    let inner = inner.strip_prefix(" (")?;
    let told = inner.get(..inner.find(')').filter(|at| *at < 60)?)?;
    let from = text.len() - inner.len();
    if !kind.starts_with(char::is_uppercase) || !words::is_common(kind) {
        return None;
    }
    let named = opening(told).filter(|named| named.end == told.len())?;
    Some(Opening {
        end: from + told.len() + 1,
        ..shifted(named, from)
    })
}

/// The name that a text opens with; none when it opens with nothing but words
/// of headings and kinds.
pub(super) fn opening(text: &str) -> Option<Opening> {
    if let Some(named) = of_kind(text) {
        return Some(named);
    }
    let lead = text.len()
        - text
            .trim_start_matches([' ', '“', '"', '*', '_', '\''])
            .len();
    let body = text.get(lead..)?;
    let end = run(body)?;
    let mut name = lead..lead + end;
    let mut vendor = None;
    // `Google's AdMob`
    let words = text.get(name.clone())?;
    let owned = words
        .find("'s ")
        .map(|at| (at, at + 3))
        .or_else(|| words.find("’s ").map(|at| (at, at + "’s ".len())));
    if let Some((owner, rest)) = owned
        && !words::is_common(words.get(rest..)?)
        && !words::is_common(words.get(..owner)?)
    {
        vendor = Some(name.start..name.start + owner);
        name.start += rest;
    }
    let mut end = name.end;
    let behind = text.get(end..)?;
    let quote = behind.len() - behind.trim_start_matches(['”', '"', '*', '_', '\'']).len();
    let behind = behind.get(quote..)?;
    if let Some(inner) = behind
        .strip_prefix(" (")
        .or_else(|| behind.strip_prefix('('))
    {
        let open = text.len() - inner.len();
        let close = open + closing(inner).filter(|at| *at < 80)?;
        let told = text.get(open..close)?.trim_end();
        // `(Heron GmbH, Hafenstraße 3, Kiel)`
        let company = told
            .split_once(", ")
            .map(|(head, _)| head)
            .filter(|head| is_company(head));
        let told = company.unwrap_or(told);
        let first = text
            .get(name.clone())?
            .split(' ')
            .next()
            .unwrap_or_default();
        let repeats = told.len() > first.len() && told.starts_with(first) && told.contains(' ');
        if is_company(told)
            || is_corporate(told)
            || repeats && !told.to_lowercase().ends_with("sdk")
        {
            vendor = Some(open..open + told.len());
        } else if is_named(told) && !words::is_common(told) && told.split(' ').count() <= 6
            || told.starts_with("formerly ")
        {
            name.end = close + 1;
        }
        end = close + 1;
    }
    let behind = text.get(end..)?;
    // `Knot Software, Inc. (d/b/a Dunlin)`: the company, and what it calls itself.
    for word in [
        " d/b/a ",
        " (d/b/a ",
        " dba ",
        " trading as ",
        " (trading as ",
        ", trading as ",
    ] {
        if let Some(brand) = behind.strip_prefix(word)
            && let Some(length) = run(brand)
        {
            let from = text.len() - brand.len();
            vendor = Some(std::mem::replace(&mut name, from..from + length));
            end = from + length + usize::from(word.contains('('));
        }
    }
    let behind = text.get(end..)?;
    for word in [" by ", ", by ", " from ", ", from ", " of ", ", of "] {
        if let Some(maker) = behind.strip_prefix(word)
            && let Some(length) = run(maker)
            && (word.ends_with("by ") || is_company(maker.get(..length)?))
        {
            let from = text.len() - maker.len();
            vendor = Some(from..from + length);
            end = from + length;
        }
    }
    (!words::is_common(text.get(name.clone())?)).then_some(Opening { name, vendor, end })
}

/// Where the bracket closes that a text stands in: `Knot (Europe) Ltd.)`.
fn closing(inner: &str) -> Option<usize> {
    let mut depth = 0usize;
    for (at, c) in inner.char_indices() {
        match c {
            '(' => depth += 1,
            ')' if depth == 0 => return Some(at),
            ')' => depth -= 1,
            '\n' => break,
            _ => {}
        }
    }
    inner.find(')') // one that is never closed
}

/// A name without the legal form of its company and the word SDK.
pub(super) fn bare(name: &str) -> &str {
    let mut name = name.trim();
    while let Some((head, last)) = name.rsplit_once(' ') {
        if !is_form(last) && !last.eq_ignore_ascii_case("sdk") {
            break;
        }
        name = head.trim_end_matches([',', ' ']);
    }
    name
}

/// How much a name says that it is one, apart from being capitalised: several
/// words, a capital or a digit or a dot inside.
pub(super) fn is_distinct(name: &str) -> bool {
    let telling = name
        .split(' ')
        .filter(|word| is_named(word) && !words::is_common(word))
        .count();
    let inner = |word: &str| {
        let small = word.chars().any(char::is_lowercase);
        small
            && word
                .chars()
                .skip(1)
                .any(|c| c.is_uppercase() || c.is_ascii_digit())
            || word.trim_end_matches('.').contains('.')
    };
    telling >= 2
        || telling == 1 && name.split(' ').count() > 1
        || name.split(' ').any(inner)
        || name.to_lowercase().ends_with("sdk")
}

/// The names of `A, B and C`, as offsets of the text; none when a piece is no
/// name.
pub(super) fn enumeration(text: &str) -> Option<Vec<Opening>> {
    let text = text.trim_end_matches(['.', ';', ' ', '\n']);
    let mut found = Vec::new();
    for piece in pieces(text) {
        let words = text.get(piece.clone())?;
        let opening = opening(words)?;
        if !words
            .get(opening.end..)?
            .trim_matches(['.', '*', '_', ' ', '”', '"', ')'])
            .is_empty()
        {
            return None;
        }
        found.push(shifted(opening, piece.start));
    }
    (!found.is_empty()).then_some(found)
}

/// The same opening at another offset.
pub(super) fn shifted(opening: Opening, by: usize) -> Opening {
    let shift = |range: Range<usize>| range.start + by..range.end + by;
    Opening {
        name: shift(opening.name),
        vendor: opening.vendor.map(shift),
        end: opening.end + by,
    }
}

/// Pieces between commas and "and", outside brackets; a legal form belongs to
/// the company before it.
fn pieces(text: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut depth = 0usize;
    let mut from = 0;
    for (at, c) in text.char_indices() {
        let rest = text.get(at..).unwrap_or_default();
        let cut = match c {
            '(' => {
                depth += 1;
                0
            }
            ')' => {
                depth = depth.saturating_sub(1);
                0
            }
            ',' | ';' | '\n' if depth == 0 => {
                let next = rest.get(1..).unwrap_or_default().trim_start();
                let word = next.split([' ', ',']).next().unwrap_or_default();
                usize::from(!is_form(word))
            }
            ' ' if depth == 0 && at >= from => [" and ", " or ", " & ", " as well as "]
                .iter()
                .find(|word| rest.starts_with(**word))
                .map_or(0, |word| word.len()),
            _ => 0,
        };
        if cut > 0 && at >= from {
            found.push(from..at);
            from = at + cut;
        }
    }
    found.push(from..text.len());
    found
        .into_iter()
        .filter_map(|piece| {
            let raw = text.get(piece.clone())?;
            let inner = raw.trim_start();
            let start = piece.end - inner.len();
            let skip = ["and ", "or ", "also ", "as well as "]
                .iter()
                .find(|word| inner.starts_with(**word));
            let start = start + skip.map_or(0, |word| word.len());
            let inner = text.get(start..piece.end)?.trim_end();
            (!inner.is_empty()).then(|| start..start + inner.len())
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Option<(&str, Option<&str>)> {
        let found = opening(text)?;
        Some((&text[found.name], found.vendor.map(|vendor| &text[vendor])))
    }

    #[test]
    fn a_name_with_its_company() {
        assert_eq!(
            read("Heron Maps (Heron Oy) draws maps"),
            Some(("Heron Maps", Some("Heron Oy")))
        );
        assert_eq!(
            read("Wader (Knot (Europe) S.à r.l.) pays"),
            Some(("Wader", Some("Knot (Europe) S.à r.l.")))
        );
        assert_eq!(
            read("Audio Grouse by Grouse Ltd. – speech"),
            Some(("Audio Grouse", Some("Grouse Ltd.")))
        );
        assert_eq!(
            read("Wader's TernMob, plus more"),
            Some(("TernMob", Some("Wader")))
        );
        assert_eq!(
            read("Dunlin (formerly Knot)"),
            Some(("Dunlin (formerly Knot)", None))
        );
        assert_eq!(read("Dunlin, Inc. does this"), Some(("Dunlin, Inc.", None)));
        assert_eq!(
            read("Sign in with Dunlin"),
            Some(("Sign in with Dunlin", None))
        );
        assert_eq!(
            read("Grouse Analytics for Dunlin to count"),
            Some(("Grouse Analytics for Dunlin", None))
        );
        assert_eq!(read("plover.io – maps"), Some(("plover.io", None)));
        assert_eq!(read("Service Providers: those who help"), None);
        assert_eq!(read("to facilitate our Service"), None);
        assert_eq!(read("A. Identifiers"), None);
        assert_eq!(read("Crash reports (Dunlin)"), Some(("Dunlin", None)));
        assert_eq!(read("Location (optional)"), None);
        assert_eq!(
            read("Dunlin Inc. Personal Data"),
            Some(("Dunlin Inc.", None))
        );
        assert_eq!(read("android.permission.CAMERA"), None);
    }

    #[test]
    fn enumerations_are_names_and_nothing_else() {
        let text = "Dunlin Ads, Knot Publisher Services (KPS), Plover, Inc. and Wader account";
        let names: Vec<&str> = enumeration(text)
            .unwrap()
            .into_iter()
            .map(|one| &text[one.name])
            .collect();
        assert_eq!(
            names,
            [
                "Dunlin Ads",
                "Knot Publisher Services (KPS)",
                "Plover, Inc.",
                "Wader account"
            ]
        );
        assert_eq!(enumeration("Dunlin Ads, and it counts visits"), None);
    }
}
