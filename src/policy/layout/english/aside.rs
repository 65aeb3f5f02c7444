//! Sections whose names are no part of the Android app: the web site, what was
//! removed, what is planned, the iPhone.

use std::ops::Range;

use crate::policy::document::LineKind;
use crate::policy::page::{Block, Line, Page};
use crate::policy::pattern::Pattern;
use crate::policy::sentence;

/// Longest heading, in characters.
const MAX_HEADING: usize = 72;

/// Headings of what a browser loads.
static WEB: Pattern = Pattern::new(
    r"(?i)\bweb ?(?:sites?|shops?|pages?)\b|\b(?:in|by|with|through) (?:an?|your|the) (?:web )?browsers?\b",
);

/// Words that bring the app into such a heading.
static APP: Pattern = Pattern::new(r"(?i)\b(?:apps?|applications?|games?|sdks?|mobile|android)\b");

/// Headings of what the app does not hold, or holds no longer or not yet.
static GONE: Pattern = Pattern::new(
    r"(?i)^(?:removed|not (?:embedded|included|used|in|part))\b|\b(?:may|might) change\b|\bwill (?:this|the) (?:list|page) (?:ever )?(?:change|grow)\b|\b(?:removed|former|past|retired|discontinued) (?:sdks?|partners?|services|components|librar\w+|providers?)\b|\bwe (?:have )?(?:dropped|removed|retired)\b|\bno longer\b|\bg(?:a|i)ven? up\b|\bused to\b|\b(?:is|are|do|does|did)(?: not|n['’]t) (?:there|in|part|contain|use|do)\b|\bplanned\b|\broadmap\b|\b(?:future|upcoming) (?:plans?|changes|versions?|partners?)\b|\bplans for\b|\boffice\b|\binternal (?:tools|software)\b|\brun (?:the|our) (?:firm|company|business|office)\b",
);

/// Headings of other systems.
static APPLE: Pattern = Pattern::new(r"(?i)\b(?:ios|iphones?|ipad(?:s|os)?)\b");

/// Headings of what third parties add to the app.
static SOFTWARE: Pattern = Pattern::new(
    r"(?i)\bsdks?\b|third[- ]part(?:y|ies)|\b(?:software|app) (?:components?|modules?|development)|\bcomponents?\b|\b(?:partners?|processors?|vendors?|providers?|librar(?:y|ies)|integrations?)\b|\bother companies\b|\bservices (?:we use|of others)\b",
);

/// What a section is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum About {
    /// Something outside the app.
    Outside,
    /// Another system; entries of a list tell that themselves.
    Apple,
    /// Third parties in the app.
    Software,
    /// An answer of a policy that tells its third parties question by question.
    Answer,
}

/// Questions that a document has when it is written as such.
const MIN_QUESTIONS: usize = 4;

/// Questions whose answers name what does something in the app.
static ASKS: Pattern = Pattern::new(
    r"(?i)^(?:and |but |so )?(?:who|what|which|where|how|why|can|are|is|does)\b.*\?$|^and\b.*\?$",
);

/// Questions about other things.
static ASKS_ELSE: Pattern = Pattern::new(
    r"(?i)\b(?:rights?|contact|delet\w+|forget|erase|children|kids|how long|keep|secur\w+|safe|law\w*|legal|cookies?|complain\w*|chang\w*|update\w*|about me|collect|sell|who (?:are|is)|this (?:policy|notice|page)|definitions?|terms)\b",
);

/// Sections of a document that tell what names in them are, in order.
#[derive(Debug, Default)]
pub(in crate::policy::layout) struct Asides(Vec<(Range<usize>, About)>);

impl Asides {
    /// Finds them.
    pub fn of(page: &Page) -> Self {
        let mut found: Vec<(Range<usize>, About)> = Vec::new();
        let mut open: Option<(Depth, usize, About)> = None;
        let answers = asks_of_others(page);
        for block in &page.blocks {
            let Block::Line(line) = block else { continue };
            let Some(depth) = depth(page, line) else {
                continue;
            };
            let about = about(page, line).or_else(|| {
                let asks = answers && is_question(page, line);
                asks.then_some(About::Answer)
            });
            let inside = |of: About| of == About::Software && about.is_some();
            if let Some((above, start, of)) = open
                && (depth.ends(above) || inside(of))
            {
                found.push((start..line.range.start, of));
                open = None;
            }
            if open.is_none() {
                // What a heading says of software does not make it a list itself.
                open = about.map(|about| match about {
                    About::Software | About::Answer => (depth, line.range.end, about),
                    _ => (depth, line.range.start, about),
                });
            }
        }
        found.extend(open.map(|(_, start, about)| (start..page.text.len(), about)));
        Self(found)
    }

    /// Whether a sentence at this place names nothing that is in the app.
    pub fn hold(&self, at: usize) -> bool {
        matches!(self.around(at), Some(About::Outside | About::Apple))
    }

    /// The same for an entry of a list; what it says of other systems it says
    /// itself.
    pub fn hold_entry(&self, at: usize) -> bool {
        self.around(at) == Some(About::Outside)
    }

    /// Whether a heading above says that what follows are third parties.
    pub fn speak_of_software(&self, at: usize) -> bool {
        self.around(at) == Some(About::Software)
    }

    /// Whether a place stands in an answer that may name third parties.
    pub fn answer(&self, at: usize) -> bool {
        self.around(at) == Some(About::Answer)
    }

    fn around(&self, at: usize) -> Option<About> {
        let after = self.0.partition_point(|(range, _)| range.start <= at);
        let (range, about) = after.checked_sub(1).and_then(|at| self.0.get(at))?;
        (at < range.end).then_some(*about)
    }
}

/// Whether a document asks and answers, and one of its questions is who else
/// gets data.
fn asks_of_others(page: &Page) -> bool {
    let mut questions = 0;
    let mut of_others = false;
    for block in &page.blocks {
        let Block::Line(line) = block else { continue };
        let text = page.get(&line.range);
        if text.ends_with('?') && depth(page, line).is_some() {
            questions += 1;
            of_others |= SOFTWARE.is_match(text);
        }
    }
    questions >= MIN_QUESTIONS && of_others
}

/// Whether a line asks who or what does something in the app.
fn is_question(page: &Page, line: &Line) -> bool {
    let inner = page.get(&sentence::strip_marker(page, &line.range));
    ASKS.is_match(inner) && !ASKS_ELSE.is_match(inner)
}

/// How deep a heading is, as far as the document tells.
#[derive(Debug, Clone, Copy)]
enum Depth {
    Level(u8),
    /// Dots of the number in front.
    Number(usize),
    Untold,
}

impl Depth {
    /// Whether a heading ends the section that `above` opened.
    fn ends(self, above: Depth) -> bool {
        match (self, above) {
            (Depth::Level(own), Depth::Level(above)) => own <= above,
            (Depth::Number(own), Depth::Number(above)) => own <= above,
            (Depth::Level(_), _) | (Depth::Number(_), Depth::Untold) => true,
            (Depth::Untold, Depth::Untold) => true,
            _ => false,
        }
    }
}

/// The depth of a line that may be a heading.
fn depth(page: &Page, line: &Line) -> Option<Depth> {
    if line.kind == LineKind::Heading {
        return Some(Depth::Level(line.level));
    }
    let text = page.get(&line.range);
    let short = text.chars().take(MAX_HEADING + 1).count() <= MAX_HEADING;
    if !short || text.ends_with(['.', ':', ';', ',', '!']) || text.contains("://") {
        return None;
    }
    let inner = page.get(&sentence::strip_marker(page, &line.range));
    if !inner.starts_with(char::is_uppercase) {
        return None;
    }
    let mark = sentence::marker(text).and_then(|end| text.get(..end));
    match mark {
        Some(mark) if mark.contains(|c: char| c.is_ascii_digit()) => Some(Depth::Number(
            mark.trim().trim_end_matches('.').matches('.').count(),
        )),
        None => Some(numbered(text).map_or(Depth::Untold, Depth::Number)),
        Some(_) => None, // an item of a list
    }
}

/// `4  What is not there`: a number and blanks.
fn numbered(text: &str) -> Option<usize> {
    let (number, _) = text.split_once(' ')?;
    let digits = number.chars().all(|c| c.is_ascii_digit() || c == '.');
    (digits && number.len() <= 6).then(|| number.matches('.').count())
}

/// What a heading says of its section.
fn about(page: &Page, line: &Line) -> Option<About> {
    let text = page.get(&line.range);
    if text.chars().take(MAX_HEADING + 1).count() > MAX_HEADING {
        return None;
    }
    let gone = GONE.is_match(text.trim_start_matches(|c: char| !c.is_alphabetic()));
    if gone || WEB.is_match(text) && !APP.is_match(text) {
        return Some(About::Outside);
    }
    let android = text.to_lowercase().contains("android");
    if APPLE.is_match(text) && !android {
        return Some(About::Apple);
    }
    SOFTWARE.is_match(text).then_some(About::Software)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::document;

    fn held(text: &str, name: &str) -> bool {
        let page = Page::of(&document::open("p.md", text.as_bytes()).unwrap().source);
        Asides::of(&page).hold(page.text.find(name).unwrap())
    }

    #[test]
    fn a_section_of_the_web_site_ends_with_the_next() {
        let text = "# Policy\n\n## Our website\n\nWe use Dunlin.\n\n### More\n\nAnd Grouse.\n\n## The app\n\nWe use Wader.\n";
        assert!(held(text, "Dunlin") && held(text, "Grouse") && !held(text, "Wader"));
    }

    #[test]
    fn headings_of_plain_text_open_sections_too() {
        let text = "4. What is not in the app\nWe do not use Dunlin.\n5. Partners\nWe use Wader.\n";
        assert!(held(text, "Dunlin") && !held(text, "Wader"));
        let text = "Removed\n\nDunlin (removed in 3.0).\n\nNotes\n\nWe use Wader.\n";
        assert!(held(text, "Dunlin") && !held(text, "Wader"));
        assert!(!held("Heron Browser\nDunlin\n", "Dunlin"));
        assert!(!held("## Website and app\n\nWe use Dunlin.\n", "Dunlin"));
    }
}
