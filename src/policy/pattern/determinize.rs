//! Makes the tables of constant patterns; a part of the build script, where a
//! second of work saves every start of the program its share.
//!
//! Where it has room, a pattern gets two tables that find its places: one reads
//! on to the end of the leftmost place, the other back from there to its begin.
//! Else it gets tables that only tell whether a text holds it: what follows a
//! match is left out, and repetitions with a bound are not counted where that
//! takes too many states (`[^。]{2,40}` becomes `[^。]{2,}`), or only words are
//! kept that each place holds; such a table takes too much, never too little.
//! Where a text holds such a pattern, a table that
//! reads from one place only is put on one place behind the other: it keeps no
//! account of several begins at once, so there nearly always is one.

use std::collections::HashMap;

use regex_automata::dfa::{Automaton, StartKind, dense};
use regex_automata::nfa::thompson::{NFA, WhichCaptures};
use regex_automata::util::primitives::StateID;
use regex_automata::util::start;
use regex_automata::{Anchored, MatchKind};
use regex_syntax::hir::{Class, Hir, HirKind, Look};

/// The bound from which on a repetition is not counted.
const COUNTED: u32 = 4;
/// Characters of a class that is taken for a letter of a word.
const MAX_LETTERS: usize = 8;
/// Memory for making an automaton, for each byte that it may take itself.
const MAX_WORK: usize = 4;
/// Entries of a unit; rows are whole units, so that an entry may lead far.
pub(crate) const UNIT: usize = 8;
/// Columns of a state before classes are formed: each byte, and the end.
const COLUMNS: usize = 257;
/// What may stand before the place where a table starts, by the number of the
/// start: nothing, an end of a line, a character of a word, anything else.
const BEFORE: [Option<u8>; 4] = [None, Some(b'\n'), Some(b'a'), Some(b' ')];

/// A table as it is embedded.
#[derive(serde::Serialize, serde::Deserialize)]
pub(crate) struct Table {
    pub(crate) exact: bool,
    /// The entry of a row for the end of the text, behind those of the classes.
    pub(crate) end: usize,
    /// Entries of all rows.
    pub(crate) entries: usize,
    /// The place of the last row that matches; the first row is dead, and those
    /// between match as well.
    pub(crate) matches: usize,
    /// The place of the row to start from, for each kind of what stands before.
    pub(crate) starts: [usize; 4],
    /// Whether no character of ASCII begins something.
    pub(crate) beyond_ascii: bool,
    /// Whether nothing begins inside a word.
    pub(crate) at_words: bool,
    /// The class of each byte; which characters of three bytes may begin something,
    /// by the last two of them; then the rows. An entry is the place of the next
    /// state's row, in units.
    pub(crate) bytes: Vec<u8>,
}

/// What is embedded of a pattern.
#[derive(serde::Serialize, serde::Deserialize)]
pub(crate) enum Tables {
    /// What finds its places: on to the end, and back to the begin; without the
    /// latter where each begins with the text.
    Finding(Table, Option<Table>),
    /// One of the first accepts a text that holds it, none when they are too large;
    /// the last tells whether and how far a place begins where it is put.
    Telling(Vec<Table>, Option<Table>),
}

/// Which way an automaton reads, and what it is asked.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Reading {
    /// To the end of the leftmost place.
    On,
    /// From the end of a place to its begin.
    Back,
    /// Until it is known that there is a place.
    Telling,
    /// To the end of the place that begins where the reading does.
    Here,
}

impl Reading {
    /// Bytes of a table: a larger one is dearer to touch than the machines that do
    /// without. What reads from one place only touches little of it.
    fn most(self) -> usize {
        match self {
            Self::On | Self::Back => 96 << 10,
            Self::Telling => 128 << 10,
            Self::Here => 512 << 10,
        }
    }

    /// Bytes of an automaton before its states are united.
    fn most_before(self) -> usize {
        match self {
            Self::On | Self::Back | Self::Telling => 4 << 20,
            Self::Here => 16 << 20,
        }
    }
}

/// The states of an automaton, a row for each; the first is dead.
struct States {
    rows: Vec<Vec<u16>>,
    /// Which of them match.
    matching: Vec<bool>,
    starts: [u16; 4],
}

/// The tables of a pattern in the syntax of `regex`.
///
/// # Errors
/// When the pattern is broken.
pub(crate) fn tables(pattern: &str) -> Result<Tables, String> {
    let parsed = regex_syntax::parse(pattern).map_err(|error| error.to_string())?;
    if let Some(finding) = finding(&parsed)? {
        return Ok(finding);
    }
    let telling = match parsed.kind() {
        HirKind::Alternation(parts) => parted(parts),
        _ => parted(std::slice::from_ref(&parsed)),
    };
    Ok(Tables::Telling(
        telling?,
        table(&parsed, Reading::Here, true)?,
    ))
}

/// None when they are too large.
fn finding(parsed: &Hir) -> Result<Option<Tables>, String> {
    let Some(on) = table(parsed, Reading::On, true)? else {
        return Ok(None);
    };
    if parsed.properties().look_set_prefix().contains(Look::Start) {
        return Ok(Some(Tables::Finding(on, None)));
    }
    let back = table(parsed, Reading::Back, true)?;
    Ok(back.map(|back| Tables::Finding(on, Some(back))))
}

/// One table for all alternatives, or where that is too large the tables of both
/// halves, down to that of words which each place of one alternative holds; none
/// when one has no table at all.
fn parted(parts: &[Hir]) -> Result<Vec<Table>, String> {
    if let Some(table) = telling(&Hir::alternation(parts.to_vec()))? {
        return Ok(vec![table]);
    }
    if parts.len() < 2 {
        let words = parts.first().and_then(words);
        let table = words.map(|(words, _)| table(&words, Reading::Telling, false));
        return Ok(table.transpose()?.flatten().into_iter().collect());
    }
    let (first, second) = parts.split_at(parts.len() / 2);
    let (first, second) = (parted(first)?, parted(second)?);
    let all_told = !first.is_empty() && !second.is_empty();
    Ok(if all_told {
        first.into_iter().chain(second).collect()
    } else {
        Vec::new()
    })
}

/// The table that tells of a pattern, or of what it becomes without counting; none
/// when both are too large.
fn telling(parsed: &Hir) -> Result<Option<Table>, String> {
    for counted in [u32::MAX, COUNTED] {
        let mut exact = true;
        let widened = uncounted(parsed, counted, &mut exact);
        if let Some(table) = table(&widened, Reading::Telling, exact)? {
            return Ok(Some(table));
        }
    }
    Ok(None)
}

/// Words one of which each place of a pattern holds, and the characters of the
/// shortest; of several parts the one whose shortest is longest.
fn words(hir: &Hir) -> Option<(Hir, usize)> {
    match hir.kind() {
        HirKind::Empty | HirKind::Look(_) => None,
        HirKind::Literal(_) | HirKind::Class(_) => Some((hir.clone(), letters(hir)?)),
        HirKind::Repetition(repeated) if repeated.min == 0 => None,
        HirKind::Repetition(repeated) => words(&repeated.sub),
        HirKind::Capture(group) => words(&group.sub),
        HirKind::Concat(parts) => {
            let mut found = Vec::new();
            for parts in parts.chunk_by(|a, b| letters(a).is_some() && letters(b).is_some()) {
                let length: Option<usize> = parts.iter().map(letters).sum();
                match (length, parts) {
                    (Some(length), _) => found.push((Hir::concat(parts.to_vec()), length)),
                    (None, [part]) => found.extend(words(part)),
                    (None, _) => {}
                }
            }
            let longer =
                |best: (Hir, usize), next: (Hir, usize)| if next.1 > best.1 { next } else { best };
            found.into_iter().reduce(longer)
        }
        HirKind::Alternation(parts) => {
            let found: Option<Vec<_>> = parts.iter().map(words).collect();
            let (words, lengths): (Vec<_>, Vec<_>) = found?.into_iter().unzip();
            Some((Hir::alternation(words), lengths.into_iter().min()?))
        }
    }
}

/// The characters of a literal, one for a class that is hardly more than a letter.
fn letters(hir: &Hir) -> Option<usize> {
    match hir.kind() {
        HirKind::Literal(literal) => Some(std::str::from_utf8(&literal.0).ok()?.chars().count()),
        HirKind::Class(Class::Unicode(class)) => {
            let of = class.iter().map(|range| range.len());
            (of.sum::<usize>() <= MAX_LETTERS).then_some(1)
        }
        _ => None,
    }
}

/// None when it is too large.
fn table(hir: &Hir, reading: Reading, exact: bool) -> Result<Option<Table>, String> {
    let Some(states) = automaton(hir, reading)?.and_then(|it| states(&it, reading)) else {
        return Ok(None);
    };
    let states = united(&states);
    if states.starts == [0; 4] {
        return Err("matches nothing".to_owned());
    }
    let table = packed(&states, exact);
    Ok(table.filter(|table| table.bytes.len() <= reading.most()))
}

/// None when it is too large.
fn automaton(hir: &Hir, reading: Reading) -> Result<Option<dense::DFA<Vec<u32>>>, String> {
    let back = reading == Reading::Back;
    let config = NFA::config()
        .which_captures(WhichCaptures::None)
        .reverse(back);
    let nfa = NFA::compiler()
        .configure(config)
        .build_from_hir(hir)
        .map_err(|error| error.to_string())?;
    let matches = match reading {
        Reading::Back => MatchKind::All,
        Reading::On | Reading::Telling | Reading::Here => MatchKind::LeftmostFirst,
    };
    let start = match reading {
        Reading::Back | Reading::Here => StartKind::Anchored,
        Reading::On | Reading::Telling => StartKind::Unanchored,
    };
    let config = dense::Config::new()
        .accelerate(false)
        .match_kind(matches)
        .start_kind(start)
        .dfa_size_limit(Some(reading.most_before()))
        .determinize_size_limit(Some(MAX_WORK * reading.most_before()));
    Ok(dense::Builder::new()
        .configure(config)
        .build_from_nfa(&nfa)
        .ok())
}

/// The pattern without groups and without bounds of `counted` and more.
fn uncounted(hir: &Hir, counted: u32, exact: &mut bool) -> Hir {
    let mut each = |parts: &[Hir]| {
        let parts = parts.iter();
        parts.map(|part| uncounted(part, counted, exact)).collect()
    };
    match hir.kind() {
        HirKind::Concat(parts) => Hir::concat(each(parts)),
        HirKind::Alternation(parts) => Hir::alternation(each(parts)),
        HirKind::Capture(group) => uncounted(&group.sub, counted, exact),
        HirKind::Repetition(repeated) => {
            let mut repeated = repeated.clone();
            *repeated.sub = uncounted(&repeated.sub, counted, exact);
            if repeated.max.is_some_and(|most| most >= counted) {
                repeated.min = repeated.min.min(2);
                repeated.max = None;
                *exact = false;
            }
            Hir::repetition(repeated)
        }
        HirKind::Empty | HirKind::Literal(_) | HirKind::Class(_) | HirKind::Look(_) => hir.clone(),
    }
}

/// The states from its starts on. A state matches when a place ended before the
/// byte that led to it; where that is all that is asked, what follows is left out.
fn states(automaton: &dense::DFA<Vec<u32>>, reading: Reading) -> Option<States> {
    let mut known: HashMap<StateID, u16> = HashMap::new();
    let mut open = Vec::new();
    let mut matching = vec![false];
    let mut number = |state: StateID, open: &mut Vec<StateID>| {
        if automaton.is_dead_state(state) {
            return Some(0);
        }
        if let Some(known) = known.get(&state) {
            return Some(*known);
        }
        let new = u16::try_from(matching.len()).ok()?;
        known.insert(state, new);
        matching.push(automaton.is_match_state(state));
        open.push(state);
        Some(new)
    };
    let anchored = match reading {
        Reading::Back | Reading::Here => Anchored::Yes,
        Reading::On | Reading::Telling => Anchored::No,
    };
    let mut starts = [0; 4];
    for (start, before) in starts.iter_mut().zip(BEFORE) {
        let config = start::Config::new().anchored(anchored).look_behind(before);
        *start = number(automaton.start_state(&config).ok()?, &mut open)?;
    }
    let mut rows = vec![vec![0; COLUMNS]];
    let mut done = 0;
    while let Some(&state) = open.get(done) {
        done += 1;
        let own = done as u16; // states are numbered in the order they are met
        if reading == Reading::Telling && automaton.is_match_state(state) {
            rows.push(vec![own; COLUMNS]);
            continue;
        }
        let mut row = Vec::with_capacity(COLUMNS);
        for byte in 0..=u8::MAX {
            row.push(number(automaton.next_state(state, byte), &mut open)?);
        }
        let end = automaton.next_eoi_state(state);
        let ends = automaton.is_match_state(end);
        row.push(if ends { number(end, &mut open)? } else { 0 });
        rows.push(row);
    }
    Some(States {
        rows,
        matching,
        starts,
    })
}

/// States that no text tells apart become one (Moore's refinement of partitions).
/// The dead state comes first, then those that match, then the others.
fn united(states: &States) -> States {
    let mut group: Vec<u16> = states.matching.iter().map(|m| u16::from(*m)).collect();
    let mut groups = 0;
    loop {
        let mut numbers: HashMap<(u16, Vec<u16>), u16> = HashMap::new();
        let refined: Vec<u16> = states
            .rows
            .iter()
            .zip(&group)
            .map(|(row, own)| {
                let next = row.iter().map(|next| group[usize::from(*next)]).collect();
                let new = numbers.len() as u16;
                *numbers.entry((*own, next)).or_insert(new)
            })
            .collect();
        group = refined;
        if numbers.len() == groups {
            break;
        }
        groups = numbers.len();
    }
    // One state of each group, in the order of the groups.
    let mut firsts: Vec<usize> = Vec::with_capacity(groups);
    for (state, own) in group.iter().enumerate() {
        if usize::from(*own) == firsts.len() {
            firsts.push(state);
        }
    }
    let dead_first = &mut firsts[1..];
    dead_first.sort_by_key(|state| !states.matching[*state]);
    let mut place = vec![0; groups];
    for (new, state) in firsts.iter().enumerate() {
        place[usize::from(group[*state])] = new as u16;
    }
    let united = |state: &u16| place[usize::from(group[usize::from(*state)])];
    States {
        rows: firsts
            .iter()
            .map(|state| states.rows[*state].iter().map(united).collect())
            .collect(),
        matching: firsts.iter().map(|state| states.matching[*state]).collect(),
        starts: states.starts.map(|start| united(&start)),
    }
}

/// Bytes that no state tells apart share a column. None when an entry cannot count
/// the units before a row.
fn packed(states: &States, exact: bool) -> Option<Table> {
    let rows = &states.rows;
    let column = |at: usize| -> Vec<u16> { rows.iter().map(|row| row[at]).collect() };
    let mut numbers: HashMap<Vec<u16>, u8> = HashMap::new();
    let mut firsts = Vec::new();
    let mut bytes: Vec<u8> = (0..COLUMNS - 1)
        .map(|at| {
            *numbers.entry(column(at)).or_insert_with(|| {
                firsts.push(at);
                (firsts.len() - 1) as u8
            })
        })
        .collect();
    firsts.push(COLUMNS - 1);
    bytes.extend(begins(states));
    let width = firsts.len().next_multiple_of(UNIT);
    let units = |state: u16| u16::try_from(usize::from(state) * (width / UNIT)).ok();
    for row in rows {
        for at in 0..width {
            let next = firsts.get(at).map_or(0, |at| row[*at]);
            bytes.extend(units(next)?.to_le_bytes());
        }
    }
    let matching = states.matching.iter().filter(|matching| **matching);
    Some(Table {
        exact,
        end: firsts.len() - 1,
        entries: rows.len() * width,
        matches: matching.count() * width,
        starts: states.starts.map(|start| usize::from(start) * width),
        beyond_ascii: (0..0x80).all(|byte| idle(states, &[byte])),
        at_words: at_words(states),
        bytes,
    })
}

/// Whether bytes lead from where nothing has begun back to there, and nothing ends
/// on the way.
fn idle(states: &States, bytes: &[u8]) -> bool {
    let idle = states.starts[3];
    let mut state = idle;
    for byte in bytes {
        state = states.rows[usize::from(state)][usize::from(*byte)];
        if state == 0 || states.matching[usize::from(state)] {
            return false;
        }
    }
    state == idle
}

/// Whether nothing begins inside a word, where that is told from its begin.
fn at_words(states: &States) -> bool {
    let [_, _, inside, idle] = states.starts;
    let row = &states.rows[usize::from(inside)];
    let stays = |byte: u8| row[usize::from(byte)] == inside;
    let mut word = (0..=u8::MAX).filter(|byte| byte.is_ascii_alphanumeric() || *byte == b'_');
    inside != idle && !states.matching[usize::from(inside)] && word.all(stays)
}

/// The characters of three bytes that may begin something: for each byte in the
/// middle the set of those behind it.
fn begins(states: &States) -> impl Iterator<Item = u8> {
    let sets = (0x80..0xc0).map(|second| {
        let begins =
            |third: &u8| (0xe0..=0xef).any(|first| !idle(states, &[first, second, *third]));
        let thirds = (0x80..0xc0).filter(begins);
        thirds.fold(0, |set, third| set | 1 << (third & 0x3f))
    });
    sets.flat_map(u64::to_le_bytes)
}
