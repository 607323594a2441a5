//! Set objects (24.2).
use super::table;
use super::{construct, set_methods, species, this_of};
use crate::builtins::array::access::{callable, is_native};
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

pub(super) const SET: ClassSpec = ClassSpec::class(
    "Set",
    new,
    0,
    Intrinsic::Set,
    Intrinsic::SetPrototype,
    &[Row::symbol_getter(WellKnown::Species, "[Symbol.species]", species)],
    &[
        Row::method("has", 1, has),
        Row::method("add", 1, add),
        Row::method("delete", 1, delete),
        Row::method("clear", 0, clear),
        Row::method("entries", 0, entries),
        Row::method("forEach", 1, for_each),
        Row::getter("size", size),
        Row::method("values", 0, values),
        Row::alias("keys", "values"),
        Row::symbol_alias(WellKnown::Iterator, "values"),
        Row::method("difference", 1, set_methods::difference),
        Row::method("intersection", 1, set_methods::intersection),
        Row::method("isDisjointFrom", 1, set_methods::is_disjoint_from),
        Row::method("isSubsetOf", 1, set_methods::is_subset_of),
        Row::method("isSupersetOf", 1, set_methods::is_superset_of),
        Row::method("symmetricDifference", 1, set_methods::symmetric_difference),
        Row::method("union", 1, set_methods::union),
        Row::tag("Set"),
    ],
);

/// A new empty Set.
pub fn new_set(rt: &Rt) -> Ref {
    rt.new_of_kind(Kind::Set, Intrinsic::SetPrototype)
}

/// 24.2.2.1 Set ( \[ iterable \] )
fn new(rt: &mut Rt, args: Args) -> JsResult {
    let set = construct(rt, args, Kind::Set, Intrinsic::SetPrototype)?;
    add_values(rt, args, set, add)?;
    Ok(set.get(rt))
}

/// Adds the values of argument 0 with the method `add` of the new collection; `pristine` is the built-in one.
pub(super) fn add_values(rt: &mut Rt, args: Args, set: Slot, pristine: crate::call::Native) -> JsResult<()> {
    let iterable = args.get(rt, 0);
    if iterable.is_nullish() {
        return Ok(());
    }
    let adder = rt.get_name(set.get(rt), atoms::add)?;
    if !rt.is_callable(adder) {
        return Err(rt.throw_type("'add' of the new collection is not a function"));
    }
    let direct = is_native(rt, adder, pristine) && rt.is_kind(set.get(rt), Kind::Set);
    let iterable = args.get(rt, 0);
    if direct && rt.is_kind(iterable, Kind::Set) && is_pristine(rt, iterable.as_ref()) {
        table::copy(rt, iterable.as_ref(), set.obj(rt));
        return Ok(());
    }
    let adder = rt.root(adder);
    iterate::for_each(rt, iterable, &mut |rt, v| {
        if direct {
            table::put(rt, set.obj(rt), table::canonical(v), Value::UNDEFINED);
        } else {
            let (f, this) = (adder.get(rt), set.get(rt));
            rt.call(f, this, &[v])?;
        }
        Ok(true)
    })
}

/// 24.2.4.8 Set.prototype.has ( value )
pub fn has(rt: &mut Rt, args: Args) -> JsResult {
    let set = this_of(rt, args, Kind::Set)?;
    let v = table::canonical(args.get(rt, 0));
    Ok(Value::bool(table::find(rt, set, v).is_some()))
}

/// 24.2.4.1 Set.prototype.add ( value )
pub fn add(rt: &mut Rt, args: Args) -> JsResult {
    let set = this_of(rt, args, Kind::Set)?;
    let v = table::canonical(args.get(rt, 0));
    table::put(rt, set, v, Value::UNDEFINED);
    Ok(args.this(rt))
}

/// 24.2.4.4 Set.prototype.delete ( value )
fn delete(rt: &mut Rt, args: Args) -> JsResult {
    let set = this_of(rt, args, Kind::Set)?;
    let v = table::canonical(args.get(rt, 0));
    Ok(Value::bool(table::remove(rt, set, v)))
}

/// 24.2.4.2 Set.prototype.clear ( )
fn clear(rt: &mut Rt, args: Args) -> JsResult {
    let set = this_of(rt, args, Kind::Set)?;
    table::clear(rt, set);
    Ok(Value::UNDEFINED)
}

/// 24.2.4.14 get Set.prototype.size
pub(super) fn size(rt: &mut Rt, args: Args) -> JsResult {
    let set = this_of(rt, args, Kind::Set)?;
    Ok(Value::uint(table::len(rt, set)))
}

/// 24.2.4.7 Set.prototype.forEach ( callback \[ , thisArg \] )
fn for_each(rt: &mut Rt, args: Args) -> JsResult {
    this_of(rt, args, Kind::Set)?;
    callable(rt, args, 0)?;
    super::map::visit(rt, args)
}

/// 24.2.4.6 Set.prototype.entries ( )
fn entries(rt: &mut Rt, args: Args) -> JsResult {
    let set = this_of(rt, args, Kind::Set)?;
    Ok(super::create_iterator(rt, set, Yields::Entries))
}

/// 24.2.4.17 Set.prototype.values ( )
pub(super) fn values(rt: &mut Rt, args: Args) -> JsResult {
    let set = this_of(rt, args, Kind::Set)?;
    Ok(super::create_iterator(rt, set, Yields::Values))
}

/// Whether iterating a Set sees nothing but its values (no script changed the protocol of sets).
pub fn is_pristine(rt: &Rt, set: Ref) -> bool {
    let shape = rt.shape_of(set);
    let proto = rt.intrinsic(Intrinsic::SetPrototype);
    let iterator = rt.symbol(WellKnown::Iterator);
    let slot = |obj: Ref, key: Ref| rt.get_own_plain(obj, Key::Name(key)).map_or(Value::UNDEFINED, |p| p.value);
    rt.kind(set) == Kind::Set
        && rt.shape_proto(shape) == proto
        && rt.shape_find(shape, iterator).is_none()
        && is_native(rt, slot(proto, iterator), values)
        && next_is_pristine(rt)
}

/// Whether %SetIteratorPrototype%.next is as booted.
pub(super) fn next_is_pristine(rt: &Rt) -> bool {
    let proto = rt.intrinsic(Intrinsic::SetIteratorPrototype);
    rt.get_own_plain(proto, Key::Name(atoms::next)).is_some_and(|p| is_native(rt, p.value, super::iterator::set_next))
}
