//! Prefixes, class and component names, libraries, hosts and patterns.

use std::collections::HashMap;

use super::{Lint, own_signatures};
use crate::sdk::matcher::{APPLICATION_ID, PATTERN_MARK, anchored};
use crate::sdk::schema::{ManifestEvidence, Signature};

/// Namespaces of companies with many products: as a prefix of one product
/// they would swallow the rest, so they must be shared.
const COMPANY_NAMESPACES: [&str; 26] = [
    "android",
    "cn",
    "com",
    "com.alibaba",
    "com.alipay",
    "com.aliyun",
    "com.amazon",
    "com.baidu",
    "com.bytedance",
    "com.facebook",
    "com.github",
    "com.google",
    "com.google.android",
    "com.huawei",
    "com.meituan",
    "com.microsoft",
    "com.netease",
    "com.oppo",
    "com.qihoo",
    "com.sina",
    "com.taobao",
    "com.tencent",
    "com.vivo",
    "com.xiaomi",
    "io",
    "org",
];

/// Which signatures claim one prefix, alone or shared.
#[derive(Default)]
struct Claims {
    alone: Vec<String>,
    shared: Vec<String>,
}

pub(super) fn check(lint: &mut Lint) {
    let claims = claims(lint);
    for (file, signature) in own_signatures(lint) {
        prefixes(lint, &file, &signature, &claims);
        code_names(lint, &file, &signature);
        components(lint, &file, &signature, &claims);
        for (what, name) in manifest_names(&signature.manifest) {
            manifest_name(lint, &file, what, name);
        }
        libraries(lint, &file, &signature);
        for host in &signature.hosts {
            if !is_host(host) {
                let cure = "write a lower-case host name without scheme, port or path";
                lint.error(&file, host, format!("host \"{host}\": {cure}"));
            }
        }
        for asset in &signature.assets {
            pattern(lint, &file, asset);
        }
        if is_empty(&signature)
            && signature.aliases.is_empty()
            && signature.ambiguous_aliases.is_empty()
        {
            let id = &signature.id;
            lint.warning(
                &file,
                id,
                format!("\"{id}\" has neither evidence nor aliases"),
            );
        }
    }
    library_collisions(lint);
}

fn claims(lint: &Lint) -> HashMap<String, Claims> {
    let mut claims: HashMap<String, Claims> = HashMap::new();
    for signature in lint.base.signatures() {
        let code = &signature.code;
        for prefix in &code.prefixes {
            let claim = claims.entry(prefix.clone()).or_default();
            if code.shared_prefixes.contains(prefix) {
                claim.shared.push(signature.id.clone());
            } else {
                claim.alone.push(signature.id.clone());
            }
        }
    }
    claims
}

fn prefixes(lint: &mut Lint, file: &str, signature: &Signature, claims: &HashMap<String, Claims>) {
    let code = &signature.code;
    let is_shared = |prefix: &str| code.shared_prefixes.iter().any(|p| p == prefix);
    for shared in &code.shared_prefixes {
        if !code.prefixes.contains(shared) {
            let cure = "shared prefixes are listed among prefixes, too";
            lint.error(file, shared, format!("shared prefix \"{shared}\": {cure}"));
        }
    }
    for prefix in &code.prefixes {
        if !is_dotted_name(prefix) {
            let cure = "write a dotted package name";
            lint.error(file, prefix, format!("prefix \"{prefix}\": {cure}"));
            continue;
        }
        if !is_shared(prefix) {
            if COMPANY_NAMESPACES.contains(&prefix.as_str()) {
                let cure = "too short for one product: share it or name its packages";
                lint.error(file, prefix, format!("prefix \"{prefix}\" is {cure}"));
            }
            if let Some(others) = others_of(claims, prefix, &signature.id) {
                let cure = "put it in shared_prefixes of each, or leave it to one";
                let message = format!("prefix \"{prefix}\" is claimed by {others}, too: {cure}");
                lint.error(file, prefix, message);
            }
        }
        let above = code.prefixes.iter().find(|other| {
            is_below(prefix, other)
                && is_shared(prefix) == is_shared(other)
                && !claimed_between(claims, prefix, other, &signature.id)
        });
        if let Some(above) = above {
            let message = format!("prefix \"{prefix}\" is redundant below \"{above}\"");
            lint.warning(file, prefix, message);
        }
    }
}

/// The other signatures that claim a prefix, for a message.
fn others_of(claims: &HashMap<String, Claims>, prefix: &str, id: &str) -> Option<String> {
    let claim = claims.get(prefix)?;
    let others: Vec<&str> = claim
        .alone
        .iter()
        .chain(&claim.shared)
        .map(String::as_str)
        .filter(|other| *other != id)
        .collect();
    (!others.is_empty()).then(|| others.join(", "))
}

/// Whether somebody else owns a prefix between the two, so that the longer one
/// takes something back.
fn claimed_between(claims: &HashMap<String, Claims>, long: &str, short: &str, id: &str) -> bool {
    parents(long)
        .take_while(|parent| parent.len() > short.len())
        .any(|parent| others_of(claims, parent, id).is_some())
}

fn code_names(lint: &mut Lint, file: &str, signature: &Signature) {
    for class in &signature.code.classes {
        if !is_dotted_name(class) || !class.contains('.') {
            let cure = "write the full dotted class name";
            lint.error(file, class, format!("class \"{class}\": {cure}"));
        }
    }
    for suffix in &signature.code.suffixes {
        if !suffix.strip_prefix('.').is_some_and(is_dotted_name) {
            let cure = "write it as .package.Class";
            lint.error(file, suffix, format!("suffix \"{suffix}\": {cure}"));
        }
    }
    for field in &signature.code.version_fields {
        if !is_dotted_name(field) || field.matches('.').count() < 2 {
            let cure = "write it as package.Class.FIELD";
            lint.error(file, field, format!("version field \"{field}\": {cure}"));
        }
    }
}

/// The longest claimed prefix of a class name.
fn claim_of<'c>(claims: &'c HashMap<String, Claims>, name: &str) -> Option<&'c Claims> {
    std::iter::once(name)
        .chain(parents(name))
        .find_map(|prefix| claims.get(prefix))
}

/// A class or component belongs to the owner of its prefix; below a shared
/// prefix it is as shared as the code is.
fn components(
    lint: &mut Lint,
    file: &str,
    signature: &Signature,
    claims: &HashMap<String, Claims>,
) {
    let classes = std::iter::once(("class", &signature.code.classes));
    for (what, names) in classes.chain(component_names(&signature.manifest)) {
        for name in names {
            let Some(claim) = claim_of(claims, name) else {
                continue;
            };
            let id = &signature.id;
            if !claim.alone.is_empty() {
                if !claim.alone.contains(id) && !claim.shared.contains(id) {
                    let owner = claim.alone.join(", ");
                    let message = format!("{what} \"{name}\" lies below a prefix of {owner}");
                    lint.warning(file, name, message);
                }
            } else if what != "class" && claim.shared.contains(id) {
                shared_component(lint, file, signature, (what, name), &claim.shared);
            }
        }
    }
}

fn shared_component(
    lint: &mut Lint,
    file: &str,
    signature: &Signature,
    (what, name): (&str, &String),
    claimants: &[String],
) {
    let missing: Vec<&str> = claimants
        .iter()
        .map(String::as_str)
        .filter(|id| *id != signature.id)
        .filter(|id| {
            let other = lint.base.signature(id).map(|s| &s.manifest);
            !other.is_some_and(|m| names_component(m, name))
        })
        .collect();
    if !missing.is_empty() {
        let missing = missing.join(", ");
        let message =
            format!("{what} \"{name}\" lies below a shared prefix: list it in {missing}, too");
        lint.warning(file, name, message);
    }
}

fn component_names(manifest: &ManifestEvidence) -> [(&'static str, &Vec<String>); 4] {
    [
        ("activity", &manifest.activities),
        ("service", &manifest.services),
        ("receiver", &manifest.receivers),
        ("provider", &manifest.providers),
    ]
}

fn names_component(manifest: &ManifestEvidence, name: &String) -> bool {
    component_names(manifest)
        .iter()
        .any(|(_, names)| names.contains(name))
}

fn manifest_names(manifest: &ManifestEvidence) -> Vec<(&'static str, &String)> {
    let others = [
        ("action", &manifest.actions),
        ("meta-data name", &manifest.meta_data),
        ("meta-data name", &manifest.version_meta_data),
        ("permission", &manifest.permissions),
    ];
    component_names(manifest)
        .into_iter()
        .chain(others)
        .flat_map(|(what, names)| names.iter().map(move |name| (what, name)))
        .collect()
}

fn manifest_name(lint: &mut Lint, file: &str, what: &str, name: &str) {
    if name.starts_with(PATTERN_MARK) {
        pattern(lint, file, name);
        return;
    }
    let is_component = matches!(what, "activity" | "service" | "receiver" | "provider");
    let bare = name.strip_prefix(APPLICATION_ID).unwrap_or(name);
    let broken = if is_component {
        !is_dotted_name(name) || !name.contains('.')
    } else {
        bare.is_empty() || bare.chars().any(|c| c.is_whitespace() || c.is_control())
    };
    if broken {
        let message = format!("{what} \"{name}\" is no full name; patterns start with re:");
        lint.error(file, name, message);
    }
}

fn libraries(lint: &mut Lint, file: &str, signature: &Signature) {
    for library in &signature.native.libraries {
        if library.starts_with(PATTERN_MARK) {
            pattern(lint, file, library);
        } else if !library.ends_with(".so") || library.contains('/') {
            let cure = "write the file name of a shared library, such as libx.so";
            lint.error(file, library, format!("library \"{library}\": {cure}"));
        }
    }
}

/// A library file that two products list proves neither.
fn library_collisions(lint: &mut Lint) {
    let mut owners: HashMap<String, Vec<String>> = HashMap::new();
    for signature in lint.base.signatures() {
        for library in &signature.native.libraries {
            let ids = owners.entry(library.clone()).or_default();
            if !ids.contains(&signature.id) {
                ids.push(signature.id.clone());
            }
        }
    }
    for (file, signature) in own_signatures(lint) {
        for library in &signature.native.libraries {
            let ids = owners.get(library).map_or(&[][..], Vec::as_slice);
            let others: Vec<&str> = ids
                .iter()
                .map(String::as_str)
                .filter(|id| *id != signature.id)
                .collect();
            let Some(other) = others.first() else {
                continue;
            };
            let message = format!("library \"{library}\" is listed by {other}, too");
            lint.warning(&file, library, message);
        }
    }
}

fn pattern(lint: &mut Lint, file: &str, value: &str) {
    let Some(pattern) = value.strip_prefix(PATTERN_MARK) else {
        return;
    };
    if let Err(error) = regex::Regex::new(&anchored(pattern)) {
        let reason = error.to_string();
        let reason = reason.lines().last().unwrap_or_default();
        lint.error(file, value, format!("pattern \"{value}\": {reason}"));
    }
}

fn is_empty(signature: &Signature) -> bool {
    signature.code == Default::default()
        && signature.manifest == Default::default()
        && signature.native == Default::default()
        && signature.assets.is_empty()
        && signature.strings.is_empty()
        && signature.hosts.is_empty()
}

fn is_below(long: &str, short: &str) -> bool {
    long.strip_prefix(short)
        .is_some_and(|rest| rest.starts_with('.'))
}

fn parents(name: &str) -> impl Iterator<Item = &str> {
    std::iter::successors(parent(name), |rest| parent(rest))
}

fn parent(name: &str) -> Option<&str> {
    let at = name.rfind('.')?;
    name.get(..at)
}

/// Java identifiers between dots; R8 and Kotlin also produce digits and hyphens.
pub(super) fn is_dotted_name(name: &str) -> bool {
    name.split('.').all(|part| {
        !part.is_empty()
            && part
                .chars()
                .all(|c| c.is_alphanumeric() || matches!(c, '_' | '$' | '-'))
    })
}

fn is_host(host: &str) -> bool {
    host.contains('.')
        && host.split('.').all(|label| {
            !label.is_empty()
                && !label.starts_with('-')
                && label
                    .bytes()
                    .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-' || b == b'_')
        })
}
