//! The JSON object (25.5), with source text access (JSON.rawJSON, the reviver's context).
mod cache;
mod cycle;
mod errors;
mod number;
mod parse;
mod parse_object;
mod quote;
mod revive;
mod stringify;
mod units;

pub use stringify::{stringify_to, stringify_value};

use super::object::{Listing, enumerable_own_properties};
use super::proxy::is_array;
use super::spec::{ClassSpec, Row};
use crate::call::Args;
use crate::heap::layout::{CELL_SHAPE, Kind};
use crate::object::Key;
use crate::realm::Intrinsic;
use crate::runtime::Rt;
use crate::shape::attr;
use crate::string::Units;
use crate::value::{JsResult, Ref, Value};
use parse::Fault;

/// Tables of this folder.
pub const CLASSES: &[&ClassSpec] = &[&JSON];

const JSON: ClassSpec = ClassSpec::namespace(
    "JSON",
    Intrinsic::Json,
    &[
        Row::method("parse", 2, parse_native),
        Row::method("stringify", 3, stringify_native),
        Row::method("rawJSON", 1, raw_json),
        Row::method("isRawJSON", 1, is_raw_json),
        Row::tag("JSON"),
    ],
);

/// 25.5.1 JSON.parse ( text [ , reviver ] )
fn parse_native(rt: &mut Rt, args: Args) -> JsResult {
    let text = rt.to_str(args.get(rt, 0))?;
    let reviver = args.get(rt, 1);
    if !rt.is_callable(reviver) {
        return parse_text(rt, text);
    }
    let v = parse_text(rt, text)?;
    let record = parse_units(rt, text, true)?;
    revive::revive(rt, v, record, reviver)
}

/// ParseJSON ( text ) (25.5.1.1): what a JSON text says.
pub fn parse_text(rt: &mut Rt, text: Ref) -> JsResult {
    parse_units(rt, text, false)
}

fn parse_units(rt: &mut Rt, text: Ref, record: bool) -> JsResult {
    let parsed = {
        let rt = &*rt;
        rt.with_units(text, |units| match (units, record) {
            (Units::Latin1(bytes), false) => parse::parse::<u8, false>(rt, bytes),
            (Units::Utf16(units), false) => parse::parse::<u16, false>(rt, units),
            (Units::Latin1(bytes), true) => parse::parse::<u8, true>(rt, bytes),
            (Units::Utf16(units), true) => parse::parse::<u16, true>(rt, units),
        })
    };
    match parsed {
        Ok(v) => Ok(v),
        Err(fault) => Err(throw_fault(rt, text, fault)),
    }
}

#[cold]
fn throw_fault(rt: &mut Rt, text: Ref, fault: Fault) -> crate::value::Thrown {
    match fault {
        Fault::Syntax(problem, at) => {
            let message = rt.with_units(text, |units| errors::message(problem, units, at));
            rt.throw_syntax(&message)
        }
        Fault::Depth => rt.throw_stack_overflow(),
        Fault::Interrupted => rt.terminate(crate::limits::Termination::Cpu),
    }
}

/// 25.5.2 JSON.stringify ( value [ , replacer [ , space ] ] )
fn stringify_native(rt: &mut Rt, args: Args) -> JsResult {
    let (v, replacer, space) = (args.get(rt, 0), args.get(rt, 1), args.get(rt, 2));
    stringify::stringify_value(rt, v, replacer, space)
}

/// Internal word 0 of a raw JSON object, which is an ordinary object but for its kind; word 1 is its text.
const RAW_JSON: Value = Value::int(-1);

/// The text of a raw JSON object.
fn raw_text(rt: &Rt, v: Value) -> Option<Ref> {
    let raw = rt.is_kind(v, Kind::Iterator) && rt.internal(v.as_ref(), 0) == RAW_JSON;
    raw.then(|| rt.internal(v.as_ref(), 1).as_ref())
}

/// JSON.rawJSON ( text ) (source text access, 1.3)
fn raw_json(rt: &mut Rt, args: Args) -> JsResult {
    let text = rt.to_str(args.get(rt, 0))?;
    let len = rt.len(text);
    let is_space = |unit: u16| matches!(unit, 0x09 | 0x0A | 0x0D | 0x20);
    if len == 0 || is_space(rt.unit_at(text, 0)) || is_space(rt.unit_at(text, len - 1)) {
        return Err(rt.throw_syntax("Invalid value for JSON.rawJSON"));
    }
    if parse_text(rt, text)?.is_object() {
        return Err(rt.throw_syntax("Invalid value for JSON.rawJSON"));
    }
    let obj = rt.new_of_kind_with_proto(Kind::Iterator, Ref::NULL);
    rt.set_internal(obj, 0, RAW_JSON);
    rt.set_internal(obj, 1, Value::string(text));
    rt.write_own(obj, Key::Name(rt.intern_str("rawJSON")), Value::string(text), attr::E);
    let frozen = rt.shape_prevent_extensions(rt.shape_of(obj));
    rt.put(obj, CELL_SHAPE, frozen);
    Ok(Value::object(obj))
}

/// JSON.isRawJSON ( O ) (source text access, 1.2)
fn is_raw_json(rt: &mut Rt, args: Args) -> JsResult {
    Ok(Value::bool(raw_text(rt, args.get(rt, 0)).is_some()))
}

/// 7.3.23 EnumerableOwnProperties ( O, key ): an Array of strings.
fn enumerable_keys(rt: &mut Rt, obj: Ref) -> JsResult<Ref> {
    enumerable_own_properties(rt, obj, Listing::Keys)
}
