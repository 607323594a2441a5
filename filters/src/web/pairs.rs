//! Lists of name and value pairs: their iterators, `forEach`, and reading one from a script's value. Shared by `Headers`
//! and `URLSearchParams`.
use crate::object::{self, Class, field, set_field, this_of};
use crate::seam;
use lockgate_engine::builtins::spec::{ClassSpec, Row};
use lockgate_engine::call::Args;
use lockgate_engine::object::Key;
use lockgate_engine::realm::{Intrinsic, WellKnown};
use lockgate_engine::runtime::Rt;
use lockgate_engine::value::{JsResult, Ref, Value};

/// What an iterator yields.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(i32)]
pub enum What {
    /// `[name, value]`
    Entries,
    /// Names.
    Keys,
    /// Values.
    Values,
}

/// The iterators' prototype. Fields: 0 = flat Array, 1 = next index, 2 = [`What`].
pub const CLASS: ClassSpec = ClassSpec::prototype(
    Intrinsic::Host25,
    Intrinsic::IteratorPrototype,
    &[Row::method("next", 0, next).enumerable(), Row::tag("Iterator")],
);

/// An iterator over a flat Array of name, value, name, value…
pub fn new_iterator(rt: &Rt, flat: Ref, what: What) -> Value {
    let iterator = object::new_host(rt, Class::PairIterator, rt.intrinsic(Intrinsic::Host25));
    set_field(rt, iterator, 0, Value::object(flat));
    set_field(rt, iterator, 1, Value::int(0));
    set_field(rt, iterator, 2, Value::int(what as i32));
    Value::object(iterator)
}

/// `next()`
fn next(rt: &mut Rt, args: Args) -> JsResult {
    let iterator = this_of(rt, args, Class::PairIterator)?;
    let flat = field(rt, iterator, 0).as_ref();
    let at = field(rt, iterator, 1).as_int() as u32;
    if at + 1 >= rt.array_len(flat) {
        return Ok(rt.new_iter_result(Value::UNDEFINED, true));
    }
    set_field(rt, iterator, 1, Value::int(at as i32 + 2));
    let elements = rt.elements(flat);
    let (name, value) = (rt.word(elements, at), rt.word(elements, at + 1));
    let v = match field(rt, iterator, 2).as_int() {
        0 => Value::object(rt.new_array(&[name, value])),
        1 => name,
        _ => value,
    };
    Ok(rt.new_iter_result(v, false))
}

/// `forEach(callback, thisArg)` over a flat Array; the callback gets value, name and `this`.
pub fn for_each(rt: &mut Rt, args: Args, flat: Ref) -> JsResult {
    if !rt.is_callable(args.get(rt, 0)) {
        return Err(rt.throw_type("forEach needs a function"));
    }
    let flat = rt.root(Value::object(flat));
    let mut i = 0;
    while i + 1 < rt.array_len(flat.obj(rt)) {
        let elements = rt.elements(flat.obj(rt));
        let call = [rt.word(elements, i + 1), rt.word(elements, i), args.this(rt)];
        rt.call(args.get(rt, 0), args.get(rt, 1), &call)?;
        i += 2;
    }
    Ok(Value::UNDEFINED)
}

/// Calls `f` with every pair of a sequence of pairs or of a record's own enumerable properties.
pub fn each_pair(rt: &mut Rt, init: Value, f: &mut dyn FnMut(&mut Rt, Value, Value) -> JsResult<()>) -> JsResult<()> {
    rt.scoped(|rt| {
        let source = rt.root(init);
        let iterator = Key::Name(rt.symbol(WellKnown::Iterator));
        if rt.get_method(init, iterator)?.is_undefined() {
            return each_property(rt, source.get(rt), f);
        }
        let init = source.get(rt);
        seam::for_each(rt, init, &mut |rt, pair| {
            rt.scoped(|rt| {
                if !pair.is_object() {
                    return Err(rt.throw_type("each pair must be an array of a name and a value"));
                }
                let keep = rt.root(pair);
                if rt.length_of(pair.as_ref())? != 2.0 {
                    return Err(rt.throw_type("each pair must have exactly a name and a value"));
                }
                let pair = keep.get(rt);
                let name = rt.get_index(pair, 0)?;
                let name = rt.root(name);
                let pair = keep.get(rt);
                let value = rt.get_index(pair, 1)?;
                f(rt, name.get(rt), value)?;
                Ok(true)
            })
        })
    })
}

/// Calls `f` with every own enumerable property whose key is a string.
pub fn each_property(
    rt: &mut Rt,
    source: Value,
    f: &mut dyn FnMut(&mut Rt, Value, Value) -> JsResult<()>,
) -> JsResult<()> {
    rt.scoped(|rt| {
        let source = rt.root(source);
        let keys = rt.own_keys(source.obj(rt))?;
        let keys = rt.root(Value::object(keys));
        let mark = rt.roots_mark();
        let mut i = 0;
        while i < rt.array_len(keys.obj(rt)) {
            let name = rt.word(rt.elements(keys.obj(rt)), i);
            i += 1;
            if name.is_string() {
                let name = rt.root(name);
                let key = rt.key_of_string(name.obj(rt));
                if rt.get_own(source.obj(rt), key)?.is_some_and(|p| p.enumerable()) {
                    let key = rt.key_of_string(name.obj(rt));
                    let v = source.get(rt);
                    let v = rt.get(v, key)?;
                    f(rt, name.get(rt), v)?;
                }
            }
            rt.release_roots(mark);
        }
        Ok(())
    })
}
