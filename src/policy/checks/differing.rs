//! `differing-entries`: one SDK described in two places that do not say the
//! same. The record unites them; the reader of the policy cannot.

use std::collections::HashMap;

use super::{Ground, about, purpose, short};
use crate::policy::Lexicon;
use crate::policy::lexicon::squash_name;
use crate::policy::model::{MatchedBy, PolicyCheck, SdkRecord};

/// What two entries of one SDK say differently.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) enum Difference {
    /// Data types that only the first, and only the second, names.
    DataTypes(Vec<String>, Vec<String>),
    /// One says that nothing is collected, the other names data.
    Nothing,
    /// Companies of different groups.
    #[default]
    Vendor,
    /// Purposes of different classes.
    Purpose(Vec<String>, Vec<String>),
}

/// How two entries of one SDK differ; empty when they agree, or when one of
/// them is silent on what the other says.
pub(crate) fn differences(a: &SdkRecord, b: &SdkRecord, lexicon: &Lexicon) -> Vec<Difference> {
    let mut found = Vec::new();
    found.extend(data_types(a, b));
    if vendors_differ(a, b, lexicon) {
        found.push(Difference::Vendor);
    }
    found.extend(purposes(a, b));
    found
}

fn data_types(a: &SdkRecord, b: &SdkRecord) -> Option<Difference> {
    if a.data_types.is_empty() || b.data_types.is_empty() {
        let denied =
            |none: &SdkRecord, some: &SdkRecord| none.explicit_none && !some.data_types.is_empty();
        return (denied(a, b) || denied(b, a)).then_some(Difference::Nothing);
    }
    let only = |one: &SdkRecord, other: &SdkRecord| -> Vec<String> {
        let types = one.data_types.iter();
        types
            .filter(|t| !other.data_types.contains(t))
            .cloned()
            .collect()
    };
    let (here, there) = (only(a, b), only(b, a));
    (!here.is_empty() || !there.is_empty()).then_some(Difference::DataTypes(here, there))
}

/// Short and legal names of one group agree; two names of which only one is
/// known may be a group and its subsidiary.
fn vendors_differ(a: &SdkRecord, b: &SdkRecord, lexicon: &Lexicon) -> bool {
    let (a, b) = (&a.vendor_as_written, &b.vendor_as_written);
    match (lexicon.companies.groups(a), lexicon.companies.groups(b)) {
        (Some(a), Some(b)) => a.is_disjoint(&b),
        (None, None) => {
            let (a, b) = (squash_name(a), squash_name(b));
            let legal = |name: &str| name.ends_with("公司");
            legal(&a) && legal(&b) && !a.contains(&b) && !b.contains(&a)
        }
        _ => false,
    }
}

fn purposes(a: &SdkRecord, b: &SdkRecord) -> Option<Difference> {
    let (here, there) = (&a.purpose_classes, &b.purpose_classes);
    let apart = !here.is_empty()
        && !there.is_empty()
        && here
            .iter()
            .all(|h| !there.iter().any(|t| purpose::are_near(h, t)));
    apart.then(|| Difference::Purpose(here.clone(), there.clone()))
}

/// Whether two entries speak of the same systems: rows for iOS and for Android
/// are meant to differ.
fn are_comparable(a: &SdkRecord, b: &SdkRecord) -> bool {
    a.platforms == b.platforms || a.applies_to_android() && b.applies_to_android()
}

/// Words behind a name that tell no other product.
const GENERIC: [&str; 8] = [
    "服务",
    "产品",
    "组件",
    "插件",
    "客户端",
    "安卓版",
    "android",
    "ios",
];

/// A name without remarks in brackets and generic words.
fn core(name: &str) -> String {
    let mut depth = 0_usize;
    let outside = |c: &char| {
        match c {
            '(' | '（' | '[' | '【' => depth += 1,
            ')' | '）' | ']' | '】' => {
                depth = depth.saturating_sub(1);
                return false;
            }
            _ => {}
        }
        depth == 0
    };
    let mut core = squash_name(&name.chars().filter(outside).collect::<String>());
    while let Some(rest) = GENERIC.iter().find_map(|word| core.strip_suffix(word)) {
        core = rest.to_owned();
    }
    core
}

/// Whether two names of one signature are two of its parts: 高德定位 and
/// 高德导航 open alike and go on differently; 极光推送 and JPush are one.
fn are_parts(a: &str, b: &str) -> bool {
    let (a, b) = (core(a), core(b));
    let common = a.chars().zip(b.chars()).take_while(|(a, b)| a == b).count();
    a != b && common >= 2
}

/// The kinds of difference, each told once for one SDK.
fn kind(difference: &Difference) -> u8 {
    match difference {
        Difference::DataTypes(..) | Difference::Nothing => 0,
        Difference::Vendor => 1,
        Difference::Purpose(..) => 2,
    }
}

pub(super) fn check(ground: &Ground<'_>) -> Vec<PolicyCheck> {
    let mut groups: Vec<Vec<&SdkRecord>> = Vec::new();
    let mut seen: HashMap<String, usize> = HashMap::new();
    for part in ground.parts {
        let at = *seen.entry(subject(part)).or_insert(groups.len());
        match groups.get_mut(at) {
            Some(group) => group.push(part),
            None => groups.push(vec![part]),
        }
    }
    groups
        .iter()
        .filter_map(|group| compare(group, ground))
        .collect()
}

/// What two entries must share to speak of one SDK: the product, where a
/// product's name or package tells it, else the name.
fn subject(record: &SdkRecord) -> String {
    let certain = matches!(
        record.matched_by,
        Some(MatchedBy::Name | MatchedBy::Package)
    );
    match &record.id {
        Some(id) if certain => format!("id {id}"),
        _ => format!("name {}", squash_name(&record.as_written)),
    }
}

/// Compares each entry with the first that it can be compared with: one pass,
/// however often a document repeats a name.
fn compare(group: &[&SdkRecord], ground: &Ground<'_>) -> Option<PolicyCheck> {
    let (first, others) = group.split_first()?;
    let mut told: Vec<u8> = Vec::new();
    let mut message = String::new();
    // The first entry may be silent on data; the next that speaks stands in.
    let mut base = *first;
    for other in others {
        if base.data_types.is_empty() && !base.explicit_none && !other.data_types.is_empty() {
            base = other;
            continue;
        }
        if !are_comparable(base, other) || are_parts(&base.as_written, &other.as_written) {
            continue;
        }
        for difference in differences(base, other, ground.lexicon) {
            if told.contains(&kind(&difference)) {
                continue;
            }
            told.push(kind(&difference));
            if !message.is_empty() {
                message.push_str("; ");
            }
            let there = ground.place(&other.quote);
            message.push_str(&words(&difference, base, other, &there));
        }
        if told.len() == 3 {
            break;
        }
    }
    (!message.is_empty()).then(|| {
        let message = format!("two entries of one SDK differ: {message}");
        about("differing-entries", base, message)
    })
}

/// One difference in words; `there` is where the second entry stands.
fn words(difference: &Difference, here: &SdkRecord, other: &SdkRecord, there: &str) -> String {
    let quoted = format!("there: {there}: “{}”", short(&other.quote.text));
    match difference {
        Difference::DataTypes(a, b) => {
            let mut parts = Vec::new();
            if !a.is_empty() {
                parts.push(format!("data only here: {}", a.join(", ")));
            }
            if !b.is_empty() {
                parts.push(format!("data only there: {}", b.join(", ")));
            }
            format!("{} ({quoted})", parts.join("; "))
        }
        Difference::Nothing if here.explicit_none => {
            format!(
                "no data here, data there: {} ({quoted})",
                other.data_types.join(", ")
            )
        }
        Difference::Nothing => {
            format!(
                "data here: {}, none there ({quoted})",
                here.data_types.join(", ")
            )
        }
        Difference::Vendor => format!(
            "company here “{}”, there “{}” ({quoted})",
            short(&here.vendor_as_written),
            short(&other.vendor_as_written)
        ),
        Difference::Purpose(a, b) => format!(
            "purpose here {}, there {} ({quoted})",
            a.join(", "),
            b.join(", ")
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{LEXICON, checks};
    use super::*;

    fn record(name: &str, types: &[&str]) -> SdkRecord {
        SdkRecord {
            as_written: name.into(),
            data_types: types.iter().map(|t| (*t).to_owned()).collect(),
            ..SdkRecord::default()
        }
    }

    #[test]
    fn two_lists_that_name_different_data_are_told_with_both_places() {
        let text = "隐私政策\n更新日期：2024年1月2日\n我们接入以下第三方SDK：\n\
            SDK名称：青鸾画像SDK\n使用目的：统计分析\n收集个人信息类型：IMEI、OAID\n隐私政策链接：https://qingluan.example/p\n\
            SDK名称：白榆客服SDK\n使用目的：在线客服\n收集个人信息类型：设备型号\n隐私政策链接：https://baiyu.example/p\n\
            SDK名称：青鸾画像SDK\n使用目的：统计分析\n收集个人信息类型：OAID、MAC地址\n隐私政策链接：https://qingluan.example/p\n";
        let found = checks(text, "differing-entries");
        assert_eq!(found.len(), 1, "{found:?}");
        let check = &found[0];
        assert_eq!(check.sdk, "青鸾画像SDK");
        let quote = check.quote.as_ref().unwrap();
        assert_eq!(quote.line, 4);
        assert!(
            check
                .message
                .contains("data only here: imei; data only there: mac"),
            "{}",
            check.message
        );
        assert!(
            check.message.contains("there: line 12, bytes "),
            "{}",
            check.message
        );
        assert!(check.message.contains("MAC地址"));
    }

    #[test]
    fn entries_that_agree_or_are_silent_do_not_differ() {
        let text = "隐私政策\n我们接入以下第三方SDK：\n\
            SDK名称：青鸾画像SDK\n使用目的：统计分析\n收集个人信息类型：IMEI、OAID\n\
            SDK名称：青鸾画像SDK\n使用目的：统计分析\n收集个人信息类型：OAID、IMEI\n\
            SDK名称：青鸾画像SDK\n使用目的：统计\n";
        assert!(checks(text, "differing-entries").is_empty());
    }

    #[test]
    fn what_counts_as_a_difference() {
        let kinds = |a: &SdkRecord, b: &SdkRecord| -> Vec<u8> {
            differences(a, b, &LEXICON).iter().map(kind).collect()
        };
        let plain = record("甲SDK", &["imei"]);
        let none = SdkRecord {
            explicit_none: true,
            ..record("甲SDK", &[])
        };
        assert_eq!(kinds(&plain, &none), [0]);
        assert!(kinds(&plain, &record("甲SDK", &[])).is_empty());
        let by = |vendor: &str| SdkRecord {
            vendor_as_written: vendor.into(),
            ..plain.clone()
        };
        assert!(kinds(&by("极光"), &by("深圳市和讯华谷信息技术有限公司")).is_empty());
        assert_eq!(kinds(&by("极光"), &by("小米")), [1]);
        assert!(kinds(&by("极光"), &by("成都白榆示例网络有限公司")).is_empty());
        assert_eq!(
            kinds(&by("北京夜航示例有限公司"), &by("成都白榆示例有限公司")),
            [1]
        );
        let does = |purpose: &str| SdkRecord {
            purpose_classes: LEXICON.purpose_classes(purpose),
            ..plain.clone()
        };
        assert_eq!(kinds(&does("消息推送"), &does("人脸核验")), [2]);
        assert!(kinds(&does("崩溃统计"), &does("性能监控")).is_empty());
    }

    #[test]
    fn parts_of_one_family_describe_different_things() {
        for (a, b) in [("高德定位SDK", "高德导航SDK"), ("微信SDK", "微信支付SDK")] {
            assert!(are_parts(a, b), "{a} {b}");
        }
        for (a, b) in [
            ("极光推送SDK", "JPush"),
            ("极光推送", "极光推送服务SDK"),
            ("腾讯Bugly", "腾讯 Bugly SDK（安卓版）"),
        ] {
            assert!(!are_parts(a, b), "{a} {b}");
        }
    }

    #[test]
    fn rows_for_two_systems_may_differ() {
        let on = |platform: &str| SdkRecord {
            platforms: vec![platform.into()],
            ..record("甲SDK", &["imei"])
        };
        assert!(!are_comparable(&on("ios"), &on("android")));
        assert!(!are_comparable(&on("ios"), &record("甲SDK", &[])));
        assert!(are_comparable(&on("android"), &record("甲SDK", &[])));
    }
}
