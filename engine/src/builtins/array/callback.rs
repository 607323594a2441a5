//! Methods of Array.prototype that call a function for every element.
use super::access::{self, call_back, callable, index_value, next_present, species_create, this_object};
use crate::call::Args;
use crate::runtime::{Rt, Slot};
use crate::value::{JsResult, Value};

/// 23.1.3.15 Array.prototype.forEach ( callback \[ , thisArg \] )
pub fn for_each(rt: &mut Rt, args: Args) -> JsResult {
    let (o, len) = start(rt, args)?;
    let mut k = 0;
    while let Some((at, v)) = next_present(rt, o, k, len)? {
        call_back(rt, args, v, at, o)?;
        k = at + 1;
    }
    Ok(Value::UNDEFINED)
}

/// The object, its length, and the callback checked.
fn start(rt: &mut Rt, args: Args) -> JsResult<(Slot, u64)> {
    let o = this_object(rt, args)?;
    let len = access::length(rt, o)?;
    callable(rt, args, 0)?;
    Ok((o, len))
}

/// Whether the callback answers `wanted` for some element.
fn any(rt: &mut Rt, args: Args, wanted: bool) -> JsResult<bool> {
    let (o, len) = start(rt, args)?;
    let mut k = 0;
    while let Some((at, v)) = next_present(rt, o, k, len)? {
        let answer = call_back(rt, args, v, at, o)?;
        if rt.to_boolean(answer) == wanted {
            return Ok(true);
        }
        k = at + 1;
    }
    Ok(false)
}

/// 23.1.3.6 Array.prototype.every ( callback \[ , thisArg \] )
pub fn every(rt: &mut Rt, args: Args) -> JsResult {
    Ok(Value::bool(!any(rt, args, false)?))
}

/// 23.1.3.29 Array.prototype.some ( callback \[ , thisArg \] )
pub fn some(rt: &mut Rt, args: Args) -> JsResult {
    Ok(Value::bool(any(rt, args, true)?))
}

/// 23.1.3.21 Array.prototype.map ( callback \[ , thisArg \] )
pub fn map(rt: &mut Rt, args: Args) -> JsResult {
    let (o, len) = start(rt, args)?;
    let foreign = species_create(rt, o, len)?;
    let a = match foreign {
        Some(a) => a,
        None => {
            let array = access::array_create(rt, len)?;
            if rt.dense_array(o.get(rt)).is_some_and(|(_, dense)| u64::from(dense) == len) {
                rt.grow_elements(array, len as u32);
            }
            rt.root(Value::object(array))
        }
    };
    let mut k = 0;
    while let Some((at, v)) = next_present(rt, o, k, len)? {
        let v = call_back(rt, args, v, at, o)?;
        if foreign.is_none() {
            // A plain array that no script has seen yet; `array_create` bounds its length.
            let array = a.obj(rt);
            rt.put_element(array, at as u32, v);
        } else {
            access::create(rt, a, at, v)?;
        }
        k = at + 1;
    }
    Ok(a.get(rt))
}

/// 23.1.3.8 Array.prototype.filter ( callback \[ , thisArg \] )
pub fn filter(rt: &mut Rt, args: Args) -> JsResult {
    let (o, len) = start(rt, args)?;
    let foreign = species_create(rt, o, 0)?;
    let a = match foreign {
        Some(a) => a,
        None => {
            let array = rt.new_array_with_capacity(0);
            rt.root(Value::object(array))
        }
    };
    let element = rt.root(Value::UNDEFINED);
    let (mut k, mut to) = (0, 0);
    while let Some((at, v)) = next_present(rt, o, k, len)? {
        element.set(rt, v);
        let answer = call_back(rt, args, v, at, o)?;
        if rt.to_boolean(answer) {
            let v = element.get(rt);
            if foreign.is_none() {
                rt.array_push(a.obj(rt), v);
            } else {
                access::create(rt, a, to, v)?;
            }
            to += 1;
        }
        k = at + 1;
    }
    Ok(a.get(rt))
}

/// 23.1.3.24 Array.prototype.reduce ( callback \[ , initialValue \] )
pub fn reduce(rt: &mut Rt, args: Args) -> JsResult {
    let (o, len) = start(rt, args)?;
    let mut k = 0;
    let mut sum = args.get(rt, 1);
    if args.len() < 2 {
        let Some((at, first)) = next_present(rt, o, 0, len)? else { return Err(empty(rt)) };
        sum = first;
        k = at + 1;
    }
    let sum = rt.root(sum);
    while let Some((at, v)) = next_present(rt, o, k, len)? {
        step(rt, args, sum, v, at, o)?;
        k = at + 1;
    }
    Ok(sum.get(rt))
}

/// 23.1.3.25 Array.prototype.reduceRight ( callback \[ , initialValue \] )
pub fn reduce_right(rt: &mut Rt, args: Args) -> JsResult {
    let (o, len) = start(rt, args)?;
    let sum = rt.root(if args.len() < 2 { Value::HOLE } else { args.get(rt, 1) });
    for k in (0..len).rev() {
        if let Some(v) = access::present(rt, o, k)? {
            if sum.get(rt).is_hole() {
                sum.set(rt, v);
            } else {
                step(rt, args, sum, v, k, o)?;
            }
        }
        access::poll_at(rt, k)?;
    }
    if sum.get(rt).is_hole() { Err(empty(rt)) } else { Ok(sum.get(rt)) }
}

#[inline]
fn step(rt: &mut Rt, args: Args, sum: Slot, v: Value, k: u64, o: Slot) -> JsResult<()> {
    let (f, so_far, o) = (args.get(rt, 0), sum.get(rt), o.get(rt));
    access::poll_at(rt, k)?;
    let next = rt.call(f, Value::UNDEFINED, &[so_far, v, index_value(k), o])?;
    sum.set(rt, next);
    Ok(())
}

#[cold]
fn empty(rt: &mut Rt) -> crate::value::Thrown {
    rt.throw_type("Reduce of empty array with no initial value")
}
