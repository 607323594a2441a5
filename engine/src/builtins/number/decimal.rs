//! Exact decimal digits of doubles: toFixed, toExponential, toPrecision.
//!
//! A double is m · 2ᵉ. Ties between two results go to the larger one in magnitude, as the specification says, so digits
//! are made by exact integer division and never through an already rounded form.
use num_bigint::BigUint;

/// Text of a number on the stack: at most a sign, 22 integer digits, a point and 100 digits.
pub struct Text {
    bytes: [u8; 128],
    len: usize,
}

impl Text {
    /// No text.
    pub fn new() -> Text {
        Text { bytes: [0; 128], len: 0 }
    }

    /// What was written.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes[..self.len]
    }

    fn push(&mut self, byte: u8) {
        if let Some(at) = self.bytes.get_mut(self.len) {
            *at = byte;
            self.len += 1;
        }
    }

    fn push_all(&mut self, bytes: &[u8]) {
        bytes.iter().for_each(|&b| self.push(b));
    }

    fn push_zeros(&mut self, count: usize) {
        (0..count).for_each(|_| self.push(b'0'));
    }
}

impl Default for Text {
    fn default() -> Text {
        Text::new()
    }
}

/// m and e of a finite x ≥ 0 = m · 2ᵉ.
fn parts(x: f64) -> (u64, i32) {
    let bits = x.to_bits();
    let exponent = (bits >> 52 & 0x7FF) as i32;
    let fraction = bits & ((1 << 52) - 1);
    if exponent == 0 { (fraction, -1074) } else { (fraction | 1 << 52, exponent - 1075) }
}

/// Decimal digits of `n`, into `out` from its end; returns where they start.
fn digits_of(mut n: u128, out: &mut [u8; 40]) -> usize {
    let mut at = out.len();
    loop {
        // Most numbers fit 64 bits, which divide much faster.
        if let Ok(mut small) = u64::try_from(n) {
            loop {
                at -= 1;
                out[at] = b'0' + (small % 10) as u8;
                small /= 10;
                if small == 0 {
                    return at;
                }
            }
        }
        at -= 1;
        out[at] = b'0' + (n % 10) as u8;
        n /= 10;
    }
}

/// `x` (|x| < 10²¹) with `digits` digits after the point.
pub fn fixed(x: f64, digits: u32, out: &mut Text) {
    if x < 0.0 {
        out.push(b'-');
    }
    let (m, e) = parts(x.abs());
    let mut buffer = [0; 40];
    if e >= 0 {
        let at = digits_of(u128::from(m) << e, &mut buffer);
        out.push_all(&buffer[at..]);
        if digits > 0 {
            out.push(b'.');
            out.push_zeros(digits as usize);
        }
        return;
    }
    if digits <= 22 {
        // m · 10ᵈ has at most 53 + 74 bits.
        let scaled = u128::from(m) * 10u128.pow(digits);
        let shift = -e as u32;
        let n = if shift > 127 { 0 } else { (scaled >> shift) + (scaled >> (shift - 1) & 1) };
        let at = digits_of(n, &mut buffer);
        return place_point(&buffer[at..], digits as usize, out);
    }
    let doubled: BigUint = (BigUint::from(m) * BigUint::from(10u32).pow(digits) * 2u32) >> -e;
    let scaled: BigUint = (doubled + 1u32) >> 1;
    place_point(scaled.to_str_radix(10).as_bytes(), digits as usize, out);
}

/// Writes an integer as one with `digits` digits after the point.
fn place_point(integer: &[u8], digits: usize, out: &mut Text) {
    if digits == 0 {
        return out.push_all(integer);
    }
    let whole = integer.len().saturating_sub(digits);
    if whole == 0 {
        out.push_all(b"0.");
        out.push_zeros(digits - integer.len());
        return out.push_all(integer);
    }
    out.push_all(&integer[..whole]);
    out.push(b'.');
    out.push_all(&integer[whole..]);
}

/// The first `count` significant digits of a finite x > 0, rounded, and the exponent of the first of them.
fn significant(x: f64, count: u32) -> (String, i32) {
    let (m, e) = parts(x);
    let mut exponent = x.log10().floor() as i32;
    let ten = BigUint::from(10u32);
    loop {
        // n = x / 10^(exponent − count + 1), rounded half up.
        let scale = count as i32 - 1 - exponent;
        let mut numerator = BigUint::from(m) << 1u32;
        let mut denominator = BigUint::from(1u32);
        if scale >= 0 {
            numerator *= ten.pow(scale as u32)
        } else {
            denominator *= ten.pow(-scale as u32)
        }
        if e >= 0 {
            numerator <<= e
        } else {
            denominator <<= -e
        }
        let doubled: BigUint = numerator / denominator;
        // The logarithm may be off by one.
        match (&doubled >> 1u32).to_str_radix(10).len() as i32 - count as i32 {
            0 => {}
            off => {
                exponent += off.signum();
                continue;
            }
        }
        let n: BigUint = (doubled + 1u32) >> 1;
        let mut text = n.to_str_radix(10);
        // Rounding may carry into another digit.
        if text.len() > count as usize {
            text.pop();
            exponent += 1;
        }
        return (text, exponent);
    }
}

/// `x` (finite) in exponential notation, with `digits` digits after the point or as many as needed.
pub fn exponential(x: f64, digits: Option<u32>) -> String {
    let sign = if x < 0.0 { "-" } else { "" };
    let (text, exponent) = match digits {
        Some(digits) if x == 0.0 => ("0".repeat(digits as usize + 1), 0),
        Some(digits) => significant(x.abs(), digits + 1),
        None => shortest(x.abs()),
    };
    format!("{sign}{}", with_exponent(&text, exponent))
}

/// The fewest digits that identify a finite x ≥ 0, and the exponent of the first of them.
pub fn shortest(x: f64) -> (String, i32) {
    let text = format!("{x:e}");
    let (mantissa, exponent) = text.split_once('e').unwrap_or((&text, "0"));
    (mantissa.replace('.', ""), exponent.parse().unwrap_or(0))
}

fn with_exponent(digits: &str, exponent: i32) -> String {
    let (first, rest) = digits.split_at(1);
    let point = if rest.is_empty() { "" } else { "." };
    format!("{first}{point}{rest}e{}{}", if exponent < 0 { '-' } else { '+' }, exponent.abs())
}

/// `x` (finite) with `precision` significant digits.
pub fn precision(x: f64, precision: u32) -> String {
    let sign = if x < 0.0 { "-" } else { "" };
    let (digits, exponent) =
        if x == 0.0 { ("0".repeat(precision as usize), 0) } else { significant(x.abs(), precision) };
    if exponent < -6 || exponent >= precision as i32 {
        return format!("{sign}{}", with_exponent(&digits, exponent));
    }
    if exponent < 0 {
        return format!("{sign}0.{}{digits}", "0".repeat((-exponent - 1) as usize));
    }
    let (whole, rest) = digits.split_at(exponent as usize + 1);
    let point = if rest.is_empty() { "" } else { "." };
    format!("{sign}{whole}{point}{rest}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fixed_text(x: f64, digits: u32) -> String {
        let mut out = Text::new();
        fixed(x, digits, &mut out);
        String::from_utf8_lossy(out.bytes()).into_owned()
    }

    #[test]
    fn fixed_rounds_exactly() {
        for (x, digits, expected) in [
            (0.0, 0, "0"),
            (0.0, 2, "0.00"),
            (1.005, 2, "1.00"),
            (1.25, 1, "1.3"),
            (2.5, 0, "3"),
            (-2.5, 0, "-3"),
            (0.5, 0, "1"),
            (123.456, 2, "123.46"),
            (1e20, 2, "100000000000000000000.00"),
            (0.000001, 7, "0.0000010"),
            (1e-10, 2, "0.00"),
            (5e-324, 2, "0.00"),
            (1.45, 1, "1.4"),
            (-1.5e-9, 2, "-0.00"),
            (0.1, 30, "0.100000000000000005551115123126"),
        ] {
            assert_eq!(fixed_text(x, digits), expected, "{x}.toFixed({digits})");
        }
    }

    #[test]
    fn precision_and_exponential() {
        for (x, digits, expected) in [
            (123.456, 4, "123.5"),
            (0.000123, 2, "0.00012"),
            (1e21, 3, "1.00e+21"),
            (1.25, 2, "1.3"),
            (99.99, 3, "100"),
        ] {
            assert_eq!(precision(x, digits), expected, "{x}.toPrecision({digits})");
        }
        assert_eq!(precision(1e-7, 2), "1.0e-7");
        assert_eq!(precision(123456.0, 2), "1.2e+5");
        assert_eq!(exponential(123456.0, Some(2)), "1.23e+5");
        assert_eq!(exponential(-1.5e-9, None), "-1.5e-9");
        assert_eq!(exponential(0.0, None), "0e+0");
        assert_eq!(exponential(0.0, Some(2)), "0.00e+0");
        assert_eq!(exponential(25.0, Some(0)), "3e+1");
        assert_eq!(exponential(f64::MAX, Some(3)), "1.798e+308");
        assert_eq!(exponential(5e-324, Some(3)), "4.941e-324");
        assert_eq!(precision(1e-21, 16), "9.999999999999999e-22");
        assert_eq!(precision(0.99999, 2), "1.0");
    }
}
