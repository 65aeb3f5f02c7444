//! Reconciles one app with its policies: fills what the policies say of each
//! SDK and permission, and gives the findings.

use super::access_rules::{data_of_app, hardware_ids};
use super::app_rules::{
    absent_sdks, list_findings, packed_code, undisclosed_permissions, unidentified_code,
};
use super::consent_rules::before_consent;
use super::coverage;
use super::denial_rules::denied;
use super::disclosure::{disclose_permissions, disclose_sdks};
use super::finding::{self, Draft, finding};
use super::matrix;
use super::model::{Analysis, AppReport, Level};
use super::permission_use;
use super::rules::Rule;
use super::sdk_rules::sdk_findings;
use crate::formats::LimitScope;
use crate::policy::model::{DisclosureForm, PolicyDocument};
use crate::sdk::base::KnowledgeBase;

/// Fills who uses each permission and the rows of the matrix from the accesses,
/// `sdks[].disclosure` and `permissions[].disclosed` from the policies that
/// belong to this app, and adds the findings to `app.findings`, sorted. Call it
/// once per app, when the accesses stand in it.
///
/// Several policies are taken together: an SDK that one of them discloses is
/// disclosed, and a real list in one outweighs its absence in another. Without
/// a policy no disclosure rule fires and every `disclosure` stays `None`. An
/// input that could not be read (`Analysis::Failed`) gets no finding.
pub fn reconcile(app: &mut AppReport, policies: &[&PolicyDocument], base: &KnowledgeBase) {
    if app.analysis == Analysis::Failed {
        return;
    }
    let mut found = Findings::default();
    permission_use::fill(app);
    matrix::observe(app, base);
    packed_code(app, &mut found);
    unidentified_code(app, base, &mut found);
    before_consent(app, base, &mut found);
    hardware_ids(app, base, &mut found);
    permission_use::unused(app, base, &mut found);
    if !policies.is_empty() {
        let terms = Terms::of(policies);
        let entries = coverage::android_entries(policies);
        let covered = disclose_sdks(app, &entries, &terms, base);
        disclose_permissions(app, policies, &entries, base);
        matrix::disclose(app, &covered, policies, &terms, base);
        list_findings(app, &terms, &mut found);
        for (sdk, coverage) in app.sdks.iter().zip(&covered) {
            sdk_findings(app, sdk, coverage.as_ref(), &terms, base, &mut found);
        }
        absent_sdks(app, &entries, &covered, base, &mut found);
        undisclosed_permissions(app, &terms, base, &mut found);
        data_of_app(app, policies, &entries, &terms, base, &mut found);
        denied(app, policies, &covered, base, &mut found);
    }
    let new: Vec<_> = found
        .0
        .into_iter()
        .map(|(rule, draft)| finding(app, rule, draft))
        .collect();
    app.findings.extend(new);
    app.findings.sort_by(finding::order);
}

/// What was found on the way; turned into findings once the app is no longer
/// borrowed.
#[derive(Default)]
pub(super) struct Findings(Vec<(&'static Rule, Draft)>);

impl Findings {
    pub(super) fn add(&mut self, rule: &'static Rule, draft: Draft) {
        self.0.push((rule, draft));
    }

    /// Takes over what another collection holds, with levels changed.
    pub(super) fn extend(&mut self, others: Self, level: impl Fn(Level) -> Level) {
        for (rule, draft) in others.0 {
            let usual = draft.level.unwrap_or(rule.level);
            let level = Some(level(usual));
            self.add(rule, Draft { level, ..draft });
        }
    }

    /// The permissions that findings are about.
    #[cfg(test)]
    pub(super) fn permissions(self) -> Vec<String> {
        let permission = |(_, draft): (_, Draft)| draft.permission;
        self.0.into_iter().filter_map(permission).collect()
    }
}

/// On what terms the policies, taken together, can be judged.
pub(super) struct Terms<'a> {
    /// The strongest form among them.
    pub(super) form: DisclosureForm,
    /// Documents of which a part could not be read.
    pub(super) unread: Vec<&'a PolicyDocument>,
    /// Links to lists that none of the given documents is.
    pub(super) open_links: Vec<&'a str>,
}

impl<'a> Terms<'a> {
    fn of(policies: &[&'a PolicyDocument]) -> Self {
        let form = policies
            .iter()
            .map(|p| p.disclosure_form)
            .max_by_key(|form| form_strength(*form))
            .unwrap_or_default();
        let list_given = policies.iter().any(|p| {
            matches!(
                p.disclosure_form,
                DisclosureForm::Inline | DisclosureForm::StandaloneList
            )
        });
        let refers = |p: &&&PolicyDocument| {
            matches!(
                p.disclosure_form,
                DisclosureForm::LinkedOnly | DisclosureForm::InlineLink
            )
        };
        let open_links = if list_given {
            Vec::new()
        } else {
            policies
                .iter()
                .filter(refers)
                .flat_map(|p| p.links.iter().map(String::as_str))
                .collect()
        };
        Self {
            form,
            unread: policies
                .iter()
                .filter(|p| p.limits.iter().any(|l| l.scope == LimitScope::Analysis))
                .copied()
                .collect(),
            open_links,
        }
    }

    pub(super) fn assessable(&self) -> bool {
        self.form != DisclosureForm::LinkedOnly && self.unread.is_empty()
    }

    /// A sentence about a fuller list elsewhere, or nothing.
    pub(super) fn open_link_remark(&self) -> String {
        match self.open_links.first() {
            Some(link) if self.assessable() => format!(
                "; the policy also refers to a list that was not given to this run ({link}): pass it with another --policy"
            ),
            _ => String::new(),
        }
    }
}

/// A real list outweighs a link, a link a general sentence, that an unfilled
/// template, that nothing.
fn form_strength(form: DisclosureForm) -> u8 {
    match form {
        DisclosureForm::None => 0,
        DisclosureForm::TemplateUnfilled => 1,
        DisclosureForm::GenericMention => 2,
        DisclosureForm::LinkedOnly => 3,
        DisclosureForm::InlineLink => 4,
        DisclosureForm::Inline => 5,
        DisclosureForm::StandaloneList => 6,
    }
}

#[cfg(test)]
#[path = "reconcile_tests.rs"]
mod tests;
