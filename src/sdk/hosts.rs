//! Hosts in string constants, with the class that holds each.

use crate::app::code::{CodeBody, CodeUnit};
use crate::formats::dex::{ClassDef, Dex, EncodedValue, IndexKind, WalkBudget};

/// A host named by a string constant.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct HostName {
    /// Lower-case host.
    pub host: String,
    /// Whether an `http://` or `ws://` URL names it.
    pub cleartext: bool,
}

/// Calls `found` for each class (index of its definition in the unit) and each
/// host that one of its string constants names. `is_known` tells whether a bare
/// string such as `s.jpush.cn` is a host that somebody owns: without a scheme
/// nothing else tells a host from a package name.
pub fn for_each(
    unit: &CodeUnit<'_>,
    is_known: impl Fn(&str) -> bool,
    mut found: impl FnMut(u32, &HostName),
) {
    match &unit.body {
        CodeBody::Dex { .. } => {
            if let Some(dex) = unit.dex() {
                in_dex(&dex, is_known, found);
            }
        }
        CodeBody::ClassFiles(classes) => {
            for (definition, class) in classes.iter().enumerate() {
                for text in &class.strings {
                    if let Some(host) = host_of(text, &is_known) {
                        found(definition as u32, &host);
                    }
                }
            }
        }
    }
}

/// The hosts that the strings of one dex file name.
#[derive(Debug, Default)]
pub struct HostNames {
    names: Vec<HostName>,
    /// By index of the string: 0, or the number of the name from 1 on.
    of_string: Vec<u32>,
}

impl HostNames {
    /// Looks at every string once; most are names of something else.
    pub fn of(dex: &Dex<'_>, is_known: impl Fn(&str) -> bool) -> Self {
        let mut hosts = Self {
            names: Vec::new(),
            of_string: vec![0; dex.string_count() as usize],
        };
        for (index, slot) in hosts.of_string.iter_mut().enumerate() {
            let Some(bytes) = dex.string_bytes(index as u32) else {
                continue;
            };
            if !may_name_host(bytes) {
                continue;
            }
            let text = std::str::from_utf8(bytes).ok();
            if let Some(host) = text.and_then(|text| host_of(text, &is_known)) {
                hosts.names.push(host);
                *slot = hosts.names.len() as u32;
            }
        }
        hosts
    }

    /// The host that a string names.
    #[inline]
    pub fn named_by(&self, string: u32) -> Option<&HostName> {
        let number = self.of_string.get(string as usize)?.checked_sub(1)?;
        self.names.get(number as usize)
    }
}

/// A class that holds a string which names a host.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HostUse {
    /// Index of the class's definition in its unit.
    pub definition: u32,
    /// The host.
    pub name: HostName,
}

fn in_dex(dex: &Dex<'_>, is_known: impl Fn(&str) -> bool, mut found: impl FnMut(u32, &HostName)) {
    let hosts = HostNames::of(dex, is_known);
    if hosts.names.is_empty() {
        return;
    }
    let mut budget = WalkBudget::new(dex);
    for (definition, class) in dex.class_defs().enumerate() {
        for_each_string(dex, &class, &mut budget, |string| {
            if let Some(name) = hosts.named_by(string) {
                found(definition as u32, name);
            }
        });
    }
}

/// String constants of one class: static values, then code. What the budget
/// refuses is not seen; hosts only support a claim.
fn for_each_string(
    dex: &Dex<'_>,
    class: &ClassDef,
    budget: &mut WalkBudget,
    mut found: impl FnMut(u32),
) {
    for value in budget.static_values(dex, class).into_iter().flatten() {
        if let EncodedValue::String(string) = value {
            found(string);
        }
    }
    let Ok(members) = budget.class_data(dex, class) else {
        return;
    };
    for method in members.methods().filter(|method| method.code_off != 0) {
        let Ok(code) = budget.code(dex, method.code_off) else {
            continue;
        };
        for instruction in code
            .instructions()
            .filter(|i| i.index_kind() == IndexKind::String)
        {
            instruction.index().into_iter().for_each(&mut found);
        }
    }
}

/// Longest string constant that is looked at for a host; strings may overlap in
/// the file, so the sum of their lengths is not bounded by its size.
const MAX_URL_BYTES: usize = 2_048;

/// A cheap test that rules out nearly all strings.
fn may_name_host(bytes: &[u8]) -> bool {
    (4..=MAX_URL_BYTES).contains(&bytes.len())
        && bytes.contains(&b'.')
        && (!bytes.contains(&b' ') || bytes.windows(3).any(|window| window == b"://"))
}

/// The host that a string constant names, if any.
pub fn host_of(text: &str, is_known: impl Fn(&str) -> bool) -> Option<HostName> {
    if let Some((scheme, rest)) = text.split_once("://") {
        let scheme = scheme
            .rsplit(|c: char| !c.is_ascii_alphanumeric())
            .next()?
            .to_ascii_lowercase();
        let cleartext = match scheme.as_str() {
            "http" | "ws" | "ftp" => true,
            "https" | "wss" | "tcp" | "ssl" | "mqtt" | "mqtts" => false,
            _ => return None,
        };
        let end = rest
            .find(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_')))
            .unwrap_or(rest.len());
        let host = rest[..end].trim_end_matches('.').to_ascii_lowercase();
        return is_host(&host).then_some(HostName { host, cleartext });
    }
    let is_bare = text.len() <= 253
        && text
            .bytes()
            .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || matches!(b, b'.' | b'-'));
    (is_bare && is_host(text) && is_known(text)).then(|| HostName {
        host: text.to_owned(),
        cleartext: false,
    })
}

/// A registered name with an alphabetic top-level domain, or an IPv4 address.
fn is_host(host: &str) -> bool {
    if host.parse::<std::net::Ipv4Addr>().is_ok() {
        return true;
    }
    let mut labels = host.split('.');
    let valid = |label: &str| {
        !label.is_empty() && label.len() <= 63 && !label.starts_with('-') && !label.ends_with('-')
    };
    let top = host.rsplit('.').next().unwrap_or_default();
    host.contains('.')
        && labels.all(valid)
        && top.len() >= 2
        && top.bytes().all(|b| b.is_ascii_alphabetic())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn host(text: &str) -> Option<(String, bool)> {
        host_of(text, |bare| bare.ends_with("jpush.cn")).map(|h| (h.host, h.cleartext))
    }

    #[test]
    fn urls_name_their_host_and_whether_it_is_cleartext() {
        assert_eq!(
            host("https://Stats.Example.com:8443/v1?x=1"),
            Some(("stats.example.com".into(), false))
        );
        assert_eq!(host("http://10.0.0.1/"), Some(("10.0.0.1".into(), true)));
        assert_eq!(host("https://%s/v1"), None);
        assert_eq!(host("content://com.x.provider/a"), None);
    }

    #[test]
    fn a_bare_string_is_a_host_only_when_somebody_owns_it() {
        assert_eq!(host("s.jpush.cn"), Some(("s.jpush.cn".into(), false)));
        assert_eq!(host("com.example.provider"), None);
    }
}
