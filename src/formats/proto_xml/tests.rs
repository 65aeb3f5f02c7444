use super::*;
use crate::formats::mutation::survive;

/// A length-delimited field.
fn bytes(number: u8, data: &[u8]) -> Vec<u8> {
    let mut out = vec![number << 3 | 2];
    out.extend(leb(data.len() as u64));
    out.extend(data);
    out
}

fn number(field: u8, value: u64) -> Vec<u8> {
    let mut out = vec![field << 3];
    out.extend(leb(value));
    out
}

fn leb(mut value: u64) -> Vec<u8> {
    let mut out = Vec::new();
    while value >= 0x80 {
        out.push(value as u8 | 0x80);
        value >>= 7;
    }
    out.push(value as u8);
    out
}

fn attribute(name: &str, id: u64, value: &str, item: Option<Vec<u8>>) -> Vec<u8> {
    let mut out = bytes(2, name.as_bytes());
    out.extend(bytes(3, value.as_bytes()));
    out.extend(number(5, id));
    out.extend(item.into_iter().flat_map(|item| bytes(6, &item)));
    bytes(4, &out)
}

fn node(name: &str, attributes: &[Vec<u8>], children: &[Vec<u8>]) -> Vec<u8> {
    let children = children.iter().flat_map(|child| bytes(5, child));
    let element = [
        bytes(3, name.as_bytes()),
        attributes.concat(),
        children.collect(),
    ];
    [bytes(1, &element.concat()), bytes(3, &number(1, 4))].concat()
}

fn sample() -> Vec<u8> {
    let primitive = |primitive: Vec<u8>| Some(bytes(7, &primitive));
    let application = node(
        "application",
        &[
            attribute("debuggable", 0x0101_000f, "true", primitive(number(8, 1))),
            attribute(
                "label",
                0x0101_0001,
                "@string/a",
                Some(bytes(1, &number(2, 0x7f01_0000))),
            ),
        ],
        &[],
    );
    let attributes = [
        attribute("package", 0, "com.example", None),
        attribute(
            "versionCode",
            0x0101_021b,
            "-1",
            primitive(number(6, u64::MAX)),
        ),
    ];
    node("manifest", &attributes, &[bytes(2, b"text"), application])
}

/// A package `0x7f` with type 1 `string`.
fn table(entries: &[Vec<u8>]) -> Vec<u8> {
    let entries = entries.iter().flat_map(|entry| bytes(3, entry)).collect();
    let kind = [bytes(1, &number(1, 1)), bytes(2, b"string"), entries].concat();
    bytes(2, &[bytes(1, &number(1, 0x7f)), bytes(3, &kind)].concat())
}

fn entry(id: u64, name: &str, values: &[(&str, Vec<u8>)]) -> Vec<u8> {
    let mut out = [bytes(1, &number(1, id)), bytes(2, name.as_bytes())].concat();
    for (locale, item) in values {
        let configuration = match *locale {
            "" => Vec::new(),
            locale => bytes(3, locale.as_bytes()),
        };
        let value = bytes(2, &bytes(4, item));
        out.extend(bytes(6, &[bytes(1, &configuration), value].concat()));
    }
    out
}

fn text_item(text: &str) -> Vec<u8> {
    bytes(2, &bytes(1, text.as_bytes()))
}

fn sample_table() -> Vec<u8> {
    table(&[
        entry(
            0,
            "a",
            &[
                ("zh-TW", text_item("乙")),
                ("zh", text_item("甲")),
                ("", text_item("A")),
            ],
        ),
        entry(1, "b", &[("", bytes(1, &bytes(3, b"string/a")))]),
        entry(2, "c", &[("", bytes(1, &number(2, 0x7f01_0002)))]),
    ])
}

#[test]
fn a_manifest_is_read_with_typed_values() {
    let (root, anomalies) = parse(&sample()).unwrap();
    assert_eq!(anomalies, []);
    assert_eq!((root.name.as_str(), root.line), ("manifest", 4));
    let package = Value::String("com.example".to_owned());
    assert_eq!(root.android("package"), Some(&package));
    assert_eq!(root.android("versionCode"), Some(&Value::Integer(-1)));
    let application = &root.children[0];
    assert_eq!(
        application.android("debuggable"),
        Some(&Value::Boolean(true))
    );
    assert_eq!(
        application.android("label"),
        Some(&Value::Reference(0x7f01_0000))
    );
}

#[test]
fn the_resource_id_wins_over_the_name() {
    let data = node("a", &[attribute("x", 0x0101_0003, "v", None)], &[]);
    let (root, anomalies) = parse(&data).unwrap();
    assert_eq!(root.android("name"), Some(&Value::String("v".to_owned())));
    assert_eq!(anomalies[0].code, "proto-xml-attribute-name");
}

#[test]
fn a_cut_message_yields_its_start_and_says_so() {
    let data = sample();
    let (root, anomalies) = parse(&data[..data.len() / 2]).unwrap();
    assert_eq!(root.name, "manifest");
    assert!(crate::formats::xml::is_incomplete(&anomalies));
}

#[test]
fn binary_or_text_xml_is_refused() {
    assert!(parse(b"<manifest/>").is_err());
    assert!(parse(&[3, 0, 8, 0, 16, 0, 0, 0]).is_err());
    assert!(parse(b"").is_err());
}

#[test]
fn resources_are_found_by_id_name_and_language() {
    let data = sample_table();
    let (table, anomalies) = parse_resources(&data).unwrap();
    assert_eq!(anomalies, []);
    assert_eq!(table.string(0x7f01_0000).as_deref(), Some("A"));
    assert_eq!(table.string(0x7f01_0001).as_deref(), Some("A"));
    assert_eq!(table.string(0x7f01_0002), None);
    assert_eq!(table.localized(0x7f01_0000, "zh").as_deref(), Some("甲"));
    assert_eq!(table.localized(0x7f01_0000, "en"), None);
}

#[test]
fn damaged_messages_never_panic() {
    survive(&sample(), 4_000, |damaged| {
        let _ = parse(damaged);
    });
    survive(&sample_table(), 4_000, |damaged| {
        if let Ok((table, _)) = parse_resources(damaged) {
            let _ = (
                table.string(0x7f01_0001),
                table.localized(0x7f01_0000, "zh"),
            );
        }
    });
}
