//! The canonical form of a request path: what routes are matched on.
//!
//! RFC 3986 §6.2.2: unreserved escapes are decoded, other escapes keep their meaning with upper-case digits, dot
//! segments are removed. An encoded `/` (`%2F`) or `\` (`%5C`) stays encoded, so it never separates segments. The
//! origin still receives the bytes that came in; this form decides only where they go.
use std::borrow::Cow;

/// The path part of a request target in origin or absolute form: without scheme, authority, query and fragment.
pub fn of_target(target: &[u8]) -> &[u8] {
    let path = match target.first() {
        Some(b'/') => target,
        _ => match find(target, b"://") {
            Some(scheme_end) => {
                let rest = &target[scheme_end + 3..];
                match rest.iter().position(|&byte| matches!(byte, b'/' | b'?' | b'#')) {
                    Some(start) if rest[start] == b'/' => &rest[start..],
                    _ => b"/",
                }
            }
            None => target,
        },
    };
    let end = path.iter().position(|&byte| matches!(byte, b'?' | b'#')).unwrap_or(path.len());
    &path[..end]
}

/// The canonical form of `path`. Borrowed when nothing changes, which is the common case.
pub fn canonical(path: &[u8]) -> Cow<'_, [u8]> {
    if is_canonical(path) {
        return Cow::Borrowed(path);
    }
    let decoded = decode_unreserved(path);
    Cow::Owned(if has_dot_segment(&decoded) { remove_dot_segments(&decoded) } else { decoded })
}

/// All escapes of one segment or path decoded: the bytes that it names.
pub fn decode(path: &[u8]) -> Cow<'_, [u8]> {
    if !path.contains(&b'%') {
        return Cow::Borrowed(path);
    }
    let mut out = Vec::with_capacity(path.len());
    let mut at = 0;
    while at < path.len() {
        match escape_at(path, at) {
            Some(byte) => {
                out.push(byte);
                at += 3;
            }
            None => {
                out.push(path[at]);
                at += 1;
            }
        }
    }
    Cow::Owned(out)
}

fn is_canonical(path: &[u8]) -> bool {
    // OPTIMIZATION: most paths have none of these bytes.
    if path.iter().fold(true, |plain, &byte| plain & (byte != b'%') & (byte != b'.') & (byte < 0x80)) {
        return true;
    }
    let mut previous = 0;
    for &byte in path {
        if byte == b'%' || byte >= 0x80 || (byte == b'.' && previous == b'/') {
            return false;
        }
        previous = byte;
    }
    true
}

/// Decodes escapes of unreserved characters, writes other escapes with upper-case digits, escapes raw bytes that are
/// not ASCII.
fn decode_unreserved(path: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(path.len() + 8);
    let mut at = 0;
    while at < path.len() {
        match escape_at(path, at) {
            Some(byte) if is_unreserved(byte) => out.push(byte),
            Some(byte) => push_escape(&mut out, byte),
            None if path[at] >= 0x80 => push_escape(&mut out, path[at]),
            None => out.push(path[at]),
        }
        at += if escape_at(path, at).is_some() { 3 } else { 1 };
    }
    out
}

fn escape_at(path: &[u8], at: usize) -> Option<u8> {
    if path[at] != b'%' {
        return None;
    }
    let digit = |index: usize| path.get(index).and_then(|&byte| (byte as char).to_digit(16));
    Some((digit(at + 1)? * 16 + digit(at + 2)?) as u8)
}

fn push_escape(out: &mut Vec<u8>, byte: u8) {
    const DIGITS: &[u8; 16] = b"0123456789ABCDEF";
    out.extend_from_slice(&[b'%', DIGITS[usize::from(byte >> 4)], DIGITS[usize::from(byte & 15)]]);
}

fn is_unreserved(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~')
}

fn has_dot_segment(path: &[u8]) -> bool {
    path.split(|&byte| byte == b'/').any(|segment| segment == b"." || segment == b"..")
}

/// RFC 3986 §5.2.4 for a path that starts with `/`; `..` at the root stays at the root.
fn remove_dot_segments(path: &[u8]) -> Vec<u8> {
    let mut out: Vec<u8> = Vec::with_capacity(path.len());
    let mut segments = path.split(|&byte| byte == b'/').skip(1).peekable();
    while let Some(segment) = segments.next() {
        let last = segments.peek().is_none();
        match segment {
            b"." | b".." => {
                if segment == b".." {
                    out.truncate(out.iter().rposition(|&byte| byte == b'/').unwrap_or(0));
                }
                if last {
                    out.push(b'/');
                }
            }
            _ => {
                out.push(b'/');
                out.extend_from_slice(segment);
            }
        }
    }
    out
}

fn find(haystack: &[u8], needle: &[u8]) -> Option<usize> {
    haystack.windows(needle.len()).position(|window| window == needle)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn canonical_forms() {
        for (given, expected) in [
            ("/", "/"),
            ("/a/b", "/a/b"),
            ("/a/./b", "/a/b"),
            ("/a/../b", "/b"),
            ("/../../b", "/b"),
            ("/a/b/..", "/a/"),
            ("/a/.", "/a/"),
            ("/a/%2e%2E/b", "/b"),
            ("/a/%2e%2e%2fb", "/a/..%2Fb"),
            ("/a%2Fb", "/a%2Fb"),
            ("/a%5cb", "/a%5Cb"),
            ("/%7Euser/%41", "/~user/A"),
            ("/caf%c3%a9", "/caf%C3%A9"),
            ("/café", "/caf%C3%A9"),
            ("/100%", "/100%"),
            ("/.hidden", "/.hidden"),
            ("/a//b", "/a//b"),
            ("/a/...", "/a/..."),
        ] {
            assert_eq!(String::from_utf8_lossy(&canonical(given.as_bytes())), expected, "{given}");
        }
        assert!(matches!(canonical(b"/plain/path.html"), Cow::Borrowed(_)));
    }

    #[test]
    fn paths_of_targets() {
        for (given, expected) in [
            ("/a?x=1", "/a"),
            ("http://h/p?q", "/p"),
            ("http://h", "/"),
            ("http://h?q=/x", "/"),
            ("*", "*"),
            ("/a#f", "/a"),
            ("/r?u=http://x/y", "/r"),
        ] {
            assert_eq!(of_target(given.as_bytes()), expected.as_bytes(), "{given}");
        }
    }

    #[test]
    fn decoding() {
        assert_eq!(&*decode(b"/J%C3%BCrgen%2"), "/Jürgen%2".as_bytes());
    }
}
