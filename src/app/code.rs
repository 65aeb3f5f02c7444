//! The code of an app: dex files and class files, with an index of the classes
//! that each defines. A type that is merely referenced is not in the index.

use std::borrow::Cow;
use std::ops::Deref;
use std::sync::Arc;

use crate::formats::classfile::ClassFile;
use crate::formats::dex::{Dex, Placement};

/// One dex file, or the class files of one JAR.
#[derive(Debug)]
pub struct CodeUnit<'a> {
    /// Entry, or nested place (`assets/x.jar!classes.dex`).
    pub place: String,
    /// The code itself.
    pub body: CodeBody<'a>,
    /// Defined classes, sorted by name.
    pub classes: ClassTable,
}

/// The bytes or the parsed classes of a unit.
#[derive(Debug)]
pub enum CodeBody<'a> {
    /// One logical dex file; the 041 container's siblings share the bytes.
    Dex {
        /// The file, borrowed from the map where it was stored.
        bytes: CodeBytes<'a>,
        /// Where this logical dex file lies in the bytes.
        placement: Placement,
    },
    /// The classes of a JAR, sorted by name.
    ClassFiles(Vec<ClassFile>),
}

/// The bytes of a dex file; the logical files of a container share them.
#[derive(Debug, Clone)]
pub enum CodeBytes<'a> {
    /// Part of a mapped file.
    Mapped(&'a [u8]),
    /// Inflated.
    Inflated(Arc<Vec<u8>>),
}

impl<'a> From<Cow<'a, [u8]>> for CodeBytes<'a> {
    fn from(bytes: Cow<'a, [u8]>) -> Self {
        match bytes {
            Cow::Borrowed(bytes) => Self::Mapped(bytes),
            Cow::Owned(bytes) => Self::Inflated(Arc::new(bytes)),
        }
    }
}

impl Deref for CodeBytes<'_> {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        match self {
            Self::Mapped(bytes) => bytes,
            Self::Inflated(bytes) => bytes,
        }
    }
}

impl CodeUnit<'_> {
    /// The dex view, when this is dex code. It was checked at loading; taking
    /// the view again costs only the header.
    pub fn dex(&self) -> Option<Dex<'_>> {
        match &self.body {
            CodeBody::Dex { bytes, placement } => Dex::at(bytes, *placement),
            CodeBody::ClassFiles(_) => None,
        }
    }

    /// The dotted name of a class's superclass.
    pub fn super_class(&self, class: ClassRef<'_>) -> Option<String> {
        self.super_classes(&[class]).pop().flatten()
    }

    /// The dotted names of the superclasses of several classes, in their
    /// order. The dex is opened once for all.
    pub fn super_classes(&self, classes: &[ClassRef<'_>]) -> Vec<Option<String>> {
        let names: &dyn Fn(u32) -> Option<String> = match &self.body {
            CodeBody::Dex { .. } => {
                let dex = self.dex();
                &move |definition| {
                    let dex = dex.as_ref()?;
                    let super_class = dex.class_def(definition)?.superclass_idx?;
                    dex.type_descriptor(super_class)
                        .map(|descriptor| dotted(descriptor).into_owned())
                }
            }
            CodeBody::ClassFiles(files) => {
                &|definition| files.get(definition as usize)?.super_name.clone()
            }
        };
        let classes = classes.iter();
        classes.map(|class| names(class.definition)).collect()
    }
}

/// Names of defined classes in one arena, sorted, with their method counts.
#[derive(Debug, Default, Clone)]
pub struct ClassTable {
    names: String,
    entries: Vec<ClassEntry>,
}

#[derive(Debug, Clone, Copy)]
struct ClassEntry {
    start: u32,
    end: u32,
    methods: u32,
    definition: u32,
}

/// One defined class.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ClassRef<'t> {
    /// Dotted name, `$` kept for inner classes.
    pub name: &'t str,
    /// Methods with code.
    pub methods: u32,
    /// Index of its definition in the unit (class_def index, or class file).
    pub definition: u32,
}

impl<'t> ClassRef<'t> {
    /// The package, empty for the default package.
    pub fn package(&self) -> &'t str {
        self.name
            .rsplit_once('.')
            .map_or("", |(package, _)| package)
    }

    /// Whether build tools generate this class for any package that has
    /// resources or a build type (`R`, `R$id`, `BuildConfig`, `Manifest`): it
    /// says that resources were merged, not that code is there. Such a class
    /// has a constructor and an initialiser at the most; one with more methods
    /// only borrows the name.
    pub fn is_generated(&self) -> bool {
        let simple = self.name.rsplit('.').next().unwrap_or(self.name);
        let is_name = simple == "R"
            || simple.starts_with("R$")
            || simple == "BuildConfig"
            || simple == "Manifest"
            || simple.starts_with("Manifest$");
        is_name && self.methods <= 2
    }
}

impl ClassTable {
    /// Builds a table from names in any order; duplicates keep the first.
    pub fn build<'n>(classes: impl Iterator<Item = (Cow<'n, str>, u32, u32)>) -> Self {
        let mut table = Self::default();
        for (name, methods, definition) in classes {
            // Offsets are 32-bit: a dex file's strings are below 4 GiB.
            let start = table.names.len() as u32;
            table.names.push_str(&name);
            table.entries.push(ClassEntry {
                start,
                end: table.names.len() as u32,
                methods,
                definition,
            });
        }
        let names = std::mem::take(&mut table.names);
        let text = |entry: &ClassEntry| &names[entry.start as usize..entry.end as usize];
        table
            .entries
            .sort_by(|a, b| text(a).cmp(text(b)).then(a.definition.cmp(&b.definition)));
        table.entries.dedup_by(|a, b| text(a) == text(b));
        table.names = names;
        table
    }

    /// Classes in the order of their names.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = ClassRef<'_>> {
        self.entries.iter().map(|entry| self.class(entry))
    }

    /// How many classes are defined.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether no class is defined.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// The class of a dotted name.
    pub fn get(&self, name: &str) -> Option<ClassRef<'_>> {
        let found = self
            .entries
            .binary_search_by(|entry| self.class(entry).name.cmp(name))
            .ok()?;
        Some(self.class(&self.entries[found]))
    }

    /// Whether a class of this dotted name is defined.
    pub fn contains(&self, name: &str) -> bool {
        self.get(name).is_some()
    }

    fn class(&self, entry: &ClassEntry) -> ClassRef<'_> {
        ClassRef {
            name: &self.names[entry.start as usize..entry.end as usize],
            methods: entry.methods,
            definition: entry.definition,
        }
    }
}

/// The dotted name of a class descriptor (`Lcom/x/Y;` → `com.x.Y`). A malformed
/// descriptor is kept as it is, with its slashes replaced.
pub fn dotted(descriptor: &[u8]) -> Cow<'_, str> {
    let inner = descriptor
        .strip_prefix(b"L")
        .and_then(|rest| rest.strip_suffix(b";"))
        .unwrap_or(descriptor);
    let text = String::from_utf8_lossy(inner);
    if text.contains('/') {
        Cow::Owned(text.replace('/', "."))
    } else {
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(names: &[&'static str]) -> ClassTable {
        ClassTable::build(
            names
                .iter()
                .enumerate()
                .map(|(i, n)| (Cow::Borrowed(*n), 1, i as u32)),
        )
    }

    #[test]
    fn classes_are_found_whatever_the_order_of_definitions() {
        let table = table(&["com.x.Z", "com.x.A", "com.x.A$1", "com.x.A"]);
        assert_eq!(
            table.iter().map(|c| c.name).collect::<Vec<_>>(),
            ["com.x.A", "com.x.A$1", "com.x.Z"]
        );
        assert_eq!(table.get("com.x.Z").unwrap().definition, 0);
        assert!(!table.contains("com.x"));
    }

    #[test]
    fn resource_classes_are_no_code_of_their_package() {
        let table = table(&["com.x.R$id", "com.x.BuildConfig", "com.x.Router"]);
        let real: Vec<_> = table
            .iter()
            .filter(|c| !c.is_generated())
            .map(|c| c.name)
            .collect();
        assert_eq!(real, ["com.x.Router"]);
        let busy = [(Cow::Borrowed("com.x.R$Tracker"), 3, 0)];
        let busy = ClassTable::build(busy.into_iter());
        assert!(!busy.iter().any(|class| class.is_generated()));
    }

    #[test]
    fn descriptors_become_dotted_names() {
        assert_eq!(
            dotted(b"Lcn/jpush/android/api/JPushInterface;"),
            "cn.jpush.android.api.JPushInterface"
        );
        assert_eq!(dotted(b"La;"), "a");
        assert_eq!(dotted(b"broken"), "broken");
    }
}
