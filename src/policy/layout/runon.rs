//! A table flattened into one line without any separator: rows end at a link
//! or at a company's legal form, and cells are told by what they hold.

mod bare;
mod header;

pub(super) use header::{glued_key, glued_short, header_cells};

use std::ops::Range;

use crate::policy::pattern::Pattern;

use super::{Candidate, Parse, score};
use crate::policy::Lexicon;
use crate::policy::lexicon::{Strength, TermHit};
use crate::policy::page::{Line, Page};
use crate::policy::roles::Role;
use crate::policy::url;

/// A company's legal form.
static COMPANY: Pattern =
    Pattern::new(r"(?:股份有限公司|有限责任公司|有限公司|Inc\.?|LLC|Ltd\.?)(?:[(][^()]{1,12}[)])?");

/// Where a purpose starts after a name.
static PURPOSE: Pattern = Pattern::new(
    r"用于|用户|为了|为您|帮助|支持|提供|实现|进行|查询|参加|完善|通过|使用|统计|推送|登录|分享|支付|识别|定位|展示|在线|监控|优化|上报|广告|向|在",
);

/// Places that company names start with.
static PLACE: Pattern = Pattern::new(
    r"(?:北京|上海|天津|重庆|深圳|广州|杭州|南京|成都|武汉|西安|厦门|苏州|合肥|长沙|珠海|青岛|福州|济南|海南|浙江|江苏|广东|福建|湖北|湖南|四川|山东|安徽|河南|贵州|中国)",
);

/// Reads every run-on table of the lines.
pub(super) fn read(page: &Page, lexicon: &Lexicon, lines: &[&Line]) -> Vec<Parse> {
    let long = lines.iter().filter(|line| line.range.len() > 200);
    long.flat_map(|line| read_line(page, lexicon, &line.range))
        .collect()
}

fn read_line(page: &Page, lexicon: &Lexicon, range: &Range<usize>) -> Vec<Parse> {
    let text = page.get(range);
    let mut parses = Vec::new();
    let mut from = 0;
    for _ in 0..MAX_LISTS {
        let headed = header::find(text, from);
        let found = headed.or_else(|| {
            let body = bare::headless(text).filter(|_| from == 0)?;
            Some((body..body, bare::COLUMNS.to_vec()))
        });
        let Some((head, roles)) = found else {
            break;
        };
        let body = head.end;
        let rows = rows(text, body, &roles, lexicon);
        let candidates: Vec<Candidate> = rows
            .iter()
            .filter_map(|row| entry(text, row, &roles, lexicon))
            .map(|candidate| shifted(candidate, range.start))
            .collect();
        from = rows.last().map_or(body, |row| row.whole.end);
        let score = score(page, &candidates) * 1.3;
        parses.push(Parse {
            candidates,
            covered: range.start + head.start..range.start + from,
            score,
        });
    }
    parses
}

/// One row: the cells' text and the link that ends it.
struct Row {
    whole: Range<usize>,
    cells: Range<usize>,
    link: Option<Range<usize>>,
}

/// Lists read on one line.
const MAX_LISTS: usize = 16;

/// Bytes looked at behind one header.
const MAX_LIST: usize = 400_000;

/// Longest row; a longer gap is running text.
const MAX_ROW: usize = 2_000;

fn rows(text: &str, body: usize, roles: &[Role], lexicon: &Lexicon) -> Vec<Row> {
    let rest = text.get(body..).unwrap_or_default();
    let cut = rest
        .char_indices()
        .map(|(at, _)| at)
        .take_while(|at| *at < MAX_LIST)
        .last();
    let rest = rest.get(..cut.map_or(0, |at| at + 1)).unwrap_or(rest);
    let links = url::find(rest);
    let mut rows = Vec::new();
    let mut start = body;
    if links.len() >= 2 && roles.contains(&Role::Url) || links.len() >= 3 {
        for link in links {
            let link = body + link.start..body + link.end;
            if link.start - start > MAX_ROW {
                break;
            }
            if text
                .get(start..link.start)
                .is_some_and(|t| t.chars().count() < 4)
            {
                // A second link of the row before.
                if let Some(last) = rows.last_mut() {
                    let last: &mut Row = last;
                    last.whole.end = link.end;
                }
                start = link.end;
                continue;
            }
            rows.push(Row {
                whole: start..link.end,
                cells: start..link.start,
                link: Some(link.clone()),
            });
            start = link.end;
        }
        rows.extend(last_row(text, start, roles));
    } else if roles.last() == Some(&Role::Vendor) {
        for company in COMPANY.find_iter(rest) {
            let end = body + company.end();
            if end - start > MAX_ROW {
                break;
            }
            rows.push(Row {
                whole: start..end,
                cells: start..end,
                link: None,
            });
            start = end;
        }
    } else if vendor_second(roles) {
        rows = bare::rows(text, body, body + rest.len(), lexicon);
    }
    rows
}

/// The row behind the last link, which has none: up to the end of its sentence,
/// when it names a company.
fn last_row(text: &str, start: usize, roles: &[Role]) -> Option<Row> {
    let rest = text.get(start..)?;
    let blanks = rest.len() - rest.trim_start().len();
    let inner = rest.get(blanks..)?;
    let end = inner.find([' ', '。', '\n']).unwrap_or(inner.len());
    let row = inner.get(..end)?;
    let company = COMPANY.find(row)?;
    let fits = roles.contains(&Role::Vendor) && company.start() > 0 && row.len() < MAX_LAST_ROW;
    let range = start + blanks..start + blanks + end;
    fits.then(|| Row {
        whole: range.clone(),
        cells: range,
        link: None,
    })
}

/// Longest row behind the last link, in bytes: what follows is running text.
const MAX_LAST_ROW: usize = 400;

/// Tells the cells of a row apart.
fn entry(text: &str, row: &Row, roles: &[Role], lexicon: &Lexicon) -> Option<Candidate> {
    let cells = text.get(row.cells.clone())?;
    let vendor = vendor(cells, lexicon);
    if let Some(vendor) = vendor
        .clone()
        .filter(|v| v.start > 0 && vendor_second(roles))
    {
        return vendor_between(text, row, vendor, roles, lexicon);
    }
    let before_vendor = vendor.as_ref().map_or(cells.len(), |vendor| vendor.start);
    let vendor_first = vendor.as_ref().is_some_and(|v| v.start == 0);
    let from = if vendor_first {
        vendor.as_ref().map_or(0, |v| v.end)
    } else {
        0
    };
    let until = if vendor_first {
        cells.len()
    } else {
        before_vendor
    };
    let name = name(cells, from, until, lexicon);
    let terms: Vec<TermHit> = lexicon.terms.find(cells.get(..until)?);
    let data = data(cells, name.end, until, &terms);
    let at = row.cells.start;
    let shift = |range: Range<usize>| at + range.start..at + range.end;
    let (purpose, data) = match data {
        Some(data) if data_first(roles) => (data.end..until, data),
        Some(data) => (name.end..data.start, data),
        None => (name.end..until, until..until),
    };
    Some(Candidate {
        name: shift(name),
        vendor: vendor.map(shift),
        purpose: vec![shift(purpose)]
            .into_iter()
            .filter(|r| !r.is_empty())
            .collect(),
        data: vec![shift(data)]
            .into_iter()
            .filter(|r| !r.is_empty())
            .collect(),
        url: row.link.clone().into_iter().collect(),
        whole: row.whole.clone(),
        ..Candidate::default()
    })
}

/// Whether the company stands right behind the name, in front of all else.
fn vendor_second(roles: &[Role]) -> bool {
    let mut told = roles.iter().filter(|role| **role != Role::Index);
    told.next() == Some(&Role::Name) && told.next() == Some(&Role::Vendor)
}

/// A row whose company parts the name from the cells behind it.
fn vendor_between(
    text: &str,
    row: &Row,
    vendor: Range<usize>,
    roles: &[Role],
    lexicon: &Lexicon,
) -> Option<Candidate> {
    let cells = text.get(row.cells.clone())?;
    let head = cells.get(..vendor.start)?;
    let lead = head.len() - head.trim_start().len();
    let name = lead..head.trim_end().len().max(lead);
    let until = cells.len();
    let terms: Vec<TermHit> = lexicon.terms.find(cells);
    let data = data(cells, vendor.end, until, &terms);
    let (purpose, data) = match data {
        Some(data) if data_first(roles) => (data.end..until, data),
        Some(data) => (vendor.end..data.start, data),
        None => (vendor.end..until, until..until),
    };
    let at = row.cells.start;
    let shift = |range: Range<usize>| at + range.start..at + range.end;
    let filled = |range: Range<usize>| (!range.is_empty()).then(|| shift(range));
    Some(Candidate {
        name: shift(name),
        vendor: Some(shift(vendor)),
        purpose: filled(purpose).into_iter().collect(),
        data: filled(data).into_iter().collect(),
        url: row.link.clone().into_iter().collect(),
        whole: row.whole.clone(),
        ..Candidate::default()
    })
}

fn data_first(roles: &[Role]) -> bool {
    let at = |role| roles.iter().position(|r| *r == role);
    matches!((at(Role::Data), at(Role::Purpose)), (Some(data), Some(purpose)) if data < purpose)
}

/// The company: from a known name, a place or the end of a term to the legal form.
fn vendor(cells: &str, lexicon: &Lexicon) -> Option<Range<usize>> {
    let form = COMPANY.find_iter(cells).last()?;
    let head = cells.get(..form.end())?;
    let known = lexicon.names.find(head);
    let known = known
        .iter()
        .filter(|hit| hit.range.end + 24 >= form.end() && hit.range.end > form.start())
        .map(|hit| hit.range.start)
        .min();
    if let Some(start) = known {
        return Some(start..form.end());
    }
    // At most 24 characters back, after the last term or mark.
    let window = head
        .char_indices()
        .rev()
        .take(24 + form.as_str().chars().count())
        .last()
        .map_or(0, |(at, _)| at);
    let terms = lexicon.terms.find(cells);
    let after_term = terms
        .iter()
        .map(|hit| hit.range.end)
        .filter(|end| *end <= form.start() && *end > window)
        .max();
    let after_mark = head
        .get(..form.start())?
        .char_indices()
        .filter(|(at, c)| *at >= window && matches!(c, '、' | '。' | ',' | ';' | ' ' | '\n'))
        .map(|(at, c)| at + c.len_utf8())
        .next_back();
    // `某某SDK某某公司`: the company follows the name.
    let after_sdk = head
        .get(..form.start())
        .and_then(|head| head.to_ascii_lowercase().rfind("sdk"))
        .map(|at| at + 3)
        .filter(|at| *at > window && *at < form.start());
    let floor = after_term
        .into_iter()
        .chain(after_mark)
        .chain(after_sdk)
        .max()
        .unwrap_or(window);
    let place = PLACE
        .find_iter(head.get(floor..form.start()).unwrap_or_default())
        .map(|found| floor + found.start())
        .next();
    let start = place.unwrap_or(floor);
    let trimmed = head.get(start..)?.trim_start_matches([')', '等']);
    Some(form.end() - trimmed.len()..form.end())
}

/// The name: up to `SDK`, else the longest known name, else up to a purpose.
fn name(cells: &str, from: usize, until: usize, lexicon: &Lexicon) -> Range<usize> {
    let text = cells.get(from..until).unwrap_or_default();
    let marks = text.find(['、', ',', '。', ';']).unwrap_or(text.len());
    let head = text.get(..marks).unwrap_or(text);
    let lower = head.to_ascii_lowercase();
    let purpose = PURPOSE
        .find_iter(head)
        .map(|found| found.start())
        .find(|start| *start > 0);
    let known = lexicon
        .names
        .find(head)
        .into_iter()
        .find(|hit| hit.range.start == 0 && hit.strength >= Strength::Family)
        .map(|hit| hit.range.end);
    let sdk = lower.find("sdk").map(|at| at + 3).filter(|end| *end <= 90);
    let end = match (sdk, known, purpose) {
        (Some(sdk), _, Some(purpose)) if sdk <= purpose || purpose < 4 => sdk,
        (Some(sdk), _, None) => sdk,
        (Some(sdk), Some(known), _) if sdk <= known + 12 => sdk,
        (_, Some(known), _) => known,
        (_, None, Some(purpose)) => purpose,
        (_, None, None) => head.char_indices().nth(12).map_or(head.len(), |(at, _)| at),
    };
    from..from + end
}

/// The chain of data terms that ends the cells: items between list marks, each
/// with a term, from the term that starts the first one.
fn data(cells: &str, from: usize, until: usize, terms: &[TermHit]) -> Option<Range<usize>> {
    let inside: Vec<&TermHit> = terms
        .iter()
        .filter(|hit| hit.range.start >= from && hit.range.end <= until)
        .collect();
    let mut chain_start = inside.last()?.range.start;
    for pair in inside.windows(2).rev() {
        let (Some(left), Some(right)) = (pair.first(), pair.last()) else {
            break;
        };
        if right.range.start > chain_start {
            continue;
        }
        let gap = cells
            .get(left.range.end..right.range.start)
            .unwrap_or_default();
        let before = cells
            .get(..left.range.start)
            .and_then(|head| head.chars().next_back());
        let item = before.is_none_or(|c| matches!(c, '、' | '(' | '/' | ',' | '[' | '【'));
        let listed = gap.is_empty() && item
            || gap.contains(['、', '(', '/', ')', '[', '【', '及', '和', ',']);
        let odd = gap.chars().count() > 16 || gap.contains(['。', ';']);
        if !listed || odd {
            break;
        }
        chain_start = left.range.start;
    }
    Some(chain_start..until)
}

fn shifted(mut candidate: Candidate, by: usize) -> Candidate {
    let shift = |range: &mut Range<usize>| *range = range.start + by..range.end + by;
    shift(&mut candidate.name);
    shift(&mut candidate.whole);
    candidate.vendor.iter_mut().for_each(shift);
    for ranges in [
        &mut candidate.purpose,
        &mut candidate.data,
        &mut candidate.url,
    ] {
        ranges.iter_mut().for_each(shift);
    }
    candidate
}
