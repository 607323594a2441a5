//! Any value as text for people, in the manner of Node's `util.inspect`. Runs no JavaScript: getters are named, not called.
use super::leaf;
use crate::builtins::buffer::bytes;
use crate::builtins::collections::table::{self, Position};
use crate::builtins::{error, promise, typed_array};
use crate::heap::layout::Kind;
use crate::object::{Key, Prop};
use crate::realm::WellKnown;
use crate::runtime::Rt;
use crate::shape::attr;
use crate::string::atoms;
use crate::value::{Ref, Value};

/// How deep nested objects are shown.
pub const DEPTH: u32 = 2;
/// Deepest there is.
pub const MAX_DEPTH: u32 = 50;

/// Elements of an array, entries of a map or set shown.
const MAX_ELEMENTS: u32 = 100;
/// Bytes of a buffer shown.
const MAX_BYTES: u32 = 50;
/// Properties of an object shown.
const MAX_PROPERTIES: usize = 200;
/// Characters that fit a line.
const LINE: usize = 80;
/// Levels of nesting that may share a line.
const SHARED_LEVELS: u32 = 3;
/// Bytes after which the rest is left out.
const BUDGET: usize = 192 * 1024;

/// A value as text; strings are quoted.
pub fn inspect(rt: &Rt, v: Value, depth: u32) -> String {
    let mut inspector = Inspector { rt, depth, around: Vec::new(), circular: Vec::new(), left: BUDGET };
    inspector.value(v).0
}

struct Inspector<'a> {
    rt: &'a Rt,
    depth: u32,
    /// Objects being shown, outermost first.
    around: Vec<Ref>,
    /// Objects that contain themselves.
    circular: Vec<Ref>,
    left: usize,
}

/// A text and how many levels of objects it shows.
type Shown = (String, u32);

struct Parts {
    /// What stands before the opening brace.
    head: String,
    braces: [&'static str; 2],
    entries: Vec<String>,
    levels: u32,
}

impl Inspector<'_> {
    fn value(&mut self, v: Value) -> Shown {
        let shown = match v.to_obj() {
            None => (leaf::primitive(self.rt, v), 0),
            Some(obj) => self.object(obj),
        };
        self.left = self.left.saturating_sub(shown.0.len());
        shown
    }

    fn object(&mut self, obj: Ref) -> Shown {
        let rt = self.rt;
        if rt.kind(obj) == Kind::Proxy {
            return match rt.internal(obj, 0).to_obj() {
                Some(target) if self.around.len() < MAX_DEPTH as usize => {
                    self.around.push(obj);
                    let shown = self.object(target);
                    self.around.pop();
                    shown
                }
                _ => ("<Revoked Proxy>".to_string(), 0),
            };
        }
        if self.around.contains(&obj) {
            return (format!("[Circular *{}]", self.circular_number(obj)), 0);
        }
        let base = self.base(obj);
        let class = self.class_name(obj);
        if self.around.len() as u32 > self.depth || self.left == 0 {
            return (base.unwrap_or_else(|| self.folded(obj, class.as_deref())), 0);
        }
        self.around.push(obj);
        let mut parts = self.contents(obj, class.as_deref());
        if let Some(base) = base {
            parts.head = base;
        }
        self.properties(obj, &mut parts);
        self.around.pop();
        let levels = parts.levels + 1;
        let mut text = self.join(parts, rt.kind(obj));
        if self.circular.contains(&obj) {
            text = format!("<ref *{}> {text}", self.circular_number(obj));
        }
        (text, levels)
    }

    fn circular_number(&mut self, obj: Ref) -> usize {
        if let Some(at) = self.circular.iter().position(|&known| known == obj) {
            return at + 1;
        }
        self.circular.push(obj);
        self.circular.len()
    }

    /// What stands for the whole object unless it has properties as well.
    fn base(&self, obj: Ref) -> Option<String> {
        let rt = self.rt;
        let wrapped = |name: &str| {
            let v = rt.internal(obj, 0);
            let text = if v.is_symbol() { rt.describe_value(v) } else { leaf::primitive(rt, v) };
            Some(format!("[{name}: {text}]"))
        };
        match rt.kind(obj) {
            _ if rt.is_callable(Value::object(obj)) => Some(leaf::function(rt, obj)),
            Kind::Error => Some(self.error_text(obj)),
            Kind::Date => Some(leaf::date(rt.internal(obj, 0).as_number())),
            Kind::RegExp => Some(self.regexp_text(obj)),
            Kind::NumberObj => wrapped("Number"),
            Kind::StringObj => wrapped("String"),
            Kind::BooleanObj => wrapped("Boolean"),
            Kind::SymbolObj => wrapped("Symbol"),
            Kind::BigIntObj => wrapped("BigInt"),
            _ => None,
        }
    }

    fn error_text(&self, obj: Ref) -> String {
        let rt = self.rt;
        let own = rt.get_own_plain(obj, Key::Name(atoms::stack)).map(|prop| prop.value);
        let text = match own {
            Some(v) if v.is_string() => rt.to_text(v.as_ref()),
            _ => error::stack_text(rt, Value::object(obj), Value::object(obj)),
        };
        if text.contains('\n') || self.around.is_empty() { text } else { format!("[{text}]") }
    }

    fn regexp_text(&self, obj: Ref) -> String {
        let rt = self.rt;
        let (source, flags) = (rt.internal(obj, 0), rt.internal(obj, 2));
        let source = if source.is_string() { rt.to_text(source.as_ref()) } else { "(?:)".to_string() };
        let bits = if flags.is_int() { flags.as_int() } else { 0 };
        let letters: String =
            "dgimsuvy".chars().enumerate().filter(|(i, _)| bits >> i & 1 != 0).map(|(_, c)| c).collect();
        format!("/{source}/{letters}")
    }

    /// Name of the nearest constructor; `None` for objects without prototype.
    fn class_name(&self, obj: Ref) -> Option<String> {
        let rt = self.rt;
        let mut at = obj;
        while !at.is_null() && rt.kind(at) != Kind::Proxy {
            let own = rt.get_own_plain(at, Key::Name(atoms::constructor)).filter(|prop| !prop.is_accessor());
            if let Some(class) = own.and_then(|prop| prop.value.to_obj())
                && rt.is_callable(Value::object(class))
            {
                let name = leaf::function_name(rt, class);
                if !name.is_empty() {
                    return Some(name);
                }
            }
            at = rt.shape_proto(rt.shape_of(at));
        }
        None
    }

    fn folded(&self, obj: Ref, class: Option<&str>) -> String {
        match class {
            _ if self.rt.kind(obj) == Kind::Array => "[Array]".to_string(),
            Some(class) => format!("[{class}]"),
            None => "[Object: null prototype]".to_string(),
        }
    }

    // ---- contents

    fn contents(&mut self, obj: Ref, class: Option<&str>) -> Parts {
        let rt = self.rt;
        let mut parts = Parts { head: String::new(), braces: ["{", "}"], entries: Vec::new(), levels: 0 };
        let kind = rt.kind(obj);
        let named = |usual: &str| match class {
            Some(class) => class.to_string(),
            None => format!("[{usual}: null prototype]"),
        };
        match kind {
            Kind::Array => {
                parts.braces = ["[", "]"];
                let len = rt.array_len(obj);
                if class != Some("Array") {
                    parts.head = format!("{}({len})", named("Array"));
                }
                self.array_elements(obj, len, &mut parts);
            }
            Kind::TypedArray => {
                parts.braces = ["[", "]"];
                let len = typed_array::length(rt, obj);
                parts.head = format!("{}({len})", named("TypedArray"));
                for i in 0..len.min(MAX_ELEMENTS) {
                    let v = typed_array::get_element(rt, obj, i).unwrap_or(Value::UNDEFINED);
                    self.push_value(v, &mut parts);
                }
                more(len.saturating_sub(MAX_ELEMENTS), "item", &mut parts);
            }
            Kind::Map | Kind::Set => {
                parts.head =
                    format!("{}({})", named(if kind == Kind::Map { "Map" } else { "Set" }), table::len(rt, obj));
                self.collection(obj, &mut parts);
            }
            Kind::ArrayBuffer | Kind::SharedArrayBuffer => {
                parts.head = named("ArrayBuffer");
                let len = bytes::byte_length(rt, obj);
                let shown = len.min(MAX_BYTES);
                let hex = match bytes::cell(rt, obj) {
                    Some(cell) => rt.with_bytes(cell, 0, shown, |bytes| {
                        bytes.iter().map(|b| format!("{b:02x}")).collect::<Vec<String>>().join(" ")
                    }),
                    None => "detached".to_string(),
                };
                let dots = if shown < len { format!(" ... {} more bytes", len - shown) } else { String::new() };
                parts.entries.push(format!("[Uint8Contents]: <{hex}{dots}>"));
                parts.entries.push(format!("byteLength: {len}"));
            }
            Kind::WeakMap | Kind::WeakSet => {
                parts.head = named("WeakMap");
                parts.entries.push("<items unknown>".to_string());
            }
            Kind::Promise => {
                parts.head = named("Promise");
                match promise::state(rt, obj) {
                    promise::State::Pending => parts.entries.push("<pending>".to_string()),
                    promise::State::Fulfilled(v) => self.push_value(v, &mut parts),
                    promise::State::Rejected(v) => {
                        let (text, levels) = self.value(v);
                        parts.entries.push(format!("<rejected> {text}"));
                        parts.levels = parts.levels.max(levels);
                    }
                }
            }
            Kind::Arguments => {
                parts.head = "[Arguments]".to_string();
                parts.braces = ["[", "]"];
            }
            Kind::Object if class == Some("Object") => {}
            Kind::Generator | Kind::AsyncGenerator | Kind::Iterator => parts.head = "Object".to_string(),
            _ => parts.head = named("Object"),
        }
        let tag = rt.plain_lookup(obj, rt.symbol(WellKnown::ToStringTag)).filter(|v| v.is_string());
        if let Some(tag) = tag.map(|v| rt.to_text(v.as_ref()))
            && !tag.is_empty()
            && Some(tag.as_str()) != class
            && kind != Kind::TypedArray
        {
            let head = if parts.head.is_empty() { "Object" } else { parts.head.as_str() };
            parts.head = format!("{head} [{tag}]");
        }
        parts
    }

    fn push_value(&mut self, v: Value, parts: &mut Parts) {
        let (text, levels) = self.value(v);
        parts.entries.push(text);
        parts.levels = parts.levels.max(levels);
    }

    fn array_elements(&mut self, array: Ref, len: u32, parts: &mut Parts) {
        let mut shown = 0;
        let mut at = 0;
        let mut rest = self.rt.element_indices(array).into_iter().filter(|&i| i < len).peekable();
        while at < len && shown < MAX_ELEMENTS && self.left > 0 {
            let next = rest.peek().copied().unwrap_or(len);
            if next > at {
                let n = next - at;
                parts.entries.push(format!("<{n} empty item{}>", if n == 1 { "" } else { "s" }));
                at = next;
            } else {
                rest.next();
                match self.rt.get_own_plain(array, Key::Index(at)) {
                    Some(prop) => self.push_property(&prop, parts),
                    None => parts.entries.push("undefined".to_string()),
                }
                at += 1;
            }
            shown += 1;
        }
        more(len - at, "item", parts);
    }

    fn collection(&mut self, obj: Ref, parts: &mut Parts) {
        let rt = self.rt;
        let mut at = Position::start(rt, obj);
        for _ in 0..MAX_ELEMENTS {
            let (next, entry) = table::advance(rt, obj, at);
            at = next;
            let Some(entry) = entry else { return };
            let (mut text, mut levels) = self.value(table::key_at(rt, obj, entry));
            if rt.kind(obj) == Kind::Map {
                let (v, value_levels) = self.value(table::value_at(rt, obj, entry));
                text = format!("{text} => {v}");
                levels = levels.max(value_levels);
            }
            parts.entries.push(text);
            parts.levels = parts.levels.max(levels);
        }
        more(table::len(rt, obj).saturating_sub(MAX_ELEMENTS), "item", parts);
    }

    fn properties(&mut self, obj: Ref, parts: &mut Parts) {
        let rt = self.rt;
        let mut keys = Vec::new();
        rt.own_keys_plain(obj, &mut keys);
        let skip_indices = matches!(rt.kind(obj), Kind::Array | Kind::TypedArray | Kind::StringObj);
        let arguments = rt.kind(obj) == Kind::Arguments;
        let mut shown = 0;
        for (i, &key) in keys.iter().enumerate() {
            if skip_indices && matches!(key, Key::Index(_)) {
                continue;
            }
            let Some(prop) = rt.get_own_plain(obj, key).filter(|prop| prop.attrs & attr::E != 0) else { continue };
            if shown == MAX_PROPERTIES || self.left == 0 {
                more((keys.len() - i) as u32, "property", parts);
                break;
            }
            shown += 1;
            let before = parts.entries.len();
            self.push_property(&prop, parts);
            if !(arguments && matches!(key, Key::Index(_))) {
                let text = parts.entries.remove(before);
                parts.entries.push(format!("{}: {text}", leaf::key(rt, key)));
            }
        }
        self.cause(obj, parts);
    }

    /// `cause` and `errors` of errors are not enumerable, but worth showing.
    fn cause(&mut self, obj: Ref, parts: &mut Parts) {
        if self.rt.kind(obj) != Kind::Error {
            return;
        }
        for name in [atoms::cause, atoms::errors] {
            let own = self.rt.get_own_plain(obj, Key::Name(name));
            if let Some(prop) = own.filter(|prop| !prop.is_accessor() && !prop.enumerable()) {
                let (text, levels) = self.value(prop.value);
                parts.entries.push(format!("[{}]: {text}", self.rt.to_text(name)));
                parts.levels = parts.levels.max(levels);
            }
        }
    }

    fn push_property(&mut self, prop: &Prop, parts: &mut Parts) {
        if !prop.is_accessor() {
            return self.push_value(prop.value, parts);
        }
        parts.entries.push(
            match (prop.get.is_undefined(), prop.set.is_undefined()) {
                (false, false) => "[Getter/Setter]",
                (true, false) => "[Setter]",
                _ => "[Getter]",
            }
            .to_string(),
        );
    }

    // ---- layout

    fn join(&self, parts: Parts, kind: Kind) -> String {
        let Parts { head, braces: [open, close], entries, levels } = parts;
        let is_leaf = !head.is_empty()
            && (matches!(kind, Kind::Error | Kind::Date | Kind::RegExp)
                || head.starts_with('[') && !head.contains(": null prototype") && kind != Kind::Arguments);
        if entries.is_empty() {
            let space = if head.is_empty() { "" } else { " " };
            return if is_leaf { head } else { format!("{head}{space}{open}{close}") };
        }
        let head = if head.is_empty() { open.to_string() } else { format!("{head} {open}") };
        let indent = 2 * self.around.len();
        let total: usize = entries.iter().map(|entry| entry.chars().count() + 1).sum();
        let fits = total + entries.len() + head.len() + indent + 10 <= LINE;
        let flat = !entries.iter().any(|entry| entry.contains('\n')) && !head.contains('\n');
        if flat && fits && levels < SHARED_LEVELS {
            return format!("{head} {} {close}", entries.join(", "));
        }
        let simple = kind == Kind::Array || kind == Kind::TypedArray;
        let lines = if simple && flat && levels == 0 && entries.len() > 6 { wrapped(entries, indent) } else { entries };
        let body: Vec<String> = lines.iter().map(|line| line.replace('\n', "\n  ")).collect();
        format!("{head}\n  {}\n{close}", body.join(",\n  "))
    }
}

/// Short entries, several on a line.
fn wrapped(entries: Vec<String>, indent: usize) -> Vec<String> {
    let width = LINE.saturating_sub(indent + 4).max(40);
    let mut lines: Vec<String> = Vec::new();
    for entry in entries {
        match lines.last_mut() {
            Some(line) if line.len() + entry.len() + 2 <= width => {
                line.push_str(", ");
                line.push_str(&entry);
            }
            _ => lines.push(entry),
        }
    }
    lines
}

fn more(n: u32, what: &str, parts: &mut Parts) {
    if n > 0 {
        let plural = match (n, what) {
            (1, _) => what.to_string(),
            (_, "property") => "properties".to_string(),
            _ => format!("{what}s"),
        };
        parts.entries.push(format!("... {n} more {plural}"));
    }
}
