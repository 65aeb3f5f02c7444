//! Reads a folder of signature files into a [`Catalogue`]; shared by the build
//! script and by `--signatures DIR`.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::schema::{
    Catalogue, DataTypeFile, PermissionFile, PurposeFile, Signature, SourceFile, Supplement, Vendor,
};

/// A fault in a signature file: file, line, column and what to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileFault {
    /// The file.
    pub file: PathBuf,
    /// 1-based line, 0 when the whole file is meant.
    pub line: usize,
    /// 1-based column, 0 when the whole line is meant.
    pub column: usize,
    /// What is wrong.
    pub message: String,
}

impl std::fmt::Display for FileFault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}", self.file.display())?;
        if self.line > 0 {
            write!(f, ":{}", self.line)?;
            if self.column > 0 {
                write!(f, ":{}", self.column)?;
            }
        }
        write!(f, ": {}", self.message)
    }
}

/// Reads every `*.toml` below `root`. All faults are collected, not only the
/// first.
pub fn read_catalogue(root: &Path) -> Result<Catalogue, Vec<FileFault>> {
    let mut faults = Vec::new();
    let mut paths = Vec::new();
    collect(root, &mut paths, &mut faults);
    paths.sort();
    let mut signatures: BTreeMap<String, (String, Signature)> = BTreeMap::new();
    let mut supplements: Vec<(PathBuf, Supplement)> = Vec::new();
    let mut catalogue = Catalogue::default();
    for path in paths {
        let text = match std::fs::read_to_string(&path) {
            Ok(text) => text,
            Err(error) => {
                faults.push(FileFault {
                    file: path,
                    line: 0,
                    column: 0,
                    message: format!("cannot be read: {error}"),
                });
                continue;
            }
        };
        let folder = path.parent().and_then(Path::file_name).unwrap_or_default();
        let name = path.file_name().unwrap_or_default();
        if folder == "vocabulary" && name == "data-types.toml" {
            parse::<DataTypeFile>(&path, &text, &mut faults, |f| {
                catalogue.data_types.extend(f.data_type)
            });
        } else if folder == "vocabulary" && name == "permissions.toml" {
            parse::<PermissionFile>(&path, &text, &mut faults, |f| {
                catalogue.permissions.extend(f.permission)
            });
        } else if folder == "vocabulary" && name == "purposes.toml" {
            parse::<PurposeFile>(&path, &text, &mut faults, |f| {
                catalogue.purposes.extend(f.purpose)
            });
        } else if folder == "vocabulary" && name == "sources.toml" {
            parse::<SourceFile>(&path, &text, &mut faults, |f| {
                catalogue.sources.extend(f.source)
            });
        } else if name == "vendor.toml" {
            parse::<Vendor>(&path, &text, &mut faults, |v| catalogue.vendors.push(v));
        } else if folder == "supplements" {
            parse::<Supplement>(&path, &text, &mut faults, |s| {
                supplements.push((path.clone(), s))
            });
        } else {
            let mut parsed = None;
            parse::<Signature>(&path, &text, &mut faults, |s| parsed = Some(s));
            let Some(signature) = parsed else { continue };
            let file = path
                .strip_prefix(root)
                .unwrap_or(&path)
                .to_string_lossy()
                .replace('\\', "/");
            if let Some((other, _)) = signatures.get(&signature.id) {
                let message = format!(
                    "id \"{}\" is already used by {other}; ids are unique",
                    signature.id
                );
                faults.push(FileFault {
                    line: line_of(&text, &signature.id),
                    file: path,
                    column: 0,
                    message,
                });
            } else {
                signatures.insert(signature.id.clone(), (file, signature));
            }
        }
    }
    for (path, supplement) in supplements {
        match signatures.get_mut(&supplement.extends) {
            Some((_, signature)) => extend(signature, supplement),
            None => faults.push(FileFault {
                file: path,
                line: 1,
                column: 0,
                message: format!(
                    "extends \"{}\", but no signature has that id",
                    supplement.extends
                ),
            }),
        }
    }
    catalogue.signatures = signatures.into_values().collect();
    catalogue.vendors.sort_by(|a, b| a.id.cmp(&b.id));
    catalogue.permissions.sort_by(|a, b| a.name.cmp(&b.name));
    if faults.is_empty() {
        Ok(catalogue)
    } else {
        Err(faults)
    }
}

/// Adds the facts of a supplement to its signature.
fn extend(signature: &mut Signature, more: Supplement) {
    signature.code.prefixes.extend(more.code.prefixes);
    signature
        .code
        .shared_prefixes
        .extend(more.code.shared_prefixes);
    signature.code.classes.extend(more.code.classes);
    signature.code.suffixes.extend(more.code.suffixes);
    signature
        .code
        .version_fields
        .extend(more.code.version_fields);
    signature
        .manifest
        .activities
        .extend(more.manifest.activities);
    signature.manifest.services.extend(more.manifest.services);
    signature.manifest.receivers.extend(more.manifest.receivers);
    signature.manifest.providers.extend(more.manifest.providers);
    signature.manifest.actions.extend(more.manifest.actions);
    signature.manifest.meta_data.extend(more.manifest.meta_data);
    signature
        .manifest
        .version_meta_data
        .extend(more.manifest.version_meta_data);
    signature
        .manifest
        .permissions
        .extend(more.manifest.permissions);
    signature.native.libraries.extend(more.native.libraries);
    signature.native.symbols.extend(more.native.symbols);
    signature.hosts.extend(more.hosts);
    signature.aliases.extend(more.aliases);
    signature.sources.extend(more.sources);
}

fn collect(folder: &Path, paths: &mut Vec<PathBuf>, faults: &mut Vec<FileFault>) {
    let entries = match std::fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) => {
            let message = format!("cannot be listed: {error}");
            faults.push(FileFault {
                file: folder.to_owned(),
                line: 0,
                column: 0,
                message,
            });
            return;
        }
    };
    for path in entries.flatten().map(|entry| entry.path()) {
        if path.is_dir() {
            collect(&path, paths, faults);
        } else if path.extension().is_some_and(|e| e == "toml") {
            if path.is_file() {
                paths.push(path);
            } else {
                // Reading a pipe would wait for ever.
                let message = "is not a regular file".to_owned();
                faults.push(FileFault {
                    file: path,
                    line: 0,
                    column: 0,
                    message,
                });
            }
        }
    }
}

fn parse<T: serde::de::DeserializeOwned>(
    path: &Path,
    text: &str,
    faults: &mut Vec<FileFault>,
    keep: impl FnOnce(T),
) {
    match toml::from_str::<T>(text) {
        Ok(value) => keep(value),
        Err(error) => {
            let start = error.span().map_or(0, |span| span.start);
            let before = text.get(..start).unwrap_or(text);
            let line = before.matches('\n').count() + 1;
            let column = before.chars().rev().take_while(|c| *c != '\n').count() + 1;
            faults.push(FileFault {
                file: path.to_owned(),
                line,
                column,
                message: error.message().to_owned(),
            });
        }
    }
}

/// The first line that contains a quoted value, 0 when none does.
pub fn line_of(text: &str, value: &str) -> usize {
    let quoted = format!("\"{value}\"");
    text.lines()
        .position(|line| line.contains(&quoted))
        .map_or(0, |index| index + 1)
}
