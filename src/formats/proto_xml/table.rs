//! The resource table of a bundle.

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::item::{Item, item};
use super::wire::{Field, Fields, Message, low32};
use crate::formats::limits::{MAX_PROTO_RESOURCES, MAX_RESOURCE_CONFIGURATIONS};
use crate::formats::resources::{Resources, follow, text};
use crate::formats::xml::Value;
use crate::formats::{AnomalyLog, DecodeError, Decoded};

/// A resource table over the bytes of its file; values are decoded when asked
/// for.
#[derive(Debug, Clone, Default)]
pub struct ProtoResourceTable<'a> {
    /// `Entry` messages by resource id.
    entries: BTreeMap<u32, Vec<Message<'a>>>,
    /// Resource ids by `type/entry`.
    names: BTreeMap<(&'a [u8], &'a [u8]), u32>,
}

/// Indexes a `ResourceTable` message (`base/resources.pb`).
///
/// # Errors
/// When the bytes hold no package.
pub fn parse_resources(bytes: &[u8]) -> Decoded<ProtoResourceTable<'_>> {
    let mut index = TableIndex::default();
    let mut packages = 0usize;
    let mut fields = Message::new(bytes, 0).fields();
    for (number, field) in fields.by_ref() {
        // ResourceTable: package = 2.
        if let (2, Field::Bytes(package)) = (number, field) {
            packages += 1;
            index.package(package);
        }
    }
    index.note_broken(&fields);
    if packages == 0 {
        return Err(DecodeError::new(
            0,
            "the protobuf resource table holds no package",
        ));
    }
    Ok((index.table, index.log.finish()))
}

#[derive(Default)]
struct TableIndex<'a> {
    table: ProtoResourceTable<'a>,
    resources: usize,
    log: AnomalyLog,
}

impl<'a> TableIndex<'a> {
    fn note_broken(&mut self, fields: &Fields<'_>) {
        if fields.broken {
            self.log.note_at(
                "proto-resources-truncated",
                fields.cursor.offset(),
                "the protobuf message ends inside a field",
            );
        }
    }

    /// `Package`: package_id = 1 (`PackageId`: id = 1), type = 3.
    fn package(&mut self, package: Message<'a>) {
        let id = inner_id(package);
        let mut fields = package.fields();
        for (number, field) in fields.by_ref() {
            if let (3, Field::Bytes(kind)) = (number, field) {
                self.resource_type(id, kind);
            }
        }
        self.note_broken(&fields);
    }

    /// `Type`: type_id = 1 (`TypeId`: id = 1), name = 2, entry = 3.
    fn resource_type(&mut self, package: u32, kind: Message<'a>) {
        let type_id = inner_id(kind);
        let type_name = kind.message(2).map_or(&[][..], |name| name.data);
        let mut fields = kind.fields();
        for (number, field) in fields.by_ref() {
            let (3, Field::Bytes(entry)) = (number, field) else {
                continue;
            };
            if self.resources >= MAX_PROTO_RESOURCES {
                self.log.note_at(
                    "proto-resources-too-many",
                    entry.offset,
                    format_args!("only the first {MAX_PROTO_RESOURCES} resources were read"),
                );
                return;
            }
            self.resources += 1;
            let id = (package & 0xff) << 24 | (type_id & 0xff) << 16 | inner_id(entry) & 0xffff;
            let name = entry.message(2).map_or(&[][..], |name| name.data);
            self.table.names.entry((type_name, name)).or_insert(id);
            self.table.entries.entry(id).or_default().push(entry);
        }
        self.note_broken(&fields);
    }
}

/// `PackageId`, `TypeId` and `EntryId` are field 1 and hold the id in theirs.
fn inner_id(message: Message<'_>) -> u32 {
    message
        .message(1)
        .and_then(|id| id.number(1))
        .map_or(0, low32)
}

impl ProtoResourceTable<'_> {
    /// The text of a resource in the default configuration, references
    /// followed; where there is no default value, the first one in the file.
    pub fn string(&self, id: u32) -> Option<String> {
        self.value(id).as_ref().and_then(text)
    }

    /// The same, typed.
    pub fn value(&self, id: u32) -> Option<Value> {
        follow(id, |id| self.lookup(id))
    }

    /// The text of a resource in a language (`zh`, `fil`): the value without
    /// region if there is one, else the first. `None` when the table has none
    /// in that language.
    pub fn localized(&self, id: u32, language: &str) -> Option<String> {
        let value = self
            .find(id, |configuration| configuration.is_locale(language))
            .or_else(|| self.find(id, |configuration| configuration.is_language(language)))?;
        match value {
            Value::Reference(next) => self.string(next),
            value => text(&value),
        }
    }

    /// The default value, else the first.
    fn lookup(&self, id: u32) -> Option<Value> {
        self.find(id, |configuration| configuration.is_default())
            .or_else(|| self.find(id, |_| true))
    }

    fn find(&self, id: u32, wanted: impl Fn(&Configuration<'_>) -> bool) -> Option<Value> {
        self.configured_values(id)
            .filter(|(configuration, _)| wanted(configuration))
            .find_map(|(_, value)| self.plain_value(value))
    }

    /// `Entry`: config_value = 6. `ConfigValue`: config = 1, value = 2.
    fn configured_values(&self, id: u32) -> impl Iterator<Item = (Configuration<'_>, Message<'_>)> {
        let entries = self.entries.get(&id).into_iter().flatten();
        entries
            .flat_map(|entry| entry.fields())
            .filter_map(|(number, field)| match (number, field) {
                (6, Field::Bytes(configured)) => Some(configured),
                _ => None,
            })
            .take(MAX_RESOURCE_CONFIGURATIONS)
            .filter_map(|configured| {
                let configuration = configured.message(1).unwrap_or(Message::new(&[], 0));
                Some((Configuration(configuration), configured.message(2)?))
            })
    }

    /// `Value`: item = 4. Compound values are bags and have none.
    fn plain_value(&self, value: Message<'_>) -> Option<Value> {
        match item(value.message(4)?)? {
            Item::Value(value) => Some(value),
            Item::Named(name) => {
                // `package:type/entry` or `type/entry`
                let local = name.rsplit(':').next()?;
                let (kind, entry) = local.split_once('/')?;
                let id = self.names.get(&(kind.as_bytes(), entry.as_bytes()))?;
                Some(Value::Reference(*id))
            }
        }
    }
}

/// A `Configuration` message, in which absent means "any".
struct Configuration<'a>(Message<'a>);

impl Configuration<'_> {
    fn is_default(&self) -> bool {
        self.0.data.is_empty()
    }

    /// `locale` = 3, a BCP 47 tag.
    fn locale(&self) -> Option<Cow<'_, str>> {
        self.0.message(3).map(Message::text)
    }

    fn is_locale(&self, tag: &str) -> bool {
        self.locale().is_some_and(|locale| locale == tag)
    }

    fn is_language(&self, language: &str) -> bool {
        self.locale()
            .is_some_and(|locale| locale.split(['-', '_']).next() == Some(language))
    }
}

impl Resources for ProtoResourceTable<'_> {
    fn value(&self, id: u32) -> Option<Value> {
        ProtoResourceTable::value(self, id)
    }
}
