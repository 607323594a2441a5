//! Numbers to strings and back.
use super::Units;
use crate::runtime::Rt;
use crate::value::{Ref, Value};

/// 6.1.6.1.20 Number::toString ( x, 10 ), into `out` (at most 25 bytes); returns the length.
pub fn format_number_into(d: f64, out: &mut [u8; 32]) -> usize {
    let mut buffer = ryu_js::Buffer::new();
    let text = if d.is_nan() {
        "NaN"
    } else if d.is_infinite() {
        if d > 0.0 { "Infinity" } else { "-Infinity" }
    } else {
        buffer.format_finite(d)
    };
    out[..text.len()].copy_from_slice(text.as_bytes());
    text.len()
}

/// The same as Rust text.
pub fn format_number(d: f64) -> String {
    let mut out = [0; 32];
    let n = format_number_into(d, &mut out);
    String::from_utf8_lossy(&out[..n]).into_owned()
}

/// Decimal digits of an int32 into `out`; returns where they start.
pub fn format_int(i: i32, out: &mut [u8; 12]) -> usize {
    let mut n = i.unsigned_abs();
    let mut at = out.len();
    loop {
        at -= 1;
        out[at] = b'0' + (n % 10) as u8;
        n /= 10;
        if n == 0 {
            break;
        }
    }
    if i < 0 {
        at -= 1;
        out[at] = b'-';
    }
    at
}

/// White space and line terminators of the grammar.
pub fn is_space(unit: u16) -> bool {
    matches!(unit, 9..=13 | 32 | 0xA0 | 0x1680 | 0x2000..=0x200A | 0x2028 | 0x2029 | 0x202F | 0x205F | 0x3000 | 0xFEFF)
}

/// 7.1.4.1.1 StringToNumber: NaN if the text is no numeric literal.
pub fn parse_number(units: Units<'_>) -> f64 {
    // OPTIMIZATION: nothing but a few digits, the usual case.
    if let Units::Latin1(digits @ [_, ..]) = units
        && digits.len() <= 15
        && digits.iter().all(u8::is_ascii_digit)
    {
        return digits.iter().fold(0u64, |n, b| 10 * n + u64::from(b - b'0')) as f64;
    }
    let mut start = 0;
    let mut end = units.len();
    while start < end && is_space(units.at(start)) {
        start += 1;
    }
    while end > start && is_space(units.at(end - 1)) {
        end -= 1;
    }
    if start == end {
        return 0.0;
    }
    let mut small = [0u8; 64];
    let long;
    let len = end - start;
    let ascii: &[u8] = if len <= small.len() {
        for (i, byte) in small[..len].iter_mut().enumerate() {
            let unit = units.at(start + i);
            if unit > 127 {
                return f64::NAN;
            }
            *byte = unit as u8;
        }
        &small[..len]
    } else {
        let collected: Option<Vec<u8>> =
            (start..end).map(|i| u8::try_from(units.at(i)).ok().filter(u8::is_ascii)).collect();
        match collected {
            Some(bytes) => {
                long = bytes;
                &long
            }
            None => return f64::NAN,
        }
    };
    parse_ascii(ascii)
}

fn parse_ascii(text: &[u8]) -> f64 {
    if let [b'0', radix, digits @ ..] = text {
        let radix = match radix {
            b'x' | b'X' => 16,
            b'o' | b'O' => 8,
            b'b' | b'B' => 2,
            _ => 0,
        };
        if radix != 0 {
            return parse_radix(digits, radix).unwrap_or(f64::NAN);
        }
    }
    let unsigned = text.strip_prefix(b"-").or(text.strip_prefix(b"+")).unwrap_or(text);
    if unsigned == b"Infinity" {
        return if text[0] == b'-' { f64::NEG_INFINITY } else { f64::INFINITY };
    }
    if !unsigned.iter().all(|b| matches!(b, b'0'..=b'9' | b'.' | b'e' | b'E' | b'+' | b'-')) || unsigned.is_empty() {
        return f64::NAN;
    }
    // The grammar of Rust's parser is the same for what is left, but for a lone dot, which it refuses as well.
    std::str::from_utf8(text).ok().and_then(|t| t.parse().ok()).unwrap_or(f64::NAN)
}

/// Digits of a radix, all of them, rounded correctly for radix 2, 4, 8, 16, 32; `None` if empty or a wrong digit.
pub fn parse_radix(digits: &[u8], radix: u32) -> Option<f64> {
    if digits.is_empty() {
        return None;
    }
    let mut exact: u64 = 0;
    for (i, &d) in digits.iter().enumerate() {
        let digit = (d as char).to_digit(radix)?;
        match exact.checked_mul(radix as u64).and_then(|e| e.checked_add(digit as u64)) {
            Some(next) if next < 1 << 53 => exact = next,
            _ => {
                let big = num_bigint::BigUint::parse_bytes(digits, radix)?;
                let _ = i;
                return Some(big_to_f64(&big));
            }
        }
    }
    Some(exact as f64)
}

/// Nearest double of a big integer, ties to even.
pub fn big_to_f64(big: &num_bigint::BigUint) -> f64 {
    let bits = big.bits();
    if bits <= 64 {
        return big.iter_u64_digits().next().unwrap_or(0) as f64;
    }
    if bits > 1024 {
        return f64::INFINITY;
    }
    let shift = bits - 64;
    let top = (big >> shift).iter_u64_digits().next().unwrap_or(0);
    let sticky = big.trailing_zeros().is_some_and(|z| z < shift);
    // 64 bits with the lost ones folded into the lowest, which is below the rounding bit of a double.
    let rounded = (top | u64::from(sticky)) as f64;
    rounded * 2f64.powi(shift as i32)
}

impl Rt {
    /// The string of a number; small ints and indices are shared.
    pub fn number_to_string(&self, v: Value) -> Ref {
        if v.is_int() {
            let i = v.as_int();
            if (0..10).contains(&i) {
                return self.char_string(b'0' as u16 + i as u16);
            }
            let mut out = [0; 12];
            let at = format_int(i, &mut out);
            return self.new_latin1(&out[at..]);
        }
        let mut out = [0; 32];
        let n = format_number_into(v.as_double(), &mut out);
        self.new_latin1(&out[..n])
    }
}
