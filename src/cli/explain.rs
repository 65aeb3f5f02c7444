//! `sdkaudit explain`.

use std::io::Write;

use super::arguments::ExplainArguments;
use super::{exit, usage};
use crate::audit::rules;
use crate::policy;

pub fn run(arguments: &ExplainArguments) -> anyhow::Result<u8> {
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    let Some(code) = &arguments.rule else {
        for rule in rules::rules() {
            let level = rule.level.name();
            writeln!(out, "{:<36} {level:<8} {}", rule.code, rule.summary)?;
        }
        out.flush()?;
        return Ok(exit::CLEAN);
    };
    match rules::rule(code) {
        Some(rule) => {
            writeln!(out, "{}", rules::explain(rule).trim_end())?;
            out.flush()?;
            Ok(exit::CLEAN)
        }
        None if policy::CHECK_CODES.iter().any(|check| check.code == code) => {
            for check in policy::CHECK_CODES
                .iter()
                .filter(|check| check.code == code)
            {
                let place = "a check of `sdkaudit policy`: no finding, no exit code";
                writeln!(out, "{} ({place})\n{}", check.code, check.says)?;
                writeln!(
                    out,
                    "\nIt is silent {}.\n\nMore: docs/policy-checks.md",
                    check.silent
                )?;
            }
            out.flush()?;
            Ok(exit::CLEAN)
        }
        None => {
            let known: Vec<&str> = rules::rules().iter().map(|rule| rule.code).collect();
            usage(format!(
                "no rule is called \"{code}\"; the rules are: {}",
                known.join(", ")
            ))
        }
    }
}
