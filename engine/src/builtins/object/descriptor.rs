//! Property descriptors as objects (6.2.6), shared with Reflect and Proxy.
use crate::builtins::rooted::{RootedKey, listed_key};
use crate::call::Args;
use crate::heap::layout::Kind;
use crate::object::{Desc, Key, Prop};
use crate::runtime::{Rt, Slot};
use crate::shape::attr;
use crate::string::atoms;
use crate::value::{JsResult, Ref, Value};

/// 6.2.6.5 ToPropertyDescriptor ( Obj )
pub fn to_property_descriptor(rt: &mut Rt, v: Value) -> JsResult<Desc> {
    if !v.is_object() {
        let what = rt.describe_value(v);
        return Err(rt.throw_type(&format!("Property description must be an object: {what}")));
    }
    rt.scoped(|rt| {
        let obj = rt.root(v);
        let flag =
            |rt: &mut Rt, name: Ref| -> JsResult<Option<bool>> { Ok(field(rt, obj, name)?.map(|v| rt.to_boolean(v))) };
        let enumerable = flag(rt, atoms::enumerable)?;
        let configurable = flag(rt, atoms::configurable)?;
        let value = field(rt, obj, atoms::value)?.map(|v| rt.root(v));
        let writable = flag(rt, atoms::writable)?;
        let get = accessor_field(rt, obj, atoms::get, "Getter")?;
        let set = accessor_field(rt, obj, atoms::set, "Setter")?;
        if (get.is_some() || set.is_some()) && (value.is_some() || writable.is_some()) {
            let message =
                "Invalid property descriptor. Cannot both specify accessors and a value or writable attribute";
            return Err(rt.throw_type(message));
        }
        let current = |slot: Option<Slot>| slot.map(|slot| slot.get(rt));
        Ok(Desc { value: current(value), get: current(get), set: current(set), writable, enumerable, configurable })
    })
}

fn accessor_field(rt: &mut Rt, obj: Slot, name: Ref, what: &str) -> JsResult<Option<Slot>> {
    let Some(f) = field(rt, obj, name)? else { return Ok(None) };
    if !f.is_undefined() && !rt.is_callable(f) {
        let f = rt.describe_callee(f);
        return Err(rt.throw_type(&format!("{what} must be a function: {f}")));
    }
    Ok(Some(rt.root(f)))
}

/// HasProperty, then Get.
fn field(rt: &mut Rt, obj: Slot, name: Ref) -> JsResult<Option<Value>> {
    let mut at = obj.obj(rt);
    // OPTIMIZATION: one walk finds presence and value as long as no getter or proxy is met.
    while !matches!(rt.kind(at), Kind::Proxy | Kind::Namespace) {
        match rt.get_own_plain(at, Key::Name(name)) {
            Some(prop) if prop.is_accessor() => break,
            Some(prop) => return Ok(Some(prop.value)),
            None => at = rt.shape_proto(rt.shape_of(at)),
        }
        if at.is_null() {
            return Ok(None);
        }
    }
    if !rt.has_property(obj.obj(rt), Key::Name(name))? {
        return Ok(None);
    }
    rt.get_name(obj.get(rt), name).map(Some)
}

/// 6.2.6.4 FromPropertyDescriptor ( Desc ) of a property that exists.
pub fn from_property(rt: &Rt, prop: &Prop) -> Value {
    from_descriptor(rt, &Desc::of(prop))
}

/// The same of any descriptor: absent fields make no property.
pub fn from_descriptor(rt: &Rt, desc: &Desc) -> Value {
    let obj = rt.new_object();
    let fields = [
        (atoms::value, desc.value),
        (atoms::writable, desc.writable.map(Value::bool)),
        (atoms::get, desc.get),
        (atoms::set, desc.set),
        (atoms::enumerable, desc.enumerable.map(Value::bool)),
        (atoms::configurable, desc.configurable.map(Value::bool)),
    ];
    for (name, v) in fields {
        if let Some(v) = v {
            rt.add_property(obj, name, v, attr::ALL);
        }
    }
    Value::object(obj)
}

/// 20.1.2.8 Object.getOwnPropertyDescriptor ( O, P )
pub fn get_own_property_descriptor(rt: &mut Rt, args: Args) -> JsResult {
    let obj = rt.to_object(args.get(rt, 0))?;
    let obj = rt.root(Value::object(obj));
    let key = rt.to_key(args.get(rt, 1))?;
    let prop = rt.get_own(obj.obj(rt), key)?;
    Ok(prop.map_or(Value::UNDEFINED, |prop| from_property(rt, &prop)))
}

/// 20.1.2.9 Object.getOwnPropertyDescriptors ( O )
pub fn get_own_property_descriptors(rt: &mut Rt, args: Args) -> JsResult {
    let obj = rt.to_object(args.get(rt, 0))?;
    let obj = rt.root(Value::object(obj));
    let keys = rt.own_keys(obj.obj(rt))?;
    let keys = rt.root(Value::object(keys));
    let result = rt.new_object();
    let result = rt.root(Value::object(result));
    let mark = rt.roots_mark();
    for i in 0..rt.array_len(keys.obj(rt)) {
        let key = listed_key(rt, keys.obj(rt), i);
        let key = RootedKey::new(rt, key);
        let now = key.get(rt);
        if let Some(prop) = rt.get_own(obj.obj(rt), now)? {
            let descriptor = from_property(rt, &prop);
            let key = key.get(rt);
            rt.create_data_or_throw(result.obj(rt), key, descriptor)?;
        }
        rt.release_roots(mark);
    }
    Ok(result.get(rt))
}
