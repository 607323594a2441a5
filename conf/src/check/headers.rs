//! The `headers` filter: edits of header blocks without a script.
use std::collections::HashSet;

use crate::check::Check;
use crate::check::section::Fields;
use crate::model::{HeaderEdits, HeaderOps};
use crate::node::Node;
use crate::problem::Problem;
use crate::report::Mistake;
use crate::settings::{Format, Section};
use crate::suggest::nearest;
use crate::units::shorten;

/// Longest header value, in bytes.
const MAX_VALUE: usize = 8 << 10;
/// Headers that frame a message or a connection (RFC 9110 7.6.1, RFC 9112 6): the gateway alone writes them.
const FRAMING: &[&str] = &[
    "connection",
    "content-length",
    "keep-alive",
    "proxy-connection",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
];
/// Headers whose misspelling is noticed.
const COMMON: &[&str] = &["authorization", "cache-control", "content-type", "x-forwarded-for", "x-frame-options"];

/// Reads a `headers` filter.
pub(crate) fn read(check: &mut Check, node: &Node, setting: &str) -> Option<HeaderEdits> {
    let fields = check.section(node, Section::Headers, setting)?;
    let request = direction(check, &fields, "request");
    let response = direction(check, &fields, "response");
    if fields.is_empty() {
        let mistake = Mistake::at(node.place, setting, format!("'{setting}' edits nothing"));
        check.note(mistake.allowed("request, response").hint("write '{ response: { set: { name: value } } }'"));
    }
    Some(HeaderEdits { request, response })
}

fn direction(check: &mut Check, fields: &Fields<'_>, key: &str) -> HeaderOps {
    let setting = fields.setting_of(key);
    let Some(ops) = fields.node(key).and_then(|node| check.section(node, Section::HeaderOps, &setting)) else {
        return HeaderOps::default();
    };
    if ops.is_empty() {
        let mistake = Mistake::at(ops.place, &*setting, format!("'{setting}' edits nothing"));
        check.note(mistake.allowed("remove, set, add"));
    }
    HeaderOps { remove: remove(check, &ops), set: pairs(check, &ops, "set"), add: pairs(check, &ops, "add") }
}

fn remove(check: &mut Check, ops: &Fields<'_>) -> Vec<String> {
    let mut names = Vec::new();
    for text in check.texts(ops, "remove").unwrap_or_default() {
        let name = name(text.text).and_then(|name| not_host(name, "cannot be removed"));
        let Some(name) = check.ok(text.node, &text.setting, name, Format::HeaderName.allowed()) else {
            continue;
        };
        if names.contains(&name) {
            let message = format!("header '{name}' is listed twice");
            check.note(Mistake::at(text.node.place, text.setting, message).hint("remove one of the two"));
        }
        names.push(name);
    }
    names
}

fn pairs(check: &mut Check, ops: &Fields<'_>, key: &str) -> Vec<(String, String)> {
    let mut seen = HashSet::new();
    let mut pairs = Vec::new();
    for (entry, text) in check.text_map(ops, key).unwrap_or_default() {
        let name = name(&entry.key);
        let name = if key == "add" { name.and_then(|name| not_host(name, "cannot be there twice")) } else { name };
        let name = match name {
            Ok(name) if seen.insert(name.clone()) => Some(name),
            Ok(name) => {
                let message = format!("header '{name}' is written twice; upper and lower case are the same");
                check.note(Mistake::at(entry.key_place, &*text.setting, message).hint("keep one of the two"));
                None
            }
            Err(problem) => {
                check.note_problem(entry.key_place, &text.setting, problem, Format::HeaderName.allowed().to_owned());
                None
            }
        };
        let value = check.ok(text.node, &text.setting, value(text.text), Format::HeaderValue.allowed());
        pairs.extend(name.zip(value));
    }
    pairs
}

/// A header name in lower case: an RFC 9110 token, and not one that frames the message.
fn name(text: &str) -> Result<String, Problem> {
    let is_token = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
    let shown = shorten(text);
    if text.is_empty() || text.len() > 256 || !text.bytes().all(is_token) {
        let problem = Problem::new(format!("'{shown}' is not a header name"));
        let near = || nearest(&text.replace(' ', "-"), COMMON.iter().copied());
        return Err(match text.strip_suffix(':').or_else(near) {
            Some(better) => problem.hint(format!("write {}", shorten(better))),
            None => problem.hint("names have letters, digits and '-', without spaces"),
        });
    }
    let name = text.to_ascii_lowercase();
    if FRAMING.contains(&name.as_str()) {
        return Err(Problem::new(format!("header '{name}' frames the message and cannot be edited"))
            .hint("the gateway writes it by itself: remove this line"));
    }
    Ok(name)
}

/// A request has exactly one host (RFC 9112 3.2).
fn not_host(name: String, why: &str) -> Result<String, Problem> {
    if name != "host" {
        return Ok(name);
    }
    Err(Problem::new(format!("header 'host' {why}")).hint("replace it with 'set'"))
}

/// A header value: visible ASCII with spaces and tabs inside.
fn value(text: &str) -> Result<String, Problem> {
    if text.len() > MAX_VALUE {
        return Err(Problem::new("the header value is longer than 8 KiB"));
    }
    if let Some(bad) = text.chars().find(|c| matches!(c, '\r' | '\n' | '\0')) {
        let problem =
            Problem::new(format!("the header value contains '{}', which would end the header", bad.escape_default()));
        return Err(problem.hint("write the value on one line, without '|' or '>'"));
    }
    if let Some(bad) = text.chars().find(|c| *c != '\t' && !(' '..='~').contains(c)) {
        let problem = Problem::new(format!("the header value contains '{}'", bad.escape_default()));
        return Err(problem.hint("encode other characters, for example as %C3%A9"));
    }
    if text.trim() != text {
        let problem = Problem::new("the header value begins or ends with a space, which receivers remove");
        return Err(problem.hint("remove the space"));
    }
    Ok(text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::{name, value};

    #[test]
    fn names_and_values() {
        assert_eq!(name("X-Frame-Options").as_deref(), Ok("x-frame-options"));
        assert_eq!(value("max-age=60, public").as_deref(), Ok("max-age=60, public"));
        assert_eq!(value("").as_deref(), Ok(""));
        for bad in ["", "a b", "x:", "é", "a\r\nb", "Content-Length", "transfer-encoding"] {
            assert!(name(bad).is_err(), "{bad}");
        }
        for bad in ["a\r\nb", "a\nb", "a\0", "é", " a", "a\t", "\u{7f}"] {
            assert!(value(bad).is_err(), "{bad:?}");
        }
    }
}
