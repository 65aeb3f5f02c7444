//! What the registers may hold at one place of a method.
//!
//! Constants stay the indexes of the dex file until someone asks what they
//! are; only what is joined or computed becomes a set of values. Objects that
//! can change (builders, arrays) are named by the address that allocates them
//! and shared by all registers that hold them.

use std::collections::HashMap;
use std::rc::Rc;

use foldhash::fast::RandomState;

use super::value::{Value, Values};
use crate::formats::limits::MAX_VALUES;

/// What one register may hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Reg {
    /// Anything.
    Unknown,
    /// An integer; 0 is also `null`.
    Int(i64),
    /// A string of the dex file.
    Text(u32),
    /// A class constant: type index.
    Class(u32),
    /// An argument of the method.
    Parameter(u16),
    /// One of [`Sets`].
    Set(u32),
    /// The object that the instruction at this address makes.
    Object(u32),
}

/// Sets of values that registers refer to.
#[derive(Debug, Default)]
pub(super) struct Sets {
    all: Vec<Values>,
    /// What two registers, neither of them an object, were joined to.
    joined: HashMap<(Reg, Reg), Reg, RandomState>,
}

impl Sets {
    /// A register that holds these.
    pub fn put(&mut self, values: Values) -> Reg {
        if values.known.is_empty() && !values.complete {
            return Reg::Unknown;
        }
        self.all.push(values);
        Reg::Set(self.all.len() as u32 - 1)
    }

    /// The set of a number.
    pub fn get(&self, number: u32) -> Option<&Values> {
        self.all.get(number as usize)
    }
}

/// What is known of a text that a builder holds.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Piece {
    /// Known from the start.
    pub start: String,
    /// Known up to the end, behind something unknown; `None`: `start` is all.
    pub end: Option<String>,
}

impl Piece {
    /// A known text.
    pub fn of(text: &str) -> Self {
        Self {
            start: text.to_owned(),
            end: None,
        }
    }

    /// Appends a known text.
    pub fn push(&mut self, text: &str) {
        self.end.as_mut().unwrap_or(&mut self.start).push_str(text);
    }

    /// With a known text behind it.
    pub fn followed_by(mut self, text: &str) -> Self {
        self.push(text);
        self
    }

    /// Appends something unknown.
    pub fn push_unknown(&mut self) {
        self.end = Some(String::new());
    }

    /// Known bytes.
    pub fn len(&self) -> usize {
        self.start.len() + self.end.as_ref().map_or(0, String::len)
    }

    /// The text as a value.
    pub fn value(&self) -> Value {
        match &self.end {
            None => Value::Text(self.start.as_str().into()),
            Some(end) => Value::Partial {
                start: self.start.as_str().into(),
                end: end.as_str().into(),
            },
        }
    }
}

/// What objects begin as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// `StringBuilder`, `StringBuffer`.
    Builder,
    /// `String`.
    Text,
    /// `java.io.File`.
    File,
    /// `Intent`, `IntentFilter`.
    Intent,
}

/// What an object holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Content {
    /// Anything: someone else may have changed it.
    Lost,
    /// Its constructor has not run.
    New(Kind),
    /// A builder with one of these texts.
    Builder {
        /// Sorted.
        pieces: Vec<Piece>,
        /// Nothing else is possible.
        complete: bool,
    },
    /// An array.
    Array(Vec<Reg>),
    /// An intent with one of these actions.
    Intent(Values),
}

/// Registers and objects.
#[derive(Debug, Clone, Default)]
pub(super) struct State {
    /// By number.
    pub registers: Vec<Reg>,
    /// By allocating address, sorted.
    objects: Vec<(u32, Rc<Content>)>,
}

impl State {
    /// Nothing known of so many registers.
    pub fn new(registers: usize) -> Self {
        Self {
            registers: vec![Reg::Unknown; registers],
            objects: Vec::new(),
        }
    }

    /// The registers alone: what objects hold is unknown.
    pub fn without_objects(&self) -> Self {
        let flat = |&held: &Reg| match held {
            Reg::Object(_) => Reg::Unknown,
            flat => flat,
        };
        Self {
            registers: self.registers.iter().map(flat).collect(),
            objects: Vec::new(),
        }
    }

    /// Number of objects that are followed.
    pub fn object_count(&self) -> usize {
        self.objects.len()
    }

    /// A register; unknown when the method has no such register.
    pub fn get(&self, register: u16) -> Reg {
        let held = self.registers.get(usize::from(register));
        held.copied().unwrap_or(Reg::Unknown)
    }

    /// Writes a register.
    pub fn set(&mut self, register: u16, value: Reg) {
        if let Some(held) = self.registers.get_mut(usize::from(register)) {
            *held = value;
        }
    }

    /// Makes the object of an address. What it made before is out of sight.
    pub fn allocate(&mut self, address: u32, content: Content) -> Reg {
        self.replace(address, Reg::Unknown);
        let content = Rc::new(content);
        match self.place(address) {
            Ok(at) => self.objects[at].1 = content,
            Err(at) => self.objects.insert(at, (address, content)),
        }
        Reg::Object(address)
    }

    fn place(&self, address: u32) -> Result<usize, usize> {
        self.objects
            .binary_search_by_key(&address, |object| object.0)
    }

    /// What a register's object holds.
    pub fn content(&self, register: Reg) -> Option<&Content> {
        let Reg::Object(address) = register else {
            return None;
        };
        let at = self.place(address).ok()?;
        self.objects.get(at).map(|object| &*object.1)
    }

    /// What a register's object holds, to be changed.
    pub fn content_mut(&mut self, register: Reg) -> Option<&mut Content> {
        let Reg::Object(address) = register else {
            return None;
        };
        let at = self.place(address).ok()?;
        self.objects
            .get_mut(at)
            .map(|object| Rc::make_mut(&mut object.1))
    }

    /// Others may change a register's object from now on.
    pub fn lose(&mut self, register: Reg) {
        if let Reg::Object(address) = register
            && let Ok(at) = self.place(address)
            && *self.objects[at].1 != Content::Lost
        {
            self.objects[at].1 = Rc::new(Content::Lost);
        }
    }

    /// An object turned out to be this: all registers that hold it change.
    pub fn replace(&mut self, address: u32, value: Reg) {
        for held in &mut self.registers {
            if *held == Reg::Object(address) {
                *held = value;
            }
        }
    }

    /// An array that is not told apart from others was written to.
    pub fn lose_lists(&mut self, sets: &Sets) {
        let is_list = |value: &Value| matches!(value, Value::List(_));
        for held in &mut self.registers {
            if let Reg::Set(number) = *held
                && sets
                    .get(number)
                    .is_some_and(|set| set.known.iter().any(is_list))
            {
                *held = Reg::Unknown;
            }
        }
    }
}

/// What joining two states needs to know of the values.
pub(super) trait Meaning {
    /// What a register may hold.
    fn values(&self, state: &State, register: Reg) -> Values;
    /// Where new sets go.
    fn sets(&mut self) -> &mut Sets;
}

/// Joins `from` into `into`; true when that changed. With `widen`, what differs
/// is at once taken to be more than what is known, so that a loop ends.
pub(super) fn join(
    meaning: &mut impl Meaning,
    into: &mut State,
    from: &State,
    widen: bool,
) -> bool {
    let mut changed = false;
    for number in 0..into.registers.len().min(from.registers.len()) {
        let (old, new) = (into.registers[number], from.registers[number]);
        if old == new {
            continue;
        }
        let joined = join_registers(meaning, into, from, (old, new), widen);
        if joined != old {
            into.registers[number] = joined;
            changed = true;
        }
    }
    for (address, content) in &from.objects {
        match into.place(*address) {
            Err(at) => into.objects.insert(at, (*address, content.clone())),
            Ok(at) if Rc::ptr_eq(&into.objects[at].1, content) => {}
            Ok(at) => {
                let old = into.objects[at].1.clone();
                let joined = join_contents(meaning, (into, &old), (from, content), widen);
                if joined != *old {
                    into.objects[at].1 = Rc::new(joined);
                    changed = true;
                }
            }
        }
    }
    changed
}

fn join_registers(
    meaning: &mut impl Meaning,
    into: &mut State,
    from: &State,
    (old, new): (Reg, Reg),
    widen: bool,
) -> Reg {
    let is_flat = !matches!(old, Reg::Object(_)) && !matches!(new, Reg::Object(_));
    if is_flat
        && !widen
        && let Some(&known) = meaning.sets().joined.get(&(old, new))
    {
        return known;
    }
    let before = meaning.values(into, old);
    let mut values = before.clone();
    if widen {
        values.complete = false;
    } else {
        values.join(&meaning.values(from, new));
    }
    // The register does not stand for the object any more, so changes to it
    // would be missed.
    into.lose(old);
    into.lose(new);
    let joined = match values == before && !matches!(old, Reg::Object(_)) {
        true => old,
        false => meaning.sets().put(values),
    };
    if is_flat && !widen {
        meaning.sets().joined.insert((old, new), joined);
    }
    joined
}

fn join_contents(
    meaning: &mut impl Meaning,
    (into, old): (&mut State, &Content),
    (from, new): (&State, &Content),
    widen: bool,
) -> Content {
    match (old, new) {
        _ if old == new => old.clone(),
        (Content::Array(a), Content::Array(b)) if a.len() == b.len() => {
            let pairs = a.iter().zip(b);
            let mut join = |(&a, &b): (&Reg, &Reg)| match a == b {
                true => a,
                false => join_registers(meaning, into, from, (a, b), widen),
            };
            Content::Array(pairs.map(&mut join).collect())
        }
        (
            Content::Builder { pieces, complete },
            Content::Builder {
                pieces: others,
                complete: all,
            },
        ) => {
            let mut pieces = pieces.clone();
            let mut complete = *complete && *all && !widen;
            for other in others.iter().filter(|_| !widen) {
                complete &= add_piece(&mut pieces, other.clone());
            }
            Content::Builder { pieces, complete }
        }
        (Content::Intent(a), Content::Intent(b)) => {
            let mut actions = a.clone();
            match widen {
                true => actions.complete = false,
                false => actions.join(b),
            }
            Content::Intent(actions)
        }
        _ => Content::Lost,
    }
}

/// Adds a text a builder may hold; false when there are too many.
pub(super) fn add_piece(pieces: &mut Vec<Piece>, piece: Piece) -> bool {
    let Err(at) = pieces.binary_search(&piece) else {
        return true;
    };
    let room = pieces.len() < MAX_VALUES;
    if room {
        pieces.insert(at, piece);
    }
    room
}
