//! Sorted ranges: whether a passage meets one, without looking at each.

use std::ops::Range;

/// Sorts ranges and joins those that meet.
pub(crate) fn joined(mut ranges: Vec<Range<usize>>) -> Vec<Range<usize>> {
    ranges.sort_by_key(|range| range.start);
    let mut joined: Vec<Range<usize>> = Vec::with_capacity(ranges.len());
    for range in ranges {
        match joined.last_mut() {
            Some(last) if range.start <= last.end => last.end = last.end.max(range.end),
            _ => joined.push(range),
        }
    }
    joined
}

/// Whether a range meets one of the joined ranges.
pub(crate) fn meets(joined: &[Range<usize>], range: &Range<usize>) -> bool {
    let after = joined.partition_point(|other| other.start < range.end);
    after
        .checked_sub(1)
        .and_then(|at| joined.get(at))
        .is_some_and(|other| range.start < other.end)
}

/// Whether a range lies inside one of the joined ranges.
pub(crate) fn holds(joined: &[Range<usize>], range: &Range<usize>) -> bool {
    let after = joined.partition_point(|other| other.start <= range.start);
    after
        .checked_sub(1)
        .and_then(|at| joined.get(at))
        .is_some_and(|other| range.end <= other.end)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn joined_ranges_answer() {
        let spans = joined(vec![8..9, 1..3, 3..5]);
        assert_eq!(spans, [1..5, 8..9]);
        assert!(meets(&spans, &(4..6)) && !meets(&spans, &(5..8)));
        assert!(holds(&spans, &(2..5)) && !holds(&spans, &(4..6)));
    }
}
