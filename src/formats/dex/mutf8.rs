//! Modified UTF-8 (AOSP dex-format, "MUTF-8 (Modified UTF-8) Encoding").
//!
//! It differs from UTF-8 in two ways: U+0000 is written `c0 80`, and
//! characters beyond U+FFFF are two three-byte surrogates.

use std::borrow::Cow;

/// Decodes MUTF-8. Borrows when the bytes are ASCII or otherwise valid UTF-8
/// (nearly every string); each ill-formed sequence and each lone surrogate
/// becomes one U+FFFD.
pub fn decode(bytes: &[u8]) -> Cow<'_, str> {
    match std::str::from_utf8(bytes) {
        Ok(text) => Cow::Borrowed(text),
        Err(_) => Cow::Owned(decode_units(bytes)),
    }
}

/// The UTF-16 code units of MUTF-8, as the runtime has them: lone surrogates
/// are kept; each ill-formed sequence becomes one U+FFFD.
pub fn units(mut rest: &[u8]) -> Vec<u16> {
    let mut out = Vec::with_capacity(rest.len());
    while let Some((unit, length)) = next_unit(rest) {
        rest = rest.get(length..).unwrap_or_default();
        match unit.map(u16::try_from) {
            Some(Ok(unit)) => out.push(unit),
            Some(Err(_)) => {
                let scalar = unit.and_then(char::from_u32);
                let scalar = scalar.unwrap_or(char::REPLACEMENT_CHARACTER);
                out.extend_from_slice(scalar.encode_utf16(&mut [0; 2]));
            }
            None => out.push(char::REPLACEMENT_CHARACTER as u16),
        }
    }
    out
}

fn decode_units(mut rest: &[u8]) -> String {
    let mut out = String::with_capacity(rest.len());
    while let Some((unit, length)) = next_unit(rest) {
        rest = rest.get(length..).unwrap_or_default();
        let Some(unit) = unit else {
            out.push(char::REPLACEMENT_CHARACTER);
            continue;
        };
        let low = match next_unit(rest) {
            Some((Some(low), length)) if is_high(unit) && is_low(low) => Some((low, length)),
            _ => None,
        };
        let scalar = match low {
            Some((low, length)) => {
                rest = rest.get(length..).unwrap_or_default();
                0x1_0000 + ((unit & 0x3ff) << 10 | (low & 0x3ff))
            }
            None => unit,
        };
        out.push(char::from_u32(scalar).unwrap_or(char::REPLACEMENT_CHARACTER));
    }
    out
}

fn is_high(unit: u32) -> bool {
    (0xd800..0xdc00).contains(&unit)
}

fn is_low(unit: u32) -> bool {
    (0xdc00..0xe000).contains(&unit)
}

/// The next code unit (or a real UTF-8 four-byte character, which some tools
/// write) and the bytes it took; a unit of `None` is an ill-formed byte.
fn next_unit(bytes: &[u8]) -> Option<(Option<u32>, usize)> {
    let tail = |at: usize| {
        bytes
            .get(at)
            .filter(|&&byte| byte & 0xc0 == 0x80)
            .map(|&byte| u32::from(byte & 0x3f))
    };
    let &first = bytes.first()?;
    let lead = u32::from(first);
    let (unit, length) = match first {
        0x00..=0x7f => (Some(lead), 1),
        0xc0..=0xdf => (tail(1).map(|b| (lead & 0x1f) << 6 | b), 2),
        0xe0..=0xef => {
            let unit = tail(1).zip(tail(2));
            (unit.map(|(b, c)| (lead & 0x0f) << 12 | b << 6 | c), 3)
        }
        0xf0..=0xf4 => {
            let unit = tail(1).zip(tail(2)).zip(tail(3));
            let unit = unit.map(|((b, c), d)| (lead & 0x07) << 18 | b << 12 | c << 6 | d);
            (unit, 4)
        }
        _ => (None, 1),
    };
    Some((unit, if unit.is_some() { length } else { 1 }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_and_chinese_strings_are_borrowed() {
        for text in ["", "Lcn/jpush/android/A;", "极光推送"] {
            assert!(matches!(decode(text.as_bytes()), Cow::Borrowed(t) if t == text));
        }
    }

    #[test]
    fn code_units_keep_what_no_text_can_hold() {
        assert_eq!(units(b"a\xed\xa0\xbdb"), [0x61, 0xd83d, 0x62]);
        assert_eq!(units(b"\xc0\x80\xff"), [0, 0xfffd]);
        assert_eq!(units("😀".as_bytes()), [0xd83d, 0xde00]);
    }

    #[test]
    fn the_two_byte_nul_is_a_nul() {
        assert_eq!(decode(b"a\xc0\x80b"), "a\0b");
    }

    #[test]
    fn a_surrogate_pair_is_one_character() {
        assert_eq!(decode(b"\xed\xa0\xbd\xed\xb8\x80!"), "😀!");
    }

    #[test]
    fn lone_surrogates_and_garbage_are_replaced_one_by_one() {
        assert_eq!(decode(b"a\xed\xa0\xbdb"), "a\u{fffd}b");
        assert_eq!(decode(b"\xed\xb8\x80"), "\u{fffd}");
        assert_eq!(
            decode(b"\xff\xe6\x9eX\x80"),
            "\u{fffd}\u{fffd}\u{fffd}X\u{fffd}"
        );
        assert_eq!(decode(b"\xe6"), "\u{fffd}");
    }
}
