//! Where reports go. A file appears under its name only when it is complete.

use std::fs::File;
use std::io::{BufWriter, IsTerminal, Write};
use std::path::{Path, PathBuf};

use anyhow::Context;

use super::arguments::OutputArguments;
use super::usage;
use crate::report::{Format, Style};

/// One report to write: a format and where it goes (`None` is stdout).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    pub format: Format,
    pub file: Option<PathBuf>,
}

/// The targets that `--format` and `--output` ask for.
pub fn targets(arguments: &OutputArguments) -> anyhow::Result<Vec<Target>> {
    let mut targets = Vec::new();
    for file in &arguments.output {
        // One output takes --format; several tell their formats by their endings.
        let format = match (arguments.format, by_ending(file)) {
            (Some(format), _) if arguments.output.len() == 1 => format,
            (_, Some(format)) => format,
            (Some(format), None) => format,
            (None, None) => {
                return usage(format!(
                    "--output {}: the ending names no format; add --format or use .json, .jsonl or .txt",
                    file.display()
                ));
            }
        };
        if file.is_dir()
            || !file
                .parent()
                .is_none_or(|folder| folder.as_os_str().is_empty() || folder.is_dir())
        {
            return usage(format!(
                "--output {}: not a file in an existing folder",
                file.display()
            ));
        }
        targets.push(Target {
            format,
            file: Some(file.clone()),
        });
    }
    if targets.is_empty() {
        targets.push(Target {
            format: arguments.format.unwrap_or(Format::Human),
            file: None,
        });
    }
    Ok(targets)
}

fn by_ending(file: &Path) -> Option<Format> {
    let ending = file.extension()?.to_str()?.to_ascii_lowercase();
    Some(match ending.as_str() {
        "json" => Format::Json,
        "jsonl" | "ndjson" => Format::Jsonl,
        "txt" | "log" => Format::Human,
        _ => return None,
    })
}

/// An open report: standard output, or a file that is renamed into place.
pub enum Sink {
    Stdout(BufWriter<std::io::Stdout>),
    File {
        writer: BufWriter<File>,
        partial: PathBuf,
        path: PathBuf,
    },
}

impl Sink {
    /// Opens standard output or `FILE.partial`.
    pub fn open(file: Option<&Path>) -> anyhow::Result<Self> {
        let Some(path) = file else {
            return Ok(Self::Stdout(BufWriter::new(std::io::stdout())));
        };
        let mut partial = path.as_os_str().to_owned();
        partial.push(".partial");
        let partial = PathBuf::from(partial);
        match File::create(&partial) {
            Ok(created) => Ok(Self::File {
                writer: BufWriter::new(created),
                partial,
                path: path.to_owned(),
            }),
            Err(error) => usage(format!(
                "--output {}: cannot be written: {error}",
                path.display()
            )),
        }
    }

    /// Whether this is a terminal.
    pub fn is_terminal(&self) -> bool {
        matches!(self, Self::Stdout(_)) && std::io::stdout().is_terminal()
    }

    /// Writes what is buffered and puts the file in its place.
    pub fn close(mut self) -> anyhow::Result<()> {
        self.flush()?;
        if let Self::File { partial, path, .. } = self {
            std::fs::rename(&partial, &path)
                .with_context(|| format!("{} cannot be put in place", path.display()))?;
        }
        Ok(())
    }
}

/// The layout for a sink: colour and the terminal's width only on a terminal,
/// no colour with `NO_COLOR` (no-color.org).
pub fn style(sink: &Sink, verbose: bool) -> Style {
    let plain = Style {
        verbose,
        ..Style::default()
    };
    if !sink.is_terminal() {
        return plain;
    }
    let colour = std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty());
    let columns = std::env::var("COLUMNS")
        .ok()
        .and_then(|columns| columns.parse().ok());
    Style {
        colour,
        width: columns.unwrap_or(plain.width).clamp(MIN_WIDTH, MAX_WIDTH),
        ..plain
    }
}

/// Narrowest and widest page.
const MIN_WIDTH: usize = 60;
const MAX_WIDTH: usize = 200;

impl Write for Sink {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        match self {
            Self::Stdout(writer) => writer.write(bytes),
            Self::File { writer, .. } => writer.write(bytes),
        }
    }

    fn flush(&mut self) -> std::io::Result<()> {
        match self {
            Self::Stdout(writer) => writer.flush(),
            Self::File { writer, .. } => writer.flush(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chosen(format: Option<Format>, output: &[&str]) -> anyhow::Result<Vec<Format>> {
        let output = output.iter().map(PathBuf::from).collect();
        Ok(targets(&OutputArguments { format, output })?
            .iter()
            .map(|target| target.format)
            .collect())
    }

    #[test]
    fn the_format_comes_from_the_option_or_the_ending() {
        assert_eq!(chosen(None, &[]).unwrap(), [Format::Human]);
        assert_eq!(
            chosen(None, &["a.json", "b.jsonl"]).unwrap(),
            [Format::Json, Format::Jsonl]
        );
        assert_eq!(
            chosen(Some(Format::Json), &["report.out"]).unwrap(),
            [Format::Json]
        );
        assert!(chosen(None, &["report.out"]).is_err());
        assert!(chosen(None, &["report.sarif"]).is_err());
    }
}
