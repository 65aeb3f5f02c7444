//! Bytes of a text document → UTF-8.

use encoding_rs::{BIG5, Encoding, GB18030, UTF_8, UTF_16BE, UTF_16LE};

use crate::formats::Anomaly;
use crate::policy::PolicyError;

/// Bytes looked at to guess an encoding; a page of text is plenty.
const SAMPLE: usize = 64 * 1024;
/// Bytes at the head of a file in which a page declares its encoding; HTML asks
/// for the first 1024, real pages put scripts in front of it.
const DECLARATION: usize = 8 * 1024;
/// Valid characters beyond ASCII for each broken byte of a text that is still
/// taken for UTF-8. Text of another encoding is broken at nearly every one.
const BROKEN_SHARE: usize = 10;
/// Words that a Chinese policy holds, and that no other bytes give by chance.
const POLICY_WORDS: [&str; 8] = [
    "信息",
    "隐私",
    "使用",
    "第三方",
    "资讯",
    "隱私",
    "資訊",
    "裝置",
];

/// Decodes by byte-order mark, by the pattern of zero bytes (UTF-16 without
/// mark), by validity as UTF-8, by what the page declares, then by a frequency
/// guess. What is declared counts only where the bytes agree: pages are saved
/// in UTF-8 with their old declaration in them.
pub(super) fn decode(bytes: &[u8], anomalies: &mut Vec<Anomaly>) -> Result<String, PolicyError> {
    if let Some((encoding, skip)) = Encoding::for_bom(bytes) {
        let rest = bytes.get(skip..).unwrap_or_default();
        return checked(encoding, rest, Basis::Told, anomalies);
    }
    if let Some(encoding) = utf16_without_mark(bytes.get(..SAMPLE).unwrap_or(bytes)) {
        return checked(encoding, bytes, Basis::Told, anomalies);
    }
    let declared = declared(bytes);
    if let Ok(text) = std::str::from_utf8(bytes) {
        // Two-byte sequences may be Chinese of two bytes a character; three-byte
        // ones that are valid throughout are not.
        let foreign = declared.filter(|_| !text.is_ascii() && !text.chars().any(is_wide));
        if let Some(encoding) = foreign.filter(|encoding| is_clean(encoding, bytes)) {
            return checked(encoding, bytes, Basis::Told, anomalies);
        }
        return if is_binary(text) {
            Err(binary())
        } else {
            Ok(text.to_owned())
        };
    }
    if let Some(encoding) = declared.filter(|encoding| is_clean(encoding, bytes)) {
        return checked(encoding, bytes, Basis::Told, anomalies);
    }
    if is_damaged_utf8(bytes) {
        return checked(UTF_8, bytes, Basis::Told, anomalies);
    }
    checked(guess(bytes, declared), bytes, Basis::Guess, anomalies)
}

/// Why an encoding was chosen.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Basis {
    Told,
    Guess,
}

fn checked(
    encoding: &'static Encoding,
    bytes: &[u8],
    basis: Basis,
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
    } else if basis == Basis::Guess {
        anomalies.push(Anomaly::new(
            "text-encoding-guessed",
            format!("no encoding is declared; read as {}", encoding.name()),
            "",
        ));
    }
    Ok(text.into_owned())
}

fn is_wide(c: char) -> bool {
    c >= '\u{2e80}'
}

fn is_clean(encoding: &'static Encoding, bytes: &[u8]) -> bool {
    !encoding.decode_without_bom_handling(bytes).1
}

/// The encoding that an HTML page (`<meta charset>`, `http-equiv`) or an XML
/// declaration names.
fn declared(bytes: &[u8]) -> Option<&'static Encoding> {
    let head = bytes.get(..DECLARATION).unwrap_or(bytes);
    let head = String::from_utf8_lossy(head).to_ascii_lowercase();
    let mut tags = head.split('<').filter(|tag| {
        tag.starts_with("meta") && tag.contains("charset") || tag.starts_with("?xml")
    });
    tags.find_map(|tag| {
        let tag = tag.split('>').next()?;
        let (_, value) = tag
            .split_once("charset")
            .or_else(|| tag.split_once("encoding"))?;
        let value = value.trim_start().strip_prefix('=')?;
        let value =
            value.trim_start_matches(|c: char| c.is_whitespace() || matches!(c, '"' | '\''));
        let end = value.find(|c: char| !c.is_ascii_alphanumeric() && !matches!(c, '-' | '_' | ':'));
        let label = value.get(..end.unwrap_or(value.len()))?;
        Encoding::for_label(label.as_bytes()).map(superset)
    })
    .filter(|encoding| *encoding != UTF_16LE && *encoding != UTF_16BE)
}

/// GB18030 decodes every GBK file alike, and more.
fn superset(encoding: &'static Encoding) -> &'static Encoding {
    if encoding == encoding_rs::GBK {
        GB18030
    } else {
        encoding
    }
}

/// UTF-8 in which a few bytes broke: cut characters, a pasted passage.
fn is_damaged_utf8(bytes: &[u8]) -> bool {
    let (mut broken, mut whole) = (0usize, 0usize);
    for chunk in bytes.utf8_chunks() {
        whole += chunk.valid().chars().filter(|c| !c.is_ascii()).count();
        broken += usize::from(!chunk.invalid().is_empty());
    }
    broken * BROKEN_SHARE <= whole
}

/// A guess by the frequency of characters, from the first ones beyond ASCII on.
fn guess(bytes: &[u8], declared: Option<&'static Encoding>) -> &'static Encoding {
    let first = bytes.iter().position(|b| !b.is_ascii()).unwrap_or(0);
    let sample = bytes.get(first..).unwrap_or_default();
    let sample = sample.get(..SAMPLE).unwrap_or(sample);
    let mut detector = chardetng::EncodingDetector::new(chardetng::Iso2022JpDetection::Deny);
    detector.feed(sample, sample.len() + first == bytes.len());
    let found = superset(detector.guess(None, chardetng::Utf8Detection::Allow));
    let fits = is_clean(found, bytes);
    if fits && !found.is_single_byte() {
        return found;
    }
    // The detector gives an encoding up at its first broken byte, so a damaged
    // Chinese file ends as one of the Latin ones.
    let damaged = [GB18030, BIG5].into_iter().find(|encoding| {
        let (text, _) = encoding.decode_without_bom_handling(sample);
        let broken = text.chars().filter(|c| *c == '\u{fffd}').count();
        let wide = text.chars().filter(|c| is_wide(*c)).count();
        broken * BROKEN_SHARE < wide && POLICY_WORDS.iter().any(|word| text.contains(word))
    });
    damaged.or(declared.filter(|_| !fits)).unwrap_or(found)
}

fn binary() -> PolicyError {
    PolicyError::new("this is binary data, not a text, Markdown, HTML, DOCX or PDF document")
}

/// More than one control character in a hundred is no text, nor more than one
/// replacement character in ten.
fn is_binary(text: &str) -> bool {
    let (mut seen, mut controls, mut replaced) = (0usize, 0usize, 0usize);
    for c in text.chars().take(SAMPLE) {
        seen += 1;
        let control = c.is_control() && !matches!(c, '\n' | '\r' | '\t' | '\u{c}' | '\u{b}');
        controls += usize::from(control);
        replaced += usize::from(c == '\u{fffd}');
    }
    controls * 100 > seen.max(1) || replaced * 10 > seen.max(1)
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
    let pairs = sample.len() / 2;
    if !sample.contains(&0) || pairs == 0 {
        return None;
    }
    let (big, little) = (score(0), score(1));
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

    const TRADITIONAL: &str = "第三方軟體開發套件清單\n名稱：範例推播套件，由範例科技股份有限公司提供，用於訊息推送，\
        蒐集裝置型號、裝置識別碼與網路資訊。\n";

    #[test]
    fn big5_is_found_and_decoded() {
        let (bytes, _, faulty) = BIG5.encode(TRADITIONAL);
        assert!(!faulty);
        let mut anomalies = Vec::new();
        assert_eq!(decode(&bytes, &mut anomalies).unwrap(), TRADITIONAL);
        assert_eq!(anomalies[0].code, "text-encoding-guessed");
        // Behind more ASCII than a sample holds.
        let script = "var a = 1;\n".repeat(SAMPLE / 8);
        let long = [script.as_bytes(), &bytes].concat();
        assert_eq!(read(&long), format!("{script}{TRADITIONAL}"));
    }

    #[test]
    fn a_declared_encoding_wins_where_the_bytes_agree() {
        let page = |charset: &str, text: &str| {
            format!("<html><head><meta charset=\"{charset}\"></head><p>{text}</p>")
        };
        let old = |charset: &str| {
            format!("<meta http-equiv='Content-Type' content='text/html; charset={charset}'>联通")
        };
        let gbk = page("gbk", TEXT);
        assert_eq!(read(&GB18030.encode(&gbk).0), gbk);
        let big5 = page("big5", TRADITIONAL);
        assert_eq!(read(&BIG5.encode(&big5).0), big5);
        // Two characters that are valid UTF-8 by chance.
        let short = old("gb2312");
        assert_eq!(read(&GB18030.encode(&short).0), short);
        // Saved in another encoding than declared.
        for charset in ["gbk", "big5", "utf-8"] {
            let saved = page(charset, TEXT);
            assert_eq!(read(saved.as_bytes()), saved, "{charset}");
        }
        let wrong = page("utf-8", TEXT);
        assert_eq!(read(&GB18030.encode(&wrong).0), wrong);
        let xml = format!("<?xml version=\"1.0\" encoding='GB2312'?><p>{TEXT}</p>");
        assert_eq!(read(&GB18030.encode(&xml).0), xml);
    }

    #[test]
    fn utf8_with_a_few_broken_bytes_stays_utf8() {
        let mut bytes = TEXT.repeat(5).into_bytes();
        bytes.remove(40);
        bytes.insert(200, 0xff);
        bytes.truncate(bytes.len() - 2);
        let mut anomalies = Vec::new();
        let text = decode(&bytes, &mut anomalies).unwrap();
        assert!(text.contains("示例推送SDK，用于消息推送"), "{text}");
        assert_eq!(anomalies[0].code, "broken-text-encoding");
        assert!(anomalies[0].message.contains("UTF-8"));
    }

    #[test]
    fn gb18030_with_a_broken_byte_is_not_taken_for_utf8() {
        let mut bytes = GB18030.encode(&TEXT.repeat(5)).0.into_owned();
        bytes.insert(60, 0xff);
        let text = read(&bytes);
        assert!(text.contains("示例推送SDK"), "{text}");
        let rare = format!("{TEXT}㐀𠮷\n");
        assert_eq!(read(&GB18030.encode(&rare).0), rare);
    }

    #[test]
    fn english_utf16_without_mark_is_text() {
        let text = "Third-party SDKs: Example Push collects the device model.\n";
        let little: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let big: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
        assert_eq!(read(&little), text);
        assert_eq!(read(&big), text);
    }

    #[test]
    fn binary_data_is_refused() {
        let noise: Vec<u8> = (0..4096u32).map(|i| (i * 37 % 29) as u8).collect();
        assert!(decode(&noise, &mut Vec::new()).is_err());
    }
}
