//! Number objects (21.1).
pub mod decimal;
mod locale;
mod radix;

use super::spec::{ClassSpec, DataValue, Row};
use crate::call::Args;
use crate::heap::layout::Kind;
use crate::object::Key;
use crate::realm::Intrinsic;
use crate::runtime::Rt;
use crate::shape::attr;
use crate::value::{JsResult, Value};

pub(super) use locale::group_digits;

/// Tables of this folder.
pub const CLASSES: &[&ClassSpec] = &[&NUMBER];

const MAX_SAFE: f64 = 9_007_199_254_740_991.0;

const NUMBER: ClassSpec = ClassSpec::class(
    "Number",
    construct,
    1,
    Intrinsic::Number,
    Intrinsic::NumberPrototype,
    &[
        Row::constant("EPSILON", DataValue::Number(f64::EPSILON)),
        Row::constant("MAX_SAFE_INTEGER", DataValue::Number(MAX_SAFE)),
        Row::constant("MAX_VALUE", DataValue::Number(f64::MAX)),
        Row::constant("MIN_SAFE_INTEGER", DataValue::Number(-MAX_SAFE)),
        Row::constant("MIN_VALUE", DataValue::Number(5e-324)),
        Row::constant("NaN", DataValue::Number(f64::NAN)),
        Row::constant("NEGATIVE_INFINITY", DataValue::Number(f64::NEG_INFINITY)),
        Row::constant("POSITIVE_INFINITY", DataValue::Number(f64::INFINITY)),
        Row::method("isFinite", 1, is_finite),
        Row::method("isInteger", 1, is_integer),
        Row::method("isNaN", 1, is_nan),
        Row::method("isSafeInteger", 1, is_safe_integer),
    ],
    &[
        Row::method("toExponential", 1, to_exponential),
        Row::method("toFixed", 1, to_fixed),
        Row::method("toLocaleString", 0, to_locale_string),
        Row::method("toPrecision", 1, to_precision),
        Row::method("toString", 1, to_string),
        Row::method("valueOf", 0, value_of),
    ],
)
.proto_kind(Kind::NumberObj);

/// %Number.prototype% is itself a Number object, of 0; parseFloat and parseInt are those of the global object.
pub fn finish(rt: &mut Rt) -> JsResult<()> {
    rt.set_internal(rt.intrinsic(Intrinsic::NumberPrototype), 0, Value::int(0));
    for name in ["parseFloat", "parseInt"] {
        let key = Key::Name(rt.intern_str(name));
        if let Some(prop) = rt.get_own_plain(rt.intrinsic(Intrinsic::Global), key) {
            rt.write_own(rt.intrinsic(Intrinsic::Number), key, prop.value, attr::METHODS);
        }
    }
    Ok(())
}

/// 21.1.1.1 Number ( value )
fn construct(rt: &mut Rt, args: Args) -> JsResult {
    let mut number = Value::int(0);
    if !args.is_empty() {
        let v = args.get(rt, 0);
        let numeric = rt.to_numeric(v)?;
        number = if numeric.is_bigint() { Value::number(super::bigint::to_f64(rt, numeric)) } else { numeric };
    }
    if !args.is_construct(rt) {
        return Ok(number);
    }
    let new_target = args.new_target(rt);
    let proto = rt.proto_from_constructor(new_target, Intrinsic::NumberPrototype)?;
    let obj = rt.new_of_kind_with_proto(Kind::NumberObj, proto);
    rt.set_internal(obj, 0, number);
    Ok(Value::object(obj))
}

fn is_integral(v: Value) -> bool {
    v.is_int() || (v.is_double() && v.as_double().is_finite() && v.as_double().trunc() == v.as_double())
}

/// 21.1.2.2 Number.isFinite ( number )
fn is_finite(rt: &mut Rt, args: Args) -> JsResult {
    let v = args.get(rt, 0);
    Ok(Value::bool(v.is_number() && v.as_number().is_finite()))
}

/// 21.1.2.3 Number.isInteger ( number )
fn is_integer(rt: &mut Rt, args: Args) -> JsResult {
    Ok(Value::bool(is_integral(args.get(rt, 0))))
}

/// 21.1.2.4 Number.isNaN ( number )
fn is_nan(rt: &mut Rt, args: Args) -> JsResult {
    let v = args.get(rt, 0);
    Ok(Value::bool(v.is_double() && v.as_double().is_nan()))
}

/// 21.1.2.5 Number.isSafeInteger ( number )
fn is_safe_integer(rt: &mut Rt, args: Args) -> JsResult {
    let v = args.get(rt, 0);
    Ok(Value::bool(is_integral(v) && v.as_number().abs() <= MAX_SAFE))
}

/// ThisNumberValue
fn this_number(rt: &mut Rt, args: Args, method: &str) -> JsResult<f64> {
    let this = args.this(rt);
    if this.is_number() {
        return Ok(this.as_number());
    }
    if rt.is_kind(this, Kind::NumberObj) {
        return Ok(rt.internal(this.as_ref(), 0).as_number());
    }
    Err(rt.throw_type(&format!("Number.prototype.{method} requires that 'this' be a Number")))
}

/// An argument that must lie in a range of digits, checked after the number itself.
fn check_digits(rt: &mut Rt, digits: f64, least: f64, method: &str) -> JsResult<u32> {
    if !(least..=100.0).contains(&digits) {
        return Err(rt.throw_range(&format!("{method} argument must be between {least} and 100")));
    }
    Ok(digits as u32)
}

/// NaN and the infinities as strings.
fn non_finite(rt: &Rt, x: f64) -> Value {
    Value::string(rt.number_to_string(Value::double(x)))
}

/// 21.1.3.2 Number.prototype.toExponential ( fractionDigits )
fn to_exponential(rt: &mut Rt, args: Args) -> JsResult {
    let x = this_number(rt, args, "toExponential")?;
    let v = args.get(rt, 0);
    let digits = rt.to_integer(v)?;
    if !x.is_finite() {
        return Ok(non_finite(rt, x));
    }
    let digits = check_digits(rt, digits, 0.0, "toExponential()")?;
    let digits = (!args.get(rt, 0).is_undefined()).then_some(digits);
    Ok(rt.str_value(&decimal::exponential(x, digits)))
}

/// 21.1.3.3 Number.prototype.toFixed ( fractionDigits )
fn to_fixed(rt: &mut Rt, args: Args) -> JsResult {
    let x = this_number(rt, args, "toFixed")?;
    let v = args.get(rt, 0);
    let digits = rt.to_integer(v)?;
    let digits = check_digits(rt, digits, 0.0, "toFixed()")?;
    if !x.is_finite() || x.abs() >= 1e21 {
        return Ok(Value::string(rt.number_to_string(Value::double(x))));
    }
    let mut out = decimal::Text::new();
    decimal::fixed(x, digits, &mut out);
    Ok(Value::string(rt.new_latin1(out.bytes())))
}

/// 21.1.3.4 Number.prototype.toLocaleString ( [ reserved1 [ , reserved2 ] ] )
fn to_locale_string(rt: &mut Rt, args: Args) -> JsResult {
    let x = this_number(rt, args, "toLocaleString")?;
    Ok(rt.str_value(&locale::format(x)))
}

/// 21.1.3.5 Number.prototype.toPrecision ( precision )
fn to_precision(rt: &mut Rt, args: Args) -> JsResult {
    let x = this_number(rt, args, "toPrecision")?;
    let v = args.get(rt, 0);
    if v.is_undefined() {
        return Ok(Value::string(rt.number_to_string(Value::number(x))));
    }
    let digits = rt.to_integer(v)?;
    if !x.is_finite() {
        return Ok(non_finite(rt, x));
    }
    let digits = check_digits(rt, digits, 1.0, "toPrecision()")?;
    Ok(rt.str_value(&decimal::precision(x, digits)))
}

/// 21.1.3.6 Number.prototype.toString ( [ radix ] )
fn to_string(rt: &mut Rt, args: Args) -> JsResult {
    let x = this_number(rt, args, "toString")?;
    let v = args.get(rt, 0);
    let radix = if v.is_undefined() { 10.0 } else { rt.to_integer(v)? };
    if !(2.0..=36.0).contains(&radix) {
        return Err(rt.throw_range("toString() radix must be between 2 and 36"));
    }
    if radix == 10.0 || !x.is_finite() {
        return Ok(Value::string(rt.number_to_string(Value::number(x))));
    }
    let mut out = [0; radix::MAX_BYTES];
    let text = radix::format(x, radix as u32, &mut out);
    Ok(Value::string(rt.new_latin1(text)))
}

/// 21.1.3.7 Number.prototype.valueOf ( )
fn value_of(rt: &mut Rt, args: Args) -> JsResult {
    Ok(Value::number(this_number(rt, args, "valueOf")?))
}
