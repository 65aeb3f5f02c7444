//! Words that tell the purpose of an SDK category, for names that stand for a
//! whole family.

/// Category → words of names and purposes, squashed (lower case, no blanks).
const WORDS: [(&str, &[&str]); 21] = [
    (
        "push",
        &[
            "推送",
            "通知",
            "push",
            "messaging",
            "notification",
            "厂商通道",
            "通道",
        ],
    ),
    (
        "analytics",
        &[
            "统计",
            "分析",
            "埋点",
            "analytics",
            "statistic",
            "活跃",
            "measurement",
        ],
    ),
    (
        "ads",
        &[
            "广告",
            "变现",
            "投放",
            "advertis",
            "adservice",
            "营销",
            "视频观看",
        ],
    ),
    ("ad-mediation", &["聚合", "mediation"]),
    (
        "attribution",
        &[
            "归因",
            "渠道",
            "安装来源",
            "attribution",
            "推广来源",
            "conversion",
        ],
    ),
    (
        "login",
        &[
            "一键登录",
            "号码认证",
            "本机号码",
            "认证登录",
            "登录",
            "login",
            "signin",
            "验证",
        ],
    ),
    (
        "social-share",
        &["分享", "share", "登录", "好友", "朋友圈", "社交"],
    ),
    (
        "payment",
        &["支付", "付款", "收银", "payment", "充值", "提现"],
    ),
    (
        "map-location",
        &[
            "地图", "定位", "位置", "导航", "map", "location", "路线", "距离",
        ],
    ),
    ("crash", &["崩溃", "异常", "bug", "crash", "闪退"]),
    ("apm", &["性能", "监控", "performance", "稳定性"]),
    (
        "im-rtc-live",
        &[
            "即时通讯",
            "即时通信",
            "聊天",
            "im",
            "直播",
            "音视频",
            "短视频",
            "通话",
            "视频",
            "客服",
        ],
    ),
    (
        "customer-service",
        &["客服", "咨询", "答疑", "在线沟通", "售后", "support"],
    ),
    (
        "ocr-face",
        &[
            "人脸",
            "识别",
            "实名",
            "核验",
            "身份证",
            "活体",
            "ocr",
            "实人",
        ],
    ),
    (
        "security-risk",
        &["风控", "反作弊", "安全", "验证码", "反欺诈", "风险"],
    ),
    ("device-id", &["标识符", "匿名设备", "oaid", "设备标识"]),
    ("packer", &["加固", "破解", "反编译"]),
    ("webview", &["浏览", "内核", "网页", "x5"]),
    (
        "commerce",
        &["商品", "电商", "购物", "快递", "物流", "店铺"],
    ),
    ("storage-upload", &["上传", "存储", "下载"]),
    ("survey", &["问卷", "调研"]),
];

/// How many words of a category a squashed text holds, up to three.
pub(super) fn affinity(category: &str, squashed: &str) -> u32 {
    let words = WORDS.iter().find(|(name, _)| *name == category);
    words.map_or(0, |(_, words)| {
        let count = words.iter().filter(|word| squashed.contains(*word)).count();
        count.min(3) as u32
    })
}

/// The categories that a text speaks of, in the order of the table.
pub(crate) fn speaks_of(text: &str) -> impl Iterator<Item = &'static str> {
    let squashed = super::squash::squash(text);
    WORDS
        .iter()
        .map(|(category, _)| *category)
        .filter(move |category| affinity(category, &squashed) > 0)
}
