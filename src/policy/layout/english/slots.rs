//! The places of an English sentence in which the name of a service stands:
//! `we use X`, `delivered by X`, `networks such as X`, `X collects …`.

use std::ops::Range;

use crate::policy::pattern::Pattern;

use super::super::prose;
use super::name::{self, Opening};
use super::words;

/// Names read behind one verb.
const MAX_OBJECTS: usize = 24;

/// Words between a verb and its object.
const MAX_BETWEEN: usize = 7;

/// The app takes in what follows.
static USES: Pattern = Pattern::new(
    r"(?x)\b(?i:(?:we|i|it|app|apps|application|applications|game|games|software|service|services|product|website\sand\sapp)(?:['’](?:ve|re|m))?\s+(?:\w+\s+){0,3}?)?
        (?:[Uu]s(?:e|es|ing)|employs?|integrates?|embeds?|includes?|incorporates?|contains?|bundles?|rel(?:y|ies)\son|works?\swith|partners?\swith|partnered\swith
        |tests?|testing|deploys?|utili[sz]es?|engages?|implements?|implemented|adopted|integrated|embedded|chose|built\son)\s+",
);

/// Who does, where those words say it.
static WHO: Pattern = Pattern::new(
    r"(?i)^(?:we|i|it|apps?|applications?|games?|software|services?|product|website)\b",
);

/// What follows does something for the app.
static BY: Pattern = Pattern::new(
    r"(?i)\b(?:powered|provided|delivered|handled|processed|served|supplied|measured|performed|analy[sz]ed|monitored|shown|displayed|drawn|carried out|checked|verified|managed|read|scanned|recogni[sz]ed|tracked|secured|protected|generated|rendered|translated|played|streamed|brokered|counted|caught|billed|enabled|made possible)\s+(?:\w+\s+){0,2}?(?:by|through|via|with|using)\s+",
);

/// The app does something with what follows: `we measure use with X`.
static WITH: Pattern = Pattern::new(
    r"(?i)\b(?:we|it|the app|the game)\s(?:also\s)?(?:measure|count|track|analy[sz]e|check|show|draw|display|deliver|monitor|play|translate|recogni[sz]e|verify|detect|process|handle|manage|validate|attribute|diagnose|serve|moderate|render|stream|authenticate|sync|synchroni[sz]e|secure|protect|personali[sz]e)(?:e?s)?\s[^.;,]{0,60}?\b(?:with|through|via|using)\s+(?:the help of\s+)?",
);

/// Known names alone are taken from here.
static GIVEN: Pattern = Pattern::new(
    r"(?i)\b(?:sent|transmitted|passed|forwarded|transferred|shared|given|goes|go)\s+(?:\w+\s+){0,3}?(?:to|with|through)\s+|\b(?:via|through|with the help of|by means of|by|from)\s+|^With\s+|,? (?:or|and) with\s+",
);

/// And from here: `we share your location with X`.
static GIVES: Pattern =
    Pattern::new(r"(?i)\b(?:send|share|transmit|pass|transfer)s?\b[^.;]{3,120}?\s(?:to|with)\s+");

/// Examples of a kind named before.
static SUCH: Pattern = Pattern::new(
    r"(?i)\b(?:such as|including|like|e\.g\.,?|namely|for example,?|for instance,?)\s+|\b(?:sdks?|kits?|modules?|components?|helpers|companies|partners?|providers?|networks?|services?|tools?|vendors?)\b[^.:;]*:\s+",
);

/// Kinds of services of others.
static KINDS: Pattern = Pattern::new(
    r"(?i)third[- ]part|\bsdks?\b|\b(?:partners?|providers?|networks?|vendors?|processors?|suppliers?|tools?|kits?|modules?|components?|librar(?:y|ies)|integrations?)\b|\b(?:analytics|advertising|crash|attribution|payment|mapping|map|push|messaging) (?:services?|solutions?|companies|platforms?)\b",
);

/// `our analytics provider, X`, `a tool called X`.
static CALLED: Pattern = Pattern::new(
    r"\b(?:[Oo]ur|[Tt]he|[Aa]n?|external|third-party) (?:[a-z-]+ ){0,4}?(?:provider|partner|vendor|supplier|network|platform|tool|service|sdk|SDK|library|processor|engine|kit|exchange)s?(?: called| named| is| are|,)?\s+",
);

/// What a service that opens a clause does.
static DOES: Pattern = Pattern::new(
    r"^(?: \([^)]{1,60}\))?,?\s(?:also |then |only |may |will |which |that |\w+ly ){0,3}?(?:checks?|delivers?|collects?|receives?|provides?|processes|helps?|powers?|handles?|sends?|measures?|shows?|serves?|reports?|tracks?|stores?|gathers?|tells?|gets|sees|reads|draws|counts|monitors|records|runs|lets|finds|keeps|transfers|transmits|uses|protects|is (?:told|given|responsible)|is (?:an?|the|our) [^.;]*(?:service|sdk|SDK|tool|platform|provider|library|network|engine))\b",
);

/// A verb behind a name that is the subject of its clause.
static ACTS: Pattern = Pattern::new(
    r"^(?: SDK)?(?: \([^)]{1,60}\))? (?:also |then |only |\w+ly )?(?P<verb>[a-z]{3,}s)\s",
);

/// Words that end as such verbs do, and verbs of definitions.
const NO_VERBS: [&str; 24] = [
    "accounts",
    "always",
    "apps",
    "as",
    "describes",
    "does",
    "explains",
    "has",
    "includes",
    "its",
    "laws",
    "means",
    "partners",
    "products",
    "refers",
    "services",
    "terms",
    "this",
    "tools",
    "users",
    "was",
    "applies",
    "customers",
    "perhaps",
];

/// Whether a name before a text does something.
pub(super) fn acts(behind: &str) -> bool {
    let verb = ACTS.captures(behind).and_then(|groups| groups.name("verb"));
    verb.is_some_and(|verb| !NO_VERBS.contains(&verb.as_str()))
}

/// Whether a text speaks of the app or those who make or use it.
pub(super) fn is_for_us(text: &str) -> bool {
    KINDS_OR_US.is_match(text)
}

/// Something is done by what follows.
static DONE_BY: Pattern = Pattern::new(
    r"(?i)\b(?:is|are|be|being)\s(?:\w+\s){0,2}?[a-z]+(?:ed|en|wn|ld|de|un|id|ought|rn|lt|ut|ad|et)\s(?:\w+\s)?by\s+",
);

/// The second of two that do something: `by A (…) and by B`.
static AND_BY: Pattern = Pattern::new(r"\) and by ");

/// What answers where something in the app comes from.
static COMES_FROM: Pattern = Pattern::new(r"\b(?:comes?|coming|arrives?) from (?:the )?");

/// `That is the job of X`.
static JOB: Pattern = Pattern::new(
    r"(?i)\b(?:job|task|work|business) of (?:the )?|\btaken care of by |\b(?:looked after|picked|sold|chosen) by ",
);

/// What a name before it is.
static SDK: Pattern = Pattern::new(r" SDK\b");

/// A further object of the verb before: `– it gets the log – and Dunlin for push`.
static FURTHER: Pattern = Pattern::new(r"(?:, | [-–—] |; |\) )and (?:also |by |with |on )?");

/// Where a clause starts inside a sentence.
static CLAUSE: Pattern = Pattern::new(
    r"(?m)^(?:To|In order to|For|When|If|On|In|With|At|By) [^,;\n]{3,160}, |^|; |: |, and |, while | [-–—] (?:and )?",
);

/// Words that part a verb from its object: what follows is none.
const STOPS: [&str; 40] = [
    "to",
    "with",
    "on",
    "in",
    "at",
    "your",
    "you",
    "their",
    "his",
    "her",
    "cookies",
    "cookie",
    "when",
    "if",
    "that",
    "which",
    "any",
    "for",
    "and",
    "or",
    "as",
    "because",
    "information",
    "data",
    "this",
    "these",
    "those",
    "whether",
    "what",
    "it",
    "them",
    "us",
    "is",
    "are",
    "was",
    "not",
    "no",
    "only",
    "where",
    "than",
];

/// Sentences about law: capitalised words in them are no services.
static LEGAL: Pattern = Pattern::new(
    r"(?i)\b(?:gdpr|clauses?|law|laws|courts?|jurisdiction|adequacy|articles?|art\.|framework|shield|act|regulation|authority|arbitration|encrypt\w*|licen[cs]ed?|apache-2\.0|gpl\S*|open[- ]source)\b",
);

/// The subject of a sentence is the app or the text itself: who provides it is
/// its maker.
static OF_APP: Pattern = Pattern::new(
    r"(?i)(?:\b(?:app|application|service|services|website|site|game|games|policy|notice|platform|product|software)s?|[“”]we[“”])\b[^,.;]*\b(?:is|are|was|were)\s*$",
);

/// `You can pay by`: what the user chooses is no part of the app.
static PAYS: Pattern =
    Pattern::new(r"(?i)\b(?:pay|paid|paying|settle|check ?out|order)(?: \w+)?\s*$");

/// `X is an analytics service provided by`.
static IS_A: Pattern = Pattern::new(r"\b(?:is|are) (?:an?|the) [^.;]*$|\bor by\b");

/// What a name belongs to that is no software of the app: `the X tile server`.
static SERVER: Pattern = Pattern::new(
    r"^(?: \([^)]*\))?(?: [a-z]+){0,2} (?:servers?|websites?|web site|database|data ?set|newsletter|store|community|forum|page|channel)\b",
);

/// What the section of a sentence is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    Anywhere,
    /// Third parties.
    Software,
    /// Who or what does something: the answer to a question.
    Answer,
}

/// A name in a slot, as offsets of the sentence.
#[derive(Debug, Clone)]
pub(super) struct Slot {
    pub opening: Opening,
    /// The slot alone says that it is a service of others; else only a known
    /// name in it is one.
    pub sure: bool,
}

/// The slots of a sentence. `own` says whether a text is the app's own name.
/// `place` tells what its section is about.
pub(super) fn find(text: &str, own: &dyn Fn(&str) -> bool, place: Place) -> Vec<Slot> {
    let lawful = !LEGAL.is_match(text);
    let mut found: Vec<Slot> = Vec::new();
    let mut add = |from: usize, sure: bool| {
        for opening in objects(text, from) {
            let name = text.get(opening.name.clone()).unwrap_or_default();
            let server = SERVER.is_match(text.get(opening.end..).unwrap_or_default());
            if !words::is_elsewhere(name) && !own(name) {
                let sure = sure && !server;
                found.push(Slot {
                    opening,
                    sure: sure && lawful && name.chars().count() >= 3,
                });
            }
        }
    };
    for uses in USES.find_iter(text) {
        let head = text.get(..uses.start()).unwrap_or_default().trim_end();
        // `if you use`, `when using`
        if WHO.is_match(uses.as_str()) || own_at_end(head, own) {
            add(uses.end(), true);
        }
    }
    let answers = place == Place::Answer;
    let passive = DONE_BY.find_iter(text).filter(|_| answers);
    let further = AND_BY
        .find_iter(text)
        .filter(|_| BY.is_match(text) || answers && DONE_BY.is_match(text));
    for by in BY.find_iter(text).chain(passive).chain(further) {
        let head = text.get(..by.start()).unwrap_or_default();
        if IS_A.is_match(head) || PAYS.is_match(head) || head.trim_end().ends_with(',') {
            continue; // whose service it is, or what the user pays with
        }
        add(by.end(), !OF_APP.is_match(head));
    }
    for job in JOB.find_iter(text) {
        add(job.end(), true);
    }
    for source in COMES_FROM.find_iter(text).filter(|_| answers) {
        add(source.end(), true);
    }
    for with in WITH.find_iter(text) {
        add(with.end(), true);
    }
    for such in SUCH.find_iter(text) {
        let head = text.get(..such.end()).unwrap_or_default();
        add(such.end(), KINDS.is_match(head));
    }
    for called in CALLED.find_iter(text) {
        let named = name::opening(text.get(called.end()..).unwrap_or_default());
        if named.is_some() {
            add(called.end(), true);
        }
    }
    for sdk in SDK.find_iter(text) {
        let head = text.get(..sdk.start()).unwrap_or_default().trim_end();
        if let Some(from) = prose::capitalised(head) {
            add(from, true);
        }
    }
    for given in GIVEN.find_iter(text).chain(GIVES.find_iter(text)) {
        if !PAYS.is_match(text.get(..given.start()).unwrap_or_default()) {
            add(given.end(), false);
        }
    }
    let first = found
        .iter()
        .filter(|slot| slot.sure)
        .map(|slot| slot.opening.end)
        .min();
    for further in FURTHER
        .find_iter(text)
        .filter(|further| first.is_some_and(|first| further.start() >= first))
    {
        let Some(opening) = name::opening(text.get(further.end()..).unwrap_or_default()) else {
            continue;
        };
        let opening = name::shifted(opening, further.end());
        let name = text.get(opening.name.clone()).unwrap_or_default();
        let rest = text.get(opening.end..).unwrap_or_default();
        let told = [" for ", " to ", ", which ", " which ", " as "]
            .iter()
            .any(|word| rest.starts_with(word));
        if told && !words::is_elsewhere(name) && !own(name) {
            found.push(Slot {
                opening,
                sure: lawful,
            });
        }
    }
    for clause in CLAUSE.find_iter(text) {
        let Some(opening) = name::opening(text.get(clause.end()..).unwrap_or_default()) else {
            continue;
        };
        let opening = name::shifted(opening, clause.end());
        let name = text.get(opening.name.clone()).unwrap_or_default();
        let behind = text.get(opening.end..).unwrap_or_default();
        let does = DOES.is_match(behind) || answers && acts(behind);
        if does && !words::is_elsewhere(name) && !own(name) {
            let for_us = KINDS_OR_US.is_match(text);
            let telling = match place {
                Place::Software => true,
                Place::Answer => for_us,
                Place::Anywhere => name::is_distinct(name) && for_us,
            };
            let sure = lawful && telling && !name::is_company(name);
            found.push(Slot { opening, sure });
        }
    }
    found
}

/// What a service does for the user or the app.
static KINDS_OR_US: Pattern =
    Pattern::new(r"(?i)\b(?:for us|us|our|your|me|my|the app|in the app|sdk|device)\b");

/// Whether the app's own name ends a text: `Quillow uses`.
fn own_at_end(head: &str, own: &dyn Fn(&str) -> bool) -> bool {
    let words: Vec<&str> = head.split(' ').rev().take(4).collect();
    (1..=words.len()).any(|count| {
        let start = words
            .iter()
            .take(count)
            .map(|word| word.len() + 1)
            .sum::<usize>()
            .saturating_sub(1);
        head.get(head.len().saturating_sub(start)..)
            .is_some_and(|name| name.chars().count() > 2 && own(name))
    })
}

/// The names behind a verb: `the map service A, B for ads and C`.
fn objects(text: &str, from: usize) -> Vec<Opening> {
    let mut found = Vec::new();
    let mut at = from;
    let rest = text.get(from..).unwrap_or_default();
    for (between, word) in rest.split(' ').enumerate() {
        let small = word
            .chars()
            .all(|c| c.is_ascii_lowercase() || matches!(c, '-' | '\'' | '’' | ','));
        if !small || word.is_empty() || name::opening(text.get(at..).unwrap_or_default()).is_some()
        {
            break;
        }
        let bare = word.trim_end_matches(',');
        if STOPS.contains(&bare) || between == MAX_BETWEEN {
            return found;
        }
        at += word.len() + 1;
    }
    while found.len() < MAX_OBJECTS {
        let skipped = article(text, at);
        let Some(opening) = name::opening(text.get(skipped..).unwrap_or_default()) else {
            break;
        };
        let opening = name::shifted(opening, skipped);
        let end = opening.end;
        found.push(opening);
        let Some(next) = next_item(text, end) else {
            break;
        };
        at = next;
    }
    found
}

fn article(text: &str, at: usize) -> usize {
    let rest = text.get(at..).unwrap_or_default();
    let word = ["the ", "a ", "an ", "our ", "also "]
        .iter()
        .find(|word| rest.starts_with(**word));
    at + word.map_or(0, |word| word.len())
}

/// Where the next item of a list starts, behind the purpose of this one.
fn next_item(text: &str, end: usize) -> Option<usize> {
    static NEXT: Pattern = Pattern::new(
        r"^(?: \([^)]{1,80}\))?(?: SDK| service)?(?: (?:for|to|as|in) [^,;.]{2,70}?)?(?:, and |, or |, plus |, as well as | and | or | & |, |; and |; )(?:also |by |with |from |through )?",
    );
    let found = NEXT.find(text.get(end..)?)?;
    Some(end + found.end())
}

/// The range of a slot's name.
impl Slot {
    pub fn range(&self) -> Range<usize> {
        self.opening.name.clone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sure(text: &str) -> Vec<&str> {
        let own = |name: &str| name == "Quillpad";
        let slots = find(text, &own, Place::Anywhere);
        let mut names: Vec<&str> = slots
            .into_iter()
            .filter(|slot| slot.sure)
            .map(|slot| &text[slot.range()])
            .collect();
        names.dedup();
        names
    }

    #[test]
    fn unknown_names_stand_in_slots() {
        assert_eq!(
            sure("We use Wader to count visits and Knot Maps for the map."),
            ["Wader", "Knot Maps"]
        );
        assert_eq!(
            sure("Quillpad integrates the crash tool Dunlin."),
            ["Dunlin"]
        );
        assert_eq!(sure("Ads are delivered by Grouse's TernMob."), ["TernMob"]);
        assert_eq!(
            sure("We share data with advertising networks such as Wader, Knot and Dunlin."),
            ["Wader", "Knot", "Dunlin"]
        );
        assert_eq!(
            sure("Since version 2 we've also been testing Dunlin, a small ad exchange."),
            ["Dunlin"]
        );
        assert_eq!(
            sure("Our analytics provider, Wader, counts visits."),
            ["Wader"]
        );
    }

    #[test]
    fn other_capitals_do_not() {
        for text in [
            "We use your information to comply with Maltese law.",
            "When you use Quillpad you agree to this.",
            "This service is provided by Lena Heron at no cost.",
            "We use SSL and cookies.",
            "You can read more in the Knot Gazette.",
            "The app is available in Google Play and the App Store.",
        ] {
            assert!(sure(text).is_empty(), "{text}: {:?}", sure(text));
        }
    }
}
