//! What native libraries may read: candidates from imports and constants.
//!
//! Machine code is not followed here. A library that imports a function that
//! reads, and holds the name of what can be read, *may* read it: every access
//! from here is marked as a candidate. Constants count as whole strings. Not
//! seen are names that are shorter than
//! [`crate::formats::limits::MIN_RODATA_STRING`], put together or decrypted at
//! run time, or that the linker stored as the end of a longer one, and system
//! calls without an import.

mod jni;

use std::collections::BTreeMap;

use super::model::{Access, CallSite, Capability, Reachability};
use crate::app::native::NativeFile;
use crate::sdk::schema::{Source, SourceKind, SourceRole};
use jni::Jni;

/// Start another program (POSIX `exec`, `posix_spawn`; C `system`, `popen`).
const RUNNERS: [&str; 11] = [
    "popen",
    "system",
    "execve",
    "execl",
    "execle",
    "execlp",
    "execv",
    "execvp",
    "execvpe",
    "posix_spawn",
    "posix_spawnp",
];

/// Read system properties (AOSP `bionic/libc/include/sys/system_properties.h`).
const PROPERTY_READERS: [&str; 5] = [
    "__system_property_get",
    "__system_property_read_callback",
    "__system_property_read",
    "__system_property_find",
    "__system_property_foreach",
];

/// Open, list or probe files (POSIX, and bionic's fortified and 64-bit names).
const FILE_READERS: [&str; 22] = [
    "open",
    "open64",
    "openat",
    "openat64",
    "__open_2",
    "__openat_2",
    "fopen",
    "fopen64",
    "freopen",
    "syscall",
    "opendir",
    "scandir",
    "access",
    "faccessat",
    "stat",
    "stat64",
    "lstat",
    "fstatat",
    "fstatat64",
    "readlink",
    "readlinkat",
    "inotify_add_watch",
];

/// Find a symbol by its name while running.
const SYMBOL_FINDERS: [&str; 2] = ["dlsym", "dlvsym"];

/// Candidate accesses of one library, in the order of data type and constant.
///
/// Permissions are those of the catalogue's row, all of the alternatives; what
/// the app's manifest leaves of an access is not known here.
pub fn candidates(library: &NativeFile, sources: &[Source]) -> Vec<Access> {
    let library = Library::new(library);
    let mut found = Found::default();
    for source in sources.iter().filter(|s| !s.data_types.is_empty()) {
        for member in &source.members {
            if let Some(evidence) = library.evidence(source, member) {
                found.add(source, evidence);
            }
        }
    }
    found.finish(&library)
}

/// What speaks for one access.
struct Evidence {
    /// The constant or import.
    api: String,
    /// The catalogue's row, when it says more.
    row: Option<String>,
    /// The imported or exported symbol by which the library can do it.
    symbol: String,
}

/// A library, ready to be asked.
struct Library<'a> {
    file: &'a NativeFile,
    jni: Option<Jni<'a>>,
    property_reader: Option<&'a str>,
    file_reader: Option<&'a str>,
    runner: Option<&'a str>,
}

impl<'a> Library<'a> {
    fn new(file: &'a NativeFile) -> Self {
        let mut library = Self {
            file,
            jni: Jni::of(file),
            property_reader: None,
            file_reader: None,
            runner: None,
        };
        library.runner = library
            .first(&RUNNERS)
            .or_else(|| library.java_entry(&["java/lang/Runtime", "java/lang/ProcessBuilder"]));
        // `getprop NAME` is put together of its words.
        library.property_reader = library
            .first(&PROPERTY_READERS)
            .or_else(|| library.java_entry(&["android/os/SystemProperties"]))
            .or(library.runner);
        library.file_reader = library
            .first(&FILE_READERS)
            .or_else(|| library.stream_opener());
        library
    }

    fn evidence(&self, source: &Source, member: &str) -> Option<Evidence> {
        let constant = |reader: Option<&str>| {
            let symbol = reader?.to_owned();
            has(&self.file.texts, member).then(|| Evidence {
                api: member.to_owned(),
                row: None,
                symbol,
            })
        };
        match source.kind {
            SourceKind::NativeImport => self.import(member).map(|symbol| Evidence {
                api: member.to_owned(),
                row: None,
                symbol: symbol.to_owned(),
            }),
            SourceKind::Property => constant(self.property_reader),
            SourceKind::Path => constant(self.file_reader),
            SourceKind::Command => constant(self.runner),
            // Where a constant or a condition decides, or the app overrides the
            // method, the two names alone say nothing about data.
            _ if !by_name_alone(source.role) => None,
            SourceKind::Method => self.jni.as_ref()?.method(&source.class, member),
            SourceKind::Field => self.jni.as_ref()?.field(&source.class, member),
            SourceKind::Setting => self.jni.as_ref()?.setting(&source.class, member),
            SourceKind::Reflection => self.jni.as_ref()?.name(member),
            SourceKind::Uri | SourceKind::Action | SourceKind::DrmProperty => None,
        }
    }

    /// The symbol by which an imported function is reached: itself, or the
    /// function that finds it by its name.
    fn import(&self, name: &str) -> Option<&'a str> {
        let imports = &self.file.imports;
        let itself = imports.binary_search_by(|known| known.as_str().cmp(name));
        if let Ok(index) = itself {
            return imports.get(index).map(String::as_str);
        }
        let finder = SYMBOL_FINDERS
            .into_iter()
            .find(|&finder| has(imports, finder));
        finder.filter(|_| has(&self.file.texts, name))
    }

    fn first(&self, names: &[&str]) -> Option<&'a str> {
        names.iter().find_map(|name| self.import(name))
    }

    /// C++ streams of a shared `libc++` open files behind a mangled name.
    fn stream_opener(&self) -> Option<&'a str> {
        let opens = |name: &&String| name.contains("basic_filebuf") && name.contains("4open");
        self.file.imports.iter().find(opens).map(String::as_str)
    }

    /// The JNI symbol, when one of these Java classes is named.
    fn java_entry(&self, classes: &[&str]) -> Option<&'a str> {
        let jni = self.jni.as_ref()?;
        classes
            .iter()
            .any(|class| has(&self.file.texts, class))
            .then_some(jni.symbol)
    }

    /// Where an access stands: the library, once for each of its files.
    fn sites(&self, symbol: &str) -> Vec<CallSite> {
        let class = self.jni.as_ref().and_then(|jni| jni.only_class.clone());
        let site = |place: &String| CallSite {
            class: class.clone().unwrap_or_default(),
            method: symbol.to_owned(),
            dex: place.clone(),
            ..CallSite::default()
        };
        self.file.places.iter().map(site).collect()
    }
}

/// Whether the use of a source gives data whatever else is passed to it.
fn by_name_alone(role: SourceRole) -> bool {
    matches!(
        role,
        SourceRole::Return
            | SourceRole::Getter
            | SourceRole::SdkApi
            | SourceRole::CallbackRegistration
    )
}

/// Whether a sorted list holds a string.
fn has(sorted: &[String], text: &str) -> bool {
    sorted
        .binary_search_by(|known| known.as_str().cmp(text))
        .is_ok()
}

/// Accesses by data type, constant and row, so that each is told once.
#[derive(Default)]
struct Found<'s>(BTreeMap<(&'s str, String, Option<String>), (&'s Source, String)>);

impl<'s> Found<'s> {
    fn add(&mut self, source: &'s Source, evidence: Evidence) {
        for data_type in &source.data_types {
            let key = (
                data_type.as_str(),
                evidence.api.clone(),
                evidence.row.clone(),
            );
            self.0
                .entry(key)
                .or_insert_with(|| (source, evidence.symbol.clone()));
        }
    }

    fn finish(self, library: &Library<'_>) -> Vec<Access> {
        let mut accesses: Vec<Access> = Vec::new();
        // `None` sorts first: a bare name gives way to rows that know the class.
        for ((data_type, api, row), (source, symbol)) in self.0 {
            if let Some(last) = accesses.last()
                && row.is_some()
                && (last.data_type.as_str(), &last.api, &last.source) == (data_type, &api, &None)
            {
                accesses.pop();
            }
            accesses.push(access(data_type, api, row, source, library.sites(&symbol)));
        }
        accesses
    }
}

fn access(
    data_type: &str,
    api: String,
    row: Option<String>,
    source: &Source,
    call_sites: Vec<CallSite>,
) -> Access {
    let mut permissions = [&source.all_of[..], &source.any_of[..]].concat();
    permissions.sort();
    permissions.dedup();
    Access {
        data_type: data_type.to_owned(),
        api,
        source: row,
        role: source.role,
        permissions,
        capability: Capability::Unknown,
        capability_note: None,
        candidate: true,
        count: call_sites.len(),
        call_sites,
        reachability: Reachability::Unknown,
        before_consent: false,
        path: Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sdk::base::KnowledgeBase;
    use crate::sdk::testing::library;

    fn file(exports: &[&str], imports: &[&str], texts: &[&str]) -> NativeFile {
        let sorted = |names: &[&str]| {
            let mut names: Vec<String> = names.iter().map(|&name| name.to_owned()).collect();
            names.sort();
            names
        };
        NativeFile {
            imports: sorted(imports),
            texts: sorted(texts),
            ..library("libx.so", true, exports)
        }
    }

    /// Data type, constant, row and symbol of what the catalogue finds.
    fn found(file: &NativeFile) -> Vec<[String; 4]> {
        candidates(file, KnowledgeBase::embedded().sources())
            .into_iter()
            .map(|access| {
                let method = access.call_sites[0].method.clone();
                [
                    access.data_type,
                    access.api,
                    access.source.unwrap_or_default(),
                    method,
                ]
            })
            .collect()
    }

    #[test]
    fn a_name_counts_only_with_an_import_that_can_read_it() {
        let texts = ["ro.serialno", "/sys/class/net/wlan0/address", "ifconfig"];
        assert_eq!(found(&file(&[], &["malloc"], &texts)), [[""; 4]; 0]);
        assert_eq!(
            found(&file(&[], &["__system_property_get"], &texts)),
            [["serial", "ro.serialno", "", "__system_property_get"]]
        );
        assert_eq!(
            found(&file(&[], &["fopen"], &texts)),
            [["mac", "/sys/class/net/wlan0/address", "", "fopen"]]
        );
        assert_eq!(
            found(&file(&[], &["popen"], &texts)),
            [
                ["mac", "ifconfig", "", "popen"],
                ["serial", "ro.serialno", "", "popen"]
            ]
        );
    }

    #[test]
    fn a_part_of_a_string_is_not_its_name() {
        let texts = ["ro.serialno.x", "/proc/self/maps", "/proc/%d/maps"];
        let imports = ["__system_property_get", "fopen"];
        assert_eq!(found(&file(&[], &imports, &texts)), [[""; 4]; 0]);
    }

    #[test]
    fn an_import_is_itself_a_source_also_when_it_is_found_by_name() {
        let linked = found(&file(&[], &["getifaddrs"], &[]));
        let looked_up = found(&file(&[], &["dlsym"], &["getifaddrs"]));
        assert_eq!(
            linked,
            [
                ["ip", "getifaddrs", "", "getifaddrs"],
                ["mac", "getifaddrs", "", "getifaddrs"]
            ]
        );
        assert_eq!(
            looked_up,
            [
                ["ip", "getifaddrs", "", "dlsym"],
                ["mac", "getifaddrs", "", "dlsym"]
            ]
        );
        assert_eq!(found(&file(&[], &[], &["getifaddrs"])), [[""; 4]; 0]);
    }

    #[test]
    fn java_methods_are_named_by_class_name_and_prototype() {
        let texts = [
            "android/telephony/TelephonyManager",
            "getDeviceId",
            "()Ljava/lang/String;",
        ];
        let row = "Landroid/telephony/TelephonyManager;->getDeviceId()Ljava/lang/String;";
        assert_eq!(
            found(&file(&["JNI_OnLoad"], &[], &texts)),
            [["imei", "getDeviceId", row, "JNI_OnLoad"]]
        );
        assert_eq!(found(&file(&[], &[], &texts)), [[""; 4]; 0], "no JNI");
    }

    #[test]
    fn what_a_condition_or_a_constant_decides_is_no_candidate_by_its_name() {
        let texts = [
            "android/content/pm/PackageManager",
            "getPackageInfo",
            "(Ljava/lang/String;I)Landroid/content/pm/PackageInfo;",
        ];
        assert_eq!(
            found(&file(&["JNI_OnLoad"], &[], &texts)),
            [[""; 4]; 0],
            "an app that checks its own signature reads no list of apps"
        );
    }

    #[test]
    fn a_candidate_says_so_and_names_the_java_class_that_declares_the_entry() {
        let exports = ["Java_com_example_Id_read", "Java_com_example_Id_write"];
        let file = file(&exports, &["__system_property_get"], &["ro.serialno"]);
        let found = candidates(&file, KnowledgeBase::embedded().sources());
        let [access] = &found[..] else {
            panic!("one access: {found:?}")
        };
        assert!(access.candidate && !access.before_consent);
        assert_eq!(access.reachability, Reachability::Unknown);
        assert_eq!(access.count, 1);
        assert_eq!(access.call_sites[0].class, "Lcom/example/Id;");
        assert_eq!(access.call_sites[0].dex, "lib/arm64-v8a/libx.so");
    }
}
