//! Signing certificates of a package, whichever scheme carries them.
//!
//! Nothing is verified: the question is who claims to have signed, and a
//! package with a broken signature is still to be looked at.
//!
//! * v1: `META-INF/*.RSA`, `.DSA`, `.EC` (JAR signing);
//! * v2, v3, v3.1: the APK Signing Block before the central directory
//!   (source.android.com, "APK Signature Scheme v2/v3"; AOSP `apksig`).

mod pkcs7;

use std::collections::BTreeSet;

use sha2::{Digest, Sha256};

use super::limits::{MAX_SIGNATURE_FILE_BYTES, MAX_SIGNERS};
use super::zip::{Archive, Entry};
use super::{Anomaly, Cursor, DecodeError};

const BLOCK_MAGIC: &[u8; 16] = b"APK Sig Block 42";
/// Length field and magic behind the pairs of the block.
const BLOCK_FOOTER: usize = 24;
const SCHEME_V2: u32 = 0x7109_871a;
const SCHEME_V3: u32 = 0xf053_68c0;
const SCHEME_V3_1: u32 = 0x1b93_ad61;

/// SHA-256 of the DER of each signer's signing certificate, sorted, each once,
/// over all schemes. After a key rotation that is more than one.
pub fn certificates(archive_bytes: &[u8], archive: &Archive) -> (Vec<[u8; 32]>, Vec<Anomaly>) {
    let mut found = BTreeSet::new();
    let mut anomalies = Vec::new();
    jar_signers(archive, &mut found, &mut anomalies);
    block_signers(
        archive_bytes,
        archive.directory_start(),
        &mut found,
        &mut anomalies,
    );
    (found.into_iter().collect(), anomalies)
}

fn jar_signers(archive: &Archive, found: &mut BTreeSet<[u8; 32]>, anomalies: &mut Vec<Anomaly>) {
    let mut buffer = Vec::new();
    let mut files = archive.entries().iter().filter(|e| is_signature_file(e));
    for entry in files.by_ref().take(MAX_SIGNERS) {
        let content = match archive.read(entry, &mut buffer, MAX_SIGNATURE_FILE_BYTES) {
            Ok(content) => content,
            Err(error) => {
                anomalies.push(unreadable(entry, &error.message));
                continue;
            }
        };
        anomalies.extend(content.anomalies);
        let Some(signers) = pkcs7::signers(content.bytes) else {
            anomalies.push(unreadable(entry, "it is no PKCS #7 signature"));
            continue;
        };
        if signers.unmatched > 0 || signers.certificates.is_empty() {
            anomalies.push(unreadable(
                entry,
                "the signer's certificate is not enclosed",
            ));
        }
        found.extend(signers.certificates.into_iter().map(hash));
    }
    if files.next().is_some() {
        anomalies.push(Anomaly::new(
            "signing-too-many-signers",
            format!("only the first {MAX_SIGNERS} signature files were read"),
            "META-INF",
        ));
    }
}

fn is_signature_file(entry: &Entry) -> bool {
    let Some((folder, file)) = entry.name.split_once('/') else {
        return false;
    };
    let extension = file.rsplit_once('.').map_or("", |(_, extension)| extension);
    folder.eq_ignore_ascii_case("META-INF")
        && !file.contains('/')
        && ["RSA", "DSA", "EC"]
            .iter()
            .any(|known| extension.eq_ignore_ascii_case(known))
}

fn unreadable(entry: &Entry, why: &str) -> Anomaly {
    Anomaly::new(
        "signing-v1-unreadable",
        format!("a signature file gives no signer: {why}"),
        entry.name.as_str(),
    )
}

/// Signers of the APK Signing Block, if the archive has one.
fn block_signers(
    data: &[u8],
    directory_start: usize,
    found: &mut BTreeSet<[u8; 32]>,
    anomalies: &mut Vec<Anomaly>,
) {
    let head = data.get(..directory_start).unwrap_or_default();
    if !head.ends_with(BLOCK_MAGIC) {
        return;
    }
    if let Err(error) = read_block(head, found) {
        anomalies.push(Anomaly::new(
            "signing-block-damaged",
            format!(
                "the APK Signing Block cannot be read to its end: {}",
                error.message
            ),
            format!("offset {:#x}", error.offset),
        ));
    }
}

/// `head` ends with the block: length, pairs, length again, magic.
fn read_block(head: &[u8], found: &mut BTreeSet<[u8; 32]>) -> Result<(), DecodeError> {
    let pairs_end = head.len().saturating_sub(BLOCK_FOOTER);
    let length = Cursor::at(head, pairs_end).u64()?;
    // The length counts everything but its own first copy.
    let start = usize::try_from(length)
        .ok()
        .and_then(|length| head.len().checked_sub(length))
        .filter(|&start| start <= pairs_end)
        .ok_or_else(|| DecodeError::new(pairs_end, format!("its length is {length}")))?;
    let pairs = head.get(start..pairs_end).unwrap_or_default();
    let mut cursor = Cursor::new(pairs).with_base(start);
    while cursor.remaining() > 0 {
        let length = cursor.u64()?;
        let offset = cursor.offset();
        let pair = cursor.bytes(usize::try_from(length).unwrap_or(usize::MAX))?;
        let mut pair = Cursor::new(pair).with_base(offset);
        let id = pair.u32()?;
        if matches!(id, SCHEME_V2 | SCHEME_V3 | SCHEME_V3_1) {
            let mut signers = prefixed(&mut pair)?;
            for _ in 0..MAX_SIGNERS {
                if signers.remaining() == 0 {
                    break;
                }
                let mut signer = prefixed(&mut signers)?;
                found.insert(hash(signer_certificate(&mut signer)?));
            }
            if signers.remaining() > 0 {
                let message = format!("more than {MAX_SIGNERS} signers; the rest was not read");
                return Err(DecodeError::new(signers.offset(), message));
            }
        }
    }
    Ok(())
}

/// The first certificate of the signed data: that of the signing key. The
/// schemes agree up to here.
fn signer_certificate<'a>(signer: &mut Cursor<'a>) -> Result<&'a [u8], DecodeError> {
    let mut signed_data = prefixed(signer)?;
    prefixed(&mut signed_data)?; // digests
    let mut certificates = prefixed(&mut signed_data)?;
    let length = certificates.u32()?;
    certificates.bytes(usize::try_from(length).unwrap_or(usize::MAX))
}

/// A field with its length in front of it, as a cursor of its own.
fn prefixed<'a>(cursor: &mut Cursor<'a>) -> Result<Cursor<'a>, DecodeError> {
    let length = cursor.u32()?;
    let offset = cursor.offset();
    let bytes = cursor.bytes(usize::try_from(length).unwrap_or(usize::MAX))?;
    Ok(Cursor::new(bytes).with_base(offset))
}

fn hash(certificate: &[u8]) -> [u8; 32] {
    Sha256::digest(certificate).into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formats::zip::builder::{File, Layout, archive_with};

    const SIGNER: &[u8] = include_bytes!("signing/fixtures/signer.der");
    const SIGNATURE: &[u8] = include_bytes!("signing/fixtures/signature.ec");

    fn with_length(parts: &[&[u8]]) -> Vec<u8> {
        let content = parts.concat();
        let mut out = (content.len() as u32).to_le_bytes().to_vec();
        out.extend(content);
        out
    }

    fn signer(certificate: &[u8]) -> Vec<u8> {
        let certificates = with_length(&[&with_length(&[certificate])]);
        let signed_data = with_length(&[&with_length(&[b"digests"]), &certificates]);
        with_length(&[&signed_data, b"signatures and key"])
    }

    fn block(pairs: &[(u32, Vec<u8>)]) -> Vec<u8> {
        let mut body = Vec::new();
        for (id, value) in pairs {
            body.extend((value.len() as u64 + 4).to_le_bytes());
            body.extend(id.to_le_bytes());
            body.extend(value);
        }
        let length = ((body.len() + BLOCK_FOOTER) as u64).to_le_bytes();
        [&length[..], &body, &length, BLOCK_MAGIC].concat()
    }

    fn package(files: &[File], block: Vec<u8>) -> Vec<u8> {
        let layout = Layout {
            before_directory: block,
            ..Layout::default()
        };
        archive_with(files, &layout)
    }

    fn read(data: &[u8]) -> (Vec<[u8; 32]>, Vec<&'static str>) {
        let (archive, _) = Archive::open(data).unwrap();
        let (found, anomalies) = certificates(data, &archive);
        (found, anomalies.iter().map(|a| a.code).collect())
    }

    #[test]
    fn all_schemes_name_the_same_signer_once() {
        let v1 = [File::deflated("META-INF/CERT.EC", SIGNATURE)];
        let signers = with_length(&[&signer(SIGNER)]);
        for id in [SCHEME_V2, SCHEME_V3, SCHEME_V3_1] {
            let block = block(&[(0x4272_6577, vec![0; 9]), (id, signers.clone())]);
            let expected = (vec![hash(SIGNER)], vec![]);
            assert_eq!(read(&package(&[], block.clone())), expected);
            assert_eq!(read(&package(&v1, block)), expected);
        }
        assert_eq!(read(&package(&v1, vec![])), (vec![hash(SIGNER)], vec![]));
    }

    #[test]
    fn several_signers_are_sorted() {
        let signers = with_length(&[&signer(b"one"), &signer(b"two")]);
        let (found, _) = read(&package(&[], block(&[(SCHEME_V2, signers)])));
        let mut expected = vec![hash(b"one"), hash(b"two")];
        expected.sort();
        assert_eq!(found, expected);
    }

    #[test]
    fn a_block_with_hostile_lengths_is_an_anomaly() {
        let mut pair = with_length(&[&signer(SIGNER)]);
        pair[4..8].copy_from_slice(&u32::MAX.to_le_bytes());
        let data = package(&[], block(&[(SCHEME_V2, pair)]));
        assert_eq!(read(&data), (vec![], vec!["signing-block-damaged"]));
        let mut huge = block(&[]);
        let at = huge.len() - BLOCK_FOOTER;
        huge[at..at + 8].fill(0xff);
        let data = package(&[], huge);
        assert_eq!(read(&data), (vec![], vec!["signing-block-damaged"]));
    }

    #[test]
    fn a_signature_file_that_is_none_is_an_anomaly() {
        let files = [File::stored("META-INF/A.RSA", b"nonsense")];
        let expected = (vec![], vec!["signing-v1-unreadable"]);
        assert_eq!(read(&package(&files, vec![])), expected);
    }

    #[test]
    fn damaged_blocks_never_panic() {
        let signers = with_length(&[&signer(b"one"), &signer(b"two")]);
        let valid = package(&[], block(&[(SCHEME_V2, signers)]));
        for at in 0..valid.len() {
            for value in [0, 1, 0x7f, 0xff] {
                let mut data = valid.clone();
                data[at] = value;
                if let Ok((archive, _)) = Archive::open(&data) {
                    certificates(&data, &archive);
                }
            }
        }
    }
}
