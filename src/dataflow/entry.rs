//! Where an app's code starts: what the platform makes and calls by itself.
//!
//! Sources: developer.android.com, "App manifest overview", "Application
//! fundamentals", `ContentProvider.onCreate` ("called … at application launch
//! time"), "App Startup"; AOSP `ActivityThread.handleBindApplication` for the
//! order: application class, providers, `Application.onCreate`.

use std::collections::BTreeSet;

use super::hierarchy::Hierarchy;
use super::program::{ClassId, MethodId, Program, Selector, TypeId, flags};
use super::reach::Roots;
use crate::app::layouts::XmlNames;
use crate::app::manifest::{Component, ComponentKind, Manifest};
use crate::formats::dex::Opcode;

/// The provider through which androidx.startup runs initialisers, the value
/// that marks their names, and their interface.
const STARTUP_PROVIDER: &str = "androidx.startup.InitializationProvider";
const STARTUP_VALUE: &str = "androidx.startup";

/// What Android calls of an application class before anything is shown.
const APPLICATION_START: [&str; 3] = ["<init>", "attachBaseContext", "onCreate"];
/// What it calls of a provider at the app's start.
const PROVIDER_START: [&str; 3] = ["<init>", "attachInfo", "onCreate"];
/// What androidx.startup calls of an initialiser.
const INITIALISER_START: [&str; 3] = ["<init>", "dependencies", "create"];

/// The entry points of an app.
#[derive(Debug, Clone, Default)]
pub struct EntryPoints {
    /// What runs at the app's start, before any action of the user.
    pub start: Roots,
    /// Everything else that the platform calls.
    pub rest: Roots,
    /// Classes that were seen to already: many components may name one.
    at_start: BTreeSet<ClassId>,
    later: BTreeSet<ClassId>,
}

impl EntryPoints {
    /// Reads them off the manifest and the names in XML resources. Without a
    /// manifest there are none.
    pub fn of(
        program: &Program<'_>,
        hierarchy: &Hierarchy,
        manifest: Option<&Manifest>,
        xml: &XmlNames,
    ) -> Self {
        let mut entries = Self::default();
        let Some(manifest) = manifest else {
            return entries;
        };
        entries.application(program, hierarchy, manifest);
        for component in &manifest.components {
            entries.component(program, hierarchy, component);
        }
        let named = [&manifest.backup_agent, &manifest.zygote_preload_class];
        let named = named.into_iter().flatten().map(String::as_str);
        let tests = manifest.instrumentations.iter().map(|i| i.name.as_str());
        for class in named.chain(tests) {
            entries.whole(program, hierarchy, class);
        }
        for class in class_names(manifest) {
            entries.whole(program, hierarchy, &class);
        }
        for class in &xml.classes {
            entries.whole(program, hierarchy, class);
        }
        entries.handlers(program, &xml.handlers);
        entries
    }

    fn application(&mut self, program: &Program<'_>, hierarchy: &Hierarchy, manifest: &Manifest) {
        if let Some(class) = defined(program, manifest.application_class.as_deref()) {
            self.at_start((program, hierarchy), class, &APPLICATION_START);
            self.later(program, hierarchy, class);
        }
        if let Some(class) = defined(program, manifest.app_component_factory.as_deref()) {
            self.start.made.push(class);
            self.at_start((program, hierarchy), class, &["<init>"]);
        }
    }

    fn component(&mut self, program: &Program<'_>, hierarchy: &Hierarchy, component: &Component) {
        let name = match component.kind {
            ComponentKind::ActivityAlias => component.target_activity.as_deref(),
            _ => Some(component.name.as_str()),
        };
        let Some(class) = defined(program, name) else {
            return;
        };
        let is_on = component.enabled != Some(false);
        if component.kind == ComponentKind::Provider && is_on {
            self.at_start((program, hierarchy), class, &PROVIDER_START);
            if component.name == STARTUP_PROVIDER {
                self.initialisers(program, hierarchy, component);
            }
        }
        self.later(program, hierarchy, class);
    }

    /// Initialisers that the manifest names, and those they depend on.
    fn initialisers(&mut self, program: &Program<'_>, hierarchy: &Hierarchy, provider: &Component) {
        let named = provider
            .meta_data
            .iter()
            .filter(|entry| entry.value.as_deref() == Some(STARTUP_VALUE));
        let mut waiting: Vec<ClassId> = named
            .filter_map(|entry| program.find_class(&entry.name))
            .collect();
        let mut seen = BTreeSet::new();
        while let Some(class) = waiting.pop() {
            if !seen.insert(class) {
                continue;
            }
            self.at_start((program, hierarchy), class, &INITIALISER_START);
            for method in inherited(program, hierarchy, class, &["dependencies"]) {
                waiting.extend(class_constants(program, method));
            }
        }
    }

    fn at_start(
        &mut self,
        (program, hierarchy): (&Program<'_>, &Hierarchy),
        class: ClassId,
        names: &[&str],
    ) {
        if self.at_start.insert(class) {
            self.start.present.push(class);
            let called = inherited(program, hierarchy, class, names);
            self.start.called.extend(called);
        }
    }

    /// Whatever else the platform calls of a class that it makes.
    fn later(&mut self, program: &Program<'_>, hierarchy: &Hierarchy, class: ClassId) {
        if !self.later.insert(class) {
            return;
        }
        self.rest.made.push(class);
        self.rest
            .called
            .extend(inherited(program, hierarchy, class, &["<init>"]));
        let callbacks = hierarchy.callbacks(program, class);
        self.rest
            .called
            .extend(callbacks.into_iter().map(|callback| callback.method));
    }

    fn whole(&mut self, program: &Program<'_>, hierarchy: &Hierarchy, name: &str) {
        if let Some(class) = program.find_class(name) {
            self.later(program, hierarchy, class);
        }
    }

    /// Methods that layouts name in `android:onClick`: public, with a `View`
    /// (developer.android.com, `View`, `android:onClick`).
    fn handlers(&mut self, program: &Program<'_>, names: &BTreeSet<String>) {
        let signature = ["V", "Landroid/view/View;"];
        let selectors: BTreeSet<Selector> = names
            .iter()
            .filter_map(|name| program.find_selector(name, &signature))
            .collect();
        if selectors.is_empty() {
            return;
        }
        let methods = (0..).map(MethodId).zip(program.methods());
        let handlers = methods.filter(|(_, method)| {
            method.flags & flags::PUBLIC != 0 && selectors.contains(&method.selector)
        });
        self.rest.called.extend(handlers.map(|(id, _)| id));
    }
}

fn defined(program: &Program<'_>, name: Option<&str>) -> Option<ClassId> {
    program.find_class(name?)
}

/// The methods of these names that an object of a class has, each selector
/// once, its own before inherited ones. Constructors and static methods are
/// not inherited.
fn inherited(
    program: &Program<'_>,
    hierarchy: &Hierarchy,
    class: ClassId,
    names: &[&str],
) -> Vec<MethodId> {
    let mut found: Vec<MethodId> = Vec::new();
    let mut taken = BTreeSet::new();
    program.each_supertype(program.class(class).type_, |type_| {
        let Some(line) = program.class_of(type_) else {
            return;
        };
        if !hierarchy.spend(names.len() * program.methods_of(line).len()) {
            return;
        }
        for name in names {
            for method in program.methods_named(line, name) {
                let what = program.method(method);
                let own_only = what.flags & (flags::STATIC | flags::CONSTRUCTOR) != 0;
                let counts = what.code_off != 0 && (line == class || !own_only);
                if counts && taken.insert(what.selector) {
                    found.push(method);
                }
            }
        }
    });
    found
}

/// Classes that a method names as constants.
fn class_constants(program: &Program<'_>, method: MethodId) -> Vec<ClassId> {
    let Some(code) = program.code(method) else {
        return Vec::new();
    };
    let types = &program.unit_of(method).types;
    let constants = code
        .instructions()
        .filter(|instruction| instruction.opcode == Opcode::CONST_CLASS)
        .filter_map(|instruction| types.get(instruction.index()? as usize).copied());
    constants
        .filter_map(|type_: TypeId| program.class_of(type_))
        .collect()
}

/// What may be class names in the meta-data of a manifest: names, values and
/// what follows a colon in either (`…:com.x.Registrar`).
fn class_names(manifest: &Manifest) -> BTreeSet<String> {
    let of_components = manifest.components.iter().flat_map(|c| &c.meta_data);
    let entries = manifest.meta_data.iter().chain(of_components);
    let mut names = BTreeSet::new();
    for entry in entries {
        for text in [Some(&entry.name), entry.value.as_ref()]
            .into_iter()
            .flatten()
        {
            let tail = text.rsplit(':').next().unwrap_or(text);
            for name in [text.as_str(), tail] {
                if name.contains('.') && !name.contains([' ', '/']) {
                    names.insert(name.to_owned());
                }
            }
        }
    }
    names
}

/// Adds the methods that a class of an SDK offers: public ones of public
/// classes, with names that a shrinker left alone.
pub fn offer(program: &Program<'_>, class: ClassId, offered: &mut Roots) {
    let what = program.class(class);
    if what.flags & flags::PUBLIC == 0 || !program.is_first_definition(class) {
        return;
    }
    let descriptor = program.descriptor_bytes(what.type_);
    let descriptor = descriptor.strip_suffix(b";").unwrap_or(descriptor);
    let simple = descriptor.rsplit(|byte| matches!(byte, b'/' | b'$')).next();
    if simple.is_none_or(is_renamed) {
        return;
    }
    let mut is_made = false;
    for id in program.methods_of(class) {
        let method = program.method(id);
        if method.flags & (flags::PUBLIC | flags::PROTECTED) == 0 || method.code_off == 0 {
            continue;
        }
        if method.flags & flags::CONSTRUCTOR != 0 {
            is_made = true;
        } else if is_renamed(program.name_bytes(method.selector)) {
            continue;
        }
        offered.called.push(id);
    }
    if is_made {
        offered.made.push(class);
    }
}

/// Whether a name (MUTF-8) is what shrinkers write: one or two characters.
fn is_renamed(name: &[u8]) -> bool {
    let is_first = |byte: &&u8| **byte & 0xc0 != 0x80;
    name.len() <= 6 && name.iter().filter(is_first).count() <= 2
}
