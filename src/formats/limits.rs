//! Every cap on what the input may make us do, in one place.
//!
//! Each constant says what it bounds and why that number: large enough for
//! every real app seen, small enough that a hostile file cannot exhaust the
//! machine. Reaching a cap is always said in the report.

/// Entries read from one zip central directory. The largest store apps carry
/// about 60,000.
pub const MAX_ZIP_ENTRIES: usize = 200_000;
/// Bytes one zip entry may inflate to.
pub const MAX_ENTRY_BYTES: usize = 512 << 20;
/// Bytes all entries of one package may inflate to, nested packages included.
pub const MAX_PACKAGE_INFLATED_BYTES: usize = 2 << 30;
/// Inflated bytes per compressed byte; deflate cannot exceed 1032.
pub const MAX_INFLATE_RATIO: usize = 1032;
/// Depth of packages inside packages.
pub const MAX_NESTING_DEPTH: usize = 3;
/// Nested packages scanned in one app.
pub const MAX_NESTED_PACKAGES: usize = 256;
/// Elements of one XML document (manifest); real ones stay below 20,000.
pub const MAX_XML_ELEMENTS: usize = 200_000;
/// Depth of one XML document.
pub const MAX_XML_DEPTH: usize = 256;
/// Attributes of one XML element.
pub const MAX_XML_ATTRIBUTES: usize = 4_096;
/// Strings of one AXML or ARSC string pool.
pub const MAX_POOL_STRINGS: usize = 4_000_000;
/// References followed when a resource names another resource.
pub const MAX_RESOURCE_REFERENCES: usize = 16;
/// Anomalies kept per decoder run; the rest are counted, not listed.
pub const MAX_ANOMALIES: usize = 200;
/// Bytes of one policy document; the longest real ones stay below 2 MB.
pub const MAX_POLICY_BYTES: usize = 32 << 20;
/// Bytes of visible text read from one policy, whatever its format inflates to.
pub const MAX_POLICY_TEXT: usize = 8 << 20;
/// Table cells read from one policy; real ones have a few thousand.
pub const MAX_POLICY_CELLS: usize = 200_000;
/// Columns one table row may be widened to by `colspan`, and rows a cell may be
/// repeated by `rowspan`; real lists have at most a dozen columns.
pub const MAX_POLICY_SPAN: usize = 64;
/// Pages read from one PDF policy.
pub const MAX_PDF_PAGES: usize = 500;
/// Bytes one PDF stream may inflate to.
pub const MAX_PDF_STREAM: usize = 16 << 20;
/// Text-showing operators read from one PDF.
pub const MAX_PDF_OPERATIONS: usize = 2_000_000;
/// Form XObjects inside form XObjects in a PDF page.
pub const MAX_PDF_FORM_DEPTH: usize = 4;
/// Bytes `word/document.xml` may inflate to.
pub const MAX_DOCX_XML: usize = 64 << 20;
/// Entries kept from one policy; the longest real list has a few hundred.
pub const MAX_POLICY_RECORDS: usize = 5_000;
/// Bytes of one quote; a longer passage is cut at its end.
pub const MAX_QUOTE_BYTES: usize = 2_000;
/// Bytes of one list item or record whose words are looked up; what follows is
/// running text, not an entry.
pub const MAX_ENTRY_TEXT: usize = 6_000;
/// Denials kept from one policy.
pub const MAX_DENIALS: usize = 200;
/// Depth of elements up to which an HTML policy is parsed as a tree (the HTML5
/// algorithm takes quadratic time beyond); real pages stay below 100.
pub const MAX_HTML_DEPTH: usize = 1_000;
