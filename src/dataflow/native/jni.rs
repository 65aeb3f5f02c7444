//! Java that native code reaches by name: `FindClass`, `GetMethodID` and
//! `GetFieldID` take class, member and prototype as strings (Java Native
//! Interface Specification, chapter 4).

use std::collections::BTreeSet;

use super::{Evidence, has};
use crate::app::native::NativeFile;
use crate::formats::limits::MIN_RODATA_STRING;

/// The function that a Java runtime calls when it loads a library.
const ON_LOAD: &str = "JNI_OnLoad";
/// In front of the exported name of a native method.
const METHOD_PREFIX: &str = "Java_";

/// A library that Java code can call, so that it gets hold of Java objects.
pub(super) struct Jni<'a> {
    texts: &'a [String],
    /// Classes in slash form that the library names, by themselves or as what a
    /// prototype returns: code that is given an object asks for its class.
    classes: BTreeSet<&'a str>,
    /// `JNI_OnLoad`, or else the first native method.
    pub symbol: &'a str,
    /// Descriptor of the Java class that declares the exported methods, when it
    /// is one.
    pub only_class: Option<String>,
}

impl<'a> Jni<'a> {
    /// `None` of a library that Java code cannot call.
    pub fn of(file: &'a NativeFile) -> Option<Self> {
        let methods = || {
            let names = file.exports.iter().map(String::as_str);
            names.filter(|name| name.starts_with(METHOD_PREFIX))
        };
        let on_load = has(&file.exports, ON_LOAD).then_some(ON_LOAD);
        let symbol = on_load.or_else(|| methods().next())?;
        let mut declaring = methods().map(declaring_class);
        let first = declaring.next().flatten();
        let is_only = declaring.all(|class| class == first);
        Some(Self {
            texts: &file.texts,
            classes: file.texts.iter().filter_map(|text| class(text)).collect(),
            symbol,
            only_class: first.filter(|_| is_only),
        })
    }

    /// A method, by class, name and prototype; what is too short to stand among
    /// the strings is not asked for, but for the name.
    pub fn method(&self, class: &str, member: &str) -> Option<Evidence> {
        let (name, prototype) = member.split_at(member.find('(').unwrap_or(member.len()));
        let is_named = prototype.len() < MIN_RODATA_STRING || has(self.texts, prototype);
        self.member(class, name, member).filter(|_| is_named)
    }

    /// A field, by class and name. Linkers store the descriptor of its type as
    /// the end of a prototype.
    pub fn field(&self, class: &str, member: &str) -> Option<Evidence> {
        let name = member.split(':').next().unwrap_or(member);
        self.member(class, name, member)
    }

    /// A key of a `Settings` class.
    pub fn setting(&self, class: &str, key: &str) -> Option<Evidence> {
        self.member(class, key, key)
    }

    /// A class, or a member whatever its class; `NAME#CLASS` is both. Words in
    /// one case (`SERIAL`) may mean anything and need their class.
    pub fn name(&self, member: &str) -> Option<Evidence> {
        let is_there = |name: &str| match name.contains('.') {
            true => has(self.texts, name) || self.classes.contains(name.replace('.', "/").as_str()),
            false => {
                let cased = |case: fn(&u8) -> bool| name.as_bytes().iter().any(case);
                cased(u8::is_ascii_lowercase)
                    && cased(u8::is_ascii_uppercase)
                    && has(self.texts, name)
            }
        };
        member
            .split('#')
            .all(is_there)
            .then(|| self.evidence(member, None))
    }

    fn member(&self, class: &str, name: &str, member: &str) -> Option<Evidence> {
        let slashed = class.strip_prefix('L')?.strip_suffix(';')?;
        (self.classes.contains(slashed) && has(self.texts, name))
            .then(|| self.evidence(name, Some(format!("{class}->{member}"))))
    }

    fn evidence(&self, api: &str, row: Option<String>) -> Evidence {
        Evidence {
            api: api.to_owned(),
            row,
            symbol: self.symbol.to_owned(),
        }
    }
}

/// The class that a string names: itself in slash form, or what a prototype
/// returns.
fn class(text: &str) -> Option<&str> {
    match text.rsplit_once(')') {
        Some((_, returned)) => returned.strip_prefix('L')?.strip_suffix(';'),
        None => (text.contains('/') && !text.starts_with('/')).then_some(text),
    }
}

/// Descriptor of the class in the exported name of a native method (JNI
/// Specification, chapter 2, "Resolving Native Method Names"): `_` parts the
/// names, `_1` is `_`, `_0xxxx` a UTF-16 unit, and `__` starts the prototype.
fn declaring_class(export: &str) -> Option<String> {
    let mangled = export.strip_prefix(METHOD_PREFIX)?;
    let mut units: Vec<u16> = Vec::new();
    let mut rest = mangled.chars();
    while let Some(next) = rest.next() {
        let mut unit = [0; 2];
        if next != '_' {
            units.extend(next.encode_utf16(&mut unit).iter());
            continue;
        }
        let after = rest.as_str();
        let is_escape = |rest: &str| rest.starts_with(|c: char| c.is_ascii_digit());
        if after.strip_prefix('_').is_some_and(|rest| !is_escape(rest)) {
            break;
        }
        let escaped = match after.bytes().next() {
            Some(b'0') => after
                .get(1..5)
                .and_then(|hex| u16::from_str_radix(hex, 16).ok()),
            Some(b'1') => Some(u16::from(b'_')),
            _ => None,
        };
        let length = match escaped {
            Some(_) if after.starts_with('0') => 5,
            Some(_) => 1,
            None => 0,
        };
        units.push(escaped.unwrap_or(u16::from(b'/')));
        rest = after.get(length..)?.chars();
    }
    let path = String::from_utf16(&units).ok()?;
    let (class, _method) = path.rsplit_once('/')?;
    Some(format!("L{class};"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sdk::testing::library;

    fn file(texts: &[&str]) -> NativeFile {
        let mut texts: Vec<String> = texts.iter().map(|&text| text.to_owned()).collect();
        texts.sort();
        NativeFile {
            texts,
            ..library("libx.so", true, &["JNI_OnLoad"])
        }
    }

    #[test]
    fn exported_names_are_decoded() {
        for (export, class) in [
            ("Java_com_example_Id_read", Some("Lcom/example/Id;")),
            ("Java_com_my_1lib_Id_get_1it", Some("Lcom/my_lib/Id;")),
            ("Java_a_B_00024C_x__I", Some("La/B$C;")),
            ("Java_a__1b_C_x", Some("La/_b/C;")),
            ("Java_x", None),
            ("Java_a_0zzzz_b", Some("La/0zzzz;")),
            ("Java_a_0d800_b", None),
        ] {
            assert_eq!(declaring_class(export).as_deref(), class, "{export}");
        }
    }

    #[test]
    fn methods_of_several_classes_name_none() {
        let two = library("libx.so", true, &["Java_a_B_x", "Java_a_C_x"]);
        assert_eq!(Jni::of(&two).unwrap().only_class, None);
        let one = library("libx.so", true, &["Java_a_B_x", "Java_a_B_y"]);
        let jni = Jni::of(&one).unwrap();
        assert_eq!(jni.only_class.as_deref(), Some("La/B;"));
        assert_eq!(jni.symbol, "Java_a_B_x");
    }

    #[test]
    fn the_class_of_a_returned_object_is_named_by_the_prototype() {
        let file = file(&["()Landroid/net/wifi/WifiInfo;", "getSSID"]);
        let jni = Jni::of(&file).unwrap();
        let class = "Landroid/net/wifi/WifiInfo;";
        assert!(jni.method(class, "getSSID()I").is_some());
        assert!(jni.method("La/Other;", "getSSID()I").is_none());
        let other = "getSSID()Ljava/lang/String;";
        assert!(jni.method(class, other).is_none(), "another prototype");
    }

    #[test]
    fn a_word_needs_its_class_and_a_telling_name_does_not() {
        let file = file(&["SERIAL", "getSubscriberId", "android/os/Build"]);
        let jni = Jni::of(&file).unwrap();
        assert!(jni.name("SERIAL").is_none());
        assert!(jni.name("getSubscriberId").is_some());
        assert!(jni.name("getSubscriberId#android.os.Build").is_some());
        assert!(jni.name("getSubscriberId#a.B").is_none());
        let found = jni.field("Landroid/os/Build;", "SERIAL:Ljava/lang/String;");
        let row = "Landroid/os/Build;->SERIAL:Ljava/lang/String;";
        assert_eq!(found.and_then(|e| e.row).as_deref(), Some(row));
    }
}
