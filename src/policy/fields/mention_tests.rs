//! What people write and what it names, as a table.
//!
//! The short form of a mention: the type, `+` for an open broader term, `=` for
//! a closed one, `<above` for what it is enumerated under, `?` optional,
//! `@local`, `@ios` and so on, `!` for a permission.

use std::sync::LazyLock;

use super::*;
use crate::sdk::KnowledgeBase;

static LEXICON: LazyLock<Lexicon> = LazyLock::new(|| Lexicon::compile(&KnowledgeBase::embedded()));

fn short(text: &str) -> String {
    let mut words = Vec::new();
    for mention in read(text, &LEXICON, true) {
        let Some(first) = mention.noun.first() else {
            continue;
        };
        let mut word = LEXICON.terms.type_id(first).to_owned();
        word += match mention.extent {
            Extent::Exact => "",
            Extent::Open => "+",
            Extent::Closed => "=",
        };
        if mention.noun.permission {
            word += "!";
        }
        if let Some(above) = mention.within {
            word += "<";
            word += LEXICON.terms.type_id(above);
        }
        if mention.qualities.optional {
            word += "?";
        }
        if mention.qualities.local_only {
            word += "@local";
        }
        for platform in &mention.qualities.platforms {
            word += "@";
            word += platform;
        }
        words.push(word);
    }
    words.join(" ")
}

fn check(table: &[(&str, &str)]) {
    let wrong: Vec<String> = table
        .iter()
        .filter(|(text, expected)| short(text) != *expected)
        .map(|(text, expected)| {
            format!("{text}\n  expected {expected}\n  found    {}", short(text))
        })
        .collect();
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn broader_terms_and_their_members_in_chinese() {
    check(&[
        ("IMEI、设备型号", "imei device-model"),
        ("设备信息", "device-info+"),
        (
            "设备信息(IMEI、型号)",
            "device-info= imei<device-info device-model<device-info",
        ),
        (
            "设备信息(IMEI、型号等)",
            "device-info+ imei<device-info device-model<device-info",
        ),
        (
            "设备信息(IMEI、型号)等",
            "device-info= imei<device-info device-model<device-info",
        ),
        (
            "设备信息(包括但不限于IMEI、型号)",
            "device-info+ imei<device-info device-model<device-info",
        ),
        (
            "设备信息(包括IMEI、型号)",
            "device-info= imei<device-info device-model<device-info",
        ),
        (
            "设备信息(如IMEI、型号)",
            "device-info+ imei<device-info device-model<device-info",
        ),
        (
            "设备信息:IMEI、型号;位置信息",
            "device-info= imei<device-info device-model<device-info location+",
        ),
        (
            "设备信息:IMEI;型号;系统版本",
            "device-info= imei<device-info device-model<device-info os-version<device-info",
        ),
        (
            "设备信息,包括IMEI、OAID,位置信息",
            "device-info= imei<device-info oaid<device-info location+",
        ),
        (
            "设备信息,例如IMEI、OAID",
            "device-info+ imei<device-info oaid<device-info",
        ),
        (
            "IMEI、MAC地址等设备信息",
            "imei<device-info mac<device-info device-info+",
        ),
        (
            "设备信息(设备标识符(IMEI、OAID)、型号)",
            "device-info= device-id=<device-info imei<device-id oaid<device-id device-model<device-info",
        ),
        (
            "设备信息[IMEI]、网络信息[IP地址、SSID等]",
            "device-info= imei<device-info network-info+ ip<network-info ssid<network-info",
        ),
        ("设备信息(用于推送)", "device-info+"),
        ("设备信息(用于根据IP地址推荐)", "device-info+ ip"),
        ("设备标识符(唯一设备识别码)", "device-id+ device-id+"),
        ("设备信息(可选)(IMEI)", "device-info=? imei<device-info"),
        ("设备信息中的IMEI", "device-info= imei<device-info"),
        (
            "位置信息(GPS、基站信息)、应用列表",
            "location= precise-location<location cell<location app-list",
        ),
        (
            "设备信息:IMEI、设备型号 网络信息:IP地址",
            "device-info= imei<device-info device-model<device-info network-info= ip<network-info",
        ),
        ("日志信息(崩溃日志、操作日志)", "log= crash-log<log log+"),
        (
            "网络类型、IP、WiFi、基站",
            "network-state ip wifi-info+ cell",
        ),
        ("网络类型(WiFi、4G)", "network-state"),
        ("接入网络的方式和类型(例如:WiFi、4G网络等)", "network-state"),
        ("个人敏感信息(位置、卡号)", "location+ bank-card"),
        ("电池状态、启动时间", "battery boot-time"),
        ("应用启动时间", ""),
        ("应用Token、WiFi热点名称", "push-token ssid"),
    ]);
}

#[test]
fn broader_terms_and_their_members_in_english() {
    check(&[
        (
            "Device information (IMEI, device model)",
            "device-info= imei<device-info device-model<device-info",
        ),
        (
            "Device information, including IMEI and device model",
            "device-info= imei<device-info device-model<device-info",
        ),
        (
            "Device information, including but not limited to IMEI and OS version",
            "device-info+ imei<device-info os-version<device-info",
        ),
        (
            "device information such as IMEI, MAC address",
            "device-info+ imei<device-info mac<device-info",
        ),
        (
            "Device identifiers: advertising ID, Android ID",
            "device-id= gaid<device-id android-id<device-id",
        ),
        (
            "device information (e.g. device model, OS version)",
            "device-info+ device-model<device-info os-version<device-info",
        ),
        (
            "device information (device model, OS version, etc.)",
            "device-info+ device-model<device-info os-version<device-info",
        ),
        (
            "IP address, device model and other device information",
            "ip<device-info device-model<device-info device-info+",
        ),
        ("Location information", "location+"),
        (
            "location (approximate location), contacts",
            "location= coarse-location<location contacts",
        ),
        (
            "Device information – device model, OS version",
            "device-info= device-model<device-info os-version<device-info",
        ),
    ]);
}

#[test]
fn platforms_options_and_what_stays_on_the_device() {
    check(&[
        (
            "Android:IMEI、OAID;iOS:IDFA、IDFV",
            "imei@android oaid@android idfa@ios idfv@ios",
        ),
        (
            "Android端:IMEI、OAID iOS端:IDFA",
            "imei@android oaid@android idfa@ios",
        ),
        ("IDFA(仅iOS)、系统版本", "idfa@ios os-version"),
        (
            "OAID (Android only), IDFA (iOS only), IP address",
            "oaid@android idfa@ios ip",
        ),
        (
            "【安卓】IMEI、OAID【iOS】IDFA",
            "imei@android oaid@android idfa@ios",
        ),
        ("设备型号、IDFA iOS、IP地址", "device-model idfa@ios ip"),
        (
            "在Android系统中收集IMEI,在iOS系统中收集IDFA",
            "imei@android idfa@ios",
        ),
        ("Android和iOS:设备型号", "device-model@android@ios"),
        ("Android ID、安卓版本", "android-id os-version"),
        ("苹果公司的设备型号", "device-model"),
        ("位置信息(可选)、IMEI", "location+? imei"),
        (
            "必选信息:IMEI;可选信息:位置信息、应用列表",
            "imei location+? app-list?",
        ),
        ("可选:OAID 必选:IMEI", "oaid? imei"),
        ("如您授权,收集精确位置", "precise-location?"),
        ("location (optional), IP address", "location+? ip"),
        ("Optional: precise location", "precise-location?"),
        ("应用列表(仅在本地处理,不上传)、IMEI", "app-list@local imei"),
        ("收集传感器信息,仅在本地使用", "sensor@local"),
        ("收集IMEI,其中应用列表仅在本地处理", "imei app-list@local"),
        (
            "contacts (processed on-device only), email",
            "contacts@local email",
        ),
        ("photos, which are never uploaded", "photos@local"),
        ("IMEI、OAID", "imei oaid"),
    ]);
}

#[test]
fn long_text_is_read_in_parts_that_lose_nothing() {
    let text = "设备型号、OAID。".repeat(2_000);
    assert_eq!(read(&text, &LEXICON, false).len(), 4_000);
    let brackets = "设备信息(".repeat(4_000);
    assert_eq!(read(&brackets, &LEXICON, false).len(), 4_000);
}
