//! Paths as reports write them.

use std::borrow::Cow;
use std::path::Path;

/// A path as text that no two paths share: a byte that is not UTF-8 is written
/// as `\xNN`, and a `\x` that stands in the path itself as `\x5cx`.
#[cfg(unix)]
pub fn path_text(path: &Path) -> Cow<'_, str> {
    use std::fmt::Write;
    use std::os::unix::ffi::OsStrExt;

    let bytes = path.as_os_str().as_bytes();
    if let Ok(text) = std::str::from_utf8(bytes)
        && !text.contains(ESCAPE)
    {
        return Cow::Borrowed(text);
    }
    let mut text = String::with_capacity(bytes.len() + 8);
    for chunk in bytes.utf8_chunks() {
        text.push_str(&chunk.valid().replace(ESCAPE, "\\x5cx"));
        for byte in chunk.invalid() {
            // Writing to a String cannot fail.
            let _ = write!(text, "{ESCAPE}{byte:02x}");
        }
    }
    Cow::Owned(text)
}

#[cfg(unix)]
const ESCAPE: &str = "\\x";

/// A path as text; on this system nearly every path is Unicode.
#[cfg(not(unix))]
pub fn path_text(path: &Path) -> Cow<'_, str> {
    path.as_os_str().to_string_lossy()
}

#[cfg(all(test, unix))]
mod tests {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt;

    use super::*;

    #[test]
    fn different_paths_have_different_texts() {
        let text = |bytes: &[u8]| path_text(Path::new(OsStr::from_bytes(bytes))).into_owned();
        assert_eq!(text("极光/a b.apk".as_bytes()), "极光/a b.apk");
        assert_eq!(text(b"a\xff.apk"), "a\\xff.apk");
        assert_eq!(text(b"a\xfe.apk"), "a\\xfe.apk");
        assert_eq!(text(b"a\\xff.apk"), "a\\x5cxff.apk");
    }
}
