//! Which of some class names an app defines, and where.

use std::collections::{BTreeMap, HashMap};

use crate::app::App;
use crate::app::code::ClassRef;

/// The classes among some names that the app defines. Made in one pass over
/// the code: a manifest may name tens of thousands of classes and a package
/// may hold tens of thousands of dex files, so asking each for each is out.
#[derive(Debug, Default)]
pub struct DefinedClasses<'n>(HashMap<&'n str, Option<usize>>);

impl<'n> DefinedClasses<'n> {
    /// Looks all names (dotted) up. Per unit the shorter of both lists is
    /// walked, so that the cost is at most that of reading the class table.
    pub fn among(app: &App<'_>, names: impl IntoIterator<Item = &'n str>) -> Self {
        let mut unit_of: HashMap<&str, Option<usize>> =
            names.into_iter().map(|name| (name, None)).collect();
        if unit_of.is_empty() {
            return Self::default();
        }
        for (at, unit) in app.code.iter().enumerate() {
            if unit.classes.len() < unit_of.len() {
                for class in unit.classes.iter() {
                    if let Some(first @ None) = unit_of.get_mut(class.name) {
                        *first = Some(at);
                    }
                }
            } else {
                for (name, first) in &mut unit_of {
                    if first.is_none() && unit.classes.contains(name) {
                        *first = Some(at);
                    }
                }
            }
        }
        Self(unit_of)
    }

    /// The classes that the manifest tells Android to instantiate, aliases
    /// resolved, and those that its meta-data names (start-up initialisers).
    pub fn of_manifest(app: &'n App<'_>) -> Self {
        let Some(manifest) = &app.manifest else {
            return Self::default();
        };
        let application = [
            &manifest.application_class,
            &manifest.app_component_factory,
            &manifest.zygote_preload_class,
            &manifest.backup_agent,
        ];
        let components = manifest.components.iter().flat_map(|component| {
            let meta_data = component.meta_data.iter().map(|entry| &entry.name);
            std::iter::once(&component.name)
                .chain(&component.target_activity)
                .chain(meta_data)
        });
        let names = application.into_iter().flatten().chain(components);
        Self::among(app, names.map(String::as_str))
    }

    /// Whether a class is defined; false for names that were not asked for.
    pub fn contains(&self, class: &str) -> bool {
        self.unit_of(class).is_some()
    }

    /// The index of the first unit that defines a class. Android takes the
    /// first of several definitions too (`DexPathList.findClass`).
    pub fn unit_of(&self, class: &str) -> Option<usize> {
        self.0.get(class).copied().flatten()
    }

    /// Superclasses of those that are defined. Opening a dex costs a pass over
    /// its bytes (the checksum), so each is opened once.
    pub fn super_classes(&self, app: &App<'_>) -> HashMap<&'n str, String> {
        let mut by_unit: BTreeMap<usize, Vec<&'n str>> = BTreeMap::new();
        for (&name, unit) in &self.0 {
            if let Some(unit) = unit {
                by_unit.entry(*unit).or_default().push(name);
            }
        }
        let mut super_of = HashMap::new();
        for (unit, names) in by_unit {
            let Some(unit) = app.code.get(unit) else {
                continue;
            };
            let (names, classes): (Vec<&str>, Vec<ClassRef<'_>>) = names
                .into_iter()
                .filter_map(|name| Some((name, unit.classes.get(name)?)))
                .unzip();
            let parents = unit.super_classes(&classes);
            let known = names.into_iter().zip(parents);
            super_of.extend(known.filter_map(|(name, parent)| Some((name, parent?))));
        }
        super_of
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{app, classes};
    use super::*;

    #[test]
    fn the_first_definition_counts_whichever_list_is_shorter() {
        let mut app = app("com.x.y", &["com.x.y.A", "com.x.y.B", "com.x.y.C"]);
        app.code.push(classes("classes2.dex", &["com.x.y.A"]));
        for names in [&["com.x.y.A", "com.x.y.Gone"][..], &["com.x.y.A"]] {
            let defined = DefinedClasses::among(&app, names.iter().copied());
            assert_eq!(defined.unit_of("com.x.y.A"), Some(0));
            assert!(!defined.contains("com.x.y.Gone"));
        }
    }

    #[test]
    fn superclasses_are_found_in_every_unit() {
        let mut app = app("com.x.y", &["a.A < a.B", "a.C"]);
        app.code.push(classes("classes2.dex", &["a.B < a.C"]));
        let defined = DefinedClasses::among(&app, ["a.A", "a.B", "a.Gone"]);
        let super_of = defined.super_classes(&app);
        assert_eq!((&*super_of["a.A"], &*super_of["a.B"]), ("a.B", "a.C"));
        assert_eq!(super_of.len(), 2);
    }
}
