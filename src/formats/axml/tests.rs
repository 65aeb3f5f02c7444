use super::writer::{android, chunk, document, element, plain, sample};
use super::*;
use crate::formats::mutation::survive;
use crate::formats::xml::is_incomplete;

const NAME: u32 = framework_attributes::NAME;

fn text(text: &str) -> Value {
    Value::String(text.to_owned())
}

fn codes(anomalies: &[crate::formats::Anomaly]) -> Vec<&str> {
    anomalies.iter().map(|anomaly| anomaly.code).collect()
}

/// Offset of the first chunk of a kind.
fn chunk_at(data: &[u8], kind: u16) -> usize {
    let mut chunks = Chunks::new(data, 8, 0, shape);
    chunks.find(|chunk| chunk.kind == kind).unwrap().offset
}

#[test]
fn what_is_written_is_read_in_both_encodings() {
    for utf8 in [false, true] {
        let (root, anomalies) = parse(&document(&sample(), utf8)).unwrap();
        assert_eq!(root, sample());
        assert_eq!(anomalies, []);
    }
}

#[test]
fn the_resource_id_wins_over_the_name() {
    for name in ["x", ""] {
        let root = element("a", vec![android(NAME, name, text("v"))], vec![]);
        let (root, anomalies) = parse(&document(&root, true)).unwrap();
        assert_eq!(root.attributes[0].name, "name");
        assert_eq!(root.android("name"), Some(&text("v")));
        assert_eq!(anomalies.len(), 1);
    }
}

#[test]
fn a_namesake_without_id_does_not_hide_the_real_attribute() {
    let mut decoy = plain("name", "decoy");
    decoy.namespace = ANDROID_NAMESPACE.to_owned();
    let root = element(
        "a",
        vec![decoy, android(NAME, "name", text("real"))],
        vec![],
    );
    let (root, anomalies) = parse(&document(&root, true)).unwrap();
    assert_eq!(root.android("name"), Some(&text("real")));
    assert_eq!(codes(&anomalies), ["axml-decoy-attribute"]);
}

#[test]
fn the_type_of_the_document_is_ignored_as_android_does() {
    let mut data = document(&sample(), true);
    data[0] = 0;
    let (root, anomalies) = parse(&data).unwrap();
    assert_eq!(root, sample());
    assert_eq!(codes(&anomalies), ["axml-document-type"]);
}

#[test]
fn a_document_cut_in_half_yields_its_start_and_says_so() {
    let data = document(&sample(), true);
    let cut = data.len() - 120;
    let (root, anomalies) = parse(&data[..cut]).unwrap();
    assert!(root.named("uses-permission").next().is_some());
    assert!(is_incomplete(&anomalies));
    assert!(!is_incomplete(&parse(&data).unwrap().1));
}

#[test]
fn a_document_that_declares_less_than_it_holds_is_read_to_its_end() {
    let mut data = document(&sample(), true);
    let size = data.len() as u32 - 100;
    data[4..8].copy_from_slice(&size.to_le_bytes());
    let (root, anomalies) = parse(&data).unwrap();
    assert_eq!(root, sample());
    assert_eq!(codes(&anomalies), ["axml-trailing-data"]);
}

#[test]
fn unknown_chunks_are_skipped_wherever_they_stand() {
    let mut data = document(&sample(), true);
    let unknown = chunk(0x7777, 8, &[0; 12]);
    let before_map = chunk_at(&data, RESOURCE_MAP);
    data.splice(before_map..before_map, unknown.clone());
    let between_nodes = chunk_at(&data, START_ELEMENT);
    data.splice(between_nodes..between_nodes, unknown);
    let size = data.len() as u32;
    data[4..8].copy_from_slice(&size.to_le_bytes());
    let (root, anomalies) = parse(&data).unwrap();
    assert_eq!(root, sample());
    assert_eq!(codes(&anomalies), ["axml-unknown-chunk"]);
    assert!(anomalies[0].message.ends_with("(and 1 more)"));
}

#[test]
fn a_namespace_end_of_size_zero_is_walked_over() {
    let mut data = document(&sample(), true);
    let end = chunk_at(&data, END_NAMESPACE);
    data[end + 4..end + 8].fill(0);
    let (root, anomalies) = parse(&data).unwrap();
    assert_eq!(root, sample());
    assert_eq!(codes(&anomalies), ["axml-chunk-size"]);
}

#[test]
fn impossible_attribute_layouts_fall_back_to_the_usual_one() {
    for (start, size) in [(20u16, 0u16), (0xffff, 20), (20, 0xffff), (0, 4)] {
        let mut data = document(&sample(), true);
        let at = chunk_at(&data, START_ELEMENT) + 24;
        data[at..at + 2].copy_from_slice(&start.to_le_bytes());
        data[at + 2..at + 4].copy_from_slice(&size.to_le_bytes());
        let (root, anomalies) = parse(&data).unwrap();
        assert_eq!(root, sample(), "start {start} size {size}");
        assert_eq!(codes(&anomalies), ["axml-attribute-layout"]);
    }
}

#[test]
fn larger_attributes_are_read_with_their_declared_size() {
    let root = element(
        "a",
        vec![android(NAME, "name", text("v")), plain("package", "p")],
        vec![],
    );
    let mut data = document(&root, true);
    let at = chunk_at(&data, START_ELEMENT);
    let first_end = at + 16 + 20 + 20;
    data.splice(first_end + 20..first_end + 20, [0xaa; 4]);
    data.splice(first_end..first_end, [0xaa; 4]);
    data[at + 26..at + 28].copy_from_slice(&24u16.to_le_bytes());
    for offset in [4, at + 4] {
        let size = u32::from_le_bytes(data[offset..offset + 4].try_into().unwrap()) + 8;
        data[offset..offset + 4].copy_from_slice(&size.to_le_bytes());
    }
    let (read, anomalies) = parse(&data).unwrap();
    assert_eq!(read, root);
    assert_eq!(codes(&anomalies), ["axml-attribute-layout"]);
}

#[test]
fn more_attributes_than_bytes_are_reported_as_a_cut() {
    let mut data = document(&sample(), true);
    let at = chunk_at(&data, START_ELEMENT) + 28;
    data[at..at + 2].copy_from_slice(&u16::MAX.to_le_bytes());
    let (root, anomalies) = parse(&data).unwrap();
    assert_eq!(root.attributes.len(), 2);
    assert!(is_incomplete(&anomalies));
}

#[test]
fn deep_nesting_is_read_down_to_the_limit() {
    let mut root = element("leaf", vec![], vec![]);
    for _ in 0..MAX_XML_DEPTH + 10 {
        root = element("e", vec![], vec![root]);
    }
    let (root, anomalies) = parse(&document(&root, true)).unwrap();
    let mut depth = 1;
    let mut element = &root;
    while let Some(child) = element.children.first() {
        (depth, element) = (depth + 1, child);
    }
    assert_eq!(depth, MAX_XML_DEPTH);
    assert!(is_incomplete(&anomalies));
}

#[test]
fn one_long_string_named_by_many_attributes_stops_at_the_text_limit() {
    let long = "x".repeat(30_000);
    let attributes = vec![android(NAME, "name", text(&long)); 100];
    let children = vec![element("b", attributes, vec![]); 40];
    let (root, anomalies) = parse(&document(&element("a", vec![], children), true)).unwrap();
    assert!(root.children.len() < 40);
    assert!(is_incomplete(&anomalies));
}

#[test]
fn a_second_root_element_is_ignored() {
    let mut data = document(&sample(), true);
    let start = chunk_at(&data, START_ELEMENT);
    let end = chunk_at(&data, END_NAMESPACE);
    let again = data[start..end].to_vec();
    data.splice(end..end, again);
    let size = data.len() as u32;
    data[4..8].copy_from_slice(&size.to_le_bytes());
    let (root, anomalies) = parse(&data).unwrap();
    assert_eq!(root, sample());
    assert_eq!(codes(&anomalies), ["axml-content-after-root"]);
}

#[test]
fn a_document_header_that_lies_about_its_size_is_seen_through() {
    for size in [0u16, 7, 12, 0xffff] {
        let mut data = document(&sample(), true);
        data[2..4].copy_from_slice(&size.to_le_bytes());
        let (root, anomalies) = parse(&data).unwrap();
        assert_eq!(root, sample(), "header size {size}");
        assert_eq!(codes(&anomalies), ["axml-document-header"]);
    }
}

#[test]
fn a_framework_attribute_without_id_is_noted() {
    let mut attribute = plain("exported", "true");
    attribute.namespace = ANDROID_NAMESPACE.to_owned();
    let root = element(
        "a",
        vec![android(NAME, "name", text("v")), attribute],
        vec![],
    );
    let (_, anomalies) = parse(&document(&root, true)).unwrap();
    assert_eq!(codes(&anomalies), ["axml-attribute-without-id"]);
}

#[test]
fn something_else_is_refused() {
    assert!(parse(b"").is_err());
    assert!(parse(b"<manifest package='a'/>").is_err());
    assert!(parse(&[0; 64]).is_err());
}

#[test]
fn damaged_documents_never_panic() {
    for utf8 in [false, true] {
        survive(&document(&sample(), utf8), 4_000, |damaged| {
            let _ = parse(damaged);
        });
    }
}

#[test]
fn an_independent_reader_sees_the_same() {
    for utf8 in [false, true] {
        let data = document(&sample(), utf8);
        let other = apk_info_axml::AXML::new(&mut &data[..], None).unwrap();
        let (root, _) = parse(&data).unwrap();
        for (tag, name) in [
            ("manifest", "package"),
            ("uses-permission", "name"),
            ("application", "label"),
            ("service", "name"),
            ("service", "enabled"),
        ] {
            let ours = find(&root, tag).and_then(|element| element.android(name));
            assert_eq!(
                ours.and_then(crate::formats::resources::text),
                other.get_attribute_value(tag, name, None),
                "{tag} {name}"
            );
        }
    }
}

fn find<'e>(element: &'e Element, name: &str) -> Option<&'e Element> {
    if element.name == name {
        return Some(element);
    }
    element.children.iter().find_map(|child| find(child, name))
}
