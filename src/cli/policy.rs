//! `sdkaudit policy`: what policies disclose.

use std::io::Write;
use std::path::{Path, PathBuf};

use rayon::prelude::*;

use super::arguments::{PolicyArguments, PolicyFormat};
use super::output::{Sink, check_apart, required_by_ending, style};
use super::{check_file, exit, knowledge_base, say};
use crate::audit::gate::{Gate, Outcome};
use crate::batch::mapped::MappedFile;
use crate::batch::path_text::path_text;
use crate::batch::policies::open_policy;
use crate::formats::LimitScope;
use crate::policy::model::PolicyDocument;
use crate::policy::{self, Lexicon};
use crate::report::{Format, print_policies};
use crate::sdk::KnowledgeBase;

pub fn run(arguments: &PolicyArguments, signatures: &[PathBuf]) -> anyhow::Result<u8> {
    for file in &arguments.files {
        check_file("", file)?;
    }
    let outputs: Vec<&Path> = arguments.output.iter().map(PathBuf::as_path).collect();
    let policies = arguments
        .files
        .iter()
        .map(|file| ("a policy", file.as_path()));
    check_apart(&outputs, policies)?;
    let format = match (arguments.format, arguments.output.as_deref()) {
        (Some(format), _) => format,
        (None, Some(file)) => PolicyFormat::Report(required_by_ending(file)?),
        (None, None) => PolicyFormat::Report(Format::Human),
    };
    let base = knowledge_base(signatures)?;
    let mut sink = Sink::open(arguments.output.as_deref())?;
    let code = match format {
        PolicyFormat::Text => texts(arguments, &mut sink)?,
        PolicyFormat::Report(format) => {
            let documents = documents(&arguments.files, &base);
            let style = style(&sink, false);
            print_policies(format, style, &mut sink, &documents, &base)?;
            let gate = Gate::default();
            gate.exit_code(
                documents
                    .iter()
                    .map(|d| gate.policy(d))
                    .fold(Outcome::default(), Outcome::merge),
            )
        }
    };
    sink.close()?;
    Ok(code)
}

/// What the files disclose; one that cannot be read is shown as such, not left out.
fn documents(files: &[PathBuf], base: &KnowledgeBase) -> Vec<PolicyDocument> {
    // This thread works as well: starting one less takes part of a small run. Where
    // there is a pool already, that one serves.
    let _ = rayon::ThreadPoolBuilder::new()
        .use_current_thread()
        .build_global();
    let (lexicon, opened): (_, Vec<_>) = rayon::join(
        || Lexicon::compile(base),
        || files.par_iter().map(|file| open_policy(file)).collect(),
    );
    files
        .par_iter()
        .zip(opened)
        .map(|(file, opened)| match opened {
            Ok(opened) => opened.read(&lexicon),
            Err(message) => PolicyDocument::unreadable(path_text(file).into_owned(), message),
        })
        .collect()
}

/// The text that the offsets of quotes count in.
fn texts(arguments: &PolicyArguments, sink: &mut Sink) -> anyhow::Result<u8> {
    let mut code = exit::CLEAN;
    for file in &arguments.files {
        let shown = path_text(file);
        let text = MappedFile::open(file)
            .map_err(|error| error.to_string())
            .and_then(|map| {
                policy::extracted_text(&shown, map.bytes()).map_err(|error| error.to_string())
            });
        match text {
            Ok((text, limits)) => {
                sink.write_all(text.as_bytes())?;
                for limit in limits.iter().filter(|l| l.scope == LimitScope::Analysis) {
                    say(&format!("{shown}: {}", limit.message));
                    code = exit::INCOMPLETE;
                }
            }
            Err(error) => {
                say(&format!("{shown}: {error}"));
                code = exit::INCOMPLETE;
            }
        }
    }
    Ok(code)
}
