//! What may reach a register.

use std::sync::Arc;

use crate::formats::limits::MAX_VALUES;

/// One thing that may reach a register or an argument.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Value {
    /// A text. Lone surrogates are U+FFFD.
    Text(Arc<str>),
    /// A text of which only the start and the end are known; both may be empty.
    Partial {
        /// What it starts with.
        start: Arc<str>,
        /// What it ends with.
        end: Arc<str>,
    },
    /// An integer, `boolean` or `char`; 0 also for `null`; the bits of a
    /// floating point number.
    Int(i64),
    /// Descriptor of a class constant (`Foo.class`, `Class.forName("Foo")`).
    Class(Arc<str>),
    /// A `Uri` that starts with this; what follows may be unknown.
    Uri(Arc<str>),
    /// What a static field holds that is no known constant.
    Field {
        /// Descriptor of the class named in the reference.
        class: Arc<str>,
        /// Name.
        name: Arc<str>,
        /// Descriptor of its type.
        type_: Arc<str>,
    },
    /// An array or a `List` of these elements, in order; an unknown element is
    /// a [`Value::Partial`] of nothing.
    List(Vec<Value>),
    /// A `java.io.File`.
    Path {
        /// The known part.
        text: Arc<str>,
        /// False: an unknown directory stands before it.
        known_start: bool,
    },
    /// The app's own package name.
    OwnPackage,
    /// A `Method`, `Field` or `Constructor` looked up by name.
    Member {
        /// Descriptor of the class, if known.
        class: Option<Arc<str>>,
        /// Name of the member.
        name: Arc<str>,
    },
    /// The parameter of the method with this number, unchanged; `this` is 0 in
    /// instance methods, a wide one counts once.
    Parameter(u16),
    /// An `Intent` or `IntentFilter` with this action.
    Action(Arc<str>),
}

/// All that may reach a register.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Values {
    /// What is known, sorted, at most [`MAX_VALUES`].
    pub known: Vec<Value>,
    /// False: something unknown may reach it too.
    pub complete: bool,
}

impl Values {
    /// Nothing is known.
    pub fn unknown() -> Self {
        Self::default()
    }

    /// Exactly this.
    pub fn one(value: Value) -> Self {
        Self {
            known: vec![value],
            complete: true,
        }
    }

    /// The only thing that may be there.
    pub fn single(&self) -> Option<&Value> {
        match self.known.as_slice() {
            [value] if self.complete => Some(value),
            _ => None,
        }
    }

    /// What may come from here or from `other`. What is here stays, so that
    /// repeated joins come to an end.
    pub fn join(&mut self, other: &Values) {
        self.complete &= other.complete;
        for value in &other.known {
            self.add(value.clone());
        }
    }

    /// Adds a value; too many make the rest unknown.
    pub fn add(&mut self, value: Value) {
        let Err(at) = self.known.binary_search(&value) else {
            return;
        };
        match self.known.len() < MAX_VALUES {
            true => self.known.insert(at, value),
            false => self.complete = false,
        }
    }

    /// What a function makes of each value; `None` is unknown.
    pub fn map(&self, mut function: impl FnMut(&Value) -> Option<Value>) -> Self {
        let mut out = Self {
            known: Vec::new(),
            complete: self.complete,
        };
        for value in &self.known {
            match function(value) {
                Some(value) => out.add(value),
                None => out.complete = false,
            }
        }
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_join_keeps_what_was_there_and_says_when_there_was_too_much() {
        let mut values = Values::one(Value::Int(1000));
        for number in 0..MAX_VALUES as i64 {
            values.join(&Values::one(Value::Int(number)));
        }
        assert_eq!(values.known.len(), MAX_VALUES);
        assert!(values.known.contains(&Value::Int(1000)) && !values.complete);
    }

    #[test]
    fn unknown_on_one_side_is_not_complete() {
        let mut values = Values::one(Value::OwnPackage);
        assert_eq!(values.single(), Some(&Value::OwnPackage));
        values.join(&Values::unknown());
        assert_eq!(values.known, [Value::OwnPackage]);
        assert_eq!(values.single(), None);
    }
}
