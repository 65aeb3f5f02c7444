//! Compiles `sdk-signatures/` into two blobs that the binary embeds, so that a
//! broken signature file fails the build and loading costs no parsing: the
//! catalogue itself, and the words of it that policies use.

#[allow(missing_docs, dead_code)]
#[path = "src/sdk"]
mod sdk {
    pub mod files;
    pub mod schema;
}
#[allow(missing_docs, dead_code)]
#[path = "src/policy"]
mod policy {
    pub mod lexicon {
        mod companies;
        pub mod compiled;
        mod item_words;
        mod names;
        mod purposes;
        mod squash;
        mod strings;
        mod table;
        mod terms;
        mod variants;
    }
    mod url {
        mod key;
        pub(crate) use key::{host, page_key};
    }
}

use std::path::{Path, PathBuf};

use policy::lexicon::compiled::Lexicon;

fn main() {
    let root = PathBuf::from(std::env::var_os("CARGO_MANIFEST_DIR").expect("cargo sets it"))
        .join("sdk-signatures");
    watch(&root);
    let catalogue = sdk::files::read_catalogue(&root).unwrap_or_else(|faults| {
        for fault in &faults {
            println!("cargo::error={fault}");
        }
        std::process::exit(1);
    });
    write("signatures.bin", &catalogue);
    write("lexicon.bin", &Lexicon::of(&catalogue));
}

/// Writes what a file of `src` embeds.
fn write(name: &str, content: &impl serde::Serialize) {
    let blob = postcard::to_allocvec(content).expect("plain data");
    let out = PathBuf::from(std::env::var_os("OUT_DIR").expect("cargo sets it"));
    std::fs::write(out.join(name), blob).expect("OUT_DIR is writable");
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
