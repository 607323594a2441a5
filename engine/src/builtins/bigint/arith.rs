//! Operators (6.1.6.2.1 to 6.1.6.2.22).
use super::cell::{bits, from_big, from_i128, from_parts, is_negative, is_zero, small, throw_too_big, to_big};
use super::{BinaryOp, MAX_BITS};
use crate::runtime::Rt;
use crate::value::{JsResult, Value};

/// a op b, both BigInts.
pub fn binary(rt: &mut Rt, op: BinaryOp, a: Value, b: Value) -> JsResult {
    if let (Some(x), Some(y)) = (small(rt, a), small(rt, b))
        && let Some(result) = binary_small(rt, op, x, y)
    {
        return Ok(result);
    }
    match op {
        BinaryOp::Add => from_big(rt, &(to_big(rt, a) + to_big(rt, b))),
        BinaryOp::Sub => from_big(rt, &(to_big(rt, a) - to_big(rt, b))),
        BinaryOp::Mul => {
            if !is_zero(rt, a) && !is_zero(rt, b) && bits(rt, a) + bits(rt, b) > MAX_BITS + 1 {
                return Err(throw_too_big(rt));
            }
            from_big(rt, &(to_big(rt, a) * to_big(rt, b)))
        }
        BinaryOp::Div | BinaryOp::Mod if is_zero(rt, b) => Err(rt.throw_range("Division by zero")),
        BinaryOp::Div => from_big(rt, &(to_big(rt, a) / to_big(rt, b))),
        BinaryOp::Mod => from_big(rt, &(to_big(rt, a) % to_big(rt, b))),
        BinaryOp::Exp => exponentiate(rt, a, b),
        BinaryOp::And => from_big(rt, &(to_big(rt, a) & to_big(rt, b))),
        BinaryOp::Or => from_big(rt, &(to_big(rt, a) | to_big(rt, b))),
        BinaryOp::Xor => from_big(rt, &(to_big(rt, a) ^ to_big(rt, b))),
        BinaryOp::Shl => shift(rt, a, b, !is_negative(rt, b)),
        BinaryOp::Shr => shift(rt, a, b, is_negative(rt, b)),
        BinaryOp::UShr => Err(rt.throw_type("BigInts have no unsigned right shift, use >> instead")),
    }
}

/// The result for operands of one digit, unless it may have more than two or is an error.
#[inline]
fn binary_small(rt: &Rt, op: BinaryOp, x: i128, y: i128) -> Option<Value> {
    Some(match op {
        BinaryOp::Add => from_i128(rt, x + y),
        BinaryOp::Sub => from_i128(rt, x - y),
        BinaryOp::Mul => from_parts(rt, (x < 0) != (y < 0), x.unsigned_abs() * y.unsigned_abs()),
        BinaryOp::Div => from_i128(rt, x.checked_div(y)?),
        BinaryOp::Mod => from_i128(rt, x.checked_rem(y)?),
        BinaryOp::Exp => {
            let magnitude = x.unsigned_abs().checked_pow(u32::try_from(y).ok()?)?;
            from_parts(rt, x < 0 && y & 1 == 1, magnitude)
        }
        BinaryOp::And => from_i128(rt, x & y),
        BinaryOp::Or => from_i128(rt, x | y),
        BinaryOp::Xor => from_i128(rt, x ^ y),
        BinaryOp::Shl if (0..63).contains(&y) => from_i128(rt, x << y),
        BinaryOp::Shr if y >= 0 => from_i128(rt, x >> y.min(127)),
        BinaryOp::Shl | BinaryOp::Shr | BinaryOp::UShr => return None,
    })
}

/// 6.1.6.2.3 BigInt::exponentiate ( base, exponent )
fn exponentiate(rt: &mut Rt, base: Value, exponent: Value) -> JsResult {
    if is_negative(rt, exponent) {
        return Err(rt.throw_range("Exponent must be non-negative"));
    }
    if is_zero(rt, exponent) {
        return Ok(from_i128(rt, 1));
    }
    match small(rt, base) {
        Some(0 | 1) => return Ok(base),
        Some(-1) => return Ok(from_i128(rt, if super::low_digit(rt, exponent) & 1 == 1 { -1 } else { 1 })),
        _ => {}
    }
    // |base| ≥ 2: the result has at least (bits − 1) · exponent + 1 bits.
    let exponent = small(rt, exponent).and_then(|n| u32::try_from(n).ok());
    match exponent {
        Some(n) if (bits(rt, base) - 1).saturating_mul(u64::from(n)) < MAX_BITS => {
            from_big(rt, &to_big(rt, base).pow(n))
        }
        _ => Err(throw_too_big(rt)),
    }
}

/// A shift by |b|.
fn shift(rt: &mut Rt, a: Value, b: Value, left: bool) -> JsResult {
    if is_zero(rt, a) {
        return Ok(a);
    }
    let by = small(rt, b).map_or(u64::MAX, |n| u64::try_from(n.unsigned_abs()).unwrap_or(u64::MAX));
    if left {
        if by > MAX_BITS || bits(rt, a) + by > MAX_BITS {
            return Err(throw_too_big(rt));
        }
        return from_big(rt, &(to_big(rt, a) << by));
    }
    if by >= bits(rt, a) {
        let rest = if is_negative(rt, a) { -1 } else { 0 };
        return Ok(from_i128(rt, rest));
    }
    // Rounds towards −∞ like an arithmetic shift of two's complement.
    from_big(rt, &(to_big(rt, a) >> by))
}

/// −a
pub fn negate(rt: &mut Rt, a: Value) -> JsResult {
    match small(rt, a) {
        Some(x) => Ok(from_i128(rt, -x)),
        None => from_big(rt, &-to_big(rt, a)),
    }
}

/// ~a
pub fn not(rt: &mut Rt, a: Value) -> JsResult {
    match small(rt, a) {
        Some(x) => Ok(from_i128(rt, -x - 1)),
        None => from_big(rt, &(-to_big(rt, a) - 1)),
    }
}
