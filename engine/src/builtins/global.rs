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
    Ok(Value::number(rt.with_units(s.obj(rt), |u| integer_prefix(u, radix as u32))))
}

fn integer_prefix(units: Units<'_>, radix: u32) -> f64 {
    let mut at = skip_space(units);
    let unit = |at: usize| if at < units.len() { units.at(at) } else { 0 };
    let negative = unit(at) == u16::from(b'-');
    if negative || unit(at) == u16::from(b'+') {
        at += 1;
    }
    let prefixed = unit(at) == u16::from(b'0') && matches!(u8::try_from(unit(at + 1)), Ok(b'x' | b'X'));
    let radix = match radix {
        0 if prefixed => 16,
        0 => 10,
        radix => radix,
    };
    if radix == 16 && prefixed {
        at += 2;
    }
    let digit = |at: usize| u8::try_from(unit(at)).ok().and_then(|b| (b as char).to_digit(radix));
    let start = at;
    let mut value = 0u64;
    while let Some(d) = digit(at) {
        value = value * u64::from(radix) + u64::from(d);
        at += 1;
        if value >= 1 << 53 {
            let magnitude = long_integer(units, start, radix);
            return if negative { -magnitude } else { magnitude };
        }
    }
    if at == start {
        return f64::NAN;
    }
    if negative { -(value as f64) } else { value as f64 }
}

/// Digits whose value is beyond 2⁵³.
fn long_integer(units: Units<'_>, start: usize, radix: u32) -> f64 {
    let mut digits = Vec::new();
    for at in start..units.len() {
        match u8::try_from(units.at(at)).ok().filter(|&b| (b as char).is_digit(radix)) {
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
            assert_eq!(integer_prefix(Units::Latin1(text.as_bytes()), radix), expected, "{text}");
        }
        assert!(integer_prefix(Units::Latin1(b"0x"), 0).is_nan());
    }
}
