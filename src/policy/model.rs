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
    /// The date of the document as written; none when it gives none.
    pub date: Option<String>,
    /// What the document itself leaves open or contradicts.
    pub checks: Vec<PolicyCheck>,
    /// What the app declares for itself.
    pub first_party: FirstParty,
    /// Sentences that deny collection or sharing.
    pub denials: Vec<Denial>,
    /// What was odd (broken encoding, unreadable pages).
    pub anomalies: Vec<crate::formats::Anomaly>,
    /// What was not read.
    pub limits: Vec<crate::formats::Limit>,
}

impl PolicyDocument {
    /// A document that could not be read: shown as such, not left out.
    pub fn unreadable(path: String, message: String) -> Self {
        Self {
            limits: vec![crate::formats::Limit::analysis(
                "policy-unreadable",
                message,
                path.clone(),
            )],
            path,
            ..Self::default()
        }
    }
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
    /// The layout that the entry was read in.
    pub layout: Layout,
    /// How well the entry fits that layout.
    pub confidence: Confidence,
    /// The vendor as written, empty when not given.
    pub vendor_as_written: String,
    /// Android package names written in the entry, in order.
    pub packages: Vec<String>,
    /// Purposes as written.
    pub purposes: Vec<String>,
    /// SDK categories that the purposes speak of, best first.
    pub purpose_classes: Vec<String>,
    /// Data-type ids, in vocabulary order.
    pub data_types: Vec<String>,
    /// Each data type with the words that name it, in document order.
    pub data: Vec<DataMention>,
    /// Full Android permission names, sorted.
    pub permissions: Vec<String>,
    /// How data is handed over, as written (`SDK本机采集`); empty when not given.
    pub sharing_as_written: String,
    /// The privacy link of this entry.
    pub url: Option<String>,
    /// Platforms named for this entry; empty when the policy does not say.
    pub platforms: Vec<String>,
    /// The policy says that this SDK collects nothing.
    pub explicit_none: bool,
    /// Data or purpose are said to be found behind the link.
    pub deferred_to_link: bool,
    /// Required fields that the entry lacks (MIIT 2023-26: name with package,
    /// developer, data, purpose, link).
    pub missing: Vec<EntryField>,
    /// Where it stands.
    pub quote: Quote,
    /// Further places of the same document that speak of the same SDK.
    pub also: Vec<Quote>,
}

impl SdkRecord {
    /// Whether the entry counts for an Android package: no platform named, or
    /// Android among those named.
    pub fn applies_to_android(&self) -> bool {
        self.platforms.is_empty() || self.platforms.iter().any(|p| p == "android")
    }
}

/// A data type that an entry names.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct DataMention {
    /// Data-type id.
    pub data_type: String,
    /// The words that name it.
    pub as_written: String,
    /// Byte offsets of these words, as in [`Quote`].
    pub start: usize,
    /// Byte offset past the last byte.
    pub end: usize,
    /// How the words belong to the entry.
    pub basis: MentionBasis,
    /// The broader type whose enumeration names this one: `设备信息(IMEI、型号)`.
    pub within: Option<String>,
    /// Whether it stands for more than itself: `Open` for a broader term whose
    /// enumeration is open or missing, `Closed` for one that is enumerated to
    /// the end.
    pub extent: Extent,
    /// Collected only where the user or the app chooses so (`可选`, `optional`).
    pub optional: bool,
    /// Said to be read on the device only.
    pub local_only: bool,
    /// Platforms that the words are said of; empty when all.
    pub platforms: Vec<String>,
}

/// How the words that name a data type belong to an entry.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum MentionBasis {
    /// The entry itself names it.
    #[default]
    Listed,
    /// A definition of a term that the entry uses names it.
    Definition,
    /// A sentence about all entries of the list names it.
    Shared,
    /// The name of a permission implies it.
    Permission,
}

/// What a mention stands for beside itself.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Extent {
    /// A type of its own.
    #[default]
    Exact,
    /// A broader term that may stand for any type below it.
    Open,
    /// A broader term whose enumeration names all that it stands for.
    Closed,
}

/// The layout that an entry was read in.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Layout {
    /// A table with rows and columns.
    Grid,
    /// A table of keys and values for each entry.
    VerticalTable,
    /// A table from data types or purposes to SDKs.
    InvertedTable,
    /// A table written as text with tabs, bars or dashes.
    TextTable,
    /// A table flattened to one cell a line.
    CellPerLine,
    /// A table flattened to one line.
    RunOn,
    /// Lines of `key: value` below a name.
    KeyValue,
    /// Lines of a function and the names that serve it.
    Enumeration,
    /// Bulleted or numbered items that open with a name.
    Items,
    /// A heading with text below it.
    Titled,
    /// Sentences of running text.
    #[default]
    Sentence,
}

/// How sure a reading is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Confidence {
    /// A name and little else, in text that says little of its structure.
    Low,
    /// The layout is clear or the name is known.
    #[default]
    Medium,
    /// The layout is clear, and the fields hold what they should.
    High,
}

/// A field that rules ask of each entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum EntryField {
    /// The package name beside the SDK's name.
    Package,
    /// The developer.
    Vendor,
    /// Purpose, use or scene.
    Purpose,
    /// The personal information.
    DataTypes,
    /// The link to the SDK's own policy.
    Link,
}

impl EntryField {
    /// The fields in the order of reports.
    pub const ALL: [Self; 5] = [
        Self::Package,
        Self::Vendor,
        Self::Purpose,
        Self::DataTypes,
        Self::Link,
    ];

    /// The field in words.
    pub fn name(self) -> &'static str {
        match self {
            Self::Package => "package name",
            Self::Vendor => "developer",
            Self::Purpose => "purpose",
            Self::DataTypes => "data",
            Self::Link => "link",
        }
    }
}

/// Something that a document leaves open or contradicts.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct PolicyCheck {
    /// Stable code, such as `differing-entries`.
    pub code: String,
    /// What was seen, in words.
    pub message: String,
    /// The entry as written; empty when it is about the document.
    pub sdk: String,
    /// Where.
    pub quote: Option<Quote>,
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
    /// The line of the first byte, from 1; 0 when it was not counted.
    pub line: usize,
}

/// Types and permissions that the policy declares for the app itself.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct FirstParty {
    /// Data-type ids, in vocabulary order.
    pub data_types: Vec<String>,
    /// Full permission names, sorted.
    pub permissions: Vec<String>,
    /// For each of them, in the same order, the first passage that declares it.
    pub declared: Vec<Declaration>,
}

/// A passage that declares a data type or a permission for the app itself.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Declaration {
    /// Data-type id or full permission name.
    pub what: String,
    /// The passage.
    pub quote: Quote,
}

/// A sentence that denies something.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Denial {
    /// The sentence.
    pub text: String,
    /// Byte offset of the sentence, as in [`Quote`].
    pub start: usize,
    /// Byte offset past its last byte.
    pub end: usize,
    /// The line of the first byte, as in [`Quote`].
    pub line: usize,
    /// Data-type ids it names.
    pub data_types: Vec<String>,
    /// `absolute`, `sdk`, `conditional`, `limited` or `boilerplate`.
    pub scope: String,
}
