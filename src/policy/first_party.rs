//! Data types and permissions that the policy declares for the app itself.

use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use super::Lexicon;
use super::document::LineKind;
use super::model::FirstParty;
use super::page::{Block, Line, Page};
use super::{sentence, spans};

/// Verbs of the app's own collecting.
static COLLECTS: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)收集|获取|采集|读取|访问|使用您|申请|开启|授权|提供|填写|上传|记录|权限|collect|access|receive|process|provide|permission|record|gather|obtain")
        .expect("a constant pattern")
});

/// Sentences that deny or speak of others.
static OTHER: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)不会(?:收集|获取|读取|采集|申请)|不收集|无需提供|never collect|(?:do|does|will) not collect")
        .expect("a constant pattern")
});

/// A heading or a lead that announces the app's permissions.
static PERMISSIONS: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"(?i)权限|\bpermissions?\b").expect("a constant pattern"));

/// Headings over what others ask for.
static OTHERS: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)sdk|第三方|合作|third[- ]part|partner").expect("a constant pattern")
});

/// Longest heading or lead, in characters.
const MAX_HEADING: usize = 60;

/// Whether a line opens (`Some(true)`) or ends a section about the app's own
/// permissions.
fn opens_permissions(page: &Page, line: &Line) -> Option<bool> {
    let text = page.get(&line.range);
    let marker = sentence::marker(text).and_then(|end| text.get(..end));
    let section = line.kind == LineKind::Heading
        || marker.is_some_and(|mark| mark.contains(|c: char| "一二三四五六七八九十".contains(c)))
        || text.ends_with(':') && line.kind == LineKind::Text;
    (section && text.chars().count() <= MAX_HEADING && !text.contains('。'))
        .then(|| PERMISSIONS.is_match(text) && !OTHERS.is_match(text))
}

/// What an item of a list of permissions names: the words before its purpose.
fn item<'p>(page: &'p Page, line: &Line) -> Option<&'p str> {
    let inner = page.get(&sentence::strip_marker(page, &line.range));
    let marked = line.kind == LineKind::Item || inner.len() < page.get(&line.range).len();
    let end = inner.find([':', '。', ';']).unwrap_or(inner.len());
    let dash = [" - ", " – ", " — ", "——"]
        .iter()
        .filter_map(|dash| inner.find(dash));
    let head = inner.get(..dash.min().map_or(end, |dash| dash.min(end)))?;
    (marked || end < inner.len() && head.chars().count() <= MAX_HEADING).then_some(head)
}

/// Reads the sentences and tables outside the lists of SDKs.
pub(crate) fn read(page: &Page, covered: &[Range<usize>], lexicon: &Lexicon) -> FirstParty {
    let mut data_types = BTreeSet::new();
    let mut permissions = BTreeSet::new();
    let mut add = |text: &str, lists_permissions: bool| {
        for hit in lexicon.terms.find(text) {
            data_types.extend(lexicon.terms.types_of(&hit));
            permissions.extend(lexicon.terms.permissions_of(&hit));
        }
        if lists_permissions {
            permissions.extend(lexicon.terms.listed_permissions(text).map(|(_, p)| p));
        }
    };
    let mut of_permissions = false;
    for block in &page.blocks {
        match block {
            Block::Line(line) => {
                let text = page.get(&line.range);
                match opens_permissions(page, line) {
                    Some(opens) => of_permissions = opens,
                    None if of_permissions && !spans::meets(covered, &line.range) => {
                        let head = item(page, line).filter(|head| !OTHER.is_match(head));
                        head.into_iter().for_each(|head| add(head, true));
                    }
                    None => {}
                }
                for piece in sentence::sentences(text) {
                    let range = line.range.start + piece.start..line.range.start + piece.end;
                    let words = page.get(&range);
                    let inside = spans::holds(covered, &range);
                    if !inside && COLLECTS.is_match(words) && !OTHER.is_match(words) {
                        add(words, PERMISSIONS.is_match(words));
                    }
                }
            }
            Block::Table(rows) => {
                let cells = rows.iter().flatten().filter(|cell| !cell.repeated);
                for cell in cells {
                    let inside = spans::holds(covered, &cell.range);
                    if !inside {
                        add(page.get(&cell.range), false);
                    }
                }
            }
        }
    }
    FirstParty {
        data_types: lexicon.terms.type_ids(&data_types),
        permissions: lexicon.terms.permission_names(&permissions),
        declared: Vec::new(),
    }
}
