//! Whether a policy names a permission, or a kind of data that it guards.

use std::collections::BTreeSet;

use super::model::PermissionReport;
use crate::sdk::base::KnowledgeBase;

/// How a permission is named.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Naming {
    /// By its own name.
    Named,
    /// Only through a kind of data (its id) that it guards: vague.
    Implied(String),
}

/// Whether findings are given for a permission: protection class dangerous or
/// special. The report's own class decides; the vocabulary is asked only when
/// the report says `unknown`. Normal permissions (INTERNET, VIBRATE) never gate.
pub fn gates(permission: &PermissionReport, base: &KnowledgeBase) -> bool {
    let class = match permission.protection.as_str() {
        "" | "unknown" => base
            .permission(&permission.name)
            .map_or("", |p| p.category.as_str()),
        class => class,
    };
    matches!(class, "dangerous" | "special")
}

/// Whether an app with this `minSdkVersion` ever requests the permission.
pub fn ever_requested(permission: &PermissionReport, min_sdk: Option<i64>) -> bool {
    match (permission.max_sdk, min_sdk) {
        (Some(max), Some(min)) => max >= min,
        _ => true,
    }
}

/// How `permission` is named by a text that names these permissions and kinds
/// of data.
///
/// A kind of data names a permission vaguely when the vocabulary says that the
/// permission guards it. The data type's own row decides (位置信息 stands for
/// all location permissions, 粗略位置 only for the coarse one); the permission's
/// row is used for permissions that no data type lists.
pub fn naming(
    permission: &str,
    permissions: &BTreeSet<&str>,
    data_types: &BTreeSet<&str>,
    base: &KnowledgeBase,
) -> Option<Naming> {
    if permissions.contains(permission) {
        return Some(Naming::Named);
    }
    let mut listed = false;
    for data_type in base.data_types() {
        if data_type.permissions.iter().any(|p| p == permission) {
            listed = true;
            if data_types.contains(data_type.id.as_str()) {
                return Some(Naming::Implied(data_type.id.clone()));
            }
        }
    }
    if listed {
        return None;
    }
    base.permission(permission)?
        .data_types
        .iter()
        .find(|t| data_types.contains(t.as_str()))
        .map(|t| Naming::Implied(t.clone()))
}

#[cfg(test)]
mod tests {
    use super::*;

    const FINE: &str = "android.permission.ACCESS_FINE_LOCATION";

    fn named(permission: &str, permissions: &[&str], data_types: &[&str]) -> Option<Naming> {
        naming(
            permission,
            &permissions.iter().copied().collect(),
            &data_types.iter().copied().collect(),
            &KnowledgeBase::embedded(),
        )
    }

    #[test]
    fn location_in_general_stands_for_the_permission_coarse_location_does_not() {
        assert_eq!(named(FINE, &[FINE], &[]), Some(Naming::Named));
        assert_eq!(
            named(FINE, &[], &["location"]),
            Some(Naming::Implied("location".into()))
        );
        assert_eq!(named(FINE, &[], &["coarse-location"]), None);
        assert_eq!(named(FINE, &[], &["device-model"]), None);
    }

    #[test]
    fn a_permission_that_no_data_type_lists_is_named_by_what_it_guards() {
        let permission = "android.permission.FOREGROUND_SERVICE_LOCATION";
        assert!(named(permission, &[], &["precise-location"]).is_some());
    }

    #[test]
    fn only_dangerous_and_special_permissions_gate() {
        let base = KnowledgeBase::embedded();
        let permission = |name: &str, protection: &str| PermissionReport {
            name: name.into(),
            protection: protection.into(),
            ..PermissionReport::default()
        };
        assert!(gates(&permission(FINE, "dangerous"), &base));
        assert!(gates(&permission(FINE, "unknown"), &base));
        assert!(!gates(
            &permission("android.permission.INTERNET", "normal"),
            &base
        ));
        assert!(!gates(&permission("com.x.CUSTOM", "custom"), &base));
    }

    #[test]
    fn a_permission_above_its_max_sdk_is_never_requested() {
        let old = PermissionReport {
            max_sdk: Some(18),
            ..PermissionReport::default()
        };
        assert!(!ever_requested(&old, Some(21)));
        assert!(ever_requested(&old, Some(16)));
        assert!(ever_requested(&old, None));
    }
}
