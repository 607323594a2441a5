//! Map and Set iterators (24.1.5, 24.2.6).
//!
//! Internal words: 1 the collection (undefined once exhausted), 2 entries cell, 3 next entry, 4 what it yields.
use super::table::{self, Position};
use crate::builtins::array::access::is_native;
use crate::builtins::array_iterator::Yields;
use crate::builtins::iterate::{IteratorClass, is_iterator, new_iterator};
use crate::builtins::spec::{ClassSpec, Row};
use crate::call::Args;
use crate::heap::layout::Kind;
use crate::realm::Intrinsic;
use crate::runtime::Rt;
use crate::value::{JsResult, Ref, Value};

pub(super) const MAP_ITERATOR: ClassSpec = ClassSpec::prototype(
    Intrinsic::MapIteratorPrototype,
    Intrinsic::IteratorPrototype,
    &[Row::method("next", 0, map_next), Row::tag("Map Iterator")],
);

pub(super) const SET_ITERATOR: ClassSpec = ClassSpec::prototype(
    Intrinsic::SetIteratorPrototype,
    Intrinsic::IteratorPrototype,
    &[Row::method("next", 0, set_next), Row::tag("Set Iterator")],
);

const TARGET: u32 = 1;
const ENTRIES: u32 = 2;
const NEXT: u32 = 3;
const YIELDS: u32 = 4;

/// A new iterator over a Map or Set.
pub fn create(rt: &Rt, collection: Ref, yields: Yields) -> Value {
    let (class, proto) = if rt.kind(collection) == Kind::Map {
        (IteratorClass::Map, Intrinsic::MapIteratorPrototype)
    } else {
        (IteratorClass::Set, Intrinsic::SetIteratorPrototype)
    };
    let it = new_iterator(rt, class, proto);
    let start = Position::start(rt, collection);
    rt.set_internal(it, TARGET, Value::object(collection));
    rt.set_internal(it, ENTRIES, start.entries);
    rt.set_internal(it, NEXT, Value::int(0));
    rt.set_internal(it, YIELDS, yields.word());
    Value::object(it)
}

/// The next value of a Map or Set iterator; None at the end. Runs no JavaScript.
pub fn step(rt: &Rt, it: Ref) -> Option<Value> {
    let collection = rt.internal(it, TARGET).to_obj()?;
    let at = Position { entries: rt.internal(it, ENTRIES), next: rt.internal(it, NEXT).as_int() as u32 };
    let (at, found) = table::advance(rt, collection, at);
    let Some(entry) = found else {
        rt.set_internal(it, TARGET, Value::UNDEFINED);
        rt.set_internal(it, ENTRIES, Value::UNDEFINED);
        return None;
    };
    rt.set_internal(it, ENTRIES, at.entries);
    rt.set_internal(it, NEXT, Value::uint(at.next));
    let key = table::key_at(rt, collection, entry);
    let is_map = rt.kind(collection) == Kind::Map;
    Some(match Yields::of_word(rt.internal(it, YIELDS)) {
        Yields::Keys => key,
        Yields::Values if is_map => table::value_at(rt, collection, entry),
        Yields::Values => key,
        Yields::Entries => {
            let v = if is_map { table::value_at(rt, collection, entry) } else { key };
            Value::object(rt.new_array(&[key, v]))
        }
    })
}

/// Whether `next` is the built-in method of a Map or Set iterator.
#[inline]
pub fn is_next_of(rt: &Rt, it: Ref, next: Value) -> bool {
    let it = Value::object(it);
    (is_iterator(rt, it, IteratorClass::Map) && is_native(rt, next, map_next))
        || (is_iterator(rt, it, IteratorClass::Set) && is_native(rt, next, set_next))
}

fn next(rt: &mut Rt, args: Args, class: IteratorClass) -> JsResult {
    let this = args.this(rt);
    if !is_iterator(rt, this, class) {
        return Err(rt.throw_type("next method called on incompatible receiver"));
    }
    Ok(match step(rt, this.as_ref()) {
        Some(v) => rt.new_iter_result(v, false),
        None => rt.new_iter_result(Value::UNDEFINED, true),
    })
}

/// 24.1.5.2.1 %MapIteratorPrototype%.next ( )
pub fn map_next(rt: &mut Rt, args: Args) -> JsResult {
    next(rt, args, IteratorClass::Map)
}

/// 24.2.6.2.1 %SetIteratorPrototype%.next ( )
pub fn set_next(rt: &mut Rt, args: Args) -> JsResult {
    next(rt, args, IteratorClass::Set)
}
