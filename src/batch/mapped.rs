//! Files mapped into memory: the only unsafe code of the crate.

use std::fs::File;
use std::path::Path;

/// A read-only view of a whole file.
#[derive(Debug)]
pub struct MappedFile(Option<memmap2::Mmap>);

impl MappedFile {
    /// Maps a regular file.
    ///
    /// # Errors
    /// What the operating system says; a folder, a pipe or a device is refused.
    pub fn open(path: &Path) -> std::io::Result<Self> {
        // Before the file is opened: opening a pipe waits for its writer.
        regular(&std::fs::metadata(path)?)?;
        let file = File::open(path)?;
        let metadata = file.metadata()?;
        regular(&metadata)?;
        if metadata.len() == 0 {
            // An empty file cannot be mapped.
            return Ok(Self(None));
        }
        // SAFETY: the map is read-only and private to this process. A file that
        // another process shortens while it is scanned raises SIGBUS; scanning
        // files that are being written is outside what the tool promises.
        #[allow(unsafe_code)]
        let map = unsafe { memmap2::Mmap::map(&file) }?;
        Ok(Self(Some(map)))
    }

    /// The bytes of the file.
    pub fn bytes(&self) -> &[u8] {
        self.0.as_deref().unwrap_or_default()
    }
}

fn regular(metadata: &std::fs::Metadata) -> std::io::Result<()> {
    if metadata.is_file() {
        return Ok(());
    }
    let kind = std::io::ErrorKind::InvalidInput;
    Err(std::io::Error::new(kind, "not a regular file"))
}
