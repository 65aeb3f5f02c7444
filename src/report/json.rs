//! The report as one indented JSON document (contract, "JSON: `scan`").
//!
//! The frame is written by hand around `serde_json`, so that a batch holds one
//! app at a time; a test keeps it equal to the serialised [`Report`] as a whole.
//!
//! [`Report`]: crate::audit::model::Report

use std::io::{self, Write};

use serde::Serialize;
use serde_json::ser::{Formatter, PrettyFormatter};

use super::{Printer, escaped};
use crate::audit::model::{AppReport, Summary, Tool};
use crate::policy::model::PolicyDocument;

/// `schema` of scan reports.
pub const REPORT_SCHEMA: &str = "sdkaudit/report/1";
/// `schema` of policy reports.
pub const POLICY_SCHEMA: &str = "sdkaudit/policy/1";

/// The printer of `--format json`.
#[derive(Debug, Clone, Copy, Default)]
pub struct Json {
    apps: usize,
}

impl Printer for Json {
    fn begin(&mut self, out: &mut dyn Write, tool: &Tool) -> io::Result<()> {
        self.apps = 0;
        out.write_all(b"{\n  \"schema\": ")?;
        serde_json::to_writer(&mut *out, REPORT_SCHEMA)?;
        out.write_all(b",\n  \"tool\": ")?;
        indented(out, tool, 1)?;
        out.write_all(b",\n  \"apps\": [")
    }

    fn app(&mut self, out: &mut dyn Write, app: &AppReport) -> io::Result<()> {
        out.write_all(if self.apps == 0 {
            b"\n    ".as_slice()
        } else {
            b",\n    "
        })?;
        self.apps += 1;
        indented(out, app, 2)
    }

    fn end(
        &mut self,
        out: &mut dyn Write,
        summary: &Summary,
        policies: &[PolicyDocument],
    ) -> io::Result<()> {
        out.write_all(if self.apps == 0 {
            b"],\n  \"policies\": ".as_slice()
        } else {
            b"\n  ],\n  \"policies\": "
        })?;
        indented(out, &policies, 1)?;
        out.write_all(b",\n  \"summary\": ")?;
        indented(out, summary, 1)?;
        out.write_all(b"\n}\n")
    }
}

/// Prints the documents of `policy --format json`.
pub fn print_policies(out: &mut dyn Write, documents: &[PolicyDocument]) -> io::Result<()> {
    #[derive(Serialize)]
    struct Policies<'a> {
        schema: &'static str,
        documents: &'a [PolicyDocument],
    }
    indented(
        out,
        &Policies {
            schema: POLICY_SCHEMA,
            documents,
        },
        0,
    )?;
    out.write_all(b"\n")
}

/// Writes a value indented as it stands so many levels deep.
fn indented(out: &mut dyn Write, value: &impl Serialize, depth: usize) -> io::Result<()> {
    let mut layout = PrettyFormatter::new();
    for _ in 0..depth {
        layout.begin_object(&mut io::sink())?;
    }
    escaped::write(out, value, layout)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::audit::gate::summarise;
    use crate::audit::model::{Report, Unidentified};

    fn tool() -> Tool {
        Tool {
            name: "sdkaudit",
            version: "0",
            signatures: "00".into(),
        }
    }

    fn streamed(apps: &[AppReport], policies: &[PolicyDocument]) -> String {
        let mut out = Vec::new();
        let mut json = Json::default();
        json.begin(&mut out, &tool()).unwrap();
        for app in apps {
            json.app(&mut out, app).unwrap();
        }
        json.end(&mut out, &summarise(apps), policies).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn the_stream_is_the_report_serialised_as_a_whole() {
        let app = AppReport {
            label: Some("a \"b\"\n\u{1b}[31m极光".into()),
            unidentified: vec![Unidentified {
                prefix: "a.b".into(),
                classes: 1,
                methods: 2,
                places: Vec::new(),
                ..Unidentified::default()
            }],
            ..AppReport::default()
        };
        for (apps, policies) in [
            (vec![], vec![]),
            (vec![app.clone()], vec![PolicyDocument::default()]),
            (vec![app.clone(), app], vec![]),
        ] {
            let text = streamed(&apps, &policies);
            let report = Report {
                schema: REPORT_SCHEMA,
                tool: tool(),
                summary: summarise(&apps),
                apps,
                policies,
            };
            let whole = serde_json::to_string_pretty(&report).unwrap();
            assert_eq!(text.trim_end(), whole);
        }
    }

    #[test]
    fn policies_stand_under_their_own_schema() {
        let mut out = Vec::new();
        print_policies(&mut out, &[PolicyDocument::default()]).unwrap();
        let value: serde_json::Value = serde_json::from_slice(&out).unwrap();
        assert_eq!(value["schema"], POLICY_SCHEMA);
        assert_eq!(value["documents"][0]["disclosure_form"], "none");
    }
}
