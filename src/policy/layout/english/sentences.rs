//! Sentences of English policies that name services: who gets what where one
//! sentence names several, what later sentences add, and what is said to be
//! gone or outside the app.

use std::ops::Range;

use crate::policy::pattern::Pattern;

use super::{Own, name, slots, told, words};
use crate::formats::limits::MAX_POLICY_RECORDS;
use crate::policy::Lexicon;
use crate::policy::layout::{Candidate, Parse, density};
use crate::policy::lexicon::{NameHit, Strength, squash_name};
use crate::policy::page::Page;
use crate::policy::{sentence, spans};

/// What is no longer there.
static GONE: Pattern = Pattern::new(
    r"(?i)\bused to (?:have|use|include|contain|be|ship|work with|rely)\b|\b(?:previously|formerly|once) (?:used|integrated|contained|included)\b|\b(?:was|were|been|got|is|are) (?:\w+ )?(?:removed|thrown out|dropped|discontinued|retired|taken out|ripped out)\b|\b(?:was|were|been) (?:switched|turned) off (?:in|with|since|when)\b|\bleft (?:the|our) app\b|\b(?:is|are) gone since\b|\b(?:have|has|we) (?:since )?(?:removed|dropped)\b|\bno longer (?:use|contain|include|part|in|integrat\w*|work|ship|embed\w*|present|rely)\b|\bstopped using\b|\b(?:decided|chose|opted) (?:against|not to)\b|\brefrain from\b|\b(?:until|up to|before|prior to) version\b[^.]*\b(?:had|contained|included|used|shipped)\b|\b(?:an?|the) (?:earlier|older|old|previous|former) version\b[^.]*\b(?:had|contained|included|used|shipped)\b|\b(?:took|taken|threw|thrown|ripped) (?:it|them|this|that|both) out\b",
);

/// What is only planned, asked or said of other apps, of what the user picks or
/// of the policy itself.
static ELSEWHERE: Pattern = Pattern::new(
    r#"(?ix)\b(?:toying\swith|thinking\s(?:of|about)|considering|plan(?:s|ning)?\sto|intends?\sto|hope\sto)\b[^.;]*\b(?:add|us|integrat|introduc|replac|switch|mov|adopt|try|test)\w*
        |\b(?:may|might|could)\s(?:\w+\s){0,2}?(?:add|replace|introduce|adopt|switch\sto|migrate|move\sto)\b
        |^\W*(?:in\s(?:the\s)?(?:near\s)?future|in\s20\d\d|next\syear|later),?\s(?:\w+\s){0,2}?(?:may|might|will|could|plans?)\b
        |\b(?:if|when|before|should)\swe\s(?:ever\s|later\s)?(?:add|use|start|integrate|switch|change)\b
        |\b(?:is|are)\s(?:meant|supposed|expected|due|planned|scheduled)\sto\b
        |\b(?:might|could)\s(?:\w+\s){0,2}?(?:use|integrate|include|embed|build\sin|bring\sin|try)\b
        |\b(?:may|might|could|will|would)\b[^.;]*\b(?:next\syear|later\sthis\syear|in\s(?:the\s)?(?:near\s)?future)\b
        |\b(?:testing|trying\sout|looking\s(?:at|into))\s(?:a\sway|ways|how)\b|\bif\sit\scomes\b
        |\b(?:one|some)\s?day\b|\bat\ssome\spoint\b|\bbefore\s(?:it|that|this)\shappens\b
        |\?["”'’*_\s]*$|^\W*["“][^"“”]{3,200}\?["”]
        |^\W*(?:other|some|many|most|several|certain|unlike)\s(?:[\w-]+\s){0,3}?(?:apps|vpns|games|competitors|developers|publishers)\b|\bcompetitors\b
        |\bapps?\s(?:that\s)?you\s(?:pick|choose|select)\b
        |\b(?:policy|page|notice|statement|document)\b[^.]{0,60}\b(?:created|generated|drafted|translated)\b"#,
);

/// A sentence about the app for another system.
static APPLE: Pattern =
    Pattern::new(r"(?i)^\W*(?:on|in|for) (?:the )?(?:ios|iphones?|ipads?|apple)\b");

/// What stands before it is not in the app.
static ABSENT: Pattern = Pattern::new(
    r"(?i)\b(?:is|are|was|were)(?:\snot|n[’']t|\snever)\s(?:\w+\s)?(?:in|inside|part of|built into|included|embedded|present|used)\b",
);

/// A sentence that takes back what the one before names.
static TAKEN_BACK: Pattern = Pattern::new(
    r"(?i)^\s*(?:that (?:is|was) (?:an?|another) (?:different|other)?|(?:neither|none) of (?:them|these|those|the two)\b|(?:it|they|both|these|this|those|all of them)\b.{0,30}\b(?:is|are|was|were)(?: not|n['’]t) .{0,30}\b(?:in|part of|inside|built into) (?:the|our) (?:app|game|application))",
);

/// What runs on a web site or in a mail and not in the app.
static OUTSIDE: Pattern = Pattern::new(
    r"(?i)\b(?:web ?sites?|web ?shop|newsletters?|help ?desk|support (?:tickets|requests|mails?|e-?mails?|team)|blogs?|landing pages?|letters|our (?:own )?servers?|hosting|hosted|data ?cent(?:er|re)s?|customer support|invoices?|book-?keeping|payroll|couriers?|shipping|parcels?|shipments?|goods|meals|our (?:customer|crm|back-?end|billing|booking|internal) (?:system|software|database)s?|payments? (?:are|is))\b",
);

/// Words that bring it into the app again.
static INSIDE: Pattern =
    Pattern::new(r"(?i)\b(?:apps?|applications?|sdks?|games?|mobile|android|device)\b");

/// Words near which a known name is a disclosure.
static NEAR: Pattern = Pattern::new(
    r"(?i)\b(?:sdks?|third[- ]part(?:y|ies)|provided by|rel(?:y|ies) on|work with|provider|partner|analytics|advertis\w*|ads?|crash|we (?:may )?(?:also )?use|uses?|using|such as|including|integrat\w*|tools?)\b",
);

/// Verbs behind which data stands.
static GETS: Pattern = Pattern::new(
    r"(?i)\b(?:collect\w*|receiv\w+|gets?|got|reads?|sees?|keeps|process(?:es|ed|ing)?|access(?:es|ed|ing)?|stor(?:es|ed)|gather\w*|obtain\w*|record(?:s|ed)?|holds|logs|transmits|transfers|uses|shares|sends|sent|(?:is|are) (?:passed|told|given|handed)|learns|knows|measures|needs your|we (?:share|send|transmit|pass on)|checks\b[^.;]{0,40}?\bwhether)\b",
);

/// `Crash reports are made with`: a known product behind it makes them.
static MADE_WITH: Pattern = Pattern::new(
    r"(?i)\b(?:is|are|was|were|be|being)\s(?:\w+ly\s)?(?:made|created|written|built|collected|gathered|prepared|produced|recorded|sent|caught|drawn|measured)\swith\s(?:the\shelp\sof\s)?(?:the\s)?$",
);

/// Verbs before the name that receives the data.
static SENDS: Pattern = Pattern::new(
    r"(?i)\b(?:send|share|transmit|pass|forward|transfer|upload|give|provide|disclose)s?\b|\b(?:sent|shared|transmitted|passed|forwarded|transferred|uploaded|collected|processed|received)\b",
);

/// Words that a sentence about those named before opens with.
static SAME: Pattern = Pattern::new(
    r"(?i)^\s*(?:(?P<all>both|they|these|each|all|for this|the (?:partners|networks|companies|providers|services|sdks))|(?P<one>it|this|the (?:sdk|service|tool|provider|library|company|data)|data)|(?:when|if|once|while|as soon as)\b[^.;]{0,90}?\s(?:(?P<both>they|both)|(?P<that>it|the (?:sdk|service|tool|library))))\b",
);

/// Links of a paragraph that are looked at for the names in it.
const MAX_LINKS: usize = 64;

/// Share of a bracket's letters that terms cover when it lists data.
const MOSTLY_DATA: f32 = 0.6;

/// A service that a sentence names.
struct Mention {
    name: Range<usize>,
    vendor: Option<Range<usize>>,
    sentence: Range<usize>,
    data: Vec<Range<usize>>,
    purpose: Vec<Range<usize>>,
    end: usize,
}

/// Reads one paragraph.
pub(super) fn read(
    page: &Page,
    lexicon: &Lexicon,
    own: &Own,
    paragraph: &Range<usize>,
    covered: &[Range<usize>],
    more: &dyn Fn(&Range<usize>) -> Vec<Range<usize>>,
) -> Vec<Parse> {
    let mut done: Vec<Mention> = Vec::new();
    let mut last: Vec<Mention> = Vec::new();
    if own.asides.hold(paragraph.start) {
        return Vec::new();
    }
    for piece in told::sentences(page.get(paragraph)) {
        let range = paragraph.start + piece.start..paragraph.start + piece.end;
        if spans::meets(covered, &range) {
            done.append(&mut last);
            continue;
        }
        if done.len() > MAX_POLICY_RECORDS {
            break; // the reader says that the list was cut
        }
        let text = page.get(&range);
        if TAKEN_BACK.is_match(text) || SAME.is_match(text) && GONE.is_match(text) {
            last.clear();
            continue;
        }
        let found = mentions(page, lexicon, own, &range, more);
        if found.is_empty() {
            add(page, &range, &mut last);
        } else {
            done.append(&mut last);
            last = found;
        }
    }
    done.append(&mut last);
    parses(page, paragraph, done)
}

/// Whether words head a list of data: `Data: location, IP address`.
fn is_label(words: Option<&str>) -> bool {
    let lower = words.unwrap_or_default().trim().to_lowercase();
    lower.starts_with("data") || lower.starts_with("information")
}

/// A sentence without names of its own adds to those named before it.
fn add(page: &Page, range: &Range<usize>, last: &mut [Mention]) {
    let text = page.get(range);
    let labelled = text.find(": ").filter(|at| is_label(text.get(..*at)));
    let data: Vec<Range<usize>> = labelled
        .or_else(|| GETS.find(text).map(|verb| verb.start()))
        .map(|from| told::affirmed_from(page, range, from))
        .unwrap_or_default();
    let same = SAME.captures(text);
    let count = last.len();
    let first = text
        .trim_start()
        .split([' ', ','])
        .next()
        .unwrap_or_default();
    for (at, mention) in last.iter_mut().enumerate() {
        let by_name = || {
            let owner = mention
                .vendor
                .as_ref()
                .map_or("", |vendor| page.get(vendor));
            first.len() > 2
                && (page.get(&mention.name).starts_with(first) || owner.starts_with(first))
        };
        let meant = match &same {
            Some(groups) if groups.name("all").or(groups.name("both")).is_some() => {
                !text.trim_start().to_lowercase().starts_with("both") || at + 2 >= count
            }
            Some(_) => at + 1 == count,
            None => by_name(),
        };
        let link = text.contains("://") && at + 1 == count;
        if meant || link {
            mention.sentence.end = range.end;
        }
        if meant {
            mention.data.extend(data.iter().cloned());
        }
    }
}

/// The services that one sentence names, with what it says of each.
fn mentions(
    page: &Page,
    lexicon: &Lexicon,
    own: &Own,
    range: &Range<usize>,
    more: &dyn Fn(&Range<usize>) -> Vec<Range<usize>>,
) -> Vec<Mention> {
    let text = page.get(range);
    let hits = lexicon.names.find(text);
    let others = more(range);
    if hits.is_empty() && others.is_empty() && !name::may_be_in(text) {
        return Vec::new(); // most sentences
    }
    let outside = OUTSIDE.is_match(text) && !INSIDE.is_match(text);
    let apple = APPLE.is_match(text) && !text.to_lowercase().contains("android");
    if GONE.is_match(text)
        || outside
        || apple
        || ELSEWHERE.is_match(text)
        || sentence::denies_sdks(text)
    {
        return Vec::new();
    }
    let place = if own.asides.answer(range.start) {
        slots::Place::Answer
    } else if own.asides.speak_of_software(range.start) {
        slots::Place::Software
    } else {
        slots::Place::Anywhere
    };
    let denied = told::denied(text);
    let mut found: Vec<(Range<usize>, Option<Range<usize>>)> = Vec::new();
    for slot in slots::find(text, &|name| own.is(name), place) {
        let name = text.get(slot.range()).unwrap_or_default();
        let known = hits
            .iter()
            .any(|hit| hit.strength == Strength::Product && covers(hit, &slot.range(), name));
        if known || slot.sure && (!OUTSIDE.is_match(text) || INSIDE.is_match(text)) {
            found.push((slot.range(), slot.opening.vendor));
        }
    }
    let answers = place == slots::Place::Answer;
    found.extend(known(text, &hits, answers).map(|name| (name, None)));
    found.extend(bracketed(text, &hits));
    found.extend(bold(page, lexicon, range));
    for name in others {
        found.push((name.start - range.start..name.end - range.start, None));
    }
    let owners: Vec<Range<usize>> = found
        .iter()
        .filter_map(|(_, owner)| owner.clone())
        .collect();
    let absent = ABSENT.find(text).map_or(0, |absent| absent.start());
    found.retain(|(name, _)| {
        // `Knot Maps (Knot, Inc.)` names one.
        let of_owner = |owner: &Range<usize>| owner.start <= name.start && name.end <= owner.end;
        name.end > absent && !owners.iter().any(of_owner)
    });
    found.retain(|(name, _)| {
        let words = text.get(name.clone()).unwrap_or_default();
        let no = denied
            .iter()
            .any(|gap| gap.start <= name.start && name.start < gap.end);
        // `"Share usage statistics"` names no product called Share.
        let common = words::is_common(words) && !words.to_lowercase().contains("sdk");
        !no && !common && !words::is_elsewhere(words) && !own.is(words)
    });
    found.sort_by(|a, b| a.0.start.cmp(&b.0.start).then(b.0.end.cmp(&a.0.end)));
    let mut kept: Vec<(Range<usize>, Option<Range<usize>>)> = Vec::new();
    for (name, vendor) in found {
        match kept.last_mut() {
            Some((last, owner)) if name.start < last.end => {
                if owner.is_none() && name.end >= last.end && vendor.is_some() {
                    *owner = vendor; // `Google's AdMob`: the slot tells both
                    *last = name;
                }
            }
            _ => kept.push((name, vendor)),
        }
    }
    told_of(page, lexicon, range, kept)
}

/// Bold names in the sentence that do something with data or for the app.
fn bold<'p>(
    page: &'p Page,
    lexicon: &'p Lexicon,
    range: &'p Range<usize>,
) -> impl Iterator<Item = (Range<usize>, Option<Range<usize>>)> + 'p {
    let told = || {
        let text = page.get(range);
        slots::is_for_us(text) || !lexicon.terms.find(text).is_empty()
    };
    page.strong_in(range).filter_map(move |strong| {
        let words = page.get(strong);
        let name = words.trim_end();
        let opening = name::opening(name).filter(|opening| opening.end == name.len())?;
        let behind = page.get(&(strong.start + name.len()..range.end));
        let start = strong.start.checked_sub(range.start)?;
        let shifted = name::shifted(opening, start);
        (slots::acts(behind) && told()).then_some((shifted.name, shifted.vendor))
    })
}

/// Names each with a bracket about it, three or more in a row: `Knot Ltd. (maps:
/// location), Wader (crashes: logs) and …`. Half of them are known or companies.
fn bracketed(text: &str, hits: &[NameHit]) -> Vec<(Range<usize>, Option<Range<usize>>)> {
    static ONE: Pattern = Pattern::new(r"[A-Z][^():;]{1,48}? \([^()]{4,240}\)");
    static BETWEEN: Pattern = Pattern::new(r"^(?:[,;]? and|[,;]|[,;]? as well as)\s$");
    let mut runs: Vec<Vec<Range<usize>>> = Vec::new();
    let mut end = None;
    for one in ONE.find_iter(text) {
        let words = one.as_str().split(" (").next().unwrap_or_default();
        let opening = name::opening(words);
        if opening.is_none_or(|opening| opening.name.start > 0 || opening.end < words.len()) {
            end = None;
            continue;
        }
        let between = end.and_then(|end: usize| text.get(end..one.start()));
        let goes_on = between.is_some_and(|between| BETWEEN.is_match(between));
        let name = one.start()..one.start() + words.len();
        match runs.last_mut() {
            Some(run) if goes_on => run.push(name),
            _ => runs.push(vec![name]),
        }
        end = Some(one.end());
    }
    let sure = |range: &&Range<usize>| {
        let words = text.get((*range).clone()).unwrap_or_default();
        let known = hits
            .iter()
            .any(|hit| hit.strength == Strength::Product && covers(hit, range, words));
        known || name::is_company(words)
    };
    runs.retain(|run| run.len() >= 3 && run.iter().filter(sure).count() * 2 >= run.len());
    runs.into_iter()
        .flatten()
        .map(|name| (name, None))
        .collect()
}

/// Whether a known name makes up most of a slot's.
fn covers(hit: &NameHit, range: &Range<usize>, name: &str) -> bool {
    hit.range.start >= range.start
        && hit.range.end <= range.end
        && hit.length * 2 >= squash_name(name).chars().count()
}

/// Known products in a sentence that speaks of third parties, or that open it;
/// an answer to who does something speaks of them anyway.
fn known<'t>(
    text: &'t str,
    hits: &'t [NameHit],
    answers: bool,
) -> impl Iterator<Item = Range<usize>> + 't {
    let speaks = answers || NEAR.is_match(text);
    let leads = |hit: &NameHit| {
        let rest = text.get(hit.range.end..).unwrap_or_default();
        hit.range.start == 0
            && [":", " (", " -", " –", " —", " is used to ", " is used for "]
                .iter()
                .any(|mark| rest.starts_with(mark))
    };
    let small = |hit: &NameHit| {
        let head = text.get(..hit.range.start).unwrap_or_default();
        hit.length >= 4
            && ([" by ", "We use ", "we use ", " SDK of "]
                .iter()
                .any(|word| head.ends_with(word))
                || MADE_WITH.is_match(head))
    };
    // `GlideBank` is not Glide.
    let inside = |hit: &NameHit| {
        let letter = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
        let before = text
            .get(..hit.range.start)
            .and_then(|head| head.chars().next_back());
        letter(before)
            || letter(
                text.get(hit.range.end..)
                    .and_then(|rest| rest.chars().next()),
            )
    };
    hits.iter()
        .filter(move |hit| !inside(hit))
        .filter(move |hit| speaks || leads(hit))
        .filter(|hit| hit.strength == Strength::Product)
        .filter(move |hit| {
            let name = text.get(hit.range.clone()).unwrap_or_default();
            hit.length >= 5 && name.contains(|c: char| c.is_uppercase()) || small(hit)
        })
        .map(|hit| hit.range.clone())
}

/// What a sentence says of each of its names: of one what stands up to the
/// next, of names in one list what stands behind the last.
fn told_of(
    page: &Page,
    lexicon: &Lexicon,
    range: &Range<usize>,
    names: Vec<(Range<usize>, Option<Range<usize>>)>,
) -> Vec<Mention> {
    let text = page.get(range);
    let at = |offset: usize| range.start + offset;
    let mut mentions: Vec<Mention> = Vec::new();
    let next = |index: usize| {
        names
            .get(index + 1)
            .map_or(text.len(), |(name, _)| name.start)
    };
    for (index, (name, vendor)) in names.iter().enumerate() {
        let behind = at(name.end)..at(next(index));
        let (purpose, company) = told::is_a(page, &(at(name.start)..behind.end));
        let vendor = vendor
            .clone()
            .map(|vendor| at(vendor.start)..at(vendor.end));
        let data = remark(page, lexicon, &behind)
            .map_or_else(Vec::new, |told| told::affirmed(page, &told));
        mentions.push(Mention {
            name: at(name.start)..at(name.end),
            vendor: vendor
                .or(bracket(page, &behind))
                .or(company.filter(|company| name::is_company(page.get(company)))),
            sentence: range.clone(),
            data,
            purpose,
            end: behind.end,
        });
    }
    let mut from = 0;
    while from < mentions.len() {
        let mut to = from;
        while let Some((this, next)) = mentions.get(to).zip(mentions.get(to + 1))
            && listed(page.get(&(this.name.end..next.name.start)))
        {
            to += 1;
        }
        let Some((name_end, end)) = mentions.get(to).map(|last| (last.name.end, last.end)) else {
            break;
        };
        let mut data = Vec::new();
        let behind = page.get(&(name_end..end));
        if handed(behind) {
            data = told::affirmed(page, &(name_end..end));
        } else if let Some(verb) = GETS.find(page.get(&(name_end..end))) {
            data = told::affirmed_from(page, &(name_end..end), verb.start());
        }
        let first = mentions
            .get(from)
            .map_or(range.start, |mention| mention.name.start);
        let head = range.start..first;
        if from == 0 && SENDS.is_match(page.get(&head)) {
            data.extend(told::affirmed(page, &head));
        }
        for mention in mentions.iter_mut().take(to + 1).skip(from) {
            mention.data.extend(data.iter().cloned());
        }
        from = to + 1;
    }
    mentions
}

/// What a bracket right behind a name tells behind its colon: `(maps: location)`,
/// or all of it where it is made of data: `(IP address, language)`.
fn remark(page: &Page, lexicon: &Lexicon, behind: &Range<usize>) -> Option<Range<usize>> {
    let text = page.get(behind);
    let inner = text.strip_prefix(" (")?;
    let start = behind.end - inner.len();
    let inner = inner.get(..inner.find(')')?)?;
    let all = start..start + inner.len();
    let Some((purpose, listed)) = inner.split_once(": ") else {
        return (density(inner, lexicon) > MOSTLY_DATA).then_some(all);
    };
    (!purpose.contains(',')).then(|| all.end - listed.len()..all.end)
}

/// Whether a text says that what it names goes to the one named before it.
fn handed(text: &str) -> bool {
    static HANDED: Pattern = Pattern::new(
        r"(?i)\b(?:is|are)\s(?:\w+\s)?(?:handed|sent|passed|given|transmitted|transferred|forwarded|shown|available)\s(?:over\s|on\s)?to\s(?:it|them|this)\b",
    );
    HANDED.is_match(text)
}

/// The company in a bracket right behind a name.
fn bracket(page: &Page, behind: &Range<usize>) -> Option<Range<usize>> {
    let text = page.get(behind);
    let inner = text
        .strip_prefix(" (")
        .or_else(|| text.strip_prefix(" SDK ("))?;
    let start = behind.end - inner.len();
    let end = start + inner.find(')').filter(|at| *at < 80)?;
    name::is_company(page.get(&(start..end))).then_some(start..end)
}

/// Whether what stands between two names makes them items of one list.
fn listed(between: &str) -> bool {
    between.len() < 70
        && !GETS.is_match(between)
        && ![" - ", " – ", " — ", ";", "."]
            .iter()
            .any(|mark| between.contains(mark))
}

/// The name itself, when it is a link to a page.
fn own_link(page: &Page, name: &Range<usize>) -> Option<Range<usize>> {
    let link = page.link_in(name)?;
    link.target.starts_with("http").then(|| name.clone())
}

/// The link of a paragraph that is called as a service is: `(Knot, Wader)` at
/// its end.
fn called(page: &Page, paragraph: &Range<usize>, name: &Range<usize>) -> Option<Range<usize>> {
    let name = page.get(name);
    let first = page
        .links
        .partition_point(|link| link.range.end <= paragraph.start);
    let inside = page.links.iter().skip(first).take(MAX_LINKS);
    inside
        .take_while(|link| link.range.start < paragraph.end)
        .filter(|link| link.target.starts_with("http"))
        .find(|link| page.get(&link.range).eq_ignore_ascii_case(name))
        .map(|link| link.range.clone())
}

/// One parse for each sentence; names met again add to their first mention.
fn parses(page: &Page, paragraph: &Range<usize>, mentions: Vec<Mention>) -> Vec<Parse> {
    let mut found: Vec<Candidate> = Vec::new();
    for mention in mentions {
        let key = squash_name(name::bare(page.get(&mention.name)));
        let context = mention.sentence.clone();
        let same = found
            .iter_mut()
            .find(|one| squash_name(name::bare(page.get(&one.name))) == key);
        if let Some(one) = same {
            one.data.extend(mention.data);
            one.purpose.extend(mention.purpose);
            one.context.push(context.clone());
            one.vendor = one.vendor.take().or(mention.vendor);
            if context.start <= one.whole.end + 1 {
                one.whole.end = one.whole.end.max(context.end);
            }
            continue;
        }
        let name = mention.name;
        found.push(Candidate {
            url: own_link(page, &name)
                .or_else(|| told::link(page, &context))
                .into_iter()
                .collect(),
            name,
            vendor: mention.vendor,
            data: mention.data,
            purpose: mention.purpose,
            context: vec![context.clone()],
            whole: context,
            prose: true,
            ..Candidate::default()
        });
    }
    for one in found.iter_mut().filter(|one| one.url.is_empty()) {
        one.url.extend(called(page, paragraph, &one.name));
    }
    found
        .into_iter()
        .map(|one| Parse {
            covered: one.whole.clone(),
            candidates: vec![one],
            score: 1.0,
        })
        .collect()
}
