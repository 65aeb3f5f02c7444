//! Legal forms that end the names of companies in Latin letters.

/// Legal forms without their dots, in lower case.
const FORMS: [&str; 64] = [
    "inc",
    "incorporated",
    "llc",
    "ltd",
    "limited",
    "gmbh",
    "mbh",
    "ug",
    "corp",
    "corporation",
    "co",
    "company",
    "plc",
    "ag",
    "se",
    "sa",
    "sas",
    "sasu",
    "sarl",
    "sàrl",
    "bv",
    "nv",
    "vof",
    "oy",
    "oyj",
    "ab",
    "as",
    "asa",
    "a/s",
    "aps",
    "kk",
    "pty",
    "pte",
    "pvt",
    "bhd",
    "srl",
    "srls",
    "spa",
    "sl",
    "slu",
    "oü",
    "uab",
    "sro",
    "kft",
    "zrt",
    "doo",
    "zoo",
    "oo",
    "eood",
    "ood",
    "lda",
    "ltda",
    "technologies",
    "holdings",
    "foundation",
    "llp",
    "lp",
    "kg",
    "kgaa",
    "ev",
    "ek",
    "rl",
    "sia",
    "ehf",
];

/// Forms that are written in small letters: `s.r.o.`, `Sp. z o.o.`, `e.V.`.
const SMALL: [&str; 8] = ["sro", "oo", "zoo", "doo", "rl", "as", "ev", "ek"];

/// Whether a word is a legal form: `Inc.`, `GmbH`, `S.r.l.`, `N.V.`, `e.V.`.
pub(super) fn is_form(word: &str) -> bool {
    if word.starts_with(|c| ('\u{4e00}'..='\u{9fff}').contains(&c)) {
        return false; // none of them is Chinese
    }
    let word = word.trim_end_matches([',', ';', ':', ')']);
    let dotted = word.contains('.');
    let capital = word.starts_with(char::is_uppercase);
    if !capital && !dotted && word.len() > 4 {
        return false; // most words
    }
    let plain: String = word
        .chars()
        .filter(|c| *c != '.')
        .flat_map(char::to_lowercase)
        .collect();
    let written = capital
        || dotted && SMALL.contains(&plain.as_str())
        || matches!(plain.as_str(), "inc" | "ltd" | "gmbh" | "llc");
    written && FORMS.contains(&plain.as_str())
}

/// Whether a text of several words ends in a legal form.
pub(super) fn ends_in_form(text: &str) -> bool {
    let text = text.trim().trim_end_matches([',', ';', ' ']);
    let mut words = text.split_whitespace();
    let last = words.next_back().unwrap_or_default();
    // `Parent Company` heads a column.
    let least = if last == "Company" { 2 } else { 1 };
    words.count() >= least && is_form(last)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn legal_forms_of_many_countries() {
        for company in [
            "Dunlin OÜ",
            "Dunlin Oy",
            "Knot SL",
            "Knot S.L.",
            "Wader ApS",
            "Wader KK",
            "Heron N.V.",
            "Heron e.V.",
            "Grouse S.à r.l.",
            "Grouse GmbH & Co. KG",
            "Plover Sdn Bhd",
            "Plover Sp. z o.o.",
            "Tern, Inc.",
            "Tern Pty Ltd",
            "Tern a.s.",
        ] {
            assert!(ends_in_form(company), "{company}");
        }
        for other in [
            "such as",
            "Limited",
            "Parent Company",
            "we use se",
            "Knot Maps",
            "the ad",
        ] {
            assert!(!ends_in_form(other), "{other}");
        }
    }
}
