//! Every cap on what the input may make us do, in one place.
//!
//! Each constant says what it bounds and why that number: large enough for
//! every real app seen, small enough that a hostile file cannot exhaust the
//! machine. Reaching a cap is always said in the report.

/// Entries read from one zip central directory. The largest store apps carry
/// about 60,000.
pub const MAX_ZIP_ENTRIES: usize = 200_000;
/// Bytes one zip entry may inflate to. The largest dex containers and native
/// libraries stay below 200 MB.
pub const MAX_ENTRY_BYTES: usize = 256 << 20;
/// Bytes all entries of one package may inflate to, nested packages included:
/// code is kept in memory while an app is scanned. The largest apps carry about
/// 250 MB of dex.
pub const MAX_PACKAGE_INFLATED_BYTES: usize = 768 << 20;
/// Inflated bytes per compressed byte; deflate cannot exceed 1032.
pub const MAX_INFLATE_RATIO: usize = 1032;
/// Inflated bytes per byte of the package that are within reason: real packages
/// stay below 5. A package may always inflate to [`MIN_PACKAGE_INFLATED_BYTES`].
pub const MAX_PACKAGE_RATIO: usize = 64;
/// Inflated bytes that even the smallest package may reach.
pub const MIN_PACKAGE_INFLATED_BYTES: usize = 64 << 20;
/// Bytes of a class descriptor that are looked at; the longest seen in real apps
/// is below 300. Names may overlap in the file, so a small file could hold
/// thousands of huge ones.
pub const MAX_CLASS_NAME_BYTES: usize = 2_048;
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
/// Entries that one aggregated anomaly names; the rest are only counted.
pub const MAX_ANOMALY_EXAMPLES: usize = 5;
/// Bytes of text decoded from one binary XML document. A string pool is shared,
/// so a few bytes of attribute can name a megabyte of text; real manifests
/// decode to less than 4 MB.
pub const MAX_XML_TEXT_BYTES: usize = 64 << 20;
/// Type chunks (one per type and configuration) read from one resource table.
/// The largest store apps carry about 15,000.
pub const MAX_RESOURCE_TYPE_CHUNKS: usize = 65_536;
/// Configurations looked at for one resource; beyond it the lookup gives up.
pub const MAX_RESOURCE_CONFIGURATIONS: usize = 4_096;
/// Entries read from one protobuf resource table; the largest store apps have
/// about 150,000.
pub const MAX_PROTO_RESOURCES: usize = 2_000_000;
/// Resource lookups made for one manifest; real ones need a few hundred.
pub const MAX_MANIFEST_LOOKUPS: usize = 20_000;
/// Bytes of text that the lookups of one manifest may bring in.
pub const MAX_MANIFEST_LOOKUP_BYTES: usize = 16 << 20;
/// Bytes of a package name that is still put before relative class names;
/// Android itself stops at 223 (`FrameworkParsingPackageUtils.validateName`).
pub const MAX_PACKAGE_NAME_BYTES: usize = 1_024;
/// Logical dex files read from one version 041 container. The largest apps
/// have about 60 dex files; each may point at all of the container's data, so
/// the product bounds the work.
pub const MAX_DEX_PER_CONTAINER: usize = 256;
/// Bytes of dex items a walk may visit per byte of dex file present. Items may
/// be shared (identical code is stored once), which stays below 2 in practice;
/// a file whose classes all point at the same data exceeds any factor.
pub const DEX_WALK_FACTOR: u64 = 8;
/// Bytes of dex items any walk may visit, however small the file.
pub const DEX_WALK_FLOOR: u64 = 1 << 20;
/// Annotations of one method that are looked at; real ones have up to a dozen.
pub const MAX_METHOD_ANNOTATIONS: usize = 32;
/// Parameters printed of one method signature: the most the Java language and
/// the `/range` instructions allow.
pub const MAX_DEX_PARAMETERS: usize = 255;
/// Bytes of one printed method signature; real ones stay below 4 KiB.
pub const MAX_DEX_SIGNATURE_BYTES: usize = 64 << 10;
/// Nesting of arrays and annotations inside one encoded value; compilers write
/// at most three.
pub const MAX_DEX_VALUE_DEPTH: usize = 16;
/// Signers read per signature scheme; `apksig` accepts 10.
pub const MAX_SIGNERS: usize = 32;
/// Bytes of one v1 signature file; real ones stay below 20 kB.
pub const MAX_SIGNATURE_FILE_BYTES: usize = 1 << 20;
/// Depth of ASN.1 elements of indefinite length inside each other.
pub const MAX_ASN1_DEPTH: usize = 16;
/// Dynamic symbols read from one native library; Chromium's has 30,000.
pub const MAX_ELF_SYMBOLS: usize = 1_000_000;
/// Bytes of one symbol or library name; C++ names reach some thousands.
pub const MAX_SYMBOL_NAME_BYTES: usize = 8_192;
/// Bytes of all symbol names of one native library: names may overlap, so the
/// file size does not bound them.
pub const MAX_ELF_NAME_BYTES: usize = 64 << 20;
/// Notes looked through for the build id; real libraries have three.
pub const MAX_ELF_NOTES: usize = 256;
/// Shortest printable run that counts as a string in a native library.
pub const MIN_RODATA_STRING: usize = 6;
/// Attributes of one whole XML document; real manifests stay below 30,000.
pub const MAX_XML_DOCUMENT_ATTRIBUTES: usize = 500_000;
/// Namespace prefixes in force at one place of a text XML document.
pub const MAX_XML_NAMESPACES: usize = 64;
/// Bytes of a namespace URI in text XML; each attribute of it carries a copy.
pub const MAX_XML_NAMESPACE_BYTES: usize = 1_024;
/// Extra fields looked at in one zip record; real ones have fewer than ten.
/// Records that overlap could make the same fields count many times.
pub const MAX_EXTRA_FIELDS: usize = 256;
/// Bytes of one policy document; the longest real ones stay below 2 MB.
pub const MAX_POLICY_BYTES: usize = 32 << 20;
/// Bytes of visible text read from one policy, whatever its format inflates to.
pub const MAX_POLICY_TEXT: usize = 8 << 20;
/// Bytes of a Markdown policy given to its parser, which keeps up to 70 bytes for
/// each.
pub const MAX_MARKDOWN: usize = 5 << 20;
/// Table cells read from one policy; real ones have a few thousand.
pub const MAX_POLICY_CELLS: usize = 200_000;
/// Tables inside cells of tables; pages made of layout tables nest five or six.
pub const MAX_POLICY_TABLE_DEPTH: usize = 12;
/// Columns one table row may be widened to by `colspan`, and rows a cell may be
/// repeated by `rowspan`; real lists have at most a dozen columns.
pub const MAX_POLICY_SPAN: usize = 64;
/// Objects of a PDF that is read at all, counted by where one may begin; a
/// parsed one takes about a hundred bytes. Files of several hundred pages have
/// less than a million.
pub const MAX_PDF_OBJECTS: usize = 8_000_000;
/// Pages read from one PDF policy.
pub const MAX_PDF_PAGES: usize = 500;
/// Bytes one PDF stream may inflate to, and the content of one page may have;
/// pages of text have less than 200 kB.
pub const MAX_PDF_STREAM: usize = 8 << 20;
/// Bytes that content, forms and character maps of one PDF may inflate to, each
/// use counted; a policy of a hundred pages has about 10 MB.
pub const MAX_PDF_INFLATED: usize = 128 << 20;
/// Operators, shown strings and codes of fonts read from one PDF.
pub const MAX_PDF_OPERATIONS: usize = 2_000_000;
/// Bytes of text that the pages of one PDF may show, what is drawn twice counted
/// twice.
pub const MAX_PDF_TEXT: usize = 2 * MAX_POLICY_TEXT;
/// Runs of characters kept from one PDF page; a page whose characters are placed
/// one by one has about 3,000.
pub const MAX_PDF_PIECES: usize = 100_000;
/// Codes read from one character map or width list of a PDF font; a font has
/// at most 65,536 glyphs.
pub const MAX_CMAP_ENTRIES: usize = 200_000;
/// UTF-16 units that one code of a PDF font may stand for; ligatures and
/// composed characters have up to eight.
pub const MAX_CMAP_TARGET: usize = 32;
/// Code spaces of one character map of a PDF font; real ones have up to four.
pub const MAX_CMAP_SPACES: usize = 64;
/// Ruled lines of one PDF page from which tables are found. Dense tables draw
/// some hundreds.
pub const MAX_PDF_RULES: usize = 2_000;
/// Columns of a PDF table that is told by its gutters.
pub const MAX_PDF_COLUMNS: usize = 64;
/// Parts of lines looked at for tables without rules, over all pages of one PDF;
/// a policy of a hundred pages needs less than a million.
pub const MAX_PDF_TABLE_STEPS: usize = 10_000_000;
/// Form XObjects inside form XObjects in a PDF page.
pub const MAX_PDF_FORM_DEPTH: usize = 4;
/// Bytes one part of a DOCX file may inflate to.
pub const MAX_DOCX_XML: usize = 64 << 20;
/// Relations read of one DOCX part; each link is one.
pub const MAX_DOCX_RELATIONS: usize = 100_000;
/// Entries kept from one policy; the longest real list has a few hundred.
pub const MAX_POLICY_RECORDS: usize = 5_000;
/// Bytes of one quote; a longer passage is cut at its end.
pub const MAX_QUOTE_BYTES: usize = 2_000;
/// Bytes of one list item or record whose words are looked up; what follows is
/// running text, not an entry.
pub const MAX_ENTRY_TEXT: usize = 6_000;
/// Data types read of one entry, each place counted; real ones name up to a
/// hundred.
pub const MAX_ENTRY_MENTIONS: usize = 1_000;
/// Denials kept from one policy.
pub const MAX_DENIALS: usize = 200;
/// Checks of one code told of one policy.
pub const MAX_CHECKS_PER_CODE: usize = 100;
/// Depth of elements up to which an HTML policy is parsed as a tree (the HTML5
/// algorithm takes quadratic time beyond); real pages stay below 100.
pub const MAX_HTML_DEPTH: usize = 1_000;
/// Nodes of the tree of an HTML policy, about 200 bytes for each; a page with
/// 200,000 is a very large one.
pub const MAX_HTML_NODES: usize = 1_500_000;
/// Attributes of one tag of an HTML policy that is parsed as a tree (each is
/// compared with all before it).
pub const MAX_HTML_ATTRIBUTES: usize = 256;
/// URLs kept of one native library; Chromium's holds some thousands.
pub const MAX_LIBRARY_URLS: usize = 4_096;
/// Longest string of a native library that is taken for a URL.
pub const MAX_LIBRARY_URL_BYTES: usize = 512;
/// Supertypes looked at of one class; deep hierarchies of real apps have about
/// 40, and a hostile one may be a circle.
pub const MAX_SUPERTYPE_STEPS: usize = 256;
/// Methods with more possible targets than this are taken to be called where an
/// object is made, not by everyone who calls the interface: beyond some dozens
/// (`Function0.invoke`, `Observer.onNext`) the caller says nothing.
pub const MAX_FAN_OUT: usize = 64;
/// Classes, methods and supertypes looked at for calls that depend on the
/// receiver and for callbacks, over a whole app; an app of 60 MB of dex needs
/// some ten million.
pub const MAX_HIERARCHY_STEPS: u64 = 60_000_000;
/// Bytes of a method's name and prototype behind which no parameter is shown;
/// the longest of real apps have some hundreds.
pub const MAX_METHOD_TEXT_BYTES: usize = 4_096;
/// Call sites of accesses kept for one app, one for each owner that answers; an
/// app of 60 MB of dex has 30,000.
pub const MAX_ACCESS_SITES: usize = 500_000;
/// Methods shown of one path from an entry point.
pub const MAX_PATH_METHODS: usize = 64;
/// Calls inside shared code between an owner's method and the read it answers
/// for: helpers (device ids, HTTP stacks) need two to four; behind more calls
/// nearly every owner reaches nearly everything.
pub const MAX_CHAIN_CALLS: usize = 6;
/// Methods of shared code looked through for the callers of one read.
pub const MAX_CHAIN_METHODS: usize = 5_000;
/// Callers looked at for all reads of shared code of one app; large apps need
/// some hundred thousand.
pub const MAX_CHAIN_STEPS: usize = 5_000_000;
/// Calls looked into for constants that are parameters, over a whole app; large
/// apps need some ten thousand.
pub const MAX_KEY_SEARCHES: usize = 200_000;
/// Bytes of the texts of references that are sources, of one dex file; real ones
/// need less than 1 MB.
pub const MAX_SOURCE_TEXT_BYTES: usize = 32 << 20;
/// Calls up from a call whose constant is a parameter of the method that makes
/// it: helpers stand one or two calls deep.
pub const MAX_KEY_CALLS: usize = 3;
/// Classes taken for those that a suffix put behind a name means; apps have some
/// hundred generated ones of a kind.
pub const MAX_SUFFIX_CLASSES: usize = 2_048;
/// Constants that are parameters looked at in calls of their methods, over a
/// whole app; large apps need some ten thousand.
pub const MAX_KEY_DECISIONS: usize = 1_000_000;
/// UTF-16 units and numbers of arguments and results of interpreted calls that
/// are remembered.
pub const MAX_REMEMBERED: usize = 2 << 20;
/// Class constants taken from the annotations of one class.
pub const MAX_ANNOTATED_CLASSES: usize = 64;
/// Different suffixes by which classes are looked for; apps have a handful.
pub const MAX_CLASS_SUFFIXES: usize = 64;
/// Methods and classes that reflection with known names reaches, over a whole app.
pub const MAX_REFLECTIVE_EDGES: usize = 1_000_000;
/// Callers of one such method that are looked into.
pub const MAX_KEY_CALLERS: usize = 256;
/// Names (properties, paths, commands, classes, members) kept of one native
/// library; one of 7 MB that is full of word lists has 27,000, others some hundreds.
pub const MAX_LIBRARY_TEXTS: usize = 65_536;
/// Longest string of a native library that is taken for a name; a path or a
/// method prototype with several classes stays below.
pub const MAX_LIBRARY_TEXT_BYTES: usize = 256;
/// Words of a string of a native library that is taken for a command line;
/// longer ones are sentences.
pub const MAX_LIBRARY_TEXT_WORDS: usize = 8;
/// Bytes of symbols, URLs and names kept of all native libraries of one app. A
/// small file can hold many of them, and symbol names may overlap; a library of
/// 7 MB has 1.6 MB, an app with a browser engine for four kinds of processor
/// about 40 MB.
pub const MAX_APP_LIBRARY_NAME_BYTES: usize = 256 << 20;
/// Bytes that the XML resources of one app may inflate to when names are looked
/// for in them; the largest apps have some tens of thousands of 3 kB.
pub const MAX_RESOURCE_XML_BYTES: usize = 192 << 20;
/// Bytes of names kept of the XML resources of one app; an app has some
/// thousands of names.
pub const MAX_RESOURCE_XML_NAME_BYTES: usize = 16 << 20;
/// Values kept of what may reach one register or argument; the rest are told
/// as unknown. Choices in real code (a path per Android version) have up to
/// four.
pub const MAX_VALUES: usize = 8;
/// Elements of an array whose contents are followed through a method; commands
/// have a handful, encrypted strings some hundreds.
pub const MAX_LIST: usize = 1_024;
/// Bytes of one text that is put together while constants are followed.
pub const MAX_TEXT_BYTES: usize = 16 << 10;
/// Instructions of a method whose constants are followed; the largest methods
/// that are no tables have about 10,000.
pub const MAX_FLOW_INSTRUCTIONS: usize = 40_000;
/// Jumps, cases and handlers of such a method.
pub const MAX_FLOW_EDGES: usize = 20_000;
/// Registers times blocks of such a method: 16 bytes are kept for each.
pub const MAX_FLOW_CELLS: usize = 1 << 20;
/// Times that a block is followed on average until the method is given up.
/// Values are widened after [`MAX_PRECISE_VISITS`], which ends loops early.
pub const MAX_FLOW_ROUNDS: usize = 32;
/// Times a block is followed before what changes from one time to the next is
/// taken to be unknown.
pub const MAX_PRECISE_VISITS: u8 = 4;
/// Work on following constants, over a whole app: one step is a register of a
/// state that is copied or joined, and a byte of code sixteen. An app of 60 MB
/// of dex needs some hundred million.
pub const MAX_FLOW_STEPS: u64 = 2_000_000_000;
/// Initialisers followed inside one another for what their static fields hold.
pub const MAX_FIELD_DEPTH: usize = 3;
/// Steps (instructions, elements allocated, texts read) of one call that is
/// interpreted; decrypting a string takes some thousands.
pub const MAX_INTERPRETED_STEPS: u64 = 100_000;
/// Steps of all interpreted calls of one app; about 50 ms.
pub const MAX_APP_STEPS: u64 = 4_000_000;
/// Calls inside calls that are interpreted.
pub const MAX_CALL_DEPTH: usize = 8;
/// UTF-16 units of one interpreted text.
pub const MAX_INTERPRETED_TEXT: usize = 1 << 16;
/// Class initialisers that one interpreted call may need first.
pub const MAX_INITIALISERS: usize = 8;
