//! What a call names, taken apart once for each reference.

use std::collections::HashMap;
use std::rc::Rc;

use foldhash::fast::RandomState;

use super::super::program::{MethodId, MethodRef, Program, Resolved, flags};
use super::library::{self, Function};
use crate::formats::dex::Instruction;

/// A method reference, taken apart.
#[derive(Debug)]
pub(super) struct Callee {
    /// Name.
    pub name: String,
    /// Descriptors of the parameters.
    pub parameters: Vec<String>,
    /// The method of the app that it is, whatever the receiver.
    pub fixed: Option<MethodId>,
    /// The pure function of the platform that it is.
    pub function: Option<Function>,
    /// How it is followed though not all of its arguments are known.
    pub model: Model,
    /// It is run where all of its arguments are known.
    pub is_evaluated: bool,
}

/// Calls that are followed though not all of their arguments are known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Model {
    /// None of these.
    Other,
    /// A constructor of `String`.
    NewText,
    /// A method of `StringBuilder` or `StringBuffer`.
    Builder,
    /// `Context.getPackageName`.
    PackageName,
    /// `Uri.parse`.
    ParseUri,
    /// `Uri.withAppendedPath`, `ContentUris.withAppendedId`.
    AppendToUri,
    /// A method of `Uri.Builder`.
    UriBuilder,
    /// `Uri.toString`.
    UriText,
    /// `Class.forName`.
    ForName,
    /// `ClassLoader.loadClass`.
    LoadClass,
    /// `Class.getMethod` and its like.
    Member,
    /// A constructor of `File`.
    NewFile,
    /// `File.getPath` and its like.
    FileText,
    /// A method of `Intent` or `IntentFilter`.
    Intent,
    /// `Arrays.asList`.
    AsList,
}

impl Model {
    fn of(class: &str, name: &str, parameters: &str) -> Self {
        match (class, name, parameters) {
            ("Ljava/lang/String;", "<init>", _) => Self::NewText,
            ("Ljava/lang/StringBuilder;" | "Ljava/lang/StringBuffer;", ..) => Self::Builder,
            (_, "getPackageName", "") => Self::PackageName,
            ("Landroid/net/Uri;", "parse", _) => Self::ParseUri,
            ("Landroid/net/Uri;", "withAppendedPath", _)
            | ("Landroid/content/ContentUris;", "withAppendedId", _) => Self::AppendToUri,
            ("Landroid/net/Uri$Builder;", ..) => Self::UriBuilder,
            ("Landroid/net/Uri;", "toString", "") => Self::UriText,
            ("Ljava/lang/Class;", "forName", _) => Self::ForName,
            (_, "loadClass", "Ljava/lang/String;") => Self::LoadClass,
            (
                "Ljava/lang/Class;",
                "getMethod" | "getDeclaredMethod" | "getField" | "getDeclaredField",
                _,
            ) => Self::Member,
            ("Ljava/io/File;", "<init>", _) => Self::NewFile,
            (
                "Ljava/io/File;",
                "getPath" | "getAbsolutePath" | "getCanonicalPath" | "toString",
                "",
            ) => Self::FileText,
            ("Landroid/content/Intent;" | "Landroid/content/IntentFilter;", ..) => Self::Intent,
            ("Ljava/util/Arrays;", "asList", _) => Self::AsList,
            _ => Self::Other,
        }
    }
}

/// Callees by reference.
#[derive(Debug, Default)]
pub(super) struct Callees(HashMap<MethodRef, Rc<Callee>, RandomState>);

impl Callees {
    /// The callee of a reference.
    pub fn of(&mut self, program: &Program<'_>, reference: MethodRef) -> Rc<Callee> {
        let callee = self.0.entry(reference);
        Rc::clone(callee.or_insert_with(|| Rc::new(Callee::read(program, reference))))
    }
}

impl Callee {
    fn read(program: &Program<'_>, reference: MethodRef) -> Self {
        let class = program.descriptor(reference.class);
        let name = program.name(reference.selector);
        let mut types = program.signature(reference.selector);
        let result = types.next().map(|type_| program.descriptor(type_));
        let parameters: Vec<String> = types.map(|type_| program.descriptor(type_)).collect();
        let all = parameters.concat();
        let result = result.unwrap_or_default();
        let function = library::function(&format!("{class}->{name}({all})"));
        let fixed = fixed(program, reference);
        let has_code = fixed.is_some() || function.is_some();
        Self {
            model: Model::of(&class, &name, &all),
            is_evaluated: has_code && name != "<init>" && is_value(&result),
            function,
            fixed,
            name,
            parameters,
        }
    }

    /// Whether a call of it may tell or change any value.
    pub fn is_followed(&self) -> bool {
        self.is_evaluated || self.model != Model::Other
    }

    /// The registers of a call by argument: of a wide one the first. `this`
    /// comes first in calls that are not static.
    pub fn arguments(&self, call: &Instruction<'_>) -> Vec<u16> {
        let mut registers = call.registers();
        let mut arguments = Vec::with_capacity(self.parameters.len() + 1);
        if !call.opcode.is_invoke_static() {
            arguments.extend(registers.next());
        }
        for parameter in &self.parameters {
            arguments.extend(registers.next());
            if matches!(parameter.as_str(), "J" | "D") {
                registers.next();
            }
        }
        arguments
    }
}

/// Whether values of a type are followed when a call gives them.
fn is_value(descriptor: &str) -> bool {
    matches!(
        descriptor,
        "Ljava/lang/String;"
            | "I"
            | "J"
            | "C"
            | "B"
            | "S"
            | "Z"
            | "[B"
            | "[C"
            | "[I"
            | "[Ljava/lang/String;"
            | "Ljava/lang/CharSequence;"
            | "Ljava/lang/Object;"
            | "Ljava/lang/Integer;"
            | "Ljava/nio/charset/Charset;"
    )
}

/// The method of the app that a reference means whatever the receiver is:
/// static, private or final.
fn fixed(program: &Program<'_>, reference: MethodRef) -> Option<MethodId> {
    let Resolved::Method(method) = program.resolve(reference) else {
        return None;
    };
    let what = program.method(method);
    let class = program.class(what.class);
    let is_fixed = what.flags & (flags::STATIC | flags::PRIVATE | flags::FINAL) != 0
        || class.flags & flags::FINAL != 0;
    (is_fixed && what.code_off != 0).then_some(method)
}
