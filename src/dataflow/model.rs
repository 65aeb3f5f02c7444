//! What the analysis says, as plain data: every later room reads only this.

use std::sync::Arc;

use serde::{Serialize, Serializer};

pub use crate::sdk::schema::SourceRole;

/// One way in which code obtains one kind of data.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Access {
    /// Id of the data type.
    pub data_type: String,
    /// The reference as the code writes it: a method or field as smali does, a
    /// constant (URI, key, path, command) with the call that takes it.
    pub api: String,
    /// The catalogue's row, when it differs: the supertype that declares the
    /// method, or the constant that decided.
    pub source: Option<String>,
    /// What a use of the source means.
    pub role: SourceRole,
    /// Permissions it needs at the app's `targetSdkVersion`; of alternatives
    /// those that the app requests, all of them when it requests none.
    pub permissions: Vec<String>,
    /// What the app's permissions and the Android version leave of it.
    pub capability: Capability,
    /// Why the capability is not [`Capability::Capable`], in words.
    pub capability_note: Option<String>,
    /// A hint that no resolved call proves: native code, or a constant that was
    /// not seen to reach a call.
    pub candidate: bool,
    /// Every place, sorted; never capped.
    pub call_sites: Vec<CallSite>,
    /// Number of call sites.
    pub count: usize,
    /// The strongest of its sites.
    pub reachability: Reachability,
    /// Whether one of its sites can run at the app's start, before any action
    /// of the user.
    pub before_consent: bool,
    /// How one site is reached, from an entry point to the method that holds
    /// the site (`Lcom/x/App;->onCreate()V`, …): before consent when that is
    /// so. Empty when no entry point leads there.
    #[serde(serialize_with = "texts")]
    pub path: Vec<Arc<str>>,
}

/// A place in code. Its texts are shared with the other sites of its method.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct CallSite {
    /// Descriptor of the class.
    #[serde(serialize_with = "text")]
    pub class: Arc<str>,
    /// Method with its prototype; a native symbol for native code.
    #[serde(serialize_with = "text")]
    pub method: Arc<str>,
    /// The dex file, with its nested place; of native code the library.
    #[serde(serialize_with = "text")]
    pub dex: Arc<str>,
    /// Address in 16-bit code units; 0 where the whole method is meant.
    pub pc: u32,
    /// When the site lies in shared code: the calls from the owner's method to
    /// the one that holds the site, the owner's first. Empty in its own code.
    #[serde(skip_serializing_if = "Vec::is_empty", serialize_with = "texts")]
    pub chain: Vec<Arc<str>>,
}

fn text<S: Serializer>(text: &Arc<str>, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(text)
}

fn texts<S: Serializer>(texts: &[Arc<str>], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_seq(texts.iter().map(|text| &**text))
}

/// Whether code can run. Best first.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Reachability {
    /// From an entry point of the app.
    EntryPoint,
    /// Only through public methods that nothing in the app calls.
    SdkApiOnly,
    /// No call leads there.
    Unreached,
    /// Not analysed, or code that was not seen may call it.
    #[default]
    Unknown,
}

/// What remains of an access under the app's permissions, its
/// `targetSdkVersion` and the devices it installs on. Most first.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Capability {
    /// Everything.
    #[default]
    Capable,
    /// Less than before on newer Android versions.
    Narrowed,
    /// Only on older Android versions that the app still installs on.
    OldDevicesOnly,
    /// The permission is requested, but no device gives the data.
    RequestedButUseless,
    /// A permission it needs is not requested.
    NotRequested,
    /// Nothing is known of the app's permissions (a library, no manifest).
    Unknown,
}

/// Calls whose target or constant could not be resolved: what they do is
/// unknown, not none.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Opaque {
    /// Reflective calls and class look-ups with unresolved names.
    pub reflection: usize,
    /// Keyed calls (settings, properties, URIs, commands, files) with an
    /// unresolved argument.
    pub constants: usize,
}

/// An SDK is initialised at the app's start although it offers a switch for
/// the user's consent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct EarlyStart {
    /// The call that starts it.
    pub api: String,
    /// Where.
    pub call_site: CallSite,
    /// From the entry point to the method that holds the call.
    #[serde(serialize_with = "texts")]
    pub path: Vec<Arc<str>>,
    /// The calls of the switch that the app makes anywhere, as written; empty
    /// when it makes none.
    pub switches_called: Vec<String>,
    /// The vendor's page about the switch.
    pub source: String,
    /// What the vendor asks for, in own words.
    pub note: String,
}
