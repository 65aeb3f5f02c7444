//! Ways to hide code from a scan: it is found, or the report says that
//! something was not seen. Each package is made from the samples.

mod common;

use std::io::{Cursor, Read, Write};

use common::{Folder, sdkaudit};
use serde_json::Value;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipArchive, ZipWriter};

/// Entries of an archive by name.
type Entries = Vec<(String, Vec<u8>)>;

fn sample(path: &str) -> Vec<u8> {
    std::fs::read(format!("{}/samples/{path}", env!("CARGO_MANIFEST_DIR"))).expect("a sample")
}

fn entries(archive: &[u8]) -> Entries {
    let mut archive = ZipArchive::new(Cursor::new(archive)).expect("a sound archive");
    (0..archive.len())
        .map(|index| {
            let mut file = archive.by_index(index).expect("an entry");
            let mut bytes = Vec::new();
            file.read_to_end(&mut bytes).expect("sound content");
            let name = file.name().expect("a name").into_owned();
            (name, bytes)
        })
        .collect()
}

fn pack(entries: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in entries {
        let options = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
        writer.start_file(*name, options).expect("an entry");
        writer.write_all(bytes).expect("content");
    }
    writer.finish().expect("an archive").into_inner()
}

/// The clean sample, in which Getui is not, with further entries.
fn clean_with(more: &[(&str, &[u8])]) -> Vec<u8> {
    let own = entries(&sample("clean.apk"));
    let mut all: Vec<(&str, &[u8])> = own
        .iter()
        .map(|(name, bytes)| (name.as_str(), bytes.as_slice()))
        .collect();
    all.extend(more);
    pack(&all)
}

/// Code of Getui, as a dex file.
fn getui() -> Vec<u8> {
    let nested = entries(&sample("nested.apk"));
    nested
        .into_iter()
        .find(|(name, _)| name == "assets/plugin.dat")
        .expect("the plugin")
        .1
}

fn scan(test: &str, name: &str, package: &[u8]) -> Value {
    let folder = Folder::new(test);
    let path = folder.write(name, package);
    let run = sdkaudit(&["scan", "--format", "json", path.to_str().expect("UTF-8")]);
    assert!(!run.stderr.contains("panicked"), "{}", run.stderr);
    run.json()["apps"][0].clone()
}

fn finds(app: &Value, id: &str) -> bool {
    app["sdks"]
        .as_array()
        .into_iter()
        .flatten()
        .any(|sdk| sdk["id"] == id)
}

fn limits(app: &Value) -> Vec<&str> {
    app["limits"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|limit| limit["code"].as_str())
        .collect()
}

#[test]
fn the_clean_sample_has_no_getui() {
    let app = scan("clean", "app.apk", &clean_with(&[]));
    assert!(!finds(&app, "getui"));
    assert_eq!(app["analysis"], "complete");
}

#[test]
fn a_dex_file_is_found_under_any_name_and_any_depth_of_archives() {
    let dex = getui();
    let inner = pack(&[("classes.dex", &dex)]);
    let middle = pack(&[("readme.txt", b"nothing to see"), ("inner.bin", &inner)]);
    let so = "lib/arm64-v8a/libplug.so";
    for (name, bytes) in [
        ("assets/a.dat", &dex),
        (so, &dex),
        ("assets/p.bin", &middle),
        (so, &inner),
        ("res/raw/x", &inner),
    ] {
        let app = scan("depth", "app.apk", &clean_with(&[(name, bytes)]));
        assert!(finds(&app, "getui"), "{name}: {:?}", limits(&app));
    }
}

#[test]
fn code_that_cannot_be_read_is_never_complete() {
    let dex = getui();
    let (precompiled, truncated) = (
        [b"cdex001\0".as_slice(), &dex].concat(),
        &pack(&[("classes.dex", &dex)])[..200],
    );
    for (name, bytes) in [
        ("assets/plugin.jar", b"encrypted".as_slice()),
        ("assets/x.bin", &precompiled),
        ("assets/x.apk", truncated),
        ("classes2.dex", b"encrypted"),
    ] {
        let app = scan("unreadable", "app.apk", &clean_with(&[(name, bytes)]));
        assert_eq!(app["analysis"], "partial", "{name}: {:?}", limits(&app));
    }
}

#[test]
fn data_appended_to_a_dex_file_is_told() {
    let own = entries(&sample("clean.apk"));
    let stretched: Vec<(&str, Vec<u8>)> = own
        .iter()
        .map(|(name, bytes)| {
            (
                name.as_str(),
                if name == "classes.dex" {
                    [bytes.as_slice(), &getui()].concat()
                } else {
                    bytes.clone()
                },
            )
        })
        .collect();
    let package = pack(
        &stretched
            .iter()
            .map(|(name, bytes)| (*name, bytes.as_slice()))
            .collect::<Vec<_>>(),
    );
    assert!(limits(&scan("appended", "app.apk", &package)).contains(&"dex-appended-data"));
}

#[test]
fn decoys_do_not_change_what_a_package_is() {
    let jar = pack(&[("a.txt", b"")]);
    let bundle = entries(&sample("bundle.aab"));
    let foreign = &bundle
        .iter()
        .find(|(name, _)| name == "base/manifest/AndroidManifest.xml")
        .expect("a manifest")
        .1;
    for decoy in [
        ("classes.jar", jar.as_slice()),
        ("base/manifest/AndroidManifest.xml", foreign),
        ("x.class", b"x"),
    ] {
        let app = scan("decoy", "app.apk", &clean_with(&[decoy]));
        assert_eq!(app["package"], "com.example.clean", "{}", decoy.0);
        assert_eq!(app["label"], "示例票务", "{}", decoy.0);
    }
}

#[test]
fn an_apk_that_lost_its_manifest_is_partial() {
    let own = entries(&sample("clean.apk"));
    let rest: Vec<(&str, &[u8])> = own
        .iter()
        .filter(|(name, _)| name != "AndroidManifest.xml")
        .map(|(name, bytes)| (name.as_str(), bytes.as_slice()))
        .collect();
    assert!(limits(&scan("lost", "app.apk", &pack(&rest))).contains(&"manifest-missing"));
}

#[test]
fn apks_of_different_packages_are_no_splits_of_one_app() {
    let container = pack(&[
        ("a.apk", &sample("shop.apk")),
        ("b.apk", &sample("clean.apk")),
    ]);
    let app = scan("mixed", "mixed.apks", &container);
    assert_eq!(app["analysis"], "partial");
    assert!(limits(&app).contains(&"split-set-mixed"));
}

#[test]
fn what_lies_beside_the_apks_of_a_container_is_looked_at() {
    let split = entries(&sample("split.apks"));
    let mut all: Vec<(&str, &[u8])> = split
        .iter()
        .map(|(name, bytes)| (name.as_str(), bytes.as_slice()))
        .collect();
    let dex = getui();
    all.push(("payload.dat", &dex));
    assert!(finds(&scan("beside", "app.apks", &pack(&all)), "getui"));
}

#[test]
fn a_small_package_cannot_fill_the_memory() {
    let zeros = vec![0; 100 << 20];
    let bomb: Vec<(String, &[u8])> = (0..4)
        .map(|n| (format!("assets/a{n}.so"), zeros.as_slice()))
        .collect();
    let more: Vec<(&str, &[u8])> = bomb
        .iter()
        .map(|(name, bytes)| (name.as_str(), *bytes))
        .collect();
    let dex = [b"dex\n035\0".as_slice(), &zeros].concat();
    let app = scan(
        "bomb",
        "app.apk",
        &clean_with(&[more.as_slice(), &[("assets/big.dat", &dex)]].concat()),
    );
    assert_eq!(
        app["package"], "com.example.clean",
        "the manifest is read first"
    );
    assert!(finds(&app, "jpush"), "Android's own code is read first");
    assert_ne!(app["analysis"], "complete");
}
