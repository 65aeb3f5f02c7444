//! The data of an entry on one line: ids, the policy's words where they say it
//! differently, what belongs to which broader term, and what is said of it.

use std::collections::BTreeSet;

use crate::policy::model::{DataMention, Extent, MentionBasis, SdkRecord};

/// `device-info “设备信息” (imei, device-model “机型”, …); oaid [optional]`. A
/// broader term without an enumeration is followed by `…`: it may stand for
/// anything below it.
pub(super) fn words(record: &SdkRecord) -> String {
    let named: BTreeSet<&str> = record.data.iter().map(|m| m.data_type.as_str()).collect();
    // Shown inside its broader term, where that is named.
    let inside = |m: &DataMention| m.within.as_deref().is_some_and(|head| named.contains(head));
    let mut items: Vec<Item> = Vec::new();
    for mention in &record.data {
        if mention.extent != Extent::Exact || !inside(mention) {
            add(&mut items, mention);
        }
    }
    let mut written: Vec<String> = items
        .iter()
        .map(|item| with_members(item, &record.data))
        .collect();
    let bare = record.data_types.iter();
    written.extend(bare.filter(|id| !named.contains(id.as_str())).cloned());
    written.join("; ")
}

/// Mentions of one type of which the same is said.
struct Item<'m> {
    data_type: &'m str,
    marks: Vec<&'m str>,
    words: Vec<String>,
    broader: bool,
    open: bool,
}

fn add<'m>(items: &mut Vec<Item<'m>>, mention: &'m DataMention) {
    let marks = marks(mention);
    let words = own_words(mention);
    let broader = mention.extent != Extent::Exact;
    let open = mention.extent == Extent::Open;
    let same = |item: &&mut Item| item.data_type == mention.data_type && item.marks == marks;
    match items.iter_mut().find(same) {
        Some(item) => {
            item.broader |= broader;
            item.open |= open;
            let new = words.filter(|words| !item.words.contains(words));
            item.words.extend(new);
        }
        None => items.push(Item {
            data_type: &mention.data_type,
            marks,
            words: words.into_iter().collect(),
            broader,
            open,
        }),
    }
}

fn with_members(item: &Item, all: &[DataMention]) -> String {
    let mut members: Vec<Item> = Vec::new();
    if item.broader {
        let inside = all
            .iter()
            .filter(|m| m.within.as_deref() == Some(item.data_type))
            .filter(|m| m.extent == Extent::Exact);
        inside.for_each(|member| add(&mut members, member));
    }
    let members: Vec<String> = members.iter().map(one).collect();
    let head = one(item);
    match (members.is_empty(), item.open) {
        (true, true) => format!("{head} …"),
        (true, false) => head,
        (false, true) => format!("{head} ({}, …)", members.join(", ")),
        (false, false) => format!("{head} ({})", members.join(", ")),
    }
}

/// Id, words, marks.
fn one(item: &Item) -> String {
    let mut text = item.data_type.to_owned();
    for words in &item.words {
        text.push_str(&format!(" “{words}”"));
    }
    if !item.marks.is_empty() {
        text.push_str(&format!(" [{}]", item.marks.join(", ")));
    }
    text
}

/// The policy's words, where they are others than the id.
fn own_words(mention: &DataMention) -> Option<String> {
    let written = mention.as_written.split_whitespace();
    let written = written.collect::<Vec<_>>().join(" ");
    let differ = !written.is_empty() && squashed(&written) != squashed(&mention.data_type);
    differ.then_some(written)
}

fn marks(mention: &DataMention) -> Vec<&str> {
    let mut marks: Vec<&str> = Vec::new();
    if mention.optional {
        marks.push("optional");
    }
    if mention.local_only {
        marks.push("on the device only");
    }
    marks.extend(mention.platforms.iter().map(String::as_str));
    match mention.basis {
        MentionBasis::Listed => {}
        MentionBasis::Definition => marks.push("by definition"),
        MentionBasis::Shared => marks.push("said of all"),
        MentionBasis::Permission => marks.push("by permission"),
    }
    marks
}

fn squashed(text: &str) -> String {
    let plain = text.chars().filter(|c| c.is_alphanumeric());
    plain.flat_map(char::to_lowercase).collect()
}
