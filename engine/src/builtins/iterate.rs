//! The iteration protocol for native code (7.4).
//!
//! Whoever holds an iterator across a call of these functions keeps it in a scratch slot; [`for_each`] does so itself.
use crate::heap::layout::{Kind, OBJ_INTERNAL};
use crate::object::Key;
use crate::realm::{Intrinsic, WellKnown};
use crate::runtime::Rt;
use crate::string::atoms;
use crate::value::{JsResult, Ref, Value};

/// Which built-in iterator an object of [`Kind::Iterator`] is: an int in its internal word 0. Words 1 to 5 are its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(i32)]
#[allow(missing_docs, reason = "named as their prototypes in the specification")]
pub enum IteratorClass {
    Array,
    Map,
    Set,
    String,
    RegExpString,
    Helper,
    WrapForValid,
}

/// A new built-in iterator; words 1 to 5 are undefined.
pub fn new_iterator(rt: &Rt, class: IteratorClass, proto: Intrinsic) -> Ref {
    let iterator = rt.new_of_kind(Kind::Iterator, proto);
    rt.init(iterator, OBJ_INTERNAL, Value::int(class as i32));
    iterator
}

/// Whether `v` is a built-in iterator of this class.
pub fn is_iterator(rt: &Rt, v: Value, class: IteratorClass) -> bool {
    rt.is_kind(v, Kind::Iterator) && rt.internal(v.as_ref(), 0) == Value::int(class as i32)
}

/// Array elements visited between two polls.
const POLL_EVERY: u32 = 1024;

/// Calls `f` with every value that `iterable` yields until it returns false. The iterator is closed when `f` stops or
/// throws. Scratch slots that `f` makes last until it returns.
pub fn for_each(rt: &mut Rt, iterable: Value, f: &mut dyn FnMut(&mut Rt, Value) -> JsResult<bool>) -> JsResult<()> {
    rt.scoped(|rt| {
        if is_pristine_array(rt, iterable) {
            return for_each_element(rt, iterable, f);
        }
        let (iterator, next) = get_iterator(rt, iterable)?;
        for_each_of(rt, iterator, next, f)
    })
}

/// The same for an iterator already obtained, with its `next`.
pub fn for_each_of(
    rt: &mut Rt,
    iterator: Value,
    next: Value,
    f: &mut dyn FnMut(&mut Rt, Value) -> JsResult<bool>,
) -> JsResult<()> {
    rt.scoped(|rt| {
        let (iterator, next) = (rt.root(iterator), rt.root(next));
        let mark = rt.roots_mark();
        loop {
            let Some(v) = step(rt, iterator.get(rt), next.get(rt))? else { return Ok(()) };
            match f(rt, v) {
                Ok(true) => rt.release_roots(mark),
                Ok(false) => return close(rt, iterator.get(rt)),
                Err(thrown) => {
                    close_quietly(rt, iterator.get(rt));
                    return Err(thrown);
                }
            }
        }
    })
}

/// Whether iterating `v` is observably the same as reading its elements by index: an array whose iteration protocol no
/// script has touched.
#[inline]
pub fn is_pristine_array(rt: &Rt, v: Value) -> bool {
    if !rt.is_kind(v, Kind::Array) || !super::array_iterator::is_pristine(rt, v.as_ref()) {
        return false;
    }
    let shape = rt.shape_of(v.as_ref());
    shape == rt.ctx().realm.array_shape.get()
        || (rt.shape_proto(shape) == rt.intrinsic(Intrinsic::ArrayPrototype)
            && rt.shape_find(shape, rt.symbol(WellKnown::Iterator)).is_none())
}

fn for_each_element(rt: &mut Rt, array: Value, f: &mut dyn FnMut(&mut Rt, Value) -> JsResult<bool>) -> JsResult<()> {
    let array = rt.root(array);
    let mark = rt.roots_mark();
    let mut i = 0;
    // The length is read anew in every round: `f` may change it.
    while i < rt.array_len(array.obj(rt)) {
        if i % POLL_EVERY == POLL_EVERY - 1 {
            rt.poll()?;
        }
        let v = rt.get_index(array.get(rt), i)?;
        if !f(rt, v)? {
            break;
        }
        rt.release_roots(mark);
        i += 1;
    }
    Ok(())
}

/// 7.4.3 GetIterator ( obj, sync ): the iterator and its `next` method.
pub fn get_iterator(rt: &mut Rt, v: Value) -> JsResult<(Value, Value)> {
    rt.scoped(|rt| {
        let keep = rt.root(v);
        let key = Key::Name(rt.symbol(WellKnown::Iterator));
        let method = if v.is_nullish() { Value::UNDEFINED } else { rt.get_method(v, key)? };
        let v = keep.get(rt);
        if method.is_undefined() {
            return Err(throw_not_iterable(rt, v));
        }
        get_iterator_from_method(rt, v, method)
    })
}

/// 7.4.2 GetIteratorFromMethod ( obj, method )
pub fn get_iterator_from_method(rt: &mut Rt, v: Value, method: Value) -> JsResult<(Value, Value)> {
    let iterator = rt.call(method, v, &[])?;
    get_iterator_direct(rt, iterator)
}

/// 7.4.1 GetIteratorDirect ( obj ), after the check that it is an object.
pub fn get_iterator_direct(rt: &mut Rt, iterator: Value) -> JsResult<(Value, Value)> {
    if !iterator.is_object() {
        let what = rt.describe_callee(iterator);
        return Err(rt.throw_type(&format!("Result of the Symbol.iterator method is not an object: {what}")));
    }
    rt.scoped(|rt| {
        let keep = rt.root(iterator);
        let next = rt.get_name(iterator, atoms::next)?;
        Ok((keep.get(rt), next))
    })
}

#[cold]
fn throw_not_iterable(rt: &mut Rt, v: Value) -> crate::value::Thrown {
    let what = rt.describe_callee(v);
    rt.throw_type(&format!("{what} is not iterable"))
}

/// 7.4.8 IteratorStepValue ( iteratorRecord ): None when done.
#[inline]
pub fn step(rt: &mut Rt, iterator: Value, next: Value) -> JsResult<Option<Value>> {
    if let Some(unboxed) = super::array_iterator::step_unboxed(rt, iterator, next) {
        return unboxed;
    }
    let result = rt.call(next, iterator, &[])?;
    step_result(rt, result)
}

/// The value of an iterator result, None when it says done; TypeError unless it is an object.
pub fn step_result(rt: &mut Rt, result: Value) -> JsResult<Option<Value>> {
    let Some(obj) = result.to_obj() else {
        let what = rt.describe_callee(result);
        return Err(rt.throw_type(&format!("Iterator result {what} is not an object")));
    };
    if rt.shape_of(obj) == rt.ctx().realm.iter_result_shape.get() {
        // OPTIMIZATION: the results of built-in iterators and generators keep value and done in inline slots 0 and 1.
        let done: Value = rt.load(obj, OBJ_INTERNAL + 8);
        return Ok((!rt.to_boolean(done)).then(|| rt.load(obj, OBJ_INTERNAL)));
    }
    step_result_slow(rt, obj)
}

fn step_result_slow(rt: &mut Rt, result: Ref) -> JsResult<Option<Value>> {
    rt.scoped(|rt| {
        let result = rt.root(Value::object(result));
        let done = rt.get_name(result.get(rt), atoms::done)?;
        if rt.to_boolean(done) {
            return Ok(None);
        }
        rt.get_name(result.get(rt), atoms::value).map(Some)
    })
}

/// 7.4.11 IteratorClose ( iteratorRecord, completion ) of a normal completion.
pub fn close(rt: &mut Rt, iterator: Value) -> JsResult<()> {
    rt.scoped(|rt| {
        let iterator = rt.root(iterator);
        let method = rt.get_method(iterator.get(rt), Key::Name(atoms::return_))?;
        if method.is_undefined() {
            return Ok(());
        }
        let result = rt.call(method, iterator.get(rt), &[])?;
        if result.is_object() {
            return Ok(());
        }
        let what = rt.describe_callee(result);
        Err(rt.throw_type(&format!("Iterator result {what} is not an object")))
    })
}

/// 7.4.11 IteratorClose of a throw completion: the pending exception stays whatever `return` does.
pub fn close_quietly(rt: &mut Rt, iterator: Value) {
    if rt.is_terminating() {
        return;
    }
    rt.scoped(|rt| {
        let iterator = rt.root(iterator);
        let pending = rt.take_exception();
        let pending = rt.root(pending);
        if let Ok(method) = rt.get_method(iterator.get(rt), Key::Name(atoms::return_))
            && !method.is_undefined()
        {
            // The exception of `return` is dropped; a termination is not one and stays.
            let _ = rt.call(method, iterator.get(rt), &[]);
        }
        if !rt.is_terminating() {
            let pending = pending.get(rt);
            rt.ctx().exception.set(pending);
        }
    })
}

/// Closes an iterator because of the error `thrown`, and hands it on.
pub fn close_with<T>(rt: &mut Rt, iterator: Value, thrown: crate::value::Thrown) -> JsResult<T> {
    close_quietly(rt, iterator);
    Err(thrown)
}
