//! `atob` and `btoa` (HTML standard 8.3).
use super::exception;
use lockgate_engine::builtins::spec::{ClassSpec, Row};
use lockgate_engine::call::Args;
use lockgate_engine::runtime::Rt;
use lockgate_engine::value::{JsResult, Value};

/// Global functions.
pub const GLOBALS: ClassSpec =
    ClassSpec::globals(&[Row::method("atob", 1, atob).enumerable(), Row::method("btoa", 1, btoa).enumerable()]);

const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// `btoa(text)`: units up to 255 as base64.
fn btoa(rt: &mut Rt, args: Args) -> JsResult {
    let v = args.get(rt, 0);
    let s = rt.to_str(v)?;
    let mut out = rt.str_buf();
    let valid = rt.with_units(s, |units| {
        let bytes = super::headers::latin1(units);
        let narrow = units.iter().all(|unit| unit < 256);
        for chunk in bytes.chunks(3).filter(|_| narrow) {
            let word = chunk.iter().fold(0u32, |word, &b| word << 8 | u32::from(b)) << (8 * (3 - chunk.len()));
            for i in 0..4 {
                let digit = if i <= chunk.len() { ALPHABET[(word >> (18 - 6 * i) & 63) as usize] } else { b'=' };
                out.push(digit.into());
            }
        }
        narrow
    });
    let text = rt.finish_str(out)?;
    if !valid {
        return Err(invalid(rt, "btoa: the text has characters beyond Latin-1"));
    }
    Ok(Value::string(text))
}

/// `atob(text)`: base64 as units up to 255 (forgiving-base64 decode).
fn atob(rt: &mut Rt, args: Args) -> JsResult {
    let v = args.get(rt, 0);
    let s = rt.to_str(v)?;
    let digits: Vec<u16> =
        rt.with_units(s, |units| units.iter().filter(|unit| !matches!(unit, 9 | 10 | 12 | 13 | 32)).collect());
    let mut digits = &digits[..];
    if digits.len().is_multiple_of(4) {
        for _ in 0..2 {
            digits = digits.strip_suffix(&[u16::from(b'=')]).unwrap_or(digits);
        }
    }
    let mut out = rt.str_buf();
    let mut valid = digits.len() % 4 != 1;
    let (mut word, mut bits) = (0u32, 0);
    for &unit in digits {
        let Some(value) = ALPHABET.iter().position(|&b| u16::from(b) == unit) else {
            valid = false;
            break;
        };
        word = (word << 6 | value as u32) & 0xFFFF;
        bits += 6;
        if bits >= 8 {
            bits -= 8;
            out.push((word >> bits & 0xFF) as u16);
        }
    }
    let text = rt.finish_str(out)?;
    if !valid {
        return Err(invalid(rt, "atob: the text is not base64"));
    }
    Ok(Value::string(text))
}

fn invalid(rt: &mut Rt, message: &str) -> lockgate_engine::value::Thrown {
    let error = exception::new(rt, "InvalidCharacterError", message);
    rt.throw(Value::object(error))
}
