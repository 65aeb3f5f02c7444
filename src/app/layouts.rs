//! Names in compiled XML resources.

use std::collections::BTreeSet;

/// What the compiled XML resources of a package name.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct XmlNames {
    /// Dotted class names: custom views, fragments, preferences.
    pub classes: BTreeSet<String>,
    /// Values of `android:onClick`.
    pub handlers: BTreeSet<String>,
}
