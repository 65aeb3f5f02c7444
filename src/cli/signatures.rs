//! `sdkaudit signatures`: list, show, check.

use std::io::Write;
use std::path::{Path, PathBuf};

use super::arguments::{SignaturesArguments, SignaturesCommand};
use super::{exit, knowledge_base, usage};
use crate::batch::path_text::path_text;
use crate::sdk::KnowledgeBase;
use crate::sdk::check::{self, Severity};
use crate::sdk::schema::{Kind, Signature};

pub fn run(arguments: &SignaturesArguments, signatures: &[PathBuf]) -> anyhow::Result<u8> {
    match &arguments.command {
        SignaturesCommand::List => list(&knowledge_base(signatures)?),
        SignaturesCommand::Show { id } => show(id, &knowledge_base(signatures)?),
        SignaturesCommand::Check { folder } => check_folder(folder),
    }
}

fn list(base: &KnowledgeBase) -> anyhow::Result<u8> {
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    for signature in base.signatures() {
        let name = if signature.name.zh.is_empty() {
            &signature.name.en
        } else {
            &signature.name.zh
        };
        let kind = kind_word(signature.kind);
        writeln!(
            out,
            "{}\t{kind}\t{}\t{}\t{name}",
            signature.id, signature.category, signature.vendor
        )?;
    }
    out.flush()?;
    Ok(exit::CLEAN)
}

fn show(id: &str, base: &KnowledgeBase) -> anyhow::Result<u8> {
    let Some(signature) = base.signature(id) else {
        let near: Vec<&str> = base
            .signatures()
            .map(|s| s.id.as_str())
            .filter(|known| known.contains(id))
            .take(5)
            .collect();
        let hint = if near.is_empty() {
            "`sdkaudit signatures list` names all".to_owned()
        } else {
            format!("did you mean {}?", near.join(", "))
        };
        return usage(format!("no signature has the id \"{id}\"; {hint}"));
    };
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    writeln!(out, "# {}", base.file_of(id).unwrap_or("embedded"))?;
    write!(out, "{}", without_empty(signature)?)?;
    if signature.data.is_none() && signature.kind == Kind::Sdk {
        writeln!(out, "# data: unknown (no documentation recorded)")?;
    }
    out.flush()?;
    Ok(exit::CLEAN)
}

/// The signature as TOML without its empty fields.
fn without_empty(signature: &Signature) -> anyhow::Result<String> {
    fn prune(table: &mut toml::Table) {
        table.retain(|_, value| match value {
            toml::Value::String(text) => !text.is_empty(),
            toml::Value::Array(items) => !items.is_empty(),
            toml::Value::Table(inner) => {
                prune(inner);
                !inner.is_empty()
            }
            _ => true,
        });
    }
    let mut table = toml::Table::try_from(signature)?;
    prune(&mut table);
    Ok(toml::to_string_pretty(&table)?)
}

fn check_folder(folder: &Path) -> anyhow::Result<u8> {
    if !folder.is_dir() {
        return usage(format!("{}: no such folder", path_text(folder)));
    }
    let faults = check::check(folder);
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    for fault in &faults {
        writeln!(out, "{fault}")?;
    }
    let errors = faults
        .iter()
        .filter(|f| f.severity == Severity::Error)
        .count();
    let warnings = faults.len() - errors;
    let folder = path_text(folder);
    if faults.is_empty() {
        writeln!(out, "{folder}: no fault found")?;
    } else {
        writeln!(out, "{folder}: {errors} errors, {warnings} warnings")?;
    }
    out.flush()?;
    // Warnings, such as a missing licence note in a private folder, do not fail.
    Ok(if errors == 0 {
        exit::CLEAN
    } else {
        exit::FINDINGS
    })
}

fn kind_word(kind: Kind) -> &'static str {
    match kind {
        Kind::Sdk => "sdk",
        Kind::Library => "library",
        Kind::Platform => "platform",
        Kind::Packer => "packer",
    }
}
