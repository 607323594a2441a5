//! Array iterators (23.1.5), also those of typed arrays.
//!
//! Internal words: 1 the array (undefined once exhausted), 2 next index, 3 what it yields.
use super::array::access::{self, booted_slot, this_object};
use super::iterate::{IteratorClass, is_iterator, new_iterator};
use super::spec::{ClassSpec, Row};
use super::{collections, typed_array};
use crate::call::Args;
use crate::heap::layout::*;
use crate::realm::{Intrinsic, WellKnown};
use crate::runtime::Rt;
use crate::string::atoms;
use crate::value::{JsResult, Ref, Value};

/// Tables of this file.
pub const CLASSES: &[&ClassSpec] = &[&ARRAY_ITERATOR];

// `next` is the first row: `is_pristine` looks there first.
const ARRAY_ITERATOR: ClassSpec = ClassSpec::prototype(
    Intrinsic::ArrayIteratorPrototype,
    Intrinsic::IteratorPrototype,
    &[Row::intrinsic("next", 0, next, Intrinsic::ArrayIteratorNext), Row::tag("Array Iterator")],
);

const TARGET: u32 = 1;
const INDEX: u32 = 2;
const YIELDS: u32 = 3;

/// What an iterator over indexed or keyed entries yields.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum Yields {
    /// Indices or keys.
    Keys = 0,
    /// Values.
    Values = 1,
    /// `[key, value]`
    Entries = 2,
}

impl Yields {
    /// As kept in an internal word.
    pub const fn word(self) -> Value {
        Value::int(self as i32)
    }

    /// From an internal word.
    pub const fn of_word(v: Value) -> Yields {
        match v.as_int() {
            0 => Yields::Keys,
            1 => Yields::Values,
            _ => Yields::Entries,
        }
    }
}

/// 23.1.5.1 CreateArrayIterator ( array, kind )
pub fn create(rt: &Rt, array: Ref, yields: Yields) -> Value {
    let it = new_iterator(rt, IteratorClass::Array, Intrinsic::ArrayIteratorPrototype);
    rt.set_internal(it, TARGET, Value::object(array));
    rt.set_internal(it, INDEX, Value::int(0));
    rt.set_internal(it, YIELDS, yields.word());
    Value::object(it)
}

/// Whether `for (x of array)` sees nothing but the elements: an Array whose iterator and whose iterators' `next` are as
/// booted. Checked by looking at the slots, so nothing has to be told when a script changes them.
pub fn is_pristine(rt: &Rt, array: Ref) -> bool {
    if rt.kind(array) != Kind::Array {
        return false;
    }
    let shape = rt.shape_of(array);
    let array_proto = rt.intrinsic(Intrinsic::ArrayPrototype);
    let iterator = rt.symbol(WellKnown::Iterator);
    rt.shape_proto(shape) == array_proto
        && (rt.shape_count(shape) == 0 || rt.shape_find(shape, iterator).is_none())
        && protocol_is_pristine(rt)
}

/// Whether Array.prototype\[Symbol.iterator\] and %ArrayIteratorPrototype%.next are as booted.
pub fn protocol_is_pristine(rt: &Rt) -> bool {
    let iterator = rt.symbol(WellKnown::Iterator);
    let values = booted_slot(rt, rt.intrinsic(Intrinsic::ArrayPrototype), 2, iterator);
    let next = booted_slot(rt, rt.intrinsic(Intrinsic::ArrayIteratorPrototype), 0, atoms::next);
    values == Value::object(rt.intrinsic(Intrinsic::ArrayProtoValues))
        && next == Value::object(rt.intrinsic(Intrinsic::ArrayIteratorNext))
}

/// 23.1.3.38 Array.prototype.values ( )
pub fn values(rt: &mut Rt, args: Args) -> JsResult {
    let o = this_object(rt, args)?;
    Ok(create(rt, o.obj(rt), Yields::Values))
}

/// 23.1.3.19 Array.prototype.keys ( )
pub fn keys(rt: &mut Rt, args: Args) -> JsResult {
    let o = this_object(rt, args)?;
    Ok(create(rt, o.obj(rt), Yields::Keys))
}

/// 23.1.3.5 Array.prototype.entries ( )
pub fn entries(rt: &mut Rt, args: Args) -> JsResult {
    let o = this_object(rt, args)?;
    Ok(create(rt, o.obj(rt), Yields::Entries))
}

/// 23.1.5.2.1 %ArrayIteratorPrototype%.next ( )
pub fn next(rt: &mut Rt, args: Args) -> JsResult {
    let this = args.this(rt);
    if !is_iterator(rt, this, IteratorClass::Array) {
        return Err(rt.throw_type("next method called on incompatible receiver"));
    }
    Ok(match step(rt, this.as_ref())? {
        Some(v) => rt.new_iter_result(v, false),
        None => rt.new_iter_result(Value::UNDEFINED, true),
    })
}

/// The next value of an array iterator; None at the end.
pub fn step(rt: &mut Rt, it: Ref) -> JsResult<Option<Value>> {
    let target = rt.internal(it, TARGET);
    if target.is_undefined() {
        return Ok(None);
    }
    rt.scoped(|rt| {
        let it = rt.root(Value::object(it));
        let index = rt.internal(it.obj(rt), INDEX).as_number() as u64;
        let len = if rt.is_kind(target, Kind::TypedArray) {
            u64::from(typed_array::checked_length(rt, target.as_ref())?)
        } else {
            rt.length_of(target.as_ref())? as u64
        };
        let obj = it.obj(rt);
        if index >= len {
            rt.set_internal(obj, TARGET, Value::UNDEFINED);
            return Ok(None);
        }
        rt.set_internal(obj, INDEX, access::index_value(index + 1));
        let yields = Yields::of_word(rt.internal(obj, YIELDS));
        if yields == Yields::Keys {
            return Ok(Some(access::index_value(index)));
        }
        let target = rt.internal(obj, TARGET);
        let target = rt.root(target);
        let v = access::get(rt, target, index)?;
        if yields == Yields::Values {
            return Ok(Some(v));
        }
        let pair = rt.new_array(&[access::index_value(index), v]);
        Ok(Some(Value::object(pair)))
    })
}

/// The next value of an array, Map or Set iterator whose `next` is the built-in one, without a result object; `None`: not
/// such an iterator, `next` must be called.
#[inline]
pub fn step_unboxed(rt: &mut Rt, iterator: Value, next_method: Value) -> Option<JsResult<Option<Value>>> {
    if !rt.is_kind(iterator, Kind::Iterator) {
        return None;
    }
    let it = iterator.as_ref();
    if is_iterator(rt, iterator, IteratorClass::Array) {
        return access::is_native(rt, next_method, next).then(|| step(rt, it));
    }
    collections::is_next_of(rt, it, next_method).then(|| Ok(collections::step_iterator(rt, it)))
}
