//! How a finding is put together: subject, fingerprint, order.

use std::cmp::Ordering;

use sha2::{Digest, Sha256};

use super::model::{AppReport, Evidence, Finding, Level};
use super::rules::Rule;
use crate::policy::model::Quote;

/// What a finding is about, and what was seen.
#[derive(Default)]
pub(super) struct Draft {
    /// SDK concerned.
    pub sdk: Option<String>,
    /// Data type concerned.
    pub data_type: Option<String>,
    /// Permission concerned.
    pub permission: Option<String>,
    /// A level other than the rule's own, where the rule says when.
    pub level: Option<Level>,
    /// What else tells two findings of one rule and SDK apart; only hashed.
    pub extra: String,
    /// One sentence.
    pub message: String,
    /// Where it was seen in the app.
    pub evidence: Vec<Evidence>,
    /// Where the policy speaks of it.
    pub quote: Option<Quote>,
}

/// Makes the finding of a rule for an app.
pub(super) fn finding(app: &AppReport, rule: &'static Rule, draft: Draft) -> Finding {
    let fingerprint = fingerprint(
        rule.code,
        app_identity(app),
        draft.sdk.as_deref(),
        draft.data_type.as_deref(),
        draft.permission.as_deref(),
        &draft.extra,
    );
    Finding {
        rule: rule.code,
        level: draft.level.unwrap_or(rule.level),
        sdk: draft.sdk,
        data_type: draft.data_type,
        permission: draft.permission,
        message: draft.message,
        evidence: draft.evidence,
        quote: draft.quote,
        basis: rule.basis.to_vec(),
        fingerprint,
        waived: None,
    }
}

/// What stays the same over the builds of an app: its package name, or the file
/// name of an input that has none (JAR, bare DEX).
fn app_identity(app: &AppReport) -> &str {
    match app.package.as_deref() {
        Some(package) if !package.is_empty() => package,
        _ => app.path.rsplit(['/', '\\']).next().unwrap_or_default(),
    }
}

/// First 32 hex digits of a SHA-256 over the parts, each preceded by
/// its length so that no two lists of parts hash alike.
fn fingerprint(
    rule: &str,
    package: &str,
    sdk: Option<&str>,
    data_type: Option<&str>,
    permission: Option<&str>,
    extra: &str,
) -> String {
    let mut hash = Sha256::new();
    for part in [
        rule,
        package,
        sdk.unwrap_or_default(),
        data_type.unwrap_or_default(),
        permission.unwrap_or_default(),
        extra,
    ] {
        hash.update((part.len() as u64).to_le_bytes());
        hash.update(part.as_bytes());
    }
    let digest = hash.finalize();
    digest[..16].iter().map(|b| format!("{b:02x}")).collect()
}

/// Order of findings in a report: level, rule, SDK, data type, permission, then
/// message, so that it never depends on the order of discovery.
pub(super) fn order(a: &Finding, b: &Finding) -> Ordering {
    let key = |f: &Finding| (f.level, f.rule);
    key(a)
        .cmp(&key(b))
        .then_with(|| a.sdk.cmp(&b.sdk))
        .then_with(|| a.data_type.cmp(&b.data_type))
        .then_with(|| a.permission.cmp(&b.permission))
        .then_with(|| a.message.cmp(&b.message))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fingerprint_is_32_hex_digits_and_keeps_parts_apart() {
        let one = fingerprint("r", "com.x", Some("ab"), None, None, "c");
        assert_eq!(one.len(), 32);
        assert_ne!(one, fingerprint("r", "com.x", Some("a"), None, None, "bc"));
        assert_ne!(one, fingerprint("r", "com.x", None, Some("ab"), None, "c"));
    }

    /// Saved baselines rest on it: changing the recipe is a change of interface.
    #[test]
    fn a_fingerprint_never_changes_between_versions() {
        assert_eq!(
            fingerprint(
                "undisclosed-sdk",
                "com.example",
                Some("jpush"),
                None,
                None,
                ""
            ),
            "7c0136b72000d77bc4f683ddd302e670"
        );
    }

    #[test]
    fn an_input_without_package_is_known_by_its_file_name() {
        let app = AppReport {
            path: "/a/b/sdk.jar".into(),
            ..AppReport::default()
        };
        assert_eq!(app_identity(&app), "sdk.jar");
    }
}
