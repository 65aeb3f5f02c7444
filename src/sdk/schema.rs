//! The shape of one signature file, shared by the build script (which compiles
//! `sdk-signatures/` into the binary) and by the loader of `--signatures DIR`.
//!
//! `sdk-signatures/README.md` explains each field to people who write them.

mod source;

use serde::{Deserialize, Serialize};

pub use source::{Effect, LevelOf, Restriction, Source, SourceFile, SourceKind, SourceRole};

/// One SDK (or library, packer, platform part): `sdk-signatures/<vendor>/<id>.toml`.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Signature {
    /// Stable kebab-case id, unique in the base.
    pub id: String,
    /// Display names.
    pub name: Names,
    /// What sort of code it is.
    #[serde(default)]
    pub kind: Kind,
    /// Category id, such as `push`, `analytics`, `ads`.
    pub category: String,
    /// Vendor id: the folder with its `vendor.toml`; empty when unknown.
    #[serde(default)]
    pub vendor: String,
    /// The vendor's name for this product, where it differs from the vendor file.
    #[serde(default)]
    pub vendor_name: Names,
    /// Product family (`jiguang`): products that share base code and a name.
    #[serde(default)]
    pub family: String,
    /// Where the entry as a whole comes from.
    #[serde(default)]
    pub origin: Origin,
    /// How well the entry is established.
    #[serde(default)]
    pub confidence: Confidence,
    /// Names that identify this product in a policy.
    #[serde(default)]
    pub aliases: Vec<String>,
    /// Names that also stand for siblings (family or company names).
    #[serde(default)]
    pub ambiguous_aliases: Vec<String>,
    /// Legal and short names of the vendor as policies write them.
    #[serde(default)]
    pub vendor_aliases: Vec<String>,
    /// One sentence about the product.
    #[serde(default)]
    pub description: String,
    /// The vendor's privacy page for this SDK.
    #[serde(default)]
    pub privacy_url: String,
    /// Evidence in code.
    #[serde(default)]
    pub code: CodeEvidence,
    /// Evidence in the manifest.
    #[serde(default)]
    pub manifest: ManifestEvidence,
    /// Evidence in native libraries.
    #[serde(default)]
    pub native: NativeEvidence,
    /// Asset paths below `assets/` that only this SDK ships; `re:` marks a regex.
    #[serde(default)]
    pub assets: Vec<String>,
    /// String constants that only this SDK's code contains (exact).
    #[serde(default)]
    pub strings: Vec<String>,
    /// Hosts it talks to; a host also stands for its subdomains.
    #[serde(default)]
    pub hosts: Vec<String>,
    /// Full Android permission names that its documentation asks for or its own
    /// AAR manifest declares.
    #[serde(default)]
    pub permissions: Vec<String>,
    /// What it is documented to collect; absent means unknown, never none.
    #[serde(default)]
    pub data: Option<DataFacts>,
    /// How it is told of the user's consent; absent means unknown, never that
    /// it has no such means.
    #[serde(default)]
    pub consent: Option<ConsentFacts>,
    /// Ids of SDKs that its artifact contains.
    #[serde(default)]
    pub bundles: Vec<String>,
    /// Source ids (`sdk-signatures/LICENSES.md`) of the facts above.
    #[serde(default)]
    pub sources: Vec<String>,
    /// Positive and negative examples that `signatures check` runs.
    #[serde(default)]
    pub examples: Examples,
}

/// Facts added to a signature from another licence group:
/// `sdk-signatures/<group>/supplements/<id>.toml`.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Supplement {
    /// Id of the signature it adds to.
    pub extends: String,
    /// Further evidence in code.
    #[serde(default)]
    pub code: CodeEvidence,
    /// Further evidence in the manifest.
    #[serde(default)]
    pub manifest: ManifestEvidence,
    /// Further evidence in native libraries.
    #[serde(default)]
    pub native: NativeEvidence,
    /// Further hosts.
    #[serde(default)]
    pub hosts: Vec<String>,
    /// Further names.
    #[serde(default)]
    pub aliases: Vec<String>,
    /// Source ids of these facts.
    #[serde(default)]
    pub sources: Vec<String>,
}

/// A name in English and Chinese; either may be empty, not both for an SDK.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Names {
    /// English or Latin-script name.
    #[serde(default)]
    pub en: String,
    /// Chinese name.
    #[serde(default)]
    pub zh: String,
}

/// What sort of code a signature names.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// A third-party SDK that may handle personal data.
    #[default]
    Sdk,
    /// A library with no data handling of its own (UI, JSON, HTTP): listed,
    /// never a disclosure finding.
    Library,
    /// Platform and support code (AndroidX, Kotlin, Java): counted, not listed.
    Platform,
    /// A packer: the app's code is hidden behind it.
    Packer,
}

/// Where an entry comes from; decides its folder and licence notice.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Origin {
    /// Compiled and checked by hand.
    #[default]
    Curated,
    /// Names read in published policies.
    DevPolicy,
    /// LibChecker-Rules (Apache-2.0).
    Libchecker,
    /// AppScan (Apache-2.0).
    Appscan,
    /// The Exodus tracker list (ODbL-1.0), kept in a folder of its own.
    Exodus,
}

/// How well something is established.
#[derive(
    Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(rename_all = "kebab-case")]
pub enum Confidence {
    /// One weak source.
    Low,
    /// One good source.
    #[default]
    Medium,
    /// The artifact itself, or several sources that agree.
    High,
}

/// Evidence in compiled code. Names are dotted (`cn.jpush.android`).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CodeEvidence {
    /// Package prefixes, matched at package boundaries; longest wins.
    #[serde(default)]
    pub prefixes: Vec<String>,
    /// Those of the prefixes that siblings share: they never prove one product.
    #[serde(default)]
    pub shared_prefixes: Vec<String>,
    /// Marker classes: one of them defined proves the product.
    #[serde(default)]
    pub classes: Vec<String>,
    /// Suffixes below the app's own package, such as `.wxapi.WXEntryActivity`.
    #[serde(default)]
    pub suffixes: Vec<String>,
    /// String fields that hold the version: `package.Class.FIELD`.
    #[serde(default)]
    pub version_fields: Vec<String>,
}

/// Evidence in the manifest: exact names, or a regex after `re:`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ManifestEvidence {
    /// `<activity>` class names.
    #[serde(default)]
    pub activities: Vec<String>,
    /// `<service>` class names.
    #[serde(default)]
    pub services: Vec<String>,
    /// `<receiver>` class names.
    #[serde(default)]
    pub receivers: Vec<String>,
    /// `<provider>` class names.
    #[serde(default)]
    pub providers: Vec<String>,
    /// Intent-filter actions.
    #[serde(default)]
    pub actions: Vec<String>,
    /// `<meta-data>` names.
    #[serde(default)]
    pub meta_data: Vec<String>,
    /// `<meta-data>` names whose value is the SDK's version.
    #[serde(default)]
    pub version_meta_data: Vec<String>,
    /// Custom permissions; `${applicationId}` stands for the package name.
    #[serde(default)]
    pub permissions: Vec<String>,
}

/// Evidence in native libraries.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NativeEvidence {
    /// File names (`libjiagu.so`), or a regex after `re:`.
    #[serde(default)]
    pub libraries: Vec<String>,
    /// Prefixes of exported symbols (`Java_cn_jpush_`).
    #[serde(default)]
    pub symbols: Vec<String>,
}

/// Documented data collection: ids of `vocabulary/data-types.toml`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DataFacts {
    /// Collected types.
    pub types: Vec<String>,
    /// Those that the developer can switch off.
    #[serde(default)]
    pub optional: Vec<String>,
    /// Those that only older versions collected.
    #[serde(default)]
    pub historical: Vec<String>,
    /// What the facts rest on: `vendor-doc`, `third-party-policy`, …
    pub basis: String,
    /// A remark for the reader.
    #[serde(default)]
    pub note: String,
}

/// What the vendor asks of apps before the user has agreed to their privacy
/// policy. A call is `package.Class.method`, with `$` before an inner class and
/// `<init>` for a constructor; it stands for every overload.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ConsentFacts {
    /// Calls that start the SDK: the vendor wants them after the consent only.
    pub init: Vec<String>,
    /// Calls by which the app tells the SDK whether the user agreed, or opens
    /// and closes its collection. What an argument means is the note's to say.
    #[serde(default)]
    pub switch: Vec<String>,
    /// Calls that the vendor allows before the consent (prepared, not started).
    #[serde(default)]
    pub deferred: Vec<String>,
    /// The vendor's page that says so (https).
    pub source: String,
    /// What the vendor tells integrators to do, in one sentence of our own.
    #[serde(default)]
    pub note: String,
}

impl ConsentFacts {
    /// Every call it names, in the order of the fields.
    pub fn calls(&self) -> impl Iterator<Item = &str> {
        let lists = [&self.init, &self.switch, &self.deferred];
        lists.into_iter().flatten().map(String::as_str)
    }
}

/// Examples that a signature must (not) match: defined class names, component
/// names or native library file names.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Examples {
    /// Each must be evidence for this SDK.
    #[serde(default)]
    pub positive: Vec<String>,
    /// None may be evidence for this SDK.
    #[serde(default)]
    pub negative: Vec<String>,
}

/// One vendor: `sdk-signatures/<vendor>/vendor.toml`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Vendor {
    /// Stable id, the folder's name.
    pub id: String,
    /// Group name in English.
    pub name: Names,
    /// Legal names as registered.
    #[serde(default)]
    pub legal_names: Vec<String>,
    /// Short names as people write them.
    #[serde(default)]
    pub short_names: Vec<String>,
}

/// One personal-information type: `vocabulary/data-types.toml`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DataType {
    /// Stable id, such as `imei`.
    pub id: String,
    /// The broader type, empty for the root.
    #[serde(default)]
    pub parent: String,
    /// Chinese terms as policies write them.
    #[serde(default)]
    pub zh: Vec<String>,
    /// English terms.
    #[serde(default)]
    pub en: Vec<String>,
    /// Words that stand for it only as a whole item of a list of data.
    #[serde(default)]
    pub items: Vec<String>,
    /// Sensitive types gate as errors (contract, "Default levels").
    #[serde(default)]
    pub sensitive: bool,
    /// Full names of permissions that guard it.
    #[serde(default)]
    pub permissions: Vec<String>,
    /// `any`, `android` or `ios`.
    #[serde(default)]
    pub platform: String,
    /// A remark; `hypernym` marks a group.
    #[serde(default)]
    pub note: String,
}

/// One Android permission: `vocabulary/permissions.toml`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Permission {
    /// Full name.
    pub name: String,
    /// `dangerous`, `dangerous-other`, `special`, `normal`, `vendor`.
    pub category: String,
    /// AOSP protection level with flags.
    #[serde(default)]
    pub protection_level: String,
    /// Chinese names as policies write them.
    #[serde(default)]
    pub zh: Vec<String>,
    /// English names as policies write them.
    #[serde(default)]
    pub en: Vec<String>,
    /// Words that stand for it only as a whole item of a list of permissions
    /// (`相机、位置、存储等权限`).
    #[serde(default)]
    pub items: Vec<String>,
    /// Data types it guards.
    #[serde(default)]
    pub data_types: Vec<String>,
}

/// How policies speak of the purpose of an SDK category:
/// `vocabulary/purposes.toml`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Purpose {
    /// Category of signatures.
    pub category: String,
    /// Words that tell the category by themselves; `*` at the end of a Latin
    /// word stands for further letters.
    pub words: Vec<String>,
    /// Words that several categories share.
    #[serde(default)]
    pub hints: Vec<String>,
    /// Words that tell which member of a family a name stands for; they match
    /// anywhere.
    #[serde(default)]
    pub members: Vec<String>,
}

/// Everything below `sdk-signatures/`, as compiled into the binary.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Catalogue {
    /// Signatures, sorted by id, each with its file relative to the folder.
    pub signatures: Vec<(String, Signature)>,
    /// Vendors, sorted by id.
    pub vendors: Vec<Vendor>,
    /// The data-type vocabulary, in file order.
    pub data_types: Vec<DataType>,
    /// The permission vocabulary, sorted by name.
    pub permissions: Vec<Permission>,
    /// The words of purposes, in file order.
    pub purposes: Vec<Purpose>,
    /// What yields personal data, in file order.
    pub sources: Vec<Source>,
}

/// `vocabulary/purposes.toml`.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PurposeFile {
    /// `[[purpose]]` tables.
    pub purpose: Vec<Purpose>,
}

/// `vocabulary/data-types.toml`.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DataTypeFile {
    /// `[[data_type]]` tables.
    pub data_type: Vec<DataType>,
}

/// `vocabulary/permissions.toml`.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PermissionFile {
    /// `[[permission]]` tables.
    pub permission: Vec<Permission>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sdk::KnowledgeBase;

    /// A signature with a consent table of the given lines.
    fn with_consent(lines: &str) -> Result<Signature, toml::de::Error> {
        toml::from_str(&format!(
            "id = \"a\"\nname = {{}}\ncategory = \"push\"\n[consent]\n{lines}"
        ))
    }

    #[test]
    fn a_consent_fact_needs_init_and_source_and_knows_no_other_field() {
        let least = with_consent("init = [\"a.B.c\"]\nsource = \"https://a.example/\"\n");
        let facts = least.unwrap().consent.unwrap();
        assert_eq!(facts.calls().collect::<Vec<_>>(), ["a.B.c"]);
        assert!(facts.switch.is_empty() && facts.deferred.is_empty() && facts.note.is_empty());
        assert!(with_consent("source = \"https://a.example/\"\n").is_err());
        assert!(with_consent("init = []\n").is_err());
        let unknown = with_consent("init = []\nsource = \"\"\nswitches = []\n");
        assert!(unknown.unwrap_err().message().contains("switches"));
    }

    #[test]
    fn consent_facts_survive_the_file_and_the_embedded_form() {
        let mut seen = 0;
        for signature in KnowledgeBase::embedded().signatures() {
            if signature.consent.is_none() {
                continue;
            }
            let text = toml::to_string(signature).unwrap();
            assert_eq!(&toml::from_str::<Signature>(&text).unwrap(), signature);
            let blob = postcard::to_allocvec(signature).unwrap();
            assert_eq!(
                &postcard::from_bytes::<Signature>(&blob).unwrap(),
                signature
            );
            seen += 1;
        }
        assert!(seen >= 12, "{seen}");
    }

    #[test]
    fn the_base_tells_what_may_run_before_the_consent_from_what_may_not() {
        let base = KnowledgeBase::embedded();
        for id in [
            "jpush",
            "umeng-common",
            "getui",
            "mob-commons",
            "bugly",
            "amap",
        ] {
            let signature = base.signature(id).unwrap();
            assert!(signature.consent.is_some(), "{id}");
        }
        let umeng = base.signature("umeng-common").unwrap();
        let umeng = umeng.consent.as_ref().unwrap();
        assert_eq!(umeng.init, ["com.umeng.commonsdk.UMConfigure.init"]);
        assert_eq!(umeng.deferred, ["com.umeng.commonsdk.UMConfigure.preInit"]);
    }
}
