//! BigInt objects (21.2) and arithmetic (6.1.6.2).
use super::spec::ClassSpec;
use crate::runtime::Rt;
use crate::value::{JsResult, Ref, Value};

/// Tables of this file.
pub const CLASSES: &[&ClassSpec] = &[];

fn unavailable<T>(rt: &mut Rt) -> JsResult<T> {
    Err(rt.throw_type("BigInt is not available"))
}

/// Binary operators of BigInts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs, reason = "named as the operators")]
pub enum BinaryOp {
    Add,
    Sub,
    Mul,
    Div,
    Mod,
    Exp,
    And,
    Or,
    Xor,
    Shl,
    Shr,
    UShr,
}

/// a op b, both BigInts.
pub fn binary(rt: &mut Rt, _op: BinaryOp, _a: Value, _b: Value) -> JsResult {
    unavailable(rt)
}
/// −a
pub fn negate(rt: &mut Rt, _a: Value) -> JsResult {
    unavailable(rt)
}
/// ~a
pub fn not(rt: &mut Rt, _a: Value) -> JsResult {
    unavailable(rt)
}
/// Whether it is 0n.
pub fn is_zero(_rt: &Rt, _a: Value) -> bool {
    false
}
/// a == b, both BigInts.
pub fn equals(_rt: &Rt, _a: Value, _b: Value) -> bool {
    false
}
/// 7.2.14 with at least one BigInt, the other BigInt, number or string.
pub fn loose_equals(rt: &mut Rt, _a: Value, _b: Value) -> JsResult<bool> {
    unavailable(rt)
}
/// a < b with at least one BigInt, both primitive; None when undefined (NaN).
pub fn less_than(rt: &mut Rt, _a: Value, _b: Value) -> JsResult<Option<bool>> {
    unavailable(rt)
}
/// Digits in a radix.
pub fn to_string(rt: &mut Rt, _a: Value, _radix: u32) -> JsResult<Ref> {
    unavailable(rt)
}
/// Decimal digits, for reports.
pub fn to_text(_rt: &Rt, _a: Value) -> String {
    String::new()
}
/// A BigInt from decimal digits (literals).
pub fn from_decimal(_rt: &Rt, _digits: &str) -> Option<Value> {
    None
}
