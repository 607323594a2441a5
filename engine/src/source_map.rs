//! Source maps (ECMA-426): positions of generated code in the files that it was made of.
//!
//! A unit's map stands in its text, in the last `//# sourceMappingURL=` comment, as a data: URL; what a file beside the script
//! holds is put there when the script is compiled ([`settle`]), so that images carry it along. It is decoded when the first
//! position is asked for: a script that never fails never pays for it.
use crate::bytecode::module::Unit;
use crate::errors::Position;
use oxc_sourcemap::SourceMap;
use std::path::{Component, Path, PathBuf};
use std::sync::OnceLock;

/// What begins the comment; `//@` is its older form.
const COMMENTS: [&str; 2] = ["//# sourceMappingURL=", "//@ sourceMappingURL="];
const BASE64: &str = ";base64";

/// The decoded map of a unit, if it has one that can be read.
#[derive(Debug, Clone, Default)]
pub struct Decoded(OnceLock<Option<Box<SourceMap<'static>>>>);

/// Puts the map that `text` names into it, if a file beside `name` holds it; `read` reads one. The error says why positions
/// will be those of the generated text.
pub fn settle(text: &mut String, name: &str, read: impl FnOnce(&str) -> Result<String, String>) -> Result<(), String> {
    let Some(url) = url_of(text) else { return Ok(()) };
    if url.starts_with("data:") {
        return decode(url).map(|_| ()).map_err(|why| broken("the inline source map", &why, name));
    }
    let file = url.strip_prefix("./").unwrap_or(url);
    if file.contains(['/', '\\', ':']) {
        return Err(broken(&format!("source map '{url}'"), "it is no data: URL and no file beside the script", name));
    }
    let json = read(&format!("./{file}"))
        .and_then(|json| parse(&json).map(|_| json))
        .map_err(|why| broken(&format!("source map '{file}'"), &why, name))?;
    let encoded = base64_simd::STANDARD.encode_to_string(json);
    text.push_str(&format!("\n{}data:application/json{BASE64},{encoded}", COMMENTS[0]));
    Ok(())
}

/// The comment that names the map of `text`, on a line of its own, for who appends to the text: it must stay the last line.
pub fn comment_of(text: &str) -> Option<String> {
    url_of(text).map(|url| format!("\n{}{url}", COMMENTS[0]))
}

fn broken(map: &str, why: &str, name: &str) -> String {
    format!("{map} is not used: {why}; positions are those of {name}")
}

/// The position in the original file of one at byte `offset` of a unit's text; as it is, where no map says otherwise.
pub(crate) fn original(unit: &Unit, offset: u32, position: Position) -> Position {
    let decoded = unit.map.0.get_or_init(|| url_of(&unit.source).and_then(|url| decode(url).ok()).map(Box::new));
    let Some(map) = decoded else { return position };
    mapped(map, unit, offset, &position).unwrap_or(position)
}

fn mapped(map: &SourceMap<'_>, unit: &Unit, offset: u32, position: &Position) -> Option<Position> {
    // Maps count lines from 0 and columns in UTF-16 units from 0.
    let before = unit.source.get(..offset as usize)?;
    let column = before.rsplit('\n').next()?.encode_utf16().count() as u32;
    let at = (position.line - 1, column);
    let (mut low, mut high) = (0, u32::try_from(map.get_tokens().len()).ok()?);
    while low < high {
        let middle = low + (high - low) / 2;
        let token = map.get_token(middle)?;
        if (token.get_dst_line(), token.get_dst_col()) <= at { low = middle + 1 } else { high = middle }
    }
    let token = map.get_token(low.checked_sub(1)?)?;
    if token.get_dst_line() != at.0 {
        return None;
    }
    let source = map.get_source(token.get_source_id()?)?;
    Some(Position {
        file: file_of(&unit.name, map.get_source_root().unwrap_or_default(), source),
        function: position.function.clone(),
        line: token.get_src_line().saturating_add(1),
        column: token.get_src_col().saturating_add(1),
    })
}

/// The name of a source as the map of a script gives it: beside the script, unless it is a URL or an absolute path.
fn file_of(script: &str, root: &str, source: &str) -> String {
    let separator = if root.is_empty() || root.ends_with('/') { "" } else { "/" };
    let source = format!("{root}{separator}{source}");
    if source.contains("://") {
        return source;
    }
    let mut path = PathBuf::new();
    for component in Path::new(script).parent().unwrap_or(Path::new("")).join(source).components() {
        match component {
            Component::CurDir => {}
            Component::ParentDir if matches!(path.components().next_back(), Some(Component::Normal(_))) => {
                path.pop();
            }
            other => path.push(other),
        }
    }
    path.to_string_lossy().into_owned()
}

/// The URL in the last comment that names a map, if only comments and blank lines follow it.
fn url_of(text: &str) -> Option<&str> {
    let lines = text.lines().rev().map(str::trim).take_while(|line| line.is_empty() || line.starts_with("//"));
    let mut urls = lines.filter_map(|line| COMMENTS.iter().find_map(|comment| line.strip_prefix(comment)));
    urls.next().filter(|url| !url.is_empty() && !url.contains(char::is_whitespace))
}

fn decode(url: &str) -> Result<SourceMap<'static>, String> {
    let (head, data) = url.split_once(',').ok_or("a data: URL needs a comma")?;
    let bytes = if head.ends_with(BASE64) {
        let decoded = base64_simd::forgiving_decode_to_vec(data.as_bytes());
        decoded.map_err(|_| "its base64 is broken".to_owned())?
    } else {
        percent_decoded(data)
    };
    parse(&String::from_utf8(bytes).map_err(|_| "it is not UTF-8".to_owned())?)
}

fn parse(json: &str) -> Result<SourceMap<'static>, String> {
    SourceMap::from_json_string(json).map(SourceMap::into_owned).map_err(|error| error.to_string())
}

/// Bytes of a URL; a `%` that two hexadecimal digits do not follow is itself.
fn percent_decoded(data: &str) -> Vec<u8> {
    let bytes = data.as_bytes();
    let digit = |at: usize| bytes.get(at).and_then(|&byte| char::from(byte).to_digit(16));
    let mut decoded = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        match (bytes[at], digit(at + 1), digit(at + 2)) {
            (b'%', Some(high), Some(low)) => {
                decoded.push((16 * high + low) as u8);
                at += 3;
            }
            (byte, ..) => {
                decoded.push(byte);
                at += 1;
            }
        }
    }
    decoded
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Line 2, column 3 of the text is line 11, column 5 of `../src/a.ts`; what follows on line 3 is nowhere.
    const MAP: &str = r#"{"version":3,"sources":["../src/a.ts"],"names":[],"mappings":";EAUI;A"}"#;

    fn at(source: String, offset: usize) -> (String, u32, u32) {
        let unit = Unit { name: "/x/dist/a.js".into(), source, ..Unit::default() };
        let (line, column) = crate::errors::line_column(&unit.source, offset as u32);
        let position = Position { file: unit.name.clone(), function: String::new(), line, column };
        let found = original(&unit, offset as u32, position);
        (found.file, found.line, found.column)
    }

    fn text(url: &str) -> String {
        format!("é\n  throw 1;\nlast\n//# sourceMappingURL={url}\n")
    }

    #[test]
    fn inline_maps() {
        let encoded = base64_simd::STANDARD.encode_to_string(MAP);
        let percent = MAP.replace('"', "%22").replace('{', "%7b");
        for url in [
            format!("data:application/json;charset=utf-8;base64,{encoded}"),
            format!("data:application/json,{percent}"),
        ] {
            let source = text(&url);
            let throws = source.find("throw").unwrap();
            assert_eq!(at(source.clone(), throws), ("/x/src/a.ts".into(), 11, 5));
            assert_eq!(at(source.clone(), throws + 2), ("/x/src/a.ts".into(), 11, 5));
            // Before the first mapping, on a line without one, and where the map says that nothing was written.
            assert_eq!(at(source.clone(), throws - 1).0, "/x/dist/a.js");
            assert_eq!(at(source.clone(), 0).0, "/x/dist/a.js");
            assert_eq!(at(source.clone(), source.find("last").unwrap()).0, "/x/dist/a.js");
        }
    }

    #[test]
    fn a_file_beside_the_script_goes_into_its_text() {
        let mut source = text("a.js.map");
        let throws = source.find("throw").unwrap();
        let read = |name: &str| {
            assert_eq!(name, "./a.js.map");
            Ok(MAP.to_owned())
        };
        settle(&mut source, "/x/dist/a.js", read).unwrap();
        assert_eq!(at(source, throws), ("/x/src/a.ts".into(), 11, 5));
    }

    #[test]
    fn what_cannot_be_used_is_said() {
        let refused = |url: &str, content: &str| {
            let mut source = text(url);
            let before = source.clone();
            let why = settle(&mut source, "a.js", |_| Ok(content.to_owned())).unwrap_err();
            assert_eq!(source, before);
            assert!(why.ends_with("; positions are those of a.js"), "{why}");
            why
        };
        assert!(
            refused("a.js.map", "{}").contains("source map 'a.js.map' is not used: JSON parsing error: missing field")
        );
        assert!(refused("a.js.map", &MAP.replace("EAUI", "!")).contains("is not used: "));
        assert!(refused("data:application/json;base64,*", "").contains("its base64 is broken"));
        assert!(refused("https://example.org/a.map", "").contains("no file beside the script"));
        assert!(refused("../a.map", "").contains("no file beside the script"));
    }

    #[test]
    fn what_is_no_comment_of_a_map() {
        let mut read = 0;
        for source in [
            "let a = '//# sourceMappingURL=a.map';",
            "//# sourceMappingURL=a.map\nlet code;",
            "//# sourceMappingURL=\n",
            "//# sourceMappingURL=a b\n",
            "",
        ] {
            settle(&mut source.to_owned(), "a.js", |_| {
                read += 1;
                Ok(String::new())
            })
            .unwrap();
        }
        assert_eq!(read, 0);
    }

    #[test]
    fn names_of_sources() {
        for (root, source, file) in [
            ("", "a.ts", "/x/dist/a.ts"),
            ("../src", "./deep/a.ts", "/x/src/deep/a.ts"),
            ("", "/abs/a.ts", "/abs/a.ts"),
            ("", "webpack://app/./a.ts", "webpack://app/./a.ts"),
            ("https://example.org", "a.ts", "https://example.org/a.ts"),
        ] {
            assert_eq!(file_of("/x/dist/a.js", root, source), file);
        }
    }
}
