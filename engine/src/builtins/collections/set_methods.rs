//! Set methods that combine two sets (24.2.4).
use super::set::new_set;
use super::set_record::SetRecord;
use super::table::{self, Position};
use super::this_of;
use crate::call::Args;
use crate::heap::layout::Kind;
use crate::runtime::{Rt, Slot};
use crate::value::{JsResult, Value};

/// `this` and the other operand.
fn operands(rt: &mut Rt, args: Args) -> JsResult<(Slot, SetRecord)> {
    let this = this_of(rt, args, Kind::Set)?;
    let this = rt.root(Value::object(this));
    let other = SetRecord::of_argument(rt, args)?;
    Ok((this, other))
}

fn size(rt: &Rt, set: Slot) -> f64 {
    f64::from(table::len(rt, set.obj(rt)))
}

fn contains(rt: &Rt, set: Slot, v: Value) -> bool {
    table::find(rt, set.obj(rt), table::canonical(v)).is_some()
}

fn insert(rt: &Rt, set: Slot, v: Value) {
    table::put(rt, set.obj(rt), table::canonical(v), Value::UNDEFINED);
}

fn empty(rt: &mut Rt) -> Slot {
    let set = new_set(rt);
    rt.root(Value::object(set))
}

fn copy_of(rt: &mut Rt, set: Slot) -> Slot {
    let copy = empty(rt);
    table::copy(rt, set.obj(rt), copy.obj(rt));
    copy
}

/// Asks `f` about every value of a set, which scripts may change meanwhile, until it returns false.
fn for_each_value(rt: &mut Rt, set: Slot, f: &mut dyn FnMut(&mut Rt, Slot) -> JsResult<bool>) -> JsResult<()> {
    let start = Position::start(rt, set.obj(rt));
    let entries = rt.root(start.entries);
    let value = rt.root(Value::UNDEFINED);
    let mark = rt.roots_mark();
    let mut next = 0;
    loop {
        let (at, found) = table::advance(rt, set.obj(rt), Position { entries: entries.get(rt), next });
        let Some(entry) = found else { return Ok(()) };
        entries.set(rt, at.entries);
        next = at.next;
        let v = table::key_at(rt, set.obj(rt), entry);
        value.set(rt, v);
        if next & 0x3FF == 0 {
            rt.poll()?;
        }
        if !f(rt, value)? {
            return Ok(());
        }
        rt.release_roots(mark);
    }
}

/// 24.2.4.16 Set.prototype.union ( other )
pub fn union(rt: &mut Rt, args: Args) -> JsResult {
    let (this, other) = operands(rt, args)?;
    let keys = other.keys(rt)?;
    let result = copy_of(rt, this);
    keys.for_each(rt, &mut |rt, v| {
        insert(rt, result, v);
        true
    })?;
    Ok(result.get(rt))
}

/// 24.2.4.9 Set.prototype.intersection ( other )
pub fn intersection(rt: &mut Rt, args: Args) -> JsResult {
    let (this, other) = operands(rt, args)?;
    let result = empty(rt);
    if size(rt, this) <= other.size {
        for_each_value(rt, this, &mut |rt, value| {
            let v = value.get(rt);
            if other.has(rt, v)? {
                insert(rt, result, value.get(rt));
            }
            Ok(true)
        })?;
    } else {
        other.keys(rt)?.for_each(rt, &mut |rt, v| {
            if contains(rt, this, v) {
                insert(rt, result, v);
            }
            true
        })?;
    }
    Ok(result.get(rt))
}

/// 24.2.4.5 Set.prototype.difference ( other )
pub fn difference(rt: &mut Rt, args: Args) -> JsResult {
    let (this, other) = operands(rt, args)?;
    let result = copy_of(rt, this);
    if size(rt, this) <= other.size {
        for_each_value(rt, this, &mut |rt, value| {
            let v = value.get(rt);
            if other.has(rt, v)? {
                let v = value.get(rt);
                table::remove(rt, result.obj(rt), v);
            }
            Ok(true)
        })?;
    } else {
        other.keys(rt)?.for_each(rt, &mut |rt, v| {
            table::remove(rt, result.obj(rt), table::canonical(v));
            true
        })?;
    }
    Ok(result.get(rt))
}

/// 24.2.4.15 Set.prototype.symmetricDifference ( other )
pub fn symmetric_difference(rt: &mut Rt, args: Args) -> JsResult {
    let (this, other) = operands(rt, args)?;
    let keys = other.keys(rt)?;
    let result = copy_of(rt, this);
    keys.for_each(rt, &mut |rt, v| {
        let v = table::canonical(v);
        let in_result = contains(rt, result, v);
        if contains(rt, this, v) {
            if in_result {
                table::remove(rt, result.obj(rt), v);
            }
        } else if !in_result {
            insert(rt, result, v);
        }
        true
    })?;
    Ok(result.get(rt))
}

/// 24.2.4.11 Set.prototype.isSubsetOf ( other )
pub fn is_subset_of(rt: &mut Rt, args: Args) -> JsResult {
    let (this, other) = operands(rt, args)?;
    if size(rt, this) > other.size {
        return Ok(Value::FALSE);
    }
    let mut all = true;
    for_each_value(rt, this, &mut |rt, value| {
        let v = value.get(rt);
        all = other.has(rt, v)?;
        Ok(all)
    })?;
    Ok(Value::bool(all))
}

/// 24.2.4.12 Set.prototype.isSupersetOf ( other )
pub fn is_superset_of(rt: &mut Rt, args: Args) -> JsResult {
    let (this, other) = operands(rt, args)?;
    if size(rt, this) < other.size {
        return Ok(Value::FALSE);
    }
    let mut all = true;
    other.keys(rt)?.for_each(rt, &mut |rt, v| {
        all = contains(rt, this, v);
        all
    })?;
    Ok(Value::bool(all))
}

/// 24.2.4.10 Set.prototype.isDisjointFrom ( other )
pub fn is_disjoint_from(rt: &mut Rt, args: Args) -> JsResult {
    let (this, other) = operands(rt, args)?;
    let mut disjoint = true;
    if size(rt, this) <= other.size {
        for_each_value(rt, this, &mut |rt, value| {
            let v = value.get(rt);
            disjoint = !other.has(rt, v)?;
            Ok(disjoint)
        })?;
    } else {
        other.keys(rt)?.for_each(rt, &mut |rt, v| {
            disjoint = !contains(rt, this, v);
            disjoint
        })?;
    }
    Ok(Value::bool(disjoint))
}
