//! What the items of one list are marked with: they are marked alike.

use crate::policy::document::LineKind;
use crate::policy::page::Line;
use crate::policy::sentence;

/// A kind of mark.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mark {
    /// A bullet, or a list item of the markup.
    Bullet,
    /// `1.`, `(2)`: one number; `3.1` has two.
    Digit(usize),
    /// `(a)`.
    Letter,
    /// `一、`.
    Han,
    /// `①`.
    Circled,
    /// No item.
    None,
}

/// The mark of a line.
pub(super) fn of(line: &Line, text: &str) -> Mark {
    let Some(end) = sentence::marker(text) else {
        return if line.kind == LineKind::Item {
            Mark::Bullet
        } else {
            Mark::None
        };
    };
    let sign = text.get(..end).unwrap_or_default();
    let has = |test: fn(char) -> bool| sign.contains(test);
    let numbers = sign.split(|c: char| !c.is_ascii_digit());
    let numbers = numbers.filter(|number| !number.is_empty()).count();
    if numbers > 0 {
        Mark::Digit(numbers)
    } else if has(|c| c.is_ascii_alphabetic()) {
        Mark::Letter
    } else if has(|c| ('①'..='⑳').contains(&c)) {
        Mark::Circled
    } else if has(|c| "一二三四五六七八九十".contains(c)) {
        Mark::Han
    } else {
        Mark::Bullet
    }
}
