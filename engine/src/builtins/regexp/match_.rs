//! Symbol.match and Symbol.search.
use super::exec::{Captures, builtin_exec, regexp_exec, run};
use super::*;

/// Matches between two polls.
const MATCHES: u32 = 512;

/// 22.2.6.8 RegExp.prototype [ %Symbol.match% ] ( string )
pub fn symbol_match(rt: &mut Rt, args: Args) -> JsResult {
    let this = args.this(rt);
    if !this.is_object() {
        return Err(rt.throw_type("RegExp.prototype[Symbol.match] called on a value that is not an object"));
    }
    let s = args.get(rt, 0);
    let s = rt.to_str(s)?;
    let this = args.this(rt);
    if is_pristine(rt, this) {
        return match_pristine(rt, this.as_ref(), s);
    }
    let s = rt.root(Value::string(s));
    let flags = rt.get_name(this, atoms::flags)?;
    let flags = rt.to_str(flags)?;
    let (global, by_code_point) = stepping_flags(rt, flags);
    if !global {
        return regexp_exec(rt, args.this(rt), s.obj(rt));
    }
    set_last_index_of(rt, args.this(rt), Value::int(0))?;
    let matches = rt.root(Value::UNDEFINED);
    loop {
        let result = regexp_exec(rt, args.this(rt), s.obj(rt))?;
        if result.is_null() {
            return Ok(if matches.get(rt).is_undefined() { Value::NULL } else { matches.get(rt) });
        }
        let matched = rt.get_index(result, 0)?;
        let matched = rt.to_str(matched)?;
        if matches.get(rt).is_undefined() {
            let array = rt.new_array(&[]);
            matches.set(rt, Value::object(array));
        }
        rt.array_push(matches.obj(rt), Value::string(matched));
        if rt.len(matched) == 0 {
            step_over_empty(rt, args.this(rt), s.obj(rt), by_code_point)?;
        }
        rt.poll()?;
    }
}

/// Whether a flags string has `g`, and whether it has `u` or `v`.
pub fn stepping_flags(rt: &Rt, flags: Ref) -> (bool, bool) {
    rt.with_units(flags, |u| {
        let has = |letter: u8| u.iter().any(|unit| unit == u16::from(letter));
        (has(b'g'), has(b'u') || has(b'v'))
    })
}

/// Set ( rx, "lastIndex", v, true ) on any object.
pub fn set_last_index_of(rt: &mut Rt, re: Value, v: Value) -> JsResult<()> {
    rt.set_or_throw(re.as_ref(), Key::Name(atoms::last_index), v)
}

/// Moves `lastIndex` past an empty match; the object may be anything.
pub fn step_over_empty(rt: &mut Rt, re: Value, s: Ref, by_code_point: bool) -> JsResult<()> {
    rt.scoped(|rt| {
        let (re, s) = (rt.root(re), rt.root(Value::string(s)));
        let at = rt.get_name(re.get(rt), atoms::last_index)?;
        let at = rt.to_length(at)?;
        let s = s.obj(rt);
        let next =
            if at < f64::from(rt.len(s)) { f64::from(advance(rt, s, at as u32, by_code_point)) } else { at + 1.0 };
        set_last_index_of(rt, re.get(rt), Value::number(next))
    })
}

/// Symbol.match of a pristine RegExp: the matcher runs without result objects in between.
pub fn match_pristine(rt: &mut Rt, re: Ref, s: Ref) -> JsResult {
    let flags = flags_of(rt, re);
    if !flags.contains(Flags::GLOBAL) {
        return builtin_exec(rt, re, s);
    }
    rt.put(re, LAST_INDEX, Value::int(0));
    let mut array = Ref::NULL;
    let mut captures = Captures::new();
    let mut at = 0;
    while at <= rt.len(s) && run(rt, re, s, at)? {
        captures.load(rt);
        if array.is_null() {
            array = rt.new_array_with_capacity(4);
        }
        rt.array_push(array, Value::string(rt.substring(s, captures.start(), captures.end())));
        at = captures.end();
        if captures.start() == captures.end() {
            at = advance(rt, s, at, flags.by_code_point());
        }
        if rt.array_len(array).is_multiple_of(MATCHES) {
            rt.poll()?;
        }
    }
    Ok(Value::object_or_null(array))
}

/// 22.2.6.12 RegExp.prototype [ %Symbol.search% ] ( string )
pub fn symbol_search(rt: &mut Rt, args: Args) -> JsResult {
    let this = args.this(rt);
    if !this.is_object() {
        return Err(rt.throw_type("RegExp.prototype[Symbol.search] called on a value that is not an object"));
    }
    let s = args.get(rt, 0);
    let s = rt.to_str(s)?;
    let this = args.this(rt);
    if is_pristine(rt, this) {
        return search_pristine(rt, this.as_ref(), s);
    }
    let s = rt.root(Value::string(s));
    let previous = rt.get_name(this, atoms::last_index)?;
    let previous = rt.root(previous);
    if !rt.same_value(previous.get(rt), Value::int(0)) {
        set_last_index_of(rt, args.this(rt), Value::int(0))?;
    }
    let result = regexp_exec(rt, args.this(rt), s.obj(rt))?;
    let result = rt.root(result);
    let current = rt.get_name(args.this(rt), atoms::last_index)?;
    if !rt.same_value(current, previous.get(rt)) {
        set_last_index_of(rt, args.this(rt), previous.get(rt))?;
    }
    if result.get(rt).is_null() {
        return Ok(Value::int(-1));
    }
    rt.get_name(result.get(rt), atoms::index)
}

/// Symbol.search of a pristine RegExp: `lastIndex` ends as it began, so it is not touched.
pub fn search_pristine(rt: &mut Rt, re: Ref, s: Ref) -> JsResult {
    if !run(rt, re, s, 0)? {
        return Ok(Value::int(-1));
    }
    Ok(Value::uint(rt.host().regexp.borrow().captures().first().copied().unwrap_or(0)))
}
