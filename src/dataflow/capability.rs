//! What the app's permissions, its `targetSdkVersion` and the devices it
//! installs on leave of an access.

use std::collections::HashMap;

use super::model::Capability;
use crate::app::manifest::Manifest;
use crate::sdk::schema::{Effect, LevelOf, Restriction, Source};

/// The newest API level that restrictions may speak of; a permission without
/// `maxSdkVersion` is requested up to it.
const NEWEST: i64 = 1_000;

/// Whoever may write shared storage may read it (developer.android.com,
/// `Manifest.permission.READ_EXTERNAL_STORAGE`: "Any app that declares the
/// WRITE_EXTERNAL_STORAGE permission is implicitly granted this permission").
const WRITE_STORAGE: &str = "android.permission.WRITE_EXTERNAL_STORAGE";
const READ_STORAGE: &str = "android.permission.READ_EXTERNAL_STORAGE";

/// What the manifest of an app says about permissions and API levels.
#[derive(Debug, Clone)]
pub struct Requests<'m> {
    /// By permission: the last API level on which it is requested.
    until: HashMap<&'m str, i64>,
    min: i64,
    target: i64,
}

/// The judgement about one access.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Judged {
    /// Permissions it needs, sorted; of alternatives those requested.
    pub permissions: Vec<String>,
    /// What is left.
    pub capability: Capability,
    /// Why it is not everything.
    pub note: Option<String>,
}

impl<'m> Requests<'m> {
    /// Reads a manifest.
    pub fn of(manifest: &'m Manifest) -> Self {
        let min = manifest.min_sdk.unwrap_or(1);
        let mut until: HashMap<&str, i64> = HashMap::new();
        for used in &manifest.permissions {
            let last = used.max_sdk.unwrap_or(NEWEST);
            let implied = (used.name == WRITE_STORAGE).then_some(READ_STORAGE);
            for name in std::iter::once(used.name.as_str()).chain(implied) {
                let known = until.entry(name).or_insert(last);
                *known = last.max(*known);
            }
        }
        Self {
            until,
            min,
            target: manifest.target_sdk.unwrap_or(min),
        }
    }

    /// The last API level on which one of some permissions is requested; `None`
    /// when none is requested on any device that the app installs on.
    fn until(&self, permissions: &[String]) -> Option<i64> {
        let levels = permissions
            .iter()
            .filter_map(|p| self.until.get(p.as_str()));
        let last = levels.copied().max()?;
        (last >= self.min).then_some(last)
    }

    fn requested<'s>(&self, permissions: &'s [String]) -> Vec<&'s String> {
        let is_requested = |p: &&String| self.until.contains_key(p.as_str());
        let requested: Vec<&String> = permissions.iter().filter(is_requested).collect();
        if requested.is_empty() {
            permissions.iter().collect()
        } else {
            requested
        }
    }

    /// Whether a restriction holds on some device that the app installs on.
    fn applies(&self, restriction: &Restriction) -> bool {
        match restriction.of {
            LevelOf::Device => true,
            LevelOf::Target => self.target >= i64::from(restriction.from),
        }
    }

    /// What is left of a source.
    pub fn judge(&self, source: &Source) -> Judged {
        let mut verdict = Verdict::default();
        let mut needed: Vec<&String> = source.all_of.iter().collect();
        let replaced = source
            .restrictions
            .iter()
            .find(|r| r.effect == Effect::Replaces && self.applies(r));
        for permission in &source.all_of {
            match replaced {
                Some(restriction) => self.need_below(permission, restriction, &mut verdict),
                None => self.need(std::slice::from_ref(permission), None, &mut verdict),
            }
        }
        if !source.any_of.is_empty() {
            needed.extend(self.requested(&source.any_of));
            self.need(&source.any_of, None, &mut verdict);
        }
        for restriction in source.restrictions.iter().filter(|r| self.applies(r)) {
            let from = i64::from(restriction.from);
            let lifted = !restriction.permissions.is_empty()
                && self
                    .until(&restriction.permissions)
                    .is_some_and(|last| last >= from);
            match restriction.effect {
                Effect::Needs | Effect::Replaces => {
                    needed.extend(self.requested(&restriction.permissions));
                    self.need(&restriction.permissions, Some(from), &mut verdict);
                }
                _ if lifted => {}
                Effect::Narrowed => verdict.add(
                    Capability::Narrowed,
                    format!("gives less on API {from} and later"),
                ),
                Effect::Denied => self.gone(from, "gives nothing", &mut verdict),
                Effect::Constant => self.gone(from, "gives a fixed value", &mut verdict),
            }
        }
        let mut permissions: Vec<String> = needed.into_iter().cloned().collect();
        permissions.sort();
        permissions.dedup();
        Judged {
            permissions,
            capability: verdict.capability,
            note: verdict.note,
        }
    }

    /// One of these permissions is needed, from a level on or always.
    fn need(&self, permissions: &[String], from: Option<i64>, verdict: &mut Verdict) {
        let names = permissions.join(" or ");
        match (self.until(permissions), from) {
            (Some(NEWEST..), _) => {}
            (Some(last), _) => verdict.add(
                Capability::OldDevicesOnly,
                format!("{names} is requested up to API {last} only"),
            ),
            (None, Some(from)) if from > self.min => verdict.add(
                Capability::OldDevicesOnly,
                format!("API {from} and later need {names}, which the app does not request"),
            ),
            (None, _) => verdict.add(
                Capability::NotRequested,
                format!("{names} is not requested"),
            ),
        }
    }

    /// A permission is needed only below the level at which another replaces it.
    fn need_below(&self, permission: &String, by: &Restriction, verdict: &mut Verdict) {
        let from = i64::from(by.from);
        let last = self.until(std::slice::from_ref(permission));
        if self.min >= from || last.is_some_and(|last| last >= from - 1) {
            return;
        }
        match self.until(&by.permissions) {
            Some(new) if new >= from => verdict.add(
                Capability::Narrowed,
                format!(
                    "{permission} is not requested up to API {}: only later devices give it",
                    from - 1
                ),
            ),
            _ => verdict.add(
                Capability::NotRequested,
                format!("{permission} is not requested"),
            ),
        }
    }

    /// Nothing is left from a level on.
    fn gone(&self, from: i64, what: &str, verdict: &mut Verdict) {
        let capability = if from > self.min {
            Capability::OldDevicesOnly
        } else {
            Capability::RequestedButUseless
        };
        verdict.add(capability, format!("{what} on API {from} and later"));
    }
}

/// The worst of several judgements.
#[derive(Default)]
struct Verdict {
    capability: Capability,
    note: Option<String>,
}

impl Verdict {
    fn add(&mut self, capability: Capability, note: String) {
        if self.note.is_none() || capability > self.capability {
            self.capability = capability;
            self.note = Some(note);
        }
    }
}

/// The judgement when nothing is known of the app's permissions.
pub fn unknown(source: &Source) -> Judged {
    let mut permissions = source.all_of.clone();
    permissions.extend(source.any_of.iter().cloned());
    permissions.sort();
    permissions.dedup();
    Judged {
        permissions,
        capability: Capability::Unknown,
        note: None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::manifest::UsesPermission;

    const PHONE: &str = "android.permission.READ_PHONE_STATE";

    fn manifest(min: i64, target: i64, permissions: &[(&str, Option<i64>)]) -> Manifest {
        Manifest {
            min_sdk: Some(min),
            target_sdk: Some(target),
            permissions: permissions
                .iter()
                .map(|&(name, max_sdk)| UsesPermission {
                    name: name.into(),
                    max_sdk,
                    ..UsesPermission::default()
                })
                .collect(),
            ..Manifest::default()
        }
    }

    fn source(restrictions: &[(u8, LevelOf, Effect, &[&str])]) -> Source {
        Source {
            all_of: vec![PHONE.into()],
            restrictions: restrictions
                .iter()
                .map(|&(from, of, effect, permissions)| Restriction {
                    from,
                    of,
                    effect,
                    permissions: permissions.iter().map(|&p| p.into()).collect(),
                })
                .collect(),
            ..Source::default()
        }
    }

    fn judged(manifest: &Manifest, source: &Source) -> Capability {
        Requests::of(manifest).judge(source).capability
    }

    #[test]
    fn the_imei_is_only_for_old_devices_and_on_new_ones_requested_in_vain() {
        let imei = source(&[(29, LevelOf::Device, Effect::Denied, &[])]);
        let phone: &[_] = &[(PHONE, None)];
        assert_eq!(
            judged(&manifest(21, 33, phone), &imei),
            Capability::OldDevicesOnly
        );
        assert_eq!(
            judged(&manifest(29, 33, phone), &imei),
            Capability::RequestedButUseless
        );
        assert_eq!(
            judged(&manifest(21, 33, &[]), &imei),
            Capability::NotRequested
        );
        let until_22: &[_] = &[(PHONE, Some(22))];
        assert_eq!(
            judged(&manifest(23, 33, until_22), &imei),
            Capability::NotRequested
        );
    }

    #[test]
    fn the_app_list_is_narrowed_for_targets_of_30_unless_all_packages_are_asked_for() {
        let all = "android.permission.QUERY_ALL_PACKAGES";
        let list = Source {
            all_of: Vec::new(),
            ..source(&[(30, LevelOf::Target, Effect::Narrowed, &[all])])
        };
        assert_eq!(judged(&manifest(21, 29, &[]), &list), Capability::Capable);
        assert_eq!(judged(&manifest(21, 30, &[]), &list), Capability::Narrowed);
        assert_eq!(
            judged(&manifest(21, 30, &[(all, None)]), &list),
            Capability::Capable
        );
    }

    #[test]
    fn a_permission_that_a_later_target_needs_is_told() {
        let numbers = "android.permission.READ_PHONE_NUMBERS";
        let number = source(&[(30, LevelOf::Target, Effect::Needs, &[numbers])]);
        let phone: &[_] = &[(PHONE, None)];
        let judged = Requests::of(&manifest(21, 30, phone)).judge(&number);
        assert_eq!(judged.capability, Capability::OldDevicesOnly);
        assert!(judged.note.unwrap().contains(numbers));
        assert!(judged.permissions.contains(&numbers.to_owned()));
        let judged = Requests::of(&manifest(21, 29, phone)).judge(&number);
        assert_eq!(judged.capability, Capability::Capable);
    }

    #[test]
    fn a_permission_that_another_replaces_may_end_where_that_begins() {
        let connect = "android.permission.BLUETOOTH_CONNECT";
        let bonded = source(&[(31, LevelOf::Target, Effect::Replaces, &[connect])]);
        for (permissions, capability) in [
            (
                &[(PHONE, Some(30)), (connect, None)][..],
                Capability::Capable,
            ),
            (&[(PHONE, None)], Capability::OldDevicesOnly),
            (&[(connect, None)], Capability::Narrowed),
            (&[], Capability::NotRequested),
        ] {
            let found = judged(&manifest(21, 33, permissions), &bonded);
            assert_eq!(found, capability, "{permissions:?}");
        }
        let old = judged(&manifest(21, 30, &[(PHONE, None)]), &bonded);
        assert_eq!(old, Capability::Capable);
    }

    #[test]
    fn whoever_may_write_shared_storage_may_read_it() {
        let photos = Source {
            all_of: vec![READ_STORAGE.into()],
            ..Source::default()
        };
        let write = manifest(21, 28, &[(WRITE_STORAGE, None)]);
        assert_eq!(judged(&write, &photos), Capability::Capable);
    }
}
