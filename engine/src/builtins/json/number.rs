//! JSON numbers: int32 and short decimals exactly, without the general parser.
use super::parse::Problem;
use super::units::Unit;
use crate::value::Value;

/// Powers of ten that are exact doubles.
const POWERS: [f64; 23] = [
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20,
    1e21, 1e22,
];

/// Digits whose number always fits u64.
const MAX_DIGITS: usize = 19;

#[inline(always)]
fn digit<U: Unit>(text: &[U], at: usize) -> Option<u32> {
    let digit = text.get(at)?.unit().wrapping_sub('0' as u32);
    (digit <= 9).then_some(digit)
}

#[inline(always)]
fn is<U: Unit>(text: &[U], at: usize, c: char) -> bool {
    text.get(at).is_some_and(|u| u.unit() == c as u32)
}

/// The number at the start of `text` and its length; or what is wrong, and where.
#[inline]
pub fn scan<U: Unit>(text: &[U]) -> Result<(Value, usize), (Problem, usize)> {
    let negative = is(text, 0, '-');
    let mut at = usize::from(negative);
    let first = at;
    let mut digits: u64 = 0;
    while let Some(d) = digit(text, at) {
        digits = digits.wrapping_mul(10).wrapping_add(d as u64);
        at += 1;
    }
    let whole = at - first;
    if whole == 0 {
        return Err((Problem::Minus, at));
    }
    if whole > 1 && is(text, first, '0') {
        return Err((Problem::Number, first + 1));
    }
    let next = text.get(at).map_or(0, |u| u.unit());
    if next == '.' as u32 || next | 0x20 == 'e' as u32 {
        return scan_rest(text, first, at, digits);
    }
    if whole > MAX_DIGITS {
        return Ok((Value::number(U::parse_double(&text[..at])), at));
    }
    if digits <= i32::MAX as u64 && (digits != 0 || !negative) {
        let i = digits as i32;
        return Ok((Value::int(if negative { -i } else { i }), at));
    }
    let d = digits as f64;
    Ok((Value::number(if negative { -d } else { d }), at))
}

/// Fraction and exponent; `at` is behind the whole part, whose number is `digits` (modulo 2⁶⁴).
fn scan_rest<U: Unit>(
    text: &[U],
    first: usize,
    mut at: usize,
    mut digits: u64,
) -> Result<(Value, usize), (Problem, usize)> {
    let mut count = at - first;
    let mut exponent: i32 = 0;
    if is(text, at, '.') {
        at += 1;
        let start = at;
        while let Some(d) = digit(text, at) {
            digits = digits.wrapping_mul(10).wrapping_add(d as u64);
            at += 1;
        }
        if at == start {
            return Err((Problem::Fraction, at));
        }
        count += at - start;
        exponent = -((at - start).min(1000) as i32);
    }
    if is(text, at, 'e') || is(text, at, 'E') {
        at += 1;
        let minus = is(text, at, '-');
        at += usize::from(minus || is(text, at, '+'));
        let start = at;
        let mut e: i32 = 0;
        while let Some(d) = digit(text, at) {
            e = (e * 10 + d as i32).min(100_000);
            at += 1;
        }
        if at == start {
            return Err((Problem::Exponent, at));
        }
        exponent += if minus { -e } else { e };
    }
    if count <= MAX_DIGITS && digits < 1 << 53 && exponent.unsigned_abs() < POWERS.len() as u32 {
        // Both factors are exact, so the one rounding is the right one.
        let power = POWERS[exponent.unsigned_abs() as usize];
        let d = if exponent < 0 { digits as f64 / power } else { digits as f64 * power };
        return Ok((Value::number(if first == 1 { -d } else { d }), at));
    }
    Ok((Value::number(U::parse_double(&text[..at])), at))
}
