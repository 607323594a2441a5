//! at, includes, indexOf, lastIndexOf, and the iterators.
use super::element;
use super::get_element;
use super::view::{this_view, view};
use crate::builtins::array_iterator::{self, Yields};
use crate::call::Args;
use crate::runtime::Rt;
use crate::value::{JsResult, Ref, Value};

/// 23.2.3.1 %TypedArray%.prototype.at ( index )
pub fn at(rt: &mut Rt, args: Args) -> JsResult {
    let (o, now) = this_view(rt, args)?;
    let len = f64::from(now.len);
    let index = args.get(rt, 0);
    let relative = rt.to_integer(index)?;
    let k = if relative < 0.0 { len + relative } else { relative };
    if k < 0.0 || k >= len {
        return Ok(Value::UNDEFINED);
    }
    Ok(get_element(rt, o.obj(rt), k as u32).unwrap_or(Value::UNDEFINED))
}

/// Position of an element equal to `wanted` among indices `[from, to)`, of which only those in bounds are looked at.
fn position(rt: &Rt, obj: Ref, from: u32, to: u32, wanted: Value, zero: bool) -> Option<u32> {
    let view = view(rt, obj)?;
    let to = to.min(view.len);
    let matches = |k: &u32| {
        let v = element::read(rt, view.cell, view.at(*k), view.element);
        if zero { rt.same_value_zero(v, wanted) } else { rt.strict_equals(v, wanted) }
    };
    let comparable = if view.element.is_bigint() { wanted.is_bigint() } else { wanted.is_number() };
    if comparable { (from..to).find(matches) } else { None }
}

/// 23.2.3.16 %TypedArray%.prototype.includes ( searchElement \[ , fromIndex \] )
pub fn includes(rt: &mut Rt, args: Args) -> JsResult {
    let (o, now) = this_view(rt, args)?;
    if now.len == 0 {
        return Ok(Value::FALSE);
    }
    let from = args.get(rt, 1);
    let from = rt.to_relative_index(from, f64::from(now.len), 0.0)? as u32;
    let wanted = args.get(rt, 0);
    if wanted.is_undefined() {
        // Indices that went out of bounds meanwhile read as undefined.
        return Ok(Value::bool(from < now.len && super::length(rt, o.obj(rt)) < now.len));
    }
    Ok(Value::bool(position(rt, o.obj(rt), from, now.len, wanted, true).is_some()))
}

/// 23.2.3.17 %TypedArray%.prototype.indexOf ( searchElement \[ , fromIndex \] )
pub fn index_of(rt: &mut Rt, args: Args) -> JsResult {
    let (o, now) = this_view(rt, args)?;
    if now.len == 0 {
        return Ok(Value::int(-1));
    }
    let from = args.get(rt, 1);
    let from = rt.to_relative_index(from, f64::from(now.len), 0.0)? as u32;
    let found = position(rt, o.obj(rt), from, now.len, args.get(rt, 0), false);
    Ok(found.map_or(Value::int(-1), Value::uint))
}

/// 23.2.3.20 %TypedArray%.prototype.lastIndexOf ( searchElement \[ , fromIndex \] )
pub fn last_index_of(rt: &mut Rt, args: Args) -> JsResult {
    let (o, now) = this_view(rt, args)?;
    if now.len == 0 {
        return Ok(Value::int(-1));
    }
    let last = f64::from(now.len) - 1.0;
    let mut start = last;
    if args.len() > 1 {
        let from = args.get(rt, 1);
        let n = rt.to_integer(from)?;
        start = if n >= 0.0 { n.min(last) } else { f64::from(now.len) + n };
    }
    if start < 0.0 {
        return Ok(Value::int(-1));
    }
    let wanted = args.get(rt, 0);
    let obj = o.obj(rt);
    let found =
        (0..=start as u32).rev().find(|&k| get_element(rt, obj, k).is_some_and(|v| rt.strict_equals(v, wanted)));
    Ok(found.map_or(Value::int(-1), Value::uint))
}

fn iterator(rt: &mut Rt, args: Args, yields: Yields) -> JsResult {
    let (o, _) = this_view(rt, args)?;
    Ok(array_iterator::create(rt, o.obj(rt), yields))
}

/// 23.2.3.37 %TypedArray%.prototype.values ( )
pub fn values(rt: &mut Rt, args: Args) -> JsResult {
    iterator(rt, args, Yields::Values)
}

/// 23.2.3.19 %TypedArray%.prototype.keys ( )
pub fn keys(rt: &mut Rt, args: Args) -> JsResult {
    iterator(rt, args, Yields::Keys)
}

/// 23.2.3.7 %TypedArray%.prototype.entries ( )
pub fn entries(rt: &mut Rt, args: Args) -> JsResult {
    iterator(rt, args, Yields::Entries)
}
