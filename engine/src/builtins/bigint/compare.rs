//! Comparison with BigInts, numbers and strings.
use super::cell::{count, digit, is_negative, small, to_big};
use super::convert::{double_to_big, parse};
use crate::runtime::Rt;
use crate::value::{JsResult, Value};
use std::cmp::Ordering;

/// a == b, both BigInts.
pub fn equals(rt: &Rt, a: Value, b: Value) -> bool {
    compare(rt, a, b).is_eq()
}

/// The order of two BigInts.
pub fn compare(rt: &Rt, a: Value, b: Value) -> Ordering {
    let magnitudes = || {
        let n = count(rt, a);
        n.cmp(&count(rt, b))
            .then_with(|| (0..n).rev().map(|i| digit(rt, a, i)).cmp((0..n).rev().map(|i| digit(rt, b, i))))
    };
    match (is_negative(rt, a), is_negative(rt, b)) {
        (false, true) => Ordering::Greater,
        (true, false) => Ordering::Less,
        (false, false) => magnitudes(),
        (true, true) => magnitudes().reverse(),
    }
}

/// The order of a BigInt and a number; None for NaN.
pub fn compare_number(rt: &Rt, a: Value, x: f64) -> Option<Ordering> {
    if x.is_nan() {
        return None;
    }
    if x.is_infinite() {
        return Some(if x > 0.0 { Ordering::Less } else { Ordering::Greater });
    }
    let whole = x.trunc();
    let order = match small(rt, a) {
        // Comparison of what fits 128 bits needs no host memory.
        Some(n) if whole.abs() < 1e38 => n.cmp(&(whole as i128)),
        _ => to_big(rt, a).cmp(&double_to_big(whole)),
    };
    // Equal integers: the fraction decides.
    Some(order.then(whole.partial_cmp(&x).unwrap_or(Ordering::Equal)))
}

/// The order of two primitives, at least one a BigInt; None when undefined (NaN, or a string that is no integer).
fn compare_mixed(rt: &mut Rt, a: Value, b: Value) -> JsResult<Option<Ordering>> {
    if !a.is_bigint() {
        return Ok(compare_mixed(rt, b, a)?.map(Ordering::reverse));
    }
    if b.is_bigint() {
        return Ok(Some(compare(rt, a, b)));
    }
    if b.is_string() {
        return Ok(parse(rt, b.as_ref()).map(|b| compare(rt, a, b)));
    }
    let x = rt.to_number(b)?;
    Ok(compare_number(rt, a, x))
}

/// 7.2.14 with at least one BigInt, the other BigInt, number or string.
pub fn loose_equals(rt: &mut Rt, a: Value, b: Value) -> JsResult<bool> {
    let other = if a.is_bigint() { b } else { a };
    if !(other.is_bigint() || other.is_number() || other.is_string()) {
        return Ok(false);
    }
    Ok(compare_mixed(rt, a, b)?.is_some_and(Ordering::is_eq))
}

/// a < b with at least one BigInt, both primitive; None when undefined (NaN).
pub fn less_than(rt: &mut Rt, a: Value, b: Value) -> JsResult<Option<bool>> {
    Ok(compare_mixed(rt, a, b)?.map(Ordering::is_lt))
}
