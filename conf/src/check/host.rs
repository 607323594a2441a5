//! Host names, and the host patterns of routes.
use std::net::IpAddr;

use crate::model::HostPattern;
use crate::problem::Problem;
use crate::units::shorten;

/// Reads `match.host`: a name, an address, or `*.suffix`.
pub(crate) fn pattern(text: &str) -> Result<HostPattern, Problem> {
    let shown = shorten(text);
    if let Some((_, rest)) = text.split_once("://") {
        let host = rest.split(['/', ':']).next().unwrap_or_default();
        return Err(Problem::new(format!("'{shown}' is a URL, not a host")).hint(format!("write {}", shorten(host))));
    }
    if text == "*" {
        return Err(Problem::new("'*' is not a host").hint("leave 'host' out to match every host"));
    }
    let unbracketed = text.strip_prefix('[').and_then(|text| text.strip_suffix(']')).unwrap_or(text);
    if let Ok(address) = unbracketed.parse::<IpAddr>() {
        let host = if address.is_ipv6() { format!("[{address}]") } else { address.to_string() };
        return Ok(HostPattern::Exact(host));
    }
    if let Some((host, port)) = text.rsplit_once(':')
        && !port.is_empty()
        && port.bytes().all(|byte| byte.is_ascii_digit())
    {
        let problem = Problem::new(format!("host '{shown}' has a port"));
        return Err(problem.hint(format!("a route matches the host on any port: write {}", shorten(host))));
    }
    if text.contains('/') {
        return Err(Problem::new(format!("host '{shown}' has a path")).hint("the path goes into 'path'"));
    }
    match text.strip_prefix("*.") {
        Some(suffix) => name(suffix).map(|suffix| HostPattern::Suffix(format!(".{suffix}"))),
        None if text.contains('*') => Err(Problem::new(format!("'*' stands inside the host '{shown}'"))
            .hint("'*' can only be the first label, like *.example.com")),
        None => name(text).map(HostPattern::Exact),
    }
}

/// A host name in lower case, after RFC 1123 with `_`, which internal names use.
pub(crate) fn name(text: &str) -> Result<String, Problem> {
    let shown = shorten(text);
    let problem = |why: &str| Problem::new(format!("'{shown}' is not a host name: {why}"));
    if text.is_empty() {
        return Err(Problem::new("the host name is missing"));
    }
    if !text.is_ascii() {
        return Err(problem("it is not ASCII").hint("write an international name in its xn-- form"));
    }
    if text.len() > 253 {
        return Err(problem("it has more than 253 characters"));
    }
    if let Some(bare) = text.strip_suffix('.') {
        return Err(problem("it ends in a dot").hint(format!("write {}", shorten(bare))));
    }
    for label in text.split('.') {
        let allowed = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
        match label {
            "" => return Err(problem("it has an empty label between dots")),
            _ if label.len() > 63 => return Err(problem("a label has more than 63 characters")),
            _ if label.starts_with('-') || label.ends_with('-') => {
                return Err(problem("a label begins or ends with '-'"));
            }
            _ => {
                if let Some(other) = label.chars().find(|c| !c.is_ascii() || !allowed(*c as u8)) {
                    return Err(problem(&format!("it contains '{}'", other.escape_default())));
                }
            }
        }
    }
    Ok(text.to_ascii_lowercase())
}

#[cfg(test)]
mod tests {
    use super::pattern;
    use crate::model::HostPattern::{Exact, Suffix};

    #[test]
    fn hosts() {
        assert_eq!(pattern("Shop.Example"), Ok(Exact("shop.example".into())));
        assert_eq!(pattern("*.Example.com"), Ok(Suffix(".example.com".into())));
        assert_eq!(pattern("127.0.0.1"), Ok(Exact("127.0.0.1".into())));
        assert_eq!(pattern("[::1]"), Ok(Exact("[::1]".into())));
        assert_eq!(pattern("my_host"), Ok(Exact("my_host".into())));
        for text in
            ["", "*", "a:80", "http://a", "a/b", "a.*.c", "*.", "*a.c", "a..b", "a.", "-a", "ä.de", "a b", "*.*.c"]
        {
            assert!(pattern(text).is_err(), "{text}");
        }
    }
}
