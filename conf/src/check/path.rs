//! Path patterns of routes: `/a/b`, `/a/:name`, `/a/*`.
use crate::model::{PathPattern, Segment};
use crate::problem::Problem;
use crate::units::shorten;

/// Longest pattern, in bytes.
const MAX_PATH: usize = 2_048;
/// Characters of a segment besides letters and digits: RFC 3986's `pchar` without `%`, which is checked by itself, and `*`.
const SEGMENT_MARKS: &str = "-._~!$&'()+,;=:@";

/// Reads `match.path`. Escapes come out in upper case (`%c3` as `%C3`), as RFC 3986 6.2.2.1 normalises them.
pub(crate) fn pattern(text: &str) -> Result<PathPattern, Problem> {
    let shown = shorten(text);
    if text.len() > MAX_PATH {
        return Err(Problem::new(format!("the path has more than {MAX_PATH} bytes")));
    }
    let Some(rest) = text.strip_prefix('/') else {
        return Err(match text {
            "" | "*" | "**" => {
                Problem::new(format!("path '{shown}' does not begin with '/'")).hint("write /* for all paths")
            }
            _ if text.contains("://") => {
                Problem::new(format!("'{shown}' is a URL, not a path")).hint("the host goes into 'host'")
            }
            _ => Problem::new(format!("path '{shown}' does not begin with '/'")).hint(format!("write /{shown}")),
        });
    };
    if let Some(at) = text.find(['?', '#']) {
        let problem = Problem::new(format!("path '{shown}' has a query or fragment"));
        return Err(problem.hint(format!("routes match the path only: write {}", shorten(&text[..at]))));
    }
    let mut names: Vec<&str> = Vec::new();
    let mut segments = Vec::new();
    let mut tail = false;
    let count = rest.split('/').count();
    for (index, segment) in rest.split('/').enumerate() {
        let is_last = index + 1 == count;
        if segment == "*" && is_last {
            tail = true;
        } else if let Some(name) = segment.strip_prefix(':') {
            parameter(name, &names, &shown)?;
            names.push(name);
            segments.push(Segment::Param(name.to_owned()));
        } else if segment.is_empty() && !is_last {
            let problem = Problem::new(format!("path '{shown}' has an empty segment"));
            return Err(problem.hint(format!("write {}", shorten(&collapse(text)))));
        } else {
            segments.push(Segment::Literal(literal(segment, &shown)?));
        }
    }
    Ok(assemble(segments, tail, names.is_empty()))
}

fn assemble(segments: Vec<Segment>, tail: bool, plain: bool) -> PathPattern {
    if !plain {
        return PathPattern::Params { segments, tail };
    }
    let mut path = String::new();
    for segment in segments {
        if let Segment::Literal(literal) = segment {
            path.push('/');
            path.push_str(&literal);
        }
    }
    if tail {
        path.push('/');
        return PathPattern::Prefix(path);
    }
    PathPattern::Exact(path)
}

fn parameter(name: &str, names: &[&str], shown: &str) -> Result<(), Problem> {
    let mut chars = name.chars();
    let is_identifier = chars.next().is_some_and(|first| first.is_ascii_alphabetic() || first == '_')
        && chars.all(|c| c.is_ascii_alphanumeric() || c == '_');
    if !is_identifier {
        let problem = Problem::new(format!("':{}' is not a parameter, in path '{shown}'", shorten(name)));
        return Err(match name.trim_end_matches(['*', '?', '+']) {
            _ if name.is_empty() => problem.hint("write its name after ':', like :id"),
            bare if bare != name => problem
                .hint(format!("a parameter is one whole segment: write :{}, or * for all that follows", shorten(bare))),
            _ if name.contains('-') => problem.hint(format!("write :{}", shorten(&name.replace('-', "_")))),
            _ => problem.hint("a parameter's name has letters, digits and '_', and begins with no digit"),
        });
    }
    if names.contains(&name) {
        let problem = Problem::new(format!("parameter ':{}' stands twice in path '{shown}'", shorten(name)));
        return Err(problem.hint("give each its own name"));
    }
    Ok(())
}

fn literal(segment: &str, shown: &str) -> Result<String, Problem> {
    if segment == "." || segment == ".." {
        let problem = Problem::new(format!("path '{shown}' has the segment '{segment}'"));
        return Err(problem.hint("such segments are resolved before a route is looked up, so it would never match"));
    }
    if segment.contains('*') {
        let problem = Problem::new(format!("'*' is not the whole last segment of path '{shown}'"));
        return Err(problem.hint("write /a/* for all below /a, or :name for one segment"));
    }
    if let Some(name) = segment.strip_prefix(['{', '<']).map(|name| name.trim_end_matches(['}', '>'])) {
        let problem = Problem::new(format!("'{}' is not a parameter, in path '{shown}'", shorten(segment)));
        return Err(problem.hint(format!("write :{}", shorten(name))));
    }
    let mut normal = String::with_capacity(segment.len());
    let mut chars = segment.char_indices();
    while let Some((at, c)) = chars.next() {
        if c == '%' {
            let escaped = segment.get(at + 1..at + 3).and_then(|hex| u8::from_str_radix(hex, 16).ok());
            let digits =
                segment.get(at + 1..at + 3).is_some_and(|hex| hex.bytes().all(|byte| byte.is_ascii_hexdigit()));
            let (Some(byte), true) = (escaped, digits) else {
                let problem = Problem::new(format!("'%' is not followed by two hexadecimal digits, in path '{shown}'"));
                return Err(problem.hint("a '%' itself is written %25"));
            };
            if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
                let problem = Problem::new(format!("'%{byte:02X}' needs no escape, in path '{shown}'"));
                return Err(problem.hint(format!("requests are matched with it decoded: write '{}'", byte as char)));
            }
            normal.push_str(&format!("%{byte:02X}"));
            chars.nth(1);
        } else if c.is_ascii_alphanumeric() || SEGMENT_MARKS.contains(c) {
            normal.push(c);
        } else {
            let mut buffer = [0; 4];
            let escaped: String = c.encode_utf8(&mut buffer).bytes().map(|byte| format!("%{byte:02X}")).collect();
            let problem = Problem::new(format!("'{}' cannot stand in a path, in '{shown}'", c.escape_debug()));
            return Err(problem.hint(format!("write it as {escaped}")));
        }
    }
    Ok(normal)
}

fn collapse(text: &str) -> String {
    let mut collapsed = text.to_owned();
    while collapsed.contains("//") {
        collapsed = collapsed.replace("//", "/");
    }
    collapsed
}

#[cfg(test)]
mod tests {
    use super::pattern;
    use crate::model::{PathPattern, Segment};

    #[test]
    fn forms() {
        assert_eq!(pattern("/"), Ok(PathPattern::Exact("/".into())));
        assert_eq!(pattern("/a/b"), Ok(PathPattern::Exact("/a/b".into())));
        assert_eq!(pattern("/a/"), Ok(PathPattern::Exact("/a/".into())));
        assert_eq!(pattern("/*"), Ok(PathPattern::Prefix("/".into())));
        assert_eq!(pattern("/a/*"), Ok(PathPattern::Prefix("/a/".into())));
        assert_eq!(pattern("/a:b/%c3%A9"), Ok(PathPattern::Exact("/a:b/%C3%A9".into())));
        let segments = vec![Segment::Literal("a".into()), Segment::Param("b".into())];
        assert_eq!(pattern("/a/:b"), Ok(PathPattern::Params { segments: segments.clone(), tail: false }));
        assert_eq!(pattern("/a/:b/*"), Ok(PathPattern::Params { segments, tail: true }));
    }

    #[test]
    fn refused() {
        for text in [
            "", "a", "*", "//", "/a//b", "/a*", "/*/a", "/**", "/:", "/:a-b", "/:1", "/:a/:a", "/a?b", "/a#b", "/./a",
            "/a/..", "/a b", "/é", "/%", "/%4", "/%zz", "/%+1", "/%41", "/{a}", "/<a>", "/:a*", "/a\\b", "/\u{0}",
        ] {
            assert!(pattern(text).is_err(), "{text}");
        }
    }
}
