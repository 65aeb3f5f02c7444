//! The knowledge base: the compiled signatures, extended or replaced by
//! `--signatures`, with the look-ups every later room needs.

use std::path::Path;
use std::sync::OnceLock;

use sha2::{Digest, Sha256};

use super::files::{FileFault, read_catalogue};
use super::schema::{Catalogue, DataType, Permission, Purpose, Signature, Source, Vendor};

/// The blob that `build.rs` makes of `sdk-signatures/`.
const EMBEDDED: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/signatures.bin"));

/// All knowledge of one run, immutable and shared between threads.
#[derive(Debug, Clone)]
pub struct KnowledgeBase {
    /// The embedded base is read when something is first asked of it: to read a
    /// policy takes its compiled words only.
    content: OnceLock<Content>,
    /// Computed when first asked for: most commands print no hash.
    hash: OnceLock<String>,
    /// The bytes that the content is read from, if it is not changed since.
    blob: Option<&'static [u8]>,
}

/// A catalogue in the order that look-ups need.
#[derive(Debug, Clone)]
struct Content {
    /// Signatures, vendors and permissions sorted by id or name: look-ups are
    /// binary searches, so that loading builds no index.
    catalogue: Catalogue,
    /// Positions of the data types, sorted by id; the vocabulary keeps its order.
    data_types_by_id: Vec<usize>,
}

impl Content {
    /// Puts a catalogue in order.
    fn of(mut catalogue: Catalogue) -> Self {
        catalogue.signatures.sort_by(|a, b| a.1.id.cmp(&b.1.id));
        catalogue.vendors.sort_by(|a, b| a.id.cmp(&b.id));
        catalogue.permissions.sort_by(|a, b| a.name.cmp(&b.name));
        let mut data_types_by_id: Vec<usize> = (0..catalogue.data_types.len()).collect();
        data_types_by_id.sort_by_key(|&at| catalogue.data_types.get(at).map(|t| &t.id));
        Self {
            catalogue,
            data_types_by_id,
        }
    }
}

impl KnowledgeBase {
    /// The embedded base.
    pub fn embedded() -> Self {
        Self {
            content: OnceLock::new(),
            hash: OnceLock::new(),
            blob: Some(EMBEDDED),
        }
    }

    /// Only the vocabulary of the embedded base (`--signatures none`).
    pub fn without_signatures() -> Self {
        let mut catalogue = embedded_catalogue();
        catalogue.signatures.clear();
        catalogue.vendors.clear();
        Self::from_catalogue(catalogue)
    }

    /// This base plus the files below `folder`; a signature, vendor, type or
    /// permission of the same id replaces the one here.
    pub fn extended(self, folder: &Path) -> Result<Self, Vec<FileFault>> {
        let more = read_catalogue(folder)?;
        let mut catalogue = match self.content.into_inner() {
            Some(content) => content.catalogue,
            None => embedded_catalogue(),
        };
        merge(&mut catalogue.signatures, more.signatures, |(_, s)| {
            s.id.clone()
        });
        merge(&mut catalogue.vendors, more.vendors, |v| v.id.clone());
        merge(&mut catalogue.data_types, more.data_types, |t| t.id.clone());
        merge(&mut catalogue.permissions, more.permissions, |p| {
            p.name.clone()
        });
        merge(&mut catalogue.purposes, more.purposes, |p| {
            p.category.clone()
        });
        catalogue.sources.extend(more.sources);
        Ok(Self::from_catalogue(catalogue))
    }

    /// A base over any catalogue; used by tests and by `signatures check`.
    pub fn from_catalogue(catalogue: Catalogue) -> Self {
        Self {
            content: Content::of(catalogue).into(),
            hash: OnceLock::new(),
            blob: None,
        }
    }

    /// The content; only that of the embedded base is not there from the start.
    fn content(&self) -> &Content {
        self.content
            .get_or_init(|| Content::of(embedded_catalogue()))
    }

    /// Everything that the base holds.
    pub(crate) fn catalogue(&self) -> &Catalogue {
        &self.content().catalogue
    }

    /// Whether this is the embedded base and nothing else.
    pub(crate) fn is_embedded(&self) -> bool {
        self.blob.is_some()
    }

    /// SHA-256 of the base in use, lower-case hex.
    pub fn hash(&self) -> &str {
        self.hash.get_or_init(|| match self.blob {
            Some(blob) => hex_of(blob),
            None => {
                hex_of(&postcard::to_allocvec(self.catalogue()).expect("a catalogue is plain data"))
            }
        })
    }

    /// Signatures sorted by id.
    pub fn signatures(&self) -> impl ExactSizeIterator<Item = &Signature> {
        self.catalogue().signatures.iter().map(|(_, s)| s)
    }

    /// The file a signature was read from, relative to its folder.
    pub fn file_of(&self, id: &str) -> Option<&str> {
        self.entry(id).map(|(file, _)| file.as_str())
    }

    /// The signature of an id.
    pub fn signature(&self, id: &str) -> Option<&Signature> {
        self.entry(id).map(|(_, signature)| signature)
    }

    /// The signature at a position of [`KnowledgeBase::signatures`], as a
    /// [`super::Matcher`] names it.
    pub fn signature_at(&self, index: u32) -> Option<&Signature> {
        let at = usize::try_from(index).ok()?;
        self.catalogue().signatures.get(at).map(|(_, s)| s)
    }

    fn entry(&self, id: &str) -> Option<&(String, Signature)> {
        let signatures = &self.catalogue().signatures;
        let at = signatures.binary_search_by(|(_, s)| s.id.as_str().cmp(id));
        signatures.get(at.ok()?)
    }

    /// Vendors sorted by id.
    pub fn vendors(&self) -> &[Vendor] {
        &self.catalogue().vendors
    }

    /// The vendor of an id.
    pub fn vendor(&self, id: &str) -> Option<&Vendor> {
        let vendors = &self.catalogue().vendors;
        let at = vendors.binary_search_by(|v| v.id.as_str().cmp(id));
        vendors.get(at.ok()?)
    }

    /// The data-type vocabulary in its own order.
    pub fn data_types(&self) -> &[DataType] {
        &self.catalogue().data_types
    }

    /// The data type of an id.
    pub fn data_type(&self, id: &str) -> Option<&DataType> {
        let types = &self.catalogue().data_types;
        let id_at = |at: &usize| types.get(*at).map_or("", |t| t.id.as_str());
        let order = &self.content().data_types_by_id;
        let found = order.binary_search_by(|at| id_at(at).cmp(id)).ok()?;
        types.get(*order.get(found)?)
    }

    /// Known permissions, sorted by name.
    pub fn permissions(&self) -> &[Permission] {
        &self.catalogue().permissions
    }

    /// The words of purposes, in their own order.
    pub fn purposes(&self) -> &[Purpose] {
        &self.catalogue().purposes
    }

    /// What yields personal data.
    pub fn sources(&self) -> &[Source] {
        &self.catalogue().sources
    }

    /// What is known of a permission.
    pub fn permission(&self, name: &str) -> Option<&Permission> {
        let permissions = &self.catalogue().permissions;
        let at = permissions.binary_search_by(|p| p.name.as_str().cmp(name));
        permissions.get(at.ok()?)
    }
}

/// Reads the embedded blob.
fn embedded_catalogue() -> Catalogue {
    postcard::from_bytes(EMBEDDED).expect("build.rs wrote it with the same schema")
}

fn hex_of(bytes: &[u8]) -> String {
    Sha256::digest(bytes)
        .iter()
        .map(|b| format!("{b:02x}"))
        .collect()
}

fn merge<T>(into: &mut Vec<T>, more: Vec<T>, key: impl Fn(&T) -> String) {
    for item in more {
        let id = key(&item);
        match into.iter_mut().find(|old| key(old) == id) {
            Some(old) => *old = item,
            None => into.push(item),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_embedded_base_knows_the_products_and_the_vocabulary() {
        let base = KnowledgeBase::embedded();
        assert_eq!(base.signature("jpush").unwrap().family, "jiguang");
        assert!(base.data_type("imei").unwrap().sensitive);
        assert_eq!(
            base.permission("android.permission.READ_PHONE_STATE")
                .unwrap()
                .category,
            "dangerous"
        );
        assert!(base.without_signatures_is_smaller());
    }

    #[test]
    fn the_hash_is_that_of_the_content_however_it_was_loaded() {
        let base = KnowledgeBase::embedded();
        let again = KnowledgeBase::from_catalogue(base.catalogue().clone());
        assert_eq!(base.hash(), again.hash());
        assert_ne!(base.hash(), KnowledgeBase::without_signatures().hash());
    }

    #[test]
    fn every_look_up_finds_every_entry() {
        let base = KnowledgeBase::embedded();
        for (index, signature) in (0..).zip(base.signatures()) {
            assert_eq!(base.signature(&signature.id), Some(signature));
            assert_eq!(base.signature_at(index), Some(signature));
        }
        assert!(base.vendors().iter().all(|v| base.vendor(&v.id) == Some(v)));
        let types = base.data_types();
        assert!(types.iter().all(|t| base.data_type(&t.id) == Some(t)));
        let permissions = base.permissions();
        assert!(
            permissions
                .iter()
                .all(|p| base.permission(&p.name) == Some(p))
        );
        assert!(base.signature("").is_none() && base.data_type("zzz").is_none());
    }

    impl KnowledgeBase {
        fn without_signatures_is_smaller(&self) -> bool {
            Self::without_signatures().signatures().len() < self.signatures().len()
        }
    }
}
