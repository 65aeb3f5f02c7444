//! The catalogue of sources, in the order that look-ups need.

use std::collections::{HashMap, HashSet};

use crate::sdk::schema::{Source, SourceKind, SourceRole};

/// One member of one row of the catalogue.
#[derive(Debug, Clone, Copy)]
pub struct SourceRef<'c> {
    /// The row.
    pub source: &'c Source,
    /// The member, one of the row's.
    pub member: &'c str,
}

impl SourceRef<'_> {
    /// How reports name it: `class->member`, or the constant.
    pub fn id(&self) -> String {
        if self.source.class.is_empty() {
            self.member.to_owned()
        } else {
            format!("{}->{}", self.source.class, self.member)
        }
    }
}

/// The catalogue, compiled. Immutable.
#[derive(Debug, Default)]
pub struct SourceCatalogue<'c> {
    /// Methods and fields by class descriptor.
    members: HashMap<&'c str, Vec<SourceRef<'c>>>,
    /// Their names.
    names: HashSet<&'c str>,
    constants: HashMap<SourceKind, HashMap<&'c str, Vec<SourceRef<'c>>>>,
}

/// The name of a method (`getImei(I)L…;`) or field (`SERIAL:L…;`) of a row.
fn name_of(member: &str) -> &str {
    let end = member.find(['(', ':']).unwrap_or(member.len());
    &member[..end]
}

impl<'c> SourceCatalogue<'c> {
    /// Compiles rows.
    pub fn new(sources: &'c [Source]) -> Self {
        let mut catalogue = Self::default();
        for source in sources {
            for member in &source.members {
                catalogue.add(SourceRef { source, member });
            }
        }
        catalogue
    }

    fn add(&mut self, row: SourceRef<'c>) {
        match row.source.kind {
            SourceKind::Method | SourceKind::Field => {
                self.names.insert(name_of(row.member));
                let class = row.source.class.as_str();
                self.members.entry(class).or_default().push(row);
            }
            kind => {
                let of_kind = self.constants.entry(kind).or_default();
                of_kind.entry(row.member).or_default().push(row);
            }
        }
    }

    /// Names of methods and fields.
    pub fn names(&self) -> impl Iterator<Item = &'c str> {
        self.names.iter().copied()
    }

    /// Names of fields.
    pub fn field_names(&self) -> impl Iterator<Item = &'c str> {
        let rows = self.members.values().flatten();
        let fields = rows.filter(|row| row.source.kind == SourceKind::Field);
        fields.map(|row| name_of(row.member))
    }

    /// Descriptors of classes with methods or fields.
    pub fn classes(&self) -> impl Iterator<Item = &'c str> {
        self.members.keys().copied()
    }

    /// The constants of some kinds.
    pub fn constants(&self, kinds: &[SourceKind]) -> impl Iterator<Item = &'c str> {
        let of_kinds = kinds.iter().filter_map(|kind| self.constants.get(kind));
        of_kinds.flat_map(|texts| texts.keys().copied())
    }

    /// The rows of callback methods (role `callback-parameter`).
    pub fn callback_parameters(&self) -> impl Iterator<Item = SourceRef<'c>> {
        let rows = self.members.values().flatten().copied();
        rows.filter(|row| row.source.role == SourceRole::CallbackParameter)
    }

    /// The rows of a method (`proto` as `()V`) that a class itself has.
    pub fn method(
        &self,
        class: &str,
        name: &str,
        proto: &str,
    ) -> impl Iterator<Item = SourceRef<'c>> {
        let of_class = self.members.get(class).map_or(&[][..], Vec::as_slice);
        of_class.iter().copied().filter(move |row| {
            let rest = row.member.strip_prefix(name);
            row.source.kind == SourceKind::Method
                && rest.is_some_and(|rest| rest.is_empty() || rest == proto)
        })
    }

    /// The rows of methods and fields of a class under a name, whatever their
    /// prototype: each source once.
    pub fn named(&self, class: &str, name: &str) -> Vec<SourceRef<'c>> {
        let of_class = self.members.get(class).map_or(&[][..], Vec::as_slice);
        let mut rows: Vec<SourceRef<'c>> = Vec::new();
        for row in of_class.iter().filter(|row| name_of(row.member) == name) {
            let is_use = !matches!(
                row.source.role,
                SourceRole::Keyed | SourceRole::CallbackParameter | SourceRole::Conditional
            );
            if is_use
                && !rows
                    .iter()
                    .any(|known| std::ptr::eq(known.source, row.source))
            {
                rows.push(*row);
            }
        }
        rows
    }

    /// The rows of a field.
    pub fn field(&self, class: &str, name: &str) -> impl Iterator<Item = SourceRef<'c>> {
        let of_class = self.members.get(class).map_or(&[][..], Vec::as_slice);
        of_class
            .iter()
            .copied()
            .filter(move |row| row.source.kind == SourceKind::Field && name_of(row.member) == name)
    }

    /// The rows of exactly this constant.
    pub fn constant(&self, kind: SourceKind, text: &str) -> &[SourceRef<'c>] {
        let of_kind = self.constants.get(&kind);
        of_kind
            .and_then(|texts| texts.get(text))
            .map_or(&[][..], Vec::as_slice)
    }

    /// The rows of a key of one `Settings` class. Keys that moved are found
    /// under either class (`Settings` redirects them).
    pub fn setting(&self, class: &str, key: &str) -> Vec<SourceRef<'c>> {
        let rows = self.constant(SourceKind::Setting, key);
        let of_class: Vec<_> = rows.iter().filter(|r| r.source.class == class).collect();
        let rows = if of_class.is_empty() {
            rows.iter().collect()
        } else {
            of_class
        };
        rows.into_iter().take(1).copied().collect()
    }

    /// The rows of the longest URI at or above this one.
    pub fn uri(&self, uri: &str) -> &[SourceRef<'c>] {
        let uri = uri.split(['?', '#']).next().unwrap_or(uri);
        let mut at = uri.trim_end_matches('/');
        loop {
            let rows = self.constant(SourceKind::Uri, at);
            if !rows.is_empty() || at.ends_with("//") {
                return rows;
            }
            match at.rfind('/') {
                Some(end) if end > "content://".len() => at = &at[..end],
                _ => return &[],
            }
        }
    }

    /// The rows of a path: the whole path, its end where the row is relative
    /// or the start of the path is unknown, or its start where the row is a
    /// folder.
    pub fn path(&self, path: &str) -> &[SourceRef<'c>] {
        let exact = self.constant(SourceKind::Path, path);
        if !exact.is_empty() {
            return exact;
        }
        let ends = path.match_indices('/').map(|(at, _)| at);
        for at in ends {
            let rows = self.constant(SourceKind::Path, &path[at + 1..]);
            if !rows.is_empty() {
                return rows;
            }
        }
        let folder = path.trim_end_matches('/');
        self.constant(SourceKind::Path, folder)
    }

    /// The rows of a command: of what it begins with, the longest.
    pub fn command(&self, command: &str) -> &[SourceRef<'c>] {
        let words: Vec<&str> = command.split_whitespace().collect();
        // `/system/bin/cat` is `cat`.
        let first = words
            .first()
            .map_or("", |word| word.rsplit('/').next().unwrap_or_default());
        let mut text = first.to_owned();
        let mut found: &[SourceRef<'c>] = self.constant(SourceKind::Command, &text);
        for word in words.iter().skip(1) {
            text.push(' ');
            text.push_str(word);
            let rows = self.constant(SourceKind::Command, &text);
            if !rows.is_empty() {
                found = rows;
            }
        }
        if found.is_empty() && first == "cat" {
            return words.get(1).map_or(&[], |path| self.path(path));
        }
        if found.len() == 1 && first == "getprop" && words.len() > 1 {
            let rows = self.constant(SourceKind::Property, words[1]);
            if !rows.is_empty() {
                return rows;
            }
        }
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sdk::KnowledgeBase;

    fn types(rows: &[SourceRef<'_>]) -> Vec<String> {
        let all = rows.iter().flat_map(|row| row.source.data_types.clone());
        all.collect()
    }

    #[test]
    fn methods_match_by_prototype_and_keys_by_class() {
        let base = KnowledgeBase::embedded();
        let catalogue = SourceCatalogue::new(base.sources());
        let telephony = "Landroid/telephony/TelephonyManager;";
        let imei: Vec<_> = catalogue
            .method(telephony, "getImei", "()Ljava/lang/String;")
            .collect();
        assert_eq!(types(&imei), ["imei"]);
        assert_eq!(catalogue.method(telephony, "getImei", "()V").count(), 0);
        let secure = "Landroid/provider/Settings$Secure;";
        assert_eq!(
            types(&catalogue.setting(secure, "android_id")),
            ["android-id"]
        );
        assert_eq!(
            types(
                &catalogue
                    .field("Landroid/os/Build;", "SERIAL")
                    .collect::<Vec<_>>()
            ),
            ["serial"]
        );
    }

    #[test]
    fn uris_paths_and_commands_match_from_their_start() {
        let base = KnowledgeBase::embedded();
        let catalogue = SourceCatalogue::new(base.sources());
        for (uri, expected) in [
            ("content://sms/inbox", "sms"),
            ("content://sms/inbox/17?limit=1", "sms"),
            (
                "content://com.android.contacts/data/phones/filter",
                "contacts",
            ),
        ] {
            assert_eq!(types(catalogue.uri(uri)), [expected], "{uri}");
        }
        assert!(catalogue.uri("content://com.example.provider/a").is_empty());
        assert!(catalogue.uri("content://").is_empty());
        assert_eq!(
            types(catalogue.path("/sys/class/net/wlan0/address")),
            ["mac"]
        );
        assert_eq!(
            types(catalogue.path("/sdcard/backups/.SystemConfig/.cuid")),
            ["android-id"]
        );
        assert!(catalogue.path("/data/data/com.x/files/a").is_empty());
        for (command, expected) in [
            ("getprop ro.serialno", "serial"),
            ("getprop ro.product.model", "device-model"),
            ("/system/bin/cat /sys/class/net/wlan0/address", "mac"),
            ("pm list packages -3", "app-list"),
        ] {
            assert_eq!(types(catalogue.command(command)), [expected], "{command}");
        }
        assert!(catalogue.command("ls /").is_empty());
    }
}
