//! Object objects (20.1).
mod collect;
mod copy;
mod define;
mod descriptor;
mod integrity;
mod listing;
mod prototype;

pub use collect::read_entry;
pub use copy::clone_plain;
pub use define::set_on_receiver;
pub use descriptor::{from_descriptor, from_property, to_property_descriptor};
pub use integrity::{Level, set_integrity_level, test_integrity_level};
pub use listing::{Listing, enumerable_own_properties};

use super::spec::{ClassSpec, Row};
use crate::call::Args;
use crate::realm::Intrinsic;
use crate::runtime::Rt;
use crate::value::{JsResult, Value};

/// Tables of this family.
pub const CLASSES: &[&ClassSpec] = &[&OBJECT];

const OBJECT: ClassSpec = ClassSpec::class(
    "Object",
    construct,
    1,
    Intrinsic::Object,
    Intrinsic::ObjectPrototype,
    &[
        Row::method("assign", 2, copy::assign),
        Row::method("create", 2, define::create),
        Row::method("defineProperties", 2, define::define_properties),
        Row::method("defineProperty", 3, define::define_property),
        Row::method("entries", 1, listing::entries),
        Row::method("freeze", 1, integrity::freeze),
        Row::method("fromEntries", 1, collect::from_entries),
        Row::method("getOwnPropertyDescriptor", 2, descriptor::get_own_property_descriptor),
        Row::method("getOwnPropertyDescriptors", 1, descriptor::get_own_property_descriptors),
        Row::method("getOwnPropertyNames", 1, listing::get_own_property_names),
        Row::method("getOwnPropertySymbols", 1, listing::get_own_property_symbols),
        Row::method("getPrototypeOf", 1, get_prototype_of),
        Row::method("groupBy", 2, collect::group_by),
        Row::method("hasOwn", 2, has_own),
        Row::method("is", 2, is),
        Row::method("isExtensible", 1, integrity::is_extensible),
        Row::method("isFrozen", 1, integrity::is_frozen),
        Row::method("isSealed", 1, integrity::is_sealed),
        Row::method("keys", 1, listing::keys),
        Row::method("preventExtensions", 1, integrity::prevent_extensions),
        Row::method("seal", 1, integrity::seal),
        Row::method("setPrototypeOf", 2, set_prototype_of),
        Row::method("values", 1, listing::values),
    ],
    &[
        Row::method("hasOwnProperty", 1, prototype::has_own_property),
        Row::method("isPrototypeOf", 1, prototype::is_prototype_of),
        Row::method("propertyIsEnumerable", 1, prototype::property_is_enumerable),
        Row::method("toLocaleString", 0, prototype::to_locale_string),
        Row::intrinsic("toString", 0, prototype::to_string, Intrinsic::ObjectProtoToString),
        Row::method("valueOf", 0, prototype::value_of),
        Row::accessor("__proto__", prototype::proto, prototype::set_proto),
        Row::method("__defineGetter__", 2, define::define_getter),
        Row::method("__defineSetter__", 2, define::define_setter),
        Row::method("__lookupGetter__", 1, define::lookup_getter),
        Row::method("__lookupSetter__", 1, define::lookup_setter),
    ],
);

/// 20.1.1.1 Object ( [ value ] )
fn construct(rt: &mut Rt, args: Args) -> JsResult {
    let new_target = args.new_target(rt);
    if !new_target.is_undefined() && new_target != Value::object(args.callee(rt)) {
        let proto = rt.proto_from_constructor(new_target, Intrinsic::ObjectPrototype)?;
        return Ok(Value::object(rt.new_object_with_proto(proto)));
    }
    let v = args.get(rt, 0);
    let obj = if v.is_nullish() { rt.new_object() } else { rt.to_object(v)? };
    Ok(Value::object(obj))
}

/// 20.1.2.12 Object.getPrototypeOf ( O )
fn get_prototype_of(rt: &mut Rt, args: Args) -> JsResult {
    let obj = rt.to_object(args.get(rt, 0))?;
    rt.get_prototype_of(obj).map(Value::object_or_null)
}

/// 20.1.2.23 Object.setPrototypeOf ( O, proto )
fn set_prototype_of(rt: &mut Rt, args: Args) -> JsResult {
    let (v, proto) = (args.get(rt, 0), args.get(rt, 1));
    if v.is_nullish() {
        return Err(rt.throw_type("Object.setPrototypeOf called on null or undefined"));
    }
    if !proto.is_object() && !proto.is_null() {
        let what = rt.describe_value(proto);
        return Err(rt.throw_type(&format!("Object prototype may only be an Object or null: {what}")));
    }
    if let Some(obj) = v.to_obj() {
        prototype::set_prototype_or_throw(rt, obj, proto)?;
    }
    Ok(args.get(rt, 0))
}

/// 20.1.2.14 Object.hasOwn ( O, P )
fn has_own(rt: &mut Rt, args: Args) -> JsResult {
    let obj = rt.to_object(args.get(rt, 0))?;
    let obj = rt.root(Value::object(obj));
    let key = rt.to_key(args.get(rt, 1))?;
    prototype::has_own(rt, obj.get(rt), key)
}

/// 20.1.2.15 Object.is ( value1, value2 )
fn is(rt: &mut Rt, args: Args) -> JsResult {
    Ok(Value::bool(rt.same_value(args.get(rt, 0), args.get(rt, 1))))
}
