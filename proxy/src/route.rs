//! The route table: host, path and method to a route, compiled once per configuration.
//!
//! Order of precedence: exact host, longest `*.suffix`, no host; within a host exact paths, then paths with
//! parameters, then prefixes, the longest first (a literal segment before a parameter). A route whose `methods` do not
//! hold the request's is passed over; when only the method stood in the way the answer is [`Lookup::Method`].
use crate::path;
use lockgate_conf::model::{HostPattern, PathPattern, Route, Segment};
use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

/// Index of a route in the configuration.
pub type RouteId = usize;

/// What the table says about a request.
#[derive(Debug, PartialEq, Eq)]
pub enum Lookup {
    /// This route answers.
    Found(RouteId),
    /// Routes match but for the method; the value for `Allow`.
    Method(String),
    /// No route.
    None,
}

/// A compiled route table.
#[derive(Debug, Default)]
pub struct RouteTable {
    exact_hosts: HashMap<Box<str>, PathTable, Fnv>,
    /// `.suffix`, longest first.
    suffix_hosts: Vec<(Box<str>, PathTable)>,
    any_host: PathTable,
    methods: Vec<Vec<String>>,
}

impl RouteTable {
    /// Compiles the routes of a configuration.
    pub fn new(routes: &[Route]) -> Self {
        let mut table = Self { methods: routes.iter().map(|route| route.methods.clone()).collect(), ..Self::default() };
        for (id, route) in routes.iter().enumerate() {
            match &route.host {
                None => table.any_host.insert(&route.path, id),
                Some(HostPattern::Exact(host)) => {
                    table.exact_hosts.entry(host.as_str().into()).or_default().insert(&route.path, id);
                }
                Some(HostPattern::Suffix(suffix)) => {
                    let at = table.suffix_hosts.iter().position(|(known, _)| **known == **suffix);
                    let at = at.unwrap_or_else(|| {
                        table.suffix_hosts.push((suffix.as_str().into(), PathTable::default()));
                        table.suffix_hosts.len() - 1
                    });
                    table.suffix_hosts[at].1.insert(&route.path, id);
                }
            }
        }
        table.suffix_hosts.sort_by_key(|(suffix, _)| std::cmp::Reverse(suffix.len()));
        table
    }

    /// Looks a request up. `host` as received (any case, with or without port), `path` canonical.
    pub fn lookup(&self, host: &[u8], path: &[u8], method: &str) -> Lookup {
        let mut buffer = [0; MAX_HOST];
        let host = if self.names_hosts() { host_name(host, &mut buffer) } else { "" };
        let mut refused = Vec::new();
        let mut accept = |id: RouteId| {
            let allowed = &self.methods[id];
            let fits =
                allowed.is_empty() || allowed.iter().any(|name| name == method || (method == "HEAD" && name == "GET"));
            if !fits {
                refused.push(id);
            }
            fits
        };
        let found = self
            .exact_hosts
            .get(host)
            .into_iter()
            .chain(
                self.suffix_hosts
                    .iter()
                    .filter(|(suffix, _)| host.len() > suffix.len() && host.ends_with(&**suffix))
                    .map(|(_, table)| table),
            )
            .chain(Some(&self.any_host))
            .find_map(|table| table.lookup(path, &mut accept));
        match found {
            Some(id) => Lookup::Found(id),
            None if refused.is_empty() => Lookup::None,
            None => Lookup::Method(self.allow(&refused)),
        }
    }

    /// Whether any route is for some hosts only; else the host of a lookup does not matter.
    pub fn names_hosts(&self) -> bool {
        !(self.exact_hosts.is_empty() && self.suffix_hosts.is_empty())
    }

    fn allow(&self, routes: &[RouteId]) -> String {
        let mut names: Vec<&str> = Vec::new();
        for method in routes.iter().flat_map(|&id| &self.methods[id]) {
            for name in [method.as_str(), "HEAD"].into_iter().take(if method == "GET" { 2 } else { 1 }) {
                if !names.contains(&name) {
                    names.push(name);
                }
            }
        }
        names.join(", ")
    }
}

/// The parameters of a path that `pattern` matched, in pattern order, still encoded.
pub fn params<'a>(pattern: &'a PathPattern, path: &'a [u8]) -> impl Iterator<Item = (&'a str, &'a [u8])> {
    let segments = match pattern {
        PathPattern::Params { segments, .. } => segments.as_slice(),
        _ => &[],
    };
    segments.iter().zip(path.split(|&byte| byte == b'/').skip(1)).filter_map(|(segment, value)| match segment {
        Segment::Param(name) => Some((name.as_str(), value)),
        Segment::Literal(_) => None,
    })
}

/// What of a path lies behind the literal prefix of `pattern`, with its leading `/`: the file that `static` looks for.
pub fn behind_prefix<'a>(pattern: &PathPattern, path: &'a [u8]) -> &'a [u8] {
    let skipped = match pattern {
        PathPattern::Exact(_) => 0,
        PathPattern::Prefix(prefix) => path::canonical(prefix.as_bytes()).len().saturating_sub(1),
        PathPattern::Params { segments, tail: true } => {
            path.split(|&byte| byte == b'/').skip(1).take(segments.len()).map(|segment| segment.len() + 1).sum()
        }
        PathPattern::Params { .. } => 0,
    };
    path.get(skipped..).unwrap_or(b"/")
}

/// Hashes keys of the table: FNV-1a (Fowler, Noll, Vo 1991). The keys are the operator's, so nobody can make them collide.
type Fnv = BuildHasherDefault<Fnv1a>;

struct Fnv1a(u64);

impl Default for Fnv1a {
    fn default() -> Self {
        Self(0xcbf2_9ce4_8422_2325)
    }
}

impl Hasher for Fnv1a {
    fn write(&mut self, bytes: &[u8]) {
        for &byte in bytes {
            self.0 = (self.0 ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }

    fn finish(&self) -> u64 {
        self.0
    }
}

/// Routes of one host.
#[derive(Debug, Default)]
struct PathTable {
    exact: HashMap<Box<[u8]>, Vec<RouteId>, Fnv>,
    params: Node,
    prefixes: Node,
}

impl PathTable {
    fn insert(&mut self, pattern: &PathPattern, id: RouteId) {
        match pattern {
            PathPattern::Exact(path) => {
                self.exact.entry(path::canonical(path.as_bytes()).into()).or_default().push(id);
            }
            PathPattern::Prefix(prefix) => {
                let prefix = path::canonical(prefix.as_bytes()).into_owned();
                let literals = prefix.split(|&byte| byte == b'/').skip(1);
                let mut node = &mut self.prefixes;
                for segment in literals.clone().take(literals.count().saturating_sub(1)) {
                    node = node.literals.entry(segment.into()).or_default();
                }
                node.routes.push(id);
            }
            PathPattern::Params { segments, tail } => {
                let mut node = if *tail { &mut self.prefixes } else { &mut self.params };
                for segment in segments {
                    node = match segment {
                        Segment::Literal(text) => {
                            node.literals.entry(path::canonical(text.as_bytes()).into()).or_default()
                        }
                        Segment::Param(_) => node.param.get_or_insert_default(),
                    };
                }
                node.routes.push(id);
            }
        }
    }

    fn lookup(&self, path: &[u8], accept: &mut impl FnMut(RouteId) -> bool) -> Option<RouteId> {
        let exact = self.exact.get(path).and_then(|routes| routes.iter().copied().find(|&id| accept(id)));
        let segments = path.strip_prefix(b"/");
        exact
            .or_else(|| self.params.find_whole(segments?, accept))
            .or_else(|| self.prefixes.find_prefix(Some(segments?), accept))
    }
}

/// A segment of the patterns of one host.
#[derive(Debug, Default)]
struct Node {
    literals: HashMap<Box<[u8]>, Node, Fnv>,
    param: Option<Box<Node>>,
    routes: Vec<RouteId>,
}

impl Node {
    fn first(&self, accept: &mut impl FnMut(RouteId) -> bool) -> Option<RouteId> {
        self.routes.iter().copied().find(|&id| accept(id))
    }

    /// Matches all of `rest`, the path behind a `/`. The recursion is as deep as the longest pattern.
    fn find_whole(&self, rest: &[u8], accept: &mut impl FnMut(RouteId) -> bool) -> Option<RouteId> {
        let (segment, behind) = split_segment(rest);
        let mut step = |next: &Node| match behind {
            None => next.first(accept),
            Some(behind) => next.find_whole(behind, accept),
        };
        let literal = self.literals.get(segment).and_then(&mut step);
        literal.or_else(|| self.param.as_ref().filter(|_| !segment.is_empty()).and_then(|next| step(next)))
    }

    /// Matches the longest prefix that ends at a `/`; `rest` is `None` when the path ended without one.
    fn find_prefix(&self, rest: Option<&[u8]>, accept: &mut impl FnMut(RouteId) -> bool) -> Option<RouteId> {
        let (segment, behind) = split_segment(rest?);
        let deeper = self.literals.get(segment).and_then(|next| next.find_prefix(behind, accept));
        deeper
            .or_else(|| {
                let next = self.param.as_ref().filter(|_| !segment.is_empty())?;
                next.find_prefix(behind, accept)
            })
            .or_else(|| self.first(accept))
    }
}

fn split_segment(rest: &[u8]) -> (&[u8], Option<&[u8]>) {
    match rest.iter().position(|&byte| byte == b'/') {
        Some(at) => (&rest[..at], Some(&rest[at + 1..])),
        None => (rest, None),
    }
}

/// Longest host name, RFC 1035 §2.3.4; a longer one matches no route that names a host.
const MAX_HOST: usize = 255;

/// `host` without port and final dot, in lower case.
fn host_name<'a>(host: &[u8], buffer: &'a mut [u8; MAX_HOST]) -> &'a str {
    let name = match host {
        [b'[', ..] => host.iter().position(|&byte| byte == b']').map_or(host, |end| &host[..=end]),
        _ => host.split(|&byte| byte == b':').next().unwrap_or(host),
    };
    let name = name.strip_suffix(b".").unwrap_or(name);
    let Some(lower) = buffer.get_mut(..name.len()) else { return "" };
    lower.copy_from_slice(name);
    lower.make_ascii_lowercase();
    std::str::from_utf8(lower).unwrap_or("")
}

#[cfg(test)]
mod tests {
    use super::*;
    use lockgate_conf::model::{Action, StaticDir};

    fn pattern(text: &str) -> PathPattern {
        if text.contains(':') {
            let tail = text.ends_with("/*");
            let segments = text.trim_end_matches("/*").split('/').skip(1);
            let segments = segments.map(|segment| match segment.strip_prefix(':') {
                Some(name) => Segment::Param(name.into()),
                None => Segment::Literal(segment.into()),
            });
            PathPattern::Params { segments: segments.collect(), tail }
        } else if let Some(prefix) = text.strip_suffix('*') {
            PathPattern::Prefix(prefix.into())
        } else {
            PathPattern::Exact(text.into())
        }
    }

    fn table(rows: &[(&str, &str, &[&str])]) -> RouteTable {
        let route = |&(host, path, methods): &(&str, &str, &[&str])| Route {
            name: path.into(),
            host: match host {
                "" => None,
                _ if host.starts_with("*.") => Some(HostPattern::Suffix(host[1..].into())),
                _ => Some(HostPattern::Exact(host.into())),
            },
            path: pattern(path),
            methods: methods.iter().map(|&name| name.into()).collect(),
            filters: Vec::new(),
            action: Action::Static(StaticDir { dir: "/".into(), strip: true }),
        };
        RouteTable::new(&rows.iter().map(route).collect::<Vec<_>>())
    }

    #[test]
    fn precedence() {
        let rows: &[(&str, &str, &[&str])] = &[
            ("", "/*", &[]),                // 0
            ("", "/a/*", &[]),              // 1
            ("", "/a/:x", &[]),             // 2
            ("", "/a/b", &[]),              // 3
            ("", "/a/:x/c", &[]),           // 4
            ("", "/a/b/*", &[]),            // 5
            ("", "/:x/*", &[]),             // 6
            ("shop.example", "/a/*", &[]),  // 7
            ("*.example", "/a/b", &[]),     // 8
            ("*.eu.example", "/a/b", &[]),  // 9
            ("", "/only", &["GET", "PUT"]), // 10
            ("", "/caf%C3%A9", &[]),        // 11
            ("", "/only2/:x", &["DELETE"]), // 12
        ];
        let table = table(rows);
        for (host, path, expected) in [
            ("x", "/", 0),
            ("x", "/a", 0),
            ("x", "/a/", 1),
            ("x", "/a/b", 3),
            ("x", "/a/z", 2),
            ("x", "/a/z/c", 4),
            ("x", "/a/b/c", 4),
            ("x", "/a/b/d", 5),
            ("x", "/a/b/d/e", 5),
            ("x", "/a/z/d/e", 1),
            ("x", "/q/r", 6),
            ("SHOP.example:8080", "/a/b", 7),
            ("shop.example.", "/a/b", 7),
            ("shop.example", "/q", 0),
            ("www.example", "/a/b", 8),
            ("www.eu.example", "/a/b", 9),
            ("example", "/a/b", 3),
            ("[::1]:80", "/a/b", 3),
            ("x", "/only", 10),
            ("x", "/caf%C3%A9", 11),
        ] {
            assert_eq!(table.lookup(host.as_bytes(), path.as_bytes(), "GET"), Lookup::Found(expected), "{host} {path}");
        }
    }

    #[test]
    fn methods() {
        let table =
            table(&[("", "/x", &["GET"]), ("", "/x", &["POST"]), ("h", "/y", &["PUT"]), ("", "/y", &["DELETE"])]);
        assert_eq!(table.lookup(b"", b"/x", "POST"), Lookup::Found(1));
        assert_eq!(table.lookup(b"", b"/x", "HEAD"), Lookup::Found(0));
        assert_eq!(table.lookup(b"", b"/x", "PUT"), Lookup::Method("GET, HEAD, POST".into()));
        assert_eq!(table.lookup(b"h", b"/y", "DELETE"), Lookup::Found(3));
        assert_eq!(table.lookup(b"h", b"/y", "GET"), Lookup::Method("PUT, DELETE".into()));
        assert_eq!(table.lookup(b"h", b"/z", "GET"), Lookup::None);
        assert_eq!(table.lookup(b"h", b"*", "OPTIONS"), Lookup::None);
    }

    #[test]
    fn params_and_tails() {
        let hello = pattern("/hello/:name/x/:id");
        let found: Vec<_> = params(&hello, b"/hello/J%C3%BC/x/7").collect();
        assert_eq!(found, [("name", &b"J%C3%BC"[..]), ("id", b"7")]);
        assert_eq!(behind_prefix(&pattern("/assets/*"), b"/assets/a/b.css"), b"/a/b.css");
        assert_eq!(behind_prefix(&pattern("/*"), b"/a.css"), b"/a.css");
        assert_eq!(behind_prefix(&pattern("/:v/*"), b"/v1/a.css"), b"/a.css");
        assert_eq!(behind_prefix(&pattern("/a.css"), b"/a.css"), b"/a.css");
    }
}
