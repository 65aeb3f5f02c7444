use super::*;
use crate::policy::Lexicon;
use crate::policy::model::SdkRecord;

const FIXTURE: &str = "示例应用隐私政策\n更新日期：2024年1月2日\n\n我们会收集您的手机号码，用于注册账号。\n我们不会向第三方SDK提供您的通讯录。\n\n\
    我们接入以下第三方SDK：\n\n\
    SDK名称：极光推送SDK\n开发者：深圳市和讯华谷信息技术有限公司\n使用目的：消息推送\n收集个人信息类型：设备信息（匿名设备标识符、IMEI等）\n隐私政策链接：https://www.jiguang.cn/license/privacy\n\n\
    SDK名称：青鸾画像SDK\n使用目的：统计分析\n收集个人信息类型：应用列表\n隐私政策链接：http://localhost/p\n\n\
    SDK名称：极光推送SDK\n使用目的：消息推送\n收集个人信息类型：MAC地址\n";

fn read(path: &str, text: &str) -> PolicyDocument {
    let lexicon = Lexicon::compile(&KnowledgeBase::embedded());
    crate::policy::read(path, text.as_bytes(), &lexicon).unwrap()
}

fn printed(style: Style, documents: &[PolicyDocument]) -> String {
    let mut out = Vec::new();
    print(&mut out, style, documents, &KnowledgeBase::embedded()).unwrap();
    String::from_utf8(out).unwrap()
}

fn wide(width: usize) -> Style {
    Style {
        width,
        ..Style::default()
    }
}

#[test]
fn a_small_policy_as_a_page() {
    let page = printed(wide(80), &[read("policy.txt", FIXTURE)]);
    let golden = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/src/report/policy_human/golden.txt"
    );
    if std::env::var_os("UPDATE_EXPECTED").is_some() {
        std::fs::write(golden, &page).unwrap();
    }
    assert_eq!(page, std::fs::read_to_string(golden).unwrap(), "{page}");
}

#[test]
fn no_line_is_wider_than_the_page_and_colour_changes_no_word() {
    let document = [read("policy.txt", FIXTURE)];
    for width in [60, 80, 120] {
        let plain = printed(wide(width), &document);
        for line in plain.lines() {
            assert!(columns(line) <= width, "{width}: {line}");
        }
        let style = Style {
            colour: true,
            ..wide(width)
        };
        let coloured = printed(style, &document);
        assert!(coloured.contains("\u{1b}[33mMISSING:"));
        let mut rest = coloured.as_str();
        let mut words = String::new();
        while let Some((before, after)) = rest.split_once('\u{1b}') {
            words.push_str(before);
            rest = after.split_once('m').unwrap().1;
        }
        words.push_str(rest);
        assert_eq!(words, plain);
    }
}

#[test]
fn of_several_documents_the_shared_entries_are_told() {
    let list = "第三方SDK目录\n更新日期：2024年1月2日\n\
        SDK名称：极光推送SDK\n使用目的：消息推送\n收集个人信息类型：IMEI\n\
        SDK名称：夜航地图SDK\n使用目的：展示地图\n收集个人信息类型：IP地址\n";
    let page = printed(
        wide(100),
        &[read("main.txt", FIXTURE), read("list.txt", list)],
    );
    let (_, end) = page
        .split_once("In more than one of these 2 documents: 1 SDK")
        .unwrap();
    assert!(
        end.contains("极光推送SDK (jpush): [1] entry 1, [2] entry 1"),
        "{end}"
    );
    assert!(
        end.contains("DIFFERS: not in [2]: device-info, mac, oaid"),
        "{end}"
    );
    assert!(end.contains("[1] main.txt") && end.contains("[2] list.txt"));
    assert!(!end.contains("夜航"));
    assert!(!printed(wide(100), &[read("main.txt", FIXTURE)]).contains("In more than one"));
}

#[test]
fn a_policy_cannot_send_escape_sequences_to_the_terminal() {
    let evil = "\u{1b}[31m\u{202e}x\u{7}";
    let quote = Quote {
        text: evil.into(),
        end: 9,
        line: 1,
        ..Quote::default()
    };
    let check = PolicyCheck {
        code: "dead-link".into(),
        message: evil.into(),
        sdk: evil.into(),
        quote: Some(quote.clone()),
    };
    let text = printed(
        wide(80),
        &[PolicyDocument {
            path: evil.into(),
            language: evil.into(),
            date: Some(evil.into()),
            links: vec![evil.into()],
            checks: vec![
                check.clone(),
                PolicyCheck {
                    sdk: String::new(),
                    ..check
                },
            ],
            sdks: vec![SdkRecord {
                as_written: evil.into(),
                vendor_as_written: evil.into(),
                url: Some(evil.into()),
                purposes: vec![evil.into()],
                packages: vec![evil.into()],
                sharing_as_written: evil.into(),
                quote: quote.clone(),
                also: vec![quote],
                ..SdkRecord::default()
            }],
            ..PolicyDocument::default()
        }],
    );
    assert!(
        text.chars()
            .all(|c| c == '\n' || !c.is_control() && c != '\u{202e}'),
        "{text}"
    );
    assert!(text.contains("no signature of that name"));
}

#[test]
fn a_document_that_could_not_be_read_says_so_and_nothing_of_its_content() {
    let document = PolicyDocument {
        path: "p.pdf".into(),
        limits: vec![crate::formats::Limit::analysis(
            "policy-unreadable",
            "an encrypted PDF",
            "p.pdf",
        )],
        ..PolicyDocument::default()
    };
    let page = printed(wide(80), &[document]);
    assert!(page.contains("NOT READ IN FULL") && page.contains("an encrypted PDF"));
    assert!(!page.contains("date:"));
}
