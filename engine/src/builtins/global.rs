//! Function properties of the global object (19.2): parsing and testing numbers.
use super::spec::{ClassSpec, Row};
use super::{escape, uri};
use crate::call::Args;
use crate::runtime::Rt;
use crate::string::{Units, is_space, parse_radix};
use crate::value::{JsResult, Value};

/// Tables of this file.
pub const CLASSES: &[&ClassSpec] = &[&FUNCTIONS];

const FUNCTIONS: ClassSpec = ClassSpec::globals(&[
    Row::method("isFinite", 1, is_finite),
    Row::method("isNaN", 1, is_nan),
    Row::method("parseFloat", 1, parse_float),
    Row::method("parseInt", 2, parse_int),
    Row::method("decodeURI", 1, uri::decode_uri),
    Row::method("decodeURIComponent", 1, uri::decode_uri_component),
    Row::method("encodeURI", 1, uri::encode_uri),
    Row::method("encodeURIComponent", 1, uri::encode_uri_component),
    Row::method("escape", 1, escape::escape),
    Row::method("unescape", 1, escape::unescape),
]);

/// Significant digits after which a number in any radix is infinite.
const INFINITE_DIGITS: usize = 1025;

/// 19.2.2 isFinite ( number )
fn is_finite(rt: &mut Rt, args: Args) -> JsResult {
    let v = args.get(rt, 0);
    Ok(Value::bool(rt.to_number(v)?.is_finite()))
}

/// 19.2.3 isNaN ( number )
fn is_nan(rt: &mut Rt, args: Args) -> JsResult {
    let v = args.get(rt, 0);
    Ok(Value::bool(rt.to_number(v)?.is_nan()))
}

/// 19.2.4 parseFloat ( string )
fn parse_float(rt: &mut Rt, args: Args) -> JsResult {
    let v = args.get(rt, 0);
    if v.is_int() {
        return Ok(v);
    }
    let s = rt.to_str(v)?;
    Ok(Value::number(rt.with_units(s, |u| {
        let start = skip_space(u);
        // The literal is ASCII; it is copied only from wide strings, and only as far as it can reach.
        match u {
            Units::Latin1(b) => decimal_prefix(&b[start..]),
            Units::Utf16(u) => {
                let literal: Vec<u8> = u[start..].iter().map_while(|&u| u8::try_from(u).ok()).collect();
                decimal_prefix(&literal)
            }
        }
    })))
}

fn skip_space(units: Units<'_>) -> usize {
    (0..units.len()).find(|&i| !is_space(units.at(i))).unwrap_or(units.len())
}

/// Value of the longest prefix that is a StrDecimalLiteral; NaN if there is none.
fn decimal_prefix(text: &[u8]) -> f64 {
    let signed = usize::from(matches!(text.first(), Some(b'+' | b'-')));
    if text[signed..].starts_with(b"Infinity") {
        return if text[0] == b'-' { f64::NEG_INFINITY } else { f64::INFINITY };
    }
    let digits = |from: usize| text[from..].iter().take_while(|b| b.is_ascii_digit()).count();
    let whole = digits(signed);
    let mut end = signed + whole;
    let mut fraction = 0;
    if text.get(end) == Some(&b'.') {
        fraction = digits(end + 1);
        if whole + fraction > 0 {
            end += 1 + fraction;
        }
    }
    if whole + fraction == 0 {
        return f64::NAN;
    }
    if matches!(text.get(end), Some(b'e' | b'E')) {
        let sign = usize::from(matches!(text.get(end + 1), Some(b'+' | b'-')));
        if let exponent @ 1.. = text.get(end + 1 + sign..).map_or(0, |_| digits(end + 1 + sign)) {
            end += 1 + sign + exponent;
        }
    }
    std::str::from_utf8(&text[..end]).ok().and_then(|text| text.parse().ok()).unwrap_or(f64::NAN)
}

/// 19.2.5 parseInt ( string, radix )
fn parse_int(rt: &mut Rt, args: Args) -> JsResult {
    let (v, radix) = (args.get(rt, 0), args.get(rt, 1));
    // OPTIMIZATION: an int32 prints as decimal digits and reads as itself.
    if v.is_int() && (radix.is_undefined() || radix == Value::int(10) || radix == Value::int(0)) {
        return Ok(v);
    }
    let s = rt.to_str(v)?;
    let s = rt.root(Value::string(s));
    let radix = args.get(rt, 1);
    let radix = rt.to_int32(radix)?;
    if radix != 0 && !(2..=36).contains(&radix) {
        return Ok(Value::NAN);
    }
    Ok(Value::number(rt.with_units(s.obj(rt), |units| match units {
        Units::Latin1(text) => integer_prefix(text, radix as u32),
        Units::Utf16(text) => integer_prefix(text, radix as u32),
    })))
}

/// The digit of a unit, 36 for none.
#[inline(always)]
fn digit_of(unit: u16) -> u32 {
    match unit {
        0x30..=0x39 => u32::from(unit - 0x30),
        0x41..=0x5A => u32::from(unit - 0x41 + 10),
        0x61..=0x7A => u32::from(unit - 0x61 + 10),
        _ => 36,
    }
}

fn integer_prefix<U: Copy + Into<u16>>(text: &[U], radix: u32) -> f64 {
    let start = text.iter().position(|&u| !is_space(u.into())).unwrap_or(text.len());
    let mut text = &text[start..];
    let unit = |text: &[U], at: usize| text.get(at).map_or(0, |&u| u.into());
    let negative = unit(text, 0) == u16::from(b'-');
    if negative || unit(text, 0) == u16::from(b'+') {
        text = &text[1..];
    }
    let prefixed = unit(text, 0) == u16::from(b'0') && unit(text, 1) | 0x20 == u16::from(b'x');
    let radix = match radix {
        0 if prefixed => 16,
        0 => 10,
        radix => radix,
    };
    if radix == 16 && prefixed {
        text = &text[2..];
    }
    let mut value = 0u64;
    let mut count = 0;
    for &u in text {
        let digit = digit_of(u.into());
        if digit >= radix {
            break;
        }
        value = value * u64::from(radix) + u64::from(digit);
        count += 1;
        if value >= 1 << 53 {
            let magnitude = long_integer(text, radix);
            return if negative { -magnitude } else { magnitude };
        }
    }
    match (count, negative) {
        (0, _) => f64::NAN,
        (_, false) => value as f64,
        (_, true) => -(value as f64),
    }
}

/// Digits whose value is beyond 2⁵³.
fn long_integer<U: Copy + Into<u16>>(text: &[U], radix: u32) -> f64 {
    let mut digits = Vec::new();
    for &u in text {
        match u8::try_from(u.into()).ok().filter(|&b| digit_of(u16::from(b)) < radix) {
            Some(b'0') if digits.is_empty() => {}
            Some(b) => digits.push(b),
            None => break,
        }
        if digits.len() > INFINITE_DIGITS {
            return f64::INFINITY;
        }
    }
    if radix == 10 {
        return std::str::from_utf8(&digits).ok().and_then(|text| text.parse().ok()).unwrap_or(f64::NAN);
    }
    parse_radix(&digits, radix).unwrap_or(f64::NAN)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prefixes() {
        for (text, expected) in [
            ("1.5px", 1.5),
            ("-.5e1e", -5.0),
            ("1e", 1.0),
            ("1e+", 1.0),
            ("Infinityx", f64::INFINITY),
            ("5.", 5.0),
            ("1_0", 1.0),
        ] {
            assert_eq!(decimal_prefix(text.as_bytes()), expected, "{text}");
        }
        assert!(decimal_prefix(b".").is_nan() && decimal_prefix(b"e5").is_nan() && decimal_prefix(b"-").is_nan());
        for (text, radix, expected) in [
            ("  42abc", 0, 42.0),
            ("0x1F", 0, 31.0),
            ("-0xff", 16, -255.0),
            ("z", 36, 35.0),
            ("9007199254740993", 10, 9007199254740992.0),
            ("100000000000000000000000", 2, 8388608.0),
            ("123", 3, 5.0),
        ] {
            assert_eq!(integer_prefix(text.as_bytes(), radix), expected, "{text}");
        }
        assert!(integer_prefix(&b"0x"[..], 0).is_nan());
    }
}
