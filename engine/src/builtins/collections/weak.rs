//! WeakMap and WeakSet objects (24.3, 24.4). A collection drops the entries whose keys nothing else reaches
//! (`heap/weak.rs`).
use super::map::{add_entries, value_or_compute, value_or_insert};
use super::set::add_values;
use super::table;
use super::{construct, this_of};
use crate::builtins::array::access::callable;
use crate::builtins::spec::{ClassSpec, Row};
use crate::call::Args;
use crate::heap::layout::Kind;
use crate::realm::Intrinsic;
use crate::runtime::Rt;
use crate::value::{JsResult, Ref, Thrown, Value};

pub(super) const WEAK_MAP: ClassSpec = ClassSpec::class(
    "WeakMap",
    new_map,
    0,
    Intrinsic::WeakMap,
    Intrinsic::WeakMapPrototype,
    &[],
    &[
        Row::method("delete", 1, map_delete),
        Row::method("get", 1, map_get),
        Row::method("getOrInsert", 2, map_get_or_insert),
        Row::method("getOrInsertComputed", 2, map_get_or_insert_computed),
        Row::method("has", 1, map_has),
        Row::method("set", 2, map_set),
        Row::tag("WeakMap"),
    ],
);

pub(super) const WEAK_SET: ClassSpec = ClassSpec::class(
    "WeakSet",
    new_set,
    0,
    Intrinsic::WeakSet,
    Intrinsic::WeakSetPrototype,
    &[],
    &[
        Row::method("add", 1, set_add),
        Row::method("delete", 1, set_delete),
        Row::method("has", 1, set_has),
        Row::tag("WeakSet"),
    ],
);

/// 9.14 CanBeHeldWeakly ( v ): objects, and symbols that are not in the registry.
pub(super) fn can_be_held_weakly(rt: &Rt, v: Value) -> bool {
    v.is_object() || (v.is_symbol() && !is_registered(rt, v))
}

/// Whether `Symbol.for` made a symbol: the registry has it under its description.
fn is_registered(rt: &Rt, symbol: Value) -> bool {
    let registry = rt.ctx().mutable.symbol_registry.get();
    let description: Value = rt.load(symbol.as_ref(), 16);
    if registry.is_null() || !description.is_string() {
        return false;
    }
    let key = rt.key_of_string(description.as_ref());
    rt.get_own_plain(registry, key).is_some_and(|known| known.value == symbol)
}

#[cold]
pub(super) fn throw_not_weak(rt: &mut Rt, v: Value) -> Thrown {
    let what = rt.describe_callee(v);
    rt.throw_type(&format!("{what} cannot be held weakly"))
}

/// 24.3.1.1 WeakMap ( \[ iterable \] )
fn new_map(rt: &mut Rt, args: Args) -> JsResult {
    let map = construct(rt, args, Kind::WeakMap, Intrinsic::WeakMapPrototype)?;
    add_entries(rt, args, map, map_set)?;
    Ok(map.get(rt))
}

/// 24.3.3.2 WeakMap.prototype.delete ( key )
fn map_delete(rt: &mut Rt, args: Args) -> JsResult {
    let map = this_of(rt, args, Kind::WeakMap)?;
    Ok(Value::bool(table::remove(rt, map, table::canonical(args.get(rt, 0)))))
}

/// 24.3.3.3 WeakMap.prototype.get ( key )
fn map_get(rt: &mut Rt, args: Args) -> JsResult {
    let map = this_of(rt, args, Kind::WeakMap)?;
    Ok(table::get(rt, map, table::canonical(args.get(rt, 0))).unwrap_or(Value::UNDEFINED))
}

/// `this` and argument 0, checked to be a key.
fn this_and_key(rt: &mut Rt, args: Args) -> JsResult<(Ref, Value)> {
    let map = this_of(rt, args, Kind::WeakMap)?;
    let key = args.get(rt, 0);
    if can_be_held_weakly(rt, key) { Ok((map, key)) } else { Err(throw_not_weak(rt, key)) }
}

/// WeakMap.prototype.getOrInsert ( key, value ) (ES2026 draft)
fn map_get_or_insert(rt: &mut Rt, args: Args) -> JsResult {
    let (map, key) = this_and_key(rt, args)?;
    Ok(value_or_insert(rt, args, map, key))
}

/// WeakMap.prototype.getOrInsertComputed ( key, callback ) (ES2026 draft)
fn map_get_or_insert_computed(rt: &mut Rt, args: Args) -> JsResult {
    let (map, key) = this_and_key(rt, args)?;
    callable(rt, args, 1)?;
    value_or_compute(rt, args, map, key)
}

/// 24.3.3.4 WeakMap.prototype.has ( key )
fn map_has(rt: &mut Rt, args: Args) -> JsResult {
    let map = this_of(rt, args, Kind::WeakMap)?;
    Ok(Value::bool(table::find(rt, map, table::canonical(args.get(rt, 0))).is_some()))
}

/// 24.3.3.5 WeakMap.prototype.set ( key, value )
fn map_set(rt: &mut Rt, args: Args) -> JsResult {
    let (map, key) = this_and_key(rt, args)?;
    table::put(rt, map, key, args.get(rt, 1));
    Ok(args.this(rt))
}

/// 24.4.1.1 WeakSet ( \[ iterable \] )
fn new_set(rt: &mut Rt, args: Args) -> JsResult {
    let set = construct(rt, args, Kind::WeakSet, Intrinsic::WeakSetPrototype)?;
    add_values(rt, args, set, set_add)?;
    Ok(set.get(rt))
}

/// 24.4.3.1 WeakSet.prototype.add ( value )
fn set_add(rt: &mut Rt, args: Args) -> JsResult {
    let set = this_of(rt, args, Kind::WeakSet)?;
    let v = args.get(rt, 0);
    if !can_be_held_weakly(rt, v) {
        return Err(throw_not_weak(rt, v));
    }
    table::put(rt, set, v, Value::UNDEFINED);
    Ok(args.this(rt))
}

/// 24.4.3.3 WeakSet.prototype.delete ( value )
fn set_delete(rt: &mut Rt, args: Args) -> JsResult {
    let set = this_of(rt, args, Kind::WeakSet)?;
    Ok(Value::bool(table::remove(rt, set, table::canonical(args.get(rt, 0)))))
}

/// 24.4.3.4 WeakSet.prototype.has ( value )
fn set_has(rt: &mut Rt, args: Args) -> JsResult {
    let set = this_of(rt, args, Kind::WeakSet)?;
    Ok(Value::bool(table::find(rt, set, table::canonical(args.get(rt, 0))).is_some()))
}
