//! Type conversion and comparison (7.1, 7.2).
use crate::builtins::bigint;
use crate::heap::layout::*;
use crate::object::Key;
use crate::realm::{Intrinsic, WellKnown};
use crate::runtime::Rt;
use crate::string::{atoms, parse_number};
use crate::value::{JsResult, Ref, Value};

/// Preferred type of ToPrimitive.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hint {
    /// No preference.
    Default,
    /// Number.
    Number,
    /// String.
    String,
}

impl Rt {
    /// 7.1.1 ToPrimitive
    #[inline]
    pub fn to_primitive(&mut self, v: Value, hint: Hint) -> JsResult {
        if v.is_object() { self.scoped(|rt| rt.object_to_primitive(v, hint)) } else { Ok(v) }
    }

    fn object_to_primitive(&mut self, v: Value, hint: Hint) -> JsResult {
        let keep = self.root(v);
        let exotic = self.get_method(v, Key::Name(self.symbol(WellKnown::ToPrimitive)))?;
        let v = keep.get(self);
        if !exotic.is_undefined() {
            let word = Value::string(match hint {
                Hint::Default => atoms::default,
                Hint::Number => atoms::number,
                Hint::String => atoms::string,
            });
            let result = self.call(exotic, v, &[word])?;
            if result.is_object() {
                return Err(self.throw_type("Cannot convert object to primitive value"));
            }
            return Ok(result);
        }
        let order = if hint == Hint::String {
            [atoms::to_string, atoms::value_of]
        } else {
            [atoms::value_of, atoms::to_string]
        };
        for name in order {
            let method = self.get_name(keep.get(self), name)?;
            if self.is_callable(method) {
                let result = self.call(method, keep.get(self), &[])?;
                if !result.is_object() {
                    return Ok(result);
                }
            }
        }
        Err(self.throw_type("Cannot convert object to primitive value"))
    }

    /// 7.1.2 ToBoolean
    #[inline]
    pub fn to_boolean(&self, v: Value) -> bool {
        if v.is_bool() {
            return v == Value::TRUE;
        }
        if v.is_int() {
            return v.as_int() != 0;
        }
        if v.is_object() {
            return true;
        }
        if v.is_string() {
            return self.len(v.as_ref()) != 0;
        }
        if v.is_double() {
            let d = v.as_double();
            return d != 0.0 && !d.is_nan();
        }
        if v.is_bigint() {
            return !bigint::is_zero(self, v);
        }
        v.is_symbol()
    }

    /// 7.1.4 ToNumber
    #[inline]
    pub fn to_number(&mut self, v: Value) -> JsResult<f64> {
        if v.is_number() { Ok(v.as_number()) } else { self.number_of_other(v) }
    }

    #[cold]
    fn number_of_other(&mut self, v: Value) -> JsResult<f64> {
        if v.is_string() {
            return Ok(self.with_units(v.as_ref(), parse_number));
        }
        if v.is_symbol() {
            return Err(self.throw_type("Cannot convert a Symbol value to a number"));
        }
        if v.is_bigint() {
            return Err(self.throw_type("Cannot convert a BigInt value to a number"));
        }
        if v.is_object() {
            let primitive = self.to_primitive(v, Hint::Number)?;
            return self.to_number(primitive);
        }
        Ok(match v {
            Value::NULL | Value::FALSE => 0.0,
            Value::TRUE => 1.0,
            _ => f64::NAN,
        })
    }

    /// 7.1.3 ToNumeric: a number or a BigInt.
    pub fn to_numeric(&mut self, v: Value) -> JsResult {
        let primitive = self.to_primitive(v, Hint::Number)?;
        if primitive.is_bigint() || primitive.is_number() {
            return Ok(primitive);
        }
        Ok(Value::number(self.to_number(primitive)?))
    }

    /// 7.1.6 ToInt32
    pub fn to_int32(&mut self, v: Value) -> JsResult<i32> {
        if v.is_int() { Ok(v.as_int()) } else { Ok(double_to_int32(self.to_number(v)?)) }
    }

    /// 7.1.7 ToUint32
    pub fn to_uint32(&mut self, v: Value) -> JsResult<u32> {
        Ok(self.to_int32(v)? as u32)
    }

    /// 7.1.5 ToIntegerOrInfinity
    pub fn to_integer(&mut self, v: Value) -> JsResult<f64> {
        if v.is_int() {
            return Ok(f64::from(v.as_int()));
        }
        let d = self.to_number(v)?;
        Ok(if d.is_nan() { 0.0 } else { d.trunc() + 0.0 })
    }

    /// 7.1.20 ToLength
    pub fn to_length(&mut self, v: Value) -> JsResult<f64> {
        Ok(self.to_integer(v)?.clamp(0.0, 9007199254740991.0))
    }

    /// 7.1.22 ToIndex
    pub fn to_index(&mut self, v: Value) -> JsResult<f64> {
        let d = self.to_integer(v)?;
        if !(0.0..=9007199254740991.0).contains(&d) {
            return Err(self.throw_range("Invalid index"));
        }
        Ok(d)
    }

    /// Relative index of slice, at, fill…: negative counts from the end; clamped to [0, len].
    pub fn to_relative_index(&mut self, v: Value, len: f64, default: f64) -> JsResult<f64> {
        if v.is_undefined() {
            return Ok(default);
        }
        let d = self.to_integer(v)?;
        Ok(if d < 0.0 { (len + d).max(0.0) } else { d.min(len) })
    }

    /// 7.1.17 ToString
    #[inline]
    pub fn to_str(&mut self, v: Value) -> JsResult<Ref> {
        if v.is_string() { Ok(v.as_ref()) } else { self.string_of_other(v) }
    }

    fn string_of_other(&mut self, v: Value) -> JsResult<Ref> {
        if v.is_number() {
            return Ok(self.number_to_string(v));
        }
        if v.is_symbol() {
            return Err(self.throw_type("Cannot convert a Symbol value to a string"));
        }
        if v.is_bigint() {
            return bigint::to_string(self, v, 10);
        }
        if v.is_object() {
            let primitive = self.to_primitive(v, Hint::String)?;
            return self.to_str(primitive);
        }
        Ok(match v {
            Value::NULL => atoms::null,
            Value::TRUE => atoms::true_,
            Value::FALSE => atoms::false_,
            _ => atoms::undefined,
        })
    }

    /// 7.1.19 ToPropertyKey
    #[inline]
    pub fn to_key(&mut self, v: Value) -> JsResult<Key> {
        if v.is_int() && v.as_int() >= 0 {
            return Ok(Key::Index(v.as_int() as u32));
        }
        if v.is_string() {
            return Ok(self.key_of_string(v.as_ref()));
        }
        self.key_of_other(v)
    }

    fn key_of_other(&mut self, v: Value) -> JsResult<Key> {
        let primitive = self.to_primitive(v, Hint::String)?;
        if primitive.is_symbol() {
            return Ok(Key::Name(primitive.as_ref()));
        }
        if primitive.is_double() {
            let d = primitive.as_double();
            if d >= 0.0 && d < f64::from(u32::MAX) && d.trunc() == d {
                return Ok(Key::Index(d as u32));
            }
        }
        let s = self.to_str(primitive)?;
        Ok(self.key_of_string(s))
    }

    /// The key of a small non-negative integer or of a larger length-like number.
    pub fn key_of_number(&self, d: f64) -> Key {
        if d >= 0.0 && d < f64::from(u32::MAX) {
            return Key::Index(d as u32);
        }
        Key::Name(self.intern(self.number_to_string(Value::number(d))))
    }

    /// 7.1.18 ToObject
    pub fn to_object(&mut self, v: Value) -> JsResult<Ref> {
        if v.is_object() {
            return Ok(v.as_ref());
        }
        let (kind, proto) = if v.is_string() {
            (Kind::StringObj, Intrinsic::StringPrototype)
        } else if v.is_number() {
            (Kind::NumberObj, Intrinsic::NumberPrototype)
        } else if v.is_bool() {
            (Kind::BooleanObj, Intrinsic::BooleanPrototype)
        } else if v.is_symbol() {
            (Kind::SymbolObj, Intrinsic::SymbolPrototype)
        } else if v.is_bigint() {
            (Kind::BigIntObj, Intrinsic::BigIntPrototype)
        } else {
            return Err(self.throw_type("Cannot convert undefined or null to object"));
        };
        let obj = self.new_of_kind(kind, proto);
        self.set_internal(obj, 0, v);
        Ok(obj)
    }

    /// 7.3.18 LengthOfArrayLike
    pub fn length_of(&mut self, obj: Ref) -> JsResult<f64> {
        if self.kind(obj) == Kind::Array {
            return Ok(f64::from(self.array_len(obj)));
        }
        let v = self.get_name(Value::object(obj), atoms::length)?;
        self.to_length(v)
    }

    // ---- comparison

    /// 7.2.15 IsStrictlyEqual
    #[inline]
    pub fn strict_equals(&self, a: Value, b: Value) -> bool {
        if a.0 == b.0 {
            return !a.is_double() || !a.as_double().is_nan();
        }
        if a.is_number() && b.is_number() {
            return a.as_number() == b.as_number();
        }
        if a.is_string() && b.is_string() {
            return self.str_eq(a.as_ref(), b.as_ref());
        }
        a.is_bigint() && b.is_bigint() && bigint::equals(self, a, b)
    }

    /// 7.2.11 SameValue
    pub fn same_value(&self, a: Value, b: Value) -> bool {
        if a.is_number() && b.is_number() {
            let (x, y) = (a.as_number(), b.as_number());
            return (x.is_nan() && y.is_nan()) || (x == y && x.is_sign_negative() == y.is_sign_negative());
        }
        self.strict_equals(a, b)
    }

    /// 7.2.12 SameValueZero
    pub fn same_value_zero(&self, a: Value, b: Value) -> bool {
        (a.is_double() && b.is_double() && a.as_double().is_nan() && b.as_double().is_nan()) || self.strict_equals(a, b)
    }

    /// 7.2.14 IsLooselyEqual
    pub fn loose_equals(&mut self, a: Value, b: Value) -> JsResult<bool> {
        if a.is_nullish() || b.is_nullish() {
            return Ok(a.is_nullish() && b.is_nullish());
        }
        if (a.is_number() && b.is_number()) || a.tag() == b.tag() && !a.is_double() {
            if a.is_bool() && a != b && b.is_bool() {
                return Ok(false);
            }
            return Ok(self.strict_equals(a, b));
        }
        if a.is_bool() {
            return self.loose_equals(Value::int(i32::from(a == Value::TRUE)), b);
        }
        if b.is_bool() {
            return self.loose_equals(a, Value::int(i32::from(b == Value::TRUE)));
        }
        if a.is_object() {
            let (primitive, b) = self.scoped(|rt| {
                let slot = rt.root(b);
                let primitive = rt.to_primitive(a, Hint::Default)?;
                Ok((primitive, slot.get(rt)))
            })?;
            return self.loose_equals(primitive, b);
        }
        if b.is_object() {
            return self.loose_equals(b, a);
        }
        if a.is_symbol() || b.is_symbol() {
            return Ok(false);
        }
        if a.is_bigint() || b.is_bigint() {
            return bigint::loose_equals(self, a, b);
        }
        // A number and a string.
        Ok(self.to_number(a)? == self.to_number(b)?)
    }

    /// 7.2.13 IsLessThan on two values (left first): None when either is NaN.
    pub fn less_than(&mut self, a: Value, b: Value, left_first: bool) -> JsResult<Option<bool>> {
        let (a, b) = self.scoped(|rt| {
            let (slot_a, slot_b) = (rt.root(a), rt.root(b));
            for slot in if left_first { [slot_a, slot_b] } else { [slot_b, slot_a] } {
                let primitive = rt.to_primitive(slot.get(rt), Hint::Number)?;
                slot.set(rt, primitive);
            }
            Ok((slot_a.get(rt), slot_b.get(rt)))
        })?;
        if a.is_string() && b.is_string() {
            return Ok(Some(self.str_cmp(a.as_ref(), b.as_ref()).is_lt()));
        }
        if a.is_bigint() || b.is_bigint() {
            return bigint::less_than(self, a, b);
        }
        let (x, y) = (self.to_number(a)?, self.to_number(b)?);
        Ok(x.partial_cmp(&y).map(|o| o.is_lt()))
    }

    /// 13.5.3 typeof
    pub fn type_of(&self, v: Value) -> Ref {
        if v.is_number() {
            atoms::number
        } else if v.is_string() {
            atoms::string
        } else if v.is_object() {
            if self.is_callable(v) { atoms::function } else { atoms::object }
        } else if v.is_bool() {
            atoms::boolean
        } else if v.is_symbol() {
            atoms::symbol
        } else if v.is_bigint() {
            atoms::bigint
        } else if v.is_null() {
            atoms::object
        } else {
            atoms::undefined
        }
    }
}

/// The modular conversion of 7.1.6.
#[inline]
pub fn double_to_int32(d: f64) -> i32 {
    let i = d as i32;
    if f64::from(i) == d {
        return i;
    }
    if !d.is_finite() {
        return 0;
    }
    let bits = d.to_bits();
    let exponent = ((bits >> 52) & 0x7FF) as i32 - 1075;
    let mantissa = (bits & ((1 << 52) - 1)) | (1 << 52);
    let magnitude = if exponent >= 32 {
        0
    } else if exponent >= 0 {
        (mantissa << exponent) as u32
    } else if exponent > -64 {
        (mantissa >> -exponent) as u32
    } else {
        0
    };
    if d < 0.0 { magnitude.wrapping_neg() as i32 } else { magnitude as i32 }
}
