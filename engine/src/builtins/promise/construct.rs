//! The Promise constructor and its prototype (27.2.3 to 27.2.5).
use super::capability::*;
use super::*;
use crate::builtins::spec::{ClassSpec, Row};
use crate::call::Args;
use crate::object::Key;
use crate::shape::attr;
use combinators::{all, all_settled, any, race};

/// Tables of this folder.
pub const CLASSES: &[&ClassSpec] = &[&PROMISE];

const PROMISE: ClassSpec = ClassSpec::class(
    "Promise",
    construct,
    1,
    Intrinsic::Promise,
    Intrinsic::PromisePrototype,
    &[
        // The first four stand where `capability` counts on them.
        Row::hidden(resolve_function, 1),
        Row::hidden(reject_function, 1),
        Row::symbol_getter(WellKnown::Species, "[Symbol.species]", species),
        Row::method("resolve", 1, static_resolve),
        Row::method("all", 1, all),
        Row::method("allSettled", 1, all_settled),
        Row::method("any", 1, any),
        Row::method("race", 1, race),
        Row::method("reject", 1, static_reject),
        Row::method("try", 1, try_),
        Row::method("withResolvers", 0, with_resolvers),
        Row::hidden(capability_executor, 2),
        Row::hidden(then_finally, 1),
        Row::hidden(catch_finally, 1),
        Row::hidden(value_thunk, 0),
        Row::hidden(thrower, 0),
        Row::hidden(combinators::element_fulfilled, 1),
        Row::hidden(combinators::element_rejected, 1),
    ],
    &[
        Row::intrinsic("then", 2, proto_then, Intrinsic::PromiseThen),
        Row::method("catch", 1, catch),
        Row::method("finally", 1, finally),
        Row::tag("Promise"),
    ],
);

/// 27.2.3.1 Promise ( executor )
fn construct(rt: &mut Rt, args: Args) -> JsResult {
    if !args.is_construct(rt) {
        return Err(rt.throw_type("Promise constructor cannot be invoked without 'new'"));
    }
    let executor = args.get(rt, 0);
    if !rt.is_callable(executor) {
        let what = rt.describe_callee(executor);
        return Err(rt.throw_type(&format!("Promise resolver {what} is not a function")));
    }
    let new_target = args.new_target(rt);
    let promise = if new_target == Value::object(rt.intrinsic(Intrinsic::Promise)) {
        new_promise(rt)
    } else {
        let proto = rt.proto_from_constructor(new_target, Intrinsic::PromisePrototype)?;
        init_promise(rt, rt.new_of_kind_with_proto(Kind::Promise, proto))
    };
    let keep = rt.root(Value::object(promise));
    let (on_resolve, on_reject) = resolving_functions(rt, promise);
    let reject_slot = rt.root(on_reject);
    let executor = args.get(rt, 0);
    if let Err(thrown) = rt.call(executor, Value::UNDEFINED, &[on_resolve, on_reject]) {
        if rt.is_terminating() {
            return Err(thrown);
        }
        let reason = rt.take_exception();
        rt.call(reject_slot.get(rt), Value::UNDEFINED, &[reason])?;
    }
    Ok(keep.get(rt))
}

/// 27.2.4.9 get Promise [ %Symbol.species% ]
fn species(rt: &mut Rt, args: Args) -> JsResult {
    Ok(args.this(rt))
}

/// 27.2.4.7 Promise.resolve ( x )
fn static_resolve(rt: &mut Rt, args: Args) -> JsResult {
    let class = args.this(rt);
    if !class.is_object() {
        return Err(rt.throw_type("PromiseResolve called on non-object"));
    }
    resolve_in_class(rt, class, args.get(rt, 0))
}

/// 27.2.4.7.1 PromiseResolve ( C, x )
fn resolve_in_class(rt: &mut Rt, class: Value, v: Value) -> JsResult {
    if class == Value::object(rt.intrinsic(Intrinsic::Promise)) {
        return promise_resolve(rt, v).map(Value::object);
    }
    rt.scoped(|rt| {
        let (class, value) = (rt.root(class), rt.root(v));
        if rt.is_kind(v, Kind::Promise)
            && let Some(promise) = as_promise_of(rt, v, class.get(rt))?
        {
            return Ok(promise);
        }
        let cap = new_capability(rt, class.get(rt))?;
        let cap = rt.root(cap);
        settle_cap(rt, cap.get(rt), value.get(rt), false)?;
        Ok(promise_of(rt, cap.get(rt)))
    })
}

/// 27.2.4.6 Promise.reject ( r )
fn static_reject(rt: &mut Rt, args: Args) -> JsResult {
    let class = args.this(rt);
    let cap = new_capability(rt, class)?;
    let cap = rt.root(cap);
    settle_cap(rt, cap.get(rt), args.get(rt, 0), true)?;
    Ok(promise_of(rt, cap.get(rt)))
}

/// 27.2.4.8 Promise.try ( callback, ...args )
fn try_(rt: &mut Rt, args: Args) -> JsResult {
    let class = args.this(rt);
    if !class.is_object() {
        return Err(rt.throw_type("Promise.try called on non-object"));
    }
    let cap = new_capability(rt, class)?;
    let cap = rt.root(cap);
    let rest = rt.new_array_with_capacity(args.len().saturating_sub(1));
    for i in 1..args.len() {
        rt.array_push(rest, args.get(rt, i));
    }
    let callback = args.get(rt, 0);
    let result = match rt.call_with_array(callback, Value::UNDEFINED, Value::UNDEFINED, rest) {
        Ok(v) => settle_cap(rt, cap.get(rt), v, false),
        Err(thrown) => Err(thrown),
    };
    promise_or_reject(rt, cap, result)
}

/// 27.2.4.10 Promise.withResolvers ( )
fn with_resolvers(rt: &mut Rt, args: Args) -> JsResult {
    let class = args.this(rt);
    let cap = new_capability(rt, class)?;
    let (on_resolve, on_reject) = functions(rt, cap);
    let obj = rt.new_object();
    rt.add_property(obj, atoms::promise, promise_of(rt, cap), attr::ALL);
    rt.add_property(obj, atoms::resolve, on_resolve, attr::ALL);
    rt.add_property(obj, atoms::reject, on_reject, attr::ALL);
    Ok(Value::object(obj))
}

/// 27.2.5.4 Promise.prototype.then ( onFulfilled, onRejected )
fn proto_then(rt: &mut Rt, args: Args) -> JsResult {
    let promise = args.this(rt);
    if !rt.is_kind(promise, Kind::Promise) {
        return Err(rt.throw_type("Method Promise.prototype.then called on incompatible receiver"));
    }
    if derives_native(rt, promise) {
        let derived = new_promise(rt);
        then(rt, promise.as_ref(), args.get(rt, 0), args.get(rt, 1), Some(derived));
        return Ok(Value::object(derived));
    }
    let class = rt.species_constructor(promise.as_ref(), Intrinsic::Promise)?;
    let cap = new_capability(rt, class)?;
    let promise = args.this(rt).as_ref();
    then(rt, promise, args.get(rt, 0), args.get(rt, 1), Some(cap.as_ref()));
    Ok(promise_of(rt, cap))
}

/// Whether `then` of this promise makes a native promise without running JavaScript.
#[inline]
pub fn derives_native(rt: &Rt, promise: Value) -> bool {
    is_pristine(rt, promise) && constructor_is_pristine(rt) && species_is_pristine(rt)
}

/// 27.2.5.1 Promise.prototype.catch ( onRejected )
fn catch(rt: &mut Rt, args: Args) -> JsResult {
    let (promise, on_rejected) = (args.this(rt), args.get(rt, 0));
    invoke_then(rt, promise, Value::UNDEFINED, on_rejected)
}

/// Invoke ( promise, "then", « onFulfilled, onRejected » )
pub fn invoke_then(rt: &mut Rt, promise: Value, on_fulfilled: Value, on_rejected: Value) -> JsResult {
    if derives_native(rt, promise) && then_is_pristine(rt) {
        let derived = new_promise(rt);
        then(rt, promise.as_ref(), on_fulfilled, on_rejected, Some(derived));
        return Ok(Value::object(derived));
    }
    rt.scoped(|rt| {
        let keep = rt.root(promise);
        let (on_fulfilled, on_rejected) = (rt.root(on_fulfilled), rt.root(on_rejected));
        let f = rt.get_name(promise, atoms::then)?;
        if !rt.is_callable(f) {
            return Err(rt.throw_type("then is not a function"));
        }
        rt.call(f, keep.get(rt), &[on_fulfilled.get(rt), on_rejected.get(rt)])
    })
}

/// 27.2.5.3 Promise.prototype.finally ( onFinally )
fn finally(rt: &mut Rt, args: Args) -> JsResult {
    let promise = args.this(rt);
    if !promise.is_object() {
        return Err(rt.throw_type("Promise.prototype.finally called on a non-object"));
    }
    let class = if derives_native(rt, promise) {
        Value::object(rt.intrinsic(Intrinsic::Promise))
    } else {
        rt.species_constructor(promise.as_ref(), Intrinsic::Promise)?
    };
    let (promise, on_finally) = (args.this(rt), args.get(rt, 0));
    if !rt.is_callable(on_finally) {
        return invoke_then(rt, promise, on_finally, on_finally);
    }
    let on_fulfilled = rt.new_native_closure(then_finally, [on_finally, class]);
    let on_rejected = rt.new_native_closure(catch_finally, [on_finally, class]);
    invoke_then(rt, promise, Value::object(on_fulfilled), Value::object(on_rejected))
}

/// 27.2.5.3.1 Then Finally Functions
#[inline(never)]
fn then_finally(rt: &mut Rt, args: Args) -> JsResult {
    run_finally(rt, args, value_thunk)
}

/// 27.2.5.3.2 Catch Finally Functions
#[inline(never)]
fn catch_finally(rt: &mut Rt, args: Args) -> JsResult {
    run_finally(rt, args, thrower)
}

fn run_finally(rt: &mut Rt, args: Args, outcome: crate::call::Native) -> JsResult {
    let on_finally = rt.captured(args.callee(rt), 0);
    let result = rt.call(on_finally, Value::UNDEFINED, &[])?;
    let class = rt.captured(args.callee(rt), 1);
    let promise = resolve_in_class(rt, class, result)?;
    let outcome = rt.new_native_closure(outcome, [args.get(rt, 0), Value::UNDEFINED]);
    rt.scoped(|rt| {
        let (keep, outcome) = (rt.root(promise), rt.root(Value::object(outcome)));
        let f = rt.get(promise, Key::Name(atoms::then))?;
        if !rt.is_callable(f) {
            return Err(rt.throw_type("then is not a function"));
        }
        rt.call(f, keep.get(rt), &[outcome.get(rt)])
    })
}

/// The valueThunk of 27.2.5.3.1
#[inline(never)]
fn value_thunk(rt: &mut Rt, args: Args) -> JsResult {
    Ok(rt.captured(args.callee(rt), 0))
}

/// The thrower of 27.2.5.3.2
#[inline(never)]
fn thrower(rt: &mut Rt, args: Args) -> JsResult {
    let reason = rt.captured(args.callee(rt), 0);
    Err(rt.throw(reason))
}
