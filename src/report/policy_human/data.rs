//! The data of an entry on one line: ids, the policy's words where they say it
//! differently, what belongs to which broader term, and what is said of it.

use std::collections::BTreeSet;

use crate::policy::model::{DataMention, Extent, MentionBasis, SdkRecord};

/// `device-info “设备信息” (imei, device-model “机型”, …); oaid [optional]`. A
/// broader term without an enumeration is followed by `…`: it may stand for
/// anything below it.
pub(super) fn words(record: &SdkRecord) -> String {
    let mut written: Vec<String> = Vec::new();
    let mut seen: BTreeSet<String> = BTreeSet::new();
    let mut heads: BTreeSet<&str> = BTreeSet::new();
    let is_head = |id: &str| record.data.iter().any(|mention| mention.data_type == id);
    for mention in &record.data {
        // Shown inside its broader term, where that is named.
        let inside = mention.within.as_deref().is_some_and(is_head);
        let text = match mention.extent {
            Extent::Exact if inside => continue,
            Extent::Exact => one(mention),
            Extent::Open | Extent::Closed => {
                // Of a term that stands twice the first shows the members.
                let first = heads.insert(&mention.data_type);
                with_members(mention, &record.data, first)
            }
        };
        if seen.insert(text.clone()) {
            written.push(text);
        }
    }
    let mentioned: BTreeSet<&str> = record.data.iter().map(|m| m.data_type.as_str()).collect();
    let bare = record
        .data_types
        .iter()
        .filter(|id| !mentioned.contains(id.as_str()));
    written.extend(bare.cloned());
    written.join("; ")
}

fn with_members(head: &DataMention, all: &[DataMention], first: bool) -> String {
    let mut members: Vec<String> = Vec::new();
    if first {
        let inside = all
            .iter()
            .filter(|m| m.within.as_deref() == Some(head.data_type.as_str()))
            .filter(|m| m.extent == Extent::Exact);
        for member in inside.map(one) {
            if !members.contains(&member) {
                members.push(member);
            }
        }
    }
    let open = head.extent == Extent::Open;
    match (members.is_empty(), open) {
        (true, true) => format!("{} …", one(head)),
        (true, false) => one(head),
        (false, true) => format!("{} ({}, …)", one(head), members.join(", ")),
        (false, false) => format!("{} ({})", one(head), members.join(", ")),
    }
}

/// One mention: id, words, marks.
fn one(mention: &DataMention) -> String {
    let mut text = mention.data_type.clone();
    let written = mention
        .as_written
        .split_whitespace()
        .collect::<Vec<_>>()
        .join(" ");
    if !written.is_empty() && squashed(&written) != squashed(&text) {
        text.push_str(&format!(" “{written}”"));
    }
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
    if !marks.is_empty() {
        text.push_str(&format!(" [{}]", marks.join(", ")));
    }
    text
}

fn squashed(text: &str) -> String {
    let plain = text.chars().filter(|c| c.is_alphanumeric());
    plain.flat_map(char::to_lowercase).collect()
}
