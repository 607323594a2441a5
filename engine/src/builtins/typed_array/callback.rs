//! Methods of %TypedArray%.prototype that call a function for every element.
use super::create::species_of_length;
use super::get_element;
use super::statics::set_at;
use super::view::this_view;
use crate::builtins::array::access::{call_back, callable, index_value, poll_at};
use crate::call::Args;
use crate::runtime::{Rt, Slot};
use crate::value::{JsResult, Value};

/// `this`, its length, and the callback checked.
fn start(rt: &mut Rt, args: Args) -> JsResult<(Slot, u32)> {
    let (o, view) = this_view(rt, args)?;
    callable(rt, args, 0)?;
    Ok((o, view.len))
}

#[inline]
fn get(rt: &Rt, o: Slot, k: u32) -> Value {
    get_element(rt, o.obj(rt), k).unwrap_or(Value::UNDEFINED)
}

/// The first (or last) element for which the callback answers `wanted`: its index; the element stays in the slot.
fn search(rt: &mut Rt, args: Args, backwards: bool, wanted: bool) -> JsResult<Option<(u32, Slot)>> {
    let (o, len) = start(rt, args)?;
    let element = rt.root(Value::UNDEFINED);
    for i in 0..len {
        let k = if backwards { len - 1 - i } else { i };
        let v = get(rt, o, k);
        element.set(rt, v);
        let answer = call_back(rt, args, v, u64::from(k), o)?;
        if rt.to_boolean(answer) == wanted {
            return Ok(Some((k, element)));
        }
    }
    Ok(None)
}

/// 23.2.3.8 %TypedArray%.prototype.every ( callback \[ , thisArg \] )
pub fn every(rt: &mut Rt, args: Args) -> JsResult {
    Ok(Value::bool(search(rt, args, false, false)?.is_none()))
}

/// 23.2.3.28 %TypedArray%.prototype.some ( callback \[ , thisArg \] )
pub fn some(rt: &mut Rt, args: Args) -> JsResult {
    Ok(Value::bool(search(rt, args, false, true)?.is_some()))
}

/// 23.2.3.11 %TypedArray%.prototype.find ( predicate \[ , thisArg \] )
pub fn find(rt: &mut Rt, args: Args) -> JsResult {
    Ok(search(rt, args, false, true)?.map_or(Value::UNDEFINED, |(_, v)| v.get(rt)))
}

/// 23.2.3.12 %TypedArray%.prototype.findIndex ( predicate \[ , thisArg \] )
pub fn find_index(rt: &mut Rt, args: Args) -> JsResult {
    Ok(search(rt, args, false, true)?.map_or(Value::int(-1), |(k, _)| Value::uint(k)))
}

/// 23.2.3.13 %TypedArray%.prototype.findLast ( predicate \[ , thisArg \] )
pub fn find_last(rt: &mut Rt, args: Args) -> JsResult {
    Ok(search(rt, args, true, true)?.map_or(Value::UNDEFINED, |(_, v)| v.get(rt)))
}

/// 23.2.3.14 %TypedArray%.prototype.findLastIndex ( predicate \[ , thisArg \] )
pub fn find_last_index(rt: &mut Rt, args: Args) -> JsResult {
    Ok(search(rt, args, true, true)?.map_or(Value::int(-1), |(k, _)| Value::uint(k)))
}

/// 23.2.3.15 %TypedArray%.prototype.forEach ( callback \[ , thisArg \] )
pub fn for_each(rt: &mut Rt, args: Args) -> JsResult {
    let (o, len) = start(rt, args)?;
    for k in 0..len {
        let v = get(rt, o, k);
        call_back(rt, args, v, u64::from(k), o)?;
    }
    Ok(Value::UNDEFINED)
}

/// 23.2.3.10 %TypedArray%.prototype.filter ( callback \[ , thisArg \] )
pub fn filter(rt: &mut Rt, args: Args) -> JsResult {
    let (o, len) = start(rt, args)?;
    let kept = rt.new_array_with_capacity(0);
    let kept = rt.root(Value::object(kept));
    let element = rt.root(Value::UNDEFINED);
    for k in 0..len {
        let v = get(rt, o, k);
        element.set(rt, v);
        let answer = call_back(rt, args, v, u64::from(k), o)?;
        if rt.to_boolean(answer) {
            rt.array_push(kept.obj(rt), element.get(rt));
        }
    }
    let count = rt.array_len(kept.obj(rt));
    let a = species_of_length(rt, o, count)?;
    for k in 0..count {
        let v = rt.word(rt.elements(kept.obj(rt)), k);
        set_at(rt, a, u64::from(k), v)?;
    }
    Ok(a.get(rt))
}

/// 23.2.3.22 %TypedArray%.prototype.map ( callback \[ , thisArg \] )
pub fn map(rt: &mut Rt, args: Args) -> JsResult {
    let (o, len) = start(rt, args)?;
    let a = species_of_length(rt, o, len)?;
    for k in 0..len {
        let v = get(rt, o, k);
        let v = call_back(rt, args, v, u64::from(k), o)?;
        set_at(rt, a, u64::from(k), v)?;
    }
    Ok(a.get(rt))
}

fn fold(rt: &mut Rt, args: Args, backwards: bool) -> JsResult {
    let (o, len) = start(rt, args)?;
    let mut i = 0;
    let mut sum = args.get(rt, 1);
    if args.len() < 2 {
        if len == 0 {
            return Err(rt.throw_type("Reduce of empty array with no initial value"));
        }
        sum = get(rt, o, if backwards { len - 1 } else { 0 });
        i = 1;
    }
    let sum = rt.root(sum);
    for i in i..len {
        let k = if backwards { len - 1 - i } else { i };
        let v = get(rt, o, k);
        let (f, so_far, this) = (args.get(rt, 0), sum.get(rt), o.get(rt));
        poll_at(rt, u64::from(i))?;
        let next = rt.call(f, Value::UNDEFINED, &[so_far, v, index_value(u64::from(k)), this])?;
        sum.set(rt, next);
    }
    Ok(sum.get(rt))
}

/// 23.2.3.23 %TypedArray%.prototype.reduce ( callback \[ , initialValue \] )
pub fn reduce(rt: &mut Rt, args: Args) -> JsResult {
    fold(rt, args, false)
}

/// 23.2.3.24 %TypedArray%.prototype.reduceRight ( callback \[ , initialValue \] )
pub fn reduce_right(rt: &mut Rt, args: Args) -> JsResult {
    fold(rt, args, true)
}
