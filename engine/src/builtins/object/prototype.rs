//! Object.prototype (20.1.3).
use crate::builtins::proxy;
use crate::builtins::rooted::RootedKey;
use crate::call::Args;
use crate::heap::layout::Kind;
use crate::object::Key;
use crate::realm::WellKnown;
use crate::runtime::Rt;
use crate::string::atoms;
use crate::value::{JsResult, Ref, Value};

/// 20.1.3.2 Object.prototype.hasOwnProperty ( V )
pub fn has_own_property(rt: &mut Rt, args: Args) -> JsResult {
    let key = rt.to_key(args.get(rt, 0))?;
    has_own(rt, args.this(rt), key)
}

/// HasOwnProperty of any value.
pub fn has_own(rt: &mut Rt, v: Value, key: Key) -> JsResult {
    let obj = rt.to_object(v)?;
    Ok(Value::bool(rt.has_own(obj, key)?))
}

/// 20.1.3.3 Object.prototype.isPrototypeOf ( V )
pub fn is_prototype_of(rt: &mut Rt, args: Args) -> JsResult {
    if !args.get(rt, 0).is_object() {
        return Ok(Value::FALSE);
    }
    let obj = rt.to_object(args.this(rt))?;
    let obj = rt.root(Value::object(obj));
    let at = rt.root(args.get(rt, 0));
    loop {
        let proto = rt.get_prototype_of(at.obj(rt))?;
        if proto.is_null() {
            return Ok(Value::FALSE);
        }
        if proto == obj.obj(rt) {
            return Ok(Value::TRUE);
        }
        at.set(rt, Value::object(proto));
        rt.poll()?;
    }
}

/// 20.1.3.4 Object.prototype.propertyIsEnumerable ( V )
pub fn property_is_enumerable(rt: &mut Rt, args: Args) -> JsResult {
    let key = rt.to_key(args.get(rt, 0))?;
    let key = RootedKey::new(rt, key);
    let obj = rt.to_object(args.this(rt))?;
    let key = key.get(rt);
    Ok(Value::bool(rt.get_own(obj, key)?.is_some_and(|prop| prop.enumerable())))
}

/// 20.1.3.5 Object.prototype.toLocaleString ( )
pub fn to_locale_string(rt: &mut Rt, args: Args) -> JsResult {
    rt.invoke(args.this(rt), Key::Name(atoms::to_string), &[])
}

/// 20.1.3.6 Object.prototype.toString ( )
pub fn to_string(rt: &mut Rt, args: Args) -> JsResult {
    let this = args.this(rt);
    if this.is_nullish() {
        let text = if this.is_null() { "[object Null]" } else { "[object Undefined]" };
        return Ok(Value::string(rt.intern_str(text)));
    }
    let obj = rt.to_object(this)?;
    let obj = rt.root(Value::object(obj));
    let builtin = builtin_tag(rt, obj.get(rt))?;
    let key = Key::Name(rt.symbol(WellKnown::ToStringTag));
    let tag = rt.get(obj.get(rt), key)?;
    if !tag.is_string() {
        if builtin == "Object" {
            return Ok(Value::string(atoms::object_tag));
        }
        return Ok(rt.str_value(&format!("[object {builtin}]")));
    }
    let mut buf = rt.str_buf();
    buf.push_ascii("[object ");
    rt.with_units(tag.as_ref(), |units| buf.push_units(units));
    buf.push_ascii("]");
    rt.finish_str(buf).map(Value::string)
}

fn builtin_tag(rt: &mut Rt, v: Value) -> JsResult<&'static str> {
    Ok(match rt.kind(v.as_ref()) {
        Kind::Array => "Array",
        Kind::Proxy if proxy::is_array(rt, v)? => "Array",
        Kind::Arguments => "Arguments",
        _ if rt.is_callable(v) => "Function",
        Kind::Error => "Error",
        Kind::BooleanObj => "Boolean",
        Kind::NumberObj => "Number",
        Kind::StringObj => "String",
        Kind::Date => "Date",
        Kind::RegExp => "RegExp",
        _ => "Object",
    })
}

/// 20.1.3.7 Object.prototype.valueOf ( )
pub fn value_of(rt: &mut Rt, args: Args) -> JsResult {
    rt.to_object(args.this(rt)).map(Value::object)
}

/// B.2.2.1.1 get Object.prototype.__proto__
pub fn proto(rt: &mut Rt, args: Args) -> JsResult {
    let obj = rt.to_object(args.this(rt))?;
    rt.get_prototype_of(obj).map(Value::object_or_null)
}

/// B.2.2.1.2 set Object.prototype.__proto__
pub fn set_proto(rt: &mut Rt, args: Args) -> JsResult {
    let (this, proto) = (args.this(rt), args.get(rt, 0));
    if this.is_nullish() {
        return Err(rt.throw_type("Object.prototype.__proto__ called on null or undefined"));
    }
    if (!proto.is_object() && !proto.is_null()) || !this.is_object() {
        return Ok(Value::UNDEFINED);
    }
    set_prototype_or_throw(rt, this.as_ref(), proto)?;
    Ok(Value::UNDEFINED)
}

/// `[[SetPrototypeOf]]` to an object or null; TypeError when refused.
pub fn set_prototype_or_throw(rt: &mut Rt, obj: Ref, proto: Value) -> JsResult<()> {
    if rt.set_prototype_of(obj, proto.to_obj().unwrap_or(Ref::NULL))? {
        return Ok(());
    }
    Err(rt.throw_type(
        "Cannot set prototype: the object is not extensible, its prototype is immutable, or the chain would be cyclic",
    ))
}
