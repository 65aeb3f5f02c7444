//! What an access proves: which of them show that code reads a data type, how
//! strong a finding they bear, and which types bear one at all.

use std::sync::Arc;

use std::collections::BTreeMap;

use super::model::{
    Access, CallSite, Capability, Evidence, EvidenceKind, Level, Reachability, SourceRole,
};
use crate::sdk::base::KnowledgeBase;

/// Types that bear no finding. The contract names the first five; the others are
/// like them: they describe a make of device, its load or the app itself, are
/// shared by many users, and nearly all code reads them to adapt to the device.
/// Types that single out a device or tell what its user does (`sensor`,
/// `boot-time`, `carrier`, `ip`) are not among them.
const NEVER_GATES: [&str; 14] = [
    "screen",
    "language",
    "network-state",
    "os-version",
    "device-model",
    "cpu",
    "memory",
    "storage-space",
    "battery",
    "timezone",
    "region",
    "user-agent",
    "root-status",
    "app-info",
];

/// Whether a type bears no finding, whoever reads it.
pub fn never_gates(data_type: &str) -> bool {
    NEVER_GATES.contains(&data_type)
}

/// Classes whose getters give whatever was put into their objects: the output
/// of any command, a clip that was dragged or shared. Such a getter tells a data
/// type only together with the call that filled the object, which is a row of
/// its own.
const CARRIERS: [&str; 2] = [
    "Landroid/content/ClipData;",
    "Landroid/content/ClipData$Item;",
];

/// Registrations that tell nothing alone: of `listen` flags or the type of the
/// listener decide (the call state is no cell), and the overridden callback
/// proves it; a clip listener hears that the clipboard changed, not what it holds.
const TELL_NOTHING_ALONE: [&str; 3] = [
    "Landroid/telephony/TelephonyManager;->listen(",
    "Landroid/telephony/TelephonyManager;->registerTelephonyCallback(",
    "Landroid/content/ClipboardManager;->addPrimaryClipChangedListener(",
];

/// Calls that mostly give what is the app's own: the cookies of its web views,
/// and its own processes (all there is since Android 5.1; many libraries look up
/// the name of their process this way).
const MOSTLY_OWN: [&str; 3] = [
    "Landroid/webkit/CookieManager;->getCookie(",
    "Landroid/app/ActivityManager;->getRunningAppProcesses(",
    "Landroid/app/ActivityManager$RunningAppProcessInfo;->",
];

/// Characters of an API, a key or a command that a message repeats.
const API_IN_MESSAGE: usize = 60;

/// Whether an access shows by itself that its code reads the data type.
///
/// The result of a call, a resolved constant, an overridden callback and another
/// SDK's API do. A getter does too: a location that the app hands to an SDK is a
/// location that the SDK has (it bears a weaker finding, see [`Seen::level`]). A
/// registration asks the system for the data. What holds only under a condition
/// (`getPackageInfo` of any package, mostly the app's own), the path where data
/// lies, and native code that may read it do not; neither does a candidate.
pub fn shows_a_read(access: &Access) -> bool {
    let row = row(access);
    !access.candidate
        && match access.role {
            SourceRole::Return
            | SourceRole::Keyed
            | SourceRole::CallbackParameter
            | SourceRole::SdkApi => true,
            SourceRole::Getter => !CARRIERS
                .iter()
                .any(|class| row.strip_prefix(class).is_some_and(|r| r.starts_with("->"))),
            SourceRole::CallbackRegistration => !TELL_NOTHING_ALONE
                .iter()
                .any(|method| row.starts_with(method)),
            SourceRole::Conditional | SourceRole::Path | SourceRole::Enabler => false,
        }
}

/// The catalogue's name of what is read.
fn row(access: &Access) -> &str {
    access.source.as_deref().unwrap_or(&access.api)
}

/// Whether an access shows a read that the app or its user may have asked for:
/// from an object that other code handed in, or of the app's own data.
fn is_weak(access: &Access) -> bool {
    access.role == SourceRole::Getter || is_mostly_own(access)
}

fn is_mostly_own(access: &Access) -> bool {
    MOSTLY_OWN.iter().any(|call| row(access).starts_with(call))
}

/// Whether the code of an access can run as far as is known: code that no entry
/// point leads to is no use.
pub(super) fn may_run(access: &Access) -> bool {
    matches!(
        access.reachability,
        Reachability::EntryPoint | Reachability::Unknown
    )
}

/// Whether some device gives the data under the app's permissions.
fn yields(access: &Access) -> bool {
    !matches!(
        access.capability,
        Capability::RequestedButUseless | Capability::NotRequested
    )
}

/// The accesses of one owner that show a read of one data type.
#[derive(Debug, Clone)]
pub struct Seen<'a> {
    /// Data-type id.
    pub data_type: &'a str,
    /// Whether the vocabulary calls it sensitive.
    pub sensitive: bool,
    /// The accesses, the best proof first; never empty.
    accesses: Vec<&'a Access>,
}

impl Seen<'_> {
    /// Whether the data is only asked of other SDKs: what their entries tell is
    /// told of it.
    pub(super) fn is_through_sdks(&self) -> bool {
        let roles = self.accesses.iter().map(|access| access.role);
        roles.into_iter().all(|role| role == SourceRole::SdkApi)
    }
}

/// Every read that the accesses of one owner show, sorted by data type.
pub fn seen<'a>(accesses: &'a [Access], base: &KnowledgeBase) -> Vec<Seen<'a>> {
    collect(accesses, base, |_| true)
}

/// The reads that may bear a finding: of a type that gates, by code that may
/// run, where some device gives the data.
pub fn bearing<'a>(accesses: &'a [Access], base: &KnowledgeBase) -> Vec<Seen<'a>> {
    collect(accesses, base, |access| {
        !never_gates(&access.data_type) && may_run(access) && yields(access)
    })
}

fn collect<'a>(
    accesses: &'a [Access],
    base: &KnowledgeBase,
    wanted: impl Fn(&Access) -> bool,
) -> Vec<Seen<'a>> {
    let mut by_type: BTreeMap<&str, Vec<&Access>> = BTreeMap::new();
    for access in accesses.iter().filter(|a| shows_a_read(a) && wanted(a)) {
        by_type.entry(&access.data_type).or_default().push(access);
    }
    let seen = |(data_type, mut accesses): (&'a str, Vec<&'a Access>)| {
        accesses.sort_by_key(|a| {
            let rank = (a.reachability, is_weak(a), !a.before_consent, a.capability);
            (rank, a.api.as_str())
        });
        Seen {
            data_type,
            sensitive: base.data_type(data_type).is_some_and(|t| t.sensitive),
            accesses,
        }
    };
    by_type.into_iter().map(seen).collect()
}

impl<'a> Seen<'a> {
    /// The strongest of its sites.
    pub fn reachability(&self) -> Reachability {
        let all = self.accesses.iter().map(|a| a.reachability);
        all.min().unwrap_or_default()
    }

    /// Whether a site can run before any action of the user.
    pub fn before_consent(&self) -> bool {
        self.accesses.iter().any(|a| a.before_consent)
    }

    /// What the app's permissions leave of the best access.
    pub fn capability(&self) -> Capability {
        let all = self.accesses.iter().map(|a| a.capability);
        all.min().unwrap_or(Capability::Unknown)
    }

    /// Whether its code is proved to run from an entry point.
    pub fn runs(&self) -> bool {
        self.reachability() == Reachability::EntryPoint
    }

    /// Whether it is only read from objects that other code may have handed in,
    /// or in ways that mostly give the app's own data.
    pub fn is_weak(&self) -> bool {
        self.accesses.iter().all(|access| is_weak(access))
    }

    /// How strong a finding it bears: `usual`, but no error where the read is
    /// weak, and only a note where nothing tells that the code runs (an
    /// inventory, a library, hidden code).
    pub fn level(&self, usual: Level) -> Level {
        match (self.runs(), self.is_weak()) {
            (false, _) => Level::Note,
            (true, true) => usual.max(Level::Warning),
            (true, false) => usual,
        }
    }

    /// `imei (TelephonyManager.getImei)`.
    pub fn words(&self) -> String {
        match self.accesses.first() {
            Some(best) => format!("{} ({})", self.data_type, short_api(&best.api)),
            None => self.data_type.to_owned(),
        }
    }

    /// What the reader has to know of it, each with a semicolon before it.
    pub fn remarks(&self) -> String {
        let mut text = String::new();
        if !self.runs() {
            text.push_str("; whether this code can run is not known");
        }
        let best = self.accesses.first();
        match best {
            Some(best) if is_mostly_own(best) => {
                text.push_str("; this call mostly gives the app's own data");
            }
            Some(best) if is_weak(best) => {
                text.push_str("; it is read from an object that other code may have handed in");
            }
            _ => {}
        }
        if let Some(note) = best.and_then(|best| best.capability_note.as_deref()) {
            text.push_str("; ");
            text.push_str(note);
        }
        text
    }

    /// Its best call sites, and how the best one is reached.
    pub fn evidence(&self, most: usize) -> Vec<Evidence> {
        let sites = self.accesses.iter().take(most);
        let mut evidence: Vec<Evidence> = sites.map(|access| call_site(access)).collect();
        let path = self.accesses.first().filter(|best| !best.path.is_empty());
        evidence.extend(path.map(|best| call_path(&best.path)));
        evidence
    }

    /// The best proof.
    pub fn best(&self) -> Option<&'a Access> {
        self.accesses.first().copied()
    }

    /// The same, only with accesses that can run before any action of the user
    /// and are not weak; none without such.
    pub fn before_action(mut self) -> Option<Self> {
        self.accesses.retain(|a| a.before_consent && !is_weak(a));
        (!self.accesses.is_empty()).then_some(self)
    }
}

/// Whether a type of data is this one, or stands below it.
pub(super) fn is_or_below(data_type: &str, above: &str, base: &KnowledgeBase) -> bool {
    data_type == above || super::type_coverage::is_below(data_type, above, base)
}

/// The place of an access: where its path ends, or the first.
pub(super) fn call_site(access: &Access) -> Evidence {
    let at_end = |site: &&CallSite| {
        let method = format!("{}->{}", site.class, site.method);
        access.path.last().is_some_and(|last| **last == *method)
    };
    let sites = || access.call_sites.iter();
    let site = sites().find(at_end).or_else(|| sites().next());
    Evidence {
        kind: EvidenceKind::CallSite,
        value: access.api.clone(),
        place: site.map(place).unwrap_or_default(),
        count: access.count,
    }
}

/// `Lcom/x/Y;->run()V (classes2.dex)`, with the owner's call that leads there.
pub(super) fn place(site: &CallSite) -> String {
    let CallSite {
        class, method, dex, ..
    } = site;
    match site.chain.first() {
        Some(caller) => format!("{class}->{method} ({dex}), called from {caller}"),
        None => format!("{class}->{method} ({dex})"),
    }
}

/// The way from an entry point.
pub(super) fn call_path(path: &[Arc<str>]) -> Evidence {
    Evidence {
        kind: EvidenceKind::CallPath,
        value: path.join(" > "),
        place: String::new(),
        count: 1,
    }
}

/// `TelephonyManager.getImei` for a method or field; a constant as it is,
/// shortened.
pub fn short_api(api: &str) -> String {
    let member = api.split_once(";->").map(|(class, member)| {
        let class = class.rsplit('/').next().unwrap_or(class);
        let name = member.split(['(', ':']).next().unwrap_or(member);
        format!("{class}.{name}")
    });
    let text = member.unwrap_or_else(|| api.to_owned());
    match text.char_indices().nth(API_IN_MESSAGE) {
        Some((end, _)) => format!("{}..", &text[..end]),
        None => text,
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{access, callable};
    use super::*;

    #[test]
    fn roles_that_prove_nothing_alone_bear_nothing() {
        let base = KnowledgeBase::embedded();
        let role = |api: &str, role: SourceRole| Access {
            role,
            ..access("app-list", api)
        };
        let clip = "Landroid/content/ClipData;->getItemAt(I)Landroid/content/ClipData$Item;";
        let listen = "Landroid/telephony/TelephonyManager;->listen(Landroid/telephony/PhoneStateListener;I)V";
        let clip_listener = "Landroid/content/ClipboardManager;->addPrimaryClipChangedListener(Landroid/content/ClipboardManager$OnPrimaryClipChangedListener;)V";
        let proving = "Lx/Y;->z()V";
        for (api, of, shows) in [
            (proving, SourceRole::Return, true),
            (proving, SourceRole::Keyed, true),
            (proving, SourceRole::Getter, true),
            (proving, SourceRole::CallbackRegistration, true),
            (clip, SourceRole::Getter, false),
            (listen, SourceRole::CallbackRegistration, false),
            (clip_listener, SourceRole::CallbackRegistration, false),
            (proving, SourceRole::Conditional, false),
            (proving, SourceRole::Path, false),
            (proving, SourceRole::Enabler, false),
        ] {
            let one = [role(api, of)];
            assert_eq!(!bearing(&one, &base).is_empty(), shows, "{of:?} {api}");
        }
        let hint = [Access {
            candidate: true,
            ..access("imei", proving)
        }];
        assert!(seen(&hint, &base).is_empty());
    }

    #[test]
    fn code_that_cannot_run_or_gets_nothing_is_seen_and_bears_nothing() {
        let base = KnowledgeBase::embedded();
        let imei = || access("imei", "Lx/Y;->z()V");
        let cases = [
            callable(imei(), Reachability::SdkApiOnly),
            callable(imei(), Reachability::Unreached),
            Access {
                capability: Capability::NotRequested,
                ..imei()
            },
            Access {
                capability: Capability::RequestedButUseless,
                ..imei()
            },
            access("screen", "Lx/Y;->z()V"),
        ];
        for case in cases {
            let case = [case];
            assert_eq!(seen(&case, &base).len(), 1);
            assert!(bearing(&case, &base).is_empty(), "{case:?}");
        }
    }

    #[test]
    fn what_is_handed_in_or_may_not_run_bears_less() {
        let base = KnowledgeBase::embedded();
        let level = |access: Access| bearing(&[access], &base)[0].level(Level::Error);
        let imei = || access("imei", "Lx/Y;->z()V");
        let getter = Access {
            role: SourceRole::Getter,
            ..imei()
        };
        let cookie = access(
            "browsing",
            "Landroid/webkit/CookieManager;->getCookie(Ljava/lang/String;)Ljava/lang/String;",
        );
        assert_eq!(level(imei()), Level::Error);
        assert_eq!(level(getter), Level::Warning);
        assert_eq!(level(cookie), Level::Warning);
        assert_eq!(level(callable(imei(), Reachability::Unknown)), Level::Note);
    }

    #[test]
    fn an_api_is_told_by_class_and_name() {
        assert_eq!(
            short_api("Landroid/telephony/TelephonyManager;->getImei()Ljava/lang/String;"),
            "TelephonyManager.getImei"
        );
        assert_eq!(
            short_api("Landroid/os/Build;->SERIAL:Ljava/lang/String;"),
            "Build.SERIAL"
        );
        assert_eq!(short_api("content://sms"), "content://sms");
        assert!(short_api(&"极".repeat(99)).ends_with("极.."));
    }
}
