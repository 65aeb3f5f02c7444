//! What each owner's code reads, what it is documented to collect and what the
//! policy names; with `--verbose` every access.

use std::io::{self, Write};

use super::super::text::{cell, count, first_of, shown};
use super::{Page, named};
use crate::audit::model::{
    Access, Accesses, Capability, DataRow, Opaque, Reachability, SdkReport, TypeCoverage,
};
use crate::audit::proof::never_gates;
use crate::sdk::schema::Kind;

/// Columns of the owner's name before its data types.
const NAME_COLUMNS: usize = 28;
/// Owners with unresolved calls that the page names; JSON has all.
const UNRESOLVED_SHOWN: usize = 12;
/// Call sites shown for one access; JSON has all.
const SITES_SHOWN: usize = 3;

/// The key of the marks behind each data type.
const KEY: &str = "TYPE:123 with 1 = O its code reads it, o only code that nothing seen leads to, x it cannot under the \
     app's permissions, ~ a hint, - not seen; 2 = D documented, - not, ? unknown; 3 = P the policy names it, \
     p by a broader term, - not, ? cannot be told; ! = before the user can agree";

impl Page<'_> {
    pub(super) fn data(&self, out: &mut dyn Write) -> io::Result<()> {
        let app = self.app;
        if app.access_analysis == Accesses::None {
            return writeln!(out, "\nWhat code reads was not looked at.");
        }
        self.heading(out, "Data: read by code, documented, named by the policy")?;
        self.paragraph(out, "  ", KEY)?;
        if app.access_analysis == Accesses::Inventory {
            let text = "whether the code can run was not looked at: O = there is a call";
            self.paragraph(out, "  ", text)?;
        }
        for sdk in self.readers() {
            let known = sdk.documented_data_types.is_some();
            self.row_of(out, &named(sdk), &sdk.data, known)?;
        }
        self.row_of(out, "the app itself", &app.app_data, true)?;
        self.unresolved(out)?;
        self.all_accesses(out)
    }

    /// SDKs that have a row, by id.
    fn readers(&self) -> impl Iterator<Item = &SdkReport> {
        let sdks = self.app.sdks.iter();
        sdks.filter(|sdk| sdk.kind == Kind::Sdk && !sdk.data.is_empty())
    }

    /// `极光推送 (jpush)   imei:OD-! mac:o-P`: what was seen first, the sensitive
    /// types before others. `known`: whether the documentation is known.
    fn row_of(
        &self,
        out: &mut dyn Write,
        name: &str,
        rows: &[DataRow],
        known: bool,
    ) -> io::Result<()> {
        let matters = |row: &&DataRow| {
            self.style.verbose
                || !never_gates(&row.data_type) && (row.observed || row.hinted || row.documented)
        };
        let mut shown_rows: Vec<&DataRow> = rows.iter().filter(matters).collect();
        shown_rows.sort_by_key(|row| (!row.observed && !row.hinted, !row.sensitive));
        let mut words: Vec<String> = shown_rows
            .iter()
            .map(|row| format!("{}:{}", row.data_type, marks(row, known)))
            .collect();
        match rows.len() - shown_rows.len() {
            0 => {}
            n => words.push(format!("(+{n} that matter less)")),
        }
        if words.is_empty() {
            words.push("nothing seen".to_owned());
        }
        let first = format!("  {}  ", cell(&shown(name), NAME_COLUMNS));
        self.paragraph(out, &first, &words.join(" "))
    }

    fn unresolved(&self, out: &mut dyn Write) -> io::Result<()> {
        let sdks = self
            .app
            .sdks
            .iter()
            .map(|sdk| (sdk.id.as_str(), sdk.opaque));
        let unnamed = self.app.unidentified.iter();
        let all = sdks
            .chain(unnamed.map(|code| (code.prefix.as_str(), code.opaque)))
            .chain([("the app itself", self.app.app_opaque)]);
        let told: Vec<String> = all
            .filter(|(_, opaque)| *opaque != Opaque::default())
            .map(|(name, opaque)| format!("{name} {}", unresolved_words(opaque)))
            .collect();
        if told.is_empty() {
            return Ok(());
        }
        let names = first_of(&told, self.style.most(UNRESOLVED_SHOWN));
        let text = format!("unresolved, what they read is unknown: {names}");
        self.paragraph(out, "  ", &text)
    }

    /// Every access of every owner, with `--verbose`.
    fn all_accesses(&self, out: &mut dyn Write) -> io::Result<()> {
        if !self.style.verbose {
            return Ok(());
        }
        for sdk in &self.app.sdks {
            self.accesses_of(out, &named(sdk), &sdk.accesses)?;
        }
        for code in &self.app.unidentified {
            self.accesses_of(out, &code.prefix, &code.accesses)?;
        }
        self.accesses_of(out, "the app itself", &self.app.app_accesses)?;
        let rest = "platform and library code that no owner reaches";
        self.accesses_of(out, rest, &self.app.platform_accesses)
    }

    fn accesses_of(&self, out: &mut dyn Write, owner: &str, all: &[Access]) -> io::Result<()> {
        if all.is_empty() {
            return Ok(());
        }
        self.paragraph(out, "  accesses of ", owner)?;
        for access in all {
            self.paragraph(out, "    - ", &access_words(access))?;
        }
        Ok(())
    }
}

/// Three letters for observed, documented, disclosed, then `!`.
fn marks(row: &DataRow, known: bool) -> String {
    let useless = matches!(
        row.capability,
        Some(Capability::NotRequested | Capability::RequestedButUseless)
    );
    let observed = match row.reachability {
        _ if row.hinted => '~',
        None => '-',
        Some(_) if useless => 'x',
        Some(Reachability::EntryPoint | Reachability::Unknown) => 'O',
        Some(Reachability::SdkApiOnly | Reachability::Unreached) => 'o',
    };
    let documented = match row.documented {
        true => 'D',
        false if known => '-',
        false => '?',
    };
    let told = match row.disclosed {
        Some(TypeCoverage::Exact) => 'P',
        Some(TypeCoverage::Vague) => 'p',
        Some(TypeCoverage::Narrower | TypeCoverage::SiblingOnly | TypeCoverage::None) => '-',
        None => '?',
    };
    let early = if row.before_consent { "!" } else { "" };
    format!("{observed}{documented}{told}{early}")
}

fn unresolved_words(opaque: Opaque) -> String {
    let mut parts = Vec::new();
    if opaque.reflection > 0 {
        parts.push(count(opaque.reflection, "reflective call"));
    }
    if opaque.constants > 0 {
        parts.push(count(opaque.constants, "constant"));
    }
    parts.join(" and ")
}

/// `imei Landroid/…;->getImei()…: entry-point, capable; needs …; at … and 2 more`.
fn access_words(access: &Access) -> String {
    let reach = match access.reachability {
        Reachability::EntryPoint => "an entry point leads to it",
        Reachability::SdkApiOnly => "only through methods that nothing calls",
        Reachability::Unreached => "nothing leads to it",
        Reachability::Unknown => "whether it can run is unknown",
    };
    let mut text = format!("{} {}: {reach}", access.data_type, access.api);
    if access.candidate {
        text.push_str(", a hint only");
    }
    if access.before_consent {
        text.push_str(", before the user can agree");
    }
    if let Some(note) = &access.capability_note {
        text.push_str(&format!("; {note}"));
    }
    if !access.permissions.is_empty() {
        text.push_str(&format!("; guarded by {}", access.permissions.join(", ")));
    }
    let sites: Vec<String> = access
        .call_sites
        .iter()
        .map(|site| {
            let chain = match site.chain.first() {
                Some(caller) => format!(", called from {caller}"),
                None => String::new(),
            };
            format!("{}->{} ({}){chain}", site.class, site.method, site.dex)
        })
        .collect();
    if !sites.is_empty() {
        text.push_str(&format!("; in {}", first_of(&sites, SITES_SHOWN)));
    }
    text
}
