//! Finds the SDKs of an app and says what each claim rests on.
//! What evidence proves is written in `claim.rs`.

use std::collections::BTreeMap;

use rayon::prelude::*;

use super::base::KnowledgeBase;
use super::declared::only;
use super::defined::DefinedClasses;
use super::evidence::{EvidenceCounts, Found, listed};
use super::hosts::{HostName, HostUse};
use super::matcher::{Matcher, SignatureIndex};
use super::model::{ClassCounts, DetectedSdk, Detection, EvidenceKind, State};
use super::ownership::{ClassOwner, OwnPackages, owner_of};
use super::schema::{Confidence, Kind, Signature};
use super::version::Versions;
use super::{claim, declared, hosts, packing};
use crate::app::App;
use crate::app::code::{CodeBody, CodeUnit};
use crate::app::native::NativeFile;

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
        self.detect_with(app, None)
    }

    /// [`Detector::detect`] with the hosts that the code of each dex file
    /// names, where another walk found them already (by number of the unit).
    pub fn detect_with(&self, app: &App<'_>, hosts: Option<&[Vec<HostUse>]>) -> Detection {
        let defined = DefinedClasses::of_manifest(app);
        let own = OwnPackages::of(app, &self.matcher, &defined);
        let walk = |(number, unit): (usize, &CodeUnit<'_>)| {
            let hosts = hosts.and_then(|hosts| hosts.get(number));
            self.unit(unit, hosts.map(Vec::as_slice), &own)
        };
        let units: Vec<(Found, Vec<ClassOwner>)> =
            if app.code.len() > 1 && rayon::current_num_threads() > 1 {
                app.code.par_iter().enumerate().map(walk).collect()
            } else {
                app.code.iter().enumerate().map(walk).collect()
            };
        let mut found = Found::default();
        let mut class_owners = Vec::with_capacity(units.len());
        for (unit, owners) in units {
            found.absorb(unit);
            class_owners.push(owners);
        }
        declared::read(app, &self.matcher, &defined, &mut found);
        let mut scratch = String::new();
        for library in &app.native {
            self.native(library, &mut scratch, &mut found);
        }
        for asset in &app.assets {
            if let Some(signature) = only(self.matcher.asset(&asset.path)) {
                found.add(signature, EvidenceKind::Asset, &asset.path, &asset.place);
            }
        }
        let is_own = |class: &str| {
            let matched = self.matcher.owner_of_class(class);
            owner_of(class, matched.as_ref(), &own) == ClassOwner::App
        };
        let mut detection = self.conclude(app, found);
        detection.class_owners = class_owners;
        let packers = detection.sdks.iter().filter(|sdk| self.is_packer(&sdk.id));
        detection.limits = packing::limits(app, packers, &defined, is_own);
        detection
    }

    fn is_packer(&self, id: &str) -> bool {
        let signature = self.base.signature(id);
        signature.is_some_and(|signature| signature.kind == Kind::Packer)
    }

    /// All evidence in one unit of code, and the owners of its classes.
    fn unit(
        &self,
        unit: &CodeUnit<'_>,
        hosts: Option<&[HostUse]>,
        own: &OwnPackages,
    ) -> (Found, Vec<ClassOwner>) {
        let mut found = Found::default();
        let owners = self.classes(unit, own, &mut found);
        self.hosts(unit, hosts, &owners, &mut found);
        self.strings(unit, &mut found);
        (found, owners)
    }

    /// The signatures that claim a class (dotted name), by id.
    pub fn claimants(&self, class: &str) -> impl Iterator<Item = &'k Signature> + '_ {
        let matched = self.matcher.owner_of_class(class);
        let claimants = matched.map_or(&[][..], |owner| owner.claimants);
        claimants.iter().map(|&index| self.signature(index))
    }

    /// The signature of a number that detection gave.
    pub fn signature(&self, index: SignatureIndex) -> &'k Signature {
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
        let mut below: BTreeMap<(SignatureIndex, &str), usize> = BTreeMap::new();
        for class in unit.classes.iter() {
            let matched = self.matcher.owner_of_class(class.name);
            let owner = owner_of(class.name, matched.as_ref(), own);
            owners[class.definition as usize] = owner;
            found.count(owner, class.name, class.methods, &unit.place);
            if let ClassOwner::Signature(signature) = owner
                && !class.is_generated()
                && let Some(matched) = matched
            {
                *below.entry((signature, matched.prefix)).or_default() += 1;
            }
            if let [signature] = self.matcher.marker_class(class.name) {
                found.add(*signature, EvidenceKind::Class, class.name, &unit.place);
            }
        }
        for ((signature, prefix), classes) in below {
            found.add_prefix(signature, prefix, &unit.place, classes);
        }
        owners
    }

    fn native(&self, library: &NativeFile, scratch: &mut String, found: &mut Found) {
        let place = library.places.first().map_or("", String::as_str);
        let names = [Some(&library.name), library.soname.as_ref()];
        let named = names
            .into_iter()
            .flatten()
            .find_map(|name| only(self.matcher.native_library(name)));
        match named {
            Some(signature) if library.is_elf => {
                found.add(signature, EvidenceKind::NativeLibrary, &library.name, place);
            }
            Some(signature) => found.add_named_like(signature, &library.name, place),
            None => {}
        }
        for symbol in &library.exports {
            let by_class = self
                .matcher
                .owner_of_symbol(symbol, scratch)
                .filter(|owner| owner.exclusive);
            if let Some(owner) = by_class {
                let package = owner.prefix.replace('_', "_1").replace('.', "_");
                let value = format!("Java_{package}_");
                found.add(owner.signature, EvidenceKind::NativeSymbol, &value, place);
            } else if let [signature] = self.matcher.symbol(symbol) {
                found.add(*signature, EvidenceKind::NativeSymbol, symbol, place);
            }
        }
        for url in &library.urls {
            let named = hosts::host_of(url, |_| false);
            if let Some(name) = named
                && let [signature] = self.matcher.host(&name.host)
            {
                found.add(*signature, EvidenceKind::Host, &name.host, place);
            }
        }
    }

    /// Hosts by the owner of the class that names them; a host that one
    /// signature alone claims supports that signature, whoever names it.
    fn hosts(
        &self,
        unit: &CodeUnit<'_>,
        known: Option<&[HostUse]>,
        owners: &[ClassOwner],
        found: &mut Found,
    ) {
        let mut add = |definition: u32, name: &HostName| {
            let owner = owners
                .get(definition as usize)
                .copied()
                .unwrap_or(ClassOwner::Unidentified);
            found.add_host(owner, &name.host, name.cleartext);
            if let [signature] = self.matcher.host(&name.host) {
                found.add(*signature, EvidenceKind::Host, &name.host, &unit.place);
            }
        };
        match (&unit.body, known) {
            (CodeBody::Dex { .. }, Some(known)) => {
                known
                    .iter()
                    .for_each(|use_| add(use_.definition, &use_.name));
            }
            _ => hosts::for_each(unit, |host| self.knows_host(host), add),
        }
    }

    /// Whether some signature lists a host.
    pub fn knows_host(&self, host: &str) -> bool {
        !self.matcher.host(host).is_empty()
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
        let named: BTreeMap<SignatureIndex, EvidenceCounts> = std::mem::take(&mut found.evidence)
            .into_iter()
            .filter(|(index, evidence)| {
                self.signature(*index).kind != Kind::Platform && claim::names_an_sdk(evidence)
            })
            .collect();
        let named = self.without_echoes(named);
        let signatures: Vec<&Signature> = named.keys().map(|&i| self.signature(i)).collect();
        let versions = Versions::of(app, &signatures);
        let sdks = named.iter().map(|(&index, evidence)| {
            let signature = self.signature(index);
            let started = found.auto_initialised.contains(&index);
            let of_code = versions.read(signature);
            DetectedSdk {
                id: signature.id.clone(),
                confidence: claim::confidence(signature.confidence, evidence),
                state: claim::state(evidence, started),
                version: of_code.or_else(|| found.versions.get(&index).cloned()),
                hosts: found.hosts_of(ClassOwner::Signature(index)),
                bundled_by: bundled_by(signature, &signatures),
                evidence: listed(evidence),
            }
        });
        let mut sdks: Vec<DetectedSdk> = sdks.collect();
        sdks.sort_by(|a, b| a.id.cmp(&b.id));
        Detection {
            sdks,
            classes: self.class_counts(&found),
            app_hosts: found.hosts_of(ClassOwner::App),
            unidentified: found.into_unidentified(),
            ..Detection::default()
        }
    }

    /// Drops what only a name suggests while the code of another product of its
    /// family is there: they share their keys (`UMENG_APPKEY`). The base module
    /// that both bundle is no such product.
    fn without_echoes(
        &self,
        mut named: BTreeMap<SignatureIndex, EvidenceCounts>,
    ) -> BTreeMap<SignatureIndex, EvidenceCounts> {
        let with_code: Vec<&Signature> = named
            .iter()
            .filter(|(_, evidence)| claim::state(evidence, false) == State::Present)
            .map(|(&index, _)| self.signature(index))
            .filter(|signature| !signature.family.is_empty())
            .collect();
        named.retain(|&index, evidence| {
            let signature = self.signature(index);
            let is_sibling = |other: &&Signature| {
                other.family == signature.family && !signature.bundles.contains(&other.id)
            };
            claim::confidence(signature.confidence, evidence) > Confidence::Low
                || !with_code.iter().any(is_sibling)
        });
        named
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
        counts.unidentified = found.unidentified_classes();
        counts
    }
}

/// Ids of the SDKs among `present` whose artifact contains this one.
fn bundled_by(signature: &Signature, present: &[&Signature]) -> Vec<String> {
    present
        .iter()
        .filter(|other| other.bundles.contains(&signature.id))
        .map(|other| other.id.clone())
        .collect()
}

#[cfg(test)]
#[path = "detect_tests.rs"]
mod tests;
