//! Compiles `sdk-signatures/` into two blobs that the binary embeds, so that a
//! broken signature file fails the build and loading costs no parsing: the
//! catalogue itself, and the words of it that policies use. Compiles the constant
//! patterns of the policy room into tables, so that a broken pattern fails the
//! build and matching costs no compiling.

#[allow(missing_docs, dead_code, unused_imports)]
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
    pub mod pattern {
        mod determinize;
        pub mod embed;
        mod translate;
    }
    mod url {
        mod key;
        pub(crate) use key::{host, page_key};
    }
}

use std::path::{Path, PathBuf};

use policy::lexicon::compiled::Lexicon;
use policy::pattern::embed;

fn main() {
    let root = PathBuf::from(std::env::var_os("CARGO_MANIFEST_DIR").expect("cargo sets it"));
    let signatures = root.join("sdk-signatures");
    watch(&signatures);
    let catalogue = sdk::files::read_catalogue(&signatures).unwrap_or_else(|faults| {
        for fault in &faults {
            println!("cargo::error={fault}");
        }
        std::process::exit(1);
    });
    let out = PathBuf::from(std::env::var_os("OUT_DIR").expect("cargo sets it"));
    write(&out.join("signatures.bin"), &catalogue);
    write(&out.join("lexicon.bin"), &Lexicon::of(&catalogue));
    embed::patterns(&root.join("src/policy"), &out);
}

/// Writes what a file of `src` embeds.
fn write(file: &Path, content: &impl serde::Serialize) {
    let blob = postcard::to_allocvec(content).expect("plain data");
    std::fs::write(file, blob).expect("OUT_DIR is writable");
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
