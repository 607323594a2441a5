//! String objects (22.1): the table, the constructor, and what its methods share.
//!
//! Locale-sensitive methods know no locales: case mapping is that of the root locale, comparison is described in
//! `collate.rs`. Arguments that name locales are ignored.
mod access;
mod assemble;
mod case;
mod collate;
mod html;
mod iterator;
mod normalize;
mod pattern;
mod replace;
mod search;
mod split;
mod trim;

use super::spec::{ClassSpec, Row};
use crate::call::Args;
use crate::heap::layout::*;
use crate::object::Key;
use crate::realm::{Intrinsic, WellKnown};
use crate::runtime::Rt;
use crate::string::{MAX_LENGTH, StrBuf, Units, atoms};
use crate::value::{JsResult, Ref, Value};

pub(super) use replace::{Substitution, has_patterns, push_substitution, replace_range};
pub use search::find;

/// Tables of this folder.
pub const CLASSES: &[&ClassSpec] = &[&STRING, &iterator::STRING_ITERATOR];

const STRING: ClassSpec = ClassSpec::class(
    "String",
    construct,
    1,
    Intrinsic::String,
    Intrinsic::StringPrototype,
    &[
        Row::method("fromCharCode", 1, from_char_code),
        Row::method("fromCodePoint", 1, from_code_point),
        Row::method("raw", 1, raw),
    ],
    &[
        Row::method("at", 1, access::at),
        Row::method("charAt", 1, access::char_at),
        Row::method("charCodeAt", 1, access::char_code_at),
        Row::method("codePointAt", 1, access::code_point_at),
        Row::method("concat", 1, assemble::concat),
        Row::method("endsWith", 1, search::ends_with),
        Row::method("includes", 1, search::includes),
        Row::method("indexOf", 1, search::index_of),
        Row::method("isWellFormed", 0, normalize::is_well_formed),
        Row::method("lastIndexOf", 1, search::last_index_of),
        Row::method("localeCompare", 1, collate::locale_compare),
        Row::method("match", 1, pattern::match_),
        Row::method("matchAll", 1, pattern::match_all),
        Row::method("normalize", 0, normalize::normalize),
        Row::method("padEnd", 1, assemble::pad_end),
        Row::method("padStart", 1, assemble::pad_start),
        Row::method("repeat", 1, assemble::repeat),
        Row::method("replace", 2, replace::replace),
        Row::method("replaceAll", 2, replace::replace_all),
        Row::method("search", 1, pattern::search),
        Row::method("slice", 2, access::slice),
        Row::method("split", 2, split::split),
        Row::method("startsWith", 1, search::starts_with),
        Row::method("substr", 2, access::substr),
        Row::method("substring", 2, access::substring),
        Row::method("toLocaleLowerCase", 0, case::to_locale_lower_case),
        Row::method("toLocaleUpperCase", 0, case::to_locale_upper_case),
        Row::method("toLowerCase", 0, case::to_lower_case),
        Row::method("toString", 0, to_string),
        Row::method("toUpperCase", 0, case::to_upper_case),
        Row::method("toWellFormed", 0, normalize::to_well_formed),
        Row::method("trim", 0, trim::trim),
        Row::method("trimEnd", 0, trim::trim_end),
        Row::method("trimStart", 0, trim::trim_start),
        Row::alias("trimLeft", "trimStart"),
        Row::alias("trimRight", "trimEnd"),
        Row::method("valueOf", 0, value_of),
        Row::symbol(WellKnown::Iterator, "[Symbol.iterator]", 0, iterator::iterator),
        Row::method("anchor", 1, html::anchor),
        Row::method("big", 0, html::big),
        Row::method("blink", 0, html::blink),
        Row::method("bold", 0, html::bold),
        Row::method("fixed", 0, html::fixed),
        Row::method("fontcolor", 1, html::fontcolor),
        Row::method("fontsize", 1, html::fontsize),
        Row::method("italics", 0, html::italics),
        Row::method("link", 1, html::link),
        Row::method("small", 0, html::small),
        Row::method("strike", 0, html::strike),
        Row::method("sub", 0, html::sub),
        Row::method("sup", 0, html::sup),
    ],
)
.proto_kind(Kind::StringObj);

/// %String.prototype% is itself a String object, of the empty string.
pub fn finish(rt: &mut Rt) -> JsResult<()> {
    rt.set_internal(rt.intrinsic(Intrinsic::StringPrototype), 0, Value::string(atoms::empty));
    Ok(())
}

/// 22.1.1.1 String ( value )
fn construct(rt: &mut Rt, args: Args) -> JsResult {
    let v = args.get(rt, 0);
    let s = if args.is_empty() {
        atoms::empty
    } else if v.is_symbol() && !args.is_construct(rt) {
        let text = format!("Symbol({})", rt.symbol_text(v.as_ref()));
        return Ok(rt.str_value(&text));
    } else {
        rt.to_str(v)?
    };
    if !args.is_construct(rt) {
        return Ok(Value::string(s));
    }
    let s = rt.root(Value::string(s));
    let new_target = args.new_target(rt);
    let proto = rt.proto_from_constructor(new_target, Intrinsic::StringPrototype)?;
    let obj = rt.new_of_kind_with_proto(Kind::StringObj, proto);
    rt.set_internal(obj, 0, s.get(rt));
    Ok(Value::object(obj))
}

/// 22.1.2.1 String.fromCharCode ( ...codeUnits )
fn from_char_code(rt: &mut Rt, args: Args) -> JsResult {
    if args.len() == 1 {
        let v = args.get(rt, 0);
        let unit = rt.to_int32(v)? as u16;
        return Ok(Value::string(rt.char_string(unit)));
    }
    let mut buf = rt.str_buf();
    for i in 0..args.len() {
        let v = args.get(rt, i);
        buf.push(rt.to_int32(v)? as u16);
    }
    Ok(Value::string(rt.finish_str(buf)?))
}

/// 22.1.2.2 String.fromCodePoint ( ...codePoints )
fn from_code_point(rt: &mut Rt, args: Args) -> JsResult {
    let mut buf = rt.str_buf();
    for i in 0..args.len() {
        let v = args.get(rt, i);
        let cp = rt.to_number(v)?;
        if cp.trunc() != cp || !(0.0..=1_114_111.0).contains(&cp) {
            let text = crate::string::format_number(cp);
            return Err(rt.throw_range(&format!("Invalid code point {text}")));
        }
        push_code_point(&mut buf, cp as u32);
    }
    Ok(Value::string(rt.finish_str(buf)?))
}

/// 22.1.2.4 String.raw ( template, ...substitutions )
fn raw(rt: &mut Rt, args: Args) -> JsResult {
    let template = args.get(rt, 0);
    let cooked = rt.to_object(template)?;
    let literals = rt.get_name(Value::object(cooked), atoms::raw)?;
    let literals = rt.to_object(literals)?;
    let literals = rt.root(Value::object(literals));
    let len = rt.length_of(literals.obj(rt))?;
    let mut buf = rt.str_buf();
    let mut i = 0.0;
    while i < len {
        let key = rt.key_of_number(i);
        let part = rt.get(literals.get(rt), key)?;
        let part = rt.to_str(part)?;
        push_str(rt, &mut buf, part)?;
        i += 1.0;
        if i < len && i < f64::from(args.len()) {
            let v = args.get(rt, i as u32);
            let part = rt.to_str(v)?;
            push_str(rt, &mut buf, part)?;
        }
        rt.poll()?;
    }
    Ok(Value::string(rt.finish_str(buf)?))
}

/// 22.1.3.29 String.prototype.toString ( )
fn to_string(rt: &mut Rt, args: Args) -> JsResult {
    this_string_value(rt, args, "toString")
}

/// 22.1.3.36 String.prototype.valueOf ( )
fn value_of(rt: &mut Rt, args: Args) -> JsResult {
    this_string_value(rt, args, "valueOf")
}

/// ThisStringValue
fn this_string_value(rt: &mut Rt, args: Args, method: &str) -> JsResult {
    let this = args.this(rt);
    if this.is_string() {
        return Ok(this);
    }
    if rt.is_kind(this, Kind::StringObj) {
        return Ok(rt.internal(this.as_ref(), 0));
    }
    Err(rt.throw_type(&format!("String.prototype.{method} requires that 'this' be a String")))
}

// ---- shared by the methods

/// RequireObjectCoercible(this), then ToString; the result also replaces `this` in the frame, where [`kept_this`] finds it
/// after JavaScript has run.
#[inline]
fn this_str(rt: &mut Rt, args: Args, method: &str) -> JsResult<Ref> {
    let this = args.this(rt);
    if this.is_string() { Ok(this.as_ref()) } else { this_str_slow(rt, args, method) }
}

#[cold]
fn this_str_slow(rt: &mut Rt, args: Args, method: &str) -> JsResult<Ref> {
    let this = this_coercible(rt, args, method)?;
    let s = rt.to_str(this)?;
    rt.init(Ref(args.fp), FRAME_THIS, Value::string(s));
    Ok(s)
}

/// RequireObjectCoercible(this)
fn this_coercible(rt: &mut Rt, args: Args, method: &str) -> JsResult {
    let this = args.this(rt);
    if this.is_nullish() {
        return Err(rt.throw_type(&format!("String.prototype.{method} called on null or undefined")));
    }
    Ok(this)
}

/// `this` after [`this_str`].
#[inline(always)]
fn kept_this(rt: &Rt, args: Args) -> Ref {
    args.this(rt).as_ref()
}

/// ToString of argument `i`; the result replaces the argument, where [`kept_arg`] finds it after JavaScript has run.
#[inline]
fn arg_str(rt: &mut Rt, args: Args, i: u32) -> JsResult<Ref> {
    let v = args.get(rt, i);
    if v.is_string() {
        return Ok(v.as_ref());
    }
    let s = rt.to_str(v)?;
    if i < args.len() {
        args.set(rt, i, Value::string(s));
    }
    Ok(s)
}

/// Argument `i` after [`arg_str`].
#[inline(always)]
fn kept_arg(rt: &Rt, args: Args, i: u32) -> Ref {
    let v = args.get(rt, i);
    if v.is_string() { v.as_ref() } else { atoms::undefined }
}

/// Refuses lengths no string can have, and ends the request before a host buffer outgrows what its heap could take.
pub(super) fn check_growth(rt: &mut Rt, len: usize) -> JsResult<()> {
    if len > MAX_LENGTH as usize {
        return Err(rt.throw_range("Invalid string length"));
    }
    if len as u64 > u64::from(rt.heap_room()) {
        crate::limits::out_of_memory(rt);
    }
    Ok(())
}

/// Appends a whole string to a buffer.
pub(super) fn push_str(rt: &mut Rt, buf: &mut StrBuf, s: Ref) -> JsResult<()> {
    check_growth(rt, buf.len() + rt.len(s) as usize)?;
    rt.with_units(s, |u| buf.push_units(u));
    Ok(())
}

/// Appends units `[from, to)` of a string to a buffer.
pub(super) fn push_range(rt: &mut Rt, buf: &mut StrBuf, s: Ref, from: u32, to: u32) -> JsResult<()> {
    check_growth(rt, buf.len() + to.saturating_sub(from) as usize)?;
    rt.with_units(s, |u| buf.push_units(unit_range(u, from as usize, to as usize)));
    Ok(())
}

/// Appends a code point, which may be a lone surrogate.
pub(super) fn push_code_point(buf: &mut StrBuf, cp: u32) {
    match char::from_u32(cp) {
        Some(c) => buf.push_char(c),
        None => buf.push(cp as u16),
    }
}

/// Units `[from, to)`.
#[inline]
pub(super) fn unit_range(units: Units<'_>, from: usize, to: usize) -> Units<'_> {
    match units {
        Units::Latin1(b) => Units::Latin1(&b[from..to]),
        Units::Utf16(u) => Units::Utf16(&u[from..to]),
    }
}

/// Code point at unit `i`, and how many units it takes; a lone surrogate is one by itself.
#[inline]
pub(super) fn code_point_at(units: Units<'_>, i: usize) -> (u32, usize) {
    let first = units.at(i);
    if first & 0xFC00 == 0xD800 && i + 1 < units.len() {
        let second = units.at(i + 1);
        if second & 0xFC00 == 0xDC00 {
            return (0x10000 + ((u32::from(first) & 0x3FF) << 10 | u32::from(second) & 0x3FF), 2);
        }
    }
    (u32::from(first), 1)
}

/// GetMethod of a well-known symbol on an object argument; undefined for anything else, which has none of its own.
fn pattern_method(rt: &mut Rt, v: Value, which: WellKnown) -> JsResult {
    if !v.is_object() {
        return Ok(Value::UNDEFINED);
    }
    let key = Key::Name(rt.symbol(which));
    rt.get_method(v, key)
}
