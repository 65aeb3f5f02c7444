//! The native libraries of an app.

use crate::formats::Anomaly;
use crate::formats::elf;
use crate::formats::limits::{
    MAX_LIBRARY_TEXT_BYTES, MAX_LIBRARY_TEXT_WORDS, MAX_LIBRARY_TEXTS, MAX_LIBRARY_URL_BYTES,
    MAX_LIBRARY_URLS,
};

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
    /// Imported symbols of all files of this name, sorted.
    pub imports: Vec<String>,
    /// String constants with a `scheme://`, sorted; at most
    /// [`MAX_LIBRARY_URLS`] of each file.
    pub urls: Vec<String>,
    /// String constants that can be the name of something: a system property,
    /// a path, a command line, a class, a member or a method's prototype;
    /// sorted, at most [`MAX_LIBRARY_TEXTS`] of each file.
    pub texts: Vec<String>,
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
        imports: Vec::new(),
        urls: Vec::new(),
        texts: Vec::new(),
        build_id: None,
    };
    match elf::parse(bytes) {
        Ok((library, mut anomalies)) => {
            file.is_elf = true;
            file.soname = library.soname.filter(|soname| soname != name);
            file.build_id = library.build_id;
            file.exports = library.exported;
            file.imports = library.imported;
            file.take_strings(bytes, &mut anomalies);
            file.sort();
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

/// Bytes that a kept name costs beside its text: the owned string and what an
/// allocator adds.
const NAME_OVERHEAD: usize = 48;

impl NativeFile {
    /// Adds another file of the same name.
    pub fn absorb(&mut self, other: Self) {
        self.places.extend(other.places);
        self.is_elf |= other.is_elf;
        self.soname = self.soname.take().or(other.soname);
        self.build_id = self.build_id.take().or(other.build_id);
        self.exports.extend(other.exports);
        self.imports.extend(other.imports);
        self.urls.extend(other.urls);
        self.texts.extend(other.texts);
        self.sort();
    }

    /// Bytes that its symbols and strings take in memory, about.
    pub fn name_bytes(&self) -> usize {
        let lists = [&self.exports, &self.imports, &self.urls, &self.texts];
        let names = lists.into_iter().flatten();
        names.map(|name| name.len() + NAME_OVERHEAD).sum()
    }

    /// Keeps nothing but what the file is called.
    pub fn forget_names(&mut self) {
        for list in self.lists() {
            *list = Vec::new();
        }
    }

    fn lists(&mut self) -> [&mut Vec<String>; 4] {
        [
            &mut self.exports,
            &mut self.imports,
            &mut self.urls,
            &mut self.texts,
        ]
    }

    fn sort(&mut self) {
        for list in self.lists() {
            list.sort_unstable();
            list.dedup();
        }
    }

    /// One walk over the read-only strings; what is over a cap is not looked at.
    fn take_strings(&mut self, bytes: &[u8], anomalies: &mut Vec<Anomaly>) {
        for text in elf::rodata_strings(bytes) {
            if text.contains("://") {
                if text.len() <= MAX_LIBRARY_URL_BYTES && self.urls.len() < MAX_LIBRARY_URLS {
                    self.urls.push(text.to_owned());
                }
            } else if self.texts.len() < MAX_LIBRARY_TEXTS && can_be_name(text) {
                self.texts.push(text.to_owned());
            }
        }
        if self.urls.len() == MAX_LIBRARY_URLS {
            let message = format!("only the first {MAX_LIBRARY_URLS} URLs were looked at");
            anomalies.push(Anomaly::new("elf-urls-capped", message, ""));
        }
        if self.texts.len() == MAX_LIBRARY_TEXTS {
            let message = format!("only the first {MAX_LIBRARY_TEXTS} names were looked at");
            anomalies.push(Anomaly::new("elf-texts-capped", message, ""));
        }
    }
}

/// Whether a string has the shape of a name or of a command line: words without
/// quotes and sentence marks, and where there are several a program's name in
/// front. What it names is not asked here.
fn can_be_name(text: &str) -> bool {
    if text.len() > MAX_LIBRARY_TEXT_BYTES {
        return false;
    }
    let mut words = text.split(' ');
    let first = words.next().unwrap_or_default();
    let rest = words.take(MAX_LIBRARY_TEXT_WORDS);
    let mut count = 1;
    for word in rest {
        if word.is_empty()
            || !word
                .bytes()
                .all(|b| is_name_byte(b) || b"<>|&*=+,".contains(&b))
        {
            return false;
        }
        count += 1;
    }
    let is_program = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b"/._-".contains(&b);
    !first.is_empty()
        && count <= MAX_LIBRARY_TEXT_WORDS
        && first.bytes().all(is_name_byte)
        && (count == 1 || first.bytes().all(is_program))
}

/// Bytes of properties, paths (also as patterns of `printf`), identifiers,
/// descriptors and prototypes.
fn is_name_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"_$./%-:;()[#".contains(&byte)
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
    #[test]
    fn names_are_told_from_sentences_by_their_shape() {
        for (text, is_name) in [
            ("ro.serialno", true),
            ("/proc/%d/cmdline", true),
            ("__system_property_get", true),
            ("android/telephony/TelephonyManager", true),
            ("(I[B)Ljava/lang/String;", true),
            ("cat /proc/cpuinfo | grep Serial", true),
            ("Could not open file", false),
            ("error: can't read", false),
            ("two  blanks", false),
            ("a b c d e f g h i", false),
        ] {
            assert_eq!(can_be_name(text), is_name, "{text}");
        }
    }

    #[test]
    fn files_of_one_name_add_up_and_can_be_forgotten() {
        let with = |import: &str| NativeFile {
            imports: vec![import.to_owned()],
            texts: vec!["ro.serialno".to_owned()],
            ..read("libx.so", import, b"").0
        };
        let mut file = with("popen");
        file.absorb(with("dlsym"));
        assert_eq!(file.imports, ["dlsym", "popen"]);
        assert_eq!(file.texts, ["ro.serialno"]);
        assert_eq!(file.name_bytes(), 5 + 5 + 11 + 3 * NAME_OVERHEAD);
        file.forget_names();
        assert_eq!(file.name_bytes(), 0);
        assert_eq!(file.places, ["popen", "dlsym"]);
    }
}
