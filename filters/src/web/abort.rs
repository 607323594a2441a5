//! `AbortController` and `AbortSignal` (DOM standard 3).
//!
//! Fields of a controller: 0 = signal. Of a signal: 0 = listeners (as of every event target), 1 = reason, the hole while
//! not aborted, 2 = Array of signals that abort with it.
use super::{event, exception};
use crate::object::{self, Class, field, set_field, this_of};
use crate::ops::{self, HostOp, Pending};
use crate::seam;
use lockgate_engine::builtins::spec::{ClassSpec, Row};
use lockgate_engine::call::Args;
use lockgate_engine::realm::Intrinsic;
use lockgate_engine::runtime::Rt;
use lockgate_engine::value::{JsResult, Ref, Value};
use std::time::Duration;

/// `AbortController`
pub const CONTROLLER: ClassSpec = ClassSpec::class(
    "AbortController",
    construct,
    0,
    Intrinsic::Host14,
    Intrinsic::Host15,
    &[],
    &[
        Row::getter("signal", signal).enumerable(),
        Row::method("abort", 0, abort_method).enumerable(),
        Row::tag("AbortController"),
    ],
);

/// `AbortSignal`
pub const SIGNAL: ClassSpec = ClassSpec::class(
    "AbortSignal",
    construct_signal,
    0,
    Intrinsic::Host16,
    Intrinsic::Host17,
    &[
        Row::method("abort", 0, signal_abort).enumerable(),
        Row::method("timeout", 1, signal_timeout).enumerable(),
        Row::method("any", 1, signal_any).enumerable(),
    ],
    &[
        Row::getter("aborted", aborted).enumerable(),
        Row::getter("reason", reason_getter).enumerable(),
        Row::method("throwIfAborted", 0, throw_if_aborted).enumerable(),
        Row::tag("AbortSignal"),
    ],
)
.extends(Intrinsic::Host20, Intrinsic::Host21);

/// A signal that is not aborted.
pub fn new_signal(rt: &Rt) -> Ref {
    let signal = object::new_host(rt, Class::AbortSignal, rt.intrinsic(Intrinsic::Host17));
    set_field(rt, signal, 1, Value::HOLE);
    signal
}

/// Whether a signal is aborted.
pub fn is_aborted(rt: &Rt, signal: Value) -> bool {
    object::is_class(rt, signal, Class::AbortSignal) && !field(rt, signal.as_ref(), 1).is_hole()
}

/// Why it is; undefined if it is not.
pub fn reason(rt: &Rt, signal: Value) -> Value {
    let reason = field(rt, signal.as_ref(), 1);
    if reason.is_hole() { Value::UNDEFINED } else { reason }
}

/// DOM 3.2 signal abort: fetches of the signal are rejected, listeners run, dependent signals follow.
fn abort(rt: &mut Rt, signal: Ref, reason: Value) -> JsResult<()> {
    if !field(rt, signal, 1).is_hole() {
        return Ok(());
    }
    let reason = if reason.is_undefined() {
        Value::object(exception::new(rt, "AbortError", "The operation was aborted"))
    } else {
        reason
    };
    rt.scoped(|rt| {
        let (signal, reason) = (rt.root(Value::object(signal)), rt.root(reason));
        set_field(rt, signal.obj(rt), 1, reason.get(rt));
        for id in ops::fetches_of_signal(rt, signal.get(rt)) {
            let promise = ops::take_fetch(rt, id);
            if let Some(promise) = promise.and_then(Value::to_obj) {
                seam::reject(rt, promise, reason.get(rt));
            }
        }
        event::fire(rt, signal.obj(rt), "abort")?;
        let Some(followers) = field(rt, signal.obj(rt), 2).to_obj() else { return Ok(()) };
        let followers = rt.root(Value::object(followers));
        let mut i = 0;
        while i < rt.array_len(followers.obj(rt)) {
            let follower = rt.word(rt.elements(followers.obj(rt)), i).as_ref();
            let reason = reason.get(rt);
            abort(rt, follower, reason)?;
            i += 1;
        }
        Ok(())
    })
}

/// The time of `AbortSignal.timeout` is up.
pub fn timed_out(rt: &mut Rt, signal: Value) -> JsResult<()> {
    let reason = Value::object(exception::new(rt, "TimeoutError", "The operation timed out"));
    abort(rt, signal.as_ref(), reason)
}

/// `new AbortController()`
fn construct(rt: &mut Rt, args: Args) -> JsResult {
    let controller = object::construct(rt, args, Class::AbortController, Intrinsic::Host15)?;
    let signal = new_signal(rt);
    set_field(rt, controller, 0, Value::object(signal));
    Ok(Value::object(controller))
}

/// `controller.signal`
fn signal(rt: &mut Rt, args: Args) -> JsResult {
    let this = this_of(rt, args, Class::AbortController)?;
    Ok(field(rt, this, 0))
}

/// `controller.abort(reason)`
fn abort_method(rt: &mut Rt, args: Args) -> JsResult {
    let this = this_of(rt, args, Class::AbortController)?;
    let (signal, reason) = (field(rt, this, 0).as_ref(), args.get(rt, 0));
    abort(rt, signal, reason)?;
    Ok(Value::UNDEFINED)
}

/// `new AbortSignal()` is not allowed.
fn construct_signal(rt: &mut Rt, _args: Args) -> JsResult {
    Err(rt.throw_type("Illegal constructor: signals come from an AbortController"))
}

/// `AbortSignal.abort(reason)`
fn signal_abort(rt: &mut Rt, args: Args) -> JsResult {
    let signal = new_signal(rt);
    let keep = rt.root(Value::object(signal));
    let reason = args.get(rt, 0);
    abort(rt, signal, reason)?;
    Ok(keep.get(rt))
}

/// `AbortSignal.timeout(ms)`
fn signal_timeout(rt: &mut Rt, args: Args) -> JsResult {
    let v = args.get(rt, 0);
    let ms = rt.to_number(v)?;
    if !(0.0..=9_007_199_254_740_991.0).contains(&ms) {
        return Err(rt.throw_type("the time of a signal must be a number of milliseconds"));
    }
    let signal = Value::object(new_signal(rt));
    let delay = Duration::from_millis(ms.min(2_147_483_647.0) as u64);
    let keep = rt.root(signal);
    ops::ask(rt, HostOp::Timer(delay), Pending::AbortTimeout, signal, Value::UNDEFINED)?;
    Ok(keep.get(rt))
}

/// `AbortSignal.any(signals)`
fn signal_any(rt: &mut Rt, args: Args) -> JsResult {
    let signal = new_signal(rt);
    let any = rt.root(Value::object(signal));
    let given = args.get(rt, 0);
    seam::for_each(rt, given, &mut |rt, v| {
        if !object::is_class(rt, v, Class::AbortSignal) {
            return Err(rt.throw_type("AbortSignal.any needs signals"));
        }
        if is_aborted(rt, v) {
            let reason = reason(rt, v);
            set_field(rt, any.obj(rt), 1, reason);
            return Ok(false);
        }
        let source = v.as_ref();
        let followers = match field(rt, source, 2).to_obj() {
            Some(list) => list,
            None => {
                let list = rt.new_array(&[]);
                set_field(rt, source, 2, Value::object(list));
                list
            }
        };
        rt.array_push(followers, any.get(rt));
        Ok(true)
    })?;
    Ok(any.get(rt))
}

/// `aborted`
fn aborted(rt: &mut Rt, args: Args) -> JsResult {
    let this = this_of(rt, args, Class::AbortSignal)?;
    Ok(Value::bool(!field(rt, this, 1).is_hole()))
}

/// `reason`
fn reason_getter(rt: &mut Rt, args: Args) -> JsResult {
    let this = this_of(rt, args, Class::AbortSignal)?;
    Ok(reason(rt, Value::object(this)))
}

/// `throwIfAborted()`
fn throw_if_aborted(rt: &mut Rt, args: Args) -> JsResult {
    let this = this_of(rt, args, Class::AbortSignal)?;
    if field(rt, this, 1).is_hole() {
        return Ok(Value::UNDEFINED);
    }
    let reason = reason(rt, Value::object(this));
    Err(rt.throw(reason))
}
