//! What code reads against what the policies say, on hand-made accesses.

use super::*;
use crate::audit::model::{
    Access, Accesses, Capability, DataRow, EarlyStart, Reachability, SourceRole, TypeCoverage,
};
use crate::audit::testing::{access, at_start, callable};
use crate::policy::model::{DataMention, Denial, Extent};

const GET_IMEI: &str = "Landroid/telephony/TelephonyManager;->getImei()Ljava/lang/String;";
const GET_MODEL: &str = "Landroid/os/Build;->MODEL:Ljava/lang/String;";
const GET_LATITUDE: &str = "Landroid/location/Location;->getLatitude()D";

/// JPush, whose code makes these accesses.
fn reading(accesses: Vec<Access>) -> AppReport {
    let mut app = app(&["jpush"]);
    app.access_analysis = Accesses::Reach;
    app.sdks[0].permissions.clear();
    app.sdks[0].accesses = accesses;
    app
}

/// The app's own code makes them.
fn own_code(accesses: Vec<Access>) -> AppReport {
    AppReport {
        access_analysis: Accesses::Reach,
        app_accesses: accesses,
        ..app(&[])
    }
}

/// A list whose entry of JPush names these types, broader ones with an open end.
fn naming(types: &[&str]) -> PolicyDocument {
    list(vec![SdkRecord {
        data_types: types.iter().map(|t| (*t).to_owned()).collect(),
        ..named("极光推送", "jpush")
    }])
}

/// A policy that declares these types for the app itself.
fn declaring(types: &[&str]) -> PolicyDocument {
    PolicyDocument {
        first_party: FirstParty {
            data_types: types.iter().map(|t| (*t).to_owned()).collect(),
            ..FirstParty::default()
        },
        ..list(vec![])
    }
}

fn denying(scope: &str, types: &[&str], mut policy: PolicyDocument) -> PolicyDocument {
    policy.denials.push(Denial {
        text: "我们不会收集".into(),
        start: 900,
        end: 918,
        data_types: types.iter().map(|t| (*t).to_owned()).collect(),
        scope: scope.into(),
        ..Denial::default()
    });
    policy
}

/// `rule data-type level` of the findings that accesses give.
fn told(app: AppReport, policies: &[PolicyDocument]) -> Vec<String> {
    let app = judged(app, policies);
    let of_accesses = |f: &&Finding| f.rule != "hardware-id-where-resettable-exists";
    app.findings
        .iter()
        .filter(of_accesses)
        .map(|f| {
            let data_type = f.data_type.as_deref().unwrap_or("-");
            format!("{} {data_type} {}", f.rule, f.level.name())
        })
        .collect()
}

#[test]
fn a_sensitive_type_that_the_entry_does_not_name_is_an_error() {
    let app = judged(
        reading(vec![access("imei", GET_IMEI)]),
        &[naming(&["oaid"])],
    );
    let finding = one(&app, "undisclosed-data-type");
    assert_eq!(finding.level, Level::Error);
    assert_eq!(finding.sdk.as_deref(), Some("jpush"));
    assert_eq!(finding.data_type.as_deref(), Some("imei"));
    assert!(finding.message.contains("TelephonyManager.getImei"));
    assert!(finding.message.contains("may be at odds with"));
    assert_eq!(finding.evidence[0].value, GET_IMEI);
    assert_eq!(finding.evidence[0].place, "Lcom/x/Y;->run()V (classes.dex)");
    assert!(
        finding.evidence[1]
            .value
            .starts_with("Lcom/x/Main;->onCreate()V > ")
    );
    assert!(finding.quote.is_some() && !finding.basis.is_empty());
}

#[test]
fn what_is_named_cannot_run_or_never_gates_gives_no_finding() {
    let imei = || access("imei", GET_IMEI);
    let none: [&str; 0] = [];
    assert_eq!(told(reading(vec![imei()]), &[naming(&["imei"])]), none);
    for other in [
        callable(imei(), Reachability::Unreached),
        callable(imei(), Reachability::SdkApiOnly),
        access("device-model", GET_MODEL),
        Access {
            candidate: true,
            ..imei()
        },
        Access {
            capability: Capability::NotRequested,
            ..imei()
        },
    ] {
        assert_eq!(told(reading(vec![other]), &[naming(&["oaid"])]), none);
    }
    // Without a policy nothing is undisclosed.
    assert_eq!(told(reading(vec![imei()]), &[]), none);
    // What stands behind the link may name it.
    let mut deferred = naming(&["oaid"]);
    deferred.sdks[0].deferred_to_link = true;
    assert_eq!(told(reading(vec![imei()]), &[deferred]), none);
}

#[test]
fn the_level_follows_the_type_the_role_and_what_is_known_to_run() {
    let level = |access: Access| told(reading(vec![access]), &[naming(&["imei"])]);
    let sensor = access("sensor", "Lx/Y;->z()V");
    assert_eq!(level(sensor), ["undisclosed-data-type sensor warning"]);
    let handed_in = Access {
        role: SourceRole::Getter,
        ..access("precise-location", GET_LATITUDE)
    };
    assert_eq!(
        level(handed_in),
        ["undisclosed-data-type precise-location warning"]
    );
    let unknown = callable(
        access("contacts", "content://contacts"),
        Reachability::Unknown,
    );
    assert_eq!(level(unknown), ["undisclosed-data-type contacts note"]);
}

#[test]
fn a_broader_term_is_imprecise_only_where_the_type_must_be_named() {
    let mut vague = naming(&["device-info"]);
    vague.sdks[0].data = vec![DataMention {
        data_type: "device-info".into(),
        as_written: "设备信息".into(),
        start: 6,
        end: 18,
        extent: Extent::Open,
        ..DataMention::default()
    }];
    let imei = reading(vec![access("imei", GET_IMEI)]);
    assert_eq!(
        told(imei.clone(), std::slice::from_ref(&vague)),
        ["imprecise-disclosure imei warning"]
    );
    let finding = judged(imei, std::slice::from_ref(&vague));
    let finding = one(&finding, "imprecise-disclosure");
    assert_eq!(finding.quote.as_ref().unwrap().text, "设备信息");
    let sensor = reading(vec![access("sensor", "Lx/Y;->z()V")]);
    assert_eq!(told(sensor, &[vague]), [""; 0]);
}

#[test]
fn an_entry_without_any_data_is_told_once_beside_its_sensitive_reads() {
    let mut silent = naming(&[]);
    silent.sdks[0].missing = vec![EntryField::DataTypes];
    let app = reading(vec![
        access("imei", GET_IMEI),
        access("sensor", "Lx/Y;->z()V"),
    ]);
    assert_eq!(
        told(app, &[silent]),
        [
            "undisclosed-data-type imei error",
            "incomplete-disclosure - warning"
        ]
    );
}

#[test]
fn what_an_undisclosed_sdk_reads_stands_in_its_one_finding() {
    let app = reading(vec![access("imei", GET_IMEI)]);
    let app = judged(app, &[list(vec![named("七鱼", "qiyu")])]);
    let finding = one(&app, "undisclosed-sdk");
    assert!(finding.message.contains("its code reads imei"));
    assert!(finding.evidence.iter().any(|e| e.value == GET_IMEI));
    assert!(
        app.findings
            .iter()
            .all(|f| f.rule != "undisclosed-data-type")
    );
}

#[test]
fn what_a_base_module_reads_stands_in_the_finding_of_its_product() {
    let mut app = app(&["jpush", "jiguang-jcore"]);
    app.access_analysis = Accesses::Reach;
    app.sdks[1].bundled_by = vec!["jpush".into()];
    app.sdks[1].accesses = vec![access("imei", GET_IMEI)];
    let app = judged(app, &[list(vec![named("七鱼", "qiyu")])]);
    let finding = one(&app, "undisclosed-sdk");
    assert_eq!(finding.sdk.as_deref(), Some("jpush"));
    assert!(
        finding
            .message
            .contains("the code of the module reads imei")
    );
    assert!(finding.evidence.iter().any(|e| e.value == GET_IMEI));
}

#[test]
fn an_sdk_documented_without_data_counts_once_its_code_reads_some() {
    let undisclosed = |accesses| {
        let mut app = reading(accesses);
        app.sdks[0].documented_data_types = Some(vec![]);
        let app = judged(app, &[list(vec![named("七鱼", "qiyu")])]);
        app.findings.iter().any(|f| f.rule == "undisclosed-sdk")
    };
    assert!(!undisclosed(vec![access("device-model", GET_MODEL)]));
    assert!(undisclosed(vec![access("imei", GET_IMEI)]));
}

#[test]
fn own_code_is_compared_with_what_is_declared_for_the_app() {
    let imei = || own_code(vec![access("imei", GET_IMEI)]);
    let app = judged(imei(), &[declaring(&["location"])]);
    let finding = one(&app, "undisclosed-data-type");
    assert_eq!((finding.level, &finding.sdk), (Level::Error, &None));
    assert_eq!(told(imei(), &[declaring(&["imei"])]), [""; 0]);
    // A list of SDKs declares nothing for the app.
    assert_eq!(told(imei(), &[declaring(&[])]), [""; 0]);
    assert_eq!(
        told(imei(), &[declaring(&["device-info"])]),
        ["imprecise-disclosure imei warning"]
    );
    let mut for_an_sdk = naming(&["imei"]);
    for_an_sdk.first_party = declaring(&["location"]).first_party;
    assert_eq!(
        told(imei(), &[for_an_sdk]),
        [
            "undisclosed-data-type imei warning",
            "disclosed-sdk-not-found - note"
        ]
    );
}

#[test]
fn a_plain_denial_is_at_odds_with_a_read_a_conditional_one_is_not() {
    let app = || own_code(vec![access("precise-location", GET_LATITUDE)]);
    let deny = |scope: &str, types: &[&str]| {
        told(app(), &[denying(scope, types, declaring(&["imei"]))])
            .into_iter()
            .filter(|f| f.starts_with("denied"))
            .collect::<Vec<_>>()
    };
    let fires = ["denied-but-accessed precise-location error"];
    assert_eq!(deny("absolute", &["location"]), fires);
    for (scope, types) in [
        ("absolute", "contacts"),
        // “Personal information” as a whole is not taken at the word.
        ("absolute", "personal-information"),
        ("conditional", "location"),
        ("limited", "location"),
        ("boilerplate", "location"),
        ("sdk", "location"),
    ] {
        assert_eq!(deny(scope, &[types]), [""; 0], "{scope} {types}");
    }
    let both = denying("absolute", &["location"], declaring(&["precise-location"]));
    assert_eq!(
        told(app(), &[both]),
        ["denied-but-accessed precise-location note"]
    );
}

#[test]
fn a_denial_inside_an_entry_speaks_of_that_sdk_alone() {
    let deny_inside = |inside: &str| {
        let mut records = vec![named("极光推送", "jpush"), named("七鱼", "qiyu")];
        for (at, record) in records.iter_mut().enumerate() {
            record.quote.start = 100 * at;
            record.quote.end = 100 * at + 50;
        }
        let start = records
            .iter()
            .find(|r| r.id.as_deref() == Some(inside))
            .map_or(900, |r| r.quote.start + 10);
        let mut policy = denying("sdk", &["imei"], list(records));
        policy.denials[0].start = start;
        let mut app = app(&["jpush", "qiyu"]);
        app.sdks[0].accesses = vec![access("imei", GET_IMEI)];
        told(app, &[policy])
            .iter()
            .any(|f| f == "denied-but-accessed imei error")
    };
    assert!(deny_inside("jpush"));
    assert!(deny_inside("none of them"));
    assert!(!deny_inside("qiyu"));
}

#[test]
fn reads_at_the_start_are_one_finding_for_an_owner_with_the_way() {
    let early = || at_start(access("imei", GET_IMEI));
    let mut app = reading(vec![
        early(),
        at_start(access("android-id", "android_id")),
        access("mac", "Lx/Y;->mac()V"),
    ]);
    app.app_accesses = vec![at_start(access("device-model", GET_MODEL))];
    let app = judged(app, &[]);
    let finding = one(&app, "access-before-consent");
    assert_eq!(finding.level, Level::Warning);
    assert!(finding.message.contains("can run at the app's start"));
    assert!(finding.message.contains("android-id") && !finding.message.contains("mac ("));
    let way = "Lcom/x/App;->onCreate()V > Lcom/x/Y;->run()V";
    assert!(finding.evidence.iter().any(|e| e.value == way));
    let own = judged(own_code(vec![early()]), &[]);
    assert_eq!(one(&own, "access-before-consent").sdk, None);
    let handed_in = Access {
        role: SourceRole::Getter,
        ..at_start(access("precise-location", GET_LATITUDE))
    };
    let handed_in = judged(reading(vec![handed_in]), &[]);
    assert!(handed_in.findings.is_empty());
    let later = judged(reading(vec![access("imei", GET_IMEI)]), &[]);
    assert!(
        later
            .findings
            .iter()
            .all(|f| f.rule != "access-before-consent")
    );
}

#[test]
fn an_early_start_despite_a_switch_is_told_a_used_switch_lowers_it() {
    let start = |called: &[&str]| {
        let mut app = reading(vec![]);
        app.sdks[0].early_starts = vec![EarlyStart {
            api: "Lcn/jpush/android/api/JPushInterface;->init(Landroid/content/Context;)V".into(),
            call_site: access("", "").call_sites.remove(0),
            path: vec!["Lcom/x/App;->onCreate()V".into()],
            switches_called: called.iter().map(|c| (*c).to_owned()).collect(),
            source: "https://docs.example.com".into(),
            note: "call setAuth(true) after the user agrees".into(),
        }];
        let app = judged(app, &[]);
        let finding = one(&app, "access-before-consent");
        assert!(finding.message.contains("JPushInterface.init"));
        assert!(finding.message.contains("https://docs.example.com"));
        finding.level
    };
    assert_eq!(start(&[]), Level::Warning);
    assert_eq!(start(&["Lcn/x/J;->setAuth(Z)V"]), Level::Note);
}

#[test]
fn hardware_identifiers_are_a_note_resettable_ones_nothing() {
    let noted = |data_type: &str| {
        let app = judged(reading(vec![access(data_type, "Lx/Y;->z()V")]), &[]);
        app.findings
            .iter()
            .map(|f| format!("{} {}", f.rule, f.level.name()))
            .collect::<Vec<_>>()
    };
    assert_eq!(noted("imsi"), ["hardware-id-where-resettable-exists note"]);
    assert_eq!(noted("oaid"), [""; 0]);
}

#[test]
fn nameless_code_is_a_warning_once_it_reads_sensitive_data() {
    let level = |accesses: Vec<Access>| {
        let mut app = app(&[]);
        app.access_analysis = Accesses::Reach;
        app.unidentified = vec![Unidentified {
            prefix: "com.foo".into(),
            classes: 60,
            accesses,
            ..Unidentified::default()
        }];
        let app = judged(app, &[]);
        one(&app, "unidentified-third-party-code").level
    };
    assert_eq!(level(vec![access("imei", GET_IMEI)]), Level::Warning);
    assert_eq!(level(vec![access("device-model", GET_MODEL)]), Level::Note);
    let dead = callable(access("imei", GET_IMEI), Reachability::Unreached);
    assert_eq!(level(vec![dead]), Level::Note);
}

#[test]
fn a_permission_that_a_call_needs_must_stand_in_the_entry() {
    let guarded = |reachability| {
        let mut app = requesting(
            reading(vec![callable(
                Access {
                    permissions: vec![PHONE.into()],
                    ..access("imei", GET_IMEI)
                },
                reachability,
            )]),
            &[PHONE],
        );
        app.sdks[0].permissions.clear();
        let app = judged(app, &[naming(&["oaid"])]);
        app.findings
            .into_iter()
            .find(|f| f.rule == "permission-not-disclosed-for-sdk")
    };
    let finding = guarded(Reachability::EntryPoint).unwrap();
    assert!(finding.message.contains("calls an API guarded by"));
    assert_eq!(finding.evidence[1].value, GET_IMEI);
    let unsure = guarded(Reachability::Unknown).unwrap();
    assert_eq!(unsure.level, Level::Note);
    assert!(guarded(Reachability::Unreached).is_none());
}

#[test]
fn the_matrix_has_what_is_observed_documented_and_disclosed() {
    let mut app = reading(vec![
        at_start(access("imei", GET_IMEI)),
        callable(access("mac", "Lx/Y;->mac()V"), Reachability::Unreached),
        Access {
            role: SourceRole::Conditional,
            ..access("app-list", "Lx/Y;->pm()V")
        },
    ]);
    app.sdks[0].documented_data_types = Some(vec!["imei".into(), "contacts".into(), "idfa".into()]);
    app.app_accesses = vec![access("imei", GET_IMEI)];
    let mut policy = naming(&["imei", "oaid", "network-info"]);
    policy.first_party = declaring(&["device-info"]).first_party;
    let judged = judged(app, &[policy]);
    let row = |row: &DataRow| {
        let marks = [
            (row.observed, "observed"),
            (row.hinted, "hinted"),
            (row.documented, "documented"),
            (row.before_consent, "early"),
        ];
        let marks: Vec<&str> = marks.iter().filter(|m| m.0).map(|m| m.1).collect();
        (row.data_type.clone(), marks.join(" "), row.disclosed)
    };
    use TypeCoverage::{Exact, None as No, SiblingOnly, Vague};
    let rows: Vec<_> = judged.sdks[0].data.iter().map(row).collect();
    let expected = [
        ("app-list", "hinted", No),
        ("contacts", "documented", No),
        ("imei", "observed documented early", Exact),
        ("mac", "observed", SiblingOnly),
        ("oaid", "", Exact),
    ];
    let expected = expected.map(|(id, marks, told)| (id.to_owned(), marks.to_owned(), Some(told)));
    assert_eq!(rows, expected);
    assert_eq!(
        judged.sdks[0].data[3].reachability,
        Some(Reachability::Unreached)
    );
    let own: Vec<_> = judged.app_data.iter().map(row).collect();
    assert_eq!(
        own,
        [("imei".to_owned(), "observed".to_owned(), Some(Vague))]
    );
}
