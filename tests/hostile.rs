//! Damaged and misleading packages: read as Android reads them, told as what
//! they are, never clean.

mod common;

use common::sdkaudit;
use serde_json::Value;

fn scan(package: &str) -> (i32, Value) {
    let path = format!("samples/hostile/{package}.apk");
    let run = sdkaudit(&[
        "scan",
        &path,
        "--format",
        "json",
        "--policy",
        "samples/shop.policy.zh.html",
    ]);
    assert!(!run.stderr.contains("panicked"), "{}", run.stderr);
    (run.code, run.json()["apps"][0].clone())
}

fn codes(app: &Value, list: &str) -> Vec<String> {
    let items = app[list].as_array().cloned().unwrap_or_default();
    items
        .iter()
        .filter_map(|item| item["code"].as_str().map(str::to_owned))
        .collect()
}

fn sdks(app: &Value) -> Vec<&str> {
    app["sdks"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|sdk| sdk["id"].as_str())
        .collect()
}

/// Everything is found as in the undamaged app, and the damage is told.
#[track_caller]
fn reads_like_the_original(package: &str, anomaly: &str) {
    let (code, app) = scan(package);
    assert_eq!(code, 1, "{package}");
    for id in ["getui", "jpush", "umeng-analytics"] {
        assert!(sdks(&app).contains(&id), "{package}: {id} is missing");
    }
    assert_eq!(app["package"], "com.example.shop", "{package}");
    let told = codes(&app, "anomalies");
    assert!(
        told.iter().any(|code| code.starts_with(anomaly)),
        "{package}: {told:?}"
    );
}

#[test]
fn an_encryption_flag_on_plain_entries() {
    reads_like_the_original("encryption-flag", "zip-encryption-flag");
}

#[test]
fn a_second_classes_dex() {
    reads_like_the_original("duplicate-dex", "zip-duplicate-entry");
}

#[test]
fn a_wrong_checksum() {
    reads_like_the_original("wrong-crc", "zip-crc-mismatch");
}

#[test]
fn junk_in_front_of_the_archive() {
    reads_like_the_original("prepended-junk", "zip-");
}

#[test]
fn an_unknown_compression_method() {
    reads_like_the_original("unknown-method", "zip-unknown-method");
}

#[test]
fn an_end_record_inside_the_comment() {
    reads_like_the_original("fake-end-record", "zip-eocd");
}

#[test]
fn what_was_cut_off_is_never_complete() {
    for package in ["truncated", "truncated-code", "half-manifest"] {
        let (code, app) = scan(package);
        assert_ne!(code, 0, "{package}");
        assert_ne!(
            app["analysis"],
            "complete",
            "{package}: {:?}",
            codes(&app, "limits")
        );
    }
}

#[test]
fn counts_that_lie_are_bounded_by_the_bytes_present() {
    for package in ["manifest-string-count", "dex-string-count"] {
        let (code, app) = scan(package);
        assert_ne!(code, 0, "{package}");
        assert!(
            !codes(&app, "anomalies").is_empty() || !codes(&app, "limits").is_empty(),
            "{package}"
        );
    }
}
