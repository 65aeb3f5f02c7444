//! The list as text: markup, and what is left of a table where its markup is
//! gone.

use super::{Table, Variation};

/// Rows between two pages of running text.
const ROWS_PER_PAGE: usize = 7;

/// The heading, the sentences before the list, and those behind it, as
/// paragraphs around `list`.
fn document(table: &Table, list: &str) -> String {
    format!(
        "{}\n\n{}\n\n{list}\n\n{}\n",
        table.title,
        table.before.join("\n"),
        table.after.join("\n\n")
    )
}

/// Each row as `row` writes it, with page breaks between where asked for.
fn rows(table: &Table, variation: Variation, row: impl Fn(&[String]) -> String) -> String {
    let mut out = String::new();
    for (at, cells) in table.grid(variation).iter().enumerate() {
        if variation == Variation::PageBreaks && at > 0 && at % ROWS_PER_PAGE == 0 {
            let [number, title] = table.page_break(at / ROWS_PER_PAGE);
            out.push_str(&format!("\n{number}\n{title}\n\n"));
        }
        out.push_str(&row(cells));
    }
    out
}

pub fn html(table: &Table, variation: Variation) -> Vec<u8> {
    let header = variation != Variation::NoHeader;
    let mut body = String::new();
    for (at, cells) in table.grid(variation).iter().enumerate() {
        let tag = if header && at == 0 { "th" } else { "td" };
        let cells: String = cells
            .iter()
            .map(|words| format!("<{tag}>{words}</{tag}>"))
            .collect();
        body.push_str(&format!("<tr>{cells}</tr>\n"));
    }
    let paragraphs = |all: &[String]| -> String {
        all.iter()
            .map(|words| format!("<p>{words}</p>\n"))
            .collect()
    };
    format!(
        "<html><head><meta charset=\"utf-8\"></head><body><h1>{}</h1>\n{}<table>{body}</table>\n{}</body></html>",
        table.title,
        paragraphs(&table.before),
        paragraphs(&table.after)
    )
    .into_bytes()
}

/// Markdown wants a header row; without a header it is empty.
pub fn markdown(table: &Table, variation: Variation) -> Vec<u8> {
    let mut grid = table.grid(variation);
    let width = grid[0].len();
    if variation == Variation::NoHeader {
        grid.insert(0, vec![String::new(); width]);
    }
    grid.insert(1, vec!["---".to_owned(); width]);
    let rows: String = grid
        .iter()
        .map(|cells| format!("| {} |\n", cells.join(" | ")))
        .collect();
    document(table, &rows).into_bytes()
}

/// Cells parted by tabs.
pub fn tabs(table: &Table, variation: Variation) -> Vec<u8> {
    let rows = rows(table, variation, |cells| cells.join("\t") + "\n");
    document(table, &rows).into_bytes()
}

/// One cell a line.
pub fn lines(table: &Table, variation: Variation) -> Vec<u8> {
    let rows = rows(table, variation, |cells| cells.join("\n") + "\n");
    document(table, &rows).into_bytes()
}

/// All cells on one line: in Chinese nothing stands between them, in English a
/// blank does.
pub fn run_on(table: &Table, variation: Variation) -> Vec<u8> {
    let gap = if table.language == "zh" { "" } else { " " };
    let rows = rows(table, variation, |cells| {
        // A column of permissions is the first thing such a list leaves out.
        let kept = cells.iter().enumerate().filter(|(at, _)| *at != 4);
        kept.map(|(_, words)| words.clone() + gap).collect()
    });
    format!(
        "{}\n{}{gap}{rows}{}\n",
        table.title,
        table.before.join(gap),
        table.after.join(gap)
    )
    .into_bytes()
}

/// A block of `key: value` lines for each SDK.
pub fn key_values(table: &Table, variation: Variation) -> Vec<u8> {
    let colon = match (table.language.as_str(), variation) {
        ("zh", _) | (_, Variation::FullWidth) => "：",
        _ => ": ",
    };
    let heads = table.header(variation != Variation::NoUrls);
    let blocks = rows(table, variation, |cells| {
        if cells == heads {
            return String::new();
        }
        let pairs = heads.iter().zip(cells);
        let lines: String = pairs
            .map(|(head, words)| format!("{head}{colon}{words}\n"))
            .collect();
        lines + "\n"
    });
    document(table, &blocks).into_bytes()
}

/// As programs print a web page: bars between cells, and cells broken over
/// lines where the page broke them. Without a header the first row takes its
/// place.
pub fn wrapped_bars(table: &Table, variation: Variation) -> Vec<u8> {
    let grid = table.grid(variation);
    let rule = vec!["---"; grid[0].len()].join("|");
    let mut out = String::new();
    for (at, cells) in grid.iter().enumerate() {
        let cells: Vec<String> = cells
            .iter()
            .map(|words| broken_after_second_item(words))
            .collect();
        out.push_str(&cells.join(" | "));
        out.push('\n');
        if at == 0 {
            out.push_str(&rule);
            out.push('\n');
        }
    }
    document(table, &out).into_bytes()
}

fn broken_after_second_item(words: &str) -> String {
    let marks = words.match_indices(['、', ',', '，']);
    match marks.skip(1).map(|(at, mark)| at + mark.len()).next() {
        Some(at) => format!("{}  \n{}", &words[..at], words[at..].trim_start()),
        None => words.to_owned(),
    }
}
