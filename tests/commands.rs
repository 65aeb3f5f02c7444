//! Commands, usage errors and exit codes, as a user meets them.

mod common;

use common::{Folder, sdkaudit, sdkaudit_with_input};

/// A usage error: exit 2, a message that names the fault, nothing on stdout.
#[track_caller]
fn refuses(arguments: &[&str], names: &[&str]) {
    let run = sdkaudit(arguments);
    assert_eq!(run.code, 2, "{arguments:?}: {}{}", run.stdout, run.stderr);
    assert_eq!(
        run.stdout, "",
        "{arguments:?}: no output may look like a report"
    );
    for name in names {
        assert!(
            run.stderr.contains(name),
            "{arguments:?}: {name:?} is not in {:?}",
            run.stderr
        );
    }
}

#[test]
fn bad_words_are_refused_before_any_work() {
    refuses(&["scan"], &["PATH"]);
    refuses(&["scan", "--wat", "samples/shop.apk"], &["--wat"]);
    refuses(&["scan", "no/such.apk"], &["no/such.apk"]);
    refuses(&["scan", "samples/src"], &["samples/src", "no package"]);
    refuses(
        &["scan", "samples/shop.apk", "--policy", "no/policy.html"],
        &["--policy", "no/policy.html"],
    );
    refuses(
        &["scan", "samples/shop.apk", "--policies", "no/folder"],
        &["--policies", "no/folder"],
    );
    refuses(
        &["scan", "samples/shop.apk", "--fail-on", "wat"],
        &["wat", "undisclosed-sdk"],
    );
    refuses(&["scan", "samples/shop.apk", "--jobs", "0"], &["--jobs"]);
    refuses(
        &["scan", "samples/shop.apk", "--format", "sarif"],
        &["sarif", "json"],
    );
    refuses(
        &["scan", "samples/shop.apk", "--output", "report.unknown"],
        &["report.unknown", "--format"],
    );
    refuses(
        &["scan", "samples/shop.apk", "--config", "x.toml"],
        &["--config"],
    );
    refuses(&["policy", "no/policy.html"], &["no/policy.html"]);
    refuses(
        &["explain", "no-such-rule"],
        &["no-such-rule", "undisclosed-sdk"],
    );
    refuses(&["signatures", "show", "no-such-sdk"], &["no-such-sdk"]);
    refuses(&["diff", "a", "b"], &["diff"]);
}

#[test]
fn a_broken_signature_file_names_file_line_and_column() {
    let folder = Folder::new("broken-toml");
    folder.write(
        "acme/acme-push.toml",
        "id = \"acme-push\"\nname = { en = \"Acme\" }\ncategory = \"push\"\nprefix = [1]\n",
    );
    refuses(
        &["scan", "samples/shop.apk", "--signatures", folder.path()],
        &["acme-push.toml:4:1", "prefix"],
    );
}

#[test]
fn a_signature_folder_adds_to_the_embedded_base() {
    let folder = Folder::new("extra-signatures");
    let text = "id = \"acme-shop\"\nname = { en = \"Acme Shop Kit\" }\ncategory = \"other\"\n[code]\nprefixes = [\"com.example.shop\"]\n";
    folder.write("acme/acme-shop.toml", text);
    let run = sdkaudit(&[
        "scan",
        "samples/shop.apk",
        "--format",
        "json",
        "--signatures",
        folder.path(),
    ]);
    assert!(run.stdout.contains("\"acme-shop\"") && run.stdout.contains("\"jpush\""));
    let none = sdkaudit(&[
        "scan",
        "samples/shop.apk",
        "--format",
        "json",
        "--signatures",
        "none",
    ]);
    assert_eq!(
        none.json()["apps"][0]["sdks"].as_array().map(Vec::len),
        Some(0)
    );
}

#[test]
fn a_file_that_is_no_package_is_a_failed_app_not_a_clean_one() {
    let folder = Folder::new("no-package");
    let path = folder.write("notes.apk", "these are notes");
    let run = sdkaudit(&["scan", "--format", "json", path.to_str().unwrap()]);
    assert_eq!(run.code, 3);
    let app = &run.json()["apps"][0];
    assert_eq!(app["analysis"], "failed");
    assert_eq!(app["limits"][0]["code"], "not-a-package");
    let empty = folder.write("empty.apk", "");
    assert_eq!(sdkaudit(&["scan", empty.to_str().unwrap()]).code, 3);
}

#[test]
fn one_bad_file_never_stops_a_folder() {
    let folder = Folder::new("bad-file");
    folder.write("a.apk", "junk");
    folder.write("b.apk", std::fs::read("samples/shop.apk").unwrap());
    folder.write("notes.txt", "not looked at");
    let run = sdkaudit(&["scan", "--format", "json", folder.path()]);
    let report = run.json();
    assert_eq!(run.code, 3);
    assert_eq!(report["summary"]["apps"], 2);
    assert_eq!(report["summary"]["failed"], 1);
    assert_eq!(report["apps"][1]["package"], "com.example.shop");
}

#[test]
fn output_does_not_depend_on_the_number_of_jobs() {
    for format in ["json", "jsonl", "human"] {
        let scan = |jobs| {
            sdkaudit(&[
                "scan",
                "samples",
                "--format",
                format,
                "--jobs",
                jobs,
                "--policy",
                "samples/shop.policy.zh.html",
            ])
        };
        let (one, two) = (scan("1"), scan("2"));
        assert_eq!(one.stdout, two.stdout, "{format}");
        assert_eq!(one.code, two.code);
    }
}

#[test]
fn two_full_builds_of_one_package_are_two_apps() {
    let folder = Folder::new("two-builds");
    for name in ["a.apk", "b.apk"] {
        folder.write(name, std::fs::read("samples/shop.apk").unwrap());
    }
    assert_eq!(
        sdkaudit(&["scan", "--format", "json", folder.path()]).json()["summary"]["apps"],
        2
    );
}

#[test]
fn a_list_on_standard_input_brings_its_policies() {
    let list = "samples/shop.apk\tsamples/shop.policy.zh.html\n\nsamples/clean.apk\n";
    let report = sdkaudit_with_input(&["scan", "-", "--format", "json"], list).json();
    assert_eq!(report["summary"]["apps"], 2);
    assert_ne!(
        report["apps"][0]["sdks"][0]["disclosure"],
        serde_json::Value::Null
    );
    assert_eq!(
        report["apps"][1]["sdks"][0]["disclosure"],
        serde_json::Value::Null
    );
    let missing = sdkaudit_with_input(&["scan", "-"], "samples/shop.apk\nno/such.apk\n");
    assert_eq!(missing.code, 2);
    assert!(missing.stderr.contains("line 2"), "{}", missing.stderr);
}

#[test]
fn policies_are_mapped_by_package_name() {
    let folder = Folder::new("policies");
    folder.write(
        "com.example.shop.html",
        std::fs::read("samples/shop.policy.zh.html").unwrap(),
    );
    folder.write(
        "com.example.clean/list.md",
        std::fs::read("samples/clean.policy.zh.md").unwrap(),
    );
    let paths = [
        "samples/shop.apk",
        "samples/clean.apk",
        "samples/nested.apk",
    ];
    let mut arguments = vec!["scan", "--format", "json", "--policies", folder.path()];
    arguments.extend(paths);
    let report = sdkaudit(&arguments).json();
    let disclosed = |app: usize| !report["apps"][app]["sdks"][0]["disclosure"].is_null();
    assert_eq!(
        [disclosed(0), disclosed(1), disclosed(2)],
        [true, true, false]
    );
    assert_eq!(report["policies"].as_array().map(Vec::len), Some(2));
}

#[test]
fn a_policy_that_cannot_be_read_is_no_empty_policy() {
    let folder = Folder::new("unreadable-policy");
    let policy = folder.write("policy.pdf", "%PDF-1.7 and nothing else");
    let run = sdkaudit(&[
        "scan",
        "samples/shop.apk",
        "--format",
        "json",
        "--policy",
        policy.to_str().unwrap(),
    ]);
    assert_eq!(run.code, 3);
    let app = &run.json()["apps"][0];
    assert!(
        app["findings"]
            .as_array()
            .unwrap()
            .iter()
            .all(|finding| finding["rule"] != "undisclosed-sdk")
    );
}

#[test]
fn the_threshold_and_partial_results_decide_the_exit_code() {
    let policy = "samples/shop.policy.zh.html";
    let code = |more: &[&str]| {
        sdkaudit(&[&["scan", "samples/shop.apk", "--policy", policy], more].concat()).code
    };
    assert_eq!(code(&[]), 1);
    assert_eq!(code(&["--fail-on", "never"]), 0);
    assert_eq!(code(&["--fail-on", "never", "--strict"]), 3);
    assert_eq!(code(&["--fail-on", "disclosed-sdk-not-found"]), 1);
    assert_eq!(sdkaudit(&["scan", "samples/packed.apk"]).code, 3);
    assert_eq!(
        sdkaudit(&["scan", "samples/packed.apk", "--allow-partial"]).code,
        0
    );
}

#[test]
fn several_outputs_tell_their_formats_by_their_endings() {
    let folder = Folder::new("outputs");
    let (json, lines) = (folder.0.join("r.json"), folder.0.join("r.jsonl"));
    let run = sdkaudit(&[
        "scan",
        "samples/shop.apk",
        "-o",
        json.to_str().unwrap(),
        "-o",
        lines.to_str().unwrap(),
    ]);
    assert_eq!((run.code, run.stdout.as_str()), (0, ""));
    let whole: serde_json::Value = serde_json::from_slice(&std::fs::read(json).unwrap()).unwrap();
    let line: serde_json::Value = serde_json::from_slice(&std::fs::read(lines).unwrap()).unwrap();
    assert_eq!(whole["apps"][0], line);
    assert_eq!(
        std::fs::read_dir(&folder.0).unwrap().count(),
        2,
        "no partial file is left"
    );
}

#[test]
fn every_rule_is_explained() {
    let list = sdkaudit(&["explain"]);
    assert_eq!(list.code, 0);
    for rule in list
        .stdout
        .lines()
        .filter_map(|line| line.split_whitespace().next())
    {
        let run = sdkaudit(&["explain", rule]);
        assert!(run.code == 0 && run.stdout.contains(rule), "{rule}");
        assert!(
            !run.stdout.contains("violat"),
            "{rule}: findings say \"may be at odds with\""
        );
    }
}

#[test]
fn signatures_are_listed_and_shown() {
    assert!(
        sdkaudit(&["signatures", "list"])
            .stdout
            .lines()
            .any(|line| line.starts_with("jpush\t"))
    );
    let shown = sdkaudit(&["signatures", "show", "jpush"]).stdout;
    assert!(shown.contains("cn.jpush.android") && shown.contains("family = \"jiguang\""));
}

#[test]
fn the_embedded_signatures_have_no_fault() {
    let run = sdkaudit(&["signatures", "check", "sdk-signatures"]);
    assert_eq!(run.code, 0, "{}", run.stdout);
}

#[test]
fn signatures_check_tells_faults_with_their_place() {
    let folder = Folder::new("faulty-signatures");
    folder.write(
        "acme/acme-push.toml",
        "id = \"Acme Push\"\nname = { en = \"Acme\" }\ncategory = \"push\"\nvendor = \"nobody\"\n",
    );
    let run = sdkaudit(&["signatures", "check", folder.path()]);
    assert_eq!(run.code, 1);
    assert!(
        run.stdout.contains("acme-push.toml") && run.stdout.contains("nobody"),
        "{}",
        run.stdout
    );
}

#[test]
fn a_policy_alone_can_be_read() {
    let run = sdkaudit(&["policy", "--format", "json", "samples/shop.policy.zh.html"]);
    assert_eq!(run.code, 0);
    let document = &run.json()["documents"][0];
    let source = std::fs::read("samples/shop.policy.zh.html").unwrap();
    for sdk in document["sdks"].as_array().unwrap() {
        let quote = &sdk["quote"];
        let (start, end) = (
            quote["start"].as_u64().unwrap() as usize,
            quote["end"].as_u64().unwrap() as usize,
        );
        assert!(start < end && end <= source.len(), "{quote}");
    }
    assert!(
        sdkaudit(&["policy", "samples/shop.policy.zh.html"])
            .stdout
            .contains("极光")
    );
}
