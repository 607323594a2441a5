//! Number::toString in a radix other than 10.
use num_bigint::BigUint;

/// Room for a sign and 1024 binary digits in front of the middle (1040), the point and 1074 binary digits behind it.
pub const MAX_BYTES: usize = 2120;

/// A finite number in `radix`, in `out`. Integers are exact; a fraction has as many digits as tell the number from its
/// neighbours.
pub fn format(x: f64, radix: u32, out: &mut [u8; MAX_BYTES]) -> &[u8] {
    let magnitude = x.abs();
    let whole = magnitude.trunc();
    // Integer digits go in front of the middle, from right to left; fraction digits behind it.
    let middle = 1040;
    let mut start = middle;
    if whole < 18_446_744_073_709_551_616.0 {
        let mut n = whole as u64;
        loop {
            start -= 1;
            out[start] = digit((n % u64::from(radix)) as u32);
            n /= u64::from(radix);
            if n == 0 {
                break;
            }
        }
    } else {
        let (mantissa, exponent) =
            ((whole.to_bits() & ((1 << 52) - 1)) | 1 << 52, (whole.to_bits() >> 52) as u32 - 1075);
        let digits = (BigUint::from(mantissa) << exponent).to_str_radix(radix);
        start -= digits.len();
        out[start..middle].copy_from_slice(digits.as_bytes());
    }
    let mut end = middle;
    if magnitude != whole {
        end = fraction(magnitude, radix, out, &mut start, middle);
    }
    if x < 0.0 {
        start -= 1;
        out[start] = b'-';
    }
    &out[start..end]
}

/// Appends the point and the digits of the fraction; returns the end.
fn fraction(magnitude: f64, radix: u32, out: &mut [u8; MAX_BYTES], start: &mut usize, middle: usize) -> usize {
    let base = f64::from(radix);
    let mut rest = magnitude.fract();
    // Half the distance to the next double: any value closer than this names the same number.
    let mut tolerance = (0.5 * (magnitude.next_up() - magnitude)).max(f64::from_bits(1));
    if rest < tolerance {
        return middle;
    }
    out[middle] = b'.';
    let mut end = middle + 1;
    while rest >= tolerance && end < out.len() {
        rest *= base;
        tolerance *= base;
        let d = rest.trunc();
        rest -= d;
        out[end] = digit(d as u32);
        end += 1;
        // The last digit is rounded up if that is at least as near and within the tolerance.
        if (rest > 0.5 || (rest == 0.5 && d as u32 & 1 == 1)) && rest + tolerance > 1.0 {
            end = carry(radix, out, start, middle, end);
            break;
        }
    }
    end
}

/// Adds one to the last digit; a fraction that overflows is carried into the integer digits.
fn carry(radix: u32, out: &mut [u8; MAX_BYTES], start: &mut usize, middle: usize, mut end: usize) -> usize {
    let largest = digit(radix - 1);
    while end > middle + 1 && out[end - 1] == largest {
        end -= 1;
    }
    if end > middle + 1 {
        out[end - 1] = next_digit(out[end - 1]);
        return end;
    }
    let mut at = middle;
    while at > *start && out[at - 1] == largest {
        at -= 1;
        out[at] = b'0';
    }
    if at == *start {
        *start -= 1;
        out[*start] = b'1';
    } else {
        out[at - 1] = next_digit(out[at - 1]);
    }
    middle
}

fn digit(d: u32) -> u8 {
    b"0123456789abcdefghijklmnopqrstuvwxyz"[d as usize % 36]
}

fn next_digit(d: u8) -> u8 {
    if d == b'9' { b'a' } else { d + 1 }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(x: f64, radix: u32) -> String {
        String::from_utf8_lossy(format(x, radix, &mut [0; MAX_BYTES])).into_owned()
    }

    #[test]
    fn integers_and_fractions() {
        for (x, radix, expected) in [
            (255.0, 16, "ff"),
            (-255.0, 2, "-11111111"),
            (0.0, 2, "0"),
            (0.5, 2, "0.1"),
            (0.1, 2, "0.0001100110011001100110011001100110011001100110011001101"),
            (35.5, 36, "z.i"),
            (0.1, 3, "0.0022002200220022002200220022002201"),
            (1e21, 16, "3635c9adc5dea00000"),
            (3.75, 8, "3.6"),
        ] {
            assert_eq!(text(x, radix), expected, "({x}).toString({radix})");
        }
        assert_eq!(text(f64::MAX, 2).len(), 1024);
        assert!(text(5e-324, 2).ends_with("01"));
    }
}
