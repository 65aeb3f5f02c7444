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

#[test]
fn a_heading_or_a_lead_speaks_for_the_items_below() {
    let table: [(&str, &[&str]); 19] = [
        (
            "# 我们收集哪些信息\n\n## 账号\n\n手机号或邮箱、昵称。\n\n# 联系我们\n\n地址信息：灰雁路1号",
            &["phone-number", "email", "profile"],
        ),
        (
            "# 我们收集的信息\n\n- 注册：手机号码。\n- 排错：设备型号、OAID，用于查看崩溃日志、短信。\n- 找回密码",
            &["oaid", "device-model", "phone-number"],
        ),
        (
            "我们会收集以下信息：\n\n（1）宝宝昵称、性别\n\n（2）设备信息：IP地址\n",
            &["device-info", "ip", "demographics", "profile"],
        ),
        (
            "# 儿童隐私保护指引\n\n## 一、我们收集的儿童信息\n\n（1）宝宝昵称、生日",
            &["birthdate", "profile"],
        ),
        ("# 儿童隐私保护指引\n\n我们会收集儿童的昵称。", &["profile"]),
        (
            "# 我们收集的信息\n\n我们收集昵称。\n\n我们不会收集以下信息：\n\n- 通讯录\n- 读取短信\n",
            &["profile"],
        ),
        (
            "# 我们收集的信息\n\n## 第三方SDK\n\n- 设备信息：IMEI、OAID\n",
            &[],
        ),
        (
            "# 我们收集的信息\n\n我们会向合作伙伴共享以下信息：\n\n- 手机号码、昵称\n",
            &[],
        ),
        (
            "# 我们收集的信息\n\n剪切板（识别口令、优惠券，剪切板内容仅在本地处理，不会上传服务器）",
            &[],
        ),
        (
            "# 我们收集的信息\n\n剪切板（识别口令、优惠券），用于搜索内容",
            &["clipboard"],
        ),
        (
            "我们如何收集信息\n\n- 性别、生日\n",
            &["birthdate", "demographics"],
        ),
        (
            "# 我们收集的信息\n\n- 手机号码，我们均不收集\n- IMEI，均不收集\n",
            &[],
        ),
        ("我们将信息用于：\n\n- 发送短信、电子邮件\n", &[]),
        (
            "## Information we collect\n\n- Your name and email address\n- Records of purchases\n\n## How we use it\n\n- Text messages\n",
            &["name", "email", "order-payment"],
        ),
        (
            "When you register with Dunlin, we collect:\n\n- Full name\n- Your phone number\n\nWe share with partners:\n\n- IP address\n",
            &["phone-number", "name"],
        ),
        (
            "# 我们如何收集信息\n\n## 第三方登录\n\n当您使用第三方账号登录时，我们会收集以下信息：\n\n- 头像、昵称\n\n## 接入的SDK\n\n- IMEI、OAID\n\n# 信息存储\n\n- 手机号码、姓名\n",
            &["profile"],
        ),
        (
            "We do not collect:\n\n- Contacts\n- Precise location\n",
            &[],
        ),
        (
            "## Information we collect\n\n| Data | Purpose |\n| --- | --- |\n| Email address | to send SMS |\n",
            &["email"],
        ),
        (
            "## Information we collect\n\n| Category | Examples | Collected |\n| --- | --- | --- |\n| Identifiers | Email address | Yes |\n| Characteristics | Age | No |\n",
            &["email"],
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
fn recordings_are_a_permission_among_permissions_only() {
    let record = ["android.permission.RECORD_AUDIO".to_owned()];
    assert!(
        declared("我们会收集您上传的照片、录音。")
            .permissions
            .is_empty()
    );
    assert!(
        declared("我们会访问：录音、摄像头。")
            .permissions
            .ends_with(&record)
    );
    let list = |cell: &str| {
        let text = format!(
            "| SDK名称 | 使用目的 | 收集个人信息类型 |\n| --- | --- | --- |\n| 灰雁SDK | 直播 | {cell} |\n| 蓝鲸地图SDK | 展示地图 | 位置信息 |\n"
        );
        let document = read("p.md", text.as_bytes(), &LEXICON).unwrap();
        document.sdks[0].permissions.clone()
    };
    assert!(list("录音、IP地址").is_empty());
    assert!(list("录音、摄像头").ends_with(&record));
}
