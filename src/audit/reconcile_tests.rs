//! What the policies say against what is in the app, on hand-made values and
//! the embedded signatures.

use super::*;
use crate::audit::model::{
    DisclosureStatus, Evidence, EvidenceKind, Finding, Level, PermissionBasis, PermissionReport,
    SdkPermission, SdkReport, State, Unidentified,
};
use crate::formats::Limit;
use crate::policy::model::{EntryField, FirstParty, MatchedBy, Quote, SdkRecord};
use crate::sdk::schema::Confidence;

const FINE: &str = "android.permission.ACCESS_FINE_LOCATION";
const PHONE: &str = "android.permission.READ_PHONE_STATE";

/// An app that contains these SDKs, as detection would report them.
fn app(ids: &[&str]) -> AppReport {
    let base = KnowledgeBase::embedded();
    AppReport {
        package: Some("com.example".into()),
        sdks: ids.iter().map(|id| sdk(id, &base)).collect(),
        ..AppReport::default()
    }
}

fn sdk(id: &str, base: &KnowledgeBase) -> SdkReport {
    let signature = base.signature(id).expect("a signature of the base");
    SdkReport {
        id: id.into(),
        name: signature.name.clone(),
        vendor: signature.vendor.clone(),
        kind: signature.kind,
        state: State::Present,
        confidence: Confidence::High,
        evidence: vec![Evidence {
            kind: EvidenceKind::ClassPrefix,
            value: signature.code.prefixes.first().cloned().unwrap_or_default(),
            place: "classes.dex".into(),
            count: 7,
        }],
        permissions: signature
            .permissions
            .iter()
            .map(|name| SdkPermission {
                name: name.clone(),
                basis: PermissionBasis::Documented,
            })
            .collect(),
        documented_data_types: signature.data.as_ref().map(|d| d.types.clone()),
        ..SdkReport::default()
    }
}

fn requesting(mut app: AppReport, names: &[&str]) -> AppReport {
    app.permissions = names
        .iter()
        .map(|name| PermissionReport {
            name: (*name).into(),
            protection: "dangerous".into(),
            ..PermissionReport::default()
        })
        .collect();
    app
}

/// A complete entry for a product.
fn entry(as_written: &str, id: Option<&str>, matched_by: Option<MatchedBy>) -> SdkRecord {
    SdkRecord {
        as_written: as_written.into(),
        id: id.map(str::to_owned),
        candidates: id.map(str::to_owned).into_iter().collect(),
        matched_by,
        vendor_as_written: "某某有限公司".into(),
        purposes: vec!["推送".into()],
        data_types: vec!["oaid".into()],
        url: Some("https://example.com/privacy".into()),
        quote: Quote {
            text: as_written.into(),
            start: 0,
            end: as_written.len(),
            ..Quote::default()
        },
        ..SdkRecord::default()
    }
}

fn named(as_written: &str, id: &str) -> SdkRecord {
    entry(as_written, Some(id), Some(MatchedBy::Name))
}

fn policy(form: DisclosureForm, sdks: Vec<SdkRecord>) -> PolicyDocument {
    PolicyDocument {
        path: "policy.txt".into(),
        language: "zh".into(),
        disclosure_form: form,
        sdks,
        ..PolicyDocument::default()
    }
}

fn list(sdks: Vec<SdkRecord>) -> PolicyDocument {
    policy(DisclosureForm::Inline, sdks)
}

fn judged(mut app: AppReport, policies: &[PolicyDocument]) -> AppReport {
    let policies: Vec<&PolicyDocument> = policies.iter().collect();
    reconcile(&mut app, &policies, &KnowledgeBase::embedded());
    app
}

/// `rule sdk` or `rule permission` of each finding.
fn rules_of(app: &AppReport) -> Vec<String> {
    app.findings
        .iter()
        .map(|f| {
            let subject: Vec<&str> = [f.sdk.as_deref(), f.permission.as_deref()]
                .into_iter()
                .flatten()
                .collect();
            format!("{} {}", f.rule, subject.join(" "))
                .trim()
                .to_owned()
        })
        .collect()
}

fn status(app: &AppReport, id: &str) -> Option<DisclosureStatus> {
    let sdk = app.sdks.iter().find(|s| s.id == id)?;
    sdk.disclosure.as_ref().map(|d| d.status)
}

fn one<'a>(app: &'a AppReport, rule: &str) -> &'a Finding {
    let mut of_rule = app.findings.iter().filter(|f| f.rule == rule);
    let first = of_rule.next().expect(rule);
    assert!(of_rule.next().is_none(), "{rule} fires twice");
    first
}

#[test]
fn one_entry_decides_the_status_of_one_sdk() {
    use DisclosureStatus::{Disclosed, FamilyOnly, Undisclosed, VendorOnly};
    let several = |by: MatchedBy, candidates: &[&str]| SdkRecord {
        candidates: candidates.iter().map(|c| (*c).to_owned()).collect(),
        ..entry("极光", None, Some(by))
    };
    let ios = SdkRecord {
        platforms: vec!["ios".into()],
        ..named("极光推送", "jpush")
    };
    let both_systems = SdkRecord {
        platforms: vec!["android".into(), "ios".into()],
        ..named("极光推送", "jpush")
    };
    let cases: Vec<(&str, &str, SdkRecord, DisclosureStatus)> = vec![
        ("name", "jpush", named("极光推送", "jpush"), Disclosed),
        (
            "package",
            "getui",
            entry("com.igexin", Some("getui"), Some(MatchedBy::Package)),
            Disclosed,
        ),
        (
            "link",
            "qiyu",
            entry("客服", Some("qiyu"), Some(MatchedBy::Url)),
            Disclosed,
        ),
        (
            "family resolved by purpose",
            "jpush",
            entry("极光", Some("jpush"), Some(MatchedBy::Family)),
            Disclosed,
        ),
        (
            "its sibling",
            "janalytics",
            entry("极光", Some("jpush"), Some(MatchedBy::Family)),
            FamilyOnly,
        ),
        (
            "open family",
            "jpush",
            several(MatchedBy::Family, &["jpush", "janalytics"]),
            FamilyOnly,
        ),
        (
            "ambiguous name",
            "umeng-analytics",
            entry("友盟+", None, None),
            FamilyOnly,
        ),
        (
            "company",
            "jpush",
            several(MatchedBy::Vendor, &["jpush", "jshare"]),
            VendorOnly,
        ),
        (
            "company without candidates",
            "getui",
            entry("每日互动股份有限公司", None, None),
            VendorOnly,
        ),
        (
            "other product",
            "getui",
            named("极光推送", "jpush"),
            Undisclosed,
        ),
        ("named for iOS only", "jpush", ios, Undisclosed),
        ("named for both systems", "jpush", both_systems, Disclosed),
    ];
    for (case, id, record, expected) in cases {
        let app = judged(app(&[id]), &[list(vec![record])]);
        assert_eq!(status(&app, id), Some(expected), "{case}");
        let rule = match expected {
            Undisclosed => Some("undisclosed-sdk"),
            FamilyOnly => Some("sdk-disclosed-by-family-only"),
            VendorOnly => Some("sdk-disclosed-by-vendor-only"),
            _ => None,
        };
        let fired: Vec<&str> = app
            .findings
            .iter()
            .filter(|f| f.sdk.as_deref() == Some(id))
            .map(|f| f.rule)
            .collect();
        assert_eq!(fired, Vec::from_iter(rule), "{case}");
    }
}

#[test]
fn without_a_policy_only_packed_and_unidentified_code_is_told() {
    let mut app = requesting(app(&["jpush", "qihoo-jiagu"]), &[FINE]);
    app.unidentified = vec![
        Unidentified {
            prefix: "com.foo".into(),
            classes: 50,
            methods: 9,
            places: Vec::new(),
            ..Unidentified::default()
        },
        Unidentified {
            prefix: "com.small".into(),
            classes: 49,
            methods: 9,
            places: Vec::new(),
            ..Unidentified::default()
        },
    ];
    let app = judged(app, &[]);
    assert_eq!(
        rules_of(&app),
        ["packed-code qihoo-jiagu", "unidentified-third-party-code"]
    );
    assert!(app.findings.iter().all(|f| f.level == Level::Note));
    assert!(app.sdks.iter().all(|s| s.disclosure.is_none()));
    assert!(app.permissions.iter().all(|p| p.disclosed.is_none()));
}

#[test]
fn libraries_and_packers_are_never_a_disclosure_finding() {
    let app = judged(app(&["okhttp", "qihoo-jiagu"]), &[list(vec![])]);
    assert_eq!(rules_of(&app), ["packed-code qihoo-jiagu"]);
    assert_eq!(status(&app, "okhttp"), None);
}

#[test]
fn unknown_data_counts_and_is_called_unknown_documented_none_does_not_count() {
    let mut unknown = app(&["jpush", "getui"]);
    unknown.sdks[0].documented_data_types = None;
    unknown.sdks[1].documented_data_types = Some(vec![]);
    let app = judged(unknown, &[list(vec![named("七鱼", "qiyu")])]);
    let finding = one(&app, "undisclosed-sdk");
    assert_eq!(finding.sdk.as_deref(), Some("jpush"));
    assert!(finding.message.contains("unknown"));
    assert!(finding.message.contains("may be at odds with"));
    assert!(!finding.basis.is_empty() && !finding.evidence.is_empty());
}

#[test]
fn no_list_is_told_once_beside_each_undisclosed_sdk() {
    for form in [
        DisclosureForm::None,
        DisclosureForm::TemplateUnfilled,
        DisclosureForm::GenericMention,
    ] {
        let app = judged(app(&["jpush", "qiyu", "okhttp"]), &[policy(form, vec![])]);
        assert_eq!(
            rules_of(&app),
            [
                "undisclosed-sdk jpush",
                "undisclosed-sdk qiyu",
                "no-sdk-list"
            ],
            "{form:?}"
        );
    }
    let nothing_to_list = judged(app(&["okhttp"]), &[policy(DisclosureForm::None, vec![])]);
    assert!(rules_of(&nothing_to_list).is_empty());
}

#[test]
fn a_list_behind_a_link_is_told_once_and_nothing_is_called_undisclosed() {
    let linked = PolicyDocument {
        links: vec!["https://example.com/sdk".into()],
        ..policy(DisclosureForm::LinkedOnly, vec![])
    };
    let app = judged(app(&["jpush", "qiyu"]), std::slice::from_ref(&linked));
    assert_eq!(rules_of(&app), ["disclosure-not-assessable"]);
    assert!(app.findings[0].message.contains("https://example.com/sdk"));
    assert_eq!(status(&app, "jpush"), Some(DisclosureStatus::NotAssessable));
}

#[test]
fn a_fuller_list_elsewhere_is_mentioned_beside_what_the_text_lacks() {
    let partial_list = PolicyDocument {
        links: vec!["https://example.com/full".into()],
        ..policy(DisclosureForm::InlineLink, vec![])
    };
    let app = judged(app(&["jpush"]), &[partial_list]);
    assert_eq!(rules_of(&app), ["undisclosed-sdk jpush"]);
    assert!(app.findings[0].message.contains("https://example.com/full"));
}

#[test]
fn the_linked_list_given_as_a_second_policy_decides() {
    let main = policy(DisclosureForm::LinkedOnly, vec![]);
    let linked = policy(
        DisclosureForm::StandaloneList,
        vec![named("极光推送", "jpush")],
    );
    let app = judged(app(&["jpush", "qiyu"]), &[main, linked]);
    assert_eq!(rules_of(&app), ["undisclosed-sdk qiyu"]);
    assert_eq!(status(&app, "jpush"), Some(DisclosureStatus::Disclosed));
}

#[test]
fn a_policy_that_was_read_only_in_part_calls_nothing_undisclosed() {
    let torn = PolicyDocument {
        limits: vec![Limit::analysis("pdf-page", "page 3 could not be read", "")],
        first_party: FirstParty::default(),
        ..list(vec![named("极光推送", "jpush")])
    };
    let app = judged(requesting(app(&["jpush", "qiyu"]), &[FINE]), &[torn]);
    assert_eq!(rules_of(&app), ["disclosure-not-assessable"]);
    assert_eq!(status(&app, "qiyu"), Some(DisclosureStatus::NotAssessable));
}

#[test]
fn a_listed_sdk_that_is_absent_is_a_note_only_when_all_code_was_seen() {
    let lists = || {
        [list(vec![
            named("个推", "getui"),
            named("个推推送", "getui"),
            SdkRecord {
                platforms: vec!["ios".into()],
                ..named("七鱼", "qiyu")
            },
        ])]
    };
    let complete = judged(app(&[]), &lists());
    assert_eq!(rules_of(&complete), ["disclosed-sdk-not-found getui"]);
    assert_eq!(complete.findings[0].level, Level::Note);
    assert!(complete.findings[0].quote.is_some());
    let mut packed = app(&["qihoo-jiagu"]);
    packed.analysis = Analysis::Partial;
    packed
        .limits
        .push(Limit::analysis("packed-code", "packed", ""));
    assert_eq!(
        rules_of(&judged(packed, &lists())),
        ["packed-code qihoo-jiagu"]
    );
}

#[test]
fn an_entry_that_covers_a_sibling_is_not_called_absent() {
    let family = entry("极光", Some("jpush"), Some(MatchedBy::Family));
    let app = judged(app(&["janalytics"]), &[list(vec![family])]);
    assert_eq!(rules_of(&app), ["sdk-disclosed-by-family-only janalytics"]);
}

#[test]
fn parts_of_a_named_product_are_inside_it() {
    let mut with_parts = app(&["cmcc-auth", "jiguang-jcore", "jpush", "getui"]);
    // Detection found what brought them along.
    with_parts.sdks[0].bundled_by = vec!["getui-verify".into()];
    with_parts.sdks[3].bundled_by = vec!["jpush".into()];
    let lists = [list(vec![
        named("极光推送", "jpush"),
        named("个验", "getui-verify"),
    ])];
    let app = judged(with_parts, &lists);
    for (id, product) in [
        ("cmcc-auth", "个验"),
        ("jiguang-jcore", "极光推送"),
        ("getui", "极光推送"),
    ] {
        assert_eq!(status(&app, id), Some(DisclosureStatus::FamilyOnly), "{id}");
        let finding = app
            .findings
            .iter()
            .find(|f| f.sdk.as_deref() == Some(id))
            .unwrap();
        assert_eq!(finding.rule, "sdk-disclosed-by-family-only");
        assert!(
            finding.message.contains("inside") && finding.message.contains(product),
            "{}",
            finding.message
        );
    }
}

#[test]
fn a_listed_product_that_is_absent_covers_nothing_inside_it() {
    let lists = [list(vec![named("个验", "getui-verify")])];
    let app = judged(app(&["cmcc-auth"]), &lists);
    assert_eq!(
        status(&app, "cmcc-auth"),
        Some(DisclosureStatus::Undisclosed)
    );
}

#[test]
fn an_incomplete_entry_names_what_no_entry_gives() {
    use EntryField::{DataTypes, Link, Package, Purpose, Vendor};
    let lacking = |missing: &[EntryField]| SdkRecord {
        missing: missing.to_vec(),
        ..named("JPush", "jpush")
    };
    let missing = |records: Vec<SdkRecord>| {
        let app = judged(app(&["jpush"]), &[list(records)]);
        app.sdks[0].disclosure.clone().unwrap().missing
    };
    let all = lacking(&[Package, Vendor, Purpose, DataTypes, Link]);
    assert_eq!(
        missing(vec![all.clone()]),
        ["vendor", "purpose", "data-types", "link"]
    );
    assert_eq!(
        missing(vec![all, lacking(&[Package, Vendor, Link])]),
        ["vendor", "link"]
    );
    assert!(missing(vec![lacking(&[Package])]).is_empty());
    let deferred = SdkRecord {
        deferred_to_link: true,
        ..lacking(&[Vendor])
    };
    let app = judged(app(&["jpush"]), &[list(vec![deferred])]);
    let finding = one(&app, "incomplete-disclosure");
    assert!(finding.message.contains("lacks vendor"));
    assert!(finding.message.contains("did not read"));
}

#[test]
fn a_permission_is_told_when_the_policy_names_neither_it_nor_its_data() {
    let requested = || requesting(app(&[]), &[FINE, PHONE, "android.permission.CAMERA"]);
    let own = PolicyDocument {
        first_party: FirstParty {
            data_types: vec!["location".into()],
            permissions: vec!["android.permission.CAMERA".into()],
            ..FirstParty::default()
        },
        ..list(vec![])
    };
    let app = judged(requested(), &[own]);
    assert_eq!(
        rules_of(&app),
        [format!("permission-not-disclosed {PHONE}")]
    );
    let words = |name: &str| {
        let permission = app.permissions.iter().find(|p| p.name == name).unwrap();
        permission.disclosed.clone().unwrap_or_default()
    };
    assert!(words("android.permission.CAMERA").starts_with("named"));
    assert!(words(FINE).contains("location"));
    assert_eq!(words(PHONE), "");
}

#[test]
fn normal_and_outdated_permissions_are_not_told() {
    let mut old = requesting(app(&[]), &[PHONE, "android.permission.INTERNET"]);
    old.min_sdk = Some(24);
    old.permissions[0].max_sdk = Some(22);
    old.permissions[1].protection = "normal".into();
    assert!(rules_of(&judged(old, &[list(vec![])])).is_empty());
}

#[test]
fn a_permission_an_sdk_uses_must_stand_in_its_own_entry() {
    let requested = || requesting(app(&["jpush"]), &[FINE, PHONE]);
    let elsewhere = FirstParty {
        data_types: vec![],
        permissions: vec![FINE.into(), PHONE.into()],
        ..FirstParty::default()
    };
    let with = |record: SdkRecord| PolicyDocument {
        first_party: elsewhere.clone(),
        ..list(vec![record])
    };
    let silent = judged(requested(), &[with(named("极光推送", "jpush"))]);
    assert_eq!(
        rules_of(&silent),
        [FINE, PHONE].map(|p| format!("permission-not-disclosed-for-sdk jpush {p}"))
    );
    assert!(silent.findings[0].message.contains("is documented to use"));
    let vague = SdkRecord {
        data_types: vec!["imei".into()],
        permissions: vec![FINE.into()],
        ..named("极光推送", "jpush")
    };
    let vague = judged(requested(), &[with(vague)]);
    assert_eq!(
        rules_of(&vague),
        [format!("permission-not-disclosed-for-sdk jpush {PHONE}")]
    );
    assert_eq!(vague.findings[0].level, Level::Note);
    assert!(
        vague.findings[0]
            .message
            .contains("names imei, which it guards")
    );
    let deferred = SdkRecord {
        deferred_to_link: true,
        ..named("极光推送", "jpush")
    };
    assert!(rules_of(&judged(requested(), &[with(deferred)])).is_empty());
}

#[test]
fn an_input_that_could_not_be_read_gets_no_finding() {
    let mut failed = app(&[]);
    failed.analysis = Analysis::Failed;
    assert!(rules_of(&judged(failed, &[policy(DisclosureForm::None, vec![])])).is_empty());
}

#[test]
fn findings_are_sorted_and_fingerprints_outlive_a_rebuild() {
    let lists = [list(vec![named("个推", "getui")])];
    let first = judged(requesting(app(&["qiyu", "jpush"]), &[PHONE, FINE]), &lists);
    let mut rebuilt = requesting(app(&["jpush", "qiyu"]), &[FINE, PHONE]);
    rebuilt.version_name = Some("2.0".into());
    rebuilt.sha256 = "other".into();
    rebuilt.sdks[0].evidence[0].place = "classes9.dex".into();
    let second = judged(rebuilt, &lists);
    let marks = |app: &AppReport| -> Vec<String> {
        app.findings.iter().map(|f| f.fingerprint.clone()).collect()
    };
    assert_eq!(marks(&first), marks(&second));
    assert_eq!(rules_of(&first), rules_of(&second));
    let levels: Vec<Level> = first.findings.iter().map(|f| f.level).collect();
    assert!(levels.is_sorted());
    let mut unique = marks(&first);
    unique.sort();
    unique.dedup();
    assert_eq!(unique.len(), first.findings.len());
}

#[test]
fn messages_say_may_be_at_odds_and_never_violates() {
    let lists = [list(vec![
        SdkRecord {
            as_written: "个推".into(),
            id: Some("getui".into()),
            matched_by: Some(MatchedBy::Name),
            ..SdkRecord::default()
        },
        named("七鱼", "qiyu"),
    ])];
    let app = judged(
        requesting(app(&["jpush", "getui", "umeng-analytics"]), &[PHONE]),
        &lists,
    );
    assert!(app.findings.len() >= 4);
    for finding in &app.findings {
        assert!(!finding.message.to_lowercase().contains("violat"));
        if finding.level == Level::Error {
            assert!(finding.message.contains("may be at odds with"));
        }
    }
}

#[path = "reconcile_entry_tests.rs"]
mod entries;

#[path = "access_tests.rs"]
mod accesses;
