//! `purpose-at-odds`: an entry whose stated purpose is another kind of SDK's,
//! mostly a row copied and half rewritten.

use super::{Ground, about, short};
use crate::policy::Lexicon;
use crate::policy::lexicon::squash_name;
use crate::policy::model::{Confidence, Layout, MatchedBy, PolicyCheck, SdkRecord};

/// Categories that are told in each other's words, or come in one product.
const NEIGHBOURS: [&[&str]; 16] = [
    &["analytics", "apm", "crash", "logging", "survey", "hotfix"],
    &[
        "ads",
        "ad-mediation",
        "attribution",
        "analytics",
        "commerce",
    ],
    &[
        "ads",
        "ad-mediation",
        "security-risk",
        "device-id",
        "map-location",
    ],
    &["login", "social-share", "security-risk", "ocr-face"],
    &["login", "payment", "commerce"],
    &["social-share", "payment", "push", "storage-upload"],
    &["push", "analytics", "device-id", "im-rtc-live"],
    &["push", "attribution", "ads"],
    &[
        "im-rtc-live",
        "customer-service",
        "storage-upload",
        "webview",
    ],
    &["customer-service", "survey", "push"],
    &[
        "security-risk",
        "device-id",
        "payment",
        "packer",
        "ocr-face",
    ],
    &["security-risk", "analytics", "attribution"],
    &["device-id", "analytics", "attribution", "login"],
    &["map-location", "commerce", "analytics"],
    &["webview", "storage-upload", "hotfix", "payment"],
    &["apm", "security-risk", "webview", "im-rtc-live", "hotfix"],
];

/// Categories that stand for anything: a phone maker's kit, a framework.
const OPEN: [&str; 6] = [
    "other",
    "vendor",
    "media",
    "network",
    "ui-framework",
    "logging",
];

/// Purposes of an entry that is about one thing.
const MOST_PURPOSES: usize = 2;

/// Words that name one kind of function and are no figure of speech, squashed.
/// Only these are evidence against an SDK; weaker words (安全, 识别, 分析) may
/// stand in any purpose.
const PLAIN: [(&str, &[&str]); 13] = [
    (
        "push",
        &[
            "消息推送",
            "推送消息",
            "推送通知",
            "推送服务",
            "pushnotification",
        ],
    ),
    (
        "payment",
        &[
            "支付功能",
            "支付服务",
            "完成支付",
            "进行支付",
            "付款",
            "收银",
            "充值",
            "processpayments",
        ],
    ),
    (
        "map-location",
        &["地图", "导航", "路线规划", "mapdisplay", "showmaps"],
    ),
    (
        "login",
        &[
            "一键登录",
            "号码认证",
            "登录功能",
            "第三方登录",
            "账号登录",
            "signin",
        ],
    ),
    ("social-share", &["分享功能", "分享至", "分享到", "朋友圈"]),
    (
        "ads",
        &[
            "广告投放",
            "广告展示",
            "展示广告",
            "投放广告",
            "广告服务",
            "showads",
            "displayads",
            "advertising",
        ],
    ),
    ("crash", &["崩溃", "闪退", "crashreport"]),
    (
        "im-rtc-live",
        &["即时通讯", "即时通信", "直播", "音视频通话", "视频通话"],
    ),
    (
        "customer-service",
        &["在线客服", "客服服务", "客服功能", "客服咨询"],
    ),
    (
        "ocr-face",
        &[
            "人脸",
            "活体",
            "身份证识别",
            "实名认证",
            "ocr",
            "livenessdetection",
            "facerecognition",
        ],
    ),
    ("packer", &["应用加固", "代码加固", "加固服务"]),
    ("survey", &["问卷"]),
    ("security-risk", &["反作弊", "反欺诈", "风控", "行为验证"]),
];

/// Whether two categories are one, or told in each other's words.
pub(super) fn are_near(a: &str, b: &str) -> bool {
    a == b
        || OPEN.contains(&a)
        || OPEN.contains(&b)
        || NEIGHBOURS
            .iter()
            .any(|group| group.contains(&a) && group.contains(&b))
}

/// The classes that a text names in plain words.
fn plainly(text: &str) -> impl Iterator<Item = &'static str> {
    let squashed = squash_name(text);
    PLAIN
        .iter()
        .filter(move |(_, words)| words.iter().any(|word| squashed.contains(word)))
        .map(|(class, _)| *class)
}

pub(super) fn check(ground: &Ground<'_>) -> Vec<PolicyCheck> {
    let odd = |record: &SdkRecord| {
        // A sentence about many SDKs may carry another one's purpose.
        let certain = record.matched_by == Some(MatchedBy::Name)
            && record.confidence >= Confidence::Medium
            && record.layout != Layout::Sentence
            && record.purposes.len() <= MOST_PURPOSES;
        let id = record.id.as_deref().filter(|_| certain)?;
        let product = ground.lexicon.companies.product(id)?;
        let category = product.category;
        let stated = product
            .curated
            .then(|| at_odds(record, category, ground.lexicon))??;
        let message = format!(
            "the purpose “{}” speaks of {stated}, while {id} is known for {category}: a row copied from another entry?",
            short(&record.purposes.join("; "))
        );
        Some(about("purpose-at-odds", record, message))
    };
    ground.parts.iter().filter_map(odd).collect()
}

/// The class that a purpose plainly speaks of, when no word of it, and none of
/// the entry's own name, is near the category.
fn at_odds(record: &SdkRecord, category: &str, lexicon: &Lexicon) -> Option<&'static str> {
    // A class that stands for anything speaks of nothing.
    let classes = record.purpose_classes.iter();
    let mut stated = classes
        .filter(|class| !OPEN.contains(&class.as_str()))
        .peekable();
    if stated.peek().is_none() || stated.any(|class| are_near(class, category)) {
        return None;
    }
    let own = lexicon.purpose_classes(&record.as_written);
    let explained = |class: &str| own.iter().any(|name| are_near(name, class));
    plainly(&record.purposes.join(" "))
        .find(|class| !explained(class) && !are_near(class, category))
}

#[cfg(test)]
mod tests {
    use super::super::testing::checks;
    use super::*;

    fn list(name: &str, purpose: &str) -> String {
        format!(
            "第三方SDK目录\n更新日期：2024年1月2日\n\
             SDK名称：{name}\n使用目的：{purpose}\n收集个人信息类型：OAID、设备型号\n所属公司：某某有限公司\n隐私政策链接：https://a.example/p\n"
        )
    }

    #[test]
    fn a_push_service_for_liveness_detection_is_at_odds() {
        for (name, purpose) in [
            ("极光推送SDK", "用于活体检测"),
            ("极光推送SDK", "为您提供人脸识别与实名认证"),
            ("腾讯Bugly SDK", "用于完成支付"),
            ("支付宝SDK", "用于崩溃日志上报"),
            ("高德地图SDK", "用于消息推送"),
        ] {
            let found = checks(&list(name, purpose), "purpose-at-odds");
            assert_eq!(found.len(), 1, "{name}: {purpose}");
            assert_eq!(found[0].sdk, name);
            assert!(found[0].message.contains("speaks of"));
        }
    }

    #[test]
    fn neighbours_mixtures_and_vague_words_are_not() {
        for (name, purpose) in [
            ("极光推送SDK", "用于推送消息"),
            ("极光推送SDK", "用于统计分析"),
            ("极光推送SDK", "向您推送消息，并进行人脸核验"),
            ("腾讯Bugly SDK", "用于性能监控"),
            ("微信OpenSDK", "用于微信支付"),
            ("微信OpenSDK", "用于登录和分享"),
            ("支付宝SDK", "帮助您安全地使用本应用"),
            ("高德地图SDK", "为您提供更好的服务"),
            ("青鸾画像SDK", "用于活体检测"),
        ] {
            let found = checks(&list(name, purpose), "purpose-at-odds");
            assert!(found.is_empty(), "{name}: {purpose}: {found:?}");
        }
    }

    #[test]
    fn neighbours_are_mutual() {
        assert!(are_near("login", "social-share") && are_near("social-share", "login"));
        assert!(are_near("push", "push") && are_near("other", "payment"));
        assert!(!are_near("push", "ocr-face") && !are_near("map-location", "payment"));
    }
}
