//! `sdkaudit explain`.

use super::arguments::ExplainArguments;
use super::{exit, usage};
use crate::audit::rules;

pub fn run(arguments: &ExplainArguments) -> anyhow::Result<u8> {
    let Some(code) = &arguments.rule else {
        for rule in rules::rules() {
            println!(
                "{:<36} {:<8} {}",
                rule.code,
                rule.level.name(),
                rule.summary
            );
        }
        return Ok(exit::CLEAN);
    };
    match rules::rule(code) {
        Some(rule) => {
            println!("{}", rules::explain(rule).trim_end());
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
