//! Words that mean a permission or a data type only as a whole item of a list:
//! `相机、位置、存储等权限`, `camera, phone and storage permissions`.

use std::ops::Range;

use crate::policy::pattern::Pattern;

use super::squash::squash;
use super::table::Table;
use super::terms::{TermHit, Terms};

/// What parts the items of a list.
static PARTS: Pattern =
    Pattern::new(r"(?i)[、,;。:/()\[\]|\n]|以及|和|及|与|或|\band\b|\bor\b|\.\s|\s[-–—]\s");

/// Words before the item itself, the first that fits; more may follow. One pattern
/// of all would count two bounds side by side.
static LEADS: [Pattern; 4] = [
    Pattern::new(r"(?i)^(?:\s|[^、,]{0,30}?(?:申请|请求|需要|授权|授予|开启|调用|打开|允许|索取))"),
    Pattern::new(
        r"(?i)^(?:我们|您的?|会|可能|将|系统|手机的?|设备的?|本机的?|访问|使用|获取|读取|读写|开启|的)",
    ),
    Pattern::new(r"(?i)^.{0,80}\b(?:requests?|requires?|asks? for|needs?|uses?)\b"),
    Pattern::new(r"(?i)^\b(?:your|the|access|to|use|of|device|permission|for)\b"),
];

/// Bytes of the words before the item itself.
fn lead(text: &str) -> usize {
    let mut end = 0;
    let next = |rest| LEADS.iter().find_map(|lead| lead.find(rest));
    while let Some(word) = text.get(end..).and_then(next) {
        end += word.end();
    }
    end
}

/// Words behind the item itself.
static TAIL: Pattern = Pattern::new(
    r"(?i)(?:\s|等|相关|类|系统|手机|设备|的|功能|权限|\b(?:to|for|so that|in order to)\b.*|\b(?:permissions?|access|the|your|device)\b)*$",
);

/// Data, and the name of a permission among others.
const RECORDING: &str = "录音";

/// Longest text read for items, in bytes; enumerations are shorter.
const MAX_LIST: usize = 4_000;

impl Terms {
    /// Permissions that words stand for as items of a list of permissions.
    pub fn listed_permissions<'a>(
        &'a self,
        text: &'a str,
    ) -> impl Iterator<Item = (Range<usize>, usize)> + 'a {
        meant(text, &self.items.permissions)
    }

    /// The permission to record, where recordings stand among the names of other
    /// permissions: `录音、摄像头`. Elsewhere they are data.
    pub fn recording_permissions(&self, text: &str) -> Vec<usize> {
        let named = |hit: &TermHit| self.permissions_of(hit).next().is_some();
        if !text.contains(RECORDING) || !self.find(text).iter().any(named) {
            return Vec::new();
        }
        let is_recording = |item: &Range<usize>| {
            let item = text.get(item.clone()).unwrap_or_default();
            item.trim().ends_with(RECORDING)
        };
        self.listed_permissions(text)
            .filter(|(item, _)| is_recording(item))
            .map(|(_, permission)| permission)
            .collect()
    }

    /// Data types that words stand for as items of a list of data.
    pub fn listed_types<'a>(
        &'a self,
        text: &'a str,
    ) -> impl Iterator<Item = (Range<usize>, usize)> + 'a {
        meant(text, &self.items.data_types)
    }
}

/// What the items of a list stand for, each with its place.
fn meant<'a>(
    text: &'a str,
    words: &'a Table<usize>,
) -> impl Iterator<Item = (Range<usize>, usize)> + 'a {
    listed(text).flat_map(move |range| {
        let item = text.get(range.clone()).unwrap_or_default();
        found(words, item).map(move |meaning| (range.clone(), meaning))
    })
}

/// The items of a list, without the blanks around them.
fn listed(text: &str) -> impl Iterator<Item = Range<usize>> + '_ {
    let mut end = text.len().min(MAX_LIST);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    let text = text.get(..end).unwrap_or_default();
    let ends = PARTS.find_iter(text).map(|part| part.range());
    let mut start = 0;
    ends.chain(std::iter::once(end..end)).map(move |part| {
        let item = text.get(start..part.start).unwrap_or_default();
        let from = start + item.len() - item.trim_start().len();
        start = part.end;
        from..from + item.trim().len()
    })
}

/// The meanings of an item as written, else without the words around it.
fn found<'m>(words: &'m Table<usize>, item: &str) -> impl Iterator<Item = usize> + use<'m> {
    let item = item.trim();
    let mut meanings = words.get(&squash(item));
    if meanings.is_empty() {
        let tail = TAIL.find(item).map_or(item.len(), |tail| tail.start());
        let head = item.get(..tail).unwrap_or_default();
        let core = head.get(lead(head)..).unwrap_or_default();
        let shorter = |part: &str, whole: &str| -> &[usize] {
            let known = part.len() < whole.len();
            if known { words.get(&squash(part)) } else { &[] }
        };
        meanings = shorter(head, item);
        if meanings.is_empty() {
            meanings = shorter(core, head);
        }
    }
    meanings.iter().copied()
}
