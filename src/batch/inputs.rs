//! What the paths of the command line stand for: one input per app.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use super::mapped::MappedFile;
use super::path_text::path_text;
use crate::app::archive::ZIP_MAGIC;
use crate::formats::dex;

/// File name endings that make a file of a folder an input. Files with other
/// endings count when they start as a dex file.
pub const PACKAGE_ENDINGS: &[&str] = &["aab", "aar", "apk", "apkm", "apks", "dex", "jar", "xapk"];
/// Depth to which folders are walked; guards against loops of bind mounts.
const MAX_FOLDER_DEPTH: usize = 64;

/// One app to scan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Input {
    /// The path as the report shows it.
    pub display: String,
    /// Its only file, or the files of its split set, sorted.
    pub files: Vec<PathBuf>,
    /// The policy that a list on standard input gives for it.
    pub policy: Option<PathBuf>,
    /// Why there is nothing to scan: a folder that could not be listed stands
    /// in the report as a failed app.
    pub fault: Option<String>,
}

impl Input {
    fn file(path: &Path) -> Self {
        Self::files(path, vec![path.to_owned()])
    }

    fn files(shown: &Path, files: Vec<PathBuf>) -> Self {
        Self {
            display: path_text(shown).into_owned(),
            files,
            policy: None,
            fault: None,
        }
    }

    fn fault(folder: &Path, fault: String) -> Self {
        Self {
            fault: Some(fault),
            ..Self::files(folder, Vec::new())
        }
    }
}

/// Why a path cannot be scanned; a usage error.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InputError {
    /// No such file or folder.
    #[error("{0}: no such file or folder")]
    Missing(String),
    /// A folder without any package in it.
    #[error("{0}: the folder holds no package (looked for {endings} and dex files)", endings = PACKAGE_ENDINGS.join(", "))]
    NoPackages(String),
    /// A folder that cannot be listed.
    #[error("{0}: cannot be listed: {1}")]
    Unlistable(String, String),
}

/// Drops every input whose files all stand in earlier inputs with the same
/// policy (`scan DIR DIR/x.apk`); returns the paths of those dropped.
pub fn drop_repeated(inputs: &mut Vec<Input>) -> Vec<String> {
    let mut seen: BTreeSet<(PathBuf, Option<PathBuf>)> = BTreeSet::new();
    let mut dropped = Vec::new();
    inputs.retain(|input| {
        let mut is_new = input.fault.is_some();
        for file in &input.files {
            is_new |= seen.insert((named_place(file), input.policy.clone()));
        }
        if !is_new {
            dropped.push(input.display.clone());
        }
        is_new
    });
    dropped
}

/// The one spelling of a path: its folder resolved, its own name kept. A link
/// has a name of its own, so it is an input of its own.
fn named_place(file: &Path) -> PathBuf {
    let folder = file
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty())
        .unwrap_or(Path::new("."));
    match (std::fs::canonicalize(folder), file.file_name()) {
        (Ok(folder), Some(name)) => folder.join(name),
        _ => file.to_owned(),
    }
}

/// All inputs behind one path: a file is one app, a folder is walked.
///
/// # Errors
/// Fails when the path itself is missing, cannot be listed or holds no package;
/// a folder below it that cannot be listed becomes an input with a fault.
pub fn expand(path: &Path, policy: Option<&Path>) -> Result<Vec<Input>, InputError> {
    let shown = path_text(path).into_owned();
    let metadata = std::fs::metadata(path).map_err(|_| InputError::Missing(shown.clone()))?;
    let mut inputs = Vec::new();
    if metadata.is_dir() {
        let top = list(path).map_err(|error| InputError::Unlistable(shown.clone(), error))?;
        walk(path, top, 0, &mut inputs);
        if inputs.is_empty() {
            return Err(InputError::NoPackages(shown));
        }
    } else {
        inputs.push(Input::file(path));
    }
    for input in &mut inputs {
        input.policy = policy.map(Path::to_path_buf);
    }
    Ok(inputs)
}

/// What one folder holds, sorted.
struct Listing {
    packages: Vec<PathBuf>,
    folders: Vec<PathBuf>,
    /// Why it was listed only in part.
    fault: Option<String>,
}

fn list(folder: &Path) -> Result<Listing, String> {
    let mut listing = Listing {
        packages: Vec::new(),
        folders: Vec::new(),
        fault: None,
    };
    for entry in std::fs::read_dir(folder).map_err(|error| error.to_string())? {
        let entry = match entry {
            Ok(entry) => entry,
            Err(error) => {
                listing.fault = Some(error.to_string());
                break;
            }
        };
        let path = entry.path();
        // Links to files are followed, links to folders are not: they may loop.
        if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
            listing.folders.push(path);
        } else if !path.is_dir() && is_package(&path) {
            listing.packages.push(path);
        }
    }
    listing.packages.sort();
    listing.folders.sort();
    Ok(listing)
}

fn walk(folder: &Path, listing: Listing, depth: usize, inputs: &mut Vec<Input>) {
    if let Some(reason) = &listing.fault {
        inputs.push(unlistable(folder, reason));
    }
    // Other packages beside the APKs of a split set are apps of their own.
    let (apks, others): (Vec<PathBuf>, Vec<PathBuf>) = listing
        .packages
        .iter()
        .cloned()
        .partition(|path| is_apk(path));
    if is_split_set(&apks) {
        inputs.push(Input::files(folder, apks));
        inputs.extend(others.iter().map(|path| Input::file(path)));
    } else {
        inputs.extend(listing.packages.iter().map(|path| Input::file(path)));
    }
    if depth >= MAX_FOLDER_DEPTH && !listing.folders.is_empty() {
        let message = format!(
            "{}: folders more than {MAX_FOLDER_DEPTH} levels down are not walked",
            path_text(folder)
        );
        inputs.push(Input::fault(folder, message));
        return;
    }
    for below in listing.folders {
        match list(&below) {
            Ok(listing) => walk(&below, listing, depth + 1, inputs),
            Err(reason) => inputs.push(unlistable(&below, &reason)),
        }
    }
}

fn unlistable(folder: &Path, reason: &str) -> Input {
    let message = format!("{}: cannot be listed: {reason}", path_text(folder));
    Input::fault(folder, message)
}

fn is_package(path: &Path) -> bool {
    let ending = path
        .extension()
        .map(|e| e.to_string_lossy().to_ascii_lowercase());
    if ending.is_some_and(|ending| PACKAGE_ENDINGS.contains(&ending.as_str())) {
        // Also a pipe or a dangling link: named as a package, it is told.
        return true;
    }
    let mut start = [0; 8];
    path.is_file()
        && File::open(path)
            .and_then(|mut file| file.read_exact(&mut start))
            .is_ok()
        && dex::is_dex(&start)
}

fn is_apk(path: &Path) -> bool {
    path.extension()
        .is_some_and(|ending| ending.eq_ignore_ascii_case("apk"))
}

/// Whether the APKs of one folder are one split set (contract, last
/// paragraph): same package and versionCode, exactly one without `split`.
/// Stops at the first file that rules it out, so that a folder of a million
/// apps costs two manifests.
fn is_split_set(files: &[PathBuf]) -> bool {
    if files.len() < 2 {
        return false;
    }
    let mut identity = None;
    let mut splits: BTreeMap<Option<String>, usize> = BTreeMap::new();
    for path in files {
        let Some(split) = read_identity(path) else {
            return false;
        };
        if *identity.get_or_insert_with(|| split.0.clone()) != split.0 {
            return false;
        }
        *splits.entry(split.1).or_default() += 1;
        if splits.get(&None).copied().unwrap_or(0) > 1 {
            return false;
        }
    }
    splits.get(&None) == Some(&1)
}

/// What two APKs of one split set have in common: package and versionCode.
type Identity = (String, Option<i64>);

/// The identity and the split name of an APK.
fn read_identity(path: &Path) -> Option<(Identity, Option<String>)> {
    let map = MappedFile::open(path).ok()?;
    if !map.bytes().starts_with(ZIP_MAGIC) {
        return None;
    }
    let manifest = crate::app::load::manifest_of_apk(map.bytes())?;
    Some(((manifest.package, manifest.version_code), manifest.split))
}
