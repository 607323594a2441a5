//! Finding elements: at, indexOf, includes, find and their kin.
use super::access::{self, call_back, callable, dense_readable, poll_at, this_object, unhole};
use crate::call::Args;
use crate::runtime::{Rt, Slot};
use crate::value::{JsResult, Ref, Value};

/// 23.1.3.1 Array.prototype.at ( index )
pub fn at(rt: &mut Rt, args: Args) -> JsResult {
    let o = this_object(rt, args)?;
    let len = access::length(rt, o)? as f64;
    let index = args.get(rt, 0);
    let relative = rt.to_integer(index)?;
    let k = if relative < 0.0 { len + relative } else { relative };
    if k < 0.0 || k >= len {
        return Ok(Value::UNDEFINED);
    }
    access::get(rt, o, k as u64)
}

/// Position of `wanted` by IsStrictlyEqual among words `[from, to)`; holes equal nothing.
fn position(rt: &Rt, elements: Ref, from: u32, to: u32, wanted: Value) -> Option<u32> {
    if wanted.is_number() {
        let d = wanted.as_number();
        return (from..to).find(|&i| {
            let v = rt.word(elements, i);
            v.is_number() && v.as_number() == d
        });
    }
    if wanted.is_string() || wanted.is_bigint() {
        return (from..to).find(|&i| rt.strict_equals(rt.word(elements, i), wanted));
    }
    (from..to).find(|&i| rt.word(elements, i) == wanted)
}

/// 23.1.3.17 Array.prototype.indexOf ( searchElement \[ , fromIndex \] )
pub fn index_of(rt: &mut Rt, args: Args) -> JsResult {
    let o = this_object(rt, args)?;
    let len = access::length(rt, o)?;
    if len == 0 {
        return Ok(Value::int(-1));
    }
    let from = args.get(rt, 1);
    let mut k = rt.to_relative_index(from, len as f64, 0.0)? as u64;
    if let Some((elements, now)) = dense_readable(rt, o.get(rt)) {
        let end = len.min(u64::from(now)) as u32;
        let wanted = args.get(rt, 0);
        let found = if k < u64::from(end) { position(rt, elements, k as u32, end, wanted) } else { None };
        return Ok(found.map_or(Value::int(-1), Value::uint));
    }
    while let Some((at, v)) = access::next_present(rt, o, k, len)? {
        let wanted = args.get(rt, 0);
        if rt.strict_equals(v, wanted) {
            return Ok(access::index_value(at));
        }
        k = at + 1;
        poll_at(rt, k)?;
    }
    Ok(Value::int(-1))
}

/// 23.1.3.20 Array.prototype.lastIndexOf ( searchElement \[ , fromIndex \] )
pub fn last_index_of(rt: &mut Rt, args: Args) -> JsResult {
    let o = this_object(rt, args)?;
    let len = access::length(rt, o)?;
    if len == 0 {
        return Ok(Value::int(-1));
    }
    let mut start = len as f64 - 1.0;
    if args.len() > 1 {
        let from = args.get(rt, 1);
        let n = rt.to_integer(from)?;
        start = if n >= 0.0 { n.min(start) } else { len as f64 + n };
    }
    if start < 0.0 {
        return Ok(Value::int(-1));
    }
    for k in (0..=start as u64).rev() {
        if let Some(v) = access::present(rt, o, k)? {
            let wanted = args.get(rt, 0);
            if rt.strict_equals(v, wanted) {
                return Ok(access::index_value(k));
            }
        }
        poll_at(rt, k)?;
    }
    Ok(Value::int(-1))
}

/// 23.1.3.16 Array.prototype.includes ( searchElement \[ , fromIndex \] )
pub fn includes(rt: &mut Rt, args: Args) -> JsResult {
    let o = this_object(rt, args)?;
    let len = access::length(rt, o)?;
    if len == 0 {
        return Ok(Value::FALSE);
    }
    let from = args.get(rt, 1);
    let start = rt.to_relative_index(from, len as f64, 0.0)? as u64;
    if let Some((elements, now)) = dense_readable(rt, o.get(rt)) {
        return Ok(Value::bool(includes_dense(rt, elements, start, len.min(u64::from(now)), len, args.get(rt, 0))));
    }
    for k in start..len {
        let v = access::get(rt, o, k)?;
        let wanted = args.get(rt, 0);
        if rt.same_value_zero(v, wanted) {
            return Ok(Value::TRUE);
        }
        poll_at(rt, k)?;
    }
    Ok(Value::FALSE)
}

fn includes_dense(rt: &Rt, elements: Ref, start: u64, end: u64, len: u64, wanted: Value) -> bool {
    if wanted.is_undefined() {
        // Holes, and whatever a shrunk array no longer has, read as undefined.
        return (start..end).any(|k| unhole(rt.word(elements, k as u32)).is_undefined()) || start.max(end) < len;
    }
    if start >= end {
        return false;
    }
    if wanted.is_double() && wanted.as_double().is_nan() {
        return (start..end).any(|k| rt.word(elements, k as u32) == Value::NAN);
    }
    position(rt, elements, start as u32, end as u32, wanted).is_some()
}

/// 23.1.3.12.1 FindViaPredicate: the index; the value stays in the slot.
fn find_via(rt: &mut Rt, args: Args, backwards: bool) -> JsResult<Option<(u64, Slot)>> {
    let o = this_object(rt, args)?;
    let len = access::length(rt, o)?;
    callable(rt, args, 0)?;
    let element = rt.root(Value::UNDEFINED);
    for i in 0..len {
        let k = if backwards { len - 1 - i } else { i };
        let v = access::get(rt, o, k)?;
        element.set(rt, v);
        let answer = call_back(rt, args, v, k, o)?;
        if rt.to_boolean(answer) {
            return Ok(Some((k, element)));
        }
    }
    Ok(None)
}

/// 23.1.3.9 Array.prototype.find ( predicate \[ , thisArg \] )
pub fn find(rt: &mut Rt, args: Args) -> JsResult {
    Ok(find_via(rt, args, false)?.map_or(Value::UNDEFINED, |(_, v)| v.get(rt)))
}

/// 23.1.3.10 Array.prototype.findIndex ( predicate \[ , thisArg \] )
pub fn find_index(rt: &mut Rt, args: Args) -> JsResult {
    Ok(find_via(rt, args, false)?.map_or(Value::int(-1), |(k, _)| access::index_value(k)))
}

/// 23.1.3.11 Array.prototype.findLast ( predicate \[ , thisArg \] )
pub fn find_last(rt: &mut Rt, args: Args) -> JsResult {
    Ok(find_via(rt, args, true)?.map_or(Value::UNDEFINED, |(_, v)| v.get(rt)))
}

/// 23.1.3.12 Array.prototype.findLastIndex ( predicate \[ , thisArg \] )
pub fn find_last_index(rt: &mut Rt, args: Args) -> JsResult {
    Ok(find_via(rt, args, true)?.map_or(Value::int(-1), |(k, _)| access::index_value(k)))
}
