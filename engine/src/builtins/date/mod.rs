//! Date objects (21.4).
//!
//! Local time is UTC: a handler at the edge must not depend on where it runs. `getTimezoneOffset` is 0 and the local
//! getters and setters are those of UTC. The locale methods print as in en-US.
//!
//! Internal word: the time value, a number.
mod calendar;
mod fields;
mod format;
mod parse;

use super::spec::{ClassSpec, Row};
use crate::call::Args;
use crate::convert::Hint;
use crate::heap::layout::Kind;
use crate::object::Key;
use crate::realm::{Intrinsic, WellKnown};
use crate::runtime::Rt;
use crate::shape::attr;
use crate::string::atoms;
use crate::value::{JsResult, Ref, Value};
use calendar::{make_date, make_day, make_time, time_clip};

pub use format::iso_text;
pub use parse::parse_date;

/// Tables of this folder.
pub const CLASSES: &[&ClassSpec] = &[&DATE];

const DATE: ClassSpec = ClassSpec::class(
    "Date",
    construct,
    7,
    Intrinsic::Date,
    Intrinsic::DatePrototype,
    &[Row::method("now", 0, now), Row::method("parse", 1, parse), Row::method("UTC", 7, utc)],
    &[
        Row::method("getDate", 0, fields::get_date),
        Row::method("getDay", 0, fields::get_day),
        Row::method("getFullYear", 0, fields::get_full_year),
        Row::method("getHours", 0, fields::get_hours),
        Row::method("getMilliseconds", 0, fields::get_milliseconds),
        Row::method("getMinutes", 0, fields::get_minutes),
        Row::method("getMonth", 0, fields::get_month),
        Row::method("getSeconds", 0, fields::get_seconds),
        Row::method("getTime", 0, get_time),
        Row::method("getTimezoneOffset", 0, fields::get_timezone_offset),
        Row::method("getUTCDate", 0, fields::get_date),
        Row::method("getUTCDay", 0, fields::get_day),
        Row::method("getUTCFullYear", 0, fields::get_full_year),
        Row::method("getUTCHours", 0, fields::get_hours),
        Row::method("getUTCMilliseconds", 0, fields::get_milliseconds),
        Row::method("getUTCMinutes", 0, fields::get_minutes),
        Row::method("getUTCMonth", 0, fields::get_month),
        Row::method("getUTCSeconds", 0, fields::get_seconds),
        Row::method("setDate", 1, fields::set_date),
        Row::method("setFullYear", 3, fields::set_full_year),
        Row::method("setHours", 4, fields::set_hours),
        Row::method("setMilliseconds", 1, fields::set_milliseconds),
        Row::method("setMinutes", 3, fields::set_minutes),
        Row::method("setMonth", 2, fields::set_month),
        Row::method("setSeconds", 2, fields::set_seconds),
        Row::method("setTime", 1, fields::set_time),
        Row::method("setUTCDate", 1, fields::set_date),
        Row::method("setUTCFullYear", 3, fields::set_full_year),
        Row::method("setUTCHours", 4, fields::set_hours),
        Row::method("setUTCMilliseconds", 1, fields::set_milliseconds),
        Row::method("setUTCMinutes", 3, fields::set_minutes),
        Row::method("setUTCMonth", 2, fields::set_month),
        Row::method("setUTCSeconds", 2, fields::set_seconds),
        Row::method("toDateString", 0, format::to_date_string),
        Row::method("toISOString", 0, format::to_iso_string),
        Row::method("toJSON", 1, to_json),
        Row::method("toLocaleDateString", 0, format::to_locale_date_string),
        Row::method("toLocaleString", 0, format::to_locale_string),
        Row::method("toLocaleTimeString", 0, format::to_locale_time_string),
        Row::method("toString", 0, format::to_string),
        Row::method("toTimeString", 0, format::to_time_string),
        Row::method("toUTCString", 0, format::to_utc_string),
        Row::method("valueOf", 0, get_time),
        Row { attrs: attr::C, ..Row::symbol(WellKnown::ToPrimitive, "[Symbol.toPrimitive]", 1, to_primitive) },
        Row::method("getYear", 0, fields::get_year),
        Row::method("setYear", 1, fields::set_year),
        Row::alias("toGMTString", "toUTCString"),
    ],
);

/// Milliseconds since the epoch.
fn current_time() -> f64 {
    use std::time::{SystemTime, UNIX_EPOCH};
    // A clock before 1970 is a broken one: it reads as the epoch.
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0.0, |since| since.as_millis() as f64)
}

/// A new Date of %Date.prototype%.
pub fn new_date(rt: &Rt, time: f64) -> Ref {
    let date = rt.new_of_kind(Kind::Date, Intrinsic::DatePrototype);
    rt.set_internal(date, 0, Value::number(time_clip(time)));
    date
}

/// The time value of a Date object.
pub fn time_of(rt: &Rt, date: Ref) -> f64 {
    rt.internal(date, 0).as_number()
}

/// RequireInternalSlot(this, [[DateValue]]) and its value.
fn this_time(rt: &mut Rt, args: Args) -> JsResult<f64> {
    let this = args.this(rt);
    if rt.is_kind(this, Kind::Date) {
        return Ok(time_of(rt, this.as_ref()));
    }
    Err(rt.throw_type("this is not a Date object"))
}

/// 21.4.2.1 Date ( ...values )
fn construct(rt: &mut Rt, args: Args) -> JsResult {
    if !args.is_construct(rt) {
        return format::date_string(rt, current_time());
    }
    let time = match args.len() {
        0 => current_time(),
        1 => {
            let v = args.get(rt, 0);
            if rt.is_kind(v, Kind::Date) {
                time_of(rt, v.as_ref())
            } else {
                let primitive = rt.to_primitive(v, Hint::Default)?;
                if primitive.is_string() {
                    rt.with_units(primitive.as_ref(), parse_date)
                } else {
                    time_clip(rt.to_number(primitive)?)
                }
            }
        }
        _ => time_clip(from_components(rt, args)?),
    };
    let new_target = args.new_target(rt);
    let proto = rt.proto_from_constructor(new_target, Intrinsic::DatePrototype)?;
    let date = rt.new_of_kind_with_proto(Kind::Date, proto);
    rt.set_internal(date, 0, Value::number(time));
    Ok(Value::object(date))
}

/// Year, month and perhaps day, hours, minutes, seconds, milliseconds.
fn from_components(rt: &mut Rt, args: Args) -> JsResult<f64> {
    let mut parts = [f64::NAN, 0.0, 1.0, 0.0, 0.0, 0.0, 0.0];
    for (i, part) in parts.iter_mut().enumerate().take(args.len() as usize) {
        let v = args.get(rt, i as u32);
        *part = rt.to_number(v)?;
    }
    let [year, month, day, hours, minutes, seconds, milliseconds] = parts;
    let year = fields::full_year(year);
    Ok(make_date(make_day(year, month, day), make_time(hours, minutes, seconds, milliseconds)))
}

/// 21.4.3.1 Date.now ( )
fn now(_rt: &mut Rt, _args: Args) -> JsResult {
    Ok(Value::number(current_time()))
}

/// 21.4.3.2 Date.parse ( string )
fn parse(rt: &mut Rt, args: Args) -> JsResult {
    let v = args.get(rt, 0);
    let s = rt.to_str(v)?;
    Ok(Value::number(rt.with_units(s, parse_date)))
}

/// 21.4.3.4 Date.UTC ( year [ , month [ , date [ , hours [ , minutes [ , seconds [ , ms ] ] ] ] ] ] )
fn utc(rt: &mut Rt, args: Args) -> JsResult {
    Ok(Value::number(time_clip(from_components(rt, args)?)))
}

/// 21.4.4.10 Date.prototype.getTime ( ), 21.4.4.44 Date.prototype.valueOf ( )
fn get_time(rt: &mut Rt, args: Args) -> JsResult {
    Ok(Value::number(this_time(rt, args)?))
}

/// 21.4.4.37 Date.prototype.toJSON ( key )
fn to_json(rt: &mut Rt, args: Args) -> JsResult {
    let this = args.this(rt);
    let obj = rt.to_object(this)?;
    let obj = rt.root(Value::object(obj));
    let primitive = rt.to_primitive(obj.get(rt), Hint::Number)?;
    if primitive.is_number() && !primitive.as_number().is_finite() {
        return Ok(Value::NULL);
    }
    let key = Key::Name(rt.intern_str("toISOString"));
    rt.invoke(obj.get(rt), key, &[])
}

/// 21.4.4.45 Date.prototype [ %Symbol.toPrimitive% ] ( hint )
fn to_primitive(rt: &mut Rt, args: Args) -> JsResult {
    let (this, hint) = (args.this(rt), args.get(rt, 0));
    if !this.is_object() {
        return Err(rt.throw_type("Date.prototype[Symbol.toPrimitive] called on a value that is not an object"));
    }
    let is = |rt: &Rt, text: &str| hint.is_string() && rt.str_is(hint.as_ref(), text);
    let order = if is(rt, "string") || is(rt, "default") {
        [atoms::to_string, atoms::value_of]
    } else if is(rt, "number") {
        [atoms::value_of, atoms::to_string]
    } else {
        return Err(rt.throw_type("Invalid hint"));
    };
    // 7.1.1.1 OrdinaryToPrimitive
    for name in order {
        let method = rt.get_name(args.this(rt), name)?;
        if rt.is_callable(method) {
            let result = rt.call(method, args.this(rt), &[])?;
            if !result.is_object() {
                return Ok(result);
            }
        }
    }
    Err(rt.throw_type("Cannot convert object to primitive value"))
}
