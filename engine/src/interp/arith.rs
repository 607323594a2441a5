//! The rare halves of arithmetic and comparison: strings, BigInts, objects.
use crate::builtins::bigint::{self, BinaryOp};
use crate::convert::{Hint, double_to_int32};
use crate::heap::layout::Kind;
use crate::runtime::Rt;
use crate::value::{JsResult, Ref, Value};

/// 13.15.3 with `+`
#[cold]
#[inline(never)]
pub fn add(rt: &mut Rt, a: Value, b: Value) -> JsResult {
    if a.is_string() && b.is_string() {
        return Ok(Value::string(rt.concat(a.as_ref(), b.as_ref())?));
    }
    let (a, b) = if a.is_object() || b.is_object() {
        rt.scoped(|rt| {
            let (slot_a, slot_b) = (rt.root(a), rt.root(b));
            let p = rt.to_primitive(a, Hint::Default)?;
            slot_a.set(rt, p);
            let q = rt.to_primitive(slot_b.get(rt), Hint::Default)?;
            Ok((slot_a.get(rt), q))
        })?
    } else {
        (a, b)
    };
    if a.is_string() || b.is_string() {
        let x = rt.to_str(a)?;
        let y = rt.to_str(b)?;
        return Ok(Value::string(rt.concat(x, y)?));
    }
    numeric(rt, a, b, BinaryOp::Add, |x, y| x + y)
}

/// Both operands to numerics, then the double or BigInt operation.
fn numeric(rt: &mut Rt, a: Value, b: Value, op: BinaryOp, f: impl Fn(f64, f64) -> f64) -> JsResult {
    let (a, b) = both_numeric(rt, a, b)?;
    if a.is_number() && b.is_number() {
        return Ok(Value::number(f(a.as_number(), b.as_number())));
    }
    big(rt, op, a, b)
}

fn both_numeric(rt: &mut Rt, a: Value, b: Value) -> JsResult<(Value, Value)> {
    rt.scoped(|rt| {
        let (slot_a, slot_b) = (rt.root(a), rt.root(b));
        let x = rt.to_numeric(a)?;
        slot_a.set(rt, x);
        let y = rt.to_numeric(slot_b.get(rt))?;
        Ok((slot_a.get(rt), y))
    })
}

fn big(rt: &mut Rt, op: BinaryOp, a: Value, b: Value) -> JsResult {
    if a.is_bigint() && b.is_bigint() {
        return bigint::binary(rt, op, a, b);
    }
    Err(rt.throw_type("Cannot mix BigInt and other types, use explicit conversions"))
}

macro_rules! numeric_ops {
    ($($(#[$doc:meta])* $name:ident, $op:ident, $f:expr;)*) => {
        $($(#[$doc])* #[cold] #[inline(never)]
        pub fn $name(rt: &mut Rt, a: Value, b: Value) -> JsResult { numeric(rt, a, b, BinaryOp::$op, $f) })*
    };
}
numeric_ops! {
    /// `a - b`
    sub, Sub, |x, y| x - y;
    /// `a * b`
    mul, Mul, |x, y| x * y;
    /// `a / b`
    div, Div, |x, y| x / y;
    /// `a % b`
    rem, Mod, modulo;
    /// `a ** b`
    exp, Exp, power;
}

/// 6.1.6.1.6 Number::remainder
pub fn modulo(x: f64, y: f64) -> f64 {
    let r = x % y;
    if r == 0.0 && x.is_sign_negative() { -0.0 } else { r }
}

/// 6.1.6.1.3 Number::exponentiate: unlike IEEE pow, 1 to an infinite or NaN power is NaN.
pub fn power(x: f64, y: f64) -> f64 {
    if y.is_nan() || (x.abs() == 1.0 && y.is_infinite()) { f64::NAN } else { x.powf(y) }
}

macro_rules! int_ops {
    ($($(#[$doc:meta])* $name:ident, $op:ident, |$x:ident, $y:ident| $f:expr;)*) => {
        $($(#[$doc])* #[cold] #[inline(never)]
        pub fn $name(rt: &mut Rt, a: Value, b: Value) -> JsResult {
            let (a, b) = if a.is_number() && b.is_number() { (a, b) } else { both_numeric(rt, a, b)? };
            if a.is_number() && b.is_number() {
                let ($x, $y) = (double_to_int32(a.as_number()), double_to_int32(b.as_number()));
                return Ok($f);
            }
            big(rt, BinaryOp::$op, a, b)
        })*
    };
}
int_ops! {
    /// `a & b`
    bit_and, And, |x, y| Value::int(x & y);
    /// `a | b`
    bit_or, Or, |x, y| Value::int(x | y);
    /// `a ^ b`
    bit_xor, Xor, |x, y| Value::int(x ^ y);
    /// `a << b`
    shl, Shl, |x, y| Value::int(x.wrapping_shl(y as u32));
    /// `a >> b`
    shr, Shr, |x, y| Value::int(x.wrapping_shr(y as u32));
    /// `a >>> b`
    ushr, UShr, |x, y| Value::uint((x as u32).wrapping_shr(y as u32));
}

/// `a ± 1`
#[cold]
#[inline(never)]
pub fn inc(rt: &mut Rt, a: Value, by: i32) -> JsResult {
    let a = rt.to_numeric(a)?;
    if a.is_number() {
        return Ok(Value::number(a.as_number() + f64::from(by)));
    }
    let one = bigint::from_decimal(rt, "1").unwrap_or(Value::UNDEFINED);
    bigint::binary(rt, if by > 0 { BinaryOp::Add } else { BinaryOp::Sub }, a, one)
}

/// `-a`
#[cold]
#[inline(never)]
pub fn negate(rt: &mut Rt, a: Value) -> JsResult {
    let a = rt.to_numeric(a)?;
    if a.is_number() { Ok(Value::number(-a.as_number())) } else { bigint::negate(rt, a) }
}

/// `~a`
#[cold]
#[inline(never)]
pub fn bit_not(rt: &mut Rt, a: Value) -> JsResult {
    let a = rt.to_numeric(a)?;
    if a.is_number() { Ok(Value::int(!double_to_int32(a.as_number()))) } else { bigint::not(rt, a) }
}

/// `a < b`
#[cold]
#[inline(never)]
pub fn lt(rt: &mut Rt, a: Value, b: Value) -> JsResult<bool> {
    if a.is_string() && b.is_string() {
        return Ok(rt.str_cmp(a.as_ref(), b.as_ref()).is_lt());
    }
    Ok(rt.less_than(a, b, true)?.unwrap_or(false))
}

/// `a > b`
#[cold]
#[inline(never)]
pub fn gt(rt: &mut Rt, a: Value, b: Value) -> JsResult<bool> {
    Ok(rt.less_than(b, a, false)?.unwrap_or(false))
}

/// `a <= b`
#[cold]
#[inline(never)]
pub fn le(rt: &mut Rt, a: Value, b: Value) -> JsResult<bool> {
    Ok(rt.less_than(b, a, false)?.is_some_and(|less| !less))
}

/// `a >= b`
#[cold]
#[inline(never)]
pub fn ge(rt: &mut Rt, a: Value, b: Value) -> JsResult<bool> {
    Ok(rt.less_than(a, b, true)?.is_some_and(|less| !less))
}

/// `a == b`
#[inline]
pub fn loose_eq(rt: &mut Rt, a: Value, b: Value) -> JsResult<bool> {
    rt.loose_equals(a, b)
}

/// Concatenates `n` registers from cage offset `at`: short results are copied once, long ones become ropes.
/// `primitive`: operands of `+` (ToPrimitive first) rather than of a template.
#[inline(never)]
pub fn concat_registers(rt: &mut Rt, at: u32, n: u16, primitive: bool) -> JsResult {
    let n = u32::from(n);
    let reg = |i: u32| Ref(at + 8 * i);
    let mut total: u64 = 0;
    let mut wide = false;
    for i in 0..n {
        let mut v: Value = rt.load(reg(i), 0);
        if !v.is_string() {
            if primitive {
                v = rt.to_primitive(v, Hint::Default)?;
            }
            v = Value::string(rt.to_str(v)?);
            rt.init(reg(i), 0, v);
        }
        total += u64::from(rt.len(v.as_ref()));
        wide |= rt.is_wide(v.as_ref());
    }
    // A long first part is usually an accumulator: keep it as the left of a rope.
    const COPY: u64 = 256;
    if total > u64::from(crate::string::MAX_LENGTH) {
        return Err(rt.throw_range("Invalid string length"));
    }
    let first: Value = rt.load(reg(0), 0);
    if total <= COPY || (n > 2 && u64::from(rt.len(first.as_ref())) < COPY) {
        if total == 0 {
            return Ok(Value::string(crate::string::atoms::empty));
        }
        let cell = if wide { rt.alloc_str16(total as u32) } else { rt.alloc_str8(total as u32) };
        let mut end = 0;
        for i in 0..n {
            let part = rt.load::<Value>(reg(i), 0).as_ref();
            let len = rt.len(part);
            if len == 0 {
                continue;
            }
            let part = if rt.kind(part) == Kind::Rope { rt.flatten(part) } else { part };
            rt.copy_units(part, 0, len, cell, end);
            end += len;
        }
        return Ok(Value::string(cell));
    }
    let mut rest = rt.load::<Value>(reg(1), 0).as_ref();
    for i in 2..n {
        let part = rt.load::<Value>(reg(i), 0).as_ref();
        rest = rt.concat(rest, part)?;
    }
    Ok(Value::string(rt.concat(first.as_ref(), rest)?))
}
