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
    let unasked = ["--strict", "--accesses", "none", "--flows", "none"];
    assert_eq!(code(&[&["--fail-on", "never"], &unasked[..]].concat()), 0);
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
fn the_text_of_a_policy_that_was_not_read_whole_is_incomplete() {
    let folder = Folder::new("cut-policy");
    let hidden = "<p>示例推送SDK 设备型号</p>".repeat(40);
    let page = format!("<html><p>我们接入的第三方SDK如下所示</p><div hidden>{hidden}</div>");
    let policy = folder.write("policy.html", &page);
    let run = sdkaudit(&["policy", "--format", "text", policy.to_str().unwrap()]);
    assert_eq!(run.code, 3);
    assert_eq!(run.stdout, page);
    assert!(run.stderr.contains("hidden passages"));
}

#[test]
fn an_output_never_replaces_an_input_a_policy_or_another_output() {
    let folder = Folder::new("clashes");
    let app = folder.write("shop.apk", std::fs::read("samples/shop.apk").unwrap());
    let policy = folder.write("com.example.shop.txt", "极光推送SDK");
    let (app, policy) = (app.to_str().unwrap(), policy.to_str().unwrap());
    let other = format!("{}/./new.json", folder.path());
    let same = format!("{}/new.json", folder.path());
    let json = ["--format", "json"];
    refuses(
        &[&["scan", app, "-o", app], &json[..]].concat(),
        &["an input", "shop.apk"],
    );
    refuses(
        &["scan", app, "--policy", policy, "-o", policy],
        &["a policy"],
    );
    refuses(
        &["scan", app, "--policies", folder.path(), "-o", policy],
        &["a policy"],
    );
    refuses(&["scan", app, "-o", &same, "-o", &other], &["twice"]);
    refuses(&["policy", policy, "-o", policy], &["a policy"]);
    let listed = sdkaudit_with_input(
        &["scan", "-", "-o", policy],
        &format!("samples/shop.apk\t{policy}\n"),
    );
    assert_eq!(listed.code, 2);
    assert_eq!(std::fs::read(policy).unwrap(), "极光推送SDK".as_bytes());
    assert_eq!(std::fs::read_dir(&folder.0).unwrap().count(), 2);
}

#[cfg(unix)]
#[test]
fn an_output_that_is_no_regular_file_is_written_as_it_is() {
    use std::os::unix::fs::FileTypeExt;

    let scan =
        |output: &str| sdkaudit(&["scan", "samples/shop.apk", "--format", "json", "-o", output]);
    assert_eq!(
        (scan("/dev/null").code, scan("/dev/null").stdout.len()),
        (0, 0)
    );
    let device = std::fs::metadata("/dev/null").unwrap().file_type();
    assert!(device.is_char_device());
    assert_eq!(
        scan("/dev/stdout").json()["apps"][0]["package"],
        "com.example.shop"
    );
    if cfg!(target_os = "linux") {
        let full = scan("/dev/full");
        assert_eq!(full.code, 3);
        assert!(full.stderr.contains("No space left"), "{}", full.stderr);
    }

    let folder = Folder::new("links");
    let link = folder.0.join("latest.json");
    std::os::unix::fs::symlink("first.json", &link).unwrap();
    for _ in 0..2 {
        // Once the link points to nothing, then to the first report.
        assert_eq!(scan(link.to_str().unwrap()).code, 0);
        assert!(link.is_symlink());
        assert!(folder.0.join("first.json").is_file());
    }
    assert_eq!(std::fs::read_dir(&folder.0).unwrap().count(), 2);
}

#[cfg(unix)]
fn make_pipe(folder: &Folder, name: &str) -> String {
    let path = folder.0.join(name);
    let made = std::process::Command::new("mkfifo").arg(&path).status();
    assert!(made.expect("mkfifo starts").success());
    path.to_str().unwrap().to_owned()
}

#[cfg(unix)]
#[test]
fn a_pipe_is_refused_and_never_waited_for() {
    let folder = Folder::new("pipes");
    let (app, policy) = (make_pipe(&folder, "a.apk"), make_pipe(&folder, "p.txt"));
    for path in [app.as_str(), folder.path(), "/dev/zero"] {
        let run = sdkaudit(&["scan", path, "--format", "json"]);
        assert_eq!(run.code, 3, "{path}");
        assert_eq!(run.json()["apps"][0]["limits"][0]["code"], "unreadable");
    }
    refuses(
        &["scan", "samples/shop.apk", "--policy", &policy],
        &["p.txt", "not a file"],
    );
    refuses(&["policy", &policy], &["p.txt", "not a file"]);
}

#[cfg(unix)]
#[test]
fn a_second_ctrl_c_leaves_no_incomplete_file() {
    let folder = Folder::new("interrupted");
    // Nobody reads the pipe: the run waits there, with the first report begun.
    let (report, pipe) = (folder.0.join("r.json"), make_pipe(&folder, "p.jsonl"));
    let mut run = std::process::Command::new(env!("CARGO_BIN_EXE_sdkaudit"))
        .args(["scan", "samples/shop.apk", "-o"])
        .args([report.as_os_str(), "-o".as_ref(), pipe.as_ref()])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .spawn()
        .unwrap();
    let files = || std::fs::read_dir(&folder.0).unwrap().count();
    let pause = || std::thread::sleep(std::time::Duration::from_millis(20));
    while files() < 2 {
        pause();
    }
    let id = run.id().to_string();
    let code = loop {
        let sent = std::process::Command::new("kill")
            .args(["-INT", &id])
            .status();
        assert!(sent.is_ok());
        pause();
        if let Some(status) = run.try_wait().unwrap() {
            break status.code();
        }
    };
    assert_eq!((code, files()), (Some(130), 1), "only the pipe is left");
}

/// The exit code when the reader of standard output is gone before it writes.
#[cfg(unix)]
fn code_with_closed_pipe(arguments: &[&str]) -> (Option<i32>, String) {
    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    let run = std::process::Command::new(env!("CARGO_BIN_EXE_sdkaudit"))
        .args(arguments)
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .stdout(writer)
        .output()
        .unwrap();
    (run.status.code(), String::from_utf8(run.stderr).unwrap())
}

#[cfg(unix)]
#[test]
fn a_closed_pipe_is_silent_and_never_a_clean_end() {
    let policy = ["--policy", "samples/shop.policy.zh.html"];
    let silent = |code| (Some(code), String::new());
    let found = [&["scan", "samples/shop.apk"], &policy[..]].concat();
    assert_eq!(code_with_closed_pipe(&found), silent(1));
    assert_eq!(
        code_with_closed_pipe(&["scan", "samples/shop.apk"]),
        silent(3)
    );
    assert_eq!(code_with_closed_pipe(&["signatures", "list"]), silent(3));
    assert_eq!(code_with_closed_pipe(&["explain"]), silent(3));
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_device_is_an_error_and_no_panic() {
    for arguments in [
        &["explain"][..],
        &["explain", "undisclosed-sdk"],
        &["signatures", "list"],
        &["signatures", "check", "sdk-signatures"],
        &["scan", "samples/shop.apk"],
    ] {
        let full = || std::fs::File::create("/dev/full").unwrap();
        let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_sdkaudit"));
        command
            .args(arguments)
            .current_dir(env!("CARGO_MANIFEST_DIR"))
            .stdout(full());
        let run = command.output().unwrap();
        let message = String::from_utf8(run.stderr).unwrap();
        assert_eq!(run.status.code(), Some(3), "{arguments:?}: {message}");
        assert!(
            message.contains("No space left"),
            "{arguments:?}: {message}"
        );
        let mute = command.stdout(full()).stderr(full()).status().unwrap();
        assert_eq!(mute.code(), Some(3), "{arguments:?}");
    }
}

#[cfg(unix)]
#[test]
fn paths_need_not_be_unicode_and_stay_distinct() {
    use std::os::unix::ffi::OsStrExt;

    let folder = Folder::new("bytes");
    let apk = std::fs::read("samples/shop.apk").unwrap();
    let mut list = b"\xef\xbb\xbf".to_vec();
    for name in [b"a\xfe.apk", b"a\xff.apk"] {
        let path = folder.0.join(std::ffi::OsStr::from_bytes(name));
        if std::fs::write(&path, &apk).is_err() {
            return; // a file system that takes only Unicode names
        }
        list.extend_from_slice(path.as_os_str().as_bytes());
        list.extend_from_slice(b"\r\n");
    }
    let input = folder.0.join("list.txt");
    std::fs::write(&input, list).unwrap();
    let run = std::process::Command::new(env!("CARGO_BIN_EXE_sdkaudit"))
        .args(["scan", "-", "--format", "json"])
        .stdin(std::fs::File::open(input).unwrap())
        .output()
        .unwrap();
    let report: serde_json::Value = serde_json::from_slice(&run.stdout).unwrap();
    let path = |n: usize| report["apps"][n]["path"].as_str().unwrap().to_owned();
    assert!(path(0).ends_with("/a\\xfe.apk"), "{}", path(0));
    assert!(path(1).ends_with("/a\\xff.apk"), "{}", path(1));
}

#[test]
fn a_file_named_twice_is_scanned_once() {
    let again = [
        "scan",
        "samples/split",
        "samples/shop.apk",
        "samples/../samples/shop.apk",
        "samples/split/base.apk",
        "--format",
        "json",
    ];
    let run = sdkaudit(&again);
    assert_eq!(run.json()["summary"]["apps"], 2);
    assert_eq!(run.stderr.matches("scanned once").count(), 2);
    let quiet = sdkaudit(&[&again[..], &["--quiet"]].concat());
    assert!(!quiet.stderr.contains("scanned once"));
    // The same file with another policy is another question.
    let list = "samples/shop.apk\tsamples/shop.policy.zh.html\nsamples/shop.apk\n";
    let report = sdkaudit_with_input(&["scan", "-", "--format", "json"], list).json();
    assert_eq!(report["summary"]["apps"], 2);
}

#[test]
fn far_more_jobs_than_processors_cost_nothing() {
    let start = std::time::Instant::now();
    let run = sdkaudit(&["scan", "samples/shop.apk", "--jobs", "100000"]);
    assert_eq!(run.code, 0);
    assert!(start.elapsed().as_secs() < 30, "{:?}", start.elapsed());
}

#[test]
fn a_configuration_in_the_working_folder_is_refused_not_overlooked() {
    let folder = Folder::new("configuration");
    folder.write("sdkaudit.toml", "fail-on = \"warning\"\n");
    folder.write("a.apk", std::fs::read("samples/shop.apk").unwrap());
    let scan = |more: &[&str]| {
        let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_sdkaudit"));
        command.args(["scan", "a.apk"]).args(more);
        command.current_dir(&folder.0).output().unwrap()
    };
    let refused = scan(&[]);
    assert_eq!(refused.status.code(), Some(2));
    let message = String::from_utf8(refused.stderr).unwrap();
    assert!(message.contains("sdkaudit.toml"), "{message}");
    assert_eq!(scan(&["--config", "none"]).status.code(), Some(0));
}

#[test]
fn a_policy_that_is_not_in_the_folder_is_told() {
    let folder = Folder::new("no-policy");
    let scan = |more: &[&str]| {
        let scan = ["scan", "samples/shop.apk", "--policies", folder.path()];
        sdkaudit(&[&scan[..], more].concat())
    };
    let run = scan(&["--format", "json"]);
    assert_eq!(run.code, 0);
    let limits = run.json()["apps"][0]["limits"].clone();
    let limit = limits
        .as_array()
        .unwrap()
        .iter()
        .find(|limit| limit["code"] == "no-policy-found" && limit["scope"] == "detail");
    let message = limit.expect("the limit")["message"].as_str().unwrap();
    assert!(message.contains("no policy for com.example.shop in "));
    let page = scan(&[]).stdout;
    assert!(page.contains("no policy for com.example.shop"), "{page}");
    assert_eq!(scan(&["--strict"]).code, 3);
}

#[test]
fn a_folder_that_is_not_walked_is_a_failed_app_and_stops_nothing() {
    let folder = Folder::new("deep");
    folder.write("a.apk", std::fs::read("samples/shop.apk").unwrap());
    folder.write(&format!("{}x.apk", "d/".repeat(70)), "too deep");
    let run = sdkaudit(&["scan", folder.path(), "--format", "json"]);
    assert_eq!(run.code, 3);
    let report = run.json();
    assert_eq!(report["summary"]["apps"], 2);
    assert_eq!(report["apps"][0]["package"], "com.example.shop");
    assert_eq!(report["apps"][1]["limits"][0]["code"], "unreadable");
}

#[cfg(unix)]
#[test]
fn a_folder_that_cannot_be_listed_is_a_failed_app_and_stops_nothing() {
    use std::os::unix::fs::PermissionsExt;

    let folder = Folder::new("locked");
    folder.write("a.apk", std::fs::read("samples/shop.apk").unwrap());
    let locked = folder.0.join("locked");
    std::fs::create_dir(&locked).unwrap();
    let allow = |mode| std::fs::set_permissions(&locked, PermissionsExt::from_mode(mode)).unwrap();
    allow(0);
    let is_listed_anyway = std::fs::read_dir(&locked).is_ok(); // by root
    let run = sdkaudit(&["scan", folder.path(), "--format", "json"]);
    allow(0o700);
    if is_listed_anyway {
        return;
    }
    assert_eq!(run.code, 3);
    let report = run.json();
    assert_eq!(report["apps"][0]["package"], "com.example.shop");
    assert_eq!(report["apps"][1]["limits"][0]["code"], "unreadable");
    assert!(
        report["apps"][1]["path"]
            .as_str()
            .unwrap()
            .ends_with("/locked")
    );
}

#[test]
fn other_packages_do_not_tear_a_split_set_apart() {
    let folder = Folder::new("mixed-split");
    for name in ["base.apk", "split_config.arm64_v8a.apk"] {
        let bytes = std::fs::read(format!("samples/split/{name}")).unwrap();
        folder.write(name, bytes);
    }
    folder.write("lib.aar", std::fs::read("samples/lib.aar").unwrap());
    let report = sdkaudit(&["scan", folder.path(), "--format", "json"]).json();
    assert_eq!(report["summary"]["apps"], 2);
    assert_eq!(report["apps"][0]["path"], folder.path());
    assert!(
        report["apps"][1]["path"]
            .as_str()
            .unwrap()
            .ends_with("lib.aar")
    );
}

#[test]
fn the_page_says_why_an_input_was_not_read() {
    let folder = Folder::new("wording");
    let head = |name: &str, bytes: &[u8]| {
        let path = folder.write(name, bytes);
        let page = sdkaudit(&["scan", path.to_str().unwrap()]).stdout;
        assert!(!page.contains("part of the code"), "{page}");
        page.lines().take(2).collect::<Vec<_>>().join(" ")
    };
    let told = head("a.txt", b"hi\n");
    assert!(told.starts_with(
        "CANNOT CONCLUDE: not read: a.txt is no APK, AAB, AAR, JAR or dex file (begins with “hi”)"
    ));
    assert!(head("a.png", b"\x89PNG").contains("(begins with bytes 89 50 4e 47)"));
    assert!(head("empty.apk", b"").contains("empty.apk is empty"));
}

#[test]
fn the_page_says_when_no_signature_was_used() {
    let run = sdkaudit(&["scan", "samples/shop.apk", "--signatures", "none"]);
    let first = run.stdout.lines().next().unwrap_or_default();
    assert!(first.contains("no signatures were used"), "{}", run.stdout);
}

#[test]
fn the_help_promises_only_what_there_is() {
    let help = sdkaudit(&["--help"]).stdout;
    assert!(!help.contains("personal data"), "{help}");
    assert!(!help.contains("reach"), "{help}");
}

#[test]
fn checks_of_a_policy_are_explained_too() {
    let run = sdkaudit(&["explain", "not-in-use"]);
    assert_eq!(run.code, 0);
    assert!(
        run.stdout.contains("not counted as disclosed"),
        "{}",
        run.stdout
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
    let consent = shown.split("[consent]").nth(1).expect("a fact of JPush");
    assert!(consent.contains("cn.jpush.android.api.JPushInterface.init"));
    assert!(consent.contains("source = \"https://docs.jiguang.cn/"));
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
