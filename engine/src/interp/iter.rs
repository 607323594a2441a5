//! The iteration protocol of loops, spreads and patterns.
//!
//! An iteration block is three registers at a cage offset: iterator, next method, done flag. For an array whose iteration
//! nobody changed the first is the array itself and the second an int32 position.
use super::expect;
use crate::builtins::array_iterator;
use crate::heap::layout::*;
use crate::object::Key;
use crate::realm::WellKnown;
use crate::runtime::Rt;
use crate::string::atoms;
use crate::value::{JsResult, Ref, Value};

fn get_reg(rt: &Rt, at: u32, i: u32) -> Value {
    rt.load(Ref(at + 8 * i), 0)
}

fn set_reg(rt: &Rt, at: u32, i: u32, v: Value) {
    rt.init(Ref(at + 8 * i), 0, v);
}

#[cold]
fn throw_not_iterable(rt: &mut Rt, v: Value) -> crate::value::Thrown {
    let what = rt.describe_callee(v);
    rt.throw_type(&format!("{what} is not iterable"))
}

/// GetIterator(v, sync): iterator and next, or array and position.
pub fn get_iter(rt: &mut Rt, v: Value) -> JsResult<(Value, Value)> {
    if rt.is_kind(v, Kind::Array) && array_iterator::is_pristine(rt, v.as_ref()) {
        return Ok((v, Value::int(0)));
    }
    rt.scoped(|rt| {
        let source = rt.root(v);
        let symbol = rt.symbol(WellKnown::Iterator);
        if v.is_nullish() {
            return Err(throw_not_iterable(rt, v));
        }
        let method = rt.get(v, Key::Name(symbol))?;
        if !rt.is_callable(method) {
            let v = source.get(rt);
            return Err(throw_not_iterable(rt, v));
        }
        let iterator = rt.call(method, source.get(rt), &[])?;
        if !iterator.is_object() {
            return Err(rt.throw_type("Result of the Symbol.iterator method is not an object"));
        }
        source.set(rt, iterator);
        let next = rt.get_name(iterator, atoms::next)?;
        Ok((source.get(rt), next))
    })
}

/// GetIterator(v, async)
pub fn get_async_iter(rt: &mut Rt, v: Value) -> JsResult<(Value, Value)> {
    rt.scoped(|rt| {
        let source = rt.root(v);
        let symbol = rt.symbol(WellKnown::AsyncIterator);
        let method =
            if v.is_nullish() { return Err(throw_not_iterable(rt, v)) } else { rt.get_method(v, Key::Name(symbol))? };
        if method.is_undefined() {
            // A sync iterator behind an adaptor.
            let symbol = rt.symbol(WellKnown::Iterator);
            let method = rt.get(source.get(rt), Key::Name(symbol))?;
            if !rt.is_callable(method) {
                let v = source.get(rt);
                return Err(throw_not_iterable(rt, v));
            }
            let iterator = rt.call(method, source.get(rt), &[])?;
            if !iterator.is_object() {
                return Err(rt.throw_type("Result of the Symbol.iterator method is not an object"));
            }
            source.set(rt, iterator);
            let next = rt.get_name(iterator, atoms::next)?;
            let wrapped = crate::builtins::async_from_sync::create_async_from_sync(rt, source.get(rt), next);
            source.set(rt, wrapped);
            let next = rt.get_name(wrapped, atoms::next)?;
            return Ok((source.get(rt), next));
        }
        let iterator = rt.call(method, source.get(rt), &[])?;
        if !iterator.is_object() {
            return Err(rt.throw_type("Result of the Symbol.asyncIterator method is not an object"));
        }
        source.set(rt, iterator);
        let next = rt.get_name(iterator, atoms::next)?;
        Ok((source.get(rt), next))
    })
}

/// Next value of the block at `at`, or None when done. An error of `next` sets the done flag (the iterator is not closed).
#[inline(never)]
pub fn next(rt: &mut Rt, at: u32) -> JsResult<Option<Value>> {
    let (iterator, method) = (get_reg(rt, at, 0), get_reg(rt, at, 1));
    if method.is_int() {
        let i = method.as_int() as u32;
        let array = expect::array(rt, iterator)?;
        if i >= rt.array_len(array) {
            set_reg(rt, at, 2, Value::TRUE);
            return Ok(None);
        }
        set_reg(rt, at, 1, Value::int(i as i32 + 1));
        return rt.get_index(iterator, i).map(Some);
    }
    set_reg(rt, at, 2, Value::TRUE);
    let unboxed = match super::generator::next_unboxed(rt, iterator, method) {
        None => array_iterator::step_unboxed(rt, iterator, method),
        found => found,
    };
    if let Some(result) = unboxed {
        let found = result?;
        if found.is_some() {
            set_reg(rt, at, 2, Value::FALSE);
        }
        return Ok(found);
    }
    let result = rt.call(method, iterator, &[])?;
    let (v, done) = unwrap(rt, result)?;
    if done {
        return Ok(None);
    }
    set_reg(rt, at, 2, Value::FALSE);
    Ok(Some(v))
}

/// Next value or undefined, keeping the done flag.
pub fn step(rt: &mut Rt, at: u32) -> JsResult {
    if get_reg(rt, at, 2) == Value::TRUE {
        return Ok(Value::UNDEFINED);
    }
    Ok(next(rt, at)?.unwrap_or(Value::UNDEFINED))
}

/// Array of the remaining values.
pub fn rest(rt: &mut Rt, at: u32) -> JsResult {
    rt.scoped(|rt| {
        let array = rt.new_array_with_capacity(4);
        let array = rt.root(Value::object(array));
        while get_reg(rt, at, 2) != Value::TRUE {
            if let Some(v) = next(rt, at)? {
                rt.array_push(array.obj(rt), v);
                rt.poll()?;
            }
        }
        Ok(array.get(rt))
    })
}

/// IteratorClose with a normal completion.
pub fn close(rt: &mut Rt, at: u32) -> JsResult<()> {
    let method = get_reg(rt, at, 1);
    if get_reg(rt, at, 2) == Value::TRUE || method.is_int() {
        return Ok(());
    }
    set_reg(rt, at, 2, Value::TRUE);
    let result = call_return(rt, at)?;
    if result.is_tdz() || result.is_object() {
        return Ok(());
    }
    throw_result(rt)
}

/// IteratorClose with a throw completion: errors of `return` are swallowed, the end of the request is not.
pub fn close_quiet(rt: &mut Rt, at: u32) -> JsResult<()> {
    let method = get_reg(rt, at, 1);
    if get_reg(rt, at, 2) == Value::TRUE || method.is_int() {
        return Ok(());
    }
    set_reg(rt, at, 2, Value::TRUE);
    if call_return(rt, at).is_err() {
        if rt.is_terminating() {
            return Err(crate::value::Thrown);
        }
        rt.take_exception();
    }
    Ok(())
}

/// Result of `return()`, or TDZ if there is none.
fn return_or_tdz(rt: &mut Rt, iterator: Value) -> JsResult {
    rt.scoped(|rt| {
        let keep = rt.root(iterator);
        let method = rt.get_method(iterator, Key::Name(atoms::return_))?;
        if method.is_undefined() {
            return Ok(Value::TDZ);
        }
        rt.call(method, keep.get(rt), &[])
    })
}

/// Result of `return()` of the block's iterator; for the async form an absent method gives an empty object, which passes
/// the check that follows the await.
pub fn call_return(rt: &mut Rt, at: u32) -> JsResult {
    set_reg(rt, at, 2, Value::TRUE);
    let iterator = get_reg(rt, at, 0);
    let result = return_or_tdz(rt, iterator)?;
    Ok(if result.is_tdz() { Value::object(rt.new_object()) } else { result })
}

/// `next.call(iterator, arg)` of the block at `at`: the raw result. The pristine array iteration makes its results itself.
pub fn call_next(rt: &mut Rt, at: u32, arg: Value) -> JsResult {
    let (iterator, method) = (get_reg(rt, at, 0), get_reg(rt, at, 1));
    if method.is_int() {
        let v = next(rt, at)?;
        return Ok(rt.new_iter_result(v.unwrap_or(Value::UNDEFINED), v.is_none()));
    }
    rt.call(method, iterator, &[arg])
}

/// (value, done) of an iterator result.
pub fn unwrap(rt: &mut Rt, result: Value) -> JsResult<(Value, bool)> {
    if !result.is_object() {
        throw_result(rt)?;
    }
    let obj = result.as_ref();
    if rt.shape_of(obj) == rt.ctx().realm.iter_result_shape.get() {
        let done: Value = rt.load(obj, OBJ_INTERNAL + 8);
        return Ok((rt.load(obj, OBJ_INTERNAL), rt.to_boolean(done)));
    }
    rt.scoped(|rt| {
        let keep = rt.root(result);
        let done = rt.get_name(result, atoms::done)?;
        let done = rt.to_boolean(done);
        let v = rt.get_name(keep.get(rt), atoms::value)?;
        Ok((v, done))
    })
}

/// TypeError of an iterator result that is no object.
#[cold]
pub fn throw_result(rt: &mut Rt) -> JsResult<()> {
    Err(rt.throw_type("Iterator result is not an object"))
}

/// yield*: forwards throw (1) or return (2) to the inner iterator.
pub fn forward(rt: &mut Rt, at: u32, arg: Value, which: u8) -> JsResult {
    rt.scoped(|rt| {
        let iterator = rt.root(get_reg(rt, at, 0));
        let arg = rt.root(arg);
        let name = if which == 1 { atoms::throw } else { atoms::return_ };
        if get_reg(rt, at, 1).is_int() {
            // The pristine array iterator has neither method.
            if which == 2 {
                return Ok(Value::TDZ);
            }
            return Err(rt.throw_type("The iterator does not provide a 'throw' method"));
        }
        let method = rt.get_method(iterator.get(rt), Key::Name(name))?;
        if !method.is_undefined() {
            return rt.call(method, iterator.get(rt), &[arg.get(rt)]);
        }
        if which == 2 {
            return Ok(Value::TDZ);
        }
        set_reg(rt, at, 2, Value::TRUE);
        let iterator = iterator.get(rt);
        return_or_tdz(rt, iterator)?;
        Err(rt.throw_type("The iterator does not provide a 'throw' method"))
    })
}

/// Appends all values of an iterable to an array literal.
pub fn spread_into(rt: &mut Rt, array: Value, v: Value) -> JsResult<()> {
    if let Some((elements, n)) = rt.dense_array(v)
        && array_iterator::is_pristine(rt, v.as_ref())
        && (0..n).all(|i| !rt.word(elements, i).is_hole())
    {
        for i in 0..n {
            rt.array_push(array.as_ref(), rt.word(elements, i));
        }
        return Ok(());
    }
    rt.scoped(|rt| {
        let array = rt.root(array);
        let (iterator, method) = get_iter(rt, v)?;
        // An iteration block in scratch slots.
        let block = rt.root(iterator);
        rt.root(method);
        rt.root(Value::FALSE);
        while let Some(v) = next(rt, block.offset())? {
            rt.array_push(array.obj(rt), v);
            rt.poll()?;
        }
        Ok(())
    })
}

/// 14.7.5.9 EnumerateObjectProperties: a ForIn object: internal words are the object, the array of keys, the position.
pub fn for_in_prepare(rt: &mut Rt, v: Value) -> JsResult {
    let enumerator = rt.new_of_kind(Kind::ForIn, crate::realm::Intrinsic::ObjectPrototype);
    let slot = rt.root(Value::object(enumerator));
    let result = for_in_fill(rt, v, slot);
    let enumerator = slot.get(rt);
    rt.release_roots(slot.offset());
    result?;
    Ok(enumerator)
}

fn for_in_fill(rt: &mut Rt, v: Value, enumerator: crate::runtime::Slot) -> JsResult<()> {
    rt.set_internal(enumerator.obj(rt), 2, Value::int(0));
    let names = rt.new_array_with_capacity(8);
    rt.set_internal(enumerator.obj(rt), 1, Value::object(names));
    if v.is_nullish() {
        return Ok(());
    }
    let obj = rt.to_object(v)?;
    rt.set_internal(enumerator.obj(rt), 0, Value::object(obj));
    rt.scoped(|rt| {
        let at = rt.root(Value::object(obj));
        let mut first = true;
        let mut seen: Vec<Key> = Vec::new();
        loop {
            let obj = at.obj(rt);
            let keys = rt.own_keys(obj)?;
            let keys = rt.root(Value::object(keys));
            for i in 0..rt.array_len(keys.obj(rt)) {
                let key = rt.word(rt.elements(keys.obj(rt)), i);
                if !key.is_string() {
                    continue;
                }
                let key = rt.key_of_string(key.as_ref());
                let Some(prop) = rt.get_own(at.obj(rt), key)? else { continue };
                if !first && seen.contains(&key) {
                    continue;
                }
                seen.push(key);
                if prop.enumerable() {
                    let name = rt.key_to_value(key);
                    let names = rt.internal(enumerator.obj(rt), 1).as_ref();
                    rt.array_push(names, name);
                }
            }
            let proto = rt.get_prototype_of(at.obj(rt))?;
            if proto.is_null() || only_hidden(rt, proto) {
                return Ok(());
            }
            first = false;
            at.set(rt, Value::object(proto));
        }
    })
}

/// Whether an object and all its prototypes are plain and have nothing enumerable (Object.prototype, Array.prototype, …).
fn only_hidden(rt: &Rt, mut obj: Ref) -> bool {
    use crate::shape::attr;
    while !obj.is_null() {
        if matches!(rt.kind(obj), Kind::Proxy | Kind::Namespace | Kind::TypedArray | Kind::StringObj)
            || !rt.elements(obj).is_null()
        {
            return false;
        }
        let shape = rt.shape_of(obj);
        if (0..rt.shape_count(shape)).any(|i| {
            let (key, info) = rt.shape_entry(shape, i);
            !key.is_null() && info & attr::E != 0 && rt.kind(key) != Kind::Symbol
        }) {
            return false;
        }
        obj = rt.shape_proto(shape);
    }
    true
}

/// Next key that is still present.
pub fn for_in_next(rt: &mut Rt, enumerator: Value) -> JsResult<Option<Value>> {
    expect::enumerator(rt, enumerator)?;
    rt.scoped(|rt| {
        let it = rt.root(enumerator);
        loop {
            let e = it.obj(rt);
            let names = rt.internal(e, 1).as_ref();
            let i = rt.internal(e, 2).as_int() as u32;
            if i >= rt.array_len(names) {
                return Ok(None);
            }
            rt.set_internal(e, 2, Value::int(i as i32 + 1));
            let name = rt.word(rt.elements(names), i);
            let key = rt.key_of_string(name.as_ref());
            let obj = rt.internal(e, 0).as_ref();
            if rt.get_own_fast_present(obj, key) || rt.has_property(obj, key)? {
                let names = rt.internal(it.obj(rt), 1).as_ref();
                return Ok(Some(rt.word(rt.elements(names), i)));
            }
        }
    })
}

impl Rt {
    /// Whether a plain object has an own property (proxies and namespaces: false, ask properly).
    fn get_own_fast_present(&self, obj: Ref, key: Key) -> bool {
        !matches!(self.kind(obj), Kind::Proxy | Kind::Namespace) && self.get_own_plain(obj, key).is_some()
    }
}
