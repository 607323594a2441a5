//! Values that are shown in one piece: primitives, functions, dates, keys.
use crate::bytecode::module::FnFlags;
use crate::heap::layout::FUNC_TEMPLATE;
use crate::heap::layout::{Kind, TPL_FLAGS};
use crate::object::{Key, OBJ_CLASS};
use crate::runtime::Rt;
use crate::string::atoms;
use crate::value::{Ref, Value};

/// Longest string shown inside another value, in units.
const MAX_STRING: usize = 10_000;

/// A primitive; strings quoted.
pub fn primitive(rt: &Rt, v: Value) -> String {
    if v.is_string() {
        return quoted(&shortened(rt, v.as_ref()));
    }
    if v.is_double() && v.as_double() == 0.0 {
        return if v.as_double().is_sign_negative() { "-0" } else { "0" }.to_string();
    }
    if v.is_bigint() {
        return format!("{}n", crate::builtins::bigint::to_text(rt, v));
    }
    rt.describe_value(v)
}

fn shortened(rt: &Rt, s: Ref) -> String {
    if rt.len(s) as usize <= MAX_STRING {
        return rt.to_text(s);
    }
    let more = rt.len(s) as usize - MAX_STRING;
    let start =
        rt.with_units(s, |units| String::from_utf16_lossy(&units.iter().take(MAX_STRING).collect::<Vec<u16>>()));
    format!("{start}... {more} more characters")
}

/// Text in the quotes that need the fewest escapes.
pub fn quoted(text: &str) -> String {
    let quote = ['\'', '"', '`'].into_iter().find(|&quote| !text.contains(quote)).unwrap_or('\'');
    let mut out = String::with_capacity(text.len() + 2);
    out.push(quote);
    for c in text.chars() {
        match c {
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\u{8}' => out.push_str("\\b"),
            '\u{B}' => out.push_str("\\v"),
            '\u{C}' => out.push_str("\\f"),
            '\\' => out.push_str("\\\\"),
            c if c == quote => {
                out.push('\\');
                out.push(c);
            }
            c if (c as u32) < 0x20 || (0x7F..0xA0).contains(&(c as u32)) => {
                out.push_str(&format!("\\x{:02X}", c as u32));
            }
            c => out.push(c),
        }
    }
    out.push(quote);
    out
}

/// A property key: bare where it is an identifier.
pub fn key(rt: &Rt, key: Key) -> String {
    if rt.key_is_symbol(key) {
        return format!("[Symbol({})]", rt.key_text(key));
    }
    let text = rt.key_text(key);
    let mut chars = text.chars();
    let starts = chars.next().is_some_and(|c| c.is_alphabetic() || c == '_' || c == '$');
    if starts && chars.all(|c| c.is_alphanumeric() || c == '_' || c == '$') { text } else { quoted(&text) }
}

/// Name of a function, empty if it has none.
pub fn function_name(rt: &Rt, f: Ref) -> String {
    match rt.plain_lookup(f, atoms::name) {
        Some(name) if name.is_string() => rt.to_text(name.as_ref()),
        _ => String::new(),
    }
}

/// `[Function: name]` and its kin.
pub fn function(rt: &Rt, f: Ref) -> String {
    let name = function_name(rt, f);
    if rt.cell_flags(f) & OBJ_CLASS != 0 {
        let parent = rt.shape_proto(rt.shape_of(f));
        let parent = if parent.is_null() { String::new() } else { function_name(rt, parent) };
        let name = if name.is_empty() { "(anonymous)" } else { &name };
        let extends = if parent.is_empty() { String::new() } else { format!(" extends {parent}") };
        return format!("[class {name}{extends}]");
    }
    let flags = match rt.kind(f) {
        Kind::Function => FnFlags(rt.load(rt.load::<Ref>(f, FUNC_TEMPLATE), TPL_FLAGS)),
        _ => FnFlags(0),
    };
    let kind = match (flags.has(FnFlags::ASYNC), flags.has(FnFlags::GENERATOR)) {
        (true, true) => "AsyncGeneratorFunction",
        (true, false) => "AsyncFunction",
        (false, true) => "GeneratorFunction",
        (false, false) => "Function",
    };
    if name.is_empty() { format!("[{kind} (anonymous)]") } else { format!("[{kind}: {name}]") }
}

/// A time value as toISOString gives it.
pub fn date(ms: f64) -> String {
    if !ms.is_finite() {
        return "Invalid Date".to_string();
    }
    String::from_utf8_lossy(crate::builtins::date::iso_text(ms, &mut [0; 27])).into_owned()
}
