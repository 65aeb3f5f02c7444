//! The access inventory against a second disassembler: Android's `dexdump`
//! (Debian package `dexdump`). Every call of a method that the catalogue calls
//! a source must be found at the same class, method and address, and nothing
//! else may be.

mod common;

use std::collections::BTreeSet;
use std::io::Read;
use std::path::Path;
use std::process::Command;

use common::sdkaudit;

/// Entry, class, method with its prototype, address, reference.
type Call = (String, String, String, u32, String);

/// Samples with code that calls sources.
const SAMPLES: [&str; 6] = [
    "shop.apk",
    "clean.apk",
    "states.apk",
    "quiet.apk",
    "nested.apk",
    "split/base.apk",
];

#[test]
fn dexdump_sees_the_same_calls() {
    if Command::new("dexdump").arg("-h").output().is_err() {
        eprintln!("skipped: dexdump is not installed (Debian: apt-get install dexdump)");
        return;
    }
    let sources = sources();
    let mut calls = 0;
    for sample in SAMPLES {
        let path = format!("{}/samples/{sample}", env!("CARGO_MANIFEST_DIR"));
        let expected = disassembled(Path::new(&path), &sources);
        let found = reported(&path, &sources);
        assert_eq!(
            found.difference(&expected).collect::<Vec<_>>(),
            Vec::<&Call>::new(),
            "{sample}: told, and not there"
        );
        assert_eq!(
            expected.difference(&found).collect::<Vec<_>>(),
            Vec::<&Call>::new(),
            "{sample}: there, and not told"
        );
        calls += expected.len();
    }
    assert!(calls > 20, "the samples call sources: {calls}");
}

/// References of methods whose result is personal data, with their prototype.
fn sources() -> BTreeSet<String> {
    let text = include_str!("../sdk-signatures/vocabulary/sources.toml");
    let file: toml::Table = text.parse().expect("TOML");
    let text = |row: &toml::Value, key: &str| row.get(key)?.as_str().map(str::to_owned);
    let mut sources = BTreeSet::new();
    for row in file["source"].as_array().expect("rows") {
        let role = text(row, "role").unwrap_or_else(|| "return".to_owned());
        if text(row, "kind").as_deref() != Some("method") || role != "return" {
            continue;
        }
        let class = text(row, "class").expect("a class");
        for member in row["members"].as_array().expect("members") {
            let member = member.as_str().expect("text");
            if member.contains('(') {
                sources.insert(format!("{class}->{member}"));
            }
        }
    }
    sources
}

/// What `dexdump -d` prints of the calls of sources in an APK's dex files.
fn disassembled(apk: &Path, sources: &BTreeSet<String>) -> BTreeSet<Call> {
    let file = std::fs::File::open(apk).expect("a sample");
    let mut archive = zip::ZipArchive::new(file).expect("an archive");
    let names: Vec<String> = archive.file_names().map(str::to_owned).collect();
    let mut calls = BTreeSet::new();
    for name in names.iter().filter(|name| is_classes_dex(name)) {
        let mut bytes = Vec::new();
        let mut entry = archive.by_name(name).expect("the entry");
        entry.read_to_end(&mut bytes).expect("its bytes");
        let dex = std::env::temp_dir().join(format!(
            "sdkaudit-{}-{}-{name}",
            std::process::id(),
            apk.file_stem().expect("a name").to_string_lossy()
        ));
        std::fs::write(&dex, bytes).expect("a scratch file");
        let output = Command::new("dexdump").arg("-d").arg(&dex).output();
        std::fs::remove_file(&dex).expect("the scratch file");
        let listing = output.expect("dexdump runs").stdout;
        read_listing(
            &String::from_utf8_lossy(&listing),
            name,
            sources,
            &mut calls,
        );
    }
    calls
}

fn is_classes_dex(name: &str) -> bool {
    let number = name
        .strip_prefix("classes")
        .and_then(|n| n.strip_suffix(".dex"));
    number.is_some_and(|n| n.bytes().all(|b| b.is_ascii_digit()))
}

fn read_listing(
    listing: &str,
    entry: &str,
    sources: &BTreeSet<String>,
    calls: &mut BTreeSet<Call>,
) {
    let quoted = |line: &str| line.split('\'').nth(1).unwrap_or_default().to_owned();
    let (mut class, mut method) = (String::new(), String::new());
    for line in listing.lines().map(str::trim) {
        if line.starts_with("Class descriptor") {
            class = quoted(line);
        } else if line.starts_with("name          :") {
            method = quoted(line);
        } else if line.starts_with("type          :") {
            method += &quoted(line);
        } else if let Some((pc, reference)) = invoke(line)
            && sources.contains(&reference)
        {
            calls.insert((
                entry.to_owned(),
                class.clone(),
                method.clone(),
                pc,
                reference,
            ));
        }
    }
}

/// Address and reference of `…|0007: invoke-virtual {v0}, Lx/Y;.z:()V // …`.
fn invoke(line: &str) -> Option<(u32, String)> {
    let (_, code) = line.split_once('|')?;
    let (address, instruction) = code.split_once(": ")?;
    let (_, rest) = instruction.strip_prefix("invoke-")?.split_once("}, ")?;
    let reference = rest.split(" //").next()?;
    let (class, member) = reference.split_once(";.")?;
    let (name, proto) = member.split_once(':')?;
    let pc = u32::from_str_radix(address, 16).ok()?;
    Some((pc, format!("{class};->{name}{proto}")))
}

/// The call sites of the report, of whoever answers for them.
fn reported(apk: &str, sources: &BTreeSet<String>) -> BTreeSet<Call> {
    let report = sdkaudit(&["scan", apk, "--format", "json"]).json();
    let app = &report["apps"][0];
    let owners = ["sdks", "unidentified"];
    let lists = owners
        .iter()
        .flat_map(|owner| app[owner].as_array().expect("a list"))
        .map(|owner| &owner["accesses"])
        .chain([&app["app_accesses"], &app["platform_accesses"]]);
    let mut calls = BTreeSet::new();
    for access in lists.flat_map(|list| list.as_array().expect("a list")) {
        let api = access["api"].as_str().expect("a reference");
        let is_plain = access["candidate"] == false && sources.contains(api);
        for site in access["call_sites"].as_array().expect("sites") {
            let text = |key: &str| site[key].as_str().expect("text").to_owned();
            if is_plain && is_classes_dex(&text("dex")) {
                let pc = u32::try_from(site["pc"].as_u64().expect("a number")).expect("small");
                calls.insert((
                    text("dex"),
                    text("class"),
                    text("method"),
                    pc,
                    api.to_owned(),
                ));
            }
        }
    }
    calls
}
