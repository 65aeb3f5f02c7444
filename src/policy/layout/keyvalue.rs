//! Key–value blocks: a name, then `key: value` lines about it.

use std::ops::Range;

use super::keys::{Keys, Pair};
use super::{
    Candidate, Parse, apart, bundle, density, english, grid, is_company, is_none_word, prose, score,
};
use crate::formats::limits::MAX_POLICY_RECORDS;
use crate::policy::Lexicon;
use crate::policy::document::LineKind;
use crate::policy::page::{Line, Page};
use crate::policy::roles::{self, Role};
use crate::policy::sentence;
use crate::policy::url;

/// An entry being read.
struct Open {
    candidate: Candidate,
    roles: Vec<Role>,
    /// The range that a continuation line would extend.
    last: Option<Role>,
    /// How deep the list item is indented that its last key stood in.
    items: Option<usize>,
    /// The name is a heading: its items may do without keys.
    headed: bool,
    /// The name is a line above the keys.
    titled: bool,
    /// How deep the items stand at least that are the value of its last key.
    below: Option<usize>,
}

/// Reads the blocks of a run of lines.
pub(super) fn read(page: &Page, lexicon: &Lexicon, lines: &[&Line]) -> Vec<Parse> {
    let mut blocks: Vec<Open> = Vec::new();
    let mut open: Option<Open> = None;
    let mut title: Option<Range<usize>> = None;
    let mut title_is_item = false;
    let mut title_is_heading = false;
    let mut gap = 0;
    let keys = Keys::learn(page, lexicon, lines);
    // Each line is asked once, and looked at many times.
    let told = lines.iter().map(|line| keys.pairs(page, &line.range));
    let told: Vec<Vec<Pair>> = told.collect();
    let party = party(page, &told);
    let companies_lead = companies_lead(&told);
    let lead = lead(&told, party);
    let mut held: Vec<Pair> = Vec::new();
    let companies_name = companies_name(page, lines, &told);
    let mut company: Option<Pair> = None;
    for (at, (line, pairs)) in lines.iter().zip(&told).enumerate() {
        if blocks.len() > MAX_POLICY_RECORDS {
            break; // the reader says that the list was cut
        }
        let mut pairs = pairs.clone();
        for pair in pairs.iter_mut().filter(|pair| pair.role == Role::Party) {
            pair.role = party;
        }
        for pair in pairs
            .iter_mut()
            .filter(|pair| companies_name && pair.role == Role::Vendor)
        {
            pair.role = Role::Name;
        }
        if let Some(open) = &mut open {
            if title.is_none() && is_item_of_value(page, lexicon, open, line, &pairs) {
                extend(open, &line.range);
                gap = 0;
                continue;
            }
            open.below = None;
        }
        let below_it = below(line, &pairs);
        if let Some(name) = named_before(page, lexicon, line, &pairs) {
            blocks.extend(open.take());
            open = Some(begin(name.clone(), name.start));
            title = None;
        }
        if pairs.is_empty() && open.is_some() {
            pairs.extend(linked(page, line));
        }
        let below_title = match &title {
            Some(name) => title_is_heading && grid::is_name(page.get(&bare(page, name)), lexicon),
            None => open.as_ref().is_some_and(|open| open.headed && gap == 0),
        };
        let says = |line: &Line| line.kind == LineKind::Item || is_bare(page, line);
        if pairs.is_empty() && below_title && says(line) {
            pairs.extend(keyless(page, lexicon, line));
        }
        if pairs.is_empty() {
            gap += 1;
            if let Some(name) = &mut title
                && ends_name(page, lexicon, name, lines, at, &told)
            {
                name.end = line.range.end;
                continue;
            }
            let continues = open.as_ref().is_some_and(|open| {
                title.is_none()
                    && (continues(page, open, line, gap)
                        || gap == 1 && wraps(page, open, lines, at, lexicon, &told))
            });
            if continues {
                if let Some(open) = &mut open {
                    extend(open, &line.range);
                }
                gap = 0;
            } else {
                if page.get(&line.range).starts_with(['该', '此']) {
                    continue; // a remark about the entry
                }
                let item = line.kind == LineKind::Item;
                if item && !grid::is_name(page.get(&line.range), lexicon) {
                    // An item without a key below a title, or among items with
                    // keys, says what the entry is for.
                    if title.is_some() && !title_is_item {
                        continue;
                    }
                    let heads = |open: &Open| {
                        let first = told.get(at + 1).and_then(|pairs| pairs.first());
                        first.is_some_and(|pair| open.roles.contains(&pair.role))
                    };
                    let remark = |open: &&mut Open| {
                        open.items == Some(line.indent) && gap == 1 && !heads(open)
                    };
                    if let Some(open) = open.as_mut().filter(remark) {
                        open.candidate.purpose.push(line.range.clone());
                        open.candidate.whole.end = line.range.end;
                        gap = 0;
                        continue;
                    }
                }
                title_is_item = item;
                title_is_heading = line.kind == LineKind::Heading;
                title = is_title(page, line, lexicon).then(|| line.range.clone());
                if title.is_some() || gap > 2 {
                    blocks.extend(open.take());
                }
            }
            continue;
        }
        if let [pair] = pairs.as_slice()
            && open
                .as_ref()
                .is_some_and(|open| is_paragraph(page, open, pair))
        {
            blocks.extend(open.take());
            title = None;
            continue;
        }
        for pair in pairs {
            if lead.is_some_and(|lead| {
                pair.role == lead || !held.is_empty() && pair.role != Role::Name
            }) {
                held.push(pair);
                continue;
            }
            if companies_lead && pair.role == Role::Vendor && opens(told.get(at + 1)) {
                company = Some(pair);
                continue;
            }
            let repeats = open.as_ref().is_some_and(|open| repeats(open, pair.role));
            if pair.role == Role::Name || title.is_some() || repeats {
                blocks.extend(open.take());
                if let Some(name) = title.take().filter(|_| pair.role != Role::Name) {
                    let mut one = begin(bare(page, &name), name.start);
                    one.headed = title_is_heading;
                    one.titled = true;
                    open = Some(one);
                }
            }
            if pair.role == Role::Name {
                let mut block = begin(pair.value.clone(), pair.start);
                for pair in company.take().into_iter().chain(held.drain(..)) {
                    block.candidate.whole.start = block.candidate.whole.start.min(pair.start);
                    put(page, &mut block, &pair);
                }
                open = Some(block);
                title = None;
            } else if let Some(open) = &mut open {
                put(page, open, &pair);
                open.items = (line.kind == LineKind::Item).then_some(line.indent);
            }
        }
        if let Some(open) = &mut open {
            open.below = below_it;
        }
        gap = 0;
    }
    blocks.extend(open);
    group(page, lexicon, blocks)
}

/// Whether a line opens with the key of a name.
fn opens(pairs: Option<&Vec<Pair>>) -> bool {
    let first = pairs.and_then(|pairs| pairs.first());
    first.is_some_and(|pair| pair.role == Role::Name)
}

/// Whether the company stands above the name in the first block.
fn companies_lead(lines: &[Vec<Pair>]) -> bool {
    let told =
        |pair: &&Pair| matches!(pair.role, Role::Vendor | Role::Name) && !pair.value.is_empty();
    let first = lines.iter().enumerate().find_map(|(at, pairs)| {
        let role = pairs.iter().find(told).map(|pair| pair.role)?;
        Some((at, role))
    });
    first.is_some_and(|(at, role)| role == Role::Vendor && opens(lines.get(at + 1)))
}

/// The key that opens every block in front of the name, where one does:
/// `Purpose: … Partners: A, B`. None stands behind the last name.
fn lead(lines: &[Vec<Pair>], party: Role) -> Option<Role> {
    let roles = lines.iter().flatten().map(|pair| match pair.role {
        Role::Party => party,
        role => role,
    });
    let roles: Vec<Role> = roles
        .filter(|role| !matches!(role, Role::Aside | Role::Other))
        .collect();
    let lead = *roles.first()?;
    let mut blocks = roles.split(|role| *role == Role::Name);
    let last = blocks.next_back()?;
    let leads = |block: &[Role]| block.iter().filter(|role| **role == lead).count() == 1;
    let names = roles.iter().filter(|role| **role == Role::Name).count();
    let may = matches!(lead, Role::Purpose | Role::Data | Role::Permission);
    (may && names >= 2 && blocks.all(leads) && !last.contains(&lead)).then_some(lead)
}

/// Longest key that need not be known, in bytes.
const MAX_KEY: usize = 40;

/// Whether the key of a company opens every block and none names a product:
/// `Recipient: Knot SDK (Knot Ltd.)`. No title stands above the later ones.
fn companies_name(page: &Page, lines: &[&Line], told: &[Vec<Pair>]) -> bool {
    let (mut blocks, mut below) = (0usize, 0usize);
    let mut before = false;
    for (line, pairs) in lines.iter().zip(told) {
        if pairs
            .iter()
            .any(|pair| matches!(pair.role, Role::Name | Role::Party))
        {
            return false;
        }
        if let Some(pair) = pairs.first().filter(|pair| pair.role == Role::Vendor) {
            if pair.start > bare(page, &line.range).start {
                return false; // a name stands in front of the key
            }
            blocks += 1;
            below += usize::from(before);
        }
        let key = page.get(&line.range).split_once(": ");
        before = !pairs.is_empty() || key.is_some_and(|(key, _)| key.len() <= MAX_KEY);
    }
    blocks >= 2 && below + 1 == blocks && page.language() == "en"
}

/// A title without its number.
fn bare(page: &Page, title: &Range<usize>) -> Range<usize> {
    sentence::strip_marker(page, title)
}

/// An item without a key below the heading that names its SDK: a company, data,
/// or what the SDK is for.
fn keyless(page: &Page, lexicon: &Lexicon, line: &Line) -> Option<Pair> {
    let value = bare(page, &line.range);
    let text = page.get(&value);
    let provided = text
        .strip_prefix('由')
        .and_then(|rest| rest.strip_suffix("提供"));
    let (role, value) = if let Some(company) = provided {
        let start = value.start + '由'.len_utf8();
        let end = start + company.len();
        let blanks = company.len() - company.trim_start().len();
        (
            Role::Vendor,
            start + blanks..end - (company.len() - company.trim_end().len()),
        )
    } else if let Some((role, at)) = dashed(text) {
        (role, value.start + at..value.end)
    } else if is_company(text) || lexicon.companies.groups(text).is_some() {
        (Role::Vendor, value)
    } else if density(text, lexicon) > 0.5 {
        (Role::Data, value)
    } else if text.chars().count() <= MAX_PURPOSE {
        (Role::Purpose, value)
    } else {
        return None;
    };
    Some(Pair {
        role,
        start: line.range.start,
        value,
    })
}

/// The key in front of a dash and where its value starts: `Provider - X`.
fn dashed(text: &str) -> Option<(Role, usize)> {
    let (key, value) = [" - ", " – ", " — "]
        .iter()
        .find_map(|dash| text.split_once(dash))?;
    Some((roles::of(key)?, text.len() - value.len()))
}

/// Whether a paragraph is nothing but one value: short, and no sentence.
fn is_bare(page: &Page, line: &Line) -> bool {
    let text = page.get(&line.range);
    line.kind == LineKind::Text
        && text.chars().count() <= MAX_BARE
        && !text.contains([':', '。', ';', ','])
        && !prose::is_sentence(text)
        && roles::of(text).is_none()
}

/// Longest value that is a paragraph of its own, in characters.
const MAX_BARE: usize = 24;

/// Longest purpose of an item without a key, in characters.
const MAX_PURPOSE: usize = 60;

/// What a key that says only "third party" stands for: the product, unless
/// another key names the product or the values are companies.
fn party(page: &Page, lines: &[Vec<Pair>]) -> Role {
    let mut parties = 0usize;
    let mut companies = 0usize;
    for pair in lines.iter().flatten() {
        match pair.role {
            Role::Name => return Role::Vendor,
            Role::Party => {
                parties += 1;
                companies += usize::from(is_company(page.get(&pair.value)));
            }
            _ => {}
        }
    }
    if companies * 2 > parties {
        Role::Vendor
    } else {
        Role::Name
    }
}

/// A name in front of the keys of its line: `12、某某组件 公司:… 用途:…`.
fn named_before(
    page: &Page,
    lexicon: &Lexicon,
    line: &Line,
    pairs: &[Pair],
) -> Option<Range<usize>> {
    let [first, _, ..] = pairs else { return None };
    let inner = sentence::strip_marker(page, &line.range);
    let text = page.get(&(inner.start..first.start.max(inner.start)));
    let words = text.trim_end_matches([' ', ',', ';', ':', '-', '—', '(', '|']);
    let name = inner.start..inner.start + words.len();
    let short = (2..=40).contains(&words.chars().count()) && !words.contains(['。', ',', ';', ':']);
    (first.role != Role::Name
        && short
        && !prose::is_generic(words)
        && (grid::is_name(words, lexicon) || !prose::is_sentence(words)))
    .then_some(name)
}

/// A line that is only a link called "privacy policy" or the like.
fn linked(page: &Page, line: &Line) -> Option<Pair> {
    let text = page.get(&line.range);
    let whole = page.links.iter().any(|link| {
        link.range.start <= line.range.start
            && line.range.end <= link.range.end
            && link.target.starts_with("http")
    });
    let told = roles::of(text) == Some(Role::Url) || line.kind == LineKind::Item;
    (whole && told).then(|| Pair {
        role: Role::Url,
        start: line.range.start,
        value: line.range.clone(),
    })
}

fn begin(name: Range<usize>, start: usize) -> Open {
    Open {
        candidate: Candidate {
            whole: start..name.end,
            name,
            ..Candidate::default()
        },
        roles: vec![Role::Name],
        last: Some(Role::Name),
        items: None,
        headed: false,
        titled: false,
        below: None,
    }
}

/// How deep the items stand at least that are the value of the last key of a
/// line: there is no other, as in `Data:` above a list of data.
fn below(line: &Line, pairs: &[Pair]) -> Option<usize> {
    let last = pairs.last()?;
    let listed = matches!(last.role, Role::Data | Role::Permission | Role::Purpose);
    let deeper = 2 * usize::from(line.kind == LineKind::Item);
    (listed && last.value.is_empty()).then_some(line.indent + deeper)
}

/// Whether a line is an item of the value that its entry's last key lacked. A key
/// in it is part of the value unless it is one of those that entries have.
fn is_item_of_value(
    page: &Page,
    lexicon: &Lexicon,
    open: &Open,
    line: &Line,
    pairs: &[Pair],
) -> bool {
    let deep = open.below.is_some_and(|below| line.indent >= below);
    let inner = |pair: &Pair| {
        matches!(
            pair.role,
            Role::Data | Role::Permission | Role::Aside | Role::Other
        )
    };
    deep && line.kind == LineKind::Item
        && pairs.iter().all(inner)
        && (!pairs.is_empty() || !grid::is_name(page.get(&line.range), lexicon))
}

/// A key that the open entry has already starts another entry; links and
/// purposes may repeat.
fn repeats(open: &Open, role: Role) -> bool {
    matches!(role, Role::Vendor | Role::Data) && {
        let after = open.roles.iter().position(|r| *r == role);
        after.is_some_and(|at| open.roles.len() > at + 1)
    }
}

/// Whether a line with the key of a purpose that the entry has already is a
/// paragraph about other SDKs: `渠道服说明:…联运SDK,包括:A SDK、B SDK。…`.
fn is_paragraph(page: &Page, open: &Open, pair: &Pair) -> bool {
    let text = page.get(&pair.value);
    let sdks = || text.to_ascii_lowercase().matches("sdk").take(2).count();
    pair.role == Role::Purpose
        && open.roles.contains(&pair.role)
        && text.contains('。')
        && sdks() > 1
}

fn put(page: &Page, open: &mut Open, pair: &Pair) {
    let candidate = &mut open.candidate;
    candidate.whole.end = candidate.whole.end.max(pair.value.end);
    open.roles.push(pair.role);
    open.last = Some(pair.role);
    if pair.value.is_empty() {
        return;
    }
    let value = pair.value.clone();
    match pair.role {
        Role::Vendor | Role::Party => {
            let text = page.get(&value);
            if candidate.vendor.is_none() && !is_none_word(text) {
                candidate.vendor = Some(value);
            }
        }
        Role::Purpose => candidate.purpose.push(value),
        Role::Data => candidate.data.push(value),
        Role::Permission => candidate.permissions.push(value),
        // The privacy page goes before the vendor's other pages.
        Role::Url => candidate.url.insert(0, value),
        Role::Site => candidate.url.push(value),
        Role::Platform => candidate.platform.push(value),
        Role::Package => candidate.context.push(value),
        Role::Status => candidate.status = Some(value),
        Role::Manner => candidate.manner = Some(value),
        _ => {}
    }
}

/// Lines looked ahead for the key that follows a wrapped value.
const WRAPPED_LINES: usize = 4;

/// A line that the value of the line above was broken into: it is indented
/// deeper than the key, or stands between two keys of one entry.
fn wraps(
    page: &Page,
    open: &Open,
    lines: &[&Line],
    at: usize,
    lexicon: &Lexicon,
    told: &[Vec<Pair>],
) -> bool {
    let Some((line, above)) = lines
        .get(at)
        .zip(at.checked_sub(1).and_then(|at| lines.get(at)))
    else {
        return false;
    };
    let text = page.get(&line.range);
    let plain = line.kind == LineKind::Text && !line.apart && sentence::marker(text).is_none();
    let value = open.candidate.whole.end;
    // A mark at the end of a line is not part of its value.
    let between = |c: char| c.is_whitespace() || matches!(c, ',' | ';');
    let below =
        value <= line.range.start && page.get(&(value..line.range.start)).chars().all(between);
    let inline = page.get(&above.range);
    if !plain || !below || inline.ends_with('。') {
        return false;
    }
    // A key that nobody knows stands behind a company, not in it.
    if matches!(open.last, Some(Role::Vendor | Role::Party)) && text.contains(':') {
        return false;
    }
    if matches!(open.last, Some(Role::Url | Role::Site)) {
        let value = inline.rsplit([':', ' ']).next().unwrap_or(inline);
        return url::continues(value, text);
    }
    // In Markdown only the marker tells the depth of the key's line.
    let deeper = line.indent >= above.indent + 2 || above.indent > 0 && line.indent == above.indent;
    let unfinished = inline.ends_with(['、', ',', '(', '/', ';']) || inline.ends_with("和");
    let next_key = || {
        let below = lines.iter().zip(told).skip(at + 1).take(WRAPPED_LINES);
        let mut below = below.take_while(|(line, _)| !line.apart && line.kind == LineKind::Text);
        let key = below.find_map(|(_, pairs)| pairs.first());
        key.is_some_and(|key| {
            // A company is the first thing said of the next entry.
            !matches!(key.role, Role::Name | Role::Party | Role::Vendor)
                && !open.roles.contains(&key.role)
        })
    };
    deeper || !grid::is_name(text, lexicon) && (unfinished || next_key())
}

/// A line that ends the name which the numbered line above begins: only both
/// together are a name, and a key follows.
fn ends_name(
    page: &Page,
    lexicon: &Lexicon,
    name: &Range<usize>,
    lines: &[&Line],
    at: usize,
    told: &[Vec<Pair>],
) -> bool {
    let Some((line, next)) = lines.get(at).zip(told.get(at + 1)) else {
        return false;
    };
    let begun = page.get(name);
    let both = name.start..line.range.end;
    let both = sentence::strip_marker(page, &both);
    line.kind == LineKind::Text
        && !line.apart
        && sentence::marker(begun).is_some()
        && sentence::marker(page.get(&line.range)).is_none()
        && !grid::ends_in_sdk(begun)
        && page.get(&(name.end..line.range.start)).trim().is_empty()
        && grid::is_name(page.get(&both), lexicon)
        && !next.is_empty()
}

/// A line without a key that belongs to the value above.
fn continues(page: &Page, open: &Open, line: &Line, gap: usize) -> bool {
    let text = page.get(&line.range);
    if gap > 1 || line.kind == LineKind::Heading {
        return false;
    }
    let valueless = page.get(&open.candidate.whole).ends_with(':');
    let last_is_link = matches!(open.last, Some(Role::Url | Role::Site));
    url::is_link(text) && last_is_link || valueless && !last_is_link
}

fn extend(open: &mut Open, range: &Range<usize>) {
    let candidate = &mut open.candidate;
    let end = std::mem::replace(&mut candidate.whole.end, range.end);
    let values: &mut Vec<Range<usize>> = match open.last {
        Some(Role::Data) => &mut candidate.data,
        Some(Role::Purpose) => &mut candidate.purpose,
        Some(Role::Url | Role::Site) => &mut candidate.url,
        Some(Role::Permission) => &mut candidate.permissions,
        Some(Role::Vendor | Role::Party) => {
            let start = candidate
                .vendor
                .as_ref()
                .filter(|vendor| vendor.end == end)
                .map_or(range.start, |vendor| vendor.start);
            candidate.vendor = Some(start..range.end);
            return;
        }
        Some(Role::Name) => {
            candidate.name.end = range.end;
            return;
        }
        _ => return,
    };
    // A word or a link may be broken: both lines are one value.
    match values.iter_mut().find(|value| value.end == end) {
        Some(value) => value.end = range.end,
        None if open.last == Some(Role::Url) => values.insert(0, range.clone()),
        None => values.push(range.clone()),
    }
}

/// Whether a line may be the name above a block.
fn is_title(page: &Page, line: &Line, lexicon: &Lexicon) -> bool {
    let text = page.get(&line.range);
    let length = text.chars().count();
    let about_it = text.starts_with(['该', '此', '本']) || text.contains("引入");
    let heads = ["表", "清单", "列表", "目录", "说明"]
        .iter()
        .any(|word| text.ends_with(word));
    if length < 2
        || about_it
        || heads
        || text.contains(':') && !bundle::is_known(page.get(&bare(page, &line.range)), lexicon)
        || url::is_link(text)
        || text.ends_with(['。', ';', '!', ',', ':'])
    {
        return false;
    }
    let word = sentence::strip_marker(page, &line.range);
    if prose::is_generic(page.get(&word)) {
        return false;
    }
    let head = text.split('(').next().unwrap_or(text).chars().count();
    length <= 40
        || head <= 30 && length <= 120
        || length <= 100 && grid::is_name(page.get(&word), lexicon)
        || length <= 100 && text.to_ascii_lowercase().contains("sdk")
}

/// Whether a value lists names, half of them known or all written as such.
fn lists_names(page: &Page, lexicon: &Lexicon, name: &Range<usize>) -> bool {
    let pieces = match apart::pieces(page, name) {
        pieces if pieces.len() > 1 => pieces,
        _ => apart::latin(page, name),
    };
    let known = |piece: &&Range<usize>| grid::is_name(page.get(piece), lexicon);
    pieces.len() > 1 && pieces.iter().filter(known).count() * 2 >= pieces.len()
        || english::enumerates(page.get(name), pieces.len())
}

/// Whether a name says that it is a piece of software.
fn is_component(name: &str) -> bool {
    ["组件", "插件", "控件", "引擎"]
        .iter()
        .any(|word| name.ends_with(word))
        && !prose::is_generic(name)
}

/// Blocks close to each other are one list; it must look like a list of SDKs.
fn group(page: &Page, lexicon: &Lexicon, blocks: Vec<Open>) -> Vec<Parse> {
    let usable = blocks.into_iter().filter(|open| {
        let candidate = &open.candidate;
        let name = page.get(&candidate.name);
        let mut about = open.roles.clone();
        about.retain(|role| !matches!(role, Role::Name | Role::Aside | Role::Other | Role::Status));
        about.sort_unstable();
        about.dedup();
        let about = about.len();
        // A title over nothing but permissions heads the app's own permissions.
        let told = open.roles.iter().any(|role| {
            !matches!(
                role,
                Role::Name
                    | Role::Permission
                    | Role::Aside
                    | Role::Other
                    | Role::Manner
                    | Role::Status
            )
        });
        // `信息共享` heads a section.
        let least = if open.titled && prose::is_sentence(name) {
            3
        } else {
            2
        };
        about >= least && told && !name.is_empty() && name.chars().count() <= 120
            || about >= 1 && (grid::is_name(name, lexicon) || told && is_component(name))
    });
    let mut lists: Vec<Vec<Open>> = Vec::new();
    for open in usable {
        match lists.last_mut() {
            Some(list)
                if list.last().is_some_and(|last| {
                    open.candidate
                        .whole
                        .start
                        .saturating_sub(last.candidate.whole.end)
                        < 1_500
                }) =>
            {
                list.push(open);
            }
            _ => lists.push(vec![open]),
        }
    }
    let parses = lists.into_iter().filter_map(|list| {
        let owned = |name: &str| {
            let inner = name.split_once(" (").map(|(_, inner)| inner);
            inner.is_some_and(|inner| is_company(inner.trim_end_matches(')')))
        };
        let telling = |open: &&Open| {
            let name = page.get(&open.candidate.name);
            open.candidate.vendor.is_some()
                || owned(page.get(&open.candidate.name))
                || !open.candidate.url.is_empty()
                || grid::is_name(name, lexicon)
                || bundle::is_known(name, lexicon)
                || lists_names(page, lexicon, &open.candidate.name)
        };
        let told = list.iter().filter(telling).count();
        if told * 2 < list.len() {
            return None;
        }
        let start = list.first()?.candidate.whole.start;
        let end = list.iter().map(|open| open.candidate.whole.end).max()?;
        let candidates: Vec<Candidate> = list
            .into_iter()
            .flat_map(|open| {
                let latin = page.get(&open.candidate.name).is_ascii();
                apart::apart(page, lexicon, open.candidate, latin)
            })
            .collect();
        let score = score(page, &candidates) * 1.4;
        Some(Parse {
            candidates,
            covered: start..end,
            score,
        })
    });
    parses.collect()
}

#[cfg(test)]
mod tests {
    use crate::policy::checks::testing::read_as;

    #[test]
    fn a_list_is_the_value_of_the_key_above_it() {
        let value = "个人信息：<ul><li>设备信息：IMEI、设备型号</li><li>网络信息：IP地址</li></ul>";
        let terms = format!(
            "<h3>第三方SDK</h3><dl><dt>灰雁SDK<dd>合作方：灰雁科技有限公司<dd>{value}<dd>使用目的：推送<dt>蓝鲸SDK<dd>合作方：蓝鲸科技有限公司<dd>个人信息：OAID<dd>使用目的：统计</dl>"
        );
        let items = format!(
            "<h3>第三方SDK</h3><ul><li>灰雁SDK<ul><li>公司：灰雁科技有限公司<li>{value}<li>目的：推送</ul><li>蓝鲸SDK<ul><li>公司：蓝鲸科技有限公司<li>个人信息：OAID<li>目的：统计</ul></ul>"
        );
        for page in [terms, items] {
            let document = read_as("p.html", &page);
            let [first, second] = document.sdks.as_slice() else {
                panic!("{page}: {:?}", document.sdks);
            };
            for data in ["imei", "device-model", "ip"] {
                assert!(first.data_types.iter().any(|one| one == data), "{data}");
            }
            assert_eq!(first.purposes, ["推送"]);
            assert_eq!(second.data_types, ["oaid"]);
        }
    }
}
