//! The compiled form of a [`KnowledgeBase`]: which signature does a class, a
//! component, a library or a host speak for?
//!
//! A [`Matcher`] is built once, immutable, and shared between threads; it
//! borrows its keys from the base. Look-ups allocate nothing. What the answers
//! prove is the detector's business, not this file's.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};
use std::sync::OnceLock;

use regex::RegexSet;

use super::base::KnowledgeBase;
use super::schema::Signature;

/// Position of a signature in [`KnowledgeBase::signatures`].
pub type SignatureIndex = u32;

/// Marks a pattern among exact names.
pub const PATTERN_MARK: &str = "re:";

/// Stands for the app's package name in manifest evidence.
pub const APPLICATION_ID: &str = "${applicationId}";

/// Who owns the classes below a package prefix.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Owner<'m> {
    /// The prefix that matched, the longest there is.
    pub prefix: &'m str,
    /// The owning signature; of a shared prefix the first claimant by id.
    pub signature: SignatureIndex,
    /// False when siblings share the prefix: it proves no single product.
    pub exclusive: bool,
    /// Every signature that claims the prefix, in the order of ids.
    pub claimants: &'m [SignatureIndex],
}

/// The kinds of manifest components, as the four component elements.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ComponentClass {
    /// `<activity>` and `<activity-alias>`.
    Activity,
    /// `<service>`.
    Service,
    /// `<receiver>`.
    Receiver,
    /// `<provider>`.
    Provider,
}

/// All look-ups over one base.
#[derive(Debug)]
pub struct Matcher<'k> {
    prefixes: HashMap<&'k str, PrefixClaim, Quick>,
    /// Length of the longest prefix. Nothing longer is hashed, so that a name
    /// of a hundred thousand dots costs no more than its length.
    longest_prefix: usize,
    classes: Table<'k>,
    suffixes: Table<'k>,
    version_fields: Table<'k>,
    components: [Table<'k>; 4],
    actions: Table<'k>,
    meta_data: Table<'k>,
    version_meta_data: Table<'k>,
    permissions: Table<'k>,
    libraries: Table<'k>,
    symbols: Table<'k>,
    assets: Table<'k>,
    strings: Table<'k>,
    hosts: Table<'k>,
}

impl<'k> Matcher<'k> {
    /// Compiles every signature of a base. A pattern that is no regular
    /// expression never matches; `signatures check` reports it.
    pub fn compile(base: &'k KnowledgeBase) -> Self {
        let mut matcher = Self::with_capacity(base.signatures().len());
        for (index, signature) in base.signatures().enumerate() {
            matcher.add(index as SignatureIndex, signature);
        }
        matcher
    }

    fn with_capacity(signatures: usize) -> Self {
        Self {
            prefixes: HashMap::with_capacity_and_hasher(signatures * 2, Quick::default()),
            longest_prefix: 0,
            classes: Table::default(),
            suffixes: Table::default(),
            version_fields: Table::default(),
            components: Default::default(),
            actions: Table::default(),
            meta_data: Table::default(),
            version_meta_data: Table::default(),
            permissions: Table::default(),
            libraries: Table::default(),
            symbols: Table::default(),
            assets: Table::default(),
            strings: Table::default(),
            hosts: Table::default(),
        }
    }

    fn add(&mut self, index: SignatureIndex, signature: &'k Signature) {
        let code = &signature.code;
        for prefix in &code.prefixes {
            let shared = code.shared_prefixes.contains(prefix);
            self.claim_prefix(prefix, index, !shared);
        }
        for prefix in &code.shared_prefixes {
            self.claim_prefix(prefix, index, false);
        }
        self.classes.add_exact(&code.classes, index);
        self.suffixes.add_exact(&code.suffixes, index);
        self.version_fields.add_exact(&code.version_fields, index);
        let manifest = &signature.manifest;
        let kinds = [
            &manifest.activities,
            &manifest.services,
            &manifest.receivers,
            &manifest.providers,
        ];
        for (table, names) in self.components.iter_mut().zip(kinds) {
            table.add(names, index);
        }
        self.actions.add(&manifest.actions, index);
        self.meta_data.add(&manifest.meta_data, index);
        self.version_meta_data
            .add(&manifest.version_meta_data, index);
        self.permissions.add(&manifest.permissions, index);
        self.libraries.add(&signature.native.libraries, index);
        for symbol in &signature.native.symbols {
            self.symbols.insert(symbol.trim_end_matches('_'), index);
        }
        self.assets.add(&signature.assets, index);
        self.strings.add_exact(&signature.strings, index);
        self.hosts.add_exact(&signature.hosts, index);
    }

    fn claim_prefix(&mut self, prefix: &'k str, index: SignatureIndex, exclusive: bool) {
        self.longest_prefix = self.longest_prefix.max(prefix.len());
        let claim = self.prefixes.entry(prefix).or_default();
        claim.claimants.push(index);
        // A supplement may repeat a prefix of the entry that it extends.
        let again = claim.owners > 0 && claim.owner == index;
        if exclusive && !again {
            claim.owners = claim.owners.saturating_add(1);
            if claim.owners == 1 {
                claim.owner = index;
            }
        }
    }

    /// The owner of a class, by the longest package prefix that ends where a
    /// package or an outer class ends. `dotted` is `cn.jpush.android.api.A$b`.
    pub fn owner_of_class(&self, dotted: &str) -> Option<Owner<'_>> {
        boundaries(dotted, ['.', '$']).find_map(|name| self.owner_of_prefix(name))
    }

    /// The owner of exactly this prefix.
    pub fn owner_of_prefix(&self, prefix: &str) -> Option<Owner<'_>> {
        if prefix.len() > self.longest_prefix {
            return None;
        }
        let (prefix, claim) = self.prefixes.get_key_value(prefix)?;
        let exclusive = claim.owners == 1;
        let first = claim.claimants.slice().first().copied()?;
        Some(Owner {
            prefix,
            signature: if exclusive { claim.owner } else { first },
            exclusive,
            claimants: claim.claimants.slice(),
        })
    }

    /// Signatures of which this class (dotted) is a marker.
    pub fn marker_class(&self, dotted: &str) -> &[SignatureIndex] {
        self.classes.exact(dotted)
    }

    /// Signatures whose classes lie below the app's own package, such as
    /// `.wxapi.WXEntryActivity`: every dotted tail of `dotted` is tried.
    pub fn class_suffix(&self, dotted: &str) -> &[SignatureIndex] {
        dotted
            .match_indices('.')
            .filter_map(|(at, _)| dotted.get(at..))
            .map(|tail| self.suffixes.exact(tail))
            .find(|hits| !hits.is_empty())
            .unwrap_or_default()
    }

    /// Version fields as `package.Class.FIELD` with their signatures, in no
    /// particular order.
    pub fn version_fields(&self) -> impl Iterator<Item = (&'k str, &[SignatureIndex])> {
        self.version_fields
            .exact
            .iter()
            .map(|(name, hits)| (*name, hits.slice()))
    }

    /// Signatures that declare this component. `package` is the app's, which
    /// `${applicationId}` stands for.
    pub fn component<'m>(
        &'m self,
        class: ComponentClass,
        name: &'m str,
        package: &'m str,
    ) -> impl Iterator<Item = SignatureIndex> + 'm {
        let [activities, services, receivers, providers] = &self.components;
        let table = match class {
            ComponentClass::Activity => activities,
            ComponentClass::Service => services,
            ComponentClass::Receiver => receivers,
            ComponentClass::Provider => providers,
        };
        table.find_in_app(name, package)
    }

    /// Signatures that answer to this intent-filter action.
    pub fn action<'m>(
        &'m self,
        name: &'m str,
        package: &'m str,
    ) -> impl Iterator<Item = SignatureIndex> + 'm {
        self.actions.find_in_app(name, package)
    }

    /// Signatures that read this `<meta-data>` name.
    pub fn meta_data<'m>(
        &'m self,
        name: &'m str,
        package: &'m str,
    ) -> impl Iterator<Item = SignatureIndex> + 'm {
        self.meta_data.find_in_app(name, package)
    }

    /// Signatures whose version is the value of this `<meta-data>` name.
    pub fn version_meta_data<'m>(
        &'m self,
        name: &'m str,
        package: &'m str,
    ) -> impl Iterator<Item = SignatureIndex> + 'm {
        self.version_meta_data.find_in_app(name, package)
    }

    /// Signatures that define or use this custom permission.
    pub fn permission<'m>(
        &'m self,
        name: &'m str,
        package: &'m str,
    ) -> impl Iterator<Item = SignatureIndex> + 'm {
        self.permissions.find_in_app(name, package)
    }

    /// Signatures that ship this native library (`libjiagu.so`, no folder).
    pub fn native_library<'m>(
        &'m self,
        file_name: &'m str,
    ) -> impl Iterator<Item = SignatureIndex> + 'm {
        self.libraries.find(file_name)
    }

    /// Signatures that an exported symbol speaks for, by the longest listed
    /// prefix that ends at an underscore.
    pub fn symbol(&self, symbol: &str) -> &[SignatureIndex] {
        if self.symbols.exact.is_empty() {
            return &[];
        }
        boundaries(symbol, ['_', '_'])
            .map(|name| self.symbols.exact(name))
            .find(|hits| !hits.is_empty())
            .unwrap_or_default()
    }

    /// The owner of the class that a JNI export (`Java_cn_jpush_…_method`)
    /// implements. `buffer` is scratch space and holds the class and method
    /// name afterwards, dotted. Overloads (`__`) and the escapes `_1`, `_2`,
    /// `_3` are undone (JNI specification, "Resolving Native Method Names").
    pub fn owner_of_symbol(&self, symbol: &str, buffer: &mut String) -> Option<Owner<'_>> {
        demangle_jni(symbol, buffer)?;
        self.owner_of_class(buffer)
    }

    /// Signatures that ship this asset; `path` is below `assets/`.
    pub fn asset<'m>(&'m self, path: &'m str) -> impl Iterator<Item = SignatureIndex> + 'm {
        self.assets.find(path)
    }

    /// Whether any signature lists string constants.
    pub fn has_strings(&self) -> bool {
        !self.strings.exact.is_empty()
    }

    /// Signatures whose code contains exactly this string constant.
    pub fn string(&self, text: &str) -> &[SignatureIndex] {
        self.strings.exact(text)
    }

    /// Signatures that talk to this lower-case host or a parent domain of it;
    /// the longest listed one wins.
    pub fn host(&self, host: &str) -> &[SignatureIndex] {
        let mut rest = Some(host);
        while let Some(name) = rest {
            let hits = self.hosts.exact(name);
            if !hits.is_empty() {
                return hits;
            }
            rest = name.split_once('.').map(|(_, parent)| parent);
        }
        &[]
    }
}

/// `name` and its parts up to each separator, longest first.
fn boundaries(name: &str, separators: [char; 2]) -> impl Iterator<Item = &str> {
    std::iter::successors(Some(name), move |rest| {
        rest.rfind(separators).and_then(|at| rest.get(..at))
    })
}

/// Writes `cn.jpush.android.A.method` for `Java_cn_jpush_android_A_method`;
/// `None` when the symbol is no JNI name.
fn demangle_jni(symbol: &str, buffer: &mut String) -> Option<()> {
    let mangled = symbol.strip_prefix("Java_")?;
    let mangled = mangled.split("__").next()?;
    buffer.clear();
    let mut letters = mangled.chars();
    while let Some(letter) = letters.next() {
        if letter != '_' {
            buffer.push(letter);
            continue;
        }
        let mut after = letters.clone();
        match after.next() {
            Some('1') => buffer.push('_'),
            Some('2') => buffer.push(';'),
            Some('3') => buffer.push('['),
            Some('0') => {
                let digits = letters.as_str().get(1..5)?;
                let code = u32::from_str_radix(digits, 16).ok()?;
                buffer.push(char::from_u32(code)?);
                letters = letters.as_str().get(5..)?.chars();
                continue;
            }
            _ => {
                buffer.push('.');
                continue;
            }
        }
        letters = after;
    }
    Some(())
}

/// Who claims one prefix.
#[derive(Debug, Default)]
struct PrefixClaim {
    claimants: Hits,
    /// How many claim it for themselves alone; more than one is a fault.
    owners: u8,
    owner: SignatureIndex,
}

/// The signatures behind one key; nearly always one.
#[derive(Debug, Default)]
enum Hits {
    #[default]
    None,
    One(SignatureIndex),
    Many(Vec<SignatureIndex>),
}

impl Hits {
    fn push(&mut self, index: SignatureIndex) {
        match self {
            Self::None => *self = Self::One(index),
            Self::One(one) if *one == index => {}
            Self::One(one) => *self = Self::Many(vec![*one, index]),
            Self::Many(many) if many.last() == Some(&index) => {}
            Self::Many(many) => many.push(index),
        }
    }

    fn slice(&self) -> &[SignatureIndex] {
        match self {
            Self::None => &[],
            Self::One(one) => std::slice::from_ref(one),
            Self::Many(many) => many,
        }
    }
}

/// Names of one kind of evidence.
#[derive(Debug, Default)]
struct Table<'k> {
    exact: HashMap<&'k str, Hits, Quick>,
    /// Length of the longest exact name; nothing longer is hashed.
    longest: usize,
    /// Names below the app's package, without `${applicationId}`.
    in_app: HashMap<&'k str, Hits, Quick>,
    /// Patterns of the form `literal(.*)literal`.
    wildcards: Vec<(Wildcard, SignatureIndex)>,
    /// All other patterns, compiled on first use: most runs need none.
    patterns: Vec<(&'k str, SignatureIndex)>,
    compiled: OnceLock<RegexSet>,
}

impl<'k> Table<'k> {
    fn add_exact(&mut self, names: &'k [String], index: SignatureIndex) {
        for name in names {
            self.insert(name, index);
        }
    }

    fn insert(&mut self, name: &'k str, index: SignatureIndex) {
        self.longest = self.longest.max(name.len());
        self.exact.entry(name).or_default().push(index);
    }

    fn add(&mut self, names: &'k [String], index: SignatureIndex) {
        for name in names {
            if let Some(pattern) = name.strip_prefix(PATTERN_MARK) {
                match Wildcard::parse(pattern) {
                    Some(wildcard) => self.wildcards.push((wildcard, index)),
                    None => self.patterns.push((pattern, index)),
                }
            } else if let Some(tail) = name.strip_prefix(APPLICATION_ID) {
                self.in_app.entry(tail).or_default().push(index);
            } else {
                self.insert(name, index);
            }
        }
    }

    fn exact(&self, name: &str) -> &[SignatureIndex] {
        if name.len() > self.longest {
            return &[];
        }
        self.exact.get(name).map_or(&[], Hits::slice)
    }

    fn find<'m>(&'m self, name: &'m str) -> impl Iterator<Item = SignatureIndex> + 'm {
        let wild = self
            .wildcards
            .iter()
            .filter(move |(wildcard, _)| wildcard.matches(name))
            .map(|(_, index)| *index);
        self.exact(name)
            .iter()
            .copied()
            .chain(wild)
            .chain(self.by_pattern(name))
    }

    fn find_in_app<'m>(
        &'m self,
        name: &'m str,
        package: &'m str,
    ) -> impl Iterator<Item = SignatureIndex> + 'm {
        let tail = if package.is_empty() || self.in_app.is_empty() {
            None
        } else {
            name.strip_prefix(package)
        };
        let below = tail
            .and_then(|tail| self.in_app.get(tail))
            .map_or(&[][..], Hits::slice);
        self.find(name).chain(below.iter().copied())
    }

    fn by_pattern<'m>(&'m self, name: &'m str) -> impl Iterator<Item = SignatureIndex> + 'm {
        let matched = (!self.patterns.is_empty()).then(|| self.compiled().matches(name));
        matched
            .into_iter()
            .flat_map(|set| set.into_iter())
            .filter_map(|at| self.patterns.get(at))
            .map(|(_, index)| *index)
    }

    fn compiled(&self) -> &RegexSet {
        self.compiled.get_or_init(|| {
            let whole = self.patterns.iter().map(|(pattern, _)| {
                let whole = anchored(pattern);
                if regex::Regex::new(&whole).is_ok() {
                    whole
                } else {
                    NEVER.to_owned()
                }
            });
            RegexSet::new(whole).unwrap_or_else(|_| RegexSet::empty())
        })
    }
}

/// A pattern that matches no text.
const NEVER: &str = r"[^\s\S]";

/// A pattern of evidence speaks of the whole name.
pub fn anchored(pattern: &str) -> String {
    format!("^(?:{pattern})$")
}

/// `libjcore(.*)\.so` without a regex engine: a beginning and an end with
/// anything between.
#[derive(Debug, PartialEq, Eq)]
struct Wildcard {
    start: String,
    end: String,
}

impl Wildcard {
    /// `None` when the pattern is anything but two literals around one `.*`.
    fn parse(pattern: &str) -> Option<Self> {
        let pattern = pattern.strip_suffix('$').unwrap_or(pattern);
        let (start, end) = pattern
            .split_once("(.*)")
            .or_else(|| pattern.split_once(".*"))?;
        Some(Self {
            start: literal(start)?,
            end: literal(end)?,
        })
    }

    fn matches(&self, name: &str) -> bool {
        name.strip_prefix(self.start.as_str())
            .is_some_and(|rest| rest.ends_with(self.end.as_str()))
    }
}

/// The text that a pattern without operators stands for.
fn literal(pattern: &str) -> Option<String> {
    let mut text = String::with_capacity(pattern.len());
    let mut letters = pattern.chars();
    while let Some(letter) = letters.next() {
        match letter {
            '\\' => match letters.next() {
                Some(escaped) if escaped.is_ascii_punctuation() => text.push(escaped),
                _ => return None,
            },
            '.' | '^' | '$' | '*' | '+' | '?' | '(' | ')' | '[' | ']' | '{' | '}' | '|' => {
                return None;
            }
            other => text.push(other),
        }
    }
    Some(text)
}

/// Hashing for keys that come from the base alone, never from an input, so
/// that nobody can choose collisions: a multiply and a rotate per eight bytes
/// (the scheme of rustc's FxHash) in place of SipHash.
#[derive(Debug, Default, Clone, Copy)]
struct QuickHasher(u64);

type Quick = BuildHasherDefault<QuickHasher>;

impl QuickHasher {
    fn mix(&mut self, word: u64) {
        self.0 = (self.0.rotate_left(5) ^ word).wrapping_mul(0x51_7c_c1_b7_27_22_0a_95);
    }
}

impl Hasher for QuickHasher {
    fn write(&mut self, bytes: &[u8]) {
        let (words, rest) = bytes.as_chunks::<8>();
        for word in words {
            self.mix(u64::from_le_bytes(*word));
        }
        let mut last = [0; 8];
        for (to, from) in last.iter_mut().zip(rest) {
            *to = *from;
        }
        self.mix(u64::from_le_bytes(last));
    }

    fn write_u8(&mut self, byte: u8) {
        self.mix(u64::from(byte));
    }

    fn finish(&self) -> u64 {
        // The table takes its bucket from the low bits, the multiply mixes upwards.
        self.0.rotate_left(26)
    }
}

#[cfg(test)]
mod tests {
    use super::super::schema::{Catalogue, CodeEvidence, ManifestEvidence, NativeEvidence};
    use super::*;

    fn base(signatures: Vec<Signature>) -> KnowledgeBase {
        let signatures = signatures
            .into_iter()
            .map(|s| (format!("x/{}.toml", s.id), s))
            .collect();
        KnowledgeBase::from_catalogue(Catalogue {
            signatures,
            ..Catalogue::default()
        })
    }

    fn strings(items: &[&str]) -> Vec<String> {
        items.iter().map(|item| (*item).to_owned()).collect()
    }

    fn with_code(id: &str, prefixes: &[&str], shared: &[&str]) -> Signature {
        Signature {
            id: id.to_owned(),
            code: CodeEvidence {
                prefixes: strings(prefixes),
                shared_prefixes: strings(shared),
                ..CodeEvidence::default()
            },
            ..Signature::default()
        }
    }

    #[test]
    fn the_longest_prefix_owns_a_class_at_package_boundaries_only() {
        let base = base(vec![
            with_code("core", &["cn.jiguang"], &[]),
            with_code("push", &["cn.jiguang.push", "cn.jpush.Main"], &[]),
        ]);
        let matcher = Matcher::compile(&base);
        let owner = |name| matcher.owner_of_class(name).map(|o| o.signature);
        assert_eq!(owner("cn.jiguang.a.A"), Some(0));
        assert_eq!(owner("cn.jiguang.push.A$b"), Some(1));
        assert_eq!(owner("cn.jpush.Main$1"), Some(1));
        assert_eq!(owner("cn.jpush.Mainly"), None);
        assert_eq!(owner("cn.jiguangx.A"), None);
    }

    #[test]
    fn a_shared_prefix_proves_no_single_product() {
        let base = base(vec![
            with_code("a", &["com.mob", "com.mob.a"], &["com.mob"]),
            with_code("b", &["com.mob"], &["com.mob"]),
        ]);
        let matcher = Matcher::compile(&base);
        let shared = matcher.owner_of_class("com.mob.tools.X").unwrap();
        assert!(!shared.exclusive);
        assert_eq!(shared.claimants, [0, 1]);
        assert!(matcher.owner_of_class("com.mob.a.X").unwrap().exclusive);
    }

    #[test]
    fn a_prefix_listed_twice_by_one_signature_is_still_its_own() {
        let base = base(vec![with_code("a", &["com.acme", "com.acme"], &[])]);
        let matcher = Matcher::compile(&base);
        let owner = matcher.owner_of_class("com.acme.X").unwrap();
        assert!(owner.exclusive);
        assert_eq!(owner.claimants, [0]);
    }

    #[test]
    fn libraries_match_by_name_by_wildcard_and_by_regex() {
        let libraries = [
            "libjiagu.so",
            "re:libjcore(.*)\\.so",
            "re:libx[0-9]+\\.so",
            "re:lib[",
        ];
        let base = base(vec![Signature {
            native: NativeEvidence {
                libraries: strings(&libraries),
                ..NativeEvidence::default()
            },
            ..Signature::default()
        }]);
        let matcher = Matcher::compile(&base);
        let found = |name| matcher.native_library(name).count();
        assert_eq!(found("libjiagu.so"), 1);
        assert_eq!(found("libjcore121.so"), 1);
        assert_eq!(found("libx12.so"), 1);
        assert_eq!(found("libx12.so.1"), 0);
        assert_eq!(found("libjcore"), 0);
    }

    #[test]
    fn application_id_stands_for_the_package() {
        let base = base(vec![Signature {
            manifest: ManifestEvidence {
                permissions: strings(&["${applicationId}.permission.JPUSH_MESSAGE"]),
                ..ManifestEvidence::default()
            },
            ..Signature::default()
        }]);
        let matcher = Matcher::compile(&base);
        let found = |name| matcher.permission(name, "com.x").count();
        assert_eq!(found("com.x.permission.JPUSH_MESSAGE"), 1);
        assert_eq!(found("com.y.permission.JPUSH_MESSAGE"), 0);
    }

    #[test]
    fn a_host_stands_for_its_subdomains() {
        let base = base(vec![Signature {
            hosts: strings(&["jpush.cn"]),
            ..Signature::default()
        }]);
        let matcher = Matcher::compile(&base);
        assert_eq!(matcher.host("s.jpush.cn"), [0]);
        assert_eq!(matcher.host("notjpush.cn"), [0; 0]);
    }

    #[test]
    fn a_jni_export_names_its_class() {
        let base = base(vec![with_code("a", &["cn.jpush.my_lib"], &[])]);
        let matcher = Matcher::compile(&base);
        let mut buffer = String::new();
        let symbol = "Java_cn_jpush_my_1lib_Native_init__Ljava_lang_String_2";
        let owner = matcher.owner_of_symbol(symbol, &mut buffer).unwrap();
        assert_eq!(owner.prefix, "cn.jpush.my_lib");
        assert_eq!(buffer, "cn.jpush.my_lib.Native.init");
        for broken in [
            "Java_",
            "Java__",
            "Java_a_0",
            "Java_a_0zz€z_b",
            "x",
            "Java_é_0d800",
        ] {
            assert!(matcher.owner_of_symbol(broken, &mut buffer).is_none());
        }
    }

    #[test]
    fn names_made_of_separators_cost_no_more_than_their_length() {
        let base = base(vec![with_code("a", &["com.a"], &[])]);
        let matcher = Matcher::compile(&base);
        let dots = ".a".repeat(200_000);
        assert!(matcher.owner_of_class(&format!("com.b{dots}")).is_none());
        assert!(matcher.owner_of_class(&format!("com.a{dots}")).is_some());
        assert!(matcher.host(&dots).is_empty());
        assert!(matcher.class_suffix(&dots).is_empty());
        assert!(matcher.symbol(&"_a".repeat(200_000)).is_empty());
    }

    /// Names come from the app: whatever they are, a look-up only says no.
    #[test]
    fn no_name_makes_a_lookup_panic() {
        let base = KnowledgeBase::embedded();
        let matcher = Matcher::compile(&base);
        let parts = [
            "Java_", "com", ".", "_", "_0", "_1", "00e9", "é", "$", "..", "lib", ".so", "", "_2",
        ];
        let mut state = 0x9e37_79b9_u32;
        let mut next = |below: usize| {
            state ^= state << 13;
            state ^= state >> 17;
            state ^= state << 5;
            state as usize % below
        };
        let mut buffer = String::new();
        for _ in 0..5_000 {
            let length = next(9);
            let name: String = (0..length)
                .filter_map(|_| parts.get(next(parts.len())))
                .copied()
                .collect();
            matcher.owner_of_class(&name);
            matcher.owner_of_symbol(&name, &mut buffer);
            matcher.symbol(&name);
            matcher.host(&name);
            matcher.class_suffix(&name);
            matcher.native_library(&name).count();
            matcher.asset(&name).count();
            matcher
                .component(ComponentClass::Activity, &name, "com")
                .count();
            matcher.permission(&name, &name).count();
        }
    }

    #[test]
    fn wildcards_are_only_literals_around_one_gap() {
        let parsed = Wildcard::parse("libtnet-(.*)\\.so").unwrap();
        assert!(parsed.matches("libtnet-3.1.so"));
        assert!(!parsed.matches("libtnet-3.1"));
        assert!(Wildcard::parse("libx[0-9](.*)\\.so").is_none());
        assert!(Wildcard::parse("libjlibtorrent-(.*).so").is_none());
    }
}
