//! What of two links is compared.

/// The host in lower case, without `www.`.
pub(crate) fn host(link: &str) -> Option<String> {
    let lower = link.trim().to_ascii_lowercase();
    let rest = lower
        .split_once("://")
        .map_or(lower.as_str(), |(_, rest)| rest);
    let host = rest.split(['/', '?', '#', ':']).next()?;
    let host = host.strip_prefix("www.").unwrap_or(host);
    (host.contains('.')).then(|| host.to_owned())
}

/// Host and path with query, for comparing pages; none for a bare host.
pub(crate) fn page_key(link: &str) -> Option<String> {
    let lower = link.trim().to_ascii_lowercase();
    let rest = lower
        .split_once("://")
        .map_or(lower.as_str(), |(_, rest)| rest);
    let rest = rest
        .strip_prefix("www.")
        .unwrap_or(rest)
        .trim_end_matches('/');
    rest.contains('/').then(|| rest.to_owned())
}
