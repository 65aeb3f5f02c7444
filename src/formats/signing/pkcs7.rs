//! The signing certificates of a PKCS #7 signature (RFC 2315, RFC 5652).
//!
//! An own reader for the few fields that matter, because the hash is over the
//! bytes of the certificate *as they are in the file*, which `cms` does not
//! keep, and because old signing tools write BER that strict DER readers
//! refuse. `cms` is the oracle of the tests.

use crate::formats::limits::{MAX_ASN1_DEPTH, MAX_SIGNERS};

const INTEGER: u8 = 0x02;
const OBJECT_IDENTIFIER: u8 = 0x06;
const SEQUENCE: u8 = 0x30;
const SET: u8 = 0x31;
/// `[0]`, constructed.
const CONTEXT_0: u8 = 0xa0;
/// `[0]`, primitive: the subject key identifier of a signer.
const CONTEXT_0_PRIMITIVE: u8 = 0x80;
/// 1.2.840.113549.1.7.2, signedData.
const SIGNED_DATA: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07, 0x02];

/// What a signature names.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Signers<'a> {
    /// DER of the certificate of each signer.
    pub certificates: Vec<&'a [u8]>,
    /// Signers whose certificate is not among those enclosed.
    pub unmatched: usize,
}

/// Reads the signers; `None` when this is no PKCS #7 signature.
pub(super) fn signers(data: &[u8]) -> Option<Signers<'_>> {
    let mut content_info = Elements(element(data, 0)?.0.expect(SEQUENCE)?);
    if content_info.next_of(OBJECT_IDENTIFIER)? != SIGNED_DATA {
        return None;
    }
    let explicit = content_info.next_of(CONTEXT_0)?;
    let mut signed_data = Elements(element(explicit, 0)?.0.expect(SEQUENCE)?);
    signed_data.next_of(INTEGER)?; // version
    signed_data.next_of(SET)?; // digest algorithms
    signed_data.next_of(SEQUENCE)?; // encapsulated content
    let mut certificates = Vec::new();
    let mut signer_infos: &[u8] = &[];
    for part in signed_data {
        match part.tag {
            CONTEXT_0 => certificates = Elements(part.content).collect(),
            SET => signer_infos = part.content,
            _ => {}
        }
    }
    let mut found = Signers::default();
    let mut signers = Elements(signer_infos);
    for signer in signers.by_ref().take(MAX_SIGNERS) {
        match certificate_of(&signer, &certificates) {
            Some(certificate) => found.certificates.push(certificate),
            None => found.unmatched += 1,
        }
    }
    // Signers over the cap have no certificate here, and that is told.
    found.unmatched += signers.count();
    Some(found)
}

/// The certificate that a SignerInfo refers to: by issuer and serial number,
/// or by subject key identifier. A single enclosed certificate needs no match.
fn certificate_of<'a>(signer: &Element<'_>, certificates: &[Element<'a>]) -> Option<&'a [u8]> {
    if let [only] = certificates {
        return Some(only.whole);
    }
    let mut parts = Elements(signer.expect(SEQUENCE)?);
    parts.next_of(INTEGER)?; // version
    let identifier = parts.next()?;
    let matches = |certificate: &&Element<'_>| match identifier.tag {
        CONTEXT_0_PRIMITIVE => {
            let key = identifier.content;
            !key.is_empty() && certificate.whole.windows(key.len()).any(|w| w == key)
        }
        _ => {
            let mut named = Elements(identifier.content);
            let issuer = named.next().map(|issuer| issuer.whole);
            let serial = named.next().map(|serial| serial.content);
            issuer.is_some() && issuer_and_serial(certificate) == issuer.zip(serial)
        }
    };
    certificates.iter().find(matches).map(|found| found.whole)
}

/// Issuer and serial number of an X.509 certificate (RFC 5280, 4.1).
fn issuer_and_serial<'a>(certificate: &Element<'a>) -> Option<(&'a [u8], &'a [u8])> {
    let mut to_be_signed = Elements(Elements(certificate.expect(SEQUENCE)?).next_of(SEQUENCE)?);
    let mut part = to_be_signed.next()?;
    if part.tag == CONTEXT_0 {
        part = to_be_signed.next()?;
    }
    let serial = part.expect(INTEGER)?;
    to_be_signed.next_of(SEQUENCE)?; // signature algorithm
    Some((to_be_signed.next()?.whole, serial))
}

/// One BER element (X.690, 8.1).
#[derive(Debug, Clone, Copy)]
struct Element<'a> {
    tag: u8,
    content: &'a [u8],
    whole: &'a [u8],
}

impl<'a> Element<'a> {
    fn expect(&self, tag: u8) -> Option<&'a [u8]> {
        (self.tag == tag).then_some(self.content)
    }
}

/// The elements inside a constructed one, up to the first that is damaged.
struct Elements<'a>(&'a [u8]);

impl<'a> Elements<'a> {
    fn next_of(&mut self, tag: u8) -> Option<&'a [u8]> {
        self.next()?.expect(tag)
    }
}

impl<'a> Iterator for Elements<'a> {
    type Item = Element<'a>;

    fn next(&mut self) -> Option<Element<'a>> {
        let (element, rest) = element(self.0, 0)?;
        self.0 = rest;
        Some(element)
    }
}

/// The first element of `data`, and what follows it. Lengths may be
/// indefinite; then the content goes up to the end-of-contents octets.
fn element(data: &[u8], depth: usize) -> Option<(Element<'_>, &[u8])> {
    let (&tag, rest) = data.split_first()?;
    // Tags of several bytes do not occur in these structures.
    if tag & 0x1f == 0x1f || depth > MAX_ASN1_DEPTH {
        return None;
    }
    let (&first, rest) = rest.split_first()?;
    let (content, after) = match first {
        0..=0x7f => rest.split_at_checked(first.into())?,
        0x80 => indefinite(rest, depth)?,
        _ => {
            let (length, rest) = rest.split_at_checked(usize::from(first & 0x7f))?;
            let length = length.iter().try_fold(0usize, |value, &byte| {
                value.checked_mul(256)?.checked_add(byte.into())
            })?;
            rest.split_at_checked(length)?
        }
    };
    let whole = data.get(..data.len() - after.len())?;
    let element = Element {
        tag,
        content,
        whole,
    };
    Some((element, after))
}

fn indefinite(data: &[u8], depth: usize) -> Option<(&[u8], &[u8])> {
    let mut rest = data;
    loop {
        if let Some(after) = rest.strip_prefix(&[0, 0]) {
            return Some((data.get(..data.len() - rest.len())?, after));
        }
        rest = element(rest, depth + 1)?.1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SIGNER: &[u8] = include_bytes!("fixtures/signer.der");
    const SIGNATURE: &[u8] = include_bytes!("fixtures/signature.ec");

    #[test]
    fn the_signer_of_an_openssl_signature_is_found() {
        let found = signers(SIGNATURE).unwrap();
        assert_eq!(found.certificates, [SIGNER]);
        assert_eq!(found.unmatched, 0);
    }

    #[test]
    fn the_cms_crate_agrees() {
        use cms::cert::x509::der::{Decode, Encode};
        let info = cms::content_info::ContentInfo::from_der(SIGNATURE).unwrap();
        let data: cms::signed_data::SignedData = info.content.decode_as().unwrap();
        let first = data.certificates.unwrap().0.get(0).unwrap().to_der();
        assert_eq!(first.unwrap(), signers(SIGNATURE).unwrap().certificates[0]);
    }

    fn tlv(tag: u8, parts: &[&[u8]]) -> Vec<u8> {
        let content = parts.concat();
        let mut out = vec![tag, 0x82, (content.len() >> 8) as u8, content.len() as u8];
        out.extend(content);
        out
    }

    fn certificate(issuer: &str, serial: u8) -> Vec<u8> {
        let issuer = tlv(SEQUENCE, &[issuer.as_bytes()]);
        let version = tlv(CONTEXT_0, &[&[INTEGER, 1, 2]]);
        let algorithm = tlv(SEQUENCE, &[]);
        let number = [INTEGER, 1, serial];
        tlv(
            SEQUENCE,
            &[&tlv(SEQUENCE, &[&version, &number, &algorithm, &issuer])],
        )
    }

    fn signature(certificates: &[&[u8]], signer: (&str, u8)) -> Vec<u8> {
        let issuer = tlv(SEQUENCE, &[signer.0.as_bytes()]);
        let identifier = tlv(SEQUENCE, &[&issuer, &[INTEGER, 1, signer.1]]);
        let infos = tlv(SET, &[&tlv(SEQUENCE, &[&[INTEGER, 1, 1], &identifier])]);
        let data = tlv(
            SEQUENCE,
            &[
                &[INTEGER, 1, 1],
                &tlv(SET, &[]),
                &tlv(SEQUENCE, &[]),
                &tlv(CONTEXT_0, certificates),
                &infos,
            ],
        );
        let oid = tlv(OBJECT_IDENTIFIER, &[SIGNED_DATA]);
        tlv(SEQUENCE, &[&oid, &tlv(CONTEXT_0, &[&data])])
    }

    #[test]
    fn the_certificate_of_the_signer_is_taken_not_that_of_its_issuer() {
        let (root, leaf) = (certificate("root", 1), certificate("root", 2));
        let data = signature(&[&root, &leaf], ("root", 2));
        assert_eq!(signers(&data).unwrap().certificates, [&leaf[..]]);
        let data = signature(&[&root, &leaf], ("other", 2));
        assert_eq!(signers(&data).unwrap().unmatched, 1);
    }

    #[test]
    fn indefinite_lengths_are_read() {
        let definite = [SEQUENCE, 3, INTEGER, 1, 5];
        let indefinite = [SEQUENCE, 0x80, INTEGER, 1, 5, 0, 0];
        let content = |data: &[u8]| element(data, 0).map(|(found, _)| found.content.to_vec());
        assert_eq!(content(&definite), content(&indefinite));
        assert_eq!(content(&[SEQUENCE, 0x80].repeat(5000)), None);
    }

    #[test]
    fn damaged_signatures_never_panic() {
        for at in 0..SIGNATURE.len() {
            signers(&SIGNATURE[..at]);
            for value in [0, 0x7f, 0x80, 0x84, 0xff] {
                let mut data = SIGNATURE.to_vec();
                data[at] = value;
                signers(&data);
            }
        }
    }
}
