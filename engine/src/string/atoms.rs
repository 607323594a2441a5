//! Names the engine itself mentions, at offsets fixed when it is compiled: the first cells after the null page.
use crate::heap::layout::{CELL_DATA, NULL_PAGE};
use crate::value::Ref;

/// Offset of the cell of static atom `i`, from the byte lengths of those before it.
const fn offsets<const N: usize>(names: &[&str; N]) -> [u32; N] {
    let mut table = [0; N];
    let mut at = NULL_PAGE;
    let mut i = 0;
    while i < N {
        table[i] = at;
        at += CELL_DATA + ((names[i].len() as u32 + 7) & !7);
        i += 1;
    }
    table
}

macro_rules! atoms {
    ($($name:ident = $text:expr,)*) => {
        /// Texts of the static atoms, in order.
        pub const TEXTS: &[&str; { [$($text),*].len() }] = &[$($text),*];
        const OFFSETS: [u32; TEXTS.len()] = offsets(TEXTS);
        #[allow(non_camel_case_types, clippy::upper_case_acronyms, reason = "named as the atoms are")]
        #[repr(usize)]
        enum Index { $($name),* }
        $(#[doc = concat!("`", $text, "`")] #[allow(non_upper_case_globals, reason = "spelled as the text is")] pub const $name: Ref = Ref(OFFSETS[Index::$name as usize]);)*
    };
}

atoms! {
    empty = "", length = "length", prototype = "prototype", constructor = "constructor", name = "name", message = "message",
    stack = "stack", cause = "cause", errors = "errors", value = "value", done = "done", next = "next", return_ = "return", throw = "throw",
    get = "get", set = "set", has = "has", add = "add", enumerable = "enumerable", configurable = "configurable", writable = "writable",
    to_string = "toString", value_of = "valueOf", to_json = "toJSON", then = "then", catch = "catch", finally = "finally", resolve = "resolve", reject = "reject", index = "index",
    input = "input", groups = "groups", indices = "indices", last_index = "lastIndex", source = "source", flags = "flags",
    global = "global", ignore_case = "ignoreCase", multiline = "multiline", dot_all = "dotAll", unicode = "unicode",
    unicode_sets = "unicodeSets", sticky = "sticky", has_indices = "hasIndices", exec = "exec", raw = "raw", proto = "__proto__",
    callee = "callee", caller = "caller", arguments = "arguments", undefined = "undefined", null = "null", true_ = "true", false_ = "false",
    nan = "NaN", infinity = "Infinity", minus_infinity = "-Infinity", object = "object", function = "function", string = "string",
    number = "number", boolean = "boolean", symbol = "symbol", bigint = "bigint", default = "default", star_default = "*default*",
    join = "join", proxy = "proxy", revoke = "revoke", apply = "apply", construct = "construct", define_property = "defineProperty",
    delete_property = "deleteProperty", get_own_property_descriptor = "getOwnPropertyDescriptor", get_prototype_of = "getPrototypeOf",
    is_extensible = "isExtensible", own_keys = "ownKeys", prevent_extensions = "preventExtensions", set_prototype_of = "setPrototypeOf",
    promise = "promise", status = "status", fulfilled = "fulfilled", rejected = "rejected", reason = "reason", description = "description", size = "size", keys = "keys",
    url = "url", meta = "meta", global_this = "globalThis", anonymous = "anonymous", zero = "0", handler = "handler", fetch = "fetch",
    on_request = "onRequest", on_response = "onResponse", on_log = "onLog", eval = "eval", body = "body", headers = "headers", method = "method",
    object_tag = "[object Object]", minus_zero = "-0", comma = ",", colon = ":", space = " ", open_brace = "{", close_brace = "}",
    bound_prefix = "bound ",
}

/// First byte after the static atoms.
pub const END: u32 = OFFSETS[TEXTS.len() - 1] + CELL_DATA + ((TEXTS[TEXTS.len() - 1].len() as u32 + 7) & !7);
