//! What a policy declares for the app itself.

use std::sync::LazyLock;

use crate::policy::model::FirstParty;
use crate::policy::{Lexicon, read};
use crate::sdk::KnowledgeBase;

static LEXICON: LazyLock<Lexicon> = LazyLock::new(|| Lexicon::compile(&KnowledgeBase::embedded()));

fn declared(text: &str) -> FirstParty {
    read("p.md", text.as_bytes(), &LEXICON).unwrap().first_party
}

#[test]
fn only_what_the_app_itself_collects_is_declared() {
    let table: [(&str, &[&str]); 24] = [
        (
            "我们会收集您的手机号码、昵称。",
            &["phone-number", "profile"],
        ),
        ("当您发布动态时，需要访问您的相册。", &["photos"]),
        ("我们不会收集您的通讯录。", &[]),
        ("我们收集设备型号，不会收集您的通讯录。", &["device-model"]),
        ("未经您同意，我们不会获取您的位置信息。", &[]),
        ("第三方可能会收集您的位置信息。", &[]),
        ("合作伙伴将获取您的设备型号用于统计。", &[]),
        ("我们会向合作伙伴提供您的手机号码。", &[]),
        ("我们可能从第三方获取您的头像。", &["profile"]),
        (
            "个人信息是指以电子方式记录的各种信息，包括姓名、身份证号码、通信记录，我们收集时会提示。",
            &[],
        ),
        (
            "敏感个人信息，指一旦泄露会造成危害的信息，包括银行账号、健康数据，处理时需要授权。",
            &[],
        ),
        ("您可以随时更正您提供的昵称、头像。", &[]),
        ("您可以在设置中关闭位置权限。", &[]),
        (
            "您可以填写您的性别并上传头像。",
            &["demographics", "profile"],
        ),
        ("# 您的权利\n\n我们会提供您的订单记录。", &[]),
        (
            "# 您的权利\n\n## 访问\n\n我们提供您的手机号码。\n\n# 我们收集的信息\n\n我们收集IP地址。",
            &["ip"],
        ),
        ("# 我们如何共享\n\n我们会提供您的手机号码。", &[]),
        (
            "# 我们如何收集、使用和共享您的信息\n\n我们会收集您的手机号码。",
            &["phone-number"],
        ),
        ("该SDK会收集您的IMEI。", &[]),
        (
            "We collect your email address and IP address.",
            &["ip", "email"],
        ),
        ("We do not collect your contacts.", &[]),
        ("Our partners may collect your IP address.", &[]),
        (
            "\"Personal data\" means any information such as name or email address that we process.",
            &[],
        ),
        (
            "You can update or delete the email address that you provided.",
            &[],
        ),
    ];
    let wrong: Vec<_> = table
        .iter()
        .map(|(text, types)| (text, declared(text).data_types, types))
        .filter(|(_, found, types)| found != *types)
        .collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn each_declaration_has_the_first_passage() {
    let text = "我们会收集您的昵称。\n\n我们需要申请相机权限，用于扫码。\n\n我们会记录您的昵称。\n";
    let found = declared(text);
    assert_eq!(found.data_types, ["profile", "camera"]);
    assert_eq!(found.permissions, ["android.permission.CAMERA"]);
    let said: Vec<(&str, &str)> = found
        .declared
        .iter()
        .map(|one| (one.what.as_str(), one.quote.text.as_str()))
        .collect();
    let camera = "我们需要申请相机权限，用于扫码。";
    assert_eq!(
        said,
        [
            ("profile", "我们会收集您的昵称。"),
            ("camera", camera),
            ("android.permission.CAMERA", camera)
        ]
    );
    for one in &found.declared {
        assert_eq!(
            text.get(one.quote.start..one.quote.end),
            Some(one.quote.text.as_str())
        );
    }
}

#[test]
fn a_table_of_permissions_lists_them() {
    let text =
        "# 权限申请\n\n| 权限名称 | 用途 |\n| --- | --- |\n| 相机 | 扫码 |\n| 麦克风 | 语音 |\n";
    assert_eq!(
        declared(text).permissions,
        [
            "android.permission.CAMERA",
            "android.permission.RECORD_AUDIO"
        ]
    );
}
