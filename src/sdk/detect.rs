//! Finds the SDKs of an app and says what each claim rests on.
//!
//! The rule, in one place:
//!
//! * **Proof of code** is a defined class: a marker class, or any class below a
//!   prefix that one signature alone claims. Classes that build tools generate
//!   for resources (`R`, `BuildConfig`) and types that are only referenced are
//!   no proof. So is a native library or a JNI export that one signature alone
//!   claims. State `present`.
//! * **Declaration** is a manifest component, a meta-data name or an asset
//!   that one signature alone claims, without code: packed, shrunk or left
//!   over. State `declared`.
//! * **Support** (actions, custom permissions, strings, hosts, classes the app
//!   writes for an SDK) never names an SDK by itself.
//! * `auto-initialised`: Android runs the SDK's own class at start: a provider
//!   of it that is more than a file provider, a start-up initialiser, or the
//!   Application class.
//! * A prefix, library or name that siblings share proves none of them.

use std::collections::{BTreeMap, BTreeSet};

use rayon::prelude::*;

use super::base::KnowledgeBase;
use super::matcher::{ComponentClass, Matcher, SignatureIndex};
use super::model::{
    ClassCounts, DetectedSdk, Detection, Evidence, EvidenceKind, Host, State, UnidentifiedCode,
};
use super::ownership::{ClassOwner, OwnPackages, listing_prefix, owner_of};
use super::schema::{Confidence, Kind, Signature};
use super::{hosts, packing, version};
use crate::app::App;
use crate::app::code::{CodeBody, CodeUnit};
use crate::app::manifest::{Component, ComponentKind, Manifest};

/// Where manifest evidence stands.
const MANIFEST: &str = "AndroidManifest.xml";
/// Classes below its prefixes from which a signature counts as well evidenced
/// without further evidence: fewer may be a stub or what a shrinker left.
const MANY_CLASSES: usize = 10;

/// The compiled base; immutable, shared between threads.
#[derive(Debug)]
pub struct Detector<'k> {
    base: &'k KnowledgeBase,
    matcher: Matcher<'k>,
}

impl<'k> Detector<'k> {
    /// Compiles a base.
    pub fn new(base: &'k KnowledgeBase) -> Self {
        Self {
            base,
            matcher: Matcher::compile(base),
        }
    }

    /// The base it was compiled from.
    pub fn base(&self) -> &'k KnowledgeBase {
        self.base
    }

    /// Finds every SDK, library and packer of an app. Units of code are walked
    /// at the same time where the thread pool has more than one thread.
    pub fn detect(&self, app: &App<'_>) -> Detection {
        let own = OwnPackages::of(app, &self.matcher);
        let walk = |unit: &CodeUnit<'_>| self.unit(unit, &own);
        let units: Vec<Found> = if app.code.len() > 1 && rayon::current_num_threads() > 1 {
            app.code.par_iter().map(walk).collect()
        } else {
            app.code.iter().map(walk).collect()
        };
        let mut found = Found::default();
        for unit in units {
            found.absorb(unit);
        }
        if let Some(manifest) = &app.manifest {
            self.manifest(app, manifest, &mut found);
        }
        self.native(app, &mut found);
        for asset in &app.assets {
            if let Some(signature) = only(self.matcher.asset(&asset.path)) {
                found.add(signature, EvidenceKind::Asset, &asset.path, &asset.place);
            }
        }
        self.conclude(app, found)
    }

    /// All evidence in one unit of code.
    fn unit(&self, unit: &CodeUnit<'_>, own: &OwnPackages) -> Found {
        let mut found = Found::default();
        let owners = self.classes(unit, own, &mut found);
        self.hosts(unit, &owners, &mut found);
        self.strings(unit, &mut found);
        found
    }

    fn signature(&self, index: SignatureIndex) -> &'k Signature {
        self.base
            .signature_at(index)
            .expect("the matcher was compiled from this base")
    }

    /// Owners of all classes of a unit, by the index of their definition.
    fn classes(
        &self,
        unit: &CodeUnit<'_>,
        own: &OwnPackages,
        found: &mut Found,
    ) -> Vec<ClassOwner> {
        let size = unit
            .classes
            .iter()
            .map(|class| class.definition as usize + 1)
            .max()
            .unwrap_or(0);
        let mut owners = vec![ClassOwner::Unidentified; size];
        for class in unit.classes.iter() {
            let owner = owner_of(class.name, &self.matcher, own);
            owners[class.definition as usize] = owner;
            found.count(owner, class.name, class.methods, &unit.place);
            if let ClassOwner::Signature(signature) = owner
                && !class.is_generated()
                && let Some(matched) = self.matcher.owner_of_class(class.name)
            {
                found.add(
                    signature,
                    EvidenceKind::ClassPrefix,
                    matched.prefix,
                    &unit.place,
                );
            }
            if let [signature] = self.matcher.marker_class(class.name) {
                found.add(*signature, EvidenceKind::Class, class.name, &unit.place);
            }
        }
        owners
    }

    fn manifest(&self, app: &App<'_>, manifest: &Manifest, found: &mut Found) {
        let package = manifest.package.as_str();
        for component in &manifest.components {
            self.component(app, component, package, found);
        }
        if let Some(class) = &manifest.application_class
            && let Some(owner) = self
                .matcher
                .owner_of_class(class)
                .filter(|owner| owner.exclusive)
        {
            found.add(owner.signature, EvidenceKind::Component, class, MANIFEST);
            if app.defines(class) {
                found.auto_initialised.insert(owner.signature);
            }
        }
        let of_components = manifest
            .components
            .iter()
            .flat_map(|component| &component.meta_data);
        for entry in manifest.meta_data.iter().chain(of_components) {
            if let Some(signature) = only(self.matcher.meta_data(&entry.name, package)) {
                found.add(signature, EvidenceKind::MetaData, &entry.name, MANIFEST);
            }
            if let Some(signature) = only(self.matcher.version_meta_data(&entry.name, package))
                && let Some(value) = &entry.value
            {
                found
                    .versions
                    .entry(signature)
                    .or_insert_with(|| value.clone());
            }
        }
        let used = manifest
            .permissions
            .iter()
            .map(|permission| permission.name.as_str());
        let defined = manifest
            .defined_permissions
            .iter()
            .map(|permission| permission.name.as_str());
        for name in used.chain(defined) {
            if let Some(signature) = only(self.matcher.permission(name, package)) {
                found.add(signature, EvidenceKind::Permission, name, MANIFEST);
            }
        }
    }

    fn component(&self, app: &App<'_>, component: &Component, package: &str, found: &mut Found) {
        let class = match component.kind {
            ComponentKind::Activity | ComponentKind::ActivityAlias => ComponentClass::Activity,
            ComponentKind::Service => ComponentClass::Service,
            ComponentKind::Receiver => ComponentClass::Receiver,
            ComponentKind::Provider => ComponentClass::Provider,
        };
        let named = only(self.matcher.component(class, &component.name, package));
        let owned = self
            .matcher
            .owner_of_class(&component.name)
            .filter(|owner| owner.exclusive)
            .map(|o| o.signature);
        if let Some(signature) = named.or(owned) {
            found.add(
                signature,
                EvidenceKind::Component,
                &component.name,
                MANIFEST,
            );
            if component.kind == ComponentKind::Provider && runs_at_start(app, component) {
                found.auto_initialised.insert(signature);
            }
        }
        if component.kind == ComponentKind::Provider && component.name == STARTUP_PROVIDER {
            for initialiser in component
                .meta_data
                .iter()
                .filter(|m| m.value.as_deref() == Some(STARTUP_VALUE))
            {
                let owner = self
                    .matcher
                    .owner_of_class(&initialiser.name)
                    .filter(|owner| owner.exclusive);
                if let Some(owner) = owner.filter(|_| app.defines(&initialiser.name)) {
                    found.add(
                        owner.signature,
                        EvidenceKind::MetaData,
                        &initialiser.name,
                        MANIFEST,
                    );
                    found.auto_initialised.insert(owner.signature);
                }
            }
        }
        for action in component
            .intent_filters
            .iter()
            .flat_map(|filter| &filter.actions)
        {
            if let Some(signature) = only(self.matcher.action(action, package)) {
                found.add(signature, EvidenceKind::Action, action, MANIFEST);
            }
        }
    }

    fn native(&self, app: &App<'_>, found: &mut Found) {
        let mut scratch = String::new();
        for library in &app.native {
            let place = library.places.first().map_or("", String::as_str);
            let by_name = only(self.matcher.native_library(&library.name));
            let by_soname = || {
                library
                    .soname
                    .as_deref()
                    .and_then(|soname| only(self.matcher.native_library(soname)))
            };
            if let Some(signature) = by_name.or_else(by_soname) {
                found.add(signature, EvidenceKind::NativeLibrary, &library.name, place);
            }
            for symbol in &library.exports {
                let by_class = self
                    .matcher
                    .owner_of_symbol(symbol, &mut scratch)
                    .filter(|owner| owner.exclusive);
                match (by_class, self.matcher.symbol(symbol)) {
                    (Some(owner), _) => {
                        let value = format!(
                            "Java_{}_",
                            owner.prefix.replace('_', "_1").replace('.', "_")
                        );
                        found.add(owner.signature, EvidenceKind::NativeSymbol, &value, place);
                    }
                    (None, [signature]) => {
                        found.add(*signature, EvidenceKind::NativeSymbol, symbol, place)
                    }
                    _ => {}
                }
            }
        }
    }

    /// Hosts by the owner of the class that names them; a host that one
    /// signature alone claims supports that signature, whoever names it.
    fn hosts(&self, unit: &CodeUnit<'_>, owners: &[ClassOwner], found: &mut Found) {
        let is_known = |host: &str| !self.matcher.host(host).is_empty();
        hosts::for_each(unit, is_known, |definition, name| {
            let owner = owners
                .get(definition as usize)
                .copied()
                .unwrap_or(ClassOwner::Unidentified);
            found.add_host(owner, &name.host, name.cleartext);
            if let [signature] = self.matcher.host(&name.host) {
                found.add(*signature, EvidenceKind::Host, &name.host, &unit.place);
            }
        });
    }

    /// String constants that signatures list; most bases list few.
    fn strings(&self, unit: &CodeUnit<'_>, found: &mut Found) {
        if !self.matcher.has_strings() {
            return;
        }
        let mut check = |text: &str| {
            if let [signature] = self.matcher.string(text) {
                found.add(*signature, EvidenceKind::String, text, &unit.place);
            }
        };
        match &unit.body {
            CodeBody::Dex { .. } => {
                let Some(dex) = unit.dex() else { return };
                (0..dex.string_count())
                    .filter_map(|index| dex.string(index))
                    .for_each(|text| check(&text));
            }
            CodeBody::ClassFiles(classes) => {
                classes
                    .iter()
                    .flat_map(|class| &class.strings)
                    .for_each(|text| check(text));
            }
        }
    }

    fn conclude(&self, app: &App<'_>, mut found: Found) -> Detection {
        let candidates = std::mem::take(&mut found.evidence);
        let named: BTreeMap<SignatureIndex, BTreeMap<EvidenceKey, usize>> = candidates
            .into_iter()
            .filter(|(index, evidence)| {
                self.signature(*index).kind != Kind::Platform
                    && evidence.keys().any(|key| names_an_sdk(key.kind))
            })
            .collect();
        let counts = self.class_counts(&found);
        let mut sdks = Vec::new();
        for (&index, evidence) in &named {
            let signature = self.signature(index);
            let bundled_by = named.keys().map(|&other| self.signature(other));
            let bundled_by = bundled_by
                .filter(|other| other.bundles.contains(&signature.id))
                .map(|o| o.id.clone());
            let hosts = found.hosts.get(&ClassOwner::Signature(index));
            sdks.push(DetectedSdk {
                id: signature.id.clone(),
                confidence: confidence(signature, evidence),
                state: state(evidence, found.auto_initialised.contains(&index)),
                version: version::read(app, signature)
                    .or_else(|| found.versions.get(&index).cloned()),
                hosts: hosts.map(host_list).unwrap_or_default(),
                bundled_by: bundled_by.collect(),
                evidence: evidence
                    .iter()
                    .map(|(key, count)| key.evidence(*count))
                    .collect(),
            });
        }
        sdks.sort_by(|a, b| a.id.cmp(&b.id));
        let packers = sdks.iter().filter(|sdk| {
            self.base
                .signature(&sdk.id)
                .is_some_and(|s| s.kind == Kind::Packer)
        });
        let limits = packing::limits(app, &packers.collect::<Vec<_>>());
        Detection {
            classes: counts,
            app_hosts: found
                .hosts
                .get(&ClassOwner::App)
                .map(host_list)
                .unwrap_or_default(),
            unidentified: found.unidentified(),
            limits,
            sdks,
        }
    }

    /// Classes by owner; what siblings share counts for the first of them.
    fn class_counts(&self, found: &Found) -> ClassCounts {
        let mut counts = ClassCounts {
            app: found.app_classes,
            ..ClassCounts::default()
        };
        for (&index, &classes) in &found.owned {
            match self.signature(index).kind {
                Kind::Platform => counts.platform += classes,
                Kind::Library => counts.library += classes,
                Kind::Sdk | Kind::Packer => counts.sdk += classes,
            }
        }
        counts.unidentified = found.unidentified.values().map(|code| code.classes).sum();
        counts
    }
}

/// The provider through which androidx.startup runs initialisers, and the value
/// that marks their names (developer.android.com, "App Startup").
const STARTUP_PROVIDER: &str = "androidx.startup.InitializationProvider";
const STARTUP_VALUE: &str = "androidx.startup";

/// Whether a kind of evidence can name an SDK by itself.
fn names_an_sdk(kind: EvidenceKind) -> bool {
    match kind {
        EvidenceKind::Class
        | EvidenceKind::ClassPrefix
        | EvidenceKind::NativeSymbol
        | EvidenceKind::NativeLibrary
        | EvidenceKind::Component
        | EvidenceKind::MetaData
        | EvidenceKind::Asset
        | EvidenceKind::Profile => true,
        EvidenceKind::Permission
        | EvidenceKind::Action
        | EvidenceKind::String
        | EvidenceKind::Host => false,
    }
}

fn is_code(kind: EvidenceKind) -> bool {
    matches!(
        kind,
        EvidenceKind::Class | EvidenceKind::ClassPrefix | EvidenceKind::Profile
    )
}

fn is_native(kind: EvidenceKind) -> bool {
    matches!(
        kind,
        EvidenceKind::NativeLibrary | EvidenceKind::NativeSymbol
    )
}

fn state(evidence: &BTreeMap<EvidenceKey, usize>, auto_initialised: bool) -> State {
    let code = evidence.keys().any(|key| is_code(key.kind));
    if code && auto_initialised {
        State::AutoInitialised
    } else if code || evidence.keys().any(|key| is_native(key.kind)) {
        State::Present
    } else {
        State::Declared
    }
}

/// High: a marker class, many classes, or code with another kind that agrees.
/// Medium: few classes, native code alone, or a declared component. Low: a
/// meta-data name or an asset alone. A signature of low confidence names
/// nothing with more than medium.
fn confidence(signature: &Signature, evidence: &BTreeMap<EvidenceKey, usize>) -> Confidence {
    let has = |test: fn(EvidenceKind) -> bool| evidence.keys().any(|key| test(key.kind));
    let classes: usize = evidence
        .iter()
        .filter(|(k, _)| k.kind == EvidenceKind::ClassPrefix)
        .map(|(_, n)| n)
        .sum();
    let declared = has(|kind| matches!(kind, EvidenceKind::Component | EvidenceKind::MetaData));
    let proved = if has(|kind| kind == EvidenceKind::Class)
        || classes >= MANY_CLASSES
        || (classes > 0 && (declared || has(is_native)))
        || (has(is_native) && declared)
    {
        Confidence::High
    } else if classes > 0 || has(is_native) || has(|kind| kind == EvidenceKind::Component) {
        Confidence::Medium
    } else {
        Confidence::Low
    };
    if signature.confidence == Confidence::Low {
        proved.min(Confidence::Medium)
    } else {
        proved
    }
}

/// Whether Android runs code of this provider at start. A provider that only
/// extends a file provider is instantiated but runs the support library's code.
fn runs_at_start(app: &App<'_>, provider: &Component) -> bool {
    if provider.enabled == Some(false) {
        return false;
    }
    app.code.iter().any(|unit| {
        let Some(class) = unit.classes.get(&provider.name) else {
            return false;
        };
        let super_name = unit.super_class(class);
        !super_name.is_some_and(|name| name.ends_with("FileProvider"))
    })
}

/// The only item of an iterator, `None` when there are several: what siblings
/// share proves none of them.
fn only(mut hits: impl Iterator<Item = SignatureIndex>) -> Option<SignatureIndex> {
    let first = hits.next()?;
    hits.all(|other| other == first).then_some(first)
}

fn host_list(hosts: &BTreeMap<String, bool>) -> Vec<Host> {
    hosts
        .iter()
        .map(|(host, &cleartext)| Host {
            host: host.clone(),
            cleartext,
        })
        .collect()
}

/// A piece of evidence without its count; its order is the order of reports.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct EvidenceKey {
    kind: EvidenceKind,
    value: String,
    place: String,
}

impl EvidenceKey {
    fn evidence(&self, count: usize) -> Evidence {
        Evidence {
            kind: self.kind,
            value: self.value.clone(),
            place: self.place.clone(),
            count,
        }
    }
}

/// What one walk over an app collects.
#[derive(Debug, Default)]
struct Found {
    evidence: BTreeMap<SignatureIndex, BTreeMap<EvidenceKey, usize>>,
    auto_initialised: BTreeSet<SignatureIndex>,
    versions: BTreeMap<SignatureIndex, String>,
    hosts: BTreeMap<ClassOwner, BTreeMap<String, bool>>,
    app_classes: usize,
    owned: BTreeMap<SignatureIndex, usize>,
    unidentified: BTreeMap<String, UnidentifiedCode>,
}

impl Found {
    /// Adds what another unit holds.
    fn absorb(&mut self, unit: Self) {
        for (signature, evidence) in unit.evidence {
            let all = self.evidence.entry(signature).or_default();
            for (key, count) in evidence {
                *all.entry(key).or_default() += count;
            }
        }
        for (owner, hosts) in unit.hosts {
            for (host, cleartext) in hosts {
                self.add_host(owner, &host, cleartext);
            }
        }
        self.auto_initialised.extend(unit.auto_initialised);
        self.versions.extend(unit.versions);
        self.app_classes += unit.app_classes;
        for (signature, classes) in unit.owned {
            *self.owned.entry(signature).or_default() += classes;
        }
        for (prefix, code) in unit.unidentified {
            match self.unidentified.get_mut(&prefix) {
                Some(known) => {
                    known.classes += code.classes;
                    known.methods += code.methods;
                    known.places.extend(code.places);
                }
                None => {
                    self.unidentified.insert(prefix, code);
                }
            }
        }
    }

    fn add_host(&mut self, owner: ClassOwner, host: &str, cleartext: bool) {
        let hosts = self.hosts.entry(owner).or_default();
        match hosts.get_mut(host) {
            Some(known) => *known |= cleartext,
            None => {
                hosts.insert(host.to_owned(), cleartext);
            }
        }
    }

    fn add(&mut self, signature: SignatureIndex, kind: EvidenceKind, value: &str, place: &str) {
        let key = EvidenceKey {
            kind,
            value: value.to_owned(),
            place: place.to_owned(),
        };
        *self
            .evidence
            .entry(signature)
            .or_default()
            .entry(key)
            .or_default() += 1;
    }

    fn count(&mut self, owner: ClassOwner, class: &str, methods: u32, place: &str) {
        match owner {
            ClassOwner::App => self.app_classes += 1,
            ClassOwner::Signature(index) | ClassOwner::Shared(index) => {
                *self.owned.entry(index).or_default() += 1
            }
            ClassOwner::Unidentified => {
                let prefix = listing_prefix(class);
                if !self.unidentified.contains_key(prefix) {
                    let empty = UnidentifiedCode {
                        prefix: prefix.to_owned(),
                        classes: 0,
                        methods: 0,
                        places: Vec::new(),
                    };
                    self.unidentified.insert(prefix.to_owned(), empty);
                }
                if let Some(code) = self.unidentified.get_mut(prefix) {
                    code.classes += 1;
                    code.methods += methods as usize;
                    if code.places.last().is_none_or(|last| last != place) {
                        code.places.push(place.to_owned());
                    }
                }
            }
        }
    }

    fn unidentified(self) -> Vec<UnidentifiedCode> {
        let mut list: Vec<_> = self.unidentified.into_values().collect();
        for code in &mut list {
            code.places.dedup();
        }
        list.sort_by(|a, b| {
            b.classes
                .cmp(&a.classes)
                .then_with(|| a.prefix.cmp(&b.prefix))
        });
        list
    }
}
