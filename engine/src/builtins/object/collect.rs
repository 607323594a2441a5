//! Object.fromEntries and Object.groupBy: objects made from iterables (20.1.2).
use crate::builtins::iterate;
use crate::call::Args;
use crate::object::Key;
use crate::runtime::Rt;
use crate::value::{JsResult, Ref, Value};

/// 20.1.2.7 Object.fromEntries ( iterable )
pub fn from_entries(rt: &mut Rt, args: Args) -> JsResult {
    let iterable = args.get(rt, 0);
    if iterable.is_nullish() {
        let what = rt.describe_value(iterable);
        return Err(rt.throw_type(&format!("{what} is not iterable")));
    }
    let result = rt.new_object();
    let result = rt.root(Value::object(result));
    iterate::for_each(rt, iterable, &mut |rt, entry| {
        let (key, v) = read_entry(rt, entry)?;
        let v = rt.root(v);
        let key = rt.to_key(key)?;
        let v = v.get(rt);
        rt.create_data_or_throw(result.obj(rt), key, v)?;
        Ok(true)
    })?;
    Ok(result.get(rt))
}

/// Elements 0 and 1 of an entry object (24.1.1.2 AddEntriesFromIterable); TypeError unless it is an object.
pub fn read_entry(rt: &mut Rt, entry: Value) -> JsResult<(Value, Value)> {
    if !entry.is_object() {
        let what = rt.describe_callee(entry);
        return Err(rt.throw_type(&format!("Iterator value {what} is not an entry object")));
    }
    if let Some((elements, len)) = rt.dense_array(entry)
        && len >= 2
    {
        let (key, v) = (rt.word(elements, 0), rt.word(elements, 1));
        if !key.is_hole() && !v.is_hole() {
            return Ok((key, v));
        }
    }
    rt.scoped(|rt| {
        let entry = rt.root(entry);
        let key = rt.get(entry.get(rt), Key::Index(0))?;
        let key = rt.root(key);
        let v = rt.get(entry.get(rt), Key::Index(1))?;
        Ok((key.get(rt), v))
    })
}

/// 20.1.2.13 Object.groupBy ( items, callback )
pub fn group_by(rt: &mut Rt, args: Args) -> JsResult {
    let (items, callback) = (args.get(rt, 0), args.get(rt, 1));
    if items.is_nullish() {
        let what = rt.describe_value(items);
        return Err(rt.throw_type(&format!("{what} is not iterable")));
    }
    if !rt.is_callable(callback) {
        let what = rt.describe_callee(callback);
        return Err(rt.throw_type(&format!("{what} is not a function")));
    }
    // Nobody sees the groups before the end, so they are collected in the result itself.
    let groups = rt.new_object_with_proto(Ref::NULL);
    let groups = rt.root(Value::object(groups));
    let mut k = 0.0;
    iterate::for_each(rt, items, &mut |rt, v| {
        let v = rt.root(v);
        let (callback, item) = (args.get(rt, 1), v.get(rt));
        let key = rt.call(callback, Value::UNDEFINED, &[item, Value::number(k)])?;
        let key = rt.to_key(key)?;
        let group = match rt.get_own_plain(groups.obj(rt), key) {
            Some(group) => group.value.as_ref(),
            None => {
                let group = rt.new_array_with_capacity(4);
                rt.create_data_or_throw(groups.obj(rt), key, Value::object(group))?;
                group
            }
        };
        rt.array_push(group, v.get(rt));
        k += 1.0;
        Ok(true)
    })?;
    Ok(groups.get(rt))
}
