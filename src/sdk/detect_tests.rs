//! The detector on apps made by hand.

use super::super::model::State;
use super::super::schema::Confidence;
use super::super::testing::{app, base, classes, declare, library};
use super::*;
use crate::app::Asset;
use crate::app::manifest::{ComponentKind, MetaData};
use crate::app::native::NativeFile;

const PUSH: &str = r#"
id = "push"
category = "push"
bundles = ["core"]
hosts = ["push.example"]
assets = ["push.cfg"]
[code]
prefixes = ["cn.push"]
shared_prefixes = ["cn.family.base"]
classes = ["cn.family.base.PushMarker"]
version_fields = ["cn.push.Build.VERSION"]
[manifest]
services = ["com.renamed.PushService"]
[native]
libraries = ["libpush.so"]
"#;
const STATS: &str = r#"
id = "stats"
category = "analytics"
[code]
prefixes = ["cn.stats"]
shared_prefixes = ["cn.family.base"]
"#;
const CORE: &str = "id = 'core'\ncategory = 'base'\n[code]\nprefixes = ['cn.core']";
const PACKER: &str = "id = 'shell'\ncategory = 'packer'\nkind = 'packer'\n[code]\nprefixes = ['com.shell']\n[native]\nlibraries = ['libshell.so']";

fn detect(app: &App<'_>) -> Detection {
    Detector::new(&base(&[PUSH, STATS, CORE, PACKER])).detect(app)
}

fn states(detection: &Detection) -> Vec<(&str, State, Confidence)> {
    let sdks = detection.sdks.iter();
    sdks.map(|s| (s.id.as_str(), s.state, s.confidence))
        .collect()
}

#[test]
fn a_prefix_that_siblings_share_proves_neither() {
    let detection = detect(&app("com.x.y", &["cn.family.base.A", "com.x.y.A"]));
    assert_eq!(states(&detection), []);
    assert_eq!((detection.classes.sdk, detection.classes.app), (1, 1));
}

#[test]
fn a_marker_class_proves_its_product_even_below_a_shared_prefix() {
    let detection = detect(&app("com.x.y", &["cn.family.base.PushMarker"]));
    let expected = [("push", State::Present, Confidence::High)];
    assert_eq!(states(&detection), expected);
}

#[test]
fn classes_count_once_per_unit_and_prefix() {
    let mut app = app("com.x.y", &["cn.push.A", "cn.push.B", "cn.pushy.A"]);
    app.code.push(classes("classes2.dex", &["cn.push.C"]));
    let detection = detect(&app);
    let expected = [("push", State::Present, Confidence::Medium)];
    assert_eq!(states(&detection), expected);
    let counts = detection.sdks[0].evidence.iter();
    let counts: Vec<_> = counts.map(|e| (e.place.as_str(), e.count)).collect();
    assert_eq!(counts, [("classes.dex", 2), ("classes2.dex", 1)]);
    assert_eq!(detection.unidentified[0].prefix, "cn.pushy");
}

#[test]
fn resource_classes_alone_are_no_code() {
    let detection = detect(&app("com.x.y", &["cn.push.R", "cn.push.R$id"]));
    assert_eq!(states(&detection), []);
}

#[test]
fn a_component_without_its_class_is_only_declared() {
    let mut app = app("com.x.y", &["com.x.y.A"]);
    declare(&mut app, ComponentKind::Service, "com.renamed.PushService");
    let expected = [("push", State::Declared, Confidence::Medium)];
    assert_eq!(states(&detect(&app)), expected);
}

#[test]
fn an_asset_alone_is_only_declared() {
    let mut app = app("com.x.y", &["com.x.y.A"]);
    app.assets.push(Asset {
        path: "push.cfg".to_owned(),
        place: "assets/push.cfg".to_owned(),
    });
    let expected = [("push", State::Declared, Confidence::Low)];
    assert_eq!(states(&detect(&app)), expected);
}

#[test]
fn providers_run_at_start_unless_they_only_serve_files() {
    for (parent, state) in [
        ("android.content.ContentProvider", State::AutoInitialised),
        ("cn.push.AnyFileProvider", State::AutoInitialised),
        ("androidx.core.content.FileProvider", State::Present),
    ] {
        let mut app = app("com.x.y", &[&format!("cn.push.P < {parent}")]);
        declare(&mut app, ComponentKind::Provider, "cn.push.P");
        assert_eq!(detect(&app).sdks[0].state, state, "{parent}");
    }
}

#[test]
fn a_disabled_provider_does_not_run_at_start() {
    let mut app = app("com.x.y", &["cn.push.P"]);
    declare(&mut app, ComponentKind::Provider, "cn.push.P");
    app.manifest.as_mut().unwrap().components[0].enabled = Some(false);
    assert_eq!(detect(&app).sdks[0].state, State::Present);
}

#[test]
fn start_up_initialisers_run_at_start() {
    let mut app = app("com.x.y", &["cn.push.Init"]);
    let provider = "androidx.startup.InitializationProvider";
    declare(&mut app, ComponentKind::Provider, provider);
    app.manifest.as_mut().unwrap().components[0]
        .meta_data
        .push(MetaData {
            name: "cn.push.Init".to_owned(),
            value: Some("androidx.startup".to_owned()),
            resource: None,
        });
    assert_eq!(detect(&app).sdks[0].state, State::AutoInitialised);
}

#[test]
fn jni_exports_prove_the_owner_of_their_class() {
    let mut app = app("com.x.y", &["com.x.y.A"]);
    let export = "Java_cn_push_Native_start";
    app.native.push(library("libq.so", true, &[export]));
    let detection = detect(&app);
    let expected = [("push", State::Present, Confidence::Medium)];
    assert_eq!(states(&detection), expected);
    let evidence = &detection.sdks[0].evidence[0];
    assert_eq!(evidence.kind, EvidenceKind::NativeSymbol);
    assert_eq!(evidence.value, "Java_cn_push_");
}

#[test]
fn a_url_in_a_native_library_supports_its_owner_and_names_nobody() {
    let mut app = app("com.x.y", &["com.x.y.A"]);
    app.native.push(NativeFile {
        urls: vec!["https://api.push.example/v1".to_owned()],
        ..library("libq.so", true, &[])
    });
    assert!(detect(&app).sdks.is_empty());
    app.native.push(library("libpush.so", true, &[]));
    let evidence = &detect(&app).sdks[0].evidence;
    assert!(
        evidence
            .iter()
            .any(|e| e.kind == EvidenceKind::Host && e.value == "api.push.example")
    );
}

#[test]
fn a_library_counts_as_present_only_when_it_is_one() {
    for (is_elf, state, confidence) in [
        (true, State::Present, Confidence::Medium),
        (false, State::Declared, Confidence::Low),
    ] {
        let mut app = app("com.x.y", &["com.x.y.A"]);
        app.native.push(library("libpush.so", is_elf, &[]));
        assert_eq!(states(&detect(&app)), [("push", state, confidence)]);
    }
}

#[test]
fn a_file_with_a_packers_name_makes_the_analysis_partial_without_overclaiming() {
    for (is_elf, start) in [
        (true, "packed by shell"),
        (false, "a file named like shell"),
    ] {
        let mut app = app("com.x.y", &["com.x.y.A"]);
        app.native.push(library("libshell.so", is_elf, &[]));
        let limits = detect(&app).limits;
        assert_eq!(limits[0].code, "packed-code");
        assert!(
            limits[0].message.starts_with(start),
            "{}",
            limits[0].message
        );
    }
}

#[test]
fn an_sdk_says_which_others_contain_it() {
    let detection = detect(&app("com.x.y", &["cn.core.A", "cn.push.A"]));
    let bundled = |id: &str| {
        let found = detection.sdks.iter().find(|sdk| sdk.id == id);
        found.map(|sdk| sdk.bundled_by.clone())
    };
    assert_eq!(bundled("core"), Some(vec!["push".to_owned()]));
    assert_eq!(bundled("push"), Some(vec![]));
}

#[test]
fn hosts_belong_to_the_code_that_names_them_and_prove_nothing() {
    let mut app = app("com.x.y", &["com.x.y.A"]);
    if let CodeBody::ClassFiles(files) = &mut app.code[0].body {
        files[0].strings.push("http://a.push.example/v1".to_owned());
    }
    let detection = detect(&app);
    assert_eq!(states(&detection), []);
    assert_eq!(detection.app_hosts[0].host, "a.push.example");
    assert!(detection.app_hosts[0].cleartext);
}

#[test]
fn versions_come_from_the_field_that_holds_them() {
    let mut app = app("com.x.y", &["cn.push.Build"]);
    if let CodeBody::ClassFiles(files) = &mut app.code[0].body {
        let field = ("VERSION".to_owned(), "3.2.1".to_owned());
        files[0].static_strings.push(field);
    }
    assert_eq!(detect(&app).sdks[0].version.as_deref(), Some("3.2.1"));
}

#[test]
fn a_component_cannot_make_third_party_code_the_apps_own() {
    let mut app = app("com.x.y", &["com.X", "com.evil.tracker.A"]);
    declare(&mut app, ComponentKind::Activity, "com.X");
    declare(&mut app, ComponentKind::Receiver, "com.evil.tracker.Gone");
    let detection = detect(&app);
    assert_eq!(
        (detection.classes.app, detection.classes.unidentified),
        (0, 2)
    );
}
