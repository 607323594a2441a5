//! The YAML scanner's errors in the words of someone who wants to mend the file.
use saphyr_parser::ScanError;

use crate::report::{Mistake, Place};
use crate::rows::ROWS;
use crate::source::Source;

/// Parts of the scanner's wording, and what to say instead: message and hint. The first that fits is taken.
const WORDS: &[(&str, &str, &str)] = &[
    (
        "unknown anchor",
        "this alias (*name) has no anchor (&name) before it",
        "a text that begins with '*' is put in quotes: \"*.example.com\"",
    ),
    ("document indicator", "these quotes are never closed", "close the quotes on this line"),
    ("end of stream", "these quotes are never closed", "close the quotes on this line"),
    ("indentation in quoted", "these quotes are never closed", "close the quotes on this line"),
    (
        "trailing content after",
        "text follows the closing quote",
        "put the whole value in quotes, inner quotes written as \\\"",
    ),
    (
        "unknown escape",
        "this text has an unknown escape (\\…)",
        "in double quotes write '\\\\' for a backslash, or use single quotes",
    ),
    (
        "hexadecimal number",
        "an escape (\\x, \\u, \\U) lacks hexadecimal digits",
        "\\x takes two digits, \\u four, \\U eight",
    ),
    (
        "Unicode character escape",
        "this text has an escape that is no character",
        "\\u takes a Unicode scalar value of four digits",
    ),
    ("illegal placement of ':'", "':' does not belong here", "is a '[' or '{' before this line never closed?"),
    (
        "indentation in flow",
        "a list '[' or mapping '{' is not closed before this line",
        "close it, or indent its lines deeper than its key",
    ),
    (
        "mapping values are not allowed",
        "a key cannot begin here, inside a value",
        "a nested key goes on the next line, indented deeper; a value that contains ': ' is put in quotes",
    ),
    (
        "did not find expected key",
        "this line is indented like no key above it",
        "give it the indentation of the key it belongs beside",
    ),
    (
        "expected '-' indicator",
        "this line is indented like no item above it",
        "give '- ' the indentation of the list's other items",
    ),
    (
        "expected ',' or '}'",
        "a mapping '{' is not closed, or a ',' is missing before this",
        "write { key: value, key: value }",
    ),
    ("expected ',' or ']'", "a list '[' is not closed, or a ',' is missing before this", "write [one, two]"),
    ("misplaced bracket", "this bracket closes nothing", "remove it, or put the value in quotes"),
    (
        "expect ':'",
        "a key before this place lacks its ':'",
        "write 'key: value', with a space after ':'; a list item is '- value', with a space after '-'",
    ),
    ("simple key", "a key is expected here", "write 'key: value' on one line"),
    ("block sequence entries", "a list item cannot begin here", "begin the list on its own line, under its key"),
    ("only valid inside a block", "'-' has no place between brackets", "inside [ ] items are separated by ','"),
    ("followed by a valid YAML whitespace", "a space is missing here", "write 'key: value' and '- item'"),
    ("expected node content", "a value is missing here", "remove the extra ',' or write the value"),
    ("unexpected character", "no value can begin with this character", "put the value in quotes"),
    ("comment", "a comment breaks this value", "move the comment to a line of its own before the value"),
    (
        "block scalar",
        "this block text ('|' or '>') is indented wrongly",
        "indent all its lines alike, deeper than its key",
    ),
    ("recursion limit", "nested too deep", "no setting lies deeper than 8 levels"),
    ("duplicate version directive", "a directive is written twice", "keep one of the two"),
    ("directive", "this directive ('%…') cannot be read", "a configuration needs no directives: remove it"),
    ("tag", "this tag ('!…') cannot be read", "remove it: each setting knows its own type"),
    (
        "anchor",
        "this anchor (&name) or alias (*name) cannot be read",
        "a text that begins with '&' or '*' is put in quotes",
    ),
    ("byte order mark", "a byte order mark inside the text", "remove it; it is invisible in most editors"),
];

/// The mistake behind a scanner's error.
pub(crate) fn explain(source: &Source, error: &ScanError) -> Mistake {
    let (line, column) = (error.marker().line().max(1) as u32, error.marker().col() as u32 + 1);
    if let Some(place) = tab(source, line) {
        return Mistake::at(place, "", "a tab in the indentation").hint("YAML indents with spaces only");
    }
    if let Some((place, after)) = missing_space(source, line).filter(|_| is_structural(error.info())) {
        let mistake = Mistake::at(place, "", format!("a space is missing after '{after}'"));
        return mistake.hint("write 'key: value' and '- item'");
    }
    let place = Place { line, column, length: 1 };
    match WORDS.iter().find(|(part, _, _)| error.info().contains(part)) {
        Some((_, message, hint)) => Mistake::at(place, "", *message).hint(*hint),
        // Words unknown to the table are still better than none.
        None => Mistake::at(place, "", format!("not YAML: {}", error.info())),
    }
}

/// A tab in the indentation of the line of the error or the next: the scanner sometimes blames the line before.
fn tab(source: &Source, line: u32) -> Option<Place> {
    (line..=line + 1).find_map(|line| {
        let text = source.line(line)?;
        let indentation = text.len() - text.trim_start_matches([' ', '\t']).len();
        let at = text[..indentation].find('\t')?;
        (indentation < text.len()).then_some(Place { line, column: at as u32 + 1, length: (indentation - at) as u32 })
    })
}

/// Whether the scanner misses a key, a value or an item: then a space may be all that is missing.
fn is_structural(info: &str) -> bool {
    ["mapping values", "expect ':'", "'-' indicator", "expected key"].iter().any(|part| info.contains(part))
}

/// `key:value` with a known key, or `-item`, on the line of the error or the one before: the scanner takes it for a text that goes on.
fn missing_space(source: &Source, line: u32) -> Option<(Place, char)> {
    (line.saturating_sub(1)..=line).find_map(|line| {
        let text = source.line(line)?;
        let item = text.trim_start();
        let indentation = text.len() - item.len();
        let is_word = |c: char| c.is_ascii_alphanumeric() || c == '_';
        let (at, after) = if item.starts_with('-') && item[1..].starts_with(is_word) {
            (indentation, '-')
        } else {
            let key = item.trim_start_matches("- ");
            let colon = key.find(|c| !is_word(c)).filter(|at| *at > 0 && key[*at..].starts_with(':'))?;
            let follows = key[colon + 1..].chars().next()?;
            // An unknown word may be a host with its port.
            if follows.is_whitespace() || !ROWS.iter().any(|row| row.key == &key[..colon]) {
                return None;
            }
            (text.len() - key.len() + colon, ':')
        };
        // Indentation and key are ASCII: bytes are columns.
        Some((Place { line, column: at as u32 + 1, length: 1 }, after))
    })
}
