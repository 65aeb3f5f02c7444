//! What a scan of each sample says, in full. `samples/README.md` tells in words
//! what each must say; the golden files were compared with it.

mod common;

use common::{assert_golden, sdkaudit};

/// Scans one sample and compares the JSON report, without the hash of the
/// signatures: it changes with every signature.
fn check(name: &str, package: &str, policy: Option<&str>, exit: i32) {
    let package = format!("samples/{package}");
    let policy = policy.map(|policy| format!("samples/{policy}"));
    let mut arguments = vec!["scan", package.as_str(), "--format", "json"];
    if let Some(policy) = &policy {
        arguments.extend(["--policy", policy]);
    }
    let run = sdkaudit(&arguments);
    let mut report = run.json();
    report["tool"] = serde_json::json!("as built");
    let text = serde_json::to_string_pretty(&report).expect("JSON") + "\n";
    assert_golden(&format!("samples/expected/{name}.json"), &text);
    assert_eq!(run.code, exit, "{name}: {}", run.stderr);
}

#[test]
fn shop_mixes_disclosed_family_only_undisclosed_and_absent() {
    check("shop.zh", "shop.apk", Some("shop.policy.zh.html"), 1);
}

#[test]
fn shop_in_english_says_the_same() {
    check("shop.en", "shop.apk", Some("shop.policy.en.md"), 1);
}

#[test]
fn shop_without_a_policy_has_no_disclosure_finding() {
    check("shop", "shop.apk", None, 0);
}

#[test]
fn clean_is_clean() {
    check("clean", "clean.apk", Some("clean.policy.zh.md"), 0);
}

#[test]
fn a_bundle_is_read_like_the_apk_built_from_it() {
    check("bundle", "bundle.aab", Some("clean.policy.zh.md"), 0);
}

#[test]
fn states_shows_every_state_of_an_access() {
    check("states.zh", "states.apk", Some("states.policy.zh.html"), 1);
}

#[test]
fn states_in_english_says_the_same() {
    check("states.en", "states.apk", Some("states.policy.en.md"), 1);
}

#[test]
fn quiet_gives_no_finding() {
    check("quiet", "quiet.apk", Some("quiet.policy.zh.md"), 0);
}

#[test]
fn a_packed_app_is_never_clean() {
    check("packed", "packed.apk", Some("packed.policy.zh.txt"), 3);
}

#[test]
fn a_folder_of_splits_is_one_app() {
    check("split", "split", Some("split.policy.en.txt"), 0);
}

#[test]
fn a_container_of_splits_is_one_app() {
    check("split.apks", "split.apks", Some("split.policy.en.txt"), 0);
}

#[test]
fn code_in_an_asset_is_found_by_its_magic() {
    check("nested", "nested.apk", Some("nested.policy.zh.txt"), 1);
}

#[test]
fn a_library_archive_is_identified() {
    check("lib", "lib.aar", None, 0);
}

#[test]
fn the_human_report_reads_well() {
    let run = sdkaudit(&[
        "scan",
        "samples/shop.apk",
        "--policy",
        "samples/shop.policy.zh.html",
    ]);
    assert_golden("samples/expected/shop.zh.txt", &run.stdout);
}
