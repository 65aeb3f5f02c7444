//! What a policy discloses, as plain data (contract, "JSON: `policy`").

use serde::Serialize;

/// One document as read.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct PolicyDocument {
    /// Path as given.
    pub path: String,
    /// How it was decoded.
    pub format: DocumentFormat,
    /// `zh` or `en`.
    pub language: String,
    /// How third-party SDKs are disclosed at all.
    pub disclosure_form: DisclosureForm,
    /// Links to SDK lists that the document refers to.
    pub links: Vec<String>,
    /// Disclosed SDKs, in document order.
    pub sdks: Vec<SdkRecord>,
    /// What the app declares for itself.
    pub first_party: FirstParty,
    /// Sentences that deny collection or sharing.
    pub denials: Vec<Denial>,
    /// What was odd (broken encoding, unreadable pages).
    pub anomalies: Vec<crate::formats::Anomaly>,
    /// What was not read.
    pub limits: Vec<crate::formats::Limit>,
}

/// The file format of a policy.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum DocumentFormat {
    /// Plain text.
    #[default]
    Text,
    /// HTML.
    Html,
    /// Markdown, possibly with HTML inside.
    Markdown,
    /// Office Open XML word document.
    Docx,
    /// PDF.
    Pdf,
}

/// How a policy discloses SDKs.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum DisclosureForm {
    /// A list in the text.
    Inline,
    /// A list in the text and a link to a fuller one.
    #[serde(rename = "inline+link")]
    InlineLink,
    /// The document is itself the list.
    StandaloneList,
    /// Only a link to a list.
    LinkedOnly,
    /// A template whose fields were never filled in.
    TemplateUnfilled,
    /// Only a general sentence about partners or SDKs.
    GenericMention,
    /// Nothing.
    #[default]
    None,
}

/// One disclosed SDK.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct SdkRecord {
    /// The name as the policy writes it.
    pub as_written: String,
    /// The signature it was resolved to.
    pub id: Option<String>,
    /// Signatures the name may stand for, best first, at most five.
    pub candidates: Vec<String>,
    /// What the id or the candidates rest on.
    #[serde(rename = "match")]
    pub matched_by: Option<MatchedBy>,
    /// The vendor as written, empty when not given.
    pub vendor_as_written: String,
    /// Purposes as written.
    pub purposes: Vec<String>,
    /// Data-type ids, in vocabulary order.
    pub data_types: Vec<String>,
    /// Full Android permission names, sorted.
    pub permissions: Vec<String>,
    /// The privacy link of this entry.
    pub url: Option<String>,
    /// Platforms named for this entry; empty when the policy does not say.
    pub platforms: Vec<String>,
    /// The policy says that this SDK collects nothing.
    pub explicit_none: bool,
    /// Data or purpose are said to be found behind the link.
    pub deferred_to_link: bool,
    /// Where it stands.
    pub quote: Quote,
}

impl SdkRecord {
    /// Whether the entry counts for an Android package: no platform named, or
    /// Android among those named.
    pub fn applies_to_android(&self) -> bool {
        self.platforms.is_empty() || self.platforms.iter().any(|p| p == "android")
    }
}

/// What an identification rests on, strongest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum MatchedBy {
    /// A product name.
    Name,
    /// A package name in the entry.
    Package,
    /// The host of the entry's link.
    Url,
    /// A family name, resolved by purpose or neighbours.
    Family,
    /// A company name only.
    Vendor,
}

/// A passage of the document.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Quote {
    /// The words as written.
    pub text: String,
    /// Byte offset of the first byte in the decoded file (text, Markdown,
    /// HTML) or in the extracted text (DOCX, PDF).
    pub start: usize,
    /// Byte offset past the last byte.
    pub end: usize,
}

/// Types and permissions that the policy declares for the app itself.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct FirstParty {
    /// Data-type ids, in vocabulary order.
    pub data_types: Vec<String>,
    /// Full permission names, sorted.
    pub permissions: Vec<String>,
}

/// A sentence that denies something.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Denial {
    /// The sentence.
    pub text: String,
    /// Data-type ids it names.
    pub data_types: Vec<String>,
    /// `absolute`, `sdk`, `conditional`, `limited` or `boilerplate`.
    pub scope: String,
}
