//! The table of examples: what an entry says, what its SDK collects, how well
//! that is covered.

use super::TypeCoverage::{Exact, Narrower, SiblingOnly, Vague};
use super::*;

const FINE: &str = "android.permission.ACCESS_FINE_LOCATION";
const COARSE: &str = "android.permission.ACCESS_COARSE_LOCATION";
const PHONE: &str = "android.permission.READ_PHONE_STATE";
const CONTACTS: &str = "android.permission.READ_CONTACTS";

fn named(data_type: &str) -> DataMention {
    DataMention {
        data_type: data_type.into(),
        as_written: data_type.into(),
        ..DataMention::default()
    }
}

/// `imei` a type, `device-info+` an open broader term, `device-info=` one that
/// is enumerated to the end, `imei@ios` of a platform, `imei!` by a permission,
/// `imei?` a definition, `imei*` a sentence about all entries.
fn mention(short: &str) -> DataMention {
    let (body, platform) = match short.split_once('@') {
        Some((body, platform)) => (body, vec![platform.to_owned()]),
        None => (short, Vec::new()),
    };
    let mark = body.chars().last().filter(|c| !c.is_alphanumeric());
    let id = body.trim_end_matches(['+', '=', '!', '?', '*']);
    DataMention {
        extent: match mark {
            Some('+') => Extent::Open,
            Some('=') => Extent::Closed,
            _ => Extent::Exact,
        },
        basis: match mark {
            Some('!') => MentionBasis::Permission,
            Some('?') => MentionBasis::Definition,
            Some('*') => MentionBasis::Shared,
            _ => MentionBasis::Listed,
        },
        platforms: platform,
        ..named(id)
    }
}

/// Mentions, permissions, what is collected, how that is covered, whether it is
/// enough.
type Example = (
    &'static str,
    &'static [&'static str],
    &'static str,
    TypeCoverage,
    bool,
);

/// In the order of the rules; the words that a policy would write stand beside.
const EXAMPLES: [Example; 58] = [
    // IMEI
    ("imei", &[], "imei", Exact, true),
    // 设备信息(IMEI、型号)
    ("device-info= imei device-model", &[], "imei", Exact, true),
    (
        "device-info= imei device-model",
        &[],
        "device-model",
        Exact,
        true,
    ),
    (
        "device-info= imei device-model",
        &[],
        "app-list",
        TypeCoverage::None,
        false,
    ),
    (
        "device-info= imei device-model",
        &[],
        "screen",
        TypeCoverage::None,
        false,
    ),
    (
        "device-info= imei device-model",
        &[],
        "android-id",
        SiblingOnly,
        false,
    ),
    // 设备信息(IMEI、型号等)
    (
        "device-info+ imei device-model",
        &[],
        "app-list",
        Vague,
        false,
    ),
    ("device-info+ imei device-model", &[], "screen", Vague, true),
    ("device-info+ imei device-model", &[], "mac", Vague, false),
    // 设备信息
    ("device-info+", &[], "imei", Vague, false),
    ("device-info+", &[], "serial", Vague, false),
    ("device-info+", &[], "device-model", Vague, true),
    ("device-info+", &[], "os-version", Vague, true),
    ("device-info+", &[], "language", Vague, true),
    ("device-info+", &[], "oaid", Vague, true),
    ("device-info+", &[], "ip", TypeCoverage::None, false),
    // 设备标识符, device identifiers
    ("device-id+", &[], "imei", Vague, false),
    ("device-id+", &[], "android-id", Vague, true),
    ("device-id= oaid", &[], "imei", SiblingOnly, false),
    // OAID
    ("oaid", &[], "imei", SiblingOnly, false),
    ("oaid", &[], "android-id", SiblingOnly, false),
    ("mac", &[], "bluetooth-mac", SiblingOnly, false),
    ("device-model", &[], "imei", TypeCoverage::None, false),
    ("", &[], "imei", TypeCoverage::None, false),
    // Android: OAID; iOS: IDFA
    ("oaid@android idfa@ios", &[], "oaid", Exact, true),
    ("imei@ios", &[], "imei", TypeCoverage::None, false),
    ("device-info+@ios", &[], "imei", TypeCoverage::None, false),
    ("oaid@ios", &[], "imei", TypeCoverage::None, false),
    ("imei@harmony oaid", &[], "imei", SiblingOnly, false),
    // 位置信息, 精确位置, 粗略位置
    ("location+", &[], "precise-location", Vague, false),
    ("location+", &[], "coarse-location", Vague, true),
    ("precise-location", &[], "precise-location", Exact, true),
    ("precise-location", &[], "coarse-location", Exact, true),
    ("coarse-location", &[], "precise-location", Narrower, false),
    (
        "location= coarse-location",
        &[],
        "precise-location",
        Narrower,
        false,
    ),
    (
        "location+ coarse-location",
        &[],
        "precise-location",
        Vague,
        false,
    ),
    ("cell", &[], "precise-location", SiblingOnly, false),
    ("ip", &[], "precise-location", TypeCoverage::None, false),
    // Documented as a group.
    ("coarse-location", &[], "location", Vague, true),
    ("imei", &[], "device-id", Vague, true),
    // WLAN信息, SSID
    ("wifi-info+", &[], "ssid", Vague, true),
    ("ssid", &[], "wifi-list", Narrower, false),
    ("ssid", &[], "bssid", SiblingOnly, false),
    ("wifi-list", &[], "ssid", Exact, true),
    ("network-info+", &[], "ip", Vague, true),
    // 应用信息, 已安装应用列表
    ("app-info", &[], "app-list", Narrower, false),
    ("running-process", &[], "app-list", SiblingOnly, false),
    ("app-list", &[], "app-list", Exact, true),
    // 日志, 崩溃日志
    ("log+", &[], "crash-log", Vague, true),
    ("crash-log", &[], "log", Vague, true),
    // A definition and a sentence about all entries are as good as the entry.
    ("imei?", &[], "imei", Exact, true),
    ("imei*", &[], "imei", Exact, true),
    // Permissions tell what they guard, vaguely.
    ("", &[PHONE], "imei", Vague, false),
    ("", &[CONTACTS], "contacts", Vague, false),
    ("", &[FINE], "precise-location", Vague, false),
    ("", &[COARSE], "precise-location", Narrower, false),
    ("precise-location!", &[], "precise-location", Vague, false),
    ("contacts", &[CONTACTS], "contacts", Exact, true),
];

#[test]
fn the_table_of_examples() {
    let base = KnowledgeBase::embedded();
    for (mentions, permissions, collected, coverage, enough) in EXAMPLES {
        let mentions: Vec<DataMention> = mentions.split_whitespace().map(mention).collect();
        let permissions: Vec<String> = permissions.iter().map(|p| (*p).to_owned()).collect();
        let said: Vec<&str> = mentions.iter().map(|m| m.data_type.as_str()).collect();
        let found = type_coverage(collected, &mentions, &permissions, &base);
        assert_eq!(
            found.coverage, coverage,
            "{collected} by {said:?} {permissions:?}"
        );
        assert_eq!(
            is_enough(collected, found.coverage, &base),
            enough,
            "{collected} by {said:?} {permissions:?}"
        );
        assert_eq!(found.rests_on.is_none(), coverage == TypeCoverage::None);
    }
}

/// The words that name a type in a cell, as the real vocabulary reads them.
fn read(cell: &str) -> Vec<DataMention> {
    use crate::policy::{self, Lexicon};
    use std::sync::LazyLock;
    static LEXICON: LazyLock<Lexicon> =
        LazyLock::new(|| Lexicon::compile(&KnowledgeBase::embedded()));
    let base = KnowledgeBase::embedded();
    let text = format!(
        "第三方SDK目录\nSDK名称：青鸾画像SDK\n使用目的：统计分析\n收集个人信息类型：{cell}\n隐私政策链接：https://qingluan.example/p\n"
    );
    let document = policy::read("list.txt", text.as_bytes(), &LEXICON).unwrap();
    let record = document.sdks.first().unwrap();
    crate::audit::data_coverage::mentions_of(record, &base)
}

#[test]
fn cells_as_policies_write_them() {
    let base = KnowledgeBase::embedded();
    for (cell, collected, coverage) in [
        ("IMEI、OAID", "imei", Exact),
        ("国际移动设备识别码（IMEI）", "imei", Exact),
        ("设备MAC地址", "mac", Exact),
        ("Android ID", "android-id", Exact),
        ("已安装应用列表", "app-list", Exact),
        ("剪贴板内容", "clipboard", Exact),
        ("设备信息", "imei", Vague),
        ("设备标识符", "serial", Vague),
        ("device information", "imei", Vague),
        ("位置信息", "precise-location", Vague),
        ("粗略位置", "precise-location", Narrower),
        ("approximate location", "precise-location", Narrower),
        ("OAID", "imei", SiblingOnly),
        ("advertising ID", "imei", SiblingOnly),
        ("屏幕分辨率", "imei", TypeCoverage::None),
        ("操作系统版本", "contacts", TypeCoverage::None),
    ] {
        let found = type_coverage(collected, &read(cell), &[], &base);
        assert_eq!(found.coverage, coverage, "{cell}: {collected}");
    }
}

#[test]
fn the_first_of_the_best_mentions_is_named() {
    let base = KnowledgeBase::embedded();
    let mentions: Vec<DataMention> = ["oaid", "device-info+", "imei@ios", "imei", "imei"]
        .into_iter()
        .map(mention)
        .collect();
    let found = type_coverage("imei", &mentions, &[PHONE.to_owned()], &base);
    assert_eq!(found.rests_on, Some(RestsOn::Mention(3)));
    let found = type_coverage("imei", &[], &[PHONE.to_owned()], &base);
    assert_eq!(found.rests_on, Some(RestsOn::Permission(0)));
}

#[test]
fn an_unknown_type_is_covered_by_its_own_name_only() {
    let base = KnowledgeBase::embedded();
    let own = [mention("no-such-type")];
    assert_eq!(
        type_coverage("no-such-type", &own, &[], &base).coverage,
        Exact
    );
    let other = [mention("device-info+")];
    assert_eq!(
        type_coverage("no-such-type", &other, &[], &base).coverage,
        TypeCoverage::None
    );
}
