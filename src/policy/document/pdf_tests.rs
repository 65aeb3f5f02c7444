//! PDFs as programs write them.

use std::fmt::Write;

use lopdf::{Dictionary, Document, Object, ObjectId, Stream, StringFormat, dictionary};

use super::shape::shape;
use super::{Opened, open};
use crate::formats::LimitScope;
use crate::formats::limits::{MAX_PDF_OPERATIONS, MAX_PDF_PIECES, MAX_PDF_STREAM};

/// A file of these pages; `font` makes the font `F1`.
fn file(pages: &[String], font: impl Fn(&mut Document) -> Dictionary) -> Vec<u8> {
    let mut document = Document::with_version("1.5");
    let root = document.new_object_id();
    let font = font(&mut document);
    let font = document.add_object(font);
    let kids: Vec<Object> = pages
        .iter()
        .map(|content| {
            let stream = Stream::new(dictionary! {}, content.clone().into_bytes());
            let stream = document.add_object(stream);
            let page: ObjectId = document.add_object(dictionary! {
                "Type" => "Page", "Parent" => root, "Contents" => stream,
                "Resources" => dictionary! { "Font" => dictionary! { "F1" => font } },
                "MediaBox" => vec![0.into(), 0.into(), 595.into(), 842.into()],
            });
            page.into()
        })
        .collect();
    let count = kids.len() as i64;
    document.objects.insert(
        root,
        Object::Dictionary(dictionary! { "Type" => "Pages", "Kids" => kids, "Count" => count }),
    );
    let catalog = document.add_object(dictionary! { "Type" => "Catalog", "Pages" => root });
    document.trailer.set("Root", catalog);
    let mut bytes = Vec::new();
    document.save_to(&mut bytes).unwrap();
    bytes
}

/// A font of a Chinese collection with this CMap.
fn cjk(cmap: &'static str) -> impl Fn(&mut Document) -> Dictionary {
    move |document| {
        let inner = document.add_object(dictionary! {
            "Type" => "Font", "Subtype" => "CIDFontType0", "BaseFont" => "STSong-Light",
            "CIDSystemInfo" => dictionary! {
                "Registry" => Object::String(b"Adobe".to_vec(), StringFormat::Literal),
                "Ordering" => Object::String(b"GB1".to_vec(), StringFormat::Literal),
                "Supplement" => 0,
            },
        });
        dictionary! {
            "Type" => "Font", "Subtype" => "Type0", "BaseFont" => "STSong-Light",
            "Encoding" => cmap, "DescendantFonts" => vec![inner.into()],
        }
    }
}

/// Text at a place, in UTF-16 as `UniGB-UTF16-H` wants it.
fn at(x: i32, y: i32, words: &str) -> String {
    let bytes: Vec<u8> = words.encode_utf16().flat_map(u16::to_be_bytes).collect();
    coded(x, y, &bytes)
}

fn coded(x: i32, y: i32, bytes: &[u8]) -> String {
    let mut hex = String::new();
    for byte in bytes {
        write!(hex, "{byte:02x}").unwrap();
    }
    format!("BT /F1 10 Tf 1 0 0 1 {x} {y} Tm <{hex}> Tj ET\n")
}

fn read(pages: &[String]) -> Opened {
    open("p.pdf", &file(pages, cjk("UniGB-UTF16-H"))).unwrap()
}

/// A row of ruled cells from `y` down to `bottom`.
fn row(y: i32, bottom: i32, cells: [&str; 3]) -> String {
    let edges = [50, 150, 300, 500];
    let mut drawn = String::new();
    for (pair, words) in edges.windows(2).zip(cells) {
        let (left, right) = (pair[0], pair[1]);
        let (wide, tall) = (right - left, y - bottom);
        writeln!(drawn, "{left} {bottom} {wide} {tall} re S").unwrap();
        for (line, words) in words.split('/').enumerate().filter(|(_, w)| !w.is_empty()) {
            drawn.push_str(&at(left + 5, y - 12 - 12 * line as i32, words));
        }
    }
    drawn
}

#[test]
fn predefined_cmaps_are_read() {
    let words = "第三方SDK列表，收集设备信息。以下是清单";
    for (cmap, bytes) in [
        ("GBK-EUC-H", encoding_rs::GBK.encode(words).0),
        ("GBK2K-H", encoding_rs::GB18030.encode(words).0),
        (
            "UniGB-UCS2-H",
            words
                .encode_utf16()
                .flat_map(u16::to_be_bytes)
                .collect::<Vec<u8>>()
                .into(),
        ),
    ] {
        let opened = open("p.pdf", &file(&[coded(50, 700, &bytes)], cjk(cmap))).unwrap();
        assert_eq!(shape(&opened.source), [words], "{cmap}");
        assert!(opened.limits.is_empty());
    }
    let big5 = "第三方軟體清單：蒐集裝置型號與網路資訊，用於推播";
    let bytes = encoding_rs::BIG5.encode(big5).0;
    let opened = open("p.pdf", &file(&[coded(50, 700, &bytes)], cjk("ETen-B5-H"))).unwrap();
    assert_eq!(shape(&opened.source), [big5]);
}

/// An embedded font: glyph numbers, with widths and perhaps a ToUnicode map.
fn embedded(mapped: bool) -> impl Fn(&mut Document) -> Dictionary {
    move |document| {
        let widths: Vec<Object> = vec![
            1.into(),
            vec![250.into(), 1000.into()].into(),
            3.into(),
            5.into(),
            1000.into(),
        ];
        let inner = document.add_object(dictionary! {
            "Type" => "Font", "Subtype" => "CIDFontType2", "BaseFont" => "AAAAAA+Own",
            "DW" => 500, "W" => widths,
        });
        let mut font = dictionary! {
            "Type" => "Font", "Subtype" => "Type0", "BaseFont" => "AAAAAA+Own",
            "Encoding" => "Identity-H", "DescendantFonts" => vec![inner.into()],
        };
        if mapped {
            let map = "1 begincodespacerange <0000> <ffff> endcodespacerange
                2 beginbfchar <0001> <0069> <0002> <7532> endbfchar
                1 beginbfrange <0003> <0005> [<63A8> <9001> <53F7>] endbfrange";
            let stream = Stream::new(dictionary! {}, map.as_bytes().to_vec());
            let stream = document.add_object(stream);
            font.set("ToUnicode", stream);
        }
        font
    }
}

#[test]
fn widths_of_the_font_say_where_words_end() {
    // Narrow letters: the gap behind them is wide although the place is near.
    let narrow = coded(50, 700, &[0, 1, 0, 1, 0, 1, 0, 1]);
    let content = format!(
        "{narrow}{}{}",
        coded(85, 700, &[0, 2, 0, 3]),
        coded(105, 700, &[0, 4])
    );
    let opened = open("p.pdf", &file(&[content], embedded(true))).unwrap();
    assert_eq!(opened.source.view.trim(), "iiii\t甲推送");
}

#[test]
fn text_that_nobody_can_decode_is_told() {
    let glyphs: Vec<u8> = (0..300u16)
        .flat_map(|n| (n % 5 + 1).to_be_bytes())
        .collect();
    let opened = open("p.pdf", &file(&[coded(50, 700, &glyphs)], embedded(false))).unwrap();
    let codes: Vec<&str> = opened.limits.iter().map(|limit| limit.code).collect();
    assert_eq!(codes, ["pdf-text-undecodable", "pdf-without-text"]);
    assert!(opened.limits[0].message.contains("300 of 300"));
    let mapped = open("p.pdf", &file(&[coded(50, 700, &glyphs)], embedded(true))).unwrap();
    assert!(mapped.limits.is_empty());
}

#[test]
fn lines_are_read_by_place_whatever_the_order() {
    let opened = read(&[[
        at(50, 660, "第三行"),
        at(90, 700, "SDK"),
        at(50, 680, "第二行"),
        at(50, 700, "第三方"),
        "q 0.7 0.7 -0.7 0.7 100 100 cm ".to_owned() + &at(0, 0, "水印") + "Q\n",
    ]
    .concat()]);
    assert_eq!(shape(&opened.source), ["第三方SDK", "第二行", "第三行"]);
    let askew = opened.limits.iter().find(|l| l.code == "pdf-text-askew");
    let askew = askew.unwrap();
    assert!(askew.message.starts_with("2 characters"));
    assert_eq!(askew.scope, LimitScope::Detail);
}

#[test]
fn a_ruled_table_is_joined_over_a_page_break() {
    let page = |number: usize, body: &str| {
        let header = at(50, 800, "示例应用隐私政策") + &at(280, 40, &format!("第 {number} 页"));
        header + body
    };
    let first = at(50, 760, "我们接入的第三方SDK如下：")
        + &row(740, 710, ["名称", "目的", "信息"])
        + &row(710, 680, ["甲推送", "推送", "型号"])
        + &row(680, 650, ["乙统计", "统计分析/应用使用", "型号、版本、"]);
    let second = row(740, 710, ["名称", "目的", "信息"])
        + &row(710, 680, ["", "的情况", "位置"])
        + &row(680, 650, ["丙支付", "支付", "订单"])
        + &at(50, 600, "六、您的权利");
    let third = at(50, 760, "七、联系我们");
    let opened = read(&[page(1, &first), page(2, &second), page(3, &third)]);
    assert_eq!(
        shape(&opened.source),
        [
            "我们接入的第三方SDK如下：",
            "|名称|目的|信息|",
            "|甲推送|推送|型号|",
            "|乙统计|统计分析 应用使用 的情况|型号、版本、 位置|",
            "|丙支付|支付|订单|",
            "六、您的权利",
            "七、联系我们",
        ]
    );
    assert_eq!(opened.anomalies.len(), 1);
    assert_eq!(opened.anomalies[0].code, "pdf-page-furniture");
    assert!(opened.anomalies[0].message.starts_with("6 headers"));
}

#[test]
fn a_table_without_rules_is_read_by_its_columns() {
    let cells = |y: i32, cells: &[(i32, &str)]| -> String {
        cells.iter().map(|(x, words)| at(*x, y, words)).collect()
    };
    let opened = read(&[[
        cells(700, &[(50, "名称"), (150, "目的"), (300, "信息")]),
        // Cell by cell, as programs draw.
        cells(680, &[(50, "甲推送")]),
        cells(668, &[(50, "服务")]),
        cells(680, &[(150, "向用户推送")]),
        cells(668, &[(150, "消息")]),
        cells(680, &[(300, "型号、")]),
        cells(668, &[(300, "版本")]),
        cells(648, &[(50, "乙统计"), (150, "统计"), (300, "位置")]),
        cells(600, &[(50, "六、您的权利以及我们如何保护您的信息")]),
    ]
    .concat()]);
    assert_eq!(
        shape(&opened.source),
        [
            "|名称|目的|信息|",
            "|甲推送 服务|向用户推送 消息|型号、 版本|",
            "|乙统计|统计|位置|",
            "六、您的权利以及我们如何保护您的信息",
        ]
    );
}

#[test]
fn a_turned_page_is_read_upright() {
    let bytes = file(&[at(50, 700, "甲")], cjk("UniGB-UTF16-H"));
    let mut document = Document::load_mem(&bytes).unwrap();
    let page = document.page_iter().next().unwrap();
    // Text that runs upwards on a page that is shown turned to the right.
    let text =
        |x: i32, words: &str| at(0, 0, words).replace("1 0 0 1 0 0", &format!("0 1 -1 0 {x} 100"));
    let stream = text(120, "第二行") + &text(100, "第一行");
    let content = document.add_object(Stream::new(dictionary! {}, stream.into_bytes()));
    let page = document
        .get_object_mut(page)
        .unwrap()
        .as_dict_mut()
        .unwrap();
    page.set("Rotate", 90);
    page.set("Contents", content);
    let mut saved = Vec::new();
    document.save_to(&mut saved).unwrap();
    assert_eq!(
        shape(&open("p.pdf", &saved).unwrap().source),
        ["第一行", "第二行"]
    );
}

#[test]
fn text_drawn_turned_is_read_the_way_it_runs() {
    for turned in [
        "0 1 -1 0 {x} {y}",
        "0 -1 1 0 -{x} -{y}",
        "-1 0 0 -1 {y} {x}",
    ] {
        let text = |x: &str, y: &str, words: &str| {
            let place = turned.replace("{x}", x).replace("{y}", y);
            at(0, 0, words).replace("1 0 0 1 0 0", &place.replace("--", ""))
        };
        let opened = read(&[[
            text("120", "100", "第三行是这一页上最后的一行"),
            text("100", "100", "第二行"),
            text("80", "100", "第一行"),
            at(300, 300, "旁注"),
        ]
        .concat()]);
        assert_eq!(
            shape(&opened.source),
            ["第一行", "第二行", "第三行是这一页上最后的一行", "旁注"],
            "{turned}"
        );
        assert!(opened.limits.is_empty());
    }
}

fn codes(opened: &Opened) -> Vec<&str> {
    opened.limits.iter().map(|limit| limit.code).collect()
}

#[test]
fn what_a_small_pdf_blows_up_to_is_capped_and_told() {
    let words = at(50, 700, "我们接入的第三方SDK如下所示，请您仔细阅读");
    let few = |more: &str| codes(&read(&[words.clone() + more])).join(" ");
    assert_eq!(
        few(&"q ".repeat(MAX_PDF_OPERATIONS)),
        "pdf-operations-capped"
    );
    let strings = format!(
        "BT /F1 10 Tf [{}] TJ ET",
        "<4e00>".repeat(MAX_PDF_STREAM / 7)
    );
    assert_eq!(few(&strings), "pdf-page-crowded");
    assert_eq!(
        few(&" ".repeat(MAX_PDF_STREAM)),
        "pdf-page-unreadable pdf-without-text"
    );
}

#[test]
fn a_page_of_many_pieces_is_read_in_time() {
    let mut content = String::from("BT /F1 1 Tf ");
    for line in 0..MAX_PDF_PIECES as i32 / 2 {
        let shift = 200 + line % 3 * 40;
        write!(
            content,
            "1 0 0 1 0 {line}0 Tm <4e00>Tj 1 0 0 1 {shift} {line}0 Tm <4e01>Tj "
        )
        .unwrap();
    }
    let begun = std::time::Instant::now();
    let opened = read(&[content + "ET"]);
    assert!(begun.elapsed().as_secs() < 20);
    assert!(opened.source.view.len() > MAX_PDF_PIECES);
}
