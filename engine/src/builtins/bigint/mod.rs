//! BigInt objects (21.2) and arithmetic (6.1.6.2).
//!
//! A BigInt is a cell `[header | digit count u32 | sign u32 | digits u64…]`: magnitude in 64-bit digits, least first,
//! without leading zeros; sign 1 for negative; zero has no digits. Values of one digit are computed in registers.
mod arith;
mod cell;
mod compare;
mod convert;

use super::spec::{ClassSpec, Row};
use crate::call::Args;
use crate::convert::Hint;
use crate::heap::layout::Kind;
use crate::realm::Intrinsic;
use crate::runtime::Rt;
use crate::value::{JsResult, Value};
use num_bigint::BigInt;

pub use arith::{binary, negate, not};
pub use cell::{from_i64, from_u64, is_zero, low_digit};
pub use compare::{equals, less_than, loose_equals};
pub use convert::{from_decimal, from_number, parse, to_bigint, to_f64, to_string, to_text};

/// Tables of this folder.
pub const CLASSES: &[&ClassSpec] = &[&BIGINT];

/// Bits a BigInt may have: arithmetic on larger ones would not end within a request.
pub const MAX_BITS: u64 = 1 << 20;

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

const BIGINT: ClassSpec = ClassSpec::class(
    "BigInt",
    construct,
    1,
    Intrinsic::BigInt,
    Intrinsic::BigIntPrototype,
    &[Row::method("asIntN", 2, as_int_n), Row::method("asUintN", 2, as_uint_n)],
    &[
        Row::method("toLocaleString", 0, to_locale_string),
        Row::method("toString", 0, to_string_method),
        Row::method("valueOf", 0, value_of),
        Row::tag("BigInt"),
    ],
);

/// 21.2.1.1 BigInt ( value )
fn construct(rt: &mut Rt, args: Args) -> JsResult {
    if args.is_construct(rt) {
        return Err(rt.throw_type("BigInt is not a constructor"));
    }
    let v = args.get(rt, 0);
    let primitive = rt.to_primitive(v, Hint::Number)?;
    if !primitive.is_number() {
        return to_bigint(rt, primitive);
    }
    match from_number(rt, primitive.as_number()) {
        Some(v) => Ok(v),
        None => {
            let text = crate::string::format_number(primitive.as_number());
            let why = "cannot be converted to a BigInt because it is not an integer";
            Err(rt.throw_range(&format!("The number {text} {why}")))
        }
    }
}

/// Arguments of asIntN and asUintN: bits and the BigInt.
fn wrap_args(rt: &mut Rt, args: Args) -> JsResult<(f64, Value)> {
    let bits = args.get(rt, 0);
    let bits = rt.to_index(bits)?;
    let v = args.get(rt, 1);
    let v = to_bigint(rt, v)?;
    Ok((bits, v))
}

/// 21.2.2.1 BigInt.asIntN ( bits, bigint )
fn as_int_n(rt: &mut Rt, args: Args) -> JsResult {
    let (bits, v) = wrap_args(rt, args)?;
    if bits == 64.0 {
        return Ok(from_i64(rt, low_digit(rt, v) as i64));
    }
    // A value of fewer bits stays itself; that includes all there are when `bits` exceeds the largest.
    if bits > cell::bits(rt, v) as f64 {
        return Ok(v);
    }
    if bits == 0.0 {
        return Ok(from_i64(rt, 0));
    }
    let modulus = BigInt::from(1) << bits as u64;
    let wrapped: BigInt = cell::to_big(rt, v) & (&modulus - 1);
    let wrapped = if wrapped.bit(bits as u64 - 1) { wrapped - modulus } else { wrapped };
    cell::from_big(rt, &wrapped)
}

/// 21.2.2.2 BigInt.asUintN ( bits, bigint )
fn as_uint_n(rt: &mut Rt, args: Args) -> JsResult {
    let (bits, v) = wrap_args(rt, args)?;
    if bits == 64.0 {
        return Ok(from_u64(rt, low_digit(rt, v)));
    }
    let negative = cell::is_negative(rt, v);
    if !negative && bits >= cell::bits(rt, v) as f64 {
        return Ok(v);
    }
    if bits > MAX_BITS as f64 {
        return Err(cell::throw_too_big(rt));
    }
    let mask = (BigInt::from(1) << bits as u64) - 1;
    cell::from_big(rt, &(cell::to_big(rt, v) & mask))
}

/// ThisBigIntValue
fn this_bigint(rt: &mut Rt, args: Args, method: &str) -> JsResult {
    let this = args.this(rt);
    if this.is_bigint() {
        return Ok(this);
    }
    if rt.is_kind(this, Kind::BigIntObj) {
        return Ok(rt.internal(this.as_ref(), 0));
    }
    Err(rt.throw_type(&format!("BigInt.prototype.{method} requires that 'this' be a BigInt")))
}

/// 21.2.3.2 BigInt.prototype.toLocaleString ( [ reserved1 [ , reserved2 ] ] ), always as in en-US
fn to_locale_string(rt: &mut Rt, args: Args) -> JsResult {
    let v = this_bigint(rt, args, "toLocaleString")?;
    let text = to_text(rt, v);
    let (sign, digits) = text.strip_prefix('-').map_or(("", text.as_str()), |digits| ("-", digits));
    let grouped = format!("{sign}{}", super::number::group_digits(digits));
    Ok(rt.str_value(&grouped))
}

/// 21.2.3.3 BigInt.prototype.toString ( [ radix ] )
fn to_string_method(rt: &mut Rt, args: Args) -> JsResult {
    let v = this_bigint(rt, args, "toString")?;
    let radix = args.get(rt, 0);
    if radix.is_undefined() {
        return Ok(Value::string(to_string(rt, v, 10)?));
    }
    let kept = rt.root(v);
    let radix = rt.to_integer(radix)?;
    if !(2.0..=36.0).contains(&radix) {
        return Err(rt.throw_range("toString() radix must be between 2 and 36"));
    }
    Ok(Value::string(to_string(rt, kept.get(rt), radix as u32)?))
}

/// 21.2.3.4 BigInt.prototype.valueOf ( )
fn value_of(rt: &mut Rt, args: Args) -> JsResult {
    this_bigint(rt, args, "valueOf")
}
