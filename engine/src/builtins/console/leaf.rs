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
    let days = (ms / 86_400_000.0).floor();
    let in_day = (ms - days * 86_400_000.0) as u64;
    // Civil date from the day number, years beginning in March.
    let z = days as i64 + 719_468;
    let era = z.div_euclid(146_097);
    let day_of_era = z.rem_euclid(146_097);
    let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let march_month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * march_month + 2) / 5 + 1;
    let month = if march_month < 10 { march_month + 3 } else { march_month - 9 };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    let year = match year {
        0..=9999 => format!("{year:04}"),
        _ if year < 0 => format!("-{:06}", -year),
        _ => format!("+{year:06}"),
    };
    let (seconds, millis) = (in_day / 1000, in_day % 1000);
    let (h, m, s) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    format!("{year}-{month:02}-{day:02}T{h:02}:{m:02}:{s:02}.{millis:03}Z")
}
