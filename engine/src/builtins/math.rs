//! The Math object (21.3).
use super::math_sum;
use super::spec::{ClassSpec, DataValue, Row};
use crate::call::Args;
use crate::image::random::{UNSEEDED, seeds};
use crate::realm::Intrinsic;
use crate::runtime::Rt;
use crate::value::{JsResult, Value};
use std::f64::consts;

/// Tables of this file.
pub const CLASSES: &[&ClassSpec] = &[&MATH];

const MATH: ClassSpec = ClassSpec::namespace(
    "Math",
    Intrinsic::Math,
    &[
        Row::constant("E", DataValue::Number(consts::E)),
        Row::constant("LN10", DataValue::Number(consts::LN_10)),
        Row::constant("LN2", DataValue::Number(consts::LN_2)),
        Row::constant("LOG10E", DataValue::Number(consts::LOG10_E)),
        Row::constant("LOG2E", DataValue::Number(consts::LOG2_E)),
        Row::constant("PI", DataValue::Number(consts::PI)),
        Row::constant("SQRT1_2", DataValue::Number(consts::FRAC_1_SQRT_2)),
        Row::constant("SQRT2", DataValue::Number(consts::SQRT_2)),
        Row::tag("Math"),
        Row::method("abs", 1, abs),
        Row::method("acos", 1, acos),
        Row::method("acosh", 1, acosh),
        Row::method("asin", 1, asin),
        Row::method("asinh", 1, asinh),
        Row::method("atan", 1, atan),
        Row::method("atanh", 1, atanh),
        Row::method("atan2", 2, atan2),
        Row::method("cbrt", 1, cbrt),
        Row::method("ceil", 1, ceil),
        Row::method("clz32", 1, clz32),
        Row::method("cos", 1, cos),
        Row::method("cosh", 1, cosh),
        Row::method("exp", 1, exp),
        Row::method("expm1", 1, expm1),
        Row::method("f16round", 1, f16round),
        Row::method("floor", 1, floor),
        Row::method("fround", 1, fround),
        Row::method("hypot", 2, hypot),
        Row::method("imul", 2, imul),
        Row::method("log", 1, log),
        Row::method("log1p", 1, log1p),
        Row::method("log10", 1, log10),
        Row::method("log2", 1, log2),
        Row::method("max", 2, max),
        Row::method("min", 2, min),
        Row::method("pow", 2, pow),
        Row::method("random", 0, random),
        Row::method("round", 1, round),
        Row::method("sign", 1, sign),
        Row::method("sin", 1, sin),
        Row::method("sinh", 1, sinh),
        Row::method("sqrt", 1, sqrt),
        Row::method("sumPrecise", 1, math_sum::sum_precise),
        Row::method("tan", 1, tan),
        Row::method("tanh", 1, tanh),
        Row::method("trunc", 1, trunc),
    ],
);

/// Argument 0 as a number.
#[inline(always)]
fn number(rt: &mut Rt, args: Args) -> JsResult<f64> {
    let v = args.get(rt, 0);
    rt.to_number(v)
}

macro_rules! unary {
    ($($spec:literal $name:ident |$x:ident| $body:expr;)*) => {
        $(#[doc = $spec] fn $name(rt: &mut Rt, args: Args) -> JsResult {
            let $x = number(rt, args)?;
            Ok(Value::number($body))
        })*
    };
}

unary! {
    "21.3.2.2 Math.acos ( x )" acos |x| x.acos();
    "21.3.2.3 Math.acosh ( x )" acosh |x| precise_acosh(x);
    "21.3.2.4 Math.asin ( x )" asin |x| x.asin();
    "21.3.2.5 Math.asinh ( x )" asinh |x| if x == 0.0 { x } else { precise_asinh(x) };
    "21.3.2.6 Math.atan ( x )" atan |x| x.atan();
    "21.3.2.7 Math.atanh ( x )" atanh |x| if x == 0.0 { x } else { precise_atanh(x) };
    "21.3.2.9 Math.cbrt ( x )" cbrt |x| x.cbrt();
    "21.3.2.12 Math.cos ( x )" cos |x| x.cos();
    "21.3.2.13 Math.cosh ( x )" cosh |x| x.cosh();
    "21.3.2.14 Math.exp ( x )" exp |x| x.exp();
    "21.3.2.15 Math.expm1 ( x )" expm1 |x| x.exp_m1();
    "21.3.2.17 Math.f16round ( x )" f16round |x| round_to_half(x);
    "21.3.2.18 Math.fround ( x )" fround |x| f64::from(x as f32);
    "21.3.2.21 Math.log ( x )" log |x| x.ln();
    "21.3.2.22 Math.log1p ( x )" log1p |x| x.ln_1p();
    "21.3.2.23 Math.log10 ( x )" log10 |x| x.log10();
    "21.3.2.24 Math.log2 ( x )" log2 |x| x.log2();
    "21.3.2.30 Math.sign ( x )" sign |x| if x > 0.0 { 1.0 } else if x < 0.0 { -1.0 } else { x };
    "21.3.2.31 Math.sin ( x )" sin |x| x.sin();
    "21.3.2.32 Math.sinh ( x )" sinh |x| x.sinh();
    "21.3.2.33 Math.sqrt ( x )" sqrt |x| x.sqrt();
    "21.3.2.35 Math.tan ( x )" tan |x| x.tan();
    "21.3.2.36 Math.tanh ( x )" tanh |x| x.tanh();
}

macro_rules! rounding {
    ($($spec:literal $name:ident |$x:ident| $body:expr;)*) => {
        $(#[doc = $spec] fn $name(rt: &mut Rt, args: Args) -> JsResult {
            let v = args.get(rt, 0);
            if v.is_int() {
                return Ok(v);
            }
            let $x = rt.to_number(v)?;
            Ok(Value::number($body))
        })*
    };
}

rounding! {
    "21.3.2.10 Math.ceil ( x )" ceil |x| x.ceil();
    "21.3.2.16 Math.floor ( x )" floor |x| x.floor();
    "21.3.2.29 Math.round ( x )" round |x| round_half_up(x);
    "21.3.2.37 Math.trunc ( x )" trunc |x| x.trunc();
}

/// Nearest integer, ties towards +∞; the sign of zero is that of `x`.
fn round_half_up(x: f64) -> f64 {
    let down = x.floor();
    let rounded = if x - down >= 0.5 { down + 1.0 } else { down };
    rounded.copysign(x)
}

fn precise_acosh(x: f64) -> f64 {
    if x > 1e150 {
        // x² would overflow.
        return x.ln() + consts::LN_2;
    }
    let t = x - 1.0;
    if x < 1.0 { f64::NAN } else { (t + (t * (x + 1.0)).sqrt()).ln_1p() }
}

fn precise_asinh(x: f64) -> f64 {
    let a = x.abs();
    let result = if a > 1e150 {
        a.ln() + consts::LN_2
    } else {
        // asinh a = ln(a + √(a² + 1)) = ln1p(a + a² / (1 + √(a² + 1)))
        (a + a * a / (1.0 + a.hypot(1.0))).ln_1p()
    };
    result.copysign(x)
}

fn precise_atanh(x: f64) -> f64 {
    let a = x.abs();
    (0.5 * (2.0 * a / (1.0 - a)).ln_1p()).copysign(x)
}

/// Nearest binary16 value, ties to even.
fn round_to_half(x: f64) -> f64 {
    let a = x.abs();
    if a.is_nan() || a == 0.0 {
        return x;
    }
    if a >= 65520.0 {
        return f64::INFINITY.copysign(x);
    }
    // The distance of half-precision numbers at this magnitude; adding and taking away 2⁵² of them rounds to even.
    let exponent = ((a.to_bits() >> 52) as i32 - 1023).max(-14);
    let step = 2f64.powi(exponent - 10);
    let magic = step * 4_503_599_627_370_496.0;
    ((a + magic) - magic).copysign(x)
}

/// 21.3.2.1 Math.abs ( x )
fn abs(rt: &mut Rt, args: Args) -> JsResult {
    let v = args.get(rt, 0);
    if v.is_int() && v.as_int() != i32::MIN {
        return Ok(Value::int(v.as_int().abs()));
    }
    Ok(Value::number(rt.to_number(v)?.abs()))
}

/// 21.3.2.8 Math.atan2 ( y, x )
fn atan2(rt: &mut Rt, args: Args) -> JsResult {
    let y = number(rt, args)?;
    let x = args.get(rt, 1);
    let x = rt.to_number(x)?;
    Ok(Value::number(y.atan2(x)))
}

/// 21.3.2.11 Math.clz32 ( x )
fn clz32(rt: &mut Rt, args: Args) -> JsResult {
    let v = args.get(rt, 0);
    Ok(Value::int(rt.to_uint32(v)?.leading_zeros() as i32))
}

/// 21.3.2.19 Math.hypot ( ...args )
fn hypot(rt: &mut Rt, args: Args) -> JsResult {
    // All arguments are converted before any is looked at; the numbers replace them in the frame.
    for i in 0..args.len() {
        let v = args.get(rt, i);
        let x = rt.to_number(v)?;
        args.set(rt, i, Value::double(x));
    }
    let value = |rt: &Rt, i| args.get(rt, i).as_number().abs();
    let largest = (0..args.len()).fold(0.0, |largest: f64, i| largest.max(value(rt, i)));
    if largest.is_infinite() {
        return Ok(Value::number(f64::INFINITY));
    }
    if (0..args.len()).any(|i| value(rt, i).is_nan()) {
        return Ok(Value::NAN);
    }
    if largest == 0.0 {
        return Ok(Value::int(0));
    }
    if args.len() == 2 {
        return Ok(Value::number(value(rt, 0).hypot(value(rt, 1))));
    }
    // Scaled so that squares neither overflow nor vanish; what each addition loses is kept and added at the end.
    let (mut sum, mut lost) = (0.0, 0.0);
    for i in 0..args.len() {
        let x = value(rt, i) / largest;
        let term = x * x - lost;
        let next = sum + term;
        lost = (next - sum) - term;
        sum = next;
    }
    Ok(Value::number(f64::sqrt(sum) * largest))
}

/// 21.3.2.20 Math.imul ( x, y )
fn imul(rt: &mut Rt, args: Args) -> JsResult {
    let x = args.get(rt, 0);
    let x = rt.to_int32(x)?;
    let y = args.get(rt, 1);
    let y = rt.to_int32(y)?;
    Ok(Value::int(x.wrapping_mul(y)))
}

/// 21.3.2.25 Math.max ( ...args )
fn max(rt: &mut Rt, args: Args) -> JsResult {
    if args.len() == 2 {
        let (a, b) = (args.get(rt, 0), args.get(rt, 1));
        if a.is_int() && b.is_int() {
            return Ok(Value::int(a.as_int().max(b.as_int())));
        }
    }
    let mut best = f64::NEG_INFINITY;
    for i in 0..args.len() {
        let v = args.get(rt, i);
        let x = rt.to_number(v)?;
        let better = x.is_nan() || x > best || (x == 0.0 && best == 0.0 && x.is_sign_positive());
        if better && !best.is_nan() {
            best = x;
        }
    }
    Ok(Value::number(best))
}

/// 21.3.2.26 Math.min ( ...args )
fn min(rt: &mut Rt, args: Args) -> JsResult {
    if args.len() == 2 {
        let (a, b) = (args.get(rt, 0), args.get(rt, 1));
        if a.is_int() && b.is_int() {
            return Ok(Value::int(a.as_int().min(b.as_int())));
        }
    }
    let mut best = f64::INFINITY;
    for i in 0..args.len() {
        let v = args.get(rt, i);
        let x = rt.to_number(v)?;
        let better = x.is_nan() || x < best || (x == 0.0 && best == 0.0 && x.is_sign_negative());
        if better && !best.is_nan() {
            best = x;
        }
    }
    Ok(Value::number(best))
}

/// 21.3.2.27 Math.pow ( base, exponent )
fn pow(rt: &mut Rt, args: Args) -> JsResult {
    let base = number(rt, args)?;
    let exponent = args.get(rt, 1);
    let exponent = rt.to_number(exponent)?;
    Ok(Value::number(exponentiate(base, exponent)))
}

/// 6.1.6.1.3 Number::exponentiate ( base, exponent )
pub fn exponentiate(base: f64, exponent: f64) -> f64 {
    // IEEE 754 makes these 1.
    if exponent.is_nan() || (base.abs() == 1.0 && exponent.is_infinite()) {
        return f64::NAN;
    }
    base.powf(exponent)
}

/// 21.3.2.28 Math.random ( )
fn random(rt: &mut Rt, _args: Args) -> JsResult {
    // xorshift128+ (Vigna 2014): the upper 53 bits of the sum.
    let state = &rt.ctx().random;
    let [mut a, b] = if state.get() == UNSEEDED { seeds() } else { state.get() };
    a ^= a << 23;
    a ^= a >> 17;
    a ^= b ^ (b >> 26);
    state.set([b, a]);
    Ok(Value::double((a.wrapping_add(b) >> 11) as f64 / 9_007_199_254_740_992.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rounding() {
        for (x, expected) in [
            (0.5, 1.0),
            (-0.5, -0.0),
            (2.5, 3.0),
            (-2.5, -2.0),
            (0.49999999999999994, 0.0),
            (4503599627370495.5, 4503599627370496.0),
        ] {
            assert_eq!(round_half_up(x).to_bits(), f64::to_bits(expected), "{x}");
        }
        for (x, expected) in [
            (1.337, 1.3369140625),
            (65504.0, 65504.0),
            (65519.99, 65504.0),
            (65520.0, f64::INFINITY),
            (5e-8, 5.960464477539063e-8),
            (2.98e-8, 0.0),
            (-1e-10, -0.0),
        ] {
            assert_eq!(round_to_half(x).to_bits(), f64::to_bits(expected), "{x}");
        }
    }
}
