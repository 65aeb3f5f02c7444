//! A very small dex assembler, for tests only.
//!
//! It knows enough to build files that the runtime's verifier (in `dexdump`)
//! accepts: classes with constants, methods and code whose operands name
//! strings, types, fields and methods. Tables are interned and sorted as the
//! format demands.

use std::collections::BTreeSet;

use super::header::adler32;

/// A method prototype by descriptors: return type and parameters.
type ProtoName = (String, Vec<String>);

/// A code unit, or a name whose index becomes the code unit.
#[derive(Debug, Clone)]
pub(crate) enum Unit {
    Raw(u16),
    String(String),
    Type(String),
    /// Class, name, type.
    Field(String, String, String),
    /// Class, name, prototype such as `(ILjava/lang/String;)V`.
    Method(String, String, String),
}

/// Code units of fixed value.
pub(crate) fn raw(units: &[u16]) -> Vec<Unit> {
    units.iter().copied().map(Unit::Raw).collect()
}

/// `const-string vAA, text`.
pub(crate) fn const_string(register: u8, text: &str) -> Vec<Unit> {
    let head = u16::from(register) << 8 | 0x1a;
    vec![Unit::Raw(head), Unit::String(text.into())]
}

/// `invoke-static {}, class->name proto`.
pub(crate) fn invoke_static(class: &str, name: &str, proto: &str) -> Vec<Unit> {
    let method = Unit::Method(class.into(), name.into(), proto.into());
    vec![Unit::Raw(0x0071), method, Unit::Raw(0)]
}

/// `new-instance v0, type` and a call of its constructor without parameters.
pub(crate) fn make(class: &str) -> Vec<Unit> {
    let mut code = vec![Unit::Raw(0x0022), Unit::Type(class.into())];
    let constructor = Unit::Method(class.into(), "<init>".into(), "()V".into());
    code.extend([Unit::Raw(0x1070), constructor, Unit::Raw(0)]);
    code
}

/// `invoke-virtual {v0}, class->name proto`.
pub(crate) fn invoke_virtual(class: &str, name: &str, proto: &str) -> Vec<Unit> {
    let method = Unit::Method(class.into(), name.into(), proto.into());
    vec![Unit::Raw(0x106e), method, Unit::Raw(0)]
}

/// An `invoke` of up to five registers below 16 (opcode of the plain form).
pub(crate) fn invoke(opcode: u16, registers: &[u16], method: [&str; 3]) -> Vec<Unit> {
    let [class, name, proto] = method;
    let mut packed = 0;
    for (number, register) in registers.iter().take(4).enumerate() {
        packed |= register << (4 * number);
    }
    let fifth = registers.get(4).copied().unwrap_or(0);
    let head = (registers.len() as u16) << 12 | fifth << 8 | opcode;
    let method = Unit::Method(class.into(), name.into(), proto.into());
    vec![Unit::Raw(head), method, Unit::Raw(packed)]
}

/// `move-result-object vAA`.
pub(crate) fn move_result_object(register: u16) -> Vec<Unit> {
    raw(&[register << 8 | 0x0c])
}

/// Pieces of code, then `return-void`.
pub(crate) fn body(pieces: &[Vec<Unit>]) -> Vec<Unit> {
    let mut code = pieces.concat();
    code.push(Unit::Raw(0x000e));
    code
}

struct MethodDef {
    name: String,
    proto: String,
    access_flags: u32,
    code: Option<Vec<Unit>>,
}

/// One class being built.
pub(crate) struct ClassBuilder {
    descriptor: String,
    superclass: String,
    interfaces: Vec<String>,
    access_flags: u32,
    /// Name, type and value of `static final` fields: a string, or null.
    constants: Vec<(String, String, Option<String>)>,
    methods: Vec<MethodDef>,
}

impl ClassBuilder {
    /// A public class that extends `java.lang.Object`.
    pub fn new(descriptor: &str) -> Self {
        Self {
            descriptor: descriptor.into(),
            superclass: "Ljava/lang/Object;".into(),
            interfaces: Vec::new(),
            access_flags: 1,
            constants: Vec::new(),
            methods: Vec::new(),
        }
    }

    pub fn extends(mut self, superclass: &str) -> Self {
        self.superclass = superclass.into();
        self
    }

    pub fn implements(mut self, interface: &str) -> Self {
        self.interfaces.push(interface.into());
        self
    }

    /// A `public static final String` with a value.
    pub fn constant(mut self, name: &str, value: &str) -> Self {
        let type_ = "Ljava/lang/String;".into();
        self.constants
            .push((name.into(), type_, Some(value.into())));
        self
    }

    /// A `static final` field that the file gives no value.
    pub fn static_final(mut self, name: &str, type_: &str) -> Self {
        self.constants.push((name.into(), type_.into(), None));
        self
    }

    /// A `public static` method with code (four registers).
    pub fn method(mut self, name: &str, proto: &str, code: Vec<Unit>) -> Self {
        self.methods.push(MethodDef {
            name: name.into(),
            proto: proto.into(),
            access_flags: 0x9,
            code: Some(code),
        });
        self
    }

    /// A `public` instance method with code (four registers, then `this`).
    pub fn instance_method(mut self, name: &str, proto: &str, code: Vec<Unit>) -> Self {
        let constructor = if name == "<init>" { 0x1_0000 } else { 0 };
        self.methods.push(MethodDef {
            name: name.into(),
            proto: proto.into(),
            access_flags: 0x1 | constructor,
            code: Some(code),
        });
        self
    }

    /// Makes the class package-private.
    pub fn package_private(mut self) -> Self {
        self.access_flags = 0;
        self
    }

    /// A `public static native` method.
    pub fn native_method(mut self, name: &str, proto: &str) -> Self {
        self.methods.push(MethodDef {
            name: name.into(),
            proto: proto.into(),
            access_flags: 0x109,
            code: None,
        });
        self
    }
}

/// Assembles an ordinary dex file of version 035.
pub(crate) fn assemble(classes: &[ClassBuilder]) -> Vec<u8> {
    let mut out = Vec::new();
    Pool::of(classes).write(classes, b"035", &mut out);
    let size = out.len() as u32;
    finish(&mut out, 0, size);
    out
}

/// Assembles a version 041 container of several logical dex files.
pub(crate) fn assemble_container(files: &[Vec<ClassBuilder>]) -> Vec<u8> {
    let mut out = Vec::new();
    let mut starts = Vec::new();
    for classes in files {
        starts.push(out.len());
        Pool::of(classes).write(classes, b"041", &mut out);
    }
    let size = out.len() as u32;
    let ends = starts.iter().skip(1).copied().chain([out.len()]);
    for (&start, end) in starts.iter().zip(ends.collect::<Vec<_>>()) {
        put(&mut out, start + 0x70, size);
        put(&mut out, start + 0x74, start as u32);
        finish(&mut out[..end], start, (end - start) as u32);
    }
    out
}

/// Writes file size and checksum, anew after a test edited a file.
pub(crate) fn finish(out: &mut [u8], start: usize, file_size: u32) {
    put(out, start + 0x20, file_size);
    let checksum = adler32(&out[start + 12..]);
    put(out, start + 8, checksum);
}

/// Overwrites the 32-bit number at a byte offset.
pub(crate) fn put(out: &mut [u8], at: usize, value: u32) {
    out[at..at + 4].copy_from_slice(&value.to_le_bytes());
}

fn push_u32(out: &mut Vec<u8>, value: usize) {
    out.extend((value as u32).to_le_bytes());
}

fn push_u16(out: &mut Vec<u8>, value: usize) {
    out.extend((value as u16).to_le_bytes());
}

fn push_uleb(out: &mut Vec<u8>, mut value: usize) {
    while value > 0x7f {
        out.push(value as u8 | 0x80);
        value >>= 7;
    }
    out.push(value as u8);
}

fn align(out: &mut Vec<u8>) {
    out.resize(out.len().next_multiple_of(4), 0);
}

fn mutf8(text: &str) -> Vec<u8> {
    let mut out = Vec::new();
    for unit in text.encode_utf16() {
        match unit {
            1..=0x7f => out.push(unit as u8),
            0 | 0x80..=0x7ff => out.extend([0xc0 | (unit >> 6) as u8, 0x80 | (unit & 0x3f) as u8]),
            _ => out.extend([
                0xe0 | (unit >> 12) as u8,
                0x80 | (unit >> 6 & 0x3f) as u8,
                0x80 | (unit & 0x3f) as u8,
            ]),
        }
    }
    out
}

/// Splits `(ILjava/lang/String;)V` into return type and parameters.
fn parse_proto(proto: &str) -> ProtoName {
    let (parameters, return_type) = proto[1..].split_once(')').expect("a prototype");
    let mut list = Vec::new();
    let mut rest = parameters;
    while !rest.is_empty() {
        let element = rest.trim_start_matches('[');
        let arrays = rest.len() - element.len();
        let length = match element.strip_prefix('L') {
            Some(_) => element.find(';').expect("a class descriptor") + 1,
            None => 1,
        };
        list.push(rest[..arrays + length].to_owned());
        rest = &rest[arrays + length..];
    }
    (return_type.to_owned(), list)
}

fn shorty((return_type, parameters): &ProtoName) -> String {
    let letter = |descriptor: &String| match descriptor.as_bytes()[0] {
        b'[' => 'L',
        letter => letter.into(),
    };
    std::iter::once(return_type)
        .chain(parameters)
        .map(letter)
        .collect()
}

/// The sorted, interned tables. Sorting goes by string contents where the
/// format sorts by index; with sorted strings that is the same.
#[derive(Default)]
struct Pool {
    strings: Vec<String>,
    types: Vec<String>,
    protos: Vec<ProtoName>,
    /// Class, name, type.
    fields: Vec<(String, String, String)>,
    /// Class, name, prototype.
    methods: Vec<(String, String, ProtoName)>,
}

impl Pool {
    fn of(classes: &[ClassBuilder]) -> Self {
        let mut fields = BTreeSet::new();
        let mut methods = BTreeSet::new();
        let mut types = BTreeSet::new();
        let mut strings = BTreeSet::new();
        for class in classes {
            types.insert(class.descriptor.clone());
            types.insert(class.superclass.clone());
            types.extend(class.interfaces.iter().cloned());
            for constant in &class.constants {
                fields.insert(field_of(class, constant));
                strings.extend(constant.2.clone());
            }
            for method in &class.methods {
                let proto = parse_proto(&method.proto);
                methods.insert((class.descriptor.clone(), method.name.clone(), proto));
                for unit in method.code.iter().flatten() {
                    match unit {
                        Unit::Raw(_) => {}
                        Unit::String(text) => drop(strings.insert(text.clone())),
                        Unit::Type(name) => drop(types.insert(name.clone())),
                        Unit::Field(class, name, type_) => {
                            fields.insert((class.clone(), name.clone(), type_.clone()));
                        }
                        Unit::Method(class, name, proto) => {
                            methods.insert((class.clone(), name.clone(), parse_proto(proto)));
                        }
                    }
                }
            }
        }
        let protos: BTreeSet<_> = methods.iter().map(|method| method.2.clone()).collect();
        for (class, name, type_) in &fields {
            types.extend([class.clone(), type_.clone()]);
            strings.insert(name.clone());
        }
        for (class, name, _) in &methods {
            types.insert(class.clone());
            strings.insert(name.clone());
        }
        for proto in &protos {
            strings.insert(shorty(proto));
            types.insert(proto.0.clone());
            types.extend(proto.1.iter().cloned());
        }
        strings.extend(types.iter().cloned());
        let mut strings: Vec<_> = strings.into_iter().collect();
        strings.sort_by_key(|text| text.encode_utf16().collect::<Vec<_>>());
        Self {
            strings,
            types: types.into_iter().collect(),
            protos: protos.into_iter().collect(),
            fields: fields.into_iter().collect(),
            methods: methods.into_iter().collect(),
        }
    }

    fn string(&self, text: &str) -> usize {
        let found = self.strings.iter().position(|known| known == text);
        found.expect("an interned string")
    }

    fn type_(&self, descriptor: &str) -> usize {
        let found = self.types.iter().position(|known| known == descriptor);
        found.expect("an interned type")
    }

    fn proto(&self, proto: &ProtoName) -> usize {
        self.protos
            .binary_search(proto)
            .expect("an interned prototype")
    }

    fn field(&self, field: &(String, String, String)) -> usize {
        self.fields.binary_search(field).expect("an interned field")
    }

    fn method(&self, class: &str, name: &str, proto: &str) -> usize {
        let method = (class.into(), name.into(), parse_proto(proto));
        self.methods
            .binary_search(&method)
            .expect("an interned method")
    }

    /// Appends one logical dex file; offsets are relative to the start of
    /// `out`, as in a container.
    fn write(&self, classes: &[ClassBuilder], version: &[u8; 3], out: &mut Vec<u8>) {
        let start = out.len();
        let header_size = if version == b"041" { 0x78 } else { 0x70 };
        out.extend(b"dex\n");
        out.extend(version);
        out.resize(start + header_size, 0);
        put(out, start + 0x24, header_size as u32);
        put(out, start + 0x28, 0x1234_5678);

        // Tables first, zeroed; then data, whose offsets are filled in.
        let counts = [
            (self.strings.len(), 4),
            (self.types.len(), 4),
            (self.protos.len(), 12),
            (self.fields.len(), 8),
            (self.methods.len(), 8),
            (classes.len(), 32),
        ];
        let mut tables = [0; 6];
        let mut map = Map(vec![(0, 1, start)]);
        for (number, (count, item)) in counts.into_iter().enumerate() {
            let offset = out.len();
            tables[number] = offset;
            put(out, start + 0x38 + number * 8, count as u32);
            if count > 0 {
                put(out, start + 0x3c + number * 8, offset as u32);
                map.0.push((number + 1, count, offset));
            }
            out.resize(offset + count * item, 0);
        }
        let data = out.len();
        self.write_strings(tables[0], &mut map, out);
        self.write_ids(tables, out);
        self.write_type_lists(classes, tables, &mut map, out);
        self.write_static_values(classes, tables[5], &mut map, out);
        self.write_members(classes, tables[5], &mut map, out);
        align(out);
        let map_offset = out.len() as u32;
        put(out, start + 0x34, map_offset);
        map.write(out);
        let data_size = out.len() - data;
        put(out, start + 0x68, data_size as u32);
        put(out, start + 0x6c, data as u32);
    }

    fn write_strings(&self, table: usize, map: &mut Map, out: &mut Vec<u8>) {
        for (number, text) in self.strings.iter().enumerate() {
            let offset = map.item(0x2002, out);
            put(out, table + number * 4, offset);
            push_uleb(out, text.encode_utf16().count());
            out.extend(mutf8(text));
            out.push(0);
        }
    }

    fn write_ids(&self, tables: [usize; 6], out: &mut [u8]) {
        for (number, descriptor) in self.types.iter().enumerate() {
            put(out, tables[1] + number * 4, self.string(descriptor) as u32);
        }
        for (number, proto) in self.protos.iter().enumerate() {
            let at = tables[2] + number * 12;
            put(out, at, self.string(&shorty(proto)) as u32);
            put(out, at + 4, self.type_(&proto.0) as u32);
        }
        let pair = |class: usize, other: usize| (other << 16 | class) as u32;
        for (number, (class, name, type_)) in self.fields.iter().enumerate() {
            let at = tables[3] + number * 8;
            put(out, at, pair(self.type_(class), self.type_(type_)));
            put(out, at + 4, self.string(name) as u32);
        }
        for (number, (class, name, proto)) in self.methods.iter().enumerate() {
            let at = tables[4] + number * 8;
            put(out, at, pair(self.type_(class), self.proto(proto)));
            put(out, at + 4, self.string(name) as u32);
        }
    }

    /// The parameters of all prototypes, the interfaces of all classes.
    fn write_type_lists(
        &self,
        classes: &[ClassBuilder],
        tables: [usize; 6],
        map: &mut Map,
        out: &mut Vec<u8>,
    ) {
        let parameters = self.protos.iter().enumerate();
        let parameters = parameters.map(|(n, proto)| (tables[2] + n * 12 + 8, &proto.1));
        let interfaces = classes.iter().enumerate();
        let interfaces = interfaces.map(|(n, class)| (tables[5] + n * 32 + 12, &class.interfaces));
        for (at, list) in parameters.chain(interfaces) {
            if list.is_empty() {
                continue;
            }
            align(out);
            let offset = map.item(0x1001, out);
            put(out, at, offset);
            push_u32(out, list.len());
            for descriptor in list {
                push_u16(out, self.type_(descriptor));
            }
        }
    }

    /// The values of all `static final String` fields.
    fn write_static_values(
        &self,
        classes: &[ClassBuilder],
        table: usize,
        map: &mut Map,
        out: &mut Vec<u8>,
    ) {
        for (number, class) in classes.iter().enumerate() {
            let constants = self.constants(class);
            if constants.is_empty() {
                continue;
            }
            let offset = map.item(0x2005, out);
            put(out, table + number * 32 + 28, offset);
            push_uleb(out, constants.len());
            for (_, value) in constants {
                match value {
                    Some(value) => {
                        out.push(1 << 5 | 0x17);
                        push_u16(out, value);
                    }
                    None => out.push(0x1e),
                }
            }
        }
    }

    /// Field and string index of each constant, by field.
    fn constants(&self, class: &ClassBuilder) -> Vec<(usize, Option<usize>)> {
        let constants = class.constants.iter();
        let index = |constant: &(String, String, Option<String>)| {
            let value = constant.2.as_ref().map(|value| self.string(value));
            (self.field(&field_of(class, constant)), value)
        };
        let mut constants: Vec<_> = constants.map(index).collect();
        constants.sort_unstable();
        constants
    }

    /// The code of all methods, then the class data that points to it.
    fn write_members(
        &self,
        classes: &[ClassBuilder],
        table: usize,
        map: &mut Map,
        out: &mut Vec<u8>,
    ) {
        let mut methods = Vec::new();
        for class in classes {
            let mut of_class = Vec::new();
            for method in &class.methods {
                let index = self.method(&class.descriptor, &method.name, &method.proto);
                let code = self.write_code(method, map, out);
                of_class.push((index, method.access_flags, code));
            }
            of_class.sort_unstable();
            methods.push(of_class);
        }
        for (number, (class, methods)) in classes.iter().zip(methods).enumerate() {
            let at = table + number * 32;
            put(out, at, self.type_(&class.descriptor) as u32);
            put(out, at + 4, class.access_flags);
            put(out, at + 8, self.type_(&class.superclass) as u32);
            put(out, at + 16, u32::MAX);
            let offset = map.item(0x2000, out);
            put(out, at + 24, offset);
            self.write_class_data(class, &methods, out);
        }
    }

    fn write_class_data(
        &self,
        class: &ClassBuilder,
        methods: &[(usize, u32, usize)],
        out: &mut Vec<u8>,
    ) {
        let constants = self.constants(class);
        let is_direct = |(_, flags, _): &&(usize, u32, usize)| flags & (0x8 | 0x2 | 0x1_0000) != 0;
        let direct: Vec<_> = methods.iter().filter(is_direct).collect();
        let others: Vec<_> = methods.iter().filter(|m| !is_direct(m)).collect();
        for size in [constants.len(), 0, direct.len(), others.len()] {
            push_uleb(out, size);
        }
        let mut last = 0;
        for (index, _) in constants {
            push_uleb(out, index - last);
            push_uleb(out, 0x19);
            last = index;
        }
        for list in [direct, others] {
            last = 0;
            for &(index, access_flags, code) in list {
                push_uleb(out, index - last);
                push_uleb(out, access_flags as usize);
                push_uleb(out, code);
                last = index;
            }
        }
    }

    /// Writes a code item and returns its offset, 0 without code.
    fn write_code(&self, method: &MethodDef, map: &mut Map, out: &mut Vec<u8>) -> usize {
        let Some(code) = &method.code else { return 0 };
        align(out);
        let offset = map.item(0x2001, out) as usize;
        let words = |descriptor: &String| 1 + usize::from("JD".contains(descriptor.as_str()));
        let this = usize::from(method.access_flags & 0x8 == 0);
        let ins: usize = this
            + parse_proto(&method.proto)
                .1
                .iter()
                .map(words)
                .sum::<usize>();
        for value in [4 + ins, ins, 4, 0] {
            push_u16(out, value);
        }
        push_u32(out, 0);
        push_u32(out, code.len());
        for unit in code {
            let value = match unit {
                Unit::Raw(value) => usize::from(*value),
                Unit::String(text) => self.string(text),
                Unit::Type(name) => self.type_(name),
                Unit::Field(class, name, type_) => {
                    self.field(&(class.clone(), name.clone(), type_.clone()))
                }
                Unit::Method(class, name, proto) => self.method(class, name, proto),
            };
            push_u16(out, value);
        }
        offset
    }
}

/// The map list: kind, number and offset of the first item of each section.
/// Sections are written one after the other.
struct Map(Vec<(usize, usize, usize)>);

impl Map {
    /// Notes that an item of a kind begins here; returns where.
    fn item(&mut self, kind: usize, out: &[u8]) -> u32 {
        match self.0.last_mut().filter(|last| last.0 == kind) {
            Some(section) => section.1 += 1,
            None => self.0.push((kind, 1, out.len())),
        }
        out.len() as u32
    }

    fn write(mut self, out: &mut Vec<u8>) {
        self.0.push((0x1000, 1, out.len()));
        push_u32(out, self.0.len());
        for (kind, count, offset) in self.0 {
            push_u32(out, kind);
            push_u32(out, count);
            push_u32(out, offset);
        }
    }
}

fn field_of(
    class: &ClassBuilder,
    (name, type_, _): &(String, String, Option<String>),
) -> (String, String, String) {
    (class.descriptor.clone(), name.clone(), type_.clone())
}
