//! Which policies speak for which app, each read once.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use super::mapped::MappedFile;
use super::path_text::path_text;
use crate::audit::model::{Analysis, AppReport};
use crate::formats::{Limit, LimitScope};
use crate::policy::model::PolicyDocument;
use crate::policy::{Lexicon, OpenedPolicy};
use crate::sdk::KnowledgeBase;

/// File name endings under which `--policies DIR` looks for `<package>.<ending>`.
pub const POLICY_ENDINGS: &[&str] = &["docx", "htm", "html", "markdown", "md", "mdx", "pdf", "txt"];

/// A policy as read, or why it could not be.
pub type ReadPolicy = Result<PolicyDocument, String>;

/// All policies of a run, read when first needed.
#[derive(Debug)]
pub struct PolicyShelf<'k> {
    base: &'k KnowledgeBase,
    /// Compiled with the first policy: a run without policies needs none.
    lexicon: OnceLock<Lexicon>,
    /// `--policy`: they speak for every app.
    common: Vec<PathBuf>,
    /// `--policies`.
    folder: Option<PathBuf>,
    read: Mutex<BTreeMap<PathBuf, Arc<ReadPolicy>>>,
}

/// The policies of one app.
#[derive(Debug, Clone, Default)]
pub struct PoliciesOfApp {
    /// In path order.
    read: Vec<(PathBuf, Arc<ReadPolicy>)>,
    /// Policies were given by folder, and none of them is this app's.
    missing: Option<Limit>,
}

impl<'k> PolicyShelf<'k> {
    /// A shelf over the policies that the command line names.
    pub fn new(base: &'k KnowledgeBase, common: Vec<PathBuf>, folder: Option<PathBuf>) -> Self {
        Self {
            base,
            lexicon: OnceLock::new(),
            common,
            folder,
            read: Mutex::default(),
        }
    }

    /// The policies of a package; `own` is the one that a list of inputs gives.
    pub fn of(&self, package: &str, own: Option<&Path>) -> PoliciesOfApp {
        let mut paths = self.common.clone();
        paths.extend(own.map(Path::to_path_buf));
        if let Some(folder) = &self.folder {
            paths.extend(files_for(folder, package));
        }
        paths.sort();
        paths.dedup();
        let missing = match &self.folder {
            Some(folder) if paths.is_empty() => Some(no_policy_found(folder, package)),
            _ => None,
        };
        PoliciesOfApp {
            read: paths
                .into_iter()
                .map(|path| (path.clone(), self.read(&path)))
                .collect(),
            missing,
        }
    }

    fn read(&self, path: &Path) -> Arc<ReadPolicy> {
        if let Some(known) = self.lock().get(path) {
            return known.clone();
        }
        // Two workers may read the same file at once; both get the same answer.
        let lexicon = self.lexicon.get_or_init(|| Lexicon::compile(self.base));
        let read = Arc::new(open_policy(path).map(|opened| opened.read(lexicon)));
        self.lock().entry(path.to_owned()).or_insert(read).clone()
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, BTreeMap<PathBuf, Arc<ReadPolicy>>> {
        self.read.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Every policy that was read, by path.
    pub fn documents(&self) -> Vec<PolicyDocument> {
        self.lock()
            .values()
            .filter_map(|read| read.as_ref().as_ref().ok().cloned())
            .collect()
    }
}

/// Opens one policy file.
pub fn open_policy(path: &Path) -> Result<OpenedPolicy, String> {
    let map = MappedFile::open(path)
        .map_err(|error| format!("{}: cannot be read: {error}", path_text(path)))?;
    let shown = path_text(path);
    OpenedPolicy::open(&shown, map.bytes()).map_err(|error| format!("{shown}: {error}"))
}

fn no_policy_found(folder: &Path, package: &str) -> Limit {
    let app = if package.is_empty() {
        "an app without a package name"
    } else {
        package
    };
    let folder = path_text(folder);
    let message = format!("no policy for {app} in {folder}: disclosure was not judged");
    Limit::detail("no-policy-found", message, folder)
}

/// Whether `--policies FOLDER` takes this file for the policy of some package.
pub fn may_be_policy_in(folder: &Path, file: &Path) -> bool {
    let (Ok(folder), Ok(file)) = (std::fs::canonicalize(folder), std::fs::canonicalize(file))
    else {
        return false;
    };
    let Ok(inside) = file.strip_prefix(&folder) else {
        return false;
    };
    let is_package = |name: Option<&std::ffi::OsStr>| {
        name.is_some_and(|name| name.to_string_lossy().contains('.'))
    };
    let mut parts = inside.components();
    match (parts.next(), parts.next(), parts.next()) {
        (Some(own), None, None) => {
            let name = Path::new(own.as_os_str());
            let ending = name.extension().map(|e| e.to_string_lossy().into_owned());
            ending.is_some_and(|ending| POLICY_ENDINGS.contains(&ending.as_str()))
                && is_package(name.file_stem())
        }
        (Some(package), Some(_), None) => is_package(Some(package.as_os_str())),
        _ => false,
    }
}

/// `DIR/<package>.<ending>` and all files of `DIR/<package>/`.
fn files_for(folder: &Path, package: &str) -> Vec<PathBuf> {
    // The package name comes from the APK: it must not walk out of the folder.
    let is_name = |c: char| c.is_alphanumeric() || matches!(c, '.' | '_' | '-');
    if package.is_empty() || package.starts_with('.') || !package.chars().all(is_name) {
        return Vec::new();
    }
    let mut files: Vec<PathBuf> = POLICY_ENDINGS
        .iter()
        .map(|ending| folder.join(format!("{package}.{ending}")))
        .filter(|path| path.is_file())
        .collect();
    let several = std::fs::read_dir(folder.join(package))
        .into_iter()
        .flatten()
        .flatten();
    files.extend(
        several
            .map(|entry| entry.path())
            .filter(|path| path.is_file()),
    );
    files.sort();
    files
}

impl PoliciesOfApp {
    /// All documents. One that could not be read stands among them with its
    /// limit and without content: nothing can be called undisclosed beside it.
    pub fn documents(&self) -> Vec<Cow<'_, PolicyDocument>> {
        self.read
            .iter()
            .map(|(path, read)| match read.as_ref() {
                Ok(document) => Cow::Borrowed(document),
                Err(message) => Cow::Owned(PolicyDocument::unreadable(
                    path_text(path).into_owned(),
                    message.clone(),
                )),
            })
            .collect()
    }
}

fn unread(document: &PolicyDocument) -> Option<&Limit> {
    document
        .limits
        .iter()
        .find(|limit| limit.scope == LimitScope::Analysis)
}

/// A policy that could not be read is never an empty one: the app's analysis
/// becomes partial. One that is missing from the folder is a limit of detail.
pub fn limit(report: &mut AppReport, policies: &PoliciesOfApp) {
    report.limits.extend(policies.missing.clone());
    for (path, read) in &policies.read {
        let place = path_text(path);
        let message = match read.as_ref() {
            Ok(document) => match unread(document) {
                Some(limit) => limit.message.clone(),
                None => continue,
            },
            Err(error) => error.clone(),
        };
        report
            .limits
            .push(Limit::analysis("policy-unreadable", message, place));
        report.analysis = Analysis::Partial;
    }
    report.limits.sort();
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hostile_package_name_does_not_walk_out_of_the_policy_folder() {
        let folder = std::env::temp_dir();
        for package in ["../../etc/passwd", "", ".hidden", "a/b"] {
            assert!(files_for(&folder, package).is_empty(), "{package}");
        }
    }
}
