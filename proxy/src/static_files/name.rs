//! From a URL path to a file name that cannot mean anything but a visible file below the directory.
use crate::path;
use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;
use std::path::PathBuf;

/// The relative file name of a canonical path; `index.html` behind a final `/`. `None`: not served.
///
/// Each segment is decoded on its own, so that an encoded `/` cannot become a separator: it makes a segment that is
/// refused, as an encoded `\`, NUL or leading dot does.
pub fn below_root(path: &[u8]) -> Option<PathBuf> {
    let mut name = PathBuf::new();
    let mut segments = path.strip_prefix(b"/")?.split(|&byte| byte == b'/').peekable();
    while let Some(segment) = segments.next() {
        let segment = path::decode(segment);
        match &*segment {
            b"" if segments.peek().is_none() => name.push("index.html"),
            b"" | [b'.', ..] => return None,
            bytes if bytes.iter().any(|byte| matches!(byte, 0 | b'/' | b'\\')) => return None,
            bytes => name.push(OsStr::from_bytes(bytes)),
        }
    }
    Some(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names() {
        for (path, expected) in [
            ("/", Some("index.html")),
            ("/a.css", Some("a.css")),
            ("/a/b/", Some("a/b/index.html")),
            ("/a b/ü.txt", Some("a b/ü.txt")),
            ("/a..b", Some("a..b")),
            ("", None),
            ("a", None),
            ("//etc/passwd", None),
            ("/a//b", None),
            ("/../x", None),
            ("/a/..", None),
            ("/.", None),
            ("/.git/config", None),
            ("/a/.env", None),
            ("/a\\..\\b", None),
            ("/a\0.txt", None),
            ("/a%20b", Some("a b")),
            ("/a%2Fb", None),
            ("/..%2F..%2Fetc", None),
            ("/a%5C..%5Cb", None),
            ("/a%00.txt", None),
            ("/%2Egit", None),
        ] {
            assert_eq!(below_root(path.as_bytes()), expected.map(PathBuf::from), "{path:?}");
        }
    }
}
