//! One list of SDKs, written down in every way that policies are found in,
//! gives the same records.

mod reflatten;

use std::sync::LazyLock;

use reflatten::{Sdk, Table, Variation, folded, office, paper, text};
use sdkaudit::policy::model::{MentionBasis, PolicyDocument, SdkRecord};
use sdkaudit::policy::{Lexicon, read};
use sdkaudit::sdk::KnowledgeBase;

static LEXICON: LazyLock<Lexicon> = LazyLock::new(|| Lexicon::compile(&KnowledgeBase::embedded()));

type Writer = fn(&Table, Variation) -> Vec<u8>;

/// A way to write the list down, by name, with the name of the file.
const LAYOUTS: [(&str, &str, Writer); 10] = [
    ("html", "p.html", text::html),
    ("markdown", "p.md", text::markdown),
    ("docx", "p.docx", office::docx),
    ("pdf", "p.pdf", paper::pdf),
    ("ruled-pdf", "p.pdf", paper::ruled_pdf),
    ("tabs", "p.txt", text::tabs),
    ("lines", "p.txt", text::lines),
    ("run-on", "p.txt", text::run_on),
    ("key-values", "p.txt", text::key_values),
    ("wrapped-bars", "p.txt", text::wrapped_bars),
];

/// A part of a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Field {
    Id,
    Vendor,
    Purpose,
    Types,
    Permissions,
    Url,
}

const FIELDS: [Field; 6] = [
    Field::Id,
    Field::Vendor,
    Field::Purpose,
    Field::Types,
    Field::Permissions,
    Field::Url,
];

/// What a variation of a layout cannot carry, and why. A combination that
/// nobody can write has no fields at all.
struct Loss {
    language: &'static str,
    layout: &'static str,
    variation: Variation,
    lost: &'static [Field],
    why: &'static str,
}

const LOSSES: &[Loss] = &[];

fn faults(table: &Table, layout: (&str, &str, Writer), variation: Variation) -> Vec<String> {
    let (_, path, writer) = layout;
    let bytes = writer(&table.varied(variation), variation);
    let read = read(path, &bytes, &LEXICON).unwrap();
    let mut faults = Vec::new();
    let wanted: Vec<String> = table.sdks.iter().map(|sdk| folded(&sdk.name)).collect();
    let found: Vec<String> = read
        .sdks
        .iter()
        .map(|sdk| folded(&sdk.as_written))
        .collect();
    if wanted != found {
        for name in wanted.iter().filter(|name| !found.contains(name)) {
            faults.push(format!("-name {name}"));
        }
        for name in found.iter().filter(|name| !wanted.contains(name)) {
            faults.push(format!("+name {name}"));
        }
    }
    for sdk in &table.sdks {
        let Some(record) = read
            .sdks
            .iter()
            .find(|r| folded(&r.as_written) == folded(&sdk.name))
        else {
            continue;
        };
        for field in FIELDS {
            let (want, have) = values(sdk, record, field, variation);
            if want != have {
                faults.push(format!("{} {field:?}: {want:?} / {have:?}", sdk.name));
            }
        }
    }
    faults
}

fn values(sdk: &Sdk, record: &SdkRecord, field: Field, variation: Variation) -> (String, String) {
    match field {
        Field::Id => (
            sdk.id.clone().unwrap_or_default(),
            record.id.clone().unwrap_or_default(),
        ),
        Field::Vendor => (folded(&sdk.vendor), folded(&record.vendor_as_written)),
        Field::Purpose => (folded(&sdk.purpose), folded(&record.purposes.join("|"))),
        Field::Types => {
            let mut types: Vec<String> = record
                .data
                .iter()
                .filter(|m| m.basis != MentionBasis::Permission)
                .map(|m| m.data_type.clone())
                .collect();
            types.sort();
            types.dedup();
            (sdk.types.join(" "), types.join(" "))
        }
        Field::Permissions => {
            let names: Vec<String> = sdk
                .permission_names
                .iter()
                .map(|n| format!("android.permission.{n}"))
                .collect();
            (names.join(" "), record.permissions.join(" "))
        }
        Field::Url if variation == Variation::NoUrls => Default::default(),
        Field::Url => (sdk.url.clone(), record.url.clone().unwrap_or_default()),
    }
}

#[test]
fn survey() {
    for language in ["zh", "en"] {
        let table = Table::load(language);
        for layout in LAYOUTS {
            for variation in Variation::ALL {
                let f = faults(&table, layout, variation);
                println!("== {language} {} {variation:?}: {}", layout.0, f.len());
                for x in f.iter().take(30) {
                    println!("     {x}");
                }
            }
        }
    }
}
