//! The Atomics object (25.4). One agent, which cannot suspend: every access is atomic as it is, and `wait` throws.
use super::waiters;
use crate::builtins::spec::{ClassSpec, Row};
use crate::builtins::typed_array::element::{load_raw, raw_of_value, store_raw, value_of_raw};
use crate::builtins::typed_array::{ElementType, View, element_type, view};
use crate::call::Args;
use crate::heap::layout::Kind;
use crate::realm::Intrinsic;
use crate::runtime::Rt;
use crate::value::{JsResult, Ref, Thrown, Value};

pub(super) const ATOMICS: ClassSpec = ClassSpec::namespace(
    "Atomics",
    Intrinsic::Atomics,
    &[
        Row::method("add", 3, add),
        Row::method("and", 3, and),
        Row::method("compareExchange", 4, compare_exchange),
        Row::method("exchange", 3, exchange),
        Row::method("isLockFree", 1, is_lock_free),
        Row::method("load", 2, load),
        Row::method("notify", 3, notify),
        Row::method("or", 3, or),
        Row::method("pause", 0, pause),
        Row::method("store", 3, store),
        Row::method("sub", 3, sub),
        Row::method("wait", 4, wait),
        Row::method("waitAsync", 4, wait_async),
        Row::method("xor", 3, xor),
        Row::tag("Atomics"),
    ],
);

#[cold]
fn throw_outside(rt: &mut Rt) -> Thrown {
    rt.throw_range("Invalid atomic access index")
}

/// 25.4.3.1 ValidateIntegerTypedArray: its elements.
fn validate_array(rt: &mut Rt, args: Args, waitable: bool) -> JsResult<View> {
    let array = args.get(rt, 0);
    let element = if rt.is_kind(array, Kind::TypedArray) { Some(element_type(rt, array.as_ref())) } else { None };
    let allowed = match element {
        Some(ElementType::Int32 | ElementType::BigInt64) => true,
        Some(element) => !waitable && !element.is_float() && element != ElementType::Uint8Clamped,
        None => false,
    };
    if !allowed {
        return Err(rt.throw_type("Atomics function called on an unsuitable typed array"));
    }
    match view(rt, array.as_ref()) {
        Some(view) => Ok(view),
        None => Err(throw_detached(rt)),
    }
}

/// The same and 25.4.3.2 ValidateAtomicAccess: the element index.
fn validate(rt: &mut Rt, args: Args, waitable: bool) -> JsResult<u32> {
    let now = validate_array(rt, args, waitable)?;
    let index = args.get(rt, 1);
    let index = rt.to_index(index)?;
    if index >= f64::from(now.len) {
        return Err(throw_outside(rt));
    }
    Ok(index as u32)
}

#[cold]
fn throw_detached(rt: &mut Rt) -> Thrown {
    rt.throw_type("TypedArray is out of bounds or its buffer is detached")
}

/// 25.4.3.3 RevalidateAtomicAccess, after conversions ran scripts.
fn revalidate(rt: &mut Rt, args: Args, index: u32) -> JsResult<View> {
    let array = args.get(rt, 0).as_ref();
    match view(rt, array) {
        Some(view) if index < view.len => Ok(view),
        Some(_) => Err(throw_outside(rt)),
        None => Err(throw_detached(rt)),
    }
}

/// ToBigInt or ToIntegerOrInfinity of argument `i`, as the type of the array wants.
fn operand(rt: &mut Rt, args: Args, i: u32) -> JsResult<u64> {
    let element = element_type(rt, args.get(rt, 0).as_ref());
    let v = args.get(rt, i);
    raw_of_value(rt, element, v)
}

/// 25.4.3.14 AtomicReadModifyWrite
fn modify(rt: &mut Rt, args: Args, op: fn(u64, u64) -> u64) -> JsResult {
    let index = validate(rt, args, false)?;
    let operand = operand(rt, args, 2)?;
    let view = revalidate(rt, args, index)?;
    let size = view.element.size();
    let old = load_raw(rt, view.cell, view.at(index), size);
    store_raw(rt, view.cell, view.at(index), size, op(old, operand));
    Ok(value_of_raw(rt, view.element, old))
}

/// 25.4.4 Atomics.add ( typedArray, index, value )
fn add(rt: &mut Rt, args: Args) -> JsResult {
    modify(rt, args, u64::wrapping_add)
}

/// 25.4.5 Atomics.and ( typedArray, index, value )
fn and(rt: &mut Rt, args: Args) -> JsResult {
    modify(rt, args, |a, b| a & b)
}

/// 25.4.7 Atomics.exchange ( typedArray, index, value )
fn exchange(rt: &mut Rt, args: Args) -> JsResult {
    modify(rt, args, |_, b| b)
}

/// 25.4.10 Atomics.or ( typedArray, index, value )
fn or(rt: &mut Rt, args: Args) -> JsResult {
    modify(rt, args, |a, b| a | b)
}

/// 25.4.12 Atomics.sub ( typedArray, index, value )
fn sub(rt: &mut Rt, args: Args) -> JsResult {
    modify(rt, args, u64::wrapping_sub)
}

/// 25.4.16 Atomics.xor ( typedArray, index, value )
fn xor(rt: &mut Rt, args: Args) -> JsResult {
    modify(rt, args, |a, b| a ^ b)
}

/// 25.4.6 Atomics.compareExchange ( typedArray, index, expectedValue, replacementValue )
fn compare_exchange(rt: &mut Rt, args: Args) -> JsResult {
    let index = validate(rt, args, false)?;
    let expected = operand(rt, args, 2)?;
    let replacement = operand(rt, args, 3)?;
    let view = revalidate(rt, args, index)?;
    let size = view.element.size();
    let old = load_raw(rt, view.cell, view.at(index), size);
    // Only the element's own bytes are compared.
    if (old ^ expected) << (64 - 8 * size) == 0 {
        store_raw(rt, view.cell, view.at(index), size, replacement);
    }
    Ok(value_of_raw(rt, view.element, old))
}

/// 25.4.8 Atomics.isLockFree ( size )
fn is_lock_free(rt: &mut Rt, args: Args) -> JsResult {
    let size = args.get(rt, 0);
    let size = rt.to_integer(size)?;
    Ok(Value::bool([1.0, 2.0, 4.0, 8.0].contains(&size)))
}

/// 25.4.9 Atomics.load ( typedArray, index )
fn load(rt: &mut Rt, args: Args) -> JsResult {
    let index = validate(rt, args, false)?;
    let view = revalidate(rt, args, index)?;
    let raw = load_raw(rt, view.cell, view.at(index), view.element.size());
    Ok(value_of_raw(rt, view.element, raw))
}

/// 25.4.11 Atomics.store ( typedArray, index, value )
fn store(rt: &mut Rt, args: Args) -> JsResult {
    let index = validate(rt, args, false)?;
    let element = element_type(rt, args.get(rt, 0).as_ref());
    let v = args.get(rt, 2);
    let v =
        if element.is_bigint() { crate::builtins::bigint::to_bigint(rt, v)? } else { Value::number(rt.to_integer(v)?) };
    // A number or a BigInt now: this runs no script.
    let raw = raw_of_value(rt, element, v)?;
    let view = revalidate(rt, args, index)?;
    store_raw(rt, view.cell, view.at(index), view.element.size(), raw);
    Ok(v)
}

/// Atomics.pause ( \[ iterationNumber \] ) (ES2026 draft)
fn pause(rt: &mut Rt, args: Args) -> JsResult {
    let n = args.get(rt, 0);
    let integral =
        n.is_undefined() || (n.is_number() && n.as_number().is_finite() && n.as_number().trunc() == n.as_number());
    if integral { Ok(Value::UNDEFINED) } else { Err(rt.throw_type("iterationNumber must be an integral number")) }
}

/// 25.4.13 Atomics.wait ( typedArray, index, value, timeout ): the agent cannot suspend
fn wait(rt: &mut Rt, args: Args) -> JsResult {
    start_wait(rt, args)?;
    Err(rt.throw_type("Atomics.wait cannot be called in this context"))
}

/// 25.4.14 Atomics.waitAsync ( typedArray, index, value, timeout )
fn wait_async(rt: &mut Rt, args: Args) -> JsResult {
    let (index, expected, timeout) = start_wait(rt, args)?;
    let view = revalidate(rt, args, index)?;
    let size = view.element.size();
    if (load_raw(rt, view.cell, view.at(index), size) ^ expected) << (64 - 8 * size) != 0 {
        return Ok(waiters::outcome(rt, false, rt.str_value("not-equal")));
    }
    if timeout == 0.0 {
        return Ok(waiters::outcome(rt, false, rt.str_value("timed-out")));
    }
    let promise = waiters::add(rt, buffer_of(rt, args), view.at(index));
    Ok(waiters::outcome(rt, true, promise))
}

/// 25.4.3.14 DoWait, the validation and conversions: element index, expected bytes, time-out in milliseconds.
fn start_wait(rt: &mut Rt, args: Args) -> JsResult<(u32, u64, f64)> {
    validate_array(rt, args, true)?;
    if rt.kind(buffer_of(rt, args)) != Kind::SharedArrayBuffer {
        return Err(rt.throw_type("Atomics.wait needs a shared typed array"));
    }
    let index = validate(rt, args, true)?;
    let expected = operand(rt, args, 2)?;
    let timeout = args.get(rt, 3);
    let timeout = rt.to_number(timeout)?;
    Ok((index, expected, if timeout.is_nan() { f64::INFINITY } else { timeout.max(0.0) }))
}

/// The buffer of argument 0, a typed array.
fn buffer_of(rt: &Rt, args: Args) -> Ref {
    crate::builtins::typed_array::buffer_of(rt, args.get(rt, 0).as_ref())
}

/// 25.4.15 Atomics.notify ( typedArray, index, count )
fn notify(rt: &mut Rt, args: Args) -> JsResult {
    let index = validate(rt, args, true)?;
    let count = args.get(rt, 2);
    let count = if count.is_undefined() { f64::INFINITY } else { rt.to_integer(count)?.max(0.0) };
    let buffer = buffer_of(rt, args);
    if rt.kind(buffer) != Kind::SharedArrayBuffer {
        return Ok(Value::int(0));
    }
    let view = revalidate(rt, args, index)?;
    Ok(Value::uint(waiters::notify(rt, buffer, view.at(index), count)))
}
