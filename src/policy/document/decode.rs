//! Bytes of a text document → UTF-8.

use encoding_rs::{Encoding, GB18030, UTF_8, UTF_16BE, UTF_16LE};

use crate::formats::Anomaly;
use crate::policy::PolicyError;

/// Bytes looked at to guess an encoding; a page of text is plenty.
const SAMPLE: usize = 64 * 1024;

/// Decodes by byte-order mark, by validity as UTF-8, by the pattern of zero
/// bytes (UTF-16 without mark), then by a frequency guess.
pub(super) fn decode(bytes: &[u8], anomalies: &mut Vec<Anomaly>) -> Result<String, PolicyError> {
    if let Some((encoding, skip)) = Encoding::for_bom(bytes) {
        return checked(encoding, bytes.get(skip..).unwrap_or_default(), anomalies);
    }
    if let Ok(text) = std::str::from_utf8(bytes) {
        return if is_binary(text) {
            Err(binary())
        } else {
            Ok(text.to_owned())
        };
    }
    let sample = bytes.get(..SAMPLE.min(bytes.len())).unwrap_or_default();
    if let Some(encoding) = utf16_without_mark(sample) {
        return checked(encoding, bytes, anomalies);
    }
    let mut detector = chardetng::EncodingDetector::new(chardetng::Iso2022JpDetection::Deny);
    detector.feed(sample, sample.len() == bytes.len());
    let mut encoding = detector.guess(None, chardetng::Utf8Detection::Allow);
    if encoding == encoding_rs::GBK {
        encoding = GB18030; // the superset decodes every GBK file alike
    }
    checked(encoding, bytes, anomalies)
}

fn checked(
    encoding: &'static Encoding,
    bytes: &[u8],
    anomalies: &mut Vec<Anomaly>,
) -> Result<String, PolicyError> {
    let (text, faulty) = encoding.decode_without_bom_handling(bytes);
    if is_binary(&text) {
        return Err(binary());
    }
    if faulty {
        anomalies.push(Anomaly::new(
            "broken-text-encoding",
            format!("some bytes are not valid {}", encoding.name()),
            "",
        ));
    } else if encoding != UTF_8 && encoding != UTF_16LE && encoding != UTF_16BE {
        anomalies.push(Anomaly::new(
            "text-encoding-guessed",
            format!("no encoding is declared; read as {}", encoding.name()),
            "",
        ));
    }
    Ok(text.into_owned())
}

fn binary() -> PolicyError {
    PolicyError::new("this is binary data, not a text, Markdown, HTML, DOCX or PDF document")
}

/// More than one control or replacement character in a hundred is no text.
fn is_binary(text: &str) -> bool {
    let (mut seen, mut odd) = (0usize, 0usize);
    for c in text.chars().take(SAMPLE) {
        seen += 1;
        let control = c.is_control() && !matches!(c, '\n' | '\r' | '\t' | '\u{c}' | '\u{b}');
        odd += usize::from(control || c == '\u{fffd}');
    }
    odd * 100 > seen.max(1)
}

/// UTF-16 without a mark: the high bytes of ASCII (newlines, blanks, digits)
/// are zero on one side only, or the CJK high bytes cluster on one side.
fn utf16_without_mark(sample: &[u8]) -> Option<&'static Encoding> {
    let score = |offset: usize| {
        sample
            .chunks_exact(2)
            .filter(|pair| match pair.get(offset) {
                Some(0) => true,
                Some(high) => (0x4e..=0x9f).contains(high),
                None => false,
            })
            .count()
    };
    let zeros = sample.iter().filter(|&&b| b == 0).count();
    let pairs = sample.len() / 2;
    let (big, little) = (score(0), score(1));
    if zeros == 0 || pairs == 0 {
        return None;
    }
    if little * 10 > pairs * 7 && little > big {
        Some(UTF_16LE)
    } else if big * 10 > pairs * 7 && big > little {
        Some(UTF_16BE)
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "第三方SDK列表\n名称：示例推送SDK，用于消息推送，收集设备型号。\n";

    fn read(bytes: &[u8]) -> String {
        decode(bytes, &mut Vec::new()).unwrap()
    }

    #[test]
    fn chinese_encodings_give_the_same_text() {
        assert_eq!(read(TEXT.as_bytes()), TEXT);
        assert_eq!(read(&[b"\xef\xbb\xbf", TEXT.as_bytes()].concat()), TEXT);
        assert_eq!(read(&GB18030.encode(TEXT).0), TEXT);
        let units: Vec<u16> = TEXT.encode_utf16().collect();
        let little: Vec<u8> = units.iter().flat_map(|u| u.to_le_bytes()).collect();
        let big: Vec<u8> = units.iter().flat_map(|u| u.to_be_bytes()).collect();
        assert_eq!(read(&little), TEXT);
        assert_eq!(read(&big), TEXT);
        assert_eq!(read(&[b"\xff\xfe", &little[..]].concat()), TEXT);
        assert_eq!(read(&[b"\xfe\xff", &big[..]].concat()), TEXT);
    }

    #[test]
    fn binary_data_is_refused() {
        let noise: Vec<u8> = (0..4096u32).map(|i| (i * 37 % 29) as u8).collect();
        assert!(decode(&noise, &mut Vec::new()).is_err());
    }
}
