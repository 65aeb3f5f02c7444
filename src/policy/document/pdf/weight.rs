//! What the objects of a file would weigh. The parser makes about a hundred bytes
//! of memory of each number and name of a file, streams of objects included,
//! before anything is asked of them; so they are counted first.

use lopdf::{Dictionary, Object, Stream};
use memchr::memmem;

use crate::formats::limits::{MAX_PDF_INFLATED, MAX_PDF_OBJECTS, MAX_PDF_STREAM};

/// Bytes before the word `stream` in which its dictionary is looked for.
const DICTIONARY: usize = 1_024;
/// Filters that make more bytes of few.
const FILTERS: [&str; 5] = [
    "FlateDecode",
    "LZWDecode",
    "RunLengthDecode",
    "ASCIIHexDecode",
    "ASCII85Decode",
];

/// Whether the objects of a file may be read into memory.
pub(super) fn is_affordable(bytes: &[u8]) -> bool {
    let mut objects = count(bytes);
    let mut inflated = 0;
    for at in memmem::find_iter(bytes, b"stream") {
        if objects > MAX_PDF_OBJECTS || inflated > MAX_PDF_INFLATED {
            return false;
        }
        let Some(stream) = holding_objects(bytes, at) else {
            continue;
        };
        match stream.decompressed_content_with_limit(MAX_PDF_STREAM) {
            Ok(data) => {
                objects += count(&data);
                inflated += data.len();
            }
            Err(_) => inflated += stream.content.len(),
        }
    }
    objects <= MAX_PDF_OBJECTS && inflated <= MAX_PDF_INFLATED
}

/// The stream whose word `stream` stands at `at`, if it may hold objects or the
/// table of where they are. A name may be written with `#` escapes.
fn holding_objects(bytes: &[u8], at: usize) -> Option<Stream> {
    let before = bytes.get(at.saturating_sub(DICTIONARY)..at)?;
    let start = memmem::rfind(before, b"obj").unwrap_or(0);
    let words = before.get(start..)?;
    let holds = ["/First", "/XRef", "#"]
        .iter()
        .any(|word| memmem::find(words, word.as_bytes()).is_some());
    if !holds || before.ends_with(b"end") {
        return None;
    }
    let body = bytes.get(at + "stream".len()..)?;
    let skip = body
        .iter()
        .take(2)
        .take_while(|b| matches!(b, b'\r' | b'\n'));
    let body = body.get(skip.count()..)?;
    let end = memmem::find(body, b"endstream").unwrap_or(body.len());
    let mut named: Vec<(usize, Object)> = FILTERS
        .iter()
        .flat_map(|name| {
            memmem::find_iter(words, name.as_bytes())
                .map(|at| (at, Object::Name(name.as_bytes().to_vec())))
        })
        .collect();
    named.sort_by_key(|(at, _)| *at);
    let filters: Vec<Object> = named.into_iter().map(|(_, filter)| filter).collect();
    let mut dictionary = Dictionary::new();
    if !filters.is_empty() {
        dictionary.set("Filter", filters);
    }
    Some(Stream::new(dictionary, body.get(..end)?.to_vec()))
}

/// Places at which an object may begin; compressed bytes have them at one of
/// sixteen.
fn count(bytes: &[u8]) -> usize {
    let mut before = b' ';
    let mut found = 0;
    for byte in bytes {
        let parted = !before.is_ascii_alphanumeric() && !matches!(before, b'.' | b'-' | b'+');
        let begins = match byte {
            b'/' | b'(' | b'[' | b'<' => true,
            b'0'..=b'9' | b'.' | b'-' | b'+' | b't' | b'f' | b'n' => parted,
            _ => false,
        };
        found += usize::from(begins);
        before = *byte;
    }
    found
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    #[test]
    fn numbers_in_streams_of_objects_are_counted() {
        assert_eq!(count(b"<</A[1 -2.5 null(x)]>>"), 8);
        let numbers = b"0 ".repeat(MAX_PDF_STREAM / 2 - 8);
        let mut packed =
            flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::default());
        packed.write_all(&numbers).unwrap();
        let packed = packed.finish().unwrap();
        let file = |times: usize, words: &str| {
            let stream = [words.as_bytes(), b" stream\n", &packed, b"\nendstream\n"].concat();
            stream.repeat(times)
        };
        let objects = "1 0 obj<</Type/ObjStm/N 1/First 4/Filter/FlateDecode>>";
        assert!(is_affordable(&file(1, objects)));
        assert!(!is_affordable(&file(3, objects)));
        assert!(is_affordable(&file(3, "1 0 obj<</Filter/FlateDecode>>")));
    }
}
