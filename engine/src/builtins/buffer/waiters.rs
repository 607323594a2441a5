//! Atomics.waitAsync and notify (25.4.14, 25.4.15). All waiters are in this agent: an array in the shared buffer of
//! (byte index, promise) pairs, oldest first. There is no clock here, so a wait with a time-out ends by `notify` alone.
use super::bytes::WAITERS;
use crate::builtins::promise;
use crate::runtime::Rt;
use crate::string::atoms;
use crate::value::{Ref, Value};

/// `{ async, value }`
pub fn outcome(rt: &Rt, is_async: bool, v: Value) -> Value {
    let result = rt.new_object();
    rt.put_own(result, rt.intern_str("async"), Value::bool(is_async));
    rt.put_own(result, atoms::value, v);
    Value::object(result)
}

/// Waits for a notification of the byte: the promise.
pub fn add(rt: &Rt, buffer: Ref, byte: u32) -> Value {
    let promise = Value::object(promise::new_promise(rt));
    let mut waiters = rt.internal(buffer, WAITERS);
    if waiters.is_undefined() {
        waiters = Value::object(rt.new_array_with_capacity(2));
        rt.set_internal(buffer, WAITERS, waiters);
    }
    rt.array_push(waiters.as_ref(), Value::uint(byte));
    rt.array_push(waiters.as_ref(), promise);
    promise
}

/// Wakes at most `count` of those who wait for the byte; returns how many.
pub fn notify(rt: &Rt, buffer: Ref, byte: u32, count: f64) -> u32 {
    let waiters = rt.internal(buffer, WAITERS);
    if waiters.is_undefined() {
        return 0;
    }
    let old = waiters.as_ref();
    let kept = rt.new_array_with_capacity(0);
    let mut woken = 0;
    for i in 0..rt.array_len(old) / 2 {
        let (at, waiter) = (rt.word(rt.elements(old), 2 * i), rt.word(rt.elements(old), 2 * i + 1));
        if at == Value::uint(byte) && f64::from(woken) < count {
            promise::fulfill(rt, waiter.as_ref(), rt.str_value("ok"));
            woken += 1;
        } else {
            rt.array_push(kept, at);
            rt.array_push(kept, waiter);
        }
    }
    rt.set_internal(buffer, WAITERS, if rt.array_len(kept) == 0 { Value::UNDEFINED } else { Value::object(kept) });
    woken
}
