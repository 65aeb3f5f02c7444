//! Which definition expands which list.

use std::sync::LazyLock;

use crate::policy::model::{Extent, MentionBasis, SdkRecord};
use crate::policy::{Lexicon, read};
use crate::sdk::KnowledgeBase;

static LEXICON: LazyLock<Lexicon> = LazyLock::new(|| Lexicon::compile(&KnowledgeBase::embedded()));

const HEAD: &str =
    "| SDK名称 | 使用目的 | 收集个人信息类型 | 所属公司 |\n| --- | --- | --- | --- |\n";

fn list(data: [&str; 2]) -> String {
    format!(
        "{HEAD}| 灰雁推送SDK | 消息推送 | {} | 灰雁示例科技有限公司 |\n| 白榆地图SDK | 展示地图 | {} | 白榆示例科技有限公司 |\n",
        data[0], data[1]
    )
}

fn sdks(text: &str) -> Vec<SdkRecord> {
    let document = read("p.md", text.as_bytes(), &LEXICON).unwrap();
    assert_eq!(document.sdks.len(), 2, "{text}");
    document.sdks
}

/// Types that a definition gives to each of two entries.
fn defined(text: &str) -> [Vec<String>; 2] {
    let mut sdks = sdks(text).into_iter().map(|sdk| {
        let given = sdk.data.into_iter();
        let given = given.filter(|one| one.basis == MentionBasis::Definition);
        given.map(|one| one.data_type).collect()
    });
    [sdks.next().unwrap(), sdks.next().unwrap()]
}

#[test]
fn a_block_behind_or_before_its_list_expands_it() {
    let block = "术语说明:\n\n- 设备信息:IMEI、设备型号\n- 位置信息:GPS位置\n\n";
    let behind = format!("# 清单\n\n{}\n{block}", list(["设备信息", "应用列表"]));
    assert_eq!(defined(&behind), [vec!["imei", "device-model"], vec![]]);
    let before = format!("# 清单\n\n{block}{}", list(["设备信息", "位置信息"]));
    assert_eq!(
        defined(&before),
        [vec!["imei", "device-model"], vec!["precise-location"]]
    );
    let record = &sdks(&before)[0];
    let own = record
        .data
        .iter()
        .find(|one| one.data_type == "device-info");
    assert_eq!(own.unwrap().extent, Extent::Closed);
    let member = record.data.iter().find(|one| one.data_type == "imei");
    assert_eq!(member.unwrap().within.as_deref(), Some("device-info"));
}

#[test]
fn a_table_of_terms_expands_the_list() {
    let table = "| 信息类型 | 具体内容 |\n| --- | --- |\n| 设备信息 | IMEI、设备型号等 |\n| 网络信息 | IP地址 |\n";
    let text = format!(
        "# 清单\n\n{}\n说明如下\n\n{table}",
        list(["设备信息", "网络信息"])
    );
    assert_eq!(defined(&text), [vec!["imei", "device-model"], vec!["ip"]]);
    let own = &sdks(&text)[0].data[0];
    assert_eq!(
        (own.data_type.as_str(), own.extent),
        ("device-info", Extent::Open)
    );
}

#[test]
fn footnotes_expand_what_carries_their_mark() {
    for (mark, note) in [
        ("[1]", "[1] 设备信息包括IMEI、设备型号"),
        ("注1", "注1:设备信息包括IMEI、设备型号"),
        ("①", "① IMEI、设备型号"),
        ("[2]", "[2] 包括IMEI、设备型号"),
    ] {
        let marked = format!("设备信息{mark}、应用列表");
        let text = format!("# 清单\n\n{}\n{note}\n", list([&marked, "设备信息"]));
        assert_eq!(
            defined(&text),
            [vec!["imei", "device-model"], vec![]],
            "{mark}"
        );
    }
    let note = "注:设备信息包括IMEI、设备型号";
    let text = format!("# 清单\n\n{}\n{note}\n", list(["设备信息", "设备信息"]));
    assert_eq!(
        defined(&text),
        [vec!["imei", "device-model"], vec!["imei", "device-model"]]
    );
}

#[test]
fn the_nearest_definition_wins_and_the_entry_is_nearest() {
    let glossary = "本政策中的“设备信息”是指MAC地址、IMSI。\n\n";
    let block = "定义:\n\n设备信息:IMEI\n位置信息:GPS位置\n";
    let text = format!(
        "{glossary}# 清单\n\n{}\n{block}",
        list(["设备信息", "设备信息(OAID)"])
    );
    assert_eq!(defined(&text), [vec!["imei"], vec![]]);
    let text = format!("{glossary}# 清单\n\n{}\n", list(["设备信息", "应用列表"]));
    assert_eq!(defined(&text), [vec!["mac", "imsi"], vec![]]);
}

#[test]
fn what_the_app_defines_for_itself_expands_no_entry() {
    let own =
        "# 我们如何收集\n\n我们收集的信息包括:\n\n设备信息:IMEI、设备型号\n位置信息:GPS位置\n\n";
    let text = format!("{own}# 清单\n\n{}", list(["设备信息", "位置信息"]));
    assert_eq!(defined(&text), [Vec::<String>::new(), vec![]]);
    let text = format!("# 清单\n\n{}\n{own}", list(["设备信息", "位置信息"]));
    assert_eq!(defined(&text), [Vec::<String>::new(), vec![]]);
}

#[test]
fn english_terms_in_quotes_expand_rows_that_use_them() {
    let rows = |data: [&str; 2]| {
        format!(
            "# Privacy\n\n\"Device Data\" means the model and the language. \"Personal Data\" means a name.\n\n# SDKs\n\n| SDK | Company | Data |\n| --- | --- | --- |\n| Dunlin SDK | Dunlin Ltd. | {} |\n| Wader SDK | Wader Ltd. | {} |\n",
            data[0], data[1]
        )
    };
    let used = rows(["Device Data, IP address", "device data"]);
    assert_eq!(defined(&used), [vec!["language"], vec![]]);
    let law = rows(["Personal Data", "IP address"]);
    assert_eq!(defined(&law), [Vec::<String>::new(), vec![]]);
}
