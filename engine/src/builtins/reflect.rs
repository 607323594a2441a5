//! The Reflect object (28.1).
use super::function::list_from_array_like;
use super::object::{from_property, to_property_descriptor};
use super::rooted::RootedKey;
use super::spec::{ClassSpec, Row};
use crate::call::{Args, MAX_ARGS};
use crate::realm::Intrinsic;
use crate::runtime::Rt;
use crate::value::{JsResult, Ref, Value};

/// Tables of this file.
pub const CLASSES: &[&ClassSpec] = &[&REFLECT];

const REFLECT: ClassSpec = ClassSpec::namespace(
    "Reflect",
    Intrinsic::Reflect,
    &[
        Row::method("apply", 3, apply),
        Row::method("construct", 2, construct),
        Row::method("defineProperty", 3, define_property),
        Row::method("deleteProperty", 2, delete_property),
        Row::method("get", 2, get),
        Row::method("getOwnPropertyDescriptor", 2, get_own_property_descriptor),
        Row::method("getPrototypeOf", 1, get_prototype_of),
        Row::method("has", 2, has),
        Row::method("isExtensible", 1, is_extensible),
        Row::method("ownKeys", 1, own_keys),
        Row::method("preventExtensions", 1, prevent_extensions),
        Row::method("set", 3, set),
        Row::method("setPrototypeOf", 2, set_prototype_of),
        Row::tag("Reflect"),
    ],
);

fn require_object(rt: &mut Rt, args: Args, name: &str) -> JsResult<()> {
    if args.get(rt, 0).is_object() {
        return Ok(());
    }
    Err(rt.throw_type(&format!("Reflect.{name} called on non-object")))
}

/// 28.1.1 Reflect.apply ( target, thisArgument, argumentsList )
fn apply(rt: &mut Rt, args: Args) -> JsResult {
    let f = args.get(rt, 0);
    if !rt.is_callable(f) {
        let what = rt.describe_callee(f);
        return Err(rt.throw_type(&format!("{what} is not a function")));
    }
    let list = list_from_array_like(rt, args.get(rt, 2), MAX_ARGS)?;
    rt.call_with_array(args.get(rt, 0), args.get(rt, 1), Value::UNDEFINED, list)
}

/// 28.1.2 Reflect.construct ( target, argumentsList [ , newTarget ] )
fn construct(rt: &mut Rt, args: Args) -> JsResult {
    let new_target = if args.len() > 2 { 2 } else { 0 };
    for i in [0, new_target] {
        let v = args.get(rt, i);
        if !rt.is_constructor(v) {
            let what = rt.describe_callee(v);
            return Err(rt.throw_type(&format!("{what} is not a constructor")));
        }
    }
    let list = list_from_array_like(rt, args.get(rt, 1), MAX_ARGS)?;
    rt.call_with_array(args.get(rt, 0), Value::TDZ, args.get(rt, new_target), list)
}

/// 28.1.3 Reflect.defineProperty ( target, propertyKey, attributes )
fn define_property(rt: &mut Rt, args: Args) -> JsResult {
    require_object(rt, args, "defineProperty")?;
    let key = rt.to_key(args.get(rt, 1))?;
    let key = RootedKey::new(rt, key);
    let desc = to_property_descriptor(rt, args.get(rt, 2))?;
    let key = key.get(rt);
    rt.define_own(args.get(rt, 0).as_ref(), key, &desc).map(Value::bool)
}

/// 28.1.4 Reflect.deleteProperty ( target, propertyKey )
fn delete_property(rt: &mut Rt, args: Args) -> JsResult {
    require_object(rt, args, "deleteProperty")?;
    let key = rt.to_key(args.get(rt, 1))?;
    rt.delete(args.get(rt, 0).as_ref(), key).map(Value::bool)
}

/// 28.1.5 Reflect.get ( target, propertyKey [ , receiver ] )
fn get(rt: &mut Rt, args: Args) -> JsResult {
    require_object(rt, args, "get")?;
    let key = rt.to_key(args.get(rt, 1))?;
    let receiver = args.get(rt, if args.len() > 2 { 2 } else { 0 });
    rt.get_with_receiver(args.get(rt, 0).as_ref(), key, receiver)
}

/// 28.1.6 Reflect.getOwnPropertyDescriptor ( target, propertyKey )
fn get_own_property_descriptor(rt: &mut Rt, args: Args) -> JsResult {
    require_object(rt, args, "getOwnPropertyDescriptor")?;
    let key = rt.to_key(args.get(rt, 1))?;
    let prop = rt.get_own(args.get(rt, 0).as_ref(), key)?;
    Ok(prop.map_or(Value::UNDEFINED, |prop| from_property(rt, &prop)))
}

/// 28.1.7 Reflect.getPrototypeOf ( target )
fn get_prototype_of(rt: &mut Rt, args: Args) -> JsResult {
    require_object(rt, args, "getPrototypeOf")?;
    rt.get_prototype_of(args.get(rt, 0).as_ref()).map(Value::object_or_null)
}

/// 28.1.8 Reflect.has ( target, propertyKey )
fn has(rt: &mut Rt, args: Args) -> JsResult {
    require_object(rt, args, "has")?;
    let key = rt.to_key(args.get(rt, 1))?;
    rt.has_property(args.get(rt, 0).as_ref(), key).map(Value::bool)
}

/// 28.1.9 Reflect.isExtensible ( target )
fn is_extensible(rt: &mut Rt, args: Args) -> JsResult {
    require_object(rt, args, "isExtensible")?;
    rt.is_extensible(args.get(rt, 0).as_ref()).map(Value::bool)
}

/// 28.1.10 Reflect.ownKeys ( target )
fn own_keys(rt: &mut Rt, args: Args) -> JsResult {
    require_object(rt, args, "ownKeys")?;
    rt.own_keys(args.get(rt, 0).as_ref()).map(Value::object)
}

/// 28.1.11 Reflect.preventExtensions ( target )
fn prevent_extensions(rt: &mut Rt, args: Args) -> JsResult {
    require_object(rt, args, "preventExtensions")?;
    rt.prevent_extensions(args.get(rt, 0).as_ref()).map(Value::bool)
}

/// 28.1.12 Reflect.set ( target, propertyKey, V [ , receiver ] )
fn set(rt: &mut Rt, args: Args) -> JsResult {
    require_object(rt, args, "set")?;
    let key = rt.to_key(args.get(rt, 1))?;
    let receiver = args.get(rt, if args.len() > 3 { 3 } else { 0 });
    rt.set_with_receiver(args.get(rt, 0).as_ref(), key, args.get(rt, 2), receiver).map(Value::bool)
}

/// 28.1.13 Reflect.setPrototypeOf ( target, proto )
fn set_prototype_of(rt: &mut Rt, args: Args) -> JsResult {
    require_object(rt, args, "setPrototypeOf")?;
    let proto = args.get(rt, 1);
    if !proto.is_object() && !proto.is_null() {
        return Err(rt.throw_type("Object prototype may only be an Object or null"));
    }
    rt.set_prototype_of(args.get(rt, 0).as_ref(), proto.to_obj().unwrap_or(Ref::NULL)).map(Value::bool)
}
