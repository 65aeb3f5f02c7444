use super::builder::{File, Layout, archive, archive_with};
use super::*;

const CAP: usize = 1 << 20;

fn open(data: &[u8]) -> (Archive<'_>, Vec<&'static str>) {
    let (archive, anomalies) = Archive::open(data).expect("opens");
    let codes = anomalies.iter().map(|a| a.code).collect();
    (archive, codes)
}

/// Content and anomaly codes of the entry that Android uses for a name.
fn read(archive: &Archive<'_>, name: &str) -> (Vec<u8>, Vec<&'static str>) {
    let mut buffer = Vec::new();
    let entry = archive.entry(name).expect("is there");
    let content = archive.read(entry, &mut buffer, CAP).expect("has content");
    let codes = content.anomalies.iter().map(|a| a.code).collect();
    (content.bytes.to_vec(), codes)
}

fn text() -> Vec<u8> {
    b"the quick brown fox ".repeat(50)
}

fn two_files() -> Vec<File> {
    vec![
        File::stored("a.txt", b"plain content"),
        File::deflated("b/c.txt", &text()),
    ]
}

#[test]
fn a_clean_archive_has_no_anomaly_and_agrees_with_the_zip_crate() {
    let data = archive(&two_files());
    let (archive, codes) = open(&data);
    assert_eq!(codes, [""; 0]);
    let mut oracle = zip::ZipArchive::new(std::io::Cursor::new(&data[..])).unwrap();
    for entry in archive.entries() {
        let mut expected = Vec::new();
        let mut file = oracle.by_name(&entry.name).unwrap();
        std::io::copy(&mut file, &mut expected).unwrap();
        assert_eq!(read(&archive, &entry.name), (expected, vec![]));
    }
}

#[test]
fn stored_content_is_borrowed_from_the_archive() {
    let data = archive(&two_files());
    let (archive, _) = open(&data);
    let stored = archive.stored(archive.entry("a.txt").unwrap()).unwrap();
    assert!(data.as_ptr_range().contains(&stored.as_ptr()));
    assert_eq!(stored, b"plain content");
    assert_eq!(archive.stored(archive.entry("b/c.txt").unwrap()), None);
}

#[test]
fn the_encryption_flag_on_plain_content_is_ignored_and_told_once() {
    let mut files = two_files();
    for file in &mut files {
        file.flags_central |= 1;
        file.flags_local |= 1;
    }
    let data = archive(&files);
    let (archive, codes) = open(&data);
    assert_eq!(codes, ["zip-encryption-flag"]);
    assert_eq!(read(&archive, "b/c.txt"), (text(), vec![]));
}

#[test]
fn content_that_is_really_encrypted_is_an_error() {
    let mut file = File::stored("a", &[0x5a; 40]);
    file.flags_central = 1;
    file.flags_local = 1;
    file.crc32 ^= 1;
    let data = archive(&[file]);
    let (archive, _) = open(&data);
    let mut buffer = Vec::new();
    let error = archive.read(&archive.entries()[0], &mut buffer, CAP);
    assert!(error.unwrap_err().message.contains("encrypted"));
}

#[test]
fn an_unknown_method_is_taken_as_it_is() {
    let mut file = File::stored("classes.dex", b"dex\n035\0 and so on");
    file.method_central = 0x5a5a;
    file.method_local = 0x5a5a;
    let data = archive(&[file.clone()]);
    let (archive, codes) = open(&data);
    assert_eq!(codes, ["zip-unknown-method"]);
    assert_eq!(read(&archive, "classes.dex"), (file.packed, vec![]));
}

#[test]
fn an_unknown_method_that_hides_a_deflate_stream_is_inflated() {
    let mut file = File::deflated("a", &text());
    file.method_central = 99;
    let data = archive(&[file]);
    let (archive, codes) = open(&data);
    assert_eq!(codes, ["zip-local-header-mismatch", "zip-unknown-method"]);
    assert_eq!(read(&archive, "a"), (text(), vec!["zip-method-lie"]));
}

#[test]
fn plain_content_that_claims_to_be_deflated_is_taken_as_it_is() {
    let mut file = File::stored("a", b"never saw a compressor");
    file.method_central = 8;
    let data = archive(&[file.clone()]);
    let (archive, _) = open(&data);
    assert_eq!(read(&archive, "a"), (file.packed, vec!["zip-method-lie"]));
}

#[test]
fn a_wrong_crc_is_an_anomaly() {
    let mut file = File::deflated("a", &text());
    file.crc32 ^= 1;
    let data = archive(&[file]);
    let (archive, _) = open(&data);
    assert_eq!(read(&archive, "a"), (text(), vec!["zip-crc-mismatch"]));
}

#[test]
fn sizes_that_lie_do_not_change_the_content() {
    for (compressed, uncompressed) in [(3, 1000), (u32::MAX - 1, 1000), (3, 5)] {
        let mut file = File::deflated("a", &text());
        file.compressed = compressed;
        file.uncompressed = uncompressed;
        let data = archive(&[file]);
        let (archive, _) = open(&data);
        assert_eq!(read(&archive, "a"), (text(), vec!["zip-size-lie"]));
    }
}

#[test]
fn a_declared_size_of_gigabytes_allocates_what_the_input_can_yield() {
    let mut file = File::deflated("a", b"small");
    file.uncompressed = u32::MAX - 1;
    let data = archive(&[file]);
    let (archive, _) = open(&data);
    let mut buffer = Vec::new();
    let content = archive.read(&archive.entries()[0], &mut buffer, usize::MAX);
    assert_eq!(content.unwrap().bytes, b"small");
    assert!(buffer.capacity() <= 64 * 1032);
}

#[test]
fn a_stream_that_breaks_off_keeps_what_there_is() {
    let noise: Vec<u8> = random_bytes(4000);
    let mut file = File::deflated("a", &noise);
    file.packed.truncate(2000);
    file.compressed = 2000;
    let data = archive(&[file]);
    let (archive, _) = open(&data);
    let mut buffer = Vec::new();
    let content = archive
        .read(&archive.entries()[0], &mut buffer, CAP)
        .unwrap();
    assert!(content.truncated);
    assert!(noise.starts_with(content.bytes) && content.bytes.len() > 1000);
    assert_eq!(content.anomalies[0].code, "zip-deflate-damaged");
}

#[test]
fn the_cap_cuts_stored_and_deflated_content() {
    let data = archive(&[File::stored("a", &text()), File::deflated("b", &text())]);
    let (archive, _) = open(&data);
    for entry in archive.entries() {
        let mut buffer = Vec::with_capacity(4096);
        let content = archive.read(entry, &mut buffer, 100).unwrap();
        assert_eq!((content.bytes, content.truncated), (&text()[..100], true));
        assert_eq!(content.anomalies[0].code, "zip-entry-over-cap");
    }
}

#[test]
fn of_two_entries_of_a_name_the_first_is_used_and_both_are_listed() {
    let data = archive(&[File::stored("x", b"first"), File::stored("x", b"second")]);
    let (archive, codes) = open(&data);
    assert_eq!(codes, ["zip-duplicate-entry"]);
    assert_eq!(read(&archive, "x").0, b"first");
    let shadowed: Vec<bool> = archive.entries().iter().map(|e| e.shadowed).collect();
    assert_eq!(shadowed, [false, true]);
}

#[test]
fn data_before_the_archive_is_skipped_whether_offsets_know_of_it_or_not() {
    for unadjusted in [false, true] {
        let layout = Layout {
            prepended: b"dex\n035\0 a whole dex file".to_vec(),
            unadjusted,
            ..Layout::default()
        };
        let data = archive_with(&two_files(), &layout);
        let (archive, codes) = open(&data);
        assert_eq!(codes, ["zip-prepended-data"]);
        assert_eq!(archive.prepended(), layout.prepended);
        assert_eq!(read(&archive, "b/c.txt"), (text(), vec![]));
    }
}

#[test]
fn garbage_between_directory_and_end_record_is_skipped() {
    let layout = Layout {
        before_end: b"garbage".to_vec(),
        ..Layout::default()
    };
    let data = archive_with(&two_files(), &layout);
    let (archive, codes) = open(&data);
    assert_eq!(codes, ["zip-garbage-before-eocd"]);
    assert_eq!(archive.entries().len(), 2);
}

#[test]
fn a_fake_end_record_in_the_comment_is_seen_through() {
    let mut fake = b"PK\x05\x06\0\0\0\0\x01\0\x01\0".to_vec();
    fake.extend([0x30, 0, 0, 0, 0x44, 0x33, 0x22, 0x11, 0, 0]);
    let layout = Layout {
        comment: fake,
        ..Layout::default()
    };
    let data = archive_with(&two_files(), &layout);
    let (archive, codes) = open(&data);
    assert_eq!(codes, ["zip-eocd-ambiguous"]);
    assert_eq!(archive.entries().len(), 2);
}

#[test]
fn a_wrong_comment_length_and_trailing_data_are_tolerated() {
    for (lie, code) in [
        (9, "zip-comment-length"),
        (u16::MAX - 2, "zip-trailing-data"),
    ] {
        let layout = Layout {
            comment: b"a comment".to_vec(),
            comment_length_lie: lie,
            ..Layout::default()
        };
        let data = archive_with(&two_files(), &layout);
        let (archive, codes) = open(&data);
        assert_eq!(codes, [code]);
        assert_eq!(archive.entries().len(), 2);
    }
}

#[test]
fn an_end_record_far_before_the_end_is_found() {
    let mut data = archive(&two_files());
    data.extend(vec![b'P'; 200_000]);
    let (archive, codes) = open(&data);
    assert_eq!(codes, ["zip-trailing-data"]);
    assert_eq!(archive.entries().len(), 2);
}

#[test]
fn a_wrong_entry_count_does_not_hide_entries() {
    for (lie, code) in [(1, "zip-directory-damaged"), (u16::MAX, "zip-entry-count")] {
        let layout = Layout {
            count_lie: lie,
            ..Layout::default()
        };
        let data = archive_with(&two_files(), &layout);
        let (archive, codes) = open(&data);
        assert_eq!(codes, [code]);
        assert_eq!(archive.entries().len(), 2);
    }
}

#[test]
fn a_record_that_lies_about_its_length_does_not_hide_the_next() {
    let mut files = two_files();
    files[0].extra_length_lie = 1;
    let data = archive(&files);
    let (archive, codes) = open(&data);
    assert!(codes.contains(&"zip-directory-record"), "{codes:?}");
    assert_eq!(read(&archive, "b/c.txt"), (text(), vec![]));
}

#[test]
fn garbage_in_extra_fields_is_ignored() {
    let mut files = two_files();
    files[1].extra_central = b"**** not a field".to_vec();
    let data = archive(&files);
    let (archive, codes) = open(&data);
    assert_eq!(codes, ["zip-extra-field"]);
    assert_eq!(read(&archive, "b/c.txt"), (text(), vec![]));
}

#[test]
fn zip64_archives_are_read() {
    for prepended in [&b""[..], b"in front"] {
        let layout = Layout {
            prepended: prepended.to_vec(),
            unadjusted: true,
            zip64: true,
            ..Layout::default()
        };
        let data = archive_with(&two_files(), &layout);
        let (archive, codes) = open(&data);
        assert_eq!(codes.len(), usize::from(!prepended.is_empty()), "{codes:?}");
        assert_eq!(read(&archive, "b/c.txt"), (text(), vec![]));
    }
}

#[test]
fn hostile_names_are_told_once_with_their_number() {
    let names = ["/abs", "../up", "a/../../b", "C:\\x", "ok"];
    let files: Vec<File> = names.iter().map(|name| File::stored(name, b"")).collect();
    let data = archive(&files);
    let (_, anomalies) = Archive::open(&data).unwrap();
    assert_eq!(anomalies.len(), 1);
    assert_eq!(anomalies[0].code, "zip-hostile-name");
    assert!(anomalies[0].message.contains("4 entries"));
}

#[test]
fn nul_bytes_other_encodings_and_folders_with_content_are_told() {
    let mut encoded = File::stored("x", b"");
    encoded.name = vec![0xd6, 0xd0];
    let data = archive(&[
        File::stored("a\0b", b""),
        encoded,
        File::stored("classes.dex/", b"dex\n"),
        File::stored("folder/", b""),
    ]);
    let (archive, codes) = open(&data);
    assert_eq!(
        codes,
        [
            "zip-directory-with-content",
            "zip-name-not-utf8",
            "zip-nul-in-name"
        ]
    );
    let folders: Vec<bool> = archive.entries().iter().map(|e| e.is_directory).collect();
    assert_eq!(folders, [false, false, false, true]);
}

#[test]
fn what_is_no_zip_is_an_error() {
    for data in [&b""[..], b"PK", b"PK\x03\x04 but no end", &[0; 100]] {
        assert!(Archive::open(data).is_err());
    }
    assert!(Archive::open(&archive(&[])).unwrap().0.entries().is_empty());
}

/// A deterministic generator (xorshift, Marsaglia 2003).
struct Random(u64);

impl Random {
    fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % bound.max(1) as u64) as usize
    }
}

fn random_bytes(length: usize) -> Vec<u8> {
    let mut random = Random(7);
    (0..length).map(|_| random.below(256) as u8).collect()
}

#[test]
fn damaged_archives_never_panic() {
    let plain = archive(&two_files());
    let layout = Layout {
        zip64: true,
        comment: b"comment".to_vec(),
        ..Layout::default()
    };
    let wide = archive_with(&two_files(), &layout);
    let mut random = Random(1);
    let mut buffer = Vec::new();
    for round in 0..6000 {
        let mut data = if round % 2 == 0 { &plain } else { &wide }.clone();
        for _ in 0..=random.below(4) {
            let at = random.below(data.len());
            data[at] = [0, 0xff, 0x7f, random.below(256) as u8][random.below(4)];
        }
        if random.below(4) == 0 {
            data.truncate(random.below(data.len()));
        }
        if let Ok((archive, _)) = Archive::open(&data) {
            for entry in archive.entries() {
                let _ = archive.read(entry, &mut buffer, CAP);
                let _ = archive.stored(entry);
            }
        }
    }
}
