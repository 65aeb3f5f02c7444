//! What a call names, taken apart once for each reference.

use std::collections::HashMap;
use std::rc::Rc;

use super::super::program::{MethodId, MethodRef, Program, Resolved, flags};

/// A method reference, taken apart.
#[derive(Debug)]
pub(super) struct Callee {
    /// Descriptor of the class.
    pub class: String,
    /// Name.
    pub name: String,
    /// Descriptors of the parameters.
    pub parameters: Vec<String>,
    /// Descriptor of the result.
    pub result: String,
    /// Without the result: `Ljava/lang/String;->charAt(I)`.
    pub signature: String,
    /// The method of the app that it is, whatever the receiver.
    pub fixed: Option<MethodId>,
}

/// Callees by reference.
#[derive(Debug, Default)]
pub(super) struct Callees(HashMap<MethodRef, Rc<Callee>>);

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
        Self {
            signature: format!("{class}->{name}({})", parameters.concat()),
            fixed: fixed(program, reference),
            class,
            name,
            parameters,
            result: result.unwrap_or_default(),
        }
    }

    /// The registers of a call by argument: of a wide one the first. `this`
    /// comes first in calls that are not static.
    pub fn arguments(&self, registers: impl Iterator<Item = u16>, is_static: bool) -> Vec<u16> {
        let mut registers = registers;
        let mut arguments = Vec::with_capacity(self.parameters.len() + 1);
        if !is_static {
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
