use super::read::{protection_level, version_code};
use super::*;
use crate::formats::Anomaly;
use crate::formats::limits::MAX_PACKAGE_NAME_BYTES;
use crate::formats::resources::Resources;
use crate::formats::text_xml;
use crate::formats::xml::{Element, Value};

fn manifest(body: &str) -> (Manifest, Vec<Anomaly>) {
    let text = format!(
        r#"<manifest xmlns:android="http://schemas.android.com/apk/res/android"
            package="com.example" {body}</manifest>"#
    );
    let (root, _) = text_xml::parse(text.as_bytes()).unwrap();
    Manifest::from_element(&root, None)
}

/// `0x7f010000` is "text", `0x7f010001` is 30, anything else is unknown.
struct TwoResources;

impl Resources for TwoResources {
    fn value(&self, id: u32) -> Option<Value> {
        match id {
            0x7f01_0000 => Some(Value::String("text".to_owned())),
            0x7f01_0001 => Some(Value::Integer(30)),
            _ => None,
        }
    }
}

fn attribute(name: &str, value: Value) -> crate::formats::xml::Attribute {
    crate::formats::xml::Attribute {
        namespace: crate::formats::xml::ANDROID_NAMESPACE.to_owned(),
        name: name.to_owned(),
        resource_id: None,
        value,
    }
}

#[test]
fn class_names_are_completed_with_the_package() {
    let (manifest, anomalies) = manifest(
        r#"><application android:name="App">
            <activity android:name=".Main"/>
            <activity-alias android:name="Alias" android:targetActivity=".Main"/>
            <service android:name="cn.jpush.android.service.PushService" android:process=":push"/>
        </application>"#,
    );
    assert_eq!(anomalies, []);
    assert_eq!(
        manifest.application_class.as_deref(),
        Some("com.example.App")
    );
    let names: Vec<&str> = manifest
        .components
        .iter()
        .map(|c| c.name.as_str())
        .collect();
    assert_eq!(
        names,
        [
            "com.example.Main",
            "com.example.Alias",
            "cn.jpush.android.service.PushService"
        ]
    );
    let alias = &manifest.components[1];
    assert_eq!(alias.target_activity.as_deref(), Some("com.example.Main"));
    let service = &manifest.components[2];
    assert_eq!(service.process.as_deref(), Some("com.example:push"));
}

#[test]
fn the_widest_request_of_a_permission_counts() {
    let (manifest, _) = manifest(
        r#"><uses-permission android:name="A" android:maxSdkVersion="18"/>
            <uses-permission-sdk-23 android:name="B"/>
            <uses-permission android:name="A" android:maxSdkVersion="28"/>
            <uses-permission android:name="B"/>
            <uses-permission android:name="C" android:maxSdkVersion="18"/>
            <uses-permission android:name="C"/>"#,
    );
    let permissions: Vec<_> = manifest
        .permissions
        .iter()
        .map(|p| (p.name.as_str(), p.max_sdk, p.min_sdk_23))
        .collect();
    assert_eq!(
        permissions,
        [
            ("A", Some(28), false),
            ("B", None, false),
            ("C", None, false)
        ]
    );
}

#[test]
fn a_permission_inside_the_application_does_not_count() {
    let (manifest, anomalies) =
        manifest(r#"><application><uses-permission android:name="A"/></application>"#);
    assert_eq!(manifest.permissions, []);
    assert_eq!(anomalies[0].code, "manifest-misplaced-element");
}

#[test]
fn a_second_application_does_not_count() {
    let (manifest, anomalies) = manifest(
        r#"><application android:name="A"/>
            <application android:name="B"><service android:name=".S"/></application>"#,
    );
    assert_eq!(manifest.application_class.as_deref(), Some("com.example.A"));
    assert_eq!(manifest.components, []);
    assert_eq!(anomalies[0].code, "manifest-repeated-application");
}

#[test]
fn the_package_is_the_attribute_without_namespace() {
    let (manifest, _) = manifest(r#"android:package="decoy">"#);
    assert_eq!(manifest.package, "com.example");
}

#[test]
fn the_version_code_has_two_halves() {
    let (manifest, _) = manifest(r#"android:versionCode="7" android:versionCodeMajor="1">"#);
    assert_eq!(manifest.version_code, Some(0x1_0000_0007));
    assert_eq!(version_code(Some(-1), None), Some(0xffff_ffff));
    assert_eq!(version_code(None, None), None);
}

#[test]
fn the_last_declared_sdk_level_counts() {
    let (manifest, anomalies) = manifest(
        r#"><uses-sdk android:minSdkVersion="14"/>
            <uses-sdk android:minSdkVersion="21" android:targetSdkVersion="0x1e"/>"#,
    );
    assert_eq!(
        (manifest.min_sdk, manifest.target_sdk),
        (Some(21), Some(30))
    );
    assert_eq!(anomalies[0].code, "manifest-repeated-uses-sdk");
}

#[test]
fn the_label_of_the_launcher_stands_in_for_that_of_the_application() {
    let (manifest, _) = manifest(
        r#"><application><activity android:name=".Other" android:label="other"/>
            <activity android:name=".Main" android:label="Shown"><intent-filter>
                <action android:name="android.intent.action.MAIN"/>
                <category android:name="android.intent.category.LAUNCHER"/>
            </intent-filter></activity></application>"#,
    );
    assert_eq!(manifest.label.as_deref(), Some("Shown"));
    assert_eq!(
        manifest.launcher_classes().collect::<Vec<_>>(),
        ["com.example.Main"]
    );
}

#[test]
fn filters_data_queries_and_libraries_are_read() {
    let (manifest, _) = manifest(
        r#"><queries><package android:name="com.tencent.mm"/>
            <intent><action android:name="V"/><data android:scheme="weixin"/></intent>
            <provider android:authorities="a;b"/></queries>
            <uses-feature android:name="f" android:required="false"/>
            <application><uses-native-library android:name="libx.so"/>
            <receiver android:name=".R"><intent-filter android:priority="1000">
                <action android:name="cn.jpush.android.intent.REGISTRATION"/>
                <data android:scheme="http" android:host="h" android:pathPrefix="/p"/>
            </intent-filter><meta-data android:name="k" android:value="v"/></receiver>
            </application>"#,
    );
    assert_eq!(manifest.queries.packages, ["com.tencent.mm"]);
    assert_eq!(manifest.queries.provider_authorities, ["a", "b"]);
    let scheme = &manifest.queries.intents[0].data[0].scheme;
    assert_eq!(scheme.as_deref(), Some("weixin"));
    assert!(!manifest.features[0].required);
    assert_eq!(manifest.uses_native_libraries[0].name, "libx.so");
    let receiver = &manifest.components[0];
    assert_eq!(receiver.intent_filters[0].priority, 1000);
    let path = &receiver.intent_filters[0].data[0].path;
    assert_eq!(path.as_deref(), Some("/p"));
    assert_eq!(receiver.meta_data[0].value.as_deref(), Some("v"));
}

#[test]
fn references_are_resolved_and_unknown_ones_are_noted() {
    let meta = |id| Element {
        name: "meta-data".to_owned(),
        attributes: vec![
            attribute("name", Value::Reference(0x7f01_0000)),
            attribute("value", Value::Reference(id)),
        ],
        ..Element::default()
    };
    let application = Element {
        name: "application".to_owned(),
        children: vec![meta(0x7f01_0001), meta(0x7f02_0000)],
        ..Element::default()
    };
    let root = Element {
        name: "manifest".to_owned(),
        attributes: vec![attribute("package", Value::String("p".to_owned()))],
        children: vec![application],
        ..Element::default()
    };
    let (manifest, anomalies) = Manifest::from_element(&root, Some(&TwoResources));
    assert_eq!(manifest.meta_data[0].name, "text");
    assert_eq!(manifest.meta_data[0].value.as_deref(), Some("30"));
    assert_eq!(manifest.meta_data[0].resource, Some(0x7f01_0001));
    assert_eq!(manifest.meta_data[1].value, None);
    assert_eq!(anomalies.len(), 1);
    assert_eq!(anomalies[0].code, "manifest-unresolved-reference");
}

#[test]
fn protection_levels_are_spelled_out() {
    assert_eq!(protection_level(0x12), "signature|privileged");
    assert_eq!(protection_level(0), "normal");
    assert_eq!(protection_level(0xf), "unknown");
}

#[test]
fn a_hostile_package_name_is_not_repeated_in_every_component() {
    let mut root = Element {
        name: "manifest".to_owned(),
        ..Element::default()
    };
    let package = Value::String("p".repeat(MAX_PACKAGE_NAME_BYTES + 1));
    root.attributes.push(attribute("package", package));
    root.children.push(Element {
        name: "application".to_owned(),
        attributes: vec![attribute("name", Value::String(".App".to_owned()))],
        ..Element::default()
    });
    let (manifest, anomalies) = Manifest::from_element(&root, None);
    assert_eq!(manifest.application_class.as_deref(), Some(".App"));
    assert_eq!(anomalies[0].code, "manifest-package-name");
}

#[test]
fn another_root_element_is_read_as_far_as_it_goes_and_noted() {
    let root = Element {
        name: "LinearLayout".to_owned(),
        ..Element::default()
    };
    let (_, anomalies) = Manifest::from_element(&root, None);
    let codes: Vec<&str> = anomalies.iter().map(|a| a.code).collect();
    assert_eq!(codes, ["manifest-root", "manifest-no-package"]);
}
