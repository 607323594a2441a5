//! The Array constructor and its functions (23.1.1, 23.1.2).
use super::access::{self, array_create, callable, key, poll_at, set_length};
use crate::builtins::{array_iterator, iterate};
use crate::call::Args;
use crate::heap::layout::*;
use crate::object::Key;
use crate::realm::{Intrinsic, WellKnown};
use crate::runtime::{Rt, Slot};
use crate::value::{JsResult, Value};

/// 23.1.1.1 Array ( ...values )
pub fn construct(rt: &mut Rt, args: Args) -> JsResult {
    let new_target = args.new_target(rt);
    let array = if new_target.is_undefined() || new_target == Value::object(rt.intrinsic(Intrinsic::Array)) {
        rt.new_array_with_capacity(0)
    } else {
        let proto = rt.proto_from_constructor(new_target, Intrinsic::ArrayPrototype)?;
        let array = rt.new_of_kind_with_proto(Kind::Array, proto);
        rt.init::<u64>(array, ARRAY_LENGTH, 0);
        array
    };
    let first = args.get(rt, 0);
    if args.len() == 1 && first.is_number() {
        let d = first.as_number();
        if !(0.0..=f64::from(u32::MAX)).contains(&d) || d.trunc() != d {
            return Err(rt.throw_range("Invalid array length"));
        }
        let len = d as u32;
        if len > 0 && len <= access::PREALLOCATED {
            rt.grow_elements(array, len);
        }
        rt.init::<u32>(array, ARRAY_LENGTH, len);
        return Ok(Value::object(array));
    }
    if !args.is_empty() {
        let elements = rt.grow_elements(array, args.len());
        for i in 0..args.len() {
            rt.init_word(elements, i, args.get(rt, i));
        }
        rt.init::<u32>(array, ARRAY_LENGTH, args.len());
    }
    Ok(Value::object(array))
}

/// 23.1.2.2 Array.isArray ( arg )
pub fn is_array(rt: &mut Rt, args: Args) -> JsResult {
    let v = args.get(rt, 0);
    Ok(Value::bool(access::is_array(rt, v)?))
}

/// `this` if it constructs something other than plain arrays.
fn foreign_constructor(rt: &Rt, args: Args) -> Option<Value> {
    let c = args.this(rt);
    (rt.is_constructor(c) && c != Value::object(rt.intrinsic(Intrinsic::Array))).then_some(c)
}

/// 23.1.2.3 Array.of ( ...items )
pub fn of(rt: &mut Rt, args: Args) -> JsResult {
    let len = args.len();
    let Some(c) = foreign_constructor(rt, args) else {
        let array = rt.new_array_with_capacity(len);
        for i in 0..len {
            rt.array_push(array, args.get(rt, i));
        }
        return Ok(Value::object(array));
    };
    let a = rt.construct(c, &[Value::uint(len)], c)?;
    let a = rt.root(a);
    for i in 0..len {
        let v = args.get(rt, i);
        access::create(rt, a, u64::from(i), v)?;
    }
    set_length(rt, a, u64::from(len))?;
    Ok(a.get(rt))
}

/// 23.1.2.1 Array.from ( items \[ , mapper \[ , thisArg \] \] )
pub fn from(rt: &mut Rt, args: Args) -> JsResult {
    let maps = !args.get(rt, 1).is_undefined();
    if maps {
        callable(rt, args, 1)?;
    }
    let items = args.get(rt, 0);
    if !maps
        && foreign_constructor(rt, args).is_none()
        && let Some((elements, len)) = access::dense_readable(rt, items)
        && array_iterator::is_pristine(rt, items.as_ref())
    {
        let copy = access::array_of_words(rt, elements, 0, len);
        access::fill_holes(rt, rt.elements(copy), len);
        return Ok(Value::object(copy));
    }
    let iterator = Key::Name(rt.symbol(WellKnown::Iterator));
    if rt.get_method(items, iterator)?.is_undefined() {
        return from_array_like(rt, args, maps);
    }
    let a = match foreign_constructor(rt, args) {
        Some(c) => rt.construct(c, &[], c)?,
        None => Value::object(rt.new_array_with_capacity(0)),
    };
    let a = rt.root(a);
    let plain = foreign_constructor(rt, args).is_none();
    let mut k = 0;
    let items = args.get(rt, 0);
    iterate::for_each(rt, items, &mut |rt, v| {
        let v = if maps { mapped(rt, args, v, k)? } else { v };
        if plain {
            let array = a.obj(rt);
            rt.array_push(array, v);
        } else {
            access::create(rt, a, k, v)?;
        }
        k += 1;
        Ok(true)
    })?;
    if !plain {
        set_length(rt, a, k)?;
    }
    Ok(a.get(rt))
}

fn mapped(rt: &mut Rt, args: Args, v: Value, k: u64) -> JsResult {
    let (f, this) = (args.get(rt, 1), args.get(rt, 2));
    rt.call(f, this, &[v, access::index_value(k)])
}

fn from_array_like(rt: &mut Rt, args: Args, maps: bool) -> JsResult {
    let items = args.get(rt, 0);
    let source = rt.to_object(items)?;
    let source = rt.root(Value::object(source));
    let len = access::length(rt, source)?;
    let a = new_for_length(rt, args, len)?;
    for k in 0..len {
        let v = access::get(rt, source, k)?;
        let v = if maps { mapped(rt, args, v, k)? } else { v };
        let key = key(rt, k);
        let target = a.obj(rt);
        rt.create_data_or_throw(target, key, v)?;
        poll_at(rt, k)?;
    }
    set_length(rt, a, len)?;
    Ok(a.get(rt))
}

fn new_for_length(rt: &mut Rt, args: Args, len: u64) -> JsResult<Slot> {
    let a = match foreign_constructor(rt, args) {
        Some(c) => rt.construct(c, &[Value::number(len as f64)], c)?,
        None => Value::object(array_create(rt, len)?),
    };
    Ok(rt.root(a))
}
