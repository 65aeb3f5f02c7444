//! Where control goes inside a method: blocks, branches, handlers.

use crate::formats::dex::CodeItem;
use crate::formats::limits::{MAX_FLOW_EDGES, MAX_FLOW_INSTRUCTIONS};

/// The blocks of a method and the handlers of its `try` ranges.
#[derive(Debug)]
pub(super) struct Flow {
    /// Addresses where blocks begin, sorted.
    leaders: Vec<u32>,
    /// Start, end, handlers; in the order of the file.
    ranges: Vec<(u32, u32, Vec<u32>)>,
}

impl Flow {
    /// Reads the flow of a method; `None` when it is too large. Jumps to where
    /// no instruction begins lead nowhere: the runtime refuses such a method.
    pub fn of(code: &CodeItem<'_>) -> Option<Self> {
        // Instructions have about two code units.
        let mut starts = Vec::with_capacity(code.insns.len() / 4);
        let mut targets = vec![0];
        for instruction in code.instructions() {
            starts.push(instruction.pc);
            if starts.len() > MAX_FLOW_INSTRUCTIONS {
                return None;
            }
            if instruction.opcode.is_branch() {
                targets.extend(instruction.branch_target());
                targets.push(instruction.next_pc());
            } else if instruction.opcode.is_switch() {
                let cases = code.switch_targets(&instruction).into_iter().flatten();
                targets.extend(cases.map(|case| case.1));
                targets.push(instruction.next_pc());
            }
            if targets.len() > MAX_FLOW_EDGES {
                return None;
            }
        }
        let mut ranges = Vec::new();
        for range in code.try_ranges() {
            let room = MAX_FLOW_EDGES.saturating_sub(targets.len());
            let handlers: Vec<u32> = range.handlers.take(room).collect();
            if handlers.len() == room {
                return None;
            }
            targets.extend_from_slice(&handlers);
            ranges.push((range.start, range.end, handlers));
        }
        targets.sort_unstable();
        targets.dedup();
        targets.retain(|target| starts.binary_search(target).is_ok());
        ranges.sort_by_key(|range| range.0);
        for range in &mut ranges {
            range
                .2
                .retain(|handler| starts.binary_search(handler).is_ok());
        }
        Some(Self {
            leaders: targets,
            ranges,
        })
    }

    /// Number of blocks.
    pub fn len(&self) -> usize {
        self.leaders.len()
    }

    /// Where a block begins.
    pub fn start(&self, block: usize) -> u32 {
        self.leaders.get(block).copied().unwrap_or(u32::MAX)
    }

    /// The block that begins at an address.
    pub fn block_at(&self, address: u32) -> Option<usize> {
        self.leaders.binary_search(&address).ok()
    }

    /// The block that holds an address.
    pub fn block_of(&self, address: u32) -> Option<usize> {
        let behind = self.leaders.partition_point(|&leader| leader <= address);
        behind.checked_sub(1)
    }

    /// Whether any exception is handled.
    pub fn has_handlers(&self) -> bool {
        !self.ranges.is_empty()
    }

    /// The handlers that an exception at an address may reach. Ranges do not
    /// overlap in a file that runs, so the last that begins before is the one.
    pub fn handlers(&self, address: u32) -> &[u32] {
        let behind = self.ranges.partition_point(|range| range.0 <= address);
        match behind.checked_sub(1).and_then(|at| self.ranges.get(at)) {
            Some((_, end, handlers)) if address < *end => handlers,
            _ => &[],
        }
    }
}
