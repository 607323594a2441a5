//! Origins of an upstream: `host:port`, `http://host[:port]`, `https://host[:port]`.
use std::net::{Ipv4Addr, Ipv6Addr};

use crate::check::host;
use crate::model::Server;
use crate::problem::Problem;
use crate::units::shorten;

/// Reads one origin.
pub(crate) fn server(text: &str) -> Result<Server, Problem> {
    let (tls, default_port, rest) = scheme(text)?;
    let shown = shorten(text);
    let rest = match rest.split_once(['/', '?', '#']) {
        None => rest,
        Some((origin, path)) => {
            let origin = &text[..text.len() - rest.len() + origin.len()];
            let problem = if path.is_empty() { "ends in '/'" } else { "has a path" };
            return Err(Problem::new(format!("origin '{shown}' {problem}"))
                .hint(format!("requests keep their own path: write {}", shorten(origin))));
        }
    };
    if rest.contains('@') {
        return Err(Problem::new(format!("origin '{shown}' has a user name"))
            .hint("send credentials with a 'headers' filter that sets authorization"));
    }
    let (host, port) = split_port(rest);
    let port = match (port, default_port) {
        (Some(port), _) => match port.parse::<u16>() {
            Ok(number) if number > 0 && port.bytes().all(|byte| byte.is_ascii_digit()) => number,
            _ => {
                let problem = Problem::new(format!("'{}' is not a port, in origin '{shown}'", shorten(port)));
                return Err(problem.hint("ports go from 1 to 65535"));
            }
        },
        (None, Some(port)) => port,
        (None, None) => {
            let problem = Problem::new(format!("origin '{shown}' has no port"));
            return Err(problem.hint(format!("write {shown}:80, or https://{shown} for port 443 with TLS")));
        }
    };
    let host = match host.strip_prefix('[').and_then(|host| host.strip_suffix(']')) {
        Some(inner) if inner.parse::<Ipv6Addr>().is_ok() => inner.to_owned(),
        Some(_) => return Err(Problem::new(format!("'{}' is not an IPv6 address", shorten(host)))),
        None if host.parse::<Ipv4Addr>().is_ok() => host.to_owned(),
        None if host.contains(['[', ']', ':']) => {
            let problem = Problem::new(format!("'{}' is not a host, in origin '{shown}'", shorten(host)));
            return Err(problem.hint("an IPv6 address stands in brackets, like [::1]:9000"));
        }
        None => host::name(host)
            .map_err(|problem| Problem { message: format!("{}, in origin '{shown}'", problem.message), ..problem })?,
    };
    Ok(Server { host, port, tls })
}

/// TLS, the scheme's port, and what follows it.
fn scheme(text: &str) -> Result<(bool, Option<u16>, &str), Problem> {
    match text.split_once("://") {
        None => match text.strip_prefix("unix:") {
            Some(_) => Err(Problem::new("origins on Unix sockets are not available yet in this version")),
            None => Ok((false, None, text)),
        },
        Some(("http", rest)) => Ok((false, Some(80), rest)),
        Some(("https", rest)) => Ok((true, Some(443), rest)),
        Some((other, rest)) => {
            let problem = Problem::new(format!("origins do not speak '{}'", shorten(other)));
            Err(match other.to_ascii_lowercase().as_str() {
                lower @ ("http" | "https") => problem.hint(format!("write {lower}://{}", shorten(rest))),
                "ws" => problem.hint(format!("write http://{}", shorten(rest))),
                "wss" => problem.hint(format!("write https://{}", shorten(rest))),
                _ => problem.hint("only http:// and https://"),
            })
        }
    }
}

/// Host and port; the colons of an IPv6 address are no port.
fn split_port(text: &str) -> (&str, Option<&str>) {
    let after_brackets = text.rfind(']').map_or(0, |at| at + 1);
    match text[after_brackets..].rfind(':') {
        Some(colon) => (&text[..after_brackets + colon], Some(&text[after_brackets + colon + 1..])),
        None => (text, None),
    }
}

#[cfg(test)]
mod tests {
    use super::server;

    fn show(text: &str) -> String {
        match server(text) {
            Ok(server) => format!("{} {} {}", server.host, server.port, server.tls),
            Err(problem) => format!("{} ({})", problem.message, problem.hint.unwrap_or_default()),
        }
    }

    #[test]
    fn forms() {
        assert_eq!(show("127.0.0.1:9000"), "127.0.0.1 9000 false");
        assert_eq!(show("Origin.Internal:80"), "origin.internal 80 false");
        assert_eq!(show("http://[::1]:81"), "::1 81 false");
        assert_eq!(show("http://a"), "a 80 false");
        assert_eq!(show("https://api.example.com"), "api.example.com 443 true");
        assert_eq!(show("https://api.example.com:8443"), "api.example.com 8443 true");
    }

    #[test]
    fn refused() {
        assert_eq!(show("a"), "origin 'a' has no port (write a:80, or https://a for port 443 with TLS)");
        assert_eq!(show("http://a/"), "origin 'http://a/' ends in '/' (requests keep their own path: write http://a)");
        assert_eq!(show("a:80/v1"), "origin 'a:80/v1' has a path (requests keep their own path: write a:80)");
        for text in
            ["", ":80", "a:0", "a:65536", "a:+1", "http://", "[::1]", "::1:80", "[x]:80", "a b:1", "ftp://a", "u@a:1"]
        {
            assert!(server(text).is_err(), "{text}");
        }
    }
}
