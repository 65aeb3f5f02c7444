//! Apps and signatures made by hand, for the tests of this room.

use std::borrow::Cow;

use super::base::KnowledgeBase;
use super::schema::{Catalogue, Signature};
use crate::app::code::{ClassTable, CodeBody, CodeUnit};
use crate::app::manifest::{Component, ComponentKind, Manifest};
use crate::app::native::NativeFile;
use crate::app::{App, PackageKind};
use crate::formats::classfile::ClassFile;

/// An APK of this package whose only code unit defines these classes. A class
/// may be followed by its superclass: `com.x.A < com.x.B`.
pub fn app(package: &str, names: &[&str]) -> App<'static> {
    App {
        kind: PackageKind::Apk,
        manifest: Some(Manifest {
            package: package.to_owned(),
            ..Manifest::default()
        }),
        certificates: Vec::new(),
        code: vec![classes("classes.dex", names)],
        native: Vec::new(),
        assets: Vec::new(),
        anomalies: Vec::new(),
        limits: Vec::new(),
    }
}

/// A unit of code that defines these classes.
pub fn classes(place: &str, names: &[&str]) -> CodeUnit<'static> {
    let files: Vec<ClassFile> = names.iter().map(|name| class_file(name)).collect();
    let table = (0..).zip(&files);
    CodeUnit {
        place: place.to_owned(),
        classes: ClassTable::build(table.map(|(i, file)| (Cow::Borrowed(&*file.name), 1, i))),
        body: CodeBody::ClassFiles(files),
    }
}

fn class_file(name: &str) -> ClassFile {
    let (name, super_name) = match name.split_once(" < ") {
        Some((name, super_name)) => (name, super_name),
        None => (name, "java.lang.Object"),
    };
    ClassFile {
        name: name.to_owned(),
        super_name: Some(super_name.to_owned()),
        methods: 1,
        ..ClassFile::default()
    }
}

/// Adds a component without attributes but its name.
pub fn declare(app: &mut App<'_>, kind: ComponentKind, name: &str) {
    let component = Component {
        kind,
        name: name.to_owned(),
        enabled: None,
        exported: None,
        process: None,
        permission: None,
        authorities: Vec::new(),
        target_activity: None,
        init_order: None,
        intent_filters: Vec::new(),
        meta_data: Vec::new(),
    };
    if let Some(manifest) = &mut app.manifest {
        manifest.components.push(component);
    }
}

/// A native library that exports these symbols.
pub fn library(name: &str, is_elf: bool, exports: &[&str]) -> NativeFile {
    NativeFile {
        name: name.to_owned(),
        places: vec![format!("lib/arm64-v8a/{name}")],
        soname: None,
        urls: Vec::new(),
        imports: Vec::new(),
        texts: Vec::new(),
        exports: exports.iter().map(|&symbol| symbol.to_owned()).collect(),
        build_id: None,
        is_elf,
    }
}

/// A base of these signatures, each as the text of its file without the name.
pub fn base(signatures: &[&str]) -> KnowledgeBase {
    let signatures = signatures
        .iter()
        .map(|text| format!("name = {{ en = 'X' }}\n{text}"))
        .map(|text| toml::from_str::<Signature>(&text).expect("a signature"))
        .map(|signature| (format!("x/{}.toml", signature.id), signature))
        .collect();
    KnowledgeBase::from_catalogue(Catalogue {
        signatures,
        ..Catalogue::default()
    })
}
