//! Which constants reach the arguments of calls.
//!
//! Inside a method a forward data-flow analysis over its blocks, branches and
//! handlers follows constants, texts that builders put together, arrays, URIs,
//! files, intents and reflective look-ups (`propagate`). Calls of methods of the
//! app whose arguments are known are run in a bounded interpreter
//! (`interpret`), as are initialisers of static fields; the platform's pure
//! functions are modelled (`library`). What stays unknown says so
//! ([`Values::complete`]).

mod arithmetic;
mod callee;
mod flow;
mod heap;
mod interpret;
mod library;
mod propagate;
mod state;
#[cfg(test)]
mod tests;
mod text;
mod value;

use std::collections::HashMap;

pub use value::{Value, Values};

use super::program::{ClassId, MethodId, Program};
use crate::formats::dex::{CodeItem, Instruction};
use crate::formats::limits::{MAX_FIELD_DEPTH, MAX_FLOW_STEPS, MAX_LIST};
use interpret::Interpreter;
use propagate::Propagation;

/// Finds the constants of one app; keeps what it learned.
#[derive(Debug)]
pub struct Constants<'p, 'a> {
    program: &'p Program<'a>,
    interpreter: Interpreter<'p, 'a>,
    /// What static fields hold, by dex file and index of the field.
    fields: HashMap<(u32, u32), Values>,
    given_up: usize,
    /// Steps that may still be made ([`MAX_FLOW_STEPS`]).
    left: u64,
    /// Initialisers that are being followed for the sake of one another.
    depth: usize,
}

impl<'p, 'a> Constants<'p, 'a> {
    /// Nothing is known yet.
    pub fn new(program: &'p Program<'a>) -> Self {
        Self {
            program,
            interpreter: Interpreter::new(program),
            fields: HashMap::new(),
            given_up: 0,
            left: MAX_FLOW_STEPS,
            depth: 0,
        }
    }

    /// Pays for steps; false when all are used up.
    fn spend(&mut self, steps: usize) -> bool {
        self.left = self.left.saturating_sub(steps as u64);
        self.left > 0
    }

    /// Calls `found` for the invokes of a method at these addresses (sorted)
    /// with what each argument may be, `this` first in calls that are not
    /// static. Calls that no way through the method reaches are left out.
    ///
    /// Most constants stand right before their call. So each block is first
    /// looked at alone, with nothing known where it begins; only when `enough`
    /// is not content with what that gives is the whole method followed.
    pub fn arguments(
        &mut self,
        method: MethodId,
        sites: &[u32],
        enough: &dyn Fn(u32, &[Values]) -> bool,
        found: &mut dyn FnMut(u32, &[Values]),
    ) {
        let Some(mut propagation) = Propagation::of(self, method) else {
            self.given_up += 1;
            return;
        };
        let mut near = Vec::with_capacity(sites.len());
        let mut content = true;
        propagation.blocks_alone(sites, &mut |pc, arguments| {
            content &= enough(pc, arguments);
            near.push((pc, arguments.to_vec()));
        });
        if content && near.len() == sites.len() {
            for (pc, arguments) in near {
                found(pc, &arguments);
            }
        } else if !propagation.run(sites, found) {
            self.given_up += 1;
        }
    }

    /// What a static field of the app holds that only the initialiser of its
    /// class gives an object.
    fn object_field(&mut self, class: ClassId, name: &str) -> Option<Values> {
        let writes = self.interpreter.initialising_writes(class, name)?;
        let initialiser = self.program.find_method(class, "<clinit>", "()V")?;
        if self.depth >= MAX_FIELD_DEPTH {
            return None;
        }
        self.depth += 1;
        let mut values: Option<Values> = None;
        let complete = |_: u32, stored: &[Values]| stored.iter().all(|v| v.complete);
        self.arguments(initialiser, &writes, &complete, &mut |_, stored| {
            if let Some(stored) = stored.first() {
                match &mut values {
                    Some(values) => values.join(stored),
                    None => values = Some(stored.clone()),
                }
            }
        });
        self.depth -= 1;
        values
    }

    /// Methods and calls given up because of a budget.
    pub fn exhausted(&self) -> usize {
        self.given_up + self.interpreter.given_up()
    }
}

/// The numbers of a `fill-array-data`; `None` when its payload is missing or
/// larger than any array that is followed.
fn payload(code: &CodeItem<'_>, instruction: &Instruction<'_>) -> Option<Vec<i64>> {
    let start = (instruction.payload_pc()? as usize).checked_mul(2)?;
    let (head, data) = code.insns.get(start..)?.split_first_chunk::<8>()?;
    let &[0, 3, width, 0, a, b, c, d] = head else {
        return None;
    };
    let size = u32::from_le_bytes([a, b, c, d]) as usize;
    if size > MAX_LIST || !matches!(width, 1 | 2 | 4 | 8) {
        return None;
    }
    let width = usize::from(width);
    let data = data.get(..size * width)?;
    let number = |bytes: &[u8]| {
        let mut wide = [0; 8];
        wide[..width].copy_from_slice(bytes);
        let unused = 64 - 8 * width as u32;
        (i64::from_le_bytes(wide) << unused) >> unused
    };
    Some(data.chunks_exact(width).map(number).collect())
}
