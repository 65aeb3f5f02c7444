//! What the interpreter computes with: concrete values and a bounded heap.
//!
//! The heap is a list that objects name by number, not a graph of pointers: a
//! hostile chain of arrays inside arrays is freed without recursion.

use std::rc::Rc;

use crate::formats::limits::{MAX_INTERPRETED_STEPS, MAX_INTERPRETED_TEXT};

/// UTF-16 code units, as Java has them.
pub(super) type Units = Rc<[u16]>;

/// One concrete value.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) enum Datum {
    /// Any integer type; 0 is also `null`.
    Int(i64),
    /// A `String`.
    Text(Units),
    /// An array or a builder.
    Object(u32),
    /// Something that is not known; whoever needs to know gives up.
    Opaque,
}

/// A value apart from any heap.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) enum Known {
    /// Any integer type; 0 is also `null`.
    Int(i64),
    /// A `String`.
    Text(Units),
    /// An array: letter of the element type, elements.
    Array(u8, Vec<Known>),
}

impl Known {
    /// Units and elements, as a measure of memory.
    pub fn size(&self) -> usize {
        match self {
            Self::Int(_) => 1,
            Self::Text(units) => 1 + units.len(),
            Self::Array(_, elements) => 1 + elements.iter().map(Self::size).sum::<usize>(),
        }
    }
}

/// The interpreter gives up: something is not known, not modelled, wrong or
/// too much.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct GiveUp;

/// Outcome of a step.
pub(super) type Outcome<T> = Result<T, GiveUp>;

/// An object that can change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Object {
    /// An array; the letter is that of the element type's descriptor.
    Array(u8, Vec<Datum>),
    /// A `StringBuilder` or `StringBuffer`.
    Builder(Vec<u16>),
    /// Made by `new-instance`, its constructor has not run.
    New,
    /// A `String` whose constructor ran: all references to it.
    Text(Units),
    /// Its content is not known any more.
    Lost,
}

/// All objects of one app's interpretation, and the steps that are left.
#[derive(Debug, Default)]
pub(super) struct Heap {
    objects: Vec<Object>,
    /// Objects with a smaller number belong to static fields of classes whose
    /// initialiser is done: they are read only.
    frozen: usize,
    /// Steps of the call that runs.
    steps: u64,
}

impl Heap {
    /// Begins a call with its own steps, at most `left`.
    pub fn begin(&mut self, left: u64) {
        self.steps = left.min(MAX_INTERPRETED_STEPS);
    }

    /// Steps that are left to the call.
    pub fn steps(&self) -> u64 {
        self.steps
    }

    /// Pays for work.
    pub fn spend(&mut self, steps: usize) -> Outcome<()> {
        match self.steps.checked_sub(steps as u64) {
            Some(left) => self.steps = left,
            None => {
                self.steps = 0;
                return Err(GiveUp);
            }
        }
        Ok(())
    }

    /// Makes an object, paid for by its elements.
    pub fn allocate(&mut self, object: Object) -> Outcome<Datum> {
        let size = match &object {
            Object::Array(_, elements) => elements.len(),
            Object::Builder(units) => units.len(),
            _ => 0,
        };
        self.spend(size + 1)?;
        let number = u32::try_from(self.objects.len()).map_err(|_| GiveUp)?;
        self.objects.push(object);
        Ok(Datum::Object(number))
    }

    /// Makes an array of zeros or nulls; its length is paid for first.
    pub fn new_array(&mut self, kind: u8, length: i64) -> Outcome<Datum> {
        let length = usize::try_from(length).map_err(|_| GiveUp)?;
        if length as u64 > self.steps {
            return Err(GiveUp);
        }
        self.allocate(Object::Array(kind, vec![Datum::Int(0); length]))
    }

    /// Makes an array of numbers.
    pub fn array_of(&mut self, kind: u8, numbers: impl Iterator<Item = i64>) -> Outcome<Datum> {
        self.allocate(Object::Array(kind, numbers.map(Datum::Int).collect()))
    }

    /// Makes a text, paid for by its length.
    pub fn text(&mut self, units: impl Into<Units>) -> Outcome<Datum> {
        let units = units.into();
        if units.len() > MAX_INTERPRETED_TEXT {
            return Err(GiveUp);
        }
        self.spend(units.len() / 8)?;
        Ok(Datum::Text(units))
    }

    /// A value as one of this heap.
    pub fn datum(&mut self, known: &Known) -> Outcome<Datum> {
        match known {
            Known::Int(number) => Ok(Datum::Int(*number)),
            Known::Text(units) => self.text(units.clone()),
            Known::Array(kind, elements) => {
                let elements: Outcome<Vec<Datum>> =
                    elements.iter().map(|element| self.datum(element)).collect();
                self.allocate(Object::Array(*kind, elements?))
            }
        }
    }

    /// A value of this heap on its own; arrays of numbers and texts only.
    pub fn known(&self, datum: &Datum) -> Outcome<Known> {
        match datum {
            Datum::Int(number) => Ok(Known::Int(*number)),
            Datum::Text(units) => Ok(Known::Text(units.clone())),
            Datum::Object(_) => match self.object(datum)? {
                Object::Text(units) => Ok(Known::Text(units.clone())),
                Object::Array(kind, elements) => {
                    let flat = |element: &Datum| match element {
                        Datum::Int(number) => Ok(Known::Int(*number)),
                        Datum::Text(units) => Ok(Known::Text(units.clone())),
                        _ => Err(GiveUp),
                    };
                    let elements: Outcome<Vec<Known>> = elements.iter().map(flat).collect();
                    Ok(Known::Array(*kind, elements?))
                }
                _ => Err(GiveUp),
            },
            _ => Err(GiveUp),
        }
    }

    /// An object.
    pub fn object(&self, datum: &Datum) -> Outcome<&Object> {
        match datum {
            Datum::Object(number) => self.objects.get(*number as usize).ok_or(GiveUp),
            _ => Err(GiveUp),
        }
    }

    /// An object that is to be changed.
    pub fn object_mut(&mut self, datum: &Datum) -> Outcome<&mut Object> {
        match datum {
            Datum::Object(number) if *number as usize >= self.frozen => {
                self.objects.get_mut(*number as usize).ok_or(GiveUp)
            }
            _ => Err(GiveUp),
        }
    }

    /// The elements of an array and the letter of their type.
    pub fn array(&self, datum: &Datum) -> Outcome<(u8, &[Datum])> {
        match self.object(datum)? {
            Object::Array(kind, elements) => Ok((*kind, elements)),
            _ => Err(GiveUp),
        }
    }

    /// The elements of an array that is to be changed.
    pub fn array_mut(&mut self, datum: &Datum) -> Outcome<&mut Vec<Datum>> {
        match self.object_mut(datum)? {
            Object::Array(_, elements) => Ok(elements),
            _ => Err(GiveUp),
        }
    }

    /// The numbers of an array of a primitive type.
    pub fn numbers(&self, datum: &Datum) -> Outcome<Vec<i64>> {
        let (_, elements) = self.array(datum)?;
        elements.iter().map(Datum::int).collect()
    }

    /// The text of a builder.
    pub fn builder(&self, datum: &Datum) -> Outcome<&[u16]> {
        match self.object(datum)? {
            Object::Builder(units) => Ok(units),
            _ => Err(GiveUp),
        }
    }

    /// The text of a builder that is to be changed.
    pub fn builder_mut(&mut self, datum: &Datum) -> Outcome<&mut Vec<u16>> {
        match self.object_mut(datum)? {
            Object::Builder(units) => Ok(units),
            _ => Err(GiveUp),
        }
    }

    /// The text of a `String` or another `CharSequence`.
    pub fn units(&self, datum: &Datum) -> Outcome<Units> {
        match datum {
            Datum::Text(units) => Ok(units.clone()),
            Datum::Object(_) => match self.object(datum)? {
                Object::Text(units) => Ok(units.clone()),
                Object::Builder(units) => Ok(units.as_slice().into()),
                _ => Err(GiveUp),
            },
            _ => Err(GiveUp),
        }
    }

    /// A `String` under construction as the text it became.
    pub fn settled(&self, datum: Datum) -> Datum {
        match self.object(&datum) {
            Ok(Object::Text(units)) => Datum::Text(units.clone()),
            _ => datum,
        }
    }

    /// An unknown call has seen an object: it may have changed it.
    pub fn lose(&mut self, datum: &Datum) {
        if let Ok(object) = self.object_mut(datum)
            && !matches!(object, Object::Text(_))
        {
            *object = Object::Lost;
        }
    }

    /// Everything so far is read only from now on.
    pub fn freeze(&mut self) {
        self.frozen = self.objects.len();
    }

    /// Frees what was made since the last freeze.
    pub fn forget(&mut self) {
        self.objects.truncate(self.frozen);
    }
}

impl Datum {
    /// A number.
    pub fn int(&self) -> Outcome<i64> {
        match self {
            Datum::Int(number) => Ok(*number),
            _ => Err(GiveUp),
        }
    }

    /// A position or length.
    pub fn index(&self) -> Outcome<usize> {
        usize::try_from(self.int()?).map_err(|_| GiveUp)
    }
}

/// The code units of a text.
pub(super) fn units_of(text: &str) -> Units {
    text.encode_utf16().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_array_is_paid_for_before_it_exists() {
        let mut heap = Heap::default();
        heap.begin(1_000);
        assert_eq!(heap.new_array(b'I', i64::from(i32::MAX)), Err(GiveUp));
        assert_eq!(heap.new_array(b'I', -1), Err(GiveUp));
        assert!(heap.new_array(b'I', 900).is_ok());
        assert_eq!(heap.new_array(b'I', 900), Err(GiveUp));
    }

    #[test]
    fn what_static_fields_hold_is_read_only() {
        let mut heap = Heap::default();
        heap.begin(1_000);
        let key = heap.array_of(b'B', [1, 2].into_iter()).unwrap();
        heap.freeze();
        assert_eq!(heap.numbers(&key), Ok(vec![1, 2]));
        assert!(heap.array_mut(&key).is_err());
        heap.forget();
        assert!(heap.array(&key).is_ok());
    }
}
