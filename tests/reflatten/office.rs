//! The list as a Word document.

use std::io::Write;

use super::{Table, Variation};

fn paragraph(words: &str) -> String {
    format!(
        "<w:p><w:r><w:t>{}</w:t></w:r></w:p>",
        words.replace('&', "&amp;")
    )
}

pub fn docx(table: &Table, variation: Variation) -> Vec<u8> {
    let cell = |words: &String| format!("<w:tc><w:tcPr/>{}</w:tc>", paragraph(words));
    let rows: String = table
        .grid(variation)
        .iter()
        .map(|cells| {
            format!(
                "<w:tr>{}</w:tr>",
                cells.iter().map(cell).collect::<String>()
            )
        })
        .collect();
    let paragraphs = |all: &[String]| all.iter().map(|words| paragraph(words)).collect::<String>();
    let xml = format!(
        "<?xml version=\"1.0\"?><w:document xmlns:w=\"w\"><w:body>{}{}<w:tbl>{rows}</w:tbl>{}</w:body></w:document>",
        paragraph(&table.title),
        paragraphs(&table.before),
        paragraphs(&table.after)
    );
    let mut file = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let options = zip::write::SimpleFileOptions::default();
    file.start_file("word/document.xml", options).unwrap();
    file.write_all(xml.as_bytes()).unwrap();
    file.finish().unwrap().into_inner()
}
