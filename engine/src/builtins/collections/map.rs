//! Map objects (24.1).
use super::table::{self, Position};
use super::{construct, species, this_of};
use crate::builtins::array::access::{callable, index_value, is_native};
use crate::builtins::array_iterator::Yields;
use crate::builtins::iterate;
use crate::builtins::spec::{ClassSpec, Row};
use crate::call::Args;
use crate::heap::layout::Kind;
use crate::object::Key;
use crate::realm::{Intrinsic, WellKnown};
use crate::runtime::{Rt, Slot};
use crate::string::atoms;
use crate::value::{JsResult, Ref, Value};

pub(super) const MAP: ClassSpec = ClassSpec::class(
    "Map",
    new,
    0,
    Intrinsic::Map,
    Intrinsic::MapPrototype,
    &[Row::symbol_getter(WellKnown::Species, "[Symbol.species]", species), Row::method("groupBy", 2, group_by)],
    &[
        Row::method("get", 1, get),
        Row::method("set", 2, set),
        Row::method("getOrInsert", 2, get_or_insert),
        Row::method("getOrInsertComputed", 2, get_or_insert_computed),
        Row::method("has", 1, has),
        Row::method("delete", 1, delete),
        Row::method("clear", 0, clear),
        Row::getter("size", size),
        Row::method("forEach", 1, for_each),
        Row::method("entries", 0, entries),
        Row::method("keys", 0, keys),
        Row::method("values", 0, values),
        Row::symbol_alias(WellKnown::Iterator, "entries"),
        Row::tag("Map"),
    ],
);

/// A new empty Map.
pub fn new_map(rt: &Rt) -> Ref {
    rt.new_of_kind(Kind::Map, Intrinsic::MapPrototype)
}

/// 24.1.1.1 Map ( \[ iterable \] )
fn new(rt: &mut Rt, args: Args) -> JsResult {
    let map = construct(rt, args, Kind::Map, Intrinsic::MapPrototype)?;
    add_entries(rt, args, map, set)?;
    Ok(map.get(rt))
}

/// 24.1.1.2 AddEntriesFromIterable, with the adder looked up as `set`; `pristine` is the built-in one.
pub(super) fn add_entries(rt: &mut Rt, args: Args, map: Slot, pristine: crate::call::Native) -> JsResult<()> {
    let iterable = args.get(rt, 0);
    if iterable.is_nullish() {
        return Ok(());
    }
    let adder = rt.get_name(map.get(rt), atoms::set)?;
    if !rt.is_callable(adder) {
        return Err(rt.throw_type("'set' of the new collection is not a function"));
    }
    // WeakMap's `set` checks its keys, so only Map's is bypassed.
    let direct = is_native(rt, adder, pristine) && rt.is_kind(map.get(rt), Kind::Map);
    let adder = rt.root(adder);
    let iterable = args.get(rt, 0);
    iterate::for_each(rt, iterable, &mut |rt, item| {
        if !item.is_object() {
            let what = rt.describe_callee(item);
            return Err(rt.throw_type(&format!("Iterator value {what} is not an entry object")));
        }
        let mark = rt.roots_mark();
        let item = rt.root(item);
        let key = rt.get_index(item.get(rt), 0)?;
        let key = rt.root(key);
        let v = rt.get_index(item.get(rt), 1)?;
        let key = key.get(rt);
        if direct {
            table::put(rt, map.obj(rt), table::canonical(key), v);
        } else {
            let (f, this) = (adder.get(rt), map.get(rt));
            rt.call(f, this, &[key, v])?;
        }
        rt.release_roots(mark);
        Ok(true)
    })
}

/// 24.1.2.1 Map.groupBy ( items, callback )
fn group_by(rt: &mut Rt, args: Args) -> JsResult {
    let items = args.get(rt, 0);
    if items.is_nullish() {
        return Err(rt.throw_type("Map.groupBy called on null or undefined"));
    }
    callable(rt, args, 1)?;
    let map = new_map(rt);
    let map = rt.root(Value::object(map));
    let mut k = 0;
    iterate::for_each(rt, items, &mut |rt, v| {
        let mark = rt.roots_mark();
        let item = rt.root(v);
        let f = args.get(rt, 1);
        let key = rt.call(f, Value::UNDEFINED, &[v, index_value(k)])?;
        let (key, map) = (table::canonical(key), map.obj(rt));
        let v = item.get(rt);
        match table::get(rt, map, key) {
            Some(group) => rt.array_push(group.as_ref(), v),
            None => table::put(rt, map, key, Value::object(rt.new_array(&[v]))),
        }
        k += 1;
        rt.release_roots(mark);
        Ok(true)
    })?;
    Ok(map.get(rt))
}

/// 24.1.3.6 Map.prototype.get ( key )
pub fn get(rt: &mut Rt, args: Args) -> JsResult {
    let map = this_of(rt, args, Kind::Map)?;
    let key = table::canonical(args.get(rt, 0));
    Ok(table::get(rt, map, key).unwrap_or(Value::UNDEFINED))
}

/// 24.1.3.9 Map.prototype.set ( key, value )
pub fn set(rt: &mut Rt, args: Args) -> JsResult {
    let map = this_of(rt, args, Kind::Map)?;
    let key = table::canonical(args.get(rt, 0));
    table::put(rt, map, key, args.get(rt, 1));
    Ok(args.this(rt))
}

/// Map.prototype.getOrInsert ( key, value ) (ES2026 draft)
fn get_or_insert(rt: &mut Rt, args: Args) -> JsResult {
    let map = this_of(rt, args, Kind::Map)?;
    let key = table::canonical(args.get(rt, 0));
    Ok(value_or_insert(rt, args, map, key))
}

/// The value of a key, after argument 1 was added for it if it was absent.
pub(super) fn value_or_insert(rt: &Rt, args: Args, map: Ref, key: Value) -> Value {
    table::get(rt, map, key).unwrap_or_else(|| {
        table::put(rt, map, key, args.get(rt, 1));
        args.get(rt, 1)
    })
}

/// Map.prototype.getOrInsertComputed ( key, callback ) (ES2026 draft)
fn get_or_insert_computed(rt: &mut Rt, args: Args) -> JsResult {
    let map = this_of(rt, args, Kind::Map)?;
    callable(rt, args, 1)?;
    let key = table::canonical(args.get(rt, 0));
    value_or_compute(rt, args, map, key)
}

/// The value of a key, computed by argument 1 and added if it is absent.
pub(super) fn value_or_compute(rt: &mut Rt, args: Args, map: Ref, key: Value) -> JsResult {
    if let Some(v) = table::get(rt, map, key) {
        return Ok(v);
    }
    let key = rt.root(key);
    let (f, k) = (args.get(rt, 1), key.get(rt));
    let v = rt.call(f, Value::UNDEFINED, &[k])?;
    table::put(rt, args.this(rt).as_ref(), key.get(rt), v);
    Ok(v)
}

/// 24.1.3.7 Map.prototype.has ( key )
pub fn has(rt: &mut Rt, args: Args) -> JsResult {
    let map = this_of(rt, args, Kind::Map)?;
    let key = table::canonical(args.get(rt, 0));
    Ok(Value::bool(table::find(rt, map, key).is_some()))
}

/// 24.1.3.3 Map.prototype.delete ( key )
fn delete(rt: &mut Rt, args: Args) -> JsResult {
    let map = this_of(rt, args, Kind::Map)?;
    let key = table::canonical(args.get(rt, 0));
    Ok(Value::bool(table::remove(rt, map, key)))
}

/// 24.1.3.1 Map.prototype.clear ( )
fn clear(rt: &mut Rt, args: Args) -> JsResult {
    let map = this_of(rt, args, Kind::Map)?;
    table::clear(rt, map);
    Ok(Value::UNDEFINED)
}

/// 24.1.3.10 get Map.prototype.size
fn size(rt: &mut Rt, args: Args) -> JsResult {
    let map = this_of(rt, args, Kind::Map)?;
    Ok(Value::uint(table::len(rt, map)))
}

/// 24.1.3.5 Map.prototype.forEach ( callback \[ , thisArg \] )
fn for_each(rt: &mut Rt, args: Args) -> JsResult {
    this_of(rt, args, Kind::Map)?;
    callable(rt, args, 0)?;
    visit(rt, args)
}

/// Calls the callback for every entry of `this`, a Map or a Set.
pub(super) fn visit(rt: &mut Rt, args: Args) -> JsResult {
    let start = Position::start(rt, args.this(rt).as_ref());
    let entries = rt.root(start.entries);
    let mut next = 0;
    loop {
        let this = args.this(rt);
        let collection = this.as_ref();
        let (at, found) = table::advance(rt, collection, Position { entries: entries.get(rt), next });
        let Some(entry) = found else { return Ok(Value::UNDEFINED) };
        entries.set(rt, at.entries);
        next = at.next;
        let key = table::key_at(rt, collection, entry);
        let v = if rt.kind(collection) == Kind::Map { table::value_at(rt, collection, entry) } else { key };
        let (f, receiver) = (args.get(rt, 0), args.get(rt, 1));
        if next & 0x3FF == 0 {
            rt.poll()?;
        }
        rt.call(f, receiver, &[v, key, this])?;
    }
}

/// 24.1.3.4 Map.prototype.entries ( )
fn entries(rt: &mut Rt, args: Args) -> JsResult {
    let map = this_of(rt, args, Kind::Map)?;
    Ok(super::create_iterator(rt, map, Yields::Entries))
}

/// 24.1.3.8 Map.prototype.keys ( )
fn keys(rt: &mut Rt, args: Args) -> JsResult {
    let map = this_of(rt, args, Kind::Map)?;
    Ok(super::create_iterator(rt, map, Yields::Keys))
}

/// 24.1.3.11 Map.prototype.values ( )
fn values(rt: &mut Rt, args: Args) -> JsResult {
    let map = this_of(rt, args, Kind::Map)?;
    Ok(super::create_iterator(rt, map, Yields::Values))
}

/// Whether iterating a Map sees nothing but its entries (no script changed the protocol of maps).
pub fn is_pristine(rt: &Rt, map: Ref) -> bool {
    let shape = rt.shape_of(map);
    let proto = rt.intrinsic(Intrinsic::MapPrototype);
    let iterator = rt.symbol(WellKnown::Iterator);
    let slot = |obj: Ref, key: Ref| rt.get_own_plain(obj, Key::Name(key)).map_or(Value::UNDEFINED, |p| p.value);
    rt.kind(map) == Kind::Map
        && rt.shape_proto(shape) == proto
        && rt.shape_find(shape, iterator).is_none()
        && is_native(rt, slot(proto, iterator), entries)
        && is_native(rt, slot(rt.intrinsic(Intrinsic::MapIteratorPrototype), atoms::next), super::iterator::map_next)
}
