//! The same words in every layout, format and encoding; what is no disclosure;
//! hostile bytes.

use std::io::Write;
use std::sync::LazyLock;

use super::model::{DisclosureForm, PolicyDocument, SdkRecord};
use super::{Lexicon, extracted_text, read};
use crate::formats::limits::MAX_DENIALS;
use crate::sdk::KnowledgeBase;

static LEXICON: LazyLock<Lexicon> = LazyLock::new(|| Lexicon::compile(&KnowledgeBase::embedded()));

/// Name, purpose, data, company, link. Every second product is made up, so the
/// structure has to be read, not looked up.
const ROWS: [[&str; 5]; 6] = [
    [
        "极光推送SDK",
        "用于向用户推送消息",
        "设备型号、Android ID、OAID、网络类型",
        "深圳市和讯华谷信息技术有限公司",
        "https://www.jiguang.cn/license/privacy",
    ],
    [
        "青鸾画像SDK",
        "用于统计分析页面访问情况",
        "设备信息（IMEI、MAC地址）、应用列表",
        "杭州青鸾示例科技有限公司",
        "https://qingluan.example/privacy.html",
    ],
    [
        "腾讯Bugly SDK",
        "用于统计程序崩溃情况",
        "操作系统版本、崩溃日志",
        "深圳市腾讯计算机系统有限公司",
        "https://bugly.qq.com/v2/contract",
    ],
    [
        "夜航地图SDK",
        "用于展示附近门店的地图",
        "GPS位置、IP地址、基站信息",
        "北京夜航示例信息技术有限公司",
        "https://yehang.example/policy?v=2",
    ],
    [
        "支付宝SDK",
        "用于用户付款支付",
        "设备信息（IMEI、IMSI）、SSID",
        "支付宝（中国）网络技术有限公司",
        "https://render.alipay.com/p/c/k2cx0tg8",
    ],
    [
        "白榆客服SDK",
        "用于在线沟通",
        "麦克风、相册、剪贴板",
        "成都白榆示例网络有限公司",
        "https://baiyu.example/legal/privacy",
    ],
];
const HEAD: [&str; 5] = [
    "SDK名称",
    "使用目的",
    "收集个人信息类型",
    "所属公司",
    "隐私政策链接",
];
const INTRO: &str = "隐私政策\n\n我们会按照本政策保护您的信息。为实现以下功能，我们接入了第三方SDK，具体情况如下：\n";
const OUTRO: &str =
    "五、您的权利\n\n您可以随时联系我们查询、更正您的资料。我们会在十五天内答复。\n";

fn parse(path: &str, bytes: &[u8]) -> PolicyDocument {
    read(path, bytes, &LEXICON).unwrap()
}

fn names(document: &PolicyDocument) -> Vec<&str> {
    document
        .sdks
        .iter()
        .map(|sdk| sdk.as_written.as_str())
        .collect()
}

fn ids(document: &PolicyDocument) -> Vec<&str> {
    document
        .sdks
        .iter()
        .map(|sdk| sdk.id.as_deref().unwrap_or("-"))
        .collect()
}

fn by_name<'d>(document: &'d PolicyDocument, name: &str) -> &'d SdkRecord {
    document
        .sdks
        .iter()
        .find(|sdk| sdk.as_written == name)
        .unwrap()
}

/// Every layout must give these records.
fn assert_rows(document: &PolicyDocument, layout: &str) {
    let expected: Vec<&str> = ROWS.iter().map(|row| row[0]).collect();
    assert_eq!(names(document), expected, "{layout}");
    assert_eq!(
        ids(document),
        ["jpush", "-", "bugly", "-", "alipay", "-"],
        "{layout}"
    );
    for (sdk, row) in document.sdks.iter().zip(ROWS) {
        assert_eq!(sdk.vendor_as_written, row[3], "{layout}");
        assert_eq!(sdk.url.as_deref(), Some(row[4]), "{layout}");
        assert!(
            sdk.purposes.iter().any(|purpose| purpose == row[1]),
            "{layout} {sdk:?}"
        );
    }
    let types = |name: &str| by_name(document, name).data_types.clone();
    assert_eq!(
        types("极光推送SDK"),
        ["android-id", "oaid", "device-model", "network-state"],
        "{layout}"
    );
    assert_eq!(
        types("青鸾画像SDK"),
        ["device-info", "imei", "mac", "app-list"],
        "{layout}"
    );
    assert_eq!(
        types("夜航地图SDK"),
        ["ip", "precise-location", "cell"],
        "{layout}"
    );
    assert_eq!(
        types("白榆客服SDK"),
        ["photos", "audio", "clipboard"],
        "{layout}"
    );
    assert_eq!(document.disclosure_form, DisclosureForm::Inline, "{layout}");
}

fn html() -> String {
    let row = |cells: [&str; 5], tag: &str| {
        let cells: String = cells
            .iter()
            .map(|c| format!("<{tag}>{c}</{tag}>"))
            .collect();
        format!("<tr>{cells}</tr>\n")
    };
    let rows: String = ROWS.iter().map(|cells| row(*cells, "td")).collect();
    format!(
        "<html><body><h1>隐私政策</h1><p>我们接入了第三方SDK，具体情况如下：</p><table>{}{rows}</table><h2>五、您的权利</h2><p>未成年人请联系我们。您的权利包括查询。Cookie 的使用。</p></body></html>",
        row(HEAD, "th")
    )
}

fn markdown() -> String {
    let row = |cells: [&str; 5]| format!("| {} |\n", cells.join(" | "));
    let rows: String = ROWS.iter().map(|cells| row(*cells)).collect();
    format!(
        "{INTRO}\n{}|---|---|---|---|---|\n{rows}\n{OUTRO}",
        row(HEAD)
    )
}

fn lines(separator: &str) -> String {
    let row = |cells: [&str; 5]| format!("{}\n", cells.join(separator));
    let rows: String = ROWS.iter().map(|cells| row(*cells)).collect();
    format!("{INTRO}{}{rows}{OUTRO}", row(HEAD))
}

fn run_on() -> String {
    let rows: String = ROWS.iter().map(|cells| cells.concat()).collect();
    format!(
        "{}{}{rows}前述服务商的处理行为遵守其自身的条款。{OUTRO}",
        INTRO.trim_end(),
        HEAD.concat()
    )
}

fn key_value() -> String {
    let block = |cells: &[&str; 5]| {
        let pairs = HEAD.iter().zip(cells);
        pairs
            .map(|(key, value)| format!("{key}：{value}\n"))
            .collect::<String>()
            + "\n"
    };
    format!(
        "{INTRO}{}{OUTRO}",
        ROWS.iter().map(block).collect::<String>()
    )
}

fn docx() -> Vec<u8> {
    let cell =
        |words: &str| format!("<w:tc><w:tcPr/><w:p><w:r><w:t>{words}</w:t></w:r></w:p></w:tc>");
    let row = |cells: &[&str; 5]| {
        format!(
            "<w:tr>{}</w:tr>",
            cells.iter().map(|c| cell(c)).collect::<String>()
        )
    };
    let rows: String = std::iter::once(&HEAD).chain(&ROWS).map(row).collect();
    let paragraph = |words: &str| format!("<w:p><w:r><w:t>{words}</w:t></w:r></w:p>");
    let xml = format!(
        "<?xml version=\"1.0\"?><w:document xmlns:w=\"w\"><w:body>{}<w:tbl>{rows}</w:tbl>{}</w:body></w:document>",
        paragraph("我们接入了第三方SDK："),
        paragraph("五、您的权利 联系我们 未成年人 Cookie")
    );
    let mut file = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    file.start_file(
        "word/document.xml",
        zip::write::SimpleFileOptions::default(),
    )
    .unwrap();
    file.write_all(xml.as_bytes()).unwrap();
    file.finish().unwrap().into_inner()
}

/// One page: a header line and one row in four columns, cells broken over lines.
fn pdf() -> Vec<u8> {
    use lopdf::{Document, Object, Stream, dictionary};
    let mut document = Document::with_version("1.5");
    let pages = document.new_object_id();
    let font = document.add_object(dictionary! {
        "Type" => "Font", "Subtype" => "Type1", "BaseFont" => "Helvetica", "Encoding" => "WinAnsiEncoding",
    });
    let mut content = String::from("BT /F1 10 Tf\n");
    for (x, y, words) in [
        (50, 700, "SDK name"),
        (150, 700, "Purpose"),
        (280, 700, "Data collected"),
        (430, 700, "Privacy policy"),
        (50, 680, "Bugly"),
        (150, 680, "Error"),
        (150, 668, "reporting"),
        (280, 680, "Device model,"),
        (280, 668, "crash logs"),
        (430, 680, "https://bugly.example/docs/"),
        (430, 668, "privacy.html"),
        (50, 640, "Zorblax"),
        (150, 640, "Analytics"),
        (280, 640, "IP address, Android ID"),
        (430, 640, "https://zorblax.example/p"),
    ] {
        content.push_str(&format!("1 0 0 1 {x} {y} Tm ({words}) Tj\n"));
    }
    content.push_str("ET");
    let stream = document.add_object(Stream::new(dictionary! {}, content.into_bytes()));
    let page = document.add_object(dictionary! {
        "Type" => "Page", "Parent" => pages, "Contents" => stream,
        "Resources" => dictionary! { "Font" => dictionary! { "F1" => font } },
        "MediaBox" => vec![0.into(), 0.into(), 595.into(), 842.into()],
    });
    document.objects.insert(
        pages,
        Object::Dictionary(dictionary! {
            "Type" => "Pages", "Kids" => vec![page.into()], "Count" => 1,
        }),
    );
    let catalog = document.add_object(dictionary! { "Type" => "Catalog", "Pages" => pages });
    document.trailer.set("Root", catalog);
    let mut bytes = Vec::new();
    document.save_to(&mut bytes).unwrap();
    bytes
}

#[test]
fn every_layout_gives_the_same_records() {
    assert_rows(&parse("p.html", html().as_bytes()), "html");
    assert_rows(&parse("p.md", markdown().as_bytes()), "markdown");
    assert_rows(&parse("p.txt", lines("\t").as_bytes()), "tabs");
    assert_rows(&parse("p.txt", lines("|").as_bytes()), "bars");
    assert_rows(&parse("p.txt", lines("\n").as_bytes()), "cell per line");
    assert_rows(
        &parse("p.txt", lines("\n\n  \n").as_bytes()),
        "cell per line, blank lines",
    );
    let headless = lines("\n").replace(&format!("{}\n", HEAD.join("\n")), "");
    assert_rows(
        &parse("p.txt", headless.as_bytes()),
        "cell per line without header",
    );
    let one_line_head = lines("\n").replace(&HEAD.join("\n"), &HEAD.join(" "));
    assert_rows(
        &parse("p.txt", one_line_head.as_bytes()),
        "cell per line below a header line",
    );
    assert_rows(&parse("p.txt", key_value().as_bytes()), "key-value");
    assert_rows(&parse("p.txt", run_on().as_bytes()), "run-on");
    assert_rows(&parse("p.docx", &docx()), "docx");
}

#[test]
fn every_encoding_gives_the_same_records() {
    let text = lines("\n");
    let units: Vec<u16> = text.encode_utf16().collect();
    let little: Vec<u8> = units.iter().flat_map(|unit| unit.to_le_bytes()).collect();
    assert_rows(&parse("p.txt", &encoding_rs::GBK.encode(&text).0), "gbk");
    assert_rows(&parse("p.txt", &little), "utf-16");
    assert_rows(
        &parse("p.txt", &[b"\xef\xbb\xbf", text.as_bytes()].concat()),
        "bom",
    );
}

#[test]
fn quotes_stand_where_they_say() {
    for (path, bytes) in [
        ("p.txt", lines("\n").into_bytes()),
        ("p.txt", run_on().into_bytes()),
        ("p.docx", docx()),
        ("p.pdf", pdf()),
    ] {
        let (text, _) = extracted_text(path, &bytes).unwrap();
        for sdk in &parse(path, &bytes).sdks {
            assert_eq!(
                &text[sdk.quote.start..sdk.quote.end],
                sdk.quote.text,
                "{path}"
            );
            let plain = |text: &str| text.split_whitespace().collect::<String>();
            assert!(
                plain(&sdk.quote.text).contains(&plain(&sdk.as_written)),
                "{path}"
            );
        }
    }
    let text = html();
    for sdk in &parse("p.html", text.as_bytes()).sdks {
        let raw = &text[sdk.quote.start..sdk.quote.end];
        assert!(raw.starts_with(sdk.as_written.as_str()), "{raw}");
        assert!(raw.ends_with(sdk.url.as_deref().unwrap()), "{raw}");
    }
}

#[test]
fn a_pdf_table_is_read_by_position() {
    let document = parse("p.pdf", &pdf());
    assert_eq!(names(&document), ["Bugly", "Zorblax"]);
    let bugly = by_name(&document, "Bugly");
    assert_eq!(bugly.data_types, ["device-model", "crash-log"]);
    assert_eq!(
        bugly.url.as_deref(),
        Some("https://bugly.example/docs/privacy.html")
    );
}

#[test]
fn spans_and_captions_do_not_confuse_a_table() {
    let text = "<table><tr><td colspan=4>第三方SDK列表</td></tr><tr><th>第三方公司名称</th><th>SDK名称</th><th>目的</th><th>收集信息</th></tr>\
        <tr><td rowspan=2>示例甲有限公司</td><td>甲推送SDK</td><td>推送</td><td>IMEI</td></tr>\
        <tr><td>甲统计SDK</td><td>统计</td><td>无</td></tr></table>";
    let document = parse("p.html", text.as_bytes());
    assert_eq!(names(&document), ["甲推送SDK", "甲统计SDK"]);
    assert_eq!(document.sdks[1].vendor_as_written, "示例甲有限公司");
    assert!(document.sdks[1].explicit_none);
}

#[test]
fn numbered_prose_names_are_joined_over_lines() {
    let text = "我们接入的SDK如下：\n\n1）当您登录时，青鸾\n          一键登录\n            SDK会获取您的手机号码、IP地址，用于一键登录。\n \n\
        2）七牛SDK会获取您的存储权限、摄像头权限，用于短视频的拍摄与上传。\n \n3）我们的推送服务由合作伙伴【极光】提供，需要收集您的OAID、设备型号。\n";
    let document = parse("p.txt", text.as_bytes());
    assert_eq!(names(&document), ["青鸾一键登录 SDK", "七牛SDK", "极光"]);
    assert_eq!(document.sdks[0].data_types, ["ip", "phone-number"]);
    assert!(
        document.sdks[1]
            .permissions
            .contains(&"android.permission.CAMERA".to_owned())
    );
    assert_eq!(document.sdks[2].id.as_deref(), Some("jpush"));
}

#[test]
fn an_enumeration_shares_its_data() {
    let text = "2、推送功能：为向您推送消息，我们会使用极光、个推、青鸾的SDK，由它们收集您的OAID和设备型号。\n\
        3、崩溃分析：统计工具可能会获取您的操作系统版本，这些SDK包括：Bugly、夜航监控。\n";
    let document = parse("p.txt", text.as_bytes());
    assert_eq!(
        names(&document),
        ["极光", "个推", "青鸾的SDK", "Bugly", "夜航监控"]
    );
    assert_eq!(document.sdks[0].id.as_deref(), Some("jpush"));
    assert_eq!(document.sdks[4].data_types, ["os-version"]);
}

#[test]
fn definitions_behind_a_list_expand_its_terms() {
    let text = format!(
        "{}信息定义说明：\n应用列表：判断是否安装了微信\n设备信息：设备品牌、电池电量\n",
        lines("\n")
            .replace(OUTRO, "")
            .replace("设备信息（IMEI、MAC地址）", "设备信息")
    );
    let document = parse("p.txt", text.as_bytes());
    let types = &by_name(&document, "青鸾画像SDK").data_types;
    assert!(types.contains(&"battery".to_owned()));
    assert!(
        !by_name(&document, "白榆客服SDK")
            .data_types
            .contains(&"battery".to_owned())
    );
}

#[test]
fn an_ambiguous_name_is_resolved_by_purpose_only() {
    let table = |name: &str, purpose: &str| {
        let text =
            format!("SDK名称\t使用目的\t收集信息\n{name}\t{purpose}\tOAID\n示例SDK\t示例\tOAID\n");
        parse("p.txt", text.as_bytes()).sdks[0].clone()
    };
    assert_eq!(table("极光", "消息推送").id.as_deref(), Some("jpush"));
    assert_eq!(
        table("极光", "一键登录").id.as_deref(),
        Some("jverification")
    );
    let vendor = table("深圳市腾讯计算机系统有限公司", "提供服务");
    assert_eq!(vendor.id, None);
    assert!(vendor.candidates.len() <= 5);
}

#[test]
fn english_lists_and_sentences() {
    let text = "# Privacy Policy\n\nThird-party service providers used by the app:\n\n* [AdMob](https://admob.example/privacy)\n\
        * [Firebase Crashlytics](https://firebase.example/privacy)\n* [Zorblax](https://zorblax.example/privacy)\n\n\
        ## Analytics\n\nWe use Google Analytics, which may collect your IP address.\n\nWe never collect your contacts.\n";
    let document = parse("p.md", text.as_bytes());
    assert_eq!(document.language, "en");
    assert_eq!(
        names(&document),
        [
            "AdMob",
            "Firebase Crashlytics",
            "Zorblax",
            "Google Analytics"
        ]
    );
    assert_eq!(
        document.sdks[2].url.as_deref(),
        Some("https://zorblax.example/privacy")
    );
    assert_eq!(document.sdks[3].data_types, ["ip"]);
    assert_eq!(document.denials[0].scope, "absolute");
    assert_eq!(document.denials[0].data_types, ["contacts"]);
}

#[test]
fn forms_without_a_list() {
    let form = |text: &str| {
        let document = parse("p.txt", text.as_bytes());
        assert!(document.sdks.is_empty(), "{:?}", names(&document));
        document.disclosure_form
    };
    assert_eq!(
        form(
            "您可以使用支付宝或银行卡付款，我们会委托快递公司配送，使用微信账号登录。我们与合作伙伴共享必要的信息。"
        ),
        DisclosureForm::None
    );
    assert_eq!(
        form(
            "您可以选择以下登录方式：\n（1）微信登录：我们会获取您的头像、昵称。\n（2）支付宝登录：我们会获取您的账号。\n（3）手机号登录：您需提供手机号码。\n"
        ),
        DisclosureForm::None
    );
    assert_eq!(
        form("我们的产品可能嵌入第三方的SDK，这些第三方可能收集您的信息。"),
        DisclosureForm::GenericMention
    );
    assert_eq!(
        form("您可以点击《第三方SDK目录》查看我们接入的第三方SDK的详情。"),
        DisclosureForm::LinkedOnly
    );
    assert_eq!(
        form("SDK名称：【请填写SDK名称】\n公司：【公司名称】\n用途：【请填写用途】\n"),
        DisclosureForm::TemplateUnfilled
    );
}

#[test]
fn denials_have_a_scope() {
    let scope = |text: &str| parse("p.txt", text.as_bytes()).denials[0].scope.clone();
    assert_eq!(scope("我们不会收集您的手机号码和通讯录。"), "absolute");
    assert_eq!(
        scope("未经您同意，我们不会共享您的手机号码。"),
        "conditional"
    );
    assert_eq!(
        scope("我们会采取措施，确保未收集无关的个人信息。"),
        "boilerplate"
    );
    assert_eq!(scope("该SDK不会收集您的位置信息。"), "sdk");
    assert_eq!(
        scope("我们不会共享您的手机号码，但我们需将订单号提供给快递公司。"),
        "conditional"
    );
    let own = parse("p.txt", "如您不提供手机号码，则无法注册。".as_bytes());
    assert!(own.denials.is_empty());
}

#[test]
fn platforms_are_words_of_their_own() {
    let text =
        "SDK名称\t使用目的\t收集信息\n示例统计iOS SDK\t统计\tIDFA\nCuriosity SDK\t统计\tOAID\n";
    let sdks = parse("p.txt", text.as_bytes()).sdks;
    assert_eq!(sdks[0].platforms, ["ios"]);
    assert!(!sdks[0].applies_to_android());
    assert!(sdks[1].platforms.is_empty());
}

#[test]
fn the_app_declares_for_itself_outside_the_list() {
    let text = format!("注册时我们会收集您的手机号码。\n{}", lines("\t"));
    let own = parse("p.txt", text.as_bytes()).first_party;
    assert!(own.data_types.contains(&"phone-number".to_owned()));
    assert!(!own.data_types.contains(&"imsi".to_owned()));
}

#[test]
fn a_pdf_without_text_is_not_taken_for_an_empty_policy() {
    let bytes = String::from_utf8_lossy(&pdf())
        .replace(" Tj", " Tz")
        .into_bytes();
    let document = parse("p.pdf", &bytes);
    assert!(
        document
            .limits
            .iter()
            .any(|limit| limit.code == "pdf-without-text")
    );
}

/// A tiny deterministic generator (xorshift).
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % sides.max(1) as u64) as usize
    }
}

#[test]
fn damaged_documents_do_not_panic() {
    let inputs = [
        ("p.html", html().into_bytes()),
        ("p.md", markdown().into_bytes()),
        ("p.txt", lines("\n").into_bytes()),
        ("p.txt", run_on().into_bytes()),
        ("p.txt", key_value().into_bytes()),
        ("p.docx", docx()),
        ("p.pdf", pdf()),
    ];
    let mut dice = Dice(0x9e37_79b9_7f4a_7c15);
    for (path, bytes) in &inputs {
        for _ in 0..150 {
            let mut bytes = bytes.clone();
            for _ in 0..=dice.roll(8) {
                let at = dice.roll(bytes.len());
                bytes[at] = dice.roll(256) as u8;
            }
            if dice.roll(4) == 0 {
                bytes.truncate(dice.roll(bytes.len()));
            }
            let _ = read(path, &bytes, &LEXICON);
        }
    }
}

#[test]
fn hostile_shapes_end() {
    for text in [
        "<table><tr><td colspan=99999 rowspan=99999>x".repeat(2_000),
        "(".repeat(200_000),
        "第三方SDK、".repeat(20_000),
        "SDK名称使用目的收集个人信息类型".repeat(5_000),
        "https://a.example/x ".repeat(10_000),
        "名称：\n".repeat(20_000),
        "我们不会".repeat(30_000),
    ] {
        for path in ["p.txt", "p.html", "p.md"] {
            let _ = read(path, text.as_bytes(), &LEXICON);
        }
    }
}

#[test]
fn bare_words_name_permissions_where_permissions_are_listed() {
    let text = "# 隐私政策\n\n为提供服务，我们会申请相机、位置、存储、电话等权限。请拨打客服电话，或存储图片。\n\n## 权限说明\n\n- 通讯录：用于邀请好友\n- 悬浮窗：用于通话\n";
    let own = parse("p.md", text.as_bytes()).first_party.permissions;
    for name in [
        "CAMERA",
        "ACCESS_FINE_LOCATION",
        "WRITE_EXTERNAL_STORAGE",
        "READ_PHONE_STATE",
        "READ_CONTACTS",
        "SYSTEM_ALERT_WINDOW",
    ] {
        let full = format!("android.permission.{name}");
        assert!(own.contains(&full), "{name} {own:?}");
    }
    assert!(!own.iter().any(|name| name.ends_with("CALL_PHONE")));
    let text = "# Privacy Policy\n\n## Permissions we request\n\n- Camera: to scan codes\n- Draw over other apps\n\nWe request the phone permission and storage access.\n";
    let own = parse("p.md", text.as_bytes()).first_party.permissions;
    for name in [
        "CAMERA",
        "SYSTEM_ALERT_WINDOW",
        "READ_PHONE_STATE",
        "WRITE_EXTERNAL_STORAGE",
    ] {
        let full = format!("android.permission.{name}");
        assert!(own.contains(&full), "{name} {own:?}");
    }
}

#[test]
fn names_in_a_list_share_its_last_word_and_a_bracket_holds_more() {
    let text = "# 第三方SDK目录\n\n| SDK名称 | 公司 | 目的 |\n|---|---|---|\n| 华为、小米、vivo推送 | 各厂商 | 推送 |\n| 个推（含魅族推送、OPPO推送） | 每日互动 | 推送 |\n";
    let read = parse("p.md", text.as_bytes());
    assert_eq!(
        ids(&read),
        [
            "huawei-push",
            "xiaomi-push",
            "vivo-push",
            "getui",
            "meizu-push",
            "oppo-push"
        ]
    );
    assert_eq!(names(&read)[3..], ["个推", "魅族推送", "OPPO推送"]);
}

#[test]
fn places_to_fill_in_are_a_template() {
    for text in [
        "隐私政策\n第三方SDK名称：【  】\n使用目的：【  】\n",
        "我们接入了以下第三方SDK：\nSDK名称：XXX\n第三方公司：XXX\n使用目的：XXX\n",
        "# 隐私政策\n\n| SDK名称 | 公司 |使用目的|\n|---|---|---|\n| [SDK名称] | [公司名称] |[使用目的]|\n",
    ] {
        let read = parse("p.md", text.as_bytes());
        assert_eq!(
            read.disclosure_form,
            DisclosureForm::TemplateUnfilled,
            "{text}"
        );
        assert!(read.sdks.is_empty());
    }
}

#[test]
fn the_link_of_a_list_is_the_address_behind_its_title() {
    let text = "隐私政策\n我们接入友盟统计SDK，用于统计，收集您的IMEI。其他SDK详见《第三方SDK清单》：https://e.example/sdk.html\n";
    let read = parse("p.txt", text.as_bytes());
    assert_eq!(read.links, ["https://e.example/sdk.html"]);
    assert_eq!(read.disclosure_form, DisclosureForm::InlineLink);
    let text = "隐私政策\n我们的App会嵌入第三方SDK，例如：友盟统计、极光推送、个推，它们可能收集设备标识符（IMEI）。\n";
    assert_eq!(
        names(&parse("p.txt", text.as_bytes())),
        ["友盟统计", "极光推送", "个推"]
    );
}

#[test]
fn an_item_with_keys_on_one_line_tells_company_and_purpose() {
    let text = "第三方SDK目录\n1. 极光推送SDK，提供方：深圳市和讯华谷信息技术有限公司，用途：推送，收集信息：IMEI\n2. 友盟统计SDK，提供方：友盟同欣，用途：统计，收集信息：IMEI\n";
    let read = parse("p.txt", text.as_bytes());
    let jpush = by_name(&read, "极光推送SDK");
    assert_eq!(jpush.vendor_as_written, "深圳市和讯华谷信息技术有限公司");
    assert_eq!(jpush.purposes, ["推送"]);
}

#[test]
fn denials_that_were_not_kept_are_told() {
    let many = |line: &str| line.repeat(MAX_DENIALS + 1);
    let codes = |text: String| {
        let read = read("p.txt", text.as_bytes(), &LEXICON).unwrap();
        let codes: Vec<&str> = read.limits.iter().map(|limit| limit.code).collect();
        (codes, read.denials.len())
    };
    let denials = codes(many("我们不会收集您的通讯录。\n"));
    assert_eq!(denials, (vec!["policy-denials-capped"], MAX_DENIALS));
}

#[test]
fn bold_words_are_keys_and_items_below_a_heading_need_none() {
    let text = "# 隐私政策\n\n## 第三方SDK\n\n### 3.1 灰雁广告SDK\n\n- **公司** 灰雁传媒有限公司\n- **目的** 广告投放\n- **收集的资料** 网络类型、运营商\n\n### 3.2 白榆归因SDK\n\n- 白榆科技有限公司\n- 量度推广成效\n- OAID、IP地址、设备型号\n";
    let read = parse("p.md", text.as_bytes());
    let goose = by_name(&read, "灰雁广告SDK");
    assert_eq!(goose.vendor_as_written, "灰雁传媒有限公司");
    assert_eq!(goose.data_types, ["network-state", "carrier"]);
    let elm = by_name(&read, "白榆归因SDK");
    assert_eq!(elm.vendor_as_written, "白榆科技有限公司");
    assert_eq!(elm.purposes, ["量度推广成效"]);
    assert_eq!(elm.data_types, ["oaid", "device-model", "ip"]);
}

#[test]
fn a_bundle_names_those_it_holds() {
    let text = "第三方SDK目录\n（1）推送SDK集合：华为、小米、OPPO推送（用途：活动通知）（收集信息：OAID）\n（2）广告SDK集合（穿山甲、优量汇、云桥聚合）（用途：看广告）（收集信息：IMEI）\n（3）灰雁SDK（公司：灰雁科技有限公司）（用途：统计）（收集信息：设备型号）\n";
    let read = parse("p.txt", text.as_bytes());
    assert_eq!(
        names(&read),
        [
            "华为",
            "小米",
            "OPPO推送",
            "穿山甲",
            "优量汇",
            "云桥聚合",
            "灰雁SDK"
        ]
    );
    assert_eq!(by_name(&read, "小米").id.as_deref(), Some("xiaomi-push"));
    assert_eq!(by_name(&read, "优量汇").data_types, ["imei"]);
    assert_eq!(
        by_name(&read, "灰雁SDK").vendor_as_written,
        "灰雁科技有限公司"
    );
}

#[test]
fn bars_between_keys_are_no_table() {
    let text = "第三方SDK目录\n5.1 灰雁定位SDK | 提供方：灰雁科技有限公司 | 目的：查找门店 | 收集信息：位置信息\n5.2 白榆OCR SDK | 提供者：白榆有限公司 | 目的：识别证件 | 收集信息：图片\n";
    let read = parse("p.txt", text.as_bytes());
    assert_eq!(names(&read), ["灰雁定位SDK", "白榆OCR SDK"]);
    assert_eq!(
        by_name(&read, "白榆OCR SDK").vendor_as_written,
        "白榆有限公司"
    );
}

#[test]
fn a_sentence_says_that_a_list_is_one_of_sdks() {
    let text = "隐私政策\n我们嵌入了第三方SDK。\n开屏广告来自穿山甲、优量汇、青柚信息流；这些广告SDK会收集OAID。闪退时，Bugly 会上报崩溃日志。\n";
    let read = parse("p.txt", text.as_bytes());
    assert_eq!(names(&read), ["穿山甲", "优量汇", "青柚信息流", "Bugly"]);
    assert_eq!(by_name(&read, "青柚信息流").data_types, ["oaid"]);
    assert_eq!(by_name(&read, "Bugly").data_types, ["crash-log"]);
}

#[test]
fn a_value_that_begins_inside_bold_words_has_no_bold_key() {
    let text = "# 隐私政策\n\n## 第三方SDK\n\n1. **【灰雁统计、登录】**：您需要提供手机号码，由灰雁科技有限公司提供。\n2. **【业务功能】**：为实现该功能，我们会收集您的【个人信息类型】。\n3. **运营**：收集设备型号。\n";
    parse("p.md", text.as_bytes()); // took a place in front of its text and panicked
}

#[test]
fn words_of_the_sentence_are_no_part_of_a_known_name() {
    for (text, name) in [
        ("在您同意前，我们不会初始化极光推送SDK。", "极光推送SDK"),
        ("我们接入地图SDK，其中高德地图SDK收集位置。", "高德地图SDK"),
        ("（3）高德地图SDK，用于定位，收集位置。", "高德地图SDK"),
    ] {
        let document = parse("p.txt", text.as_bytes());
        let found = names(&document);
        assert!(found.iter().all(|found| *found == name), "{found:?}");
    }
}

#[test]
fn what_a_list_of_sdks_goes_on_to_collect_is_no_sdk() {
    let text = "我们集成的SDK有：极光推送SDK、高德地图SDK，收集IMEI、OAID。";
    let document = parse("p.txt", text.as_bytes());
    assert_eq!(names(&document), ["极光推送SDK", "高德地图SDK"]);
}

#[test]
fn a_bundle_is_read_in_a_heading_a_record_and_a_sentence() {
    for text in [
        "第三方SDK清单\n1. 推送SDK集合：华为、小米、OPPO推送\n使用目的：推送\n收集信息：OAID\n",
        "第三方SDK清单\nSDK名称：厂商推送（华为/小米/OPPO推送）\n使用目的：推送\n收集信息：OAID\n",
        "我们接入了厂商推送（华为、小米、OPPO推送）SDK，收集OAID。\n",
    ] {
        let document = parse("p.txt", text.as_bytes());
        let ids: Vec<_> = document.sdks.iter().map(|sdk| sdk.id.as_deref()).collect();
        let pushes = ["huawei-push", "xiaomi-push", "oppo-push"].map(Some);
        assert_eq!(ids, pushes, "{text}");
    }
}
