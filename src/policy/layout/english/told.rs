//! What English text tells of a service: the data that it gets, without what
//! it is said not to get, its purpose and its company.

use std::ops::Range;

use crate::policy::pattern::Pattern;

use super::name;
use crate::policy::Lexicon;
use crate::policy::page::Page;
use crate::policy::sentence;

/// Verbs of getting data.
static GETS: Pattern = Pattern::new(
    r"(?ix)\b(?:collect\w*|receiv\w+|gets?|got|reads?|sees?|keeps?|uses?|process(?:es|ed|ing)?|access(?:es|ed|ing)?|
        stor(?:es|ed|e)|gather\w*|obtain\w*|record(?:s|ed)|logs|transmit\w*|shar(?:e|es|ed|ing)|sends?|sent|transferr?(?:ed|s)?|
        (?:is|are)\s(?:passed|told|given|handed|forwarded)|learns?|knows?|takes?|measures|includ(?:e|es|ing)|needs|requires|data\s(?:processed|collected))\b",
);

/// Where a statement that something is not done starts.
static NOT: Pattern = Pattern::new(
    r"(?ix)\b(?:(?:do|does|did|will|would|can|could|shall|is|are|was|were|has|have|may|must)\s?(?:not|n[’']t)\b|cannot\b|can[’']t\b|won[’']t\b
        |(?:has|have|with)\s[^,.;]{3,80}?\s(?:switched|turned)\soff\b|\bno\s(?:\w+\s){1,3}?(?:is|are)\s|\b(?:has|have|had|gets?|receives?|obtains?|sees?|stores?|sends?)\sno\s(?:\w+\s)?(?:access|data|information|way|knowledge|personal|location|contacts?|names?|e-?mails?|identifiers?|ids?)\b|\bthere\s(?:is|are|was|were)\sno\b
        |never\b|but\snot\b|and\snot\b|nor\b|neither\b|without\b|no\slonger\s(?:use|contain|include|part|work|integrat|ship)\w*|
        (?:turned|switched)\soff\b|disabled\b|instead\sof\b|rather\sthan\b|not\s(?:your|the|any|used|collected|shared|sent)\b|,\sno\b|collects\sno\b|no\spersonal\b)",
);

/// Where it ends inside its sentence.
static NOT_UNTIL: Pattern = Pattern::new(
    r"(?i);|[,.]? but | [-–—] |, (?:and|so|which|while|it|they|we|only|instead)\b|\bwe (?:use|have|rely|work)\b|\bunless\b|\bexcept\b|\bother than\b",
);

/// `X is an analytics service provided by Y`.
static IS_A: Pattern = Pattern::new(
    r"(?i)^[^.;:]{2,120}? is (?:an?|the|our) (?P<what>[^.;:]{3,90}?)(?: (?:provided|offered|operated|developed|supplied|run|owned|made) by (?P<who>[^;:]{2,80}?))?(?:\.(?:\s|$)| that | which | and |,? depending |;|,|$)",
);

/// Who provides it, wherever that stands.
static PROVIDED: Pattern = Pattern::new(
    r"(?i)\b(?:provided|offered|operated|developed|supplied|owned|run|made) by (?:the )?",
);

/// A purpose in a sentence.
static PURPOSE: Pattern = Pattern::new(
    r"(?i)\b(?:in order to|so that|to (?:help|find|show|measure|analy[sz]e|send|deliver|provide|improve|understand|track|manage|process|display|serve|detect|prevent|verify|count|monitor|store|learn|draw|report|see|know)|for (?-i:[a-z]))[^,.;:]{3,120}",
);

/// Words whose full stop ends no sentence where a small letter or a bracket
/// follows.
const SHORT: [&str; 14] = [
    "Inc.", "Ltd.", "Co.", "Corp.", "B.V.", "N.V.", "S.A.", "S.r.l.", "s.r.o.", "L.P.", "Pty.",
    "Pte.", "a.s.", "No.",
];

/// Sentences of an English text: `Inc.` and `e.g.` end none.
pub(super) fn sentences(text: &str) -> Vec<Range<usize>> {
    let mut found: Vec<Range<usize>> = Vec::new();
    for piece in sentence::sentences(text) {
        let next = text.get(piece.clone()).unwrap_or_default().trim_start();
        let goes_on = found.last().is_some_and(|last| {
            let before = text.get(last.clone()).unwrap_or_default();
            let company = SHORT.iter().any(|word| before.ends_with(word));
            let small = next.starts_with(|c: char| {
                c.is_lowercase() || matches!(c, '(' | ',' | '-' | '–' | '—')
            });
            let in_link = before.ends_with('?')
                && !text
                    .get(piece.start..)
                    .is_some_and(|rest| rest.starts_with(char::is_whitespace));
            let state = ["U.S.", "U.K."].iter().any(|word| before.ends_with(word));
            in_link
                || state
                || company && small
                || ["e.g.", "i.e.", "vs.", "incl.", "approx."]
                    .iter()
                    .any(|word| before.ends_with(word))
        });
        match found.last_mut() {
            Some(last) if goes_on => last.end = piece.end,
            _ => found.push(piece),
        }
    }
    found
}

/// "For more information" is no purpose.
static NO_PURPOSE: Pattern = Pattern::new(
    r"(?i)^for (?:more|example|further|details|instance|advertising \()|privacy policy|see (?:the|its|their)\b",
);

/// Stretches of a text that say what is not done, by sentence.
pub(super) fn denied(text: &str) -> Vec<Range<usize>> {
    let mut found: Vec<Range<usize>> = Vec::new();
    for piece in sentences(text) {
        let words = text.get(piece.clone()).unwrap_or_default();
        for not in NOT.find_iter(words) {
            let start = piece.start + not.start();
            if found.last().is_some_and(|last| start < last.end) {
                continue;
            }
            let rest = words.get(not.end()..).unwrap_or_default();
            let end = NOT_UNTIL
                .find(rest)
                .map_or(piece.end, |until| piece.start + not.end() + until.start());
            found.push(start..end.max(start));
        }
    }
    found
}

/// A range of the page without the denied stretches in it.
pub(super) fn affirmed(page: &Page, range: &Range<usize>) -> Vec<Range<usize>> {
    let mut kept = Vec::new();
    let mut from = range.start;
    for gap in denied(page.get(range)) {
        let gap = range.start + gap.start..range.start + gap.end;
        kept.push(from..gap.start.max(from));
        from = gap.end;
    }
    kept.push(from..range.end);
    kept.retain(|part| !page.get(part).trim().is_empty());
    kept
}

/// What a passage says from its verb on, without what it says is not so: the
/// "never" stands before the verb.
pub(super) fn affirmed_from(page: &Page, range: &Range<usize>, verb: usize) -> Vec<Range<usize>> {
    let from = range.start + verb;
    let mut kept = affirmed(page, range);
    for part in &mut kept {
        part.start = part.start.max(from).min(part.end);
    }
    kept.retain(|part| !page.get(part).trim().is_empty());
    kept
}

/// Whether a sentence has a verb of getting data.
pub(super) fn collects(text: &str) -> bool {
    static STRICT: Pattern = Pattern::new(
        r"(?i)\b(?:collect\w*|receiv\w+|reads|sees|access(?:es|ed)|obtain\w*|gather\w*|stores|records|(?:is|are) sent)\b",
    );
    STRICT.is_match(text)
}

/// Whether a text has a verb of getting or giving data.
pub(super) fn is_got(text: &str) -> bool {
    GETS.is_match(text)
}

/// Where a text says that data is got.
pub(super) fn gets(text: &str) -> Option<usize> {
    static VERB: Pattern = Pattern::new(
        r"(?i)\b(?:collects|receives|processes|reads|sees|accesses|obtains|gets|uses|stores)\s",
    );
    VERB.find(text).map(|verb| verb.start())
}

/// Whether a text opens with `X is a … service`.
pub(super) fn is_service(text: &str) -> bool {
    static SERVICE: Pattern = Pattern::new(
        r"^[^.;:]{2,80}? is (?:an? |the |our )?[^.;:]*\b(?:service|SDK|sdk|tool|platform|network|provider|library|engine|software|solution|exchange)\b",
    );
    SERVICE.is_match(text)
}

/// The words of a description before its first mark, where they collect
/// nothing: `– shows ads. Collects …`.
pub(super) fn lead_words(page: &Page, range: &Range<usize>) -> Option<Range<usize>> {
    let text = page.get(range);
    let inner = text.trim_start_matches([' ', '\n', ':', '-', '–', '—', '.', ',', '*', '_', ')']);
    let start = range.end - inner.len();
    let end = inner.find(['.', ';', '\n', '(']).unwrap_or(inner.len());
    let words = inner.get(..end)?.trim_end();
    let short = (4..=140).contains(&words.chars().count());
    (short
        && !words.contains("://")
        && !words.contains(": ")
        && !collects(words)
        && !words.to_lowercase().contains("privacy policy"))
    .then(|| start..start + words.len())
}

/// Whether a text says that nothing is got.
pub(super) fn says_nothing(text: &str) -> bool {
    static NOTHING: Pattern = Pattern::new(
        r"(?i)\b(?:collects?|receives?|gets?|processes|stores?|sends?) (?:nothing|no (?:\w+ )?(?:data|information))\b|\bno personal (?:data|information)\b|\b(?:does|do) not (?:collect|receive|process|store|send) (?:any|personal)\b|\bno data (?:is|are) (?:collected|sent|shared)\b",
    );
    NOTHING.is_match(text)
}

/// The data that a passage about one service names: its sentences with a verb
/// of getting or full of terms, else all of it.
pub(super) fn data(page: &Page, lexicon: &Lexicon, range: &Range<usize>) -> Vec<Range<usize>> {
    let mut chosen = Vec::new();
    for piece in sentences(page.get(range)) {
        let piece = range.start + piece.start..range.start + piece.end;
        let words = page.get(&piece);
        if GETS.is_match(words) || super::super::density(words, lexicon) > 0.3 {
            chosen.extend(affirmed(page, &piece));
            continue;
        }
        // `Identification when you open an account: a picture of your face`
        let listed = words.split_once(": ").map(|(_, listed)| listed);
        if let Some(listed) = listed.filter(|listed| !lexicon.terms.find(listed).is_empty()) {
            chosen.extend(affirmed(page, &(piece.end - listed.len()..piece.end)));
        }
    }
    if chosen.is_empty() {
        chosen = affirmed(page, range);
    }
    chosen
}

/// The company that a passage says gets the data: `Knot Inc. receives …`.
pub(super) fn receiver(page: &Page, range: &Range<usize>) -> Option<Range<usize>> {
    static BEFORE: Pattern = Pattern::new(
        r"(?:^|[.,;:]\s|\bthen\s)(?P<who>[A-Z][^.,;:]{1,60}?(?:,? [A-Z][\w.]{1,11}))\s(?:receives?|collects?|gets?|processes|obtains?|sees)\b",
    );
    let text = page.get(range);
    BEFORE.captures_iter(text).find_map(|groups| {
        let who = groups.name("who")?;
        name::is_company(who.as_str()).then(|| range.start + who.start()..range.start + who.end())
    })
}

/// A company in a bracket of a passage.
pub(super) fn in_brackets(page: &Page, range: &Range<usize>) -> Option<Range<usize>> {
    static BRACKET: Pattern = Pattern::new(r"\(([A-Z][^()\n]{2,70})\)");
    BRACKET.captures_iter(page.get(range)).find_map(|groups| {
        let inner = groups.get(1)?;
        name::is_company(inner.as_str())
            .then(|| range.start + inner.start()..range.start + inner.end())
    })
}

/// The sentences of a passage that ask for permissions.
pub(super) fn permissions(page: &Page, range: &Range<usize>) -> Vec<Range<usize>> {
    static ASKS: Pattern = Pattern::new(
        r"(?i)\b(?:needs?|requires?|asks? for|requests?)\b[^.;]*\bpermissions?\b[^.;]*",
    );
    ASKS.find_iter(page.get(range))
        .flat_map(|found| told_range(page, range, found.range()))
        .collect()
}

fn told_range(page: &Page, range: &Range<usize>, inner: Range<usize>) -> Vec<Range<usize>> {
    affirmed(page, &(range.start + inner.start..range.start + inner.end))
}

/// What a passage says the service is for, and who provides it.
pub(super) fn is_a(page: &Page, range: &Range<usize>) -> (Vec<Range<usize>>, Option<Range<usize>>) {
    let text = page.get(range);
    let mut purpose = Vec::new();
    if let Some(what) = IS_A.captures(text).and_then(|groups| groups.name("what")) {
        purpose.push(range.start + what.start()..range.start + what.end());
    } else if let Some(found) = PURPOSE
        .find(text)
        .filter(|found| !NO_PURPOSE.is_match(found.as_str()))
    {
        purpose.push(range.start + found.start()..range.start + found.end());
    }
    let vendor = PROVIDED.find(text).and_then(|found| {
        let rest = text.get(found.end()..)?;
        let opening = name::opening(rest)?;
        let end = if opening.end > opening.name.end {
            opening.name.end
        } else {
            opening.end
        };
        let from = range.start + found.end();
        Some(from + opening.name.start..from + end)
    });
    (purpose, vendor)
}

/// The link of an entry: one called a privacy policy first, one to opt out last.
pub(super) fn link(page: &Page, range: &Range<usize>) -> Option<Range<usize>> {
    let text = page.get(range);
    let written = crate::policy::url::find(text).into_iter().map(|link| {
        (
            page.get(&(range.start + link.start..range.start + link.end))
                .to_lowercase(),
            range.start + link.start..range.start + link.end,
        )
    });
    let first = page
        .links
        .partition_point(|link| link.range.end <= range.start);
    let linked = page
        .links
        .iter()
        .skip(first)
        .take_while(|link| link.range.start < range.end);
    let linked = linked
        .filter(|link| link.target.starts_with("http"))
        .map(|link| {
            (
                format!("{} {}", page.get(&link.range), link.target).to_lowercase(),
                link.range.clone(),
            )
        });
    let rank = |words: &str| {
        let opts = ["opt-out", "opt out", "optout"]
            .iter()
            .any(|word| words.contains(word));
        let privacy = ["privacy", "legal", "gdpr", "policies"]
            .iter()
            .any(|word| words.contains(word));
        match (privacy, opts) {
            (true, false) => 0,
            (false, false) => 1,
            _ => 2,
        }
    };
    written
        .chain(linked)
        .min_by_key(|(words, at)| (rank(words), at.start))
        .map(|(_, at)| at)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn denied_words(text: &str) -> Vec<&str> {
        denied(text).into_iter().map(|range| &text[range]).collect()
    }

    #[test]
    fn what_is_not_got_is_left_out() {
        assert_eq!(
            denied_words("It gets the model. It does not receive the advertising ID or a name."),
            ["does not receive the advertising ID or a name."]
        );
        assert_eq!(
            denied_words("It reads the log, never your answers - and the model"),
            ["never your answers"]
        );
        assert_eq!(
            denied_words("It reads the IP address but not the phone number."),
            ["but not the phone number."]
        );
        assert!(denied_words("It reads the IP address and the model.").is_empty());
    }

    #[test]
    fn a_company_ends_no_sentence() {
        let text = "We use Dunlin, Inc. to count. It is of Knot Ltd. Data: none, e.g. Names.";
        let found: Vec<&str> = sentences(text)
            .into_iter()
            .map(|range| text[range].trim())
            .collect();
        assert_eq!(
            found,
            [
                "We use Dunlin, Inc. to count.",
                "It is of Knot Ltd.",
                "Data: none, e.g. Names."
            ]
        );
    }
}
