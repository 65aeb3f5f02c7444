//! Makes the tables of constant patterns; a part of the build script, where a
//! second of work saves every start of the program its share.
//!
//! A table only tells whether a text holds the pattern: what follows a match is
//! left out, groups are left out, and states that do the same become one. That
//! makes tables small where the automaton of a search is large. Repetitions with
//! a bound are not counted where that takes too many states (`[^。]{2,40}` becomes
//! `[^。]{2,}`); such a table takes too much, never too little.

use std::collections::HashMap;

use regex_automata::dfa::{Automaton, StartKind, dense};
use regex_automata::nfa::thompson::{NFA, WhichCaptures};
use regex_automata::util::primitives::StateID;
use regex_automata::util::start;
use regex_automata::{Anchored, MatchKind};
use regex_syntax::hir::{Hir, HirKind};

/// The bound from which on a repetition is not counted.
const COUNTED: u32 = 4;
/// Memory of one automaton before its states are united, in bytes.
const MAX_AUTOMATON: usize = 4 << 20;
/// Memory for making one, in bytes.
const MAX_WORK: usize = 16 << 20;
/// Columns of a state before classes are formed: each byte, and the end.
const COLUMNS: usize = 257;

/// A table as it is embedded.
#[derive(serde::Serialize, serde::Deserialize)]
pub(crate) struct Table {
    pub(crate) exact: bool,
    /// Entries of a row.
    pub(crate) width: usize,
    /// Entries of all rows.
    pub(crate) entries: usize,
    /// The class of each byte, then the rows. An entry is the place of the next
    /// state's row, in entries.
    pub(crate) bytes: Vec<u8>,
}

type Rows = Vec<Vec<u16>>;

/// The tables of a pattern in the syntax of `regex`, one of which accepts a text
/// that holds it; none when it is too large.
///
/// # Errors
/// When the pattern is broken.
pub(crate) fn tables(pattern: &str) -> Result<Vec<Table>, String> {
    let parsed = regex_syntax::parse(pattern).map_err(|error| error.to_string())?;
    match parsed.kind() {
        HirKind::Alternation(parts) => parted(parts),
        _ => parted(std::slice::from_ref(&parsed)),
    }
}

/// One table for all alternatives, or where that is too large the tables of both
/// halves; none when one alternative is.
fn parted(parts: &[Hir]) -> Result<Vec<Table>, String> {
    if let Some(table) = whole(&Hir::alternation(parts.to_vec()))? {
        return Ok(vec![table]);
    }
    if parts.len() < 2 {
        return Ok(Vec::new());
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

/// The table of a pattern; none when it is too large.
fn whole(parsed: &Hir) -> Result<Option<Table>, String> {
    for counted in [u32::MAX, COUNTED] {
        let mut exact = true;
        let widened = uncounted(parsed, counted, &mut exact);
        let Some(rows) = automaton(&widened)?.as_ref().and_then(rows) else {
            continue;
        };
        let table = packed(&united(&rows).ok_or("matches nothing")?, exact);
        if table.is_some() {
            return Ok(table);
        }
    }
    Ok(None)
}

/// None when it is too large.
fn automaton(hir: &Hir) -> Result<Option<dense::DFA<Vec<u32>>>, String> {
    let config = NFA::config().which_captures(WhichCaptures::None);
    let nfa = NFA::compiler()
        .configure(config)
        .build_from_hir(hir)
        .map_err(|error| error.to_string())?;
    let config = dense::Config::new()
        .accelerate(false)
        .match_kind(MatchKind::LeftmostFirst)
        .start_kind(StartKind::Unanchored)
        .dfa_size_limit(Some(MAX_AUTOMATON))
        .determinize_size_limit(Some(MAX_WORK));
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

/// The states from the start of a text on: 0 is dead, 1 accepts, 2 is the start.
fn rows(automaton: &dense::DFA<Vec<u32>>) -> Option<Rows> {
    let start = automaton
        .start_state(&start::Config::new().anchored(Anchored::No))
        .ok()?;
    let mut known: HashMap<StateID, u16> = HashMap::from([(start, 2)]);
    let mut rows = vec![vec![0; COLUMNS], vec![1; COLUMNS], Vec::new()];
    let mut open = vec![start];
    while let Some(state) = open.pop() {
        let mut row = Vec::with_capacity(COLUMNS);
        for column in 0..COLUMNS {
            let next = match u8::try_from(column) {
                Ok(byte) => automaton.next_state(state, byte),
                Err(_) => automaton.next_eoi_state(state),
            };
            row.push(if automaton.is_match_state(next) {
                1
            } else if automaton.is_dead_state(next) || column == COLUMNS - 1 {
                0
            } else if let Some(&known) = known.get(&next) {
                known
            } else {
                let new = u16::try_from(rows.len()).ok()?;
                known.insert(next, new);
                rows.push(Vec::new());
                open.push(next);
                new
            });
        }
        rows[usize::from(known[&state])] = row;
    }
    Some(rows)
}

/// States that no text tells apart become one (Moore's refinement of partitions).
/// None when the start is one with the dead state.
fn united(rows: &Rows) -> Option<Rows> {
    let mut group: Vec<u16> = (0..rows.len()).map(|state| u16::from(state == 1)).collect();
    let mut groups = 2;
    loop {
        let mut numbers: HashMap<(u16, Vec<u16>), u16> = HashMap::new();
        let refined: Vec<u16> = rows
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
    if group[2] != 2 {
        return None;
    }
    // Numbered in the order of their first states: dead, accepting and start stay.
    let mut united: Rows = vec![Vec::new(); groups];
    for (row, own) in rows.iter().zip(&group) {
        united[usize::from(*own)] = row.iter().map(|next| group[usize::from(*next)]).collect();
    }
    Some(united)
}

/// Bytes that no state tells apart share a column. None when there are more
/// entries than an entry can count.
fn packed(rows: &Rows, exact: bool) -> Option<Table> {
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
    let width = u16::try_from(firsts.len()).ok()?;
    for row in rows {
        for at in &firsts {
            bytes.extend(row[*at].checked_mul(width)?.to_le_bytes());
        }
    }
    Some(Table {
        exact,
        width: firsts.len(),
        entries: rows.len() * firsts.len(),
        bytes,
    })
}
