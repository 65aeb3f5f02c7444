//! Where reports go. A file appears under its name only when it is complete.

use std::fs::{File, OpenOptions};
use std::io::{BufWriter, IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use anyhow::Context;

use super::arguments::OutputArguments;
use super::usage;
use crate::batch::path_text::path_text;
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
            (None, None) => required_by_ending(file)?,
        };
        if file.is_dir()
            || !file
                .parent()
                .is_none_or(|folder| folder.as_os_str().is_empty() || folder.is_dir())
        {
            return usage(format!(
                "--output {}: not a file in an existing folder",
                path_text(file)
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

/// The format that the ending of an output names.
///
/// # Errors
/// A usage error when it names none.
pub fn required_by_ending(file: &Path) -> anyhow::Result<Format> {
    by_ending(file).map_or_else(
        || {
            usage(format!(
                "--output {}: the ending names no format; add --format or use .json, .jsonl or .txt",
                path_text(file)
            ))
        },
        Ok,
    )
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

/// Refuses outputs that are also an input, a policy or another output: the
/// report would replace what it speaks of. `others` are files with what they are.
pub fn check_apart<'p>(
    outputs: &[&'p Path],
    others: impl IntoIterator<Item = (&'static str, &'p Path)>,
) -> anyhow::Result<()> {
    let mut taken: Vec<(Identity, &Path)> = Vec::new();
    for output in outputs {
        let Some(identity) = Identity::of(output) else {
            continue;
        };
        if taken.iter().any(|(other, _)| *other == identity) {
            return usage(format!("--output {}: given twice", path_text(output)));
        }
        taken.push((identity, output));
    }
    if taken.is_empty() {
        return Ok(());
    }
    for (what, path) in others {
        let identity = Identity::of(path);
        if let Some((_, output)) = taken.iter().find(|(o, _)| Some(o) == identity.as_ref()) {
            return usage(format!(
                "--output {}: that file is also {what}: {}",
                path_text(output),
                path_text(path)
            ));
        }
    }
    Ok(())
}

/// What makes two paths the same file: device and inode, or for a file that
/// does not exist yet its name in its folder.
#[derive(Debug, PartialEq, Eq)]
enum Identity {
    #[cfg(unix)]
    Inode(u64, u64),
    Path(PathBuf),
}

impl Identity {
    fn of(path: &Path) -> Option<Self> {
        #[cfg(unix)]
        if let Ok(metadata) = std::fs::metadata(path) {
            use std::os::unix::fs::MetadataExt;
            return Some(Self::Inode(metadata.dev(), metadata.ino()));
        }
        if let Ok(path) = std::fs::canonicalize(path) {
            return Some(Self::Path(path));
        }
        let path = behind_links(path)?;
        let folder = std::fs::canonicalize(folder_of(&path)).ok()?;
        Some(Self::Path(folder.join(path.file_name()?)))
    }
}

/// Links followed before a path is given up, as Linux does (`ELOOP`).
const MAX_LINKS: usize = 40;

/// The file that a path of links stands for, existing or not.
fn behind_links(path: &Path) -> Option<PathBuf> {
    let mut path = path.to_owned();
    for _ in 0..MAX_LINKS {
        match std::fs::read_link(&path) {
            Ok(to) => path = folder_of(&path).join(to),
            Err(_) => return Some(path),
        }
    }
    None
}

fn folder_of(path: &Path) -> &Path {
    match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    }
}

/// An open report.
pub enum Sink {
    /// Standard output.
    Stdout(BufWriter<std::io::Stdout>),
    /// A pipe or a device, which has no place to rename a file into.
    Direct(BufWriter<File>),
    /// A regular file: written beside its place, renamed when complete.
    File {
        writer: BufWriter<File>,
        partial: Partial,
        path: PathBuf,
    },
}

impl Sink {
    /// Opens standard output, a device, or a file beside `file`.
    pub fn open(file: Option<&Path>) -> anyhow::Result<Self> {
        let Some(path) = file.filter(|path| !is_standard_output(path)) else {
            return Ok(Self::Stdout(BufWriter::new(std::io::stdout())));
        };
        Self::open_file(path).or_else(|error| {
            usage(format!(
                "--output {}: cannot be written: {error}",
                path_text(path)
            ))
        })
    }

    fn open_file(path: &Path) -> std::io::Result<Self> {
        // /dev/fd/3 may be a regular file, but has no name to rename to.
        let is_open = path.starts_with("/dev") || path.starts_with("/proc");
        if is_open || std::fs::metadata(path).is_ok_and(|known| !known.is_file()) {
            let device = OpenOptions::new().append(true).open(path)?;
            return Ok(Self::Direct(BufWriter::new(device)));
        }
        let path =
            behind_links(path).ok_or_else(|| std::io::Error::other("too many symbolic links"))?;
        let (created, partial) = Partial::create(&path)?;
        Ok(Self::File {
            writer: BufWriter::new(created),
            partial,
            path,
        })
    }

    /// Whether this is a terminal.
    pub fn is_terminal(&self) -> bool {
        matches!(self, Self::Stdout(_)) && std::io::stdout().is_terminal()
    }

    /// Writes what is buffered and puts the file in its place.
    pub fn close(mut self) -> anyhow::Result<()> {
        self.flush()?;
        if let Self::File {
            writer,
            partial,
            path,
        } = self
        {
            // Windows renames no open file.
            drop(writer);
            std::fs::rename(&partial.0, &path)
                .with_context(|| format!("{} cannot be put in place", path_text(&path)))?;
        }
        Ok(())
    }
}

fn is_standard_output(path: &Path) -> bool {
    ["/dev/stdout", "/dev/fd/1", "/proc/self/fd/1"]
        .iter()
        .any(|name| path == Path::new(name))
}

/// The name of an incomplete file; the file is removed with the value, unless
/// it was renamed before.
pub struct Partial(PathBuf);

/// Incomplete files of this run, for the end without unwinding.
static PARTIAL_FILES: Mutex<Vec<PathBuf>> = Mutex::new(Vec::new());

impl Partial {
    /// Makes `FILE.<process>.partial`, never over a file that is there.
    fn create(path: &Path) -> std::io::Result<(File, Self)> {
        let mut name = path.as_os_str().to_owned();
        name.push(format!(".{}.partial", std::process::id()));
        let name = PathBuf::from(name);
        let created = OpenOptions::new()
            .write(true)
            .create_new(true)
            .open(&name)?;
        let mut files = PARTIAL_FILES.lock().unwrap_or_else(PoisonError::into_inner);
        files.push(name.clone());
        Ok((created, Self(name)))
    }
}

impl Drop for Partial {
    fn drop(&mut self) {
        let mut files = PARTIAL_FILES.lock().unwrap_or_else(PoisonError::into_inner);
        files.retain(|file| *file != self.0);
        // After a rename there is nothing of this name, which is as wanted.
        let _ = std::fs::remove_file(&self.0);
    }
}

/// Removes all incomplete files: the process is about to end at once.
pub fn remove_partial_files() {
    let mut files = PARTIAL_FILES.lock().unwrap_or_else(PoisonError::into_inner);
    for file in files.drain(..) {
        let _ = std::fs::remove_file(file);
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
            Self::Direct(writer) | Self::File { writer, .. } => writer.write(bytes),
        }
    }

    fn flush(&mut self) -> std::io::Result<()> {
        match self {
            Self::Stdout(writer) => writer.flush(),
            Self::Direct(writer) | Self::File { writer, .. } => writer.flush(),
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
