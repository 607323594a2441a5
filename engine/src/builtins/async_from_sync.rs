//! Async-from-sync iterators (27.1.6): what `for await` and `yield*` of an async generator use on a sync iterable. Scripts
//! never see the object; its internal words are 1 = the sync iterator, 2 = its `next`.
use super::iterate;
use super::promise::{self, new_promise};
use super::spec::{ClassSpec, Row};
use crate::call::Args;
use crate::heap::layout::Kind;
use crate::object::Key;
use crate::realm::Intrinsic;
use crate::runtime::{Rt, Slot};
use crate::string::atoms;
use crate::value::{JsResult, Ref, Value};

/// Tables of this file.
pub const CLASSES: &[&ClassSpec] = &[&ASYNC_FROM_SYNC];

const ASYNC_FROM_SYNC: ClassSpec = ClassSpec::prototype(
    Intrinsic::AsyncFromSyncIteratorPrototype,
    Intrinsic::AsyncIteratorPrototype,
    &[
        Row::method("next", 1, next),
        Row::method("return", 1, return_),
        Row::method("throw", 1, throw),
        Row::hidden(unwrap_value, 1),
        Row::hidden(close_and_throw, 1),
    ],
);

const ITERATOR: u32 = 1;
const NEXT: u32 = 2;

/// 27.1.6.1 CreateAsyncFromSyncIterator ( syncIteratorRecord )
pub fn create_async_from_sync(rt: &mut Rt, iterator: Value, next: Value) -> Value {
    let obj = rt.new_of_kind(Kind::Iterator, Intrinsic::AsyncFromSyncIteratorPrototype);
    rt.set_internal(obj, ITERATOR, iterator);
    rt.set_internal(obj, NEXT, next);
    Value::object(obj)
}

fn sync_iterator(rt: &Rt, args: Args) -> Value {
    rt.internal(args.this(rt).as_ref(), ITERATOR)
}

/// 27.1.6.2.1 %AsyncFromSyncIteratorPrototype%.next ( value )
fn next(rt: &mut Rt, args: Args) -> JsResult {
    let promise = rt.root(Value::object(new_promise(rt)));
    let (iterator, method) = (sync_iterator(rt, args), rt.internal(args.this(rt).as_ref(), NEXT));
    let result = rt.call(method, iterator, &[args.get(rt, 0)][..args.len().min(1) as usize]);
    let result = result.and_then(|result| proceed(rt, args, promise, result, true));
    settled(rt, promise, result)
}

/// 27.1.6.2.2 %AsyncFromSyncIteratorPrototype%.return ( value )
fn return_(rt: &mut Rt, args: Args) -> JsResult {
    let promise = rt.root(Value::object(new_promise(rt)));
    let result = call_return(rt, args, promise);
    settled(rt, promise, result)
}

fn call_return(rt: &mut Rt, args: Args, promise: Slot) -> JsResult<()> {
    let method = rt.get_method(sync_iterator(rt, args), Key::Name(atoms::return_))?;
    if method.is_undefined() {
        let result = rt.new_iter_result(args.get(rt, 0), true);
        return promise::resolve(rt, promise.obj(rt), result);
    }
    let iterator = sync_iterator(rt, args);
    let result = rt.call(method, iterator, &[args.get(rt, 0)][..args.len().min(1) as usize])?;
    proceed(rt, args, promise, result, false)
}

/// 27.1.6.2.3 %AsyncFromSyncIteratorPrototype%.throw ( value )
fn throw(rt: &mut Rt, args: Args) -> JsResult {
    let promise = rt.root(Value::object(new_promise(rt)));
    let result = call_throw(rt, args, promise);
    settled(rt, promise, result)
}

fn call_throw(rt: &mut Rt, args: Args, promise: Slot) -> JsResult<()> {
    let method = rt.get_method(sync_iterator(rt, args), Key::Name(atoms::throw))?;
    let iterator = sync_iterator(rt, args);
    if method.is_undefined() {
        iterate::close(rt, iterator)?;
        return Err(rt.throw_type("The iterator does not provide a 'throw' method"));
    }
    let result = rt.call(method, iterator, &[args.get(rt, 0)][..args.len().min(1) as usize])?;
    proceed(rt, args, promise, result, true)
}

/// The promise, rejected if `result` is an error.
fn settled(rt: &mut Rt, promise: Slot, result: JsResult<()>) -> JsResult {
    if let Err(thrown) = result {
        if rt.is_terminating() {
            return Err(thrown);
        }
        let reason = rt.take_exception();
        promise::reject(rt, promise.obj(rt), reason);
    }
    Ok(promise.get(rt))
}

/// 27.1.6.4 AsyncFromSyncIteratorContinuation ( result, promiseCapability, syncIteratorRecord, closeOnRejection )
fn proceed(rt: &mut Rt, args: Args, promise: Slot, result: Value, close_on_rejection: bool) -> JsResult<()> {
    if !result.is_object() {
        let what = rt.describe_callee(result);
        return Err(rt.throw_type(&format!("Iterator result {what} is not an object")));
    }
    let result = rt.root(result);
    let done = rt.get_name(result.get(rt), atoms::done)?;
    let done = rt.to_boolean(done);
    let value = rt.get_name(result.get(rt), atoms::value)?;
    let wrapper = match promise::promise_resolve(rt, value) {
        Ok(wrapper) => wrapper,
        Err(thrown) => {
            if !done && close_on_rejection {
                let iterator = sync_iterator(rt, args);
                iterate::close_quietly(rt, iterator);
            }
            return Err(thrown);
        }
    };
    let on_fulfilled = rt.new_native_closure(unwrap_value, [Value::bool(done), Value::UNDEFINED]);
    let on_rejected = if done || !close_on_rejection {
        Value::UNDEFINED
    } else {
        Value::object(rt.new_native_closure(close_and_throw, [sync_iterator(rt, args), Value::UNDEFINED]))
    };
    let derived: Ref = promise.obj(rt);
    promise::then(rt, wrapper, Value::object(on_fulfilled), on_rejected, Some(derived));
    Ok(())
}

/// Step 9 of 27.1.6.4: wraps the awaited value.
#[inline(never)]
fn unwrap_value(rt: &mut Rt, args: Args) -> JsResult {
    let done = rt.captured(args.callee(rt), 0) == Value::TRUE;
    Ok(rt.new_iter_result(args.get(rt, 0), done))
}

/// Step 13 of 27.1.6.4: closes the sync iterator whose value was rejected.
#[inline(never)]
fn close_and_throw(rt: &mut Rt, args: Args) -> JsResult {
    let iterator = rt.captured(args.callee(rt), 0);
    let reason = args.get(rt, 0);
    let thrown = rt.throw(reason);
    iterate::close_with(rt, iterator, thrown)
}
