//! The lint of a signature folder: what `sdkaudit signatures check DIR` says.
//!
//! One file per question: `identity` (ids, files, vendors, families),
//! `evidence` (prefixes, names, patterns), `names` (aliases), `terms`
//! (data types, permissions, bundles), `consent` (what the vendor asks before
//! the user agrees), `licences` and `examples`.

mod consent;
mod evidence;
mod examples;
mod identity;
mod licences;
mod names;
mod terms;

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use super::base::KnowledgeBase;
use super::files::{line_of, read_catalogue};
use super::schema::{Catalogue, Signature};

/// How bad a fault is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// The base would answer wrongly or not load.
    Error,
    /// Worth repair, but harmless.
    Warning,
}

/// One fault of a signature folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// The file.
    pub file: PathBuf,
    /// 1-based line, 0 when the whole file is meant.
    pub line: usize,
    /// 1-based column, 0 when the whole line is meant.
    pub column: usize,
    /// How bad it is.
    pub severity: Severity,
    /// What is wrong and what to do.
    pub message: String,
}

impl std::fmt::Display for Fault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}", self.file.display())?;
        if self.line > 0 {
            write!(f, ":{}", self.line)?;
            if self.column > 0 {
                write!(f, ":{}", self.column)?;
            }
        }
        let severity = match self.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
        };
        write!(f, ": {severity}: {}", self.message)
    }
}

/// Lints every signature file below `root`, in the order of files and lines.
///
/// A folder with a `vocabulary/` is a whole base and stands for itself. Any
/// other folder is an addition: what it refers to may be in the embedded base,
/// and must not collide with it.
pub fn check(root: &Path) -> Vec<Fault> {
    let catalogue = match read_catalogue(root) {
        Ok(catalogue) => catalogue,
        Err(faults) => return faults.into_iter().map(Fault::from).collect(),
    };
    let mut lint = Lint::new(root, catalogue);
    identity::check(&mut lint);
    evidence::check(&mut lint);
    names::check(&mut lint);
    terms::check(&mut lint);
    consent::check(&mut lint);
    licences::check(&mut lint);
    examples::check(&mut lint);
    lint.finish()
}

impl From<super::files::FileFault> for Fault {
    fn from(fault: super::files::FileFault) -> Self {
        Self {
            file: fault.file,
            line: fault.line,
            column: fault.column,
            severity: Severity::Error,
            message: fault.message,
        }
    }
}

/// What the checks read and where they write.
struct Lint<'a> {
    root: &'a Path,
    /// The folder alone.
    own: Catalogue,
    /// The folder over the embedded base, or the folder alone when it is whole.
    base: KnowledgeBase,
    /// Whether the folder is a whole base.
    whole: bool,
    texts: HashMap<PathBuf, String>,
    faults: Vec<Fault>,
}

impl<'a> Lint<'a> {
    fn new(root: &'a Path, own: Catalogue) -> Self {
        let whole = root.join("vocabulary").is_dir();
        let alone = || KnowledgeBase::from_catalogue(own.clone());
        let base = if whole {
            alone()
        } else {
            KnowledgeBase::embedded()
                .extended(root)
                .unwrap_or_else(|_| alone())
        };
        Self {
            root,
            own,
            base,
            whole,
            texts: HashMap::new(),
            faults: Vec::new(),
        }
    }

    /// Whether a signature comes from the folder that is checked.
    fn is_own(&self, id: &str) -> bool {
        let signatures = &self.own.signatures;
        signatures
            .binary_search_by(|(_, s)| s.id.as_str().cmp(id))
            .is_ok()
    }

    /// Says something about a value of a signature file; a value that a
    /// supplement contributes is found there.
    fn say(&mut self, severity: Severity, file: &str, value: &str, message: String) {
        let path = self.root.join(file);
        let text = self
            .texts
            .entry(path.clone())
            .or_insert_with(|| std::fs::read_to_string(&path).unwrap_or_default());
        let line = line_of(text, &toml_escaped(value));
        self.faults.push(Fault {
            file: path,
            line,
            column: 0,
            severity,
            message,
        });
    }

    fn error(&mut self, file: &str, value: &str, message: String) {
        self.say(Severity::Error, file, value, message);
    }

    fn warning(&mut self, file: &str, value: &str, message: String) {
        self.say(Severity::Warning, file, value, message);
    }

    fn finish(mut self) -> Vec<Fault> {
        let order = |f: &Fault| (f.file.clone(), f.line, f.severity, f.message.clone());
        self.faults.sort_by_key(order);
        self.faults.dedup();
        self.faults
    }
}

/// A value as it stands between quotes in a TOML file.
fn toml_escaped(value: &str) -> String {
    value.replace('\\', "\\\\")
}

/// The signatures of a catalogue with their files, detached from the lint so
/// that a check may write faults while it walks.
fn own_signatures(lint: &Lint) -> Vec<(String, Signature)> {
    lint.own.signatures.clone()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder(name: &str, files: &[(&str, &str)]) -> PathBuf {
        let root =
            std::env::temp_dir().join(format!("sdkaudit-check-{}-{name}", std::process::id()));
        let _ = std::fs::remove_dir_all(&root);
        for (file, text) in files {
            let path = root.join(file);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, text).unwrap();
        }
        root
    }

    fn faults(name: &str, files: &[(&str, &str)]) -> Vec<String> {
        let root = folder(name, files);
        let shown = check(&root)
            .iter()
            .map(|f| f.to_string().replace(&format!("{}/", root.display()), ""))
            .collect();
        std::fs::remove_dir_all(&root).unwrap();
        shown
    }

    #[test]
    fn the_base_in_this_repository_has_no_faults() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("sdk-signatures");
        let found: Vec<String> = check(&root).iter().map(Fault::to_string).collect();
        assert!(found.is_empty(), "{}", found.join("\n"));
    }

    #[test]
    fn an_addition_may_refer_to_the_embedded_base_but_not_collide_with_it() {
        let text = r#"
id = "my-push"
name = { en = "My Push" }
category = "push"
vendor = "jiguang"
aliases = ["极光 推送"]
sources = ["mine"]

[code]
prefixes = ["cn.jpush.android", "com.my.push"]
"#;
        let found = faults("addition", &[("my/my-push.toml", text)]);
        assert!(
            found
                .iter()
                .any(|f| f.starts_with("my/my-push.toml:10: error: prefix \"cn.jpush.android\"")),
            "{found:#?}"
        );
        assert!(
            found
                .iter()
                .any(|f| f.contains("alias \"极光 推送\"") && f.contains("jpush")),
            "{found:#?}"
        );
        assert!(!found.iter().any(|f| f.contains("vendor")), "{found:#?}");
    }

    #[test]
    fn each_fault_names_file_line_and_cure() {
        let text = r#"
id = "Wrong_Id"
name = { en = "X" }
category = "pushing"
vendor = "nobody"
hosts = ["https://x.com/"]
permissions = ["INTERNET"]
bundles = ["nothing"]
sources = ["mine"]

[code]
prefixes = ["com.x", "com.x.y", "com..z"]
classes = ["NoPackage"]

[native]
libraries = ["re:lib[.so", "x.dll"]

[data]
types = ["soul"]
basis = "vendor-doc"

[examples]
positive = ["com.q.A"]
negative = ["com.x.B"]
"#;
        let found = faults("many", &[("my/other.toml", text)]).join("\n");
        for part in [
            "other.toml:2: error: id \"Wrong_Id\"",
            "other.toml:4: error: category \"pushing\"",
            "other.toml:5: error: vendor \"nobody\"",
            "other.toml:6: error: host \"https://x.com/\"",
            "other.toml:7: error: permission \"INTERNET\"",
            "other.toml:8: error: bundles \"nothing\"",
            "other.toml:12: error: prefix \"com..z\"",
            "other.toml:12: warning: prefix \"com.x.y\"",
            "other.toml:13: error: class \"NoPackage\"",
            "other.toml:16: error: pattern \"re:lib[.so\"",
            "other.toml:16: error: library \"x.dll\"",
            "other.toml:19: error: data type \"soul\"",
            "other.toml:23: error: positive example \"com.q.A\"",
            "other.toml:24: error: negative example \"com.x.B\"",
        ] {
            assert!(found.contains(part), "{part} not in\n{found}");
        }
    }

    /// A signature whose consent table is the given lines.
    fn consent_faults(name: &str, consent: &str) -> String {
        let text = format!(
            "id = \"my-push\"\nname = {{ en = \"My Push\" }}\ncategory = \"push\"\n\
             sources = [\"mine\"]\nbundles = [\"jiguang-jcore\"]\n\
             [code]\nprefixes = [\"com.my.push\"]\n[consent]\n{consent}"
        );
        faults(name, &[("other/my-push.toml", &text)]).join("\n")
    }

    #[test]
    fn a_consent_fact_may_name_calls_of_the_sdk_and_of_what_it_bundles() {
        let found = consent_faults(
            "consent",
            r#"init = ["com.my.push.Push$Client.<init>"]
switch = ["cn.jiguang.api.utils.JCollectionAuth.setAuth"]
deferred = ["com.my.push.Push.prepare"]
source = "https://my.example/compliance"
note = "Start after the user agreed."
"#,
        );
        assert!(!found.contains("consent"), "{found}");
    }

    #[test]
    fn a_consent_fact_needs_calls_of_this_sdk_and_a_page() {
        let found = consent_faults(
            "consent-faults",
            r#"init = ["Push.start", "com.my.push.Push.start()", "com.my.pushes.Push.start"]
switch = ["com.my.push.Push.agree"]
deferred = ["com.my.push.Push.agree"]
source = "http://my.example/compliance"
"#,
        );
        for part in [
            "my-push.toml:9: error: consent call \"Push.start\": write it as",
            "my-push.toml:9: error: consent call \"com.my.push.Push.start()\": write it as",
            "my-push.toml:9: error: consent call \"com.my.pushes.Push.start\": no prefix",
            "error: consent call \"com.my.push.Push.agree\": is listed twice",
            "my-push.toml:12: error: consent source \"http://my.example/compliance\"",
            "warning: consent without a note",
        ] {
            assert!(found.contains(part), "{part} not in\n{found}");
        }
        let empty = consent_faults("consent-empty", "init = []\nsource = \"\"\n");
        assert!(empty.contains("error: consent without init"), "{empty}");
        assert!(empty.contains("error: consent source \"\""), "{empty}");
        let unknown = consent_faults("consent-unknown", "init = []\nsource = \"\"\nwhen = 1\n");
        assert!(unknown.contains("unknown field `when`"), "{unknown}");
    }

    #[test]
    fn broken_toml_is_reported_with_its_place() {
        let found = faults("broken", &[("my/a.toml", "id = \"a\"\nnam = 1\n")]);
        assert!(
            found[0].starts_with("my/a.toml:2:1: error: unknown field `nam`"),
            "{found:?}"
        );
    }
}
