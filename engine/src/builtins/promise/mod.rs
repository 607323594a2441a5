//! Promises (27.2): states and reactions, without closures where both sides are native.
//!
//! Internal words of a promise: 0 = state bits (int), 1 = result, 2 = first reaction, 3 = last reaction; once rejected
//! without a handler word 3 is its place in the list of unhandled ones.
//!
//! Word 2 is undefined, the frame object of the one function that awaits it, or the internal reference of a reaction: a
//! Words cell of next, handler if fulfilled, handler if rejected, result. A frame in such a cell stands as handler, with
//! [`Value::HOLE`] in place of the second.
//!
//! A *handler* is a callable, undefined (hand on), or an int (element of a combinator whose state is the result).
//! A *result* is undefined, a native promise, or the internal reference of a Words cell: a capability of three words
//! (promise, resolve, reject), or the state of a combinator.
mod capability;
mod combinators;
mod construct;
mod unhandled;

pub use construct::CLASSES;
pub use unhandled::{report, take_unhandled};

use crate::heap::layout::*;
use crate::job::{JobKind, enqueue};
use crate::realm::{Intrinsic, WellKnown};
use crate::runtime::{Rt, Slot};
use crate::string::atoms;
use crate::value::{JsResult, Ref, TAG_INTERNAL, Value};

const STATE: u32 = 0;
const RESULT: u32 = 1;
const FIRST: u32 = 2;
const LAST: u32 = 3;

const PENDING: i32 = 0;
const FULFILLED: i32 = 1;
const REJECTED: i32 = 2;
const STATE_MASK: i32 = 3;
/// A reaction was registered, so a rejection is not unhandled.
const HANDLED: i32 = 4;
/// Counts the resolving functions of this promise: a pair works while its number is the promise's, and its first call
/// takes the next number. That is `[[AlreadyResolved]]` without a cell of its own: at most the newest pair is live.
const PAIR_STEP: i32 = 8;

const NEXT: u32 = 0;
const ON_FULFILLED: u32 = 1;
const ON_REJECTED: u32 = 2;
const REACTION_RESULT: u32 = 3;

/// State of a promise, for hosts.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum State {
    /// Not settled.
    Pending,
    /// Its value.
    Fulfilled(Value),
    /// Its reason.
    Rejected(Value),
}

/// State of a promise.
pub fn state(rt: &Rt, promise: Ref) -> State {
    let result = rt.internal(promise, RESULT);
    match bits(rt, promise) & STATE_MASK {
        FULFILLED => State::Fulfilled(result),
        REJECTED => State::Rejected(result),
        _ => State::Pending,
    }
}

/// A pending promise with the intrinsic prototype.
#[inline]
pub fn new_promise(rt: &Rt) -> Ref {
    init_promise(rt, rt.alloc_object(rt.ctx().realm.promise_shape.get()))
}

fn init_promise(rt: &Rt, promise: Ref) -> Ref {
    rt.init(promise, OBJ_INTERNAL, Value::int(PENDING));
    promise
}

#[inline(always)]
fn bits(rt: &Rt, promise: Ref) -> i32 {
    rt.internal(promise, STATE).as_int()
}

#[inline(always)]
fn set_bits(rt: &Rt, promise: Ref, bits: i32) {
    rt.set_internal(promise, STATE, Value::int(bits));
}

/// A promise as a value, if it is one.
#[inline(always)]
pub fn as_promise(rt: &Rt, v: Value) -> Option<Ref> {
    rt.is_kind(v, Kind::Promise).then(|| v.as_ref())
}

/// 27.2.1.4 FulfillPromise ( promise, value ); nothing if it is settled.
pub fn fulfill(rt: &Rt, promise: Ref, v: Value) {
    settle(rt, promise, FULFILLED, v);
}

/// 27.2.1.7 RejectPromise ( promise, reason ); nothing if it is settled.
pub fn reject(rt: &Rt, promise: Ref, reason: Value) {
    settle(rt, promise, REJECTED, reason);
}

fn settle(rt: &Rt, promise: Ref, state: i32, v: Value) {
    let bits = bits(rt, promise);
    if bits & STATE_MASK != PENDING {
        return;
    }
    let mut reaction = rt.internal(promise, FIRST);
    set_bits(rt, promise, bits | state);
    rt.set_internal(promise, RESULT, v);
    rt.set_internal(promise, FIRST, Value::UNDEFINED);
    rt.set_internal(promise, LAST, Value::UNDEFINED);
    if reaction.is_object() {
        return enqueue(rt, JobKind::ResumeAsync, reaction, v, Value::bool(state == REJECTED));
    }
    while reaction.tag() == TAG_INTERNAL {
        let cell = reaction.as_ref();
        let handlers = (rt.word(cell, ON_FULFILLED), rt.word(cell, ON_REJECTED));
        enqueue_reaction(rt, state, handlers, v, rt.word(cell, REACTION_RESULT));
        reaction = rt.word(cell, NEXT);
    }
    if state == REJECTED && bits & HANDLED == 0 {
        unhandled::track(rt, promise);
    }
}

fn enqueue_reaction(rt: &Rt, state: i32, handlers: (Value, Value), v: Value, result: Value) {
    if handlers.1.is_hole() {
        return enqueue(rt, JobKind::ResumeAsync, handlers.0, v, Value::bool(state == REJECTED));
    }
    if state == FULFILLED {
        enqueue(rt, JobKind::Fulfilled, handlers.0, v, result)
    } else {
        enqueue(rt, JobKind::Rejected, handlers.1, v, result)
    }
}

/// 27.2.1.3.2 Promise Resolve Functions, from step 7: resolves with a value, a promise or a thenable. Errors only when the
/// request is being ended.
#[inline]
pub fn resolve(rt: &mut Rt, promise: Ref, v: Value) -> JsResult<()> {
    if !v.is_object() {
        fulfill(rt, promise, v);
        return Ok(());
    }
    resolve_with_object(rt, promise, v)
}

fn resolve_with_object(rt: &mut Rt, promise: Ref, v: Value) -> JsResult<()> {
    if v == Value::object(promise) {
        // The error is a value here: nothing is thrown past this function.
        rt.throw_type("Chaining cycle detected for promise");
        let reason = rt.take_exception();
        reject(rt, promise, reason);
        return Ok(());
    }
    if is_pristine(rt, v) && then_is_pristine(rt) {
        let then = Value::object(rt.intrinsic(Intrinsic::PromiseThen));
        enqueue(rt, JobKind::ResolveThenable, Value::object(promise), v, then);
        return Ok(());
    }
    rt.scoped(|rt| {
        let (promise, value) = (rt.root(Value::object(promise)), rt.root(v));
        match rt.get_name(v, atoms::then) {
            Ok(then) if rt.is_callable(then) => {
                enqueue(rt, JobKind::ResolveThenable, promise.get(rt), value.get(rt), then);
            }
            Ok(_) => fulfill(rt, promise.obj(rt), value.get(rt)),
            Err(thrown) => {
                if rt.is_terminating() {
                    return Err(thrown);
                }
                let reason = rt.take_exception();
                reject(rt, promise.obj(rt), reason);
            }
        }
        Ok(())
    })
}

/// Whether a value is a native promise whose properties are all those of %Promise.prototype%.
#[inline]
fn is_pristine(rt: &Rt, v: Value) -> bool {
    rt.is_kind(v, Kind::Promise) && rt.shape_of(v.as_ref()) == rt.ctx().realm.promise_shape.get()
}

/// Whether a property of %Promise.prototype% is this intrinsic.
#[inline]
fn proto_has(rt: &Rt, name: Ref, which: Intrinsic) -> bool {
    let proto = rt.intrinsic(Intrinsic::PromisePrototype);
    match rt.shape_find(rt.shape_of(proto), name) {
        // An accessor's slot is an internal reference and equals no object.
        Some(found) => rt.slot(proto, found.slot()) == Value::object(rt.intrinsic(which)),
        None => false,
    }
}

#[inline]
fn then_is_pristine(rt: &Rt) -> bool {
    proto_has(rt, atoms::then, Intrinsic::PromiseThen)
}

#[inline]
fn constructor_is_pristine(rt: &Rt) -> bool {
    proto_has(rt, atoms::constructor, Intrinsic::Promise)
}

/// 27.2.4.7.1 PromiseResolve ( %Promise%, x )
pub fn promise_resolve(rt: &mut Rt, v: Value) -> JsResult<Ref> {
    if !v.is_object() {
        let promise = new_promise(rt);
        fulfill(rt, promise, v);
        return Ok(promise);
    }
    rt.scoped(|rt| {
        let value = rt.root(v);
        if let Some(promise) = as_native_promise(rt, v)? {
            return Ok(promise.as_ref());
        }
        let promise = rt.root(Value::object(new_promise(rt)));
        resolve(rt, promise.obj(rt), value.get(rt))?;
        Ok(promise.obj(rt))
    })
}

/// The promise itself, where PromiseResolve ( %Promise%, v ) would give `v` back.
#[inline]
fn as_native_promise(rt: &mut Rt, v: Value) -> JsResult<Option<Value>> {
    if !rt.is_kind(v, Kind::Promise) {
        return Ok(None);
    }
    if is_pristine(rt, v) && constructor_is_pristine(rt) {
        return Ok(Some(v));
    }
    as_promise_of(rt, v, Value::object(rt.intrinsic(Intrinsic::Promise)))
}

fn as_promise_of(rt: &mut Rt, v: Value, class: Value) -> JsResult<Option<Value>> {
    rt.scoped(|rt| {
        let (keep, class) = (rt.root(v), rt.root(class));
        let constructor = rt.get_name(v, atoms::constructor)?;
        Ok((constructor == class.get(rt)).then(|| keep.get(rt)))
    })
}

/// 27.2.5.4.1 PerformPromiseThen: `result` is a native promise, a capability cell, or nothing. Handlers that are not
/// callable hand the outcome on.
pub fn then(rt: &Rt, promise: Ref, on_fulfilled: Value, on_rejected: Value, result: Option<Ref>) {
    let result = match result {
        None => Value::UNDEFINED,
        Some(cell) if rt.kind(cell) == Kind::Promise => Value::object(cell),
        Some(cell) => Value::internal(cell),
    };
    let callable = |f: Value| if rt.is_callable(f) { f } else { Value::UNDEFINED };
    react(rt, promise, (callable(on_fulfilled), callable(on_rejected)), result);
}

/// Registers a reaction, or queues its job if the promise is settled.
fn react(rt: &Rt, promise: Ref, handlers: (Value, Value), result: Value) {
    let bits = bits(rt, promise);
    if bits & STATE_MASK != PENDING {
        mark_handled(rt, promise, bits);
        return enqueue_reaction(rt, bits & STATE_MASK, handlers, rt.internal(promise, RESULT), result);
    }
    if bits & HANDLED == 0 {
        set_bits(rt, promise, bits | HANDLED);
    }
    let first = rt.internal(promise, FIRST);
    if first.is_undefined() && handlers.1.is_hole() {
        return rt.set_internal(promise, FIRST, handlers.0);
    }
    let cell = new_reaction(rt, handlers, result);
    if first.is_undefined() {
        rt.set_internal(promise, FIRST, cell);
    } else if first.is_object() {
        let awaiting = new_reaction(rt, (first, Value::HOLE), Value::UNDEFINED);
        rt.init_word(awaiting.as_ref(), NEXT, cell);
        rt.set_internal(promise, FIRST, awaiting);
    } else {
        rt.put_word(rt.internal(promise, LAST).as_ref(), NEXT, cell);
    }
    rt.set_internal(promise, LAST, cell);
}

fn mark_handled(rt: &Rt, promise: Ref, bits: i32) {
    if bits & HANDLED == 0 {
        set_bits(rt, promise, bits | HANDLED);
        if bits & STATE_MASK == REJECTED {
            unhandled::untrack(rt, promise);
        }
    }
}

fn new_reaction(rt: &Rt, handlers: (Value, Value), result: Value) -> Value {
    let cell = rt.alloc_words(Kind::Words, 4);
    rt.init_word(cell, NEXT, Value::UNDEFINED);
    rt.init_word(cell, ON_FULFILLED, handlers.0);
    rt.init_word(cell, ON_REJECTED, handlers.1);
    rt.init_word(cell, REACTION_RESULT, result);
    Value::internal(cell)
}

/// 27.7.5.3 Await ( value ): `frame`, of an async function or generator, goes on when `v` settles
/// ([`crate::interp::resume_async`]). The error is the throw of a `constructor` getter, in the awaiting function.
pub fn await_value(rt: &mut Rt, v: Value, frame: Ref) -> JsResult<()> {
    let frame = Value::object(frame);
    if !v.is_object() {
        // OPTIMIZATION: no promise for what could only be fulfilled at once.
        enqueue(rt, JobKind::ResumeAsync, frame, v, Value::FALSE);
        return Ok(());
    }
    if is_pristine(rt, v) && constructor_is_pristine(rt) {
        react(rt, v.as_ref(), (frame, Value::HOLE), Value::UNDEFINED);
        return Ok(());
    }
    rt.scoped(|rt| {
        let frame = rt.root(frame);
        let promise = promise_resolve(rt, v)?;
        react(rt, promise, (frame.get(rt), Value::HOLE), Value::UNDEFINED);
        Ok(())
    })
}

/// 27.2.2.1 NewPromiseReactionJob, the job.
pub fn run_reaction(rt: &mut Rt, handler: Value, argument: Value, result: Value, rejected: bool) -> JsResult<()> {
    if handler.is_int() {
        return combinators::element_settled(rt, result.as_ref(), handler.as_int() as u32, argument, rejected);
    }
    if handler.is_undefined() {
        return settle_result(rt, result, argument, rejected);
    }
    let keep = rt.root(result);
    match rt.call(handler, Value::UNDEFINED, &[argument]) {
        Ok(v) => settle_result(rt, keep.get(rt), v, false),
        Err(thrown) => {
            let result = keep.get(rt);
            if rt.is_terminating() || result.is_undefined() {
                return Err(thrown);
            }
            let reason = rt.take_exception();
            settle_result(rt, result, reason, true)
        }
    }
}

/// Settles the result of a reaction.
fn settle_result(rt: &mut Rt, result: Value, v: Value, rejected: bool) -> JsResult<()> {
    if result.is_object() {
        if !rejected {
            return resolve(rt, result.as_ref(), v);
        }
        reject(rt, result.as_ref(), v);
    } else if result.tag() == TAG_INTERNAL {
        let f = capability::function(rt, result.as_ref(), rejected);
        rt.call(f, Value::UNDEFINED, &[v])?;
    }
    Ok(())
}

/// 27.2.2.2 NewPromiseResolveThenableJob, the job.
pub fn run_thenable(rt: &mut Rt, promise: Ref, thenable: Value, then: Value) -> JsResult<()> {
    let intrinsic = then == Value::object(rt.intrinsic(Intrinsic::PromiseThen));
    if intrinsic && is_pristine(rt, thenable) && constructor_is_pristine(rt) && capability::species_is_pristine(rt) {
        // OPTIMIZATION: the resolving functions and the promise of `then` cannot be seen; handing on does the same.
        react(rt, thenable.as_ref(), (Value::UNDEFINED, Value::UNDEFINED), Value::object(promise));
        return Ok(());
    }
    let (on_resolve, on_reject) = capability::resolving_functions(rt, promise);
    let on_reject = rt.root(on_reject);
    match rt.call(then, thenable, &[on_resolve, on_reject.get(rt)]) {
        Ok(_) => Ok(()),
        Err(thrown) if rt.is_terminating() => Err(thrown),
        Err(_) => {
            let reason = rt.take_exception();
            rt.call(on_reject.get(rt), Value::UNDEFINED, &[reason]).map(|_| ())
        }
    }
}
