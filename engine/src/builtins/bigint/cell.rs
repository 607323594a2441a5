//! BigInt cells: reading and making them.
use super::MAX_BITS;
use crate::heap::layout::Kind;
use crate::runtime::Rt;
use crate::value::{JsResult, Ref, Thrown, Value};
use num_bigint::{BigInt, BigUint, Sign};

const COUNT: u32 = 8;
const SIGN: u32 = 12;
const DIGITS: u32 = 16;

/// Number of 64-bit digits.
pub fn count(rt: &Rt, v: Value) -> u32 {
    rt.load(v.as_ref(), COUNT)
}

/// Whether it is below zero.
pub fn is_negative(rt: &Rt, v: Value) -> bool {
    rt.load::<u32>(v.as_ref(), SIGN) != 0
}

/// Digit `i`, least first.
pub fn digit(rt: &Rt, v: Value, i: u32) -> u64 {
    rt.load(Ref(v.as_ref().0 + 8 * i), DIGITS)
}

/// Bits of the magnitude.
pub fn bits(rt: &Rt, v: Value) -> u64 {
    match count(rt, v) {
        0 => 0,
        n => u64::from(64 * n) - u64::from(digit(rt, v, n - 1).leading_zeros()),
    }
}

/// Whether it is 0n.
pub fn is_zero(rt: &Rt, v: Value) -> bool {
    count(rt, v) == 0
}

/// The value, if it has at most one digit.
#[inline]
pub fn small(rt: &Rt, v: Value) -> Option<i128> {
    let magnitude = match count(rt, v) {
        0 => 0,
        1 => i128::from(digit(rt, v, 0)),
        _ => return None,
    };
    Some(if is_negative(rt, v) { -magnitude } else { magnitude })
}

/// The value modulo 2⁶⁴, as in a BigInt64Array or BigUint64Array.
pub fn low_digit(rt: &Rt, v: Value) -> u64 {
    if is_zero(rt, v) {
        return 0;
    }
    let low = digit(rt, v, 0);
    if is_negative(rt, v) { low.wrapping_neg() } else { low }
}

/// A BigInt from an i64.
pub fn from_i64(rt: &Rt, n: i64) -> Value {
    from_parts(rt, n < 0, u128::from(n.unsigned_abs()))
}

/// A BigInt from a u64.
pub fn from_u64(rt: &Rt, n: u64) -> Value {
    from_parts(rt, false, u128::from(n))
}

/// A BigInt of at most two digits.
#[inline]
pub fn from_parts(rt: &Rt, negative: bool, magnitude: u128) -> Value {
    let digits = [magnitude as u64, (magnitude >> 64) as u64];
    let count = if digits[1] != 0 { 2 } else { u32::from(digits[0] != 0) };
    let cell = alloc(rt, count, negative && count > 0);
    for i in 0..count {
        rt.init::<u64>(Ref(cell.0 + 8 * i), DIGITS, digits[i as usize]);
    }
    Value::bigint(cell)
}

/// A BigInt from an i128.
#[inline]
pub fn from_i128(rt: &Rt, n: i128) -> Value {
    from_parts(rt, n < 0, n.unsigned_abs())
}

fn alloc(rt: &Rt, count: u32, negative: bool) -> Ref {
    let cell = rt.alloc(Kind::BigInt, DIGITS + 8 * count);
    rt.init::<u32>(cell, COUNT, count);
    rt.init::<u32>(cell, SIGN, u32::from(negative));
    cell
}

/// The value in host memory.
pub fn to_big(rt: &Rt, v: Value) -> BigInt {
    let mut halves = Vec::with_capacity(2 * count(rt, v) as usize);
    for i in 0..count(rt, v) {
        let digit = digit(rt, v, i);
        halves.extend([digit as u32, (digit >> 32) as u32]);
    }
    let sign = if is_negative(rt, v) { Sign::Minus } else { Sign::Plus };
    BigInt::from_biguint(sign, BigUint::new(halves))
}

/// A BigInt from host memory; RangeError beyond [`MAX_BITS`].
pub fn from_big(rt: &mut Rt, n: &BigInt) -> JsResult {
    if n.bits() > MAX_BITS { Err(throw_too_big(rt)) } else { Ok(from_fitting(rt, n)) }
}

/// A BigInt from host memory, within [`MAX_BITS`].
pub fn from_fitting(rt: &Rt, n: &BigInt) -> Value {
    let count = n.bits().div_ceil(64) as u32;
    let cell = alloc(rt, count, n.sign() == Sign::Minus);
    for (i, digit) in n.iter_u64_digits().take(count as usize).enumerate() {
        rt.init::<u64>(Ref(cell.0 + 8 * i as u32), DIGITS, digit);
    }
    Value::bigint(cell)
}

/// RangeError of a result that has too many bits.
#[cold]
pub fn throw_too_big(rt: &mut Rt) -> Thrown {
    rt.throw_range("Maximum BigInt size exceeded")
}
