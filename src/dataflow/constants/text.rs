//! Functions of `String` on UTF-16 code units, and what bytes mean.

use super::heap::{GiveUp, Outcome, Units};

/// Where `part` begins in `units`, at or behind `from`.
pub(super) fn find(units: &[u16], part: &[u16], from: usize) -> Option<usize> {
    let rest = units.get(from..)?;
    if part.is_empty() {
        return Some(from);
    }
    let mut windows = rest.windows(part.len());
    windows
        .position(|window| window == part)
        .map(|at| at + from)
}

/// Where `part` begins last in `units`.
pub(super) fn find_last(units: &[u16], part: &[u16]) -> Option<usize> {
    if part.is_empty() {
        return Some(units.len());
    }
    units.windows(part.len()).rposition(|window| window == part)
}

/// `String.replace(CharSequence, CharSequence)`; `limit` bounds the result.
pub(super) fn replace(units: &[u16], old: &[u16], new: &[u16], limit: usize) -> Outcome<Vec<u16>> {
    if old.is_empty() {
        return Err(GiveUp);
    }
    let mut out = Vec::new();
    let mut at = 0;
    while let Some(next) = find(units, old, at) {
        out.extend_from_slice(units.get(at..next).unwrap_or_default());
        out.extend_from_slice(new);
        at = next + old.len();
        if out.len() > limit {
            return Err(GiveUp);
        }
    }
    out.extend_from_slice(units.get(at..).unwrap_or_default());
    Ok(out)
}

/// `String.trim`: without characters up to U+0020 at both ends.
pub(super) fn trim(units: &[u16]) -> &[u16] {
    let solid = |&unit: &u16| unit > 0x20;
    let start = units.iter().position(solid).unwrap_or(units.len());
    let end = units.iter().rposition(solid).map_or(start, |last| last + 1);
    units.get(start..end).unwrap_or_default()
}

/// `String.toLowerCase` or `toUpperCase` of the root locale.
pub(super) fn change_case(units: &[u16], upper: bool) -> Vec<u16> {
    let mut out = Vec::with_capacity(units.len());
    for scalar in char::decode_utf16(units.iter().copied()) {
        let mut push = |c: char| out.extend_from_slice(c.encode_utf16(&mut [0; 2]));
        match scalar {
            Ok(c) if upper => c.to_uppercase().for_each(&mut push),
            Ok(c) => c.to_lowercase().for_each(&mut push),
            Err(lone) => out.push(lone.unpaired_surrogate()),
        }
    }
    out
}

/// `String.hashCode`.
pub(super) fn hash(units: &[u16]) -> i32 {
    units.iter().fold(0, |hash: i32, &unit| {
        hash.wrapping_mul(31).wrapping_add(unit.into())
    })
}

/// `Integer.parseInt` and `Long.parseLong`.
pub(super) fn parse(units: &[u16], radix: i64) -> Outcome<i64> {
    let text = String::from_utf16(units).map_err(|_| GiveUp)?;
    let radix = u32::try_from(radix)
        .ok()
        .filter(|radix| (2..=36).contains(radix));
    i64::from_str_radix(&text, radix.ok_or(GiveUp)?).map_err(|_| GiveUp)
}

/// `Integer.toString(int, int)`.
pub(super) fn in_radix(number: i64, radix: u64) -> String {
    let mut rest = number.unsigned_abs();
    let mut digits = Vec::new();
    while rest > 0 || digits.is_empty() {
        let digit = char::from_digit((rest % radix) as u32, radix as u32);
        digits.push(digit.unwrap_or('0'));
        rest /= radix;
    }
    if number < 0 {
        digits.push('-');
    }
    digits.iter().rev().collect()
}

/// A template of `String.format` in pieces: text, or the number of an argument
/// and its conversion letter. Widths and flags are not modelled.
pub(super) fn template(units: &[u16]) -> Outcome<Vec<Piece>> {
    let text = String::from_utf16(units).map_err(|_| GiveUp)?;
    let mut pieces = Vec::new();
    let mut next = 0;
    let mut rest = text.as_str();
    while let Some((before, after)) = rest.split_once('%') {
        pieces.push(Piece::Text(before.to_owned()));
        let letter = after.find(|c: char| c.is_alphabetic() || c == '%');
        let letter = letter.ok_or(GiveUp)?;
        let (position, conversion) = after.split_at(letter);
        let conversion = conversion.chars().next().ok_or(GiveUp)?;
        rest = after.get(letter + conversion.len_utf8()..).ok_or(GiveUp)?;
        if conversion == '%' && position.is_empty() {
            pieces.push(Piece::Text("%".into()));
            continue;
        }
        let number = match position.strip_suffix('$') {
            Some(number) => number.parse::<usize>().ok().and_then(|n| n.checked_sub(1)),
            None if position.is_empty() => Some(next),
            None => None,
        };
        next += usize::from(position.is_empty());
        pieces.push(Piece::Argument(number.ok_or(GiveUp)?, conversion));
    }
    pieces.push(Piece::Text(rest.to_owned()));
    Ok(pieces)
}

/// A piece of a template.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Piece {
    /// As it is.
    Text(String),
    /// Number of the argument from 0, conversion.
    Argument(usize, char),
}

/// `new String(bytes, charset)`.
pub(super) fn decode(bytes: &[u8], charset: &str) -> Outcome<Units> {
    let latin = |bytes: &[u8]| bytes.iter().map(|&byte| u16::from(byte)).collect();
    Ok(match charset.to_ascii_uppercase().as_str() {
        "ISO-8859-1" | "ISO8859-1" | "ISO8859_1" | "LATIN1" => latin(bytes),
        "US-ASCII" | "ASCII" if bytes.is_ascii() => latin(bytes),
        "UTF-16BE" => bytes
            .chunks_exact(2)
            .map(|pair| u16::from(pair[0]) << 8 | u16::from(pair[1]))
            .collect(),
        "UTF-16LE" => bytes
            .chunks_exact(2)
            .map(|pair| u16::from(pair[1]) << 8 | u16::from(pair[0]))
            .collect(),
        "UTF-16" => return Err(GiveUp),
        _ => {
            let encoding = encoding_rs::Encoding::for_label(charset.as_bytes()).ok_or(GiveUp)?;
            let (text, _) = encoding.decode_without_bom_handling(bytes);
            text.encode_utf16().collect()
        }
    })
}

/// `text.getBytes(charset)`.
pub(super) fn encode(units: &[u16], charset: &str) -> Outcome<Vec<u8>> {
    let narrow = |most: u16| -> Vec<u8> {
        let byte = |&unit: &u16| if unit <= most { unit as u8 } else { b'?' };
        units.iter().map(byte).collect()
    };
    Ok(match charset.to_ascii_uppercase().as_str() {
        "UTF-8" | "UTF8" => String::from_utf16_lossy(units)
            .replace('\u{fffd}', "?")
            .into_bytes(),
        "ISO-8859-1" | "ISO8859-1" | "ISO8859_1" | "LATIN1" => narrow(0xff),
        "US-ASCII" | "ASCII" => narrow(0x7f),
        "UTF-16BE" => units.iter().flat_map(|unit| unit.to_be_bytes()).collect(),
        "UTF-16LE" => units.iter().flat_map(|unit| unit.to_le_bytes()).collect(),
        _ => return Err(GiveUp),
    })
}

/// Base64 of both alphabets; what is no digit (line ends, padding) is skipped,
/// as `android.util.Base64.decode` skips white space.
pub(super) fn from_base64(digits: &[u8]) -> Outcome<Vec<u8>> {
    let mut out = Vec::with_capacity(digits.len() / 4 * 3);
    let (mut bits, mut count) = (0u32, 0);
    for &digit in digits {
        let value = match digit {
            b'A'..=b'Z' => digit - b'A',
            b'a'..=b'z' => digit - b'a' + 26,
            b'0'..=b'9' => digit - b'0' + 52,
            b'+' | b'-' => 62,
            b'/' | b'_' => 63,
            b'=' | b'\n' | b'\r' | b' ' | b'\t' => continue,
            _ => return Err(GiveUp),
        };
        bits = bits << 6 | u32::from(value);
        count += 6;
        if count >= 8 {
            count -= 8;
            out.push((bits >> count) as u8);
            bits &= (1 << count) - 1;
        }
    }
    match count {
        6 => Err(GiveUp),
        _ => Ok(out),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn units(text: &str) -> Vec<u16> {
        text.encode_utf16().collect()
    }

    #[test]
    fn text_functions_do_what_those_of_java_do() {
        assert_eq!(
            replace(&units("a.b.c"), &units("."), &units("/"), 99),
            Ok(units("a/b/c"))
        );
        assert_eq!(trim(&units(" \n x y ")), units("x y"));
        assert_eq!(trim(&units("  ")), units(""));
        assert_eq!(change_case(&units("getImei"), true), units("GETIMEI"));
        // "android".hashCode()
        assert_eq!(hash(&units("android")), -861_391_249);
        assert_eq!(parse(&units("-7f"), 16), Ok(-127));
        assert_eq!(in_radix(-255, 16), "-ff");
        assert_eq!(find_last(&units("a/b/c"), &units("/")), Some(3));
    }

    #[test]
    fn a_template_counts_its_arguments_unless_it_numbers_them() {
        let text = |text: &str| Piece::Text(text.into());
        assert_eq!(
            template(&units("%s=%2$d%%")),
            Ok(vec![
                text(""),
                Piece::Argument(0, 's'),
                text("="),
                Piece::Argument(1, 'd'),
                text(""),
                text("%"),
                text(""),
            ])
        );
        assert_eq!(template(&units("%05d")), Err(GiveUp));
        assert_eq!(template(&units("%")), Err(GiveUp));
    }

    #[test]
    fn bytes_become_text_by_their_charset() {
        assert_eq!(
            decode("设备".as_bytes(), "utf-8").as_deref(),
            Ok(&units("设备")[..])
        );
        assert_eq!(
            decode(&[0xe8], "ISO-8859-1").as_deref(),
            Ok(&units("è")[..])
        );
        assert_eq!(
            decode(&[0xc9, 0xe8], "GBK").as_deref(),
            Ok(&units("设")[..])
        );
        assert_eq!(encode(&units("设"), "UTF-8"), Ok("设".as_bytes().to_vec()));
        assert_eq!(decode(b"x", "no such"), Err(GiveUp));
    }

    #[test]
    fn base64_with_and_without_padding() {
        assert_eq!(from_base64(b"YW5kcm9pZF9pZA=="), Ok(b"android_id".to_vec()));
        assert_eq!(from_base64(b"YW5k\ncm9pZF9pZA"), Ok(b"android_id".to_vec()));
        assert_eq!(from_base64(b"YW5kc"), Err(GiveUp));
        assert_eq!(from_base64(b"YW5k*"), Err(GiveUp));
    }
}
