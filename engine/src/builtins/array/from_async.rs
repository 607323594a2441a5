//! Array.fromAsync (ES2026 draft, 23.1.2): an async function as a state machine.
//!
//! Its state is an array of ours, captured by the two functions that every await is answered with.
use super::access;
use crate::builtins::async_from_sync::create_async_from_sync;
use crate::builtins::{iterate, promise};
use crate::call::Args;
use crate::object::Key;
use crate::realm::WellKnown;
use crate::runtime::{Rt, Slot};
use crate::string::atoms;
use crate::value::{JsResult, Thrown, Value};

// Elements of the state.
const PROMISE: u32 = 0;
const TARGET: u32 = 1;
/// The async iterator, or the array-like.
const SOURCE: u32 = 2;
/// `next` of the iterator; undefined for an array-like.
const NEXT: u32 = 3;
const INDEX: u32 = 4;
/// Length of an array-like.
const LENGTH: u32 = 5;
const MAPPER: u32 = 6;
const MAPPER_THIS: u32 = 7;
const AWAITS: u32 = 8;
/// The error to throw once the iterator is closed.
const ERROR: u32 = 9;
const FIELDS: usize = 10;

/// What the pending await will answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(i32)]
enum Awaits {
    /// An iterator result.
    Result = 0,
    /// An element of an array-like.
    Element,
    /// What the mapper made of an element.
    Mapped,
    /// The result of the iterator's `return`, after an error.
    Closed,
}

/// Array.fromAsync ( asyncItems \[ , mapper \[ , thisArg \] \] )
pub fn from_async(rt: &mut Rt, args: Args) -> JsResult {
    let result = promise::new_promise(rt);
    let mut fields = [Value::UNDEFINED; FIELDS];
    fields[PROMISE as usize] = Value::object(result);
    fields[INDEX as usize] = Value::int(0);
    fields[MAPPER as usize] = args.get(rt, 1);
    fields[MAPPER_THIS as usize] = args.get(rt, 2);
    let state = rt.new_array(&fields);
    let state = rt.root(Value::object(state));
    let started = start(rt, args, state);
    settle(rt, state, started)?;
    Ok(field(rt, state, PROMISE))
}

fn field(rt: &Rt, state: Slot, i: u32) -> Value {
    rt.word(rt.elements(state.obj(rt)), i)
}

fn set_field(rt: &Rt, state: Slot, i: u32, v: Value) {
    rt.put_word(rt.elements(state.obj(rt)), i, v);
}

/// An error of the body rejects the promise.
fn settle(rt: &mut Rt, state: Slot, outcome: JsResult<()>) -> JsResult<()> {
    if let Err(thrown) = outcome {
        if rt.is_terminating() {
            return Err(thrown);
        }
        let reason = rt.take_exception();
        promise::reject(rt, field(rt, state, PROMISE).as_ref(), reason);
    }
    Ok(())
}

fn start(rt: &mut Rt, args: Args, state: Slot) -> JsResult<()> {
    if !args.get(rt, 1).is_undefined() {
        access::callable(rt, args, 1)?;
    }
    let items = args.get(rt, 0);
    let key = Key::Name(rt.symbol(WellKnown::AsyncIterator));
    let method = rt.get_method(items, key)?;
    let (iterator, next) = if method.is_undefined() {
        let items = args.get(rt, 0);
        let key = Key::Name(rt.symbol(WellKnown::Iterator));
        let method = rt.get_method(items, key)?;
        if method.is_undefined() {
            return start_array_like(rt, args, state);
        }
        let items = args.get(rt, 0);
        let (iterator, next) = iterate::get_iterator_from_method(rt, items, method)?;
        let wrapped = create_async_from_sync(rt, iterator, next);
        let next = rt.get_name(wrapped, atoms::next)?;
        (wrapped, next)
    } else {
        let items = args.get(rt, 0);
        iterate::get_iterator_from_method(rt, items, method)?
    };
    set_field(rt, state, SOURCE, iterator);
    set_field(rt, state, NEXT, next);
    let c = args.this(rt);
    let target =
        if rt.is_constructor(c) { rt.construct(c, &[], c)? } else { Value::object(rt.new_array_with_capacity(0)) };
    set_field(rt, state, TARGET, target);
    request(rt, state)
}

fn start_array_like(rt: &mut Rt, args: Args, state: Slot) -> JsResult<()> {
    let items = args.get(rt, 0);
    let source = rt.to_object(items)?;
    let source = rt.root(Value::object(source));
    let len = access::length(rt, source)?;
    set_field(rt, state, SOURCE, source.get(rt));
    set_field(rt, state, LENGTH, access::index_value(len));
    let c = args.this(rt);
    let target = if rt.is_constructor(c) {
        rt.construct(c, &[access::index_value(len)], c)?
    } else {
        Value::object(access::array_create(rt, len)?)
    };
    set_field(rt, state, TARGET, target);
    request(rt, state)
}

/// Await ( v ): goes on in [`fulfilled`] or [`rejected`].
fn await_value(rt: &mut Rt, state: Slot, v: Value, awaits: Awaits) -> JsResult<()> {
    set_field(rt, state, AWAITS, Value::int(awaits as i32));
    let awaited = promise::promise_resolve(rt, v)?;
    let captured = [state.get(rt), Value::UNDEFINED];
    let on_fulfilled = Value::object(rt.new_native_closure(fulfilled, captured));
    let on_rejected = Value::object(rt.new_native_closure(rejected, captured));
    promise::then(rt, awaited, on_fulfilled, on_rejected, None);
    Ok(())
}

/// The await was answered with a value.
pub fn fulfilled(rt: &mut Rt, args: Args) -> JsResult {
    resume(rt, args, false)
}

/// The await was answered with an error.
pub fn rejected(rt: &mut Rt, args: Args) -> JsResult {
    resume(rt, args, true)
}

fn resume(rt: &mut Rt, args: Args, rejected: bool) -> JsResult {
    let state = rt.captured(args.callee(rt), 0);
    let state = rt.root(state);
    let v = args.get(rt, 0);
    let outcome = go_on(rt, state, v, rejected);
    settle(rt, state, outcome)?;
    Ok(Value::UNDEFINED)
}

fn go_on(rt: &mut Rt, state: Slot, v: Value, rejected: bool) -> JsResult<()> {
    let awaited = field(rt, state, AWAITS).as_int();
    if awaited == Awaits::Closed as i32 {
        let error = field(rt, state, ERROR);
        return Err(rt.throw(error));
    }
    if rejected {
        let thrown = rt.throw(v);
        return if awaited == Awaits::Mapped as i32 { close(rt, state, thrown) } else { Err(thrown) };
    }
    if awaited == Awaits::Result as i32 {
        return match iterate::step_result(rt, v)? {
            Some(v) => element(rt, state, v),
            None => finish(rt, state),
        };
    }
    if awaited == Awaits::Element as i32 { element(rt, state, v) } else { store(rt, state, v) }
}

/// Asks for element `INDEX`.
fn request(rt: &mut Rt, state: Slot) -> JsResult<()> {
    let len = field(rt, state, LENGTH);
    if len.is_undefined() {
        let (next, iterator) = (field(rt, state, NEXT), field(rt, state, SOURCE));
        let result = rt.call(next, iterator, &[])?;
        return await_value(rt, state, result, Awaits::Result);
    }
    let k = field(rt, state, INDEX).as_number();
    if k >= len.as_number() {
        return finish(rt, state);
    }
    let source = field(rt, state, SOURCE);
    let key = rt.key_of_number(k);
    let v = rt.get(source, key)?;
    await_value(rt, state, v, Awaits::Element)
}

/// An element came: the mapper is next, if there is one.
fn element(rt: &mut Rt, state: Slot, v: Value) -> JsResult<()> {
    let mapper = field(rt, state, MAPPER);
    if mapper.is_undefined() {
        return store(rt, state, v);
    }
    let (this, k) = (field(rt, state, MAPPER_THIS), field(rt, state, INDEX));
    let awaiting = match rt.call(mapper, this, &[v, k]) {
        Ok(mapped) => await_value(rt, state, mapped, Awaits::Mapped),
        Err(thrown) => Err(thrown),
    };
    awaiting.or_else(|thrown| close(rt, state, thrown))
}

fn store(rt: &mut Rt, state: Slot, v: Value) -> JsResult<()> {
    let k = field(rt, state, INDEX).as_number();
    let (target, key) = (field(rt, state, TARGET).as_ref(), rt.key_of_number(k));
    if let Err(thrown) = rt.create_data_or_throw(target, key, v) {
        return close(rt, state, thrown);
    }
    set_field(rt, state, INDEX, Value::number(k + 1.0));
    request(rt, state)
}

fn finish(rt: &mut Rt, state: Slot) -> JsResult<()> {
    let (target, len) = (field(rt, state, TARGET).as_ref(), field(rt, state, INDEX));
    rt.set_or_throw(target, Key::Name(atoms::length), len)?;
    let (result, target) = (field(rt, state, PROMISE).as_ref(), field(rt, state, TARGET));
    promise::resolve(rt, result, target)
}

/// 7.4.13 AsyncIteratorClose of the pending error, which is thrown once `return` has answered; an array-like has nothing
/// to close.
fn close(rt: &mut Rt, state: Slot, thrown: Thrown) -> JsResult<()> {
    if rt.is_terminating() || !field(rt, state, LENGTH).is_undefined() {
        return Err(thrown);
    }
    let error = rt.take_exception();
    set_field(rt, state, ERROR, error);
    let closing = call_return(rt, state);
    match closing {
        Ok(true) => Ok(()),
        Err(thrown) if rt.is_terminating() => Err(thrown),
        // Whatever went wrong while closing gives way to the error.
        Ok(false) | Err(_) => {
            let error = field(rt, state, ERROR);
            Err(rt.throw(error))
        }
    }
}

/// Calls the iterator's `return`; whether its result is being awaited.
fn call_return(rt: &mut Rt, state: Slot) -> JsResult<bool> {
    let method = rt.get_method(field(rt, state, SOURCE), Key::Name(atoms::return_))?;
    if method.is_undefined() {
        return Ok(false);
    }
    let iterator = field(rt, state, SOURCE);
    let result = rt.call(method, iterator, &[])?;
    await_value(rt, state, result, Awaits::Closed)?;
    Ok(true)
}
