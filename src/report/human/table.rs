//! Who is inside: the table of SDKs, libraries, permissions.

use std::io::{self, Write};

use super::super::text::{Paint, cell, columns, first_of, paint, shown};
use super::{Page, named};
use crate::audit::data_coverage::{gap_words, gaps};
use crate::audit::disclosure::may_handle_personal_data;
use crate::audit::model::{Analysis, Disclosure, DisclosureStatus, SdkReport};
use crate::audit::rules;
use crate::audit::sdk_rules::used_and_requested;
use crate::sdk::schema::Kind;

/// Libraries named on their line; JSON has all.
const LIBRARIES_SHOWN: usize = 8;
/// Data types named in a remark about one SDK; JSON has all.
const GAPS_SHOWN: usize = 6;
/// SDKs named in a remark; JSON has all.
const NAMES_SHOWN: usize = 12;

impl Page<'_> {
    pub(super) fn sdks(&self, out: &mut dyn Write) -> io::Result<()> {
        let mut sdks: Vec<&SdkReport> = self.of_kind(Kind::Sdk).collect();
        if sdks.is_empty() {
            let unsigned = self.app.limits.iter().any(|l| l.code == "no-signatures");
            let text = match self.app.analysis {
                _ if unsigned => "No signatures were used: no SDK could be recognised.",
                Analysis::Complete => "No known third-party SDK was found.",
                _ => "No known third-party SDK was found in the part that was seen.",
            };
            return writeln!(out, "\n{text}");
        }
        sdks.sort_by_key(|sdk| (rank(sdk), sdk.id.as_str()));
        self.heading(out, &format!("Third-party SDKs ({})", sdks.len()))?;
        self.paragraph(
            out,
            "  ",
            "perms: dangerous or special permissions that the SDK is known to use and the app requests / those its \
             policy entry names; ? = not known which it uses",
        )?;
        let rows: Vec<[String; 6]> = sdks.iter().map(|sdk| self.row(sdk)).collect();
        self.table(out, &rows, &sdks)?;
        let unknown: Vec<String> = sdks
            .iter()
            .filter(|sdk| sdk.documented_data_types.is_none())
            .map(|sdk| sdk.id.clone())
            .collect();
        if !unknown.is_empty() {
            let names = first_of(&unknown, self.style.most(NAMES_SHOWN));
            self.paragraph(
                out,
                "  ",
                &format!("data collected: unknown (not documented) for {names}"),
            )?;
        }
        self.data_gaps(out, &sdks)
    }

    /// Documented types that the entry of an SDK does not name well enough.
    /// Entries without any data lack the whole field, which the table says.
    fn data_gaps(&self, out: &mut dyn Write, sdks: &[&SdkReport]) -> io::Result<()> {
        for sdk in sdks {
            let Some(disclosure) = &sdk.disclosure else {
                continue;
            };
            let gaps = gaps(&disclosure.coverage).into_iter();
            let gaps: Vec<String> = gaps.map(gap_words).collect();
            if gaps.is_empty() || disclosure.missing.contains(&"data-types") {
                continue;
            }
            let names = first_of(&gaps, self.style.most(GAPS_SHOWN));
            let text = format!(
                "documented for {}, told vaguely or not at all: {names}",
                sdk.id
            );
            self.paragraph(out, "  ", &text)?;
        }
        Ok(())
    }

    fn of_kind(&self, kind: Kind) -> impl Iterator<Item = &SdkReport> {
        self.app.sdks.iter().filter(move |sdk| sdk.kind == kind)
    }

    fn row(&self, sdk: &SdkReport) -> [String; 6] {
        [
            shown(&named(sdk)).into_owned(),
            shown(or_unknown(&sdk.vendor)).into_owned(),
            sdk.state.name().to_owned(),
            shown(sdk.version.as_deref().unwrap_or("unknown")).into_owned(),
            self.permission_cell(sdk),
            verdict_word(sdk),
        ]
    }

    fn permission_cell(&self, sdk: &SdkReport) -> String {
        if sdk.permissions.is_empty() {
            return "?".to_owned();
        }
        let gating: Vec<_> = used_and_requested(self.app, sdk)
            .into_iter()
            .filter(|(_, p)| matches!(p.protection.as_str(), "dangerous" | "special"))
            .collect();
        match &sdk.disclosure {
            None => format!("{}/-", gating.len()),
            Some(disclosure) => {
                let named = gating
                    .iter()
                    .filter(|(known, _)| disclosure.permissions.contains(&known.name))
                    .count();
                format!("{}/{named}", gating.len())
            }
        }
    }

    fn table(
        &self,
        out: &mut dyn Write,
        rows: &[[String; 6]],
        sdks: &[&SdkReport],
    ) -> io::Result<()> {
        let header = ["SDK", "vendor", "state", "version", "perms", "policy"].map(str::to_owned);
        let widths = column_widths(&header, rows, self.style.width);
        let line = |row: &[String; 6]| {
            let cells: Vec<String> = row
                .iter()
                .zip(widths)
                .map(|(text, width)| cell(text, width))
                .collect();
            format!("  {}", cells.join("  "))
        };
        writeln!(
            out,
            "{}",
            paint(self.style, Paint::Dim, line(&header).trim_end())
        )?;
        for (row, sdk) in rows.iter().zip(sdks) {
            let text = line(row);
            let text = text.trim_end();
            match row_colour(sdk) {
                Some(colour) => writeln!(out, "{}", paint(self.style, colour, text))?,
                None => writeln!(out, "{text}")?,
            }
        }
        Ok(())
    }

    pub(super) fn libraries(&self, out: &mut dyn Write) -> io::Result<()> {
        let names = |kind| -> Vec<String> {
            self.of_kind(kind)
                .map(|sdk| match &sdk.version {
                    Some(version) => format!("{} {version}", sdk.id),
                    None => sdk.id.clone(),
                })
                .collect()
        };
        let packers = names(Kind::Packer);
        if !packers.is_empty() {
            let text = first_of(&packers, NAMES_SHOWN);
            self.paragraph(out, "Packers: ", &text)?;
        }
        let libraries = names(Kind::Library);
        if !libraries.is_empty() {
            let head = format!(
                "Libraries ({}, never a disclosure finding): ",
                libraries.len()
            );
            self.paragraph(
                out,
                "",
                &(head + &first_of(&libraries, self.style.most(LIBRARIES_SHOWN))),
            )?;
        }
        Ok(())
    }

    pub(super) fn permissions(&self, out: &mut dyn Write) -> io::Result<()> {
        let all = &self.app.permissions;
        if all.is_empty() {
            return Ok(());
        }
        let gating = all
            .iter()
            .filter(|p| matches!(p.protection.as_str(), "dangerous" | "special"))
            .count();
        let silent = self
            .app
            .findings
            .iter()
            .filter(|f| f.rule == rules::PERMISSION.code)
            .count();
        let mut line = format!(
            "Permissions: {} requested, {gating} of them dangerous or special",
            all.len()
        );
        if silent > 0 {
            line.push_str(&format!("; {silent} named nowhere in the policy"));
        }
        let only_sdks: Vec<String> = all
            .iter()
            .filter(|p| p.only_sdks)
            .map(|p| short(&p.name).to_owned())
            .collect();
        if !only_sdks.is_empty() {
            let names = first_of(&only_sdks, self.style.most(NAMES_SHOWN));
            line.push_str(&format!("; used by calls of SDKs only: {names}"));
        }
        self.paragraph(out, "", &line)
    }
}

/// `CAMERA` for a permission of Android.
pub(super) fn short(permission: &str) -> &str {
    let own = permission.strip_prefix("android.permission.");
    own.unwrap_or(permission)
}

fn or_unknown(text: &str) -> &str {
    if text.is_empty() { "unknown" } else { text }
}

fn verdict_word(sdk: &SdkReport) -> String {
    let Some(disclosure) = &sdk.disclosure else {
        return "not judged".to_owned();
    };
    match disclosure.status {
        DisclosureStatus::Disclosed if disclosure.missing.is_empty() => "disclosed".to_owned(),
        DisclosureStatus::Disclosed => {
            format!("disclosed, lacks {}", disclosure.missing.join(", "))
        }
        DisclosureStatus::FamilyOnly => "family or container only".to_owned(),
        DisclosureStatus::VendorOnly => "company only".to_owned(),
        DisclosureStatus::Undisclosed if may_handle_personal_data(sdk) => {
            "NOT DISCLOSED".to_owned()
        }
        DisclosureStatus::Undisclosed => "not named; documented without data".to_owned(),
        DisclosureStatus::NotAssessable => "not assessable".to_owned(),
    }
}

/// Worst first.
fn rank(sdk: &SdkReport) -> u8 {
    match &sdk.disclosure {
        None => 6,
        Some(Disclosure {
            status, missing, ..
        }) => match status {
            DisclosureStatus::Undisclosed if may_handle_personal_data(sdk) => 0,
            DisclosureStatus::VendorOnly => 1,
            DisclosureStatus::FamilyOnly => 2,
            DisclosureStatus::NotAssessable => 3,
            DisclosureStatus::Disclosed if !missing.is_empty() => 4,
            DisclosureStatus::Disclosed | DisclosureStatus::Undisclosed => 5,
        },
    }
}

fn row_colour(sdk: &SdkReport) -> Option<Paint> {
    match rank(sdk) {
        0 => Some(Paint::Red),
        1 | 3 | 4 => Some(Paint::Yellow),
        2 => Some(Paint::Cyan),
        _ => None,
    }
}

/// Widths of the table's columns: as wide as their cells, then the name, the
/// vendor and the version give way until the page holds the row. The last
/// column keeps its words: it is the verdict.
fn column_widths(header: &[String; 6], rows: &[[String; 6]], page: usize) -> [usize; 6] {
    /// Least width of each column.
    const LEAST: [usize; 6] = [16, 10, 8, 8, 5, 8];
    /// Columns that may give way, in this order, each down to its least width.
    const GIVE_WAY: [usize; 3] = [1, 0, 3];
    let mut widths = [0; 6];
    for (n, width) in widths.iter_mut().enumerate() {
        *width = rows
            .iter()
            .map(|row| columns(&row[n]))
            .chain([columns(&header[n])])
            .max()
            .unwrap_or(0);
    }
    // Two blanks before each column.
    let mut over = (widths.iter().sum::<usize>() + 2 * widths.len()).saturating_sub(page);
    for n in GIVE_WAY {
        let give = over.min(widths[n].saturating_sub(LEAST[n]));
        widths[n] -= give;
        over -= give;
    }
    widths
}
