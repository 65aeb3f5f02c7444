//! The knowledge base: the compiled signatures, extended or replaced by
//! `--signatures`, with the look-ups every later room needs.

use std::collections::HashMap;
use std::path::Path;

use sha2::{Digest, Sha256};

use super::files::{FileFault, read_catalogue};
use super::schema::{Catalogue, DataType, Permission, Signature, Vendor};

/// The blob that `build.rs` makes of `sdk-signatures/`.
const EMBEDDED: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/signatures.bin"));

/// All knowledge of one run, immutable and shared between threads.
#[derive(Debug, Clone)]
pub struct KnowledgeBase {
    catalogue: Catalogue,
    signature_index: HashMap<String, usize>,
    vendor_index: HashMap<String, usize>,
    data_type_index: HashMap<String, usize>,
    permission_index: HashMap<String, usize>,
    hash: String,
}

impl KnowledgeBase {
    /// The embedded base.
    pub fn embedded() -> Self {
        let catalogue =
            postcard::from_bytes(EMBEDDED).expect("build.rs wrote it with the same schema");
        Self::from_catalogue(catalogue)
    }

    /// Only the vocabulary of the embedded base (`--signatures none`).
    pub fn without_signatures() -> Self {
        let mut base = Self::embedded();
        base.catalogue.signatures.clear();
        base.catalogue.vendors.clear();
        Self::from_catalogue(base.catalogue)
    }

    /// This base plus the files below `folder`; a signature, vendor, type or
    /// permission of the same id replaces the one here.
    pub fn extended(self, folder: &Path) -> Result<Self, Vec<FileFault>> {
        let more = read_catalogue(folder)?;
        let mut catalogue = self.catalogue;
        merge(&mut catalogue.signatures, more.signatures, |(_, s)| {
            s.id.clone()
        });
        merge(&mut catalogue.vendors, more.vendors, |v| v.id.clone());
        merge(&mut catalogue.data_types, more.data_types, |t| t.id.clone());
        merge(&mut catalogue.permissions, more.permissions, |p| {
            p.name.clone()
        });
        catalogue.signatures.sort_by(|a, b| a.1.id.cmp(&b.1.id));
        catalogue.vendors.sort_by(|a, b| a.id.cmp(&b.id));
        catalogue.permissions.sort_by(|a, b| a.name.cmp(&b.name));
        Ok(Self::from_catalogue(catalogue))
    }

    /// A base over any catalogue; used by tests and by `signatures check`.
    pub fn from_catalogue(catalogue: Catalogue) -> Self {
        let blob = postcard::to_allocvec(&catalogue).expect("a catalogue is plain data");
        let hash = Sha256::digest(&blob)
            .iter()
            .map(|b| format!("{b:02x}"))
            .collect();
        let index = |ids: Vec<&str>| {
            ids.into_iter()
                .enumerate()
                .map(|(i, id)| (id.to_owned(), i))
                .collect()
        };
        Self {
            signature_index: index(
                catalogue
                    .signatures
                    .iter()
                    .map(|(_, s)| s.id.as_str())
                    .collect(),
            ),
            vendor_index: index(catalogue.vendors.iter().map(|v| v.id.as_str()).collect()),
            data_type_index: index(catalogue.data_types.iter().map(|t| t.id.as_str()).collect()),
            permission_index: index(
                catalogue
                    .permissions
                    .iter()
                    .map(|p| p.name.as_str())
                    .collect(),
            ),
            catalogue,
            hash,
        }
    }

    /// SHA-256 of the base in use, lower-case hex.
    pub fn hash(&self) -> &str {
        &self.hash
    }

    /// Signatures sorted by id.
    pub fn signatures(&self) -> impl ExactSizeIterator<Item = &Signature> {
        self.catalogue.signatures.iter().map(|(_, s)| s)
    }

    /// The file a signature was read from, relative to its folder.
    pub fn file_of(&self, id: &str) -> Option<&str> {
        self.signature_index
            .get(id)
            .map(|&i| self.catalogue.signatures[i].0.as_str())
    }

    /// The signature of an id.
    pub fn signature(&self, id: &str) -> Option<&Signature> {
        self.signature_index
            .get(id)
            .map(|&i| &self.catalogue.signatures[i].1)
    }

    /// The signature at a position of [`KnowledgeBase::signatures`].
    ///
    /// # Panics
    /// When the position does not come from this base.
    pub fn signature_at(&self, position: usize) -> &Signature {
        &self.catalogue.signatures[position].1
    }

    /// Vendors sorted by id.
    pub fn vendors(&self) -> &[Vendor] {
        &self.catalogue.vendors
    }

    /// The vendor of an id.
    pub fn vendor(&self, id: &str) -> Option<&Vendor> {
        self.vendor_index
            .get(id)
            .map(|&i| &self.catalogue.vendors[i])
    }

    /// The data-type vocabulary in its own order.
    pub fn data_types(&self) -> &[DataType] {
        &self.catalogue.data_types
    }

    /// The data type of an id.
    pub fn data_type(&self, id: &str) -> Option<&DataType> {
        self.data_type_index
            .get(id)
            .map(|&i| &self.catalogue.data_types[i])
    }

    /// Known permissions, sorted by name.
    pub fn permissions(&self) -> &[Permission] {
        &self.catalogue.permissions
    }

    /// What is known of a permission.
    pub fn permission(&self, name: &str) -> Option<&Permission> {
        self.permission_index
            .get(name)
            .map(|&i| &self.catalogue.permissions[i])
    }
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

    impl KnowledgeBase {
        fn without_signatures_is_smaller(&self) -> bool {
            Self::without_signatures().signatures().len() < self.signatures().len()
        }
    }
}
