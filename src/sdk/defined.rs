//! Which of some class names an app defines, and where.

use std::collections::HashMap;

use crate::app::App;
use crate::app::code::{ClassRef, CodeUnit};

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

    /// The first unit that defines a class, and the class in it. Android takes
    /// the first of several definitions too (`DexPathList.findClass`).
    pub fn find<'a, 'b>(
        &self,
        app: &'a App<'b>,
        class: &str,
    ) -> Option<(&'a CodeUnit<'b>, ClassRef<'a>)> {
        let unit = app.code.get(self.unit_of(class)?)?;
        Some((unit, unit.classes.get(class)?))
    }

    fn unit_of(&self, class: &str) -> Option<usize> {
        self.0.get(class).copied().flatten()
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
        app.code[1].place = "classes2.dex".to_owned();
        for names in [&["com.x.y.A", "com.x.y.Gone"][..], &["com.x.y.A"]] {
            let defined = DefinedClasses::among(&app, names.iter().copied());
            let (unit, class) = defined.find(&app, "com.x.y.A").unwrap();
            assert_eq!(
                (unit.place.as_str(), class.name),
                ("classes.dex", "com.x.y.A")
            );
            assert!(!defined.contains("com.x.y.Gone"));
        }
    }
}
