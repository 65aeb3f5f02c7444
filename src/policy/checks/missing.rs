//! Which of the fields that rules ask of each entry it lacks, and
//! `entry-fields-missing`, the count over a document.
//!
//! The fields are those that the Ministry's notice 工信部信管函〔2023〕26号 asks to
//! be made public of each SDK: its name with the package name, the developer,
//! the personal information, the purpose and the link to its rules.

use super::super::layout::{Candidate, is_none_word};
use super::super::model::{EntryField, PolicyCheck, PolicyDocument, SdkRecord};
use super::super::page::Page;
use super::super::{Lexicon, form};
use super::dead_link::leads_nowhere;

/// Fills `missing` of the record of an entry.
pub(crate) fn fill(record: &mut SdkRecord, candidate: &Candidate, page: &Page, lexicon: &Lexicon) {
    let lacks = |field: &EntryField| !is_given(*field, record, candidate, page, lexicon);
    record.missing = EntryField::ALL.into_iter().filter(lacks).collect();
}

fn is_given(
    field: EntryField,
    record: &SdkRecord,
    candidate: &Candidate,
    page: &Page,
    lexicon: &Lexicon,
) -> bool {
    let link = record.url.as_deref().is_some_and(|url| !leads_nowhere(url));
    let deferred = record.deferred_to_link && link;
    match field {
        // A package is an Android notion.
        EntryField::Package => !record.packages.is_empty() || !record.applies_to_android(),
        EntryField::Vendor => {
            says_something(&record.vendor_as_written) || carries_vendor(record, lexicon)
        }
        EntryField::Purpose => record.purposes.iter().any(|p| says_something(p)) || deferred,
        EntryField::DataTypes => {
            // Words that no term of the vocabulary covers are data all the same.
            let written = || {
                let mut cells = candidate.data.iter().map(|range| page.get(range));
                !candidate.prose
                    && !record.deferred_to_link
                    && cells.any(|cell| says_something(cell) && !is_none_word(cell))
            };
            !record.data_types.is_empty() || record.explicit_none || deferred || written()
        }
        EntryField::Link => link,
    }
}

/// Whether a field holds words and not a dash or a place to fill in.
fn says_something(text: &str) -> bool {
    let letters = text.chars().filter(|c| c.is_alphanumeric()).count();
    letters >= 2 && !form::is_place(text)
}

/// 网易七鱼 names its developer in the product's name.
fn carries_vendor(record: &SdkRecord, lexicon: &Lexicon) -> bool {
    let product = record.id.as_deref();
    product
        .and_then(|id| lexicon.companies.product(id))
        .is_some_and(|product| product.names_vendor(&record.as_written))
}

/// One line per document, and only for Chinese ones: the notice is.
pub(super) fn check(document: &PolicyDocument) -> Vec<PolicyCheck> {
    let lacking = |field: &EntryField| {
        let lacks = document
            .sdks
            .iter()
            .filter(|sdk| sdk.missing.contains(field));
        lacks.count()
    };
    let counts: Vec<String> = EntryField::ALL
        .iter()
        .map(|field| (field, lacking(field)))
        .filter(|(_, count)| *count > 0)
        .map(|(field, count)| format!("{count} lack the {}", field.name()))
        .collect();
    if document.language != "zh" || counts.is_empty() {
        return Vec::new();
    }
    vec![PolicyCheck {
        code: "entry-fields-missing".to_owned(),
        message: format!(
            "of {} entries {} (fields of 工信部信管函〔2023〕26号)",
            document.sdks.len(),
            counts.join(", ")
        ),
        ..PolicyCheck::default()
    }]
}

#[cfg(test)]
mod tests {
    use super::super::testing::{checks, read, read_as};
    use super::*;

    const FULL: &str = "第三方SDK目录\n更新日期：2024年1月2日\n\
        SDK名称：青鸾画像SDK\n包名：com.qingluan.sdk\n所属公司：杭州青鸾示例科技有限公司\n使用目的：统计分析\n收集个人信息类型：IMEI\n隐私政策链接：https://qingluan.example/p\n";

    #[test]
    fn a_bare_entry_lacks_what_it_does_not_give() {
        let text = "第三方SDK目录\n更新日期：2024年1月2日\n\
            SDK名称：青鸾画像SDK\n使用目的：统计分析\n收集个人信息类型：IMEI\n\
            SDK名称：网易七鱼SDK\n使用目的：在线客服\n收集个人信息类型：会话语气\n隐私政策链接：https://qiyu.example/p\n";
        let document = read(text);
        use EntryField::{Link, Package, Vendor};
        let missing: Vec<_> = document
            .sdks
            .iter()
            .map(|sdk| sdk.missing.clone())
            .collect();
        assert_eq!(missing, [vec![Package, Vendor, Link], vec![Package]]);
        let found = checks(text, "entry-fields-missing");
        assert_eq!(
            found[0].message,
            "of 2 entries 2 lack the package name, 1 lack the developer, 1 lack the link (fields of 工信部信管函〔2023〕26号)"
        );
    }

    #[test]
    fn data_behind_a_live_link_is_given_and_a_dash_is_not() {
        let fields = |data: &str, link: &str| {
            let text = FULL
                .replace("IMEI", data)
                .replace("https://qingluan.example/p", link);
            let document = read(&text);
            document
                .sdks
                .first()
                .map(|sdk| sdk.missing.clone())
                .unwrap_or_default()
        };
        let lacks = |found: &[EntryField], field| found.contains(&field);
        let deferred = fields("详见隐私政策", "https://qingluan.example/p");
        assert!(!lacks(&deferred, EntryField::DataTypes));
        let none = fields("不收集个人信息", "https://qingluan.example/p");
        assert!(!lacks(&none, EntryField::DataTypes));
        let placeholder = fields("IMEI", "http://localhost/p");
        assert!(lacks(&placeholder, EntryField::Link));
    }

    #[test]
    fn data_said_to_stand_behind_a_link_that_is_not_there_is_missing() {
        let text = FULL
            .replace("IMEI", "详见其隐私政策")
            .replace("隐私政策链接：https://qingluan.example/p\n", "");
        let document = read(&text);
        let missing = &document.sdks[0].missing;
        for field in [EntryField::Link, EntryField::DataTypes] {
            assert!(missing.contains(&field), "{missing:?}");
        }
    }

    #[test]
    fn english_documents_are_not_counted_by_a_chinese_notice() {
        let text = "# Privacy Policy\n\nLast updated: 3 May 2024\n\nWe use these third-party SDKs:\n\n\
            | SDK name | Purpose | Data collected |\n|---|---|---|\n| Heron Analytics | analytics | device model |\n";
        let document = read_as("policy.md", text);
        assert_eq!(document.sdks.len(), 1);
        assert!(
            document
                .sdks
                .iter()
                .all(|sdk| sdk.missing.contains(&EntryField::Link))
        );
        assert!(
            document
                .checks
                .iter()
                .all(|check| check.code != "entry-fields-missing")
        );
    }
}
