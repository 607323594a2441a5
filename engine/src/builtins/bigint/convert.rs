//! BigInts to and from numbers and strings.
use super::MAX_BITS;
use super::cell::{from_fitting, from_i128, is_negative, small, to_big};
use crate::convert::Hint;
use crate::runtime::Rt;
use crate::string::{Units, is_space};
use crate::value::{JsResult, Ref, Value};
use num_bigint::{BigInt, BigUint, Sign};

/// 7.1.13 ToBigInt ( argument )
pub fn to_bigint(rt: &mut Rt, v: Value) -> JsResult {
    let primitive = rt.to_primitive(v, Hint::Number)?;
    if primitive.is_bigint() {
        return Ok(primitive);
    }
    if primitive.is_bool() {
        return Ok(from_i128(rt, i128::from(primitive == Value::TRUE)));
    }
    if primitive.is_string() {
        return match parse(rt, primitive.as_ref()) {
            Some(v) => Ok(v),
            None => Err(rt.throw_syntax("Cannot convert the string to a BigInt")),
        };
    }
    let what = if primitive.is_number() || primitive.is_nullish() {
        rt.describe_value(primitive)
    } else {
        "a Symbol value".to_string()
    };
    Err(rt.throw_type(&format!("Cannot convert {what} to a BigInt")))
}

/// The BigInt of an integral number; None for any other.
pub fn from_number(rt: &Rt, x: f64) -> Option<Value> {
    if !x.is_finite() || x.trunc() != x {
        return None;
    }
    if x.abs() < 1e38 {
        return Some(from_i128(rt, x as i128));
    }
    Some(from_fitting(rt, &double_to_big(x)))
}

/// An integral finite double, exactly.
pub fn double_to_big(x: f64) -> BigInt {
    let bits = x.to_bits();
    let exponent = (bits >> 52 & 0x7FF) as i32 - 1075;
    let mantissa = bits & ((1 << 52) - 1) | u64::from(exponent > -1075) << 52;
    let magnitude = if exponent >= 0 {
        BigUint::from(mantissa) << exponent
    } else {
        BigUint::from(mantissa.checked_shr(-exponent as u32).unwrap_or(0))
    };
    BigInt::from_biguint(if x < 0.0 { Sign::Minus } else { Sign::Plus }, magnitude)
}

/// The nearest number, ties to even.
pub fn to_f64(rt: &Rt, v: Value) -> f64 {
    if let Some(n) = small(rt, v) {
        return n as f64;
    }
    let magnitude = crate::string::big_to_f64(to_big(rt, v).magnitude());
    if is_negative(rt, v) { -magnitude } else { magnitude }
}

/// Digits in a radix from 2 to 36.
pub fn to_string(rt: &mut Rt, v: Value, radix: u32) -> JsResult<Ref> {
    if let Some(n) = small(rt, v) {
        let mut out = [0; 66];
        let mut at = out.len();
        let mut rest = n.unsigned_abs() as u64;
        loop {
            at -= 1;
            out[at] = char::from_digit((rest % u64::from(radix)) as u32, radix).map_or(b'0', |c| c as u8);
            rest /= u64::from(radix);
            if rest == 0 {
                break;
            }
        }
        if n < 0 {
            at -= 1;
            out[at] = b'-';
        }
        return Ok(rt.new_latin1(&out[at..]));
    }
    rt.poll()?;
    let text = to_big(rt, v).to_str_radix(radix);
    Ok(rt.new_latin1(text.as_bytes()))
}

/// Decimal digits, for reports.
pub fn to_text(rt: &Rt, v: Value) -> String {
    to_big(rt, v).to_str_radix(10)
}

/// A BigInt from the text of a literal without its `n`: decimal digits, or `0x`, `0o`, `0b` and digits.
pub fn from_decimal(rt: &Rt, digits: &str) -> Option<Value> {
    parse_ascii(rt, digits.as_bytes())
}

/// 7.1.14 StringToBigInt ( str ); None if the text is no integer, or one too large.
pub fn parse(rt: &Rt, s: Ref) -> Option<Value> {
    let text: Vec<u8> = rt.with_units(s, |units| {
        let (mut start, mut end) = (0, units.len());
        while start < end && is_space(units.at(start)) {
            start += 1;
        }
        while end > start && is_space(units.at(end - 1)) {
            end -= 1;
        }
        // More binary digits than bits allowed, with a sign or prefix: leading zeros beyond that are not worth more.
        if (end - start) as u64 > MAX_BITS + 2 {
            return None;
        }
        match units {
            Units::Latin1(b) => Some(b[start..end].to_vec()),
            Units::Utf16(u) => u[start..end].iter().map(|&u| u8::try_from(u).ok()).collect(),
        }
    })?;
    parse_ascii(rt, &text)
}

fn parse_ascii(rt: &Rt, text: &[u8]) -> Option<Value> {
    let (negative, radix, digits) = match text {
        [] => return Some(from_i128(rt, 0)),
        [b'0', b'x' | b'X', digits @ ..] => (false, 16, digits),
        [b'0', b'o' | b'O', digits @ ..] => (false, 8, digits),
        [b'0', b'b' | b'B', digits @ ..] => (false, 2, digits),
        [b'-', digits @ ..] => (true, 10, digits),
        [b'+', digits @ ..] => (false, 10, digits),
        digits => (false, 10, digits),
    };
    // The parser of digits takes underscores and signs, which the grammar does not.
    if digits.is_empty() || !digits.iter().all(|&b| (b as char).is_digit(radix)) {
        return None;
    }
    if digits.len() <= 19 {
        let n = digits
            .iter()
            .fold(0i128, |n, &b| n * i128::from(radix) + i128::from((b as char).to_digit(radix).unwrap_or(0)));
        return Some(from_i128(rt, if negative { -n } else { n }));
    }
    // At least three bits for each decimal digit after the first.
    if radix == 10 && 3 * digits.len() as u64 > MAX_BITS + 64 {
        return None;
    }
    let magnitude = BigUint::parse_bytes(digits, radix)?;
    if magnitude.bits() > MAX_BITS {
        return None;
    }
    Some(from_fitting(rt, &BigInt::from_biguint(if negative { Sign::Minus } else { Sign::Plus }, magnitude)))
}

#[cfg(test)]
mod tests {
    use super::double_to_big;

    #[test]
    fn doubles_are_exact() {
        for (x, expected) in
            [(0.0, "0"), (-1.0, "-1"), (1e21, "1000000000000000000000"), (-9007199254740991.0, "-9007199254740991")]
        {
            assert_eq!(double_to_big(x).to_string(), expected);
        }
    }
}
