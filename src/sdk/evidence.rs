//! The book of evidence: what walks over an app collect, per signature.

use std::collections::{BTreeMap, BTreeSet};

use super::matcher::SignatureIndex;
use super::model::{Evidence, EvidenceKind, Host, UnidentifiedCode};
use super::ownership::{ClassOwner, listing_prefix};

/// A piece of evidence without its count; its order is the order of reports.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct EvidenceKey {
    pub kind: EvidenceKind,
    pub value: String,
    pub place: String,
    /// A file of this name is there, but it is not what the name says.
    pub name_only: bool,
}

/// The evidence for one signature, each piece with how often it was seen.
pub(super) type EvidenceCounts = BTreeMap<EvidenceKey, usize>;

/// As reports list it.
pub(super) fn listed(evidence: &EvidenceCounts) -> Vec<Evidence> {
    let piece = |(key, &count): (&EvidenceKey, &usize)| Evidence {
        kind: key.kind,
        value: key.value.clone(),
        place: key.place.clone(),
        count,
    };
    evidence.iter().map(piece).collect()
}

/// What one walk over an app collects.
#[derive(Debug, Default)]
pub(super) struct Found {
    pub evidence: BTreeMap<SignatureIndex, EvidenceCounts>,
    /// Signatures of which Android runs code at start.
    pub auto_initialised: BTreeSet<SignatureIndex>,
    /// Versions that the manifest states.
    pub versions: BTreeMap<SignatureIndex, String>,
    pub app_classes: usize,
    /// Classes by signature; shared ones count for the first claimant.
    pub owned: BTreeMap<SignatureIndex, usize>,
    hosts: BTreeMap<ClassOwner, BTreeMap<String, bool>>,
    unidentified: BTreeMap<String, UnidentifiedCode>,
}

impl Found {
    /// Adds what another unit holds.
    pub fn absorb(&mut self, unit: Self) {
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

    /// Notes a piece of evidence, or counts it up.
    pub fn add(&mut self, signature: SignatureIndex, kind: EvidenceKind, value: &str, place: &str) {
        self.add_key(signature, key(kind, value, place));
    }

    /// Notes classes of one unit below a prefix.
    pub fn add_prefix(
        &mut self,
        signature: SignatureIndex,
        prefix: &str,
        place: &str,
        classes: usize,
    ) {
        let all = self.evidence.entry(signature).or_default();
        let key = key(EvidenceKind::ClassPrefix, prefix, place);
        *all.entry(key).or_default() += classes;
    }

    /// Notes a file of a native library's name that is no library.
    pub fn add_named_like(&mut self, signature: SignatureIndex, name: &str, place: &str) {
        let key = EvidenceKey {
            name_only: true,
            ..key(EvidenceKind::NativeLibrary, name, place)
        };
        self.add_key(signature, key);
    }

    fn add_key(&mut self, signature: SignatureIndex, key: EvidenceKey) {
        let all = self.evidence.entry(signature).or_default();
        *all.entry(key).or_default() += 1;
    }

    /// Notes a host in an owner's code.
    pub fn add_host(&mut self, owner: ClassOwner, host: &str, cleartext: bool) {
        let hosts = self.hosts.entry(owner).or_default();
        match hosts.get_mut(host) {
            Some(known) => *known |= cleartext,
            None => {
                hosts.insert(host.to_owned(), cleartext);
            }
        }
    }

    /// Hosts in an owner's code, sorted.
    pub fn hosts_of(&self, owner: ClassOwner) -> Vec<Host> {
        let hosts = self.hosts.get(&owner).into_iter().flatten();
        hosts
            .map(|(host, &cleartext)| Host {
                host: host.clone(),
                cleartext,
            })
            .collect()
    }

    /// Counts a defined class for its owner.
    pub fn count(&mut self, owner: ClassOwner, class: &str, methods: u32, place: &str) {
        match owner {
            ClassOwner::App => self.app_classes += 1,
            ClassOwner::Signature(index) | ClassOwner::Shared(index) => {
                *self.owned.entry(index).or_default() += 1;
            }
            ClassOwner::Unidentified => self.count_unidentified(class, methods, place),
        }
    }

    fn count_unidentified(&mut self, class: &str, methods: u32, place: &str) {
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

    /// Classes that nobody known owns.
    pub fn unidentified_classes(&self) -> usize {
        self.unidentified.values().map(|code| code.classes).sum()
    }

    /// Code that nobody known owns, largest first.
    pub fn into_unidentified(self) -> Vec<UnidentifiedCode> {
        let mut list: Vec<_> = self.unidentified.into_values().collect();
        for code in &mut list {
            code.places.dedup();
        }
        list.sort_by(|a, b| {
            let by_size = b.classes.cmp(&a.classes);
            by_size.then_with(|| a.prefix.cmp(&b.prefix))
        });
        list
    }
}

fn key(kind: EvidenceKind, value: &str, place: &str) -> EvidenceKey {
    EvidenceKey {
        kind,
        value: value.to_owned(),
        place: place.to_owned(),
        name_only: false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn units_add_up() {
        let mut all = Found::default();
        for place in ["classes.dex", "classes.dex", "classes2.dex"] {
            let mut unit = Found::default();
            unit.add(0, EvidenceKind::ClassPrefix, "cn.push", place);
            unit.count(ClassOwner::Unidentified, "com.foo.bar.A", 2, place);
            unit.count(ClassOwner::App, "com.x.A", 1, place);
            unit.add_host(ClassOwner::App, "x.cn", place == "classes2.dex");
            all.absorb(unit);
        }
        let counts: Vec<_> = all.evidence[&0].values().copied().collect();
        assert_eq!((counts, all.app_classes), (vec![2, 1], 3));
        assert!(all.hosts_of(ClassOwner::App)[0].cleartext);
        let code = &all.into_unidentified()[0];
        assert_eq!((code.classes, code.methods), (3, 6));
        assert_eq!(code.places, ["classes.dex", "classes2.dex"]);
    }

    #[test]
    fn the_largest_unidentified_code_comes_first() {
        let mut found = Found::default();
        for class in ["com.a.b.A", "com.c.d.A", "com.c.d.B"] {
            found.count(ClassOwner::Unidentified, class, 0, "");
        }
        let list = found.into_unidentified();
        assert_eq!((&*list[0].prefix, &*list[1].prefix), ("com.c.d", "com.a.b"));
    }
}
