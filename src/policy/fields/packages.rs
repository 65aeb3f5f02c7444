//! Android package names written in an entry.

use std::ops::Range;

use crate::policy::pattern::Pattern;

use crate::policy::{Lexicon, url};

/// Packages kept of one entry; a bundle of channels names a dozen.
const MAX_PACKAGES: usize = 32;

/// Longest package name, in bytes; Android stops at 223.
const MAX_NAME: usize = 223;

/// A name of labels; a line or a cell of a PDF may break it behind a dot.
static NAME: Pattern = Pattern::new(r"[A-Za-z][A-Za-z0-9_]*(?:\.\s?[A-Za-z_][A-Za-z0-9_]*)+");

/// First labels of package names: reversed domains and a few of old libraries.
const FIRST: [&str; 36] = [
    "com", "cn", "net", "org", "io", "me", "tv", "cc", "co", "app", "dev", "im", "ai", "jp", "kr",
    "de", "fr", "uk", "ru", "eu", "us", "in", "tw", "hk", "sg", "br", "info", "xyz", "top", "tech",
    "mobi", "biz", "edu", "gov", "androidx", "android",
];

/// Last labels of file names and hosts, which no package ends in.
const NO_PACKAGE: [&str; 22] = [
    "jar", "aar", "so", "html", "htm", "shtml", "js", "md", "pdf", "php", "jsp", "aspx", "apk",
    "zip", "xml", "json", "txt", "com", "cn", "net", "org", "doc",
];

/// The package names of a text, in order.
pub(super) fn find(text: &str, lexicon: &Lexicon) -> Vec<String> {
    let links = url::find(text);
    let mut found: Vec<String> = Vec::new();
    for name in NAME.find_iter(text) {
        let in_link = |link: &Range<usize>| link.start < name.end() && name.start() < link.end;
        let before = text
            .get(..name.start())
            .and_then(|head| head.chars().next_back());
        let after = text.get(name.end()..).and_then(|rest| rest.chars().next());
        let address =
            matches!(before, Some('@' | '/' | '.' | '-')) || matches!(after, Some('@' | '/' | '-'));
        if address || links.iter().any(in_link) {
            continue;
        }
        if let Some(package) = package(name.as_str(), lexicon)
            && !found.contains(&package)
        {
            found.push(package);
            if found.len() == MAX_PACKAGES {
                break;
            }
        }
    }
    found
}

/// The words as a package name: without the class at its end.
fn package(words: &str, lexicon: &Lexicon) -> Option<String> {
    let mut name: String = words.chars().filter(|c| !c.is_whitespace()).collect();
    while let Some((head, last)) = name.rsplit_once('.') {
        // `com.acme.push.PushService` names a class of `com.acme.push`.
        if !last.starts_with(|c: char| c.is_ascii_uppercase()) || head.matches('.').count() < 2 {
            break;
        }
        name = head.to_owned();
    }
    let lower = name.to_ascii_lowercase();
    let first = lower.split('.').next()?;
    let last = lower.rsplit('.').next()?;
    let reversed = FIRST.contains(&first) && lower.matches('.').count() >= 2;
    let refused = NO_PACKAGE.contains(&last)
        || words.contains(".permission.")
        || lower.starts_with("android.permission")
        || name.len() > MAX_NAME;
    let known =
        || !words.contains(char::is_whitespace) && !lexicon.names.packages(&name).is_empty();
    (!refused && (reversed || known())).then_some(name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sdk::KnowledgeBase;

    #[test]
    fn packages_are_neither_hosts_nor_files_nor_permissions() {
        let lexicon = Lexicon::compile(&KnowledgeBase::embedded());
        let table: [(&str, &[&str]); 12] = [
            ("包名:com.acme.push", &["com.acme.push"]),
            (
                "灰雁SDK(cn.huiyan.sdk)、com.acme.push",
                &["cn.huiyan.sdk", "com.acme.push"],
            ),
            ("com.acme.push.PushService", &["com.acme.push"]),
            ("com.acme.\npush", &["com.acme.push"]),
            ("https://com.acme.push/a", &[]),
            ("www.acme.com", &[]),
            ("sdk.acme.com.cn", &[]),
            ("a@com.acme.mail", &[]),
            ("libacme.core.so、acme.push.jar", &[]),
            ("android.permission.READ_PHONE_STATE", &[]),
            ("com.huawei.android.launcher.permission.CHANGE_BADGE", &[]),
            ("io.sentry", &["io.sentry"]),
        ];
        for (text, packages) in table {
            assert_eq!(find(text, &lexicon), packages, "{text}");
        }
    }
}
