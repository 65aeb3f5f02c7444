//! The native libraries of an app.

use crate::formats::Anomaly;
use crate::formats::elf;
use crate::formats::limits::{MAX_LIBRARY_URL_BYTES, MAX_LIBRARY_URLS};

/// One native library: all files of one name, normally one per ABI.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NativeFile {
    /// File name (`libjiagu.so`).
    pub name: String,
    /// Entry names with their nested place, sorted.
    pub places: Vec<String>,
    /// Whether it was read as an ELF file; of others only the name counts.
    pub is_elf: bool,
    /// `DT_SONAME`, when it differs from the file name.
    pub soname: Option<String>,
    /// Exported symbols of all files of this name, sorted.
    pub exports: Vec<String>,
    /// String constants with a `scheme://`, sorted; at most
    /// [`MAX_LIBRARY_URLS`] of each file.
    pub urls: Vec<String>,
    /// GNU build id, lower-case hex.
    pub build_id: Option<String>,
}

/// Reads one library; of a file that is no ELF only the name counts.
pub fn read(name: &str, place: &str, bytes: &[u8]) -> (NativeFile, Vec<Anomaly>) {
    let mut file = NativeFile {
        name: name.to_owned(),
        places: vec![place.to_owned()],
        is_elf: false,
        soname: None,
        exports: Vec::new(),
        urls: Vec::new(),
        build_id: None,
    };
    match elf::parse(bytes) {
        Ok((library, mut anomalies)) => {
            file.is_elf = true;
            file.soname = library.soname.filter(|soname| soname != name);
            file.build_id = library.build_id;
            file.exports = library.exported;
            file.exports.sort();
            file.exports.dedup();
            file.urls = urls(bytes);
            if file.urls.len() == MAX_LIBRARY_URLS {
                let message = format!("only the first {MAX_LIBRARY_URLS} URLs were looked at");
                anomalies.push(Anomaly::new("elf-urls-capped", message, ""));
            }
            (
                file,
                anomalies.into_iter().map(|a| a.within(place)).collect(),
            )
        }
        Err(error) => {
            let message = format!("not read as a native library: {error}; only its name counts");
            (
                file,
                vec![Anomaly::new("native-library-unreadable", message, place)],
            )
        }
    }
}

/// URLs among the read-only strings; what is over the cap is not looked at.
fn urls(bytes: &[u8]) -> Vec<String> {
    let is_url = |text: &&str| text.len() <= MAX_LIBRARY_URL_BYTES && text.contains("://");
    let mut urls: Vec<String> = elf::rodata_strings(bytes)
        .filter(is_url)
        .take(MAX_LIBRARY_URLS)
        .map(str::to_owned)
        .collect();
    urls.sort();
    urls
}

impl NativeFile {
    /// Adds another file of the same name.
    pub fn absorb(&mut self, other: Self) {
        self.places.extend(other.places);
        self.is_elf |= other.is_elf;
        self.soname = self.soname.take().or(other.soname);
        self.build_id = self.build_id.take().or(other.build_id);
        self.exports.extend(other.exports);
        self.exports.sort();
        self.exports.dedup();
        self.urls.extend(other.urls);
        self.urls.sort();
        self.urls.dedup();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_elf_counts_by_name_and_says_so() {
        let (file, anomalies) = read("libjiagu.so", "lib/arm64-v8a/libjiagu.so", b"junk");
        assert_eq!(file.name, "libjiagu.so");
        assert_eq!(anomalies[0].code, "native-library-unreadable");
    }
}
