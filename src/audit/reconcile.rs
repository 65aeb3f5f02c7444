//! Reconciles one app with its policies: fills what the policies say of each
//! SDK and permission, and gives the findings.

use std::collections::{BTreeMap, BTreeSet};

use super::coverage::{self, Coverage, Entry};
use super::finding::{self, Draft, finding};
use super::model::{
    Analysis, AppReport, Disclosure, DisclosureStatus, Evidence, EvidenceKind, Level,
    PermissionBasis, PermissionReport, SdkPermission, SdkReport,
};
use super::permissions::{self, Naming};
use super::rules::{self, Rule};
use crate::formats::LimitScope;
use crate::policy::model::{DisclosureForm, PolicyDocument, Quote, SdkRecord};
use crate::sdk::base::KnowledgeBase;
use crate::sdk::schema::{Confidence, Kind, Names, Signature};

/// Unidentified packages from this size on are worth a line: smaller ones are
/// mostly renamed helpers of known code.
pub const LARGE_UNIDENTIFIED_CLASSES: usize = 50;
/// Evidence repeated in a finding; all of it stands in `sdks[].evidence`.
const EVIDENCE_PER_FINDING: usize = 5;
/// Characters of an entry's name that a message repeats.
const NAME_IN_MESSAGE: usize = 80;

/// Fills `sdks[].disclosure` and `permissions[].disclosed` from the policies
/// that belong to this app, and adds the findings to `app.findings`, sorted.
/// Call it once per app.
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
    packed_code(app, &mut found);
    unidentified_code(app, &mut found);
    if !policies.is_empty() {
        let terms = Terms::of(policies);
        let entries = coverage::android_entries(policies);
        let covered = disclose_sdks(app, &entries, &terms, base);
        disclose_permissions(app, policies, &entries, base);
        list_findings(app, &terms, &mut found);
        for (sdk, coverage) in app.sdks.iter().zip(&covered) {
            sdk_findings(app, sdk, coverage.as_ref(), &terms, base, &mut found);
        }
        absent_sdks(app, &entries, &covered, base, &mut found);
        undisclosed_permissions(app, &terms, base, &mut found);
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
struct Findings(Vec<(&'static Rule, Draft)>);

impl Findings {
    fn add(&mut self, rule: &'static Rule, draft: Draft) {
        self.0.push((rule, draft));
    }
}

/// On what terms the policies, taken together, can be judged.
struct Terms<'a> {
    /// The strongest form among them.
    form: DisclosureForm,
    /// Documents of which a part could not be read.
    unread: Vec<&'a PolicyDocument>,
    /// Links to lists that none of the given documents is.
    open_links: Vec<&'a str>,
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

    fn assessable(&self) -> bool {
        self.form != DisclosureForm::LinkedOnly && self.unread.is_empty()
    }

    /// A sentence about a fuller list elsewhere, or nothing.
    fn open_link_remark(&self) -> String {
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

/// Whether an SDK can give a disclosure finding: third-party code of kind
/// `sdk`, unless its documentation says that it collects nothing. Unknown data
/// counts: it is never taken for none.
pub fn may_handle_personal_data(sdk: &SdkReport) -> bool {
    sdk.kind == Kind::Sdk
        && sdk
            .documented_data_types
            .as_ref()
            .is_none_or(|types| !types.is_empty())
}

// --- filling the report ---------------------------------------------------

fn disclose_sdks<'a>(
    app: &mut AppReport,
    entries: &[Entry<'a>],
    terms: &Terms,
    base: &KnowledgeBase,
) -> Vec<Option<Coverage<'a>>> {
    app.sdks
        .iter_mut()
        .map(|sdk| {
            let covered = coverage::cover(&sdk.id, &sdk.bundled_by, entries, base);
            sdk.disclosure = match &covered {
                Some(coverage) => Some(disclosure(sdk, coverage, base)),
                // Libraries and packers are not expected in a policy.
                None if sdk.kind != Kind::Sdk => None,
                None => Some(Disclosure {
                    status: if terms.assessable() {
                        DisclosureStatus::Undisclosed
                    } else {
                        DisclosureStatus::NotAssessable
                    },
                    as_written: None,
                    policy: None,
                    quote: None,
                    missing: Vec::new(),
                    data_types: Vec::new(),
                    permissions: Vec::new(),
                }),
            };
            covered
        })
        .collect()
}

fn disclosure(sdk: &SdkReport, coverage: &Coverage, base: &KnowledgeBase) -> Disclosure {
    let records: Vec<&SdkRecord> = coverage.entries.iter().map(|e| e.record).collect();
    let first = coverage.entries.first();
    let own = coverage.inside.is_none() && coverage.status != DisclosureStatus::VendorOnly;
    let data_types: BTreeSet<&str> = named_data_types(&records).collect();
    let names: BTreeSet<&str> = named_permissions(&records).collect();
    Disclosure {
        status: coverage.status,
        as_written: first.map(|e| e.record.as_written.clone()),
        policy: first.map(|e| e.policy.path.clone()),
        quote: first.map(|e| e.record.quote.clone()),
        missing: if own {
            missing_fields(&records, &coverage::all_vendor_names(&sdk.id, base))
        } else {
            Vec::new()
        },
        data_types: in_vocabulary_order(&data_types, base),
        permissions: names.into_iter().map(str::to_owned).collect(),
    }
}

fn named_data_types<'a>(records: &[&'a SdkRecord]) -> impl Iterator<Item = &'a str> {
    records
        .iter()
        .flat_map(|r| r.data_types.iter().map(String::as_str))
}

fn named_permissions<'a>(records: &[&'a SdkRecord]) -> impl Iterator<Item = &'a str> {
    records
        .iter()
        .flat_map(|r| r.permissions.iter().map(String::as_str))
}

fn in_vocabulary_order(types: &BTreeSet<&str>, base: &KnowledgeBase) -> Vec<String> {
    let known = base.data_types().iter().map(|t| t.id.as_str());
    let unknown = types.iter().filter(|t| base.data_type(t).is_none());
    known
        .filter(|id| types.contains(id))
        .chain(unknown.copied())
        .map(str::to_owned)
        .collect()
}

/// What none of the entries of one SDK gives: `vendor`, `purpose`,
/// `data-types`, `link`, in this order. `vendor_names` are the normalised names
/// of its vendor: an entry whose product name carries one (网易七鱼) names it.
pub fn missing_fields(
    records: &[&SdkRecord],
    vendor_names: &BTreeSet<String>,
) -> Vec<&'static str> {
    let carries_vendor = |record: &SdkRecord| {
        let written = coverage::normalise_name(&record.as_written);
        vendor_names
            .iter()
            .any(|name| contains_name(&written, name))
    };
    let link = records.iter().any(|r| has_url(r));
    let deferred = records.iter().any(|r| r.deferred_to_link && has_url(r));
    let given = [
        (
            "vendor",
            records
                .iter()
                .any(|r| !r.vendor_as_written.trim().is_empty() || carries_vendor(r)),
        ),
        (
            "purpose",
            deferred || records.iter().any(|r| !r.purposes.is_empty()),
        ),
        (
            "data-types",
            deferred
                || records
                    .iter()
                    .any(|r| !r.data_types.is_empty() || r.explicit_none),
        ),
        ("link", link),
    ];
    given
        .into_iter()
        .filter(|(_, given)| !given)
        .map(|(field, _)| field)
        .collect()
}

/// Whether a name stands in a text. A Latin name begins at a word boundary, and
/// one of three letters or fewer ends at one too, so that `x` is not found in
/// `xposed` while `tencent` is found in `tencentbugly` (blanks are gone here).
fn contains_name(text: &str, name: &str) -> bool {
    const SHORT: usize = 3;
    let word = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric());
    !name.is_empty()
        && text.match_indices(name).any(|(at, found)| {
            let (before, from) = text.split_at(at);
            let after = from.strip_prefix(found).unwrap_or_default();
            let begins = !word(before.chars().next_back());
            let ends = !word(after.chars().next());
            !name.is_ascii() || begins && (ends || name.len() > SHORT)
        })
}

fn has_url(record: &SdkRecord) -> bool {
    record
        .url
        .as_ref()
        .is_some_and(|url| !url.trim().is_empty())
}

fn disclose_permissions(
    app: &mut AppReport,
    policies: &[&PolicyDocument],
    entries: &[Entry],
    base: &KnowledgeBase,
) {
    let mut names = BTreeMap::<&str, String>::new();
    let mut types = BTreeMap::<&str, String>::new();
    for policy in policies {
        for name in &policy.first_party.permissions {
            names.entry(name).or_insert_with(|| policy.path.clone());
        }
        for id in &policy.first_party.data_types {
            types.entry(id).or_insert_with(|| policy.path.clone());
        }
    }
    for entry in entries {
        let place = || format!("{}, for {}", entry.policy.path, words_of(entry.record));
        for name in &entry.record.permissions {
            names.entry(name).or_insert_with(place);
        }
        for id in &entry.record.data_types {
            types.entry(id).or_insert_with(place);
        }
    }
    let name_set: BTreeSet<&str> = names.keys().copied().collect();
    let type_set: BTreeSet<&str> = types.keys().copied().collect();
    for permission in &mut app.permissions {
        permission.disclosed = permissions::naming(&permission.name, &name_set, &type_set, base)
            .map(|naming| match naming {
                Naming::Named => {
                    format!("named ({})", place_of(&names, &permission.name))
                }
                Naming::Implied(id) => format!(
                    "only through the data type {id} ({})",
                    place_of(&types, &id)
                ),
            });
    }
}

fn place_of<'a>(places: &'a BTreeMap<&str, String>, key: &str) -> &'a str {
    places.get(key).map_or("", String::as_str)
}

// --- findings without a policy --------------------------------------------

fn packed_code(app: &AppReport, found: &mut Findings) {
    const HIDDEN: &str = "SDKs inside the hidden code are not seen, and nothing can be concluded from what was not found";
    let packers: Vec<&SdkReport> = app.sdks.iter().filter(|s| s.kind == Kind::Packer).collect();
    for packer in &packers {
        found.add(
            &rules::PACKED,
            Draft {
                sdk: Some(packer.id.clone()),
                message: format!(
                    "the app's code is packed by {}: {HIDDEN}",
                    display_name(packer)
                ),
                evidence: strongest(&packer.evidence),
                ..Draft::default()
            },
        );
    }
    let limit = app.limits.iter().find(|l| l.code == rules::PACKED.code);
    if let (true, Some(limit)) = (packers.is_empty(), limit) {
        found.add(
            &rules::PACKED,
            Draft {
                message: format!("{}: {HIDDEN}", limit.message.trim_end_matches('.')),
                ..Draft::default()
            },
        );
    }
}

fn unidentified_code(app: &AppReport, found: &mut Findings) {
    for code in &app.unidentified {
        if code.classes < LARGE_UNIDENTIFIED_CLASSES {
            continue;
        }
        found.add(
            &rules::UNIDENTIFIED,
            Draft {
                // A warning only with sensitive access, which is not looked at yet.
                level: Some(Level::Note),
                extra: code.prefix.clone(),
                message: format!(
                    "{} holds {} classes that no signature names; what they access was not looked at",
                    code.prefix, code.classes
                ),
                evidence: vec![Evidence {
                    kind: EvidenceKind::ClassPrefix,
                    value: code.prefix.clone(),
                    place: String::new(),
                    count: code.classes,
                }],
                ..Draft::default()
            },
        );
    }
}

// --- findings about the list ----------------------------------------------

fn list_findings(app: &AppReport, terms: &Terms, found: &mut Findings) {
    let unmatched = |status: DisclosureStatus| {
        app.sdks
            .iter()
            .filter(|sdk| may_handle_personal_data(sdk))
            .filter(|sdk| sdk.disclosure.as_ref().is_some_and(|d| d.status == status))
            .count()
    };
    if !terms.assessable() {
        let count = unmatched(DisclosureStatus::NotAssessable);
        // Hidden code may hold more SDKs than were seen.
        if count > 0 || app.analysis != Analysis::Complete {
            found.add(&rules::NOT_ASSESSABLE, not_assessable(terms, count));
        }
        return;
    }
    let template = terms.form == DisclosureForm::TemplateUnfilled;
    let has_sdks = app.sdks.iter().any(may_handle_personal_data);
    let what = match terms.form {
        DisclosureForm::TemplateUnfilled => {
            "the policy carries a template for the SDK list whose fields were never filled in"
        }
        DisclosureForm::GenericMention => {
            "the policy speaks of partners or SDKs in general and lists none"
        }
        DisclosureForm::None => "the policy has no list of third-party SDKs",
        _ => return,
    };
    if template || has_sdks || app.analysis != Analysis::Complete {
        found.add(
            &rules::NO_SDK_LIST,
            Draft {
                message: format!(
                    "{what}; SDKs in the app that may handle personal data and that it does not name: {}",
                    unmatched(DisclosureStatus::Undisclosed)
                ),
                ..Draft::default()
            },
        );
    }
}

fn not_assessable(terms: &Terms, count: usize) -> Draft {
    let why = match terms.unread.first() {
        Some(policy) => format!("{} could be read only in part", policy.path),
        None => match terms.open_links.first() {
            Some(link) => format!("the SDK list stands behind a link that was not read ({link})"),
            None => "the SDK list stands behind a link that was not read".to_owned(),
        },
    };
    Draft {
        message: format!(
            "{why}: whether the SDKs in the app are disclosed cannot be told ({count} found that the given text does not name); give what is missing with another --policy"
        ),
        ..Draft::default()
    }
}

// --- findings about one SDK -----------------------------------------------

fn sdk_findings(
    app: &AppReport,
    sdk: &SdkReport,
    coverage: Option<&Coverage>,
    terms: &Terms,
    base: &KnowledgeBase,
    found: &mut Findings,
) {
    if !may_handle_personal_data(sdk) {
        return;
    }
    let Some(coverage) = coverage else {
        if terms.assessable() {
            undisclosed(app, sdk, terms, found);
        }
        return;
    };
    match coverage.status {
        DisclosureStatus::FamilyOnly => family_only(sdk, coverage, base, found),
        DisclosureStatus::VendorOnly => vendor_only(sdk, coverage, found),
        // What an entry lacks may stand in a part that was not read.
        _ if !terms.unread.is_empty() => {}
        _ => {
            incomplete(sdk, coverage, found);
            permissions_of_sdk(app, sdk, coverage, base, found);
        }
    }
}

fn undisclosed(app: &AppReport, sdk: &SdkReport, terms: &Terms, found: &mut Findings) {
    let seen = match (sdk.state, app.analysis) {
        (super::model::State::Declared, Analysis::Complete) => {
            "is declared in the manifest, without code of it in the package,"
        }
        (super::model::State::Declared, _) => {
            "is declared in the manifest (its code may be hidden)"
        }
        _ => "is in the app",
    };
    let sure = match sdk.confidence {
        Confidence::Low => " (identified with low confidence)",
        _ => "",
    };
    let data = match &sdk.documented_data_types {
        Some(types) => format!("it is documented to collect {}", types.join(", ")),
        None => "what data it collects is unknown".to_owned(),
    };
    found.add(
        &rules::UNDISCLOSED_SDK,
        Draft {
            sdk: Some(sdk.id.clone()),
            message: format!(
                "{}{sure} {seen} and no policy entry names it, which may be at odds with the duty to list embedded third-party code one by one; {data}{}",
                display_name(sdk),
                terms.open_link_remark()
            ),
            evidence: strongest(&sdk.evidence),
            ..Draft::default()
        },
    );
}

fn family_only(sdk: &SdkReport, coverage: &Coverage, base: &KnowledgeBase, found: &mut Findings) {
    let (written, quote) = first_words(coverage);
    let message = match &coverage.inside {
        Some(product) => format!(
            "{} is not named itself; it comes inside {}, which the policy names as “{written}”",
            display_name(sdk),
            base.signature(product)
                .map_or_else(|| product.clone(), |s| both_names(&s.name, &s.id)),
        ),
        None => format!(
            "the policy's “{written}” stands for a product family; {} is not named itself",
            display_name(sdk)
        ),
    };
    found.add(
        &rules::FAMILY_ONLY,
        Draft {
            sdk: Some(sdk.id.clone()),
            message,
            evidence: strongest(&sdk.evidence),
            quote,
            ..Draft::default()
        },
    );
}

fn vendor_only(sdk: &SdkReport, coverage: &Coverage, found: &mut Findings) {
    let (written, quote) = first_words(coverage);
    found.add(
        &rules::VENDOR_ONLY,
        Draft {
            sdk: Some(sdk.id.clone()),
            message: format!(
                "the policy's “{written}” names the company behind {} and not the SDK, which may be at odds with the duty to list embedded third-party code one by one",
                display_name(sdk)
            ),
            evidence: strongest(&sdk.evidence),
            quote,
            ..Draft::default()
        },
    );
}

fn incomplete(sdk: &SdkReport, coverage: &Coverage, found: &mut Findings) {
    let missing = sdk
        .disclosure
        .as_ref()
        .map_or(&[][..], |d| d.missing.as_slice());
    if missing.is_empty() {
        return;
    }
    let (written, quote) = first_words(coverage);
    let deferred = coverage
        .entries
        .iter()
        .any(|e| e.record.deferred_to_link && has_url(e.record));
    let remark = if deferred {
        "; data or purpose are said to stand behind its link, which this run did not read"
    } else {
        ""
    };
    found.add(
        &rules::INCOMPLETE,
        Draft {
            sdk: Some(sdk.id.clone()),
            extra: missing.join(","),
            message: format!(
                "the entry “{written}” for {} lacks {}, which may be at odds with the duty to tell them{remark}",
                display_name(sdk),
                missing.join(", ")
            ),
            evidence: strongest(&sdk.evidence),
            quote,
            ..Draft::default()
        },
    );
}

fn permissions_of_sdk(
    app: &AppReport,
    sdk: &SdkReport,
    coverage: &Coverage,
    base: &KnowledgeBase,
    found: &mut Findings,
) {
    let records: Vec<&SdkRecord> = coverage.entries.iter().map(|e| e.record).collect();
    // What stands behind the link may name it: unknown is not "not named".
    if records.iter().any(|r| r.deferred_to_link && has_url(r)) {
        return;
    }
    let names: BTreeSet<&str> = named_permissions(&records).collect();
    let types: BTreeSet<&str> = named_data_types(&records).collect();
    let (written, quote) = first_words(coverage);
    for (known, requested) in used_and_requested(app, sdk) {
        if !permissions::gates(requested, base)
            || permissions::naming(&known.name, &names, &types, base).is_some()
        {
            continue;
        }
        let knowledge = match known.basis {
            PermissionBasis::ApiCall => "calls an API that needs",
            PermissionBasis::Manifest => "declares in its own manifest",
            PermissionBasis::Documented => "is documented to use",
        };
        found.add(
            &rules::SDK_PERMISSION,
            Draft {
                sdk: Some(sdk.id.clone()),
                permission: Some(known.name.clone()),
                message: format!(
                    "{} {knowledge} {}, which the app requests; the entry “{written}” names neither the permission nor the data it guards",
                    display_name(sdk),
                    known.name
                ),
                evidence: vec![manifest_evidence(requested)],
                quote: quote.clone(),
                ..Draft::default()
            },
        );
    }
}

/// Permissions that the SDK is known to use and that the app requests on some
/// Android version it runs on, each once, by name.
pub fn used_and_requested<'a>(
    app: &'a AppReport,
    sdk: &'a SdkReport,
) -> Vec<(&'a SdkPermission, &'a PermissionReport)> {
    let mut known: BTreeMap<&str, &SdkPermission> = BTreeMap::new();
    for permission in &sdk.permissions {
        let entry = known.entry(&permission.name).or_insert(permission);
        // `PermissionBasis` orders from strongest to weakest.
        if permission.basis < entry.basis {
            *entry = permission;
        }
    }
    known
        .into_values()
        .filter_map(|permission| {
            let requested = app.permissions.iter().find(|p| p.name == permission.name)?;
            permissions::ever_requested(requested, app.min_sdk).then_some((permission, requested))
        })
        .collect()
}

// --- findings about entries and permissions --------------------------------

/// Entries of SDKs that are not in the app. Not given when code was hidden:
/// "could not look" is not "not found".
fn absent_sdks(
    app: &AppReport,
    entries: &[Entry],
    covered: &[Option<Coverage>],
    base: &KnowledgeBase,
    found: &mut Findings,
) {
    if app.analysis != Analysis::Complete || app.has_analysis_limit() {
        return;
    }
    // An entry that covers a sibling by family or vendor is not idle.
    let used: BTreeSet<*const SdkRecord> = covered
        .iter()
        .flatten()
        .filter(|c| c.inside.is_none())
        .flat_map(|c| c.entries.iter().map(|e| std::ptr::from_ref(e.record)))
        .collect();
    let mut seen = BTreeSet::new();
    for entry in entries {
        let Some(id) = entry.record.id.as_deref() else {
            continue;
        };
        let Some(signature) = base.signature(id) else {
            continue;
        };
        if app.sdks.iter().any(|s| s.id == id)
            || signature.kind == Kind::Platform
            || !recognisable(signature)
            || used.contains(&std::ptr::from_ref(entry.record))
            || !seen.insert(id)
        {
            continue;
        }
        found.add(
            &rules::NOT_FOUND,
            Draft {
                sdk: Some(id.to_owned()),
                message: format!(
                    "the policy names “{}” ({}), which was not found in the app; the entry may mean another platform, a server-side service, an older build or code loaded later",
                    words_of(entry.record),
                    both_names(&signature.name, id)
                ),
                quote: Some(entry.record.quote.clone()),
                ..Draft::default()
            },
        );
    }
}

/// Whether the signature has any evidence to look for; without it "not found"
/// would only mean "cannot be found".
fn recognisable(signature: &Signature) -> bool {
    let code = &signature.code;
    let manifest = &signature.manifest;
    let native = &signature.native;
    [
        &code.prefixes,
        &code.classes,
        &manifest.activities,
        &manifest.services,
        &manifest.receivers,
        &manifest.providers,
        &native.libraries,
        &native.symbols,
    ]
    .iter()
    .any(|list| !list.is_empty())
}

fn undisclosed_permissions(
    app: &AppReport,
    terms: &Terms,
    base: &KnowledgeBase,
    found: &mut Findings,
) {
    // "Nowhere" cannot be said of a text that was read only in part.
    if !terms.unread.is_empty() {
        return;
    }
    let remark = match terms.form {
        DisclosureForm::LinkedOnly => " (the linked list was not read)",
        _ => "",
    };
    for permission in &app.permissions {
        if permission.disclosed.is_some()
            || !permissions::gates(permission, base)
            || !permissions::ever_requested(permission, app.min_sdk)
        {
            continue;
        }
        let users = if permission.sdks.is_empty() {
            String::new()
        } else {
            format!("; SDKs known to use it: {}", permission.sdks.join(", "))
        };
        found.add(
            &rules::PERMISSION,
            Draft {
                permission: Some(permission.name.clone()),
                message: format!(
                    "the app requests {}, and the given policy text names neither it nor the data it guards{remark}, which may be at odds with the duty to tell its purpose{users}",
                    permission.name
                ),
                evidence: vec![manifest_evidence(permission)],
                ..Draft::default()
            },
        );
    }
}

// --- words ------------------------------------------------------------------

/// The name in the first entry as a message gives it, and the entry's quote.
fn first_words(coverage: &Coverage) -> (String, Option<Quote>) {
    coverage.entries.first().map_or_else(Default::default, |e| {
        (words_of(e.record), Some(e.record.quote.clone()))
    })
}

/// The name of an entry, or its vendor where there is no name, shortened: the
/// full words stand in the record.
fn words_of(record: &SdkRecord) -> String {
    let written = match record.as_written.trim() {
        "" => record.vendor_as_written.trim(),
        name => name,
    };
    match written.char_indices().nth(NAME_IN_MESSAGE) {
        Some((end, _)) => format!("{}..", &written[..end]),
        None => written.to_owned(),
    }
}

fn display_name(sdk: &SdkReport) -> String {
    both_names(&sdk.name, &sdk.id)
}

/// `JPush (极光推送)`, or what there is of it.
fn both_names(names: &Names, id: &str) -> String {
    match (names.en.as_str(), names.zh.as_str()) {
        ("", "") => id.to_owned(),
        (en, "") => en.to_owned(),
        ("", zh) => zh.to_owned(),
        (en, zh) if en == zh => en.to_owned(),
        (en, zh) => format!("{en} ({zh})"),
    }
}

fn strongest(evidence: &[Evidence]) -> Vec<Evidence> {
    evidence
        .iter()
        .take(EVIDENCE_PER_FINDING)
        .cloned()
        .collect()
}

fn manifest_evidence(permission: &PermissionReport) -> Evidence {
    Evidence {
        kind: EvidenceKind::Permission,
        value: permission.name.clone(),
        place: "AndroidManifest.xml".to_owned(),
        count: 1,
    }
}

#[cfg(test)]
#[path = "reconcile_tests.rs"]
mod tests;
