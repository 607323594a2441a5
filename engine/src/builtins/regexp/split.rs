//! Symbol.split.
use super::exec::{Captures, regexp_exec, run};
use super::match_::set_last_index_of;
use super::*;
use crate::regexp::UNSET;

/// Pieces between two polls.
const PIECES: u32 = 512;

/// 22.2.6.14 RegExp.prototype [ %Symbol.split% ] ( string, limit )
pub fn symbol_split(rt: &mut Rt, args: Args) -> JsResult {
    let this = args.this(rt);
    if !this.is_object() {
        return Err(rt.throw_type("RegExp.prototype[Symbol.split] called on a value that is not an object"));
    }
    let s = args.get(rt, 0);
    let s = rt.to_str(s)?;
    let (this, limit) = (args.this(rt), args.get(rt, 1));
    if (limit.is_undefined() || limit.is_int()) && is_split_pristine(rt, this) {
        let limit = if limit.is_undefined() { u32::MAX } else { limit.as_int() as u32 };
        return split_pristine(rt, this.as_ref(), s, limit);
    }
    let s = rt.root(Value::string(s));
    split_generic(rt, args.this(rt), s.get(rt), args.get(rt, 1))
}

/// The algorithm as specified: a sticky copy of the expression is tried at each position.
fn split_generic(rt: &mut Rt, re: Value, s: Value, limit: Value) -> JsResult {
    let (re, s, limit) = (rt.root(re), rt.root(s), rt.root(limit));
    let constructor = rt.species_constructor(re.obj(rt), Intrinsic::RegExp)?;
    let constructor = rt.root(constructor);
    let flags = rt.get_name(re.get(rt), atoms::flags)?;
    let flags = rt.to_str(flags)?;
    let (_, by_code_point) = super::match_::stepping_flags(rt, flags);
    let sticky = rt.with_units(flags, |u| u.iter().any(|unit| unit == u16::from(b'y')));
    let y = rt.char_string(u16::from(b'y'));
    let flags = if sticky { flags } else { rt.concat(flags, y)? };
    let splitter = rt.construct(constructor.get(rt), &[re.get(rt), Value::string(flags)], constructor.get(rt))?;
    let splitter = rt.root(splitter);
    let array = rt.new_array(&[]);
    let array = rt.root(Value::object(array));
    let limit = if limit.get(rt).is_undefined() { u32::MAX } else { rt.to_uint32(limit.get(rt))? };
    if limit == 0 {
        return Ok(array.get(rt));
    }
    let size = rt.len(s.obj(rt));
    if size == 0 {
        let result = regexp_exec(rt, splitter.get(rt), s.obj(rt))?;
        if result.is_null() {
            rt.array_push(array.obj(rt), s.get(rt));
        }
        return Ok(array.get(rt));
    }
    let (mut from, mut at) = (0, 0);
    while at < size {
        rt.poll()?;
        set_last_index_of(rt, splitter.get(rt), Value::uint(at))?;
        let result = regexp_exec(rt, splitter.get(rt), s.obj(rt))?;
        let mut end = from;
        let mark = rt.roots_mark();
        let result = rt.root(result);
        if !result.get(rt).is_null() {
            let last = rt.get_name(splitter.get(rt), atoms::last_index)?;
            end = rt.to_length(last)?.min(f64::from(size)) as u32;
        }
        if end == from {
            at = advance(rt, s.obj(rt), at, by_code_point);
            rt.release_roots(mark);
            continue;
        }
        rt.array_push(array.obj(rt), Value::string(rt.substring(s.obj(rt), from, at)));
        if rt.array_len(array.obj(rt)) == limit {
            return Ok(array.get(rt));
        }
        from = end;
        let count = (rt.length_of(result.obj(rt))? - 1.0).max(0.0);
        let mut i = 1.0;
        while i <= count {
            let key = rt.key_of_number(i);
            let capture = rt.get(result.get(rt), key)?;
            rt.array_push(array.obj(rt), capture);
            if rt.array_len(array.obj(rt)) == limit {
                return Ok(array.get(rt));
            }
            i += 1.0;
            rt.poll()?;
        }
        at = from;
        rt.release_roots(mark);
    }
    rt.array_push(array.obj(rt), Value::string(rt.substring(s.obj(rt), from, size)));
    Ok(array.get(rt))
}

/// Symbol.split of a pristine RegExp with %RegExp% as species. Searching forward finds the first position at which the
/// sticky copy would match.
pub fn split_pristine(rt: &mut Rt, re: Ref, s: Ref, limit: u32) -> JsResult {
    let flags = flags_of(rt, re);
    if flags.contains(Flags::STICKY) {
        let limit = Value::uint(limit);
        return rt.scoped(|rt| split_generic(rt, Value::object(re), Value::string(s), limit));
    }
    let array = rt.new_array_with_capacity(4);
    if limit == 0 {
        return Ok(Value::object(array));
    }
    let size = rt.len(s);
    if size == 0 {
        if !run(rt, re, s, 0)? {
            rt.array_push(array, Value::string(s));
        }
        return Ok(Value::object(array));
    }
    let mut captures = Captures::new();
    let (mut from, mut at) = (0, 0);
    while at < size && run(rt, re, s, at)? {
        captures.load(rt);
        if captures.start() >= size {
            break;
        }
        if captures.end() == from {
            at = advance(rt, s, captures.start().max(at), flags.by_code_point());
            continue;
        }
        rt.array_push(array, Value::string(rt.substring(s, from, captures.start())));
        if rt.array_len(array) == limit {
            return Ok(Value::object(array));
        }
        from = captures.end();
        for pair in captures.pairs()[2..].chunks_exact(2) {
            let v = if pair[0] == UNSET { Value::UNDEFINED } else { Value::string(rt.substring(s, pair[0], pair[1])) };
            rt.array_push(array, v);
            if rt.array_len(array) == limit {
                return Ok(Value::object(array));
            }
        }
        at = from;
        if rt.array_len(array).is_multiple_of(PIECES) {
            rt.poll()?;
        }
    }
    rt.array_push(array, Value::string(rt.substring(s, from, size)));
    Ok(Value::object(array))
}
