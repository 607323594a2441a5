//! Boolean objects (20.3).
use super::spec::{ClassSpec, Row};
use crate::call::Args;
use crate::heap::layout::Kind;
use crate::realm::Intrinsic;
use crate::runtime::Rt;
use crate::string::atoms;
use crate::value::{JsResult, Value};

/// Tables of this file.
pub const CLASSES: &[&ClassSpec] = &[&BOOLEAN];

const BOOLEAN: ClassSpec = ClassSpec::class(
    "Boolean",
    construct,
    1,
    Intrinsic::Boolean,
    Intrinsic::BooleanPrototype,
    &[],
    &[Row::method("toString", 0, to_string), Row::method("valueOf", 0, value_of)],
)
.proto_kind(Kind::BooleanObj);

/// Boolean.prototype is itself a Boolean object with the value false.
pub fn finish(rt: &mut Rt) -> JsResult<()> {
    rt.set_internal(rt.intrinsic(Intrinsic::BooleanPrototype), 0, Value::FALSE);
    Ok(())
}

/// 20.3.1.1 Boolean ( value )
fn construct(rt: &mut Rt, args: Args) -> JsResult {
    let v = Value::bool(rt.to_boolean(args.get(rt, 0)));
    let new_target = args.new_target(rt);
    if new_target.is_undefined() {
        return Ok(v);
    }
    let proto = rt.proto_from_constructor(new_target, Intrinsic::BooleanPrototype)?;
    let obj = rt.new_of_kind_with_proto(Kind::BooleanObj, proto);
    rt.set_internal(obj, 0, v);
    Ok(Value::object(obj))
}

/// 20.3.3.3.1 ThisBooleanValue ( value )
fn this_boolean(rt: &mut Rt, args: Args, name: &str) -> JsResult {
    let this = args.this(rt);
    if this.is_bool() {
        return Ok(this);
    }
    if rt.is_kind(this, Kind::BooleanObj) {
        return Ok(rt.internal(this.as_ref(), 0));
    }
    Err(rt.throw_type(&format!("Boolean.prototype.{name} requires that 'this' be a Boolean")))
}

/// 20.3.3.2 Boolean.prototype.toString ( )
fn to_string(rt: &mut Rt, args: Args) -> JsResult {
    let v = this_boolean(rt, args, "toString")?;
    Ok(Value::string(if v == Value::TRUE { atoms::true_ } else { atoms::false_ }))
}

/// 20.3.3.3 Boolean.prototype.valueOf ( )
fn value_of(rt: &mut Rt, args: Args) -> JsResult {
    this_boolean(rt, args, "valueOf")
}
