//! Math.sumPrecise: the exact sum of doubles, rounded once.
use super::iterate::for_each;
use crate::call::Args;
use crate::runtime::Rt;
use crate::value::{JsResult, Value};

/// 32-bit digits that hold any sum of fewer than 2⁵³ doubles: 1074 + 1024 + 53 bits.
const DIGITS: usize = 68;

/// A fixed-point number of all bits doubles can have: digit `i` counts 2^(32·i − 1074). Digits carry lazily.
struct Accumulator {
    digits: [i64; DIGITS],
    /// Additions since carries were last resolved; each changes a digit by less than 2³².
    pending: u32,
}

impl Accumulator {
    fn new() -> Accumulator {
        Accumulator { digits: [0; DIGITS], pending: 0 }
    }

    /// Adds a finite double.
    fn add(&mut self, x: f64) {
        let bits = x.to_bits();
        let exponent = (bits >> 52 & 0x7FF) as usize;
        let fraction = bits & ((1 << 52) - 1);
        let (mantissa, shift) = if exponent == 0 { (fraction, 0) } else { (fraction | 1 << 52, exponent - 1) };
        let spread = u128::from(mantissa) << (shift % 32);
        for (i, digit) in self.digits[shift / 32..].iter_mut().take(3).enumerate() {
            let part = (spread >> (32 * i)) as u32;
            *digit += if x < 0.0 { -i64::from(part) } else { i64::from(part) };
        }
        self.pending += 1;
        if self.pending == 1 << 30 {
            self.carry();
        }
    }

    /// Leaves every digit but the last in [0, 2³²).
    fn carry(&mut self) {
        for i in 0..DIGITS - 1 {
            let carried = self.digits[i] >> 32;
            self.digits[i] &= 0xFFFF_FFFF;
            self.digits[i + 1] += carried;
        }
        self.pending = 0;
    }

    /// The sum, rounded to nearest, ties to even.
    fn round(mut self) -> f64 {
        self.carry();
        let negative = self.digits[DIGITS - 1] < 0;
        if negative {
            self.digits.iter_mut().for_each(|digit| *digit = -*digit);
            self.carry();
        }
        let Some(top) = self.digits.iter().rposition(|&digit| digit != 0) else { return 0.0 };
        // The 96 bits from the highest digit on, the rest as a sticky bit; then the value is window · 2^(32·low − 1074).
        let low = top.saturating_sub(2);
        let window = (low..=top).fold(0u128, |window, i| window | (self.digits[i] as u128) << (32 * (i - low)));
        let sticky = self.digits[..low].iter().any(|&digit| digit != 0);
        let width = 128 - window.leading_zeros() as usize;
        let magnitude = if 32 * low + width <= 53 {
            // At most 53 bits above 2⁻¹⁰⁷⁴: exact.
            window as f64 * f64::from_bits(1)
        } else {
            let drop = width - 53;
            let kept = (window >> drop) as u64;
            let rest = window & ((1 << drop) - 1);
            let half = 1u128 << (drop - 1);
            let up = rest > half || (rest == half && (sticky || kept & 1 == 1));
            let exponent = (drop + 32 * low) as i32 - 1074;
            // Two steps, each exact or overflowing: the kept bits are an integer of at most 2⁵³.
            (kept + u64::from(up)) as f64 * 2f64.powi(exponent / 2) * 2f64.powi(exponent - exponent / 2)
        };
        if negative { -magnitude } else { magnitude }
    }
}

/// 21.3.2.34 Math.sumPrecise ( items )
pub fn sum_precise(rt: &mut Rt, args: Args) -> JsResult {
    let items = args.get(rt, 0);
    let mut sum = Accumulator::new();
    // Infinities and NaN decide alone; −0 is the sum only of nothing else.
    let (mut special, mut minus_zero) = (0.0, true);
    for_each(rt, items, &mut |rt, v| {
        if !v.is_number() {
            return Err(rt.throw_type("Math.sumPrecise takes an iterable of numbers"));
        }
        let x = v.as_number();
        if x.is_finite() {
            minus_zero &= x == 0.0 && x.is_sign_negative();
            sum.add(x);
        } else {
            special += x;
            minus_zero = false;
        }
        Ok(true)
    })?;
    if special != 0.0 {
        return Ok(Value::number(special));
    }
    Ok(Value::number(if minus_zero { -0.0 } else { sum.round() }))
}

#[cfg(test)]
mod tests {
    use super::Accumulator;

    fn sum(values: &[f64]) -> f64 {
        let mut sum = Accumulator::new();
        values.iter().for_each(|&x| sum.add(x));
        sum.round()
    }

    #[test]
    fn sums_are_rounded_once() {
        let tiny = f64::from_bits(1);
        for (values, expected) in [
            (&[1e308, 1e308, -1e308][..], 1e308),
            (&[1e308, 1e308], f64::INFINITY),
            (&[0.1, 0.2, 0.3], 0.6),
            (&[1e20, 0.1, -1e20], 0.1),
            (&[tiny, tiny], 2.0 * tiny),
            (&[tiny, -tiny], 0.0),
            (&[f64::MAX, tiny], f64::MAX),
            (&[9007199254740992.0, 1.0], 9007199254740992.0),
            (&[9007199254740992.0, 1.0, tiny], 9007199254740994.0),
            (&[-9007199254740992.0, -1.0, -tiny], -9007199254740994.0),
            (&[f64::MIN_POSITIVE, -tiny], f64::MIN_POSITIVE - tiny),
            (&[1.5], 1.5),
        ] {
            assert_eq!(sum(values).to_bits(), expected.to_bits(), "{values:?}");
        }
    }
}
