//! The reviver's walk (25.5.1.1 InternalizeJSONProperty).
//!
//! Beside the value walks a record of the same text: primitives as internal Words cells of value and source text,
//! objects and arrays as such of records. A primitive that is still what the text said shows its source.
use super::{enumerable_keys, is_array};
use crate::runtime::{Rt, Slot};
use crate::shape::attr;
use crate::string::atoms;
use crate::value::{JsResult, TAG_INTERNAL, Value};

/// Calls the reviver on everything in `v`, inside out; the result of the outermost call.
pub fn revive(rt: &mut Rt, v: Value, record: Value, reviver: Value) -> JsResult {
    let (record, reviver) = (rt.root(record), rt.root(reviver));
    let holder = rt.new_object();
    rt.add_property(holder, atoms::empty, v, attr::ALL);
    let holder = rt.root(Value::object(holder));
    let key = rt.root(Value::string(atoms::empty));
    internalize(rt, holder, key, record, reviver)
}

/// `key` holds a string; `record` what the text said there, or undefined.
fn internalize(rt: &mut Rt, holder: Slot, key: Slot, record: Slot, reviver: Slot) -> JsResult {
    rt.check_native_stack()?;
    rt.poll()?;
    let name = rt.key_of_string(key.get(rt).as_ref());
    let v = rt.get(holder.get(rt), name)?;
    let context = rt.new_object();
    let (v, context) = (rt.root(v), rt.root(Value::object(context)));
    if v.get(rt).is_object() {
        internalize_elements(rt, v, record, reviver)?;
    } else if record.get(rt).tag() == TAG_INTERNAL {
        let cell = record.get(rt).as_ref();
        if rt.same_value(rt.word(cell, 0), v.get(rt)) {
            let source = rt.word(cell, 1);
            rt.add_property(context.obj(rt), atoms::source, source, attr::ALL);
        }
    }
    let arguments = [key.get(rt), v.get(rt), context.get(rt)];
    rt.call(reviver.get(rt), holder.get(rt), &arguments)
}

fn internalize_elements(rt: &mut Rt, v: Slot, record: Slot, reviver: Slot) -> JsResult<()> {
    let (key, child) = (rt.root(Value::UNDEFINED), rt.root(Value::UNDEFINED));
    let mark = rt.roots_mark();
    if is_array(rt, v.get(rt))? {
        let len = rt.length_of(v.obj(rt))?;
        let mut i = 0.0;
        while i < len {
            let name = rt.key_of_number(i);
            key.set(rt, rt.key_to_value(name));
            internalize_element(rt, v, (key, child), record, reviver, true)?;
            rt.release_roots(mark);
            i += 1.0;
        }
        return Ok(());
    }
    let keys = enumerable_keys(rt, v.obj(rt))?;
    let keys = rt.root(Value::object(keys));
    let mark = rt.roots_mark();
    for i in 0..rt.array_len(keys.obj(rt)) {
        let name = rt.get_index(keys.get(rt), i)?;
        key.set(rt, name);
        internalize_element(rt, v, (key, child), record, reviver, false)?;
        rt.release_roots(mark);
    }
    Ok(())
}

fn internalize_element(
    rt: &mut Rt,
    v: Slot,
    (key, child): (Slot, Slot),
    record: Slot,
    reviver: Slot,
    array: bool,
) -> JsResult<()> {
    let name = rt.key_of_string(key.get(rt).as_ref());
    let fits = record.get(rt).is_object() && is_array(rt, record.get(rt))? == array;
    let found = if fits { rt.get_own_plain(record.obj(rt), name).map(|prop| prop.value) } else { None };
    child.set(rt, found.unwrap_or(Value::UNDEFINED));
    let new = internalize(rt, v, key, child, reviver)?;
    let name = rt.key_of_string(key.get(rt).as_ref());
    if new.is_undefined() {
        rt.delete(v.obj(rt), name)?;
    } else {
        rt.create_data(v.obj(rt), name, new)?;
    }
    Ok(())
}
