//! From findings to totals and an exit code (contract, "Exit codes of `scan`").

use std::str::FromStr;

use super::model::{Analysis, AppReport, Finding, Level, Summary};
use super::rules;
use crate::formats::{Limit, LimitScope};
use crate::policy::model::PolicyDocument;

/// `--fail-on`: which findings fail a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FailOn {
    /// Findings of this level or a more severe one.
    Level(Level),
    /// No finding.
    Never,
    /// Findings of one rule, whatever their level.
    Rule(&'static str),
}

impl Default for FailOn {
    fn default() -> Self {
        Self::Level(Level::Error)
    }
}

/// `--fail-on` with a value that is no level and no rule.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "unknown value '{0}' for --fail-on; choose error, warning, note, never or a rule: {rules}",
    rules = rules::rules().iter().map(|r| r.code).collect::<Vec<_>>().join(", ")
)]
pub struct UnknownFailOn(String);

impl FromStr for FailOn {
    type Err = UnknownFailOn;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Ok(match text {
            "error" => Self::Level(Level::Error),
            "warning" => Self::Level(Level::Warning),
            "note" => Self::Level(Level::Note),
            "never" => Self::Never,
            code => Self::Rule(
                rules::rule(code)
                    .ok_or_else(|| UnknownFailOn(text.to_owned()))?
                    .code,
            ),
        })
    }
}

impl FailOn {
    /// Whether this finding fails a run; a waived one never does.
    pub fn catches(self, finding: &Finding) -> bool {
        finding.waived.is_none()
            && match self {
                // `Level` orders from most to least severe.
                Self::Level(level) => finding.level <= level,
                Self::Never => false,
                Self::Rule(code) => finding.rule == code,
            }
    }
}

/// What decides the exit code, from the command line.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Gate {
    /// `--fail-on`.
    pub fail_on: FailOn,
    /// `--strict`: limits of scope `detail` count as "cannot conclude" too.
    pub strict: bool,
    /// `--allow-partial`: "cannot conclude" exits with 0.
    pub allow_partial: bool,
}

/// What was seen so far; a batch merges one per app, so that no report has to
/// be kept for the exit code.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Outcome {
    /// A finding at the threshold.
    pub caught: bool,
    /// Something was not read, or only in part.
    pub inconclusive: bool,
}

impl Outcome {
    /// Both together.
    #[must_use]
    pub fn merge(self, other: Self) -> Self {
        Self {
            caught: self.caught || other.caught,
            inconclusive: self.inconclusive || other.inconclusive,
        }
    }
}

impl Gate {
    /// The outcome of one app.
    pub fn app(&self, app: &AppReport) -> Outcome {
        Outcome {
            caught: app.findings.iter().any(|f| self.fail_on.catches(f)),
            inconclusive: app.analysis != Analysis::Complete || self.counts(&app.limits),
        }
    }

    /// The outcome of one policy: it can only be inconclusive.
    pub fn policy(&self, policy: &PolicyDocument) -> Outcome {
        Outcome {
            caught: false,
            inconclusive: self.counts(&policy.limits),
        }
    }

    fn counts(&self, limits: &[Limit]) -> bool {
        limits
            .iter()
            .any(|l| self.strict || l.scope == LimitScope::Analysis)
    }

    /// The exit code: 1 for a finding at the threshold, 3 when nothing can be
    /// concluded, else 0.
    pub fn exit_code(&self, outcome: Outcome) -> u8 {
        if outcome.caught {
            1
        } else if outcome.inconclusive && !self.allow_partial {
            3
        } else {
            0
        }
    }
}

/// Whether any app has a finding that `fail_on` catches.
pub fn gate(apps: &[AppReport], fail_on: FailOn) -> bool {
    apps.iter()
        .flat_map(|app| &app.findings)
        .any(|finding| fail_on.catches(finding))
}

/// The exit code of a whole run.
pub fn exit_code(apps: &[AppReport], policies: &[PolicyDocument], gate: &Gate) -> u8 {
    let outcome = apps
        .iter()
        .map(|app| gate.app(app))
        .chain(policies.iter().map(|policy| gate.policy(policy)))
        .fold(Outcome::default(), Outcome::merge);
    gate.exit_code(outcome)
}

/// Totals over all apps.
pub fn summarise(apps: &[AppReport]) -> Summary {
    let mut summary = Summary::default();
    for app in apps {
        add_to_summary(&mut summary, app);
    }
    summary
}

/// Adds one app to the totals; libraries and packers are not SDKs.
pub fn add_to_summary(summary: &mut Summary, app: &AppReport) {
    summary.apps += 1;
    summary.sdks += app
        .sdks
        .iter()
        .filter(|s| s.kind == crate::sdk::schema::Kind::Sdk)
        .count();
    match app.analysis {
        Analysis::Complete => {}
        Analysis::Partial => summary.partial += 1,
        Analysis::Failed => summary.failed += 1,
    }
    for finding in &app.findings {
        if finding.waived.is_some() {
            summary.waived += 1;
            continue;
        }
        match finding.level {
            Level::Error => summary.findings.error += 1,
            Level::Warning => summary.findings.warning += 1,
            Level::Note => summary.findings.note += 1,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::finding::{Draft, finding};
    use super::super::rules::{FAMILY_ONLY, UNDISCLOSED_SDK, VENDOR_ONLY};
    use super::*;

    fn app(rules: &[&'static rules::Rule], analysis: Analysis) -> AppReport {
        let mut app = AppReport {
            analysis,
            ..AppReport::default()
        };
        app.findings = rules
            .iter()
            .map(|r| finding(&app, r, Draft::default()))
            .collect();
        app
    }

    fn code(app: AppReport, fail_on: &str) -> u8 {
        let gate = Gate {
            fail_on: fail_on.parse().unwrap(),
            ..Gate::default()
        };
        exit_code(&[app], &[], &gate)
    }

    #[test]
    fn levels_include_the_more_severe_ones() {
        let warning = || app(&[&VENDOR_ONLY], Analysis::Complete);
        assert_eq!(code(warning(), "error"), 0);
        assert_eq!(code(warning(), "warning"), 1);
        assert_eq!(code(warning(), "note"), 1);
        assert_eq!(code(warning(), "never"), 0);
        assert_eq!(code(warning(), "sdk-disclosed-by-vendor-only"), 1);
        assert_eq!(code(warning(), "undisclosed-sdk"), 0);
    }

    #[test]
    fn cannot_conclude_is_3_unless_a_finding_decides_or_partial_is_allowed() {
        let partial = || app(&[&FAMILY_ONLY], Analysis::Partial);
        assert_eq!(code(partial(), "error"), 3);
        assert_eq!(code(partial(), "never"), 3);
        assert_eq!(code(app(&[], Analysis::Failed), "error"), 3);
        assert_eq!(
            code(app(&[&UNDISCLOSED_SDK], Analysis::Partial), "error"),
            1
        );
        let allow = Gate {
            allow_partial: true,
            ..Gate::default()
        };
        assert_eq!(exit_code(&[partial()], &[], &allow), 0);
    }

    #[test]
    fn strict_makes_detail_limits_count_and_a_half_read_policy_always_does() {
        let mut detail = app(&[], Analysis::Complete);
        detail
            .limits
            .push(Limit::detail("opaque-reflection", "m", ""));
        let strict = Gate {
            strict: true,
            ..Gate::default()
        };
        assert_eq!(exit_code(&[detail.clone()], &[], &Gate::default()), 0);
        assert_eq!(exit_code(&[detail], &[], &strict), 3);
        let policy = PolicyDocument {
            limits: vec![Limit::analysis("policy-size", "m", "")],
            ..PolicyDocument::default()
        };
        assert_eq!(exit_code(&[], &[policy], &Gate::default()), 3);
    }

    #[test]
    fn a_waived_finding_neither_fails_nor_counts() {
        let mut waived = app(&[&UNDISCLOSED_SDK], Analysis::Complete);
        waived.findings[0].waived = Some("accepted".into());
        let apps = [waived];
        assert!(!gate(&apps, FailOn::default()));
        let summary = summarise(&apps);
        assert_eq!((summary.waived, summary.findings.error), (1, 0));
    }

    #[test]
    fn an_unknown_value_lists_the_choices() {
        let message = "eror".parse::<FailOn>().unwrap_err().to_string();
        assert!(message.contains("'eror'"));
        assert!(message.contains("never"));
        assert!(message.contains("undisclosed-sdk"));
    }
}
