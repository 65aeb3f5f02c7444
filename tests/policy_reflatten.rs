//! One list of SDKs, written down in every way that policies are found in,
//! gives the same records.

mod reflatten;

use std::collections::BTreeSet;
use std::sync::LazyLock;

use reflatten::{Sdk, Table, Variation, folded, office, paper, text};
use sdkaudit::policy::model::{DisclosureForm, MentionBasis, PolicyDocument, SdkRecord};
use sdkaudit::policy::{Lexicon, read};
use sdkaudit::sdk::KnowledgeBase;

static LEXICON: LazyLock<Lexicon> = LazyLock::new(|| Lexicon::compile(&KnowledgeBase::embedded()));

/// A way to write the list down.
#[derive(Clone, Copy)]
struct Layout {
    name: &'static str,
    /// The name that the file is read under.
    path: &'static str,
    write: fn(&Table, Variation) -> Vec<u8>,
}

const fn layout(
    name: &'static str,
    path: &'static str,
    write: fn(&Table, Variation) -> Vec<u8>,
) -> Layout {
    Layout { name, path, write }
}

const LAYOUTS: [Layout; 10] = [
    layout("html", "p.html", text::html),
    layout("markdown", "p.md", text::markdown),
    layout("docx", "p.docx", office::docx),
    layout("pdf", "p.pdf", paper::pdf),
    layout("ruled-pdf", "p.pdf", paper::ruled_pdf),
    layout("tabs", "p.txt", text::tabs),
    layout("lines", "p.txt", text::lines),
    layout("run-on", "p.txt", text::run_on),
    layout("key-values", "p.txt", text::key_values),
    layout("wrapped-bars", "p.txt", text::wrapped_bars),
];

/// A part of a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Field {
    /// Which records there are, in which order.
    Names,
    Id,
    Vendor,
    Purpose,
    Types,
    Permissions,
    Url,
}

use Field::{Id, Names, Permissions, Purpose, Types, Url, Vendor};

const FIELDS: [Field; 6] = [Id, Vendor, Purpose, Types, Permissions, Url];

/// Combinations that nobody can write, and why.
const UNWRITABLE: &[(Option<&str>, Option<&str>, Variation, &str)] = &[
    (
        Some("en"),
        None,
        Variation::Radicals,
        "English has no radicals",
    ),
    (
        Some("en"),
        None,
        Variation::Blanks,
        "English has blanks between words, not inside them",
    ),
    (
        None,
        Some("html"),
        Variation::PageBreaks,
        "a page of the web has no pages",
    ),
    (
        None,
        Some("markdown"),
        Variation::PageBreaks,
        "Markdown has no pages",
    ),
    (
        None,
        Some("docx"),
        Variation::PageBreaks,
        "Word keeps headers apart from the text",
    ),
    (
        None,
        Some("wrapped-bars"),
        Variation::PageBreaks,
        "it prints a page of the web",
    ),
    (
        None,
        Some("run-on"),
        Variation::PageBreaks,
        "one line has no pages",
    ),
    (
        None,
        Some("key-values"),
        Variation::NoHeader,
        "the keys are the header",
    ),
];

/// What a layout, varied or not, cannot carry or is not read from it, and why.
/// A loss that is none must be taken out.
struct Loss {
    language: &'static str,
    layout: &'static str,
    variations: &'static [Variation],
    lost: &'static [Field],
    why: &'static str,
}

const LOSSES: &[Loss] = &[
    Loss {
        language: "zh",
        layout: "run-on",
        variations: &Variation::ALL,
        lost: &[Permissions],
        why: "the line has no column of permissions, see `text::run_on`",
    },
    Loss {
        language: "en",
        layout: "run-on",
        variations: &Variation::ALL,
        lost: &[Names, Vendor, Purpose, Types, Permissions],
        why: EN_RUN_ON,
    },
    Loss {
        language: "en",
        layout: "run-on",
        variations: &[Variation::Plain, Variation::NoHeader, Variation::FullWidth],
        lost: &[Url],
        why: EN_RUN_ON,
    },
];

const EN_RUN_ON: &str = "nothing tells English cells in one line apart: every word is parted from \
    the next by the same blank, and any of them may begin a name";

fn losses(language: &str, layout: &str, variation: Variation) -> (BTreeSet<Field>, String) {
    let found: Vec<&Loss> = LOSSES
        .iter()
        .filter(|loss| loss.language == language && loss.layout == layout)
        .filter(|loss| loss.variations.contains(&variation))
        .collect();
    let fields = found.iter().flat_map(|loss| loss.lost).copied().collect();
    let why: Vec<&str> = found.iter().map(|loss| loss.why).collect();
    (fields, why.join("; "))
}

fn is_unwritable(language: &str, layout: &str, variation: Variation) -> bool {
    UNWRITABLE.iter().any(|(of, among, what, _)| {
        of.is_none_or(|of| of == language)
            && among.is_none_or(|among| among == layout)
            && *what == variation
    })
}

fn written(table: &Table, layout: Layout, variation: Variation) -> PolicyDocument {
    let bytes = (layout.write)(&table.varied(variation), variation);
    read(layout.path, &bytes, &LEXICON).unwrap()
}

/// What differs from the list, by field.
fn faults(table: &Table, layout: Layout, variation: Variation) -> Vec<(Field, String)> {
    let document = written(table, layout, variation);
    let wanted: Vec<String> = table.sdks.iter().map(|sdk| folded(&sdk.name)).collect();
    let as_written = |record: &SdkRecord| folded(&record.as_written);
    let found: Vec<String> = document.sdks.iter().map(as_written).collect();
    let mut faults = Vec::new();
    if document.disclosure_form != DisclosureForm::Inline {
        faults.push((Names, format!("{:?}", document.disclosure_form)));
    }
    if wanted != found {
        let only = |these: &[String], those: &[String]| -> Vec<String> {
            let missing = these.iter().filter(|name| !those.contains(name));
            missing.cloned().collect()
        };
        let (missed, added) = (only(&wanted, &found), only(&found, &wanted));
        faults.push((Names, format!("missed {missed:?}, added {added:?}")));
    }
    for sdk in &table.sdks {
        let name = folded(&sdk.name);
        let Some(record) = document.sdks.iter().find(|r| as_written(r) == name) else {
            continue; // told above
        };
        for field in FIELDS {
            let (want, have) = values(sdk, record, field, variation);
            if want != have {
                faults.push((field, format!("{name}: {want:?} is read as {have:?}")));
            }
        }
    }
    faults
}

/// The field as the list has it and as it was read.
fn values(sdk: &Sdk, record: &SdkRecord, field: Field, variation: Variation) -> (String, String) {
    match field {
        Names => Default::default(),
        Id => (
            sdk.id.clone().unwrap_or_default(),
            record.id.clone().unwrap_or_default(),
        ),
        Vendor => (folded(&sdk.vendor), folded(&record.vendor_as_written)),
        Purpose => (folded(&sdk.purpose), folded(&record.purposes.join("|"))),
        Types => {
            // What a permission implies is told beside the words for data.
            let named = record
                .data
                .iter()
                .filter(|mention| mention.basis != MentionBasis::Permission)
                .map(|mention| mention.data_type.as_str());
            let types: BTreeSet<&str> = named.collect();
            let types: Vec<&str> = types.into_iter().collect();
            (sdk.types.join(" "), types.join(" "))
        }
        Permissions => {
            let full = |name: &String| format!("android.permission.{name}");
            let names: Vec<String> = sdk.permission_names.iter().map(full).collect();
            (names.join(" "), record.permissions.join(" "))
        }
        Url if variation == Variation::NoUrls => {
            (String::new(), record.url.clone().unwrap_or_default())
        }
        Url => (sdk.url.clone(), record.url.clone().unwrap_or_default()),
    }
}

/// Compares every layout in every variation.
fn compare(language: &str) {
    let table = Table::load(language);
    let mut complaints = Vec::new();
    for layout in LAYOUTS {
        for variation in Variation::ALL {
            if is_unwritable(language, layout.name, variation) {
                continue;
            }
            let (lost, why) = losses(language, layout.name, variation);
            let faults = faults(&table, layout, variation);
            let what = format!("{language} {} {variation:?}", layout.name);
            for (field, words) in faults.iter().filter(|(field, _)| !lost.contains(field)) {
                complaints.push(format!("{what} {field:?}: {words}"));
            }
            for field in &lost {
                if !faults.iter().any(|(faulty, _)| faulty == field) {
                    complaints.push(format!(
                        "{what} {field:?} is read now, yet told lost: {why}"
                    ));
                }
            }
        }
    }
    let shown: Vec<&str> = complaints.iter().take(40).map(String::as_str).collect();
    let count = complaints.len();
    assert!(
        complaints.is_empty(),
        "{count} faults:\n{}",
        shown.join("\n")
    );
}

#[test]
fn a_chinese_list_gives_the_same_records_in_every_layout() {
    compare("zh");
}

#[test]
fn an_english_list_gives_the_same_records_in_every_layout() {
    compare("en");
}

#[test]
fn half_of_the_names_are_unknown_to_the_base() {
    let base = KnowledgeBase::embedded();
    for language in ["zh", "en"] {
        let table = Table::load(language);
        assert!(table.sdks.len() >= 40);
        let known: Vec<&str> = table.sdks.iter().filter_map(|s| s.id.as_deref()).collect();
        assert!(known.len() * 2 <= table.sdks.len());
        for id in known {
            assert!(
                base.signatures().any(|signature| signature.id == id),
                "{id}"
            );
        }
    }
}

#[test]
fn two_broken_tables_are_read_side_by_side_and_apart() {
    let table = Table::load("zh");
    let (mut first, mut second) = (table.clone(), table.clone());
    second.sdks = first.sdks.split_off(table.sdks.len() / 2);
    let halves = [first, second].map(|half| {
        let bytes = text::wrapped_bars(&half, Variation::Plain);
        String::from_utf8(bytes).unwrap()
    });
    let rows = |half: &str| {
        let lines = half.lines().filter(|line| !line.is_empty());
        let lines = lines.skip(1 + table.before.len());
        let lines = lines.take_while(|line| *line != table.after[0]);
        lines.map(|line| line.to_owned() + "\n").collect::<String>()
    };
    let intro = table.before.join("\n");
    let [first, second] = [rows(&halves[0]), rows(&halves[1])];
    for gap in ["", "\n此外还有：\n\n"] {
        let text = format!("{intro}\n\n{first}{gap}{second}\n");
        let document = read("p.txt", text.as_bytes(), &LEXICON).unwrap();
        let found = document.sdks.iter().map(|sdk| sdk.as_written.as_str());
        let wanted = table.sdks.iter().map(|sdk| sdk.name.as_str());
        assert!(found.eq(wanted), "{gap:?}");
    }
}
