//! Object.create, Object.defineProperty, Object.defineProperties (20.1.2).
use super::descriptor::to_property_descriptor;
use crate::builtins::rooted::{RootedDesc, RootedKey, key_of_value, listed_key};
use crate::call::Args;
use crate::object::{Desc, Key};
use crate::realm::Intrinsic;
use crate::runtime::{Rt, Slot};
use crate::value::{JsResult, Ref, Value};

/// 20.1.2.2 Object.create ( O, Properties )
pub fn create(rt: &mut Rt, args: Args) -> JsResult {
    let proto = args.get(rt, 0);
    if !proto.is_object() && !proto.is_null() {
        let what = rt.describe_value(proto);
        return Err(rt.throw_type(&format!("Object prototype may only be an Object or null: {what}")));
    }
    let obj = rt.new_object_with_proto(proto.to_obj().unwrap_or(Ref::NULL));
    let properties = args.get(rt, 1);
    if properties.is_undefined() {
        return Ok(Value::object(obj));
    }
    let obj = rt.root(Value::object(obj));
    define_all(rt, obj, properties)?;
    Ok(obj.get(rt))
}

/// 20.1.2.4 Object.defineProperty ( O, P, Attributes )
pub fn define_property(rt: &mut Rt, args: Args) -> JsResult {
    if !args.get(rt, 0).is_object() {
        return Err(rt.throw_type("Object.defineProperty called on non-object"));
    }
    let key = rt.to_key(args.get(rt, 1))?;
    let key = RootedKey::new(rt, key);
    let desc = to_property_descriptor(rt, args.get(rt, 2))?;
    let key = key.get(rt);
    rt.define_or_throw(args.get(rt, 0).as_ref(), key, &desc)?;
    Ok(args.get(rt, 0))
}

/// 20.1.2.3 Object.defineProperties ( O, Properties )
pub fn define_properties(rt: &mut Rt, args: Args) -> JsResult {
    if !args.get(rt, 0).is_object() {
        return Err(rt.throw_type("Object.defineProperties called on non-object"));
    }
    let obj = rt.root(args.get(rt, 0));
    define_all(rt, obj, args.get(rt, 1))?;
    Ok(obj.get(rt))
}

/// Values that one collected descriptor takes: key, presence bits, value, get, set.
const RECORD: u32 = 5;

/// 20.1.2.3.1 ObjectDefineProperties ( O, Properties ): all descriptors are read before the first is applied.
fn define_all(rt: &mut Rt, obj: Slot, properties: Value) -> JsResult<()> {
    let properties = rt.to_object(properties)?;
    let properties = rt.root(Value::object(properties));
    let keys = rt.own_keys(properties.obj(rt))?;
    let keys = rt.root(Value::object(keys));
    let records = rt.new_array_with_capacity(RECORD * rt.array_len(keys.obj(rt)));
    let records = rt.root(Value::object(records));
    let mark = rt.roots_mark();
    for i in 0..rt.array_len(keys.obj(rt)) {
        let key = listed_key(rt, keys.obj(rt), i);
        let key = RootedKey::new(rt, key);
        let now = key.get(rt);
        if rt.get_own(properties.obj(rt), now)?.is_some_and(|prop| prop.enumerable()) {
            let now = key.get(rt);
            let v = rt.get(properties.get(rt), now)?;
            let desc = to_property_descriptor(rt, v)?;
            push_record(rt, records.obj(rt), rt.word(rt.elements(keys.obj(rt)), i), &desc);
        }
        rt.release_roots(mark);
    }
    for i in 0..rt.array_len(records.obj(rt)) / RECORD {
        let (key, desc) = read_record(rt, records.obj(rt), i);
        let key = key_of_value(rt, key);
        rt.define_or_throw(obj.obj(rt), key, &desc)?;
        rt.release_roots(mark);
    }
    Ok(())
}

fn push_record(rt: &Rt, records: Ref, key: Value, desc: &Desc) {
    let pair = |flag: Option<bool>, shift: i32| flag.map_or(0, |on| (2 + i32::from(on)) << shift);
    let present = |v: Option<Value>, shift: i32| i32::from(v.is_some()) << shift;
    let bits = pair(desc.writable, 0)
        | pair(desc.enumerable, 2)
        | pair(desc.configurable, 4)
        | present(desc.value, 6)
        | present(desc.get, 7)
        | present(desc.set, 8);
    rt.array_push(records, key);
    rt.array_push(records, Value::int(bits));
    for v in [desc.value, desc.get, desc.set] {
        rt.array_push(records, v.unwrap_or(Value::UNDEFINED));
    }
}

fn read_record(rt: &Rt, records: Ref, i: u32) -> (Value, Desc) {
    let word = |k: u32| rt.word(rt.elements(records), RECORD * i + k);
    let bits = word(1).as_int();
    let pair = |shift: i32| (bits >> shift & 2 != 0).then_some(bits >> shift & 1 != 0);
    let desc = Desc {
        value: (bits >> 6 & 1 != 0).then(|| word(2)),
        get: (bits >> 7 & 1 != 0).then(|| word(3)),
        set: (bits >> 8 & 1 != 0).then(|| word(4)),
        writable: pair(0),
        enumerable: pair(2),
        configurable: pair(4),
    };
    (word(0), desc)
}

/// 7.3.36 SetterThatIgnoresPrototypeProperties ( thisValue, home, p, v ) of a receiver that is an object
pub fn set_on_receiver(rt: &mut Rt, obj: Ref, v: Value, home: Intrinsic, key: Key) -> JsResult {
    if obj == rt.intrinsic(home) {
        let name = rt.key_text(key);
        return Err(rt.throw_type(&format!("Cannot assign to property '{name}' of a built-in prototype")));
    }
    rt.scoped(|rt| {
        let (obj, v) = (rt.root(Value::object(obj)), rt.root(v));
        let key = RootedKey::new(rt, key);
        let now = key.get(rt);
        let exists = rt.get_own(obj.obj(rt), now)?.is_some();
        let (obj, key, v) = (obj.obj(rt), key.get(rt), v.get(rt));
        if exists {
            rt.set_or_throw(obj, key, v)?
        } else {
            rt.create_data_or_throw(obj, key, v)?
        }
        Ok(Value::UNDEFINED)
    })
}

/// B.2.2.2 Object.prototype.__defineGetter__ ( P, getter )
pub fn define_getter(rt: &mut Rt, args: Args) -> JsResult {
    define_accessor(rt, args, true)
}

/// B.2.2.3 Object.prototype.__defineSetter__ ( P, setter )
pub fn define_setter(rt: &mut Rt, args: Args) -> JsResult {
    define_accessor(rt, args, false)
}

fn define_accessor(rt: &mut Rt, args: Args, getter: bool) -> JsResult {
    let obj = rt.to_object(args.this(rt))?;
    let obj = rt.root(Value::object(obj));
    let f = args.get(rt, 1);
    if !rt.is_callable(f) {
        let name = if getter { "__defineGetter__" } else { "__defineSetter__" };
        return Err(rt.throw_type(&format!("Object.prototype.{name}: Expecting function")));
    }
    let mut desc = Desc { enumerable: Some(true), configurable: Some(true), ..Desc::default() };
    if getter {
        desc.get = Some(f)
    } else {
        desc.set = Some(f)
    }
    let desc = RootedDesc::new(rt, &desc);
    let key = rt.to_key(args.get(rt, 0))?;
    let desc = desc.get(rt);
    rt.define_or_throw(obj.obj(rt), key, &desc)?;
    Ok(Value::UNDEFINED)
}

/// B.2.2.4 Object.prototype.__lookupGetter__ ( P )
pub fn lookup_getter(rt: &mut Rt, args: Args) -> JsResult {
    lookup_accessor(rt, args, true)
}

/// B.2.2.5 Object.prototype.__lookupSetter__ ( P )
pub fn lookup_setter(rt: &mut Rt, args: Args) -> JsResult {
    lookup_accessor(rt, args, false)
}

fn lookup_accessor(rt: &mut Rt, args: Args, getter: bool) -> JsResult {
    let obj = rt.to_object(args.this(rt))?;
    let at = rt.root(Value::object(obj));
    let key = rt.to_key(args.get(rt, 0))?;
    let key = RootedKey::new(rt, key);
    loop {
        let now = key.get(rt);
        if let Some(prop) = rt.get_own(at.obj(rt), now)? {
            return Ok(if getter { prop.get } else { prop.set });
        }
        let proto = rt.get_prototype_of(at.obj(rt))?;
        if proto.is_null() {
            return Ok(Value::UNDEFINED);
        }
        at.set(rt, Value::object(proto));
        rt.poll()?;
    }
}
