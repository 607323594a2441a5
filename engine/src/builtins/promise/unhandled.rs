//! Rejections without a handler: a list in the context that the host empties after the jobs have run.
//!
//! The list is an Array whose element 0 is the index of the first promise not yet taken; a promise knows its place
//! (word 3), so that one handled later leaves in constant time.
use super::{HANDLED, LAST, RESULT, bits, new_promise, reject, set_bits};
use crate::heap::layout::ARRAY_LENGTH;
use crate::runtime::Rt;
use crate::value::{Ref, Value};

/// Notes a promise rejected without a handler.
#[cold]
pub fn track(rt: &Rt, promise: Ref) {
    let mutable = &rt.ctx().mutable;
    let mut list = mutable.unhandled.get();
    if list.is_null() {
        list = rt.new_array(&[Value::int(1)]);
        mutable.unhandled.set(list);
    }
    rt.set_internal(promise, LAST, Value::uint(rt.array_len(list)));
    rt.array_push(list, Value::object(promise));
}

/// Forgets a promise that got a handler after all.
#[cold]
pub fn untrack(rt: &Rt, promise: Ref) {
    let list = rt.ctx().mutable.unhandled.get();
    let place = rt.internal(promise, LAST);
    // A promise already taken by the host has no place.
    if list.is_null() || !place.is_int() {
        return;
    }
    let place = place.as_int() as u32;
    rt.set_internal(promise, LAST, Value::UNDEFINED);
    rt.put_word(rt.elements(list), place, Value::HOLE);
    if place + 1 == rt.array_len(list) {
        rt.put::<u32>(list, ARRAY_LENGTH, place);
    }
}

/// The reason of the oldest unhandled rejection not yet taken; from then on it counts as handled.
pub fn take_unhandled(rt: &Rt) -> Option<Value> {
    let list = rt.ctx().mutable.unhandled.get();
    if list.is_null() {
        return None;
    }
    let elements = rt.elements(list);
    let mut at = rt.word(elements, 0).as_int() as u32;
    while at < rt.array_len(list) {
        let promise = rt.word(elements, at);
        rt.put_word(elements, at, Value::HOLE);
        at += 1;
        if let Some(promise) = promise.to_obj() {
            rt.put_word(elements, 0, Value::uint(at));
            rt.set_internal(promise, LAST, Value::UNDEFINED);
            set_bits(rt, promise, bits(rt, promise) | HANDLED);
            return Some(rt.internal(promise, RESULT));
        }
    }
    rt.put_word(elements, 0, Value::int(1));
    rt.put::<u32>(list, ARRAY_LENGTH, 1);
    None
}

/// Reports what a job threw as if a promise had been rejected with it.
pub fn report(rt: &Rt, reason: Value) {
    reject(rt, new_promise(rt), reason);
}
