//! Finds the constant patterns in the sources and writes their tables; a part of
//! the build script.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::Path;

use super::determinize::{self, Table, Tables, UNIT};
use super::translate;

/// Writes the tables of the patterns, sorted by their sources, and their index.
pub(crate) fn patterns(root: &Path, out: &Path) {
    println!("cargo::rerun-if-changed={}", root.display());
    let mut sources = BTreeSet::new();
    collect_patterns(root, &mut sources);
    let (mut index, mut states) = (String::new(), Vec::new());
    for source in &sources {
        let tables = match made_or_kept(source, &out.join("patterns")) {
            Tables::Finding(on, back) => {
                let on = put(on, &mut states);
                let back = back.map(|back| put(back, &mut states));
                let back = back.map_or("None".to_owned(), |back| format!("Some(&{back})"));
                format!("Finding(Finding {{ on: &{on}, back: {back} }})")
            }
            Tables::Telling(some, here) => {
                let some: Vec<_> = some.into_iter().map(|it| put(it, &mut states)).collect();
                let here = maybe(here, &mut states);
                format!("Telling(&[{}], {here})", some.join(", "))
            }
        };
        writeln!(index, "({source:?}, Tables::{tables}),").expect("memory");
    }
    let index = format!(
        "/// Entries of a unit.\nconst UNIT: usize = {UNIT};\n\n/// Sorted by their sources.\nstatic TABLES: &[(&str, Tables)] = &[\n{index}];\n"
    );
    std::fs::write(out.join("patterns.rs"), index).expect("OUT_DIR is writable");
    std::fs::write(out.join("patterns.bin"), states).expect("OUT_DIR is writable");
}

/// Appends the states of a table; the table itself as it is declared.
fn put(table: Table, states: &mut Vec<u8>) -> String {
    let at = states.len();
    states.extend(table.bytes);
    format!(
        "Table {{ exact: {}, at: {at}, end: {}, entries: {}, matches: {}, starts: {:?}, beyond_ascii: {}, at_words: {} }}",
        table.exact,
        table.end,
        table.entries,
        table.matches,
        table.starts,
        table.beyond_ascii,
        table.at_words
    )
}

fn maybe(table: Option<Table>, states: &mut Vec<u8>) -> String {
    let table = table.map(|table| put(table, states));
    table.map_or("None".to_owned(), |table| format!("Some(&{table})"))
}

/// What tables are made by: those of another maker are not kept.
const MAKERS: [&str; 2] = [include_str!("determinize.rs"), include_str!("translate.rs")];

/// Tables take seconds to make, so those of an earlier build are kept in a folder.
fn made_or_kept(source: &str, folder: &Path) -> Tables {
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
