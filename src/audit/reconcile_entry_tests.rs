//! What the entries of one SDK say, against each other and against what the SDK
//! is documented to collect.

use super::*;
use crate::policy::model::{DataMention, Extent, PolicyCheck};

#[test]
fn entries_that_differ_inside_a_document_are_a_finding() {
    let mut record = named("极光推送", "jpush");
    record.also.push(Quote {
        text: "极光推送 OAID".into(),
        start: 300,
        end: 320,
        ..Quote::default()
    });
    let check = |start: usize| PolicyCheck {
        code: "differing-entries".into(),
        message: "two entries of one SDK differ: data only here: oaid".into(),
        sdk: "极光推送".into(),
        quote: Some(Quote {
            start,
            ..Quote::default()
        }),
    };
    for (start, fires) in [(0, true), (300, true), (77, false)] {
        let policy = PolicyDocument {
            checks: vec![check(start)],
            ..list(vec![record.clone()])
        };
        let app = judged(app(&["jpush"]), &[policy]);
        let found = app.findings.iter().find(|f| f.rule == "duplicate-entry");
        assert_eq!(found.is_some(), fires, "{start}");
        assert!(
            found
                .is_none_or(|f| f.level == Level::Warning && f.message.contains("only here: oaid"))
        );
    }
}

#[test]
fn two_documents_of_one_app_are_compared() {
    let with = |path: &str, types: &[&str]| PolicyDocument {
        path: path.into(),
        ..list(vec![SdkRecord {
            data_types: types.iter().map(|t| (*t).to_owned()).collect(),
            ..named("极光推送", "jpush")
        }])
    };
    let level = |main: &[&str], list: &[&str]| {
        let app = judged(
            app(&["jpush"]),
            &[with("main.html", main), with("list.html", list)],
        );
        let found = app.findings.iter().find(|f| f.rule == "duplicate-entry");
        found.map(|f| f.level)
    };
    assert_eq!(level(&["imei"], &["oaid"]), Some(Level::Warning));
    assert_eq!(level(&["oaid"], &["imei", "oaid"]), Some(Level::Note));
    assert_eq!(level(&["oaid"], &["oaid"]), None);
    assert_eq!(level(&[], &["oaid"]), None);
}

#[test]
fn documented_data_is_compared_with_the_entry_and_gives_no_finding() {
    use crate::audit::model::TypeCoverage;
    let mut app = app(&["jpush"]);
    app.sdks[0].documented_data_types = Some(
        ["imei", "oaid", "idfa", "device-model", "app-list"]
            .map(str::to_owned)
            .to_vec(),
    );
    let record = SdkRecord {
        data_types: vec!["device-info".into(), "oaid".into()],
        data: vec![
            DataMention {
                data_type: "device-info".into(),
                as_written: "设备信息".into(),
                start: 6,
                end: 18,
                extent: Extent::Open,
                ..DataMention::default()
            },
            DataMention {
                data_type: "oaid".into(),
                as_written: "匿名设备标识符".into(),
                start: 19,
                end: 40,
                ..DataMention::default()
            },
        ],
        ..named("极光推送", "jpush")
    };
    let deferred = SdkRecord {
        deferred_to_link: true,
        ..record.clone()
    };
    let told = judged(app.clone(), &[list(vec![record])]);
    let coverage = &told.sdks[0].disclosure.as_ref().unwrap().coverage;
    let rows: Vec<_> = coverage
        .iter()
        .map(|c| {
            (
                c.data_type.as_str(),
                c.coverage,
                c.enough,
                c.as_written.as_deref(),
            )
        })
        .collect();
    assert_eq!(
        rows,
        [
            ("imei", TypeCoverage::Vague, false, Some("设备信息")),
            ("oaid", TypeCoverage::Exact, true, Some("匿名设备标识符")),
            ("device-model", TypeCoverage::Vague, true, Some("设备信息")),
            ("app-list", TypeCoverage::Vague, false, Some("设备信息")),
        ]
    );
    let quote = coverage[1].quote.as_ref().unwrap();
    assert_eq!((quote.text.as_str(), quote.start), ("匿名设备标识符", 19));
    assert!(told.findings.iter().all(|f| f.data_type.is_none()));
    // What is not told may stand behind the link.
    let open = judged(app, &[list(vec![deferred])]);
    let coverage = &open.sdks[0].disclosure.as_ref().unwrap().coverage;
    assert_eq!(coverage.len(), 2);
}
