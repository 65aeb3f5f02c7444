//! The page as a whole, on a hand-made app.

use super::*;
use crate::audit::model::{
    Evidence, EvidenceKind, PermissionBasis, PermissionReport, SdkPermission, State, Unidentified,
};
use crate::audit::reconcile::reconcile;
use crate::formats::{Anomaly, Limit};
use crate::policy::model::{DisclosureForm, EntryField, MatchedBy, Quote, SdkRecord};
use crate::sdk::base::KnowledgeBase;
use crate::sdk::schema::{Kind, Names};

fn sdk(id: &str, zh: &str, vendor: &str) -> SdkReport {
    SdkReport {
        id: id.into(),
        name: Names {
            en: id.into(),
            zh: zh.into(),
        },
        vendor: vendor.into(),
        state: State::Present,
        evidence: vec![Evidence {
            kind: EvidenceKind::ClassPrefix,
            value: format!("com.{id}"),
            place: "classes.dex".into(),
            count: 12,
        }],
        documented_data_types: Some(vec!["imei".into()]),
        ..SdkReport::default()
    }
}

fn app() -> AppReport {
    let phone = "android.permission.READ_PHONE_STATE";
    AppReport {
        path: "app.apk".into(),
        sha256: "ab".into(),
        size: 10,
        package: Some("com.example".into()),
        label: Some("示例".into()),
        version_name: Some("1.0".into()),
        permissions: vec![PermissionReport {
            name: phone.into(),
            protection: "dangerous".into(),
            ..PermissionReport::default()
        }],
        sdks: vec![
            SdkReport {
                version: Some("3.2.8".into()),
                permissions: vec![SdkPermission {
                    name: phone.into(),
                    basis: PermissionBasis::Documented,
                }],
                ..sdk("jpush", "极光推送", "Jiguang 极光")
            },
            SdkReport {
                kind: Kind::Library,
                ..sdk("okhttp", "", "Square")
            },
            SdkReport {
                documented_data_types: None,
                state: State::AutoInitialised,
                ..sdk("qiyu", "网易七鱼", "NetEase")
            },
        ],
        ..AppReport::default()
    }
}

fn policy() -> PolicyDocument {
    PolicyDocument {
        path: "policy.txt".into(),
        language: "zh".into(),
        disclosure_form: DisclosureForm::Inline,
        sdks: vec![SdkRecord {
            as_written: "极光推送SDK".into(),
            id: Some("jpush".into()),
            matched_by: Some(MatchedBy::Name),
            vendor_as_written: "深圳市和讯华谷信息技术有限公司".into(),
            purposes: vec!["推送".into()],
            data_types: vec!["imei".into()],
            missing: vec![EntryField::Package, EntryField::Link],
            quote: Quote {
                text: "极光推送SDK：推送，收集IMEI".into(),
                start: 6,
                end: 45,
                ..Quote::default()
            },
            ..SdkRecord::default()
        }],
        ..PolicyDocument::default()
    }
}

fn page(style: Style, app: &AppReport, policies: &[PolicyDocument]) -> String {
    let mut out = Vec::new();
    let mut printer = Human::new(style);
    let tool = Tool {
        name: "sdkaudit",
        version: "0",
        signatures: String::new(),
    };
    printer.begin(&mut out, &tool).unwrap();
    printer.app(&mut out, app).unwrap();
    let summary = crate::audit::gate::summarise(std::slice::from_ref(app));
    printer.end(&mut out, &summary, policies).unwrap();
    String::from_utf8(out).unwrap()
}

#[test]
fn the_page_as_a_whole_with_chinese_columns_aligned() {
    let policies = [policy()];
    let mut app = app();
    reconcile(&mut app, &[&policies[0]], &KnowledgeBase::embedded());
    let text = page(Style::default(), &app, &policies);
    assert_eq!(text, include_str!("golden.txt"), "\n{text}");
    let starts: Vec<usize> = ["policy", "NOT DISCLOSED", "disclosed, lacks"]
        .iter()
        .map(|cell| {
            let mut ends = text
                .lines()
                .filter_map(|line| line.split_once(&format!("  {cell}")));
            columns(ends.next().expect(cell).0)
        })
        .collect();
    assert!(starts.iter().all(|start| *start == starts[0]), "{starts:?}");
}

#[test]
fn several_permissions_of_one_sdk_are_one_item() {
    let mut app = app();
    for name in ["android.permission.ACCESS_FINE_LOCATION", "com.x.CUSTOM"] {
        app.permissions.push(PermissionReport {
            name: name.into(),
            protection: "dangerous".into(),
            ..PermissionReport::default()
        });
        app.sdks[0].permissions.push(SdkPermission {
            name: name.into(),
            basis: PermissionBasis::Manifest,
        });
    }
    let policy = policy();
    reconcile(&mut app, &[&policy], &KnowledgeBase::embedded());
    let text = page(Style::default(), &app, &[]);
    let item = text
        .lines()
        .skip_while(|l| !l.contains("permission-not-disclosed-for-sdk (2)"))
        .skip(1)
        .take(3)
        .collect::<Vec<_>>()
        .join(" ");
    assert!(item.contains("极光推送 (jpush)"), "{text}");
    assert!(
        item.contains("ACCESS_FINE_LOCATION, com.x.CUSTOM"),
        "{text}"
    );
    assert!(text.contains("3/0"), "{text}");
}

#[test]
fn a_partial_analysis_says_so_first_and_is_never_summed_up_as_none() {
    let mut packed = app();
    packed.sdks.clear();
    packed.analysis = Analysis::Partial;
    packed
        .limits
        .push(Limit::analysis("packed-code", "packed by 360 Jiagu", ""));
    let text = page(Style::default(), &packed, &[]);
    assert!(text.starts_with("CANNOT CONCLUDE: analysed only in part (packed-code"));
    assert!(text.contains("in the part that was seen"));
    assert!(!text.to_lowercase().contains("clean"));
    packed.analysis = Analysis::Failed;
    assert!(page(Style::default(), &packed, &[]).starts_with("CANNOT CONCLUDE: not read"));
}

#[test]
fn the_packer_is_named_before_what_follows_from_it() {
    let mut packed = app();
    packed.analysis = Analysis::Partial;
    packed.limits = vec![
        Limit::analysis("component-code-missing", "3 of 4 classes", ""),
        Limit::analysis("packed-code", "packed by qihoo-jiagu", ""),
    ];
    let text = page(Style::default(), &packed, &[]);
    assert!(
        text.starts_with("CANNOT CONCLUDE: analysed only in part (packed-code: packed by qihoo")
    );
    assert!(text.contains("component-code-missing"));
}

#[test]
fn a_policy_that_is_missing_from_the_folder_is_said_in_the_verdict() {
    let mut app = app();
    let message = "no policy for com.example in policies: disclosure was not judged";
    app.limits
        .push(Limit::detail("no-policy-found", message, "policies"));
    let text = page(Style::default(), &app, &[]);
    assert!(text.lines().next().unwrap().ends_with(message), "{text}");
    assert!(!text.contains("no policy was given"));
}

#[test]
fn without_a_policy_disclosure_is_not_judged() {
    let text = page(Style::default(), &app(), &[]);
    assert!(text.contains("no policy was given"));
    assert!(text.contains("not judged"));
    assert!(text.contains("1/-"));
}

#[test]
fn a_hostile_app_cannot_send_escape_sequences_to_the_terminal() {
    let evil = "\u{1b}[31m\u{9b}x\u{202e}\u{7}";
    let mut app = app();
    app.path = evil.into();
    app.label = Some(evil.into());
    app.version_name = Some(evil.into());
    app.sdks[0].version = Some(evil.into());
    app.anomalies.push(Anomaly::new("a-code", evil, evil));
    app.limits.push(Limit::detail("l-code", evil, evil));
    app.unidentified.push(Unidentified {
        prefix: evil.into(),
        classes: 60,
        methods: 1,
        places: Vec::new(),
        ..Unidentified::default()
    });
    let mut policy = policy();
    policy.path = evil.into();
    policy.sdks[0].as_written = evil.into();
    policy.sdks[0].quote.text = evil.into();
    reconcile(&mut app, &[&policy], &KnowledgeBase::embedded());
    let text = page(Style::default(), &app, &[policy]);
    assert!(
        text.chars()
            .all(|c| c == '\n' || !c.is_control() && c != '\u{202e}')
    );
}

#[test]
fn colour_is_written_only_when_asked_for() {
    let style = Style {
        colour: true,
        ..Style::default()
    };
    assert!(page(style, &app(), &[]).contains("\u{1b}["));
    assert!(!page(Style::default(), &app(), &[]).contains('\u{1b}'));
}

#[test]
fn a_narrow_page_shortens_names_and_keeps_the_verdict() {
    let mut app = app();
    app.sdks[0].vendor = "深圳市和讯华谷信息技术有限公司".into();
    let narrow = Style {
        width: 80,
        ..Style::default()
    };
    let text = page(narrow, &app, &[]);
    let rows: Vec<&str> = text
        .lines()
        .filter(|l| l.ends_with("  not judged"))
        .collect();
    assert_eq!(rows.len(), 2);
    assert!(rows.iter().all(|row| columns(row) <= 80), "{text}");
}

#[test]
fn totals_are_printed_for_several_apps() {
    let summary = Summary {
        apps: 2,
        partial: 1,
        failed: 1,
        ..Summary::default()
    };
    assert_eq!(
        total(&summary),
        "Total: 2 apps, 0 SDKs; 0 errors, 0 warnings, 0 notes; 1 analysed only in part; 1 could not be read"
    );
}

#[test]
fn documented_data_that_the_entry_does_not_name_is_told_once_for_an_sdk() {
    let mut app = app();
    let id = app.sdks[0].id.clone();
    app.sdks[0].documented_data_types = Some(
        ["screen", "oaid", "gaid", "imei"]
            .map(str::to_owned)
            .to_vec(),
    );
    let policy = policy();
    reconcile(&mut app, &[&policy], &KnowledgeBase::embedded());
    let disclosure = app.sdks[0].disclosure.as_mut().unwrap();
    assert!(!disclosure.coverage.is_empty());
    disclosure.missing.clear();
    let text = page(Style::default(), &app, &[]);
    let line = text
        .lines()
        .find(|l| l.contains("told vaguely or not at all"))
        .unwrap();
    assert!(line.contains(&format!("documented for {id},")), "{text}");
    assert!(line.contains("oaid") && !line.contains("screen"), "{line}");
    // An entry without any data lacks the field, which the table says.
    app.sdks[0].disclosure.as_mut().unwrap().missing = vec!["data-types"];
    assert!(!page(Style::default(), &app, &[]).contains("told vaguely"));
}

#[test]
fn the_matrix_fits_the_page_in_chinese_terminals() {
    use crate::audit::model::{Accesses, Opaque};
    use crate::audit::testing::{access, at_start};
    let mut app = app();
    app.access_analysis = Accesses::Reach;
    app.sdks[0].accesses = vec![
        at_start(access("imei", "Lx/Y;->imei()V")),
        access("screen", "Lx/Y;->screen()V"),
    ];
    app.sdks[0].opaque.reflection = 12;
    app.app_accesses = vec![access("mac", "Lx/Y;->mac()V")];
    app.app_opaque = Opaque {
        reflection: 0,
        constants: 1,
    };
    let policy = policy();
    reconcile(&mut app, &[&policy], &KnowledgeBase::embedded());
    let text = page(Style::default(), &app, &[]);
    let line = |start: &str| text.lines().find(|l| l.starts_with(start)).expect(start);
    let row = line("  极光推送 (jpush)             ");
    let seen =
        "seen: call-site Y.imei in com.x.Y.run (classes.dex); call-path App.onCreate > Y.run";
    assert!(text.contains(seen), "{text}");
    assert!(row.ends_with("imei:ODP! (+1 that matter less)"), "{text}");
    assert!(line("  the app itself  ").ends_with("mac:O-?"), "{text}");
    let at = |row: &str, token: &str| columns(row.split(token).next().unwrap());
    assert_eq!(at(row, "imei:"), at(line("  the app itself  "), "mac:"));
    assert!(text.contains("jpush 12 reflective calls, the app itself 1 constant"));
    assert!(text.lines().all(|l| columns(l) <= 100), "{text}");
    assert!(!text.contains("accesses of"));
    let verbose = Style {
        verbose: true,
        ..Style::default()
    };
    let text = page(verbose, &app, &[]);
    assert!(text.contains("screen:O--"), "{text}");
    assert!(text.contains("accesses of 极光推送 (jpush)"), "{text}");
}

#[test]
fn several_types_of_one_sdk_are_one_item_of_findings() {
    use crate::audit::model::Accesses;
    use crate::audit::testing::access;
    let mut app = app();
    app.access_analysis = Accesses::Reach;
    app.sdks[0].accesses = vec![
        access("contacts", "content://contacts"),
        access("sms", "content://sms"),
    ];
    let policy = policy();
    reconcile(&mut app, &[&policy], &KnowledgeBase::embedded());
    let text = page(Style::default(), &app, &[]);
    assert!(text.contains("ERROR undisclosed-data-type (2)"), "{text}");
    assert_eq!(text.matches("its entry “极光推送SDK”").count(), 1, "{text}");
    assert!(
        text.contains("    and sms: call-site content://sms in"),
        "{text}"
    );
}

#[test]
fn unused_permissions_are_not_called_undisclosed() {
    use crate::audit::model::Accesses;
    let mut app = app();
    app.access_analysis = Accesses::Reach;
    for name in ["CAMERA", "READ_CONTACTS"] {
        app.permissions.push(PermissionReport {
            name: format!("android.permission.{name}"),
            protection: "dangerous".into(),
            ..PermissionReport::default()
        });
    }
    reconcile(&mut app, &[], &KnowledgeBase::embedded());
    let text = page(Style::default(), &app, &[]);
    let item = "requested by the app, no call that they guard was seen: CAMERA, READ_CONTACTS";
    assert!(text.contains(item), "{text}");
}
