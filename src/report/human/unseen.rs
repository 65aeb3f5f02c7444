//! What was not looked at, what was odd, and code that nobody named.

use std::io::{self, Write};

use super::super::text::{count, first_of};
use super::Page;
use crate::audit::model::Analysis;
use crate::formats::LimitScope;

/// Unidentified packages shown; JSON has all.
const UNIDENTIFIED_SHOWN: usize = 5;
/// Places shown for one kind of limit or anomaly; JSON has all.
const PLACES_SHOWN: usize = 2;

impl Page<'_> {
    pub(super) fn limits(&self, out: &mut dyn Write) -> io::Result<()> {
        if self.app.limits.is_empty() {
            return Ok(());
        }
        self.heading(out, "Not looked at")?;
        for scope in [LimitScope::Analysis, LimitScope::Detail] {
            let items = self
                .app
                .limits
                .iter()
                .filter(|l| l.scope == scope)
                .map(|l| (l.code, l.message.as_str(), l.place.as_str()));
            let mark = match scope {
                // Nothing of a failed input was seen: there is no part to name.
                LimitScope::Analysis if self.app.analysis == Analysis::Failed => "",
                LimitScope::Analysis => "analysis: ",
                LimitScope::Detail => "detail: ",
            };
            self.grouped(out, mark, items)?;
        }
        Ok(())
    }

    pub(super) fn anomalies(&self, out: &mut dyn Write) -> io::Result<()> {
        if self.app.anomalies.is_empty() {
            return Ok(());
        }
        self.heading(out, "Odd in the package, and read around")?;
        let items = self
            .app
            .anomalies
            .iter()
            .map(|a| (a.code, a.message.as_str(), a.place.as_str()));
        self.grouped(out, "", items)
    }

    /// One line per code: how often, the first message, the first places.
    fn grouped<'b>(
        &self,
        out: &mut dyn Write,
        mark: &str,
        items: impl Iterator<Item = (&'static str, &'b str, &'b str)>,
    ) -> io::Result<()> {
        let mut codes: Vec<(&str, &str, Vec<String>)> = Vec::new();
        for (code, message, place) in items {
            match codes.iter_mut().find(|(c, ..)| *c == code) {
                Some((.., places)) => places.push(place.to_owned()),
                None => codes.push((code, message, vec![place.to_owned()])),
            }
        }
        for (code, message, places) in codes {
            let times = places.len();
            let named: Vec<String> = places.into_iter().filter(|p| !p.is_empty()).collect();
            let mut text = format!("{mark}{code} ({times}): {message}");
            if !named.is_empty() {
                text.push_str(&format!(
                    " [{}]",
                    first_of(&named, self.style.most(PLACES_SHOWN))
                ));
            }
            self.paragraph(out, "  - ", &text)?;
        }
        Ok(())
    }

    pub(super) fn unidentified(&self, out: &mut dyn Write) -> io::Result<()> {
        let packages = &self.app.unidentified;
        if packages.is_empty() {
            return Ok(());
        }
        let classes: usize = packages.iter().map(|u| u.classes).sum();
        let names: Vec<String> = packages
            .iter()
            .map(|u| format!("{} ({})", u.prefix, u.classes))
            .collect();
        self.heading(
            out,
            &format!(
                "Code that no signature names ({}, {classes} classes)",
                count(packages.len(), "package")
            ),
        )?;
        self.paragraph(
            out,
            "  ",
            &first_of(&names, self.style.most(UNIDENTIFIED_SHOWN)),
        )
    }
}
