//! The command line: typed words, a checked plan, then the command. Usage
//! errors come before any work starts.

mod arguments;
mod explain;
mod output;
mod policy;
mod progress;
mod scan;
mod signatures;

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Parser;

use crate::batch::path_text::path_text;
use crate::sdk::KnowledgeBase;
use arguments::{Arguments, Command};

/// Exit codes of the contract.
pub mod exit {
    /// Analysed completely, nothing at or above the threshold.
    pub const CLEAN: u8 = 0;
    /// Findings at or above the threshold; faults found by `signatures check`.
    pub const FINDINGS: u8 = 1;
    /// Usage or configuration error: nothing was done.
    pub const USAGE: u8 = 2;
    /// Some input was not read, or only in part.
    pub const INCOMPLETE: u8 = 3;
    /// Stopped by Ctrl-C (128 + SIGINT, the shell's convention).
    pub const INTERRUPTED: u8 = 130;
}

/// A usage or configuration error; printed, then exit code 2.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
struct UsageError(String);

/// Shorthand for a usage error.
fn usage<T>(message: impl Into<String>) -> anyhow::Result<T> {
    Err(UsageError(message.into()).into())
}

/// Refuses what is no regular file: opening a pipe would wait for its writer.
fn check_file(option: &str, path: &Path) -> anyhow::Result<()> {
    let given = format!("{option} {}", path_text(path));
    let given = given.trim_start();
    match std::fs::metadata(path) {
        Ok(metadata) if metadata.is_file() => Ok(()),
        Ok(_) => usage(format!("{given}: not a file")),
        Err(error) => usage(format!("{given}: {error}")),
    }
}

/// Runs the command of the process arguments.
pub fn run() -> ExitCode {
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => {
            // Help and version go to stdout with 0, the rest to stderr with 2.
            let code = if error.use_stderr() {
                exit::USAGE
            } else {
                exit::CLEAN
            };
            let _ = error.print();
            return ExitCode::from(code);
        }
    };
    let signatures = &arguments.signatures;
    let result = match arguments.command {
        Command::Scan(arguments) => scan::run(*arguments, signatures),
        Command::Policy(arguments) => policy::run(&arguments, signatures),
        Command::Signatures(arguments) => signatures::run(&arguments, signatures),
        Command::Explain(arguments) => explain::run(&arguments),
        Command::Diff(_) => not_yet("diff"),
        Command::Disclose(_) => not_yet("disclose"),
        Command::Schema(_) => not_yet("schema"),
    };
    match result {
        Ok(code) => ExitCode::from(code),
        // A reader such as `head` that closes the pipe needs no message, but the
        // answer did not arrive in full: that is no clean end either.
        Err(error) if is_broken_pipe(&error) => ExitCode::from(exit::INCOMPLETE),
        Err(error) => {
            say(&format!("{error:#}"));
            ExitCode::from(if error.is::<UsageError>() {
                exit::USAGE
            } else {
                exit::INCOMPLETE
            })
        }
    }
}

fn not_yet(command: &str) -> anyhow::Result<u8> {
    usage(format!(
        "`{command}` is not available in version {}; see CHANGELOG.md for what is",
        env!("CARGO_PKG_VERSION")
    ))
}

/// A line on standard error. When even that cannot be written, the exit code
/// still tells.
fn say(message: &str) {
    let _ = writeln!(std::io::stderr(), "sdkaudit: {message}");
}

/// Whether the reader of the output closed it.
fn is_broken_pipe(error: &anyhow::Error) -> bool {
    error.chain().any(|cause| {
        let io = cause.downcast_ref::<std::io::Error>();
        let json = cause.downcast_ref::<serde_json::Error>();
        io.is_some_and(|e| e.kind() == std::io::ErrorKind::BrokenPipe)
            || json.and_then(serde_json::Error::io_error_kind)
                == Some(std::io::ErrorKind::BrokenPipe)
    })
}

/// The base that `--signatures` asks for: `none` drops the embedded one, a
/// folder adds to it.
fn knowledge_base(folders: &[PathBuf]) -> anyhow::Result<KnowledgeBase> {
    let is_none = |folder: &PathBuf| folder.as_os_str() == "none";
    let mut base = if folders.iter().any(is_none) {
        KnowledgeBase::without_signatures()
    } else {
        KnowledgeBase::embedded()
    };
    for folder in folders.iter().filter(|folder| !is_none(folder)) {
        if !folder.is_dir() {
            return usage(format!(
                "--signatures {}: no such folder",
                path_text(folder)
            ));
        }
        base = match base.extended(folder) {
            Ok(base) => base,
            Err(faults) => {
                let list: Vec<String> = faults.iter().map(ToString::to_string).collect();
                return usage(format!(
                    "--signatures {}: broken signature files\n{}",
                    path_text(folder),
                    list.join("\n")
                ));
            }
        };
    }
    Ok(base)
}
