//! What the two access samples must say (`samples/README.md`): who reads what,
//! where, whether it can run, and whether before the user agrees.

mod common;

use common::sdkaudit;
use serde_json::Value;

/// Owner (`-` is the app, `?` nobody), class and method, data type,
/// reachability, before consent.
type Row = (&'static str, &'static str, &'static str, &'static str, bool);

const STATES: [Row; 26] = [
    (
        "bugly",
        "info/DeviceInfo;->androidId",
        "android-id",
        "entry-point",
        true,
    ),
    (
        "bugly",
        "info/DeviceInfo;->imei",
        "imei",
        "entry-point",
        true,
    ),
    (
        "mob-commons",
        "DeviceHelper;->macAddress",
        "mac",
        "entry-point",
        true,
    ),
    (
        "meizu-push",
        "PushManager;->register",
        "ssid",
        "entry-point",
        false,
    ),
    ("shumei", "SimCard;->imsi", "imsi", "unreached", false),
    (
        "talkingdata",
        "TDInstalledApps;->count",
        "app-list",
        "sdk-api-only",
        false,
    ),
    (
        "tongdun",
        "HiddenCalls;->imei",
        "imei",
        "entry-point",
        false,
    ),
    (
        "tongdun",
        "HiddenCalls;->imsi",
        "imsi",
        "entry-point",
        false,
    ),
    (
        "sensorsdata",
        "SettingsReader;->read",
        "android-id",
        "entry-point",
        false,
    ),
    (
        "sensorsdata",
        "SettingsReader;->readAgain",
        "android-id",
        "entry-point",
        false,
    ),
    (
        "geetest",
        "OtherUtils;->deviceId",
        "android-id",
        "entry-point",
        false,
    ),
    ("pangle", "SimReader;->run", "iccid", "entry-point", false),
    ("pangle", "TTAdSdk$1;->run", "carrier", "entry-point", false),
    (
        "pangle",
        "ProcessTask;->doInBackground",
        "running-process",
        "entry-point",
        false,
    ),
    (
        "pangle",
        "TTAdSdk;->accessPoint",
        "bssid",
        "entry-point",
        false,
    ),
    (
        "mob-smssdk",
        "InboxReader;->newest",
        "sms",
        "entry-point",
        false,
    ),
    (
        "xiaomi-push",
        "HardwareFacts;->serial",
        "serial",
        "entry-point",
        false,
    ),
    (
        "xiaomi-push",
        "HardwareFacts;->serialProperty",
        "serial",
        "entry-point",
        false,
    ),
    (
        "xiaomi-push",
        "HardwareFacts;->address",
        "mac",
        "entry-point",
        false,
    ),
    (
        "amap",
        "AMap;->setMyLocationEnabled",
        "precise-location",
        "entry-point",
        false,
    ),
    (
        "amap",
        "PositionListener;->onLocationChanged",
        "precise-location",
        "entry-point",
        false,
    ),
    (
        "baidu-mobstat",
        "StatService$1;->run",
        "network-state",
        "entry-point",
        false,
    ),
    (
        "-",
        "MainActivity;->pickAvatar",
        "photos",
        "entry-point",
        false,
    ),
    (
        "-",
        "MainActivity;->pickAvatar",
        "media-content",
        "entry-point",
        false,
    ),
    (
        "?",
        "ConnectivityManagerCompat;->isConnected",
        "network-state",
        "sdk-api-only",
        false,
    ),
    ("iflytek", "MSC;->", "serial", "unknown", false),
];

fn app(sample: &str, policy: &str) -> (Value, i32) {
    let (sample, policy) = (format!("samples/{sample}"), format!("samples/{policy}"));
    let run = sdkaudit(&["scan", &sample, "--policy", &policy, "--format", "json"]);
    let report = run.json();
    (report["apps"][0].clone(), run.code)
}

/// The accesses of an owner.
fn accesses<'a>(app: &'a Value, owner: &str) -> Vec<&'a Value> {
    let list = match owner {
        "-" => &app["app_accesses"],
        "?" => &app["platform_accesses"],
        id => {
            let mut sdks = app["sdks"].as_array().expect("sdks").iter();
            let found = sdks.find(|sdk| sdk["id"] == id);
            &found.unwrap_or_else(|| panic!("{id} was not found"))["accesses"]
        }
    };
    list.as_array().expect("a list").iter().collect()
}

fn has_site(access: &Value, place: &str) -> bool {
    let sites = access["call_sites"].as_array().expect("sites");
    sites.iter().any(|site| {
        let text = |key: &str| site[key].as_str().expect("text").to_owned();
        let method = text("method");
        let name = method.split('(').next().unwrap_or_default();
        format!("{}->{name}", text("class")).ends_with(place)
            || (place.ends_with("->") && text("class").ends_with(place.trim_end_matches("->")))
    })
}

#[test]
fn every_state_of_the_states_sample_is_told() {
    let (app, code) = app("states.apk", "states.policy.zh.html");
    for (owner, place, data_type, reachability, before) in STATES {
        let of_owner = accesses(&app, owner);
        let found: Vec<_> = of_owner
            .iter()
            .filter(|access| access["data_type"] == data_type && has_site(access, place))
            .collect();
        assert!(!found.is_empty(), "{owner} {place}: no {data_type}");
        let is_it = |access: &&&Value| {
            access["reachability"] == reachability && access["before_consent"] == before
        };
        assert!(found.iter().any(is_it), "{owner} {place}: {found:#?}");
    }
    assert_eq!(code, 1);
}

#[test]
fn shared_code_is_answered_for_by_its_only_caller() {
    let (app, _) = app("states.apk", "states.policy.zh.html");
    let found = accesses(&app, "geetest");
    let site = &found[0]["call_sites"][0];
    let chain = site["chain"].as_array().expect("a chain");
    assert!(
        chain[0]
            .as_str()
            .expect("text")
            .contains("GT3GeetestUtils;->startCustomFlow")
    );
    let others = app["sdks"].as_array().expect("sdks").iter();
    let owners = others.filter(|sdk| {
        let list = sdk["accesses"].as_array().expect("a list");
        list.iter()
            .any(|access| has_site(access, "OtherUtils;->deviceId"))
    });
    assert_eq!(owners.count(), 1);
}

#[test]
fn the_states_sample_gives_the_findings_that_it_was_made_for() {
    let (app, _) = app("states.apk", "states.policy.zh.html");
    let has = |rule: &str, level: &str, sdk: &str, data_type: Option<&str>| {
        let findings = app["findings"].as_array().expect("findings").iter();
        findings
            .filter(|f| f["rule"] == rule && f["level"] == level && f["sdk"] == sdk)
            .any(|f| data_type.is_none_or(|data_type| f["data_type"] == data_type))
    };
    assert!(has("undisclosed-data-type", "error", "bugly", Some("imei")));
    assert!(has("access-before-consent", "warning", "bugly", None));
    assert!(has("access-before-consent", "warning", "mob-commons", None));
    assert!(has(
        "imprecise-disclosure",
        "warning",
        "tongdun",
        Some("imei")
    ));
    assert!(has(
        "imprecise-disclosure",
        "warning",
        "tongdun",
        Some("imsi")
    ));
    assert!(has(
        "denied-but-accessed",
        "error",
        "mob-smssdk",
        Some("sms")
    ));
    let rules = |rule: &str| -> Vec<&Value> {
        let findings = app["findings"].as_array().expect("findings").iter();
        findings.filter(|f| f["rule"] == rule).collect()
    };
    assert_eq!(rules("access-before-consent").len(), 2);
    let unused = rules("unused-permission");
    assert_eq!(unused.len(), 1, "{unused:#?}");
    assert_eq!(unused[0]["permission"], "android.permission.CAMERA");
    for rule in ["undisclosed-data-type", "denied-but-accessed"] {
        for finding in rules(rule) {
            let sdk = &finding["sdk"];
            assert!(sdk != "shumei" && sdk != "talkingdata", "{finding:#?}");
        }
    }
}

#[test]
fn what_only_looks_like_access_gives_no_finding() {
    let (app, code) = app("quiet.apk", "quiet.policy.zh.md");
    assert_eq!(
        app["findings"].as_array().expect("findings").len(),
        0,
        "{:#?}",
        app["findings"]
    );
    assert_eq!(code, 0);
    let owners = ["growingio", "baidu-speech", "-", "?"];
    let all = owners.iter().flat_map(|owner| accesses(&app, owner));
    let proved: Vec<_> = all.filter(|access| access["candidate"] == false).collect();
    for data_type in ["imei", "imsi", "precise-location", "app-list"] {
        assert!(
            !proved.iter().any(|access| access["data_type"] == data_type),
            "{data_type}"
        );
    }
    assert!(
        proved
            .iter()
            .any(|access| access["data_type"] == "android-id")
    );
}
