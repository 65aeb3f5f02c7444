//! One list of SDKs per language, told as data, and what can be done to it
//! before it is written down.

pub mod office;
pub mod paper;
pub mod text;

use std::path::Path;

use serde::Deserialize;
use unicode_normalization::UnicodeNormalization;

/// A policy whose heart is a list of SDKs.
#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Table {
    pub language: String,
    pub title: String,
    pub before: Vec<String>,
    pub after: Vec<String>,
    /// The permission cell of an SDK without any.
    pub no_permissions: String,
    /// Name, company, purpose, data, permissions, link.
    pub head: Vec<String>,
    #[serde(rename = "sdk")]
    pub sdks: Vec<Sdk>,
}

/// One row, and what a careful human reads in it.
#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sdk {
    pub name: String,
    pub id: Option<String>,
    pub vendor: String,
    pub purpose: String,
    pub data: String,
    pub types: Vec<String>,
    #[serde(default)]
    pub permissions: String,
    #[serde(default)]
    pub permission_names: Vec<String>,
    pub url: String,
}

/// What becomes of the list before or while it is written down.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Variation {
    Plain,
    NoHeader,
    NoUrls,
    PageBreaks,
    FullWidth,
    Radicals,
    Blanks,
}

impl Variation {
    pub const ALL: [Self; 7] = [
        Self::Plain,
        Self::NoHeader,
        Self::NoUrls,
        Self::PageBreaks,
        Self::FullWidth,
        Self::Radicals,
        Self::Blanks,
    ];
}

/// Characters that fonts map to a radical, and the radical.
const RADICALS: [(char, char); 22] = [
    ('手', '⼿'),
    ('用', '⽤'),
    ('页', '⻚'),
    ('见', '⻅'),
    ('一', '⼀'),
    ('人', '⼈'),
    ('口', '⼝'),
    ('日', '⽇'),
    ('网', '⽹'),
    ('行', '⾏'),
    ('长', '⻓'),
    ('门', '⻔'),
    ('文', '⽂'),
    ('方', '⽅'),
    ('示', '⽰'),
    ('音', '⾳'),
    ('马', '⻢'),
    ('青', '⻘'),
    ('风', '⻛'),
    ('山', '⼭'),
    ('鸟', '⻦'),
    ('工', '⼯'),
];

impl Table {
    /// The list of a language.
    pub fn load(language: &str) -> Self {
        let path = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("tests/reflatten")
            .join(format!("{language}.toml"));
        toml::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
    }

    /// The list with its words changed as `variation` says.
    pub fn varied(&self, variation: Variation) -> Self {
        let change: fn(&str) -> String = match variation {
            Variation::FullWidth => full_width,
            Variation::Radicals => radicals,
            Variation::Blanks => blanks,
            _ => return self.clone(),
        };
        let all = |words: &[String]| words.iter().map(|words| change(words)).collect();
        Self {
            title: change(&self.title),
            before: all(&self.before),
            after: all(&self.after),
            no_permissions: change(&self.no_permissions),
            head: all(&self.head),
            sdks: self
                .sdks
                .iter()
                .map(|sdk| Sdk {
                    name: change(&sdk.name),
                    vendor: change(&sdk.vendor),
                    purpose: change(&sdk.purpose),
                    data: change(&sdk.data),
                    permissions: change(&sdk.permissions),
                    ..sdk.clone()
                })
                .collect(),
            ..self.clone()
        }
    }

    /// The cells of a row; without links when there are none.
    pub fn cells(&self, sdk: &Sdk, urls: bool) -> Vec<String> {
        let permissions = match sdk.permissions.as_str() {
            "" => &self.no_permissions,
            permissions => permissions,
        };
        let mut cells = vec![
            sdk.name.clone(),
            sdk.vendor.clone(),
            sdk.purpose.clone(),
            sdk.data.clone(),
            permissions.to_owned(),
        ];
        cells.extend(urls.then(|| sdk.url.clone()));
        cells
    }

    /// The header over [`Table::cells`].
    pub fn header(&self, urls: bool) -> Vec<String> {
        let width = self.head.len() - usize::from(!urls);
        self.head.iter().take(width).cloned().collect()
    }

    /// Header, when there is one, and rows.
    pub fn grid(&self, variation: Variation) -> Vec<Vec<String>> {
        let urls = variation != Variation::NoUrls;
        let header = (variation != Variation::NoHeader).then(|| self.header(urls));
        let rows = self.sdks.iter().map(|sdk| self.cells(sdk, urls));
        header.into_iter().chain(rows).collect()
    }

    /// What stands between two pages.
    pub fn page_break(&self, page: usize) -> [String; 2] {
        let number = match self.language.as_str() {
            "zh" => format!("第 {page} 页 共 9 页"),
            _ => format!("Page {page} of 9"),
        };
        [number, self.title.clone()]
    }
}

/// Letters, digits and marks as wide as a Chinese character.
fn full_width(words: &str) -> String {
    let wide = |c: char| match c {
        '!'..='~' => char::from_u32(c as u32 + 0xfee0).unwrap_or(c),
        _ => c,
    };
    words.chars().map(wide).collect()
}

fn radicals(words: &str) -> String {
    let radical = |c| RADICALS.iter().find(|(plain, _)| *plain == c);
    words
        .chars()
        .map(|c| radical(c).map_or(c, |(_, radical)| *radical))
        .collect()
}

/// A blank in the middle of each longer run of Chinese characters, and one
/// wherever a further eight have passed.
fn blanks(words: &str) -> String {
    let mut out = String::new();
    let mut run = 0;
    for c in words.chars() {
        run = if is_han(c) { run + 1 } else { 0 };
        if run > 2 && run % 8 == 3 {
            out.push(' ');
        }
        out.push(c);
    }
    out
}

fn is_han(c: char) -> bool {
    ('\u{4e00}'..='\u{9fff}').contains(&c)
}

/// Words as they read whatever they are written with.
pub fn folded(words: &str) -> String {
    let plain = |c| RADICALS.iter().find(|(_, radical)| *radical == c);
    words
        .chars()
        .map(|c| plain(c).map_or(c, |(plain, _)| *plain))
        .nfkc()
        .filter(|c| !c.is_whitespace())
        .collect()
}
