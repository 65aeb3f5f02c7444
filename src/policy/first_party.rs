//! Data types and permissions that the policy declares for the app itself.

use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use super::Lexicon;
use super::model::FirstParty;
use super::page::{Block, Page};
use super::{sentence, spans};

/// Verbs of the app's own collecting.
static COLLECTS: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)收集|获取|采集|读取|访问|使用您|申请|开启|授权|提供|填写|上传|记录|权限|collect|access|receive|process|provide|permission|record|gather|obtain")
        .expect("a constant pattern")
});

/// Sentences that deny or speak of others.
static OTHER: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)不会(?:收集|获取|读取|采集)|不收集|无需提供|never collect|(?:do|does|will) not collect")
        .expect("a constant pattern")
});

/// Reads the sentences and tables outside the lists of SDKs.
pub(crate) fn read(page: &Page, covered: &[Range<usize>], lexicon: &Lexicon) -> FirstParty {
    let mut data_types = BTreeSet::new();
    let mut permissions = BTreeSet::new();
    let mut add = |text: &str| {
        for hit in lexicon.terms.find(text) {
            data_types.extend(lexicon.terms.types_of(&hit));
            permissions.extend(lexicon.terms.permissions_of(&hit));
        }
    };
    for block in &page.blocks {
        match block {
            Block::Line(line) => {
                let text = page.get(&line.range);
                for piece in sentence::sentences(text) {
                    let range = line.range.start + piece.start..line.range.start + piece.end;
                    let words = page.get(&range);
                    let inside = spans::holds(covered, &range);
                    if !inside && COLLECTS.is_match(words) && !OTHER.is_match(words) {
                        add(words);
                    }
                }
            }
            Block::Table(rows) => {
                let cells = rows.iter().flatten().filter(|cell| !cell.repeated);
                for cell in cells {
                    let inside = spans::holds(covered, &cell.range);
                    if !inside {
                        add(page.get(&cell.range));
                    }
                }
            }
        }
    }
    FirstParty {
        data_types: lexicon.terms.type_ids(&data_types),
        permissions: lexicon.terms.permission_names(&permissions),
    }
}
