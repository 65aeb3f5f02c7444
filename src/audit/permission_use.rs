//! Which code uses a permission that the app requests, and which permissions no
//! call was seen to use.

use std::collections::BTreeSet;

use super::finding::Draft;
use super::model::{Access, Accesses, Analysis, AppReport, Opaque, PermissionBasis, SdkPermission};
use super::permissions;
use super::proof::{may_run, shows_a_read};
use super::reconcile::Findings;
use super::rules;
use super::words::manifest_evidence;
use crate::sdk::base::KnowledgeBase;
use crate::sdk::schema::{Kind, SourceRole};

/// Permissions with uses that no catalogued read shows. Of these "unused" is
/// never said.
const USED_OTHERWISE: [&str; 16] = [
    // Any connection needs it.
    "android.permission.INTERNET",
    // Files are opened by path, through classes that read any file.
    "android.permission.READ_EXTERNAL_STORAGE",
    "android.permission.WRITE_EXTERNAL_STORAGE",
    "android.permission.MANAGE_EXTERNAL_STORAGE",
    "android.permission.READ_MEDIA_IMAGES",
    "android.permission.READ_MEDIA_VIDEO",
    "android.permission.READ_MEDIA_AUDIO",
    "android.permission.READ_MEDIA_VISUAL_USER_SELECTED",
    // They are for other acts than reading: writing, connecting.
    "android.permission.WRITE_SETTINGS",
    "android.permission.BLUETOOTH_CONNECT",
    "android.permission.BLUETOOTH_ADVERTISE",
    "android.permission.NEARBY_WIFI_DEVICES",
    // A receiver that the manifest declares is told without any call.
    "android.permission.RECEIVE_SMS",
    "android.permission.RECEIVE_MMS",
    "android.permission.PROCESS_OUTGOING_CALLS",
    // It widens what any look-up of another app gives.
    "android.permission.QUERY_ALL_PACKAGES",
];

/// Writes the calls that permissions guard into `sdks[].permissions` and
/// `permissions[]`. A use is a call that shows a read, in code that may run;
/// without analysed accesses everything stays unknown.
pub(super) fn fill(app: &mut AppReport) {
    if app.access_analysis == Accesses::None {
        return;
    }
    for sdk in &mut app.sdks {
        let called = used(&sdk.accesses).into_iter().map(|name| SdkPermission {
            name: name.to_owned(),
            basis: PermissionBasis::ApiCall,
        });
        sdk.permissions.extend(called.collect::<Vec<_>>());
        sdk.permissions
            .sort_by(|a, b| (&a.name, a.basis).cmp(&(&b.name, b.basis)));
        sdk.permissions.dedup();
    }
    let users: Vec<Users> = app
        .permissions
        .iter()
        .map(|permission| Users::of(&permission.name, app))
        .collect();
    for (permission, users) in app.permissions.iter_mut().zip(users) {
        let known = permission.sdks.drain(..).chain(users.sdks);
        permission.sdks = known.collect::<BTreeSet<_>>().into_iter().collect();
        permission.unidentified = users.unidentified;
        permission.app_code = users.app_code;
        permission.only_sdks = permission.protection == "dangerous" && users.only_sdks;
    }
}

/// Who calls what one permission guards.
struct Users {
    sdks: Vec<String>,
    unidentified: Vec<String>,
    app_code: Option<bool>,
    only_sdks: bool,
}

impl Users {
    fn of(name: &str, app: &AppReport) -> Self {
        let uses = |accesses: &[Access]| used(accesses).contains(name);
        let called = app.sdks.iter().filter(|sdk| uses(&sdk.accesses));
        let (sdks, parts): (Vec<_>, Vec<_>) = called.partition(|sdk| sdk.kind == Kind::Sdk);
        let unnamed = app.unidentified.iter().filter(|u| uses(&u.accesses));
        let unidentified: BTreeSet<&str> = unnamed.map(|u| u.prefix.as_str()).collect();
        // Libraries, nameless and shared code may act for the app.
        let by_others = !parts.is_empty()
            || app.unidentified.iter().any(|u| mentions(&u.accesses, name))
            || mentions(&app.platform_accesses, name)
            || mentions(&app.app_accesses, name);
        Self {
            only_sdks: !sdks.is_empty() && !by_others && all_code_was_seen(app),
            sdks: sdks.into_iter().map(|sdk| sdk.id.clone()).collect(),
            unidentified: unidentified.into_iter().map(str::to_owned).collect(),
            app_code: match uses(&app.app_accesses) {
                true => Some(true),
                // Hidden code may use it.
                false => all_code_was_seen(app).then_some(false),
            },
        }
    }
}

/// Permissions that guard the calls of some code that may run.
fn used(accesses: &[Access]) -> BTreeSet<&str> {
    accesses
        .iter()
        .filter(|access| shows_a_read(access) && may_run(access))
        .flat_map(|access| access.permissions.iter().map(String::as_str))
        .collect()
}

/// Whether any access, be it a hint or dead code, has to do with a permission.
fn mentions(accesses: &[Access], name: &str) -> bool {
    let mut names = accesses.iter().flat_map(|access| &access.permissions);
    names.any(|permission| permission == name)
}

fn all_code_was_seen(app: &AppReport) -> bool {
    app.analysis == Analysis::Complete && !app.has_analysis_limit()
}

/// Permissions of which a use would have been seen: some row of the catalogue
/// needs them, and reading is what they are for. Of others nothing can be said.
fn known_by_a_call(base: &KnowledgeBase) -> BTreeSet<&str> {
    base.sources()
        .iter()
        .filter(|row| row.role != SourceRole::Enabler)
        .flat_map(|row| {
            let restricted = row.restrictions.iter().flat_map(|r| &r.permissions);
            row.all_of.iter().chain(&row.any_of).chain(restricted)
        })
        .map(String::as_str)
        .filter(|name| !USED_OTHERWISE.contains(name))
        .collect()
}

/// Requested dangerous and special permissions that no code was seen to use and
/// no SDK in the app is documented to use.
pub(super) fn unused(app: &AppReport, base: &KnowledgeBase, found: &mut Findings) {
    if app.access_analysis == Accesses::None || !all_code_was_seen(app) {
        return;
    }
    let known = known_by_a_call(base);
    let remark = opaque_remark(app);
    for permission in &app.permissions {
        let name = permission.name.as_str();
        if !known.contains(name)
            || !permissions::gates(permission, base)
            || !permissions::ever_requested(permission, app.min_sdk)
            || is_known_of_some_code(app, name)
        {
            continue;
        }
        found.add(
            &rules::UNUSED_PERMISSION,
            Draft {
                permission: Some(name.to_owned()),
                message: format!(
                    "the app requests {name}, and no call that it guards was seen in any code, nor is an SDK found in the app documented to use it; an intent, native code, a web page or code loaded later may still need it{remark}"
                ),
                evidence: vec![manifest_evidence(permission)],
                ..Draft::default()
            },
        );
    }
}

fn is_known_of_some_code(app: &AppReport, name: &str) -> bool {
    let sdks = &app.sdks;
    sdks.iter()
        .any(|sdk| sdk.permissions.iter().any(|p| p.name == name))
        || sdks
            .iter()
            .map(|sdk| &sdk.accesses)
            .chain(app.unidentified.iter().map(|u| &u.accesses))
            .chain([&app.app_accesses, &app.platform_accesses])
            .any(|accesses| mentions(accesses, name))
}

/// Calls that were not resolved, in all code.
pub fn opaque_calls(app: &AppReport) -> Opaque {
    let sdks = app.sdks.iter().map(|sdk| sdk.opaque);
    let all = sdks.chain(app.unidentified.iter().map(|u| u.opaque));
    all.chain([app.app_opaque])
        .fold(Opaque::default(), |sum, one| Opaque {
            reflection: sum.reflection + one.reflection,
            constants: sum.constants + one.constants,
        })
}

fn opaque_remark(app: &AppReport) -> String {
    match opaque_calls(app).reflection {
        0 => String::new(),
        n => format!("; what {n} unresolved reflective calls do is unknown"),
    }
}

#[cfg(test)]
mod tests {
    use super::super::model::{PermissionReport, Reachability, SdkReport, Unidentified};
    use super::super::testing::{access, callable};
    use super::*;
    use crate::formats::Limit;

    const PHONE: &str = "android.permission.READ_PHONE_STATE";
    const CAMERA: &str = "android.permission.CAMERA";

    fn imei() -> Access {
        Access {
            permissions: vec![PHONE.into()],
            ..access(
                "imei",
                "Landroid/telephony/TelephonyManager;->getImei()Ljava/lang/String;",
            )
        }
    }

    fn app(names: &[&str]) -> AppReport {
        let permission = |name: &&str| PermissionReport {
            name: (*name).into(),
            protection: "dangerous".into(),
            ..PermissionReport::default()
        };
        AppReport {
            access_analysis: Accesses::Reach,
            permissions: names.iter().map(permission).collect(),
            sdks: vec![SdkReport {
                id: "getui".into(),
                ..SdkReport::default()
            }],
            ..AppReport::default()
        }
    }

    fn filled(mut app: AppReport) -> PermissionReport {
        fill(&mut app);
        app.permissions.remove(0)
    }

    fn unused_in(app: &AppReport) -> Vec<String> {
        let mut found = Findings::default();
        unused(app, &KnowledgeBase::embedded(), &mut found);
        found.permissions()
    }

    #[test]
    fn a_permission_has_the_owners_whose_calls_it_guards() {
        let mut by_sdk = app(&[PHONE]);
        by_sdk.sdks[0].accesses = vec![imei()];
        let told = filled(by_sdk.clone());
        assert_eq!(told.sdks, ["getui"]);
        assert_eq!((told.app_code, told.only_sdks), (Some(false), true));
        by_sdk.app_accesses = vec![imei()];
        let told = filled(by_sdk.clone());
        assert_eq!((told.app_code, told.only_sdks), (Some(true), false));
        by_sdk.app_accesses.clear();
        by_sdk.unidentified = vec![Unidentified {
            prefix: "com.foo".into(),
            accesses: vec![imei()],
            ..Unidentified::default()
        }];
        let told = filled(by_sdk);
        assert_eq!(told.unidentified, ["com.foo"]);
        assert!(!told.only_sdks, "nameless code may be the app's own");
    }

    #[test]
    fn dead_code_uses_no_permission_and_hidden_code_leaves_it_open() {
        let mut dead = app(&[PHONE]);
        dead.sdks[0].accesses = vec![callable(imei(), Reachability::Unreached)];
        assert_eq!(filled(dead.clone()).sdks, [""; 0]);
        dead.limits
            .push(Limit::analysis("packed-code", "packed", ""));
        assert_eq!(filled(dead.clone()).app_code, None);
        dead.access_analysis = Accesses::None;
        assert_eq!(filled(dead).app_code, None);
    }

    #[test]
    fn only_a_permission_that_a_call_would_have_shown_is_called_unused() {
        let names = [
            CAMERA,
            PHONE,
            "android.permission.INTERNET",
            "android.permission.READ_EXTERNAL_STORAGE",
            "android.permission.SYSTEM_ALERT_WINDOW",
            "android.permission.WRITE_SETTINGS",
        ];
        let mut calm = app(&names);
        calm.sdks[0].accesses = vec![callable(imei(), Reachability::Unreached)];
        assert_eq!(unused_in(&calm), [CAMERA]);
        let mut documented = calm.clone();
        documented.sdks[0].permissions.push(SdkPermission {
            name: CAMERA.into(),
            basis: PermissionBasis::Documented,
        });
        assert_eq!(unused_in(&documented), [""; 0]);
        let mut hidden = calm.clone();
        hidden.analysis = Analysis::Partial;
        assert_eq!(unused_in(&hidden), [""; 0]);
        calm.access_analysis = Accesses::None;
        assert_eq!(unused_in(&calm), [""; 0]);
    }
}
