//! Compiles `sdk-signatures/` into one blob that the binary embeds, so that a
//! broken signature file fails the build and loading costs no parsing.

#[allow(missing_docs, dead_code)]
#[path = "src/sdk/files.rs"]
mod files;
#[allow(missing_docs, dead_code)]
#[path = "src/sdk/schema.rs"]
mod schema;

use std::path::{Path, PathBuf};

fn main() {
    let root = PathBuf::from(std::env::var_os("CARGO_MANIFEST_DIR").expect("cargo sets it"))
        .join("sdk-signatures");
    watch(&root);
    let catalogue = files::read_catalogue(&root).unwrap_or_else(|faults| {
        for fault in &faults {
            println!("cargo::error={fault}");
        }
        std::process::exit(1);
    });
    let blob = postcard::to_allocvec(&catalogue).expect("a catalogue is plain data");
    let out =
        PathBuf::from(std::env::var_os("OUT_DIR").expect("cargo sets it")).join("signatures.bin");
    std::fs::write(out, blob).expect("OUT_DIR is writable");
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
