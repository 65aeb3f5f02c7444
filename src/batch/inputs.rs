//! What the paths of the command line stand for: one input per app.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use super::mapped::MappedFile;
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
}

impl Input {
    fn file(path: &Path) -> Self {
        Self {
            display: path.display().to_string(),
            files: vec![path.to_owned()],
            policy: None,
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

/// All inputs behind one path: a file is one app, a folder is walked.
pub fn expand(path: &Path, policy: Option<&Path>) -> Result<Vec<Input>, InputError> {
    let shown = path.display().to_string();
    let metadata = std::fs::metadata(path).map_err(|_| InputError::Missing(shown.clone()))?;
    let mut inputs = Vec::new();
    if metadata.is_dir() {
        walk(path, 0, &mut inputs)?;
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

fn walk(folder: &Path, depth: usize, inputs: &mut Vec<Input>) -> Result<(), InputError> {
    let unlistable = |error: std::io::Error| {
        InputError::Unlistable(folder.display().to_string(), error.to_string())
    };
    let mut files = Vec::new();
    let mut folders = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(unlistable)? {
        let entry = entry.map_err(unlistable)?;
        let path = entry.path();
        // Links to files are followed, links to folders are not: they may loop.
        let is_folder = entry.file_type().is_ok_and(|kind| kind.is_dir());
        if is_folder {
            folders.push(path);
        } else if path.is_file() && is_package(&path) {
            files.push(path);
        }
    }
    files.sort();
    folders.sort();
    if is_split_set(&files) {
        inputs.push(Input {
            display: folder.display().to_string(),
            files,
            policy: None,
        });
    } else {
        inputs.extend(files.iter().map(|path| Input::file(path)));
    }
    if depth < MAX_FOLDER_DEPTH {
        for folder in folders {
            walk(&folder, depth + 1, inputs)?;
        }
    }
    Ok(())
}

fn is_package(path: &Path) -> bool {
    let ending = path
        .extension()
        .map(|e| e.to_string_lossy().to_ascii_lowercase());
    if ending.is_some_and(|ending| PACKAGE_ENDINGS.contains(&ending.as_str())) {
        return true;
    }
    let mut start = [0; 8];
    File::open(path)
        .and_then(|mut file| file.read_exact(&mut start))
        .is_ok()
        && dex::is_dex(&start)
}

/// Whether the APKs of one folder are one split set (contract, last
/// paragraph): same package and versionCode, exactly one without `split`.
/// Stops at the first file that rules it out, so that a folder of a million
/// apps costs two manifests.
fn is_split_set(files: &[PathBuf]) -> bool {
    if files.len() < 2
        || files.iter().any(|path| {
            path.extension()
                .is_none_or(|e| !e.eq_ignore_ascii_case("apk"))
        })
    {
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
