//! Tables with rows and columns.

use std::ops::Range;

use super::columns::Shape;
use super::{
    Candidate, Parse, apart, density, heads, inverted, is_company, is_none_word, marked, score,
    ticks,
};
use crate::formats::limits::MAX_POLICY_RECORDS;
use crate::policy::Lexicon;
use crate::policy::lexicon::Strength;
use crate::policy::model::Layout;
use crate::policy::page::{Cell, Page};
use crate::policy::roles::{self, Role};
use crate::policy::url;

/// Reads one table; a header row inside it starts a new list.
pub(super) fn read(page: &Page, lexicon: &Lexicon, rows: &[Vec<Cell>]) -> Option<Parse> {
    let rows: Vec<Vec<Range<usize>>> = rows
        .iter()
        .map(|row| row.iter().map(|cell| cell.range.clone()).collect())
        .collect();
    either_way(page, lexicon, &rows)
}

/// Reads rows as a table of SDKs or as one from data to SDKs.
pub(super) fn either_way(
    page: &Page,
    lexicon: &Lexicon,
    rows: &[Vec<Range<usize>>],
) -> Option<Parse> {
    inverted::read(page, lexicon, rows)
        .map(|parse| parse.read_as(Layout::InvertedTable))
        .or_else(|| read_rows(page, lexicon, rows))
        .or_else(|| Some(inverted::once(page, lexicon, rows)?.read_as(Layout::InvertedTable)))
}

/// Reads rows of cell ranges.
pub(super) fn read_rows(
    page: &Page,
    lexicon: &Lexicon,
    rows: &[Vec<Range<usize>>],
) -> Option<Parse> {
    let head = match heads::find(page, lexicon, rows) {
        Some(Ok(head)) => head,
        Some(Err(())) => return None,
        None => heads::without(page, lexicon, rows)?,
    };
    let mut roles = head.roles;
    let mut platforms = vec![None; roles.len()];
    let mut candidates: Vec<Candidate> = Vec::new();
    let mut above: Vec<Range<usize>> = Vec::new();
    let first = head.row.map_or(0, |row| row + 1);
    let mut header = head
        .row
        .and_then(|row| rows.get(row))
        .map_or(&[][..], Vec::as_slice);
    let mut section: Option<Range<usize>> = None;
    note_platforms(page, header, &roles, &mut platforms);
    let body = rows.get(first..).unwrap_or_default();
    let mut asks = marked::columns(page, header, body, &mut roles);
    complete(page, lexicon, body, &mut roles);
    let mut ticks = ticks::columns(page, lexicon, header, body, &mut roles);
    let companies = second_lines_are_companies(page, rows, &roles);
    for row in rows.get(first..).unwrap_or_default() {
        if candidates.len() > MAX_POLICY_RECORDS {
            break; // the reader says that the list was cut
        }
        if candidates.is_empty() && is_second_header(header, row, &roles) {
            refine(page, row, &mut roles);
            note_platforms(page, row, &roles, &mut platforms);
            asks = marked::columns(page, row, body, &mut roles);
            ticks = ticks::columns(page, lexicon, row, body, &mut roles);
            continue;
        }
        if is_struck(page, row, &roles) {
            continue;
        }
        if let Some(caption) = caption(page, lexicon, row, &roles) {
            section = Some(caption);
            continue;
        }
        if let Some(again) = heads::roles(page, row).filter(|_| is_all_headers(page, row)) {
            roles = again;
            header = row;
            platforms = vec![None; roles.len()];
            note_platforms(page, header, &roles, &mut platforms);
            continue;
        }
        if continues(page, row, &above, &roles)
            && let Some(last) = candidates.last_mut()
        {
            extend(page, last, row, &roles);
            continue;
        }
        let row = inherit(page, row, &above, &roles);
        let (told, notes) = ticks.told(page, &row);
        let answers = marked::told(page, &row, &asks);
        let mut found = entry(page, &told, &roles, &platforms);
        if let Some(one) = &mut found {
            one.whole = extent(&row, &above, &one.name);
            one.notes = notes;
            one.platform.extend(answers.platforms);
            one.out_of_use = answers.gone.is_some();
            one.status = answers.gone.or(one.status.take());
        }
        if let Some(one) = found.as_mut().filter(|_| companies) {
            part_lines(page, one);
        }
        if let (Some(one), Some(section)) = (&mut found, &section) {
            one.context.push(section.clone());
            if names_platform(page.get(section)) && one.platform.is_empty() {
                one.platform.push(section.clone());
            }
        }
        candidates.extend(
            found
                .into_iter()
                .flat_map(|one| apart::apart(page, lexicon, one, true)),
        );
        above = row;
    }
    let mut candidates = joined(page, candidates);
    let captions = rows.get(..head.row.unwrap_or(0)).unwrap_or_default();
    share_caption(page, lexicon, captions, &mut candidates);
    let covered = covered(rows)?;
    let score = score(page, &candidates) * 1.5;
    (!candidates.is_empty()).then_some(Parse {
        candidates,
        covered,
        score,
    })
}

/// One entry for the rows that one name cell spans, a kind of data in each.
fn joined(page: &Page, candidates: Vec<Candidate>) -> Vec<Candidate> {
    let platforms = |one: &Candidate| -> Vec<&str> {
        let cells = one.platform.iter().map(|range| page.get(range));
        cells.collect()
    };
    let mut found: Vec<Candidate> = Vec::with_capacity(candidates.len());
    for one in candidates {
        match found.last_mut() {
            Some(last)
                if last.name == one.name
                    && last.vendor == one.vendor
                    && platforms(last) == platforms(&one)
                    && last.out_of_use == one.out_of_use =>
            {
                let add = |to: &mut Vec<Range<usize>>, from: Vec<Range<usize>>| {
                    for range in from {
                        if !to.contains(&range) {
                            to.push(range);
                        }
                    }
                };
                add(&mut last.data, one.data);
                add(&mut last.purpose, one.purpose);
                add(&mut last.permissions, one.permissions);
                add(&mut last.url, one.url);
                add(&mut last.context, one.context);
                last.notes.extend(one.notes);
                last.whole.end = last.whole.end.max(one.whole.end);
            }
            _ => found.push(one),
        }
    }
    found
}

/// What a caption above the header says that all receive goes to the entries
/// that name no data of their own.
fn share_caption(
    page: &Page,
    lexicon: &Lexicon,
    captions: &[Vec<Range<usize>>],
    candidates: &mut [Candidate],
) {
    let says = |row: &Vec<Range<usize>>| {
        let cell = row.iter().find(|cell| !cell.is_empty())?;
        (!lexicon.terms.find(page.get(cell)).is_empty()).then(|| cell.clone())
    };
    let Some(caption) = captions.iter().find_map(says) else {
        return;
    };
    for one in candidates.iter_mut().filter(|one| one.data.is_empty()) {
        one.data.push(caption.clone());
    }
}

/// Whether the second line of the cells of names is a company in most of those
/// that have two: then it is one in all, whatever its legal form.
fn second_lines_are_companies(page: &Page, rows: &[Vec<Range<usize>>], roles: &[Role]) -> bool {
    let Some(at) = roles.iter().position(|role| *role == Role::Name) else {
        return false;
    };
    let cells = rows.iter().filter_map(|row| row.get(at));
    let seconds: Vec<&str> = cells
        .filter_map(|cell| page.get(cell).split_once('\n'))
        .map(|(_, second)| second)
        .collect();
    let companies = seconds.iter().filter(|line| is_company(line)).count();
    companies > 1 && companies * 2 >= seconds.len()
}

/// Parts the first line of a name, a product, from its second, a company.
fn part_lines(page: &Page, one: &mut Candidate) {
    let text = page.get(&one.name);
    let Some((name, company)) = text.split_once('\n') else {
        return;
    };
    if one.vendor.is_none() && !company.contains('\n') && !name.trim().is_empty() {
        let end = one.name.end;
        one.vendor = Some(end - company.len()..end);
        one.name.end = one.name.start + name.trim_end().len();
    }
}

fn covered(rows: &[Vec<Range<usize>>]) -> Option<Range<usize>> {
    let start = rows.iter().flatten().map(|cell| cell.start).min()?;
    let end = rows.iter().flatten().map(|cell| cell.end).max()?;
    Some(start..end)
}

/// The words of a row that is one cell over all columns, or one cell alone that
/// is no name: it heads the rows below it or is a remark on those above.
fn caption(
    page: &Page,
    lexicon: &Lexicon,
    row: &[Range<usize>],
    roles: &[Role],
) -> Option<Range<usize>> {
    let mut filled = row.iter().enumerate().filter(|(_, cell)| !cell.is_empty());
    let (at, first) = filled.next()?;
    let spans = row.len() >= 3 && row.iter().all(|cell| cell == first);
    let alone = roles.len() >= 3
        && filled.next().is_none()
        && roles.get(at) != Some(&Role::Url)
        && at == 0
        && !is_name(page.get(first), lexicon)
        && !page.get(first).ends_with(['、', ',', '(']);
    (spans || alone).then(|| first.clone())
}

/// Whether a row goes on with the one above: its name is blank, and what it
/// says is the rest of cells that a page break tore.
fn continues(page: &Page, row: &[Range<usize>], above: &[Range<usize>], roles: &[Role]) -> bool {
    let named = |(cell, role): (&Range<usize>, &Role)| {
        matches!(role, Role::Name | Role::Index) && !page.get(cell).trim().is_empty()
    };
    let company = |cells: &[Range<usize>]| {
        let mut told = cells.iter().zip(roles);
        told.find(|(_, role)| **role == Role::Vendor)
            .is_some_and(|(cell, _)| !page.get(cell).trim().is_empty())
    };
    let torn = || {
        let mut told = above.iter().zip(roles);
        told.find(|(_, role)| **role == Role::Vendor)
            .is_some_and(|(cell, _)| !is_company(page.get(cell)))
    };
    !above.is_empty()
        && !row.iter().zip(roles).any(named)
        && row.iter().any(|cell| !cell.is_empty())
        && (!company(row) || torn())
}

/// Adds the rest of torn cells to an entry.
fn extend(page: &Page, one: &mut Candidate, row: &[Range<usize>], roles: &[Role]) {
    for (cell, role) in row.iter().zip(roles) {
        if page.get(cell).trim().is_empty() {
            continue;
        }
        match role {
            Role::Purpose => one.purpose.push(cell.clone()),
            Role::Data => one.data.push(cell.clone()),
            Role::Permission => one.permissions.push(cell.clone()),
            Role::Url | Role::Site => one.url.push(cell.clone()),
            _ => {}
        }
        one.whole.end = one.whole.end.max(cell.end);
    }
}

/// Whether more than two thirds of a row are words of headers: inside a table
/// a cell may read like one (`厂商推送`, `见官网`).
fn is_all_headers(page: &Page, row: &[Range<usize>]) -> bool {
    let known = row
        .iter()
        .filter(|cell| roles::of(page.get(cell)).is_some());
    known.count() * 3 > row.len() * 2
}

/// A row below the header that the header's name cell reaches into: it parts
/// the columns above it, by platform for instance.
fn is_second_header(header: &[Range<usize>], row: &[Range<usize>], roles: &[Role]) -> bool {
    let name = roles.iter().position(|role| *role == Role::Name);
    let cell = |cells: &[Range<usize>]| name.and_then(|at| cells.get(at).cloned());
    cell(row).is_some_and(|cell_below| {
        !cell_below.is_empty() && cell(header).is_some_and(|above| above == cell_below)
    })
}

/// A second header row says more of some columns.
fn refine(page: &Page, row: &[Range<usize>], roles: &mut [Role]) {
    for (role, cell) in roles.iter_mut().zip(row) {
        if *role == Role::Other
            && let Some(said) = roles::of(page.get(cell))
        {
            *role = said;
        }
    }
}

/// Remembers which data columns hold for one platform only.
fn note_platforms(
    page: &Page,
    header: &[Range<usize>],
    roles: &[Role],
    platforms: &mut [Option<Range<usize>>],
) {
    for ((cell, role), platform) in header.iter().zip(roles).zip(platforms) {
        if *role == Role::Data && names_platform(page.get(cell)) {
            *platform = Some(cell.clone());
        }
    }
}

fn names_platform(text: &str) -> bool {
    is_android(text) || is_foreign(text)
}

fn is_android(text: &str) -> bool {
    let lower = text.to_ascii_lowercase();
    lower.contains("android") || lower.contains("安卓")
}

fn is_foreign(text: &str) -> bool {
    let lower = text.to_ascii_lowercase();
    ["ios", "iphone", "harmony", "鸿蒙"]
        .iter()
        .any(|word| lower.contains(word))
}

/// A column whose header says nothing known is told by its cells: links where
/// no column is headed as links, data terms where none is headed as data.
fn complete(page: &Page, lexicon: &Lexicon, rows: &[Vec<Range<usize>>], roles: &mut [Role]) {
    let share = |column: usize, test: &dyn Fn(&str) -> bool| {
        let texts = rows.iter().take(40).filter_map(|row| row.get(column));
        let texts: Vec<&str> = texts
            .map(|cell| page.get(cell))
            .filter(|text| !text.is_empty() && !is_none_word(text))
            .collect();
        let count = texts.iter().filter(|text| test(text)).count();
        count as f32 / texts.len().max(1) as f32
    };
    for column in 0..roles.len() {
        let free = matches!(roles.get(column), Some(Role::Other | Role::Purpose));
        let cells = rows.iter().filter_map(|row| row.get(column));
        let linked = free
            && !roles.contains(&Role::Url)
            && !roles.contains(&Role::Site)
            && Shape::of(page, lexicon, cells).role() == Some(Role::Url);
        let told = roles.get(column) == Some(&Role::Other)
            && !roles.contains(&Role::Data)
            && share(column, &|text| density(text, lexicon) > 0.4) > 0.5;
        if let Some(role) = roles.get_mut(column) {
            if linked {
                *role = Role::Url;
            } else if told {
                *role = Role::Data;
            }
        }
    }
}

/// Whether a short text is the name of an SDK: it says so or is known.
pub(super) fn is_name(text: &str, lexicon: &Lexicon) -> bool {
    let length = text.chars().count();
    if length == 0 || length > 60 || is_company(text) {
        return false;
    }
    ends_in_sdk(text) || is_known(text, lexicon)
}

/// Whether a text ends in "SDK", perhaps with a bracket behind it.
pub(super) fn ends_in_sdk(text: &str) -> bool {
    let lower = text.trim().to_ascii_lowercase();
    if lower == "sdk" || lower.contains("非sdk") {
        return false;
    }
    let head = lower.split('(').next().unwrap_or_default().trim_end();
    head != "sdk" && (lower.ends_with("sdk") || lower.ends_with("sdk)") || head.ends_with("sdk"))
}

/// Whether known names make up half of a text.
pub(super) fn is_known(text: &str, lexicon: &Lexicon) -> bool {
    let length = text.chars().count();
    let mut known = lexicon.names.find(text);
    known.retain(|hit| hit.strength >= Strength::Family);
    known.iter().any(|hit| hit.length * 2 >= length)
}

/// Blank cells of the first column, and of purpose columns, continue the cell
/// above where the row has a name of its own.
fn inherit(
    page: &Page,
    row: &[Range<usize>],
    above: &[Range<usize>],
    roles: &[Role],
) -> Vec<Range<usize>> {
    let blank = |column: usize| {
        let role = roles.get(column);
        let cell = row.get(column);
        role == Some(&Role::Index) || cell.is_some_and(|cell| page.get(cell).trim().is_empty())
    };
    row.iter()
        .enumerate()
        .map(|(column, cell)| {
            let role = roles.get(column).copied().unwrap_or(Role::Other);
            // A cell merged with the one above stands in front; elsewhere a
            // blank cell says nothing.
            let continues = matches!(role, Role::Vendor | Role::Purpose) && (0..=column).all(blank);
            match above.get(column) {
                Some(upper) if continues => upper.clone(),
                _ => cell.clone(),
            }
        })
        .collect()
}

/// One row as an entry.
fn entry(
    page: &Page,
    row: &[Range<usize>],
    roles: &[Role],
    platforms: &[Option<Range<usize>>],
) -> Option<Candidate> {
    let mut candidate = Candidate::default();
    let mut party = None;
    let mut foreign = Vec::new();
    for (column, (cell, role)) in row.iter().zip(roles).enumerate() {
        let text = page.get(cell).trim();
        if text.is_empty() {
            continue;
        }
        match role {
            Role::Name if candidate.name.is_empty() => candidate.name = cell.clone(),
            Role::Vendor if candidate.vendor.is_none() => {
                if !is_none_word(text) {
                    candidate.vendor = Some(cell.clone());
                }
                party = Some(cell.clone());
            }
            Role::Purpose => candidate.purpose.push(cell.clone()),
            Role::Data => {
                let platform = platforms.get(column).and_then(Option::as_ref);
                if let Some(platform) = platform.filter(|_| !is_none_word(text)) {
                    candidate.platform.push(platform.clone());
                }
                match platform.map(|platform| page.get(platform)) {
                    Some(header) if !is_android(header) => foreign.push(cell.clone()),
                    _ => candidate.data.push(cell.clone()),
                }
            }
            Role::Permission => candidate.permissions.push(cell.clone()),
            Role::Url | Role::Site => candidate.url.push(cell.clone()),
            Role::Platform => candidate.platform.push(cell.clone()),
            Role::Package => candidate.context.push(cell.clone()),
            Role::Status => candidate.status = Some(cell.clone()),
            Role::Manner => candidate.manner = Some(cell.clone()),
            _ => {}
        }
    }
    // What other platforms' columns say counts where Android's says nothing.
    if candidate
        .data
        .iter()
        .all(|cell| is_none_word(page.get(cell)))
        && !foreign.is_empty()
    {
        candidate.data = foreign;
    }
    if candidate.name.is_empty() {
        // A row whose product cell is blank still names its company.
        candidate.name = party.filter(|_| !candidate.data.is_empty())?;
    }
    let name = page.get(&candidate.name);
    if name.chars().count() > 120 || is_none_word(name) || url::is_link(name) {
        return None;
    }
    Some(candidate)
}

/// What an entry covers. Cells that a span or a blank took over from above are
/// not in its row.
fn extent(row: &[Range<usize>], above: &[Range<usize>], name: &Range<usize>) -> Range<usize> {
    let own = || {
        row.iter()
            .filter(|cell| !cell.is_empty() && !above.contains(cell))
    };
    let start = own().map(|cell| cell.start).min();
    let end = own().map(|cell| cell.end).max();
    start.map_or(name.start, |start| start.min(name.start))
        ..end.map_or(name.end, |end| end.max(name.end))
}

/// Whether all of a row's name is struck through: the SDK is no longer in use.
fn is_struck(page: &Page, row: &[Range<usize>], roles: &[Role]) -> bool {
    let mut names = row.iter().zip(roles);
    names.any(|(cell, role)| *role == Role::Name && page.is_struck(cell))
}

#[cfg(test)]
mod tests {
    use crate::policy::checks::testing::read_as;

    #[test]
    fn a_row_whose_name_is_struck_through_is_left_out() {
        let html = "<h1>第三方SDK清单</h1><table><tr><th>SDK名称</th><th>公司</th><th>用途</th><th>收集信息</th></tr>\
            <tr><td>灰雁推送SDK</td><td>灰雁</td><td>推送</td><td>OAID</td></tr>\
            <tr><td><s>白榆统计SDK</s></td><td>白榆</td><td>统计</td><td>IMEI</td></tr>\
            <tr><td><s>青禾旧版SDK</s> 青禾地图SDK</td><td>青禾</td><td>地图</td><td><del>IMEI</del>位置信息</td></tr></table>";
        let markdown = "# 第三方SDK清单\n\n| SDK名称 | 公司 | 用途 | 收集信息 |\n| --- | --- | --- | --- |\n| 灰雁推送SDK | 灰雁 | 推送 | OAID |\n| ~~白榆统计SDK~~ | 白榆 | 统计 | IMEI |\n| 青禾地图SDK | 青禾 | 地图 | ~~IMEI~~位置信息 |\n";
        for (path, text) in [("p.html", html), ("p.md", markdown)] {
            let read = read_as(path, text);
            let told: Vec<(&str, String)> = read
                .sdks
                .iter()
                .map(|sdk| (sdk.as_written.as_str(), sdk.data_types.join(" ")))
                .collect();
            let left = [
                ("灰雁推送SDK", "oaid".to_owned()),
                ("青禾地图SDK", "location".to_owned()),
            ];
            assert_eq!(told, left, "{path}");
        }
    }
}
