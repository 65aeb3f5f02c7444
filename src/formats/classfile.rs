//! Java class files (JAR, AAR): names, supertypes and string constants.
//!
//! Read by `cafebabe` (JVMS chapter 4), which two kinds of hostile input would
//! bring down, so they are kept from it:
//! * it reads attributes that may contain themselves (annotations, code inside
//!   code, record components) recursively without a limit. Their names are
//!   altered in a copy; an attribute of an unknown name is skipped, as JVMS
//!   4.7.1 demands;
//! * it panics when a name that a constant refers to is no modified UTF-8.
//!   Such a class is turned away by the Java verifier too.

use std::borrow::Cow;
use std::fmt::Display;
use std::panic::catch_unwind;
use std::sync::LazyLock;

use aho_corasick::{AhoCorasick, MatchKind};
use cafebabe::attributes::AttributeData;
use cafebabe::constant_pool::{ConstantPoolItem, LiteralConstant};
use cafebabe::{FieldInfo, ParseError, ParseOptions, parse_class_with_options};

use super::{DecodeError, Decoded};

/// What a class file declares.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ClassFile {
    /// Binary name with dots, such as `com.example.Outer$Inner`.
    pub name: String,
    /// Superclass with dots; none for `java.lang.Object` and modules.
    pub super_name: Option<String>,
    /// Interfaces with dots, in order.
    pub interfaces: Vec<String>,
    /// `access_flags` (JVMS 4.1, table 4.1-B).
    pub access_flags: u16,
    /// Number of methods, constructors and initialisers included.
    pub methods: usize,
    /// Number of fields.
    pub fields: usize,
    /// String constants in the order of the constant pool; bytes that are not
    /// UTF-8 are replaced.
    pub strings: Vec<String>,
    /// Fields with a constant string value (JVMS 4.7.2): name and value.
    pub static_strings: Vec<(String, String)>,
}

/// Reads a class file. Fails when it is not well-formed in the sense of JVMS
/// 4.8: a class file has no redundancy to repair it from.
pub fn parse(bytes: &[u8]) -> Decoded<ClassFile> {
    let bytes = without_nesting(bytes);
    let malformed =
        |why: &dyn Display| DecodeError::new(0, format!("no well-formed class file: {why}"));
    match catch_unwind(|| read(&bytes)) {
        Ok(Ok(class)) => Ok((class, Vec::new())),
        Ok(Err(error)) => Err(malformed(&error)),
        Err(_) => Err(malformed(&"a name is not modified UTF-8")),
    }
}

fn read(bytes: &[u8]) -> Result<ClassFile, ParseError> {
    let mut options = ParseOptions::default();
    options.parse_bytecode(false);
    let class = parse_class_with_options(bytes, &options)?;
    let strings = class
        .constantpool_iter()
        .filter_map(|item| match item {
            ConstantPoolItem::LiteralConstant(literal) => string(&literal),
            _ => None,
        })
        .collect();
    Ok(ClassFile {
        name: dotted(&class.this_class),
        super_name: class.super_class.as_deref().map(dotted),
        interfaces: class.interfaces.iter().map(|name| dotted(name)).collect(),
        access_flags: class.access_flags.bits(),
        methods: class.methods.len(),
        fields: class.fields.len(),
        strings,
        static_strings: class.fields.iter().filter_map(static_string).collect(),
    })
}

fn static_string(field: &FieldInfo<'_>) -> Option<(String, String)> {
    field.attributes.iter().find_map(|attribute| {
        let AttributeData::ConstantValue(literal) = &attribute.data else {
            return None;
        };
        Some((original(&field.name), string(literal)?))
    })
}

fn string(literal: &LiteralConstant<'_>) -> Option<String> {
    match literal {
        LiteralConstant::String(text) => Some(original(text)),
        LiteralConstant::StringBytes(raw) => Some(String::from_utf8_lossy(raw).into_owned()),
        _ => None,
    }
}

fn dotted(name: &str) -> String {
    original(name).replace('/', ".")
}

/// Stands for the first letter of an altered name; no compiler writes it.
const ALTERED: u8 = 0x01;

/// Attributes whose content may contain attributes or values of its own kind.
const NESTING: [&str; 9] = [
    "AnnotationDefault",
    "Code",
    "Record",
    "RuntimeInvisibleAnnotations",
    "RuntimeInvisibleParameterAnnotations",
    "RuntimeInvisibleTypeAnnotations",
    "RuntimeVisibleAnnotations",
    "RuntimeVisibleParameterAnnotations",
    "RuntimeVisibleTypeAnnotations",
];

/// Finds the names as `CONSTANT_Utf8` entries: tag 1, length, bytes. None
/// when the matcher cannot be built, which only a change of the table can do.
static NESTING_ENTRIES: LazyLock<Option<AhoCorasick>> = LazyLock::new(|| {
    let entry = |name: &&str| -> Vec<u8> {
        let length = u16::try_from(name.len()).unwrap_or_default().to_be_bytes();
        [&[1][..], &length, name.as_bytes()].concat()
    };
    AhoCorasick::builder()
        .match_kind(MatchKind::LeftmostFirst)
        .build(NESTING.iter().map(entry))
        .ok()
});

/// Bytes of tag and length in front of a name.
const ENTRY_HEAD: usize = 3;

fn without_nesting(bytes: &[u8]) -> Cow<'_, [u8]> {
    let mut altered = Cow::Borrowed(bytes);
    for found in NESTING_ENTRIES.iter().flat_map(|all| all.find_iter(bytes)) {
        if let Some(first) = altered.to_mut().get_mut(found.start() + ENTRY_HEAD) {
            *first = ALTERED;
        }
    }
    altered
}

/// Undoes the alteration: names and constants share entries with attributes.
fn original(text: &str) -> String {
    let rest = text.strip_prefix(char::from(ALTERED));
    let name = rest.and_then(|rest| NESTING.iter().find(|name| name.get(1..) == Some(rest)));
    name.map_or_else(|| text.to_owned(), |name| (*name).to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Writes a class file entry by entry.
    #[derive(Default)]
    struct Pool {
        bytes: Vec<u8>,
        count: u16,
    }

    impl Pool {
        fn add(&mut self, tag: u8, content: &[u8]) -> u16 {
            self.bytes.push(tag);
            self.bytes.extend(content);
            self.count += 1;
            self.count
        }

        fn utf8(&mut self, text: &[u8]) -> u16 {
            let length = (text.len() as u16).to_be_bytes();
            self.add(1, &[&length[..], text].concat())
        }

        fn class(&mut self, name: &str) -> u16 {
            let name = self.utf8(name.as_bytes());
            self.add(7, &name.to_be_bytes())
        }

        fn string(&mut self, text: &[u8]) -> u16 {
            let text = self.utf8(text);
            self.add(8, &text.to_be_bytes())
        }
    }

    fn words(values: &[u16]) -> Vec<u8> {
        values
            .iter()
            .flat_map(|value| value.to_be_bytes())
            .collect()
    }

    fn attribute(name: u16, content: &[u8]) -> Vec<u8> {
        let length = (content.len() as u32).to_be_bytes();
        [&name.to_be_bytes()[..], &length, content].concat()
    }

    /// A class with one constant field and, on the class, `annotations`.
    fn class(constant: &[u8], annotations: &[u8]) -> Vec<u8> {
        let mut pool = Pool::default();
        let this = pool.class("com/example/Outer$Inner");
        let parent = pool.class("java/lang/Object");
        let interface = pool.class("java/lang/Runnable");
        let field = pool.utf8(b"VERSION");
        let kind = pool.utf8(b"Ljava/lang/String;");
        let value = pool.string(constant);
        let constant_value = pool.utf8(b"ConstantValue");
        let visible = pool.utf8(b"RuntimeVisibleAnnotations");
        pool.string(b"Code");
        let mut out = b"\xca\xfe\xba\xbe\0\0\0\x34".to_vec();
        out.extend((pool.count + 1).to_be_bytes());
        out.extend(pool.bytes);
        out.extend(words(&[0x21, this, parent, 1, interface]));
        out.extend(words(&[1, 0x19, field, kind, 1]));
        out.extend(attribute(constant_value, &value.to_be_bytes()));
        out.extend(words(&[0, 1]));
        out.extend(attribute(visible, annotations));
        out
    }

    #[test]
    fn names_and_constants_of_a_class() {
        let (found, anomalies) = parse(&class(b"1.2.3", &words(&[0]))).unwrap();
        let expected = ClassFile {
            name: "com.example.Outer$Inner".to_owned(),
            super_name: Some("java.lang.Object".to_owned()),
            interfaces: vec!["java.lang.Runnable".to_owned()],
            access_flags: 0x21,
            methods: 0,
            fields: 1,
            strings: vec!["1.2.3".to_owned(), "Code".to_owned()],
            static_strings: vec![("VERSION".to_owned(), "1.2.3".to_owned())],
        };
        assert_eq!((found, anomalies), (expected, vec![]));
    }

    #[test]
    fn a_constant_that_is_no_utf8_is_read_lossily() {
        let (found, _) = parse(&class(b"\xed\xa0\x80", &words(&[0]))).unwrap();
        assert!(found.static_strings[0].1.contains('\u{fffd}'));
    }

    #[test]
    fn a_class_whose_names_are_no_utf8_is_an_error() {
        let mut data = class(b"1.2.3", &words(&[0]));
        let name = data.windows(7).position(|w| w == b"VERSION").unwrap();
        data[name] = 0xff;
        assert!(parse(&data).is_err());
        let mut pool = Pool::default();
        let name = pool.utf8(b"\xff");
        pool.add(12, &words(&[name, name]));
        let [this, parent] = [pool.class("A"), pool.class("B")];
        let mut data = b"\xca\xfe\xba\xbe\0\0\0\x34".to_vec();
        data.extend((pool.count + 1).to_be_bytes());
        data.extend(pool.bytes);
        data.extend(words(&[0x21, this, parent, 0, 0, 0, 0]));
        assert!(parse(&data).is_err());
    }

    #[test]
    fn annotations_nested_without_end_do_not_exhaust_the_stack() {
        // one annotation of one element: an array of an array of an array ...
        let mut annotations = words(&[1, 8, 1, 7]);
        annotations.extend(b"[\0\x01".repeat(1_000_000));
        assert!(parse(&class(b"1.2.3", &annotations)).is_ok());
    }

    #[test]
    fn what_is_no_class_file_is_an_error() {
        for data in [&b""[..], b"dex\n035\0", b"\xca\xfe\xba\xbe\0\0\0\x34"] {
            assert!(parse(data).is_err());
        }
    }

    #[test]
    fn damaged_classes_never_panic() {
        let valid = class(b"1.2.3", &words(&[0]));
        for at in 0..valid.len() {
            for value in 0..=u8::MAX {
                let mut data = valid.clone();
                data[at] = value;
                let _ = parse(&data);
            }
            let _ = parse(&valid[..at]);
        }
    }
}
