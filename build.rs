//! Compiles `sdk-signatures/` into one blob that the binary embeds, so that a
//! broken signature file fails the build and loading costs no parsing; and the
//! constant patterns of the policy room into tables, so that a broken pattern
//! fails the build and matching costs no compiling.

#[path = "src/policy/pattern/determinize.rs"]
mod determinize;
#[allow(missing_docs, dead_code)]
#[path = "src/sdk/files.rs"]
mod files;
#[allow(missing_docs, dead_code)]
#[path = "src/sdk/schema.rs"]
mod schema;
#[path = "src/policy/pattern/translate.rs"]
mod translate;

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

fn main() {
    let root = PathBuf::from(std::env::var_os("CARGO_MANIFEST_DIR").expect("cargo sets it"));
    let out = PathBuf::from(std::env::var_os("OUT_DIR").expect("cargo sets it"));
    embed_signatures(&root.join("sdk-signatures"), &out);
    embed_patterns(&root.join("src/policy"), &out);
}

fn embed_signatures(root: &Path, out: &Path) {
    watch(root);
    let catalogue = files::read_catalogue(root).unwrap_or_else(|faults| {
        for fault in &faults {
            println!("cargo::error={fault}");
        }
        std::process::exit(1);
    });
    let blob = postcard::to_allocvec(&catalogue).expect("a catalogue is plain data");
    std::fs::write(out.join("signatures.bin"), blob).expect("OUT_DIR is writable");
}

/// Writes the tables of the patterns, sorted by their sources, and their index.
fn embed_patterns(root: &Path, out: &Path) {
    println!("cargo::rerun-if-changed={}", root.display());
    let mut sources = BTreeSet::new();
    collect_patterns(root, &mut sources);
    let (mut index, mut states) = (String::new(), Vec::new());
    for source in &sources {
        let tables = made_or_kept(source, &out.join("patterns"));
        if tables.is_empty() {
            continue;
        }
        write!(index, "({source:?}, &[").expect("memory");
        for table in tables {
            let determinize::Table {
                exact,
                width,
                states: rows,
                bytes,
            } = table;
            let at = states.len();
            states.extend(bytes);
            write!(
                index,
                "Table {{ exact: {exact}, at: {at}, width: {width}, states: {rows} }},"
            )
            .expect("memory");
        }
        writeln!(index, "]),").expect("memory");
    }
    let index = format!(
        "/// Sorted by their sources.\nstatic TABLES: &[(&str, &[Table])] = &[\n{index}];\n"
    );
    std::fs::write(out.join("patterns.rs"), index).expect("OUT_DIR is writable");
    std::fs::write(out.join("patterns.bin"), states).expect("OUT_DIR is writable");
}

/// What tables are made by: those of another maker are not kept.
const MAKERS: [&str; 2] = [
    include_str!("src/policy/pattern/determinize.rs"),
    include_str!("src/policy/pattern/translate.rs"),
];

/// Tables take seconds to make, so those of an earlier build are kept in a folder.
fn made_or_kept(source: &str, folder: &Path) -> Vec<determinize::Table> {
    use std::hash::{DefaultHasher, Hash, Hasher};
    let mut hasher = DefaultHasher::new();
    (source, MAKERS).hash(&mut hasher);
    let file = folder.join(format!("{:016x}", hasher.finish()));
    let kept = std::fs::read(&file).ok().and_then(|bytes| {
        let (of, tables): (String, _) = postcard::from_bytes(&bytes).ok()?;
        (of == source).then_some(tables)
    });
    kept.unwrap_or_else(|| {
        let tables = determinize::tables(&translate::compiled(source)).unwrap_or_else(|fault| {
            println!("cargo::error=the pattern {source:?}: {fault}");
            std::process::exit(1);
        });
        std::fs::create_dir_all(folder).expect("OUT_DIR is writable");
        let bytes = postcard::to_allocvec(&(source, &tables)).expect("a table is plain data");
        std::fs::write(file, bytes).expect("OUT_DIR is writable");
        tables
    })
}

/// Takes the argument of each `Pattern::new` in the Rust files of a folder.
fn collect_patterns(folder: &Path, sources: &mut BTreeSet<String>) {
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            collect_patterns(&path, sources);
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            println!("cargo::rerun-if-changed={}", path.display());
            let text = std::fs::read_to_string(&path).expect("a source file is UTF-8");
            sources.extend(text.split("Pattern::new(").skip(1).filter_map(raw_string));
        }
    }
}

/// The raw string that a text begins with.
fn raw_string(text: &str) -> Option<String> {
    let text = text.trim_start().strip_prefix('r')?;
    let inner = text.trim_start_matches('#');
    let hashes = text.len() - inner.len();
    let inner = inner.strip_prefix('"')?;
    let end = inner.find(&format!("\"{}", "#".repeat(hashes)))?;
    Some(inner[..end].to_owned())
}

/// Cargo compares only the listed folder's own time stamp, so every folder is named.
fn watch(folder: &Path) {
    println!("cargo::rerun-if-changed={}", folder.display());
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        if entry.path().is_dir() {
            watch(&entry.path());
        }
    }
}
